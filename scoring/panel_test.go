package scoring_test

import (
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"touchstone/internal/evidence"
	"touchstone/scoring"
	"touchstone/scoring/stat"
)

// wave judges sites by mails: of n at each, so many are answered after so long.
func wave(t *testing.T, n int, hours float64, answeredAt map[string]int) scoring.Result {
	t.Helper()
	var sites []string
	var all []evidence.Observation
	for _, site := range []string{"a", "b", "c"} {
		k, ok := answeredAt[site]
		if !ok {
			continue
		}
		sites = append(sites, site)
		for i := range n {
			o := silent(i + 1)
			if i < k {
				o = answered(i+1, hours*3600+float64(i), "≤6 h")
			}
			o.Probe.Site = site
			b := bought(i+1, 8+i%3, 8)
			b.Probe.Site = site
			all = append(all, o, b)
		}
	}
	r, err := scoring.Score("w1", card(), scoring.Criteria(), sites, all)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestCompareVerdicts(t *testing.T) {
	changes := func(a, b scoring.Result) map[string]scoring.Difference {
		got := map[string]scoring.Difference{}
		for _, d := range scoring.Compare(a, b) {
			got[d.Site+" "+d.What] = d
		}
		return got
	}
	// a gets much better, b stays, c answers one in forty more.
	got := changes(wave(t, 40, 2, map[string]int{"a": 5, "b": 20, "c": 30}), wave(t, 40, 2, map[string]int{"a": 35, "b": 20, "c": 31}))
	for what, want := range map[string]stat.Verdict{
		"a mark:non-response": stat.Real, "a mark:first-human-reply-time": stat.Real, "a category:mail": stat.Real, "a total": stat.Real,
		"a mark:checkout-clicks": stat.Noise, "b total": stat.Noise, "b mark:non-response": stat.Noise, "c mark:non-response": stat.Noise, "c total": stat.Noise,
	} {
		d := got[what]
		if d.Change == nil || d.Change.Verdict != want || d.Note != d.Change.Why {
			t.Errorf("%s: %+v, want %s", what, d, want)
		}
	}
	if d := got["a total"]; math.Abs(*d.Change.Difference-*d.Delta) > 1e-9 || !d.Change.Interval.Contains(*d.Delta) || d.Change.Test != "Welch" {
		t.Errorf("the total's change is %+v of %v", d.Change, *d.Delta)
	}
	if d := got["a grade"]; d.Change != nil || !strings.HasPrefix(d.Note, "not tested") {
		t.Errorf("the grade: %+v", d)
	}
	for what, d := range changes(wave(t, 3, 2, map[string]int{"a": 0}), wave(t, 3, 2, map[string]int{"a": 3})) {
		if d.Change != nil && d.Change.N[0] < stat.FewestForChange && d.Change.Verdict != stat.TooFew {
			t.Errorf("%s of three probes: %+v", what, d.Change)
		}
	}
}

func TestPlaces(t *testing.T) {
	place := func(seed uint64) scoring.Result {
		r := wave(t, 30, 2, map[string]int{"a": 2, "b": 20, "c": 22})
		scoring.Places(&r, 500, func(site string) *rand.Rand { return rand.New(rand.NewPCG(seed, uint64(site[0]))) })
		return r
	}
	r := place(1)
	for i, want := range []stat.Rank{{Place: 3, Best: 3, Worst: 3}, {Place: 2, Best: 1, Worst: 2}, {Place: 1, Best: 1, Worst: 2}} {
		if s := r.Sites[i]; s.Rank == nil || *s.Rank != want {
			t.Errorf("%s: %+v, want %+v", s.Site, s.Rank, want)
		}
	}
	if !reflect.DeepEqual(r, place(1)) {
		t.Error("the same seed gives other places")
	}
	alone := wave(t, 30, 2, map[string]int{"a": 2})
	scoring.Places(&alone, 500, func(string) *rand.Rand { return rand.New(rand.NewPCG(1, 1)) })
	if alone.Sites[0].Rank != nil {
		t.Error("a site alone has a place")
	}
}

func TestTotalInterval(t *testing.T) {
	r := wave(t, 12, 2, map[string]int{"a": 9, "b": 12})
	for _, s := range r.Sites {
		if s.Interval == nil || !s.Interval.Contains(s.Score) || s.Interval.High-s.Interval.Low < 1 || s.Interval.High > 100 {
			t.Errorf("%s: %v in %+v", s.Site, s.Score, s.Interval)
		}
	}
	if few := wave(t, 2, 2, map[string]int{"a": 1}).Sites[0]; few.Interval != nil {
		t.Errorf("four probes give %+v", few.Interval)
	}
	wait := r.Sites[0].Categories[0].Marks[2]
	if wait.Interval == nil || wait.Interval.Method != "Brookmeyer–Crowley, log-log" || !wait.Interval.Contains(wait.Value) || !wait.Interval.Open {
		t.Errorf("%s, 9 of 12: %+v", wait.Criterion, wait.Interval)
	}
	bucket := r.Sites[0].Categories[0].Marks[4]
	if bucket.Interval == nil || bucket.Interval.Method != "t with both ends" || !bucket.Interval.Contains(bucket.Value) {
		t.Errorf("%s: %+v", bucket.Criterion, bucket.Interval)
	}
}
