package find

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// A Product is what a page of one product shows.
type Product struct {
	Name       string
	Price      Price
	Add        int  // the number of the control that puts it into the basket; 0: none
	Sold       bool // it says that there is none to be had
	InStock    bool // it says that there is
	Confidence float64
}

// cartPath are the ends of addresses at which shop systems take something into
// the basket.
var cartPath = regexp.MustCompile(`(?i)/cart/add|add-?to-?(cart|basket|bag)|addtocart|add_to_cart|/(cart|basket|warenkorb|panier|checkout/line-item)(/|\?|$|\.)|line_items|action=add|route=checkout/cart|\bcart\.php|order_items|cart-addproduct|populate`)

// Adder gives the control that puts the page's product into the basket, nil
// when there is none. What belongs to the entries of lists is passed over,
// unless it is all there is.
func (p *Page) Adder() *Control {
	var best *Control
	most := 0.0
	for i := range p.Controls {
		c := &p.Controls[i]
		if c.Hidden || c.Area == Consent || c.Area == Footer || c.Area == Nav || c.Role == "textbox" || c.Role == "combobox" || c.Role == "radio" || c.Role == "checkbox" || c.Tag == "label" || c.Tag == "select" {
			continue
		}
		s := p.Labels[i][AddToCart]
		if p.Labels[i][Wishlist] > .5 || p.Labels[i][Compare] > .5 || p.Labels[i][GiftCard] > .6 {
			continue
		}
		// "Buy now" orders in one press; what only opens a list is a link.
		takes := p.takes(c) && p.Labels[i][Remove] < .5 && p.Labels[i][Update] < .5 && p.Labels[i][Newsletter] < .5
		// So does a form with one piece to order, whatever its button is called.
		if takes && p.Labels[i][Checkout] < .9 && p.orders(c) {
			s = max(s, p.Labels[i][Checkout])
		}
		if p.Labels[i][BuyNow] >= s && p.Labels[i][BuyNow] > .6 || p.Labels[i][Checkout] > s {
			continue
		}
		if hint := Read(c.Hint); hint.Has(AddToCart) {
			s += .2
		}
		if takes {
			s = max(s, .5)
		}
		if c.Item >= 0 {
			s *= .55
		}
		if c.Area == Header {
			s *= .5
		}
		if c.Href != "" && c.Item < 0 && !cartPath.MatchString(c.Href) {
			s *= .6
		}
		if s > most {
			best, most = c, s
		}
	}
	if most < .45 {
		return nil
	}
	return best
}

// takes reports whether a control sends its form to where shop systems fill
// baskets.
func (p *Page) takes(c *Control) bool {
	if !c.Submits || c.Form < 0 || c.Form >= len(p.Forms) {
		return false
	}
	f := p.Forms[c.Form]
	return cartPath.MatchString(f.Action) && f.Method == "POST" && f.Area != Header && !f.Search
}

// orders reports whether a control's form asks how many, of one thing alone:
// a basket's own page asks it of each line.
func (p *Page) orders(c *Control) bool {
	if p.titled(Cart, Checkout) >= .6 {
		return false
	}
	many := 0
	for _, f := range p.Forms {
		for _, in := range f.Inputs {
			if in.Type == "number" && in.Value == "1" {
				many++
			}
		}
	}
	return many == 1 && slices.ContainsFunc(p.Forms[c.Form].Inputs, func(in Input) bool { return in.Type == "number" && in.Value == "1" })
}

