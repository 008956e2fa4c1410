package db

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"touchstone/internal/evidence"
)

// A Verification is what checking one wave's record found.
type Verification struct {
	Wave         string   `json:"wave"`
	Probes       int      `json:"probes"`
	Observations int      `json:"observations"` // every reading
	Pieces       int      `json:"pieces"`       // of evidence, opened and compared with their digests
	Bytes        int64    `json:"bytes"`
	Pruned       int      `json:"pruned"`         // removed on purpose, and recorded as that
	Faults       int      `json:"faults"`         // all of them
	First        []string `json:"first,omitzero"` // the first of the faults, in words
}

// shownFaults bounds how many faults are kept in words.
const shownFaults = 100

func (v *Verification) fault(format string, args ...any) {
	if v.Faults++; len(v.First) < shownFaults {
		v.First = append(v.First, fmt.Sprintf(format, args...))
	}
}

// What must never be found in the record of a wave. Each query takes the wave
// and gives the probe, and words.
var ledgerRules = []struct{ query, says string }{
	{`SELECT p.site, p.scenario, p.repeat FROM probe p WHERE p.wave = $1 AND p.state = 'done' AND NOT EXISTS
		(SELECT 1 FROM observation o WHERE o.wave = p.wave AND o.site = p.site AND o.scenario = p.scenario AND o.repeat = p.repeat)`, "has ended without an observation"},
	{`SELECT DISTINCT o.site, o.scenario, o.repeat FROM observation o WHERE o.wave = $1 AND NOT EXISTS
		(SELECT 1 FROM probe p WHERE p.wave = o.wave AND p.site = o.site AND p.scenario = o.scenario AND p.repeat = o.repeat)`, "has an observation and no row"},
	{`SELECT DISTINCT a.site, a.scenario, a.repeat FROM arrival a WHERE a.wave = $1 AND NOT EXISTS
		(SELECT 1 FROM probe p WHERE p.wave = a.wave AND p.site = a.site AND p.scenario = a.scenario AND p.repeat = a.repeat)`, "has mail and no row"},
	// a try that is under way has no row in attempt yet
	{`SELECT e.site, e.scenario, e.repeat FROM effect e WHERE e.wave = $1 AND e.attempts <> (CASE WHEN e.state = 'begun' THEN 1 ELSE 0 END) +
		(SELECT COUNT(*) FROM attempt t WHERE t.wave = e.wave AND t.site = e.site AND t.scenario = e.scenario AND t.repeat = e.repeat AND t.step = e.step AND t.recipient = e.recipient)`, "has another number of tries than its effect counts"},
	{`SELECT e.site, e.scenario, e.repeat FROM effect e WHERE e.wave = $1 AND e.state IN ('accepted', 'uncertain') AND (e.begun_us = 0 OR e.settled_us = 0)`, "has an effect that was done at no time"},
	{`SELECT e.site, e.scenario, e.repeat FROM effect e JOIN wave w ON w.id = e.wave WHERE e.wave = $1 AND w.state = 'done' AND e.state = 'begun'`, "has an effect under way, though the wave is over"},
	{`SELECT p.site, p.scenario, p.repeat FROM probe p JOIN wave w ON w.id = p.wave WHERE p.wave = $1 AND w.state = 'done' AND p.state <> 'done'`, "has not ended, though the wave is over"},
}

// Verify checks the record of a wave: that every piece of evidence that it
// names is there and is what it was, or was pruned; that the plan, the probes,
// the ledger and the observations fit one another. Faults are no error. say
// is told of progress; it may be nil.
func (e *Evidence) Verify(ctx context.Context, wave string, say func(done, total int)) (Verification, error) {
	return e.verify(ctx, wave, nil, say)
}

// VerifyUnmatched checks that every mail of no probe is there and is what it
// was, or was pruned, as Verify does for a wave: the Verification's is Unmatched.
func (e *Evidence) VerifyUnmatched(ctx context.Context, say func(done, total int)) (Verification, error) {
	v := Verification{Wave: Unmatched}
	var refs digests
	err := e.db.Read(ctx, func(ctx context.Context, tx Tx) error { return refs.query(ctx, tx, qUnmatchedFrom, 0) })
	if err != nil {
		return v, fmt.Errorf("verify the mails of no probe: %w", err)
	}
	refs.settle()
	err = e.verifyAll(ctx, &v, refs, nil, say)
	return v, err
}

// Integrity asks the database itself whether its file is sound; the text is
// empty when it is.
func (d *DB) Integrity(ctx context.Context) (string, error) {
	var said string
	err := d.Read(ctx, func(ctx context.Context, tx Tx) error {
		return tx.QueryRow(ctx, `PRAGMA integrity_check(1)`).Scan(&said)
	})
	if said == "ok" {
		said = ""
	}
	return said, err
}

