package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/textproto"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/wneessen/go-mail/smtp"
)

// An Account is the mail account that probes write from and are answered at.
// Its methods may be used by several goroutines at once; each call has a
// connection of its own.
type Account struct {
	SMTP, IMAP Server
	Log        *slog.Logger // nil: nothing is logged

	patience patience // zero: the usual
}

// A Server is one end of the account.
type Server struct {
	Host               string
	Port               int
	Security           string // "tls" from the first byte, or "starttls"; nothing is ever said in the clear
	Username, Password string
	OAuth              *OAuth         // in place of the password; both ends may share one
	Roots              *x509.CertPool // nil: the system's

	open func(ctx context.Context, network, address string) (net.Conn, error) // nil: over the network
}

// Addr is "host:port".
func (s Server) Addr() string { return net.JoinHostPort(s.Host, strconv.Itoa(s.Port)) }

// patience is how long each part of a conversation may take.
type patience struct {
	dial    time.Duration // connection, TLS, log-in: each step
	command time.Duration // one command
	dot     time.Duration // the relay's verdict on the whole mail (RFC 5321, 4.5.3.2.6: 10 min)
	grace   time.Duration // for the verdict, once we were asked to stop
	pull    time.Duration // silence amid a list or messages
	retry   time.Duration // first wait before connecting again
	settle  time.Duration // first pause between two looks
}

func (a Account) waits() patience {
	p := a.patience
	for _, d := range []struct {
		field *time.Duration
		usual time.Duration
	}{{&p.dial, 30 * time.Second}, {&p.command, 2 * time.Minute}, {&p.dot, 10 * time.Minute}, {&p.grace, 30 * time.Second}, {&p.pull, 2 * time.Minute}, {&p.retry, 200 * time.Millisecond}, {&p.settle, 500 * time.Millisecond}} {
		if *d.field == 0 {
			*d.field = d.usual
		}
	}
	return p
}

func (a Account) log() *slog.Logger {
	if a.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return a.Log
}

// A Fault is what is wrong with an account.
type Fault string

// The faults. Unreachable may mend itself; the others wait for a person.
const (
	Unreachable    Fault = "unreachable"
	NoSecurity     Fault = "no-security"
	NotTrusted     Fault = "certificate-not-trusted"
	WrongPassword  Fault = "wrong-password"
	NoSuchMailbox  Fault = "no-such-mailbox"
	NotUnderstood  Fault = "not-understood"
	SenderRejected Fault = "sender-rejected"
	LogInDisabled  Fault = "log-in-disabled" // passwords, SMTP or IMAP are switched off for this account
	LoginExpired   Fault = "log-in-expired"  // a person must log in anew
	WrongScope     Fault = "wrong-scope"     // the log-in does not extend to mail
	WrongClient    Fault = "wrong-client"    // the provider does not know the client id
)

// An AccountError is a fault of the account itself, never of the site that is
// written to. Its text names the server and says the mend, and holds no secret.
type AccountError struct {
	Server string // host:port
	Fault  Fault
	Mend   string // what a person can do
	Err    error
}

func (e *AccountError) Error() string {
	s := e.Server + ": " + e.Err.Error()
	if e.Mend != "" {
		s += ": " + e.Mend
	}
	return s
}

func (e *AccountError) Unwrap() error { return e.Err }

// Permanent reports whether only a person can mend it.
func (e *AccountError) Permanent() bool { return e.Fault != Unreachable }

// fault wraps an error of a server with its mend.
func (s Server) fault(f Fault, doing string, err error, mend string) error {
	return &AccountError{Server: s.Addr(), Fault: f, Mend: mend, Err: fmt.Errorf("%s: %w", doing, s.redact(err))}
}

// redact takes the password or token out of an error, should a server repeat it.
func (s Server) redact(err error) error {
	text := err.Error()
	clean := s.redactText(text)
	if clean == text {
		return err
	}
	var reply *textproto.Error
	if errors.As(err, &reply) {
		return &textproto.Error{Code: reply.Code, Msg: s.redactText(reply.Msg)}
	}
	return errors.New(clean)
}

