package reading

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// The letters of the demonstration's desks, held against every wording of the
// shipped scenarios: who answers what was asked is never accused, and who
// writes about washing to everybody always is.
func TestOffTopicOnTheStreet(t *testing.T) {
	asked := shippedQuestions(t)
	right, wrong := 0, 0
	eachLetter(t, func(book, language, topic, said string) {
		for id, texts := range asked {
			if topic != id && topic != "washing" {
				continue
			}
			for _, q := range texts {
				if q.Language != language {
					continue
				}
				c := NewCollection(language)
				question := c.Question(gaps.ReplaceAllString(q.Subject+". "+q.Body, ""))
				matter, off := c.OffTopic(question, c.Reply(said))
				if off != (topic == "washing") {
					t.Errorf("%s: %s to %q: off topic %v %q, relevance %.2f", book, topic, q.Subject, off, matter, c.Relevance(question, c.Reply(said)))
				}
				if topic == "washing" {
					wrong++
				} else {
					right++
				}
			}
		}
	})
	t.Logf("%d right and %d wrong answers", right, wrong)
	if right < 100 || wrong < 30 {
		t.Errorf("only %d right and %d wrong answers were read", right, wrong)
	}
}

// Each letter of the desks is held against each wording of the questions, with
// one wording of each other question as the rivals: no right answer is taken for
// another's, and most of those that are named are named rightly.
func TestMistakenOnTheStreet(t *testing.T) {
	asked := shippedQuestions(t)
	ids := slices.Sorted(maps.Keys(asked))
	var right, wrong, found, named int
	eachLetter(t, func(book, language, topic, said string) {
		if asked[topic] == nil {
			return
		}
		for v := range 5 {
			var asks []string
			for _, id := range ids {
				var wordings []shippedText
				for _, q := range asked[id] {
					if q.Language == language {
						wordings = append(wordings, q)
					}
				}
				q := wordings[v%len(wordings)]
				asks = append(asks, gaps.ReplaceAllString(q.Subject+". "+Asks(q.Body), ""))
			}
			c := NewCollection(language, asks...)
			reply := c.Reply(said)
			for own := range ids {
				var rivals []*Text
				var whose []string
				for i, a := range asks {
					if i != own {
						rivals, whose = append(rivals, c.Question(a)), append(whose, ids[i])
					}
				}
				rival, ok := c.Mistaken(c.Question(asks[own]), rivals, reply)
				switch {
				case ids[own] == topic:
					right++
					if ok {
						t.Errorf("%s: the right answer to %q is taken for one to %s", book, asks[own], whose[rival])
					}
				case ok:
					found++
					if whose[rival] == topic {
						named++
					}
					fallthrough
				default:
					wrong++
				}
			}
		}
	})
	t.Logf("of %d right answers none is accused; of %d wrong ones %d are found, %d by name", right, wrong, found, named)
	if right < 100 || found*10 < wrong*3 || named*10 < found*9 {
		t.Errorf("of %d right and %d wrong answers %d are found, %d by name", right, wrong, found, named)
	}
}

type shippedText struct{ Language, Subject, Body string }

// gaps are what templates and variables leave open.
var gaps = regexp.MustCompile(`\{\{.*?\}\}`)

// shippedQuestions gives the wordings of the shipped scenarios that ask something.
func shippedQuestions(t *testing.T) map[string][]shippedText {
	t.Helper()
	asked := map[string][]shippedText{}
	files, err := filepath.Glob("../../scenarios/library/scenarios/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal(err, len(files))
	}
	for _, f := range files {
		var s struct {
			ID   string
			With struct {
				Texts     []shippedText
				Questions []any
			}
		}
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if err := yaml.Unmarshal(raw, &s); err != nil {
			t.Fatal(err)
		}
		if len(s.With.Questions) > 0 {
			asked[s.ID] = s.With.Texts
		}
	}
	return asked
}

// eachLetter hands over the letters of the demonstration's desks, without what
// they quote.
func eachLetter(t *testing.T, do func(book, language, topic, said string)) {
	t.Helper()
	letter := regexp.MustCompile(`(?s)\{\{define "([a-z-]+)"\}\}(.*?)\n\{\{end\}\}|\{\{define "([a-z-]+)"\}\}(.*?)\{\{template "farewell"`)
	for _, book := range []string{"kettle-and-leaf.en", "kettle-and-leaf.de", "lumen-lamps.en", "lumen-lamps.de", "nordwolle.de"} {
		raw, err := os.ReadFile("../highstreet/letters/" + book + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range letter.FindAllStringSubmatch(string(raw), -1) {
			topic, words := m[1]+m[3], m[2]+m[4]
			words, _, _ = strings.Cut(words, "\nAm {{")
			said, _ := Closing(strings.TrimSpace(gaps.ReplaceAllString(words, "")))
			if topic == "returns" { // of the desk that answers by a word
				topic = "return-policy"
			}
			do(book, book[len(book)-2:], topic, said)
		}
	}
}
