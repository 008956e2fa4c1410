package side

// marrow sells books to members: nobody gets to the checkout without an
// account, and with one there is all that self-service can be. It is made in
// the manner of the storefront that large brands rent.
func marrow() *spec {
	format := func(extra int) choice {
		return choice{Field: "dwvar_format", Label: "Format", Values: []value{{ID: "paperback", Label: "Paperback"}, {ID: "hardback", Label: "Hardback", Extra: extra}}}
	}
	return &spec{
		id: "marrow-books", name: "Marrow Books", lang: "en-GB", zone: "Europe/London", manner: "storefront of large brands, forced account, full account area, order tracking",
		money: pounds, words: english, featured: []string{"bone-soup", "salt-road", "slow-letters", "night-garden"},
		shelves: []shelf{{"food", "Food and drink", "To be read at the table."}, {"travel", "Travel", "For those who stay."}, {"garden", "Garden", "With mud on the jacket."}},
		goods: []product{
			{ID: "bone-soup", Name: "Bone Soup", Shelf: "food", Short: "Forty broths", About: "Forty broths and what to do with the rest of the animal.", Kind: "book", Hue: "#9b3d2e", Shade: "#f0d9b5", Price: 1899, Options: []choice{format(900)}},
			{ID: "salt-road", Name: "The Salt Road", Shelf: "travel", Short: "On foot to the sea", About: "Eleven hundred kilometres behind a mule.", Kind: "book", Hue: "#2e5f6b", Shade: "#e8e2cf", Price: 1099, Options: []choice{format(1100)}},
			{ID: "night-garden", Name: "A Garden at Night", Shelf: "garden", Short: "White flowers, moths", About: "What opens when you go in.", Kind: "book", Hue: "#2a3152", Shade: "#d9d2e6", Price: 2499},
			{ID: "slow-letters", Name: "Slow Letters", Shelf: "travel", Short: "Postcards of forty years", About: "One postcard a week, all to the same address.", Kind: "book", Hue: "#c08a3e", Shade: "#3b2a17", Price: 1299, Was: 1499},
			{ID: "compost", Name: "Everything Rots", Shelf: "garden", Short: "The compost book", About: "Back in print in March.", Kind: "book", Hue: "#4b5a2a", Shade: "#e2dcb8", Price: 999, Stock: out},
			{ID: "vinegar", Name: "Vinegar", Shelf: "food", Short: "A sour history", About: "From Babylon to the chip shop.", Kind: "book", Hue: "#7a5c8c", Shade: "#efe6f4", Price: 1599, Stock: few},
		},
		ways:  []way{{"001", "Standard Delivery", "3 to 5 working days", 299, 2500}, {"002", "Express Delivery", "1 working day", 599, 0}},
		begin: map[string]string{"delivery": "001", "dwfrm_shipping_country": "GB"},
		pages: map[string]string{"/contactus": "contact", "/contactus/thanks": "sent", "/delivery": "delivery", "/returns": "returns", "/privacy": "privacy", "/trackorder": "lookup", "/subscribed": "listed"},
		at: addresses{list: "/s/{id}", item: "/p/{id}", search: "/search", term: "q", help: "/help", cart: "/cart", add: "/Cart-AddProduct", change: "/Cart-UpdateQuantity", added: "/p/{id}?added=1", product: "pid", quantity: "quantity", lineQuantity: "qty_%s",
			pay: "/checkout/payment", place: "/CheckoutServices-PlaceOrder", thanks: "/Order-Confirm", contact: "/contactus", sent: "/contactus/thanks", news: "/EmailSubscribe", listed: "/subscribed", login: "/login", entry: "/Account-SubmitRegistration",
			account: "/account", address: "/account/address", password: "/account/password", orders: "/account/orders", order: "/account/orders/{number}", cancel: "/account/orders/{number}/cancel", giveback: "/account/orders/{number}/return", lookup: "/trackorder", logout: "/logout"},
		steps: []step{{path: "/checkout/shipping", page: "shipping", login: true, fields: []field{
			f("dwfrm_shipping_firstName|First Name||shipping given-name"), f("dwfrm_shipping_lastName|Last Name||shipping family-name"), f("dwfrm_shipping_address1|Address 1||shipping address-line1"), f("dwfrm_shipping_address2|Address 2?||shipping address-line2"),
			f("dwfrm_shipping_country|Country|select|shipping country", options("GB", "United Kingdom", "IE", "Ireland")...), f("dwfrm_shipping_city|City||shipping address-level2"), f("dwfrm_shipping_postalCode|Postcode||shipping postal-code"), f("dwfrm_shipping_phone|Phone Number|tel|shipping tel"),
			f("delivery|Delivery Method|radio|", options("001", "", "002", "")...),
		}}},
		contact:  []field{f("contactFirstName|First Name||given-name"), f("contactLastName|Last Name||family-name"), f("contactEmail|Email|email|email"), f("contactTopic|My Question is About|select|", options("", "Select", "TP", "A book", "OS", "My order", "OT", "Something else")...), f("contactComment|Comment|textarea")},
		register: []field{f("firstname|First Name||given-name"), f("lastname|Last Name||family-name"), f("phone|Phone|tel|tel"), f("email|Email|email|email"), {Name: "emailconfirm", Label: "Confirm Email", Kind: "email", Same: "email"}, f("password|Password|password|new-password"), {Name: "passwordconfirm", Label: "Confirm Password", Kind: "password", Same: "password"}, f("addtoemaillist|Please add me to the email list?|checkbox")},
		address:  []field{f("firstname|First Name||given-name"), f("lastname|Last Name||family-name"), f("address1|Address 1||address-line1"), f("city|City||address-level2"), f("postalCode|Postcode||postal-code")},
		questions: []question{
			{"When will my books come?", "Standard delivery takes 3 to 5 working days."}, {"How can I pay?", "You can pay by Visa, Mastercard, American Express or gift card."}, {"Can I cancel my order?", "You can cancel an order yourself under Your Orders until it is packed."},
			{"A page is missing. What now?", "Every book carries a one-year guarantee against missing pages."}, {"Do you wrap presents?", "Gift wrapping is £1.95 a parcel."}, {"Where do you send to?", "We send to the United Kingdom and Ireland only."},
		},
		known:   Customer{"customer@example.com", "page-turner-31", "00004711", "EX4 3LS"},
		sandbox: &sandbox{says: "Your card was declined by its bank. Please check the number, or pay with another card."},
		door:    Door{Account: true, First: "account", Forced: true},
		goals: func() []Goal {
			var t truths
			t.at("find-contact", 1, "/contactus", "My Question is About")
			t.at("find-help", 1, "/help", "How can we help you?")
			t.at("search-help", 2, "/help", "Results for")
			t.at("answer-question", 1, "/help", "How can we help you?")
			t.at("find-returns-policy", 1, "/returns", "within 28 days")
			t.at("find-delivery-cost", 1, "/delivery", "£2.99")
			t.at("find-privacy-policy", 1, "/privacy", "personal data")
			t.at("search-product", 1, "/search", "Results for")
			t.buy(purchase{open: 1, choose: 1, add: 2, cart: 3, begin: 4, pay: 6, item: "/p/bone-soup", bag: "/cart", inBag: "Your Cart", checkout: "/login?back=/checkout/shipping", atCheckout: "Create Account", payment: "/checkout/payment", atPayment: "Card Number"}, 1)
			t.at("newsletter-sign-up", 1, "/subscribed", "Thank you for signing up")
			t.at("register", 3, "/account", "Your Account").unfold(1).note("the form stands in a tab")
			t.at("log-in", 2, "/account", "Your Account")
			t.at("change-password", 4, "/account?said=password", "saved")
			t.at("change-address", 4, "/account?said=address", "saved")
			t.at("order-status", 2, "/trackorder", "Being packed").note("without an account; with one it takes three")
			t.at("declined-card", 7, "/CheckoutServices-PlaceOrder", "declined")
			t.at("cancel-order", 5, "", "Cancelled")
			t.at("start-return", 5, "", "Return started")
			t.at("submit-contact-form", 2, "/contactus/thanks", "Thank you")
			return t.rest()
		},
		answers: answers(
			"delivery-time", "/help", "Standard delivery takes 3 to 5 working days.",
			"delivery-cost", "/delivery", "Standard delivery costs £2.99 and is free from £25.",
			"countries", "/help", "We send to the United Kingdom and Ireland only.",
			"returns-period", "/returns", "Return any book within 28 days for a full refund.",
			"return-postage", "/returns", "Postage for returns is yours to pay, except for faulty books.",
			"payment-methods", "/help", "You can pay by Visa, Mastercard, American Express or gift card.",
			"warranty", "/help", "Every book carries a one-year guarantee against missing pages.",
			"order-change", "/help", "You can cancel an order yourself under Your Orders until it is packed.",
			"gift-wrap", "/help", "Gift wrapping is £1.95 a parcel."),
		returns: Return{Reopened: true},
		prices:  []Price{{Product: "slow-letters", List: "£12.99", Page: "£12.99", Cart: "£12.99", Was: "£14.99"}, {Product: "compost", List: "£9.99", Page: "£9.99", Sign: true}},
	}
}
