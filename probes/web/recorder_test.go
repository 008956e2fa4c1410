package web

import (
	"context"
	"strings"
	"testing"

	"touchstone/probes"
	"touchstone/probes/web/driver"
)

// An interrupt ends a recording, and what was recorded until then is given.
func TestRecordingEndsWithAnInterrupt(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string]string{"/": `<h1>Pots</h1>`})
	ctx, cancel := context.WithCancel(t.Context())
	o := quick(t.TempDir())
	r, err := Record(ctx, o, s.URL+"/", probes.Persona{}, false, func(ctx context.Context, tab *driver.Tab) error {
		if err := tab.Page().See(ctx, driver.Locator{Text: "Pots"}, 0); err != nil {
			return err
		}
		cancel()
		return nil
	})
	if err != nil || len(r.Steps) == 0 || r.Steps[0].Open != "/" {
		t.Errorf("recorded %+v, %v", r, err)
	}
	if _, err := Record(t.Context(), o, "shop.example", probes.Persona{}, false, nil); err == nil || !strings.Contains(err.Error(), "write it with https://") {
		t.Errorf("error is %v", err)
	}
}

// What a script does by itself is not what a person did.
func TestRecordingLeavesScriptsOut(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string]string{"/": `<h1>Pots</h1><input aria-label=A><button onclick="document.querySelector('h1').textContent = 'pressed'">B</button><a href=/next>N</a>
		<script>setTimeout(() => { let i = document.querySelector('input'); i.value = 'x'; i.dispatchEvent(new Event('input', {bubbles: true})); i.dispatchEvent(new Event('change', {bubbles: true})); document.querySelector('button').click(); document.querySelector('a').click() })</script>`,
		"/next": `<h1>Next</h1>`})
	r, err := Record(t.Context(), quick(t.TempDir()), s.URL+"/", probes.Persona{}, false, func(ctx context.Context, tab *driver.Tab) error {
		return tab.Page().See(ctx, driver.Locator{Text: "Next"}, 0)
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Steps) != 2 || r.Steps[1].Expect == nil || r.Steps[1].Expect.Name != "Next" {
		t.Errorf("recorded %+v", r.Steps)
	}
}

// What a banner about cookies is told is the visit's policy and no step; a basket
// whose quantity is a field of text is nobody's enquiry.
func TestRecordingAnswersBannersByPolicy(t *testing.T) {
	s := serve(t, map[string]string{"/": `<h1>Pots</h1><form method=post action=/basket><input name=n value=1 aria-label=Quantity><button>Add to basket</button></form>
		<div id=b style="position:fixed;bottom:0;left:0;right:0;background:#fff"><p>We use cookies to measure how our shop is used. <a href=/privacy>Privacy</a></p>
		<button onclick="b.remove()">Reject all</button><button onclick="b.remove()">Accept all cookies</button></div>`, "/basket": `<h1>Basket</h1>`})
	r, err := Record(t.Context(), quick(t.TempDir()), s.URL+"/", probes.Persona{}, false, func(ctx context.Context, tab *driver.Tab) error {
		for _, name := range []string{"Accept all cookies", "Add to basket"} {
			if _, err := tab.Page().Click(ctx, driver.Locator{Role: "button", Name: name}, func(driver.Control) error { return nil }); err != nil {
				return err
			}
		}
		return tab.Page().See(ctx, driver.Locator{Role: "heading", Name: "Basket"}, 0)
	})
	if err != nil {
		t.Fatal(err)
	}
	if r.Consent != "accept" || len(r.Effects) > 0 || len(r.Steps) != 3 || r.Steps[1].Click == nil || r.Steps[1].Click.Name != "Add to basket" {
		t.Errorf("recorded %+v", r)
	}
}
