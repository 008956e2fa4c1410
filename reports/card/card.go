// Package card writes what one sends to a site for its right of reply: an
// image of its verdict, a single page of its marks as HTML and PDF, and its
// whole part with the proof. No other site is named in any of them.
package card

import (
	"bytes"
	"cmp"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"

	"touchstone/reports"
	"touchstone/reports/site"
	"touchstone/reports/words"
	"touchstone/scoring"
)

//go:embed card.html.tmpl
var source string

// Size of the image in CSS pixels; it is drawn twice as fine.
const (
	width  = 1200
	height = 630
)

// maxMarks bounds the weakest marks that the single page lists.
const maxMarks = 8

// A Paper draws pages: as PDF, and as a PNG of that many CSS pixels.
type Paper struct {
	Print   func(page []byte) ([]byte, error)
	Picture func(page []byte, width, height int) ([]byte, error)
}

// Format gives the format of the cards of these sites, by their id, or of all
// sites where none is named.
func Format(p Paper, sites ...string) reports.Format {
	return reports.Format{Name: "card", Files: func(folder reports.Folder, r *reports.Report) error {
		for _, id := range sites {
			if !slices.ContainsFunc(r.Sites, func(s reports.SitePart) bool { return s.ID == id }) {
				return fmt.Errorf("the panel has no site %q", id)
			}
		}
		texts, err := reports.TextsIn(r.Language)
		if err != nil {
			return err
		}
		in := words.In{Texts: texts}
		t, err := template.New("card").Funcs(functions).Funcs(template.FuncMap{
			"t": texts.Say, "count": texts.Count, "grade": in.Grade, "measured": in.Measured, "state": in.State, "day": in.Day, "dates": in.Dates,
			"score": in.Score, "bounds": in.Range, "mark": in.Mark, "points": in.Points, "seconds": in.Seconds,
		}).Parse(source)
		if err != nil {
			return err
		}
		for i := range r.Sites {
			if len(sites) == 0 || slices.Contains(sites, r.Sites[i].ID) {
				if err := write(folder, t, p, r, i); err != nil {
					return err
				}
			}
		}
		return nil
	}}
}

// A card is what the template shows.
type card struct {
	R        *reports.Report
	S        *reports.SitePart
	Idle     int // categories of which the wave tried nothing
	Logo     template.URL
	Masthead template.CSS // of a label with a colour of its own
	Weak     []weak       // the marks that have points to gain, lowest first
}

// A weak mark, with what it is called.
type weak struct {
	Title string
	scoring.Mark
}

func write(folder reports.Folder, t *template.Template, p Paper, r *reports.Report, i int) error {
	c := card{R: r, S: &r.Sites[i]}
	if l := r.Label; l != nil {
		c.Logo = template.URL(l.Logo) // made from an image's bytes
		if l.Colour != "" {
			c.Masthead = template.CSS("--head:" + l.Colour + ";--headink:" + l.Ink) // checked by NewLabel
		}
	}
	for _, category := range c.S.Categories {
		if category.State == scoring.NotApplicable {
			c.Idle++
		}
		for _, m := range category.Marks {
			if m.State == scoring.Scored && m.Score < 1 {
				c.Weak = append(c.Weak, weak{r.CriterionTitle(m.Criterion), m})
			}
		}
	}
	slices.SortStableFunc(c.Weak, func(a, b weak) int { return cmp.Compare(a.Score, b.Score) })
	c.Weak = c.Weak[:min(len(c.Weak), maxMarks)]

	var image, page bytes.Buffer
	if err := t.ExecuteTemplate(&image, "image", c); err != nil {
		return err
	}
	if err := t.ExecuteTemplate(&page, "page", c); err != nil {
		return err
	}
	name := fmt.Sprintf("%05d", c.S.Verdict.Number)
	for _, file := range []struct {
		ending string
		write  func(io.Writer) error
	}{
		{".png", drawn(func() ([]byte, error) { return p.Picture(image.Bytes(), width, height) })},
		{".html", func(w io.Writer) error { _, err := w.Write(page.Bytes()); return err }},
		{".pdf", drawn(func() ([]byte, error) { return p.Print(page.Bytes()) })},
		{"-proof.html", func(w io.Writer) error { return site.Page(w, r, i) }},
	} {
		if err := folder(name+file.ending, file.write); err != nil {
			return err
		}
	}
	return nil
}

func drawn(draw func() ([]byte, error)) func(io.Writer) error {
	return func(w io.Writer) error {
		data, err := draw()
		if err != nil {
			return err
		}
		_, err = w.Write(data)
		return err
	}
}

var functions = template.FuncMap{
	"place": words.Place,
	"share": func(x float64) string { return fmt.Sprintf("%.4g", x) },
}
