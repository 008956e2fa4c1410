package fieldwork

import (
	"context"
	"errors"
	"strings"
	"time"

	"touchstone/internal/db"
	"touchstone/internal/evidence"
	"touchstone/probes"
)

// A visit that has sent something may be followed by acts that undo it, or
// bring it to its end: see probes.FollowUp. They are planned with the visit's
// effect and granted with it. Like a further letter, an act is looked for
// whenever a mail comes and at the instant for which its kind has called, gets
// its row in the ledger in the transaction that begins it, and is done once.
//
//	open → look: nothing yet → open, until the next instant
//	            an act is due → planned → running → open, until the window's new end
//
// No window closes before an act that is due by then, however late it is: a
// program that was stopped for weeks first ends the subscription, then waits.
//
// What an act saw is a reading of its own, named like its step.

// followStep begins the step of each act.
const followStep = "follow-"

const (
	qFollowed = `SELECT step, state, recipient, message_id, raw, begun_us, settled_us, code, detail, attempts FROM effect
		WHERE wave = $1 AND site = $2 AND scenario = $3 AND repeat = $4 AND step LIKE 'follow-%' ORDER BY begun_us, settled_us, step`
	qWithhold = `UPDATE effect SET state = 'refused', settled_us = $5, code = 0, detail = $6
		WHERE wave = $1 AND site = $2 AND scenario = $3 AND repeat = $4 AND state = 'planned' AND step LIKE 'follow-%'`
	qFollowOn = `UPDATE probe SET state = 'open', deadline_us = $5, next_us = $6, detail = '', moved_us = $7, lease = '', lease_us = 0
		WHERE wave = $1 AND site = $2 AND scenario = $3 AND repeat = $4`
	// probes of a wave whose visit may have left something standing
	qFollowing = `SELECT site, scenario, repeat FROM probe WHERE wave = $1 AND life = 'visit' AND window_us > 0 AND deadline_us > 0 ORDER BY site, scenario, repeat`
)

// follows reports whether acts may follow a row's visit.
func (e *Engine) follows(row *Row) bool {
	k := e.Kinds[row.Kind]
	return row.Letter == nil && k != nil && k.Correspondence != nil && k.Correspondence.FollowUp != nil
}

// doneActs gives the acts of a probe that were begun, by time, with what they saw.
func doneActs(ctx context.Context, tx db.Tx, p evidence.ProbeID, readings []evidence.Observation) (list []probes.Done, err error) {
	err = scan(ctx, tx, func(rows db.Rows) error {
		var step string
		var r effectRow
		var begun, settled int64
		if err := rows.Scan(&step, &r.State, &r.Recipient, &r.MessageID, &r.Raw, &begun, &settled, &r.Code, &r.Detail, &r.Attempts); err != nil {
			return err
		}
		if r.State == "planned" || r.State == "begun" {
			return nil
		}
		d := probes.Done{Name: strings.TrimPrefix(step, followStep), To: r.Recipient, State: probes.DeliveryState(r.State), Detail: r.Detail, At: instant(settled), Withheld: r.State == "refused" && r.Attempts == 0}
		for i := range readings {
			if readings[i].Reading == step {
				d.Seen = &readings[i]
			}
		}
		list = append(list, d)
		return nil
	}, qFollowed, p.Wave, p.Site, p.Scenario, p.Repeat)
	return list, err
}

// followed gives the thread of a visit as its kind is asked about it.
func (e *Engine) followed(ctx context.Context, tx db.Tx, row *Row) (t *probes.Task, th probes.Thread, err error) {
	th = probes.Thread{Window: row.Window, Ending: e.ending}
	if th.Arrivals, err = arrivals(ctx, tx, row.Probe); err != nil {
		return nil, th, err
	}
	if _, _, err = resume(ctx, tx, e.Kinds[row.Kind], row.Probe, &th); err != nil {
		return nil, th, err
	}
	t, err = e.task(ctx, tx, row)
	return t, th, err
}

// followOn has a probe wait on after its visit, or an act, was settled; false
// where nothing follows or the visit has not ended.
func (e *Engine) followOn(ctx context.Context, tx db.Tx, row *Row, now time.Time) (bool, error) {
	if !e.follows(row) {
		return false, nil
	}
	if _, deadline, err := called(ctx, tx, row.Probe); err != nil || deadline.IsZero() {
		return false, err
	}
	t, th, err := e.followed(ctx, tx, row)
	if err != nil {
		return false, err
	}
	until := e.Kinds[row.Kind].Correspondence.FollowUp.Until(t, th)
	p := row.Probe
	_, err = tx.Exec(ctx, qFollowOn, p.Wave, p.Site, p.Scenario, p.Repeat, micros(until), micros(now), e.stamp())
	return true, err
}

