package fieldwork

import (
	"context"
	"time"

	"touchstone/internal/db"
	"touchstone/internal/evidence"
)

// A Status is how a wave stands at one instant.
type Status struct {
	Wave    string       `json:"wave"`
	State   WaveState    `json:"state"`
	At      time.Time    `json:"at"`
	Started time.Time    `json:"started,omitzero"` // zero before the first probe
	Ended   time.Time    `json:"ended,omitzero"`
	Stopped bool         `json:"stopped"`       // the kill switch is on
	Next    time.Time    `json:"next,omitzero"` // the first probe that is still to begin
	ETA     time.Time    `json:"eta,omitzero"`  // the last window's close, if every probe begins at its time
	Sites   []SiteStatus `json:"sites"`         // in the panel's order
}

// A SiteStatus counts one site's probes by where they stand.
type SiteStatus struct {
	Site    string                   `json:"site"`
	Planned int                      `json:"planned"` // begin later
	Due     int                      `json:"due"`     // could begin now
	Running int                      `json:"running"` // a visit under way
	Open    int                      `json:"open"`    // waiting for answers
	Ended   map[evidence.Outcome]int `json:"ended"`
}

// Total is the number of the site's probes.
func (s *SiteStatus) Total() int {
	n := s.Planned + s.Due + s.Running + s.Open
	for _, k := range s.Ended {
		n += k
	}
	return n
}

const qStandings = `SELECT site, scenario, repeat, state, due_us, deadline_us, detail FROM probe WHERE wave = $1 ORDER BY site, scenario, repeat`

// A standing is where one probe stands; of a probe that has ended, detail is
// its outcome.
type standing struct {
	probe         evidence.ProbeID
	state, detail string
	due, deadline time.Time
}

func standings(ctx context.Context, tx db.Tx, wave string) ([]standing, error) {
	rows, err := tx.Query(ctx, qStandings, wave)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []standing
	for rows.Next() {
		s := standing{probe: evidence.ProbeID{Wave: wave}}
		var due, deadline int64
		if err := rows.Scan(&s.probe.Site, &s.probe.Scenario, &s.probe.Repeat, &s.state, &due, &deadline, &s.detail); err != nil {
			return nil, err
		}
		s.due, s.deadline = instant(due), instant(deadline)
		all = append(all, s)
	}
	return all, rows.Err()
}

// Status counts how the wave stands at the instant now.
func (w *Wave) Status(ctx context.Context, d *db.DB, now time.Time) (Status, error) {
	s := Status{Wave: w.ID, State: w.State, At: now.UTC(), Started: w.Started, Ended: w.Ended}
	var all []standing
	err := d.Read(ctx, func(ctx context.Context, tx db.Tx) (err error) {
		if s.Stopped, err = stopped(ctx, tx); err != nil {
			return err
		}
		all, err = standings(ctx, tx, w.ID)
		return err
	})
	if err != nil {
		return s, err
	}
	at, windows := map[string]int{}, map[evidence.ProbeID]time.Duration{}
	for i := range w.Plan.Sites {
		at[w.Plan.Sites[i].ID] = i
		s.Sites = append(s.Sites, SiteStatus{Site: w.Plan.Sites[i].ID, Ended: map[evidence.Outcome]int{}})
	}
	for i := range w.Plan.Rows {
		r := &w.Plan.Rows[i]
		windows[r.Probe] = r.Window
		if w.State == WavePlanned { // the ledger has no rows of it yet
			all = append(all, standing{probe: r.Probe, state: "planned", due: r.Due})
		}
	}
	later := func(t time.Time) {
		if t.After(s.ETA) {
			s.ETA = t
		}
	}
	for _, p := range all {
		site := &s.Sites[at[p.probe.Site]]
		switch p.state {
		case "done":
			site.Ended[evidence.Outcome(p.detail)]++
		case "open":
			site.Open++
			later(p.deadline)
		case "running":
			site.Running++
			later(now)
		default:
			if p.due.After(now) {
				site.Planned++
			} else {
				site.Due++
			}
			if s.Next.IsZero() || p.due.Before(s.Next) {
				s.Next = p.due
			}
			begins := p.due
			if begins.Before(now) {
				begins = now
			}
			later(begins.Add(windows[p.probe]).UTC())
		}
	}
	if w.State == WaveDone || w.State == WaveAbandoned { // what never began never will
		s.Next, s.ETA = time.Time{}, time.Time{}
	}
	return s, nil
}
