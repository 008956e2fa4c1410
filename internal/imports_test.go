// Package internal holds no code, only the test of the house's rules: which
// package may import which, and what no package does.
package internal

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "touchstone/"

// may lists, for each family of packages, the other families that it may
// import. A family is a folder with all that is below it. Tests are free,
// but for the kinds.
var may = map[string][]string{
	"cmd":                 {"internal", "probes", "reports", "scenarios", "scoring"},
	"internal/assets":     {},
	"internal/crash":      {"internal/db", "internal/evidence", "internal/highstreet", "internal/reading", "internal/realmail", "probes"},
	"internal/coverage":   {"scoring"},
	"internal/db":         {"internal/evidence", "probes"},
	"internal/evidence":   {},
	"internal/fieldwork":  {"internal/db", "internal/evidence", "internal/reading", "probes", "scenarios"},
	"internal/highstreet": {"internal/evidence"},
	"internal/intake":     {"internal/evidence", "probes", "scenarios"},
	"internal/judge":      {"internal/evidence", "internal/reading"},
	"internal/measure":    {"internal/evidence", "internal/highstreet", "internal/proc", "internal/reading", "probes"},
	"internal/oauthtest":  {},
	"internal/peers":      {"internal/evidence", "internal/proc", "probes"},
	"internal/proc":       {},
	"internal/reading":    {},
	"internal/realmail":   {"internal/proc"},
	"probes":              {"internal/evidence", "internal/reading"},
	"reports":             {"internal/assets", "internal/evidence", "scoring"},
	"scenarios":           {"internal/evidence", "probes", "scoring"},
	"scoring":             {"internal/evidence"},
}

// only lists the modules that one family keeps to itself. Tests are free.
var only = map[string]string{
	"gopkg.in/yaml.v3":              "scenarios",
	"go.yaml.in/yaml":               "scenarios",
	"github.com/chromedp/":          "probes/web",
	"modernc.org/sqlite":            "internal/db",
	"github.com/go-echarts/":        "reports",
	"github.com/xuri/excelize":      "reports/xlsx",
	"github.com/spf13/cobra":        "cmd",
	"github.com/invopop/jsonschema": "scenarios",
	"github.com/santhosh-tekuri/":   "scenarios",
	"github.com/openai/":            "internal/judge",
}

// pure is all that scoring may import beside the vocabulary: nothing there
// reaches a file, the network or chance that was not handed in.
var pure = []string{
	"cmp", "errors", "fmt", "iter", "maps", "math", "math/rand", "math/rand/v2", "regexp", "slices", "sort", "strconv", "strings", "time",
	"runtime", "sync", // many sites are scored on all cores, to the same figures
	"gonum.org/v1/gonum/mat", "gonum.org/v1/gonum/stat/distuv",
}

// clockless are the families that are told the time: the same input must give
// the same output on any day.
var clockless = []string{"internal/evidence", "internal/reading", "reports", "scenarios", "scoring"}

func TestHouseRules(t *testing.T) {
	root, set, seen := "..", token.NewFileSet(), 0
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, rel := d.Name(), filepath.ToSlash(strings.TrimPrefix(p, root+string(filepath.Separator)))
		if d.IsDir() {
			// zz_deps holds blank imports until every module has its user.
			if p != root && (strings.HasPrefix(name, ".") || slices.Contains([]string{"testdata", "node_modules", "zz_deps"}, name)) {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") {
			return nil
		}
		f, err := parser.ParseFile(set, p, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		seen++
		for _, v := range violations(rel, f) {
			t.Errorf("%s: %s", rel, v)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < 10 {
		t.Errorf("only %d Go files were found below %s", seen, root)
	}
}

// violations lists what breaks a rule in the file at the path, which is
// relative to the module's root and has forward slashes.
func violations(file string, f *ast.File) []string {
	var found []string
	wrong := func(format string, args ...any) { found = append(found, fmt.Sprintf(format, args...)) }
	test, own := strings.HasSuffix(file, "_test.go"), family(path.Dir(file))
	names := map[string]string{} // local name of a standard package -> its path

	if own == "" && file != "internal/imports_test.go" {
		wrong("no Go stands in %s: the top level is cmd, probes, scoring, reports, scenarios, internal", path.Dir(file))
	}
	for _, spec := range f.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			wrong("import %s: %v", spec.Path.Value, err)
			continue
		}
		if ours, ok := strings.CutPrefix(imported, module); ok {
			if a, b := kind(path.Dir(file)), kind(ours); b != "" && a != b && strings.HasPrefix(file, "probes/") {
				wrong("probe kinds never import one another, nor does what they share: %s", imported)
			}
			if !test && !allowed(own, ours) {
				wrong("%s must not import %s", own, imported)
			}
		}
		for prefix, home := range only {
			if !test && strings.HasPrefix(imported, prefix) && !within(file, home) {
				wrong("only %s imports %s", home, imported)
			}
		}
		if own == "scoring" && !test && !strings.HasPrefix(imported, module) && !slices.Contains(pure, imported) {
			wrong("scoring is pure, and %s is not", imported)
		}
		name := path.Base(imported)
		if imported == "math/rand/v2" {
			name = "rand"
		}
		if spec.Name != nil {
			name = spec.Name.Name
		}
		names[name] = imported
	}
	for _, d := range f.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
			wrong("func init hides an order of events: make the list explicit where it is used")
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		pkg, ok := sel.X.(*ast.Ident)
		if !ok || test {
			return true
		}
		called := pkg.Name + "." + sel.Sel.Name
		switch from, name := names[pkg.Name], sel.Sel.Name; {
		case from == "os" && name == "Exit" && path.Base(file) != "main.go",
			from == "log" && (strings.HasPrefix(name, "Fatal") || strings.HasPrefix(name, "Panic")):
			wrong("%s ends the program: only main does", called)
		case from == "time" && slices.Contains(clockless, own) && slices.Contains([]string{"Now", "Since", "Until", "After", "AfterFunc", "NewTicker", "NewTimer", "Sleep", "Tick"}, name):
			wrong("%s reads the clock: %s is told the time", called, own)
		case own == "scoring" && from == "fmt" && (strings.HasPrefix(name, "Print") || strings.HasPrefix(name, "Scan")):
			wrong("%s is not pure", called)
		case own == "scoring" && strings.HasPrefix(from, "math/rand") && name != "Rand":
			wrong("%s: chance comes as an injected *rand.Rand", called)
		}
		return true
	})
	return found
}

