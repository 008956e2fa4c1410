package reports_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"touchstone/reports"
	"touchstone/scoring"
)

func TestTurn(t *testing.T) {
	turns, err := reports.TurnsIn("de")
	if err != nil {
		t.Fatal(err)
	}
	for english, want := range map[string]string{
		"2 of 3":                    "2 von 3",
		"1 d 10 h, 2 of 3 answered": "1 d 10 h, 2 von 3 beantwortet",
		"7 × ≤6 h, 1 × never":       "7 × ≤6 h, 1 × nie",
		"7 of 7 resolved, with 1.5 answers to a round": "7 von 7 geklärt, mit 1,5 Antworten je Runde",
		"2 of 12 questions":                            "2 von 12 Fragen",
		"2 of 3 probes could not be tested (2 × blocked: a wall; broken: it died)":                                                    "2 von 3 Proben nicht prüfbar (2 × abgewiesen: a wall; unser Fehler: it died)",
		`click the link "Help" (number 2)`:                                                                                            "Link „Help“ anklicken (Nummer 2)",
		`choose "Size, or \"of 3\"" in the field "Never"`:                                                                             "„Size, or \\\"of 3\\\"“ in Feld „Never“ wählen",
		"the mail came back undelivered: 550 2 of 3 mails of no user":                                                                 "die E-Mail kam unzustellbar zurück: 550 2 of 3 mails of no user",
		"wanting: names (4.1.2), contrast (1.4.3)":                                                                                    "es fehlt: Namen (4.1.2), Kontrast (1.4.3)",
		"wanting: roles (4.1.2); 1 of 2 never arrived by the keyboard":                                                                "es fehlt: Rollen (4.1.2); 1 von 2 nie mit der Tastatur angekommen",
		"Auto-Submitted: auto-replied (RFC 3834)":                                                                                     "Auto-Submitted: auto-replied (RFC 3834)",
		"something that nobody has words for":                                                                                         "something that nobody has words for",
		"chance alone would do this: Welch = 1.20, p = 0.3":                                                                           "der Zufall allein täte das: Welch = 1,20, p = 0,3",
		"no answer within 5 days; an answer came after 6 days 2 h":                                                                    "keine Antwort binnen 5 Tagen; eine Antwort kam nach 6 Tagen 2 h",
		"not counted: 2 of 3 probes, not having recorded web.klm-time":                                                                "nicht gezählt: 2 von 3 Proben, ohne Angabe zu web.klm-time",
		"LCP 132 ms, CLS 0, INP 56 ms, TTFB 12 ms":                                                                                    "LCP 132 ms, CLS 0, INP 56 ms, TTFB 12 ms",
		"2 of 3 mistakes answered, 1 beside the field, 1 taken":                                                                       "2 von 3 Fehlern beantwortet, 1 neben dem Feld, 1 angenommen",
		"a FAQ (seen by 1 of 6 visits)":                                                                                               "eine FAQ (gesehen von 1 von 6 Besuchen)",
		"open the start page → press link \"Help\" → fill in the form and send it":                                                    "Startseite öffnen → link \"Help\" drücken → Formular ausfüllen und abschicken",
		"find-returns: not there (92 % sure): 6 pages were looked at, 9 candidates pressed; some were left when the budget was spent": "find-returns: nicht vorhanden (zu 92 % sicher): 6 Seiten angesehen, 9 Kandidaten gedrückt; einige blieben übrig, als das Budget verbraucht war",
		"this wave tried no order-status by web, after-purchase by purchase here":                                                     "diese Welle hat hier nichts dieser Art versucht: order-status (Web), after-purchase (Kauf)",
		`waited 1s for the x to be shown; saw the page "Contact" headed "Enquiries"`:                                                  "1s gewartet, dass x erscheint; zu sehen war die Seite „Contact“ mit der Überschrift „Enquiries“",
		"newsletter: List-Unsubscribe and Precedence: bulk":                                                                           "Newsletter: List-Unsubscribe und Precedence: bulk",
	} {
		if got := turns.Turn(english); got != want {
			t.Errorf("%s\n got %s\nwant %s", english, got, want)
		}
	}
	if english, _ := reports.TurnsIn("en"); english.Turn("2 of 3") != "2 of 3" {
		t.Error("English was turned")
	}
}