// ProductOf tells whether a page is one product's, and what it shows of it.
func ProductOf(p *Page) (Product, bool) {
	var pr Product
	score := 0.0
	marked := slices.Contains(p.Data.Types, "Product") || slices.Contains(p.Data.Types, "ProductGroup") || strings.HasPrefix(p.Data.OGType, "product")
	if marked {
		score += .35
	}
	add := p.Adder()
	own := add != nil && (add.Item < 0 || p.goods() <= 1)
	if own {
		pr.Add = add.Ref
		score += .35
	}
	heads := 0
	for i, b := range p.Blocks {
		if b.Level == 1 && p.main(i) {
			heads++
			if pr.Name == "" {
				pr.Name = b.Text
			}
		}
	}
	if pr.Name == "" && marked {
		pr.Name = p.Data.Product
	}
	if pr.Name == "" {
		// Old shops head their products with something smaller.
		for i, b := range p.Blocks {
			if b.Level == 2 && p.main(i) {
				pr.Name = b.Text
				break
			}
		}
	}
	if pr.Name == "" && own {
		// Or with nothing: then the window's title has to do.
		pr.Name, _, _ = strings.Cut(p.Title, " - ")
	}
	if pr.Name != "" {
		score += .1
	}
	pr.Price, _ = p.price(pr.Name, add)
	if pr.Price.Text != "" {
		score += .2
	}
	if p.titled(Cart, Checkout) >= .6 || p.titled(Search) >= .6 && p.goods() > 1 {
		score -= .4
	}
	if p.goods() >= 3 && !marked && !own {
		score -= .4
	}
	for i, b := range p.Blocks {
		if p.main(i) && !b.Folded && (add == nil || b.Y < add.Y+900) {
			pr.Sold = pr.Sold || p.Said[i].Has(OutOfStock) && words(b.Text) < 12
			pr.InStock = pr.InStock || p.Said[i].Has(InStock) && words(b.Text) < 14
		}
	}
	pr.Confidence = clamp(score)
	return pr, score >= .6 && pr.Name != "" && (own || marked)
}

// price gives the product's price: what stands nearest to its name and to what
// puts it into the basket, struck ones passed over.
func (p *Page) price(name string, add *Control) (Price, bool) {
	from := 0.0
	for i, b := range p.Blocks {
		if p.main(i) && b.Text == name && b.Level > 0 {
			from = b.Y
			break
		}
	}
	var best Price
	near := 1e9
	for i, b := range p.Blocks {
		if !p.main(i) || b.Struck || b.Folded || words(b.Text) > 14 || p.Said[i].Has(DeliveryTalk, DeliveryPrice, FreeTalk, OverTalk) && words(b.Text) > 3 || b.Y < from-60 {
			continue
		}
		list := Prices(b.Text)
		if len(list) == 0 || list[0].Minor == 0 {
			continue
		}
		pr := list[0]
		if len(list) == 2 && p.Said[i].Has(SaleTalk) {
			pr = list[1] // "was £9, now £7"
			if list[0].Minor < pr.Minor {
				pr = list[0]
			}
		}
		d := b.Y - from
		if add != nil {
			d = min(d, abs(b.Y-add.Y))
		}
		if d < near {
			best, near = pr, d
		}
	}
	if near == 1e9 && add != nil {
		// Each option says its own.
		for i := range p.Controls {
			c := &p.Controls[i]
			if c.Hidden || c.Form != add.Form || c.Form < 0 {
				continue
			}
			for _, text := range append([]string{c.Value, c.Name}, labelsOf(c.Options)...) {
				if list := Prices(text); len(list) > 0 {
					return list[0], true
				}
			}
		}
	}
	return best, near < 1e9
}

func labelsOf(list []Pick) (labels []string) {
	for _, o := range list {
		labels = append(labels, o.Label)
	}
	return labels
}

func abs(x float64) float64 { return max(x, -x) }

// productPage proves one product's page that can be bought from.
func productPage(p *Page) (Arrival, bool) {
	pr, ok := ProductOf(p)
	if !ok || pr.Price.Text == "" {
		return Arrival{}, false
	}
	why := "one product, its price"
	if pr.Add != 0 {
		why += ", and what puts it into the basket"
	}
	if pr.Sold && pr.Add == 0 {
		why += "; sold out"
	}
	return Arrival{Confidence: pr.Confidence, Why: why, Says: pr.Name + ", " + pr.Price.Text}, pr.Add != 0 || pr.Sold
}

// A Basket is what a page or a drawer shows of it.
type Basket struct {
	Shown    bool   // the basket is shown at all
	Empty    bool   // and said to be empty
	Lines    int    // of goods
	Total    Price  // zero when none is shown
	Checkout int    // the number of the control that leads to the checkout; 0: none
	Drawer   bool   // it lies over the page
	Says     string // the first line
	Removes  []int  // the numbers of what takes lines out
}

