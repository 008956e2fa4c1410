package mail

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"touchstone/internal/reading"
	"touchstone/probes"
)

// readAcknowledgement records what the first automatic answer says, and
// whether what it promises came true. Either mail may be nil.
func readAcknowledgement(t *probes.Task, th probes.Thread, rec *probes.Recorder, ack, answer *arrival) {
	if ack == nil {
		if answer != nil {
			recordTicket(rec, answer)
		}
		return
	}
	recordTicket(rec, ack)
	rec.Flag("mail.reads-not", reading.ReadsNot(ack.mail.Shown) != "")
	rec.Flag("mail.other-channel", reading.OtherChannel(ack.mail.Shown))
	promise, ok := reading.Promised(ack.mail.Shown)
	if !ok {
		return
	}
	rec.Number("mail.promise", promise.Within.Seconds())
	if kept, known := keeps(t.Site, th, promise, ack, answer); known {
		rec.Flag("mail.promise-kept", kept)
	}
}

func recordTicket(rec *probes.Recorder, a *arrival) {
	if ticket := a.mail.Ticket(); ticket != "" {
		rec.Text("mail.ticket", ticket)
	}
}

// keeps reports whether the answer came within the promise, counted from the
// mail that gave it. Without an answer that is not known until the time has
// passed for which the mailbox was watched.
func keeps(s probes.Site, th probes.Thread, p reading.Promise, ack, answer *arrival) (kept, known bool) {
	until, answered := th.Window, answer != nil
	if answered {
		until = answer.after
	}
	limit, taken := p.Within, until-ack.after
	if p.Business {
		hours := workingHours(s)
		from, to, _ := hours.On(time.Unix(0, 0).UTC())
		if day := 24 * time.Hour; p.Unit >= day {
			limit = time.Duration(float64(limit) / float64(day) * float64(to.Sub(from)))
		}
		start := accepted(th).In(zone(s))
		taken = hours.Between(start.Add(ack.after), start.Add(until))
	}
	switch {
	case answered:
		return taken <= limit, true
	case th.Closed && taken > limit:
		return false, true
	}
	return false, false
}

// workingHours are the site's, or where it names none, Monday to Friday.
func workingHours(s probes.Site) probes.Hours {
	if s.Hours == (probes.Hours{}) {
		return probes.Hours{Days: [7]bool{false, true, true, true, true, true, false}}
	}
	return s.Hours
}

// zone gives the site's time zone, UTC where it is not known.
func zone(s probes.Site) *time.Location {
	if z, err := time.LoadLocation(s.Timezone); err == nil {
		return z
	}
	return time.UTC
}

// accepted is the instant from which times count: arrivals are known to the
// second only.
func accepted(th probes.Thread) time.Time { return th.Sent.Truncate(time.Second) }

// readAnswers records what persons wrote: of the first its manners, of all in
// time the questions that they answer.
func readAnswers(t *probes.Task, th probes.Thread, rec *probes.Recorder, arrivals []arrival) {
	questions := t.Params.(*Params).Questions
	rec.Number("mail.questions", float64(len(questions)))
	var answer *arrival
	said := make([]found, len(questions))
	for i, q := range questions {
		said[i].expected = q.expectation()
	}
	replies, exchanges := 0, 0
	for i := range arrivals {
		a := &arrivals[i]
		if a.late || a.class != reading.Human {
			continue
		}
		if answer == nil {
			answer = a
		}
		replies++
		open := false
		for k := range said {
			said[k].look("reply-"+strconv.Itoa(i+1), a.mail.Own)
			open = open || said[k].verdict() != answered
		}
		if exchanges == 0 && !open {
			exchanges = replies
		}
	}
	if answer == nil {
		return
	}
	if exchanges == 0 {
		exchanges = replies
	}
	count := 0
	for _, f := range said {
		if f.verdict() == answered {
			count++
		}
	}
	rec.Number("mail.exchanges", float64(exchanges))
	rec.Number("mail.questions-answered", float64(count))
	astray := recordRelevance(t, th, rec, answer, said)
	for i, f := range said {
		step := "question-" + strconv.Itoa(i+1)
		rec.StepText(step, "mail.question-asked", questions[i].Ask)
		verdict := f.verdict()
		if verdict == unanswered && astray {
			verdict = somethingElse
		}
		rec.StepText(step, "mail.question-answered", verdict)
		if len(f.proofs) > 0 {
			rec.StepText(step, "mail.question-proof", shorten(strings.Join(f.proofs, "; ")))
		}
	}
	recordManners(t, th, rec, answer)
}

