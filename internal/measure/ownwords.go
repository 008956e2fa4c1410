package main

import (
	"io"
	"slices"
	"strings"

	"touchstone/internal/reading"
)

// exactness is how often the reader found a reply's own words.
type exactness struct {
	N      int     `json:"n"`
	Exact  float64 `json:"exact"`   // share of replies, white space folded
	LineF1 float64 `json:"line_f1"` // over the lines that are not empty, mean of the replies
}

// ownWords measures {id, source, text, own}: a reply and its own words.
func ownWords(w io.Writer, files []string) error {
	type row struct{ ID, Source, Text, Own string }
	list, err := rows[row](files)
	if err != nil {
		return err
	}
	var all tally
	sources := map[string]*tally{}
	for _, r := range list {
		if sources[r.Source] == nil {
			sources[r.Source] = &tally{}
		}
		own := reading.OwnWords(r.Text)
		all.add(own, r.Own)
		sources[r.Source].add(own, r.Own)
	}
	result := struct {
		exactness
		BySource map[string]exactness `json:"by_source"`
	}{all.figures(), map[string]exactness{}}
	for source, t := range sources {
		result.BySource[source] = t.figures()
	}
	return print(w, result)
}

// A tally sums up comparisons.
type tally struct {
	n, exact int
	lines    float64
}

func (t *tally) add(got, want string) {
	t.n++
	if fold(got) == fold(want) {
		t.exact++
	}
	t.lines += lineF1(got, want)
}

func (t *tally) figures() exactness {
	return exactness{t.n, ratio(t.exact, t.n), rounded(t.lines / float64(max(t.n, 1)))}
}

func fold(s string) string { return strings.Join(strings.Fields(s), " ") }

// lineF1 compares the lines of two texts, each line counted as often as it stands.
func lineF1(got, want string) float64 {
	g, w := lines(got), lines(want)
	if len(g) == 0 && len(w) == 0 {
		return 1
	}
	left, hits := slices.Clone(w), 0
	for _, l := range g {
		if i := slices.Index(left, l); i >= 0 {
			left = slices.Delete(left, i, i+1)
			hits++
		}
	}
	return f1(hits, len(g), len(w))
}

// lines gives the lines that say something, white space folded.
func lines(s string) (list []string) {
	for l := range strings.SplitSeq(s, "\n") {
		if l = fold(l); l != "" {
			list = append(list, l)
		}
	}
	return list
}
