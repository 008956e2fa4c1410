package fieldwork

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"time"

	"touchstone/internal/db"
	"touchstone/internal/evidence"
	"touchstone/probes"
)

// A Wave is one round of fieldwork as the database knows it.
type Wave struct {
	ID      string
	State   WaveState
	Created time.Time
	Started time.Time // zero before the first probe
	Ended   time.Time // zero while it is open
	Version string    // of the program that planned it
	Plan    *Plan
	Brought []PlannedTask // observed elsewhere, after the plan
}

// A WaveState is where a wave stands.
type WaveState string

// The states of a wave.
const (
	WavePlanned   WaveState = "planned" // frozen, nothing has left the machine
	WaveRunning   WaveState = "running"
	WaveDone      WaveState = "done"      // every probe has ended
	WaveAbandoned WaveState = "abandoned" // given up: what had not ended never will
)

// ErrNoWave is wrapped when a wave is not in the database.
var ErrNoWave = errors.New("no such wave")

const (
	insertWave = `INSERT INTO wave (id, state, seed, created_us, started_us, ended_us, plan, version) VALUES ($1, $2, $3, $4, 0, 0, $5, $6)`
	selectWave = `SELECT id, state, created_us, started_us, ended_us, plan, version FROM wave`
	startWave  = `UPDATE wave SET state = 'running', started_us = CASE WHEN started_us = 0 THEN $2 ELSE started_us END WHERE id = $1 AND state IN ('planned', 'running')`
	endWave    = `UPDATE wave SET state = 'done', ended_us = $2 WHERE id = $1 AND state = 'running'`
	dropWave   = `DELETE FROM wave WHERE id = $1 AND state = 'planned'`
	dropProbes = `DELETE FROM probe WHERE wave = $1`

	insertProbe = `INSERT INTO probe (wave, site, scenario, repeat, kind, task, life, state, due_us, deadline_us, address, message_id, task_json, detail) VALUES ($1, $2, $3, $4, $5, $6, $7, 'planned', $8, 0, $9, $10, $11, '')`
	selectTally = `SELECT state, COUNT(*) FROM probe WHERE wave = $1 GROUP BY state`
	selectOpen  = `SELECT site, scenario, repeat, kind, task, state, due_us, deadline_us, detail FROM probe WHERE wave = $1 AND state <> 'done' ORDER BY due_us, site, scenario, repeat`
)

func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func instant(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

// Freeze stores a plan as a wave that has not begun, in the place of any
// earlier plan that has not begun either.
func Freeze(ctx context.Context, d *db.DB, p *Plan, version string, now time.Time) error {
	body, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return d.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		if _, err := tx.Exec(ctx, dropWave, p.Wave); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, insertWave, p.Wave, WavePlanned, int64(p.Seed), micros(now), string(body), version); err != nil {
			return fmt.Errorf("freeze wave %s: %w", p.Wave, err)
		}
		return nil
	})
}

// Waves lists every wave, oldest first.
func Waves(ctx context.Context, d *db.DB) ([]Wave, error) {
	var out []Wave
	err := d.Read(ctx, func(ctx context.Context, tx db.Tx) error {
		var err error
		out, err = scanWaves(ctx, tx, selectWave+` ORDER BY created_us, id`)
		return err
	})
	return out, err
}

