package find

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// A fieldPhrase is one wording of the lexicon, folded and cut into words.
type fieldPhrase struct {
	purpose Purpose
	words   []string // the last may end with a star, the first may begin with one
	weak    bool
	squash  string // without spaces, for names that run words together
}

// A fieldBook finds phrases in texts.
type fieldBook struct {
	byWord map[string][]*fieldPhrase // by their first word
	stars  map[string][]*fieldPhrase // whose first word is open, by its first three letters
	dense  []*fieldPhrase            // of scripts without spaces
	runs   map[string][]*fieldPhrase // names that run words together, by their last three letters; English
}

// theFieldBook reads what fields are called, theFormBook what is said of forms
// and passwords.
var theFieldBook = sync.OnceValue(func() *fieldBook {
	b := newFieldBook()
	for purpose, languages := range fieldWords {
		for language, text := range languages {
			b.addAll(purpose, text, language == "en")
		}
	}
	return b.sorted()
})

var theFormBook = sync.OnceValue(func() *fieldBook {
	b := newFieldBook()
	for purpose, text := range formWords {
		b.addAll(purpose, text, false)
	}
	return b.sorted()
})

func newFieldBook() *fieldBook {
	return &fieldBook{byWord: map[string][]*fieldPhrase{}, stars: map[string][]*fieldPhrase{}, runs: map[string][]*fieldPhrase{}}
}

func (b *fieldBook) addAll(purpose Purpose, text string, english bool) {
	for wording := range strings.SplitSeq(text, "|") {
		b.add(purpose, wording, english)
	}
}

// sorted puts the longer wording first: a map's order is chance.
func (b *fieldBook) sorted() *fieldBook {
	sortPhrases(b.dense)
	for _, lists := range []map[string][]*fieldPhrase{b.byWord, b.stars, b.runs} {
		for _, list := range lists {
			sortPhrases(list)
		}
	}
	return b
}

func sortPhrases(list []*fieldPhrase) {
	slices.SortFunc(list, func(a, b *fieldPhrase) int {
		return cmp.Or(cmp.Compare(len(b.squash), len(a.squash)), cmp.Compare(a.squash, b.squash), cmp.Compare(a.purpose, b.purpose))
	})
}

func (b *fieldBook) add(purpose Purpose, wording string, english bool) {
	wording, weak := strings.CutPrefix(wording, "~")
	p := &fieldPhrase{purpose: purpose, words: strings.Fields(flatKeeping(wording, '*')), weak: weak}
	if len(p.words) == 0 {
		return
	}
	p.squash = strings.Trim(strings.Join(p.words, ""), "*")
	switch first := p.words[0]; {
	case runTogether(p.squash):
		b.dense = append(b.dense, p)
	case strings.HasSuffix(first, "*"):
		b.stars[first[:3]] = append(b.stars[first[:3]], p)
	default:
		b.byWord[first] = append(b.byWord[first], p)
	}
	// "fname" and its like stand alone only: "halfname" ends with it too.
	if n := len(p.squash); english && n >= 4 && !(n == 5 && strings.HasSuffix(p.squash, "name")) {
		b.runs[p.squash[n-3:]] = append(b.runs[p.squash[n-3:]], p)
	}
}

// A mention is a purpose that a text speaks of.
type mention struct {
	purpose  Purpose
	from, to int // a word is wide
	weak     bool
	said     string
}

// wide is how many places a word takes: within one of a dense script several
// phrases may stand.
const wide = 1 << 12

