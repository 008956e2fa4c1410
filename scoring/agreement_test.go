package scoring

import (
	"math"
	"testing"

	"touchstone/internal/evidence"
	"touchstone/scoring/stat"
)

func rated(counts map[[2]string]int) (pairs [][2]string) {
	for p, n := range counts {
		for range n {
			pairs = append(pairs, p)
		}
	}
	return pairs
}

// The table 20 5 / 10 15: kappa 0.4 by hand, since 0.7 agree and 0.5 would by
// chance; its variance by the formula of 1969, worked out by hand:
// (0.4·0.34² + 0.3·0.46² + 0.36·(0.1·0.9² + 0.2·1.1²) − 0.1²)/(50·0.25).
func TestKappa(t *testing.T) {
	a := Kappa(rated(map[[2]string]int{{"y", "y"}: 20, {"y", "n"}: 5, {"n", "y"}: 10, {"n", "n"}: 15}), 0.95)
	if a.N != 50 || a.Agreed != 35 || a.Kappa == nil || math.Abs(*a.Kappa-0.4) > 1e-12 {
		t.Fatalf("got %+v", a)
	}
	first, second := map[string]float64{"y": .5, "n": .5}, map[string]float64{"y": .6, "n": .4}
	sum := .4*sq(1-(first["y"]+second["y"])*.6) + .3*sq(1-(first["n"]+second["n"])*.6) + .36*(.1*sq(second["y"]+first["n"])+.2*sq(second["n"]+first["y"]))
	se := math.Sqrt((sum - sq(.4-.5*.6)) / (50 * .25))
	if math.Abs(a.Interval.Low-(.4-1.959964*se)) > 1e-6 || math.Abs(a.Interval.High-(.4+1.959964*se)) > 1e-6 || se < .11 || se > .14 {
		t.Errorf("interval %+v, se %g", a.Interval, se)
	}

	if a := Kappa(rated(map[[2]string]int{{"y", "n"}: 5, {"n", "y"}: 5}), 0.95); a.Kappa == nil || *a.Kappa != -1 {
		t.Errorf("perfect disagreement: %+v", a)
	}
	if a := Kappa(rated(map[[2]string]int{{"y", "y"}: 3, {"n", "n"}: 2}), 0.95); a.Kappa == nil || *a.Kappa != 1 || a.Interval != nil || len(a.Warnings) != 2 {
		t.Errorf("perfect agreement of few: %+v", a)
	}
	if a := Kappa(rated(map[[2]string]int{{"y", "y"}: 3}), 0.95); a.Kappa != nil || len(a.Warnings) != 1 {
		t.Errorf("one rating for all: %+v", a)
	}
	if a := Kappa(nil, 0.95); a.Kappa != nil || a.N != 0 {
		t.Errorf("nothing: %+v", a)
	}
}

func sq(x float64) float64 { return x * x }

func TestReviewRatesAndRaters(t *testing.T) {
	word := func(n int64, repeat int, item, machine, value, by string) evidence.Adjudication {
		return evidence.Adjudication{N: n, Probe: evidence.ProbeID{Wave: "w", Site: "s", Scenario: "a", Repeat: repeat}, Item: item, Machine: machine, Value: value, By: by}
	}
	list := []evidence.Adjudication{
		word(1, 1, "outcome", "silent", "completed", "R1"),
		word(2, 1, "outcome", "silent", "silent", "R2"), // stands: the later one
		word(3, 2, "outcome", "silent", "failed", "R1"),
		word(4, 2, "mail.words", "10", "10", "R1"),
		word(5, 2, "outcome", "silent", "failed", "R2"),
	}
	got := ReviewRates(list, 0.95)
	if len(got) != 3 || got[0].Group != "outcome" || got[0].Reviewed != 2 || got[0].Corrected != 1 || got[1].Group != "fact" || got[1].Corrected != 0 || got[2].Reviewed != 3 {
		t.Errorf("rates %+v", got)
	}
	if want := stat.Wilson(1, 2, 0.95); got[0].Interval != want {
		t.Errorf("interval %+v, want %+v", got[0].Interval, want)
	}
	pairs := Raters(list, 0.95)
	if len(pairs) != 1 || pairs[0].First != "R1" || pairs[0].N != 2 || pairs[0].Agreed != 1 {
		t.Errorf("raters %+v", pairs)
	}
	if ReviewRates(nil, 0.95) != nil || Raters(nil, 0.95) != nil {
		t.Error("something of nothing")
	}
}
