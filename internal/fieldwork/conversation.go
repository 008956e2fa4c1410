package fieldwork

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"time"

	"touchstone/internal/db"
	"touchstone/internal/evidence"
	"touchstone/internal/reading"
	"touchstone/probes"
)

// A correspondence that may go on is looked at again whenever a mail comes for
// it, and at the instant for which its kind has called for a letter. The look
// waits, like the end of a window, until every mailbox was looked at up to
// then: that nobody has answered is known, not assumed.
//
//	open → look: nothing yet → open, until the next instant
//	            a letter is due → planned → running → open, until the new letter's window ends
//
// The letter is written, and gets its row in the ledger, in the transaction
// that begins it: what is asked of the thread, of the hours, the caps and the
// suppression list holds at that moment. Whatever stands in its way sends the
// probe back to open; nothing but a window's end ends it.

const (
	qGoing   = `SELECT site, scenario, repeat FROM probe WHERE wave = $1 AND state = 'open' AND next_us > 0 AND next_us <= $2 ORDER BY next_us, site, scenario, repeat LIMIT 50`
	qGoOn    = `UPDATE probe SET next_us = $5 WHERE wave = $1 AND site = $2 AND scenario = $3 AND repeat = $4`
	qAgain   = `UPDATE probe SET next_us = $5 WHERE wave = $1 AND site = $2 AND scenario = $3 AND repeat = $4 AND next_us > 0`
	qCall    = `UPDATE probe SET state = 'planned', due_us = $5, detail = '', moved_us = $6 WHERE wave = $1 AND site = $2 AND scenario = $3 AND repeat = $4 AND state = 'open'`
	qReopen  = `UPDATE probe SET state = 'open', next_us = $5, detail = '', moved_us = $6, lease = '', lease_us = 0 WHERE wave = $1 AND site = $2 AND scenario = $3 AND repeat = $4`
	qCalled  = `SELECT due_us, deadline_us FROM probe WHERE wave = $1 AND site = $2 AND scenario = $3 AND repeat = $4`
	qLetters = `SELECT step, state, recipient, message_id, raw, begun_us, settled_us, code, detail, attempts FROM effect
		WHERE wave = $1 AND site = $2 AND scenario = $3 AND repeat = $4 AND step LIKE 'letter%' ORDER BY step`
	qLastBegun = `SELECT COALESCE(MAX(begun_us), 0) FROM effect
		WHERE wave = $1 AND site = $2 AND scenario = $3 AND repeat = $4 AND step LIKE 'letter%' AND state IN ('begun', 'accepted', 'uncertain')`
	qGiveUp = `UPDATE effect SET state = 'refused', settled_us = $5, code = 0, detail = $6
		WHERE wave = $1 AND site = $2 AND scenario = $3 AND repeat = $4 AND state = 'planned' AND step LIKE 'letter-%' AND step <> $7`
	qUncertain = `SELECT message_id FROM effect WHERE wave = $1 AND site = $2 AND scenario = $3 AND repeat = $4 AND state = 'uncertain' AND message_id <> '' ORDER BY step`
	qConfirmID = `UPDATE effect SET state = 'accepted', settled_us = begun_us, detail = $5
		WHERE wave = $1 AND site = $2 AND scenario = $3 AND repeat = $4 AND state = 'uncertain' AND message_id = $6`
	qConfirmAmong = `UPDATE effect SET state = 'accepted', settled_us = begun_us, detail = $5
		WHERE wave = $1 AND site = $2 AND scenario = $3 AND repeat = $4 AND state = 'uncertain' AND (step NOT LIKE 'letter-%%' AND step NOT LIKE 'follow-%%' OR message_id IN (%s))`
)

// never is an instant that does not come: only a mail brings the next look.
const never = math.MaxInt64 / 2

// furtherStep names the letter at a place of the plan's list.
func furtherStep(place int) string { return letterStep + "-" + strconv.Itoa(place+2) }

