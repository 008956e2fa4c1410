package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	_ "embed"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"

	"touchstone/internal/evidence"
	"touchstone/probes"
	"touchstone/probes/web/driver"
)

//go:embed recorder.js
var recorderScript string

// recorderBinding is how the recorder's script speaks.
const recorderBinding = "touchstoneSays"

// A Recording is what a person did in a browser, as the steps of a scenario.
type Recording struct {
	Start   string // the address at which it began
	Steps   []RecordedStep
	Effects []evidence.Effect
	Consent string // what was said to a banner about cookies, see Params; empty: nothing
	Stopped string // why recording ended before the person did; empty: it did not
}

// A RecordedStep is a step, or only a note of what no step can say.
type RecordedStep struct {
	Step
	Note string // for a comment before it
}

// Empty reports whether there is only a note.
func (s RecordedStep) Empty() bool { return s.ways() == 0 }

// told is what the script tells.
type told struct {
	Kind    string          `json:"kind"` // "click", "fill", "select", "press", "file", "page"
	Locator *driver.Locator `json:"locator"`
	Value   string          `json:"value"`
	Option  string          `json:"option"`
	Key     string          `json:"key"`
	Secret  bool            `json:"secret"`
	Type    string          `json:"type"`
	About   string          `json:"about"`
	Effect  evidence.Effect `json:"effect"`
	Control driver.Control  `json:"control"`
	Address string          `json:"address"`
	Frame   bool            `json:"frame"`
	Title   string          `json:"title"`
	Heading string          `json:"heading"`
	Over    *driver.Overlay `json:"over"` // the box above the page in which a click was made
	Ref     int             `json:"ref"`  // what was clicked there
}

// A scribe writes down what it is told. It is told on the browser's goroutine.
type scribe struct {
	who   probes.Persona
	start *url.URL

	mu       sync.Mutex
	r        Recording
	declared evidence.Effect
	heading  string    // of the page that was reached last
	at       string    // its address
	last     time.Time // when the person last did something
	main     map[*driver.Page]cdp.FrameID
	led      map[*driver.Page]bool   // the page itself asked for what comes next
	address  map[*driver.Page]string // of what it shows
}

// Record opens a page in a browser and follows what a person does there, until
// the person closes the window or ctx ends. What is typed in secret, and what
// orders or pays, is never written down; what a persona has is written as that
// persona's. visible shows the window; drive, where it is not nil, acts in the
// person's place and ends the recording by returning.
func Record(ctx context.Context, o Options, address string, who probes.Persona, visible bool, drive func(context.Context, *driver.Tab) error) (*Recording, error) {
	start, err := url.Parse(address)
	if err != nil || start.Host == "" || start.Scheme != "http" && start.Scheme != "https" {
		return nil, fmt.Errorf("%q is no address of a page: write it with https://", address)
	}
	b, err := driver.Start(ctx, driver.Options{Path: o.Path, TempDir: o.TempDir, Log: o.Log, Resolve: o.Resolve, Visible: visible})
	if err != nil {
		return nil, err
	}
	defer b.Close()
	s := &scribe{who: who, start: start, main: map[*driver.Page]cdp.FrameID{}, led: map[*driver.Page]bool{}, address: map[*driver.Page]string{}}
	s.r.Start = address
	s.r.Steps = []RecordedStep{{Step: Step{Open: s.path(start)}}}
	tab, err := b.NewTab(ctx, driver.TabOptions{
		Identity: identityOf(who, ""), Timeout: o.Timeout, Load: o.Load, Script: recorderScript, Binding: recorderBinding, On: s.on,
		Dialog: func(_ *driver.Page, d *page.EventJavascriptDialogOpening) bool {
			return d.Type != page.DialogTypePrompt
		},
	})
	if err != nil {
		return nil, err
	}
	defer tab.Close()
	if err := tab.Page().Navigate(ctx, address); err != nil {
		return nil, fmt.Errorf("open %s: %w", bare(address), err)
	}
	if drive != nil {
		err = drive(ctx, tab)
	} else {
		wait(ctx, b, tab)
	}
	if errors.Is(err, driver.ErrClosed) {
		err = nil
	}
	s.look(context.WithoutCancel(ctx), tab)
	return s.finish(), err
}

// wait waits until the last window is closed, or ctx ends.
func wait(ctx context.Context, b *driver.Browser, tab *driver.Tab) {
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for tab.Page() != nil {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		case <-b.Dead():
			return
		}
	}
}

