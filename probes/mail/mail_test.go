package mail

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"mime/quotedprintable"
	netmail "net/mail"
	"slices"
	"strings"
	"testing"
	"time"

	"touchstone/internal/evidence"
	"touchstone/probes"
)

var sent = time.Date(2026, 11, 16, 9, 30, 0, 400_000_000, time.UTC)

func task(random uint64) *probes.Task {
	return &probes.Task{
		Probe:   evidence.ProbeID{Wave: "w1", Site: "oak", Scenario: "size", Repeat: 1},
		Params:  &Params{Texts: []Text{{Subject: "Größe 42?", Body: "Guten Tag,\n\nhaben Sie die Jacke in Größe 42?\n.\nFreundliche Grüße\nJörg"}, {Subject: "Size 42", Body: "Hello,\n\ndo you have it in 42?\n\nJörg"}}},
		Effects: []evidence.Effect{evidence.SendMail},
		Persona: probes.Persona{Given: "Jörg", Family: `O"Neil`},
		Random:  random,
	}
}

func envelope() probes.Envelope {
	return probes.Envelope{From: "shopper+k7@probe.example", To: "help@oak.example", MessageID: "4f2a.91@probe.example", Date: sent}
}

func TestCompose(t *testing.T) {
	l, err := compose(task(2), envelope())
	if err != nil {
		t.Fatal(err)
	}
	again, _ := compose(task(2), envelope())
	if !bytes.Equal(l.Raw, again.Raw) {
		t.Error("the same task gave other bytes")
	}
	if l.Variant != 0 || l.Subject != "Größe 42?" || l.To != "help@oak.example" {
		t.Errorf("variant %d, subject %q, to %q", l.Variant, l.Subject, l.To)
	}
	if other, _ := compose(task(3), envelope()); other.Variant != 1 || other.Subject != "Size 42" {
		t.Errorf("random 3 chose variant %d", other.Variant)
	}
	if bare := bytes.Count(l.Raw, []byte("\n")) - bytes.Count(l.Raw, []byte("\r\n")); bare != 0 || !bytes.HasSuffix(l.Raw, []byte("\r\n")) {
		t.Errorf("%d bare line feeds; end %q", bare, l.Raw[len(l.Raw)-4:])
	}
	m, err := netmail.ReadMessage(bytes.NewReader(l.Raw))
	if err != nil {
		t.Fatal(err)
	}
	from, err := m.Header.AddressList("From")
	if err != nil || from[0].Name != `Jörg O"Neil` || from[0].Address != "shopper+k7@probe.example" {
		t.Errorf("from %v, %v", from, err)
	}
	if date, err := m.Header.Date(); err != nil || !date.Equal(sent.Truncate(time.Second)) {
		t.Errorf("date %v, %v", date, err)
	}
	if id := m.Header.Get("Message-Id"); id != "<4f2a.91@probe.example>" {
		t.Errorf("id %s", id)
	}
	body, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	if err != nil || strings.ReplaceAll(string(body), "\r\n", "\n") != l.Text {
		t.Errorf("body %q, want %q (%v)", body, l.Text, err)
	}
	var names []string
	for name := range m.Header {
		names = append(names, name)
	}
	slices.Sort(names)
	if want := []string{"Content-Transfer-Encoding", "Content-Type", "Date", "From", "Message-Id", "Mime-Version", "Subject", "To"}; !slices.Equal(names, want) {
		t.Errorf("header fields %v, want %v", names, want)
	}
}

func TestComposeRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*probes.Task, *probes.Envelope)
		want   string
	}{
		"no recipient":  {func(_ *probes.Task, e *probes.Envelope) { e.To = "" }, "no address to write to"},
		"open variable": {func(k *probes.Task, _ *probes.Envelope) { k.Params.(*Params).Texts[0].Body = "Dear ${site.name}!" }, "variable ${site.name} was not filled in"},
		"two-line header": {func(k *probes.Task, _ *probes.Envelope) {
			k.Params.(*Params).Texts[0].Subject = "a\r\nBcc: x@y.example"
		}, "/texts/0/subject"},
		"bad recipient": {func(_ *probes.Task, e *probes.Envelope) { e.To = "help at oak" }, `recipient "help at oak"`},
		"bad sender":    {func(_ *probes.Task, e *probes.Envelope) { e.From = "x" }, `sender "x"`},
		"no date":       {func(_ *probes.Task, e *probes.Envelope) { e.Date = time.Time{} }, "no date"},
	} {
		k, e := task(0), envelope()
		c.change(k, &e)
		if _, err := compose(k, e); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	k := task(0)
	k.Params.(*Params).To = "direct@oak.example"
	if l, err := compose(k, envelope()); err != nil || l.To != "direct@oak.example" || !bytes.Contains(l.Raw, []byte("direct@oak.example")) {
		t.Errorf("the scenario's own recipient: %q, %v", l.To, err)
	}
}

