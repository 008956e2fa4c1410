// Package html writes a report as one file that needs nothing else: no
// network, no other file. Charts are drawn as SVG by this package; where the
// ECharts script is given, they become interactive on the screen.
//
// Whatever a stranger wrote reaches the page through html/template or escaped
// JSON, under a Content-Security-Policy that names the only two scripts by
// their digest.
package html

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"

	"touchstone/internal/evidence"
	"touchstone/reports"
	"touchstone/reports/drawing"
	"touchstone/reports/words"
	"touchstone/scoring"
)

//go:embed report.html.tmpl
var source string

//go:embed findings.html.tmpl
var findings string

//go:embed appendix.html.tmpl
var appendix string

//go:embed proof.html.tmpl
var proof string

//go:embed style.css
var style string

//go:embed boot.js
var boot string

// Format gives the HTML format. script is the source of ECharts 6; nil makes
// a report without any script, whose charts don't answer to the pointer.
func Format(script []byte) reports.Format {
	return reports.Format{Name: "html", Extension: ".html", Pictures: true, Write: func(w io.Writer, r *reports.Report) error {
		return write(w, r, string(script))
	}}
}

// A page is what the template sees.
type page struct {
	*reports.Report
	Style    template.CSS
	Policy   string
	Scripts  []template.JS // none in the static variant
	Logo     template.URL
	Masthead template.CSS // of a label with a colour of its own
	Crowd    bool         // more sites than a page lists openly
	Five     [5]struct{}  // shades of the key
	Legend   []legendEntry
	Heat     []heatPart
	Panels   []waitPanel

	ChartGrades, ChartAnswers, ChartQuadrant, ChartMustHaves, ChartPromises, ChartHours *chart

	ChartTopics []*chart // by category

	in words.In // the report's language
}

// crowd is the number of sites from which lists of all of them are folded.
const crowd = 25

func (p *page) say(english string, args ...any) string { return p.in.Say(english, args...) }

func write(w io.Writer, r *reports.Report, script string) error {
	texts, err := reports.TextsIn(r.Language)
	if err != nil {
		return err
	}
	p := &page{Report: r, Style: template.CSS(style + drawing.Style), in: words.In{Texts: texts}, Crowd: len(r.Sites) > crowd, Legend: legend(r)}
	t, err := template.New("report").Funcs(functions).Funcs(p.words()).Parse(compact(source))
	if err != nil {
		return fmt.Errorf("report template: %w", err)
	}
	for _, more := range []string{findings, appendix, proof} {
		if t, err = t.Parse(compact(more)); err != nil {
			return fmt.Errorf("report template: %w", err)
		}
	}
	if l := r.Label; l != nil {
		p.Logo = template.URL(l.Logo) // made from an image's bytes
		if l.Colour != "" {
			p.Masthead = template.CSS("--head:" + l.Colour + ";--headink:" + l.Ink) // checked by NewLabel
		}
	}
	p.ChartGrades, p.ChartAnswers, p.ChartTopics = p.distribution("chart-grades", r.Grades), p.distribution("chart-answers", r.Answers), p.topicCharts()
	p.Panels, p.ChartQuadrant, p.Heat = p.waitPanels(), p.quadrantChart(), p.heat()
	p.ChartMustHaves, p.ChartPromises, p.ChartHours = p.mustHaveChart(), p.promiseChart(), p.hourChart()
	p.Policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
	if script != "" {
		p.Scripts = []template.JS{template.JS(script), template.JS(boot)}
		p.Policy += "; script-src " + digest(script) + " " + digest(boot)
		all := append([]*chart{p.ChartGrades, p.ChartAnswers, p.ChartQuadrant}, p.ChartTopics...)
		for _, panel := range p.Panels {
			all = append(all, panel.Chart)
		}
		for _, c := range all {
			if err := c.interactive(); err != nil {
				return err
			}
		}
	}
	if err := t.Execute(w, p); err != nil {
		return fmt.Errorf("report %s: %w", r.Wave.ID, err)
	}
	return nil
}

// compact takes the indentation out of a template: a large panel repeats it
// thousands of times.
func compact(source string) string { return indentation.ReplaceAllString(source, "\n") }

var indentation = regexp.MustCompile(`\n\s+`)

