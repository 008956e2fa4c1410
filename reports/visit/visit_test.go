package visit_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"

	"touchstone/internal/evidence"
	"touchstone/probes/web/driver"
	"touchstone/reports"
	"touchstone/reports/reporttest"
	"touchstone/reports/visit"
)

// left is the record of a visit of so many steps, with a stranger's words at
// every place where a stranger's words may stand.
func left(t *testing.T, store evidence.Store, words string, steps int) evidence.Observation {
	t.Helper()
	put := func(data []byte) evidence.Ref {
		ref, err := store.Put(t.Context(), bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		return ref
	}
	o := evidence.Observation{
		Probe: evidence.ProbeID{Wave: "w1", Site: "tea", Scenario: "checkout", Repeat: 1}, Kind: "web", Reading: "web/2", Start: time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC), Took: 4 * time.Second,
		Outcome: evidence.Failed, Reason: words, Evidence: map[string]evidence.Ref{}, Missing: []string{words},
		Facts: []evidence.Fact{{Name: "web.last-url", Unit: evidence.Text, Text: "javascript:" + words}, {Name: "web.pages", Unit: evidence.Count, Number: 3}},
	}
	var entries, console []any
	for i := range steps {
		name := fmt.Sprintf("step-%d", i+1)
		o.Facts = append(o.Facts, evidence.Fact{Name: "web.step", Step: name, Unit: evidence.Text, Text: "click the button " + words}, evidence.Fact{Name: "web.step-took", Step: name, Unit: evidence.Second, Number: 1.5},
			evidence.Fact{Name: "web.ttfb", Step: name, Unit: evidence.Milli, Number: 120}, evidence.Fact{Name: words, Step: name, Unit: evidence.Text, Text: words})
		img := image.NewRGBA(image.Rect(0, 0, 1280, 800))
		img.Set(0, 0, color.RGBA{R: uint8(i / 2), A: 255}) // every second step looks as the one before
		var buf bytes.Buffer
		if err := png.Encode(&buf, img); err != nil {
			t.Fatal(err)
		}
		o.Evidence[fmt.Sprintf("%02d-%s.png", i+1, name)] = put(buf.Bytes())
		o.Evidence[fmt.Sprintf("%02d-%s.txt", i+1, name)] = put([]byte("# https://tea.example/" + words + "\n# " + words + "\nbutton \"" + words + "\"\n"))
		for j := range 3 {
			entries = append(entries, map[string]any{"startedDateTime": o.Start.Add(time.Duration(100*i+10*j) * time.Millisecond), "time": 25, "_resourceType": words, "_step": name, "_error": words,
				"request": map[string]any{"method": words, "url": "https://tea.example/" + words}, "response": map[string]any{"status": 404, "redirectURL": "javascript:" + words, "_transferSize": 1200}, "timings": map[string]any{"wait": 10}})
		}
		console = append(console, map[string]any{"level": words, "text": words, "url": words, "step": name})
	}
	for name, v := range map[string]any{"network.har": map[string]any{"log": map[string]any{"entries": entries}}, "console.json": console} {
		data, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		o.Evidence[name] = put(data)
	}
	return o
}

func film(t *testing.T, store evidence.Store, list ...evidence.Observation) (*reports.Film, string) {
	t.Helper()
	f, err := reports.NewFilm(t.Context(), reports.FilmInput{
		Title: "Tea shops", Wave: "w1", Observations: list, Sites: map[string]string{"tea": "Tea & Leaf"}, Scenarios: map[string]string{"checkout": "As far as payment"},
		Open: func(ctx context.Context, ref evidence.Ref) (io.ReadCloser, error) { return store.Open(ctx, ref) },
	})
	if err != nil {
		t.Fatal(err)
	}
	var page bytes.Buffer
	if err := visit.Write(&page, f); err != nil {
		t.Fatal(err)
	}
	return f, page.String()
}

func TestFilm(t *testing.T) {
	store := evidence.NewMemory()
	o := left(t, store, "Order", 4)
	mail := evidence.Observation{Probe: evidence.ProbeID{Wave: "w1", Site: "tea", Scenario: "mail"}, Kind: "mail", Facts: []evidence.Fact{{Name: "mail.text", Text: "x"}}}
	old := left(t, store, "Old", 1)
	old.Evidence = map[string]evidence.Ref{"network.json": old.Evidence["network.har"], "01-step-1.png": "00"}
	f, page := film(t, store, o, mail, old)
	if len(f.Visits) != 2 || len(f.Visits[0].Steps) != 4 {
		t.Fatalf("%d visits", len(f.Visits))
	}
	s := f.Visits[0].Steps[1]
	if s.Did != "click the button Order" || *s.Took != 1.5 || s.Address != "https://tea.example/Order" || s.Title != "Order" || s.Snapshot != "button \"Order\"\n" || len(s.Requests) != 3 || len(s.Console) != 1 || len(s.Facts) != 2 {
		t.Errorf("step 2 is %+v", s)
	}
	if r := s.Requests[1]; r.At != 10 || r.Took != 25 || s.Span != 45 || r.Short(s.Address) != "/Order" {
		t.Errorf("request 2 is %+v of %v ms", r, s.Span)
	}
	if s.Picture != nil || s.Like != 1 || s.Thumb == nil || f.Visits[0].Steps[2].Picture == nil {
		t.Error("a picture that was shown is carried again, or another one is not")
	}
	if v := f.Visits[1]; v.Requests != 3 || v.Steps[0].Picture.Problem == "" {
		t.Errorf("the old visit is %+v", v)
	}
	for _, part := range []string{"Tea &amp; Leaf", "As far as payment", "The window looked as after <a href=\"#v1-s1\">step 1</a>", "w1/tea/checkout/1", string(o.Evidence["network.har"]), "margin-left:22.22%;width:55.56%"} {
		if !strings.Contains(page, part) {
			t.Errorf("the page lacks %q", part)
		}
	}
	if _, again := film(t, store, o, mail, old); again != page {
		t.Error("the same film gives another page")
	}
	for _, gone := range []string{"network.har", "console.json", "02-step-2.txt"} {
		o.Evidence[gone] = "00"
		f, _ := film(t, store, o)
		if got := strings.Join(f.Visits[0].Lost, " "); !strings.Contains(got, gone) {
			t.Errorf("%s is gone, the page says %q", gone, got)
		}
	}
}