// family gives the family that a folder belongs to, or "" outside of all.
func family(dir string) string {
	for f := range may {
		if within(dir, f) {
			return f
		}
	}
	return ""
}

// allowed reports whether a family may import one of our packages.
func allowed(own, ours string) bool {
	return within(ours, own) || slices.ContainsFunc(may[own], func(f string) bool { return within(ours, f) })
}

// kind gives the probe kind that a folder belongs to: "mail" of probes/mail.
func kind(dir string) string {
	below, ok := strings.CutPrefix(dir, "probes/")
	if !ok {
		return ""
	}
	name, _, _ := strings.Cut(below, "/")
	return name
}

// within reports whether a slash path is the folder or below it.
func within(p, folder string) bool { return p == folder || strings.HasPrefix(p, folder+"/") }

// Each rule must be able to fail.
func TestHouseRulesCatch(t *testing.T) {
	for _, tt := range []struct{ name, file, src, want string }{
		{"a folder of its own", "helpers/a.go", `package helpers`, "no Go stands in helpers"},
		{"the root", "a.go", `package touchstone`, "no Go stands in ."},
		{"an unknown internal package", "internal/util/a.go", `package util`, "no Go stands in internal/util"},
		{"the vocabulary imports nothing", "internal/evidence/a.go", `package evidence; import _ "touchstone/scoring"`, "internal/evidence must not import touchstone/scoring"},
		{"the shared part of probes imports no kind", "probes/a.go", `package probes; import _ "touchstone/probes/mail"`, "never import one another"},
		{"kinds are strangers", "probes/web/a.go", `package web; import _ "touchstone/probes/mail"`, "never import one another"},
		{"kinds are strangers in tests", "probes/web/find/a_test.go", `package find; import _ "touchstone/probes/mail"`, "never import one another"},
		{"a kind may import its own", "probes/web/a.go", `package web; import _ "touchstone/probes/web/find"`, ""},
		{"reports do not reach for sites", "reports/html/a.go", `package html; import _ "touchstone/scenarios"`, "reports must not import touchstone/scenarios"},
		{"reports may import their own", "reports/html/a.go", `package html; import _ "touchstone/reports"`, ""},
		{"tests are free", "scoring/a_test.go", `package scoring; import (_ "touchstone/scenarios"; _ "gopkg.in/yaml.v3"; _ "os")`, ""},
		{"one home for YAML", "cmd/touchstone/a.go", `package main; import _ "gopkg.in/yaml.v3"`, "only scenarios imports gopkg.in/yaml.v3"},
		{"one home for the browser", "probes/mail/a.go", `package mail; import _ "github.com/chromedp/cdproto/page"`, "only probes/web imports"},
		{"scoring opens nothing", "scoring/a.go", `package scoring; import _ "net/http"`, "scoring is pure, and net/http is not"},
		{"scoring knows no hour", "scoring/a.go", `package scoring; import "time"; var t = time.Now()`, "time.Now reads the clock"},
		{"under any name", "scoring/a.go", `package scoring; import clock "time"; var t = clock.Since`, "clock.Since reads the clock"},
		{"durations are no clock", "scoring/a.go", `package scoring; import "time"; const d = time.Second`, ""},
		{"scoring prints nothing", "scoring/a.go", `package scoring; import "fmt"; func f() { fmt.Println() }`, "fmt.Println is not pure"},
		{"scoring rolls no dice", "scoring/a.go", `package scoring; import "math/rand/v2"; var n = rand.IntN(6)`, "injected *rand.Rand"},
		{"nor do its statistics", "scoring/stat/a.go", `package stat; import "math/rand/v2"; var n = rand.New(nil)`, "injected *rand.Rand"},
		{"statistics open nothing", "scoring/stat/a.go", `package stat; import _ "os"`, "scoring is pure, and os is not"},
		{"handed dice are fine", "scoring/a.go", `package scoring; import "math/rand"; func f(r *rand.Rand) int { return r.Intn(6) }`, ""},
		{"no init", "cmd/touchstone/a.go", `package main; func init() {}`, "func init hides"},
		{"a method may be called init", "cmd/touchstone/a.go", `package main; type a struct{}; func (a) init() {}`, ""},
		{"only main ends the program", "cmd/touchstone/run.go", `package main; import "os"; func f() { os.Exit(1) }`, "os.Exit ends the program"},
		{"main does", "cmd/touchstone/main.go", `package main; import "os"; func main() { os.Exit(1) }`, ""},
		{"nor does a log", "internal/db/a.go", `package db; import "log"; func f() { log.Fatalf("") }`, "log.Fatalf ends the program"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f, err := parser.ParseFile(token.NewFileSet(), tt.file, tt.src, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			got := strings.Join(violations(tt.file, f), "\n")
			if tt.want == "" && got != "" || !strings.Contains(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
