package fieldwork

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"touchstone/internal/db"
	"touchstone/internal/evidence"
)

const (
	qWaveID       = `SELECT COUNT(*) FROM wave WHERE id = $1`
	insertBrought = `INSERT INTO brought (wave, scenario, kind, task, title, window_us, file, sha256, brought_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (wave, scenario, sha256) DO NOTHING`
	selectBrought = `SELECT scenario, kind, task, title, window_us FROM brought WHERE wave = $1 ORDER BY brought_us, scenario`
	insertEnded   = `INSERT INTO wave (id, state, seed, created_us, started_us, ended_us, plan, version, hash) VALUES ($1, 'done', 0, $2, $3, $4, $5, $6, $7)`
)

// An Intake is what was observed elsewhere, to be kept as part of a wave.
type Intake struct {
	Wave         string
	Project      string
	File         string // as the record names it
	Digest       evidence.Ref
	Sites        []PlannedSite // of the table
	Scenarios    []PlannedTask // likewise
	Observations []evidence.Observation
	Version      string // of the program
}

// Bring keeps observations that were made elsewhere, all or none. Where the
// wave is not there yet it is made, with the table's sites as its panel; else
// every site must be of its panel. Bringing the same table again changes
// nothing, and a mended one is a newer reading. It gives whether the wave was
// made.
func Bring(ctx context.Context, d *db.DB, in Intake, now time.Time) (made bool, err error) {
	err = d.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		var n int
		if err := tx.QueryRow(ctx, qWaveID, in.Wave).Scan(&n); err != nil {
			return err
		}
		if made = n == 0; made {
			return in.wave(ctx, tx, now)
		}
		return nil
	})
	if err != nil {
		return made, err
	}
	w, err := LoadWave(ctx, d, in.Wave)
	if err != nil {
		return made, err
	}
	if err := w.takes(in); err != nil {
		return made, err
	}
	return made, d.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		for _, s := range in.Scenarios {
			if _, err := tx.Exec(ctx, insertBrought, in.Wave, s.ID, s.Kind, s.Task, s.Title, s.Window.Microseconds(), in.File, string(in.Digest), micros(now)); err != nil {
				return fmt.Errorf("bring scenario %s: %w", s.ID, err)
			}
		}
		for _, o := range in.Observations {
			if err := db.AppendTx(ctx, tx, o); err != nil {
				return err
			}
		}
		return nil
	})
}

// wave makes a wave of what was brought: nothing of it was run.
func (in Intake) wave(ctx context.Context, tx db.Tx, now time.Time) error {
	first, last := now, time.Time{}
	for _, o := range in.Observations {
		if o.Start.Before(first) {
			first = o.Start
		}
		if end := o.Start.Add(o.Took); end.After(last) {
			last = end
		}
	}
	plan := Plan{Wave: in.Wave, Project: in.Project, Start: first.UTC(), Sites: in.Sites}
	for _, s := range in.Scenarios {
		plan.Window = max(plan.Window, s.Window)
	}
	body, err := json.Marshal(plan)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, insertEnded, in.Wave, micros(now), micros(first), micros(last), string(body), in.Version, plan.Hash()); err != nil {
		return fmt.Errorf("make wave %s: %w", in.Wave, err)
	}
	return nil
}

// takes reports what of a table does not fit the wave.
func (w *Wave) takes(in Intake) error {
	var strange []string
	for _, s := range in.Sites {
		if !slices.ContainsFunc(w.Plan.Sites, func(p PlannedSite) bool { return p.ID == s.ID }) {
			strange = append(strange, s.ID)
		}
	}
	if len(strange) > 0 {
		return fmt.Errorf("wave %s has no site %s in its panel: bring them into a wave of their own with --wave", w.ID, strings.Join(strange, ", "))
	}
	for _, s := range in.Scenarios {
		same := func(t PlannedTask) bool { return t.ID == s.ID }
		if slices.ContainsFunc(w.Plan.Scenarios, same) {
			return fmt.Errorf("scenario %s was run by wave %s itself: give what you bring another name, in a column \"scenario\"", s.ID, w.ID)
		}
		if i := slices.IndexFunc(w.Brought, same); i >= 0 && (w.Brought[i].Kind != s.Kind || w.Brought[i].Task != s.Task) {
			t := w.Brought[i]
			return fmt.Errorf("scenario %s was brought before as %s by %s, now as %s by %s: give it another name", s.ID, t.Task, t.Kind, s.Task, s.Kind)
		}
	}
	return nil
}

// broughtTo lists the scenarios that were brought into a wave.
func broughtTo(ctx context.Context, tx db.Tx, wave string) ([]PlannedTask, error) {
	rows, err := tx.Query(ctx, selectBrought, wave)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []PlannedTask
	for rows.Next() {
		var t PlannedTask
		var us int64
		if err := rows.Scan(&t.ID, &t.Kind, &t.Task, &t.Title, &us); err != nil {
			return nil, err
		}
		t.Window = time.Duration(us) * time.Microsecond
		if !slices.ContainsFunc(out, func(o PlannedTask) bool { return o.ID == t.ID }) {
			out = append(out, t)
		}
	}
	return out, rows.Err()
}
