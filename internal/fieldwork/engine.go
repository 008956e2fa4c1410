package fieldwork

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"sync/atomic"
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
	Metrics  *Metrics         // may be nil

	// How long one letter and one visit may take. What takes longer is given
	// up: its lease lapses, and its row is settled without it. The defaults
	// leave a relay the time that RFC 5321 grants it, and a visit half an hour.
	SendWithin, VisitWithin time.Duration

	wake   chan struct{}
	looked looked
	panel  panel
	tally  progress
	last   atomic.Int64 // the last stamp
	claims atomic.Int64 // made by this process
	ending bool         // the wave is being closed: see undo
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
	// a letter is doubtful when nobody knows whether it has left
	qClosing = `SELECT site, scenario, repeat, EXISTS (SELECT 1 FROM effect e WHERE e.wave = p.wave AND e.site = p.site AND e.scenario = p.scenario AND e.repeat = p.repeat
			AND e.state = 'uncertain' AND e.message_id <> '') FROM probe p
		WHERE wave = $1 AND state = 'open' AND deadline_us <= $2
		AND NOT (life = 'visit' AND next_us > 0 AND next_us <= $2) ORDER BY deadline_us, site, scenario, repeat LIMIT 50`
	qRow    = `SELECT task_json FROM probe WHERE wave = $1 AND site = $2 AND scenario = $3 AND repeat = $4`
	qState  = `UPDATE probe SET state = $5, detail = $6, moved_us = $7, lease = '', lease_us = 0 WHERE wave = $1 AND site = $2 AND scenario = $3 AND repeat = $4`
	qPutOff = `UPDATE probe SET state = 'planned', due_us = $5, detail = $6, moved_us = $7, lease = '', lease_us = 0 WHERE wave = $1 AND site = $2 AND scenario = $3 AND repeat = $4`
	qOpen   = `UPDATE probe SET state = 'open', deadline_us = $5, detail = '', moved_us = $6, lease = '', lease_us = 0 WHERE wave = $1 AND site = $2 AND scenario = $3 AND repeat = $4`
	// what lies ahead, by instants: nothing is counted, each is the first entry of an index
	qNext = `SELECT
		COALESCE((SELECT MIN(due_us) FROM probe WHERE wave = $1 AND state = 'planned' AND life = 'correspondence'), 0),
		COALESCE((SELECT MIN(due_us) FROM probe WHERE wave = $1 AND state = 'planned' AND life = 'visit'), 0),
		COALESCE((SELECT MIN(deadline_us) FROM probe WHERE wave = $1 AND state = 'open'), 0),
		COALESCE((SELECT MIN(deadline_us) FROM probe WHERE wave = $1 AND state = 'open' AND deadline_us > $2), 0),
		COALESCE((SELECT MIN(lease_us) FROM probe WHERE wave = $1 AND state = 'running'), 0),
		COALESCE((SELECT MIN(next_us) FROM probe WHERE wave = $1 AND state = 'open' AND next_us > 0), 0),
		COALESCE((SELECT MIN(next_us) FROM probe WHERE wave = $1 AND state = 'open' AND next_us > 0 AND next_us > $2), 0)`
	qLatest = `SELECT id, COALESCE((SELECT MAX(moved_us) FROM probe p WHERE p.wave = wave.id), 0),
		COALESCE((SELECT MAX(heard_us) FROM probe p WHERE p.wave = wave.id AND heard_us > 0), 0), started_us FROM wave`
)

// farewell bounds how long those at work may take to leave once they are told
// to: what they had in hand is settled by the next start's sweep.
const farewell = time.Second

// Run works on a wave until every probe has ended, and marks it done. When
// stop closes, it finishes the step in hand and returns ErrInterrupted; when
// ctx ends, or the kill switch is turned on, it returns at once. Neither loses
// anything.
func (e *Engine) Run(ctx context.Context, wave string, stop <-chan struct{}) error {
	w, err := e.load(ctx, wave)
	if err != nil {
		return err
	}
	if err := e.killed(ctx); err != nil {
		return err
	}
	return e.underSwitch(ctx, true, func(ctx context.Context, spawn func(func(context.Context) error)) error {
		return e.work(ctx, w, stop, spawn)
	})
}

