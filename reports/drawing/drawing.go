// Package drawing draws what happened at one site as SVG, for every format that
// is a page: a correspondence on its axis of time, a visit's way through the
// pages, the fields of a form. Drawings grow downwards: widths are shares of the
// page's, heights are pixels, so that they fit any width and their words keep
// their size, without a script. Colours are those of Style, which reads the
// page's own variables.
package drawing

import (
	_ "embed"
	"fmt"
	"html"
	"html/template"
	"math"
	"strings"
	"time"

	"touchstone/reports"
	"touchstone/reports/words"
	"touchstone/scoring"
)

// Style is the style sheet of the drawings. The page defines the colours --ink,
// --soft, --paper, --rule, --track, --bar and --g5.
//
//go:embed style.css
var Style string

// say words a sentence in the report's language.
type say func(english string, args ...any) string

func wrap(height int, alt, drawn string) template.HTML {
	return template.HTML(fmt.Sprintf(`<svg class="drawing" role="img" aria-label="%s" width="100%%" height="%d">%s</svg>`, html.EscapeString(alt), height, drawn))
}

// Timeline draws a correspondence: a row for each mail, for what was promised
// and for the end of the window, on one axis from our letter; the hours in
// which the site works are shaded.
func Timeline(t *reports.Timeline, say say) template.HTML {
	var b strings.Builder
	span := t.End.Sub(t.Start)
	x := func(at time.Time) float64 { return 1 + 98*float64(at.Sub(t.Start))/float64(span) }
	const row, top = 38, 4
	foot := top + row*len(t.Marks)
	for _, o := range t.Open {
		fmt.Fprintf(&b, `<rect x="%.4g%%" y="%d" width="%.4g%%" height="%d" class="open"/>`, x(o.From), top, x(o.To)-x(o.From), foot-top)
	}
	step := tick(span)
	for at := time.Duration(0); at <= span; at += step {
		here := x(t.Start.Add(at))
		anchor := "middle"
		if at == 0 {
			anchor = "start"
		} else if here > 96 {
			anchor = "end"
		}
		fmt.Fprintf(&b, `<line x1="%.4g%%" x2="%.4g%%" y1="%d" y2="%d" class="rule"/><text x="%.4g%%" y="%d" text-anchor="%s" class="tick">%s</text>`, here, here, top, foot, here, foot+14, anchor, html.EscapeString(scoring.Duration(at.Seconds())))
	}
	var said []string
	for i, m := range t.Marks {
		here, y := x(m.At), top+row*i
		label, anchor := moment(m, t.Start, say), "start"
		said = append(said, label)
		if here > 67 {
			anchor = "end"
		} else if here > 33 {
			anchor = "middle"
		}
		fmt.Fprintf(&b, `<text x="%.4g%%" y="%d" text-anchor="%s" class="said">%s</text><line x1="1%%" x2="%.4g%%" y1="%d" y2="%d" class="wait"/><svg x="%.4g%%" y="%d" class="spot">%s</svg>`,
			here, y+14, anchor, html.EscapeString(label), here, y+26, y+26, here, y+26, sign(m.What))
	}
	alt := say("Times of the correspondence: %s.", strings.Join(said, "; "))
	return wrap(foot+20, alt, b.String())
}

// moment words a mark: "a person’s answer, after 3 h 10 min".
func moment(m reports.Moment, start time.Time, say say) string {
	after := scoring.Duration(m.At.Sub(start).Seconds())
	switch m.What {
	case "letter":
		if !m.At.After(start) {
			return say("our mail")
		}
		return say("our mail") + ", " + say("after %s", after)
	case "promise":
		return say("an answer was promised by here") + ", " + say("after %s", after)
	case "window":
		return say("the window closed") + ", " + say("after %s", after)
	}
	return say(words.Class(m.What)) + ", " + say("after %s", after)
}

// sign is a mark's form: no two kinds differ by colour alone.
func sign(what string) string {
	switch what {
	case "letter":
		return `<circle r="5" class="ours"/>`
	case "human":
		return `<rect x="-5" y="-5" width="10" height="10" class="person"/>`
	case "promise":
		return `<path d="M0-8v16M0-8h8l-3 3 3 3h-8" class="due"/>`
	case "window":
		return `<path d="M0-8v16M4-8v16" class="due"/>`
	}
	return `<path d="M0-6l6 6-6 6-6-6z" class="machine"/>`
}

// tick is a step of the axis that parts it in at most six.
func tick(span time.Duration) time.Duration {
	steps := []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 4 * time.Hour, 8 * time.Hour, 12 * time.Hour, 24 * time.Hour, 48 * time.Hour, 7 * 24 * time.Hour, 14 * 24 * time.Hour}
	for _, s := range steps {
		if span/s < 6 {
			return s
		}
	}
	return span
}

