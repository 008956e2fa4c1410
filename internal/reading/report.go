package reading

import (
	"bufio"
	"bytes"
	"net/textproto"
	"strings"

	"github.com/jhillyerd/enmime/v2"
)

// A DeliveryReport is what a mail server says became of a mail of ours.
type DeliveryReport struct {
	Action            string // "failed", "delayed", "delivered", "relayed", "expanded" (RFC 3464)
	Status            string // enhanced status code, "5.1.1"; empty when none is given
	OriginalMessageID string // of the mail it is about
	OriginalSender    string // address in that mail's From
	FinalRecipient    string // address
	OriginalRecipient string // address
	Diagnostic        string // the refusing server's words
	Standard          bool   // from a delivery-status part, not from words
}

// report reads a delivery report in its standard form (RFC 3464, and RFC 6533
// for international addresses), else in the words that older servers use.
func report(root *enmime.Part, m *Mail) *DeliveryReport {
	var r *DeliveryReport
	for _, p := range allParts(root) {
		switch p.ContentType {
		case "message/delivery-status", "message/global-delivery-status":
			if r == nil {
				r = deliveryStatus(p.Content)
			}
		}
	}
	if r == nil {
		r = wordedReport(m)
	}
	if r == nil {
		return nil
	}
	for _, p := range allParts(root) {
		switch p.ContentType {
		case "message/rfc822", "message/global", "text/rfc822-headers", "message/rfc822-headers", "message/global-headers":
			r.original(p.Content)
		}
	}
	if r.OriginalMessageID == "" { // the mail it is about, pasted into the text
		if i := strings.Index(strings.ToLower(m.Text), "message-id:"); i >= 0 {
			r.original([]byte(m.Text[i:]))
		}
	}
	if r.Status == "" {
		r.Status = enhanced.FindString(r.Diagnostic)
	}
	return r
}

// deliveryStatus reads the groups of fields: the first is about the message,
// each other about one recipient. A failed recipient outweighs the others.
func deliveryStatus(body []byte) *DeliveryReport {
	var best *DeliveryReport
	for _, group := range bytes.Split(bytes.ReplaceAll(bytes.TrimSpace(body), []byte("\r\n"), []byte("\n")), []byte("\n\n")) {
		h := fields(group)
		action := strings.ToLower(strings.TrimSpace(firstWord(h.Get("Action"))))
		status := enhanced.FindString(h.Get("Status"))
		if action == "" && status == "" {
			continue
		}
		if action == "" {
			action = map[byte]string{'2': "delivered", '4': "delayed", '5': "failed"}[status[0]]
		}
		r := &DeliveryReport{
			Action: action, Status: status, Standard: true,
			FinalRecipient:    typedAddress(h.Get("Final-Recipient")),
			OriginalRecipient: typedAddress(h.Get("Original-Recipient")),
			Diagnostic:        strings.TrimSpace(afterType(h.Get("Diagnostic-Code"))),
		}
		if best == nil || best.Action != "failed" && action == "failed" {
			best = r
		}
	}
	return best
}

// original takes the mail that is reported on from its returned header.
func (r *DeliveryReport) original(raw []byte) {
	h := fields(bytes.TrimLeft(raw, "\r\n"))
	if r.OriginalMessageID == "" {
		r.OriginalMessageID = first(messageIDs(h["Message-Id"]))
	}
	if from := addresses(h["From"]); len(from) > 0 && r.OriginalSender == "" {
		r.OriginalSender = from[0].Email
	}
}

