package web

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"touchstone/internal/evidence"
	"touchstone/probes/web/driver"
	"touchstone/probes/web/find"
)

// A till is how far the checkout was filled in.
type till struct {
	finding Finding        // of both goals that the way there serves
	lacks   []missingField // of what its forms need, beside the payment
}

// mostStages bounds the steps of a checkout.
const mostStages = 10

// fillCheckout fills in the checkout until it asks for money. Where money is
// asked for on a page that still needs something, it is not filled in.
func (k *seeker) fillCheckout(ctx context.Context) Finding {
	f := k.toTill(ctx)
	if f.State == Reached && len(k.till.lacks) > 0 {
		f.State, f.Evidence.Why = Broken, needs(k.till.lacks)
	}
	return f
}

// reachPayment comes to where the checkout asks for money, and stops there.
func (k *seeker) reachPayment(ctx context.Context) Finding { return k.toTill(ctx) }

// toTill goes the way to the payment, once in a visit.
func (k *seeker) toTill(ctx context.Context) Finding {
	if k.till == nil {
		k.till = &till{}
		k.till.finding = k.walkCheckout(ctx)
	}
	f := k.till.finding
	f.Path, f.Steps = slices.Clone(f.Path), slices.Clone(f.Steps)
	f.Evidence.Facts = maps.Clone(f.Evidence.Facts)
	return f
}

func (k *seeker) walkCheckout(ctx context.Context) Finding {
	if !k.shops.added {
		f := k.addToCart(ctx)
		if f.State == Absent && k.shops.results == nil {
			// Who finds nothing on the shelves asks for it.
			k.searchProduct(ctx)
			f = k.addToCart(ctx)
		}
		if f.State != Reached {
			return f
		}
	}
	f := k.startCheckout(ctx)
	if f.State == Absent {
		// Beside the basket that has just opened there is the one that the start page leads to.
		if again := k.byStart(ctx); again.State == Reached {
			f = k.startCheckout(ctx)
		}
	}
	if f.State == Reached && f.Evidence.Facts["forced"] == "true" && k.member == nil {
		if !k.v.t.Granted(evidence.Register) {
			f.State, f.Evidence.Why = NotGranted, "nobody checks out here without an account: "+ungranted(evidence.Register)
			return f
		}
		first := f.Evidence.Facts
		if f := k.asMember(ctx); f != nil {
			return *f
		}
		f = k.startCheckout(ctx)
		f.Evidence.Facts = first
	}
	if f.State != Reached {
		return f
	}
	k.begin(evidence.FillCheckout)
	facts := f.Evidence.Facts
	var stages []string
	var choice demand // of an earlier step that let one choose how to pay
	tried := map[string]int{}
	account := false // one is made on the way, since there is no other
	grown := false   // more is asked than before the last fields were filled in
	stop := func(state State, why string) Finding {
		f.State, f.Evidence.Why, f.Evidence.Facts = state, why, facts
		facts["steps"] = strings.Join(stages, " → ")
		f.URL = k.v.mask.hide(clean(k.here.page.URL))
		return f
	}
	for range mostStages {
		p := k.v.tab.Page()
		if p == nil {
			return k.unable(ctx, driver.ErrClosed)
		}
		forms, err := p.Forms(ctx)
		if err != nil {
			return k.unable(ctx, err)
		}
		// A way without an account, where the page asks to choose.
		if c := k.guestDoor(forms, tried); c != nil {
			tried["guest"]++
			if err := k.do(ctx, Step{Click: &Locator{Ref: c.Ref, Role: c.Role, Name: c.Name}, Effect: evidence.FillCheckout}); err != nil {
				return k.unable(ctx, err)
			}
			f.Clicks++
			f.Path = append(f.Path, "press "+named(c))
			if _, err := k.look(ctx, nil, ""); err != nil {
				return k.unable(ctx, err)
			}
			continue
		}
		asked := asks(forms)
		filled, missing, err := k.v.fillForm(ctx, p, fillPlan{Account: account})
		if err != nil {
			return k.unable(ctx, err)
		}
		// A box that spares the account is ticked where a password is asked for.
		secret := slices.ContainsFunc(missing, func(m missingField) bool {
			return m.Purpose == find.ForNewPassword || m.Purpose == find.ForPasswordAgain || m.Purpose == find.ForPassword
		})
		if secret && tried["box"] == 0 {
			tried["box"]++
			if at, err := k.look(ctx, nil, ""); err == nil {
				if c := find.GuestWay(at.page, "checkbox", "switch"); c != nil {
					if err := k.do(ctx, Step{Click: &Locator{Ref: c.Ref, Role: c.Role, Name: c.Name}}); err == nil {
						continue
					}
				}
			}
		}
		// And where none does, an account is made if it may be.
		if secret && !account && k.v.t.Granted(evidence.Register) {
			k.begin(evidence.Register)
			account = true
			facts["account"] = "made on the way: there is no other"
			continue
		}
		at, err := k.look(ctx, nil, "")
		if err != nil {
			return k.unable(ctx, err)
		}
		if forms, err = p.Forms(ctx); err != nil {
			return k.unable(ctx, err)
		}
		k.shops.given = append(k.shops.given, typedBefore(filled)...)
		if len(filled) > 0 {
			stages = append(stages, fmt.Sprintf("%d fields on %s", len(filled), bare(at.page.URL)))
		}
		pay := k.asksForMoney(at.page, forms)
		if pay.final && choice.sure > 0 {
			pay.sure, pay.why = min(.95, pay.sure+choice.sure), pay.why+"; before that, "+choice.why
		} else if pay.sure >= .5 {
			choice = pay
		}
		stage := stageOf(at, forms)
		next := k.onwardFrom(at, stage, forms, tried)
		wrote := len(filled) > 0 || grown
		grown = next == nil && !pay.final && wrote && asks(forms) != asked && tried["grown"+stage] == 0
		if grown {
			tried["grown"+stage]++
			continue
		}
		if next == nil && !pay.final && wrote && tried["grows"+stage] == 0 {
			tried["grows"+stage]++
			if k.grows(ctx, stage, tried) {
				continue
			}
		}
		if pay.sure >= .6 && (pay.final || next == nil) {
			f.Confidence, f.Evidence.Says = pay.sure, k.v.mask.hide(pay.says)
			for _, m := range missing {
				if !paysWith(m.Purpose) && !wayToPay(m.Label) {
					facts["missing: "+m.Label] = m.Why
					k.till.lacks = append(k.till.lacks, m)
				}
			}
			facts["payment"] = pay.why
			if !pay.final && len(k.till.lacks) > 0 {
				return stop(Broken, needs(k.till.lacks)+"; what is said of the payment opens after that")
			}
			return stop(Reached, pay.why)
		}
		if next == nil {
			if len(missing) > 0 {
				return stop(Broken, "nothing leads on; "+needs(missing))
			}
			return stop(Broken, "nothing leads on from this step of the checkout")
		}
		tried[stage+each(next)]++
		tried[pressed(at, next)]++
		err = k.do(ctx, Step{Click: &Locator{Ref: next.Ref, Role: next.Role, Name: next.Name}, Effect: evidence.FillCheckout})
		if end := (*ending)(nil); errors.As(err, &end) && end.outcome == evidence.NotGranted {
			// The payment guard holds it for what orders: this is where money is asked for.
			facts["guard"] = end.reason
			if pay.sure > 0 {
				f.Confidence, f.Evidence.Says = max(.7, pay.sure), pay.says
				return stop(Reached, "what leads on orders or pays; "+pay.why)
			}
			return stop(NotGranted, end.reason)
		}
		if err != nil {
			return k.unable(ctx, err)
		}
		f.Clicks++
		f.Path = append(f.Path, "press "+named(next))
		if _, err := k.look(ctx, nil, ""); err != nil {
			return k.unable(ctx, err)
		}
	}
	return stop(Broken, "the checkout goes on and on")
}

