package reporttest

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"touchstone/reports"
)

// Build makes the report of a wave.
func Build(t testing.TB, in reports.Input) *reports.Report {
	t.Helper()
	r, err := reports.New(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Write gives a report in a format of one file.
func Write(t testing.TB, f reports.Format, r *reports.Report) []byte {
	t.Helper()
	var buf bytes.Buffer
	if err := f.Write(&buf, r); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// Golden compares what a format gave with testdata/name, which update writes
// anew.
func Golden(t testing.TB, name string, got []byte, update bool) {
	t.Helper()
	path := filepath.Join("testdata", filepath.FromSlash(name))
	if update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("what was written differs from %s; look at it, then run go test with -update", path)
	}
}
