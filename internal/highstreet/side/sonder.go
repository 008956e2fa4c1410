package side

// sonder sells things to listen with in one document: components with shadow
// roots draw every view at a fragment of its own, the header has icons and no
// word, and a round button in the corner opens a chat.
func sonder() *spec {
	finish := func(labels ...string) choice { return pick("finish", "Finish", labels...) }
	return &spec{
		id: "sonder-audio", name: "Sonder", lang: "en-GB", zone: "Europe/London", manner: "single-page app, open shadow roots, hash routes, icon-only header, chat button",
		money: pounds, words: english, scripted: true, featured: []string{"halo", "pebble", "drift"},
		shelves: []shelf{{"headphones", "Headphones", "Over, on and in."}, {"speakers", "Speakers", "For rooms."}},
		goods: []product{
			{ID: "halo", Name: "Halo over-ear", Shelf: "headphones", Short: "Forty hours, no lights", About: "Closed headphones with pads that you can change without tools.", Kind: "phones", Hue: "#30343b", Shade: "#8c96a5", Price: 24900, Options: []choice{finish("Graphite", "Sand")}},
			{ID: "pebble", Name: "Pebble buds", Shelf: "headphones", Short: "Small, quiet, yours", About: "Ear tips in five sizes. The case charges twice.", Kind: "buds", Hue: "#c9c2b6", Shade: "#7d766a", Price: 11900, Options: []choice{finish("Chalk", "Graphite")}},
			{ID: "wire", Name: "Wire in-ears", Shelf: "headphones", Short: "With a cable, on purpose", About: "They never need charging.", Kind: "buds", Hue: "#4d5a53", Shade: "#1f2622", Price: 5900},
			{ID: "drift", Name: "Drift speaker", Shelf: "speakers", Short: "One box, one room", About: "A single speaker of ash and wool.", Kind: "box", Hue: "#b58f63", Shade: "#4a3a26", Price: 32900, Options: []choice{finish("Ash", "Smoked oak")}},
			{ID: "duo", Name: "Duo pair", Shelf: "speakers", Short: "Left and right", About: "A pair for the shelf. Back in spring.", Kind: "box", Hue: "#5c4b3a", Shade: "#231b12", Price: 54900, Stock: out, Options: []choice{finish("Ash")}},
			{ID: "dot", Name: "Dot travel speaker", Shelf: "speakers", Short: "Fits a mug", About: "Rain does not matter to it.", Kind: "box", Hue: "#a4483a", Shade: "#5a1f16", Price: 7900, Stock: few},
		},
		ways:  []way{{"std", "Standard", "2 to 3 working days", 0, 0}, {"fast", "Tomorrow", "by noon", 900, 0}},
		begin: map[string]string{"delivery": "std"},
		at: addresses{suggest: "/api/goods", term: "q", item: "/goods/{id}", cart: "/api/cart", add: "/api/cart/add", change: "/api/cart/change", product: "id", quantity: "quantity", lineQuantity: "q:%s", place: "/api/pay", thanks: "/api/thanks", contact: "/api/contact", sent: "#/contact/sent",
			news: "/api/letter", listed: "#/letter", login: "/api/login", entry: "/api/register", account: "/api/account", logout: "/api/logout", cancel: "/api/orders/{number}/cancel", order: "/api/orders/{number}", checkout: "/api/checkout"},
		steps: []step{{path: "/api/checkout/details", fields: []field{
			f("email|Email|email|email"), f("name|Full name||name"), f("line1|Address||address-line1"), f("town|Town||address-level2"), f("postcode|Postcode||postal-code"), f("delivery|Delivery|radio|", options("std", "Standard, 2 to 3 working days, free", "fast", "Tomorrow by noon, £9.00")...),
		}}},
		contact:  []field{f("name|Name||name"), f("email|Email|email|email"), f("message|Message|textarea")},
		register: []field{f("email|Email|email|email"), f("password|Password|password|new-password")},
		known:    Customer{"customer@example.com", "loud-and-clear-4", "S-2207", "BS1 4QA"},
		door:     Door{Guest: true, First: "guest"},
		goals: func() []Goal {
			var t truths
			t.at("find-contact", 1, "/#/contact", "Message").note("or the chat button, also one press")
			t.at("find-help", 1, "/#/help", "Good questions")
			t.at("answer-question", 1, "/#/help", "Good questions")
			t.at("find-returns-policy", 1, "/#/returns", "100 days")
			t.at("find-delivery-cost", 1, "/#/delivery", "costs nothing")
			t.at("find-privacy-policy", 1, "/#/privacy", "personal data")
			t.at("search-product", 2, "/#/search", "found for").unfold(1)
			t.buy(purchase{open: 1, choose: 1, add: 2, cart: 3, begin: 4, pay: 5, item: "/#/p/halo", bag: "/#/cart", inBag: "Your bag", checkout: "/#/checkout", atCheckout: "Full name", payment: "/#/checkout/payment", atPayment: "Card number"}, 1)
			t.at("newsletter-sign-up", 1, "/#/letter", "One more press")
			t.at("register", 2, "/#/account", "Your orders")
			t.at("log-in", 2, "/#/account", "Your orders")
			t.at("order-status", 2, "/#/account", "On the bench").note("with an account only")
			t.at("cancel-order", 4, "/#/account", "Cancelled").note("a dialog asks again")
			t.at("submit-contact-form", 2, "/#/contact/sent", "We have your message")
			return t.rest()
		},
		answers: answers(
			"delivery-time", "/#/delivery", "Standard delivery takes two to three working days.",
			"delivery-cost", "/#/delivery", "Standard delivery costs nothing.",
			"countries", "/#/delivery", "We deliver anywhere in the UK and the EU.",
			"returns-period", "/#/returns", "Listen for 100 days, then decide.",
			"return-postage", "/#/returns", "We collect it from your door for free.",
			"warranty", "/#/help", "Everything has a five-year warranty.",
			"payment-methods", "/#/help", "Card or Apple Pay."),
		prices: []Price{{Product: "wire", List: "£59.00", Page: "£59.00", Cart: "£59.00"}, {Product: "duo", List: "£549.00", Page: "£549.00", Sign: true}},
	}
}