// What may become of a question.
const (
	answered      = "answered"
	partly        = "partly"
	unanswered    = "not"
	somethingElse = "something-else"
)

// found is what the mails hold of the answer to one question.
type found struct {
	expected reading.Expectation
	facts    map[int]bool
	proofs   []string
}

// look adds what a mail holds that none before it held.
func (f *found) look(step, own string) {
	held, _ := f.expected.Holds(own)
	for _, h := range held {
		if f.facts[h.Fact] {
			continue
		}
		if f.facts == nil {
			f.facts = map[int]bool{}
		}
		f.facts[h.Fact] = true
		f.proofs = append(f.proofs, fmt.Sprintf("%s %d-%d “%s”", step, h.From, h.To, own[h.From:h.To]))
	}
}

func (f *found) verdict() string {
	switch len(f.facts) {
	case 0:
		return unanswered
	case len(f.expected.Facts):
		return answered
	}
	return partly
}

// recordRelevance compares the first answer with our mail, where they are in
// one language, and reports whether it is about another matter. An answer that
// holds anything of what was expected never is.
func recordRelevance(t *probes.Task, th probes.Thread, rec *probes.Recorder, a *arrival, said []found) (astray bool) {
	language := letterLanguage(t, th.Letter)
	body, _ := reading.Closing(a.mail.Own)
	if theirs := reading.Language(body); len(said) == 0 || language == "" || theirs != "" && theirs != language {
		return false
	}
	c := reading.NewCollection(language)
	question, reply := c.Question(th.Letter.Subject+". "+th.Letter.Text), c.Reply(body)
	rec.Number("mail.relevance", math.Round(c.Relevance(question, reply)*100)/100)
	matter, other := c.OffTopic(question, reply)
	astray = other && !slices.ContainsFunc(said, func(f found) bool { return len(f.facts) > 0 })
	rec.Flag("mail.wrong-question", astray)
	if astray {
		rec.Text("mail.wrong-question-matter", matter)
	}
	return astray
}

// recordManners records how the first answer by a person is written.
func recordManners(t *probes.Task, th probes.Thread, rec *probes.Recorder, a *arrival) {
	start := accepted(th).In(zone(t.Site))
	rec.Number("mail.business-after", t.Site.Hours.Between(start, start.Add(a.after)).Seconds())
	own := a.mail.Own
	said, _ := reading.Closing(own)
	words := reading.Fold(own)
	rec.Flag("mail.names-customer", reading.NamesCustomer(said, t.Persona.Given, t.Persona.Family))
	rec.Flag("mail.names-agent", reading.Signatory(a.mail.Text, t.Site.Name) != "")
	rec.Flag("mail.courtesy", reading.Courteous(own))
	rec.Flag("mail.apology", reading.Apologises(own))
	rec.Number("mail.words", float64(len(words)))
	answers := slices.ContainsFunc(t.Params.(*Params).Questions, func(q Question) bool {
		held, _ := q.expectation().Holds(own)
		return len(held) > 0
	})
	rec.Flag("mail.redirect-only", !answers && reading.Redirects(own))

	language := reading.Language(said)
	if ours := letterLanguage(t, th.Letter); ours != "" && language != "" {
		rec.Flag("mail.language-same", ours == language)
	}
	if grade, ok := reading.Grade(said); ok && language == "en" {
		rec.Number("mail.reading-grade", math.Round(grade*100)/100)
	}
}

// letterLanguage is what the scenario says of the text that was sent, else
// what its words say.
func letterLanguage(t *probes.Task, l probes.Letter) string {
	if texts := t.Params.(*Params).Texts; l.Variant >= 0 && l.Variant < len(texts) && texts[l.Variant].Language != "" {
		return primary(texts[l.Variant].Language)
	}
	return reading.Language(l.Text)
}

// primary gives the first part of a language tag: "de" of "de-AT".
func primary(tag string) string {
	tag, _, _ = strings.Cut(strings.ToLower(tag), "-")
	return tag
}
