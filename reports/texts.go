package reports

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"time"
)

// A report is written in English; texts/CODE.json holds its words in another
// language, keyed by the English ones, verbs of fmt included, and the folder
// texts/CODE those of the criteria, of the scorecards that are shipped and of
// what scoring measured. One more language is one more of each. What they lack
// stays English, and a test names it.
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
	names, err := fs.Glob(textFiles, "texts/"+language+"/*.json")
	if err != nil {
		return nil, err
	}
	t := Texts{}
	for _, name := range append(names, "texts/"+language+".json") {
		data, err := textFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal(data, &t); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
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

// Number sets the language's decimal sign into numbers that are written out
// with a point.
func (t Texts) Number(written string) string {
	if sign := t["."]; sign != "" {
		return strings.ReplaceAll(written, ".", sign)
	}
	return written
}

// Day gives the day of a moment, UTC.
func (t Texts) Day(at time.Time) string {
	at = at.UTC()
	return t.Say("%d %s %d", at.Day(), t.Say(at.Month().String()), at.Year())
}

// Quote puts words into the language's quotation marks.
func (t Texts) Quote(words string) string { return t.Say("“") + words + t.Say("”") }

// Keys lists what the texts translate, sorted.
func (t Texts) Keys() []string { return slices.Sorted(maps.Keys(t)) }
