package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"touchstone/internal/db"
	"touchstone/internal/highstreet"
	"touchstone/internal/proc"
)

// BenchmarkIdle gives what a process costs that has nothing to do: `run` and
// `watch`, the real program, over 10,000 letters that wait for answers; CPU
// milliseconds and wake-ups (voluntary context switches of all its threads) a
// minute. TOUCHSTONE_IDLE sets for how long each is looked at, 20s unless
// given.
func BenchmarkIdle(b *testing.B) {
	if _, err := os.Stat("/proc/self/task"); err != nil {
		b.Skip("without /proc nothing tells the wake-ups")
	}
	span := 20 * time.Second
	if v := os.Getenv("TOUCHSTONE_IDLE"); v != "" {
		var err error
		if span, err = time.ParseDuration(v); err != nil {
			b.Fatal(err)
		}
	}
	street, err := highstreet.Open(b.Context(), highstreet.Options{Speed: 1})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = street.Close() })
	dir := b.TempDir()
	env := waiting(b, dir, street, 10_000)
	for b.Loop() {
		run := begin(b, dir, env, "run", "--verbose")
		run.hears("mailbox watched")
		watch := begin(b, dir, nil, "watch")
		time.Sleep(3 * time.Second) // until both have settled
		pids := map[string]int{"run": run.cmd.Process.Pid, "watch": watch.cmd.Process.Pid}
		before := map[string]cost{}
		for name, pid := range pids {
			before[name] = costOf(b, pid)
		}
		time.Sleep(span)
		for name, pid := range pids {
			c := costOf(b, pid)
			a := before[name]
			b.ReportMetric((c.cpu-a.cpu).Seconds()*1000*60/span.Seconds(), name+"-CPU-ms/min")
			b.ReportMetric(float64(c.wakes-a.wakes)*60/span.Seconds(), name+"-wakes/min")
		}
		b.ReportMetric(0, "ns/op")
		for _, c := range []*child{run, watch} {
			c.signal(os.Interrupt)
			c.ends(exitInterrupted)
		}
	}
}

// waiting fills a project with n letters that wait for answers, and gives its
// environment.
func waiting(b *testing.B, dir string, street *highstreet.Street, n int) []string {
	b.Helper()
	host, imapPort, _ := net.SplitHostPort(street.IMAPAddr)
	_, smtpPort, _ := net.SplitHostPort(street.SMTPAddr)
	end := func(port, security string) string {
		return fmt.Sprintf("{host: %s, port: %s, security: %s, username: %s, password: {env: %s}, ca: ca.pem}", host, port, security, street.User, highstreet.PasswordVariable)
	}
	var sites strings.Builder
	sites.WriteString("sites:\n")
	for i := range n / 10 {
		fmt.Fprintf(&sites, "  - {id: s%d, name: S, email: desk@s%d.example, authorisation: {as: own}}\n", i, i)
	}
	for name, text := range map[string]string{
		"ca.pem":             string(street.CAPEM),
		"touchstone.yaml":    fmt.Sprintf("project: Idle\nmail:\n  address: %q\n  smtp: %s\n  imap: %s\n", street.Address, end(smtpPort, "starttls"), end(imapPort, "tls")),
		"sites.yaml":         sites.String(),
		"scenarios/ask.yaml": "id: ask\ntitle: Ask\nkind: mail\ntask: enquiry\neffects: [send-mail]\npersona: anna\nwindow: 5d\nrepeat: 10\nwith:\n  texts:\n    - {subject: A question, body: \"Do you have it in blue?\"}\n",
	} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			b.Fatal(err)
		}
	}
	env := []string{highstreet.PasswordVariable + "=" + street.Password}
	plan := begin(b, dir, env, "plan")
	plan.ends(exitPassed)
	d, err := db.Open(b.Context(), filepath.Join(dir, "touchstone.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close()
	err = d.InTx(b.Context(), func(ctx context.Context, tx db.Tx) error {
		now := time.Now().UnixMicro()
		if _, err := tx.Exec(ctx, `UPDATE wave SET state = 'running', started_us = $1`, now); err != nil {
			return err
		}
		changed, err := tx.Exec(ctx, `UPDATE probe SET state = 'open', deadline_us = $1, moved_us = $2`, now+5*24*3600*1e6, now)
		if err == nil && changed != int64(n) {
			err = fmt.Errorf("%d letters, want %d", changed, n)
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return env
}

// A cost is what a process has used up so far.
type cost struct {
	cpu   time.Duration
	wakes int64
}

func costOf(b *testing.B, pid int) (c cost) {
	b.Helper()
	tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*", pid))
	if err != nil || len(tasks) == 0 {
		b.Fatalf("process %d is gone", pid)
	}
	p, err := proc.Of(pid)
	if err != nil {
		b.Fatal(err)
	}
	c.cpu = p.CPU
	for _, task := range tasks {
		text, err := os.ReadFile(task + "/status")
		if err != nil {
			continue // a thread that has ended
		}
		for line := range strings.Lines(string(text)) {
			if n, ok := strings.CutPrefix(line, "voluntary_ctxt_switches:"); ok {
				v, _ := strconv.ParseInt(strings.TrimSpace(n), 10, 64)
				c.wakes += v
			}
		}
	}
	return c
}
