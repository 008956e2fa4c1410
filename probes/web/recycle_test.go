package web

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"touchstone/internal/evidence"
	"touchstone/internal/proc"
	"touchstone/probes/web/driver"
)

// zombies counts the children of this process that nobody has asked after.
func zombies(t *testing.T) (n int) {
	t.Helper()
	all, err := proc.All()
	if err != nil && runtime.GOOS == "linux" { // only Linux tells
		t.Fatal(err)
	}
	for _, p := range all {
		if p.Zombie && p.Parent == os.Getpid() {
			n++
		}
	}
	return n
}

// Visits of all fates, three at a time, in browsers that are replaced every
// few visits, one of which is killed: each ends as it should, and nothing is
// left when all is over.
func TestManyVisitsLeaveNothing(t *testing.T) {
	t.Parallel()
	const visits, beside = 30, 3
	dir := t.TempDir()
	o := quick(dir)
	o.Visits, o.PageMemory, o.Timeout = 8, 250<<20, 2*time.Second
	s := serve(t, map[string]string{
		"/":      `<a href=/there>Go</a>`,
		"/there": `<h1>There</h1><script>document.cookie='been=1';localStorage.been=1</script>`,
		"/eater": `<h1>Eater</h1><script>kept=[];setInterval(()=>{for(let n=0;n<4;n++)kept.push(new Uint8Array(4<<20).fill(kept.length))},10)</script>`,
	})
	// A host each, so that visits run side by side.
	o.Resolve = map[string]string{}
	host := func(n int) string { return fmt.Sprintf("shop-%d.example", n) }
	for n := range visits {
		o.Resolve[host(n)] = strings.TrimPrefix(s.URL, "http://")
	}
	b, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	fates := func(n int) (steps string, outcome evidence.Outcome, reason string) {
		switch n {
		case 5:
			return `[{"open":"/"},{"open":"/eater"},{"expect":{"text":"never"}}]`, evidence.Failed, "more than 250 MB of memory"
		case 9, 17:
			return `[{"open":"/"},{"click":{"text":"Nowhere"}}]`, evidence.Failed, "waited"
		}
		return `[{"open":"/"},{"click":{"text":"Go"}},{"expect":{"text":"There"}}]`, evidence.Completed, ""
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	seen := map[int]bool{}
	lost := 0
	next := make(chan int)
	for range beside {
		wg.Go(func() {
			for n := range next {
				steps, outcome, reason := fates(n)
				r := shoppingWith(t.Context(), t, b, "http://"+host(n)+"/", steps)
				mu.Lock()
				if r.Outcome == evidence.Broken && strings.Contains(r.Reason, "the browser ended") {
					lost++
				} else if r.Outcome != outcome || !strings.Contains(r.Reason, reason) {
					t.Errorf("visit %d ended %s: %s", n, r.Outcome, r.Reason)
				}
				mu.Unlock()
			}
		})
	}
	for n := range visits {
		if n == visits/2 {
			b.mu.Lock()
			err := syscall.Kill(b.running[false].Pid(), syscall.SIGKILL)
			b.mu.Unlock()
			if err != nil {
				t.Error(err)
			}
		}
		b.mu.Lock()
		for _, r := range b.running {
			seen[r.Pid()] = true
		}
		b.mu.Unlock()
		next <- n
	}
	close(next)
	wg.Wait()
	if lost > beside {
		t.Errorf("%d visits were lost with the browser that was killed, of at most %d under way", lost, beside)
	}
	if len(seen) < 3 {
		t.Errorf("%d browsers served %d visits, %d each", len(seen), visits, o.Visits)
	}
	// What a visit has said last may still be on its way.
	for end := time.Now().Add(5 * time.Second); ; {
		held, err := b.Held(t.Context())
		if err != nil {
			t.Error(err)
		}
		if held == (driver.Held{}) || err != nil {
			break
		}
		if time.Now().After(end) {
			t.Errorf("the browser still holds %+v", held)
			break
		}
	}
	if err := b.Close(); err != nil {
		t.Error(err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	// Other tests of this binary end children too, which have been asked after in a moment.
	for end := time.Now().Add(10 * time.Second); zombies(t) > 0; {
		if time.Now().After(end) {
			t.Fatalf("%d zombies", zombies(t))
		}
		runtime.Gosched()
	}
}
