package driver

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	_ "embed"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	cdpruntime "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
)

//go:embed engine.js
var engine string

// world is the name of the isolated world in which the engine lives: the page
// can neither see nor disturb it, and its content policy does not apply.
const world = "touchstone"

// TabOptions say how one visitor looks at the web. The functions are called on
// the goroutine that reads from the browser: they must be quick, must not
// block, and must not call the tab.
type TabOptions struct {
	// Unwatched drives and does no more: no requests, console or pace are followed,
	// pages cannot be read (Survey, Forms, Pace and their like), and documents
	// have no status. It takes about a sixth less of the processor's time.
	Unwatched bool

	// Proof has the readers of Access and Snapshot come with every document, for
	// those who ask for them on every page.
	Proof bool

	Identity Identity      // how the browser presents itself
	Timeout  time.Duration // of each wait; 0: 10 s
	Load     time.Duration // how long pictures and late scripts are waited for after a page is usable; 0: 5 s

	Script  string // runs beside the engine in every document, before the document's own; it has the engine's __touchstone
	Binding string // a function by which Script says something: On hears a runtime.EventBindingCalled

	On       func(p *Page, ev any)                                    // every event, in order; p is nil for a worker's
	Patterns []*fetch.RequestPattern                                  // requests that Gate is asked about
	Gate     func(p *Page, r *fetch.EventRequestPaused) bool          // whether the request may leave; of one with a body that had to be asked for, on a goroutine of its own
	Dialog   func(p *Page, d *page.EventJavascriptDialogOpening) bool // whether a dialog is accepted; nil: none but the leave to leave a page

	Telling string                          // JavaScript over arguments, those of a web socket's send or a stream's write: what Tell is asked about
	Tell    func(p *Page, blob []byte) bool // whether it may be told, with what it holds where it is a Blob; the page that may not is cut off before it has. p is nil for a worker; on a goroutine of its own

	// Covered is asked, on the driving goroutine, when something has covered for
	// a second what is wanted, and says whether it was put away. nil: waits are
	// for it to go by itself.
	Covered func(ctx context.Context, p *Page, by string) bool
}

// A Tab is one visitor: an isolated context with its own cookies, and the
// pages open in it. Closing it forgets everything, carts included.
type Tab struct {
	b  *Browser
	id cdp.BrowserContextID
	o  TabOptions

	mu      sync.Mutex
	pages   []*Page // in the order of opening; the last one is in front
	opening string  // where the window leads that a page is about to open
	files   int     // that were offered for download
	reading time.Duration
	sockets sockets
}

// NewTab opens an isolated context with one blank page.
func (b *Browser) NewTab(ctx context.Context, o TabOptions) (*Tab, error) {
	if o.Timeout == 0 {
		o.Timeout = 10 * time.Second
	}
	if o.Load == 0 {
		o.Load = 5 * time.Second
	}
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	made, err := cdp.Call(ctx, b.root(), target.CreateBrowserContext, target.CreateBrowserContextParams{DisposeOnDetach: new(true)})
	if err != nil {
		return nil, fmt.Errorf("open a browser context: %w", err)
	}
	t := &Tab{b: b, id: made.BrowserContextID, o: o}
	b.mu.Lock()
	b.tabs[t.id] = t
	b.mu.Unlock()
	if err := t.open(ctx); err != nil {
		t.Close()
		return nil, fmt.Errorf("open a page: %w", err)
	}
	return t, nil
}

func (t *Tab) open(ctx context.Context) error {
	err := t.b.root().callAll(ctx, []command{
		// Nothing is ever written to the disk of the shopper.
		{browser.CommandSetDownloadBehavior, browser.SetDownloadBehaviorParams{
			Behavior: browser.SetDownloadBehaviorBehaviorDeny, BrowserContextID: t.id, EventsEnabled: new(true)}},
		{target.CommandCreateTarget, target.CreateTargetParams{
			URL: "about:blank", BrowserContextID: t.id, NewWindow: new(true), Width: desktopWidth, Height: desktopHeight}},
	})
	if err != nil {
		return err
	}
	p := t.Page() // attached before createTarget answers
	if p == nil {
		return ErrClosed
	}
	select {
	case <-p.ready:
		return p.readyErr
	case <-p.s.gone:
		return p.s.why
	case <-t.b.dead:
		return t.b.cause
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Page is the page in front: the newest that is still open, nil when none is.
func (t *Tab) Page() *Page {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.pages) == 0 {
		return nil
	}
	return t.pages[len(t.pages)-1]
}

// Downloads counts the files that pages have offered; none is ever written.
func (t *Tab) Downloads() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.files
}

// download counts a file that a frame of some tab offers, and no longer waits
// for a document in its place.
func (b *Browser) download(e *browser.EventDownloadWillBegin) {
	b.mu.Lock()
	tabs := slices.Collect(maps.Values(b.tabs))
	b.mu.Unlock()
	for _, t := range tabs {
		t.mu.Lock()
		for _, p := range t.pages {
			if !p.offered(e.FrameID) {
				continue
			}
			t.files++
			if p.main == e.FrameID && p.Document().Count == 0 && len(t.pages) > 1 {
				p.s.post("Page.close", nil) // a window that was opened for the file alone
			}
		}
		t.mu.Unlock()
	}
}

// Close forgets the visitor. It does not wait long for a stuck page.
func (t *Tab) Close() {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	_, _ = cdp.Call(ctx, t.b.root(), target.DisposeBrowserContext, target.DisposeBrowserContextParams{BrowserContextID: t.id}) // it is gone, or the browser is
	t.b.mu.Lock()
	delete(t.b.tabs, t.id)
	t.b.mu.Unlock()
}

