// Package stat holds the statistics of the judgement: small pure functions
// over numbers, none of which knows a site, a criterion or a mail. Each names
// its source. Chance comes in as a *rand.Rand or as the resamples themselves.
//
// Where a figure does not exist (a median that was not reached, an interval
// from one value) the functions return NaN, +Inf or false as they say, and
// never a guess.
package stat

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// An Interval is a two-sided confidence interval, in the unit of what it is of.
type Interval struct {
	Low    float64 `json:"low"`
	High   float64 `json:"high"`
	Open   bool    `json:"open,omitempty"` // no upper end was reached: High is 0 and means nothing
	Level  float64 `json:"level"`          // 0.95
	Method string  `json:"method"`         // "Wilson"
}

// Contains reports whether x lies in the interval; an open one reaches to +Inf.
func (iv Interval) Contains(x float64) bool { return x >= iv.Low && (iv.Open || x <= iv.High) }

// Overlaps reports whether the two intervals share a point.
func (iv Interval) Overlaps(other Interval) bool {
	return (iv.Open || other.Low <= iv.High) && (other.Open || iv.Low <= other.High)
}

// normal gives the quantile of the standard normal distribution.
func normal(p float64) float64 { return math.Sqrt2 * math.Erfinv(2*p-1) }

// two gives the quantile z for a two-sided interval at the level: 1.96 for 0.95.
func two(level float64) float64 { return math.Sqrt2 * math.Erfinv(level) }

// phi is the standard normal distribution function.
func phi(z float64) float64 { return math.Erfc(-z/math.Sqrt2) / 2 }

// beyond gives the two-sided p-value of a standard normal z.
func beyond(z float64) float64 { return math.Erfc(math.Abs(z) / math.Sqrt2) }

// student gives the quantile of Student's t for p of a half and more, by
// Newton's method: the distribution is concave there and the start too small,
// so that every step goes up to it.
func student(p, df float64) float64 {
	t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}
	z := normal(p)
	x := z + (z*z*z+z)/(4*df) // the first terms of Cornish & Fisher 1938
	for range 100 {
		step := (p - t.CDF(x)) / t.Prob(x)
		x += step
		if !(step > 1e-12*x) {
			return x
		}
	}
	return t.Quantile(p)
}

// moments gives the mean and the variance with divisor n-1; NaN of fewer than
// one and two values. Two passes, in the order given.
func moments(x []float64) (mean, variance float64) {
	n := float64(len(x))
	for _, v := range x {
		mean += v
	}
	mean /= n
	for _, v := range x {
		variance += (v - mean) * (v - mean)
	}
	return mean, variance / (n - 1)
}

// Quantile gives the p-quantile of sorted values, interpolated between order
// statistics (Hyndman & Fan 1996, type 7, R's default); NaN of none.
func Quantile(sorted []float64, p float64) float64 {
	n := len(sorted)
	if n == 0 {
		return math.NaN()
	}
	h := p * float64(n-1)
	i := min(max(int(math.Floor(h)), 0), n-1)
	j := min(i+1, n-1)
	if f := h - float64(i); f > 0 && sorted[i] != sorted[j] {
		return sorted[i] + f*(sorted[j]-sorted[i])
	}
	return sorted[i]
}

// ranks gives the mid-ranks of the values from 1, and the sum of t³-t over
// the groups of t ties.
func ranks(x []float64) (rank []float64, ties float64) {
	order := make([]int, len(x))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(x[a], x[b]) })
	rank = make([]float64, len(x))
	for i := 0; i < len(order); {
		j := i
		for j < len(order) && x[order[j]] == x[order[i]] {
			j++
		}
		for _, o := range order[i:j] {
			rank[o] = float64(i+j+1) / 2
		}
		t := float64(j - i)
		ties += t*t*t - t
		i = j
	}
	return rank, ties
}
