package driver

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
)

// A Page is one page of a tab. Its methods wait, each no longer than the tab's
// timeout; they are for one goroutine at a time.
type Page struct {
	tab      *Tab
	s        *session
	main     cdp.FrameID
	ready    chan struct{}
	readyErr error

	acted      cdp.FrameID   // where the last action happened; this and the next are of the driving goroutine alone
	uncovering bool          // TabOptions.Covered is at work
	noting     bool          // a guard is asked about what a search has found that read the page as well
	told       notes         // what was said beside answers
	midst      bool          // an input event may still be at work in the page
	exposing   chan struct{} // closed when the picture that was asked for last is there; nil: none is on its way

	mu        sync.Mutex
	changed   chan struct{}               // closed and replaced at every change below
	worlds    map[cdp.FrameID]place       // of the engine in each frame
	parents   map[cdp.FrameID]cdp.FrameID // of every frame but the page's own
	loading   map[cdp.FrameID]string      // frames that are on their way, and where to
	responses map[cdp.LoaderID]*network.Response
	failures  map[cdp.LoaderID]string // why a document could not be loaded
	doc       Document
	requests  int
	inner     inner
}

// A Document is what the page in front holds.
type Document struct {
	Loader  cdp.LoaderID
	Count   int // documents so far in this page, from 1; 0 before the first
	View    int // views so far: documents of the web, and routes that a script drew into one of them
	URL     string
	Status  int               // of the HTTP answer; 0 when there was none
	Error   string            // the browser's reason when it could not be loaded: "net::ERR_…"
	Headers map[string]string // lower-case names
}

// on follows what the page and its frames do, each by the session of its
// process. It runs on the reading goroutine.
func (p *Page) on(s *session, ev any) {
	switch e := ev.(type) {
	case *fetch.EventRequestPaused:
		p.tab.gate(s, p, e)
		return
	case *page.EventJavascriptDialogOpening:
		accept := e.Type == page.DialogTypeBeforeunload
		if p.tab.o.Dialog != nil {
			accept = p.tab.o.Dialog(p, e)
		}
		if e.Type == page.DialogTypeBeforeunload && !accept {
			p.stay()
		}
		s.post("Page.handleJavaScriptDialog", page.HandleJavaScriptDialogParams{Accept: accept})
	case *page.EventWindowOpen:
		p.tab.opens(e.URL)
	default:
		p.follow(s, ev)
		p.tab.brake(s, p, ev)
	}
	if p.tab.o.On != nil {
		p.tab.o.On(p, ev)
	}
}

// stay notes that the page is not left after all.
func (p *Page) stay() {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.loading, p.main)
	p.stir()
}

// stir wakes whoever waits for a change; p.mu is held.
func (p *Page) stir() {
	close(p.changed)
	p.changed = make(chan struct{})
}

func (p *Page) follow(s *session, ev any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.followFrame(s, ev) {
		p.stir()
		return
	}
	switch e := ev.(type) {
	case *page.EventFrameRequestedNavigation:
		if e.Disposition != page.ClientNavigationDispositionCurrentTab || !arrives(e.URL) {
			return
		}
		p.loading[e.FrameID] = e.URL
	case *page.EventFrameStartedNavigating:
		if !arrives(e.URL) {
			return
		}
		p.loading[e.FrameID] = e.URL
	case *page.EventFrameNavigated:
		delete(p.loading, e.Frame.ID)
		p.inner.shown(e)
		if e.Frame.ID == p.main && e.Frame.URL != "about:blank" {
			p.doc = Document{Loader: e.Frame.LoaderID, Count: p.doc.Count + 1, View: p.doc.View, URL: e.Frame.URL + e.Frame.URLFragment}
			if strings.HasPrefix(e.Frame.URL, "http") {
				p.doc.View++
			}
			if e.Frame.UnreachableURL != "" {
				p.doc.URL, p.doc.Error = e.Frame.UnreachableURL, "net::ERR_FAILED"
			}
		}
	case *page.EventNavigatedWithinDocument:
		delete(p.loading, e.FrameID)
		if e.FrameID == p.main {
			if Route(e.URL) != Route(p.doc.URL) {
				p.doc.View++
			}
			p.doc.URL = e.URL
		}
	case *page.EventFrameStoppedLoading:
		delete(p.loading, e.FrameID)
	case *network.EventRequestWillBeSent:
		p.requests++
		return
	case *network.EventResponseReceived:
		if e.FrameID != p.main || e.Type != network.ResourceTypeDocument {
			return
		}
		p.responses[e.LoaderID] = e.Response
	case *network.EventLoadingFailed:
		if e.Type != network.ResourceTypeDocument {
			return
		}
		p.failures[cdp.LoaderID(e.RequestID)] = e.ErrorText // a document's request bears its loader's name
	default:
		return
	}
	p.stir()
}

