package evidencetest

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"

	"touchstone/internal/evidence"
)

// Scribble writes blobs and observations, from number n on, until something
// fails, and prints a line for each once the store has said that it is kept:
// "blob 7" or "observation 7". It is what the child of Survive does.
func Scribble(ctx context.Context, s evidence.Store, n int, out io.Writer) error {
	for ; ; n++ {
		if _, err := s.Put(ctx, bytes.NewReader(scribbled(n))); err != nil {
			return err
		}
		if _, err := fmt.Fprintf(out, "blob %d\n", n); err != nil {
			return err
		}
		if err := s.Append(ctx, scribbledObservation(n)); err != nil {
			return err
		}
		if _, err := fmt.Fprintf(out, "observation %d\n", n); err != nil {
			return err
		}
	}
}

func scribbled(n int) []byte {
	return bytes.Repeat(fmt.Appendf(nil, "blob %d;", n), 1+n%7*1000)
}

func scribbledObservation(n int) evidence.Observation {
	o := Sample(fmt.Sprintf("site-%d", n%13), 1+n/13, "r1")
	o.Reason = fmt.Sprintf("number %d", n)
	return o
}

// Survive kills a process that scribbles, several times, at moments drawn
// from a fixed seed, and checks that all it had said to be kept is there and
// whole. start gives the command of a child that calls Scribble with this n
// and its standard output; open opens the store when the child is dead.
func Survive(t *testing.T, start func(t *testing.T, n int) *exec.Cmd, open func(t *testing.T) evidence.Store) {
	random := rand.New(rand.NewPCG(2026, 11))
	const rounds, step = 4, 1000
	said := map[string]bool{}
	for round := range rounds {
		for _, line := range Kill(t, start(t, round*step), 1+random.IntN(40)) {
			said[line] = true
		}
		s := open(t)
		kept := map[evidence.ProbeID]evidence.Observation{}
		for _, o := range list(t, s, "w1") {
			kept[o.Probe] = o
		}
		for line := range said {
			var what string
			var n int
			if _, err := fmt.Sscan(line, &what, &n); err != nil {
				t.Fatalf("the child says %q: %v", line, err)
			}
			switch want := scribbledObservation(n); what {
			case "blob":
				if got := read(t, s, evidence.RefOf(scribbled(n))); !bytes.Equal(got, scribbled(n)) {
					t.Errorf("round %d: blob %d comes back changed", round, n)
				}
			case "observation":
				if got, ok := kept[want.Probe]; !ok || !equal(got, want) {
					t.Errorf("round %d: observation %d comes back as %+v", round, n, got)
				}
			}
		}
	}
	if len(said) < rounds {
		t.Errorf("in %d rounds only %d lines were written", rounds, len(said))
	}
}

// Kill starts a command, kills it (SIGKILL) when it has printed so many lines,
// and gives every whole line that it printed before it died.
func Kill(t *testing.T, cmd *exec.Cmd, lines int) []string {
	t.Helper()
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var said []string
	out := bufio.NewReader(pipe)
	for {
		line, err := out.ReadString('\n')
		if err != nil {
			break // the line that was being written does not count
		}
		if said = append(said, strings.TrimSpace(line)); len(said) == lines {
			if err := cmd.Process.Kill(); err != nil {
				t.Error(err)
			}
		}
	}
	if err := cmd.Wait(); len(said) < lines {
		t.Fatalf("the child ended after %d lines, before it was killed: %v\n%s", len(said), err, stderr.String())
	}
	return said
}
