package mail

import (
	"bytes"
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"touchstone/probes"
)

// hasty is an account that soon loses patience.
func hasty(s Server) Account {
	return Account{SMTP: s, patience: patience{dial: 5 * time.Second, command: 5 * time.Second, dot: 5 * time.Second, retry: time.Millisecond}}
}

func letter(t *testing.T) probes.Letter {
	t.Helper()
	l, err := compose(task(0), envelope())
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestSend(t *testing.T) {
	for _, security := range []string{"starttls", "tls"} {
		r := newRelay(t, security)
		l := letter(t)
		d := hasty(r.Server).Send(t.Context(), l)
		if d.State != probes.Accepted || d.Code != 250 || d.Ours || r.count() != 1 {
			t.Fatalf("%s: %+v, %d stored", security, d, r.count())
		}
		if !bytes.Equal(r.stored[0], l.Raw) {
			t.Errorf("%s: the relay got other bytes:\n%q\n%q", security, r.stored[0], l.Raw)
		}
	}
}

// The whole matrix of faults: the state says exactly what is known, and no
// letter that may have been accepted is called unsent.
func TestSendFaults(t *testing.T) {
	reply := func(code int, e smtp.EnhancedCode, text string) error {
		return &smtp.SMTPError{Code: code, EnhancedCode: e, Message: text}
	}
	done := make(chan struct{})
	defer close(done)
	for _, c := range []struct {
		name   string
		fault  func(*relay)
		state  probes.DeliveryState
		code   int
		ours   bool
		stored int
		detail string
	}{
		{"no such recipient", func(r *relay) {
			r.rcpt = func(string) error { return reply(550, smtp.EnhancedCode{5, 1, 1}, "no such user") }
		}, probes.Refused, 550, false, 0, "550 5.1.1 no such user"},
		{"recipient greylisted", func(r *relay) {
			r.rcpt = func(string) error { return reply(450, smtp.EnhancedCode{4, 2, 0}, "greylisted") }
		}, probes.Deferred, 450, false, 0, "450 4.2.0 greylisted"},
		{"our sender refused", func(r *relay) {
			r.mail = func(string) error { return reply(553, smtp.EnhancedCode{5, 7, 1}, "not your address") }
		}, probes.Deferred, 553, true, 0, "check that the account may send from this address"},
		{"mail refused for now", func(r *relay) {
			r.data = func(*smtp.Conn, func()) error { return reply(451, smtp.EnhancedCode{4, 3, 0}, "later") }
		}, probes.Deferred, 451, false, 0, "451 4.3.0 later"},
		{"mail refused for good", func(r *relay) {
			r.data = func(*smtp.Conn, func()) error { return reply(554, smtp.EnhancedCode{5, 7, 1}, "spam") }
		}, probes.Refused, 554, false, 0, "554 5.7.1 spam"},
		{"line lost before the mail is stored", func(r *relay) {
			r.data = func(c *smtp.Conn, _ func()) error { c.Conn().Close(); return nil }
		}, probes.Uncertain, 0, false, 0, "the answer never came"},
		{"line lost after the mail is stored", func(r *relay) {
			r.data = func(c *smtp.Conn, store func()) error { store(); c.Conn().Close(); return nil }
		}, probes.Uncertain, 0, false, 1, "the answer never came"},
		{"verdict never comes", func(r *relay) {
			r.data = func(_ *smtp.Conn, store func()) error { store(); <-done; return nil }
		}, probes.Uncertain, 0, false, 1, "timeout"},
		{"wrong password", func(r *relay) { r.Password = "wr0ng-word" }, probes.Deferred, 535, true, 0, "app password"},
		{"certificate not trusted", func(r *relay) { r.Roots = nil }, probes.Deferred, 0, true, 0, "authority's PEM file"},
		{"nobody listens", func(r *relay) { r.Port = closedPort(t) }, probes.Deferred, 0, true, 0, "connection refused"},
		{"not TLS from the first byte", func(r *relay) { r.Security = "tls" }, probes.Deferred, 0, true, 0, `set security to "starttls"`},
		{"no security named", func(r *relay) { r.Security = "none" }, probes.Deferred, 0, true, 0, `set security to "tls" or "starttls"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRelay(t, "starttls")
			c.fault(r)
			a := hasty(r.Server)
			if c.name == "verdict never comes" {
				a.patience.dot = 50 * time.Millisecond
			}
			d := a.Send(t.Context(), letter(t))
			if d.State != c.state || d.Code != c.code || d.Ours != c.ours || r.count() != c.stored {
				t.Errorf("%+v, %d stored; want %s, code %d, ours %v, %d stored", d, r.count(), c.state, c.code, c.ours, c.stored)
			}
			if !strings.Contains(d.Detail, strings.ReplaceAll(c.detail, "authority's PEM file", "authority's PEM file")) {
				t.Errorf("detail %q, want %q", d.Detail, c.detail)
			}
			if c.ours && !strings.Contains(d.Detail, r.Addr()) {
				t.Errorf("detail %q does not name %s", d.Detail, r.Addr())
			}
			if strings.Contains(d.Detail, password) || strings.Contains(d.Detail, "wr0ng-word") {
				t.Errorf("detail %q holds the password", d.Detail)
			}
		})
	}
}

func closedPort(t *testing.T) int {
	t.Helper()
	l := listen(t)
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// Moments that only a scripted server hits.
func TestSendAtTheEdges(t *testing.T) {
	at := func(command, text string, cut bool) func(string) (string, bool) {
		return func(got string) (string, bool) {
			if strings.HasPrefix(got, command) {
				return text, cut
			}
			return "", false
		}
	}
	for _, c := range []struct {
		name  string
		reply func(string) (string, bool)
		state probes.DeliveryState
		code  int
		ours  bool
	}{
		{"line lost at the greeting's answer", at("EHLO", "", true), probes.Deferred, 0, true},
		{"line lost at the log-in", at("AUTH", "", true), probes.Deferred, 0, true},
		{"log-in refused for now", at("AUTH", "454 4.7.0 later", false), probes.Deferred, 454, true},
		{"no log-in offered", at("EHLO", "250 relay.example", false), probes.Deferred, 0, true},
		{"line lost at the recipient", at("RCPT", "", true), probes.Deferred, 0, true},
		{"line lost at DATA", at("DATA", "", true), probes.Deferred, 0, true},
		{"DATA refused", at("DATA", "554 5.5.1 no valid recipients", false), probes.Refused, 554, false},
		{"closing down instead of a verdict", at(".", "421 4.3.2 shutting down", true), probes.Deferred, 421, false},
		{"accepted with an unusual code", at(".", "252 taken", false), probes.Accepted, 252, false},
		{"line lost after acceptance", at("QUIT", "", true), probes.Accepted, 250, false},
		{"half a verdict", at(".", "250-taken", true), probes.Uncertain, 0, false},
		{"nonsense for a verdict", at(".", "thanks", false), probes.Uncertain, 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := hasty(script(t, c.reply)).Send(t.Context(), letter(t))
			if d.State != c.state || d.Code != c.code || d.Ours != c.ours {
				t.Errorf("%+v; want %s, code %d, ours %v", d, c.state, c.code, c.ours)
			}
		})
	}
}

// A server without STARTTLS is never spoken to in the clear.
func TestSendNeverDowngrades(t *testing.T) {
	l := listen(t)
	heard := make(chan string, 10)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go play(conn, func(command string) (string, bool) {
				heard <- command
				if strings.HasPrefix(command, "EHLO") {
					return "250-relay.example\r\n250 AUTH PLAIN", false
				}
				return "", false
			})
		}
	}()
	d := hasty(serverAt(l.Addr(), "starttls")).Send(t.Context(), letter(t))
	if d.State != probes.Deferred || !d.Ours || !strings.Contains(d.Detail, "nothing is sent in the clear") {
		t.Errorf("%+v", d)
	}
	if first := <-heard; !strings.HasPrefix(first, "EHLO") || len(heard) != 0 {
		t.Errorf("the server heard %q and %d commands more", first, len(heard))
	}
}

// Asked to stop before the mail is under way, nothing is sent; after, the
// verdict is waited for.
func TestSendStopped(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := script(t, func(command string) (string, bool) {
		if strings.HasPrefix(command, "RCPT") {
			cancel()
		}
		return "", false
	})
	if d := hasty(s).Send(ctx, letter(t)); d.State != probes.Deferred {
		t.Errorf("stopped before: %+v", d)
	}

	ctx, cancel = context.WithCancel(t.Context())
	r := newRelay(t, "tls")
	r.data = func(_ *smtp.Conn, store func()) error { store(); cancel(); return nil }
	if d := hasty(r.Server).Send(ctx, letter(t)); d.State != probes.Accepted || r.count() != 1 {
		t.Errorf("stopped after: %+v, %d stored", d, r.count())
	}
}

func TestAccountErrors(t *testing.T) {
	r, b := newRelay(t, "starttls"), newBox(t, "tls")
	if err := (Account{SMTP: r.Server, IMAP: b.Server}).Test(t.Context()); err != nil {
		t.Errorf("a good account: %v", err)
	}
	s, i := r.Server, b.Server
	s.Password, i.Password = "wr0ng-word", "wr0ng-word"
	err := (Account{SMTP: s, IMAP: i}).Test(t.Context())
	var fault *AccountError
	if !errors.As(err, &fault) || fault.Fault != WrongPassword || !fault.Permanent() {
		t.Fatalf("%v", err)
	}
	for _, want := range []string{s.Addr(), i.Addr(), "log in as shopper"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q lacks %q", err, want)
		}
	}
	if strings.Contains(err.Error(), "wr0ng-word") {
		t.Errorf("%q holds the password", err)
	}
}