// Document is what the page holds now.
func (p *Page) Document() Document {
	p.mu.Lock()
	defer p.mu.Unlock()
	d := p.doc
	if why := p.failures[d.Loader]; why != "" && d.Error != "" {
		d.Error = why
	}
	if r := p.responses[d.Loader]; r != nil {
		d.Status, d.Headers = int(r.Status), map[string]string{}
		for k, v := range r.Headers {
			d.Headers[strings.ToLower(k)] = fmt.Sprint(v)
		}
	}
	return d
}

// arrives reports whether an address leads to a document: mailto: and tel:
// hand over to another program, and nothing follows.
func arrives(url string) bool {
	scheme, _, _ := strings.Cut(url, ":")
	switch strings.ToLower(scheme) {
	case "http", "https", "about", "blob", "data", "file", "chrome":
		return true
	}
	return false
}

// Top reports whether a request is for the page itself, not for something in it.
func (p *Page) Top(r *fetch.EventRequestPaused) bool {
	return r.FrameID == p.main && r.ResourceType == network.ResourceTypeDocument
}

// Navigate opens an address and waits until its document is there: a
// *LoadError or *NoAnswer when it is not.
func (p *Page) Navigate(ctx context.Context, url string) error {
	ctx, cancel := p.bound(ctx, p.tab.o.Timeout)
	defer cancel()
	if err := p.awaitReady(ctx); err != nil {
		return err
	}
	p.undisturbed()
	r, err := cdp.Call(ctx, p.s, page.Navigate, page.NavigateParams{URL: url})
	switch {
	case errors.Is(err, errSlow):
		p.s.post("Page.stopLoading", nil)
		return &NoAnswer{URL: url, In: p.tab.o.Timeout.String()}
	case err != nil:
		return err
	case r.ErrorText != "":
		return &LoadError{URL: url, Text: r.ErrorText}
	}
	return p.Settle(ctx)
}

// hops is how many documents may follow upon one another by themselves before
// a page counts as one that never stays.
const hops = 10

// Back goes to the page before this one in the window's history, as its own
// button does.
func (p *Page) Back(ctx context.Context) error {
	ctx, cancel := p.bound(ctx, p.tab.o.Timeout)
	defer cancel()
	h, err := cdp.Call(ctx, p.s, page.GetNavigationHistory, cdp.Empty{})
	if err != nil {
		return p.slow(err)
	}
	if h.CurrentIndex < 1 || int(h.CurrentIndex) > len(h.Entries) {
		return ErrFirst
	}
	to := h.Entries[h.CurrentIndex-1]
	p.undisturbed()
	if _, err := cdp.Call(ctx, p.s, page.NavigateToHistoryEntry, page.NavigateToHistoryEntryParams{EntryID: to.ID}); err != nil {
		return p.slow(err)
	}
	return p.Settle(ctx)
}

// ErrFirst says that there is no page to go back to.
var ErrFirst = errors.New("it is the first page of its window")

// Settle waits, after an action, until what it set off is there: a document on
// its way, and as far as patience goes its pictures and scripts.
func (p *Page) Settle(ctx context.Context) error {
	ctx, cancel := p.bound(ctx, p.tab.o.Timeout)
	defer cancel()
	grace := min(p.tab.o.Load, p.tab.o.Timeout*3/4)
	if deadline, ok := ctx.Deadline(); ok {
		grace = min(grace, time.Until(deadline)*3/4)
	}
	for first := p.Document().Count; ; {
		err := p.arrive(ctx, grace)
		d := p.Document()
		if n := d.Count - first; n > hops && (err == nil || errors.Is(err, errSlow)) {
			p.s.post("Page.stopLoading", nil)
			return &Unmet{Want: "a page that stays", Saw: fmt.Sprintf("%d pages, each leading on to the next by itself, the last one %s", n, d.URL), In: p.tab.o.Timeout.String()}
		}
		if err != nil {
			return p.slow(err)
		}
		p.mu.Lock()
		going := p.loading[p.main]
		p.mu.Unlock()
		if going == "" {
			return nil
		}
	}
}

