package mail

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"touchstone/internal/evidence"
	"touchstone/internal/oauthtest"
	"touchstone/internal/reading"
	"touchstone/internal/realmail"
	"touchstone/probes"
)

// These tests hold what the others say of mail servers against Dovecot and
// Exim. They start with TestReal, and run where realmail.Variable is set.

// at is an account on real servers.
func at(s *realmail.Servers, user, security string) Account {
	server := Server{Host: realmail.Host, Security: security, Username: user, Password: realmail.Password, Roots: s.Roots}
	a := Account{SMTP: server, IMAP: server}
	a.SMTP.Port, a.IMAP.Port = s.Submission, s.IMAP
	if security == "tls" {
		a.SMTP.Port, a.IMAP.Port = s.Submissions, s.IMAPS
	}
	return a
}

// letterTo is a letter of the shopper's with a sender and a Message-ID of its own.
func letterTo(t *testing.T, to, tag string) probes.Letter {
	t.Helper()
	l, err := compose(task(0), probes.Envelope{
		From: realmail.Shopper + "+" + tag + "@" + realmail.ShopperDomain, To: to + "@" + realmail.ShopDomain,
		MessageID: "id-" + tag + "@" + realmail.ShopperDomain, Date: time.Now(),
	})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestRealLogIn(t *testing.T) {
	s := realmail.Start(t)
	for _, security := range []string{"starttls", "tls"} {
		if err := at(s, realmail.Shopper, security).Test(t.Context()); err != nil {
			t.Errorf("%s: %v", security, err)
		}
		wrong := at(s, realmail.Shopper, security)
		wrong.SMTP.Password, wrong.IMAP.Password = "not-it-at-all", "not-it-at-all"
		stranger := at(s, realmail.Shopper, security)
		stranger.SMTP.Roots, stranger.IMAP.Roots = nil, nil
		swapped := at(s, realmail.Shopper, map[string]string{"starttls": "tls", "tls": "starttls"}[security])
		swapped.SMTP.Port, swapped.IMAP.Port = at(s, "", security).SMTP.Port, at(s, "", security).IMAP.Port
		swapped.patience = patience{dial: 500 * time.Millisecond} // each waits for the other to speak
		for _, c := range []struct {
			name    string
			account Account
			faults  []Fault
			says    string
		}{
			{"wrong password", wrong, []Fault{WrongPassword}, "app password"},
			{"untrusted certificate", stranger, []Fault{NotTrusted}, "never ignored"},
			{"the other port's security", swapped, []Fault{NoSecurity, Unreachable}, ""},
		} {
			var faults []*AccountError
			if joined, ok := c.account.Test(t.Context()).(interface{ Unwrap() []error }); ok {
				for _, err := range joined.Unwrap() {
					if fault, ok := err.(*AccountError); ok { //nolint:errorlint // as they were joined
						faults = append(faults, fault)
					}
				}
			}
			if len(faults) != 2 {
				t.Fatalf("%s, %s: %d faults, want one of each server: %v", security, c.name, len(faults), faults)
			}
			for _, f := range faults {
				if !slices.Contains(c.faults, f.Fault) || !strings.Contains(f.Error(), c.says) || strings.Contains(f.Error(), "not-it-at-all") {
					t.Errorf("%s, %s: %s: %v", security, c.name, f.Fault, f)
				}
			}
		}
	}
}

func TestRealSend(t *testing.T) {
	s := realmail.Start(t)
	k := newKeeper()
	start(t, at(s, realmail.Desk, "tls"), k.watch("INBOX", nil))
	for _, security := range []string{"starttls", "tls"} {
		a := at(s, realmail.Shopper, security)
		wrong, stranger := a, a
		wrong.SMTP.Password = "not-it-at-all"
		stranger.SMTP.Roots = nil
		foreign := letterTo(t, realmail.Desk, "foreign-"+security)
		foreign.From = "somebody@" + realmail.ShopDomain
		elsewhere := letterTo(t, realmail.Desk, "elsewhere-"+security)
		elsewhere.To = "someone@elsewhere.test"
		for _, c := range []struct {
			name    string
			account Account
			letter  probes.Letter
			state   probes.DeliveryState
			code    int
			ours    bool
			detail  string
		}{
			{"accepted", a, letterTo(t, realmail.Desk, "good-"+security), probes.Accepted, 250, false, "250 OK id="},
			{"unknown recipient", a, letterTo(t, "refused", "refused-"+security), probes.Refused, 550, false, "550 5.1.1 <refused@shop.test>: no such user here"},
			{"relaying", a, elsewhere, probes.Refused, 550, false, "550 relay not permitted"},
			{"somebody else's sender", a, foreign, probes.Deferred, 550, true, "check that the account may send from this address"},
			{"wrong password", wrong, letterTo(t, realmail.Desk, "wrong-"+security), probes.Deferred, 535, true, "app password"},
			{"untrusted certificate", stranger, letterTo(t, realmail.Desk, "stranger-"+security), probes.Deferred, 0, true, "certificate not trusted"},
		} {
			d := c.account.Send(t.Context(), c.letter)
			if d.State != c.state || d.Code != c.code || d.Ours != c.ours || !strings.Contains(d.Detail, c.detail) || strings.Contains(d.Detail, "not-it-at-all") {
				t.Errorf("%s, %s: %+v, want %s %d", security, c.name, d, c.state, c.code)
			}
		}
		if o := observe(t, probes.Thread{Letter: letterTo(t, "refused", "x"), Refused: "550 5.1.1 <refused@shop.test>: no such user here", Code: 550, Closed: true}); o.Outcome != evidence.Failed {
			t.Errorf("a refused recipient is %s: %s", o.Outcome, o.Reason)
		}
	}
	k.until(t, "the two good letters, and they alone", func() bool { return len(k.got) == 2 })
	for i, security := range []string{"starttls", "tls"} {
		l := letterTo(t, realmail.Desk, "good-"+security)
		_, words, _ := bytes.Cut(l.Raw, []byte("\r\n\r\n"))
		if got := k.got[i].Raw; !bytes.HasSuffix(got, words) || reading.Parse(got).MessageID != l.MessageID {
			t.Errorf("%s: the letter arrived as %q", security, got)
		}
	}
}

// A hundred letters at once: each is accepted and arrives once.
func TestRealSendAtOnce(t *testing.T) {
	const n = 100
	s := realmail.Start(t)
	k, a := newKeeper(), at(s, realmail.Shopper, "starttls")
	var letters []probes.Letter
	for i := range n {
		letters = append(letters, letterTo(t, realmail.Desk, fmt.Sprintf("many-%d", i)))
	}
	var wg sync.WaitGroup
	for _, l := range letters {
		wg.Go(func() {
			if d := a.Send(t.Context(), l); d.State != probes.Accepted {
				t.Errorf("%s: %+v", l.MessageID, d)
			}
		})
	}
	wg.Wait()
	poke := make(chan uint64)
	start(t, at(s, realmail.Desk, "starttls"), k.watch("INBOX", poke))
	k.until(t, "all letters", func() bool { return len(k.got) >= n })
	k.settled(t, poke)
	k.each(t, n)
}

// settled has the mailbox looked at once more: whatever it holds is stored then.
// Its patience is longer than a server's that slows logins down after its
// processes were killed, and than the longest pause before connecting again.
func (k *keeper) settled(t *testing.T, poke chan<- uint64) {
	t.Helper()
	poke <- 1
	for late := time.After(patient); ; {
		select {
		case n := <-k.caught:
			if n == 1 {
				return
			}
		case <-late:
			k.mu.Lock()
			defer k.mu.Unlock()
			t.Fatalf("the mailbox was never looked at again (%d messages, states %v)", len(k.got), k.states)
		}
	}
}

// each fails the test unless n mails are stored, each once, in the order of
// the mailbox.
func (k *keeper) each(t *testing.T, n int) {
	t.Helper()
	k.mu.Lock()
	defer k.mu.Unlock()
	times, last := map[string]int{}, uint32(0)
	for _, m := range k.got {
		times[reading.Parse(m.Raw).MessageID]++
		if m.UID <= last {
			t.Errorf("message %d was stored after %d", m.UID, last)
		}
		last = m.UID
	}
	if len(k.got) != n || len(times) != n {
		t.Errorf("%d mails stored, %d different ones, want %d", len(k.got), len(times), n)
	}
	for id, n := range times {
		if n != 1 {
			t.Errorf("%s stored %d times", id, n)
		}
	}
}

// What servers answer by themselves is what the reader takes it for.
func TestRealAnswers(t *testing.T) {
	s := realmail.Start(t)
	k, a := newKeeper(), at(s, realmail.Shopper, "starttls")
	start(t, a, k.watch("INBOX", nil))
	for _, c := range []struct {
		to      string
		class   reading.Class
		outcome evidence.Outcome
		fact    string
		refers  bool // names the letter's Message-ID
	}{
		{"gone", reading.Bounce, evidence.Failed, "mail.bounced", true},
		{realmail.Auto, reading.Acknowledgement, evidence.Silent, "mail.acknowledged", true},
	} {
		l := letterTo(t, c.to, "to-"+c.to)
		if d := a.Send(t.Context(), l); d.State != probes.Accepted {
			t.Fatalf("%s: %+v", c.to, d)
		}
		sent := time.Now()
		k.mu.Lock()
		before := len(k.got)
		k.mu.Unlock()
		k.until(t, "the answer of "+c.to, func() bool { return len(k.got) > before })
		in := k.got[before]
		m := reading.Parse(in.Raw)
		if class, rule := reading.Classify(m); class != c.class {
			t.Errorf("%s: %s (%s), want %s:\n%s", c.to, class, rule, c.class, in.Raw)
		}
		addresses, ids := m.Keys()
		if !slices.Contains(ids, l.MessageID) {
			t.Errorf("%s: refers to %v, want %s:\n%s", c.to, ids, l.MessageID, in.Raw)
		}
		if !slices.Contains(addresses, l.From) {
			t.Errorf("%s: to %v, want %s", c.to, addresses, l.From)
		}
		o := observe(t, probes.Thread{Letter: l, Sent: sent, Window: time.Hour, Closed: true, Arrivals: []probes.Arrival{{Raw: in.Raw, Received: in.Received, Seen: time.Now(), Mailbox: in.Mailbox}}})
		if f, ok := o.Fact(c.fact); o.Outcome != c.outcome || !ok || f.Number != 1 {
			t.Errorf("%s: %s (%s), facts %v", c.to, o.Outcome, o.Reason, o.Facts)
		}
		if f, _ := o.Fact("mail.bounce-status"); c.class == reading.Bounce && f.Text != "5.1.1" && f.Text != "5.0.0" {
			t.Errorf("bounced with the status %q:\n%s", f.Text, in.Raw)
		}
	}
}

// Two hundred mails arrive while the session dies four times: all are stored,
// none twice.
func TestRealWatchKilled(t *testing.T) {
	const mails, kills = 200, 4
	s := realmail.Start(t)
	k, poke := newKeeper(), make(chan uint64)
	w := k.watch("INBOX", poke)
	w.Watchdog = 30 * time.Second // of a session that began as another died an answer was once never seen
	start(t, at(s, realmail.Desk, "tls"), w)
	a := at(s, realmail.Shopper, "tls")
	todo := make(chan probes.Letter, mails)
	for i := range mails {
		todo <- letterTo(t, realmail.Desk, fmt.Sprintf("killed-%d", i))
	}
	close(todo)
	ctx, cancel := context.WithCancel(t.Context())
	var senders sync.WaitGroup
	defer senders.Wait()
	defer cancel()
	for range 4 {
		senders.Go(func() {
			for l := range todo {
				if d := a.Send(ctx, l); d.State != probes.Accepted && ctx.Err() == nil {
					t.Errorf("%s: %+v", l.MessageID, d)
				}
			}
		})
	}
	for i := range kills {
		seen := 0
		k.until(t, fmt.Sprintf("a session for kill %d", i+1), func() bool {
			seen = len(k.states)
			return seen > 0 && k.states[seen-1] == nil && len(k.got) >= (i+1)*mails/(kills+1)
		})
		if n, err := s.KillSessions(); err != nil || n == 0 {
			t.Errorf("kill %d found no session: %v", i+1, err)
		}
		k.until(t, fmt.Sprintf("the loss after kill %d", i+1), func() bool { return len(k.states) > seen })
	}
	k.until(t, "all mails", func() bool { return len(k.got) >= mails })
	k.settled(t, poke)
	k.each(t, mails)
}

// Mail that the server takes for spam is seen, the sender's own copy is found
// by its Message-ID, and a sub-address reaches its owner with its tag.
func TestRealFolders(t *testing.T) {
	s := realmail.Start(t)
	a, desk := at(s, realmail.Shopper, "starttls"), at(s, realmail.Desk, "tls")
	inbox, junk := newKeeper(), newKeeper()
	start(t, a, inbox.watch("INBOX", nil))
	spam := junk.watch("spam", nil) // found by its use, whatever it is called here
	spam.Junk = true
	start(t, a, spam)
	for _, spam := range []bool{false, true} {
		l := probes.Letter{Envelope: probes.Envelope{From: realmail.Desk + "@" + realmail.ShopDomain, To: realmail.Shopper + "+k7f2@" + realmail.ShopperDomain, MessageID: fmt.Sprintf("spam-%v@%s", spam, realmail.ShopDomain)}}
		l.Raw = raw("From: "+l.From, "To: you <someone@else.test>", "Message-ID: <"+l.MessageID+">", "Subject: An offer", "X-Spam-Flag: "+map[bool]string{true: "YES", false: "NO"}[spam], "", "Buy.")
		if d := desk.Send(t.Context(), l); d.State != probes.Accepted {
			t.Fatalf("%+v", d)
		}
	}
	inbox.until(t, "the good mail", func() bool { return len(inbox.got) == 1 })
	junk.until(t, "the spam", func() bool { return len(junk.got) == 1 && junk.got[0].Junk && junk.got[0].Mailbox == "spam" })
	if addresses, _ := reading.Keys(inbox.got[0].Raw); !slices.Contains(addresses, realmail.Shopper+"+k7f2@"+realmail.ShopperDomain) {
		t.Errorf("the tag is lost: %v in\n%s", addresses, inbox.got[0].Raw)
	}

	l := letterTo(t, realmail.Desk, "kept")
	m, err := a.mailbox(t.Context(), func(uint32) {})
	if err != nil {
		t.Fatal(err)
	}
	defer m.logOut()
	kept := m.Append("Sent", int64(len(l.Raw)), &imap.AppendOptions{Flags: []imap.Flag{imap.FlagSeen}})
	if _, err := kept.Write(l.Raw); err != nil {
		t.Fatal(err)
	}
	if err := kept.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := kept.Wait(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		mailbox, id string
		want        bool
	}{{"Sent", l.MessageID, true}, {"Sent", "other-" + l.MessageID, false}, {"INBOX", l.MessageID, false}, {"Junk", "spam-true@" + realmail.ShopDomain, true}} {
		if got, err := a.Find(t.Context(), c.mailbox, c.id); err != nil || got != c.want {
			t.Errorf("%s in %s: %v, %v", c.id, c.mailbox, got, err)
		}
	}
	if found, err := a.FindSent(t.Context(), l.MessageID); err != nil || !found {
		t.Errorf("among what was sent: %v, %v", found, err)
	}
	var fault *AccountError
	if _, err := a.Find(t.Context(), "Nowhere", l.MessageID); !errors.As(err, &fault) || fault.Fault != NoSuchMailbox {
		t.Errorf("a mailbox that is not there: %v", err)
	}
}

// Dovecot takes access tokens by both mechanisms, as far as the provider
// vouches for them, and says what it finds wrong with others.
func TestRealOAuth(t *testing.T) {
	p := oauthtest.Start(t, realmail.Shopper)
	s := realmail.StartOAuth(t, p.URL+"/introspect?token=")
	o := clientOf(p, filepath.Join(t.TempDir(), "log-in.json"))
	logIn(t, o)
	a := at(s, realmail.Shopper, "tls")
	a.IMAP.Password, a.IMAP.OAuth = "", o
	for _, m := range []string{oauthBearer, xoauth2} {
		c, err := a.oneMechanism(t.Context(), m)
		if err != nil {
			t.Fatalf("%s: %v", m, err)
		}
		c.logOut()
	}
	open := func() error {
		m, err := a.mailbox(t.Context(), func(uint32) {})
		if err == nil {
			m.logOut()
		}
		return err
	}
	p.EndAccess()
	if err := open(); err != nil || p.Count("refresh_token") != 1 {
		t.Errorf("after the token was ended: %v, %d refreshes", err, p.Count("refresh_token"))
	}
	var fault *AccountError
	p.Revoke()
	if err := open(); !errors.As(err, &fault) || fault.Fault != LoginExpired {
		t.Errorf("revoked: %v", err)
	}
	logIn(t, o)
	p.Grant("calendar")
	if err := open(); !errors.As(err, &fault) || fault.Fault != WrongScope && fault.Fault != LoginExpired {
		t.Errorf("without the scope: %v", err)
	}
	if p.Count("introspect") < 4 {
		t.Errorf("Dovecot asked the provider %d times", p.Count("introspect"))
	}
}

// oneMechanism logs in by a mechanism of several that are offered.
func (a Account) oneMechanism(ctx context.Context, mechanism string) (*mailbox, error) {
	s := a.IMAP
	token, err := s.OAuth.token(ctx)
	if err != nil {
		return nil, err
	}
	s.Password = token
	conn, raw, err := s.dial(ctx, a.waits())
	if err != nil {
		return nil, err
	}
	m := &mailbox{server: s, raw: raw, waits: a.waits(), stop: context.AfterFunc(ctx, func() { raw.Close() })}
	m.Client = imapclient.New(conn, nil)
	if err := m.WaitGreeting(); err != nil {
		m.close()
		return nil, err
	}
	if offered := m.Caps().AuthMechanisms(); !slices.Contains(offered, mechanism) {
		m.close()
		return nil, fmt.Errorf("the server offers %v", offered)
	}
	if err := m.Authenticate(&bearer{mechanism: mechanism, server: s}); err != nil {
		m.close()
		return nil, err
	}
	return m, nil
}