// followBroken has a probe wait on whose visit was cut off.
func (e *Engine) followBroken(ctx context.Context, tx db.Tx, row *Row, why string, now time.Time) error {
	kind := e.Kinds[row.Kind]
	rec := probes.NewRecorder(kind, row.Probe, row.Task, kind.Reading, now, nil)
	rec.End(evidence.Broken, why)
	o := rec.Observation(0)
	o.Missing = nil
	if err := db.AppendTx(ctx, tx, o); err != nil {
		return err
	}
	if err := e.open(ctx, tx, row.Probe, now.Add(row.Window)); err != nil {
		return err
	}
	_, err := e.followOn(ctx, tx, row, now)
	return err
}

// lookFollowUp asks which act a thread calls for: one that is due gets its
// turn among the visits.
func (e *Engine) lookFollowUp(ctx context.Context, tx db.Tx, row *Row, now, upTo time.Time) error {
	t, th, err := e.followed(ctx, tx, row)
	if err != nil {
		return err
	}
	p := row.Probe
	a, ok := e.Kinds[row.Kind].Correspondence.FollowUp.Next(t, th)
	if ok && !a.At.After(now) {
		_, err := tx.Exec(ctx, qCall, p.Wave, p.Site, p.Scenario, p.Repeat, micros(upTo), e.stamp())
		return err
	}
	at := int64(never)
	if ok {
		at = micros(a.At)
	}
	_, err = tx.Exec(ctx, qGoOn, p.Wave, p.Site, p.Scenario, p.Repeat, at)
	return err
}

// claimFollowUp takes the act that is due in a row, and begins it. follows is
// false where not even the visit was made; no job means that the act has to
// wait, or is called for no more.
func (e *Engine) claimFollowUp(ctx context.Context, tx db.Tx, row *Row, now time.Time) (j *job, follows bool, err error) {
	p := row.Probe
	if !e.follows(row) {
		return nil, false, nil
	}
	due, deadline, err := called(ctx, tx, p)
	if err != nil || deadline.IsZero() {
		return nil, false, err
	}
	if e.looked.upTo().Before(due) && !e.ending { // called for by a process that is gone: what came since is not known
		return nil, true, e.reopen(ctx, tx, p, now)
	}
	t, th, err := e.followed(ctx, tx, row)
	if err != nil {
		return nil, true, err
	}
	a, ok := e.Kinds[row.Kind].Correspondence.FollowUp.Next(t, th)
	if !ok || a.At.After(now) {
		return nil, true, e.reopen(ctx, tx, p, now)
	}
	step := followStep + a.Name
	eff, err := loadEffect(ctx, tx, p, step)
	switch {
	case err == nil && a.Letter != nil: // it was tried before, and surely not sent: the same bytes
		a.To, a.Letter.To, a.Letter.Raw, a.Letter.MessageID = eff.Recipient, eff.Recipient, eff.Raw, eff.MessageID
	case err == nil:
		a.To = eff.Recipient
	case !errors.Is(err, db.ErrNoRows):
		return nil, true, err
	default:
		var raw []byte
		id := ""
		if a.Letter != nil {
			raw, id = a.Letter.Raw, a.Letter.MessageID
		}
		if err := insertEffect(ctx, tx, p, step, a.Effect, a.To, id, raw, a.At); err != nil {
			return nil, true, err
		}
	}
	to := ""
	if a.Letter != nil {
		to = a.To
	}
	said, err := e.suppressedNow(ctx, tx, t.Site, to, row.Effects)
	if err != nil {
		return nil, true, err
	}
	if said != "" {
		if _, err := tx.Exec(ctx, qWithhold, p.Wave, p.Site, p.Scenario, p.Repeat, micros(now), said); err != nil {
			return nil, true, err
		}
		return nil, true, e.reopen(ctx, tx, p, now)
	}
	if j, err = e.take(ctx, tx, p, row, now); err != nil {
		return nil, true, err
	}
	j.act, j.thread, j.due = &a, th, a.At
	_, err = tx.Exec(ctx, qBegin, p.Wave, p.Site, p.Scenario, p.Repeat, micros(now), j.lease)
	return j, true, err
}

