package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"touchstone/internal/db"
	"touchstone/internal/evidence"
	"touchstone/internal/fieldwork"
	jury "touchstone/internal/judge"
	"touchstone/internal/reading"
	"touchstone/probes/mail"
	"touchstone/reports"
	"touchstone/scenarios"
	"touchstone/scoring"
)

// confidence is the level of every interval that the review gives.
const confidence = 0.95

// classes lists what a mail may be corrected to.
var classes = []string{
	string(reading.Bounce), string(reading.Notice), string(reading.Acknowledgement), string(reading.OutOfOffice),
	string(reading.Order), string(reading.Human), string(reading.Bulk), string(reading.Bot), string(reading.Delay),
	string(reading.Challenge), string(reading.Closed), string(reading.Survey),
}

func (a *app) review() *cobra.Command {
	var list, all, asJSON bool
	var accept, set []string
	var wave, by, why string
	c := &cobra.Command{
		Use:   "review [WAVE] [--list] | review --accept PROBE | review --set ITEM=VALUE PROBE[/STEP]",
		Short: "Look at what the reader made of the mails, and correct it",
		Long: `Review lists what is worth a person's look, the most doubtful first, and keeps
what a reviewer says of it. PROBE is SITE/SCENARIO, SITE/SCENARIO/REPEAT or
WAVE/SITE/SCENARIO/REPEAT; a reply of it is PROBE/reply-1.

  touchstone review --list
  touchstone review show kettle/order-status
  touchstone review --accept kettle/order-status --by R1
  touchstone review --set class=human kettle/order-status/reply-1 --by R1 --why "signed, and it answers"

ITEM is outcome; class or question-1, question-2 … of a reply; or any fact that
the probe may record. A value of none takes a fact away. What depends on a class
or an answer follows. The reader's own words stay beside the correction, and a
later correction of the same item supersedes an earlier one.`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case len(accept) > 0 && len(set) > 0:
				return usage("--accept and --set: one at a time")
			case list && len(accept)+len(set) > 0:
				return usage("--list only lists: leave it away, or --accept and --set")
			case len(accept)+len(set) > 0 && strings.TrimSpace(by) == "":
				return usage("--by: say who reviews, since it stands beside the correction")
			case len(set) > 0 && strings.TrimSpace(why) == "":
				return usage("--why: say why, for whoever reads the report")
			case len(set) > 0 && len(args) != 1:
				return usage("--set wants one PROBE, or one reply of it, like kettle/order-status/reply-1")
			case len(accept) > 0 && len(args) > 0:
				return usage("--accept %s: and what is %q? A probe is named after --accept, each after one of its own", accept[0], args[0])
			case len(accept)+len(set) == 0 && len(args) > 1:
				return usage("one WAVE at a time")
			}
			if len(accept)+len(set) == 0 {
				return a.reading(cmd.Context(), func(p *scenarios.Project, d *db.DB) error {
					if len(args) == 0 && wave != "" {
						args = []string{wave}
					}
					w, err := waveOf(cmd.Context(), d, args)
					if err != nil {
						return err
					}
					found, err := suspects(cmd.Context(), d, p, w, all)
					if err != nil {
						return err
					}
					if asJSON {
						return a.printJSON(map[string]any{"wave": w.ID, "items": found})
					}
					return showSuspects(a.stdout, w.ID, found)
				})
			}
			return a.owning(cmd.Context(), func(p *scenarios.Project, d *db.DB) error {
				said := reviewer{d: d, p: p, by: strings.TrimSpace(by), why: strings.TrimSpace(why), at: time.Now()}
				for _, name := range append(accept, args...) {
					t, err := said.find(cmd.Context(), wave, name)
					if err != nil {
						return err
					}
					var words []evidence.Adjudication
					if len(set) > 0 {
						words, err = said.corrections(t, set)
					} else {
						words, err = said.acceptance(t)
					}
					if err != nil {
						return err
					}
					r := fieldwork.Reader{DB: d, Kinds: byName(kinds(nil))}
					got, err := r.Adjudicate(cmd.Context(), t.obs.Probe, words)
					if err != nil {
						return err
					}
					if err := showWords(a.stdout, t.obs.Probe, words, got); err != nil {
						return err
					}
				}
				return nil
			})
		},
	}
	f := c.Flags()
	f.BoolVar(&list, "list", false, "list what is worth a look (the default)")
	f.BoolVar(&all, "all", false, "list what was reviewed already, too")
	f.StringArrayVar(&accept, "accept", nil, "say that the reading of this probe, or of one reply, is right")
	f.StringArrayVar(&set, "set", nil, "say what is right: ITEM=VALUE, as often as needed")
	f.StringVar(&by, "by", "", "who says so")
	f.StringVar(&why, "why", "", "why")
	f.StringVar(&wave, "wave", "", "the wave (default: the newest that has begun)")
	f.BoolVar(&asJSON, "json", false, "print the list as JSON")
	c.AddCommand(a.reviewShow())
	return c
}

