package fieldwork

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"touchstone/internal/db"
	"touchstone/internal/evidence"
	"touchstone/probes"
)

// An Engine does a wave's work on this machine: one loop over due rows, one
// watcher a mailbox, one visit at a time (visits side by side spoil each
// other's timings). Nothing waits in memory: the loop may end at any moment
// and go on later from the database.
type Engine struct {
	DB       *db.DB
	Evidence *db.Evidence
	Kinds    map[string]*probes.Kind
	Clock    Clock
	Post     *Post    // nil when the wave writes no mail
	Suppress []string // besides the plan's own and the database's
	Log      *slog.Logger
	Notify   func(Event)      // progress, from several goroutines; may be nil
	Recorded func(raw []byte) // told after a mail was committed; may be nil

	wake   chan struct{}
	looked looked
	plan   *Plan // of the wave last worked on; only the loop's goroutine uses it
}

// Post is the mail account as fieldwork uses it.
type Post struct {
	Mailboxes []string // watched; the first is where answers are expected
	Check     func(ctx context.Context) error
	Send      func(ctx context.Context, l probes.Letter) probes.Delivery
	Find      func(ctx context.Context, messageID string) (bool, error)
	Watch     func(ctx context.Context, w Watch) error
}

// An Event tells of progress.
type Event struct {
	Probe evidence.ProbeID
	Text  string
	Ended bool // the probe has its observation
	Done  int  // probes ended so far
	Total int
}

// Why Run ended before the wave did.
var (
	ErrInterrupted = errors.New("interrupted: `touchstone run` goes on where this stopped")
	ErrStopped     = errors.New("the kill switch is on: `touchstone stop --off` lifts it")
)

const (
	qDueLetter = `SELECT site, scenario, repeat FROM probe WHERE wave = $1 AND state = 'planned' AND life = 'correspondence' AND due_us <= $2 ORDER BY due_us, site, scenario, repeat LIMIT 1`
	qDueVisit  = `SELECT site, scenario, repeat FROM probe WHERE wave = $1 AND state = 'planned' AND life = 'visit' AND due_us <= $2 ORDER BY due_us, site, scenario, repeat LIMIT 1`
	qClosing   = `SELECT site, scenario, repeat FROM probe WHERE wave = $1 AND state = 'open' AND deadline_us <= $2 ORDER BY deadline_us, site, scenario, repeat`
	qRow       = `SELECT task_json FROM probe WHERE wave = $1 AND site = $2 AND scenario = $3 AND repeat = $4`
	qState     = `UPDATE probe SET state = $5, detail = $6 WHERE wave = $1 AND site = $2 AND scenario = $3 AND repeat = $4`
	qPutOff    = `UPDATE probe SET state = 'planned', due_us = $5, detail = $6 WHERE wave = $1 AND site = $2 AND scenario = $3 AND repeat = $4`
	qOpen      = `UPDATE probe SET state = 'open', deadline_us = $5, detail = '' WHERE wave = $1 AND site = $2 AND scenario = $3 AND repeat = $4`
	// the next instant at which something is due
	qNext = `SELECT COALESCE(MIN(at), 0), COUNT(*) FROM (
		SELECT due_us AS at FROM probe WHERE wave = $1 AND state = 'planned' AND (life = 'correspondence' OR $3 = 0)
		UNION ALL SELECT deadline_us FROM probe WHERE wave = $1 AND state = 'open' AND deadline_us > $2
		UNION ALL SELECT 9223372036854775807 FROM probe WHERE wave = $1 AND (state = 'running' OR (state = 'open' AND deadline_us <= $2) OR (state = 'planned' AND life = 'visit' AND $3 = 1))) AS t`
)

