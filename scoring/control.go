package scoring

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"touchstone/internal/evidence"
)

// The criteria of the control that a shop has of its own pages: prices,
// offers, stock, links. Scripts read what the pages say in steps that are
// named as below; docs/scenarios.md lists the names.

const (
	customRead     = "custom.read"
	webPages       = "web.pages"
	siteControl    = "The article on control of the site (1999)"
	offerPrice     = "offer-price"
	offerEnds      = "offer-ends"
	cartPrice      = "price-in-cart"
	deliveryCost   = "delivery-cost"
	checkoutTotal  = "total-in-checkout"
	noPriceWasRead = "no visit read prices in two places"
)

// pricesOnTheWay are the steps that read a product's price, in their order.
var pricesOnTheWay = []string{"price-in-list", "price-on-page", cartPrice, "price-in-checkout"}

func priceConsistency() Criterion {
	return Criterion{
		ID: "price-consistency", Title: "The price stays as it was shown",
		Why:    "A price that rises on the way to the till is a trick or a fault, and the customer can't tell which.",
		Source: siteControl + " asks for prices that are the same everywhere; the rule is ours",
		Kind:   "web", Needs: []string{customRead}, Unit: evidence.Ratio,
		Curve: "The share of visits in which no price on the way, in the list, on the page, in the cart and in the checkout, is above one before it. It applies where two of them were read.",
		Judge: func(f Facts) Mark {
			cases, none := among(f, noPriceWasRead, func(c Case) bool { return len(prices(c)) > 1 })
			if none != nil {
				return *none
			}
			return share(cases, func(c Case) bool {
				all := prices(c)
				return slices.IsSortedFunc(all, func(a, b float64) int { return compareCents(b, a) })
			})
		},
	}
}

// prices gives those that a visit read, on its way.
func prices(c Case) (all []float64) {
	for _, step := range pricesOnTheWay {
		if n, ok := money(c, step); ok {
			all = append(all, n)
		}
	}
	return all
}

func offerApplied() Criterion {
	return Criterion{
		ID: "offer-applied", Title: "The offer counts at the till",
		Why:    "The offer was the reason to come.",
		Source: siteControl,
		Kind:   "web", Needs: []string{customRead}, Unit: evidence.Ratio,
		Curve: "The share of visits to an offer in which the price in the cart is no more than the offer's.",
		Judge: priced(offerPrice, cartPrice, "no visit read an offer and the cart", func(_ Case, offer, cart float64) bool { return compareCents(cart, offer) <= 0 }),
	}
}

func unexpectedExtras() Criterion {
	return Criterion{
		ID: "unexpected-extras", Title: "Nothing is added unasked",
		Why:    "What was not chosen should not be paid for.",
		Source: "Directive 2011/83/EU, article 22: no additional payment without express consent",
		Kind:   "web", Needs: []string{customRead}, Unit: evidence.Ratio,
		Curve: "The share of visits in which the total in the checkout is no more than the price in the cart and the cost of delivery, where one was read.",
		Judge: priced(cartPrice, checkoutTotal, "no visit read the cart and the total", func(c Case, cart, total float64) bool {
			delivery, _ := money(c, deliveryCost)
			return compareCents(total, cart+delivery) <= 0
		}),
	}
}

// priced judges by the share of visits that hit, of those that read two prices.
func priced(a, b, none string, hit func(c Case, a, b float64) bool) func(Facts) Mark {
	return func(f Facts) Mark {
		cases, nothing := among(f, none, func(c Case) bool {
			_, x := money(c, a)
			_, y := money(c, b)
			return x && y
		})
		if nothing != nil {
			return *nothing
		}
		return share(cases, func(c Case) bool {
			x, _ := money(c, a)
			y, _ := money(c, b)
			return hit(c, x, y)
		})
	}
}

func expiredOffers() Criterion {
	return Criterion{
		ID: "expired-offers", Title: "No offer stands past its end",
		Why:    "An offer that has ended shows that nobody looks after the page.",
		Source: siteControl,
		Kind:   "web", Needs: []string{customRead}, Unit: evidence.Ratio,
		Curve: "The share of visits that read the end of an offer and came before it had passed.",
		Judge: func(f Facts) Mark {
			cases, none := among(f, "no visit read when an offer ends", func(c Case) bool { _, ok := dayAt(c, offerEnds); return ok })
			if none != nil {
				return *none
			}
			return share(cases, func(c Case) bool {
				last, _ := dayAt(c, offerEnds)
				return c.Start.Before(last.AddDate(0, 0, 1))
			})
		},
	}
}

