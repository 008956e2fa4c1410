package driver

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// A browser asks no host but those that a page names: not its maker's for
// updates, lists of dangerous sites, trials, suggestions, translations, spelling
// or what forms are for, and no name server for what was never asked. Its own
// log of the network is read, with every name led to one server here.
func TestBrowserAsksNobodyElse(t *testing.T) {
	for _, program := range []string{"/usr/lib/chromium/chromium-headless-shell", "/usr/lib/chromium/chromium"} {
		found, err := Find(program)
		if err != nil { // the one that is not installed; TestMain has found one
			continue
		}
		t.Run(filepath.Base(program), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			log := filepath.Join(dir, "network.json")
			logged := filepath.Join(dir, filepath.Base(program))
			must(t, os.WriteFile(logged, []byte(fmt.Sprintf("#!/bin/sh\nexec %q --log-net-log=%q \"$@\"\n", found, log)), 0o700))
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "text/html; charset=utf-8")
				switch r.URL.Path {
				case "/":
					fmt.Fprint(w, `<!doctype html><html lang=de><title>Anmelden</title><h1>Bitte melden Sie sich an</h1><p>Hier finden Sie alles, was Sie für Ihre Küche brauchen, und noch viel mehr.</p>
						<form method=post action=/next><label>E-mail <input type=email name=mail autocomplete=email></label><label>Password <input type=password name=pw autocomplete=new-password></label><label>Card <input name=card autocomplete=cc-number></label>
						<label>Street <input name=street autocomplete=street-address></label><label>Note <textarea name=note spellcheck=true></textarea></label><button>Senden</button></form><img src=//pictures.example/one.png><a href=/file download>Datei</a>`)
				case "/file":
					w.Header().Set("Content-Disposition", "attachment; filename=setup.exe")
					fmt.Fprint(w, "MZ")
				case "/next":
					fmt.Fprint(w, `<!doctype html><h1>Danke</h1><a href=https://secure.shop.example/>Weiter</a>`)
				default:
					http.NotFound(w, r)
				}
			}))
			defer srv.Close()
			b, err := Start(t.Context(), Options{Path: logged, TempDir: dir, Resolve: map[string]string{"*": srv.Listener.Addr().String()}})
			must(t, err)
			defer b.Close()
			tab, err := b.NewTab(t.Context(), TabOptions{Timeout: 10 * time.Second})
			must(t, err)
			p := tab.Page()
			must(t, p.Navigate(t.Context(), "http://shop.example/"))
			for label, value := range map[string]string{"E-mail": "anna@example.net", "Password": "Correct-Horse-7", "Card": "4242424242424242", "Street": "7 Assayers Row", "Note": "Plese delivver it to the nieghbours"} {
				_, err := p.Fill(t.Context(), Locator{Label: label}, value, yes)
				must(t, err)
			}
			_, err = p.Click(t.Context(), Locator{Role: "link"}, yes) // a file
			must(t, err)
			_, err = p.Click(t.Context(), Locator{Role: "button"}, yes)
			must(t, err)
			must(t, p.See(t.Context(), Locator{Text: "Danke"}, 0))
			_, err = p.Click(t.Context(), Locator{Role: "link"}, yes) // the server knows no TLS
			must(t, err)
			_ = p.Settle(t.Context())
			tab.Close()
			must(t, b.Close())
			told, err := os.ReadFile(log)
			must(t, err)
			var hosts []string
			for _, m := range regexp.MustCompile(`"(?:url|host|group_id|origin)":"(?:(?:\w+/)?(?:https?|wss?)://)?([^/":<> ]+)`).FindAllStringSubmatch(string(told), -1) {
				if host := strings.ToLower(m[1]); !slices.Contains(hosts, host) && host != "127.0.0.1" {
					hosts = append(hosts, host)
				}
			}
			slices.Sort(hosts)
			if want := []string{"pictures.example", "secure.shop.example", "shop.example"}; !slices.Equal(hosts, want) {
				t.Errorf("%d hosts were asked for: %q, want %q", len(hosts), hosts, want)
			}
		})
	}
}