// Run works on a wave until every probe has ended, and marks it done. When
// stop closes, it finishes the step in hand and returns ErrInterrupted; when
// ctx ends, it returns at once. Neither loses anything.
func (e *Engine) Run(ctx context.Context, wave string, stop <-chan struct{}) error {
	w, err := LoadWave(ctx, e.DB, wave)
	if err != nil {
		return err
	}
	e.wake = make(chan struct{}, 1)
	if err := e.killed(ctx); err != nil {
		return err
	}
	needsPost := e.Post != nil && w.waits()
	if needsPost {
		if err := e.Post.Check(ctx); err != nil {
			return fmt.Errorf("the mail account was tried before anything was sent: %w", err)
		}
	}
	if err := e.begin(ctx, w); err != nil {
		return err
	}
	if err := e.sweep(ctx, wave); err != nil {
		return err
	}

	run, cancel := context.WithCancelCause(ctx)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel(nil)
	spawn := func(f func(context.Context) error) {
		wg.Go(func() {
			if err := f(run); err != nil && run.Err() == nil {
				cancel(err)
			}
		})
	}
	spawn(e.watchKillSwitch)
	if needsPost {
		e.looked.start(e.Post.Mailboxes, e.Clock)
		defer e.looked.end()
		for _, m := range e.Post.Mailboxes {
			spawn(func(ctx context.Context) error { return e.watch(ctx, m) })
		}
	}
	if needsPost {
		if err := e.resolve(run, wave); err != nil {
			return err
		}
	}
	stopping := make(chan struct{})
	spawn(func(ctx context.Context) error {
		select {
		case <-stop:
			close(stopping)
			e.nudge()
		case <-ctx.Done():
		}
		return nil
	})
	visits := newVisitor(e, w)
	err = e.loop(run, w, visits, stopping)
	visits.wait()
	if run.Err() != nil && ctx.Err() == nil {
		return context.Cause(run) // a watcher's error, or the kill switch
	}
	return err
}

// waits reports whether the wave needs the mail account.
func (w *Wave) waits() bool {
	for i := range w.Plan.Rows {
		if w.Plan.Rows[i].Window > 0 && w.Plan.Rows[i].Refusal == "" {
			return true
		}
	}
	return false
}

// loop does whatever is due, then waits for the next due instant or a wake.
func (e *Engine) loop(ctx context.Context, w *Wave, visits *visitor, stopping <-chan struct{}) error {
	for {
		select {
		case <-stopping:
			return ErrInterrupted
		default:
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		did, err := e.sendNext(ctx, w)
		if err != nil {
			return err
		}
		if did {
			continue
		}
		if err := visits.next(ctx); err != nil {
			return err
		}
		if err := e.closeWindows(ctx, w); err != nil {
			return err
		}
		next, left, err := e.next(ctx, w.ID, visits.busy())
		if err != nil {
			return err
		}
		if left == 0 {
			return e.finish(ctx, w)
		}
		if err := e.Clock.Wait(ctx, next, e.wake); err != nil {
			return err
		}
	}
}

func (e *Engine) nudge() {
	select {
	case e.wake <- struct{}{}:
	default:
	}
}

// next gives the instant at which the loop must look again, and how many
// probes have not ended. What only a wake can move (a visit under way, a
// window that waits for the mailbox to be looked at) sets no instant.
func (e *Engine) next(ctx context.Context, wave string, visiting bool) (time.Time, int, error) {
	now := e.Clock.Now()
	var at, left int64
	busy := 0
	if visiting {
		busy = 1
	}
	err := e.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		return tx.QueryRow(ctx, qNext, wave, micros(now), busy).Scan(&at, &left)
	})
	if far := now.Add(time.Hour); at == 0 || at > micros(far) && at == 1<<63-1 {
		return far, int(left), err
	}
	return instant(at), int(left), err
}

func (e *Engine) finish(ctx context.Context, w *Wave) error {
	return e.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		_, err := tx.Exec(ctx, endWave, w.ID, micros(e.Clock.Now()))
		return err
	})
}

// row loads a probe's frozen plan.
func (e *Engine) row(ctx context.Context, tx db.Tx, p evidence.ProbeID) (*Row, error) {
	return loadRow(ctx, tx, p)
}

