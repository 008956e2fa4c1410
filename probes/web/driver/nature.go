package driver

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// A Nature is what kind of browser runs, and how fenced: what a method box has
// to say of it.
type Nature struct {
	Program   string // its path
	Version   string // "156.0.8078.79"
	Mobile    bool   // its workers call themselves a telephone's
	Isolated  bool   // each site of a page has a process of its own
	Sandboxed bool   // pages run in the operating system's sandbox
}

// String gives it in words: "chromium-headless-shell 156.0.8078.79, in its
// sandbox, sites of one page not isolated from one another".
func (n Nature) String() string {
	box, sites := "in its sandbox", "isolated"
	if !n.Sandboxed {
		box = "WITHOUT its sandbox"
	}
	if !n.Isolated {
		sites = "not isolated"
	}
	return fmt.Sprintf("%s %s, %s, sites of one page %s from one another", filepath.Base(n.Program), n.Version, box, sites)
}

// Nature says what kind of browser this is.
func (b *Browser) Nature() Nature { return b.nature }

// ErrNoSandbox says that the machine lets an ordinary user's browser have no
// sandbox, and how to mend it.
var ErrNoSandbox = errors.New("this machine allows the browser no sandbox: let ordinary users make user namespaces " +
	"(sysctl kernel.unprivileged_userns_clone=1, kernel.apparmor_restrict_unprivileged_userns=0; in a container, a seccomp profile that allows them), " +
	"install the browser's own (Debian: apt-get install chromium-sandbox), or, if you trust every page that is visited, set browser.sandbox: off")

// unboxed says why there is no sandbox.
func unboxed() string {
	if os.Getuid() == 0 {
		return "since it is started as root (start it as an ordinary user)"
	}
	return "as browser.sandbox: off asks"
}

// notStarted explains a browser that ended before it spoke.
func notStarted(program string, err error, said *tail) error {
	all := said.all()
	if strings.Contains(all, "No usable sandbox") || strings.Contains(all, "Failed to move to new namespace") || strings.Contains(all, "SUID sandbox helper") {
		err = fmt.Errorf("%w: %w", ErrNoSandbox, err)
	}
	return fmt.Errorf("the browser %s did not start: %w (it said: %s)", program, err, said.last())
}