func (s *scribe) on(p *driver.Page, ev any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch e := ev.(type) {
	case *runtime.EventBindingCalled:
		var t told
		if e.Name == recorderBinding && json.Unmarshal([]byte(e.Payload), &t) == nil {
			s.take(p, t)
		}
	case *page.EventFrameRequestedNavigation:
		if p != nil && (s.main[p] == "" || s.main[p] == e.FrameID) {
			s.led[p] = true
		}
	case *page.EventFrameNavigated:
		if p != nil && e.Frame.ParentID == "" && strings.HasPrefix(e.Frame.URL, "http") {
			s.main[p] = e.Frame.ID
			s.went(p, e.Frame.URL)
		}
	case *page.EventNavigatedWithinDocument:
		if p != nil {
			s.address[p] = e.URL
		}
	}
}

// promptly is within what time a page that comes is held to be the answer to
// what the person did.
const promptly = 3 * time.Second

// went notes a page that the person has opened by its address, or by going
// back: nothing on the page before has led there.
func (s *scribe) went(p *driver.Page, address string) {
	before, known := s.address[p]
	led := s.led[p] || !known && (len(s.address) == 0 || time.Since(s.last) < promptly)
	s.led[p] = false
	s.address[p] = address
	if led || before == address || s.r.Stopped != "" {
		return
	}
	u, err := url.Parse(address)
	if err != nil {
		return
	}
	s.add(RecordedStep{Step: Step{Open: s.path(u)}})
}

// path gives an address as a scenario says it: without its host where that is
// the start page's.
func (s *scribe) path(u *url.URL) string {
	plain, err := url.Parse(clean(u.String()))
	if err != nil {
		plain = u
	}
	if u.Host != s.start.Host {
		return plain.String()
	}
	if plain.String() == clean(s.start.String()) {
		return "/"
	}
	return strings.TrimPrefix(plain.String(), plain.Scheme+"://"+plain.Host)
}

// take writes down one thing that was told.
func (s *scribe) take(p *driver.Page, t told) {
	if t.Kind == "page" {
		if !t.Frame {
			s.heading, s.at = t.Heading, t.Address
		}
		return
	}
	s.last = time.Now()
	if s.r.Stopped != "" {
		return
	}
	if s.consents(t) {
		return
	}
	if t.Kind == "click" || t.Kind == "press" && t.Key == "Enter" {
		if why := byName(t.Control); why != "" {
			s.stop(t)
			return
		}
		if why := byTarget(t.Control); why != "" {
			s.stop(t)
			return
		}
	}
	if t.Locator == nil && t.Kind != "press" {
		s.add(RecordedStep{Note: fmt.Sprintf("something was done here (%s %s) that nothing names alone: say it by css", t.Kind, oneLine(t.Control.Snippet))})
		return
	}
	var step RecordedStep
	switch t.Kind {
	case "click":
		step.Click = t.Locator
	case "press":
		step.Press = t.Key
	case "select":
		step.Select = &Select{Locator: *t.Locator, Option: s.worded(t, t.Option)}
	case "fill":
		if t.Secret {
			s.add(RecordedStep{Note: fmt.Sprintf("a secret was typed into the %s, and is written nowhere", t.Locator)})
			return
		}
		step.Fill = &Fill{Locator: *t.Locator, Value: s.worded(t, t.Value)}
		if s.again(step) {
			return
		}
	case "file":
		s.add(RecordedStep{Note: fmt.Sprintf("a file was chosen in the %s: no step does that", t.Locator)})
		return
	default:
		return
	}
	s.declare(&step, t)
	s.add(step)
}

// consents reports whether a click was an answer to a banner about cookies: no
// step, since a visit answers it by itself, when it shows and as it is told to.
func (s *scribe) consents(t told) bool {
	if t.Over == nil {
		return false
	}
	b, ok := bannerOf(*t.Over)
	if !ok || slices.ContainsFunc(b.Controls, func(h driver.Handle) bool { return h.Ref == t.Ref && h.Link != "" }) {
		return false
	}
	is := func(h *driver.Handle) bool { return h != nil && h.Ref == t.Ref }
	switch {
	case is(b.accept):
		s.r.Consent = accept
	case is(b.refuse), is(b.save):
		s.r.Consent = refuse
	}
	return true
}

