package driver

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"touchstone/internal/proc"
)

// kin lists the processes that descend from this one, zombies included, but
// for a browser's own and for the test's.
func kin(t *testing.T) map[int]string {
	t.Helper()
	tree, err := proc.Tree(os.Getpid())
	must(t, err)
	found := map[int]string{}
	for _, p := range tree {
		if p.ID != os.Getpid() {
			found[p.ID] = fmt.Sprintf("%s, zombie %t, group %d", p.Name, p.Zombie, p.Group)
		}
	}
	return found
}

func TestNothingIsLeftOfABrowser(t *testing.T) {
	for name, end := range map[string]func(*Browser){
		"closed": func(b *Browser) { b.Close() },
		"killed": func(b *Browser) { _ = syscall.Kill(b.Pid(), syscall.SIGKILL); <-b.Dead() },
	} {
		t.Run(name, func(t *testing.T) {
			dir, before := t.TempDir(), kin(t)
			b, err := Start(t.Context(), Options{TempDir: dir, Path: os.Getenv("TOUCHSTONE_BROWSER")})
			must(t, err)
			tab, err := b.NewTab(t.Context(), TabOptions{})
			must(t, err)
			must(t, tab.Page().Navigate(t.Context(), "data:text/html,<h1>Here"))
			group := members(b.Pid())
			if len(group) < 3 {
				t.Fatalf("the browser has the processes %v", group)
			}
			if b.Memory() < 10<<20 {
				t.Errorf("the browser takes %d bytes", b.Memory())
			}
			end(b)
			for pid, what := range kin(t) {
				_, known := before[pid]
				if _, was := group[pid]; was || strings.HasSuffix(what, "group "+strconv.Itoa(b.Pid())) || !known && strings.HasPrefix(what, handler) {
					t.Errorf("left: %d %s", pid, what)
				}
			}
			if left, _ := os.ReadDir(dir); len(left) > 0 {
				t.Errorf("left: %v", left)
			}
		})
	}
}

// What the embedding program starts stays its own to wait for.
func TestOtherChildrenAreLeftAlone(t *testing.T) {
	other := exec.Command("sh", "-c", "read x; exit 7")
	in, err := other.StdinPipe()
	must(t, err)
	must(t, other.Start())
	b, err := Start(t.Context(), Options{TempDir: t.TempDir(), Path: os.Getenv("TOUCHSTONE_BROWSER")})
	must(t, err)
	_, _ = in.Write([]byte("x\n"))
	must(t, b.Close())
	var exit *exec.ExitError
	if err := other.Wait(); !errors.As(err, &exit) || exit.ExitCode() != 7 {
		t.Errorf("another child ended with %v", err)
	}
}

func TestAPageThatEatsMemoryIsEnded(t *testing.T) {
	b, err := Start(t.Context(), Options{TempDir: t.TempDir(), Path: os.Getenv("TOUCHSTONE_BROWSER"), Memory: 200 << 20})
	must(t, err)
	defer b.Close()
	neighbour, err := b.NewTab(t.Context(), TabOptions{})
	must(t, err)
	must(t, neighbour.Page().Navigate(t.Context(), "data:text/html,<title>Calm</title>"))
	tab, err := b.NewTab(t.Context(), TabOptions{Timeout: 20 * time.Second})
	must(t, err)
	must(t, tab.Page().Navigate(t.Context(), `data:text/html,<script>kept=[];setInterval(()=>{for(let n=0;n<4;n++)kept.push(new Uint8Array(4<<20).fill(kept.length))},10)</script>`))
	if err := tab.Page().See(t.Context(), Locator{Text: "never"}, 0); !errors.Is(err, ErrMemory) || !errors.Is(err, ErrCrashed) {
		t.Errorf("a page that eats memory: %v", err)
	}
	if title, err := neighbour.Page().Title(t.Context()); title != "Calm" {
		t.Errorf("its neighbour is %q: %v", title, err)
	}
}
