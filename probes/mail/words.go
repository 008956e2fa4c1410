package mail

import (
	"math"
	"slices"
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
	questions := t.Params.(*Params).Questions
	rec.Number("mail.questions", float64(len(questions)))
	var answer *arrival
	answered := make([]bool, len(questions))
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
		words := reading.Fold(a.mail.Own)
		for k, q := range questions {
			said := a.Reviewed.Answers[k+1]
			if said == "" {
				said = q.Answered(words)
			}
			answered[k] = answered[k] || said == Answered
		}
		if exchanges == 0 && !slices.Contains(answered, false) {
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
	count := 0
	for _, yes := range answered {
		if yes {
			count++
		}
	}
	rec.Number("mail.exchanges", float64(exchanges))
	rec.Number("mail.questions-answered", float64(count))
	recordManners(t, th, rec, answer)
}

// What the reader may say of one question and one reply.
const (
	Answered    = "answered"
	NotAnswered = "not"
)

// Answered says whether a reply, its own words folded, answers the question.
func (q Question) Answered(own []string) string {
	if reading.SaysAny(own, q.Expect) {
		return Answered
	}
	return NotAnswered
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
	answers := slices.ContainsFunc(t.Params.(*Params).Questions, func(q Question) bool { return reading.SaysAny(words, q.Expect) })
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
