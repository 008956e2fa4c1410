package web

import (
	"crypto/md5" //nolint:gosec // what trackers send
	"encoding/hex"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"touchstone/internal/evidence"
	"touchstone/probes"
)

// none stands for a fact that must be absent.
const none = -99

// Each fact has pages on which it holds and pages on which it does not, in two
// languages at least where words decide.
func TestWhatPagesShow(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("<p>We send it back to you at no cost. You have sixty days for it.</p>", 5)
	checkoutForm := `<h1>Checkout</h1><form><label>E-mail <input name=email></label><label>Name <input name=name></label></form>`
	fillEmail := `{"effect":"fill-checkout","fill":{"label":"E-mail","value":"anna@example.net"}}`
	for _, c := range []struct {
		name  string
		pages map[string]string
		steps string
		want  map[string]float64
	}{
		{"phone and help in the header", map[string]string{"/": `<header><a href="tel:+441632960123">01632 960 123</a> <a href=/help>Help</a></header><main><h1>Tea</h1></main>`, "/help": ""},
			`{"open":"/"}`, map[string]float64{"web.phone-prominence": 3, "web.phone-link": 1, "web.help-prominence": 3, "web.email-published": 0, "web.checkout-steps": none, "web.guest-offered": none}},
		{"phone and help in the footer, German", map[string]string{"/": `<header>Lampen</header><main style="height:900px"></main><footer><p>Telefon: 0421 / 49 30 112</p><a href=/faq>Häufige Fragen</a> info@lampen.example</footer>`, "/faq": ""},
			`{"open":"/"}`, map[string]float64{"web.phone-prominence": 2, "web.phone-link": 0, "web.help-prominence": 2, "web.email-published": 1}},
		{"a click away", map[string]string{"/": `<a href=/about>About</a>`, "/about": `Call us on 01632 960 123 <a href=/contact>Contact us</a><script type="application/ld+json">{"@graph":[{"@type":"Store","email":"mailto:hello@shop.example"}]}</script>`, "/contact": ""},
			`{"open":"/"},{"click":{"text":"About"}}`, map[string]float64{"web.phone-prominence": 1, "web.help-prominence": 1, "web.email-published": 1}},
		{"two clicks away is none", map[string]string{"/": `<a href=/a>On</a>`, "/a": `<a href=/b>On</a>`, "/b": `<a href="tel:01632960123">Ring</a>`},
			`{"open":"/"},{"click":{"text":"On"}},{"click":{"text":"On"}}`, map[string]float64{"web.phone-prominence": 0, "web.phone-link": 1}},
		{"numbers that are no phone's", map[string]string{"/": `<p>Order 0012 345 678, VAT 0123456789, 01.02.2026 – 03.04.2026</p>`},
			`{"open":"/"}`, map[string]float64{"web.phone-prominence": 0, "web.help-prominence": 0}},
		{"not from the start page", map[string]string{"/help": `<a href="tel:01632960123">Ring</a>`},
			`{"open":"/help"}`, map[string]float64{"web.phone-prominence": none, "web.help-prominence": none, "web.phone-link": 1}},
		{"start page that redirects", map[string]string{"/": "->/en/", "/en/": `<header><a href="tel:01632960123">Ring</a></header>`},
			`{"open":"/"}`, map[string]float64{"web.phone-prominence": 3}},

		{"questions folded, with a search", map[string]string{"/": `<a href=/help>Help</a>`, "/help": `<header><form role=search><input name=q type=search></form></header><main><h1>Help</h1><form role=search><input type=search name=h></form>
			<details><summary>Do you ship abroad?</summary>Yes, to most of Europe.</details><details><summary>How long does it take?</summary>Two to four days.</details><details><summary>May I send it back?</summary>Within sixty days.</details></main>`},
			`{"open":"/"},{"click":{"text":"Help"}}`, map[string]float64{"web.faq": 1, "web.help-search": 1}},
		{"questions written out, no search of its own, German", map[string]string{"/": `<a href=/hilfe>Hilfe</a>`, "/hilfe": `<header><form role=search><input name=q type=search></form></header><main><h1>Hilfe</h1>
			<p><b>Wie lange dauert der Versand?</b><br>In der Regel zwei Tage.</p><p><b>Kann ich die Ware zurückgeben?</b> Ja, binnen vierzehn Tagen.</p><h3>Wie wasche ich das?</h3><p>Mit der Hand, kalt, nicht schleudern.</p></main>`},
			`{"open":"/"},{"click":{"text":"Hilfe"}}`, map[string]float64{"web.faq": 1, "web.help-search": 0}},
		{"two questions are not enough", map[string]string{"/": `<main><p>Do you ship abroad?<br>Yes, we do.</p><p>May I send it back?<br>Within sixty days.</p><p>Any other questions?</p></main>`},
			`{"open":"/"}`, map[string]float64{"web.faq": 0, "web.help-search": none}},

		{"a form to write in", map[string]string{"/": `<a href=/contact>Contact</a>`, "/contact": `<form><textarea name=m></textarea></form>`},
			`{"open":"/"},{"click":{"text":"Contact"}}`, map[string]float64{"web.form-distance": 1}},
		{"a text area outside a form", map[string]string{"/": `<textarea></textarea>`},
			`{"open":"/"}`, map[string]float64{"web.form-distance": none}},

		{"words and grade", map[string]string{"/": `<header>Menu and more words than few in here</header><main>` + long + `</main><footer>Many more words stand here</footer>`},
			`{"open":"/"}`, map[string]float64{"web.words": 75, "web.reading-grade": -0.08}},
		{"no grade for German", map[string]string{"/": `<script>document.documentElement.lang='de'</script><div><header>Menü</header><div>` + long + `</div></div>`},
			`{"open":"/"}`, map[string]float64{"web.words": 75, "web.reading-grade": none}},

		{"product with stock and day", map[string]string{"/": `<h1>Pot</h1><p>In stock</p><p>Delivery: 2–3 working days</p><button>Add to basket</button>`},
			`{"open":"/"}`, map[string]float64{"web.stock-shown": 1, "web.delivery-date": 1}},
		{"product with stock and day, German", map[string]string{"/": `<h1>Mütze</h1><p>Auf Lager</p><dl><dt>Lieferung</dt><dd>Donnerstag, 3. Dezember</dd></dl><button>In den Warenkorb</button>`},
			`{"open":"/"}`, map[string]float64{"web.stock-shown": 1, "web.delivery-date": 1}},
		{"product with neither", map[string]string{"/": `<h1>Pot</h1><p>Delivery £3.50</p><p>Returns within 60 days</p><button>Add to basket</button>`},
			`{"open":"/"}`, map[string]float64{"web.stock-shown": 0, "web.delivery-date": 0}},
		{"no product", map[string]string{"/": `<p>In stock</p>`}, `{"open":"/"}`, map[string]float64{"web.stock-shown": none, "web.delivery-date": none}},

		{"full cost first, guests welcome, help near", map[string]string{"/": `<p>Free delivery over £50</p><dl><dt>Goods</dt><dd>£21.00</dd><dt>Standard delivery</dt><dd>£3.50</dd><dt>Total</dt><dd>£24.50</dd></dl><a href=/checkout>Go on</a>`, "/checkout": checkoutForm + `<p>Continue as a guest</p><a href=/help>Help</a>`},
			`{"open":"/"},{"click":{"text":"Go on"}},` + fillEmail,
			map[string]float64{"web.cost-before-data": 1, "web.guest-offered": 1, "web.help-in-checkout": 1, "web.account-forced": 0, "web.checkout-steps": 1, "web.views": 2, "web.links-checked": none, "web.faq": none}},
		{"cost unknown, guests refused, nobody near", map[string]string{"/": `<p>Free delivery over £50</p><table><tr><td>Subtotal<td>£21.00<tr><td>Delivery<td>calculated at the next step<tr><td>Total<td>£21.00</table><a href=/checkout>Go on</a>`, "/checkout": checkoutForm + `<p>Guest checkout is not available</p>`},
			`{"open":"/"},{"click":{"text":"Go on"}},` + fillEmail,
			map[string]float64{"web.cost-before-data": 0, "web.guest-offered": 0, "web.help-in-checkout": 0}},
		{"full cost, German, chat near", map[string]string{"/": `<h1>Kasse</h1><p>Versandkosten: kostenlos</p><p>Gesamtsumme 24,50 €</p><p>Als Gast bestellen</p><button>Chat</button><form><label>E-Mail <input name=a></label></form>`},
			`{"open":"/"},{"effect":"fill-checkout","fill":{"label":"E-Mail","value":"anna@example.net"}}`, map[string]float64{"web.cost-before-data": 1, "web.guest-offered": 1, "web.help-in-checkout": 1}},
		{"cost without delivery, German", map[string]string{"/": `<h1>Kasse</h1><p>Gesamtsumme 24,50 € zzgl. Versand</p><p>Versandkostenfrei ab 50 €</p><form><label>E-Mail <input name=a></label></form>`},
			`{"open":"/"},{"effect":"fill-checkout","fill":{"label":"E-Mail","value":"anna@example.net"}}`, map[string]float64{"web.cost-before-data": 0, "web.guest-offered": 0, "web.help-in-checkout": 0}},

		{"boxes for marketing", map[string]string{"/": `<h1>Checkout</h1><form><input name=email aria-label="E-mail"><label><input type=checkbox checked name=n> Send me the newsletter. You can always say no.</label><label><input type=checkbox checked name=w> Ich möchte Angebote per Post erhalten</label>
			<label><input type=checkbox checked> I do not want special offers</label><label><input type=checkbox checked> I accept the terms</label><label><input type=checkbox name=o> Offers by post</label></form>`},
			`{"open":"/"},` + fillEmail + `,{"click":{"label":"newsletter"}},{"click":{"label":"Offers by post"}}`, map[string]float64{"web.consent-preticked": 2}},
		{"a box that opens later", map[string]string{"/": `<h1>Kasse</h1><form><input name=email aria-label=E-mail><button type=button onclick="x.hidden=false">Next</button><div id=x hidden><label><input type=checkbox checked> Newsletter</label></div></form>`},
			`{"open":"/"},` + fillEmail + `,{"click":{"role":"button","name":"Next"}}`, map[string]float64{"web.consent-preticked": 1}},
		{"no box", map[string]string{"/": checkoutForm}, `{"open":"/"},` + fillEmail, map[string]float64{"web.consent-preticked": 0}},
		{"no form", map[string]string{"/": ``}, `{"open":"/"}`, map[string]float64{"web.consent-preticked": none, "web.account-forced": none, "web.retyped": none, "web.third-party-typed": none}},

		{"typed again", map[string]string{"/": checkoutForm + `<form action=/2 method=post><label>Repeat your e-mail <input name=email2></label><label>Passwort <input type=password name=p></label><button>Next</button></form>`, "/2": checkoutForm},
			`{"open":"/"},{"effect":"fill-checkout","fill":{"label":"E-mail","nth":1,"value":"anna@example.net"}},{"fill":{"label":"Name","value":"Anna"}},{"fill":{"label":"Repeat","value":"Anna@example.net"}},{"fill":{"label":"Passwort","value":"anna-123"}},{"click":{"text":"Next"}},{"fill":{"label":"Name","value":"Anna"}},{"fill":{"label":"Name","value":"Anna"}}`,
			map[string]float64{"web.retyped": 2, "web.account-forced": 1, "web.checkout-steps": 2}},

		{"search with results", map[string]string{"/": `<form role=search action=/s><input type=search name=q aria-label=Search></form><ul class=products><li><a href=/1>A</a> £1</ul>`, "/s": `<ul class=products><li><a href=/1>A</a> £1<li><a href=/2>B</a> £2<li><a href=/3>C</a> £3</ul>`},
			`{"open":"/"},{"fill":{"label":"Search","value":"pot"}},{"press":"Enter"},{"click":{"text":"B"}}`, map[string]float64{"web.search-results": 3}},
		{"search without, German", map[string]string{"/": `<form role=search action=/s><input type=search name=q aria-label=Suche><button>Los</button></form>`, "/s": `<p>Keine Treffer für „pot“</p><ul class=products><li><a href=/1>A</a> £1</ul>`},
			`{"open":"/"},{"fill":{"label":"Suche","value":"pot"}},{"click":{"text":"Los"}}`, map[string]float64{"web.search-results": 0}},
		{"search in the help pages", map[string]string{"/": `<h1>Hilfe</h1><form role=search action=/s><input type=search name=q aria-label=Suche></form>`, "/s": `Nichts gefunden`},
			`{"open":"/"},{"fill":{"label":"Suche","value":"pot"}},{"press":"Enter"}`, map[string]float64{"web.search-results": none, "web.help-search": 1}},
		{"no search", map[string]string{"/": `<ul class=products><li><a href=/1>A</a> £1</ul>`}, `{"open":"/"}`, map[string]float64{"web.search-results": none}},

		{"dead links", map[string]string{"/": `<a href=/a#x>A</a><a href=/a>A again</a><a href=/gone>Gone</a><a href=/broken>Broken</a><a href=/moved>Moved</a><a href="/private/x">Private</a><a href=/logout>Log out</a><a href="http://elsewhere.example/">Elsewhere</a><a href="mailto:a@b.example">Mail</a>`,
			"/a": "", "/broken": "500 x", "/moved": "->/gone", "/robots.txt": "User-agent: *\nDisallow: /private"},
			`{"open":"/"}`, map[string]float64{"web.links-checked": 4, "web.dead-links": 3}},
		{"no links", map[string]string{"/": ``}, `{"open":"/"}`, map[string]float64{"web.links-checked": none, "web.dead-links": none}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, c.pages)
			if c.pages["/2"] == "" {
				for _, p := range []string{"/1", "/2", "/3"} {
					c.pages[p] = "A thing"
				}
			}
			r := shoppingWith(t.Context(), t, quietCopy(t), s.URL+"/", "["+c.steps+"]", grant(evidence.FillCheckout))
			want(t, r, evidence.Completed, "")
			for name, value := range c.want {
				f, ok := r.Fact(name)
				switch {
				case value == none && ok:
					t.Errorf("%s is %v, want none", name, f.Number)
				case value != none && (!ok || math.Abs(f.Number-value) > 0.01):
					t.Errorf("%s is %v (%v), want %v", name, f.Number, ok, value)
				}
			}
			if s.got("GET /logout")+s.got("GET /private/x") > 0 {
				t.Errorf("asked for %v", s.log())
			}
		})
	}
}