// A target is what a reviewer names: a probe with its present reading, and
// perhaps one step of it.
type target struct {
	wave      *fieldwork.Wave
	obs       evidence.Observation // as the reader left it
	corrected evidence.Observation // with all corrections
	step      string
	said      []evidence.Adjudication // of the wave
	questions []mail.Question
}

// A reviewer says what is right.
type reviewer struct {
	d       *db.DB
	p       *scenarios.Project
	by, why string
	at      time.Time
}

// find reads "site/scenario", with a wave before it and a repeat and a step
// after it where they are given.
func (r *reviewer) find(ctx context.Context, wave, name string) (*target, error) {
	parts := strings.Split(strings.Trim(name, "/"), "/")
	w, err := lastWave(ctx, r.d, wave)
	if err != nil {
		return nil, err
	}
	isSite := func(id string) bool {
		return slices.ContainsFunc(w.Plan.Sites, func(s fieldwork.PlannedSite) bool { return s.ID == id })
	}
	if !isSite(parts[0]) && len(parts) > 2 {
		if other, err := fieldwork.LoadWave(ctx, r.d, parts[0]); err == nil {
			w, parts = other, parts[1:]
		}
	}
	var sites []string
	for i := range w.Plan.Sites {
		sites = append(sites, w.Plan.Sites[i].ID)
	}
	if !isSite(parts[0]) {
		return nil, usage("%s: wave %s has no site %q%s", name, w.ID, parts[0], scenarios.Hint(parts[0], sites))
	}
	if len(parts) < 2 {
		return nil, usage("%s: name a scenario too, like %s/SCENARIO", name, parts[0])
	}
	id := evidence.ProbeID{Wave: w.ID, Site: parts[0], Scenario: parts[1], Repeat: 1}
	rest := parts[2:]
	if len(rest) > 0 {
		if n, err := strconv.Atoi(rest[0]); err == nil {
			id.Repeat, rest = n, rest[1:]
		}
	}
	t := &target{wave: w, step: strings.Join(rest, "/")}
	var known []string
	found := false
	for o, err := range w.Observations(ctx, r.d, r.d.Evidence(r.p.Evidence)) {
		if err != nil {
			return nil, err
		}
		if o.Probe == id {
			t.obs, found = o, true
		}
		if o.Probe.Site == id.Site && !slices.Contains(known, o.Probe.Scenario) {
			known = append(known, o.Probe.Scenario)
		}
	}
	switch {
	case !found && slices.Contains(known, id.Scenario):
		return nil, usage("%s: it was not asked a %s time", name, ordinal(id.Repeat))
	case !found:
		return nil, usage("%s: no scenario %q was tried at %s%s", name, id.Scenario, id.Site, scenarios.Hint(id.Scenario, known))
	case t.obs.Outcome == evidence.Pending || t.obs.Reading == "":
		return nil, usage("%s has not ended: there is nothing to review yet", id)
	}
	if t.step != "" {
		var steps []string
		for _, f := range t.obs.Facts {
			if f.Step != "" && !slices.Contains(steps, f.Step) {
				steps = append(steps, f.Step)
			}
		}
		if !slices.Contains(steps, t.step) {
			return nil, usage("%s: the probe has no step %q%s", name, t.step, scenarios.Hint(t.step, steps))
		}
	}
	if t.said, err = r.d.Adjudications(ctx, w.ID); err != nil {
		return nil, err
	}
	t.corrected = evidence.Correct(t.obs, t.said)
	t.questions, err = questionsOf(ctx, r.d, &t.obs)
	return t, err
}

