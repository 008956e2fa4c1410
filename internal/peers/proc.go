package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// tick is the unit of times in /proc: USER_HZ, 100 on every Linux (proc(5)).
const tick = 10 * time.Millisecond

// burnt gives the processor time of a process and of all below it, of those
// that ended as well, as far as somebody asked after them.
func burnt(root int) (time.Duration, error) {
	type process struct {
		parent int
		ticks  int64
	}
	all := map[int]process{}
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil || len(stats) == 0 {
		return 0, fmt.Errorf("processor time is read from /proc, which is not here")
	}
	for _, file := range stats {
		raw, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended
		}
		text := string(raw)
		f := strings.Fields(text[strings.LastIndexByte(text, ')')+1:]) // state, parent, …
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(file)))
		p := process{}
		p.parent, _ = strconv.Atoi(f[1])
		for _, n := range f[11:15] { // utime, stime, cutime, cstime
			t, _ := strconv.ParseInt(n, 10, 64)
			p.ticks += t
		}
		all[pid] = p
	}
	var sum int64
	for pid := range all {
		for p := pid; p > 1; p = all[p].parent {
			if p == root {
				sum += all[pid].ticks
				break
			}
		}
	}
	return time.Duration(sum) * tick, nil
}

// peak gives the most memory that one process ever had resident, in bytes.
func peak(pid int) int64 {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(raw), "VmHWM:")
	f := strings.Fields(rest)
	if len(f) == 0 {
		return 0
	}
	kb, _ := strconv.ParseInt(f[0], 10, 64)
	return kb << 10
}