// goOn plans the letters that may follow a row's first.
func (in PlanInput) goOn(r *Row, task *probes.Task, domain string) (err error) {
	c := in.Kinds[r.Kind].Correspondence.Conversation
	if c == nil {
		return nil
	}
	var most int
	if r.Then, most, err = c.Plan(task, *r.Letter); err != nil {
		return fmt.Errorf("scenario %q at site %q: %w", r.Probe.Scenario, r.Probe.Site, err)
	}
	if len(r.Then) > 0 {
		r.Letters = most
	}
	for i := range r.Then {
		id := in.rand("message-id", r.Probe.String(), furtherStep(i)).Uint64()
		r.Then[i].MessageID = tag(id) + tag(r.Random^0x5bd1e995) + "@" + domain
	}
	return nil
}

// goOn looks at the conversations whose instant has come, a page of them; first
// is the earliest. more says that it has, and that there may be others.
func (e *Engine) goOn(ctx context.Context, w *Wave, first, now time.Time) (more bool, err error) {
	upTo := e.looked.upTo()
	if upTo.Before(now) {
		e.looked.ask(now)
	}
	if upTo.Before(first) {
		return false, nil
	}
	err = e.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		going, err := probeIDs(ctx, tx, w.ID, qGoing, w.ID, micros(upTo))
		if err != nil {
			return err
		}
		more = len(going) > 0
		for _, p := range going {
			if err := e.look(ctx, tx, p, now, upTo); err != nil {
				return err
			}
		}
		return nil
	})
	return more && err == nil, err
}

// look asks what a thread calls for: a letter that is due gets its turn among
// all that are, as one that is known to be due as of upTo.
func (e *Engine) look(ctx context.Context, tx db.Tx, p evidence.ProbeID, now, upTo time.Time) error {
	row, err := e.row(ctx, tx, p)
	if err != nil {
		return err
	}
	if e.follows(row) {
		return e.lookFollowUp(ctx, tx, row, now, upTo)
	}
	next, _, ok, err := e.calls(ctx, tx, row)
	if err != nil {
		return err
	}
	_, deadline, err := called(ctx, tx, p)
	if err != nil {
		return err
	}
	at := int64(never)
	if ok && next.At.After(now) {
		at = micros(next.At)
	} else if ok && now.Before(deadline) {
		_, err := tx.Exec(ctx, qCall, p.Wave, p.Site, p.Scenario, p.Repeat, micros(upTo), e.stamp())
		return err
	}
	if err := giveUp(ctx, tx, row, "", notNeeded, now); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, qGoOn, p.Wave, p.Site, p.Scenario, p.Repeat, at)
	return err
}

// notNeeded says why a letter that was deferred is given up.
const notNeeded = "not needed any more"

// called gives since when a letter is due, and the end of the window that is
// open: zero where not even the first has left.
func called(ctx context.Context, tx db.Tx, p evidence.ProbeID) (due, deadline time.Time, err error) {
	var d, end int64
	err = tx.QueryRow(ctx, qCalled, p.Wave, p.Site, p.Scenario, p.Repeat).Scan(&d, &end)
	return instant(d), instant(end), err
}

// calls asks the kind which letter comes next in a thread. None does while it
// is uncertain whether one has left.
func (e *Engine) calls(ctx context.Context, tx db.Tx, row *Row) (next probes.Next, th probes.Thread, ok bool, err error) {
	c := e.Kinds[row.Kind].Correspondence.Conversation
	if c == nil || len(row.Then) == 0 {
		return next, th, false, nil
	}
	effects, err := letterEffects(ctx, tx, row.Probe)
	if err != nil {
		return next, th, false, err
	}
	for _, eff := range effects {
		if eff.State == "begun" || eff.State == "uncertain" {
			return next, th, false, nil
		}
	}
	first, there := effects[letterStep]
	if !there || first.State != "accepted" {
		return next, th, false, nil
	}
	th = probes.Thread{Letter: *row.Letter, Sent: first.Settled, Window: row.Window, Further: furtherLetters(row, effects)}
	th.Letter.Raw = first.Raw
	if th.Arrivals, err = arrivals(ctx, tx, row.Probe); err != nil {
		return next, th, false, err
	}
	task, err := e.task(ctx, tx, row)
	if err != nil {
		return next, th, false, err
	}
	next, ok = c.Next(task, th)
	return next, th, ok && next.Place >= 0 && next.Place < len(row.Then), nil
}

