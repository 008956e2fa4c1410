package stat

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
)

// A Wait is how long something took, or how long it was watched for in vain.
type Wait struct {
	Time float64 // in any one unit, finite and not negative
	Came bool    // false: censored at Time
}

// A Transform is the scale on which a curve's interval is symmetric.
type Transform string

// The transforms. Log-log keeps the interval within 0 and 1 and covers best
// for few waits (Borgan & Liestøl, Scandinavian Journal of Statistics 17, 1990).
const (
	Plain  Transform = "plain"
	Log    Transform = "log"
	LogLog Transform = "log-log"
)

// A Step is what a curve does at one time.
type Step struct {
	Time     float64
	AtRisk   int     // that had neither come nor gone out of sight before Time
	Came     int     // at Time
	Censored int     // at Time; an event at the same time counts as earlier
	Waiting  float64 // the share still waiting just after Time
	Hazard   float64 // Greenwood's sum of d/(n(n-d)) up to Time: the variance of log Waiting; +Inf once Waiting is 0
}

// Variance is Greenwood's, of Waiting; NaN once Waiting is 0.
func (s Step) Variance() float64 { return s.Waiting * s.Waiting * s.Hazard }

// Interval is that of Waiting at this time. Its ends are NaN where it does not
// exist: once Waiting is 0, and by log-log as long as it is 1.
func (s Step) Interval(level float64, by Transform) Interval {
	iv := Interval{Low: math.NaN(), High: math.NaN(), Level: level, Method: "Greenwood, " + string(by)}
	if s.Waiting == 0 {
		return iv
	}
	half := two(level) * math.Sqrt(s.Hazard)
	switch by {
	case Plain:
		iv.Low, iv.High = max(s.Waiting*(1-half), 0), min(s.Waiting*(1+half), 1)
	case Log:
		iv.Low, iv.High = s.Waiting*math.Exp(-half), min(s.Waiting*math.Exp(half), 1)
	case LogLog:
		if s.Waiting < 1 {
			log := math.Log(s.Waiting)
			iv.Low, iv.High = math.Exp(log*math.Exp(-half/log)), math.Exp(log*math.Exp(half/log))
		}
	}
	return iv
}

// A Curve is the share still waiting over time, one step for each distinct
// time, events and censorings alike. Before the first it is 1.
type Curve []Step

// KaplanMeier estimates the curve (Kaplan & Meier, JASA 53, 1958) with
// Greenwood's variance (1926). It is empty for no waits.
func KaplanMeier(waits []Wait) Curve {
	sorted := slices.SortedFunc(slices.Values(waits), func(a, b Wait) int { return cmp.Compare(a.Time, b.Time) })
	var c Curve
	waiting, hazard := 1.0, 0.0
	for i := 0; i < len(sorted); {
		s := Step{Time: sorted[i].Time, AtRisk: len(sorted) - i}
		for ; i < len(sorted) && sorted[i].Time == s.Time; i++ {
			if sorted[i].Came {
				s.Came++
			} else {
				s.Censored++
			}
		}
		if n, d := float64(s.AtRisk), float64(s.Came); d > 0 {
			waiting *= (n - d) / n
			hazard += d / (n * (n - d))
		}
		s.Waiting, s.Hazard = waiting, hazard
		c = append(c, s)
	}
	return c
}

// Median is the first time at which no more than half are waiting, in the
// unit of the waits; where the curve stands at a half exactly, the middle of
// that stretch. It is +Inf when it was not reached.
func (c Curve) Median() float64 {
	return c.half(func(s Step) float64 { return s.Waiting })
}

// MedianInterval holds the times at which half still waiting is not refuted
// (Brookmeyer & Crowley, Biometrics 38, 1982), with the transform's own
// intervals. Open says that the upper end was not reached; it is false where
// not even the lower one was, and nothing can be said but "later than all".
func (c Curve) MedianInterval(level float64, by Transform) (Interval, bool) {
	low := c.half(func(s Step) float64 { return s.Interval(level, by).Low })
	high := c.half(func(s Step) float64 { return s.Interval(level, by).High })
	iv := Interval{Low: low, High: high, Level: level, Method: "Brookmeyer–Crowley, " + string(by)}
	if math.IsInf(high, 1) {
		iv.High, iv.Open = 0, true
	}
	return iv, !math.IsInf(low, 1)
}

