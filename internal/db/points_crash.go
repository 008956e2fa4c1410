//go:build crashpoints

package db

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// The crash points: every step that makes something durable is numbered, and
// the process is killed, or the disk fails, at the one that is named. Only
// internal/crash builds the program with them.
//
// TOUCHSTONE_CRASHPOINT is "count", or what happens and at which step:
//
//	kill 17   SIGKILL just before step 17
//	tear 17   the same, after half of the bytes if it is a write of SQLite's
//	fail 17   step 17 fails once (EIO)
//	full 17   step 17 and all later ones fail, as on a full disk (ENOSPC)
//
// With a word behind it, only steps whose names begin so are counted:
// "kill 3 blob".
//
// TOUCHSTONE_CRASHLOG names a file that gets a line for each step, and
// TOUCHSTONE_CRASHPAGES the largest number of pages that the database may have.
type crashpoints struct {
	mu  sync.Mutex
	n   int    // steps so far
	at  int    // the step at which it happens; 0: never
	how string // kill, tear, fail, full
	of  string // how the names of the steps begin that count
	log *os.File
}

var armed = sync.OnceValue(func() *crashpoints {
	c := &crashpoints{}
	if words := strings.Fields(os.Getenv("TOUCHSTONE_CRASHPOINT")); len(words) > 1 {
		n, err := strconv.Atoi(words[1])
		if err != nil {
			panic(err)
		}
		c.how, c.at = words[0], n
		if len(words) > 2 {
			c.of = words[2]
		}
	}
	if name := os.Getenv("TOUCHSTONE_CRASHLOG"); name != "" {
		f, err := os.OpenFile(name, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		if err != nil {
			panic(err)
		}
		c.log = f
	}
	c.beneath()
	return c
})

// next counts a step and gives what happens at it: nothing, or c.how.
func (c *crashpoints) next(name string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !strings.HasPrefix(name, c.of) {
		return ""
	}
	c.n++
	happens := ""
	if c.at > 0 && (c.n == c.at || c.how == "full" && c.n > c.at) {
		happens = c.how
	}
	if c.log != nil {
		fmt.Fprintf(c.log, "%d %s %s\n", c.n, name, happens)
	}
	return happens
}

func die() {
	_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	select {}
}

// point is a step of which only the process can die.
func point(name string) {
	if how := armed().next(name); how == "kill" || how == "tear" {
		die()
	}
}

// fault is a step at which the disk may fail, too.
func fault(name string) error {
	switch armed().next(name) {
	case "kill", "tear":
		die()
	case "fail":
		return fmt.Errorf("%s: %w", name, syscall.EIO)
	case "full":
		return fmt.Errorf("%s: %w", name, syscall.ENOSPC)
	}
	return nil
}

// tuned arms the crash points before the first connection is opened.
func tuned(settings string) string {
	armed()
	if pages := os.Getenv("TOUCHSTONE_CRASHPAGES"); pages != "" && settings == writing {
		return settings + "&_pragma=max_page_count(" + pages + ")"
	}
	return settings
}

// The methods of SQLite's files that are looked over.
type (
	xOpen     = func(tls *libc.TLS, vfs, name, file uintptr, flags int32, out uintptr) int32
	xWrite    = func(tls *libc.TLS, file, bytes uintptr, n int32, at int64) int32
	xSync     = func(tls *libc.TLS, file uintptr, flags int32) int32
	xTruncate = func(tls *libc.TLS, file uintptr, size int64) int32
)

// pinned holds the functions whose addresses SQLite has: the collector does not
// see those.
var pinned []any

// address and function turn a Go function into what SQLite calls, and back.
func address[F any](f F) uintptr {
	p := &f
	pinned = append(pinned, p)
	return *(*uintptr)(unsafe.Pointer(p))
}

func function[F any](at uintptr) F { return *(*F)(unsafe.Pointer(&at)) }

// pointer is the address of a struct of SQLite's, typed.
func pointer[T any](at uintptr) *T { return *(**T)(unsafe.Pointer(&at)) }

// beneath puts itself between SQLite and the operating system. Files of a kind
// share a table of methods, which the first open one of them shows: databases
// have one, and what needs no locks, like the write-ahead log, another.
func (c *crashpoints) beneath() {
	vfs := pointer[sqlite3.Tsqlite3_vfs](sqlite3.Xsqlite3_vfs_find(libc.NewTLS(), 0))
	open := function[xOpen](vfs.FxOpen)
	var known sync.Map
	vfs.FxOpen = address[xOpen](func(tls *libc.TLS, vfs, name, file uintptr, flags int32, out uintptr) int32 {
		rc := open(tls, vfs, name, file, flags, out)
		if methods := pointer[sqlite3.Tsqlite3_file](file).FpMethods; rc == sqlite3.SQLITE_OK && methods != 0 {
			if _, done := known.LoadOrStore(methods, true); !done {
				c.replace(pointer[sqlite3.Tsqlite3_io_methods](methods))
			}
		}
		return rc
	})
}

func (c *crashpoints) replace(methods *sqlite3.Tsqlite3_io_methods) {
	write, flush, truncate := function[xWrite](methods.FxWrite), function[xSync](methods.FxSync), function[xTruncate](methods.FxTruncate)
	methods.FxWrite = address[xWrite](func(tls *libc.TLS, file, bytes uintptr, n int32, at int64) int32 {
		switch c.next("sqlite write") {
		case "tear":
			write(tls, file, bytes, n/2, at)
			die()
		case "kill":
			die()
		case "fail":
			return sqlite3.SQLITE_IOERR_WRITE
		case "full":
			return sqlite3.SQLITE_FULL
		}
		return write(tls, file, bytes, n, at)
	})
	methods.FxSync = address[xSync](func(tls *libc.TLS, file uintptr, flags int32) int32 {
		switch c.next("sqlite sync") {
		case "kill", "tear":
			die()
		case "fail", "full":
			return sqlite3.SQLITE_IOERR_FSYNC
		}
		return flush(tls, file, flags)
	})
	methods.FxTruncate = address[xTruncate](func(tls *libc.TLS, file uintptr, size int64) int32 {
		switch c.next("sqlite truncate") {
		case "kill", "tear":
			die()
		case "fail", "full":
			return sqlite3.SQLITE_IOERR_TRUNCATE
		}
		return truncate(tls, file, size)
	})
}
