package mail

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"touchstone/internal/evidence"
	"touchstone/internal/reading"
	"touchstone/probes"
)

// facts is what the probe may record. Times count from the acceptance of our
// mail by our relay, by our clock, to the arrival in our mailbox, by the mail
// server's (INTERNALDATE), in whole seconds. The two clocks may disagree: an
// arrival counts as no earlier than the acceptance, and as no later than the
// moment in which we saw it. Our own moment alone would not do, since after a
// night without a connection it says nothing. What arrives after the window counts for nothing but
// its own step: else a later look would tell another story.
var facts = append([]evidence.FactDef{
	{Name: "mail.sent", Unit: evidence.Time, Meaning: "when our relay accepted the mail; with a step, that further one"},
	{Name: "mail.answered", Unit: evidence.Bool, Meaning: "a person answered within the window"},
	{Name: "mail.first-human-after", Unit: evidence.Second, Meaning: "time to the first answer by a person"},
	{Name: "mail.acknowledged", Unit: evidence.Bool, Meaning: "an automatic answer came within the window"},
	{Name: "mail.acknowledged-after", Unit: evidence.Second, Meaning: "time to the first automatic answer"},
	{Name: "mail.bounced", Unit: evidence.Bool, Meaning: "the mail came back, or was refused at once"},
	{Name: "mail.bounced-after", Unit: evidence.Second, Meaning: "time to the first report of failure"},
	{Name: "mail.bounce-status", Unit: evidence.Text, Meaning: "enhanced status code of the failure (RFC 3463), else the SMTP reply code"},
	{Name: "mail.replies", Unit: evidence.Count, Meaning: "answers by persons within the window"},
	{Name: "mail.arrivals", Unit: evidence.Count, Meaning: "mails of any class within the window"},
	{Name: "mail.bulk", Unit: evidence.Count, Meaning: "newsletters at the probe's own address within the window"},
	{Name: "mail.bucket", Unit: evidence.Text, Meaning: "Jupiter's class of the response: ≤6 h, 6–24 h, 1–2 d, 2–3 d, 3–5 d, ≥5 d, never, bounced; no channel where a study found none"},
	{Name: "mail.clock-skew", Unit: evidence.Second, Meaning: "how far the mail server's clock is behind ours, below 0 ahead, where it shows: an arrival before the acceptance, or after we saw it, or a minute before the server told us of it as new"},
	{Name: "mail.class", Unit: evidence.Text, Meaning: "class of one arrival: human, acknowledgement, out-of-office, bot, bounce, delay, challenge, closed, survey, order, notice, bulk"},
	{Name: "mail.rule", Unit: evidence.Text, Meaning: "the rule that decided the class"},
	{Name: "mail.confidence", Unit: evidence.Ratio, Meaning: "how far that rule is trusted, from 0 to 1"},
	{Name: "mail.kind", Unit: evidence.Text, Meaning: "of a bounce: hard, soft; of an order's mail: confirmation, shipping, follow-up"},
	{Name: "mail.after", Unit: evidence.Second, Meaning: "time to this arrival, or to this further mail of ours"},
	{Name: "mail.from", Unit: evidence.Text, Meaning: "sender of this mail"},
	{Name: "mail.subject", Unit: evidence.Text, Meaning: "subject of this mail"},
	{Name: "mail.text", Unit: evidence.Text, Meaning: "the writer's own words: no quotation, no signature"},
	{Name: "mail.mailbox", Unit: evidence.Text, Meaning: "mailbox in which this arrival was found"},
	{Name: "mail.in-junk", Unit: evidence.Bool, Meaning: "this arrival was found in the folder for spam"},
	{Name: "mail.answer-in-junk", Unit: evidence.Bool, Meaning: "the first answer by a person, or else the acknowledgement, was found in the folder for spam"},

	{Name: "mail.promise", Unit: evidence.Second, Meaning: "the longest time within which the acknowledgement promises an answer; a working day counts 24 h"},
	{Name: "mail.promise-kept", Unit: evidence.Bool, Meaning: "a person answered within the time promised, working days by the site's hours"},
	{Name: "mail.ticket", Unit: evidence.Text, Meaning: "number that the acknowledgement gives to the enquiry; without an acknowledgement, the first answer"},
	{Name: "mail.reads-not", Unit: evidence.Bool, Meaning: "the acknowledgement says that nobody reads answers to it"},
	{Name: "mail.other-channel", Unit: evidence.Bool, Meaning: "the acknowledgement names a telephone, a chat or help pages"},
	{Name: "mail.no-reply", Unit: evidence.Bool, Meaning: "an answer, automatic or not, can't be answered: its sender is a no-reply address"},
	{Name: "mail.business-after", Unit: evidence.Second, Meaning: "time to the first answer by a person within the site's hours, in its time zone, without the public holidays of the zone's country"},
	{Name: "mail.names-customer", Unit: evidence.Bool, Meaning: "the first answer by a person calls the customer by name"},
	{Name: "mail.names-agent", Unit: evidence.Bool, Meaning: "a person's name stands below the first answer by a person"},
	{Name: "mail.courtesy", Unit: evidence.Bool, Meaning: "the first answer by a person greets, and thanks or signs off"},
	{Name: "mail.apology", Unit: evidence.Bool, Meaning: "the first answer by a person says that somebody is sorry"},
	{Name: "mail.asks-back", Unit: evidence.Bool, Meaning: "the first answer by a person asks for more before it can answer"},
	{Name: "mail.words", Unit: evidence.Count, Meaning: "own words of the first answer by a person"},
	{Name: "mail.reading-grade", Unit: evidence.Ratio, Meaning: "Flesch–Kincaid grade of the first answer by a person, without its sign-off; English only"},
	{Name: "mail.language-same", Unit: evidence.Bool, Meaning: "the first answer by a person is in the language of our mail; absent where that can't be told"},
	{Name: "mail.redirect-only", Unit: evidence.Bool, Meaning: "the first answer by a person is short, points to a page or a telephone, and answers no question"},
	{Name: "mail.questions", Unit: evidence.Count, Meaning: "questions that our mails ask, by their scenario"},
	{Name: "mail.questions-answered", Unit: evidence.Count, Meaning: "those of them that the answers by persons answer wholly: they hold an expected phrase of each fact"},
	{Name: "mail.resolved-after", Unit: evidence.Second, Meaning: "time to the answer by a person with which every question was answered"},
	{Name: "mail.question-asked", Unit: evidence.Text, Meaning: "one question that a mail of ours asks; its step is question-1, question-2, …"},
	{Name: "mail.question-answered", Unit: evidence.Text, Meaning: "what became of that question: answered, partly, not, something-else (not, and the answer is about another matter)"},
	{Name: "mail.question-proof", Unit: evidence.Text, Meaning: "the words that prove it, each as the step of its mail, the bytes from and to in that mail's own words, and the words: reply-2 17-23 “3 days”"},
	{Name: "mail.relevance", Unit: evidence.Ratio, Meaning: "how well the first answer by a person fits our mail, by its words alone; 0.5: as likely right as wrong"},
	{Name: "mail.wrong-question", Unit: evidence.Bool, Meaning: "the first answer by a person answers none of the questions, and fits another letter of the wave or speaks at length of a matter that our mail does not touch"},
	{Name: "mail.wrong-question-matter", Unit: evidence.Text, Meaning: "the matter that such an answer is about instead: the subject and the scenario of the other letter, or a topic"},
	{Name: "mail.checked", Unit: evidence.Count, Meaning: "questions for which the scenario says what would be wrong (reject)"},
	{Name: "mail.contradicted", Unit: evidence.Count, Meaning: "those of them to which an answer by a person says what is wrong"},
	{Name: "mail.follow-up", Unit: evidence.Bool, Meaning: "after the first answer by a person, somebody asked whether all was well"},
	{Name: "mail.closed-unanswered", Unit: evidence.Bool, Meaning: "a notice that the case is closed came before any answer by a person"},
	{Name: "mail.spf", Unit: evidence.Text, Meaning: "of the first answer by a person, or else of the acknowledgement: what our own receiving server found by SPF (RFC 7208), as its Authentication-Results say: pass, fail, softfail, none, …"},
	{Name: "mail.dkim", Unit: evidence.Text, Meaning: "likewise by DKIM (RFC 6376)"},
	{Name: "mail.dmarc", Unit: evidence.Text, Meaning: "likewise by DMARC (RFC 7489)"},
	{Name: "mail.postal-address", Unit: evidence.Bool, Meaning: "a mail that came within the window gives a postal address"},
	{Name: "mail.leaked", Unit: evidence.Count, Meaning: "newsletters at the probe's own address within the window from a domain that is neither the shop's nor a mail service's"},
	{Name: "mail.exchanges", Unit: evidence.Count, Meaning: "answers by persons until every question was answered, those of our further mails too; all of them where that never happened"},
}, exchangeFacts...)