// arrive waits until the document that the page holds now is usable, and notes
// what can be read of it in the same breath.
func (p *Page) arrive(ctx context.Context, grace time.Duration) error {
	waits := fmt.Sprintf("(%d,%d)", grace.Milliseconds(), p.refresh().Milliseconds())
	if p.tab.o.Unwatched || p.tab.o.Proof { // there Take reads it, while it is pictured
		err := p.eval(ctx, p.main, "__touchstone.settled"+waits, nil)
		p.midst = p.midst && err != nil
		return err
	}
	var said readings
	err := p.eval(ctx, p.main, "__touchstone.arrived"+waits, &said)
	if err == nil {
		p.midst = false
		p.noteBeside(p.Document(), said, surveyReader)
	}
	return err
}

// refresh is how long the answer's Refresh header lets the page stay
// before it leads elsewhere; below zero where it does not.
func (p *Page) refresh() time.Duration {
	delay, _, elsewhere := strings.Cut(p.Document().Headers["refresh"], ";")
	if s, err := strconv.ParseFloat(strings.TrimSpace(delay), 64); err == nil && elsewhere {
		return time.Duration(s * float64(time.Second))
	}
	return -time.Second
}

// slow turns a wait that was too long into the site's answer: none.
func (p *Page) slow(err error) error {
	if !errors.Is(err, errSlow) {
		return err
	}
	p.mu.Lock()
	url, waiting := p.loading[p.main]
	if !waiting {
		url = p.doc.URL
	}
	delete(p.loading, p.main)
	p.mu.Unlock()
	p.s.post("Page.stopLoading", nil)
	p.s.post("Runtime.terminateExecution", nil)
	if !waiting {
		return &Unmet{Want: "the page " + url + " to react", Saw: "a script that never ends", In: p.tab.o.Timeout.String()}
	}
	return &NoAnswer{URL: url, In: p.tab.o.Timeout.String()}
}

// presses is how often a press is tried that lands beside its element and is
// therefore kept from the page, or that never comes to the element's frame: one
// in another process is seen before presses are led there.
const presses = 8

// Click waits until the element can be clicked, asks guard, and clicks it once.
func (p *Page) Click(ctx context.Context, q Locator, guard func(Control) error) (Control, error) {
	for try := 1; ; try++ {
		f, err := p.find(ctx, q, "click")
		if err != nil {
			return Control{}, err
		}
		if err := p.permit(guard, f); err != nil {
			return f.Control, err
		}
		by, err := p.land(ctx, f)
		if err != nil || by == "" {
			return f.Control, err
		}
		if try == presses {
			return f.Control, &Unmet{Want: "the " + q.String() + " to be clickable", Saw: fmt.Sprintf("%d clicks that would have hit %s", try, by), In: "0s"}
		}
	}
}

// permit asks guard about what was found.
func (p *Page) permit(guard func(Control) error, f found) error {
	p.noting = f.read
	defer func() { p.noting = false }()
	return guard(f.Control)
}

// land presses where an element was found and says what lay there instead;
// empty: the press has landed.
func (p *Page) land(ctx context.Context, f found) (by string, err error) {
	ctx, cancel := p.bound(ctx, p.tab.o.Timeout)
	defer cancel()
	at := p.at(f.frame)
	if at.id == "" || at.id != f.at.id {
		return "a document that came in its place", nil
	}
	p.acts()
	p.midst = true
	pressing := make(chan error, 1)
	go func() { pressing <- p.press(ctx, f.Point[0], f.Point[1]) }()
	select {
	case err = <-pressing:
	case <-at.s.gone: // a frame that goes with the press may never answer it
		if at.s == p.s {
			err = <-pressing
		}
	}
	if err != nil {
		return "", p.slow(err)
	}
	// A document that went with the click, or is busy with it, was reached.
	var how struct{ State, By string }
	asking, enough := p.bound(ctx, time.Second)
	defer enough()
	err = p.evalIn(asking, at, "__touchstone.pressed()", &how)
	switch {
	case err == nil && how.State == "missed":
		return how.By, nil
	case err == nil && how.State == "none" && f.frame != p.main:
		return "nothing in its frame", nil
	case err == nil && how.State == "none" && !f.Control.Submits && !slices.Contains(embeds, f.Control.Tag):
		return "nothing at all", nil // the whole browser loses a press now and then, beside a window or a program that is just opened
	}
	return "", nil
}

// embeds are elements whose presses another document gets.
var embeds = []string{"iframe", "frame", "object", "embed"}

