package reports

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"touchstone/internal/evidence"
	"touchstone/scoring"
	"touchstone/scoring/stat"
)

// Input is what a report is built from.
type Input struct {
	Title        string // empty: a title made of the panel
	Wave         Wave
	Sites        []Site                 // the panel, in its order
	Scenarios    []Scenario             // of the wave
	Observations []evidence.Observation // one a probe, pending ones included
	Result       scoring.Result
	Criteria     []scoring.Criterion // the catalogue, for titles and sources
	Generated    time.Time
	ShowPeople   bool // name agents and their addresses
	Review       *Review
	Costs        scoring.UnitCosts // of one contact; the zero value is the published one
	Replies      []SiteReply       // who was sent its part, and what it answered
	Before       *Before           // an earlier wave to compare with; may be nil
	Language     string            // of the report, one of Languages; empty: English
	Evidence     string            // how much proof the report carries, one of Evidences; empty: thumbs
	Unpictured   bool              // the format shows no pictures: they are measured and not drawn
	Label        *Label            // of whom the report is; may be nil

	// Open reads evidence, for screenshots. May be nil: a report without them.
	Open func(context.Context, evidence.Ref) (io.ReadCloser, error)
}

// A Scenario is what was asked or tried.
type Scenario struct {
	ID       string        `json:"id"`
	Title    string        `json:"title"`
	About    string        `json:"about,omitempty"`
	Kind     string        `json:"kind"`
	Task     string        `json:"task,omitempty"`
	Window   time.Duration `json:"window"`             // nanoseconds; 0 for a visit
	Repeat   int           `json:"repeat,omitempty"`   // probes a site
	Wordings int           `json:"wordings,omitempty"` // texts that went out; 0 for a visit
}

// level is that of every interval in a report.
const level = 0.95

// maxName and maxText bound what strangers can make us print, in characters.
const (
	maxName = 120
	maxText = 6000
)

// New counts and arranges what a wave left. Evidence that is lost or damaged
// is shown as that; an error is a mistake in the input, or ctx's.
func New(ctx context.Context, in Input) (*Report, error) {
	b, err := newBuilder(in)
	if err != nil {
		return nil, err
	}
	r := &Report{
		Schema: Schema, Title: cut(in.Title, maxName), Generated: in.Generated.UTC(),
		PeopleShown: in.ShowPeople, Wave: in.Wave, Sites: []SitePart{}, Verdicts: []Verdict{},
		Language: cmp.Or(in.Language, "en"), EvidenceKept: b.in.Evidence, Label: in.Label,
	}
	for i, s := range b.sites {
		part, err := b.site(ctx, i, s)
		if err != nil {
			return nil, err
		}
		r.Sites = append(r.Sites, part)
		r.Verdicts = append(r.Verdicts, part.Verdict)
	}
	if err := b.develop(ctx, r.Sites); err != nil {
		return nil, err
	}
	slices.SortStableFunc(r.Verdicts, func(v, w Verdict) int {
		if (v.State == scoring.Scored) != (w.State == scoring.Scored) {
			if v.State == scoring.Scored {
				return -1
			}
			return 1
		}
		return cmp.Compare(w.Score, v.Score)
	})
	if r.Title == "" {
		r.Title = b.say("Customer service, tested: %s", b.count(len(in.Sites), "site"))
	}
	r.Scorecard, err = hashed(in.Result.Scorecard)
	if err != nil {
		return nil, err
	}
	r.Scorecard.Scorecard = b.card(r.Scorecard.Scorecard)
	r.Method = b.method(r.Sites)
	r.Grades = b.grades(r.Sites)
	r.Answers = b.answers()
	r.Criteria = b.criteria(r.Sites)
	r.Headline = b.headline(r)
	r.References = b.references(References())
	r.Sensitivity = b.sensitivity()
	r.Limits, r.Accuracy = b.limits(), b.accuracy()
	r.Review = b.review()
	r.Reply = b.say(reply)
	r.Fixes = b.fixes(r.Sites)
	r.Waits = b.waits()
	r.Quadrant = b.quadrant(r.Sites)
	r.MustHaves = b.mustHaves(r.Sites)
	r.Merchants = b.merchants()
	r.Promises = b.promises()
	r.Consistency = b.consistency()
	r.Hours = b.hours(r.Sites)
	r.Costs = b.costs()
	r.Changes = b.changes()
	r.Front = b.front(r)
	r.Replies, err = b.replies()
	return r, err
}

