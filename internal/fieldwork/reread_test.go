package fieldwork

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"touchstone/internal/db"
	"touchstone/internal/evidence"
	"touchstone/probes"
)

// reread reads the wave again and gives what came of each probe, by name.
func (b *bench) reread(dry bool) map[string]Rereading {
	b.t.Helper()
	out := map[string]Rereading{}
	r := Reader{b.DB, b.Kinds}
	err := r.Wave(b.t.Context(), "w1", nil, dry, func(got Rereading) error {
		out[strings.TrimPrefix(got.Probe.String(), "w1/")] = got
		return nil
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return out
}

func (b *bench) readings(p evidence.ProbeID) (out []evidence.Observation) {
	b.t.Helper()
	err := b.DB.Read(b.t.Context(), func(ctx context.Context, tx db.Tx) (err error) {
		out, err = db.ReadingsTx(ctx, tx, p)
		return err
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return out
}

func (b *bench) exec(q string, args ...any) {
	b.t.Helper()
	err := b.DB.InTx(b.t.Context(), func(ctx context.Context, tx db.Tx) error {
		n, err := tx.Exec(ctx, q, args...)
		if err == nil && n == 0 {
			err = errors.New("nothing was changed")
		}
		return err
	})
	if err != nil {
		b.t.Fatalf("%s: %v", q, err)
	}
}

// better raises the reader's version and lets it think otherwise.
func (b *bench) better(read func(*probes.Task, probes.Thread, *probes.Recorder) error) {
	old := *b.Kinds["letter"]
	c := *old.Correspondence
	c.Reading = "letter/2"
	if read != nil {
		c.Read = read
	}
	old.Correspondence = &c
	b.Kinds["letter"] = &old
}

func ask(site string, n int) evidence.ProbeID {
	return evidence.ProbeID{Wave: "w1", Site: site, Scenario: "ask", Repeat: n}
}

// Every way in which a correspondence may have ended reads the same again.
func TestRereadingChangesNothing(t *testing.T) {
	refused := probes.Delivery{State: probes.Refused, Code: 550, Detail: "550 5.1.1 no such user"}
	for _, c := range []struct {
		name   string
		answer func(probes.Letter, int) (probes.Delivery, []reply)
		end    func(b *bench)
		n      int // correspondences
	}{
		{"answered and silent", alphaAnswers, nil, 4},
		{"refused", func(probes.Letter, int) (probes.Delivery, []reply) { return refused, nil }, nil, 4},
		{"uncertain", func(probes.Letter, int) (probes.Delivery, []reply) {
			return probes.Delivery{State: probes.Uncertain, Detail: "lost"}, nil
		}, nil, 4},
		{"closed before the windows", alphaAnswers, func(b *bench) {
			b.runUntil(testStart.Add(3 * day))
			if err := b.Close(t.Context(), "w1"); err != nil {
				t.Fatal(err)
			}
		}, 4},
		{"closed after the windows, without a look", alphaAnswers, func(b *bench) {
			b.runUntil(testStart.Add(3 * day))
			b.pass(testStart.Add(6 * day))
			b.Post = nil
			if err := b.Close(t.Context(), "w1"); err != nil {
				t.Fatal(err)
			}
		}, 4},
		{"closed before anything was due", alphaAnswers, func(b *bench) {
			b.runUntil(testStart)
			if err := b.Close(t.Context(), "w1"); err != nil {
				t.Fatal(err)
			}
		}, 0},
		{"still running", alphaAnswers, func(b *bench) { b.runUntil(testStart.Add(3 * day)) }, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, nil, c.answer)
			if c.end != nil {
				c.end(b)
			} else if err := b.run(nil); err != nil {
				t.Fatal(err)
			}
			before := b.observations()
			got := b.reread(false)
			if len(got) != c.n {
				t.Errorf("%d correspondences were read again, want %d", len(got), c.n)
			}
			for name, r := range got {
				if r.State != Unchanged {
					t.Errorf("%s: %+v", name, r)
				}
			}
			for name, o := range b.observations() {
				if o.Reading != before[name].Reading || o.Outcome != before[name].Outcome {
					t.Errorf("%s: %s, was %s", name, o.Reading, before[name].Reading)
				}
			}
			// a better reader that thinks the same: a reading of its own, with the same words
			b.better(nil)
			for name, r := range b.reread(false) {
				if r.State != Read || len(r.Changes) != 0 || r.After != "letter/2" {
					t.Errorf("%s by a newer reader: %+v", name, r)
				}
			}
			for name, o := range b.observations() {
				if o.Outcome != before[name].Outcome || o.Reason != before[name].Reason || o.Took != before[name].Took {
					t.Errorf("%s: %s (%s), was %s (%s)", name, o.Outcome, o.Reason, before[name].Outcome, before[name].Reason)
				}
			}
		})
	}
}

// sceptic is a reader that believes no answer.
func sceptic(_ *probes.Task, th probes.Thread, rec *probes.Recorder) error {
	rec.Number("answers", 0)
	if th.Closed {
		rec.End(evidence.Silent, "nobody meant it")
	} else {
		rec.End(evidence.Pending, "the window is open")
	}
	return nil
}

func TestABetterReader(t *testing.T) {
	b := newBench(t, nil, alphaAnswers)
	if err := b.run(nil); err != nil {
		t.Fatal(err)
	}
	b.better(sceptic)
	if got := b.reread(true)["alpha/ask/1"]; got.State != Read || got.After != "letter/2" {
		t.Errorf("a dry run: %+v", got)
	}
	if n := len(b.readings(ask("alpha", 1))); n != 1 {
		t.Fatalf("a dry run left %d readings", n)
	}

	// interrupted after the first, it goes on where it stopped
	stop := errors.New("interrupted")
	r := Reader{b.DB, b.Kinds}
	if err := r.Wave(t.Context(), "w1", nil, false, func(Rereading) error { return stop }); !errors.Is(err, stop) {
		t.Fatalf("got %v", err)
	}
	states := map[RereadState]int{}
	var alpha Rereading
	for name, got := range b.reread(false) {
		states[got.State]++
		if name == "alpha/ask/2" {
			alpha = got
		}
	}
	if states[Unchanged] != 1 || states[Read] != 3 {
		t.Errorf("after an interruption: %v, want 1 unchanged and 3 read", states)
	}
	want := []FactChange{{Name: "outcome", Old: "completed", New: "silent"}, {Name: "answers", Old: "1", New: "0"}, {Name: "after", Old: "3600", New: "none"}}
	if len(alpha.Changes) != 3 || alpha.Changes[0] != want[0] || alpha.Changes[1] != want[1] || alpha.Changes[2] != want[2] || alpha.Why != "the reader is now letter/2" {
		t.Errorf("got %+v", alpha)
	}
	all := b.readings(ask("alpha", 1))
	if len(all) != 2 || all[0].Reading != "letter/1" || all[0].Outcome != evidence.Completed || all[1].Reading != "letter/2" || all[1].Outcome != evidence.Silent {
		t.Errorf("readings: %+v", all)
	}
	for name, got := range b.reread(false) {
		if got.State != Unchanged {
			t.Errorf("once more, %s: %+v", name, got)
		}
	}

	// the older program leaves the newer one's reading alone
	b.Kinds = testKinds(nil)
	if got := b.reread(false)["alpha/ask/1"]; got.State != Unread || !strings.Contains(got.Why, "newer program") {
		t.Errorf("an older program: %+v", got)
	}
}

// What an operator ended before its time is not silence to any reader.
func TestRereadingAWaveThatWasClosedEarly(t *testing.T) {
	b := newBench(t, nil, alphaAnswers)
	b.runUntil(testStart.Add(3 * day))
	if err := b.Close(t.Context(), "w1"); err != nil {
		t.Fatal(err)
	}
	b.better(sceptic)
	b.reread(false)
	for name, o := range b.observations() {
		if strings.Contains(name, "/ask/") && (o.Outcome != evidence.Broken || !strings.HasPrefix(o.Reason, closedEarly+"its window was open until 2026-11-07")) {
			t.Errorf("%s: %s (%s)", name, o.Outcome, o.Reason)
		}
	}
}

func TestAMailAssignedAfterTheEnd(t *testing.T) {
	b := newBench(t, nil, alphaAnswers)
	b.clock.At(testStart.Add(2*day), func() {
		b.office.deliver("From: <desk@beta.example>\r\nTo: <other@shopper.example>\r\nSubject: your question\r\n\r\nan answer\r\n")
	})
	if err := b.run(nil); err != nil {
		t.Fatal(err)
	}
	b.exec(`UPDATE arrival SET wave = 'w1', site = 'beta', scenario = 'ask', repeat = 1, matched = 'by hand' WHERE matched = ''`)
	got := b.reread(false)
	r := got["beta/ask/1"]
	if r.State != Read || r.Before != "letter/1" || r.After != "letter/1+1" {
		t.Errorf("got %+v", r)
	}
	if o := b.observations()["beta/ask/1"]; o.Outcome != evidence.Completed || o.Reading != "letter/1+1" {
		t.Errorf("%s, reading %s", o.Outcome, o.Reading)
	}
	if got["beta/ask/2"].State != Unchanged || b.reread(false)["beta/ask/1"].State != Unchanged {
		t.Error("more was read than the one thread, once")
	}
	// taken away again, it is a thread of its own once more
	b.exec(`UPDATE arrival SET wave = '', site = '', scenario = '', repeat = 0, matched = '' WHERE matched = 'by hand'`)
	if r := b.reread(false)["beta/ask/1"]; r.After != "letter/1+2" {
		t.Errorf("got %+v", r)
	}
	if o := b.observations()["beta/ask/1"]; o.Outcome != evidence.Silent {
		t.Errorf("%s", o.Outcome)
	}
}

func TestRereadingWithoutProof(t *testing.T) {
	b := newBench(t, nil, alphaAnswers)
	if err := b.run(nil); err != nil {
		t.Fatal(err)
	}
	b.exec(`DELETE FROM mail WHERE sha256 IN (SELECT sha256 FROM arrival WHERE repeat = 1)`)
	b.better(sceptic)
	got := b.reread(false)
	if r := got["alpha/ask/1"]; r.State != Unread || !strings.Contains(r.Why, "no longer kept") {
		t.Errorf("got %+v", r)
	}
	if o := b.observations()["alpha/ask/1"]; o.Outcome != evidence.Completed || o.Reading != "letter/1" {
		t.Errorf("the old reading did not stay: %s, %s", o.Outcome, o.Reading)
	}
	if r := got["alpha/ask/2"]; r.State != Read {
		t.Errorf("the others: %+v", r)
	}
}

func TestACorrectedClassIsReadWithAllThatFollows(t *testing.T) {
	b := newBench(t, nil, alphaAnswers)
	read := b.Kinds["letter"].Correspondence.Read
	b.Kinds["letter"].Correspondence.Read = func(task *probes.Task, th probes.Thread, rec *probes.Recorder) error {
		var kept []probes.Arrival
		for i, a := range th.Arrivals {
			rec.Cite("reply-"+string(rune('1'+i))+".eml", a.Ref)
			if a.Reviewed.Class != "acknowledgement" {
				kept = append(kept, a)
			}
		}
		th.Arrivals = kept
		return read(task, th, rec)
	}
	if err := b.run(nil); err != nil {
		t.Fatal(err)
	}
	o := b.observations()["alpha/ask/1"]
	said := evidence.Adjudication{
		Probe: o.Probe, Reading: o.Reading, Mail: o.Evidence["reply-1.eml"], Step: "reply-1", Item: evidence.ItemClass,
		Machine: "human", Value: "acknowledgement", By: "R1", At: testStart.Add(30 * day), Why: "a machine wrote it",
	}
	r := Reader{b.DB, b.Kinds}
	got, err := r.Adjudicate(t.Context(), o.Probe, []evidence.Adjudication{said})
	if err != nil || got == nil || got.State != Read || got.After != "letter/1+1" || got.Why != "a reviewer corrected it" {
		t.Fatalf("%+v, %v", got, err)
	}
	if o := b.observations()["alpha/ask/1"]; o.Outcome != evidence.Silent {
		t.Errorf("the outcome did not follow: %s", o.Outcome)
	}
	if first := b.readings(o.Probe)[0]; first.Outcome != evidence.Completed {
		t.Errorf("the reader's own reading is gone: %s", first.Outcome)
	}
	if b.reread(false)["alpha/ask/1"].State != Unchanged {
		t.Error("it was read once more")
	}
	list, err := b.DB.Adjudications(t.Context(), "w1")
	if err != nil || len(list) != 1 || list[0].N != 1 || list[0].Why != said.Why || !list[0].At.Equal(said.At) {
		t.Errorf("%+v, %v", list, err)
	}

	// a later word wins
	said.Value = "human"
	if got, err := r.Adjudicate(t.Context(), o.Probe, []evidence.Adjudication{said}); err != nil || got.After != "letter/1+2" {
		t.Fatalf("%+v, %v", got, err)
	}
	if o := b.observations()["alpha/ask/1"]; o.Outcome != evidence.Completed {
		t.Errorf("the later word did not win: %s", o.Outcome)
	}

	// without its mail nothing can follow, and nothing is kept
	b.exec(`DELETE FROM mail WHERE sha256 = $1`, string(said.Mail))
	said.Value = "bulk"
	if _, err := r.Adjudicate(t.Context(), o.Probe, []evidence.Adjudication{said}); err == nil || !strings.Contains(err.Error(), "correct the outcome") {
		t.Errorf("got %v", err)
	}
	if list, _ := b.DB.Adjudications(t.Context(), "w1"); len(list) != 2 {
		t.Errorf("%d adjudications are kept", len(list))
	}
}

func TestAdjudicationsStay(t *testing.T) {
	b := newBench(t, nil, alphaAnswers)
	err := b.DB.InTx(t.Context(), func(ctx context.Context, tx db.Tx) error {
		return db.AdjudicateTx(ctx, tx, evidence.Adjudication{Probe: ask("alpha", 1), Item: "outcome", Machine: "silent", Value: "failed", By: "R1", At: time.Unix(1, 0)})
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{`DELETE FROM adjudication`, `UPDATE adjudication SET body = '{}'`} {
		err := b.DB.InTx(t.Context(), func(ctx context.Context, tx db.Tx) error { _, err := tx.Exec(ctx, q); return err })
		if err == nil || !strings.Contains(err.Error(), "a later one supersedes it") {
			t.Errorf("%s: %v", q, err)
		}
	}
}
