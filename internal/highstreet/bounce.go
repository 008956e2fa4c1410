package highstreet

import (
	"bytes"
	"fmt"
	"strings"
	"time"
)

// bounceAfter is how long the provider takes to find out that there is no such
// recipient.
const bounceAfter = 30 * time.Second

// A refusal is why a mail could not be delivered.
type refusal struct {
	status string // RFC 3463
	host   string // the server that refused; empty when none was found
	words  string
}

// bounce sends a delivery status notification (RFC 3464) to the sender of an
// undeliverable mail, unless that had none: a bounce is never bounced.
func (o *office) bounce(from, to string, raw []byte, after time.Duration, why refusal) {
	if from == "" {
		return
	}
	arrived := o.time.Now()
	o.time.At(arrived.Add(after), func() {
		o.deliver(submitHost, "", from, report(from, to, raw, why, arrived, o.time.Now()))
	})
}

// report writes the notification: words for a person, fields for a program,
// and the headers of the mail that comes back.
func report(from, to string, raw []byte, why refusal, arrived, now time.Time) []byte {
	id := tag("bounce", from, to, now.String())
	boundary := id + "/" + submitHost

	diagnostic, remote := "X-Postbox; "+why.words, ""
	said := why.words
	if why.host != "" {
		diagnostic, remote = "smtp; "+why.words, "Remote-MTA: dns; "+why.host+"\n"
		said = fmt.Sprintf("host %s said: %s", why.host, why.words)
	}
	headers, _, _ := bytes.Cut(raw, []byte("\r\n\r\n"))

	var b strings.Builder
	fmt.Fprintf(&b, `From: Mail Delivery System <MAILER-DAEMON@%[1]s>
To: %[2]s
Subject: Undelivered Mail Returned to Sender
Date: %[3]s
Message-ID: <%[4]s@%[5]s>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
	boundary="%[6]s"

This is a MIME-encapsulated message.

--%[6]s
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host %[5]s.

I'm sorry to have to inform you that your message could not be delivered
to the recipient below. The headers of your message are attached.

<%[7]s>: %[8]s

--%[6]s
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; %[5]s
Arrival-Date: %[9]s

Final-Recipient: rfc822; %[7]s
Original-Recipient: rfc822; %[7]s
Action: failed
Status: %[10]s
%[11]sDiagnostic-Code: %[12]s

--%[6]s
Content-Description: Undelivered message headers
Content-Type: text/rfc822-headers

%[13]s

--%[6]s--
`, provider, from, now.Format(time.RFC1123Z), id, submitHost, boundary,
		to, said, arrived.Format(time.RFC1123Z), why.status, remote, diagnostic,
		strings.ReplaceAll(string(headers), "\r\n", "\n"))
	return []byte(strings.ReplaceAll(b.String(), "\n", "\r\n"))
}