// BasketOf reads the basket on a page. named are what is known to have been put
// into it; a line with a name counts even where nothing takes it out.
func BasketOf(p *Page, named ...string) Basket {
	var b Basket
	header := false // a small basket hangs below the header's button
	titled := p.titled(Cart) >= .55 && p.titled(Checkout) < .75
	for i := range p.Controls {
		c := &p.Controls[i]
		if c.Hidden || c.Area == Consent || c.Area == Footer || c.Role == "radio" || c.Role == "checkbox" {
			continue
		}
		l := p.Labels[i]
		if s := max(l[Checkout], .8*p.Paths[i][Checkout]); s >= .6 && !c.Disabled && c.Role != "textbox" && l[BuyNow] < s && l[GoOnShopping] < .5 && (b.Checkout == 0 || c.Area != Header) {
			if c.Area != Header && c.Area != Nav || b.Checkout == 0 {
				b.Checkout = c.Ref
				b.Drawer = b.Drawer || c.Area == Dialog || c.Area == Aside
				header = c.Area == Header
			}
		}
		if (l[Remove] >= .6 || Read(c.Hint).Has(Remove) && len(c.Name) <= 2) && (c.Area == Main || c.Area == Dialog || c.Area == Aside || c.Area == Header) {
			b.Removes = append(b.Removes, c.Ref)
		}
	}
	headed, called := false, false
	inside := func(a Area) bool { return a == Main || a == Dialog || a == Aside || a == Header }
	for i, k := range p.Blocks {
		if k.Folded || !inside(k.Area) {
			continue
		}
		if k.Area != Header && p.Said[i].Has(EmptyCart) && words(k.Text) < 16 && (titled || p.Said[i].Has(Cart)) {
			b.Empty = true
		}
		if k.Level > 0 && ReadLabel(k.Text)[Cart] >= .5 && k.Area != Header {
			headed = true
			b.Drawer = b.Drawer || k.Area == Dialog || k.Area == Aside
		}
		called = called || (k.Area == Dialog || k.Area == Aside) && words(k.Text) <= 4 && ReadLabel(k.Text)[Cart] >= .8
		if p.Said[i].Has(TotalTalk, SubtotalTalk) && (k.Area != Header || header) {
			prices := Prices(k.Text)
			for j := i + 1; len(prices) == 0 && j <= i+2 && j < len(p.Blocks) && words(p.Blocks[j].Text) <= 6; j++ {
				prices = Prices(p.Blocks[j].Text)
			}
			if len(prices) > 0 {
				b.Total = prices[len(prices)-1]
			}
		}
		for _, n := range named {
			if n != "" && b.Says == "" && (k.Area != Header || header) && like(k.Text, n) {
				b.Says = k.Text
			}
		}
	}
	// What a drawer says lies in it does not stand on the page behind it.
	if b.Drawer && headed && !titled {
		b.Says = ""
		for _, k := range p.Blocks {
			if !k.Folded && (k.Area == Dialog || k.Area == Aside || k.Area == Header && header) {
				for _, n := range named {
					if n != "" && b.Says == "" && like(k.Text, n) {
						b.Says = k.Text
					}
				}
			}
		}
	}
	amounts := 0
	for _, f := range p.Forms {
		if f.Hidden || f.Area == Footer || f.Area == Header && !b.Drawer {
			continue
		}
		for _, in := range f.Inputs {
			if !in.Hidden && (in.Type == "number" || Read(in.Name+" "+in.About).Has(QuantityTalk)) {
				amounts++
			}
		}
	}
	b.Lines = max(min(len(b.Removes), 50), min(amounts, 50))
	if b.Says != "" {
		b.Lines = max(b.Lines, 1)
	}
	b.Drawer = b.Drawer || header && b.Says != ""
	if called && b.Says != "" && b.Total.Text != "" { // a box in front that says so without a heading
		headed, b.Drawer = true, true
	}
	switch {
	case b.Checkout == 0 && titled && !b.Drawer && b.Says != "":
		b.Checkout = p.goesOn()
	case b.Checkout == 0 && b.Drawer && b.Says != "":
		b.Checkout = p.toBasket()
	}
	b.Shown = titled || headed || b.Empty || b.Drawer && b.Checkout != 0 && b.Total.Text != ""
	if b.Empty && b.Checkout == 0 {
		b.Lines = 0
	} else if b.Checkout != 0 && b.Total.Text != "" {
		b.Empty = false
	}
	// Some show an empty one with its sums and its way to the checkout.
	if b.Total.Text != "" && b.Total.Minor == 0 && len(b.Removes) == 0 && amounts == 0 && b.Says == "" {
		b.Empty, b.Lines = true, 0
	}
	return b
}

