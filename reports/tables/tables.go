// Package tables lays a report out as tidy tables, one observation a row, for
// the formats that spreadsheets and statisticians read. It names and arranges
// what the model holds.
package tables

import (
	"iter"
	"strings"
	"time"

	"touchstone/internal/evidence"
	"touchstone/reports"
	"touchstone/scoring"
)

// A Table is one kind of observation.
type Table struct {
	Name    string // "marks"
	About   string // what a row is
	Columns []Column
	Rows    iter.Seq[[]any] // a cell a column: string, int, float64, bool, time.Time, or nil where there is no value
}

// A Column is one variable.
type Column struct {
	Name    string
	Meaning string // with its unit
}

// Of gives the tables of a report. The columns of a table stay what they are;
// new ones are added at its end.
func Of(r *reports.Report) []Table {
	list := []Table{wave(r), sites(r), categories(r), marks(r), probes(r), mails(r), facts(r), distributions(r), criteria(r), left(r), replies(r), weights(r), accuracy(r)}
	return append(list, dictionary(list))
}

// columns reads "name: meaning" lines.
func columns(lines ...string) []Column {
	out := make([]Column, len(lines))
	for i, l := range lines {
		out[i].Name, out[i].Meaning, _ = strings.Cut(l, ": ")
	}
	return out
}

// when gives a moment, or nothing where there is none.
func when(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC()
}

// only gives the value where it holds, else nothing.
func only(ok bool, v any) any {
	if !ok {
		return nil
	}
	return v
}

// bounds gives the two ends of an interval and its method; the upper end is
// nothing where it was not reached.
func bounds(i *scoring.Interval) (low, high, method any) {
	if i == nil {
		return nil, nil, nil
	}
	return i.Low, only(!i.Open, i.High), i.Method
}

func wave(r *reports.Report) Table {
	return Table{"wave", "how the figures came about, one row a key", columns("key: what is told", "value: what it is"), func(yield func([]any) bool) {
		m, w := r.Method, r.Wave
		for _, row := range [][]any{
			{"title", r.Title}, {"schema", r.Schema}, {"wave", w.ID}, {"planned", when(w.Planned)}, {"started", when(w.Started)}, {"ended", when(w.Ended)},
			{"report_made", when(r.Generated)}, {"demo_clock", w.DemoClock}, {"window_s", w.Window.Seconds()}, {"program", "touchstone " + w.Version},
			{"plan_sha256", w.Plan}, {"scorecard", r.Scorecard.ID}, {"scorecard_sha256", r.Scorecard.Hash},
			{"sites_asked", m.SitesAsked}, {"sites_usable", m.SitesUsable}, {"probes_asked", m.ProbesAsked}, {"probes_usable", m.ProbesUsable},
			{"probes_per_site_fewest", m.PerSite[0]}, {"probes_per_site_most", m.PerSite[1]}, {"right_of_reply", r.Reply},
		} {
			if !yield(row) {
				return
			}
		}
		for _, list := range []struct {
			key   string
			lines []string
		}{{"headline", r.Headline}, {"note", m.Notes}, {"not_tested", m.Untested}, {"limit", r.Limits}} {
			for _, l := range list.lines {
				if !yield([]any{list.key, l}) {
					return
				}
			}
		}
	}}
}

func sites(r *reports.Report) Table {
	return Table{"sites", "one row a site of the panel", columns(
		"site: id", "number: of the site in the panel, from 1", "name: its name", "cohort: its peer group", "url: its address", "email: its published mail address",
		"authorisation: own, permission or public-enquiry", "language: BCP 47", "state: scored, not-applicable, not-measured or pending",
		"score: points of 100, empty where withheld", "low: of the score's interval", "high: likewise", "method: of the interval",
		"place: among the sites, 1 the best", "place_best: that chance leaves", "place_worst: likewise", "grade: of the scorecard", "probes: asked", "why: the grade in one sentence",
	), func(yield func([]any) bool) {
		for i := range r.Sites {
			s := &r.Sites[i]
			v := s.Verdict
			low, high, method := bounds(v.Interval)
			var place, best, worst any
			if v.Rank != nil {
				place, best, worst = v.Rank.Place, v.Rank.Best, v.Rank.Worst
			}
			if !yield([]any{s.ID, v.Number, s.Name, s.Cohort, s.URL, s.Email, s.Authorisation, s.Language, string(v.State),
				only(v.State == scoring.Scored, v.Score), low, high, method, place, best, worst, v.Grade, len(s.Probes), v.Why}) {
				return
			}
		}
	}}
}

