package mail

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
)

// A keeper stores what a watch hands over, with its cursor, as a database would.
type keeper struct {
	mu     sync.Mutex
	cursor map[uint32]uint32
	got    []Incoming
	states []error
	news   chan struct{} // something changed
	caught chan uint64
}

func newKeeper() *keeper {
	return &keeper{cursor: map[uint32]uint32{}, news: make(chan struct{}, 1), caught: make(chan uint64, 10_000)}
}

func (k *keeper) changed() {
	select {
	case k.news <- struct{}{}:
	default:
	}
}

func (k *keeper) watch(mailbox string, poke <-chan uint64) Watch {
	return Watch{
		Mailbox: mailbox,
		From: func(_ context.Context, validity uint32) (uint32, error) {
			k.mu.Lock()
			defer k.mu.Unlock()
			return k.cursor[validity], nil
		},
		Store: func(_ context.Context, ms ...Incoming) error {
			k.mu.Lock()
			defer k.mu.Unlock()
			last := ms[len(ms)-1]
			k.got, k.cursor[last.Validity] = append(k.got, ms...), last.UID
			k.changed()
			return nil
		},
		Poke:     poke,
		CaughtUp: func(n uint64) { k.caught <- n },
		State: func(err error) {
			k.mu.Lock()
			defer k.mu.Unlock()
			k.states = append(k.states, err)
			k.changed()
		},
	}
}

// patient is how long a test waits for what must come.
const patient = 2 * time.Minute

// until waits for a condition, looked at whenever something changed.
func (k *keeper) until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline := time.After(patient)
	for {
		k.mu.Lock()
		ok := holds()
		k.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-k.news:
		case <-deadline:
			t.Fatalf("never: %s (%d messages, states %v)", what, len(k.got), k.states)
		}
	}
}

// start runs a watch until the test ends; its error must be the context's.
func start(t *testing.T, a Account, w Watch) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- a.Watch(ctx, w) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("the watch ended with %v", err)
		}
	})
}

func watcherOf(b *box) Account {
	return Account{IMAP: b.Server, patience: patience{dial: 5 * time.Second, command: 5 * time.Second, pull: 5 * time.Second, retry: time.Millisecond, settle: 10 * time.Millisecond}}
}

func numbered(n int) []byte {
	return raw("From: a@oak.example", fmt.Sprintf("Subject: %d", n), "", strings.Repeat("text ", 100))
}

func TestWatch(t *testing.T) {
	for _, security := range []string{"starttls", "tls"} {
		t.Run(security, func(t *testing.T) {
			b, k := newBox(t, security), newKeeper()
			at := time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)
			b.deliver(t, "INBOX", numbered(1), at) // before
			start(t, watcherOf(b), k.watch("INBOX", nil))
			<-k.caught
			b.deliver(t, "INBOX", numbered(2), at.Add(time.Hour)) // while idling
			k.until(t, "two messages", func() bool { return len(k.got) == 2 })
			for i, m := range k.got {
				if m.Mailbox != "INBOX" || m.UID != uint32(i+1) || m.Validity == 0 || string(m.Raw) != string(numbered(i+1)) || !m.Received.Equal(at.Add(time.Duration(i)*time.Hour)) {
					t.Errorf("message %d: %+v", i+1, m)
				}
			}
		})
	}
}

// Two hundred mails over a line that breaks again and again: none lost, none
// doubled, in order.
func TestWatchOverABadLine(t *testing.T) {
	b, k := newBox(t, "tls"), newKeeper()
	random := rand.New(rand.NewPCG(1, 2))
	for range 25 {
		b.line.cutAfter(random.Int64N(30_000))
	}
	for i := range 100 {
		b.deliver(t, "INBOX", numbered(i+1), time.Now())
	}
	a := watcherOf(b)
	a.patience.retry = time.Microsecond
	start(t, a, k.watch("INBOX", nil))
	for i := range 100 {
		b.deliver(t, "INBOX", numbered(i+101), time.Now())
		if i%20 == 0 {
			b.line.cutAll()
		}
	}
	k.until(t, "200 messages", func() bool { return len(k.got) >= 200 })
	<-k.caught
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.got) != 200 {
		t.Errorf("%d messages", len(k.got))
	}
	for i, m := range k.got {
		if m.UID != uint32(i+1) || string(m.Raw) != string(numbered(i+1)) {
			t.Fatalf("message %d has UID %d", i+1, m.UID)
		}
	}
	if n := b.line.connections(); n < 10 {
		t.Errorf("only %d connections: the line was not bad enough", n)
	}
}

// A message that breaks off is no message.
func TestWatchDroppedInAMessage(t *testing.T) {
	b, k := newBox(t, "tls"), newKeeper()
	long := append(numbered(1), []byte(strings.Repeat("long line\r\n", 40_000))...)
	b.deliver(t, "INBOX", long, time.Now())
	b.line.cutAfter(200_000, 300_000)
	start(t, watcherOf(b), k.watch("INBOX", nil))
	k.until(t, "the whole message", func() bool { return len(k.got) == 1 })
	if string(k.got[0].Raw) != string(long) || b.line.connections() != 3 {
		t.Errorf("%d bytes after %d connections", len(k.got[0].Raw), b.line.connections())
	}
}