func (s Server) redactText(text string) string {
	if s.OAuth != nil && s.Password == "" {
		s.Password = s.OAuth.secret()
	}
	if len(s.Password) < 4 {
		return text
	}
	pairs := []string{s.Password, "…"}
	for _, sent := range []string{
		s.Password, "\x00" + s.Username + "\x00" + s.Password,
		string((&bearer{mechanism: xoauth2, server: s}).response()), string((&bearer{mechanism: oauthBearer, server: s}).response()),
	} {
		pairs = append(pairs, base64.StdEncoding.EncodeToString([]byte(sent)), "…")
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

func (s Server) tls() *tls.Config {
	return &tls.Config{ServerName: s.Host, RootCAs: s.Roots, MinVersion: tls.VersionTLS12}
}

// dial connects, with TLS where it comes first. conn is what is spoken on, raw
// what to close and to set deadlines on.
func (s Server) dial(ctx context.Context, p patience) (conn, raw net.Conn, err error) {
	if s.Security != "tls" && s.Security != "starttls" {
		return nil, nil, s.fault(NoSecurity, "connect", fmt.Errorf("security %q is unknown", s.Security), `set security to "tls" or "starttls"`)
	}
	open := s.open
	if open == nil {
		open = (&net.Dialer{Timeout: p.dial, KeepAlive: 30 * time.Second}).DialContext
	}
	raw, err = open(ctx, "tcp", s.Addr())
	if err != nil {
		return nil, nil, s.fault(Unreachable, "connect", err, "check host, port and network")
	}
	raw = &pulse{Conn: raw, begun: time.Now()}
	if s.Security == "starttls" {
		return raw, raw, nil
	}
	t := tls.Client(raw, s.tls())
	ctx, cancel := context.WithTimeout(ctx, p.dial)
	defer cancel()
	if err := t.HandshakeContext(ctx); err != nil {
		raw.Close()
		return nil, nil, s.tlsFault(err)
	}
	return t, raw, nil
}

// tlsFault tells a certificate that is not trusted from a line that broke.
func (s Server) tlsFault(err error) error {
	var untrusted *tls.CertificateVerificationError
	var plain tls.RecordHeaderError
	switch {
	case errors.As(err, &untrusted):
		return s.fault(NotTrusted, "certificate not trusted", untrusted.Err, "give the authority's PEM file as ca, or use the host name that stands in the certificate; it is never ignored")
	case errors.As(err, &plain):
		return s.fault(NoSecurity, "start TLS", err, `the server does not speak TLS from the first byte on this port: set security to "starttls", or another port`)
	}
	return s.fault(Unreachable, "start TLS", err, "try again later")
}

// submission logs in to the relay. The caller closes the connection.
func (a Account) submission(ctx context.Context) (c *smtp.Client, raw net.Conn, err error) {
	err = a.SMTP.withToken(ctx, func(s Server) error {
		var conn net.Conn
		if conn, raw, err = s.dial(ctx, a.waits()); err != nil {
			return err
		}
		stop := context.AfterFunc(ctx, func() { raw.Close() })
		defer stop()
		if c, err = s.hail(conn, raw, a.waits()); err != nil {
			raw.Close()
		}
		return err
	})
	return c, raw, err
}

func (s Server) hail(conn, raw net.Conn, p patience) (*smtp.Client, error) {
	_ = raw.SetDeadline(time.Now().Add(p.dial))
	c, err := smtp.NewClient(conn, s.Host)
	if err != nil {
		return nil, s.fault(Unreachable, "greeting", err, "check that this is the port of a mail submission server")
	}
	// an address literal, as mail programs send it: the machine's name is nobody's business
	if err := c.Hello("[127.0.0.1]"); err != nil {
		return nil, s.fault(Unreachable, "EHLO", err, "try again later")
	}
	if s.Security == "starttls" {
		if ok, _ := c.Extension("STARTTLS"); !ok {
			return nil, s.fault(NoSecurity, "start TLS", errors.New("the server does not offer STARTTLS"), `set security to "tls" and the port for it (465); nothing is sent in the clear`)
		}
		if err := c.StartTLS(s.tls()); err != nil {
			return nil, s.tlsFault(err)
		}
	}
	_ = raw.SetDeadline(time.Now().Add(p.dial))
	if s.Username == "" {
		return c, nil
	}
	auth, token, err := s.auth(c)
	if err != nil {
		return nil, err
	}
	if err := c.Auth(auth); err != nil {
		if refusedForGood(err) {
			return nil, s.refusal(token, err)
		}
		return nil, s.fault(Unreachable, "log in as "+s.Username, err, "try again later")
	}
	return c, nil
}

// auth gives how to log in; token is nil where that is by password.
func (s Server) auth(c *smtp.Client) (auth smtp.Auth, token *bearer, err error) {
	_, offered := c.Extension("AUTH")
	mechanisms := strings.Fields(strings.ToUpper(offered))
	if s.OAuth != nil {
		if token = bearerOf(s, mechanisms); token == nil {
			return nil, nil, s.noBearer(offered)
		}
		return submissionBearer{token}, token, nil
	}
	for _, mech := range mechanisms {
		switch mech {
		case "PLAIN":
			return smtp.PlainAuth("", s.Username, s.Password, s.Host, false), nil, nil
		case "LOGIN":
			return smtp.LoginAuth(s.Username, s.Password, s.Host, false), nil, nil
		}
	}
	if bearerOf(s, mechanisms) != nil {
		return nil, nil, s.fault(LogInDisabled, "log in", fmt.Errorf("the server takes no passwords (%q)", offered), "replace `password` by `oauth`, as docs/accounts.md shows")
	}
	return nil, nil, s.fault(NotUnderstood, "log in", fmt.Errorf("the server offers no log-in that is known (%q)", offered), "check the port: log-in is offered on 587 and 465, not on 25")
}

func (s Server) noBearer(offered string) error {
	return s.fault(NotUnderstood, "log in", fmt.Errorf("the server offers neither OAUTHBEARER nor XOAUTH2 (%q)", offered), "check host and port, or use a password in place of `oauth`")
}

// mailbox is one IMAP connection, logged in.
type mailbox struct {
	*imapclient.Client
	server Server
	raw    net.Conn
	waits  patience
	stop   func() bool
}

func (a Account) mailbox(ctx context.Context, exists func(messages uint32)) (m *mailbox, err error) {
	err = a.IMAP.withToken(ctx, func(s Server) error {
		conn, raw, err := s.dial(ctx, a.waits())
		if err != nil {
			return err
		}
		m = &mailbox{server: s, raw: raw, waits: a.waits(), stop: context.AfterFunc(ctx, func() { raw.Close() })}
		if err := m.connect(conn, exists); err != nil {
			m.close()
			return err
		}
		return nil
	})
	return m, err
}

// connect says hello and logs in.
func (m *mailbox) connect(conn net.Conn, exists func(messages uint32)) error {
	s := m.server
	options := &imapclient.Options{
		TLSConfig: s.tls(),
		UnilateralDataHandler: &imapclient.UnilateralDataHandler{Mailbox: func(d *imapclient.UnilateralDataMailbox) {
			if d.NumMessages != nil {
				exists(*d.NumMessages)
			}
		}},
	}
	if s.Security == "tls" {
		m.Client = imapclient.New(conn, options)
		if err := m.guard(m.waits.dial, m.WaitGreeting); err != nil {
			return s.fault(Unreachable, "greeting", err, "check that this is the port of an IMAP server")
		}
	} else if err := m.guard(m.waits.dial, func() (err error) { m.Client, err = imapclient.NewStartTLS(conn, options); return err }); err != nil {
		var no *imap.Error
		if errors.As(err, &no) {
			return s.fault(NoSecurity, "start TLS", err, `set security to "tls" and the port for it (993); nothing is sent in the clear`)
		}
		return s.tlsFault(err)
	}
	return m.logIn()
}

func (m *mailbox) logIn() error {
	s := m.server
	var caps imap.CapSet
	if err := m.guard(m.waits.dial, func() error { caps = m.Caps(); return nil }); err != nil {
		return s.fault(Unreachable, "log in as "+s.Username, err, "try again later")
	}
	var token *bearer
	logIn := func() error { return m.Login(s.Username, s.Password).Wait() }
	switch mechanisms := caps.AuthMechanisms(); {
	case s.OAuth != nil:
		if token = bearerOf(s, mechanisms); token == nil {
			return s.noBearer(strings.Join(mechanisms, " "))
		}
		logIn = func() error { return m.Authenticate(token) }
	case caps.Has(imap.CapLoginDisabled) && bearerOf(s, mechanisms) != nil:
		return s.refusal(nil, errors.New("the server takes no passwords (LOGINDISABLED)"))
	}
	err := m.guard(m.waits.dial, logIn)
	switch {
	case err == nil:
		return nil
	case refusedForGood(err):
		return s.refusal(token, err)
	}
	return s.fault(Unreachable, "log in as "+s.Username, err, "try again later")
}

// passing knows the refusals of a server that is only busy or broken (RFC 5530).
func passing(no *imap.Error) bool {
	switch no.Code {
	case imap.ResponseCodeUnavailable, imap.ResponseCodeInUse, imap.ResponseCodeServerBug, imap.ResponseCodeLimit:
		return true
	}
	return no.Type == imap.StatusResponseTypeBye
}

// examine opens a mailbox without changing anything in it: nothing we do is
// seen by whoever else reads this account.
func (m *mailbox) examine(name string) (*imap.SelectData, error) {
	var data *imap.SelectData
	err := m.guard(m.waits.command, func() (err error) {
		data, err = m.Select(name, &imap.SelectOptions{ReadOnly: true}).Wait()
		return err
	})
	var no *imap.Error
	switch {
	case err == nil:
		return data, nil
	case errors.As(err, &no) && !passing(no):
		return nil, m.server.fault(NoSuchMailbox, fmt.Sprintf("open mailbox %q", name), err, "check the name as the server spells it")
	}
	return nil, m.server.fault(Unreachable, fmt.Sprintf("open mailbox %q", name), err, "try again later")
}

// A pulse is a connection that knows when it last carried something to us.
type pulse struct {
	net.Conn
	begun time.Time
	last  atomic.Int64 // ns after begun
}

func (p *pulse) Read(b []byte) (int, error) {
	n, err := p.Conn.Read(b)
	if n > 0 {
		p.last.Store(int64(time.Since(p.begun)))
	}
	return n, err
}

// silence is how long nothing came.
func (p *pulse) silence() time.Duration { return time.Since(p.begun) - time.Duration(p.last.Load()) }

// flow bounds the silence amid a long exchange: the line is cut when nothing
// has come for d.
func (m *mailbox) flow(d time.Duration, exchange func() error) error {
	p, ok := m.raw.(*pulse)
	if !ok {
		return m.guard(d, exchange)
	}
	ended, cut := make(chan struct{}), make(chan bool, 1)
	begun := time.Now()
	go func() {
		for left := d; ; {
			select {
			case <-ended:
				cut <- false
				return
			case <-time.After(left):
			}
			if left = d - min(p.silence(), time.Since(begun)); left <= 0 {
				m.raw.Close()
				cut <- true
				return
			}
		}
	}()
	err := exchange()
	close(ended)
	if <-cut && err != nil {
		return fmt.Errorf("nothing came for %v: %w", d, err)
	}
	return err
}

// guard bounds one exchange: the library waits for ever, so the line is cut
// under it.
func (m *mailbox) guard(d time.Duration, exchange func() error) error {
	t := time.AfterFunc(d, func() { m.raw.Close() })
	err := exchange()
	if !t.Stop() && err != nil {
		return fmt.Errorf("no answer for %v: %w", d, err)
	}
	return err
}

func (m *mailbox) close() {
	m.stop()
	m.raw.Close()
	if m.Client != nil {
		_ = m.Client.Close()
	}
}

// logOut says good-bye, and waits a little for the answer.
func (m *mailbox) logOut() {
	_ = m.guard(time.Second, func() error { return m.Logout().Wait() })
	m.close()
}

// Test logs in to both servers, and does nothing there.
func (a Account) Test(ctx context.Context) error {
	c, conn, err := a.submission(ctx)
	if err == nil {
		quit(c, conn)
	}
	m, imapErr := a.mailbox(ctx, func(uint32) {})
	if imapErr == nil {
		m.logOut()
	}
	return errors.Join(err, imapErr)
}

// Find reports whether a mailbox holds a message of this Message-ID (without
// angle brackets): how a send whose end nobody saw is resolved.
func (a Account) Find(ctx context.Context, name, messageID string) (bool, error) {
	m, err := a.mailbox(ctx, func(uint32) {})
	if err != nil {
		return false, err
	}
	defer m.logOut()
	return m.holds(name, messageID)
}

// FindSent is Find in the folder of what was sent, whatever its name; without
// one nothing is found.
func (a Account) FindSent(ctx context.Context, messageID string) (bool, error) {
	m, err := a.mailbox(ctx, func(uint32) {})
	if err != nil {
		return false, err
	}
	defer m.logOut()
	name, err := m.folder(imap.MailboxAttrSent, "Sent", sentNames)
	if err != nil || name == "" {
		return false, err
	}
	return m.holds(name, messageID)
}

func (m *mailbox) holds(name, messageID string) (bool, error) {
	if _, err := m.examine(name); err != nil {
		return false, err
	}
	var found *imap.SearchData
	err := m.guard(m.waits.command, func() (err error) {
		found, err = m.UIDSearch(&imap.SearchCriteria{Header: []imap.SearchCriteriaHeaderField{{Key: "Message-Id", Value: "<" + messageID + ">"}}}, nil).Wait()
		return err
	})
	if err != nil {
		return false, m.server.fault(Unreachable, fmt.Sprintf("search mailbox %q", name), err, "try again later")
	}
	return len(found.AllUIDs()) > 0, nil
}