// underSwitch runs f, and whatever that spawns, until it returns, one of the
// spawned fails, ctx ends or, where it is minded, the kill switch is turned
// on. It waits for nobody who does not leave when told to.
func (e *Engine) underSwitch(ctx context.Context, minded bool, f func(ctx context.Context, spawn func(func(context.Context) error)) error) error {
	run, cancel := context.WithCancelCause(ctx)
	var team sync.WaitGroup
	defer leave(&team)
	defer cancel(nil)
	spawn := func(f func(context.Context) error) {
		team.Go(func() {
			if err := f(run); err != nil && run.Err() == nil {
				cancel(err)
			}
		})
	}
	if minded {
		spawn(e.watchKillSwitch)
	}
	ended := make(chan error, 1)
	team.Go(func() { ended <- f(run, spawn) })
	var err error
	select {
	case err = <-ended:
	case <-run.Done(): // f may be asking somebody who never answers
		err = run.Err()
	}
	if run.Err() != nil && ctx.Err() == nil {
		return context.Cause(run) // a watcher's error, or the kill switch
	}
	return err
}

// work prepares a wave and moves it to its end.
func (e *Engine) work(ctx context.Context, w *Wave, stop <-chan struct{}, spawn func(func(context.Context) error)) error {
	needsPost, _, err := w.Ahead(ctx, e.DB)
	if err != nil {
		return err
	}
	if needsPost {
		if e.Post == nil {
			return errors.New("this wave waits for answers, but no mail account is configured: add `mail:` to touchstone.yaml")
		}
		if err := e.Post.Check(ctx); err != nil {
			return fmt.Errorf("the mail account was tried before anything was sent: %w", err)
		}
	}
	if err := e.begin(ctx, w); err != nil {
		return err
	}
	if err := e.sweep(ctx, w.ID); err != nil {
		return err
	}
	if err := e.tally.start(ctx, e.DB, w.ID); err != nil {
		return err
	}
	if needsPost {
		e.looked.start(e.Post.Mailboxes, e.Clock)
		defer e.looked.end()
		for _, m := range e.Post.Mailboxes {
			spawn(func(ctx context.Context) error { return e.watch(ctx, m) })
		}
		if err := e.resolve(ctx, w.ID); err != nil {
			return err
		}
	}
	spawn(func(ctx context.Context) error {
		select {
		case <-stop:
			e.nudge()
		case <-ctx.Done():
		}
		return nil
	})
	workers := e.workers(w, stop, spawn)
	return e.loop(ctx, w, workers, stop)
}

// load gives a wave, and readies the engine for it.
func (e *Engine) load(ctx context.Context, wave string) (*Wave, error) {
	w, err := LoadWave(ctx, e.DB, wave)
	if err != nil {
		return nil, err
	}
	e.wake = make(chan struct{}, 1)
	e.panel.set(w.Plan)
	latest, err := Latest(ctx, e.DB)
	e.last.Store(max(e.last.Load(), micros(latest)))
	return w, err
}

// leave waits for those at work, but not for ever: one may never return.
func leave(team *sync.WaitGroup) {
	gone := make(chan struct{})
	go func() { team.Wait(); close(gone) }()
	late := time.NewTimer(farewell) // real time: it is people who wait here
	defer late.Stop()
	select {
	case <-gone:
	case <-late.C:
	}
}

