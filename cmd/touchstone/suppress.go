package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"touchstone/internal/db"
	"touchstone/internal/fieldwork"
	"touchstone/scenarios"
)

func (a *app) suppress() *cobra.Command {
	var why, by string
	var list, off, asJSON bool
	c := &cobra.Command{
		Use:   "suppress [ADDRESS|DOMAIN]",
		Short: "Never write to an address or a domain again; --list shows whom",
		Long: `Suppress puts an address, or a domain with all below it, on the project's list.
From then on no plan contains a mail to it, and nothing that a wave has planned
reaches it: no mail, no form, no chat, no sign-up at that site. A run under way
obeys from its next contact on. Entries under ` + "`suppress:`" + ` in touchstone.yaml hold
as well. Each project has a list of its own: a shop that opted out belongs on
that of every project.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if list == (len(args) == 1) {
				return usage("give an address, a domain, or --list")
			}
			p, err := a.load()
			if err != nil {
				return err
			}
			if list {
				return a.listSuppressed(cmd.Context(), p, asJSON)
			}
			entry, err := scenarios.Suppression(args[0])
			if err != nil {
				return usage("%w", err)
			}
			d, err := openSmall(cmd.Context(), p.Database)
			if err != nil {
				return err
			}
			defer d.Close()
			if off {
				return a.lift(cmd.Context(), p, d, entry)
			}
			added, err := fieldwork.Suppress(cmd.Context(), d, fieldwork.Suppression{Entry: entry, At: time.Now(), Who: first(by, a.person()), Why: why})
			if err != nil {
				return err
			}
			if !added {
				_, err = fmt.Fprintf(a.stdout, "%s is on the list already.\n", entry)
				return err
			}
			_, err = fmt.Fprintf(a.stdout, "%s is on the list: nothing is written to it any more, not by a wave that is planned or under way either.\n", entry)
			return err
		},
	}
	c.Flags().BoolVar(&list, "list", false, "show the list, with that of touchstone.yaml")
	c.Flags().BoolVar(&off, "off", false, "take the entry off the list")
	c.Flags().BoolVar(&asJSON, "json", false, "with --list: print it as JSON")
	decisionFlags(c, &why, &by)
	c.Flags().Lookup("why").Usage = "the reason, for the record"
	c.MarkFlagsMutuallyExclusive("list", "off")
	return c
}

// openSmall opens the database for a small write: beside whoever works on it,
// or alone where there is none yet or it is to be brought up to date.
func openSmall(ctx context.Context, path string) (*db.DB, error) {
	d, err := db.OpenBeside(ctx, path)
	if isOneOf(err, db.ErrNoDatabase, db.ErrOlder) {
		return db.Open(ctx, path)
	}
	return d, err
}

func (a *app) lift(ctx context.Context, p *scenarios.Project, d *db.DB, entry string) error {
	removed, err := fieldwork.Unsuppress(ctx, d, entry)
	switch {
	case err != nil:
		return err
	case slices.Contains(p.Suppress, entry):
		return usage("%s stands under `suppress:` in touchstone.yaml: take it out there", entry)
	case !removed:
		return usage("%s is not on the list: `touchstone suppress --list` shows it", entry)
	}
	_, err = fmt.Fprintf(a.stdout, "%s is off the list. A probe that was refused for it stays refused.\n", entry)
	return err
}

func (a *app) listSuppressed(ctx context.Context, p *scenarios.Project, asJSON bool) error {
	all := []fieldwork.Suppression{}
	for _, s := range p.Suppress {
		all = append(all, fieldwork.Suppression{Entry: s, Why: "stands in touchstone.yaml"})
	}
	d, err := db.OpenReader(ctx, p.Database)
	switch {
	case errors.Is(err, db.ErrNoDatabase): // nothing was ever added
	case err != nil:
		return err
	default:
		stored, err := fieldwork.Suppressions(ctx, d)
		if err := errors.Join(err, d.Close()); err != nil {
			return err
		}
		all = append(all, stored...)
	}
	if asJSON {
		return a.printJSON(all)
	}
	if len(all) == 0 {
		_, err := fmt.Fprintln(a.stdout, "Nobody is on the list.")
		return err
	}
	t := tabwriter.NewWriter(a.stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintln(t, "entry\tsince\tby\twhy")
	for _, s := range all {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", s.Entry, minute(s.At), printable(first(s.Who, "–")), printable(first(s.Why, "–")))
	}
	return t.Flush()
}
