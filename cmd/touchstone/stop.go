package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"touchstone/internal/db"
	"touchstone/internal/fieldwork"
)

func (a *app) stop() *cobra.Command {
	off := false
	c := &cobra.Command{
		Use:   "stop",
		Short: "The kill switch: every run on this project ends within seconds, and none begins",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.load()
			if err != nil {
				return err
			}
			d, err := db.OpenBeside(cmd.Context(), p.Database)
			if err != nil {
				return err
			}
			defer d.Close()
			if err := fieldwork.SetKillSwitch(cmd.Context(), d, !off, time.Now()); err != nil {
				return err
			}
			if off {
				_, err = fmt.Fprintln(a.stdout, "The kill switch is off: `touchstone run` goes on.")
			} else {
				_, err = fmt.Fprintln(a.stdout, "The kill switch is on: nothing more is sent or visited. `touchstone stop --off` lifts it.")
			}
			return err
		},
	}
	c.Flags().BoolVar(&off, "off", false, "lift it")
	return c
}
