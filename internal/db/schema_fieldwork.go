package db

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// The plan's rows live in table probe, from planning on; the wave keeps what
// is of the wave, and the plan's hash. Each probe knows
//
//	planned_us  when the plan has it begin, whatever it was put off to since
//	window_us   how long answers to it are waited for; 0 for a visit that causes none and for what is refused
//	moved_us    when it last changed, made strictly increasing within a database; 0: the ledger has no row of it yet
//	heard_us    likewise, when a mail last came for it
//	lease       who has it in hand, and until when unless that is renewed
//
// tally counts the probes of a site by where they stand; detail is the outcome
// of those that are done.
const schemaFieldwork = `
ALTER TABLE wave ADD COLUMN hash TEXT NOT NULL DEFAULT '';

ALTER TABLE probe ADD COLUMN planned_us BIGINT NOT NULL DEFAULT 0;
ALTER TABLE probe ADD COLUMN window_us BIGINT NOT NULL DEFAULT 0;
ALTER TABLE probe ADD COLUMN moved_us BIGINT NOT NULL DEFAULT 0;
ALTER TABLE probe ADD COLUMN heard_us BIGINT NOT NULL DEFAULT 0;
ALTER TABLE probe ADD COLUMN lease TEXT NOT NULL DEFAULT '';
ALTER TABLE probe ADD COLUMN lease_us BIGINT NOT NULL DEFAULT 0;

DROP INDEX probe_due;
DROP INDEX probe_deadline;
CREATE INDEX probe_plan ON probe (wave, planned_us, site, scenario, repeat);
CREATE INDEX probe_due ON probe (wave, life, due_us, site, scenario, repeat, window_us) WHERE state = 'planned';
CREATE INDEX probe_deadline ON probe (wave, deadline_us, site, scenario, repeat) WHERE state = 'open';
CREATE INDEX probe_lease ON probe (wave, lease_us) WHERE state = 'running';
CREATE INDEX probe_moved ON probe (wave, moved_us);
CREATE INDEX probe_heard ON probe (wave, heard_us) WHERE heard_us > 0;

CREATE TABLE tally (
	wave   TEXT   NOT NULL,
	site   TEXT   NOT NULL,
	state  TEXT   NOT NULL,
	detail TEXT   NOT NULL DEFAULT '',
	n      BIGINT NOT NULL,
	PRIMARY KEY (wave, site, state, detail)
);
`

// keepFieldwork counts every change of table probe, whoever makes it.
const keepFieldwork = `
CREATE TRIGGER probe_came AFTER INSERT ON probe
BEGIN
	INSERT INTO tally (wave, site, state, detail, n)
		VALUES (NEW.wave, NEW.site, NEW.state, CASE NEW.state WHEN 'done' THEN NEW.detail ELSE '' END, 1)
		ON CONFLICT (wave, site, state, detail) DO UPDATE SET n = n + 1;
END;

CREATE TRIGGER probe_moved AFTER UPDATE OF state, detail ON probe
WHEN NEW.state <> OLD.state OR (NEW.state = 'done' AND NEW.detail <> OLD.detail)
BEGIN
	UPDATE tally SET n = n - 1 WHERE wave = OLD.wave AND site = OLD.site AND state = OLD.state
		AND detail = CASE OLD.state WHEN 'done' THEN OLD.detail ELSE '' END;
	INSERT INTO tally (wave, site, state, detail, n)
		VALUES (NEW.wave, NEW.site, NEW.state, CASE NEW.state WHEN 'done' THEN NEW.detail ELSE '' END, 1)
		ON CONFLICT (wave, site, state, detail) DO UPDATE SET n = n + 1;
END;

CREATE TRIGGER probe_went AFTER DELETE ON probe
BEGIN
	UPDATE tally SET n = n - 1 WHERE wave = OLD.wave AND site = OLD.site AND state = OLD.state
		AND detail = CASE OLD.state WHEN 'done' THEN OLD.detail ELSE '' END;
	DELETE FROM tally WHERE wave = OLD.wave AND n = 0;
END;
`

