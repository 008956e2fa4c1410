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
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return 0, err
	}
	for _, f := range stats {
		stat, err := os.ReadFile(f)
		if err != nil {
			continue // it ended meanwhile
		}
		// pid (name) state parent …: the name may hold spaces and parentheses
		open, end := bytes.IndexByte(stat, '('), bytes.LastIndexByte(stat, ')')
		if open < 0 || end < open || string(stat[open+1:end]) != name {
			continue
		}
		rest := bytes.Fields(stat[end+1:])
		if len(rest) < 2 || string(rest[1]) != strconv.Itoa(p.cmd.Process.Pid) || string(rest[0]) == "Z" {
			continue
		}
		pid, err := strconv.Atoi(string(bytes.TrimSpace(stat[:open])))
		if err != nil {
			return n, fmt.Errorf("%s: %w", f, err)
		}
		if err := syscall.Kill(pid, syscall.SIGKILL); err == nil {
			n++
		}
	}
	return n, nil
}
