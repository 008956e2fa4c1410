package fieldwork

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"touchstone/internal/db"
	"touchstone/internal/evidence"
	"touchstone/probes"
)

// A row in hand carries a lease: who has it, and until when. The loop renews
// it while the worker is within its time. A worker that hangs is renewed no
// more: its lease lapses, its row is settled as a dead process's would be, and
// another worker takes the next row. What the first says later changes
// nothing but this: a relay that took the letter after all is believed.
const (
	leaseFor = time.Minute
	beat     = 20 * time.Second

	sendWithin  = 15 * time.Minute
	visitWithin = 30 * time.Minute
)

const (
	qDue = `SELECT site, scenario, repeat FROM probe WHERE wave = $1 AND state = 'planned' AND life = $2 AND due_us <= $3 ORDER BY due_us, site, scenario, repeat LIMIT 2`
	// the letter that is due first, its row in the ledger, and whether another is due
	qDueLetter = `SELECT p.site, p.scenario, p.repeat, p.task_json, COALESCE(e.state, ''), COALESCE(e.recipient, ''), e.raw,
			EXISTS (SELECT 1 FROM probe d WHERE d.wave = $1 AND d.state = 'planned' AND d.life = 'correspondence' AND d.due_us <= $2 LIMIT 1 OFFSET 1)
		FROM probe p LEFT JOIN effect e ON e.wave = p.wave AND e.site = p.site AND e.scenario = p.scenario AND e.repeat = p.repeat AND e.step = 'letter'
		WHERE p.wave = $1 AND p.state = 'planned' AND p.life = 'correspondence' AND p.due_us <= $2 ORDER BY p.due_us, p.site, p.scenario, p.repeat LIMIT 1`
	qClaim  = `UPDATE probe SET state = 'running', detail = '', moved_us = $5, lease = $6, lease_us = $7 WHERE wave = $1 AND site = $2 AND scenario = $3 AND repeat = $4 AND state = 'planned'`
	qRenew  = `UPDATE probe SET lease_us = $6 WHERE wave = $1 AND site = $2 AND scenario = $3 AND repeat = $4 AND lease = $5 AND state = 'running'`
	qHolder = `SELECT lease FROM probe WHERE wave = $1 AND site = $2 AND scenario = $3 AND repeat = $4`
	qLapsed = `SELECT site, scenario, repeat FROM probe WHERE wave = $1 AND state = 'running' AND lease_us <= $2 ORDER BY site, scenario, repeat`
)

// errLapsed says that a row is no longer the worker's.
var errLapsed = errors.New("the lease has lapsed")

// A job is one row in a worker's hand.
type job struct {
	probe  evidence.ProbeID
	row    *Row
	letter probes.Letter // of a correspondence
	due    time.Time     // of the letter
	began  time.Time
	until  time.Time // of the lease, as it was last renewed; the loop's
	lease  string

	further bool // the letter is not the probe's first

	act    *probes.Act // what follows a visit; nil: the visit itself
	thread probes.Thread
}

// A worker does the due rows of one life, one after another, beside the loop:
// letters one at a time, and visits one at a time, since side by side they
// spoil each other's timings.
type worker struct {
	e        *Engine
	wave     *Wave
	life     string
	within   time.Duration
	claim    func(ctx context.Context, w *Wave, now time.Time) (j *job, more bool, err error)
	do       func(ctx context.Context, j *job) error
	stopping <-chan struct{}
	spawn    func(func(context.Context) error)

	mu     sync.Mutex
	turn   int // of the goroutine that counts: one that was given up has an older
	on     bool
	job    *job // nil between two
	cancel context.CancelFunc
	done   func() // of the clock
	err    error
}

func (e *Engine) workers(w *Wave, stopping <-chan struct{}, spawn func(func(context.Context) error)) []*worker {
	return []*worker{
		{e: e, wave: w, life: "correspondence", within: cmp.Or(e.SendWithin, sendWithin), claim: e.claimLetter, do: e.deliver, stopping: stopping, spawn: spawn},
		{e: e, wave: w, life: "visit", within: cmp.Or(e.VisitWithin, visitWithin), claim: e.claimVisit, do: e.visit, stopping: stopping, spawn: spawn},
	}
}

