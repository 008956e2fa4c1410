package scoring

import (
	"math/rand/v2"

	"touchstone/internal/evidence"
	"touchstone/scoring/stat"
)

// Places gives every site with a total its rank and the range of ranks that
// draws of its probes leave open (stat.Totals). chance gives a fresh generator
// for a site, the same for the same seed; it is called from several goroutines.
func Places(r *Result, draws int, chance func(site string) *rand.Rand) {
	var cards []stat.Card
	var at []int
	for i, s := range r.Sites {
		if s.State == Scored {
			cards, at = append(cards, cardOf(r.Scorecard, s.Categories)), append(at, i)
		}
	}
	if len(at) < 2 {
		return // a place among none says nothing
	}
	for i, t := range stat.Totals(cards, draws, level, func(i int) *rand.Rand { return chance(r.Sites[at[i]].Site) }) {
		r.Sites[at[i]].Rank = &t.Rank
	}
}

// cardOf gives the marks of the categories as the statistics take them: by
// probe, so that what a probe did well or badly counts together, with the share
// that all of its marks have in the total. The repeats of a scenario are one
// task. A mark that is no mean over probes stands for a probe and a task of its
// own. Scenarios that some criterion reads together are one group.
func cardOf(card Scorecard, cats []CategoryScore) stat.Card {
	weights := map[string]float64{}
	for _, cat := range card.Categories {
		for _, w := range cat.Criteria {
			weights[w.ID] = w.Weight
		}
	}
	tasks := map[string]int{}
	task := func(name string) int {
		if _, ok := tasks[name]; !ok {
			tasks[name] = len(tasks)
		}
		return tasks[name]
	}
	var c stat.Card
	at := map[evidence.ProbeID]int{}
	groups := grouping{}
	var groupOf []string // by part, the scenario whose group it belongs to
	whole := 0.0
	for _, cat := range cats {
		if cat.State != Scored {
			continue
		}
		whole += cat.Weight
		sum := 0.0
		for _, m := range cat.Marks {
			if m.State == Scored {
				sum += weights[m.Criterion]
			}
		}
		for _, m := range cat.Marks {
			if m.State != Scored {
				continue
			}
			share := cat.Weight * weights[m.Criterion] / sum
			if len(m.Each) == 0 {
				scenario := m.Criterion
				if len(m.Probes) > 0 {
					scenario = m.Probes[0].Scenario
				}
				c = append(c, stat.Part{Share: share, Mark: share * m.Score, Task: task("criterion " + m.Criterion)})
				groupOf = append(groupOf, scenario)
				continue
			}
			share /= float64(len(m.Each))
			for _, p := range m.Each {
				j, ok := at[p.Probe]
				if !ok {
					j = len(c)
					at[p.Probe] = j
					c = append(c, stat.Part{Task: task("scenario " + p.Probe.Scenario)})
					groupOf = append(groupOf, p.Probe.Scenario)
				}
				c[j].Share += share
				c[j].Mark += share * p.Score
				groups.join(m.Each[0].Probe.Scenario, p.Probe.Scenario)
			}
		}
	}
	numbers := map[string]int{}
	for i := range c {
		c[i].Mark = min(c[i].Mark/c[i].Share, 1)
		c[i].Share /= whole
		of := groups.of(groupOf[i])
		if _, ok := numbers[of]; !ok {
			numbers[of] = len(numbers)
		}
		c[i].Group = numbers[of]
	}
	return c
}

// A grouping holds the scenarios that some criterion reads together, each with
// another of its group; one of them with none.
type grouping map[string]string

func (g grouping) of(scenario string) string {
	for {
		next, ok := g[scenario]
		if !ok {
			return scenario
		}
		scenario = next
	}
}

func (g grouping) join(a, b string) {
	if a, b = g.of(a), g.of(b); a != b {
		g[b] = a
	}
}

// inPoints brings an interval of a total from [0,1] to points of 100.
func inPoints(iv *Interval) *Interval {
	if iv == nil {
		return nil
	}
	p := *iv
	p.Low, p.High = 100*p.Low, 100*p.High
	return &p
}
