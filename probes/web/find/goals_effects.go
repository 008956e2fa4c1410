package find

import (
	"slices"
	"strings"

	"touchstone/internal/evidence"
)

// Doings are the goals that may change something at the shop beyond the visitor's
// own basket, in the order in which one visit can do them all: what needs an
// account comes after what opens one.
func Doings() []Goal { return slices.Clone(doings) }

// doings is their one list. Each is done only where all its effects are granted.
var doings = []Goal{
	{Name: "fill-checkout", About: "Fills in the checkout with the persona, form by form, until it asks for money.", Budget: 8, Effects: []evidence.Effect{evidence.FillCheckout}, Perhaps: []evidence.Effect{evidence.Register},
		Leads: []Lead{{Checkout, 1}}},
	{Name: "reach-payment", About: "Comes to where the checkout asks for money, and stops there.", Budget: 8, Effects: []evidence.Effect{evidence.FillCheckout}, Perhaps: []evidence.Effect{evidence.Register},
		Leads: []Lead{{Checkout, 1}}},
	{Name: "declined-card", About: "Pays with the test card that the site's payment sandbox declines, and sees how the shop says so.", Budget: 8, Effects: []evidence.Effect{evidence.FillCheckout, evidence.DeclineCard}, Perhaps: []evidence.Effect{evidence.Register},
		Leads: []Lead{{Checkout, 1}}},
	{Name: "newsletter-sign-up", About: "Signs up to the newsletter with the probe's own address.", Budget: 6, Effects: []evidence.Effect{evidence.Subscribe}, Arrived: newsletterBox,
		Leads: []Lead{{Newsletter, 1}, {About, .25}}},
	{Name: "submit-contact-form", About: "Finds the form that asks a person, and sends a question.", Budget: 8, Effects: []evidence.Effect{evidence.SubmitForm}, Arrived: messageForm,
		Leads: []Lead{{Contact, 1}, {Email, .6}, {Help, .6}, {Imprint, .4}, {About, .35}}},
	{Name: "register", About: "Opens an account.", Budget: 8, Effects: []evidence.Effect{evidence.Register}, Arrived: registration,
		Leads: []Lead{{Register, 1}, {LogIn, .85}, {Account, .85}}},
	{Name: "log-in", About: "Logs out of the account that the visit has opened, and in again.", Budget: 8, Effects: []evidence.Effect{evidence.Register, evidence.LogIn}, Arrived: logInForm,
		Leads: []Lead{{LogIn, 1}, {Account, .9}, {Register, .5}}},
	{Name: "change-address", About: "Changes the address in the account that the visit has opened.", Budget: 8, Effects: []evidence.Effect{evidence.Register, evidence.ChangeAccount}, Arrived: addressForm,
		Leads: []Lead{{AddressBook, 1}, {Account, .6}}},
	{Name: "change-password", About: "Changes the password of the account that the visit has opened.", Budget: 8, Effects: []evidence.Effect{evidence.Register, evidence.ChangeAccount}, Arrived: passwordForm,
		Leads: []Lead{{PasswordPage, 1}, {Account, .6}}},
	{Name: "order-status", About: "Finds where an order stands: by its number, and in an account, the customer's that the site names or one that the visit opens where it may.", Budget: 10, Perhaps: []evidence.Effect{evidence.LogIn, evidence.Register}, Arrived: Lookup,
		Leads: []Lead{{OrderStatus, 1}, {Account, .6}, {LogIn, .5}, {Help, .4}, {Contact, .3}, {Delivery, .3}}},
	{Name: "cancel-order", About: "Finds what cancels an order, and presses it where that is granted.", Budget: 10, Perhaps: []evidence.Effect{evidence.LogIn, evidence.ChangeAccount}, Arrived: CancelForm,
		Leads: []Lead{{CancelOrder, 1}, {ChangeOrder, .8}, {Returns, .5}, {OrderStatus, .5}, {Help, .45}, {Account, .3}}},
	{Name: "start-return", About: "Finds what begins to send an order back, and begins it where that is granted.", Budget: 10, Perhaps: []evidence.Effect{evidence.LogIn, evidence.ChangeAccount}, Arrived: ReturnForm,
		Leads: []Lead{{StartReturn, 1}, {Returns, .85}, {OrderStatus, .5}, {Help, .45}, {Account, .3}}},
}

// filled in by kind: how many of a form's seen inputs are such.
type asks struct{ all, mail, password, text, address, personal, order int }

func asked(b Box) (a asks) {
	for _, in := range b.Inputs {
		if in.Hidden || in.Type == "hidden" || in.Type == "submit" || in.Type == "button" || in.Type == "image" {
			continue
		}
		about := " " + Fold(in.Name+" "+in.About) + " "
		switch {
		case in.Type == "checkbox" || in.Type == "radio":
			continue
		case in.Type == "password":
			a.password++
		case in.Tag == "textarea":
			a.text++
		case in.Type == "email" || containsAny(about, " mail ", "email", "e mail", "メール", "邮箱", "courriel", "correo"):
			a.mail++
		case addressField(about):
			a.address++
		case Read(in.Name+" "+in.About).Has(OrderTalk) || containsAny(about, "order", "bestell", "commande", "pedido", "ordine", "zamowien", "注文", "订单"):
			a.order++
		case personalField(about):
			a.personal++
		}
		a.all++
	}
	return a
}

// newsletterBox is one that asks for a mail address and little else, and says
// that it is for a newsletter.
func newsletterBox(p *Page) (Arrival, bool) {
	for _, b := range p.Forms {
		if w := Subscribes(b); w > 0 && !b.Hidden {
			return Arrival{Confidence: w, Why: "a form for the newsletter", Says: clipped(b.Text)}, true
		}
	}
	return Arrival{}, false
}

