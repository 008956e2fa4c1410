package driver

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/prometheus/procfs"
	"golang.org/x/sys/unix"
)

// A browser's helpers are its children's children: when it dies they fall to
// process 1, which in many a container never asks after them, and leaves them
// as zombies. While browsers run, this process takes them in instead (it is a
// "child subreaper", prctl(2)), and asks after the members of a browser's own
// process group and the crash handlers that have left it, and after nobody
// else: what else the program has started is waited for by whoever started it.
var guardians struct {
	mu      sync.Mutex
	running int
	before  int // whether the process was one already
}

func adopt() {
	guardians.mu.Lock()
	defer guardians.mu.Unlock()
	if guardians.running++; guardians.running > 1 {
		return
	}
	guardians.before = 0
	if v, err := unix.PrctlRetInt(unix.PR_GET_CHILD_SUBREAPER, 0, 0, 0, 0); err == nil {
		guardians.before = v
	}
	_ = unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) // without it, process 1 has to
}

// reap asks after what is left of a group that was killed, until nothing is.
func reap(group int) {
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); { // a busy machine takes seconds to end dozens
		pid, err := syscall.Wait4(-group, nil, syscall.WNOHANG, nil)
		if err == syscall.EINTR || err == nil && pid > 0 {
			continue
		}
		if err != nil { // no child is of the group any more
			break
		}
		killGroup(group) // one that was born meanwhile
		time.Sleep(5 * time.Millisecond)
	}
}

// handler is what Linux calls the program that takes in the crashes of the whole
// browser (its name is cut at 15 bytes). It forks twice and opens a session of
// its own, and no flag keeps it away without breaking the browser.
const handler = "chrome_crashpad"

// reapHandlers asks after the crash handlers of a browser that has ended, which
// end by themselves then; tmp is the folder for temporary files by which they
// are told from those of other browsers. Nobody else starts or waits for any, so
// whichever has ended may be asked after.
func reapHandlers(tmp string) {
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		all, _ := procfs.AllProcs() // where nothing is told, nobody can be waited for
		left := false
		for _, p := range all {
			if s, err := p.Stat(); err != nil || s.PPID != os.Getpid() || s.Comm != handler {
				continue
			}
			ended, _ := syscall.Wait4(p.PID, nil, syscall.WNOHANG, nil)
			environ, _ := p.Environ() // one that has ended has none
			left = left || ended != p.PID && slices.Contains(environ, "TMPDIR="+tmp)
		}
		if !left {
			return
		}
	}
}

// release ends what adopt began.
func release() {
	guardians.mu.Lock()
	defer guardians.mu.Unlock()
	if guardians.running--; guardians.running == 0 && guardians.before == 0 {
		_ = unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)
	}
}

// members lists the processes of a group with the memory that is theirs alone:
// resident, without what is shared with files or other processes (proc(5), statm).
func members(group int) map[int]int64 {
	proc, err := os.Open("/proc")
	if err != nil {
		return nil
	}
	defer proc.Close()
	names, _ := proc.Readdirnames(-1) // what it gave before it failed is still true
	found := map[int]int64{}
	for _, name := range names {
		pid, err := strconv.Atoi(name)
		if err != nil {
			continue // not a process
		}
		if of, err := unix.Getpgid(pid); err == nil && of == group { // else it is another's, or has ended
			found[pid] = own(pid)
		}
	}
	return found
}

func own(pid int) int64 {
	raw, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/statm")
	fields := strings.Fields(string(raw))
	if err != nil || len(fields) < 3 {
		return 0
	}
	resident, _ := strconv.ParseInt(fields[1], 10, 64)
	shared, _ := strconv.ParseInt(fields[2], 10, 64)
	return (resident - shared) * int64(os.Getpagesize())
}

// draws reports whether a process of the browser draws pages.
func draws(pid int) bool {
	raw, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/cmdline")
	return err == nil && strings.Contains(string(raw), "--type=renderer")
}