func categories(r *reports.Report) Table {
	return Table{"categories", "one row a site and category of the scorecard", columns(
		"site: id", "category: id", "title: of the category", "weight: in the total", "state: as of sites", "score: points of 100, empty where withheld", "reason: why it is withheld",
	), func(yield func([]any) bool) {
		for _, s := range r.Sites {
			for _, c := range s.Categories {
				if !yield([]any{s.ID, c.ID, c.Title, c.Weight, string(c.State), only(c.State == scoring.Scored, c.Score), c.Reason}) {
					return
				}
			}
		}
	}}
}

func marks(r *reports.Report) Table {
	return Table{"marks", "one row a site and criterion", columns(
		"site: id", "category: id", "criterion: id", "title: of the criterion", "state: as of sites", "points: of 100, empty where there are none",
		"value: what was measured, in the unit; empty where it was never reached", "unit: s, ms, count, ratio, bool or B", "shown: the value for a person",
		"k: hits, where the value is a share", "n: probes that it rests on", "low: of the value's interval, in the unit", "high: likewise; empty where no upper end was reached", "method: of the interval",
		"warnings: what to mind", "reason: why there are no points",
	), func(yield func([]any) bool) {
		for _, s := range r.Sites {
			for _, c := range s.Categories {
				for _, m := range c.Marks {
					scored := m.State == scoring.Scored
					low, high, method := bounds(m.Interval)
					if !yield([]any{s.ID, c.ID, m.Criterion, r.CriterionTitle(m.Criterion), string(m.State), only(scored, 100*m.Score), only(scored && !m.Censored, m.Value), string(m.Unit), m.Shown,
						only(scored && m.Unit == evidence.Ratio, m.K), m.N, low, high, method, strings.Join(m.Warnings, "; "), m.Reason}) {
						return
					}
				}
			}
		}
	}}
}

// probeColumns name a probe.
var probeColumns = []string{"site: id", "scenario: id", "repeat: from 1"}

func probes(r *reports.Report) Table {
	return Table{"probes", "one row a probe: one scenario at one site, once", columns(append(probeColumns[:3:3],
		"kind: of the probe", "task: what the customer was trying to do", "outcome: how it ended", "reason: why, in words", "start: UTC", "took_s: seconds", "reading: version of the reader", "facts: recorded", "missing: facts of its kind that were not recorded")...,
	), func(yield func([]any) bool) {
		for _, s := range r.Sites {
			for _, p := range s.Probes {
				if !yield([]any{s.ID, p.ID.Scenario, p.ID.Repeat, p.Kind, p.Task, string(p.Outcome), p.Reason, when(p.Start), p.Took.Seconds(), p.Reading, len(p.Facts), strings.Join(p.Missing, " ")}) {
					return
				}
			}
		}
	}}
}

func mails(r *reports.Report) Table {
	return Table{"mails", "one row a mail of a thread, ours too", columns(append(probeColumns[:3:3],
		"step: letter for ours, reply-1 and so on", "ours: whether we wrote it", "from: people are a letter, addresses are shortened", "subject: of the mail", "at: UTC", "after_s: seconds since ours was accepted", "class: what it was read as", "rule: that decided", "sha256: of the stored mail")...,
	), func(yield func([]any) bool) {
		for _, s := range r.Sites {
			for _, p := range s.Probes {
				for _, m := range p.Thread {
					if !yield([]any{s.ID, p.ID.Scenario, p.ID.Repeat, m.Step, m.Ours, m.From, m.Subject, when(m.At), only(!m.Ours, m.After), m.Class, m.Rule, string(m.Ref)}) {
						return
					}
				}
			}
		}
	}}
}

func facts(r *reports.Report) Table {
	return Table{"facts", "one row a fact that a probe recorded", columns(append(probeColumns[:3:3],
		"step: of the scenario; empty for the whole probe", "fact: its name", "unit: text and time stand in text, the others in number", "number: the value", "text: the value")...,
	), func(yield func([]any) bool) {
		for _, s := range r.Sites {
			for _, p := range s.Probes {
				for _, f := range p.Facts {
					words := f.Unit == evidence.Text || f.Unit == evidence.Time
					if !yield([]any{s.ID, p.ID.Scenario, p.ID.Repeat, f.Step, f.Name, string(f.Unit), only(!words, f.Number), f.Text}) {
						return
					}
				}
			}
		}
	}}
}

