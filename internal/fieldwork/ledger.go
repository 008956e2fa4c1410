package fieldwork

import (
	"context"
	"fmt"
	"strings"
	"time"

	"touchstone/internal/db"
	"touchstone/internal/evidence"
	"touchstone/probes"
)

// The ledger of effects: one row per effect, unique, never deleted.
//
//	planned → begun → accepted | refused | uncertain
//
// begun is committed before the first byte leaves; a row found in begun after
// a crash becomes uncertain, and is resolved by looking, never by doing it
// again. The one way back is begun → planned, when the protocol has said that
// nothing was accepted. Every try is a row of its own in attempt.

// ownReading marks the observations that fieldwork makes by itself: of what was
// refused, and of what a dead process left.
const ownReading = "fieldwork/1"

// letterStep is the step of a correspondence's first message, and begins that
// of each further one.
const letterStep = "letter"

const (
	qInsertEffect = `INSERT INTO effect (wave, site, scenario, repeat, step, effect, recipient, state, message_id, raw, planned_us, begun_us, settled_us, code, detail, lease, attempts)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 'planned', $8, $9, $10, 0, 0, 0, '', '', 0)`
	qBegin = `UPDATE effect SET state = 'begun', begun_us = $5, attempts = attempts + 1, lease = $6
		WHERE wave = $1 AND site = $2 AND scenario = $3 AND repeat = $4 AND state = 'planned'`
	// by whoever has the effect in hand; of no lease: by anybody
	qSettle = `UPDATE effect SET state = $5, settled_us = $6, code = $7, detail = $8
		WHERE wave = $1 AND site = $2 AND scenario = $3 AND repeat = $4 AND state = 'begun' AND ($9 = '' OR lease = $9)`
	qConfirm = `UPDATE effect SET state = 'accepted', settled_us = begun_us, detail = $5
		WHERE wave = $1 AND site = $2 AND scenario = $3 AND repeat = $4 AND state = 'uncertain' AND step NOT LIKE 'letter-%' AND step NOT LIKE 'follow-%'`
	qAttempt = `INSERT INTO attempt (wave, site, scenario, repeat, step, recipient, n, at_us, state, code, detail)
		SELECT wave, site, scenario, repeat, step, recipient, attempts, $5, $6, $7, $8 FROM effect
		WHERE wave = $1 AND site = $2 AND scenario = $3 AND repeat = $4 AND state = 'begun' AND ($9 = '' OR lease = $9)`
	qEffect = `SELECT state, recipient, message_id, raw, begun_us, settled_us, code, detail, attempts FROM effect
		WHERE wave = $1 AND site = $2 AND scenario = $3 AND repeat = $4 AND step = $5`
	qBegunEffects = `SELECT COUNT(*) FROM effect WHERE wave = $1 AND site = $2 AND scenario = $3 AND repeat = $4 AND state = 'begun'`
	qRunning      = `SELECT site, scenario, repeat FROM probe WHERE wave = $1 AND state = 'running' ORDER BY lease_us`
	qSettled      = `SELECT COALESCE(MAX(settled_us), 0) FROM effect WHERE wave = $1 AND site = $2 AND scenario = $3 AND repeat = $4 AND step NOT LIKE 'follow-%'`
	qBegun        = `SELECT DISTINCT site, scenario, repeat FROM effect WHERE wave = $1 AND state = 'begun' ORDER BY 1 || '', 2, 3`
	// contacts of a site, of every wave: what the caps count
	qContacts = `SELECT begun_us FROM effect WHERE site = $1 AND effect IN ('send-mail', 'submit-form', 'open-chat', 'call') AND begun_us > $2
		AND state IN ('begun', 'accepted', 'uncertain') ORDER BY begun_us`
)

// insertEffect plans one effect.
func insertEffect(ctx context.Context, tx db.Tx, p evidence.ProbeID, step string, eff evidence.Effect, recipient, messageID string, raw []byte, due time.Time) error {
	if raw == nil {
		raw = []byte{}
	}
	_, err := tx.Exec(ctx, qInsertEffect, p.Wave, p.Site, p.Scenario, p.Repeat, step+stepSuffix(step, eff), string(eff), recipient, messageID, raw, micros(due))
	if err != nil {
		return fmt.Errorf("plan effect %s of probe %s: %w", eff, p, err)
	}
	return nil
}

