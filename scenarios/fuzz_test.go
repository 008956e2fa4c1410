package scenarios

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"
)

// FuzzSites: whatever the bytes, Load comes back, and each mistake stands at a
// place that is in the file.
func FuzzSites(f *testing.F) {
	seeds, err := filepath.Glob("testdata/bad/sites-*.yaml")
	if err != nil || len(seeds) == 0 {
		f.Fatal("no seeds", err)
	}
	for _, name := range seeds {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data))
	}
	for _, s := range []string{
		"\ufeffsites:\r\n  - id: é\r  url: \u2028x\u0085", "? ", "a: &a {<<: *a}", "<<: [{a: 1}, *b]", "sites: [{id: .inf}]", "sites: [{id: 1e400}]",
		"%YAML 1.2\n---\n", "--- !!map {}", "- - - -", "sites: [{vars: {a: !!binary zz}}]", "&a *a", "a: |\n\tb", "\x00", "{a: 1, a: 2}", "*x : 1",
	} {
		f.Add(s)
	}
	l := testLanguage()
	j, err := l.judge()
	if err != nil {
		f.Fatal(err)
	}
	sound := fstest.MapFS{
		"touchstone.yaml":    {Data: []byte("project: Test\n")},
		"scenarios/ask.yaml": {Data: []byte("id: ask\ntitle: Ask\nkind: mail\ntask: enquiry\neffects: [send-mail]\nwindow: 5d\nwith: {texts: [{subject: Hi, body: Hello}]}\n")},
	}
	f.Fuzz(func(t *testing.T, sites string) {
		fsys := fstest.MapFS{"touchstone.yaml": sound["touchstone.yaml"], "scenarios/ask.yaml": sound["scenarios/ask.yaml"], "sites.yaml": {Data: []byte(sites)}}
		_, err := l.load(j, fsys, "/nowhere")
		var mistakes Mistakes
		if err != nil && !errors.As(err, &mistakes) {
			t.Fatalf("not mistakes: %v", err)
		}
		lines := splitLines(strings.TrimPrefix(sites, "\ufeff"))
		for _, m := range mistakes {
			if m.File != "sites.yaml" {
				t.Fatalf("a mistake in a sound file: %v", m)
			}
			if m.Pos.Line < 1 || m.Pos.Line > len(lines) || m.Col < 1 || m.Col > utf8.RuneCountInString(lines[m.Pos.Line-1])+1 {
				t.Fatalf("%s is not in the file", m.Pos)
			}
			if m.Message == "" || !utf8.ValidString(m.String()) {
				t.Fatalf("unreadable: %q", m.String())
			}
		}
	})
}

// BenchmarkLoad reads a panel of 5,000 sites; a second is the most it may take.
func BenchmarkLoad(b *testing.B) {
	var s strings.Builder
	s.WriteString("sites:\n")
	zones := []string{"Europe/London", "Europe/Berlin", "America/New_York", "Asia/Tokyo"}
	for i := range 5000 {
		fmt.Fprintf(&s, "  - id: shop-%d\n    name: Shop %d\n    cohort: competitor\n    url: https://shop-%d.example/\n    email: service@shop-%d.example\n    timezone: %s\n    language: en\n    hours: {days: mon-fri, from: \"09:00\", to: \"17:00\"}\n    authorisation: {as: public-enquiry}\n    vars: {product: %d, category: lamps}\n", i, i, i, i, zones[i%len(zones)], i)
	}
	dir := write(b, map[string]string{"sites.yaml": s.String()})
	l := testLanguage()
	for b.Loop() {
		p, err := l.Load(dir)
		if err != nil || len(p.Sites) != 5000 {
			b.Fatal(err)
		}
	}
}