func loadRow(ctx context.Context, tx db.Tx, p evidence.ProbeID) (*Row, error) {
	var body string
	if err := tx.QueryRow(ctx, qRow, p.Wave, p.Site, p.Scenario, p.Repeat).Scan(&body); err != nil {
		return nil, fmt.Errorf("probe %s: %w", p, err)
	}
	var r Row
	if err := json.Unmarshal([]byte(body), &r); err != nil {
		return nil, fmt.Errorf("probe %s: its plan: %w", p, err)
	}
	return &r, nil
}

// open marks a correspondence as waiting until its deadline.
func (e *Engine) open(ctx context.Context, tx db.Tx, p evidence.ProbeID, deadline time.Time) error {
	_, err := tx.Exec(ctx, qOpen, p.Wave, p.Site, p.Scenario, p.Repeat, micros(deadline))
	return err
}

// end stores a probe's observation and its end, in one transaction.
func (e *Engine) end(ctx context.Context, tx db.Tx, o evidence.Observation) error {
	if err := db.AppendTx(ctx, tx, o); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, qState, o.Probe.Wave, o.Probe.Site, o.Probe.Scenario, o.Probe.Repeat, "done", string(o.Outcome))
	return err
}

// refuse ends a probe that must not be done any more, before it has begun.
func (e *Engine) refuse(ctx context.Context, tx db.Tx, row *Row, why string, now time.Time) error {
	rec := probes.NewRecorder(e.Kinds[row.Kind], row.Probe, row.Task, ownReading, now, nil)
	rec.End(evidence.NotGranted, why)
	return e.end(ctx, tx, rec.Observation(0))
}

// say tells of progress, with the wave's tally.
func (e *Engine) say(ctx context.Context, p evidence.ProbeID, ended bool, text string) {
	e.Log.Info(text, "probe", p.String())
	if e.Notify == nil {
		return
	}
	ev := Event{Probe: p, Text: text, Ended: ended}
	_ = e.DB.Read(ctx, func(ctx context.Context, tx db.Tx) error { // only for the bar
		rows, err := tx.Query(ctx, selectTally, p.Wave)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var state string
			var n int
			if err := rows.Scan(&state, &n); err != nil {
				return err
			}
			ev.Total += n
			if state == "done" {
				ev.Done = n
			}
		}
		return rows.Err()
	})
	e.Notify(ev)
}

