package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"touchstone/internal/db"
	"touchstone/internal/evidence"
)

// A result counts what became of waves.
type result struct {
	waves, kills      int
	gaveUp            int      // times that the program ended by itself before the wave did
	why               []string // what it said then
	inData, afterDot  int      // kills while a letter was under way; of those, with its last byte out
	letters, replies  int      // taken by the servers; put into mailboxes
	further           int      // of the letters, those after a probe's first
	late, orders      int      // replies after the window; orders that shops took
	completed         int      // probes, by outcome
	silent, broken    int
	twice, lost       int
	doubled           int
	stuck, damaged    int // waves that did not end; databases or files that are not whole
	caught, sabotaged int // sabotages that were seen
	notes             []string
	took              time.Duration
}

// add adds another's counts.
func (r *result) add(o result) {
	for _, c := range []struct {
		to *int
		n  int
	}{
		{&r.waves, o.waves}, {&r.kills, o.kills}, {&r.gaveUp, o.gaveUp}, {&r.inData, o.inData}, {&r.afterDot, o.afterDot},
		{&r.letters, o.letters}, {&r.further, o.further}, {&r.replies, o.replies}, {&r.late, o.late}, {&r.orders, o.orders},
		{&r.completed, o.completed}, {&r.silent, o.silent}, {&r.broken, o.broken},
		{&r.twice, o.twice}, {&r.lost, o.lost}, {&r.doubled, o.doubled}, {&r.stuck, o.stuck}, {&r.damaged, o.damaged},
		{&r.caught, o.caught}, {&r.sabotaged, o.sabotaged},
	} {
		*c.to += c.n
	}
	r.why = append(r.why, o.why...)
	r.notes = append(r.notes, o.notes...)
}

// wrong is how much happened that must not.
func (r *result) wrong() int { return r.twice + r.lost + r.doubled + r.stuck + r.damaged }

const (
	qWave   = `SELECT id, state FROM wave`
	qProbes = `SELECT p.site, p.scenario, p.repeat, p.life, p.state, p.deadline_us, p.address, p.message_id, p.detail, COALESCE(MIN(e.state), ''), COALESCE(MIN(e.recipient), '') FROM probe p
		LEFT JOIN effect e ON e.wave = p.wave AND e.site = p.site AND e.scenario = p.scenario AND e.repeat = p.repeat AND e.step NOT LIKE 'letter-%' GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9`
	qFurther  = `SELECT site, scenario, repeat, message_id, state FROM effect WHERE step LIKE 'letter-%'`
	qObs      = `SELECT site, scenario, repeat, body FROM observation`
	qArrivals = `SELECT sha256, COUNT(*), MAX(matched), MAX(site), MAX(scenario), MAX(repeat) FROM arrival GROUP BY sha256`
	qWhole    = `PRAGMA integrity_check`
	qForeign  = `SELECT COUNT(*) FROM pragma_foreign_key_check`
)

// waveState gives the state of the one wave of a project.
func waveState(ctx context.Context, dir string) (state string, err error) {
	d, err := db.OpenReader(ctx, filepath.Join(dir, "touchstone.db"))
	if err != nil {
		return "", err
	}
	defer d.Close()
	err = d.Read(ctx, func(ctx context.Context, tx db.Tx) error {
		return tx.QueryRow(ctx, `SELECT state FROM wave`).Scan(&state)
	})
	return state, err
}

// A probe is one row of the record, with what belongs to it.
type probe struct {
	id                      evidence.ProbeID
	life, state             string
	deadline                time.Time
	address, message        string
	outcome, effect, writes string // writes: the recipient
	observed                []evidence.Observation
	submitted               bool // a visit that came to its end
	further                 []furtherLetter
}

// A furtherLetter is one after a probe's first, as the ledger has it.
type furtherLetter struct{ message, state string }

// An arrived is what the record holds of one mail.
type arrived struct {
	rows    int
	matched string
	probe   evidence.ProbeID
}

// record is what the database holds of one wave.
type record struct {
	planned  int
	probes   []*probe
	arrivals map[string]arrived
}

