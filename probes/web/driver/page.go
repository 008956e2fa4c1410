package driver

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/input"
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

	acted cdp.FrameID // where the last action happened; of the driving goroutine alone

	mu        sync.Mutex
	changed   chan struct{}          // closed and replaced at every change below
	worlds    map[cdp.FrameID]string // the engine's context in each frame
	loading   map[cdp.FrameID]string // frames that are on their way, and where to
	responses map[cdp.LoaderID]*network.Response
	failures  map[cdp.LoaderID]string // why a document could not be loaded
	doc       Document
	requests  int
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

// on follows what the page does. It runs on the reading goroutine.
func (p *Page) on(ev any) {
	switch e := ev.(type) {
	case *fetch.EventRequestPaused:
		p.s.answer(e, p.tab.o.Gate == nil || p.tab.o.Gate(p, e))
		return
	case *page.EventJavascriptDialogOpening:
		accept := p.tab.o.Dialog != nil && p.tab.o.Dialog(p, e)
		p.s.post("Page.handleJavaScriptDialog", page.HandleJavaScriptDialogParams{Accept: accept})
	case *page.EventWindowOpen:
		p.tab.opens(e.URL)
	default:
		p.follow(ev)
	}
	if p.tab.o.On != nil {
		p.tab.o.On(p, ev)
	}
}