// sendNext sends the one letter that is due first; false when none is.
func (e *Engine) sendNext(ctx context.Context, w *Wave) (bool, error) {
	if e.Post == nil {
		return false, nil
	}
	now := e.Clock.Now()
	var p evidence.ProbeID
	var letter probes.Letter
	var row *Row
	claimed, found := false, false
	err := e.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		due, err := probeIDs(ctx, tx, w.ID, qDueLetter, w.ID, micros(now))
		if err != nil || len(due) == 0 {
			return err
		}
		p, found = due[0], true
		if row, err = e.row(ctx, tx, p); err != nil {
			return err
		}
		eff, err := loadEffect(ctx, tx, p, letterStep)
		if err != nil {
			return err
		}
		site := w.Plan.Site(p.Site)
		if why, err := e.suppressedNow(ctx, tx, site.Site, eff.Recipient, row.Effects); err != nil || why != "" {
			return errors.Join(err, e.refuse(ctx, tx, row, why, now))
		}
		taken, err := contacts(ctx, tx, p.Site, now.Add(-7*24*time.Hour))
		if err != nil {
			return err
		}
		open, err := site.opening(now)
		if err != nil {
			return err
		}
		if open.After(now) {
			_, err := tx.Exec(ctx, qPutOff, p.Wave, p.Site, p.Scenario, p.Repeat, micros(open), "put off: outside the site's hours")
			return err
		}
		if until := w.Plan.Caps.wait(taken, now); !until.IsZero() {
			_, err := tx.Exec(ctx, qPutOff, p.Wave, p.Site, p.Scenario, p.Repeat, micros(until), "put off: the site's caps on contacts")
			return err
		}
		n, err := tx.Exec(ctx, qBegin, p.Wave, p.Site, p.Scenario, p.Repeat, micros(now), lease())
		if err != nil {
			return err
		}
		if n != 1 {
			return fmt.Errorf("probe %s is due, but its effect is %s: the ledger and the probe disagree", p, eff.State)
		}
		letter, claimed = *row.Letter, true
		letter.To, letter.Raw = eff.Recipient, eff.Raw
		return nil
	})
	if err != nil || !claimed {
		return found, err
	}

	done := e.Clock.Begin()
	defer done()
	d := e.Post.Send(ctx, letter)
	at := e.Clock.Now()
	// whatever happened to ctx, what the relay said is kept
	ctx = context.WithoutCancel(ctx)
	var text string
	ended := false
	err = e.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		switch d.State {
		case probes.Accepted:
			text = "mail accepted for " + letter.To
			if err := settle(ctx, tx, p, "accepted", d, at); err != nil {
				return err
			}
			return e.open(ctx, tx, p, at.Add(row.Window))
		case probes.Uncertain:
			text = "the relay's answer was lost: the mail may or may not be on its way, and is not sent again"
			if err := settle(ctx, tx, p, "uncertain", d, at); err != nil {
				return err
			}
			return e.open(ctx, tx, p, at.Add(row.Window))
		case probes.Refused:
			text, ended = "mail refused: "+d.Detail, true
			if err := settle(ctx, tx, p, "refused", d, at); err != nil {
				return err
			}
			return e.read(ctx, tx, p, true)
		default: // deferred: surely not sent
			until := at.Add(backoff(row.Due, at))
			text = fmt.Sprintf("not sent, tried again at %s: %s", until.Format(time.RFC3339), d.Detail)
			if err := settle(ctx, tx, p, "planned", d, at); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, qPutOff, p.Wave, p.Site, p.Scenario, p.Repeat, micros(until), d.Detail)
			return err
		}
	})
	if err == nil {
		e.say(ctx, p, ended, text)
	}
	return true, err
}

// lease names this process and the try, for whoever reads the ledger.
func lease() string { return fmt.Sprintf("pid %d", os.Getpid()) }

// backoff gives the wait before the next try of a letter that has been due
// since then: as long as it has waited, from a minute to an hour (RFC 5321,
// 4.5.4.1 asks for at least 30 minutes after the first tries).
func backoff(due, now time.Time) time.Duration {
	return min(max(now.Sub(due), time.Minute), time.Hour)
}

// read ends a correspondence with what its stored thread says.
func (e *Engine) read(ctx context.Context, tx db.Tx, p evidence.ProbeID, closed bool) error {
	o, err := e.observe(ctx, tx, p, closed)
	if err != nil {
		return err
	}
	return e.end(ctx, tx, o)
}

// observe makes the observation of a correspondence from its stored thread.
// While the window is open it may be pending, which is never stored.
func (e *Engine) observe(ctx context.Context, tx db.Tx, p evidence.ProbeID, closed bool) (evidence.Observation, error) {
	var none evidence.Observation
	row, err := e.row(ctx, tx, p)
	if err != nil {
		return none, err
	}
	task, err := e.task(ctx, tx, row)
	if err != nil {
		return none, err
	}
	th := probes.Thread{Window: row.Window, Closed: closed}
	if th.Arrivals, err = arrivals(ctx, tx, p); err != nil {
		return none, err
	}
	rec, start, err := readThread(ctx, tx, e.Kinds[row.Kind], row, task, &th)
	if err != nil {
		return none, err
	}
	if row.Letter != nil {
		if _, err := db.PutMail(ctx, tx, th.Letter.Raw); err != nil {
			return none, err
		}
	}
	return rec.Observation(e.Clock.Now().Sub(start)), nil
}

