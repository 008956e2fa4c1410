package highstreet

import (
	"bytes"
	"embed"
	"fmt"
	"net/mail"
	"strings"
	"text/template"
	"time"

	gomail "github.com/wneessen/go-mail"
)

//go:embed notices
var noticeFiles embed.FS

// An order is what a shop was told to send.
type order struct {
	site, email, name, number string
	lines                     []line
	way                       *way
	delivery, total           pence // VAT included; delivery is part of the total
	at                        time.Time
}

// A notice is a mail that an order desk sends because of an order.
type notice struct {
	after time.Duration
	text  string // name in notices/, without .txt
}

// notices are the order desks of the street, by site. A shop without one takes
// orders and says nothing.
var notices = map[string][]notice{
	"kettle-and-leaf": {{20 * time.Second, "order"}, {26 * time.Hour, "shipping"}},
}

// ordered has the order desk send its notices, each in its time.
func (o *office) ordered(placed order) {
	d := o.deskOf(placed.site)
	for _, n := range notices[placed.site] {
		o.time.At(placed.at.Add(n.after), func() {
			raw, err := d.notify(n, placed)
			if err != nil {
				o.log.Error("an order desk could not write its notice", "desk", placed.site, "notice", n.text, "error", err)
				return
			}
			o.deliver("mail."+d.domain, "orders@"+d.domain, placed.email, raw)
		})
	}
}

// notify composes one notice as RFC 5322. It is automatic and says so (RFC
// 3834): an order asks for it, but no person writes it.
func (d *desk) notify(n notice, placed order) ([]byte, error) {
	t, err := template.ParseFS(noticeFiles, "notices/"+n.text+".txt")
	if err != nil {
		return nil, fmt.Errorf("read the notice %s: %w", n.text, err)
	}
	given, _, _ := strings.Cut(placed.name, " ")
	var text strings.Builder
	if err := t.Execute(&text, map[string]any{
		"Customer": given, "Number": placed.number, "Lines": placed.lines, "Way": placed.way, "Delivery": placed.delivery, "Total": placed.total,
	}); err != nil {
		return nil, fmt.Errorf("write the notice %s: %w", n.text, err)
	}
	subject, body, _ := strings.Cut(text.String(), "\n\n")
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	m.FromMailAddress(&mail.Address{Name: d.name, Address: "orders@" + d.domain})
	if err := m.To(placed.email); err != nil {
		return nil, fmt.Errorf("notice to %q: %w", placed.email, err)
	}
	m.Subject(strings.TrimSpace(subject))
	m.SetDateWithValue(placed.at.Add(n.after))
	m.SetMessageIDWithValue(strings.ToLower(tag(d.site, n.text, placed.number, placed.email)) + "@" + d.domain)
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetBodyString(gomail.TypeTextPlain, body)
	var b bytes.Buffer
	if _, err := m.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("write the notice %s: %w", n.text, err)
	}
	return b.Bytes(), nil
}
