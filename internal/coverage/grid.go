package main

import (
	"fmt"
	"hash/fnv"
	"io"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"

	"gonum.org/v1/gonum/stat/distuv"

	"touchstone/scoring/stat"
)

// A grid is what is simulated.
type grid struct {
	About     string  `json:"about"`
	Seed      uint64  `json:"seed"`
	Samples   int     `json:"samples"`   // a cell
	Resamples int     `json:"resamples"` // of the bootstrap
	Level     float64 `json:"level"`
	Wilson    struct {
		N              []int `json:"n"`
		From, To, Step float64
	} `json:"wilson"`
	Mean struct {
		Methods []string    `json:"methods"`
		N       []int       `json:"n"`
		Truths  []markTruth `json:"truths"`
	} `json:"mean"`
	Median struct {
		Methods []stat.Transform `json:"methods"`
		N       []int            `json:"n"`
		Truths  []waitTruth      `json:"truths"`
	} `json:"median"`
	Total struct {
		Methods []string `json:"methods"`
		Strata  []int    `json:"strata"`
		Repeats []int    `json:"repeats"`
		Truths  []string `json:"truths"` // names of those of the mean
	} `json:"total"`
	Panel panels `json:"panel"`
}

// A markTruth is how marks are spread: nought or one with those shares, else Beta(a, b).
type markTruth struct {
	Name            string
	Zero, One, A, B float64
}

func (m markTruth) mean() float64 {
	if m.A == 0 {
		return m.One
	}
	return m.One + (1-m.Zero-m.One)*m.A/(m.A+m.B)
}

func (m markTruth) draw(r *rand.Rand) float64 {
	switch u := r.Float64(); {
	case u < m.Zero:
		return 0
	case u < m.Zero+m.One || m.A == 0:
		return 1
	}
	return distuv.Beta{Alpha: m.A, Beta: m.B, Src: r}.Rand()
}

// A waitTruth is how waits are spread: log-normal or never, out of sight at
// the window or earlier at a constant rate.
type waitTruth struct {
	Name                               string
	Median, Sigma, Never, Window, Lost float64
}

// median is that of all waits, +Inf where half or more never end or end after
// the window: nobody could see it, and what can't be seen counts as not reached.
func (w waitTruth) median() float64 {
	if w.Never >= 0.5 {
		return math.Inf(1)
	}
	q := 0.5 / (1 - w.Never)
	if at := w.Median * math.Exp(w.Sigma*math.Sqrt2*math.Erfinv(2*q-1)); at <= w.Window {
		return at
	}
	return math.Inf(1)
}

func (w waitTruth) draw(r *rand.Rand) stat.Wait {
	wait := math.Inf(1)
	if never := r.Float64() < w.Never; !never {
		wait = w.Median * math.Exp(w.Sigma*r.NormFloat64())
	}
	out := w.Window
	if w.Lost > 0 {
		out = min(out, r.ExpFloat64()/w.Lost)
	}
	if wait <= out {
		return stat.Wait{Time: wait, Came: true}
	}
	return stat.Wait{Time: out}
}

// A cell counts what one method did with the samples of one truth and number.
type cell struct {
	held, answered, samples int
	width                   float64 // sum over those answered, open ends left out
}

func (c *cell) add(iv stat.Interval, ok bool, truth float64) {
	c.samples++
	if !ok {
		return
	}
	c.answered++
	if !iv.Open {
		c.width += iv.High - iv.Low
	}
	if math.IsInf(truth, 1) && iv.Open || iv.Contains(truth) {
		c.held++
	}
}

const rule = "the product's rule"

// coverage is the share of samples that held the truth; for the rule, of those it answered.
func (c cell) coverage(method string) float64 {
	of := c.samples
	if method == rule {
		of = c.answered
	}
	return float64(c.held) / float64(of)
}

// cells are those of one truth and number, by method, in the methods' order.
type cells []cell

// source gives a cell's own generator, so that no cell depends on another.
func (g grid) source(name string, n ...int) *rand.Rand {
	h := fnv.New64a()
	fmt.Fprint(h, name, n)
	return rand.New(rand.NewPCG(g.Seed, h.Sum64()))
}

func (g grid) mean(truth markTruth, n int) cells {
	r, out := g.source("mean "+truth.Name, n), make(cells, len(g.Mean.Methods)+1)
	marks, mu := make([]float64, n), truth.mean()
	for range g.Samples {
		for i := range marks {
			marks[i] = truth.draw(r)
		}
		var draws []float64
		for i, m := range slices.Concat(g.Mean.Methods, []string{rule}) {
			if draws == nil && (m == "percentile" || m == "BCa") {
				draws = stat.MeanDraws(r, marks, g.Resamples)
			}
			iv, ok := meanBy(m, marks, draws, g.Level)
			out[i].add(iv, ok, mu)
		}
	}
	return out
}

