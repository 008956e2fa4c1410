package fieldwork

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"crypto/tls"

	"touchstone/internal/db"
	"touchstone/internal/realmail"
	"touchstone/probes/mail"
)

// BenchmarkMailbox keeps a large mailbox of Dovecot's in the database, and
// holds that against a bare fetch of the same messages in the same run: the
// same items over the same line, each read into memory and forgotten. Of twenty
// messages nineteen have about 4 kB, one 50 kB: see shopLetters.
//
//	catch-up/bare    time to store everything, over time to fetch it and keep nothing
//	catch-up-CPU     likewise by processor time, the server's and ours, which a busy machine disturbs less
//	catch-up/file    likewise, over time to fetch it and write it to one file, durable at the end
//	peak-10k, -all   most heap in use while 10,000 are stored, and all of them
func BenchmarkMailbox(b *testing.B) {
	messages := 100_000
	if testing.Short() {
		messages = 20_000
	}
	s := realmail.Start(b)
	fill(b, s, realmail.Silent, 10_000)
	fill(b, s, realmail.Desk, messages)

	for b.Loop() {
		used := mailCPU(b, s)
		before := bareFetch(b, s, realmail.Desk, io.Discard)
		bareUsed := mailCPU(b, s) - used
		m := newMemory()
		_, few := catchUp(b, s, realmail.Silent, 10_000, m), m.peak()
		m.reset()
		used = mailCPU(b, s)
		took := catchUp(b, s, realmail.Desk, messages, m)
		catchUpUsed := mailCPU(b, s) - used
		all := m.end()
		after := bareFetch(b, s, realmail.Desk, io.Discard)
		written := fileFetch(b, s, realmail.Desk)
		b.Logf("bare fetch %v (CPU %v) before and %v after, %v into a file, catch-up %v (CPU %v)", before, bareUsed, after, written, took, catchUpUsed)
		b.ReportMetric(float64(2*took)/float64(before+after), "catch-up/bare")
		b.ReportMetric(float64(took)/float64(written), "catch-up/file")
		b.ReportMetric(float64(catchUpUsed)/float64(bareUsed), "catch-up-CPU")
		b.ReportMetric(float64(few)/(1<<20), "MB-peak-10k")
		b.ReportMetric(float64(all)/(1<<20), "MB-peak-all")
	}
}

// BenchmarkArrival adds messages to a mailbox of 100,000 one at a time, as mail
// comes, and tells how long it took from the server's word of each to our commit.
// Dovecot gives that word half a second after the message, and later where the
// machine has much to do: the run takes three to four minutes, and ends with
// fewer messages where three are not enough.
//
//	exists-p50, -p90, -p99, -max of so many messages
func BenchmarkArrival(b *testing.B) {
	messages, arrivals := 100_000, 300
	if testing.Short() {
		messages, arrivals = 10_000, 100
	}
	s := realmail.Start(b)
	fill(b, s, realmail.Desk, messages)
	for b.Loop() {
		waits, added := told(b, s, messages, arrivals)
		messages += added
		for name, at := range map[string]int{"p50": len(waits) / 2, "p90": len(waits) * 9 / 10, "p99": len(waits) * 99 / 100, "max": len(waits) - 1} {
			b.ReportMetric(waits[at].Seconds()*1000, "ms-exists-"+name)
		}
		b.ReportMetric(float64(len(waits)), "messages")
	}
}

// fill gives a user n messages, of which Dovecot has made its index and the
// system has read the files.
func fill(b *testing.B, s *realmail.Servers, user string, n int) {
	b.Helper()
	s.Fill(b, user, n, newShopLetters().letter)
	bareFetch(b, s, user, io.Discard)
}

// mailCPU gives the processor time that the IMAP server and this process have used.
func mailCPU(b *testing.B, s *realmail.Servers) time.Duration {
	b.Helper()
	theirs, err := s.IMAPTime()
	if err != nil {
		b.Fatal(err)
	}
	return theirs + cpu(b)
}

