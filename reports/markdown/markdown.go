// Package markdown writes a report as CommonMark with tables: for a wiki, a
// merge request, a mail. What strangers wrote is text there, never markup.
package markdown

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"strings"

	"touchstone/internal/evidence"
	"touchstone/reports"
	"touchstone/reports/words"
	"touchstone/scoring"
)

// Format gives the Markdown format.
func Format() reports.Format {
	return reports.Format{Name: "md", Extension: ".md", Write: write}
}

func write(to io.Writer, r *reports.Report) error {
	texts, err := reports.TextsIn(r.Language)
	if err != nil {
		return err
	}
	w := &writer{bufio.NewWriter(to), words.In{Texts: texts}}
	w.verdict(r)
	w.method(r)
	w.distribution(w.Say("Grades"), r.Grades, w.Say("No site could be graded yet."))
	w.distribution(w.Say("Answers by mail"), r.Answers, w.Say("No enquiry by mail has ended yet."))
	w.changes(r.Changes)
	w.line("## " + w.Say("Sites") + "\n")
	for i := range r.Sites {
		w.site(r, &r.Sites[i])
	}
	w.appendix(r)
	return w.Flush()
}

// changes writes what differs from an earlier wave.
func (w *writer) changes(c *reports.Changes) {
	if c == nil {
		return
	}
	w.linef("## %s\n", w.Say("Since the last wave"))
	w.linef("%s", w.Say("Compared with wave %s. A difference is real where chance among the probes hardly makes it, all differences of a kind taken together; noise where there was enough data and it did not show.", c.Wave.ID))
	if len(c.Rows) == 0 {
		w.linef("\n%s", w.Say("Nothing differs."))
		return
	}
	w.head("Site", "What", ">Before", ">Now", ">Difference", "Real or noise")
	for _, row := range c.Rows {
		chance := row.Note
		if row.Difference.Change != nil {
			chance = w.Chance(row.Difference.Change.Verdict) + ": " + row.Note
		}
		w.row(row.Name, row.Title, w.Shown(row.Before), w.Shown(row.After), w.Delta(row.Delta), chance)
	}
	w.line("")
}

// A writer writes Markdown; its errors come with Flush.
type writer struct {
	*bufio.Writer
	words.In
}

func (w *writer) line(s string) { fmt.Fprintln(w, s) }

// linef writes a line whose strings are plain words.
func (w *writer) linef(format string, args ...any) {
	fmt.Fprintf(w, format+"\n", plain(args)...)
}

// html writes the operator's own text, sanitised HTML: a block of CommonMark,
// which ends with an empty line.
func (w *writer) html(s string) {
	if s != "" {
		w.line(blank.ReplaceAllString(strings.TrimSpace(s), "\n") + "\n")
	}
}

var blank = regexp.MustCompile(`\n\s*\n`)

// row writes a line of a table.
func (w *writer) row(cells ...any) {
	fmt.Fprintf(w, "|"+strings.Repeat(" %v |", len(cells))+"\n", plain(cells)...)
}

// head begins a table, its titles in English; a column whose title begins with > holds figures.
func (w *writer) head(titles ...string) {
	rule := "|"
	fmt.Fprint(w, "\n|")
	for _, t := range titles {
		title, figures := strings.CutPrefix(t, ">")
		if title != "" {
			title = w.Say(title)
		}
		fmt.Fprintf(w, " %s |", title)
		if figures {
			rule += "---:|"
		} else {
			rule += "---|"
		}
	}
	fmt.Fprintf(w, "\n%s\n", rule)
}

func plain(args []any) []any {
	out := make([]any, len(args))
	for i, a := range args {
		switch a := a.(type) {
		case int, uint64, float64:
			out[i] = a
		default:
			out[i] = reports.Plain(fmt.Sprint(a))
		}
	}
	return out
}

func (w *writer) list(lines []string) {
	w.line("")
	for _, l := range lines {
		w.linef("- %s", l)
	}
	w.line("")
}

func (w *writer) verdict(r *reports.Report) {
	w.linef("# %s\n", r.Title)
	w.linef("%s %s, %s. %s, %s. %s %s.\n", w.Say("Wave"), r.Wave.ID, w.Dates(r.Wave),
		w.Count(r.Method.SitesAsked, "site"), w.Count(r.Method.ProbesAsked, "probe"), w.Say("Scorecard"), r.Scorecard.Title)
	if l := r.Label; l != nil {
		if l.Author != "" {
			w.linef("%s\n", l.Author)
		}
		w.html(l.Intro)
	}
	for _, s := range r.Headline {
		w.linef("**%s**\n", s)
	}
	if r.Front.Means != "" {
		w.linef("%s\n", r.Front.Means)
	}
	if len(r.Verdicts) == 0 {
		return
	}
	w.head(">Score", ">Interval", ">Place", "Grade", "Site", "Cohort", "Why")
	for _, v := range r.Verdicts {
		w.row(w.Score(v), w.Range(v), words.Place(v), w.Grade(v), v.Name, v.Cohort, v.Why)
	}
	w.line("")
}

