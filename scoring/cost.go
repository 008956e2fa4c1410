package scoring

import (
	"fmt"
	"slices"

	"touchstone/internal/evidence"
	"touchstone/scoring/stat"
)

// UnitCosts are what one contact costs the shop, by channel, each from low to
// high. They are the operator's to replace.
type UnitCosts struct {
	Currency    string     `json:"currency"`
	Source      string     `json:"source"`
	Phone       [2]float64 `json:"phone"`
	Mail        [2]float64 `json:"mail"` // both 0: as by phone
	SelfService [2]float64 `json:"self_service"`
}

// DefaultCosts are the only published ones of the founding articles.
func DefaultCosts() UnitCosts {
	return UnitCosts{
		Currency: "USD", Source: "Rethinking e-commerce service (July 1999), dollars of that year",
		Phone: [2]float64{25, 30}, SelfService: [2]float64{2, 3},
	}
}

// A ContactCost is what a thousand questions would cost a site, if its
// customers tried its pages first and asked a person where these failed them.
type ContactCost struct {
	Site  string     `json:"site"`
	State State      `json:"state"`
	Why   string     `json:"why,omitempty"` // why it can't be said
	Pages Interval   `json:"pages"`         // share of the tries that the pages served
	K     int        `json:"k"`             // of them
	N     int        `json:"n"`             // tries
	Mails float64    `json:"mails"`         // letters by persons until a question was answered, 1 where none was seen
	Per   float64    `json:"per"`           // questions that Low to High are for
	Low   float64    `json:"low"`           // the cheapest: low unit costs, pages at the upper bound
	High  float64    `json:"high"`          // the dearest
	At    [2]float64 `json:"at"`            // with the share as measured, by low and high unit costs
	Costs UnitCosts  `json:"costs"`         // by which
}

// helpTasks are the tasks in which a customer looks for an answer, or serves
// themselves.
var helpTasks = []string{"find-help", "find-returns", "find-contact", "search-help", "answer-question", "order-status", "cancel-order", "change-address", "change-password", "start-return"}

// CostOfContact says what the channels would cost as they were measured. obs
// are the site's observations.
func CostOfContact(site string, costs UnitCosts, obs []evidence.Observation) ContactCost {
	c := ContactCost{Site: site, State: Scored, Per: 1000, Mails: 1, Costs: costs}
	var exchanges, answered float64
	for i := range obs {
		o := &obs[i]
		if o.Probe.Site != site || !o.Outcome.Testable() {
			continue
		}
		if reached, ok := o.Fact("web.reached"); ok && o.Kind == "web" && slices.Contains(helpTasks, o.Task) {
			c.N++
			if reached.Number != 0 {
				c.K++
			}
		}
		if n, ok := o.Fact("mail.exchanges"); ok && o.Kind == "mail" && n.Number > 0 {
			exchanges, answered = exchanges+n.Number, answered+1
		}
	}
	if c.N == 0 {
		c.State, c.Why = NotMeasured, "no visit tried to find an answer on the pages"
		return c
	}
	if answered > 0 {
		c.Mails = exchanges / answered
	}
	person := costs.Phone
	if costs.Mail != [2]float64{} {
		person = [2]float64{c.Mails * costs.Mail[0], c.Mails * costs.Mail[1]}
	}
	c.Pages = stat.Wilson(c.K, c.N, level)
	// Whoever asks a person has tried the pages before.
	total := func(share float64, end int) float64 {
		return c.Per * (costs.SelfService[end] + (1-share)*person[end])
	}
	share := Proportion(c.K, c.N)
	c.At = [2]float64{total(share, 0), total(share, 1)}
	c.Low, c.High = total(c.Pages.High, 0), total(c.Pages.Low, 1)
	return c
}

// String words the cost: "USD 9,500 to 12,000 for 1,000 questions (pages serve 6 of 10)".
func (c ContactCost) String() string {
	if c.State != Scored {
		return c.Why
	}
	return fmt.Sprintf("%s %.0f to %.0f for %.0f questions (the pages serve %d of %d)", c.Costs.Currency, c.At[0], c.At[1], c.Per, c.K, c.N)
}
