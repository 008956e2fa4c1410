package site_test

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path"
	"path/filepath"
	"runtime/debug"
	"strings"
	"syscall"
	"testing"
	"time"

	parse "golang.org/x/net/html"

	"touchstone/reports"
	"touchstone/reports/reporttest"
	"touchstone/reports/site"
)

var update = flag.Bool("update", false, "write the golden files anew")

// files gives what the format writes, by name.
func files(t *testing.T, in reports.Input) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := site.Format().Files(func(name string, write func(io.Writer) error) error {
		var buf bytes.Buffer
		err := write(&buf)
		out[name] = buf.String()
		return err
	}, reporttest.Build(t, in))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestGolden(t *testing.T) {
	all := files(t, reporttest.Input())
	for _, name := range []string{"index.html", "sites/00002.html"} {
		reporttest.Golden(t, name, []byte(all[name]), *update)
	}
}

// Every page is whole, leads only to pages of the folder, and holds what
// strangers wrote as text.
func TestPages(t *testing.T) {
	for name, in := range reporttest.Cases() {
		t.Run(name, func(t *testing.T) {
			all := files(t, in)
			if len(all) != len(in.Sites)+1 {
				t.Errorf("%d files of %d sites", len(all), len(in.Sites))
			}
			for file, page := range all {
				doc, err := parse.Parse(strings.NewReader(page))
				if err != nil {
					t.Fatal(err)
				}
				titles, scripts := 0, 0
				for n := range doc.Descendants() {
					if n.Type != parse.ElementNode {
						continue
					}
					switch n.Data {
					case "h1":
						titles++
					case "script":
						scripts++
					case "link", "iframe", "object", "form", "base":
						t.Errorf("%s: there is a <%s>", file, n.Data)
					}
					for _, a := range n.Attr {
						switch {
						case strings.HasPrefix(a.Key, "on"):
							t.Errorf("%s: <%s> has the event handler %s", file, n.Data, a.Key)
						case a.Key == "href" && all[path.Join(path.Dir(file), a.Val)] == "":
							t.Errorf("%s leads to %s", file, a.Val)
						case a.Key == "src" && !strings.HasPrefix(a.Val, "data:image/jpeg;base64,"):
							t.Errorf("%s loads %s", file, a.Val)
						}
					}
				}
				want := 0
				if file == "index.html" {
					want = 1
				}
				if titles != 1 || scripts != want {
					t.Errorf("%s: %d titles, %d scripts", file, titles, scripts)
				}
				for _, bad := range []string{"NaN", "%!", "ZgotmplZ", "0001-01-01", reporttest.AgentFamily} {
					if strings.Contains(page, bad) {
						t.Errorf("%s says %q", file, bad)
					}
				}
				if !strings.Contains(page, "Right of reply") {
					t.Errorf("%s ends before its end", file)
				}
			}
		})
	}
}

// BenchmarkPanel writes 5,000 sites to a folder, bare and with eight screenshots
// to each of three visits: seconds, and the most memory that the process had at
// once, the made-up wave and the model included, with the limit that
// touchstone report sets itself.
func BenchmarkPanel(b *testing.B) {
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(896 << 20))
	for _, c := range []struct {
		name string
		in   func(int) reports.Input
	}{{"bare", reporttest.Panel}, {"pictured", reporttest.Pictured}} {
		b.Run(c.name, func(b *testing.B) {
			in := c.in(5000)
			for b.Loop() {
				start := time.Now()
				bytes := folder(b, b.TempDir(), in)
				b.ReportMetric(time.Since(start).Seconds(), "s")
				b.ReportMetric(most(b), "MiB-most")
				b.ReportMetric(float64(bytes)/(1<<20), "MiB-written")
			}
		})
	}
}

// most gives the most memory that the process had at once, in MiB.
func most(b *testing.B) float64 {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return float64(u.Maxrss) / 1024 // Linux counts in KiB
}

// folder writes the format below dir, and gives how many bytes that took.
func folder(t testing.TB, dir string, in reports.Input) int64 {
	t.Helper()
	var bytes int64
	err := site.Format().Files(func(name string, write func(io.Writer) error) error {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		f, err := os.Create(file)
		if err != nil {
			return err
		}
		defer f.Close()
		if err := write(f); err != nil {
			return err
		}
		at, err := f.Seek(0, io.SeekCurrent)
		bytes += at
		return err
	}, reporttest.Build(t, in))
	if err != nil {
		t.Fatal(err)
	}
	return bytes
}

// In German, in the operator's colours and with the operator's own words.
func TestGermanWithALabel(t *testing.T) {
	in := reporttest.Panel(6)
	in.Language = "de"
	var err error
	if in.Label, err = reports.NewLabel("Prüfhaus Nord", nil, "#1a3c5a", "**Vorab** ein Wort", "Zum Schluss"); err != nil {
		t.Fatal(err)
	}
	pages := files(t, in)
	for name, wants := range map[string][]string{
		"index.html":       {`<html lang="de">`, "Prüfhaus Nord", "--head:#1a3c5a;--headink:#ffffff", "<strong>Vorab</strong>", "<p>Zum Schluss</p>", "So wurde", `data-of="von"`, "2. November 2026 bis 8. November 2026"},
		"sites/00001.html": {`<html lang="de">`, "Prüfhaus Nord", "--head:#1a3c5a", "Alle Shops", "unsere E-Mail", `aria-label="Zeiten des Briefwechsels: `},
	} {
		for _, want := range wants {
			if !strings.Contains(pages[name], want) {
				t.Errorf("%s: %q is missing", name, want)
			}
		}
		for _, english := range []string{"How this was", ">Withheld<", "of 100 points", ">our mail", "Right of reply", "Made by", ">Criterion<", "Touchstone<"} {
			if strings.Contains(pages[name], english) {
				t.Errorf("%s: %q is left", name, english)
			}
		}
	}
}
