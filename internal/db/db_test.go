package db

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"touchstone/internal/evidence"
)

// project opens a database in a folder of its own.
func project(t *testing.T) *DB {
	t.Helper()
	return reopen(t, filepath.Join(t.TempDir(), "touchstone.db"))
}

func reopen(t *testing.T, path string) *DB {
	t.Helper()
	d, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closed(t, d) })
	return d
}

func closed(t *testing.T, d *DB) {
	t.Helper()
	if err := d.Close(); err != nil {
		t.Error(err)
	}
}

func set(ctx context.Context, tx Tx, key, value string) error {
	_, err := tx.Exec(ctx, `INSERT INTO setting (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value`, key, value)
	return err
}

func get(ctx context.Context, tx Tx, key string) (string, error) {
	var v string
	err := tx.QueryRow(ctx, `SELECT value FROM setting WHERE key = $1`, key).Scan(&v)
	return v, err
}

func mustSet(t *testing.T, d *DB, key, value string) {
	t.Helper()
	if err := d.InTx(t.Context(), func(ctx context.Context, tx Tx) error { return set(ctx, tx, key, value) }); err != nil {
		t.Error(err)
	}
}

// value gives what is committed under a key, "" for nothing.
func value(t *testing.T, d *DB, key string) string {
	t.Helper()
	var v string
	err := d.Read(t.Context(), func(ctx context.Context, tx Tx) (err error) {
		v, err = get(ctx, tx, key)
		return err
	})
	if err != nil && !errors.Is(err, ErrNoRows) {
		t.Fatal(err)
	}
	return v
}

// script runs statements on a connection, outside of any transaction.
func script(t *testing.T, p *pool, q string) {
	t.Helper()
	s, err := p.take(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer p.give(s, false)
	if _, err := s.conn.ExecContext(t.Context(), q); err != nil {
		t.Fatal(err)
	}
}

// alone gives the one value of a query on the writing connection.
func alone(t *testing.T, d *DB, q string) (v string) {
	t.Helper()
	s, err := d.write.take(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer d.write.give(s, false)
	if err := s.conn.QueryRowContext(t.Context(), q).Scan(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestSettings(t *testing.T) {
	d := project(t)
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "10000"} {
		if got := alone(t, d, "PRAGMA "+pragma); got != want {
			t.Errorf("%s = %s, want %s", pragma, got, want)
		}
	}
	info, err := os.Stat(d.path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("the database's mode is %v: others may read the mails", info.Mode())
	}
}

func TestPathWithOddCharacters(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "100% näher? #1 & more")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "a b.db")
	d := reopen(t, path)
	mustSet(t, d, "k", "v")
	if _, err := os.Stat(path); err != nil {
		t.Error(err)
	}
	r, err := OpenReader(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, r)
	if got := value(t, r, "k"); got != "v" {
		t.Errorf("the reader finds %q", got)
	}
}

func TestPlaceholdersBindByNumber(t *testing.T) {
	d := project(t)
	var got string
	err := d.Read(t.Context(), func(ctx context.Context, tx Tx) error {
		return tx.QueryRow(ctx, `SELECT $3 || $1 || $2 || $1`, "a", "b", "c").Scan(&got)
	})
	if err != nil || got != "caba" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestInTx(t *testing.T) {
	boom := errors.New("boom")
	for _, c := range []struct {
		name string
		fn   func(ctx context.Context, tx Tx) error
		want string // of the error; "" for a commit
	}{
		{"commits", func(ctx context.Context, tx Tx) error { return set(ctx, tx, "k", "v") }, ""},
		{"nothing found is no failure", func(ctx context.Context, tx Tx) error {
			if _, err := get(ctx, tx, "none"); !errors.Is(err, ErrNoRows) {
				return fmt.Errorf("got %w", err)
			}
			return set(ctx, tx, "k", "v")
		}, ""},
		{"an error rolls back", func(ctx context.Context, tx Tx) error { return errors.Join(set(ctx, tx, "k", "v"), boom) }, "boom"},
		{"a failed statement rolls back though fn does not mind", func(ctx context.Context, tx Tx) error {
			if err := set(ctx, tx, "k", "v"); err != nil {
				return err
			}
			_, _ = tx.Exec(ctx, `INSERT INTO setting (key) VALUES ('k')`)
			return nil
		}, "constraint failed"},
		{"nothing follows a failed statement", func(ctx context.Context, tx Tx) error {
			_, _ = tx.Exec(ctx, `nonsense`)
			if _, err := get(ctx, tx, "k"); err == nil || errors.Is(err, ErrNoRows) {
				return fmt.Errorf("a row: %w", err)
			}
			if _, err := tx.Query(ctx, `SELECT 1`); err == nil {
				return errors.New("rows: no error")
			}
			return set(ctx, tx, "k", "v")
		}, "already failed"},
		{"a failed scan rolls back", func(ctx context.Context, tx Tx) error {
			if err := set(ctx, tx, "k", "v"); err != nil {
				return err
			}
			var n int
			_ = tx.QueryRow(ctx, `SELECT value FROM setting`).Scan(&n)
			return nil
		}, "converting"},
		{"its own kind inside", func(ctx context.Context, tx Tx) error { return nested(ctx) }, "inside a transaction"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := project(t)
			ctx := context.WithValue(t.Context(), testDB{}, d)
			err := d.InTx(ctx, c.fn)
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("error %v, want %q", err, c.want)
			}
			if got := value(t, d, "k"); (got == "v") != (c.want == "") {
				t.Errorf("afterwards the value is %q", got)
			}
			mustSet(t, d, "later", "works")
		})
	}
}