var (
	enhanced = lazily(`\b[245]\.\d{1,3}\.\d{1,3}\b`)

	undelivered = phrases(`undeliver|unzustellbar|nicht (zugestellt|übermittelt)|returned mail|mail returned|returned to sender|failure notice|` +
		`(delivery|mail|message|address).{0,30}(fail(ed|ure)?\b|not delivered|problem)|could ?n[o']t be delivered|unable to deliver|non.?delivery|` +
		`delivery (status )?(notification|report|error)|mail system error|non (remis|distribu)|échec (de la |de )?(remise|distribution)|impossible de (remettre|distribuer)|` +
		`no (se (ha |puede |pudo )?)?(podido )?entrega|mensaje devuelto|mancat[ao] (consegna|recapito)|non (recapitabile|recapitato|consegnato)|impossibile (recapitare|consegnare)|(recapito|consegna) non riuscit|` +
		`niet (worden )?(bezorgd|afgeleverd)|onbestelbaar|bezorging (is )?mislukt|não (é possível|foi possível|pôde ser) entreg|não entregue|falha na entrega|(kunne|kan) ikke leveres|(kunde|kan) inte levereras|nie (można|udało się) dostarczyć|niedostarczon|nedoručen|nedoručiteln`)
	delayed = phrases(`\bdelay(ed)?\b|delivery incomplete|still being retried|\bwarning\b|will (keep|continue to) (trying|try|retry|be retried)|not yet (been )?delivered|verzögert|temporär|in ritardo|retardé`)
	gaveUp  = phrases(`giv(en|ing) up|permanent|fatal|no further|will not be|undeliverable|does not exist|unknown user|user unknown|no such user`)
	machine = lazily(`(?i)^(mailer[-_.]?daemon|mail[-_.]?daemon|postmaster|mdaemon|mail-delivery|maildelivery|mdsendnotifications)\b`)
	// The one line that says why: an SMTP reply or a phrase of one.
	reason = lazily(`(?im)^.{0,200}(\b5\d\d[ -]\S|\b[45]\.\d{1,3}\.\d{1,3}\b|user unknown|unknown user|no such (user|mailbox|person|recipient)|does ?n[o']t exist|mailbox (is )?(full|unavailable)|quota|no mailbox|host (not found|unknown)).{0,200}$`)
)

// wordedReport knows the reports of servers from before RFC 3464 and of those
// that ignore it. It asks for two signs: a sender that is a mail system (or an
// empty envelope sender), and words of failure.
func wordedReport(m *Mail) *DeliveryReport {
	failedTo, system, null, named := m.reportSigns()
	opening := beginning(m.Text, 2000)
	switch {
	case failedTo != "":
	case system && (named || null || undelivered.MatchString(opening) || delayed.MatchString(m.Subject)):
	case null && (named || undelivered.MatchString(beginning(opening, 400)) && reason.MatchString(opening)):
	case named && len(m.InReplyTo) == 0 && reason.MatchString(opening):
	default:
		return nil
	}
	r := &DeliveryReport{Action: "failed", FinalRecipient: failedTo}
	if delayed.MatchString(m.Subject) && !gaveUp.MatchString(opening) {
		r.Action = "delayed"
	}
	r.Diagnostic = strings.TrimSpace(reason.FindString(opening))
	return r
}

// reportSigns reads from the header what a report of failure in words shows at
// least one of.
func (m *Mail) reportSigns() (failedTo string, system, null, named bool) {
	failedTo = first(emails(m.Header["X-Failed-Recipients"]))
	system = machine.MatchString(m.From.Email) || machine.MatchString(m.From.Name) || strings.Contains(strings.ToLower(m.From.Name), "mail delivery") ||
		strings.HasPrefix(strings.ToLower(m.Header.Get("From")), "mail delivery")
	null = m.ReturnPath == "<>" || machine.MatchString(m.ReturnPath)
	named = undelivered.MatchString(m.Subject)
	return failedTo, system, null, named
}

// mayReport tells, from the header alone, whether a mail may be a delivery
// report.
func (m *Mail) mayReport(raw []byte) bool {
	failedTo, system, null, named := m.reportSigns()
	return failedTo != "" || system || null || named || containsFold(raw, "delivery-status")
}

// fields reads "Name: value" lines with folding, as far as they go.
func fields(b []byte) textproto.MIMEHeader {
	h := textproto.MIMEHeader{}
	var key string
	for s := bufio.NewScanner(bytes.NewReader(b)); s.Scan(); {
		line := strings.TrimRight(s.Text(), "\r")
		if line == "" {
			break
		}
		if line[0] == ' ' || line[0] == '\t' {
			if key != "" {
				values := h[key]
				values[len(values)-1] += " " + strings.TrimSpace(line)
			}
			continue
		}
		name, value, ok := strings.Cut(line, ":")
		if !ok || strings.ContainsAny(name, " \t") {
			key = ""
			continue
		}
		key = textproto.CanonicalMIMEHeaderKey(name)
		h[key] = append(h[key], strings.TrimSpace(value))
	}
	return h
}

// typedAddress reads "rfc822; someone@example.org".
func typedAddress(v string) string { return first(emails([]string{afterType(v)})) }

func afterType(v string) string {
	if _, after, ok := strings.Cut(v, ";"); ok {
		return after
	}
	return v
}

func emails(fields []string) (list []string) {
	for _, f := range fields {
		for _, e := range bareMail.FindAllString(f, -1) {
			list = append(list, email(e))
		}
	}
	return list
}

func firstWord(s string) string {
	w, _, _ := strings.Cut(strings.TrimSpace(s), " ")
	return w
}

// beginning gives at most n bytes of s, cut between runes.
func beginning(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}
