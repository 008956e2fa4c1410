package reports_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"touchstone/internal/evidence"
	"touchstone/reports"
	"touchstone/reports/reporttest"
)

var (
	inTemplate = regexp.MustCompile(`[{( ]t ("(?:[^"\\]|\\.)*")`)
	inSource   = regexp.MustCompile(`\b[sS]ay\(("(?:[^"\\]|\\.)*")`)
	inHead     = regexp.MustCompile(`w\.head\((.*)\)`)
	quoted     = regexp.MustCompile(`">?([^"]*)"`)
	verb       = regexp.MustCompile(`%[.\d]*[a-z]`)
)

// Each language has every sentence of the templates and of the sources, with
// the same verbs in the same order.
func TestTextsAreWhole(t *testing.T) {
	var files []string
	for _, pattern := range []string{"*.go", "html/*.go", "html/*.tmpl", "drawing/*.go", "site/*.tmpl", "site/*.go", "card/*.tmpl", "card/*.go", "markdown/*.go", "pdf/*.go", "words/*.go", "visit/*.tmpl", "snapshot/*.tmpl"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	want := map[string]string{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		find := inSource
		if strings.HasSuffix(name, ".tmpl") {
			find = inTemplate
		}
		for _, m := range find.FindAllStringSubmatch(string(data), -1) {
			key, err := strconv.Unquote(m[1])
			if err != nil {
				t.Fatalf("%s: %s: %v", name, m[1], err)
			}
			want[key] = name
		}
	}
	markdown, err := os.ReadFile("markdown/markdown.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range inHead.FindAllStringSubmatch(string(markdown), -1) {
		for _, title := range quoted.FindAllStringSubmatch(m[1], -1) {
			if title[1] == "" {
				continue
			}
			want[title[1]] = "the tables of markdown/markdown.go"
		}
	}
	for day := range 366 {
		d := reporttest.Start.AddDate(0, 0, day)
		for _, layout := range []string{"Mon", "Jan", "January"} {
			want[d.Format(layout)] = "the calendar"
		}
	}
	for _, o := range evidence.Outcomes {
		want[string(o)] = "the outcomes"
	}
	for _, a := range reports.Accuracies() {
		want[a.Read], want[a.Measure], want[a.On] = "the measured figures", "the measured figures", "the measured figures"
	}
	if len(want) < 250 {
		t.Fatalf("only %d sentences were found: the test looks in the wrong place", len(want))
	}
	for _, language := range reports.Languages[1:] {
		texts, err := reports.TextsIn(language)
		if err != nil {
			t.Fatal(err)
		}
		for key, name := range want {
			if texts[key] == "" {
				t.Errorf("%s: %q of %s is missing", language, key, name)
			}
		}
		for _, key := range texts.Keys() {
			if !slices.Equal(verb.FindAllString(key, -1), verb.FindAllString(texts[key], -1)) {
				t.Errorf("%s: %q has other verbs than %q", language, texts[key], key)
			}
		}
	}
	if _, err := reports.TextsIn("xx"); err == nil {
		t.Error("an unknown language was found")
	}
}

func TestGerman(t *testing.T) {
	r := panel(t, 6, func(in *reports.Input) { in.Language = "de" })
	for _, s := range append(append(append([]string{}, r.Headline...), r.Method.Notes...), r.Limits...) {
		if regexp.MustCompile(`\b(the|of|and|is)\b`).MatchString(s) {
			t.Errorf("English is left: %s", s)
		}
	}
	if !strings.Contains(r.Front.Quote, "von 100 Punkten") {
		t.Error(r.Front.Quote)
	}
	// Words change, figures don't.
	if en := panel(t, 6); en.Verdicts[0].Score != r.Verdicts[0].Score || en.Waits.Curves[0].Came != r.Waits.Curves[0].Came {
		t.Error("the language changes figures")
	}
}

func TestLabel(t *testing.T) {
	const fire = "<script>x()</script><img src=x onerror=x()>[a](javascript:x())<a href=\"data:text/html,x\">b</a>![p](http://elsewhere.example/p.gif)"
	l, err := reports.NewLabel("Studio", nil, "#ffee00", "# Hello\n\n**bold** "+fire, "| a | b |\n|---|---|\n| 1 | 2 |\n")
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"<script", "<img", "onerror", "javascript:", "data:", "elsewhere"} {
		if strings.Contains(l.Intro, bad) {
			t.Errorf("%q is left in %s", bad, l.Intro)
		}
	}
	if !strings.Contains(l.Intro, "<strong>bold</strong>") || !strings.Contains(l.Closing, "<td>1</td>") {
		t.Errorf("Markdown is lost: %s %s", l.Intro, l.Closing)
	}
	if l.Ink != "#000000" {
		t.Errorf("%s on bright yellow", l.Ink)
	}
	for what, bad := range map[string]func() error{
		"colour": func() error { _, err := reports.NewLabel("", nil, "red;x:url(//e)", "", ""); return err },
		"logo":   func() error { _, err := reports.NewLabel("", []byte("<svg onload=x()>"), "", "", ""); return err },
		"nothing": func() error {
			_, err := reports.New(t.Context(), func() reports.Input { in := reporttest.Input(); in.Language = "tlh"; return in }())
			return err
		},
	} {
		if bad() == nil {
			t.Errorf("a bad %s was taken", what)
		}
	}
}
