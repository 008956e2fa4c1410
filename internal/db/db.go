// Package db keeps what a project knows in one SQLite file: waves, probes, the
// ledger of effects, mail, observations. One process owns the file and writes;
// any number of others read beside it.
//
// Queries are plain SQL in the subset that PostgreSQL shares: TEXT, BIGINT and
// binary columns, $N placeholders, times as microseconds since 1970 (UTC),
// JSON as TEXT, booleans as 0 or 1.
package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"

	"github.com/gofrs/flock"
	"modernc.org/sqlite"
)

// A DB is an open database. It is safe for concurrent use.
type DB struct {
	path  string
	write *pool // one connection; nil when opened for reading
	read  *pool
	lock  *flock.Flock

	commits atomic.Uint64
}

// readers is the size of the read pool.
const readers = 4

// The settings of every connection. synchronous=FULL costs a quarter of the
// speed; with less, a power cut could take back an effect's begun row, and the
// effect would be done a second time. Without recursive triggers, INSERT OR
// REPLACE would delete from the ledger unseen. What SQLite keeps for a statement
// that may have to be taken back is kept in memory: a transaction of many mails
// writes nearly as much of it as of mails. The cache is smallCache.
const (
	writing = "_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&_pragma=recursive_triggers(1)&_pragma=temp_store(2)&_pragma=wal_autocheckpoint(8000)&_pragma=cache_size(-16000)"
	reading = "mode=ro&_pragma=busy_timeout(10000)&_pragma=query_only(1)"
)

// A writer takes the lock when it begins: of two that both read first, one would
// be refused when it comes to write.
const (
	beginWriting = "BEGIN IMMEDIATE"
	beginReading = "BEGIN"
	beginNothing = "" // a statement that stands by itself
)

// The cache of the connection that writes, in KiB: as a rule, and for a
// transaction of many mails, which also touch most pages of two indexes.
const (
	smallCache = "PRAGMA cache_size = -16000"
	largeCache = "PRAGMA cache_size = -48000"
)

// Open takes the database at path for this process, makes it where there is
// none, and brings it up to date. The errors are ErrLocked, ErrNewer,
// ErrForeign, ErrNoAccess, ErrFull or the driver's; each says what to do.
func Open(ctx context.Context, path string) (*DB, error) { return open(ctx, path, migrations) }

func open(ctx context.Context, path string, steps []migration) (_ *DB, err error) {
	path, err = filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real // one file, one lock, whatever it is called
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return nil, isFolder(path)
	}
	d := &DB{path: path}
	defer func() {
		if err != nil {
			err = errors.Join(err, d.Close())
		}
	}()
	if d.lock, err = own(path); err != nil {
		return nil, err
	}
	// Raw mails are nobody else's business, so the file is ours alone from the
	// start. An existing one is not touched: closing a handle of our own would
	// let go of the locks that a reader in this process holds.
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err == nil {
		err = f.Close()
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, explain("create database", path, err)
	}
	if d.write, err = connect(path, writing, 1); err != nil {
		return nil, err
	}
	if err = d.migrate(ctx, steps); err != nil {
		return nil, err
	}
	if d.read, err = connect(path, reading, readers); err != nil {
		return nil, err
	}
	return d, nil
}

// OpenReader opens the database at path for reading, beside the process that
// owns it, if any. A missing file is ErrNoDatabase, one of a newer program
// ErrNewer, one that is still to be brought up to date ErrOlder.
func OpenReader(ctx context.Context, path string) (_ *DB, err error) {
	switch info, err := os.Stat(path); {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%w: %w; `touchstone run` makes the database", ErrNoDatabase, err)
	case err != nil:
		return nil, explain("open database", path, err)
	case info.IsDir():
		return nil, isFolder(path)
	}
	if path, err = filepath.Abs(path); err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	d := &DB{path: path}
	if d.read, err = connect(path, reading, readers); err != nil {
		return nil, err
	}
	if err := d.Read(ctx, func(ctx context.Context, tx Tx) error { return current(ctx, tx, path, migrations) }); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

func connect(path, settings string, size int) (*pool, error) {
	slashed := filepath.ToSlash(path)
	if !strings.HasPrefix(slashed, "/") {
		slashed = "/" + slashed // a drive letter
	}
	conns, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: slashed, RawQuery: tuned(settings)}).String())
	if err != nil {
		return nil, explain("open database", path, err)
	}
	return newPool(conns, size), nil
}

