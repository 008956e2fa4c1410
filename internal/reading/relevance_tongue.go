package reading

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/dutch"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/french"
	"github.com/blevesearch/snowballstem/german"
	"github.com/blevesearch/snowballstem/italian"
	"github.com/blevesearch/snowballstem/portuguese"
	"github.com/blevesearch/snowballstem/spanish"
)

// A tongue is what relevance knows of a language. All words are folded.
type tongue struct {
	stem  func(*snowballstem.Env) bool // nil: words stay whole
	empty map[string]bool              // words without a matter of their own

	askTime, askPrice, askNumber [][]string // phrases of questions
	times, longTimes, prices     [][]string // phrases of replies; times count beside a figure only
	statements                   [][]string
	askYes, yes                  map[string]bool // first words of questions and of replies

	exact, prefix map[string][]int // words, and beginnings of words, of topics
}

func (t tongue) stemmed(word string) string {
	if t.stem == nil {
		return word
	}
	env := snowballstem.NewEnv(word)
	t.stem(env)
	return env.Current()
}

// says reports whether one of the phrases stands among the words.
func (t tongue) says(words []string, phrases [][]string) bool {
	for at, w := range words {
		for _, p := range phrases {
			if p[0] == w && len(p) <= len(words)-at && slices.Equal(p, words[at:at+len(p)]) {
				return true
			}
		}
	}
	return false
}

// leastPrefix is that of a word's beginning that stands for a topic.
const leastPrefix = 3

// topicsOf gives the indexes of the topics that a word belongs to.
func (t tongue) topicsOf(word string) []int {
	if found := t.exact[word]; found != nil {
		return found
	}
	for end := len(word); end >= leastPrefix; end-- { // the longest beginning wins
		if found := t.prefix[word[:end]]; found != nil {
			return found
		}
	}
	return nil
}

var clockTime = lazily(`\b\d{1,2}[:.]\d{2}\b`)

var stemmers = map[string]func(*snowballstem.Env) bool{
	"en": english.Stem, "de": german.Stem, "fr": french.Stem, "es": spanish.Stem, "it": italian.Stem, "nl": dutch.Stem, "pt": portuguese.Stem,
}

// vocabulary holds, a section for each language, the lists of a tongue, and
// after them the topics that customers ask about, each with its words in every
// language. A word that ends in * stands for all that begin so.
//
//go:embed relevance.txt
var vocabulary string

// tongues are read once: languages by their tags, and the names of the topics.
var tongues = sync.OnceValues(func() (map[string]tongue, []string) {
	all := map[string]tongue{}
	for tag, stem := range stemmers {
		all[tag] = tongue{stem: stem, empty: map[string]bool{}, askYes: map[string]bool{}, yes: map[string]bool{}, exact: map[string][]int{}, prefix: map[string][]int{}}
	}
	var names []string
	language, topics := "", false
	for line := range strings.Lines(vocabulary) {
		line = strings.TrimSpace(line)
		name, list, _ := strings.Cut(line, ":")
		list = strings.TrimSpace(list)
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '[':
			language = strings.Trim(line, "[]")
			topics = language == "topics"
		case topics && list == "":
			names = append(names, name)
		case topics:
			t := all[name]
			for _, w := range strings.Fields(list) {
				into := t.exact
				if strings.HasSuffix(w, "*") {
					into = t.prefix
				}
				w = strings.Join(Fold(w), "")
				into[w] = append(into[w], len(names)-1)
			}
		default:
			t := all[language]
			t.learn(name, list)
			all[language] = t
		}
	}
	return all, names
})

// learn takes one list of a language's section.
func (t *tongue) learn(name, list string) {
	phrases := func() (all [][]string) {
		for p := range strings.SplitSeq(list, ",") {
			all = append(all, Fold(p))
		}
		return all
	}
	add := func(set map[string]bool) {
		for _, w := range Fold(list) {
			set[w] = true
		}
	}
	switch name {
	case "empty":
		add(t.empty)
	case "ask-yes":
		add(t.askYes)
	case "yes":
		add(t.yes)
	case "ask-time":
		t.askTime = phrases()
	case "ask-price":
		t.askPrice = phrases()
	case "ask-number":
		t.askNumber = phrases()
	case "times":
		t.times = phrases()
	case "long-times":
		t.longTimes = phrases()
	case "prices":
		t.prices = phrases()
	case "statements":
		t.statements = phrases()
	}
}

func tongueOf(language string) tongue {
	all, _ := tongues()
	return all[language]
}

func topicNames() []string {
	_, names := tongues()
	return names
}
