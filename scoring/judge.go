package scoring

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"touchstone/internal/evidence"
	"touchstone/scoring/stat"
)

// Score judges every site of the panel by the scorecard. obs are a wave's
// observations, the newest reading of each probe, with one of outcome Pending
// and no facts for each probe whose window is still open; their order does not
// matter, and observations of other sites are left out. Sites come back in the
// order given.
//
// The error names every fault of the input at once: a scorecard that asks for
// unknown criteria or weighs by nothing, ids that stand twice, observations of
// another wave. A fault of one criterion is no error: its mark is not measured
// and says why.
func Score(wave string, card Scorecard, criteria []Criterion, sites []string, obs []evidence.Observation) (Result, error) {
	known, err := index(criteria)
	if err := errors.Join(err, checkCard(card, known), checkInput(wave, sites, obs)); err != nil {
		return Result{}, err
	}
	bySite := map[string][]evidence.Observation{}
	for _, o := range obs {
		bySite[o.Probe.Site] = append(bySite[o.Probe.Site], o)
	}
	r := Result{Wave: wave, Scorecard: card}
	for _, site := range sites {
		of := bySite[site]
		slices.SortFunc(of, func(a, b evidence.Observation) int { return a.Probe.Compare(b.Probe) })
		r.Sites = append(r.Sites, scoreSite(site, card, known, of))
	}
	return r, nil
}

func scoreSite(site string, card Scorecard, known map[string]Criterion, obs []evidence.Observation) SiteScore {
	s := SiteScore{Site: site}
	if obs, s = graded(s, card, obs); s.Graded != "" {
		return s
	}
	var parts []part
	for _, cat := range card.Categories {
		c := scoreCategory(site, cat, known, obs)
		s.Categories = append(s.Categories, c)
		parts = append(parts, part{c.Title, c.Weight, c.State, c.Score, c.Reason})
	}
	s.State, s.Score, s.Reason = combine(parts)
	if s.State == NotApplicable {
		s.Reason = "not measured: " + strings.Join(causes(s.Categories), "; ")
	}
	if s.State == Scored {
		s.Interval = inPoints(cardOf(card, s.Categories).Estimate(level).Interval)
		s.Grade = grade(card.Grades, s.Score)
		s.cap(card)
	}
	return s
}

// causes gives why marks have no score, each once.
func causes(cats []CategoryScore) (all []string) {
	for _, c := range cats {
		for _, m := range c.Marks {
			if !slices.Contains(all, m.Reason) {
				all = append(all, m.Reason)
			}
		}
	}
	return all
}

func scoreCategory(site string, cat Category, known map[string]Criterion, obs []evidence.Observation) CategoryScore {
	c := CategoryScore{ID: cat.ID, Title: cmp.Or(cat.Title, cat.ID), Weight: cat.Weight}
	var parts []part
	for _, w := range cat.Criteria {
		cr := known[w.ID]
		m := mark(cr, site, obs)
		c.Marks = append(c.Marks, m)
		parts = append(parts, part{cmp.Or(cr.Title, cr.ID), w.Weight, m.State, 100 * m.Score, m.Reason})
	}
	c.State, c.Score, c.Reason = combine(parts)
	return c
}

// mark is the one normaliser: what there is to judge decides the state before
// the criterion is asked, and what it answers is checked before it counts. So
// a criterion never handles missing, pending or broken probes, and none can
// bring the judgement down.
func mark(c Criterion, site string, obs []evidence.Observation) Mark {
	m := Mark{Criterion: c.ID, Site: site, Unit: c.Unit}
	var facts Facts
	var open, untested []evidence.Observation
	asked := 0
	for _, o := range obs {
		if !c.reads(o) {
			continue
		}
		asked++
		switch {
		case o.Outcome.Testable():
			facts.Cases = append(facts.Cases, shown(o, c.Needs))
			m.Probes = append(m.Probes, o.Probe)
		case o.Outcome == evidence.Pending:
			open = append(open, o)
		default:
			untested = append(untested, o)
		}
	}
	var gaps []string
	if len(open) > 0 {
		gaps = append(gaps, fmt.Sprintf("%d of %s still open", len(open), plural(asked, "probe")))
	}
	if len(untested) > 0 {
		gaps = append(gaps, fmt.Sprintf("%d of %s could not be tested (%s)", len(untested), plural(asked, "probe"), tally(untested)))
	}
	switch {
	case asked == 0:
		m.State, m.Reason = NotApplicable, "this wave tried no "+scopes(c)+" here"
		return m
	case len(facts.Cases) == 0 && len(open) > 0:
		// Though others of its probes may be lost, the open ones can still give a mark.
		m.State, m.Reason = Waiting, strings.Join(gaps, "; ")
		return m
	case len(facts.Cases) == 0:
		m.State, m.Reason = NotMeasured, strings.Join(gaps, "; ")
		return m
	}
	judged, err := judge(c, facts)
	if err != nil {
		m.State, m.N, m.Reason, m.Warnings = NotMeasured, len(facts.Cases), err.Error(), gaps
		return m
	}
	judged.Criterion, judged.Site, judged.Probes = m.Criterion, m.Site, m.Probes
	judged.Unit = cmp.Or(judged.Unit, m.Unit)
	judged.State = cmp.Or(judged.State, Scored)
	judged.N = cmp.Or(judged.N, len(facts.Cases))
	judged.Warnings = slices.Concat(gaps, judged.Warnings)
	if judged.State != Scored {
		judged.Score = 0
	} else if judged.Interval == nil && judged.N < enough {
		judged.Warnings = append(judged.Warnings, fmt.Sprintf("n = %d: too few for an interval", judged.N))
	}
	return judged
}

