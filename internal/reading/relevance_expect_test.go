package reading

import (
	"strings"
	"testing"
)

func TestHolds(t *testing.T) {
	delivery := Expectation{Facts: [][]string{{"<time>", "same day"}, {"<money>", "free", "kostenlos"}}, Never: []string{"see our faq"}}
	for _, c := range []struct {
		name   string
		expect Expectation
		text   string
		want   []string // of each fact the proof; "": not held
		never  bool
	}{
		{"both", delivery, "It takes 2 to 4 working days and costs £3.95.", []string{"2 to 4 working days", "£3.95"}, false},
		{"one", delivery, "Von uns zu Ihnen sind es zwei Werktage.", []string{"zwei Werktage", ""}, false},
		{"a price behind its figure", delivery, "Der Versand kostet 4,90 € und mehr.", []string{"", "4,90 €"}, false},
		{"the first place", delivery, "Free, or £5 tomorrow: free.", []string{"", "Free"}, false},
		{"none", delivery, "Thank you for your message.", []string{"", ""}, false},
		{"what no answer says", delivery, "It takes 3 days for £3. See our FAQ!", []string{"", ""}, true},
		{"words around a slot", Expectation{Facts: [][]string{{"within <number> days"}}}, "Return it within 30 days.", []string{"within 30 days"}, false},
		{"other words around it", Expectation{Facts: [][]string{{"within <number> days"}}}, "Return it in 30 days.", []string{""}, false},
		{"a slot and no space", Expectation{Facts: [][]string{{"<number>cm"}}}, "It is 40 cm high.", []string{"40 cm"}, false},
		{"accents", Expectation{Facts: [][]string{{"grosse 42"}}}, "Ja: Größe 42, für Sie.", []string{"Größe 42"}, false},
		{"accents of their own", Expectation{Facts: [][]string{{"cafe"}}}, "un cafe\u0301.", []string{"cafe\u0301"}, false},
		{"beginnings", Expectation{Facts: [][]string{{"track*"}}}, "You get a tracking number.", []string{"tracking"}, false},
		{"a date", Expectation{Facts: [][]string{{"<date>"}}}, "It leaves on 3 May 2026.", []string{"3 May"}, false},
		{"a date in figures", Expectation{Facts: [][]string{{"<date>"}}}, "Ab dem 03.05.2026 wieder.", []string{"03.05.2026"}, false},
		{"a link", Expectation{Facts: [][]string{{"<link>"}}}, "Here: https://shop.example/returns?a=1", []string{"https://shop.example/returns?a=1"}, false},
		{"yes", Expectation{Facts: [][]string{{"<yes>"}}}, "Hello,\n\nyes, in red.", []string{"yes"}, false},
		{"no yes", Expectation{Facts: [][]string{{"<yes>"}}}, "I asked whether yes or not.", []string{""}, false},
		{"no", Expectation{Facts: [][]string{{"<no>"}}}, "Leider nicht.", []string{"Leider"}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			held, never := c.expect.Holds(c.text)
			got := make([]string, len(c.expect.Facts))
			for _, h := range held {
				got[h.Fact] = c.text[h.From:h.To]
			}
			if strings.Join(got, "|") != strings.Join(c.want, "|") || never != c.never {
				t.Errorf("%q %v, want %q %v", got, never, c.want, c.never)
			}
		})
	}
}

func TestCheckPhrase(t *testing.T) {
	for phrase, want := range map[string]string{"within <time>": "", "free": "", "<link>": "", "?!": "has no word", "<money>!": "", "<price> each": "<price>"} {
		err := CheckPhrase(phrase)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", phrase, err)
		}
	}
}

// What the folded words say stays found with its place, in any text.
func FuzzHolds(f *testing.F) {
	f.Add("It takes 2 days, for £3.95.", "2 days")
	f.Add("Größe 42", "größe")
	f.Add("ﬁnﬁn \xff é", "n*")
	f.Fuzz(func(t *testing.T, text, phrase string) {
		if strings.Contains(phrase, "<") {
			t.Skip()
		}
		held, _ := Expectation{Facts: [][]string{{phrase}}}.Holds(text)
		if Says(Fold(text), phrase) != (len(held) == 1) {
			t.Fatalf("%q in %q: held %v", phrase, text, held)
		}
		for _, h := range held {
			if h.From < 0 || h.To > len(text) || h.From >= h.To {
				t.Fatalf("%q in %q: %v", phrase, text, h)
			}
		}
	})
}