// Reacted reports whether anything came of the last click, key or choice
// within a time: a request, a navigation, a change in the page.
func (p *Page) Reacted(ctx context.Context, requestsBefore int, within time.Duration) bool {
	ctx, cancel := p.bound(ctx, within+time.Second)
	defer cancel()
	var changed bool
	err := p.evalOnce(ctx, p.acted, fmt.Sprintf("__touchstone.reacted(%d)", within.Milliseconds()), &changed)
	return err != nil || changed || p.Requests() != requestsBefore || p.tab.Page() != p // an error here is a new document
}

// Requests counts the requests that the page has made.
func (p *Page) Requests() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.requests
}

// Fill waits until the field can be typed into, asks guard, and types value
// over what it holds.
func (p *Page) Fill(ctx context.Context, q Locator, value string, guard func(Control) error) (Control, error) {
	typing := quickly
	for range 3 {
		f, err := p.find(ctx, q, "fill")
		if err != nil {
			return Control{}, err
		}
		if err := p.permit(guard, f); err != nil {
			if f.Entered {
				_ = p.quick(ctx, p.acted, "__touchstone.leave()", nil) // the guard's word is what counts
			}
			return f.Control, err
		}
		if p.at(f.frame).id != f.at.id {
			continue // a document came in its place
		}
		commands, keys := typing(value)
		took, err := p.typeIn(ctx, value, f.Entered, commands, keys)
		if err != nil || took == "whole" {
			return f.Control, err
		}
		if took == "other" && keys == len([]rune(value)) {
			return f.Control, nil // sign by sign, and still the field makes something else of it
		}
		typing = slowly
		if took == "strayed" {
			typing = wholly
		}
	}
	return Control{}, &Unmet{Want: "the " + q.String() + " to take what was typed", Saw: "it empty", In: "0s"}
}

// typeIn types into the field that was found last and gives what it made of
// it; see typed in the engine.
func (p *Page) typeIn(ctx context.Context, value string, entered bool, commands []command, keys int) (took string, err error) {
	ctx, cancel := p.bound(ctx, p.tab.o.Timeout)
	defer cancel()
	p.acts()
	p.midst = true
	if !entered {
		if err := p.eval(ctx, p.acted, "__touchstone.focus("+quote(value)+")", &took); err != nil {
			return "", p.slow(err)
		}
	}
	switch took {
	case "gone":
		return took, nil
	case "set":
		keys = 0
	default:
		if keys == 0 {
			if err := p.s.callAll(ctx, commands); err != nil {
				return "", p.slow(err)
			}
			break
		}
		// The page itself knows when the last key has come: what became of it is
		// asked in the same breath.
		typing := make(chan error, 1)
		go func() { typing <- p.s.callAll(ctx, commands) }()
		defer func() {
			if late := <-typing; err == nil {
				err = p.slow(late)
			}
		}()
	}
	if p.tab.o.Unwatched {
		err = p.eval(ctx, p.acted, fmt.Sprintf("__touchstone.typed(%s,%d)", quote(value), keys), &took)
		return took, p.slow(err)
	}
	var said struct {
		Took string `json:"took"`
		readings
	}
	if err = p.eval(ctx, p.acted, fmt.Sprintf("__touchstone.taken(%s,%d)", quote(value), keys), &said); err == nil {
		p.noteActed(said.readings)
	}
	return said.Took, p.slow(err)
}

// noteActed keeps what the frame that was acted on says of itself.
func (p *Page) noteActed(said readings) {
	if p.acted != p.main {
		said.Overlays = nil // they are another document's
	}
	p.noteBeside(p.Document(), said)
	p.told.fields = said.Fields
}

// Select waits for a list, asks guard, and chooses the option of that label,
// or of that value. A list that scripts have drawn is opened, and the option
// clicked in it.
func (p *Page) Select(ctx context.Context, q Locator, option string, guard func(Control) error) (Control, error) {
	f, err := p.find(ctx, q, "choose")
	if err != nil {
		return Control{}, err
	}
	if err := p.permit(guard, f); err != nil {
		return f.Control, err
	}
	if f.Custom {
		return f.Control, p.pick(ctx, f, q, option, guard)
	}
	var chosen struct {
		OK      bool     `json:"ok"`
		Options []string `json:"options"`
		readings
	}
	p.acts()
	choose := "__touchstone.chosen("
	if p.tab.o.Unwatched {
		choose = "__touchstone.choose("
	}
	if err := p.eval(ctx, p.acted, choose+quote(option)+")", &chosen); err != nil {
		return f.Control, p.slow(err)
	}
	p.noteActed(chosen.readings)
	if !chosen.OK {
		return f.Control, &Unmet{Want: fmt.Sprintf("the option %q in the %s", option, q), Saw: fmt.Sprintf("%q", chosen.Options), In: "0s"}
	}
	return f.Control, nil
}

