package mail

import (
	"bytes"
	"io"
	"mime/quotedprintable"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"touchstone/internal/evidence"
	"touchstone/internal/reading"
	"touchstone/probes"
)

// goesOn is a task that reminds after two working days of eight hours, reminds
// again, and asks a second thing when it is answered.
func goesOn(most int) *probes.Task {
	t := asking()
	p := t.Params.(*Params)
	p.MaxExchanges = most
	p.Then = []Further{
		{When: whenUnanswered, After: "16h", InHours: true, Texts: []Body{{Body: "Hello again,\n\nhave you seen my question?\n\nJörg"}}},
		{When: whenAnswered, After: "2h", Texts: []Body{{Body: "Thank you. Is there a warranty?\n\nJörg"}}, Questions: []Question{{Ask: "Is there a warranty?", Expect: []string{"warranty"}}}},
		{When: whenUnanswered, After: "1d", Texts: []Body{{Body: "And the warranty?\n\nJörg"}}},
	}
	return t
}

// left is a further letter that was accepted so long after the first.
func left(place int, after time.Duration) probes.Further {
	at := sent.Add(after)
	return probes.Further{Letter: probes.Letter{Envelope: probes.Envelope{MessageID: "f@probe.example", Date: at}, Text: "more"}, Place: place, Sent: at}
}

// sent is Monday, 16 November 2026, 9:30 UTC; the shop's hours are 9 to 17 in Berlin.
func TestNext(t *testing.T) {
	const day = 24 * time.Hour
	automatic := answerOf("Thank you for your mail. Yes, we have it in blue.", "Auto-Submitted: auto-replied")
	list := answerOf("Hello Jörg, yes, in blue.", "List-Id: <desk.oak.example>")
	noReply := []byte(strings.Replace(string(answerOf("Hello Jörg, yes, in blue.")), "From: ", "From: no-reply@oak.example\r\nX-From: ", 1))
	answer := answerOf("Hello Jörg, yes, we have it in blue.")
	for name, c := range map[string]struct {
		most    int
		further []probes.Further
		in      []probes.Arrival
		change  func(*probes.Thread)
		place   int // -1: none
		after   time.Duration
	}{
		"nobody answered":                   {place: 0, after: 2 * day},
		"an acknowledgement is no answer":   {in: []probes.Arrival{arrive(time.Minute, ackMail())}, place: 0, after: 2 * day},
		"a newsletter is none":              {in: []probes.Arrival{arrive(time.Hour, newsletter())}, place: 0, after: 2 * day},
		"a bounce ends it":                  {in: []probes.Arrival{arrive(time.Minute, bounceMail("5.1.1", "550 no such user"))}, place: -1},
		"a person answered":                 {in: []probes.Arrival{arrive(3*time.Hour, answer)}, place: 1, after: 5 * time.Hour},
		"and again: the last counts":        {in: []probes.Arrival{arrive(3*time.Hour, answer), arrive(4*time.Hour, answerOf("One more thing: it is in stock."))}, place: 1, after: 6 * time.Hour},
		"words by a machine":                {in: []probes.Arrival{arrive(time.Hour, automatic)}, place: 0, after: 2 * day},
		"a person's words through a list":   {in: []probes.Arrival{arrive(time.Hour, list)}, place: -1},
		"a person's words from no-reply":    {in: []probes.Arrival{arrive(time.Hour, noReply)}, place: -1},
		"not sent":                          {change: func(th *probes.Thread) { th.Sent = time.Time{} }, place: -1},
		"refused":                           {change: func(th *probes.Thread) { th.Refused = "550 no" }, place: -1},
		"reminded, and nobody answers":      {further: []probes.Further{left(0, 2*day)}, place: 2, after: 3 * day},
		"reminded, then answered":           {further: []probes.Further{left(0, 2*day)}, in: []probes.Arrival{arrive(2*day+time.Hour, answer)}, place: 1, after: 2*day + 3*time.Hour},
		"the second question stays open":    {further: []probes.Further{left(1, 5*time.Hour)}, in: []probes.Arrival{arrive(3*time.Hour, answer)}, place: 2, after: 5*time.Hour + day},
		"the second question is answered":   {further: []probes.Further{left(1, 5*time.Hour)}, in: []probes.Arrival{arrive(3*time.Hour, answer), arrive(7*time.Hour, answerOf("Two years of warranty."))}, place: -1},
		"an answer in the letter's second":  {further: []probes.Further{left(0, 2*day)}, in: []probes.Arrival{arrive(2*day, answer)}, place: 2, after: 3 * day},
		"a further letter was refused":      {further: []probes.Further{{Place: 0, Refused: "550 5.7.1 go away"}}, place: -1},
		"one that was given up is no more":  {further: []probes.Further{{Place: 0}}, in: []probes.Arrival{arrive(3*time.Hour, answer)}, place: 1, after: 5 * time.Hour},
		"as many as may be":                 {most: 2, further: []probes.Further{left(0, 2*day)}, in: []probes.Arrival{arrive(2*day+time.Hour, answer)}, place: -1},
		"one given up counts for none":      {most: 2, further: []probes.Further{{Place: 0}}, in: []probes.Arrival{arrive(3*time.Hour, answer)}, place: 1, after: 5 * time.Hour},
		"the window ends before":            {change: func(th *probes.Thread) { th.Window = 47 * time.Hour }, place: -1},
		"an answer after the window":        {change: func(th *probes.Thread) { th.Window = 2 * time.Hour }, in: []probes.Arrival{arrive(3*time.Hour, answer)}, place: -1},
		"our own copy in a watched mailbox": {in: []probes.Arrival{arrive(time.Minute, []byte("Message-ID: <4f2a.91@probe.example>\r\nFrom: x@y.example\r\n\r\nHello, I am a person.\r\n"))}, place: 0, after: 2 * day},
	} {
		k, th := goesOn(c.most), thread(c.in...)
		th.Further = c.further
		if c.change != nil {
			c.change(&th)
		}
		got, ok := next(k, th)
		if ok != (c.place >= 0) {
			t.Errorf("%s: %+v, %v, want the letter at %d", name, got, ok, c.place)
			continue
		}
		if ok && (got.Place != c.place || !got.At.Truncate(time.Second).Equal(sent.Add(c.after).Truncate(time.Second))) {
			t.Errorf("%s: the letter at %d after %v, want %d after %v", name, got.Place, got.At.Sub(sent), c.place, c.after)
		}
	}
}

