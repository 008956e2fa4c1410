package driver

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/debugger"
	"github.com/chromedp/cdproto/io"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
)

// What a page tells a web socket passes no gate: the browser lets nobody hold
// it. Its debugger can: when a socket is made, a breakpoint is laid on what
// sends by it, with TabOptions.Telling as its condition. Until it lies there
// the socket does not open: its handshake has left, and the browser's own delay
// of networks keeps the answer from it. No object of the page is changed, and
// pages without sockets are left alone: a debugger in every page takes a third
// more of the processor's time, and more than half with large scripts.

// braked is the reason that the debugger gives for such a breakpoint.
const braked = debugger.PausedReason("debugCommand")

// laying bounds how long a socket waits for its brakes: as long as a page whose
// script runs on does not let them be laid.
const laying = 30 * time.Second

// sockets are those of one visitor's pages and workers that are not open yet.
type sockets struct {
	mu      sync.Mutex
	shaking map[socket]bool // whether their brakes lie
	loose   bool            // the answers to handshakes pass
}

type socket struct {
	s  *session
	id network.RequestID
}

// handshakes is the command that lets the answers to them pass, or not.
func handshakes(pass bool) command {
	wait := 24 * time.Hour
	if pass {
		wait = 0
	}
	return command{network.CommandEmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
		MatchedNetworkConditions: []*network.Conditions{{URLPattern: "ws*://*:*/*", Latency: float64(wait.Milliseconds()), DownloadThroughput: -1, UploadThroughput: -1}}}}
}

// brake follows sockets and what stops at the breakpoint; p is nil for a
// worker's. It runs on the reading goroutine.
func (t *Tab) brake(s *session, p *Page, ev any) {
	if t.o.Telling == "" || t.o.Tell == nil {
		return
	}
	switch e := ev.(type) {
	case *network.EventWebSocketCreated:
		t.shake(socket{s, e.RequestID}, false)
		go func() {
			t.lay(s, sends)
			t.shake(socket{s, e.RequestID}, true)
		}()
	case *network.EventWebSocketHandshakeResponseReceived:
		t.shaken(socket{s, e.RequestID})
	case *network.EventWebSocketClosed:
		t.shaken(socket{s, e.RequestID})
	case *network.EventWebTransportCreated:
		go t.lay(s, "WritableStreamDefaultWriter.prototype.write")
	case *debugger.EventPaused:
		if e.Reason != braked {
			s.post("Debugger.resume", nil) // a page's own "debugger" statement
			return
		}
		go t.told(s, p, e)
	}
}

// told asks about what a socket is about to be told, while its page stands
// still, and lets it be said or cuts the page off.
func (t *Tab) told(s *session, p *Page, e *debugger.EventPaused) {
	ctx, cancel := context.WithTimeout(context.Background(), reading)
	defer cancel()
	blob, err := s.blob(ctx, e.CallFrames)
	if err != nil {
		blob = nil
	}
	switch {
	case t.o.Tell(p, blob):
		s.post("Debugger.resume", nil)
	case p != nil:
		p.Cut()
	default: // a worker goes with the pages that have it
		t.mu.Lock()
		defer t.mu.Unlock()
		for _, p := range t.pages {
			p.Cut()
		}
	}
}

// sends is what tells a web socket something.
const sends = "WebSocket.prototype.send"

// lay lays the breakpoint on a function, which all frames of a session share,
// and waits until it lies there.
func (t *Tab) lay(s *session, function string) {
	ctx, cancel := context.WithTimeout(context.Background(), laying)
	defer cancel()
	_ = s.callAll(ctx, t.brakes(function)) // one that has ended tells nobody anything
}

func (t *Tab) brakes(function string) []command {
	return []command{
		{"Debugger.enable", nil},
		{"Runtime.evaluate", runtime.EvaluateParams{IncludeCommandLineAPI: new(true), Silent: new(true), Expression: "debug(" + function + ", " + quote(t.condition()) + ")"}},
	}
}

