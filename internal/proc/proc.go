// Package proc reads what Linux tells of processes (proc(5)), for commands and
// tests that measure programs or look for what these leave behind. On other
// systems it finds none, and says so.
package proc

import (
	"fmt"
	"time"

	"github.com/prometheus/procfs"
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

// All lists the processes that there are.
func All() ([]Process, error) {
	list, err := procfs.AllProcs()
	if err != nil {
		return nil, fmt.Errorf("what processes do is read from /proc: %w", err)
	}
	var all []Process
	for _, one := range list {
		if p, err := read(one); err == nil { // else it has ended meanwhile
			all = append(all, p)
		}
	}
	return all, nil
}

// Of gives one process.
func Of(id int) (Process, error) {
	one, err := procfs.NewProc(id)
	if err != nil {
		return Process{}, fmt.Errorf("process %d has ended, or nothing is told of it here: %w", id, err)
	}
	return read(one)
}

func read(one procfs.Proc) (Process, error) {
	s, err := one.Stat()
	if err != nil {
		return Process{}, fmt.Errorf("process %d: %w", one.PID, err)
	}
	return Process{
		ID: s.PID, Parent: s.PPID, Group: s.PGRP, Name: s.Comm, Zombie: s.State == "Z",
		CPU: time.Duration(s.UTime+s.STime) * tick, Waited: time.Duration(s.CUTime+s.CSTime) * tick,
	}, nil
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

// Share is a process's part of the memory, in bytes: its own pages, and its
// part of those that it shares (PSS); 0 where it is not told.
func Share(id int) int64 {
	one, err := procfs.NewProc(id)
	if err != nil {
		return 0
	}
	memory, _ := one.ProcSMapsRollup() // nothing is told of one that ends meanwhile
	return int64(memory.Pss)
}

// Peak is the most memory that a process ever had resident, in bytes; 0 where
// it is not told.
func Peak(id int) int64 {
	one, err := procfs.NewProc(id)
	if err != nil {
		return 0
	}
	status, _ := one.NewStatus() // likewise
	return int64(status.VmHWM)
}
