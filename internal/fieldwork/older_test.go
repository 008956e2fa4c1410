package fieldwork

import (
	"context"
	"database/sql"
	"os"
	"regexp"
	"testing"
	"time"

	"touchstone/internal/evidence"
	"touchstone/internal/highstreet"
)

// A database that the first schema's program wrote, with one wave under way
// and one planned: both go on under this one, to their ends, with the hashes
// that were shown then, and nothing is sent again.
func TestWavesOfTheFirstSchemaGoOn(t *testing.T) {
	script, err := os.ReadFile("testdata/schema1.sql")
	if err != nil {
		t.Fatal(err)
	}
	b := newBench(t, nil, alphaAnswers)
	b.path = t.TempDir() + "/old.db"
	old, err := sql.Open("sqlite", b.path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := old.Exec(string(script)); err != nil {
		t.Fatal(err)
	}
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}
	b.reopen()
	for _, m := range regexp.MustCompile(`-- hash (w\d) (\w+)`).FindAllStringSubmatch(string(script), -1) {
		w, err := LoadWave(t.Context(), b.DB, m[1])
		if err != nil || w.Hash != m[2] || w.Probes != 8 {
			t.Fatalf("wave %s: %v; hash %s, want %s; %d probes", m[1], err, w.Hash, m[2], w.Probes)
		}
		// the rows give the same hash again
		if sum, err := w.Plan.hash(bodies(t.Context(), b.DB, m[1])); err != nil || m[1] == "w2" && sum != m[2] {
			t.Errorf("wave %s: its rows hash to %s, %v", m[1], sum, err)
		}
	}

	b.clock = highstreet.NewClock(testStart.Add(25 * time.Hour))
	b.office.clock, b.Clock = b.clock, b.clock
	b.office.box = make([]Incoming, 2) // what the old program has stored
	if err := b.run(nil); err != nil {
		t.Fatal(err)
	}
	if len(b.office.tries) != 0 {
		t.Errorf("%d letters of the wave under way were sent again", len(b.office.tries))
	}
	for name, want := range map[string]evidence.Outcome{
		"alpha/ask/1": evidence.Completed, "alpha/ask/2": evidence.Completed, "beta/ask/1": evidence.Silent, "beta/ask/2": evidence.Silent,
		"alpha/look/1": evidence.Completed, "alpha/order/1": evidence.NotGranted,
	} {
		if o := b.observations()[name]; o.Outcome != want {
			t.Errorf("%s: %s (%s), want %s", name, o.Outcome, o.Reason, want)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := b.Run(ctx, "w2", nil); err != nil {
		t.Fatal(err)
	}
	w, err := LoadWave(t.Context(), b.DB, "w2")
	if err != nil {
		t.Fatal(err)
	}
	got, err := w.Outcomes(t.Context(), b.DB)
	if err != nil || got[evidence.Completed] != 4 || got[evidence.Silent] != 2 || got[evidence.NotGranted] != 2 || len(b.office.tries) != 4 {
		t.Errorf("the planned wave ended with %v after %d letters, %v", got, len(b.office.tries), err)
	}
	b.once()
}

// A plan that was drafted into the database is the plan that is made in memory.
func TestDraftIsThePlan(t *testing.T) {
	b := newBench(t, nil, alphaAnswers)
	w, err := Draft(t.Context(), b.DB, PlanInput{Project: testProject(), Kinds: b.Kinds, Wave: "w1", Seed: 1, Start: testStart}, "test", testStart)
	if err != nil {
		t.Fatal(err)
	}
	if w.Hash != b.plan.Hash() || w.Probes != len(b.plan.Rows) {
		t.Errorf("hash %s of %d rows, want %s of %d", w.Hash, w.Probes, b.plan.Hash(), len(b.plan.Rows))
	}
	i := 0
	for r, err := range w.Rows(t.Context(), b.DB) {
		if err != nil {
			t.Fatal(err)
		}
		if r.Probe != b.plan.Rows[i].Probe || !r.Due.Equal(b.plan.Rows[i].Due) {
			t.Errorf("row %d is %s, want %s", i, r.Probe, b.plan.Rows[i].Probe)
		}
		i++
	}
}
