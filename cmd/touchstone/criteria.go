package main

import (
	"cmp"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"touchstone/scoring"
)

// criterionPage is what the manual says of one criterion.
type criterionPage struct {
	ID     string          `json:"id"`
	Title  string          `json:"title"`
	Why    string          `json:"why"`
	Kind   string          `json:"kind"`
	Task   string          `json:"task,omitempty"`
	Also   []scoring.Scope `json:"also,omitempty"`
	Needs  []string        `json:"needs"`
	Unit   string          `json:"unit"`
	Curve  string          `json:"curve"`
	Source string          `json:"source"`
}

func (a *app) criteria() *cobra.Command {
	var asMarkdown, asJSON bool
	c := &cobra.Command{
		Use:   "criteria [ID]",
		Short: "Print the catalogue of criteria: what each measures, why, by which curve, after whom",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			var pages []criterionPage
			var known []string
			for _, c := range ordered(criteria()) {
				known = append(known, c.ID)
				if len(args) == 0 || args[0] == c.ID {
					pages = append(pages, pageOf(c))
				}
			}
			switch {
			case len(pages) == 0:
				return usage("there is no criterion %q; there are: %s", args[0], strings.Join(known, ", "))
			case asJSON:
				return a.printJSON(pages)
			case asMarkdown && len(args) == 0:
				return markdownCatalogue(a.stdout, pages)
			case len(args) == 0:
				return manual(a.stdout, pages)
			}
			var b strings.Builder
			if asMarkdown {
				pages[0].markdown(&b, "#")
			} else {
				pages[0].write(&b, "")
			}
			_, err := io.WriteString(a.stdout, strings.TrimPrefix(b.String(), "\n"))
			return err
		},
	}
	c.Flags().BoolVar(&asMarkdown, "markdown", false, "print it as Markdown")
	c.Flags().BoolVar(&asJSON, "json", false, "print it as JSON")
	c.MarkFlagsMutuallyExclusive("markdown", "json")
	return c
}

func pageOf(c scoring.Criterion) criterionPage {
	return criterionPage{c.ID, c.Title, c.Why, c.Kind, c.Task, c.Also, c.Needs, string(c.Unit), c.Curve, c.Source}
}

// reads words whose facts are judged: "mail probes, task enquiry".
func (p criterionPage) reads() string {
	var words []string
	for _, s := range append([]scoring.Scope{{Kind: p.Kind, Task: p.Task}}, p.Also...) {
		words = append(words, s.Kind+" probes, task "+cmp.Or(s.Task, "any"))
	}
	return strings.Join(words, "; ")
}

// rows are the parts of a page that have something in them, in their order.
func (p criterionPage) rows() [][2]string {
	all := [][2]string{
		{"why", p.Why},
		{"read from", p.reads()},
		{"needs", strings.Join(p.Needs, ", ")},
		{"curve", p.Curve},
		{"source", p.Source},
	}
	var some [][2]string
	for _, r := range all {
		if r[1] != "" {
			some = append(some, r)
		}
	}
	return some
}

// wrap breaks text into lines of at most width characters, where words allow;
// all but the first are indented.
func wrap(text string, width int, indent string) string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len([]rune(line))+1+len([]rune(word)) > width {
			lines, line = append(lines, line), ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return strings.Join(append(lines, line), "\n"+indent)
}