// letterStep is the step of our first mail, and begins that of each further one; arrivals are reply-1, reply-2, ….
const letterStep = "letter"

// maxText bounds the words kept as a fact; the mail itself is the evidence.
const maxText = 16 << 10

// An arrival is one mail as it was understood.
type arrival struct {
	probes.Arrival
	mail  reading.Mail
	class reading.Class
	read  reading.Verdict
	after time.Duration

	letter int           // of ours, the one that it follows, from 0
	since  time.Duration // that was sent
	late   bool          // came after that letter's window
	beyond bool          // came after the first letter's window
}

// read derives the facts of a thread. It is pure: the same thread gives the
// same facts whenever it is asked.
func read(t *probes.Task, th probes.Thread, rec *probes.Recorder) error {
	sender := th.Letter.From
	if name := strings.TrimSpace(t.Persona.Given + " " + t.Persona.Family); name != "" {
		sender = name + " <" + sender + ">"
	}
	rec.StepText(letterStep, "mail.from", sender)
	rec.StepText(letterStep, "mail.subject", th.Letter.Subject)
	rec.StepText(letterStep, "mail.text", shorten(th.Letter.Text))
	if th.Refused != "" {
		readRefusal(th, rec)
		return nil
	}
	if th.Sent.IsZero() {
		if th.Closed {
			rec.End(evidence.Broken, "the mail was never sent")
		} else {
			rec.End(evidence.Pending, "the mail was not sent yet")
		}
		return nil
	}

	arrivals, skew := understand(th)
	rec.Time("mail.sent", th.Sent)
	if skew != 0 {
		rec.Number("mail.clock-skew", skew.Seconds())
	}
	var inTime, bulk, humans int
	first := map[reading.Class]*arrival{}
	for i := range arrivals {
		a := &arrivals[i]
		step := "reply-" + strconv.Itoa(i+1)
		recordArrival(rec, step, a)
		if a.late {
			continue
		}
		inTime++
		switch a.class {
		case reading.Bulk, reading.Survey:
			bulk++
		case reading.Human:
			humans++
		}
		if first[a.class] == nil && !a.beyond {
			first[a.class] = a
		}
	}
	rec.Number("mail.arrivals", float64(inTime))
	rec.Number("mail.replies", float64(humans))
	rec.Number("mail.bulk", float64(bulk))
	firstOf := func(class reading.Class, flag, after string) *arrival {
		a := first[class]
		rec.Flag(flag, a != nil)
		if a != nil {
			rec.Number(after, a.after.Seconds())
		}
		return a
	}
	answer := firstOf(reading.Human, "mail.answered", "mail.first-human-after")
	ack := firstOf(reading.Acknowledgement, "mail.acknowledged", "mail.acknowledged-after")
	bounce := firstOf(reading.Bounce, "mail.bounced", "mail.bounced-after")
	if bounce != nil && bounce.mail.Report != nil && bounce.mail.Report.Status != "" {
		rec.Text("mail.bounce-status", bounce.mail.Report.Status)
	}

	readAcknowledgement(t, th, rec, ack, answer)
	readAnswers(t, th, rec, arrivals)
	readExchange(t, th, rec, arrivals)
	recordAftermath(t, th, rec, arrivals, answer)
	if ack != nil || answer != nil {
		rec.Flag("mail.no-reply", ack != nil && ack.mail.NoReply() || answer != nil && answer.mail.NoReply())
		first := answer
		if first == nil {
			first = ack
		}
		rec.Flag("mail.answer-in-junk", first.Junk)
		recordSender(rec, first)
	}

	switch {
	case answer != nil:
		rec.Text("mail.bucket", bucket(answer.after))
		rec.End(evidence.Completed, "")
	case !th.Closed:
		rec.End(evidence.Pending, "the window is open")
	case bounce != nil:
		rec.Text("mail.bucket", Bounced)
		rec.End(undeliverable(bounce.mail))
	default:
		rec.Text("mail.bucket", Never)
		rec.End(evidence.Silent, silence(th.Window, ack, arrivals))
	}
	return nil
}

