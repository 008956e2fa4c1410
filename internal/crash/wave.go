package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"touchstone/internal/db"
)

const passwordVariable = "TOUCHSTONE_CRASH_PASSWORD"

// Bounds of one wave, far beyond what any needs.
const (
	mostStarts = 60
	mostTime   = 8 * time.Minute
)

// An attack is what befalls the program in the course of one wave. Each part
// may be nil. Starts count from 0.
type attack struct {
	env    func(start int) []string                            // of the start'th process
	beside func(ctx context.Context, c *child, start int)      // runs beside it, until it ends
	event  func(c *child, start, n int, event string) bool     // at the n'th event of the servers, from 1; true: kill
	harm   func(ctx context.Context, d *db.DB, end bool) error // what a broken engine would have done, after a kill and at the end
}

// A wave is one wave of the program against servers of its own.
type wave struct {
	dir     string
	program string
	world   world
	attack  attack
	limit   time.Duration // for one process; 0: mostTime

	now     atomic.Pointer[child]
	start   atomic.Int64
	planned int // probes, as the plan said when it was shown
	events  atomic.Int64
	mu      sync.Mutex
	got     result
}

// A world is what a wave talks to, and what that has received.
type world interface {
	// received is asked when the wave has ended.
	received(ctx context.Context) (received, error)
	flight() (inData, afterDot int)
}

// received is what the other side of a wave has seen.
type received struct {
	letters map[string]int // times that each Message-ID was taken
	pairs   map[string]int // times that a probe's address wrote to a recipient
	replies []reply        // that were put into the mailbox
	backlog []string       // the digests of those that lay there before
	done    map[string]int // effects that the shops took, by scenario
}

func (o *office) received(context.Context) (received, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return received{letters: o.letters, pairs: o.pairs, replies: o.replies, backlog: o.backlog}, nil
}

// happened is told of each event of the servers, in the goroutine that serves:
// when it returns, a process that was to be killed is gone.
func (w *wave) happened(event string) {
	c := w.now.Load()
	if c == nil {
		return
	}
	n := int(w.events.Add(1))
	if w.attack.event != nil && w.attack.event(c, int(w.start.Load()), n, event) {
		w.kill(c)
	}
}

