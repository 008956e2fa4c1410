package mail

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync/atomic"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// A Watch is what is to be done with one mailbox: hand over every message
// once, in the order of its UIDs, from the cursor on.
type Watch struct {
	Mailbox string

	// Junk says that it is the folder for spam, which is found by its use or by
	// a usual name: Mailbox is then what it is called in all that is handed over.
	// An account without one is no fault; it is looked for again at each look.
	Junk bool

	// From gives the last UID that is stored for this UIDVALIDITY, 0 for none.
	From func(ctx context.Context, validity uint32) (last uint32, err error)

	// Store commits messages, in the order of their UIDs, and the cursor in one
	// transaction. Messages whose Store did not return are handed over again,
	// never others before them.
	Store func(ctx context.Context, ms ...Incoming) error

	// Poke asks for a look at once; its numbers rise. CaughtUp tells that a look
	// which began after poke n has ended: what the server held by then is stored,
	// so silence up to then is known. Either may be nil.
	Poke     <-chan uint64
	CaughtUp func(n uint64)

	// Watchdog is the longest time that a line may be dead before that is
	// noticed, since a line can die without a word: after half of it there is a
	// look, also where the server says that nothing came, and the server has the
	// other half to answer. 0: 5 minutes.
	Watchdog time.Duration

	// State is told of each loss of the connection, and nil of each return. May be nil.
	State func(error)
}

// Incoming is one message as a mailbox gave it.
type Incoming struct {
	Mailbox       string
	Validity, UID uint32
	Raw           []byte
	Received      time.Time // INTERNALDATE, to the second
	Junk          bool      // it was in the folder for spam
	Live          bool      // the server told of it while we listened: it had just come
}

// Bounds of one look.
const (
	maxMessage  = 30 << 20 // bytes; of a longer message only the header is kept
	maxHeader   = 1 << 20  // bytes of that
	maxBatch    = 12 << 20 // bytes meant to be fetched, and committed, at once; three batches may be in memory
	maxMessages = 4000     // messages likewise
	firstBatch  = 500      // messages, as long as it is not known how long they are
	maxRetry    = time.Minute
)

// Watch watches a mailbox until ctx ends, and connects again whenever the
// connection is lost. It returns ctx's error; an *AccountError at once where
// only a person can mend the fault; or the error of From or Store.
func (a Account) Watch(ctx context.Context, w Watch) error {
	if w.Watchdog <= 0 {
		w.Watchdog = 5 * time.Minute
	}
	if w.State == nil {
		w.State = func(error) {}
	}
	if w.CaughtUp == nil {
		w.CaughtUp = func(uint64) {}
	}
	a.patience = a.waits()
	a.patience.command = min(a.patience.command, w.Watchdog/2)
	a.patience.pull = min(a.patience.pull, w.Watchdog/2)
	s := &watcher{Watch: w, account: a, wake: make(chan struct{}, 1)}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go s.hear(ctx)

	wait := a.waits().retry
	for {
		looked, err := s.session(ctx)
		var account *AccountError
		var caller callerError
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.As(err, &caller):
			return caller.error
		case errors.As(err, &account) && account.Permanent():
			return err
		}
		s.State(err)
		if looked {
			wait = a.waits().retry
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return ctx.Err()
		}
		wait = min(2*wait, maxRetry)
	}
}

// A callerError came from From or Store: connecting again would not help.
type callerError struct{ error }

type watcher struct {
	Watch
	account Account
	asked   atomic.Uint64 // highest poke heard
	wake    chan struct{} // something may have come
	told    atomic.Bool   // the server said so
}

// exists hears the server tell how many messages there are.
func (s *watcher) exists(messages uint32) {
	s.told.Store(true)
	s.nudge()
	s.account.log().Debug("mailbox told of mail", "mailbox", s.Mailbox, "messages", messages)
}

func (s *watcher) nudge() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// hear takes pokes at any time, so that whoever pokes never waits.
func (s *watcher) hear(ctx context.Context) {
	for {
		select {
		case n, open := <-s.Poke:
			if !open {
				return
			}
			s.asked.Store(max(n, s.asked.Load()))
			s.nudge()
		case <-ctx.Done():
			return
		}
	}
}

