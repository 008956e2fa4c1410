package html

import (
	"cmp"
	"fmt"
	"html"
	"html/template"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"touchstone/reports"
	"touchstone/scoring"
)

// box is a plot whose inside has its own units, stretched to the width; lines
// keep their thickness. x runs from 0 to w, y from 0 at the foot to h.
func (s *svg) box(px int, w, h float64, draw func(b *strings.Builder)) {
	fmt.Fprintf(&s.b, `<svg x="0" y="%d" width="100%%" height="%d" viewBox="0 0 %.5g %.5g" preserveAspectRatio="none" class="plot">`, s.y, px, w, h)
	draw(&s.b)
	s.b.WriteString(`</svg>`)
	s.y += px
}

// A waitPanel is one curve with its words.
type waitPanel struct {
	reports.WaitCurve
	Chart *chart
}

// waitPanels draws each curve by itself over the same axes, with the whole
// panel's as a thin line behind: no two lines have to be told apart by colour.
func (p *page) waitPanels() []waitPanel {
	var out []waitPanel
	w := p.Waits
	for i, c := range w.Curves {
		ch := &chart{ID: fmt.Sprintf("chart-waits-%d", i+1), Height: 200}
		var s svg
		s.y = 4
		top := s.y
		s.box(130, w.Window, 1, func(b *strings.Builder) {
			for y := 0; y <= 4; y++ {
				fmt.Fprintf(b, `<path d="M0 %.5gH%.5g" class="grid"/>`, float64(y)/4, w.Window)
			}
			for _, t := range ticks(w.Window) {
				fmt.Fprintf(b, `<path d="M%.6g 0V1" class="grid"/>`, t)
			}
			if c.Cohort != "" {
				fmt.Fprintf(b, `<path d="%s" class="behind"/>`, stairs(w.Curves[0].Steps, w.Window))
			}
			fmt.Fprintf(b, `<path d="%s" class="band"/><path d="%s" class="line%s"/>`, band(c.Steps, w.Window), stairs(c.Steps, w.Window), map[bool]string{true: " machine"}[c.By == "machine"])
		})
		for y := 0; y <= 4; y += 2 {
			fmt.Fprintf(&s.b, `<text x="2" y="%d" class="tick halo">%d %%</text>`, top+130-y*130/4+map[bool]int{true: 12, false: -3}[y == 4], y*25)
		}
		for _, t := range ticks(w.Window) {
			x, anchor := 100*t/w.Window, "middle"
			if x > 95 {
				anchor = "end"
			}
			s.words(x, 14, "tick", anchor, p.in.Seconds(t))
		}
		s.words(0, 14, "tick", "start", "0")
		s.y += 20
		last := c.Steps[len(c.Steps)-1]
		ch.Alt = p.say("%s: %d of %d enquiries within %s; half of them: %s.", c.Label, c.Came, c.N, p.in.Seconds(w.Window), p.median(c))
		if last.Low != nil {
			ch.Alt += " " + p.say("At the end %s, interval %s to %s.", percent(last.Share), percent(*last.Low), percent(*last.High))
		}
		ch.SVG = s.done(ch.Alt)
		ch.option = func() map[string]any { return waitOption(p, c, ch.Alt) }
		out = append(out, waitPanel{c, ch})
	}
	return out
}

func (p *page) median(c reports.WaitCurve) string {
	if c.Median == nil {
		return p.say("not within the time watched")
	}
	return p.in.Seconds(*c.Median)
}

// ticks parts a window: whole days up to a week, else a few steps.
func ticks(window float64) []float64 {
	step := 86400.0
	switch {
	case window < 2*86400:
		step = window / 4
	case window > 8*86400:
		step = math.Ceil(window/86400/5) * 86400
	}
	var out []float64
	for t := step; t <= window+1; t += step {
		out = append(out, t)
	}
	return out
}

// stairs is the path of a line that keeps its height until the next step.
func stairs(steps []reports.WaitStep, until float64) string {
	var b strings.Builder
	for i, s := range steps {
		if i == 0 {
			fmt.Fprintf(&b, "M%.6g %.5g", s.At, 1-s.Share)
			continue
		}
		fmt.Fprintf(&b, "H%.6gV%.5g", s.At, 1-s.Share)
	}
	fmt.Fprintf(&b, "H%.6g", until)
	return b.String()
}

