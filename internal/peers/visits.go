package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"touchstone/probes/web"
)

// manyVisits makes purchases two at a time, the browser being killed once in
// between, and counts what fails and what is left behind.
func (b *bench) manyVisits(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "peers-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	br, err := web.Open(web.Options{Path: b.browser, TempDir: dir, Overlap: true})
	if err != nil {
		return err
	}
	var done atomic.Int64
	begun := time.Now()
	failed, why := together(ctx, b.many, 2, func(ctx context.Context) error {
		n := done.Add(1)
		if n == int64(b.many)/2 {
			if pid := browserOf(os.Getpid()); pid != 0 {
				_ = syscall.Kill(pid, syscall.SIGKILL)
			}
		}
		return visit(ctx, br, b.shop.url)
	})
	took := time.Since(begun)
	ordered := b.shop.ordered()
	if err := br.Close(); err != nil {
		return err
	}
	left, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		return err
	}
	zombies := children(os.Getpid())
	fmt.Fprintf(b.out, "\n%d visits with all evidence, two at a time, the browser killed (SIGKILL) after half of them: %d reached the end, %d ended broken with the killed browser (%s), %.2f s a visit; left behind: %d folders, %d processes. Memory of the driving side at its peak: %d MB.\n",
		b.many, ordered, failed, why, took.Seconds()/float64(b.many), len(left), len(zombies), peak(os.Getpid())>>20)
	if failed > 2 || len(left) > 0 || len(zombies) > 0 {
		return errors.New("more failed than the killed browser held, or something was left")
	}
	return nil
}

// children lists the processes below one, zombies included.
func children(parent int) (found []int) {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, file := range stats {
		raw, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		text := string(raw)
		f := strings.Fields(text[strings.LastIndexByte(text, ')')+1:])
		if f[1] == strconv.Itoa(parent) {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(file)))
			found = append(found, pid)
		}
	}
	return found
}

// browserOf gives the browser that a process has started.
func browserOf(parent int) int {
	for _, pid := range children(parent) {
		raw, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
		if strings.Contains(string(raw), "--remote-debugging-pipe") && !strings.Contains(string(raw), "--type=") {
			return pid
		}
	}
	return 0
}
