package main

import (
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// A line is a TCP proxy whose connections have accidents, each its own, by
// chance from a seed: cut after so many bytes in one direction, by an orderly
// end or a reset, or silent from there on, or slow throughout. (Toxiproxy's
// limits are the same for all connections of a proxy, and can't be taken back
// safely in the version that can be had; this is all that is needed of it.)
type line struct {
	addr string
	to   string
	calm atomic.Bool // accidents are over, for connections that begin from now on
	had  atomic.Int64

	l    net.Listener
	wg   sync.WaitGroup
	mu   sync.Mutex
	rng  *rand.Rand
	open map[net.Conn]bool
}

// An accident is what will happen to one connection.
type accident struct {
	upstream bool          // counted on what the program sends; else on what it gets
	after    int           // bytes; negative: never
	reset    bool          // instead of an orderly end
	silence  time.Duration // before that nothing comes any more
	pause    time.Duration // between pieces
	piece    int           // bytes at once
}

func openLine(to string, seed uint64) (*line, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &line{addr: l.Addr().String(), to: to, l: l, rng: rand.New(rand.NewPCG(seed, 2)), open: map[net.Conn]bool{}}
	p.wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			p.wg.Go(func() { p.carry(c) })
		}
	})
	return p, nil
}

func (p *line) close() {
	p.l.Close()
	p.mu.Lock()
	for c := range p.open {
		c.Close()
	}
	p.mu.Unlock()
	p.wg.Wait()
}

// deal gives the next connection its accident. TLS takes the first 2,000
// bytes or so of each direction, a letter the next 1,000.
func (p *line) deal() accident {
	a := accident{after: -1, piece: 32 << 10}
	if p.calm.Load() {
		return a
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.rng.IntN(5) > 0 {
		a.after, a.upstream, a.reset = p.rng.IntN(5000), p.rng.IntN(2) == 0, p.rng.IntN(2) == 0
		if p.rng.IntN(4) == 0 {
			a.silence = between(p.rng, 0, 2*time.Second)
		}
	}
	if p.rng.IntN(2) == 0 {
		a.pause, a.piece = between(p.rng, 0, 5*time.Millisecond), 1+p.rng.IntN(200)
	}
	return a
}

func (p *line) hold(c net.Conn, held bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if held {
		p.open[c] = true
	} else {
		delete(p.open, c)
	}
}

func (p *line) carry(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("tcp", p.to)
	if err != nil {
		return
	}
	defer server.Close()
	for _, c := range []net.Conn{client, server} {
		p.hold(c, true)
		defer p.hold(c, false)
	}
	a := p.deal()
	var both sync.WaitGroup
	pour := func(to, from net.Conn, counted bool) {
		both.Go(func() {
			left := -1
			if counted {
				left = a.after
			}
			if !a.pour(to, from, left) {
				if half, ok := to.(*net.TCPConn); ok {
					_ = half.CloseWrite()
				}
				return
			}
			p.had.Add(1)
			time.Sleep(a.silence)
			for _, c := range []net.Conn{client, server} {
				if tcp, ok := c.(*net.TCPConn); ok && a.reset {
					_ = tcp.SetLinger(0)
				}
				c.Close()
			}
		})
	}
	pour(server, client, a.upstream)
	pour(client, server, !a.upstream)
	both.Wait()
}

// pour copies until the end, false, or until so many bytes went by, true.
func (a accident) pour(to io.Writer, from io.Reader, left int) bool {
	buf := make([]byte, a.piece)
	for left != 0 {
		n, err := from.Read(buf)
		if left > 0 {
			n = min(n, left)
			left -= n
		}
		if _, werr := to.Write(buf[:n]); errors.Join(err, werr) != nil {
			return false
		}
		time.Sleep(a.pause)
	}
	return true
}
