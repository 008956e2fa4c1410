package side

// gridiron sells tools in the manner of an open shop engine for programmers: a
// mega menu that opens under the pointer or by a press, listings that go on
// and on, variants as a list of buttons, and a checkout of four pages that
// asks who one is first.
func gridiron() *spec {
	states := options("", "Select state", "AL", "Alabama", "CO", "Colorado", "GA", "Georgia", "IL", "Illinois", "MI", "Michigan", "OH", "Ohio", "PA", "Pennsylvania")
	variant := func(labels ...string) choice { return pick("variant_id", "Variant", labels...) }
	tool := func(id, name, shelf, short string, price int, hue string, options ...choice) product {
		return product{ID: id, Name: name, Shelf: shelf, Short: short, About: short + ". Forged in Toledo, guaranteed for life.", Kind: shelf, Hue: hue, Shade: "#2c2c2c", Price: price, Options: options}
	}
	s := &spec{
		id: "gridiron-tools", name: "Gridiron Tools", lang: "en-US", zone: "America/New_York", manner: "mega menu, endless listing, four-page checkout, returns portal",
		money: dollars, words: english, perPage: 4, featured: nil,
		shelves: []shelf{{"hammers", "Hammers", "From tack to sledge."}, {"saws", "Saws", "Set and sharpened."}, {"planes", "Planes", "Flat soles."}, {"measuring", "Measuring", "Twice."}},
		goods: []product{
			tool("claw-hammer", "Claw Hammer 16 oz", "hammers", "Hickory handle", 3200, "#8c8f93", variant("Hickory", "Fiberglass")),
			tool("framing-hammer", "Framing Hammer 22 oz", "hammers", "Milled face", 4600, "#6f7377", variant("Straight", "Curved")),
			tool("tack-hammer", "Tack Hammer", "hammers", "Magnetic on one side", 1900, "#a2a6aa"),
			tool("sledge", "Sledge 8 lb", "hammers", "For what has to go", 5400, "#55585c"),
			tool("ball-pein", "Ball-Pein Hammer", "hammers", "For rivets", 2700, "#7d8186"),
			tool("mallet", "Beech Mallet", "hammers", "For chisels", 2300, "#c99f63"),
			tool("rip-saw", "Rip Saw", "saws", "Five teeth to the inch", 6200, "#b7bcc0", variant("22 in", "26 in")),
			tool("dovetail", "Dovetail Saw", "saws", "Brass back", 7800, "#c3a04d"),
			tool("coping", "Coping Saw", "saws", "Around corners", 2100, "#9da1a5"),
			tool("jack-plane", "Jack Plane No. 5", "planes", "Does nearly everything", 14900, "#52616b", variant("A2 iron", "O1 iron")),
			tool("block-plane", "Block Plane", "planes", "Fits an apron", 8900, "#6b5b4b"),
			tool("square", "Try Square", "measuring", "Checked against a better one", 3400, "#a0763a"),
			tool("rule", "Folding Rule", "measuring", "Six feet of boxwood", 2800, "#d6b874"),
		},
		ways:   []way{{"ups-ground", "UPS Ground", "3 to 6 business days", 995, 9900}, {"ups-two", "UPS Two Day", "2 business days", 1995, 0}},
		levies: []levy{{"Handling", 350, []string{"payment"}}},
		begin:  map[string]string{"delivery": "ups-ground", "order[ship_address_attributes][country]": "US"},
		pages:  map[string]string{"/help": "help", "/contact": "contact", "/contact/thanks": "sent", "/shipping-rates": "delivery", "/returns-exchanges": "returns", "/privacy": "privacy", "/locations": "stores", "/newsletter/thanks": "listed"},
		at: addresses{list: "/t/categories/{id}", item: "/products/{id}", search: "/products", term: "keywords", cart: "/cart", add: "/orders/populate", change: "/orders/update", product: "product", quantity: "quantity", lineQuantity: "order[line_items][%s]",
			pay: "/checkout/payment", place: "/checkout/update/payment", thanks: "/orders/done", contact: "/contact", sent: "/contact/thanks", news: "/newsletter", listed: "/newsletter/thanks",
			login: "/login", entry: "/signup", account: "/account", password: "/account/edit", order: "/orders/{number}", giveback: "/orders/{number}/return_authorizations", logout: "/logout"},
		steps: []step{
			{path: "/checkout/registration", page: "registration", fields: []field{f("order[email]|Email|email|email")}},
			{path: "/checkout/address", page: "shipto", fields: []field{
				f("order[ship_address_attributes][firstname]|First Name||given-name"), f("order[ship_address_attributes][lastname]|Last Name||family-name"), f("order[ship_address_attributes][address1]|Street Address||address-line1"), f("order[ship_address_attributes][address2]|Street Address (cont'd)?||address-line2"),
				f("order[ship_address_attributes][city]|City||address-level2"), f("order[ship_address_attributes][state_id]|State|select|address-level1", states...), f("order[ship_address_attributes][zipcode]|Zip||postal-code"), f("order[ship_address_attributes][phone]|Phone|tel|tel")}},
			{path: "/checkout/delivery", page: "way", fields: []field{f("delivery|Delivery|radio|", options("ups-ground", "", "ups-two", "")...)}},
		},
		contact:  []field{f("message[name]|Name"), f("message[email]|Your e-mail|email|email"), f("message[order]|Order number?"), f("message[body]|How can we help?|textarea")},
		register: []field{f("email|Email|email|email"), f("password|Password|password|new-password"), {Name: "password_confirmation", Label: "Password Confirmation", Kind: "password", Same: "password"}},
		known:    Customer{"customer@example.com", "measure-twice-2", "R404120", "43604"},
		sandbox:  &sandbox{says: "Your payment could not be processed."},
		door:     Door{Guest: true, Account: true, First: "account"},
		goals: func() []Goal {
			// The start page shows no goods: the search is the shortest way to
			// one, the menu takes a press more.
			var t truths
			t.at("find-contact", 0, "/", "1-800-555-0119").note("the telephone stands in the footer")
			t.at("find-phone", 0, "/", "1-800-555-0119")
			t.at("find-help", 1, "/help", "Good to know")
			t.at("answer-question", 1, "/help", "Good to know")
			t.at("find-returns-policy", 1, "/returns-exchanges", "within 180 days")
			t.at("find-delivery-cost", 1, "/shipping-rates", "$9.95")
			t.at("find-privacy-policy", 2, "/privacy", "personal information").note("only from the help page")
			t.at("search-product", 1, "/products", "found for")
			t.buy(purchase{open: 2, choose: 2, add: 3, cart: 3, begin: 4, pay: 7, item: "/products/claw-hammer", bag: "/cart", inBag: "Shopping Cart", checkout: "/checkout/registration", atCheckout: "Continue as a Guest", payment: "/checkout/payment", atPayment: "Card Number"}, 1)
			t.at("newsletter-sign-up", 1, "/newsletter/thanks", "Thanks")
			t.at("register", 3, "/account", "My Account")
			t.at("log-in", 2, "/account", "My Account")
			t.at("change-password", 4, "/account?said=password", "Account updated")
			t.at("declined-card", 8, "/checkout/update/payment", "could not be processed")
			t.at("order-status", 2, "/account", "Ready to ship").note("with an account only")
			t.at("start-return", 4, "", "Return requested")
			t.at("submit-contact-form", 3, "/contact/thanks", "Thanks, we have it")
			return t.rest()
		},
		answers: answers(
			"delivery-time", "/shipping-rates", "UPS Ground takes 3 to 6 business days.",
			"delivery-cost", "/shipping-rates", "UPS Ground is $9.95, free over $99.",
			"countries", "/shipping-rates", "We only ship within the lower 48 states.",
			"returns-period", "/returns-exchanges", "Bring or send anything back within 180 days.",
			"return-postage", "/returns-exchanges", "Return freight is on you unless the tool failed.",
			"payment-methods", "/help", "We take Visa, Mastercard, Discover and purchase orders.",
			"warranty", "/help", "All hand tools have a lifetime warranty.",
			"phone-hours", "/help", "The phone is answered 7 a.m. to 7 p.m. Eastern, six days a week."),
		prices: []Price{{Product: "claw-hammer", List: "$32.00", Page: "$32.00", Cart: "$32.00", Fees: []string{"Handling $3.50"}}, {Product: "sledge", List: "$54.00", Page: "$54.00", Sign: true}, {Product: "coping", List: "$21.00", Page: "$21.00", Cart: "$21.00", Was: "$27.00", Until: "July 4, 2025", Expired: true, Fees: []string{"Handling $3.50"}}},
	}
	sledge, coping := &s.goods[3], &s.goods[8]
	sledge.Stock, coping.Was, coping.Until = out, 2700, "July 4, 2025"
	return s
}
