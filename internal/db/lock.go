package db

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/gofrs/flock"
)

// own takes the lock beside the database. The operating system lets go of it
// when the process ends, however it ends. The file holds the owner's process
// id, for people only, and is never removed: a process that waited for it
// would hold the lock of a file that nobody else can find.
func own(path string) (*flock.Flock, error) {
	name := path + ".lock"
	lock := flock.New(name, flock.SetFlag(os.O_CREATE|os.O_RDWR))
	got, err := lock.TryLock()
	if err != nil {
		return nil, explain("lock database", path, err)
	}
	if !got {
		owner := "another process"
		if pid := written(name); pid != 0 {
			owner = fmt.Sprintf("process %d", pid)
		}
		return nil, fmt.Errorf("%w: %s is in use by %s: wait until that has ended, or end it with `touchstone stop`", ErrLocked, path, owner)
	}
	if err := os.WriteFile(name, fmt.Appendf(nil, "%d\n", os.Getpid()), 0o600); err != nil {
		_ = lock.Unlock()
		return nil, explain("lock database", path, err)
	}
	return lock, nil
}

// release lets go of the lock, and takes the owner's number out of the file
// first, for Owner.
func release(lock *flock.Flock) error {
	_ = os.WriteFile(lock.Path(), nil, 0o600) // a number that stays is only shown, and only while such a process lives
	return lock.Unlock()
}

// Owner gives the process that owns the database at path, 0 when there is
// none. It takes no lock, so that asking never stands in the way of a process
// that begins: it is for showing, not for deciding who may write.
func Owner(path string) int {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	pid := written(path + ".lock")
	if pid == 0 {
		return 0
	}
	p, err := os.FindProcess(pid)
	if err != nil {
		return 0
	}
	// of another user's process we learn that it is there by being refused
	if err := p.Signal(syscall.Signal(0)); err != nil && !errors.Is(err, os.ErrPermission) {
		return 0
	}
	return pid
}

// written gives the process id in a lock file, 0 for none.
func written(name string) int {
	text, err := os.ReadFile(name)
	if err != nil {
		return 0
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0
	}
	return pid
}
