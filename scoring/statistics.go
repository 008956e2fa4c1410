package scoring

import (
	"math"
	"slices"

	"touchstone/scoring/stat"
)

// level is that of every interval and every verdict.
const level = 0.95

// each gives what each of the cases scored.
func each(cases []Case, score func(i int) float64) []ProbeScore {
	all := make([]ProbeScore, len(cases))
	for i, c := range cases {
		all[i] = ProbeScore{c.Probe, score(i)}
	}
	return all
}

// scores gives the numbers alone.
func scores(all []ProbeScore) []float64 {
	out := make([]float64, len(all))
	for i, s := range all {
		out[i] = s.Score
	}
	return out
}

// medianInterval is that of a median of values; +Inf is what never came. It is
// nil where there are too few.
func medianInterval(values []float64) *Interval {
	last := 0.0
	for _, v := range values {
		if !math.IsInf(v, 1) {
			last = max(last, v)
		}
	}
	waits := make([]stat.Wait, len(values))
	for i, v := range values {
		// What never came was watched for longer than for anything that did.
		waits[i] = stat.Wait{Time: min(v, last), Came: !math.IsInf(v, 1)}
	}
	if iv, ok := stat.MedianInterval(waits, level); ok {
		return &iv
	}
	return nil
}

// meanInterval is that of a mean of scores, nil where there are too few.
func meanInterval(all []ProbeScore) *Interval {
	if iv, ok := stat.MeanInterval(scores(all), level); ok {
		return &iv
	}
	return nil
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

// meanOf gives the mean; NaN of none.
func meanOf(values []float64) float64 { return mean(values, func(x float64) float64 { return x }) }

// percentile gives the smallest value that at least p percent of the values do
// not exceed (nearest rank); NaN of none.
func percentile(values []float64, p float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	s := slices.Sorted(slices.Values(values))
	return s[max(int(math.Ceil(p/100*float64(len(s)))), 1)-1]
}
