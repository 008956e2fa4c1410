package scoring

import (
	"fmt"
	"slices"

	"touchstone/internal/evidence"
)

// The criteria of the effort that a task costs.

// Facts of the web probe that these criteria need.
const (
	webLostness = "web.lostness"
	webKLM      = "web.klm-time"
	webRetyped  = "web.retyped"
)

func maze() Criterion {
	return Criterion{
		ID:     "maze",
		Title:  "The site is no maze",
		Why:    "Pages seen twice and pages seen for nothing are what being lost is made of.",
		Source: "Smith (1996): lostness above 0.4 is lost; Resource Marketing called one shop a maze; the ends of the scale are ours",
		Kind:   "web", Also: formVisits,
		Needs: []string{webReached, webLostness},
		Unit:  evidence.Ratio,
		Curve: "A straight line from 100 points at lostness 0, through 50 at 0.4, to 0 at 0.8, averaged over the visits whose shortest way is known; a visit that never arrived gets 0.",
		Judge: func(f Facts) Mark {
			cases, none := among(f, "no visit knew its shortest way", func(c Case) bool { return c.has(webLostness) })
			if none != nil {
				return *none
			}
			curve := Linear(0, 0.8)
			var sum float64
			lost := 0
			all := numbers(cases, webLostness)
			found := each(cases, func(i int) float64 {
				if !cases[i].Flag(webReached) {
					lost++
					return 0
				}
				sum += curve(all[i])
				return curve(all[i])
			})
			m := Mark{Score: sum / float64(len(cases)), Value: median(all), N: len(cases), Each: found, Interval: medianInterval(all)}
			m.Shown = fmt.Sprintf("lostness %.2f", m.Value)
			if lost > 0 {
				m.Shown += fmt.Sprintf(", %d of %d never arrived", lost, len(cases))
			}
			return m
		},
	}
}

func taskEffort() Criterion {
	return Criterion{
		ID:     "task-effort",
		Title:  "Time to buy, by model",
		Why:    "Pointing, typing, thinking and waiting add up; a model counts them alike for every shop.",
		Source: "Keystroke-level model (Card, Moran and Newell 1980); the curve is ours",
		Kind:   "web", Task: "checkout", Also: orders,
		Needs: []string{webReached, webKLM},
		Unit:  evidence.Second,
		Curve: "A log-normal curve through 90 points at 1 minute and 50 at 4. " + effortCurve,
		Judge: func(f Facts) Mark {
			there, warnings, none := arrived(f)
			if none != nil {
				return *none
			}
			cases, none := among(there, "no visit recorded "+webKLM, func(c Case) bool { return c.has(webKLM) })
			if none != nil {
				return *none
			}
			times := numbers(cases, webKLM)
			curve := LogNormal(minute, 4*minute)
			m := Mark{Score: mean(times, curve), Value: median(times), N: len(cases), Warnings: warnings, Interval: medianInterval(times)}
			m.Each = each(cases, func(i int) float64 { return curve(times[i]) })
			m.Shown = Duration(m.Value)
			return m
		},
	}
}

func dataReuse() Criterion {
	return Criterion{
		ID:     "data-reuse",
		Title:  "Nothing is typed twice",
		Why:    "A shop that asks for what it was just told was not listening.",
		Source: "Resource Marketing, in the article on small firms against the giants: forms to fill in every time; the scale is ours",
		Kind:   "web", Task: "checkout", Also: append([]Scope{{"web", comesBack}}, orders...),
		Needs: []string{webReached, webRetyped, returnAsked},
		Unit:  evidence.Count,
		Curve: "A straight line from 100 points where nothing is typed again to 0 at 4 values: within a purchase, and of a customer who comes back to a basket, as the fields of the checkout's first step that ask anew, averaged over the ways of coming back. " + effortCurve,
		Judge: func(f Facts) Mark {
			var bought Facts
			var back []Case
			for _, c := range f.Cases {
				switch {
				case c.has(returnAsked):
					back = append(back, c)
				case c.Task != comesBack: // who does has filled in nothing before
					bought.Cases = append(bought.Cases, c)
				}
			}
			if len(bought.Cases) > 0 {
				if m := sometimes(webRetyped, effort(webRetyped, "value", Linear(0, 4)))(bought); len(back) == 0 || m.Censored {
					return m
				}
			}
			return typedTwice(append(back, slices.DeleteFunc(bought.Cases, func(c Case) bool { return !c.Flag(webReached) || !c.has(webRetyped) })...))
		},
	}
}

// Visits that come back to a basket record what is asked again, for each way of
// coming.
const (
	comesBack   = "return-visit"
	returnAsked = "return.asked-again"
)

// typedTwice judges by the values that each visit was asked for again.
func typedTwice(cases []Case) Mark {
	if len(cases) == 0 {
		return Mark{State: NotApplicable, Reason: "no visit had filled in a checkout before it came back"}
	}
	curve, counts := Linear(0, 4), make([]float64, len(cases))
	for i, c := range cases {
		if counts[i], _ = c.Number(webRetyped); c.has(returnAsked) {
			counts[i] = meanOf(c.Numbers(returnAsked))
		}
	}
	m := Mark{Score: mean(counts, curve), Value: median(counts), N: len(counts), Interval: medianInterval(counts)}
	m.Each = each(cases, func(i int) float64 { return curve(counts[i]) })
	m.Shown = fmt.Sprintf("%g values", m.Value)
	if m.Value == 1 {
		m.Shown = "1 value"
	}
	return m
}

func stepTime() Criterion {
	const took = "web.step-took"
	return Criterion{
		ID: "step-time", Title: "Time that each step of the checkout takes",
		Why:    "Whoever waits at every step has time to think again.",
		Source: "Nielsen, Usability Engineering (1993): 1 second keeps the thread, 10 lose the attention; the curve is ours",
		Kind:   "web", Task: "checkout", Also: orders,
		Needs: []string{webReached, took}, Unit: evidence.Second,
		Curve: "A log-normal curve through 90 points at 1 second and 50 at 10 for the median step of a visit, until its page has settled. " + effortCurve,
		Judge: func(f Facts) Mark {
			there, warnings, none := arrived(f)
			if none != nil {
				return *none
			}
			cases, none := among(there, "no visit timed its steps", func(c Case) bool { return c.has(took) })
			if none != nil {
				return *none
			}
			curve := LogNormal(1, 10)
			middles := make([]float64, len(cases))
			for i, c := range cases {
				middles[i] = median(c.Numbers(took))
			}
			m := Mark{Score: mean(middles, curve), Value: median(middles), N: len(cases), Warnings: warnings, Interval: medianInterval(middles)}
			m.Each = each(cases, func(i int) float64 { return curve(middles[i]) })
			m.Shown = Duration(m.Value)
			return m
		},
	}
}