// functions are the template's functions that need the report's language or sites.
func (p *page) words() template.FuncMap {
	probes := map[evidence.ProbeID]string{}
	for i, s := range p.Sites {
		for j, probe := range s.Probes {
			probes[probe.ID] = fmt.Sprintf("probe-%d-%d", i+1, j+1)
		}
	}
	in := p.in
	return template.FuncMap{
		"t":         p.say,
		"points":    in.Points,
		"hundred":   func(x float64) string { return in.Points(100 * x) },
		"seconds":   func(v any) string { return in.Seconds(number(v)) },
		"duration":  func(d time.Duration) string { return in.Seconds(d.Seconds()) },
		"interval":  in.Interval,
		"published": in.Published,
		"fact":      in.Fact,
		"number":    func(x float64) string { return in.Number(strings.TrimSuffix(fmt.Sprintf("%.2f", x), ".00")) },
		"decimal":   func(x float64) string { return in.Number(fmt.Sprintf("%.3f", x)) },
		"unit":      func(v float64, u evidence.Unit) string { return in.Number(unit(v, u)) },
		"pvalue": func(p float64) string {
			if p < 0.001 {
				return in.Number("< 0.001")
			}
			return in.Number(fmt.Sprintf("= %.3f", p))
		},
		"delta":     in.Delta,
		"shown":     in.Shown,
		"chance":    in.Chance,
		"day":       in.Day,
		"when":      in.When,
		"timeline":  func(t *reports.Timeline) template.HTML { return drawing.Timeline(t, p.say) },
		"wayMap":    func(w []reports.Page) template.HTML { return drawing.Way(w, p.say) },
		"formMap":   func(f *reports.FormSeen) template.HTML { return drawing.Form(f, p.say) },
		"formWords": func(f *reports.FormSeen) string { return drawing.FormWords(f, p.say) },
		"told": func(yes *bool) string {
			switch {
			case yes == nil:
				return words.None
			case *yes:
				return p.say("yes")
			}
			return p.say("no")
		},
		"count": in.Count,
		"strip": p.dotsOf,
		// proof leads to the probes that a figure rests on: a few, since the rest stand beside them.
		"proof": func(ids []evidence.ProbeID) []string {
			var out []string
			for _, id := range ids {
				if at := probes[id]; at != "" && len(out) < 3 {
					out = append(out, at)
				}
			}
			return out
		},
		"span": func(times []float64) string {
			switch len(times) {
			case 0:
				return p.say("never")
			case 1:
				return in.Seconds(times[0])
			}
			return in.Seconds(times[0]) + " – " + in.Seconds(times[len(times)-1])
		},
		// some names a few of many.
		"some": func(names []string) string {
			said := strings.Join(names[:min(len(names), 8)], ", ")
			if n := len(names) - 8; n > 0 {
				said += p.say(" and %d more", n)
			}
			return said
		},
		"merchant": func(c reports.MerchantCell, col reports.MerchantColumn) string {
			switch {
			case c.Value == nil:
				return "—"
			case col.Unit == evidence.Ratio:
				return fmt.Sprintf("%d/%d", c.K, c.N)
			case math.IsInf(*c.Value, 1):
				return p.say("never")
			}
			return in.Number(unit(*c.Value, col.Unit))
		},
	}
}

// unit words a summary in its unit.
func unit(v float64, u evidence.Unit) string {
	switch u {
	case evidence.Ratio:
		return percent(v)
	case evidence.Second:
		return scoring.Duration(v)
	}
	return fmt.Sprintf("%.3g", v)
}

// thin keeps a table readable: at most forty steps, the last among them.
func thin(steps []reports.WaitStep) []reports.WaitStep {
	every := (len(steps) + 39) / 40
	var out []reports.WaitStep
	for i, s := range steps {
		if i%max(every, 1) == 0 || i == len(steps)-1 {
			out = append(out, s)
		}
	}
	return out
}

// cell is a mark in the table of all marks.
func cell(d reports.Dot) string {
	switch {
	case d.State == scoring.NotApplicable:
		return "–"
	case d.State == scoring.NotMeasured:
		return "?"
	case d.State != scoring.Scored:
		return "…"
	case d.Points <= 0:
		return "×"
	}
	return fmt.Sprintf("%.0f", math.Floor(d.Points))
}

// digest names a script in the policy.
func digest(script string) string {
	sum := sha256.Sum256([]byte(script))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// functions are the template's functions: they only put figures into words.
var functions = template.FuncMap{
	"iso":     func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
	"percent": func(v any) string { return percent(number(v)) },
	"of":      func(k, n int) string { return fmt.Sprintf("%d/%d", k, n) },
	"data": func(jpeg []byte) template.URL {
		return template.URL("data:image/jpeg;base64," + base64.StdEncoding.EncodeToString(jpeg))
	},
	"short":   func(s string) string { return s[:min(len(s), 12)] },
	"slug":    func(s string) string { return strings.ReplaceAll(strings.ToLower(s), " ", "-") },
	"state":   words.State,
	"class":   words.Class,
	"inc":     func(i int) int { return i + 1 },
	"dict":    dict,
	"after":   func(s float64) bool { return s > 0 },
	"capital": words.Capital,
	"grade":   gradeStep,
	"plain":   plainFacts,
	"join":    func(s []string) string { return strings.Join(s, ", ") },
	"mark":    func(i int) template.HTML { return template.HTML(siteMark(i)) },
	"thin":    thin,
	"cell":    cell,
	"letter":  words.Letter,
	"mul":     func(a, b int) int { return a * b },
	"money":   func(v float64) string { return fmt.Sprintf("%.0f", v) },
	"places":  reports.Places,
	// commands lists what printed the figures of the reading, each once.
	"commands": func(list []reports.Accuracy) []string {
		var out []string
		for _, a := range list {
			if said := a.Command + " (" + a.Page + ", " + a.Date + ")"; !slices.Contains(out, said) {
				out = append(out, said)
			}
		}
		return out
	},
}

// dict passes several values to a named template: "Name", value, …
func dict(pairs ...any) map[string]any {
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		m[pairs[i].(string)] = pairs[i+1]
	}
	return m
}

func percent(x float64) string { return fmt.Sprintf("%.0f %%", 100*x) }

// plainFacts leaves out what the thread and the film already show.
func plainFacts(p reports.Probe) []evidence.Fact {
	var out []evidence.Fact
	for _, f := range p.Facts {
		if f.Step != "" && (p.Kind == "mail" || f.Name == "web.step" || f.Name == "web.step-took") {
			continue
		}
		out = append(out, f)
	}
	return out
}

// gradeStep gives the step of a grade on the scorecard's own scale, 1 the
// best and 5 the worst, as the style sheet colours it; 0 when withheld.
func gradeStep(r *reports.Report, v reports.Verdict) int {
	if v.State != scoring.Scored {
		return 0
	}
	for i, g := range r.Scorecard.Grades {
		if g.Label == v.Grade {
			return 1 + i*4/max(1, len(r.Scorecard.Grades)-1)
		}
	}
	return 0
}

// number takes a figure that may be absent; the template asked before.
func number(v any) float64 {
	switch x := v.(type) {
	case float64:
		return x
	case *float64:
		return *x
	}
	return math.NaN()
}
