package driver

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
)

// A place is where a frame's engine runs: a frame of another site may live in
// a process of its own, with a session of its own.
type place struct {
	s      *session
	id     string                     // of the engine's context, unique in the browser
	number runtime.ExecutionContextID // the same, as its session counts
}

// errGone says that a frame is no longer part of the page.
var errGone = errors.New("the frame was removed")

// errElsewhere says that a frame goes on in another process, in a context of
// its own there.
var errElsewhere = errors.New("the frame's context moved to another process")

// host takes in a frame that runs in another process than the document that
// shows it. It is called on the reading goroutine.
func (p *Page) host(s *session, info *target.Info) {
	s.page = p
	s.on = func(ev any) { p.on(s, ev) }
	p.mu.Lock()
	if info.ParentFrameID != "" {
		p.parents[cdp.FrameID(info.TargetID)] = info.ParentFrameID
	}
	p.mu.Unlock()
	for _, c := range p.tab.preparation() {
		s.post(c.method, c.params)
	}
}

// leave forgets what ran in the process of a session that has ended.
func (p *Page) leave(s *session) {
	p.mu.Lock()
	defer p.mu.Unlock()
	maps.DeleteFunc(p.worlds, func(_ cdp.FrameID, at place) bool { return at.s == s })
	p.stir()
}

// followFrame keeps account of the frames and of where their engines run. It
// reports whether the event was about that; p.mu is held.
func (p *Page) followFrame(s *session, ev any) bool {
	switch e := ev.(type) {
	case *runtime.EventExecutionContextCreated:
		var aux struct{ FrameID cdp.FrameID }
		if e.Context.Name == world && json.Unmarshal(e.Context.AuxData, &aux) == nil {
			p.worlds[aux.FrameID] = place{s, e.Context.UniqueID, e.Context.ID}
			if s != p.s { // what brought it there was said before anybody listened
				delete(p.loading, aux.FrameID)
			}
		}
	case *runtime.EventExecutionContextDestroyed:
		maps.DeleteFunc(p.worlds, func(_ cdp.FrameID, at place) bool { return at.id == e.ExecutionContextUniqueID })
	case *runtime.EventExecutionContextsCleared:
		maps.DeleteFunc(p.worlds, func(_ cdp.FrameID, at place) bool { return at.s == s })
	case *page.EventFrameAttached:
		p.parents[e.FrameID] = e.ParentFrameID
	case *page.EventFrameDetached:
		if p.worlds[e.FrameID].s == s {
			delete(p.worlds, e.FrameID)
		}
		if e.Reason != page.FrameDetachedReasonSwap { // else it goes on in another process
			delete(p.loading, e.FrameID)
			delete(p.parents, e.FrameID)
		}
	default:
		return false
	}
	return true
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

// inFrames looks once in all inner frames, at the same time, and gives the one
// that has it: an *Ambiguous when several do, and else what stood in the way
// where it was found.
func (p *Page) inFrames(ctx context.Context, frames []cdp.FrameID, q Locator, need string, fresh bool) (found, error) {
	answers := make([]found, len(frames))
	var looks sync.WaitGroup
	for i, f := range frames {
		looks.Go(func() {
			ctx, cancel := p.bound(ctx, time.Second) // a frame that never answers hides nothing that another one shows
			defer cancel()
			if p.eval(ctx, f, search(q, need, 0, manner{Fresh: fresh}), &answers[i]) != nil {
				answers[i] = found{None: true}
			}
		})
	}
	looks.Wait()
	seen, has := found{None: true}, []found(nil)
	for i, r := range answers {
		r.frame = frames[i]
		switch {
		case r.OK && p.toWindow(ctx, &r) == nil && r.OK:
			has = append(has, r)
		case seen.None && !r.None:
			seen = r
		}
	}
	switch len(has) {
	case 0:
		return seen, p.Alive()
	case 1:
		return has[0], nil
	}
	seen = found{}
	for _, r := range has {
		seen.Many = append(seen.Many, fmt.Sprintf("%s %s in a frame", r.Control.Name(), r.Control.Snippet))
	}
	return seen, nil
}

// toWindow moves a point of an inner frame to where it lies in the window,
// document by document, and sees to it that nothing lies over it there; where
// something does, the answer is no longer OK.
func (p *Page) toWindow(ctx context.Context, r *found) error {
	for f := r.frame; f != p.main; {
		parent, err := p.parentOf(f)
		if err != nil {
			return err
		}
		var in struct {
			Point *[2]float64 `json:"point"`
			View  [2]float64  `json:"view"`
			Why   string      `json:"why"`
			Over  string      `json:"over"`
		}
		through := fmt.Sprintf("function(){return __touchstone.through(this,%g,%g,%g,%g)}", r.Point[0], r.Point[1], r.View[0], r.View[1])
		if err := p.ofOwner(ctx, f, through, &in); err != nil {
			return err
		}
		if in.Point == nil {
			r.OK, r.Why, r.Over = false, in.Why, in.Over
			return nil
		}
		r.Point, r.View, f = *in.Point, in.View, parent
	}
	return nil
}

func (p *Page) parentOf(f cdp.FrameID) (cdp.FrameID, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	parent := p.parents[f]
	if parent == "" {
		return "", errGone
	}
	return parent, nil
}

// offered notes that a frame's address is a file's, where the frame is one of
// the page's.
func (p *Page) offered(f cdp.FrameID) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if f != p.main && p.parents[f] == "" {
		return false
	}
	delete(p.loading, f)
	p.stir()
	return true
}

// Alive gives why the page can no longer be used, nil while it can.
func (p *Page) Alive() error {
	select {
	case <-p.s.gone:
		return p.s.why
	case <-p.s.b.dead:
		return p.s.b.cause
	default:
		return nil
	}
}
