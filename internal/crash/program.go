package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

// programs are the program as people have it, and the same with its crash
// points.
type programs struct{ plain, pointed string }

func buildPrograms(ctx context.Context, dir string) (programs, error) {
	p := programs{filepath.Join(dir, "touchstone"), filepath.Join(dir, "touchstone-crashpoints")}
	for _, build := range [][]string{{"-o", p.plain}, {"-tags", "crashpoints", "-o", p.pointed}} {
		cmd := exec.CommandContext(ctx, "go", append(append([]string{"build"}, build...), "touchstone/cmd/touchstone")...)
		if out, err := cmd.CombinedOutput(); err != nil {
			return p, fmt.Errorf("build the program: %w\n%s", err, out)
		}
	}
	return p, nil
}

// A child is the program in a process of its own.
type child struct {
	cmd   *exec.Cmd
	said  bytes.Buffer // read after done only
	ended chan struct{}
	once  sync.Once
}

func start(ctx context.Context, program, dir string, env []string, args ...string) (*child, error) {
	c := &child{cmd: exec.CommandContext(ctx, program, args...), ended: make(chan struct{})}
	c.cmd.Dir = dir
	c.cmd.Env = append(append(os.Environ(), "TMPDIR="+dir, passwordVariable+"="+password), env...)
	c.cmd.Stdout, c.cmd.Stderr = &c.said, &c.said
	c.cmd.WaitDelay = 2 * time.Second // its browser may hold the pipe
	if err := c.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = c.cmd.Wait() // what it was is asked of the state
		close(c.ended)
	}()
	return c, nil
}

// kill ends the process at once and returns when it is gone.
func (c *child) kill() {
	c.once.Do(func() { _ = c.cmd.Process.Kill() })
	<-c.ended
}

// killed reports whether the process was ended by SIGKILL, ours or its own.
func (c *child) killed() bool {
	s, ok := c.cmd.ProcessState.Sys().(syscall.WaitStatus)
	return ok && s.Signaled() && s.Signal() == syscall.SIGKILL
}

// wait waits for the end; false after too long, when the process was ended
// with its stacks in said.
func (c *child) wait(most time.Duration) bool {
	t := time.NewTimer(most)
	defer t.Stop()
	select {
	case <-c.ended:
		return true
	case <-t.C:
		_ = c.cmd.Process.Signal(syscall.SIGQUIT)
		select {
		case <-c.ended:
		case <-time.After(5 * time.Second):
			c.kill()
		}
		return false
	}
}
