package stat

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

func near(a, b, by float64) bool { return math.Abs(a-b) <= by }

// The figures that the product was built to tell apart: of 125 sites, those
// that never answered rose from 29 to 33, those that took five days or more
// from 4 to 19 (Jupiter Communications, August 1998 and January 1999).
func TestChangeFoundingStudies(t *testing.T) {
	changes := []Change{ShareChange(29, 125, 33, 125, 0.95), ShareChange(4, 125, 19, 125, 0.95)}
	Decide(changes, 0.95)
	never, slow := changes[0], changes[1]
	if never.Verdict != Noise || !near(never.Statistic, 0.586, 0.001) {
		t.Errorf("never answered: %+v", never)
	}
	if slow.Verdict != Real || !near(slow.Statistic, 3.282, 0.001) || slow.Interval.Low <= 0 {
		t.Errorf("five days or more: %+v", slow)
	}
	if !near(slow.Adjusted, 2*slow.P, 1e-15) {
		t.Errorf("Holm among two doubles the smaller: %v of %v", slow.Adjusted, slow.P)
	}
}

func TestDecide(t *testing.T) {
	many := func(n int, c Change) []Change { return slices.Repeat([]Change{c}, n) }
	few := ValueChange([]float64{1, 2, 3, 4, 5}, []float64{6, 7, 8, 9, 10})
	for _, tt := range []struct {
		name    string
		changes []Change
		want    Verdict // of the first
		why     string
	}{
		{"four on a side", []Change{ShareChange(0, 4, 50, 50, 0.95)}, TooFew, "at least 5"},
		{"nothing", []Change{ShareChange(0, 0, 3, 9, 0.95)}, TooFew, "at least 5"},
		{"wholly apart", []Change{few}, Real, "Mann–Whitney, exact"},
		{"wholly apart, but one of many", many(40, few), TooFew, "among 40 comparisons"},
		{"alike", []Change{ValueChange([]float64{1, 1, 2, 2, 3}, []float64{1, 2, 2, 3, 3})}, Noise, "chance alone would do this"},
		{"never to never", []Change{ValueChange(slices.Repeat([]float64{math.Inf(1)}, 6), slices.Repeat([]float64{math.Inf(1)}, 6))}, Noise, "p = 1"},
		{"rare", []Change{ShareChange(0, 20, 1, 20, 0.95)}, Noise, "Fisher's exact"},
		{"too few don't burden the rest", append([]Change{few}, many(99, ShareChange(0, 4, 4, 4, 0.95))...), Real, "exact"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			Decide(tt.changes, 0.95)
			if c := tt.changes[0]; c.Verdict != tt.want || !strings.Contains(c.Why, tt.why) {
				t.Errorf("%+v", c)
			}
		})
	}
	if few.Difference == nil || *few.Difference != 5 {
		t.Errorf("medians differ by %v", few.Difference)
	}
	if c := ValueChange([]float64{1, math.Inf(1), math.Inf(1)}, []float64{1, 2, 3}); c.Difference != nil {
		t.Errorf("a median not reached differs by %v", *c.Difference)
	}
}

func TestKaplanMeier(t *testing.T) {
	// Freireich et al. 1963, weeks to relapse on 6-MP, as every textbook has it.
	var waits []Wait
	for _, w := range []float64{6, 6, 6, 7, 10, 13, 16, 22, 23} {
		waits = append(waits, Wait{w, true})
	}
	for _, w := range []float64{6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35} {
		waits = append(waits, Wait{w, false})
	}
	c := KaplanMeier(waits)
	if s := c.At(10.5); !near(s.Waiting, 0.7529, 5e-5) || !near(math.Sqrt(s.Variance()), 0.0963, 5e-5) {
		t.Errorf("at 10 weeks %+v", s)
	}
	if m := c.Median(); m != 23 {
		t.Errorf("median %v", m)
	}
	if iv, ok := c.MedianInterval(0.95, LogLog); !ok || iv.Low != 13 || !iv.Open || !iv.Contains(1e9) || iv.Contains(12) {
		t.Errorf("interval %+v", iv)
	}
	if s := c.At(1); s.Waiting != 1 || s.Hazard != 0 {
		t.Errorf("before the first: %+v", s)
	}
	never := KaplanMeier([]Wait{{5, false}, {5, false}})
	if _, ok := never.MedianInterval(0.95, LogLog); ok || !math.IsInf(never.Median(), 1) {
		t.Error("nothing came, and yet there is a median")
	}
	if m, e := never.RestrictedMean(5); m != 5 || e != 0 {
		t.Errorf("restricted mean %v ± %v", m, e)
	}
	if KaplanMeier(nil) != nil {
		t.Error("a curve of nothing")
	}
}

