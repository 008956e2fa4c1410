package driver

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"
)

// One browser serves the whole binary; each test has a context of its own.
var shared *Browser

func TestMain(m *testing.M) {
	code := func() int {
		dir, err := os.MkdirTemp("", "driver-test-")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(dir)
		shared, err = Start(context.Background(), Options{TempDir: dir, Path: os.Getenv("TOUCHSTONE_BROWSER"), Isolate: os.Getenv("TOUCHSTONE_ISOLATION") == "on"})
		if err != nil {
			fmt.Fprintln(os.Stderr, err) // says what to install
			return 1
		}
		defer shared.Close()
		return m.Run()
	}()
	os.Exit(code)
}

// open serves pages by path, "/" first, and opens the first in a new tab.
func open(t *testing.T, pages map[string]string, o TabOptions) (*Tab, *Page, string) {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, ok := pages[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, "<!doctype html><title>Page "+r.URL.Path+"</title>"+body)
	}))
	t.Cleanup(srv.Close)
	if o.Timeout == 0 {
		o.Timeout = 3 * time.Second
	}
	tab, err := shared.NewTab(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tab.Close)
	p := tab.Page()
	if err := p.Navigate(t.Context(), srv.URL+"/"); err != nil {
		t.Fatal(err)
	}
	return tab, p, srv.URL
}

func yes(Control) error { return nil }

func TestClickFollowsALink(t *testing.T) {
	_, p, url := open(t, map[string]string{"/": `<a href="/next">Next page</a>`, "/next": `<h1>There</h1>`}, TabOptions{})
	if _, err := p.Click(t.Context(), Locator{Role: "link", Name: "next"}, yes); err != nil {
		t.Fatal(err)
	}
	if err := p.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if d := p.Document(); d.URL != url+"/next" || d.Status != 200 || d.Count != 2 {
		t.Errorf("document is %+v", d)
	}
	if err := p.See(t.Context(), Locator{Role: "heading", Name: "There"}, 0); err != nil {
		t.Error(err)
	}
}

func TestEveryWayOfNaming(t *testing.T) {
	_, p, _ := open(t, map[string]string{"/": `
		<label for=a>Your e-mail *</label><input id=a>
		<label>Town <input id=b></label>
		<input id=c placeholder="Promo code">
		<span id=l>Comment</span><textarea id=d aria-labelledby=l></textarea>
		<button data-testid=buy><span>Add to</span> <b>basket</b></button>
		<input type=submit value="Send it">
		<p>Delivery is <em>free</em> today</p>
		<div id=host></div>
		<script>host.attachShadow({mode:'open'}).innerHTML = '<button>In the shadow</button>'</script>`}, TabOptions{})
	for _, q := range []Locator{
		{Label: "your e-mail"}, {Label: "Your e-mail", Exact: true}, {Label: "Town"}, {Label: "promo"}, {Label: "Comment"},
		{Role: "textbox", Name: "Comment"}, {Role: "button", Name: "add to basket"}, {Role: "button", Name: "Add to basket", Exact: true},
		{TestID: "buy"}, {CSS: "#d"}, {Text: "Delivery is free today"}, {Text: "free"}, {Role: "button", Name: "Send it"}, {Text: "send it"},
		{Role: "button", Name: "shadow"}, {Text: "In the shadow"}, {Role: "button", Nth: 2},
	} {
		if _, err := p.Read(t.Context(), q); err != nil {
			t.Errorf("%s: %v", q, err)
		}
	}
}

func TestTwoMatchesAreListed(t *testing.T) {
	_, p, _ := open(t, map[string]string{"/": `<button id=one>Add</button><button id=two>Add more</button><button hidden>Add hidden</button>`}, TabOptions{})
	_, err := p.Click(t.Context(), Locator{Role: "button", Name: "add"}, yes)
	want := `the button "add" is ambiguous, 2 elements fit (say which with exact, or with nth counted from 1):
  button "Add" <button id="one">
  button "Add more" <button id="two">`
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestWaits(t *testing.T) {
	for name, page := range map[string]string{
		"for it to come":         `<script>setTimeout(()=>{document.body.innerHTML='<button onclick="this.textContent=\'Done\'">Go</button>'},300)</script>`,
		"for it to be enabled":   `<button disabled onclick="this.textContent='Done'">Go</button><script>setTimeout(()=>{document.querySelector('button').disabled=false},300)</script>`,
		"for it to stand still":  `<style>@keyframes m{from{margin-left:0}to{margin-left:600px}} button{animation:m .5s linear}</style><button onclick="this.textContent='Done'">Go</button>`,
		"for it to be uncovered": `<button onclick="this.textContent='Done'">Go</button><div id=wall style="position:fixed;inset:0;background:#fff">Wall</div><script>setTimeout(()=>wall.remove(),300)</script>`,
		"for it to be scrolled":  `<div style="height:4000px"></div><button onclick="this.textContent='Done'">Go</button>`,
	} {
		t.Run(name, func(t *testing.T) {
			_, p, _ := open(t, map[string]string{"/": page}, TabOptions{})
			if _, err := p.Click(t.Context(), Locator{Role: "button", Name: "Go"}, yes); err != nil {
				t.Fatal(err)
			}
			if err := p.See(t.Context(), Locator{Role: "button", Name: "Done"}, 0); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestUnmetSaysWhatStoodThere(t *testing.T) {
	_, p, _ := open(t, map[string]string{"/": `<h1>Shop</h1>
		<button>Add to cart</button><button disabled>Pay</button><input readonly aria-label=Fixed>
		<button id=low style="position:absolute;top:200px;left:0">Low</button><div id=cookie style="position:absolute;top:190px;left:0;width:300px;height:80px">Cookies?</div>`},
		TabOptions{})
	p.tab.o.Timeout = 200 * time.Millisecond // not of the opening
	for _, c := range []struct {
		do   func() error
		want string
	}{
		{func() error {
			_, err := p.Click(t.Context(), Locator{Role: "button", Name: "Add to basket"}, yes)
			return err
		},
			`waited 200ms for the button "Add to basket" to be clickable; saw button: "Add to cart", "Pay", "Low"`},
		{func() error { _, err := p.Click(t.Context(), Locator{Role: "button", Name: "Pay"}, yes); return err },
			`waited 200ms for the button "Pay" to be clickable; saw it disabled`},
		{func() error { _, err := p.Click(t.Context(), Locator{Role: "button", Name: "Low"}, yes); return err },
			`waited 200ms for the button "Low" to be clickable; saw it covered by "Cookies?" <div id="cookie">`},
		{func() error { _, err := p.Fill(t.Context(), Locator{Label: "Fixed"}, "x", yes); return err },
			`waited 200ms for the field "Fixed" to be fillable; saw it read-only`},
		{func() error { return p.See(t.Context(), Locator{Text: "Thank you"}, 0) },
			`waited 200ms for the text "Thank you" to be shown; saw the page "Page /" headed "Shop"`},
		{func() error { return p.SeeURL(t.Context(), "/thanks", 0) }, `waited 200ms for an address with "/thanks" in it; saw http`},
	} {
		if err := c.do(); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("got  %v\nwant %s", err, c.want)
		}
	}
}