func recordArrival(rec *probes.Recorder, step string, a *arrival) {
	rec.StepText(step, "mail.class", string(a.class))
	rec.StepText(step, "mail.rule", a.read.Rule)
	rec.StepNumber(step, "mail.confidence", a.read.Confidence)
	if a.read.Kind != "" {
		rec.StepText(step, "mail.kind", a.read.Kind)
	}
	rec.StepNumber(step, "mail.after", a.after.Seconds())
	from := a.mail.From.Email
	if a.mail.From.Name != "" {
		from = a.mail.From.Name + " <" + from + ">"
	}
	rec.StepText(step, "mail.from", from)
	rec.StepText(step, "mail.subject", a.mail.Subject)
	words := a.mail.Own
	if words == "" { // everything looked quoted: better too much than nothing
		words = a.mail.Text
	}
	rec.StepText(step, "mail.text", shorten(words))
	rec.StepText(step, "mail.mailbox", a.Mailbox)
	junk := 0.0
	if a.Junk {
		junk = 1
	}
	rec.StepNumber(step, "mail.in-junk", junk)
	if a.Ref != "" {
		rec.Cite(step+".eml", a.Ref)
	}
}

// understand reads the arrivals by time, without our own letter (a copy in a
// watched folder) and without second copies of the same mail. skew is how far
// the mail server's clock is behind ours, below 0 ahead, as far as it shows.
func understand(th probes.Thread) (list []arrival, skew time.Duration) {
	type identity struct{ id, text string }
	seenRef, seenMail := map[evidence.Ref]bool{}, map[identity]bool{}
	sorted := slices.Clone(th.Arrivals)
	slices.SortStableFunc(sorted, func(a, b probes.Arrival) int { return a.Received.Compare(b.Received) })
	sent := th.Sent.Truncate(time.Second) // arrivals are known to the second only
	ours := letters(th)
	// A mail may be put into a folder long after it came, or be told of late: only
	// what holds of all that the server told as new is of its clock.
	var behind, ahead time.Duration
	told := never
	for _, in := range sorted {
		if in.Ref != "" && seenRef[in.Ref] {
			continue
		}
		seenRef[in.Ref] = true
		m := reading.Parse(in.Raw)
		same := identity{m.MessageID, m.Text}
		if isOurs(ours, m) || m.MessageID != "" && seenMail[same] {
			continue
		}
		seenMail[same] = true
		a := arrival{Arrival: in, mail: m, after: in.Received.Sub(sent)}
		if a.after < 0 {
			behind = max(behind, -a.after)
			a.after = 0
		}
		if !in.Seen.IsZero() {
			seen := in.Seen.Truncate(time.Second)
			if off := in.Received.Sub(seen); off > 0 {
				ahead = max(ahead, off)
				a.after = max(0, seen.Sub(sent))
			} else if in.Live {
				told = min(told, -off)
			}
		}
		a.since = a.placeIn(ours, th)
		setting := reading.Setting{After: a.since}
		if th.Window > 0 && th.Window < time.Hour { // a street where time is hastened: nobody's pace
			setting.After = 0
		}
		a.read = reading.JudgeIn(m, setting)
		if c := reading.Class(in.Reviewed.Class); c != "" && c != a.read.Class {
			a.read = reading.Verdict{Class: c, Rule: fmt.Sprintf("corrected by a reviewer; the reader said %s: %s", a.read.Class, a.read.Rule), Confidence: 1}
		}
		a.class = a.read.Class
		list = append(list, a)
	}
	switch {
	case ahead > 0:
		skew = -ahead
	case told > time.Minute && told < never:
		skew = max(behind, told)
	default:
		skew = behind
	}
	return list, skew
}

