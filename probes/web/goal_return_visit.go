package web

import (
	"context"
	"fmt"
	"slices"
	"time"

	"touchstone/internal/evidence"
	"touchstone/probes/web/find"
)

// A comeback is how a visitor comes again.
type comeback string

const (
	sameBrowser comeback = "same-browser" // by the start page, nothing closed
	reopened    comeback = "reopened"     // the browser was closed: what ends with the session is gone
	account     comeback = "account"      // with another device, and logged in
)

// A welcome is what the shop remembered of who came again.
type welcome struct {
	kept         bool // the basket is still filled
	counted      bool // a checkout was opened again, after one had been filled in
	known, again int  // fields of its first step that held what had been typed, and that asked for it anew
}

// returnFacts are what the goal leave-and-return records.
var returnFacts = []evidence.FactDef{
	{Name: "return.cart-kept", Unit: evidence.Bool, Meaning: "Per way of coming again (same-browser: by the start page; reopened: the browser was closed, its session's cookies gone; account: another device, logged in): the basket was still filled."},
	{Name: "return.asked-again", Unit: evidence.Count, Meaning: "Likewise: fields of the checkout's first step that asked anew for what had been typed there before. Absent where no checkout was filled in before leaving."},
	{Name: "return.known", Unit: evidence.Count, Meaning: "Likewise: those that held it already."},
}

// leaveAndReturn goes away with a filled basket and comes back: by the start
// page, then as who has closed the browser, and where an account may be opened
// with another device. Where filling in the checkout is granted, that is done
// before leaving, and its first step is read again after.
func (k *seeker) leaveAndReturn(ctx context.Context) Finding {
	if !k.shops.added {
		if f := k.addToCart(ctx); f.State != Reached {
			f.Evidence.Why = "nothing could be put into the basket, so nothing can be kept: " + f.Evidence.Why
			f.Confidence = min(f.Confidence, .3)
			return f
		}
	}
	k.shops.returns = map[comeback]welcome{}
	presses := k.presses
	if k.only && k.v.t.Granted(evidence.FillCheckout) {
		k.toTill(ctx)
	}
	k.presses = presses
	if k.v.away > 0 {
		if err := sleep(ctx, k.v.away); err != nil {
			return k.unable(ctx, err)
		}
	}
	f := k.byStart(ctx)
	if f.State != Reached && k.shops.added {
		return f // nothing can be said of it
	}
	presses = k.presses
	k.shops.returns[sameBrowser] = k.welcomed(ctx, f.State == Reached)
	k.returns(ctx)
	k.presses = presses
	f.Evidence.Facts = k.returnsInWords()
	return f
}

// byStart looks into the basket again by way of the start page.
func (k *seeker) byStart(ctx context.Context) Finding {
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
	case b.Empty || b.Lines == 0:
		k.shops.added = false
		f := k.absent(false)
		f.Confidence, f.URL, f.Evidence.Why = .85, clean(at.page.URL), "the basket is empty after coming back"
		return f
	}
	k.shops.basket, k.shops.cart = at, b
	return k.reached(at, find.Arrival{Confidence: .9, Why: "the basket is still filled after coming back", Says: b.Says})
}

// returns comes again as who has closed the browser, and with an account.
func (k *seeker) returns(ctx context.Context) {
	clicks := k.v.consent.clicks
	defer func() { k.v.consent.clicks = clicks }() // what the banner costs was counted once
	if err := k.comeAgain(ctx); err != nil {
		k.shops.barred = map[comeback]string{reopened: plainly(err)}
		return
	}
	k.shops.returns[reopened] = k.welcomed(ctx, k.still(ctx))
	if !k.only || !k.v.t.Granted(evidence.Register) || !k.v.t.Granted(evidence.LogIn) {
		return
	}
	if why := k.fromElsewhere(ctx); why != "" {
		k.shops.barred = map[comeback]string{account: why}
		return
	}
	k.shops.returns[account] = k.welcomed(ctx, k.still(ctx))
}