func (p *Page) follow(ev any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := ev.(type) {
	case *runtime.EventExecutionContextCreated:
		var aux struct{ FrameID cdp.FrameID }
		if e.Context.Name != world || json.Unmarshal(e.Context.AuxData, &aux) != nil {
			return
		}
		p.worlds[aux.FrameID] = e.Context.UniqueID
	case *runtime.EventExecutionContextDestroyed:
		maps.DeleteFunc(p.worlds, func(_ cdp.FrameID, id string) bool { return id == e.ExecutionContextUniqueID })
	case *runtime.EventExecutionContextsCleared:
		clear(p.worlds)
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
	case *page.EventFrameDetached:
		delete(p.loading, e.FrameID)
		delete(p.worlds, e.FrameID)
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
	close(p.changed)
	p.changed = make(chan struct{})
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

// Settle waits, after an action, until what it set off is there: a document on
// its way, and as far as patience goes its pictures and scripts.
func (p *Page) Settle(ctx context.Context) error {
	ctx, cancel := p.bound(ctx, p.tab.o.Timeout)
	defer cancel()
	// The page's own tasks first: a form's submission is one of them.
	if err := p.eval(ctx, p.main, "__touchstone.turn()", nil); err != nil {
		return p.slow(err)
	}
	grace := p.tab.o.Load
	if deadline, ok := ctx.Deadline(); ok {
		grace = min(grace, time.Until(deadline)*3/4)
	}
	var complete bool
	return p.slow(p.eval(ctx, p.main, fmt.Sprintf("__touchstone.loaded(%d)", grace.Milliseconds()), &complete))
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

// Click waits until the element can be clicked, asks guard, and clicks it once.
func (p *Page) Click(ctx context.Context, q Locator, guard func(Control) error) (Control, error) {
	f, err := p.find(ctx, q, "click")
	if err != nil {
		return Control{}, err
	}
	if err := guard(f.Control); err != nil {
		return f.Control, err
	}
	ctx, cancel := p.bound(ctx, p.tab.o.Timeout)
	defer cancel()
	if err := p.eval(ctx, p.acted, "__touchstone.ticked()", nil); err != nil {
		return f.Control, err
	}
	return f.Control, p.slow(p.press(ctx, f.Point[0], f.Point[1]))
}

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
	f, err := p.find(ctx, q, "fill")
	if err != nil {
		return Control{}, err
	}
	if err := guard(f.Control); err != nil {
		return f.Control, err
	}
	ctx, cancel := p.bound(ctx, p.tab.o.Timeout)
	defer cancel()
	var how string
	if err := p.eval(ctx, p.acted, "__touchstone.focus("+quote(value)+")", &how); err != nil {
		return f.Control, p.slow(err)
	}
	if how == "type" {
		if value == "" {
			err = p.key(ctx, keys["Delete"])
		} else {
			_, err = cdp.Call(ctx, p.s, input.InsertText, input.InsertTextParams{Text: value})
		}
		if err != nil {
			return f.Control, p.slow(err)
		}
	}
	var holds int
	if err := p.eval(ctx, p.acted, "__touchstone.holds()", &holds); err != nil {
		return f.Control, p.slow(err)
	}
	if holds == 0 && strings.TrimSpace(value) != "" {
		return f.Control, &Unmet{Want: "the " + q.String() + " to take what was typed", Saw: "it empty", In: "0s"}
	}
	return f.Control, nil
}

// Select waits for a list, asks guard, and chooses the option of that label,
// or of that value.
func (p *Page) Select(ctx context.Context, q Locator, option string, guard func(Control) error) (Control, error) {
	f, err := p.find(ctx, q, "choose")
	if err != nil {
		return Control{}, err
	}
	if err := guard(f.Control); err != nil {
		return f.Control, err
	}
	var chosen struct {
		OK      bool     `json:"ok"`
		Options []string `json:"options"`
	}
	if err := p.eval(ctx, p.acted, "__touchstone.choose("+quote(option)+")", &chosen); err != nil {
		return f.Control, p.slow(err)
	}
	if !chosen.OK {
		return f.Control, &Unmet{Want: fmt.Sprintf("the option %q in the %s", option, q), Saw: fmt.Sprintf("%q", chosen.Options), In: "0s"}
	}
	return f.Control, nil
}

// Press asks guard about what the key would press, and presses it. name is one
// of Keys.
func (p *Page) Press(ctx context.Context, name string, guard func(Control) error) (Control, error) {
	k, ok := keys[name]
	if !ok {
		return Control{}, fmt.Errorf("unknown key %q", name)
	}
	ctx, cancel := p.bound(ctx, p.tab.o.Timeout)
	defer cancel()
	var at struct {
		OK      bool    `json:"ok"`
		Control Control `json:"control"`
	}
	for _, f := range p.frames() {
		p.acted = f
		if err := p.eval(ctx, f, "__touchstone.focused()", &at); err != nil {
			return Control{}, p.slow(err)
		}
		if at.OK {
			break
		}
	}
	if err := guard(at.Control); err != nil {
		return at.Control, err
	}
	return at.Control, p.slow(p.key(ctx, k))
}

func (p *Page) key(ctx context.Context, k key) error {
	down := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeRawKeyDown, Key: k.key, Code: k.code, WindowsVirtualKeyCode: k.number}
	if k.text != "" {
		down.Type, down.Text = input.DispatchKeyEventTypeKeyDown, k.text
	}
	if _, err := cdp.Call(ctx, p.s, input.DispatchKeyEvent, down); err != nil {
		return err
	}
	_, err := cdp.Call(ctx, p.s, input.DispatchKeyEvent, input.DispatchKeyEventParams{
		Type: input.DispatchKeyEventTypeKeyUp, Key: k.key, Code: k.code, WindowsVirtualKeyCode: k.number})
	return err
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
// filled, chosen or ticked.
func (p *Page) Fields(ctx context.Context) ([]Field, error) {
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

// Screenshot pictures the window as PNG.
func (p *Page) Screenshot(ctx context.Context) ([]byte, error) {
	// A picture asked for in the middle of an input event is never taken.
	_ = p.quick(ctx, p.main, "__touchstone.turn()", nil)
	ctx, cancel := p.bound(ctx, 3*time.Second)
	defer cancel()
	r, err := cdp.Call(ctx, p.s, page.CaptureScreenshot, page.CaptureScreenshotParams{Format: page.CaptureScreenshotFormatPng})
	return r.Data, err
}

// ---- the engine's side ----

// found is the engine's answer to a search.
type found struct {
	OK      bool       `json:"ok"`
	Point   [2]float64 `json:"point"`  // in the window
	Corner  [2]float64 `json:"corner"` // of the element, in its frame
	Control Control    `json:"control"`
	Why     string     `json:"why"`     // it is there, but
	None    bool       `json:"none"`    // it is not there
	Instead string     `json:"instead"` // what is
	Many    []string   `json:"many"`
	Count   int        `json:"count"`
}

var wants = map[string]string{"click": "to be clickable", "fill": "to be fillable", "choose": "to offer its options", "read": "to be shown", "seen": "to be shown"}

func (p *Page) find(ctx context.Context, q Locator, need string) (found, error) {
	return p.findWithin(ctx, q, need, 0)
}

// findWithin waits in the page; where there are frames it goes round them, so
// that no frame's silence hides what another one shows.
func (p *Page) findWithin(ctx context.Context, q Locator, need string, timeout time.Duration) (found, error) {
	if timeout == 0 {
		timeout = p.tab.o.Timeout
	}
	start := time.Now()
	ctx, cancel := p.bound(ctx, timeout+2*time.Second)
	defer cancel()
	var seen found
	for round := 0; ; round++ {
		frames := p.frames()
		if q.Ref != 0 {
			frames = frames[:1] // each frame numbers its own
		}
		slice := min(time.Second, timeout-time.Since(start)) / time.Duration(len(frames))
		seen = found{None: true}
		for _, f := range frames {
			var r found
			err := p.eval(ctx, f, fmt.Sprintf("__touchstone.find(%s,%q,%d)", quote(q), need, slice.Milliseconds()), &r)
			switch {
			case err != nil && f != p.main && ctx.Err() == nil && !broken(err):
				continue // the frame went away
			case err != nil:
				return found{}, p.slow(err)
			case r.OK:
				p.acted = f
				if f != p.main && need == "click" {
					if err := p.toWindow(ctx, &r); err != nil {
						return found{}, err
					}
				}
				return r, nil
			case seen.None && (f == p.main || !r.None):
				seen = r
			}
		}
		if len(seen.Many) > 0 && round > 0 { // a second look: it is not just being re-drawn
			return found{}, &Ambiguous{Want: "the " + q.String(), Matches: seen.Many}
		}
		if time.Since(start) >= timeout {
			break
		}
	}
	saw := seen.Why
	if saw == "" || seen.None && seen.Instead != "" {
		saw = strings.Trim(seen.Why+"; "+seen.Instead, "; ")
	}
	if len(seen.Many) > 0 {
		return found{}, &Ambiguous{Want: "the " + q.String(), Matches: seen.Many}
	}
	return found{}, &Unmet{Want: "the " + q.String() + " " + wants[need], Saw: saw, In: timeout.String()}
}

// toWindow moves a point of a frame to where it lies in the window, and makes
// sure that the frame is what lies there.
func (p *Page) toWindow(ctx context.Context, f *found) error {
	id, err := p.contextOf(ctx, p.acted)
	if err != nil {
		return err
	}
	e, err := cdp.Call(ctx, p.s, runtime.Evaluate, runtime.EvaluateParams{Expression: "__touchstone.last()", UniqueContextID: id})
	if err != nil {
		return err
	}
	if e.Result == nil || e.Result.ObjectID == "" {
		return errors.New("the element in the frame was replaced")
	}
	box, err := cdp.Call(ctx, p.s, dom.GetBoxModel, dom.GetBoxModelParams{ObjectID: e.Result.ObjectID})
	if err != nil {
		return err
	}
	f.Point[0] += box.Model.Border[0] - f.Corner[0]
	f.Point[1] += box.Model.Border[1] - f.Corner[1]
	var frame bool
	if err := p.eval(ctx, p.main, fmt.Sprintf("__touchstone.isFrame(%g,%g)", f.Point[0], f.Point[1]), &frame); err != nil {
		return err
	}
	if !frame {
		return &Unmet{Want: "the frame of the " + f.Control.Name() + " to be clickable", Saw: "it covered", In: "0s"}
	}
	return nil
}

// frames lists those that the engine runs in, the page's own first.
func (p *Page) frames() []cdp.FrameID {
	p.mu.Lock()
	defer p.mu.Unlock()
	var inner []cdp.FrameID
	for f := range p.worlds {
		if f != p.main && p.loading[f] == "" {
			inner = append(inner, f)
		}
	}
	slices.Sort(inner)
	return append([]cdp.FrameID{p.main}, inner...)
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
	id, err := p.contextOf(ctx, f)
	if err != nil {
		return err
	}
	r, err := cdp.Call(ctx, p.s, runtime.Evaluate, runtime.EvaluateParams{
		Expression: expr, UniqueContextID: id, AwaitPromise: new(true), ReturnByValue: new(true)})
	if err != nil {
		if moved(err) {
			p.forget(f, id)
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

// contextOf waits for a document that is not about to be replaced.
func (p *Page) contextOf(ctx context.Context, f cdp.FrameID) (string, error) {
	if err := p.awaitReady(ctx); err != nil {
		return "", err
	}
	for {
		p.mu.Lock()
		id, going, changed := p.worlds[f], p.loading[f], p.changed
		p.mu.Unlock()
		if id != "" && going == "" {
			return id, nil
		}
		if err := p.wait(ctx, changed); err != nil {
			return "", err
		}
	}
}

func (p *Page) forget(f cdp.FrameID, id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.worlds[f] == id {
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
	return context.WithTimeoutCause(ctx, d, errSlow)
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

// A key is what a keyboard sends.
type key struct {
	key, code, text string
	number          int64
}

var keys = map[string]key{
	"Enter":      {"Enter", "Enter", "\r", 13},
	"Tab":        {"Tab", "Tab", "", 9},
	"Escape":     {"Escape", "Escape", "", 27},
	"Space":      {" ", "Space", " ", 32},
	"Backspace":  {"Backspace", "Backspace", "", 8},
	"Delete":     {"Delete", "Delete", "", 46},
	"ArrowUp":    {"ArrowUp", "ArrowUp", "", 38},
	"ArrowDown":  {"ArrowDown", "ArrowDown", "", 40},
	"ArrowLeft":  {"ArrowLeft", "ArrowLeft", "", 37},
	"ArrowRight": {"ArrowRight", "ArrowRight", "", 39},
	"Home":       {"Home", "Home", "", 36},
	"End":        {"End", "End", "", 35},
	"PageUp":     {"PageUp", "PageUp", "", 33},
	"PageDown":   {"PageDown", "PageDown", "", 34},
}

// Keys lists the keys that Press knows, sorted.
func Keys() []string { return slices.Sorted(maps.Keys(keys)) }