// The site's language decides, then the shopper's, then English.
func TestLanguageOfTheLetter(t *testing.T) {
	texts := []Text{{Subject: "en0", Body: "b", Language: "en-GB"}, {Subject: "de1", Body: "b", Language: "de"}, {Subject: "none2", Body: "b"}, {Subject: "de3", Body: "b", Language: "de-CH"}, {Subject: "fr4", Body: "b", Language: "fr"}}
	for _, c := range []struct {
		site, persona string
		texts         []Text
		want          []int
	}{
		{"de", "en", texts, []int{1, 3}},
		{"de-AT", "fr", texts, []int{1, 3}},
		{"", "fr-FR", texts, []int{4}},
		{"it", "de", texts, []int{1, 3}},
		{"it", "es", texts, []int{0, 2}},
		{"", "", texts, []int{0, 2}},
		{"it", "", texts[3:], []int{0, 1}},
		{"de", "de", texts[2:3], []int{0}},
	} {
		seen := map[int]bool{}
		for random := range uint64(10) {
			k := task(random)
			k.Params = &Params{Texts: c.texts}
			k.Site.Language, k.Persona.Language = c.site, c.persona
			l, err := compose(k, envelope())
			if err != nil {
				t.Fatal(err)
			}
			if l.Subject != c.texts[l.Variant].Subject {
				t.Errorf("variant %d has the subject %q", l.Variant, l.Subject)
			}
			seen[l.Variant] = true
		}
		if got := slices.Sorted(maps.Keys(seen)); !slices.Equal(got, c.want) {
			t.Errorf("site %q, shopper %q: drawn from %v, want %v", c.site, c.persona, got, c.want)
		}
	}
}

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		params Params
		want   []string
	}{
		{Params{Texts: []Text{{Subject: "a", Body: "b"}}}, nil},
		{Params{To: "${site.help}", Texts: []Text{{Subject: "${site.name}", Body: "b"}}}, nil},
		{Params{}, []string{"/texts"}},
		{Params{Texts: []Text{{Subject: "a", Body: "b"}}, Questions: []Question{{Ask: "q?", Expect: []string{"yes", " …"}}}}, []string{"/questions/0/expect/1"}},
		{Params{Texts: []Text{{Subject: "a", Body: "b"}}, Questions: []Question{{Ask: "q?"}, {Ask: "q?", Facts: []ExpectedFact{{"how long", []string{"<time>", "<span>"}}}, Reject: []string{"!"}}}},
			[]string{"/questions/0", "/questions/1/reject/0", "/questions/1/facts/0/expect/1"}},
		{Params{To: "Oak <help@oak.example>", Texts: []Text{{Subject: " ", Body: "b"}, {Subject: "a\nb", Body: "b"}, {Subject: "a", Body: "\n"}}}, []string{"/to", "/texts/0/subject", "/texts/1/subject", "/texts/2/body"}},
		{Params{Texts: []Text{{Subject: "a", Body: "b"}}, MaxExchanges: 2}, []string{"/max-exchanges"}},
		{Params{Texts: []Text{{Subject: "a", Body: "b"}}, MaxExchanges: 2, Then: []Further{
			{When: "answered", After: "1d12h", Texts: []Body{{Body: "b"}}, Questions: []Question{{Ask: "q?"}}},
			{When: "silent", After: "soon", Texts: []Body{{Body: " "}}},
			{When: "unanswered", After: "0h", Questions: []Question{{Ask: "q?", Expect: []string{"yes"}}}},
		}}, []string{"/then/0/questions/0", "/then/1/when", "/then/1/after", "/then/1/texts/0/body", "/then/2/after", "/then/2/texts", "/then/2/questions"}},
	} {
		var got []string
		for _, m := range check(&c.params) {
			got = append(got, m.Path)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%+v: %v, want %v", c.params, got, c.want)
		}
	}
}

// raw joins lines of a mail.
func raw(lines ...string) []byte { return []byte(strings.Join(lines, "\r\n") + "\r\n") }

