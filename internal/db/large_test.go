package db

import (
	"context"
	"errors"
	"testing"
)

// A large transaction has a large cache, and leaves the usual one behind; what
// is asked in between stands by itself.
func TestInLargeTx(t *testing.T) {
	d := project(t)
	size := func(ctx context.Context, tx Tx) (n int) {
		if err := tx.QueryRow(ctx, `PRAGMA cache_size`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	ask := func() (n int) {
		if err := d.Ask(t.Context(), func(ctx context.Context, tx Tx) error { n = size(ctx, tx); return nil }); err != nil {
			t.Fatal(err)
		}
		return n
	}
	usual := ask()
	err := d.InLargeTx(t.Context(), func(ctx context.Context, tx Tx) error {
		if n := size(ctx, tx); n >= usual { // both are below zero: KiB
			t.Errorf("the cache is %d, and %d as a rule", n, usual)
		}
		_, err := tx.Exec(ctx, `INSERT INTO setting (key, value) VALUES ('k', 'v')`)
		return err
	})
	if err != nil || ask() != usual {
		t.Errorf("the cache is %d afterwards, not %d: %v", ask(), usual, err)
	}
	var v string
	if err := d.Ask(t.Context(), func(ctx context.Context, tx Tx) error {
		return tx.QueryRow(ctx, `SELECT value FROM setting WHERE key = 'k'`).Scan(&v)
	}); err != nil || v != "v" {
		t.Errorf("%q, %v", v, err)
	}
	wrong := errors.New("wrong")
	if err := d.InLargeTx(t.Context(), func(ctx context.Context, tx Tx) error {
		_, _ = tx.Exec(ctx, `DELETE FROM setting`)
		return wrong
	}); !errors.Is(err, wrong) {
		t.Errorf("%v", err)
	}
	if err := d.Ask(t.Context(), func(ctx context.Context, tx Tx) error {
		return tx.QueryRow(ctx, `SELECT value FROM setting WHERE key = 'k'`).Scan(&v)
	}); err != nil {
		t.Errorf("what was rolled back is gone: %v", err)
	}
}