// band is the area between the ends of the intervals, as far as they exist.
func band(steps []reports.WaitStep, until float64) string {
	var up, down strings.Builder
	type edge struct{ at, low, high float64 }
	var edges []edge
	for _, s := range steps {
		if s.Low != nil {
			edges = append(edges, edge{s.At, 1 - *s.Low, 1 - *s.High})
		} else if len(edges) > 0 {
			until = min(until, s.At)
		}
	}
	if len(edges) == 0 {
		return "M0 0"
	}
	for i, e := range edges {
		next := until
		if i+1 < len(edges) {
			next = edges[i+1].at
		}
		if i == 0 {
			fmt.Fprintf(&up, "M%.6g %.5g", e.at, e.high)
		} else {
			fmt.Fprintf(&up, "V%.5g", e.high)
		}
		fmt.Fprintf(&up, "H%.6g", next)
	}
	for i, e := range slices.Backward(edges) {
		fmt.Fprintf(&down, "V%.5gH%.6g", e.low, edges[i].at)
	}
	return up.String() + down.String() + "Z"
}

func waitOption(p *page, c reports.WaitCurve, alt string) map[string]any {
	line := charts.NewLine()
	common(line.SetGlobalOptions, alt)
	line.SetGlobalOptions(
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(false)}),
		charts.WithGridOpts(opts.Grid{Left: "8", Right: "28", Top: "14", Bottom: "26", ContainLabel: opts.Bool(true)}),
	)
	series := func(name string, of []reports.WaitStep, width float32, kind string) {
		var data []opts.LineData
		for _, s := range thin(of) {
			said := p.say("%s: %s answered after %s; %d still waited before", name, percent(s.Share), p.in.Seconds(s.At), s.AtRisk)
			if s.Low != nil {
				said += p.say("; interval %s to %s", percent(*s.Low), percent(*s.High))
			}
			data = append(data, opts.LineData{Name: said, Value: []any{s.At / 3600, 100 * s.Share}, Symbol: "circle", SymbolSize: 6})
		}
		data = append(data, opts.LineData{Name: name, Value: []any{p.Waits.Window / 3600, 100 * of[len(of)-1].Share}, Symbol: "none"})
		line.AddSeries(name, data, charts.WithLineChartOpts(opts.LineChart{Step: "end"}), charts.WithItemStyleOpts(opts.ItemStyle{Color: barColour}),
			charts.WithLineStyleOpts(opts.LineStyle{Width: width, Type: kind}))
	}
	kind := "solid"
	if c.By == "machine" {
		kind = "dashed"
	}
	series(c.Label+fmt.Sprintf(" (n = %d)", c.N), c.Steps, 2.5, kind)
	option := finish(&line.RectChart, line.Validate, nil, "{value}")
	option["xAxis"] = map[string]any{"type": "value", "min": 0, "max": p.Waits.Window / 3600, "axisLabel": map[string]any{"formatter": "{value} h"}}
	option["yAxis"] = map[string]any{"type": "value", "min": 0, "max": 100, "interval": 25, "axisLabel": map[string]any{"formatter": "{value} %"}}
	option["series"] = append(p.behind(c), option["series"].([]any)...)
	return option
}

