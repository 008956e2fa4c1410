package main

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"touchstone/internal/db"
	"touchstone/internal/fieldwork"
)

func (a *app) watch() *cobra.Command {
	var wave, metricsAddr string
	c := &cobra.Command{
		Use:   "watch",
		Short: "Follow a wave that another process works on, until it ends",
		Long: `Watch prints what happens to a wave, from the record that the process at work
keeps. It disturbs nothing: Ctrl-C ends the watching, not the wave.`,
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
			w, err := currentWave(cmd.Context(), d, wave)
			if err != nil {
				return err
			}
			if w.State == fieldwork.WavePlanned {
				return usage("wave %s has not begun: `touchstone run` begins it", w.ID)
			}
			ctx, cancel := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
			defer cancel()
			_, closeMetrics, err := a.metrics(metricsAddr, d, w.ID)
			if err != nil {
				return err
			}
			defer closeMetrics()
			f := fieldwork.Follower{
				DB: d, Every: look, Alive: func() bool { return db.Owner(p.Database) != 0 },
				Notify: func(e fieldwork.Event) { fmt.Fprintln(a.stdout, line(e)) },
			}
			state, err := f.Run(ctx, w.ID)
			if errors.Is(err, fieldwork.ErrNobody) {
				return fail(exitPending, fmt.Errorf("wave %s is under way, but %w", w.ID, err))
			}
			if ctx.Err() != nil {
				return fail(exitInterrupted, fmt.Errorf("interrupted: wave %s goes on without being watched", w.ID))
			}
			if err != nil {
				return err
			}
			t, err := outcomes(cmd.Context(), d, w.ID)
			if err != nil {
				return err
			}
			fmt.Fprintf(a.stdout, "Wave %s is %s: %s.\n", w.ID, state, t)
			return t.verdict()
		},
	}
	c.Flags().StringVar(&wave, "wave", "", "the wave (default: the one under way, else the newest)")
	c.Flags().StringVar(&metricsAddr, "metrics-addr", "", metricsUsage)
	return c
}
