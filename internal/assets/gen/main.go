// Gen copies the pinned script files from node_modules into dist, from where
// they are embedded. Run it by `make assets`, which fetches them first.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"touchstone/internal/assets"
)

func main() {
	if err := run("."); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// run copies within dir, the folder of package assets. A file whose digest is
// wrong is not copied.
func run(dir string) error {
	for _, f := range assets.Files() {
		data, err := os.ReadFile(filepath.Join(dir, f.From))
		if err != nil {
			return fmt.Errorf("%w: run `npm ci --ignore-scripts` in internal/assets first", err)
		}
		if err := assets.Check(f.Name, data); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, "dist", f.Name), data, 0o644); err != nil {
			return err
		}
	}
	return nil
}