// session watches over one connection; looked tells whether it was of use: it
// looked once, or stored something.
func (s *watcher) session(ctx context.Context) (looked bool, err error) {
	m, err := s.account.mailbox(ctx, s.exists)
	if err != nil {
		return false, err
	}
	defer m.close()
	name, err := s.name(ctx, m)
	if err != nil {
		return false, err
	}
	box, err := m.examine(name)
	if err != nil {
		return false, err
	}
	last, err := s.From(ctx, box.UIDValidity)
	if err != nil {
		return false, callerError{err}
	}
	idles, longest := m.Caps().Has(imap.CapIdle), s.Watchdog/2
	if !idles {
		longest = min(longest, time.Minute)
	}
	s.State(nil)
	// Some servers forget to tell of what comes just before IDLE begins, so the
	// first rests after any event are short; not very, since in a large mailbox a
	// look takes its time, and what comes during one waits for its end.
	pause := m.waits.settle
	for {
		asked, before := s.asked.Load(), last
		live := s.told.Swap(false) && looked // selecting a mailbox tells as well
		if last, err = s.look(ctx, m, Incoming{Mailbox: s.Mailbox, Validity: box.UIDValidity, UID: last, Junk: s.Junk, Live: live}, looked); err != nil {
			return looked || last != before, s.broken(m, err)
		}
		looked = true
		s.CaughtUp(asked)
		if last != before {
			pause = m.waits.settle
		}
		woken, err := s.rest(ctx, m, asked, idles, min(pause, longest))
		if err != nil {
			return looked, s.broken(m, err)
		}
		if pause = min(8*pause, longest); woken {
			pause = m.waits.settle
		}
	}
}

// name gives the folder's own name, and waits for one where there is none yet:
// some servers make the folder for spam when the first of it comes.
func (s *watcher) name(ctx context.Context, m *mailbox) (string, error) {
	if !s.Junk {
		return s.Mailbox, nil
	}
	for first := true; ; first = false {
		asked := s.asked.Load()
		name, err := m.folder(imap.MailboxAttrJunk, s.Mailbox, junkNames)
		if err != nil || name != "" {
			return name, err
		}
		if first {
			s.State(nil)
		}
		s.CaughtUp(asked) // nothing is in a folder that is not there
		if _, err := s.rest(ctx, m, asked, false, s.Watchdog/2); err != nil {
			return "", s.broken(m, err)
		}
	}
}

func (s *watcher) broken(m *mailbox, err error) error {
	var caller callerError
	if errors.As(err, &caller) {
		return err
	}
	return m.server.fault(Unreachable, fmt.Sprintf("watch mailbox %q", s.Mailbox), err, "connecting again")
}

// rest waits, idling where the server can, until there is a reason to look;
// woken tells that it was more than the pause. There may be one already: what
// the server told of, or who poked, after the look for poke asked began.
func (s *watcher) rest(ctx context.Context, m *mailbox, asked uint64, idles bool, pause time.Duration) (woken bool, err error) {
	select {
	case <-s.wake:
		if s.told.Load() || s.asked.Load() != asked {
			return true, nil
		}
	default:
	}
	var idle *imapclient.IdleCommand
	if idles {
		if err := m.guard(m.waits.command, func() (err error) { idle, err = m.Idle(); return err }); err != nil {
			return false, err
		}
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-s.wake:
		woken = true
	case <-timer.C:
	case <-m.Closed():
		return false, io.ErrUnexpectedEOF
	case <-ctx.Done():
		return false, ctx.Err()
	}
	if idle == nil {
		return woken, nil
	}
	return woken, m.guard(m.waits.command, func() error {
		if err := idle.Close(); err != nil {
			return err
		}
		return idle.Wait()
	})
}