// count compares what the record says with what the world has seen.
func (w *wave) count(ctx context.Context, r received) error {
	d, err := db.OpenReader(ctx, filepath.Join(w.dir, "touchstone.db"))
	if err != nil {
		return err
	}
	defer d.Close()
	var rec *record
	err = d.Read(ctx, func(ctx context.Context, tx db.Tx) (err error) {
		if err := w.whole(ctx, tx); err != nil {
			return err
		}
		rec, err = load(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	rec.planned = w.planned
	w.compare(rec, r)
	store := d.Evidence(filepath.Join(w.dir, "evidence"))
	for _, digest := range r.backlog {
		if err := opens(ctx, store, evidence.Ref(digest)); err != nil {
			w.fail(&w.got.damaged, "a mail of the backlog: %v", err)
		}
	}
	for _, p := range rec.probes {
		for _, o := range p.observed {
			for name, ref := range o.Evidence {
				if err := opens(ctx, store, ref); err != nil {
					w.fail(&w.got.damaged, "probe %s cites %s: %v", p.id, name, err)
				}
			}
		}
	}
	return nil
}

// whole asks SQLite whether the file is.
func (w *wave) whole(ctx context.Context, tx db.Tx) error {
	var said string
	var broken int
	if err := tx.QueryRow(ctx, qWhole).Scan(&said); err != nil {
		return err
	}
	if said != "ok" {
		w.fail(&w.got.damaged, "integrity_check: %s", said)
	}
	if err := tx.QueryRow(ctx, qForeign).Scan(&broken); err != nil {
		return err
	}
	if broken > 0 {
		w.fail(&w.got.damaged, "%d rows refer to none", broken)
	}
	return nil
}

func opens(ctx context.Context, store *db.Evidence, ref evidence.Ref) error {
	r, err := store.Open(ctx, ref)
	if err != nil {
		return err
	}
	defer r.Close()
	_, err = io.Copy(io.Discard, r) // verifies the digest
	return err
}

func load(ctx context.Context, tx db.Tx) (*record, error) {
	rec := &record{arrivals: map[string]arrived{}}
	var wave, state string
	if err := tx.QueryRow(ctx, qWave).Scan(&wave, &state); err != nil {
		return nil, err
	}
	at := map[evidence.ProbeID]*probe{}
	err := each(ctx, tx, qProbes, func(r db.Rows) error {
		p := &probe{id: evidence.ProbeID{Wave: wave}}
		var us int64
		if err := r.Scan(&p.id.Site, &p.id.Scenario, &p.id.Repeat, &p.life, &p.state, &us, &p.address, &p.message, &p.outcome, &p.effect, &p.writes); err != nil {
			return err
		}
		p.deadline = time.UnixMicro(us)
		rec.probes, at[p.id] = append(rec.probes, p), p
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = each(ctx, tx, qFurther, func(r db.Rows) error {
		id, l := evidence.ProbeID{Wave: wave}, furtherLetter{}
		if err := r.Scan(&id.Site, &id.Scenario, &id.Repeat, &l.message, &l.state); err != nil {
			return err
		}
		at[id].further = append(at[id].further, l)
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = each(ctx, tx, qObs, func(r db.Rows) error {
		id := evidence.ProbeID{Wave: wave}
		var body []byte
		if err := r.Scan(&id.Site, &id.Scenario, &id.Repeat, &body); err != nil {
			return err
		}
		var o evidence.Observation
		if err := json.Unmarshal(body, &o); err != nil {
			return err
		}
		if at[id] == nil {
			return fmt.Errorf("an observation of probe %s, which is not there", id)
		}
		at[id].observed = append(at[id].observed, o)
		// of a visit, the first reading; only one that completed submitted anything for sure
		at[id].submitted = at[id].submitted || at[id].life == "visit" && o.Outcome == evidence.Completed
		return nil
	})
	if err != nil {
		return nil, err
	}
	return rec, each(ctx, tx, qArrivals, func(r db.Rows) error {
		var digest string
		a := arrived{probe: evidence.ProbeID{Wave: wave}}
		if err := r.Scan(&digest, &a.rows, &a.matched, &a.probe.Site, &a.probe.Scenario, &a.probe.Repeat); err != nil {
			return err
		}
		rec.arrivals[digest] = a
		return nil
	})
}

func each(ctx context.Context, tx db.Tx, q string, row func(db.Rows) error) error {
	rows, err := tx.Query(ctx, q)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// compare counts what was sent twice, lost or doubled.
func (w *wave) compare(rec *record, r received) {
	g := &w.got
	for id, n := range r.letters {
		g.letters += n
		if n > 1 {
			w.fail(&g.twice, "letter %s was taken %d times", id, n)
		}
	}
	for pair, n := range r.pairs {
		if n > 1 {
			w.fail(&g.twice, "%d letters went from %s", n, pair)
		}
	}
	if len(rec.probes) != rec.planned {
		w.fail(&g.lost, "%d probes of %d that were planned", len(rec.probes), rec.planned)
	}
	byAddress, accepted, possible := map[string]*probe{}, map[string]int{}, map[string]int{}
	for _, p := range rec.probes {
		byAddress[p.address] = p
		w.one(p, r)
		if p.life != "visit" {
			continue
		}
		possible[p.id.Scenario]++
		if p.submitted {
			accepted[p.id.Scenario]++
		}
	}
	for scenario, most := range possible {
		n := r.done[scenario]
		g.orders += n
		if n > most {
			w.fail(&g.doubled, "the shop took %d of %s, of which there are %d probes", n, scenario, most)
		}
		if n < accepted[scenario] {
			w.fail(&g.lost, "%d of %s were done, and the shop has %d", accepted[scenario], scenario, n)
		}
	}
	for _, digest := range r.backlog {
		switch n := rec.arrivals[digest].rows; {
		case n == 0:
			w.fail(&g.lost, "mail %s lay in the mailbox before the wave, and is not stored", digest)
		case n > 1:
			w.fail(&g.doubled, "mail %s, which lay in the mailbox before the wave, is stored %d times", digest, n)
		}
	}
	for i, mail := range r.replies {
		g.replies++
		p := byAddress[mail.to]
		if p == nil {
			continue
		}
		in, stored := rec.arrivals[mail.digest]
		switch {
		case !stored && mail.at.Before(p.deadline):
			w.fail(&g.lost, "reply %d to %s lay in the mailbox %v before the window closed, and is not stored", i, p.id, p.deadline.Sub(mail.at))
		case !stored:
			g.late++
		case in.rows > 1:
			w.fail(&g.doubled, "reply %d to %s is stored %d times", i, p.id, in.rows)
		case in.matched == "" || in.probe != p.id:
			w.fail(&g.lost, "reply %d to %s is stored for %s (%q)", i, p.id, in.probe, in.matched)
		case mail.human && len(p.further) == 0 && mail.at.Before(p.deadline.Add(-time.Second)) && !p.completed() && !p.cites(mail.digest):
			w.fail(&g.lost, "reply %d to %s is stored, and its probe is %s", i, p.id, p.outcome)
		}
	}
}

// one looks at one probe.
func (w *wave) one(p *probe, r received) {
	g := &w.got
	switch evidence.Outcome(p.outcome) {
	case evidence.Completed:
		g.completed++
	case evidence.Silent:
		g.silent++
	case evidence.Broken:
		g.broken++
	}
	// a visit that waits for mail is read twice: when it is over, and at the end
	readings, most := map[string]int{}, 1
	if p.life == "visit" {
		most = 2
	}
	for _, o := range p.observed {
		readings[o.Reading]++
	}
	switch {
	case p.state != "done":
		w.fail(&g.stuck, "probe %s is %s in a wave that has ended", p.id, p.state)
	case len(p.observed) == 0:
		w.fail(&g.lost, "probe %s has no observation", p.id)
	case len(p.observed) > most || len(readings) != len(p.observed):
		w.fail(&g.doubled, "probe %s has %d observations", p.id, len(p.observed))
	}
	switch p.effect {
	case "planned", "begun":
		w.fail(&g.lost, "the effect of probe %s is %s, and the wave has ended", p.id, p.effect)
	}
	if p.life == "visit" {
		return
	}
	for _, l := range append([]furtherLetter{{p.message, p.effect}}, p.further...) {
		switch n := r.letters[l.message]; {
		case l.state == "accepted" && n == 0:
			w.fail(&g.lost, "a letter of probe %s counts as accepted, and was never taken", p.id)
		case l.state == "refused" && n > 0:
			w.fail(&g.lost, "a letter of probe %s counts as refused, and was taken", p.id)
		}
	}
	for _, l := range p.further {
		g.further += r.letters[l.message]
		if l.state == "planned" || l.state == "begun" {
			w.fail(&g.lost, "a further letter of probe %s is %s, and the wave has ended", p.id, l.state)
		}
	}
}

// cites reports whether a mail was read: so soon after a letter, even a
// person's words may be taken for a machine's, and that is the reader's affair.
func (p *probe) cites(digest string) bool {
	for _, o := range p.observed {
		for _, ref := range o.Evidence {
			if string(ref) == digest {
				return true
			}
		}
	}
	return false
}

func (p *probe) completed() bool { return evidence.Outcome(p.outcome) == evidence.Completed }
