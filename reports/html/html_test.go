package html_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	parse "golang.org/x/net/html"

	"touchstone/internal/assets"
	"touchstone/internal/evidence"
	"touchstone/reports"
	"touchstone/reports/html"
	"touchstone/reports/reporttest"
	"touchstone/scoring"
)

var update = flag.Bool("update", false, "write the golden files anew")

func render(t *testing.T, script []byte, in reports.Input) string {
	t.Helper()
	r, err := reports.New(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	var buf bytes.Buffer
	if err := html.Format(script).Write(&buf, r); err != nil {
		t.Fatal(err)
	}
	return buf.String()
}

// The static variant is the golden one: it needs no script file to be made.
func TestGolden(t *testing.T) {
	got := regexp.MustCompile(`data:image/jpeg;base64,[A-Za-z0-9+/=&#;]+`).ReplaceAllString(render(t, nil, reporttest.Input()), "data:image/jpeg;base64,")
	path := filepath.Join("testdata", "report.html")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the HTML differs from %s; look at it in a browser, then run go test with -update", path)
	}
}

// elements walks a document.
func elements(n *parse.Node, visit func(*parse.Node)) {
	visit(n)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		elements(c, visit)
	}
}

func attr(n *parse.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func hasAttr(n *parse.Node, key string) bool {
	return slices.ContainsFunc(n.Attr, func(a parse.Attribute) bool { return a.Key == key })
}

func words(n *parse.Node) string {
	var b strings.Builder
	elements(n, func(n *parse.Node) {
		if n.Type == parse.TextNode && n.Parent.Data != "style" && n.Parent.Data != "script" {
			b.WriteString(n.Data + " ")
		}
	})
	return b.String()
}

func document(t *testing.T, page string) *parse.Node {
	t.Helper()
	doc, err := parse.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// Both variants are whole documents that lead nowhere outside themselves.
func TestStructure(t *testing.T) {
	for name, script := range map[string][]byte{"static": nil, "interactive": []byte("var echarts")} {
		t.Run(name, func(t *testing.T) {
			ids, links := map[string]int{}, []string{}
			islands, scripts, headings := 0, 0, 0
			elements(document(t, render(t, script, reporttest.Input())), func(n *parse.Node) {
				if n.Type != parse.ElementNode {
					return
				}
				if id := attr(n, "id"); id != "" {
					ids[id]++
				}
				for _, a := range n.Attr {
					switch {
					case strings.HasPrefix(a.Key, "on"):
						t.Errorf("<%s> has the event handler %s", n.Data, a.Key)
					case a.Key == "href" && !strings.HasPrefix(a.Val, "#"):
						t.Errorf("<%s> leads to %s", n.Data, a.Val)
					case a.Key == "src" && !strings.HasPrefix(a.Val, "data:image/jpeg;base64,"):
						t.Errorf("<%s> loads %s", n.Data, a.Val)
					case a.Key == "href":
						links = append(links, a.Val[1:])
					case a.Key == "aria-labelledby":
						links = append(links, a.Val)
					}
				}
				switch n.Data {
				case "iframe":
					if !hasAttr(n, "sandbox") || attr(n, "sandbox") != "" || attr(n, "src") != "" {
						t.Error("a frame is not fenced in")
					}
				case "link", "object", "form", "base":
					t.Errorf("there is a <%s>", n.Data)
				case "img":
					if attr(n, "alt") == "" {
						t.Error("a picture has no words beside it")
					}
				case "h1":
					headings++
				case "script":
					if attr(n, "type") != "application/json" {
						scripts++
						return
					}
					islands++
					links = append(links, attr(n, "data-chart"))
					if !json.Valid([]byte(n.FirstChild.Data)) {
						t.Errorf("chart %s: the options are no JSON", attr(n, "data-chart"))
					}
				}
			})
			for id, n := range ids {
				if n > 1 {
					t.Errorf("the id %q stands %d times", id, n)
				}
			}
			for _, l := range links {
				if ids[l] == 0 {
					t.Errorf("nothing has the id %q", l)
				}
			}
			wantIslands, wantScripts := 9, 2
			if script == nil {
				wantIslands, wantScripts = 0, 0
			}
			if headings != 1 || islands != wantIslands || scripts != wantScripts {
				t.Errorf("%d h1, %d charts, %d scripts; want 1, %d, %d", headings, islands, scripts, wantIslands, wantScripts)
			}
		})
	}
}

var (
	share   = regexp.MustCompile(`\d ?%`)
	counted = regexp.MustCompile(`\d+/\d+|\d+ of \d+|n = \d+|n unknown|% of \d+ sites`)
)

// No share stands alone: its count, or the word that none is known, is in the
// same row, line or label.
func TestEveryShareHasItsCount(t *testing.T) {
	seen := 0
	check := func(where, text string) {
		if share.MatchString(text) {
			seen++
			if !counted.MatchString(text) {
				t.Errorf("%s: %q has a share without a count", where, text)
			}
		}
	}
	elements(document(t, render(t, []byte("var echarts"), reporttest.Input())), func(n *parse.Node) {
		for _, key := range []string{"aria-label", "alt", "title"} {
			check(key, attr(n, key))
		}
		if n.Type != parse.TextNode || n.Parent.Data == "style" || !share.MatchString(n.Data) {
			return
		}
		if n.Parent.Data == "script" {
			for _, s := range regexp.MustCompile(`"name":"[^"]*"`).FindAllString(n.Data, -1) {
				check("chart", s)
			}
			return
		}
		if strings.HasPrefix(attr(n.Parent, "class"), "tick") {
			return // of an axis
		}
		block := n.Parent
		for !slices.Contains([]string{"tr", "li", "p", "text", "figcaption", "body"}, block.Data) || block.Data == "p" && block.Parent.Data == "td" {
			block = block.Parent
		}
		check(block.Data, words(block))
	})
	if seen < 20 {
		t.Errorf("only %d shares were found: the test looks in the wrong place", seen)
	}
}

func TestEmptyCases(t *testing.T) {
	for name, change := range map[string]func(*reports.Input){
		"no site": func(in *reports.Input) {
			in.Sites, in.Observations, in.Result, in.Scenarios = nil, nil, scoring.Result{}, nil
		},
		"nothing observed": func(in *reports.Input) { in.Observations = nil; withhold(in, scoring.NotApplicable) },
		"all pending": func(in *reports.Input) {
			for i := range in.Observations {
				in.Observations[i].Outcome, in.Observations[i].Facts, in.Observations[i].Evidence = evidence.Pending, nil, nil
			}
			in.Wave.Ended = time.Time{}
			withhold(in, scoring.Waiting)
		},
		"one site, no times": func(in *reports.Input) {
			in.Sites, in.Result.Sites, in.Observations, in.Wave = in.Sites[:1], in.Result.Sites[:1], in.Observations[:1], reports.Wave{}
		},
	} {
		t.Run(name, func(t *testing.T) {
			in := reporttest.Input()
			change(&in)
			text := words(document(t, render(t, []byte("var echarts"), in)))
			for _, bad := range []string{"NaN", "Inf", "<nil>", "%!", "0001", "{{"} {
				if strings.Contains(text, bad) {
					t.Errorf("the report says %q", bad)
				}
			}
			if !strings.Contains(text, "Right of reply") {
				t.Error("the report ends before its end")
			}
		})
	}
}

func withhold(in *reports.Input, state scoring.State) {
	for i, s := range in.Result.Sites {
		in.Result.Sites[i] = scoring.SiteScore{Site: s.Site, State: state, Reason: "not yet"}
	}
}

// No reader meets an agent's name, whichever part of the page they look at.
func TestPeopleAreHidden(t *testing.T) {
	page := render(t, []byte("var echarts"), reporttest.Input())
	for _, s := range []string{reporttest.AgentGiven, reporttest.AgentFamily, reporttest.AgentAddress} {
		if strings.Contains(page, s) {
			t.Errorf("%q is in the page", s)
		}
	}
}

// In a real browser, with the real chart script: every hostile value is on the
// page, none runs, and nothing is asked of the network.
func TestNothingRuns(t *testing.T) {
	script, err := assets.Get(assets.ECharts)
	if err != nil {
		t.Fatal(err)
	}
	var asked atomic.Int64
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { asked.Add(1); w.WriteHeader(http.StatusNotFound) }))
	defer proxy.Close()

	// The marks must be able to fire, or their absence says nothing.
	control := browse(t, proxy.URL, `<!DOCTYPE html><p>`+reporttest.Hostile+`<img src="http://elsewhere.example/pixel.gif">`)
	if !strings.Contains(control, `data-fired=`) || asked.Load() == 0 {
		t.Fatalf("an unescaped page did not run its script, or asked for nothing (%d requests)", asked.Load())
	}
	asked.Store(0)

	dom := browse(t, proxy.URL, render(t, script, reporttest.Input()))
	if strings.Contains(dom[:strings.Index(dom, "<body")], "data-fired=") {
		t.Error("a hostile value ran")
	}
	if !strings.Contains(dom, `<html lang="en" data-ready="yes"`) {
		t.Error("the charts were not drawn")
	}
	if n := strings.Count(dom, `class="chart is-live"`); n != 9 {
		t.Errorf("%d charts are interactive, want 9", n)
	}
	if n := asked.Load(); n != 0 {
		t.Errorf("the report made %d requests", n)
	}
}