func human(text string) []byte {
	return raw("From: Anna <anna@oak.example>", "To: shopper+k7@probe.example", "Subject: Re: Size", "Message-ID: <"+text[:1]+"h@oak.example>", "In-Reply-To: <4f2a.91@probe.example>", "", text, "", "On 16 Nov 2026, Jörg wrote:", "> do you have it in 42?")
}

func ackMail() []byte {
	return raw("From: help@oak.example", "Subject: We have received your request", "Auto-Submitted: auto-replied", "", "Ticket 12.")
}

func newsletter() []byte {
	return raw("From: news@oak.example", "Subject: Sale", "List-Unsubscribe: <https://oak.example/u>", "Precedence: bulk", "", "50 % off")
}

func bounceMail(status, words string) []byte {
	return raw("Return-Path: <>", "From: MAILER-DAEMON@mx.example", "Subject: Undelivered", `Content-Type: multipart/report; report-type=delivery-status; boundary=b`, "",
		"--b", "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mx.example", "", "Final-Recipient: rfc822; help@oak.example", "Action: failed", "Status: "+status, "Diagnostic-Code: smtp; "+words, "", "--b--")
}

func thread(arrivals ...probes.Arrival) probes.Thread {
	return probes.Thread{
		Letter: probes.Letter{Envelope: envelope(), Subject: "Size 42", Text: "Hello?\n"},
		Sent:   sent, Arrivals: arrivals, Window: 120 * time.Hour, Closed: true,
	}
}

func arrive(after time.Duration, body []byte) probes.Arrival {
	return probes.Arrival{Ref: evidence.Ref(after.String()), Raw: body, Received: sent.Truncate(time.Second).Add(after), Mailbox: "INBOX", Matched: "address"}
}

func observe(t *testing.T, th probes.Thread) evidence.Observation {
	t.Helper()
	kind := Kind()
	rec := probes.NewRecorder(&kind, evidence.ProbeID{}, "enquiry", kind.Correspondence.Reading, sent, nil)
	if err := read(task(0), th, rec); err != nil {
		t.Fatal(err)
	}
	return rec.Observation(0)
}

func TestReadOutcomes(t *testing.T) {
	minute, day := time.Minute, 24*time.Hour
	open := func(th probes.Thread) probes.Thread { th.Closed = false; return th }
	refused := func(code int, words string) probes.Thread {
		th := thread()
		th.Sent, th.Code, th.Refused = time.Time{}, code, words
		return th
	}
	unsent := thread()
	unsent.Sent = time.Time{}
	for _, c := range []struct {
		name    string
		thread  probes.Thread
		outcome evidence.Outcome
		reason  string
		bucket  string
	}{
		{"answered", thread(arrive(minute, ackMail()), arrive(5*time.Hour, human("Yes."))), evidence.Completed, "", "≤6 h"},
		{"answered, window open", open(thread(arrive(day+time.Second, human("Yes.")))), evidence.Completed, "", "1–2 d"},
		{"silent", thread(), evidence.Silent, "no answer within 5 days", "never"},
		{"only a newsletter", thread(arrive(day, newsletter())), evidence.Silent, "no answer within 5 days", "never"},
		{"only acknowledged", thread(arrive(minute, ackMail())), evidence.Silent, "acknowledged automatically, never answered within 5 days", "never"},
		{"answered too late", thread(arrive(122*time.Hour, human("Yes."))), evidence.Silent, "an answer came after 5 days 2 h", "never"},
		{"waiting", open(thread(arrive(minute, ackMail()))), evidence.Pending, "the window is open", ""},
		{"no such address", thread(arrive(minute, bounceMail("5.1.1", "550 5.1.1 User unknown"))), evidence.Failed, "User unknown", "bounced"},
		{"mailbox full", thread(arrive(minute, bounceMail("5.2.2", "552 5.2.2 over quota"))), evidence.Failed, "over quota", "bounced"},
		{"host never reached", thread(arrive(day, bounceMail("4.4.7", "retry time expired"))), evidence.Failed, "expired", "bounced"},
		{"came back as spam", thread(arrive(minute, bounceMail("5.7.1", "554 5.7.1 looks like spam"))), evidence.Blocked, "spam", "bounced"},
		{"our sender is bad", thread(arrive(minute, bounceMail("5.1.8", "Bad sender's system address"))), evidence.Broken, "on our side", "bounced"},
		{"bounced, and answered all the same", thread(arrive(minute, bounceMail("5.1.1", "unknown")), arrive(day, human("Yes."))), evidence.Completed, "", "6–24 h"},
		{"refused: no such address", refused(550, "550 5.1.1 <help@oak.example>: Recipient address rejected: User unknown"), evidence.Failed, "User unknown", "bounced"},
		{"refused: words only", refused(550, "550 no such user here"), evidence.Failed, "no such user", "bounced"},
		{"refused: policy", refused(554, "554 5.7.1 Message rejected as spam"), evidence.Blocked, "spam", ""},
		{"refused: words of policy", refused(554, "554 blocked by Spamhaus"), evidence.Blocked, "Spamhaus", ""},
		{"refused: anything else", refused(554, "554 5.3.4 message too big"), evidence.Broken, "too big", ""},
		{"refused: our sender", refused(550, "550 5.1.8 sender address rejected"), evidence.Broken, "sender", ""},
		{"never sent", unsent, evidence.Broken, "never sent", ""},
		{"not sent yet", open(unsent), evidence.Pending, "not sent yet", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := observe(t, c.thread)
			if o.Outcome != c.outcome || !strings.Contains(o.Reason, c.reason) || (c.reason == "") != (o.Reason == "") {
				t.Errorf("%s (%s), want %s (%s)", o.Outcome, o.Reason, c.outcome, c.reason)
			}
			if got, ok := o.Fact("mail.bucket"); got.Text != c.bucket || ok != (c.bucket != "") {
				t.Errorf("bucket %q, want %q", got.Text, c.bucket)
			}
		})
	}
}

