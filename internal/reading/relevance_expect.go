package reading

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// An Expectation is what an answer to one question must hold, and what no
// answer to it holds.
type Expectation struct {
	Facts [][]string // of each of them one of its phrases
	Never []string   // phrases
}

// A Held is one fact of an expectation that stands in a text, with the bytes
// that prove it.
type Held struct {
	Fact     int // index in Facts
	From, To int
}

// Holds gives the facts that a text holds, each at its first place, and
// whether it says what no answer says: then none of it counts.
func (e Expectation) Holds(text string) (held []Held, refused bool) {
	s := scan(text)
	for _, p := range e.Never {
		if _, _, ok := s.find(p); ok {
			return nil, true
		}
	}
	for i, phrases := range e.Facts {
		first := Held{Fact: i, From: len(text)}
		found := false
		for _, p := range phrases {
			if from, to, ok := s.find(p); ok && (!found || from < first.From) {
				first.From, first.To, found = from, to, true
			}
		}
		if found {
			held = append(held, first)
		}
	}
	return held, false
}

// CheckPhrase tells what is wrong with a phrase that a scenario expects.
func CheckPhrase(phrase string) error {
	for _, m := range slot.FindAllStringSubmatch(phrase, -1) {
		if _, known := slots[m[1]]; !known {
			return fmt.Errorf("%s in the phrase %q stands for nothing: write <%s>", m[0], phrase, strings.Join(slotNames, ">, <"))
		}
	}
	if !strings.ContainsFunc(phrase, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
		return fmt.Errorf("the phrase %q has no word in it: every reply would answer", phrase)
	}
	return nil
}

var slot = lazily(`<([^<>]*)>`)

const months = `(?:jan|feb|m[ar]rz|mar|apr|avr|abr|mai|may|mei|mag|giu|gen|jun|juin|jul|juil|lug|aug|aou|ago|sep|set|okt|oct|ott|out|nov|dez|dec|dic|ene|fev|maa)[a-z]*`

// slots are what a phrase may leave open, as they are found in a folded text.
var slots = map[string]pattern{
	"time":   timeSpan,
	"number": lazily(`\b\d+(?:[.,]\d+)*\b`),
	"money": lazily(`[£$€]\s?\d+(?:[.,]\d+)*|\b(?:eur|gbp|usd|chf)\s?\d+(?:[.,]\d+)*` +
		`|\b\d+(?:[.,]\d+)*\s?(?:[£$€]|(?:eur|euros?|gbp|usd|chf|pounds?|pence|dollars?|cents?|pfund|francs?|franken|libras?|dolares|sterline)\b)`),
	"date": lazily(`\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}[./]\s?\d{1,2}[./](?:\s?\d{2,4}\b)?|\b\d{1,2}(?:st|nd|rd|th|er|\.)?\s+(?:of\s+|de\s+)?` + months + `|\b` + months + `\s+\d{1,2}\b`),
	"link": lazily(`\bhttps?://[^\s<>"]+|\bwww\.[^\s<>"]+`),
	"yes": lazily(`(?m)(?:^|[.!?:;,]\s*)(yes|yep|sure|certainly|of course|gladly|absolutely|ja|gern|gerne|naturlich|selbstverstandlich|klar|oui|bien sur|volontiers|certainement|si|claro|por supuesto|certo|certamente|volentieri|natuurlijk|zeker|graag|sim|com certeza)\b` +
		`|\b(with pleasure|we can|you can|ist moglich|sehr gern|c'est possible|es posible|e possibile|is mogelijk|e possivel)\b`),
	"no": lazily(`(?m)(?:^|[.!?:;,]\s*)(no|nope|nein|nee|non|nao)\b|\b(unfortunately|not possible|we do not|we don't|we cannot|we can't|leider|nicht moglich|malheureusement|pas possible|lamentablemente|no es posible|purtroppo|non e possibile|helaas|niet mogelijk|infelizmente|nao e possivel)\b`),
}