// A builder holds the input, indexed.
type builder struct {
	in        Input
	sites     []Site // names cut to a bearable length
	scenarios map[string]Scenario
	scores    map[string]scoring.SiteScore
	obs       map[string][]evidence.Observation // by site, sorted
	pictures  map[evidence.Ref]*Picture         // those made so far
	width     int                               // of pictures, px; 0: as in.Evidence says
	texts     Texts
	turns     *Turns
}

// card words a scorecard in the report's language, as far as its words are
// those of one that is shipped: what an operator wrote stays. The hash is that
// of the scorecard as it judged.
func (b *builder) card(c scoring.Scorecard) scoring.Scorecard {
	say := func(s string) string { return b.say(strings.TrimSpace(s)) }
	c.Title, c.About = say(c.Title), say(c.About)
	c.Categories, c.Gates = slices.Clone(c.Categories), slices.Clone(c.Gates)
	for i, k := range c.Categories {
		k.Title, k.Because, k.Criteria = say(k.Title), say(k.Because), slices.Clone(k.Criteria)
		for j := range k.Criteria {
			k.Criteria[j].Because = say(k.Criteria[j].Because)
		}
		c.Categories[i] = k
	}
	for i := range c.Gates {
		c.Gates[i].Title, c.Gates[i].Because = say(c.Gates[i].Title), say(c.Gates[i].Because)
	}
	return c
}

// say words a sentence in the report's language.
func (b *builder) say(english string, args ...any) string { return b.texts.Say(english, args...) }

func newBuilder(in Input) (*builder, error) {
	b := &builder{
		in: in, pictures: map[evidence.Ref]*Picture{}, scenarios: map[string]Scenario{},
		scores: map[string]scoring.SiteScore{}, obs: map[string][]evidence.Observation{},
	}
	panel := map[string]bool{}
	var err error
	if b.texts, err = TextsIn(in.Language); err != nil {
		return nil, err
	}
	if b.turns, err = TurnsIn(in.Language); err != nil {
		return nil, err
	}
	if b.in.Evidence = cmp.Or(in.Evidence, Thumbs); !slices.Contains(Evidences, b.in.Evidence) {
		return nil, fmt.Errorf("no report carries %q of its evidence; there are: %s", in.Evidence, strings.Join(Evidences, ", "))
	}
	for _, s := range in.Sites {
		if panel[s.ID] {
			return nil, fmt.Errorf("the panel names the site %q twice", s.ID)
		}
		panel[s.ID] = true
		s.Name, s.Cohort = cut(cmp.Or(s.Name, s.ID), maxName), cut(s.Cohort, maxName)
		s.URL, s.Email, s.Language, s.Authorisation = cut(s.URL, 4*maxName), cut(s.Email, 4*maxName), cut(s.Language, maxName), cut(s.Authorisation, maxName)
		b.sites = append(b.sites, s)
	}
	for _, s := range in.Scenarios {
		s.Title, s.About = cut(b.say(cmp.Or(s.Title, s.ID)), maxName), cut(b.say(strings.TrimSpace(s.About)), maxText)
		b.scenarios[s.ID] = s
	}
	for _, s := range in.Result.Sites {
		b.scores[s.Site] = s
	}
	for _, s := range in.Sites {
		if _, ok := b.scores[s.ID]; !ok {
			return nil, fmt.Errorf("the site %q has no verdict: score the wave with the same panel", s.ID)
		}
	}
	for _, o := range in.Observations {
		if !panel[o.Probe.Site] {
			return nil, fmt.Errorf("the probe %s belongs to no site of the panel", o.Probe)
		}
		if _, ok := b.scenarios[o.Probe.Scenario]; !ok {
			return nil, fmt.Errorf("the probe %s belongs to no scenario of the wave", o.Probe)
		}
		b.obs[o.Probe.Site] = append(b.obs[o.Probe.Site], o)
	}
	for _, list := range b.obs {
		slices.SortFunc(list, func(o, p evidence.Observation) int { return o.Probe.Compare(p.Probe) })
	}
	return b, nil
}

