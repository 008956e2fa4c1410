package web

import (
	"context"

	"touchstone/probes/web/find"
)

// leaveAndReturn goes away by the start page and looks into the basket again.
func (k *seeker) leaveAndReturn(ctx context.Context) Finding {
	if !k.shops.added {
		f := k.absent(true)
		f.Evidence.Why = "nothing could be put into the basket, so nothing can be kept"
		f.Confidence = .3
		return f
	}
	k.opened++
	if err := k.do(ctx, Step{Open: "/"}); err != nil {
		return k.unable(ctx, err)
	}
	if _, err := k.look(ctx, nil, ""); err != nil {
		return k.unable(ctx, err)
	}
	b, at, err := k.basket(ctx)
	switch {
	case err != nil:
		return k.unable(ctx, err)
	case at == nil:
		return k.absent(false)
	}
	if b.Empty || b.Lines == 0 {
		f := k.absent(false)
		f.Confidence = .85
		f.URL, f.Evidence.Why = clean(at.page.URL), "the basket is empty after coming back"
		return f
	}
	k.shops.basket, k.shops.cart = at, b
	return k.reached(at, find.Arrival{Confidence: .9, Why: "the basket is still filled after coming back", Says: b.Says})
}