// emptying begins or ends the name of what empties a whole basket.
var emptying = regexp.MustCompile(`^(empty|clear|vider|vaciar|svuota|esvaziar|oproznij|tom|tyhjenna|vyprazdnit) | (leeren|legen)$`)

// TakesOut reports whether a control may take something out of a basket: it is
// no way to it. What hints at it counts where the name does not speak of a
// basket: the ways to one bear the number of what lies in it.
func TakesOut(c *Control) bool {
	said := ReadLabel(c.Name)
	return said[Remove] >= .5 || emptying.MatchString(Fold(c.Name)) || said[Cart] < .35 && Read(c.Hint).Has(Remove, QuantityTalk)
}

// toBasket gives the number of what leads on from a drawer to the basket's own
// page; 0: nothing does.
func (p *Page) toBasket() (ref int) {
	best := .6
	for i := range p.Controls {
		c := &p.Controls[i]
		if (c.Area == Dialog || c.Area == Aside) && !c.Hidden && !c.Disabled && (c.Href != "" || c.Role == "button") && c.Expanded == "" {
			if l := p.Labels[i]; l[Cart] > max(best, l[AddToCart], l[GoOnShopping], l[Remove], l[Close]) {
				best, ref = l[Cart], c.Ref
			}
		}
	}
	return ref
}

// goesOn gives the number of what goes on from a basket whose way to the
// checkout has no name that we know: what says that it goes on, else the only
// button that says nothing else. 0: nothing does.
func (p *Page) goesOn() (ref int) {
	nameless, n := 0, 0
	for i := range p.Controls {
		c, l := &p.Controls[i], p.Labels[i]
		if c.Area != Main || c.Hidden || c.Disabled || c.Item >= 0 || c.Role != "button" && c.Role != "link" {
			continue
		}
		if l[Next] >= .8 && l[Next] > max(l[GoOnShopping], l[Search], l[Update]) {
			ref = c.Ref // the last one ends the page
		}
		if c.Role == "button" && words(c.Name) > 0 && words(c.Name) <= 6 && len([]rune(c.Name)) > 2 && l.best() < .4 && !Read(c.Name).Has(Remove, Update, GoOnShopping, Close, Search, Newsletter) {
			nameless, n = c.Ref, n+1
		}
	}
	if ref == 0 && n == 1 {
		return nameless
	}
	return ref
}

// like reports whether a line names a product.
func like(line, name string) bool {
	l, n := " "+Fold(line)+" ", Fold(name)
	return n != "" && (strings.Contains(l, " "+n+" ") || dense(n) && strings.Contains(l, n))
}

// filledCart proves a basket with goods in it.
func filledCart(p *Page) (Arrival, bool) {
	b := BasketOf(p)
	if !b.Shown || b.Empty || b.Lines == 0 || b.Total.Text == "" && b.Checkout == 0 {
		return Arrival{}, false
	}
	sure := .6
	why := "goods in the basket"
	if b.Total.Text != "" {
		sure += .2
		why += ", their sum"
	}
	if b.Checkout != 0 {
		sure += .15
		why += ", the way to the checkout"
	}
	return Arrival{Confidence: clamp(sure), Why: why, Says: b.Total.Text}, true
}

// Empty reports whether a page says that the basket is empty.
func (p *Page) Empty() bool { return BasketOf(p).Empty }

