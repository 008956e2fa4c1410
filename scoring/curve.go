package scoring

import "math"

// A Curve turns a measured value into a score in [0,1].
type Curve func(x float64) float64

// LogNormal is the falling curve for times: 0.9 at x = at90, 0.5 at x = at50,
// 1 at and below 0, and towards 0, which only +Inf reaches. Both control
// points are in x's unit, 0 < at90 < at50. Each doubling of a wait costs the
// same on the logarithmic axis, as waiting is felt; the form is the one that
// Lighthouse scores page timings with.
func LogNormal(at90, at50 float64) Curve {
	z90 := math.Sqrt2 * math.Erfinv(0.8) // the normal quantile of 0.9
	sigma := math.Log(at50/at90) / z90
	return func(x float64) float64 {
		if x <= 0 {
			return 1
		}
		return math.Erfc(math.Log(x/at50)/(sigma*math.Sqrt2)) / 2
	}
}

// Linear is the falling straight line for counts: 1 at best and below, 0 at
// worst and above, best < worst.
func Linear(best, worst float64) Curve {
	return func(x float64) float64 {
		return min(max((worst-x)/(worst-best), 0), 1)
	}
}

// A Step is one tread of a curve: up to At, inclusive, it scores Score.
type Step struct{ At, Score float64 }

// Steps is the falling staircase: the score of the first step that x does not
// exceed, 0 beyond the last. Steps come in the order of At.
func Steps(steps ...Step) Curve {
	return func(x float64) float64 {
		for _, s := range steps {
			if x <= s.At {
				return s.Score
			}
		}
		return 0
	}
}

// Apdex scores a wait as the application performance index does (Apdex
// Alliance, technical specification 1.1, 2007): satisfied counts 1, tolerating
// one half, frustrated nothing. Both limits are in x's unit.
func Apdex(satisfied, tolerating float64) Curve {
	return Steps(Step{satisfied, 1}, Step{tolerating, 0.5})
}

// Proportion is k of n, and 0 of nothing.
func Proportion(k, n int) float64 {
	if n == 0 {
		return 0
	}
	return float64(k) / float64(n)
}
