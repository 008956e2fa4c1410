package stat

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Resamples draws n of n indices with replacement, as often as draws says
// (Efron, Annals of Statistics 7, 1979).
func Resamples(r *rand.Rand, n, draws int) [][]int {
	all := make([][]int, draws)
	for d := range all {
		all[d] = make([]int, n)
		for i := range all[d] {
			all[d][i] = r.IntN(n)
		}
	}
	return all
}

// ClusterResamples draws whole clusters with replacement, as many as there
// are, and gives the indices of all their members: where sites are the sample,
// the probes of one belong together (Davison & Hinkley, Bootstrap Methods,
// 1997, 3.8). cluster names that of each index; a resample's length varies
// with the sizes of the clusters drawn.
func ClusterResamples(r *rand.Rand, cluster []string, draws int) [][]int {
	members := clusters(cluster)
	all := make([][]int, draws)
	for d := range all {
		for range members {
			all[d] = append(all[d], members[r.IntN(len(members))]...)
		}
	}
	return all
}

// clusters gives the indices of each cluster, in the order of first sight.
func clusters(of []string) [][]int {
	at := map[string]int{}
	var members [][]int
	for i, c := range of {
		j, ok := at[c]
		if !ok {
			j = len(members)
			at[c] = j
			members = append(members, nil)
		}
		members[j] = append(members[j], i)
	}
	return members
}

// Bootstrap gives the statistic of each resample, in its order.
func Bootstrap(resamples [][]int, statistic func(index []int) float64) []float64 {
	out := make([]float64, len(resamples))
	for i, r := range resamples {
		out[i] = statistic(r)
	}
	return out
}

// Jackknife gives the statistic with each of n indices left out in turn, or
// with each cluster where cluster is not nil (Quenouille 1949, Tukey 1958).
func Jackknife(n int, cluster []string, statistic func(index []int) float64) []float64 {
	if cluster == nil {
		out, rest := make([]float64, n), make([]int, 0, n)
		for i := range n {
			rest = rest[:0]
			for j := range n {
				if j != i {
					rest = append(rest, j)
				}
			}
			out[i] = statistic(rest)
		}
		return out
	}
	var out []float64
	members := clusters(cluster)
	for c := range members {
		out = append(out, statistic(slices.Concat(slices.Delete(slices.Clone(members), c, c+1)...)))
	}
	return out
}

// Percentile is the bootstrap interval between the quantiles of the draws
// (Efron 1981). Draws are not changed.
func Percentile(draws []float64, level float64) Interval {
	sorted := slices.Sorted(slices.Values(draws))
	return Interval{Low: Quantile(sorted, (1-level)/2), High: Quantile(sorted, (1+level)/2), Level: level, Method: "bootstrap, percentile"}
}

// BCa is the bias-corrected and accelerated bootstrap interval (Efron, JASA
// 82, 1987) of an estimate from its bootstrap draws and its jackknife values.
// It is false where it does not exist: the draws all lie on one side.
func BCa(estimate float64, draws, jackknife []float64, level float64) (Interval, bool) {
	sorted := slices.Sorted(slices.Values(draws))
	return bca(estimate, sorted, acceleration(jackknife), level)
}

// acceleration is a sixth of the skewness of the jackknife's influences.
func acceleration(jackknife []float64) float64 {
	mean, _ := moments(jackknife)
	var cube, square float64
	for _, v := range jackknife {
		d := mean - v
		cube += d * d * d
		square += d * d
	}
	if square == 0 {
		return 0
	}
	return cube / (6 * math.Pow(square, 1.5))
}

func bca(estimate float64, sorted []float64, a, level float64) (Interval, bool) {
	iv := Interval{Level: level, Method: "bootstrap, BCa"}
	below := 0.0
	slack := 1e-12 * max(1, math.Abs(estimate)) // the same values summed in another order
	for _, d := range sorted {
		switch {
		case math.Abs(d-estimate) <= slack:
			below += 0.5
		case d < estimate:
			below++
		}
	}
	z0 := normal(below / float64(len(sorted)))
	if math.IsInf(z0, 0) || math.IsNaN(z0) {
		return iv, false
	}
	at := func(p float64) float64 {
		z := z0 + normal(p)
		return Quantile(sorted, phi(z0+z/(1-a*z)))
	}
	iv.Low, iv.High = at((1-level)/2), at((1+level)/2)
	return iv, true
}