// behind are what an interactive curve stands on: its interval as a shade, drawn
// as what lies between the bounds on top of an unseen lower bound, and for a
// cohort the whole panel's curve as a thin line. None of it answers to the pointer.
func (p *page) behind(c reports.WaitCurve) []any {
	still := func(more map[string]any) map[string]any {
		line := map[string]any{"type": "line", "step": "end", "symbol": "none", "silent": true, "z": 1, "tooltip": map[string]any{"show": false}}
		maps.Copy(line, more)
		return line
	}
	var low, between []any
	until := p.Waits.Window / 3600
	for _, s := range thin(c.Steps) {
		if s.Low != nil {
			low, between = append(low, []any{s.At / 3600, 100 * *s.Low}), append(between, []any{s.At / 3600, 100 * (*s.High - *s.Low)})
		} else if len(low) > 0 {
			until = min(until, s.At/3600)
		}
	}
	var out []any
	if n := len(low); n > 0 {
		low, between = append(low, []any{until, low[n-1].([]any)[1]}), append(between, []any{until, between[n-1].([]any)[1]})
		unseen := map[string]any{"width": 0, "opacity": 0}
		out = append(out, still(map[string]any{"stack": "interval", "data": low, "lineStyle": unseen}),
			still(map[string]any{"stack": "interval", "data": between, "lineStyle": unseen, "areaStyle": map[string]any{"color": barColour, "opacity": 0.2}}))
	}
	if c.Cohort != "" {
		var all []any
		for _, s := range p.Waits.Curves[0].Steps {
			all = append(all, []any{s.At / 3600, 100 * s.Share})
		}
		all = append(all, []any{p.Waits.Window / 3600, all[len(all)-1].([]any)[1]})
		out = append(out, still(map[string]any{"data": all, "lineStyle": map[string]any{"width": 1, "color": "#8A8A8A"}}))
	}
	return out
}

// quadrantChart sets responsiveness against usability.
func (p *page) quadrantChart() *chart {
	q := p.Quadrant
	c := &chart{ID: "chart-quadrant", Height: 520}
	if len(q.Points) == 0 {
		return c
	}
	many := len(q.Points) > maxMarked
	var s svg
	s.words(0, 13, "head", "start", "↑ "+p.say("Usability, points of 100"))
	s.y += 20
	const px = 380
	top := s.y
	y := func(v float64) float64 { return float64(top) + px*(1-v/100) }
	fmt.Fprintf(&s.b, `<rect x="0" y="%d" width="100%%" height="%d" class="frame"/>`, top, px)
	for _, v := range []float64{25, 50, 75} {
		class := "grid"
		if v == 50 {
			class = "half"
		}
		fmt.Fprintf(&s.b, `<line x1="%.5g%%" x2="%.5g%%" y1="%d" y2="%d" class="%s"/><line x1="0" x2="100%%" y1="%.5g" y2="%.5g" class="%s"/>`, at(v), at(v), top, top+px, class, y(v), y(v), class)
	}
	var said []string
	below := labelShifts(q.Points, px)
	for _, shown := range []bool{false, true} { // those that are named lie on top
		for _, d := range q.Points {
			named := d.Leader || d.Client || !many
			if named != shown {
				continue
			}
			if iv := d.XInterval; iv != nil && (named || len(q.Points) <= 40) {
				fmt.Fprintf(&s.b, `<line x1="%.5g%%" x2="%.5g%%" y1="%.5g" y2="%.5g" class="whisker"/>`, at(iv.Low), at(iv.High), y(d.Y), y(d.Y))
			}
			if iv := d.YInterval; iv != nil && (named || len(q.Points) <= 40) {
				fmt.Fprintf(&s.b, `<line x1="%.5g%%" x2="%.5g%%" y1="%.5g" y2="%.5g" class="whisker"/>`, at(d.X), at(d.X), y(iv.Low), y(iv.High))
			}
		}
		for _, d := range q.Points {
			named := d.Leader || d.Client || !many
			if named != shown {
				continue
			}
			fmt.Fprintf(&s.b, `<svg x="%.5g%%" y="%.5g" class="dot"><title>%s</title>`, at(d.X), y(d.Y), html.EscapeString(p.spot(d)))
			if d.Client {
				s.b.WriteString(`<circle r="17" class="ring"/>`)
			}
			if many && !d.Client && !d.Leader {
				s.b.WriteString(`<circle r="4.5" class="speck"/></svg>`)
				continue
			}
			anchor, dx := "start", 17
			if d.X > 55 {
				anchor, dx = "end", -17
			}
			s.b.WriteString(markOf(d.Number).draw(d.Number))
			if d.Leader || d.Client {
				shift := 4 + below[d.Number]
				fmt.Fprintf(&s.b, `<text x="%d" y="%.4g" class="name halo" text-anchor="%s">%s</text>`, dx, shift, anchor, html.EscapeString(shorten(d.Name, 20)))
				said = append(said, p.spot(d))
			}
			s.b.WriteString(`</svg>`)
		}
	}
	s.y += px
	for _, v := range []float64{0, 25, 50, 75, 100} {
		s.words(at(v), 14, "tick", "middle", fmt.Sprint(v))
	}
	s.words(100, 34, "head", "end", p.say("Responsiveness, points of 100")+" →")
	s.y += 42
	c.Alt = p.say("Scatter chart of %d sites, responsiveness across, usability up. Named are the leaders of the cohorts and the client: %s.", len(q.Points), strings.Join(said, "; "))
	c.SVG = s.done(c.Alt)
	c.option = func() map[string]any { return p.quadrantOption(c.Alt, many) }
	return c
}

