package html

import (
	"encoding/json"
	"fmt"
	"html/template"
	"slices"
	"strings"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"touchstone/internal/evidence"
	"touchstone/reports"
	"touchstone/scoring"
)

// A chart is one figure: an SVG that every reader sees, the words that stand
// for it, and the options that make it interactive.
type chart struct {
	ID     string
	Title  string        // of its part of the page; empty where the section has one
	Alt    string        // what the picture says, in words
	SVG    template.HTML // empty when there is nothing to draw
	Height int           // px, of the interactive one
	Option template.JS   // escaped JSON; empty in the static variant
	Idle   []string      // titles of rows that would be empty, and are left out

	option func() map[string]any
}

// interactive fills Option. encoding/json escapes <, > and &, so that no name
// can end the script element that carries it.
func (c *chart) interactive() error {
	if c.SVG == "" {
		return nil
	}
	data, err := json.Marshal(c.option())
	if err != nil {
		return fmt.Errorf("chart %s: %w", c.ID, err)
	}
	c.Option = template.JS(data)
	return nil
}

// distribution draws a bar for each class, with its interval, and the
// published figures of the same class under it.
func (p *page) distribution(id string, d reports.Distribution) *chart {
	c := &chart{ID: id}
	if d.N == 0 {
		return c
	}
	var s svg
	var said []string
	var rule bool
	for _, class := range d.Classes {
		if len(class.Covers) > 0 && !rule {
			rule = true
			s.gap(6)
			s.words(0, 13, "head", "start", p.say("Classes taken together, as they were published"))
			s.gap(24)
		}
		class.Label = p.say(class.Label)
		s.bar(class, p.counted(class.Share), p.in)
		if len(class.Covers) == 0 {
			said = append(said, class.Label+" "+p.counted(class.Share))
		}
	}
	c.Alt = p.say("Bar chart of %d %s: %s. Published figures stand in the table.", d.N, d.Unit, strings.Join(said, "; "))
	c.SVG = s.done(c.Alt)
	c.Height = 90 + 34*len(d.Classes)
	c.option = func() map[string]any { return p.distributionOption(d, c.Alt) }
	return c
}

func (p *page) counted(s reports.Share) string { return p.say("%d of %d", s.K, s.N) }

// symbols of the published figures in an interactive chart.
var symbols = []string{"diamond", "triangle", "rect", "circle", "roundRect"}

func (p *page) distributionOption(d reports.Distribution, alt string) map[string]any {
	bar := charts.NewBar()
	common(bar.SetGlobalOptions, alt)
	bar.SetGlobalOptions(
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(true), Top: "0", Left: "0"}),
		charts.WithGridOpts(opts.Grid{Left: "8", Right: "20", Top: "58", Bottom: "28", ContainLabel: opts.Bool(true)}),
	)
	var labels []string
	var data []opts.BarData
	var ranges []charts.Overlaper
	marks := map[string][]opts.ScatterData{}
	var refs []string
	for i, c := range d.Classes {
		c.Label = p.say(c.Label)
		label := fmt.Sprintf("%s  %d/%d", c.Label, c.K, c.N)
		labels = append(labels, label)
		data = append(data, opts.BarData{Name: fmt.Sprintf("%s: %s (%s)", c.Label, p.counted(c.Share), percent(c.Value())), Value: 100 * c.Value()})
		if iv := c.Interval; iv != nil {
			name := fmt.Sprintf("%s: %s; %s", c.Label, p.counted(c.Share), p.say("interval at the level %s by %s: %s", p.in.Number(fmt.Sprint(iv.Level)), iv.Method, p.in.Interval(iv, evidence.Ratio)))
			ranges = append(ranges, charts.NewLine().AddSeries(p.say("Interval"), []opts.LineData{
				{Name: name, Value: []any{100 * iv.Low, i}, Symbol: "rect", SymbolSize: 5}, {Name: name, Value: []any{100 * iv.High, i}, Symbol: "rect", SymbolSize: 5},
			}, charts.WithItemStyleOpts(opts.ItemStyle{Color: "#8A8A8A"}), charts.WithLineStyleOpts(opts.LineStyle{Width: 2})))
		}
		for _, ref := range c.Published {
			if !slices.Contains(refs, ref.Short) {
				refs = append(refs, ref.Short)
			}
			marks[ref.Short] = append(marks[ref.Short], opts.ScatterData{Name: c.Label + " – " + p.in.Published(ref), Value: []any{100 * ref.Share, i}})
		}
	}
	bar.SetXAxis(labels).AddSeries(p.say("This panel"), data,
		charts.WithItemStyleOpts(opts.ItemStyle{Color: barColour}),
		charts.WithBarChartOpts(opts.BarChart{BarWidth: "14"})).XYReversal()
	bar.Overlap(ranges...)
	for i, short := range refs {
		sc := charts.NewScatter()
		sc.AddSeries(short, marks[short],
			charts.WithScatterChartOpts(opts.ScatterChart{Symbol: symbols[i%len(symbols)], SymbolSize: 12}),
			charts.WithItemStyleOpts(opts.ItemStyle{Color: refColours[i%len(refColours)], BorderWidth: 1}))
		bar.Overlap(sc)
	}
	return finish(&bar.RectChart, bar.Validate, labels, "{value} %")
}

