package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"

	"touchstone/scoring/stat"
)

// panels are the part of a grid in which totals of several sites are scored
// together: kinds of site by plans of tasks by sites and repeats.
type panels struct {
	Methods []string     `json:"methods"`
	Sites   []int        `json:"sites"`
	Repeats []int        `json:"repeats"`
	Least   int          `json:"least"` // panels a cell, at least, where samples of each kind need fewer
	Truths  []markTruth  `json:"truths"`
	Plans   []plan       `json:"plans"`
	Panels  []panelTruth `json:"panels"`
}

// A plan is what each site is asked: as many repeats of each task as the column
// says, one of those that are done once.
type plan struct {
	Name   string
	Weight []float64 // by task
	Group  []int     // by task, from 0
	Once   []bool    // by task; may be shorter
}

// A panelTruth is what sites there are: those of the kinds in turn.
type panelTruth struct {
	Name  string
	Kinds []kind
}

// A kind of site is how the marks of the tasks of each group are spread, by
// the names of the truths; the groups in turn.
type kind struct {
	Name   string
	Groups []string
}

// site draws one site's card and gives its true total.
func (p plan) site(r *rand.Rand, k kind, truths map[string]markTruth, repeats int) (c stat.Card, total float64) {
	sum := 0.0
	for _, w := range p.Weight {
		sum += w
	}
	for task, w := range p.Weight {
		n := repeats
		if task < len(p.Once) && p.Once[task] {
			n = 1
		}
		truth := truths[k.Groups[p.Group[task]%len(k.Groups)]]
		total += w / sum * truth.mean()
		for range n {
			c = append(c, stat.Part{Share: w / sum / float64(n), Mark: truth.draw(r), Task: task, Group: p.Group[task]})
		}
	}
	return c, total
}

// panel simulates one cell: by kind of site, by method.
func (g grid) panel(truth panelTruth, p plan, sites, repeats int) []cells {
	r := g.source("panel "+truth.Name+p.Name, sites, repeats)
	methods := slices.Concat(g.Panel.Methods, []string{rule})
	truths := map[string]markTruth{}
	for _, t := range g.Panel.Truths {
		truths[t.Name] = t
	}
	out := make([]cells, len(truth.Kinds))
	for k := range out {
		out[k] = make(cells, len(methods))
	}
	cards, totals, kinds := make([]stat.Card, sites), make([]float64, sites), make([]int, sites)
	for first := range max(g.Samples*len(truth.Kinds)/sites, g.Panel.Least) {
		for i := range cards {
			kinds[i] = (first + i) % len(truth.Kinds)
			cards[i], totals[i] = p.site(r, truth.Kinds[kinds[i]], truths, repeats)
		}
		for m, method := range methods {
			for i, iv := range g.totals(method, cards) {
				if iv == nil {
					out[kinds[i]][m].add(stat.Interval{}, false, totals[i])
				} else {
					out[kinds[i]][m].add(*iv, true, totals[i])
				}
			}
		}
	}
	return out
}

// totals gives the intervals of one method, nil where it has none.
func (g grid) totals(method string, cards []stat.Card) []*stat.Interval {
	if method == "pooled over the panel" {
		return stat.TotalPooled(cards, g.Level)
	}
	out := make([]*stat.Interval, len(cards))
	give := func(i int, iv stat.Interval, ok bool) {
		if ok {
			out[i] = &iv
		}
	}
	for i, c := range cards {
		switch method {
		case rule:
			out[i] = c.Estimate(g.Level).Interval
		case "both ends in each task":
			iv, ok := stat.TotalT(c, true, g.Level)
			give(i, iv, ok)
		case "Wilson of the mean":
			iv, ok := stat.TotalBounded(c, g.Level)
			give(i, iv, ok)
		default:
			panic("unknown method " + method)
		}
	}
	return out
}

func (g grid) printPanels(w io.Writer) {
	fmt.Fprint(w, "\n## Totals of sites that are scored together\n\nEach cell: the coverage, and how wide the interval is on the mean, in points of 100. Columns are sites × repeats.\n\n| truth | at 0 | at 1 | else Beta | mean |\n|---|---|---|---|---|\n")
	for _, t := range g.Panel.Truths {
		fmt.Fprintf(w, "| %s | %g | %g | %g, %g | %.4g |\n", t.Name, t.Zero, t.One, t.A, t.B, t.mean())
	}
	fmt.Fprint(w, "\n| panel | kind of site | its groups of tasks, in turn |\n|---|---|---|\n")
	var rows []string
	var of [][2]int // panel and kind
	for i, p := range g.Panel.Panels {
		for j, k := range p.Kinds {
			fmt.Fprintf(w, "| %s | %s | %s |\n", p.Name, k.Name, strings.Join(k.Groups, "; "))
			rows, of = append(rows, p.Name+": "+k.Name), append(of, [2]int{i, j})
		}
	}
	var cols []string
	var sizes [][2]int
	for _, s := range g.Panel.Sites {
		for _, r := range g.Panel.Repeats {
			cols, sizes = append(cols, fmt.Sprintf("%d × %d", s, r)), append(sizes, [2]int{s, r})
		}
	}
	for _, p := range g.Panel.Plans {
		fmt.Fprintf(w, "\n### Plan: %s\n\nWeights %v, groups %v%s.\n", p.Name, p.Weight, p.Group, p.once())
		done := make([][]cells, len(g.Panel.Panels)*len(cols))
		inParallel(len(done), func(i int) {
			size := sizes[i%len(cols)]
			done[i] = g.panel(g.Panel.Panels[i/len(cols)], p, size[0], size[1])
		})
		printCells(w, "####", append(slices.Clone(g.Panel.Methods), rule), rows, cols, true, func(row, col int) cells {
			return done[of[row][0]*len(cols)+col][of[row][1]]
		})
	}
}

func (p plan) once() string {
	var tasks []int
	for i, o := range p.Once {
		if o {
			tasks = append(tasks, i+1)
		}
	}
	if len(tasks) == 0 {
		return ""
	}
	return fmt.Sprintf("; done once, whatever the repeats: tasks %v", tasks)
}
