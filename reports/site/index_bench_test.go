package site_test

import (
	"fmt"
	"net/url"
	"path/filepath"
	"testing"
	"time"

	"touchstone/probes/web/driver"
	"touchstone/reports/reporttest"
)

// What web.dev calls good (thresholds of Core Web Vitals, 2024), in milliseconds.
const (
	goodLCP = 2500
	goodINP = 200
)

// BenchmarkIndex opens the index of 5,000 sites from the disk, sorts, searches
// and filters it as a reader does, and says what the browser measured: its
// largest contentful paint, and its slowest interaction to the next paint.
func BenchmarkIndex(b *testing.B) {
	dir := b.TempDir()
	folder(b, dir, reporttest.Panel(5000))
	chrome, err := driver.Start(b.Context(), driver.Options{TempDir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	defer chrome.Close()
	yes := func(driver.Control) error { return nil }
	for b.Loop() {
		tab, err := chrome.NewTab(b.Context(), driver.TabOptions{})
		if err != nil {
			b.Fatal(err)
		}
		p := tab.Page()
		must := func(err error) {
			b.Helper()
			if err != nil {
				b.Fatal(err)
			}
		}
		must(p.Navigate(b.Context(), (&url.URL{Scheme: "file", Path: filepath.Join(dir, "index.html")}).String()))
		must(p.See(b.Context(), driver.Locator{CSS: "html[data-ready]"}, 10*time.Second))
		paint, err := p.Vitals(b.Context())
		must(err)
		column := func(n int) driver.Locator {
			return driver.Locator{CSS: fmt.Sprintf("#table thead th:nth-child(%d) button", n)}
		}
		for _, c := range []driver.Locator{column(2), column(2), column(4), column(7), {CSS: "#more"}} {
			_, err := p.Click(b.Context(), c, yes)
			must(err)
		}
		_, err = p.Fill(b.Context(), driver.Locator{CSS: "#search"}, "shop no. 49", yes)
		must(err)
		_, err = p.Select(b.Context(), driver.Locator{CSS: "#grade"}, "average", yes)
		must(err)
		pace, err := p.Pace(b.Context())
		must(err)
		b.ReportMetric(paint.LCP, "ms-LCP")
		b.ReportMetric(pace.Slowest, "ms-INP")
		b.Logf("5,000 rows: LCP %.0f ms, %s (good: at most %d); slowest interaction %.0f ms of %d, %s (good: at most %d)",
			paint.LCP, held(paint.LCP, goodLCP), goodLCP, pace.Slowest, pace.Answered, held(pace.Slowest, goodINP), goodINP)
		tab.Close()
	}
}

func held(value, limit float64) string {
	if value <= limit {
		return "held"
	}
	return "missed"
}