// scopes words what a criterion reads: "checkout by web, order by form".
func scopes(c Criterion) string {
	var words []string
	for _, s := range c.Scopes() {
		words = append(words, s.String())
	}
	return strings.Join(words, ", ")
}

// enough is the number of probes from which any mark may carry an interval;
// shares have Wilson's at any number.
const enough = max(stat.FewestForMean, stat.FewestForMedian)

// shown gives what a criterion may see of an observation.
func shown(o evidence.Observation, needs []string) Case {
	c := Case{Probe: o.Probe, Task: o.Task, Start: o.Start, Outcome: o.Outcome, Brought: strings.HasPrefix(o.Reading, brought)}
	for _, f := range o.Facts {
		if slices.Contains(needs, f.Name) {
			c.facts = append(c.facts, f)
		}
	}
	return c
}

// judge asks the criterion and refuses an answer that can't be true, a panic
// included: one faulty criterion must withhold its own mark, not end the run.
func judge(c Criterion, f Facts) (m Mark, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("criterion %s panicked: %v", c.ID, p)
		}
	}()
	m = c.Judge(f)
	const slack = 1e-9 // a mean of numbers in [0,1] may leave it by rounding
	finite := func(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
	switch {
	case m.State != "" && m.State != Scored && m.State != NotApplicable && m.State != NotMeasured:
		return m, fmt.Errorf("criterion %s gave the state %q", c.ID, m.State)
	case m.State != "" && m.State != Scored && m.Reason == "":
		return m, fmt.Errorf("criterion %s gave the state %q and no reason", c.ID, m.State)
	case !finite(m.Score) || m.Score < -slack || m.Score > 1+slack:
		return m, fmt.Errorf("criterion %s gave the score %v, which is not within 0 and 1", c.ID, m.Score)
	case !finite(m.Value):
		return m, fmt.Errorf("criterion %s gave the value %v", c.ID, m.Value)
	case m.Interval != nil && (!finite(m.Interval.Low) || !finite(m.Interval.High) || !m.Interval.Open && m.Interval.Low > m.Interval.High):
		return m, fmt.Errorf("criterion %s gave the interval %v to %v", c.ID, m.Interval.Low, m.Interval.High)
	case len(m.Each) > 0 && !(math.Abs(meanOf(scores(m.Each))-m.Score) <= slack):
		return m, fmt.Errorf("criterion %s gave the score %v, which is not the mean of what its probes scored", c.ID, m.Score)
	case m.N < 0 || m.N > len(f.Cases) || m.K < 0 || m.K > len(f.Cases):
		return m, fmt.Errorf("criterion %s counted %d of %d among %d probes", c.ID, m.K, m.N, len(f.Cases))
	}
	m.Score = min(max(m.Score, 0), 1)
	return m, nil
}

// tally says why probes could not be tested: "2 × blocked: bot wall; broken: the browser died".
func tally(obs []evidence.Observation) string {
	type cause struct {
		rank    int
		outcome evidence.Outcome
		reason  string
	}
	count := map[cause]int{}
	for _, o := range obs {
		count[cause{slices.Index(evidence.Outcomes, o.Outcome), o.Outcome, o.Reason}]++
	}
	causes := make([]cause, 0, len(count))
	for c := range count {
		causes = append(causes, c)
	}
	slices.SortFunc(causes, func(a, b cause) int {
		return cmp.Or(a.rank-b.rank, cmp.Compare(a.outcome, b.outcome), cmp.Compare(a.reason, b.reason))
	})
	words := make([]string, len(causes))
	for i, c := range causes {
		words[i] = string(c.outcome)
		if c.reason != "" {
			words[i] += ": " + c.reason
		}
		if n := count[c]; n > 1 {
			words[i] = fmt.Sprintf("%d × %s", n, words[i])
		}
	}
	return strings.Join(words, "; ")
}

// A part is what a weighted mean is made of: a mark in a category, a category
// in the total. Its score is in points of 100.
type part struct {
	title  string
	weight float64
	state  State
	score  float64
	reason string
}

