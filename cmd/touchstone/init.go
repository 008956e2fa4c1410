package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
)

func (a *app) init() *cobra.Command {
	return &cobra.Command{
		Use:   "init DIR",
		Short: "Make a project folder: settings, sites, scenarios and a scorecard, with comments",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir := args[0]
			if err := os.MkdirAll(dir, 0o777); err != nil {
				return usage("make the project's folder: %w", err)
			}
			page := filepath.Join(dir, explanationFile)
			if _, err := os.Lstat(page); err == nil {
				return usage("nothing was written, since %s already holds %s: choose another folder, or move it away", dir, explanationFile)
			}
			if err := a.language().Starter(dir); err != nil {
				return fail(exitUsage, err)
			}
			p, err := a.language().Load(dir)
			if err != nil {
				return err
			}
			if _, err := writeExplanation(page, p); err != nil {
				return fmt.Errorf("write %s: %w", page, err)
			}
			fmt.Fprintf(a.stdout, `%s is ready. Next:
  cd %s
  edit sites.yaml (whom you audit, and who allowed it) and touchstone.yaml (the mail account)
  fill in explanation.html, and put it on the domain that you write from
  touchstone validate
  touchstone doctor     tries the browser, the mail account and the database
  touchstone plan       shows every mail and page before anything leaves this machine
  touchstone run        does what the plan says; stop and start it as you like
  touchstone report --format html,json
`, filepath.Clean(dir), filepath.Clean(dir))
			return nil
		},
	}
}
