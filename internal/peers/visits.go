package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"touchstone/internal/evidence"
	"touchstone/internal/proc"
	"touchstone/probes/web"
	"touchstone/probes/web/driver"
)

// odd visits are made between purchases: what leaves something behind, if
// anything does. Each with the outcome that it has to have.
var odd = []struct {
	name    string
	steps   []web.Step
	after   time.Duration // the caller gives up; 0: never
	outcome evidence.Outcome
}{
	{"another window", []web.Step{{Open: "/odd"}, {Click: &web.Locator{Role: "button", Name: "Window"}}, {Expect: &web.Expect{Locator: web.Locator{Text: "Pot number 2"}}}}, 0, evidence.Completed},
	{"a question", []web.Step{{Open: "/odd"}, {Click: &web.Locator{Role: "button", Name: "Ask"}}, {Expect: &web.Expect{Locator: web.Locator{Text: "Asked"}}}}, 0, evidence.Completed},
	{"a worker and a frame", []web.Step{{Open: "/odd"}, {Click: &web.Locator{Role: "button", Name: "Work"}}, {Expect: &web.Expect{Locator: web.Locator{Text: "Worked"}}}}, 0, evidence.Completed},
	{"a file", []web.Step{{Open: "/odd"}, {Click: &web.Locator{Role: "link", Name: "File"}}}, 0, evidence.Completed},
	{"nothing there", []web.Step{{Open: "/odd"}, {Expect: &web.Expect{Locator: web.Locator{Text: "never"}, Timeout: "100ms"}}}, 0, evidence.Failed},
	{"no answer", []web.Step{{Open: "/odd"}, {Click: &web.Locator{Role: "button", Name: "Silence"}}}, 400 * time.Millisecond, evidence.Broken},
}

// manyVisits makes purchases and odd visits two at a time, the browser being
// killed once in between, and counts what fails and what is left behind.
func (b *bench) manyVisits(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "peers-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	goroutines := runtime.NumGoroutine()
	br, err := web.Open(web.Options{Path: b.browser, TempDir: dir, Overlap: true, Resolve: names(b.shop.url)})
	if err != nil {
		return err
	}
	var done, lost, purchases atomic.Int64
	begun := time.Now()
	failed, why := together(ctx, b.many, 2, func(ctx context.Context, lane int) error {
		n := int(done.Add(1))
		if n == b.many/2 {
			if pid := browserOf(os.Getpid()); pid != 0 {
				_ = syscall.Kill(pid, syscall.SIGKILL)
			}
		}
		var err error
		if n%5 == 0 {
			err = oddVisit(ctx, br, named(lane), n/5)
		} else {
			purchases.Add(1)
			err = visit(ctx, br, named(lane))
		}
		if err != nil && strings.Contains(err.Error(), driver.ErrDied.Error()) {
			lost.Add(1) // with the browser that was killed
			return nil
		}
		return err
	})
	took := time.Since(begun)
	ordered := b.shop.ordered()
	held, err := br.Held(ctx)
	if err := errors.Join(err, br.Close()); err != nil {
		return err
	}
	folders, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		return err
	}
	processes, err := children(os.Getpid())
	if err != nil {
		return err
	}
	goroutines = settledGoroutines(goroutines) - goroutines
	fmt.Fprintf(b.out, "\n%d visits with all evidence, two at a time, every fifth an odd one, the browser killed (SIGKILL) after half of them: %d purchases, %d whole orders; %d visits lost with the killed browser, %d failed (%s); %.2f s a visit.\n"+
		"Left behind: in the browser %d contexts, %d targets, in the driver %d tabs, %d sessions, %d unanswered commands; afterwards %d folders, %d processes, %d goroutines. Memory of the driving side at its peak: %d MB.\n",
		b.many, purchases.Load(), ordered, lost.Load(), failed, why, took.Seconds()/float64(b.many),
		held.Contexts, held.Targets, held.Tabs, held.Sessions, held.Unheard, len(folders), len(processes), goroutines, proc.Peak(os.Getpid())>>20)
	b.asks(fmt.Sprintf("failures of %d visits, but for at most 2 that the killed browser held", b.many), strconv.Itoa(failed), "0", failed == 0 && lost.Load() <= 2)
	left := held.Contexts + held.Targets + held.Tabs + held.Sessions + held.Unheard + len(folders) + len(processes) + max(0, goroutines)
	b.asks(fmt.Sprintf("contexts, targets, sessions, folders, processes, goroutines left by %d mixed visits", b.many), strconv.Itoa(left), "0", left == 0)
	return nil
}

// oddVisit makes one of them.
func oddVisit(ctx context.Context, br *web.Browser, url string, n int) error {
	o := odd[n%len(odd)]
	if o.after > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, o.after)
		defer cancel()
	}
	seen, err := observe(ctx, br, url, o.steps)
	switch {
	case o.after > 0 && errors.Is(err, context.DeadlineExceeded):
		return nil
	case err != nil:
		return err
	case seen.Outcome != o.outcome:
		return fmt.Errorf("%s ended %s: %s", o.name, seen.Outcome, seen.Reason)
	}
	return nil
}

// settledGoroutines counts goroutines once those that are ending have ended.
func settledGoroutines(wanted int) int {
	for end := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > wanted && time.Now().Before(end); {
		runtime.Gosched()
	}
	return runtime.NumGoroutine()
}

// children lists the processes below one, zombies included.
func children(parent int) (found []int, err error) {
	all, err := proc.All()
	for _, p := range all {
		if p.Parent == parent {
			found = append(found, p.ID)
		}
	}
	return found, err
}

// browserOf gives the browser that a process has started.
func browserOf(parent int) int {
	below, _ := children(parent)
	for _, pid := range below {
		raw, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
		if strings.Contains(string(raw), "--remote-debugging-pipe") && !strings.Contains(string(raw), "--type=") {
			return pid
		}
	}
	return 0
}
