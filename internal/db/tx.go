package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// A Tx is a transaction, and all that the program sees of a database.
//
// After a statement has failed, every later one fails too and the transaction
// is rolled back, as PostgreSQL would have it: SQLite may have ended it
// already, and a statement that came after would stand by itself. Where a
// conflict is expected, say ON CONFLICT.
type Tx interface {
	// Exec gives the number of rows that were changed.
	Exec(ctx context.Context, q string, args ...any) (int64, error)
	// QueryRow gives ErrNoRows, at Scan, when nothing is found.
	QueryRow(ctx context.Context, q string, args ...any) Row
	Query(ctx context.Context, q string, args ...any) (Rows, error)
}

// A Row is the first row of a query.
type Row interface{ Scan(into ...any) error }

// Rows are the rows of a query. Err is to be asked when Next has given false.
type Rows interface {
	Next() bool
	Scan(into ...any) error
	Err() error
	Close() error
}

// ErrNoRows says that a query for one row found none.
var ErrNoRows = sql.ErrNoRows

// transaction is a Tx on database/sql.
type transaction struct {
	tx     *sql.Tx
	pool   *pool
	failed error // the first failure
}

func (t *transaction) Exec(ctx context.Context, q string, args ...any) (int64, error) {
	if err := t.usable(); err != nil {
		return 0, err
	}
	var res sql.Result
	var err error
	if s := t.pool.prepared(q); s != nil {
		res, err = t.tx.StmtContext(ctx, s).ExecContext(ctx, args...) //nolint:sqlclosecheck // it ends with the transaction
	} else {
		res, err = t.tx.ExecContext(ctx, q, args...)
	}
	if err != nil {
		return 0, t.fail(err)
	}
	n, err := res.RowsAffected()
	return n, t.fail(err)
}

func (t *transaction) QueryRow(ctx context.Context, q string, args ...any) Row {
	if err := t.usable(); err != nil {
		return row{nil, func(error) error { return err }}
	}
	if s := t.pool.prepared(q); s != nil {
		return row{t.tx.StmtContext(ctx, s).QueryRowContext(ctx, args...), t.fail} //nolint:sqlclosecheck // it ends with the transaction
	}
	return row{t.tx.QueryRowContext(ctx, q, args...), t.fail}
}

func (t *transaction) Query(ctx context.Context, q string, args ...any) (Rows, error) {
	if err := t.usable(); err != nil {
		return nil, err
	}
	var r *sql.Rows
	var err error
	if s := t.pool.prepared(q); s != nil {
		r, err = t.tx.StmtContext(ctx, s).QueryContext(ctx, args...) //nolint:rowserrcheck,sqlclosecheck // the caller's to ask; it ends with the transaction
	} else {
		r, err = t.tx.QueryContext(ctx, q, args...) //nolint:rowserrcheck // likewise
	}
	if err != nil {
		return nil, t.fail(err)
	}
	return rows{r, t.fail}, nil
}

func (t *transaction) usable() error {
	if t.failed != nil {
		return fmt.Errorf("the transaction has already failed: %w", t.failed)
	}
	return nil
}

// fail remembers the first failure and gives err back.
func (t *transaction) fail(err error) error {
	if err != nil && t.failed == nil && !errors.Is(err, ErrNoRows) {
		t.failed = err
	}
	return err
}

type row struct {
	*sql.Row
	fail func(error) error
}

func (r row) Scan(into ...any) error {
	if r.Row == nil {
		return r.fail(nil)
	}
	return r.fail(r.Row.Scan(into...))
}

type rows struct {
	*sql.Rows
	fail func(error) error
}

func (r rows) Scan(into ...any) error { return r.fail(r.Rows.Scan(into...)) }
func (r rows) Err() error             { return r.fail(r.Rows.Err()) }

// List gives n places for the values of an IN: "$3, $4, $5" from 3 on.
func List(from, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(from + i))
	}
	return b.String()
}

// Places gives places for rows of values after VALUES: "($1, $2), ($3, $4)".
func Places(rows, columns int) string {
	var b strings.Builder
	for i := range rows {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("(" + List(1+i*columns, columns) + ")")
	}
	return b.String()
}
