// Package highstreet is a small street of shops that stands on the loopback
// address: desks that answer mails well, late, beside the point, never, or not
// at all, the shopper's mail provider between them with real SMTP and IMAP
// servers, and five shops with web sites unlike each other. Demonstrations and tests are run against it with
// the same code as real waves; only the addresses differ.
//
// What a wave must find there is known beforehand: see Truth.
package highstreet

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/mail"
	"sync"
	"time"

	"github.com/emersion/go-smtp"

	"touchstone/internal/highstreet/side"
)

// Options say how the street is opened.
type Options struct {
	// Start is where the skipping clock begins, cut to the second; the zero
	// time is a Monday morning before the shops open.
	Start time.Time

	// Speed above zero leaves the street standing in real time instead. Its
	// desks then work so many times faster than people do: at 1440 a day of
	// theirs is a minute.
	Speed float64

	// Side opens the side street too: shops that nobody has written a script
	// for.
	Side bool

	Log *slog.Logger // nil: nowhere
}

// DefaultStart is the Monday on which a demonstration begins: 08:30 in London.
var DefaultStart = time.Date(2026, time.November, 2, 8, 30, 0, 0, time.UTC)

// PasswordVariable is the environment variable in which the street's project
// looks for the mail account's password.
const PasswordVariable = "TOUCHSTONE_STREET_PASSWORD"

// A Street is open from Open to Close.
type Street struct {
	Clock    *Clock // nil when the street stands in real time
	Address  string // of each probe, with {probe} in it
	SMTPAddr string // 127.0.0.1 and a port: submission, STARTTLS
	IMAPAddr string // the same for IMAP, with TLS from the first byte
	User     string
	Password string            // another one each time
	CAPEM    []byte            // the certificate authority of both servers
	ShopURL  string            // Kettle & Leaf's start page
	URLs     map[string]string // start page of each shop, by its site
	Side     *side.Street      // nil where it was not asked for

	time   timeline
	faults *faults
	box    *mailbox
	office *office
	shops  []*shop
	lists  map[string]*list // newsletters, by site
	speed  float64
	close  []func() error
	served sync.WaitGroup
}

// Open puts the street up on free ports of 127.0.0.1. ctx bounds the opening
// and nothing later: Close takes the street down.
func Open(ctx context.Context, o Options) (_ *Street, err error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Start.IsZero() {
		o.Start = DefaultStart
	}
	s := &Street{User: "shopper@" + provider, Address: "shopper+{probe}@" + provider, Password: rand.Text(), faults: &faults{}}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("open the High Street: %w", err), s.Close())
		}
	}()
	if o.Speed > 0 {
		l := newLive(o.Speed)
		s.speed = o.Speed
		s.time, s.close = l, append(s.close, func() error { l.stop(); return nil })
	} else {
		s.Clock = NewClock(o.Start)
		s.time = s.Clock
	}
	if s.box, err = newMailbox(s.User, s.Password, s.time, s.faults); err != nil {
		return nil, err
	}
	s.office = &office{time: s.time, log: o.Log, faults: s.faults, box: s.box, desks: desks(), accepted: map[string]int{}}
	if err := s.mail(ctx); err != nil {
		return nil, err
	}
	if o.Side {
		if s.Side, err = side.Open(ctx, o.Log); err != nil {
			return nil, err
		}
		s.close = append(s.close, s.Side.Close)
	}
	if err := s.web(ctx, o.Log); err != nil {
		return s, err
	}
	s.corner()
	return s, nil
}

// mail starts the two SMTP servers and the IMAP server.
func (s *Street) mail(ctx context.Context) error {
	good, authority, err := selfSigned()
	if err != nil {
		return err
	}
	strange, _, err := selfSigned()
	if err != nil {
		return err
	}
	s.CAPEM = authority
	config := &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
		if s.faults.now().WrongCertificate {
			return &strange, nil
		}
		return &good, nil
	}}

	out := mailServer(submitHost, func(c *smtp.Conn) (smtp.Session, error) { return &submission{office: s.office, conn: c}, nil })
	out.TLSConfig = config
	if s.SMTPAddr, err = s.serve(ctx, out.Serve, out.Close); err != nil {
		return err
	}
	in := mailServer(mxHost, func(c *smtp.Conn) (smtp.Session, error) { return &reception{office: s.office, conn: c}, nil })
	if s.office.mx, err = s.serve(ctx, in.Serve, in.Close); err != nil {
		return err
	}
	s.IMAPAddr, err = s.serve(ctx, func(l net.Listener) error { return s.box.serve(l, config) }, s.box.server.Close)
	return err
}

