package main

import (
	"errors"
	"testing"

	"touchstone/internal/evidence"
	"touchstone/scoring"
)

// The exit code of a check is the first that holds of 5, 1, 3, 4, and without
// a figure there is no 0.
func TestCheckVerdict(t *testing.T) {
	denied := []evidence.Observation{{Probe: evidence.ProbeID{Site: "a", Scenario: "order", Repeat: 1}, Outcome: evidence.NotGranted}}
	lost := scoring.CheckResult{Site: "a", Scenario: "order", Repeat: 1, State: "inconclusive"}
	other := scoring.CheckResult{Site: "a", Scenario: "look", Repeat: 1, State: "inconclusive"}
	whole := scoring.CheckResult{Site: "a", State: "inconclusive"}
	in := func(state string) scoring.CheckResult { return scoring.CheckResult{Site: "b", State: state} }
	for _, c := range []struct {
		name    string
		results []scoring.CheckResult
		want    int
	}{
		{"all passed", []scoring.CheckResult{in("passed"), in("off")}, exitPassed},
		{"a warning is no failure", []scoring.CheckResult{in("warned")}, exitPassed},
		{"failed over all but a missing grant", []scoring.CheckResult{in("pending"), other, in("failed"), in("passed")}, exitGate},
		{"a missing grant over a failure", []scoring.CheckResult{in("failed"), lost}, exitNotGranted},
		{"a missing grant at a site's probe", []scoring.CheckResult{whole}, exitNotGranted},
		{"inconclusive over pending", []scoring.CheckResult{in("pending"), in("inconclusive"), in("passed")}, exitInconclusive},
		{"pending over passed", []scoring.CheckResult{in("passed"), in("pending")}, exitPending},
		{"all switched off", []scoring.CheckResult{in("off")}, exitInconclusive},
		{"nothing at all", nil, exitInconclusive},
	} {
		got := exitPassed
		if err := checkVerdict(c.results, denied); err != nil {
			var f *failure
			if !errors.As(err, &f) {
				t.Fatal(err)
			}
			got = f.code
		}
		if got != c.want {
			t.Errorf("%s: exit code %d, want %d", c.name, got, c.want)
		}
	}
}
