package fieldwork

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"touchstone/internal/db"
	"touchstone/internal/evidence"
	"touchstone/internal/reading"
	"touchstone/probes"
)

// A Watch is what the mail account is asked to do with one mailbox: hand over
// every message once, in order, from the cursor on.
type Watch struct {
	Mailbox string

	// From gives the last UID that is stored for this UIDVALIDITY, 0 for none.
	From func(ctx context.Context, validity uint32) (last uint32, err error)

	// Store commits messages, in order, and the cursor in one transaction.
	Store func(ctx context.Context, ms ...Incoming) error

	// Poke asks for a look at once. CaughtUp tells that a look which began
	// after poke n has ended: silence up to then is known, not assumed.
	Poke     <-chan uint64
	CaughtUp func(n uint64)

	// State is told of each loss of the connection, and nil of each return.
	State func(error)
}

// Incoming is one message as a mailbox gave it.
type Incoming struct {
	Mailbox       string
	Validity, UID uint32
	Raw           []byte
	Received      time.Time // INTERNALDATE
	Junk          bool      // it was in the folder for spam
	Live          bool      // the server told of it while we listened
}

const (
	qCursor        = `SELECT validity, last_uid FROM mailbox WHERE name = $1`
	qSetCursor     = `INSERT INTO mailbox (name, validity, last_uid) VALUES ($1, $2, $3) ON CONFLICT (name) DO UPDATE SET validity = excluded.validity, last_uid = excluded.last_uid`
	qSeen          = `SELECT mailbox, sha256 FROM arrival WHERE substr(sha256, 1, 10) IN (%s)`
	qInsertArrival = `INSERT INTO arrival (mailbox, validity, uid, sha256, received_us, seen_us, wave, site, scenario, repeat, matched, junk, live, bundle, start, bytes) VALUES %s`
	qByAddress     = `SELECT address, wave, site, scenario, repeat FROM probe WHERE address IN (%s) AND address <> ''`
	qByMessageID   = `SELECT message_id, wave, site, scenario, repeat FROM probe WHERE message_id IN (%s) AND message_id <> ''`
	qByFurtherID   = `SELECT message_id, wave, site, scenario, repeat FROM effect WHERE message_id IN (%s) AND step <> 'letter' AND message_id <> ''`
	qArrivals      = `SELECT mailbox, sha256, received_us, seen_us, matched, junk, live FROM arrival
		WHERE wave = $1 AND site = $2 AND scenario = $3 AND repeat = $4 ORDER BY received_us, seen_us, uid`
	qHeard = `UPDATE probe SET heard_us = $5, next_us = CASE WHEN next_us > $6 THEN $6 ELSE next_us END
		WHERE wave = $1 AND site = $2 AND scenario = $3 AND repeat = $4`
	// letters of which nobody knows whether they have left; a probe may have several
	qDoubtful = `SELECT site, scenario, repeat FROM effect WHERE wave = $1 AND state = 'uncertain' AND message_id <> '' ORDER BY site || '', scenario, repeat`
	qSetKill  = `INSERT INTO setting (key, value) VALUES ('stop', $1) ON CONFLICT (key) DO UPDATE SET value = excluded.value`
	qKill     = `SELECT value FROM setting WHERE key = 'stop'`
)

// watch keeps one mailbox in the database.
func (e *Engine) watch(ctx context.Context, mailbox string) error {
	err := e.Post.Watch(ctx, Watch{
		Mailbox: mailbox,
		From: func(ctx context.Context, validity uint32) (uint32, error) {
			var have, last int64
			err := e.DB.Read(ctx, func(ctx context.Context, tx db.Tx) error {
				return tx.QueryRow(ctx, qCursor, mailbox).Scan(&have, &last)
			})
			if errors.Is(err, db.ErrNoRows) || err == nil && uint32(have) != validity {
				return 0, nil // a new mailbox, or one renumbered: known messages are told by their digest
			}
			return uint32(last), err
		},
		Store:    e.store,
		Poke:     e.looked.pokes(mailbox),
		CaughtUp: func(n uint64) { e.looked.caughtUp(mailbox, n, e.nudge) },
		State: func(err error) {
			e.Metrics.watched(mailbox, err)
			if err != nil {
				e.Log.Warn("mailbox lost; trying again", "mailbox", mailbox, "error", err)
			} else {
				e.Log.Info("mailbox watched", "mailbox", mailbox)
			}
		},
	})
	if err != nil {
		return fmt.Errorf("mailbox %s: %w", mailbox, err)
	}
	return nil
}

