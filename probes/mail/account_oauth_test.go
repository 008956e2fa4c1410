package mail

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"golang.org/x/oauth2"

	"touchstone/internal/oauthtest"
	"touchstone/probes"
)

// A bearerServer is the server's side of OAUTHBEARER and XOAUTH2.
type bearerServer struct {
	mechanism string
	provider  *oauthtest.Provider
	refused   error
	heard     bool
}

var sentToken = regexp.MustCompile(`^(?:n,a=([^,]*),\x01host=[^\x01]+\x01port=\d+|user=([^\x01]*))\x01auth=Bearer ([^\x01]+)\x01\x01$`)

func (b *bearerServer) Next(response []byte) (challenge []byte, done bool, err error) {
	if response == nil {
		return []byte{}, false, nil
	}
	if b.heard {
		return nil, true, b.refused
	}
	b.heard = true
	m := sentToken.FindSubmatch(response)
	if m == nil || (b.mechanism == oauthBearer) != bytes.HasPrefix(response, []byte("n,")) || string(m[1])+string(m[2]) != "shopper" {
		return nil, true, errors.New("not a bearer token of shopper")
	}
	good, mail := b.provider.Takes(string(m[3]))
	switch {
	case !good:
		return []byte(`{"status":"invalid_token","schemes":"bearer"}`), false, nil
	case !mail:
		return []byte(`{"status":"insufficient_scope","scope":"mail.all"}`), false, nil
	}
	return nil, true, nil
}

// oauthWorld is a provider with a relay and a mailbox that take its tokens
// by one mechanism.
func oauthWorld(t *testing.T, mechanism string) (*oauthtest.Provider, Account) {
	t.Helper()
	p := oauthtest.Start(t, "shopper")

	relay := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) {
		return &oauthRelay{relaySession: relaySession{relay: &relay{}}, mechanism: mechanism, provider: p}, nil
	}))
	relay.Domain, relay.TLSConfig, relay.ErrorLog = "relay.example", serverTLS(), log.New(io.Discard, "", 0)
	outgoing := listen(t)
	go func() { _ = relay.Serve(outgoing) }()
	t.Cleanup(func() { relay.Close() })

	user := imapmemserver.NewUser("shopper", password)
	if err := user.Create("INBOX", nil); err != nil {
		t.Fatal(err)
	}
	box := imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return &oauthBox{UserSession: imapmemserver.NewUserSession(user), mechanism: mechanism, provider: p}, nil, nil
		},
		Caps: imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapIMAP4rev2: {}}, TLSConfig: serverTLS(), Logger: log.New(io.Discard, "", 0),
	})
	incoming := listen(t)
	go func() { _ = box.Serve(incoming) }()
	t.Cleanup(func() { box.Close() })

	o := clientOf(p, filepath.Join(t.TempDir(), "settings", "log-in.json"))
	a := Account{SMTP: serverAt(outgoing.Addr(), "starttls"), IMAP: serverAt(incoming.Addr(), "starttls"), patience: patience{retry: time.Millisecond, settle: 10 * time.Millisecond}}
	a.SMTP.Password, a.IMAP.Password, a.SMTP.OAuth, a.IMAP.OAuth = "", "", o, o
	return p, a
}

func clientOf(p *oauthtest.Provider, file string) *OAuth {
	return &OAuth{File: file, Config: oauth2.Config{ClientID: oauthtest.ClientID, Scopes: []string{oauthtest.Scope, "offline_access"}, Endpoint: oauth2.Endpoint{
		AuthURL: p.URL + "/authorise", TokenURL: p.URL + "/exchange", DeviceAuthURL: p.URL + "/device", AuthStyle: oauth2.AuthStyleInParams,
	}}}
}

type oauthRelay struct {
	relaySession
	mechanism string
	provider  *oauthtest.Provider
}

func (s *oauthRelay) AuthMechanisms() []string { return []string{s.mechanism} }
func (s *oauthRelay) Auth(string) (sasl.Server, error) {
	return &bearerServer{mechanism: s.mechanism, provider: s.provider, refused: &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 3}, Message: "Authentication unsuccessful"}}, nil
}

type oauthBox struct {
	*imapmemserver.UserSession
	mechanism string
	provider  *oauthtest.Provider
}