func ordinal(n int) string {
	if n == 2 {
		return "second"
	}
	return fmt.Sprintf("%d.", n)
}

// questionsOf gives what a probe's letters ask, as far as they were sent.
func questionsOf(ctx context.Context, d *db.DB, o *evidence.Observation) ([]mail.Question, error) {
	row, err := fieldwork.PlannedRow(ctx, d, o.Probe)
	if errors.Is(err, db.ErrNoRows) {
		return nil, nil // observed elsewhere
	}
	if err != nil {
		return nil, err
	}
	k, ok := byName(kinds(nil))[row.Kind]
	if !ok {
		return nil, nil
	}
	v, err := k.Decode(row.Params)
	p, ok := v.(*mail.Params)
	if !ok || err != nil {
		return nil, nil
	}
	asked := slices.Clone(p.Questions)
	for place, further := range p.Then {
		if _, sent := factAt(o, "mail.follows", fmt.Sprintf("letter-%d", place+2)); sent {
			asked = append(asked, further.Questions...)
		}
	}
	return asked, nil
}

// stepValue gives a step's text of a fact, or "".
func factAt(o *evidence.Observation, name, step string) (evidence.Fact, bool) {
	for _, f := range o.Facts {
		if f.Name == name && f.Step == step {
			return f, true
		}
	}
	return evidence.Fact{}, false
}

// replies lists the steps that are mails to us.
func replies(o *evidence.Observation) []string {
	var steps []string
	for _, f := range o.Facts {
		if f.Name == "mail.class" && f.Step != "" {
			steps = append(steps, f.Step)
		}
	}
	return steps
}

// thread gives the steps of a probe's mails, ours as well, by time.
func thread(o *evidence.Observation) []string {
	after := map[string]float64{}
	steps := []string{}
	for _, f := range o.Facts {
		switch f.Name {
		case "mail.text":
			steps = append(steps, f.Step)
		case "mail.after":
			after[f.Step] = f.Number
		}
	}
	slices.SortStableFunc(steps, func(a, b string) int { return cmp.Compare(after[a], after[b]) })
	return steps
}

// item begins what is said of one item, with what the reader said of it by
// itself: an earlier word on it remembers that, once it was corrected.
func (r *reviewer) item(t *target, step, item string) evidence.Adjudication {
	o := &t.obs
	a := evidence.Adjudication{Probe: o.Probe, Reading: o.Reading, Step: step, Item: item, By: r.by, At: r.at, Why: r.why, Machine: evidence.NoValue}
	if step != "" {
		a.Mail = o.Evidence[step+".eml"]
	}
	switch a.Group() {
	case "outcome":
		a.Machine = string(o.Outcome)
	case "class":
		if f, ok := factAt(o, "mail.class", step); ok {
			a.Machine = f.Text
		}
	case "answer":
		n, _ := strconv.Atoi(strings.TrimPrefix(item, evidence.ItemQuestion))
		if f, ok := factAt(o, "mail.text", step); ok && n >= 1 && n <= len(t.questions) {
			a.Machine = t.questions[n-1].Answered(f.Text)
		}
	default:
		if f, ok := factAt(o, item, step); ok {
			a.Machine = f.Value()
		}
	}
	a.Value = a.Machine
	for _, before := range evidence.Standing(t.said) {
		if before.Key() == a.Key() {
			if before.Corrects() && a.Group() == "class" {
				a.Machine = before.Machine // the present reading was made with the correction
			}
			a.Value = before.Value
		}
	}
	return a
}

// acceptance says that what stands is right: of one reply, or of the outcome
// and every reply.
func (r *reviewer) acceptance(t *target) ([]evidence.Adjudication, error) {
	var words []evidence.Adjudication
	steps := replies(&t.obs)
	if t.step != "" {
		if !slices.Contains(steps, t.step) {
			return nil, usage("%s is no reply: accept the probe as a whole", t.step)
		}
		steps = []string{t.step}
	} else {
		words = append(words, r.item(t, "", evidence.ItemOutcome))
	}
	for _, s := range steps {
		class := r.item(t, s, evidence.ItemClass)
		words = append(words, class)
		if class.Value != string(reading.Human) {
			continue
		}
		for n := range t.questions {
			words = append(words, r.item(t, s, fmt.Sprint(evidence.ItemQuestion, n+1)))
		}
	}
	return words, nil
}

