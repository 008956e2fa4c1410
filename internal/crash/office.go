package main

import (
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net"
	"net/mail"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"touchstone/internal/realmail"
)

// The shopper's account at the office.
const (
	user     = realmail.Shopper
	domain   = "crash.example"
	password = realmail.Password
)

// An office is one wave's mail provider and its desks: a submission server
// that counts what it takes, a mailbox, and desks that answer at once, a bit
// later, twice or never. It tells of each step of each conversation before the
// next one is taken.
type office struct {
	smtpAddr, imapAddr string

	window time.Duration // of the wave's letters: desks answer within it
	slow   time.Duration // longest pause between two pieces of a letter, and before the verdict
	hook   func(event string)

	box    *imapmemserver.User
	closes []func() error
	served sync.WaitGroup // servers, and desks at work

	mu       sync.Mutex
	rng      *rand.Rand
	shut     bool
	began    int            // DATA commands
	inData   int            // of those, the ones without a verdict
	afterDot int            // of those, the ones whose last byte has come
	letters  map[string]int // by Message-ID
	pairs    map[string]int // by the probe's address and the recipient
	replies  []reply
	backlog  []string // digests of the mails that lay there before
}

// A reply is a mail that lies in the shopper's mailbox.
type reply struct {
	digest string // SHA-256 of its bytes, hex
	to     string
	human  bool
	at     time.Time // it was there by then
}

func openOffice(seed uint64, cert tls.Certificate, window, slow time.Duration) (_ *office, err error) {
	o := &office{
		window: window, slow: slow, hook: func(string) {}, rng: rand.New(rand.NewPCG(seed, 1)),
		letters: map[string]int{}, pairs: map[string]int{}, box: imapmemserver.NewUser(user, password),
	}
	for _, name := range []string{"INBOX", "Junk", "Sent"} {
		if err := o.box.Create(name, nil); err != nil {
			return nil, err
		}
	}
	config := &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}
	quiet := log.New(io.Discard, "", 0)
	out := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &submission{o: o}, nil }))
	out.Domain, out.ErrorLog, out.TLSConfig, out.MaxMessageBytes = "smtp."+domain, quiet, config, 1<<20
	if o.smtpAddr, err = o.serve(out.Serve, out.Close); err != nil {
		return nil, err
	}
	in := imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return &access{UserSession: imapmemserver.NewUserSession(o.box), o: o}, nil, nil
		},
		Caps: imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapIMAP4rev2: {}}, InsecureAuth: true, Logger: quiet, // behind TLS
	})
	o.imapAddr, err = o.serve(func(l net.Listener) error { return in.Serve(tls.NewListener(l, config)) }, in.Close)
	return o, err
}

func (o *office) serve(serve func(net.Listener) error, stop func() error) (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	// the listener too: a server that is stopped before it began would begin
	o.closes = append(o.closes, stop, l.Close)
	o.served.Go(func() { _ = serve(l) })
	return l.Addr().String(), nil
}

func (o *office) close() {
	o.mu.Lock()
	o.shut = true
	o.mu.Unlock()
	for _, stop := range o.closes {
		_ = stop()
	}
	o.served.Wait()
}

// flight tells how many letters are on their way right now, and of how many
// the last byte has come.
func (o *office) flight() (inData, afterDot int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.inData, o.afterDot
}

func (o *office) note(change func()) { o.mu.Lock(); defer o.mu.Unlock(); change() }

// chance gives a random duration below d.
func (o *office) chance(d time.Duration) time.Duration {
	if d <= 0 {
		return 0
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	return time.Duration(o.rng.Int64N(int64(d)))
}

// accept takes a letter: it is counted, copied to the sent mails, and a desk
// gets it.
func (o *office) accept(to string, raw []byte) error {
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return err
	}
	from, err := mail.ParseAddress(m.Header.Get("From"))
	if err != nil {
		return err
	}
	id := strings.Trim(m.Header.Get("Message-ID"), "<> ")
	var turn int
	o.note(func() {
		o.letters[id]++
		subject, _, _ := strings.Cut(m.Header.Get("Subject"), ": ")
		if subject != "Re" { // a further letter has a Message-ID of its own, and is counted by that
			o.pairs[from.Address+" to "+to]++
		} else {
			o.pairs[from.Address+" to "+to+", "+wordsOf(raw)]++
		}
		turn = len(o.letters) % 5
	})
	if _, err := o.box.Append("Sent", literal{bytes.NewReader(raw)}, &imap.AppendOptions{Time: time.Now()}); err != nil {
		return err
	}
	soon, later := o.chance(o.window/30), o.window/6+o.chance(o.window/3)
	switch turn { // the first letter is acknowledged, and the fourth is not answered
	case 1:
		o.answer(soon, id, to, from.Address, false)
		o.answer(later, id, to, from.Address, true)
	case 2, 0:
		o.answer(soon, id, to, from.Address, true)
	case 3:
		o.answer(later, id, to, from.Address, true)
	}
	return nil
}