// A line that is dead without saying so is found out, and left.
func TestWatchDeadLine(t *testing.T) {
	b, k := newBox(t, "tls"), newKeeper()
	a := watcherOf(b)
	a.patience.command, a.patience.dial = 100*time.Millisecond, 100*time.Millisecond
	w := k.watch("INBOX", nil)
	w.Watchdog = 100 * time.Millisecond
	start(t, a, w)
	<-k.caught
	b.line.setDeaf(true)
	b.deliver(t, "INBOX", numbered(1), time.Now())
	k.until(t, "the loss is told", func() bool { return len(k.states) > 1 && k.states[len(k.states)-1] != nil })
	b.line.setDeaf(false)
	k.until(t, "the message", func() bool { return len(k.got) == 1 })
}

// A mailbox that was made anew numbers its messages anew.
func TestWatchNewValidity(t *testing.T) {
	b, k := newBox(t, "tls"), newKeeper()
	create := func() {
		if err := b.Create("Answers", nil); err != nil {
			t.Fatal(err)
		}
	}
	create()
	b.deliver(t, "Answers", numbered(1), time.Now())
	b.deliver(t, "Answers", numbered(2), time.Now())
	start(t, watcherOf(b), k.watch("Answers", nil))
	k.until(t, "two messages", func() bool { return len(k.got) == 2 })
	if err := b.Rename("Answers", "Old", nil); err != nil {
		t.Fatal(err)
	}
	create()
	b.deliver(t, "Answers", numbered(3), time.Now())
	b.line.cutAll()
	k.until(t, "the message of the new mailbox", func() bool { return len(k.got) == 3 })
	if first, last := k.got[0], k.got[2]; last.Validity == first.Validity || last.UID != 1 || string(last.Raw) != string(numbered(3)) {
		t.Errorf("validity %d then %d, UID %d", first.Validity, last.Validity, last.UID)
	}
}

// What was delivered before a poke is stored before CaughtUp tells its number.
func TestWatchPoke(t *testing.T) {
	b, k := newBox(t, "tls"), newKeeper()
	poke := make(chan uint64)
	w := k.watch("INBOX", poke)
	w.Watchdog = time.Hour
	start(t, watcherOf(b), w)
	for n := uint64(1); n <= 50; n++ {
		b.deliver(t, "INBOX", numbered(int(n)), time.Now())
		poke <- n
		for caught := uint64(0); caught < n; {
			select {
			case caught = <-k.caught:
				if caught > n {
					t.Fatalf("caught up with %d, asked for %d", caught, n)
				}
			case <-time.After(20 * time.Second):
				t.Fatalf("never caught up with %d", n)
			}
		}
		k.mu.Lock()
		if len(k.got) != int(n) {
			t.Fatalf("caught up with poke %d, but %d messages are stored", n, len(k.got))
		}
		k.mu.Unlock()
	}
}

// A poke that comes while a look is under way is answered by the next look.
func TestWatchPokeDuringALook(t *testing.T) {
	b, k := newBox(t, "tls"), newKeeper()
	poke := make(chan uint64)
	storing, release := make(chan struct{}), make(chan struct{})
	w := k.watch("INBOX", poke)
	store := w.Store
	w.Store = func(ctx context.Context, ms ...Incoming) error {
		if ms[0].UID == 1 {
			close(storing)
			<-release
		}
		return store(ctx, ms...)
	}
	b.deliver(t, "INBOX", numbered(1), time.Now())
	start(t, watcherOf(b), w)
	<-storing
	b.deliver(t, "INBOX", numbered(2), time.Now()) // this look no longer sees it
	poke <- 7
	close(release)
	if first := <-k.caught; first != 0 {
		t.Errorf("the look that was under way caught up with %d", first)
	}
	if second := <-k.caught; second != 7 {
		t.Errorf("the next look caught up with %d", second)
	}
	k.until(t, "both messages", func() bool { return len(k.got) == 2 })
}