// A SearchBox is where words are typed that are looked for.
type SearchBox struct {
	Input  int // the field's number
	Button int // 0: none that can be seen
	Hidden bool
	Area   Area
	Score  float64
}

// SearchBoxes lists them, the surest first; fields for newsletters and coupons
// are none.
func (p *Page) SearchBoxes() (list []SearchBox) {
	for _, f := range p.Forms {
		if f.Area == Consent {
			continue
		}
		for _, in := range f.Inputs {
			if in.Tag != "input" || in.Type != "text" && in.Type != "search" && in.Type != "" {
				continue
			}
			m := ReadLabel(in.Name)[Search]
			about := Read(in.About)
			s := 0.0
			switch {
			case f.Search || in.Type == "search":
				s = .9
			case m >= .4:
				s = .85
			case about.Has(Search) || keywords.MatchString(" "+in.About+" "):
				s = .8
			case Read(f.Action).Has(Search) && f.Method == "GET":
				s = .6
			case p.onlySearches(f):
				s = .75
			}
			said := Read(in.Name + " " + in.About)
			if said.Has(Newsletter, Email) || strings.Contains(in.About, "email") {
				s = 0
			}
			if s < .5 {
				continue
			}
			box := SearchBox{Input: in.Ref, Hidden: in.Hidden, Area: f.Area, Score: s}
			if len(f.Buttons) > 0 {
				for _, b := range f.Buttons {
					if c := p.Control(b); c != nil && !c.Hidden && ReadLabel(c.Name)[Close] < .5 && c.Type != "reset" {
						box.Button = b
						break
					}
				}
			}
			if in.Hidden {
				box.Score *= .8
			}
			list = append(list, box)
		}
	}
	slices.SortStableFunc(list, func(a, b SearchBox) int { return cmp.Compare(b.Score, a.Score) })
	return list
}

// onlySearches reports whether a form has one field and a button that is called
// search: the field needs no name then.
func (p *Page) onlySearches(f Box) bool {
	fields := 0
	for _, in := range f.Inputs {
		if !in.Hidden && in.Tag == "input" {
			fields++
		}
	}
	return fields == 1 && slices.ContainsFunc(f.Buttons, func(ref int) bool {
		c := p.Control(ref)
		return c != nil && ReadLabel(c.Name)[Search] >= .8
	})
}

// keywords are how shop systems name the field that is searched from.
var keywords = regexp.MustCompile(`(?i) (q|query|search|searchword|keyword|keywords|term|srch|s|suche|text search|search query|filter name|suchbegriff|sq|search term|string search) `)

// A Found is what a search brought.
type Found struct {
	Items int  // goods, or links where help was searched
	Named int  // of them, those that name the term
	None  bool // it says that there is nothing
	Says  string
}

// FoundOn reads a page of results for a term.
func FoundOn(p *Page, term string) Found {
	var f Found
	for _, it := range p.Items {
		if it.Area == Footer || it.Area == Header {
			continue
		}
		f.Items++
		if stemmed(it.Title, term) || stemmed(it.Text, term) {
			f.Named++
			if f.Says == "" {
				f.Says = it.Title
			}
		}
	}
	for i, b := range p.Blocks {
		if (p.main(i) || b.Area == Aside) && !b.Folded && p.Said[i].Has(NoResults) && words(b.Text) < 25 {
			f.None = true
			if f.Says == "" {
				f.Says = b.Text
			}
		}
	}
	return f
}

// stemmed reports whether a text names a term, whatever its ending.
func stemmed(text, term string) bool {
	t := Fold(term)
	if r := []rune(t); len(r) > 5 && !dense(t) {
		t = string(r[:len(r)-1])
	}
	return t != "" && strings.Contains(Fold(text), t)
}

