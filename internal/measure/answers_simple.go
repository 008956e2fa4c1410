package main

import (
	"io"
	"math"
	"strings"
	"unicode"
)

// answersSimple gives the figures of answers, halves and all, for three plain
// scorers of the textbook, so that the reader stands beside them on the same
// rows: BM25 (k1 1.2, b .75) and the cosine of TF-IDF vectors, both over words
// without their commonest endings, and the latter over runs of three to five
// characters. The replies of the whole file are the collection.
func answersSimple(w io.Writer, files []string) error {
	list, err := rows[answersRow](files)
	if err != nil {
		return err
	}
	result := map[string]any{}
	for name, scorer := range map[string]struct {
		of    func(string) bag
		score func(question bag, replies []bag, idf func(string) float64) []float64
	}{"BM25": {termsOf, bm25}, "TF-IDF, words": {termsOf, tfidf}, "TF-IDF, runs": {runsOf, tfidf}} {
		var pairs []pair
		idf := rarity(list, scorer.of)
		for i, r := range list {
			replies := make([]bag, len(r.Cands))
			for k, c := range r.Cands {
				replies[k] = scorer.of(c.Text)
			}
			for k, score := range scorer.score(scorer.of(r.Question), replies, idf) {
				if l := r.Cands[k].Label; l == 0 || l == 1 {
					pairs = append(pairs, pair{i, half(r.Question), score, l == 1})
				}
			}
		}
		result[name] = halved(pairs)
	}
	return print(w, result)
}

// A bag counts terms.
type bag map[string]float64

func termsOf(s string) bag {
	b := bag{}
	for _, t := range strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		for _, ending := range []string{"ing", "ed", "es", "s", "ly"} {
			if stem, ok := strings.CutSuffix(t, ending); ok && len(stem) > 2 {
				t = stem
				break
			}
		}
		b[t]++
	}
	return b
}

func runsOf(s string) bag {
	b := bag{}
	s = strings.Join(strings.Fields(strings.ToLower(s)), " ")
	for n := 3; n <= 5; n++ {
		for i := 0; i+n <= len(s); i++ {
			b[s[i:i+n]]++
		}
	}
	return b
}

// rarity gives the inverse document frequency of BM25, each text counted once.
func rarity(list []answersRow, of func(string) bag) func(term string) float64 {
	df, seen := bag{}, map[string]bool{}
	for _, r := range list {
		for _, c := range r.Cands {
			if seen[c.Text] {
				continue
			}
			seen[c.Text] = true
			for t := range of(c.Text) {
				df[t]++
			}
		}
	}
	n := float64(len(seen))
	return func(t string) float64 { return math.Log1p((n - df[t] + .5) / (df[t] + .5)) }
}

func bm25(question bag, replies []bag, idf func(string) float64) (scores []float64) {
	const k1, b = 1.2, .75
	mean := 0.
	length := func(d bag) (n float64) {
		for _, c := range d {
			n += c
		}
		return n
	}
	for _, r := range replies {
		mean += length(r) / float64(len(replies))
	}
	for _, r := range replies {
		sum := 0.
		for t := range question {
			sum += idf(t) * r[t] * (k1 + 1) / (r[t] + k1*(1-b+b*length(r)/math.Max(mean, 1)))
		}
		scores = append(scores, sum)
	}
	return scores
}

func tfidf(question bag, replies []bag, idf func(string) float64) (scores []float64) {
	norm := func(d bag) (n float64) {
		for t, c := range d {
			x := (1 + math.Log(c)) * idf(t)
			n += x * x
		}
		return math.Sqrt(n)
	}
	q := norm(question)
	for _, r := range replies {
		dot := 0.
		for t, c := range question {
			if r[t] > 0 {
				dot += (1 + math.Log(c)) * (1 + math.Log(r[t])) * idf(t) * idf(t)
			}
		}
		scores = append(scores, dot/math.Max(q*norm(r), 1e-9))
	}
	return scores
}