// fileFetch fetches every message into one file, and has that on the disk.
func fileFetch(b *testing.B, s *realmail.Servers, user string) time.Duration {
	b.Helper()
	f, err := os.Create(filepath.Join(b.TempDir(), "mails"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	took := bareFetch(b, s, user, f)
	begun := time.Now()
	if err := f.Sync(); err != nil {
		b.Fatal(err)
	}
	return took + time.Since(begun)
}

// bareFetch fetches every message, reads it into memory and hands it to w.
func bareFetch(b *testing.B, s *realmail.Servers, user string, w io.Writer) time.Duration {
	b.Helper()
	begun := time.Now()
	c := client(b, s, user)
	defer c.Close()
	if _, err := c.Select("INBOX", &imap.SelectOptions{ReadOnly: true}).Wait(); err != nil {
		b.Fatal(err)
	}
	var set imap.UIDSet
	set.AddRange(1, 0)
	cmd := c.Fetch(set, &imap.FetchOptions{UID: true, InternalDate: true, BodySection: []*imap.FetchItemBodySection{{Peek: true}}})
	var raw []byte
	for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
		for item := msg.Next(); item != nil; item = msg.Next() {
			if body, ok := item.(imapclient.FetchItemDataBodySection); ok {
				raw = slices.Grow(raw[:0], int(body.Literal.Size()))[:body.Literal.Size()]
				if _, err := io.ReadFull(body.Literal, raw); err != nil {
					b.Fatal(err)
				}
				if _, err := body.Literal.Read(nil); err != nil && !errors.Is(err, io.EOF) {
					b.Fatal(err)
				}
				if _, err := w.Write(raw); err != nil {
					b.Fatal(err)
				}
			}
		}
	}
	if err := cmd.Close(); err != nil {
		b.Fatal(err)
	}
	return time.Since(begun)
}

func client(b *testing.B, s *realmail.Servers, user string) *imapclient.Client {
	b.Helper()
	c, err := imapclient.DialTLS(fmt.Sprintf("%s:%d", realmail.Host, s.IMAPS), &imapclient.Options{TLSConfig: &tls.Config{RootCAs: s.Roots, ServerName: realmail.Host, MinVersion: tls.VersionTLS12}})
	if err != nil {
		b.Fatal(err)
	}
	if err := c.Login(user, realmail.Password).Wait(); err != nil {
		b.Fatal(err)
	}
	return c
}

// keeper is an engine that does nothing but keep one mailbox in a database of
// its own.
func mailboxKeeper(b *testing.B, acc mail.Account) *Engine {
	b.Helper()
	d, err := db.Open(b.Context(), filepath.Join(b.TempDir(), "touchstone.db"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = d.Close() })
	e := &Engine{DB: d, Clock: System{}, Log: slog.New(slog.DiscardHandler), wake: make(chan struct{}, 1), Post: &Post{
		Mailboxes: []string{"INBOX"},
		Watch: func(ctx context.Context, w Watch) error {
			return acc.Watch(ctx, mail.Watch{
				Mailbox: w.Mailbox, From: w.From, Poke: w.Poke, CaughtUp: w.CaughtUp, State: w.State,
				Store: func(ctx context.Context, ms ...mail.Incoming) error {
					list := make([]Incoming, len(ms))
					for i, m := range ms {
						list[i] = Incoming(m)
					}
					return w.Store(ctx, list...)
				},
			})
		},
	}}
	e.looked.start(e.Post.Mailboxes, e.Clock)
	return e
}

func benchAccount(s *realmail.Servers, user string) mail.Account {
	return mail.Account{IMAP: mail.Server{Host: realmail.Host, Port: s.IMAPS, Security: "tls", Username: user, Password: realmail.Password, Roots: s.Roots}}
}

// catchUp stores everything that a mailbox holds.
func catchUp(b *testing.B, s *realmail.Servers, user string, want int, m *memory) time.Duration {
	b.Helper()
	begun := time.Now()
	e := mailboxKeeper(b, benchAccount(s, user))
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	stored, all := 0, make(chan struct{})
	e.Recorded = func([]byte) {
		if stored++; stored == want {
			close(all)
		}
	}
	ended := make(chan error, 1)
	go func() { ended <- e.watch(ctx, "INBOX") }()
	select {
	case <-all:
	case err := <-ended:
		b.Fatal(err)
	}
	took := time.Since(begun)
	m.look()
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		b.Error(err)
	}
	var n int
	if err := e.DB.Read(b.Context(), func(ctx context.Context, tx db.Tx) error {
		return tx.QueryRow(ctx, `SELECT COUNT(*) FROM arrival`).Scan(&n)
	}); err != nil || n != want {
		b.Fatalf("%d messages are stored, want %d: %v", n, want, err)
	}
	return took
}

