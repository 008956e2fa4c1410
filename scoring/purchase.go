package scoring

import (
	"fmt"

	"touchstone/internal/evidence"
)

// The criteria of what happens after a purchase. What a granted order's own
// mails tell is judged with the checkout; the rest is brought.

// after is a criterion of a purchase that was made.
func after(id, title, why, source, curve string, unit evidence.Unit, needs []string, judge func(Facts) Mark) Criterion {
	return Criterion{ID: id, Title: title, Why: why, Source: source, Kind: "purchase", Task: "after-purchase", Needs: needs, Unit: unit, Curve: curve, Judge: judge}
}

func purchaseConfirmation() Criterion {
	const fact = "purchase.confirmed-after"
	return after("purchase-confirmed", "Orders are confirmed",
		"Until the confirmation comes, the customer does not know whether the order was taken.",
		"Consumers International (1999): 65 % of orders were confirmed by mail; the curve is ours",
		"A log-normal curve through 90 points at 5 minutes and 50 at 1 hour, averaged over the orders; one that was never confirmed gets 0.",
		evidence.Second, []string{fact}, endless(fact, LogNormal(5*minute, hour)))
}

func orderConfirmationContent() Criterion {
	const fact = "purchase.confirmation-parts"
	return after("order-confirmation-content", "What the confirmation says",
		"The confirmation is the receipt, the contract and the way to ask.",
		"Directive 2011/83/EU, article 8(7); the five parts are ours",
		"A fifth each for the number, the goods, the total, the time of delivery and a way to ask, averaged over the orders that were confirmed.",
		evidence.Ratio, []string{fact}, func(f Facts) Mark {
			cases, none := among(f, "no confirmation was read", func(c Case) bool { return c.has(fact) })
			if none != nil {
				return *none
			}
			parts := numbers(cases, fact)
			score := mean(parts, func(n float64) float64 { return min(n/5, 1) })
			return Mark{Score: score, Value: score, N: len(cases), Shown: fmt.Sprintf("%.1f of 5 parts", 5*score)}
		})
}

func shippingNotice() Criterion {
	const fact = "purchase.shipping-notice"
	return after("shipping-notice", "A mail says that the goods are on their way",
		"Waiting is easier when one knows for what.",
		"Consumers International (1999): 13 % of orders; the e-tailing group (2008): 84 %",
		"The share of orders with such a mail.", evidence.Ratio, []string{fact},
		where(fact, "nobody watched for the notice", func(c Case) bool { return c.Flag(fact) }))
}

func deliveryPromise() Criterion {
	const promised, delivered = "purchase.promised-within", "purchase.delivered-after"
	return after("delivery-promise", "Delivered when it was promised",
		"The promise was part of the reason to buy.",
		"The article on control of the site (1999); the rule is ours",
		"The share of orders with a promise that were there in time; one that never came is late.",
		evidence.Ratio, []string{promised, delivered}, func(f Facts) Mark {
			cases, none := among(f, "no delivery was promised", func(c Case) bool { return c.has(promised) })
			if none != nil {
				return *none
			}
			return share(cases, func(c Case) bool {
				limit, _ := c.Number(promised)
				took, came := c.Number(delivered)
				return came && took <= limit
			})
		})
}

func deliveryFollowUp() Criterion {
	const fact = "purchase.follow-up"
	return after("delivery-follow-up", "Somebody asks whether all is well",
		"It is the cheapest way to hear of a fault before it becomes a complaint.",
		"The article on control of the site (1999)",
		"The share of orders after which somebody asked.", evidence.Ratio, []string{fact},
		where(fact, "nobody watched for a question", func(c Case) bool { return c.Flag(fact) }))
}

func refundTime() Criterion {
	const returned, refunded = "purchase.returned", "purchase.refunded-after"
	return after("refund-days", "The money comes back soon",
		"Until it does, the shop has both the goods and the money.",
		"Directive 2011/83/EU, article 13: 14 days; the curve is ours",
		"A log-normal curve through 90 points at 3 days and 50 at 14, averaged over the orders sent back; one without the money gets 0.",
		evidence.Second, []string{returned, refunded}, func(f Facts) Mark {
			cases, none := among(f, "nothing was sent back", func(c Case) bool { return c.Flag(returned) || c.has(refunded) })
			if none != nil {
				return *none
			}
			return endless(refunded, LogNormal(3*24*hour, 14*24*hour))(Facts{cases})
		})
}

func cancellationAcknowledged() Criterion {
	const cancelled, said = "purchase.cancelled", "purchase.cancellation-acknowledged"
	return after("cancellation-acknowledged", "A cancellation is acknowledged",
		"Without a word the customer waits for a parcel that nobody wants.",
		"Rethinking e-commerce service (July 1999) names cancelling among the tasks; the rule is ours",
		"The share of cancelled orders whose cancelling the shop confirmed.", evidence.Ratio, []string{cancelled, said}, func(f Facts) Mark {
			cases, none := among(f, "no order was cancelled", func(c Case) bool { return c.Flag(cancelled) })
			if none != nil {
				return *none
			}
			return share(cases, func(c Case) bool { return c.Flag(said) })
		})
}

func declinedCardRecovery() Criterion {
	const declined, other, kept = "purchase.declined", "purchase.alternative-offered", "purchase.cart-kept"
	const shown, another, cart, form = "card.refusal-shown", "card.another-possible", "card.cart-kept", "card.form-kept"
	c := after("declined-card-recovery", "A declined card is not the end",
		"The customer wants to buy; only the card does not.",
		"The article on control of the site (1999); the halves are ours",
		"Half for another way to pay or somebody who gets in touch, half for the cart that is kept, averaged over the tries with a declined card. A visit that pays with a card which the sandbox declines gets the first half where the page says so and takes another card or another way to pay, the second where the cart is kept, or where that could not be seen what was typed.",
		evidence.Ratio, []string{declined, other, kept, shown, another, cart, form}, func(f Facts) Mark {
			cases, none := among(f, "no card was declined", func(c Case) bool { return c.Flag(declined) || c.has(shown) })
			if none != nil {
				return *none
			}
			met := 0
			m := Mark{N: len(cases)}
			m.Each = each(cases, func(i int) float64 {
				c := cases[i]
				halves := count(c.Flag(other)) + count(c.Flag(kept))
				if c.has(shown) {
					saved := c.Flag(cart) || !c.has(cart) && c.Flag(form)
					halves = count(c.Flag(shown) && c.Flag(another)) + count(saved)
				}
				met += halves
				return float64(halves) / 2
			})
			m.Score = float64(met) / float64(2*len(cases))
			m.Value, m.Shown = m.Score, fmt.Sprintf("%d of %d kept", met, 2*len(cases))
			return m
		})
	c.Also = []Scope{{"web", "declined-card"}}
	return c
}