// mentions finds the phrases of a folded text, in its order: of two that
// overlap only the longer, and weak ones only where no strong one stands.
func (b *fieldBook) mentions(text string) []mention {
	words := strings.Fields(text)
	var all []mention
	for i, w := range words {
		for _, p := range b.byWord[w] {
			if p.at(words, i) {
				all = append(all, mention{p.purpose, i * wide, (i + len(p.words)) * wide, p.weak, p.squash})
			}
		}
		for _, p := range b.stars[w[:min(3, len(w))]] {
			if p.at(words, i) {
				all = append(all, mention{p.purpose, i * wide, (i + len(p.words)) * wide, p.weak, p.squash})
			}
		}
		if !runTogether(w) {
			continue
		}
		for _, p := range b.dense {
			if at := strings.Index(w, p.squash); at >= 0 {
				all = append(all, mention{p.purpose, i*wide + at, i*wide + at + len(p.squash), p.weak, p.squash})
			}
		}
	}
	strong := slices.ContainsFunc(all, func(m mention) bool { return !m.weak })
	var kept []mention
	for i, m := range all {
		swallowed := slices.ContainsFunc(all, func(o mention) bool {
			return o.from <= m.from && o.to >= m.to && o.to-o.from > m.to-m.from
		})
		again := slices.ContainsFunc(all[:i], func(o mention) bool { return o.purpose == m.purpose && o.from == m.from && o.weak == m.weak })
		if !swallowed && !again && (!strong || !m.weak) {
			kept = append(kept, m)
		}
	}
	slices.SortStableFunc(kept, func(a, b mention) int { return cmp.Compare(a.from, b.from) })
	return kept
}

// at reports whether the phrase stands at the i-th word.
func (p *fieldPhrase) at(words []string, i int) bool {
	if i+len(p.words) > len(words) {
		return false
	}
	for n, want := range p.words {
		has := words[i+n]
		if open, ok := strings.CutSuffix(want, "*"); ok {
			if !strings.HasPrefix(has, open) {
				return false
			}
		} else if has != want {
			return false
		}
	}
	return true
}

// run finds the phrase that a name without gaps ends with: "custemail",
// "billingfirstname".
func (b *fieldBook) run(name string) *fieldPhrase {
	if n := len(name); n >= 4 {
		for _, p := range b.runs[name[n-3:]] {
			if strings.HasSuffix(name, p.squash) {
				return p
			}
		}
	}
	return nil
}

// says reports whether a folded text holds a phrase of the purpose.
func (b *fieldBook) says(text string, purpose Purpose) bool {
	return slices.ContainsFunc(b.mentions(text), func(m mention) bool { return m.purpose == purpose })
}

// flat gives the words of a text without case, accents and punctuation, one
// space between them.
func flat(s string) string { return flatKeeping(s, 0) }

func flatKeeping(s string, keep rune) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(s)) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case letters[r] != "":
			b.WriteString(letters[r])
		case unicode.IsLetter(r) || unicode.IsDigit(r) || r == keep && keep != 0 || r == 'ー':
			b.WriteRune(r)
		case r == '\'' || r == '’':
			b.WriteByte(' ')
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// letters are those that no decomposition takes apart.
var letters = map[rune]string{'ß': "ss", 'ł': "l", 'ø': "o", 'æ': "ae", 'œ': "oe", 'đ': "d", 'ð': "d", 'þ': "th", 'ı': "i", 'ə': "e"}

// runTogether reports whether a word is of a script that sets no spaces.
func runTogether(word string) bool {
	return strings.ContainsFunc(word, func(r rune) bool {
		return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai)
	})
}

// flatName cuts an identifier into words: "billing_firstName[0]" gives "billing
// first name 0". What forms call all their fields is left out.
func flatName(s string) string {
	var b strings.Builder
	last := ' '
	runes := []rune(s)
	for i, r := range runes {
		low := i+1 < len(runes) && unicode.IsLower(runes[i+1])
		if unicode.IsUpper(r) && (unicode.IsLower(last) || unicode.IsDigit(last) || unicode.IsUpper(last) && low) {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
		last = r
	}
	var words []string
	for _, w := range strings.Fields(flat(b.String())) {
		if hollow[w] || len(w) > 2 && strings.Trim(w, "0123456789") == "" {
			continue
		}
		words = append(words, w)
	}
	return strings.Join(words, " ")
}

var hollow = func() map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq("field input textfield text textbox txt box ctrl control fld value val form data attr str inp tb edit frm ctl ctl00 ctl01 element elem el wrapper dnn react content placeholder main cph lbl tbx txtbox inputfield formfield item") {
		set[w] = true
	}
	return set
}()
