package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"touchstone/internal/evidence"
	"touchstone/probes"
	"touchstone/probes/web"
	"touchstone/probes/web/driver"
)

// A shop with what a recorder has to follow: search by Enter, a styled choice,
// a list, a link into a new window, a frame, a log-in, a checkout, an order.
var recorded = map[string]string{
	"/":        `<h1>Pots</h1><form role=search action=/search><input type=search name=q aria-label="Search the shop"></form><a href=/account target=_blank>My account</a>`,
	"/search":  `<h1>Found</h1><ul><li><a href=/pot>Brown pot</a></li><li><a href=/lid>Lid</a></li></ul>`,
	"/pot":     `<h1>Brown pot</h1><style>input[type=radio]{position:absolute;opacity:0;width:0;height:0}</style><form method=post action=/cart><label><input type=radio name=size value=l>Large</label><label>Glaze <select name=g><option>Clear<option>Honey</select></label><button>Add to basket</button></form>`,
	"/cart":    `<h1>Basket</h1><iframe srcdoc="<button onclick=&quot;document.body.append('noted')&quot;>Wrap it</button>"></iframe><a href=/checkout>Go to checkout</a>`,
	"/account": `<h1>Log in</h1><form method=post action=/account><label>E-mail <input type=email name=e></label><label>Password <input type=password name=p></label><button>Log in</button></form><a href=/>Back to the shop</a>`,
	"/checkout": `<h1>Checkout</h1><form method=post action=/review><label>First name <input name=fn autocomplete=given-name></label><label>Street <input name=s autocomplete=street-address></label>
		<label>Note <input name=note></label><label>Country <select name=c><option value="">Choose<option value=GB>United Kingdom</select></label><button>Continue to payment</button></form>`,
	"/review": `<h1>Payment</h1><label>Card number <input autocomplete=cc-number></label><form method=post action=/done><button>Place order</button></form>`,
	"/done":   `<h1>Thank you</h1>`,
}

func recordedShop(t *testing.T) (*httptest.Server, *int) {
	t.Helper()
	orders := 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page, ok := recorded[r.URL.Path]
		if !ok {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		if r.URL.Path == "/done" {
			orders++
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, "<!doctype html><html lang=en><title>%s</title>%s", r.URL.Path, page)
	}))
	t.Cleanup(s.Close)
	return s, &orders
}

// person acts on the page in front with real input events.
type person struct {
	t   *testing.T
	ctx context.Context
	tab *driver.Tab
}

func (p person) do(what string, err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatalf("%s: %v", what, err)
	}
	if page := p.tab.Page(); page != nil {
		if err := page.Settle(p.ctx); err != nil && !errors.Is(err, driver.ErrClosed) {
			p.t.Fatalf("after %s: %v", what, err)
		}
	}
}

func willing(driver.Control) error { return nil }

func (p person) click(q driver.Locator) {
	p.t.Helper()
	_, err := p.tab.Page().Click(p.ctx, q, willing)
	p.do("click "+q.String(), err)
}

func (p person) fill(label, value string) {
	p.t.Helper()
	_, err := p.tab.Page().Fill(p.ctx, driver.Locator{Label: label}, value, willing)
	p.do("fill "+label, err)
}

func (p person) press(key string) {
	p.t.Helper()
	_, err := p.tab.Page().Press(p.ctx, key, willing)
	p.do("press "+key, err)
}

// choose walks through a list with the keyboard, as a person may.
func (p person) choose(label string, downs int) {
	p.t.Helper()
	p.press("Tab")
	if err := p.tab.Page().See(p.ctx, driver.Locator{CSS: "select:focus"}, 0); err != nil {
		p.t.Fatalf("%s: %v", label, err)
	}
	for range downs {
		p.press("ArrowDown")
	}
}

