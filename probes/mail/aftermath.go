package mail

import (
	"net/url"
	"slices"

	"touchstone/internal/reading"
	"touchstone/probes"
)

// recordAftermath records what came besides the answer: a question whether all
// is well, a notice that all is done, advertising from others.
func recordAftermath(t *probes.Task, th probes.Thread, rec *probes.Recorder, arrivals []arrival, answer *arrival) {
	var came, postal, followed, closed bool
	leaked := 0
	for i := range arrivals {
		a := &arrivals[i]
		if a.late || a.class == reading.Bounce || a.class == reading.Delay {
			continue
		}
		came = true
		postal = postal || reading.PostalAddress(a.mail.Shown)
		switch a.class {
		case reading.Survey:
			followed = followed || answer != nil && a.after >= answer.after
		case reading.Closed:
			closed = closed || answer == nil || a.after < answer.after
		case reading.Bulk:
			if !theirs(t, th, a.mail.From.Email) {
				leaked++
			}
		}
	}
	rec.Flag("mail.closed-unanswered", closed)
	rec.Number("mail.leaked", float64(leaked))
	if came {
		rec.Flag("mail.postal-address", postal)
	}
	if answer != nil {
		rec.Flag("mail.follow-up", followed)
	}
}

// recordSender records whether the mail that a customer waits for is who it
// says it is, as our own server saw it.
func recordSender(rec *probes.Recorder, a *arrival) {
	found, ok := a.mail.Authenticated()
	if !ok {
		return
	}
	for _, f := range []struct{ name, value string }{{"mail.spf", found.SPF}, {"mail.dkim", found.DKIM}, {"mail.dmarc", found.DMARC}} {
		if f.value != "" {
			rec.Text(f.name, f.value)
		}
	}
}

// services send for shops under names of their own: that is no other sender.
var services = []string{
	"amazonses.com", "brevo.com", "createsend.com", "freshdesk.com", "gmail.com", "gorgias.com", "helpscout.net", "hubspot.com",
	"intercom-mail.com", "klaviyomail.com", "mailchimp.com", "mailchimpapp.com", "mailgun.org", "mailjet.com", "mandrillapp.com", "mcsv.net",
	"outlook.com", "rsgsv.net", "salesforce.com", "sendgrid.net", "shopify.com", "shopifyemail.com", "zendesk.com",
}

// theirs reports whether an address is of the shop, or of a service that sends
// for shops.
func theirs(t *probes.Task, th probes.Thread, address string) bool {
	domain := reading.Domain(address)
	own := []string{reading.Domain(th.Letter.To), reading.Domain(t.Site.Email), reading.Domain(hostOf(t.Site.URL))}
	for _, d := range t.Site.Domains {
		own = append(own, reading.Domain(d))
	}
	return domain == "" || slices.Contains(own, domain) || slices.Contains(services, domain)
}

// hostOf gives the host of a start page, "" where there is none.
func hostOf(page string) string {
	u, err := url.Parse(page)
	if err != nil {
		return ""
	}
	return u.Hostname()
}