func distributions(r *reports.Report) Table {
	return Table{"distributions", "one row a class and source: this panel's, and each published figure for the same class", columns(
		"distribution: grades or answers", "class: its label", "covers: the classes that it takes together", "source: panel, or the id of a published figure", "k: in the class; empty where it was not published", "n: of all", "of: what n counts", "share: of 1", "low: of the share's interval", "high: likewise", "method: of the interval",
	), func(yield func([]any) bool) {
		for _, d := range []struct {
			name string
			reports.Distribution
		}{{"grades", r.Grades}, {"answers", r.Answers}} {
			for _, c := range d.Classes {
				covers := strings.Join(c.Covers, ", ")
				low, high, method := bounds(c.Interval)
				if !yield([]any{d.name, c.Label, covers, "panel", c.K, c.N, d.Unit, only(c.N > 0, c.Value()), low, high, method}) {
					return
				}
				for _, p := range c.Published {
					if !yield([]any{d.name, c.Label, covers, p.Reference, nil, only(p.N > 0, p.N), p.Of, p.Share, nil, nil, nil}) {
						return
					}
				}
			}
		}
	}}
}

func criteria(r *reports.Report) Table {
	return Table{"criteria", "one row a criterion of the scorecard", columns(
		"criterion: id", "title: its name", "category: title", "weight: in the category", "because: why this weight", "points: how the value becomes points", "unit: of the value", "needs: the facts that it reads", "source: the study or paper behind it",
	), func(yield func([]any) bool) {
		for _, c := range r.Criteria {
			if !yield([]any{c.ID, c.Title, c.Category, c.Weight, c.Because, c.Curve, string(c.Unit), strings.Join(c.Needs, " "), c.Source}) {
				return
			}
		}
	}}
}

func left(r *reports.Report) Table {
	return Table{"dropped", "one row a probe, or a whole site, that enters no score", columns(
		"site: name", "scenario: title; empty for the whole site", "repeat: from 1", "outcome: how it ended", "reason: why it was left out",
	), func(yield func([]any) bool) {
		for _, d := range r.Method.Dropped {
			if !yield([]any{d.Site, d.Scenario, only(d.Repeat > 0, d.Repeat), string(d.Outcome), d.Reason}) {
				return
			}
		}
	}}
}

func replies(r *reports.Report) Table {
	return Table{"replies", "one row a site that was sent its part of the report", columns("site: id", "sent: the day, UTC", "answer: in the site's own words; empty where there is none"), func(yield func([]any) bool) {
		for _, s := range r.Replies {
			if !yield([]any{s.Site, when(s.Sent), s.Answer}) {
				return
			}
		}
	}}
}

func weights(r *reports.Report) Table {
	return Table{"weights", "one row a site with a total: what its place owes to the weights", columns(
		"site: id", "place: by the scorecard's weights, 1 the best", "near_best: place, in 95 of 100 draws with every weight off by up to the share off", "near_worst: likewise", "off: of 1",
		"fresh_best: place, in 95 of 100 draws with every weight drawn anew", "fresh_worst: likewise", "draws: of each kind",
	), func(yield func([]any) bool) {
		for _, s := range r.Sensitivity.Rows {
			if !yield([]any{s.Site, s.Near.Place, s.Near.Best, s.Near.Worst, r.Sensitivity.Off, s.Fresh.Best, s.Fresh.Worst, r.Sensitivity.Draws}) {
				return
			}
		}
	}}
}

func accuracy(r *reports.Report) Table {
	return Table{"accuracy", "one row a figure of how well the program reads, measured on data that others labelled", columns(
		"read: what is read", "measure: what the figure is", "value: of 1", "n: rows of the data", "low: of the value's interval", "high: likewise", "method: of the interval",
		"on: whose data", "seen: whether the rules were written with these rows in view", "command: that prints it", "page: of the documentation", "date: when it was measured",
	), func(yield func([]any) bool) {
		for _, a := range r.Accuracy {
			low, high, method := bounds(a.Interval)
			if !yield([]any{a.Read, a.Measure, a.Value, a.N, low, high, method, a.On, a.Seen, a.Command, a.Page, a.Date}) {
				return
			}
		}
	}}
}

// dictionary says what every column means.
func dictionary(list []Table) Table {
	return Table{"columns", "one row a column of the other tables", columns("table: its name", "row: what a row of it is", "column: its name", "meaning: with its unit"), func(yield func([]any) bool) {
		for _, t := range list {
			for _, c := range t.Columns {
				if !yield([]any{t.Name, t.About, c.Name, c.Meaning}) {
					return
				}
			}
		}
	}}
}
