package scoring

import (
	"fmt"
	"math"
	"slices"
)

// A Gate caps a site's grade, however good its mean: some faults must not be
// bought off by strength elsewhere. The score itself stays as it is.
type Gate struct {
	ID      string    `json:"id"`
	Title   string    `json:"title"`
	When    Condition `json:"when"`
	Cap     string    `json:"cap"` // the label of the best grade that is left
	Because string    `json:"because"`
}

// A Condition compares the score of one criterion of the card, in [0,1], with
// a value. It holds only of a score: a criterion that has none fires nothing.
type Condition struct {
	Criterion string  `json:"criterion"`
	Op        string  `json:"op"` // one of Ops
	Value     float64 `json:"value"`
}

// Ops lists the comparisons of conditions and checks.
var Ops = []string{"<", "<=", "==", "!=", ">=", ">"}

// compare reports whether "a op b" holds. Numbers closer than the rounding of
// a mean are equal; an unknown op holds of nothing.
func compare(a float64, op string, b float64) bool {
	const slack = 1e-9
	equal := a == b || math.Abs(a-b) <= slack*max(1, math.Abs(a), math.Abs(b)) // the first for infinities
	switch op {
	case "<":
		return a < b && !equal
	case ">":
		return a > b && !equal
	case "<=":
		return a < b || equal
	case ">=":
		return a > b || equal
	case "==":
		return equal
	case "!=":
		return a != b && !equal
	}
	return false
}

// Fires reports whether the gate's condition holds of a mark of its criterion.
func (g Gate) Fires(m Mark) bool {
	return m.State == Scored && compare(m.Score, g.When.Op, g.When.Value)
}

// cap lowers the grade to what the gates leave of it. Of several the lowest
// decides, of equals the first.
func (s *SiteScore) cap(card Scorecard) {
	rank := func(label string) int {
		return slices.IndexFunc(card.Grades, func(g Grade) bool { return g.Label == label })
	}
	earned := s.Grade
	for _, g := range card.Gates {
		m, ok := s.mark(g.When.Criterion)
		if !ok || !g.Fires(m) {
			continue
		}
		s.Fired = append(s.Fired, g.ID)
		if rank(g.Cap) > rank(s.Grade) {
			s.Grade, s.Uncapped, s.Capped = g.Cap, earned, g.ID
		}
	}
}

// mark finds a criterion's mark among the categories.
func (s *SiteScore) mark(criterion string) (Mark, bool) {
	for _, c := range s.Categories {
		for _, m := range c.Marks {
			if m.Criterion == criterion {
				return m, true
			}
		}
	}
	return Mark{}, false
}

// checkGates finds the gates that name nothing, or that can never fire or never cap.
func checkGates(card Scorecard) []error {
	var errs []error
	in := map[string]bool{}
	for _, cat := range card.Categories {
		for _, w := range cat.Criteria {
			in[w.ID] = true
		}
	}
	seen := map[string]bool{}
	for _, g := range card.Gates {
		wrong := func(format string, args ...any) {
			errs = append(errs, fmt.Errorf("scorecard %s: gate %s "+format, append([]any{card.ID, g.ID}, args...)...))
		}
		if g.ID == "" {
			wrong("has no id")
		} else if seen[g.ID] {
			wrong("stands twice")
		}
		seen[g.ID] = true
		if !in[g.When.Criterion] {
			wrong("watches %q, which the card does not weigh; add it to a category or name another", g.When.Criterion)
		}
		switch at := slices.IndexFunc(card.Grades, func(x Grade) bool { return x.Label == g.Cap }); at {
		case -1:
			wrong("caps at %q, which is no grade of the card", g.Cap)
		case 0:
			wrong("caps at %q, the best grade, and so caps nothing", g.Cap)
		}
		// The condition is monotone, or true of almost everything (!=) or of one
		// point (==): trying the ends and the value itself is enough.
		v := g.When.Value
		fires := slices.ContainsFunc([]float64{0, 1, min(max(v, 0), 1)}, func(x float64) bool { return compare(x, g.When.Op, v) })
		switch {
		case !slices.Contains(Ops, g.When.Op):
			wrong("compares by %q; use one of %v", g.When.Op, Ops)
		case math.IsNaN(v) || !fires:
			wrong("can never fire: no score, from 0 to 1, is %s %v", g.When.Op, v)
		}
	}
	return errs
}
