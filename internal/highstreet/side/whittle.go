package side

import (
	"net/http"
	"strings"
)

// whittle sells model trains as shops did at the turn of the century: frames,
// tables in tables, one program for all pages, whose links carry the visit
// instead of a cookie, and a basket that can only be posted to. Who leaves
// loses the basket.
func whittle() *spec {
	gauge := func(labels ...string) choice { return pick("gauge", "Gauge", labels...) }
	const script = "/cgi-bin/shop.pl"
	return &spec{
		id: "whittles-trains", name: "Whittle's Model Trains", lang: "en-GB", zone: "Europe/London", manner: "frames, tables, session ids in links, basket by POST only",
		money: pounds, words: english, frames: true, script: script,
		shelves: []shelf{{"engines", "Engines", "All tested on our layout."}, {"wagons", "Wagons", "Weathered or clean."}, {"scenery", "Scenery", "Trees, and what stands under them."}},
		goods: []product{
			{ID: "e1", Name: "Tank Engine No. 7", Shelf: "engines", Short: "0-6-0, black", About: "Five-pole motor. Runs in without stuttering.", Kind: "engine", Hue: "#2b2b2b", Shade: "#b3161b", Price: 6450, Options: []choice{gauge("N", "OO")}},
			{ID: "e2", Name: "Branch Diesel", Shelf: "engines", Short: "Green with a yellow end", About: "All axles driven.", Kind: "engine", Hue: "#2f5a3a", Shade: "#e0c040", Price: 7200, Options: []choice{gauge("OO")}},
			{ID: "e3", Name: "Garden Loco", Shelf: "engines", Short: "Live steam", About: "Fired by gas. Out of print until the summer.", Kind: "engine", Hue: "#7a2a1e", Shade: "#caa04a", Price: 29500, Stock: out},
			{ID: "w1", Name: "Coal Wagon, set of three", Shelf: "wagons", Short: "With real coal", About: "Three numbers.", Kind: "wagon", Hue: "#5b4a3a", Shade: "#222", Price: 2850, Options: []choice{gauge("N", "OO")}},
			{ID: "w2", Name: "Milk Tanker", Shelf: "wagons", Short: "Six-wheeled", About: "For the up morning milk.", Kind: "wagon", Hue: "#c9ccd1", Shade: "#6a6d72", Price: 1425},
			{ID: "s1", Name: "Pine Trees, dozen", Shelf: "scenery", Short: "4 to 9 cm", About: "They lose needles, as they should.", Kind: "tree", Hue: "#2f6b3a", Shade: "#5a3d22", Price: 850},
			{ID: "s2", Name: "Signal Box Kit", Shelf: "scenery", Short: "Card", About: "Cut it out and glue it.", Kind: "tree", Hue: "#a06a3a", Shade: "#4a2d16", Price: 995},
		},
		ways:  []way{{"post", "Parcel post", "within 10 days", 350, 0}},
		begin: map[string]string{"delivery": "post"},
		pages: map[string]string{"/nav": "nav", "/main": "main", "/howto": "howto", "/who": "who", "/write": "contact", "/written": "sent", "/mailing": "listed"},
		rewrite: func(r *http.Request) {
			// The one program tells its pages apart by a parameter.
			if q := r.URL.Query(); r.URL.Path == script {
				r.URL.Path = "/" + q.Get("page")
				if id := q.Get("id"); id != "" && !strings.Contains(id, "/") {
					r.URL.Path += "/" + id
				}
			}
		},
		at:      addresses{list: "/shelf/{id}", item: "/item/{id}", search: "/find", term: "words", cart: "/basket", add: "/add", change: "/change", product: "code", quantity: "qty", lineQuantity: "n_%s", pay: "/pay", place: "/order", thanks: "/done", contact: "/write", sent: "/written", news: "/mailing", listed: "/mailing"},
		steps:   []step{{path: "/form", page: "form", fields: []field{f("name|Name"), f("addr|Address|textarea"), f("pcode|Post code"), f("ctry|Country|select|", options("UK", "United Kingdom", "EU", "Europe", "XX", "Elsewhere")...), f("mail|E-mail|email"), f("tel|Telephone?|tel")}}},
		contact: []field{f("from|Your e-mail|email"), f("text|Your message|textarea")},
		door:    Door{Guest: true, First: "guest"},
		goals: func() []Goal {
			var t truths
			t.at("find-contact", 1, "/cgi-bin/shop.pl?page=who", "01904 960 31").or("/cgi-bin/shop.pl?page=write")
			t.at("find-phone", 1, "/cgi-bin/shop.pl?page=who", "01904 960 31")
			t.at("find-help", 1, "/cgi-bin/shop.pl?page=howto", "Put things in your basket")
			t.at("answer-question", 1, "/cgi-bin/shop.pl?page=howto", "How to order")
			t.at("find-returns-policy", 1, "/cgi-bin/shop.pl?page=howto", "within 21 days")
			t.at("find-delivery-cost", 1, "/cgi-bin/shop.pl?page=howto", "£3.50")
			t.at("search-product", 1, "/cgi-bin/shop.pl?page=find", "Found")
			t.buy(purchase{open: 2, choose: 2, add: 3, cart: 3, begin: 4, pay: 5, item: "/cgi-bin/shop.pl?page=item&id=e1", bag: "", inBag: "YOUR BASKET", checkout: "/cgi-bin/shop.pl?page=form", atCheckout: "Post code", payment: "/cgi-bin/shop.pl?page=pay", atPayment: "Card no."}, 0)
			t.at("newsletter-sign-up", 1, "/cgi-bin/shop.pl?page=mailing", "on our list")
			t.at("submit-contact-form", 2, "/cgi-bin/shop.pl?page=written", "gone")
			t.lacks("leave-and-return", "the basket does not survive")
			return t.rest()
		},
		answers: answers(
			"delivery-time", "/cgi-bin/shop.pl?page=howto", "Please allow ten days for delivery.",
			"delivery-cost", "/cgi-bin/shop.pl?page=howto", "Postage and packing is £3.50 for any number of items.",
			"countries", "/cgi-bin/shop.pl?page=howto", "We post worldwide.",
			"returns-period", "/cgi-bin/shop.pl?page=howto", "If you are not happy send it back within 21 days and we return your money.",
			"payment-methods", "/cgi-bin/shop.pl?page=howto", "Payment by card, cheque or postal order.",
			"phone-hours", "/cgi-bin/shop.pl?page=who", "open Tuesday to Saturday, 10 till 5"),
		prices: []Price{{Product: "w2", List: "£14.25", Page: "£14.25", Cart: "£14.25"}, {Product: "e3", List: "£295.00", Page: "£295.00", Sign: true}},
	}
}
