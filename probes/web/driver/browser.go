// Package driver drives one Chromium: isolated contexts, their pages and
// popups, a locating engine that waits as a person would, and trusted input.
// It knows nothing of shops, probes or effects; the package above decides what
// may be done and passes it in as guards.
//
// chromedp carries the protocol's messages; sessions are routed here, because
// popups and workers have to be held at their first instruction until they are
// watched and fenced like the page that opened them.
package driver

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/chromedp/cdproto"
	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/cdp/jsonv2"
	"github.com/chromedp/cdproto/inspector"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// Errors that calls on a page or a browser wrap. All are our side's fault,
// never the site's.
var (
	ErrDied    = errors.New("the browser ended")
	ErrCrashed = errors.New("the page's process crashed")
	ErrClosed  = errors.New("the page was closed")
)

// Options say how the browser is started.
type Options struct {
	Path    string            // its program; empty: the first of the usual places
	TempDir string            // where the profile lives while the browser does; empty: the system's
	Log     *slog.Logger      // nil: no log
	Resolve map[string]string // host -> "127.0.0.1:port": answered without asking any name server
	Visible bool              // with a window, for a person; see FindVisible
	Mobile  bool              // its visitors hold telephones, see Identity: workers that outlive pages say so too
	Isolate bool              // each site of a page in a process of its own; see docs/driver.md for what it costs
	Memory  int64             // what a page's process may take, in bytes; 0: PageMemory; below: any
	Unboxed bool              // without the sandbox, although this is not root: for machines that allow none
}

// A Browser is one running Chromium. It is safe for concurrent use.
type Browser struct {
	proc     *process
	conn     *wire
	log      *slog.Logger
	version  string
	nature   Nature
	framed   bool // its windows have a frame that nobody sees, which takes of their height: the whole browser's
	dead     chan struct{}
	pressure *os.File     // see patience; nil where the system keeps none
	ended    atomic.Int32 // pages' processes that were ended for their memory, and whose crash is still to be heard of

	out outbox

	mu       sync.Mutex
	next     int64
	pending  map[int64]chan<- *cdproto.Message
	sessions map[target.SessionID]*session
	tabs     map[cdp.BrowserContextID]*Tab
	cause    error // why it is dead
}

// Start starts a browser and waits until it answers. ctx bounds the start
// alone.
func Start(ctx context.Context, o Options) (*Browser, error) {
	program, err := Find(o.Path)
	if err != nil {
		return nil, err
	}
	log := o.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	extra := isolation(o.Isolate)
	if agent := (Identity{Mobile: o.Mobile}).agentFlag(ctx, program); agent != "" {
		extra = append(extra, agent)
	}
	sandboxed := os.Getuid() != 0 && !o.Unboxed
	if !sandboxed {
		log.Warn("the browser runs without its sandbox, "+unboxed()+": pages of strangers are safer with it", "browser", program)
		extra = append(extra, "--no-sandbox")
	}
	if len(o.Resolve) > 0 {
		extra = append(extra, "--host-resolver-rules="+resolverRules(o.Resolve))
	}
	proc, err := launch(program, o.TempDir, append(flagsOf(o.Visible), extra...))
	if err != nil {
		return nil, err
	}
	b := &Browser{
		proc: proc, nature: Nature{Program: program, Isolated: o.Isolate, Sandboxed: sandboxed, Mobile: o.Mobile}, framed: !o.Visible && !shell(program), conn: newWire(proc.read, proc.write), log: log,
		pressure: openPressure(), dead: make(chan struct{}), pending: map[int64]chan<- *cdproto.Message{},
		sessions: map[target.SessionID]*session{}, tabs: map[cdp.BrowserContextID]*Tab{},
	}
	b.out.wake = sync.NewCond(&b.out.mu)
	go b.receive()
	go b.transmit()

	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	v, err := cdp.Call(ctx, b.root(), browser.GetVersion, cdp.Empty{})
	if err == nil {
		_, b.version, _ = strings.Cut(v.Product, "/")
		b.nature.Version = b.version
		_, err = cdp.Call(ctx, b.root(), target.SetAutoAttach, autoAttach)
	}
	if err != nil {
		b.Close()
		return nil, notStarted(program, err, &proc.stderr)
	}
	if ceiling := cmp.Or(o.Memory, PageMemory); ceiling > 0 {
		go b.weigh(ceiling)
	}
	log.Debug("browser started", "browser", program, "version", b.version, "pid", b.Pid())
	return b, nil
}

// autoAttach holds every new page, frame and worker until it is prepared.
var autoAttach = target.SetAutoAttachParams{AutoAttach: true, WaitForDebuggerOnStart: true, Flatten: new(true)}

