package stat

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/stat/distuv"
)

// Jitter multiplies each weight by a number drawn evenly from 1-by to 1+by, by
// below 1.
func Jitter(r *rand.Rand, weights []float64, by float64) []float64 {
	out := make([]float64, len(weights))
	for i, w := range weights {
		out[i] = w * (1 + by*(2*r.Float64()-1))
	}
	return out
}

// Dirichlet draws weights around those given, in sum 1: the larger the
// concentration, the closer, and 1 for each weight forgets nearly all about
// them (Butler, Jia & Dyer, European Journal of Operational Research 103, 1997,
// who draw weights to see what a ranking owes to them).
func Dirichlet(r *rand.Rand, weights []float64, concentration float64) []float64 {
	sum, all := 0.0, 0.0
	for _, w := range weights {
		sum += w
	}
	out := make([]float64, len(weights))
	for i, w := range weights {
		out[i] = distuv.Gamma{Alpha: concentration * w / sum, Beta: 1, Src: r}.Rand()
		all += out[i]
	}
	for i := range out {
		out[i] /= all
	}
	return out
}

// WeightRanks gives, over draws of weights, the range of places of each site:
// what a ranking owes to the weights and not to the sites. means holds each
// site's mean by criterion, NaN where it has none; draw gives new weights.
func WeightRanks(means [][]float64, weights []float64, draws int, level float64, draw func() []float64) []Rank {
	totals, all := make([]Total, len(means)), make([][]float64, len(means))
	total := func(site int, weights []float64) float64 {
		sum, of := 0.0, 0.0
		for c, m := range means[site] {
			if isMark(m) {
				sum, of = sum+weights[c]*m, of+weights[c]
			}
		}
		return sum / of
	}
	for i := range means {
		if totals[i].Value = total(i, weights); isMark(totals[i].Value) {
			all[i] = make([]float64, draws)
		}
	}
	for d := range draws {
		w := draw()
		for i := range all {
			if all[i] != nil {
				if all[i][d] = total(i, w); math.IsNaN(all[i][d]) {
					all[i][d] = totals[i].Value // every weight it had vanished in this draw
				}
			}
		}
	}
	places(totals, all, draws, level)
	ranks := make([]Rank, len(means))
	for i, t := range totals {
		ranks[i] = t.Rank
	}
	return ranks
}
