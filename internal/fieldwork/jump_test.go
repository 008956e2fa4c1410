package fieldwork

import (
	"context"
	"testing"
	"time"

	"touchstone/internal/evidence"
	"touchstone/internal/highstreet"
	"touchstone/probes"
)

// A walled clock is a Steady one whose machine is skipped through time, with a
// wall that somebody sets.
type walled struct {
	*Steady
	real *highstreet.Clock
}

func (b *bench) walled(floor time.Time, off *time.Duration) walled {
	return walled{newSteady(floor, b.Log, func() time.Time { return b.clock.Now().Add(*off) }, func() time.Duration { return b.clock.Now().Sub(testStart) }), b.clock}
}

func (w walled) Wait(ctx context.Context, until time.Time, wake <-chan struct{}) error {
	return w.real.Wait(ctx, w.real.Now().Add(until.Sub(w.Now())), wake)
}

func (w walled) Begin() func() { return w.real.Begin() }

// A wall clock that is set by an hour during a run, and stays so over a
// restart, doubles no contact and loses no answer; silence is never concluded
// before the window has passed, but where the wall was ahead at the restart:
// then by that hour at most.
func TestWaveOverClockJumps(t *testing.T) {
	for _, jump := range []time.Duration{time.Hour, -time.Hour} {
		for _, restart := range []bool{false, true} {
			sent := map[string]time.Time{} // by Message-ID, in true time
			var b *bench
			b = newBench(t, nil, func(l probes.Letter, n int) (probes.Delivery, []reply) {
				sent[l.MessageID] = b.clock.Now()
				return alphaAnswers(l, n)
			})
			id, ended := map[evidence.ProbeID]string{}, map[evidence.ProbeID]time.Time{}
			for _, r := range b.plan.Rows {
				if r.Letter != nil {
					id[r.Probe] = r.Letter.MessageID
				}
			}
			b.Notify = func(e Event) {
				if e.Ended {
					ended[e.Probe] = b.clock.Now()
				}
			}
			var off time.Duration
			b.Clock = b.walled(time.Time{}, &off)
			b.clock.At(testStart.Add(90*time.Minute), func() { off = jump })
			if restart {
				b.runUntil(testStart.Add(30 * time.Hour))
				latest, err := Latest(t.Context(), b.DB)
				if err != nil {
					t.Fatal(err)
				}
				b.Clock = b.walled(latest, &off)
			}
			if err := b.run(nil); err != nil {
				t.Fatal(err)
			}
			if n, ahead := b.Clock.(walled).Jumps(); !restart && (n != 1 || ahead != jump) {
				t.Errorf("jump %s: it was seen %d times, as %s", jump, n, ahead)
			}
			early := time.Duration(0)
			if restart && jump > 0 {
				early = jump
			}
			silent := 0
			for _, o := range b.observations() {
				message := id[o.Probe]
				if message == "" {
					continue
				}
				if n := b.office.taken[message]; n != 1 || b.office.tries[message] != 1 {
					t.Errorf("jump %s, restart %t: %s was sent %d times, in %d tries", jump, restart, o.Probe, n, b.office.tries[message])
				}
				want := evidence.Silent
				if o.Probe.Site == "alpha" {
					want = evidence.Completed
				}
				if o.Outcome != want {
					t.Errorf("jump %s, restart %t: %s is %s: %s", jump, restart, o.Probe, o.Outcome, o.Reason)
				}
				if o.Outcome != evidence.Silent {
					continue
				}
				silent++
				if open := ended[o.Probe].Sub(sent[message]); open < 5*day-early {
					t.Errorf("jump %s, restart %t: %s was silent after %s", jump, restart, o.Probe, open)
				}
			}
			if silent != 2 {
				t.Errorf("jump %s, restart %t: %d silent", jump, restart, silent)
			}
		}
	}
}
