package mail

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"touchstone/internal/reading"
	"touchstone/probes"
)

// A Further is a letter that may follow the first.
type Further struct {
	When      string     `json:"when" jsonschema:"required,enum=answered,enum=unanswered,description=answered: a person's mail came after the last letter; an automatic one is never answered. unanswered: no person's mail came\\, so that this is a reminder."`
	After     string     `json:"after" jsonschema:"required,format=span,description=How long after that person's mail\\, or after the last letter where nobody answered\\, such as 2h. It must end within the scenario's window."`
	InHours   bool       `json:"in-hours,omitempty" jsonschema:"description=Count only the site's hours\\, without public holidays: 16h are two working days of eight."`
	Texts     []Body     `json:"texts" jsonschema:"required,minItems=1,title=texts,description=Variants\\, in the languages of the first letter's: the same is chosen again. The subject is that of the mail answered\\, with Re:; that mail is quoted below."`
	Questions []Question `json:"questions,omitempty" jsonschema:"title=questions,description=What these texts ask\\, counted on from those before."`
}

// A Body is one way to write a further letter.
type Body struct {
	Body     string `json:"body" jsonschema:"required,minLength=1,description=Plain text as the customer writes it. Variables like ${persona.given} are filled in."`
	Language string `json:"language,omitempty" jsonschema:"format=language,description=The language of the text\\, such as en or de."`
}

// Conditions of a further letter.
const (
	whenAnswered   = "answered"
	whenUnanswered = "unanswered"
)

// condition says in words when the letter is written.
func (f Further) condition() string {
	after := f.After
	if f.InHours {
		after += " of opening time"
	}
	if f.When == whenAnswered {
		return "a person answers, " + after + " later"
	}
	return "nobody has answered after " + after
}

// delay reads a span like 1d12h: a day is 24 hours.
func (f Further) delay() (time.Duration, error) {
	rest, total := f.After, time.Duration(0)
	if n, after, ok := strings.Cut(rest, "d"); ok {
		days, err := time.ParseDuration(n + "h")
		if err != nil {
			return 0, fmt.Errorf("%q is no time such as 2h or 3d", f.After)
		}
		total, rest = 24*days, after
	}
	if rest != "" {
		d, err := time.ParseDuration(rest)
		if err != nil {
			return 0, fmt.Errorf("%q is no time such as 2h or 3d", f.After)
		}
		total += d
	}
	if total <= 0 {
		return 0, fmt.Errorf("%q is no time to wait: nobody answers at once", f.After)
	}
	return total, nil
}

// checkFurther finds the mistakes in the letters that may follow.
func checkFurther(p *Params, mistake func(path, format string, args ...any)) {
	if p.MaxExchanges > 0 && len(p.Then) == 0 {
		mistake("/max-exchanges", "nothing follows the first letter: write the letters that may below then, or leave this out")
	}
	for i, f := range p.Then {
		at := fmt.Sprintf("/then/%d", i)
		if f.When != whenAnswered && f.When != whenUnanswered {
			mistake(at+"/when", "%q is no condition: write answered or unanswered", f.When)
		}
		if _, err := f.delay(); err != nil {
			mistake(at+"/after", "%v", err)
		}
		if len(f.Texts) == 0 {
			mistake(at+"/texts", "no text: write at least one, with a body")
		}
		for k, t := range f.Texts {
			if strings.TrimSpace(t.Body) == "" {
				mistake(fmt.Sprintf("%s/texts/%d/body", at, k), "the body is empty")
			}
		}
		if f.When == whenUnanswered && len(f.Questions) > 0 {
			mistake(at+"/questions", "a reminder asks nothing new: its questions are those of the letter before")
		}
		checkQuestions(f.Questions, at, mistake)
	}
}

// most is how many letters are written at most, the first among them.
func (p *Params) most() int { return cmp.Or(p.MaxExchanges, 1+len(p.Then)) }

