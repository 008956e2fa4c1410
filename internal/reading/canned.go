package reading

import "strings"

// run is how many words make a shingle.
const run = 3

// shingles gives the runs of three words of a text (Broder 1997), folded, with
// every figure alike: a ticket's number or a date makes no other text. A shorter
// text is one run.
func shingles(text string) map[string]bool {
	words := Fold(text)
	for i, w := range words {
		if digits(w) > 0 {
			words[i] = "0"
		}
	}
	set := map[string]bool{}
	if len(words) > 0 && len(words) < run {
		set[strings.Join(words, " ")] = true
	}
	for i := 0; i+run <= len(words); i++ {
		set[strings.Join(words[i:i+run], " ")] = true
	}
	return set
}

// Resemblance is the share of the runs of three words of two texts that is
// common to both, from 0 to 1.
func Resemblance(a, b string) float64 {
	return jaccard(shingles(a), shingles(b))
}

func jaccard(x, y map[string]bool) float64 {
	common := 0
	for s := range x {
		if y[s] {
			common++
		}
	}
	if len(x)+len(y) == common {
		return 0
	}
	return float64(common) / float64(len(x)+len(y)-common)
}