// readThread has a kind read a thread, whose arrivals are given, at its end
// and at any later time alike. It writes nothing.
func readThread(ctx context.Context, tx db.Tx, kind *probes.Kind, row *Row, task *probes.Task, th *probes.Thread) (rec *probes.Recorder, start time.Time, err error) {
	if row.Letter == nil {
		rec, start, err = resume(ctx, tx, kind, row.Probe, th)
	} else {
		rec, start, err = correspondence(ctx, tx, kind, row, th)
	}
	if err != nil {
		return nil, start, err
	}
	if err := kind.Correspondence.Read(task, *th, rec); err != nil {
		rec.End(evidence.Broken, "the thread could not be read: "+err.Error())
	}
	return rec, start, nil
}

// correspondence begins the reading of a letter and what came of it.
func correspondence(ctx context.Context, tx db.Tx, kind *probes.Kind, row *Row, th *probes.Thread) (*probes.Recorder, time.Time, error) {
	eff, err := loadEffect(ctx, tx, row.Probe, letterStep)
	if err != nil {
		return nil, time.Time{}, err
	}
	th.Letter = *row.Letter
	th.Letter.Raw = eff.Raw
	switch eff.State {
	case "accepted", "uncertain":
		th.Sent = eff.Settled
	case "refused":
		th.Refused, th.Code = eff.Detail, eff.Code
	}
	start := eff.Begun
	if start.IsZero() {
		start = row.Due
	}
	rec := probes.NewRecorder(kind, row.Probe, row.Task, kind.Correspondence.Reading, start, nil)
	rec.Cite("letter.eml", evidence.RefOf(eff.Raw))
	if eff.State == "uncertain" && len(th.Arrivals) == 0 {
		rec.End(evidence.Broken, "the relay never said whether it took the mail ("+eff.Detail+"), and nothing shows that it arrived")
	}
	return rec, start, nil
}

// resume begins the reading of what a visit has caused.
func resume(ctx context.Context, tx db.Tx, kind *probes.Kind, p evidence.ProbeID, th *probes.Thread) (*probes.Recorder, time.Time, error) {
	all, err := db.ReadingsTx(ctx, tx, p)
	if err != nil {
		return nil, time.Time{}, err
	}
	if len(all) == 0 {
		return nil, time.Time{}, fmt.Errorf("the visit of probe %s: %w", p, db.ErrNoRows)
	}
	o := all[0] // the visit's own, whichever version of the program made it
	var settled int64
	if err := tx.QueryRow(ctx, qSettled, p.Wave, p.Site, p.Scenario, p.Repeat).Scan(&settled); err != nil {
		return nil, time.Time{}, err
	}
	th.Sent = instant(settled)
	return probes.Resume(kind, o, kind.Correspondence.Reading), o.Start, nil
}

// task rebuilds what the kind was given when the wave was planned. The wave's
// plan is read once: it may be large.
func (e *Engine) task(ctx context.Context, tx db.Tx, row *Row) (*probes.Task, error) {
	if e.plan == nil || e.plan.Wave != row.Probe.Wave {
		waves, err := scanWaves(ctx, tx, selectWave+` WHERE id = $1`, row.Probe.Wave)
		if err != nil {
			return nil, err
		}
		if len(waves) == 0 {
			return nil, fmt.Errorf("wave %q: %w", row.Probe.Wave, ErrNoWave)
		}
		e.plan = waves[0].Plan
	}
	return row.task(e.Kinds, e.plan.Site(row.Probe.Site).Site)
}

// visitor runs the due visits, one at a time, beside the loop.
type visitor struct {
	e    *Engine
	plan *Plan
	mu   sync.Mutex
	on   bool
	wg   sync.WaitGroup
	err  error
}

func newVisitor(e *Engine, w *Wave) *visitor { return &visitor{e: e, plan: w.Plan} }

func (v *visitor) busy() bool { v.mu.Lock(); defer v.mu.Unlock(); return v.on }
func (v *visitor) wait()      { v.wg.Wait() }

