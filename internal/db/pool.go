package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"strconv"
	"strings"
	"sync"
)

// A pool is a set of connections, opened as they are needed. A transaction of
// database/sql, and each cancellable statement, costs a goroutine, which is more
// than most of our statements do: so transactions are statements like any other
// here, and each connection keeps the statements that were used on it, parsed.
type pool struct {
	conns *sql.DB
	free  chan *session // nil for one that is still to be opened

	mu     sync.Mutex
	closed bool
}

func newPool(conns *sql.DB, size int) *pool {
	conns.SetMaxOpenConns(size)
	conns.SetMaxIdleConns(size)
	p := &pool{conns: conns, free: make(chan *session, size)}
	for range size {
		p.free <- nil
	}
	return p
}

// take waits for a connection, which must be given back.
func (p *pool) take(ctx context.Context) (*session, error) {
	var s *session
	select {
	case s = <-p.free:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if s != nil {
		return s, nil
	}
	conn, err := p.conns.Conn(ctx)
	if err != nil {
		p.free <- nil
		return nil, err
	}
	return &session{conn: conn, ready: map[string]*sql.Stmt{}}, nil
}

// give takes a connection back; one in doubt is given up, and its end rolls
// back whatever is left.
func (p *pool) give(s *session, doubtful bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if doubtful || p.closed {
		_ = s.close(doubtful)
		s = nil
	}
	p.free <- s
}

// Close ends the connections; one that is in use ends when it is given back.
func (p *pool) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	var errs []error
	for range len(p.free) {
		if s := <-p.free; s != nil {
			errs = append(errs, s.close(false))
		}
		p.free <- nil
	}
	return errors.Join(append(errs, p.conns.Close())...)
}

// A session is one connection with its parsed statements.
type session struct {
	conn  *sql.Conn
	ready map[string]*sql.Stmt
}

// mostReady bounds the statements of a session: the program's are constants, far fewer.
const mostReady = 500

// statement gives a query parsed, nil when it is one that is not kept so: a
// script or a pragma, which is run once.
func (s *session) statement(ctx context.Context, q string) (*sql.Stmt, error) {
	if known := s.ready[q]; known != nil {
		return known, nil
	}
	if len(s.ready) >= mostReady || strings.Contains(q, ";") || strings.HasPrefix(q, "PRAGMA") {
		return nil, nil
	}
	made, err := s.conn.PrepareContext(context.WithoutCancel(ctx), plain(q))
	if err != nil {
		return nil, err
	}
	s.ready[q] = made
	return made, nil
}

// plain writes the places of a query as "?" where they come in order, each once:
// SQLite takes $N for names, and looks for each value's among all of them. What
// stands in quotes is left alone.
func plain(q string) string {
	var b strings.Builder
	n, quoted := 0, false
	for i := 0; i < len(q); i++ {
		switch c := q[i]; {
		case c == '\'':
			quoted = !quoted
		case c == '$' && !quoted:
			n++
			place := strconv.Itoa(n)
			rest, ok := strings.CutPrefix(q[i+1:], place)
			if !ok || rest != "" && rest[0] >= '0' && rest[0] <= '9' {
				return q
			}
			b.WriteByte('?')
			i += len(place)
			continue
		}
		b.WriteByte(q[i])
	}
	return b.String()
}

// exec and query run a statement. One that is kept parsed is not broken off when
// ctx ends, since that would take a goroutine to watch over each.
func (s *session) exec(ctx context.Context, q string, args ...any) (sql.Result, error) {
	made, err := s.statement(ctx, q) //nolint:sqlclosecheck // it is kept parsed, and closed with the session
	if err != nil {
		return nil, err
	}
	if made == nil {
		return s.conn.ExecContext(ctx, q, args...)
	}
	return made.ExecContext(context.WithoutCancel(ctx), args...)
}

func (s *session) query(ctx context.Context, q string, args ...any) (*sql.Rows, error) {
	made, err := s.statement(ctx, q) //nolint:sqlclosecheck // it is kept parsed, and closed with the session
	if err != nil {
		return nil, err
	}
	if made == nil {
		return s.conn.QueryContext(ctx, q, args...)
	}
	return made.QueryContext(context.WithoutCancel(ctx), args...)
}

// close ends the statements, then the connection: one in doubt for good, else
// as the pool of database/sql does.
func (s *session) close(doubtful bool) error {
	var errs []error
	for _, made := range s.ready {
		errs = append(errs, made.Close())
	}
	if doubtful {
		_ = s.conn.Raw(func(any) error { return driver.ErrBadConn })
		return errors.Join(errs...)
	}
	return errors.Join(append(errs, s.conn.Close())...)
}
