-- A database as the program of schema version 1 left it: wave w1 a day under way, wave w2 planned.
-- hash w1 6e59852611c178d408325a669ede53397fcfb3e45ced80c4eaf790af5e89ab7d
-- hash w2 b2a2281080b18597146b1fff976893527d0c94def79ac438c5b260b8a9c95eb5
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
	raw        BLOB,
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
	raw    BLOB NOT NULL,
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
CREATE TABLE schema_version (version BIGINT NOT NULL PRIMARY KEY);
INSERT INTO schema_version VALUES (1);
INSERT INTO wave VALUES ('w1', 'running', 1, 1793610000000000, 1793610000000000, 0, '{"wave":"w1","project":"test","seed":1,"start":"2026-11-02T09:00:00Z","window":432000000000000,"caps":{"per_day":2,"per_week":5,"distance":7200000000000},"sites":[{"id":"alpha","name":"alpha","url":"https://alpha.example","email":"service@alpha.example","hours":{"days":[false,true,true,true,true,true,false],"from":32400000000000,"to":61200000000000},"own":false,"sandbox":false,"authorisation":"own"},{"id":"beta","name":"beta","url":"https://beta.example","email":"service@beta.example","hours":{"days":[false,true,true,true,true,true,false],"from":32400000000000,"to":61200000000000},"own":false,"sandbox":false,"authorisation":"public-enquiry"}],"scenarios":[{"id":"ask","title":"","kind":"letter","task":"enquiry","window":432000000000000},{"id":"look","title":"","kind":"walk","task":"look"},{"id":"order","title":"","kind":"walk","task":"checkout"}],"rows":[{"probe":{"wave":"w1","site":"alpha","scenario":"look","repeat":1},"kind":"walk","task":"look","due":"2026-11-02T09:00:00Z","persona":{"id":"anna","given":"Anna","family":"Weber","email":"shopper+utebpe9puw@shopper.example"},"params":{"pages":["/"]},"random":10684814940538478971,"steps":["/"]},{"probe":{"wave":"w1","site":"alpha","scenario":"order","repeat":1},"kind":"walk","task":"checkout","due":"2026-11-02T09:00:00Z","effects":["place-order"],"refusal":"scenarios/order.yaml:6:11: effect place-order is not granted by site \"alpha\": sites.yaml:7:5: place-order is allowed only where it is granted: add it to `grant`","persona":{"id":"anna","given":"Anna","family":"Weber","email":"shopper+axyej3ff6a@shopper.example"},"params":{"pages":["/order"]},"random":390763016500550201,"steps":["/order"]},{"probe":{"wave":"w1","site":"beta","scenario":"look","repeat":1},"kind":"walk","task":"look","due":"2026-11-02T09:00:00Z","persona":{"id":"anna","given":"Anna","family":"Weber","email":"shopper+badb49jndj@shopper.example"},"params":{"pages":["/"]},"random":578182025611732089,"steps":["/"]},{"probe":{"wave":"w1","site":"beta","scenario":"order","repeat":1},"kind":"walk","task":"checkout","due":"2026-11-02T09:00:00Z","effects":["place-order"],"refusal":"scenarios/order.yaml:6:11: effect place-order is not granted by site \"beta\": sites.yaml:7:5: public-enquiry never allows place-order","persona":{"id":"anna","given":"Anna","family":"Weber","email":"shopper+b9ct2c3pw9@shopper.example"},"params":{"pages":["/order"]},"random":1136345315317119469,"steps":["/order"]},{"probe":{"wave":"w1","site":"beta","scenario":"ask","repeat":2},"kind":"letter","task":"enquiry","due":"2026-11-02T09:16:00Z","window":432000000000000,"effects":["send-mail"],"persona":{"id":"anna","given":"Anna","family":"Weber","email":"shopper+8nyqt9ugz8@shopper.example"},"params":{"text":"hello from Anna"},"random":17522636428998050047,"letter":{"from":"shopper+8nyqt9ugz8@shopper.example","to":"service@beta.example","message_id":"rier6mctnq8nyqt9s7p3@shopper.example","date":"2026-11-02T09:16:00Z","subject":"ask","text":"hello from Anna","variant":0}},{"probe":{"wave":"w1","site":"alpha","scenario":"ask","repeat":2},"kind":"letter","task":"enquiry","due":"2026-11-02T09:59:20Z","window":432000000000000,"effects":["send-mail"],"persona":{"id":"anna","given":"Anna","family":"Weber","email":"shopper+3b4zx2s2pi@shopper.example"},"params":{"text":"hello from Anna"},"random":14444586491351534065,"letter":{"from":"shopper+3b4zx2s2pi@shopper.example","to":"service@alpha.example","message_id":"tjfktg4kn83b4zx2udzr@shopper.example","date":"2026-11-02T09:59:20Z","subject":"ask","text":"hello from Anna","variant":0}},{"probe":{"wave":"w1","site":"beta","scenario":"ask","repeat":1},"kind":"letter","task":"enquiry","due":"2026-11-02T11:51:39Z","window":432000000000000,"effects":["send-mail"],"persona":{"id":"anna","given":"Anna","family":"Weber","email":"shopper+v7brgdxhrt@shopper.example"},"params":{"text":"hello from Anna"},"random":11476002044758479620,"letter":{"from":"shopper+v7brgdxhrt@shopper.example","to":"service@beta.example","message_id":"wam993746pv7brgdz6xy@shopper.example","date":"2026-11-02T11:51:39Z","subject":"ask","text":"hello from Anna","variant":0}},{"probe":{"wave":"w1","site":"alpha","scenario":"ask","repeat":1},"kind":"letter","task":"enquiry","due":"2026-11-02T12:08:40Z","window":432000000000000,"effects":["send-mail"],"persona":{"id":"anna","given":"Anna","family":"Weber","email":"shopper+kytb729wyr@shopper.example"},"params":{"text":"hello from Anna"},"random":6170528403862834237,"letter":{"from":"shopper+kytb729wyr@shopper.example","to":"service@alpha.example","message_id":"gbxvqgbw26kytb727rni@shopper.example","date":"2026-11-02T12:08:40Z","subject":"ask","text":"hello from Anna","variant":0}}]}', 'test');
INSERT INTO wave VALUES ('w2', 'planned', 1, 1793610000000000, 0, 0, '{"wave":"w2","project":"test","seed":1,"start":"2026-11-03T10:00:00Z","window":432000000000000,"caps":{"per_day":2,"per_week":5,"distance":7200000000000},"sites":[{"id":"alpha","name":"alpha","url":"https://alpha.example","email":"service@alpha.example","hours":{"days":[false,true,true,true,true,true,false],"from":32400000000000,"to":61200000000000},"own":false,"sandbox":false,"authorisation":"own"},{"id":"beta","name":"beta","url":"https://beta.example","email":"service@beta.example","hours":{"days":[false,true,true,true,true,true,false],"from":32400000000000,"to":61200000000000},"own":false,"sandbox":false,"authorisation":"public-enquiry"}],"scenarios":[{"id":"ask","title":"","kind":"letter","task":"enquiry","window":432000000000000},{"id":"look","title":"","kind":"walk","task":"look"},{"id":"order","title":"","kind":"walk","task":"checkout"}],"rows":[{"probe":{"wave":"w2","site":"alpha","scenario":"look","repeat":1},"kind":"walk","task":"look","due":"2026-11-03T10:00:00Z","persona":{"id":"anna","given":"Anna","family":"Weber","email":"shopper+8ddxpd9xjf@shopper.example"},"params":{"pages":["/"]},"random":17349931265763670306,"steps":["/"]},{"probe":{"wave":"w2","site":"alpha","scenario":"order","repeat":1},"kind":"walk","task":"checkout","due":"2026-11-03T10:00:00Z","effects":["place-order"],"refusal":"scenarios/order.yaml:6:11: effect place-order is not granted by site \"alpha\": sites.yaml:7:5: place-order is allowed only where it is granted: add it to `grant`","persona":{"id":"anna","given":"Anna","family":"Weber","email":"shopper+pgub34zjwi@shopper.example"},"params":{"pages":["/order"]},"random":7612241065430628063,"steps":["/order"]},{"probe":{"wave":"w2","site":"beta","scenario":"look","repeat":1},"kind":"walk","task":"look","due":"2026-11-03T10:00:00Z","persona":{"id":"anna","given":"Anna","family":"Weber","email":"shopper+b9nysia3yk@shopper.example"},"params":{"pages":["/"]},"random":1142058467594509710,"steps":["/"]},{"probe":{"wave":"w2","site":"beta","scenario":"order","repeat":1},"kind":"walk","task":"checkout","due":"2026-11-03T10:00:00Z","effects":["place-order"],"refusal":"scenarios/order.yaml:6:11: effect place-order is not granted by site \"beta\": sites.yaml:7:5: public-enquiry never allows place-order","persona":{"id":"anna","given":"Anna","family":"Weber","email":"shopper+i62m7es4kz@shopper.example"},"params":{"pages":["/order"]},"random":5129809510291335746,"steps":["/order"]},{"probe":{"wave":"w2","site":"alpha","scenario":"ask","repeat":1},"kind":"letter","task":"enquiry","due":"2026-11-03T10:11:16Z","window":432000000000000,"effects":["send-mail"],"persona":{"id":"anna","given":"Anna","family":"Weber","email":"shopper+yzd5g9akvt@shopper.example"},"params":{"text":"hello from Anna"},"random":13098635386565711200,"letter":{"from":"shopper+yzd5g9akvt@shopper.example","to":"service@alpha.example","message_id":"zu283aduypyzd5g9ctjy@shopper.example","date":"2026-11-03T10:11:16Z","subject":"ask","text":"hello from Anna","variant":0}},{"probe":{"wave":"w2","site":"beta","scenario":"ask","repeat":1},"kind":"letter","task":"enquiry","due":"2026-11-03T10:17:12Z","window":432000000000000,"effects":["send-mail"],"persona":{"id":"anna","given":"Anna","family":"Weber","email":"shopper+svt5xeryae@shopper.example"},"params":{"text":"hello from Anna"},"random":9575702368780094041,"letter":{"from":"shopper+svt5xeryae@shopper.example","to":"service@beta.example","message_id":"8wigxakj39svt5xepp4d@shopper.example","date":"2026-11-03T10:17:12Z","subject":"ask","text":"hello from Anna","variant":0}},{"probe":{"wave":"w2","site":"beta","scenario":"ask","repeat":2},"kind":"letter","task":"enquiry","due":"2026-11-03T12:19:05Z","window":432000000000000,"effects":["send-mail"],"persona":{"id":"anna","given":"Anna","family":"Weber","email":"shopper+iu2dagedmc@shopper.example"},"params":{"text":"hello from Anna"},"random":4949508872321152004,"letter":{"from":"shopper+iu2dagedmc@shopper.example","to":"service@beta.example","message_id":"kwustbjnkriu2dagg2tf@shopper.example","date":"2026-11-03T12:19:05Z","subject":"ask","text":"hello from Anna","variant":0}},{"probe":{"wave":"w2","site":"alpha","scenario":"ask","repeat":2},"kind":"letter","task":"enquiry","due":"2026-11-03T12:36:06Z","window":432000000000000,"effects":["send-mail"],"persona":{"id":"anna","given":"Anna","family":"Weber","email":"shopper+jpzqit3g2k@shopper.example"},"params":{"text":"hello from Anna"},"random":5435532794526872191,"letter":{"from":"shopper+jpzqit3g2k@shopper.example","to":"service@alpha.example","message_id":"7akwrf9cr2jpzqit57cp@shopper.example","date":"2026-11-03T12:36:06Z","subject":"ask","text":"hello from Anna","variant":0}}]}', 'test');
INSERT INTO probe VALUES ('w1', 'alpha', 'look', 1, 'walk', 'look', 'visit', 'done', 1793610000000000, 0, 'shopper+utebpe9puw@shopper.example', '', '{"probe":{"wave":"w1","site":"alpha","scenario":"look","repeat":1},"kind":"walk","task":"look","due":"2026-11-02T09:00:00Z","persona":{"id":"anna","given":"Anna","family":"Weber","email":"shopper+utebpe9puw@shopper.example"},"params":{"pages":["/"]},"random":10684814940538478971,"steps":["/"]}', 'completed');
INSERT INTO probe VALUES ('w1', 'alpha', 'order', 1, 'walk', 'checkout', 'visit', 'done', 1793610000000000, 0, 'shopper+axyej3ff6a@shopper.example', '', '{"probe":{"wave":"w1","site":"alpha","scenario":"order","repeat":1},"kind":"walk","task":"checkout","due":"2026-11-02T09:00:00Z","effects":["place-order"],"refusal":"scenarios/order.yaml:6:11: effect place-order is not granted by site \"alpha\": sites.yaml:7:5: place-order is allowed only where it is granted: add it to `grant`","persona":{"id":"anna","given":"Anna","family":"Weber","email":"shopper+axyej3ff6a@shopper.example"},"params":{"pages":["/order"]},"random":390763016500550201,"steps":["/order"]}', 'not-granted');
INSERT INTO probe VALUES ('w1', 'beta', 'look', 1, 'walk', 'look', 'visit', 'done', 1793610000000000, 0, 'shopper+badb49jndj@shopper.example', '', '{"probe":{"wave":"w1","site":"beta","scenario":"look","repeat":1},"kind":"walk","task":"look","due":"2026-11-02T09:00:00Z","persona":{"id":"anna","given":"Anna","family":"Weber","email":"shopper+badb49jndj@shopper.example"},"params":{"pages":["/"]},"random":578182025611732089,"steps":["/"]}', 'completed');
INSERT INTO probe VALUES ('w1', 'beta', 'order', 1, 'walk', 'checkout', 'visit', 'done', 1793610000000000, 0, 'shopper+b9ct2c3pw9@shopper.example', '', '{"probe":{"wave":"w1","site":"beta","scenario":"order","repeat":1},"kind":"walk","task":"checkout","due":"2026-11-02T09:00:00Z","effects":["place-order"],"refusal":"scenarios/order.yaml:6:11: effect place-order is not granted by site \"beta\": sites.yaml:7:5: public-enquiry never allows place-order","persona":{"id":"anna","given":"Anna","family":"Weber","email":"shopper+b9ct2c3pw9@shopper.example"},"params":{"pages":["/order"]},"random":1136345315317119469,"steps":["/order"]}', 'not-granted');
INSERT INTO probe VALUES ('w1', 'beta', 'ask', 2, 'letter', 'enquiry', 'correspondence', 'open', 1793610960000000, 1794042960000000, 'shopper+8nyqt9ugz8@shopper.example', 'rier6mctnq8nyqt9s7p3@shopper.example', '{"probe":{"wave":"w1","site":"beta","scenario":"ask","repeat":2},"kind":"letter","task":"enquiry","due":"2026-11-02T09:16:00Z","window":432000000000000,"effects":["send-mail"],"persona":{"id":"anna","given":"Anna","family":"Weber","email":"shopper+8nyqt9ugz8@shopper.example"},"params":{"text":"hello from Anna"},"random":17522636428998050047,"letter":{"from":"shopper+8nyqt9ugz8@shopper.example","to":"service@beta.example","message_id":"rier6mctnq8nyqt9s7p3@shopper.example","date":"2026-11-02T09:16:00Z","subject":"ask","text":"hello from Anna","variant":0}}', '');
INSERT INTO probe VALUES ('w1', 'alpha', 'ask', 2, 'letter', 'enquiry', 'correspondence', 'open', 1793613560000000, 1794045560000000, 'shopper+3b4zx2s2pi@shopper.example', 'tjfktg4kn83b4zx2udzr@shopper.example', '{"probe":{"wave":"w1","site":"alpha","scenario":"ask","repeat":2},"kind":"letter","task":"enquiry","due":"2026-11-02T09:59:20Z","window":432000000000000,"effects":["send-mail"],"persona":{"id":"anna","given":"Anna","family":"Weber","email":"shopper+3b4zx2s2pi@shopper.example"},"params":{"text":"hello from Anna"},"random":14444586491351534065,"letter":{"from":"shopper+3b4zx2s2pi@shopper.example","to":"service@alpha.example","message_id":"tjfktg4kn83b4zx2udzr@shopper.example","date":"2026-11-02T09:59:20Z","subject":"ask","text":"hello from Anna","variant":0}}', '');
INSERT INTO probe VALUES ('w1', 'beta', 'ask', 1, 'letter', 'enquiry', 'correspondence', 'open', 1793620299000000, 1794052299000000, 'shopper+v7brgdxhrt@shopper.example', 'wam993746pv7brgdz6xy@shopper.example', '{"probe":{"wave":"w1","site":"beta","scenario":"ask","repeat":1},"kind":"letter","task":"enquiry","due":"2026-11-02T11:51:39Z","window":432000000000000,"effects":["send-mail"],"persona":{"id":"anna","given":"Anna","family":"Weber","email":"shopper+v7brgdxhrt@shopper.example"},"params":{"text":"hello from Anna"},"random":11476002044758479620,"letter":{"from":"shopper+v7brgdxhrt@shopper.example","to":"service@beta.example","message_id":"wam993746pv7brgdz6xy@shopper.example","date":"2026-11-02T11:51:39Z","subject":"ask","text":"hello from Anna","variant":0}}', '');
INSERT INTO probe VALUES ('w1', 'alpha', 'ask', 1, 'letter', 'enquiry', 'correspondence', 'open', 1793621320000000, 1794053320000000, 'shopper+kytb729wyr@shopper.example', 'gbxvqgbw26kytb727rni@shopper.example', '{"probe":{"wave":"w1","site":"alpha","scenario":"ask","repeat":1},"kind":"letter","task":"enquiry","due":"2026-11-02T12:08:40Z","window":432000000000000,"effects":["send-mail"],"persona":{"id":"anna","given":"Anna","family":"Weber","email":"shopper+kytb729wyr@shopper.example"},"params":{"text":"hello from Anna"},"random":6170528403862834237,"letter":{"from":"shopper+kytb729wyr@shopper.example","to":"service@alpha.example","message_id":"gbxvqgbw26kytb727rni@shopper.example","date":"2026-11-02T12:08:40Z","subject":"ask","text":"hello from Anna","variant":0}}', '');
INSERT INTO effect VALUES ('w1', 'beta', 'ask', 2, 'letter', 'send-mail', 'service@beta.example', 'accepted', 'rier6mctnq8nyqt9s7p3@shopper.example', X'46726F6D3A203C73686F707065722B386E7971743975677A384073686F707065722E6578616D706C653E0D0A546F3A203C7365727669636540626574612E6578616D706C653E0D0A4D6573736167652D49443A203C72696572366D63746E71386E79717439733770334073686F707065722E6578616D706C653E0D0A5375626A6563743A2061736B0D0A0D0A68656C6C6F2066726F6D20416E6E610D0A', 1793610960000000, 1793610960000000, 1793610960000000, 250, 'ok', 'pid 25018', 1);
INSERT INTO effect VALUES ('w1', 'alpha', 'ask', 2, 'letter', 'send-mail', 'service@alpha.example', 'accepted', 'tjfktg4kn83b4zx2udzr@shopper.example', X'46726F6D3A203C73686F707065722B3362347A7832733270694073686F707065722E6578616D706C653E0D0A546F3A203C7365727669636540616C7068612E6578616D706C653E0D0A4D6573736167652D49443A203C746A666B7467346B6E383362347A783275647A724073686F707065722E6578616D706C653E0D0A5375626A6563743A2061736B0D0A0D0A68656C6C6F2066726F6D20416E6E610D0A', 1793613560000000, 1793613560000000, 1793613560000000, 250, 'ok', 'pid 25018', 1);
INSERT INTO effect VALUES ('w1', 'beta', 'ask', 1, 'letter', 'send-mail', 'service@beta.example', 'accepted', 'wam993746pv7brgdz6xy@shopper.example', X'46726F6D3A203C73686F707065722B763762726764786872744073686F707065722E6578616D706C653E0D0A546F3A203C7365727669636540626574612E6578616D706C653E0D0A4D6573736167652D49443A203C77616D393933373436707637627267647A3678794073686F707065722E6578616D706C653E0D0A5375626A6563743A2061736B0D0A0D0A68656C6C6F2066726F6D20416E6E610D0A', 1793620299000000, 1793620299000000, 1793620299000000, 250, 'ok', 'pid 25018', 1);
INSERT INTO effect VALUES ('w1', 'alpha', 'ask', 1, 'letter', 'send-mail', 'service@alpha.example', 'accepted', 'gbxvqgbw26kytb727rni@shopper.example', X'46726F6D3A203C73686F707065722B6B7974623732397779724073686F707065722E6578616D706C653E0D0A546F3A203C7365727669636540616C7068612E6578616D706C653E0D0A4D6573736167652D49443A203C676278767167627732366B797462373237726E694073686F707065722E6578616D706C653E0D0A5375626A6563743A2061736B0D0A0D0A68656C6C6F2066726F6D20416E6E610D0A', 1793621320000000, 1793621320000000, 1793621320000000, 250, 'ok', 'pid 25018', 1);
INSERT INTO attempt VALUES ('w1', 'beta', 'ask', 2, 'letter', 'service@beta.example', 1, 1793610960000000, 'accepted', 250, 'ok');
INSERT INTO attempt VALUES ('w1', 'alpha', 'ask', 2, 'letter', 'service@alpha.example', 1, 1793613560000000, 'accepted', 250, 'ok');
INSERT INTO attempt VALUES ('w1', 'beta', 'ask', 1, 'letter', 'service@beta.example', 1, 1793620299000000, 'accepted', 250, 'ok');
INSERT INTO attempt VALUES ('w1', 'alpha', 'ask', 1, 'letter', 'service@alpha.example', 1, 1793621320000000, 'accepted', 250, 'ok');
INSERT INTO mail VALUES ('f8b444029ebe562a1503c941ceb6a0d3beb9f421ce954b6544c721b7ee17174f', X'46726F6D3A203C6465736B40616C7068612E6578616D706C653E0D0A546F3A203C73686F707065722B3362347A7832733270694073686F707065722E6578616D706C653E0D0A5375626A6563743A2052650D0A0D0A616E20616E737765720D0A', 96);
INSERT INTO mail VALUES ('13e3fc6f526b7a9070f22bb5dcfdfcba313a68e60199640d87dc103c4f797e68', X'46726F6D3A203C6465736B40616C7068612E6578616D706C653E0D0A546F3A203C73686F707065722B6B7974623732397779724073686F707065722E6578616D706C653E0D0A5375626A6563743A2052650D0A0D0A616E20616E737765720D0A', 96);
INSERT INTO mailbox VALUES ('INBOX', 7, 2);
INSERT INTO arrival VALUES ('INBOX', 7, 1, 'f8b444029ebe562a1503c941ceb6a0d3beb9f421ce954b6544c721b7ee17174f', 1793617160000000, 1793617160000000, 'w1', 'alpha', 'ask', 2, 'address');
INSERT INTO arrival VALUES ('INBOX', 7, 2, '13e3fc6f526b7a9070f22bb5dcfdfcba313a68e60199640d87dc103c4f797e68', 1793624920000000, 1793624920000000, 'w1', 'alpha', 'ask', 1, 'address');
INSERT INTO observation VALUES ('w1', 'alpha', 'order', 1, 'fieldwork/1', 1, '{"probe":{"wave":"w1","site":"alpha","scenario":"order","repeat":1},"reading":"fieldwork/1","kind":"walk","task":"checkout","start":"2026-11-02T09:00:00Z","took":0,"outcome":"not-granted","reason":"scenarios/order.yaml:6:11: effect place-order is not granted by site \"alpha\": sites.yaml:7:5: place-order is allowed only where it is granted: add it to `grant`","facts":[],"missing":["pages"]}');
INSERT INTO observation VALUES ('w1', 'beta', 'order', 1, 'fieldwork/1', 1, '{"probe":{"wave":"w1","site":"beta","scenario":"order","repeat":1},"reading":"fieldwork/1","kind":"walk","task":"checkout","start":"2026-11-02T09:00:00Z","took":0,"outcome":"not-granted","reason":"scenarios/order.yaml:6:11: effect place-order is not granted by site \"beta\": sites.yaml:7:5: public-enquiry never allows place-order","facts":[],"missing":["pages"]}');
INSERT INTO observation VALUES ('w1', 'alpha', 'look', 1, 'walk/1', 1, '{"probe":{"wave":"w1","site":"alpha","scenario":"look","repeat":1},"reading":"walk/1","kind":"walk","task":"look","start":"2026-11-02T09:00:00Z","took":2694,"outcome":"completed","facts":[{"name":"pages","number":1,"unit":"count"}]}');
INSERT INTO observation VALUES ('w1', 'beta', 'look', 1, 'walk/1', 1, '{"probe":{"wave":"w1","site":"beta","scenario":"look","repeat":1},"reading":"walk/1","kind":"walk","task":"look","start":"2026-11-02T09:00:00Z","took":3064,"outcome":"completed","facts":[{"name":"pages","number":1,"unit":"count"}]}');
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
