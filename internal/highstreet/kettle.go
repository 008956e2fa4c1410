package highstreet

import (
	"regexp"
	"slices"
)

// kettleAndLeaf is rendered on the server, one page after another, without a
// script: what a careful small shop does.
func kettleAndLeaf() *house {
	countries := []option{{"GB", "United Kingdom"}, {"IE", "Ireland"}, {"FR", "France"}, {"DE", "Germany"}, {"NL", "Netherlands"}, {"ES", "Spain"}, {"IT", "Italy"}}
	return &house{
		site: "kettle-and-leaf", name: shopName, email: "hello@kettle-and-leaf.example", number: "KL-%05d", first: 31000,
		words: english, paths: plainPaths, places: places("/delivery", "delivery", "/returns", "returns", "/privacy", "privacy"),
		begin:    map[string]string{"country": "GB", "delivery": "standard"},
		featured: []string{"willow", "drift", "assam", "pebble"},
		contact:  plainContact("Email"),
		steps: []step{{Path: "/checkout", Fields: []field{
			{Name: "email", Kind: "email", Wrong: noAddress},
			{Name: "phone", Kind: "tel", Optional: true, Wrong: "Please enter a phone number such as 01632 960 123, or leave it out."},
			{Name: "name", Wrong: "Please enter your name."},
			{Name: "street", Wrong: "Please enter your street and house number."},
			{Name: "city", Wrong: "Please enter your town or city."},
			{Name: "postcode", Wrong: "Please enter a postcode; a UK postcode looks like YO21 3PU.", Right: britishPostcode},
			{Name: "country", Kind: "select", Options: countries, Wrong: "Please choose a country that we deliver to."},
			{Name: "delivery", Kind: "way", Wrong: "Please choose how we should deliver."},
		}}},
		categories: []category{
			{"teapots", "Teapots", "Thrown, cast and enamelled pots that pour without a drip. Each comes with a strainer that fits."},
			{"kettles", "Kettles", "For the hob. Plain to look at, quick to boil, made to be mended."},
			{"tea", "Tea", "Nine farms, one blender, no flavourings. Packed in Whitby on the day it leaves us."},
			{"cups", "Cups and strainers", "The small things that make the pot worth it."},
		},
		products: []product{
			{
				ID: "willow", Name: "Willow teapot", Category: "teapots", Short: "Stoneware, sage glaze",
				About:   "Round-bellied and steady in the hand. The Willow is thrown in Stoke-on-Trent from a dense stoneware that keeps a pot of tea hot for an hour, and its spout is cut by hand so that it stops pouring when you do.",
				Drawing: "draw-round", Glaze: "#8fae93", Shade: "#6d8f74",
				Facts: []string{"Stoneware, lead-free glaze", "Dishwasher and microwave safe", "Steel strainer included", "Made in Stoke-on-Trent"},
				Sizes: []size{{"small", "0.5 litre, serves two", 3400}, {"medium", "0.8 litre, serves three", 3900}, {"large", "1.2 litre, serves five", 4600}},
			},
			{
				ID: "harbour", Name: "Harbour teapot", Category: "teapots", Short: "Enamelled steel, deep blue",
				About:   "Light, tall and hard to break: the Harbour has two coats of enamel on rolled steel and a rim that is dipped last. At home on a boat, in a garden, on a Tuesday.",
				Drawing: "draw-tall", Glaze: "#3f6386", Shade: "#2c4966",
				Facts: []string{"Enamelled steel", "Hand wash", "Steel strainer included", "Spare lids in stock"},
				Sizes: []size{{"medium", "0.9 litre, serves three", 2900}, {"large", "1.4 litre, serves six", 3600}},
			},
			{
				ID: "ember", Name: "Ember teapot", Category: "teapots", Short: "Cast iron, studded",
				About:   "A small iron pot with a bail handle, enamelled inside so that it never tastes of itself. Warm it first and it will keep green tea at the right heat through two infusions.",
				Drawing: "draw-iron", Glaze: "#55504d", Shade: "#37332f",
				Facts: []string{"Cast iron, enamelled inside", "Hand wash, dry at once", "Steel strainer included", "Not for the hob"},
				Sizes: []size{{"small", "0.4 litre, serves two", 4200}, {"medium", "0.8 litre, serves three", 5800}},
			},
			{
				ID: "sora", Name: "Sora side-handle pot", Category: "teapots", Short: "Red clay, unglazed",
				About:   "A kyusu for leaf tea, turned from red clay and left bare so that it mellows with use. The clay sieve behind the spout is part of the pot.",
				Drawing: "draw-kyusu", Glaze: "#b96f4c", Shade: "#935236",
				Facts: []string{"Unglazed red clay", "Rinse with water only", "Built-in clay sieve"},
				Sizes: []size{{"small", "0.3 litre, serves two", 4800}},
			},
			{
				ID: "heron", Name: "Heron pouring kettle", Category: "kettles", Short: "Brushed steel, slow spout",
				About:   "A long-necked kettle for people who pour slowly. Suits every hob including induction.",
				Drawing: "draw-heron", Glaze: "#aab4b5", Shade: "#7f8b8d",
				Facts: []string{"Stainless steel", "All hobs, induction too", "Handle stays cool"},
				Sizes: []size{{"medium", "0.9 litre", 5200}},
			},
			{
				ID: "drift", Name: "Drift stove kettle", Category: "kettles", Short: "Enamel, cream, two-note whistle",
				About:   "It whistles a fourth, and stops when you lift the flap. The base is flat steel, the handle is beech.",
				Drawing: "draw-stove", Glaze: "#ead9b8", Shade: "#c9b284",
				Facts: []string{"Enamelled steel, beech handle", "All hobs, induction too", "Whistle can be replaced"},
				Sizes: []size{{"medium", "1.5 litres", 4400}, {"large", "2 litres", 4900}},
			},
			{
				ID: "assam", Name: "Morning Assam", Category: "tea", Short: "Black, malty, brisk",
				About:   "Second-flush leaf from two gardens near Jorhat. Stands milk, stands a long steep.",
				Drawing: "draw-tin", Glaze: "#9c4a2f", Shade: "#743320",
				Facts: []string{"Loose leaf", "3 to 4 minutes at 100 °C", "Best within a year"},
				Sizes: []size{{"tin", "100 g tin", 950}, {"refill", "250 g refill", 1900}},
			},
			{
				ID: "pine", Name: "Smoked Pine", Category: "tea", Short: "Black, dried over pine",
				About:   "A campfire in a cup. A spoonful among Assam makes a fine breakfast blend.",
				Drawing: "draw-tin", Glaze: "#45584d", Shade: "#2f3e36",
				Facts: []string{"Loose leaf", "3 minutes at 95 °C", "Best within a year"},
				Sizes: []size{{"tin", "100 g tin", 1150}, {"refill", "250 g refill", 2400}},
			},
			{
				ID: "verbena", Name: "Mint and Verbena", Category: "tea", Short: "Herbal, no caffeine",
				About:   "Whole leaves of spearmint and lemon verbena, cut late and dried in the dark.",
				Drawing: "draw-tin", Glaze: "#b9a03c", Shade: "#8f7a28",
				Facts: []string{"Caffeine-free", "5 minutes at 100 °C", "Best within eighteen months"},
				Sizes: []size{{"tin", "60 g tin", 850}, {"refill", "150 g refill", 1700}},
			},
			{
				ID: "pebble", Name: "Pebble cups", Category: "cups", Short: "A pair, no handles",
				About:   "Two cups that fit the palm, from the same kiln as the Willow.",
				Drawing: "draw-cups", Glaze: "#c7a58c", Shade: "#a27f66",
				Facts: []string{"Stoneware", "Dishwasher safe", "180 ml each"},
				Sizes: []size{{"pair", "Pair", 2200}, {"four", "Set of four", 4000}},
			},
			{
				ID: "sieve", Name: "Basket strainer", Category: "cups", Short: "Steel, for any mug",
				About:   "A deep basket of fine mesh with a rim that becomes its own drip tray.",
				Drawing: "draw-sieve", Glaze: "#b5bdbd", Shade: "#879192",
				Facts: []string{"Stainless steel", "Dishwasher safe", "Fits mugs of 6 to 9 cm"},
				Sizes: []size{{"one", "One size", 1200}},
			},
		},
		ways: []way{
			{ID: "standard", Name: "Standard", When: "2 to 3 working days", Price: 395, FreeFrom: 5000},
			{ID: "next-day", Name: "Next working day", When: "if ordered before 2 pm", Price: 695},
		},
		questions: []question{
			{"delivery-time", "Delivery", "How long does delivery take?", "Standard delivery takes 2 to 3 working days within the United Kingdom and 4 to 6 to the other countries that we send to. Orders placed before 2 pm leave us the same day."},
			{"delivery-cost", "Delivery", "What does delivery cost?", "Standard delivery is £3.95, and free from £50. Next working day is £6.95."},
			{"track", "Delivery", "Where is my parcel?", "The mail that tells you it has left us holds a link to the carrier. If it has not moved for two days, write to us and we will look for it."},
			{"return", "Returns", "Can I send something back?", "Yes, within 60 days, used or not, for a full refund. We pay the postage. Write to us for a label; you need no reason."},
			{"refund", "Returns", "When do I get my money back?", "Within three working days of the parcel's arrival here, by the way you paid."},
			{"broken", "Returns", "It arrived broken. What now?", "We are sorry. Send us a photo and we send another one the same day. You need not send the pieces back."},
			{"dishwasher", "Care", "Can my teapot go into the dishwasher?", "Stoneware can. Enamel, cast iron and bare clay are washed by hand; each product's page says which it is."},
			{"strainer", "Care", "Which strainer fits my pot?", "Every pot comes with one that fits. Lost yours? Tell us the pot and its size and we send another for the postage."},
			{"hob", "Care", "Can I put it on the hob?", "Our kettles can go on every hob, induction too. Our teapots must not."},
			{"pay", "Ordering", "How can I pay?", "By card. You can order as a guest: we ask for nothing that we do not need to bring you a parcel."},
			{"change", "Ordering", "Can I change my order?", "Until it leaves us, yes. Write or call with your order number."},
			{"gift", "Ordering", "Do you wrap gifts?", "With pleasure and without charge. Say so in a mail with your order number, and what the card should say."},
		},
	}
}

var ukPostcode = regexp.MustCompile(`(?i)^[a-z]{1,2}[0-9][a-z0-9]? ?[0-9][a-z]{2}$`)

// britishPostcode holds a postcode against its form where the country has one
// that is known here.
func britishPostcode(value string, all map[string]string) bool {
	return !slices.Contains([]string{"", "GB"}, all["country"]) || ukPostcode.MatchString(value)
}
