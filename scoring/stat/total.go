package stat

import (
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
)

// A Card holds what one site's probes give to its total, which is the sum of
// each one's share times its mark.
type Card []Part

// A Part is one probe, with all of its marks together.
type Part struct {
	Share float64 // of all weights, above 0; 1 in sum
	Mark  float64 // the mean of the probe's marks by weight, within 0 and 1
	Task  int     // from 0: parts of one task are repeats
	Group int     // from 0: tasks that are judged by the same criteria, and so are alike
}

// Total is within 0 and 1, NaN where there is no probe.
func (c Card) Total() float64 {
	if len(c) == 0 {
		return math.NaN()
	}
	total := 0.0
	for _, p := range c {
		total += p.Share * p.Mark
	}
	return total
}

func isMark(m float64) bool { return !math.IsNaN(m) }

// A Total is one site's, within 0 and 1.
type Total struct {
	Value    float64   // NaN where nothing has a mark
	StdErr   float64   // what the total would vary by, were its probes sent again
	DF       float64   // degrees of freedom of StdErr
	N        int       // probes it rests on
	Interval *Interval // nil where there are too few probes
	Few      string    // why there is no interval
	Rank     Rank      // zero where Value is NaN
}

// A Rank is a site's place, 1 for the highest total.
type Rank struct {
	Place int `json:"place"` // by the total; equals share the best place
	Best  int `json:"best"`  // of the places that the draws give, the ends of the interval at the level
	Worst int `json:"worst"`
}

// Totals scores all sites, with bootstrap draws for the places. chance gives a
// fresh generator for the site of that index, the same for the same seed, so
// that the figures don't depend on how many cores there are. It is called from
// several goroutines.
//
// A draw takes every site's total from around its own, as far out as its
// interval reaches before it is cut at 0 and 1 (a parametric bootstrap, Efron &
// Tibshirani 1993, 6.5, with the quantile of Student's t in place of the normal
// one, as Hesterberg, American Statistician 69, 2015); the range of places is
// that of the draws (Goldstein & Spiegelhalter, JRSS A 159, 1996).
func Totals(cards []Card, draws int, level float64, chance func(site int) *rand.Rand) []Total {
	totals := make([]Total, len(cards))
	all := make([][]float64, len(cards))
	each(len(cards), func(i int) {
		t := cards[i].Estimate(level)
		if totals[i] = t; isMark(t.Value) {
			all[i] = t.draw(chance(i), draws, level)
		}
	})
	places(totals, all, draws, level)
	return totals
}

func (t Total) draw(r *rand.Rand, draws int, level float64) []float64 {
	out := make([]float64, draws)
	sd := t.StdErr * student((1+level)/2, t.DF) / two(level)
	for d := range out {
		out[d] = t.Value + sd*r.NormFloat64()
	}
	return out
}

// places fills in the ranks from the draws of every site that has a total.
func places(totals []Total, all [][]float64, draws int, level float64) {
	var in []int
	for i, d := range all {
		if d != nil {
			in = append(in, i)
		}
	}
	n := len(in)
	type entry struct {
		value float64
		site  int
	}
	place := func(value func(j int) float64, set func(j, best, worst int)) {
		order := make([]entry, n)
		for j := range order {
			order[j] = entry{value(j), j}
		}
		slices.SortFunc(order, func(a, b entry) int {
			switch {
			case a.value > b.value:
				return -1
			case a.value < b.value:
				return 1
			}
			return 0 // equals share their places: their order does not matter
		})
		for i := 0; i < n; {
			j := i
			for j < n && order[j].value == order[i].value {
				j++
			}
			for _, e := range order[i:j] {
				set(e.site, i+1, j)
			}
			i = j
		}
	}
	place(func(j int) float64 { return totals[in[j]].Value }, func(j, best, _ int) { totals[in[j]].Rank.Place = best })
	best, worst := make([]int32, n*draws), make([]int32, n*draws)
	each(draws, func(d int) {
		place(func(j int) float64 { return all[in[j]][d] }, func(j, b, w int) { best[j*draws+d], worst[j*draws+d] = int32(b), int32(w) })
	})
	each(n, func(j int) {
		b, w := best[j*draws:(j+1)*draws], worst[j*draws:(j+1)*draws]
		slices.Sort(b)
		slices.Sort(w)
		if draws > 0 {
			cut := int(math.Floor((1 - level) / 2 * float64(draws)))
			r := &totals[in[j]].Rank
			r.Best, r.Worst = min(int(b[cut]), r.Place), max(int(w[draws-1-cut]), r.Place)
		}
	})
}

// each calls f for 0 to n-1 on all cores. What f writes must be its own index's.
func each(n int, f func(i int)) {
	workers := min(runtime.GOMAXPROCS(0), n)
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			for i := w; i < n; i += workers {
				f(i)
			}
		})
	}
	wait.Wait()
}

// PlacesByOverlap gives places by intervals alone: a site can stand above only
// those whose intervals lie wholly below its own. Sites with overlapping
// intervals are tied. Careful: two intervals may overlap a little though a test
// of the difference would tell them apart.
func PlacesByOverlap(intervals []Interval) []Rank {
	ranks := make([]Rank, len(intervals))
	for i, a := range intervals {
		r := Rank{Best: 1, Worst: len(intervals)}
		for _, b := range intervals {
			switch {
			case a.Overlaps(b):
			case b.Low > a.Low:
				r.Best++
			default:
				r.Worst--
			}
		}
		r.Place = r.Best
		ranks[i] = r
	}
	return ranks
}
