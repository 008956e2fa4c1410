package find

import (
	"strings"
	"testing"
)

// page makes a page of lines: "# " and "## " are headings, the first line is
// the title, "[x](y)" alone on a line is a link.
func page(address, text string) *Page {
	v := View{URL: "https://shop.example" + address, Language: "en"}
	for i, line := range strings.Split(strings.TrimSpace(text), "\n") {
		line = strings.TrimSpace(line)
		b := Block{Text: line, Area: Main, Y: float64(100 + 30*i)}
		if i == 0 {
			v.Title = line
		}
		for strings.HasPrefix(b.Text, "#") {
			b.Text, b.Level = b.Text[1:], b.Level+1
		}
		b.Text = strings.TrimSpace(b.Text)
		if name, href, ok := strings.Cut(strings.Trim(b.Text, "[)"), "]("); ok {
			b.Text = name
			v.Controls = append(v.Controls, Control{Ref: i + 1, Tag: "a", Role: "link", Name: name, Href: "https://shop.example" + href, Area: Main, Form: -1, Item: -1})
		}
		if line != "" {
			v.Blocks = append(v.Blocks, b)
		}
	}
	return Study(v)
}

func TestReadLabel(t *testing.T) {
	for _, c := range []struct {
		label string
		is    Concept
		least float64
		most  float64
	}{
		{"Contact us", Contact, 1, 1},
		{"Contact lenses", Contact, 0, .65},
		{"Our returns to nature", Returns, 0, .7},
		{"Help us plant trees", Help, 0, .55},
		{"Delivery & returns", Returns, .5, 1},
		{"Widerrufsrecht", Returns, 1, 1},
		{"Rückgabe und Umtausch", Returns, .9, 1},
		{"Livraison et retours", Delivery, .5, 1},
		{"お問い合わせ", Contact, 1, 1},
		{"特定商取引法に基づく表記", Imprint, 1, 1},
		{"加入购物车", AddToCart, 1, 1},
		{"Zwroty i reklamacje", Returns, 1, 1},
		{"Köpvillkor", Terms, 1, 1},
		{"Ostoskori", Cart, 1, 1},
		{"Til kassen", Checkout, 1, 1},
		{"Ochrana osobních údajů", Privacy, 1, 1},
		{"a very long sentence about our contact with the sea and all that lives in it, day by day", Contact, 0, 0},
	} {
		if got := ReadLabel(c.label)[c.is]; got < c.least || got > c.most {
			t.Errorf("%q: %.2f, want %.2f to %.2f", c.label, got, c.least, c.most)
		}
	}
	if r, deep := ReadPath("/blogs/news/returns-of-the-swallows"); r[Returns] > .6 || !deep.Has(Blog) {
		t.Errorf("a post's address: %v %v", r, deep)
	}
	if r, _ := ReadPath("/service/rueckgabe.html"); r[Returns] < .99 {
		t.Errorf("an address with its umlaut spelled out: %v", r)
	}
}

// Every language has a word for each label that a search needs.
func TestLexiconIsWhole(t *testing.T) {
	for _, c := range []Concept{Cart, AddToCart, Checkout, Contact, Help, Returns, Delivery, Privacy, Imprint, Terms, Account, LogIn, Register, OrderStatus, Search, Close, Accept, Refuse, Guest, Next, Newsletter, Unsubscribe} {
		for tongue := range labels[Contact] {
			if labels[c][tongue] == "" {
				t.Errorf("concept %d has no word in %s", c, tongue)
			}
		}
	}
	for c := firstTopic; c < lastConcept; c++ {
		if len(topics[c]) < 15 {
			t.Errorf("topic %d is known in %d languages", c, len(topics[c]))
		}
	}
	if lastConcept >= 128 {
		t.Errorf("%d concepts do not fit the marks", lastConcept)
	}
}

