package main

import (
	"fmt"
	"strings"
	"text/tabwriter"
	"unicode"

	"github.com/spf13/cobra"

	"touchstone/internal/db"
	"touchstone/internal/fieldwork"
	"touchstone/scenarios"
)

func (a *app) inbox() *cobra.Command {
	asJSON := false
	c := &cobra.Command{
		Use:   "inbox",
		Short: "List the mails that arrived and belong to no probe",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.reading(cmd.Context(), func(_ *scenarios.Project, d *db.DB) error {
				strays, err := fieldwork.Strays(cmd.Context(), d)
				if err != nil {
					return err
				}
				if asJSON {
					return a.printJSON(append([]fieldwork.Stray{}, strays...))
				}
				if len(strays) == 0 {
					_, err := fmt.Fprintln(a.stdout, "Every mail that arrived belongs to a probe.")
					return err
				}
				t := tabwriter.NewWriter(a.stdout, 0, 4, 2, ' ', 0)
				fmt.Fprintln(t, "received\tmailbox\tfrom\tsubject")
				for _, s := range strays {
					fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", minute(s.Received), s.Mailbox, printable(s.From), printable(s.Subject))
				}
				return t.Flush()
			})
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print them as JSON")
	return c
}

// printable keeps a stranger's words from moving the terminal's cursor.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, s)
}