// labelShifts gives, by the site's number, how many pixels the names of leaders
// and clients must move down so that none lies on another, in a quadrant that
// is px high. They often stand close together.
func labelShifts(points []reports.Spot, px float64) map[int]float64 {
	const line = 15
	type place struct{ x, y float64 }
	var taken []place
	shifts := map[int]float64{}
	for _, d := range points {
		if !d.Leader && !d.Client {
			continue
		}
		y := px * (1 - d.Y/100)
		shift := 0.0
		for _, at := range taken { // from the top
			if math.Abs(at.x-d.X) < 45 && math.Abs(at.y-(y+shift)) < line {
				shift = at.y + line - y
			}
		}
		shifts[d.Number] = shift
		taken = append(taken, place{d.X, y + shift})
		slices.SortFunc(taken, func(a, b place) int { return cmp.Compare(a.y, b.y) })
	}
	return shifts
}

// spot words a site's place in the quadrant.
func (p *page) spot(d reports.Spot) string {
	said := fmt.Sprintf("%d %s: %s", d.Number, d.Name, p.say("responsiveness %s, usability %s", p.in.Points(d.X), p.in.Points(d.Y)))
	if d.XInterval != nil && d.YInterval != nil {
		said += " (" + p.say("intervals %.0f–%.0f and %.0f–%.0f", d.XInterval.Low, d.XInterval.High, d.YInterval.Low, d.YInterval.High) + ")"
	}
	if d.Leader && d.Cohort != "" {
		said += ", " + p.say("leads the cohort %s", d.Cohort)
	}
	return said
}

func shorten(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

func (p *page) quadrantOption(alt string, many bool) map[string]any {
	sc := charts.NewScatter()
	common(sc.SetGlobalOptions, alt)
	sc.SetGlobalOptions(
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(false)}),
		charts.WithGridOpts(opts.Grid{Left: "30", Right: "30", Top: "20", Bottom: "44", ContainLabel: opts.Bool(true)}),
	)
	for _, d := range p.Quadrant.Points {
		m, size, opacity := markOf(d.Number), 22, 1.0
		label := opts.Label{Show: opts.Bool(true), Position: "inside", Formatter: fmt.Sprint(d.Number), Color: m.ink, FontSize: 11, FontWeight: "bold"}
		if many && !d.Leader && !d.Client {
			m, size, opacity = siteShape{symbol: "circle", fill: barColour}, 9, 0.55
			label.Show = opts.Bool(false)
		}
		border := float32(0)
		if d.Client {
			border = 4
		}
		name := fmt.Sprint(d.Number)
		if d.Leader || d.Client {
			// ECharts fills {a} with the series' name; what a stranger wrote is never a template.
			name += " " + shorten(d.Name, 20)
			label.Formatter, label.Position, label.Color = "{a}", "right", "" // in the ink of the page
			if d.X > 55 {
				label.Position = "left"
			}
		}
		sc.AddSeries(name, []opts.ScatterData{{Name: p.spot(d), Value: []any{d.X, d.Y}}},
			charts.WithScatterChartOpts(opts.ScatterChart{Symbol: m.symbol, SymbolSize: size}),
			charts.WithItemStyleOpts(opts.ItemStyle{Color: m.fill, BorderWidth: border, BorderColor: "#D9B44A", Opacity: opts.Float(float32(opacity))}),
			charts.WithLabelOpts(label))
		if many && !d.Leader && !d.Client {
			continue
		}
		for _, w := range whiskers(d) {
			line := charts.NewLine().AddSeries("interval", []opts.LineData{{Name: p.spot(d), Value: w[0], Symbol: "none"}, {Name: p.spot(d), Value: w[1], Symbol: "none"}},
				charts.WithItemStyleOpts(opts.ItemStyle{Color: "#8A8A8A"}), charts.WithLineStyleOpts(opts.LineStyle{Width: 1}))
			sc.Overlap(line)
		}
	}
	option := finish(&sc.RectChart, sc.Validate, nil, "{value}")
	below := labelShifts(p.Quadrant.Points, 430) // what the axes leave of the chart's height
	for _, s := range option["series"].([]any) {
		if one := s.(map[string]any); one["type"] == "scatter" {
			one["z"] = 5 // over the lines
			var number int
			_, _ = fmt.Sscan(one["name"].(string), &number) // it begins with it
			one["label"].(map[string]any)["offset"] = []float64{0, below[number]}
		}
	}
	axis := func(name string) map[string]any {
		return map[string]any{"type": "value", "min": 0, "max": 100, "interval": 25, "name": name, "nameLocation": "middle", "nameGap": 30}
	}
	option["xAxis"] = axis(p.say("Responsiveness, points of 100"))
	option["yAxis"] = axis(p.say("Usability, points of 100"))
	return option
}

