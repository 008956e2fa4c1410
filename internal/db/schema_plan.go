package db

// schemaPlan: the rows of a plan stand in table draft until all of it is made,
// so that an earlier plan of that name is kept until then.
const schemaPlan = `
CREATE TABLE draft (
	wave       TEXT   NOT NULL,
	site       TEXT   NOT NULL,
	scenario   TEXT   NOT NULL,
	repeat     BIGINT NOT NULL,
	kind       TEXT   NOT NULL,
	task       TEXT   NOT NULL,
	life       TEXT   NOT NULL,
	due_us     BIGINT NOT NULL,
	address    TEXT   NOT NULL,
	message_id TEXT   NOT NULL,
	task_json  TEXT   NOT NULL,
	detail     TEXT   NOT NULL,
	window_us  BIGINT NOT NULL,
	PRIMARY KEY (wave, site, scenario, repeat)
);
`