// site builds one site's part. Nothing leaves it that names a person, unless
// the operator asked for it.
func (b *builder) site(ctx context.Context, i int, s Site) (SitePart, error) {
	part := SitePart{Site: s, Probes: []Probe{}, Categories: []scoring.CategoryScore{}}
	obs := b.obs[s.ID]
	hide := newMask(s, obs, b.in.ShowPeople, b.say("Agent"))
	for _, o := range obs {
		p, err := b.probe(ctx, o, s.Opening, hide)
		if err != nil {
			return SitePart{}, err
		}
		part.Probes = append(part.Probes, p)
	}
	if b.thinned() {
		thin(part.Probes)
	}
	score := b.scores[s.ID]
	for _, c := range score.Categories {
		c.Title, c.Reason = b.say(c.Title), b.because(hide.text(c.Reason), c)
		c.Marks = append([]scoring.Mark{}, c.Marks...)
		for j, m := range c.Marks {
			c.Marks[j] = b.mark(m, hide)
		}
		part.Categories = append(part.Categories, c)
	}
	part.Verdict = Verdict{
		Site: s.ID, Name: s.Name, Cohort: s.Cohort, Number: i + 1,
		State: score.State, Score: score.Score, Grade: score.Grade, Interval: score.Interval, Rank: score.Rank,
		Why: hide.text(b.capped(score) + b.why(score)),
	}
	return part, nil
}

// mark words a mark in the report's language, with people hidden.
func (b *builder) mark(m scoring.Mark, hide *mask) scoring.Mark {
	m.Reason, m.Shown = b.turns.Turn(hide.text(m.Reason)), b.turns.Turn(hide.text(m.Shown))
	m.Warnings = slices.Clone(m.Warnings)
	for i, w := range m.Warnings {
		m.Warnings[i] = b.turns.Turn(hide.text(w))
	}
	if m.Interval != nil {
		own := *m.Interval
		own.Method, m.Interval = b.turns.Turn(own.Method), &own
	}
	return m
}

// because words why categories have no score: scoring lists the titles of what
// has none and the reasons of these.
func (b *builder) because(said string, categories ...scoring.CategoryScore) string {
	if len(b.texts) == 0 || said == "" {
		return said
	}
	own := map[string]string{"not measured: ": b.turns.Turn("not measured: x")}
	own["not measured: "] = strings.TrimSuffix(own["not measured: "], "x")
	for _, c := range categories {
		own[c.Title] = b.say(c.Title)
		for _, m := range c.Marks {
			if m.State == scoring.Scored {
				continue
			}
			title := b.criterion(m.Criterion).Title
			own[title], own[m.Reason] = b.say(title), b.turns.Turn(m.Reason)
		}
	}
	delete(own, "")
	var pairs []string
	for _, english := range slices.SortedFunc(maps.Keys(own), func(a, z string) int { return cmp.Or(len(z)-len(a), strings.Compare(a, z)) }) {
		pairs = append(pairs, english, own[english])
	}
	return strings.NewReplacer(pairs...).Replace(said)
}

// count words a count in the report's language.
func (b *builder) count(n int, noun string) string { return b.texts.Count(n, noun) }

// capped says which gate holds a grade down, where one does.
func (b *builder) capped(s scoring.SiteScore) string {
	for _, g := range b.in.Result.Scorecard.Gates {
		if g.ID == s.Capped {
			return b.say("Held at %s by a gate, %s; the points alone give %s. ", b.say(s.Grade), b.inside(b.say(g.Title)), b.say(s.Uncapped))
		}
	}
	return ""
}

// inside fits a title into a sentence, unless it begins with an acronym; only
// English writes its nouns small.
func (b *builder) inside(s string) string {
	if len(b.texts) > 0 {
		return s
	}
	r := []rune(s)
	if len(r) > 1 && unicode.IsUpper(r[0]) && unicode.IsLower(r[1]) {
		r[0] = unicode.ToLower(r[0])
	}
	return string(r)
}

