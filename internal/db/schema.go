package db

import "context"

// migrations bring a database from version n (0: empty) to n+1. They only ever
// go forward, and one that was released is never changed: add another.
var migrations = []migration{
	{portable: schema1, sqlite: keep1},
	{portable: retention2},
	{portable: schemaBrought},
	{portable: schemaReview, sqlite: keepReview},
	{portable: schemaMailbox},
	{portable: schemaFieldwork, sqlite: keepFieldwork, then: splitPlans},
	{portable: schemaConversation},
	{portable: schemaPlan},
	{portable: schemaBundle},
}

// A migration is two scripts of statements that end with ";\n" each: one that
// every database understands, where %BLOB% stands for the binary type, and one
// for what only SQLite says in this way. What a script can't say is done then,
// in the same transaction; nil for nothing.
type migration struct {
	portable, sqlite string
	then             func(ctx context.Context, tx Tx) error
}

const schema1 = `
CREATE TABLE wave (
	id         TEXT   NOT NULL PRIMARY KEY,
	state      TEXT   NOT NULL,
	seed       BIGINT NOT NULL,
	created_us BIGINT NOT NULL,
	started_us BIGINT NOT NULL DEFAULT 0,
	ended_us   BIGINT NOT NULL DEFAULT 0,
	plan       TEXT   NOT NULL,
	version    TEXT   NOT NULL
);

CREATE TABLE probe (
	wave        TEXT   NOT NULL REFERENCES wave (id),
	site        TEXT   NOT NULL,
	scenario    TEXT   NOT NULL,
	repeat      BIGINT NOT NULL,
	kind        TEXT   NOT NULL,
	task        TEXT   NOT NULL,
	life        TEXT   NOT NULL CHECK (life IN ('visit', 'correspondence')),
	state       TEXT   NOT NULL,
	due_us      BIGINT NOT NULL,
	deadline_us BIGINT NOT NULL DEFAULT 0,
	address     TEXT   NOT NULL DEFAULT '',
	message_id  TEXT   NOT NULL DEFAULT '',
	task_json   TEXT   NOT NULL,
	detail      TEXT   NOT NULL DEFAULT '',
	PRIMARY KEY (wave, site, scenario, repeat)
);
CREATE UNIQUE INDEX probe_address ON probe (address) WHERE address <> '';
CREATE UNIQUE INDEX probe_message_id ON probe (message_id) WHERE message_id <> '';
CREATE INDEX probe_due ON probe (wave, state, due_us);
CREATE INDEX probe_deadline ON probe (wave, state, deadline_us);

CREATE TABLE effect (
	wave       TEXT   NOT NULL,
	site       TEXT   NOT NULL,
	scenario   TEXT   NOT NULL,
	repeat     BIGINT NOT NULL,
	step       TEXT   NOT NULL,
	effect     TEXT   NOT NULL,
	recipient  TEXT   NOT NULL,
	state      TEXT   NOT NULL CHECK (state IN ('planned', 'begun', 'accepted', 'refused', 'uncertain')),
	message_id TEXT   NOT NULL DEFAULT '',
	raw        %BLOB%,
	planned_us BIGINT NOT NULL,
	begun_us   BIGINT NOT NULL DEFAULT 0,
	settled_us BIGINT NOT NULL DEFAULT 0,
	code       BIGINT NOT NULL DEFAULT 0,
	detail     TEXT   NOT NULL DEFAULT '',
	lease      TEXT   NOT NULL DEFAULT '',
	attempts   BIGINT NOT NULL DEFAULT 0,
	UNIQUE (wave, site, scenario, repeat, step, recipient),
	FOREIGN KEY (wave, site, scenario, repeat) REFERENCES probe (wave, site, scenario, repeat)
);
CREATE INDEX effect_state ON effect (wave, state);
CREATE INDEX effect_site ON effect (site, begun_us);

CREATE TABLE attempt (
	wave      TEXT   NOT NULL,
	site      TEXT   NOT NULL,
	scenario  TEXT   NOT NULL,
	repeat    BIGINT NOT NULL,
	step      TEXT   NOT NULL,
	recipient TEXT   NOT NULL,
	n         BIGINT NOT NULL,
	at_us     BIGINT NOT NULL,
	state     TEXT   NOT NULL,
	code      BIGINT NOT NULL DEFAULT 0,
	detail    TEXT   NOT NULL DEFAULT '',
	PRIMARY KEY (wave, site, scenario, repeat, step, recipient, n),
	FOREIGN KEY (wave, site, scenario, repeat, step, recipient) REFERENCES effect (wave, site, scenario, repeat, step, recipient)
);

CREATE TABLE mail (
	sha256 TEXT   NOT NULL PRIMARY KEY,
	raw    %BLOB% NOT NULL,
	bytes  BIGINT NOT NULL
);

CREATE TABLE mailbox (
	name     TEXT   NOT NULL PRIMARY KEY,
	validity BIGINT NOT NULL,
	last_uid BIGINT NOT NULL
);

-- A mailbox that was renumbered (another validity) shows its mails again under
-- new numbers: their digest tells that they are known.
CREATE TABLE arrival (
	mailbox     TEXT   NOT NULL,
	validity    BIGINT NOT NULL,
	uid         BIGINT NOT NULL,
	sha256      TEXT   NOT NULL,
	received_us BIGINT NOT NULL,
	seen_us     BIGINT NOT NULL,
	wave        TEXT   NOT NULL DEFAULT '',
	site        TEXT   NOT NULL DEFAULT '',
	scenario    TEXT   NOT NULL DEFAULT '',
	repeat      BIGINT NOT NULL DEFAULT 0,
	matched     TEXT   NOT NULL DEFAULT '',
	PRIMARY KEY (mailbox, validity, uid),
	UNIQUE (mailbox, sha256)
);
CREATE INDEX arrival_probe ON arrival (wave, site, scenario, repeat);

CREATE TABLE observation (
	wave     TEXT   NOT NULL,
	site     TEXT   NOT NULL,
	scenario TEXT   NOT NULL,
	repeat   BIGINT NOT NULL,
	reading  TEXT   NOT NULL,
	seq      BIGINT NOT NULL,
	body     TEXT   NOT NULL,
	PRIMARY KEY (wave, site, scenario, repeat, reading),
	UNIQUE (wave, site, scenario, repeat, seq)
);

CREATE TABLE setting (
	key   TEXT NOT NULL PRIMARY KEY,
	value TEXT NOT NULL
);
`