// A shop whose views a script draws is followed like one of pages.
func TestViewsThatAScriptDraws(t *testing.T) {
	t.Parallel()
	app := `<header><a href=/ data-to=/>Lamps</a></header><main></main><script>
		const views = {'/': '<h1>Lamps</h1><a href=/lamp data-to=/lamp>Desk lamp</a>', '/lamp': '<h1>Desk lamp</h1><p>In stock</p><button data-to=/basket>Add to basket</button><a href=#more>More</a>',
			'/basket': '<h1>Basket</h1><p>Delivery £3</p><p>Total £23</p><a href=/checkout data-to=/checkout>Go to checkout</a>',
			'/checkout': '<h1>Checkout</h1><form onsubmit="return false"><label>E-mail <input name=email></label><label><input type=checkbox checked name=n> Newsletter</label><button type=button data-to=/checkout/payment>Go on</button></form>',
			'/checkout/payment': '<h1>Payment</h1><a href=/contact>Contact</a><p>How would you like to do it?</p>'};
		const draw = () => setTimeout(() => { document.querySelector('main').innerHTML = views[location.pathname] }, 40);
		addEventListener('click', e => { const to = e.target.dataset.to; if (!to) return; e.preventDefault(); history.pushState({}, '', to); history.replaceState({}, '', to + '?v=2'); draw() });
		draw();</script>`
	s := serve(t, map[string]string{"/": app})
	r := shopping(t, s, `[{"open":"/"},{"click":{"text":"Desk lamp"}},{"click":{"text":"More"}},{"click":{"text":"Add to basket"}},{"click":{"text":"Go to checkout"}},
		{"effect":"fill-checkout","fill":{"label":"E-mail","value":"anna@example.net"}},{"click":{"text":"Go on"}},{"expect":{"role":"heading","name":"Payment"}}]`,
		grant(evidence.FillCheckout), func(t *probes.Task) { t.Params.(*Params).Fewest = 4 })
	want(t, r, evidence.Completed, "")
	for name, n := range map[string]float64{"web.pages": 1, "web.views": 5, "web.checkout-steps": 2, "web.stock-shown": 1, "web.cost-before-data": 1, "web.consent-preticked": 1, "web.help-in-checkout": 1, "web.lostness": 0.2} {
		if got := r.number(t, name); math.Abs(got-n) > 1e-9 {
			t.Errorf("%s is %v, want %v", name, got, n)
		}
	}
}

