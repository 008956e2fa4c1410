package mail

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gofrs/flock"
	"golang.org/x/oauth2"
)

// An OAuth is leave to use a mail account without its password (RFC 6749): a
// person logs in once, the refresh token is kept in a file, and each
// connection gets an access token that lives an hour or so. Several processes
// may share the file: a provider that gives a new refresh token with each
// access token would take a second use of the old one for theft.
type OAuth struct {
	Config oauth2.Config
	File   string             // where the refresh token is kept, mode 0600
	HTTP   *http.Client       // nil: the system's authorities, 30 s
	Hide   func(token string) // told each token before it is used: the redactor's Add; may be nil

	mu     sync.Mutex
	access *oauth2.Token // the last one; never written anywhere
}

// A grant is what the file holds.
type grant struct {
	TokenURL     string `json:"token_url"`
	ClientID     string `json:"client_id"`
	RefreshToken string `json:"refresh_token"`
}

// soon is how long before its end a token counts as ended.
const soon = time.Minute

// token gives an access token, by a refresh where the last one has ended.
func (o *OAuth) token(ctx context.Context) (string, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if t := o.access; t != nil && (t.Expiry.IsZero() || time.Until(t.Expiry) > soon) {
		return t.AccessToken, nil
	}
	if err := o.locked(ctx, func() error { return o.refresh(ctx) }); err != nil {
		return "", err
	}
	return o.access.AccessToken, nil
}

// forget drops a token that a server refused, and tells whether a new one may
// be better: that of a log-in that has just been made is not.
func (o *OAuth) forget(token string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.access == nil || o.access.AccessToken != token {
		return o.access != nil // somebody else has a newer one
	}
	o.access = nil
	return true
}

// secret gives the token in use, for whoever takes it out of a text.
func (o *OAuth) secret() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.access == nil {
		return ""
	}
	return o.access.AccessToken
}

func (o *OAuth) refresh(ctx context.Context) error {
	g, err := o.read()
	if err != nil {
		return err
	}
	o.hide(g.RefreshToken)
	t, err := o.Config.TokenSource(o.client(ctx), &oauth2.Token{RefreshToken: g.RefreshToken}).Token()
	if err != nil {
		return o.fault("refresh the log-in", err)
	}
	o.hide(t.AccessToken)
	o.access = t
	if t.RefreshToken == "" || t.RefreshToken == g.RefreshToken {
		return nil
	}
	o.hide(t.RefreshToken)
	return o.write(t.RefreshToken)
}

func (o *OAuth) hide(secret string) {
	if o.Hide != nil && secret != "" {
		o.Hide(secret)
	}
}

func (o *OAuth) client(ctx context.Context) context.Context {
	c := o.HTTP
	if c == nil {
		c = &http.Client{Timeout: 30 * time.Second}
	}
	return context.WithValue(ctx, oauth2.HTTPClient, c)
}

// locked keeps other processes from the file while f runs.
func (o *OAuth) locked(ctx context.Context, f func() error) error {
	if err := os.MkdirAll(filepath.Dir(o.File), 0o700); err != nil {
		return fmt.Errorf("the folder of the log-in: %w", err)
	}
	lock := flock.New(o.File + ".lock")
	if _, err := lock.TryLockContext(ctx, 20*time.Millisecond); err != nil {
		return fmt.Errorf("lock the log-in: %w", err)
	}
	defer func() { _ = lock.Unlock() }()
	return f()
}

func (o *OAuth) read() (grant, error) {
	var g grant
	again := func(what string) error {
		return &AccountError{Server: o.server(), Fault: LoginExpired, Err: errors.New(what), Mend: "run `touchstone mail login`"}
	}
	info, err := os.Stat(o.File)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return g, again("nobody has logged in yet")
	case err != nil:
		return g, fmt.Errorf("the log-in: %w", err)
	case runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0:
		return g, &AccountError{Server: o.server(), Fault: LoginExpired, Err: fmt.Errorf("%s may be read by others", o.File), Mend: "run `chmod 600` on it, or better log in again with `touchstone mail login`"}
	}
	data, err := os.ReadFile(o.File)
	if err != nil {
		return g, fmt.Errorf("the log-in: %w", err)
	}
	if json.Unmarshal(data, &g) != nil || g.RefreshToken == "" { // its text is a secret: no word of it in an error
		return g, again(o.File + " holds no log-in")
	}
	if g.ClientID != o.Config.ClientID || g.TokenURL != o.Config.Endpoint.TokenURL {
		return g, again("the log-in was made for another client-id or provider")
	}
	return g, nil
}