// letterEffects gives the ledger's rows of a probe's letters, by step.
func letterEffects(ctx context.Context, tx db.Tx, p evidence.ProbeID) (map[string]effectRow, error) {
	out := map[string]effectRow{}
	err := scan(ctx, tx, func(rows db.Rows) error {
		var step string
		var r effectRow
		var begun, settled int64
		err := rows.Scan(&step, &r.State, &r.Recipient, &r.MessageID, &r.Raw, &begun, &settled, &r.Code, &r.Detail, &r.Attempts)
		r.Begun, r.Settled = instant(begun), instant(settled)
		out[step] = r
		return err
	}, qLetters, p.Wave, p.Site, p.Scenario, p.Repeat)
	return out, err
}

// furtherLetters gives the letters after the first as they left, by place, and
// those that were given up. One that still waits is none yet.
func furtherLetters(row *Row, effects map[string]effectRow) (list []probes.Further) {
	for place, planned := range row.Then {
		eff, there := effects[furtherStep(place)]
		if !there || eff.State == "planned" || eff.State == "begun" {
			continue
		}
		f := probes.Further{Letter: planned.Letter, Place: place}
		f.To, f.Raw = eff.Recipient, eff.Raw
		if len(eff.Raw) > 0 {
			f.Subject = reading.Parse(eff.Raw).Subject // that of the mail which it answers
		}
		switch {
		case eff.State != "refused":
			f.Sent, f.Date = eff.Settled, eff.Begun
		case eff.Code != 0:
			f.Refused = eff.Detail
		}
		list = append(list, f)
	}
	return list
}

// further puts the letters after the first into the thread that is read, and
// cites those that left.
func further(ctx context.Context, tx db.Tx, row *Row, th *probes.Thread, rec *probes.Recorder) error {
	if len(row.Then) == 0 {
		return nil
	}
	effects, err := letterEffects(ctx, tx, row.Probe)
	if err != nil {
		return err
	}
	th.Further = furtherLetters(row, effects)
	for _, f := range th.Further {
		if !f.Sent.IsZero() {
			rec.Cite(furtherStep(f.Place)+".eml", evidence.RefOf(f.Raw))
		}
	}
	return nil
}

// claimFurther takes the letter after the first that is due in a row, and
// writes it. further is false where not even the first has left; no job means
// that the letter has to wait, or is called for no more.
func (e *Engine) claimFurther(ctx context.Context, tx db.Tx, row *Row, now time.Time) (j *job, further bool, err error) {
	p := row.Probe
	due, deadline, err := called(ctx, tx, p)
	if err != nil || deadline.IsZero() {
		return nil, false, err
	}
	if e.looked.upTo().Before(due) { // called for by a process that is gone: what came since is not known
		return nil, true, e.reopen(ctx, tx, p, now)
	}
	next, th, ok, err := e.calls(ctx, tx, row)
	if err != nil {
		return nil, true, err
	}
	if !ok || next.At.After(now) || !now.Before(deadline) {
		if err := giveUp(ctx, tx, row, "", notNeeded, now); err != nil {
			return nil, true, err
		}
		return nil, true, e.reopen(ctx, tx, p, now)
	}
	l, step := row.Then[next.Place].Letter, furtherStep(next.Place)
	if err := giveUp(ctx, tx, row, step, "another letter is called for", now); err != nil {
		return nil, true, err
	}
	site, err := e.panel.site(ctx, tx, p)
	if err != nil {
		return nil, true, err
	}
	until, _, err := e.patience(ctx, tx, p, site, now)
	if err != nil {
		return nil, true, err
	}
	if !until.IsZero() {
		return nil, true, e.reopen(ctx, tx, p, until)
	}
	eff, err := loadEffect(ctx, tx, p, step)
	switch {
	case err == nil: // it was tried before, and surely not sent: the same bytes
		l.To, l.Raw = eff.Recipient, eff.Raw
	case !errors.Is(err, db.ErrNoRows):
		return nil, true, err
	default:
		if l, err = e.write(ctx, tx, row, th, l, now); err != nil {
			return nil, true, err
		}
		if err := insertEffect(ctx, tx, p, step, evidence.SendMail, l.To, l.MessageID, l.Raw, next.At); err != nil {
			return nil, true, err
		}
	}
	said, err := e.suppressedNow(ctx, tx, site.Site, l.To, row.Effects)
	if err != nil {
		return nil, true, err
	}
	if said != "" {
		if err := giveUp(ctx, tx, row, "", said, now); err != nil {
			return nil, true, err
		}
		return nil, true, e.reopen(ctx, tx, p, now)
	}
	if j, err = e.take(ctx, tx, p, row, now); err != nil {
		return nil, true, err
	}
	n, err := tx.Exec(ctx, qBegin, p.Wave, p.Site, p.Scenario, p.Repeat, micros(now), j.lease)
	if err == nil && n != 1 {
		err = fmt.Errorf("probe %s is due, but the ledger has %d letters of it to send", p, n)
	}
	j.letter, j.due, j.further = l, next.At, true
	return j, true, err
}

