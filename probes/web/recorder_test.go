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
