package scoring

import (
	"fmt"
	"slices"
	"strconv"
)

// A Difference is one figure of one site in two waves.
type Difference struct {
	Site   string   `json:"site"`
	What   string   `json:"what"`            // "total", "grade", "category:ID" or "mark:ID", as checks name them
	Before string   `json:"before"`          // for a person: "54.3", "4 h 10 min", "not-measured"
	After  string   `json:"after"`           // likewise
	Delta  *float64 `json:"delta,omitempty"` // points of 100, after less before; for grades how many better; nil where either has none
	Note   string   `json:"note"`
}

// Notes of a difference.
const (
	PlainDifference = "plain difference: no test of significance yet"
	noDifference    = "no difference: one of the two has no score"
)

// Compare sets wave b against wave a: for each site, a's panel first and then
// those new in b, the total, the grade, each category and each mark that
// either has. What only one of them judged is listed without a difference.
// Results by different scorecards are compared all the same and say so.
func Compare(a, b Result) []Difference {
	note := PlainDifference
	if a.Scorecard.ID != b.Scorecard.ID {
		note += fmt.Sprintf("; judged by different scorecards, %s and %s", a.Scorecard.ID, b.Scorecard.ID)
	}
	var all []Difference
	for _, site := range union(siteIDs(a), siteIDs(b)) {
		before, after := figures(a, site), figures(b, site)
		for _, what := range union(names(before), names(after)) {
			x, y := find(before, what), find(after, what)
			d := Difference{Site: site, What: what, Before: x.shown, After: y.shown, Note: noDifference}
			if x.known && y.known {
				delta := y.points - x.points
				d.Delta, d.Note = &delta, note
			}
			all = append(all, d)
		}
	}
	return all
}

// A figure is what two waves are compared by.
type figure struct {
	what   string
	shown  string
	points float64
	known  bool
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
		return figure{what, shown, points, true}
	}
	digits := func(x float64) string { return strconv.FormatFloat(x, 'f', 1, 64) }
	s := r.Sites[at]
	height := -slices.IndexFunc(r.Scorecard.Grades, func(g Grade) bool { return g.Label == s.Grade })
	all := []figure{
		scored("total", s.State, s.Score, digits(s.Score)),
		scored("grade", s.State, float64(height), s.Grade),
	}
	for _, c := range s.Categories {
		all = append(all, scored("category:"+c.ID, c.State, c.Score, digits(c.Score)))
		for _, m := range c.Marks {
			all = append(all, scored("mark:"+m.Criterion, m.State, 100*m.Score, m.Shown))
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