func whiskers(d reports.Spot) [][2][]any {
	var out [][2][]any
	if iv := d.XInterval; iv != nil {
		out = append(out, [2][]any{{iv.Low, d.Y}, {iv.High, d.Y}})
	}
	if iv := d.YInterval; iv != nil {
		out = append(out, [2][]any{{d.X, iv.Low}, {d.X, iv.High}})
	}
	return out
}

// A heatRow is a criterion over all sites.
type heatRow struct {
	Title string
	SVG   template.HTML
	Alt   string
}

// A heatPart gathers the rows of a category.
type heatPart struct {
	Title string
	Rows  []heatRow
	Idle  []string // titles of criteria that apply to no site
}

// heatStep is the shade of a score in points of 100, 1 the palest; 0 is no
// point at all, which looks unlike any shade.
func heatStep(points float64) int {
	if points <= 0 {
		return 0
	}
	return 1 + min(4, int(points/20))
}

// heat draws site × criterion, sites from the best to the withheld. A score is
// a shade; no point, not applicable, could not test and still waiting have
// forms of their own.
func (p *page) heat() []heatPart {
	order := make([]int, len(p.Sites)) // place of a site by its number
	for i, v := range p.Verdicts {
		order[v.Number-1] = i
	}
	n := len(p.Sites)
	var out []heatPart
	for _, row := range p.Criteria {
		if len(out) == 0 || out[len(out)-1].Title != row.Category {
			out = append(out, heatPart{Title: row.Category})
		}
		part := &out[len(out)-1]
		if !slices.ContainsFunc(row.Dots, func(d reports.Dot) bool { return d.State != scoring.NotApplicable }) {
			part.Idle = append(part.Idle, row.Title)
			continue
		}
		var fill [6]strings.Builder
		var cross, slash, dots, wait, numbers strings.Builder
		count := map[string]int{}
		for _, d := range row.Dots {
			x := float64(order[d.Number-1])
			switch d.State {
			case scoring.Scored:
				step := heatStep(d.Points)
				fmt.Fprintf(&fill[step], "M%.4g .04h.94v.92h-.94z", x+.03)
				if step == 0 {
					count["zero"]++
					fmt.Fprintf(&cross, "M%.4g .25l.4 .5m-.4 0l.4 -.5", x+.3)
				} else {
					count["scored"]++
					if n <= maxMarked {
						fmt.Fprintf(&numbers, `<text x="%.5g%%" y="15" text-anchor="middle" class="h%dink">%.0f</text>`, 100*(x+.5)/float64(n), step, math.Floor(d.Points))
					}
				}
			case scoring.NotApplicable:
				count["na"]++
				fmt.Fprintf(&dots, "M%.5g .5h.001", x+.5)
			case scoring.NotMeasured:
				count["untested"]++
				fmt.Fprintf(&slash, "M%.4g .9l.8 -.8", x+.1)
			default:
				count["waiting"]++
				fmt.Fprintf(&wait, "M%.4g .5h.5", x+.25)
			}
		}
		var b strings.Builder
		fmt.Fprintf(&b, `<svg x="0" y="0" width="100%%" height="22" viewBox="0 0 %d 1" preserveAspectRatio="none">`, max(n, 1))
		for i := range fill {
			if fill[i].Len() > 0 {
				fmt.Fprintf(&b, `<path class="h%d" d="%s"/>`, i, fill[i].String())
			}
		}
		for _, form := range []struct {
			class string
			d     *strings.Builder
		}{{"hx", &cross}, {"hs", &slash}, {"hn", &dots}, {"hw", &wait}} {
			if form.d.Len() > 0 {
				fmt.Fprintf(&b, `<path class="%s" d="%s"/>`, form.class, form.d.String())
			}
		}
		b.WriteString(`</svg>` + numbers.String())
		alt := p.say("%s: %d sites with points, %d without any, %d could not be tested, %d not applicable, %d waiting", row.Title, count["scored"], count["zero"], count["untested"], count["na"], count["waiting"])
		part.Rows = append(part.Rows, heatRow{row.Title, template.HTML(fmt.Sprintf(`<svg class="heat" role="img" aria-label="%s" width="100%%" height="22">%s</svg>`, html.EscapeString(alt), b.String())), alt})
	}
	return out
}