func (k *worker) busy() bool    { k.mu.Lock(); defer k.mu.Unlock(); return k.on }
func (k *worker) failed() error { k.mu.Lock(); defer k.mu.Unlock(); return k.err }

// start has the worker do what is due, unless it is at it.
func (k *worker) start(ctx context.Context) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.on || k.err != nil {
		return
	}
	k.turn++
	k.on, k.done = true, k.e.Clock.Begin()
	turn := k.turn
	ctx, k.cancel = context.WithCancel(ctx)
	k.spawn(func(context.Context) error {
		k.end(turn, k.work(ctx, turn))
		return nil
	})
}

// work does due rows until there are none, or the worker's turn is over.
func (k *worker) work(ctx context.Context, turn int) error {
	for more := true; more && !closed(k.stopping) && ctx.Err() == nil; {
		var j *job
		var err error
		if j, more, err = k.claim(ctx, k.wave, k.e.Clock.Now()); err != nil {
			return err
		}
		if j == nil {
			continue // put off, or ended without a try
		}
		if !k.hold(turn, j) {
			return nil
		}
		err = k.do(ctx, j)
		if !k.hold(turn, nil) || errors.Is(err, errLapsed) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// hold says what the worker has in hand; false when its turn is over.
func (k *worker) hold(turn int, j *job) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.turn != turn {
		return false
	}
	if k.job = j; j != nil {
		j.until = j.began.Add(min(leaseFor, k.within))
	}
	return true
}

// end is the end of a goroutine; of one that was given up nobody minds it.
func (k *worker) end(turn int, err error) {
	k.mu.Lock()
	if k.turn != turn {
		k.mu.Unlock()
		return
	}
	k.on, k.job = false, nil
	if err != nil && !errors.Is(err, context.Canceled) {
		k.err = err
	}
	k.cancel()
	done := k.done
	k.mu.Unlock()
	k.e.nudge() // before the clock may move
	done()
}

// beat gives the instant at which the lease in hand must be looked at again.
func (k *worker) beat(now time.Time) time.Time {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.job == nil {
		return now.Add(beat)
	}
	next, end := k.job.until.Add(beat-leaseFor), k.job.began.Add(k.within)
	if !next.After(now) || next.After(end) {
		next = k.job.until
	}
	if next.After(end) {
		next = end
	}
	return next
}

// renewal gives the job whose lease is to be renewed, with its new end; nil
// for none, also when the job has had its time.
func (k *worker) renewal(now time.Time) (*job, time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	j := k.job
	if j == nil || now.Sub(j.began) >= k.within || j.until.Sub(now) > leaseFor-beat {
		return nil, time.Time{}
	}
	until := now.Add(leaseFor)
	if end := j.began.Add(k.within); end.Before(until) {
		until = end
	}
	if !until.After(j.until) {
		return nil, time.Time{}
	}
	j.until = until
	return j, until
}

// giveUp takes the row out of the worker's hand, whatever it is doing with it.
func (k *worker) giveUp(p evidence.ProbeID) {
	k.mu.Lock()
	if k.job == nil || k.job.probe != p {
		k.mu.Unlock()
		return
	}
	k.turn++
	k.on, k.job = false, nil
	k.cancel()
	done := k.done
	k.mu.Unlock()
	k.e.nudge()
	done()
}

// keepLeases is the heartbeat: it renews the leases of the workers that are
// within their time.
func (e *Engine) keepLeases(ctx context.Context, workers []*worker, now time.Time) error {
	for _, k := range workers {
		j, until := k.renewal(now)
		if j == nil {
			continue
		}
		p := j.probe
		err := e.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
			_, err := tx.Exec(ctx, qRenew, p.Wave, p.Site, p.Scenario, p.Repeat, j.lease, micros(until))
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// settleLapsed ends what was in the hand of a worker that had its time.
func (e *Engine) settleLapsed(ctx context.Context, wave string, workers []*worker, now time.Time) error {
	var lapsed []evidence.ProbeID
	err := e.DB.Read(ctx, func(ctx context.Context, tx db.Tx) (err error) {
		lapsed, err = probeIDs(ctx, tx, wave, qLapsed, wave, micros(now))
		return err
	})
	for _, p := range lapsed {
		const why = "it did not end in its time"
		ended, err := e.rescue(ctx, p, why+"; it is not done again", now)
		if err != nil {
			return err
		}
		for _, k := range workers {
			k.giveUp(p)
		}
		e.Metrics.gaveUp()
		e.say(ctx, p, ended, "given up: "+why)
	}
	return err
}

// rescue settles a row that somebody had in hand who is gone, or hangs: an
// effect that was begun is uncertain, and never done again. A letter waits for
// what comes back; a visit could not test.
func (e *Engine) rescue(ctx context.Context, p evidence.ProbeID, why string, now time.Time) (ended bool, err error) {
	err = e.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		ended, err = e.rescueTx(ctx, tx, p, why, now)
		return err
	})
	return ended, err
}

func (e *Engine) rescueTx(ctx context.Context, tx db.Tx, p evidence.ProbeID, why string, now time.Time) (ended bool, err error) {
	row, err := e.row(ctx, tx, p)
	if err != nil {
		return false, err
	}
	var begun int
	if err := tx.QueryRow(ctx, qBegunEffects, p.Wave, p.Site, p.Scenario, p.Repeat).Scan(&begun); err != nil {
		return false, err
	}
	if begun > 0 {
		if err := settle(ctx, tx, p, "", "uncertain", probes.Delivery{State: probes.Uncertain, Detail: why}, now); err != nil {
			return false, err
		}
	}
	if followed, err := e.followOn(ctx, tx, row, now); followed || err != nil {
		return false, err
	}
	if row.Letter != nil {
		begun, err := lastBegun(ctx, tx, p)
		if err != nil {
			return false, err
		}
		return false, e.openLetter(ctx, tx, row, begun)
	}
	if begun > 0 && e.follows(row) { // it may have sent something: that is followed as if it had
		return false, e.followBroken(ctx, tx, row, why, now)
	}
	rec := probes.NewRecorder(e.Kinds[row.Kind], p, row.Task, ownReading, now, nil)
	rec.End(evidence.Broken, why)
	return true, e.end(ctx, tx, rec.Observation(0))
}

// take puts a due row into a worker's hand, under a lease.
func (e *Engine) take(ctx context.Context, tx db.Tx, p evidence.ProbeID, row *Row, now time.Time) (*job, error) {
	j := &job{probe: p, row: row, began: now, lease: fmt.Sprintf("pid %d, claim %d", os.Getpid(), e.claims.Add(1))}
	n, err := tx.Exec(ctx, qClaim, p.Wave, p.Site, p.Scenario, p.Repeat, e.stamp(), j.lease, micros(now.Add(leaseFor)))
	if err == nil && n != 1 {
		err = fmt.Errorf("probe %s was due a moment ago and is so no more", p)
	}
	return j, err
}

// mine fails when the row is no longer in this worker's hand.
func (j *job) mine(ctx context.Context, tx db.Tx) error {
	var holder string
	p := j.probe
	err := tx.QueryRow(ctx, qHolder, p.Wave, p.Site, p.Scenario, p.Repeat).Scan(&holder)
	if err == nil && holder != j.lease {
		err = errLapsed
	}
	return err
}

// claimLetter takes the one letter that is due first; its effect is begun, and
// that is committed, before the first byte leaves. It gives no job where the
// letter was put off or has ended, and says whether more are due.
func (e *Engine) claimLetter(ctx context.Context, w *Wave, now time.Time) (j *job, more bool, err error) {
	var said string
	var p evidence.ProbeID
	err = e.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		row, eff, others, err := dueLetter(ctx, tx, w.ID, now)
		if err != nil || row == nil {
			return err
		}
		p, more = row.Probe, others
		if len(row.Then) > 0 {
			taken, further, err := e.claimFurther(ctx, tx, row, now)
			if j = taken; further || err != nil {
				return err
			}
		}
		site, err := e.panel.site(ctx, tx, p)
		if err != nil {
			return err
		}
		if said, err = e.suppressedNow(ctx, tx, site.Site, eff.Recipient, row.Effects); err != nil || said != "" {
			return errors.Join(err, e.refuse(ctx, tx, row, said, now))
		}
		if wait, err := e.putOff(ctx, tx, p, site, now); err != nil || wait {
			return err
		}
		taken, err := e.take(ctx, tx, p, row, now)
		if err != nil {
			return err
		}
		n, err := tx.Exec(ctx, qBegin, p.Wave, p.Site, p.Scenario, p.Repeat, micros(now), taken.lease)
		if err != nil {
			return err
		}
		if n != 1 {
			return fmt.Errorf("probe %s is due, but its effect is %s: the ledger and the probe disagree", p, eff.State)
		}
		taken.letter, taken.due = *row.Letter, row.Due
		taken.letter.To, taken.letter.Raw = eff.Recipient, eff.Raw
		j = taken
		return nil
	})
	if err != nil {
		return nil, false, err
	}
	if said != "" {
		e.say(ctx, p, true, said)
	}
	return j, more, nil
}

