package driver

import (
	"github.com/chromedp/cdproto/debugger"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
)

// What a page tells a web socket passes no gate: the browser lets nobody hold
// it. Its debugger can: where a socket is made, a breakpoint is laid on what
// sends by it, with TabOptions.Telling as its condition. It is there before the
// socket's handshake is done, unless this machine is slower than the network.
// No object of the page is changed, and pages without sockets are left alone.

// braked is the reason that the debugger gives for such a breakpoint.
const braked = debugger.PausedReason("debugCommand")

// brake follows sockets and what stops at the breakpoint; p is nil for a
// worker's. It runs on the reading goroutine.
func (t *Tab) brake(s *session, p *Page, ev any) {
	switch e := ev.(type) {
	case *network.EventWebSocketCreated:
		if t.o.Telling == "" {
			return
		}
		s.post("Debugger.enable", nil)
		s.post("Runtime.evaluate", runtime.EvaluateParams{IncludeCommandLineAPI: new(true), Silent: new(true), Expression: "debug(WebSocket.prototype.send, " + quote(t.o.Telling) + ")"})
	case *debugger.EventPaused:
		switch {
		case e.Reason != braked || t.o.Tell == nil || t.o.Tell(p):
			s.post("Debugger.resume", nil) // or a page's own "debugger" statement
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
}
