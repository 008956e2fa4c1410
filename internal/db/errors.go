package db

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// What can be wrong with a database or an evidence folder. Each comes wrapped
// with the path and with what to do about it.
var (
	ErrLocked     = errors.New("another process owns the database")
	ErrNoDatabase = errors.New("no wave has been run here yet")
	ErrNewer      = errors.New("the database was written by a newer program")
	ErrOlder      = errors.New("the database is still to be brought up to date")
	ErrForeign    = errors.New("this is not a Touchstone database")
	ErrReader     = errors.New("the database was opened for reading")
	ErrNoAccess   = errors.New("cannot be read or written")
	ErrFull       = errors.New("no space is left")
)

func isFolder(path string) error {
	return fmt.Errorf("%w: %s is a folder; name a file as `database` in touchstone.yaml", ErrForeign, path)
}

// explain adds to an error of SQLite or of the file system what a person can
// do about it. doing is a verb: "open database".
func explain(doing, path string, err error) error {
	if err == nil {
		return nil
	}
	for _, known := range []error{ErrLocked, ErrNoDatabase, ErrNewer, ErrOlder, ErrForeign, ErrReader, ErrNoAccess, ErrFull} {
		if errors.Is(err, known) {
			return err // explained already
		}
	}
	mend, kind := diagnose(err)
	switch {
	case kind != nil:
		return fmt.Errorf("%s: %w: %w: %s", path, kind, err, mend)
	case mend != "":
		return fmt.Errorf("%s: %w: %s", path, err, mend)
	}
	return fmt.Errorf("%s %s: %w", doing, path, err)
}

// diagnose gives what a person can do, and the kind of error where it has one.
func diagnose(err error) (mend string, kind error) {
	const (
		full     = "free some space and run again; nothing that was stored is lost"
		noAccess = "give yourself the rights to the file and its folder, or name another place in touchstone.yaml"
	)
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return full, ErrFull
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS), errors.Is(err, syscall.ENOTDIR):
		return noAccess, ErrNoAccess
	case errors.Is(err, fs.ErrNotExist):
		return "make its folder first, or name another place in touchstone.yaml", ErrNoAccess
	}
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return "", nil
	}
	switch e.Code() & 0xff { // the primary code of an extended one
	case sqlite3.SQLITE_FULL:
		return full, ErrFull
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM:
		return noAccess, ErrNoAccess
	case sqlite3.SQLITE_NOTADB:
		return "name another file as `database` in touchstone.yaml", ErrForeign
	case sqlite3.SQLITE_CORRUPT:
		return "the file is damaged: keep a copy, and go back to a sound one", nil
	case sqlite3.SQLITE_IOERR:
		return "the disk does not do as it is told: it may be full, failing, or a network drive, which SQLite cannot use", nil
	case sqlite3.SQLITE_BUSY:
		return "another program has the file open and writes to it: close that", nil
	}
	return "", nil
}
