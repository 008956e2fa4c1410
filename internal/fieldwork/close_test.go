package fieldwork

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"touchstone/internal/evidence"
	"touchstone/probes"
)

// runUntil works on the wave until the clock stands at the instant.
func (b *bench) runUntil(at time.Time) {
	b.t.Helper()
	stop := make(chan struct{})
	var hold func()
	b.clock.At(at, func() {
		hold = b.clock.Begin() // until the engine has ended
		close(stop)
	})
	err := b.run(stop)
	if !errors.Is(err, ErrInterrupted) {
		b.t.Fatalf("the wave was to be interrupted: %v", err)
	}
	hold()
	b.reopen()
}

// pass lets time go by while no engine runs.
func (b *bench) pass(until time.Time) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.t.Context(), 5*time.Second)
	defer cancel()
	if err := b.clock.Wait(ctx, until, nil); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) letter(site string, repeat int) *probes.Letter {
	for i := range b.plan.Rows {
		if r := &b.plan.Rows[i]; r.Probe.Site == site && r.Letter != nil && r.Probe.Repeat == repeat {
			return r.Letter
		}
	}
	b.t.Fatalf("no letter %d to %s", repeat, site)
	return nil
}

const day = 24 * time.Hour

func TestCloseEndsEachProbeWithWhatIsTrue(t *testing.T) {
	for _, c := range []struct {
		name    string
		at      time.Duration // when it is closed
		offline bool
		beta1   evidence.Outcome // answered by a mail that still lies in the mailbox
		beta2   evidence.Outcome // never answered
		reason  string           // of beta2
	}{
		{"before the windows close", 3 * day, false, evidence.Completed, evidence.Broken, "closed early by the operator: its window was open until 2026-11-07"},
		{"after they closed", 6 * day, false, evidence.Completed, evidence.Silent, "no answer"},
		{"after they closed, without a look", 6 * day, true, evidence.Broken, evidence.Broken, "closed early by the operator: its window had closed, but the mailbox was not looked at since"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, nil, alphaAnswers)
			b.runUntil(testStart.Add(3 * day))
			b.pass(testStart.Add(c.at))
			b.office.deliver(strings.ReplaceAll(answerMail, "{to}", b.letter("beta", 1).From))
			sends := len(b.office.tries)
			if c.offline {
				b.Post = nil
			}
			if err := b.Close(t.Context(), "w1"); err != nil {
				t.Fatal(err)
			}
			got := b.observations()
			for name, want := range map[string]evidence.Outcome{
				"alpha/ask/1": evidence.Completed, "alpha/ask/2": evidence.Completed, "alpha/look/1": evidence.Completed,
				"beta/ask/1": c.beta1, "beta/ask/2": c.beta2,
			} {
				if got[name].Outcome != want {
					t.Errorf("%s: %s (%s), want %s", name, got[name].Outcome, got[name].Reason, want)
				}
			}
			if r := got["beta/ask/2"].Reason; !strings.HasPrefix(r, c.reason) {
				t.Errorf("beta/ask/2: %q, want %q", r, c.reason)
			}
			if len(b.office.tries) != sends {
				t.Error("closing sent mail")
			}
			w, err := LoadWave(t.Context(), b.DB, "w1")
			if err != nil || w.State != WaveDone || !w.Ended.Equal(b.clock.Now()) {
				t.Errorf("the wave is %s, ended %s: %v", w.State, w.Ended, err)
			}
			if err := b.Close(t.Context(), "w1"); !errors.Is(err, ErrNotOpen) {
				t.Errorf("closed again: %v", err)
			}
		})
	}
}