// store keeps messages, says whose they are, and moves the cursor, in one
// transaction. Mail that matches no probe is kept too.
func (e *Engine) store(ctx context.Context, ms ...Incoming) error {
	seen := e.Clock.Now()
	var told []owner
	inTx := e.DB.InTx
	if len(ms) > keptAtOnce {
		inTx = e.DB.InLargeTx
	}
	err := inTx(context.WithoutCancel(ctx), func(ctx context.Context, tx db.Tx) error {
		told = make([]owner, 0, len(ms))
		ahead, done := context.WithCancel(ctx)
		defer done()
		next := readParts(ahead, ms)
		for some := range slices.Chunk(ms, keptAtOnce) {
			theirs, err := e.keep(ctx, tx, some, next(), seen)
			if err != nil {
				return err
			}
			told = append(told, theirs...)
		}
		last := ms[len(ms)-1]
		_, err := tx.Exec(ctx, qSetCursor, last.Mailbox, int64(last.Validity), int64(last.UID))
		return err
	})
	if err != nil {
		return err
	}
	for _, o := range told {
		e.Metrics.stored(o.matched)
		if o.matched != "" {
			e.say(ctx, o.probe, false, "mail arrived")
		}
	}
	e.nudge()
	for _, m := range ms {
		if off := m.Received.Sub(seen); m.Live && off.Abs() > clockBound {
			e.Log.Warn("the mailbox's clock and ours disagree, or it told of a mail late", "mailbox", m.Mailbox, "uid", m.UID, "ahead", off.Round(time.Second))
		}
		if e.Recorded != nil {
			e.Recorded(m.Raw)
		}
	}
	return nil
}

// clockBound is how far a mailbox's clock may be from ours before that is said.
const clockBound = time.Minute

// keys are what a message can be matched to a probe by, and the address of its
// bytes.
type keys struct {
	ref            evidence.Ref
	addresses, ids []string
}

// keptAtOnce bounds the messages that are looked up at once, and arrivalsAtOnce
// those of one statement that inserts, each with its columns; partsAhead is how
// many times keptAtOnce may be read ahead.
const (
	keptAtOnce     = 100
	arrivalsAtOnce = 50
	arrivalColumns = 16
	partsAhead     = 8
)

// A part is what is worked out of some messages before they are stored: their
// keys, and where they are many, the bundles that they go to, and their places.
type part struct {
	of      []keys
	bundles []db.Bundle
	places  []db.Place
}

// readParts gives the parts of messages, keptAtOnce at a time. Where there is
// more than one, it reads the next while those before are stored.
func readParts(ctx context.Context, ms []Incoming) (next func() part) {
	if len(ms) <= keptAtOnce {
		return func() part { return part{of: keysOf(ms)} }
	}
	parts := make(chan part, partsAhead)
	go func() {
		raws := make([][]byte, 0, keptAtOnce)
		var packer db.Packer
		for some := range slices.Chunk(ms, keptAtOnce) {
			raws = raws[:0]
			for _, m := range some {
				raws = append(raws, m.Raw)
			}
			p := part{of: keysOf(some)}
			p.bundles, p.places = packer.Pack(raws)
			select {
			case parts <- p:
			case <-ctx.Done():
				return
			}
		}
	}()
	return func() part { return <-parts }
}

func keysOf(ms []Incoming) []keys {
	list := make([]keys, len(ms))
	for i, m := range ms {
		list[i].ref = evidence.RefOf(m.Raw)
		list[i].addresses, list[i].ids = reading.Keys(m.Raw)
	}
	return list
}

// An owner is the probe that a mail belongs to, and by what; none: by nothing.
type owner struct {
	probe   evidence.ProbeID
	matched string
	ids     []string // that the mail refers to
}

