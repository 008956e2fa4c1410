package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// write makes a file of lines, compressed where its name says so.
func write(t *testing.T, name string, lines ...string) string {
	t.Helper()
	var b bytes.Buffer
	text := []byte(strings.Join(lines, "\n") + "\n")
	if strings.HasSuffix(name, ".gz") {
		z := gzip.NewWriter(&b)
		if _, err := z.Write(text); err != nil {
			t.Fatal(err)
		}
		z.Close()
		text = b.Bytes()
	}
	name = filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(name, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// measured runs a task and gives its object.
func measured(t *testing.T, args ...string) map[string]any {
	t.Helper()
	var b bytes.Buffer
	if err := run(&b, args); err != nil {
		t.Fatal(err)
	}
	object := map[string]any{}
	if err := json.Unmarshal(b.Bytes(), &object); err != nil {
		t.Fatalf("%v: %s", err, b.String())
	}
	return object
}

func TestOwnWords(t *testing.T) {
	for _, name := range []string{"rows.jsonl", "rows.jsonl.gz"} {
		got := measured(t, "own-words", write(t, name,
			`{"id":"1","source":"a","text":"Yes.\n> Do you?","own":"Yes."}`,
			`{"id":"2","source":"b","text":"Yes.\nNo.","own":"Yes."}`))
		b := got["by_source"].(map[string]any)["b"].(map[string]any)
		if got["n"] != 2. || got["exact"] != .5 || b["exact"] != 0. || b["line_f1"] != .6667 {
			t.Errorf("%v", got)
		}
	}
}

func TestMailClass(t *testing.T) {
	folder := t.TempDir()
	for name, text := range map[string]string{
		"bounce.eml": "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nSubject: failure notice\n\nI wasn't able to deliver your message.\n550 5.1.1 no such user\n",
		"human.eml":  "From: anna@shop.example\nSubject: Re: Question\n\nYes.\n",
		"other.eml":  "From: anna@shop.example\n\nNot in the manifest.\n",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got := measured(t, "mail-class", write(t, "manifest.jsonl",
		`{"file":"bounce.eml","label":"bounce"}`, `{"file":"human.eml","label":"human-reply"}`, `{"file":"lost.eml","label":"bounce"}`), folder)
	if got["n"] != 2. || got["unread"] != 1. || got["bounce_recall"] != 1. || got["human_called_automatic"] != 0. {
		t.Errorf("%v", got)
	}
}

func TestPromises(t *testing.T) {
	got := measured(t, "promises", write(t, "rows.jsonl",
		`{"text":"We will reply within 48 hours.","seconds":172800}`,
		`{"text":"We will reply within 2 days.","promise":"P2D"}`,
		`{"text":"We will reply within 2 days.","within":24}`,
		`{"text":"Nobody is here.","seconds":null}`))
	if got["n"] != 4. || got["f1"] != 1. || got["exact"] != .75 {
		t.Errorf("%v", got)
	}
}

func TestSpeed(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "a.eml"), []byte("From: anna@shop.example\n\nYes.\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := speedOver(&b, folder, 300); err != nil {
		t.Fatal(err)
	}
	if got := b.String(); !strings.Contains(got, `"n": 300`) || !strings.Contains(got, `"own_words_kib": 1`) {
		t.Error(got)
	}
}

func TestRefusals(t *testing.T) {
	for want, args := range map[string][]string{
		"say what to measure":    nil,
		`no task "own"`:          {"own"},
		"name the files":         {"own-words"},
		"wants a manifest":       {"mail-class", "one"},
		"object 2":               {"own-words", write(t, "rows.jsonl", `{}`, `{`)},
		"PT48H":                  {"promises", write(t, "rows.jsonl", `{"text":"","promise":"soon"}`)},
		"no such file":           {"promises", "nowhere.jsonl"},
		"no such file or direct": {"mail-class", write(t, "m.jsonl", `{}`), "nowhere"},
	} {
		if err := run(&bytes.Buffer{}, args); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v, want %q", args, err, want)
		}
	}
}
