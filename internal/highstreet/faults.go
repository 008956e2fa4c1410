package highstreet

import (
	"net"
	"sync"

	"github.com/emersion/go-smtp"
)

// Faults are what can go wrong between a shopper and the mail servers. The
// zero value is servers in good order.
type Faults struct {
	RefuseLogin      bool // SMTP and IMAP both say that the password is wrong
	WrongCertificate bool // both show a certificate of another authority

	Rcpt *smtp.SMTPError // the submission server's answer to RCPT
	Data *smtp.SMTPError // its answer after the dot; nothing was stored

	// The connection is dropped after the dot, with no answer: the message is
	// lost, or it is stored and goes its way. The shopper can't tell.
	LoseAfterDot, StoreAfterDot bool

	// DropFetches is how many of the next IMAP fetches are cut off in the
	// middle of their answer.
	DropFetches int
}

// Inject makes the servers behave as f says from now on.
func (s *Street) Inject(f Faults) { s.faults.set(f) }

// faults are the Faults in force. The servers' goroutines ask, tests set.
type faults struct {
	mu sync.Mutex
	f  Faults
}

func (s *faults) set(f Faults) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.f = f
}

func (s *faults) now() Faults {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.f
}

// takeFetch reports whether this fetch is to be cut, and uses up one cut.
func (s *faults) takeFetch() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.f.DropFetches == 0 {
		return false
	}
	s.f.DropFetches--
	return true
}

// A brittleListener accepts connections that can be cut off.
type brittleListener struct{ net.Listener }

func (l brittleListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &brittle{Conn: c, left: -1}, nil
}

// brittle is a connection that breaks once so many further bytes were written.
type brittle struct {
	net.Conn
	mu   sync.Mutex
	left int // bytes until it breaks; negative: it holds
}

func (c *brittle) breakAfter(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.left = n
}

func (c *brittle) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.left < 0 {
		return c.Conn.Write(p)
	}
	if len(p) <= c.left {
		c.left -= len(p)
		return c.Conn.Write(p)
	}
	n, _ := c.Conn.Write(p[:c.left])
	c.left = 0
	c.Conn.Close()
	return n, net.ErrClosed
}
