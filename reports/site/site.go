// Package site writes a report of a large panel as a folder: an index that is
// sorted and searched in the browser, and a page for each site. It needs no
// server and no library; every page is whole by itself and loads nothing.
package site

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"runtime"
	"sync"

	"touchstone/internal/evidence"
	"touchstone/reports"
	"touchstone/reports/drawing"
	"touchstone/reports/words"
	"touchstone/scoring"
)

//go:embed index.html.tmpl
var indexSource string

//go:embed page.html.tmpl
var pageSource string

//go:embed brand.html.tmpl
var brand string

//go:embed style.css
var style string

//go:embed index.js
var script string

// shown is how many rows of the index stand there before somebody asks for more.
const shown = 100

// Format gives the format of a folder of pages.
func Format() reports.Format {
	return reports.Format{Name: "site", Pictures: true, Files: func(folder reports.Folder, r *reports.Report) error {
		if err := folder("index.html", func(w io.Writer) error { return index(w, r) }); err != nil {
			return err
		}
		t, err := parse("page", pageSource, r)
		if err != nil {
			return err
		}
		return pages(folder, t, r)
	}}
}

// pages writes the page of each site. Some are made while one is written: their
// pictures take most of the time.
func pages(folder reports.Folder, t *template.Template, r *reports.Report) error {
	type page struct {
		bytes.Buffer
		err error
	}
	ahead := make(chan chan *page, runtime.GOMAXPROCS(0)) // in the panel's order
	stop := make(chan struct{})
	var making sync.WaitGroup
	defer making.Wait()
	defer close(stop)
	making.Go(func() {
		defer close(ahead)
		for i := range r.Sites {
			made := make(chan *page, 1)
			select {
			case ahead <- made:
			case <-stop:
				return
			}
			making.Go(func() {
				var p page
				p.err = t.Execute(&p, newPart(r, i, true))
				made <- &p
			})
		}
	})
	number := 0
	for made := range ahead {
		number++
		p := <-made
		if p.err != nil {
			return p.err
		}
		if err := folder("sites/"+name(number), func(w io.Writer) error { _, err := p.WriteTo(w); return err }); err != nil {
			return err
		}
	}
	return nil
}

// Page writes the part of one site by itself, with all of its proof: what one
// sends to the site. i counts the report's sites from 0.
func Page(w io.Writer, r *reports.Report, i int) error {
	t, err := parse("page", pageSource, r)
	if err != nil {
		return err
	}
	return t.Execute(w, newPart(r, i, false))
}

// name is the file of a site's page, by its number in the panel.
func name(number int) string { return fmt.Sprintf("%05d.html", number) }

func parse(name, source string, r *reports.Report) (*template.Template, error) {
	texts, err := reports.TextsIn(r.Language)
	if err != nil {
		return nil, err
	}
	t, err := template.New(name).Funcs(functions).Funcs(own(r, texts)).Parse(source)
	if err != nil {
		return nil, err
	}
	return t.Parse(brand)
}

// own are the functions that need the report's language or its label.
func own(r *reports.Report, texts reports.Texts) template.FuncMap {
	in := words.In{Texts: texts}
	return template.FuncMap{
		"t": texts.Say, "count": texts.Count, "grade": in.Grade, "measured": in.Measured, "state": in.State, "class": in.Class,
		"day": in.Day, "when": in.When, "dates": in.Dates,
		"score": in.Score, "bounds": in.Range, "mark": in.Mark, "points": in.Points, "seconds": in.Seconds,
		"published": in.Published, "fact": in.Fact, "interval": in.Interval,
		"ratio":     func(i *scoring.Interval) string { return in.Interval(i, evidence.Ratio) },
		"language":  func() string { return r.Language },
		"timeline":  func(t *reports.Timeline) template.HTML { return drawing.Timeline(t, texts.Say) },
		"wayMap":    func(w []reports.Page) template.HTML { return drawing.Way(w, texts.Say) },
		"formMap":   func(f *reports.FormSeen) template.HTML { return drawing.Form(f, texts.Say) },
		"formWords": func(f *reports.FormSeen) string { return drawing.FormWords(f, texts.Say) },
		"logo": func() template.URL {
			if r.Label == nil {
				return ""
			}
			return template.URL(r.Label.Logo) // made from an image's bytes
		},
		"masthead": func() template.CSS {
			if r.Label == nil || r.Label.Colour == "" {
				return ""
			}
			return template.CSS("--head:" + r.Label.Colour + ";--headink:" + r.Label.Ink) // checked by NewLabel
		},
	}
}

