package highstreet

import (
	"bytes"
	"embed"
	"errors"
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

//go:embed letters
var letters embed.FS

// A desk is where a shop's mails are answered, or not. What it does is data:
// the truth table of the demonstration is read from it.
type desk struct {
	site, name string
	domain     string
	mailbox    string        // the part of its published address before the @
	gone       time.Duration // above zero: that address does not exist, and a mail to it comes back after so long
	reactions  []reaction
}

// A reaction is one mail that a desk sends because of one that it received.
type reaction struct {
	class  string // what it is: one of the classes below
	topic  string // the question that it is about; empty: any
	after  time.Duration
	from   string // display name
	sender string // part of the address before the @
	letter string // name in letters/, without .txt; an .html beside it is sent as well
	header map[string]string
}

// Classes of mail, as the truth table names them.
const (
	acknowledgement = "acknowledgement"
	human           = "human"
	bounced         = "bounce"
	bulk            = "bulk"
)

// Topics that the desks know, named like the shipped scenarios; and what a
// desk makes of everything else.
const (
	productQuestion = "product-question"
	returnPolicy    = "return-policy"
	deliveryTime    = "delivery-time"
	general         = "general"
)

// published is the address that a shop tells its customers.
func (d *desk) published() string { return d.mailbox + "@" + d.domain }

// desks are those of the street, from good to gone.
func desks() []*desk {
	automatic := map[string]string{"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}
	return []*desk{
		{
			site: "kettle-and-leaf", name: shopName, domain: "kettle-and-leaf.example", mailbox: "hello",
			reactions: []reaction{
				{class: acknowledgement, after: 2 * time.Minute, from: shopName, sender: "hello", letter: "kettle-acknowledgement", header: automatic},
				{class: human, topic: productQuestion, after: 3*time.Hour + 10*time.Minute, from: "Marta at " + shopName, sender: "hello", letter: "kettle-product"},
				{class: human, topic: returnPolicy, after: 5*time.Hour + 25*time.Minute, from: "Owen at " + shopName, sender: "hello", letter: "kettle-return"},
				{class: human, topic: deliveryTime, after: time.Hour + 40*time.Minute, from: "Marta at " + shopName, sender: "hello", letter: "kettle-delivery"},
				{class: human, topic: general, after: 4 * time.Hour, from: "Owen at " + shopName, sender: "hello", letter: "kettle-general"},
			},
		},
		{
			site: "brass-and-sons", name: "Brass & Sons", domain: "brass-and-sons.example", mailbox: "care",
			reactions: []reaction{
				{class: acknowledgement, after: time.Minute, from: "Brass & Sons Customer Care", sender: "no-reply", letter: "brass-acknowledgement", header: automatic},
				{class: bulk, after: 48 * time.Hour, from: "Brass & Sons", sender: "news", letter: "brass-newsletter", header: map[string]string{
					"Precedence":       "bulk",
					"List-Id":          "Brass & Sons News <news.brass-and-sons.example>",
					"List-Unsubscribe": "<https://brass-and-sons.example/unsubscribe>, <mailto:unsubscribe@brass-and-sons.example>",
				}},
			},
		},
		{site: "quillworks", name: "Quillworks", domain: "quillworks.example", mailbox: "help", gone: 30 * time.Second},
	}
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
	topic := d.topic(q)
	for _, r := range d.reactions {
		if r.topic != "" && r.topic != topic {
			continue
		}
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

// signs are the words by which the desks recognise what a mail is about.
var signs = []struct {
	topic string
	words []string
}{
	{returnPolicy, []string{"return", "send back", "sending back", "send something back", "refund", "does not suit", "do not like", "exchange", "postage"}},
	{productQuestion, []string{"gift", "wrap", "present", "birthday", "card", "invoice", "address other"}},
	{deliveryTime, []string{"deliver", "arrive", "how long", "parcel", "ship", "cost", "charge", "days"}},
}

// topic is the question that most of the words are about; a desk that has no
// answer to it gives its general one.
func (d *desk) topic(q enquiry) string {
	text := strings.ToLower(q.subject + "\n" + q.text)
	best, most := general, 0
	for _, s := range signs {
		n := 0
		for _, w := range s.words {
			if strings.Contains(text, w) {
				n++
			}
		}
		if n > most && slices.ContainsFunc(d.reactions, func(r reaction) bool { return r.topic == s.topic }) {
			best, most = s.topic, n
		}
	}
	return best
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

// A sheet is what the letters' templates are given.
type sheet struct {
	Ticket      string
	Customer    string // given name, or a word for one who did not say it
	Re          string // the subject of an answer
	Attribution string // "On …, … wrote:"
	Quoted      string // the customer's own words
}

// write composes one letter as RFC 5322.
func (d *desk) write(r reaction, q enquiry, ticket string, now time.Time) ([]byte, error) {
	s := sheet{Ticket: ticket, Customer: "customer", Re: q.subject}
	if given, _, _ := strings.Cut(strings.TrimSpace(q.from.Name), " "); given != "" {
		s.Customer = given
	}
	if !strings.HasPrefix(strings.ToLower(s.Re), "re:") {
		s.Re = "Re: " + s.Re
	}
	who := q.from.Name
	if who == "" {
		who = q.from.Address
	}
	s.Attribution = fmt.Sprintf("On %s, %s wrote:", q.at.Format("Mon, 2 Jan 2006 at 15:04"), who)
	s.Quoted = "> " + strings.ReplaceAll(q.text, "\n", "\n> ")

	text, err := render(r.letter+".txt", s)
	if err != nil {
		return nil, err
	}
	subject, body, _ := strings.Cut(text, "\n\n")
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
	switch html, err := render(r.letter+".html", s); {
	case err == nil:
		m.AddAlternativeString(gomail.TypeTextHTML, html)
	case !errors.Is(err, errNoLetter):
		return nil, err
	}
	var b bytes.Buffer
	if _, err := m.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("write a letter of %s: %w", d.name, err)
	}
	return b.Bytes(), nil
}

var errNoLetter = errors.New("there is no such letter")

// render fills in one file of letters/.
func render(name string, s sheet) (string, error) {
	source, err := letters.ReadFile("letters/" + name)
	if err != nil {
		return "", fmt.Errorf("%s: %w", name, errNoLetter)
	}
	t, err := template.New(name).Parse(string(source))
	if err != nil {
		return "", err
	}
	var b strings.Builder
	if err := t.Execute(&b, s); err != nil {
		return "", err
	}
	return b.String(), nil
}
