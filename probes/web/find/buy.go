package find

import (
	"slices"
	"strings"
)

// A Chosen is one of the choices that a product asks for.
type Chosen struct {
	Group  string // what is chosen: "Size"
	Pick   string // what to choose
	Chosen bool   // it is chosen already
}

// Choice gives the next choice of a product's page that is not done, and the
// control that makes it: a list, a radio button, a swatch, a button of a row. Nil when none is
// left. How many, and which country, is none of them.
func Choice(p *Page, done map[string]bool) (*Control, Chosen) {
	add := p.Adder()
	if add == nil {
		return nil, Chosen{}
	}
	top := 0.0
	for i, b := range p.Blocks {
		if b.Level == 1 && p.main(i) {
			top = b.Y - 200
			break
		}
	}
	about := func(c *Control) bool {
		if c.Disabled && c.Tag != "select" || c.Item >= 0 && c.Item != add.Item || c.Area != Main && c.Area != Dialog || c.Area != add.Area && add.Area == Dialog {
			return false
		}
		same := c.Form >= 0 && c.Form == add.Form && p.Forms[c.Form].Area == c.Area
		return same || c.Y >= top && c.Y <= add.Y+250
	}
	skip := func(c *Control) bool {
		m := Read(c.Name + " " + c.Near)
		return m.Has(QuantityTalk, Search, Newsletter, Review, DeliveryTalk, GiftWrap, Wishlist) || sorts.has(c.Name+" "+c.Hint)
	}
	group := func(c *Control) string {
		for _, g := range []string{c.Near, c.Group} {
			if g != "" {
				return g
			}
		}
		return c.Name
	}
	rows := p.rows(about)
	for i := range p.Controls {
		c := &p.Controls[i]
		if !about(c) || skip(c) {
			continue
		}
		row, drawn := rows[i]
		switch {
		case drawn:
			if done[row] {
				continue
			}
			set := Chosen{Group: row, Pick: c.Name}
			for j, name := range rows {
				if o := &p.Controls[j]; name == row && (o.Checked || chosenHint(o.Hint)) {
					set.Pick, set.Chosen = o.Name, true
				}
			}
			return c, set
		case c.Tag == "select" && !c.Hidden && len(c.Options) > 1:
			g := group(c)
			if done[g] || numbersOnly(c.Options) {
				continue
			}
			first := c.Options[0]
			placeholder := first.Value == "" || first.Disabled || Read(first.Label).Has(ChooseTalk) || strings.HasPrefix(first.Label, "-")
			for j, o := range c.Options {
				if o.Disabled || o.Value == "" && j == 0 || j == 0 && placeholder || Read(o.Label).Has(OutOfStock) {
					continue
				}
				return c, Chosen{g, o.Label, c.Value != "" && !(placeholder && c.Value == first.Label)}
			}
		case c.Role == "radio":
			g := group(c)
			if done[g] || c.Hidden {
				continue
			}
			set := Chosen{Group: g, Pick: c.Name}
			for j := range p.Controls {
				if o := &p.Controls[j]; o.Role == "radio" && group(o) == g && o.Checked {
					set.Pick, set.Chosen = o.Name, true
				}
			}
			if Read(c.Name).Has(OutOfStock) && !set.Chosen {
				continue
			}
			return c, set
		case swatch(c):
			g := c.Near
			if g == "" {
				g = swatchGroup(c)
			}
			if done[g] || c.Hidden {
				continue
			}
			set := Chosen{Group: g, Pick: c.Name}
			for j := range p.Controls {
				if o := &p.Controls[j]; swatch(o) && abs(o.Y-c.Y) < 30 && (o.Checked || chosenHint(o.Hint)) {
					set.Pick, set.Chosen = o.Name, true
				}
			}
			return c, set
		}
	}
	return nil, Chosen{}
}

// swatch reports whether a control is one of a product's options drawn as a
// button.
func swatch(c *Control) bool {
	if c.Href != "" && !strings.Contains(c.Href, "#") || c.Submits || c.Role != "button" && c.Role != "option" && c.Role != "" || c.Tag == "select" || c.Name == "" || len(c.Name) > 30 {
		return false
	}
	h := " " + Fold(c.Hint) + " "
	for _, w := range []string{" swatch", " variant", " variation", " option", " size ", " colour ", " color ", " sku "} {
		if strings.Contains(h, w) && !strings.Contains(h, " options ") {
			return true
		}
	}
	return false
}

func swatchGroup(c *Control) string {
	h := Fold(c.Hint)
	for _, w := range []string{"colour", "color", "size", "variant", "swatch", "option"} {
		if strings.Contains(h, w) {
			return w
		}
	}
	return "option"
}

func chosenHint(h string) bool {
	f := " " + Fold(h) + " "
	return strings.Contains(f, " selected ") || strings.Contains(f, " active ") || strings.Contains(f, " checked ") || strings.Contains(f, " is active ")
}

