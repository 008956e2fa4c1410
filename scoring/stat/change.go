package stat

import (
	"fmt"
	"math"
)

// A Verdict says what a difference between two waves or cohorts is.
type Verdict string

// The verdicts. Noise is a finding too: there was enough data for a test to
// have shown a change, and it did not.
const (
	Real   Verdict = "real"
	Noise  Verdict = "noise"
	TooFew Verdict = "not-enough-data"
)

// zTest is the test of two shares of many.
const zTest = "two-proportion z"

// FewestForChange is the least number on either side for which a change is tested.
const FewestForChange = 5

// A Change is one difference, the second less the first, and what a two-sided
// test makes of it. The comparisons give it without a verdict: Decide holds all
// changes that are read together against one level.
type Change struct {
	Verdict    Verdict   `json:"verdict"`
	Difference *float64  `json:"difference"`         // in the unit of what is compared; nil where a side has no figure
	Interval   *Interval `json:"interval,omitempty"` // of the difference, where one is known
	Test       string    `json:"test,omitempty"`     // "two-proportion z"
	Statistic  float64   `json:"statistic"`          // z, t or U
	P          float64   `json:"p"`                  // two-sided, of this test alone
	Adjusted   float64   `json:"adjusted"`           // by Holm, among all that were decided together
	N          [2]int    `json:"n"`
	Why        string    `json:"why"` // one sentence for a person

	least float64 // the smallest p that any outcome with these n could have had
}

// ShareChange compares k1 of n1 with k2 of n2: by the z test where every cell
// expects at least five, else by Fisher's exact test; the interval is Newcombe's.
func ShareChange(k1, n1, k2, n2 int, level float64) Change {
	c := Change{N: [2]int{n1, n2}, P: 1, least: 1}
	if n1 == 0 || n2 == 0 {
		return c
	}
	difference := float64(k2)/float64(n2) - float64(k1)/float64(n1)
	c.Difference = &difference
	iv := Newcombe(k1, n1, k2, n2, level)
	c.Interval = &iv
	c.Statistic, c.P = TwoShares(k1, n1, k2, n2)
	c.Test, c.least = zTest, Fisher(0, n1, n2, n2)
	if !expected(k1, n1, k2, n2) {
		c.Test, c.P = "Fisher's exact", Fisher(k1, n1, k2, n2)
	}
	return c
}

// ValueChange compares two samples of values by the test of Mann and Whitney;
// the difference is that of the medians, where both were reached: +Inf is what
// never came. It has no interval.
func ValueChange(a, b []float64) Change {
	c := Change{N: [2]int{len(a), len(b)}, P: 1, least: 1}
	if len(a) == 0 || len(b) == 0 {
		return c
	}
	if d := middle(b) - middle(a); !math.IsNaN(d) && !math.IsInf(d, 0) {
		c.Difference = &d
	}
	exact := false
	c.Statistic, c.P, exact = MannWhitney(a, b)
	c.Test = "Mann–Whitney, normal"
	if exact {
		c.Test = "Mann–Whitney, exact"
	}
	low, _ := math.Lgamma(float64(len(a) + len(b) + 1))
	x, _ := math.Lgamma(float64(len(a) + 1))
	y, _ := math.Lgamma(float64(len(b) + 1))
	c.least = min(1, 2*math.Exp(x+y-low)) // all of one side beyond all of the other
	return c
}

func middle(x []float64) float64 {
	waits := make([]Wait, len(x))
	for i, v := range x {
		waits[i] = Wait{Time: v, Came: true}
	}
	return KaplanMeier(waits).Median()
}

// TotalChange compares two totals by Welch's test, each with the standard
// error and degrees of freedom of its probes, both ends added.
func TotalChange(a, b Total, level float64) Change {
	c := Change{N: [2]int{a.N, b.N}, P: 1, least: 1}
	if math.IsNaN(a.Value) || math.IsNaN(b.Value) || !(a.StdErr > 0) || !(b.StdErr > 0) {
		return c
	}
	difference := b.Value - a.Value
	c.Difference, c.Test = &difference, "Welch"
	var df float64
	c.Statistic, df, c.P = welch(a.Value, a.StdErr, a.DF, b.Value, b.StdErr, b.DF)
	half := student((1+level)/2, df) * math.Hypot(a.StdErr, b.StdErr)
	c.Interval = &Interval{Low: max(difference-half, -1), High: min(difference+half, 1), Level: level, Method: "Welch, with both ends"}
	c.least = 0
	return c
}

// Decide gives every change its verdict at the level, say 0.95, for all of them
// together: Holm's correction keeps the chance of even one false "real" below
// 1-level. Too few are those with fewer than FewestForChange on a side, and
// those whose n could not have shown any change as real among so many: where
// no outcome can be called real, "noise" would say nothing.
func Decide(changes []Change, level float64) {
	alpha := 1 - level
	var tested []*Change
	var p []float64
	for i := range changes {
		c := &changes[i]
		c.Verdict, c.Adjusted = TooFew, 1
		switch few := min(c.N[0], c.N[1]); {
		case few < FewestForChange:
			c.Why = fmt.Sprintf("n = %d and %d: a test needs at least %d on both sides", c.N[0], c.N[1], FewestForChange)
		case c.least > alpha || math.IsNaN(c.P) || c.Test == "":
			c.Why = fmt.Sprintf("n = %d and %d could not show any change", c.N[0], c.N[1])
		default:
			tested, p = append(tested, c), append(p, c.P)
		}
	}
	for i, adjusted := range Holm(p) {
		c := tested[i]
		c.Adjusted = adjusted
		test, among := c.Test, ""
		if test == zTest {
			test = fmt.Sprintf("%s = %.2f", test, c.Statistic)
		}
		if len(p) > 1 {
			among = fmt.Sprintf(", %s by Holm's correction for %d comparisons", probability(adjusted), len(p))
		}
		switch {
		case adjusted <= alpha:
			c.Verdict = Real
			c.Why = fmt.Sprintf("chance alone would seldom do this: %s, %s%s", test, probability(c.P), among)
		case c.least*float64(len(p)) > alpha:
			c.Why = fmt.Sprintf("n = %d and %d could not show any change among %d comparisons", c.N[0], c.N[1], len(p))
		default:
			c.Verdict = Noise
			c.Why = fmt.Sprintf("chance alone would do this: %s, %s%s", test, probability(c.P), among)
		}
	}
}

// probability words a p-value: "p = 0.56", "p < 0.001".
func probability(p float64) string {
	if p < 0.001 {
		return "p < 0.001"
	}
	return fmt.Sprintf("p = %.2g", p)
}
