package highstreet

import (
	"bytes"
	"cmp"
	"embed"
	"fmt"
	"io"
	"net/mail"
	"slices"
	"strings"
	"text/template"
	"time"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // customers write in any
	messages "github.com/emersion/go-message/mail"
	gomail "github.com/wneessen/go-mail"
)

// letters holds a book for each desk and language: SITE.LANGUAGE.txt, and .html
// where a letter is a page as well. Its templates are the letters; the first
// line of each is the subject.
//
//go:embed letters
var letters embed.FS

// A desk is where a shop's mails are answered, or not. What it does is data:
// the truth table of the demonstration is read from it.
type desk struct {
	site, name string
	domain     string
	mailbox    string        // the part of its published address before the @
	languages  []string      // that it writes, each with a book of letters; the first is its shop's
	gone       time.Duration // above zero: that address does not exist, and a mail to it comes back after so long
	reactions  []reaction    // by time, for each topic
}

// A reaction is one mail that a desk sends because of one that it received.
type reaction struct {
	class    string // what it is: one of the classes below
	topic    string // what it is about; empty: any
	after    time.Duration
	from     string // display name
	sender   string // part of the address before the @
	letter   string // name in the desk's books; one of that name with .html is sent as well
	header   map[string]string
	promise  time.Duration // within which it says that a person answers; 0: it says nothing of that
	agent    string        // full name of the person who signs; empty: nobody does
	personal bool          // the customer is called by name
	answers  int           // questions that it answers, at most: the first ones
	instead  string        // topic of the shipped scenarios that it answers in their place; empty: none
}

// Classes of mail, as the truth table names them.
const (
	acknowledgement = "acknowledgement"
	human           = "human"
	bounced         = "bounce"
	bulk            = "bulk"
)

// everything is more questions than anybody asks.
const everything = 99

// published is the address that a shop tells its customers.
func (d *desk) published() string { return d.mailbox + "@" + d.domain }

