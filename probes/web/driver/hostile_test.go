package driver

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
)

// A trap is a page that has made drivers fail, flake or hang: what is done on
// it, and how it has to end.
type trap struct {
	name   string
	page   string         // "/"; {other} is the same server by the name of another site
	more   map[string]any // string: a page; http.HandlerFunc: what it does
	do     []act          // each followed by Settle
	says   string         // what the last error says, one of several with | between; empty: all succeeds; any: that it ends in time is enough
	waits  time.Duration  // how long each wait may take; 0: eight seconds, or one or three where it ends in vain
	within time.Duration  // 0: three seconds
	frames bool           // tried with each site in a process of its own as well
}

type act func(w *walker) error

// A walker drives the page in front, as a visit does.
type walker struct {
	t   *testing.T
	tab *Tab
	url string
}

func click(name string) act    { return clickOn(Locator{Role: "button", Name: name}) }
func follow(name string) act   { return clickOn(Locator{Role: "link", Name: name}) }
func seen(text string) act     { return seenAs(Locator{Text: text}) }
func fill(label, v string) act { return fillIn(Locator{Label: label}, v) }
func clickOn(q Locator) act {
	return func(w *walker) error { _, err := w.tab.Page().Click(w.t.Context(), q, yes); return err }
}
func seenAs(q Locator) act {
	return func(w *walker) error { return w.tab.Page().See(w.t.Context(), q, 0) }
}
func fillIn(q Locator, v string) act {
	return func(w *walker) error { _, err := w.tab.Page().Fill(w.t.Context(), q, v, yes); return err }
}
func choose(label, option string) act {
	return func(w *walker) error {
		_, err := w.tab.Page().Select(w.t.Context(), Locator{Label: label}, option, yes)
		return err
	}
}
func press(key string) act {
	return func(w *walker) error { _, err := w.tab.Page().Press(w.t.Context(), key, yes); return err }
}
func reads(q Locator, want string) act {
	return func(w *walker) error {
		got, err := w.tab.Page().Read(w.t.Context(), q)
		if err == nil && got != want {
			err = fmt.Errorf("read %q, want %q", got, want)
		}
		return err
	}
}
func holds(label, want string) act { return reads(Locator{Label: label}, want) }
func opens(path string) act {
	return func(w *walker) error { return w.tab.Page().Navigate(w.t.Context(), w.url+path) }
}
func at(part string) act {
	return func(w *walker) error { return w.tab.Page().SeeURL(w.t.Context(), part, 0) }
}

// Pages say "Done" when they got what they were meant to get.
const prelude = `<!doctype html><meta charset=utf-8><title>Shop</title><script>function done(what){document.body.insertAdjacentHTML('beforeend','<p>'+(what||'Done')+'</p>')}</script>`

func (c trap) run(t *testing.T, b *Browser) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := c.more[r.URL.Path]
		if r.URL.Path == "/" && c.page != "" {
			body = c.page
		}
		switch body := body.(type) {
		case http.HandlerFunc:
			body(w, r)
		case string:
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			if !strings.HasPrefix(body, "<!doctype") {
				body = prelude + body
			}
			fmt.Fprint(w, strings.ReplaceAll(body, "{other}", "http://"+strings.Replace(r.Host, "127.0.0.1", "localhost", 1)))
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(func() { srv.CloseClientConnections(); srv.Close() })
	waits := c.waits
	switch {
	case waits == 0 && c.says == "":
		waits = 8 * time.Second
	case waits == 0 && c.frames:
		waits = 3 * time.Second
	case waits == 0:
		waits = time.Second
	}
	tab, err := b.NewTab(t.Context(), TabOptions{Timeout: 8 * time.Second, Load: 500 * time.Millisecond,
		Dialog: func(_ *Page, d *page.EventJavascriptDialogOpening) bool { return d.Type != page.DialogTypePrompt }})
	must(t, err)
	t.Cleanup(tab.Close)
	w := &walker{t, tab, srv.URL}
	begun := time.Now()
	err = opens("/")(w)
	tab.o.Timeout = waits
	for i := 0; err == nil && i < len(c.do); i++ {
		if err = c.do[i](w); err == nil || errors.Is(err, ErrClosed) {
			err = w.settle()
		}
	}
	took, bound := time.Since(begun), c.within
	if bound == 0 {
		bound = 3 * time.Second
	}
	switch {
	case c.says == "any":
	case c.says == "" && err != nil:
		t.Errorf("ended with %v", err)
	case c.says != "" && (err == nil || !slices.ContainsFunc(strings.Split(c.says, "|"), func(s string) bool { return strings.Contains(err.Error(), s) })):
		t.Errorf("ended with %v, want %q", err, c.says)
	}
	if took > bound*slack {
		t.Errorf("took %v of %v", took.Round(time.Millisecond), bound)
	}
}

// slack is for machines that do much else at the same time.
const slack = 10

func (w *walker) settle() error {
	p := w.tab.Page()
	if p == nil {
		return ErrClosed
	}
	err := p.Settle(w.t.Context())
	if now := w.tab.Page(); errors.Is(err, ErrClosed) && now != nil && now != p {
		return now.Settle(w.t.Context())
	}
	return err
}

func TestHostile(t *testing.T) {
	spring(t, shared, traps)
}

// Frames of other sites in processes of their own.
func TestHostileIsolated(t *testing.T) {
	isolated, err := Start(t.Context(), Options{TempDir: t.TempDir(), Path: os.Getenv("TOUCHSTONE_BROWSER"), Isolate: true})
	must(t, err)
	t.Cleanup(func() { isolated.Close() })
	tab, err := isolated.NewTab(t.Context(), TabOptions{})
	must(t, err)
	defer tab.Close()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		as("text/html", `<iframe src="http://`+strings.Replace(r.Host, "127.0.0.1", "localhost", 1)+`/in"></iframe>`)(w, r)
	}))
	defer srv.Close()
	p := tab.Page()
	must(t, p.Navigate(t.Context(), srv.URL))
	if f := p.frames(); len(f) < 2 || p.at(f[1]).s == p.s {
		t.Fatalf("sites are not isolated: frames %v", f)
	}
	spring(t, isolated, slices.DeleteFunc(slices.Clone(traps), func(c trap) bool { return !c.frames }))
}

// spring tries traps, many at a time: most of it is waiting.
func spring(t *testing.T, b *Browser, all []trap) {
	queue := make(chan trap, len(all))
	for _, c := range all {
		queue <- c
	}
	close(queue)
	var workers sync.WaitGroup
	for range 6 {
		workers.Go(func() {
			for c := range queue {
				t.Run(c.name, func(t *testing.T) { c.run(t, b) })
			}
		})
	}
	workers.Wait()
}
