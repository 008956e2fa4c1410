package side

// tallow sells candles in the manner of a blog's shop add-on: a theme with a
// side column, options in selects, a basket that is updated as a whole, and a
// checkout whose parts open one after the other.
func tallow() *spec {
	scent := func(labels ...string) choice { return pick("attribute_pa_scent", "Scent", labels...) }
	size := choice{Field: "attribute_pa_size", Label: "Size", Values: []value{{ID: "small", Label: "Small (8 cm)"}, {ID: "tall", Label: "Tall (15 cm)", Extra: 600}, {ID: "giant", Label: "Giant (25 cm)", Extra: 1900, Out: true}}}
	return &spec{
		id: "tallow-and-wick", name: "Tallow & Wick", lang: "en-GB", zone: "Europe/London", manner: "blog with a shop, accordion checkout",
		money: pounds, words: english, featured: []string{"amber-pillar", "sea-salt-jar", "beeswax-dinner", "fig-votive"},
		shelves: []shelf{
			{"pillar-candles", "Pillar candles", "Hand-poured, slow to burn, heavy enough to stand by themselves."},
			{"jar-candles", "Jar candles", "Scented soy wax in glass that is worth keeping."},
			{"holders", "Holders and snuffers", "Brass and iron for the table and the sill."},
		},
		goods: []product{
			{ID: "amber-pillar", Name: "Amber pillar candle", Shelf: "pillar-candles", Short: "Unscented, burns for 40 hours", About: "A pillar the colour of resin. The wick is cotton, the wax is a blend of rapeseed and beeswax, and the foot is cut flat by hand.", Kind: "pillar", Hue: "#d9963b", Shade: "#a86a1e", Price: 1450, Options: []choice{size}, Facts: []string{"Burns for about 40 hours", "Cotton wick", "Poured in Hexham"}},
			{ID: "ivory-pillar", Name: "Ivory pillar candle", Shelf: "pillar-candles", Short: "For every shelf", About: "The plain one. It goes with everything and smells of nothing.", Kind: "pillar", Hue: "#efe6d2", Shade: "#cbbf9f", Price: 1250, Options: []choice{size}, Facts: []string{"Burns for about 36 hours", "Cotton wick"}},
			{ID: "beeswax-dinner", Name: "Beeswax dinner candles", Shelf: "pillar-candles", Short: "Four, rolled by hand", About: "Rolled from sheets of pure beeswax. They drip little and smell faintly of honey.", Kind: "pillar", Hue: "#e0b040", Shade: "#b5862a", Price: 1600, Options: []choice{pick("attribute_pa_colour", "Colour", "Natural", "Moss", "Rust")}, Facts: []string{"Four of 25 cm", "Pure beeswax"}},
			{ID: "sea-salt-jar", Name: "Sea salt jar candle", Shelf: "jar-candles", Short: "Salt, driftwood, a little smoke", About: "Our best seller. Soy wax with sea salt and cade in a heavy jar with a cork lid.", Kind: "jar", Hue: "#9fc0c9", Shade: "#6d919b", Price: 2200, Was: 2600, Until: "31 December 2026", Options: []choice{scent("Sea salt", "Driftwood", "Samphire")}, Facts: []string{"220 g, burns for 45 hours", "Refill it: the jar fits our refills"}},
			{ID: "tomato-jar", Name: "Tomato leaf jar candle", Shelf: "jar-candles", Short: "Green, sharp, a greenhouse in June", About: "Crushed leaf and warm earth. It divides the house.", Kind: "jar", Hue: "#7c9a54", Shade: "#587238", Price: 2200, Stock: few, Options: []choice{scent("Tomato leaf", "Basil")}, Facts: []string{"220 g, burns for 45 hours"}},
			{ID: "fig-votive", Name: "Fig votive", Shelf: "jar-candles", Short: "Six small ones in a box", About: "Small candles for small lights. They burn for nine hours each.", Kind: "jar", Hue: "#7b5a78", Shade: "#583d57", Price: 1800, Stock: out, Options: []choice{scent("Fig", "Fig and honey")}, Facts: []string{"Six of 60 g"}},
			{ID: "brass-holder", Name: "Brass chamber stick", Shelf: "holders", Short: "With a finger loop", About: "Spun brass, left unlacquered. It darkens with use.", Kind: "holder", Hue: "#cfa94e", Shade: "#9c7a2b", Price: 2900, Facts: []string{"For dinner candles of 22 mm"}},
			{ID: "snuffer", Name: "Iron snuffer", Shelf: "holders", Short: "So that nobody has to blow", About: "A hinged cap on a long handle, blacked with wax.", Kind: "holder", Hue: "#4a4745", Shade: "#2d2b2a", Price: 1100, Facts: []string{"24 cm long"}},
		},
		ways:  []way{{"standard", "Standard delivery", "2 to 4 working days", 395, 4000}, {"express", "Next working day", "if ordered before noon", 695, 0}},
		begin: map[string]string{"billing_country": "GB", "delivery": "standard"},
		pages: map[string]string{"/shop/": "shelves", "/contact/": "contact", "/contact/sent/": "sent", "/delivery/": "delivery", "/returns-refunds/": "returns", "/privacy-policy/": "privacy", "/terms/": "terms", "/faq/": "faq", "/about/": "about", "/newsletter/": "listed"},
		at: addresses{list: "/product-category/{id}/", item: "/product/{id}/", search: "/search/", term: "s", cart: "/basket/", add: "/basket/add/", change: "/basket/", added: "/product/{id}/?added=1",
			product: "add-to-cart", quantity: "quantity", lineQuantity: "cart[%s][qty]", checkout: "/checkout/", place: "/checkout/order-pay/", thanks: "/checkout/order-received/",
			contact: "/contact/", sent: "/contact/sent/", news: "/newsletter/", listed: "/newsletter/", login: "/my-account/", entry: "/my-account/register/", account: "/my-account/dashboard/",
			address: "/my-account/edit-address/", password: "/my-account/edit-account/", orders: "/my-account/orders/", order: "/my-account/view-order/{number}/", logout: "/my-account/customer-logout/"},
		steps: []step{
			{path: "/checkout/contact/", fields: []field{f("billing_email|Email address|email|email"), f("billing_phone|Phone?|tel|tel"), f("offers|Send me offers now and then?|checkbox")}},
			{path: "/checkout/address/", fields: []field{f("billing_first_name|First name||given-name"), f("billing_last_name|Last name||family-name"),
				f("billing_country|Country / Region|select|country", options("GB", "United Kingdom", "IE", "Ireland", "FR", "France", "DE", "Germany")...),
				f("billing_address_1|Street address||address-line1"), f("billing_address_2|Flat, suite, unit, etc.?||address-line2"), f("billing_city|Town / City||address-level2"), f("billing_postcode|Postcode||postal-code")}},
			{path: "/checkout/delivery/", fields: []field{f("delivery|Delivery method|radio|", options("standard", "", "express", "")...)}},
		},
		contact:  []field{f("your-name|Your name||name"), f("your-email|Your email|email|email"), f("your-subject|Subject?"), f("your-message|Your message|textarea")},
		register: []field{f("email|Email address|email|email"), f("password|Password|password|new-password")},
		address:  []field{f("billing_first_name|First name||given-name"), f("billing_last_name|Last name||family-name"), f("billing_address_1|Street address||address-line1"), f("billing_city|Town / City||address-level2"), f("billing_postcode|Postcode||postal-code")},
		known:    Customer{"customer@example.com", "candle-light-7", "4021", "NE46 1XQ"},
		door:     Door{Guest: true, Account: true, First: "guest"},
		goals: func() []Goal {
			var t truths
			t.at("find-contact", 1, "/contact/", "Your message")
			t.at("find-phone", 1, "/contact/", "01632 960 144")
			t.at("find-help", 1, "/faq/", "Frequently asked questions")
			t.at("answer-question", 1, "/faq/", "Frequently asked questions")
			t.at("find-returns-policy", 1, "/returns-refunds/", "within 30 days")
			t.at("find-delivery-cost", 1, "/delivery/", "£3.95")
			t.at("find-privacy-policy", 1, "/privacy-policy/", "personal data")
			t.at("search-product", 1, "/search/", "Search results")
			t.buy(purchase{open: 1, choose: 1, add: 2, cart: 3, begin: 4, pay: 7, item: "/product/amber-pillar/", bag: "/basket/", inBag: "Basket totals", checkout: "/checkout/", atCheckout: "Email address", payment: "/checkout/", atPayment: "Card number"}, 1)
			t.at("newsletter-sign-up", 1, "/newsletter/", "Thank you")
			t.at("register", 2, "/my-account/dashboard/", "From your account dashboard")
			t.at("log-in", 2, "/my-account/dashboard/", "From your account dashboard")
			t.at("change-password", 4, "/my-account/dashboard/?said=password", "changed")
			t.at("change-address", 4, "/my-account/dashboard/?said=address", "changed")
			t.at("order-status", 3, "/my-account/orders/", "Processing").note("with an account only")
			t.at("submit-contact-form", 2, "/contact/sent/", "Thank you for your message")
			return t.rest()
		},
		answers: answers(
			"delivery-time", "/delivery/", "Standard delivery takes 2 to 4 working days.",
			"delivery-cost", "/delivery/", "Standard delivery costs £3.95 and is free for orders of £40 and more.",
			"countries", "/faq/", "We deliver to the United Kingdom, Ireland, France and Germany.",
			"returns-period", "/returns-refunds/", "You can send back anything unlit within 30 days of delivery.",
			"return-postage", "/returns-refunds/", "You pay the return postage unless we sent the wrong thing or it arrived broken.",
			"payment-methods", "/faq/", "We take Visa, Mastercard and bank transfer.",
			"phone-hours", "/contact/", "Monday to Friday, 9 am to 4 pm",
			"order-change", "/faq/", "Write to us before noon on the day after your order and we will change or cancel it.",
			"gift-wrap", "/faq/", "Gift wrap costs £2.50 an item, and we write the card for you."),
		returns: Return{Reopened: true},
		prices: []Price{
			{Product: "sea-salt-jar", List: "£22.00", Page: "£22.00", Cart: "£22.00", Was: "£26.00", Until: "31 December 2026", Clock: "runs"},
			{Product: "fig-votive", List: "£18.00", Page: "£18.00", Sign: true},
			{Product: "amber-pillar", List: "£14.50", Page: "£14.50", Cart: "£14.50"},
		},
	}
}
