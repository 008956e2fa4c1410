package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

func TestAnswers(t *testing.T) {
	file := filepath.Join(t.TempDir(), "answers.jsonl")
	if err := os.WriteFile(file, []byte(`{"question":"May I bring my dog?","cands":[{"text":"Check-in is from 3 pm.","label":0},{"text":"Dogs are welcome.","label":1},{"text":"Perhaps.","label":2}]}
{"question":"What does parking cost?","cands":[{"text":"Parking is £10 a day.","label":1},{"text":"There is no pool.","label":0}]}
`), 0o600); err != nil {
		t.Fatal(err)
	}
	for task, want := range map[string]string{
		"answers":          `{"n":2,"auc":1,"top1":1,"pooled_auc":1,`,
		"answers-parts":    `{"grams alone":{`,
		"answers-simple":   `{"BM25":{"n":2,"auc":`,
		"answers-mistaken": `{"right":2,"false_alarms":0,`,
	} {
		var out, got bytes.Buffer
		if err := run(&out, []string{task, file}); err != nil {
			t.Fatal(err)
		}
		if err := json.Compact(&got, out.Bytes()); err != nil {
			t.Fatal(err)
		}
		if !bytes.HasPrefix(got.Bytes(), []byte(want)) {
			t.Errorf("%s: %s", task, &got)
		}
	}
}

// Ties count half, and a ranking upside down is worth nothing.
func TestArea(t *testing.T) {
	for _, c := range []struct {
		pairs []pair
		want  float64
	}{
		{[]pair{{score: 2, right: true}, {score: 1}}, 1},
		{[]pair{{score: 1, right: true}, {score: 2}}, 0},
		{[]pair{{score: 1, right: true}, {score: 1}}, .5},
		{[]pair{{score: 3, right: true}, {score: 2}, {score: 1, right: true}, {score: 1}}, 2.5 / 4},
	} {
		if got := area(c.pairs); got != c.want {
			t.Errorf("%v: %v", c.pairs, got)
		}
	}
	if got := top([]pair{{score: 1, right: true}, {score: 1}, {score: 0}}); got != .5 {
		t.Errorf("a tie at the top: %v", got)
	}
}

// The floors stand just below what the first rows reached when they were written.
func TestAnswersOnLabelledReplies(t *testing.T) {
	dir := os.Getenv("TOUCHSTONE_CORPORA")
	if dir == "" {
		t.Skip("TOUCHSTONE_CORPORA is not set: nothing was measured against labelled answers")
	}
	for name, floor := range map[string][3]float64{"replies": {.94, .77, .93}, "wrong-thread": {.81, .57, .80}} {
		list, err := rows[answersRow]([]string{filepath.Join(dir, "answers-"+name+".jsonl.gz")})
		if err != nil {
			t.Fatal(err)
		}
		got := tallied(scored(list[:min(600, len(list))], 0)) // enough to see a change for the worse
		if *got.AUC < floor[0] || *got.Top1 < floor[1] || *got.Pooled < floor[2] {
			t.Errorf("%s: auc %.4f, top1 %.4f, pooled %.4f", name, *got.AUC, *got.Top1, *got.Pooled)
		}
	}
}
