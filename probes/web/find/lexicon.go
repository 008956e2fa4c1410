package find

import (
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// A Concept is what a shop's words may stand for, in whatever language.
type Concept uint8

// Marks are the concepts that a text speaks of.
type Marks [2]uint64

// Has reports whether one of the concepts is among them.
func (m Marks) Has(cs ...Concept) bool {
	for _, c := range cs {
		if m[c/64]&(1<<(c%64)) != 0 {
			return true
		}
	}
	return false
}

// Count gives how many of the concepts are among them.
func (m Marks) Count(cs ...Concept) (n int) {
	for _, c := range cs {
		if m.Has(c) {
			n++
		}
	}
	return n
}

func (m *Marks) add(c Concept) { m[c/64] |= 1 << (c % 64) }

// Union gives the concepts of both.
func (m Marks) Union(o Marks) Marks { return Marks{m[0] | o[0], m[1] | o[1]} }

// tongues are the phrases of one concept by language (BCP 47), several divided
// by bars. A star at a word's end stands for any ending; where words are not
// divided by spaces, a phrase fits anywhere.
type tongues map[string]string

// A phrase is compared word by word.
type phrase struct {
	concept Concept
	words   []string
	open    []bool // by word: any ending
	runes   int
}

// lexicon is all phrases, by the beginning of their first word.
type lexicon struct {
	by       map[string][]phrase // the first two runes of the first word
	unspaced []phrase            // found within running text
}

var theLexicon = sync.OnceValue(func() *lexicon {
	l := &lexicon{by: map[string][]phrase{}}
	for _, table := range []map[Concept]tongues{labels, topics, private, orderly} {
		for concept, tongues := range table {
			for _, list := range tongues {
				for text := range strings.SplitSeq(list, "|") {
					l.add(concept, text)
				}
			}
		}
	}
	return l
})

func (l *lexicon) add(c Concept, text string) {
	p := phrase{concept: c}
	for w := range strings.FieldsSeq(text) {
		stem, open := strings.CutSuffix(w, "*")
		for _, f := range strings.Fields(Fold(stem)) {
			p.words, p.open = append(p.words, f), append(p.open, false)
			p.runes += len([]rune(f))
		}
		if n := len(p.open); n > 0 {
			p.open[n-1] = open
		}
	}
	if len(p.words) == 0 {
		return
	}
	if dense(p.words[0]) {
		p.words, p.open = []string{strings.Join(p.words, "")}, []bool{false}
		l.unspaced = append(l.unspaced, p)
		return
	}
	key := head(p.words[0])
	l.by[key] = append(l.by[key], p)
}

func head(word string) string {
	n := 0
	for i := range word {
		if n++; n > 2 {
			return word[:i]
		}
	}
	return word
}

// dense reports whether a word is of a script that has no spaces.
func dense(word string) bool {
	for _, r := range word {
		if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai) {
			return true
		}
	}
	return false
}

// fits reports whether the phrase stands in words at place i.
func (p *phrase) fits(words []string, i int) bool {
	if i+len(p.words) > len(words) {
		return false
	}
	for j, w := range p.words {
		if has := words[i+j]; has != w && !(p.open[j] && strings.HasPrefix(has, w)) {
			return false
		}
	}
	return true
}

// each calls f with every phrase in the words, and how many of their letters
// it explains.
func (l *lexicon) each(words []string, f func(p *phrase, at int)) {
	for i, w := range words {
		list := l.by[head(w)]
		for j := range list {
			if list[j].fits(words, i) {
				f(&list[j], i)
			}
		}
		if dense(w) {
			for j := range l.unspaced {
				if strings.Contains(w, l.unspaced[j].words[0]) {
					f(&l.unspaced[j], i)
				}
			}
		}
	}
}

// Read gives the concepts that a text speaks of.
func Read(text string) (m Marks) {
	theLexicon().each(strings.Fields(Fold(text)), func(p *phrase, _ int) { m.add(p.concept) })
	return m
}

// A Reading says how well a label fits each concept, from 0 to 1: the share of
// its words that the concept's phrase explains.
type Reading map[Concept]float64

// ReadLabel reads what stands on a control. What is longer than a label fits
// nothing well.
func ReadLabel(label string) Reading {
	words := strings.Fields(Fold(label))
	r := Reading{}
	total := 0
	for _, w := range words {
		if !filler[w] {
			total += len([]rune(w))
		}
	}
	if total == 0 || len(words) > 14 {
		return r
	}
	// Several phrases of one concept may stand in a label ("Delivery & shipping").
	explained := map[Concept][]bool{}
	dense := map[Concept]int{}
	theLexicon().each(words, func(p *phrase, at int) {
		if p.runes < len([]rune(words[at])) && len(p.words) == 1 && !p.open[0] { // within an unspaced run
			dense[p.concept] = max(dense[p.concept], p.runes)
			return
		}
		e := explained[p.concept]
		if e == nil {
			e = make([]bool, len(words))
			explained[p.concept] = e
		}
		for i := range p.words {
			e[at+i] = true
		}
	})
	for c, e := range explained {
		n := 0
		for i, yes := range e {
			if yes {
				n += len([]rune(words[i]))
			}
		}
		r[c] = max(r[c], fit(min(1, float64(n)/float64(total))))
	}
	for c, n := range dense {
		r[c] = max(r[c], fit(min(1, float64(n)/float64(total))))
	}
	return r
}

