package main

import (
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"touchstone/scenarios"
)

// explanationFile is what the page is called in a project.
const explanationFile = "explanation.html"

//go:embed explanation.html
var explanationPage string

func (a *app) explanation() *cobra.Command {
	var out string
	var force bool
	c := &cobra.Command{
		Use:   "explanation",
		Short: "Write the page for the sending domain: who wrote, why, and how to be left alone",
		Long: `Explanation writes the page that a shop should find when it wonders who wrote to
it, in English and German, filled from ` + "`sender:`, `mail:` and `retention:`" + ` of
touchstone.yaml. What is still to be said is marked. Put it on the domain that
the shoppers' addresses end in.`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			p, err := a.load()
			if err != nil {
				return err
			}
			path := first(out, filepath.Join(p.Dir, explanationFile))
			if _, err := os.Lstat(path); err == nil && !force {
				return usage("%s is there already: --force writes it anew, --out writes another", path)
			} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return usage("--out: %w", err)
			}
			left, err := writeExplanation(path, p)
			if err != nil {
				return err
			}
			fmt.Fprintln(a.stdout, path)
			if left > 0 {
				fmt.Fprintf(a.stdout, "%s in it for you to fill: look for <mark>.\n", count(left, "place"))
			}
			return nil
		},
	}
	c.Flags().StringVarP(&out, "out", "o", "", "the file to write (default: "+explanationFile+" in the project)")
	c.Flags().BoolVar(&force, "force", false, "write over a page that is there")
	return c
}

// writeExplanation fills the page and gives how many places are left to fill.
func writeExplanation(path string, p *scenarios.Project) (left int, err error) {
	t, err := template.New("page").Parse(explanationPage)
	if err != nil {
		return 0, err
	}
	data := struct {
		Sender       scenarios.Sender
		Domain       string
		Keep, KeepDE string
	}{Sender: p.Sender, Domain: "example.net"}
	if p.Mail != nil {
		_, data.Domain, _ = strings.Cut(p.Mail.Address, "@")
	}
	if n := int(p.Retention / (24 * time.Hour)); n > 0 {
		data.Keep, data.KeepDE = count(n, "day"), fmt.Sprintf("%d Tage", n)
		if n == 1 {
			data.KeepDE = "einen Tag"
		}
	}
	var b strings.Builder
	if err := t.Execute(&b, data); err != nil {
		return 0, err
	}
	page := strings.TrimSpace(b.String()) + "\n"
	return strings.Count(page, "<mark>"), writeFile(path, func(w io.Writer) error { _, err := io.WriteString(w, page); return err })
}