func TestCloseBeforeTheLettersWereDue(t *testing.T) {
	b := newBench(t, nil, alphaAnswers)
	if err := b.Close(t.Context(), "w1"); !errors.Is(err, ErrNotOpen) {
		t.Fatalf("a wave that never began was closed: %v", err)
	}
	b.runUntil(testStart)
	if err := b.Close(t.Context(), "w1"); err != nil {
		t.Fatal(err)
	}
	if len(b.office.tries) != 0 {
		t.Errorf("%d letters were sent", len(b.office.tries))
	}
	for name, o := range b.observations() {
		if strings.Contains(name, "/ask/") && (o.Outcome != evidence.Broken || o.Reason != "closed early by the operator: it had not begun") {
			t.Errorf("%s: %s, %q", name, o.Outcome, o.Reason)
		}
	}
	for _, r := range b.plan.Rows {
		if r.Letter != nil && b.effect(r.Probe).State != "planned" {
			t.Errorf("%s: the ledger says %s", r.Probe, b.effect(r.Probe).State)
		}
	}
}

func TestCloseWithAnUnreachableMailbox(t *testing.T) {
	b := newBench(t, nil, alphaAnswers)
	b.runUntil(testStart.Add(3 * day))
	down := errors.New("connection refused")
	b.Post.Check = func(context.Context) error { return down }
	if err := b.Close(t.Context(), "w1"); !errors.Is(err, down) {
		t.Fatalf("got %v", err)
	}
	if w, err := LoadWave(t.Context(), b.DB, "w1"); err != nil || w.State != WaveRunning {
		t.Errorf("the wave is %s, %v: nothing was to be concluded", w.State, err)
	}
}

func TestAbandon(t *testing.T) {
	b := newBench(t, nil, alphaAnswers)
	b.runUntil(testStart.Add(3 * day))
	dropped, err := Abandon(t.Context(), b.DB, "w1", b.clock.Now())
	if err != nil || dropped {
		t.Fatalf("dropped %v, %v", dropped, err)
	}
	got := b.observations()
	if o := got["alpha/look/1"]; o.Outcome != evidence.Completed {
		t.Errorf("what had ended is lost: %s", o.Outcome)
	}
	if o := got["beta/ask/1"]; o.Outcome != evidence.Broken || o.Reason != "the wave was abandoned before this had ended" {
		t.Errorf("beta/ask/1: %s, %q", o.Outcome, o.Reason)
	}
	for _, r := range b.plan.Rows {
		if r.Letter != nil && b.effect(r.Probe).State != "accepted" {
			t.Errorf("%s: the ledger lost its effect: %s", r.Probe, b.effect(r.Probe).State)
		}
	}
	if err := b.run(nil); err == nil || !strings.Contains(err.Error(), "abandoned and can't be run again") {
		t.Errorf("an abandoned wave ran: %v", err)
	}
	if _, err := Abandon(t.Context(), b.DB, "w1", b.clock.Now()); !errors.Is(err, ErrNotOpen) {
		t.Errorf("abandoned twice: %v", err)
	}
}

func TestAbandonAPlan(t *testing.T) {
	b := newBench(t, nil, alphaAnswers)
	dropped, err := Abandon(t.Context(), b.DB, "w1", testStart)
	if err != nil || !dropped {
		t.Fatalf("dropped %v, %v", dropped, err)
	}
	if _, err := LoadWave(t.Context(), b.DB, "w1"); !errors.Is(err, ErrNoWave) {
		t.Errorf("the plan is still there: %v", err)
	}
}

func TestStrays(t *testing.T) {
	b := newBench(t, nil, alphaAnswers)
	b.clock.At(testStart.Add(2*day), func() {
		b.office.deliver("From: Ann <ann@stranger.example>\r\nTo: <shopper@shopper.example>\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n\r\nhello\r\n")
	})
	b.runUntil(testStart.Add(3 * day))
	got, err := Strays(t.Context(), b.DB)
	if err != nil || len(got) != 1 {
		t.Fatalf("%d strays, %v", len(got), err)
	}
	s := got[0]
	if s.From != "ann@stranger.example" || s.Subject != "Grüße" || s.To[0] != "shopper@shopper.example" || !s.Received.Equal(testStart.Add(2*day)) || s.Ref == "" {
		t.Errorf("got %+v", s)
	}
}
