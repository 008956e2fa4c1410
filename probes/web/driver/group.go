//go:build unix

package driver

import (
	"errors"
	"syscall"
)

// killGroup ends what is left of the browser's processes.
func killGroup(pid int) { _ = syscall.Kill(-pid, syscall.SIGKILL) }

// alive reports whether a process of that number exists.
func alive(pid int) bool { return !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) }
