package realmail

import (
	"os"
	"os/exec"
	"os/user"
	"runtime"
	"slices"
	"strconv"
	"syscall"
	"time"

	"touchstone/internal/proc"
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
	group, err := p.group()
	for _, c := range group {
		if c.Name == name && c.Parent == p.cmd.Process.Pid && !c.Zombie && syscall.Kill(c.ID, syscall.SIGKILL) == nil {
			n++
		}
	}
	return n, err
}

// cpu gives the processor time of the server and of its children, those that
// have ended among them.
func (p *process) cpu() (used time.Duration, err error) {
	group, err := p.group()
	for _, c := range group {
		used += c.CPU + c.Waited
	}
	return used, err
}

// group lists the processes of the server's group.
func (p *process) group() ([]proc.Process, error) {
	all, err := proc.All()
	return slices.DeleteFunc(all, func(c proc.Process) bool { return c.Group != p.cmd.Process.Pid }), err
}
