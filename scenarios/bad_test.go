package scenarios

import (
	"errors"
	"flag"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

var update = flag.Bool("update", false, "write the messages that come out into testdata/bad/*.want")

// TestBad holds what Load says of each bad file against the text beside it. A
// file stands in the place that its name begins with, in a copy of
// testdata/good; a folder is a project of its own.
func TestBad(t *testing.T) {
	places := map[string]string{
		"project": "touchstone.yaml", "sites": "sites.yaml", "personas": "personas.yaml",
		"scenario": "scenarios/bad.yaml", "scorecard": "scorecards/bad.yaml",
		"checks": "checks.yaml",
	}
	entries, err := os.ReadDir("testdata/bad")
	if err != nil {
		t.Fatal(err)
	}
	l := testLanguage()
	j, err := l.judge()
	if err != nil {
		t.Fatal(err)
	}
	good := mapFS(t, "testdata/good")
	cases := 0
	for _, e := range entries {
		name := strings.TrimSuffix(e.Name(), ".yaml")
		if filepath.Ext(name) == ".want" {
			continue
		}
		cases++
		t.Run(name, func(t *testing.T) {
			var project fs.FS
			if e.IsDir() {
				project = os.DirFS(filepath.Join("testdata/bad", e.Name()))
			} else {
				bad, err := os.ReadFile(filepath.Join("testdata/bad", e.Name()))
				if err != nil {
					t.Fatal(err)
				}
				what, _, _ := strings.Cut(name, "-")
				files := maps.Clone(good)
				files[places[what]] = &fstest.MapFile{Data: bad}
				project = files
			}
			_, err := l.load(j, project, "/nowhere")
			var mistakes Mistakes
			if !errors.As(err, &mistakes) {
				t.Fatalf("Load gave %v, not mistakes", err)
			}
			got := err.Error() + "\n"
			if strings.Contains(got, "hunter2") || strings.Contains(got, "123456") {
				t.Errorf("a password is shown:\n%s", got)
			}
			want := filepath.Join("testdata/bad", name+".want")
			if *update {
				if err := os.WriteFile(want, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			text, err := os.ReadFile(want)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(text) {
				t.Errorf("got\n%s\nwant\n%s", got, text)
			}
		})
	}
	if cases < 40 {
		t.Errorf("only %d bad cases were found", cases)
	}
}

// mapFS reads a folder into memory.
func mapFS(t *testing.T, dir string) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(filepath.Join(dir, name))
		files[name] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestGood(t *testing.T) {
	if _, err := testLanguage().Load("testdata/good"); err != nil {
		t.Fatalf("the good project has mistakes:\n%v", err)
	}
}
