package reading

import "testing"

func TestSyllables(t *testing.T) {
	for word, n := range map[string]int{"tea": 1, "kettle": 2, "the": 1, "delivery": 4, "returned": 2, "wanted": 2, "free": 1, "made": 1, "b2b": 1, "2": 1} {
		if got := syllablesOf(word); got != n {
			t.Errorf("%s has %d syllables, want %d", word, got, n)
		}
	}
}
