package highstreet

// lumenLamps is a single document: a script draws every view from JSON and
// moves through the history, so that no page is ever loaded again.
func lumenLamps() *house {
	shades := func(p pence) []size {
		return []size{{"chalk", "Chalk", p}, {"soot", "Soot", p}, {"clay", "Clay", p + 500}}
	}
	return &house{
		site: "lumen-lamps", name: "Lumen Lamps", email: "hello@lumen-lamps.example", number: "LL%d", first: 58000, script: true, app: true,
		words: english, paths: plainPaths, places: places("/returns", "returns", "/delivery", "delivery", "/privacy", "privacy"),
		begin:   map[string]string{"country": "GB", "delivery": "standard"},
		contact: plainContact("Email"),
		steps: []step{
			{Path: "/checkout", Title: "You", Fields: []field{
				{Name: "email", Label: "Email", Kind: "email", Auto: "email", Wrong: noAddress},
				{Name: "name", Label: "Name", Auto: "name", Wrong: "Please enter your name."},
				{Name: "street", Label: "Street and number", Auto: "address-line1", Wrong: "Please enter your street and house number."},
				{Name: "city", Label: "City", Auto: "address-level2", Wrong: "Please enter your city."},
				{Name: "postcode", Label: "Postcode", Auto: "postal-code", Right: britishPostcode, Wrong: "Please enter a UK postcode such as LS1 4AB."},
				{Name: "country", Label: "Country", Kind: "select", Auto: "country", Options: []option{{"GB", "United Kingdom"}, {"IE", "Ireland"}, {"NL", "Netherlands"}}, Wrong: "Please choose a country."},
			}},
			{Path: "/checkout/delivery", Title: "Delivery", Fields: []field{{Name: "delivery", Kind: "way", Wrong: "Please choose a delivery."}}},
		},
		categories: []category{{"table", "Table", "Light where the book is."}, {"floor", "Floor", "Light where the chair is."}, {"pendant", "Pendant", "Light where the people are."}},
		products: []product{
			{ID: "moss", Name: "Moss", Category: "table", Short: "A dome on a short leg", Drawing: "draw-dome", Glaze: "#e9dcc4", Shade: "#b98c4f", About: "Spun steel, a warm bulb, a dimmer under the thumb. Moss is the lamp that stays on when the others are off.", Facts: []string{"Spun steel", "2700 K, dims to 1800 K", "Cord of 1.8 m"}, Sizes: shades(8900)},
			{ID: "fathom", Name: "Fathom", Category: "table", Short: "An arm that stays put", Drawing: "draw-arm", Glaze: "#d7d9d4", Shade: "#7d857f", About: "Three joints with felt in them. Push it anywhere; there it is.", Facts: []string{"Aluminium", "Reach of 90 cm", "LED, 600 lm"}, Sizes: shades(14500)},
			{ID: "ember-globe", Name: "Globe", Category: "table", Short: "Blown glass, opal", Drawing: "draw-globe", Glaze: "#fbf0d8", Shade: "#c79c5a", About: "A ball of opal glass that seems to weigh nothing.", Facts: []string{"Mouth-blown glass", "E27, 8 W", "20 cm across"}, Sizes: []size{{"s", "20 cm", 7400}, {"l", "30 cm", 10900}}},
			{ID: "heron", Name: "Stilt", Category: "floor", Short: "Three legs of ash", Drawing: "draw-floor", Glaze: "#efe3cd", Shade: "#a57b4a", About: "Ash legs, a linen shade, a switch for the foot.", Facts: []string{"Ash and linen", "150 cm high", "E27, 12 W"}, Sizes: shades(18900)},
			{ID: "arc", Name: "Arc", Category: "floor", Short: "Over the sofa", Drawing: "draw-arc", Glaze: "#e6e1d8", Shade: "#8b7a62", About: "A bow of steel tube that reaches over a sofa and down to a page.", Facts: []string{"Steel, base of stone", "Reach of 110 cm", "LED, 900 lm"}, Sizes: shades(22900)},
			{ID: "bell", Name: "Bell", Category: "pendant", Short: "Over the table", Drawing: "draw-pendant", Glaze: "#e2d3b8", Shade: "#a17a43", About: "Hangs low, shines down, leaves faces alone.", Facts: []string{"Spun steel", "32 cm across", "Cord of 2 m"}, Sizes: shades(11900)},
		},
		ways: []way{
			{ID: "standard", Name: "Standard", When: "4 to 6 days", Price: 0},
			{ID: "fast", Name: "Fast", When: "tomorrow", Price: 900},
		},
		questions: []question{
			{"bulbs", "Lamps", "Which bulb does it take?", "Each lamp's page says so. The first bulb is in the box."},
			{"dim", "Lamps", "Can I dim it?", "All table lamps have a dimmer. The others dim with a wall dimmer for LEDs."},
			{"when", "Delivery", "How long does delivery take?", "4 to 6 days as standard and free, or tomorrow for £9."},
			{"back", "Returns", "Can I send a lamp back?", "Within 30 days. Put it into its box; we collect it from your door, free of charge."},
			{"broken", "Returns", "It arrived broken.", "Use the contact form and tell us which part. A new one leaves us within two days."},
			{"pay", "Paying", "How can I pay?", "By card."},
		},
	}
}
