package reports

import (
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A report is written in English; texts/CODE.json holds its words in another
// language, keyed by the English ones, verbs of fmt included. One more language
// is one more file. What a file lacks stays English, and a test names it.
//
//go:embed texts
var textFiles embed.FS

// Languages lists those in which a report can be written (BCP 47).
var Languages = []string{"en", "de"}

// Texts turns English words of a report into those of its language.
type Texts map[string]string

// TextsIn reads the words of one of Languages.
func TextsIn(language string) (Texts, error) {
	if language == "" || language == "en" {
		return Texts{}, nil
	}
	if !slices.Contains(Languages, language) {
		return nil, fmt.Errorf("no report is written in %q; there are: %v", language, Languages)
	}
	data, err := textFiles.ReadFile("texts/" + language + ".json")
	if err != nil {
		return nil, err
	}
	t := Texts{}
	if err := json.Unmarshal(data, &t); err != nil {
		return nil, fmt.Errorf("texts/%s.json: %w", language, err)
	}
	return t, nil
}

// Say gives a sentence, with its verbs filled in as fmt does.
func (t Texts) Say(english string, args ...any) string {
	s := english
	if own, ok := t[english]; ok {
		s = own
	}
	if len(args) == 0 {
		return s
	}
	return fmt.Sprintf(s, args...)
}

// Count words a count: "1 site", "3 enquiries".
func (t Texts) Count(n int, noun string) string {
	many := plural(n, noun)
	if n == 1 {
		return "1 " + t.Say(noun)
	}
	_, word, _ := strings.Cut(many, " ")
	return fmt.Sprintf("%d %s", n, t.Say(word))
}

// Keys lists what the texts translate, sorted.
func (t Texts) Keys() []string { return slices.Sorted(maps.Keys(t)) }
