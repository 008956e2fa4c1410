package web

import (
	"testing"
	"time"

	"touchstone/internal/evidence"
	"touchstone/internal/highstreet/side"
	"touchstone/probes"
)

// A shop that forgets a browser which was closed, and knows an account: each is
// told from the other, and neither is claimed of what was not tried.
func TestLeaveAndReturn(t *testing.T) {
	street, err := side.Open(t.Context(), nil, "papierlaube")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = street.Close() })
	shop := street.Shops()[0]
	var f Finding
	k := Kind(shared)
	task := &probes.Task{Probe: evidence.ProbeID{Wave: "w", Site: shop.ID(), Scenario: "return", Repeat: 1}, Site: probes.Site{ID: shop.ID(), URL: shop.URL, Own: true},
		Persona: customer(shop.Zone()), Effects: everyEffect, Random: 7, Params: Scouting([]string{"leave-and-return"}, "", func(found Finding) { f = found })}
	rec := probes.NewRecorder(&k, task.Probe, "return", Reading, time.Unix(0, 0), evidence.NewMemory().Put)
	if err := k.Visit(t.Context(), task, rec); err != nil {
		t.Fatal(err)
	}
	for fact, want := range map[string]string{"kept: same-browser": "true", "kept: reopened": "false", "kept: account": "true", "not tried: account": ""} {
		if got := f.Evidence.Facts[fact]; got != want {
			t.Errorf("%s: %q, want %q (%s: %v)", fact, got, want, f.State, f.Evidence.Facts)
		}
	}
	if c := shop.Counts(); c.Orders != 0 {
		t.Errorf("%d orders were placed", c.Orders)
	}
}
