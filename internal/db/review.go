package db

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"touchstone/internal/evidence"
)

const (
	// one writer: the number can't be taken by two
	insertAdjudication  = `INSERT INTO adjudication (n, wave, site, scenario, repeat, body) SELECT COALESCE(MAX(n), 0) + 1, $1, $2, $3, $4, $5 FROM adjudication`
	selectAdjudications = `SELECT n, body FROM adjudication WHERE wave = $1 ORDER BY n`
	selectReadings      = `SELECT body FROM observation WHERE wave = $1 AND site = $2 AND scenario = $3 AND repeat = $4 ORDER BY seq`

	insertJudgement = `INSERT INTO judgement (id, mail, at_us, body) VALUES ($1, $2, $3, $4)`
	selectJudged    = `SELECT body FROM judgement WHERE mail IN (SELECT sha256 FROM arrival WHERE wave = $1) ORDER BY at_us, id`
	selectJudgement = `SELECT body FROM judgement WHERE id = $1`
)

// AdjudicateTx keeps what a reviewer said, as part of a transaction. The number
// is given here, whatever a.N is.
func AdjudicateTx(ctx context.Context, tx Tx, a evidence.Adjudication) error {
	a.N, a.At = 0, a.At.UTC()
	body, err := json.Marshal(a)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, insertAdjudication, a.Probe.Wave, a.Probe.Site, a.Probe.Scenario, a.Probe.Repeat, string(body)); err != nil {
		return fmt.Errorf("keep the adjudication of probe %s: %w", a.Probe, err)
	}
	return nil
}

// AdjudicationsTx gives all that reviewers said of a wave, oldest first.
func AdjudicationsTx(ctx context.Context, tx Tx, wave string) ([]evidence.Adjudication, error) {
	rows, err := tx.Query(ctx, selectAdjudications, wave)
	if err != nil {
		return nil, fmt.Errorf("adjudications of wave %s: %w", wave, err)
	}
	defer rows.Close()
	var out []evidence.Adjudication
	for rows.Next() {
		var a evidence.Adjudication
		var n int64
		var body string
		if err := rows.Scan(&n, &body); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(body), &a); err != nil {
			return nil, fmt.Errorf("adjudication %d: %w", n, err)
		}
		a.N = n
		out = append(out, a)
	}
	return out, rows.Err()
}

// Adjudications is AdjudicationsTx in a transaction of its own.
func (d *DB) Adjudications(ctx context.Context, wave string) (out []evidence.Adjudication, err error) {
	err = d.Read(ctx, func(ctx context.Context, tx Tx) error {
		out, err = AdjudicationsTx(ctx, tx, wave)
		return err
	})
	return out, err
}

// ReadingsTx gives every reading of a probe, oldest first.
func ReadingsTx(ctx context.Context, tx Tx, p evidence.ProbeID) ([]evidence.Observation, error) {
	rows, err := tx.Query(ctx, selectReadings, p.Wave, p.Site, p.Scenario, p.Repeat)
	if err != nil {
		return nil, fmt.Errorf("readings of probe %s: %w", p, err)
	}
	defer rows.Close()
	var out []evidence.Observation
	for rows.Next() {
		var o evidence.Observation
		var body string
		if err := rows.Scan(&body); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(body), &o); err != nil {
			return nil, fmt.Errorf("reading of probe %s: %w", p, err)
		}
		out = append(out, o)
	}
	return out, rows.Err()
}

// Judgement gives what a judge model answered to the question with this id, as
// JSON; false when it was never asked.
func (d *DB) Judgement(ctx context.Context, id string) (body []byte, found bool, err error) {
	var text string
	err = d.Read(ctx, func(ctx context.Context, tx Tx) error {
		return tx.QueryRow(ctx, selectJudgement, id).Scan(&text)
	})
	if errors.Is(err, ErrNoRows) {
		return nil, false, nil
	}
	return []byte(text), err == nil, err
}

// KeepJudgement stores an answer under the id of its question, once.
func (d *DB) KeepJudgement(ctx context.Context, id string, mail evidence.Ref, at time.Time, body []byte) error {
	return d.InTx(ctx, func(ctx context.Context, tx Tx) error {
		_, err := tx.Exec(ctx, insertJudgement, id, string(mail), at.UnixMicro(), string(body))
		return err
	})
}

// Judgements gives what judge models answered about the mails of a wave, each
// as JSON, oldest first.
func (d *DB) Judgements(ctx context.Context, wave string) (out [][]byte, err error) {
	err = d.Read(ctx, func(ctx context.Context, tx Tx) error {
		rows, err := tx.Query(ctx, selectJudged, wave)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var body string
			if err := rows.Scan(&body); err != nil {
				return err
			}
			out = append(out, []byte(body))
		}
		return rows.Err()
	})
	return out, err
}
