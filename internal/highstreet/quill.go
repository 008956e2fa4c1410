package highstreet

import "regexp"

// quillworks is a maze: links that lead nowhere, no telephone, a long page of
// questions that can't be searched, rules for returns four clicks deep, and a
// checkout that asks for everything, some of it twice.
func quillworks() *house {
	countries := []option{{"", "Please select"}, {"GB", "United Kingdom"}, {"IE", "Republic of Ireland"}, {"FR", "France"}, {"DE", "Germany"}}
	nibs := func(steel pence) []size {
		return []size{{"ef", "Extra fine, EF", steel}, {"f", "Fine, F", steel}, {"m", "Medium, M", steel}, {"b", "Broad, B", steel + 200}}
	}
	birth := regexp.MustCompile(`^\d{1,2}/\d{1,2}/\d{4}$`)
	at := plainPaths
	at.help, at.contact, at.sent = "/info/faq", "/info/company/enquiries", "/info/company/enquiries/sent"
	return &house{
		site: "quillworks", name: "Quillworks", email: "help@quillworks.example", number: "QW/26/%05d", first: 7340,
		words: english, paths: at,
		places: places("/info", "info", "/info/company", "company", "/info/terms", "terms", "/info/terms/schedules", "schedules",
			"/info/terms/schedules/c", "returns", "/info/terms/schedules/a", "delivery", "/info/terms/privacy", "privacy"),
		dead:     []string{"/journal", "/track-a-parcel", "/trade", "/contact-us"},
		begin:    map[string]string{"delivery": "post"},
		featured: []string{"no4", "raven", "oxblood", "ledger", "gall", "blotter"},
		contact: append(plainContact("Your email"),
			field{Name: "email-again", Label: "Your email once more", Kind: "email", Auto: "email", Same: "email", Wrong: "The two addresses differ."},
			field{Name: "reference", Label: "Customer reference (if known)", Optional: true}),
		steps: []step{
			{Path: "/checkout", Title: "Particulars", Fields: []field{
				{Name: "salutation", Label: "Salutation", Kind: "select", Options: []option{{"", "Please select"}, {"mr", "Mr"}, {"mrs", "Mrs"}, {"ms", "Ms"}, {"mx", "Mx"}, {"dr", "Dr"}}, Wrong: "A salutation is required."},
				{Name: "name", Label: "Name of the person ordering", Auto: "name", Wrong: "A name is required."},
				{Name: "email", Label: "Electronic mail address", Kind: "email", Auto: "email", Wrong: "A mail address is required."},
				{Name: "email-again", Label: "Repeat electronic mail address", Kind: "email", Auto: "email", Same: "email", Wrong: "The two addresses differ."},
				{Name: "phone", Label: "Daytime telephone", Kind: "tel", Auto: "tel", Wrong: "A telephone number is required."},
				{Name: "birth", Label: "Date of birth (DD/MM/YYYY)", Auto: "bday", Wrong: "A date of birth is required: DD/MM/YYYY.", Right: func(v string, _ map[string]string) bool { return birth.MatchString(v) }},
				{Name: "heard", Label: "How did you hear of us?", Kind: "select", Options: []option{{"", "Please select"}, {"friend", "From a friend"}, {"fair", "At a fair"}, {"press", "In the press"}, {"other", "Other"}}, Wrong: "Please tell us how you heard of us."},
			}},
			{Path: "/checkout/consignee", Title: "Consignee", Fields: []field{
				{Name: "consignee", Label: "Name of consignee", Auto: "shipping name", Wrong: "A name is required."},
				{Name: "street", Label: "Address line 1", Auto: "shipping address-line1", Wrong: "Address line 1 is required."},
				{Name: "street-2", Label: "Address line 2", Auto: "shipping address-line2", Optional: true},
				{Name: "city", Label: "Post town", Auto: "shipping address-level2", Wrong: "A post town is required."},
				{Name: "county", Label: "County", Auto: "shipping address-level1", Wrong: "A county is required."},
				{Name: "postcode", Label: "Postal code", Auto: "shipping postal-code", Wrong: "A postal code is required."},
				{Name: "country", Label: "Country", Kind: "select", Auto: "shipping country", Options: countries, Wrong: "A country is required."},
			}},
			{Path: "/checkout/invoice", Title: "Invoice", Fields: []field{
				{Name: "invoice-name", Label: "Name on the invoice", Auto: "billing name", Wrong: "A name is required."},
				{Name: "invoice-street", Label: "Invoice address line 1", Auto: "billing address-line1", Wrong: "Address line 1 is required."},
				{Name: "invoice-city", Label: "Invoice post town", Auto: "billing address-level2", Wrong: "A post town is required."},
				{Name: "invoice-postcode", Label: "Invoice postal code", Auto: "billing postal-code", Wrong: "A postal code is required."},
				{Name: "invoice-country", Label: "Invoice country", Kind: "select", Auto: "billing country", Options: countries, Wrong: "A country is required."},
				{Name: "tax", Label: "Tax number (businesses)", Optional: true},
			}},
			{Path: "/checkout/dispatch", Title: "Dispatch", Fields: []field{
				{Name: "delivery", Kind: "way", Wrong: "A method of dispatch is required."},
				{Name: "terms", Label: "I have read the Terms of Sale with Schedules A to F", Kind: "checkbox", Wrong: "You have to accept the Terms of Sale."},
			}},
		},
		categories: []category{
			{"pens", "Fountain pens", "Piston, cartridge and eyedropper fillers. Nib widths as available."},
			{"ink", "Inks", "Iron gall, dye and pigment."},
			{"paper", "Papers and ledgers", "Laid, wove and ruled."},
			{"sundries", "Desk sundries", "Blotters, rests, knives and wax."},
		},
		products: []product{
			{ID: "no4", Name: "Clerk No. 4", Category: "pens", Short: "Piston filler, ebonite", Drawing: "draw-pen", Glaze: "#3c2f4f", Shade: "#231a33",
				About: "A pen of the old size with a steel nib and an ink window. Writes at the first touch.", Facts: []string{"Ebonite", "Piston filler, 1.4 ml", "136 mm capped"}, Sizes: nibs(6400)},
			{ID: "raven", Name: "Raven", Category: "pens", Short: "Cartridge filler, black", Drawing: "draw-pen", Glaze: "#2b2b30", Shade: "#101014",
				About: "Matt black, light, and no great matter if it is lost on a train.", Facts: []string{"Resin", "Short cartridges or converter", "128 mm capped"}, Sizes: nibs(2900)},
			{ID: "sealing", Name: "Madder", Category: "pens", Short: "Eyedropper, red resin", Drawing: "draw-pen", Glaze: "#8d2a2e", Shade: "#5b1519",
				About: "Holds four millilitres, which is a novel.", Facts: []string{"Resin", "Eyedropper, 4 ml", "140 mm capped"}, Sizes: nibs(5400)},
			{ID: "gall", Name: "Registrar's black", Category: "ink", Short: "Iron gall", Drawing: "draw-ink", Glaze: "#20263a", Shade: "#11152a",
				About: "Goes on grey, turns black, stays.", Facts: []string{"Iron gall", "Permanent", "Rinse pens monthly"}, Sizes: []size{{"30", "30 ml", 900}, {"100", "100 ml", 1900}}},
			{ID: "oxblood", Name: "Oxblood", Category: "ink", Short: "Dye, dark red", Drawing: "draw-ink", Glaze: "#6e1f23", Shade: "#471014",
				About: "For corrections that are meant.", Facts: []string{"Dye", "Washes out"}, Sizes: []size{{"30", "30 ml", 850}, {"100", "100 ml", 1750}}},
			{ID: "ledger", Name: "Ledger, ruled feint", Category: "paper", Short: "192 pages, cloth", Drawing: "draw-book", Glaze: "#4f6152", Shade: "#35443a",
				About: "Sewn, opens flat, takes both sides of ink.", Facts: []string{"100 g wove", "Sewn", "Cloth over board"}, Sizes: []size{{"quarto", "Quarto", 2100}, {"folio", "Folio", 3200}}},
			{ID: "blotter", Name: "Rocker blotter", Category: "sundries", Short: "Beech, with ten sheets", Drawing: "draw-blotter", Glaze: "#a9773f", Shade: "#7c5529",
				About: "Ends the waiting.", Facts: []string{"Beech", "Ten sheets"}, Sizes: []size{{"one", "One size", 1650}}},
		},
		ways: []way{
			{ID: "post", Name: "Post", When: "by ordinary post", Price: 480},
			{ID: "courier", Name: "Courier", When: "by courier", Price: 990},
		},
		questions: []question{
			{"q1", "General", "1.1 Who are Quillworks?", "Quillworks are stationers since 1979. Further particulars are to be found under Company."},
			{"q2", "General", "1.2 What is meant by available?", "An article is available when it is held in the store or may be obtained from a maker within a reasonable time, which depends on the article, the maker and the season."},
			{"q3", "General", "1.3 Are prices inclusive?", "Prices include value added tax at the rate in force. Charges for dispatch are stated on the order form, after Schedule A."},
			{"q4", "Pens", "2.1 Which nib suits which hand?", "Extra fine for ledgers, fine for letters, medium for signatures, broad for envelopes. Left-handed writers commonly prefer fine."},
			{"q5", "Pens", "2.2 Can nibs be exchanged?", "Nibs that have not been dipped may be exchanged under Schedule C, paragraph 4."},
			{"q6", "Pens", "2.3 Why does my pen not write?", "It may be dry, empty, clogged or damaged. Rinse it with cold water. If this is of no avail see 2.4."},
			{"q7", "Pens", "2.4 What if rinsing is of no avail?", "See Schedule D."},
			{"q8", "Inks", "3.1 Is iron gall ink harmful to pens?", "Not if the pen is rinsed monthly. Damage by neglect is excluded (Schedule D, paragraph 2)."},
			{"q9", "Inks", "3.2 Are inks waterproof?", "Iron gall and pigment inks are. Dye inks are not and are not sold as such."},
			{"q10", "Papers", "4.1 Do the papers bleed?", "Papers of 90 g and above do not, with inks of ours."},
			{"q11", "Dispatch", "5.1 When is an order dispatched?", "Orders are dispatched in the order of their receipt as soon as every article of them is available (see 1.2)."},
			{"q12", "Dispatch", "5.2 What are the charges?", "The charges are those of Schedule A on the day of the order."},
			{"q13", "Orders", "6.1 Can an order be amended?", "Orders that have been accepted can't be amended. They may be countermanded under Schedule B within one day."},
			{"q14", "Orders", "6.2 May goods come back?", "Goods coming back are governed by Schedule C of the Terms of Sale."},
			{"q15", "Orders", "6.3 Which means of payment are taken?", "Debit and credit cards."},
		},
	}
}
