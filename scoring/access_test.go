package scoring_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"touchstone/internal/evidence"
	"touchstone/scoring"
)

func TestCheckoutAccessibility(t *testing.T) {
	type all = []evidence.Observation
	buy := func(repeat int, reached bool, facts ...any) evidence.Observation {
		outcome := evidence.Completed
		if !reached {
			outcome = evidence.Failed
		}
		return did("web", "checkout", repeat, outcome, append([]any{"web.reached", reached, "web.clicks", 5}, facts...)...)
	}
	keys := func(repeat int, reached bool, facts ...any) evidence.Observation {
		o := buy(repeat, reached, facts...)
		o.Task, o.Probe.Scenario = "checkout-by-keyboard", "checkout-by-keyboard"
		o.Facts[1].Number = 0
		return o
	}
	const notMeasured, na = -1, -2
	for _, tt := range []struct {
		name    string
		obs     all
		score   float64
		shown   string // or a part of the reason
		warning string
	}{
		{"nothing found", all{buy(1, true, "web.names-missing", 0, "web.contrast-low", 0, "web.axe-serious", 0, "web.axe", "4.14.1")}, 1, "nothing found", ""},
		{"two of four", all{buy(1, true, "web.names-missing", 3, "web.contrast-low", 0, "web.focus-faults", 1, "web.language-missing", 0)}, 0.5, "wanting: names (4.1.2), order of the keyboard (2.4.3)", ""},
		{"the mean over visits", all{buy(1, true, "web.names-missing", 1), buy(2, true, "web.names-missing", 0)}, 0.5, "wanting: names (4.1.2)", ""},
		{"without axe-core", all{buy(1, true, "web.names-missing", 0, "web.axe", "not measured: built without it")}, 1, "nothing found", "axe-core: not measured: built without it"},
		{"one never arrived", all{buy(1, true, "web.names-missing", 0), buy(2, false)}, 1, "nothing found", "1 of 2 visits, never having arrived"},
		{"none arrived", all{buy(1, false)}, 0, "never arrived", ""},
		{"not looked for", all{buy(1, true)}, notMeasured, "looked for nothing", ""},
		{"not by the keyboard", all{buy(1, true, "web.names-missing", 0), keys(2, false)}, 0.5, "nothing found; 1 of 2 never arrived by the keyboard", ""},
		{"by the keyboard, as older visits said it", all{keys(1, true), keys(2, false), keys(3, false)}, 1.0 / 3, "nothing found; 2 of 3 never arrived by the keyboard", ""},
		{"not tried", all{did("web", "another", 1, evidence.Completed, "web.reached", true)}, na, "tried no checkout", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := score(t, one("checkout-accessibility"), tt.obs...).Categories[0].Marks[0]
			switch {
			case tt.score < 0:
				state := map[float64]scoring.State{notMeasured: scoring.NotMeasured, na: scoring.NotApplicable}[tt.score]
				if m.State != state || !strings.Contains(m.Reason, tt.shown) {
					t.Errorf("got %s, %q; want %s, %q", m.State, m.Reason, state, tt.shown)
				}
			case m.State != scoring.Scored || math.Abs(m.Score-tt.score) > 1e-9 || m.Shown != tt.shown:
				t.Errorf("got %s %v, %q (%s); want %v, %q", m.State, m.Score, m.Shown, m.Reason, tt.score, tt.shown)
			}
			if tt.warning != "" && !slices.ContainsFunc(m.Warnings, func(w string) bool { return strings.Contains(w, tt.warning) }) {
				t.Errorf("warnings %q lack %q", m.Warnings, tt.warning)
			}
		})
	}
}