// why is the one sentence beside a grade: what cost most, what went best. A
// criterion's share of the total is its weight in its category times the
// category's weight in the total, over what was scored.
func (b *builder) why(s scoring.SiteScore) string {
	if s.State != scoring.Scored {
		return cmp.Or(b.because(s.Reason, s.Categories...), string(s.State))
	}
	if s.Graded != "" {
		return b.say("Graded by %s, whose figures were not brought; nothing was measured here.", s.Graded)
	}
	var best, worst scoring.Mark
	var gain, loss float64
	for _, c := range s.Categories {
		if c.State != scoring.Scored {
			continue
		}
		weights := map[string]float64{}
		var sum float64
		for _, m := range c.Marks {
			if m.State == scoring.Scored {
				weights[m.Criterion] = b.weight(c.ID, m.Criterion)
				sum += weights[m.Criterion]
			}
		}
		for _, m := range c.Marks {
			w := weights[m.Criterion]
			if w == 0 {
				continue
			}
			w *= c.Weight / sum
			if w*m.Score > gain {
				best, gain = m, w*m.Score
			}
			if w*(1-m.Score) > loss {
				worst, loss = m, w*(1-m.Score)
			}
		}
	}
	switch {
	case gain == 0 && loss == 0:
		return b.say("Nothing that was tested carries any weight.")
	case loss == 0:
		return b.say("Full marks on everything that was tested.")
	case gain == 0:
		return b.say("No points on anything that was tested; lost most on %s.", b.cite(worst))
	case best.Criterion == worst.Criterion:
		return b.say("Judged mostly by %s.", b.cite(worst))
	}
	return b.say("Lost most on %s; gained most by %s.", b.cite(worst), b.cite(best))
}

// cite names a mark in a sentence: “Enquiries answered” (1 of 3).
func (b *builder) cite(m scoring.Mark) string {
	name := b.texts.Quote(b.say(b.criterion(m.Criterion).Title))
	if m.Shown == "" {
		return name
	}
	return name + " (" + b.turns.Turn(m.Shown) + ")"
}

func (b *builder) criterion(id string) scoring.Criterion {
	for _, c := range b.in.Criteria {
		if c.ID == id {
			return c
		}
	}
	return scoring.Criterion{ID: id, Title: id}
}

func (b *builder) weight(category, criterion string) float64 {
	for _, c := range b.in.Result.Scorecard.Categories {
		for _, w := range c.Criteria {
			if c.ID == category && w.ID == criterion {
				return w.Weight
			}
		}
	}
	return 0
}

// meanings say to a reader what each outcome counts as.
var meanings = map[evidence.Outcome]string{
	evidence.Completed:  "the service did what could be observed; judged by its facts",
	evidence.Silent:     "no human answer before the window closed; counts against the site",
	evidence.Failed:     "the site stopped the customer; counts against the site",
	evidence.Blocked:    "our automated customer was turned away; could not test",
	evidence.NotGranted: "the site's authorisation does not allow it; could not test",
	evidence.Broken:     "our own fault; could not test",
	evidence.Pending:    "not ended yet: its window is still open",
}

func (b *builder) method(parts []SitePart) Method {
	m := Method{SitesAsked: len(parts), Outcomes: []OutcomeCount{}, Dropped: []Dropped{}, Scenarios: []ScenarioLine{}, Notes: b.notes()}
	count := map[evidence.Outcome]int{}
	for i, s := range parts {
		usable := 0
		for _, p := range s.Probes {
			count[p.Outcome]++
			if p.Outcome.Testable() {
				usable++
				continue
			}
			m.Dropped = append(m.Dropped, Dropped{s.Name, p.Scenario, p.ID.Repeat, p.Outcome, cmp.Or(p.Reason, b.say(meanings[p.Outcome]))})
		}
		if len(s.Probes) == 0 {
			m.Dropped = append(m.Dropped, Dropped{Site: s.Name, Reason: b.say("nothing was asked here: the site has none of the channels that the scenarios need")})
		}
		if usable > 0 {
			m.SitesUsable++
		}
		m.ProbesAsked += len(s.Probes)
		m.ProbesUsable += usable
		if i == 0 || len(s.Probes) < m.PerSite[0] {
			m.PerSite[0] = len(s.Probes)
		}
		m.PerSite[1] = max(m.PerSite[1], len(s.Probes))
	}
	for _, o := range evidence.Outcomes {
		if count[o] > 0 {
			m.Outcomes = append(m.Outcomes, OutcomeCount{o, b.say(meanings[o]), share(count[o], m.ProbesAsked)})
		}
	}
	for _, s := range b.in.Scenarios {
		m.Scenarios = append(m.Scenarios, b.scenarioLine(b.scenarios[s.ID], parts))
	}
	m.Visits = b.visits()
	m.Untested = b.untested(m.Scenarios)
	return m
}

