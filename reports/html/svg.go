package html

import (
	"cmp"
	"fmt"
	"html"
	"html/template"
	"slices"
	"strings"

	"touchstone/reports"
	"touchstone/reports/words"
	"touchstone/scoring"
)

// An svg is a drawing that grows downwards. Widths are shares of the page's,
// heights are pixels: the drawing fits any width and its words keep their
// size, without a script. Colours are classes of the style sheet.
type svg struct {
	b     strings.Builder
	y     int      // px, the foot of what is drawn
	parts []string // what was drawn before it was cut
}

// tall is the height in pixels from which on a drawing may be cut: two or three
// parts stand on a page of paper.
const tall = 260

func (s *svg) gap(px int) { s.y += px }

// words writes a line; x is in hundredths of the width, dy in pixels below y.
func (s *svg) words(x float64, dy int, class, anchor, text string) {
	fmt.Fprintf(&s.b, `<text x="%.5g%%" y="%d" class="%s" text-anchor="%s">%s</text>`, x, s.y+dy, class, anchor, html.EscapeString(text))
}

// cut ends a part of a drawing between two of its rows, where paper may break.
func (s *svg) cut() {
	s.parts = append(s.parts, fmt.Sprintf(`width="100%%" height="%d">%s</svg>`, s.y, s.b.String()))
	s.b.Reset()
	s.y = 0
}

func (s *svg) done(alt string) template.HTML {
	s.cut()
	said := fmt.Sprintf(`class="static" role="img" aria-label="%s"`, html.EscapeString(alt))
	if len(s.parts) == 1 {
		return template.HTML(`<svg ` + said + ` ` + s.parts[0])
	}
	return template.HTML(`<div ` + said + `><svg ` + strings.Join(s.parts, `<svg `) + `</div>`)
}

// bar draws a class: its label and count, the bar, the interval as a line
// with ends, and a dashed bar for each published figure.
func (s *svg) bar(c reports.Class, counted string, in words.In) {
	s.words(0, 13, "label", "start", c.Label)
	s.words(100, 13, "count", "end", counted+" ("+percent(c.Value())+")")
	s.y += 19
	fmt.Fprintf(&s.b, `<rect x="0" y="%d" width="100%%" height="16" class="track"/><rect x="0" y="%d" width="%.5g%%" height="16" class="bar"/>`, s.y, s.y, 100*c.Value())
	if i := c.Interval; i != nil {
		mid := s.y + 8
		fmt.Fprintf(&s.b, `<line x1="%.5g%%" x2="%.5g%%" y1="%d" y2="%d" class="range"/>`, 100*i.Low, 100*i.High, mid, mid)
		for _, x := range []float64{i.Low, i.High} {
			fmt.Fprintf(&s.b, `<line x1="%.5g%%" x2="%.5g%%" y1="%d" y2="%d" class="range"/>`, 100*x, 100*x, mid-4, mid+4)
		}
	}
	s.y += 16
	for _, p := range c.Published {
		s.y += 3
		fmt.Fprintf(&s.b, `<rect x="0" y="%d" width="%.5g%%" height="17" class="ref"/>`, s.y, 100*p.Share)
		from := 0.0
		if p.Share < 0.34 { // beside a short bar, on a long one: there is room on a narrow page too
			from = 100 * p.Share
		}
		fmt.Fprintf(&s.b, `<text x="%.5g%%" dx="7" y="%d" class="refword">%s</text>`, from, s.y+13, html.EscapeString(in.Published(p)))
		s.y += 17
	}
	s.y += 16
}

// Marks of one row that would hide one another stand below one another, this
// far apart, in px: they overlap a little, their numbers don't.
const markSize, markStep = 21, 18

// maxMarked is the largest panel whose dots carry their site's number.
const maxMarked = 12