// look stores everything above the UID of like, in all else alike to it, and
// gives the new last UID. The next messages come in while the ones before are
// committed. looked: it is not the first look.
func (s *watcher) look(ctx context.Context, m *mailbox, like Incoming, looked bool) (last uint32, err error) {
	last = like.UID
	batches, stop := make(chan []Incoming, 1), make(chan struct{})
	var fetchErr error
	go func() {
		defer close(batches)
		fetchErr = s.fetchAll(m, last, like.Live, looked, func(got []Incoming) bool {
			select {
			case batches <- got:
				return true
			case <-stop:
				return false
			}
		})
	}()
	for got := range batches {
		if err != nil || len(got) == 0 {
			continue
		}
		for i := range got {
			got[i].Mailbox, got[i].Validity, got[i].Junk, got[i].Live = like.Mailbox, like.Validity, like.Junk, like.Live
		}
		if err = s.Store(ctx, got...); err != nil {
			err = callerError{fmt.Errorf("store messages %d to %d of mailbox %q: %w", got[0].UID, got[len(got)-1].UID, s.Mailbox, err)}
			close(stop)
			m.raw.Close() // nobody wants the rest
			continue
		}
		last = got[len(got)-1].UID
	}
	if err == nil {
		err = fetchErr
	}
	return last, err
}

// fetchAll hands over all messages above last, by UID and a batch at a time,
// until hand says that nobody wants more. It asks for no sizes: a server that
// does not keep them would read every message twice.
func (s *watcher) fetchAll(m *mailbox, last uint32, live, looked bool, hand func([]Incoming) bool) error {
	told := live
	if !live { // a server may answer from what it told us before; NOOP makes it look
		if err := m.guard(m.waits.command, func() error { return m.Noop().Wait() }); err != nil {
			return err
		}
		told = looked && s.told.Swap(false)
	}
	if told { // most often one
		p, err := s.pull(m, above(last), last)
		if err != nil {
			return err // and which of them are missing, nobody knows
		}
		if !hand(p.got) || p.left == 0 {
			return nil
		}
		if len(p.got) > 0 {
			last = p.got[len(p.got)-1].UID
		}
	}
	var found []imap.UID
	err := m.flow(m.waits.pull, func() (err error) { found, err = search(m, above(last), last); return err })
	if err != nil {
		return err
	}
	for n := firstBatch; len(found) > 0; {
		asked := found[:min(n, len(found))]
		p, err := s.pull(m, imap.UIDSetNum(asked...), last)
		if err != nil {
			hand(p.got[:unbroken(p.got, asked)]) // on a bad line little comes at a time
			return err
		}
		if !hand(p.got) {
			return nil
		}
		found = found[len(asked):]
		if p.left > 0 {
			rest, _ := slices.BinarySearch(asked, imap.UID(p.left))
			found = append(slices.Clone(asked[rest:]), found...)
		}
		n = p.next(n)
	}
	return nil
}

// above is everything above a UID; "last+1:*" means the last message when there
// is none above.
func above(last uint32) imap.UIDSet {
	var set imap.UIDSet
	set.AddRange(imap.UID(last)+1, 0)
	return set
}

// search gives the UIDs of a set that are above last, in order.
func search(m *mailbox, set imap.UIDSet, last uint32) ([]imap.UID, error) {
	found, err := m.UIDSearch(&imap.SearchCriteria{UID: []imap.UIDSet{set}}, nil).Wait()
	if err != nil {
		return nil, err
	}
	all, _ := found.All.(imap.UIDSet)
	uids, exact := all.Nums()
	if !exact {
		return nil, errors.New("the server found messages without number")
	}
	// "last+1:*" means the last message when there is none above
	uids = slices.DeleteFunc(uids, func(u imap.UID) bool { return uint32(u) <= last })
	slices.Sort(uids)
	return uids, nil
}

// A pulled batch is what one command brought, by UID: all that was asked for,
// but for what no longer exists, and from left on what was too much at once.
type pulled struct {
	got   []Incoming
	bytes int64
	left  uint32 // the first that is to be asked for again; 0: none
}