// Way draws the documents that a visit opened as a map: a line for each, in the
// order of its first visit, and an arc for each move, numbered; those that led
// back to where it had been are dashed. It is empty for fewer than two pages.
func Way(pages []reports.Page, say say) template.HTML {
	if len(pages) < 2 {
		return ""
	}
	var at []int // the row of each page
	var rows []reports.Page
	for _, p := range pages {
		row := len(rows)
		if p.Back > 0 && p.Back <= len(at) {
			row = at[p.Back-1]
		} else {
			rows = append(rows, p)
		}
		at = append(at, row)
	}
	const line = 34
	y := func(row int) int { return 16 + line*row }
	arcs := map[[2]int]int{} // drawn so far between two lines
	bulges, left, back := make([]float64, len(pages)), 30.0, 0
	for i := 1; i < len(pages); i++ {
		if pages[i].Back > 0 {
			back++
		}
		if far := at[i] - at[i-1]; far != 1 { // to the next line it goes straight
			between := [2]int{min(at[i-1], at[i]), max(at[i-1], at[i])}
			bulges[i] = min(26+12*math.Sqrt(math.Abs(float64(far)))+float64(20*arcs[between]), 110)
			arcs[between]++
			left = max(left, bulges[i]+14)
		}
	}
	var b, signs strings.Builder
	said := []string{pages[0].Where}
	for i := 1; i < len(pages); i++ {
		from, to, bulge, class := y(at[i-1]), y(at[i]), bulges[i], "move"
		if pages[i].Back > 0 {
			class = "back"
			said = append(said, say("back to %s", pages[i].Where))
		} else {
			said = append(said, pages[i].Where)
		}
		lift := 0
		if from == to { // the same page once more
			lift = 10
		}
		fmt.Fprintf(&b, `<path d="M%.4g %dC%.4g %d %.4g %d %.4g %d" class="%s"/>`, left, from, left-4*bulge/3, from-lift, left-4*bulge/3, to+lift, left, to, class)
		fmt.Fprintf(&signs, `<text x="%.4g" y="%d" text-anchor="middle" class="number">%d</text>`, left-bulge, (from+to)/2+4, i)
	}
	for i, p := range rows {
		form := `<circle r="6" class="page"/>`
		if p.Code >= 400 {
			form = `<path d="M-6-6l12 12m-12 0l12-12" class="error"/>`
		}
		fmt.Fprintf(&b, `<svg x="%.4g" y="%d" class="spot">%s<text x="14" y="4" class="said">%s</text></svg>`, left, y(i), form, html.EscapeString(place(p)))
	}
	alt := say("Map of %d pages on the way, %d moves, %d of them back to a page seen before: %s.", len(rows), len(pages)-1, back, strings.Join(said[:min(len(said), mostSaid)], " → "))
	return wrap(y(len(rows)-1)+18, alt, b.String()+signs.String())
}

// mostSaid bounds the pages that the words beside a map name; the list below it has all.
const mostSaid = 15

// place words a page: its path, what was done there, an error's code.
func place(p reports.Page) string {
	said := shorten(p.Where, 40)
	if p.Code >= 400 {
		said += fmt.Sprintf(" (%d)", p.Code)
	}
	if p.Step != "" {
		said += " · " + shorten(p.Step, 32)
	}
	return said
}

// Form draws the visible fields of the forms that a visit used as boxes: those
// that it filled, numbered by their order, and those that it could leave. Which
// of them are marked as required was counted, not placed. It is empty where
// the fields were not counted.
func Form(f *reports.FormSeen, say say) template.HTML {
	if f.Visible == nil || f.Filled == nil || *f.Visible < 1 || *f.Visible > mostBoxes {
		return ""
	}
	visible, filled := *f.Visible, min(*f.Filled, *f.Visible)
	const each, high = 12, 26 // boxes in a row, px of a row
	var b strings.Builder
	for i := range visible {
		class := "left"
		if i < filled {
			class = "filled"
		}
		x, y := 100*float64(i%each)/each, i/each*high
		fmt.Fprintf(&b, `<rect x="%.4g%%" y="%d" width="%.4g%%" height="18" rx="3" class="%s"/>`, x+.3, y+3, 100.0/each-1, class)
		if i < filled {
			fmt.Fprintf(&b, `<text x="%.4g%%" y="%d" text-anchor="middle" class="within">%d</text>`, x+50.0/each, y+16, i+1)
		}
	}
	return wrap((visible+each-1)/each*high, FormWords(f, say), b.String())
}

// mostBoxes bounds the fields that are drawn.
const mostBoxes = 240

// FormWords says in a line what a form asks for.
func FormWords(f *reports.FormSeen, say say) string {
	var said []string
	for _, c := range []struct {
		n    *int
		what string
	}{
		{f.Visible, say("fields visible")}, {f.Filled, say("filled by us")}, {f.Required, say("marked as required")},
		{f.Prefilled, say("filled beforehand")}, {f.Retyped, say("typed twice")},
	} {
		if c.n != nil {
			said = append(said, fmt.Sprintf("%d %s", *c.n, c.what))
		}
	}
	return strings.Join(said, ", ")
}

func shorten(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}
