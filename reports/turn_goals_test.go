package reports_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"touchstone/reports"
)

// Why a search for a goal ended as it did has its words in each language: every
// piece that the sources join such a reason from, and every step of its way.
func TestGoalsAreTurned(t *testing.T) {
	turns, err := reports.TurnsIn("de")
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for _, pattern := range []string{"../probes/web/goal*.go", "../probes/web/find/*.go"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	asked := map[string]bool{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") || strings.Contains(name, "fields_") {
			continue // what a field was taken for is in no report
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			var said []ast.Expr
			switch n := n.(type) {
			case *ast.KeyValueExpr:
				if key, ok := n.Key.(*ast.Ident); ok && key.Name == "Why" {
					said = []ast.Expr{n.Value}
				}
			case *ast.AssignStmt:
				for i, to := range n.Lhs {
					if called(to) && len(n.Rhs) == len(n.Lhs) {
						said = append(said, n.Rhs[i])
					}
				}
			case *ast.CallExpr: // f.Path = append(f.Path, "…"), p.add(.5, "…")
				if f, ok := n.Fun.(*ast.Ident); ok && f.Name == "append" && len(n.Args) == 2 && strings.HasSuffix(path(n.Args[0]), "Path") {
					said = n.Args[1:]
				} else if f, ok := n.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "add" && len(n.Args) == 2 {
					said = n.Args[1:]
				}
			}
			for _, e := range said {
				for _, words := range literals(t, e) {
					if whole := strings.Trim(words, ";:, "); strings.Contains(whole, " ") {
						asked[whole] = true
					}
				}
			}
			return true
		})
	}
	var missing []string
	for words := range asked {
		sample := strings.NewReplacer("%s", "x", "%q", `"x"`, "%%", "%").Replace(words)
		sample = printed.ReplaceAllString(sample, "2")
		if turns.Turn(sample) == sample && turns.Turn(sample+": x") == sample+": x" && turns.Turn(sample+" x") == sample+" x" && turns.Turn(sample+", x") == sample+", x" {
			missing = append(missing, words)
		}
	}
	slices.Sort(missing)
	for _, words := range missing {
		t.Errorf("%q has no German", words)
	}
	if len(asked) < 60 {
		t.Errorf("only %d reasons were found: the test looks in the wrong place", len(asked))
	}
}

// called reports whether an expression is a variable or a field named why.
func called(e ast.Expr) bool {
	name := path(e)
	return name == "why" || strings.HasSuffix(name, "Why") || strings.HasSuffix(name, ".why")
}

// path writes a.b.c.
func path(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return path(e.X) + "." + e.Sel.Name
	}
	return ""
}

// literals gives the strings that an expression joins, or formats.
func literals(t *testing.T, e ast.Expr) []string {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			said, err := strconv.Unquote(e.Value)
			if err != nil {
				t.Fatal(err)
			}
			return []string{said}
		}
	case *ast.BinaryExpr:
		return append(literals(t, e.X), literals(t, e.Y)...)
	case *ast.CallExpr:
		if f := path(e.Fun); f == "fmt.Sprintf" && len(e.Args) > 0 {
			return literals(t, e.Args[0])
		}
	}
	return nil
}
