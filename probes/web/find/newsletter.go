package find

import (
	"slices"

	"touchstone/internal/evidence"
)

// mailed are the goals of a visit that begins at a link in a mail: no search
// leads to them from a shop's start page. They are granted with the sign-up
// that they complete or undo.
var mailed = []Goal{
	{Name: "confirm-newsletter", About: "Confirms the newsletter at the link of a mail.", Budget: 3, Effects: []evidence.Effect{evidence.Subscribe}},
	{Name: "leave-newsletter", About: "Leaves the newsletter at the link of a mail.", Budget: 6, Effects: []evidence.Effect{evidence.Subscribe}},
}

// Mailed reports whether a goal begins at a link in a mail.
func Mailed(goal string) bool {
	return slices.ContainsFunc(mailed, func(g Goal) bool { return g.Name == goal })
}

// Leaver gives the control by which a page lets one leave its list, nil where
// it shows none; skip says which were pressed. What sends a form that speaks of
// leaving may be called anything.
func Leaver(p *Page, skip func(*Control) bool) (best *Control) {
	most := .38
	speaks := slices.ContainsFunc(p.Blocks, func(b Block) bool { return !b.Folded && b.Area == Main && Read(b.Text).Has(Unsubscribe) })
	for i := range p.Controls {
		c := &p.Controls[i]
		if c.Hidden || c.Disabled || c.Area == Consent || skip(c) {
			continue
		}
		switch c.Role {
		case "button", "link", "":
		default:
			continue
		}
		l := p.Labels[i]
		s := l[Unsubscribe]
		if c.Submits && l[Newsletter] < .6 {
			var form Box // one without fields is none of the page's
			if c.Form >= 0 {
				form = p.Forms[c.Form]
			}
			switch said := Read(form.Text); {
			case form.Search:
			case said.Has(Unsubscribe):
				s = max(s, .45)
			case speaks && !said.Has(Newsletter) && (c.Area == Main || c.Area == Dialog):
				s = max(s, .4)
			}
		}
		for _, other := range []Concept{GoOnShopping, Search, LogIn, Cart, Close, Refuse} {
			if l[other] > max(l[Unsubscribe], .6) {
				s = 0
			}
		}
		switch {
		case s == 0:
			continue
		case c.Area == Header || c.Area == Nav: // where "abmelden" ends a session
			s *= .4
		case c.Area == Footer || c.Area == Aside:
			s *= .8
		}
		if c.Submits {
			s += .05
		}
		if s > most {
			best, most = c, s
		}
	}
	return best
}

// LeaveAll gives a box or a choice that ends all subscriptions and is not
// chosen yet, nil where there is none.
func LeaveAll(p *Page) *Control {
	for i := range p.Controls {
		c := &p.Controls[i]
		if !c.Hidden && !c.Disabled && !c.Checked && (c.Role == "checkbox" || c.Role == "radio") && p.Labels[i][Unsubscribe] >= .4 {
			return c
		}
	}
	return nil
}

// AsksPassword reports whether a page wants a log-in.
func AsksPassword(p *Page) bool {
	return slices.ContainsFunc(p.Forms, func(b Box) bool { return !b.Hidden && asked(b).password > 0 })
}

// Clause gives what a page says of consent beside the box for a newsletter.
func Clause(p *Page, area Area) string {
	for _, b := range p.Blocks {
		if b.Folded || b.Area != area || len(b.Text) < 25 || len(b.Text) > 500 {
			continue
		}
		if m := Read(b.Text); m.Has(Privacy, Terms) && m.Has(Newsletter, Unsubscribe) {
			return clipped(b.Text)
		}
	}
	return ""
}
