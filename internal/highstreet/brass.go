package highstreet

// brassAndSons has its whole checkout on one long page, whose parts open one
// after another without a new document.
func brassAndSons() *house {
	finishes := func(polished pence) []size {
		return []size{{"polished", "Polished brass", polished}, {"aged", "Aged brass", polished + 300}, {"nickel", "Satin nickel", polished + 500}}
	}
	return &house{
		site: "brass-and-sons", name: "Brass & Sons", email: "care@brass-and-sons.example", number: "B%06d", first: 204100, script: true,
		words: english, paths: plainPaths, places: places("/delivery", "delivery", "/returns", "returns", "/privacy", "privacy"),
		begin:    map[string]string{"country": "GB", "delivery": "carrier"},
		featured: []string{"lion", "beehive", "ring", "bell"},
		contact: append([]field{{Name: "topic", Label: "Subject", Kind: "select", Wrong: "Please choose a subject.", Options: []option{
			{"order", "An order"}, {"product", "A product"}, {"return", "A return"}, {"other", "Something else"}}}}, plainContact("Email address")...),
		steps: []step{
			{Path: "/checkout", Title: "Who you are", Fields: []field{
				{Name: "email", Label: "Email address", Kind: "email", Auto: "email", Wrong: noAddress},
				{Name: "phone", Label: "Telephone", Kind: "tel", Auto: "tel", Hint: "The carrier asks for it.", Wrong: "Please enter a phone number such as 01632 960 123."},
				{Name: "newsletter", Label: "Yes, send me offers and news from Brass & Sons", Kind: "checkbox", Optional: true, Ticked: true},
			}},
			{Path: "/checkout/address", Title: "Where it goes", Fields: []field{
				{Name: "name", Label: "Full name", Auto: "name", Wrong: "Please enter your name."},
				{Name: "company", Label: "Company (optional)", Auto: "organization", Optional: true},
				{Name: "street", Label: "Address", Auto: "address-line1", Wrong: "Please enter your street and house number."},
				{Name: "city", Label: "Town", Auto: "address-level2", Wrong: "Please enter your town."},
				{Name: "postcode", Label: "Postcode", Auto: "postal-code", Right: britishPostcode, Wrong: "Please enter a UK postcode such as B1 1AA."},
				{Name: "country", Label: "Country", Kind: "select", Auto: "country", Options: []option{{"GB", "United Kingdom"}, {"IE", "Ireland"}}, Wrong: "Please choose a country that we deliver to."},
			}},
			{Path: "/checkout/delivery", Title: "How it travels", Fields: []field{{Name: "delivery", Kind: "way", Wrong: "Please choose how we should deliver."}}},
		},
		categories: []category{
			{"knobs", "Knobs", "Turned from solid bar, never plated zinc. Sold in pairs, with screws to match."},
			{"knockers", "Knockers and bells", "A caller should be heard once, and remembered."},
			{"hooks", "Hooks", "For coats that weigh something."},
			{"letters", "Letter plates", "With a spring that closes, and keeps on closing."},
		},
		products: []product{
			{ID: "beehive", Name: "Beehive knob", Category: "knobs", Short: "Reeded, 58 mm, a pair", Drawing: "draw-knob", Glaze: "#c99b3f", Shade: "#8a6420",
				About: "The pattern that was on half of the doors of Birmingham. Nine reeds, cut on the lathe one at a time.",
				Facts: []string{"Solid brass", "58 mm across, 70 mm proud", "For doors of 35 to 50 mm", "A pair with spindle"}, Sizes: finishes(4800)},
			{ID: "oval", Name: "Oval knob", Category: "knobs", Short: "Plain, 62 mm, a pair", Drawing: "draw-oval", Glaze: "#c79a45", Shade: "#86621f",
				About: "No ornament at all: the shape is in the hand. Suits a cottage and a bank.",
				Facts: []string{"Solid brass", "62 by 44 mm", "For doors of 35 to 50 mm", "A pair with spindle"}, Sizes: finishes(4400)},
			{ID: "lion", Name: "Lion knocker", Category: "knockers", Short: "Cast, 160 mm", Drawing: "draw-lion", Glaze: "#c4963a", Shade: "#805a1b",
				About: "Cast in sand from the pattern of 1887, chased by hand. He looks cross; he has had a hundred and forty years of postmen.",
				Facts: []string{"Cast brass", "160 by 120 mm", "Bolts through the door", "Strike plate included"}, Sizes: finishes(8900)},
			{ID: "ring", Name: "Ring knocker", Category: "knockers", Short: "Plain ring, 110 mm", Drawing: "draw-ring", Glaze: "#c99b3f", Shade: "#8a6420",
				About: "A ring, a boss, a good sound.",
				Facts: []string{"Cast brass", "110 mm across", "Bolts through the door"}, Sizes: finishes(4200)},
			{ID: "bell", Name: "Shop bell", Category: "knockers", Short: "On a spring, 75 mm", Drawing: "draw-bell", Glaze: "#cda247", Shade: "#8f6a24",
				About: "Screws above the door and tells the back room that somebody came in.",
				Facts: []string{"Bell brass", "75 mm across", "Spring of blued steel"}, Sizes: finishes(3600)},
			{ID: "hook", Name: "Double hook", Category: "hooks", Short: "Hat and coat, 120 mm", Drawing: "draw-hook", Glaze: "#c4963a", Shade: "#805a1b",
				About: "Two arms, two screws, twenty kilos.",
				Facts: []string{"Cast brass", "120 mm high", "Screws included"}, Sizes: finishes(1850)},
			{ID: "plate", Name: "Postal plate", Category: "letters", Short: "254 by 76 mm", Drawing: "draw-plate", Glaze: "#c99b3f", Shade: "#8a6420",
				About: "A heavy flap on a spring of phosphor bronze. Takes a folded newspaper.",
				Facts: []string{"Solid brass", "254 by 76 mm", "Bolts at 216 mm centres"}, Sizes: finishes(5200)},
		},
		ways: []way{
			{ID: "carrier", Name: "Tracked carrier", When: "3 to 5 working days", Price: 595, FreeFrom: 12000},
			{ID: "express", Name: "Express", When: "1 working day, before noon", Price: 1150},
		},
		questions: []question{
			{"tarnish", "Brass", "Does brass tarnish?", "It does, and most of our customers like it. Polish it or leave it; lacquer only postpones the choice."},
			{"fit", "Brass", "Will the knobs fit my door?", "Our spindles suit doors of 35 to 50 mm. For thicker doors ask for the long spindle, without charge."},
			{"when", "Delivery", "When does my order arrive?", "Tracked parcels take 3 to 5 working days, express parcels one."},
			{"cost", "Delivery", "What does delivery cost?", "£5.95 by tracked carrier, free from £120; £11.50 for express."},
			{"back", "Returns", "May I return an article?", "Within 14 days of delivery, unused and in its box. You bear the postage. Finishes made to order are excluded."},
			{"money", "Returns", "When am I refunded?", "Within 14 days of the article's arrival in our warehouse."},
		},
	}
}
