// Package assets embeds the two script files that a build may carry: ECharts,
// which draws the interactive charts of a report, and axe-core, which checks
// the accessibility of a page. Neither is in the repository: npm fetches the
// versions that package-lock.json pins, and go generate copies the files into
// dist. A build without them works; Get then says how to get them.
package assets

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
)

//go:generate go run ./gen

//go:embed all:dist
var dist embed.FS

// The names of the files.
const (
	ECharts = "echarts.min.js"
	Axe     = "axe.min.js"
)

// ErrMissing is wrapped by Get when this build carries no such file.
var ErrMissing = errors.New("not in this build: run `make assets` and build again")

// A File is one script file, its place in the npm package, and the lower-case
// hex SHA-256 that its bytes must have.
type File struct{ Name, From, SHA256, Licence string }

// Files lists what a complete build embeds.
func Files() []File {
	return []File{
		{ECharts, "node_modules/echarts/dist/echarts.min.js", "b66b25aeb4df84e33199dc21694014d336d222cbd9deb0e5a7c14bd6aa0d0fd0", "Apache-2.0"},
		{Axe, "node_modules/axe-core/axe.min.js", "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c", "MPL-2.0"},
	}
}

// Check reports whether data is the file of that name, to the byte.
func Check(name string, data []byte) error {
	i := slices.IndexFunc(Files(), func(f File) bool { return f.Name == name })
	if i < 0 {
		return fmt.Errorf("asset %s: there is no such file", name)
	}
	sum := sha256.Sum256(data)
	if got := hex.EncodeToString(sum[:]); got != Files()[i].SHA256 {
		return fmt.Errorf("asset %s has sha256 %s, want %s: delete node_modules and dist in internal/assets, then run `make assets`", name, got, Files()[i].SHA256)
	}
	return nil
}

// Get gives an embedded file. A build without it gives ErrMissing.
func Get(name string) ([]byte, error) {
	data, err := dist.ReadFile("dist/" + name)
	if err != nil {
		return nil, fmt.Errorf("asset %s: %w", name, ErrMissing)
	}
	if err := Check(name, data); err != nil {
		return nil, err
	}
	return data, nil
}
