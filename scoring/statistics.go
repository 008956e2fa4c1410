package scoring

import (
	"math"
	"slices"
)

// Wilson is the score interval for a share of k hits in n trials, two-sided at
// the level, say 0.95 (Wilson 1927; Newcombe 1998, method 3). Unlike the
// textbook interval it holds its level for small n and for shares at 0 and 1.
// Of nothing it is the whole range.
func Wilson(k, n int, level float64) Interval {
	iv := Interval{Low: 0, High: 1, Level: level, Method: "Wilson"}
	if n == 0 {
		return iv
	}
	z := math.Sqrt2 * math.Erfinv(level)
	p, m := Proportion(k, n), float64(n)
	mid := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	if k > 0 { // at the ends the bound is exact; subtraction would leave dust
		iv.Low = max(mid-half, 0)
	}
	if k < n {
		iv.High = min(mid+half, 1)
	}
	return iv
}

// median gives the middle of the values, the mean of the two middle ones for
// an even number; NaN of none. Values may be +Inf: something never observed.
func median(values []float64) float64 {
	n := len(values)
	if n == 0 {
		return math.NaN()
	}
	s := slices.Sorted(slices.Values(values))
	return (s[(n-1)/2] + s[n/2]) / 2
}

// mean gives the mean of the curve over the values; NaN of none.
func mean(values []float64, score Curve) float64 {
	sum := 0.0
	for _, v := range values {
		sum += score(v)
	}
	return sum / float64(len(values))
}

// percentile gives the smallest value that at least p percent of the values do
// not exceed (nearest rank); NaN of none.
func percentile(values []float64, p float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	s := slices.Sorted(slices.Values(values))
	return s[max(int(math.Ceil(p/100*float64(len(s)))), 1)-1]
}