// corrections reads the --set flags.
func (r *reviewer) corrections(t *target, set []string) ([]evidence.Adjudication, error) {
	var words []evidence.Adjudication
	for _, s := range set {
		item, value, ok := strings.Cut(s, "=")
		if !ok || item == "" || value == "" {
			return nil, usage("--set %s: write ITEM=VALUE, like class=human", s)
		}
		if item == "mail.class" {
			item = evidence.ItemClass
		}
		a := r.item(t, t.step, item)
		var err error
		switch a.Group() {
		case "outcome":
			a, err = r.outcome(t, value)
		case "class":
			err = oneOf(s, value, classes)
		case "answer":
			n, e := strconv.Atoi(strings.TrimPrefix(item, evidence.ItemQuestion))
			if e != nil || n < 1 || n > len(t.questions) {
				return nil, usage("--set %s: the letter asks %s, numbered from 1", s, count(len(t.questions), "question"))
			}
			var known []string
			for _, v := range jury.Answers {
				known = append(known, string(v))
			}
			err = oneOf(s, value, known)
		default:
			if value, a.Unit, err = r.fact(t, item, value); err != nil {
				err = usage("--set %s: %w", s, err)
			}
		}
		if err != nil {
			return nil, err
		}
		if g := a.Group(); (g == "class" || g == "answer") && (a.Mail == "" || !slices.Contains(replies(&t.obs), t.step)) {
			return nil, usage("--set %s: say of which reply, like %s/%s/%d/reply-1", s, t.obs.Probe.Site, t.obs.Probe.Scenario, t.obs.Probe.Repeat)
		}
		a.Value = value
		words = append(words, a)
	}
	return words, nil
}

func (r *reviewer) outcome(t *target, value string) (evidence.Adjudication, error) {
	var known []string
	for _, o := range evidence.Outcomes {
		if o != evidence.Pending {
			known = append(known, string(o))
		}
	}
	if t.step != "" {
		return evidence.Adjudication{}, usage("--set outcome=%s: an outcome is the whole probe's, not that of %s", value, t.step)
	}
	return r.item(t, "", evidence.ItemOutcome), oneOf("outcome="+value, value, known)
}

func oneOf(set, value string, known []string) error {
	if !slices.Contains(known, value) {
		return usage("--set %s: %q is none%s", set, value, scenarios.Hint(value, known))
	}
	return nil
}

// fact checks a fact's name and value by the kind, and gives the value in its
// one form.
func (r *reviewer) fact(t *target, name, value string) (string, evidence.Unit, error) {
	k := byName(kinds(nil))[t.obs.Kind]
	names := []string{evidence.ItemOutcome, evidence.ItemClass}
	for _, def := range k.Facts {
		names = append(names, def.Name)
		if def.Name != name {
			continue
		}
		if value == evidence.NoValue {
			return value, def.Unit, nil
		}
		f, err := evidence.ParseFact(def, value)
		return f.Value(), def.Unit, err
	}
	return "", "", fmt.Errorf("a %s probe records no %q%s", t.obs.Kind, name, scenarios.Hint(name, names))
}

// showWords prints what was kept, and what followed from it.
func showWords(out io.Writer, p evidence.ProbeID, words []evidence.Adjudication, got *fieldwork.Rereading) error {
	for _, w := range words {
		at := p.String()
		if w.Step != "" {
			at += "/" + w.Step
		}
		said := "accepted: " + brief(w.Value)
		if w.Corrects() {
			said = brief(w.Machine) + " → " + brief(w.Value)
		}
		fmt.Fprintf(out, "%s: %s %s (by %s)\n", at, w.Item, said, printable(w.By))
	}
	if got == nil || got.State != fieldwork.Read {
		return nil
	}
	fmt.Fprintf(out, "Read again with it, as %s:\n", got.After)
	for _, c := range got.Changes {
		if c.Name != "mail.rule" {
			fmt.Fprintf(out, "  %s: %s → %s\n", strings.TrimSpace(c.Name+" "+c.Step), brief(c.Old), brief(c.New))
		}
	}
	return nil
}

