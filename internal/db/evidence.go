package db

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"

	"touchstone/internal/evidence"
)

const (
	selectMail  = `SELECT raw FROM mail WHERE sha256 = $1`
	insertMails = `INSERT INTO mail (sha256, raw, bytes) VALUES %s ON CONFLICT (sha256) DO NOTHING`

	selectBody = `SELECT body FROM observation WHERE wave = $1 AND site = $2 AND scenario = $3 AND repeat = $4 AND reading = $5`
	// seq numbers the readings of one probe in the order in which they came
	insertObservation = `INSERT INTO observation (wave, site, scenario, repeat, reading, seq, body)
		SELECT $1, $2, $3, $4, $5, COALESCE(MAX(seq), 0) + 1, $6 FROM observation WHERE wave = $1 AND site = $2 AND scenario = $3 AND repeat = $4
		ON CONFLICT (wave, site, scenario, repeat, reading) DO NOTHING`
	selectNewest = `SELECT o.site, o.scenario, o.repeat, o.body FROM observation o WHERE o.wave = $1 AND o.seq =
		(SELECT MAX(p.seq) FROM observation p WHERE p.wave = o.wave AND p.site = o.site AND p.scenario = o.scenario AND p.repeat = o.repeat)`
)

// Evidence is the evidence.Store of a database: observations and mails in its
// tables, everything else in a folder of files.
type Evidence struct {
	db    *DB
	blobs *folder
}

// Evidence gives the store that keeps its files in blobDir, which is made when
// the first one is stored.
func (d *DB) Evidence(blobDir string) *Evidence {
	return &Evidence{d, newFolder(blobDir)}
}

// Put stores the bytes of r as a file. When it returns, they are on the disk.
func (e *Evidence) Put(ctx context.Context, r io.Reader) (evidence.Ref, error) {
	return e.blobs.put(ctx, r)
}

// Open reads a mail of the database, or a file.
func (e *Evidence) Open(ctx context.Context, ref evidence.Ref) (io.ReadCloser, error) {
	if !ref.Valid() {
		return nil, fmt.Errorf("%w: %q is not the address of any", evidence.ErrNotFound, string(ref))
	}
	var raw []byte
	err := e.db.Read(ctx, func(ctx context.Context, tx Tx) (err error) {
		raw, err = Mail(ctx, tx, ref)
		return err
	})
	switch {
	case err == nil:
		return evidence.Verify(ref, io.NopCloser(bytes.NewReader(raw))), nil
	case !errors.Is(err, ErrNoRows):
		return nil, fmt.Errorf("open evidence %s: %w", ref, err)
	}
	rc, err := e.blobs.open(ref)
	if errors.Is(err, evidence.ErrNotFound) {
		if p := e.prunedRow(ctx, ref); p != nil {
			return nil, p
		}
	}
	return rc, err
}

// Append stores an observation in a transaction of its own.
func (e *Evidence) Append(ctx context.Context, o evidence.Observation) error {
	return e.db.InTx(ctx, func(ctx context.Context, tx Tx) error { return AppendTx(ctx, tx, o) })
}

// AppendTx stores an observation as part of a transaction, so that a change of
// the probe's state can go with it. See evidence.Store.
func AppendTx(ctx context.Context, tx Tx, o evidence.Observation) error {
	body, err := o.Canonical()
	if err != nil {
		return err
	}
	p := o.Probe
	n, err := tx.Exec(ctx, insertObservation, p.Wave, p.Site, p.Scenario, p.Repeat, o.Reading, string(body))
	var old string
	if err == nil && n == 0 { // this reading is there
		err = tx.QueryRow(ctx, selectBody, p.Wave, p.Site, p.Scenario, p.Repeat, o.Reading).Scan(&old)
	}
	switch {
	case err != nil:
		return fmt.Errorf("append observation of probe %s: %w", p, err)
	case n == 0 && old != string(body):
		return fmt.Errorf("%w: probe %s, reading %s", evidence.ErrConflict, p, o.Reading)
	}
	return nil
}

// PutMail stores a message as part of a transaction, so that it and the
// mailbox's cursor become durable together. A known message changes nothing.
func PutMail(ctx context.Context, tx Tx, raw []byte) (evidence.Ref, error) {
	ref := evidence.RefOf(raw)
	return ref, PutMails(ctx, tx, []evidence.Ref{ref}, [][]byte{raw})
}

// rowsAtOnce bounds the rows that one statement inserts.
const rowsAtOnce = 50

// PutMails stores several raw mails, of which the addresses are given, by few
// statements.
func PutMails(ctx context.Context, tx Tx, refs []evidence.Ref, raws [][]byte) error {
	for len(raws) > 0 {
		n := min(len(raws), rowsAtOnce)
		rows := make([]any, 0, 3*n)
		for i, raw := range raws[:n] {
			if raw == nil {
				raw = []byte{} // nil would be NULL
			}
			rows = append(rows, string(refs[i]), raw, len(raw))
		}
		if _, err := tx.Exec(ctx, fmt.Sprintf(insertMails, Places(n, 3)), rows...); err != nil {
			return fmt.Errorf("store %d mails from %s on: %w", n, refs[0], err)
		}
		refs, raws = refs[n:], raws[n:]
	}
	return nil
}

// Observations yields the newest reading of each probe of a wave.
func (e *Evidence) Observations(ctx context.Context, wave string) iter.Seq2[evidence.Observation, error] {
	return func(yield func(evidence.Observation, error) bool) {
		found, err := e.newest(ctx, wave)
		if err != nil {
			yield(evidence.Observation{}, fmt.Errorf("observations of wave %s: %w", wave, err))
			return
		}
		for _, f := range found {
			var o evidence.Observation
			if err := json.Unmarshal(f.body, &o); err != nil {
				yield(evidence.Observation{}, fmt.Errorf("observation of probe %s: %w", f.id, err))
				return
			}
			if !yield(o, nil) {
				return
			}
		}
	}
}

type stored struct {
	id   evidence.ProbeID
	body []byte
}

// newest reads all of a wave before the first is yielded: a caller may take
// its time, and open other evidence, without holding a connection.
func (e *Evidence) newest(ctx context.Context, wave string) ([]stored, error) {
	var found []stored
	err := e.db.Read(ctx, func(ctx context.Context, tx Tx) error {
		rows, err := tx.Query(ctx, selectNewest, wave)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			s := stored{id: evidence.ProbeID{Wave: wave}}
			if err := rows.Scan(&s.id.Site, &s.id.Scenario, &s.id.Repeat, &s.body); err != nil {
				return err
			}
			found = append(found, s)
		}
		return rows.Err()
	})
	// sorted here, since databases differ in how they order text
	slices.SortFunc(found, func(a, b stored) int { return a.id.Compare(b.id) })
	return found, err
}
