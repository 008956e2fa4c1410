package scoring_test

import (
	"math"
	"testing"

	"touchstone/scoring"
	"touchstone/scoring/stat"
)

func TestLogNormal(t *testing.T) {
	const hour = 3600.0
	curve := scoring.LogNormal(hour, 24*hour)
	for _, tt := range []struct{ x, want, within float64 }{
		{-5, 1, 0},
		{0, 1, 0},
		{hour / 4, 0.97, 0.005}, // as published with the curve, to two digits
		{hour, 0.9, 1e-12},
		{6 * hour, 0.71, 0.005},
		{24 * hour, 0.5, 1e-12},
		{48 * hour, 0.39, 0.005},
		{120 * hour, 0.26, 0.005},
		{math.Inf(1), 0, 0},
	} {
		if got := curve(tt.x); !(math.Abs(got-tt.want) <= tt.within) {
			t.Errorf("after %v s: %v, want %v ± %v", tt.x, got, tt.want, tt.within)
		}
	}
	for x := 1.0; x < 1e7; x *= 1.3 {
		if !(curve(x*1.3) < curve(x)) {
			t.Fatalf("it does not fall at %v", x)
		}
	}
}

func TestLinear(t *testing.T) {
	curve := scoring.Linear(8, 19)
	for x, want := range map[float64]float64{0: 1, 8: 1, 11.3: 0.7, 13.5: 0.5, 19: 0, 100: 0} {
		if got := curve(x); math.Abs(got-want) > 1e-12 {
			t.Errorf("%v gives %v, want %v", x, got, want)
		}
	}
}

func TestProportion(t *testing.T) {
	for _, tt := range []struct {
		k, n int
		want float64
	}{{0, 0, 0}, {0, 3, 0}, {1, 4, 0.25}, {3, 3, 1}} {
		if got := scoring.Proportion(tt.k, tt.n); got != tt.want {
			t.Errorf("%d of %d is %v, want %v", tt.k, tt.n, got, tt.want)
		}
	}
}

// The first four are the examples of Newcombe, Statistics in Medicine 17
// (1998), 857–872, table I, method 3; the last is z²/(n+z²) for no hit in ten.
func TestWilson(t *testing.T) {
	for _, tt := range []struct {
		k, n      int
		low, high float64
	}{
		{81, 263, 0.2553, 0.3662},
		{15, 148, 0.0624, 0.1605},
		{0, 20, 0, 0.1611},
		{1, 29, 0.0061, 0.1718},
		{0, 10, 0, 0.2775},
		{0, 0, 0, 1},
	} {
		iv := stat.Wilson(tt.k, tt.n, 0.95)
		if math.Abs(iv.Low-tt.low) > 5e-5 || math.Abs(iv.High-tt.high) > 5e-5 || iv.Level != 0.95 || iv.Method != "Wilson" {
			t.Errorf("%d of %d: %+v, want %v to %v", tt.k, tt.n, iv, tt.low, tt.high)
		}
	}
	for n := 1; n <= 60; n++ {
		for k := range n + 1 {
			iv, mirror, wide := stat.Wilson(k, n, 0.95), stat.Wilson(n-k, n, 0.95), stat.Wilson(k, n, 0.99)
			p := float64(k) / float64(n)
			if !(0 <= iv.Low && iv.Low <= p && p <= iv.High && iv.High <= 1) {
				t.Fatalf("%d of %d lies outside %+v", k, n, iv)
			}
			if math.Abs(iv.Low-(1-mirror.High)) > 1e-12 {
				t.Fatalf("%d of %d is not the mirror of %d of %d", k, n, n-k, n)
			}
			if wide.Low > iv.Low || wide.High < iv.High {
				t.Fatalf("%d of %d: 99 %% is narrower than 95 %%", k, n)
			}
		}
	}
}

func TestDuration(t *testing.T) {
	for seconds, want := range map[float64]string{
		0: "0 s", 0.04: "0 s", 1.42: "1.4 s", 9.94: "9.9 s", 9.96: "10 s", 45: "45 s", 59.4: "59 s", 59.6: "1 min", 60: "1 min",
		725: "12 min 5 s", 3599.4: "59 min 59 s", 3599.6: "1 h", 3600: "1 h", 11400: "3 h 10 min", 15000: "4 h 10 min",
		86369: "23 h 59 min", 86399: "1 d", 86400: "1 d", 266400: "3 d 2 h", 432000: "5 d", 1e7: "115 d 18 h",
		-90: "−1 min 30 s", math.Inf(1): "never",
	} {
		if got := scoring.Duration(seconds); got != want {
			t.Errorf("%v s is %q, want %q", seconds, got, want)
		}
	}
	if got := scoring.Duration(math.NaN()); got != "unknown" {
		t.Errorf("NaN is %q", got)
	}
}

func TestSteps(t *testing.T) {
	c := scoring.Steps(scoring.Step{At: 1, Score: 1}, scoring.Step{At: 3, Score: 0.25})
	for x, want := range map[float64]float64{0: 1, 1: 1, 1.01: 0.25, 3: 0.25, 3.01: 0, math.Inf(1): 0} {
		if got := c(x); got != want {
			t.Errorf("at %v: %v, want %v", x, got, want)
		}
	}
	if a := scoring.Apdex(6, 24); a(6) != 1 || a(24) != 0.5 || a(25) != 0 {
		t.Error("Apdex", a(6), a(24), a(25))
	}
}
