package scoring

import (
	"math"
	"slices"

	"touchstone/internal/evidence"
	"touchstone/scoring/stat"
)

// An Agreement says how far two raters of the same items agree.
type Agreement struct {
	N        int       `json:"n"` // items that both rated
	Agreed   int       `json:"agreed"`
	Kappa    *float64  `json:"kappa"`              // nil where it can't be told: no item, or both gave one and the same rating to all
	Interval *Interval `json:"interval,omitempty"` // of kappa; nil where its error can't be told
	Warnings []string  `json:"warnings,omitempty"`
}

// Kappa is Cohen's (1960): the agreement beyond that which the two raters'
// own frequencies would make by chance, 1 for perfect. pairs holds both
// ratings of each item. The interval is the large-sample one, two-sided at the
// level (Fleiss, Cohen and Everitt 1969).
func Kappa(pairs [][2]string, level float64) Agreement {
	a := Agreement{N: len(pairs)}
	if a.N == 0 {
		a.Warnings = []string{"no item was rated by both"}
		return a
	}
	first, second := make([]string, a.N), make([]string, a.N)
	for i, p := range pairs {
		if first[i], second[i] = p[0], p[1]; p[0] == p[1] {
			a.Agreed++
		}
	}
	kappa, stdErr := stat.Kappa(first, second)
	if math.IsNaN(kappa) {
		a.Warnings = []string{"every item was rated alike: chance alone would agree"}
		return a
	}
	a.Kappa = &kappa
	if stdErr > 1e-6 {
		half := math.Sqrt2 * math.Erfinv(level) * stdErr
		a.Interval = &Interval{Low: max(kappa-half, -1), High: min(kappa+half, 1), Level: level, Method: "Fleiss, Cohen and Everitt"}
	} else {
		a.Warnings = append(a.Warnings, "no item was rated apart: the interval can't be told")
	}
	if a.N < 30 {
		a.Warnings = append(a.Warnings, "n < 30: the interval is rough")
	}
	return a
}

// A ReviewRate says how often reviewers corrected the reader in one wave.
type ReviewRate struct {
	Group     string   `json:"group"` // "class", "outcome", "answer", "fact", or "all"
	Reviewed  int      `json:"reviewed"`
	Corrected int      `json:"corrected"`
	Interval  Interval `json:"interval"` // of the share corrected
}

// ReviewRates gives the reader's measured error among the items that were
// reviewed, by their standing adjudications: each group that has any, then all.
// It holds for the wave only as far as the items were chosen by chance.
func ReviewRates(list []evidence.Adjudication, level float64) []ReviewRate {
	groups := []string{"outcome", "class", "answer", "fact", "all"}
	count := map[string]*ReviewRate{}
	for _, g := range groups {
		count[g] = &ReviewRate{Group: g}
	}
	for _, a := range evidence.Standing(list) {
		for _, r := range []*ReviewRate{count[a.Group()], count["all"]} {
			r.Reviewed++
			if a.Corrects() {
				r.Corrected++
			}
		}
	}
	var out []ReviewRate
	for _, g := range groups {
		if r := count[g]; r.Reviewed > 0 {
			r.Interval = stat.Wilson(r.Corrected, r.Reviewed, level)
			out = append(out, *r)
		}
	}
	return out
}

// A RaterPair is the agreement of two reviewers on the items that both judged.
type RaterPair struct {
	First  string `json:"first"`
	Second string `json:"second"`
	Agreement
}

// Raters compares each two reviewers by their last words. What each said is
// taken with the item's group, so that a class never agrees with an outcome.
func Raters(list []evidence.Adjudication, level float64) []RaterPair {
	byItem := map[evidence.AdjudicatedItem]map[string]string{}
	var items []evidence.AdjudicatedItem
	var names []string
	for _, a := range evidence.Words(list) {
		k := a.Key()
		if byItem[k] == nil {
			byItem[k], items = map[string]string{}, append(items, k)
		}
		byItem[k][a.By] = a.Group() + " " + a.Value
		names = append(names, a.By)
	}
	slices.Sort(names)
	names = slices.Compact(names)
	var out []RaterPair
	for i, first := range names {
		for _, second := range names[i+1:] {
			var pairs [][2]string
			for _, k := range items {
				x, ok := byItem[k][first]
				y, both := byItem[k][second]
				if ok && both {
					pairs = append(pairs, [2]string{x, y})
				}
			}
			if len(pairs) > 0 {
				out = append(out, RaterPair{first, second, Kappa(pairs, level)})
			}
		}
	}
	return out
}
