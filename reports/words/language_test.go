package words_test

import (
	"testing"

	"touchstone/reports/words"
	"touchstone/scoring/stat"
)

// A comparison is worded for a person: no sign before nothing, no identifiers.
func TestComparisonsInWords(t *testing.T) {
	var in words.In
	for d, want := range map[float64]string{-.04: "0.0", .04: "0.0", -.06: "-0.1", 12.34: "+12.3"} {
		if got := in.Delta(&d); got != want {
			t.Errorf("%g is %q, want %q", d, got, want)
		}
	}
	if got := in.Delta(nil); got != words.None {
		t.Errorf("no difference is %q", got)
	}
	for figure, want := range map[string]string{"not-applicable": "not applicable", "not-measured": "could not test", "pending": "still waiting", "98.1": "98.1", "4 h 10 min": "4 h 10 min"} {
		if got := in.Shown(figure); got != want {
			t.Errorf("%q is %q, want %q", figure, got, want)
		}
	}
	if got := in.Chance(stat.TooFew); got != "not enough data" {
		t.Errorf("it is %q", got)
	}
}
