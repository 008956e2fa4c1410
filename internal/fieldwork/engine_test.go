package fieldwork

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
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

// visitFunc makes a kind's Visit of what a test does.
func visitFunc(f func(*probes.Task, *probes.Recorder) error) func(context.Context, *probes.Task, *probes.Recorder) error {
	return func(_ context.Context, t *probes.Task, rec *probes.Recorder) error { return f(t, rec) }
}

// postOffice is a mail account and the world behind it, in memory: what it is
// told to do with each letter, and what comes back, at which time.
type postOffice struct {
	clock  *highstreet.Clock
	answer func(l probes.Letter, try int) (probes.Delivery, []reply)

	mu    sync.Mutex
	tries map[string]int // by Message-ID
	taken map[string]int // letters that reached the recipient's side
	box   []Incoming
	wake  chan struct{}
	holds map[string]func()
	deaf  bool // never answers a poke, but tells of it
	poked func()
	sent  map[string]bool
}

type reply struct {
	after time.Duration
	raw   string
}

func newPostOffice(c *highstreet.Clock, answer func(probes.Letter, int) (probes.Delivery, []reply)) *postOffice {
	return &postOffice{clock: c, answer: answer, tries: map[string]int{}, taken: map[string]int{}, wake: make(chan struct{}, 1), holds: map[string]func(){}, sent: map[string]bool{}}
}

func (o *postOffice) post() *Post {
	return &Post{
		Mailboxes: []string{"INBOX"},
		Check:     func(context.Context) error { return nil },
		Send: func(_ context.Context, l probes.Letter) probes.Delivery {
			o.mu.Lock()
			o.tries[l.MessageID]++
			try := o.tries[l.MessageID]
			o.mu.Unlock()
			d, replies := o.answer(l, try)
			if d.State == probes.Accepted || len(replies) > 0 {
				o.mu.Lock()
				o.taken[l.MessageID]++
				o.mu.Unlock()
			}
			for _, r := range replies {
				o.clock.At(o.clock.Now().Add(r.after), func() { o.deliver(strings.ReplaceAll(r.raw, "{to}", l.From)) })
			}
			return d
		},
		Find: func(_ context.Context, id string) (bool, error) {
			o.mu.Lock()
			defer o.mu.Unlock()
			return o.sent[id], nil
		},
		Watch: func(ctx context.Context, w Watch) error {
			last, err := w.From(ctx, 7)
			if err != nil {
				return err
			}
			for {
				o.mu.Lock()
				var todo []Incoming
				for _, m := range o.box {
					if m.UID > last {
						todo = append(todo, m)
					}
				}
				o.mu.Unlock()
				for _, m := range todo {
					if err := w.Store(ctx, m); err != nil {
						return err
					}
					last = m.UID
				}
				select {
				case <-ctx.Done():
					return ctx.Err()
				case <-o.wake:
				case n := <-w.Poke:
					if o.deaf {
						o.poked()
					} else { // everything delivered so far was stored by an earlier turn: the clock stood still for it
						w.CaughtUp(n)
					}
				}
			}
		},
	}
}