// loop starts what is due, ends what is over, then waits for the next instant
// at which there may be more to do, or for a wake.
func (e *Engine) loop(ctx context.Context, w *Wave, workers []*worker, stopping <-chan struct{}) error {
	var a ahead
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		e.Metrics.turn()
		now := e.Clock.Now()
		if err := e.keepLeases(ctx, workers, now); err != nil {
			return err
		}
		var err error
		if a, err = e.ahead(ctx, w.ID, now, a); err != nil {
			return err
		}
		if !a.lease.IsZero() && !a.lease.After(now) {
			if err := e.settleLapsed(ctx, w.ID, workers, now); err != nil {
				return err
			}
			continue
		}
		next := now.Add(time.Minute) // a turn with nothing to do asks nobody, and shows that the loop is alive
		sooner := func(t time.Time) {
			if !t.IsZero() && t.Before(next) {
				next = t
			}
		}
		ending, busy := closed(stopping), false
		for _, k := range workers {
			if err := k.failed(); err != nil {
				return err
			}
			if due := a.due[k.life]; !ending && !due.IsZero() {
				if due.After(now) {
					sooner(due)
				} else {
					k.start(ctx)
				}
			}
			if k.busy() {
				busy = true
				sooner(k.beat(now))
			}
		}
		if ending && !busy {
			return ErrInterrupted
		}
		if !ending && !a.deadline.IsZero() && !a.deadline.After(now) {
			more, err := e.closeWindows(ctx, w, a.deadline, now)
			if err != nil {
				return err
			}
			if more {
				continue
			}
		}
		if !ending && !a.next.IsZero() && !a.next.After(now) {
			more, err := e.goOn(ctx, w, a.next, now)
			if err != nil {
				return err
			}
			if more {
				continue
			}
		}
		for _, t := range []time.Time{a.later, a.nextLater} {
			if t.After(now) { // what has come waits for a look at the mailboxes, which wakes this
				sooner(t)
			}
		}
		if !busy && !a.left {
			return e.finish(ctx, w)
		}
		if err := e.Clock.Wait(ctx, next, e.wake); err != nil {
			return err
		}
	}
}

// closed reports whether a channel that only ever closes has.
func closed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

func (e *Engine) nudge() {
	select {
	case e.wake <- struct{}{}:
	default:
	}
}

// ahead is what a wave still has before it; a zero instant is never.
type ahead struct {
	due             map[string]time.Time // the first planned row of each life
	deadline, later time.Time            // the first open window's end, and the first that is still to come
	next, nextLater time.Time            // likewise, when a conversation is to be looked at
	lease           time.Time            // the first end of one
	left            bool                 // something has not ended
	commits         uint64               // of the database, when it was asked
}

// ahead asks the database, unless what it said still holds: nothing was
// committed since, and of what was still to come then, only the first has.
func (e *Engine) ahead(ctx context.Context, wave string, now time.Time, known ahead) (ahead, error) {
	commits := e.DB.Commits() // before the reading: what comes between is read twice rather than not
	passed := func(first, later time.Time) bool { return !later.IsZero() && !later.After(now) && !later.Equal(first) }
	if known.due != nil && known.commits == commits && !passed(known.deadline, known.later) && !passed(known.next, known.nextLater) {
		return known, nil
	}
	var letter, visit, deadline, later, lease, next, nextLater int64
	err := e.DB.Ask(ctx, func(ctx context.Context, tx db.Tx) error {
		return tx.QueryRow(ctx, qNext, wave, micros(now)).Scan(&letter, &visit, &deadline, &later, &lease, &next, &nextLater)
	})
	return ahead{
		due:      map[string]time.Time{"correspondence": instant(letter), "visit": instant(visit)},
		deadline: instant(deadline), later: instant(later), lease: instant(lease),
		next: instant(next), nextLater: instant(nextLater), commits: commits,
		left: letter != 0 || visit != 0 || deadline != 0 || lease != 0,
	}, err
}

func (e *Engine) finish(ctx context.Context, w *Wave) error {
	return e.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		_, err := tx.Exec(ctx, endWave, w.ID, micros(e.Clock.Now()))
		return err
	})
}

// stamp gives the present instant as a change is marked with it: no two are
// alike, and none is earlier than one before. It is taken inside the one
// writing transaction, so that the order is that of the commits.
func (e *Engine) stamp() int64 {
	for {
		last := e.last.Load()
		if now := max(micros(e.Clock.Now()), last+1); e.last.CompareAndSwap(last, now) {
			return now
		}
	}
}

