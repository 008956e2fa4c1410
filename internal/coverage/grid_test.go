package main

import (
	"math"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

const grids = "../../scoring/stat/testdata"

// A few cells of the committed grids, with fewer samples: the worst of the
// product's rule and the worst of what it was chosen over.
func TestCells(t *testing.T) {
	g, err := read(filepath.Join(grids, "coverage-1-found.json"))
	if err != nil {
		t.Fatal(err)
	}
	g.Samples, g.Resamples = 400, 100
	truth := func(name string) markTruth {
		return g.Mean.Truths[slices.IndexFunc(g.Mean.Truths, func(m markTruth) bool { return m.Name == name })]
	}
	by := func(methods []string, all cells, method string) float64 {
		return all[slices.Index(append(slices.Clone(methods), rule), method)].coverage(method)
	}
	rare := g.mean(truth("5 % fail, else perfect"), 20)
	if c := by(g.Mean.Methods, rare, "t"); c > 0.75 {
		t.Errorf("t covers %v where most samples agree", c)
	}
	if c := by(g.Mean.Methods, rare, rule); c < 0.95 {
		t.Errorf("the rule for means covers %v", c)
	}
	if again := g.mean(truth("5 % fail, else perfect"), 20); !reflect.DeepEqual(rare, again) {
		t.Error("a cell differs from itself")
	}
	if all := g.mean(truth("even"), 4); all[len(all)-1].answered != 0 {
		t.Error("the rule answers for four marks")
	}
	median := g.median(g.Median.Truths[2], 8)
	if a, b := median[0].coverage("plain"), median[3].coverage(rule); a > 0.95 || b < 0.93 {
		t.Errorf("medians of eight: plain %v, the rule %v", a, b)
	}
	total := g.total(truth("10 % never, else excellent"), 4, 10)
	if a, b := by(g.Total.Methods, total, "percentile"), by(g.Total.Methods, total, rule); a > 0.92 || b < 0.93 {
		t.Errorf("totals: percentile %v, the rule %v", a, b)
	}
}

// The unsteady sites of a steady panel: what pooling over the panel makes of
// them, and what the rule does, with one probe a task and with three.
func TestPanelCells(t *testing.T) {
	g, err := read(filepath.Join(grids, "coverage-4-panels.json"))
	if err != nil {
		t.Fatal(err)
	}
	g.Samples, g.Panel.Least = 100, 20
	named := func(name string) panelTruth {
		return g.Panel.Panels[slices.IndexFunc(g.Panel.Panels, func(p panelTruth) bool { return p.Name == name })]
	}
	plan := g.Panel.Plans[slices.IndexFunc(g.Panel.Plans, func(p plan) bool { return p.Name == "twelve tasks in two groups" })]
	stood, pooled, ruled := 0, slices.Index(g.Panel.Methods, "pooled over the panel"), len(g.Panel.Methods)
	coins := func(repeats int) cells { return g.panel(named("one in five unsteady"), plan, 20, repeats)[4] }
	once, thrice := coins(1), coins(3)
	if c := thrice[pooled].coverage(""); c > 0.8 {
		t.Errorf("pooled over the panel covers %v of the unsteady", c)
	}
	for _, c := range []cell{once[ruled], thrice[ruled]} {
		if share := c.coverage(rule); share < 0.92 || c.answered < c.samples {
			t.Errorf("the rule covers %v of the unsteady, %d of %d answered", share, c.answered, c.samples)
		}
	}
	if was, is := once[stood].width/float64(once[stood].answered), once[ruled].width/float64(once[ruled].answered); was < 0.95 || is > 0.8*was {
		t.Errorf("with one probe a task it is %v wide, and was %v", is, was)
	}
}

// Wilson's mean coverage, which the reports promise for every share.
func TestWilsonMeanCoverage(t *testing.T) {
	for _, n := range []int{1, 5, 20, 48, 125} {
		sum, count := 0.0, 0
		for p := 0.005; p < 1; p += 0.01 {
			sum, count = sum+wilson(n, p, 0.95), count+1
		}
		if c := sum / float64(count); c < 0.94 || c > 0.965 {
			t.Errorf("n = %d covers %v on the mean", n, c)
		}
	}
}

// The truth that the simulation holds intervals against is that of its draws.
func TestTruths(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(grids, "coverage-*.json"))
	if err != nil || len(files) == 0 {
		t.Fatal("no grids", err)
	}
	for _, file := range files {
		g, err := read(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, truth := range slices.Concat(g.Mean.Truths, g.Panel.Truths) {
			r, sum := g.source(truth.Name), 0.0
			for range 20000 {
				sum += truth.draw(r)
			}
			if mean := sum / 20000; math.Abs(mean-truth.mean()) > 0.015 {
				t.Errorf("%s: draws of mean %v, told %v", truth.Name, mean, truth.mean())
			}
		}
		for _, truth := range g.Median.Truths {
			r, below, middle := g.source(truth.Name), 0, truth.median()
			uncensored := truth
			uncensored.Lost = 0
			for range 20000 {
				if w := uncensored.draw(r); w.Came && w.Time <= middle {
					below++
				}
			}
			if share := float64(below) / 20000; !math.IsInf(middle, 1) && math.Abs(share-0.5) > 0.015 {
				t.Errorf("%s: %v lie below the median that was told", truth.Name, share)
			}
		}
	}
}

func TestReadRefuses(t *testing.T) {
	if err := run(&strings.Builder{}, nil); err == nil || !strings.Contains(err.Error(), "name the grids") {
		t.Errorf("no grid: %v", err)
	}
	if _, err := read(filepath.Join(grids, "against.R")); err == nil {
		t.Error("R is no grid")
	}
}
