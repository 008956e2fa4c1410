package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"touchstone/internal/highstreet/side"
)

func TestScout(t *testing.T) {
	street, err := side.Open(t.Context(), nil, "moor-and-fell")
	if err != nil {
		t.Fatal(err)
	}
	defer street.Close()
	dir := t.TempDir()
	goals := "find-contact,find-returns-policy,search-help"
	var out, said bytes.Buffer
	if code := run(t.Context(), []string{"scout", street.Shops()[0].URL, "--as", "own", "--goal", goals, "--json", "--out", filepath.Join(dir, "out"), "--write-scenarios", filepath.Join(dir, "ways")}, nil, &out, &said); code != exitPassed {
		t.Fatalf("exit %d: %s", code, said.String())
	}
	var found []map[string]any
	if err := json.Unmarshal(out.Bytes(), &found); err != nil {
		t.Fatalf("%v: %s", err, out.String())
	}
	states := []string{}
	for _, f := range found {
		states = append(states, f["state"].(string))
		for _, key := range []string{"goal", "state", "confidence", "clicks", "pages", "seconds", "url", "path", "evidence"} {
			if _, ok := f[key]; !ok {
				t.Errorf("%v lacks %s", f["goal"], key)
			}
		}
		if len(f) != 9 {
			t.Errorf("%d keys: %v", len(f), f)
		}
	}
	if got := strings.Join(states, " "); got != "reached reached absent" {
		t.Errorf("states: %s", got)
	}
	if got := strings.Count(said.String(), "\n"); got < 3 {
		t.Errorf("progress in %d lines: %s", got, said.String())
	}
	for _, name := range []string{"out/*/index.html", "out/*/findings.json", "ways/find-contact-*.yaml", "ways/find-returns-policy-*.yaml"} {
		files, err := filepath.Glob(filepath.Join(dir, name))
		if err != nil || len(files) != 1 {
			t.Errorf("%s: %v %v", name, files, err)
			continue
		}
		data, err := os.ReadFile(files[0])
		if err != nil || len(data) < 100 {
			t.Errorf("%s: %d bytes, %v", name, len(data), err)
		}
		if strings.HasSuffix(name, ".yaml") && !strings.Contains(string(data), "goal: find-") {
			t.Errorf("%s: %s", name, data)
		}
	}
}

func TestScoutRefuses(t *testing.T) {
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"scout"}, "at least 1 arg"},
		{[]string{"scout", "ftp://shop.example"}, "is no address of a shop"},
		{[]string{"scout", "shop.example", "--as", "friend"}, "it is one of own, permission, public-enquiry"},
		{[]string{"scout", "shop.example", "--goal", "find-happiness"}, "there is no such goal"},
	} {
		var out, said bytes.Buffer
		if code := run(t.Context(), c.args, nil, &out, &said); code != exitUsage || !strings.Contains(said.String(), c.says) {
			t.Errorf("%q: exit %d, %s", c.args, code, said.String())
		}
	}
}
