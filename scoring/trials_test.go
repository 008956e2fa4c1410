package scoring_test

import (
	"math"
	"testing"

	"touchstone/internal/evidence"
	"touchstone/scoring"
)

// mistaken is a visit that made mistakes in a form. Each is a word of letters
// for what the form did: shown, inline, tied, words, kept, accepted.
func mistaken(task string, repeat int, mistakes ...string) evidence.Observation {
	o := did("web", task, repeat, evidence.Completed, "web.reached", true)
	for i, m := range mistakes {
		for fact, letter := range map[string]rune{"error-shown": 's', "inline": 'i', "tied": 't', "words": 'w', "kept": 'k', "accepted": 'a'} {
			f := evidence.Fact{Name: "web.trial-" + fact, Step: "try-" + string(rune('a'+i)), Unit: evidence.Bool}
			for _, r := range m {
				if r == letter {
					f.Number = 1
				}
			}
			o.Facts = append(o.Facts, f)
		}
	}
	return o
}

func TestMistakesInForms(t *testing.T) {
	type all = []evidence.Observation
	failed := did("web", "form-errors", 9, evidence.Failed, "web.reached", false)
	for _, tt := range []struct {
		name  string
		obs   all
		score float64
		shown string
	}{
		{"all is well", all{mistaken("form-errors", 1, "sitwk", "sitwk")}, 1, "2 of 2 mistakes answered, 2 beside the field"},
		{"a mistake is taken", all{mistaken("form-errors", 1, "a")}, 0, "0 of 1 mistake answered, 0 beside the field, 1 taken"},
		{"silence that keeps all is worth nothing", all{mistaken("form-errors", 1, "k")}, 0, "0 of 1 mistake answered, 0 beside the field"},
		{"a bare word beside the field", all{mistaken("form-errors", 1, "sik")}, 0.65, "1 of 1 mistake answered, 1 beside the field"},
		{"a summary that loses all", all{mistaken("form-errors", 1, "sw")}, 0.4, "1 of 1 mistake answered, 0 beside the field"},
		{"the mean over mistakes, and then over visits", all{mistaken("form-errors", 1, "sitwk", "a", "a", "a"), mistaken("form-errors", 2, "sw")}, 0.325, "2 of 5 mistakes answered, 1 beside the field, 3 taken"},
		{"by kind form as well", all{func() evidence.Observation { o := mistaken("form-errors", 1, "sitwk"); o.Kind = "form"; return o }()}, 1, "1 of 1 mistake answered, 1 beside the field"},
		{"a visit that did not come so far", all{mistaken("form-errors", 1, "sitwk"), failed}, 0.5, "1 of 1 mistake answered, 1 beside the field"},
		{"none of them did", all{failed}, 0, "0 of 1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := score(t, one("form-recovery"), tt.obs...).Categories[0].Marks[0]
			if m.State != scoring.Scored || math.Abs(m.Score-tt.score) > 1e-9 || m.Shown != tt.shown {
				t.Errorf("got %s %v, %q (%s); want %v, %q", m.State, m.Score, m.Shown, m.Reason, tt.score, tt.shown)
			}
		})
	}
}
