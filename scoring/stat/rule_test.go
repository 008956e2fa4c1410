package stat

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// Without censoring before the median, the default interval is one between two
// order statistics, and what it covers is a sum of binomial chances, the same
// for every distribution: so it is checked for every n, not only for those of
// the grids.
func TestMedianIntervalCovers(t *testing.T) {
	for n := 1; n <= 400; n++ {
		waits := make([]Wait, n)
		for i := range waits {
			waits[i] = Wait{Time: float64(i + 1), Came: true}
		}
		iv, ok := MedianInterval(waits, 0.95)
		if ok != (n >= FewestForMedian) {
			t.Fatalf("n = %d gives an interval: %v", n, ok)
		}
		if !ok {
			continue
		}
		// The median lies above the i-th and below the j-th: i to j-1 waits are shorter.
		low, high := math.Floor(iv.Low), math.Ceil(iv.High)
		if iv.Open {
			high = float64(n + 1)
		}
		b := distuv.Binomial{N: float64(n), P: 0.5}
		if c := b.CDF(high-1) - b.CDF(low-1); c < 0.93 {
			t.Errorf("n = %d: from the %v. to the %v. covers %.4f", n, iv.Low, iv.High, c)
		}
	}
}