// mustHaveChart is the funnel.
func (p *page) mustHaveChart() *chart {
	m := p.MustHaves
	c := &chart{ID: "chart-musthaves"}
	if len(m.Steps) == 0 || m.N == 0 {
		return c
	}
	var s svg
	s.b.WriteString(`<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" class="lostfill"/><line y2="6" class="lostline"/></pattern></defs>`)
	var said []string
	for i, step := range m.Steps {
		s.words(0, 13, "label", "start", fmt.Sprintf("%d  %s", i+1, step.Title))
		s.y += 18
		at := 0.0
		for _, part := range []struct {
			k     int
			class string
		}{{step.Kept, "bar"}, {len(step.Failed), "lost"}, {len(step.Untold), "unknown"}} {
			w := 100 * float64(part.k) / float64(m.N)
			if part.k > 0 {
				fmt.Fprintf(&s.b, `<rect x="%.5g%%" y="%d" width="%.5g%%" height="18" class="%s"/>`, at, s.y, w, part.class)
			}
			at += w
		}
		s.y += 18
		words := p.say("%d of %d keep it", step.Kept, step.In)
		if k := len(step.Failed); k > 0 {
			words += " · " + p.say("%d fail", k)
		}
		if k := len(step.Untold); k > 0 {
			words += " · " + p.say("%d could not be told", k)
		}
		s.words(0, 14, "count", "start", words)
		s.y += 28
		said = append(said, step.Title+": "+words)
	}
	c.Alt = p.say("Funnel of %d sites: %s.", m.N, strings.Join(said, "; "))
	c.SVG = s.done(c.Alt)
	return c
}

// mostRows bounds the rows of a chart that has one for each site.
const mostRows = 20

