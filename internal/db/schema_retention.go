package db

// retention2 adds what was removed on purpose, who assigned a mail by hand,
// and whom nobody may write to any more.
const retention2 = `
-- Bytes that were removed: the facts and the digest stay. removed is 0 between
-- the row and the end of the file.
CREATE TABLE pruned (
	sha256    TEXT   NOT NULL PRIMARY KEY,
	wave      TEXT   NOT NULL,
	bytes     BIGINT NOT NULL,
	pruned_us BIGINT NOT NULL,
	why       TEXT   NOT NULL,
	removed   BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX pruned_removed ON pruned (removed);

-- Every decision by hand about a mail, n counting them from 1; one without a
-- wave took the mail away from its probe again.
CREATE TABLE assignment (
	sha256   TEXT   NOT NULL,
	n        BIGINT NOT NULL,
	at_us    BIGINT NOT NULL,
	who      TEXT   NOT NULL,
	why      TEXT   NOT NULL,
	wave     TEXT   NOT NULL DEFAULT '',
	site     TEXT   NOT NULL DEFAULT '',
	scenario TEXT   NOT NULL DEFAULT '',
	repeat   BIGINT NOT NULL DEFAULT 0,
	PRIMARY KEY (sha256, n)
);
CREATE INDEX assignment_wave ON assignment (wave);

-- An entry is an address or "@domain", in lower case.
CREATE TABLE suppression (
	entry TEXT   NOT NULL PRIMARY KEY,
	at_us BIGINT NOT NULL,
	who   TEXT   NOT NULL,
	why   TEXT   NOT NULL
);
`