// half finds where a falling line, NaN where it does not exist, comes to a half.
func (c Curve) half(line func(Step) float64) float64 {
	const slack = 1.5e-8 // products of fractions miss a half by rounding
	for i, s := range c {
		y := line(s)
		if !(y < 0.5+slack) {
			continue
		}
		if math.Abs(y-0.5) < slack {
			for _, later := range c[i+1:] {
				if z := line(later); z < y {
					return (s.Time + later.Time) / 2
				}
			}
		}
		return s.Time
	}
	return math.Inf(1)
}

// RestrictedMean is the mean wait up to the window, counting no wait for
// longer than it, and its standard error, both in the unit of the waits: the
// area under the curve (Irwin 1949; Klein & Moeschberger, Survival Analysis,
// 2003, 4.5). The curve is taken as flat after its last step.
func (c Curve) RestrictedMean(window float64) (mean, stdErr float64) {
	// Backwards: area is that under the curve from the step to the window.
	area, variance, until := 0.0, 0.0, window
	for _, s := range slices.Backward(c) {
		if s.Time > window {
			continue
		}
		area += s.Waiting * (until - s.Time)
		until = s.Time
		if n, d := float64(s.AtRisk), float64(s.Came); n > d {
			variance += area * area * d / (n * (n - d))
		}
	}
	return area + until, math.Sqrt(variance)
}

// At gives the step that holds at the time; before the first, everything waits.
func (c Curve) At(time float64) Step {
	i, found := slices.BinarySearchFunc(c, time, func(s Step, t float64) int { return cmp.Compare(s.Time, t) })
	if !found {
		i--
	}
	if i < 0 {
		return Step{Time: time, Waiting: 1}
	}
	return c[i]
}

// LogRank tests whether k cohorts wait alike (Mantel 1966; Peto & Peto 1972):
// chi-squared with k-1 degrees of freedom, counting only cohorts that expect
// an event. Where fewer than two do, df is 0, chi2 0 and p 1.
func LogRank(cohorts ...[]Wait) (chi2 float64, df int, p float64) {
	k := len(cohorts)
	type at struct {
		n, d []float64
	}
	var times []float64
	for _, waits := range cohorts {
		for _, w := range waits {
			if w.Came {
				times = append(times, w.Time)
			}
		}
	}
	slices.Sort(times)
	times = slices.Compact(times)
	observed, expects := make([]float64, k), make([]float64, k)
	variance := mat.NewSymDense(max(k, 1), nil)
	for _, t := range times {
		here := at{make([]float64, k), make([]float64, k)}
		n, d := 0.0, 0.0
		for g, waits := range cohorts {
			for _, w := range waits {
				if w.Time >= t {
					here.n[g]++
				}
				if w.Time == t && w.Came {
					here.d[g]++
				}
			}
			n, d = n+here.n[g], d+here.d[g]
		}
		for g := range k {
			observed[g] += here.d[g]
			expects[g] += d * here.n[g] / n
			if n == 1 {
				continue
			}
			for h := g; h < k; h++ {
				v := -here.n[g] * here.n[h] / (n * n)
				if g == h {
					v += here.n[g] / n
				}
				variance.SetSym(g, h, variance.At(g, h)+v*d*(n-d)/(n-1))
			}
		}
	}
	var in []int
	for g := range k {
		if expects[g] > 0 {
			in = append(in, g)
		}
	}
	if len(in) < 2 {
		return 0, 0, 1
	}
	in = in[1:] // the differences sum to nought: one cohort follows from the others
	df = len(in)
	sub, diff := mat.NewSymDense(df, nil), mat.NewVecDense(df, nil)
	for i, g := range in {
		diff.SetVec(i, observed[g]-expects[g])
		for j := i; j < df; j++ {
			sub.SetSym(i, j, variance.At(g, in[j]))
		}
	}
	var chol mat.Cholesky
	if !chol.Factorize(sub) { // all events when all the rest were gone: nothing to compare
		return 0, df, 1
	}
	var x mat.VecDense
	if err := chol.SolveVecTo(&x, diff); err != nil {
		return 0, df, 1
	}
	chi2 = mat.Dot(&x, diff)
	return chi2, df, distuv.ChiSquared{K: float64(df)}.Survival(chi2)
}
