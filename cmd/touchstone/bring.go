package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"touchstone/internal/db"
	"touchstone/internal/evidence"
	"touchstone/internal/fieldwork"
	"touchstone/internal/intake"
	"touchstone/probes"
	"touchstone/scenarios"
)

func (a *app) bring() *cobra.Command {
	var wave, kind, by, on, facts string
	var window time.Duration
	asJSON := false
	c := &cobra.Command{
		Use:   "import FILE.csv --wave WAVE",
		Short: "Take observations that were made elsewhere: calls, gradings, an old study",
		Long: `Import takes a table of observations that a person, another tool or a study
made, one a row, and keeps them as part of a wave: they are scored, compared
and reported like those of a probe, and say who made them, how, and in which
line of which file they stand. The file itself is kept as their proof.

The first row names the columns. These say what was observed:

  site       the shop's id (required); name, cohort, url go with it
  kind       the kind of probe that would have made it: mail, web, phone, …
  task       what the customer tried to do, such as enquiry
  scenario   a short name for the test; the task unless given
  repeat     from 1; the next unless given
  outcome    completed, silent, failed, blocked, not-granted or broken; what
             the facts say unless given
  reason     why it is not completed
  start      when: 2026-03-02, 2026-03-02 09:30 (UTC) or RFC 3339
  took       how long: 90 (seconds), 15 min or 1 h 20 min
  by, method, note

Every other column is a fact of the kind, by its name; a unit may stand behind
it: "mail.first-human-after [h]". An empty cell is a fact that was not observed.
` + "`touchstone import --facts mail`" + ` lists the facts of a kind.

A wave of that name that is not there yet is made, with the table's sites as
its panel. Importing the same file again changes nothing; a mended file is a
newer reading of the same rows.`,
		Example: `  touchstone import calls.csv --wave 2026-11 --kind phone --by "M. Weber"`,
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if facts != "" {
				return a.printFacts(facts)
			}
			if len(args) == 0 {
				return usage("say which file to import; see `touchstone import --help`")
			}
			if wave == "" {
				return usage("say with --wave which wave the observations belong to; one that is not there yet is made")
			}
			start, err := startOf(on)
			if err != nil {
				return err
			}
			p, err := a.load()
			if err != nil {
				return err
			}
			raw, err := os.ReadFile(args[0])
			if err != nil {
				return usage("%w", err)
			}
			file := filepath.Base(args[0])
			table, err := intake.Read(intake.Input{File: file, Wave: wave, Kinds: kinds(nil), Kind: kind, By: by, Start: start}, bytes.NewReader(raw))
			if err != nil {
				return err
			}
			d, err := db.Open(cmd.Context(), p.Database)
			if errors.Is(err, db.ErrLocked) { // a wave is under way: it goes on
				d, err = db.OpenBeside(cmd.Context(), p.Database)
			}
			if err != nil {
				return err
			}
			defer d.Close()
			if _, err := d.Evidence(p.Evidence).Put(cmd.Context(), bytes.NewReader(raw)); err != nil {
				return err
			}
			in := fieldwork.Intake{
				Wave: wave, Project: p.Name, File: file, Digest: table.Digest, Observations: table.Observations, Version: programVersion(),
				Sites: panelOf(p, table.Sites), Scenarios: broughtScenarios(table.Observations, window),
			}
			made, err := fieldwork.Bring(cmd.Context(), d, in, time.Now())
			if err != nil {
				return fail(exitUsage, fmt.Errorf("%s: %w", file, err))
			}
			if asJSON {
				return a.printJSON(map[string]any{"wave": wave, "made": made, "observations": len(table.Observations), "sites": len(table.Sites), "sha256": table.Digest})
			}
			into := "into wave " + wave
			if made {
				into = "as the new wave " + wave
			}
			_, err = fmt.Fprintf(a.stdout, "%s of %s were imported %s.\n", count(len(table.Observations), "observation"), count(len(table.Sites), "site"), into)
			return err
		},
	}
	f := c.Flags()
	f.StringVar(&wave, "wave", "", "the wave that they belong to")
	f.StringVar(&kind, "kind", "", "the kind of rows that name none")
	f.StringVar(&by, "by", "", "who observed, where a row does not say")
	f.StringVar(&on, "on", "", "when, where a row does not say, such as 1999-01-15")
	f.DurationVar(&window, "window", 0, "how long answers were waited for, such as 120h")
	f.StringVar(&facts, "facts", "", "list the facts of a kind, and import nothing")
	f.BoolVar(&asJSON, "json", false, "print the result as JSON")
	return c
}

func startOf(on string) (time.Time, error) {
	if on == "" {
		return time.Time{}, nil
	}
	start, err := time.Parse(time.DateOnly, on)
	if err != nil {
		return start, usage("--on %s: write a date such as 1999-01-15", on)
	}
	return start, nil
}

// printFacts lists the columns that a table may have for a kind.
func (a *app) printFacts(kind string) error {
	k := byName(kinds(nil))[kind]
	if k == nil {
		known := slices.Sorted(maps.Keys(byName(kinds(nil))))
		return usage("--facts %s: there is no such kind; there are: %s", kind, strings.Join(known, ", "))
	}
	t := tabwriter.NewWriter(a.stdout, 0, 4, 2, ' ', 0)
	for _, f := range k.Facts {
		fmt.Fprintf(t, "%s\t%s\t%s\n", f.Name, f.Unit, f.Meaning)
	}
	return t.Flush()
}

// panelOf gives the table's sites as a panel: as the project knows them, with
// what the table says of the others.
func panelOf(p *scenarios.Project, sites []intake.Site) []fieldwork.PlannedSite {
	var panel []fieldwork.PlannedSite
	for _, s := range sites {
		planned := fieldwork.PlannedSite{Site: probes.Site{ID: s.ID}, Authorisation: "observed elsewhere: nothing was run by this program"}
		if i := slices.IndexFunc(p.Sites, func(k scenarios.Site) bool { return k.ID == s.ID }); i >= 0 {
			planned.Site, planned.Cohort = p.Sites[i].Site, p.Sites[i].Cohort
		}
		planned.Name = cmp.Or(s.Name, planned.Name, s.ID)
		planned.Cohort = cmp.Or(s.Cohort, planned.Cohort)
		planned.URL = cmp.Or(s.URL, planned.URL)
		panel = append(panel, planned)
	}
	return panel
}

// broughtScenarios lists the scenarios of a table; where it was no task of the
// project's, its title is its name.
func broughtScenarios(obs []evidence.Observation, window time.Duration) []fieldwork.PlannedTask {
	var tasks []fieldwork.PlannedTask
	for _, o := range obs {
		if !slices.ContainsFunc(tasks, func(t fieldwork.PlannedTask) bool { return t.ID == o.Probe.Scenario }) {
			tasks = append(tasks, fieldwork.PlannedTask{ID: o.Probe.Scenario, Title: o.Probe.Scenario + " (observed elsewhere)", Kind: o.Kind, Task: o.Task, Window: window})
		}
	}
	return tasks
}
