package stat

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// MannWhitney tests whether values of the second sample tend to be larger or
// smaller than those of the first (Wilcoxon 1945; Mann & Whitney 1947). u
// counts the pairs in which the first is larger, a tie as a half; p is
// two-sided. Without ties and with fewer than 50 on both sides it is exact,
// else by the normal approximation with corrections for ties and continuity.
// +Inf, something that never came, is a value like others. Where a side is
// empty or all values are equal, p is 1.
func MannWhitney(a, b []float64) (u, p float64, exact bool) {
	rank, ties := ranks(slices.Concat(a, b))
	n1, n2 := len(a), len(b)
	if ties > 0 || n1 >= 50 || n2 >= 50 || n1 == 0 || n2 == 0 {
		u, p = mannWhitneyNormal(rank, ties, n1, n2)
		return u, p, false
	}
	u = mannWhitneyU(rank, n1)
	return u, mannWhitneyExact(int(u), n1, n2), true
}

func mannWhitneyU(rank []float64, n1 int) float64 {
	u := -float64(n1*(n1+1)) / 2
	for _, r := range rank[:n1] {
		u += r
	}
	return u
}

func mannWhitneyNormal(rank []float64, ties float64, n1, n2 int) (u, p float64) {
	u = mannWhitneyU(rank, n1)
	a, b := float64(n1), float64(n2)
	variance := a * b / 12 * ((a + b + 1) - ties/((a+b)*(a+b-1)))
	if !(variance > 0) {
		return u, 1
	}
	off := math.Abs(u-a*b/2) - 0.5
	return u, min(1, math.Erfc(off/math.Sqrt(variance)/math.Sqrt2))
}

// mannWhitneyExact is twice the smaller tail: of all ways to choose which n1 of
// the ranks are the first sample's, the share with u as far out.
func mannWhitneyExact(u, n1, n2 int) float64 {
	top := n1 * n2
	// ways[k][s]: subsets of k of the ranks so far whose u is s.
	ways := make([][]float64, n1+1)
	for k := range ways {
		ways[k] = make([]float64, top+1)
	}
	ways[0][0] = 1
	for r := range n1 + n2 { // the rank r+1 as the k-th smallest chosen adds r-(k-1)
		for k := min(n1, r+1); k >= 1; k-- {
			add := r - (k - 1)
			for s := top; s >= add; s-- {
				ways[k][s] += ways[k-1][s-add]
			}
		}
	}
	tail, all := 0.0, 0.0
	u = min(u, top-u)
	for s, w := range ways[n1] {
		all += w
		if s <= u {
			tail += w
		}
	}
	return min(1, 2*tail/all)
}

// Welch tests whether two estimates differ, each with its standard error and
// the degrees of freedom that the error rests on (Welch, Biometrika 34, 1947).
// t is positive where the second is larger; p is two-sided. Where neither has
// an error, p is 1 for equals and NaN else: there is nothing to measure it by.
func Welch(mean1, err1, df1, mean2, err2, df2 float64) (t, p float64) {
	t, _, p = welch(mean1, err1, df1, mean2, err2, df2)
	return t, p
}

func welch(mean1, err1, df1, mean2, err2, df2 float64) (t, df, p float64) {
	v, w := err1*err1, err2*err2
	if v+w == 0 {
		if mean1 == mean2 {
			return 0, 0, 1
		}
		return math.NaN(), 0, math.NaN()
	}
	t = (mean2 - mean1) / math.Sqrt(v+w)
	rest := 0.0
	if v > 0 {
		rest += v * v / df1
	}
	if w > 0 {
		rest += w * w / df2
	}
	df = (v + w) * (v + w) / rest
	return t, df, 2 * distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}.CDF(-math.Abs(t))
}

// Holm adjusts p-values so that the chance of even one false finding among
// them all stays below the level that they are then held against (Holm,
// Scandinavian Journal of Statistics 6, 1979). In the order given.
func Holm(p []float64) []float64 {
	out := make([]float64, len(p))
	worst := 0.0
	for i, at := range byValue(p) {
		worst = max(worst, min(1, float64(len(p)-i)*p[at]))
		out[at] = worst
	}
	return out
}

// BenjaminiHochberg adjusts p-values so that the share of false ones among the
// findings stays below the level that they are held against (Benjamini &
// Hochberg, JRSS B 57, 1995). In the order given.
func BenjaminiHochberg(p []float64) []float64 {
	out := make([]float64, len(p))
	best, m := 1.0, float64(len(p))
	for i, at := range slices.Backward(byValue(p)) {
		best = min(best, m/float64(i+1)*p[at])
		out[at] = best
	}
	return out
}

// byValue gives the indices in the order of the values, of equals the first first.
func byValue(x []float64) []int {
	order := make([]int, len(x))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case x[a] < x[b]:
			return -1
		case x[a] > x[b]:
			return 1
		}
		return 0
	})
	return order
}