// LoadWave gives one wave.
func LoadWave(ctx context.Context, d *db.DB, id string) (*Wave, error) {
	var out []Wave
	err := d.Read(ctx, func(ctx context.Context, tx db.Tx) error {
		var err error
		out, err = scanWaves(ctx, tx, selectWave+` WHERE id = $1`, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("wave %q: %w", id, ErrNoWave)
	}
	return &out[0], nil
}

func scanWaves(ctx context.Context, tx db.Tx, q string, args ...any) ([]Wave, error) {
	rows, err := tx.Query(ctx, q, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Wave
	for rows.Next() {
		var w Wave
		var created, started, ended int64
		var plan string
		if err := rows.Scan(&w.ID, &w.State, &created, &started, &ended, &plan, &w.Version); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(plan), &w.Plan); err != nil {
			return nil, fmt.Errorf("plan of wave %s: %w", w.ID, err)
		}
		w.Created, w.Started, w.Ended = instant(created), instant(started), instant(ended)
		out = append(out, w)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	for i := range out {
		if out[i].Brought, err = broughtTo(ctx, tx, out[i].ID); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// An OpenProbe is a probe that has not ended.
type OpenProbe struct {
	Probe      evidence.ProbeID `json:"probe"`
	Kind, Task string
	State      string    // "planned", "running", "open"
	Due        time.Time // when it is to start
	Deadline   time.Time // when its window closes; zero before it is open
	Detail     string    // why it waits, when it was put off
}

// Open lists the probes of a wave that have not ended, by due time. A wave
// that was only planned has its plan's rows.
func (w *Wave) Open(ctx context.Context, d *db.DB) ([]OpenProbe, error) {
	var out []OpenProbe
	if w.State == WavePlanned {
		for _, r := range w.Plan.Rows {
			out = append(out, OpenProbe{Probe: r.Probe, Kind: r.Kind, Task: r.Task, State: "planned", Due: r.Due})
		}
		return out, nil
	}
	err := d.Read(ctx, func(ctx context.Context, tx db.Tx) error {
		rows, err := tx.Query(ctx, selectOpen, w.ID)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			p := OpenProbe{Probe: evidence.ProbeID{Wave: w.ID}}
			var due, deadline int64
			if err := rows.Scan(&p.Probe.Site, &p.Probe.Scenario, &p.Probe.Repeat, &p.Kind, &p.Task, &p.State, &due, &deadline, &p.Detail); err != nil {
				return err
			}
			p.Due, p.Deadline = instant(due), instant(deadline)
			out = append(out, p)
		}
		return rows.Err()
	})
	return out, err
}

// Observations yields the newest reading of each ended probe, and for each
// that has not ended an observation that is derived and not stored: pending,
// or in an abandoned wave could-not-test.
func (w *Wave) Observations(ctx context.Context, d *db.DB, store evidence.Store) iter.Seq2[evidence.Observation, error] {
	return func(yield func(evidence.Observation, error) bool) {
		open, err := w.Open(ctx, d)
		if err != nil {
			yield(evidence.Observation{}, err)
			return
		}
		waits := map[evidence.ProbeID]bool{}
		for _, p := range open {
			waits[p.Probe] = true
		}
		for o, err := range store.Observations(ctx, w.ID) {
			if waits[o.Probe] {
				continue // a visit that is over, whose mails are still awaited
			}
			if !yield(o, err) || err != nil {
				return
			}
		}
		for _, p := range open {
			o := evidence.Observation{Probe: p.Probe, Kind: p.Kind, Task: p.Task, Start: p.Due, Outcome: evidence.Pending, Reason: pendingReason(p)}
			if w.State == WaveAbandoned {
				o.Outcome, o.Reason = evidence.Broken, "the wave was abandoned before this had ended"
			}
			if !yield(o, nil) {
				return
			}
		}
	}
}

func pendingReason(p OpenProbe) string {
	if p.State == "open" {
		return "the window is open until " + p.Deadline.Format(time.RFC3339)
	}
	if p.Detail != "" {
		return p.Detail
	}
	return "not begun"
}

// begin makes the rows of a frozen plan: from here on the ledger decides.
// Rows that are refused end at once, with an observation that says why.
func (e *Engine) begin(ctx context.Context, w *Wave) error {
	now := e.Clock.Now()
	return e.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		if n, err := tx.Exec(ctx, startWave, w.ID, micros(now)); err != nil {
			return err
		} else if n == 0 {
			return fmt.Errorf("wave %s is %s and can't be run again: plan a new one", w.ID, w.State)
		}
		if w.State != WavePlanned {
			return nil
		}
		for i := range w.Plan.Rows {
			if err := e.beginRow(ctx, tx, w.Plan, &w.Plan.Rows[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

func (e *Engine) beginRow(ctx context.Context, tx db.Tx, plan *Plan, r *Row) error {
	life, messageID := "visit", ""
	if r.Letter != nil {
		life, messageID = "correspondence", r.Letter.MessageID
	}
	body, err := json.Marshal(r)
	if err != nil {
		return err
	}
	p := r.Probe
	if _, err := tx.Exec(ctx, insertProbe, p.Wave, p.Site, p.Scenario, p.Repeat, r.Kind, r.Task, life, micros(r.Due), r.Persona.Email, messageID, string(body)); err != nil {
		return fmt.Errorf("probe %s: %w", p, err)
	}
	if r.Refusal != "" {
		rec := probes.NewRecorder(e.Kinds[r.Kind], p, r.Task, ownReading, r.Due, nil)
		rec.End(evidence.NotGranted, r.Refusal)
		return e.end(ctx, tx, rec.Observation(0))
	}
	if r.Letter == nil {
		for _, eff := range r.Effects {
			if err := insertEffect(ctx, tx, p, "visit", eff, plan.Site(p.Site).URL, "", nil, r.Due); err != nil {
				return err
			}
		}
		return nil
	}
	raw, err := e.compose(plan, r)
	if err != nil {
		return err
	}
	return insertEffect(ctx, tx, p, letterStep, evidence.SendMail, r.Letter.To, r.Letter.MessageID, raw, r.Due)
}

// compose renders the letter of a row again: a plan is kept without the bytes,
// and the same task gives the same ones.
func (e *Engine) compose(plan *Plan, r *Row) ([]byte, error) {
	task, err := r.task(e.Kinds, plan.Site(r.Probe.Site).Site)
	if err != nil {
		return nil, err
	}
	l, err := e.Kinds[r.Kind].Correspondence.Compose(task, r.Letter.Envelope)
	if err != nil {
		return nil, fmt.Errorf("probe %s: %w", r.Probe, err)
	}
	return l.Raw, nil
}