func TestHashRoutesAreViews(t *testing.T) {
	t.Parallel()
	r := shopping(t, serve(t, map[string]string{"/": `<a href="#/basket">Basket</a> <a href="#top">Top</a> <a href="#!/help">Help</a>`}),
		`[{"open":"/"},{"click":{"text":"Basket"}},{"click":{"text":"Top"}},{"click":{"text":"Help"}},{"click":{"text":"Basket"}}]`, func(t *probes.Task) { t.Params.(*Params).Fewest = 2 })
	// "#top" leaves the route for the plain page again.
	if views, lost := r.number(t, "web.views"), r.number(t, "web.lostness"); views != 5 || math.Abs(lost-lostness(5, 3, 2)) > 1e-9 {
		t.Errorf("%v views, lostness %v", views, lost)
	}
}

// An address that is typed may leave for a third party when it is sent, not
// before; plain or as a digest.
func TestTypedAddressThatLeaves(t *testing.T) {
	t.Parallel()
	third := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	t.Cleanup(third.Close)
	form := func(on string) string {
		return `<form method=post action=/sent><label>E-mail <input name=email ` + on + `></label><button>Send</button></form>`
	}
	for name, c := range map[string]struct {
		page string
		left float64
	}{
		"as it is typed": {form(`oninput="fetch('` + third.URL + `/t?m='+encodeURIComponent(this.value),{mode:'no-cors'})"`), 1},
		"in a body":      {form(`oninput="navigator.sendBeacon('` + third.URL + `/t','m='+this.value)"`), 1},
		"as a digest":    {form(`oninput="fetch('` + third.URL + `/t/` + md5Of("anna@example.net") + `',{mode:'no-cors'})"`), 1},
		"to the site":    {form(`oninput="fetch('/t?m='+encodeURIComponent(this.value))"`), 0},
		"when sent":      {`<script>addEventListener('submit',()=>navigator.sendBeacon('` + third.URL + `/t',document.querySelector('input').value))</script>` + form(``), 0},
	} {
		t.Run(name, func(t *testing.T) {
			r := shopping(t, serve(t, map[string]string{"/": c.page, "/sent": "Thanks", "/t": ""}), `[{"open":"/"},{"effect":"subscribe","fill":{"label":"E-mail","value":"anna@example.net"}},{"click":{"text":"Send"}},{"expect":{"text":"Thanks"}}]`, grant(evidence.Subscribe))
			want(t, r, evidence.Completed, "")
			if got := r.number(t, "web.third-party-typed"); got != c.left {
				t.Errorf("left is %v, want %v", got, c.left)
			}
		})
	}
}