// fromElsewhere fills the basket with an account, and logs in with another
// device; what hindered it, empty where nothing did.
func (k *seeker) fromElsewhere(ctx context.Context) (hindered string) {
	if !k.shops.added {
		if f := k.addToCart(ctx); f.State != Reached {
			return "nothing could be put into the basket again: " + f.Evidence.Why
		}
	}
	if no := k.asMember(ctx); no != nil {
		return no.Evidence.Why
	}
	if err := k.comeAgain(ctx, k.v.bounds.start.Scheme+"://"+k.v.bounds.start.Host); err != nil {
		return plainly(err)
	}
	k.member.in = false
	defer k.errand("log-in")()
	k.failed = map[string]bool{} // what led nowhere on the other device may lead on here
	if in := k.logIn(ctx); in.State != Reached {
		return "the account could not be entered: " + in.Evidence.Why
	}
	return ""
}

// comeAgain opens the start page with what the browser has kept, or with
// origins given as another device.
func (k *seeker) comeAgain(ctx context.Context, origins ...string) error {
	if err := k.v.tab.Reopen(ctx, origins...); err != nil {
		return fmt.Errorf("the browser could not be opened again: %w", err)
	}
	k.calmed, k.stale = map[string]bool{}, true
	k.v.consent.done = false // a browser that forgets is asked again
	if err := k.do(ctx, Step{Open: "/"}); err != nil {
		return err
	}
	_, err := k.look(ctx, nil, "")
	return err
}

// still reports whether the basket is filled.
func (k *seeker) still(ctx context.Context) bool {
	b, at, err := k.basket(ctx)
	k.shops.added = err == nil && at != nil && !b.Empty && b.Lines > 0
	if k.shops.added {
		k.shops.basket, k.shops.cart = at, b
	}
	return k.shops.added
}

// welcomed reads what the checkout's first step still knows, where one was
// filled in before.
func (k *seeker) welcomed(ctx context.Context, kept bool) welcome {
	w := welcome{kept: kept}
	if !kept || len(k.shops.given) == 0 || k.startCheckout(ctx).State != Reached {
		return w
	}
	forms, err := k.v.tab.Page().Forms(ctx)
	if err != nil {
		return w
	}
	for _, f := range forms {
		if f.Search || f.Area == "header" || f.Area == "footer" {
			continue
		}
		for i, g := range find.Classify(f.Fields) {
			x := &f.Fields[i]
			if x.Hidden != "" || x.Disabled || !slices.Contains(k.shops.given, g.Purpose) {
				continue
			}
			if x.Filled {
				w.known++
			} else {
				w.again++
			}
		}
	}
	w.counted = w.known+w.again > 0 // a shop may show what it knows as text, and ask for nothing
	return w
}

// typedBefore are the purposes of what was typed, lists and boxes apart: they
// hold something before anybody chooses.
func typedBefore(filled []filledField) (list []find.Purpose) {
	for _, f := range filled {
		if f.How == "typed" && !paysWith(f.Purpose) && !slices.Contains(list, f.Purpose) {
			list = append(list, f.Purpose)
		}
	}
	return list
}

var comebacks = []comeback{sameBrowser, reopened, account}

func (k *seeker) returnsInWords() map[string]string {
	facts := map[string]string{}
	for _, c := range comebacks {
		w, known := k.shops.returns[c]
		if why := k.shops.barred[c]; why != "" {
			facts["not tried: "+string(c)] = k.v.mask.hide(why)
		}
		if !known {
			continue
		}
		facts["kept: "+string(c)] = fmt.Sprint(w.kept)
		if w.counted {
			facts["asked again: "+string(c)] = fmt.Sprintf("%d of %d fields", w.again, w.again+w.known)
		}
	}
	return facts
}

func (k *seeker) recordReturns() {
	for _, c := range comebacks {
		w, known := k.shops.returns[c]
		if !known {
			continue
		}
		k.v.rec.StepNumber(string(c), "return.cart-kept", float64(count(w.kept)))
		if w.counted {
			k.v.rec.StepNumber(string(c), "return.asked-again", float64(w.again))
			k.v.rec.StepNumber(string(c), "return.known", float64(w.known))
		}
	}
}

// mostAway bounds how long a visit may wait before it comes back.
const mostAway = 30 * time.Minute