func resolverRules(resolve map[string]string) string {
	rules := make([]string, 0, len(resolve))
	for host, to := range resolve {
		rules = append(rules, "MAP "+host+" "+to)
	}
	slices.Sort(rules)
	return strings.Join(rules, ", ")
}

// Version is the product's version: "156.0.8078.79".
func (b *Browser) Version() string { return b.version }

// Pid is the number of the browser's main process.
func (b *Browser) Pid() int { return b.proc.cmd.Process.Pid }

// Dead is closed when the browser has ended, whoever ended it.
func (b *Browser) Dead() <-chan struct{} { return b.dead }

// Close ends the browser and removes its profile. Calls that are under way end
// with ErrDied.
func (b *Browser) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	_ = b.root().Call(ctx, browser.CommandClose, nil, nil) // it may end before it answers
	b.proc.stop(3 * time.Second)
	<-b.dead
	return nil
}

// receive routes what the browser says until it says no more. It never waits
// for anything but the browser: handlers must not block.
func (b *Browser) receive() {
	for {
		m := new(cdproto.Message)
		if err := b.conn.Read(context.Background(), m); err != nil {
			b.die(err)
			return
		}
		switch {
		case m.ID != 0:
			b.mu.Lock()
			reply, ok := b.pending[m.ID]
			delete(b.pending, m.ID)
			b.mu.Unlock()
			if ok {
				reply <- m // has room for the one answer
			}
		case unheard[m.Method]:
		case m.Method != "":
			ev, err := cdproto.UnmarshalMessage(m, chromedp.DefaultUnmarshalOptions)
			if err != nil {
				continue // an event of another version of the protocol
			}
			b.event(m.SessionID, ev)
		}
	}
}

// unheard are events that come often and tell nothing that is used: they are
// not read.
var unheard = map[cdproto.MethodType]bool{
	"Debugger.scriptParsed": true, "Debugger.scriptFailedToParse": true, "Network.dataReceived": true, "Network.resourceChangedPriority": true, "Network.policyUpdated": true, "Network.requestServedFromCache": true,
	"Page.frameStartedLoading": true, "Page.frameScheduledNavigation": true, "Page.frameClearedScheduledNavigation": true,
}

func (b *Browser) event(id target.SessionID, ev any) {
	b.mu.Lock()
	s := b.sessions[id]
	b.mu.Unlock()
	switch e := ev.(type) {
	case *target.EventAttachedToTarget:
		b.attach(e, s)
		return
	case *target.EventDetachedFromTarget:
		b.mu.Lock()
		gone := b.sessions[e.SessionID]
		delete(b.sessions, e.SessionID)
		b.mu.Unlock()
		if gone != nil {
			gone.end(ErrClosed)
		}
		return
	case *browser.EventDownloadWillBegin:
		b.download(e)
		return
	case *inspector.EventTargetCrashed:
		if s != nil {
			b.crashed(s)
		}
		return
	}
	if s != nil && s.on != nil {
		s.on(ev)
	}
}

// ownParts is the type of targets that the whole browser draws its window by, in
// a visitor's context: what they ask for is not the visitor's.
const ownParts = "browser_ui"

// attach takes charge of a target that waits to be run.
func (b *Browser) attach(e *target.EventAttachedToTarget, parent *session) {
	s := &session{b: b, id: e.SessionID, gone: make(chan struct{})}
	b.mu.Lock()
	b.sessions[s.id] = s
	tab := b.tabs[e.TargetInfo.BrowserContextID]
	if tab == nil && parent != nil {
		tab = parent.tab
	}
	b.mu.Unlock()
	if tab == nil || e.TargetInfo.Type == ownParts { // the browser's own pages: let them be
		s.post("Runtime.runIfWaitingForDebugger", nil)
		return
	}
	s.tab = tab
	switch {
	case e.TargetInfo.Type == "page":
		tab.adopt(s, e.TargetInfo)
	case e.TargetInfo.Type == "iframe" && parent != nil && parent.page != nil:
		parent.page.host(s, e.TargetInfo)
	default:
		tab.watch(s, strings.HasSuffix(e.TargetInfo.Type, "_worker"))
	}
}

func (b *Browser) die(err error) {
	b.proc.stop(2 * time.Second) // waited for, so that the error can say how it ended
	if b.proc.err != nil {
		err = b.proc.err
	}
	b.mu.Lock()
	b.cause = fmt.Errorf("%w: %w", ErrDied, err)
	clear(b.pending)
	b.mu.Unlock()
	close(b.dead)
	if b.pressure != nil {
		b.pressure.Close()
	}
	b.out.close()
	b.log.Debug("browser ended", "error", err)
}