// An overview is what the index shows.
type overview struct {
	*reports.Report
	Style  template.CSS
	Script template.JS
	Policy string
	Shown  int
	Grade  []string // labels that occur, best first
}

func index(w io.Writer, r *reports.Report) error {
	t, err := parse("index", indexSource, r)
	if err != nil {
		return err
	}
	sum := sha256.Sum256([]byte(script))
	o := overview{
		Report: r, Style: template.CSS(style + drawing.Style), Script: template.JS(script), Shown: shown,
		Policy: policy + "; script-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'",
	}
	for _, c := range r.Grades.Classes {
		if c.K > 0 {
			o.Grade = append(o.Grade, c.Label)
		}
	}
	if len(r.Verdicts) > r.Grades.N {
		o.Grade = append(o.Grade, "withheld")
	}
	return t.Execute(w, o)
}

// policy keeps a page from loading anything.
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"

// A part is what the page of a site shows.
type part struct {
	R        *reports.Report
	S        *reports.SitePart
	Style    template.CSS
	Policy   string
	Before   string // file of the neighbour in the panel, empty where there is none
	After    string
	InFolder bool // the index stands above
	Reply    *reports.SiteReply
}

func newPart(r *reports.Report, i int, inFolder bool) part {
	p := part{R: r, S: &r.Sites[i], Style: template.CSS(style + drawing.Style), Policy: policy, InFolder: inFolder}
	if inFolder && i > 0 {
		p.Before = name(i)
	}
	if inFolder && i+1 < len(r.Sites) {
		p.After = name(i + 2)
	}
	for j := range r.Replies {
		if r.Replies[j].Site == p.S.ID {
			p.Reply = &r.Replies[j]
		}
	}
	return p
}

var functions = template.FuncMap{
	"file": name, "place": words.Place, "letter": words.Letter, "capital": words.Capital, "percent": words.Percent,
	"inc":   func(i int) int { return i + 1 },
	"width": func(x float64) string { return fmt.Sprintf("%.4g", 100*x) },
	"step":  step,
	"sort": func(v reports.Verdict) string { // withheld below all
		if v.State != scoring.Scored {
			return "-1"
		}
		return fmt.Sprintf("%.6g", v.Score)
	},
	"first": func(v reports.Verdict) string {
		if v.Rank == nil {
			return "999999999"
		}
		return fmt.Sprint(v.Rank.Place)
	},
	"data": func(jpeg []byte) template.URL {
		return template.URL("data:image/jpeg;base64," + base64.StdEncoding.EncodeToString(jpeg))
	},
	"short": func(r evidence.Ref) string { return string(r[:min(len(r), 12)]) },
	"facts": func(p reports.Probe) []evidence.Fact { // without what the thread and the film show
		var out []evidence.Fact
		for _, f := range p.Facts {
			if f.Step == "" || p.Kind != "mail" && f.Name != "web.step" && f.Name != "web.step-took" {
				out = append(out, f)
			}
		}
		return out
	},
}

// step gives the step of a grade on the scorecard's scale, 1 the best and 5 the
// worst; 0 when withheld.
func step(r *reports.Report, v reports.Verdict) int {
	for i, g := range r.Scorecard.Grades {
		if v.State == scoring.Scored && g.Label == v.Grade {
			return 1 + i*4/max(1, len(r.Scorecard.Grades)-1)
		}
	}
	return 0
}