// combine is the weighted mean of the parts that have a score. A part that
// could not be measured withholds it, then one that waits: a mean over what
// happened to work would reward a shop for our failures. Parts that do not
// apply drop out with their weight.
func combine(parts []part) (State, float64, string) {
	for _, s := range []State{NotMeasured, Waiting} {
		if why := reasons(parts, s); why != "" {
			return s, 0, why
		}
	}
	heaviest := 0.0
	for _, p := range parts {
		heaviest = max(heaviest, p.weight)
	}
	var sum, weights float64
	low, high := math.Inf(1), math.Inf(-1)
	for _, p := range parts {
		if p.state != Scored {
			continue
		}
		w := p.weight / heaviest // so that no weight, however large, overflows the sum
		sum, weights = sum+w*p.score, weights+w
		low, high = min(low, p.score), max(high, p.score)
	}
	if weights == 0 {
		return NotApplicable, 0, reasons(parts, NotApplicable)
	}
	return Scored, min(max(sum/weights, low), high), ""
}

// reasons says why the parts in a state have no score, naming together those
// with the same cause: "Checkout clicks, Checkout fields: 1 of 1 probe could
// not be tested (broken: the browser died)". It is empty when there are none.
func reasons(parts []part, s State) string {
	titles := map[string][]string{}
	var causes []string
	for _, p := range parts {
		if p.state != s {
			continue
		}
		if titles[p.reason] == nil {
			causes = append(causes, p.reason)
		}
		titles[p.reason] = append(titles[p.reason], p.title)
	}
	for i, c := range causes {
		causes[i] = strings.Join(titles[c], ", ") + ": " + c
	}
	return strings.Join(causes, "; ")
}

// grade gives the label that a total reaches. It takes the unrounded total, so
// 84.96 is not excellent where that starts at 85, though a report that shows
// one digit prints 85.0; the slack forgives only the rounding of the mean.
func grade(grades []Grade, points float64) string {
	const slack = 1e-9
	for _, g := range grades {
		if points >= g.Min-slack {
			return g.Label
		}
	}
	return ""
}

// index gives the criteria by id.
func index(criteria []Criterion) (map[string]Criterion, error) {
	known := make(map[string]Criterion, len(criteria))
	var errs []error
	for _, c := range criteria {
		if _, twice := known[c.ID]; twice {
			errs = append(errs, fmt.Errorf("criterion %s is defined twice", c.ID))
		}
		known[c.ID] = c
	}
	return known, errors.Join(errs...)
}

// checkCard finds what would make a scorecard's numbers meaningless.
func checkCard(card Scorecard, known map[string]Criterion) error {
	var errs []error
	wrong := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf("scorecard %s: "+format, append([]any{card.ID}, args...)...))
	}
	weigh := func(what string, w float64) {
		if !(w > 0) || math.IsInf(w, 1) {
			wrong("%s has the weight %v; give it one above 0", what, w)
		}
	}
	seen := map[string]bool{}
	once := func(what string) {
		if seen[what] {
			wrong("%s stands twice", what)
		}
		seen[what] = true
	}
	if len(card.Categories) == 0 {
		wrong("it has no category")
	}
	for _, cat := range card.Categories {
		once("category " + cat.ID)
		weigh("category "+cat.ID, cat.Weight)
		if len(cat.Criteria) == 0 {
			wrong("category %s has no criterion", cat.ID)
		}
		for _, w := range cat.Criteria {
			once("criterion " + w.ID)
			weigh("criterion "+w.ID, w.Weight)
			if _, ok := known[w.ID]; !ok {
				wrong("criterion %s is unknown", w.ID)
			}
		}
	}
	if n := len(card.Grades); n == 0 || card.Grades[n-1].Min != 0 {
		wrong("its last grade must start at 0, so that every total has one")
	}
	for i := 1; i < len(card.Grades); i++ {
		if a, b := card.Grades[i-1], card.Grades[i]; !(a.Min > b.Min) {
			wrong("grade %q starts at %v, not above %q at %v; order them best first", a.Label, a.Min, b.Label, b.Min)
		}
	}
	errs = append(errs, checkGates(card)...)
	return errors.Join(errs...)
}

// checkInput refuses what would count a probe or a site twice.
func checkInput(wave string, sites []string, obs []evidence.Observation) error {
	var errs []error
	panel := map[string]bool{}
	for _, s := range sites {
		if panel[s] {
			errs = append(errs, fmt.Errorf("site %s stands twice in the panel", s))
		}
		panel[s] = true
	}
	probes := make(map[evidence.ProbeID]bool, len(obs))
	for _, o := range obs {
		if o.Probe.Wave != wave {
			errs = append(errs, fmt.Errorf("observation %s is not of wave %s", o.Probe, wave))
		}
		if probes[o.Probe] {
			errs = append(errs, fmt.Errorf("observation %s stands twice; give only the newest reading", o.Probe))
		}
		probes[o.Probe] = true
	}
	return errors.Join(errs...)
}

// plural counts things: "1 probe", "3 probes".
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