// Term chooses what to look for in a shop: the word that most names its goods.
func Term(items []Item) string {
	count, first := map[string]int{}, map[string]int{}
	for i, it := range items {
		seen := map[string]bool{}
		for _, w := range namesIn(it.Title) {
			if len([]rune(w)) < 4 && !dense(w) || seen[w] || strings.ContainsAny(w, "0123456789") || filler[w] || ordinary[w] {
				continue
			}
			seen[w] = true
			count[w]++
			if _, known := first[w]; !known {
				first[w] = i
			}
		}
	}
	best := ""
	for w := range count {
		// A word of several products finds several; a word of all finds all.
		better := best == "" || count[w] > count[best] || count[w] == count[best] && (first[w] < first[best] || first[w] == first[best] && w > best)
		if better {
			best = w
		}
	}
	for _, it := range items {
		// Names that are no words: the longest part of the first.
		for _, w := range strings.Fields(Fold(it.Title)) {
			if best == "" || len(count) == 0 && len(w) > len(best) {
				best = w
			}
		}
		if best != "" {
			break
		}
	}
	return best
}

// namesIn gives the words of a title. Where words are not divided, they are
// its parts of one script; of a long one, that is the end, which says what the
// thing is.
func namesIn(title string) (list []string) {
	for _, w := range strings.Fields(Fold(title)) {
		if !dense(w) {
			list = append(list, w)
			continue
		}
		var run []rune
		kind := (*unicode.RangeTable)(nil)
		flush := func() {
			switch n := len(run); {
			case kind == unicode.Han && n > 4:
				list = append(list, string(run[n-2:]))
			case kind == unicode.Han && n >= 2, kind == unicode.Katakana && n >= 3:
				list = append(list, string(run))
			}
			run, kind = nil, nil
		}
		for _, r := range w {
			is := (*unicode.RangeTable)(nil)
			switch {
			case unicode.Is(unicode.Han, r) || r == '々':
				is = unicode.Han
			case unicode.Is(unicode.Katakana, r) || r == 'ー':
				is = unicode.Katakana
			}
			if is != kind {
				flush()
			}
			if kind = is; is != nil {
				run = append(run, r)
			}
		}
		flush()
	}
	return list
}

// ordinary are words of titles that name no kind of goods.
var ordinary = func() map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(`with from without small large medium black white blue green grey gray brown pink yellow natural classic organic mini pack piece set mit ohne klein gross schwarz weiss blau grun grau rot natur klassisch avec sans petit grand noir blanc bleu vert con sin negro blanco azul verde nero bianco view quick sale save from more details choose options select add cart basket rating reviews stars price regular new`) {
		m[w] = true
	}
	return m
}()

// helpTerms are what customers ask a shop's help most about: sending back.
var helpTerms = map[string]string{"en": "return", "de": "Rückgabe", "fr": "retour", "es": "devolución", "it": "reso", "nl": "retour", "pt": "devolução", "pl": "zwrot", "sv": "retur", "da": "retur", "nb": "retur", "no": "retur", "fi": "palautus", "cs": "vrácení", "ja": "返品", "zh": "退货"}

var furtherTerms = map[string]string{"en": "delivery", "de": "Versand", "fr": "livraison", "es": "envío", "it": "spedizione", "nl": "verzending", "pt": "entrega", "pl": "dostawa", "sv": "leverans", "da": "levering", "nb": "levering", "no": "levering", "fi": "toimitus", "cs": "doprava", "ja": "配送", "zh": "配送"}

// HelpTerms gives what to ask a shop's help for, in its language: one word, and
// another where the first is answered by nothing.
func HelpTerms(language string) [2]string {
	base, _, _ := strings.Cut(strings.ToLower(language), "-")
	if _, ok := helpTerms[base]; !ok {
		base = "en"
	}
	return [2]string{helpTerms[base], furtherTerms[base]}
}

// HelpFound gives what a search of help pages answered: an entry that names the
// term, or that there is none; empty when it answered nothing.
func HelpFound(p *Page, term string) string {
	for i, b := range p.Blocks {
		if p.main(i) && p.Said[i].Has(NoResults) && words(b.Text) < 25 {
			return b.Text
		}
	}
	for i, b := range p.Blocks {
		if p.main(i) && (b.Level > 0 || words(b.Text) >= 3) && stemmed(b.Text, term) {
			return sentence(b.Text, ReturnTalk)
		}
	}
	return ""
}
