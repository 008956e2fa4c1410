package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"touchstone/scenarios"
)

func (a *app) validate() *cobra.Command {
	asJSON := false
	c := &cobra.Command{
		Use:   "validate",
		Short: "Check the project's files; every mistake at once, with its place and its mend",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.load()
			if asJSON {
				var mistakes scenarios.Mistakes
				if err != nil && !errors.As(err, &mistakes) {
					return fail(exitUsage, err)
				}
				if err := a.printJSON(map[string]any{"valid": err == nil, "mistakes": append(scenarios.Mistakes{}, mistakes...)}); err != nil {
					return err
				}
				if len(mistakes) > 0 {
					return fail(exitUsage, fmt.Errorf("%d mistakes", len(mistakes)))
				}
				return nil
			}
			if err != nil {
				return fail(exitUsage, err)
			}
			fmt.Fprintf(a.stdout, "%s: %s, %s, %s: no mistakes\n", p.Name, count(len(p.Sites), "site"), count(len(p.Scenarios), "scenario"), count(len(p.Scorecards), "scorecard"))
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print the mistakes as JSON")
	return c
}

// count gives "1 site", "3 sites".
func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