func meanBy(method string, marks, draws []float64, level float64) (stat.Interval, bool) {
	switch method {
	case "normal":
		return stat.MeanNormal(marks, level)
	case "t":
		return stat.MeanT(marks, level)
	case "percentile":
		return stat.Percentile(draws, level), true
	case "BCa":
		sum := 0.0
		for _, m := range marks {
			sum += m
		}
		jackknife := make([]float64, len(marks))
		for i, m := range marks {
			jackknife[i] = (sum - m) / float64(len(marks)-1)
		}
		return stat.BCa(sum/float64(len(marks)), draws, jackknife, level)
	case "Wilson of the mean":
		return stat.MeanBounded(marks, level)
	case "t with both ends":
		return stat.MeanBothEnds(marks, level)
	case "Hoeffding":
		return stat.MeanHoeffding(marks, level)
	case rule:
		return stat.MeanInterval(marks, level)
	}
	panic("unknown method " + method)
}

func (g grid) median(truth waitTruth, n int) cells {
	r, out := g.source("median "+truth.Name, n), make(cells, len(g.Median.Methods)+1)
	waits, middle := make([]stat.Wait, n), truth.median()
	for range g.Samples {
		for i := range waits {
			waits[i] = truth.draw(r)
		}
		curve := stat.KaplanMeier(waits)
		for i, m := range g.Median.Methods {
			iv, ok := curve.MedianInterval(g.Level, m)
			if !ok { // later than all that was seen
				iv, ok = stat.Interval{Low: curve[len(curve)-1].Time, Open: true}, true
			}
			out[i].add(iv, ok, middle)
		}
		iv, ok := stat.MedianInterval(waits, g.Level)
		out[len(out)-1].add(iv, ok, middle)
	}
	return out
}

func (g grid) total(truth markTruth, strata, repeats int) cells {
	r, out := g.source("total "+truth.Name, strata, repeats), make(cells, len(g.Total.Methods)+1)
	weights := 0.0
	for i := range strata {
		weights += float64(1 + i%3)
	}
	mu := truth.mean()
	for range g.Samples {
		var c stat.Card
		for i := range strata {
			for range repeats {
				c = append(c, stat.Part{Share: float64(1+i%3) / weights / float64(repeats), Mark: truth.draw(r), Task: i})
			}
		}
		naive := slices.Sorted(slices.Values(c.DrawPlain(r, g.Resamples, 0)))
		draws := slices.Sorted(slices.Values(c.DrawPlain(r, g.Resamples, 1)))
		for i, m := range slices.Concat(g.Total.Methods, []string{rule}) {
			iv, ok := g.totalBy(m, c, naive, draws)
			out[i].add(iv, ok, mu)
		}
	}
	return out
}

func (g grid) totalBy(method string, c stat.Card, naive, draws []float64) (stat.Interval, bool) {
	switch method {
	case "percentile":
		return stat.TotalPercentile(c, naive, false, g.Level), true
	case "rescaled":
		return stat.TotalPercentile(c, draws, false, g.Level), true
	case "expanded":
		return stat.TotalPercentile(c, draws, true, g.Level), true
	case "t":
		return stat.TotalT(c, false, g.Level)
	}
	if iv := g.totals(method, []stat.Card{c})[0]; iv != nil {
		return *iv, true
	}
	return stat.Interval{}, false
}

// wilson is no simulation: the chance that the interval holds p, over every k.
func wilson(n int, p, level float64) float64 {
	held, b := 0.0, distuv.Binomial{N: float64(n), P: p}
	for k := range n + 1 {
		if stat.Wilson(k, n, level).Contains(p) {
			held += b.Prob(float64(k))
		}
	}
	return held
}

func (g grid) print(w io.Writer) {
	if len(g.Wilson.N) > 0 {
		g.printWilson(w)
	}
	if len(g.Mean.N) > 0 {
		g.printMeans(w)
	}
	if len(g.Median.N) > 0 {
		g.printMedians(w)
	}
	if len(g.Total.Strata) > 0 {
		g.printTotals(w)
	}
	if len(g.Panel.Plans) > 0 {
		g.printPanels(w)
	}
}

func (g grid) printWilson(w io.Writer) {
	fmt.Fprintf(w, "\n## Shares: Wilson\n\nNot simulated: the chances of all counts are summed. The mean is over p from %g to %g in steps of %g.\n\n", g.Wilson.From, g.Wilson.To, g.Wilson.Step)
	fmt.Fprintln(w, "| n | mean over p | least | at p |\n|---|---|---|---|")
	for _, n := range g.Wilson.N {
		sum, count, least, at := 0.0, 0, 1.0, 0.0
		for i := range int(math.Round((g.Wilson.To-g.Wilson.From)/g.Wilson.Step)) + 1 {
			p := g.Wilson.From + float64(i)*g.Wilson.Step
			c := wilson(n, p, g.Level)
			sum, count = sum+c, count+1
			if c < least {
				least, at = c, p
			}
		}
		fmt.Fprintf(w, "| %d | %.2f | %.1f | %.4g |\n", n, 100*sum/float64(count), 100*least, at)
	}
}