func md5Of(s string) string {
	sum := md5.Sum([]byte(s)) //nolint:gosec // what trackers send
	return hex.EncodeToString(sum[:])
}

// On one address, each port is a shop of its own: visits go side by side, and
// none leads into the other.
func TestPortsOfOneAddressAreSites(t *testing.T) {
	t.Parallel()
	b := quietCopy(t)
	second := serve(t, map[string]string{"/": `<h1>Other</h1>`})
	first := serve(t, map[string]string{"/": `<img src="` + second.URL + `/x.png"><a href="` + second.URL + `/">Other</a>`})
	r := shoppingWith(t.Context(), t, b, first.URL+"/", `[{"open":"/"},{"click":{"text":"Other"}}]`)
	want(t, r, evidence.NotGranted, "leads off the site")
	if n := r.number(t, "web.third-party-hosts"); n != 1 {
		t.Errorf("%v third parties", n)
	}
	one, err := boundsOf(probes.Site{ID: "a", URL: first.URL})
	if err != nil {
		t.Fatal(err)
	}
	two, err := boundsOf(probes.Site{ID: "b", URL: second.URL, Domains: []string{strings.TrimPrefix(first.URL, "http://")}})
	if err != nil {
		t.Fatal(err)
	}
	if one.holds(second.URL) || !two.holds(first.URL+"/x") {
		t.Error("bounds do not tell the ports apart, or forget what the sites file names")
	}
	// While one shop's turn is taken, the other's is free.
	_, leave, err := b.enter(t.Context(), one.domain)
	if err != nil {
		t.Fatal(err)
	}
	defer leave()
	_, leave2, err := b.enter(t.Context(), two.domain)
	if err != nil {
		t.Fatal(err)
	}
	leave2()
}

