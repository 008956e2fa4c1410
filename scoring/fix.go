package scoring

import (
	"cmp"
	"slices"

	"touchstone/internal/evidence"
)

// A Fix is one mark of a site with what mending it would bring, all else as it
// is. Points are of 100.
type Fix struct {
	Site      string  `json:"site"`
	Category  string  `json:"category"`
	Criterion string  `json:"criterion"`
	Points    float64 `json:"points"`         // of the mark now
	Target    float64 `json:"target"`         // of the best of its cohort, 100 where none is better
	Best      string  `json:"best,omitempty"` // the site that reached it; empty where none is better
	Gain      float64 `json:"gain"`           // points of the total, if the mark reached the target
	Full      float64 `json:"full"`           // likewise, if it reached 100
	Grade     string  `json:"grade"`          // that the site would have at the target
	// Gates no longer fire at the target.
	Gates []string           `json:"gates,omitempty"`
	Shown string             `json:"shown"` // the mark's value, for a person
	Does  string             `json:"does,omitempty"`
	Proof []evidence.ProbeID `json:"proof"`               // what the mark rests on
	There []evidence.ProbeID `json:"there,omitempty"`     // what the best one's rests on
	Rank  int                `json:"-"`                   // of the grade, from the best: 0
	Wins  int                `json:"grades_up,omitempty"` // how many grades the site would rise
}

// Fixes lists what would lift a site's total most, first what would lift its
// grade, since a gate that no longer fires is worth more than points. The
// target of each mark is the best mark of the site's cohort: what a peer does
// can be done. A site without a total has none.
func Fixes(r Result, site string, cohort map[string]string) []Fix {
	at := slices.IndexFunc(r.Sites, func(s SiteScore) bool { return s.Site == site })
	if at < 0 {
		return nil
	}
	return fixes(r, at, cohort, bestMarks(r, cohort))
}

// AllFixes gives the Fixes of every site, in the order of the result's sites.
func AllFixes(r Result, cohort map[string]string) [][]Fix {
	best := bestMarks(r, cohort)
	out := make([][]Fix, len(r.Sites))
	for i := range r.Sites {
		out[i] = fixes(r, i, cohort, best)
	}
	return out
}

func fixes(r Result, at int, cohort map[string]string, leading map[place]Mark) []Fix {
	s := r.Sites[at]
	if s.State != Scored || s.Graded != "" {
		return nil
	}
	var all []Fix
	for i, c := range s.Categories {
		for j, m := range c.Marks {
			if c.State != Scored || m.State != Scored || m.Score >= 1 {
				continue
			}
			f := Fix{Site: s.Site, Category: c.ID, Criterion: m.Criterion, Points: 100 * m.Score, Target: 100, Shown: m.Shown, Proof: append([]evidence.ProbeID{}, m.Probes...)}
			if best := leading[place{cohort[s.Site], m.Criterion}]; best.Score > m.Score {
				f.Target, f.Best, f.Does, f.There = 100*best.Score, best.Site, best.Shown, best.Probes
			}
			reached := mended(r.Scorecard, s, i, j, f.Target/100)
			f.Gain = reached.Score - s.Score
			f.Full = mended(r.Scorecard, s, i, j, 1).Score - s.Score
			f.Grade = reached.Grade
			f.Wins = rankOf(r.Scorecard, s.Grade) - rankOf(r.Scorecard, reached.Grade)
			for _, g := range s.Fired {
				if !slices.Contains(reached.Fired, g) {
					f.Gates = append(f.Gates, g)
				}
			}
			if f.Full > 0 {
				all = append(all, f)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Fix) int {
		return cmp.Or(cmp.Compare(b.Wins, a.Wins), cmp.Compare(len(b.Gates), len(a.Gates)), cmp.Compare(b.Gain, a.Gain), cmp.Compare(b.Full, a.Full))
	})
	return all
}

// A place is a criterion in a cohort.
type place struct{ cohort, criterion string }

// bestMarks gives the best mark of each criterion in each cohort, the first in
// the result's order where several are as good.
func bestMarks(r Result, cohort map[string]string) map[place]Mark {
	out := map[place]Mark{}
	for _, s := range r.Sites {
		for _, c := range s.Categories {
			for _, m := range c.Marks {
				at := place{cohort[s.Site], m.Criterion}
				if best, there := out[at]; m.State == Scored && (!there || m.Score > best.Score) {
					out[at] = m
				}
			}
		}
	}
	return out
}

// mended judges a site again as if one of its marks had another score.
func mended(card Scorecard, s SiteScore, category, mark int, score float64) SiteScore {
	out := SiteScore{Site: s.Site}
	var categories []part
	for i, c := range s.Categories {
		if i == category {
			c.Marks = slices.Clone(c.Marks)
			c.Marks[mark].Score = score
			var marks []part
			for j, m := range c.Marks {
				marks = append(marks, part{m.Criterion, card.Categories[i].Criteria[j].Weight, m.State, 100 * m.Score, m.Reason})
			}
			c.State, c.Score, c.Reason = combine(marks)
		}
		out.Categories = append(out.Categories, c)
		categories = append(categories, part{c.Title, c.Weight, c.State, c.Score, c.Reason})
	}
	out.State, out.Score, out.Reason = combine(categories)
	out.Grade = grade(card.Grades, out.Score)
	out.cap(card)
	return out
}

// rankOf gives the place of a grade, 0 for the best.
func rankOf(card Scorecard, label string) int {
	return slices.IndexFunc(card.Grades, func(g Grade) bool { return g.Label == label })
}
