package side

import "net/http"

// moor sells for the hills, in the manner of a hosted shop builder of the
// catalogue kind: dialogs everywhere. A banner asks about cookies, a pop-up
// wants an address, products open in a quick view, and what goes into the cart
// is shown in a dialog.
func moor() *spec {
	size := func(labels ...string) choice { return pick("attribute[size]", "Size", labels...) }
	countries := options("", "Choose a country", "GB", "United Kingdom", "IE", "Ireland", "NO", "Norway")
	return &spec{
		id: "moor-and-fell", name: "Moor & Fell", lang: "en-GB", zone: "Europe/London", manner: "modal dialogs, quick view, cookie banner, newsletter pop-up",
		money: pounds, words: english, featured: []string{"cairn-boot", "tarn-jacket", "ghyll-fleece", "scree-trousers"},
		shelves: []shelf{{"footwear", "Footwear", "Boots that were wet before you were."}, {"clothing", "Clothing", "Layers for four seasons in a day."}, {"packs", "Packs and kit", "What carries the sandwiches."}},
		goods: []product{
			{ID: "cairn-boot", Name: "Cairn walking boot", Shelf: "footwear", Short: "Full-grain leather, resoled for life", About: "A stiff boot for long days on rock. It takes a fortnight to get to know you.", Kind: "boot", Hue: "#7a5233", Shade: "#3f2a1a", Price: 16500, Options: []choice{size("UK 6", "UK 7", "UK 8", "UK 9", "UK 10 -")}},
			{ID: "beck-shoe", Name: "Beck approach shoe", Shelf: "footwear", Short: "Light, sticky, dries overnight", About: "For the path to the crag, and the pub after.", Kind: "boot", Hue: "#4d6570", Shade: "#27353b", Price: 9800, Was: 12500, Until: "31 January 2025", Options: []choice{size("UK 6", "UK 7", "UK 8")}},
			{ID: "tarn-jacket", Name: "Tarn waterproof jacket", Shelf: "clothing", Short: "Three layers, taped seams", About: "Cut long enough to sit on. The hood moves with your head.", Kind: "coat", Hue: "#c8632b", Shade: "#8c3f15", Price: 21000, Options: []choice{size("S", "M", "L", "XL")}},
			{ID: "ghyll-fleece", Name: "Ghyll fleece", Shelf: "clothing", Short: "Recycled, brushed inside", About: "The one you will wear on the sofa too.", Kind: "coat", Hue: "#5c7b62", Shade: "#37503c", Price: 7400, Stock: few, Options: []choice{size("S", "M", "L")}},
			{ID: "scree-trousers", Name: "Scree trousers", Shelf: "clothing", Short: "Stretch, with a gusset", About: "Double knees, and a pocket for the map.", Kind: "coat", Hue: "#58534b", Shade: "#33302b", Price: 8200, Stock: out, Options: []choice{size("30", "32", "34")}},
			{ID: "fell-pack", Name: "Fell 22 daypack", Shelf: "packs", Short: "22 litres, one big lid", About: "Waxed cotton with a foam back. No straps that you will never use.", Kind: "pack", Hue: "#8a8b4a", Shade: "#5a5b2b", Price: 6900},
			{ID: "flask", Name: "Steel flask", Shelf: "packs", Short: "Half a litre, hot for twelve hours", About: "It has been dropped from every height.", Kind: "pack", Hue: "#9aa7ad", Shade: "#65727a", Price: 2400},
		},
		ways:  []way{{"standard", "Royal Mail Tracked 48", "2 to 3 days", 450, 7500}, {"courier", "Courier", "next day", 850, 0}},
		begin: map[string]string{"countryCode": "", "delivery": "standard"},
		pages: map[string]string{"/contact-us/": "contact", "/contact-us/sent/": "sent", "/shipping-returns/": "policies", "/help/": "help", "/privacy-policy/": "privacy", "/blog/": "blog", "/blog/returns-of-the-swallows/": "post", "/subscribed/": "listed"},
		rewrite: func(r *http.Request) {
			// One script answers for several pages, told apart by its action.
			if action := r.URL.Query().Get("action"); r.URL.Path == "/login.php" && action == "create_account" || r.URL.Path == "/account.php" && action != "" {
				r.URL.Path = "/" + action
				if number := r.URL.Query().Get("order_id"); number != "" {
					r.URL.Path += "/" + number
				}
			}
		},
		at: addresses{list: "/categories/{id}/", item: "/products/{id}/", search: "/search.php", term: "search_query", cart: "/cart.php", add: "/cart.php/add", change: "/cart.php/update", product: "product_id", quantity: "qty[]", lineQuantity: "qty-%s",
			checkout: "/checkout", place: "/api/storefront/payments", thanks: "/checkout/order-confirmation", contact: "/contact-us/", sent: "/contact-us/sent/", news: "/subscribe.php", listed: "/subscribed/",
			login: "/login.php", entry: "/create_account", account: "/account.php", address: "/edit_shipping_address", password: "/account_details", orders: "/order_status", order: "/view_order/{number}", giveback: "/new_return/{number}", logout: "/logout.php"},
		steps: []step{
			{path: "/api/storefront/customer", fields: []field{f("email|Email|email|email"), f("shouldSubscribe|Subscribe to our newsletter.?|checkbox")}},
			{path: "/api/storefront/consignments", fields: []field{
				f("firstName|First Name||given-name"), f("lastName|Last Name||family-name"), f("company|Company Name?||organization"), f("phone|Phone Number?|tel|tel"),
				f("address1|Address||address-line1"), f("city|City||address-level2"), f("countryCode|Country|select|country", countries...), f("postalCode|Postal Code||postal-code"), f("orderComment|Order Comments?")}},
		},
		contact: []field{f("contact_fullname|Full Name?||name"), f("contact_phone|Phone Number?|tel|tel"), f("contact_email|Email Address|email|email"), f("contact_orderno|Order Number?"), f("contact_question|Comments/Questions|textarea")},
		register: []field{f("email|Email Address|email|email"), f("password|Password|password|new-password"), {Name: "again", Label: "Confirm Password", Kind: "password", Auto: "new-password", Same: "password"},
			f("FormField[1]|First Name||given-name"), f("FormField[2]|Last Name||family-name"), f("FormField[3]|Address Line 1||address-line1"), f("FormField[4]|Suburb/City||address-level2"), f("FormField[5]|Zip/Postcode||postal-code")},
		address: []field{f("FormField[1]|First Name||given-name"), f("FormField[2]|Last Name||family-name"), f("FormField[3]|Address Line 1||address-line1"), f("FormField[4]|Suburb/City||address-level2"), f("FormField[5]|Zip/Postcode||postal-code")},
		known:   Customer{"customer@example.com", "north-wind-22", "3071", "LA22 9SU"},
		door:    Door{Guest: true, Account: true, First: "guest"},
		goals: func() []Goal {
			var t truths
			t.at("find-contact", 0, "/", "01632 960 208").note("the telephone stands in the header")
			t.at("find-phone", 0, "/", "01632 960 208")
			t.at("find-help", 1, "/help/", "How can we help")
			t.at("answer-question", 1, "/shipping-returns/", "Shipping & Returns")
			t.at("find-returns-policy", 1, "/shipping-returns/", "within 60 days")
			t.at("find-delivery-cost", 1, "/shipping-returns/", "£4.50")
			t.at("find-privacy-policy", 1, "/privacy-policy/", "personal data")
			t.at("search-product", 2, "/search.php", "results for").unfold(1)
			t.buy(purchase{open: 1, choose: 1, add: 2, cart: 2, begin: 3, pay: 5, item: "/products/cairn-boot/", bag: "", inBag: "Order subtotal", checkout: "/checkout", atCheckout: "Continue as guest", payment: "/checkout", atPayment: "Credit Card Number"}, 1)
			t.at("leave-and-return", 3, "/cart.php", "Your Cart")
			t.at("newsletter-sign-up", 1, "/subscribed/", "Thank you for joining")
			t.at("register", 2, "/account.php", "Your Account").note("the header offers it")
			t.at("log-in", 2, "/account.php", "Your Account")
			t.at("change-password", 4, "/account.php?said=password", "saved")
			t.at("change-address", 4, "/account.php?said=address", "saved")
			t.at("order-status", 3, "/account.php?action=order_status", "Awaiting Fulfillment").note("with an account only")
			t.at("start-return", 5, "", "Return requested").note("of an order that was sent")
			t.at("submit-contact-form", 2, "/contact-us/sent/", "received your feedback")
			return t.rest()
		},
		answers: answers(
			"delivery-time", "/shipping-returns/", "Parcels take two to three days with Royal Mail.",
			"delivery-cost", "/shipping-returns/", "Delivery is £4.50, and free when you spend £75 or more.",
			"countries", "/shipping-returns/", "We deliver in the UK, to Ireland and to Norway.",
			"returns-period", "/shipping-returns/", "Send it back within 60 days, as long as it has not been up a hill.",
			"return-postage", "/shipping-returns/", "Returns are free with the label in the box.",
			"warranty", "/help/", "Our boots and packs carry a three-year guarantee.",
			"phone-hours", "/contact-us/", "Lines are open from 9 to 5 on weekdays and 10 to 2 on Saturdays.",
			"order-change", "/help/", "Ring us within two hours and we can still change or cancel your order."),
		returns: Return{Reopened: true, Account: true},
		prices: []Price{
			{Product: "beck-shoe", List: "£98.00", Page: "£98.00", Cart: "£98.00", Was: "£125.00", Until: "31 January 2025", Expired: true},
			{Product: "scree-trousers", List: "£82.00", Page: "£82.00", Sign: true},
			{Product: "fell-pack", List: "£69.00", Page: "£69.00", Cart: "£69.00"},
		},
	}
}