// The shares of all ways to end and of those waiting sum to one at all times.
func TestAalenJohansenSums(t *testing.T) {
	r := dice(11)
	var ends []End
	for range 80 {
		ends = append(ends, End{Time: float64(r.IntN(20)), Cause: r.IntN(4) - 1})
	}
	for _, s := range AalenJohansen(ends, 3) {
		if sum := s.Waiting + s.Ended[0] + s.Ended[1] + s.Ended[2]; !near(sum, 1, 1e-12) {
			t.Fatalf("at %v they sum to %v", s.Time, sum)
		}
	}
	if AalenJohansen(nil, 3) != nil {
		t.Error("steps of nothing")
	}
}

func TestKappa(t *testing.T) {
	pairs := func(counts map[[2]string]int) (a, b []string) {
		for _, k := range [][2]string{{"yes", "yes"}, {"yes", "no"}, {"no", "yes"}, {"no", "no"}} {
			for range counts[k] {
				a, b = append(a, k[0]), append(b, k[1])
			}
		}
		return a, b
	}
	kappa, stdErr := Kappa(pairs(map[[2]string]int{{"yes", "yes"}: 20, {"yes", "no"}: 5, {"no", "yes"}: 10, {"no", "no"}: 15}))
	if !near(kappa, 0.4, 1e-12) || !near(stdErr, 0.1262, 1e-3) {
		t.Errorf("kappa %v ± %v", kappa, stdErr)
	}
	if k, _ := Kappa([]string{"a", "a"}, []string{"a", "a"}); !math.IsNaN(k) {
		t.Errorf("one label throughout agrees by %v", k)
	}
	// Krippendorff 2011, example C: four observers, twelve units, with gaps.
	n := math.NaN()
	rows := [][]float64{
		{1, 2, 3, 3, 2, 1, 4, 1, 2, n, n, n},
		{1, 2, 3, 3, 2, 2, 4, 1, 2, 5, n, 3},
		{n, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, n},
		{1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, n},
	}
	units := make([][]float64, 12)
	for _, row := range rows {
		for u, v := range row {
			if !math.IsNaN(v) {
				units[u] = append(units[u], v)
			}
		}
	}
	if a, b := Krippendorff(units, Nominal), Krippendorff(units, Squared); !near(a, 0.743, 5e-4) || !near(b, 0.849, 5e-4) {
		t.Errorf("alpha %v and %v", a, b)
	}
}

func TestPlaces(t *testing.T) {
	card := func(marks ...float64) (c Card) {
		for _, m := range marks {
			c = append(c, Part{Share: 1 / float64(len(marks)), Mark: m})
		}
		return c
	}
	ten := func(x float64) []float64 { return slices.Repeat([]float64{x, x + 0.02}, 30) }
	got := Totals([]Card{card(ten(0.2)...), card(ten(0.9)...), card(), card(ten(0.9)...), card(0.5)}, 200, 0.95, func(i int) *rand.Rand { return dice(uint64(i)) })
	if a, b := got[1].Rank, got[3].Rank; a.Place != 1 || b.Place != 1 || a.Best != 1 || b.Worst < 2 {
		t.Errorf("equals: %+v %+v", a, b)
	}
	if r := got[0].Rank; r.Place != 4 || r.Worst != 4 {
		t.Errorf("last: %+v", r)
	}
	if !math.IsNaN(got[2].Value) || got[2].Rank != (Rank{}) || got[2].Interval != nil {
		t.Errorf("nothing: %+v", got[2])
	}
	if few := got[4]; few.Interval != nil || few.Few != "n = 1: too few for an interval" || few.Rank.Best > 2 {
		t.Errorf("one probe: %+v", few)
	}
	ranks := PlacesByOverlap([]Interval{{Low: 1, High: 2}, {Low: 1.5, High: 3}, {Low: 4, High: 5}, {Low: 0, Open: true}})
	if want := []Rank{{2, 2, 4}, {2, 2, 4}, {1, 1, 2}, {1, 1, 4}}; !reflect.DeepEqual(ranks, want) {
		t.Errorf("%v, want %v", ranks, want)
	}
}