func (b *builder) scenarioLine(s Scenario, parts []SitePart) ScenarioLine {
	line := ScenarioLine{Scenario: s, NotAsked: []string{}}
	for _, part := range parts {
		asked := line.Asked
		for _, p := range part.Probes {
			if p.ID.Scenario == s.ID {
				line.Asked++
				if p.Outcome.Testable() {
					line.Usable++
				}
			}
		}
		if line.Asked == asked {
			line.NotAsked = append(line.NotAsked, part.Name)
		}
	}
	return line
}

// notes are what a reader must know before believing a figure.
func (b *builder) notes() []string {
	notes := []string{
		"A time runs from the moment our mail was accepted to the moment the answer reached our mailbox. An automatic acknowledgement is no answer.",
		"Every share stands with its count. Intervals are two-sided at the 0.95 level, by the method named with them; shares use Wilson's.",
		"Points are cut to one decimal, not rounded, so that no site seems to stand above a limit that it missed.",
	}
	if slices.ContainsFunc(b.in.Result.Sites, func(s scoring.SiteScore) bool { return s.Rank != nil }) {
		notes = append(notes, "Sites are listed by score. A range of places, 2–4, holds those that chance in the choice of probes leaves open; sites whose ranges overlap may be tied.")
	} else {
		notes = append(notes, "Sites are listed by score. No rank is claimed: with few probes at each, neighbours may be tied.")
	}
	if b.in.Wave.DemoClock {
		notes = append(notes, "This is a demonstration. Shops, desks and mail servers are real programs on this computer; the days between mails were skipped by a clock that they share, and times are of that clock. Visits ran in real time.")
	}
	if !b.in.ShowPeople {
		notes = append(notes, "People who answered are shown by a letter, and their addresses without the part before the @.")
	}
	if b.thinned() {
		notes = append(notes, "Of so many sites, the report holds pictures of where visits stopped that did not come to their end, or of one visit where all did; written with --evidence full it holds all.")
	}
	for i, n := range notes {
		notes[i] = b.say(n)
	}
	return notes
}

// channels are the ways to reach a shop that Touchstone knows of.
var channels = []struct{ kind, name string }{
	{"mail", "mail"}, {"web", "the pages of the shop"}, {"form", "contact forms"}, {"chat", "live chat"}, {"phone", "the telephone"},
}

func (b *builder) untested(lines []ScenarioLine) []string {
	out := []string{}
	for _, c := range channels {
		if !slices.ContainsFunc(lines, func(l ScenarioLine) bool { return l.Kind == c.kind }) {
			out = append(out, b.say("No scenario used %s.", b.say(c.name)))
		}
	}
	for _, l := range lines {
		if n := len(l.NotAsked); n > 0 {
			names := strings.Join(l.NotAsked[:min(n, 5)], ", ")
			if n > 5 {
				names += b.say(" and %d more", n-5)
			}
			out = append(out, b.say("“%s” was not tried at %s: %s.", l.Title, b.count(n, "site"), names))
		}
	}
	if !slices.ContainsFunc(lines, func(l ScenarioLine) bool { return l.Task == "order" }) {
		out = append(out, b.say("Nothing was ordered or paid: what happens after a purchase was not seen."))
	}
	return out
}

// grades counts the graded sites by grade.
func (b *builder) grades(parts []SitePart) Distribution {
	d := Distribution{Unit: b.say("graded sites"), Apart: []Apart{}, Classes: []Class{}}
	count := map[string]int{}
	without := map[scoring.State]int{}
	for _, p := range parts {
		if p.Verdict.State == scoring.Scored {
			count[p.Verdict.Grade]++
			d.N++
		} else {
			without[p.Verdict.State]++
		}
	}
	for _, g := range b.in.Result.Scorecard.Grades {
		d.Classes = append(d.Classes, Class{Label: g.Label, Share: share(count[g.Label], d.N), Published: published(b.references(gradeReferences()), []string{strings.ToLower(g.Label)})})
	}
	for _, s := range []struct {
		state scoring.State
		label string
	}{
		{scoring.NotMeasured, "Withheld: something that counts could not be tested"},
		{scoring.Waiting, "Withheld: answers are still awaited"},
		{scoring.NotApplicable, "Nothing to judge: no scenario fits the site"},
	} {
		if without[s.state] > 0 {
			d.Apart = append(d.Apart, Apart{b.say(s.label), without[s.state], len(parts), b.say("sites")})
		}
	}
	return d
}

