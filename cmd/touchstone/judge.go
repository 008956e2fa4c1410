package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"touchstone/internal/db"
	"touchstone/internal/evidence"
	"touchstone/internal/fieldwork"
	jury "touchstone/internal/judge"
	"touchstone/internal/reading"
	"touchstone/reports"
	"touchstone/scenarios"
	"touchstone/scoring"
)

func (a *app) judgeModel() *cobra.Command {
	var yes, agreement, asJSON bool
	maxCalls, maxCost := 0, 0.0
	c := &cobra.Command{
		Use:   "judge [WAVE]",
		Short: "Ask a language model whether the replies answer: optional, beside the reader",
		Long: `Judge asks the model that touchstone.yaml names under judge, for each reply by a
person and each question of its scenario, whether the reply answers it. What it
says is kept as evidence beside the deterministic reading. It changes no fact and
no score; review --list shows where the two disagree.

THE WORDS OF THE REPLIES LEAVE THIS MACHINE: without the quoted mails, with
agents' names and addresses replaced and secrets taken out. Without --yes nothing
is sent, and what would be is told.

It may be interrupted and run again: nothing is asked twice of the same model.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			open := a.owning
			if !yes || agreement {
				open = a.reading
			}
			return open(cmd.Context(), func(p *scenarios.Project, d *db.DB) error {
				w, err := waveOf(cmd.Context(), d, args)
				if err != nil {
					return err
				}
				if agreement {
					return a.judgeAgreement(cmd.Context(), d, w, p, asJSON)
				}
				cfg, err := a.judgeConfig(p, yes)
				if err != nil {
					return err
				}
				if cmd.Flags().Changed("max-calls") {
					cfg.MaxCalls = maxCalls
				}
				if cmd.Flags().Changed("max-cost") {
					if cfg.PriceIn+cfg.PriceOut == 0 {
						return usage("--max-cost: touchstone.yaml gives the judge no price-in and price-out")
					}
					cfg.MaxCost = maxCost
				}
				asks, err := a.judgeQuestions(cmd.Context(), d, p, w)
				if err != nil {
					return err
				}
				client := jury.New(cfg)
				var left []jury.Question
				most := 0.0
				for _, q := range asks {
					_, known, err := d.Judgement(cmd.Context(), client.ID(q))
					if err != nil {
						return err
					}
					if !known {
						left, most = append(left, q), most+client.MostCost(q)
					}
				}
				tellJudge(a.stderr, cfg, len(asks), left, most)
				if !yes {
					_, err := fmt.Fprintln(a.stdout, "Nothing was sent: --yes sends it.")
					return err
				}
				ctx, stop, done := interruptible(cmd.Context(), func(s string) { fmt.Fprintln(a.stderr, s) })
				defer done()
				kept, unusable, err := askAll(ctx, d, client, left, stop)
				calls, cost := client.Spent()
				if asJSON {
					if e := a.printJSON(map[string]any{"wave": w.ID, "questions": len(asks), "asked": kept, "unusable": unusable, "calls": calls, "cost": cost}); e != nil {
						return e
					}
				} else {
					fmt.Fprintf(a.stdout, "Wave %s: %s of %d judged now, %d without a usable answer; %s, cost at most %.4f.\n", w.ID, count(kept, "question"), len(asks), unusable, count(calls, "call"), cost)
				}
				if err != nil {
					return fmt.Errorf("%w\n`touchstone judge` goes on with what is left", err)
				}
				return nil
			})
		},
	}
	f := c.Flags()
	f.BoolVar(&yes, "yes", false, "send it")
	f.BoolVar(&agreement, "agreement", false, "show how far the judge agrees with the reader and with the reviewers")
	f.IntVar(&maxCalls, "max-calls", 0, "calls in this run (default: by touchstone.yaml)")
	f.Float64Var(&maxCost, "max-cost", 0, "what this run may cost (default: by touchstone.yaml)")
	f.BoolVar(&asJSON, "json", false, "print the result as JSON")
	return c
}

// judgeConfig gives whom to ask. The key is fetched only to be used.
func (a *app) judgeConfig(p *scenarios.Project, key bool) (jury.Config, error) {
	m := p.Judge
	if m == nil {
		return jury.Config{}, usage("no judge is configured: write `judge: {url: …, model: …, key: {env: …}}` in touchstone.yaml; everything else works without")
	}
	cfg := jury.Config{URL: m.URL, Model: m.Model, PriceIn: m.PriceIn, PriceOut: m.PriceOut, Temperature: m.Temperature, Timeout: m.Timeout, MaxCalls: m.MaxCalls, MaxCost: m.MaxCost}
	if key && (m.Key.Env != "" || m.Key.File != "") {
		k, err := m.Key.Resolve(a.getenv)
		if err != nil {
			return cfg, fail(exitUsage, err)
		}
		a.redactor.Add(k)
		cfg.Key = k
	}
	return cfg, nil
}

// tellJudge says loudly what leaves the machine.
func tellJudge(out io.Writer, cfg jury.Config, all int, left []jury.Question, most float64) {
	mails, bytes := map[evidence.Ref]bool{}, 0
	for _, q := range left {
		mails[q.Mail] = true
		bytes += len(q.Reply) + len(q.Ask)
	}
	host := cfg.URL
	if u, err := url.Parse(cfg.URL); err == nil {
		host = u.Host
	}
	fmt.Fprintf(out, "JUDGE: the words of %s (%d bytes with their questions, agents pseudonymised, secrets taken out) go to %s, model %s.\n", count(len(mails), "mail"), bytes, host, cfg.Model)
	fmt.Fprintf(out, "%s of %d not judged yet, at most %d calls", count(len(left), "question"), all, cfg.MaxCalls)
	if most > 0 {
		fmt.Fprintf(out, "; one call each costs at most %.4f together", most)
		if cfg.MaxCost > 0 {
			fmt.Fprintf(out, ", and no more than %.4f is spent", cfg.MaxCost)
		}
	}
	fmt.Fprintln(out, ".")
}

// judgeQuestions gathers what a model may be asked about a wave: the replies
// by persons, in the words in which they may leave.
func (a *app) judgeQuestions(ctx context.Context, d *db.DB, p *scenarios.Project, w *fieldwork.Wave) ([]jury.Question, error) {
	secrets(a, p)
	var asks []jury.Question
	bySite := map[string][]evidence.Observation{}
	for o, err := range w.Observations(ctx, d, d.Evidence(p.Evidence)) {
		if err != nil {
			return nil, err
		}
		bySite[o.Probe.Site] = append(bySite[o.Probe.Site], o)
	}
	for i := range w.Plan.Sites {
		s := &w.Plan.Sites[i]
		hide := reports.Hide(reports.Site{ID: s.ID, Name: s.Name, Email: s.Email}, bySite[s.ID])
		for _, o := range bySite[s.ID] {
			questions, err := questionsOf(ctx, d, &o)
			if err != nil {
				return nil, err
			}
			for _, step := range replies(&o) {
				class, _ := factAt(&o, "mail.class", step)
				text, ok := factAt(&o, "mail.text", step)
				ref := o.Evidence[step+".eml"]
				if class.Text != string(reading.Human) || !ok || text.Text == "" || ref == "" {
					continue
				}
				for _, q := range questions {
					asks = append(asks, jury.Question{Mail: ref, Ask: a.redactor.String(q.Ask), Reply: a.redactor.String(hide(text.Text))})
				}
			}
		}
	}
	return asks, nil
}

// secrets makes the redactor know those that this machine can tell.
func secrets(a *app, p *scenarios.Project) {
	if p.Mail == nil {
		return
	}
	for _, s := range []scenarios.Secret{p.Mail.SMTP.Password, p.Mail.IMAP.Password} {
		if v, err := s.Resolve(a.getenv); err == nil {
			a.redactor.Add(v)
		}
	}
}

// askAll asks one after the other and keeps each answer at once. A question
// that gets none is left for another time; two in a row end the asking.
func askAll(ctx context.Context, d *db.DB, client *jury.Client, left []jury.Question, stop <-chan struct{}) (kept, unusable int, err error) {
	lost := 0
	asked := map[string]bool{}
	for _, q := range left {
		select {
		case <-stop:
			return kept, unusable, context.Canceled
		default:
		}
		if asked[client.ID(q)] {
			continue // the same mail in two mailboxes, the same question twice
		}
		asked[client.ID(q)] = true
		j, err := client.Ask(ctx, q)
		switch {
		case errors.Is(err, jury.ErrUnavailable) && lost == 0:
			lost++
			continue
		case err != nil:
			return kept, unusable, err
		}
		lost = 0
		body, err := json.Marshal(j)
		if err != nil {
			return kept, unusable, err
		}
		if err := d.KeepJudgement(context.WithoutCancel(ctx), j.ID, j.Mail, j.At, body); err != nil {
			return kept, unusable, err
		}
		kept++
		if j.Unusable != "" {
			unusable++
		}
	}
	if lost > 0 {
		err = jury.ErrUnavailable
	}
	return kept, unusable, err
}

func decodeJudgements(bodies [][]byte) ([]jury.Judgement, error) {
	var out []jury.Judgement
	for _, b := range bodies {
		var j jury.Judgement
		if err := json.Unmarshal(b, &j); err != nil {
			return nil, fmt.Errorf("a judge's answer in the database: %w", err)
		}
		out = append(out, j)
	}
	return out, nil
}

// judgeAgreement is how far one model, by one prompt, agrees with others.
type judgeAgreement struct {
	Model     string            `json:"model"`
	Prompt    string            `json:"prompt"`
	Asked     int               `json:"asked"`
	Unusable  int               `json:"unusable"`
	Cost      float64           `json:"cost"`
	Reader    scoring.Agreement `json:"with_reader"`    // answered or not
	Reviewers scoring.Agreement `json:"with_reviewers"` // answered, partly, not or else
}

// reviewOf sums up what people and models said of a wave's reading.
func reviewOf(ctx context.Context, d *db.DB, w *fieldwork.Wave, obs []evidence.Observation) (*reviewSummary, error) {
	said, err := d.Adjudications(ctx, w.ID)
	if err != nil {
		return nil, err
	}
	judged, err := judgements(ctx, d, w.ID)
	if err != nil {
		return nil, err
	}
	if len(said) == 0 && len(judged) == 0 {
		return nil, nil
	}
	s := &reviewSummary{Rates: scoring.ReviewRates(said, confidence), Raters: scoring.Raters(said, confidence)}
	for _, a := range evidence.Standing(said) {
		if a.Corrects() {
			s.Corrections = append(s.Corrections, a)
		}
	}
	type judge struct{ model, prompt string }
	by := map[judge]map[string]jury.Judgement{}
	var order []judge
	for _, j := range judged {
		k := judge{j.Model, j.Prompt}
		if by[k] == nil {
			by[k] = map[string]jury.Judgement{}
			order = append(order, k)
		}
		by[k][string(j.Mail)+"\n"+j.Ask] = j
	}
	for _, k := range order {
		g := judgeAgreement{Model: k.model, Prompt: k.prompt}
		for _, j := range by[k] {
			g.Asked++
			g.Cost += j.Cost
			if j.Answer == "" {
				g.Unusable++
			}
		}
		var reader, people [][2]string
		for i := range obs {
			o := &obs[i]
			questions, err := questionsOf(ctx, d, o)
			if err != nil {
				return nil, err
			}
			for n, q := range questions {
				for _, step := range replies(o) {
					ref := o.Evidence[step+".eml"]
					j, ok := by[k][string(ref)+"\n"+q.Ask]
					if !ok || j.Answer == "" {
						continue
					}
					text, _ := factAt(o, "mail.text", step)
					reader = append(reader, [2]string{string(j.Answer), q.Answered(text.Text)})
					item := evidence.AdjudicatedItem{Probe: o.Probe, Mail: ref, Item: fmt.Sprint(evidence.ItemQuestion, n+1)}
					for _, a := range evidence.Standing(said) {
						if a.Key() == item {
							people = append(people, [2]string{string(j.Answer), a.Value})
						}
					}
				}
			}
		}
		g.Reader, g.Reviewers = scoring.Kappa(reader, confidence), scoring.Kappa(people, confidence)
		s.Judges = append(s.Judges, g)
	}
	return s, nil
}

func (a *app) judgeAgreement(ctx context.Context, d *db.DB, w *fieldwork.Wave, p *scenarios.Project, asJSON bool) error {
	var obs []evidence.Observation
	for o, err := range w.Observations(ctx, d, d.Evidence(p.Evidence)) {
		if err != nil {
			return err
		}
		obs = append(obs, o)
	}
	s, err := reviewOf(ctx, d, w, obs)
	if err != nil {
		return err
	}
	if s == nil {
		s = &reviewSummary{}
	}
	if asJSON {
		return a.printJSON(map[string]any{"wave": w.ID, "judges": append([]judgeAgreement{}, s.Judges...)})
	}
	if len(s.Judges) == 0 {
		_, err := fmt.Fprintf(a.stdout, "Wave %s: no judge was asked.\n", w.ID)
		return err
	}
	for _, line := range s.lines() {
		fmt.Fprintln(a.stdout, printable(line))
	}
	return nil
}

// lines words the summary, a sentence each.
func (s *reviewSummary) lines() []string {
	var out []string
	names := map[string]string{"outcome": "outcomes", "class": "classes of mails", "answer": "answers to questions", "fact": "other facts", "all": "all items"}
	for _, r := range s.Rates {
		out = append(out, fmt.Sprintf("Reviewed %s: %d, of which %d corrected (%.0f %%, 95 %% interval %.0f to %.0f %%, Wilson).",
			names[r.Group], r.Reviewed, r.Corrected, 100*scoring.Proportion(r.Corrected, r.Reviewed), 100*r.Interval.Low, 100*r.Interval.High))
	}
	for _, r := range s.Raters {
		out = append(out, fmt.Sprintf("Reviewers %s and %s: %s", r.First, r.Second, worded(r.Agreement)))
	}
	for _, j := range s.Judges {
		out = append(out, fmt.Sprintf("Judge %s (prompt %s): %s asked, %d without a usable answer, cost %.4f.", j.Model, j.Prompt, count(j.Asked, "question"), j.Unusable, j.Cost),
			fmt.Sprintf("Judge %s and the reader, answered or not: %s", j.Model, worded(j.Reader)))
		if j.Reviewers.N > 0 {
			out = append(out, fmt.Sprintf("Judge %s and the reviewers: %s", j.Model, worded(j.Reviewers)))
		}
	}
	return out
}

// worded gives an agreement in words: "agree on 8 of 10, kappa 0.60 (…)".
func worded(a scoring.Agreement) string {
	text := fmt.Sprintf("agree on %d of %d", a.Agreed, a.N)
	if a.Kappa != nil {
		text += fmt.Sprintf(", Cohen's kappa %.2f", *a.Kappa)
	}
	if iv := a.Interval; iv != nil {
		text += fmt.Sprintf(" (95 %% interval %.2f to %.2f)", iv.Low, iv.High)
	}
	if len(a.Warnings) > 0 {
		text += "; " + strings.Join(slices.Clone(a.Warnings), "; ")
	}
	return text + "."
}
