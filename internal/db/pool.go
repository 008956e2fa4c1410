package db

import (
	"context"
	"database/sql"
	"strings"
	"sync"
)

// A pool is a set of connections with the statements that were used on them.
// Parsing a query costs more than most queries do, so each is parsed once a
// connection: it is noted when it is first seen, and prepared when its
// transaction has ended, since preparing takes a connection of its own.
type pool struct {
	*sql.DB
	mu    sync.Mutex
	ready map[string]*sql.Stmt
	noted []string
}

// mostReady bounds the statements of a pool: the program's are constants, far fewer.
const mostReady = 500

// prepared gives the statement of a query, nil when there is none yet.
func (p *pool) prepared(q string) *sql.Stmt {
	p.mu.Lock()
	defer p.mu.Unlock()
	if s := p.ready[q]; s != nil {
		return s
	}
	if len(p.ready)+len(p.noted) < mostReady && !strings.Contains(q, ";") { // scripts are run once
		p.noted = append(p.noted, q)
	}
	return nil
}

// prepare readies the statements that were noted. One that can't be prepared,
// say because its table has gone, is run as it is.
func (p *pool) prepare(ctx context.Context) {
	p.mu.Lock()
	noted := p.noted
	p.noted = nil
	p.mu.Unlock()
	for _, q := range noted {
		p.mu.Lock()
		known := p.ready[q] != nil
		p.mu.Unlock()
		if known {
			continue
		}
		s, err := p.PrepareContext(ctx, q) //nolint:sqlclosecheck // it is kept for the next transaction
		if err != nil {
			continue
		}
		p.mu.Lock()
		if p.ready == nil {
			p.ready = map[string]*sql.Stmt{}
		}
		p.ready[q] = s
		p.mu.Unlock()
	}
}