// dots draws a criterion's row and tells how many sites stand in it.
func (p *page) dots(s *svg, row reports.CriterionRow, many bool) int {
	s.words(0, 13, "label", "start", row.Title)
	of, lanes := lane(row, many)
	if missing := len(row.Dots) - len(of); missing > 0 {
		s.y += 15 // a line of its own: beside a long title there is no room on a narrow page
		s.words(0, 13, "count", "start", p.say("%d/%d unmarked", missing, len(row.Dots)))
	}
	s.y += 20
	step, size := markStep, markSize
	if many {
		step, size = 8, 8
	}
	height := (max(1, lanes)-1)*step + size + 6
	for x := 0; x <= 100; x += 25 {
		fmt.Fprintf(&s.b, `<line x1="%.5g%%" x2="%.5g%%" y1="%d" y2="%d" class="grid"/>`, at(float64(x)), at(float64(x)), s.y, s.y+height)
	}
	dots := slices.Clone(row.Dots)
	layer := func(d reports.Dot) int { // the client's lies on top
		if p.isClient(d.Number) {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(dots, func(a, b reports.Dot) int { return layer(a) - layer(b) })
	for _, d := range dots {
		l, ok := of[d.Number]
		if !ok {
			continue
		}
		fmt.Fprintf(&s.b, `<svg x="%.5g%%" y="%d" class="dot"><title>%s</title>`, at(d.Points), s.y+3+l*step+size/2,
			html.EscapeString(fmt.Sprintf("%d %s: %s", d.Number, d.Name, p.points(d.Points))))
		if p.isClient(d.Number) {
			fmt.Fprintf(&s.b, `<circle r="%d" class="ring"/>`, size/2+3)
		}
		if many {
			s.b.WriteString(`<circle r="4" class="speck"/></svg>`)
		} else {
			s.b.WriteString(markOf(d.Number).draw(d.Number) + `</svg>`)
		}
	}
	s.y += height + 14
	return len(of)
}

// isClient reports whether the report is made for a site.
func (p *page) isClient(number int) bool {
	return slices.ContainsFunc(p.Front.Clients, func(c reports.Client) bool { return c.Verdict.Number == number })
}

// scale writes the numbers under the rows.
func (s *svg) scale() {
	for x := 0; x <= 100; x += 25 {
		s.words(at(float64(x)), 10, "tick", "middle", fmt.Sprint(x))
	}
	s.y += 18
}

// at leaves room at both ends for half a dot.
func at(points float64) float64 { return 3 + points*0.94 }

// maxLanes bounds the height of a row of a large panel: beyond it, dots lie on
// one another, half transparent.
const maxLanes = 10

// lane gives each scored site of a row its line, from 0, so that no dot hides
// another: sites closer than a dot's width on a narrow page take turns.
func lane(row reports.CriterionRow, many bool) (of map[int]int, lanes int) {
	apart := 7.0
	if many {
		apart = 1.2
	}
	of = map[int]int{}
	dots := slices.DeleteFunc(slices.Clone(row.Dots), func(d reports.Dot) bool { return d.State != scoring.Scored })
	slices.SortStableFunc(dots, func(a, b reports.Dot) int { return cmp.Compare(a.Points, b.Points) })
	var last []float64
	for _, d := range dots {
		l := slices.IndexFunc(last, func(x float64) bool { return d.Points-x >= apart })
		switch {
		case l < 0 && many && len(last) == maxLanes:
			l = len(of) % maxLanes
		case l < 0:
			l = len(last)
			last = append(last, 0)
		}
		last[l] = d.Points
		of[d.Number] = l
	}
	return of, len(last)
}

// A siteShape is how a site is told apart: shape, colour and number, so that
// no reader depends on the colour. The colours are Okabe and Ito's.
type siteShape struct{ path, symbol, fill, ink string }

const (
	barColour  = "#0072B2"
	ringColour = "#D9B44A"
	black      = "#000000"
	white      = "#FFFFFF"
)

var refColours = []string{"#E69F00", "#CC79A7", "#009E73", "#D55E00", "#56B4E9"}

func markOf(number int) siteShape {
	shapes := []struct{ path, symbol string }{
		{"M-10,0a10,10 0 1,0 20,0a10,10 0 1,0 -20,0Z", "circle"},
		{"M-9,-9H9V9H-9Z", "rect"},
		{"M0,-12L12,0L0,12L-12,0Z", "diamond"},
		{"M-6,-10H6L12,0L6,10H-6L-12,0Z", "path://M-6,-10H6L12,0L6,10H-6L-12,0Z"},
	}
	colours := []struct{ fill, ink string }{
		{"#0072B2", white}, {"#E69F00", black}, {"#009E73", black}, {"#CC79A7", black}, {"#56B4E9", black}, {"#D55E00", black},
	}
	i := number - 1
	shape, colour := shapes[i%len(shapes)], colours[i%len(colours)]
	return siteShape{shape.path, shape.symbol, colour.fill, colour.ink}
}

func (m siteShape) draw(number int) string {
	tight := ""
	if number > 99 {
		tight = " tight"
	}
	return fmt.Sprintf(`<path d="%s" fill="%s" class="shape"/><text y="4" text-anchor="middle" class="inmark%s" fill="%s">%d</text>`, m.path, m.fill, tight, m.ink, number)
}

// siteMark draws a site's mark beside its name.
func siteMark(number int) string {
	return fmt.Sprintf(`<svg class="mark" width="26" height="26" viewBox="-13 -13 26 26" aria-hidden="true">%s</svg>`, markOf(number).draw(number))
}

// A legendEntry names a site under the dots.
type legendEntry struct {
	Number int
	Name   string
}

func legend(r *reports.Report) []legendEntry {
	if len(r.Sites) > maxMarked {
		return nil
	}
	var out []legendEntry
	for i, s := range r.Sites {
		out = append(out, legendEntry{i + 1, s.Name})
	}
	return out
}