func TestArrivals(t *testing.T) {
	const article = "# Our returns to nature\nEvery autumn we go back to the woods for 30 days. Send us your pictures, and we exchange letters."
	for _, c := range []struct {
		name, goal, address, text string
		want                      bool
	}{
		{"a policy", "find-returns-policy", "/returns", "# Returns\nWithin 14 days of delivery, unused and in the box.\nYou bear the postage. The price is refunded.", true},
		{"a section of terms", "find-returns-policy", "/terms", "# Terms\n## Payment\nBy card.\n## Right of withdrawal\nYou may return goods within 14 days, unused. We refund the price and the delivery.", true},
		{"a policy in Czech", "find-returns-policy", "/vraceni", "# Vrácení zboží\nZboží můžete vrátit do 14 dnů bez udání důvodu, nepoužité a v původním obalu. Peníze vám vrátíme.", true},
		{"a policy in Finnish", "find-returns-policy", "/palautukset", "# Palautukset\nVoit palauttaa tuotteen 14 päivän kuluessa. Tuotteen on oltava käyttämätön ja alkuperäispakkauksessa. Hyvitämme hinnan.", true},
		{"an article", "find-returns-policy", "/blog/our-returns-to-nature", article, false},
		{"a list of links", "find-returns-policy", "/help", "# Help\n[Returns](/returns)\n[Delivery](/delivery)\n[Contact](/contact)", false},
		{"a banner", "find-returns-policy", "/", "# Teapots\nFree delivery from £50 · 60 days to send it back\nFrom our workshop in Whitby.", false},
		{"costs in a table", "find-delivery-cost", "/delivery", "# Delivery\nTracked\n3 to 5 working days\n£5.95\nExpress\n£11.50", true},
		{"a threshold alone", "find-delivery-cost", "/", "# Pens\nFree delivery over £40\nOur pens write.", false},
		{"costs told later", "find-delivery-cost", "/cart", "# Basket\nDelivery is calculated at checkout\nTotal\n£5.00", false},
		{"costs in Swedish", "find-delivery-cost", "/frakt", "# Frakt\nFrakten kostar 49 kr och är fri över 500 kr. Leverans inom 2–4 vardagar.", true},
		{"a privacy policy", "find-privacy-policy", "/privacy", "# Privacy\nWe are the controller of your personal data. We keep it for six years. You have the right to access and erasure. We never share it with third parties.", true},
		{"privacy screens", "find-privacy-policy", "/shop/privacy-screens", "# Privacy screens\nBamboo, two metres tall, for the balcony. Keeps the neighbours out.", false},
		{"questions", "find-help", "/faq", "# Frequently asked questions\n## Where do you deliver?\nTo France.\n## How can I pay?\nBy card.\n## Do you wrap gifts?\nYes, we do.", true},
		{"a charity", "find-help", "/help-us-plant-trees", "# Help us plant trees\nFor each order we plant a tree. Join us in the woods.", false},
		{"a number with a word", "find-phone", "/", "# Shop\nCall us on 01632 960 123, Monday to Friday, 9 am to 5 pm", true},
		{"an order number", "find-phone", "/", "# Shop\nArticle 01632 960 123 is back in stock", false},
		{"an address", "find-contact", "/contact", "# Contact\nWrite to hello@shop.example", true},
		{"the press office alone", "find-contact", "/about", "# About\nJournalists write to press@shop.example", false},
	} {
		g, ok := Named(c.goal)
		if !ok {
			t.Fatalf("no goal %s", c.goal)
		}
		if a, got := g.Arrived(page(c.address, c.text)); got != c.want {
			t.Errorf("%s, %s: %v (%.2f: %s)", c.goal, c.name, got, a.Confidence, a.Why)
		}
	}
}

func TestRank(t *testing.T) {
	p := page("/", "# Shop\n[Contact lenses](/c/contact-lenses)\n[Help us plant trees](/trees)\n[Get in touch](/pages/get-in-touch)\n[Legal notice](/imprint)")
	g, _ := Named("find-contact")
	list := g.Rank(p)
	if len(list) < 2 || p.Controls[list[0].Index].Name != "Get in touch" {
		t.Fatalf("ranked %+v", list)
	}
	for _, c := range list[1:] {
		if c.Score > .75*list[0].Score {
			t.Errorf("%q is nearly as promising (%.2f)", p.Controls[c.Index].Name, c.Score)
		}
	}
	for _, c := range []Control{{Submits: true}, {Href: "mailto:a@b.c"}, {Href: "tel:1"}, {Disabled: true}, {Role: "checkbox"}} {
		if Harmless(&c) {
			t.Errorf("%+v is held harmless", c)
		}
	}
}

