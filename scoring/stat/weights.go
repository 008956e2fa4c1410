package stat

import (
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

// WeightRanks gives, over draws of weights, each site's place by the weights as
// they are and the range of places that the draws give, the ends of the interval
// at the level: what a ranking owes to the weights and not to the sites (Saisana,
// Saltelli & Tarantola, JRSS A 168, 2005). draw gives new weights, in the order of
// weights; total is a site's total by such weights, NaN where it has none. It is
// called from several goroutines. A site whose every weight vanished in a draw
// keeps its total in it.
func WeightRanks(sites int, weights []float64, draws int, level float64, draw func() []float64, total func(site int, weights []float64) float64) []Rank {
	drawn := make([][]float64, draws)
	for d := range drawn {
		drawn[d] = draw()
	}
	totals, all := make([]Total, sites), make([][]float64, sites)
	each(sites, func(i int) {
		if totals[i].Value = total(i, weights); !isMark(totals[i].Value) {
			return
		}
		all[i] = make([]float64, draws)
		for d, w := range drawn {
			if all[i][d] = total(i, w); !isMark(all[i][d]) {
				all[i][d] = totals[i].Value
			}
		}
	})
	places(totals, all, draws, level)
	ranks := make([]Rank, sites)
	for i, t := range totals {
		ranks[i] = t.Rank
	}
	return ranks
}