// A phone shows the whole width, whatever a stranger wrote. The probe stands
// in the place of the chart script.
func TestNoSidewaysScroll(t *testing.T) {
	probe := []byte(`document.documentElement.dataset.width = document.documentElement.scrollWidth + " of " + innerWidth;`)
	in := reporttest.Input()
	in.Sites[2].Name = strings.Repeat("Unbreakable", 900)
	in.Observations[0].Reason = strings.Repeat("x", 5000)
	for _, width := range []int{390, 1280} {
		dom := browse(t, "http://127.0.0.1:9", render(t, probe, in), fmt.Sprintf("--window-size=%d,900", width))
		if want := fmt.Sprintf(`data-width="%d of %d"`, width, width); !strings.Contains(dom, want) {
			t.Errorf("%d px: got %s, want %s", width, regexp.MustCompile(`data-width="[^"]*"`).FindString(dom), want)
		}
	}
}

// Axe, the accessibility engine, finds nothing to complain of, in the light
// theme and in the dark one, on a wide screen and on a phone.
func TestAccessible(t *testing.T) {
	axe, err := assets.Get(assets.Axe)
	if err != nil {
		t.Fatal(err)
	}
	run := `;globalThis.echarts = { init: () => ({ setOption() {}, dispose() {} }) };
		addEventListener("load", () => {
		for (const d of document.querySelectorAll("details")) d.open = true;
		for (const f of document.querySelectorAll(".is-live")) f.classList.remove("is-live"); // the drawing is what is looked at
		axe.run(document, { resultTypes: ["violations"] }).then((r) => {
			document.documentElement.dataset.axe = r.violations.map((v) => v.id + " (" + v.impact + "): " + v.nodes.map((n) => n.target + " " + n.failureSummary).join("; ")).join("\n") || "none of " + r.passes.length;
		}); });`
	page := render(t, append(axe, run...), reporttest.Input())
	for name, args := range map[string][]string{
		"light": {"--window-size=1280,900"},
		"dark":  {"--window-size=1280,900", "--blink-settings=preferredColorScheme=0"},
		"phone": {"--window-size=390,900"},
	} {
		found := regexp.MustCompile(`data-axe="([^"]*)"`).FindStringSubmatch(browse(t, "http://127.0.0.1:9", page, args...))
		if found == nil {
			t.Errorf("%s: axe did not run", name)
		} else if !strings.HasPrefix(found[1], "none of ") {
			t.Errorf("%s: %s", name, found[1])
		}
	}
}