func TestPrices(t *testing.T) {
	for text, want := range map[string]int64{
		"£4.95": 495, "4,95 €": 495, "1.299,00 €": 129900, "$1,299": 129900, "¥1,620": 162000, "1 299,00 zł": 129900, "299 Kč": 29900, "49 kr": 4900, "CHF 49.50": 4950,
		"1’250.00 CHF": -1, "€ 1.079,95": 107995, "1980円（税込）": 198000, "R$ 59,90": 5990, "from £34": 3400, "no price": -1,
	} {
		got := int64(-1)
		if ps := Prices(text); len(ps) > 0 {
			got = ps[0].Minor
		}
		if got != want && want >= 0 || want < 0 && text == "no price" && got != -1 {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
	if ps := Prices("was £9.00, now £7.00"); len(ps) != 2 || ps[0].Minor != 900 || ps[1].Minor != 700 {
		t.Errorf("two prices: %v", ps)
	}
}

func TestAnswers(t *testing.T) {
	got := Answers(page("/faq", `# Questions
## How can I pay?
Visa, Mastercard and PayPal.
## Can I change or cancel my order?
For one hour after you place it.
## Delivery
We ship to Ireland and France in 2 to 4 working days for £3.95.
## Anything else?
Yes.`))
	for _, q := range []string{"payment-methods", "order-change", "delivery-time", "delivery-cost", "countries"} {
		if got[q].Says == "" {
			t.Errorf("%s is not answered", q)
		}
	}
	for _, q := range []string{"warranty", "gift-wrap", "phone-hours", "returns-period"} {
		if got[q].Says != "" {
			t.Errorf("%s is answered by %q", q, got[q].Says)
		}
	}
}

func BenchmarkStudy(b *testing.B) {
	var text strings.Builder
	text.WriteString("# Shop\n")
	for range 400 {
		text.WriteString("We deliver within two to four working days, and you may return what you do not like within 30 days.\n[Returns and refunds](/returns)\n")
	}
	v := page("/", text.String()).View
	for b.Loop() {
		Study(v)
	}
}

func TestTakesOut(t *testing.T) {
	for hint, want := range map[string]bool{"btn btn danger btn delete from cart icon trash": true, "btn qty minus cart": true, "cart icon header": false, "mini cart toggle": false} {
		if got := TakesOut(&Control{Role: "button", Hint: hint}); got != want {
			t.Errorf("%q: %v", hint, got)
		}
	}
	if TakesOut(&Control{Role: "button", Name: "Basket 2", Hint: "bag toggle qty"}) || TakesOut(&Control{Role: "button", Name: "Bag (empty)"}) {
		t.Error("ways to the basket that say what lies in it")
	}
	if !TakesOut(&Control{Role: "button", Name: "Empty cart"}) || TakesOut(&Control{Role: "link", Name: "Shopping cart"}) {
		t.Error("by name")
	}
}

// A log-in beside a form for the address forces no account on anybody.
func TestLogInBesideTheAddress(t *testing.T) {
	door := func(required bool) Door {
		in := func(name, kind string, needed bool) Input {
			return Input{Tag: "input", Type: kind, Name: name, Required: needed}
		}
		p := Study(View{URL: "https://shop.example/checkout", Title: "Checkout", Forms: []Box{
			{Area: Main, Inputs: []Input{in("Email address", "email", true), in("Password", "password", true)}},
			{Area: Main, Inputs: []Input{in("First name", "text", true), in("Address 1", "text", true), in("Postcode", "text", true), in("Password", "password", required)}},
		}})
		d, ok := Threshold(p, Study(View{URL: "https://shop.example/cart"}))
		if !ok {
			t.Fatal("no checkout")
		}
		return d
	}
	if d := door(false); !d.Guest || d.Forced {
		t.Errorf("the password may stay empty: %+v", d)
	}
	if d := door(true); d.Guest || !d.Forced {
		t.Errorf("the password is asked for: %+v", d)
	}
}
