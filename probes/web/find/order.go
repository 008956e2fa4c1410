package find

import (
	"regexp"
	"slices"
	"strings"
)

// ofAccount reports whether a page is one of somebody's account: it is called
// so, or lets one out.
func (p *Page) ofAccount() bool {
	if p.titled(Account) >= .5 {
		return true
	}
	return slices.ContainsFunc(p.Labels, func(r Reading) bool { return r[LogOut] >= .6 }) || slices.ContainsFunc(p.Paths, func(r Reading) bool { return r[LogOut] >= .6 })
}

// Orders is the page of an account that lists its orders, or says that there
// are none: called so, or with a part that is.
func Orders(p *Page) (Arrival, bool) {
	if p.titled(Checkout) >= .6 {
		return Arrival{}, false
	}
	if p.titled(OrderStatus) >= .6 {
		return Arrival{Confidence: .85, Why: "a page of one's orders", Says: p.Title}, true
	}
	if !p.ofAccount() {
		return Arrival{}, false
	}
	for i, b := range p.Blocks {
		if !p.main(i) || b.Folded || len(b.Text) > 160 {
			continue
		}
		switch {
		case p.Bare[i].Has(NoOrders):
			return Arrival{Confidence: .85, Why: "a page of an account that says that there are no orders", Says: clipped(b.Text)}, true
		case b.Level > 0 && ReadLabel(b.Text)[OrderStatus] >= .5:
			return Arrival{Confidence: .8, Why: "a part of an account's page that lists one's orders", Says: clipped(b.Text)}, true
		}
	}
	return Arrival{}, false
}

// Lookup is a form that shows an order to one who knows its number.
func Lookup(p *Page) (Arrival, bool) {
	if p.titled(OrderStatus) < .5 && p.titled(CancelOrder, StartReturn) >= .6 {
		return Arrival{}, false
	}
	for _, b := range p.Forms {
		a := asked(b)
		if b.Hidden || b.Search || a.order != 1 || a.text > 0 || a.password > 0 || a.all > 4 || p.presses(b, CancelOrder, StartReturn) {
			continue
		}
		conf := .75
		if a.mail+a.address+a.personal > 0 {
			conf = .9
		}
		return Arrival{Confidence: conf, Why: "a form that asks for an order's number", Says: clipped(b.Text)}, true
	}
	return Arrival{}, false
}

// CancelForm and ReturnForm are what cancels an order, or begins to send one
// back, for one who knows its number: a form on a page that is called so, or
// whose button is. A form that takes a message to the shop is none.
func CancelForm(p *Page) (Arrival, bool) { return byNumber(p, CancelOrder) }

// ReturnForm is likewise for goods that go back.
func ReturnForm(p *Page) (Arrival, bool) { return byNumber(p, StartReturn) }

func byNumber(p *Page, act Concept) (Arrival, bool) {
	called := p.titled(act) >= .6 || act == StartReturn && p.titled(Returns) >= .6
	for _, b := range p.Forms {
		a := asked(b)
		if b.Hidden || b.Search || a.password > 0 || a.order == 0 || a.all > 12 {
			continue
		}
		switch said := Read(b.Text); {
		case p.presses(b, act):
			return Arrival{Confidence: .92, Why: "a form that takes an order's number, and a button that does it", Says: clipped(b.Text)}, true
		case called && (a.text == 0 || !said.Has(Contact)):
			return Arrival{Confidence: .8, Why: "a form that takes an order's number, on a page that is called so", Says: clipped(b.Text)}, true
		}
	}
	return Arrival{}, false
}

// presses reports whether a button of a form is called one of the acts.
func (p *Page) presses(b Box, acts ...Concept) bool {
	return slices.ContainsFunc(b.Buttons, func(ref int) bool {
		c := p.Control(ref)
		if c == nil || c.Hidden {
			return false
		}
		l := ReadLabel(c.Name)
		return slices.ContainsFunc(acts, func(act Concept) bool { return l[act] >= .5 && l[act] >= l[OrderStatus] })
	})
}

// Shows reports whether a page's main part names an order by its number.
func (p *Page) Shows(order string) bool {
	return p.whereIs(order) >= 0
}

// bears finds an order's number that stands alone.
func bears(order string) *regexp.Regexp {
	order = strings.TrimLeft(strings.TrimSpace(order), "#")
	if order == "" {
		return nil
	}
	return regexp.MustCompile(`(?:^|[^\p{L}\p{N}])` + regexp.QuoteMeta(order) + `(?:$|[^\p{L}\p{N}])`)
}

