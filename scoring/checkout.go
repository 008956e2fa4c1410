package scoring

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"touchstone/internal/evidence"
)

// The criteria of a purchase in the browser, from the shop's first page up to,
// never past, payment.

// Facts of the web probe that these criteria need.
const (
	webReached       = "web.reached"
	webClicks        = "web.clicks"
	webFieldsVisible = "web.fields-visible"
	webCheckoutSteps = "web.checkout-steps"
	webAccountForced = "web.account-forced"
	webGuestOffered  = "web.guest-offered"
	webCostBefore    = "web.cost-before-data"
	webStockShown    = "web.stock-shown"
	webDeliveryDate  = "web.delivery-date"
	webCheckoutHelp  = "web.help-in-checkout"
	webLCP           = "web.lcp"  // one for each page
	webCLS           = "web.cls"  // likewise
	webTTFB          = "web.ttfb" // likewise
	webINP           = "web.inp"  // one for each page on which something was clicked
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

func checkoutSteps() Criterion {
	return Criterion{
		ID:     "checkout-steps",
		Title:  "Steps of the checkout",
		Why:    "Every further step hides how much is still to come.",
		Source: "Baymard Institute (2024): 5.1 steps in the average checkout; the ends of the scale are ours",
		Kind:   "web", Task: "checkout", Also: orders,
		Needs: []string{webReached, webCheckoutSteps},
		Unit:  evidence.Count,
		Curve: "A straight line from 100 points at 3 steps, through 70 at the usual 5.1, to 0 at 10, a step being a page or a view that a script drew. " + effortCurve,
		Judge: sometimes(webCheckoutSteps, effort(webCheckoutSteps, "step", Linear(3, 10))),
	}
}

func guestCheckout() Criterion {
	return Criterion{
		ID:     "guest-checkout",
		Title:  "Buying without an account",
		Why:    "A password to buy one thing is a reason to buy it elsewhere.",
		Source: "Baymard Institute on forced accounts as a cause of abandoned checkouts; the rule is ours",
		Kind:   "web", Task: "checkout", Also: orders,
		Needs: []string{webReached, webAccountForced, webGuestOffered},
		Unit:  evidence.Ratio,
		Curve: "The share of purchases that needed no password, or were offered a way without one. " + onArrivalCurve,
		Judge: onArrival(webAccountForced, func(c Case) bool { return !c.Flag(webAccountForced) || c.Flag(webGuestOffered) }),
	}
}

func costBeforeData() Criterion {
	return Criterion{
		ID:     "cost-before-data",
		Title:  "Full cost before personal data",
		Why:    "Who learns of the delivery's price only after typing an address was led on.",
		Source: "Directive 2011/83/EU, article 8 (2), asks for the total before the order; before personal data is ours",
		Kind:   "web", Task: "checkout", Also: orders,
		Needs: []string{webReached, webCostBefore},
		Unit:  evidence.Ratio,
		Curve: "The share of purchases that showed the total with delivery before the first personal field was filled. " + onArrivalCurve,
		Judge: onArrival(webCostBefore, func(c Case) bool { return c.Flag(webCostBefore) }),
	}
}

func stockShown() Criterion {
	return Criterion{
		ID:     "stock-shown",
		Title:  "Stock is shown",
		Why:    "An order for what is not there ends in a letter of regret.",
		Source: "Customer service is just about everything: out-of-inventory signs; the rule is ours",
		Kind:   "web", Task: "checkout", Also: orders,
		Needs: []string{webReached, webStockShown},
		Unit:  evidence.Ratio,
		Curve: "The share of purchases that said whether the product was in stock. " + onArrivalCurve,
		Judge: onArrival(webStockShown, func(c Case) bool { return c.Flag(webStockShown) }),
	}
}

func deliveryDate() Criterion {
	return Criterion{
		ID:     "delivery-date",
		Title:  "Time of delivery before payment",
		Why:    "When it comes is, after the price, what a buyer wants to know.",
		Source: "Directive 2011/83/EU, article 6 (1) g, asks for the time of delivery before the order; the rule is ours",
		Kind:   "web", Task: "checkout", Also: orders,
		Needs: []string{webReached, webDeliveryDate},
		Unit:  evidence.Ratio,
		Curve: "The share of purchases that named a day or a number of days before payment. " + onArrivalCurve,
		Judge: onArrival(webDeliveryDate, func(c Case) bool { return c.Flag(webDeliveryDate) }),
	}
}

func helpInCheckout() Criterion {
	return Criterion{
		ID:     "help-in-checkout",
		Title:  "Help within the checkout",
		Why:    "A question at the till that finds nobody ends the purchase.",
		Source: "Success through person-to-person communication: help at the point of sale, and 63 % would buy more with it (n unknown); the rule is ours",
		Kind:   "web", Task: "checkout", Also: orders,
		Needs: []string{webReached, webCheckoutHelp},
		Unit:  evidence.Ratio,
		Curve: "The share of purchases with a phone number, help, contact or chat on a page of the checkout. " + onArrivalCurve,
		Judge: onArrival(webCheckoutHelp, func(c Case) bool { return c.Flag(webCheckoutHelp) }),
	}
}

func cartPersistence() Criterion {
	return Criterion{
		ID:     "cart-persistence",
		Title:  "The cart is still there",
		Why:    "Customers look around before they buy; a cart that forgets makes them begin again.",
		Source: "Resource Marketing, in the article on small firms against the giants: forms to fill in every time; the rule is ours",
		Kind:   "web", Task: comesBack,
		Needs: []string{webReached},
		Unit:  evidence.Ratio,
		Curve: "The share of visits that left by the start page, came back and found the cart as it was.",
		Judge: flagged(webReached),
	}
}

// web.dev judges the 75th percentile of a site's page loads. We do the same
// over all the pages that our visits opened: the worst page alone would be one
// slow start of the browser, and a median would hide a slow checkout.
func pageVitals() Criterion {
	vitals := []struct {
		name, fact string
		good, poor float64
		word       func(float64) string
	}{
		{"LCP", webLCP, 2500, 4000, milli},
		{"CLS", webCLS, 0.1, 0.25, func(x float64) string { return strconv.FormatFloat(math.Round(100*x)/100, 'f', -1, 64) }},
		{"INP", webINP, 200, 500, milli},
		{"TTFB", webTTFB, 800, 1800, milli},
	}
	return Criterion{
		ID:     "page-vitals",
		Title:  "Pages come quickly and stand still",
		Why:    "Waiting for a page, and a button that jumps away, are felt at every single step.",
		Source: "web.dev, Web Vitals: good and poor at LCP 2.5 and 4 s, CLS 0.1 and 0.25, INP 200 and 500 ms, TTFB 0.8 and 1.8 s, at the 75th percentile; the points are ours",
		Kind:   "web", Also: []Scope{{Kind: "form"}},
		Needs: []string{webLCP, webCLS, webINP, webTTFB},
		Unit:  evidence.Ratio,
		Curve: "The mean over the measures that were taken, each at the 75th percentile of all pages that the visits opened: 100 points where it is good, 0 where it is poor, 50 between.",
		Judge: func(f Facts) Mark {
			var sum float64
			var words []string
			for _, v := range vitals {
				var pages []float64
				for _, c := range f.Cases {
					pages = append(pages, c.Numbers(v.fact)...)
				}
				if len(pages) == 0 {
					continue
				}
				switch p := percentile(pages, 75); {
				case p <= v.good:
					sum++
				case p <= v.poor:
					sum += 0.5
				}
				words = append(words, v.name+" "+v.word(percentile(pages, 75)))
			}
			if len(words) == 0 {
				return Mark{State: NotApplicable, Reason: "no visit opened a page that could be timed"}
			}
			m := Mark{Score: sum / float64(len(words)), Shown: strings.Join(words, ", ")}
			m.Value = m.Score
			return m
		},
	}
}

func milli(x float64) string { return strconv.FormatFloat(math.Round(x), 'f', -1, 64) + " ms" }

func orderConfirmationTime() Criterion {
	return Criterion{
		ID:     "order-confirmation-time",
		Title:  "Time to the order's confirmation",
		Why:    "Until the confirmation comes, the customer does not know whether the order was taken.",
		Source: "Consumers International (1999): 65 % of orders were confirmed by mail; the curve is ours",
		Kind:   "form", Task: "order",
		Needs: []string{formFirstMail},
		Unit:  evidence.Second,
		Curve: "A log-normal curve through 90 points at 5 minutes and 50 at 1 hour from the order to the first mail, averaged over the orders; an order that no mail followed gets 0.",
		Judge: waited(formFirstMail, LogNormal(5*minute, hour)),
	}
}

// orders are the purchases that a granted order continues past payment.
var orders = []Scope{{"form", "order"}}

const onArrivalCurve = "Of the visits that arrived; 0 where none did."

const effortCurve = "Averaged over the visits that arrived; 0 where none did."

// effort judges what a visit cost by a count. Visits that never arrived have
// no cost to compare (a shop that fails at the first click would look
// easy), and checkout-success counts them already, so they are left out. Where
// none arrived the mark is 0: a checkout that nobody gets through must not
// drop out of the score.
func effort(fact, noun string, curve Curve) func(Facts) Mark {
	return func(f Facts) Mark {
		there, warnings, none := arrived(f)
		if none != nil {
			return *none
		}
		cases, none := among(there, fmt.Sprintf("%s recorded no %s", plural(len(there.Cases), "probe"), fact), func(c Case) bool { return c.has(fact) })
		if none != nil {
			none.State = NotMeasured
			return *none
		}
		if gap := len(there.Cases) - len(cases); gap > 0 {
			warnings = append(warnings, fmt.Sprintf("not counted: %d of %s, not having recorded %s", gap, plural(len(there.Cases), "probe"), fact))
		}
		counts := numbers(cases, fact)
		m := Mark{Score: mean(counts, curve), Value: median(counts), N: len(counts), Warnings: warnings, Interval: medianInterval(counts)}
		m.Each = each(cases, func(i int) float64 { return curve(counts[i]) })
		m.Shown = strconv.FormatFloat(m.Value, 'f', -1, 64) + " " + noun
		if m.Value != 1 {
			m.Shown += "s"
		}
		return m
	}
}

// sometimes keeps a judge from visits that arrived where none of them recorded
// the fact, for facts that a visit records only where they apply.
func sometimes(fact string, judge func(Facts) Mark) func(Facts) Mark {
	return func(f Facts) Mark {
		if there, _, none := arrived(f); none == nil {
			if _, none := among(there, "no visit recorded "+fact, func(c Case) bool { return c.has(fact) }); none != nil {
				return *none
			}
		}
		return judge(f)
	}
}

// onArrival judges by the proportion that hit among the visits that reached
// their end, for the same reason as effort. A fact that none of them recorded
// had nothing to apply to.
func onArrival(fact string, hit func(Case) bool) func(Facts) Mark {
	return func(f Facts) Mark {
		there, warnings, none := arrived(f)
		if none != nil {
			return *none
		}
		m := where(fact, "no visit recorded "+fact, hit)(there)
		m.Warnings = warnings
		return m
	}
}

// through reports whether a visit reached its end, by what it saw or, to a
// criterion that asks for mails as well, by one that followed.
func through(c Case) bool { return c.Flag(webReached) || c.has(formFirstMail) }

// arrived gives the visits that reached their end, or a mark of 0 where none did.
func arrived(f Facts) (there Facts, warnings []string, none *Mark) {
	visits, warnings, none := recorded(f, webReached)
	if none != nil {
		return Facts{}, nil, none
	}
	for _, c := range visits {
		if through(c) {
			there.Cases = append(there.Cases, c)
		}
	}
	if len(there.Cases) == 0 {
		return Facts{}, nil, &Mark{Censored: true, Shown: "never arrived", N: len(visits), Warnings: warnings}
	}
	if lost := len(visits) - len(there.Cases); lost > 0 {
		warnings = append(warnings, fmt.Sprintf("not counted here: %d of %s, never having arrived", lost, plural(len(visits), "visit")))
	}
	return there, warnings, nil
}
