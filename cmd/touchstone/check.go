package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"touchstone/internal/db"
	"touchstone/internal/evidence"
	"touchstone/internal/fieldwork"
	"touchstone/reports"
	"touchstone/scenarios"
	"touchstone/scoring"
)

func (a *app) check() *cobra.Command {
	var wave, card, file, junit, markdown string
	asJSON := false
	c := &cobra.Command{
		Use:   "check",
		Short: "Hold a wave against checks.yaml, for a build to pass or to fail by",
		Long: `Check judges a wave from the stored record and holds it against the checks in
checks.yaml. What has no figure never passes.

Exit codes: 0 every check passed or only warned, 2 a mistake in a file, 5 an
effect that a check needed was not granted, 1 a check failed, 3 something could
not be tested, 4 windows are still open. When several hold, the first in that
order is given.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var err error
			if file != "" {
				if a.checks, err = filepath.Abs(file); err != nil {
					return usage("--checks: %w", err)
				}
				if _, err := os.Stat(a.checks); err != nil {
					return usage("--checks: %w", err)
				}
			}
			return a.reading(cmd.Context(), func(p *scenarios.Project, d *db.DB) error {
				if len(p.Checks) == 0 {
					return usage("there is nothing to check by: write checks.yaml beside touchstone.yaml, or name a file with --checks")
				}
				w, err := lastWave(cmd.Context(), d, wave)
				if err != nil {
					return err
				}
				j, err := judge(cmd.Context(), d, p, w, card)
				if err != nil {
					return err
				}
				if err := checkable(p.Checks, w, j.result.Scorecard); err != nil {
					return fail(exitUsage, err)
				}
				checked := checkWave(p.Checks, w, j)
				for _, out := range []struct {
					path  string
					write func(io.Writer, *reports.Checked) error
				}{{junit, reports.JUnit}, {markdown, reports.Summary}} {
					if out.path == "" {
						continue
					}
					if err := writeFile(out.path, func(w io.Writer) error { return out.write(w, checked) }); err != nil {
						return usage("write %s: %w", out.path, err)
					}
				}
				if asJSON {
					err = a.printJSON(map[string]any{"wave": w.ID, "results": checked.Results})
				} else {
					err = showChecks(a.stdout, checked.Results)
				}
				if err != nil {
					return err
				}
				return checkVerdict(checked.Results, j.observations)
			})
		},
	}
	c.Flags().StringVar(&wave, "wave", "", "the wave (default: the newest that has begun)")
	c.Flags().StringVar(&card, "scorecard", "readiness", "the scorecard, by id")
	c.Flags().StringVar(&file, "checks", "", "the file of checks (default: the project's checks.yaml)")
	c.Flags().StringVar(&junit, "junit", "", "write JUnit XML to this file")
	c.Flags().StringVar(&markdown, "markdown", "", "write a summary in Markdown to this file")
	c.Flags().BoolVar(&asJSON, "json", false, "print the results as JSON")
	return c
}

// checkable finds the checks that no wave could answer by this scorecard.
func checkable(checks []scoring.Check, w *fieldwork.Wave, card scoring.Scorecard) error {
	var facts []evidence.FactDef
	for _, k := range kinds(nil) {
		facts = append(facts, k.Facts...)
	}
	var sites []string
	for i := range w.Plan.Sites {
		sites = append(sites, w.Plan.Sites[i].ID)
	}
	return scoring.CheckChecks(checks, card, criteria(), facts, sites)
}

// checkWave holds a judged wave against the checks.
func checkWave(checks []scoring.Check, w *fieldwork.Wave, j judgement) *reports.Checked {
	c := &reports.Checked{Wave: w.ID, Started: w.Started, Results: scoring.Evaluate(checks, j.result, j.observations)}
	for i, s := range j.result.Sites {
		c.Sites = append(c.Sites, reports.CheckedSite{ID: s.Site, Name: w.Plan.Sites[i].Name, Score: s})
	}
	return c
}

// showChecks prints one line a result.
func showChecks(out io.Writer, results []scoring.CheckResult) error {
	t := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	for _, r := range results {
		where := cmp.Or(r.Site, "–")
		if r.Scenario != "" {
			where += "/" + r.Scenario
		}
		if r.Repeat > 1 {
			where += fmt.Sprintf("/%d", r.Repeat)
		}
		found := r.Got
		if r.Reason != "" {
			if found != "" {
				found += ": "
			}
			found += r.Reason
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", r.State, r.Check.ID, where, found)
	}
	return t.Flush()
}

// checkVerdict gives the exit code of a check.
func checkVerdict(results []scoring.CheckResult, obs []evidence.Observation) error {
	n := map[string]int{}
	denied := 0
	for _, r := range results {
		n[r.State]++
		if r.State == "inconclusive" && notGranted(r, obs) {
			denied++
		}
	}
	judged := n["passed"] + n["warned"]
	switch {
	case denied > 0:
		return fail(exitNotGranted, fmt.Errorf("%s not made: an effect is not granted", count(denied, "check")))
	case n["failed"] > 0:
		return fail(exitGate, fmt.Errorf("%d of %s failed", n["failed"], count(len(results), "check")))
	case n["inconclusive"] > 0:
		return fail(exitInconclusive, fmt.Errorf("%d of %s could not be tested", n["inconclusive"], count(len(results), "check")))
	case n["pending"] > 0:
		return fail(exitPending, fmt.Errorf("%d of %s still pending", n["pending"], count(len(results), "check")))
	case judged == 0:
		return fail(exitInconclusive, fmt.Errorf("every check is switched off: nothing was checked"))
	}
	return nil
}

// notGranted reports whether a result lacks its figure because an effect was
// not granted: at its probe, or at any probe of its site where it rests on
// several.
func notGranted(r scoring.CheckResult, obs []evidence.Observation) bool {
	for _, o := range obs {
		if o.Outcome == evidence.NotGranted && o.Probe.Site == r.Site && (r.Scenario == "" || o.Probe.Scenario == r.Scenario && o.Probe.Repeat == r.Repeat) {
			return true
		}
	}
	return false
}
