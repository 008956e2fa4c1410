package side

// harrow sells boots in the manner of the big open shop software: a dialog asks
// where one is before anything else, options stand in selects, the cart and
// the checkout are drawn late by a script, the list of states depends on the
// country, and whoever wants to ask something has to scroll to the foot.
func harrow() *spec {
	size := func(labels ...string) choice { return pick("super_attribute[93]", "Size", labels...) }
	width := pick("super_attribute[141]", "Width", "Regular", "Wide")
	region := f("region_id|State/Province|select|address-level1", options("", "Please select a region, state or province.", "12", "California", "32", "Massachusetts", "43", "New York", "51", "Oregon", "57", "Texas", "74", "Ontario", "76", "Quebec")...)
	region.When = "country_id=US CA"
	county := f("region|State/Province?||address-level1")
	county.When = "country_id=GB"
	return &spec{
		id: "harrow-boots", name: "Harrow Boot Co.", lang: "en-US", zone: "America/Chicago", manner: "large open shop software, geo pop-up, late-drawn checkout, states by country, contact in the footer only",
		money: dollars, words: english, featured: []string{"ploughman", "drover", "rancher", "wellie"},
		shelves: []shelf{{"work", "Work Boots", "Steel toes and storm welts."}, {"western", "Western Boots", "For the saddle and the dance."}, {"care", "Care", "Grease, trees and laces."}},
		goods: []product{
			{ID: "ploughman", Name: "Ploughman Boot", Shelf: "work", Short: "Eight-inch, oiled leather", About: "Goodyear welted, with a storm guard that keeps a furrow out.", Kind: "boot", Hue: "#8a5a33", Shade: "#4a2d16", Price: 18900, Options: []choice{size("8", "9", "10", "11"), width}},
			{ID: "drover", Name: "Drover Chelsea", Shelf: "work", Short: "Pull on, pull off", About: "Elastic that is sewn, not glued.", Kind: "boot", Hue: "#5b4a3c", Shade: "#2f251d", Price: 15900, Options: []choice{size("8", "9", "10"), width}},
			{ID: "wellie", Name: "Ditch Wellington", Shelf: "work", Short: "Rubber, lined", About: "Natural rubber with a wool lining.", Kind: "boot", Hue: "#44583b", Shade: "#26331f", Price: 8900, Stock: out, Options: []choice{size("8", "9", "10")}},
			{ID: "rancher", Name: "Rancher", Shelf: "western", Short: "Thirteen inches, stacked heel", About: "Stitched in six rows.", Kind: "boot", Hue: "#7c3a2a", Shade: "#3f1a11", Price: 22900, Was: 26900, Options: []choice{size("8", "9", "10", "11 -"), width}},
			{ID: "grease", Name: "Boot Grease", Shelf: "care", Short: "Four ounces", About: "Tallow, beeswax and neatsfoot.", Kind: "tin", Hue: "#c7a253", Shade: "#7a5f23", Price: 1200},
			{ID: "laces", Name: "Waxed Laces", Shelf: "care", Short: "72 inches, a pair", About: "They stay tied.", Kind: "tin", Hue: "#3c3c3c", Shade: "#111", Price: 600},
			{ID: "trees", Name: "Cedar Boot Trees", Shelf: "care", Short: "A pair", About: "They drink the sweat.", Kind: "tin", Hue: "#b5763f", Shade: "#7d4a20", Price: 3400, Stock: few},
		},
		ways:  []way{{"flatrate", "Flat Rate", "4 to 7 business days", 800, 15000}, {"overnight", "Overnight", "next business day", 3500, 0}},
		begin: map[string]string{"country_id": "US", "delivery": "flatrate"},
		pages: map[string]string{"/contact/": "contact", "/contact/index/success/": "sent", "/shipping/": "delivery", "/returns/": "returns", "/privacy-policy-cookie-restriction-mode/": "privacy", "/faqs/": "guide", "/sales/guest/form/": "lookup", "/newsletter/done/": "listed"},
		at: addresses{list: "/catalog/{id}", item: "/{id}", search: "/catalogsearch/result/", term: "q", cart: "/checkout/cart/", add: "/checkout/cart/add/", change: "/checkout/cart/updatePost/", product: "product", quantity: "qty", lineQuantity: "cart[%s][qty]",
			checkout: "/checkout/", place: "/rest/default/V1/payment-information", thanks: "/checkout/onepage/success/", contact: "/contact/index/post/", sent: "/contact/index/success/", news: "/newsletter/subscriber/new/", listed: "/newsletter/done/",
			login: "/customer/account/login/", entry: "/customer/account/create/", account: "/customer/account/", address: "/customer/address/edit/", password: "/customer/account/edit/", orders: "/sales/order/history/", order: "/sales/order/view/{number}", lookup: "/sales/guest/form/", withdraw: "/sales/guest/cancel/", logout: "/customer/account/logout/"},
		steps: []step{{path: "/rest/default/V1/shipping-information", fields: []field{
			f("username|Email Address|email|email"), f("firstname|First Name||given-name"), f("lastname|Last Name||family-name"), f("company|Company?||organization"), f("street[0]|Street Address: Line 1||address-line1"), f("street[1]|Street Address: Line 2?||address-line2"),
			f("country_id|Country|select|country", options("US", "United States", "CA", "Canada", "GB", "United Kingdom")...), region, county, f("city|City||address-level2"), f("postcode|Zip/Postal Code||postal-code"), f("telephone|Phone Number|tel|tel"),
			f("delivery|Shipping Methods|radio|", options("flatrate", "", "overnight", "")...),
		}}},
		contact:  []field{f("name|Name||name"), f("email|Email|email|email"), f("telephone|Phone Number?|tel|tel"), f("comment|What's on your mind?|textarea")},
		register: []field{f("firstname|First Name||given-name"), f("lastname|Last Name||family-name"), f("is_subscribed|Sign Up for Newsletter?|checkbox"), f("email|Email|email|email"), f("password|Password|password|new-password"), {Name: "password_confirmation", Label: "Confirm Password", Kind: "password", Same: "password"}},
		address:  []field{f("firstname|First Name||given-name"), f("lastname|Last Name||family-name"), f("telephone|Phone Number|tel|tel"), f("street[]|Street Address||address-line1"), f("city|City||address-level2"), f("postcode|Zip/Postal Code||postal-code")},
		known:    Customer{"customer@example.com", "storm-welt-8", "000000231", "60614"},
		door:     Door{Guest: true, Account: true, First: "guest"},
		goals: func() []Goal {
			var t truths
			t.at("find-contact", 1, "/contact/", "What's on your mind")
			t.at("find-phone", 1, "/contact/", "(312) 555-0144")
			t.at("find-help", 1, "/faqs/", "Which size do I need?")
			t.at("answer-question", 1, "/shipping/", "Shipping")
			t.at("find-returns-policy", 1, "/returns/", "within 90 days")
			t.at("find-delivery-cost", 1, "/shipping/", "$8.00")
			t.at("find-privacy-policy", 1, "/privacy-policy-cookie-restriction-mode/", "personal information")
			t.at("search-product", 1, "/catalogsearch/result/", "Search results for")
			t.buy(purchase{open: 1, choose: 1, add: 2, cart: 3, begin: 4, pay: 5, item: "/ploughman.html", bag: "/checkout/cart/", inBag: "Shopping Cart", checkout: "/checkout/#shipping", atCheckout: "Shipping Address", payment: "/checkout/#payment", atPayment: "Payment Method"}, 1)
			t.at("newsletter-sign-up", 1, "/newsletter/done/", "Thank you for your subscription")
			t.at("register", 2, "/customer/account/", "My Account")
			t.at("log-in", 2, "/customer/account/", "My Account")
			t.at("change-password", 4, "/customer/account/?said=password", "You saved")
			t.at("change-address", 4, "/customer/account/?said=address", "You saved")
			t.at("order-status", 2, "/sales/guest/form/", "Processing").note("without an account; with one it takes three")
			t.at("cancel-order", 3, "/sales/guest/cancel/", "has been cancelled").note("without an account")
			t.at("submit-contact-form", 2, "/contact/index/success/", "Thanks for contacting us")
			return t.rest()
		},
		answers: answers(
			"delivery-time", "/shipping/", "Flat Rate takes 4 to 7 business days.",
			"delivery-cost", "/shipping/", "Flat Rate is $8.00, and free on orders of $150 or more.",
			"countries", "/shipping/", "We ship to the United States, Canada and the United Kingdom.",
			"returns-period", "/returns/", "Unworn boots come back within 90 days of purchase.",
			"return-postage", "/returns/", "We charge $6.50 for a return label and take it off your refund.",
			"warranty", "/returns/", "Welts and soles are covered for one year.",
			"phone-hours", "/contact/", "Monday through Friday, 8 a.m. to 5 p.m. Central"),
		prices: []Price{{Product: "rancher", List: "$229.00", Page: "$229.00", Cart: "$229.00", Was: "$269.00", Clock: "restarts"}, {Product: "wellie", List: "$89.00", Page: "$89.00", Sign: true}},
	}
}
