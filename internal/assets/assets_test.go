package assets

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
)

// Get must answer with the pinned bytes or say what to run: nothing between.
func TestGet(t *testing.T) {
	for _, f := range Files() {
		data, err := Get(f.Name)
		switch {
		case errors.Is(err, ErrMissing):
			if !strings.Contains(err.Error(), "make assets") {
				t.Errorf("%s: %q does not say what to run", f.Name, err)
			}
		case err != nil:
			t.Errorf("%s: %v", f.Name, err)
		case len(data) < 100_000:
			t.Errorf("%s holds %d bytes", f.Name, len(data))
		}
	}
	if _, err := Get("jquery.js"); err == nil {
		t.Error("an unknown asset was given")
	}
}

func TestCheck(t *testing.T) {
	if err := Check(ECharts, []byte("alert(1)")); err == nil || !strings.Contains(err.Error(), "sha256") {
		t.Errorf("wrong bytes: got %v", err)
	}
	if err := Check("jquery.js", nil); err == nil {
		t.Error("an unknown name passed")
	}
}

// The lock file pins what package.json asks for, with digests, and names no
// registry: a private mirror must not get into it.
func TestLockFile(t *testing.T) {
	var want struct{ Dependencies map[string]string }
	var lock struct {
		Packages map[string]struct{ Version, Integrity, Resolved string }
	}
	for name, v := range map[string]any{"package.json": &want, "package-lock.json": &lock} {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(data, v); err != nil {
			t.Fatal(err)
		}
	}
	if len(want.Dependencies) != len(Files()) {
		t.Errorf("package.json asks for %d packages, %d files are embedded", len(want.Dependencies), len(Files()))
	}
	for name, version := range want.Dependencies {
		if got := lock.Packages["node_modules/"+name].Version; got != version {
			t.Errorf("%s: locked at %q, asked for %q", name, got, version)
		}
	}
	for path, p := range lock.Packages {
		if path == "" {
			continue
		}
		if !strings.HasPrefix(p.Integrity, "sha512-") {
			t.Errorf("%s has no digest", path)
		}
		if p.Resolved != "" && !strings.HasPrefix(p.Resolved, "https://registry.npmjs.org/") {
			t.Errorf("%s comes from %s", path, p.Resolved)
		}
	}
}