// What a person does is written as a scenario that validate takes, with nothing
// secret in it, and that a visit does again.
func TestRecordedScenarioIsDoneAgain(t *testing.T) {
	t.Parallel()
	shop, orders := recordedShop(t)
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "scenarios"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"scenarios/look.yaml": "id: look\ntitle: Look\nkind: web\ntask: browse\nwith: {steps: [{open: /}]}\n",
		"touchstone.yaml":     "project: Recorded\n",
		"sites.yaml":          fmt.Sprintf("sites:\n  - {id: pots, url: %q, authorisation: {as: own, grant: [log-in, fill-checkout]}}\n", shop.URL+"/"),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	a := newApp(strings.NewReader(""), &out, &out)
	a.dir = dir
	p, who, err := a.recorder("")
	if err != nil {
		t.Fatal(err)
	}
	r, err := a.recording(t.Context(), "", shop.URL+"/", who, false, func(ctx context.Context, tab *driver.Tab) error {
		me := person{t, ctx, tab}
		me.click(driver.Locator{Role: "link", Name: "My account"})       // a window of its own
		me.click(driver.Locator{Role: "link", Name: "Back to the shop"}) // in which the rest is done
		me.fill("Search the shop", "po")
		me.fill("Search the shop", "pot") // typed on
		me.press("Enter")
		me.click(driver.Locator{Role: "link", Name: "Brown pot"})
		me.click(driver.Locator{Text: "Large", Exact: true})
		me.choose("Glaze", 1)
		me.click(driver.Locator{Role: "button", Name: "Add to basket"})
		me.click(driver.Locator{Role: "button", Name: "Wrap it"})
		me.do("go to the account by its address", tab.Page().Navigate(ctx, shop.URL+"/account"))
		me.fill("E-mail", "someone@private.example")
		me.fill("Password", "hush-hush-7")
		me.click(driver.Locator{Role: "link", Name: "Back to the shop"})
		me.do("go to the checkout by its address", tab.Page().Navigate(ctx, shop.URL+"/checkout?token=abc123secret"))
		me.fill("First name", "Erika")
		me.fill("Street", who.Street)
		me.fill("Note", "${x} & \"y\": # z")
		me.choose("Country", 1)
		me.click(driver.Locator{Role: "button", Name: "Continue to payment"})
		me.fill("Card number", "4242424242424242")
		me.click(driver.Locator{Role: "button", Name: "Place order"})
		return tab.Page().See(ctx, driver.Locator{Text: "Thank you"}, 5*time.Second)
	})
	if err != nil {
		t.Fatal(err)
	}
	if *orders != 1 {
		t.Fatalf("the person ordered %d times", *orders)
	}
	file := filepath.Join(dir, "scenarios", "recorded.yaml")
	if err := a.writeRecording(file, "recorded", p, who, r); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	want := `open: "/"
click: {"role":"link","name":"My account","exact":true}
click: {"role":"link","name":"Back to the shop","exact":true}
fill: {"role":"searchbox","name":"Search the shop","exact":true,"value":"pot"}
press: "Enter"
click: {"role":"link","name":"Brown pot","exact":true}
click: {"text":"Large","exact":true}
select: {"role":"combobox","name":"Glaze","exact":true,"option":"Honey"}
click: {"role":"button","name":"Add to basket","exact":true}
click: {"role":"button","name":"Wrap it","exact":true}
open: "/account"
effect: log-in, fill: {"role":"textbox","name":"E-mail","exact":true,"value":"${persona.email}"}
click: {"role":"link","name":"Back to the shop","exact":true}
open: "/checkout?token=(masked)"
effect: fill-checkout, fill: {"role":"textbox","name":"First name","exact":true,"value":"${persona.given}"}
fill: {"role":"textbox","name":"Street","exact":true,"value":"${persona.street}"}
fill: {"role":"textbox","name":"Note","exact":true,"value":"$${x} & \"y\": # z"}
select: {"role":"combobox","name":"Country","exact":true,"option":"${persona.country}"}
click: {"role":"button","name":"Continue to payment","exact":true}
expect: {"role":"button","name":"Place order","exact":true}
`
	var got strings.Builder
	for line := range strings.Lines(text) {
		if step, ok := strings.CutPrefix(strings.TrimSpace(line), "- {"); ok {
			got.WriteString(strings.TrimSuffix(step, "}") + "\n")
		}
	}
	if got.String() != want {
		t.Errorf("recorded\n%s\nwant\n%s", got.String(), want)
	}
	for _, secret := range []string{"hush-hush", "4242", "someone@private", "Erika", "abc123secret"} {
		if strings.Contains(text, secret) {
			t.Errorf("%q stands in\n%s", secret, text)
		}
	}
	for _, part := range []string{"a secret was typed into the textbox \"Password\"", "orders or pays: a visit stops before it", "effects: [log-in, fill-checkout]", `sites: ["pots"]`, "task: checkout"} {
		if !strings.Contains(text, part) {
			t.Errorf("no %q in\n%s", part, text)
		}
	}
	project, err := a.load()
	if err != nil {
		t.Fatalf("the scenario is not valid: %v\n%s", err, text)
	}
	visits(t, a, project.Scenarios[len(project.Scenarios)-1].Resolve, project.Sites[0].Site, who)
	if *orders != 1 {
		t.Errorf("the visit ordered: %d orders", *orders)
	}
}