// keep stores messages of one mailbox, with a few statements for them all, and
// gives whose the new ones are.
func (e *Engine) keep(ctx context.Context, tx db.Tx, ms []Incoming, part part, seen time.Time) (theirs []owner, err error) {
	of, bundles, places := part.of, part.bundles, part.places
	known, err := seenBefore(ctx, tx, ms[0].Mailbox, of)
	if err != nil {
		return nil, err
	}
	refs, raws := make([]evidence.Ref, 0, len(of)), make([][]byte, 0, len(of))
	fresh, unowned := make([]int, 0, len(of)), make([]keys, 0, len(of))
	for i, k := range of {
		if known[k.ref] { // it is kept, or it was pruned and stays so
			continue
		}
		known[k.ref] = true
		fresh = append(fresh, i)
		refs, raws = append(refs, k.ref), append(raws, ms[i].Raw)
		unowned = append(unowned, k)
	}
	if bundles == nil {
		places = make([]db.Place, len(fresh))
		err = db.PutMails(ctx, tx, refs, raws)
	} else {
		if len(fresh) < len(ms) {
			bundles, places = new(db.Packer).Pack(raws)
		}
		err = db.PutBundles(ctx, tx, bundles, places)
	}
	if err != nil {
		return nil, err
	}
	by, err := owners(ctx, tx, unowned)
	if err != nil {
		return nil, err
	}
	for some := range slices.Chunk(fresh, arrivalsAtOnce) {
		rows := make([]any, 0, arrivalColumns*len(some))
		for _, i := range some {
			m, at := ms[i], places[len(theirs)]
			p, matched := by.match(of[i])
			theirs = append(theirs, owner{p, matched, of[i].ids})
			rows = append(rows, m.Mailbox, int64(m.Validity), int64(m.UID), string(of[i].ref), micros(m.Received), micros(seen), p.Wave, p.Site, p.Scenario, p.Repeat, matched, flag(m.Junk), flag(m.Live), at.Bundle, at.Start, at.Bytes)
		}
		if _, err = tx.Exec(ctx, fmt.Sprintf(qInsertArrival, db.Places(len(some), arrivalColumns)), rows...); err != nil {
			return nil, err
		}
	}
	for _, o := range theirs {
		if o.matched == "" {
			continue
		}
		p := o.probe
		if _, err := tx.Exec(ctx, qHeard, p.Wave, p.Site, p.Scenario, p.Repeat, e.stamp(), micros(seen)); err != nil {
			return nil, err
		}
		// whatever came back proves that the letter arrived
		if err := confirm(ctx, tx, p, o.ids, "shown by a mail that came back"); err != nil {
			return nil, err
		}
	}
	return theirs, nil
}

