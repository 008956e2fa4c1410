// Coverage prints how often the intervals of scoring/stat hold the truth, by
// simulation over a grid of method, number and truth, as Markdown:
//
//	go run ./internal/coverage scoring/stat/testdata/coverage-*.json > docs/coverage.md
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
)

func main() {
	if err := run(os.Stdout, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "coverage:", err)
		os.Exit(1)
	}
}

func run(w io.Writer, files []string) error {
	if len(files) == 0 {
		return fmt.Errorf("name the grids: coverage GRID.json …")
	}
	fmt.Fprint(w, intro)
	for i, f := range files {
		g, err := read(f)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "\n# Grid %d\n\n%s\n\n%d samples a cell, %d resamples, level %g, seed %d. The simulation's own error is about ±%.1f points.\n",
			i+1, g.About, g.Samples, g.Resamples, g.Level, g.Seed, 196*0.218/sqrt(g.Samples))
		g.print(w)
	}
	return nil
}

// read takes in a grid; what it does not know is a mistake.
func read(file string) (grid, error) {
	f, err := os.Open(file)
	if err != nil {
		return grid{}, err
	}
	defer f.Close()
	d := json.NewDecoder(f)
	d.DisallowUnknownFields()
	var g grid
	if err := d.Decode(&g); err != nil {
		return g, fmt.Errorf("%s: %w", file, err)
	}
	return g, nil
}

const intro = `# How often the intervals hold the truth

Printed by ` + "`make coverage`" + `; the grids stood before they were first run. Every cell is the share of samples, in percent, whose interval held
the truth; 95 is what is claimed. **Bold** is below 93. A method that gave no interval for a sample missed it. *The product's rule* is what
Touchstone shows: there a sample for which it says "too few" is left out, the share that it answered stands in brackets where it is not all,
and – says that it never answered. The rules stand in [statistics.md](statistics.md).
`