// write has the kind write a planned letter, now.
func (e *Engine) write(ctx context.Context, tx db.Tx, row *Row, th probes.Thread, l probes.Letter, now time.Time) (probes.Letter, error) {
	task, err := e.task(ctx, tx, row)
	if err != nil {
		return l, err
	}
	l.Date = now.Truncate(time.Second)
	to := l.To
	if l, err = e.Kinds[row.Kind].Correspondence.Conversation.Write(task, th, l); err != nil {
		return l, fmt.Errorf("probe %s: %w", row.Probe, err)
	}
	if l.To != to {
		return l, fmt.Errorf("probe %s: its letter is for %s, but %s was planned", row.Probe, l.To, to)
	}
	return l, nil
}

// giveUp ends the letters after a row's first that wait to be sent, but for the
// one of a step.
func giveUp(ctx context.Context, tx db.Tx, row *Row, but, why string, now time.Time) error {
	if len(row.Then) == 0 {
		return nil
	}
	p := row.Probe
	_, err := tx.Exec(ctx, qGiveUp, p.Wave, p.Site, p.Scenario, p.Repeat, micros(now), why, but)
	return err
}

// reopen has a probe wait on in the window that is open, until the next look.
func (e *Engine) reopen(ctx context.Context, tx db.Tx, p evidence.ProbeID, next time.Time) error {
	_, err := tx.Exec(ctx, qReopen, p.Wave, p.Site, p.Scenario, p.Repeat, micros(next), e.stamp())
	return err
}

// openLetter has a probe wait for answers to the letter that left at an
// instant.
func (e *Engine) openLetter(ctx context.Context, tx db.Tx, row *Row, at time.Time) error {
	p := row.Probe
	if err := e.open(ctx, tx, p, at.Add(row.Window)); err != nil || len(row.Then) == 0 {
		return err
	}
	_, err := tx.Exec(ctx, qGoOn, p.Wave, p.Site, p.Scenario, p.Repeat, micros(at))
	return err
}

// lastBegun gives when the last letter of a probe that may have left was begun.
func lastBegun(ctx context.Context, tx db.Tx, p evidence.ProbeID) (time.Time, error) {
	var us int64
	err := tx.QueryRow(ctx, qLastBegun, p.Wave, p.Site, p.Scenario, p.Repeat).Scan(&us)
	return instant(us), err
}

// lookAgain brings the next look at a conversation forward.
func lookAgain(ctx context.Context, tx db.Tx, p evidence.ProbeID, at time.Time) error {
	_, err := tx.Exec(ctx, qAgain, p.Wave, p.Site, p.Scenario, p.Repeat, micros(at))
	return err
}

// confirm notes that uncertain letters have left after all, since a mail came
// for the probe: the first, and of the further ones those that it refers to.
func confirm(ctx context.Context, tx db.Tx, p evidence.ProbeID, ids []string, why string) error {
	args := []any{p.Wave, p.Site, p.Scenario, p.Repeat, why, ""}
	for _, id := range ids[max(0, len(ids)-50):] {
		args = append(args, id)
	}
	_, err := tx.Exec(ctx, fmt.Sprintf(qConfirmAmong, db.List(6, len(args)-5)), args...)
	return err
}