func TestReadFacts(t *testing.T) {
	copyOfOurs := raw("From: shopper+k7@probe.example", "Message-ID: <4f2a.91@probe.example>", "", "Hello?")
	th := thread(
		arrive(30*time.Hour, human("And in 44, too.")), // out of order
		arrive(-3*time.Second, ackMail()),              // the server's clock is behind
		arrive(26*time.Hour, human("Yes.")),
		probes.Arrival{Ref: "copy", Raw: human("Yes."), Received: sent.Add(27 * time.Hour), Mailbox: "All"}, // the same in another folder
		arrive(28*time.Hour, newsletter()),
		arrive(0, copyOfOurs),
		arrive(121*time.Hour, human("Late.")),
	)
	o := observe(t, th)
	number := func(name string, want float64) {
		t.Helper()
		if f, ok := o.Fact(name); !ok || f.Number != want {
			t.Errorf("%s = %v (%v), want %v", name, f.Number, ok, want)
		}
	}
	number("mail.answered", 1)
	number("mail.first-human-after", 26*3600)
	number("mail.acknowledged", 1)
	number("mail.acknowledged-after", 0)
	number("mail.clock-skew", 3)
	number("mail.bounced", 0)
	number("mail.replies", 2)
	number("mail.bulk", 1)
	number("mail.arrivals", 4)
	if f, _ := o.Fact("mail.sent"); f.Text != "2026-11-16T09:30:00Z" {
		t.Errorf("sent %q", f.Text)
	}
	if !slices.Equal(o.Missing, []string{"mail.bounced-after", "mail.bounce-status", "mail.kind", "mail.promise", "mail.promise-kept", "mail.ticket", "mail.reading-grade", "mail.language-same", "mail.resolved-after", "mail.question-asked", "mail.question-answered", "mail.question-proof", "mail.relevance", "mail.wrong-question", "mail.wrong-question-matter",
		"mail.spf", "mail.dkim", "mail.dmarc", "mail.follows", "mail.reminded", "mail.answered-after-reminder", "mail.reminded-human-after", "mail.asked-again-for"}) {
		t.Errorf("missing %v", o.Missing)
	}
	step := func(step, name string) evidence.Fact {
		i := slices.IndexFunc(o.Facts, func(f evidence.Fact) bool { return f.Step == step && f.Name == name })
		if i < 0 {
			t.Fatalf("no %s of %s", name, step)
		}
		return o.Facts[i]
	}
	if f := step("letter", "mail.text"); f.Text != "Hello?\n" {
		t.Errorf("letter %q", f.Text)
	}
	if f := step("letter", "mail.from"); f.Text != `Jörg O"Neil <shopper+k7@probe.example>` {
		t.Errorf("letter from %q", f.Text)
	}
	for n, want := range []struct{ class, text string }{{"acknowledgement", "Ticket 12."}, {"human", "Yes."}, {"bulk", "50 % off"}, {"human", "And in 44, too."}, {"human", "Late."}} {
		name := "reply-" + string(rune('1'+n))
		if class, text := step(name, "mail.class").Text, step(name, "mail.text").Text; class != want.class || text != want.text || step(name, "mail.rule").Text == "" {
			t.Errorf("%s: %s %q, want %v", name, class, text, want)
		}
		if o.Evidence[name+".eml"] == "" {
			t.Errorf("%s has no proof", name)
		}
	}
	if f := step("reply-2", "mail.from"); f.Text != "Anna <anna@oak.example>" || step("reply-2", "mail.after").Number != 26*3600 || step("reply-2", "mail.mailbox").Text != "INBOX" {
		t.Errorf("reply-2: %+v", f)
	}
	if again := observe(t, th); !slices.Equal(again.Facts, o.Facts) {
		t.Error("a second reading gave other facts")
	}
}