// pick opens a list that scripts have drawn and clicks an option of it; what
// can be typed into is typed into where the option does not show by itself.
func (p *Page) pick(ctx context.Context, f found, q Locator, option string, guard func(Control) error) error {
	if _, err := p.land(ctx, f); err != nil {
		return err
	}
	want := Locator{option: option}
	_, err := p.findWithin(ctx, want, "seen", min(time.Second, p.tab.o.Timeout))
	if unmet := (*Unmet)(nil); errors.As(err, &unmet) && (f.Control.Tag == "input" || f.Control.Tag == "textarea") {
		if _, err := p.Fill(ctx, q, option, guard); err != nil {
			return err
		}
	}
	_, err = p.Click(ctx, want, guard)
	if unmet := (*Unmet)(nil); errors.As(err, &unmet) {
		unmet.Want = fmt.Sprintf("the option %q in the %s", option, q)
	}
	return err
}

// Press asks guard about what the key would press, and presses it. name is one
// of Keys.
func (p *Page) Press(ctx context.Context, name string, guard func(Control) error) (Control, error) {
	k, ok := named[name]
	if !ok {
		return Control{}, fmt.Errorf("unknown key %q", name)
	}
	ctx, cancel := p.bound(ctx, p.tab.o.Timeout)
	defer cancel()
	type focus struct {
		OK      bool    `json:"ok"`
		Nothing bool    `json:"nothing"` // of what the document shows has it
		Control Control `json:"control"`
	}
	var at focus
	for _, f := range p.frames() {
		var has focus
		err := p.eval(ctx, f, "__touchstone.focused()", &has)
		switch {
		case err != nil && f == p.main:
			return Control{}, p.slow(err)
		case err == nil && has.OK && (f == p.main || !has.Nothing):
			at, p.acted = has, f
		}
		if at.OK {
			break
		}
	}
	if err := guard(at.Control); err != nil {
		return at.Control, err
	}
	p.acts()
	p.midst = true
	return at.Control, p.slow(p.s.callAll(ctx, stroke(k)))
}

// See waits until at least one visible element fits; timeout 0 is the tab's.
func (p *Page) See(ctx context.Context, q Locator, timeout time.Duration) error {
	_, err := p.findWithin(ctx, q, "seen", timeout)
	return err
}

// SeeURL waits until the page's address holds part.
func (p *Page) SeeURL(ctx context.Context, part string, timeout time.Duration) error {
	if timeout == 0 {
		timeout = p.tab.o.Timeout
	}
	ctx, cancel := p.bound(ctx, timeout)
	defer cancel()
	for {
		p.mu.Lock()
		url, changed := p.doc.URL, p.changed
		p.mu.Unlock()
		if strings.Contains(url, part) {
			return nil
		}
		if err := p.wait(ctx, changed); errors.Is(err, errSlow) {
			return &Unmet{Want: fmt.Sprintf("an address with %q in it", part), Saw: url, In: timeout.String()}
		} else if err != nil {
			return err
		}
	}
}

// Read waits for the one element that fits and gives its text, or a field's
// value; of secrets, nothing.
func (p *Page) Read(ctx context.Context, q Locator) (string, error) {
	if _, err := p.find(ctx, q, "read"); err != nil {
		return "", err
	}
	var s string
	err := p.eval(ctx, p.acted, "__touchstone.text()", &s)
	return s, p.slow(err)
}

// Fields lists the visible fields of the form of the last field that was
// filled, chosen or ticked. Right after a Fill they are known already.
func (p *Page) Fields(ctx context.Context) ([]Field, error) {
	if list := p.told.fields; list != nil {
		p.told.fields = nil
		return list, nil
	}
	var list []Field
	return list, p.quick(ctx, p.acted, "__touchstone.fields()", &list)
}

// Vitals are how fast the page came, by the browser's own clock, in
// milliseconds from the start of its navigation.
type Vitals struct {
	TTFB   float64 `json:"ttfb"`   // first byte of the answer
	Usable float64 `json:"usable"` // its document and deferred scripts were there
	LCP    float64 `json:"lcp"`    // largest contentful paint so far; 0: none yet
	CLS    float64 `json:"cls"`    // cumulative layout shift so far, a score
}

// Vitals reads them; they die with the document and stop at the first input.
func (p *Page) Vitals(ctx context.Context) (Vitals, error) {
	var v Vitals
	return v, p.quick(ctx, p.main, "__touchstone.vitals()", &v)
}

