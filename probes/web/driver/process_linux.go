package driver

import "syscall"

// ownGroup keeps a terminal's Ctrl-C away from the browser, which is closed in
// order, and ends it when the program is killed.
func ownGroup() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