// root is the session of the browser itself.
func (b *Browser) root() *session { return &session{b: b} }

// transmit writes what has been posted, so that nobody who posts ever waits
// for the browser to read.
func (b *Browser) transmit() {
	for {
		all := b.out.take()
		for _, m := range all {
			if b.conn.Write(context.Background(), m) != nil {
				return // receive sees the same end
			}
		}
		if len(all) == 0 || b.conn.out.Flush() != nil {
			return
		}
	}
}

// A session speaks with one target. It is a cdp.Session, without Subscribe:
// events arrive through on, in order.
type session struct {
	b    *Browser
	id   target.SessionID
	tab  *Tab
	page *Page        // that the target is, or is part of; nil for a worker
	on   func(ev any) // must not block and must not call
	once sync.Once
	gone chan struct{}
	why  error // valid after gone
}

func (s *session) end(why error) {
	s.once.Do(func() {
		s.why = why
		if s.tab != nil {
			s.tab.ended(s)
		}
		close(s.gone)
	})
}

// Call sends a command and waits for its answer, the end of ctx, of the page
// or of the browser.
func (s *session) Call(ctx context.Context, method string, params, result any) error {
	reply, id, err := s.send(method, params)
	if err != nil {
		return err
	}
	return s.await(ctx, method, reply, id, result)
}

// callAll sends commands without a pause and then waits for every answer; the
// first error is given.
func (s *session) callAll(ctx context.Context, said []command) error {
	all, err := s.sendAll(said)
	if err != nil {
		return err
	}
	var first error
	for i, a := range all {
		if err := s.await(ctx, said[i].method, a.reply, a.id, nil); err != nil && first == nil {
			first = err
		}
	}
	return first
}

// await waits for the answer to what was sent.
func (s *session) await(ctx context.Context, method string, reply <-chan *cdproto.Message, id int64, result any) (err error) {
	select {
	case m := <-reply:
		switch {
		case m.Error != nil:
			return fmt.Errorf("%s: %w", method, m.Error)
		case result != nil:
			return jsonv2.Unmarshal(m.Result, result, chromedp.DefaultUnmarshalOptions)
		}
		return nil
	case <-ctx.Done():
		err = context.Cause(ctx)
		if len(reply) > 0 { // it came in the same moment
			return s.await(context.WithoutCancel(ctx), method, reply, id, result)
		}
	case <-s.gone:
		err = s.why
	case <-s.b.dead:
		err = s.b.cause
	}
	s.b.mu.Lock()
	delete(s.b.pending, id)
	s.b.mu.Unlock()
	return err
}

// Subscribe ends at once; see session.
func (s *session) Subscribe(string) (<-chan jsonv2.Value, func()) {
	ch := make(chan jsonv2.Value)
	close(ch)
	return ch, func() {}
}

// post sends a command whose answer nobody needs. It never blocks.
func (s *session) post(method string, params any) { _, _, _ = s.send(method, params) }

func (s *session) send(method string, params any) (<-chan *cdproto.Message, int64, error) {
	sent, err := s.sendAll([]command{{method, params}})
	if err != nil {
		return nil, 0, err
	}
	return sent[0].reply, sent[0].id, nil
}

// An asked is a command that was sent, and where its answer comes.
type asked struct {
	reply <-chan *cdproto.Message
	id    int64
}

// sendAll sends commands in one breath.
func (s *session) sendAll(said []command) ([]asked, error) {
	raw := make([]jsonv2.Value, len(said))
	for i, c := range said {
		if c.params == nil {
			continue
		}
		var err error
		if raw[i], err = jsonv2.Marshal(c.params, chromedp.DefaultMarshalOptions); err != nil {
			return nil, fmt.Errorf("%s: %w", c.method, err)
		}
	}
	sent, messages := make([]asked, len(said)), make([]*cdproto.Message, len(said))
	s.b.mu.Lock()
	defer s.b.mu.Unlock()
	if s.b.cause != nil {
		return nil, s.b.cause
	}
	for i, c := range said {
		reply := make(chan *cdproto.Message, 1)
		s.b.next++
		s.b.pending[s.b.next] = reply
		sent[i], messages[i] = asked{reply, s.b.next}, &cdproto.Message{ID: s.b.next, SessionID: s.id, Method: cdproto.MethodType(c.method), Params: raw[i]}
	}
	// Queued under the lock, so that the order of sending is the order of numbers.
	s.b.out.put(messages...)
	return sent, nil
}
