package highstreet

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/mail"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	gomail "github.com/wneessen/go-mail/smtp"
)

// The shopper's provider, and the names that its servers go by.
const (
	provider   = "postbox.example"
	submitHost = "smtp." + provider
	mxHost     = "mx." + provider
)

// An office is the shopper's mail provider: it takes the shopper's mails and
// brings them to the desks or back as undeliverable, and takes the desks'
// mails and puts them into the mailbox.
type office struct {
	time   timeline
	log    *slog.Logger
	faults *faults
	box    *mailbox
	desks  []*desk
	mx     string // address of the receiving server

	mu       sync.Mutex
	accepted map[string]int // by Message-ID
}

// login checks the account's name and password.
func (o *office) login(name, password string) error {
	if o.faults.now().RefuseLogin || !strings.EqualFold(name, o.box.name) || password != o.box.password {
		return smtp.ErrAuthFailed
	}
	return nil
}

// owns reports whether an address is the shopper's: the account's own, or with
// whatever stands after a plus sign.
func (o *office) owns(address string) bool {
	local, domain, ok := cutAddress(address)
	base, _, _ := strings.Cut(local, "+")
	own, _, _ := cutAddress(o.box.name)
	return ok && strings.EqualFold(domain, provider) && strings.EqualFold(base, own)
}

// accept takes responsibility for a mail: it is counted, copied to the sent
// mails and on its way.
func (o *office) accept(from, to string, raw []byte) error {
	msg, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 6, 0}, Message: "This is not a mail message"}
	}
	id := strings.Trim(msg.Header.Get("Message-ID"), "<> ")
	o.mu.Lock()
	o.accepted[id]++
	o.mu.Unlock()
	if err := o.box.put(sent, raw); err != nil {
		return err
	}
	o.log.Debug("mail accepted", "message_id", id, "to", to)

	local, domain, _ := cutAddress(to)
	if o.owns(to) {
		o.time.At(o.time.Now().Add(time.Second), func() { o.deliver(submitHost, from, to, raw) })
		return nil
	}
	for _, d := range o.desks {
		if !strings.EqualFold(d.domain, domain) {
			continue
		}
		if d.gone == 0 && strings.EqualFold(d.mailbox, local) {
			d.receive(o, from, raw)
			return nil
		}
		after := d.gone
		if after == 0 {
			after = bounceAfter
		}
		o.bounce(from, to, raw, after, refusal{status: "5.1.1", host: "mail." + d.domain,
			words: fmt.Sprintf("550 5.1.1 <%s>: Recipient address rejected: User unknown", to)})
		return nil
	}
	o.bounce(from, to, raw, bounceAfter, refusal{status: "5.1.2",
		words: fmt.Sprintf("Host or domain name not found. Name service error for name=%s", domain)})
	return nil
}

// deliver brings a mail to the receiving server, as any sender's server does.
// An undeliverable mail of a desk is the desk's loss: it is logged.
func (o *office) deliver(helo, from, to string, raw []byte) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := o.transfer(ctx, helo, from, to, raw); err != nil {
		o.log.Warn("a desk's mail was not delivered", "to", to, "error", err)
	}
}

func (o *office) transfer(ctx context.Context, helo, from, to string, raw []byte) error {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", o.mx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if end, ok := ctx.Deadline(); ok {
		if err := conn.SetDeadline(end); err != nil {
			return err
		}
	}
	c, err := gomail.NewClient(conn, "127.0.0.1")
	if err != nil {
		return err
	}
	if err := errors.Join(c.Hello(helo), c.Mail("<"+from+">"), c.Rcpt("<"+to+">")); err != nil {
		return err
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(raw); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return c.Quit()
}

// count is how often a mail of this Message-ID was accepted.
func (o *office) count(id string) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.accepted[strings.Trim(id, "<>")]
}

// submission is a session of the server that the shopper hands mails to.
type submission struct {
	office *office
	conn   *smtp.Conn
	authed bool
	from   string
	to     []string
}

func (s *submission) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *submission) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, name, password string) error {
		err := s.office.login(name, password)
		s.authed = err == nil
		return err
	}), nil
}

func (s *submission) Mail(from string, _ *smtp.MailOptions) error {
	if !s.authed {
		return &smtp.SMTPError{Code: 530, EnhancedCode: smtp.EnhancedCode{5, 7, 0}, Message: "Authentication required"}
	}
	if !s.office.owns(from) {
		return &smtp.SMTPError{Code: 553, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "Sender address rejected: not owned by this account"}
	}
	s.from = from
	return nil
}

func (s *submission) Rcpt(to string, _ *smtp.RcptOptions) error {
	if refused := s.office.faults.now().Rcpt; refused != nil {
		return refused
	}
	if _, _, ok := cutAddress(to); !ok {
		return &smtp.SMTPError{Code: 553, EnhancedCode: smtp.EnhancedCode{5, 1, 3}, Message: "This is not a mail address"}
	}
	s.to = append(s.to, to)
	return nil
}

func (s *submission) Data(r io.Reader) error {
	defer s.office.time.Begin()()
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	f := s.office.faults.now()
	if f.Data != nil {
		return f.Data
	}
	if f.LoseAfterDot {
		return s.conn.Close()
	}
	for _, to := range s.to {
		if err := s.office.accept(s.from, to, raw); err != nil {
			return err
		}
	}
	if f.StoreAfterDot {
		return s.conn.Close()
	}
	return nil
}

func (s *submission) Reset()        { s.from, s.to = "", nil }
func (s *submission) Logout() error { return nil }

// reception is a session of the server that the world delivers to.
type reception struct {
	office *office
	conn   *smtp.Conn
	from   string
	to     []string
}

func (s *reception) Mail(from string, _ *smtp.MailOptions) error {
	s.from = from
	return nil
}

func (s *reception) Rcpt(to string, _ *smtp.RcptOptions) error {
	if !s.office.owns(to) {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: fmt.Sprintf("<%s>: no such user here", to)}
	}
	s.to = append(s.to, to)
	return nil
}

// Data puts the mail into the mailbox with what a mail server adds on top.
func (s *reception) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	for _, to := range s.to {
		now := s.office.time.Now()
		peer, _ := netip.ParseAddrPort(s.conn.Conn().RemoteAddr().String())
		head := fmt.Sprintf("Return-Path: <%s>\r\nDelivered-To: %s\r\nReceived: from %s (%s [%s])\r\n\tby %s with ESMTP id %s\r\n\tfor <%s>; %s\r\n",
			s.from, to, s.conn.Hostname(), s.conn.Hostname(), peer.Addr(), mxHost, tag(to, string(raw)), to, now.Format(time.RFC1123Z))
		if err := s.office.box.receive(append([]byte(head), raw...)); err != nil {
			return err
		}
	}
	return nil
}

func (s *reception) Reset()        { s.from, s.to = "", nil }
func (s *reception) Logout() error { return nil }

// tag gives a short name that looks like a server's and is the same for the
// same words, so that a demonstration leaves the same bytes each time.
func tag(words ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(words, "\x00")))
	return base32.StdEncoding.EncodeToString(sum[:])[:12]
}

func cutAddress(address string) (local, domain string, ok bool) {
	i := strings.LastIndexByte(address, '@')
	if i < 1 || i == len(address)-1 {
		return "", "", false
	}
	return address[:i], address[i+1:], true
}