// desks are those of the street: fast and right; a promise and no answer;
// gone; slow, with half of an answer; and the same words to almost everybody.
func desks() []*desk {
	automatic := map[string]string{"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}
	return []*desk{
		kettleDesk(automatic),
		{
			site: "brass-and-sons", name: "Brass & Sons", domain: "brass-and-sons.example", mailbox: "care", languages: []string{inEnglish},
			reactions: []reaction{
				{class: acknowledgement, after: time.Minute, from: "Brass & Sons Customer Care", sender: "no-reply", letter: "acknowledgement", header: automatic, promise: 48 * time.Hour},
				{class: bulk, after: 48 * time.Hour, from: "Brass & Sons", sender: "news", letter: "newsletter", header: map[string]string{
					"Precedence":       "bulk",
					"List-Id":          "Brass & Sons News <news.brass-and-sons.example>",
					"List-Unsubscribe": "<https://brass-and-sons.example/unsubscribe>, <mailto:unsubscribe@brass-and-sons.example>",
				}},
			},
		},
		{site: "quillworks", name: "Quillworks", domain: "quillworks.example", mailbox: "help", languages: []string{inEnglish}, gone: 30 * time.Second},
		lumenDesk(),
		{
			site: "nordwolle", name: "Nordwolle", domain: "nordwolle.example", mailbox: "moin", languages: []string{inGerman},
			reactions: []reaction{
				{class: human, topic: general, after: 4 * time.Hour, from: "Nordwolle Kundenservice", sender: "moin", letter: "washing"},
				{class: human, topic: paymentOptions, after: 4 * time.Hour, from: "Nordwolle Kundenservice", sender: "moin", letter: "returns", instead: returnPolicy},
			},
		},
	}
}

// kettleDesk answers everything that was asked, within the promise that its
// acknowledgement makes.
func kettleDesk(automatic map[string]string) *desk {
	const marta, owen = "Marta Lindqvist", "Owen Hartley"
	d := &desk{site: "kettle-and-leaf", name: shopName, domain: "kettle-and-leaf.example", mailbox: "hello", languages: []string{inEnglish, inGerman}}
	d.reactions = []reaction{{class: acknowledgement, after: 2 * time.Minute, from: shopName, sender: d.mailbox, letter: "acknowledgement", header: automatic, promise: 6 * time.Hour}}
	d.staff(reaction{sender: d.mailbox, personal: true, answers: everything}, []shift{
		{orderStatus, 50 * time.Minute, owen},
		{paymentOptions, time.Hour + 15*time.Minute, owen},
		{deliveryTime, time.Hour + 40*time.Minute, marta},
		{complaint, 2*time.Hour + 20*time.Minute, marta},
		{productQuestion, 3*time.Hour + 10*time.Minute, marta},
		{general, 4 * time.Hour, owen},
		{stockQuestion, 4*time.Hour + 35*time.Minute, owen},
		{praise, 5*time.Hour + 5*time.Minute, marta},
		{returnPolicy, 5*time.Hour + 25*time.Minute, owen},
		{giftAdvice, 5*time.Hour + 50*time.Minute, marta},
		{exchange, time.Hour + 20*time.Minute, owen},
	})
	return d
}

// lumenDesk is one busy person, who reads as far as the first question.
func lumenDesk() *desk {
	const tom = "Tom Ashdown"
	d := &desk{site: "lumen-lamps", name: "Lumen Lamps", domain: "lumen-lamps.example", mailbox: "hello", languages: []string{inEnglish, inGerman}}
	d.staff(reaction{sender: d.mailbox, answers: 1}, []shift{
		{orderStatus, 26 * time.Hour, tom},
		{paymentOptions, 27*time.Hour + 30*time.Minute, tom},
		{deliveryTime, 29*time.Hour + 15*time.Minute, tom},
		{stockQuestion, 33*time.Hour + 40*time.Minute, tom},
		{general, 36 * time.Hour, tom},
		{productQuestion, 38*time.Hour + 20*time.Minute, tom},
		{returnPolicy, 41*time.Hour + 5*time.Minute, tom},
		{complaint, 44*time.Hour + 50*time.Minute, tom},
		{giftAdvice, 47*time.Hour + 30*time.Minute, tom},
		{praise, 50 * time.Hour, tom},
		{exchange, 28*time.Hour + 30*time.Minute, tom},
	})
	return d
}

// A shift is who answers mails about a topic, and how soon.
type shift struct {
	topic string
	after time.Duration
	agent string
}

// staff lets persons answer, each topic with the letter of its name.
func (d *desk) staff(r reaction, shifts []shift) {
	for _, s := range shifts {
		given, _, _ := strings.Cut(s.agent, " ")
		r.class, r.topic, r.letter, r.after = human, s.topic, s.topic, s.after
		r.agent, r.from = s.agent, given+" at "+d.name
		d.reactions = append(d.reactions, r)
	}
}

// answering is what the desk does about a mail of this topic.
func (d *desk) answering(topic string) []reaction {
	known := slices.ContainsFunc(d.reactions, func(r reaction) bool { return r.topic == topic })
	if !known {
		topic = general
	}
	return slices.DeleteFunc(slices.Clone(d.reactions), func(r reaction) bool { return r.topic != "" && r.topic != topic })
}

// speaks is the language that a mail in another is answered in.
func (d *desk) speaks(language string) string {
	if slices.Contains(d.languages, language) {
		return language
	}
	return d.languages[0]
}

// An enquiry is what a desk understood of a customer's mail.
type enquiry struct {
	from       mail.Address
	to         string // where answers go; its envelope may differ
	subject    string
	text       string
	id         string // Message-ID without brackets; empty when it came by a form
	references []string
	automatic  bool
	answers    bool // a mail of a thread
	at         time.Time
}

// receive reads a mail and does what the desk does about it. Automatic mails
// get no answer (RFC 3834).
func (d *desk) receive(o *office, envelope string, raw []byte) {
	q := understand(raw)
	if q.automatic || envelope == "" || q.from.Address == "" {
		o.log.Debug("an automatic mail is left unanswered", "desk", d.site)
		return
	}
	q.at = o.time.Now()
	d.react(o, q)
}

// react schedules the desk's reactions and gives the ticket's number.
func (d *desk) react(o *office, q enquiry) (ticket string) {
	ticket = d.ticket(q)
	for _, r := range d.answering(q.topic()) {
		o.time.At(q.at.Add(r.after), func() {
			raw, err := d.write(r, q, ticket, o.time.Now())
			if err != nil {
				o.log.Error("a desk could not write its letter", "desk", d.site, "letter", r.letter, "error", err)
				return
			}
			o.deliver("mail."+d.domain, r.sender+"@"+d.domain, q.to, raw)
		})
	}
	return ticket
}

// ticket is derived from the enquiry, so that a demonstration is the same
// each time.
func (d *desk) ticket(q enquiry) string {
	var n uint32
	for _, c := range []byte(tag(d.site, q.id, q.to, q.text)) {
		n = n*31 + uint32(c)
	}
	initials := strings.ToUpper(d.site[:1] + d.site[strings.LastIndexByte(d.site, '-')+1:][:1])
	return fmt.Sprintf("%s-%06d", initials, 100000+n%900000)
}

// understand reads a customer's mail. What can't be read is left out: a desk
// answers what it got.
func understand(raw []byte) enquiry {
	var q enquiry
	r, err := messages.CreateReader(bytes.NewReader(raw))
	if err != nil && !message.IsUnknownCharset(err) {
		return q
	}
	defer r.Close()
	if from, err := r.Header.AddressList("Reply-To"); err == nil && len(from) > 0 {
		q.to = from[0].Address
	}
	if from, err := r.Header.AddressList("From"); err == nil && len(from) > 0 {
		q.from = mail.Address{Name: from[0].Name, Address: from[0].Address}
		if q.to == "" {
			q.to = q.from.Address
		}
	}
	q.subject, _ = r.Header.Subject()
	q.id, _ = r.Header.MessageID()
	q.references, _ = r.Header.MsgIDList("References")
	q.answers = r.Header.Has("In-Reply-To")
	auto, precedence := r.Header.Get("Auto-Submitted"), strings.ToLower(r.Header.Get("Precedence"))
	q.automatic = auto != "" && !strings.EqualFold(strings.TrimSpace(auto), "no") ||
		slices.Contains([]string{"bulk", "junk", "list", "auto_reply"}, precedence) || r.Header.Has("List-Id")
	for q.text == "" {
		part, err := r.NextPart()
		if err != nil {
			break
		}
		if h, ok := part.Header.(*messages.InlineHeader); ok {
			if kind, _, err := h.ContentType(); err == nil && kind == "text/plain" {
				b, _ := io.ReadAll(io.LimitReader(part.Body, 1<<20))
				q.text = strings.TrimSpace(strings.ReplaceAll(string(b), "\r\n", "\n"))
			}
		}
	}
	return q
}

// topic is what the mail is about. In a thread it is what was written last:
// subject and quotation are of before.
func (q enquiry) topic() string {
	if !q.answers {
		return topicOf(q.subject, q.text)
	}
	var own []string
	for line := range strings.Lines(q.text) {
		if !strings.HasPrefix(line, ">") {
			own = append(own, line)
		}
	}
	return topicAmong(append(slices.Clone(topics), furtherTopics...), strings.Join(own, ""))
}

// A sheet is what the letters' templates are given.
type sheet struct {
	Ticket      string
	Given, Name string // of the customer; empty when they were not said
	Who         string // the customer's name or else the address
	Re          string // the subject of an answer
	Asked       time.Time
	Quoted      string // the customer's own words
	Agent       string // full name of who signs
	AgentGiven  string
	Promise     time.Duration
}

// write composes one letter as RFC 5322, in the customer's language if the
// desk knows it.
func (d *desk) write(r reaction, q enquiry, ticket string, now time.Time) ([]byte, error) {
	book, err := template.ParseFS(letters, "letters/"+d.site+"."+d.speaks(languageOf(q.subject, q.text))+".*")
	if err != nil {
		return nil, fmt.Errorf("open the letters of %s: %w", d.name, err)
	}
	s := sheet{Ticket: ticket, Name: strings.TrimSpace(q.from.Name), Re: q.subject, Asked: q.at, Agent: r.agent, Promise: r.promise}
	s.Given, _, _ = strings.Cut(s.Name, " ")
	s.AgentGiven, _, _ = strings.Cut(r.agent, " ")
	s.Who = cmp.Or(s.Name, q.from.Address)
	if !strings.HasPrefix(strings.ToLower(s.Re), "re:") {
		s.Re = "Re: " + s.Re
	}
	s.Quoted = "> " + strings.ReplaceAll(q.text, "\n", "\n> ")

	text, err := render(book, r.letter, s)
	if err != nil {
		return nil, err
	}
	subject, body, _ := strings.Cut(strings.TrimSpace(text), "\n\n")
	id := tag(d.site, r.letter, q.id, q.to, now.String())
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent(), gomail.WithBoundary("=_"+id))
	m.FromMailAddress(&mail.Address{Name: r.from, Address: r.sender + "@" + d.domain})
	if err := m.To(q.to); err != nil {
		return nil, fmt.Errorf("answer to %q: %w", q.to, err)
	}
	m.Subject(strings.TrimSpace(subject))
	m.SetDateWithValue(now)
	m.SetMessageIDWithValue(strings.ToLower(id) + "@" + d.domain)
	if q.id != "" && r.class != bulk {
		m.SetGenHeader("In-Reply-To", "<"+q.id+">")
		m.SetGenHeader("References", "<"+strings.Join(append(slices.Clone(q.references), q.id), "> <")+">")
	}
	for name, value := range r.header {
		m.SetGenHeader(gomail.Header(name), value)
	}
	m.SetBodyString(gomail.TypeTextPlain, body)
	if page := r.letter + ".html"; book.Lookup(page) != nil {
		html, err := render(book, page, s)
		if err != nil {
			return nil, err
		}
		m.AddAlternativeString(gomail.TypeTextHTML, html)
	}
	var b bytes.Buffer
	if _, err := m.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("write a letter of %s: %w", d.name, err)
	}
	return b.Bytes(), nil
}

// render fills in one letter of a desk's book.
func render(book *template.Template, letter string, s sheet) (string, error) {
	var b strings.Builder
	if err := book.ExecuteTemplate(&b, letter, s); err != nil {
		return "", fmt.Errorf("fill in the letter %s: %w", letter, err)
	}
	return b.String(), nil
}