func mailServer(domain string, session smtp.BackendFunc) *smtp.Server {
	srv := smtp.NewServer(session)
	srv.Domain, srv.MaxMessageBytes, srv.MaxRecipients = domain, 30<<20, 50
	srv.ReadTimeout, srv.WriteTimeout = 5*time.Minute, time.Minute
	srv.ErrorLog = log.New(io.Discard, "", 0)
	return srv
}

// web opens the shops. A message from a contact form goes the way of a mail to
// the shop's desk.
func (s *Street) web(ctx context.Context, logger *slog.Logger) error {
	s.URLs, s.lists = map[string]string{}, map[string]*list{}
	for _, h := range houses() {
		shop := &shop{house: h, log: logger, now: s.time.Now, ordered: s.office.ordered}
		shop.enquire = func(from mail.Address, subject, text string) string {
			desk := s.office.deskOf(h.site)
			if desk == nil {
				return ""
			}
			return desk.react(s.office, enquiry{from: from, to: from.Address, subject: subject, text: text, at: s.time.Now()})
		}
		if m, ok := mailings[h.site]; ok {
			l := &list{mailing: m, office: s.office, desk: s.office.deskOf(h.site), base: func() string { return s.URLs[h.site] }, words: listEnglish, members: map[string]*member{}}
			if h.german {
				l.words = listGerman
			}
			s.lists[h.site], shop.list = l, l
		}
		handler, err := shop.handler()
		if err != nil {
			return err
		}
		srv := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, ErrorLog: log.New(io.Discard, "", 0)}
		address, err := s.serve(ctx, srv.Serve, srv.Close)
		if err != nil {
			return err
		}
		s.shops, s.URLs[h.site] = append(s.shops, shop), "http://"+address+"/"
	}
	s.ShopURL = s.URLs[s.shops[0].site]
	return nil
}

// deskOf gives the desk of a shop, or nil where nobody reads what customers
// write.
func (o *office) deskOf(site string) *desk {
	for _, d := range o.desks {
		if d.site == site {
			return d
		}
	}
	return nil
}

// serve listens on a free port and gives its address.
func (s *Street) serve(ctx context.Context, serve func(net.Listener) error, stop func() error) (string, error) {
	var c net.ListenConfig
	l, err := c.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("listen on the loopback address: %w", err)
	}
	s.close = append(s.close, func() error { return errors.Join(stop(), ignoreClosed(l.Close())) })
	s.served.Go(func() { _ = serve(l) }) // it ends with the error of being closed
	return l.Addr().String(), nil
}

// Close takes the street down and returns when nothing of it is left running.
func (s *Street) Close() error {
	var errs []error
	for _, stop := range s.close {
		errs = append(errs, stop())
	}
	s.close = nil
	s.served.Wait()
	return errors.Join(errs...)
}

func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// Recorded says that a mail of the shopper's inbox is safely stored: the bytes
// are those that IMAP gave. The clock stands still until each was named once;
// bytes that are not waited for do nothing.
func (s *Street) Recorded(raw []byte) { s.box.recorded(raw) }

// Accepted is how many times the submission server accepted a mail of this
// Message-ID. More than once means that a customer's mail was sent twice.
func (s *Street) Accepted(messageID string) int { return s.office.count(messageID) }

// Orders is how many orders the shops have taken. A wave makes none but where
// it was granted: in Kettle & Leaf's sandbox.
func (s *Street) Orders() (n int) {
	for _, shop := range s.shops {
		n += shop.placed()
	}
	if s.Side != nil {
		for _, shop := range s.Side.Shops() {
			n += shop.Counts().Orders
		}
	}
	return n
}

// Live reports whether the street stands in real time.
func (s *Street) Live() bool { return s.Clock == nil }

// Window is how long a wave of this street waits for what comes within d on a
// real one: its desks may work faster than people.
func (s *Street) Window(d time.Duration) time.Duration {
	if s.speed > 0 {
		return time.Duration(float64(d) / s.speed)
	}
	return d
}
