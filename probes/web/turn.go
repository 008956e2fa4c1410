package web

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"

	"touchstone/probes/web/driver"
)

// A turn lets one visit of a browser at a time do what is timed: a step that
// may open a page, from its beginning until the page has settled. The steps of
// other visits wait meanwhile, and their waiting is none of their task's time;
// what lies between steps, politeness's pauses above all, goes on side by side.
// So visits that overlap never load pages at the same moment.
type turn chan struct{}

func newTurn() turn {
	t := make(turn, 1)
	t <- struct{}{}
	return t
}

// take waits for the turn.
func (t turn) take(ctx context.Context) (*hold, error) {
	select {
	case <-t:
		return &hold{turn: t}, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// A hold is a turn that a step has, until it is given up or passed on to the
// visit's next step. A nil hold is no turn.
type hold struct {
	turn turn
	mu   sync.Mutex
	over bool
}

// ends reports whether this is the end of it.
func (h *hold) ends() bool {
	if h == nil {
		return false
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	was := h.over
	h.over = true
	return !was
}

// give gives the turn up, where it has not been passed on.
func (h *hold) give() {
	if h.ends() {
		h.turn <- struct{}{}
	}
}

// takes gives a step its turn. The one before it may still have its own, until
// its picture is taken: the step need not wait for that.
func (v *visit) takes(ctx context.Context, s *Step) (h *hold, err error) {
	switch {
	case !s.acts() || v.b.o.Overlap:
		return nil, nil
	case v.turn.ends():
		h = &hold{turn: v.b.turn}
	default:
		h, err = v.b.turn.take(ctx)
	}
	v.turn = h
	return h, err
}

// A canary is a page of ours that is loaded from this machine with a delay
// that is known, beside what is timed. When the browser reports the canary's
// wait too long, the machine was too busy for anybody's timings: other programs,
// or pages of other visits that do not rest.
type canary struct {
	url    string
	delay  time.Duration // what it takes to answer; canaryDelay is what it says it takes
	server *http.Server

	mu   sync.Mutex
	tabs map[*driver.Browser]*driver.Tab
	busy sync.Mutex // one at a time in the page
}

// The canary's delay, and how far the browser's figure may be off: what was
// seen on a quiet machine is 0.7 ms in the middle and 3.2 at the 90th percentile.
const (
	canaryDelay = 20 * time.Millisecond
	canaryError = 10 * time.Millisecond
)

// hatch opens the canary's server on this machine.
func hatch() (*canary, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("a page to tell by whether timings can be trusted: %w", err)
	}
	c := &canary{url: "http://" + l.Addr().String(), delay: canaryDelay, tabs: map[*driver.Browser]*driver.Tab{}}
	c.server = &http.Server{ReadHeaderTimeout: 5 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		if r.URL.Path == "/delayed" {
			timer := time.NewTimer(c.delay)
			defer timer.Stop()
			select {
			case <-timer.C:
			case <-r.Context().Done():
				return
			}
		}
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, "<!doctype html><title>Canary</title>")
	})}
	go func() { _ = c.server.Serve(l) }() // until it is closed
	return c, nil
}

func (c *canary) close() { _ = c.server.Close() }

// sings asks the canary once, in a context of its own of that browser, and
// gives how much longer than its delay its answer seemed to take. ok is false
// when no answer came in time.
func (c *canary) sings(ctx context.Context, d *driver.Browser) (off time.Duration, ok bool) {
	c.busy.Lock()
	defer c.busy.Unlock()
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	p := c.page(ctx, d)
	if p == nil {
		return 0, false
	}
	wait, err := p.Wait(ctx, c.url+"/delayed")
	if err != nil {
		return 0, false
	}
	return wait - canaryDelay, true
}

// page gives the canary's page in a browser.
func (c *canary) page(ctx context.Context, d *driver.Browser) *driver.Page {
	c.mu.Lock()
	defer c.mu.Unlock()
	for other := range c.tabs {
		if closed(other.Dead()) {
			delete(c.tabs, other)
		}
	}
	if t := c.tabs[d]; t != nil {
		return t.Page()
	}
	t, err := d.NewTab(ctx, driver.TabOptions{Unwatched: true, Timeout: 2 * time.Second})
	if err != nil {
		return nil
	}
	if err := t.Page().Navigate(ctx, c.url+"/"); err != nil {
		t.Close()
		return nil
	}
	c.tabs[d] = t
	return t.Page()
}

// A watchman has the canary sing again and again while a visit opens pages.
type watchman struct {
	c      *canary
	d      *driver.Browser
	stop   context.CancelFunc
	late   chan bool // one answer: whether the canary was ever late
	unread chan bool // the same, of the document whose timings are still to be read

	withheld int // documents whose timings were not believed
}

// between two songs of the canary lies this much silence, so that asking
// disturbs nothing.
const silence = 50 * time.Millisecond

// watch begins to ask the canary, beside an opening; a nil watchman asks
// nobody. It goes on until rest.
func (w *watchman) watch(ctx context.Context, opening bool) {
	if w == nil || !opening {
		return
	}
	asking, stop := context.WithCancel(ctx)
	late := make(chan bool, 1)
	w.stop, w.late = stop, late
	go func() {
		tick := time.NewTicker(silence)
		defer tick.Stop()
		for {
			// The song under way is heard to its end: the last one covers the end.
			off, ok := w.c.sings(context.WithoutCancel(ctx), w.d)
			if !ok || off > canaryError {
				late <- true
				return
			}
			select {
			case <-tick.C:
			case <-asking.Done():
				late <- false
				return
			}
		}
	}()
}

// rest ends the asking. What the canary was is remembered with the document
// that was opened meanwhile, whose timings are read later.
func (w *watchman) rest(opened bool) {
	if w == nil || w.stop == nil {
		return
	}
	w.stop()
	if opened {
		w.unread = w.late
	}
}

// calm reports whether the canary was in time throughout the opening of the
// last document. It waits for the song that is under way.
func (w *watchman) calm() bool {
	if w.unread == nil {
		return true
	}
	late := <-w.unread
	w.unread = nil
	return !late
}