// A page in another language: its own words and those of the steps.
func TestGerman(t *testing.T) {
	store := evidence.NewMemory()
	o := left(t, store, `"Kaufen"`, 2)
	o.Evidence["console.json"] = "00"
	f, err := reports.NewFilm(t.Context(), reports.FilmInput{Title: "Teeläden", Wave: "w1", Language: "de", Observations: []evidence.Observation{o},
		Open: func(ctx context.Context, ref evidence.Ref) (io.ReadCloser, error) { return store.Open(ctx, ref) }})
	if err != nil {
		t.Fatal(err)
	}
	var page bytes.Buffer
	if err := visit.Write(&page, f); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{`<html lang="de">`, "1 Besuch, Schritt für Schritt", "Knopf „Kaufen“ anklicken", "gescheitert", "6 Abrufe", "Das Fenster sah aus wie nach", "Mo 2. Nov. 2026", "1,5 s", "console.json: aus den Belegen verschwunden"} {
		if !strings.Contains(page.String(), part) {
			t.Errorf("the page lacks %q", part)
		}
	}
}

// In a real browser, from a file: nothing that a stranger wrote runs, nothing
// leaves, the keys walk, and a phone needs no sideways scroll.
func TestPageInABrowser(t *testing.T) {
	store := evidence.NewMemory()
	_, page := film(t, store, left(t, store, reporttest.Hostile, 5), left(t, store, strings.Repeat("Unbreakable", 40)+"\u202e<!--", 3))
	file := filepath.Join(t.TempDir(), "visits.html")
	if err := os.WriteFile(file, []byte(strings.ReplaceAll(page, "<details", "<details open")), 0o600); err != nil {
		t.Fatal(err)
	}
	b, err := driver.Start(t.Context(), driver.Options{TempDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	var mu sync.Mutex
	var asked []string
	tab, err := b.NewTab(t.Context(), driver.TabOptions{On: func(_ *driver.Page, ev any) {
		if e, ok := ev.(*network.EventRequestWillBeSent); ok && !strings.HasPrefix(e.Request.URL, "data:") {
			mu.Lock()
			defer mu.Unlock()
			asked = append(asked, e.Request.URL)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer tab.Close()
	p := tab.Page()
	for _, width := range []int{1280, 390} {
		if err := p.Resize(t.Context(), width, 900, 1); err != nil {
			t.Fatal(err)
		}
		if err := p.Navigate(t.Context(), (&url.URL{Scheme: "file", Path: file}).String()); err != nil {
			t.Fatal(err)
		}
		for _, css := range []string{"html:not([data-fired])", ".strip li:nth-child(5) img", "#v1-s3 .url"} {
			if err := p.See(t.Context(), driver.Locator{CSS: css}, time.Second); err != nil {
				t.Errorf("at %d px: %v", width, err)
			}
		}
		for i, key := range []string{"ArrowRight", "ArrowRight", "ArrowLeft"} {
			if _, err := p.Press(t.Context(), key, func(driver.Control) error { return nil }); err != nil {
				t.Fatal(err)
			}
			if err := p.See(t.Context(), driver.Locator{CSS: fmt.Sprintf("#v1-s%d:focus", []int{1, 2, 1}[i])}, time.Second); err != nil {
				t.Errorf("at %d px, key %d: %v", width, i+1, err)
			}
		}
		if _, err := p.Click(t.Context(), driver.Locator{CSS: `.strip a[href="#v1-s4"]`}, func(driver.Control) error { return nil }); err != nil {
			t.Error(err)
		}
		if err := p.See(t.Context(), driver.Locator{CSS: `.strip a[href="#v1-s4"][aria-current]`}, 2*time.Second); err != nil {
			t.Error(err)
		}
	}
	// Its own policy would not let it measure itself.
	bare := strings.Replace(strings.Replace(page, "Content-Security-Policy", "x", 1), "</body>", `<script>document.documentElement.dataset.wide = document.documentElement.scrollWidth - document.documentElement.clientWidth</script></body>`, 1)
	if err := os.WriteFile(file, []byte(strings.ReplaceAll(bare, "<details", "<details open")), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := p.Navigate(t.Context(), (&url.URL{Scheme: "file", Path: file}).String()); err != nil {
		t.Fatal(err)
	}
	for _, css := range []string{"html[data-wide='0']", "html:not([data-fired])"} { // without the policy too
		if err := p.See(t.Context(), driver.Locator{CSS: css}, time.Second); err != nil {
			t.Error(err)
		}
	}
	mu.Lock()
	defer mu.Unlock()
	for _, u := range asked {
		if !strings.HasPrefix(u, "file:") {
			t.Errorf("the page asked for %s", u)
		}
	}
}