// browse loads a page from a file and gives the document as scripts left it.
func browse(t *testing.T, proxy, page string, more ...string) string {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "page.html")
	if err := os.WriteFile(file, []byte(page), 0o644); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	args := []string{
		"--headless", "--disable-gpu", "--hide-scrollbars", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
		"--proxy-server=" + proxy, "--proxy-bypass-list=<-loopback>", "--user-data-dir=" + filepath.Join(dir, "profile"),
		"--virtual-time-budget=5000", "--dump-dom",
	}
	args = append(append(args, more...), "file://"+file)
	if os.Geteuid() == 0 {
		args = append([]string{"--no-sandbox"}, args...)
	}
	out, err := exec.CommandContext(ctx, browser(t), args...).Output()
	if err != nil {
		t.Fatalf("browser: %v", err)
	}
	return string(out)
}

func browser(t *testing.T) string {
	t.Helper()
	for _, path := range []string{os.Getenv("TOUCHSTONE_BROWSER"), "/usr/lib/chromium/chromium-headless-shell", "/usr/lib/chromium/chromium", "/usr/bin/google-chrome"} {
		if _, err := os.Stat(path); path != "" && err == nil {
			return path
		}
	}
	t.Fatal("no Chromium is installed: apt-get install chromium-headless-shell, or set TOUCHSTONE_BROWSER")
	return ""
}

// Every link within the page leads somewhere, no id stands twice, and one of
// 125 sites with the chart script is no larger than 6 MB.
func TestLinksAndSize(t *testing.T) {
	for _, n := range []int{6, 125} {
		page := string(reporttest.Write(t, html.Format(make([]byte, 1_150_000)), reporttest.Build(t, reporttest.Panel(n)))) // as large as ECharts
		ids := map[string]bool{}
		for _, m := range regexp.MustCompile(` id="([^"]*)"`).FindAllStringSubmatch(page, -1) {
			if ids[m[1]] {
				t.Errorf("%d sites: the id %q stands twice", n, m[1])
			}
			ids[m[1]] = true
		}
		links := regexp.MustCompile(` href="([^"]*)"`).FindAllStringSubmatch(page, -1)
		for _, m := range links {
			if to, inside := strings.CutPrefix(m[1], "#"); !inside || !ids[to] {
				t.Errorf("%d sites: the link %q leads nowhere", n, m[1])
			}
		}
		if len(links) < 100 || len(page) > 6_000_000 {
			t.Errorf("%d sites: %d links, %d bytes", n, len(links), len(page))
		}
	}
}