// never is longer than any wait.
const never = time.Duration(1<<63 - 1)

// The classes without a time, and the edges of those with one. Jupiter counts
// an answer of exactly 6 hours as within 6 hours, and one of exactly 5 days as
// 5 days or more.
const (
	Bounced = "bounced"
	Never   = "never"
)

var buckets = []struct {
	upTo  time.Duration // inclusive
	label string
}{
	{6 * time.Hour, "≤6 h"},
	{24 * time.Hour, "6–24 h"},
	{48 * time.Hour, "1–2 d"},
	{72 * time.Hour, "2–3 d"},
	{120*time.Hour - time.Nanosecond, "3–5 d"},
}

func bucket(after time.Duration) string {
	for _, b := range buckets {
		if after <= b.upTo {
			return b.label
		}
	}
	return "≥5 d"
}

// readRefusal is for a mail that our relay, speaking for the site's server or
// for itself, refused for good.
func readRefusal(th probes.Thread, rec *probes.Recorder) {
	status := enhanced.FindString(th.Refused)
	switch reasonOf(status, th.Refused) {
	case noSuchAddress:
		rec.Flag("mail.answered", false)
		rec.Flag("mail.acknowledged", false)
		rec.Flag("mail.bounced", true)
		if status == "" && th.Code != 0 {
			status = strconv.Itoa(th.Code)
		}
		rec.Text("mail.bounce-status", status)
		rec.Text("mail.bucket", Bounced)
		rec.End(evidence.Failed, "the address does not take mail: "+th.Refused)
	case policy:
		rec.End(evidence.Blocked, "our mail was refused by policy: "+th.Refused)
	default:
		rec.End(evidence.Broken, "our mail was refused: "+th.Refused)
	}
}