func (w *writer) method(r *reports.Report) {
	m := r.Method
	w.line("## " + w.Say("How this was done"))
	w.head("", "")
	w.row(w.Say("Sites usable"), w.Say("%d of %d asked", m.SitesUsable, m.SitesAsked))
	w.row(w.Say("Probes usable"), w.Say("%d of %d asked", m.ProbesUsable, m.ProbesAsked))
	w.row(w.Say("Probes at each site"), fmt.Sprintf("%d–%d", m.PerSite[0], m.PerSite[1]))
	w.row(w.Say("An answer may take"), w.Seconds(r.Wave.Window.Seconds()))
	w.row(w.Say("Started"), w.When(r.Wave.Started))
	w.row(w.Say("Ended"), w.When(r.Wave.Ended))
	w.row(w.Say("Report made"), w.When(r.Generated))
	w.row(w.Say("Program"), "touchstone "+r.Wave.Version)
	w.row(w.Say("Seed"), r.Wave.Seed)
	w.row(w.Say("Plan"), r.Wave.Plan)
	w.row(w.Say("Scorecard"), r.Scorecard.ID+" "+r.Scorecard.Hash)
	if len(m.Scenarios) > 0 {
		w.head("Scenario", "How", ">Wordings", ">Usable probes", ">Sites not asked")
		for _, s := range m.Scenarios {
			w.row(s.Title, strings.Trim(s.Kind+", "+s.Task, ", "), s.Wordings, fmt.Sprintf("%d/%d", s.Usable, s.Asked), fmt.Sprintf("%d/%d", len(s.NotAsked), m.SitesAsked))
		}
	}
	if m.Visits != nil {
		w.line("\n### " + w.Say("Who visited the pages"))
		w.list(m.Visits.Said)
	}
	if len(m.Outcomes) > 0 {
		w.head("Outcome", ">Probes", "What it counts as")
		for _, o := range m.Outcomes {
			w.row(w.Outcome(o.Outcome), fmt.Sprintf("%d/%d", o.K, o.N), o.Meaning)
		}
	}
	if len(m.Dropped) > 0 {
		w.line("\n### " + w.Say("Left out, and why"))
		w.head("Site", "Scenario", "Outcome", "Reason")
		for _, d := range m.Dropped {
			w.row(d.Site, d.Scenario, w.Outcome(d.Outcome), d.Reason)
		}
	}
	w.line("\n### " + w.Say("Not tested"))
	w.list(m.Untested)
	w.line("### " + w.Say("How to read it"))
	w.list(m.Notes)
	if r.Review != nil {
		w.line("### " + w.Say("Reviewed by people, and by a judge model"))
		w.list(r.Review.Summary)
	}
}

func (w *writer) distribution(title string, d reports.Distribution, empty string) {
	w.linef("## %s\n", title)
	if d.N == 0 {
		w.line(empty)
	} else {
		w.linef("n = %d %s.", d.N, d.Unit)
		w.head("Class", ">Share", ">Interval", "Published")
		for _, c := range d.Classes {
			var published []string
			for _, p := range c.Published {
				published = append(published, w.Published(p))
			}
			w.row(w.Say(c.Label), words.Percent(c.Share), w.Interval(c.Interval, evidence.Ratio), strings.Join(published, "; "))
		}
	}
	if len(d.Apart) > 0 {
		var apart []string
		for _, a := range d.Apart {
			apart = append(apart, fmt.Sprintf("%s: %d/%d %s", a.Label, a.K, a.N, a.Of))
		}
		w.linef("\n%s: %s.", w.Say("Not among them"), strings.Join(apart, "; "))
	}
	w.line("")
}

