package main

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"touchstone/internal/highstreet"
)

// A standing street, with a project that audits it by the machine's clock.
type standing struct {
	t      *testing.T
	street *highstreet.Street
	dir    string
	env    map[string]string // what the program finds in its environment, before the machine's own
}

func stand(t *testing.T) *standing {
	t.Helper()
	street, err := highstreet.Open(t.Context(), highstreet.Options{Speed: 1440})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := street.Close(); err != nil {
			t.Error(err)
		}
	})
	s := &standing{t: t, street: street, dir: t.TempDir(), env: map[string]string{highstreet.PasswordVariable: street.Password}}
	a := newApp(strings.NewReader(""), &bytes.Buffer{}, &bytes.Buffer{})
	if _, err := a.streetProject(street, s.dir); err != nil {
		t.Fatal(err)
	}
	return s
}

// do runs the program as a user would, and gives its exit code and all that it printed.
func (s *standing) do(args ...string) (int, string) {
	s.t.Helper()
	var out bytes.Buffer
	a := newApp(strings.NewReader(""), &out, &out)
	machine := a.getenv
	a.getenv = func(name string) string {
		if v, ok := s.env[name]; ok {
			return v
		}
		return machine(name)
	}
	code := a.execute(s.t.Context(), append(args, "-C", s.dir))
	if strings.Contains(out.String(), s.street.Password) {
		s.t.Errorf("%v prints the password", args)
	}
	return code, out.String()
}

// edit changes a file of the project.
func (s *standing) edit(name, old, new string) {
	s.t.Helper()
	path := filepath.Join(s.dir, name)
	data, err := os.ReadFile(path)
	if err != nil {
		s.t.Fatal(err)
	}
	if !bytes.Contains(data, []byte(old)) {
		s.t.Fatalf("%s does not hold %q", name, old)
	}
	if err := os.WriteFile(path, bytes.ReplaceAll(data, []byte(old), []byte(new)), 0o666); err != nil {
		s.t.Fatal(err)
	}
}

// Faults of the account are found before anything is sent, and told with the
// server and the mend. The plan stands: mended, the wave can be run.
func TestAccountFaults(t *testing.T) {
	t.Parallel()
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := closed.Addr().(*net.TCPAddr).Port
	if err := closed.Close(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		breaks func(*standing)
		code   int
		says   []string
	}{
		{"smtp refused", func(s *standing) {
			_, p, _ := net.SplitHostPort(s.street.SMTPAddr)
			s.edit("touchstone.yaml", "port: "+p, fmt.Sprint("port: ", port))
		}, exitInconclusive, []string{fmt.Sprint("127.0.0.1:", port), "connection refused", "check host, port and network"}},
		{"wrong password", func(s *standing) { s.env[highstreet.PasswordVariable] = "not-the-password" }, exitInconclusive, []string{s0, "password"}},
		{"no password", func(s *standing) { s.env[highstreet.PasswordVariable] = "" }, exitUsage, []string{highstreet.PasswordVariable + " is not set", "touchstone.yaml:"}},
		{"certificate not trusted", func(s *standing) { s.street.Inject(highstreet.Faults{WrongCertificate: true}) }, exitInconclusive, []string{s0, "certificate"}},
		{"no such authority", func(s *standing) {
			if err := os.WriteFile(filepath.Join(s.dir, "street-ca.pem"), []byte("not a certificate"), 0o666); err != nil {
				t.Fatal(err)
			}
		}, exitUsage, []string{"street-ca.pem holds no PEM certificate"}},
		{"no browser", func(s *standing) {
			s.env["TOUCHSTONE_BROWSER"] = "/nowhere/chromium"
		}, exitInconclusive, []string{"/nowhere/chromium", "apt-get install"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := stand(t)
			if code, out := s.do("plan", "--site", "kettle-and-leaf"); code != 0 {
				t.Fatalf("plan: exit %d\n%s", code, out)
			}
			c.breaks(s)
			code, out := s.do("run", "--quiet")
			if code != c.code {
				t.Errorf("exit %d, want %d", code, c.code)
			}
			for _, want := range c.says {
				if want != s0 && !strings.Contains(out, want) || want == s0 && !strings.Contains(out, "127.0.0.1:") {
					t.Errorf("it does not say %q:\n%s", want, out)
				}
			}
			t.Logf("exit %d: %s", code, strings.TrimSpace(out))
			if code, out := s.do("plan", "--site", "kettle-and-leaf", "--json"); code != 0 || !strings.Contains(out, `"hash"`) {
				t.Errorf("the plan is gone: exit %d\n%s", code, out)
			}
		})
	}
}

// s0 stands for the address of whichever of the street's servers spoke.
const s0 = "<server>"

// A page that never loads ends its own visit, bounded, and no other.
func TestPageThatNeverLoads(t *testing.T) {
	t.Parallel()
	hang := make(chan struct{})
	never := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-hang:
		case <-r.Context().Done():
		}
	}))
	defer never.Close()
	defer close(hang)
	s := stand(t)
	s.edit("sites.yaml", s.street.ShopURL, never.URL)
	files, err := filepath.Glob(filepath.Join(s.dir, "scenarios", "*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if filepath.Base(f) != "buy-to-payment.yaml" {
			if err := os.Remove(f); err != nil {
				t.Fatal(err)
			}
		}
	}
	if code, out := s.do("plan", "--site", "kettle-and-leaf"); code != 0 {
		t.Fatalf("plan: exit %d\n%s", code, out)
	}
	code, out := s.do("run")
	t.Logf("exit %d: %s", code, strings.TrimSpace(out))
	if code != 0 || !strings.Contains(out, "failed: step 1 (open /): "+never.URL) {
		t.Errorf("exit %d, want 0 and a visit that failed:\n%s", code, out)
	}
	if code, out = s.do("score"); code != 0 || !strings.Contains(out, "0 of 1") {
		t.Errorf("score: exit %d\n%s", code, out)
	}
}

// An effect that is not granted is refused with the lines of both files, and
// everything else is done.
func TestEffectNotGranted(t *testing.T) {
	t.Parallel()
	s := stand(t)
	s.edit("scenarios/find-help.yaml", "task: find-help", "task: find-help\neffects: [decline-card]")
	code, out := s.do("plan", "--site", "kettle-and-leaf")
	for _, want := range []string{"REFUSED: scenarios/find-help.yaml:", "decline-card", "sites.yaml:"} {
		if !strings.Contains(out, want) {
			t.Errorf("plan does not say %q:\n%s", want, out)
		}
	}
	if code != exitNotGranted {
		t.Errorf("exit %d, want %d", code, exitNotGranted)
	}
}

func TestUnknownSiteAndScorecard(t *testing.T) {
	t.Parallel()
	s := stand(t)
	if code, out := s.do("plan", "--site", "kettle"); code != exitUsage || !strings.Contains(out, "kettle") {
		t.Errorf("exit %d\n%s", code, out)
	}
	if code, out := s.do("run"); code != exitUsage || !strings.Contains(out, "touchstone plan") {
		t.Errorf("exit %d\n%s", code, out)
	}
}