func discontinuedItems() Criterion {
	c := reaching("discontinued-items", "discontinued", "What is no longer sold says so", "A page that sells what there is not wastes the customer's time and the shop's word.", siteControl)
	c.Curve = "The share of visits to an article no longer sold that were told so before the cart, or found it gone."
	// Nobody but the scenario knows which article is sold no more: where it is
	// nowhere, the shop has done what it should.
	return toldInTime(c, func(c Case) bool { s, _ := c.Text(goalState); return s == "absent" && !c.has(stockSign) })
}

func outOfStockSign() Criterion {
	c := reaching("out-of-stock-sign", "out-of-stock", "What is sold out says so before the cart", "To learn it at the till is to have chosen in vain.", siteControl)
	c.Also = []Scope{{"web", "price-check"}}
	c.Curve = "The share of visits to a sold-out article that were told so before the cart. A visit that follows a price counts where the article proves to be sold out, on its page or only in the cart."
	return toldInTime(c, func(Case) bool { return false })
}

// Facts of visits that follow one article, with what its page says when it is
// sold out.
const (
	goalState = "goal.state"
	stockSign = "stock.sign"
	stockGone = "stock.gone-in-cart"
	soldOut   = "sold out"
)

// toldInTime judges visits to an article that cannot be had: by their end where
// a script looked for the sign, and by what page and cart said where a visit
// followed the article by itself. gone says that it was nowhere to be had.
func toldInTime(c Criterion, gone func(Case) bool) Criterion {
	c.Needs = []string{webReached, goalState, stockSign, stockGone}
	sign := func(c Case) bool { s, _ := c.Text(stockSign); return s == soldOut }
	followed := func(c Case) bool { return c.has(goalState) }
	c.Judge = func(f Facts) Mark {
		cases, none := among(f, "every article that was followed could be had", func(c Case) bool {
			return !followed(c) || sign(c) || c.has(stockGone) || gone(c)
		})
		if none != nil {
			return *none
		}
		cases, warnings, none := recorded(Facts{cases}, webReached)
		if none != nil {
			return *none
		}
		m := share(cases, func(c Case) bool {
			if followed(c) {
				return !c.has(stockGone)
			}
			return c.Flag(webReached)
		})
		m.Warnings = warnings
		return m
	}
	return c
}

func availability() Criterion {
	return Criterion{
		ID: "availability", Title: "The pages open",
		Why:    "A shop that does not open is closed.",
		Source: siteControl + "; the rule is ours",
		Kind:   "web", Also: formVisits, Needs: []string{webPages}, Unit: evidence.Ratio,
		Curve: "The share of visits, of any task, for which a page opened at all. Where the fault was ours, nothing was tested.",
		Judge: where(webPages, "no visit counted pages", func(c Case) bool { return c.Flag(webPages) }),
	}
}

func deadLinks() Criterion {
	c := deadHelpLinks()
	c.ID, c.Title = "dead-links", "Links work"
	c.Why = "A link that leads nowhere makes the customer doubt the rest."
	c.Source = siteControl + "; RFC 9110, sections 15.5.5 and 15.5.11 (404, 410); the scale is ours"
	c.Task, c.Also = "", formVisits
	return c
}

// amount finds a sum of money in what a page says.
var amount = regexp.MustCompile(`\d[\d.,'’\s\x{a0}\x{202f}]*`)

// money reads the price that a step read; false where it read none. The last
// mark that one or two digits follow parts the cents, all others thousands.
func money(c Case, step string) (float64, bool) {
	text, _ := c.TextAt(customRead, step)
	digits := strings.TrimRightFunc(amount.FindString(text), func(r rune) bool { return r < '0' || r > '9' })
	whole, cents := digits, ""
	if i := strings.LastIndexAny(digits, ".,"); i >= 0 && len(digits)-i <= 3 {
		whole, cents = digits[:i], digits[i+1:]
	}
	whole = strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, whole)
	n, err := strconv.ParseFloat(whole+"."+cents, 64)
	return n, err == nil
}

// compareCents compares two sums, those within half a cent being equal.
func compareCents(a, b float64) int {
	const half = 0.005
	switch {
	case a < b-half:
		return -1
	case a > b+half:
		return 1
	}
	return 0
}

// dayForms are those in which pages write a day that can't be misread.
var dayForms = []string{time.DateOnly, "2 January 2006", "January 2, 2006", "2 Jan 2006", "Jan 2, 2006", "2.1.2006", "02.01.2006"}

// dayAt reads the day that a step read.
func dayAt(c Case, step string) (time.Time, bool) {
	text, _ := c.TextAt(customRead, step)
	for _, form := range dayForms {
		if t, err := time.Parse(form, strings.TrimSpace(text)); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