const (
	selectPlans = `SELECT id, state, plan FROM wave`
	putPlan     = `UPDATE wave SET plan = $2, hash = $3 WHERE id = $1`
	putRow      = `UPDATE probe SET planned_us = $5, window_us = $6, moved_us = 1 WHERE wave = $1 AND site = $2 AND scenario = $3 AND repeat = $4`
	newRow      = `INSERT INTO probe (wave, site, scenario, repeat, kind, task, life, state, due_us, address, message_id, task_json, detail, planned_us, window_us)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 'planned', $8, $9, $10, $11, $12, $8, $13)`
	countStanding = `INSERT INTO tally (wave, site, state, detail, n)
		SELECT wave, site, state, CASE state WHEN 'done' THEN detail ELSE '' END, COUNT(*) FROM probe GROUP BY 1, 2, 3, 4`
)

// splitPlans takes the rows out of the plans of the first schema, which held
// them all in one text, and gives each to its probe. A wave that has not begun
// gets its probes here.
func splitPlans(ctx context.Context, tx Tx) error {
	type wave struct{ id, state, plan string }
	var waves []wave
	rows, err := tx.Query(ctx, selectPlans)
	if err != nil {
		return err
	}
	for rows.Next() {
		var w wave
		if err := rows.Scan(&w.id, &w.state, &w.plan); err != nil {
			return err
		}
		waves = append(waves, w)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if err := rows.Close(); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, countStanding); err != nil {
		return err
	}
	for _, w := range waves {
		head, list, err := splitPlan(w.plan)
		if err != nil {
			return fmt.Errorf("plan of wave %s: %w", w.id, err)
		}
		sum := sha256.Sum256([]byte(w.plan + "\n")) // what the first schema's program showed as the plan's hash
		if _, err := tx.Exec(ctx, putPlan, w.id, head, hex.EncodeToString(sum[:])); err != nil {
			return err
		}
		for _, body := range list {
			if err := splitRow(ctx, tx, w.id, w.state == "planned", body); err != nil {
				return fmt.Errorf("plan of wave %s: %w", w.id, err)
			}
		}
	}
	return nil
}

// splitPlan takes the rows, which stand last, out of a plan, and leaves each
// byte of the rest as it is: the plan's hash goes over them.
func splitPlan(plan string) (head string, rows []json.RawMessage, err error) {
	d := json.NewDecoder(strings.NewReader(plan))
	if _, err := d.Token(); err != nil {
		return "", nil, err
	}
	for d.More() {
		before := d.InputOffset()
		key, err := d.Token()
		if err != nil {
			return "", nil, err
		}
		if key == "rows" {
			err := d.Decode(&rows)
			return plan[:before] + "}", rows, err
		}
		var other json.RawMessage
		if err := d.Decode(&other); err != nil {
			return "", nil, err
		}
	}
	return plan, nil, nil
}

// splitRow gives one row of a plan of the first schema to its probe.
func splitRow(ctx context.Context, tx Tx, wave string, planned bool, body []byte) error {
	var r struct {
		Probe struct {
			Site, Scenario string
			Repeat         int
		}
		Kind, Task, Refusal string
		Due                 time.Time
		Window              time.Duration
		Persona             struct{ Email string }
		Letter              *struct {
			MessageID string `json:"message_id"`
		}
	}
	if err := json.Unmarshal(body, &r); err != nil {
		return err
	}
	p, window := r.Probe, r.Window.Microseconds()
	life, messageID := "visit", ""
	if r.Letter != nil {
		life, messageID = "correspondence", r.Letter.MessageID
	}
	if r.Refusal != "" {
		window = 0
	}
	var err error
	if planned {
		_, err = tx.Exec(ctx, newRow, wave, p.Site, p.Scenario, p.Repeat, r.Kind, r.Task, life, r.Due.UnixMicro(), r.Persona.Email, messageID, string(body), r.Refusal, window)
	} else {
		_, err = tx.Exec(ctx, putRow, wave, p.Site, p.Scenario, p.Repeat, r.Due.UnixMicro(), window)
	}
	return err
}
