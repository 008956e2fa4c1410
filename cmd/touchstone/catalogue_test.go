package main

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/criteria.md again")

// Every criterion stands in one family of the catalogue, and what the catalogue
// names is judged or said not to be.
func TestCatalogueIsWhole(t *testing.T) {
	judged := map[string]bool{}
	for _, c := range criteria() {
		judged[c.ID] = true
	}
	seen := map[string]bool{}
	for _, f := range families {
		for _, id := range f.ids {
			if seen[id] {
				t.Errorf("%s stands twice", id)
			}
			seen[id] = true
			_, not := unjudged[id]
			if judged[id] == not {
				t.Errorf("%s: judged is %v, and unjudged %v", id, judged[id], not)
			}
		}
	}
	for id := range judged {
		if !seen[id] {
			t.Errorf("%s stands in no family", id)
		}
	}
	for id := range unjudged {
		if !seen[id] {
			t.Errorf("%s is not judged, and in no family", id)
		}
	}
}

// docs/criteria.md is what the program prints.
func TestCriteriaGolden(t *testing.T) {
	const file = "../../docs/criteria.md"
	var out, errs bytes.Buffer
	if code := run(t.Context(), []string{"criteria", "--markdown"}, strings.NewReader(""), &out, &errs); code != 0 {
		t.Fatalf("exit code %d: %s", code, &errs)
	}
	if *update {
		if err := os.WriteFile(file, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if out.String() != string(want) {
		t.Error("docs/criteria.md is not what `touchstone criteria --markdown` prints; look, then run `make golden`")
	}
}
