package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"touchstone/internal/oauthtest"
	"touchstone/probes"
)

// A person logs in: the address that is printed is opened, the refresh token
// is kept in a file of theirs alone, and nothing else that is left or said
// holds a token. No mail server is there, which is said last.
func TestMailLogin(t *testing.T) {
	p := oauthtest.Start(t, "ann@firm.example")
	dir, settings := t.TempDir(), t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", settings)
	out := new(screen)
	if code := run(t.Context(), []string{"init", filepath.Join(dir, "audit")}, nil, io.Discard, io.Discard); code != 0 {
		t.Fatal(code)
	}
	dir = filepath.Join(dir, "audit")
	text := fmt.Sprintf(`project: Login
mail:
  address: ann+{probe}@firm.example
  username: ann@firm.example
  smtp: {host: 127.0.0.1, port: 1}
  imap: {host: 127.0.0.1, port: 1}
  oauth: {client-id: %s, authorise-url: "%s/authorise", exchange-url: "%s/exchange", scopes: [%s]}
`, oauthtest.ClientID, p.URL, p.URL, oauthtest.Scope)
	if err := os.WriteFile(filepath.Join(dir, "touchstone.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	out.opened = func(address string) {
		go func() {
			r, err := http.Get(address) //nolint:noctx // of a test
			if err != nil {
				t.Error(err)
				return
			}
			r.Body.Close()
		}()
	}
	code := run(t.Context(), []string{"mail", "login", "-v", "-C", dir}, nil, out, out)
	said := out.String()
	if code != exitInconclusive || !strings.Contains(said, "Logged in. The log-in is kept in "+settings) || !strings.Contains(said, "a server does not take it") {
		t.Errorf("code %d:\n%s", code, said)
	}
	kept, err := filepath.Glob(filepath.Join(settings, "touchstone", "log-in-ann-firm.example-*.json"))
	if err != nil || len(kept) != 1 {
		t.Fatalf("kept in %v, %v", kept, err)
	}
	if info, err := os.Stat(kept[0]); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	for _, secret := range p.Secrets() {
		if strings.Contains(said, secret) {
			t.Errorf("a token is told:\n%s", said)
		}
		err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := os.ReadFile(path)
			if bytes.Contains(data, []byte(secret)) {
				t.Errorf("%s holds a token", path)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// A screen is what a person looks at, and opens the first address of.
type screen struct {
	mu     sync.Mutex
	text   bytes.Buffer
	opened func(address string)
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text.Write(p)
	for line := range strings.Lines(s.text.String()) {
		if strings.HasPrefix(line, "http") && strings.HasSuffix(line, "\n") && s.opened != nil {
			s.opened(strings.TrimSpace(line))
			s.opened = nil
		}
	}
	return len(p), nil
}

func (s *screen) String() string { s.mu.Lock(); defer s.mu.Unlock(); return s.text.String() }

// An account that wrote some of a wave's letters is taken out of the project:
// the others don't write in its place, and what to do is said.
func TestAccountWasRemoved(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "audit")
	if code := run(t.Context(), []string{"init", dir}, nil, io.Discard, io.Discard); code != 0 {
		t.Fatal(code)
	}
	t.Setenv("SECRET", "pa55-word")
	text := `project: One
mail:
  address: ann+{probe}@firm.example
  username: ann@firm.example
  password: {env: SECRET}
  smtp: {host: 127.0.0.1, port: 1}
  imap: {host: 127.0.0.1, port: 1}
`
	if err := os.WriteFile(filepath.Join(dir, "touchstone.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	a := newApp(nil, io.Discard, io.Discard)
	a.dir = dir
	defer a.close()
	p, err := a.load()
	if err != nil {
		t.Fatal(err)
	}
	post, err := a.post(p)
	if err != nil {
		t.Fatal(err)
	}
	d := post.Send(t.Context(), probes.Letter{Envelope: probes.Envelope{From: "bob+k7@firm.example", To: "desk@shop.example"}})
	want := "no account in touchstone.yaml has the address bob+k7@firm.example: put the account back that the wave was planned with"
	if d.State != probes.Deferred || !d.Ours || d.Detail != want {
		t.Errorf("%+v, want %q", d, want)
	}
	if d := post.Send(t.Context(), probes.Letter{Envelope: probes.Envelope{From: "ann+k7@firm.example", To: "desk@shop.example"}}); strings.Contains(d.Detail, "no account") {
		t.Errorf("the account that is left: %+v", d)
	}
}
