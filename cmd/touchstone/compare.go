package main

import (
	"fmt"
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
	asJSON := false
	c := &cobra.Command{
		Use:   "compare WAVE WAVE",
		Short: "Show what differs between two waves, by one scorecard, and what of it is more than chance",
		Long: `Compare judges two waves by the same scorecard and lists what differs, the
earlier wave first. Each difference is held against chance, with a correction
for how many are compared: it is real, noise, or there is not enough data to
tell. docs/statistics.md says how.`,
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.reading(cmd.Context(), func(p *scenarios.Project, d *db.DB) error {
				var results [2]scoring.Result
				for i, id := range args {
					w, err := openWave(cmd.Context(), d, id)
					if err != nil {
						return err
					}
					j, err := judge(cmd.Context(), d, p, w, card)
					if err != nil {
						return err
					}
					results[i] = j.result
				}
				diff := slices.DeleteFunc(scoring.Compare(results[0], results[1]), func(x scoring.Difference) bool { return x.Before == x.After })
				if asJSON {
					return a.printJSON(map[string]any{
						"before": args[0], "after": args[1], "scorecard": results[1].Scorecard.ID,
						"differences": append([]scoring.Difference{}, diff...),
					})
				}
				if len(diff) == 0 {
					_, err := fmt.Fprintf(a.stdout, "Waves %s and %s do not differ by scorecard %s.\n", args[0], args[1], results[1].Scorecard.ID)
					return err
				}
				t := tabwriter.NewWriter(a.stdout, 0, 4, 2, ' ', 0)
				fmt.Fprintf(t, "site\twhat\t%s\t%s\tverdict\twhy\n", args[0], args[1])
				for _, x := range diff {
					verdict := "–"
					if x.Change != nil {
						verdict = strings.ReplaceAll(string(x.Change.Verdict), "-", " ")
					}
					fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\n", x.Site, x.What, x.Before, x.After, verdict, x.Note)
				}
				return t.Flush()
			})
		},
	}
	c.Flags().StringVar(&card, "scorecard", "readiness", "the scorecard, by id")
	c.Flags().BoolVar(&asJSON, "json", false, "print the differences as JSON")
	return c
}
