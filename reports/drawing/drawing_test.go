package drawing_test

import (
	"encoding/xml"
	"fmt"
	"strings"
	"testing"
	"time"

	"touchstone/reports"
	"touchstone/reports/drawing"
	"touchstone/reports/reporttest"
)

// sound parses a drawing and gives its text, and how often each class stands in it.
func sound(t *testing.T, svg string) (words string, classes map[string]int) {
	t.Helper()
	classes = map[string]int{}
	d := xml.NewDecoder(strings.NewReader(svg))
	for {
		token, err := d.Token()
		if token == nil {
			if err.Error() != "EOF" {
				t.Fatalf("%v in %s", err, svg)
			}
			return words, classes
		}
		switch x := token.(type) {
		case xml.StartElement:
			for _, a := range x.Attr {
				if a.Name.Local == "class" {
					classes[a.Value]++
				}
				if strings.Contains(a.Value, "NaN") || strings.Contains(a.Value, "Inf") {
					t.Errorf("%s = %q", a.Name.Local, a.Value)
				}
			}
		case xml.CharData:
			words += string(x) + "\n"
		}
	}
}

func english(s string, args ...any) string {
	if len(args) == 0 {
		return s
	}
	return fmt.Sprintf(s, args...)
}

func TestTimeline(t *testing.T) {
	start := time.Date(2026, 11, 6, 15, 0, 0, 0, time.UTC) // a Friday
	at := func(d time.Duration) time.Time { return start.Add(d) }
	line := &reports.Timeline{Start: start, End: at(75 * time.Hour), Marks: []reports.Moment{
		{At: start, What: "letter", Step: "letter"}, {At: at(2 * time.Minute), What: "acknowledgement", Step: "reply-1"},
		{At: at(24 * time.Hour), What: "promise"}, {At: at(72 * time.Hour), What: "human", Step: "reply-2"},
	}, Open: []reports.OpenHours{{From: start, To: at(2 * time.Hour)}, {From: at(66 * time.Hour), To: at(74 * time.Hour)}}}
	svg := string(drawing.Timeline(line, english))
	words, classes := sound(t, svg)
	for _, want := range []string{"our mail\n", "automatic acknowledgement, after 2 min\n", "an answer was promised by here, after 1 d\n", "a person’s answer, after 3 d\n"} {
		if !strings.Contains(words, want) {
			t.Errorf("%q is missing in %s", want, words)
		}
	}
	if classes["open"] != 2 || classes["person"] != 1 || classes["machine"] != 1 || classes["due"] != 1 || classes["ours"] != 1 {
		t.Errorf("drawn: %v", classes)
	}
	if !strings.Contains(svg, `role="img" aria-label="Times of the correspondence: our mail; automatic`) {
		t.Error("it has no words in its place")
	}
}

func TestWay(t *testing.T) {
	pages := []reports.Page{
		{Where: "/", Step: "home"}, {Where: "/shop"}, {Where: "/cart", Code: 500}, {Where: "/shop", Back: 2},
		{Where: "/shop", Back: 2}, {Where: "/", Back: 1}, {Where: reporttest.Hostile},
	}
	svg := string(drawing.Way(pages, english))
	words, classes := sound(t, svg)
	if classes["move"] != 3 || classes["back"] != 3 || classes["page"] != 3 || classes["error"] != 1 || classes["number"] != 6 {
		t.Errorf("drawn: %v", classes)
	}
	if !strings.Contains(words, "/cart (500)") || !strings.Contains(words, "/ · home") || strings.Contains(svg, "<script") {
		t.Error(words)
	}
	if !strings.Contains(svg, "Map of 4 pages on the way, 6 moves, 3 of them back to a page seen before: / → /shop → /cart → back to /shop") {
		t.Error("its words do not say the way")
	}
	if drawing.Way(pages[:1], english) != "" {
		t.Error("one page is drawn as a way")
	}
}

func TestForm(t *testing.T) {
	n := func(i int) *int { return &i }
	f := &reports.FormSeen{Visible: n(14), Filled: n(9), Required: n(11), Retyped: n(1)}
	words, classes := sound(t, string(drawing.Form(f, english)))
	if classes["filled"] != 9 || classes["left"] != 5 || !strings.HasSuffix(words, "9\n") {
		t.Errorf("drawn: %v, %q", classes, words)
	}
	if said := drawing.FormWords(f, english); said != "14 fields visible, 9 filled by us, 11 marked as required, 1 typed twice" {
		t.Error(said)
	}
	if drawing.Form(&reports.FormSeen{Filled: n(3)}, english) != "" || drawing.Form(&reports.FormSeen{Visible: n(0), Filled: n(0)}, english) != "" {
		t.Error("what was not counted is drawn")
	}
}