// visits does a scenario once more, in a visit.
func visits(t *testing.T, a *app, resolve func(probes.Site, probes.Persona) (any, error), site probes.Site, who probes.Persona) {
	t.Helper()
	who.Email = "anna-1@shopper.example"
	params, err := resolve(site, who)
	if err != nil {
		t.Fatal(err)
	}
	b, err := web.Open(web.Options{TempDir: t.TempDir(), Log: a.log, Timeout: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	kind := web.Kind(b)
	task := &probes.Task{Params: params, Site: site, Persona: who, Effects: []evidence.Effect{evidence.LogIn, evidence.FillCheckout}}
	rec := probes.NewRecorder(&kind, evidence.ProbeID{}, "checkout", kind.Reading, time.Now(), func(_ context.Context, r io.Reader) (evidence.Ref, error) {
		_, err := io.Copy(io.Discard, r)
		return "0", err
	})
	if err := kind.Visit(t.Context(), task, rec); err != nil {
		t.Fatal(err)
	}
	if o := rec.Observation(0); o.Outcome != evidence.Completed {
		t.Errorf("done again it ended %s: %s", o.Outcome, o.Reason)
	}
}

func TestRecordNeedsAWindow(t *testing.T) {
	dir := t.TempDir()
	shell := filepath.Join(dir, "chromium-headless-shell")
	whole := filepath.Join(dir, "chromium")
	for _, f := range []string{shell, whole} {
		if err := os.WriteFile(f, []byte("#!/bin/sh\nexit 3\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ browser, display, says string }{
		{shell, ":0", "apt-get install chromium"},
		{whole, "", "neither DISPLAY nor WAYLAND_DISPLAY is set"},
		{filepath.Join(dir, "none"), ":0", "cannot be run"},
	} {
		t.Setenv("TOUCHSTONE_BROWSER", c.browser)
		t.Setenv("DISPLAY", c.display)
		t.Setenv("WAYLAND_DISPLAY", "")
		var out bytes.Buffer
		if code := run(t.Context(), []string{"-C", dir, "record", "https://shop.example"}, strings.NewReader(""), &out, &out); code != exitUsage && code != exitInconclusive || !strings.Contains(out.String(), c.says) {
			t.Errorf("exit code %d: %s\nwant …%s…", code, &out, c.says)
		}
	}
	// A project whose first scenario is still to be recorded is no mistake.
	project := filepath.Join(dir, "project")
	var out bytes.Buffer
	if code := run(t.Context(), []string{"init", project}, strings.NewReader(""), &out, &out); code != 0 {
		t.Fatal(&out)
	}
	if err := os.RemoveAll(filepath.Join(project, "scenarios")); err != nil {
		t.Fatal(err)
	}
	if run(t.Context(), []string{"-C", project, "record", "https://shop.example"}, strings.NewReader(""), &out, &out); strings.Contains(out.String(), "there is no scenario") {
		t.Errorf("said %s", &out)
	}
}
