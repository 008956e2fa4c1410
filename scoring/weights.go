package scoring

import (
	"math"
	"math/rand/v2"

	"touchstone/scoring/stat"
)

// WeightPlaces are a site's places under other weights. Place is by the
// scorecard's own; the ranges hold what 95 of 100 draws give.
type WeightPlaces struct {
	Near  stat.Rank `json:"near"`  // every weight off by up to a share
	Fresh stat.Rank `json:"fresh"` // every weight drawn anew, as if nothing were known of it
}

// PlacesByWeights ranks the sites of a result that have a total again and
// again: with every weight off by up to the share off, evenly, and with weights
// drawn anew, evenly among all that there could be (Dirichlet, 1 for each; Butler,
// Jia & Dyer, European Journal of Operational Research 103, 1997). Weights are
// drawn as the scorecard has them, categories by themselves and the criteria of
// each; what does not apply drops out with its weight, as in Score. A total that
// was brought moves with no weight. Nil for sites without a total, and for all
// where fewer than two have one.
func PlacesByWeights(r Result, draws int, off float64, chance *rand.Rand) []*WeightPlaces {
	out := make([]*WeightPlaces, len(r.Sites))
	var at []int
	for i, s := range r.Sites {
		if s.State == Scored {
			at = append(at, i)
		}
	}
	if len(at) < 2 {
		return out
	}
	groups := weightGroups(r.Scorecard)
	var weights []float64
	for _, g := range groups {
		weights = append(weights, g...)
	}
	total := func(i int, weights []float64) float64 { return totalBy(r.Scorecard, r.Sites[at[i]], weights) }
	near := stat.WeightRanks(len(at), weights, draws, level, func() []float64 { return stat.Jitter(chance, weights, off) }, total)
	fresh := stat.WeightRanks(len(at), weights, draws, level, func() []float64 {
		var all []float64
		for _, g := range groups {
			even := make([]float64, len(g))
			for i := range even {
				even[i] = 1
			}
			all = append(all, stat.Dirichlet(chance, even, float64(len(even)))...)
		}
		return all
	}, total)
	for i, site := range at {
		out[site] = &WeightPlaces{near[i], fresh[i]}
	}
	return out
}

// weightGroups gives the weights that are drawn together: the categories', then
// those of each category's criteria.
func weightGroups(card Scorecard) [][]float64 {
	groups := [][]float64{nil}
	for _, c := range card.Categories {
		groups[0] = append(groups[0], c.Weight)
		var own []float64
		for _, w := range c.Criteria {
			own = append(own, w.Weight)
		}
		groups = append(groups, own)
	}
	return groups
}

// totalBy gives a site's total in [0,1] by weights in the order of weightGroups.
func totalBy(card Scorecard, s SiteScore, weights []float64) float64 {
	if len(s.Categories) == 0 {
		return s.Score / 100
	}
	sum, of, next := 0.0, 0.0, len(card.Categories)
	for i, cat := range s.Categories {
		part, parts := 0.0, 0.0
		for j, m := range cat.Marks {
			if m.State == Scored {
				part, parts = part+weights[next+j]*m.Score, parts+weights[next+j]
			}
		}
		if next += len(card.Categories[i].Criteria); cat.State == Scored && parts > 0 {
			sum, of = sum+weights[i]*part/parts, of+weights[i]
		}
	}
	return math.Round(1e12*sum/of) / 1e12 // no place hangs on the last bits of a sum
}