func (g grid) printMeans(w io.Writer) {
	var rows []string
	for _, t := range g.Mean.Truths {
		rows = append(rows, t.Name)
	}
	fmt.Fprint(w, "\n## Means of marks\n\n| truth | at 0 | at 1 | else Beta | mean |\n|---|---|---|---|---|\n")
	for _, t := range g.Mean.Truths {
		fmt.Fprintf(w, "| %s | %g | %g | %g, %g | %.4g |\n", t.Name, t.Zero, t.One, t.A, t.B, t.mean())
	}
	table(w, append(slices.Clone(g.Mean.Methods), rule), rows, columns("n = %d", g.Mean.N), func(row, col int) cells {
		return g.mean(g.Mean.Truths[row], g.Mean.N[col])
	})
}

func (g grid) printMedians(w io.Writer) {
	var rows, methods []string
	for _, t := range g.Median.Truths {
		rows = append(rows, t.Name)
	}
	for _, m := range g.Median.Methods {
		methods = append(methods, string(m))
	}
	fmt.Fprint(w, "\n## Medians of waits, Kaplan–Meier\n\n| truth | median, h | sigma | never | window, h | lost per hour | median of all, h |\n|---|---|---|---|---|---|---|\n")
	for _, t := range g.Median.Truths {
		fmt.Fprintf(w, "| %s | %g | %g | %g | %g | %g | %.4g |\n", t.Name, t.Median, t.Sigma, t.Never, t.Window, t.Lost, t.median())
	}
	table(w, append(methods, rule), rows, columns("n = %d", g.Median.N), func(row, col int) cells {
		return g.median(g.Median.Truths[row], g.Median.N[col])
	})
}

func (g grid) printTotals(w io.Writer) {
	fmt.Fprint(w, "\n## Totals over strata of probes\n\nEach stratum is one criterion read from its own probes, weighted 1, 2, 3, 1, 2, …; columns are strata × repeats.\n")
	var cols []string
	var sizes [][2]int
	for _, s := range g.Total.Strata {
		for _, r := range g.Total.Repeats {
			cols = append(cols, fmt.Sprintf("%d × %d", s, r))
			sizes = append(sizes, [2]int{s, r})
		}
	}
	table(w, append(slices.Clone(g.Total.Methods), rule), g.Total.Truths, cols, func(row, col int) cells {
		i := slices.IndexFunc(g.Mean.Truths, func(t markTruth) bool { return t.Name == g.Total.Truths[row] })
		return g.total(g.Mean.Truths[i], sizes[col][0], sizes[col][1])
	})
}

func columns(format string, n []int) []string {
	var out []string
	for _, x := range n {
		out = append(out, fmt.Sprintf(format, x))
	}
	return out
}

// table simulates every cell and prints one table a method.
func table(w io.Writer, methods, rows, cols []string, simulate func(row, col int) cells) {
	all := make([]cells, len(rows)*len(cols))
	inParallel(len(all), func(i int) { all[i] = simulate(i/len(cols), i%len(cols)) })
	printCells(w, "###", methods, rows, cols, false, func(row, col int) cells { return all[row*len(cols)+col] })
}

// inParallel calls f for 0 to n-1, as many at a time as there are cores.
func inParallel(n int, f func(i int)) {
	var wait sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i := range n {
		wait.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			f(i)
		})
	}
	wait.Wait()
}

// printCells prints one table a method, below headings of that level, and its
// worst cell; with how wide the intervals are, where wide says so.
func printCells(w io.Writer, heading string, methods, rows, cols []string, wide bool, at func(row, col int) cells) {
	for m, method := range methods {
		fmt.Fprintf(w, "\n%s %s\n\n| truth | %s |\n|---|%s\n", heading, method, strings.Join(cols, " | "), strings.Repeat("---|", len(cols)))
		least, where := 2.0, ""
		for r, row := range rows {
			fmt.Fprintf(w, "| %s |", row)
			for c, col := range cols {
				x := at(r, c)[m]
				fmt.Fprintf(w, " %s", x.String(method))
				if wide && x.answered > 0 {
					fmt.Fprintf(w, " · %.0f", 100*x.width/float64(x.answered))
				}
				fmt.Fprint(w, " |")
				if x.counts(method) && x.coverage(method) < least {
					least, where = x.coverage(method), row+", "+col
				}
			}
			fmt.Fprintln(w)
		}
		if where != "" {
			fmt.Fprintf(w, "\nWorst cell: %.1f (%s).\n", 100*least, where)
		}
	}
}

// counts leaves out cells in which the rule answered so seldom that its
// coverage can't be told from chance.
func (c cell) counts(method string) bool { return method != rule || c.answered*20 >= c.samples }

func (c cell) String(method string) string {
	if method == rule && c.answered == 0 {
		return "–"
	}
	share := c.coverage(method)
	s := fmt.Sprintf("%.1f", 100*share)
	if share < 0.93 {
		s = "**" + s + "**"
	}
	if method == rule && c.answered < c.samples {
		s += fmt.Sprintf(" (%.0f)", 100*float64(c.answered)/float64(c.samples))
	}
	return s
}

func sqrt(n int) float64 { return math.Sqrt(float64(n)) }