// next starts the visit that is due first, unless one is under way.
func (v *visitor) next(ctx context.Context) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.on || v.err != nil {
		return v.err
	}
	e, now := v.e, v.e.Clock.Now()
	var row *Row
	err := e.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		due, err := probeIDs(ctx, tx, v.plan.Wave, qDueVisit, v.plan.Wave, micros(now))
		if err != nil || len(due) == 0 {
			return err
		}
		p := due[0]
		found, err := e.row(ctx, tx, p)
		if err != nil {
			return err
		}
		if held, err := v.held(ctx, tx, found, now); err != nil || held {
			return err
		}
		row = found
		if _, err := tx.Exec(ctx, qState, p.Wave, p.Site, p.Scenario, p.Repeat, "running", ""); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, qBegin, p.Wave, p.Site, p.Scenario, p.Repeat, micros(now), lease())
		return err
	})
	if err != nil || row == nil {
		return err
	}
	v.on = true
	done := e.Clock.Begin()
	v.wg.Go(func() {
		err := e.visit(ctx, v.plan, row, now)
		v.mu.Lock()
		v.on, v.err = false, err
		v.mu.Unlock()
		e.nudge()
		done()
	})
	return nil
}

// held ends or puts off a visit that must not begin now: the site is on the
// suppression list, or the caps on contacts ask for more time. The loop comes
// to the next one by itself.
func (v *visitor) held(ctx context.Context, tx db.Tx, row *Row, now time.Time) (bool, error) {
	p := row.Probe
	why, err := v.e.suppressedNow(ctx, tx, v.plan.Site(p.Site).Site, "", row.Effects)
	if err != nil {
		return true, err
	}
	if why != "" {
		return true, v.e.refuse(ctx, tx, row, why, now)
	}
	if !slices.ContainsFunc(row.Effects, isContact) {
		return false, nil
	}
	taken, err := contacts(ctx, tx, p.Site, now.Add(-7*24*time.Hour))
	if err != nil {
		return true, err
	}
	until := v.plan.Caps.wait(taken, now)
	if until.IsZero() {
		return false, nil
	}
	_, err = tx.Exec(ctx, qPutOff, p.Wave, p.Site, p.Scenario, p.Repeat, micros(until), "put off: the site's caps on contacts")
	return true, err
}

// visit runs one visit to its end and stores what it left.
func (e *Engine) visit(ctx context.Context, plan *Plan, row *Row, start time.Time) error {
	task, err := row.task(e.Kinds, plan.Site(row.Probe.Site).Site)
	if err != nil {
		return err
	}
	kind := e.Kinds[row.Kind]
	rec := probes.NewRecorder(kind, row.Probe, row.Task, kind.Reading, start, e.Evidence.Put)
	rec.Say = func(msg string) { e.say(ctx, row.Probe, false, msg) }
	began := time.Now() // how long a visit takes is real time, whatever the clock of the mails does
	if err := safely(func() error { return kind.Visit(ctx, task, rec) }); err != nil {
		if ctx.Err() != nil {
			return nil // cut off: the next start sweeps it up
		}
		rec.End(evidence.Broken, err.Error())
	}
	o := rec.Observation(time.Since(began))
	waits := kind.Correspondence != nil && o.Outcome == evidence.Completed
	ctx = context.WithoutCancel(ctx)
	err = e.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		now := e.Clock.Now()
		if len(row.Effects) > 0 {
			if err := settle(ctx, tx, row.Probe, "accepted", probes.Delivery{State: probes.Accepted, Detail: string(o.Outcome)}, now); err != nil {
				return err
			}
		}
		if waits {
			if err := db.AppendTx(ctx, tx, o); err != nil {
				return err
			}
			return e.open(ctx, tx, row.Probe, now.Add(row.Window))
		}
		return e.end(ctx, tx, o)
	})
	if err != nil {
		return err
	}
	text := string(o.Outcome)
	if o.Reason != "" {
		text += ": " + o.Reason
	}
	if waits {
		text += "; waits for mail"
	}
	e.say(ctx, row.Probe, !waits, text)
	return nil
}

// safely turns a panic in a probe into an error: one probe must not end the wave.
func safely(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the probe panicked: %v\n%s", p, debug.Stack())
		}
	}()
	return f()
}