// next tells how many messages to ask for after n, so that they come to about a
// batch if they are like these.
func (p *pulled) next(n int) int {
	if len(p.got) == 0 {
		return max(1, n/2)
	}
	return int(max(1, min(maxBatch*int64(len(p.got))/max(p.bytes, 1), 8*int64(n), maxMessages)))
}

// unbroken counts the messages at the beginning that all came.
func unbroken(got []Incoming, asked []imap.UID) (n int) {
	for n < len(got) && got[n].UID == uint32(asked[n]) {
		n++
	}
	return n
}

func (s *watcher) pull(m *mailbox, set imap.UIDSet, last uint32) (p pulled, err error) {
	err = m.flow(m.waits.pull, func() error { return p.fetch(m, set, last) })
	// The order matters, since the cursor passes what is stored.
	slices.SortFunc(p.got, func(a, b Incoming) int { return cmp.Compare(a.UID, b.UID) })
	if p.left > 0 {
		p.got = slices.DeleteFunc(p.got, func(in Incoming) bool { return in.UID >= p.left })
	}
	return p, err
}

// fetch gets the messages of a set that are above last whole, also beside an
// error. Whatever comes after a batch is full is passed over.
func (p *pulled) fetch(m *mailbox, set imap.UIDSet, last uint32) (err error) {
	cmd := m.Fetch(set, &imap.FetchOptions{UID: true, InternalDate: true, BodySection: []*imap.FetchItemBodySection{{Peek: true}}})
	defer func() {
		// Close drains what is left; of a literal that broke off it would take
		// bytes from under the connection's own reader. The session ends then,
		// and its connection with it.
		if !errors.Is(err, io.ErrUnexpectedEOF) {
			if closeErr := cmd.Close(); err == nil {
				err = closeErr
			}
		}
	}()
	for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
		var in Incoming
		full := p.bytes >= maxBatch*3/2
		for item := msg.Next(); item != nil; item = msg.Next() {
			switch item := item.(type) {
			case imapclient.FetchItemDataUID:
				in.UID = uint32(item.UID)
			case imapclient.FetchItemDataInternalDate:
				in.Received = item.Time
			case imapclient.FetchItemDataBodySection:
				if in.Raw, err = literal(item.Literal, full); err != nil {
					return err
				}
			}
		}
		switch {
		case in.UID <= last || in.Raw == nil: // flags may come unasked, without a text
		case full:
			p.left = min(cmp.Or(p.left, in.UID), in.UID)
		default:
			p.got, p.bytes = append(p.got, in), p.bytes+int64(len(in.Raw))
		}
	}
	return nil
}

// literal reads a literal to its end: one that breaks off is no message. Of one
// that is passed over nothing is kept, and of a long one the header.
func literal(l imap.LiteralReader, pass bool) ([]byte, error) {
	if l == nil {
		return nil, nil
	}
	// The server's word on the size decides: the end of the stream looks the
	// same when it broke off. After an end nothing may be read any more, since
	// the connection's own reader has gone on.
	keep := l.Size()
	switch {
	case pass:
		keep = 0
	case keep > maxMessage:
		keep = maxHeader
	}
	raw := make([]byte, keep)
	_, err := io.ReadFull(l, raw)
	if errors.Is(err, io.EOF) && keep > 0 {
		return nil, io.ErrUnexpectedEOF
	} else if err != nil {
		return nil, err
	}
	rest, err := io.Copy(io.Discard, l)
	if err == nil && rest != l.Size()-keep {
		err = io.ErrUnexpectedEOF
	}
	if err == nil && !pass && keep < l.Size() {
		raw = append(fmt.Appendf(nil, "X-Not-Fetched: a message of %d bytes is too long\r\n", l.Size()), header(raw)...)
	}
	return raw, err
}

// header is the header of a message of which the beginning is given.
func header(raw []byte) []byte {
	if end := bytes.Index(raw, []byte("\r\n\r\n")); end >= 0 {
		return raw[:end+4]
	}
	return raw[:bytes.LastIndexByte(raw, '\n')+1]
}