func (w *writer) site(r *reports.Report, s *reports.SitePart) {
	w.linef("### %s\n", s.Name)
	score := ""
	if s.Verdict.State == scoring.Scored {
		score = fmt.Sprintf(" %s %s, %s %s.", w.Score(s.Verdict), w.Say("of 100 points"), w.Say("interval"), w.Range(s.Verdict))
	}
	w.linef("**%s.**%s %s", w.Grade(s.Verdict), score, s.Verdict.Why)
	if len(s.Categories) > 0 {
		w.head("Criterion", "Measured", ">Points", ">Probes", ">Interval")
		for _, c := range s.Categories {
			for _, m := range c.Marks {
				w.row(r.CriterionTitle(m.Criterion), w.Measured(m), w.Mark(m), m.N, w.Interval(m.Interval, m.Unit))
			}
		}
	}
	if len(s.Probes) == 0 {
		w.line("\n" + w.Say("Nothing was asked at this site.") + "\n")
		return
	}
	w.head("Probe", "Outcome", "Begun", "What came of it", "Proof (SHA-256)")
	for _, p := range s.Probes {
		var proof []string
		for _, e := range p.Evidence {
			proof = append(proof, fmt.Sprintf("%s %.12s", e.Name, e.Ref))
		}
		w.row(fmt.Sprintf("%s (%d)", p.Scenario, p.ID.Repeat), w.Outcome(p.Outcome), w.When(p.Start), w.came(p), strings.Join(proof, ", "))
	}
	w.line("")
}

// came tells what a probe met: why it ended as it did, and the mails that came.
func (w *writer) came(p reports.Probe) string {
	var said []string
	if p.Reason != "" {
		said = append(said, p.Reason)
	}
	for _, m := range p.Thread {
		if !m.Ours {
			said = append(said, w.Class(m.Class)+" "+w.Say("after %s", w.Seconds(m.After)))
		}
	}
	return strings.Join(said, "; ")
}

func (w *writer) appendix(r *reports.Report) {
	w.linef("## %s\n\n### %s: %s", w.Say("Appendix"), w.Say("Scorecard"), r.Scorecard.Title)
	if len(r.Criteria) > 0 {
		w.head("Criterion", "Category", ">Weight", "Points", "Why this weight", "Source")
		for _, c := range r.Criteria {
			w.row(c.Title, c.Category, c.Weight, c.Curve, c.Because, c.Source)
		}
	}
	if len(r.Scorecard.Gates) > 0 {
		w.head("Gate", "Falls when", "Best grade left", "Why")
		for _, g := range r.Scorecard.Gates {
			w.row(g.Title, fmt.Sprintf("%s %s %s %s", r.CriterionTitle(g.When.Criterion), g.When.Op, w.Points(100*g.When.Value), w.Say("points")), w.Say(g.Cap), g.Because)
		}
	}
	if s := r.Sensitivity; s.Draws > 0 {
		w.line("\n### " + w.Say("What the places owe to the weights"))
		w.list(s.Said)
		w.head(">Place", "Site", ">Every weight off by up to 25 %", ">Every weight drawn anew")
		for _, row := range s.Rows {
			w.row(row.Near.Place, row.Name, reports.Places(row.Near), reports.Places(row.Fresh))
		}
	}
	w.line("\n### " + w.Say("Published figures"))
	w.head("Source", ">Year", "Sample", "Figures", "What was counted")
	for _, ref := range r.References {
		sample := w.Say("n unknown")
		if ref.N > 0 {
			sample = fmt.Sprintf("%d %s", ref.N, ref.Of)
		}
		w.row(ref.Source, ref.Year, sample, ref.Figure, ref.Definition)
	}
	w.line("\n### " + w.Say("What these figures cannot carry"))
	w.list(r.Limits)
	if len(r.Accuracy) > 0 {
		w.line("### " + w.Say("How often the reading errs") + "\n")
		w.line(w.Say("Measured on mails and sentences that other people labelled, not on yours. Where the rules were written with those rows in view, expect less of unseen ones. Doubtful readings are put before a person by") + " touchstone review.")
		w.head("What is read", "What was measured", ">Figure", ">Interval", "On", "Rows seen before", "Command")
		for _, a := range r.Accuracy {
			interval, seen := words.None, w.Say("no")
			if a.Interval != nil {
				interval = w.Number(fmt.Sprintf("%.3f–%.3f", a.Interval.Low, a.Interval.High))
			}
			if a.Seen {
				seen = w.Say("yes")
			}
			w.row(a.Read, a.Measure, w.Number(fmt.Sprintf("%.3f", a.Value)), interval, fmt.Sprintf("%s, n = %d", a.On, a.N), seen, a.Command)
		}
		w.line("")
	}
	if r.Label != nil {
		w.html(r.Label.Closing)
	}
	w.line("### " + w.Say("Right of reply") + "\n")
	w.linef("%s", r.Reply)
	if len(r.Replies) > 0 {
		w.head("Site", "Sent its part", "Answered")
		for _, s := range r.Replies {
			answer := s.Answer
			if answer == "" {
				answer = w.Say("no answer so far")
			}
			w.row(s.Name, w.Day(s.Sent), answer)
		}
	}
}
