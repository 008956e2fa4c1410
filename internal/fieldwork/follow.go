package fieldwork

import (
	"context"
	"errors"
	"time"

	"touchstone/internal/db"
	"touchstone/internal/evidence"
)

// A Follower tells what happens to a wave that another process works on. It
// only reads the record, and sees no more than that holds.
type Follower struct {
	DB     *db.DB
	Every  time.Duration // between two looks
	Alive  func() bool   // whether any process works on the database
	Notify func(Event)
}

// ErrNobody says that a wave is under way and no process works on it.
var ErrNobody = errors.New("no process works on it: `touchstone run` goes on with it")

const (
	qWaveState    = `SELECT state FROM wave WHERE id = $1`
	qArrivalCount = `SELECT site, scenario, repeat, COUNT(*) FROM arrival WHERE wave = $1 GROUP BY site, scenario, repeat`
)

// scene is what one look at the record shows.
type scene struct {
	wave     WaveState
	probes   []standing
	arrivals map[evidence.ProbeID]int
}

// Run tells of each change until the wave has ended, and gives the state that
// it ended in. ErrNobody ends it before, and so does the end of ctx.
func (f *Follower) Run(ctx context.Context, wave string) (WaveState, error) {
	tick := time.NewTicker(f.Every)
	defer tick.Stop()
	var last *scene
	deserted := false
	for {
		// asked before the look: whoever ended in between has written its end
		alive := f.Alive()
		now, err := f.look(ctx, wave)
		if err != nil {
			return "", err
		}
		if last != nil {
			f.tell(last, now)
		}
		last = now
		switch {
		case now.wave != WaveRunning:
			return now.wave, nil
		case !alive && deserted:
			return now.wave, ErrNobody
		}
		deserted = !alive
		select {
		case <-ctx.Done():
			return now.wave, ctx.Err()
		case <-tick.C:
		}
	}
}

func (f *Follower) look(ctx context.Context, wave string) (*scene, error) {
	s := &scene{arrivals: map[evidence.ProbeID]int{}}
	err := f.DB.Read(ctx, func(ctx context.Context, tx db.Tx) (err error) {
		if err := tx.QueryRow(ctx, qWaveState, wave).Scan(&s.wave); err != nil {
			return err
		}
		if s.probes, err = standings(ctx, tx, wave); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, qArrivalCount, wave)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			p, n := evidence.ProbeID{Wave: wave}, 0
			if err := rows.Scan(&p.Site, &p.Scenario, &p.Repeat, &n); err != nil {
				return err
			}
			s.arrivals[p] = n
		}
		return rows.Err()
	})
	return s, err
}

// tell reports what differs between two looks.
func (f *Follower) tell(before, after *scene) {
	was := map[evidence.ProbeID]standing{}
	for _, p := range before.probes {
		was[p.probe] = p
	}
	done := 0
	for _, p := range after.probes {
		if p.state == "done" {
			done++
		}
	}
	say := func(p evidence.ProbeID, ended bool, text string) {
		f.Notify(Event{Probe: p, Text: text, Ended: ended, Done: done, Total: len(after.probes)})
	}
	for _, p := range after.probes {
		if after.arrivals[p.probe] > before.arrivals[p.probe] {
			say(p.probe, false, "mail arrived")
		}
		old := was[p.probe]
		if old.state == p.state && (p.state != "planned" || old.due.Equal(p.due)) {
			continue
		}
		switch p.state {
		case "done":
			say(p.probe, true, p.detail)
		case "running":
			say(p.probe, false, "begun")
		case "open":
			say(p.probe, false, "mail accepted; waits for answers until "+p.deadline.Format(time.RFC3339))
		case "planned":
			text := "due at " + p.due.Format(time.RFC3339)
			if p.detail != "" {
				text += ": " + p.detail
			}
			say(p.probe, false, text)
		}
	}
}