func (s *oauthBox) Login(string, string) error       { return imapserver.ErrAuthFailed }
func (s *oauthBox) AuthenticateMechanisms() []string { return []string{s.mechanism} }
func (s *oauthBox) Authenticate(string) (sasl.Server, error) {
	return &bearerServer{mechanism: s.mechanism, provider: s.provider, refused: imapserver.ErrAuthFailed}, nil
}

// open is a person with a browser.
func open(t *testing.T) func(string) {
	return func(address string) {
		go func() {
			r, err := http.Get(address) //nolint:noctx // of a test
			if err != nil {
				t.Error(err)
				return
			}
			defer r.Body.Close()
			if _, err := io.Copy(io.Discard, r.Body); err != nil {
				t.Error(err)
			}
		}()
	}
}

func logIn(t *testing.T, o *OAuth) {
	t.Helper()
	if err := o.Login(t.Context(), "shopper", "127.0.0.1", open(t)); err != nil {
		t.Fatal(err)
	}
}

func TestOAuth(t *testing.T) {
	for _, mechanism := range []string{oauthBearer, xoauth2} {
		t.Run(mechanism, func(t *testing.T) {
			p, a := oauthWorld(t, mechanism)
			logIn(t, a.IMAP.OAuth)
			if err := a.Test(t.Context()); err != nil {
				t.Fatal(err)
			}
			if d := a.Send(t.Context(), letter(t)); d.State != probes.Accepted {
				t.Fatalf("%+v", d)
			}
			if n := p.Count("refresh_token"); n != 0 {
				t.Errorf("%d refreshes of a log-in that was just made", n)
			}

			// Another process has the file alone.
			other := clientOf(p, a.IMAP.OAuth.File)
			b := a
			b.SMTP.OAuth, b.IMAP.OAuth = other, other
			if err := b.Test(t.Context()); err != nil || p.Count("refresh_token") != 1 {
				t.Errorf("%v after %d refreshes", err, p.Count("refresh_token"))
			}

			// A token that was ended before its time is replaced, and nobody notices.
			p.EndAccess()
			if err := a.Test(t.Context()); err != nil || p.Count("refresh_token") != 2 {
				t.Errorf("%v after %d refreshes", err, p.Count("refresh_token"))
			}
		})
	}
}

