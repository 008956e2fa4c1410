package stat

import (
	"fmt"
	"math"
)

// The default intervals, and from which number on they are given: found on one
// grid of simulations and confirmed on another, both whole in docs/coverage.md.

// Fewest values for which the default intervals are given.
const (
	FewestForMean   = 5
	FewestForMedian = 6
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

// totalInterval is the default interval for a total.
func totalInterval(total float64, all []stratum, level float64) (iv Interval, err, df float64, few string) {
	err, df = stdErr(all, true)
	probes := 0
	for _, s := range all {
		probes += len(s.probes)
	}
	if probes < FewestForMean {
		return iv, err, df, fmt.Sprintf("%d probes, fewer than %d", probes, FewestForMean)
	}
	iv = totalT(total, err, df, level)
	iv.Method = "t with both ends"
	return iv, err, df, ""
}

func totalT(total, err, df, level float64) Interval {
	half := student((1+level)/2, df) * err
	return Interval{Low: max(total-half, 0), High: min(total+half, 1), Level: level, Method: "t"}
}

// TotalInterval is the default interval for a card's total: Student's t on the
// spread between probes, with both ends added, one of each over all strata. few
// says why there is none.
func TotalInterval(c Card, level float64) (iv Interval, few string) {
	total, all := c.strata()
	if math.IsNaN(total) {
		return iv, "nothing has a mark"
	}
	iv, _, _, few = totalInterval(total, all, level)
	return iv, few
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