// wayToPay reports whether a field's label names a way to pay: a choice that
// nothing else says the purpose of is one of the payment's all the same.
func wayToPay(label string) bool {
	return byCard.says(folded(label)) || find.Read(label).Has(find.Payments)
}

// needs says what keeps a form from being whole.
func needs(lacks []missingField) string {
	return fmt.Sprintf("the form still needs %q: %s", lacks[0].Label, lacks[0].Why)
}

// grows waits for what a checkout shows only after it has read the address:
// the ways of delivery, the ways to pay. It reports whether the forms ask more
// than they did, or something leads on.
func (k *seeker) grows(ctx context.Context, stage string, tried map[string]int) bool {
	p := k.v.tab.Page()
	if p == nil {
		return false
	}
	for waited := p.Patience(); waited.Spent() < growing; {
		if sleep(ctx, 400*time.Millisecond) != nil {
			return false
		}
		at, err := k.look(ctx, nil, "")
		if err != nil {
			return false
		}
		forms, err := k.v.tab.Page().Forms(ctx)
		if err != nil {
			return false
		}
		if now := stageOf(at, forms); now != stage || k.onwardFrom(at, now, forms, tried) != nil {
			return true
		}
	}
	return false
}

// growing is how long that may take.
const growing = 4 * time.Second

// stageOf tells one step of a checkout from another that has the same address: by
// the fields that are seen.
func stageOf(at *place, forms []driver.Form) string { return at.key + asks(forms) }