// dueLetter gives the row of the letter that is due first, nil for none, what
// the ledger holds of it, and whether others are due.
func dueLetter(ctx context.Context, tx db.Tx, wave string, now time.Time) (row *Row, eff effectRow, others bool, err error) {
	p := evidence.ProbeID{Wave: wave}
	var body string
	err = tx.QueryRow(ctx, qDueLetter, wave, micros(now)).Scan(&p.Site, &p.Scenario, &p.Repeat, &body, &eff.State, &eff.Recipient, &eff.Raw, &others)
	switch {
	case errors.Is(err, db.ErrNoRows):
		return nil, eff, false, nil
	case err == nil && eff.State == "":
		err = fmt.Errorf("probe %s is due, but the ledger has no letter of it", p)
	}
	if err != nil {
		return nil, eff, false, err
	}
	row, err = parseRow(p, body)
	return row, eff, others, err
}

// putOff asks the site's hours, and the caps on contacts with it as the whole
// database knows them; where they ask for patience, the row waits, and wait is
// true.
func (e *Engine) putOff(ctx context.Context, tx db.Tx, p evidence.ProbeID, site *PlannedSite, now time.Time) (wait bool, err error) {
	until, why, err := e.patience(ctx, tx, p, site, now)
	if err != nil || until.IsZero() {
		return false, err
	}
	_, err = tx.Exec(ctx, qPutOff, p.Wave, p.Site, p.Scenario, p.Repeat, micros(until), "put off: "+why, e.stamp())
	return true, err
}

