package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
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

// transaction is a Tx on a connection.
//
// When ctx ends, the statement at work goes on to its next row, but no further
// row comes and no other statement begins.
type transaction struct {
	session *session
	failed  error // the first failure
}

func (t *transaction) Exec(ctx context.Context, q string, args ...any) (int64, error) {
	if err := t.usable(ctx); err != nil {
		return 0, err
	}
	res, err := t.session.exec(ctx, q, args...)
	if err != nil {
		return 0, t.fail(err)
	}
	n, err := res.RowsAffected()
	return n, t.fail(err)
}

func (t *transaction) QueryRow(ctx context.Context, q string, args ...any) Row {
	r, err := t.Query(ctx, q, args...)
	return row{r, err}
}

func (t *transaction) Query(ctx context.Context, q string, args ...any) (Rows, error) {
	if err := t.usable(ctx); err != nil {
		return nil, err
	}
	r, err := t.session.query(ctx, q, args...) //nolint:rowserrcheck,sqlclosecheck // the caller's to ask, and to close
	if err != nil {
		return nil, t.fail(err)
	}
	return &rows{Rows: r, ctx: ctx, tx: t}, nil
}

func (t *transaction) usable(ctx context.Context) error {
	if t.failed != nil {
		return fmt.Errorf("the transaction has already failed: %w", t.failed)
	}
	return t.fail(ctx.Err())
}

// fail remembers the first failure and gives err back.
func (t *transaction) fail(err error) error {
	if err != nil && t.failed == nil && !errors.Is(err, ErrNoRows) {
		t.failed = err
	}
	return err
}

// A row is the first of some rows, or the error that took their place.
type row struct {
	rows Rows
	err  error
}

func (r row) Scan(into ...any) error {
	if r.err != nil {
		return r.err
	}
	defer r.rows.Close()
	if !r.rows.Next() {
		if err := r.rows.Err(); err != nil {
			return err
		}
		return ErrNoRows
	}
	if err := r.rows.Scan(into...); err != nil {
		return err
	}
	return r.rows.Close()
}

type rows struct {
	*sql.Rows
	ctx context.Context
	tx  *transaction
}

func (r *rows) Next() bool {
	if r.tx.fail(r.ctx.Err()) != nil {
		return false
	}
	return r.Rows.Next()
}

func (r *rows) Scan(into ...any) error { return r.tx.fail(r.Rows.Scan(into...)) }

func (r *rows) Err() error {
	if err := r.Rows.Err(); err != nil {
		return r.tx.fail(err)
	}
	return r.tx.fail(r.ctx.Err())
}

// List gives n places for the values of an IN: "$3, $4, $5" from 3 on.
func List(from, n int) string {
	b := make([]byte, 0, placeWidth*n)
	return string(places(b, from, n))
}

// Places gives places for rows of values after VALUES: "($1, $2), ($3, $4)".
func Places(rows, columns int) string {
	b := make([]byte, 0, rows*(placeWidth*columns+4))
	for i := range rows {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = append(b, '(')
		b = append(places(b, 1+i*columns, columns), ')')
	}
	return string(b)
}

// placeWidth is room for a place and what parts it from the next: "$1234, ".
const placeWidth = 7

func places(b []byte, from, n int) []byte {
	for i := range n {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = strconv.AppendInt(append(b, '$'), int64(from+i), 10)
	}
	return b
}
