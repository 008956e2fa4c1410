package scoring

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"touchstone/scoring/stat"
)

// A Difference is one figure of one site in two waves.
type Difference struct {
	Site   string   `json:"site"`
	What   string   `json:"what"`            // "total", "grade", "category:ID" or "mark:ID", as checks name them
	Before string   `json:"before"`          // for a person: "54.3", "4 h 10 min", "not-measured"
	After  string   `json:"after"`           // likewise
	Delta  *float64 `json:"delta,omitempty"` // points of 100, after less before; for grades how many better; nil where either has none
	// Change is what a test makes of it: of shares, of the scores of single
	// probes, of totals by the spread of their probes. nil where none applies.
	Change *stat.Change `json:"change,omitempty"`
	Note   string       `json:"note"`
}

// Notes of a difference that is not tested.
const (
	noDifference = "no difference: one of the two has no score"
	untestable   = "not tested: it is no mean over probes"
	untested     = "not tested: the total that it follows from is"
)

// Compare sets wave b against wave a: for each site, a's panel first and then
// those new in b, the total, the grade, each category and each mark that
// either has. What only one of them judged is listed without a difference.
// Results by different scorecards are compared all the same and say so.
//
// Every difference is held against chance, at the level 0.95 for all totals
// together, all categories together and all marks together (stat.Decide).
func Compare(a, b Result) []Difference {
	cards := ""
	if a.Scorecard.ID != b.Scorecard.ID {
		cards = fmt.Sprintf("; judged by different scorecards, %s and %s", a.Scorecard.ID, b.Scorecard.ID)
	}
	var all []Difference
	families := map[string][]stat.Change{} // "total", "category", "mark"
	at := map[string][]int{}               // where in all each of them stands
	for _, site := range union(siteIDs(a), siteIDs(b)) {
		before, after := figures(a, site), figures(b, site)
		for _, what := range union(names(before), names(after)) {
			x, y := find(before, what), find(after, what)
			d := Difference{Site: site, What: what, Before: x.shown, After: y.shown, Note: noDifference}
			if x.known && y.known {
				delta := y.points - x.points
				d.Delta, d.Note = &delta, untestable+cards
				kind, _, _ := strings.Cut(what, ":")
				if kind == "grade" {
					d.Note = untested + cards
				} else if c, ok := change(x, y); ok {
					families[kind] = append(families[kind], c)
					at[kind] = append(at[kind], len(all))
				}
			}
			all = append(all, d)
		}
	}
	for kind, changes := range families {
		stat.Decide(changes, level)
		for i, c := range changes {
			d := &all[at[kind][i]]
			d.Change, d.Note = &c, c.Why+cards
		}
	}
	return all
}

// change tests what can be tested of two figures.
func change(x, y figure) (stat.Change, bool) {
	switch {
	case x.total != nil && y.total != nil:
		c := stat.TotalChange(x.total(), y.total(), level)
		if c.Difference != nil {
			*c.Difference *= 100
		}
		c.Interval = inPoints(c.Interval)
		return c, true
	case len(x.mark.Each) == 0 || len(y.mark.Each) == 0:
		return stat.Change{}, false
	}
	k, n, ok := hits(x.mark)
	l, m, too := hits(y.mark)
	if ok && too {
		return stat.ShareChange(k, n, l, m, level), true
	}
	return stat.ValueChange(scores(x.mark.Each), scores(y.mark.Each)), true
}

// hits counts the probes that hit; false where the mark is no share of hits.
func hits(m Mark) (k, n int, ok bool) {
	if m.Interval == nil || m.Interval.Method != "Wilson" {
		return 0, 0, false
	}
	return m.K, m.N, true
}

// A figure is what two waves are compared by.
type figure struct {
	what   string
	shown  string
	points float64
	known  bool
	mark   Mark              // of a mark
	total  func() stat.Total // of a total or a category, within 0 and 1
}

// figures gives all of one site, none where the wave did not have it.
func figures(r Result, site string) []figure {
	at := slices.IndexFunc(r.Sites, func(s SiteScore) bool { return s.Site == site })
	if at < 0 {
		return nil
	}
	scored := func(what string, s State, points float64, shown string) figure {
		if s != Scored {
			return figure{what: what, shown: string(s)}
		}
		return figure{what: what, shown: shown, points: points, known: true}
	}
	tested := func(f figure, cats ...CategoryScore) figure {
		if f.known {
			f.total = func() stat.Total { return cardOf(r.Scorecard, cats).Estimate(level) }
		}
		return f
	}
	digits := func(x float64) string { return strconv.FormatFloat(x, 'f', 1, 64) }
	s := r.Sites[at]
	height := -slices.IndexFunc(r.Scorecard.Grades, func(g Grade) bool { return g.Label == s.Grade })
	all := []figure{
		tested(scored("total", s.State, s.Score, digits(s.Score)), s.Categories...),
		scored("grade", s.State, float64(height), s.Grade),
	}
	for _, c := range s.Categories {
		all = append(all, tested(scored("category:"+c.ID, c.State, c.Score, digits(c.Score)), c))
		for _, m := range c.Marks {
			f := scored("mark:"+m.Criterion, m.State, 100*m.Score, m.Shown)
			f.mark = m
			all = append(all, f)
		}
	}
	return all
}

func find(all []figure, what string) figure {
	for _, f := range all {
		if f.what == what {
			return f
		}
	}
	return figure{shown: "not there"}
}

func siteIDs(r Result) []string {
	var ids []string
	for _, s := range r.Sites {
		ids = append(ids, s.Site)
	}
	return ids
}

func names(all []figure) []string {
	var whats []string
	for _, f := range all {
		whats = append(whats, f.what)
	}
	return whats
}

// union gives a, then what b adds to it, each in its order.
func union(a, b []string) []string {
	out := slices.Clone(a)
	for _, s := range b {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
