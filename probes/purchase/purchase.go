// Package purchase is what happens after an order: confirmed, shipped,
// delivered, cancelled, paid back. Only granted orders are made, and what came
// of them is brought by whoever made them.
package purchase

import (
	"touchstone/internal/evidence"
	"touchstone/probes"
)

// Kind makes the kind. Times count from the order, or from what is named.
func Kind() probes.Kind {
	return probes.Kind{
		Name:   "purchase",
		About:  "What came of an order, observed by a person and brought by `touchstone import`.",
		Task:   "after-purchase",
		Params: struct{}{},
		Facts: []evidence.FactDef{
			{Name: "purchase.confirmed-after", Unit: evidence.Second, Meaning: "until the order was confirmed by mail; absent when it never was"},
			{Name: "purchase.confirmation-parts", Unit: evidence.Count, Meaning: "of number, goods, total, delivery time, way to ask: how many the confirmation holds, 0 to 5"},
			{Name: "purchase.shipping-notice", Unit: evidence.Bool, Meaning: "a mail said that the goods were on their way"},
			{Name: "purchase.promised-within", Unit: evidence.Second, Meaning: "the latest time of delivery that was promised before the purchase"},
			{Name: "purchase.delivered-after", Unit: evidence.Second, Meaning: "until the goods were there; absent when they never came"},
			{Name: "purchase.follow-up", Unit: evidence.Bool, Meaning: "somebody asked afterwards whether all was well"},
			{Name: "purchase.refunded-after", Unit: evidence.Second, Meaning: "from the goods' way back until the money was there; absent when nothing was sent back, or it never came"},
			{Name: "purchase.returned", Unit: evidence.Bool, Meaning: "the goods were sent back"},
			{Name: "purchase.cancelled", Unit: evidence.Bool, Meaning: "the order was cancelled"},
			{Name: "purchase.cancellation-acknowledged", Unit: evidence.Bool, Meaning: "the shop said that it is"},
			{Name: "purchase.declined", Unit: evidence.Bool, Meaning: "the card was declined"},
			{Name: "purchase.alternative-offered", Unit: evidence.Bool, Meaning: "after that, another way to pay was offered, or somebody got in touch"},
			{Name: "purchase.cart-kept", Unit: evidence.Bool, Meaning: "after that, the cart was still full"},
		},
	}
}
