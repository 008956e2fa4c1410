package stat

import (
	"math"
	"math/rand/v2"
	"slices"
)

// The intervals for a mean of marks, which lie within 0 and 1. Each is false
// where it does not exist. Which is the default, and from which number on, is
// said by MeanInterval.

// MeanNormal is the textbook interval, mean ± z·s/√n.
func MeanNormal(marks []float64, level float64) (Interval, bool) {
	return around(marks, two(level), level, "normal")
}

// MeanT is Student's (1908), mean ± t·s/√n with n-1 degrees of freedom.
func MeanT(marks []float64, level float64) (Interval, bool) {
	if len(marks) < 2 {
		return Interval{}, false
	}
	return around(marks, student((1+level)/2, float64(len(marks)-1)), level, "t")
}

func around(marks []float64, times, level float64, method string) (Interval, bool) {
	if len(marks) < 2 {
		return Interval{}, false
	}
	mean, variance := moments(marks)
	half := times * math.Sqrt(variance/float64(len(marks)))
	return Interval{Low: max(mean-half, 0), High: min(mean+half, 1), Level: level, Method: method}, true
}

// MeanBounded is Wilson's interval with the mean in place of the share: marks
// within 0 and 1 never vary more than hits and misses of the same mean, so it
// is wider than it must be and never trusts a sample that happens to agree.
func MeanBounded(marks []float64, level float64) (Interval, bool) {
	if len(marks) == 0 {
		return Interval{}, false
	}
	mean, _ := moments(marks)
	iv := wilson(mean, float64(len(marks)), level)
	iv.Low, iv.High = min(iv.Low, mean), max(iv.High, mean)
	iv.Method = "Wilson of the mean"
	return iv, true
}

// MeanBothEnds is Student's interval of the marks with one 0 and one 1 added,
// as Agresti & Coull (American Statistician 52, 1998) added hits and misses to
// shares: the ends that a small sample has not met are not ruled out.
func MeanBothEnds(marks []float64, level float64) (Interval, bool) {
	iv, ok := MeanT(append(slices.Clone(marks), 0, 1), level)
	if len(marks) == 0 {
		return Interval{}, false
	}
	mean, _ := moments(marks)
	iv.Low, iv.High = min(iv.Low, mean), max(iv.High, mean)
	iv.Method = "t with both ends"
	return iv, ok
}

// MeanHoeffding holds the means that Hoeffding's bound does not refute (JASA
// 58, 1963, theorem 1, the form with relative entropy). It covers at its level
// or above for every distribution of marks within 0 and 1 and every n.
func MeanHoeffding(marks []float64, level float64) (Interval, bool) {
	if len(marks) == 0 {
		return Interval{}, false
	}
	mean, _ := moments(marks)
	mean = min(max(mean, 0), 1)
	limit := math.Log(2/(1-level)) / float64(len(marks))
	term := func(x, y float64) float64 {
		if x == 0 {
			return 0
		}
		return x * math.Log(x/y)
	}
	refuted := func(mu float64) bool { return term(mean, mu)+term(1-mean, 1-mu) > limit }
	search := func(in, out float64) float64 { // the last mean towards out that is not refuted
		if !refuted(out) {
			return out
		}
		for range 60 {
			if mid := (in + out) / 2; refuted(mid) {
				out = mid
			} else {
				in = mid
			}
		}
		return out
	}
	return Interval{Low: search(mean, 0), High: search(mean, 1), Level: level, Method: "Hoeffding"}, true
}

// MeanDraws gives the means of bootstrap resamples, sorted.
func MeanDraws(r *rand.Rand, marks []float64, draws int) []float64 {
	out, n := make([]float64, draws), len(marks)
	for d := range out {
		sum := 0.0
		for range n {
			sum += marks[r.IntN(n)]
		}
		out[d] = sum / float64(n)
	}
	slices.Sort(out)
	return out
}
