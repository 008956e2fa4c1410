package site_test

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"touchstone/probes/web/driver"
	"touchstone/reports/reporttest"
)

// In a real browser, from a file: the index is searched, filtered and sorted,
// shows a hundred rows at first, and nothing that a stranger wrote runs.
func TestIndexInABrowser(t *testing.T) {
	in := reporttest.Panel(120)
	in.Sites[7].Name = reporttest.Hostile
	in.Sites[8].Name = "Zebra & Zither"
	dir := t.TempDir()
	for name, page := range files(t, in) {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	b, err := driver.Start(t.Context(), driver.Options{TempDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	tab, err := b.NewTab(t.Context(), driver.TabOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer tab.Close()
	p := tab.Page()
	if err := p.Navigate(t.Context(), (&url.URL{Scheme: "file", Path: filepath.Join(dir, "index.html")}).String()); err != nil {
		t.Fatal(err)
	}
	read := func(css string) string {
		t.Helper()
		s, err := p.Read(t.Context(), driver.Locator{CSS: css})
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(s)
	}
	click := func(q driver.Locator) {
		t.Helper()
		if _, err := p.Click(t.Context(), q, func(driver.Control) error { return nil }); err != nil {
			t.Fatal(err)
		}
	}
	search := func(words string) {
		t.Helper()
		if _, err := p.Fill(t.Context(), driver.Locator{CSS: "#search"}, words, func(driver.Control) error { return nil }); err != nil {
			t.Fatal(err)
		}
	}
	const first, count = "#table tbody tr:first-child th", "#count"
	click(driver.Locator{CSS: "#table thead th:nth-child(2) button"})
	click(driver.Locator{CSS: "#table thead th:nth-child(2) button"}) // Z to A
	if got := read(first); got != "Zebra & Zither" {
		t.Errorf("the last by name is %q", got)
	}
	if got := read(count); got != "120 of 120 sites, 100 shown" {
		t.Errorf("the count says %q", got)
	}
	click(driver.Locator{CSS: "#more"})
	if got := read(count); got != "120 of 120 sites" {
		t.Errorf("after more, the count says %q", got)
	}
	click(driver.Locator{CSS: "#table thead th:nth-child(1) button"})
	if got := read("#table tbody tr:first-child td:first-child"); got != "1" {
		t.Errorf("the first by number is %q", got)
	}
	search("zither ZEBRA")
	if got := read(count) + ", " + read(first); got != "1 of 120 sites, Zebra & Zither" {
		t.Errorf("the search found %q", got)
	}
	search("</script>")
	if got := read(count); got != "1 of 120 sites" {
		t.Errorf("the search for a hostile name found %q", got)
	}
	if err := p.See(t.Context(), driver.Locator{CSS: "html[data-ready]"}, time.Second); err != nil {
		t.Error(err) // so that the next look means something
	}
	if err := p.See(t.Context(), driver.Locator{CSS: "html[data-fired]"}, 100*time.Millisecond); err == nil {
		t.Error("a hostile name ran")
	}
	click(driver.Locator{CSS: first + " a"})
	if err := p.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if u := p.Document().URL; !strings.HasSuffix(u, "/sites/00008.html") {
		t.Errorf("the link leads to %s", u)
	}
}