// Latest gives the latest instant that the database knows of, zero for none:
// time has come that far, whatever a clock says.
func Latest(ctx context.Context, d *db.DB) (time.Time, error) {
	var latest int64
	err := d.Read(ctx, func(ctx context.Context, tx db.Tx) error {
		rows, err := tx.Query(ctx, qLatest)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var id string
			var moved, heard, started int64
			if err := rows.Scan(&id, &moved, &heard, &started); err != nil {
				return err
			}
			latest = max(latest, moved, heard, started)
		}
		return rows.Err()
	})
	return instant(latest), err
}

// row loads a probe's frozen plan.
func (e *Engine) row(ctx context.Context, tx db.Tx, p evidence.ProbeID) (*Row, error) {
	return loadRow(ctx, tx, p)
}

// PlannedRow gives one probe of a plan; of one that was never planned the error
// is db.ErrNoRows.
func PlannedRow(ctx context.Context, d *db.DB, p evidence.ProbeID) (row *Row, err error) {
	err = d.Read(ctx, func(ctx context.Context, tx db.Tx) error {
		row, err = loadRow(ctx, tx, p)
		return err
	})
	return row, err
}

func loadRow(ctx context.Context, tx db.Tx, p evidence.ProbeID) (*Row, error) {
	var body string
	if err := tx.QueryRow(ctx, qRow, p.Wave, p.Site, p.Scenario, p.Repeat).Scan(&body); err != nil {
		return nil, fmt.Errorf("probe %s: %w", p, err)
	}
	return parseRow(p, body)
}

func parseRow(p evidence.ProbeID, body string) (*Row, error) {
	var r Row
	if err := json.Unmarshal([]byte(body), &r); err != nil {
		return nil, fmt.Errorf("probe %s: its plan: %w", p, err)
	}
	return &r, nil
}

// open marks a correspondence as waiting until its deadline.
func (e *Engine) open(ctx context.Context, tx db.Tx, p evidence.ProbeID, deadline time.Time) error {
	_, err := tx.Exec(ctx, qOpen, p.Wave, p.Site, p.Scenario, p.Repeat, micros(deadline), e.stamp())
	return err
}

// end stores a probe's observation and its end, in one transaction.
func (e *Engine) end(ctx context.Context, tx db.Tx, o evidence.Observation) error {
	if err := db.AppendTx(ctx, tx, o); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, qState, o.Probe.Wave, o.Probe.Site, o.Probe.Scenario, o.Probe.Repeat, "done", string(o.Outcome), e.stamp())
	return err
}

// refuse ends a probe that must not be done any more, before it has begun.
func (e *Engine) refuse(ctx context.Context, tx db.Tx, row *Row, why string, now time.Time) error {
	rec := probes.NewRecorder(e.Kinds[row.Kind], row.Probe, row.Task, ownReading, now, nil)
	rec.End(evidence.NotGranted, why)
	return e.end(ctx, tx, rec.Observation(0))
}

// say tells of progress, with the wave's tally.
func (e *Engine) say(_ context.Context, p evidence.ProbeID, ended bool, text string) {
	e.Log.Info(text, "wave", p.Wave, "site", p.Site, "scenario", p.Scenario, "repeat", p.Repeat, "ended", ended)
	done, total := e.tally.count(ended)
	if e.Notify != nil {
		e.Notify(Event{Probe: p, Text: text, Ended: ended, Done: done, Total: total})
	}
}

// progress counts a wave's probes as they end, from what the database knew
// when it began.
type progress struct {
	mu          sync.Mutex
	done, total int
}

func (t *progress) start(ctx context.Context, d *db.DB, wave string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.done, t.total = 0, 0
	return d.Read(ctx, func(ctx context.Context, tx db.Tx) error {
		return counts(ctx, tx, wave, func(_, state, _ string, n int) {
			t.total += n
			if state == "done" {
				t.done += n
			}
		})
	})
}

func (t *progress) count(ended bool) (done, total int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if ended {
		t.done++
	}
	return t.done, t.total
}

