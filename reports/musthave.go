package reports

import (
	"cmp"
	"slices"

	"touchstone/scoring"
)

// MustHaves show how many sites keep what a customer may take for granted, one
// step after the other: the conditions of the scorecard's gates first, then
// the weightiest criteria of each category.
type MustHaves struct {
	N     int        `json:"n"` // sites that were asked anything
	Steps []MustHave `json:"steps"`
}

// A MustHave is one step. Alone counts it by itself; the rest follow the sites
// that kept every step before.
type MustHave struct {
	Criterion string   `json:"criterion"`
	Title     string   `json:"title"`
	Means     string   `json:"means"` // when it is kept
	Gate      string   `json:"gate,omitempty"`
	Alone     Share    `json:"alone"`   // of the sites where it could be told
	In        int      `json:"in"`      // came to this step
	Kept      int      `json:"kept"`    // and go on
	Failed    []string `json:"failed"`  // names
	Untold    []string `json:"unknown"` // names: could not be told, and go no further
}

// enough is the score, in [0,1], from which a weighty criterion counts as kept.
const enough = 0.5

// mostMustHaves bounds the funnel.
const mostMustHaves = 7

func (b *builder) mustHaves(parts []SitePart) MustHaves {
	card := b.in.Result.Scorecard
	var m MustHaves
	type rule struct {
		MustHave
		keeps func(scoring.Mark) bool
	}
	var rules []rule
	named := func(id string) bool {
		return slices.ContainsFunc(rules, func(r rule) bool { return r.Criterion == id })
	}
	for _, g := range card.Gates {
		if named(g.When.Criterion) || len(rules) == mostMustHaves {
			continue
		}
		c := b.criterion(g.When.Criterion)
		rules = append(rules, rule{
			MustHave{Criterion: c.ID, Title: b.say(c.Title), Gate: g.ID, Means: b.say("not: %s", b.inside(b.say(g.Title)))},
			func(m scoring.Mark) bool { return !g.Fires(m) },
		})
	}
	type weighty struct {
		id     string
		rank   int // in its category, from the weightiest
		weight float64
	}
	var heavy []weighty
	for _, cat := range card.Categories {
		sum := 0.0
		for _, w := range cat.Criteria {
			sum += w.Weight
		}
		own := slices.SortedStableFunc(slices.Values(cat.Criteria), func(v, w scoring.Weighted) int { return cmp.Compare(w.Weight, v.Weight) })
		for i, w := range own {
			heavy = append(heavy, weighty{w.ID, i, cat.Weight * w.Weight / sum})
		}
	}
	slices.SortStableFunc(heavy, func(v, w weighty) int { // every category has its say before any has it twice
		return cmp.Or(cmp.Compare(v.rank, w.rank), cmp.Compare(w.weight, v.weight))
	})
	for _, w := range heavy {
		if named(w.id) || len(rules) == mostMustHaves {
			continue
		}
		c := b.criterion(w.id)
		rules = append(rules, rule{MustHave{Criterion: c.ID, Title: b.say(c.Title), Means: b.say("at least %.0f of 100 points", 100*enough)},
			func(m scoring.Mark) bool { return m.Score >= enough-1e-9 }})
	}
	var in []SitePart
	for _, p := range parts {
		if len(p.Probes) > 0 {
			in = append(in, p)
		}
	}
	m.N = len(in)
	m.Steps = []MustHave{}
	tested := in
	for _, r := range rules {
		step := r.MustHave
		step.In, step.Failed, step.Untold = len(in), []string{}, []string{}
		k, n := 0, 0
		for _, p := range tested {
			if mark, ok := p.markOf(r.Criterion); ok && mark.State == scoring.Scored {
				n++
				if r.keeps(mark) {
					k++
				}
			}
		}
		if n == 0 {
			continue // nobody could be told: no step
		}
		step.Alone = share(k, n)
		var on []SitePart
		for _, p := range in {
			switch mark, ok := p.markOf(r.Criterion); {
			case !ok || mark.State != scoring.Scored:
				step.Untold = append(step.Untold, p.Name)
			case r.keeps(mark):
				on = append(on, p)
			default:
				step.Failed = append(step.Failed, p.Name)
			}
		}
		in = on
		step.Kept = len(on)
		m.Steps = append(m.Steps, step)
	}
	return m
}

// markOf finds a criterion's mark in any category.
func (p SitePart) markOf(criterion string) (scoring.Mark, bool) {
	for _, c := range p.Categories {
		for _, m := range c.Marks {
			if m.Criterion == criterion {
				return m, true
			}
		}
	}
	return scoring.Mark{}, false
}