// condition is when the breakpoint stops: at what Telling is for, and at a Blob,
// which is put aside to be read. The caller that the debugger shows has no sight
// of it. The page does not run before it is taken away again.
func (t *Tab) condition() string {
	return "arguments[0] instanceof Blob ? !!Object.defineProperty(globalThis, " + quote(t.aside()) + ", {value: arguments[0], configurable: true}) : " + t.o.Telling
}

// aside is a name that no page uses.
func (t *Tab) aside() string { return world + string(t.id) }

// Why a Blob that a socket is about to be told could not be read: it is none,
// or so long that only its beginning would be looked at.
var errNoBlob, errLong = errors.New("no Blob"), errors.New("a long Blob")

// most is the longest Blob that is read.
const most = 1 << 20

// blob reads the Blob that was put aside, and takes it away.
func (s *session) blob(ctx context.Context, frames []*debugger.CallFrame) ([]byte, error) {
	if len(frames) == 0 {
		return nil, errNoBlob
	}
	put, err := cdp.Call(ctx, s, debugger.EvaluateOnCallFrame, debugger.EvaluateOnCallFrameParams{CallFrameID: frames[0].CallFrameID, Silent: new(true),
		Expression: "(name => { const held = globalThis[name]; delete globalThis[name]; return held instanceof Blob && typeof FileReaderSync === 'function' ? new FileReaderSync().readAsText(held) : held })(" + quote(s.tab.aside()) + ")"})
	if err != nil {
		return nil, err
	}
	o := put.Result
	if o.Type == "string" { // a worker reads it itself
		var text string
		err := json.Unmarshal(o.Value, &text)
		return []byte(text), err
	}
	if o.ObjectID == "" || o.ClassName != "Blob" && o.ClassName != "File" {
		return nil, errNoBlob
	}
	var id struct {
		UUID string `json:"uuid"`
	}
	if err := s.Call(ctx, "IO.resolveBlob", map[string]any{"objectId": o.ObjectID}, &id); err != nil {
		return nil, err
	}
	all := []byte{}
	for len(all) <= most {
		r, err := cdp.Call(ctx, s, io.Read, io.ReadParams{Handle: io.StreamHandle("blob:" + id.UUID)})
		if err != nil {
			return nil, err
		}
		all = append(all, r.Data...)
		if r.EOF {
			return all, nil
		}
	}
	return nil, errLong
}

// shake notes a socket that is not open yet, or that its brakes lie.
func (t *Tab) shake(k socket, laid bool) {
	t.sockets.mu.Lock()
	defer t.sockets.mu.Unlock()
	if t.sockets.shaking == nil {
		t.sockets.shaking = map[socket]bool{}
	}
	if _, waits := t.sockets.shaking[k]; waits || !laid { // else it was closed meanwhile
		t.sockets.shaking[k] = laid
	}
	t.hold()
}

// shaken forgets a socket that is open, or will not be.
func (t *Tab) shaken(k socket) {
	t.sockets.mu.Lock()
	defer t.sockets.mu.Unlock()
	delete(t.sockets.shaking, k)
	t.hold()
}

// left forgets the sockets of a session that has ended.
func (t *Tab) left(s *session) {
	t.sockets.mu.Lock()
	defer t.sockets.mu.Unlock()
	maps.DeleteFunc(t.sockets.shaking, func(k socket, _ bool) bool { return k.s == s })
	t.hold()
}

// hold lets the answers to handshakes pass while all who wait for one have
// their brakes. A worker's may be held by its page: all hear of it. The
// sockets' lock is held.
func (t *Tab) hold() {
	loose := len(t.sockets.shaking) > 0
	for _, laid := range t.sockets.shaking {
		loose = loose && laid
	}
	if loose == t.sockets.loose {
		return
	}
	t.sockets.loose = loose
	t.b.mu.Lock()
	all := slices.DeleteFunc(slices.Collect(maps.Values(t.b.sessions)), func(s *session) bool { return s.tab != t })
	t.b.mu.Unlock()
	for _, s := range all {
		c := handshakes(loose)
		s.post(c.method, c.params)
	}
}

// handshakes is how they stand for whoever joins the visitor's pages.
func (t *Tab) handshakes() command {
	t.sockets.mu.Lock()
	defer t.sockets.mu.Unlock()
	return handshakes(t.sockets.loose)
}
