package main

import (
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"touchstone/probes/web/find"
	"touchstone/reports"
)

// What is shipped with the program, scorecards, scenarios and goals, has its
// words in each language of the reports.
func TestShippedWordsAreTranslated(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "audit")
	if code := run(t.Context(), []string{"init", dir}, nil, io.Discard, io.Discard); code != 0 {
		t.Fatalf("init ended with %d", code)
	}
	a := newApp(nil, io.Discard, io.Discard)
	a.dir = dir
	defer a.close()
	p, err := a.load()
	if err != nil {
		t.Fatal(err)
	}
	for _, language := range reports.Languages[1:] {
		texts, err := reports.TextsIn(language)
		if err != nil {
			t.Fatal(err)
		}
		say := func(of string, words ...string) {
			for _, w := range words {
				if w = strings.TrimSpace(w); w != "" && texts[w] == "" {
					t.Errorf("%s: %s: %q is missing", language, of, w)
				}
			}
		}
		for _, c := range p.Scorecards {
			say(c.ID, c.Title, c.About)
			for _, k := range c.Categories {
				say(c.ID, k.Title, k.Because)
				for _, w := range k.Criteria {
					say(c.ID+", "+w.ID, w.Because)
				}
			}
			for _, g := range c.Grades {
				say(c.ID, g.Label)
			}
			for _, g := range c.Gates {
				say(c.ID+", "+g.ID, g.Title, g.Because)
			}
		}
		for _, s := range p.Scenarios {
			say(s.ID, s.Title, s.About)
		}
		for _, g := range slices.Concat(find.Goals(), find.Doings()) {
			say(g.Name, g.Name, g.About)
		}
	}
}
