package stat

import (
	"math"
	"math/rand/v2"
)

// The intervals for a total that the default was chosen over. Each takes the
// tasks of one site by themselves.

// A stratum is what the probes of one task give to the total: each a
// contribution between 0 and the stratum's share of the weight.
type stratum struct {
	task   int
	share  float64   // of all weights, within 0 and 1
	mean   float64   // what the stratum gives to the total
	probes []float64 // what each probe would give alone
}

func (c Card) strata() []stratum {
	var all []stratum
	for _, p := range c {
		for len(all) <= p.Task {
			all = append(all, stratum{task: len(all)})
		}
		s := &all[p.Task]
		s.share += p.Share
		s.mean += p.Share * p.Mark
	}
	for _, p := range c {
		s := &all[p.Task]
		s.probes = append(s.probes, s.share*p.Mark)
	}
	var out []stratum
	for _, s := range all {
		if s.share > 0 {
			out = append(out, s)
		}
	}
	return out
}

// stdErr is that of a total, with Satterthwaite's degrees of freedom, 0 where
// nothing varied. With ends, each stratum counts one probe of each end in
// proportion to its share of the weight; without, strata of one probe show no spread.
func stdErr(all []stratum, ends bool) (err, df float64) {
	variance, squares := 0.0, 0.0
	for _, s := range all {
		n, added := float64(len(s.probes)), 0.0
		if ends {
			added = s.share
		}
		f := n - 1 + 2*added
		if f <= 0 {
			continue
		}
		m := (n*s.mean + added*s.share) / (n + 2*added)
		sum := added * (m*m + (s.share-m)*(s.share-m))
		for _, y := range s.probes {
			sum += (y - m) * (y - m)
		}
		v := sum / f / n
		variance += v
		squares += v * v / f
	}
	if squares > 0 {
		df = variance * variance / squares
	}
	return math.Sqrt(variance), df
}

// TotalT is Student's interval for a total on the spread between the probes of
// each task; false where nothing varied. With ends it was the default until a
// site with one probe a task got nearly the whole range: a stratum whose ends
// count for a hundredth of a probe has a fiftieth of a degree of freedom.
func TotalT(c Card, ends bool, level float64) (Interval, bool) {
	err, df := stdErr(c.strata(), ends)
	if df == 0 {
		return Interval{}, false
	}
	return totalT(c.Total(), err, df, level), true
}

// TotalBounded is Wilson's interval with the total in place of the share, and as
// many probes as the shares count for: no marks vary more than hits and misses.
func TotalBounded(c Card, level float64) (Interval, bool) {
	if len(c) == 0 {
		return Interval{}, false
	}
	total := c.Total()
	squares := 0.0
	for _, p := range c {
		squares += p.Share * p.Share
	}
	iv := wilson(total, 1/squares, level)
	iv.Low, iv.High = min(iv.Low, total), max(iv.High, total)
	iv.Method = "Wilson of the mean"
	return iv, true
}

// TotalPooled gives Student's intervals for the totals of a panel, by the
// variance within each task pooled over all sites (Fisher 1925), with the two
// ends added once; nil where a task was repeated nowhere.
func TotalPooled(cards []Card, level float64) []*Interval {
	pool, out := map[int]*component{}, make([]*Interval, len(cards))
	for _, c := range cards {
		for _, s := range c.strata() {
			if pool[s.task] == nil {
				pool[s.task] = &component{}
			}
			for _, y := range s.probes { // sums of squares and degrees of freedom
				pool[s.task].sum += (y - s.mean) * (y - s.mean) / (s.share * s.share)
			}
			pool[s.task].weights += float64(len(s.probes) - 1)
		}
	}
	for i, c := range cards {
		var within component
		known := true
		for _, s := range c.strata() {
			if p := pool[s.task]; p.weights > 0 {
				within.add(s.share*s.share/float64(len(s.probes)), p.mean(), p.weights)
			} else {
				known = false
			}
		}
		if !known || within.weights == 0 {
			continue
		}
		f, total := within.freedom(), c.Total()
		variance := (f*within.mean() + total*total + (1-total)*(1-total)) / (f + 2)
		iv := totalT(total, math.Sqrt(variance*within.weights), f+2, level)
		out[i] = &iv
	}
	return out
}

// DrawPlain gives bootstrap totals (Efron 1979) from less probes fewer than
// there are in each stratum: 0 is the naive bootstrap, whose spread is too small
// by (n-1)/n in each stratum of n, and 1 that of Rao & Wu (JASA 83, 1988), which
// mends this. Strata of one probe stand still.
func (c Card) DrawPlain(r *rand.Rand, draws, less int) []float64 {
	total, all := c.Total(), c.strata()
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

// TotalPercentile is the bootstrap's percentile interval for a total from its
// sorted draws. With widen the quantiles go as far out as Student's t does
// (Hesterberg, American Statistician 69, 2015, the expanded percentile).
func TotalPercentile(c Card, sorted []float64, widen bool, level float64) Interval {
	low := (1 - level) / 2
	if widen {
		if _, df := stdErr(c.strata(), false); df > 0 {
			low = phi(-student((1+level)/2, df))
		}
	}
	return Interval{Low: Quantile(sorted, low), High: Quantile(sorted, 1-low), Level: level, Method: "bootstrap, percentile"}
}
