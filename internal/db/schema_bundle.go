package db

// schemaBundle adds bundles: mails that came many at a time, packed together.
// A bundle is one block of S2 (an extension of Snappy) of mails one after the
// other, length bytes before they were packed. The arrival of each says where it
// lies: in which bundle, from which byte on, and how many they are; bundle is 0
// where the mail is a row of table mail, or was pruned.
//
// Digests come in no order, so an index of them is changed all over by every
// few hundred mails: the one of arrivals now holds their beginnings only, which
// is a fifth as much to write, and what it finds is compared whole. That a mailbox
// shows no mail twice was seen to by that index, and is where arrivals are written.
const schemaBundle = `
CREATE TABLE bundle (
	id     BIGINT NOT NULL PRIMARY KEY,
	packed %BLOB% NOT NULL,
	length BIGINT NOT NULL
);

ALTER TABLE arrival RENAME TO older_arrival;
DROP INDEX arrival_probe;
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
	junk        BIGINT NOT NULL DEFAULT 0,
	live        BIGINT NOT NULL DEFAULT 0,
	bundle      BIGINT NOT NULL DEFAULT 0,
	start       BIGINT NOT NULL DEFAULT 0,
	bytes       BIGINT NOT NULL DEFAULT 0,
	PRIMARY KEY (mailbox, validity, uid)
);
INSERT INTO arrival (mailbox, validity, uid, sha256, received_us, seen_us, wave, site, scenario, repeat, matched, junk, live)
	SELECT mailbox, validity, uid, sha256, received_us, seen_us, wave, site, scenario, repeat, matched, junk, live FROM older_arrival;
DROP TABLE older_arrival;
CREATE INDEX arrival_digest ON arrival ((substr(sha256, 1, 10)));
CREATE INDEX arrival_probe ON arrival (wave, site, scenario, repeat);
CREATE INDEX arrival_bundle ON arrival (bundle) WHERE bundle > 0;
`