// promiseChart sets what was promised against what came: a tick and a mark for
// each promise of the sites that kept the smallest share.
func (p *page) promiseChart() *chart {
	c := &chart{ID: "chart-promises"}
	if len(p.Promises.Sites) == 0 {
		return c
	}
	sites := slices.SortedStableFunc(slices.Values(p.Promises.Sites), func(a, b reports.Promise) int {
		switch x, y := a.Kept.Value(), b.Kept.Value(); {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
	sites = sites[:min(len(sites), mostRows)]
	span := 86400.0
	for _, one := range sites {
		for _, v := range one.Words {
			span = max(span, v.Within)
			if v.After != nil {
				span = max(span, *v.After)
			}
		}
	}
	var s svg
	axis := func() {
		s.words(0, 8, "tick", "start", "0")
		s.words(94, 8, "tick", "end", p.in.Seconds(span))
		s.y += 14
	}
	for _, one := range sites {
		if s.y > 2*tall {
			axis()
			s.cut()
		}
		s.words(0, 13, "label", "start", fmt.Sprintf("%d %s", one.Number, shorten(one.Name, 30)))
		s.words(100, 13, "count", "end", p.say("%d of %d kept", one.Kept.K, one.Kept.N))
		s.y += 20
		height := 10 * len(one.Words)
		fmt.Fprintf(&s.b, `<rect x="0" y="%d" width="100%%" height="%d" class="track"/>`, s.y, height+6)
		for j, v := range one.Words {
			y := s.y + 8 + 10*j
			x := func(t float64) float64 { return 2 + 92*t/span }
			fmt.Fprintf(&s.b, `<line x1="%.5g%%" x2="%.5g%%" y1="%d" y2="%d" class="due"/>`, x(v.Within), x(v.Within), y-5, y+5)
			if v.After == nil {
				fmt.Fprintf(&s.b, `<text x="99%%" y="%d" class="tick tiny" text-anchor="end">%s</text>`, y+4, html.EscapeString(p.say("never")))
				continue
			}
			fmt.Fprintf(&s.b, `<line x1="%.5g%%" x2="%.5g%%" y1="%d" y2="%d" class="gap"/><svg x="%.5g%%" y="%d" class="dot">`, x(min(v.Within, *v.After)), x(max(v.Within, *v.After)), y, y, x(*v.After), y)
			if v.Kept != nil && !*v.Kept {
				s.b.WriteString(`<path d="M-4-4l8 8m-8 0l8-8" class="broken"/></svg>`)
			} else {
				s.b.WriteString(`<circle r="4" class="kept"/></svg>`)
			}
		}
		s.y += height + 18
	}
	axis()
	c.Alt = p.say("%d of %d promises of an answer were kept at %d sites. Each row sets the time promised against the time that it took; all stand in the table.", p.Promises.Kept.K, p.Promises.Kept.N, len(p.Promises.Sites))
	c.SVG = s.done(c.Alt)
	return c
}

// hourChart is the week in hours, each with its count.
func (p *page) hourChart() *chart {
	h := p.Hours
	c := &chart{ID: "chart-hours"}
	if h.N == 0 {
		return c
	}
	var s svg
	left := 9.0
	cell := (100 - left) / 24
	for hour := 0; hour < 24; hour += 3 {
		s.words(left+cell*float64(hour), 12, "tick", "start", fmt.Sprintf("%02d", hour))
	}
	s.y += 18
	busiest, when := 0, ""
	for d, day := range h.Week {
		s.words(0, 16, "label", "start", h.Days[d])
		for hour, n := range day {
			step := 0
			if n > 0 {
				step = 1 + min(4, (n*5-1)/max(h.Most, 1))
			}
			class := fmt.Sprintf("h%d", step)
			if step == 0 {
				class = "track"
			}
			fmt.Fprintf(&s.b, `<rect x="%.4g%%" y="%d" width="%.4g%%" height="22" class="%s"/>`, left+cell*float64(hour), s.y, cell*.92, class)
			if n > 0 {
				fmt.Fprintf(&s.b, `<text x="%.4g%%" y="%d" text-anchor="middle" class="h%dink small">%d</text>`, left+cell*(float64(hour)+.46), s.y+15, step, n)
			}
			if n > busiest {
				busiest, when = n, fmt.Sprintf("%s %02d:00", h.Days[d], hour)
			}
		}
		s.y += 25
	}
	c.Alt = p.say("Map of the week by hours, in UTC: %d answers by people; most, %d, in the hour from %s.", h.N, busiest, when)
	c.SVG = s.done(c.Alt)
	return c
}

// dotsOf draws times along the window, for a row of the table on consistency.
func (p *page) dotsOf(times []float64) template.HTML {
	window := max(p.Waits.Window, 1)
	var b strings.Builder
	b.WriteString(`<svg class="strip" width="100%" height="14" aria-hidden="true"><line x1="2%" x2="98%" y1="7" y2="7" class="grid"/>`)
	for _, t := range times {
		fmt.Fprintf(&b, `<circle cx="%.4g%%" cy="7" r="4" class="speck"/>`, 2+96*min(t, window)/window)
	}
	b.WriteString(`</svg>`)
	return template.HTML(b.String())
}