// Business hours know weekends, public holidays and daylight saving.
func TestWorkedOn(t *testing.T) {
	office := probes.Hours{Days: [7]bool{false, true, true, true, true, true, false}, From: 9 * time.Hour, To: 17 * time.Hour}
	night := probes.Hours{From: 0, To: 6 * time.Hour}
	for _, c := range []struct {
		name, zone, from string
		hours            probes.Hours
		after            time.Duration
		want             string
	}{
		{"within a day", "Europe/London", "2026-11-16T10:00:00Z", office, 3 * time.Hour, "2026-11-16T13:00:00Z"},
		{"over a night", "Europe/London", "2026-11-16T15:00:00Z", office, 3 * time.Hour, "2026-11-17T10:00:00Z"},
		{"over a weekend", "Europe/London", "2026-11-20T16:00:00Z", office, 2 * time.Hour, "2026-11-23T10:00:00Z"},
		{"from a Sunday", "Europe/London", "2026-11-22T12:00:00Z", office, time.Hour, "2026-11-23T10:00:00Z"},
		{"over Christmas", "Europe/London", "2026-12-24T16:00:00Z", office, 2 * time.Hour, "2026-12-29T10:00:00Z"},
		{"summer time ends at the weekend", "Europe/Berlin", "2026-10-23T14:00:00Z", office, 2 * time.Hour, "2026-10-26T09:00:00Z"},
		{"summer time begins in the hours", "Europe/Berlin", "2026-03-28T23:00:00Z", night, 5 * time.Hour, "2026-03-29T04:00:00Z"},
		{"no hours: always", "UTC", "2026-11-21T12:00:00Z", probes.Hours{}, 30 * time.Hour, "2026-11-22T18:00:00Z"},
	} {
		z, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		from, _ := time.Parse(time.RFC3339, c.from)
		got := workedOn(c.hours, from.In(z), c.after, from.Add(30*24*time.Hour)).UTC().Format(time.RFC3339)
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	closed := probes.Hours{Days: office.Days, From: 9 * time.Hour, To: 9 * time.Hour}
	until := sent.Add(5 * 24 * time.Hour)
	if got := workedOn(closed, sent, time.Hour, until); !got.After(until) {
		t.Errorf("a shop that never opens was due a letter at %v", got)
	}
}

func TestWriteFurther(t *testing.T) {
	k := goesOn(0)
	planned, most, err := planFurther(k, probes.Letter{Envelope: envelope(), Subject: "Re: Blue?"})
	if err != nil || len(planned) != 3 || most != 4 {
		t.Fatalf("%d letters, %v", len(planned), err)
	}
	if p := planned[1]; p.To != "help@oak.example" || p.Subject != "Re: Blue?" || p.If != "a person answers, 2h later" || !strings.HasPrefix(p.Text, "Thank you.") {
		t.Errorf("planned %+v", p)
	}
	if p := planned[0]; p.If != "nobody has answered after 16h of opening time" {
		t.Errorf("planned %q", p.If)
	}
	compose := func(th probes.Thread, place int) (*netmail.Message, string) {
		t.Helper()
		l := planned[place].Letter
		l.MessageID, l.Date = "f2@probe.example", sent.Add(time.Hour)
		l, err := write(k, th, l)
		if err != nil {
			t.Fatal(err)
		}
		if l.To != "help@oak.example" {
			t.Errorf("it goes to %s", l.To)
		}
		m, err := netmail.ReadMessage(bytes.NewReader(l.Raw))
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(quotedprintable.NewReader(m.Body))
		return m, strings.ReplaceAll(string(body), "\r\n", "\n")
	}
	// An answer from another address, with a hostile subject, of many lines.
	in := raw("From: Eve <eve@elsewhere.example>", "Reply-To: eve@elsewhere.example", "Message-ID: <a1@oak.example>", "References: <4f2a.91@probe.example>",
		"Subject: AW: Re: =?utf-8?q?Blue=3F_=5BOA-7=5D=0D=0ABcc=3A_x=40y.example?=", "Content-Type: text/plain; charset=utf-8", "", "Hello Jörg,", "", "yes, we have it in blue."+strings.Repeat("\r\nLine.", 30))
	th := thread(arrive(3*time.Hour, in))
	m, text := compose(th, 1)
	for name, want := range map[string]string{
		"To": "<help@oak.example>", "In-Reply-To": "<a1@oak.example>", "References": "<4f2a.91@probe.example> <a1@oak.example>", "Subject": "Re: Blue? [OA-7] Bcc: x@y.example", "Bcc": "",
	} {
		if got := m.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	own, quoted, _ := strings.Cut(text, "\n\nOn 16 Nov 2026 at 13:30, Eve wrote:\n")
	if own != "Thank you. Is there a warranty?\n\nJörg" || !strings.HasPrefix(quoted, "> Hello Jörg,\n>\n> yes") || strings.Count(quoted, "\n") != quotedLines {
		t.Errorf("text %q", text)
	}
	if got := reading.Parse([]byte("Content-Type: text/plain; charset=utf-8\r\n\r\n" + text)).Own; got != strings.TrimSpace(own) {
		t.Errorf("own words %q", got)
	}
	// A reminder is about our own letter.
	th = thread(arrive(time.Minute, ackMail()))
	th.Letter.Text = "Is it there in blue?\n"
	m, text = compose(th, 0)
	if m.Header.Get("In-Reply-To") != "<4f2a.91@probe.example>" || m.Header.Get("Auto-Submitted") != "" || !strings.HasSuffix(text, "> Is it there in blue?\n") {
		t.Errorf("%v %q", m.Header, text)
	}
	// Nothing is written to what came back.
	th = thread(arrive(time.Minute, bounceMail("5.1.1", "550 no such user")))
	if _, err := write(k, th, planned[0].Letter); err == nil {
		t.Error("a reminder was written to an address that does not exist")
	}
}

func TestReadExchange(t *testing.T) {
	const hour, day = 3600.0, 86400.0
	read := func(k *probes.Task, th probes.Thread) evidence.Observation {
		t.Helper()
		kind := Kind()
		rec := probes.NewRecorder(&kind, k.Probe, "enquiry", kind.Correspondence.Reading, sent, nil)
		if err := kind.Correspondence.Read(k, th, rec); err != nil {
			t.Fatal(err)
		}
		return rec.Observation(0)
	}
	number := func(o evidence.Observation, name string, want float64) {
		t.Helper()
		if f, ok := o.Fact(name); !ok || f.Number != want {
			t.Errorf("%s: %v %v, want %v", name, f.Number, ok, want)
		}
	}
	absent := func(o evidence.Observation, names ...string) {
		t.Helper()
		for _, n := range names {
			if f, ok := o.Fact(n); ok {
				t.Errorf("%s is recorded: %v %q", n, f.Number, f.Text)
			}
		}
	}
	both := answerOf("Hello Jörg, yes, there is one in 42, and it is made of wool.")

	// Answered, asked a second thing, and asked for the name again.
	k, th := goesOn(0), thread(arrive(3*time.Hour, both), arrive(8*time.Hour, answerOf("Hello, could you tell me your full name? The warranty is two years.")))
	th.Letter.Text = "Do you have it in blue? " + k.Persona.Given + " " + k.Persona.Family
	th.Further, th.Closed = []probes.Further{left(1, 5*time.Hour)}, true
	o := read(k, th)
	asked, _ := o.Fact("mail.questions")
	number(o, "mail.letters", 2)
	number(o, "mail.rounds", 2)
	number(o, "mail.exchanges", 2)
	number(o, "mail.resolved-after", 8*hour)
	number(o, "mail.first-human-after", 3*hour)
	number(o, "mail.reminded", 0)
	number(o, "mail.asked-again", 1)
	number(o, "mail.questions-answered", asked.Number)
	absent(o, "mail.answered-after-reminder", "mail.reminded-human-after")
	if f, _ := o.Fact("mail.asked-again-for"); f.Text != "name, reply-2 “Hello, could you tell me your full name?”" {
		t.Errorf("asked again for %q", f.Text)
	}
	if s := text(o, "letter-3", "mail.follows") + text(o, "letter-3", "mail.sent"); s != "answered2026-11-16T14:30:00Z" {
		t.Errorf("the further letter: %q", s)
	}

	// What a mail says before the question was asked does not answer it.
	th.Arrivals = []probes.Arrival{arrive(3*time.Hour, answerOf("Hello Jörg, yes, in 42, made of wool, with a warranty."))}
	o = read(k, th)
	number(o, "mail.questions-answered", asked.Number-1)
	absent(o, "mail.resolved-after", "mail.asked-again")

	// Answered after the reminder, within its window and not the first one's.
	th = thread(arrive(6*24*time.Hour, both))
	th.Further, th.Closed = []probes.Further{left(0, 2*24*time.Hour)}, true
	o = read(goesOn(0), th)
	if o.Outcome != evidence.Silent || !strings.Contains(o.Reason, "an answer came after 6 days") {
		t.Errorf("%s, %s", o.Outcome, o.Reason)
	}
	number(o, "mail.answered", 0)
	number(o, "mail.reminded", 1)
	number(o, "mail.rounds", 1)
	number(o, "mail.answered-after-reminder", 1)
	number(o, "mail.reminded-human-after", 4*day)
	number(o, "mail.resolved-after", 6*day)
	absent(o, "mail.first-human-after", "mail.business-after", "mail.words")

	// Reminded in vain.
	th.Arrivals = nil
	o = read(goesOn(0), th)
	number(o, "mail.reminded", 1)
	number(o, "mail.answered-after-reminder", 0)

	// What the first letter did not say is not asked for again.
	if name, _ := askedAgain(goesOn(0), probes.Letter{Text: "Is it blue?"}, "What is your order number?"); name != "" {
		t.Errorf("asked again for the %s", name)
	}
	for words, want := range map[string]string{
		"Könnten Sie uns bitte Ihre Bestellnummer nennen?": "order number",
		"Your order number is in the mail.":                "",
		"Welchen Artikel meinen Sie?":                      "article",
		"Please send us your order number.":                "order number",
	} {
		k := goesOn(0)
		k.Site.Vars = map[string]string{"product": "copper kettle"}
		if name, _ := askedAgain(k, probes.Letter{Text: "My order KL-20417: the copper kettle leaks."}, words); name != want {
			t.Errorf("%q asks again for %q, want %q", words, name, want)
		}
	}
}

func text(o evidence.Observation, step, name string) string {
	for _, f := range o.Facts {
		if f.Step == step && f.Name == name {
			return f.Text
		}
	}
	return ""
}
