package driver

import (
	"context"
	"fmt"
	"time"

	_ "embed"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"

	"touchstone/probes/web/find"
)

//go:embed view.js
var viewer string

// viewing bounds how long a page may take to be read; big ones take a tenth of
// a second.
const viewing = 5 * time.Second

// View reads what a person can see of the page and press on it, in its frames
// too, of which keep is asked by the addresses that each stands within, the
// innermost first (nil: all). The numbers in it name elements (Locator.Ref) for
// as long as their document stands.
func (p *Page) View(ctx context.Context, keep func(within []string) bool) (find.View, error) {
	var v find.View
	if err := p.viewed(ctx, p.main, "view()", &v); err != nil {
		return v, err
	}
	if len(v.Inner) > 0 {
		p.viewFrames(ctx, p.main, &v, keep)
	}
	return v, nil
}

// Where gives the plainest locator that finds a numbered element alone, for a
// scenario; ok is false when there is none.
func (p *Page) Where(ctx context.Context, ref int) (l Locator, ok bool) {
	var found *Locator
	f, n := p.refOf(ref)
	if err := p.viewed(ctx, f, fmt.Sprintf("where(%d)", n), &found); err != nil || found == nil {
		return Locator{}, false
	}
	return *found, true
}

// viewed asks the reader of views, which comes to a document when it is first
// asked for.
func (p *Page) viewed(ctx context.Context, f cdp.FrameID, call string, out any) error {
	ctx, cancel := p.bound(ctx, viewing)
	defer cancel()
	var there bool
	if err := p.eval(ctx, f, "!!globalThis.__touchstone.view", &there); err != nil {
		return p.slow(err)
	}
	expr := "__touchstone." + call
	if !there {
		expr = viewer + "\n" + expr
	}
	return p.slow(p.evalOnce(ctx, f, expr, out))
}

// Hover points at an element, as far as it can be pointed at, and presses
// nothing: menus that fold out under the pointer come.
func (p *Page) Hover(ctx context.Context, q Locator) error {
	f, err := p.findWithin(ctx, q, "click", time.Second)
	if err != nil {
		return err
	}
	ctx, cancel := p.bound(ctx, p.tab.o.Timeout)
	defer cancel()
	p.undisturbed()
	_, err = cdp.Call(ctx, p.s, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: input.DispatchMouseEventTypeMouseMoved, X: f.Point[0], Y: f.Point[1]})
	return p.slow(err)
}