// kill kills, and notes what was under way.
func (w *wave) kill(c *child) {
	inData, afterDot := w.world.flight()
	select {
	case <-c.ended:
		return
	default:
	}
	c.kill()
	if !c.killed() {
		return // it had ended by itself
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.got.inData += min(inData, 1)
	w.got.afterDot += min(afterDot, 1)
}

// live plans the wave, runs it again and again until it has ended, and counts.
func (w *wave) live(ctx context.Context) result {
	if out, ok := w.once(ctx, w.program, nil, "plan"); !ok {
		w.fail(&w.got.stuck, "it could not be planned: %s", out)
		return w.got
	}
	return w.fieldwork(ctx)
}

// planned is what a plan says of its size.
var planned = regexp.MustCompile(`: (\d+) probes? at `)

// once runs the program without any attack.
func (w *wave) once(ctx context.Context, program string, env []string, args ...string) (string, bool) {
	c, err := start(ctx, program, w.dir, env, args...)
	if err != nil {
		return err.Error(), false
	}
	ok := c.wait(time.Minute)
	if m := planned.FindStringSubmatch(c.said.String()); m != nil && args[0] == "plan" {
		w.planned, _ = strconv.Atoi(m[1])
	}
	return c.said.String(), ok && c.cmd.ProcessState.ExitCode() == 0
}

func (w *wave) fieldwork(ctx context.Context) result {
	w.got.waves = 1
	late, limit := time.Now().Add(mostTime), w.limit
	if limit == 0 {
		limit = mostTime
	}
	for n := 0; ; n++ {
		var env []string
		if w.attack.env != nil {
			env = w.attack.env(n)
		}
		w.events.Store(0)
		w.start.Store(int64(n))
		c, err := start(ctx, w.program, w.dir, env, "run", "--quiet")
		if err != nil {
			w.fail(&w.got.stuck, "%v", err)
			return w.got
		}
		w.now.Store(c)
		running, cancel := context.WithCancel(ctx)
		var beside sync.WaitGroup
		if w.attack.beside != nil {
			beside.Go(func() { w.attack.beside(running, c, n) })
		}
		quick := c.wait(limit)
		w.now.Store(nil)
		cancel()
		beside.Wait()
		if ctx.Err() != nil {
			return w.got
		}
		switch {
		case !quick:
			w.fail(&w.got.stuck, "start %d did not end within %v:\n%s", n, limit, c.said.String())
			return w.got
		case c.killed():
			w.got.kills++
		}
		state, err := waveState(ctx, w.dir)
		if err != nil {
			w.fail(&w.got.damaged, "after start %d the database can't be read: %v", n, err)
			return w.got
		}
		if w.attack.harm != nil {
			if err := w.harm(ctx, state == "done"); err != nil {
				w.fail(&w.got.stuck, "no harm could be done: %v", err)
				return w.got
			}
		}
		if state == "done" {
			break
		}
		if !c.killed() {
			w.got.gaveUp++
			w.got.why = append(w.got.why, lastLine(c.said.String()))
		}
		if n >= mostStarts || time.Now().After(late) {
			w.fail(&w.got.stuck, "after %d starts it has not ended; the last said: %s", n+1, lastLine(c.said.String()))
			return w.got
		}
	}
	r, err := w.world.received(ctx)
	if err == nil {
		err = w.count(ctx, r)
	}
	if err != nil {
		w.fail(&w.got.damaged, "it can't be counted: %v", err)
	}
	return w.got
}

func (w *wave) harm(ctx context.Context, end bool) error {
	d, err := db.OpenBeside(ctx, filepath.Join(w.dir, "touchstone.db"))
	if err != nil {
		return err
	}
	defer d.Close()
	return w.attack.harm(ctx, d, end)
}

// fail counts one thing that must not happen, and says which.
func (w *wave) fail(count *int, format string, args ...any) {
	*count++
	w.got.notes = append(w.got.notes, w.dir+": "+fmt.Sprintf(format, args...))
}

func lastLine(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return lines[len(lines)-1]
}

// A shape is how large a wave is.
type shape struct {
	sites, repeats int
	window         time.Duration
	goesOn         bool // a reminder when nobody answers, a further question when somebody does
	backlog        int  // mails of nobody's that lie in the mailbox before it begins
}

// An account is where a wave's letters come from and go to.
type account struct {
	smtpAddr, imapAddr string
	ca                 []byte
	domain             string             // of the shopper
	desk               func(i int) string // address of the i'th site
}

func (o *office) account(ca []byte) account {
	return account{o.smtpAddr, o.imapAddr, ca, domain, func(i int) string { return fmt.Sprintf("desk@site-%d.example", i) }}
}

// project writes the files of a wave of letters.
func (a account) project(dir string, s shape) error {
	end := func(addr, security string) string {
		_, port, _ := net.SplitHostPort(addr)
		return fmt.Sprintf("{host: 127.0.0.1, port: %s, security: %s, username: %s, password: {env: %s}, ca: ca.pem}", port, security, user, passwordVariable)
	}
	sites := "sites:\n"
	for i := range s.sites {
		sites += fmt.Sprintf("  - {id: site-%d, name: Site %d, email: %s, hours: {days: mon-sun, from: \"00:00\", to: \"24:00\"}, authorisation: {as: own}}\n", i, i, a.desk(i))
	}
	further := ""
	if s.goesOn {
		further = fmt.Sprintf("  then:\n    - {when: unanswered, after: %dms, texts: [{body: \"Have you seen my question?\"}]}\n    - {when: answered, after: %dms, texts: [{body: \"Thank you. And is there a larger one?\"}]}\n",
			s.window.Milliseconds()/2, s.window.Milliseconds()/10)
	}
	return write(dir, map[string]string{
		"ca.pem": string(a.ca),
		"touchstone.yaml": fmt.Sprintf("project: Crash\nmail:\n  address: \"%s+{probe}@%s\"\n  smtp: %s\n  imap: %s\ncaps: {per-site-per-day: 1000, per-site-per-week: 1000, min-distance: 200ms}\n",
			user, a.domain, end(a.smtpAddr, "starttls"), end(a.imapAddr, "tls")),
		"sites.yaml": sites,
		"scenarios/ask.yaml": fmt.Sprintf("id: ask\ntitle: Ask\nkind: mail\ntask: enquiry\neffects: [send-mail]\npersona: anna\nwindow: %dms\nrepeat: %d\nwith:\n  texts:\n    - {subject: A question, body: \"Hello, do you have it in blue, and what does it cost?\"}\n%s",
			s.window.Milliseconds(), s.repeats, further),
	})
}

func write(dir string, files map[string]string) error {
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// between gives a random duration.
func between(rng *rand.Rand, from, to time.Duration) time.Duration {
	return from + time.Duration(rng.Int64N(int64(to-from)))
}
