package scoring

import (
	"slices"
	"testing"
)

func TestCompareListsWhatDiffers(t *testing.T) {
	result := func(sites ...SiteScore) Result { return Result{Sites: sites} }
	site := func(id string, total, mark float64, shown string) SiteScore {
		return SiteScore{Site: id, State: Scored, Score: total, Grade: "good", Categories: []CategoryScore{
			{ID: "mail", State: Scored, Score: 60, Marks: []Mark{{Criterion: "speed", State: Scored, Score: mark, Shown: shown}}},
		}}
	}
	lost := SiteScore{Site: "c", State: NotMeasured}
	got := Compare(result(site("a", 60, 0.5, "2 h"), site("b", 70, 1, "1 h"), lost), result(site("a", 64, 0.5, "3 h"), site("b", 70, 1, "1 h")))
	const none = "not in this wave"
	want := []Difference{
		{"a", "total", "60 (good)", "64 (good)"},
		{"a", "mark speed", "50 (2 h)", "50 (3 h)"},
		{"c", "total", "not-measured", none},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
