package db

import (
	"fmt"
	"os"
	"strconv"
	"strings"

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
		if text, err := os.ReadFile(name); err == nil {
			if pid, err := strconv.Atoi(strings.TrimSpace(string(text))); err == nil {
				owner = fmt.Sprintf("process %d", pid)
			}
		}
		return nil, fmt.Errorf("%w: %s is in use by %s: wait until that has ended, or end it with `touchstone stop`", ErrLocked, path, owner)
	}
	if err := os.WriteFile(name, fmt.Appendf(nil, "%d\n", os.Getpid()), 0o600); err != nil {
		_ = lock.Unlock()
		return nil, explain("lock database", path, err)
	}
	return lock, nil
}