// stop ends the recording before what orders or pays.
func (s *scribe) stop(t told) {
	s.r.Stopped = fmt.Sprintf("%q orders or pays: a visit stops before it, and what came after is not written", oneLine(t.Control.Name()))
	if t.Locator != nil {
		s.add(RecordedStep{Step: Step{Expect: &Expect{Locator: *t.Locator}}, Note: s.r.Stopped})
	}
}

// again reports whether a fill only goes on with the one before, which then
// has the newer value.
func (s *scribe) again(step RecordedStep) bool {
	last := &s.r.Steps[len(s.r.Steps)-1]
	if last.Fill == nil || last.Fill.Locator != step.Fill.Locator {
		return false
	}
	last.Fill.Value = step.Fill.Value
	return true
}

// declare gives a step the effect of the form that it belongs to, once for
// each form; what is typed of a persona needs one.
func (s *scribe) declare(step *RecordedStep, t told) {
	effect := t.Effect
	types := step.Fill != nil && strings.Contains(step.Fill.Value, "${persona.") || step.Select != nil && strings.Contains(step.Select.Option, "${persona.")
	if types && effect == "" && s.declared == "" {
		effect = evidence.SubmitForm
	}
	sends := step.Click != nil && t.Control.Submits && t.Control.Method != "GET" || step.Press == "Enter" && t.Control.Submits && t.Control.Method != "GET"
	if effect == "" || effect == s.declared || !slices.Contains(effects, effect) || !types && !sends && step.Fill == nil && step.Select == nil {
		return
	}
	s.declared = effect
	step.Effect = effect
	if !slices.Contains(s.r.Effects, effect) {
		s.r.Effects = append(s.r.Effects, effect)
	}
}

// worded gives what was typed or chosen as a scenario says it: what the persona
// has as that, what a person types of themselves never as it was.
func (s *scribe) worded(t told, typed string) string {
	w := s.who
	for _, has := range []struct{ name, value string }{
		{"email", w.Email}, {"name", strings.TrimSpace(w.Given + " " + w.Family)}, {"given", w.Given}, {"family", w.Family}, {"phone", w.Phone},
		{"street", w.Street}, {"postcode", w.Postcode}, {"city", w.City}, {"country", w.Country},
	} {
		if has.value != "" && (strings.EqualFold(strings.TrimSpace(typed), has.value) || t.Kind == "select" && t.Value == has.value) {
			return "${persona." + has.name + "}"
		}
	}
	purpose, personal := purposeOf(t.Type, t.About)
	field := map[string]string{"email": "email", "phone": "phone", "postcode": "postcode", "city": "city", "street": "street", "given name": "given", "family name": "family", "name": "name"}[purpose]
	if t.Kind == "fill" && personal && field != "" && strings.TrimSpace(typed) != "" {
		return "${persona." + field + "}"
	}
	return strings.ReplaceAll(harmless(typed), "${", "$${")
}

// harmless masks what looks like a secret though its field did not.
func harmless(typed string) string {
	m := masker{redactor: evidence.NewRedactor()}
	return m.hide(typed)
}

// mostRecorded is how many steps are written down.
const mostRecorded = 500

func (s *scribe) add(step RecordedStep) {
	if len(s.r.Steps) < mostRecorded {
		s.r.Steps = append(s.r.Steps, step)
	}
}

// look reads where the person is at the end, if a window is still open.
func (s *scribe) look(ctx context.Context, tab *driver.Tab) {
	p := tab.Page()
	if p == nil || p.Settle(ctx) != nil {
		return
	}
	seen, err := p.Survey(ctx)
	if err != nil || seen == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.at, s.heading = seen.URL, ""
	if len(seen.Headings) > 0 && len(seen.Headings[0]) <= 80 {
		s.heading = seen.Headings[0]
	}
}

// finish adds what proves the arrival: the heading of the page that was
// reached, or its address.
func (s *scribe) finish() *Recording {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.r.Stopped == "" {
		end := RecordedStep{}
		u, err := url.Parse(s.at)
		switch {
		case s.heading != "" && harmless(s.heading) == s.heading:
			end.Expect = &Expect{Locator: driver.Locator{Role: "heading", Name: s.heading, Exact: true}}
		case err == nil && len(u.Path) > 1:
			end.Expect = &Expect{URL: u.Path}
		}
		if end.Expect != nil {
			s.add(end)
		}
	}
	r := s.r
	r.Steps = slices.Clone(s.r.Steps)
	return &r
}
