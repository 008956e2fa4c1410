package scoring

import (
	"math/rand/v2"
	"reflect"
	"testing"

	"touchstone/scoring/stat"
)

// weighed is a result of two categories, of which the first has two criteria.
func weighed(marks map[string][3]float64, order ...string) Result {
	r := Result{Scorecard: Scorecard{Categories: []Category{
		{ID: "mail", Weight: 60, Criteria: []Weighted{{ID: "a", Weight: 3}, {ID: "b", Weight: 1}}},
		{ID: "web", Weight: 40, Criteria: []Weighted{{ID: "c", Weight: 1}}},
	}}}
	for _, site := range order {
		s := SiteScore{Site: site, State: Scored}
		next := 0
		for _, cat := range r.Scorecard.Categories {
			c := CategoryScore{ID: cat.ID, Weight: cat.Weight, State: NotApplicable}
			for range cat.Criteria {
				m := Mark{State: NotApplicable}
				if x := marks[site][next]; x >= 0 {
					m, c.State = Mark{State: Scored, Score: x}, Scored
				}
				c.Marks = append(c.Marks, m)
				next++
			}
			s.Categories = append(s.Categories, c)
		}
		r.Sites = append(r.Sites, s)
	}
	return r
}

func TestPlacesByWeights(t *testing.T) {
	r := weighed(map[string][3]float64{
		"best": {0.9, 0.9, 0.95}, "mails": {0.8, 0.8, 0.2}, "pages": {0.3, 0.1, 0.85}, "half": {0.5, -1, -1}, "last": {0, 0, 0},
	}, "mails", "last", "best", "half", "pages")
	r.Sites = append(r.Sites, SiteScore{Site: "withheld", State: NotMeasured}, SiteScore{Site: "graded", State: Scored, Score: 20, Graded: "analysts"})
	places := PlacesByWeights(r, 1000, 0.25, rand.New(rand.NewPCG(1, 2)))
	for site, want := range map[int]WeightPlaces{
		0: {stat.Rank{Place: 2, Best: 2, Worst: 3}, stat.Rank{Place: 2, Best: 2, Worst: 4}},
		1: {stat.Rank{Place: 6, Best: 6, Worst: 6}, stat.Rank{Place: 6, Best: 6, Worst: 6}},
		2: {stat.Rank{Place: 1, Best: 1, Worst: 1}, stat.Rank{Place: 1, Best: 1, Worst: 1}},
		6: {stat.Rank{Place: 5, Best: 5, Worst: 5}, stat.Rank{Place: 5, Best: 4, Worst: 5}},
	} {
		if got := places[site]; got == nil || *got != want {
			t.Errorf("%s: %+v, want %+v", r.Sites[site].Site, got, want)
		}
	}
	if places[5] != nil {
		t.Errorf("a site without a total has the places %+v", places[5])
	}
	if again := PlacesByWeights(r, 1000, 0.25, rand.New(rand.NewPCG(1, 2))); !reflect.DeepEqual(again, places) {
		t.Error("the same seed gives other places")
	}
	if alone := PlacesByWeights(Result{Scorecard: r.Scorecard, Sites: r.Sites[:1]}, 10, 0.25, rand.New(rand.NewPCG(1, 2))); alone[0] != nil {
		t.Errorf("one site has the places %+v", alone[0])
	}
}

// By the scorecard's own weights, the total is Score's.
func TestTotalByOwnWeights(t *testing.T) {
	r := weighed(map[string][3]float64{"all": {0.5, 1, 0.25}, "no b": {0.5, -1, 0.25}, "no web": {0.5, 1, -1}}, "all", "no b", "no web")
	weights := []float64{60, 40, 3, 1, 1}
	for i, want := range []float64{0.6*0.625 + 0.4*0.25, 0.6*0.5 + 0.4*0.25, 0.625} {
		if got := totalBy(r.Scorecard, r.Sites[i], weights); got < want-1e-9 || got > want+1e-9 {
			t.Errorf("%s: %v, want %v", r.Sites[i].Site, got, want)
		}
	}
}