var slotNames = []string{"time", "money", "number", "date", "link", "yes", "no"}

// A scanned text is folded, and knows where its words stood.
type scanned struct {
	folded string
	at     []int // offset in the text of each byte of folded, and of its end
	words  []located
	found  map[string][]located // slots that were looked for
}

// A located is a run of a folded text: its bytes, and its word if it is one.
type located struct {
	word     string
	from, to int
}

func scan(text string) *scanned {
	s := &scanned{found: map[string][]located{}}
	var b strings.Builder
	for i, r := range text {
		p := plain(norm.NFD.String(string(r)))
		b.WriteString(p)
		for range len(p) {
			s.at = append(s.at, i)
		}
	}
	s.at = append(s.at, len(text))
	s.folded = b.String()
	letter := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	for from := 0; from < len(s.folded); {
		start := strings.IndexFunc(s.folded[from:], letter)
		if start < 0 {
			break
		}
		start += from
		end := strings.IndexFunc(s.folded[start:], func(r rune) bool { return !letter(r) })
		if end < 0 {
			end = len(s.folded) - start
		}
		from = start + end
		s.words = append(s.words, located{s.folded[start:from], start, from})
	}
	return s
}

// find gives the bytes of the text in which a phrase first stands.
func (s *scanned) find(phrase string) (from, to int, ok bool) {
	parts := partsOf(phrase)
	if len(parts) == 0 {
		return 0, 0, false
	}
	for i := range s.words {
		begin, end, next := -1, 0, i
		for _, p := range parts {
			run, after, said := s.said(p, next)
			if !said {
				begin = -1
				break
			}
			if begin < 0 {
				begin = run.from
			}
			end, next = run.to, after
		}
		if begin >= 0 {
			return s.at[begin], s.at[end], true
		}
	}
	return 0, 0, false
}

// said reports whether a piece of a phrase stands at a word, where, and which
// word follows it.
func (s *scanned) said(p piece, word int) (run located, next int, ok bool) {
	if word >= len(s.words) {
		return run, word, false
	}
	w := s.words[word]
	if p.slot == "" {
		return w, word + 1, w.word == p.word || p.open && strings.HasPrefix(w.word, p.word)
	}
	before := 0 // a sign of money may stand before its figure
	if word > 0 {
		before = s.words[word-1].to
	}
	for _, f := range s.slot(p.slot) {
		if f.from >= before && f.from <= w.from && f.to > w.from {
			for next = word; next < len(s.words) && s.words[next].from < f.to; next++ {
			}
			return f, next, true
		}
	}
	return run, word, false
}

// slot gives the runs of the folded text that fill a slot.
func (s *scanned) slot(name string) []located {
	found, known := s.found[name]
	if known {
		return found
	}
	for _, m := range slots[name].FindAllStringSubmatchIndex(s.folded, -1) {
		if name == "time" && unspaced(s.folded, m) {
			continue
		}
		from, to := m[0], m[1]
		if name == "yes" || name == "no" { // without what stood before
			g := slices.IndexFunc(m[2:], func(at int) bool { return at >= 0 })
			from, to = m[2+g], m[3+g]
		}
		found = append(found, located{"", from, to})
	}
	s.found[name] = found
	return found
}

// A piece of a phrase is a word, the beginning of words, or a slot.
type piece struct {
	word string
	open bool
	slot string
}

func partsOf(phrase string) (parts []piece) {
	for p := range strings.FieldsSeq(slot.ReplaceAllString(phrase, " <$1> ")) {
		if m := slot.FindStringSubmatch(p); m != nil && slots[m[1]].compiled != nil {
			parts = append(parts, piece{slot: m[1]})
			continue
		}
		words := Fold(p)
		for i, w := range words {
			parts = append(parts, piece{word: w, open: i == len(words)-1 && strings.HasSuffix(p, "*")})
		}
	}
	return parts
}
