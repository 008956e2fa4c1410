package reading

import (
	"regexp"
	"regexp/syntax"
	"strings"
)

// A sieve is a pattern of phrases with their commonest test before it: almost
// every text holds none of the words that the pattern can't do without, and to
// look for words is a hundred times cheaper than to match.
type sieve struct {
	*regexp.Regexp
	needles []string // lower-case; every match holds one of them; none: not known
}

// phrases compiles a pattern that is blind to case.
func phrases(pattern string) sieve {
	tree, err := syntax.Parse("(?i)"+pattern, syntax.Perl)
	if err != nil {
		panic(err)
	}
	return sieve{regexp.MustCompile("(?i)" + pattern), needles(tree)}
}

// where sets the words by hand of which every match holds one, lower-case, for a
// pattern whose own are so common that they sift nothing.
func (v sieve) where(words ...string) sieve {
	v.needles = words
	return v
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
	if !v.may(s) {
		return ""
	}
	return v.Regexp.FindString(s)
}

// MatchString reports whether the pattern matches somewhere in s.
func (v sieve) MatchString(s string) bool { return v.may(s) && v.Regexp.MatchString(s) }

func (v sieve) may(s string) bool {
	if v.needles == nil {
		return true
	}
	s = strings.ToLower(s)
	for _, w := range v.needles {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}
