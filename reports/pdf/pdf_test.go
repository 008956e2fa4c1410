package pdf_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"touchstone/probes/web"
	"touchstone/reports"
	"touchstone/reports/html"
	"touchstone/reports/pdf"
	"touchstone/reports/reporttest"
)

var update = flag.Bool("update", false, "write the golden files anew")

var browser *web.Browser

func TestMain(m *testing.M) {
	flag.Parse()
	b, err := web.Open(web.Options{})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	browser = b
	code := m.Run()
	_ = b.Close()
	os.Exit(code)
}

// printed gives the PDF of a wave, as a file.
func printed(t testing.TB, in reports.Input) string {
	t.Helper()
	f := pdf.Format(html.Format(nil), func(page []byte, draft bool) ([]byte, error) {
		return browser.Print(context.Background(), page, draft)
	})
	path := filepath.Join(t.TempDir(), "report.pdf")
	if err := os.WriteFile(path, reporttest.Write(t, f, reporttest.Build(t, in)), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// tool runs one of the poppler tools.
func tool(t testing.TB, args ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), args[0], args[1:]...).Output()
	if err != nil {
		t.Fatalf("%s: %v (apt-get install poppler-utils)", strings.Join(args, " "), err)
	}
	return string(out)
}

// pages gives the text of each page.
func pages(t testing.TB, path string) []string {
	list := strings.Split(tool(t, "pdftotext", "-layout", path, "-"), "\f")
	return list[:len(list)-1]
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }

// The golden file holds the words of the print, page by page. Fonts differ
// from machine to machine, and with them where a line breaks: words, not lines.
func TestGolden(t *testing.T) {
	in := reporttest.Input()
	in.Sites = in.Sites[:1]
	in.Observations = in.Observations[:2]
	in.Result.Sites = in.Result.Sites[:1]
	var b strings.Builder
	for _, p := range pages(t, printed(t, in)) {
		b.WriteString(squeeze(p))
		b.WriteByte('\n')
	}
	words := regexp.MustCompile(`\d+ / \d+`).ReplaceAllString(b.String(), "N / N")
	reporttest.Golden(t, "report.txt", []byte(strings.Join(strings.Fields(words), "\n")+"\n"), *update)
}

// The contents lead to the pages that they name; every page has its number and
// all but the first the title; the print is tagged, in a language, with an
// outline and its fonts.
func TestPrint(t *testing.T) {
	in := reporttest.Panel(6)
	path := printed(t, in)
	whole(t, path)
	list := pages(t, path)
	info := tool(t, "pdfinfo", path)
	for _, want := range []string{"Tagged:          yes", "Title:           " + in.Title, "A4"} {
		if !strings.Contains(info, want) {
			t.Errorf("pdfinfo lacks %q:\n%s", want, info)
		}
	}
	for i, text := range list {
		if !strings.Contains(text, fmt.Sprintf("%d / %d", i+1, len(list))) {
			t.Errorf("page %d of %d has no number", i+1, len(list))
		}
		if top := squeeze(text); i > 0 && !strings.HasPrefix(top, in.Title) {
			t.Errorf("page %d begins with %.60q, not with the title", i+1, top)
		}
	}
	line := regexp.MustCompile(`(?m)^\s*(.+?)\s+(\d+)$`)
	found := 0
	for _, text := range list {
		if !strings.Contains(text, "Contents\n") {
			continue
		}
		for _, m := range line.FindAllStringSubmatch(text, -1) {
			var page int
			if strings.HasSuffix(m[1], "/") {
				continue // the foot of the page
			}
			if _, err := fmt.Sscan(m[2], &page); err != nil || page < 1 || page > len(list) {
				t.Errorf("the contents name the page %s", m[2])
				continue
			}
			found++
			if !strings.Contains(squeeze(list[page-1]), squeeze(m[1])) {
				t.Errorf("%q is not on page %d", m[1], page)
			}
		}
	}
	if found < 6+5 {
		t.Errorf("the contents have %d entries", found)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"/Outlines", "/StructTreeRoot", "/Lang (en)"} {
		if !bytes.Contains(data, []byte(want)) {
			t.Errorf("the file lacks %s", want)
		}
	}
	for i, row := range strings.Split(strings.TrimSpace(tool(t, "pdffonts", path)), "\n") {
		if f := strings.Fields(row); i > 1 && f[len(f)-5] != "yes" {
			t.Errorf("a font is not embedded: %s", row)
		}
	}
}

// whole looks at a picture of each page: nothing reaches into the margins at
// its sides, where it would be cut, and no page is empty.
func whole(t *testing.T, path string) {
	t.Helper()
	const dpi, edge = 36, 17 // 12 mm of the 14 that the margin has
	dir := t.TempDir()
	tool(t, "pdftoppm", "-r", fmt.Sprint(dpi), "-gray", path, filepath.Join(dir, "p"))
	files, err := filepath.Glob(filepath.Join(dir, "p*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no picture was drawn: %v", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var width, height, most int
		if _, err := fmt.Sscanf(string(data[:32]), "P5\n%d %d\n%d\n", &width, &height, &most); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		pixels, inked := data[len(data)-width*height:], 0
		for i, grey := range pixels {
			if int(grey) > most*9/10 {
				continue
			}
			if x := i % width; x < edge || x >= width-edge {
				t.Errorf("%s: there is ink %d pixels from the left of %d", filepath.Base(file), x, width)
				break
			}
			if y := i / width; y > height/12 && y < height*11/12 {
				inked++
			}
		}
		if inked < 20 {
			t.Errorf("%s: the page is empty", filepath.Base(file))
		}
	}
}

// Every panel can be printed, and a title can't end the style sheet.
func TestCases(t *testing.T) {
	cases := reporttest.Cases()
	german := reporttest.Panel(26) // shortened, and with longer words
	german.Language = "de"
	cases["a crowd in German"] = german
	for name, in := range cases {
		t.Run(name, func(t *testing.T) {
			if name == "hostile" {
				in.Title = `"} body { display: none } </style><script>x</script>` + reporttest.Hostile
			}
			path := printed(t, in)
			whole(t, path)
			text := strings.Join(pages(t, path), "\n")
			first, last := "Contents", "Right of reply"
			if in.Language == "de" {
				first, last = "Inhalt", "Recht auf Gegenrede"
			}
			if !strings.Contains(text, last) || !strings.Contains(text, first) {
				t.Error("the print ends before its end")
			}
			if data := squeeze(text); strings.Contains(data, "NaN") {
				t.Error("the print says NaN")
			}
		})
	}
}

// A print that is not understood is an error, never a contents without pages.
func TestUnreadable(t *testing.T) {
	for name, answer := range map[string]string{"empty": "", "no table": "%PDF-1.4\nstartxref\n9\n%%EOF\n", "table outside": "%PDF-1.4\nstartxref\n900\n%%EOF\n"} {
		f := pdf.Format(html.Format(nil), func([]byte, bool) ([]byte, error) { return []byte(answer), nil })
		if err := f.Write(&bytes.Buffer{}, reporttest.Build(t, reporttest.Input())); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// BenchmarkPanel prints a panel of 125 sites.
func BenchmarkPanel(b *testing.B) {
	in := reporttest.Panel(125)
	for b.Loop() {
		b.ReportMetric(float64(len(pages(b, printed(b, in)))), "pages")
	}
}
