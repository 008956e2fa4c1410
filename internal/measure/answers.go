package main

import (
	"cmp"
	"hash/fnv"
	"io"
	"math"
	"slices"
	"strings"

	"touchstone/internal/reading"
)

// A verdicts is how well right replies are told from wrong ones: the mean over
// the questions of the area under the ROC curve and of the share whose best
// reply is a right one, and the area over all pairs of question and reply.
type verdicts struct {
	N      int      `json:"n"` // questions
	AUC    *float64 `json:"auc,omitempty"`
	Top1   *float64 `json:"top1,omitempty"`
	Pooled *float64 `json:"pooled_auc,omitempty"`
}

// answersRow is {question, cands: [{text, label}]}, label 1 for a right reply
// and 0 for a wrong one; others are left out. Where a row has one reply only,
// the pooled area is the figure.
type answersRow struct {
	Question string
	Cands    []struct {
		Text  string
		Label int
	}
}

// answers measures relevance from question and reply alone, with the replies
// of a row as the collection. halves parts the rows by their questions: the
// weights were fitted on the first half.
func answers(w io.Writer, files []string) error {
	list, err := rows[answersRow](files)
	if err != nil {
		return err
	}
	return print(w, halved(scored(list, 0)))
}

// A halfVerdicts is that of all rows and of each half.
type halfVerdicts struct {
	verdicts
	Halves map[string]verdicts `json:"halves"`
}

func halved(pairs []pair) halfVerdicts {
	h := halfVerdicts{tallied(pairs), map[string]verdicts{}}
	for half, name := range []string{"fitted", "unseen"} {
		h.Halves[name] = tallied(slices.DeleteFunc(slices.Clone(pairs), func(p pair) bool { return p.half != half }))
	}
	return h
}

// answersParts gives the figures of answers when a part of the score is left
// out, and of the two similarities by themselves.
func answersParts(w io.Writer, files []string) error {
	list, err := rows[answersRow](files)
	if err != nil {
		return err
	}
	result := map[string]verdicts{}
	for name, omit := range map[string]reading.Part{
		"nothing left out":  0,
		"without stems":     reading.Stems,
		"without grams":     reading.Grams,
		"without topics":    reading.Topics,
		"without shape":     reading.Shape,
		"without yes or no": reading.YesOrNo,
		"without frequency": reading.Frequency,
		"without stemming":  reading.Stemming,
		"without title":     reading.Title,
		"stems alone":       ^(reading.Stems | reading.Stemming | reading.Frequency | reading.Title),
		"grams alone":       ^(reading.Grams | reading.Frequency | reading.Title),
	} {
		result[name] = tallied(scored(list, omit))
	}
	return print(w, result)
}

// answersMistaken says how often a reply is called an answer to another
// question than the one asked.
func answersMistaken(w io.Writer, files []string) error {
	list, err := rows[answersRow](files)
	if err != nil {
		return err
	}
	return print(w, mistakenIn(list))
}

// A pair is one reply to one question.
type pair struct {
	row, half int
	score     float64
	right     bool
}

func scored(list []answersRow, omit reading.Part) (pairs []pair) {
	for i, r := range list {
		c := collection(r, omit)
		q := c.Question(r.Question)
		for _, k := range r.Cands {
			if k.Label == 0 || k.Label == 1 {
				pairs = append(pairs, pair{i, half(r.Question), c.Relevance(q, c.Reply(k.Text)), k.Label == 1})
			}
		}
	}
	return pairs
}

// collection is that of the replies of a row, in the language that they are in.
func collection(r answersRow, omit reading.Part) *reading.Collection {
	replies := make([]string, len(r.Cands))
	for i, k := range r.Cands {
		replies[i] = k.Text
	}
	language := cmp.Or(reading.Language(r.Question+" "+strings.Join(replies, " ")), "en")
	return reading.NewCollectionWithout(omit, language, replies...)
}

// half parts questions by their words, so that no question is in both halves.
func half(question string) int {
	h := fnv.New64a()
	_, _ = io.WriteString(h, strings.ToLower(question))
	return int(h.Sum64() >> 20 & 1)
}

func tallied(pairs []pair) (t verdicts) {
	var areas, tops float64
	for start := 0; start < len(pairs); {
		end := start
		for end < len(pairs) && pairs[end].row == pairs[start].row {
			end++
		}
		if a := area(pairs[start:end]); !math.IsNaN(a) {
			t.N++
			areas += a
			tops += top(pairs[start:end])
		}
		start = end
	}
	if t.N > 0 {
		a, b := rounded(areas/float64(t.N)), rounded(tops/float64(t.N))
		t.AUC, t.Top1 = &a, &b
	} else {
		t.N = len(pairs)
	}
	if a := area(pairs); !math.IsNaN(a) {
		a = rounded(a)
		t.Pooled = &a
	}
	return t
}

// area is that under the ROC curve, ties counting half; NaN without a right
// or without a wrong reply.
func area(pairs []pair) float64 {
	sorted := slices.Clone(pairs)
	slices.SortFunc(sorted, func(a, b pair) int { return cmp.Compare(a.score, b.score) })
	var ranks, right, wrong float64
	for start := 0; start < len(sorted); {
		end := start
		for end < len(sorted) && sorted[end].score == sorted[start].score {
			end++
		}
		for _, p := range sorted[start:end] {
			if p.right {
				ranks += float64(start+end+1) / 2
				right++
			} else {
				wrong++
			}
		}
		start = end
	}
	return (ranks - right*(right+1)/2) / (right * wrong)
}

// top is the share of right replies among those with the best score.
func top(pairs []pair) float64 {
	best := slices.MaxFunc(pairs, func(a, b pair) int { return cmp.Compare(a.score, b.score) }).score
	var right, all float64
	for _, p := range pairs {
		if p.score >= best {
			all++
			if p.right {
				right++
			}
		}
	}
	return right / all
}

// wrongQuestions says how often a reply is called an answer to another
// question, with the ten questions that follow in the file as the rivals:
// for right replies a false alarm, for wrong ones a find.
type wrongQuestions struct {
	Right       int     `json:"right"`
	FalseAlarms float64 `json:"false_alarms"`
	OffTopic    float64 `json:"off_topic_false_alarms"`
	Wrong       int     `json:"wrong"`
	Found       float64 `json:"found"`
}

func mistakenIn(list []answersRow) (m wrongQuestions) {
	var alarms, off, found int
	for i, r := range list {
		c := collection(r, 0)
		q := c.Question(r.Question)
		var rivals []*reading.Text
		for k := 1; k < len(list) && len(rivals) < 10; k++ {
			if other := list[(i+k)%len(list)].Question; other != r.Question {
				rivals = append(rivals, c.Question(other))
			}
		}
		for _, k := range r.Cands {
			t := c.Reply(k.Text)
			_, rival := c.Mistaken(q, rivals, t)
			_, topic := c.OffTopic(q, t)
			switch k.Label {
			case 1:
				m.Right++
				if rival || topic {
					alarms++
				}
				if topic {
					off++
				}
			case 0:
				m.Wrong++
				if rival || topic {
					found++
				}
			}
		}
	}
	share := func(n, of int) float64 { return rounded(float64(n) / math.Max(1, float64(of))) }
	m.FalseAlarms, m.OffTopic, m.Found = share(alarms, m.Right), share(off, m.Right), share(found, m.Wrong)
	return m
}