// answer puts a desk's mail into the mailbox after a while.
func (o *office) answer(after time.Duration, id, from, to string, human bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.shut {
		return
	}
	o.served.Go(func() {
		time.Sleep(after) // a desk at work
		o.note(func() {
			if o.shut {
				return
			}
			raw := letter(fmt.Sprintf("%d.%s", len(o.replies), id), id, from, to, human)
			if _, err := o.box.Append("INBOX", literal{bytes.NewReader(raw)}, &imap.AppendOptions{Time: time.Now()}); err != nil {
				return
			}
			sum := sha256.Sum256(raw)
			o.replies = append(o.replies, reply{hex.EncodeToString(sum[:]), to, human, time.Now()})
		})
	})
}

// fill puts n mails of nobody's into the mailbox before anybody looks at it.
func (o *office) fill(n int) error {
	for i := range n {
		raw := fmt.Appendf(nil, "From: News <news@shop.example>\r\nTo: <readers@shop.example>\r\nSubject: News %d\r\nMessage-ID: <news-%d@shop.example>\r\n\r\n", i, i)
		for range o.rng.IntN(60) {
			raw = fmt.Appendf(raw, "%x and more\r\n", o.rng.Uint64())
		}
		if _, err := o.box.Append("INBOX", literal{bytes.NewReader(raw)}, &imap.AppendOptions{Time: time.Now().Add(-time.Hour)}); err != nil {
			return err
		}
		sum := sha256.Sum256(raw)
		o.backlog = append(o.backlog, hex.EncodeToString(sum[:]))
	}
	return nil
}

// letter is what a desk writes.
func letter(id, answers, from, to string, human bool) []byte {
	// few words: of more, nobody believes that a person wrote them within seconds
	head, body := "", "Hello Anna,\r\n\r\nyes, in blue, for 20 pounds.\r\n\r\nTom\r\n"
	if !human {
		head, body = "Auto-Submitted: auto-replied\r\n", "Thank you for your message. This is an automatic reply: we will answer soon.\r\n"
	}
	return fmt.Appendf(nil, "From: The desk <%s>\r\nTo: <%s>\r\nSubject: Re: A question\r\nDate: %s\r\nMessage-ID: <%s>\r\nIn-Reply-To: <%s>\r\n%sMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s",
		from, to, time.Now().Format(time.RFC1123Z), id, answers, head, body)
}

// wordsOf gives the first words of a letter: each of a probe's has its own.
func wordsOf(raw []byte) string {
	_, body, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	line, _, _ := bytes.Cut(body, []byte("\r\n"))
	return string(line)
}

type literal struct{ *bytes.Reader }

func (l literal) Size() int64 { return l.Reader.Size() }

// submission is a session of the server that takes letters.
type submission struct {
	o      *office
	to     string
	inData bool
}

func (s *submission) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *submission) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, name, word string) error {
		s.o.hook("smtp log-in")
		if name != user || word != password {
			return smtp.ErrAuthFailed
		}
		return nil
	}), nil
}

func (s *submission) Mail(string, *smtp.MailOptions) error {
	s.o.hook("smtp MAIL")
	return nil
}

func (s *submission) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.o.hook("smtp RCPT")
	s.to = to
	return nil
}

func (s *submission) Data(r io.Reader) error {
	o := s.o
	s.inData = true
	o.note(func() { o.began++; o.inData++ })
	o.hook("smtp DATA")
	var raw bytes.Buffer
	for piece := 1; ; piece++ {
		_, err := io.CopyN(&raw, r, 300)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if piece == 1 {
			o.hook("smtp middle of the letter")
		}
		time.Sleep(o.chance(o.slow))
	}
	o.note(func() { o.afterDot++ })
	defer o.note(func() { o.afterDot-- })
	o.hook("smtp dot")
	if err := o.accept(s.to, raw.Bytes()); err != nil {
		return err
	}
	o.hook("smtp letter taken, no verdict yet")
	time.Sleep(o.chance(o.slow))
	return nil
}

// Reset comes after the verdict has gone out.
func (s *submission) Reset() {
	s.to = ""
	if s.inData {
		s.inData = false
		s.o.note(func() { s.o.inData-- })
		s.o.hook("smtp verdict")
	}
}

func (s *submission) Logout() error {
	if s.inData {
		s.inData = false
		s.o.note(func() { s.o.inData-- })
	}
	return nil
}

// access is a session of the mailbox.
type access struct {
	*imapmemserver.UserSession
	o *office
}

func (s *access) Login(name, word string) error {
	s.o.hook("imap log-in")
	return s.UserSession.Login(name, word)
}

func (s *access) Select(name string, options *imap.SelectOptions) (*imap.SelectData, error) {
	s.o.hook("imap EXAMINE")
	return s.UserSession.Select(name, options)
}

func (s *access) Fetch(w *imapserver.FetchWriter, set imap.NumSet, options *imap.FetchOptions) error {
	s.o.hook("imap FETCH")
	err := s.UserSession.Fetch(w, set, options)
	s.o.hook("imap FETCH answered")
	return err
}

func (s *access) Idle(w *imapserver.UpdateWriter, stop <-chan struct{}) error {
	s.o.hook("imap IDLE")
	return s.UserSession.Idle(w, stop)
}
