package db

// schemaBrought holds what was observed elsewhere and brought into a wave: a
// row for each scenario of each file. The observations themselves stand with
// all others.
const schemaBrought = `
CREATE TABLE brought (
	wave       TEXT   NOT NULL REFERENCES wave (id),
	scenario   TEXT   NOT NULL,
	kind       TEXT   NOT NULL,
	task       TEXT   NOT NULL,
	title      TEXT   NOT NULL,
	window_us  BIGINT NOT NULL DEFAULT 0,
	file       TEXT   NOT NULL,
	sha256     TEXT   NOT NULL,
	brought_us BIGINT NOT NULL,
	PRIMARY KEY (wave, scenario, sha256)
);
`