// Title gives the document's title.
func (p *Page) Title(ctx context.Context) (string, error) {
	var s string
	return s, p.quick(ctx, p.main, "__touchstone.title()", &s)
}

// Body gives the beginning of what the page says.
func (p *Page) Body(ctx context.Context) (string, error) {
	var s string
	return s, p.quick(ctx, p.main, "__touchstone.body()", &s)
}

// Challenge names the check for robots that the page shows, empty when none.
func (p *Page) Challenge(ctx context.Context) (string, error) {
	var s string
	return s, p.quick(ctx, p.main, "__touchstone.challenge()", &s)
}

// Offers reports whether the page has a link to that address.
func (p *Page) Offers(ctx context.Context, url string) (bool, error) {
	var yes bool
	return yes, p.quick(ctx, p.main, "__touchstone.offers("+quote(url)+")", &yes)
}

// Screenshot pictures the window as PNG, as small as the browser packs it.
func (p *Page) Screenshot(ctx context.Context) (png []byte, err error) {
	p.expose(ctx, false, func(got []byte, why error) { png, err = got, why })
	p.undisturbed()
	return png, err
}

// Expose pictures the window as PNG in a third of the time that Screenshot
// takes, and in up to twice its bytes, and hands it to then on a goroutine of its
// own. Until that returns the page may be read and searched; what would change
// what it shows waits.
func (p *Page) Expose(ctx context.Context, then func(png []byte, err error)) {
	p.expose(ctx, true, then)
}

func (p *Page) expose(ctx context.Context, quickly bool, then func(png []byte, err error)) {
	p.undisturbed()
	if p.midst { // a picture asked for in the middle of an input event is never taken
		p.midst = p.quick(ctx, p.main, "__touchstone.settled(0,-1)", nil) != nil
	}
	reply, id, err := p.s.send(page.CommandCaptureScreenshot, page.CaptureScreenshotParams{Format: page.CaptureScreenshotFormatPng, OptimizeForSpeed: &quickly})
	done := make(chan struct{})
	p.exposing = done
	go func() {
		defer close(done)
		var r page.CaptureScreenshotResult
		if err == nil {
			ctx, cancel := p.bound(ctx, 3*time.Second)
			defer cancel()
			err = p.s.await(ctx, page.CommandCaptureScreenshot, reply, id, &r)
		}
		then(r.Data, err)
	}()
}

// undisturbed waits for the picture that is on its way, before something that
// would show in it. Nobody but us wants the picture: the time is taken off what
// the site is measured by, see Tab.Reading.
func (p *Page) undisturbed() { p.tab.looks(p.drawn()) }

// drawn waits for the picture that is on its way, and says how long.
func (p *Page) drawn() time.Duration {
	if p.exposing == nil {
		return 0
	}
	begun := time.Now()
	<-p.exposing
	p.exposing = nil
	return time.Since(begun)
}

// ---- the engine's side ----

// found is the engine's answer to a search.
type found struct {
	OK      bool       `json:"ok"`
	Point   [2]float64 `json:"point"` // in the frame's own window; see toWindow
	View    [2]float64 `json:"view"`  // that window's width and height
	Control Control    `json:"control"`
	Custom  bool       `json:"custom"`  // a list that scripts have drawn
	Why     string     `json:"why"`     // it is there, but
	None    bool       `json:"none"`    // it is not there
	Instead string     `json:"instead"` // what is
	Many    []string   `json:"many"`
	Count   int        `json:"count"`
	Gone    bool       `json:"gone"` // it had a number, and left the page: it will not come back
	Over    string     `json:"over"` // what covers it and floats above the page
	Survey  *Survey    `json:"survey"`
	Entered bool       `json:"entered"` // it has the keyboard

	frame cdp.FrameID
	at    place // where it was found
	read  bool  // the page was read as it was found
}

var wants = map[string]string{"click": "to be clickable", "fill": "to be fillable", "choose": "to offer its options", "read": "to be shown", "seen": "to be shown"}

func (p *Page) find(ctx context.Context, q Locator, need string) (found, error) {
	return p.findWithin(ctx, q, need, 0)
}

// uncoverings is how often one wait lets something be put away that covers
// what is wanted.
const uncoverings = 4

