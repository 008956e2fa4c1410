package web

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"touchstone/internal/evidence"
)

// Visits to different sites are made side by side; that their pages are loaded
// at the same moment is seen by a server that holds each page until another
// one is asked for, or for a while.
func TestOverlappingVisitsTakeTurns(t *testing.T) {
	t.Parallel()
	for _, overlap := range []bool{false, true} {
		t.Run(fmt.Sprint("overlap ", overlap), func(t *testing.T) {
			var mu sync.Mutex
			loading, most, together := 0, 0, make(chan struct{})
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/favicon.ico" || !strings.Contains(r.UserAgent(), "Chrome") { // a look at a link, which loads no page
					http.NotFound(w, r)
					return
				}
				mu.Lock()
				if loading++; loading == 2 && most < 2 {
					close(together)
				}
				most = max(most, loading)
				mu.Unlock()
				hold := time.NewTimer(map[bool]time.Duration{false: 150 * time.Millisecond, true: 5 * time.Second}[overlap])
				defer hold.Stop()
				select {
				case <-hold.C:
				case <-together:
				}
				mu.Lock()
				loading--
				mu.Unlock()
				w.Header().Set("Content-Type", "text/html")
				fmt.Fprint(w, `<!doctype html><title>x</title><a href=/page2>Go</a>`)
			}))
			defer srv.Close()
			o := quick(t.TempDir())
			o.Overlap, o.Timeout, o.Resolve = overlap, 10*time.Second, map[string]string{}
			for _, host := range []string{"a.example", "b.example", "c.example"} {
				o.Resolve[host] = strings.TrimPrefix(srv.URL, "http://")
			}
			b, err := Open(o)
			if err != nil {
				t.Fatal(err)
			}
			defer b.Close()
			var wg sync.WaitGroup
			for host := range o.Resolve {
				wg.Go(func() {
					r := shoppingWith(t.Context(), t, b, "http://"+host+"/page1", `[{"open":"/"},{"click":{"text":"Go"}}]`)
					want(t, r, evidence.Completed, "")
				})
			}
			wg.Wait()
			if (most > 1) != overlap {
				t.Errorf("%d pages were loaded at the same moment", most)
			}
		})
	}
}

// A canary that is slow takes the timings with it, and the visit says how many.
func TestTimingsAreWithheldBesideASlowCanary(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string]string{"/": `<a href=/b>B</a>`, "/b": `<h1>There</h1>`})
	o := quick(t.TempDir())
	o.Canary = true
	b, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	b.canary.delay = canaryDelay + 10*canaryError
	r := shoppingWith(t.Context(), t, b, s.URL+"/", `[{"open":"/"},{"click":{"text":"B"}},{"expect":{"text":"There"}}]`)
	want(t, r, evidence.Completed, "")
	if n := r.number(t, "web.timings-withheld"); n != 2 {
		t.Errorf("timings of %v documents were withheld, of 2", n)
	}
	for _, name := range []string{"web.ttfb", "web.lcp"} {
		if f, ok := r.Fact(name); ok {
			t.Errorf("beside a slow canary %s is %v", name, f.Number)
		}
	}
	plain := shopping(t, s, `[{"open":"/"}]`)
	if _, ok := plain.Fact("web.timings-withheld"); ok {
		t.Error("without a canary timings are said to be withheld")
	}
}
