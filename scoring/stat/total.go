package stat

import (
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
)

// A Card holds one site's marks, criterion by repeat, as a weighted mean of
// means: the total is the mean over the criteria that have a mark, by weight,
// of each one's mean over its repeats.
type Card struct {
	Weights []float64   // by criterion, above 0
	Stratum []int       // by criterion, from 0: criteria of one stratum are read from the same probes
	Marks   [][]float64 // by criterion, then by probe of its stratum: within 0 and 1, NaN where that probe gave none
}

// A stratum is what the probes of one kind give to the total: each probe a
// contribution between 0 and the stratum's share of the weight.
type stratum struct {
	share  float64   // of all weights, within 0 and 1
	mean   float64   // what the stratum gives to the total
	probes []float64 // what each probe would give alone; their mean is mean
}

// strata gives the total and what it is made of; NaN where no criterion has a
// mark. Where a probe lacks a mark that others of its stratum have, the
// criterion's mean stands for it, so that it moves the total neither way.
func (c Card) strata() (total float64, all []stratum) {
	count, weights := 0, 0.0
	for i, marks := range c.Marks {
		if slices.ContainsFunc(marks, isMark) {
			count = max(count, c.Stratum[i]+1)
			weights += c.Weights[i]
		}
	}
	if weights == 0 {
		return math.NaN(), nil
	}
	all = make([]stratum, count)
	for i, marks := range c.Marks {
		n, sum := 0.0, 0.0
		for _, m := range marks {
			if isMark(m) {
				n, sum = n+1, sum+m
			}
		}
		if n == 0 {
			continue
		}
		s, w, mean := &all[c.Stratum[i]], c.Weights[i]/weights, sum/n
		for len(s.probes) < len(marks) { // those that no criterion before had a mark of
			s.probes = append(s.probes, s.mean)
		}
		s.share += w
		s.mean += w * mean
		total += w * mean
		for j := range s.probes {
			s.probes[j] += w * mean
			if j < len(marks) && isMark(marks[j]) {
				s.probes[j] += w * (marks[j] - mean) * float64(len(marks)) / n
			}
		}
	}
	return total, slices.DeleteFunc(all, func(s stratum) bool { return s.share == 0 })
}

func isMark(m float64) bool { return !math.IsNaN(m) }

// middle, spread and freedom describe the contributions with ends added: one
// probe that gives nothing and one that gives everything, each counted as
// often as ends says. The spread is the variance of one probe.
func (s stratum) middle(ends float64) float64 {
	n := float64(len(s.probes))
	return (n*s.mean + ends*s.share) / (n + 2*ends)
}

func (s stratum) freedom(ends float64) float64 { return float64(len(s.probes)) - 1 + 2*ends }

func (s stratum) spread(ends float64) float64 {
	m := s.middle(ends)
	sum := ends * (m*m + (s.share-m)*(s.share-m))
	for _, y := range s.probes {
		sum += (y - m) * (y - m)
	}
	return sum / s.freedom(ends)
}

// stdErr is that of a total, with the degrees of freedom that it rests on
// (Satterthwaite, Biometrics Bulletin 2, 1946), 0 where nothing varied. With
// ends, each stratum counts one probe of each end in proportion to its share of
// the weight, one of each in all; without, strata of one probe show no spread.
func stdErr(all []stratum, ends bool) (err, df float64) {
	variance, squares := 0.0, 0.0
	for _, s := range all {
		added := 0.0
		if ends {
			added = s.share
		}
		if f := s.freedom(added); f > 0 {
			v := s.spread(added) / float64(len(s.probes))
			variance += v
			squares += v * v / f
		}
	}
	if squares > 0 {
		df = variance * variance / squares
	}
	return math.Sqrt(variance), df
}

// Draw gives bootstrap totals (Efron 1979): in each stratum as many probes as
// there are, drawn with replacement from them and from the two ends, and
// brought to the spread that the total's standard error has. So a few probes
// that happen to agree do not make a site's place look certain.
func (c Card) Draw(r *rand.Rand, draws int) []float64 {
	total, all := c.strata()
	return drawn(r, total, all, draws)
}

func drawn(r *rand.Rand, total float64, all []stratum, draws int) []float64 {
	out := make([]float64, draws)
	for d := range out {
		out[d] = total
	}
	for _, s := range all {
		n, ends := float64(len(s.probes)), s.share
		middle, scale := s.middle(ends), math.Sqrt((n+2*ends)/s.freedom(ends))/n
		moves := make([]float64, len(s.probes)) // what drawing each adds
		for i, y := range s.probes {
			moves[i] = scale * (y - middle)
		}
		nothing, everything := -scale*middle, scale*(s.share-middle)
		step := (n + 2*ends) / (1 << 32)
		move := func(u uint32) float64 {
			switch x := float64(u) * step; {
			case x < n:
				return moves[int(x)]
			case x < n+ends:
				return everything
			}
			return nothing
		}
		for d := range out {
			sum := 0.0
			for i := 0; i < len(moves); i += 2 { // each number that is drawn serves twice
				u := r.Uint64()
				sum += move(uint32(u))
				if i+1 < len(moves) {
					sum += move(uint32(u >> 32))
				}
			}
			out[d] += sum
		}
	}
	return out
}

// DrawPlain draws less probes fewer than there are and adds no ends: 0 is the
// naive bootstrap, whose spread is too small by (n-1)/n in each stratum of n,
// and 1 that of Rao & Wu (JASA 83, 1988), which mends this. Strata of one probe
// stand still.
func (c Card) DrawPlain(r *rand.Rand, draws, less int) []float64 {
	total, all := c.strata()
	out := make([]float64, draws)
	for d := range out {
		out[d] = total
		for _, s := range all {
			n := len(s.probes)
			if n < 2 {
				continue
			}
			sum := 0.0
			for range n - less {
				sum += s.probes[r.IntN(n)] - s.mean
			}
			out[d] += sum / float64(n-less)
		}
	}
	return out
}

// A Total is one site's, within 0 and 1.
type Total struct {
	Value    float64   // NaN where no criterion has a mark
	StdErr   float64   // from the spread of its probes, with both ends
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

// Estimate gives the card's total with its error and interval, and no place.
func (c Card) Estimate(level float64) Total {
	value, all := c.strata()
	return estimate(value, all, level)
}

func estimate(value float64, all []stratum, level float64) Total {
	t := Total{Value: value}
	if !isMark(value) {
		t.Few = "nothing has a mark"
		return t
	}
	t.StdErr, t.DF = stdErr(all, true)
	for _, s := range all {
		t.N += len(s.probes)
	}
	if iv, few := totalInterval(t, level); few == "" {
		t.Interval = &iv
	} else {
		t.Few = few
	}
	return t
}

// Totals scores all sites, with bootstrap draws for the places. chance gives a
// fresh generator for the site of that index, the same for the same seed, so
// that the figures don't depend on how many cores there are. It is called from
// several goroutines.
//
// The interval of a total is TotalInterval's; the range of places is that of
// the draws (Goldstein & Spiegelhalter, JRSS A 159, 1996).
func Totals(cards []Card, draws int, level float64, chance func(site int) *rand.Rand) []Total {
	totals := make([]Total, len(cards))
	all := make([][]float64, len(cards))
	each(len(cards), func(i int) {
		value, parts := cards[i].strata()
		totals[i] = estimate(value, parts, level)
		if isMark(value) {
			all[i] = drawn(chance(i), value, parts, draws)
		}
	})
	places(totals, all, draws, level)
	return totals
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