// The mail server's clock may be minutes off: arrivals stay between what we
// know by our own, and the disagreement is told.
func TestReadClocks(t *testing.T) {
	at := func(after time.Duration, live bool, off time.Duration) probes.Arrival {
		a := arrive(after+off, human(fmt.Sprintf("Yes, %v.", after)))
		a.Seen, a.Live = sent.Add(after+time.Second), live
		return a
	}
	for _, c := range []struct {
		name        string
		arrivals    []probes.Arrival
		skew, first float64
	}{
		{"together", []probes.Arrival{at(time.Hour, true, 0)}, 0, 3600},
		{"seen hours later, after a night without a line", []probes.Arrival{at(time.Hour, false, -30*time.Minute)}, 0, 1800},
		{"ahead by 7 minutes", []probes.Arrival{at(time.Hour, true, 7*time.Minute)}, -7*60 + 1, 3601},
		{"ahead, as far as a look shows it", []probes.Arrival{at(time.Hour, false, 7*time.Minute)}, -7*60 + 1, 3601},
		{"behind by 7 minutes", []probes.Arrival{at(time.Hour, true, -7*time.Minute)}, 7*60 + 1, 53 * 60},
		{"behind, and before our own mail", []probes.Arrival{at(2*time.Minute, true, -7*time.Minute)}, 7*60 + 1, 0},
		{"one old mail moved into the folder, one new", []probes.Arrival{at(time.Hour, true, -50*time.Minute), at(2*time.Hour, true, 0)}, 0, 600},
	} {
		o := observe(t, thread(c.arrivals...))
		first, _ := o.Fact("mail.first-human-after")
		skew, _ := o.Fact("mail.clock-skew")
		if first.Number != c.first || skew.Number != c.skew {
			t.Errorf("%s: first after %v s with a skew of %v s, want %v and %v", c.name, first.Number, skew.Number, c.first, c.skew)
		}
	}
}

// An answer in the folder for spam is an answer, and where it lay is a fact.
func TestReadJunk(t *testing.T) {
	spam := arrive(2*time.Hour, human("Yes."))
	spam.Mailbox, spam.Junk = "Junk", true
	rescued := spam
	rescued.Mailbox, rescued.Junk = "INBOX", false
	for _, c := range []struct {
		name     string
		arrivals []probes.Arrival
		want     float64
	}{
		{"spam", []probes.Arrival{spam}, 1},
		{"spam, then moved by hand", []probes.Arrival{spam, rescued}, 1},
		{"good", []probes.Arrival{rescued}, 0},
		{"the acknowledgement is good, the answer spam", []probes.Arrival{arrive(time.Hour, ackMail()), spam}, 1},
		{"spam, with no answer after it", []probes.Arrival{func() probes.Arrival { a := arrive(time.Hour, ackMail()); a.Junk = true; return a }()}, 1},
	} {
		o := observe(t, thread(c.arrivals...))
		if f, ok := o.Fact("mail.answer-in-junk"); !ok || f.Number != c.want {
			t.Errorf("%s: %v (%v), want %v", c.name, f.Number, ok, c.want)
		}
	}
}

func TestBucketEdges(t *testing.T) {
	for _, c := range []struct {
		after time.Duration
		want  string
	}{
		{0, "≤6 h"}, {6 * time.Hour, "≤6 h"}, {6*time.Hour + time.Second, "6–24 h"},
		{24 * time.Hour, "6–24 h"}, {24*time.Hour + time.Second, "1–2 d"},
		{48 * time.Hour, "1–2 d"}, {48*time.Hour + time.Second, "2–3 d"},
		{72 * time.Hour, "2–3 d"}, {72*time.Hour + time.Second, "3–5 d"},
		{120*time.Hour - time.Second, "3–5 d"}, {120 * time.Hour, "≥5 d"}, {1000 * time.Hour, "≥5 d"},
	} {
		if got := bucket(c.after); got != c.want {
			t.Errorf("%v: %s, want %s", c.after, got, c.want)
		}
	}
}

