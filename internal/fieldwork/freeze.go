package fieldwork

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"touchstone/internal/db"
)

// ErrEmptyPlan says that no scenario applies to any site.
var ErrEmptyPlan = errors.New("the plan is empty")

// A plan is made in table draft. When it is whole, its wave is marked, which
// decides that it takes the place of any earlier one of its name, and then goes
// through these states, in small steps that any later process finishes: no
// command sees it before it is planned.
//
//	clearing  the rows of the earlier plan go
//	filling   those of the draft come
//	drafted   a plan that is being dropped; it has no rows of worth
const (
	replaceWave = `UPDATE wave SET state = 'clearing', seed = $2, created_us = $3, version = $4, plan = $5, hash = '' WHERE id = $1 AND state IN ('planned', 'drafted')`
	insertWave  = `INSERT INTO wave (id, state, seed, created_us, started_us, ended_us, version, plan) VALUES ($1, 'filling', $2, $3, 0, 0, $4, $5)`
	fillWave    = `UPDATE wave SET state = 'filling' WHERE id = $1 AND state = 'clearing'`
	freezeWave  = `UPDATE wave SET state = 'planned', hash = $2 WHERE id = $1 AND state = 'filling'`
	qHalfway    = `SELECT id, plan FROM wave WHERE state IN ('clearing', 'filling') ORDER BY id`

	draftWave  = `UPDATE wave SET state = 'drafted' WHERE id = $1 AND state = 'planned'`
	dropWave   = `DELETE FROM wave WHERE id = $1 AND state = 'drafted'`
	qDropped   = `SELECT id FROM wave WHERE state = 'drafted' ORDER BY id`
	dropProbes = `DELETE FROM probe WHERE wave = $1 AND site = $2`
	qSomeSite  = `SELECT site FROM probe WHERE wave = $1 ORDER BY site LIMIT 1`

	insertDraft = `INSERT INTO draft (wave, site, scenario, repeat, kind, task, life, due_us, address, message_id, task_json, detail, window_us)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`
	qSomeDraft = `SELECT wave, site FROM draft ORDER BY wave, site LIMIT 1`
	qDraftOf   = `SELECT site FROM draft WHERE wave = $1 ORDER BY site LIMIT 1`
	fromDraft  = `INSERT INTO probe (wave, site, scenario, repeat, kind, task, life, state, due_us, deadline_us, address, message_id, task_json, detail, planned_us, window_us)
		SELECT wave, site, scenario, repeat, kind, task, life, 'planned', due_us, 0, address, message_id, task_json, detail, due_us, window_us FROM draft WHERE wave = $1 AND site = $2`
	dropDraft = `DELETE FROM draft WHERE wave = $1 AND site = $2`
)

// Draft plans a wave and stores it, as one that has not begun, in the place of
// any earlier plan of that name that has not begun either; that stays where
// planning fails or is cut off. It works site by site, in small transactions,
// and holds no plan in memory; it gives ErrStopped when the kill switch is
// turned on meanwhile.
func Draft(ctx context.Context, d *db.DB, in PlanInput, version string, now time.Time) (*Wave, error) {
	return freeze(ctx, d, in.Wave, in.Seed, version, now, in.expand)
}

// Freeze stores a plan that was made in memory, as Draft does.
func Freeze(ctx context.Context, d *db.DB, p *Plan, version string, now time.Time) error {
	_, err := freeze(ctx, d, p.Wave, p.Seed, version, now, func(give func([]Row) error) (*Plan, error) {
		return p, give(p.Rows)
	})
	return err
}

