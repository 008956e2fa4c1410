package side

import (
	"net/http"
	"strings"
)

// fable sells socks in the manner of the themes that the largest hosted shop
// software gives away: icons in the header, a search that unfolds, swatches, a
// cart that slides in, and a checkout on one page with the card at its foot.
func fable() *spec {
	states := options("", "State", "CA", "California", "ME", "Maine", "NY", "New York", "OR", "Oregon", "TX", "Texas", "WA", "Washington")
	colour := func(values ...value) choice { return choice{Field: "Color", Label: "Color", Values: values} }
	moss, rust, ink := value{ID: "moss", Label: "Moss", Colour: "#6b7f4f"}, value{ID: "rust", Label: "Rust", Colour: "#b3562f"}, value{ID: "ink", Label: "Ink", Colour: "#2f3b59"}
	gone := ink
	gone.Out = true
	size := pick("Size", "Size", "S", "M", "L")
	state := f("zone|State|select|address-level1", states...)
	state.When = "countryCode=US"
	return &spec{
		id: "fable-socks", name: "Fable Socks", lang: "en-US", zone: "America/New_York", manner: "hosted theme, off-canvas cart, swatches, one-page checkout",
		money: dollars, words: english, featured: []string{"hare", "tortoise", "fox", "crow"},
		shelves: []shelf{{"crew", "Crew socks", "To the middle of the calf."}, {"hiking", "Hiking socks", "Merino, cushioned where it counts."}, {"kids", "Kids", "The same animals, smaller."}},
		goods: []product{
			{ID: "hare", Name: "The Hare crew sock", Shelf: "crew", Short: "Fast asleep at the ankle", About: "Combed cotton with a hare on each ankle. The toe is linked by hand, so there is no seam to feel.", Kind: "sock", Hue: "#6b7f4f", Shade: "#f3efe4", Price: 1400, Options: []choice{colour(moss, rust, ink), size}},
			{ID: "tortoise", Name: "The Tortoise crew sock", Shelf: "crew", Short: "Gets there", About: "Slow colors, a high heel, and elastic that lasts.", Kind: "sock", Hue: "#b3562f", Shade: "#2f3b59", Price: 1400, Was: 1800, Options: []choice{colour(rust, moss, gone), size}},
			{ID: "fox", Name: "The Fox hiking sock", Shelf: "hiking", Short: "Merino for wet grass", About: "Sixty percent merino. Cushioned under heel and ball, thin on top so that the boot still fits.", Kind: "sock", Hue: "#b3562f", Shade: "#fff", Price: 2400, Options: []choice{colour(rust, ink), size}},
			{ID: "crow", Name: "The Crow hiking sock", Shelf: "hiking", Short: "Winter weight", About: "The warmest sock that we make, in the color that hides the mud.", Kind: "sock", Hue: "#2f3b59", Shade: "#6b7f4f", Price: 2600, Stock: few, Options: []choice{colour(ink, moss), size}},
			{ID: "goose", Name: "The Goose crew sock", Shelf: "crew", Short: "Sold out until spring", About: "Gold thread at the cuff.", Kind: "sock", Hue: "#d8b84a", Shade: "#fff", Price: 1600, Stock: out, Options: []choice{colour(moss), size}},
			{ID: "mouse", Name: "The Mouse kids' sock", Shelf: "kids", Short: "Three pairs, never two alike", About: "Three pairs that were made to be mixed.", Kind: "sock", Hue: "#999", Shade: "#f3efe4", Price: 1800, Options: []choice{pick("Size", "Size", "2-4 years", "5-7 years")}},
			{ID: "frog", Name: "The Frog kids' sock", Shelf: "kids", Short: "With grips", About: "Grips on the sole for wooden floors.", Kind: "sock", Hue: "#5c9a58", Shade: "#fff", Price: 900, Options: []choice{pick("Size", "Size", "2-4 years", "5-7 years")}},
		},
		ways:  []way{{"standard", "Standard", "3 to 5 business days", 495, 5000}, {"express", "Express", "2 business days", 1495, 0}},
		begin: map[string]string{"countryCode": "US", "delivery": "standard"},
		pages: map[string]string{"/collections": "shelves", "/pages/contact": "contact", "/pages/contact/sent": "sent", "/pages/faq": "faq", "/pages/about-us": "about", "/policies/refund-policy": "returns", "/policies/shipping-policy": "delivery",
			"/policies/privacy-policy": "privacy", "/policies/terms-of-service": "terms", "/contact/posted": "listed"},
		at: addresses{list: "/collections/{id}", item: "/products/{id}", search: "/search", term: "q", suggest: "/search/suggest.json", cart: "/cart", add: "/cart/add", change: "/cart/change",
			product: "product-id", quantity: "quantity", lineQuantity: "updates[%s]", checkout: "/checkouts/cn/c1", place: "/checkouts/cn/c1/processing", thanks: "/checkouts/cn/c1/thank-you",
			contact: "/contact", sent: "/pages/contact/sent", news: "/contact/customer", listed: "/contact/posted", login: "/account/login", entry: "/account/register", account: "/account", address: "/account/addresses",
			order: "/account/orders/{number}", logout: "/account/logout"},
		rewrite: func(r *http.Request) {
			// The addresses that end in .js are those of the same pages for scripts.
			if base, ok := strings.CutSuffix(r.URL.Path, ".js"); ok && strings.HasPrefix(base, "/cart") {
				r.URL.Path = base
				r.Header.Set("Accept", "application/json")
			}
		},
		steps: []step{{path: "/checkouts/cn/c1/information", fields: []field{
			f("email|Email|email|shipping email"), f("marketing_opt_in|Email me with news and offers?|checkbox"),
			f("countryCode|Country/Region|select|shipping country", options("US", "United States", "CA", "Canada")...),
			f("firstName|First name (optional)?||shipping given-name"), f("lastName|Last name||shipping family-name"), f("address1|Address||shipping address-line1"),
			f("address2|Apartment, suite, etc. (optional)?||shipping address-line2"), f("city|City||shipping address-level2"), state,
			f("postalCode|ZIP code||shipping postal-code"), f("phone|Phone (optional)?|tel|shipping tel"),
		}}},
		contact:  []field{f("contact[name]|Name?||name"), f("contact[email]|Email|email|email"), f("contact[body]|Comment|textarea")},
		register: []field{f("customer[first_name]|First name?||given-name"), f("customer[last_name]|Last name?||family-name"), f("email|Email|email|email"), f("password|Password|password|new-password")},
		address:  []field{f("address[first_name]|First name||given-name"), f("address[last_name]|Last name||family-name"), f("address[address1]|Address 1||address-line1"), f("address[city]|City||address-level2"), f("address[zip]|Postal/ZIP code||postal-code")},
		known:    Customer{"customer@example.com", "slow-and-steady", "1188", "04101"},
		door:     Door{Guest: true, Account: true, First: "guest"},
		sandbox:  &sandbox{says: "Your card was declined. Try a different card or another payment method.", page: "checkout"},
		goals: func() []Goal {
			var t truths
			t.at("find-contact", 1, "/pages/contact", "Comment")
			t.at("find-help", 1, "/pages/faq", "Questions we get")
			t.at("answer-question", 1, "/pages/faq", "Questions we get")
			t.at("find-returns-policy", 1, "/policies/refund-policy", "within 45 days")
			t.at("find-delivery-cost", 1, "/policies/shipping-policy", "$4.95")
			t.at("find-privacy-policy", 1, "/policies/privacy-policy", "personal information")
			t.at("search-product", 2, "/search", "results for").unfold(1)
			t.buy(purchase{open: 1, choose: 1, add: 2, cart: 2, begin: 3, pay: 3, item: "/products/hare", bag: "", inBag: "Your cart", checkout: "/checkouts/cn/c1", atCheckout: "Email", payment: "/checkouts/cn/c1", atPayment: "Card number"}, 1)
			t.at("declined-card", 4, "/checkouts/cn/c1/processing", "declined")
			t.at("newsletter-sign-up", 1, "/contact/posted", "Thanks for subscribing")
			t.at("register", 3, "/account", "Order history")
			t.at("log-in", 2, "/account", "Order history")
			t.at("change-address", 4, "/account?said=address", "Address saved")
			t.at("order-status", 2, "/account", "Unfulfilled").note("with an account only")
			t.at("submit-contact-form", 2, "/pages/contact/sent", "Thanks for contacting us")
			return t.rest()
		},
		answers: answers(
			"delivery-time", "/policies/shipping-policy", "Orders arrive in 3 to 5 business days.",
			"delivery-cost", "/policies/shipping-policy", "Standard shipping is a flat $4.95, and free on orders over $50.",
			"countries", "/policies/shipping-policy", "We ship within the United States and to Canada.",
			"returns-period", "/policies/refund-policy", "You can return unworn socks within 45 days of delivery.",
			"return-postage", "/policies/refund-policy", "Return shipping is on us: print the label in the parcel.",
			"payment-methods", "/pages/faq", "Visa, Mastercard, Amex, Discover and PayPal.",
			"warranty", "/pages/faq", "Every pair has a two-year warranty against holes.",
			"order-change", "/pages/faq", "We can change or cancel an order for one hour after you place it."),
		prices: []Price{
			{Product: "tortoise", List: "$14.00", Page: "$14.00", Cart: "$14.00", Was: "$18.00"},
			{Product: "goose", List: "$16.00", Page: "$16.00", Sign: true},
		},
	}
}
