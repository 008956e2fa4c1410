package highstreet

import (
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"io"
	"log"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
)

// The mailboxes of the shopper's account. The street delivers to the inbox;
// a copy of every mail that the submission server accepted is in sent, as
// large providers keep it.
const (
	inbox = "INBOX"
	junk  = "Junk"
	sent  = "Sent"
)

// A mailbox is the shopper's account as an IMAP server shows it. A mail that
// comes in holds the clock until the shopper's side has recorded it, so that
// no deadline passes over the head of a mail that is there.
type mailbox struct {
	name, password string
	time           timeline
	faults         *faults
	user           *imapmemserver.User
	server         *imapserver.Server

	mu    sync.Mutex
	holds map[[sha256.Size]byte][]func()
	news  chan struct{} // closed, and replaced, when a mail was put into a folder
}

func newMailbox(name, password string, t timeline, f *faults) (*mailbox, error) {
	m := &mailbox{name: name, password: password, time: t, faults: f, holds: map[[sha256.Size]byte][]func(){}, news: make(chan struct{})}
	m.user = imapmemserver.NewUser(name, password)
	for _, box := range []string{inbox, junk, sent} {
		if err := m.user.Create(box, nil); err != nil {
			return nil, err
		}
	}
	m.server = imapserver.New(&imapserver.Options{
		NewSession: func(c *imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return &imapSession{UserSession: imapmemserver.NewUserSession(m.user), box: m, conn: c}, nil, nil
		},
		Caps:         imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapIMAP4rev2: {}},
		InsecureAuth: true, // the library can't see the TLS below a brittle connection; there is no listener without
		Logger:       log.New(io.Discard, "", 0),
	})
	return m, nil
}

// serve answers on l until the server is closed.
func (m *mailbox) serve(l net.Listener, config *tls.Config) error {
	return m.server.Serve(brittleListener{tls.NewListener(l, config)})
}

// receive puts an incoming mail into the inbox, dated by the street's time.
func (m *mailbox) receive(raw []byte) error {
	sum, done := sha256.Sum256(raw), m.time.Begin()
	m.mu.Lock()
	m.holds[sum] = append(m.holds[sum], done) // before it can be seen
	m.mu.Unlock()
	if err := m.put(inbox, raw); err != nil {
		m.recorded(raw)
		return err
	}
	return nil
}

func (m *mailbox) put(box string, raw []byte) error {
	_, err := m.user.Append(box, literal{bytes.NewReader(raw)}, &imap.AppendOptions{Time: m.time.Now().UTC().Truncate(time.Second)})
	m.mu.Lock()
	defer m.mu.Unlock()
	close(m.news)
	m.news = make(chan struct{})
	return err
}

// next is closed when the next mail has been put into a folder.
func (m *mailbox) next() <-chan struct{} {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.news
}

// recorded releases the clock for one mail of these bytes.
func (m *mailbox) recorded(raw []byte) {
	sum := sha256.Sum256(raw)
	m.mu.Lock()
	defer m.mu.Unlock()
	held := m.holds[sum]
	switch len(held) {
	case 0:
		return
	case 1:
		delete(m.holds, sum)
	default:
		m.holds[sum] = held[1:]
	}
	held[0]()
}

// literal is bytes as the IMAP server wants them.
type literal struct{ *bytes.Reader }

func (l literal) Size() int64 { return l.Reader.Size() }

// imapSession is the library's own session, with the faults before it.
type imapSession struct {
	*imapmemserver.UserSession
	box  *mailbox
	conn *imapserver.Conn
}

func (s *imapSession) Login(name, password string) error {
	if s.box.faults.now().RefuseLogin || !strings.EqualFold(name, s.box.name) {
		return imapserver.ErrAuthFailed
	}
	return s.box.user.Login(s.box.name, password)
}

// Idle tells of new mails. The library's own forgets one that came between the
// last command and IDLE until another one comes: it does not look first.
func (s *imapSession) Idle(w *imapserver.UpdateWriter, stop <-chan struct{}) error {
	for {
		news := s.box.next()
		if err := s.UserSession.Poll(w, true); err != nil {
			return err
		}
		select {
		case <-news:
		case <-stop:
			return nil
		}
	}
}

// cutAfter is how far a fetch that is to be dropped comes: far enough to have
// begun its answer, not far enough for any whole mail of the street.
const cutAfter = 300

func (s *imapSession) Fetch(w *imapserver.FetchWriter, set imap.NumSet, options *imap.FetchOptions) error {
	if s.box.faults.takeFetch() {
		s.conn.NetConn().(*brittle).breakAfter(cutAfter)
	}
	return s.UserSession.Fetch(w, set, options)
}