func answerOf(text string, head ...string) []byte {
	return raw(append(append([]string{"From: Marta at Oak <help@oak.example>", "To: shopper+k7@probe.example", "Subject: Re: Size"}, head...), "", strings.ReplaceAll(text, "\n", "\r\n"))...)
}

// asking is a task with two questions at a site in Berlin, open on weekdays.
func asking() *probes.Task {
	k := task(0)
	k.Params = &Params{
		Texts: []Text{{Subject: "Size 42", Body: "Do you have it in 42? Is it wool?", Language: "en-GB"}},
		Questions: []Question{
			{Ask: "in 42?", Expect: []string{"size 42", "in 42"}},
			{Ask: "wool?", Expect: []string{"made of wool", "no wool", "cotton"}},
		},
	}
	k.Site = probes.Site{ID: "oak", Name: "Oak", Timezone: "Europe/Berlin", Hours: probes.Hours{Days: [7]bool{1: true, 2: true, 3: true, 4: true, 5: true}, From: 9 * time.Hour, To: 17 * time.Hour}}
	return k
}

func TestReadWords(t *testing.T) {
	const none = -1.0
	ack := func(text string) []byte {
		return raw("From: no-reply@oak.example", "Subject: We have received your request [OK-4711]", "Auto-Submitted: auto-replied", "", text)
	}
	full := "Dear Jörg,\n\nyes, we have it in 42. The jacket is made of wool, and we can send it to you tomorrow if you like it. Write to us whenever you want to know more.\n\nKind regards,\nMarta"
	for _, c := range []struct {
		name     string
		open     bool
		arrivals []probes.Arrival
		want     map[string]float64
	}{
		{"a full answer", false, []probes.Arrival{arrive(time.Minute, ack("We will reply within 24 hours. Please do not reply to this message. Our FAQ may help.")), arrive(23*time.Hour, answerOf(full))}, map[string]float64{
			"mail.promise": 86400, "mail.promise-kept": 1, "mail.reads-not": 1, "mail.other-channel": 1, "mail.no-reply": 1,
			"mail.business-after":     7 * 3600, // Monday 10:30 to 17:00, Tuesday 9:00 to 9:30
			"mail.names-customer":     1,
			"mail.names-agent":        1,
			"mail.courtesy":           1,
			"mail.apology":            0,
			"mail.words":              38,
			"mail.language-same":      1,
			"mail.redirect-only":      0,
			"mail.questions":          2,
			"mail.questions-answered": 2, "mail.exchanges": 1,
		}},
		{"half an answer, then the rest", false, []probes.Arrival{arrive(time.Hour, answerOf("Hello,\n\nit is cotton.\n\nThe Oak Team")), arrive(2*time.Hour, answerOf("And yes, in 42.")), arrive(3*time.Hour, answerOf("Anything else?"))}, map[string]float64{
			"mail.promise": none, "mail.promise-kept": none, "mail.reads-not": none, "mail.other-channel": none, "mail.no-reply": 0,
			"mail.names-customer": 0, "mail.names-agent": 0, "mail.courtesy": 0, "mail.language-same": none, "mail.reading-grade": none,
			"mail.questions-answered": 2, "mail.exchanges": 2, "mail.redirect-only": 0,
		}},
		{"elsewhere", false, []probes.Arrival{arrive(time.Hour, answerOf("Please see our website. Sorry for that."))}, map[string]float64{
			"mail.redirect-only": 1, "mail.apology": 1, "mail.questions-answered": 0, "mail.exchanges": 1,
		}},
		{"in another language", false, []probes.Arrival{arrive(time.Hour, answerOf("Guten Tag,\n\nvielen Dank für Ihre Nachricht. Wolle wäscht man am besten kalt und mit wenig Waschmittel, und legt sie dann zum Trocknen hin.\n\nIhr Team"))}, map[string]float64{
			"mail.language-same": 0, "mail.reading-grade": none, "mail.names-agent": 0, "mail.courtesy": 1, "mail.questions-answered": 0,
		}},
		{"a promise broken by silence", false, []probes.Arrival{arrive(time.Minute, ack("We will reply within 48 hours."))}, map[string]float64{
			"mail.promise": 172800, "mail.promise-kept": 0, "mail.no-reply": 1, "mail.reads-not": 0, "mail.other-channel": 0, "mail.questions": 2, "mail.questions-answered": none, "mail.words": none, "mail.exchanges": none,
		}},
		{"a promise still open", true, []probes.Arrival{arrive(time.Minute, ack("We will reply within 48 hours."))}, map[string]float64{"mail.promise-kept": none}},
		{"a promise longer than the window", false, []probes.Arrival{arrive(time.Minute, ack("We will reply within 2 weeks."))}, map[string]float64{"mail.promise": 14 * 86400, "mail.promise-kept": none}},
		{"a promise broken by lateness", false, []probes.Arrival{arrive(time.Minute, ack("We will reply within an hour.")), arrive(2*time.Hour, answerOf("In 42."))}, map[string]float64{"mail.promise-kept": 0}},
		// From Monday 10:31 two working days last to Wednesday 10:31.
		{"working days kept", false, []probes.Arrival{arrive(time.Minute, ack("We answer within 2 working days.")), arrive(48*time.Hour, answerOf("In 42."))}, map[string]float64{"mail.promise": 172800, "mail.promise-kept": 1, "mail.business-after": 16 * 3600}},
		{"working days broken", false, []probes.Arrival{arrive(time.Minute, ack("We answer within 2 working days.")), arrive(49*time.Hour, answerOf("In 42."))}, map[string]float64{"mail.promise-kept": 0}},
		{"only away", false, []probes.Arrival{arrive(time.Minute, raw("From: anna@oak.example", "Subject: Out of office", "Auto-Submitted: auto-replied", "", "Back on Monday."))}, map[string]float64{"mail.acknowledged": 0, "mail.promise": none, "mail.no-reply": none}},
	} {
		t.Run(c.name, func(t *testing.T) {
			th := thread(c.arrivals...)
			th.Closed = !c.open
			kind := Kind()
			rec := probes.NewRecorder(&kind, evidence.ProbeID{}, "enquiry", kind.Correspondence.Reading, sent, nil)
			if err := read(asking(), th, rec); err != nil {
				t.Fatal(err)
			}
			o := rec.Observation(0)
			for name, want := range c.want {
				f, ok := o.Fact(name)
				if ok != (want != none) || ok && f.Number != want {
					t.Errorf("%s = %v (recorded: %v), want %v", name, f.Number, ok, want)
				}
			}
		})
	}
}