// What only a person can mend ends the watch at once, and says how.
func TestWatchPermanentFaults(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*Server)
		box    string
		fault  Fault
		says   string
	}{
		{"wrong password", func(s *Server) { s.Password = "wr0ng-word" }, "INBOX", WrongPassword, "check the account's username and password"},
		{"certificate", func(s *Server) { s.Roots = nil }, "INBOX", NotTrusted, "authority's PEM file"},
		{"no such mailbox", func(*Server) {}, "Nowhere", NoSuchMailbox, `open mailbox "Nowhere"`},
		{"wrong security", func(s *Server) { s.Security = "tls" }, "INBOX", NoSecurity, `set security to "starttls"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBox(t, "starttls")
			a := watcherOf(b)
			c.change(&a.IMAP)
			err := a.Watch(t.Context(), newKeeper().watch(c.box, nil))
			var fault *AccountError
			if !errors.As(err, &fault) || fault.Fault != c.fault {
				t.Fatalf("%v, want %s", err, c.fault)
			}
			if !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), b.Addr()) || strings.Contains(err.Error(), "wr0ng-word") {
				t.Errorf("%q, want %q", err, c.says)
			}
		})
	}
}

// The caller's own failure is the caller's: it is handed back, not retried.
func TestWatchStoreFails(t *testing.T) {
	b, k := newBox(t, "tls"), newKeeper()
	b.deliver(t, "INBOX", numbered(1), time.Now())
	full := errors.New("disk full")
	w := k.watch("INBOX", nil)
	w.Store = func(context.Context, ...Incoming) error { return full }
	if err := watcherOf(b).Watch(t.Context(), w); !errors.Is(err, full) {
		t.Errorf("%v", err)
	}
	w.From = func(context.Context, uint32) (uint32, error) { return 0, full }
	if err := watcherOf(b).Watch(t.Context(), w); !errors.Is(err, full) {
		t.Errorf("%v", err)
	}
}

// A watch changes nothing in the mailbox: what it read stays unread.
func TestWatchLeavesNoTrace(t *testing.T) {
	b, k := newBox(t, "tls"), newKeeper()
	b.deliver(t, "INBOX", numbered(1), time.Now())
	start(t, watcherOf(b), k.watch("INBOX", nil))
	k.until(t, "the message", func() bool { return len(k.got) == 1 })
	status, err := b.Status("INBOX", &imap.StatusOptions{NumUnseen: true})
	if err != nil || *status.NumUnseen != 1 {
		t.Errorf("unseen %v, %v", status, err)
	}
}

// Of a message that is too long the header is kept, and what is too much at once
// is asked for again, however it comes.
func TestWatchLongMessages(t *testing.T) {
	b, k := newBox(t, "tls"), newKeeper()
	long := append(raw("From: a@oak.example", "To: p@probe.example", ""), make([]byte, maxMessage)...)
	b.deliver(t, "INBOX", numbered(1), time.Now())
	b.deliver(t, "INBOX", long, time.Now())
	const full = 1 << 20
	large := append(numbered(3), make([]byte, full)...)
	for range 2 * maxBatch / full {
		b.deliver(t, "INBOX", large, time.Now())
	}
	b.deliver(t, "INBOX", numbered(4), time.Now())
	const all = 2*maxBatch/full + 3
	start(t, watcherOf(b), k.watch("INBOX", nil))
	k.until(t, "all messages", func() bool { return len(k.got) == all })
	if got := string(k.got[1].Raw); !strings.HasPrefix(got, "X-Not-Fetched: ") || !strings.Contains(got, "To: p@probe.example\r\n") || len(got) > 500 {
		t.Errorf("%d bytes: %.200q", len(got), got)
	}
	for i, m := range k.got {
		if m.UID != uint32(i+1) {
			t.Fatalf("message %d has UID %d", i+1, m.UID)
		}
		if i > 1 && i < all-1 && string(m.Raw) != string(large) {
			t.Errorf("message %d has %d bytes, not %d", i+1, len(m.Raw), len(large))
		}
	}
	if string(k.got[all-1].Raw) != string(numbered(4)) {
		t.Error("the last message is not whole")
	}
}

// Each command asks for about as much as is wanted at once.
func TestPulled(t *testing.T) {
	for _, c := range []struct {
		name string
		p    pulled
		n    int
		want int
	}{
		{"nothing could be kept", pulled{left: 3}, 500, 250},
		{"not even one", pulled{left: 3}, 1, 1},
		{"short ones", pulled{got: make([]Incoming, 500), bytes: 500 * 1000}, 500, 8 * 500},
		{"short ones, many", pulled{got: make([]Incoming, 4000), bytes: 4000 * 100}, 4000, maxMessages},
		{"long ones", pulled{got: make([]Incoming, 10), bytes: 10 << 20}, 500, maxBatch >> 20},
		{"one that is longer than a batch", pulled{got: make([]Incoming, 1), bytes: 2 * maxBatch}, 8, 1},
	} {
		if got := c.p.next(c.n); got != c.want {
			t.Errorf("%s: %d messages, want %d", c.name, got, c.want)
		}
	}
}

func TestFind(t *testing.T) {
	b := newBox(t, "tls")
	l := letter(t)
	b.deliver(t, "INBOX", l.Raw, time.Now())
	a := watcherOf(b)
	if found, err := a.Find(t.Context(), "INBOX", l.MessageID); err != nil || !found {
		t.Errorf("%v, %v", found, err)
	}
	if found, err := a.Find(t.Context(), "INBOX", "other@probe.example"); err != nil || found {
		t.Errorf("%v, %v", found, err)
	}
	var fault *AccountError
	if _, err := a.Find(t.Context(), "Sent", l.MessageID); !errors.As(err, &fault) || fault.Fault != NoSuchMailbox {
		t.Errorf("%v", err)
	}
}
