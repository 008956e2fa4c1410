package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"touchstone/internal/db"
	"touchstone/internal/highstreet"
)

// patience bounds every wait for another process.
const patience = 60 * time.Second

// A child is the program in a process of its own.
type child struct {
	t     testing.TB
	cmd   *exec.Cmd
	out   bytes.Buffer
	lines chan string // of standard error
	said  []string
}

// program prepares the program; the test binary is it, by that name.
func program(t testing.TB, dir string, env []string, args ...string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), exe)
	cmd.Args = append([]string{"touchstone"}, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	return cmd
}

// begin starts the program, which is ended with the test.
func begin(t testing.TB, dir string, env []string, args ...string) *child {
	t.Helper()
	c := &child{t: t, cmd: program(t, dir, env, args...), lines: make(chan string, 1000)}
	c.cmd.Stdout = &c.out
	stderr, err := c.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(c.lines)
		for s := bufio.NewScanner(stderr); s.Scan(); {
			c.lines <- s.Text()
		}
	}()
	return c
}

// hears waits for a line of standard error.
func (c *child) hears(words string) {
	c.t.Helper()
	late := time.After(patience)
	for {
		select {
		case line, ok := <-c.lines:
			if !ok {
				c.t.Fatalf("the program ended without saying %q:\n%s", words, strings.Join(c.said, "\n"))
			}
			c.said = append(c.said, line)
			if strings.Contains(line, words) {
				return
			}
		case <-late:
			c.t.Fatalf("the program did not say %q:\n%s", words, strings.Join(c.said, "\n"))
		}
	}
}

func (c *child) signal(s os.Signal) {
	c.t.Helper()
	if err := c.cmd.Process.Signal(s); err != nil {
		c.t.Fatal(err)
	}
}

// ends waits for the program's end with that exit code.
func (c *child) ends(code int) {
	c.t.Helper()
	for line := range c.lines { // to the end, as Wait closes the pipe
		c.said = append(c.said, line)
	}
	_ = c.cmd.Wait() // its code is looked at
	if got := c.cmd.ProcessState.ExitCode(); got != code {
		c.t.Fatalf("exit code %d, want %d:\n%s\n%s", got, code, strings.Join(c.said, "\n"), &c.out)
	}
}

// succeeds runs the program to its end and gives what it printed.
func succeeds(t *testing.T, dir string, env []string, args ...string) string {
	t.Helper()
	c := begin(t, dir, env, args...)
	c.ends(0)
	return c.out.String()
}

// A gate holds whoever comes until it is opened, and tells of each.
type gate struct {
	came chan struct{}
	open chan struct{}
}

func newGate() *gate { return &gate{came: make(chan struct{}, 100), open: make(chan struct{})} }

// pass waits for the gate to open; who leaves before that is let go.
func (g *gate) pass(gone <-chan struct{}) {
	g.came <- struct{}{}
	select {
	case <-g.open:
	case <-gone:
	}
}

func (g *gate) waits(t *testing.T, what string) {
	t.Helper()
	select {
	case <-g.came:
	case <-time.After(patience):
		t.Fatalf("%s never began", what)
	}
}

// A corner is a small shop whose /slow page a gate holds back, and an audit of
// it: two visits, the slow one first.
type corner struct {
	dir  string
	gate *gate
	mu   sync.Mutex
	hits map[string]int
	shut string // a page that is gone
}

