package fieldwork

import (
	"context"
	"errors"
	"path/filepath"
	"sync/atomic"
	"testing"

	"touchstone/internal/db"
)

// A fading context ends after so many looks at it.
type fading struct {
	context.Context
	left atomic.Int64 // the driver looks too, beside
}

func (f *fading) Err() error {
	if f.left.Add(-1) < 0 {
		return context.Canceled
	}
	return f.Context.Err()
}

// Wherever planning again is cut off, there is a plan, and it is whole: the
// earlier one, or the new one.
func TestPlanningAgainKeepsAPlan(t *testing.T) {
	first, second := testPlan(t, nil), testPlan(t, func(in *PlanInput) { in.Seed = 2; in.Sites = []string{"beta"} })
	d, err := db.Open(t.Context(), filepath.Join(t.TempDir(), "wave.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	before, after, done := 0, 0, false
	for n := 0; !done; n++ {
		if err := Freeze(t.Context(), d, first, "v", testStart); err != nil {
			t.Fatal(err)
		}
		ctx := &fading{Context: t.Context()}
		ctx.left.Store(int64(n))
		err := Freeze(ctx, d, second, "v", testStart)
		done = err == nil
		if !done && !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		if err := Settle(t.Context(), d); err != nil { // as the next process does
			t.Fatal(err)
		}
		w, err := LoadWave(t.Context(), d, "w1")
		if err != nil {
			t.Fatal(err)
		}
		want := first
		if w.Hash == second.Hash() {
			want, after = second, after+1
		} else {
			before++
		}
		got := *w.Plan
		for r, err := range w.Rows(t.Context(), d) {
			if err != nil {
				t.Fatal(err)
			}
			got.Rows = append(got.Rows, *r)
		}
		if got.Hash() != want.Hash() || w.Hash != want.Hash() || w.Probes != len(want.Rows) || w.Plan.Seed != want.Seed {
			t.Fatalf("cut off after %d looks: %d rows in the plan, %d counted, of seed %d", n, len(got.Rows), w.Probes, w.Plan.Seed)
		}
	}
	if before < 3 || after < 3 {
		t.Errorf("the earlier plan was left %d times, the new one %d: it was not cut off at every step", before, after)
	}
}

// A plan that can't be made leaves the earlier one as it is.
func TestPlanThatFailsKeepsTheEarlier(t *testing.T) {
	b := newBench(t, nil, alphaAnswers)
	w, err := LoadWave(t.Context(), b.DB, "w1")
	if err != nil {
		t.Fatal(err)
	}
	pr := testProject()
	pr.Sites[1].Hours.From, pr.Sites[1].Hours.To = pr.Sites[1].Hours.To, pr.Sites[1].Hours.From
	if _, err := Draft(t.Context(), b.DB, PlanInput{Project: pr, Kinds: b.Kinds, Wave: "w1", Seed: 2, Start: testStart}, "v", testStart); err == nil {
		t.Fatal("a site that never opens was planned")
	}
	again, err := LoadWave(t.Context(), b.DB, "w1")
	if err != nil || again.Hash != w.Hash || again.Probes != w.Probes {
		t.Errorf("%+v, %v", again, err)
	}
	if err := b.run(nil); err != nil {
		t.Error(err)
	}
}
