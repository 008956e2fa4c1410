package fieldwork

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"touchstone/internal/db"
	"touchstone/internal/evidence"
	"touchstone/probes"
)

// A Reader reads ended correspondences again from their stored threads. What a
// thread says follows from the reader, the thread and what reviewers said of
// its mails; so a reading is added where one of these has changed, and nothing
// is where none has. No reading is ever altered or removed.
//
// A reading is called by its reader, "mail/3". Where the same reader has to
// read again, since a mail was assigned by hand or a reviewer corrected a
// class, its next reading is "mail/3+1", then "mail/3+2".
type Reader struct {
	DB    *db.DB
	Kinds map[string]*probes.Kind
}

// A Rereading says what came of reading one correspondence again.
type Rereading struct {
	Probe   evidence.ProbeID `json:"probe"`
	State   RereadState      `json:"state"`
	Why     string           `json:"why,omitempty"`
	Before  string           `json:"before"`          // the newest reading until now
	After   string           `json:"after,omitempty"` // the one that was added
	Changes []FactChange     `json:"changes,omitempty"`
}

// A RereadState is what became of one correspondence.
type RereadState string

// The states.
const (
	Unchanged RereadState = "unchanged" // nothing to add
	Read      RereadState = "read"      // a reading was added, whether or not it says anything else
	Unread    RereadState = "unread"    // it can't be read again: the old reading stays
)

// A FactChange is one fact that two readings tell differently. The outcome is
// one of them, under the name "outcome".
type FactChange struct {
	Name string `json:"name"`
	Step string `json:"step,omitempty"`
	Old  string `json:"old"` // "none" where it was not recorded
	New  string `json:"new"`
}

const (
	qEnded      = `SELECT site, scenario, repeat FROM probe WHERE wave = $1 AND state = 'done' ORDER BY site, scenario, repeat`
	qArrivedAll = `SELECT COUNT(*) FROM arrival WHERE wave = $1 AND site = $2 AND scenario = $3 AND repeat = $4`
)

// Wave reads every ended correspondence of a wave again, or those at some of
// its sites, each in a transaction of its own, and tells of each. Where dry is
// set it writes nothing. It may be interrupted at any time and begun anew.
func (r *Reader) Wave(ctx context.Context, wave string, sites []string, dry bool, tell func(Rereading) error) error {
	w, err := LoadWave(ctx, r.DB, wave)
	if err != nil {
		return err
	}
	var ended []evidence.ProbeID
	var said []evidence.Adjudication
	err = r.DB.Read(ctx, func(ctx context.Context, tx db.Tx) (err error) {
		if said, err = db.AdjudicationsTx(ctx, tx, wave); err != nil {
			return err
		}
		ended, err = probeIDs(ctx, tx, wave, qEnded, wave)
		return err
	})
	if err != nil {
		return err
	}
	do := r.DB.InTx
	if dry {
		do = r.DB.Read
	}
	for _, p := range ended {
		if len(sites) > 0 && !slices.Contains(sites, p.Site) {
			continue
		}
		var got *Rereading
		err := do(ctx, func(ctx context.Context, tx db.Tx) (err error) {
			got, err = r.one(ctx, tx, w, p, said, dry)
			return err
		})
		if err != nil {
			return err
		}
		if got == nil {
			continue
		}
		if err := tell(*got); err != nil {
			return err
		}
	}
	return nil
}

// Adjudicate keeps what a reviewer said of one probe. Where a class or an
// answer is corrected, the thread is read again with it in the same
// transaction, so that all that depends on it follows; nil where none is.
func (r *Reader) Adjudicate(ctx context.Context, p evidence.ProbeID, list []evidence.Adjudication) (got *Rereading, err error) {
	w, err := LoadWave(ctx, r.DB, p.Wave)
	if err != nil {
		return nil, err
	}
	err = r.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		again := false
		for _, a := range list {
			if err := db.AdjudicateTx(ctx, tx, a); err != nil {
				return err
			}
			again = again || a.Group() == "class" || a.Group() == "answer"
		}
		if !again {
			return nil
		}
		said, err := db.AdjudicationsTx(ctx, tx, p.Wave)
		if err != nil {
			return err
		}
		if got, err = r.one(ctx, tx, w, p, said, false); err != nil {
			return err
		}
		if got != nil && got.State == Unread && slices.ContainsFunc(list, evidence.Adjudication.Corrects) {
			return fmt.Errorf("probe %s: %s: what depends on a class can't be worked out any more; correct the outcome and the facts instead", p, got.Why)
		}
		return nil
	})
	return got, err
}