// Close lets go of the file, so that another process may own it.
func (d *DB) Close() error {
	var errs []error
	// the writer last: it folds the log into the file when nobody reads any more
	for _, p := range []*pool{d.read, d.write} {
		if p != nil {
			errs = append(errs, p.Close())
		}
	}
	if d.lock != nil {
		errs = append(errs, release(d.lock))
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("close database %s: %w", d.path, err)
	}
	return nil
}

// InTx runs fn in the one writing transaction. It commits when fn returns nil
// and rolls back when fn fails or panics, when one of its statements failed,
// and when ctx is done before the commit begins; a commit that has begun is
// not disturbed by ctx.
//
// fn must use the context and the Tx that it is given: another InTx inside it
// is an error, since it would wait for itself.
func (d *DB) InTx(ctx context.Context, fn func(ctx context.Context, tx Tx) error) error {
	if d.write == nil {
		return fmt.Errorf("%w: %s", ErrReader, d.path)
	}
	if ctx.Value(inside{}) == d {
		return errors.New("a transaction inside a transaction would wait for itself: pass its Tx on instead")
	}
	return d.run(context.WithValue(ctx, inside{}, d), d.write, beginWriting, fn)
}

// Commits counts what was committed through this DB. Where it is what it was
// before a Read, that reading still holds, but for what other processes wrote.
func (d *DB) Commits() uint64 { return d.commits.Load() }

// Read runs fn on one consistent state of the database, whatever is written
// meanwhile. It sees nothing of a transaction that is not committed.
func (d *DB) Read(ctx context.Context, fn func(ctx context.Context, tx Tx) error) error {
	return d.run(ctx, d.read, beginReading, fn)
}

// Ask is a Read for the process that owns the database and asks a small
// question after each commit: it has the writing connection answer, which knows
// what it has just written, where a reading one would begin with nothing in its
// cache. It waits for a transaction that is under way.
//
// fn asks by one statement, which is a state of the database by itself.
func (d *DB) Ask(ctx context.Context, fn func(ctx context.Context, tx Tx) error) error {
	if d.write == nil {
		return d.Read(ctx, fn)
	}
	return d.run(ctx, d.write, beginNothing, fn)
}

// InLargeTx is InTx for a transaction of many megabytes: what it changes is kept
// in memory until it is committed, since a page that had to be written before
// that may have to be written again. Small ones are the better for a small cache,
// which SQLite looks through now and then.
func (d *DB) InLargeTx(ctx context.Context, fn func(ctx context.Context, tx Tx) error) error {
	return d.InTx(ctx, func(ctx context.Context, tx Tx) error {
		if _, err := tx.Exec(ctx, largeCache); err != nil {
			return err
		}
		if err := fn(ctx, tx); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, smallCache)
		return err
	})
}

// inside is the context key by which a transaction knows itself.
type inside struct{}

func (d *DB) run(ctx context.Context, p *pool, begin string, fn func(context.Context, Tx) error) (err error) {
	s, err := p.take(ctx)
	if err != nil {
		return explain("open database", d.path, err)
	}
	// The end of ctx stops statements, but rolls nothing back by itself: what
	// becomes of the transaction is decided here alone.
	firm := context.WithoutCancel(ctx)
	open := false
	defer func() {
		// SQLite may have rolled back by itself, or may not be able to.
		doubtful := false
		if open {
			_, e := s.exec(firm, "ROLLBACK")
			doubtful = e != nil
		}
		p.give(s, doubtful)
	}()
	if begin != beginNothing {
		if _, err := s.exec(firm, begin); err != nil {
			return explain("begin a transaction in", d.path, err)
		}
		open = true
	}
	tx := &transaction{session: s}
	err = fn(ctx, tx)
	if err == nil {
		err = tx.failed // fn did not mind, but the transaction is lost
	}
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		if e := new(sqlite.Error); errors.As(err, &e) { // other errors are fn's own
			err = explain("use database", d.path, err)
		}
		return err
	}
	if !open {
		return nil
	}
	if begin == beginWriting {
		point("before commit")
	}
	if _, err := s.exec(firm, "COMMIT"); err != nil {
		return explain("commit to", d.path, err)
	}
	open = false
	if begin == beginWriting {
		d.commits.Add(1)
		point("after commit")
	}
	return nil
}
