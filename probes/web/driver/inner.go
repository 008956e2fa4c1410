package driver

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"

	"touchstone/probes/web/find"
)

// An inner is what is known of the frames in a page. p.mu guards it.
type inner struct {
	numbered []cdp.FrameID          // frames whose elements were given out, see refIn
	shows    map[cdp.FrameID]string // addresses of their documents
}

// Each document numbers its elements from 1. An element of a frame bears its own
// number and a multiple of refSpan, the frame's, so that numbers say alone what
// they mean: those of the page's own document are below it.
const refSpan = find.Span

// refIn gives an element's number in the page for that in its frame.
func (p *Page) refIn(f cdp.FrameID, ref int) int {
	if f == p.main || f == "" || ref == 0 {
		return ref
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	n := slices.Index(p.inner.numbered, f)
	if n < 0 {
		n = len(p.inner.numbered)
		p.inner.numbered = append(p.inner.numbered, f)
	}
	return (n+1)*refSpan + ref
}

// refOf is its inverse: the frame, the page's own for small numbers, and the
// number there.
func (p *Page) refOf(ref int) (cdp.FrameID, int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if n := ref / refSpan; n > 0 && n <= len(p.inner.numbered) {
		return p.inner.numbered[n-1], ref % refSpan
	}
	return p.main, ref
}

// shown notes the address of what a frame shows; p.mu is held.
func (i *inner) shown(e *page.EventFrameNavigated) {
	if i.shows == nil {
		i.shows = map[cdp.FrameID]string{}
	}
	i.shows[e.Frame.ID] = e.Frame.URL + e.Frame.URLFragment
}

// Within gives the addresses of the frames that an element stands in, by its
// number, the innermost first; none for one of the page's own document.
func (p *Page) Within(ref int) []string {
	f, _ := p.refOf(ref)
	return p.chain(f)
}

// Acted is Within of what was found last to act upon.
func (p *Page) Acted() []string { return p.chain(p.acted) }

func (p *Page) chain(f cdp.FrameID) []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var list []string
	for ; f != p.main && f != ""; f = p.parents[f] {
		list = append(list, p.inner.shows[f])
	}
	return list
}

// Says gives the lines that the document of an element's frame shows, by the
// element's number; none where the frame has gone.
func (p *Page) Says(ctx context.Context, ref int) []string {
	f, _ := p.refOf(ref)
	var lines []string
	if p.quick(ctx, f, `(document.body?.innerText || '').slice(0, 20000).split('\n').map(s => s.trim()).filter(Boolean).slice(0, 300)`, &lines) != nil {
		return nil
	}
	return lines
}

// fromInner asks all frames but the page's own at the same time, each for half a
// second: one that does not answer has nothing to say.
func fromInner[T any](ctx context.Context, p *Page, expr string) (frames []cdp.FrameID, told []T) {
	frames = p.frames()[1:]
	told = make([]T, len(frames))
	var asking sync.WaitGroup
	for i, f := range frames {
		asking.Go(func() {
			ctx, cancel := p.bound(ctx, 500*time.Millisecond)
			defer cancel()
			var is T
			if p.evalOnce(ctx, f, expr, &is) == nil {
				told[i] = is
			}
		})
	}
	asking.Wait()
	return frames, told
}

// ofOwner calls a function on the element that shows a frame, in the engine's
// world of the document that it stands in.
func (p *Page) ofOwner(ctx context.Context, f cdp.FrameID, function string, out any) error {
	parent, err := p.parentOf(f)
	if err != nil {
		return err
	}
	at, err := p.placeOf(ctx, parent)
	if err != nil {
		return err
	}
	owner, err := cdp.Call(ctx, at.s, dom.GetFrameOwner, dom.GetFrameOwnerParams{FrameID: f})
	if err != nil {
		return err
	}
	e, err := cdp.Call(ctx, at.s, dom.ResolveNode, dom.ResolveNodeParams{BackendNodeID: owner.BackendNodeID, ExecutionContextID: at.number})
	if err != nil {
		return err
	}
	if e.Object == nil {
		return errGone
	}
	answer, err := cdp.Call(ctx, at.s, runtime.CallFunctionOn, runtime.CallFunctionOnParams{FunctionDeclaration: function, ObjectID: e.Object.ObjectID, ReturnByValue: new(true)})
	if err != nil {
		return err
	}
	if answer.ExceptionDetails != nil || answer.Result == nil {
		return errGone
	}
	return json.Unmarshal(answer.Result.Value, out)
}

// A setting is what the page says round a frame.
type setting struct {
	Seen    bool    `json:"seen"`
	Area    string  `json:"area"` // as of a Form
	Called  string  `json:"called"`
	Heading string  `json:"heading"`
	Search  bool    `json:"search"`
	Floats  bool    `json:"floats"` // above the page, as chats and advertisements do
	Y       float64 `json:"y"`      // of its upper edge in the page, CSS pixels
}

// settingOf reads what stands round a frame, through all the documents that it
// is in: what one of them hides nobody sees, and the outermost area counts.
func (p *Page) settingOf(ctx context.Context, f cdp.FrameID) (all setting, err error) {
	all.Seen = true
	for f != p.main && all.Seen {
		parent, err := p.parentOf(f)
		if err != nil {
			return setting{}, err
		}
		if err := p.quick(ctx, parent, formReader, nil); err != nil { // a frame without a form has not got it yet
			return setting{}, err
		}
		var s setting
		if err := p.ofOwner(ctx, f, "function(){return __touchstone.setting(this)}", &s); err != nil {
			return setting{}, err
		}
		if s.Area != "" {
			all.Area = s.Area
		}
		if all.Heading == "" {
			all.Heading = s.Heading
		}
		all.Called += " " + s.Called
		all.Seen = s.Seen
		all.Search = all.Search || s.Search
		all.Floats = all.Floats || s.Floats
		all.Y += s.Y
		f = parent
	}
	return all, nil
}

// innerForms reads the forms of the frames that somebody sees.
func (p *Page) innerForms(ctx context.Context) []Form {
	frames, told := fromInner[[]Form](ctx, p, formReader+"\n;__touchstone.forms()")
	var all []Form
	for i, f := range frames {
		if len(told[i]) == 0 {
			continue
		}
		around, err := p.settingOf(ctx, f)
		if err != nil || !around.Seen {
			continue
		}
		within := p.chain(f)
		for _, form := range told[i] {
			form.Within = within
			if around.Area != "" && (form.Area == "" || form.Area == "main") {
				form.Area = around.Area
			}
			if form.Around.Heading == "" {
				form.Around.Heading = around.Heading
			}
			form.Around.Called = fmt.Sprint(form.Around.Called, around.Called)
			form.Search = form.Search || around.Search
			form.Ref = p.refIn(f, form.Ref)
			for j := range form.Buttons {
				form.Buttons[j].Ref = p.refIn(f, form.Buttons[j].Ref)
			}
			for j := range form.Fields {
				form.Fields[j].Ref, form.Fields[j].Press = p.refIn(f, form.Fields[j].Ref), p.refIn(f, form.Fields[j].Press)
			}
			all = append(all, form)
		}
	}
	return all
}
