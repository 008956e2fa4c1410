package card_test

import (
	"bytes"
	"cmp"
	"context"
	"flag"
	"fmt"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"touchstone/probes/web"
	"touchstone/reports"
	"touchstone/reports/card"
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

var paper = card.Paper{
	Print:   func(page []byte) ([]byte, error) { return browser.Print(context.Background(), page, false) },
	Picture: func(page []byte, w, h int) ([]byte, error) { return browser.Picture(context.Background(), page, w, h) },
}

// files gives what the format writes, by name.
func files(t *testing.T, p card.Paper, in reports.Input, sites ...string) (map[string][]byte, error) {
	t.Helper()
	out := map[string][]byte{}
	err := card.Format(p, sites...).Files(func(name string, write func(io.Writer) error) error {
		var buf bytes.Buffer
		err := write(&buf)
		out[name] = buf.Bytes()
		return err
	}, reporttest.Build(t, in))
	return out, err
}

func TestGolden(t *testing.T) {
	blank := card.Paper{
		Print:   func([]byte) ([]byte, error) { return nil, nil },
		Picture: func(page []byte, _, _ int) ([]byte, error) { return page, nil },
	}
	all, err := files(t, blank, reporttest.Input(), "kettle-and-leaf")
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 4 {
		t.Errorf("%d files, want 4", len(all))
	}
	reporttest.Golden(t, "image.html", all["00001.png"], *update)
	reporttest.Golden(t, "page.html", all["00001.html"], *update)
}

// One image of its size and one page, whatever strangers wrote; no other site
// is named.
func TestCards(t *testing.T) {
	cases := reporttest.Cases()
	cases["panel"] = reporttest.Panel(2)
	for name, in := range cases {
		t.Run(name, func(t *testing.T) {
			var sites []string // all of the panel; of three the one whose name is worst
			if len(in.Sites) == 3 {
				sites = []string{in.Sites[1].ID}
			}
			all, err := files(t, paper, in, sites...)
			if err != nil {
				t.Fatal(err)
			}
			if want := 4 * cmp.Or(len(sites), len(in.Sites)); len(all) != want {
				t.Errorf("%d files, want %d", len(all), want)
			}
			for file, data := range all {
				switch filepath.Ext(file) {
				case ".png":
					dim, err := png.DecodeConfig(bytes.NewReader(data))
					if err != nil || dim.Width != 2400 || dim.Height != 1260 {
						t.Errorf("%s: %d × %d, %v", file, dim.Width, dim.Height, err)
					}
				case ".pdf":
					path := filepath.Join(t.TempDir(), file)
					if err := os.WriteFile(path, data, 0o644); err != nil {
						t.Fatal(err)
					}
					info, err := exec.CommandContext(t.Context(), "pdfinfo", path).Output()
					if err != nil || !strings.Contains(string(info), "Pages:           1\n") {
						t.Errorf("%s is not one page: %v\n%s", file, err, info)
					}
				case ".html":
					if bytes.Contains(data, []byte("<script")) {
						t.Errorf("%s has a script", file)
					}
					for i, s := range in.Sites {
						if own := fmt.Sprintf("%05d", i+1); !strings.HasPrefix(file, own) && name == "panel" && bytes.Contains(data, []byte(s.ID)) {
							t.Errorf("%s names %s", file, s.ID)
						}
					}
				}
			}
		})
	}
	if _, err := files(t, paper, reporttest.Input(), "nobody"); err == nil {
		t.Error("a card of a site that is not in the panel was made")
	}
}

// In German, in the operator's colours and with the operator's name.
func TestGermanWithALabel(t *testing.T) {
	in := reporttest.Panel(3)
	in.Language = "de"
	var err error
	if in.Label, err = reports.NewLabel("Prüfhaus Nord", nil, "#ffee00", "", "Zum Schluss"); err != nil {
		t.Fatal(err)
	}
	drawn := map[string]string{}
	keep := func(name string) func([]byte) ([]byte, error) {
		return func(page []byte) ([]byte, error) { drawn[name] = string(page); return nil, nil }
	}
	p := card.Paper{Print: keep("page"), Picture: func(page []byte, _, _ int) ([]byte, error) { return keep("image")(page) }}
	if _, err := files(t, p, in, "shop-001"); err != nil {
		t.Fatal(err)
	}
	for name, wants := range map[string][]string{
		"page":  {`<html lang="de">`, "Prüfhaus Nord", "--head:#ffee00;--headink:#000000", "Zu Ihrer Antwort", "Ihr Recht auf Antwort", "<p>Zum Schluss</p>", "von 100 Punkten"},
		"image": {`<html lang="de">`, "Prüfhaus Nord", "--head:#ffee00", "von 100 Punkten"},
	} {
		for _, want := range wants {
			if !strings.Contains(drawn[name], want) {
				t.Errorf("the %s lacks %q", name, want)
			}
		}
		for _, english := range []string{"of 100 points", "Where points", "for your reply", "Made by", ">Criterion<", "Touchstone<"} {
			if strings.Contains(drawn[name], english) {
				t.Errorf("the %s: %q is left", name, english)
			}
		}
	}
}