// findWithin waits for q. What covers it is handed to TabOptions.Covered after
// a second; when that puts it away, the wait begins anew.
func (p *Page) findWithin(ctx context.Context, q Locator, need string, timeout time.Duration) (found, error) {
	if timeout == 0 {
		timeout = p.tab.o.Timeout
	}
	patient := p.tab.o.Covered == nil || p.uncovering
	for n := 1; ; n++ {
		r, err := p.await(ctx, q, need, timeout, patient)
		unmet := (*Unmet)(nil)
		if patient || !errors.As(err, &unmet) || unmet.Over == "" {
			return r, err
		}
		p.uncovering = true
		patient = !p.tab.o.Covered(ctx, p, unmet.Over) || n == uncoverings
		p.uncovering = false
	}
}

// least is the shortest slice of a wait: without any the engine does not say what
// it saw instead.
const least = 10 * time.Millisecond

// await waits in the page; where there are frames it looks into those as well,
// so that no frame's silence hides what another one shows. What the page's own
// document shows comes before what is in its frames.
func (p *Page) await(ctx context.Context, q Locator, need string, timeout time.Duration, patient bool) (found, error) {
	start := p.s.b.patience()
	ctx, cancel := p.bound(ctx, timeout+2*time.Second)
	defer cancel()
	var seen found
	p.told.fields = nil // it may be another form's
	if q.Ref >= refSpan {
		q.Frame, q.Ref = p.refOf(q.Ref)
	}
	for round := 0; ; round++ {
		frames := p.frames()
		if q.Ref != 0 { // each frame numbers its own
			frames = []cdp.FrameID{p.main}
			if q.Frame != "" {
				frames[0] = q.Frame
			}
		}
		if len(frames) > 1 || frames[0] != p.main { // what shows a frame may have to be scrolled
			p.undisturbed()
		}
		slice := min(time.Second, max(timeout-start.Spent(), least))
		switch {
		case len(frames) > 1 && round == 0:
			slice = 0
		case len(frames) > 1:
			slice = min(slice, 250*time.Millisecond)
		}
		still := p.exposing != nil // one look while the picture is being taken, which must not show in it
		r, d := found{frame: frames[0]}, p.Document()
		read := !p.tab.o.Unwatched && frames[0] == p.main && (need == "click" || need == "fill" || need == "choose")
		if err := p.eval(ctx, frames[0], search(q, need, slice, manner{Fresh: round == 0, Read: read, Enter: frames[0] == p.main, Quietly: still}), &r); errors.Is(err, errGone) {
			return found{}, &Unmet{Want: "the " + q.String() + " " + wants[need], Saw: "a page without the frame that held it", In: start.Spent().Round(100 * time.Millisecond).String()}
		} else if err != nil {
			return found{}, p.slow(err)
		}
		if still && !r.OK {
			p.undisturbed()
			round--
			continue
		}
		if r.Survey != nil {
			p.noteBeside(d, readings{Survey: r.Survey, Cost: r.Survey.Took}, surveyReader)
		}
		r.read = read && r.OK
		var err error
		switch {
		case r.OK && frames[0] != p.main:
			err = p.toWindow(ctx, &r)
		case r.None && len(frames) > 1:
			var inner found
			if inner, err = p.inFrames(ctx, frames[1:], q, need, round == 0); err == nil && !inner.None {
				r = inner
			}
		}
		if err != nil {
			return found{}, err
		}
		if r.OK {
			p.acted, r.at = r.frame, p.at(r.frame)
			return r, nil
		}
		seen = r
		if len(seen.Many) > 0 && (round > 0 || slice > 0) { // a second look: it is not just being re-drawn
			break
		}
		if seen.Gone || start.Spent() >= timeout || seen.Over != "" && !patient && start.Spent() > time.Second {
			break
		}
	}
	if len(seen.Many) > 0 {
		return found{}, &Ambiguous{Want: "the " + q.String(), Matches: seen.Many}
	}
	waited := timeout
	if seen.Gone {
		waited = start.Spent().Round(100 * time.Millisecond)
	}
	saw := seen.Why
	if saw == "" || seen.None && seen.Instead != "" {
		saw = strings.Trim(seen.Why+"; "+seen.Instead, "; ")
	}
	return found{}, &Unmet{Want: "the " + q.String() + " " + wants[need], Saw: saw, In: waited.String(), Over: seen.Over}
}

// A manner is how the engine searches; see find there.
type manner struct {
	Fresh   bool `json:"fresh,omitempty"`
	Read    bool `json:"read,omitempty"`
	Enter   bool `json:"enter,omitempty"`
	Quietly bool `json:"quietly,omitempty"`
}

