package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// rulesOfConduct is how many rules there are: docs/conduct.md speaks of each.
const rulesOfConduct = 11

var (
	conductRow = regexp.MustCompile(`(?m)^\| (\d+) \| (.+) \| (.*) \|$`)
	quoted     = regexp.MustCompile("`([^`]+)`")
)

// Each rule in docs/conduct.md names tests, and each test that is named is in
// the repository: a story by its file, a case by its name.
func TestConductTable(t *testing.T) {
	text, err := os.ReadFile("../../docs/conduct.md")
	if err != nil {
		t.Fatal(err)
	}
	tests := testsOf(t, "../..")
	rules := map[int]bool{}
	for _, row := range conductRow.FindAllStringSubmatch(string(text), -1) {
		n, err := strconv.Atoi(row[1])
		if err != nil {
			t.Fatal(err)
		}
		rules[n] = true
		names := quoted.FindAllStringSubmatch(row[3], -1)
		if len(names) == 0 {
			t.Errorf("rule %d, %q: no test", n, row[2])
		}
		for _, name := range names {
			if why := missing(tests, name[1]); why != "" {
				t.Errorf("rule %d, %q: %s: %s", n, row[2], name[1], why)
			}
		}
	}
	for n := 1; n <= rulesOfConduct; n++ {
		if !rules[n] {
			t.Errorf("rule %d: docs/conduct.md has no row of it", n)
		}
	}
	for name, found := range map[string]bool{"TestKillSwitch": true, "TestNoSuchThing": false, "TestOutcomes/wall": true, "TestOutcomes/no such case": false, "TestStories/suppress": true, "TestStories/nothing": false} {
		if (missing(tests, name) == "") != found {
			t.Errorf("%s: found is not %v", name, found)
		}
	}
}

// missing says what is wrong with the name of a test, "" for nothing.
func missing(tests map[string][]string, name string) string {
	name, part, _ := strings.Cut(name, "/")
	words, ok := tests[name]
	switch {
	case !ok:
		return "there is no such test"
	case part == "":
		return ""
	case name == "TestStories":
		if _, err := os.Stat(filepath.Join("testdata", part+".txtar")); err != nil {
			return "there is no such story"
		}
		return ""
	}
	for _, w := range words {
		if w == part {
			return ""
		}
	}
	return "it has no such case"
}

// testsOf gives every test of the repository with the texts that stand in it.
func testsOf(t *testing.T, root string) map[string][]string {
	t.Helper()
	tests, set := map[string][]string{}, token.NewFileSet()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "node_modules" || d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && path != root):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(path, "_test.go"):
			return nil
		}
		f, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, decl := range f.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok || fn.Recv != nil || !strings.HasPrefix(fn.Name.Name, "Test") {
				continue
			}
			texts := append([]string{}, tests[fn.Name.Name]...)
			ast.Inspect(fn, func(n ast.Node) bool {
				if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
					if s, err := strconv.Unquote(lit.Value); err == nil {
						texts = append(texts, s)
					}
				}
				return true
			})
			tests[fn.Name.Name] = texts
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return tests
}