var (
	printed = regexp.MustCompile(`%[.\d]*[dfgsq]`)
	english = regexp.MustCompile(`(?i)\b(the|of|and|is|were|with|to|not|from|on|never|nobody|nothing|too|here|visits?|answered)\b`)
	whole   = strings.NewReplacer(
		"this wave tried no ", "this wave tried no order by web here", // the rest follows
		"the page asks to prove that the visitor is human", "", // said by no program of ours
	)
)

// What scoring says of a mark has its words in each language: every sentence
// that stands in its sources, and every one that a large panel brings about.
func TestScoringIsTurned(t *testing.T) {
	turns, err := reports.TurnsIn("de")
	if err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob("../scoring/*.go")
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	for _, name := range names {
		switch filepath.Base(name) {
		case "check.go", "gate.go", "grading.go", "groups.go", "agreement.go", "part.go", "weights.go": // mistakes in files, and what other commands print
			continue
		}
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		for _, said := range sentences(t, name) {
			asked++
			if slices.Contains(pieces, said) {
				continue
			}
			sample := strings.NewReplacer("%s", "2 visits", "%q", `"x"`).Replace(whole.Replace(said))
			sample = printed.ReplaceAllString(sample, "2")
			if strings.HasSuffix(sample, " ") {
				sample += "web.clicks"
			}
			if turns.Turn(sample) == sample {
				t.Errorf("%s: %q has no German", name, said)
			}
		}
	}
	if asked < 100 {
		t.Errorf("only %d sentences were found: the test looks in the wrong place", asked)
	}
	r := panel(t, 60, func(in *reports.Input) { in.Language = "de" })
	for _, s := range r.Sites {
		if english.MatchString(whole.Replace(s.Verdict.Why)) {
			t.Errorf("English is left: %s", s.Verdict.Why)
		}
		for _, c := range s.Categories {
			for _, m := range c.Marks {
				for _, said := range append([]string{m.Shown, m.Reason, c.Reason}, m.Warnings...) {
					if english.MatchString(whole.Replace(said)) {
						t.Errorf("English is left: %s", said)
					}
				}
			}
		}
	}
}

// pieces are of errors, of the catalogue, or the end of a sentence.
var pieces = []string{" here", "category ", "criterion ", "axe-core: ", " by ", " names it among the tasks"}

// sentences finds the literals of a file that a reader may see as what was
// measured, or why it was not: more than a word, not a title, no error.
func sentences(t *testing.T, name string) []string {
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.KeyValueExpr: // the catalogue's words are another test's
			key, _ := n.Key.(*ast.Ident)
			return key == nil || !strings.Contains(" ID Title Why Source Curve Kind Task Needs ", " "+key.Name+" ")
		case *ast.CallExpr:
			switch called := n.Fun.(type) {
			case *ast.SelectorExpr:
				return called.Sel.Name != "Errorf" && called.Sel.Name != "New"
			case *ast.Ident:
				return called.Name != "panic" && called.Name != "wrong"
			}
		case *ast.BasicLit:
			if n.Kind != token.STRING {
				return true
			}
			said, err := strconv.Unquote(n.Value)
			if err != nil {
				t.Fatal(err)
			}
			if first := strings.TrimLeft(said, "%.0123456789dfgs "); len(said) > 3 && strings.Contains(said, " ") && first != "" && first[0] >= 'a' && first[0] <= 'z' {
				out = append(out, said)
			}
		}
		return true
	})
	return out
}

// Each criterion that there is, each scorecard that tests use and each published
// figure has its words in each language.
func TestCatalogueIsTranslated(t *testing.T) {
	for _, language := range reports.Languages[1:] {
		texts, err := reports.TextsIn(language)
		if err != nil {
			t.Fatal(err)
		}
		say := func(what, english string) {
			if english != "" && texts[english] == "" {
				t.Errorf("%s: %s: %q is missing", language, what, english)
			}
		}
		for _, c := range scoring.Criteria() {
			say(c.ID, c.Title)
			say(c.ID, c.Why)
			say(c.ID, c.Curve)
			say(c.ID, c.Source)
		}
		for _, r := range reports.References() {
			say(r.ID, r.Figure)
			say(r.ID, r.Definition)
			say(r.ID, r.Topic)
			say(r.ID, r.Of)
		}
	}
	r := panel(t, 3, func(in *reports.Input) { in.Language = "de" })
	for _, c := range r.Criteria {
		if english.MatchString(c.Why) {
			t.Errorf("%s: English is left: %s", c.ID, c.Why)
		}
	}
}
