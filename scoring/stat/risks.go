package stat

import (
	"cmp"
	"math"
	"slices"
)

// An End is how a wait ended among several ways: an enquiry by a bounce, an
// automatic reply and no more, a person's answer.
type End struct {
	Time  float64 // in any one unit, finite and not negative
	Cause int     // from 0; negative: censored at Time
}

// A RiskStep is the state of all ways to end at one time.
type RiskStep struct {
	Time    float64
	AtRisk  int
	Waiting float64   // the share that ended in no way: with Ended it sums to 1
	Ended   []float64 // by cause, the share that ended so by Time
	// Standard errors, of Waiting and of Ended.
	WaitingErr float64
	EndedErr   []float64
}

// AalenJohansen estimates the shares that end by each of the causes 0 to
// causes-1 while the others take their part (Aalen & Johansen 1978), one step
// for each distinct time. One minus a Kaplan–Meier curve that takes the other
// causes for censoring would promise too much. The standard errors are those
// of the infinitesimal jackknife (Jaeckel 1972), which for one cause is
// Greenwood's. Ends of a cause out of range panic: that is a caller's fault.
func AalenJohansen(ends []End, causes int) []RiskStep {
	sorted := slices.SortedFunc(slices.Values(ends), func(a, b End) int {
		return cmp.Or(cmp.Compare(a.Time, b.Time), cmp.Compare(max(a.Cause, -1), max(b.Cause, -1)))
	})
	// Those that ended at one time in one way pull alike: one pull for them all.
	type pull struct {
		End
		n       float64
		waiting float64
		ended   []float64
	}
	var pulls []pull
	for _, e := range sorted {
		e.Cause = max(e.Cause, -1)
		if last := len(pulls) - 1; last >= 0 && pulls[last].End == e {
			pulls[last].n++
			continue
		}
		pulls = append(pulls, pull{End: e, n: 1, ended: make([]float64, causes)})
	}
	var steps []RiskStep
	waiting, ended, atRisk := 1.0, make([]float64, causes), float64(len(sorted))
	for i := 0; i < len(pulls); {
		t := pulls[i].Time
		hazard, all, gone, next := make([]float64, causes), 0.0, 0.0, i
		for ; next < len(pulls) && pulls[next].Time == t; next++ {
			p := pulls[next]
			gone += p.n
			if p.Cause >= 0 {
				hazard[p.Cause] += p.n / atRisk
				all += p.n / atRisk
			}
		}
		for j := range pulls {
			p := &pulls[j]
			before, total := p.waiting, 0.0
			for k := range causes {
				own := 0.0 // how this one moves the hazard of k
				if j >= i {
					own -= hazard[k] / atRisk
				}
				if j >= i && j < next && p.Cause == k {
					own += 1 / atRisk
				}
				p.ended[k] += before*hazard[k] + waiting*own
				total += own
			}
			p.waiting = before*(1-all) - waiting*total
		}
		for k := range causes {
			ended[k] += waiting * hazard[k]
		}
		waiting *= 1 - all
		if all > 0 && gone == atRisk && math.Abs(1-all) < 1e-12 {
			waiting = 0 // all that were left ended: no dust
		}
		s := RiskStep{Time: t, AtRisk: int(atRisk), Waiting: waiting, Ended: slices.Clone(ended), EndedErr: make([]float64, causes)}
		for _, p := range pulls {
			s.WaitingErr += p.n * p.waiting * p.waiting
			for k := range causes {
				s.EndedErr[k] += p.n * p.ended[k] * p.ended[k]
			}
		}
		s.WaitingErr = math.Sqrt(s.WaitingErr)
		for k := range causes {
			s.EndedErr[k] = math.Sqrt(s.EndedErr[k])
		}
		steps = append(steps, s)
		atRisk -= gone
		i = next
	}
	return steps
}
