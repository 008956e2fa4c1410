package realmail

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"time"
)

// runner gives whom the servers run as: whoever tests, but never root.
func runner() (owner, error) {
	u, err := user.Current()
	if err == nil && u.Uid == "0" {
		u, err = user.Lookup("nobody")
	}
	if err != nil {
		return owner{}, err
	}
	g, err := user.LookupGroupId(u.Gid)
	if err != nil {
		return owner{}, err
	}
	uid, err := strconv.Atoi(u.Uid)
	if err != nil {
		return owner{}, err
	}
	gid, err := strconv.Atoi(u.Gid)
	return owner{User: u.Username, Group: g.Name, UID: uid, GID: gid}, err
}

// setOwner gives a command its user, a process group of its own, and an end
// when its parent thread ends: a test that is killed leaves no server behind.
func setOwner(cmd *exec.Cmd, who owner) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if os.Getuid() == 0 {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(who.UID), Gid: uint32(who.GID)}
	}
	return nil
}

// runAttached starts a command, says whether it did, and waits for its end. It
// keeps its thread until then, since the command ends with the thread.
func runAttached(cmd *exec.Cmd, started chan<- error, done func(error)) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := cmd.Start()
	started <- err
	if err == nil {
		done(cmd.Wait())
	}
}

func (p *process) terminate() { _ = p.cmd.Process.Signal(syscall.SIGTERM) } // it may be gone already

// killGroup ends all that the server started and that is still there.
func (p *process) killGroup() { _ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL) }

// killChildren kills the server's own children of this name.
func (p *process) killChildren(name string) (n int, err error) {
	err = p.group(func(s stat) error {
		if s.name != name || s.parent != p.cmd.Process.Pid || s.state == "Z" {
			return nil
		}
		if err := syscall.Kill(s.pid, syscall.SIGKILL); err == nil {
			n++
		}
		return nil
	})
	return n, err
}

// cpu gives the processor time of the server and of its children, those that
// have ended among them.
func (p *process) cpu() (used time.Duration, err error) {
	err = p.group(func(s stat) error { used += s.cpu; return nil })
	return used, err
}

// A stat is what the system tells of a process.
type stat struct {
	pid, parent, group int
	name, state        string
	cpu                time.Duration // its own, and that of children that it has waited for
}

// tick is the unit of processor time in /proc, on every Linux that Go runs on.
const tick = 10 * time.Millisecond

// group tells of each process of the server's group.
func (p *process) group(each func(stat) error) error {
	files, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return err
	}
	for _, f := range files {
		line, err := os.ReadFile(f)
		if err != nil {
			continue // it ended meanwhile
		}
		// pid (name) state parent group …: the name may hold spaces and parentheses
		open, end := bytes.IndexByte(line, '('), bytes.LastIndexByte(line, ')')
		if open < 0 || end < open {
			continue
		}
		rest := bytes.Fields(line[end+1:])
		if len(rest) < 15 {
			continue
		}
		s := stat{name: string(line[open+1 : end]), state: string(rest[0])}
		var ticks [4]int // in user mode, in the system, and both of children
		for i, into := range map[int]*int{1: &s.parent, 2: &s.group, 11: &ticks[0], 12: &ticks[1], 13: &ticks[2], 14: &ticks[3]} {
			if *into, err = strconv.Atoi(string(rest[i])); err != nil {
				return fmt.Errorf("%s: %w", f, err)
			}
		}
		if s.pid, err = strconv.Atoi(string(bytes.TrimSpace(line[:open]))); err != nil {
			return fmt.Errorf("%s: %w", f, err)
		}
		s.cpu = time.Duration(ticks[0]+ticks[1]+ticks[2]+ticks[3]) * tick
		if s.group != p.cmd.Process.Pid {
			continue
		}
		if err := each(s); err != nil {
			return err
		}
	}
	return nil
}
