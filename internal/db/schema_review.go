package db

// schemaReview holds what people and a judge model said of readings.
const schemaReview = `
CREATE TABLE adjudication (
	n        BIGINT NOT NULL PRIMARY KEY,
	wave     TEXT   NOT NULL,
	site     TEXT   NOT NULL,
	scenario TEXT   NOT NULL,
	repeat   BIGINT NOT NULL,
	body     TEXT   NOT NULL
);
CREATE INDEX adjudication_wave ON adjudication (wave, n);

CREATE TABLE judgement (
	id     TEXT   NOT NULL PRIMARY KEY,
	mail   TEXT   NOT NULL,
	at_us  BIGINT NOT NULL,
	body   TEXT   NOT NULL
);
CREATE INDEX judgement_mail ON judgement (mail);
`

// keepReview guards what a reviewer said: a later word supersedes it, and
// nothing takes it back.
const keepReview = `
CREATE TRIGGER adjudication_delete BEFORE DELETE ON adjudication
BEGIN SELECT RAISE(ABORT, 'an adjudication is never deleted: a later one supersedes it'); END;

CREATE TRIGGER adjudication_update BEFORE UPDATE ON adjudication
BEGIN SELECT RAISE(ABORT, 'an adjudication is never changed: a later one supersedes it'); END;
`