type testDB struct{}

func nested(ctx context.Context) error {
	return ctx.Value(testDB{}).(*DB).InTx(ctx, func(context.Context, Tx) error { return nil })
}

func TestInTxPanics(t *testing.T) {
	d := project(t)
	func() {
		defer func() {
			if got := recover(); got != "boom" {
				t.Errorf("recovered %v, want the panic itself", got)
			}
		}()
		_ = d.InTx(t.Context(), func(ctx context.Context, tx Tx) error {
			if err := set(ctx, tx, "k", "v"); err != nil {
				return err
			}
			panic("boom")
		})
	}()
	if got := value(t, d, "k"); got != "" {
		t.Errorf("what a panic left is committed: %q", got)
	}
	mustSet(t, d, "k", "later")
}

func TestInTxCancelled(t *testing.T) {
	d := project(t)
	for name, fn := range map[string]func(ctx context.Context, tx Tx, cancel func()) error{
		"before the commit": func(ctx context.Context, tx Tx, cancel func()) error {
			defer cancel()
			return set(ctx, tx, "k", "v")
		},
		"in a statement": func(ctx context.Context, tx Tx, cancel func()) error {
			if err := set(ctx, tx, "k", "v"); err != nil {
				return err
			}
			rows, err := tx.Query(ctx, `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n`)
			if err != nil {
				return err
			}
			defer rows.Close()
			for i := 0; rows.Next(); i++ {
				if i == 10 {
					cancel()
				}
			}
			return rows.Err()
		},
		"and a later statement that minds no context": func(ctx context.Context, tx Tx, cancel func()) error {
			cancel()
			_ = set(ctx, tx, "k", "v")
			return set(context.WithoutCancel(ctx), tx, "k", "v")
		},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			err := d.InTx(ctx, func(ctx context.Context, tx Tx) error { return fn(ctx, tx, cancel) })
			if !errors.Is(err, context.Canceled) {
				t.Errorf("error %v, want context.Canceled", err)
			}
			if got := value(t, d, "k"); got != "" {
				t.Errorf("committed: %q", got)
			}
			mustSet(t, d, "later", "works")
		})
	}
}

func TestReadIsOneState(t *testing.T) {
	d := project(t)
	mustSet(t, d, "k", "before")
	err := d.Read(t.Context(), func(ctx context.Context, tx Tx) error {
		for i := range 3 {
			got, err := get(ctx, tx, "k")
			if err != nil {
				return err
			}
			if got != "before" {
				t.Errorf("look %d: %q", i, got)
			}
			mustSet(t, d, "k", fmt.Sprintf("after %d", i))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := value(t, d, "k"); got != "after 2" {
		t.Errorf("the next reader sees %q", got)
	}
}

func TestReadersDoNotWrite(t *testing.T) {
	owner := project(t)
	mustSet(t, owner, "k", "v")
	r, err := OpenReader(t.Context(), owner.path)
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, r)
	for name, d := range map[string]*DB{"the owner's read pool": owner, "a reader": r} {
		if err := d.Read(t.Context(), func(ctx context.Context, tx Tx) error { return set(ctx, tx, "k", "x") }); err == nil {
			t.Errorf("%s writes", name)
		}
	}
	if err := r.InTx(t.Context(), func(context.Context, Tx) error { return nil }); !errors.Is(err, ErrReader) {
		t.Errorf("error %v, want ErrReader", err)
	}
	if err := r.Evidence(t.TempDir()).Append(t.Context(), evidence.Observation{}); !errors.Is(err, ErrReader) {
		t.Errorf("append: error %v, want ErrReader", err)
	}
	if got := value(t, r, "k"); got != "v" {
		t.Errorf("the value is %q", got)
	}
	mustSet(t, owner, "k", "new")
	if got := value(t, r, "k"); got != "new" {
		t.Errorf("a reader beside the owner sees %q", got)
	}
}

func TestWritersTakeTurns(t *testing.T) {
	d := project(t)
	mustSet(t, d, "n", "0")
	const writers, each = 8, 10
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() { count(t, d, each) })
	}
	wg.Wait()
	if got := value(t, d, "n"); got != fmt.Sprint(writers*each) {
		t.Errorf("counted %s of %d", got, writers*each)
	}
}

