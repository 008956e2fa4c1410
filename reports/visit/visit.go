// Package visit writes what visits left as one page that needs nothing else: a
// film strip, and for each step its picture, requests, console and snapshot.
//
// Whatever a stranger wrote reaches the page through html/template, under a
// Content-Security-Policy that lets nothing be fetched and names the one
// script by its digest. Addresses are words there, not links.
package visit

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strings"
	"time"

	"touchstone/internal/evidence"
	"touchstone/reports"
	"touchstone/reports/words"
)

//go:embed visit.html.tmpl
var source string

//go:embed style.css
var style string

//go:embed keys.js
var keys string

type page struct {
	*reports.Film
	Style  template.CSS
	Script template.JS
	Policy string
}

// Write writes the page. The same film gives the same bytes.
func Write(w io.Writer, f *reports.Film) error {
	texts, err := reports.TextsIn(f.Language)
	if err != nil {
		return err
	}
	in := words.In{Texts: texts}
	t, err := template.New("visit").Funcs(functions).Funcs(template.FuncMap{
		"t": texts.Say, "count": texts.Count, "when": in.When, "fact": in.Fact, "outcome": in.Outcome,
		"seconds": in.Seconds,
		"took":    func(d time.Duration) string { return in.Seconds(d.Seconds()) },
	}).Parse(source)
	if err != nil {
		return fmt.Errorf("template of visits: %w", err)
	}
	sum := sha256.Sum256([]byte(keys))
	p := page{f, template.CSS(style), template.JS(keys), "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; script-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"}
	if err := t.Execute(w, p); err != nil {
		return fmt.Errorf("page of wave %s's visits: %w", f.Wave, err)
	}
	return nil
}

var functions = template.FuncMap{
	"inc": func(i int) int { return i + 1 },
	"dec": func(i int) int { return i - 1 },
	"id":  func(visit, step int) string { return fmt.Sprintf("v%d-s%d", visit+1, step+1) },
	"data": func(jpeg []byte) template.URL {
		return template.URL("data:image/jpeg;base64," + base64.StdEncoding.EncodeToString(jpeg))
	},
	"ms": func(v float64) string {
		if v >= 1000 {
			return fmt.Sprintf("%.1f s", v/1000)
		}
		return fmt.Sprintf("%.0f ms", v)
	},
	"size": func(n float64) string {
		switch {
		case n <= 0:
			return words.None
		case n < 1000:
			return fmt.Sprintf("%.0f B", n)
		case n < 1e6:
			return fmt.Sprintf("%.1f kB", n/1e3)
		}
		return fmt.Sprintf("%.1f MB", n/1e6)
	},
	// part is a share of a step's span in percent, for the bars of its requests.
	"part": func(v, span float64) string {
		if span <= 0 {
			return "0"
		}
		return fmt.Sprintf("%.2f", min(100, max(0, 100*v/span)))
	},
	"bad":   func(r reports.Request) bool { return r.Status >= 400 || r.Failure != "" },
	"class": func(o evidence.Outcome) string { return strings.ReplaceAll(string(o), " ", "-") },
}