// followUp does an act that has begun, and keeps what it came to.
func (e *Engine) followUp(ctx context.Context, j *job) error {
	row, a := j.row, j.act
	p, kind := row.Probe, e.Kinds[j.row.Kind]
	var task *probes.Task
	err := e.DB.Read(ctx, func(ctx context.Context, tx db.Tx) (err error) {
		task, err = e.task(ctx, tx, row)
		return err
	})
	if err != nil {
		return err
	}
	var d probes.Delivery
	var saw *evidence.Observation
	switch {
	case a.Letter != nil && e.Post == nil:
		d = probes.Delivery{State: probes.Deferred, Ours: true, Detail: "it takes a mail, and there is no mail account"}
	case a.Letter != nil:
		d = e.Post.Send(ctx, *a.Letter)
	default:
		rec := probes.NewRecorder(kind, p, row.Task, followStep+a.Name, j.began, e.Evidence.Put)
		rec.Say = func(msg string) { e.say(ctx, p, false, msg) }
		began := time.Now() // as of a visit
		err := safely(func() error { d = kind.Correspondence.FollowUp.Do(ctx, task, j.thread, *a, rec); return nil })
		if err != nil {
			d = probes.Delivery{State: probes.Uncertain, Detail: err.Error()}
		}
		if ctx.Err() != nil {
			return nil // cut off: its row is settled by whoever finds it
		}
		rec.End(evidence.Completed, "") // unless it has said how it ended
		o := rec.Observation(time.Since(began))
		o.Missing = nil // it is asked for a part alone
		saw = &o
	}
	ctx = context.WithoutCancel(ctx)
	err = e.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := j.mine(ctx, tx); err != nil {
			return err
		}
		now := e.Clock.Now()
		if d.State == probes.Deferred {
			until := now.Add(backoff(j.due, now))
			if err := settle(ctx, tx, p, j.lease, "planned", d, now); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, qPutOff, p.Wave, p.Site, p.Scenario, p.Repeat, micros(until), d.Detail, e.stamp())
			return err
		}
		if err := settle(ctx, tx, p, j.lease, string(d.State), d, now); err != nil {
			return err
		}
		if saw != nil {
			if err := db.AppendTx(ctx, tx, *saw); err != nil {
				return err
			}
		}
		_, err := e.followOn(ctx, tx, row, now)
		return err
	})
	if err == nil {
		e.say(ctx, p, false, a.Name+" "+string(d.State)+": "+d.Detail)
	}
	return err
}

// undo does now what ends what visits of a wave left standing, before the wave
// is closed.
func (e *Engine) undo(ctx context.Context, w *Wave) error {
	e.ending = true
	defer func() { e.ending = false }()
	list, err := e.following(ctx, w.ID)
	if err != nil {
		return err
	}
	for _, p := range list {
		for {
			var j *job
			err := e.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
				row, err := e.row(ctx, tx, p)
				if err != nil || !e.follows(row) {
					return err
				}
				var state string
				var us int64
				if err := tx.QueryRow(ctx, qStanding, p.Wave, p.Site, p.Scenario, p.Repeat).Scan(&state, &us); err != nil || state == "done" {
					return err
				}
				if err := e.lookFollowUp(ctx, tx, row, e.Clock.Now(), e.Clock.Now()); err != nil {
					return err
				}
				if err := tx.QueryRow(ctx, qStanding, p.Wave, p.Site, p.Scenario, p.Repeat).Scan(&state, &us); err != nil || state != "planned" {
					return err
				}
				j, _, err = e.claimFollowUp(ctx, tx, row, e.Clock.Now())
				return err
			})
			if err != nil {
				return err
			}
			if j == nil {
				break
			}
			if err := e.followUp(ctx, j); err != nil {
				return err
			}
			if later := e.putOffNow(ctx, p); later {
				break
			}
		}
	}
	return nil
}

// putOffNow reports whether an act has to be tried again later, for which a
// wave that ends has no time.
func (e *Engine) putOffNow(ctx context.Context, p evidence.ProbeID) (later bool) {
	var state string
	var us int64
	err := e.DB.Read(ctx, func(ctx context.Context, tx db.Tx) error {
		return tx.QueryRow(ctx, qStanding, p.Wave, p.Site, p.Scenario, p.Repeat).Scan(&state, &us)
	})
	return err != nil || state == "planned"
}

func (e *Engine) following(ctx context.Context, wave string) (list []evidence.ProbeID, err error) {
	err = e.DB.Read(ctx, func(ctx context.Context, tx db.Tx) error {
		list, err = probeIDs(ctx, tx, wave, qFollowing, wave)
		return err
	})
	return list, err
}

// A Remnant is what a visit left standing at a site: a newsletter that is
// still subscribed.
type Remnant struct {
	Probe   evidence.ProbeID `json:"probe"`
	Address string           `json:"address"` // the probe's own, to which it goes
	Left    string           `json:"left"`    // what stands, and how a person ends it
}

// Remnants lists what the visits of a wave left standing, as the record has it.
func (e *Engine) Remnants(ctx context.Context, wave string) (out []Remnant, err error) {
	if _, err := e.load(ctx, wave); err != nil {
		return nil, err
	}
	list, err := e.following(ctx, wave)
	if err != nil {
		return nil, err
	}
	for _, p := range list {
		err := e.DB.Read(ctx, func(ctx context.Context, tx db.Tx) error {
			row, err := e.row(ctx, tx, p)
			if err != nil || !e.follows(row) {
				return err
			}
			t, th, err := e.followed(ctx, tx, row)
			if pruned := (*evidence.PrunedError)(nil); errors.As(err, &pruned) || errors.Is(err, evidence.ErrNotFound) {
				return nil // its mails are gone, and with them the way to leave
			}
			if err != nil {
				return err
			}
			if left := e.Kinds[row.Kind].Correspondence.FollowUp.Left(t, th); left != "" {
				out = append(out, Remnant{p, row.Persona.Email, left})
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}
