package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A block is one of the tutorial's commands, as a reader would paste it.
type block struct {
	terminal string // "street", or empty for the second terminal
	fails    string // the exit code that the text foretells, "" for 0
	text     string
}

var fence = regexp.MustCompile("(?ms)^```sh([^\n]*)\n(.*?)^```$")

func tutorial(t *testing.T) []block {
	t.Helper()
	data, err := os.ReadFile("../../docs/tutorial.md")
	if err != nil {
		t.Fatal(err)
	}
	var out []block
	for _, m := range fence.FindAllStringSubmatch(string(data), -1) {
		b := block{text: m[2]}
		for _, a := range strings.Fields(m[1]) {
			switch k, v, _ := strings.Cut(a, "="); k {
			case "terminal":
				b.terminal = v
			case "fails":
				b.fails = v
			default:
				t.Fatalf("a block of the tutorial is marked %q", a)
			}
		}
		out = append(out, b)
	}
	if len(out) < 8 {
		t.Fatalf("%d blocks of commands in the tutorial", len(out))
	}
	return out
}

// The tutorial's commands do what it says, from the first to the last.
func TestTutorial(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	env := os.Environ() // TestMain has put the program on the PATH
	// One shell is the reader's second terminal: it keeps its folder and what
	// was exported.
	var session strings.Builder
	session.WriteString("set -u\n")
	for _, b := range tutorial(t) {
		if b.terminal == "street" {
			session.WriteString(openStreet(t, dir, env, b.text) + "\n")
			continue
		}
		want := b.fails
		if want == "" {
			want = "0"
		}
		fmt.Fprintf(&session, "%s\ncode=$?\n[ $code -eq %s ] || { echo \"exit $code, the tutorial says %s, of: \"%s; exit 1; }\n", strings.TrimSpace(b.text), want, want, quote(b.text))
	}
	cmd := exec.CommandContext(t.Context(), "bash", "-c", session.String())
	cmd.Dir, cmd.Env = dir, env
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range []string{"no mistakes", `unknown key "cohrt" (did you mean "cohort"?)`, "Nothing has been sent", "has ended", "wave-", "passed"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("nothing in it says %q:\n%s", want, out)
		}
	}
}

func quote(s string) string { return "'" + strings.ReplaceAll(strings.TrimSpace(s), "'", `'\''`) + "'" }

// openStreet runs the first terminal's command until the test ends, and gives
// the line that the reader pastes into the second.
func openStreet(t *testing.T, dir string, env []string, text string) string {
	t.Helper()
	cmd := exec.Command("bash", "-c", "exec "+strings.TrimSpace(text))
	cmd.Dir, cmd.Env = dir, env
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
	})
	lines := make(chan string)
	go func() {
		defer close(lines)
		for s := bufio.NewScanner(out); s.Scan(); {
			lines <- s.Text()
		}
	}()
	for late := time.After(time.Minute); ; {
		select {
		case line, ok := <-lines:
			if !ok {
				t.Fatal("the street closed before it said how to audit it")
			}
			if strings.HasPrefix(line, "export ") {
				go func() {
					for range lines { // the rest is for the reader
					}
				}()
				return line
			}
		case <-late:
			t.Fatal("the street did not say within a minute how to audit it")
		}
	}
}
