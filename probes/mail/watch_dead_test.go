package mail

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log"
	"math/rand/v2"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
)

// Five hundred times the line dies without a word, at any moment of a day's
// watching: each time that is noticed within one watchdog interval, and what
// came meanwhile is stored. The time is virtual, so the bound is exact.
func TestWatchDeadSilently(t *testing.T) {
	const deaths = 500
	certificate() // made outside: its making takes real time
	synctest.Test(t, func(t *testing.T) {
		const watchdog = 10 * time.Minute
		b := newMemoryBox(t)
		k := newKeeper()
		lost := make(chan time.Time, deaths+1)
		back := make(chan struct{}, deaths+1)
		w := k.watch("INBOX", nil)
		w.Watchdog, w.CaughtUp = watchdog, nil
		w.State = func(err error) {
			if err != nil {
				lost <- time.Now()
			} else {
				back <- struct{}{}
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- b.account().Watch(ctx, w) }()
		<-back
		random := rand.New(rand.NewPCG(3, 4))
		var longest time.Duration
		for i := range deaths {
			time.Sleep(time.Duration(random.Int64N(int64(3 * watchdog))))
			died := time.Now()
			b.die()
			if i%10 == 0 { // it comes while nobody hears
				if _, err := b.user.Append("INBOX", literalBytes{bytes.NewReader(numbered(i))}, &imap.AppendOptions{Time: time.Now()}); err != nil {
					t.Fatal(err)
				}
			}
			noticed := (<-lost).Sub(died)
			longest = max(longest, noticed)
			if noticed > watchdog {
				t.Errorf("death %d was noticed after %v", i+1, noticed)
			}
			<-back
		}
		synctest.Wait()
		k.mu.Lock()
		if len(k.got) != deaths/10 {
			t.Errorf("%d messages are stored", len(k.got))
		}
		k.mu.Unlock()
		if longest < watchdog/2 {
			t.Errorf("noticed after %v at most: the line did not die silently", longest)
		}
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		b.close()
	})
}

// A memoryBox is an IMAP server behind lines that live in memory, and so in
// virtual time.
type memoryBox struct {
	user   *imapmemserver.User
	server *imapserver.Server
	lines  chan net.Conn

	mu   sync.Mutex
	line *mortal
}

func newMemoryBox(t *testing.T) *memoryBox {
	t.Helper()
	b := &memoryBox{user: imapmemserver.NewUser("shopper", password), lines: make(chan net.Conn)}
	if err := b.user.Create("INBOX", nil); err != nil {
		t.Fatal(err)
	}
	mem := imapmemserver.New()
	mem.AddUser(b.user)
	b.server = imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return mem.NewSession(), nil, nil
		},
		Caps: imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapIMAP4rev2: {}}, InsecureAuth: true, TLSConfig: serverTLS(), Logger: log.New(io.Discard, "", 0),
	})
	go func() { _ = b.server.Serve(&memoryListener{lines: b.lines, closed: make(chan struct{})}) }()
	return b
}

func (b *memoryBox) account() Account {
	_, pool := certificate()
	return Account{IMAP: Server{Host: "127.0.0.1", Port: 143, Security: "starttls", Username: "shopper", Password: password, Roots: pool, open: b.open}}
}

func (b *memoryBox) open(context.Context, string, string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	m := &mortal{Conn: ours, theirs: theirs, dead: make(chan struct{}), closed: make(chan struct{})}
	b.mu.Lock()
	b.line = m
	b.mu.Unlock()
	b.lines <- theirs
	return m, nil
}

// die ends the line that is in use: nothing passes, and nobody hangs up.
func (b *memoryBox) die() {
	b.mu.Lock()
	defer b.mu.Unlock()
	close(b.line.dead)
}

func (b *memoryBox) close() { _ = b.server.Close() }

// A mortal line may die: what is written vanishes, and nothing more is read.
type mortal struct {
	net.Conn
	theirs net.Conn
	dead   chan struct{}
	closed chan struct{}
	once   sync.Once
}

func (m *mortal) Read(p []byte) (int, error) {
	n, err := m.Conn.Read(p)
	select {
	case <-m.dead:
		<-m.closed
		return 0, net.ErrClosed
	default:
		return n, err
	}
}

func (m *mortal) Write(p []byte) (int, error) {
	select {
	case <-m.dead:
		return len(p), nil
	default:
		return m.Conn.Write(p)
	}
}

func (m *mortal) Close() error {
	m.once.Do(func() { close(m.closed) })
	return m.Conn.Close()
}

type memoryListener struct {
	lines  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (l *memoryListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.lines:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *memoryListener) Close() error   { l.once.Do(func() { close(l.closed) }); return nil }
func (l *memoryListener) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 143} }