// keep1 guards the ledger of effects, which is what keeps an effect from being
// done twice: no row of it is deleted, none changes what it is about once it
// has begun, and none goes back to planned after its end, not by a mistake in
// a query either.
const keep1 = `
CREATE TRIGGER effect_delete BEFORE DELETE ON effect
BEGIN SELECT RAISE(ABORT, 'the ledger of effects is never deleted'); END;

CREATE TRIGGER effect_identity BEFORE UPDATE ON effect
WHEN NEW.wave <> OLD.wave OR NEW.site <> OLD.site OR NEW.scenario <> OLD.scenario OR NEW.repeat <> OLD.repeat
	OR NEW.step <> OLD.step OR NEW.recipient <> OLD.recipient OR NEW.effect <> OLD.effect
	OR (OLD.state <> 'planned' AND (NEW.message_id <> OLD.message_id OR NEW.raw IS NOT OLD.raw))
BEGIN SELECT RAISE(ABORT, 'an effect that has begun keeps its text and its Message-ID'); END;

CREATE TRIGGER effect_state BEFORE UPDATE OF state ON effect
WHEN NEW.state <> OLD.state AND NOT (
	(OLD.state = 'planned' AND NEW.state IN ('begun', 'refused'))
	OR (OLD.state = 'begun' AND NEW.state IN ('planned', 'accepted', 'refused', 'uncertain'))
	OR (OLD.state = 'uncertain' AND NEW.state IN ('accepted', 'refused')))
BEGIN SELECT RAISE(ABORT, 'the ledger of effects goes planned, begun, accepted or refused or uncertain, and never does an effect again'); END;
`
