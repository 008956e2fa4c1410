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
		taken = worked(hours, start.Add(ack.after), start.Add(until))
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

// worked gives how much of the time from a to b lies within the hours, without
// the public holidays of the country whose zone a is in. A site that works
// around the clock works on those, too.
func worked(h probes.Hours, a, b time.Time) time.Duration {
	total := h.Between(a, b)
	if h == (probes.Hours{}) {
		return total
	}
	y, m, d := a.Date()
	for n := 0; ; n++ {
		from, to := time.Date(y, m, d+n, 0, 0, 0, 0, a.Location()), time.Date(y, m, d+n+1, 0, 0, 0, 0, a.Location())
		if !from.Before(b) {
			return total
		}
		if reading.Holiday(from) == "" {
			continue
		}
		if from.Before(a) {
			from = a
		}
		if to.After(b) {
			to = b
		}
		total -= h.Between(from, to)
	}
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
	questions := questions(t.Params.(*Params), th)
	rec.Number("mail.questions", float64(len(questions)))
	var answer *arrival
	said := make([]found, len(questions))
	checked := 0
	for i, q := range questions {
		said[i].expected = q.expectation()
		if len(q.Reject) > 0 {
			checked++
		}
	}
	rec.Number("mail.checked", float64(checked))
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
			if a.letter < questions[k].letter {
				open = true // not asked yet
				continue
			}
			if r := a.Reviewed.Answers[k+1]; r != "" {
				said[k].reviewed = better(said[k].reviewed, r)
			} else {
				said[k].look("reply-"+strconv.Itoa(i+1), a.mail.Own)
			}
			open = open || said[k].verdict() != Answered
		}
		if exchanges == 0 && !open {
			exchanges = replies
			if len(questions) > 0 {
				rec.Number("mail.resolved-after", a.after.Seconds())
			}
		}
	}
	if answer == nil {
		return
	}
	if exchanges == 0 {
		exchanges = replies
	}
	count, wrong := 0, 0
	for _, f := range said {
		if f.verdict() == Answered {
			count++
		}
		if f.wrong {
			wrong++
		}
	}
	rec.Number("mail.contradicted", float64(wrong))
	rec.Number("mail.exchanges", float64(exchanges))
	rec.Number("mail.questions-answered", float64(count))
	// what is said of the first answer is said of one in the first window
	astray := !answer.beyond && recordRelevance(t, th, rec, answer, said)
	for i, f := range said {
		step := "question-" + strconv.Itoa(i+1)
		rec.StepText(step, "mail.question-asked", questions[i].Ask)
		verdict := f.verdict()
		if verdict == NotAnswered && f.reviewed == "" && astray && questions[i].letter == 0 {
			verdict = SomethingElse
		}
		rec.StepText(step, "mail.question-answered", verdict)
		if len(f.proofs) > 0 {
			rec.StepText(step, "mail.question-proof", shorten(strings.Join(f.proofs, "; ")))
		}
	}
	if !answer.beyond {
		recordManners(t, th, rec, answer)
	}
}

// What may become of a question.
const (
	Answered      = "answered"
	Partly        = "partly"
	NotAnswered   = "not"
	SomethingElse = "something-else"
)

// Answered says what the reader makes of one reply, its own words: answered,
// partly or not. That it is about something else shows only beside the letter.
func (q Question) Answered(own string) string {
	f := found{expected: q.expectation()}
	f.look("", own)
	return f.verdict()
}

// better gives the verdict that says more of an answer.
func better(a, b string) string {
	rank := []string{"", SomethingElse, NotAnswered, Partly, Answered}
	if slices.Index(rank, a) < slices.Index(rank, b) {
		return b
	}
	return a
}

// found is what the mails hold of the answer to one question.
type found struct {
	expected reading.Expectation
	facts    map[int]bool
	proofs   []string
	reviewed string // what reviewers said of mails, which then were not looked at
	wrong    bool   // a mail says what no answer says
}

// look adds what a mail holds that none before it held.
func (f *found) look(step, own string) {
	held, wrong := f.expected.Holds(own)
	f.wrong = f.wrong || wrong
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
	machine := Partly
	switch len(f.facts) {
	case 0:
		if f.reviewed != "" {
			return f.reviewed
		}
		machine = NotAnswered
	case len(f.expected.Facts):
		machine = Answered
	}
	return better(machine, f.reviewed)
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
	matter, other := rival(t.Others, language, th.Letter, body)
	if !other {
		matter, other = c.OffTopic(question, reply)
	}
	astray = other && !slices.ContainsFunc(said, func(f found) bool { return len(f.facts) > 0 })
	rec.Flag("mail.wrong-question", astray)
	if astray {
		rec.Text("mail.wrong-question-matter", matter)
	}
	return astray
}

// rival names the letter of the wave that an answer fits instead of the one
// that it answers. What all letters ask weighs little in it.
func rival(others []probes.Other, language string, l probes.Letter, reply string) (matter string, ok bool) {
	asked := []string{l.Subject + ". " + reading.Asks(l.Text)}
	for _, o := range others {
		asked = append(asked, o.Subject+". "+o.Asks)
	}
	c := reading.NewCollection(language, asked...)
	var questions []*reading.Text
	for _, a := range asked {
		questions = append(questions, c.Question(a))
	}
	i, ok := c.Mistaken(questions[0], questions[1:], c.Reply(reply))
	if !ok {
		return "", false
	}
	return fmt.Sprintf("“%s” (%s)", others[i].Subject, others[i].Scenario), true
}

// recordManners records how the first answer by a person is written.
func recordManners(t *probes.Task, th probes.Thread, rec *probes.Recorder, a *arrival) {
	start := accepted(th).In(zone(t.Site))
	rec.Number("mail.business-after", worked(t.Site.Hours, start, start.Add(a.after)).Seconds())
	own := a.mail.Own
	said, _ := reading.Closing(own)
	words := reading.Fold(own)
	rec.Flag("mail.names-customer", reading.NamesCustomer(said, t.Persona.Given, t.Persona.Family))
	rec.Flag("mail.names-agent", reading.Signatory(a.mail.Text, t.Site.Name) != "")
	rec.Flag("mail.courtesy", reading.Courteous(a.mail.Signed()))
	rec.Flag("mail.apology", reading.Apologises(own))
	rec.Flag("mail.asks-back", reading.AsksBack(own) != "")
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