// adopt prepares a page that was just made, by us or by the site, and lets it
// run. It is called on the reading goroutine.
func (t *Tab) adopt(s *session, info *target.Info) {
	p := &Page{
		tab: t, s: s, main: cdp.FrameID(info.TargetID), ready: make(chan struct{}), changed: make(chan struct{}),
		worlds: map[cdp.FrameID]place{}, parents: map[cdp.FrameID]cdp.FrameID{}, loading: map[cdp.FrameID]string{}, responses: map[cdp.LoaderID]*network.Response{}, failures: map[cdp.LoaderID]string{},
	}
	s.page = p
	s.on = func(ev any) { p.on(s, ev) }
	t.mu.Lock()
	t.pages = append(t.pages, p)
	if arrives(t.opening) && t.opening != "about:blank" {
		p.loading[p.main] = t.opening // it is on its way before its first event
	}
	t.opening = ""
	t.mu.Unlock()

	commands := t.preparation()

	// All are sent before any is answered: a held page answers some of them
	// only when it runs.
	sent, err := s.sendAll(commands)
	if err != nil {
		p.readyErr = err
		close(p.ready)
		return
	}
	go func() {
		defer close(p.ready)
		for i, one := range sent {
			select {
			case m := <-one.reply:
				if m.Error != nil && !inForce(commands[i].method, m.Error.Message) {
					p.readyErr = fmt.Errorf("%s: %w", commands[i].method, m.Error)
					return
				}
			case <-s.gone:
				return
			case <-t.b.dead:
				return
			}
		}
	}()
}

// preparation is what a page, or a frame in a process of its own, is told
// before it runs.
func (t *Tab) preparation() []command {
	scripts := engine
	if !t.o.Unwatched {
		scripts += reader + pacer + floats + door + besides
	}
	if t.o.Proof {
		scripts += "if (self === top) {" + barriers + "\n" + snapshot + "\n}"
	}
	commands := []command{
		{"Runtime.enable", nil}, {"Page.enable", nil}, {"Inspector.enable", nil},
		{"Emulation.setFocusEmulationEnabled", emulation.SetFocusEmulationEnabledParams{Enabled: true}},
		{"Page.addScriptToEvaluateOnNewDocument", page.AddScriptToEvaluateOnNewDocumentParams{Source: scripts + t.o.Script, WorldName: world, RunImmediately: new(true)}},
		{"Target.setAutoAttach", autoAttach},
	}
	if t.o.Binding != "" {
		commands = slices.Insert(commands, 0, command{"Runtime.addBinding", cdpruntime.AddBindingParams{Name: t.o.Binding, ExecutionContextName: world}})
	}
	if !t.o.Unwatched {
		commands = append(commands, command{"Runtime.addBinding", cdpruntime.AddBindingParams{Name: leaving, ExecutionContextName: world}}, command{"Log.enable", nil}, command{"Network.enable", unkept},
			command{"Network.setBypassServiceWorker", network.SetBypassServiceWorkerParams{Bypass: true}}) // its requests would not be seen
	}
	commands = append(commands, t.o.Identity.commands(t.b.version, t.b.framed)...)
	if len(t.o.Patterns) > 0 {
		commands = append(commands, command{"Fetch.enable", fetch.EnableParams{Patterns: t.o.Patterns}})
	}
	if t.o.Telling != "" {
		commands = append(commands, t.handshakes())
	}
	return append(commands, command{"Runtime.runIfWaitingForDebugger", nil})
}

// unkept has requests told of, without keeping what comes with the answers:
// nobody reads it.
var unkept = network.EnableParams{MaxTotalBufferSize: new(int64), MaxResourceBufferSize: new(int64)}

// watch lets a worker run, with its requests seen and fenced as far as its kind
// of target allows. One that is shared belongs to no page.
func (t *Tab) watch(s *session, shared bool) {
	s.on = func(ev any) {
		if r, ok := ev.(*fetch.EventRequestPaused); ok {
			t.gate(s, nil, r)
			return
		}
		t.brake(s, nil, ev)
		if t.o.On != nil {
			t.o.On(nil, ev)
		}
	}
	s.post("Emulation.setUserAgentOverride", t.o.Identity.agent(t.b.version))
	s.post("Network.enable", unkept)
	if len(t.o.Patterns) > 0 {
		s.post("Fetch.enable", fetch.EnableParams{Patterns: t.o.Patterns})
	}
	if t.o.Telling != "" {
		commands := []command{t.handshakes()}
		if shared { // its sockets are not held by how a page's network is: the brakes lie before it runs
			commands = append(commands, t.brakes(sends)...)
		}
		for _, c := range commands {
			s.post(c.method, c.params)
		}
	}
	s.post("Target.setAutoAttach", autoAttach)
	s.post("Runtime.runIfWaitingForDebugger", nil)
}

// opens notes where the next page of the tab will lead.
func (t *Tab) opens(url string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.opening = url
}

func (t *Tab) ended(s *session) {
	t.left(s)
	if s.page != nil && s.page.s != s {
		s.page.leave(s) // a frame's
		return
	}
	if !errors.Is(s.why, ErrClosed) {
		return // a crashed page stays in front: who drives it has to learn of the crash
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.pages = slices.DeleteFunc(t.pages, func(p *Page) bool { return p.s == s })
}

// answer lets a paused request go, or fails it before it leaves.
func (s *session) answer(r *fetch.EventRequestPaused, goes bool) {
	if goes {
		s.post("Fetch.continueRequest", fetch.ContinueRequestParams{RequestID: r.RequestID})
	} else {
		s.post("Fetch.failRequest", fetch.FailRequestParams{RequestID: r.RequestID, ErrorReason: network.ErrorReasonBlockedByClient})
	}
}