// stepSuffix keeps several effects of one visit apart.
func stepSuffix(step string, eff evidence.Effect) string {
	if strings.HasPrefix(step, letterStep) || strings.HasPrefix(step, followStep) {
		return ""
	}
	return "/" + string(eff)
}

// settle ends a try: the attempt is kept, and the effect gets its new state.
// Where it is not begun, or under another lease, nothing changes, and the error
// is errLapsed. No lease is anybody's.
func settle(ctx context.Context, tx db.Tx, p evidence.ProbeID, lease, state string, d probes.Delivery, at time.Time) error {
	if _, err := tx.Exec(ctx, qAttempt, p.Wave, p.Site, p.Scenario, p.Repeat, micros(at), string(d.State), d.Code, d.Detail, lease); err != nil {
		return fmt.Errorf("keep the attempt of probe %s: %w", p, err)
	}
	n, err := tx.Exec(ctx, qSettle, p.Wave, p.Site, p.Scenario, p.Repeat, state, micros(at), d.Code, d.Detail, lease)
	if err != nil {
		return fmt.Errorf("settle the effect of probe %s: %w", p, err)
	}
	if n == 0 {
		return fmt.Errorf("probe %s: its effect is no longer begun: %w", p, errLapsed)
	}
	return nil
}

// effectRow is one effect as the ledger holds it.
type effectRow struct {
	State     string
	Recipient string
	MessageID string
	Raw       []byte
	Begun     time.Time
	Settled   time.Time
	Code      int
	Detail    string
	Attempts  int
}

func loadEffect(ctx context.Context, tx db.Tx, p evidence.ProbeID, step string) (effectRow, error) {
	var r effectRow
	var begun, settled int64
	err := tx.QueryRow(ctx, qEffect, p.Wave, p.Site, p.Scenario, p.Repeat, step).Scan(&r.State, &r.Recipient, &r.MessageID, &r.Raw, &begun, &settled, &r.Code, &r.Detail, &r.Attempts)
	if err != nil {
		return r, fmt.Errorf("effect of probe %s: %w", p, err)
	}
	r.Begun, r.Settled = instant(begun), instant(settled)
	return r, nil
}

// Contacts gives the times at which each of the sites was contacted since an
// instant, by any wave.
func Contacts(ctx context.Context, d *db.DB, sites []string, since time.Time) (map[string][]time.Time, error) {
	out := map[string][]time.Time{}
	err := d.Read(ctx, func(ctx context.Context, tx db.Tx) error {
		for _, s := range sites {
			at, err := contacts(ctx, tx, s, since)
			if err != nil {
				return err
			}
			out[s] = at
		}
		return nil
	})
	return out, err
}

func contacts(ctx context.Context, tx db.Tx, site string, since time.Time) ([]time.Time, error) {
	rows, err := tx.Query(ctx, qContacts, site, micros(since))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []time.Time
	for rows.Next() {
		var us int64
		if err := rows.Scan(&us); err != nil {
			return nil, err
		}
		out = append(out, instant(us))
	}
	return out, rows.Err()
}

// sweep puts right what a process that died left in the middle of things. It
// runs behind the database's lock, so whatever is begun is nobody's, and no
// lease is waited for. A visit without effects is done over: reading again
// harms nobody.
func (e *Engine) sweep(ctx context.Context, wave string) error {
	now := e.Clock.Now()
	return e.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		begun, err := probeIDs(ctx, tx, wave, qBegun, wave)
		if err != nil {
			return err
		}
		for _, p := range begun {
			if _, err := e.rescueTx(ctx, tx, p, "the program ended while this was under way; it is not done again", now); err != nil {
				return err
			}
		}
		left, err := probeIDs(ctx, tx, wave, qRunning, wave)
		if err != nil {
			return err
		}
		for _, p := range left {
			if _, err := tx.Exec(ctx, qState, p.Wave, p.Site, p.Scenario, p.Repeat, "planned", "begun before, and interrupted", e.stamp()); err != nil {
				return err
			}
		}
		return nil
	})
}

func probeIDs(ctx context.Context, tx db.Tx, wave, q string, args ...any) ([]evidence.ProbeID, error) {
	rows, err := tx.Query(ctx, q, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []evidence.ProbeID
	for rows.Next() {
		p := evidence.ProbeID{Wave: wave}
		if err := rows.Scan(&p.Site, &p.Scenario, &p.Repeat); err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, rows.Err()
}
