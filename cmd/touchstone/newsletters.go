package main

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"touchstone/internal/db"
	"touchstone/internal/fieldwork"
	"touchstone/probes/web"
	"touchstone/scenarios"
)

func (a *app) waveNewsletters() *cobra.Command {
	asJSON := false
	c := &cobra.Command{
		Use:   "newsletters WAVE",
		Short: "List the newsletters that a wave has left subscribed, and how each is left",
		Long: `Newsletters that a wave signs up to are left when their window closes, by the
program. This lists those of which the record does not show that: since the wave
is still under way or was abandoned, since the shop refused, or since newsletters
go on coming. For each it says how a person leaves it.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.reading(cmd.Context(), func(p *scenarios.Project, d *db.DB) error {
				w, err := openWave(cmd.Context(), d, args[0])
				if err != nil {
					return err
				}
				list, err := a.subscribed(cmd.Context(), p, d, w.ID)
				if err != nil {
					return err
				}
				if asJSON {
					return a.printJSON(list)
				}
				if len(list) == 0 {
					_, err := fmt.Fprintf(a.stdout, "Wave %s has left no newsletter subscribed.\n", w.ID)
					return err
				}
				a.tellSubscribed(list)
				return nil
			})
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print them as JSON")
	return c
}

// subscribed gives the newsletters that a wave has left subscribed.
func (a *app) subscribed(ctx context.Context, p *scenarios.Project, d *db.DB, wave string) ([]fieldwork.Remnant, error) {
	e := &fieldwork.Engine{DB: d, Evidence: d.Evidence(p.Evidence), Kinds: byName(kinds(nil)), Log: a.log}
	list, err := e.Remnants(ctx, wave)
	if list == nil {
		list = []fieldwork.Remnant{}
	}
	return list, err
}

// tellSubscribed says which newsletters stand, nothing where none does.
func (a *app) tellSubscribed(list []fieldwork.Remnant) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(a.stdout, "%s may still come; leave by hand:\n", count(len(list), "newsletter"))
	for _, r := range list {
		fmt.Fprintf(a.stdout, "  %s, to %s: %s\n", r.Probe.Site, r.Address, r.Left)
	}
}

// leaving opens the browser that leaving newsletters may take, where a wave
// has any; done closes it.
func (a *app) leaving(ctx context.Context, p *scenarios.Project, d *db.DB, wave string) (b *web.Browser, done func(), err error) {
	list, err := a.subscribed(ctx, p, d, wave)
	if err != nil || len(list) == 0 {
		return nil, func() {}, err
	}
	tmp, err := os.MkdirTemp("", "touchstone-")
	if err != nil {
		return nil, nil, fmt.Errorf("a folder for the browser's profile: %w", err)
	}
	if b, err = web.Open(browsing(p, tmp, a.log)); err != nil {
		_ = os.RemoveAll(tmp)
		return nil, nil, fmt.Errorf("newsletters are to be left: %w", err)
	}
	return b, func() {
		b.Close()
		_ = os.RemoveAll(tmp)
	}, nil
}
