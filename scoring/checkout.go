package scoring

import (
	"fmt"
	"strconv"

	"touchstone/internal/evidence"
)

// The criteria of a purchase in the browser, from the shop's first page up to,
// never past, payment.

// Facts of the web probe that these criteria need.
const (
	webReached       = "web.reached"
	webClicks        = "web.clicks"
	webFieldsVisible = "web.fields-visible"
)

func checkoutSuccess() Criterion {
	return Criterion{
		ID:     "checkout-success",
		Title:  "Checkout can be completed",
		Why:    "A customer who has decided to buy and cannot is the dearest one to lose.",
		Source: "Task success as ISO 9241-11 (2018) defines effectiveness",
		Kind:   "web", Task: "checkout",
		Needs: []string{webReached},
		Unit:  evidence.Ratio,
		Curve: "The share of visits that came from the first page to the page where the order is paid.",
		Judge: flagged(webReached),
	}
}

// The average of 4.93 clicks is for the checkout alone, and our visits start
// at the first page; a category, a product and the cart make it 8.
func checkoutClicks() Criterion {
	return Criterion{
		ID:     "checkout-clicks",
		Title:  "Clicks to payment",
		Why:    "Each click is a page to understand and a place to give up.",
		Source: "The e-tailing group's mystery shopping (2002, 100 merchants): 4.93 clicks through checkout; the rest of the scale is ours",
		Kind:   "web", Task: "checkout",
		Needs: []string{webReached, webClicks},
		Unit:  evidence.Count,
		Curve: "A straight line from 100 points at 8 clicks (e-tailing's 5 through checkout, and 3 to find the product and put it in the cart) to 0 at 30, which is our choice. " + effortCurve,
		Judge: effort(webClicks, "click", Linear(8, 30)),
	}
}

func checkoutFields() Criterion {
	return Criterion{
		ID:     "checkout-fields",
		Title:  "Fields to fill in",
		Why:    "Every field asks for effort and trust; most shops ask for more than delivery and payment need.",
		Source: "Baymard Institute (2024): the average checkout shows 11.3 fields where 8 would do; the end of the scale is ours",
		Kind:   "web", Task: "checkout",
		Needs: []string{webReached, webFieldsVisible},
		Unit:  evidence.Count,
		Curve: "A straight line from 100 points at 8 visible fields, through 70 at the usual 11.3, to 0 at 19, which is our choice. " + effortCurve,
		Judge: effort(webFieldsVisible, "field", Linear(8, 19)),
	}
}

const effortCurve = "Averaged over the visits that arrived; 0 where none did."

// effort judges what a visit cost by a count. Visits that never arrived have
// no cost to compare (a shop that fails at the first click would look
// easy), and checkout-success counts them already, so they are left out. Where
// none arrived the mark is 0: a checkout that nobody gets through must not
// drop out of the score.
func effort(fact, noun string, curve Curve) func(Facts) Mark {
	return func(f Facts) Mark {
		visits, warnings, none := recorded(f, webReached)
		if none != nil {
			return *none
		}
		var arrived Facts
		for _, c := range visits {
			if c.Flag(webReached) {
				arrived.Cases = append(arrived.Cases, c)
			}
		}
		if len(arrived.Cases) == 0 {
			return Mark{Censored: true, Shown: "never arrived", N: len(visits), Warnings: warnings}
		}
		if lost := len(visits) - len(arrived.Cases); lost > 0 {
			warnings = append(warnings, fmt.Sprintf("not counted here: %d of %s, never having arrived", lost, plural(len(visits), "visit")))
		}
		cases, more, none := recorded(arrived, fact)
		if none != nil {
			return *none
		}
		counts := make([]float64, len(cases))
		for i, c := range cases {
			counts[i], _ = c.Number(fact)
		}
		m := Mark{Score: mean(counts, curve), Value: median(counts), N: len(counts), Warnings: append(warnings, more...)}
		m.Shown = strconv.FormatFloat(m.Value, 'f', -1, 64) + " " + noun
		if m.Value != 1 {
			m.Shown += "s"
		}
		return m
	}
}