// patience says until when a contact with a site has to wait, and for what; a
// zero time is leave.
func (e *Engine) patience(ctx context.Context, tx db.Tx, p evidence.ProbeID, site *PlannedSite, now time.Time) (until time.Time, why string, err error) {
	if until, err = e.panel.opening(site, now); err != nil || until.After(now) {
		return until, "outside the site's hours", err
	}
	taken, err := contacts(ctx, tx, p.Site, now.Add(-7*24*time.Hour))
	return e.panel.caps.wait(taken, now), "the site's caps on contacts", err
}

// settled gives the state that a delivery leaves an effect in: one that was
// deferred was surely not sent.
func settled(s probes.DeliveryState) string {
	if s == probes.Deferred {
		return "planned"
	}
	return string(s)
}

// deliver hands a letter to the relay and keeps what that said.
func (e *Engine) deliver(ctx context.Context, j *job) error {
	d := e.Post.Send(ctx, j.letter)
	at := e.Clock.Now()
	again := at.Add(backoff(j.due, at))
	if ctx.Err() != nil && d.State == probes.Deferred && d.Code == 0 {
		again = at // we broke it off ourselves: whoever goes on need not wait
	}
	e.Metrics.sent(string(d.State), at.Sub(j.began))
	// whatever happened to ctx, what the relay said is kept
	ctx = context.WithoutCancel(ctx)
	var text string
	ended := false
	p, row := j.probe, j.row
	err := e.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		err := settle(ctx, tx, p, j.lease, settled(d.State), d, at)
		if errors.Is(err, errLapsed) && d.State == probes.Accepted {
			text = "the relay took the mail after all"
			if _, err := tx.Exec(ctx, qConfirmID, p.Wave, p.Site, p.Scenario, p.Repeat, "the relay took it, and said so late: "+d.Detail, j.letter.MessageID); err != nil {
				return err
			}
			return lookAgain(ctx, tx, p, at)
		}
		if err != nil {
			return err
		}
		switch d.State {
		case probes.Accepted:
			text = "mail accepted for " + j.letter.To
			return e.openLetter(ctx, tx, row, at)
		case probes.Uncertain:
			text = "the relay's answer was lost: the mail may or may not be on its way, and is not sent again"
			return e.openLetter(ctx, tx, row, at)
		case probes.Refused:
			text, ended = "mail refused: "+d.Detail, !j.further
			if j.further {
				return e.reopen(ctx, tx, p, at)
			}
			return e.read(ctx, tx, p, true)
		default: // deferred: surely not sent
			text = fmt.Sprintf("not sent, tried again at %s: %s", again.Format(time.RFC3339), d.Detail)
			if j.further {
				return e.reopen(ctx, tx, p, again)
			}
			_, err := tx.Exec(ctx, qPutOff, p.Wave, p.Site, p.Scenario, p.Repeat, micros(again), d.Detail, e.stamp())
			return err
		}
	})
	if err == nil {
		e.say(ctx, p, ended, text)
	}
	return err
}

