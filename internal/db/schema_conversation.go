package db

// schemaConversation: next_us is when a correspondence that may go on is to be
// looked at, as long as it waits for mail; 0 for one that does not go on. A
// letter after the first is found by its Message-ID, too.
const schemaConversation = `
ALTER TABLE probe ADD COLUMN next_us BIGINT NOT NULL DEFAULT 0;
CREATE INDEX probe_next ON probe (wave, next_us, site, scenario, repeat) WHERE state = 'open' AND next_us > 0;
CREATE INDEX effect_further ON effect (message_id) WHERE step <> 'letter' AND message_id <> '';
`
