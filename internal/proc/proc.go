// Package proc reads what Linux tells of processes (proc(5)), for commands and
// tests that measure programs or look for what these leave behind. On other
// systems it finds none, and says so.
package proc

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// A Process is what the system tells of one.
type Process struct {
	ID, Parent, Group int
	Name              string
	Zombie            bool          // it has ended, and its parent has not asked after it
	CPU               time.Duration // its own, in user mode and in the system, to 10 ms
	Waited            time.Duration // the same of its children that have ended, and of theirs, as far as they were asked after
}

// tick is the unit of processor time in /proc: USER_HZ, 100 on every Linux.
const tick = 10 * time.Millisecond

var errNotHere = errors.New("what processes do is read from /proc, which is not here")

// All lists the processes that there are.
func All() ([]Process, error) {
	files, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return nil, err
	}
	var all []Process
	for _, file := range files {
		line, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended meanwhile
		}
		p, err := parse(line)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		all = append(all, p)
	}
	if len(all) == 0 {
		return nil, errNotHere
	}
	return all, nil
}

// Of gives one process.
func Of(id int) (Process, error) {
	file := fmt.Sprintf("/proc/%d/stat", id)
	line, err := os.ReadFile(file)
	if err != nil {
		return Process{}, fmt.Errorf("process %d has ended, or nothing is told of it here: %w", id, err)
	}
	p, err := parse(line)
	if err != nil {
		return p, fmt.Errorf("%s: %w", file, err)
	}
	return p, nil
}

// Tree lists a process and all below it.
func Tree(root int) ([]Process, error) {
	all, err := All()
	if err != nil {
		return nil, err
	}
	parents := map[int]int{}
	for _, p := range all {
		parents[p.ID] = p.Parent
	}
	var tree []Process
	for _, p := range all {
		for at := p.ID; at > 0; at = parents[at] {
			if at == root {
				tree = append(tree, p)
				break
			}
		}
	}
	return tree, nil
}

// parse reads a line of /proc/PID/stat: pid (name) state parent group …, where
// the name may hold spaces and parentheses.
func parse(line []byte) (p Process, err error) {
	open, end := bytes.IndexByte(line, '('), bytes.LastIndexByte(line, ')')
	if open < 0 || end < open {
		return p, fmt.Errorf("%q has no name", line)
	}
	rest := bytes.Fields(line[end+1:])
	if len(rest) < 15 {
		return p, fmt.Errorf("%q is too short", line)
	}
	var user, system, usersBelow, systemsBelow int
	for _, f := range []struct {
		text []byte
		into *int
	}{{bytes.TrimSpace(line[:open]), &p.ID}, {rest[1], &p.Parent}, {rest[2], &p.Group}, {rest[11], &user}, {rest[12], &system}, {rest[13], &usersBelow}, {rest[14], &systemsBelow}} {
		if *f.into, err = strconv.Atoi(string(f.text)); err != nil {
			return p, err
		}
	}
	p.Name, p.Zombie = string(line[open+1:end]), string(rest[0]) == "Z"
	p.CPU, p.Waited = time.Duration(user+system)*tick, time.Duration(usersBelow+systemsBelow)*tick
	return p, nil
}

// Share is a process's part of the memory, in bytes: its own pages, and its
// part of those that it shares (PSS); 0 where it is not told.
func Share(id int) int64 { return kib(id, "smaps_rollup", "Pss:") }

// Peak is the most memory that a process ever had resident, in bytes; 0 where
// it is not told.
func Peak(id int) int64 { return kib(id, "status", "VmHWM:") }

// kib finds the line of a process's file that begins so, and reads its figure,
// which is in KiB, as bytes.
func kib(id int, file, begins string) int64 {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", id, file))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(raw)) {
		if rest, ok := strings.CutPrefix(line, begins); ok {
			n, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
			figure, _ := strconv.ParseInt(n, 10, 64)
			return figure << 10
		}
	}
	return 0
}
