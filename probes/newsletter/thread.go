package newsletter

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"touchstone/internal/evidence"
	"touchstone/internal/reading"
	"touchstone/probes"
)

// An issue is one mail at the probe's address, as it was read.
type issue struct {
	probes.Arrival
	mail    reading.Mail
	class   reading.Class
	rule    string
	theirs  bool            // the shop's, or that of a service which sends for it
	asks    string          // the link by which it wants the sign-up confirmed; empty: it does not
	leaving reading.Leaving // how it lets one go
	goodbye bool            // it says that one has left
}

// news reports whether it is a newsletter: anything of the shop's but what
// asks for the sign-up to be confirmed, and the answer to leaving.
func (i *issue) news() bool {
	if !i.theirs || i.asks != "" || i.goodbye {
		return false
	}
	switch i.class {
	case reading.Bulk, reading.Survey, reading.Human, reading.Notice, reading.Acknowledgement:
		return true
	}
	return false
}

// issues reads the mails of a thread.
func issues(t *probes.Task, th probes.Thread) []issue {
	list := make([]issue, len(th.Arrivals))
	for n, a := range th.Arrivals {
		m := reading.Parse(a.Raw)
		i := issue{Arrival: a, mail: m, leaving: reading.LeavingOf(a.Raw), goodbye: reading.Left(m.Subject) || reading.Left(m.Own)}
		i.class, i.rule = reading.Classify(m)
		if c := reading.Class(a.Reviewed.Class); c != "" && c != i.class {
			i.class, i.rule = c, "corrected by a reviewer; the reader said "+string(i.class)+": "+i.rule
		}
		i.theirs = theirs(t, m.From)
		if link, ok := reading.ConfirmationOf(a.Raw); ok && i.theirs {
			i.asks = link.URL
		}
		list[n] = i
	}
	return list
}

// services send for shops under names of their own.
var services = []string{
	"amazonses.com", "brevo.com", "createsend.com", "cleverreach.com", "convertkit.com", "emarsys.net", "hubspot.com", "inxmail.com", "klaviyomail.com", "mailchimp.com",
	"mailchimpapp.com", "mailerlite.com", "mailgun.org", "mailjet.com", "mcsv.net", "newsletter2go.com", "omnisend.com", "rapidmail.de", "rsgsv.net", "salesforce.com", "sendgrid.net", "shopify.com", "shopifyemail.com",
}

// theirs reports whether a sender is the shop, by its domain or by the name
// that it shows where a service sends for it. Only their links are pressed:
// the address may have been passed on.
func theirs(t *probes.Task, from reading.Address) bool {
	domain := reading.Domain(from.Email)
	if domain == "" {
		return false
	}
	own := []string{reading.Domain(t.Site.Email), reading.Domain(hostOf(t.Site.URL))}
	for _, d := range t.Site.Domains {
		own = append(own, reading.Domain(d))
	}
	if slices.Contains(own, domain) || slices.Contains(services, domain) {
		return true
	}
	name := strings.Join(reading.Fold(t.Site.Name), " ")
	return len(name) >= 3 && strings.Contains(" "+strings.Join(reading.Fold(from.Name), " ")+" ", " "+name+" ")
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// began reports whether a visit sent the form, though it saw nobody take it.
func began(o evidence.Observation) bool {
	f, _ := o.Fact("newsletter.sent")
	return f.Number != 0
}

// leftAt gives when the list was left, as far as we did it, and the act; false
// while it was not tried, or every way was refused.
func leftAt(th probes.Thread) (probes.Done, bool) {
	for _, d := range th.Done {
		if strings.HasPrefix(d.Name, leave) && d.State != probes.Refused {
			return d, true
		}
	}
	return probes.Done{}, false
}

// done gives what came of an act; false where it was not begun.
func done(th probes.Thread, name string) (probes.Done, bool) {
	i := slices.IndexFunc(th.Done, func(d probes.Done) bool { return d.Name == name })
	if i < 0 {
		return probes.Done{}, false
	}
	return th.Done[i], true
}

// until gives when the thread's window closes: grace and watch after the list
// was left, or was to be.
func until(t *probes.Task, th probes.Thread) time.Time {
	from := th.Sent.Add(th.Window)
	if d, ok := leftAt(th); ok {
		from = d.At
	}
	return graceFrom(t, from).Add(watched(t))
}
