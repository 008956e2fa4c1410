package stat

import (
	"fmt"
)

// The default intervals, and from which number on they are given: found on one
// grid of simulations and confirmed on another, both whole in docs/coverage.md.

// Fewest values for which the default intervals are given.
const (
	FewestForMean   = 5
	FewestForMedian = 8
)

// MeanInterval is the default interval for a mean of marks within 0 and 1.
func MeanInterval(marks []float64, level float64) (Interval, bool) {
	if len(marks) < FewestForMean {
		return Interval{}, false
	}
	return MeanBothEnds(marks, level)
}

// MedianInterval is the default interval for a median wait.
func MedianInterval(waits []Wait, level float64) (Interval, bool) {
	if len(waits) < FewestForMedian {
		return Interval{}, false
	}
	return KaplanMeier(waits).MedianInterval(level, LogLog)
}

// Estimate gives the card's total with its error and default interval, and no place.
func (c Card) Estimate(level float64) Total {
	t := Total{Value: c.Total(), N: len(c)}
	if t.N == 0 {
		t.Few = "nothing has a mark"
		return t
	}
	method := ""
	t.StdErr, t.DF, method = c.spread()
	if t.N < FewestForMean {
		t.Few = fmt.Sprintf("n = %d: too few for an interval", t.N)
		return t
	}
	iv := totalT(t.Value, t.StdErr, t.DF, level)
	iv.Method = method
	t.Interval = &iv
	return t
}

func totalT(total, err, df, level float64) Interval {
	half := student((1+level)/2, df) * err
	return Interval{Low: max(total-half, 0), High: min(total+half, 1), Level: level, Method: "t"}
}
