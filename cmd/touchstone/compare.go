package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"touchstone/internal/db"
	"touchstone/scenarios"
	"touchstone/scoring"
)

func (a *app) compare() *cobra.Command {
	var card string
	var cohorts []string
	asJSON, byCohort := false, false
	c := &cobra.Command{
		Use:   "compare WAVE WAVE",
		Short: "Show what differs between two waves or two cohorts, by one scorecard, and what of it is more than chance",
		Long: `Compare judges two waves by the same scorecard and lists what differs, the
earlier wave first: of the panel as a whole, its grades, the classes of its
answers by mail and its mean scores; and of each site. With --by-cohort it sets
two cohorts of one wave against each other.

Each difference is held against chance, with Holm's correction for how many are
compared: it is real, noise, or there is not enough data to tell.
docs/statistics.md says how.`,
		Example: `  touchstone compare 2026-05 2026-11
  touchstone compare --by-cohort 2026-11 --cohorts own,competitor`,
		Args: cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case byCohort && len(args) != 1:
				return usage("--by-cohort compares within one wave: name one")
			case !byCohort && len(args) != 2:
				return usage("name two waves, the earlier first; or one with --by-cohort")
			case !byCohort && len(cohorts) > 0:
				return usage("--cohorts goes with --by-cohort")
			}
			return a.reading(cmd.Context(), func(p *scenarios.Project, d *db.DB) error {
				var c comparison
				var err error
				if byCohort {
					c, err = compareCohorts(cmd.Context(), d, p, args[0], card, cohorts)
				} else {
					c, err = compareWaves(cmd.Context(), d, p, args, card)
				}
				if err != nil {
					return err
				}
				if asJSON {
					return a.printJSON(c)
				}
				return c.show(a.stdout)
			})
		},
	}
	c.Flags().StringVar(&card, "scorecard", "readiness", "the scorecard, by id")
	c.Flags().BoolVar(&byCohort, "by-cohort", false, "compare two cohorts of one wave")
	c.Flags().StringSliceVar(&cohorts, "cohorts", nil, "which two, where the wave has more: own,competitor")
	c.Flags().BoolVar(&asJSON, "json", false, "print the differences as JSON")
	return c
}

// A comparison is what differs, of all sites together and of each.
type comparison struct {
	Before      string               `json:"before"`
	After       string               `json:"after"`
	Scorecard   string               `json:"scorecard"`
	Panel       []scoring.Difference `json:"panel"`
	Differences []scoring.Difference `json:"differences"` // of each site; none between cohorts, whose sites are others
}

func compareWaves(ctx context.Context, d *db.DB, p *scenarios.Project, ids []string, card string) (comparison, error) {
	var c comparison
	var both [2]judgement
	for i, id := range ids {
		w, err := openWave(ctx, d, id)
		if err != nil {
			return c, err
		}
		if both[i], err = judge(ctx, d, p, w, card); err != nil {
			return c, err
		}
	}
	before, after := both[0], both[1]
	all := func(string) bool { return true }
	c = comparison{Before: ids[0], After: ids[1], Scorecard: after.result.Scorecard.ID}
	c.Panel = differing(scoring.CompareGroups(after.result.Scorecard, scoring.GroupOf(ids[0], before.result, before.observations, all), scoring.GroupOf(ids[1], after.result, after.observations, all)))
	c.Differences = differing(scoring.Compare(before.result, after.result))
	return c, nil
}

func compareCohorts(ctx context.Context, d *db.DB, p *scenarios.Project, id, card string, named []string) (comparison, error) {
	var c comparison
	w, err := openWave(ctx, d, id)
	if err != nil {
		return c, err
	}
	j, err := judge(ctx, d, p, w, card)
	if err != nil {
		return c, err
	}
	cohort := map[string]string{}
	var known []string
	for _, s := range w.Plan.Sites {
		cohort[s.ID] = s.Cohort
		if s.Cohort != "" && !slices.Contains(known, s.Cohort) {
			known = append(known, s.Cohort)
		}
	}
	if len(named) == 0 {
		named = known
	}
	for _, n := range named {
		if !slices.Contains(known, n) {
			return c, usage("--cohorts %s: wave %s has no such cohort; it has: %s", n, id, strings.Join(known, ", "))
		}
	}
	if len(named) != 2 || named[0] == named[1] {
		return c, usage("two cohorts are compared: name them with --cohorts; wave %s has: %s", id, first(strings.Join(known, ", "), "none"))
	}
	group := func(name string) scoring.Group {
		return scoring.GroupOf(name, j.result, j.observations, func(site string) bool { return cohort[site] == name })
	}
	c = comparison{Before: named[0], After: named[1], Scorecard: j.result.Scorecard.ID, Differences: []scoring.Difference{}}
	c.Panel = differing(scoring.CompareGroups(j.result.Scorecard, group(named[0]), group(named[1])))
	return c, nil
}

// differing leaves out what is the same on both sides.
func differing(all []scoring.Difference) []scoring.Difference {
	return append([]scoring.Difference{}, slices.DeleteFunc(all, func(x scoring.Difference) bool { return x.Before == x.After })...)
}

// show prints the differences as tables: all sites together, then each.
func (c comparison) show(out io.Writer) error {
	if len(c.Panel)+len(c.Differences) == 0 {
		_, err := fmt.Fprintf(out, "%s and %s do not differ by scorecard %s.\n", c.Before, c.After, c.Scorecard)
		return err
	}
	t := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	fmt.Fprintf(t, "By scorecard %s, held against chance with Holm's correction for many comparisons.\n", c.Scorecard)
	for _, part := range []struct {
		title string
		rows  []scoring.Difference
	}{{"all sites", c.Panel}, {"each site", c.Differences}} {
		if len(part.rows) == 0 {
			continue
		}
		fmt.Fprintf(t, "\n%s\twhat\t%s\t%s\tverdict\twhy\n", part.title, c.Before, c.After)
		for _, x := range part.rows {
			verdict := "–"
			if x.Change != nil {
				verdict = strings.ReplaceAll(string(x.Change.Verdict), "-", " ")
			}
			fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\n", printable(x.Site), printable(x.What), printable(x.Before), printable(x.After), verdict, printable(x.Note))
		}
	}
	return t.Flush()
}
