package driver

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// nobody is the user without rights, on every Linux.
const nobody = 65534

// TestSandboxedAsAnOrdinaryUser starts this test once more as an ordinary user,
// where it runs as root, and has that one start a browser.
func TestSandboxedAsAnOrdinaryUser(t *testing.T) {
	if os.Getuid() != 0 {
		sandboxed(t)
		return
	}
	// Neither this program nor its folders can be reached by others, perhaps.
	dir, err := os.MkdirTemp("", "ordinary-")
	must(t, err)
	defer os.RemoveAll(dir)
	self, err := os.Executable()
	must(t, err)
	copied := filepath.Join(dir, "driver.test")
	data, err := os.ReadFile(self)
	must(t, err)
	must(t, os.WriteFile(copied, data, 0o755))
	must(t, os.Chmod(dir, 0o755))
	home := filepath.Join(dir, "home")
	must(t, os.Mkdir(home, 0o755))
	must(t, os.Chown(home, nobody, nobody))
	c := exec.CommandContext(t.Context(), copied, "-test.run", "^TestSandboxedAsAnOrdinaryUser$", "-test.v")
	c.Dir = home
	c.Env = append(os.Environ(), "HOME="+home, "TMPDIR="+home)
	c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	said, err := c.CombinedOutput()
	if strings.Contains(string(said), ErrNoSandbox.Error()) {
		t.Logf("this kernel allows ordinary users no sandbox, which is said:\n%s", said)
		return
	}
	if err != nil || !strings.Contains(string(said), "--- PASS") {
		t.Errorf("as an ordinary user: %v\n%s", err, said)
	}
}

func sandboxed(t *testing.T) {
	b, err := Start(context.Background(), Options{TempDir: t.TempDir(), Path: os.Getenv("TOUCHSTONE_BROWSER")})
	if errors.Is(err, ErrNoSandbox) {
		if !strings.Contains(err.Error(), "browser.sandbox: off") {
			t.Errorf("the mend is not named: %v", err)
		}
		t.Logf("this kernel forbids it, and is told so plainly: %v", err)
		return
	}
	must(t, err)
	defer b.Close()
	if n := b.Nature(); !n.Sandboxed || !strings.Contains(n.String(), "in its sandbox") {
		t.Errorf("an ordinary user's browser is %s", n)
	}
	line, err := os.ReadFile("/proc/" + strconv.Itoa(b.Pid()) + "/cmdline")
	must(t, err)
	if strings.Contains(string(line), "--no-sandbox") {
		t.Error("an ordinary user's browser has no sandbox")
	}
	tab, err := b.NewTab(t.Context(), TabOptions{})
	must(t, err)
	defer tab.Close()
	must(t, tab.Page().Navigate(t.Context(), "data:text/html,<title>Boxed</title>"))
	if title, err := tab.Page().Title(t.Context()); title != "Boxed" {
		t.Errorf("the page is %q: %v", title, err)
	}
}

func TestRootIsToldThatThereIsNoSandbox(t *testing.T) {
	n := shared.Nature()
	if n.Sandboxed != (os.Getuid() != 0) || (os.Getuid() == 0) != strings.Contains(n.String(), "WITHOUT its sandbox") {
		t.Errorf("the browser of user %d is %s", os.Getuid(), n)
	}
}
