package stat

import "fmt"

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

// totalInterval is the default interval for a total: Student's t on the spread
// between probes, with both ends added, one of each over all strata.
func totalInterval(t Total, level float64) (iv Interval, few string) {
	if t.N < FewestForMean {
		return iv, fmt.Sprintf("n = %d: too few for an interval", t.N)
	}
	iv = totalT(t.Value, t.StdErr, t.DF, level)
	iv.Method = "t with both ends"
	return iv, ""
}

func totalT(total, err, df, level float64) Interval {
	half := student((1+level)/2, df) * err
	return Interval{Low: max(total-half, 0), High: min(total+half, 1), Level: level, Method: "t"}
}

// TotalT is Student's interval for a total on the spread between probes alone;
// false where nothing varied.
func TotalT(c Card, level float64) (Interval, bool) {
	total, all := c.strata()
	err, df := stdErr(all, false)
	if df == 0 {
		return Interval{}, false
	}
	return totalT(total, err, df, level), true
}

// TotalPercentile is the bootstrap's percentile interval for a total from its
// sorted draws. With widen the quantiles go as far out as Student's t does
// (Hesterberg, American Statistician 69, 2015, the expanded percentile).
func TotalPercentile(c Card, sorted []float64, widen bool, level float64) Interval {
	low := (1 - level) / 2
	if widen {
		_, all := c.strata()
		if _, df := stdErr(all, false); df > 0 {
			low = phi(-student((1+level)/2, df))
		}
	}
	return Interval{Low: Quantile(sorted, low), High: Quantile(sorted, 1-low), Level: level, Method: "bootstrap, percentile"}
}