func numbersOnly(list []Pick) bool {
	return !slices.ContainsFunc(list, func(o Pick) bool { return strings.Trim(o.Label, "0123456789+ ") != "" }) && len(list) >= 5
}

type wordSet map[string]bool

func (s wordSet) has(text string) bool {
	for w := range strings.FieldsSeq(Fold(text)) {
		if s[w] {
			return true
		}
	}
	return false
}

// sorts are words of lists that sort or localise rather than choose.
var sorts = wordSet{"sort": true, "sorting": true, "orderby": true, "currency": true, "language": true, "country": true, "sortierung": true, "sprache": true, "wahrung": true, "trier": true, "ordenar": true, "ordina": true, "sorteren": true, "qty": true, "quantity": true, "menge": true, "anzahl": true, "month": true}

// Added says by what a page shows, against how it was before, that a product
// lies in the basket; empty when nothing does.
func Added(before, after *Page, name string) string {
	had, has := BasketOf(before, name), BasketOf(after, name)
	if has.Shown && !has.Empty && has.Lines > 0 && (!had.Shown || had.Empty) && (has.Says != "" || after.titled(Cart) >= .55 || has.Drawer) {
		return "the basket is shown with it"
	}
	talks := func(p *Page) (n int) {
		for i, b := range p.Blocks {
			if p.Said[i].Has(AddedTalk) && words(b.Text) < 40 && !b.Folded {
				n++
			}
		}
		return n
	}
	if talks(after) > talks(before) {
		return "the page says that it was added"
	}
	if b, a := cartCount(before), cartCount(after); a > b {
		return "the count at the basket went up"
	}
	return ""
}

// cartCount gives the number that stands at the way to the basket, -1 for none.
func cartCount(p *Page) int {
	most := -1
	for i := range p.Controls {
		c := &p.Controls[i]
		if c.Hidden || c.Area != Header && c.Area != Nav && c.Y > 200 || c.Item >= 0 {
			continue
		}
		if p.Labels[i][Cart] < .35 && !Read(c.Hint).Has(Cart) && p.Paths[i][Cart] < .6 {
			continue
		}
		n, any := 0, false
		name := c.Name
		for _, pr := range Prices(name) {
			name = strings.ReplaceAll(name, pr.Text, " ")
		}
		for _, w := range strings.FieldsFunc(name, func(r rune) bool { return r < '0' || r > '9' }) {
			if len(w) <= 3 {
				n, any = 0, true
				for _, r := range w {
					n = n*10 + int(r-'0')
				}
				break
			}
		}
		if any {
			most = max(most, n)
		}
	}
	if most >= 0 {
		return most
	}
	// A badge beside the icon.
	for _, b := range p.Blocks {
		if (b.Area == Header || b.Area == Nav) && b.Y < 200 && len(b.Text) <= 3 && strings.Trim(b.Text, "0123456789") == "" && b.Text != "" {
			n := 0
			for _, r := range b.Text {
				n = n*10 + int(r-'0')
			}
			most = max(most, n)
		}
	}
	return most
}

// LinePrice gives what one piece of a product costs in the basket: the first
// amount beside its name.
func LinePrice(p *Page, name string) Price {
	for i, b := range p.Blocks {
		if b.Area == Header || b.Area == Footer || !like(b.Text, name) {
			continue
		}
		if ps := Prices(b.Text); len(ps) > 0 {
			return ps[0]
		}
		for j := i + 1; j < len(p.Blocks) && j <= i+9; j++ {
			if p.Said[j].Has(SubtotalTalk) && words(p.Blocks[j].Text) > 1 {
				break
			}
			if ps := Prices(p.Blocks[j].Text); len(ps) > 0 && !p.Blocks[j].Struck {
				return ps[0]
			}
		}
	}
	return Price{}
}

// A Door is what a checkout begins with.
type Door struct {
	Guest, Account bool   // offered
	First          string // of the two, what stands first: "guest", "account", "" where only one is
	Forced         bool   // there is no way without an account
	Confidence     float64
	Why            string
}

