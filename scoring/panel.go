package scoring

import (
	"math"
	"math/rand/v2"
	"slices"

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

// cardOf gives the marks of the categories as the statistics take them: each
// criterion by the weight that it has in their total, and in one stratum all
// that read the same scenarios, so that what a probe did well or badly counts
// together. A mark that is no mean over probes stands for one probe.
func cardOf(card Scorecard, cats []CategoryScore) stat.Card {
	weights := map[string]float64{}
	for _, cat := range card.Categories {
		for _, w := range cat.Criteria {
			weights[w.ID] = w.Weight
		}
	}
	var c stat.Card
	var marks []Mark
	for _, cat := range cats {
		if cat.State != Scored {
			continue
		}
		sum := 0.0
		for _, m := range cat.Marks {
			if m.State == Scored {
				sum += weights[m.Criterion]
			}
		}
		for _, m := range cat.Marks {
			if m.State == Scored {
				marks = append(marks, m)
				c.Weights = append(c.Weights, cat.Weight*weights[m.Criterion]/sum)
			}
		}
	}
	probes := strata(marks)
	for i, m := range marks {
		row := []float64{m.Score}
		if len(m.Each) > 0 {
			row = make([]float64, len(probes[i].probes))
			for j := range row {
				row[j] = math.NaN()
			}
			for _, p := range m.Each {
				j, _ := slices.BinarySearchFunc(probes[i].probes, p.Probe, evidence.ProbeID.Compare)
				row[j] = p.Score
			}
		}
		c.Stratum, c.Marks = append(c.Stratum, probes[i].number), append(c.Marks, row)
	}
	return c
}

// A probeSet is a stratum: the probes of scenarios that some mark reads together.
type probeSet struct {
	number int
	probes []evidence.ProbeID // sorted
}

// strata gives each mark its own, those that share a scenario the same.
func strata(marks []Mark) []*probeSet {
	sets, of := make([]*probeSet, len(marks)), map[string]*probeSet{}
	var all []*probeSet
	for _, m := range marks {
		set := &probeSet{}
		for _, p := range m.Each {
			if other := of[p.Probe.Scenario]; other != nil && other != set {
				for name, s := range of { // one criterion reads both: they are one
					if s == other {
						of[name] = set
					}
				}
				set.probes = append(set.probes, other.probes...)
			}
			of[p.Probe.Scenario] = set
			set.probes = append(set.probes, p.Probe)
		}
		all = append(all, set)
	}
	numbers := map[*probeSet]int{}
	for i, m := range marks {
		sets[i] = all[i]
		if len(m.Each) > 0 {
			sets[i] = of[m.Each[0].Probe.Scenario]
		}
		if _, ok := numbers[sets[i]]; !ok {
			numbers[sets[i]] = len(numbers)
		}
		sets[i].number = numbers[sets[i]]
		slices.SortFunc(sets[i].probes, evidence.ProbeID.Compare)
		sets[i].probes = slices.Compact(sets[i].probes)
	}
	return sets
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