func TestReadQuestions(t *testing.T) {
	task := func(expect ...Question) *probes.Task {
		k := asking()
		k.Params = &Params{Texts: []Text{{Subject: "Two questions on delivery", Body: "Hello,\n\nhow long does the delivery of a parcel take, and what does it cost?\n\nThanks\nJörg", Language: "en"}}, Questions: expect}
		return k
	}
	delivery := Question{Ask: "How long, and for how much?", Expect: []string{"<time>"}, Facts: []ExpectedFact{{"the price", []string{"<money>", "free"}}}, Reject: []string{"see our FAQ"}}
	washing := "Hello Jörg,\n\nwash wool by hand in cold water with a mild detergent, never wring it, and leave it to dry lying flat: the dryer ruins it. If you have to iron it, put a cloth between.\n\nKind regards,\nMarta"
	for _, c := range []struct {
		name    string
		replies []string
		verdict string
		proof   string
		wrong   float64
		matter  string
	}{
		{"answered", []string{"It takes 2 to 3 working days and costs £3.95."}, "answered", "reply-1 9-28 “2 to 3 working days”; reply-1 39-45 “£3.95”", 0, ""},
		{"partly", []string{"Our parcels take 2 days."}, "partly", "reply-1 17-23 “2 days”", 0, ""},
		{"by two mails", []string{"Our parcels take 2 days.", "And delivery is free."}, "answered", "reply-1 17-23 “2 days”; reply-2 16-20 “free”", 0, ""},
		{"not", []string{"Thank you for writing, we hope to see you soon."}, "not", "", 0, ""},
		{"rejected", []string{"Please see our FAQ, it takes 2 days and £3."}, "not", "", 0, ""},
		{"of another matter", []string{washing}, "something-else", "", 1, "washing and care"},
		{"to another letter", []string{"Hello Jörg,\n\nyou can pay by credit card, by debit card or by bank transfer, and we take PayPal. An invoice is possible for firms.\n\nKind regards,\nMarta"}, "something-else", "", 1, "“Ways to pay” (payment-options)"},
		{"of both", []string{"It takes 2 days, and costs nothing of note. " + washing}, "partly", "reply-1 9-15 “2 days”", 0, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var arrivals []probes.Arrival
			for i, r := range c.replies {
				arrivals = append(arrivals, arrive(time.Duration(i+1)*time.Hour, answerOf(r)))
			}
			th := thread(arrivals...)
			th.Letter.Subject, th.Letter.Text = "Two questions on delivery", "Hello,\n\nhow long does the delivery of a parcel take, and what does it cost?\n\nThanks\nJörg"
			th.Closed = true
			kind := Kind()
			rec := probes.NewRecorder(&kind, evidence.ProbeID{}, "enquiry", kind.Correspondence.Reading, sent, nil)
			k := task(delivery)
			k.Others = []probes.Other{
				{Scenario: "return-policy", Subject: "Sending back", Asks: "Until when may I return it, and who pays the postage?"},
				{Scenario: "payment-options", Subject: "Ways to pay", Asks: "Can I pay by credit card, by bank transfer or against an invoice?"},
			}
			if err := read(k, th, rec); err != nil {
				t.Fatal(err)
			}
			o := rec.Observation(0)
			text := map[string]string{}
			for _, f := range o.Facts {
				text[f.Step+" "+f.Name] = f.Text
			}
			wrong, ok := o.Fact("mail.wrong-question")
			relevance, measured := o.Fact("mail.relevance")
			if text["question-1 mail.question-answered"] != c.verdict || text["question-1 mail.question-proof"] != c.proof || !ok || wrong.Number != c.wrong || text[" mail.wrong-question-matter"] != c.matter {
				t.Errorf("%q, %q, wrong %v, %q", text["question-1 mail.question-answered"], text["question-1 mail.question-proof"], wrong.Number, text[" mail.wrong-question-matter"])
			}
			if !measured || relevance.Number <= 0 || relevance.Number >= 1 {
				t.Errorf("relevance %v", relevance.Number)
			}
		})
	}
}