// seenBefore tells which mails a mailbox has shown before.
func seenBefore(ctx context.Context, tx db.Tx, mailbox string, of []keys) (map[evidence.Ref]bool, error) {
	args := make([]any, len(of))
	for i, k := range of {
		args[i] = db.Prefix(k.ref)
	}
	rows, err := tx.Query(ctx, fmt.Sprintf(qSeen, db.List(1, len(of))), args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	known := make(map[evidence.Ref]bool, len(of)) // the caller adds its own
	for rows.Next() {
		var in, ref string
		if err := rows.Scan(&in, &ref); err != nil {
			return nil, err
		}
		if in == mailbox {
			known[evidence.Ref(ref)] = true
		}
	}
	return known, rows.Err()
}

// owned says which probe an address is of, and a Message-ID.
type owned struct{ address, id map[string]evidence.ProbeID }

// owners looks up to whom the addresses of mails belong, and of those that have
// none by that, to whom the Message-IDs.
func owners(ctx context.Context, tx db.Tx, of []keys) (o owned, err error) {
	var addresses, ids []string
	for _, k := range of {
		addresses = append(addresses, k.addresses...)
	}
	if o.address, err = ownersOf(ctx, tx, qByAddress, addresses); err != nil {
		return o, err
	}
	for _, k := range of {
		if _, matched := o.match(k); matched == "" {
			ids = append(ids, k.ids...)
		}
	}
	if o.id, err = ownersOf(ctx, tx, qByMessageID, ids); err != nil {
		return o, err
	}
	further, err := ownersOf(ctx, tx, qByFurtherID, ids)
	maps.Copy(o.id, further)
	return o, err
}

func ownersOf(ctx context.Context, tx db.Tx, q string, keys []string) (map[string]evidence.ProbeID, error) {
	found := map[string]evidence.ProbeID{}
	for some := range slices.Chunk(keys, 1000) {
		args := make([]any, len(some))
		for i, k := range some {
			args[i] = k
		}
		if err := ownersAmong(ctx, tx, fmt.Sprintf(q, db.List(1, len(args))), args, found); err != nil {
			return nil, err
		}
	}
	return found, nil
}

func ownersAmong(ctx context.Context, tx db.Tx, q string, args []any, found map[string]evidence.ProbeID) error {
	rows, err := tx.Query(ctx, q, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var k string
		var p evidence.ProbeID
		if err := rows.Scan(&k, &p.Wave, &p.Site, &p.Scenario, &p.Repeat); err != nil {
			return err
		}
		found[k] = p
	}
	return rows.Err()
}

// match finds the probe that a mail belongs to: by the probe's own address,
// else by the Message-ID that it refers to; never by its subject.
func (o owned) match(of keys) (evidence.ProbeID, string) {
	for _, a := range of.addresses {
		if p, ok := o.address[a]; ok {
			return p, "address"
		}
	}
	for _, id := range of.ids {
		if p, ok := o.id[id]; ok {
			return p, "references"
		}
	}
	return evidence.ProbeID{}, ""
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// arrivals gathers the mails that were matched to a probe, by time. One whose
// bytes are gone is an error, a *evidence.PrunedError where that was meant: a
// thread without it would read as silence.
func arrivals(ctx context.Context, tx db.Tx, p evidence.ProbeID) ([]probes.Arrival, error) {
	rows, err := tx.Query(ctx, qArrivals, p.Wave, p.Site, p.Scenario, p.Repeat)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []probes.Arrival
	for rows.Next() {
		var a probes.Arrival
		var ref string
		var received, seen, junk, live int64
		if err := rows.Scan(&a.Mailbox, &ref, &received, &seen, &a.Matched, &junk, &live); err != nil {
			return nil, err
		}
		a.Junk, a.Live = junk != 0, live != 0
		a.Ref, a.Received, a.Seen = evidence.Ref(ref), instant(received), instant(seen)
		out = append(out, a)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	for i := range out {
		a := &out[i]
		if a.Raw, err = db.Mail(ctx, tx, a.Ref); len(a.Raw) > 0 {
			continue
		}
		if errors.Is(err, db.ErrNoRows) || err == nil {
			if err = db.PrunedTx(ctx, tx, a.Ref); err == nil {
				err = fmt.Errorf("%w: mail %s", evidence.ErrNotFound, a.Ref)
			}
		}
		return nil, fmt.Errorf("probe %s can't be read again: %w", p, err)
	}
	return out, nil
}

// closeWindows ends correspondences whose window has closed, a page of them,
// but only once every mailbox was looked at after that: a mail that the server
// already holds is not silence. Where that is still to come, it asks for the
// look. first is the end of the first window. more says that it ended some, and
// that there may be others.
func (e *Engine) closeWindows(ctx context.Context, w *Wave, first, now time.Time) (more bool, err error) {
	if e.Post == nil {
		return false, errors.New("this wave waits for answers, but no mail account is configured: add `mail:` to touchstone.yaml")
	}
	upTo := e.looked.upTo()
	if upTo.Before(now) {
		e.looked.ask(now)
	}
	if upTo.Before(first) {
		return false, nil
	}
	var closing []evidence.ProbeID
	sought := map[evidence.ProbeID]bool{} // whose letters were looked for, which may take its time
	for {
		var doubtful []evidence.ProbeID
		// one transaction for the page: an observation has no effect on anybody
		err := e.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) (err error) {
			closing, doubtful = nil, nil
			err = scan(ctx, tx, func(rows db.Rows) error {
				p, doubt := evidence.ProbeID{Wave: w.ID}, false
				err := rows.Scan(&p.Site, &p.Scenario, &p.Repeat, &doubt)
				closing = append(closing, p)
				if doubt && !sought[p] {
					doubtful = append(doubtful, p)
				}
				return err
			}, qClosing, w.ID, micros(upTo))
			if err != nil || len(doubtful) > 0 {
				return err
			}
			for _, p := range closing {
				if err := e.read(ctx, tx, p, true); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return false, err
		}
		if len(doubtful) == 0 {
			break
		}
		for _, p := range doubtful {
			if err := e.resolveOne(ctx, p); err != nil {
				return false, err
			}
			sought[p] = true
		}
	}
	for _, p := range closing {
		e.say(ctx, p, true, "the window has closed")
	}
	return len(closing) > 0, nil
}

// resolve looks for every letter whose sending is uncertain.
func (e *Engine) resolve(ctx context.Context, wave string) error {
	var open []evidence.ProbeID
	err := e.DB.Read(ctx, func(ctx context.Context, tx db.Tx) (err error) {
		open, err = probeIDs(ctx, tx, wave, qDoubtful, wave)
		return err
	})
	if err != nil {
		return err
	}
	for _, p := range open {
		if err := e.resolveOne(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// resolveOne looks for a probe's letters by their Message-IDs where the account
// keeps what it sent. Not finding one proves nothing, and is no error.
func (e *Engine) resolveOne(ctx context.Context, p evidence.ProbeID) error {
	var ids []string
	err := e.DB.Read(ctx, func(ctx context.Context, tx db.Tx) error {
		return scan(ctx, tx, func(rows db.Rows) error {
			var id string
			err := rows.Scan(&id)
			ids = append(ids, id)
			return err
		}, qUncertain, p.Wave, p.Site, p.Scenario, p.Repeat)
	})
	if err != nil {
		return err
	}
	for _, id := range ids {
		found, err := e.Post.Find(ctx, id)
		if err != nil {
			e.Log.Warn("could not look for an uncertain letter", "wave", p.Wave, "site", p.Site, "scenario", p.Scenario, "repeat", p.Repeat, "error", err)
			return nil
		}
		if !found {
			continue
		}
		err = e.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
			if _, err := tx.Exec(ctx, qConfirmID, p.Wave, p.Site, p.Scenario, p.Repeat, "found among the sent mails", id); err != nil {
				return err
			}
			return lookAgain(ctx, tx, p, e.Clock.Now())
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// looked knows up to when every mailbox has been looked at.
type looked struct {
	mu    sync.Mutex
	clock Clock
	n     uint64
	asked []asked           // looks asked for and not yet answered by every mailbox
	at    map[string]uint64 // mailbox → highest look answered
	poke  map[string]chan uint64
	last  time.Time
}

type asked struct {
	n    uint64
	at   time.Time
	done func()
}

func (l *looked) start(mailboxes []string, clock Clock) {
	l.clock, l.n, l.last, l.asked = clock, 0, time.Time{}, nil
	l.at, l.poke = map[string]uint64{}, map[string]chan uint64{}
	for _, m := range mailboxes {
		l.at[m], l.poke[m] = 0, make(chan uint64, 1)
	}
}

// end gives up the looks that nobody will answer any more.
func (l *looked) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, a := range l.asked {
		a.done()
	}
	l.asked = nil
}

func (l *looked) pokes(mailbox string) <-chan uint64 { return l.poke[mailbox] }

// upTo gives the instant up to which silence is known.
func (l *looked) upTo() time.Time { l.mu.Lock(); defer l.mu.Unlock(); return l.last }

// ask wants every mailbox looked at after now, unless that is already asked.
func (l *looked) ask(now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if k := len(l.asked); k > 0 && !l.asked[k-1].at.Before(now) {
		return
	}
	l.n++
	l.asked = append(l.asked, asked{l.n, now, l.clock.Begin()})
	for _, ch := range l.poke {
		select { // the newest look replaces one that nobody took yet
		case <-ch:
		default:
		}
		ch <- l.n
	}
}

// caughtUp notes that a mailbox answered look n, and releases the looks that
// all of them have answered.
func (l *looked) caughtUp(mailbox string, n uint64, nudge func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.at[mailbox] = max(l.at[mailbox], n)
	all := n
	for _, m := range l.at {
		all = min(all, m)
	}
	var done []func()
	l.asked = slices.DeleteFunc(l.asked, func(a asked) bool {
		if a.n > all {
			return false
		}
		l.last = a.at
		done = append(done, a.done)
		return true
	})
	if len(done) > 0 {
		nudge() // before the release: a skipping clock must not pass by what this look closes
	}
	for _, f := range done {
		f()
	}
}

// killed gives ErrStopped when the kill switch is on.
func (e *Engine) killed(ctx context.Context) error {
	value, err := killSwitch(ctx, e.DB)
	if err == nil && value != "" {
		err = ErrStopped
	}
	return err
}

// killSwitch gives the instant at which the kill switch was turned on, as it
// is written, or "" when it is off.
func killSwitch(ctx context.Context, d *db.DB) (value string, err error) {
	err = d.Read(ctx, func(ctx context.Context, tx db.Tx) (err error) {
		value, err = stopped(ctx, tx)
		return err
	})
	return value, err
}

func stopped(ctx context.Context, tx db.Tx) (value string, err error) {
	err = tx.QueryRow(ctx, qKill).Scan(&value)
	if errors.Is(err, db.ErrNoRows) {
		err = nil
	}
	return value, err
}

// SetKillSwitch turns the kill switch on or off: every engine on this database
// obeys within seconds.
func SetKillSwitch(ctx context.Context, d *db.DB, on bool, now time.Time) error {
	value := ""
	if on {
		value = now.UTC().Format(time.RFC3339)
	}
	return d.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		_, err := tx.Exec(ctx, qSetKill, value)
		return err
	})
}

// killEvery is how often the kill switch is looked at: with farewell it bounds
// how long it may be disobeyed.
const killEvery = 2 * time.Second

// watchKillSwitch looks at the switch, by the machine's own clock.
func (e *Engine) watchKillSwitch(ctx context.Context) error {
	t := time.NewTicker(killEvery)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-t.C:
			if err := e.killed(ctx); err != nil && ctx.Err() == nil {
				return err
			}
		}
	}
}
