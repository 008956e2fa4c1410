package mail

import (
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

const password = "pa55-word"

// certificate is for 127.0.0.1, and trusted by the pool beside it alone.
var certificate = sync.OnceValues(func() (tls.Certificate, *x509.CertPool) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, NotBefore: time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2199, 1, 1, 0, 0, 0, 0, time.UTC), // virtual time begins in 2000
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		panic(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
})

func serverTLS() *tls.Config {
	cert, _ := certificate()
	return &tls.Config{Certificates: []tls.Certificate{cert}}
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

func serverAt(addr net.Addr, security string) Server {
	_, pool := certificate()
	return Server{Host: "127.0.0.1", Port: addr.(*net.TCPAddr).Port, Security: security, Username: "shopper", Password: password, Roots: pool}
}

// A relay is a real SMTP server that counts what it accepted, and fails where told.
type relay struct {
	Server
	mail, rcpt func(address string) error
	data       func(c *smtp.Conn, store func()) error

	mu     sync.Mutex
	stored [][]byte
}

func (r *relay) count() int { r.mu.Lock(); defer r.mu.Unlock(); return len(r.stored) }

func newRelay(t *testing.T, security string) *relay {
	t.Helper()
	r := &relay{}
	s := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) { return &relaySession{relay: r, conn: c}, nil }))
	s.Domain, s.TLSConfig, s.ErrorLog = "relay.example", serverTLS(), log.New(io.Discard, "", 0)
	l := listen(t)
	r.Server = serverAt(l.Addr(), security)
	if security == "tls" {
		l = tls.NewListener(l, serverTLS())
	}
	go func() { _ = s.Serve(l) }()
	t.Cleanup(func() { s.Close() })
	return r
}

type relaySession struct {
	relay *relay
	conn  *smtp.Conn
}

func (s *relaySession) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *relaySession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, pass string) error {
		if user != "shopper" || pass != password {
			return &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 8}, Message: "no, " + pass + " is wrong"}
		}
		return nil
	}), nil
}

func (s *relaySession) Mail(from string, _ *smtp.MailOptions) error {
	if s.relay.mail != nil {
		return s.relay.mail(from)
	}
	return nil
}

func (s *relaySession) Rcpt(to string, _ *smtp.RcptOptions) error {
	if s.relay.rcpt != nil {
		return s.relay.rcpt(to)
	}
	return nil
}

func (s *relaySession) Data(r io.Reader) error {
	body, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	store := func() {
		s.relay.mu.Lock()
		defer s.relay.mu.Unlock()
		s.relay.stored = append(s.relay.stored, body)
	}
	if s.relay.data != nil {
		return s.relay.data(s.conn, store)
	}
	store()
	return nil
}

func (s *relaySession) Reset()        {}
func (s *relaySession) Logout() error { return nil }

// script is an SMTP server over TLS that plays exactly what reply says: the
// text to send for a command (or for "." the end of the mail), and whether to
// cut the line after it.
func script(t *testing.T, reply func(command string) (text string, cut bool)) Server {
	t.Helper()
	l := tls.NewListener(listen(t), serverTLS())
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go play(conn, reply)
		}
	}()
	return serverAt(l.Addr(), "tls")
}

func play(conn net.Conn, reply func(string) (string, bool)) {
	defer conn.Close()
	fmt.Fprint(conn, "220 relay.example\r\n")
	inMail := false
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		command := lines.Text()
		if inMail && command != "." {
			continue
		}
		inMail = false
		text, cut := reply(strings.ToUpper(command))
		if text == "" && !cut {
			switch {
			case strings.HasPrefix(command, "EHLO"):
				text = "250-relay.example\r\n250 AUTH PLAIN"
			case strings.HasPrefix(command, "AUTH"):
				text = "235 welcome"
			case command == "DATA":
				text, inMail = "354 go on", true
			default:
				text = "250 fine"
			}
		}
		if text != "" {
			fmt.Fprint(conn, text+"\r\n")
		}
		if cut {
			return
		}
	}
}

// A box is a real IMAP server with one user, behind a line that can be cut.
type box struct {
	Server
	*imapmemserver.User
	line *line
}

func newBox(t *testing.T, security string) *box {
	t.Helper()
	b := &box{User: imapmemserver.NewUser("shopper", password)}
	if err := b.Create("INBOX", nil); err != nil {
		t.Fatal(err)
	}
	mem := imapmemserver.New()
	mem.AddUser(b.User)
	s := imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return mem.NewSession(), nil, nil
		},
		Caps: imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapIMAP4rev2: {}}, TLSConfig: serverTLS(), Logger: log.New(io.Discard, "", 0),
	})
	behind := listen(t)
	front := listen(t)
	b.line = &line{to: behind.Addr().String()}
	b.Server = serverAt(front.Addr(), security)
	if security == "tls" {
		go func() { _ = s.Serve(tls.NewListener(behind, serverTLS())) }()
	} else {
		go func() { _ = s.Serve(behind) }()
	}
	go b.line.serve(front)
	t.Cleanup(func() { b.line.cutAll(); s.Close() })
	return b
}

type literalBytes struct{ *bytes.Reader }

func (l literalBytes) Size() int64 { return l.Reader.Size() }

// deliver puts a mail into a mailbox.
func (b *box) deliver(t *testing.T, mailbox string, raw []byte, at time.Time) {
	t.Helper()
	if _, err := b.Append(mailbox, literalBytes{bytes.NewReader(raw)}, &imap.AppendOptions{Time: at}); err != nil {
		t.Fatal(err)
	}
}

// A line carries bytes between a client and a server, and fails on purpose.
type line struct {
	to string

	mu     sync.Mutex
	conns  []net.Conn
	limits []int64 // bytes from the server after which the next connections are cut
	deaf   bool    // new and old connections carry nothing more
	opened int
}

// cutAfter cuts the next connections after these numbers of bytes.
func (l *line) cutAfter(limits ...int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.limits = append(l.limits, limits...)
}

func (l *line) cutAll() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range l.conns {
		c.Close()
	}
	l.conns = nil
}

func (l *line) setDeaf(deaf bool) { l.mu.Lock(); defer l.mu.Unlock(); l.deaf = deaf }
func (l *line) isDeaf() bool      { l.mu.Lock(); defer l.mu.Unlock(); return l.deaf }
func (l *line) connections() int  { l.mu.Lock(); defer l.mu.Unlock(); return l.opened }

func (l *line) serve(front net.Listener) {
	for {
		client, err := front.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", l.to)
		if err != nil {
			client.Close()
			continue
		}
		l.mu.Lock()
		l.opened++
		l.conns = append(l.conns, client, server)
		limit := int64(1 << 40)
		if len(l.limits) > 0 {
			limit, l.limits = l.limits[0], l.limits[1:]
		}
		l.mu.Unlock()
		go l.carry(server, client, 1<<40)
		go l.carry(client, server, limit)
	}
}

func (l *line) carry(to, from net.Conn, limit int64) {
	defer to.Close()
	defer from.Close()
	buf := make([]byte, 4096)
	for limit > 0 {
		n, err := from.Read(buf[:min(limit, int64(len(buf)))])
		if l.isDeaf() { // a dead line: nothing comes out, nobody hangs up
			n = 0
		}
		if n > 0 {
			if _, err := to.Write(buf[:n]); err != nil {
				return
			}
			limit -= int64(n)
		}
		if err != nil {
			return
		}
	}
}
