package scoring

import (
	"fmt"

	"touchstone/internal/evidence"
)

// Criteria lists every criterion that a scorecard may weigh. One more is one
// more function and one more line.
func Criteria() []Criterion {
	return []Criterion{
		addressDeliverable(),
		acknowledgement(),
		firstHumanReplyTime(),
		responseBucket(),
		nonResponse(),
		checkoutSuccess(),
		checkoutClicks(),
		checkoutFields(),
	}
}

// level is that of every interval.
const level = 0.95

// share judges by the proportion of probes that hit.
func share(cases []Case, hit func(Case) bool) Mark {
	k, n := 0, len(cases)
	for _, c := range cases {
		if hit(c) {
			k++
		}
	}
	iv := Wilson(k, n, level)
	p := Proportion(k, n)
	return Mark{Score: p, Value: p, Unit: evidence.Ratio, Shown: fmt.Sprintf("%d of %d", k, n), K: k, N: n, Interval: &iv}
}

// flagged judges by the proportion of probes that recorded the fact as true.
func flagged(fact string) func(Facts) Mark {
	return func(f Facts) Mark {
		cases, warnings, none := recorded(f, fact)
		if none != nil {
			return *none
		}
		m := share(cases, func(c Case) bool { return c.Flag(fact) })
		m.Warnings = warnings
		return m
	}
}

// recorded leaves out the probes that completed without recording a fact which
// completing implies: that is the probe's own fault, so it must not count
// against the site. Where nothing is left, the mark says so; else the warning.
func recorded(f Facts, name string) (cases []Case, warnings []string, none *Mark) {
	for _, c := range f.Cases {
		if c.Outcome != evidence.Completed || c.has(name) {
			cases = append(cases, c)
		}
	}
	switch n := len(f.Cases); {
	case len(cases) == 0:
		return nil, nil, &Mark{State: NotMeasured, Reason: fmt.Sprintf("%s recorded no %s", plural(n, "probe"), name)}
	case len(cases) < n:
		warnings = []string{fmt.Sprintf("not counted: %d of %s, not having recorded %s", n-len(cases), plural(n, "probe"), name)}
	}
	return cases, warnings, nil
}