// The whole purchase at a sandbox where the order is granted is one order; with
// any of the leaves missing it is none.
func TestOrderAtASandbox(t *testing.T) {
	t.Parallel()
	pages := map[string]string{"/order/place": "->/order/thanks", "/order/thanks": `<h1>Thank you</h1><p>Order 1001</p>`}
	for path, body := range purchase {
		pages[path] = body
	}
	ending := func(effect string) string {
		return strings.TrimSuffix(strings.TrimSpace(toPayment), "]") + `,{` + effect + `"click":{"role":"button","name":"Place order"}},{"expect":{"text":"Thank you"}}]`
	}
	declared := `"effect":"place-order",`
	for name, c := range map[string]struct {
		steps   string
		change  []func(*probes.Task)
		outcome evidence.Outcome
		orders  int
	}{
		"granted at a sandbox":  {ending(declared), []func(*probes.Task){grant(evidence.FillCheckout, evidence.PlaceOrder), sandbox}, evidence.Completed, 1},
		"no sandbox":            {ending(declared), []func(*probes.Task){grant(evidence.FillCheckout, evidence.PlaceOrder)}, evidence.NotGranted, 0},
		"order not granted":     {ending(declared), []func(*probes.Task){grant(evidence.FillCheckout), sandbox}, evidence.NotGranted, 0},
		"not declared by it":    {ending(""), []func(*probes.Task){grant(evidence.FillCheckout, evidence.PlaceOrder), sandbox}, evidence.NotGranted, 0},
		"nothing but own":       {ending(declared), []func(*probes.Task){func(t *probes.Task) { t.Site.Own = true }}, evidence.NotGranted, 0},
		"paying is no ordering": {ending(declared), []func(*probes.Task){grant(evidence.FillCheckout, evidence.Pay), sandbox}, evidence.NotGranted, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, pages)
			r := shoppingWith(t.Context(), t, quietCopy(t), s.URL+"/", c.steps, c.change...)
			want(t, r, c.outcome, "")
			if n := s.got("POST /order/place"); n != c.orders {
				t.Errorf("%d orders, want %d", n, c.orders)
			}
			if c.orders == 1 && r.number(t, "web.checkout-steps") != 3 {
				t.Error("the checkout, the payment and the thanks are three steps")
			}
		})
	}
}