// Subscribes says how surely a form is one for a newsletter, 0 when it is none.
func Subscribes(b Box) float64 {
	a := asked(b)
	if a.mail != 1 || a.password+a.text+a.address+a.order > 0 || a.all > 4 || b.Search {
		return 0
	}
	said := Read(b.Text)
	switch {
	case said.Has(Newsletter):
		return .9
	case b.Area == Footer && !said.Has(Contact, OrderStatus):
		return .6
	}
	return 0
}

func messageForm(p *Page) (Arrival, bool) {
	contact := p.titled(Contact) >= .5 || p.headed(Contact)
	for _, b := range p.Forms {
		if b.Hidden || b.Search || b.Area == Consent || !messages(b, contact) {
			continue
		}
		conf := .75
		if contact {
			conf = .92
		}
		return Arrival{Confidence: conf, Why: "a form with a field for a message", Says: clipped(b.Text)}, true
	}
	return Arrival{}, false
}

// registration is a form that asks for a password to be made.
func registration(p *Page) (Arrival, bool) {
	for _, b := range p.Forms {
		if w := Registers(b); w > 0 && !b.Hidden {
			return Arrival{Confidence: w, Why: "a form that opens an account", Says: clipped(b.Text)}, true
		}
	}
	return Arrival{}, false
}

// Registers says how surely a form opens an account, 0 when it does not.
func Registers(b Box) float64 {
	a := asked(b)
	said := Read(b.Text)
	switch {
	case b.Area == Consent || a.password == 0 || a.mail == 0 && a.personal == 0:
		return 0
	case a.password >= 2 || a.personal+a.address >= 2:
		return .92
	case a.personal+a.address == 1, said.Has(Register) && !said.Has(LogIn):
		return .85
	}
	return 0
}

// logInForm is one that asks who one is and for one password.
func logInForm(p *Page) (Arrival, bool) {
	for _, b := range p.Forms {
		a := asked(b)
		if b.Hidden || a.password != 1 || a.all > 3 || a.all < 2 || Registers(b) > .9 {
			continue
		}
		conf := .75
		if Read(b.Text).Has(LogIn) {
			conf = .92
		}
		return Arrival{Confidence: conf, Why: "a form that asks for the password", Says: clipped(b.Text)}, true
	}
	return Arrival{}, false
}

func addressForm(p *Page) (Arrival, bool) {
	for _, b := range p.Forms {
		if a := asked(b); !b.Hidden && a.password == 0 && a.address >= 2 && p.titled(Checkout) < .5 {
			return Arrival{Confidence: .85, Why: "a form that asks for an address", Says: clipped(b.Text)}, true
		}
	}
	return Arrival{}, false
}

// passwordForm asks for a new password, and for nothing of a new account.
func passwordForm(p *Page) (Arrival, bool) {
	for _, b := range p.Forms {
		a := asked(b)
		if b.Hidden || a.password < 2 || a.address > 0 || a.mail > 0 && p.titled(PasswordPage) < .5 || p.titled(Register) >= .7 {
			continue
		}
		return Arrival{Confidence: .85, Why: "a form that takes another password", Says: clipped(b.Text)}, true
	}
	return Arrival{}, false
}

// GuestWay gives the control that goes on without an account, nil when none is
// seen.
func GuestWay(p *Page, roles ...string) *Control {
	var best *Control
	most := .4
	for i := range p.Controls {
		c := &p.Controls[i]
		if c.Hidden || c.Disabled || c.Checked || c.Area != Main && c.Area != Dialog || len(roles) > 0 && !slices.Contains(roles, c.Role) {
			continue
		}
		if s := p.Labels[i][Guest]; s >= most {
			best, most = c, s+.01
		}
	}
	return best
}

// Onward gives what goes on from a step of a checkout, the likeliest first. of
// says of a control how it belongs to the forms of the step: 1 it sends one of
// them, -1 it belongs to another form, 0 neither.
func Onward(p *Page, of func(ref int) int) (list []*Control) {
	type scored struct {
		c *Control
		s float64
	}
	var all []scored
	for i := range p.Controls {
		c := &p.Controls[i]
		if c.Hidden || c.Disabled || c.Area != Main && c.Area != Dialog || c.Item >= 0 && c.Href != "" {
			continue
		}
		switch c.Role {
		case "button", "link", "":
		default:
			continue
		}
		l := p.Labels[i]
		s := max(l[Next], .7*l[Checkout], .5*l[Payments], .5*l[Delivery])
		side := of(c.Ref)
		for _, other := range []Concept{LogIn, Remove, Update, Wishlist, GoOnShopping, Newsletter, Search, Cart, Terms, Privacy, Help, Contact, Returns, BuyNow, Close} {
			if l[other] > s {
				s = 0
			}
		}
		switch {
		case side < 0 || c.Href != "" && s < .5:
			continue
		case side > 0 && c.Submits:
			s += .5
		case side > 0:
			s += .2
		case c.Submits:
			s += .1
		}
		if s >= .45 {
			all = append(all, scored{c, s})
		}
	}
	slices.SortStableFunc(all, func(a, b scored) int {
		switch {
		case a.s > b.s:
			return -1
		case a.s < b.s:
			return 1
		}
		return 0
	})
	for _, x := range all {
		list = append(list, x.c)
	}
	return list
}

func clipped(s string) string {
	s = strings.TrimSpace(s)
	if r := []rune(s); len(r) > 160 {
		return string(r[:159]) + "…"
	}
	return s
}