// The kill switch is written beside the owner, between its transactions.
func TestBeside(t *testing.T) {
	owner := project(t)
	beside, err := OpenBeside(t.Context(), owner.path)
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, beside)
	mustSet(t, owner, "n", "0")
	var wg sync.WaitGroup
	for _, d := range []*DB{owner, beside} {
		wg.Go(func() { count(t, d, 20) })
	}
	wg.Wait()
	if got := value(t, owner, "n"); got != "40" {
		t.Errorf("counted %s of 40", got)
	}
}

// count reads a number and writes the next one, each time in one transaction.
func count(t *testing.T, d *DB, times int) {
	for range times {
		err := d.InTx(t.Context(), func(ctx context.Context, tx Tx) error {
			var n int
			if err := tx.QueryRow(ctx, `SELECT CAST(value AS BIGINT) FROM setting WHERE key = 'n'`).Scan(&n); err != nil {
				return err
			}
			return set(ctx, tx, "n", fmt.Sprint(n+1))
		})
		if err != nil {
			t.Error(err)
		}
	}
}

func TestOneOwner(t *testing.T) {
	d := project(t)
	link := filepath.Join(t.TempDir(), "other-name.db")
	if err := os.Symlink(d.path, link); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{d.path, link} {
		_, err := Open(t.Context(), path)
		if !errors.Is(err, ErrLocked) {
			t.Fatalf("error %v, want ErrLocked", err)
		}
		for _, part := range []string{d.path, fmt.Sprintf("process %d", os.Getpid()), "touchstone stop"} {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("the message %q does not say %q", err, part)
			}
		}
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	closed(t, reopen(t, d.path))
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "sites.yaml")
	if err := os.WriteFile(text, []byte(strings.Repeat("sites: []\n", 200)), 0o600); err != nil {
		t.Fatal(err)
	}
	empty := filepath.Join(dir, "empty.db")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	foreign := filepath.Join(dir, "foreign.db")
	pool, err := connect(foreign, writing, 1)
	if err != nil {
		t.Fatal(err)
	}
	script(t, pool, `CREATE TABLE bookmarks (url TEXT)`)
	if err := pool.Close(); err != nil {
		t.Fatal(err)
	}
	missing := filepath.Join(dir, "missing.db")
	for _, c := range []struct {
		name string
		open func(context.Context, string) (*DB, error)
		path string
		want error
		say  string
	}{
		{"no folder", Open, filepath.Join(dir, "nowhere", "x.db"), ErrNoAccess, "make its folder first"},
		{"below a file", Open, filepath.Join(text, "x.db"), ErrNoAccess, "give yourself the rights"},
		{"a folder", Open, dir, ErrForeign, "is a folder"},
		{"text", Open, text, ErrForeign, "name another file"},
		{"another program's", Open, foreign, ErrForeign, "name another file"},
		{"reader: missing", OpenReader, missing, ErrNoDatabase, "touchstone run"},
		{"reader: a folder", OpenReader, dir, ErrForeign, "is a folder"},
		{"beside: missing", OpenBeside, missing, fs.ErrNotExist, "touchstone run"},
		{"reader: empty", OpenReader, empty, ErrNoDatabase, "touchstone run"},
		{"reader: text", OpenReader, text, ErrForeign, "name another file"},
		{"reader: another program's", OpenReader, foreign, ErrForeign, "name another file"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, err := c.open(t.Context(), c.path)
			if err == nil {
				closed(t, d)
			}
			if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.say) || !strings.Contains(err.Error(), c.path) {
				t.Errorf("error %v\nwant %v, and in words %q and the path", err, c.want, c.say)
			}
		})
	}
	if _, err := os.Stat(missing); err == nil {
		t.Error("a reader made the file that it missed")
	}
}

