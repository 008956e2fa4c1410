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
	qMoved   = `SELECT site, scenario, repeat, state, detail, due_us, deadline_us, moved_us FROM probe WHERE wave = $1 AND moved_us > $2 ORDER BY moved_us LIMIT 500`
	qHeardOf = `SELECT site, scenario, repeat, state, detail, due_us, deadline_us, heard_us FROM probe WHERE wave = $1 AND heard_us > $2 AND heard_us > 0 ORDER BY heard_us LIMIT 500`
	// one query, since it is all that a look at a quiet wave takes
	qNewest = `SELECT state, COALESCE((SELECT MAX(moved_us) FROM probe WHERE wave = $1), 0), COALESCE((SELECT MAX(heard_us) FROM probe WHERE wave = $1 AND heard_us > 0), 0) FROM wave WHERE id = $1`
)

// A change is a probe as it stands after something happened to it; of one that
// has ended, detail is its outcome.
type change struct {
	probe         evidence.ProbeID
	state, detail string
	due, deadline time.Time
	at            int64
	heard         bool // a mail came for it; else its state has changed
}

// Run tells of each change until the wave has ended, and gives the state that
// it ended in. ErrNobody ends it before, and so does the end of ctx. It holds
// no more than a page of changes, however large the wave.
func (f *Follower) Run(ctx context.Context, wave string) (WaveState, error) {
	tick := time.NewTicker(f.Every)
	defer tick.Stop()
	var state WaveState
	var moved, heard int64
	err := f.DB.Read(ctx, func(ctx context.Context, tx db.Tx) error {
		return tx.QueryRow(ctx, qNewest, wave).Scan(&state, &moved, &heard)
	})
	if err != nil {
		return "", err
	}
	var tally progress
	if err := tally.start(ctx, f.DB, wave); err != nil {
		return "", err
	}
	deserted := false
	for {
		// asked before the look: whoever ended in between has written its end
		alive := f.Alive()
		for more := true; more; {
			var news []change
			err := f.DB.Read(ctx, func(ctx context.Context, tx db.Tx) (err error) {
				more = false
				var newest, last int64
				if err := tx.QueryRow(ctx, qNewest, wave).Scan(&state, &newest, &last); err != nil || newest == moved && last == heard {
					return err
				}
				news, more, err = look(ctx, tx, wave, &moved, &heard)
				return err
			})
			if err != nil {
				return "", err
			}
			f.tell(news, &tally)
		}
		switch {
		case state != WaveRunning:
			return state, nil
		case !alive && deserted:
			return state, ErrNobody
		}
		deserted = !alive
		select {
		case <-ctx.Done():
			return state, ctx.Err()
		case <-tick.C:
		}
	}
}

// look gives what happened since the last look, mails first, and moves both
// marks on; more when there is a further page.
func look(ctx context.Context, tx db.Tx, wave string, moved, heard *int64) (news []change, more bool, err error) {
	for _, by := range []struct {
		q     string
		mark  *int64
		heard bool
	}{{qHeardOf, heard, true}, {qMoved, moved, false}} {
		before := len(news)
		if news, err = changes(ctx, tx, news, by.heard, wave, by.q, wave, *by.mark); err != nil {
			return nil, false, err
		}
		if n := len(news) - before; n > 0 {
			*by.mark = news[len(news)-1].at
			more = more || n == 500
		}
	}
	return news, more, nil
}

func changes(ctx context.Context, tx db.Tx, out []change, heard bool, wave, q string, args ...any) ([]change, error) {
	rows, err := tx.Query(ctx, q, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		c := change{probe: evidence.ProbeID{Wave: wave}, heard: heard}
		var due, deadline int64
		if err := rows.Scan(&c.probe.Site, &c.probe.Scenario, &c.probe.Repeat, &c.state, &c.detail, &due, &deadline, &c.at); err != nil {
			return nil, err
		}
		c.due, c.deadline = instant(due), instant(deadline)
		out = append(out, c)
	}
	return out, rows.Err()
}

// tell reports what happened between two looks.
func (f *Follower) tell(news []change, tally *progress) {
	for _, p := range news {
		var text string
		ended := false
		switch {
		case p.heard:
			text = "mail arrived"
		case p.state == "done":
			text, ended = p.detail, true
		case p.state == "running":
			text = "begun"
		case p.state == "open":
			text = "mail accepted; waits for answers until " + p.deadline.Format(time.RFC3339)
		case p.detail == "":
			continue // planned as it was
		default:
			text = "due at " + p.due.Format(time.RFC3339) + ": " + p.detail
		}
		done, total := tally.count(ended)
		f.Notify(Event{Probe: p.probe, Text: text, Ended: ended, Done: done, Total: total})
	}
}
