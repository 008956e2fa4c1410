package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// scrape gets a page of a process's own server.
func scrape(t *testing.T, url string) (status int, text string) {
	t.Helper()
	client := http.Client{Timeout: patience}
	res, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

// A run and a watch tell a scraper how the wave stands, on loopback; health
// says when the kill switch is on.
func TestMetrics(t *testing.T) {
	s := newCorner(t)
	succeeds(t, s.dir, nil, "plan")
	run := begin(t, s.dir, nil, "run", "--verbose", "--metrics-addr", ":0")
	served := func(c *child) string {
		c.hears("metrics are served")
		at := regexp.MustCompile(`address=(127\.0\.0\.1:\d+)`).FindStringSubmatch(c.said[len(c.said)-1])
		if at == nil {
			t.Fatalf("not on loopback: %s", c.said[len(c.said)-1])
		}
		return "http://" + at[1]
	}
	ofRun := served(run)
	s.gate.waits(t, "the visit")
	watch := begin(t, s.dir, nil, "watch", "--verbose", "--metrics-addr", ":0")
	ofWatch := served(watch)
	w := ofWatch + "/metrics"
	for _, url := range []string{ofRun + "/metrics", w} {
		_, text := scrape(t, url)
		for _, want := range []string{
			`site="corner",state="running",wave=`, `site="corner",state="planned",wave=`, "\ntouchstone_kill_switch 0\n", "\ngo_goroutines ",
		} {
			if !strings.Contains(text, want) {
				t.Errorf("%s has no %q:\n%s", url, want, text)
			}
		}
	}
	if status, text := scrape(t, ofRun+"/healthz"); status != http.StatusOK || text != "ok\n" {
		t.Errorf("healthz: %d %q", status, text)
	}
	close(s.gate.open)
	late := time.Now().Add(patience)
	for { // until the first visit has ended
		if _, text := scrape(t, w); strings.Contains(text, `touchstone_probes{outcome="completed",site="corner",state="done"`) {
			break
		}
		if time.Now().After(late) {
			t.Fatal("the end of a visit is not seen")
		}
	}
	run.ends(0)
	watch.ends(0)

	stopped := begin(t, s.dir, nil, "plan")
	stopped.ends(0)
	c := begin(t, s.dir, nil, "run", "--metrics-addr", "nonsense")
	c.ends(exitUsage)
}

// Every key of the program's logs is in the list that docs/operations.md
// promises, and every key there is in use.
func TestLogKeysAreThoseDocumented(t *testing.T) {
	page, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(page), "## Logs")
	table, _, _ = strings.Cut(table, "## Metrics")
	var promised []string
	for _, line := range strings.Split(table, "\n") {
		if cells := strings.Split(line, "|"); len(cells) > 2 {
			for _, m := range regexp.MustCompile("`([a-z_]+)`").FindAllStringSubmatch(cells[1], -1) {
				promised = append(promised, m[1])
			}
		}
	}
	used := map[string]bool{}
	for _, dir := range []string{".", "../../internal/fieldwork", "../../internal/db", "../../probes/mail", "../../probes/form", "../../probes/web", "../../probes/web/driver", "../../probes/web/find"} {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(f, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok || !logs(call.Fun) {
					return true
				}
				for i := 1; i < len(call.Args); i += 2 {
					key, ok := call.Args[i].(*ast.BasicLit)
					if !ok || key.Kind != token.STRING {
						t.Errorf("%s: a key of a log line is not a constant", name)
						continue
					}
					k := strings.Trim(key.Value, `"`)
					used[k] = true
					if !slices.Contains(promised, k) {
						t.Errorf("%s: the key %q is not in docs/operations.md", name, k)
					}
				}
				return true
			})
		}
	}
	for _, k := range promised {
		if !used[k] {
			t.Errorf("docs/operations.md promises the key %q, which nothing logs", k)
		}
	}
}

// logs reports whether a call writes a log line.
func logs(fun ast.Expr) bool {
	switch f := fun.(type) {
	case *ast.Ident:
		return f.Name == "level"
	case *ast.SelectorExpr:
		if !slices.Contains([]string{"Debug", "Info", "Warn", "Error"}, f.Sel.Name) {
			return false
		}
		switch on := f.X.(type) {
		case *ast.Ident:
			return on.Name == "log"
		case *ast.SelectorExpr:
			return strings.EqualFold(on.Sel.Name, "log")
		case *ast.CallExpr: // x.log().Debug
			sel, ok := on.Fun.(*ast.SelectorExpr)
			return ok && sel.Sel.Name == "log"
		}
	}
	return false
}
