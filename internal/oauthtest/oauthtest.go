// Package oauthtest is an OAuth 2 provider on loopback for tests: the
// authorisation code flow with PKCE, the device flow, refresh tokens that are
// good once, expiry, revocation, and introspection for mail servers.
package oauthtest

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// What the provider knows.
const (
	ClientID = "touchstone-test"
	Scope    = "mail"
)

// A Provider grants access to one user's mail.
type Provider struct {
	URL  string // http://127.0.0.1:port
	User string

	mu      sync.Mutex
	granted string // scope that a person grants
	life    time.Duration
	fault   string // answer of the next exchanges
	status  int    // its HTTP status
	codes   map[string]url.Values
	devices map[string]bool      // device code → a person typed it in
	access  map[string]time.Time // → end
	refresh string               // the one that is good; empty: none
	counts  map[string]int
}

// Start runs a provider until the test ends.
func Start(t testing.TB, user string) *Provider {
	t.Helper()
	p := &Provider{User: user, granted: Scope, life: time.Hour, codes: map[string]url.Values{}, devices: map[string]bool{}, access: map[string]time.Time{}, counts: map[string]int{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /authorise", p.authorise)
	mux.HandleFunc("POST /exchange", p.exchange)
	mux.HandleFunc("POST /device", p.device)
	mux.HandleFunc("/introspect", p.introspect)
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	p.URL = s.URL
	return p
}

// Grant sets the scope that the next log-ins are given; Lifetime how long
// access tokens live from now on.
func (p *Provider) Grant(scope string)       { p.mu.Lock(); defer p.mu.Unlock(); p.granted = scope }
func (p *Provider) Lifetime(d time.Duration) { p.mu.Lock(); defer p.mu.Unlock(); p.life = d }

// Fail makes exchanges fail with an error code and status, until "" is given.
func (p *Provider) Fail(code string, status int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fault, p.status = code, status
}

// EndAccess ends every access token before its time; Revoke the whole log-in.
func (p *Provider) EndAccess() { p.mu.Lock(); defer p.mu.Unlock(); clear(p.access) }
func (p *Provider) Revoke()    { p.mu.Lock(); defer p.mu.Unlock(); clear(p.access); p.refresh = "" }

// Type approves every device code, as a person does who types it in.
func (p *Provider) Type() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for code := range p.devices {
		p.devices[code] = true
	}
}

// Count tells how often a grant type, or "introspect", was asked for.
func (p *Provider) Count(what string) int { p.mu.Lock(); defer p.mu.Unlock(); return p.counts[what] }

// Takes reports whether an access token is good, and extends to mail.
func (p *Provider) Takes(token string) (good, mail bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	end, ok := p.access[token]
	return ok && time.Now().Before(end), slices.Contains(strings.Fields(p.granted), Scope)
}

// Secrets gives every token that is good now.
func (p *Provider) Secrets() (all []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for token := range p.access {
		all = append(all, token)
	}
	return append(all, p.refresh)
}

// authorise grants at once: the person is always willing, unless Fail says
// "access_denied".
func (p *Provider) authorise(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	back, err := url.Parse(q.Get("redirect_uri"))
	if err != nil || !slices.Contains([]string{"127.0.0.1", "localhost"}, back.Hostname()) || q.Get("client_id") != ClientID ||
		q.Get("response_type") != "code" || q.Get("code_challenge_method") != "S256" || q.Get("code_challenge") == "" || q.Get("state") == "" {
		http.Error(w, "not an authorisation request", http.StatusBadRequest)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	answer := url.Values{"state": {q.Get("state")}}
	if p.fault == "access_denied" {
		answer.Set("error", p.fault)
	} else {
		code := rand.Text()
		p.codes[code] = q
		answer.Set("code", code)
	}
	back.RawQuery = answer.Encode()
	http.Redirect(w, r, back.String(), http.StatusFound)
}

func (p *Provider) exchange(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	grant := r.PostFormValue("grant_type")
	p.counts[grant]++
	refuse := func(code string) { answer(w, http.StatusBadRequest, map[string]any{"error": code}) }
	if p.fault != "" {
		// a careless provider repeats what it was sent
		answer(w, p.status, map[string]any{"error": p.fault, "sent": r.PostFormValue("refresh_token")})
		return
	}
	if r.PostFormValue("client_id") != ClientID {
		refuse("invalid_client")
		return
	}
	switch grant {
	case "authorization_code":
		q, ok := p.codes[r.PostFormValue("code")]
		delete(p.codes, r.PostFormValue("code"))
		sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
		if !ok || q.Get("redirect_uri") != r.PostFormValue("redirect_uri") || q.Get("code_challenge") != base64.RawURLEncoding.EncodeToString(sum[:]) {
			refuse("invalid_grant")
			return
		}
	case "refresh_token":
		if p.refresh == "" || r.PostFormValue("refresh_token") != p.refresh {
			p.refresh = "" // an old one: somebody stole it
			clear(p.access)
			refuse("invalid_grant")
			return
		}
	case "urn:ietf:params:oauth:grant-type:device_code":
		typed, ok := p.devices[r.PostFormValue("device_code")]
		switch {
		case !ok:
			refuse("expired_token")
			return
		case !typed:
			refuse("authorization_pending")
			return
		}
		delete(p.devices, r.PostFormValue("device_code"))
	default:
		refuse("unsupported_grant_type")
		return
	}
	token := rand.Text()
	p.access[token] = time.Now().Add(p.life)
	p.refresh = rand.Text()
	answer(w, http.StatusOK, map[string]any{"access_token": token, "token_type": "Bearer", "expires_in": int(p.life / time.Second), "refresh_token": p.refresh, "scope": p.granted})
}

func (p *Provider) device(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if r.PostFormValue("client_id") != ClientID {
		answer(w, http.StatusBadRequest, map[string]any{"error": "invalid_client"})
		return
	}
	code := rand.Text()
	p.devices[code] = false
	answer(w, http.StatusOK, map[string]any{"device_code": code, "user_code": "TEA-42", "verification_uri": p.URL + "/type", "expires_in": 60, "interval": 1})
}

// introspect answers a mail server (RFC 7662), in a form or, as Dovecot asks,
// in the query.
func (p *Provider) introspect(w http.ResponseWriter, r *http.Request) {
	good, mail := p.Takes(r.FormValue("token"))
	p.mu.Lock()
	defer p.mu.Unlock()
	p.counts["introspect"]++
	if !good {
		answer(w, http.StatusOK, map[string]any{"active": false})
		return
	}
	scope := ""
	if mail {
		scope = Scope
	}
	answer(w, http.StatusOK, map[string]any{"active": true, "username": p.User, "email": p.User, "scope": scope})
}

func answer(w http.ResponseWriter, status int, fields map[string]any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(fields)
}