// undeliverable decides who is answerable for a mail that came back.
func undeliverable(m reading.Mail) (evidence.Outcome, string) {
	r := m.Report
	if r == nil {
		r = &reading.DeliveryReport{}
	}
	said := r.Diagnostic
	if said == "" {
		said = strings.TrimSpace(r.Status + " " + m.Subject)
	}
	switch reasonOf(r.Status, r.Diagnostic) {
	case policy:
		return evidence.Blocked, "our mail came back, refused by policy: " + said
	case ours:
		return evidence.Broken, "our mail came back, through a fault on our side: " + said
	}
	return evidence.Failed, "the mail came back undelivered: " + said
}

// A reason is why a server did not take a mail.
type reason int

const (
	unknown reason = iota
	noSuchAddress
	policy
	ours
)

var (
	enhanced   = regexp.MustCompile(`\b[45]\.\d{1,3}\.\d{1,3}\b`)
	spamWords  = regexp.MustCompile(`(?i)spam|policy|black ?list|block(ed|list)|reputation|dnsbl|rbl\b|dmarc|spf\b|dkim|access denied|relay(ing)? (access )?denied|not permitted|unsolicited`)
	noSuchWord = regexp.MustCompile(`(?i)(unknown|invalid|no such|nonexistent|non-existent|does ?n[o']t exist|not (exist|found|known))|(user|mailbox|recipient|address|account)\b.{0,30}\b(unknown|unavailable|disabled|inactive|rejected|not|full|over)|mailbox (is )?full|no mailbox`)
)

// reasonOf trusts the enhanced status code (RFC 3463) first and words last.
// X.1.7 and X.1.8 are about the sender's address, which is ours.
func reasonOf(status, words string) reason {
	class, rest, _ := strings.Cut(status, ".")
	switch {
	case class == "":
	case rest == "1.7" || rest == "1.8":
		return ours
	case strings.HasPrefix(rest, "7."):
		return policy
	case strings.HasPrefix(rest, "1."), strings.HasPrefix(rest, "2."):
		return noSuchAddress
	}
	switch {
	case spamWords.MatchString(words):
		return policy
	case noSuchWord.MatchString(words):
		return noSuchAddress
	}
	return unknown
}

// silence says in words what came instead of an answer.
func silence(window time.Duration, ack *arrival, arrivals []arrival) string {
	said := "no answer within " + span(window)
	if ack != nil {
		said = "acknowledged automatically, never answered within " + span(window)
	}
	for _, a := range arrivals {
		if a.beyond && a.class == reading.Human {
			return said + "; an answer came after " + span(a.after)
		}
	}
	return said
}

// span writes a duration for a person: "5 days", "36 h", "90 min", "20 s".
func span(d time.Duration) string {
	switch day := 24 * time.Hour; {
	case d >= 2*day && d%day == 0:
		return fmt.Sprintf("%d days", d/day)
	case d >= 2*day:
		return fmt.Sprintf("%d days %d h", d/day, d%day/time.Hour)
	case d >= 3*time.Hour:
		return fmt.Sprintf("%d h", d/time.Hour)
	case d >= 2*time.Minute:
		return fmt.Sprintf("%d min", d/time.Minute)
	}
	return fmt.Sprintf("%d s", d/time.Second)
}

func shorten(s string) string {
	if len(s) <= maxText {
		return s
	}
	return strings.ToValidUTF8(s[:maxText], "") + " […]"
}