// planFurther fixes the words of each letter that may follow. They are in the
// language of the first, where the scenario has them.
//
// All go to the address that the first went to. Who answers may write from
// another, even of the same shop; but that one was neither published by the
// site nor written down by the operator, and an answer that names a stranger's
// address could have us write to a stranger.
func planFurther(t *probes.Task, first probes.Letter) (out []probes.Planned, most int, err error) {
	p := t.Params.(*Params)
	for place, f := range p.Then {
		texts := make([]Text, len(f.Texts))
		for i, b := range f.Texts {
			texts[i] = Text{Body: b.Body, Language: b.Language}
		}
		variants := choice(texts, letterLanguage(t, first), t.Site.Language, t.Persona.Language)
		l := probes.Letter{Envelope: probes.Envelope{From: first.From, To: first.To}, Subject: again(first.Subject)}
		l.Variant = variants[(t.Random>>(8*(place+1)))%uint64(len(variants))]
		l.Text = body(texts[l.Variant].Body)
		if v := variable.FindString(l.Text); v != "" {
			return nil, 0, fmt.Errorf("variable %s was not filled in", v)
		}
		out = append(out, probes.Planned{Letter: l, If: f.condition()})
	}
	return out, p.most(), nil
}

// next walks the list on from the last letter written.
func next(t *probes.Task, th probes.Thread) (probes.Next, bool) {
	p := t.Params.(*Params)
	none := probes.Next{}
	if th.Sent.IsZero() || th.Refused != "" {
		return none, false
	}
	place, written, last := -1, 1, th.Sent
	for _, f := range th.Further {
		if f.Refused != "" {
			return none, false
		}
		place = max(place, f.Place)
		if !f.Sent.IsZero() {
			written, last = written+1, f.Sent
		}
	}
	if written >= p.most() {
		return none, false
	}
	when, since := whenUnanswered, last
	switch a, ok := latest(th); {
	case !ok:
		return none, false
	case a != nil:
		when, since = whenAnswered, accepted(th).Add(a.after)
	}
	for i := place + 1; i < len(p.Then); i++ {
		f := p.Then[i]
		if f.When != when {
			continue
		}
		delay, err := f.delay()
		if err != nil {
			return none, false
		}
		at := since.Add(delay)
		if f.InHours {
			at = workedOn(workingHours(t.Site), since.In(zone(t.Site)), delay, last.Add(th.Window)).UTC()
		}
		return probes.Next{Place: i, At: at}, at.Before(last.Add(th.Window))
	}
	return none, false
}

// latest gives the last mail by which a person answered our last letter, nil
// where nobody has. It is false where nothing more may be written: our mail
// came back, has to be proven first, or the answer may be a machine's.
func latest(th probes.Thread) (answer *arrival, ok bool) {
	arrivals, _ := understand(th)
	letters := len(letters(th))
	for i := range arrivals {
		a := &arrivals[i]
		switch {
		case a.class == reading.Bounce, a.class == reading.Challenge:
			return nil, false
		case a.class == reading.Human && a.letter == letters-1 && !a.late:
			answer = a
		}
	}
	if answer != nil && !answerable(answer.mail) {
		return nil, false
	}
	return answer, true
}

// answerable reports whether a mail may be answered, whoever seems to have
// written it: one that says in any way that a machine sent it, or that nobody
// reads what comes back, never is (RFC 3834, section 2).
func answerable(m reading.Mail) bool {
	first := func(name string) string {
		word, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(m.Header.Get(name))), ";")
		return strings.TrimSpace(word)
	}
	auto := first("Auto-Submitted")
	return (auto == "" || auto == "no") && m.ReturnPath != "<>" && !m.NoReply() &&
		!slices.Contains([]string{"bulk", "junk", "list", "auto_reply"}, first("Precedence")) &&
		m.Header.Get("List-Id") == "" && m.Header.Get("X-Autoreply") == "" && m.Header.Get("X-Autorespond") == ""
}