// answers counts the mails by class of response time: by probe, not by site.
func (b *builder) answers() Distribution {
	d := Distribution{Unit: b.say("enquiries by mail"), Apart: []Apart{}, Classes: []Class{}}
	count := map[string]int{}
	var asked, pending, untested, unknown, noAddress int
	for _, s := range b.sites {
		if s.Email == "" {
			noAddress++
		}
		for _, o := range b.obs[s.ID] {
			if o.Kind != "mail" {
				continue
			}
			asked++
			f, ok := o.Fact("mail.bucket")
			switch {
			case o.Outcome == evidence.Pending:
				pending++
			case !o.Outcome.Testable():
				untested++
			case !ok || !slices.Contains(buckets, f.Text):
				unknown++
			default:
				count[f.Text]++
				d.N++
			}
		}
	}
	refs := b.references(answerReferences())
	for _, label := range buckets {
		if label == bucketNone && count[label] == 0 {
			continue // a class of studies; a probe is not asked where there is no address
		}
		d.Classes = append(d.Classes, Class{Label: label, Share: share(count[label], d.N), Published: published(refs, []string{label})})
	}
	var together []Class // classes that only a published figure lumps
	for _, r := range refs {
		for _, s := range r.Shares {
			if len(s.Covers) < 2 || slices.ContainsFunc(together, func(c Class) bool { return slices.Equal(c.Covers, s.Covers) }) {
				continue
			}
			k := 0
			for _, label := range s.Covers {
				k += count[label]
			}
			together = append(together, Class{Label: s.Label, Covers: s.Covers, Share: share(k, d.N), Published: published(refs, s.Covers)})
		}
	}
	slices.SortStableFunc(together, func(a, b Class) int { // from quick to slow
		return cmp.Compare(slices.Index(buckets, a.Covers[0]), slices.Index(buckets, b.Covers[0]))
	})
	d.Classes = append(d.Classes, together...)
	for _, a := range []Apart{
		{"The window is still open", pending, asked, "enquiries"},
		{"Could not be tested", untested, asked, "enquiries"},
		{"No class was recorded", unknown, asked, "enquiries"},
		{"No mail address to write to", noAddress, len(b.sites), "sites"},
	} {
		if a.K > 0 {
			a.Label, a.Of = b.say(a.Label), b.say(a.Of)
			d.Apart = append(d.Apart, a)
		}
	}
	return d
}

// references words published figures in the report's language.
func (b *builder) references(refs []Reference) []Reference {
	for i, r := range refs {
		r.Topic, r.Short, r.Of = b.say(r.Topic), b.say(r.Short), b.say(r.Of)
		r.Figure, r.Source, r.Definition = b.say(r.Figure), b.say(r.Source), b.say(r.Definition)
		refs[i] = r
	}
	return refs
}

// published finds the figures for exactly these classes.
func published(refs []Reference, covers []string) []Published {
	var out []Published
	for _, r := range refs {
		for _, s := range r.Shares {
			if slices.Equal(s.Covers, covers) {
				out = append(out, Published{r.ID, r.Short, s.Share, r.N, r.Of})
			}
		}
	}
	return out
}

func (b *builder) criteria(parts []SitePart) []CriterionRow {
	rows := []CriterionRow{}
	for _, cat := range b.in.Result.Scorecard.Categories {
		for _, w := range cat.Criteria {
			c := b.criterion(w.ID)
			row := CriterionRow{
				ID: c.ID, Title: b.say(c.Title), Why: b.say(c.Why), Source: b.say(c.Source), Curve: b.say(c.Curve), Reads: c.Scopes(),
				Needs: append([]string{}, c.Needs...), Unit: c.Unit, Category: b.say(cat.Title), Weight: w.Weight, Because: b.say(strings.TrimSpace(w.Because)),
				Dots: []Dot{},
			}
			for _, p := range parts {
				if m, ok := p.mark(cat.ID, w.ID); ok {
					row.Dots = append(row.Dots, Dot{p.ID, p.Name, p.Verdict.Number, m.State, 100 * m.Score, m.Shown, m.N, m.Reason})
				}
			}
			rows = append(rows, row)
		}
	}
	return rows
}

func (p SitePart) mark(category, criterion string) (scoring.Mark, bool) {
	for _, c := range p.Categories {
		for _, m := range c.Marks {
			if c.ID == category && m.Criterion == criterion {
				return m, true
			}
		}
	}
	return scoring.Mark{}, false
}