// one reads one ended probe again; nil when it is no correspondence, or never
// became one.
func (r *Reader) one(ctx context.Context, tx db.Tx, w *Wave, p evidence.ProbeID, said []evidence.Adjudication, dry bool) (*Rereading, error) {
	row, err := loadRow(ctx, tx, p)
	if err != nil {
		return nil, err
	}
	task, err := row.task(r.Kinds, w.Plan.Site(p.Site).Site)
	if err != nil {
		return nil, err
	}
	kind := r.Kinds[row.Kind]
	var state string
	var us int64
	if err := tx.QueryRow(ctx, qStanding, p.Wave, p.Site, p.Scenario, p.Repeat).Scan(&state, &us); err != nil {
		return nil, err
	}
	deadline := instant(us)
	readings, err := db.ReadingsTx(ctx, tx, p)
	if err != nil || len(readings) == 0 || kind.Correspondence == nil {
		return nil, err
	}
	newest := readings[len(readings)-1]
	if newest.Reading == ownReading || row.Letter == nil && deadline.IsZero() {
		return nil, nil
	}
	got := &Rereading{Probe: p, State: Unread, Before: newest.Reading}
	if versionOf(newest.Reading) > versionOf(kind.Correspondence.Reading) {
		got.Why = "a newer program read it, as " + newest.Reading + ": use that one"
		return got, nil
	}
	th := probes.Thread{Window: row.Window, Closed: wasClosed(w, deadline, readings)}
	th.Arrivals, err = arrivals(ctx, tx, p)
	if pruned := (*evidence.PrunedError)(nil); errors.As(err, &pruned) {
		got.Why = gone + ": " + pruned.Error()
		return got, nil
	}
	if errors.Is(err, evidence.ErrNotFound) || errors.Is(err, evidence.ErrCorrupt) {
		got.Why = gone
		return got, nil
	}
	if err != nil {
		return nil, err
	}
	got.Why, err = lost(ctx, tx, p, newest, th.Arrivals)
	if err != nil || got.Why != "" {
		return got, err
	}
	corrected := apply(said, p, th.Arrivals)
	rec, _, err := readThread(ctx, tx, kind, row, task, &th)
	if err != nil {
		return nil, err
	}
	if row.Letter != nil && newest.Evidence["letter.eml"] != evidence.RefOf(th.Letter.Raw) {
		got.Why = "its letter is no longer kept"
		return got, nil
	}
	o := rec.Observation(newest.Took)
	if o.Outcome == evidence.Pending {
		o.Outcome, o.Reason = evidence.Broken, earlyReason(readings, deadline)
	}
	o.Reading = newest.Reading
	same, err := equal(o, newest)
	if err != nil {
		return nil, err
	}
	if same && baseOf(newest.Reading) == kind.Correspondence.Reading {
		got.State = Unchanged
		return got, nil
	}
	got.State, got.Changes = Read, Changes(newest, o)
	got.Why = why(newest, o, kind.Correspondence.Reading, corrected)
	o.Reading = nextReading(kind.Correspondence.Reading, readings)
	got.After = o.Reading
	if dry {
		return got, nil
	}
	return got, db.AppendTx(ctx, tx, o)
}

// wasClosed tells whether silence was known when the correspondence ended: its
// window had closed and the mailbox was looked at after that, or the letter
// was refused at once. Where an operator ended the wave before, it was not.
func wasClosed(w *Wave, deadline time.Time, readings []evidence.Observation) bool {
	early := slices.ContainsFunc(readings, func(o evidence.Observation) bool { return strings.HasPrefix(o.Reason, closedEarly) })
	return !early && (w.Ended.IsZero() || !deadline.After(w.Ended))
}

// earlyReason gives the words with which an operator's end was told at first.
func earlyReason(readings []evidence.Observation, deadline time.Time) string {
	for _, o := range readings {
		if strings.HasPrefix(o.Reason, closedEarly) {
			return o.Reason
		}
	}
	return closedEarly + "its window was open until " + deadline.Format(time.RFC3339)
}

const gone = "a mail of its thread is no longer kept"

// lost says what of a thread is no longer kept, "" for nothing: an incomplete
// thread would read as one that never was longer.
func lost(ctx context.Context, tx db.Tx, p evidence.ProbeID, newest evidence.Observation, have []probes.Arrival) (string, error) {
	var arrived int
	if err := tx.QueryRow(ctx, qArrivedAll, p.Wave, p.Site, p.Scenario, p.Repeat).Scan(&arrived); err != nil {
		return "", err
	}
	if arrived != len(have) {
		return gone, nil
	}
	for _, a := range have {
		if evidence.RefOf(a.Raw) != a.Ref {
			return gone, nil
		}
	}
	for name, ref := range newest.Evidence {
		if !strings.HasPrefix(name, "reply-") || slices.ContainsFunc(have, func(a probes.Arrival) bool { return a.Ref == ref }) {
			continue
		}
		// it may have been assigned to another probe, and then it is kept
		switch raw, err := db.Mail(ctx, tx, ref); {
		case errors.Is(err, db.ErrNoRows), errors.Is(err, evidence.ErrCorrupt), err == nil && evidence.RefOf(raw) != ref:
			return gone, nil
		case err != nil:
			return "", err
		}
	}
	return "", nil
}

