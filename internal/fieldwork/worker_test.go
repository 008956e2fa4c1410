package fieldwork

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"touchstone/internal/db"
	"touchstone/internal/evidence"
	"touchstone/internal/highstreet"
	"touchstone/probes"
)

// A forgetful clock skips over what hangs, once it is told that it does.
type forgetful struct {
	*highstreet.Clock
	mu      sync.Mutex
	flights []func()
}

func (c *forgetful) Begin() func() {
	done := c.Clock.Begin()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.flights = append(c.flights, done)
	return done
}

func (c *forgetful) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, done := range c.flights {
		done()
	}
}

// A relay that never answers has its time, in which the lease is renewed; then
// the letter is uncertain, the other letters go on, and the process has not
// ended. What the relay says hours later is believed.
func TestSendThatNeverReturns(t *testing.T) {
	for _, late := range []bool{false, true} {
		hang, hung := make(chan struct{}), false
		b := newBench(t, nil, alphaAnswers)
		clock := &forgetful{Clock: b.clock}
		b.Clock = clock
		var stuck probes.Letter
		send := b.Post.Send
		var heldBack func()
		b.Post.Send = func(ctx context.Context, l probes.Letter) probes.Delivery {
			if hung {
				return send(ctx, l)
			}
			hung, stuck = true, l
			if late {
				b.clock.At(b.clock.Now().Add(3*time.Hour), func() {
					heldBack = b.clock.Begin()
					close(hang)
				})
			}
			clock.forget()
			<-hang
			return accepted
		}
		b.Notify = func(e Event) {
			if late && e.Text == "the relay took the mail after all" {
				heldBack()
			}
		}
		if err := b.run(nil); err != nil {
			t.Fatal(err)
		}
		b.once()
		for _, r := range b.plan.Rows {
			if r.Letter == nil {
				continue
			}
			eff, o := b.effect(r.Probe), b.observations()[strings.TrimPrefix(r.Probe.String(), "w1/")]
			switch {
			case r.Letter.MessageID != stuck.MessageID:
				if eff.State != "accepted" {
					t.Errorf("%s: %s: it waited for another's relay", r.Probe, eff.State)
				}
			case late && (eff.State != "accepted" || o.Outcome != evidence.Silent):
				t.Errorf("%s: %s, %s: the relay's late word was lost", r.Probe, eff.State, o.Outcome)
			case !late && (eff.State != "uncertain" || o.Outcome != evidence.Broken || eff.Settled.Sub(eff.Begun) != sendWithin):
				t.Errorf("%s: %s after %s, %s", r.Probe, eff.State, eff.Settled.Sub(eff.Begun), o.Outcome)
			}
		}
		if !late {
			close(hang)
		}
	}
}

// A visit that never returns, and does not mind its context, could not test;
// the next visit is made, and what the first says later changes nothing.
func TestVisitThatNeverReturns(t *testing.T) {
	hang := make(chan struct{})
	returned := make(chan struct{})
	var clock *forgetful
	var first evidence.ProbeID
	visits := 0
	b := newBench(t, func(task *probes.Task, rec *probes.Recorder) error {
		if visits++; visits == 1 {
			first = task.Probe
			clock.forget()
			<-hang
			defer close(returned)
		}
		rec.Number("pages", 1)
		rec.End(evidence.Completed, "")
		return nil
	}, alphaAnswers)
	clock = &forgetful{Clock: b.clock}
	b.Clock = clock
	if err := b.run(nil); err != nil {
		t.Fatal(err)
	}
	close(hang)
	<-returned
	if visits != 2 {
		t.Errorf("%d visits, want one of each site", visits)
	}
	for name, o := range b.observations() {
		if !strings.Contains(name, "/look/") {
			continue
		}
		want := evidence.Completed
		if o.Probe == first {
			want = evidence.Broken
		}
		if o.Outcome != want || want == evidence.Broken && !strings.HasPrefix(o.Reason, "it did not end in its time") {
			t.Errorf("%s: %s, %q, want %s", name, o.Outcome, o.Reason, want)
		}
	}
	var n int
	err := b.DB.Read(t.Context(), func(ctx context.Context, tx db.Tx) error {
		return tx.QueryRow(ctx, `SELECT COUNT(*) FROM observation WHERE scenario = 'look'`).Scan(&n)
	})
	if err != nil || n != 2 {
		t.Errorf("%d observations of two visits, %v", n, err)
	}
}

