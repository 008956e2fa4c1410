package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"touchstone/internal/assets"
)

func TestRunRefusesWhatIsNotPinned(t *testing.T) {
	dir := t.TempDir()
	if err := run(dir); err == nil || !strings.Contains(err.Error(), "npm ci --ignore-scripts") {
		t.Errorf("nothing fetched: got %v, want the command to run", err)
	}
	for _, f := range assets.Files() {
		from := filepath.Join(dir, f.From)
		if err := os.MkdirAll(filepath.Dir(from), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(from, []byte("another version"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "dist"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := run(dir); err == nil || !strings.Contains(err.Error(), "sha256") {
		t.Errorf("wrong bytes: got %v, want a complaint about the digest", err)
	}
	if left, _ := os.ReadDir(filepath.Join(dir, "dist")); len(left) != 0 {
		t.Errorf("wrong bytes were copied: %v", left)
	}
}
