package db

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// older says how a database of each version is filled, and what must be left
// of that in the newest one. A new version adds a line for the one before it.
var older = []struct{ fill, query, want string }{
	0: {`SELECT 1`, `SELECT COUNT(*) FROM wave`, "0"},
	1: {`INSERT INTO wave (id, state, seed, created_us, plan, version) VALUES ('w1', 'planned', 7, 1, '{}', 'v')`, `SELECT id || seed FROM wave`, "w17"},
	2: {`INSERT INTO pruned (sha256, wave, bytes, pruned_us, why) VALUES ('ab', 'w1', 3, 1, 'age')`, `SELECT sha256 || removed FROM pruned`, "ab0"},
	3: {`INSERT INTO wave (id, state, seed, created_us, plan, version) VALUES ('w1', 'done', 0, 1, '{}', 'v'); INSERT INTO brought (wave, scenario, kind, task, title, file, sha256, brought_us) VALUES ('w1', 'call', 'phone', 'call', 't', 'f.csv', 'x', 1)`, `SELECT kind || window_us FROM brought`, "phone0"},
	4: {`INSERT INTO adjudication (n, wave, site, scenario, repeat, body) VALUES (1, 'w1', 'a', 's', 1, '{}')`, `SELECT wave || body FROM adjudication`, "w1{}"},
	5: {`INSERT INTO arrival (mailbox, validity, uid, sha256, received_us, seen_us, junk, live) VALUES ('Junk', 1, 2, 'x', 3, 4, 1, 0)`, `SELECT mailbox || junk || live FROM arrival`, "Junk10"},
	6: {`INSERT INTO wave (id, state, seed, created_us, plan, version, hash) VALUES ('w1', 'planned', 7, 1, '{}', 'v', 'h')`, `SELECT id || hash FROM wave`, "w1h"},
	7: {`INSERT INTO wave (id, state, seed, created_us, plan, version) VALUES ('w1', 'running', 7, 1, '{}', 'v'); INSERT INTO probe (wave, site, scenario, repeat, kind, task, life, state, due_us, task_json, next_us) VALUES ('w1', 'a', 's', 1, 'mail', 'enquiry', 'correspondence', 'open', 1, '{}', 9)`, `SELECT site || next_us FROM probe`, "a9"},
	8: {`INSERT INTO draft (wave, site, scenario, repeat, kind, task, life, due_us, address, message_id, task_json, detail, window_us) VALUES ('w1', 'a', 's', 1, 'k', 't', 'visit', 5, '', '', '{}', '', 0)`, `SELECT site || due_us FROM draft`, "a5"},
	9: {`INSERT INTO bundle (id, packed, length) VALUES (1, x'0178', 1); INSERT INTO arrival (mailbox, validity, uid, sha256, received_us, seen_us, bundle, start, bytes) VALUES ('INBOX', 1, 2, 'x', 3, 4, 1, 0, 1)`, `SELECT a.sha256 || b.length FROM arrival a JOIN bundle b ON b.id = a.bundle`, "x1"},
}

func TestMigrate(t *testing.T) {
	if len(older) != len(migrations)+1 {
		t.Fatalf("%d versions are tried, there are %d", len(older), len(migrations)+1)
	}
	for have, c := range older {
		path := filepath.Join(t.TempDir(), "touchstone.db")
		d, err := open(t.Context(), path, migrations[:have])
		if err != nil {
			t.Fatalf("version %d: %v", have, err)
		}
		script(t, d.write, c.fill)
		closed(t, d)

		d = reopen(t, path)
		var got string
		var at int
		err = d.Read(t.Context(), func(ctx context.Context, tx Tx) error {
			return errors.Join(tx.QueryRow(ctx, c.query).Scan(&got), tx.QueryRow(ctx, selectVersion).Scan(&at))
		})
		if err != nil || got != c.want || at != len(migrations) {
			t.Errorf("from version %d: %q at version %d, %v; want %q at %d", have, got, at, err, c.want, len(migrations))
		}
		closed(t, d)

		r, err := OpenReader(t.Context(), path)
		if err != nil {
			t.Fatalf("from version %d, a reader: %v", have, err)
		}
		closed(t, r)
	}
}

func TestMigrateRefusesNewer(t *testing.T) {
	path := filepath.Join(t.TempDir(), "touchstone.db")
	d, err := open(t.Context(), path, append(slices.Clone(migrations), migration{portable: `CREATE TABLE future (x %BLOB%);`}))
	if err != nil {
		t.Fatal(err)
	}
	closed(t, d)
	for name, open := range map[string]func(context.Context, string) (*DB, error){"owner": Open, "reader": OpenReader} {
		_, err := open(t.Context(), path)
		if !errors.Is(err, ErrNewer) || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "install a newer touchstone") {
			t.Errorf("%s: error %v, want ErrNewer, the path and the mend", name, err)
		}
	}
}

func TestReaderRefusesOlder(t *testing.T) {
	d := project(t)
	err := d.Read(t.Context(), func(ctx context.Context, tx Tx) error {
		return current(ctx, tx, d.path, append(slices.Clone(migrations), migration{}))
	})
	if !errors.Is(err, ErrOlder) || !strings.Contains(err.Error(), "touchstone run") {
		t.Errorf("error %v, want ErrOlder and the mend", err)
	}
}

func TestFailedMigrationChangesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "touchstone.db")
	closed(t, reopen(t, path))
	broken := append(slices.Clone(migrations), migration{portable: `CREATE TABLE half (x TEXT); INSERT INTO nowhere VALUES (1);`})
	if _, err := open(t.Context(), path, broken); err == nil || !strings.Contains(err.Error(), "nowhere") {
		t.Fatalf("error %v", err)
	}
	d := reopen(t, path)
	var n int
	err := d.Read(t.Context(), func(ctx context.Context, tx Tx) error {
		return tx.QueryRow(ctx, `SELECT COUNT(*) FROM sqlite_master WHERE name = 'half'`).Scan(&n)
	})
	if err != nil || n != 0 {
		t.Errorf("half of a migration is left: %d, %v", n, err)
	}
}

// The ledger of effects defends itself against any statement.
func TestLedgerDefendsItself(t *testing.T) {
	fill := []string{
		`INSERT INTO wave (id, state, seed, created_us, plan, version) VALUES ('w', 'running', 1, 1, '{}', 'v')`,
		`INSERT INTO probe (wave, site, scenario, repeat, kind, task, life, state, due_us, address, message_id, task_json) VALUES
			('w', 'a', 's', 1, 'mail', 'enquiry', 'correspondence', 'planned', 1, 'x+1@example.net', '1@example.net', '{}'),
			('w', 'a', 's', 2, 'web', 'checkout', 'visit', 'planned', 1, '', '', '{}'),
			('w', 'a', 's', 3, 'web', 'checkout', 'visit', 'planned', 1, '', '', '{}')`,
		`INSERT INTO effect (wave, site, scenario, repeat, step, effect, recipient, state, message_id, raw, planned_us) VALUES
			('w', 'a', 's', 1, 'letter', 'send-mail', 'info@example.org', 'planned', '1@example.net', x'00', 1)`,
	}
	const to = `UPDATE effect SET state = `
	for _, c := range []struct {
		name   string
		before []string
		q      string
		want   string // of the error, "" for none
	}{
		{"begin", nil, to + `'begun'`, ""},
		{"a letter may be changed while it is planned", nil, `UPDATE effect SET raw = x'01', message_id = '2@example.net'`, ""},
		{"skip begun", nil, to + `'accepted'`, "never does an effect again"},
		{"an unknown state", nil, to + `'sent'`, "never does an effect again"},
		{"deferred", []string{to + `'begun'`}, to + `'planned'`, ""},
		{"settle", []string{to + `'begun'`}, to + `'uncertain'`, ""},
		{"change the text", []string{to + `'begun'`}, `UPDATE effect SET raw = x'01'`, "keeps its text"},
		{"lose the text", []string{to + `'begun'`}, `UPDATE effect SET raw = NULL`, "keeps its text"},
		{"change the recipient", nil, `UPDATE effect SET recipient = 'other@example.org'`, "keeps its text"},
		{"again after accepted", []string{to + `'begun'`, to + `'accepted'`}, to + `'planned'`, "never does an effect again"},
		{"again after uncertain", []string{to + `'begun'`, to + `'uncertain'`}, to + `'begun'`, "never does an effect again"},
		{"resolve uncertain", []string{to + `'begun'`, to + `'uncertain'`}, to + `'accepted'`, ""},
		{"delete", nil, `DELETE FROM effect`, "never deleted"},
		{"replace", nil, `REPLACE INTO effect (wave, site, scenario, repeat, step, effect, recipient, state, planned_us) VALUES ('w', 'a', 's', 1, 'letter', 'send-mail', 'info@example.org', 'planned', 2)`, "never deleted"},
		{"twice", nil, `INSERT INTO effect (wave, site, scenario, repeat, step, effect, recipient, state, planned_us) VALUES ('w', 'a', 's', 1, 'letter', 'send-mail', 'info@example.org', 'planned', 2)`, "UNIQUE"},
		{"of no probe", nil, `INSERT INTO effect (wave, site, scenario, repeat, step, effect, recipient, state, planned_us) VALUES ('w', 'b', 's', 1, 'letter', 'send-mail', 'x', 'planned', 2)`, "FOREIGN KEY"},
		{"delete its probe", nil, `DELETE FROM probe WHERE repeat = 1`, "FOREIGN KEY"},
		{"delete its wave", nil, `DELETE FROM wave`, "FOREIGN KEY"},
		{"an address twice", nil, `UPDATE probe SET address = 'x+1@example.net' WHERE repeat = 2`, "UNIQUE"},
		{"a Message-ID twice", nil, `UPDATE probe SET message_id = '1@example.net' WHERE repeat = 2`, "UNIQUE"},
		{"an unknown life", nil, `UPDATE probe SET life = 'eternal'`, "CHECK"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := project(t)
			err := d.InTx(t.Context(), func(ctx context.Context, tx Tx) error {
				for _, q := range append(slices.Clone(fill), c.before...) {
					if _, err := tx.Exec(ctx, q); err != nil {
						t.Fatalf("%s: %v", q, err)
					}
				}
				_, err := tx.Exec(ctx, c.q)
				return err
			})
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}
