package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"touchstone/internal/evidence"
	"touchstone/probes/web"
)

// delays are those of the pages by which the timings' error is measured, and
// how many of each are opened.
var delays = []struct {
	delay time.Duration
	times int
}{{50 * time.Millisecond, 40}, {200 * time.Millisecond, 40}, {time.Second, 15}}

// truth opens pages whose server knows how long it took, once alone and once
// beside three visitors that load pages as fast as they can, and compares what
// the browser recorded: responseStart less requestStart, by Navigation Timing.
func (b *bench) truth(ctx context.Context) error {
	fmt.Fprint(b.out, "\nRecorded wait (responseStart − requestStart) less the server's own, ms; openings beside which the canary was slow are thrown away.\n\n| delay | visits beside it | n | thrown away | p50 | p90 | p95 | max | aim |\n|---|---|---|---|---|---|---|---|---|\n")
	for _, crowd := range []int{0, 3} {
		if err := b.openings(ctx, crowd); err != nil {
			return err
		}
	}
	return nil
}

// openings measures with a crowd of other visits in the same browser.
func (b *bench) openings(ctx context.Context, crowd int) error {
	var mu sync.Mutex
	truth := map[string]float64{} // by address, ms
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d, err := time.ParseDuration(r.FormValue("for"))
		if err != nil {
			http.NotFound(w, r)
			return
		}
		begun := time.Now()
		time.Sleep(d) // the page's delay itself
		mu.Lock()
		truth[r.URL.String()] = float64(time.Since(begun).Microseconds()) / 1000
		mu.Unlock()
		page(w, "Slow", "<h1>Slow</h1>")
	}))
	defer srv.Close()
	resolve := map[string]string{"measured.example": strings.TrimPrefix(srv.URL, "http://")}
	for n := range crowd {
		resolve[fmt.Sprintf("crowd-%d.example", n)] = strings.TrimPrefix(b.shop.url, "http://")
	}
	br, err := web.Open(web.Options{Path: b.browser, Resolve: resolve, Canary: true, Timeout: 20 * time.Second})
	if err != nil {
		return err
	}
	defer br.Close()
	ctx, stop := context.WithCancel(ctx)
	var others sync.WaitGroup
	for n := range crowd {
		others.Go(func() {
			for ctx.Err() == nil {
				_, _ = observe(ctx, br, fmt.Sprintf("http://crowd-%d.example", n), []web.Step{{Open: "/"}, {Click: &web.Locator{Role: "link", Name: "Pot number 4", Exact: true}}, {Open: "/"}})
			}
		})
	}
	defer others.Wait()
	defer stop()
	for _, d := range delays {
		var off []float64
		thrown := 0
		for n := range d.times {
			path := fmt.Sprintf("/?for=%s&n=%d", d.delay, n)
			o, wait, err := opening(ctx, br, "http://measured.example", path)
			if err != nil {
				return err
			}
			if f, ok := o.Fact("web.timings-withheld"); !ok || f.Number > 0 {
				thrown++
				continue
			}
			mu.Lock()
			off = append(off, wait-truth[path])
			mu.Unlock()
		}
		if len(off) == 0 {
			b.asks(fmt.Sprintf("recorded less the server's wait of %s, %d visits beside it", d.delay, crowd), "none was left", "p95", false)
			fmt.Fprintf(b.out, "| %s | %d | %d | %d | – | – | – | – | none was left |\n", d.delay, crowd, d.times, thrown)
			continue
		}
		slices.Sort(off)
		at := func(q float64) float64 { return off[min(len(off)-1, int(math.Ceil(q*float64(len(off))))-1)] }
		limit := max(5, .01*float64(d.delay.Milliseconds()))
		verdict := b.asks(fmt.Sprintf("recorded less the server's wait of %s, %d visits beside it, p95 of %d, %d thrown away", d.delay, crowd, len(off), thrown), fmt.Sprintf("%+.1f ms", at(.95)), fmt.Sprintf("≤ %g ms", limit), at(.95) <= limit)
		fmt.Fprintf(b.out, "| %s | %d | %d | %d | %+.1f | %+.1f | %+.1f | %+.1f | p95 ≤ %g: %s |\n", d.delay, crowd, d.times, thrown, at(.5), at(.9), at(.95), off[len(off)-1], limit, verdict)
	}
	return nil
}

// opening opens one address and gives the document's wait from the visit's own
// network log, in ms.
func opening(ctx context.Context, br *web.Browser, site, path string) (evidence.Observation, float64, error) {
	files := map[string][]byte{}
	o, err := observeKeeping(ctx, br, site, []web.Step{{Open: path}}, files)
	if err != nil {
		return o, 0, err
	}
	if o.Outcome != evidence.Completed {
		return o, 0, errors.New(o.Reason)
	}
	for name, data := range files {
		if !strings.HasPrefix(name, "network.") {
			continue
		}
		var log struct {
			Log struct {
				Entries []struct {
					Request struct{ URL string }
					Timings struct{ Wait float64 }
				}
			}
		}
		if err := json.Unmarshal(data, &log); err != nil {
			return o, 0, err
		}
		for _, e := range log.Log.Entries {
			if u, err := url.Parse(e.Request.URL); err == nil && u.RequestURI() == path {
				return o, e.Timings.Wait, nil
			}
		}
	}
	return o, 0, fmt.Errorf("%s is not in the visit's network log", strconv.Quote(path))
}