// Threshold reads the page that a checkout begins with; before is the basket
// that led there.
func Threshold(p, before *Page) (Door, bool) {
	var d Door
	guestY, accountY := 1e9, 1e9
	for i, c := range p.Controls {
		if c.Hidden || c.Area == Footer || c.Area == Consent || c.Area == Header || c.Area == Nav {
			continue
		}
		if p.Labels[i][Guest] >= .4 {
			d.Guest, guestY = true, min(guestY, c.Y)
		}
		if p.Labels[i][LogIn] >= .5 || p.Labels[i][Register] >= .5 {
			d.Account, accountY = true, min(accountY, c.Y)
		}
	}
	for i, b := range p.Blocks {
		if !p.main(i) || b.Folded {
			continue
		}
		if p.Said[i].Has(Guest) && words(b.Text) < 25 && !p.Said[i].Has(ForcedTalk) {
			d.Guest, guestY = true, min(guestY, b.Y)
		}
		if p.Said[i].Has(LogIn, Register) && words(b.Text) < 20 {
			d.Account, accountY = true, min(accountY, b.Y)
		}
		d.Forced = d.Forced || p.Said[i].Has(ForcedTalk)
	}
	personal, password, address := 0, 0, 0
	for _, f := range p.Forms {
		if f.Hidden || f.Search || f.Area == Footer || f.Area == Header || f.Area == Nav || f.Area == Consent {
			continue
		}
		logs := slices.ContainsFunc(f.Inputs, func(in Input) bool { return in.Type == "password" && !in.Hidden })
		for _, in := range f.Inputs {
			if in.Hidden {
				continue
			}
			about := " " + Fold(in.Name+" "+in.About) + " "
			if !logs && (personalField(about) || in.Type == "email") {
				guestY = min(guestY, controlY(p, in.Ref))
			}
			switch {
			case in.Type == "password":
				password++
				accountY = min(accountY, controlY(p, in.Ref))
				d.Account = true
			case personalField(about):
				personal++
				if addressField(about) {
					address++
				}
			case in.Type == "email" || in.Type == "tel":
				personal++
			}
		}
	}
	titled := p.titled(Checkout) >= .55 || p.headed(Checkout)
	changed := p.URL != before.URL
	switch {
	case password > 0 && (titled || changed) && (d.Account || personal > 0):
		d.Confidence, d.Why = .8, "a log-in or an account stands before it"
	case address > 0 || personal >= 2:
		d.Confidence, d.Why = .9, "it asks who the customer is"
	case titled && (personal > 0 || d.Guest || d.Account):
		d.Confidence, d.Why = .8, "it calls itself checkout"
	case titled && changed && p.titled(Cart) < .6:
		d.Confidence, d.Why = .6, "it calls itself checkout"
	case changed && p.titled(Cart) < .6 && p.asksWays():
		d.Confidence, d.Why = .75, "it asks how to deliver and how to pay"
	default:
		return d, false
	}
	if address > 0 && password == 0 && !d.Forced {
		d.Guest = true // it just asks for the address
	}
	if !d.Guest && password > 0 {
		d.Forced = true
	}
	if d.Guest {
		d.Forced = false
	}
	switch {
	case d.Guest && d.Account && guestY < accountY:
		d.First = "guest"
	case d.Guest && d.Account:
		d.First = "account"
	case d.Guest:
		d.First = "guest"
	case d.Account:
		d.First = "account"
	}
	if titled {
		d.Confidence = clamp(d.Confidence + .05)
	}
	return d, true
}

// asksWays reports whether a page lets one choose among ways of delivery and ways
// to pay, as a first step of some checkouts does.
func (p *Page) asksWays() bool {
	radios := 0
	for i := range p.Controls {
		if c := &p.Controls[i]; c.Role == "radio" && !c.Hidden && c.Area == Main {
			radios++
		}
	}
	delivery, pay := false, false
	for i, b := range p.Blocks {
		if p.main(i) && !b.Folded && len(b.Text) < 80 {
			delivery = delivery || p.Bare[i].Has(Delivery, DeliveryTalk)
			pay = pay || p.Bare[i].Has(Payments, PayWays)
		}
	}
	return radios >= 2 && delivery && pay
}

func controlY(p *Page, ref int) float64 {
	if c := p.Control(ref); c != nil {
		return c.Y
	}
	return 1e9
}

// personal and address fields, by what they are called: enough to know a
// checkout, not to fill it in.
func personalField(about string) bool {
	return addressField(about) || containsAny(about, " name", "vorname", "nachname", " nom ", "prenom", "nombre", "apellido", "cognome", "achternaam", "voornaam", "imie", "nazwisko", "namn", "navn", "nimi", "jmeno", "prijmeni", "氏名", "お名前", "姓", "名", "email", "e mail", "mail", "telefon", "phone")
}

func addressField(about string) bool {
	return containsAny(about, "address", "street", "strasse", "postcode", "postal", "zip", "plz", "adresse", "rue ", "code postal", "ville", "direccion", "codigo postal", "ciudad", "indirizzo", "cap ", "citta", "straat", "adres", "ulica", "kod pocztowy", "miasto", "gatuadress", "postnummer", "vej ", "gade", "katuosoite", "osoite", "postinumero", "ulice", "psc ", "mesto", "住所", "郵便", "郵便番号", "市区町村", "地址", "邮编", "city", "town", " ort ", "stadt", "morada", "endereco", "cep ")
}

func containsAny(s string, parts ...string) bool {
	for _, part := range parts {
		if strings.Contains(s, part) {
			return true
		}
	}
	return false
}