func TestWeightRanks(t *testing.T) {
	means := [][]float64{{0.9, 0.9}, {1, 0}, {0, 1}, {0.1, math.NaN()}, {math.NaN(), math.NaN()}}
	total := func(site int, weights []float64) float64 {
		sum, of := 0.0, 0.0
		for c, m := range means[site] {
			if isMark(m) {
				sum, of = sum+weights[c]*m, of+weights[c]
			}
		}
		return sum / of
	}
	r, weights := dice(3), []float64{1, 1}
	ranks := WeightRanks(len(means), weights, 300, 0.95, func() []float64 { return Dirichlet(r, weights, 2) }, total)
	if ranks[0] != (Rank{Place: 1, Best: 1, Worst: 2}) || ranks[1].Place != 2 || ranks[1].Worst != 4 || ranks[4] != (Rank{}) {
		t.Errorf("%+v", ranks)
	}
	small := WeightRanks(len(means), weights, 300, 0.95, func() []float64 { return Jitter(r, weights, 0.2) }, total)
	if small[0] != (Rank{1, 1, 1}) || small[3] != (Rank{4, 4, 4}) {
		t.Errorf("small changes: %+v", small)
	}
	// One criterion's weight may vanish: a site that has no other mark stays where it was.
	lost := WeightRanks(2, weights, 50, 0.95, func() []float64 { return []float64{0, 1} }, func(site int, w []float64) float64 { return total([]int{0, 3}[site], w) })
	if lost[1] != (Rank{2, 2, 2}) {
		t.Errorf("without weights: %+v", lost)
	}
}

// The same seed gives the same bits on one core and on two.
func TestTotalsOnAnyCores(t *testing.T) {
	cards := panel(40, 12, 3)
	score := func(cores int) []Total {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(cores))
		return Totals(cards, 100, 0.95, func(i int) *rand.Rand { return dice(uint64(i)) })
	}
	one, two := score(1), score(2)
	if !reflect.DeepEqual(one, two) {
		t.Error("one core and two give different figures")
	}
	other := Totals(cards, 100, 0.95, func(i int) *rand.Rand { return dice(uint64(i + 1)) })
	if reflect.DeepEqual(one, other) {
		t.Error("another seed gives the same figures")
	}
}

// What a total varies by, worked out by hand or brought back to what is known.
func TestSpread(t *testing.T) {
	even := func(tasks int, marks ...float64) (c Card) {
		for i, m := range marks {
			c = append(c, Part{Share: 1 / float64(len(marks)), Mark: m, Task: i % tasks})
		}
		return c
	}
	marks := []float64{0.9, 0.7, 1, 0.4, 0.8, 0.2}
	mean, variance := moments(marks)
	ends := mean*mean + (1-mean)*(1-mean)
	apart, unlike := even(3, 0.1, 0.5, 0.9, 0.1, 0.5, 0.9), even(3, 0.1, 0.5, 0.9)
	for i := range unlike {
		unlike[i].Group = i
	}
	for _, tt := range []struct {
		name    string
		card    Card
		err, df float64
		method  string
	}{
		{"one task", even(1, marks...), math.Sqrt((5*variance + ends) / 7 / 6), 7, "t, spread of repeats"},
		{"as many tasks", even(6, marks...), math.Sqrt((5*variance + ends) / 7 / 6), 7, "t, spread over tasks"},
		{"tasks apart, each steady", apart, math.Sqrt(0.5 / 5 / 6), 5, "t, spread of repeats"},
		{"tasks apart, each done once", even(3, 0.1, 0.5, 0.9), math.Sqrt((0.32 + 0.5) / 4 / 3), 4, "t, spread over tasks"},
		{"tasks that are not alike tell nothing of each other", unlike, math.Sqrt(0.5 / 2 / 3), 6, "t, spread over tasks"},
		{"one probe", Card{{Share: 1, Mark: 0.4}}, math.Sqrt(0.52 / 2), 2, "t, spread over tasks"},
		// Half the weight was repeated, and steady; of the other half the four tasks tell, two degrees of freedom by Kish.
		{"one of two", Card{{0.25, 0.5, 0, 0}, {0.25, 0.5, 0, 0}, {0.5, 0.5, 1, 0}}, math.Sqrt(0.125*0.5/3 + 0.25*0.5/3), math.Pow(0.375, 2) / (0.125*0.125/3 + 0.25*0.25/3), "t, spread of repeats and over tasks"},
	} {
		err, df, method := tt.card.spread()
		if !near(err, tt.err, 1e-12) || !near(df, tt.df, 1e-9) || method != tt.method {
			t.Errorf("%s: %v, %v, %s, want %v, %v, %s", tt.name, err, df, method, tt.err, tt.df, tt.method)
		}
	}
	if got := (Card{}).Estimate(0.95); !math.IsNaN(got.Value) || got.N != 0 || got.Interval != nil {
		t.Errorf("no probe: %+v", got)
	}
	if got := even(2, 0.2, 0.4, 0.6, 0.8).Estimate(0.95); got.Interval != nil || !near(got.Value, 0.5, 1e-12) {
		t.Errorf("four probes: %+v", got)
	}
}