// asks lists the fields that are seen.
func asks(forms []driver.Form) string {
	var b strings.Builder
	for _, f := range forms {
		for _, x := range f.Fields {
			if x.Hidden == "" && !x.Disabled {
				fmt.Fprintf(&b, "\x00%s %s", x.Name, x.Label)
			}
		}
	}
	return b.String() + "\x00"
}

// guestDoor gives what lets a guest in, where the page does not ask for the
// address yet.
func (k *seeker) guestDoor(forms []driver.Form, tried map[string]int) *find.Control {
	if tried["guest"] > 0 {
		return nil
	}
	for _, f := range forms {
		if has(f, find.Classify(f.Fields), find.ForStreet, find.ForPostcode, find.ForGiven, find.ForFullName) > 0 {
			return nil
		}
	}
	return find.GuestWay(k.here.page, "button", "link", "radio")
}

// onwardFrom gives what goes on from this step and was not pressed twice.
func (k *seeker) onwardFrom(at *place, stage string, forms []driver.Form, tried map[string]int) *find.Control {
	side := map[int]int{}
	for _, f := range forms {
		seen, is := 0, 1
		for _, x := range f.Fields {
			if x.Hidden == "" {
				seen++
			}
		}
		if f.Search || f.Area == "header" || f.Area == "footer" || f.Area == "nav" || seen > 0 && standsBeside(find.Classify(f.Fields), f.Fields) {
			is = -1
		}
		for _, b := range f.Buttons {
			if side[b.Ref] = is; b.Disabled {
				side[b.Ref] = -1
			}
		}
	}
	var best *find.Control
	for _, c := range find.Onward(at.page, func(ref int) int { return side[ref] }) {
		if tried[stage+each(c)] >= 2 || c.Href != "" && !k.v.bounds.holds(c.Href) || k.orders(c) {
			continue
		}
		// Of parts that stay open below one another, each has its own: the one
		// that was pressed already has done its work.
		if best == nil || c.Name == best.Name && tried[pressed(at, c)] < tried[pressed(at, best)] {
			best = c
		}
	}
	return best
}

// pressed is the key of one control of one document in what was tried.
func pressed(at *place, c *find.Control) string { return fmt.Sprint(at.key, "\x00", c.Ref) }

// orders reports whether the payment guard would hold a control by its name.
func (k *seeker) orders(c *find.Control) bool {
	return byName(driver.Control{Names: []string{c.Name}, Role: c.Role, Tag: c.Tag, Link: c.Href, Submits: c.Submits, Checkout: true}) != ""
}

// A demand is where a page asks for money.
type demand struct {
	sure  float64
	final bool // what orders or pays is in front: there is nothing left but that
	why   string
	says  string
}

// asksForMoney reads whether a page asks for money: fields of a card, a choice
// of ways to pay, a payment provider's frame, a button that orders.
func (k *seeker) asksForMoney(p *find.Page, forms []driver.Form) (d demand) {
	var seen []string
	add := func(weight float64, what string) {
		d.sure = min(.95, d.sure+weight)
		seen = append(seen, what)
	}
	cards, choices := 0, 0
	for _, f := range forms {
		g := find.Classify(f.Fields)
		cards += has(f, g, find.ForCardNumber, find.ForCardCode, find.ForCardExpiry, find.ForIBAN)
		choices += has(f, g, find.ForPayment)
	}
	if cards > 0 {
		add(.7, "fields for a card or bank account")
		d.final = true
	}
	if choices > 0 {
		add(.5, "a choice of ways to pay")
	}
	for _, frame := range p.Frames {
		if address, _, _ := strings.Cut(frame, " "); processing(address) {
			add(.4, "a payment provider's frame")
			break
		}
	}
	for i := range p.Controls {
		c := &p.Controls[i]
		if c.Hidden || c.Area != find.Main && c.Area != find.Dialog || c.Role != "button" && !c.Submits || !k.orders(c) {
			continue
		}
		add(.45, "what orders is called "+c.Name)
		d.says, d.final = c.Name, true
		break
	}
	for i, b := range p.Blocks {
		if b.Folded || b.Area != find.Main && b.Area != find.Dialog || len(b.Text) > 80 {
			continue
		}
		if p.Bare[i].Has(find.Payments) && (b.Level > 0 || len(strings.Fields(b.Text)) < 5) {
			add(.25, "a part that is called "+b.Text)
			break
		}
	}
	d.why = strings.Join(seen, ", ")
	return d
}

// paysWith reports whether a purpose is of the payment itself, which is never
// filled in here.
func paysWith(p find.Purpose) bool {
	return slices.Contains([]find.Purpose{find.ForCardNumber, find.ForCardExpiry, find.ForCardMonth, find.ForCardYear, find.ForCardCode, find.ForCardHolder, find.ForCardType, find.ForCardGiven, find.ForCardFamily, find.ForIBAN, find.ForBIC, find.ForPayment}, p)
}