// topicCharts gives one chart for each category of criteria, short enough to
// stand on one page each; those without any score are left out.
func (p *page) topicCharts() []*chart {
	r := p.Report
	var out []*chart
	for from := 0; from < len(r.Criteria); {
		to := from
		for to < len(r.Criteria) && r.Criteria[to].Category == r.Criteria[from].Category {
			to++
		}
		part := *r
		part.Criteria = nil
		var idle []string
		for _, row := range r.Criteria[from:to] {
			if slices.ContainsFunc(row.Dots, func(d reports.Dot) bool { return d.State == scoring.Scored }) {
				part.Criteria = append(part.Criteria, row)
			} else {
				idle = append(idle, row.Title)
			}
		}
		c := p.topicChart(&part)
		c.Idle = idle
		c.ID = fmt.Sprintf("chart-topics-%d", len(out)+1)
		c.Title = r.Criteria[from].Category
		if c.SVG != "" {
			out = append(out, c)
		}
		from = to
	}
	return out
}

// topicChart has a row for each criterion and a dot for each site.
func (p *page) topicChart(r *reports.Report) *chart {
	c := &chart{}
	many := len(r.Sites) > maxMarked
	var s svg
	scored := 0
	for _, row := range r.Criteria {
		if s.y > tall {
			s.scale()
			s.cut()
		}
		scored += p.dots(&s, row, many)
	}
	if scored == 0 {
		return c
	}
	s.scale()
	c.Alt = p.say("Dot chart: %d criteria, one dot for each of %d sites, from 0 to 100 points. Every mark stands in the table.", len(r.Criteria), len(r.Sites))
	c.SVG = s.done(c.Alt)
	most := 1
	for _, row := range r.Criteria {
		_, lanes := lane(row, many)
		most = max(most, lanes)
	}
	c.Height = 40 + (markSize+markStep*(most-1)+10)*len(r.Criteria)
	if many {
		c.Height = 40 + max(30, 9*most)*len(r.Criteria)
	}
	c.option = func() map[string]any { return p.topicOption(r, c.Alt, many) }
	return c
}