// told adds up to n messages to the large mailbox, as many as three minutes hold,
// and gives the times from the server's word of each to its commit, in order of
// length, and how many messages were added.
func told(b *testing.B, s *realmail.Servers, before, n int) (waits []time.Duration, added int) {
	b.Helper()
	heard := &listener{}
	acc := benchAccount(s, realmail.Desk)
	acc.Log = slog.New(heard)
	e := mailboxKeeper(b, acc)
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	var mu sync.Mutex
	var stored []time.Time
	more := make(chan struct{}, 1)
	e.Recorded = func([]byte) {
		mu.Lock()
		defer mu.Unlock()
		stored = append(stored, time.Now())
		if len(stored) >= before {
			more <- struct{}{}
		}
	}
	ended := make(chan error, 1)
	go func() { ended <- e.watch(ctx, "INBOX") }()
	await := func(what string, most time.Duration) {
		select {
		case <-more:
		case err := <-ended:
			b.Fatal(err)
		case <-time.After(most):
			b.Fatalf("%s within %v", what, most)
		}
	}
	await("the mailbox was not read", 10*time.Minute)
	c := client(b, s, realmail.Desk)
	defer c.Close()
	for end := time.Now().Add(3 * time.Minute); added < n && time.Now().Before(end); added++ {
		time.Sleep(time.Duration(added%8) * 5 * time.Millisecond) // as mail comes: not in step with anything
		raw := fmt.Appendf(nil, "From: desk@shop.test\r\nTo: shopper+new%d@shopper.test\r\nSubject: New\r\nMessage-ID: <new%d.%d@shop.test>\r\n\r\n%s", added, added, before, bytes.Repeat([]byte("Yes, we do.\r\n"), 100))
		put := c.Append("INBOX", int64(len(raw)), nil)
		if _, err := put.Write(raw); err != nil {
			b.Fatal(err)
		}
		if err := put.Close(); err != nil {
			b.Fatal(err)
		}
		if _, err := put.Wait(); err != nil {
			b.Fatal(err)
		}
		await("a message was not stored", time.Minute)
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		b.Error(err)
	}
	waits = heard.waits(before, stored[before:])
	if len(waits) < added*9/10 {
		b.Errorf("the server told of %d messages of %d before they were stored", len(waits), added)
	}
	slices.Sort(waits)
	return waits, added
}

// A listener is a log that notes when a mailbox told how many messages it has.
type listener struct {
	mu    sync.Mutex
	words []word
}

type word struct {
	at       time.Time
	messages uint64
}

func (l *listener) Enabled(context.Context, slog.Level) bool { return true }
func (l *listener) WithAttrs([]slog.Attr) slog.Handler       { return l }
func (l *listener) WithGroup(string) slog.Handler            { return l }
func (l *listener) Handle(_ context.Context, r slog.Record) error {
	if r.Message != "mailbox told of mail" {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	r.Attrs(func(a slog.Attr) bool {
		if a.Key == "messages" {
			l.words = append(l.words, word{r.Time, a.Value.Uint64()})
		}
		return true
	})
	return nil
}

// waits gives how long each message after so many waited from the first word
// that counts it until it was stored. One that a look found before the word came
// is left out.
func (l *listener) waits(before int, stored []time.Time) (waits []time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, at := range stored {
		k := slices.IndexFunc(l.words, func(w word) bool { return w.messages > uint64(before+i) })
		if k >= 0 && !l.words[k].at.After(at) {
			waits = append(waits, at.Sub(l.words[k].at))
		}
	}
	return waits
}

// memory watches the heap that is in use.
type memory struct {
	mu   sync.Mutex
	most uint64
	stop chan struct{}
}

func newMemory() *memory {
	m := &memory{stop: make(chan struct{})}
	m.reset()
	go func() {
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-m.stop:
				return
			case <-tick.C:
				m.look()
			}
		}
	}()
	return m
}

func (m *memory) look() {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.most = max(m.most, sample[0].Value.Uint64())
}

func (m *memory) reset() {
	runtime.GC()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.most = 0
}

func (m *memory) peak() uint64 { m.mu.Lock(); defer m.mu.Unlock(); return m.most }
func (m *memory) end() uint64  { close(m.stop); return m.peak() }
