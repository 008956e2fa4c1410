package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"touchstone/internal/proc"
)

// A contender is a way of driving, in a process of its own that keeps its
// browser between runs.
type contender struct {
	name string
	cmd  *exec.Cmd
	in   io.WriteCloser
	out  *bufio.Reader
}

// contenders are what can be compared, the first being what the others are
// measured by. The words are their program and its arguments; "ours" is this
// program.
var contenders = []struct {
	name  string
	words []string
}{
	{"floor", []string{"ours", "drive", "floor"}},
	{"ours, nothing measured", []string{"ours", "drive", "off"}},
	{"ours, measuring", []string{"ours", "drive", "measuring"}},
	{"ours, all evidence", []string{"ours", "drive", "evidence"}},
	{"Playwright", []string{"node", "playwright.mjs"}},
	{"Playwright, tracing", []string{"node", "playwright.mjs", "tracing"}},
	{"Puppeteer", []string{"node", "puppeteer.mjs"}},
}

// start starts a contender and waits until its browser stands.
func start(ctx context.Context, name, folder, browser, url string) (*contender, error) {
	var words []string
	for _, c := range contenders {
		if c.name == name {
			words = append(words, c.words...)
		}
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	if words[0] == "ours" {
		words[0] = self
	}
	typed := make([]map[string]string, len(fields))
	for i, f := range fields {
		typed[i] = map[string]string{"name": f.name, "label": f.label, "value": f.value}
	}
	env, err := json.Marshal(typed)
	if err != nil {
		return nil, err
	}
	c := &contender{name: name, cmd: exec.CommandContext(ctx, words[0], append(words[1:], browser, url)...)}
	c.cmd.Dir, c.cmd.Stderr = folder, os.Stderr
	c.cmd.Env = append(os.Environ(), "PEERS_FIELDS="+string(env))
	out, err := c.cmd.StdoutPipe()
	if err == nil {
		c.in, err = c.cmd.StdinPipe()
	}
	if err == nil {
		err = c.cmd.Start()
	}
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	c.out = bufio.NewReader(out)
	if line, err := c.out.ReadString('\n'); strings.TrimSpace(line) != "ready" {
		return nil, errors.Join(fmt.Errorf("%s did not start: %q: %w", name, line, err), c.stop())
	}
	return c, nil
}

// A run is what some flows cost together.
type run struct {
	flows     int
	wall, cpu time.Duration
	failed    int
	why       string
}

// run does flows, so many beside one another.
func (c *contender) run(flows, beside int) (run, error) {
	r := run{flows: flows}
	before, err := burnt(c.cmd.Process.Pid)
	if err != nil {
		return r, err
	}
	begun := time.Now()
	if _, err := fmt.Fprintf(c.in, "%d %d\n", flows, beside); err != nil {
		return r, fmt.Errorf("%s: %w", c.name, err)
	}
	line, err := c.out.ReadString('\n')
	r.wall = time.Since(begun)
	if err != nil {
		return r, fmt.Errorf("%s ended: %w", c.name, err)
	}
	if _, err := fmt.Sscanf(line, "done %d", &r.failed); err != nil {
		return r, fmt.Errorf("%s answered %q", c.name, line)
	}
	_, r.why, _ = strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "done "), " ")
	after, err := burnt(c.cmd.Process.Pid)
	r.cpu = after - before
	return r, err
}

func (c *contender) stop() error {
	_ = c.in.Close()
	return c.cmd.Wait()
}

// burnt gives the processor time of a process and of all below it, of those
// that ended as well, as far as somebody asked after them.
func burnt(root int) (sum time.Duration, err error) {
	tree, err := proc.Tree(root)
	for _, p := range tree {
		sum += p.CPU + p.Waited
	}
	return sum, err
}