// verify takes the files in have, where it is not nil, for present and sound.
func (e *Evidence) verify(ctx context.Context, wave string, have *digests, say func(done, total int)) (Verification, error) {
	v := Verification{Wave: wave}
	var refs digests
	err := e.db.Read(ctx, func(ctx context.Context, tx Tx) error {
		if err := verifyPlan(ctx, tx, &v); err != nil {
			return err
		}
		for _, rule := range ledgerRules {
			err := each(ctx, tx, func(rows Rows) error {
				p := evidence.ProbeID{Wave: wave}
				if err := rows.Scan(&p.Site, &p.Scenario, &p.Repeat); err != nil {
					return err
				}
				v.fault("probe %s %s", p, rule.says)
				return nil
			}, rule.query, wave)
			if err != nil {
				return err
			}
		}
		var err error
		refs, err = cited(ctx, tx, wave)
		if err != nil {
			return err
		}
		return e.verifyObservations(ctx, tx, &v)
	})
	if err != nil {
		return v, fmt.Errorf("verify wave %s: %w", wave, err)
	}
	err = e.verifyAll(ctx, &v, refs, have, say)
	return v, err
}

// verifyAll reads pieces of evidence, one after the other.
func (e *Evidence) verifyAll(ctx context.Context, v *Verification, refs digests, have *digests, say func(done, total int)) error {
	for i, sum := range refs {
		if err := e.verifyOne(ctx, v, refOf(sum), have); err != nil {
			return err
		}
		if say != nil {
			say(i+1, len(refs))
		}
	}
	return nil
}

// verifyPlan holds the frozen plan, its head and its rows, against the hash
// that it had when it was frozen.
func verifyPlan(ctx context.Context, tx Tx, v *Verification) error {
	var hash string
	if err := tx.QueryRow(ctx, `SELECT hash FROM wave WHERE id = $1`, v.Wave).Scan(&hash); err != nil {
		return err
	}
	got, n, err := planHash(ctx, tx, v.Wave)
	if err == nil && got != hash {
		v.fault("the plan is not the one that was frozen: its hash is %s, and was %s", got, hash)
	}
	v.Probes = n
	return err
}

// planHash works out a plan's hash from its parts as they are stored, and
// counts its rows.
func planHash(ctx context.Context, tx Tx, wave string) (hash string, n int, err error) {
	var head string
	if err := tx.QueryRow(ctx, `SELECT plan FROM wave WHERE id = $1`, wave).Scan(&head); err != nil {
		return "", 0, err
	}
	h, sep := sha256.New(), `,"rows":[`
	h.Write([]byte(strings.TrimSuffix(head, "}")))
	err = each(ctx, tx, func(rows Rows) error {
		var body string
		if err := rows.Scan(&body); err != nil {
			return err
		}
		h.Write([]byte(sep + body))
		n, sep = n+1, ","
		return nil
	}, `SELECT task_json FROM probe WHERE wave = $1 ORDER BY planned_us, site, scenario, repeat`, wave)
	if err != nil {
		return "", 0, err
	}
	end := "]}\n"
	if n == 0 {
		end = `,"rows":null}` + "\n"
	}
	h.Write([]byte(end))
	return hex.EncodeToString(h.Sum(nil)), n, nil
}

// verifyObservations holds every reading against its own identity.
func (e *Evidence) verifyObservations(ctx context.Context, tx Tx, v *Verification) error {
	return each(ctx, tx, func(rows Rows) error {
		p := evidence.ProbeID{Wave: v.Wave}
		var reading string
		var body []byte
		if err := rows.Scan(&p.Site, &p.Scenario, &p.Repeat, &reading, &body); err != nil {
			return err
		}
		v.Observations++
		var o evidence.Observation
		if err := json.Unmarshal(body, &o); err != nil {
			v.fault("observation of probe %s: %v", p, err)
			return nil
		}
		if o.Probe != p || o.Reading != reading {
			v.fault("observation of probe %s, reading %s, says that it is of %s, %s", p, reading, o.Probe, o.Reading)
		}
		for name, ref := range o.Evidence {
			if !ref.Valid() {
				v.fault("observation of probe %s cites %q as %s, which is no address", p, string(ref), name)
			}
		}
		return nil
	}, `SELECT site, scenario, repeat, reading, body FROM observation WHERE wave = $1 ORDER BY site, scenario, repeat, seq`, v.Wave)
}

// verifyOne reads a piece of evidence to its end.
func (e *Evidence) verifyOne(ctx context.Context, v *Verification, ref evidence.Ref, have *digests) error {
	if have != nil {
		var one digests
		if one.add(ref); have.has(one[0]) {
			v.Pieces++
			return nil
		}
	}
	rc, err := e.Open(ctx, ref)
	var n int64
	if err == nil {
		n, err = io.Copy(io.Discard, evidence.WithContext(ctx, rc))
		err = errors.Join(err, rc.Close())
	}
	var gone *evidence.PrunedError
	switch {
	case err == nil:
		v.Pieces++
		v.Bytes += n
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &gone):
		v.Pruned++
	case errors.Is(err, evidence.ErrNotFound):
		v.fault("%s is missing", ref)
	default:
		v.fault("%v", err)
	}
	return nil
}
