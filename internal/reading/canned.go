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

// Canned gives, for each of a site's replies, the share of its runs of three
// words that stand in one of the others, too: how much of it was not written
// for its question. Nothing is canned of a reply without words.
func Canned(replies []string) []float64 {
	in := map[string]int{} // run -> replies that hold it
	sets := make([]map[string]bool, len(replies))
	for i, r := range replies {
		sets[i] = shingles(r)
		for s := range sets[i] {
			in[s]++
		}
	}
	shares := make([]float64, len(replies))
	for i, set := range sets {
		shared := 0
		for s := range set {
			if in[s] > 1 {
				shared++
			}
		}
		if len(set) > 0 {
			shares[i] = float64(shared) / float64(len(set))
		}
	}
	return shares
}