// claimVisit takes the visit that is due first, and begins its effects.
func (e *Engine) claimVisit(ctx context.Context, w *Wave, now time.Time) (j *job, more bool, err error) {
	var said string
	var p evidence.ProbeID
	err = e.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		due, err := probeIDs(ctx, tx, w.ID, qDue, w.ID, "visit", micros(now))
		if err != nil || len(due) == 0 {
			return err
		}
		p, more = due[0], len(due) > 1
		row, err := e.row(ctx, tx, p)
		if err != nil {
			return err
		}
		taken, follows, err := e.claimFollowUp(ctx, tx, row, now)
		if j = taken; follows || err != nil {
			return err
		}
		site, err := e.panel.site(ctx, tx, p)
		if err != nil {
			return err
		}
		if said, err = e.suppressedNow(ctx, tx, site.Site, "", row.Effects); err != nil || said != "" {
			return errors.Join(err, e.refuse(ctx, tx, row, said, now))
		}
		if row.contacts() {
			if wait, err := e.putOff(ctx, tx, p, site, now); err != nil || wait {
				return err
			}
		}
		if j, err = e.take(ctx, tx, p, row, now); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, qBegin, p.Wave, p.Site, p.Scenario, p.Repeat, micros(now), j.lease)
		return err
	})
	if err != nil {
		return nil, false, err
	}
	if said != "" {
		e.say(ctx, p, true, said)
	}
	return j, more, nil
}

// visit runs one visit to its end and stores what it left.
func (e *Engine) visit(ctx context.Context, j *job) error {
	if j.act != nil {
		return e.followUp(ctx, j)
	}
	row := j.row
	var task *probes.Task
	err := e.DB.Read(ctx, func(ctx context.Context, tx db.Tx) (err error) {
		task, err = e.task(ctx, tx, row)
		return err
	})
	if err != nil {
		return err
	}
	kind := e.Kinds[row.Kind]
	rec := probes.NewRecorder(kind, row.Probe, row.Task, kind.Reading, j.began, e.Evidence.Put)
	rec.Say = func(msg string) { e.say(ctx, row.Probe, false, msg) }
	began := time.Now() // how long a visit takes is real time, whatever the clock of the mails does
	if err := safely(func() error { return kind.Visit(ctx, task, rec) }); err != nil {
		if ctx.Err() != nil {
			return nil // cut off: its row is settled by whoever finds it
		}
		rec.End(evidence.Broken, err.Error())
	}
	o := rec.Observation(time.Since(began))
	e.Metrics.visited(string(o.Outcome), o.Took)
	waits := kind.Correspondence != nil && (o.Outcome == evidence.Completed || kind.Correspondence.Sent != nil && kind.Correspondence.Sent(o) || e.follows(row) && kind.Correspondence.FollowUp.Began(o))
	ctx = context.WithoutCancel(ctx)
	err = e.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := j.mine(ctx, tx); err != nil {
			return err
		}
		now := e.Clock.Now()
		if len(row.Effects) > 0 {
			if err := settle(ctx, tx, row.Probe, j.lease, "accepted", probes.Delivery{State: probes.Accepted, Detail: string(o.Outcome)}, now); err != nil {
				return err
			}
		}
		if waits {
			if err := db.AppendTx(ctx, tx, o); err != nil {
				return err
			}
			if err := e.open(ctx, tx, row.Probe, now.Add(row.Window)); err != nil {
				return err
			}
			_, err := e.followOn(ctx, tx, row, now)
			return err
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