// write replaces the file as a whole: half a token would be a lost log-in.
func (o *OAuth) write(refresh string) (err error) {
	data, err := json.Marshal(grant{TokenURL: o.Config.Endpoint.TokenURL, ClientID: o.Config.ClientID, RefreshToken: refresh})
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(o.File), filepath.Base(o.File)+".*") // made with mode 0600
	if err != nil {
		return fmt.Errorf("keep the log-in: %w", err)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name())
			err = fmt.Errorf("keep the log-in: %w", err)
		}
	}()
	_, err = f.Write(append(data, '\n'))
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), o.File)
}

// keep stores what a log-in gave, if it gave enough.
func (o *OAuth) keep(ctx context.Context, t *oauth2.Token) error {
	o.hide(t.AccessToken)
	o.hide(t.RefreshToken)
	if t.RefreshToken == "" {
		return &AccountError{Server: o.server(), Fault: WrongScope, Err: errors.New("the provider gave no refresh token"), Mend: "the client must be one of a desktop program, and may have to ask for the scope offline_access"}
	}
	// A person may untick what is asked for; RFC 6749, 5.1: without a word on it
	// everything was granted.
	if granted, ok := t.Extra("scope").(string); ok && granted != "" {
		for _, s := range o.Config.Scopes {
			if s != "offline_access" && !slices.Contains(strings.Fields(strings.ToLower(granted)), strings.ToLower(s)) {
				return &AccountError{Server: o.server(), Fault: WrongScope, Err: fmt.Errorf("the scope %s was not granted", s), Mend: "log in again and grant all that is asked for; the client may have to be given the scope first"}
			}
		}
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := o.locked(ctx, func() error { return o.write(t.RefreshToken) }); err != nil {
		return err
	}
	o.access = t
	return nil
}

func (o *OAuth) server() string {
	if u, err := url.Parse(o.Config.Endpoint.TokenURL); err == nil && u.Host != "" {
		return u.Host
	}
	return o.Config.Endpoint.TokenURL
}

// fault says what a refusal of the provider's means (RFC 6749, 5.2; RFC 8628, 3.5).
func (o *OAuth) fault(doing string, err error) error {
	var said *oauth2.RetrieveError
	if !errors.As(err, &said) {
		var account *AccountError
		if errors.As(err, &account) {
			return err
		}
		return &AccountError{Server: o.server(), Fault: Unreachable, Err: fmt.Errorf("%s: %w", doing, err), Mend: "try again later"}
	}
	// Not its own text: it may repeat what was sent.
	status := 0
	if said.Response != nil {
		status = said.Response.StatusCode
	}
	words := strings.TrimSpace(said.ErrorCode + " " + firstLine(said.ErrorDescription))
	if words == "" {
		words = fmt.Sprintf("HTTP status %d", status)
	}
	fault, mend := NotUnderstood, "check the addresses of the provider in touchstone.yaml"
	switch said.ErrorCode {
	case "invalid_grant", "interaction_required", "login_required", "consent_required", "expired_token":
		fault, mend = LoginExpired, "the log-in has expired or was revoked: run `touchstone mail login`"
	case "access_denied":
		fault, mend = LoginExpired, "the log-in was refused: run `touchstone mail login` again and grant it"
	case "invalid_client", "unauthorized_client":
		fault, mend = WrongClient, "check client-id, client-secret and tenant in touchstone.yaml; docs/accounts.md says how to make them"
	case "invalid_scope":
		fault, mend = WrongScope, "give the client this scope where it was made, then run `touchstone mail login`"
	case "temporarily_unavailable", "server_error", "slow_down":
		fault, mend = Unreachable, "try again later"
	default:
		if status >= 500 || status == http.StatusTooManyRequests || status == http.StatusRequestTimeout {
			fault, mend = Unreachable, "try again later"
		}
	}
	return &AccountError{Server: o.server(), Fault: fault, Mend: mend, Err: fmt.Errorf("%s: %s", doing, words)}
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(strings.TrimSpace(s), "\n")
	return strings.TrimSpace(s)
}