// Refresh tokens are good once: two processes with many connections each never
// use one twice.
func TestOAuthShared(t *testing.T) {
	p, a := oauthWorld(t, oauthBearer)
	p.Lifetime(30 * time.Second) // always too near its end: each connection refreshes
	logIn(t, a.IMAP.OAuth)
	other := clientOf(p, a.IMAP.OAuth.File)
	b := a
	b.SMTP.OAuth, b.IMAP.OAuth = other, other
	var wg sync.WaitGroup
	for _, account := range []Account{a, b} {
		for range 5 {
			wg.Go(func() {
				if err := account.Test(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
	}
	wg.Wait()
	if n := p.Count("refresh_token"); n != 20 {
		t.Errorf("%d refreshes, want one for each connection", n)
	}
}

func TestOAuthFile(t *testing.T) {
	p, a := oauthWorld(t, xoauth2)
	logIn(t, a.IMAP.OAuth)
	o := a.IMAP.OAuth
	info, err := os.Stat(o.File)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%v, %v", info.Mode(), err)
	}
	data, err := os.ReadFile(o.File)
	if err != nil {
		t.Fatal(err)
	}
	if token := o.secret(); token == "" || bytes.Contains(data, []byte(token)) {
		t.Error("the access token is kept")
	}
	var g grant
	if err := json.Unmarshal(data, &g); err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob(filepath.Join(filepath.Dir(o.File), "*"))
	if err != nil || len(names) != 2 { // and the lock
		t.Errorf("left behind: %v, %v", names, err)
	}
	for _, c := range []struct {
		name, says string
		change     func()
	}{
		{"readable by others", "may be read by others", func() { _ = os.Chmod(o.File, 0o644) }},
		{"of another client", "made for another client-id", func() { rewrite(t, o.File, strings.Replace(string(data), oauthtest.ClientID, "other", 1)) }},
		{"broken", "holds no log-in", func() { rewrite(t, o.File, string(data[:len(data)-5])) }},
		{"gone", "nobody has logged in yet", func() { _ = os.Remove(o.File) }},
	} {
		c.change()
		fresh := clientOf(p, o.File)
		a.SMTP.OAuth, a.IMAP.OAuth = fresh, fresh
		err := a.Test(t.Context())
		var fault *AccountError
		if !errors.As(err, &fault) || fault.Fault != LoginExpired || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), "touchstone mail login") || strings.Contains(err.Error(), g.RefreshToken) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func rewrite(t *testing.T, file, text string) {
	t.Helper()
	if err := errors.Join(os.WriteFile(file, []byte(text), 0o600), os.Chmod(file, 0o600)); err != nil {
		t.Fatal(err)
	}
}

// Each refusal says what a person can do, and no secret.
func TestOAuthRefusals(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(*oauthtest.Provider, *OAuth)
		fault Fault
		says  string
	}{
		{"revoked", func(p *oauthtest.Provider, _ *OAuth) { p.Revoke() }, LoginExpired, "has expired or was revoked: run `touchstone mail login`"},
		{"wrong client", func(p *oauthtest.Provider, o *OAuth) { p.EndAccess(); p.Fail("invalid_client", 401) }, WrongClient, "check client-id, client-secret and tenant"},
		{"wrong scope at the provider", func(p *oauthtest.Provider, _ *OAuth) { p.EndAccess(); p.Fail("invalid_scope", 400) }, WrongScope, "give the client this scope"},
		{"wrong scope at the mail server", func(p *oauthtest.Provider, _ *OAuth) { p.Grant("calendar") }, WrongScope, "grant the scope mail.all"},
		{"provider down", func(p *oauthtest.Provider, _ *OAuth) { p.EndAccess(); p.Fail("", 0); p.Fail("oops", 503) }, Unreachable, "try again later"},
		{"a strange answer", func(p *oauthtest.Provider, _ *OAuth) { p.EndAccess(); p.Fail("tea_break", 418) }, NotUnderstood, "check the addresses of the provider"},
		{"nobody there", func(p *oauthtest.Provider, o *OAuth) { p.EndAccess(); o.HTTP = &http.Client{Transport: noRoute{}} }, Unreachable, "try again later"},
	} {
		for _, mechanism := range []string{oauthBearer, xoauth2} {
			p, a := oauthWorld(t, mechanism)
			o := a.IMAP.OAuth
			logIn(t, o)
			secrets := p.Secrets()
			c.spoil(p, o)
			d := a.Send(t.Context(), letter(t))
			if d.State != probes.Deferred || !d.Ours {
				t.Errorf("%s, %s: %+v", c.name, mechanism, d)
			}
			err := a.Test(t.Context())
			joined, ok := err.(interface{ Unwrap() []error }) //nolint:errorlint // as they were joined
			if !ok || len(joined.Unwrap()) != 2 {
				t.Fatalf("%s, %s: want a fault of each server: %v", c.name, mechanism, err)
			}
			for _, err := range joined.Unwrap() {
				var fault *AccountError
				if !errors.As(err, &fault) || fault.Fault != c.fault || !strings.Contains(err.Error(), c.says) {
					t.Errorf("%s, %s: %v, want %s", c.name, mechanism, err, c.fault)
				}
			}
			for _, s := range append(secrets, o.secret()) {
				if s != "" && strings.Contains(err.Error()+d.Detail, s) {
					t.Errorf("%s, %s: a token is told: %v", c.name, mechanism, err)
				}
			}
		}
	}
}

type noRoute struct{}

func (noRoute) RoundTrip(*http.Request) (*http.Response, error) { return nil, errors.New("no route") }

func TestOAuthLogin(t *testing.T) {
	p, a := oauthWorld(t, xoauth2)
	o := a.IMAP.OAuth
	var hidden []string
	o.Hide = func(s string) { hidden = append(hidden, s) }

	// Whoever finds the port and does not know the state changes nothing.
	err := o.Login(t.Context(), "shopper", "localhost", func(address string) {
		port := regexp.MustCompile(`localhost%3A(\d+)`).FindStringSubmatch(address)
		if port == nil {
			t.Errorf("no port in %s", address)
			return
		}
		for _, path := range []string{"/?code=stolen&state=guessed", "/other?code=x", "/"} {
			r, err := http.Get("http://127.0.0.1:" + port[1] + path) //nolint:noctx // of a test
			if err != nil || r.StatusCode != http.StatusBadRequest {
				t.Errorf("%s: %v, %v", path, r, err)
			}
			r.Body.Close()
		}
		open(t)(strings.Replace(address, "localhost%3A", "127.0.0.1%3A", 1))
	})
	var fault *AccountError
	if !errors.As(err, &fault) || fault.Fault != LoginExpired { // the redirect was changed on the way: PKCE's exchange refuses it
		t.Errorf("%v", err)
	}
	logIn(t, o)
	for _, s := range p.Secrets() {
		if !strings.Contains(strings.Join(hidden, " "), s) {
			t.Error("a token was not told to the redactor")
		}
	}

	p.Fail("access_denied", 400)
	if err := o.Login(t.Context(), "shopper", "127.0.0.1", open(t)); err == nil || !strings.Contains(err.Error(), "the log-in was refused") {
		t.Errorf("%v", err)
	}
	p.Fail("", 0)
	p.Grant("calendar")
	if err := o.Login(t.Context(), "shopper", "127.0.0.1", open(t)); !errors.As(err, &fault) || fault.Fault != WrongScope || !strings.Contains(err.Error(), "scope mail was not granted") {
		t.Errorf("%v", err)
	}
	p.Grant(oauthtest.Scope)
	gone, cancel := context.WithCancel(t.Context())
	if err := o.Login(gone, "shopper", "127.0.0.1", func(string) { cancel() }); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestOAuthDevice(t *testing.T) {
	p, a := oauthWorld(t, oauthBearer)
	o := a.IMAP.OAuth
	if err := o.LoginDevice(t.Context(), func(address, code string) {
		if address != p.URL+"/type" || code != "TEA-42" {
			t.Errorf("%s, %s", address, code)
		}
		p.Type()
	}); err != nil {
		t.Fatal(err)
	}
	if err := a.Test(t.Context()); err != nil {
		t.Error(err)
	}
	o.Config.Endpoint.DeviceAuthURL = ""
	if err := o.LoginDevice(t.Context(), func(string, string) {}); err == nil || !strings.Contains(err.Error(), "leave out --device") {
		t.Errorf("%v", err)
	}
}

// What providers say when they refuse a log-in, in their words, and the mend.
func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		words string
		fault Fault
		says  string
	}{
		{"535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled for more information.", LogInDisabled, "its administrator can allow it"},
		{"535 5.7.139 Authentication unsuccessful, basic authentication is disabled.", LogInDisabled, "replace `password` by `oauth`"},
		{"534 5.7.9 Application-specific password required. For more information, go to", WrongPassword, "wants an app password"},
		{"534 5.7.14 Please log in via your web browser and then try again.", WrongPassword, "log in once at the provider's web page"},
		{"535 5.7.8 Username and Password not accepted", WrongPassword, "many providers want an app password"},
	} {
		server := script(t, func(command string) (string, bool) {
			if strings.HasPrefix(command, "AUTH") {
				return c.words, true
			}
			return "", false
		})
		d := hasty(server).Send(t.Context(), letter(t))
		if d.State != probes.Deferred || !d.Ours || !strings.Contains(d.Detail, c.says) {
			t.Errorf("%s: %+v", c.words, d)
		}
		var fault *AccountError
		if _, _, err := hasty(server).submission(t.Context()); !errors.As(err, &fault) || fault.Fault != c.fault {
			t.Errorf("%s: %v, want %s", c.words, err, c.fault)
		}
	}
	for words, says := range map[string]string{
		"[ALERT] Application-specific password required: https://support.google.com/accounts/answer/185833 (Failure)": "wants an app password",
		"[ALERT] Your account is not enabled for IMAP use. Please visit your Gmail settings page":                     "switch IMAP on",
		"LOGIN failed.": "many providers want an app password",
		"User is authenticated but not connected.": "switch IMAP on",
	} {
		err := Server{}.refusal(nil, &imap.Error{Type: imap.StatusResponseTypeNo, Text: words})
		if !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want %q", err, says)
		}
	}
}

// A server that repeats what it was sent does not make us repeat it.
func TestOAuthRedacted(t *testing.T) {
	s := Server{Host: "mx.example", Port: 465, Username: "shopper", Password: "tok-en-4711"}
	for _, m := range []string{oauthBearer, xoauth2} {
		b := &bearer{mechanism: m, server: s}
		text := "535 you sent " + base64.StdEncoding.EncodeToString(b.response()) + " with " + s.Password
		if clean := s.redactText(text); strings.Contains(clean, s.Password) || strings.Contains(clean, base64.StdEncoding.EncodeToString(b.response())[:30]) {
			t.Errorf("%q", clean)
		}
	}
}
