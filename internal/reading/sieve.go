package reading

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// A sieve is a pattern of phrases with their commonest test before it: almost
// every text holds none of the words that the pattern can't do without, and to
// look for words is a hundred times cheaper than to match. Nor is a phrase
// longer than a paragraph: only those with such a word are matched.
type sieve struct{ made func() mesh }

// A mesh is what a sieve is made of, when it is first used.
type mesh struct {
	pattern *regexp.Regexp // lower-case, for lower-case text: case folding is what costs most
	needles []string       // lower-case; every match holds one of them; none: not known
	whole   bool           // the pattern asks where the text begins or ends
}

// phrases compiles a pattern that is blind to case; it is written in small letters.
func phrases(pattern string) sieve {
	return sieve{sync.OnceValue(func() mesh { return woven(pattern) })}
}

func woven(pattern string) mesh {
	tree, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		panic(err)
	}
	if capital(tree) {
		panic("a pattern of phrases with a capital letter: " + pattern)
	}
	return mesh{regexp.MustCompile(pattern), needles(tree), anchored(tree)}
}

// capital reports whether a pattern asks for a letter that no lowered text holds.
func capital(r *syntax.Regexp) bool {
	return r.Op == syntax.OpLiteral && slices.ContainsFunc(r.Rune, unicode.IsUpper) || slices.ContainsFunc(r.Sub, capital)
}

func anchored(r *syntax.Regexp) bool {
	return r.Op == syntax.OpBeginText || r.Op == syntax.OpEndText || slices.ContainsFunc(r.Sub, anchored)
}

// where sets the words by hand of which every match holds one, lower-case, for a
// pattern whose own are so common that they sift nothing.
func (v sieve) where(words ...string) sieve {
	return sieve{sync.OnceValue(func() mesh {
		m := v.made()
		m.needles = words
		return m
	})}
}

// needles gives words of which every match of the pattern holds one; nil where
// there are none.
func needles(r *syntax.Regexp) (list []string) {
	switch r.Op {
	case syntax.OpLiteral:
		return []string{strings.ToLower(string(r.Rune))}
	case syntax.OpCapture, syntax.OpPlus:
		return needles(r.Sub[0])
	case syntax.OpRepeat:
		if r.Min > 0 {
			return needles(r.Sub[0])
		}
	case syntax.OpAlternate:
		for _, sub := range r.Sub {
			some := needles(sub)
			if some == nil {
				return nil
			}
			list = append(list, some...)
		}
	case syntax.OpConcat: // the part with the longest words says most
		for _, sub := range r.Sub {
			if some := needles(sub); shortest(some) > shortest(list) {
				list = some
			}
		}
	}
	return list
}

func shortest(words []string) int {
	if len(words) == 0 {
		return 0
	}
	n := len(words[0])
	for _, w := range words {
		n = min(n, len(w))
	}
	return n
}

// FindString gives the first match in s, "" when there is none.
func (v sieve) FindString(s string) string {
	from, to := v.find(s)
	return s[from:to]
}

// MatchString reports whether the pattern matches somewhere in s. No pattern
// of phrases matches the empty string.
func (v sieve) MatchString(s string) bool {
	from, to := v.find(s)
	return from < to
}

func (v sieve) find(s string) (from, to int) {
	m, low := v.made(), lowered(s)
	if !m.may(low) {
		return 0, 0
	}
	for start := 0; start < len(low); {
		end := len(low)
		if i := strings.Index(low[start:], "\n\n"); i >= 0 && !m.whole {
			end = start + i
		}
		if m.may(low[start:end]) {
			if at := m.pattern.FindStringIndex(low[start:end]); at != nil {
				return start + at[0], start + at[1]
			}
		}
		start = end + len("\n\n")
	}
	return 0, 0
}

func (m mesh) may(low string) bool {
	return m.needles == nil || slices.ContainsFunc(m.needles, func(w string) bool { return strings.Contains(low, w) })
}

// lowered gives a text in small letters, each byte where it was: the few
// letters whose small form has another length stay.
func lowered(s string) string {
	if low := strings.ToLower(s); len(low) == len(s) {
		return low
	}
	low := make([]byte, 0, len(s))
	for i, r := range s {
		small, width := unicode.ToLower(r), utf8.RuneLen(r)
		if r == utf8.RuneError { // also a byte that is no UTF-8
			_, width = utf8.DecodeRuneInString(s[i:])
		}
		if r == utf8.RuneError || utf8.RuneLen(small) != width {
			low = append(low, s[i:i+width]...)
			continue
		}
		low = utf8.AppendRune(low, small)
	}
	return string(low)
}