func (p *page) topicOption(r *reports.Report, alt string, many bool) map[string]any {
	sc := charts.NewScatter()
	common(sc.SetGlobalOptions, alt)
	sc.SetGlobalOptions(
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(false)}),
		charts.WithGridOpts(opts.Grid{Left: "8", Right: "20", Top: "12", Bottom: "28", ContainLabel: opts.Bool(true)}),
	)
	var titles []string
	bySite := make([][]opts.ScatterData, len(r.Sites))
	for i, row := range r.Criteria {
		titles = append(titles, row.Title)
		for _, d := range row.Dots {
			if d.State == scoring.Scored {
				name := fmt.Sprintf("%d %s – %s: %s", d.Number, d.Name, row.Title, p.points(d.Points))
				if d.Shown != "" {
					name += " (" + d.Shown + ")"
				}
				bySite[d.Number-1] = append(bySite[d.Number-1], opts.ScatterData{Name: name, Value: []any{d.Points, i}})
			}
		}
	}
	for i, data := range bySite {
		m := markOf(i + 1)
		opacity, size, label := 1.0, markSize, opts.Label{Show: opts.Bool(!many), Position: "inside", Formatter: fmt.Sprint(i + 1), Color: m.ink, FontSize: 11, FontWeight: "bold"}
		if many {
			m, size, opacity = siteShape{symbol: "circle", fill: barColour}, 9, 0.55
		}
		style := opts.ItemStyle{Color: m.fill, BorderWidth: 0, Opacity: opts.Float(float32(opacity))}
		if p.isClient(i + 1) {
			style.BorderWidth, style.BorderColor, style.Opacity = 3, ringColour, opts.Float(1)
		}
		sc.AddSeries(fmt.Sprint(i+1), data,
			charts.WithScatterChartOpts(opts.ScatterChart{Symbol: m.symbol, SymbolSize: size}),
			charts.WithItemStyleOpts(style),
			charts.WithLabelOpts(label))
	}
	option := finish(&sc.RectChart, sc.Validate, titles, "{value}")
	dodge(option, r, many)
	option["yAxis"].(map[string]any)["axisLabel"] = map[string]any{"margin": 22} // clear of a dot at 0
	return option
}

// points words a score with its unit.
func (p *page) points(x float64) string { return p.say("%s points", p.in.Points(x)) }

// dodge moves dots of one row that would lie on one another.
func dodge(option map[string]any, r *reports.Report, many bool) {
	lanes := map[[2]int]int{} // site, row
	for i, row := range r.Criteria {
		of, n := lane(row, many)
		for site, l := range of {
			lanes[[2]int{site, i}] = 2*l - (n - 1) // half-steps about the row's middle
		}
	}
	half := float64(markStep) / 2 // px
	if many {
		half = 4
	}
	series, _ := option["series"].([]any)
	for i, s := range series {
		data, _ := s.(map[string]any)["data"].([]any)
		for _, d := range data {
			item := d.(map[string]any)
			row := int(item["value"].([]any)[1].(float64))
			item["symbolOffset"] = []float64{0, half * float64(lanes[[2]int{i + 1, row}])}
		}
	}
}

func common(set func(...charts.GlobalOpts) *charts.RectChart, alt string) {
	set(
		charts.WithAnimation(false),
		charts.WithAriaOpts(&opts.Aria{Enabled: opts.Bool(true), Label: &opts.AriaLabel{Enabled: opts.Bool(true), Description: alt}}),
	)
}

// finish gives the options as plain data, with what the typed builder lacks.
// The tooltip draws its words as SVG text, so that no name is ever markup.
func finish(c *charts.RectChart, validate func(), labels []string, tick string) map[string]any {
	validate()
	text, err := json.Marshal(c.JSON())
	if err != nil { // numbers and strings only: New saw to that
		panic(fmt.Sprintf("chart options: %v", err))
	}
	option := map[string]any{}
	if err := json.Unmarshal(text, &option); err != nil {
		panic(fmt.Sprintf("chart options: %v", err))
	}
	delete(option, "toolbox")
	delete(option, "title")
	delete(option, "color")
	option["animation"] = false
	for _, g := range option["grid"].([]any) {
		g.(map[string]any)["outerBoundsClampWidth"] = "45%" // else long labels are broken at a quarter of the width
	}
	option["tooltip"] = map[string]any{"trigger": "item", "renderMode": "richText", "formatter": "{b}", "confine": true}
	option["xAxis"] = map[string]any{"type": "value", "min": 0, "max": 100, "interval": 25, "axisLabel": map[string]any{"formatter": tick}}
	option["yAxis"] = map[string]any{"type": "category", "data": labels, "inverse": true}
	return option
}
