package main

import (
	"context"
	"fmt"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"touchstone/internal/db"
	"touchstone/internal/evidence"
	"touchstone/internal/fieldwork"
	"touchstone/scenarios"
	"touchstone/scoring"
)

func (a *app) score() *cobra.Command {
	var wave, card, site string
	var asJSON, fix, cost bool
	c := &cobra.Command{
		Use:   "score",
		Short: "Judge a wave by a scorecard, from the stored record alone",
		Long: `Score judges a wave by a scorecard. With --fix it says of each site what to fix
first: what lifts its grade, then what lifts its points most, each held against
the best of its cohort. With --cost it says what a thousand questions would cost
each site through the channels as they were measured; the costs of one contact
stand in touchstone.yaml (costs), the published ones of 1999 unless given.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.load()
			if err != nil {
				return err
			}
			d, err := a.reader(cmd.Context(), p)
			if err != nil {
				return err
			}
			defer d.Close()
			w, err := lastWave(cmd.Context(), d, wave)
			if err != nil {
				return err
			}
			j, err := judge(cmd.Context(), d, p, w, card)
			if err != nil {
				return err
			}
			if fix || cost {
				return a.advise(w, j, site, fix, cost, p.Costs, asJSON)
			}
			if site != "" {
				return usage("--site goes with --fix or --cost")
			}
			j.places(w)
			if asJSON {
				return a.printJSON(struct {
					scoring.Result
					Review *reviewSummary `json:"review,omitempty"`
				}{j.result, j.review})
			}
			if err := showScore(a.stdout, w, j.result); err != nil || j.review == nil {
				return err
			}
			_, err = fmt.Fprintf(a.stdout, "\n%s\n", printableLines(j.review.lines()))
			return err
		},
	}
	c.Flags().StringVar(&wave, "wave", "", "the wave (default: the newest that has begun)")
	c.Flags().StringVar(&card, "scorecard", "readiness", "the scorecard, by id")
	c.Flags().BoolVar(&fix, "fix", false, "say what to fix first")
	c.Flags().BoolVar(&cost, "cost", false, "say what questions would cost")
	c.Flags().StringVar(&site, "site", "", "of this site only, with --fix or --cost")
	c.Flags().BoolVar(&asJSON, "json", false, "print the judgement as JSON")
	return c
}

// placeDraws is how often a panel's probes are drawn for the range of places.
const placeDraws = 1000

// judgement is a wave's record with what a scorecard makes of it.
type judgement struct {
	observations []evidence.Observation // with the reviewers' corrections
	result       scoring.Result
	review       *reviewSummary // nil where nobody reviewed anything
}

func judge(ctx context.Context, d *db.DB, p *scenarios.Project, w *fieldwork.Wave, id string) (judgement, error) {
	var j judgement
	card, ok := p.Scorecard(id)
	if !ok {
		var known []string
		for _, c := range p.Scorecards {
			known = append(known, c.ID)
		}
		return j, usage("--scorecard %s: there is none of that id; there are: %s", id, strings.Join(known, ", "))
	}
	for o, err := range w.Observations(ctx, d, d.Evidence(p.Evidence)) {
		if err != nil {
			return j, err
		}
		j.observations = append(j.observations, o)
	}
	said, err := d.Adjudications(ctx, w.ID)
	if err != nil {
		return j, err
	}
	if j.review, err = reviewOf(ctx, d, w, j.observations); err != nil {
		return j, err
	}
	for i, o := range j.observations {
		j.observations[i] = evidence.Correct(o, said)
	}
	var sites []string
	for i := range w.Plan.Sites {
		sites = append(sites, w.Plan.Sites[i].ID)
	}
	j.result, err = scoring.Score(w.ID, card, criteria(), sites, j.observations)
	return j, err
}

// places gives every site its range of places, the same for the same wave.
func (j *judgement) places(w *fieldwork.Wave) {
	scoring.Places(&j.result, placeDraws, func(site string) *rand.Rand {
		h := fnv.New64a()
		h.Write([]byte(site))
		return rand.New(rand.NewPCG(w.Plan.Seed, h.Sum64()))
	})
}

// showScore prints the verdicts, each with its categories and marks below.
func showScore(out io.Writer, w *fieldwork.Wave, r scoring.Result) error {
	t := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	fmt.Fprintf(t, "Wave %s by scorecard %s (points of 100)\n", w.ID, r.Scorecard.ID)
	for _, s := range r.Sites {
		fmt.Fprintf(t, "\n%s\t%s\t%s\t%s\n", s.Site, points(s.State, s.Score), first(s.Grade, s.Reason), certainty(s))
		for _, c := range s.Categories {
			fmt.Fprintf(t, "  %s\t%s\t%s\n", c.Title, points(c.State, c.Score), c.Reason)
			for _, m := range c.Marks {
				note := strings.Join(m.Warnings, "; ")
				fmt.Fprintf(t, "    %s\t%s\t%s\t%s\n", m.Criterion, points(m.State, 100*m.Score), first(m.Shown, m.Reason), note)
			}
		}
	}
	return t.Flush()
}

func printableLines(lines []string) string {
	for i, l := range lines {
		lines[i] = printable(l)
	}
	return strings.Join(lines, "\n")
}

// certainty words how sure a total and its place are: "57–81, place 2 (1–3)".
func certainty(s scoring.SiteScore) string {
	var words []string
	if iv := s.Interval; iv != nil {
		words = append(words, fmt.Sprintf("%.0f–%.0f", iv.Low, iv.High))
	}
	if r := s.Rank; r != nil {
		place := fmt.Sprintf("place %d", r.Place)
		if r.Best < r.Worst {
			place += fmt.Sprintf(" (%d–%d)", r.Best, r.Worst)
		}
		words = append(words, place)
	}
	return strings.Join(words, ", ")
}

func points(s scoring.State, v float64) string {
	switch s {
	case scoring.Scored:
		return fmt.Sprintf("%.0f", v)
	case scoring.NotApplicable:
		return "n/a"
	case scoring.Waiting:
		return "pending"
	default:
		return "not measured"
	}
}

func first(s ...string) string {
	for _, v := range s {
		if v != "" {
			return v
		}
	}
	return ""
}