// apply hands the reviewers' standing words on the mails of a probe to its
// reader, and tells how many say otherwise than the reader did.
func apply(said []evidence.Adjudication, p evidence.ProbeID, thread []probes.Arrival) (corrected int) {
	for _, a := range evidence.Standing(said) {
		if a.Probe != p || a.Mail == "" {
			continue
		}
		for i := range thread {
			if thread[i].Ref != a.Mail {
				continue
			}
			to := &thread[i].Reviewed
			switch a.Group() {
			case "class":
				to.Class = a.Value
			case "answer":
				n, err := strconv.Atoi(strings.TrimPrefix(a.Item, evidence.ItemQuestion))
				if err != nil {
					continue
				}
				if to.Answers == nil {
					to.Answers = map[int]string{}
				}
				to.Answers[n] = a.Value
			default:
				continue
			}
			if a.Corrects() {
				corrected++
			}
		}
	}
	return corrected
}

// equal compares what two readings say, whatever they are called.
func equal(a, b evidence.Observation) (bool, error) {
	a.Reading, b.Reading = "same", "same"
	x, err := a.Canonical()
	if err != nil {
		return false, err
	}
	y, err := b.Canonical()
	return string(x) == string(y), err
}

// why says in a few words what made a new reading.
func why(old, now evidence.Observation, reader string, corrected int) string {
	var said []string
	if baseOf(old.Reading) != reader {
		said = append(said, "the reader is now "+reader)
	}
	if a, b := mails(old), mails(now); !maps.Equal(a, b) {
		said = append(said, fmt.Sprintf("its thread had %d mails, and has %d", len(a), len(b)))
	}
	if corrected > 0 {
		said = append(said, "a reviewer corrected it")
	}
	if len(said) == 0 {
		said = append(said, "what is recorded of its letter, or of it by a reviewer, has changed")
	}
	return strings.Join(said, "; ")
}

// mails gives the distinct mails of a reading.
func mails(o evidence.Observation) map[evidence.Ref]bool {
	m := map[evidence.Ref]bool{}
	for name, ref := range o.Evidence {
		if strings.HasSuffix(name, ".eml") {
			m[ref] = true
		}
	}
	return m
}

// baseOf gives the reader of a reading: "mail/3" of "mail/3+1".
func baseOf(reading string) string {
	base, _, _ := strings.Cut(reading, "+")
	return base
}

// versionOf gives the number of a reader, 0 for one without.
func versionOf(reading string) int {
	_, number, _ := strings.Cut(baseOf(reading), "/")
	n, _ := strconv.Atoi(number)
	return n
}

// nextReading gives the first name of a reader's that no reading has.
func nextReading(reader string, readings []evidence.Observation) string {
	name := reader
	for n := 1; slices.ContainsFunc(readings, func(o evidence.Observation) bool { return o.Reading == name }); n++ {
		name = fmt.Sprintf("%s+%d", reader, n)
	}
	return name
}

// Changes lists what two readings of a probe tell differently, the outcome
// first, then facts in the order of the newer one, then those that are gone.
func Changes(old, now evidence.Observation) []FactChange {
	var out []FactChange
	if old.Outcome != now.Outcome {
		out = append(out, FactChange{Name: evidence.ItemOutcome, Old: string(old.Outcome), New: string(now.Outcome)})
	}
	type key struct{ name, step string }
	values := func(o evidence.Observation) (map[key]string, []key) {
		m, order := map[key]string{}, []key(nil)
		for _, f := range o.Facts {
			k := key{f.Name, f.Step}
			if v, ok := m[k]; ok {
				m[k] = v + ", " + f.Value()
				continue
			}
			m[k], order = f.Value(), append(order, k)
		}
		return m, order
	}
	was, gone := values(old)
	is, order := values(now)
	for _, k := range order {
		if v, ok := was[k]; !ok {
			out = append(out, FactChange{k.name, k.step, evidence.NoValue, is[k]})
		} else if v != is[k] {
			out = append(out, FactChange{k.name, k.step, v, is[k]})
		}
	}
	for _, k := range gone {
		if _, ok := is[k]; !ok {
			out = append(out, FactChange{k.name, k.step, was[k], evidence.NoValue})
		}
	}
	return out
}
