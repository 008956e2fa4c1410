package reports

import (
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"touchstone/internal/evidence"
)

// A mask replaces what identifies the people of one site: a name becomes
// "Agent A", an address loses the part before the @. It knows a person from
// the From line of a mail or from the line after "Kind regards". The address
// that the site publishes stays; it belongs to nobody.
//
// It is careful, not perfect: a colleague named only in mid-sentence is not
// found. Too much is rather hidden than too little.
type mask struct {
	show   bool
	keep   string            // the published address, lower case
	site   []string          // words of the site's name, lower case
	agents map[string]string // every word of a person's name -> "Agent A"
	names  []string          // keys of agents, longest first
}

// newMask learns the people of a site from all of its threads, so that a name
// is hidden in each of them alike.
func newMask(s Site, obs []evidence.Observation, show bool, agent string) *mask {
	m := &mask{show: show, keep: strings.ToLower(s.Email), agents: map[string]string{}}
	if show {
		return m
	}
	m.site = strings.Fields(strings.ToLower(strings.Map(lettersOnly, s.Name+" "+s.ID)))
	people := 0
	learn := func(name []string) {
		if len(name) == 0 {
			return
		}
		alias := ""
		for _, w := range name {
			if a, known := m.agents[w]; known {
				alias = a
			}
		}
		if alias == "" {
			alias = agent + " " + letters(people)
			people++
		}
		for _, w := range name {
			m.agents[w] = alias
		}
	}
	for _, o := range obs {
		for _, f := range o.Facts {
			if f.Step == "" || ours(f.Step) {
				continue
			}
			switch f.Name {
			case "mail.from":
				learn(m.person(displayName(f.Text)))
			case "mail.text":
				learn(m.person(signature(f.Text)))
			}
		}
	}
	for name := range m.agents {
		m.names = append(m.names, name)
	}
	slices.SortFunc(m.names, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	return m
}

// Hide gives the function by which words of a site may leave: people are
// named by a letter, addresses are shortened.
func Hide(s Site, obs []evidence.Observation) func(string) string {
	return newMask(s, obs, false, "Agent").text
}

// fact hides people in a fact's words. A letter is ours: its persona is
// invented, only the address of the probe is shortened.
func (m *mask) fact(f evidence.Fact) string {
	switch {
	case m.show:
		return cut(f.Text, maxText)
	case ours(f.Step):
		return cut(m.addresses(f.Text), maxText)
	}
	return m.text(f.Text)
}

// text hides people in any words.
func (m *mask) text(s string) string {
	s = cut(s, maxText)
	if m.show || s == "" {
		return s
	}
	s = m.addresses(s)
	for _, name := range m.names {
		s = replaceWord(s, name, m.agents[name])
	}
	for _, alias := range m.agents { // "Agent A Agent A" was a given and a family name
		for strings.Contains(s, alias+" "+alias) {
			s = strings.ReplaceAll(s, alias+" "+alias, alias)
		}
	}
	return s
}

var address = regexp.MustCompile(`(?i)([\p{L}\p{N}._%+'-]+)(@|%40)([\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*)`)

func (m *mask) addresses(s string) string {
	if m.show {
		return s
	}
	return address.ReplaceAllStringFunc(s, func(a string) string {
		if m.keep != "" && strings.EqualFold(a, m.keep) {
			return a
		}
		parts := address.FindStringSubmatch(a)
		return "…" + parts[2] + parts[3]
	})
}

// person gives the words of a name that belong to a person, none for
// "Customer Care" or the shop's own name.
func (m *mask) person(name string) []string {
	var out []string
	for _, w := range strings.Fields(strings.Map(lettersOnly, name)) {
		low := strings.ToLower(w)
		first, _ := utf8.DecodeRuneInString(w)
		if utf8.RuneCountInString(w) < 2 || !unicode.IsUpper(first) && unicode.IsLower(first) || roles[low] || slices.Contains(m.site, low) {
			continue
		}
		out = append(out, w)
	}
	return out
}

// roles are words of a sender's name that name no person, in English and German.
var roles = words(`a an and at by der die das dein deine for from ihr ihre of our on the team und via von vom
	customer customers service services support care help helpdesk desk sales shop store webshop online info information office
	contact enquiry enquiries inquiry inquiries hello hi mail mailer email e daemon delivery system subsystem postmaster noreply no reply
	do not newsletter news club account accounts order orders returns shipping department dept ltd llc inc gmbh ag kg co company
	kundenservice kundendienst kundenbetreuung service bestellung versand mr mrs ms dr herr frau manager assistant advisor
	automatic automated autoreply bot ticket tickets request requests notification notifications uk us de eu com net org`)

func words(s string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(s) {
		m[w] = true
	}
	return m
}

// displayName gives the name in a From line, empty when it has only an address.
func displayName(from string) string {
	if a, err := mail.ParseAddress(from); err == nil {
		return a.Name
	}
	name, _, _ := strings.Cut(from, "<")
	if strings.Contains(name, "@") {
		return ""
	}
	return name
}

var signOff = regexp.MustCompile(`(?i)^\s*(?:(?:with )?(?:kind|best|warm|warmest|many)(?: (?:kind|best|warm))? (?:regards|wishes|thanks)|regards|best|cheers|sincerely|yours(?: \w+)?|thanks|thank you|all the best|mit (?:freundlichen|besten|herzlichen) gr(?:ü|ue)(?:ß|ss)en|(?:viele|liebe|beste|herzliche|freundliche) gr(?:ü|ue)(?:ß|ss)e|gruß)\s*[,.!–-]*\s*(.*)$`)

// signature gives the name under a letter's closing words, empty when there
// is none: a line of at most four words.
func signature(text string) string {
	lines := strings.Split(text, "\n")
	name := ""
	for i, line := range lines {
		found := signOff.FindStringSubmatch(line)
		if found == nil {
			continue
		}
		next := strings.TrimSpace(found[1])
		for j := i + 1; next == "" && j < len(lines); j++ {
			next = strings.TrimSpace(lines[j])
		}
		if next, _, _ = strings.Cut(next, ","); next != "" && len(strings.Fields(next)) <= 4 {
			name = next // the last one counts: a reply may thank first
		}
	}
	return name
}

// replaceWord replaces whole words only, so that "Ann" leaves "Annual" alone.
func replaceWord(s, word, with string) string {
	var b strings.Builder
	for from := 0; ; {
		i := strings.Index(s[from:], word)
		if i < 0 {
			b.WriteString(s[from:])
			return b.String()
		}
		start, end := from+i, from+i+len(word)
		before, _ := utf8.DecodeLastRuneInString(s[:start])
		after, _ := utf8.DecodeRuneInString(s[end:])
		b.WriteString(s[from:start])
		if unicode.IsLetter(before) || unicode.IsLetter(after) {
			b.WriteString(word)
		} else {
			b.WriteString(with)
		}
		from = end
	}
}

// lettersOnly keeps letters and marks; all else parts words.
func lettersOnly(r rune) rune {
	if unicode.IsLetter(r) || unicode.IsMark(r) {
		return r
	}
	return ' '
}

// letters counts A … Z, AA, AB …
func letters(n int) string {
	s := ""
	for n++; n > 0; n = (n - 1) / 26 {
		s = string(rune('A'+(n-1)%26)) + s
	}
	return s
}
