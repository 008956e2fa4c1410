package main

import (
	"bytes"
	"strings"

	"github.com/spf13/cobra"

	"touchstone/scenarios"
)

func (a *app) schema() *cobra.Command {
	return &cobra.Command{
		Use:   "schema " + strings.Join(scenarios.Schemas, "|"),
		Short: "Print the JSON Schema of one of the project's files, for editors to complete from",
		Args:  cobra.ExactArgs(1), ValidArgs: scenarios.Schemas,
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := a.language().Schema(args[0])
			if err != nil {
				return fail(exitUsage, err)
			}
			_, err = a.stdout.Write(append(bytes.TrimSpace(s), '\n'))
			return err
		},
	}
}