// whereIs gives how far down the page an order is named, -1 where it is not.
func (p *Page) whereIs(order string) float64 {
	number := bears(order)
	for i, b := range p.Blocks {
		if number != nil && p.main(i) && !b.Folded && number.MatchString(b.Text) {
			return b.Y
		}
	}
	return -1
}

// ToOrder gives what leads from a list of orders to one of them: a link that
// bears its number, or one that stands beside it.
func (p *Page) ToOrder(order string) *Control {
	number, at := bears(order), p.whereIs(order)
	if number == nil {
		return nil
	}
	var best *Control
	most := .3
	for i := range p.Controls {
		c := &p.Controls[i]
		if c.Hidden || !Harmless(c) || c.Area == Header || c.Area == Footer || c.Area == Consent || p.ends(i) {
			continue
		}
		s := 0.0
		switch {
		case number.MatchString(c.Name):
			s = .9
		case c.Href != "" && number.MatchString(c.Href):
			s = .8
		case at >= 0 && c.Area == Main && p.Labels[i][OrderDetails] >= .6:
			s = .7 - min(.4, abs(c.Y-at)/400)
		}
		if s > most {
			best, most = c, s
		}
	}
	return best
}

// ends reports whether a control is called, or leads, what cancels or returns.
func (p *Page) ends(i int) bool {
	return max(p.Labels[i][CancelOrder], p.Labels[i][StartReturn], p.Paths[i][CancelOrder]) >= .5
}

// Offer gives the control of an order's page that cancels it or begins its
// return, nil where there is none. Where a page lists several orders, it is the
// one that stands nearest to the order's number.
func (p *Page) Offer(act Concept, order string) *Control {
	var best *Control
	most, at := -10.0, p.whereIs(order)
	for i := range p.Controls {
		c := &p.Controls[i]
		if c.Hidden || c.Disabled || c.Area == Header || c.Area == Footer || c.Area == Nav || c.Area == Consent {
			continue
		}
		switch c.Role {
		case "button", "link", "menuitem", "":
		default:
			continue
		}
		s := p.Labels[i][act]
		// "Cancel" alone closes a form as often as it ends an order, and "Returns"
		// alone is the policy.
		if act == CancelOrder && c.Area == Main && s >= .5 && (p.Labels[i][Close] > s || len(Fold(c.Name)) <= len("cancel") && c.Form >= 0 && !c.Submits) {
			continue
		}
		if s < .5 {
			continue
		}
		if at >= 0 {
			s -= abs(c.Y-at) / 100
		}
		if s > most {
			best, most = c, s
		}
	}
	return best
}

// Confirms gives what goes through with it, once begun: in the dialog in front,
// else in the page.
func (p *Page) Confirms(act Concept, not ...int) *Control {
	var best *Control
	most := .5
	for i := range p.Controls {
		c := &p.Controls[i]
		if c.Hidden || c.Disabled || slices.Contains(not, c.Ref) || c.Area != Main && c.Area != Dialog || c.Href != "" && c.Role == "link" && p.Labels[i][act] < .5 {
			continue
		}
		if c.Role != "button" && c.Role != "link" && !c.Submits {
			continue
		}
		s := max(p.Labels[i][act], .9*p.Labels[i][ConfirmIt], .8*p.Labels[i][Next])
		if c.Area == Dialog {
			s += .3
		}
		if c.Submits {
			s += .1
		}
		if p.Labels[i][Close] > .8 || p.Labels[i][Search] > .6 || p.Labels[i][Newsletter] > .5 || p.Labels[i][LogOut] > .5 {
			continue
		}
		if s > most {
			best, most = c, s
		}
	}
	return best
}

// State gives what a page says of where an order stands, "" where nothing does:
// the words as the page writes them, those nearest to its number.
func (p *Page) State(order string) string {
	number, at := bears(order), p.whereIs(order)
	best, nearest := "", 0.0
	for i, b := range p.Blocks {
		if !p.main(i) || b.Folded || len(b.Text) > 300 || words(b.Text) > 40 || !p.Bare[i].Has(StateTalk) {
			continue
		}
		far := 0.0
		if at >= 0 {
			far = abs(b.Y - at)
		}
		if best == "" || far < nearest {
			best, nearest = b.Text, far
		}
	}
	if best != "" {
		return clipped(best)
	}
	for i, b := range p.Blocks {
		if p.main(i) && number != nil && number.MatchString(b.Text) && words(b.Text) > 1 {
			return clipped(b.Text)
		}
	}
	return ""
}
