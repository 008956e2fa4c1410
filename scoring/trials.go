package scoring

import (
	"fmt"
	"slices"

	"touchstone/internal/evidence"
)

// The criteria of what a form says to a mistake.

// Facts of a trial, each recorded once for each mistake that was made.
const (
	trialShown    = "web.trial-error-shown"
	trialInline   = "web.trial-inline"
	trialTied     = "web.trial-tied"
	trialWords    = "web.trial-words"
	trialKept     = "web.trial-kept"
	trialAccepted = "web.trial-accepted"
)

// worth is what each quality of an answer to a mistake counts, where it was
// said at all; together they make 1.
var worth = []struct {
	fact   string
	points float64
}{
	{trialShown, 0.2}, {trialInline, 0.25}, {trialTied, 0.15}, {trialWords, 0.2}, {trialKept, 0.2},
}

func recoveries() []Criterion {
	form := recovery("form-recovery", "form-errors", "A mistake in the form can be mended", "One wrong field must not cost the whole text.")
	form.Also = []Scope{{"form", "form-errors"}}
	return []Criterion{
		form,
		recovery("checkout-error-recovery", "checkout-errors", "A mistake in the checkout can be mended", "A message that does not say what is wrong is where carts are left."),
		checkoutAccessibility(),
	}
}

// recovery judges by the mistakes that visits made in forms on purpose. A
// visit whose script looked for itself, and made none by a step that tries a
// form, counts by whether it reached its end.
func recovery(id, task, title, why string) Criterion {
	return Criterion{
		ID: id, Title: title, Why: why, Kind: "web", Task: task,
		Source: "WCAG 2.2, success criteria 3.3.1 (the error is told in words), 3.3.3 (and how to mend it) and 1.3.1 (and to which field it belongs); the points are ours",
		Needs:  []string{webReached, trialShown, trialInline, trialTied, trialWords, trialKept, trialAccepted},
		Unit:   evidence.Ratio,
		Curve:  "Each mistake that was made on purpose gets 20 points where something is said to it in words, and then 25 more beside the field, 15 tied to it, 20 in words that say what to do, 20 if all else is kept; none where the form took it or said nothing. Averaged over the mistakes of a visit and over the visits; a visit that looked by a script of its own gets 100 or 0.",
		Judge: func(f Facts) Mark {
			if !slices.ContainsFunc(f.Cases, func(c Case) bool { return c.has(trialShown) }) {
				return flagged(webReached)(f)
			}
			cases, warnings, none := recorded(f, webReached)
			if none != nil {
				return *none
			}
			made, said, beside, took := 0, 0, 0, 0
			each := each(cases, func(i int) float64 {
				c := cases[i]
				steps := c.steps(trialShown)
				if len(steps) == 0 {
					return Proportion(count(c.Flag(webReached)), 1)
				}
				var sum float64
				for _, step := range steps {
					made++
					beside += count(c.flagAt(trialInline, step))
					took += count(c.flagAt(trialAccepted, step))
					if c.flagAt(trialShown, step) {
						said++
						sum += answered(c, step)
					}
				}
				return sum / float64(len(steps))
			})
			var sum float64
			for _, e := range each {
				sum += e.Score
			}
			m := Mark{Score: sum / float64(len(each)), N: len(cases), Warnings: warnings, Each: each}
			m.Value, m.Shown = m.Score, fmt.Sprintf("%d of %s answered, %d beside the field", said, plural(made, "mistake"), beside)
			if took > 0 {
				m.Shown += fmt.Sprintf(", %d taken", took)
			}
			return m
		},
	}
}

// answered gives what the answer to the mistake of a step is worth.
func answered(c Case, step string) (points float64) {
	for _, w := range worth {
		if c.flagAt(w.fact, step) {
			points += w.points
		}
	}
	return points
}

// steps lists those that recorded the fact.
func (c Case) steps(name string) (all []string) {
	for _, f := range c.facts {
		if f.Name == name {
			all = append(all, f.Step)
		}
	}
	return all
}

// flagAt reports whether the fact was recorded as 1 at a step.
func (c Case) flagAt(name, step string) bool {
	return slices.ContainsFunc(c.facts, func(f evidence.Fact) bool { return f.Name == name && f.Step == step && f.Number != 0 })
}

func count(yes bool) int {
	if yes {
		return 1
	}
	return 0
}