// backoff gives the wait before the next try of a letter that has been due
// since then: as long as it has waited, from a minute to an hour (RFC 5321,
// 4.5.4.1 asks for at least 30 minutes after the first tries).
func backoff(due, now time.Time) time.Duration {
	return min(max(now.Sub(due), time.Minute), time.Hour)
}

// read ends a correspondence with what its stored thread says.
func (e *Engine) read(ctx context.Context, tx db.Tx, p evidence.ProbeID, closed bool) error {
	row, err := e.row(ctx, tx, p)
	if err != nil {
		return err
	}
	o, err := e.observe(ctx, tx, row, closed)
	if err != nil {
		return err
	}
	if err := giveUp(ctx, tx, row, "", "the window closed before it was sent", e.Clock.Now()); err != nil {
		return err
	}
	return e.end(ctx, tx, o)
}

// observe makes the observation of a correspondence from its stored thread.
// While the window is open it may be pending, which is never stored.
func (e *Engine) observe(ctx context.Context, tx db.Tx, row *Row, closed bool) (evidence.Observation, error) {
	var none evidence.Observation
	task, err := e.task(ctx, tx, row)
	if err != nil {
		return none, err
	}
	th := probes.Thread{Window: row.Window, Closed: closed}
	if th.Arrivals, err = arrivals(ctx, tx, row.Probe); err != nil {
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
	for _, l := range th.Further {
		if _, err := db.PutMail(ctx, tx, l.Raw); err != nil {
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
	if err := further(ctx, tx, row, th, rec); err != nil {
		return nil, time.Time{}, err
	}
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
	if th.Done, err = doneActs(ctx, tx, p, all); err != nil {
		return nil, time.Time{}, err
	}
	rec := probes.Resume(kind, o, kind.Correspondence.Reading)
	for _, d := range th.Done {
		if d.Seen != nil {
			for name, ref := range d.Seen.Evidence {
				rec.Cite(d.Name+"-"+name, ref)
			}
		}
	}
	return rec, o.Start, nil
}

// task rebuilds what the kind was given when the wave was planned.
func (e *Engine) task(ctx context.Context, tx db.Tx, row *Row) (*probes.Task, error) {
	site, err := e.panel.site(ctx, tx, row.Probe)
	if err != nil {
		return nil, err
	}
	return row.task(e.Kinds, site.Site)
}

// panel finds the sites of the wave that is worked on; it is read once, since
// it may be large.
type panel struct {
	mu        sync.Mutex
	wave      string
	caps      Caps
	sites     map[string]*PlannedSite
	calendars map[string]*calendar // by the zone's name: to load one takes a file
}

func (l *panel) set(p *Plan) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.wave, l.caps, l.sites, l.calendars = p.Wave, p.Caps, make(map[string]*PlannedSite, len(p.Sites)), map[string]*calendar{}
	for i := range p.Sites {
		l.sites[p.Sites[i].ID] = &p.Sites[i]
	}
}

func (l *panel) site(ctx context.Context, tx db.Tx, p evidence.ProbeID) (*PlannedSite, error) {
	l.mu.Lock()
	wave := l.wave
	l.mu.Unlock()
	if wave != p.Wave {
		waves, err := scanWaves(ctx, tx, selectWave+` AND id = $1`, p.Wave)
		if err != nil {
			return nil, err
		}
		if len(waves) == 0 {
			return nil, fmt.Errorf("wave %q: %w", p.Wave, ErrNoWave)
		}
		l.set(waves[0].Plan)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if s := l.sites[p.Site]; s != nil {
		return s, nil
	}
	return &PlannedSite{Site: probes.Site{ID: p.Site}}, nil
}

// opening gives the earliest instant, not before at, at which a site may be
// written to.
func (l *panel) opening(s *PlannedSite, at time.Time) (time.Time, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	c := l.calendars[s.Timezone]
	if c == nil {
		zone, err := time.LoadLocation(s.Timezone)
		if err != nil {
			return at, fmt.Errorf("site %q: its time zone: %w", s.ID, err)
		}
		c = newCalendar(zone)
		l.calendars[s.Timezone] = c
	}
	return c.opening(s.Hours, at), nil
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