func newCorner(t *testing.T) *corner {
	t.Helper()
	s := &corner{dir: t.TempDir(), gate: newGate(), hits: map[string]int{}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.hits[r.URL.Path]++
		shut := s.shut == r.URL.Path
		s.mu.Unlock()
		if shut {
			http.NotFound(w, r)
			return
		}
		if r.URL.Path == "/slow" {
			s.gate.pass(r.Context().Done())
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<!doctype html><html lang="en"><title>Corner shop</title><link rel="icon" href="data:,"><h1>Welcome to %s</h1>`, r.URL.Path)
	}))
	t.Cleanup(server.Close)
	visit := func(id, page string) string {
		return fmt.Sprintf("id: %s\ntitle: %s\nkind: web\ntask: checkout\npersona: anna\nwith:\n  steps:\n    - {name: page, open: %s}\n    - {name: seen, expect: {text: Welcome to %s}}\n", id, id, page, page)
	}
	write(t, s.dir, map[string]string{
		"touchstone.yaml":      "project: The corner\n",
		"sites.yaml":           fmt.Sprintf("sites:\n  - id: corner\n    name: Corner\n    url: %s/\n    authorisation: {as: own}\n", server.URL),
		"scenarios/first.yaml": visit("first", "/slow"),
		"scenarios/other.yaml": visit("other", "/quick"),
	})
	return s
}

func write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func (s *corner) count(page string) int { s.mu.Lock(); defer s.mu.Unlock(); return s.hits[page] }

// stands gives the states of a table's rows in a project's database.
func stands(t *testing.T, dir, query string) []string {
	t.Helper()
	d, err := db.OpenReader(t.Context(), filepath.Join(dir, "touchstone.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	var all []string
	err = d.Read(t.Context(), func(ctx context.Context, tx db.Tx) error {
		rows, err := tx.Query(ctx, query)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var s string
			if err := rows.Scan(&s); err != nil {
				return err
			}
			all = append(all, s)
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

const probeStates = `SELECT state || ' ' || detail FROM probe ORDER BY site, scenario`

func same(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

// Ctrl-C once finishes the visit in hand and begins no other; the next run
// goes on with what is left.
func TestInterruptOnceFinishesTheStepInHand(t *testing.T) {
	s := newCorner(t)
	succeeds(t, s.dir, nil, "plan")
	c := begin(t, s.dir, nil, "run")
	s.gate.waits(t, "the visit")
	c.signal(os.Interrupt)
	c.hears("finishing the step in hand")
	close(s.gate.open)
	c.ends(exitInterrupted)
	same(t, "after the interrupt", stands(t, s.dir, probeStates), "done completed", "planned ")
	succeeds(t, s.dir, nil, "run")
	same(t, "at the end", stands(t, s.dir, probeStates), "done completed", "done completed")
	if a, b := s.count("/slow"), s.count("/quick"); a != 1 || b != 1 {
		t.Errorf("the pages were asked for %d and %d times, not once each", a, b)
	}
}

// Ctrl-C twice ends at once, though the page never comes; the next run does
// the visit over, since reading has no effect.
func TestInterruptTwiceEndsAtOnce(t *testing.T) {
	s := newCorner(t)
	succeeds(t, s.dir, nil, "plan")
	c := begin(t, s.dir, nil, "run")
	s.gate.waits(t, "the visit")
	c.signal(os.Interrupt)
	c.hears("finishing the step in hand")
	c.signal(os.Interrupt)
	c.ends(exitInterrupted) // while the gate is closed
	if n := len(stands(t, s.dir, `SELECT body FROM observation`)); n != 0 {
		t.Errorf("%d observations of visits that did not end", n)
	}
	close(s.gate.open)
	succeeds(t, s.dir, nil, "run")
	same(t, "at the end", stands(t, s.dir, probeStates), "done completed", "done completed")
	if n := s.count("/slow"); n != 2 {
		t.Errorf("the page was asked for %d times, want once a run", n)
	}
}

// A detached run outlives the process and the process group that started it;
// watch follows it to its end.
func TestDetachedRunSurvivesItsTerminal(t *testing.T) {
	s := newCorner(t)
	succeeds(t, s.dir, nil, "plan")
	cmd := program(t, s.dir, nil, "run", "--detach")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	found := regexp.MustCompile(`is run by process (\d+), which needs no terminal`).FindSubmatch(out)
	if found == nil {
		t.Fatalf("no process is named:\n%s", out)
	}
	pid, err := strconv.Atoi(string(found[1]))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if db.Owner(filepath.Join(s.dir, "touchstone.db")) == pid {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	})
	s.gate.waits(t, "the visit")
	// what a terminal does to those in it when it goes
	if err := syscall.Kill(-cmd.Process.Pid, syscall.SIGHUP); !errors.Is(err, syscall.ESRCH) {
		t.Errorf("the run is still in the group of the process that started it: %v", err)
	}
	again := begin(t, s.dir, nil, "run", "--detach")
	again.ends(exitUsage)
	if said := strings.Join(again.said, "\n"); !strings.Contains(said, fmt.Sprintf("process %d works on", pid)) {
		t.Errorf("a second run said: %s", said)
	}
	if text := succeeds(t, s.dir, nil, "status"); !strings.Contains(text, fmt.Sprintf("running by process %d", pid)) {
		t.Errorf("status said:\n%s", text)
	}
	watch := begin(t, s.dir, nil, "watch")
	close(s.gate.open)
	watch.ends(0)
	if text := watch.out.String(); !strings.Contains(text, "is done: 2 completed.") {
		t.Errorf("watch said:\n%s", text)
	}
	left(t, filepath.Join(s.dir, "touchstone.db"))
	log, err := os.ReadFile(filepath.Join(s.dir, ".touchstone", "run.log"))
	if err != nil || !strings.Contains(string(log), "has ended: 2 completed") {
		t.Errorf("the log says, %v:\n%s", err, log)
	}
}

// left waits until no process works on the database.
func left(t *testing.T, path string) {
	t.Helper()
	tick, late := time.NewTicker(10*time.Millisecond), time.After(patience)
	defer tick.Stop()
	for db.Owner(path) != 0 {
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("process %d still works on %s", db.Owner(path), path)
		}
	}
}

// A relay takes mails over a gate, after the dot.
type relay struct {
	gate     *gate
	drop     chan struct{} // cuts off whoever waits for a verdict
	mu       sync.Mutex
	to       []string // recipients of the mails whose last byte has come
	addr, ca string
}

func newRelay(t *testing.T, dir string) *relay {
	t.Helper()
	keys := httptest.NewTLSServer(nil) // for its certificate
	t.Cleanup(keys.Close)
	r := &relay{gate: newGate(), drop: make(chan struct{}), ca: filepath.Join(dir, "relay.pem")}
	if err := os.WriteFile(r.ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: keys.Certificate().Raw}), 0o644); err != nil {
		t.Fatal(err)
	}
	server := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) { return &relaySession{r: r, conn: c}, nil }))
	server.Domain, server.ErrorLog = "relay.example", log.New(io.Discard, "", 0)
	server.TLSConfig = &tls.Config{Certificates: keys.TLS.Certificates, MinVersion: tls.VersionTLS12}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r.addr = l.Addr().String()
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() {
		close(r.gate.open)
		_ = server.Close()
	})
	return r
}

func (r *relay) taken() []string { r.mu.Lock(); defer r.mu.Unlock(); return slices.Clone(r.to) }

type relaySession struct {
	r    *relay
	conn *smtp.Conn
	to   string
}

func (s *relaySession) AuthMechanisms() []string { return []string{sasl.Plain} }
func (s *relaySession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, _, _ string) error { return nil }), nil
}
func (s *relaySession) Mail(string, *smtp.MailOptions) error { return nil }
func (s *relaySession) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = to
	return nil
}

func (s *relaySession) Data(r io.Reader) error {
	if _, err := io.Copy(io.Discard, r); err != nil {
		return err
	}
	s.r.mu.Lock()
	s.r.to = append(s.r.to, s.to)
	s.r.mu.Unlock()
	s.r.gate.came <- struct{}{}
	select {
	case <-s.r.gate.open:
		return nil
	case <-s.r.drop:
		return s.conn.Close()
	}
}
func (s *relaySession) Reset()        {}
func (s *relaySession) Logout() error { return nil }

// A mail whose last byte has left is sent once, whenever and however often the
// program is interrupted: what the relay says is kept when it is waited for,
// and what it never said is never sent again.
func TestInterruptsNeverSendAMailTwice(t *testing.T) {
	street, err := highstreet.Open(t.Context(), highstreet.Options{Speed: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = street.Close() })
	dir := t.TempDir()
	r := newRelay(t, dir)
	_, smtpPort, _ := net.SplitHostPort(r.addr)
	_, imapPort, _ := net.SplitHostPort(street.IMAPAddr)
	end := func(port, security, ca string) string {
		return fmt.Sprintf("{host: 127.0.0.1, port: %s, security: %s, username: %s, password: {env: %s}, ca: %s}", port, security, street.User, highstreet.PasswordVariable, ca)
	}
	write(t, dir, map[string]string{
		"street-ca.pem":      string(street.CAPEM),
		"touchstone.yaml":    fmt.Sprintf("project: Two desks\nmail:\n  address: %q\n  smtp: %s\n  imap: %s\n", street.Address, end(smtpPort, "starttls", "relay.pem"), end(imapPort, "tls", "street-ca.pem")),
		"sites.yaml":         "sites:\n  - {id: a, name: A, email: desk@a.example, hours: {days: mon-sun, from: \"00:00\", to: \"24:00\"}, authorisation: {as: own}}\n  - {id: b, name: B, email: desk@b.example, hours: {days: mon-sun, from: \"00:00\", to: \"24:00\"}, authorisation: {as: own}}\n",
		"scenarios/ask.yaml": "id: ask\ntitle: Ask\nkind: mail\ntask: enquiry\neffects: [send-mail]\npersona: anna\nwindow: 5d\nwith:\n  texts:\n    - {subject: A question, body: \"Do you have it in blue?\"}\n",
	})
	env := []string{highstreet.PasswordVariable + "=" + street.Password}
	plan(t, dir, "w1", time.Now().UTC().Add(-3*time.Hour)) // both letters are due by now
	const ledger = `SELECT state FROM effect ORDER BY site`

	first := begin(t, dir, env, "run")
	r.gate.waits(t, "the first mail")
	first.signal(os.Interrupt)
	first.hears("finishing the step in hand")
	r.gate.open <- struct{}{} // this one mail
	first.ends(exitInterrupted)
	states := stands(t, dir, ledger)
	slices.Sort(states)
	same(t, "after the first run", states, "accepted", "planned")

	second := begin(t, dir, env, "run")
	r.gate.waits(t, "the second mail")
	second.signal(os.Interrupt)
	second.hears("finishing the step in hand")
	second.signal(os.Interrupt)
	second.ends(exitInterrupted) // the relay has not said whether it took the mail, and is not waited for
	close(r.drop)
	if got := r.taken(); len(got) != 2 || got[0] == got[1] {
		t.Fatalf("mails went to %q", got)
	}

	third := begin(t, dir, env, "run", "--verbose")
	third.hears("mailbox watched")
	third.signal(os.Interrupt)
	third.hears("finishing the step in hand")
	third.ends(exitInterrupted)
	states = stands(t, dir, ledger)
	slices.Sort(states)
	same(t, "after the third run", states, "accepted", "uncertain")
	if got := r.taken(); len(got) != 2 {
		t.Errorf("mails went to %q: one was sent again", got)
	}
}

// plan freezes a wave that was due to begin at the instant.
func plan(t *testing.T, dir, wave string, start time.Time) {
	t.Helper()
	a := newApp(strings.NewReader(""), io.Discard, io.Discard)
	defer a.close()
	a.dir = dir
	p, err := a.load()
	if err != nil {
		t.Fatal(err)
	}
	d, err := db.Open(t.Context(), p.Database)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if _, err := a.freeze(t.Context(), d, p, wave, 1, start, nil); err != nil {
		t.Fatal(err)
	}
}

// Any wave can be judged, reported, compared and checked again, by its name.
func TestOldWaves(t *testing.T) {
	t.Parallel()
	s := newCorner(t)
	close(s.gate.open)
	write(t, s.dir, map[string]string{"checks.yaml": "checks:\n  - {id: bought, on: \"mark:checkout-success\", op: \">=\", limit: 0.9}\n"})
	plan(t, s.dir, "w1", time.Now().UTC())
	succeeds(t, s.dir, nil, "run")
	succeeds(t, s.dir, nil, "check")
	s.mu.Lock()
	s.shut = "/quick"
	s.mu.Unlock()
	plan(t, s.dir, "w2", time.Now().UTC())
	succeeds(t, s.dir, nil, "run")

	for wave, want := range map[string]string{"w1": "2 of 2", "w2": "1 of 2"} {
		if text := succeeds(t, s.dir, nil, "score", "--wave", wave); !strings.Contains(text, "Wave "+wave+" ") || !strings.Contains(text, want) {
			t.Errorf("score of %s, without %q:\n%s", wave, want, text)
		}
		succeeds(t, s.dir, nil, "report", "--wave", wave, "--format", "json", "--out", "out")
		if data, err := os.ReadFile(filepath.Join(s.dir, "out", "wave-"+wave+".json")); err != nil || !strings.Contains(string(data), want) {
			t.Errorf("report of %s: %v", wave, err)
		}
	}
	if text := succeeds(t, s.dir, nil, "compare", "w1", "w2"); !regexp.MustCompile(`corner +mark:checkout-success +2 of 2 +1 of 2`).MatchString(text) {
		t.Errorf("compare:\n%s", text)
	}
	if text := succeeds(t, s.dir, nil, "compare", "w1", "w1"); text != "w1 and w1 do not differ by scorecard readiness.\n" {
		t.Errorf("compare with itself: %s", text)
	}
	succeeds(t, s.dir, nil, "check", "--wave", "w1")
	c := begin(t, s.dir, nil, "check", "--junit", "junit.xml")
	c.ends(exitGate)
	if data, err := os.ReadFile(filepath.Join(s.dir, "junit.xml")); err != nil || !strings.Contains(string(data), `failures="1" errors="0"`) {
		t.Errorf("the XML, %v:\n%s", err, data)
	}
}
