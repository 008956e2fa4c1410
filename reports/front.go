package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"touchstone/internal/evidence"
	"touchstone/scoring"
	"touchstone/scoring/stat"
)

// A Front is the first page: what a manager takes away. It speaks of the sites
// of the cohort "own"; without one, of the panel.
type Front struct {
	Clients []Client `json:"clients"`
	Quote   string   `json:"quote"`           // one sentence, whole by itself
	Means   string   `json:"means,omitempty"` // what the interval of a score says; empty where none has one
}

// A Client is a site that the report is made for.
type Client struct {
	Verdict
	Quote string `json:"quote"`
	Fixes []Fix  `json:"fixes"` // at most three
}

// A Fix is what mending one thing would bring (scoring.Fixes), with its words.
type Fix struct {
	scoring.Fix
	Title    string `json:"title"` // of the criterion
	Under    string `json:"under"` // title of the category
	BestName string `json:"best_name,omitempty"`
	Why      string `json:"why"`
}

// SiteFixes are a site's, the most worth first.
type SiteFixes struct {
	Site   string `json:"site"`
	Name   string `json:"name"`
	Number int    `json:"number"`
	Fixes  []Fix  `json:"fixes"`
}

// A SiteCost is a site's cost of contact.
type SiteCost struct {
	Name   string `json:"name"`
	Number int    `json:"number"`
	scoring.ContactCost
}

// mostFixes bounds what is listed for each site.
const mostFixes = 5

func (b *builder) fixes(parts []SitePart) []SiteFixes {
	cohort, names := map[string]string{}, map[string]string{}
	for _, p := range parts {
		cohort[p.ID], names[p.ID] = p.Cohort, p.Name
	}
	titles := map[string]string{}
	for _, c := range b.in.Result.Scorecard.Categories {
		titles[c.ID] = b.say(c.Title)
	}
	all, number := map[string][]scoring.Fix{}, map[string]int{}
	for i, fixes := range scoring.AllFixes(b.in.Result, cohort) {
		all[b.in.Result.Sites[i].Site] = fixes
	}
	for i, p := range parts {
		number[p.ID] = i
	}
	out := []SiteFixes{}
	for i, p := range parts {
		s := SiteFixes{Site: p.ID, Name: p.Name, Number: i + 1, Fixes: []Fix{}}
		for _, f := range all[p.ID] {
			if f.Gain < 0.05 && len(f.Gates) == 0 || len(s.Fixes) == mostFixes {
				continue
			}
			c := b.criterion(f.Criterion)
			f.Shown, f.Does = p.hidden(f), ""
			if i, there := number[f.Best]; there {
				f.Does = parts[i].hidden(f)
			}
			s.Fixes = append(s.Fixes, Fix{f, b.say(c.Title), titles[f.Category], names[f.Best], b.say(c.Why)})
		}
		out = append(out, s)
	}
	return out
}

// hidden gives a fix's value as the site's part shows it, people hidden.
func (p SitePart) hidden(f scoring.Fix) string {
	m, _ := p.mark(f.Category, f.Criterion)
	return m.Shown
}

func (b *builder) costs() []SiteCost {
	costs := b.in.Costs
	if costs == (scoring.UnitCosts{}) {
		costs = scoring.DefaultCosts()
	}
	out := []SiteCost{}
	for i, s := range b.sites {
		cost := scoring.CostOfContact(s.ID, costs, b.obs[s.ID])
		cost.Costs.Source = b.turns.Turn(cost.Costs.Source)
		out = append(out, SiteCost{s.Name, i + 1, cost})
	}
	return out
}

func (b *builder) front(r *Report) Front {
	f := Front{Clients: []Client{}}
	scored := r.Grades.N
	for _, v := range r.Verdicts {
		if iv := v.Interval; iv != nil && f.Means == "" {
			f.Means = b.say("In %.0f of 100 such reports, the interval holds the score that the same tasks would give, were they done again and again.", 100*iv.Level)
		}
		i := v.Number - 1
		if !b.client(r.Sites[i].Site) {
			continue
		}
		c := Client{Verdict: v, Fixes: r.Fixes[i].Fixes[:min(3, len(r.Fixes[i].Fixes))]}
		c.Quote = b.quote(v, scored, r.Sites[i], c.Fixes)
		f.Clients = append(f.Clients, c)
	}
	if len(f.Clients) > 0 {
		f.Quote = f.Clients[0].Quote
	} else if len(r.Headline) > 0 {
		f.Quote = r.Headline[len(r.Headline)-1]
		if len(r.Headline) > 1 {
			f.Quote = r.Headline[1]
		}
	}
	return f
}

