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
	"touchstone/internal/evidence"
	"touchstone/internal/fieldwork"
	"touchstone/scenarios"
)

func (a *app) reread() *cobra.Command {
	var sites []string
	var dry, asJSON bool
	c := &cobra.Command{
		Use:   "reread [WAVE]",
		Short: "Read a wave's stored mails again with the present reader",
		Long: `Reread works out the facts of every ended correspondence again from its stored
thread, by the reader of this version. Where that differs, by a newer reader or
because a mail was assigned by hand, a reading is added; the old one stays, and
score, report and compare use the newest. Open ones are left to the run.

It may be interrupted, and run as often as one likes: what is unchanged is left.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			open := a.owning
			if dry {
				open = a.reading
			}
			return open(cmd.Context(), func(p *scenarios.Project, d *db.DB) error {
				w, err := waveOf(cmd.Context(), d, args)
				if err != nil {
					return err
				}
				var ids []string
				for i := range w.Plan.Sites {
					ids = append(ids, w.Plan.Sites[i].ID)
				}
				for _, s := range sites {
					if !slices.Contains(ids, s) {
						return usage("--site %s: wave %s has no such site%s", s, w.ID, scenarios.Hint(s, ids))
					}
				}
				ctx, _, done := interruptible(cmd.Context(), func(string) {})
				defer done()
				all := []fieldwork.Rereading{}
				r := fieldwork.Reader{DB: d, Kinds: byName(kinds(nil))}
				err = r.Wave(ctx, w.ID, sites, dry, func(got fieldwork.Rereading) error {
					all = append(all, got)
					return ctx.Err()
				})
				if err != nil {
					return fmt.Errorf("%w: %s read so far; `touchstone reread` goes on", err, count(len(all), "correspondence"))
				}
				if asJSON {
					return a.printJSON(map[string]any{"wave": w.ID, "dry_run": dry, "rereadings": all, "changes": countChanges(all)})
				}
				return showRereadings(a.stdout, w.ID, dry, all)
			})
		},
	}
	c.Flags().StringSliceVar(&sites, "site", nil, "only these sites, by id")
	c.Flags().BoolVar(&dry, "dry-run", false, "say what would change, and write nothing")
	c.Flags().BoolVar(&asJSON, "json", false, "print every correspondence as JSON")
	return c
}

// waveOf gives the wave that the arguments begin with, else the newest that
// has begun.
func waveOf(ctx context.Context, d *db.DB, args []string) (*fieldwork.Wave, error) {
	id := ""
	if len(args) > 0 {
		id = args[0]
	}
	return lastWave(ctx, d, id)
}

// changeCount counts one fact's changes over a wave. Old and New are given
// where few values are possible: outcomes, classes, yes and no.
type changeCount struct {
	Name   string `json:"name"`
	Old    string `json:"old,omitempty"`
	New    string `json:"new,omitempty"`
	Probes int    `json:"probes"`
}

func countChanges(all []fieldwork.Rereading) []changeCount {
	probes := map[changeCount]map[evidence.ProbeID]bool{}
	few := func(v string) bool { return len(v) <= 16 && !strings.ContainsAny(v, "0123456789 ") }
	for _, r := range all {
		for _, c := range r.Changes {
			k := changeCount{Name: c.Name}
			if few(c.Old) && few(c.New) {
				k.Old, k.New = c.Old, c.New
			}
			if probes[k] == nil {
				probes[k] = map[evidence.ProbeID]bool{}
			}
			probes[k][r.Probe] = true
		}
	}
	out := []changeCount{}
	for k, which := range probes {
		k.Probes = len(which)
		out = append(out, k)
	}
	slices.SortFunc(out, func(x, y changeCount) int {
		if a, b := x.Name == evidence.ItemOutcome, y.Name == evidence.ItemOutcome; a != b {
			if a {
				return -1
			}
			return 1
		}
		if x.Probes != y.Probes {
			return y.Probes - x.Probes
		}
		return strings.Compare(x.Name+" "+x.Old+" "+x.New, y.Name+" "+y.Old+" "+y.New)
	})
	return out
}

// showRereadings prints what changed: by fact, then by probe.
func showRereadings(out io.Writer, wave string, dry bool, all []fieldwork.Rereading) error {
	n := map[fieldwork.RereadState]int{}
	differ := 0
	for _, r := range all {
		n[r.State]++
		if len(r.Changes) > 0 {
			differ++
		}
	}
	added := "added"
	if dry {
		added = "would be added"
	}
	fmt.Fprintf(out, "Wave %s: %s read again, %d changed; %s %s, %d unchanged, %d can't be read again.\n",
		wave, count(len(all), "correspondence"), differ, count(n[fieldwork.Read], "reading"), added, n[fieldwork.Unchanged], n[fieldwork.Unread])
	t := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	if counts := countChanges(all); len(counts) > 0 {
		fmt.Fprint(t, "\nwhat changed\tprobes\n")
		for _, c := range counts {
			name := c.Name
			if c.Old != "" {
				name += ": " + c.Old + " → " + c.New
			}
			fmt.Fprintf(t, "%s\t%d\n", name, c.Probes)
		}
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, r := range all {
		switch {
		case r.State == fieldwork.Unread:
			fmt.Fprintf(out, "\n%s: not read again: %s; reading %s stays\n", r.Probe, r.Why, r.Before)
		case len(r.Changes) > 0:
			fmt.Fprintf(out, "\n%s: %s → %s (%s)\n", r.Probe, r.Before, r.After, r.Why)
			for _, c := range r.Changes {
				at := ""
				if c.Step != "" {
					at = " at " + c.Step
				}
				fmt.Fprintf(out, "  %s%s: %s → %s\n", c.Name, at, brief(c.Old), brief(c.New))
			}
		}
	}
	return nil
}

// brief fits a value on a line.
func brief(s string) string {
	s = printable(strings.Join(strings.Fields(s), " "))
	if r := []rune(s); len(r) > 60 {
		return string(r[:59]) + "…"
	}
	return s
}
