package scoring

import (
	"fmt"
	"slices"
	"strings"

	"touchstone/internal/evidence"
	"touchstone/scoring/stat"
)

// A Group is some sites of a wave, its panel or one of its cohorts, with what
// was observed at them.
type Group struct {
	Name         string
	Sites        []SiteScore
	Observations []evidence.Observation
}

// GroupOf gives the sites of a result that keep holds of.
func GroupOf(name string, r Result, obs []evidence.Observation, keep func(site string) bool) Group {
	g := Group{Name: name}
	for _, s := range r.Sites {
		if keep(s.Site) {
			g.Sites = append(g.Sites, s)
		}
	}
	for _, o := range obs {
		if keep(o.Probe.Site) {
			g.Observations = append(g.Observations, o)
		}
	}
	return g
}

// CompareGroups sets one group of sites against another, judged by the same
// scorecard: the share of the sites with each grade, the share of the
// enquiries in each class of response, and the mean over the sites of the
// total, of each category and of each mark. The sites are the sample: shares
// are tested by two proportions, means by the ranks of the sites' scores. Each
// kind of figure is decided together, as by Compare. Site is empty in all.
//
// Where sites have several enquiries each, those of one site are alike, and
// the test of their shares calls a change real too readily: Note says so.
func CompareGroups(card Scorecard, a, b Group) []Difference {
	var all []Difference
	families := map[string][]stat.Change{}
	at := map[string][]int{}
	add := func(family string, d Difference, c stat.Change) {
		families[family] = append(families[family], c)
		at[family] = append(at[family], len(all))
		all = append(all, d)
	}
	clustered := ""
	if repeated(a) || repeated(b) {
		clustered = "; several enquiries a site are not independent"
	}
	for i, x := range sharesOf(card, a) {
		y := sharesOf(card, b)[i]
		d := Difference{What: x.what, Before: x.String(), After: y.String(), Note: noDifference}
		if x.n > 0 && y.n > 0 {
			delta := 100 * (Proportion(y.k, y.n) - Proportion(x.k, x.n))
			d.Delta, d.Note = &delta, ""
			if strings.HasPrefix(x.what, "response:") {
				d.Note = clustered
			}
		}
		family, _, _ := strings.Cut(x.what, ":")
		add(family, d, stat.ShareChange(x.k, x.n, y.k, y.n, level))
	}
	before, after := meansOf(card, a), meansOf(card, b)
	for i, x := range before {
		y := after[i]
		if len(x.scores)+len(y.scores) == 0 {
			continue
		}
		d := Difference{What: x.what, Before: x.String(), After: y.String(), Note: noDifference}
		if len(x.scores) > 0 && len(y.scores) > 0 {
			delta := 100 * (meanOf(y.scores) - meanOf(x.scores))
			d.Delta, d.Note = &delta, ""
		}
		family, _, _ := strings.Cut(x.what, ":")
		add(family, d, stat.ValueChange(x.scores, y.scores))
	}
	for family, changes := range families {
		stat.Decide(changes, level)
		for i, c := range changes {
			d := &all[at[family][i]]
			if d.Delta != nil {
				d.Change, d.Note = &c, c.Why+d.Note
			}
		}
	}
	return all
}

// A counted is k of n in a group.
type counted struct {
	what string
	k, n int
}

// String words the share: "29/125 (23 %)".
func (c counted) String() string {
	if c.n == 0 {
		return "0/0"
	}
	return fmt.Sprintf("%d/%d (%.0f %%)", c.k, c.n, 100*Proportion(c.k, c.n))
}

// together are the classes of response that studies counted as one.
var together = []struct {
	what   string
	labels []string
}{
	{"response:within 24 h", []string{"≤6 h", "6–24 h"}},
	{"response:failing in total", []string{"≥5 d", "never", "bounced", "no channel"}},
}

// sharesOf counts the grades of a group's sites and the classes of response of
// its enquiries by mail. The list is as long for every group.
func sharesOf(card Scorecard, g Group) (all []counted) {
	graded, classed := 0, 0
	grades, classes := map[string]int{}, map[string]int{}
	for _, s := range g.Sites {
		if s.State == Scored {
			graded++
			grades[s.Grade]++
		}
	}
	known := buckets()
	for _, o := range g.Observations {
		f, ok := o.Fact(mailBucket)
		if ok && o.Kind == "mail" && o.Outcome.Testable() && slices.ContainsFunc(known, func(b bucket) bool { return b.label == f.Text }) {
			classed++
			classes[f.Text]++
		}
	}
	for _, grade := range card.Grades {
		all = append(all, counted{"grade:" + grade.Label, grades[grade.Label], graded})
	}
	for _, b := range known {
		label := b.label
		if label == "≥5 d" {
			label = "5 days or more"
		}
		all = append(all, counted{"response:" + label, classes[b.label], classed})
	}
	for _, t := range together {
		k := 0
		for _, label := range t.labels {
			k += classes[label]
		}
		all = append(all, counted{t.what, k, classed})
	}
	return all
}

// repeated reports whether a site of the group was asked by mail more than once.
func repeated(g Group) bool {
	asked := map[string]int{}
	for _, o := range g.Observations {
		if o.Kind == "mail" && o.Outcome.Testable() {
			asked[o.Probe.Site]++
			if asked[o.Probe.Site] > 1 {
				return true
			}
		}
	}
	return false
}

// A sample is one figure of every site of a group that has it, in [0,1].
type sample struct {
	what   string
	scores []float64
}

// String words the mean: "54.3, mean of 12 sites".
func (s sample) String() string {
	if len(s.scores) == 0 {
		return "no site"
	}
	return fmt.Sprintf("%.1f, mean of %s", 100*meanOf(s.scores), plural(len(s.scores), "site"))
}

// meansOf gathers the totals, categories and marks of a group's sites, in the
// card's order. The list is as long for every group.
func meansOf(card Scorecard, g Group) []sample {
	total := sample{what: "total"}
	for _, s := range g.Sites {
		if s.State == Scored {
			total.scores = append(total.scores, s.Score/100)
		}
	}
	all := []sample{total}
	for i, cat := range card.Categories {
		c := sample{what: "category:" + cat.ID}
		marks := make([]sample, len(cat.Criteria))
		for j, w := range cat.Criteria {
			marks[j].what = "mark:" + w.ID
		}
		for _, s := range g.Sites {
			if len(s.Categories) == 0 { // graded by an analyst: there is nothing else
				continue
			}
			if s.Categories[i].State == Scored {
				c.scores = append(c.scores, s.Categories[i].Score/100)
			}
			for j, m := range s.Categories[i].Marks {
				if m.State == Scored {
					marks[j].scores = append(marks[j].scores, m.Score)
				}
			}
		}
		all = append(append(all, c), marks...)
	}
	return all
}
