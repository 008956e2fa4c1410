package highstreet

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	netmail "net/mail"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-smtp"
	gomail "github.com/wneessen/go-mail"
)

// open gives a street that is taken down after the test.
func open(t *testing.T, o Options) *Street {
	t.Helper()
	if o.Log == nil {
		o.Log = slog.New(slog.NewTextHandler(t.Output(), nil))
	}
	s, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close the street: %v", err)
		}
	})
	return s
}

func (s *Street) tls(t *testing.T) *tls.Config {
	t.Helper()
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(s.CAPEM) {
		t.Fatal("the authority is not PEM")
	}
	return &tls.Config{RootCAs: pool, ServerName: "127.0.0.1"}
}

// send hands one mail to the submission server as a shopper's program does.
func (s *Street) send(t *testing.T, from, to, subject, body, id string, header ...string) error {
	t.Helper()
	host, port, _ := net.SplitHostPort(s.SMTPAddr)
	n, _ := strconv.Atoi(port)
	c, err := gomail.NewClient(host, gomail.WithPort(n), gomail.WithTLSPolicy(gomail.TLSMandatory), gomail.WithTLSConfig(s.tls(t)),
		gomail.WithSMTPAuth(gomail.SMTPAuthPlain), gomail.WithUsername(s.User), gomail.WithPassword(s.Password), gomail.WithoutNoop(), gomail.WithTimeout(10*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := errors.Join(m.FromFormat("Anna Whitlock", from), m.To(to)); err != nil {
		t.Fatal(err)
	}
	m.Subject(subject)
	m.SetMessageIDWithValue(id)
	m.SetDateWithValue(s.time.Now())
	for i := 0; i+1 < len(header); i += 2 {
		m.SetGenHeader(gomail.Header(header[i]), header[i+1])
	}
	m.SetBodyString(gomail.TypeTextPlain, body)
	return c.DialAndSendWithContext(t.Context(), m)
}

// An arrived mail, as a watcher stores it.
type arrived struct {
	at  time.Time
	raw []byte
	msg *netmail.Message
}

// watcher follows the inbox by IDLE, stores, says so and then releases the
// clock: the order that fieldwork keeps.
type watcher struct {
	wake chan struct{}
	mu   sync.Mutex
	got  []arrived
}

func (s *Street) dial(t *testing.T, o *imapclient.Options) (*imapclient.Client, error) {
	t.Helper()
	if o == nil {
		o = &imapclient.Options{}
	}
	o.TLSConfig = s.tls(t)
	c, err := imapclient.DialTLS(s.IMAPAddr, o)
	if err != nil {
		return nil, err
	}
	t.Cleanup(func() { c.Close() })
	return c, c.Login(s.User, s.Password).Wait()
}

func watch(t *testing.T, s *Street) *watcher {
	t.Helper()
	w, news := &watcher{wake: make(chan struct{}, 1)}, make(chan struct{}, 1)
	c, err := s.dial(t, &imapclient.Options{UnilateralDataHandler: &imapclient.UnilateralDataHandler{
		Mailbox: func(*imapclient.UnilateralDataMailbox) {
			select {
			case news <- struct{}{}:
			default:
			}
		},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Select("INBOX", &imap.SelectOptions{ReadOnly: true}).Wait(); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	t.Cleanup(func() { stop(); running.Wait() })
	running.Go(func() {
		for seen := imap.UID(0); ; {
			mails, err := fetch(c, seen+1)
			if err != nil {
				if ctx.Err() == nil {
					t.Errorf("fetch: %v", err)
				}
				return
			}
			for _, m := range mails {
				seen = m.uid
				w.mu.Lock()
				w.got = append(w.got, m.arrived)
				w.mu.Unlock()
				select {
				case w.wake <- struct{}{}:
				default:
				}
				s.Recorded(m.raw)
			}
			idle, err := c.Idle()
			if err != nil {
				return
			}
			select {
			case <-news:
			case <-ctx.Done():
			}
			if errors.Join(idle.Close(), idle.Wait(), ctx.Err()) != nil {
				return
			}
		}
	})
	return w
}

type fetched struct {
	uid imap.UID
	arrived
}

// fetch reads every mail from a UID on, as a stream: a literal that breaks off
// must not be read again.
func fetch(c *imapclient.Client, from imap.UID) (out []fetched, err error) {
	var set imap.UIDSet
	set.AddRange(from, 0)
	cmd := c.Fetch(set, &imap.FetchOptions{UID: true, InternalDate: true, BodySection: []*imap.FetchItemBodySection{{Peek: true}}})
	for m := cmd.Next(); m != nil; m = cmd.Next() {
		var f fetched
		for item := m.Next(); item != nil; item = m.Next() {
			switch item := item.(type) {
			case imapclient.FetchItemDataUID:
				f.uid = item.UID
			case imapclient.FetchItemDataInternalDate:
				f.at = item.Time
			case imapclient.FetchItemDataBodySection:
				// A literal that broke off ends like a whole one.
				if f.raw, err = io.ReadAll(item.Literal); err != nil || int64(len(f.raw)) != item.Literal.Size() {
					return nil, fmt.Errorf("%d of %d bytes: %w", len(f.raw), item.Literal.Size(), cmp.Or(err, io.ErrUnexpectedEOF))
				}
			}
		}
		if f.msg, err = netmail.ReadMessage(bytes.NewReader(f.raw)); err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, cmd.Close()
}

// pass lets the time go by until the instant.
func pass(t *testing.T, s *Street, w *watcher, until time.Time) {
	t.Helper()
	for s.Clock.Now().Before(until) {
		if err := s.Clock.Wait(t.Context(), until, w.wake); err != nil {
			t.Fatal(err)
		}
	}
}

// class is what anybody would take the mail for, by its headers.
func (a arrived) class() string {
	h := a.msg.Header
	switch {
	case strings.HasPrefix(h.Get("Content-Type"), "multipart/report"):
		return bounced
	case h.Get("Auto-Submitted") != "":
		return acknowledgement
	case h.Get("List-Unsubscribe") != "":
		return bulk
	}
	return human
}

// TestTruth asks every desk every question, an hour apart, lets five days pass
// and finds exactly what the truth table says.
func TestTruth(t *testing.T) {
	s := open(t, Options{})
	w := watch(t, s)
	accepted := map[string]time.Time{}
	for _, d := range desks() {
		for _, topic := range topics {
			pass(t, s, w, s.Clock.Now().Add(time.Hour+17*time.Second))
			tag := d.site + "." + topic.id
			asked := wordings[d.languages[0]][topic.id][0]
			if err := s.send(t, "shopper+"+tag+"@postbox.example", d.published(), asked[0], asked[1], tag+"@postbox.example"); err != nil {
				t.Fatal(err)
			}
			accepted[tag] = s.Clock.Now()
		}
	}
	before := time.Now()
	pass(t, s, w, s.Clock.Now().Add(window))
	t.Logf("five days took %v", time.Since(before))

	w.mu.Lock()
	defer w.mu.Unlock()
	got := map[string][]ArrivalTruth{}
	for _, a := range w.got {
		_, tag, ok := strings.Cut(strings.TrimSuffix(a.msg.Header.Get("Delivered-To"), "@postbox.example"), "+")
		if !ok {
			t.Fatalf("a mail was delivered to %q", a.msg.Header.Get("Delivered-To"))
		}
		got[tag] = append(got[tag], ArrivalTruth{Class: a.class(), After: a.at.Sub(accepted[tag])})
	}
	for _, m := range TheTruth().Mail {
		tag := m.Site + "." + m.Scenario
		if !slices.Equal(got[tag], m.Arrivals) {
			t.Errorf("%s: arrivals %v, the truth is %v", tag, got[tag], m.Arrivals)
		}
		delete(got, tag)
		if n := s.Accepted("<" + tag + "@postbox.example>"); n != 1 {
			t.Errorf("%s was accepted %d times", tag, n)
		}
	}
	if len(got) > 0 {
		t.Errorf("arrivals that no truth foretells: %v", got)
	}
	if n := s.Accepted("never@postbox.example"); n != 0 {
		t.Errorf("a mail that was never sent was accepted %d times", n)
	}
}

// TestSameDayTwice shows that a demonstration leaves the same bytes each time.
func TestSameDayTwice(t *testing.T) {
	day := func() [][]byte {
		s := open(t, Options{})
		w := watch(t, s)
		for i, d := range desks() {
			if err := s.send(t, fmt.Sprintf("shopper+%d@postbox.example", i), d.published(), "Delivery time", "How many days?", fmt.Sprintf("m%d@postbox.example", i)); err != nil {
				t.Fatal(err)
			}
		}
		pass(t, s, w, s.Clock.Now().Add(window))
		w.mu.Lock()
		defer w.mu.Unlock()
		var all [][]byte
		for _, a := range w.got {
			all = append(all, a.raw)
		}
		return all
	}
	one, two := day(), day()
	if len(one) != 7 || len(two) != 7 {
		t.Fatalf("%d and %d mails arrived", len(one), len(two))
	}
	for i := range one {
		if !bytes.Equal(one[i], two[i]) {
			t.Errorf("mail %d differs:\n%s\n----\n%s", i, one[i], two[i])
		}
	}
}

// TestWhatMailsLookLike holds what arrives against what real mails have.
func TestWhatMailsLookLike(t *testing.T) {
	s := open(t, Options{})
	w := watch(t, s)
	sent := s.Clock.Now()
	asked := wordings[inEnglish][returnPolicy][0]
	for i, to := range []string{"hello@kettle-and-leaf.example", "care@brass-and-sons.example", "help@quillworks.example", "nobody@kettle-and-leaf.example", "x@no-such-shop.example"} {
		if err := s.send(t, "shopper+p"+strconv.Itoa(i)+"@postbox.example", to, asked[0], asked[1], "q"+strconv.Itoa(i)+"@postbox.example"); err != nil {
			t.Fatal(err)
		}
	}
	pass(t, s, w, sent.Add(window))
	mails := map[string]arrived{}
	for _, a := range w.got {
		mails[a.msg.Header.Get("Delivered-To")+" "+a.class()] = a
		for _, name := range []string{"From", "To", "Subject", "Date", "Message-Id", "Return-Path", "Received", "Mime-Version"} {
			if a.msg.Header.Get(name) == "" {
				t.Errorf("%s: no %s", a.msg.Header.Get("Subject"), name)
			}
		}
		if date, err := a.msg.Header.Date(); err != nil || !date.Equal(a.at) {
			t.Errorf("%s: Date %v (%v), arrived %v", a.msg.Header.Get("Subject"), date, err, a.at)
		}
		if bytes.Contains(bytes.ReplaceAll(a.raw, []byte("\r\n"), nil), []byte("\n")) {
			t.Errorf("%s: a line does not end in CRLF", a.msg.Header.Get("Subject"))
		}
		if i := bytes.Index(a.raw, []byte("go-mail")); i >= 0 || bytes.Contains(bytes.ToLower(a.raw), []byte("touchstone")) {
			t.Errorf("%s shows what made it", a.msg.Header.Get("Subject"))
		}
	}
	body := func(a arrived) string { b, _ := io.ReadAll(a.msg.Body); return string(b) }

	answer := mails["shopper+p0@postbox.example human"]
	text := body(answer)
	for header, want := range map[string]string{"In-Reply-To": "<q0@postbox.example>", "References": "<q0@postbox.example>", "Subject": "Re: " + asked[0], "Auto-Submitted": "", "Return-Path": "<hello@kettle-and-leaf.example>"} {
		if got := answer.msg.Header.Get(header); got != want {
			t.Errorf("answer: %s is %q, want %q", header, got, want)
		}
	}
	for _, want := range []string{"Dear Anna,", "60 days", "Owen", "> How long may I take to send something back"} {
		if !strings.Contains(text, want) {
			t.Errorf("the answer lacks %q:\n%s", want, text)
		}
	}
	ack := mails["shopper+p0@postbox.example acknowledgement"]
	if text := body(ack); ack.msg.Header.Get("Auto-Submitted") != "auto-replied" || !regexp.MustCompile(`KL-\d{6}`).MatchString(text) || !strings.Contains(text, "9 am and 5 pm") {
		t.Errorf("acknowledgement: %v\n%s", ack.msg.Header, text)
	}
	if text := body(mails["shopper+p1@postbox.example acknowledgement"]); !strings.Contains(text, "within 48 hours") {
		t.Errorf("Brass & Sons promise:\n%s", text)
	}
	news := mails["shopper+p1@postbox.example bulk"]
	if got := news.at.Sub(sent); got != 48*time.Hour || news.msg.Header.Get("Precedence") != "bulk" || news.msg.Header.Get("In-Reply-To") != "" {
		t.Errorf("newsletter after %v: %v", got, news.msg.Header)
	}
	for recipient, want := range map[string][2]string{
		"p2": {"Status: 5.1.1", "Final-Recipient: rfc822; help@quillworks.example"},
		"p3": {"Status: 5.1.1", "Final-Recipient: rfc822; nobody@kettle-and-leaf.example"},
		"p4": {"Status: 5.1.2", "Final-Recipient: rfc822; x@no-such-shop.example"},
	} {
		dsn := mails["shopper+"+recipient+"@postbox.example bounce"]
		if dsn.msg == nil {
			t.Fatalf("no bounce for %s", recipient)
		}
		text := body(dsn)
		id := "<q" + recipient[1:] + "@postbox.example>"
		for _, part := range []string{want[0], want[1], "Action: failed", "Message-ID: " + id, "Reporting-MTA: dns; smtp.postbox.example"} {
			if !strings.Contains(text, part) {
				t.Errorf("bounce of %s lacks %q:\n%s", recipient, part, text)
			}
		}
		if got := dsn.at.Sub(sent); got != 30*time.Second || dsn.msg.Header.Get("Return-Path") != "<>" || dsn.msg.Header.Get("Auto-Submitted") != "auto-replied" {
			t.Errorf("bounce of %s after %v: %v", recipient, got, dsn.msg.Header)
		}
	}
}

// TestClockIsHeldUntilRecorded: a mail that nobody recorded stops the time.
func TestClockIsHeldUntilRecorded(t *testing.T) {
	s := open(t, Options{})
	if err := s.send(t, "shopper+a@postbox.example", "help@quillworks.example", "Hello", "Anybody there?", "a@postbox.example"); err != nil {
		t.Fatal(err)
	}
	start, ended := s.Clock.Now(), make(chan error, 1)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() { ended <- s.Clock.Wait(ctx, start.Add(window), nil) }()

	c, err := s.dial(t, nil)
	if err != nil {
		t.Fatal(err)
	}
	var mails []fetched
	for len(mails) == 0 { // until the bounce is there
		if _, err := c.Select("INBOX", nil).Wait(); err != nil {
			t.Fatal(err)
		}
		if mails, err = fetch(c, 1); err != nil {
			t.Fatal(err)
		}
	}
	s.Recorded([]byte("something else"))
	if got := s.Clock.Now().Sub(start); got != 30*time.Second {
		t.Errorf("the clock stands at %v, want 30 s", got)
	}
	select {
	case err := <-ended:
		t.Fatalf("the wait ended with %v while a mail was not recorded", err)
	default:
	}
	s.Recorded(mails[0].raw)
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	s.Recorded(mails[0].raw) // again: nothing
	if got := s.Clock.Now().Sub(start); got != window {
		t.Errorf("the clock stands at %v, want five days", got)
	}
}

func TestFaults(t *testing.T) {
	s := open(t, Options{})
	n := 0
	try := func(t *testing.T, f Faults) (id string, err error) {
		t.Helper()
		n++
		id = fmt.Sprintf("fault%d@postbox.example", n)
		s.Inject(f)
		defer s.Inject(Faults{})
		return id, s.send(t, "shopper+f@postbox.example", "care@brass-and-sons.example", "Hello", "How are you?", id)
	}
	stored := func(id string) int { return s.Accepted(id) }
	for name, tt := range map[string]struct {
		fault  Faults
		code   int
		reason gomail.SendErrReason
		stored int
	}{
		"recipient refused": {Faults{Rcpt: &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "User unknown"}}, 550, gomail.ErrSMTPRcptTo, 0},
		"greylisted":        {Faults{Rcpt: &smtp.SMTPError{Code: 450, EnhancedCode: smtp.EnhancedCode{4, 2, 0}, Message: "Later"}}, 450, gomail.ErrSMTPRcptTo, 0},
		"spam":              {Faults{Data: &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "Spam"}}, 554, gomail.ErrSMTPDataClose, 0},
		"full":              {Faults{Data: &smtp.SMTPError{Code: 452, EnhancedCode: smtp.EnhancedCode{4, 3, 1}, Message: "Full"}}, 452, gomail.ErrSMTPDataClose, 0},
		"lost":              {Faults{LoseAfterDot: true}, 0, gomail.ErrSMTPDataClose, 0},
		"stored":            {Faults{StoreAfterDot: true}, 0, gomail.ErrSMTPDataClose, 1},
	} {
		t.Run(name, func(t *testing.T) {
			id, err := try(t, tt.fault)
			var failed *gomail.SendError
			if !errors.As(err, &failed) {
				t.Fatalf("sent with %v", err)
			}
			if failed.ErrorCode() != tt.code || failed.Reason != tt.reason {
				t.Errorf("code %d, reason %v; want %d, %v", failed.ErrorCode(), failed.Reason, tt.code, tt.reason)
			}
			if got := stored(id); got != tt.stored {
				t.Errorf("stored %d times, want %d", got, tt.stored)
			}
		})
	}
	t.Run("login refused", func(t *testing.T) {
		if _, err := try(t, Faults{RefuseLogin: true}); err == nil || !strings.Contains(err.Error(), "535") {
			t.Errorf("SMTP let us in: %v", err)
		}
		s.Inject(Faults{RefuseLogin: true})
		defer s.Inject(Faults{})
		var refused *imap.Error
		if _, err := s.dial(t, nil); !errors.As(err, &refused) || refused.Code != imap.ResponseCodeAuthenticationFailed {
			t.Errorf("IMAP let us in: %v", err)
		}
	})
	t.Run("strange certificate", func(t *testing.T) {
		var unknown x509.UnknownAuthorityError
		if _, err := try(t, Faults{WrongCertificate: true}); !errors.As(err, &unknown) {
			t.Errorf("SMTP: %v", err)
		}
		s.Inject(Faults{WrongCertificate: true})
		defer s.Inject(Faults{})
		if _, err := s.dial(t, nil); !errors.As(err, &unknown) {
			t.Errorf("IMAP: %v", err)
		}
	})
	t.Run("fetch cut off", func(t *testing.T) {
		if err := s.box.receive([]byte("Subject: long\r\n\r\n" + strings.Repeat("0123456789", 200))); err != nil {
			t.Fatal(err)
		}
		s.Inject(Faults{DropFetches: 1})
		for try := range 2 {
			c, err := s.dial(t, nil)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := c.Select("INBOX", nil).Wait(); err != nil {
				t.Fatal(err)
			}
			mails, err := fetch(c, 1)
			if try == 0 && err == nil {
				t.Errorf("the first fetch gave %d mails", len(mails))
			}
			if try == 1 && (err != nil || len(mails) != 1) {
				t.Errorf("the second fetch gave %d mails and %v", len(mails), err)
			}
		}
	})
	t.Run("in good order again", func(t *testing.T) {
		if id, err := try(t, Faults{}); err != nil || stored(id) != 1 {
			t.Errorf("sent with %v, stored %d times", err, stored(id))
		}
	})
}

// TestWhoMaySend: the submission server is nobody's open relay.
func TestWhoMaySend(t *testing.T) {
	s := open(t, Options{})
	if err := s.send(t, "somebody@else.example", "hello@kettle-and-leaf.example", "Hello", "Hello", "x@else.example"); err == nil || !strings.Contains(err.Error(), "553") {
		t.Errorf("a foreign sender gave %v", err)
	}
	c, err := smtp.DialStartTLS(s.SMTPAddr, s.tls(t))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	var refused *smtp.SMTPError
	if err := c.Mail(s.User, nil); !errors.As(err, &refused) || refused.Code != 530 {
		t.Errorf("without a login: %v", err)
	}
	plain, err := smtp.Dial(s.SMTPAddr)
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()
	if err := plain.Hello("localhost"); err != nil {
		t.Fatal(err)
	}
	if ok, _ := plain.Extension("AUTH"); ok {
		t.Error("a password may be sent in the clear")
	}
}

func TestSentCopies(t *testing.T) {
	s := open(t, Options{})
	if err := s.send(t, s.User, "care@brass-and-sons.example", "Hello", "Hello", "copy@postbox.example"); err != nil {
		t.Fatal(err)
	}
	c, err := s.dial(t, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Select("Sent", &imap.SelectOptions{ReadOnly: true}).Wait(); err != nil {
		t.Fatal(err)
	}
	found, err := c.UIDSearch(&imap.SearchCriteria{Header: []imap.SearchCriteriaHeaderField{{Key: "Message-ID", Value: "copy@postbox.example"}}}, nil).Wait()
	if err != nil || len(found.AllUIDs()) != 1 {
		t.Errorf("found %v, %v", found, err)
	}
	if _, err := c.Select("Junk", nil).Wait(); err != nil {
		t.Error(err)
	}
}

// TestStanding leaves the street in real time, much quickened.
func TestStanding(t *testing.T) {
	s := open(t, Options{Speed: 100_000})
	if s.Clock != nil {
		t.Error("a street in real time has a skipping clock")
	}
	w := watch(t, s)
	if err := s.send(t, "shopper+live@postbox.example", "hello@kettle-and-leaf.example", "Delivery", "How long does it take?", "live@postbox.example"); err != nil {
		t.Fatal(err)
	}
	for got := 0; got < 2; {
		<-w.wake
		w.mu.Lock()
		got = len(w.got)
		w.mu.Unlock()
	}
	if one, two := w.got[0].class(), w.got[1].class(); one != acknowledgement || two != human {
		t.Errorf("arrived: %s, %s", one, two)
	}
	if age := time.Since(w.got[1].at); age < 0 || age > time.Minute {
		t.Errorf("the answer is stamped %v ago", age)
	}
}

func TestProject(t *testing.T) {
	s, dir := open(t, Options{}), t.TempDir()
	if err := s.Project(dir); err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(s.SMTPAddr)
	for name, want := range map[string][]string{
		"touchstone.yaml":               {"port: " + port, "shopper+{probe}@postbox.example", "{env: " + PasswordVariable + "}"},
		"sites.yaml":                    {"url: " + s.ShopURL, "email: help@quillworks.example", "as: permission"},
		"street-ca.pem":                 {"BEGIN CERTIFICATE"},
		"scenarios/buy-to-payment.yaml": {`"${persona.email}"`},
		"scenarios/find-help.yaml":      {"task: find-help"},
		"scenarios/find-contact.yaml":   {"hello@kettle-and-leaf.example"},
	} {
		content, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			t.Error(err)
			continue
		}
		for _, w := range want {
			if !strings.Contains(string(content), w) {
				t.Errorf("%s lacks %q:\n%s", name, w, content)
			}
		}
		if strings.Contains(string(content), s.Password) || strings.Contains(string(content), "[[") {
			t.Errorf("%s holds the password or an unfilled place", name)
		}
	}
	blocked := filepath.Join(dir, "touchstone.yaml", "below a file")
	if err := s.Project(blocked); err == nil || !strings.Contains(err.Error(), "writable") {
		t.Errorf("a folder that can't be: %v", err)
	}
}
