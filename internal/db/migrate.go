package db

import (
	"context"
	"fmt"
	"strings"
)

const (
	createVersion = `CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL PRIMARY KEY)`
	insertVersion = `INSERT INTO schema_version (version) VALUES ($1)`
	selectVersion = `SELECT COALESCE(MAX(version), 0) FROM schema_version`
	countTables   = `SELECT COUNT(*), COUNT(CASE WHEN name = 'schema_version' THEN 1 END) FROM sqlite_master WHERE type = 'table'`
)

// migrate brings the database to the newest version, each step in a
// transaction of its own.
func (d *DB) migrate(ctx context.Context, steps []migration) error {
	for {
		left := 0
		err := d.InTx(ctx, func(ctx context.Context, tx Tx) error {
			have, err := version(ctx, tx, d.path)
			if err != nil {
				return err
			}
			if have > len(steps) {
				return newer(d.path, have, steps)
			}
			if left = len(steps) - have; left == 0 {
				return nil
			}
			return steps[have].apply(ctx, tx, have+1)
		})
		if err != nil {
			return fmt.Errorf("bring the database up to date: %w", err)
		}
		if left <= 1 {
			return nil
		}
	}
}

func (m migration) apply(ctx context.Context, tx Tx, to int) error {
	if _, err := tx.Exec(ctx, createVersion); err != nil {
		return err
	}
	for _, q := range []string{strings.ReplaceAll(m.portable, "%BLOB%", "BLOB"), m.sqlite} {
		if strings.TrimSpace(q) == "" {
			continue
		}
		if _, err := tx.Exec(ctx, q); err != nil {
			return fmt.Errorf("schema version %d: %w", to, err)
		}
	}
	if m.then != nil {
		if err := m.then(ctx, tx); err != nil {
			return fmt.Errorf("schema version %d: %w", to, err)
		}
	}
	_, err := tx.Exec(ctx, insertVersion, to)
	return err
}

// current checks that a reader finds the newest version.
func current(ctx context.Context, tx Tx, path string, steps []migration) error {
	have, err := version(ctx, tx, path)
	switch {
	case err != nil:
		return err
	case have == 0:
		return fmt.Errorf("%w: %s is empty; `touchstone run` fills it", ErrNoDatabase, path)
	case have > len(steps):
		return newer(path, have, steps)
	case have < len(steps):
		return fmt.Errorf("%w: %s has schema version %d of %d; `touchstone run` does it", ErrOlder, path, have, len(steps))
	}
	return nil
}

// version gives 0 for an empty file. A file with tables but without a version
// is another program's.
func version(ctx context.Context, tx Tx, path string) (int, error) {
	var tables, ours, have int
	if err := tx.QueryRow(ctx, countTables).Scan(&tables, &ours); err != nil {
		return 0, err
	}
	if ours == 0 && tables > 0 {
		return 0, fmt.Errorf("%w: %s; name another file as `database` in touchstone.yaml", ErrForeign, path)
	}
	if ours == 0 {
		return 0, nil
	}
	err := tx.QueryRow(ctx, selectVersion).Scan(&have)
	return have, err
}

func newer(path string, have int, steps []migration) error {
	return fmt.Errorf("%w: %s has schema version %d, this one knows up to %d; install a newer touchstone", ErrNewer, path, have, len(steps))
}

// Version gives the schema version of the database, and the one that this
// program knows.
func (d *DB) Version(ctx context.Context) (have, known int, err error) {
	err = d.Read(ctx, func(ctx context.Context, tx Tx) (err error) {
		have, err = version(ctx, tx, d.path)
		return err
	})
	return have, len(migrations), err
}
