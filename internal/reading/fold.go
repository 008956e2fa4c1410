package reading

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold gives the words of a text without what may differ where the word is the
// same: case, accents, punctuation. "Größe 42!" is "grosse", "42".
func Fold(text string) []string {
	return strings.FieldsFunc(plain(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// plain lowers a text and takes its accents away.
func plain(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	for _, r := range norm.NFD.String(text) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r == 'ß':
			b.WriteString("ss")
		case r == '’':
			b.WriteByte('\'')
		default:
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// Says reports whether the words, folded, hold the phrase: its words in that
// order and nothing between. A word of the phrase that ends in "*" stands for
// all words that begin so. A phrase without words is never said.
func Says(words []string, phrase string) bool {
	parts := strings.Fields(phrase)
	var want []string
	var open []bool // the word may go on
	for _, p := range parts {
		folded := Fold(p)
		for i, w := range folded {
			want = append(want, w)
			open = append(open, i == len(folded)-1 && strings.HasSuffix(p, "*"))
		}
	}
	if len(want) == 0 {
		return false
	}
next:
	for at := 0; at+len(want) <= len(words); at++ {
		for i, w := range want {
			if said := words[at+i]; said != w && !(open[i] && strings.HasPrefix(said, w)) {
				continue next
			}
		}
		return true
	}
	return false
}

// SaysAny reports whether the words hold one of the phrases.
func SaysAny(words []string, phrases []string) bool {
	for _, p := range phrases {
		if Says(words, p) {
			return true
		}
	}
	return false
}
