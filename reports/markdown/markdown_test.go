package markdown_test

import (
	"bytes"
	"flag"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	gm "github.com/yuin/goldmark/renderer/html"
	parse "golang.org/x/net/html"

	"touchstone/reports"
	"touchstone/reports/markdown"
	"touchstone/reports/reporttest"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestGolden(t *testing.T) {
	got := reporttest.Write(t, markdown.Format(), reporttest.Build(t, reporttest.Input()))
	reporttest.Golden(t, "report.md", got, *update)
}

// What differs from an earlier wave stands in a table.
func TestSinceAnEarlierWave(t *testing.T) {
	in, before := reporttest.Panel(3), reporttest.Panel(3)
	before.Result.Sites[0].Score -= 9
	in.Before = &reports.Before{Wave: before.Wave, Result: before.Result}
	got := string(reporttest.Write(t, markdown.Format(), reporttest.Build(t, in)))
	_, section, found := strings.Cut(got, "## Since the last wave")
	if !found || !strings.Contains(section, "| +9.0 |") {
		t.Errorf("wrote …%.400s…", section)
	}
}

// Shown by the most credulous reader, one that passes HTML and makes links by
// itself, what strangers wrote is still text, and no table breaks.
func TestStrangersWriteNoMarkup(t *testing.T) {
	reader := goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithRendererOptions(gm.WithUnsafe()))
	cases := reporttest.Cases()
	links := reporttest.Input()
	links.Sites[0].Name = "https://elsewhere.example www.elsewhere.example [x](y) ![x](y) a@b.example `x` | a \\| b"
	cases["links"] = links
	for name, in := range cases {
		t.Run(name, func(t *testing.T) {
			r := reporttest.Build(t, in)
			text := reporttest.Write(t, markdown.Format(), r)
			var page bytes.Buffer
			if err := reader.Convert(text, &page); err != nil {
				t.Fatal(err)
			}
			doc, err := parse.Parse(&page)
			if err != nil {
				t.Fatal(err)
			}
			columns, headings := 0, 0
			for n := range doc.Descendants() {
				if n.Type == parse.CommentNode {
					t.Errorf("there is a comment: %s", n.Data)
				}
				if n.Type != parse.ElementNode {
					continue
				}
				switch n.Data {
				case "html", "head", "body", "p", "strong", "ul", "li", "table", "thead", "tbody", "h2", "h3":
				case "th", "td":
					columns++
				case "tr":
					cells := 0
					for c := range n.ChildNodes() {
						if c.Type == parse.ElementNode {
							cells++
						}
					}
					if cells < 2 {
						t.Error("a row has a single cell")
					}
				case "h1":
					headings++
				default:
					t.Errorf("there is a <%s>", n.Data)
				}
			}
			if headings != 1 || columns == 0 {
				t.Errorf("%d titles, %d cells", headings, columns)
			}
			for _, bad := range []string{"NaN", "%!", "<nil>", "\u202e"} {
				if bytes.Contains(text, []byte(bad)) {
					t.Errorf("the report says %q", bad)
				}
			}
			if !strings.Contains(string(text), "Right of reply") {
				t.Error("the report ends before its end")
			}
		})
	}
}

// In German, and with the operator's own words.
func TestGermanWithALabel(t *testing.T) {
	in := reporttest.Panel(6)
	in.Language = "de"
	var err error
	if in.Label, err = reports.NewLabel("Prüfhaus Nord", nil, "", "**Vorab**\n\nein Wort", "Zum Schluss"); err != nil {
		t.Fatal(err)
	}
	md := string(reporttest.Write(t, markdown.Format(), reporttest.Build(t, in)))
	for _, want := range []string{"Prüfhaus Nord\n", "<strong>Vorab</strong>", "<p>Zum Schluss</p>", "## So wurde", "2. November 2026 bis 8. November 2026", "Mo 2. Nov. 2026, 09:00 UTC", "Was die Plätze den Gewichten verdanken", "| Kriterium |"} {
		if !strings.Contains(md, want) {
			t.Errorf("%q is missing", want)
		}
	}
	for _, english := range []string{"How this", "Withheld", "| Site", "Started", "Appendix", "asked |", "November 2026 to"} {
		if strings.Contains(md, english) {
			t.Errorf("%q is left", english)
		}
	}
}