// search is the engine's expression for one slice of a wait.
func search(q Locator, need string, slice time.Duration, how manner) string {
	what := quote(q)
	if q.option != "" {
		what = quote(map[string]string{"option": q.option})
	}
	return fmt.Sprintf("__touchstone.find(%s,%q,%d,%s)", what, need, max(0, slice).Milliseconds(), quote(how))
}

// quick is for what must not hold a visit up: a second, then an error.
func (p *Page) quick(ctx context.Context, f cdp.FrameID, expr string, out any) error {
	ctx, cancel := p.bound(ctx, time.Second)
	defer cancel()
	return p.evalOnce(ctx, f, expr, out)
}

// eval runs the engine in a frame's present document. When a navigation takes
// the document away, the same is asked of the next one: what is evaluated here
// changes nothing that could happen twice.
func (p *Page) eval(ctx context.Context, f cdp.FrameID, expr string, out any) error {
	for {
		err := p.evalOnce(ctx, f, expr, out)
		if err == nil || !moved(err) {
			return err
		}
		if ctx.Err() != nil { // the time was up, whatever the last try ran into
			return context.Cause(ctx)
		}
	}
}

func (p *Page) evalOnce(ctx context.Context, f cdp.FrameID, expr string, out any) error {
	if f == "" {
		f = p.main
	}
	at, err := p.placeOf(ctx, f)
	if err != nil {
		return err
	}
	if err = p.evalIn(ctx, at, expr, out); err != nil && moved(err) {
		p.forget(f, at.id)
	}
	return err
}

// evalIn runs the engine in one document, whether or not it is about to be
// replaced.
func (p *Page) evalIn(ctx context.Context, at place, expr string, out any) error {
	r, err := cdp.Call(ctx, at.s, runtime.Evaluate, runtime.EvaluateParams{
		Expression: expr, UniqueContextID: at.id, AwaitPromise: new(true), ReturnByValue: new(true)})
	if err != nil {
		if at.s != p.s && (errors.Is(err, ErrClosed) || errors.Is(err, ErrCrashed)) {
			return errElsewhere
		}
		return err
	}
	if r.ExceptionDetails != nil {
		text := r.ExceptionDetails.Text
		if e := r.ExceptionDetails.Exception; e != nil {
			text = e.Description
		}
		return fmt.Errorf("the engine failed on %s: %s", p.Document().URL, text)
	}
	if out == nil || r.Result == nil || len(r.Result.Value) == 0 {
		return nil
	}
	return json.Unmarshal(r.Result.Value, out)
}

// placeOf waits for a document that is not about to be replaced.
func (p *Page) placeOf(ctx context.Context, f cdp.FrameID) (place, error) {
	if err := p.awaitReady(ctx); err != nil {
		return place{}, err
	}
	for {
		p.mu.Lock()
		at, going, changed := p.worlds[f], p.loading[f], p.changed
		known := f == p.main || p.parents[f] != ""
		p.mu.Unlock()
		switch {
		case !known:
			return place{}, errGone
		case at.id != "" && going == "":
			return at, nil
		}
		if err := p.wait(ctx, changed); err != nil {
			return place{}, err
		}
	}
}

// at is where a frame's engine runs now.
func (p *Page) at(f cdp.FrameID) place {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.worlds[f]
}

func (p *Page) forget(f cdp.FrameID, id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.worlds[f].id == id {
		delete(p.worlds, f)
	}
}

func (p *Page) awaitReady(ctx context.Context) error {
	if err := p.wait(ctx, p.ready); err != nil {
		return err
	}
	return p.readyErr
}

// wait waits for an event, the end of ctx, of the page or of the browser.
func (p *Page) wait(ctx context.Context, event <-chan struct{}) error {
	select {
	case <-event:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-p.s.gone:
		return p.s.why
	case <-p.s.b.dead:
		return p.s.b.cause
	}
}

// errSlow is the cause of a deadline of ours, told apart from a caller's.
var errSlow = errors.New("too slow")

func (p *Page) bound(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	return p.s.b.bounded(ctx, d, errSlow)
}

// moved tells the errors of a document that was replaced under a call.
func moved(err error) bool {
	if broken(err) {
		return false
	}
	m := strings.ToLower(err.Error())
	return strings.Contains(m, "context") || strings.Contains(m, "navigated") || strings.Contains(m, "promise was collected")
}

func broken(err error) bool {
	return errors.Is(err, ErrDied) || errors.Is(err, ErrCrashed) || errors.Is(err, ErrClosed) || errors.Is(err, errSlow) ||
		errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// quote writes a value as a JavaScript literal.
func quote(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // strings and locators always encode
	}
	return string(b)
}