func TestReadTicketAndGrade(t *testing.T) {
	long := "Yes, we have it in 42. It is made of wool. We can send it to you on Monday. You have sixty days to send it back to us. We pay for the way back. Do write to us again."
	th := thread(arrive(time.Hour, answerOf(long, "X-Case: 1")))
	th.Letter.Text = "Do you have the jacket in size 42, and what is it made of? I would like to know before Monday."
	k := asking()
	k.Params.(*Params).Texts[0].Language = ""
	kind := Kind()
	rec := probes.NewRecorder(&kind, evidence.ProbeID{}, "enquiry", "", sent, nil)
	if err := read(k, th, rec); err != nil {
		t.Fatal(err)
	}
	o := rec.Observation(0)
	if f, ok := o.Fact("mail.reading-grade"); !ok || f.Number < -3 || f.Number > 3 {
		t.Errorf("grade of short words in short sentences: %v, %v", f.Number, ok)
	}
	if f, ok := o.Fact("mail.language-same"); !ok || f.Number != 1 {
		t.Errorf("the language of our words: %v, %v", f.Number, ok)
	}
	if _, ok := o.Fact("mail.ticket"); ok {
		t.Error("a ticket from nowhere")
	}
	o = observe(t, thread(arrive(time.Minute, raw("From: help@oak.example", "Subject: Your request", "Auto-Submitted: auto-replied", "", "It has the number OK-4711."))))
	if f, _ := o.Fact("mail.ticket"); f.Text != "OK-4711" {
		t.Errorf("ticket %q", f.Text)
	}
}

// Christmas 2026 is a Friday and a Saturday; the desk rests at weekends.
func TestWorkedOnHolidays(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	desk := probes.Hours{Days: [7]bool{false, true, true, true, true, true, false}, From: 9 * time.Hour, To: 17 * time.Hour}
	from := time.Date(2026, 12, 24, 16, 0, 0, 0, berlin)
	for _, c := range []struct {
		hours probes.Hours
		until time.Time
		want  time.Duration
	}{
		{desk, time.Date(2026, 12, 28, 10, 0, 0, 0, berlin), 2 * time.Hour},
		{desk, time.Date(2026, 12, 25, 12, 0, 0, 0, berlin), time.Hour},
		{desk, from, 0},
		{probes.Hours{}, time.Date(2026, 12, 25, 16, 0, 0, 0, berlin), 24 * time.Hour},
	} {
		if got := worked(c.hours, from, c.until); got != c.want {
			t.Errorf("until %v: %v, want %v", c.until, got, c.want)
		}
	}
}