// fit turns the share that is explained into how well a label fits: a label
// that says little else is nearly as good as one that says nothing else.
func fit(share float64) float64 { return .15 + .85*share }

// filler are words that change nothing about what a label stands for.
var filler = func() map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(`a an the and or of to on in for at by our your my us we you it is with from page policy policies here now more read view see show go open all about details
		und oder der die das den dem des ein eine unsere unser ihr ihre mein meine zu zur zum im in auf von mit uber seite
		et ou le la les l un une de du des d nos notre votre mon ma mes a au aux en sur politique page
		y o el la los las un una de del nuestra nuestro tu su mi mis a en sobre politica pagina
		e o il lo la i gli le un una di del della delle dei i nostri il mio al alla in su politica pagina
		en of de het een van uw je jouw mijn onze over op beleid pagina
		os as um uma do da dos das e nossa nosso seu sua minha meu no na
		i oraz lub w z do na o twoj twoje moj moje nasza nasze
		och eller din ditt mina min var vara om pa i av til om og eller din dit mine vores ja tai sinun oma a nebo vase nase muj moje o`) {
		m[w] = true
	}
	return m
}()

// Fold gives the words of a text without case, accents and punctuation, one
// space between them.
func Fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	gap := false
	put := func(t string) {
		if gap && b.Len() > 0 {
			b.WriteByte(' ')
		}
		gap = false
		b.WriteString(t)
	}
	ascii := true
	for i := range len(s) {
		if s[i] >= 0x80 {
			ascii = false
			break
		}
	}
	if !ascii {
		s = norm.NFKD.String(s)
	}
	for _, r := range s {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			put(string(r))
		case r >= 'A' && r <= 'Z':
			put(string(r + 'a' - 'A'))
		case r == '\'' || r == '’' || r < 0x80 && r != '&':
			gap = true
		case r == '&':
			gap = true
			put("and")
			gap = true
		case unicode.Is(unicode.Mn, r):
		default:
			r = unicode.ToLower(r)
			if t, ok := plain[r]; ok {
				put(t)
			} else if unicode.IsLetter(r) || unicode.IsDigit(r) || r == 'ー' {
				put(string(r))
			} else {
				gap = true
			}
		}
	}
	return b.String()
}

// plain are letters that do not come apart by themselves.
var plain = map[rune]string{'ß': "ss", 'ł': "l", 'ø': "o", 'æ': "ae", 'œ': "oe", 'đ': "d", 'ð': "d", 'þ': "th", 'ı': "i"}

// ReadPath reads an address's path as if it were a label, segment by segment:
// "/pages/contact-us" fits contact. deep are the segments before the last one.
func ReadPath(path string) (last Reading, deep Marks) {
	segments := strings.FieldsFunc(path, func(r rune) bool { return r == '/' })
	if len(segments) == 0 {
		return Reading{}, deep
	}
	clean := func(s string) string {
		if i := strings.LastIndexByte(s, '.'); i > 0 && len(s)-i <= 6 {
			s = s[:i]
		}
		return undigraph.Replace(divided.Replace(strings.ToLower(s)))
	}
	for _, s := range segments[:len(segments)-1] {
		deep = deep.Union(Read(clean(s)))
	}
	return ReadLabel(clean(segments[len(segments)-1])), deep
}

// divided puts spaces where addresses divide words.
var divided = strings.NewReplacer("-", " ", "_", " ", "+", " ", "%20", " ")

// undigraph writes umlauts as folding does: addresses spell them out.
var undigraph = strings.NewReplacer("rueck", "ruck", "faellig", "fallig", "koerb", "korb", "aenger", "anger", "waesch", "wasch", "fuer", "fur", "haeufig", "haufig", "ueber", "uber", "umtaus", "umtaus", "lieferlaend", "lieferland", "erklaer", "erklar")

// Speaks reports whether a language (BCP 47) is among those of the lexicon.
func Speaks(language string) bool {
	base, _, _ := strings.Cut(strings.ToLower(language), "-")
	if base == "no" || base == "nn" {
		base = "nb"
	}
	_, ok := labels[Contact][base]
	return ok
}
