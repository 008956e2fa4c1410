package scenarios

import (
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"touchstone/scoring"
)

// The table in docs/scenarios.md promises scenarios: each that it names is in
// the library or in the street's project, and each of the library's is named.
// So is each criterion one that there is.
func TestTableOfScenarios(t *testing.T) {
	text, err := os.ReadFile("../docs/scenarios.md")
	if err != nil {
		t.Fatal(err)
	}
	id := regexp.MustCompile(`(?m)^id: (\S+)$`)
	there := map[string]bool{}
	var library []string
	all := shipped(t)
	maps.Copy(all, visited(t))
	for name, content := range all {
		found := id.FindStringSubmatch(content)
		if found == nil || found[1] != strings.TrimSuffix(path.Base(name), ".yaml") {
			t.Fatalf("%s: its id is not its name", name)
		}
		there[found[1]] = true
		library = append(library, found[1])
	}
	street, err := filepath.Glob("../internal/highstreet/project/scenarios/*.yaml")
	if err != nil || len(street) == 0 {
		t.Fatal("the street has no scenarios", err)
	}
	for _, name := range street {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if found := id.FindSubmatch(content); found != nil {
			there[string(found[1])] = true
		}
	}

	code := regexp.MustCompile("`([^`]+)`")
	named := map[string]bool{}
	rows := 0
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(line, "|")
		if len(cells) != 6 || strings.HasPrefix(cells[1], "---") || strings.Contains(line, "| scenarios |") {
			continue
		}
		rows++
		for column, cell := range map[string]string{"scenarios": cells[3], "criteria": cells[4]} {
			if !code.MatchString(cell) && !strings.Contains(cell, "later") && !strings.Contains(cell, "every scenario") {
				t.Errorf("no %s, and no word of later:\n%s", column, line)
			}
		}
		for _, m := range code.FindAllStringSubmatch(cells[3], -1) {
			named[m[1]] = true
			if !there[m[1]] {
				t.Errorf("there is no scenario %q:\n%s", m[1], line)
			}
		}
		for _, m := range code.FindAllStringSubmatch(cells[4], -1) {
			if !slices.ContainsFunc(scoring.Criteria(), func(c scoring.Criterion) bool { return c.ID == m[1] }) && m[1] != "readiness" {
				t.Errorf("there is no criterion %q:\n%s", m[1], line)
			}
		}
	}
	if rows < 28 {
		t.Errorf("only %d rows were read", rows)
	}
	slices.Sort(library)
	for _, s := range library {
		if !named[s] {
			t.Errorf("the shipped scenario %q stands in no row", s)
		}
	}
}