func (a *app) reviewShow() *cobra.Command {
	var wave string
	asJSON := false
	c := &cobra.Command{
		Use:   "show PROBE",
		Short: "Show one probe's thread, what was read of it, and what was said of that",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.reading(cmd.Context(), func(p *scenarios.Project, d *db.DB) error {
				r := reviewer{d: d, p: p}
				t, err := r.find(cmd.Context(), wave, args[0])
				if err != nil {
					return err
				}
				judged, err := judgements(cmd.Context(), d, t.wave.ID)
				if err != nil {
					return err
				}
				about := func(ref evidence.Ref) (out []jury.Judgement) {
					for _, j := range judged {
						if j.Mail == ref {
							out = append(out, j)
						}
					}
					return out
				}
				said := []evidence.Adjudication{}
				for _, w := range t.said {
					if w.Probe == t.obs.Probe {
						said = append(said, w)
					}
				}
				if asJSON {
					var all []jury.Judgement
					for _, s := range replies(&t.obs) {
						all = append(all, about(t.obs.Evidence[s+".eml"])...)
					}
					return a.printJSON(map[string]any{"reading": t.obs, "corrected": t.corrected, "adjudications": said, "judgements": all})
				}
				return showTarget(a.stdout, t, said, about)
			})
		},
	}
	c.Flags().StringVar(&wave, "wave", "", "the wave (default: the newest that has begun)")
	c.Flags().BoolVar(&asJSON, "json", false, "print it as JSON")
	return c
}

func showTarget(out io.Writer, t *target, said []evidence.Adjudication, about func(evidence.Ref) []jury.Judgement) error {
	o := &t.obs
	fmt.Fprintf(out, "%s: %s", o.Probe, o.Outcome)
	if t.corrected.Outcome != o.Outcome {
		fmt.Fprintf(out, " → %s by a reviewer", t.corrected.Outcome)
	}
	fmt.Fprintf(out, " (reading %s)\n", o.Reading)
	if o.Reason != "" {
		fmt.Fprintln(out, printable(o.Reason))
	}
	for _, step := range thread(o) {
		text, ok := factAt(o, "mail.text", step)
		if !ok {
			continue
		}
		fmt.Fprintf(out, "\n%s", step)
		if f, ok := factAt(o, "mail.class", step); ok {
			rule, _ := factAt(o, "mail.rule", step)
			fmt.Fprintf(out, ": %s (%s)", f.Text, printable(rule.Text))
		}
		fmt.Fprintln(out)
		for line := range strings.Lines(text.Text) {
			fmt.Fprintln(out, "  "+printable(strings.TrimRight(line, "\r\n")))
		}
		for n, q := range t.questions {
			if !strings.HasPrefix(step, "letter") {
				fmt.Fprintf(out, "  question-%d, %s: %s by the reader\n", n+1, printable(q.Ask), q.Answered(text.Text))
			}
		}
		for _, j := range about(o.Evidence[step+".eml"]) {
			fmt.Fprintf(out, "  judge %s of %q: %s\n", printable(j.Model), brief(j.Ask), printable(first(string(j.Answer)+" “"+brief(j.Span)+"”: "+j.Reason, j.Unusable)))
		}
	}
	t2 := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(t2)
	for _, f := range t.corrected.Facts {
		if f.Step == "" {
			fmt.Fprintf(t2, "%s\t%s\t%s\n", f.Name, brief(f.Value()), f.Unit)
		}
	}
	for _, w := range said {
		fmt.Fprintf(t2, "\n%s %s said %s of %s %s (reading %s: %s) %s\n", minute(w.At), printable(w.By), brief(w.Value), w.Item, w.Step, w.Reading, brief(w.Machine), printable(w.Why))
	}
	return t2.Flush()
}

// judgements decodes what judge models answered about a wave's mails.
func judgements(ctx context.Context, d *db.DB, wave string) ([]jury.Judgement, error) {
	bodies, err := d.Judgements(ctx, wave)
	if err != nil {
		return nil, err
	}
	return decodeJudgements(bodies)
}

