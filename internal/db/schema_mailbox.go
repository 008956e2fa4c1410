package db

// schemaMailbox: of each mail, whether it lay in the folder for spam, and
// whether the server told of it as it came. Of older ones neither is known.
const schemaMailbox = `
ALTER TABLE arrival ADD COLUMN junk BIGINT NOT NULL DEFAULT 0;
ALTER TABLE arrival ADD COLUMN live BIGINT NOT NULL DEFAULT 0;
`