// press turns the kill switch on from another connection, as the command does.
func (b *bench) press() {
	b.t.Helper()
	d, err := db.OpenBeside(b.t.Context(), b.path)
	if err != nil {
		b.t.Fatal(err)
	}
	defer d.Close()
	if err := SetKillSwitch(b.t.Context(), d, true, testStart); err != nil {
		b.t.Error(err)
	}
}

// Whatever is under way, and whether or not it minds its context, the kill
// switch ends it: what hangs here is let go only when the engine has ended.
func TestKillSwitchInEveryState(t *testing.T) {
	type world struct {
		*bench
		hang    chan struct{}
		reached chan struct{}
	}
	stall := func(w *world) { close(w.reached); <-w.hang }
	for name, c := range map[string]struct {
		visit func(w *world) // what a visit does
		ready func(w *world)
		act   func(w *world) error
	}{
		"asking the mail account": {ready: func(w *world) {
			w.Post.Check = func(context.Context) error { stall(w); return nil }
		}},
		"sending": {ready: func(w *world) {
			w.Post.Send = func(context.Context, probes.Letter) probes.Delivery { stall(w); return accepted }
		}},
		"a visit under way": {visit: stall},
		"waiting": {ready: func(w *world) {
			w.Clock = stopping{w.clock, w.reached}
		}},
		"catching up": {ready: func(w *world) {
			w.Post.Watch = func(context.Context, Watch) error { stall(w); return nil }
		}},
		"looking for an uncertain letter": {ready: func(w *world) {
			w.office.answer = func(probes.Letter, int) (probes.Delivery, []reply) {
				return probes.Delivery{State: probes.Uncertain}, nil
			}
			var once sync.Once
			w.Post.Find = func(context.Context, string) (bool, error) {
				once.Do(func() { close(w.reached) })
				<-w.hang
				return false, nil
			}
		}},
		"closing the wave": {ready: func(w *world) {
			w.runUntil(testStart.Add(3 * day))
			w.Post.Check = func(context.Context) error { stall(w); return nil }
		}, act: func(w *world) error { return w.Close(w.t.Context(), "w1") }},
		"planning": {act: func(w *world) error {
			in := PlanInput{Project: testProject(), Kinds: testKinds(nil), Wave: "w2", Seed: 1, Start: testStart}
			compose := in.Kinds["letter"].Correspondence.Compose
			var once sync.Once
			in.Kinds["letter"].Correspondence.Compose = func(t *probes.Task, env probes.Envelope) (probes.Letter, error) {
				once.Do(func() { close(w.reached); w.press(); close(w.hang) })
				return compose(t, env)
			}
			_, err := Draft(w.t.Context(), w.DB, in, "test", testStart)
			if _, e := LoadWave(w.t.Context(), w.DB, "w2"); !errors.Is(e, ErrNoWave) {
				w.t.Errorf("half a plan is left: %v", e)
			}
			return err
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := &world{hang: make(chan struct{}), reached: make(chan struct{})}
			w.bench = newBench(t, func(_ *probes.Task, rec *probes.Recorder) error {
				if c.visit != nil {
					c.visit(w)
				}
				rec.End(evidence.Completed, "")
				return nil
			}, alphaAnswers)
			if c.ready != nil {
				c.ready(w)
			}
			act := func(w *world) error { return w.run(nil) }
			if c.act != nil {
				act = c.act
			}
			ended := make(chan error, 1)
			go func() { ended <- act(w) }()
			<-w.reached
			if name != "planning" {
				w.press()
			}
			pressed := time.Now()
			if err := <-ended; !errors.Is(err, ErrStopped) {
				t.Fatalf("got %v", err)
			}
			t.Logf("ended %s after the switch", time.Since(pressed).Round(time.Millisecond))
			if name != "planning" {
				close(w.hang)
			}
		})
	}
}

// stopping is a clock at which nothing ever comes, and that tells who waits.
type stopping struct {
	*highstreet.Clock
	reached chan struct{}
}

func (c stopping) Wait(ctx context.Context, until time.Time, _ <-chan struct{}) error {
	close(c.reached)
	<-ctx.Done()
	return ctx.Err()
}

// A stop is heard while the engine writes as fast as it can.
func TestKillSwitchBesideABusyWriter(t *testing.T) {
	dir := t.TempDir()
	c := newCrowd(t, dir, 2000)
	if _, err := Draft(t.Context(), c.d, c.in, "test", testStart); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Run(t.Context(), "w1", nil) }()
	d, err := db.OpenBeside(t.Context(), filepath.Join(dir, "crowd-2000.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := SetKillSwitch(t.Context(), d, true, testStart); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; !errors.Is(err, ErrStopped) {
		t.Fatalf("got %v", err)
	}
}