// A suspect is one item that is worth a person's look.
type suspect struct {
	Probe  evidence.ProbeID `json:"probe"`
	Step   string           `json:"step,omitempty"`
	Item   string           `json:"item"`
	Value  string           `json:"value"`
	Why    []string         `json:"why"`
	Doubt  float64          `json:"doubt"` // 0 to 1, the strongest of the reasons'
	Review string           `json:"reviewed_by,omitempty"`
}

// suspects gathers what is doubtful in a wave, the most doubtful first.
func suspects(ctx context.Context, d *db.DB, p *scenarios.Project, w *fieldwork.Wave, reviewed bool) ([]suspect, error) {
	said, err := d.Adjudications(ctx, w.ID)
	if err != nil {
		return nil, err
	}
	judged, err := judgements(ctx, d, w.ID)
	if err != nil {
		return nil, err
	}
	items := map[evidence.AdjudicatedItem]*suspect{}
	var order []*suspect
	words := map[string][]reply{} // of each site
	var obs []evidence.Observation
	for o, err := range w.Observations(ctx, d, d.Evidence(p.Evidence)) {
		if err != nil {
			return nil, err
		}
		obs = append(obs, o)
		for _, step := range replies(&o) {
			text, _ := factAt(&o, "mail.text", step)
			words[o.Probe.Site] = append(words[o.Probe.Site], reply{o.Probe.Scenario, text.Text})
		}
	}
	for i := range obs {
		o := &obs[i]
		if o.Outcome == evidence.Pending || o.Reading == "" {
			continue
		}
		doubt := func(step, item, value, why string, by float64) {
			a := evidence.Adjudication{Probe: o.Probe, Step: step, Item: item}
			if step != "" {
				a.Mail = o.Evidence[step+".eml"]
			}
			s := items[a.Key()]
			if s == nil {
				s = &suspect{Probe: o.Probe, Step: step, Item: item, Value: value}
				items[a.Key()] = s
				order = append(order, s)
			}
			s.Why, s.Doubt = append(s.Why, why), max(s.Doubt, by)
		}
		if err := doubts(ctx, d, w, o, words, judged, doubt); err != nil {
			return nil, err
		}
	}
	for _, a := range evidence.Standing(said) {
		if s := items[a.Key()]; s != nil {
			s.Review = a.By
		}
	}
	out := []suspect{}
	for _, s := range order {
		if s.Review == "" || reviewed {
			out = append(out, *s)
		}
	}
	slices.SortStableFunc(out, func(x, y suspect) int { return cmp.Compare(y.Doubt, x.Doubt) })
	return out, nil
}

// A reply is what a site wrote, and to which scenario.
type reply struct{ scenario, text string }

// recycled reports whether a site answered another scenario in the same words.
func recycled(text, scenario string, replies []reply) bool {
	var others []string
	for _, r := range replies {
		if r.scenario != scenario {
			others = append(others, r.text)
		}
	}
	return reading.Recycled(text, others)
}

