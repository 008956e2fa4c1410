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
	Heard   int                      `json:"heard"`   // of all, those for which a mail has come, be it an answer or not
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

// All counts the probes of every site together.
func (s *Status) All() SiteStatus {
	all := SiteStatus{Site: "all", Ended: map[evidence.Outcome]int{}}
	for i := range s.Sites {
		site := &s.Sites[i]
		all.Planned, all.Due, all.Running, all.Open = all.Planned+site.Planned, all.Due+site.Due, all.Running+site.Running, all.Open+site.Open
		all.Heard += site.Heard
		for o, n := range site.Ended {
			all.Ended[o] += n
		}
	}
	return all
}

const (
	// probes of a wave that begin after an instant, by site; the name is not
	// compared as it is, or SQLite would go through every probe for its order
	qLater = `SELECT MIN(site), COUNT(*) FROM probe WHERE wave = $1 AND state = 'planned' AND life IN ('correspondence', 'visit') AND due_us > $2 GROUP BY site || ''`
	qSoon  = `SELECT COALESCE(MIN(due_us), 0), COALESCE(MAX(CASE WHEN due_us > $2 THEN due_us ELSE $2 END + window_us), 0) FROM probe
		WHERE wave = $1 AND state = 'planned' AND life IN ('correspondence', 'visit')`
	// probes that mail has come for, by site, from an index alone
	qHeardBy = `SELECT site, COUNT(DISTINCT scenario || ' ' || repeat) FROM arrival WHERE wave = $1 GROUP BY site`
	qLast    = `SELECT COALESCE(MAX(deadline_us), 0) FROM probe WHERE wave = $1 AND state = 'open'`
)

// Status counts how the wave stands at the instant now. It looks at the tally
// and at the indexes of what is planned and of what has come, not at the probes.
func (w *Wave) Status(ctx context.Context, d *db.DB, now time.Time) (Status, error) {
	s := Status{Wave: w.ID, State: w.State, At: now.UTC(), Started: w.Started, Ended: w.Ended}
	at := map[string]int{}
	for i := range w.Plan.Sites {
		at[w.Plan.Sites[i].ID] = i
		s.Sites = append(s.Sites, SiteStatus{Site: w.Plan.Sites[i].ID, Ended: map[evidence.Outcome]int{}})
	}
	var soon, begins, last int64
	err := d.Read(ctx, func(ctx context.Context, tx db.Tx) error {
		on, err := stopped(ctx, tx)
		if err != nil {
			return err
		}
		s.Stopped = on != ""
		err = counts(ctx, tx, w.ID, func(id, state, detail string, n int) {
			site := &s.Sites[at[id]]
			switch state {
			case "done":
				site.Ended[evidence.Outcome(detail)] += n
			case "open":
				site.Open += n
			case "running":
				site.Running += n
			default:
				site.Due += n
			}
		})
		if err != nil {
			return err
		}
		bySite := func(note func(site *SiteStatus, n int)) func(db.Rows) error {
			return func(rows db.Rows) error {
				var id string
				var n int
				err := rows.Scan(&id, &n)
				if i, ok := at[id]; ok && err == nil {
					note(&s.Sites[i], n)
				}
				return err
			}
		}
		if err := scan(ctx, tx, bySite(func(site *SiteStatus, n int) { site.Planned, site.Due = n, site.Due-n }), qLater, w.ID, micros(now)); err != nil {
			return err
		}
		if err := scan(ctx, tx, bySite(func(site *SiteStatus, n int) { site.Heard = n }), qHeardBy, w.ID); err != nil {
			return err
		}
		if err := tx.QueryRow(ctx, qSoon, w.ID, micros(now)).Scan(&soon, &begins); err != nil {
			return err
		}
		return tx.QueryRow(ctx, qLast, w.ID).Scan(&last)
	})
	if err != nil || w.State == WaveDone || w.State == WaveAbandoned { // what never began never will
		return s, err
	}
	s.Next, s.ETA = instant(soon), instant(max(begins, last))
	if s.ETA.IsZero() {
		for i := range s.Sites {
			if s.Sites[i].Running > 0 {
				s.ETA = now.UTC()
			}
		}
	}
	return s, nil
}
