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

const (
	// a draft is a plan under way; no command but the next plan sees it
	draftWave  = `UPDATE wave SET state = 'drafted' WHERE id = $1 AND state IN ('planned', 'drafted')`
	insertWave = `INSERT INTO wave (id, state, seed, created_us, started_us, ended_us, plan, version) VALUES ($1, 'drafted', $2, $3, 0, 0, '{}', $4)`
	freezeWave = `UPDATE wave SET state = 'planned', plan = $2, hash = $3 WHERE id = $1 AND state = 'drafted'`
	dropWave   = `DELETE FROM wave WHERE id = $1 AND state = 'drafted'`
	dropProbes = `DELETE FROM probe WHERE wave = $1 AND site = $2`
	qSomeSite  = `SELECT site FROM probe WHERE wave = $1 ORDER BY site LIMIT 1`
	qDraft     = `SELECT id FROM wave WHERE state = 'drafted' ORDER BY id`

	insertProbe = `INSERT INTO probe (wave, site, scenario, repeat, kind, task, life, state, due_us, deadline_us, address, message_id, task_json, detail, planned_us, window_us)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 'planned', $8, 0, $9, $10, $11, $12, $8, $13)`
)

// Draft plans a wave and stores it, as one that has not begun, in the place of
// any earlier plan of that name that has not begun either. It works site by
// site, in small transactions, and holds no plan in memory; it gives ErrStopped
// when the kill switch is turned on meanwhile.
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
	if err := drop(ctx, d, wave); err != nil {
		return nil, err
	}
	err = d.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		if _, err := tx.Exec(ctx, insertWave, wave, int64(seed), micros(now), version); err != nil {
			return fmt.Errorf("freeze wave %s: %w", wave, err)
		}
		return nil
	})
	if err != nil {
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
		return nil, errors.Join(err, drop(context.WithoutCancel(ctx), d, wave))
	}
	head := *p
	head.Rows = nil
	body, err := json.Marshal(head)
	if err != nil {
		return nil, err
	}
	hash, err := head.hash(bodies(ctx, d, wave))
	if err != nil {
		return nil, err
	}
	err = d.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		_, err := tx.Exec(ctx, freezeWave, wave, string(body), hash)
		return err
	})
	if err != nil {
		return nil, err
	}
	return LoadWave(ctx, d, wave)
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
	if _, err := tx.Exec(ctx, insertProbe, wave, p.Site, p.Scenario, p.Repeat, r.Kind, r.Task, life, micros(r.Due), r.Persona.Email, messageID, string(body), r.Refusal, window.Microseconds()); err != nil {
		return fmt.Errorf("probe %s: %w", p, err)
	}
	return nil
}

// drop takes a plan that has not begun, or a draft, out of the database, site
// by site: a long transaction would stand in the way of the kill switch.
func drop(ctx context.Context, d *db.DB, wave string) error {
	var n int64
	err := d.InTx(ctx, func(ctx context.Context, tx db.Tx) (err error) {
		n, err = tx.Exec(ctx, draftWave, wave)
		return err
	})
	if err != nil || n == 0 {
		return err
	}
	for left := true; left; {
		err := d.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
			var site string
			err := tx.QueryRow(ctx, qSomeSite, wave).Scan(&site)
			if errors.Is(err, db.ErrNoRows) {
				left = false
				_, err = tx.Exec(ctx, dropWave, wave)
				return err
			}
			if err == nil {
				_, err = tx.Exec(ctx, dropProbes, wave, site)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