// doubts names what is doubtful about one probe.
func doubts(ctx context.Context, d *db.DB, w *fieldwork.Wave, o *evidence.Observation, words map[string][]reply, judged []jury.Judgement, doubt func(step, item, value, why string, by float64)) error {
	questions, err := questionsOf(ctx, d, o)
	if err != nil {
		return err
	}
	for _, step := range replies(o) {
		class, _ := factAt(o, "mail.class", step)
		text, _ := factAt(o, "mail.text", step)
		after, _ := factAt(o, "mail.after", step)
		human := class.Text == string(reading.Human)
		if f, ok := factAt(o, "mail.confidence", step); ok && f.Number < 0.8 {
			doubt(step, evidence.ItemClass, class.Text, fmt.Sprintf("the reader is sure of it by %.2f only", f.Number), 1-f.Number)
		}
		if human && after.Number < 120 {
			doubt(step, evidence.ItemClass, class.Text, fmt.Sprintf("a person's answer after %.0f s", after.Number), 0.7)
		}
		if human && recycled(text.Text, o.Probe.Scenario, words[o.Probe.Site]) {
			doubt(step, evidence.ItemClass, class.Text, "the same words came in answer to another letter", 0.6)
		}
		answers := 0
		for n, q := range questions {
			machine := q.Answered(text.Text)
			if machine == mail.Answered {
				answers++
			}
			for _, j := range judged {
				if j.Mail != o.Evidence[step+".eml"] || j.Ask != q.Ask {
					continue
				}
				item := fmt.Sprint(evidence.ItemQuestion, n+1)
				switch {
				case j.Instructs != "":
					doubt(step, item, machine, "it speaks to the judge: "+brief(j.Instructs), 0.95)
				case j.Answer != "" && (j.Answer == jury.Answered) != (machine == mail.Answered):
					doubt(step, item, machine, "the judge "+j.Model+" says "+string(j.Answer), 0.8)
				}
			}
		}
		if !human && answers > 0 && class.Text != string(reading.Bulk) {
			doubt(step, evidence.ItemClass, class.Text, "no person's, yet it answers what was asked", 0.75)
		}
		if human && len(questions) > 0 && answers == 0 {
			doubt(step, evidence.ItemQuestion+"1", mail.NotAnswered, "a person's answer that answers no question", 0.5)
		}
	}
	for _, f := range o.Facts {
		if strings.HasSuffix(f.Name, "wrong-question") && f.Number != 0 {
			doubt(f.Step, f.Name, f.Value(), "it seems to answer another question", 0.7)
		}
	}
	return d.Read(ctx, func(ctx context.Context, tx db.Tx) error {
		all, err := db.ReadingsTx(ctx, tx, o.Probe)
		if err != nil {
			return err
		}
		for _, old := range all {
			if old.Reading == o.Reading || len(replies(&old)) == 0 {
				continue
			}
			for _, step := range replies(o) {
				now, _ := factAt(o, "mail.class", step)
				before, ok := factAt(&old, "mail.class", old.StepOf(o.Evidence[step+".eml"]))
				if ok && before.Text != now.Text {
					doubt(step, evidence.ItemClass, now.Text, "reading "+old.Reading+" said "+before.Text, 0.9)
				}
			}
			if old.Outcome != o.Outcome {
				doubt("", evidence.ItemOutcome, string(o.Outcome), "reading "+old.Reading+" said "+string(old.Outcome), 0.85)
			}
		}
		return nil
	})
}

func showSuspects(out io.Writer, wave string, found []suspect) error {
	if len(found) == 0 {
		_, err := fmt.Fprintf(out, "Wave %s: nothing is doubtful that was not reviewed.\n", wave)
		return err
	}
	t := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	fmt.Fprint(t, "doubt\twhere\titem\tread as\twhy\n")
	for _, s := range found {
		at := s.Probe.String()
		if s.Step != "" {
			at += "/" + s.Step
		}
		why := printable(strings.Join(s.Why, "; "))
		if s.Review != "" {
			why += " (reviewed by " + printable(s.Review) + ")"
		}
		fmt.Fprintf(t, "%.2f\t%s\t%s\t%s\t%s\n", s.Doubt, at, s.Item, brief(s.Value), why)
	}
	return t.Flush()
}

// A reviewSummary is what review and judge say of a wave's reading as a whole.
type reviewSummary struct {
	Rates       []scoring.ReviewRate    `json:"error_rates,omitempty"`
	Raters      []scoring.RaterPair     `json:"raters,omitempty"`
	Judges      []judgeAgreement        `json:"judges,omitempty"`
	Corrections []evidence.Adjudication `json:"corrections,omitempty"` // that stand
}

// forReport gives what a report shows of it; nil of nothing.
func (s *reviewSummary) forReport() *reports.Review {
	if s == nil {
		return nil
	}
	out := &reports.Review{Summary: s.lines(), Corrections: []reports.Correction{}, Figures: map[string]any{"error_rates": s.Rates, "raters": s.Raters, "judges": s.Judges}}
	for _, a := range s.Corrections {
		out.Corrections = append(out.Corrections, reports.Correction{
			Probe: a.Probe, Step: a.Step, Item: a.Item, Machine: a.Machine, Value: a.Value, Reading: a.Reading, By: a.By, At: a.At, Why: a.Why,
		})
	}
	return out
}