// quote is one line about a site: how it answers, where it stands, what next.
func (b *builder) quote(v Verdict, of int, p SitePart, fixes []Fix) string {
	if v.State != scoring.Scored {
		return b.say("%s could not be graded: %s", v.Name, v.Why)
	}
	k, n := 0, 0
	for i := range b.obs[p.ID] {
		o := &b.obs[p.ID][i]
		if f, ok := o.Fact("mail.answered"); ok && o.Kind == "mail" && o.Outcome.Testable() && o.Outcome != evidence.Pending {
			n++
			if f.Number != 0 {
				k++
			}
		}
	}
	place := ""
	if rk := v.Rank; rk != nil && rk.Best < rk.Worst {
		place = b.say(", place %d to %d of %d sites", rk.Best, rk.Worst, of)
	} else if rk != nil {
		place = b.say(", place %d of %d sites", rk.Place, of)
	}
	said := b.say("%s: %s, %s of 100 points%s", v.Name, b.say(v.Grade), tenth(v.Score), place)
	if n > 0 {
		said += b.say("; a person answered %d of %d mails", k, n)
	}
	if len(fixes) > 0 {
		said += b.say("; most would be gained by “%s”", fixes[0].Title)
	}
	return said + "."
}

// tenth cuts to one decimal: 84.96 must not look like 85.
func tenth(x float64) string { return fmt.Sprintf("%.1f", float64(int(x*10+1e-9))/10) }

// Before is an earlier wave, judged by the same scorecard.
type Before struct {
	Wave   Wave
	Result scoring.Result
}

// Changes say what differs from an earlier wave, site by site, what is real first.
type Changes struct {
	Wave Wave     `json:"wave"` // the earlier
	Same bool     `json:"same_scorecard"`
	Rows []Change `json:"rows"` // totals of every site; categories and marks of the clients
}

// A Change is one difference with the site's name and what it is of.
type Change struct {
	Name   string `json:"name"`
	Number int    `json:"number"` // 0: no longer in the panel
	Title  string `json:"title"`
	Level  string `json:"level"` // "total", "category" or "mark"
	scoring.Difference
}

func (b *builder) changes() *Changes {
	if b.in.Before == nil {
		return nil
	}
	c := &Changes{Wave: b.in.Before.Wave, Same: b.in.Before.Result.Scorecard.ID == b.in.Result.Scorecard.ID, Rows: []Change{}}
	for _, d := range scoring.Compare(b.in.Before.Result, b.in.Result) {
		row := Change{Name: d.Site, Difference: d}
		client := false
		if i := slices.IndexFunc(b.sites, func(s Site) bool { return s.ID == d.Site }); i >= 0 {
			row.Name, row.Number, client = b.sites[i].Name, i+1, b.client(b.sites[i])
		}
		row.Before, row.After, row.Note = b.turns.Turn(d.Before), b.turns.Turn(d.After), b.turns.Turn(d.Note)
		kind, id, _ := strings.Cut(d.What, ":")
		switch kind {
		case "total":
			row.Level, row.Title = kind, b.say("Total")
		case "category":
			row.Level, row.Title = kind, b.say(b.categoryTitle(id))
		case "mark":
			row.Level, row.Title = kind, b.say(b.criterion(id).Title)
		}
		if row.Level == "" || kind != "total" && (!client || d.Before == d.After) {
			continue
		}
		c.Rows = append(c.Rows, row)
	}
	sites := map[string]int{}
	for i, row := range c.Rows {
		if _, known := sites[row.Site]; !known {
			sites[row.Site] = i
		}
	}
	slices.SortStableFunc(c.Rows, func(a, b Change) int {
		return cmp.Or(cmp.Compare(sites[a.Site], sites[b.Site]), cmp.Compare(a.weight(), b.weight()))
	})
	return c
}

// weight is where a difference stands among its site's: the total, then what is
// real, then what chance may have made, then what cannot be told.
func (c Change) weight() int {
	switch {
	case c.Level == "total":
		return 0
	case c.Difference.Change == nil && c.Delta == nil:
		return 5
	case c.Difference.Change == nil:
		return 4
	}
	return 1 + max(0, slices.Index([]stat.Verdict{stat.Real, stat.Noise, stat.TooFew}, c.Difference.Change.Verdict))
}

func (b *builder) categoryTitle(id string) string {
	for _, c := range b.in.Result.Scorecard.Categories {
		if c.ID == id {
			return c.Title
		}
	}
	return id
}
