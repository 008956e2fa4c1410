package fieldwork

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"math"
	"time"

	"touchstone/internal/db"
	"touchstone/internal/evidence"
	"touchstone/probes"
)

// A Wave is one round of fieldwork as the database knows it. Its probes stay
// there: Rows and Open give them one after another.
type Wave struct {
	ID      string
	State   WaveState
	Created time.Time
	Started time.Time // zero before the first probe
	Ended   time.Time // zero while it is open
	Version string    // of the program that planned it
	Hash    string    // of the whole plan: see Plan.Hash
	Probes  int
	Plan    *Plan         // without its rows
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
	selectWave = `SELECT id, state, created_us, started_us, ended_us, plan, version, hash,
		(SELECT COALESCE(SUM(n), 0) FROM tally t WHERE t.wave = wave.id) FROM wave WHERE state NOT IN ('drafted', 'clearing', 'filling')`
	startWave = `UPDATE wave SET state = 'running', started_us = CASE WHEN started_us = 0 THEN $2 ELSE started_us END WHERE id = $1 AND state IN ('planned', 'running')`
	endWave   = `UPDATE wave SET state = 'done', ended_us = $2 WHERE id = $1 AND state = 'running'`

	qRows = `SELECT task_json, planned_us, site, scenario, repeat FROM probe WHERE wave = $1 AND (planned_us, site, scenario, repeat) > ($2, $3, $4, $5)
		ORDER BY planned_us, site, scenario, repeat LIMIT 200`
	qOpenProbes = `SELECT site, scenario, repeat, kind, task, state, due_us, deadline_us, detail FROM probe WHERE wave = $1 AND state <> 'done' ORDER BY due_us, site, scenario, repeat`
	qUnbegun    = `SELECT site, scenario, repeat FROM probe WHERE wave = $1 AND moved_us = 0 ORDER BY moved_us LIMIT 200`
	qPrepared   = `UPDATE probe SET moved_us = $5 WHERE wave = $1 AND site = $2 AND scenario = $3 AND repeat = $4`
	qCounts     = `SELECT site, state, detail, n FROM tally WHERE wave = $1 AND n > 0 ORDER BY site, state, detail`
	qAhead      = `SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM probe WHERE wave = $1 AND state <> 'done' AND window_us > 0 LIMIT 1) AS a),
		(SELECT COUNT(*) FROM (SELECT 1 FROM probe WHERE wave = $1 AND state IN ('planned', 'running') AND life = 'visit' AND (moved_us > 0 OR detail = '') LIMIT 1) AS b),
		(SELECT COUNT(*) FROM (SELECT 1 FROM probe WHERE wave = $1 AND state = 'open' AND next_us > 0 AND life = 'visit' LIMIT 1) AS c)`
	qShape = `SELECT life, COUNT(*), COUNT(CASE WHEN state = 'planned' AND moved_us = 0 AND detail <> '' THEN 1 END) FROM probe WHERE wave = $1 GROUP BY life`
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
		out, err = scanWaves(ctx, tx, selectWave+` AND id = $1`, id)
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
		if err := rows.Scan(&w.ID, &w.State, &created, &started, &ended, &plan, &w.Version, &w.Hash, &w.Probes); err != nil {
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

// Open lists the probes of a wave that have not ended, by due time.
func (w *Wave) Open(ctx context.Context, d *db.DB) ([]OpenProbe, error) {
	var out []OpenProbe
	err := d.Read(ctx, func(ctx context.Context, tx db.Tx) error {
		rows, err := tx.Query(ctx, qOpenProbes, w.ID)
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

// Rows yields the wave's frozen plan, by due time. It holds no more than a
// page of it in memory, and no connection while the caller works.
func (w *Wave) Rows(ctx context.Context, d *db.DB) iter.Seq2[*Row, error] {
	return planned(ctx, d, w.ID, func(body string) (*Row, error) {
		var r Row
		if err := json.Unmarshal([]byte(body), &r); err != nil {
			return nil, fmt.Errorf("plan of wave %s: %w", w.ID, err)
		}
		return &r, nil
	})
}

// planned yields the stored rows of a plan, made into what the caller wants.
func planned[T any](ctx context.Context, d *db.DB, wave string, of func(body string) (T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		var last int64 = math.MinInt64
		var at evidence.ProbeID
		for {
			var page []T
			err := d.Read(ctx, func(ctx context.Context, tx db.Tx) error {
				rows, err := tx.Query(ctx, qRows, wave, last, at.Site, at.Scenario, at.Repeat)
				if err != nil {
					return err
				}
				defer rows.Close()
				for rows.Next() {
					var body string
					if err := rows.Scan(&body, &last, &at.Site, &at.Scenario, &at.Repeat); err != nil {
						return err
					}
					v, err := of(body)
					if err != nil {
						return err
					}
					page = append(page, v)
				}
				return rows.Err()
			})
			if err != nil {
				yield(none, err)
				return
			}
			if len(page) == 0 {
				return
			}
			for _, v := range page {
				if !yield(v, nil) {
					return
				}
			}
		}
	}
}

// A Shape is what a plan comes to, in figures.
type Shape struct{ Letters, Visits, Refused int }

// Shape counts the plan of a wave; what was refused is known while it has not begun.
func (w *Wave) Shape(ctx context.Context, d *db.DB) (s Shape, err error) {
	err = d.Read(ctx, func(ctx context.Context, tx db.Tx) error {
		rows, err := tx.Query(ctx, qShape, w.ID)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var life string
			var n, refused int
			if err := rows.Scan(&life, &n, &refused); err != nil {
				return err
			}
			if life == "visit" {
				s.Visits = n
			} else {
				s.Letters = n
			}
			s.Refused += refused
		}
		return rows.Err()
	})
	return s, err
}

// Asked is how often a scenario is tried at one site, and in how many wordings
// it goes out: 0 for a visit.
type Asked struct{ Repeat, Wordings int }

// Asked gives that for each scenario of the plan.
func (w *Wave) Asked(ctx context.Context, d *db.DB) (map[string]Asked, error) {
	out, texts := map[string]Asked{}, map[string]map[int]bool{}
	for r, err := range w.Rows(ctx, d) {
		if err != nil {
			return nil, err
		}
		id := r.Probe.Scenario
		if texts[id] == nil {
			texts[id] = map[int]bool{}
		}
		if r.Letter != nil {
			texts[id][r.Letter.Variant] = true
		}
		out[id] = Asked{max(out[id].Repeat, r.Probe.Repeat), len(texts[id])}
	}
	return out, nil
}

// Ahead tells what the probes that have not ended need: the mail account, a
// browser.
func (w *Wave) Ahead(ctx context.Context, d *db.DB) (mail, browser bool, err error) {
	err = d.Read(ctx, func(ctx context.Context, tx db.Tx) error {
		var waits, visits, follow int
		err := tx.QueryRow(ctx, qAhead, w.ID).Scan(&waits, &visits, &follow)
		mail, browser = waits > 0, visits+follow > 0
		return err
	})
	return mail, browser, err
}

// counts gives the probes of each site by where they stand.
func counts(ctx context.Context, tx db.Tx, wave string, each func(site, state, detail string, n int)) error {
	rows, err := tx.Query(ctx, qCounts, wave)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var site, state, detail string
		var n int
		if err := rows.Scan(&site, &state, &detail, &n); err != nil {
			return err
		}
		each(site, state, detail, n)
	}
	return rows.Err()
}

// Outcomes counts how the wave's probes ended in the field. Those that have
// not ended are pending, or in an abandoned wave could not test.
func (w *Wave) Outcomes(ctx context.Context, d *db.DB) (map[evidence.Outcome]int, error) {
	out := map[evidence.Outcome]int{}
	err := d.Read(ctx, func(ctx context.Context, tx db.Tx) error {
		return counts(ctx, tx, w.ID, func(_, state, detail string, n int) {
			switch {
			case state == "done":
				out[evidence.Outcome(detail)] += n
			case w.State == WaveAbandoned:
				out[evidence.Broken] += n
			default:
				out[evidence.Pending] += n
			}
		})
	})
	return out, err
}

// begin gives the ledger the rows of a frozen plan: from here on that decides.
// Rows that are refused end at once, with an observation that says why. It
// works in small transactions, and goes on where an earlier begin ended.
func (e *Engine) begin(ctx context.Context, w *Wave) error {
	err := e.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		n, err := tx.Exec(ctx, startWave, w.ID, micros(e.Clock.Now()))
		if err == nil && n == 0 {
			err = fmt.Errorf("wave %s is %s and can't be run again: plan a new one", w.ID, w.State)
		}
		return err
	})
	if err != nil {
		return err
	}
	for {
		n := 0
		err := e.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
			page, err := probeIDs(ctx, tx, w.ID, qUnbegun, w.ID)
			if err != nil {
				return err
			}
			n = len(page)
			for _, p := range page {
				if err := e.prepare(ctx, tx, w.Plan, p); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || n == 0 {
			return err
		}
	}
}

func (e *Engine) prepare(ctx context.Context, tx db.Tx, plan *Plan, p evidence.ProbeID) error {
	r, err := e.row(ctx, tx, p)
	if err != nil {
		return err
	}
	if r.Refusal != "" {
		rec := probes.NewRecorder(e.Kinds[r.Kind], p, r.Task, ownReading, r.Due, nil)
		rec.End(evidence.NotGranted, r.Refusal)
		return e.end(ctx, tx, rec.Observation(0))
	}
	if _, err := tx.Exec(ctx, qPrepared, p.Wave, p.Site, p.Scenario, p.Repeat, e.stamp()); err != nil {
		return err
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
