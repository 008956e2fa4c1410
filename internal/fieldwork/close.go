package fieldwork

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"touchstone/internal/db"
	"touchstone/internal/evidence"
	"touchstone/probes"
)

// ErrNotOpen is wrapped when a wave is in no state to be closed or abandoned.
var ErrNotOpen = errors.New("nothing to end")

const (
	qUnended    = `SELECT site, scenario, repeat FROM probe WHERE wave = $1 AND state <> 'done' ORDER BY site, scenario, repeat LIMIT 50`
	qStanding   = `SELECT state, deadline_us FROM probe WHERE wave = $1 AND site = $2 AND scenario = $3 AND repeat = $4`
	abandonWave = `UPDATE wave SET state = 'abandoned', ended_us = $2 WHERE id = $1 AND state = 'running'`
)

// lookWithin bounds how long a last look at the mailbox may take.
const lookWithin = 2 * time.Minute

// closedEarly begins the reason of every probe that a person ended before its time.
const closedEarly = "closed early by the operator: "

// Close ends a running wave before its time. It looks at the mailbox once
// more, and then every probe gets the observation that is true by now: a
// thread that a person answered is completed, silence is concluded only where
// the window has closed, and all else could not be tested. Nothing is sent but
// what undoes: newsletters are left, unless the kill switch is on.
//
// Without a mail account it takes no last look, and concludes no silence.
//
// It may be done while the kill switch is on, and then sends nothing at all; the
// switch being turned on meanwhile ends it.
func (e *Engine) Close(ctx context.Context, wave string) error {
	w, err := e.load(ctx, wave)
	if err != nil {
		return err
	}
	if w.State != WaveRunning {
		return fmt.Errorf("wave %s is %s: %w", w.ID, w.State, ErrNotOpen)
	}
	before, err := killSwitch(ctx, e.DB)
	if err != nil {
		return err
	}
	return e.underSwitch(ctx, before == "", func(ctx context.Context, _ func(func(context.Context) error)) error {
		return e.close(ctx, w)
	})
}

func (e *Engine) close(ctx context.Context, w *Wave) error {
	if err := e.begin(ctx, w); err != nil { // one that was cut off early has rows without a ledger
		return err
	}
	if err := e.sweep(ctx, w.ID); err != nil {
		return err
	}
	if err := e.tally.start(ctx, e.DB, w.ID); err != nil {
		return err
	}
	var known time.Time // up to when silence is known
	waits, _, err := w.Ahead(ctx, e.DB)
	if err != nil {
		return err
	}
	if e.Post != nil && waits {
		if known, err = e.lookOnce(ctx); err != nil {
			return fmt.Errorf("the last look at the mailbox: %w", err)
		}
		if err := e.resolve(ctx, w.ID); err != nil {
			return err
		}
	}
	off, err := killSwitch(ctx, e.DB)
	if err != nil {
		return err
	}
	if off == "" {
		if err := e.undo(ctx, w); err != nil {
			return err
		}
	}
	for {
		var page []evidence.ProbeID
		err := e.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) (err error) {
			if page, err = probeIDs(ctx, tx, w.ID, qUnended, w.ID); err != nil {
				return err
			}
			for _, p := range page {
				if err := e.endNow(ctx, tx, p, known); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		if len(page) == 0 {
			return e.finish(ctx, w)
		}
		for _, p := range page {
			e.say(ctx, p, true, "closed")
		}
	}
}

// lookOnce has every mailbox looked at, and gives the instant up to which
// silence is known then.
func (e *Engine) lookOnce(ctx context.Context) (time.Time, error) {
	ctx, stop := context.WithTimeoutCause(ctx, lookWithin, fmt.Errorf("the mail account did not answer within %s", lookWithin))
	defer stop()
	if err := e.Post.Check(ctx); err != nil {
		return time.Time{}, err
	}
	run, cancel := context.WithCancelCause(ctx)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel(nil)
	e.looked.start(e.Post.Mailboxes, e.Clock)
	defer e.looked.end()
	now := e.Clock.Now()
	for _, m := range e.Post.Mailboxes {
		wg.Go(func() {
			if err := e.watch(run, m); err != nil && run.Err() == nil {
				cancel(err)
			}
		})
	}
	e.looked.ask(now)
	for e.looked.upTo().Before(now) {
		if err := e.Clock.Wait(run, now.Add(time.Hour), e.wake); err != nil {
			return time.Time{}, context.Cause(run)
		}
	}
	return now, nil
}

// endNow gives one probe of a wave that is closed the observation that is
// true by now. Silence is known up to the instant known, the zero time for
// not at all.
func (e *Engine) endNow(ctx context.Context, tx db.Tx, p evidence.ProbeID, known time.Time) error {
	row, err := e.row(ctx, tx, p)
	if err != nil {
		return err
	}
	var state string
	var us int64
	if err := tx.QueryRow(ctx, qStanding, p.Wave, p.Site, p.Scenario, p.Repeat).Scan(&state, &us); err != nil {
		return err
	}
	if err := giveUp(ctx, tx, row, "", "the wave was closed before it was sent", e.Clock.Now()); err != nil {
		return err
	}
	if state != "open" && us == 0 { // a further letter may be due
		rec := probes.NewRecorder(e.Kinds[row.Kind], p, row.Task, ownReading, row.Due, nil)
		rec.End(evidence.Broken, closedEarly+"it had not begun")
		return e.end(ctx, tx, rec.Observation(0))
	}
	deadline := instant(us)
	o, err := e.observe(ctx, tx, row, !deadline.After(known))
	if err != nil {
		return err
	}
	if o.Outcome == evidence.Pending {
		o.Outcome = evidence.Broken
		if o.Reason = closedEarly + "its window was open until " + deadline.Format(time.RFC3339); !deadline.After(e.Clock.Now()) {
			o.Reason = closedEarly + "its window had closed, but the mailbox was not looked at since"
		}
	}
	return e.end(ctx, tx, o)
}

// Abandon gives a wave up. One that was only planned is dropped, and dropped
// is true; one under way is marked, keeps all that it recorded, and is never
// run again. Mail that still comes for it is matched and kept as before.
func Abandon(ctx context.Context, d *db.DB, wave string, now time.Time) (dropped bool, err error) {
	w, err := LoadWave(ctx, d, wave)
	if err != nil {
		return false, err
	}
	if w.State == WavePlanned {
		return true, drop(ctx, d, wave)
	}
	err = d.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		n, err := tx.Exec(ctx, abandonWave, wave, micros(now))
		if err == nil && n == 0 {
			err = fmt.Errorf("wave %s is %s: %w", w.ID, w.State, ErrNotOpen)
		}
		return err
	})
	return false, err
}
