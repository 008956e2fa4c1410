package side

// greenlens sells spectacles and wants to be left alone: there is no way to
// ask it anything, nothing about returns or the cost of delivery, no help and
// no search. What looks like that is something else. It is made in the manner
// of a builder of pretty pages that came to sell things later: buttons that
// are no buttons, a gallery of tiles, a checkout of its own.
func greenlens() *spec {
	return &spec{
		id: "greenlens", name: "Greenlens", lang: "en-GB", zone: "Europe/London", manner: "page builder; no contact, returns or search, but decoys for each",
		money: pounds, words: english, featured: []string{"iris-frame", "cornea-frame", "daily-lens", "loupe"},
		shelves: []shelf{{"frames", "Frames", "Cut from cotton acetate."}, {"contact-lenses", "Contact lenses", "Contact lenses for a day, a month, or a party."}, {"helpers", "Little helpers", "Cloths, cords and cases."}},
		goods: []product{
			{ID: "iris-frame", Name: "Iris", Shelf: "frames", Short: "Round, moss green", About: "A round frame with a keyhole bridge. The hinges have five barrels and no hurry.", Kind: "frame", Hue: "#5d7a4a", Shade: "#34482a", Price: 14500, Options: []choice{pick("size", "Width", "Narrow", "Medium", "Wide")}},
			{ID: "cornea-frame", Name: "Cornea", Shelf: "frames", Short: "Square, bark brown", About: "Square, thin, and hard to sit on.", Kind: "frame", Hue: "#79573a", Shade: "#49321e", Price: 15500, Options: []choice{pick("size", "Width", "Medium", "Wide")}},
			{ID: "pupil-frame", Name: "Pupil", Shelf: "frames", Short: "Phone-friendly reading glasses", About: "Ground for the distance of a phone call that you take with your eyes: forty centimetres.", Kind: "frame", Hue: "#454f57", Shade: "#252c31", Price: 6900, Options: []choice{pick("size", "Strength", "1.0", "1.5", "2.0")}},
			{ID: "daily-lens", Name: "Day by Day", Shelf: "contact-lenses", Short: "Thirty dailies", About: "Thirty contact lenses. Put in, look, throw away.", Kind: "lens", Hue: "#9fc5c9", Shade: "#5f9298", Price: 1900, Options: []choice{pick("size", "Dioptres", "-1.00", "-2.00", "-3.00")}},
			{ID: "monthly-lens", Name: "Moon to Moon", Shelf: "contact-lenses", Short: "Three monthlies", About: "Three contact lenses for a quarter of a year.", Kind: "lens", Hue: "#b7b4d4", Shade: "#7571a3", Price: 2400, Stock: few},
			{ID: "party-lens", Name: "Cat's Eye", Shelf: "contact-lenses", Short: "For one night", About: "A pair with slits. Sold out since the last full moon.", Kind: "lens", Hue: "#d7c24a", Shade: "#8a7a1f", Price: 1200, Stock: out},
			{ID: "loupe", Name: "Pocket loupe", Shelf: "helpers", Short: "Ten times as large", About: "Help for small print. Article 0800-4411.", Kind: "lens", Hue: "#c7b08a", Shade: "#8d7443", Price: 2200},
		},
		ways:  []way{{"post", "Post", "when it comes", 550, 0}},
		begin: map[string]string{"delivery": "post"},
		pages: map[string]string{"/journal": "journal", "/journal/our-returns-to-nature": "nature", "/journal/special-delivery": "stork", "/plant-trees": "trees", "/philosophy": "philosophy", "/privacy": "privacy", "/welcome": "listed"},
		at: addresses{list: "/collection/{id}", item: "/shop/p/{id}", cart: "/cart", add: "/api/commerce/shopping-cart/entries", change: "/cart", product: "itemId", quantity: "quantity", lineQuantity: "qty.%s",
			pay: "/checkout/payment", place: "/checkout/complete", thanks: "/checkout/done", news: "/api/form/newsletter", listed: "/welcome"},
		steps: []step{{path: "/checkout", page: "checkout", fields: []field{
			f("email|Email|email|email"), f("fname|First Name||given-name"), f("lname|Last Name||family-name"), f("address|Address||address-line1"), f("city|Town||address-level2"), f("zip|Postcode||postal-code"), f("tel|Phone?|tel|tel"),
		}}},
		sandbox: &sandbox{says: "Card declined. Please try again with a different card."},
		door:    Door{Guest: true, First: "guest"},
		goals: func() []Goal {
			var t truths
			t.at("find-privacy-policy", 1, "/privacy", "your data")
			t.at("declined-card", 6, "/checkout/complete", "declined")
			t.buy(purchase{open: 1, choose: 1, add: 2, cart: 3, begin: 4, pay: 5, item: "/shop/p/iris-frame", bag: "/cart", inBag: "Shopping Cart", checkout: "/checkout", atCheckout: "First Name", payment: "/checkout/payment", atPayment: "Card Number"}, 1)
			t.at("newsletter-sign-up", 1, "/welcome", "Thank you")
			t.lacks("find-contact", "contact lenses are no contact")
			t.lacks("find-phone", "an article's number and glasses for telephones are none to call")
			t.lacks("find-help", "it wants help with planting trees")
			t.lacks("find-returns-policy", "the journal's returns are to nature")
			t.lacks("find-delivery-cost", "a stork delivers free of charge; the shop's own price stands in the checkout alone")
			t.lacks("search-product", "what looks like a search is the newsletter")
			return t.rest()
		},
		answers: answers(),
		prices:  []Price{{Product: "party-lens", List: "£12.00", Page: "£12.00", Sign: true}, {Product: "loupe", List: "£22.00", Page: "£22.00", Cart: "£22.00"}},
	}
}
