// Package form is the probe that sends something through a shop's own pages,
// a contact form or an order, and then waits for the mails that it causes: a
// visit first, a correspondence after it.
package form

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"touchstone/internal/evidence"
	"touchstone/internal/reading"
	"touchstone/probes"
)

// Reading is the version of what is made of the mails after the visit.
const Reading = "form/2"

// own is what the probe records besides the facts of its visit. Times count
// from the end of the visit, which sent what is answered, in whole seconds. A
// single mail is told in the same words as by the mail probe.
var own = []evidence.FactDef{
	{Name: "mail.sent", Unit: evidence.Time, Meaning: "when the visit had sent what is answered"},
	{Name: "form.mails", Unit: evidence.Count, Meaning: "mails at the probe's own address within the window"},
	{Name: "mail.bulk", Unit: evidence.Count, Meaning: "of them, newsletters: nobody asked for one"},
	{Name: "form.first-mail-after", Unit: evidence.Second, Meaning: "time to the first of them, newsletters apart"},
	{Name: "form.first-mail-class", Unit: evidence.Text, Meaning: "its class"},
	{Name: "form.first-human-after", Unit: evidence.Second, Meaning: "time to the first mail by a person"},
	{Name: "mail.class", Unit: evidence.Text, Meaning: "class of one mail, as the mail probe names them"},
	{Name: "mail.rule", Unit: evidence.Text, Meaning: "the rule that decided the class"},
	{Name: "mail.after", Unit: evidence.Second, Meaning: "time to this mail"},
	{Name: "mail.from", Unit: evidence.Text, Meaning: "its sender"},
	{Name: "mail.subject", Unit: evidence.Text, Meaning: "its subject"},
	{Name: "mail.text", Unit: evidence.Text, Meaning: "the writer's own words: no quotation, no signature"},
}

// Kind makes the probe of a kind of visits: the same parameters, effects and
// facts, and then the mails.
func Kind(visit probes.Kind) probes.Kind {
	k := visit
	k.Name = "form"
	k.About = "Sends something through the shop's own pages, then waits for the mails that it causes."
	k.Facts = append(append([]evidence.FactDef{}, visit.Facts...), own...)
	k.Correspondence = &probes.Correspondence{Read: read, Reading: Reading, Sent: unproven}
	return k
}

// unproven reports whether a visit has sent a form of which no page showed that
// it was taken: a mail may.
func unproven(o evidence.Observation) bool {
	f, sent := o.Fact("web.form-taken")
	return sent && f.Number == 0
}

// maxText bounds the words kept as a fact; the mail itself is the evidence.
const maxText = 16 << 10

// read adds what the mails say to what the visit has recorded. A question
// wants a person's answer: an automatic acknowledgement alone is silence, as
// with a mail. An order wants to be confirmed, by whomever.
func read(t *probes.Task, th probes.Thread, rec *probes.Recorder) error {
	rec.Time("mail.sent", th.Sent)
	mails, bulk, answered, failed := 0, 0, false, ""
	var firstHuman bool
	for i, a := range th.Arrivals {
		m := reading.Parse(a.Raw)
		class, rule := reading.Classify(m)
		if c := reading.Class(a.Reviewed.Class); c != "" && c != class {
			class, rule = c, fmt.Sprintf("corrected by a reviewer; the reader said %s: %s", class, rule)
		}
		after := max(a.Received.Sub(th.Sent), 0).Truncate(time.Second)
		step := "reply-" + strconv.Itoa(i+1)
		rec.StepText(step, "mail.class", string(class))
		rec.StepText(step, "mail.rule", rule)
		rec.StepNumber(step, "mail.after", after.Seconds())
		rec.StepText(step, "mail.from", sender(m))
		rec.StepText(step, "mail.subject", m.Subject)
		rec.StepText(step, "mail.text", strings.ToValidUTF8(m.Own[:min(len(m.Own), maxText)], ""))
		rec.Cite(step+".eml", a.Ref)
		if after > th.Window {
			continue
		}
		mails++
		switch class {
		case reading.Bulk:
			bulk++
			continue
		case reading.Survey:
			continue
		case reading.Bounce:
			failed = "the shop's mail came back to it, or ours to us: " + rule
			continue
		}
		if !answered {
			rec.Number("form.first-mail-after", after.Seconds())
			rec.Text("form.first-mail-class", string(class))
			answered = true
		}
		if class == reading.Human && !firstHuman {
			rec.Number("form.first-human-after", after.Seconds())
			firstHuman = true
		}
	}
	rec.Number("form.mails", float64(mails))
	rec.Number("mail.bulk", float64(bulk))
	switch {
	case firstHuman, answered && t.Granted(evidence.PlaceOrder):
		rec.End(evidence.Completed, "")
	case !th.Closed:
		rec.End(evidence.Pending, "the window is open")
	case failed != "":
		rec.End(evidence.Failed, failed)
	case answered:
		rec.End(evidence.Silent, fmt.Sprintf("received automatically, never answered within %s", th.Window))
	case unproven(rec.Observation(0)):
		rec.End(evidence.Broken, fmt.Sprintf("the form was sent, and neither a page nor a mail within %s showed that it was taken", th.Window))
	default:
		rec.End(evidence.Silent, fmt.Sprintf("what was sent went through, but no mail came within %s", th.Window))
	}
	return nil
}

func sender(m reading.Mail) string {
	if m.From.Name == "" {
		return m.From.Email
	}
	return m.From.Name + " <" + m.From.Email + ">"
}