// workedOn gives the instant by which d of the hours have passed since from,
// or a later one than until where that is not reached.
func workedOn(h probes.Hours, from time.Time, d time.Duration, until time.Time) time.Time {
	y, m, day := from.Date()
	for n := 0; ; n++ {
		start := time.Date(y, m, day+n, 0, 0, 0, 0, from.Location())
		if start.After(until) {
			return start
		}
		end := time.Date(y, m, day+n+1, 0, 0, 0, 0, from.Location())
		if n == 0 {
			start = from
		}
		done := worked(h, start, end)
		if done < d {
			d -= done
			continue
		}
		opens, _, _ := h.On(time.Date(y, m, day+n, 12, 0, 0, 0, from.Location()))
		if start.After(opens) {
			opens = start
		}
		return opens.Add(d)
	}
}

// write composes a further letter as a mail program does: "Re:" and the
// subject of the mail that it answers, the thread's ids, and that mail quoted
// below. A reminder answers our own last letter.
func write(t *probes.Task, th probes.Thread, l probes.Letter) (probes.Letter, error) {
	answer, ok := latest(th)
	if !ok {
		return l, errors.New("nothing may be written to this thread any more")
	}
	sent := letters(th)
	ours := sent[len(sent)-1]
	var ids []string
	for _, s := range sent {
		ids = append(ids, s.MessageID)
	}
	at, who, quoted := ours.Sent, strings.TrimSpace(t.Persona.Given+" "+t.Persona.Family), ours.Text
	if answer != nil {
		m := answer.mail
		l.Subject = again(cmp.Or(m.Subject, ours.Subject))
		ids = append(ids, m.MessageID)
		at, who, quoted = accepted(th).Add(answer.after), cmp.Or(m.From.Name, m.From.Email), cmp.Or(m.Own, m.Text)
	}
	l.Text = body(l.Text + "\n" + quote(letterLanguage(t, th.Letter), at.In(zone(t.Site)), who, quoted))
	ids = slices.DeleteFunc(ids, func(id string) bool { return !messageID.MatchString(id) })
	return render(t, l, func(m *gomail.Msg) {
		m.SetGenHeader("In-Reply-To", "<"+ids[len(ids)-1]+">")
		m.SetGenHeader("References", "<"+strings.Join(ids, "> <")+">")
	})
}

// messageID is one that may be repeated in a header; strangers write them, too.
var messageID = regexp.MustCompile(`^[!-;=?-~]{1,200}@[!-;=?-~]{1,200}$`)

var reMark = regexp.MustCompile(`(?i)^(\s*(re|aw|antw|sv|rif|res)(\[\d+\])?:)+\s*`)

// again gives the subject of an answer to a mail with this one.
func again(subject string) string {
	subject = reMark.ReplaceAllString(strings.Join(strings.Fields(subject), " "), "")
	return "Re: " + strings.ToValidUTF8(subject[:min(len(subject), 200)], "")
}

// said are the words above a quotation, with the layout of their date.
var said = map[string]struct{ layout, words string }{
	"en": {"2 Jan 2006 at 15:04", "On %s, %s wrote:"},
	"de": {"02.01.2006 um 15:04", "Am %s schrieb %s:"},
	"fr": {"02/01/2006 à 15:04", "Le %s, %s a écrit :"},
	"es": {"02/01/2006 a las 15:04", "El %s, %s escribió:"},
	"it": {"02/01/2006 15:04", "Il %s, %s ha scritto:"},
	"nl": {"02-01-2006 om 15:04", "Op %s schreef %s:"},
	"pt": {"02/01/2006 15:04", "Em %s, %s escreveu:"},
}

// quotedLines is how much of a mail is quoted.
const quotedLines = 12

func quote(language string, at time.Time, who, text string) string {
	s, ok := said[language]
	if !ok {
		s = said["en"]
	}
	lines := strings.Split(strings.TrimSpace(text[:min(len(text), 2000)]), "\n")
	lines = lines[:min(len(lines), quotedLines)]
	for i, line := range lines {
		lines[i] = strings.TrimRight("> "+strings.ToValidUTF8(line, ""), " \r")
	}
	return fmt.Sprintf(s.words, at.Format(s.layout), strings.Join(strings.Fields(who), " ")) + "\n" + strings.Join(lines, "\n")
}
