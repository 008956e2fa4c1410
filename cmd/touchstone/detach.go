package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"touchstone/internal/db"
	"touchstone/scenarios"
)

// settleWithin bounds how long a detached run may take until it has the
// database and has not failed: beyond it, it is said to be slow, not dead.
const settleWithin = 10 * time.Second

// detach starts the same program again, in a session of its own that no
// terminal ends, with its output in .touchstone/run.log. It waits until the
// new process has taken the database, or has failed.
func (a *app) detach(ctx context.Context, p *scenarios.Project, wave, metricsAddr string) error {
	if owner := db.Owner(p.Database); owner != 0 {
		return usage("process %d works on %s already: `touchstone watch` follows it, `touchstone stop` ends it", owner, p.Database)
	}
	program, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this program: %w", err)
	}
	path := filepath.Join(p.Dir, ".touchstone", "run.log")
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return usage("the folder of the log: %w", err)
	}
	log, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return usage("the log: %w", err)
	}
	defer log.Close()
	begin, err := log.Seek(0, io.SeekEnd)
	if err != nil {
		return fmt.Errorf("the log: %w", err)
	}
	child := exec.Command(program)
	child.Args = []string{os.Args[0], "run", "--project", p.Dir, "--wave", wave}
	if metricsAddr != "" {
		child.Args = append(child.Args, "--metrics-addr", metricsAddr)
	}
	child.Stdout, child.Stderr = log, log
	child.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := child.Start(); err != nil {
		return fmt.Errorf("start the program again: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- child.Wait() }()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	late := time.After(settleWithin)
	for owned := false; !owned; {
		select {
		case err := <-ended:
			said, err := lastWords(err, path, begin)
			if err == nil { // a short wave
				_, err = fmt.Fprintln(a.stdout, said)
			}
			return err
		case <-ctx.Done():
			owned = true // the run goes on: what was started is said below
		case <-late:
			owned = true
		case <-tick.C:
			owned = db.Owner(p.Database) == child.Process.Pid
		}
	}
	_, err = fmt.Fprintf(a.stdout, `Wave %s is run by process %d, which needs no terminal.
  touchstone status --follow   shows how it stands
  touchstone watch             follows it
  kill -INT %d            ends it after the step in hand; `+"`touchstone run`"+` goes on later
  touchstone stop              ends it within seconds, and lets none begin
Its log: %s
`, wave, child.Process.Pid, child.Process.Pid, path)
	return err
}

// lastWords gives what a detached run that has ended wrote to its log, as its
// error where it failed.
func lastWords(err error, path string, begin int64) (string, error) {
	said := ""
	if data, e := os.ReadFile(path); e == nil && int64(len(data)) > begin {
		said = strings.TrimSpace(string(data[begin:]))
	}
	if err == nil {
		return said, nil
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() > 0 {
		return "", fail(exit.ExitCode(), fmt.Errorf("the detached run has ended; its log %s says:\n%s", path, said))
	}
	return "", fmt.Errorf("the detached run has ended: %w; its log %s says:\n%s", err, path, said)
}
