package main

import (
	"bytes"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"touchstone/reports"
	"touchstone/scenarios"
)

func (a *app) schema() *cobra.Command {
	const report = "report" // what is written, not a file of the project
	names := append(slices.Clone(scenarios.Schemas), report)
	return &cobra.Command{
		Use:   "schema " + strings.Join(names, "|"),
		Short: "Print the JSON Schema of one of the project's files, for editors to complete from, or of the report's JSON",
		Args:  cobra.ExactArgs(1), ValidArgs: names,
		RunE: func(cmd *cobra.Command, args []string) error {
			if args[0] == report {
				_, err := a.stdout.Write(reports.JSONSchema)
				return err
			}
			s, err := a.language().Schema(args[0])
			if err != nil {
				return fail(exitUsage, err)
			}
			_, err = a.stdout.Write(append(bytes.TrimSpace(s), '\n'))
			return err
		},
	}
}
