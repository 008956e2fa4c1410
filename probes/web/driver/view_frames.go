package driver

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/runtime"

	"touchstone/probes/web/find"
)

// Each document numbers its elements from 1. A view tells those of its frames
// apart by adding a multiple of span, by the order in which frames were met.
const span = find.Span

// base is what a view adds to the numbers of a frame's elements.
func (p *Page) base(f cdp.FrameID) int {
	if f == p.main {
		return 0
	}
	i := slices.Index(p.viewedIn, f)
	if i < 0 {
		i = len(p.viewedIn)
		p.viewedIn = append(p.viewedIn, f)
	}
	return (i + 1) * span
}

// numbered gives the frame of a view's number, and the number there.
func (p *Page) numbered(ref int) (cdp.FrameID, int) {
	if i := ref/span - 1; i >= 0 && i < len(p.viewedIn) {
		return p.viewedIn[i], ref % span
	}
	return p.main, ref
}

// A frame of a view is read when it is large enough to hold more than a badge,
// a banner or a field, in CSS pixels.
const (
	frameWide, frameHigh = 200, 120
	mostViewed           = 8
)

// viewFrames adds what the frames of a document show to its view: those of the
// same host, and those of others that ask for something. A frame that does not
// answer in time is as good as empty.
func (p *Page) viewFrames(ctx context.Context, in cdp.FrameID, v *find.View) {
	ctx, cancel := p.bound(ctx, viewing)
	defer cancel()
	content, outer := 0.0, v.URL
	for i := range v.Inner {
		// Of a frameset, the largest frame is what the others lead about in.
		if in := &v.Inner[i]; in.Set {
			in.Area = find.Nav
			if !slices.ContainsFunc(v.Inner, func(o find.Inner) bool { return o.Set && o.W*o.H > in.W*in.H }) {
				in.Area = find.Main
			}
		}
	}
	for _, f := range p.within(in) {
		at, ok := p.frameAt(ctx, in, f, v.Inner)
		if !ok {
			continue
		}
		inner, err := p.viewOf(ctx, f)
		if err != nil || !at.Set && !sameHost(outer, inner.URL) && !inner.Asks() {
			continue
		}
		if len(inner.Inner) > 0 && len(p.viewedIn) < mostViewed {
			p.viewFrames(ctx, f, &inner)
		}
		v.Add(inner, at, p.base(f))
		if size := at.W * at.H; size > content && (at.Set && at.Area == find.Main || v.Fills(at)) {
			content = size
			v.Content = p.base(f)
			v.URL, v.Title = inner.URL, inner.Title
			if inner.Content != 0 {
				v.Content = inner.Content
			}
			if v.Language == "" {
				v.Language = inner.Language
			}
		}
	}
}

// within lists the frames that a document shows by itself.
func (p *Page) within(f cdp.FrameID) (list []cdp.FrameID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for inner, outer := range p.parents {
		if outer == f {
			list = append(list, inner)
		}
	}
	slices.Sort(list)
	return list
}

// frameAt gives the place of a frame on its page, false for one that is not
// shown or too small to be read.
func (p *Page) frameAt(ctx context.Context, outer, f cdp.FrameID, shown []find.Inner) (find.Inner, bool) {
	at, err := p.placeOf(ctx, outer)
	if err != nil {
		return find.Inner{}, false
	}
	owner, err := cdp.Call(ctx, at.s, dom.GetFrameOwner, dom.GetFrameOwnerParams{FrameID: f})
	if err != nil {
		return find.Inner{}, false
	}
	e, err := cdp.Call(ctx, at.s, dom.ResolveNode, dom.ResolveNodeParams{BackendNodeID: owner.BackendNodeID, ExecutionContextID: at.number})
	if err != nil || e.Object == nil {
		return find.Inner{}, false
	}
	answer, err := cdp.Call(ctx, at.s, runtime.CallFunctionOn, runtime.CallFunctionOnParams{FunctionDeclaration: "function(){return __touchstone.ref(this)}", ObjectID: e.Object.ObjectID, ReturnByValue: new(true)})
	if err != nil || answer.ExceptionDetails != nil || answer.Result == nil {
		return find.Inner{}, false
	}
	var ref int
	if json.Unmarshal(answer.Result.Value, &ref) != nil {
		return find.Inner{}, false
	}
	i := slices.IndexFunc(shown, func(in find.Inner) bool { return in.Ref == ref })
	if i < 0 || !shown[i].Set && (shown[i].W < frameWide || shown[i].H < frameHigh) {
		return find.Inner{}, false
	}
	return shown[i], true
}

// viewOf reads one frame, which may still be on its way.
func (p *Page) viewOf(ctx context.Context, f cdp.FrameID) (v find.View, err error) {
	ctx, cancel := p.bound(ctx, 2*time.Second)
	defer cancel()
	if err = p.evalOnce(ctx, f, "__touchstone.quiet(500)", nil); err != nil {
		return v, err
	}
	err = p.viewed(ctx, f, "view()", &v)
	return v, err
}

// NavigateFrame opens an address in the frame that a view's number belongs to,
// as a link of that document would.
func (p *Page) NavigateFrame(ctx context.Context, ref int, address string) error {
	f, _ := p.numbered(ref)
	ctx, cancel := p.bound(ctx, p.tab.o.Timeout)
	defer cancel()
	if err := p.evalOnce(ctx, f, "location.assign("+quote(address)+")", nil); err != nil {
		return p.slow(err)
	}
	return p.slow(p.evalOnce(ctx, f, "__touchstone.quiet(500)", nil))
}

func sameHost(a, b string) bool {
	u, errA := url.Parse(a)
	w, errB := url.Parse(b)
	return errA == nil && errB == nil && (w.Host == "" || u.Host == w.Host)
}
