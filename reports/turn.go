package reports

import (
	"cmp"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Turns words in another language what scoring, the readers and the probes say
// in English: "2 of 3", "no acknowledgement came", “click the link "Help"”. Its
// sentences stand in texts/CODE/said.json, with verbs where figures and names
// stand: %d and %g are numbers, %q is a name in quotation marks, %s is said in
// turn, %w is one word, and %v, a stranger's words among them, stays as it is.
// What no sentence fits stays English.
//
// It remembers what it was asked, and so is for one goroutine.
type Turns struct {
	texts   Texts
	phrases []phrase
	said    map[string]string
}

// A phrase is a sentence with room for its figures.
type phrase struct {
	fits   *regexp.Regexp
	own    string // in the other language, the same verbs in the same order
	letter int    // of the English, verbs left out
}

// phraseVerb finds the room for a figure in a sentence.
var phraseVerb = regexp.MustCompile(`%[dgqsvw]`)

// rooms are what may stand in the place of a verb.
var rooms = map[string]string{"%d": `(-?\d+)`, "%g": `(-?[\d.]+(?:e[+-]?\d+)?)`, "%q": `"(.*)"`, "%s": `(.+?)`, "%v": `(.+)`, "%w": `(\S+)`}

// TurnsIn reads the sentences of one of Languages.
func TurnsIn(language string) (*Turns, error) {
	texts, err := TextsIn(language)
	if err != nil || len(texts) == 0 {
		return &Turns{}, err
	}
	name := "texts/" + language + "/said.json"
	data, err := textFiles.ReadFile(name)
	if err != nil {
		return nil, err
	}
	sentences := map[string]string{}
	if err := json.Unmarshal(data, &sentences); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	t := &Turns{texts: texts, said: map[string]string{}}
	for english, own := range sentences {
		if !phraseVerb.MatchString(english) {
			continue // found by itself
		}
		pattern := phraseVerb.ReplaceAllStringFunc(regexp.QuoteMeta(english), func(verb string) string { return rooms[verb] })
		fits, err := regexp.Compile(`(?s)^` + pattern + `$`)
		if err != nil {
			return nil, fmt.Errorf("%s: %q: %w", name, english, err)
		}
		t.phrases = append(t.phrases, phrase{fits, own, len(phraseVerb.ReplaceAllString(english, ""))})
	}
	slices.SortFunc(t.phrases, func(p, q phrase) int { // the most particular first
		return cmp.Or(cmp.Compare(q.letter, p.letter), strings.Compare(p.fits.String(), q.fits.String()))
	})
	return t, nil
}

// Turn gives what was said in the language, and itself where that is English.
func (t *Turns) Turn(said string) string {
	if len(t.texts) == 0 || said == "" {
		return said
	}
	own, ok := t.said[said]
	if !ok {
		own, _ = t.turn(said)
		t.said[said] = own
	}
	return own
}

// way parts the steps of a way through a shop.
const way = " → "

// turn also reports whether it found words for what was said.
func (t *Turns) turn(said string) (string, bool) {
	if own, ok := t.texts[said]; ok {
		return own, true
	}
	if strings.Contains(said, way) { // the steps of a way, each by itself
		steps, all := strings.Split(said, way), true
		for i, step := range steps {
			own, ok := t.turn(step)
			steps[i], all = own, all && ok
		}
		return strings.Join(steps, way), all
	}
	for _, p := range t.phrases {
		if found := p.fits.FindStringSubmatch(said); found != nil {
			return t.fill(p.own, found[1:]), true
		}
	}
	for _, sep := range []string{"; ", ", "} { // several things at once, each by itself
		parts := strings.Split(said, sep)
		if len(parts) == 1 {
			continue
		}
		all := true
		for i, part := range parts {
			own, ok := t.turn(part)
			parts[i], all = own, all && ok
		}
		if all || sep == "; " {
			return strings.Join(parts, sep), all
		}
	}
	return said, false
}

// fill sets what was found into the sentence.
func (t *Turns) fill(sentence string, found []string) string {
	i := -1
	return phraseVerb.ReplaceAllStringFunc(sentence, func(verb string) string {
		i++
		switch verb {
		case "%g":
			return t.texts.Number(found[i])
		case "%q":
			return t.texts.Quote(found[i])
		case "%s":
			return t.Turn(found[i])
		}
		return found[i]
	})
}