func freeze(ctx context.Context, d *db.DB, wave string, seed uint64, version string, now time.Time, expand func(give func([]Row) error) (*Plan, error)) (*Wave, error) {
	before, err := killSwitch(ctx, d)
	if err != nil {
		return nil, err
	}
	if err := Settle(ctx, d); err != nil {
		return nil, err
	}
	var page []Row
	flush := func() error {
		err := d.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
			if now, err := stopped(ctx, tx); err != nil || now != "" && now != before {
				return errors.Join(err, ErrStopped)
			}
			for i := range page {
				if err := insertRow(ctx, tx, wave, &page[i]); err != nil {
					return err
				}
			}
			return nil
		})
		page = page[:0]
		return err
	}
	n := 0
	p, err := expand(func(rows []Row) error {
		n += len(rows)
		for part := range slices.Chunk(rows, 200) {
			if page = append(page, part...); len(page) >= 200 {
				if err := flush(); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err == nil && n == 0 {
		err = ErrEmptyPlan
	}
	if err == nil {
		err = flush()
	}
	if err != nil {
		return nil, errors.Join(err, clearDraft(context.WithoutCancel(ctx), d))
	}
	head := *p
	head.Rows = nil
	body, err := json.Marshal(head)
	if err != nil {
		return nil, err
	}
	err = d.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		n, err := tx.Exec(ctx, replaceWave, wave, int64(seed), micros(now), version, string(body))
		if err == nil && n == 0 {
			_, err = tx.Exec(ctx, insertWave, wave, int64(seed), micros(now), version, string(body))
		}
		if err != nil {
			err = fmt.Errorf("freeze wave %s: %w", wave, err)
		}
		return err
	})
	if err != nil {
		return nil, errors.Join(err, clearDraft(context.WithoutCancel(ctx), d))
	}
	if err := Settle(ctx, d); err != nil {
		return nil, err
	}
	return LoadWave(ctx, d, wave)
}

// Settle puts right what a process that ended in the middle of planning left:
// a plan that was made takes its place, one that was half made is forgotten,
// and so is one that was half dropped.
func Settle(ctx context.Context, d *db.DB) error {
	dropped, err := wavesOf(ctx, d, qDropped, func(rows db.Rows, w *halfway) error { return rows.Scan(&w.id) })
	if err != nil {
		return err
	}
	for _, w := range dropped {
		if err := w.clear(ctx, d, dropWave); err != nil {
			return err
		}
	}
	waves, err := wavesOf(ctx, d, qHalfway, func(rows db.Rows, w *halfway) error { return rows.Scan(&w.id, &w.plan) })
	if err != nil {
		return err
	}
	for _, w := range waves {
		if err := w.finish(ctx, d); err != nil {
			return err
		}
	}
	return clearDraft(ctx, d)
}

// halfway is a wave between two plans.
type halfway struct{ id, plan string }

func wavesOf(ctx context.Context, d *db.DB, q string, of func(db.Rows, *halfway) error) (list []halfway, err error) {
	err = d.Read(ctx, func(ctx context.Context, tx db.Tx) error {
		return scan(ctx, tx, func(rows db.Rows) error {
			var w halfway
			err := of(rows, &w)
			list = append(list, w)
			return err
		}, q)
	})
	return list, err
}

// finish gives a wave the plan that was decided on.
func (w halfway) finish(ctx context.Context, d *db.DB) error {
	var head Plan
	if err := json.Unmarshal([]byte(w.plan), &head); err != nil {
		return fmt.Errorf("plan of wave %s: %w", w.id, err)
	}
	var state string
	err := d.Read(ctx, func(ctx context.Context, tx db.Tx) error {
		return tx.QueryRow(ctx, `SELECT state FROM wave WHERE id = $1`, w.id).Scan(&state)
	})
	if err == nil && state == "clearing" {
		err = w.clear(ctx, d, fillWave)
	}
	if err != nil {
		return err
	}
	err = bySite(ctx, d, func(ctx context.Context, tx db.Tx) (bool, error) {
		var site string
		if err := tx.QueryRow(ctx, qDraftOf, w.id).Scan(&site); err != nil {
			return false, orNone(err)
		}
		if _, err := tx.Exec(ctx, fromDraft, w.id, site); err != nil {
			return false, fmt.Errorf("freeze wave %s: %w", w.id, err)
		}
		_, err := tx.Exec(ctx, dropDraft, w.id, site)
		return true, err
	})
	if err != nil {
		return err
	}
	hash, err := head.hash(bodies(ctx, d, w.id))
	if err != nil {
		return err
	}
	return d.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		_, err := tx.Exec(ctx, freezeWave, w.id, hash)
		return err
	})
}

// clear deletes the rows of a wave's plan, and then does the last statement.
func (w halfway) clear(ctx context.Context, d *db.DB, last string) error {
	return bySite(ctx, d, func(ctx context.Context, tx db.Tx) (bool, error) {
		var site string
		err := tx.QueryRow(ctx, qSomeSite, w.id).Scan(&site)
		if errors.Is(err, db.ErrNoRows) {
			_, err = tx.Exec(ctx, last, w.id)
			return false, err
		}
		if err == nil {
			_, err = tx.Exec(ctx, dropProbes, w.id, site)
		}
		return true, err
	})
}

// clearDraft forgets every plan that is not whole.
func clearDraft(ctx context.Context, d *db.DB) error {
	return bySite(ctx, d, func(ctx context.Context, tx db.Tx) (bool, error) {
		var wave, site string
		if err := tx.QueryRow(ctx, qSomeDraft).Scan(&wave, &site); err != nil {
			return false, orNone(err)
		}
		_, err := tx.Exec(ctx, dropDraft, wave, site)
		return true, err
	})
}

func orNone(err error) error {
	if errors.Is(err, db.ErrNoRows) {
		return nil
	}
	return err
}

// bySite does one site after another until none is left, a few in each
// transaction: a long one would stand in the way of the kill switch.
func bySite(ctx context.Context, d *db.DB, one func(ctx context.Context, tx db.Tx) (more bool, err error)) error {
	for more := true; more; {
		err := d.InTx(ctx, func(ctx context.Context, tx db.Tx) (err error) {
			more = true
			for n := 0; n < 20 && more && err == nil; n++ {
				more, err = one(ctx, tx)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// bodies yields the stored rows of a plan as they are.
func bodies(ctx context.Context, d *db.DB, wave string) iter.Seq2[json.RawMessage, error] {
	return planned(ctx, d, wave, func(body string) (json.RawMessage, error) { return json.RawMessage(body), nil })
}

func insertRow(ctx context.Context, tx db.Tx, wave string, r *Row) error {
	life, messageID, window := "visit", "", r.Window
	if r.Letter != nil {
		life, messageID = "correspondence", r.Letter.MessageID
	}
	if r.Refusal != "" {
		window = 0
	}
	body, err := json.Marshal(r)
	if err != nil {
		return err
	}
	p := r.Probe
	if _, err := tx.Exec(ctx, insertDraft, wave, p.Site, p.Scenario, p.Repeat, r.Kind, r.Task, life, micros(r.Due), r.Persona.Email, messageID, string(body), r.Refusal, window.Microseconds()); err != nil {
		return fmt.Errorf("probe %s: %w", p, err)
	}
	return nil
}

// drop takes a plan that has not begun out of the database.
func drop(ctx context.Context, d *db.DB, wave string) error {
	err := d.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		_, err := tx.Exec(ctx, draftWave, wave)
		return err
	})
	if err != nil {
		return err
	}
	return halfway{id: wave}.clear(ctx, d, dropWave)
}
