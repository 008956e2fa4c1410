package driver

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// onPage opens a page for a benchmark.
func onPage(b *testing.B, body string) *Page {
	b.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { as("text/html", prelude+body)(w, nil) }))
	b.Cleanup(srv.Close)
	tab, err := shared.NewTab(b.Context(), TabOptions{Timeout: 20 * time.Second})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(tab.Close)
	p := tab.Page()
	if err := p.Navigate(b.Context(), srv.URL); err != nil {
		b.Fatal(err)
	}
	return p
}

const small = `<button onclick="this.dataset.n=+(this.dataset.n||0)+1">Buy</button><label>Town <input></label><label>Size <select><option>Small<option>Large</select></label>`

func BenchmarkClick(b *testing.B) {
	p := onPage(b, small)
	for b.Loop() {
		if _, err := p.Click(b.Context(), Locator{Role: "button", Name: "Buy"}, yes); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFill(b *testing.B) {
	p := onPage(b, small)
	for b.Loop() {
		if _, err := p.Fill(b.Context(), Locator{Label: "Town"}, "Newcastle upon Tyne", yes); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSelect(b *testing.B) {
	p := onPage(b, small)
	for b.Loop() {
		if _, err := p.Select(b.Context(), Locator{Label: "Size"}, "Large", yes); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSettle(b *testing.B) {
	p := onPage(b, small)
	for b.Loop() {
		if err := p.Settle(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

// A page of 20,000 elements, 5,000 of them links.
func BenchmarkHuge(b *testing.B) {
	p := onPage(b, strings.Repeat(`<div><p>Item <b>1</b> <a href=/x>Look</a></p></div>`, 5000)+small)
	for name, q := range map[string]Locator{"role": {Role: "button", Name: "Buy"}, "link": {Role: "link", Name: "Buy"}, "label": {Label: "Town"}, "text": {Text: "Buy"}, "css": {CSS: "button"}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				var r found
				if err := p.eval(b.Context(), p.main, search(q, "seen", 0, manner{Fresh: true}), &r); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("overlays", func(b *testing.B) {
		for b.Loop() {
			if _, err := p.Overlays(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
	})
}