func TestFullDatabase(t *testing.T) {
	d := project(t)
	mustSet(t, d, "k", "v")
	pages, err := strconv.Atoi(alone(t, d, `PRAGMA page_count`))
	if err != nil {
		t.Fatal(err)
	}
	limit := func(n int) { alone(t, d, fmt.Sprintf(`PRAGMA max_page_count = %d`, n)) }
	big := func(n byte) error {
		return d.InTx(t.Context(), func(ctx context.Context, tx Tx) error {
			if err := set(ctx, tx, "k", "half done"); err != nil {
				return err
			}
			_, err := PutMail(ctx, tx, append(make([]byte, 200_000), n))
			return err
		})
	}
	for n := range byte(3) {
		limit(pages + 5)
		err := big(n)
		if !errors.Is(err, ErrFull) || !strings.Contains(err.Error(), "free some space") || !strings.Contains(err.Error(), d.path) {
			t.Errorf("error %v, want ErrFull, the path and the mend", err)
		}
		if got := value(t, d, "k"); got != "v" {
			t.Errorf("the value is %q: half a transaction stays", got)
		}
	}
	limit(pages + 1000)
	if err := big(9); err != nil {
		t.Errorf("with space again: %v", err)
	}
	if got := value(t, d, "k"); got != "half done" {
		t.Errorf("with space again the value is %q", got)
	}
}

func TestUnwritableFolder(t *testing.T) {
	d := project(t)
	dir := filepath.Join(t.TempDir(), "evidence")
	e := d.Evidence(dir)
	ref, err := e.Put(t.Context(), strings.NewReader("stored before"))
	if err != nil {
		t.Fatal(err)
	}
	// a file stands where the folder of the next one should be
	next := evidence.RefOf([]byte("stored after"))
	if err := os.WriteFile(filepath.Join(dir, string(next[:2])), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ dir, path string }{
		"a shard":    {dir, dir},
		"the folder": {filepath.Join(d.path, "evidence"), d.path},
	} {
		_, err := d.Evidence(c.dir).Put(t.Context(), strings.NewReader("stored after"))
		if !errors.Is(err, ErrNoAccess) || !strings.Contains(err.Error(), c.path) || !strings.Contains(err.Error(), "name another place") {
			t.Errorf("%s: error %v, want ErrNoAccess, the path and the mend", name, err)
		}
	}
	if rc, err := e.Open(t.Context(), ref); err != nil {
		t.Errorf("what was stored before: %v", err)
	} else {
		_ = rc.Close()
	}
	if left, err := filepath.Glob(filepath.Join(dir, ".put-*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestDiagnose(t *testing.T) {
	for _, c := range []struct {
		err  error
		want error
	}{
		{&os.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}, ErrFull},
		{&os.PathError{Op: "write", Path: "x", Err: syscall.EDQUOT}, ErrFull},
		{&os.PathError{Op: "open", Path: "x", Err: syscall.EACCES}, ErrNoAccess},
		{&os.PathError{Op: "open", Path: "x", Err: syscall.EROFS}, ErrNoAccess},
	} {
		if got := explain("store", "/p", c.err); !errors.Is(got, c.want) || !errors.Is(got, c.err) || !strings.HasPrefix(got.Error(), "/p: ") {
			t.Errorf("%v is explained as %v", c.err, got)
		}
	}
}

func TestOwnerIsShownWhileItLives(t *testing.T) {
	path := filepath.Join(t.TempDir(), "w.db")
	if n := Owner(path); n != 0 {
		t.Errorf("process %d owns a database that is not there", n)
	}
	d, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if n := Owner(path); n != os.Getpid() {
		t.Errorf("process %d owns it, not this one, %d", n, os.Getpid())
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if n := Owner(path); n != 0 {
		t.Errorf("process %d still owns what was closed", n)
	}
	// what a process leaves that was killed: no such process can be
	if err := os.WriteFile(path+".lock", []byte("2147483646\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if n := Owner(path); n != 0 {
		t.Errorf("process %d owns it, and does not exist", n)
	}
}
