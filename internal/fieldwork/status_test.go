package fieldwork

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"touchstone/internal/db"
	"touchstone/internal/evidence"
	"touchstone/probes"
)

func (b *bench) status() Status {
	b.t.Helper()
	w, err := LoadWave(b.t.Context(), b.DB, "w1")
	if err != nil {
		b.t.Fatal(err)
	}
	s, err := w.Status(b.t.Context(), b.DB, b.clock.Now())
	if err != nil {
		b.t.Fatal(err)
	}
	return s
}

func TestStatusFromPlanToEnd(t *testing.T) {
	b := newBench(t, nil, alphaAnswers)
	var last time.Time // the last letter's due time
	for _, r := range b.plan.Rows {
		if r.Letter != nil && r.Due.After(last) {
			last = r.Due
		}
	}
	s := b.status()
	if s.State != WavePlanned || len(s.Sites) != 2 || !s.Next.Equal(testStart) || !s.ETA.Equal(last.Add(5*day)) {
		t.Errorf("planned: %+v", s)
	}
	if a := s.Sites[0]; a.Site != "alpha" || a.Planned != 2 || a.Due != 2 || a.Total() != 4 {
		t.Errorf("planned: alpha %+v", a)
	}

	b.runUntil(testStart.Add(3 * day))
	s = b.status()
	if a, b := s.Sites[0], s.Sites[1]; a.Heard != 2 || b.Heard != 0 {
		t.Errorf("after three days: mail came for %d probes of alpha and %d of beta", a.Heard, b.Heard)
	}
	if a := s.Sites[1]; a.Open != 2 || a.Ended[evidence.Completed] != 1 || a.Ended[evidence.NotGranted] != 1 || a.Total() != 4 {
		t.Errorf("after three days: beta %+v", a)
	}
	if all := s.All(); all.Open != 4 || all.Ended[evidence.Completed] != 2 || all.Ended[evidence.NotGranted] != 2 || all.Total() != 8 {
		t.Errorf("after three days: all %+v", all)
	}
	if s.State != WaveRunning || !s.Next.IsZero() || !s.ETA.Equal(last.Add(5*day)) {
		t.Errorf("after three days: %+v, want the end at %s", s, last.Add(5*day))
	}
	if err := SetKillSwitch(t.Context(), b.DB, true, testStart); err != nil {
		t.Fatal(err)
	}
	if !b.status().Stopped {
		t.Error("the kill switch does not show")
	}
	if err := SetKillSwitch(t.Context(), b.DB, false, testStart); err != nil {
		t.Fatal(err)
	}

	if err := b.run(nil); err != nil {
		t.Fatal(err)
	}
	s = b.status()
	if s.State != WaveDone || s.Stopped || !s.ETA.IsZero() || s.Ended.IsZero() || s.Sites[1].Ended[evidence.Silent] != 2 {
		t.Errorf("at the end: %+v", s)
	}
}

// follow watches the wave as another process would: by a connection of its own.
func (b *bench) follow(alive func() bool) (wait func() (WaveState, []string, error)) {
	b.t.Helper()
	d, err := db.OpenReader(b.t.Context(), b.path)
	if err != nil {
		b.t.Fatal(err)
	}
	var lines []string
	var state WaveState
	var wg sync.WaitGroup
	f := Follower{DB: d, Every: time.Millisecond, Alive: alive, Notify: func(e Event) { lines = append(lines, e.Probe.Site+"/"+e.Probe.Scenario+": "+e.Text) }}
	ctx, cancel := context.WithTimeout(b.t.Context(), 20*time.Second)
	wg.Go(func() { state, err = f.Run(ctx, "w1") })
	return func() (WaveState, []string, error) {
		wg.Wait()
		cancel()
		_ = d.Close()
		return state, lines, err
	}
}

func TestFollowTellsWhatHappensUntilTheEnd(t *testing.T) {
	b := newBench(t, nil, alphaAnswers)
	b.runUntil(testStart)
	wait := b.follow(func() bool { return true })
	if err := b.run(nil); err != nil {
		t.Fatal(err)
	}
	state, lines, err := wait()
	if err != nil || state != WaveDone {
		t.Fatalf("%s, %v", state, err)
	}
	// a look may come between any two steps or miss some, but never the end of one
	for _, want := range []string{"alpha/ask: completed", "beta/ask: silent"} {
		if n := strings.Count(strings.Join(lines, "\n")+"\n", want+"\n"); n != 2 {
			t.Errorf("%q was told %d times, not twice:\n%s", want, n, strings.Join(lines, "\n"))
		}
	}
}

func TestFollowTellsOfEachChange(t *testing.T) {
	p := func(state, detail string, due time.Duration) change {
		return change{probe: evidence.ProbeID{Wave: "w1", Site: "s", Scenario: state + detail, Repeat: 1}, state: state, detail: detail, due: testStart.Add(due), deadline: testStart.Add(day)}
	}
	mail := p("open", "", 0)
	mail.heard = true
	var got []string
	f := Follower{Notify: func(e Event) {
		if e.Done != 1 || e.Total != 5 || e.Ended != (e.Text == "silent") {
			t.Errorf("%+v", e)
		}
		got = append(got, e.Text)
	}}
	f.tell([]change{p("done", "silent", 0), p("running", "", 0), mail, p("open", "", 0), p("planned", "greylisted", time.Hour), p("planned", "", 0)}, &progress{total: 5})
	want := []string{"silent", "begun", "mail arrived", "mail accepted; waits for answers until 2026-11-03T09:00:00Z", "due at 2026-11-02T10:00:00Z: greylisted"}
	if !slices.Equal(got, want) {
		t.Errorf("told %q, want %q", got, want)
	}
}

func TestFollowEndsWhenNobodyIsAtWork(t *testing.T) {
	b := newBench(t, nil, func(probes.Letter, int) (probes.Delivery, []reply) { return accepted, nil })
	b.runUntil(testStart.Add(day))
	var asked atomic.Int32
	state, _, err := b.follow(func() bool { return asked.Add(1) < 3 })()
	if !errors.Is(err, ErrNobody) || state != WaveRunning || asked.Load() != 4 {
		t.Errorf("%s, %v after %d looks: want two looks without a process", state, err, asked.Load())
	}
}