// headline gives the first sentences: grades, answers, what is still open.
func (b *builder) headline(r *Report) []string {
	var out []string
	var grades []string
	for _, c := range r.Grades.Classes {
		if c.K > 0 {
			grades = append(grades, fmt.Sprintf("%d %s", c.K, b.say(strings.ToLower(c.Label))))
		}
	}
	switch n := r.Grades.N; {
	case len(b.sites) == 0:
		out = append(out, b.say("The panel is empty: there is nothing to judge."))
	case n == 0:
		out = append(out, b.say("None of %s could be graded; the reasons stand below.", b.count(len(b.sites), "site")))
	default:
		out = append(out, b.say("%d of %s graded: %s.", n, b.count(len(b.sites), "site"), strings.Join(grades, ", ")))
	}
	if n := r.Answers.N; n > 0 {
		k := map[string]int{}
		for _, c := range r.Answers.Classes {
			if len(c.Covers) == 0 {
				k[c.Label] = c.K
			}
		}
		said := b.say("A person answered %d of %s by mail; %d got no answer, %d came back undelivered.",
			n-k[bucketNever]-k[bucketBounced]-k[bucketNone], b.count(n, "enquiry"), k[bucketNever], k[bucketBounced])
		if none := k[bucketNone]; none > 0 {
			said = strings.TrimSuffix(said, ".") + b.say(", %d found no way to write.", none)
		}
		out = append(out, said)
	}
	open := 0
	for _, o := range r.Method.Outcomes {
		if o.Outcome == evidence.Pending {
			open = o.K
		}
	}
	if open > 0 {
		out = append(out, b.say("%d of %s not ended yet: these figures are not final.", open, b.count(r.Method.ProbesAsked, "probe")))
	}
	return out
}

// limits say what the figures can't carry.
func (b *builder) limits() []string {
	list := []string{
		"A mystery shopper sees a few moments of a service. A probe shows what one customer met on one day, not what all customers meet.",
		"Whether a mail is a person's answer is read by rules from its headers and words; the rule that decided stands beside each mail. A person who writes like a machine, or a machine that writes like a person, may be misread.",
		"Whether an answer is right, kind or complete was not judged.",
		"Visits come from one place, with one browser, and follow a script or a search of our own: a person may find a shorter way, or none.",
		"Published figures come from other years, panels and questions. They give a scale, not a comparison.",
		"Weights and curves are judgements. They stand in the appendix with their reasons, and another scorecard may be used on the same evidence.",
	}
	for i, l := range list {
		list[i] = b.say(l)
	}
	return list
}

const reply = "A site that is named here should be sent its own part before others read the whole, with time to answer; what it answers belongs beside the figures. Each figure leads to its proof: the mails, pictures and network logs named in the site's part, by their SHA-256."

func share(k, n int) Share {
	s := Share{K: k, N: n}
	if n > 0 {
		iv := stat.Wilson(k, n, level)
		s.Interval = &iv
	}
	return s
}

func hashed(card scoring.Scorecard) (Scorecard, error) {
	text, err := json.Marshal(card)
	if err != nil {
		return Scorecard{}, fmt.Errorf("scorecard %s: %w", card.ID, err)
	}
	sum := sha256.Sum256(text)
	return Scorecard{card, hex.EncodeToString(sum[:])}, nil
}

// cut shortens s to n characters, and says so by an ellipsis.
func cut(s string, n int) string {
	s = flatten(s)
	if len(s) <= n {
		return s
	}
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

// flatten leaves at most four marks on a letter: no language needs more, and a
// heap of them can't be broken into lines.
func flatten(s string) string {
	heap := 0
	drop := func(r rune) rune {
		if !unicode.Is(unicode.Mn, r) && !unicode.Is(unicode.Me, r) {
			heap = 0
			return r
		}
		if heap++; heap > 4 {
			return -1
		}
		return r
	}
	return strings.Map(drop, s)
}

// plural words a count: "1 site", "3 enquiries".
func plural(n int, noun string) string {
	if n != 1 {
		if stem, ok := strings.CutSuffix(noun, "y"); ok {
			noun = stem + "ies"
		} else {
			noun += "s"
		}
	}
	return fmt.Sprintf("%d %s", n, noun)
}
