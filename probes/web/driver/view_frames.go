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

// A frame of a view is read when it is large enough to hold more than a badge,
// a banner or a field, in CSS pixels.
const frameWide, frameHigh = 200, 120

// viewFrames adds what the frames of a document show to its view: those of the
// same host, and those of others that ask for something and do not float above
// the page as chats do. A frame that does not answer in time is as good as empty.
func (p *Page) viewFrames(ctx context.Context, in cdp.FrameID, v *find.View, keep func(within []string) bool) {
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
		if keep != nil && !keep(p.chain(f)) {
			continue
		}
		inner, err := p.viewOf(ctx, f)
		if err != nil || !at.Set && !sameHost(outer, inner.URL) && !inner.Asks() {
			continue
		}
		if !at.Set && inner.Asks() {
			around, err := p.settingOf(ctx, f)
			if err != nil || !around.Seen || around.Floats {
				continue
			}
			for i := range inner.Forms { // what the page says of a frame it says of its forms
				inner.Forms[i].Text += " " + around.Called + " " + around.Heading
			}
		}
		if len(inner.Inner) > 0 {
			p.viewFrames(ctx, f, &inner, keep)
		}
		base := p.refIn(f, 1) - 1
		v.Add(inner, at, base)
		if size := at.W * at.H; size > content && (at.Set && at.Area == find.Main || v.Fills(at)) {
			content = size
			v.Content = base
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
	f, _ := p.refOf(ref)
	ctx, cancel := p.bound(ctx, p.tab.o.Timeout)
	defer cancel()
	p.undisturbed()
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
