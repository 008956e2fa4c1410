// Package snapshot writes what a first look at a shop found as one page that
// needs nothing else: the goals, the ways that lead to them, and pictures of
// what was seen. It shows, and works nothing out.
package snapshot

import (
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"time"

	"touchstone/reports"
	"touchstone/reports/words"
)

// A Snapshot is one shop at one time.
type Snapshot struct {
	Shop     string // its name, or its host
	URL      string
	Time     time.Time
	Took     time.Duration
	Version  string // of the program
	Language string // of the page's own words, one of reports.Languages; empty: English
	Goals    []Goal
	Pictures []Picture // in the order of taking
	Measured Measured  // how the search did elsewhere, for these goals; zero: not known
}

// Measured is how the search did where the truth was known: of the goals that
// were there those that it reached, of those that were not those that it claimed.
type Measured struct{ Reached, There, Claimed, Lacking int }

// A Goal is what became of one.
type Goal struct {
	Name, About string
	State       string  // "reached", "absent", "blocked", "broken", "not-granted"
	Sure        float64 // 0 to 1
	Clicks      int
	Seconds     float64
	URL         string
	Path        []string
	Why, Says   string
	Facts       [][2]string
	Answers     [][3]string // question, sentence, address
	Refused     []string
	Seen        []string
}

// A Picture is what the window showed after a step.
type Picture struct {
	Name string
	PNG  []byte
}

//go:embed snapshot.html.tmpl
var source string

var functions = template.FuncMap{
	"source": func(png []byte) template.HTMLAttr { // as an address each of its bytes would be looked at again
		return template.HTMLAttr(`src="data:image/png;base64,` + base64.StdEncoding.EncodeToString(png) + `"`) //nolint:gosec // base64 of our own picture
	},
	"reached": func(goals []Goal) (n int) {
		for _, g := range goals {
			if g.State == "reached" {
				n++
			}
		}
		return n
	},
	"percent": func(x float64) string { return fmt.Sprintf("%.0f %%", 100*x) },
	"mark": func(state string) string {
		return map[string]string{"reached": "✓", "absent": "–", "not-granted": "○"}[state]
	},
}

// Write writes the page.
func Write(w io.Writer, s Snapshot) error {
	texts, err := reports.TextsIn(s.Language)
	if err != nil {
		return err
	}
	turns, err := reports.TurnsIn(s.Language)
	if err != nil {
		return err
	}
	in := words.In{Texts: texts}
	page, err := template.New("snapshot").Funcs(functions).Funcs(template.FuncMap{
		"t": texts.Say, "count": texts.Count, "turn": turns.Turn, "when": in.When,
		"seconds": func(x float64) string { return in.Number(fmt.Sprintf("%.1f s", x)) },
	}).Parse(source)
	if err != nil {
		return fmt.Errorf("template of snapshots: %w", err)
	}
	if err := page.Execute(w, s); err != nil {
		return fmt.Errorf("write the snapshot of %s: %w", s.URL, err)
	}
	return nil
}
