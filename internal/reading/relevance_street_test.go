package reading

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// The letters of the demonstration's desks, held against every wording of the
// shipped scenarios: who answers what was asked is never accused, and who
// writes about washing to everybody always is.
func TestOffTopicOnTheStreet(t *testing.T) {
	type text struct{ Language, Subject, Body string }
	asked := map[string][]text{}
	files, err := filepath.Glob("../../scenarios/library/scenarios/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal(err, len(files))
	}
	for _, f := range files {
		var s struct {
			ID   string
			With struct {
				Texts     []text
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
	letter := regexp.MustCompile(`(?s)\{\{define "([a-z-]+)"\}\}(.*?)\n\{\{end\}\}|\{\{define "([a-z-]+)"\}\}(.*?)\{\{template "farewell"`)
	gaps := regexp.MustCompile(`\{\{.*?\}\}`)
	right, wrong := 0, 0
	for _, book := range []string{"kettle-and-leaf.en", "kettle-and-leaf.de", "lumen-lamps.en", "lumen-lamps.de", "nordwolle.de"} {
		raw, err := os.ReadFile("../highstreet/letters/" + book + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		language := book[len(book)-2:]
		for _, m := range letter.FindAllStringSubmatch(string(raw), -1) {
			topic, words := m[1]+m[3], m[2]+m[4]
			words, _, _ = strings.Cut(words, "\nAm {{") // what it quotes
			said, _ := Closing(strings.TrimSpace(gaps.ReplaceAllString(words, "")))
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
		}
	}
	t.Logf("%d right and %d wrong answers", right, wrong)
	if right < 100 || wrong < 30 {
		t.Errorf("only %d right and %d wrong answers were read", right, wrong)
	}
}