// What was pooled is worked out by hand too: two tasks, the second of which
// only the others repeated.
func TestTotalPooled(t *testing.T) {
	steady := Card{{0.25, 0.5, 0, 0}, {0.25, 0.5, 0, 0}, {0.25, 0.2, 1, 0}, {0.25, 0.4, 1, 0}}
	got := TotalPooled([]Card{{{0.5, 1, 0, 0}, {0.5, 0, 1, 0}}, steady, steady}, 0.95)[0]
	// 0 with 2 degrees of freedom and 0.02 with 2, each for a quarter; with both ends 0.54 / 6.
	if want := student(0.975, 6) * math.Sqrt((4*0.01+0.5)/6*0.5); !near(got.High, min(0.5+want, 1), 1e-9) {
		t.Errorf("%+v, want ± %v", got, want)
	}
	if got := TotalPooled([]Card{{{1, 0.5, 0, 0}}}, 0.95)[0]; got != nil {
		t.Errorf("without repeats %+v", got)
	}
}

// The draws of the places reach as far as the interval.
func TestDraws(t *testing.T) {
	total := panel(1, 12, 2)[0].Estimate(0.95)
	draws := total.draw(dice(1), 20000, 0.95)
	slices.Sort(draws)
	if iv := total.Interval; !near(Quantile(draws, 0.025), iv.Low, 0.01) || !near(Quantile(draws, 0.975), iv.High, 0.01) {
		t.Errorf("draws from %v to %v, the interval is %+v", Quantile(draws, 0.025), Quantile(draws, 0.975), iv)
	}
}

// Newton's way to the quantile ends where the library's slower search does.
func TestStudent(t *testing.T) {
	for _, p := range []float64{0.6, 0.9, 0.975, 0.9999} {
		for df := 0.3; df < 1e4; df *= 1.3 {
			if got, want := student(p, df), (distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}).Quantile(p); !near(got, want, 1e-9*want) {
				t.Errorf("p = %v, df = %v: %v, want %v", p, df, got, want)
			}
		}
	}
}

func TestMeanIntervals(t *testing.T) {
	marks := []float64{1, 1, 1, 1, 1, 1}
	for name, f := range map[string]func([]float64, float64) (Interval, bool){"both ends": MeanBothEnds, "bounded": MeanBounded, "Hoeffding": MeanHoeffding, "rule": MeanInterval} {
		iv, ok := f(marks, 0.95)
		if !ok || iv.High != 1 || iv.Low > 0.7 || iv.Low < 0.3 {
			t.Errorf("%s: six perfect marks give %+v", name, iv)
		}
		if _, ok := f(nil, 0.95); ok {
			t.Errorf("%s: an interval from nothing", name)
		}
	}
	if iv, _ := MeanHoeffding(marks, 0.95); !near(iv.Low, math.Pow(0.025, 1.0/6), 1e-12) {
		t.Errorf("Hoeffding's bound of no miss in six: %v", iv.Low)
	}
	if _, ok := MeanInterval(marks[:4], 0.95); ok {
		t.Error("four are too few")
	}
}

// panel is random: every task has so many repeats.
func panel(sites, tasks, repeats int) []Card {
	r := dice(99)
	weights, sum := make([]float64, tasks), 0.0
	for k := range weights {
		weights[k] = 1 + r.Float64()
		sum += weights[k]
	}
	cards := make([]Card, sites)
	for i := range cards {
		for k, w := range weights {
			for range repeats {
				cards[i] = append(cards[i], Part{Share: w / sum / float64(repeats), Mark: r.Float64(), Task: k})
			}
		}
	}
	return cards
}

// BenchmarkTotals scores 60 tasks of 3 repeats with 1,000 draws. The time
// per site must not grow with the sites.
func BenchmarkTotals(b *testing.B) {
	for _, sites := range []int{50, 500, 5000} {
		b.Run(fmt.Sprintf("sites=%d", sites), func(b *testing.B) {
			cards := panel(sites, 60, 3)
			b.ReportAllocs()
			for b.Loop() {
				Totals(cards, 1000, 0.95, func(i int) *rand.Rand { return dice(uint64(i)) })
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/float64(sites), "µs/site")
		})
	}
}