// deliver puts a mail in the mailbox and holds the clock until it is recorded.
func (o *postOffice) deliver(raw string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.holds[raw] = o.clock.Begin()
	o.box = append(o.box, Incoming{Mailbox: "INBOX", Validity: 7, UID: uint32(len(o.box) + 1), Raw: []byte(raw), Received: o.clock.Now()})
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

func (o *postOffice) recorded(raw []byte) {
	o.mu.Lock()
	done := o.holds[string(raw)]
	delete(o.holds, string(raw))
	o.mu.Unlock()
	if done != nil {
		done()
	}
}

// bench is an engine over a fresh database, with the world of a test.
type bench struct {
	*Engine
	t      *testing.T
	path   string
	office *postOffice
	clock  *highstreet.Clock
	plan   *Plan
}

func newBench(t *testing.T, visit func(*probes.Task, *probes.Recorder) error, answer func(probes.Letter, int) (probes.Delivery, []reply)) *bench {
	t.Helper()
	if visit == nil {
		visit = func(_ *probes.Task, rec *probes.Recorder) error {
			rec.Number("pages", 1)
			rec.End(evidence.Completed, "")
			return nil
		}
	}
	clock := highstreet.NewClock(testStart)
	office := newPostOffice(clock, answer)
	b := &bench{t: t, path: filepath.Join(unsynced(t), "wave.db"), office: office, clock: clock}
	b.Engine = &Engine{Kinds: testKinds(visit), Clock: clock, Post: office.post(), Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Recorded: office.recorded}
	b.reopen()
	b.plan = testPlan(t, func(in *PlanInput) { in.Kinds = b.Kinds })
	if err := Freeze(t.Context(), b.DB, b.plan, "test", testStart); err != nil {
		t.Fatal(err)
	}
	return b
}

// unsynced is a folder for a database whose every commit waits for no disk: on
// the file system in memory where there is one. What a disk owes is asked of it
// by internal/db and internal/crash.
func unsynced(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "touchstone-test-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// reopen is what a new process does: it opens the database again.
func (b *bench) reopen() {
	b.t.Helper()
	if b.DB != nil {
		if err := b.DB.Close(); err != nil {
			b.t.Fatal(err)
		}
	}
	d, err := db.Open(b.t.Context(), b.path)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { _ = d.Close() })
	b.DB, b.Evidence = d, d.Evidence(filepath.Join(filepath.Dir(b.path), "evidence"))
}

// run works until the wave ends or the engine says why not.
func (b *bench) run(stop <-chan struct{}) error {
	ctx, cancel := context.WithTimeout(b.t.Context(), 20*time.Second)
	defer cancel()
	return b.Run(ctx, "w1", stop)
}

func (b *bench) observations() map[string]evidence.Observation {
	b.t.Helper()
	w, err := LoadWave(b.t.Context(), b.DB, "w1")
	if err != nil {
		b.t.Fatal(err)
	}
	out := map[string]evidence.Observation{}
	for o, err := range w.Observations(b.t.Context(), b.DB, b.Evidence) {
		if err != nil {
			b.t.Fatal(err)
		}
		out[strings.TrimPrefix(o.Probe.String(), "w1/")] = o
	}
	return out
}

// effect gives the state of a letter's row in the ledger, and its tries.
func (b *bench) effect(p evidence.ProbeID) (row effectRow) {
	b.t.Helper()
	err := b.DB.Read(b.t.Context(), func(ctx context.Context, tx db.Tx) (err error) {
		row, err = loadEffect(ctx, tx, p, letterStep)
		return err
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return row
}

// once fails the test when any letter reached its recipient twice.
func (b *bench) once() {
	b.t.Helper()
	for id, n := range b.office.taken {
		if n > 1 {
			b.t.Errorf("letter %s was sent %d times", id, n)
		}
	}
}

var accepted = probes.Delivery{State: probes.Accepted, Code: 250, Detail: "ok"}

const answerMail = "From: <desk@alpha.example>\r\nTo: <{to}>\r\nSubject: Re\r\n\r\nan answer\r\n"

// alphaAnswers: alpha answers after an hour, beta never.
func alphaAnswers(l probes.Letter, _ int) (probes.Delivery, []reply) {
	if strings.Contains(l.To, "alpha") {
		return accepted, []reply{{time.Hour, answerMail}}
	}
	return accepted, nil
}

func TestWaveFromPlanToEnd(t *testing.T) {
	b := newBench(t, nil, alphaAnswers)
	if err := b.run(nil); err != nil {
		t.Fatal(err)
	}
	got := b.observations()
	if len(got) != 8 {
		t.Fatalf("%d observations of 8 probes", len(got))
	}
	for name, want := range map[string]evidence.Outcome{
		"alpha/ask/1": evidence.Completed, "alpha/ask/2": evidence.Completed, "alpha/look/1": evidence.Completed, "alpha/order/1": evidence.NotGranted,
		"beta/ask/1": evidence.Silent, "beta/ask/2": evidence.Silent, "beta/look/1": evidence.Completed, "beta/order/1": evidence.NotGranted,
	} {
		o := got[name]
		if o.Outcome != want {
			t.Errorf("%s: %s (%s), want %s", name, o.Outcome, o.Reason, want)
		}
		if f, ok := o.Fact("after"); want == evidence.Completed && o.Kind == "letter" && (!ok || f.Number != 3600) {
			t.Errorf("%s: answered after %v s, want 3600", name, f.Number)
		}
	}
	b.once()
	w, err := LoadWave(t.Context(), b.DB, "w1")
	if err != nil || w.State != WaveDone {
		t.Fatalf("the wave is %s, %v", w.State, err)
	}
	if end := b.clock.Now(); end.Sub(testStart) < 5*24*time.Hour {
		t.Errorf("the wave ended at %s, before its windows closed", end)
	}
	if err := b.run(nil); err == nil || !strings.Contains(err.Error(), "can't be run again") {
		t.Errorf("a wave that is done ran again: %v", err)
	}
}

func TestInterruptedWaveGoesOn(t *testing.T) {
	stop := make(chan struct{})
	var once sync.Once
	b := newBench(t, nil, func(l probes.Letter, try int) (probes.Delivery, []reply) {
		once.Do(func() { close(stop) }) // the first letter is in hand
		return alphaAnswers(l, try)
	})
	if err := b.run(stop); !errors.Is(err, ErrInterrupted) {
		t.Fatalf("got %v", err)
	}
	pending := 0
	for _, o := range b.observations() {
		if o.Outcome == evidence.Pending {
			pending++
		}
	}
	if pending < 4 {
		t.Errorf("%d probes pending after the first letter, want all four letters", pending)
	}
	b.reopen()
	if err := b.run(nil); err != nil {
		t.Fatal(err)
	}
	b.once()
	if o := b.observations()["alpha/ask/1"]; o.Outcome != evidence.Completed {
		t.Errorf("alpha/ask/1: %s, %s", o.Outcome, o.Reason)
	}
}

// A process that dies between `begun` and the relay's answer leaves a letter
// that may have gone out. It is never sent again; what comes back proves it.
func TestLetterBegunByADeadProcess(t *testing.T) {
	for _, reached := range []bool{true, false} {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		died := false
		b := newBench(t, nil, func(l probes.Letter, _ int) (probes.Delivery, []reply) {
			if died {
				return accepted, nil
			}
			died = true
			cancel() // the process ends here: nothing of what follows is stored
			if reached {
				return accepted, []reply{{time.Hour, answerMail}}
			}
			return probes.Delivery{State: probes.Uncertain}, nil
		})
		// storing the answer fails as it would in a process that is gone
		b.Post.Send = dying(b, b.Post.Send)
		if err := b.Run(ctx, "w1", nil); err == nil {
			t.Fatal("the wave went on without its process")
		}
		b.reopen()
		b.Post = b.office.post()
		if err := b.run(nil); err != nil {
			t.Fatal(err)
		}
		b.once()
		states := map[string]int{}
		for _, r := range b.plan.Rows {
			if r.Letter == nil {
				continue
			}
			eff := b.effect(r.Probe)
			states[eff.State]++
			if b.office.tries[r.Letter.MessageID] != 1 {
				t.Errorf("reached %v: %s was tried %d times", reached, r.Probe, b.office.tries[r.Letter.MessageID])
			}
			o := b.observations()[strings.TrimPrefix(r.Probe.String(), "w1/")]
			if eff.State == "uncertain" && o.Outcome != evidence.Broken {
				t.Errorf("%s: uncertain, yet %s", r.Probe, o.Outcome)
			}
		}
		want := map[string]int{"accepted": 4}
		if !reached {
			want = map[string]int{"accepted": 3, "uncertain": 1}
		}
		if states["accepted"] != want["accepted"] || states["uncertain"] != want["uncertain"] {
			t.Errorf("reached %v: ledger %v, want %v", reached, states, want)
		}
	}
}

// dying closes the database under the engine once its first send is over.
func dying(b *bench, send func(context.Context, probes.Letter) probes.Delivery) func(context.Context, probes.Letter) probes.Delivery {
	return func(ctx context.Context, l probes.Letter) probes.Delivery {
		d := send(ctx, l)
		_ = b.DB.Close()
		return d
	}
}

func TestUncertainLetterFoundAmongTheSent(t *testing.T) {
	b := newBench(t, nil, func(l probes.Letter, _ int) (probes.Delivery, []reply) {
		return probes.Delivery{State: probes.Uncertain, Detail: "connection lost after the dot"}, nil
	})
	for _, r := range b.plan.Rows {
		if r.Letter != nil && r.Probe.Site == "alpha" {
			b.office.sent[r.Letter.MessageID] = true
		}
	}
	if err := b.run(nil); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]evidence.Outcome{"alpha/ask/1": evidence.Silent, "alpha/ask/2": evidence.Silent, "beta/ask/1": evidence.Broken, "beta/ask/2": evidence.Broken} {
		if o := b.observations()[name]; o.Outcome != want {
			t.Errorf("%s: %s (%s), want %s", name, o.Outcome, o.Reason, want)
		}
	}
	for id, n := range b.office.tries {
		if n != 1 {
			t.Errorf("%s tried %d times", id, n)
		}
	}
}

func TestDeferredLetterIsTriedAgainAndRefusedOneIsNot(t *testing.T) {
	b := newBench(t, nil, func(l probes.Letter, try int) (probes.Delivery, []reply) {
		if strings.Contains(l.To, "beta") {
			return probes.Delivery{State: probes.Refused, Code: 550, Detail: "550 5.1.1 no such user"}, nil
		}
		if try < 3 {
			return probes.Delivery{State: probes.Deferred, Code: 451, Detail: "451 greylisted"}, nil
		}
		return alphaAnswers(l, try)
	})
	if err := b.run(nil); err != nil {
		t.Fatal(err)
	}
	for _, r := range b.plan.Rows {
		if r.Letter == nil {
			continue
		}
		o, eff := b.observations()[strings.TrimPrefix(r.Probe.String(), "w1/")], b.effect(r.Probe)
		if r.Probe.Site == "alpha" && (o.Outcome != evidence.Completed || eff.Attempts != 3) {
			t.Errorf("%s: %s after %d tries", r.Probe, o.Outcome, eff.Attempts)
		}
		if r.Probe.Site == "beta" && (o.Outcome != evidence.Failed || eff.State != "refused" || eff.Attempts != 1) {
			t.Errorf("%s: %s, %s after %d tries", r.Probe, o.Outcome, eff.State, eff.Attempts)
		}
	}
}

// A letter that we broke off ourselves, before anything was taken, waits for
// nobody: the next run sends it at once.
func TestLetterThatWasStoppedIsDueAsBefore(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	b := newBench(t, nil, func(l probes.Letter, try int) (probes.Delivery, []reply) {
		if ctx.Err() == nil {
			cancel()
			return probes.Delivery{State: probes.Deferred, Detail: "stopped"}, nil
		}
		return alphaAnswers(l, try)
	})
	if err := b.Run(ctx, "w1", nil); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
	var waiting int
	if err := b.DB.Read(t.Context(), func(ctx context.Context, tx db.Tx) error {
		return tx.QueryRow(ctx, `SELECT COUNT(*) FROM probe WHERE state = 'planned' AND detail = 'stopped' AND due_us <= $1`, micros(b.Clock.Now())).Scan(&waiting)
	}); err != nil || waiting != 1 {
		t.Errorf("%d letters are due at once, want 1: %v", waiting, err)
	}
	b.reopen()
	if err := b.run(nil); err != nil {
		t.Fatal(err)
	}
	for id, n := range b.office.taken {
		if n != 1 {
			t.Errorf("%s was taken %d times", id, n)
		}
	}
}

// Silence is concluded only from a mailbox that was looked at after the
// window closed.
func TestNoSilenceWithoutALook(t *testing.T) {
	b := newBench(t, nil, alphaAnswers)
	b.office.deaf = true
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	b.office.poked = cancel // the first window has closed and the look is asked for: nothing else may close it
	if err := b.Run(ctx, "w1", nil); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
	for name, o := range b.observations() {
		if o.Kind == "letter" && o.Outcome != evidence.Pending {
			t.Errorf("%s was called %s without a look at the mailbox", name, o.Outcome)
		}
	}
	b.office.deaf = false
	b.reopen()
	if err := b.run(nil); err != nil {
		t.Fatal(err)
	}
	if o := b.observations()["beta/ask/1"]; o.Outcome != evidence.Silent {
		t.Errorf("beta/ask/1: %s", o.Outcome)
	}
}

func TestSuppressionAddedAfterThePlan(t *testing.T) {
	b := newBench(t, nil, alphaAnswers)
	b.Suppress = []string{"@beta.example"}
	if err := b.run(nil); err != nil {
		t.Fatal(err)
	}
	for _, r := range b.plan.Rows {
		if r.Letter == nil || r.Probe.Site != "beta" {
			continue
		}
		if n := b.office.tries[r.Letter.MessageID]; n != 0 {
			t.Errorf("%s was written to %d times", r.Letter.To, n)
		}
		if o := b.observations()[strings.TrimPrefix(r.Probe.String(), "w1/")]; o.Outcome != evidence.NotGranted {
			t.Errorf("%s: %s", r.Probe, o.Outcome)
		}
	}
}

func TestKillSwitch(t *testing.T) {
	b := newBench(t, nil, alphaAnswers)
	set := func(v string) {
		if err := SetKillSwitch(t.Context(), b.DB, v != "", testStart); err != nil {
			t.Fatal(err)
		}
	}
	set("on")
	if err := b.run(nil); !errors.Is(err, ErrStopped) || len(b.office.tries) != 0 {
		t.Fatalf("got %v after %d letters", err, len(b.office.tries))
	}
	set("")
	if err := b.run(nil); err != nil {
		t.Fatal(err)
	}
}

func TestVisits(t *testing.T) {
	n := 0
	b := newBench(t, func(task *probes.Task, rec *probes.Recorder) error {
		n++
		rec.Number("pages", 2)
		if task.Site.ID == "alpha" {
			panic("a bug in the probe")
		}
		return errors.New("the browser went away")
	}, alphaAnswers)
	if err := b.run(nil); err != nil {
		t.Fatal(err)
	}
	if n != 2 {
		t.Errorf("%d visits, want 2: what is refused is not done, what broke is not repeated", n)
	}
	for name, why := range map[string]string{"alpha/look/1": "a bug in the probe", "beta/look/1": "the browser went away"} {
		o := b.observations()[name]
		if f, ok := o.Fact("pages"); o.Outcome != evidence.Broken || !strings.Contains(o.Reason, why) || !ok || f.Number != 2 {
			t.Errorf("%s: %s, %q, facts %v", name, o.Outcome, o.Reason, o.Facts)
		}
	}
}

// Mail is matched by the probe's address, then by what it refers to, never by
// its subject; what matches nothing is kept all the same.
func TestMatching(t *testing.T) {
	b := newBench(t, nil, func(l probes.Letter, _ int) (probes.Delivery, []reply) {
		if l.Subject != "ask" || strings.Contains(l.To, "beta") {
			return accepted, []reply{{time.Hour, "From: <x@y.example>\r\nTo: <other@shopper.example>\r\nSubject: Re: ask\r\n\r\nsame subject, another's mail " + l.MessageID + "\r\n"}}
		}
		return accepted, []reply{{time.Hour, "From: <x@y.example>\r\nTo: <other@shopper.example>\r\nIn-Reply-To: <" + l.MessageID + ">\r\nSubject: none\r\n\r\nby reference\r\n"}}
	})
	if err := b.run(nil); err != nil {
		t.Fatal(err)
	}
	got := b.observations()
	if o := got["alpha/ask/1"]; o.Outcome != evidence.Completed {
		t.Errorf("alpha/ask/1: %s: not matched by its reference", o.Outcome)
	}
	if o := got["beta/ask/1"]; o.Outcome != evidence.Silent {
		t.Errorf("beta/ask/1: %s: matched by its subject", o.Outcome)
	}
	var kept int
	err := b.DB.Read(t.Context(), func(ctx context.Context, tx db.Tx) error {
		return tx.QueryRow(ctx, `SELECT COUNT(*) FROM arrival WHERE matched = ''`).Scan(&kept)
	})
	if err != nil || kept != 2 {
		t.Errorf("%d unmatched mails kept, want 2 (%v)", kept, err)
	}
}

// A visit that sends something waits for the mails at its own address, and
// its last reading holds both halves.
func TestVisitThatWaitsForMail(t *testing.T) {
	var b *bench
	b = newBench(t, func(task *probes.Task, rec *probes.Recorder) error {
		rec.Number("pages", 4)
		rec.End(evidence.Completed, "")
		if task.Probe.Scenario == "buy" && task.Site.ID == "alpha" {
			b.clock.At(b.clock.Now().Add(20*time.Second), func() { b.office.deliver(strings.ReplaceAll(answerMail, "{to}", task.Persona.Email)) })
		}
		return nil
	}, alphaAnswers)
	b.plan = testPlan(t, func(in *PlanInput) {
		in.Kinds = b.Kinds
		look := in.Project.Scenarios[1]
		look.ID, look.Kind, look.Task, look.Window = "buy", "order", "order", 24*time.Hour
		look.Effects = []evidence.Effect{evidence.FillCheckout}
		in.Project.Scenarios = append(in.Project.Scenarios, look)
	})
	if err := Freeze(t.Context(), b.DB, b.plan, "test", testStart); err != nil {
		t.Fatal(err)
	}
	if err := b.run(nil); err != nil {
		t.Fatal(err)
	}
	o := b.observations()["alpha/buy/1"]
	after, _ := o.Fact("after")
	pages, _ := o.Fact("pages")
	if o.Outcome != evidence.Completed || after.Number != 20 || pages.Number != 4 || o.Reading != "order/1" {
		t.Errorf("alpha/buy/1: %s, mail after %v s, %v pages, reading %s", o.Outcome, after.Number, pages.Number, o.Reading)
	}
	if o := b.observations()["beta/buy/1"]; o.Outcome != evidence.Silent {
		t.Errorf("beta/buy/1: %s: no mail came", o.Outcome)
	}
}
