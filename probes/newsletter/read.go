package newsletter

import (
	"strconv"
	"strings"
	"time"

	"touchstone/internal/evidence"
	"touchstone/internal/reading"
	"touchstone/probes"
)

// own is what the probe records besides the facts of its visits. Times count
// from the sign-up, in whole seconds, unless they are said to count from
// leaving. A single mail is told in the same words as by the mail probe.
var own = []evidence.FactDef{
	{Name: "mail.sent", Unit: evidence.Time, Meaning: "when the visit had signed up"},
	{Name: "mail.class", Unit: evidence.Text, Meaning: "class of one mail, as the mail probe names them"},
	{Name: "mail.rule", Unit: evidence.Text, Meaning: "the rule that decided the class"},
	{Name: "mail.after", Unit: evidence.Second, Meaning: "time to this mail"},
	{Name: "mail.from", Unit: evidence.Text, Meaning: "its sender"},
	{Name: "mail.subject", Unit: evidence.Text, Meaning: "its subject"},
	{Name: "mail.text", Unit: evidence.Text, Meaning: "the writer's own words: no quotation, no signature"},
	{Name: "mail.leaked", Unit: evidence.Count, Meaning: "newsletters at the address, which only the shop knows, from senders that are neither the shop nor a mail service"},
	{Name: "mail.postal-address", Unit: evidence.Bool, Meaning: "a mail of the shop's gives a postal address. Absent when none came"},
	{Name: "newsletter.mails", Unit: evidence.Count, Meaning: "mails of the shop's until its list was left, or was to be"},
	{Name: "newsletter.issues", Unit: evidence.Count, Meaning: "newsletters among them: all but requests to confirm the sign-up"},
	{Name: "newsletter.first-after", Unit: evidence.Second, Meaning: "time to the first mail of the shop's"},
	{Name: "newsletter.welcome-after", Unit: evidence.Second, Meaning: "time to the first newsletter; after a confirmation, from that on"},
	{Name: "newsletter.opt-in", Unit: evidence.Bool, Meaning: "a mail asked for the sign-up to be confirmed (double opt-in). Absent when no mail came"},
	{Name: "newsletter.opt-in-after", Unit: evidence.Second, Meaning: "time to that mail"},
	{Name: "newsletter.confirmed", Unit: evidence.Bool, Meaning: "its link was followed, and the page took it. Absent where it was not followed"},
	{Name: "newsletter.unconfirmed-issues", Unit: evidence.Count, Meaning: "newsletters before the confirmation that the shop had asked for. Absent where it asked for none"},
	{Name: "newsletter.way-out", Unit: evidence.Bool, Meaning: "every newsletter says how to leave the list. Absent when none came"},
	{Name: "newsletter.list-field", Unit: evidence.Bool, Meaning: "every newsletter has a List-Unsubscribe field (RFC 2369), which mail programs show. Absent when none came"},
	{Name: "newsletter.one-click", Unit: evidence.Bool, Meaning: "every newsletter can be left by one click in a mail program (RFC 8058). Absent when none came"},
	{Name: "newsletter.left-by", Unit: evidence.Text, Meaning: "how the list was left, at last: one-click, mail, page"},
	{Name: "newsletter.left", Unit: evidence.Bool, Meaning: "a way out that was tried was taken by the shop: by a status, a page that says so, or a mail accepted. Absent where none was tried, or that is not known"},
	{Name: "newsletter.leave-tries", Unit: evidence.Count, Meaning: "ways that were tried. Absent where none was"},
	{Name: "newsletter.leave-confirmed", Unit: evidence.Bool, Meaning: "the shop said so, on the page or by a mail. Absent where the list was not left"},
	{Name: "newsletter.issues-in-grace", Unit: evidence.Count, Meaning: "newsletters within the grace after leaving. Absent where the list was not left"},
	{Name: "newsletter.issues-after-grace", Unit: evidence.Count, Meaning: "newsletters after the grace: the list was left in vain. Absent where the list was not left, or the grace was not watched to its end"},
	{Name: "newsletter.last-after-leaving", Unit: evidence.Second, Meaning: "from leaving to the last newsletter. Absent where none came"},
}

// maxText bounds the words kept as a fact; the mail itself is the evidence.
const maxText = 16 << 10

// read adds what the mails say to what the visit has recorded.
func read(t *probes.Task, th probes.Thread, rec *probes.Recorder) error {
	list := issues(t, th)
	gone, left := leftAt(th)
	end := th.Sent.Add(th.Window)
	if left {
		end = gone.At
	}
	rec.Time("mail.sent", th.Sent)
	mails(th, list, rec)
	before(th, list, end, rec)
	if tries := leavingFacts(th, rec); tries > 0 {
		rec.Number("newsletter.leave-tries", float64(tries))
	}
	if left && gone.State == probes.Accepted {
		after(t, th, list, gone, rec)
	}
	visit := rec.Observation(0)
	reached, ended := visit.Fact("goal.reached")
	came := false
	for n := range list {
		came = came || list[n].theirs
	}
	switch {
	case !th.Closed:
		rec.End(evidence.Pending, "the window is open")
	case !ended:
		rec.End(evidence.Broken, "the visit was cut off while it signed up")
	case reached.Number == 0 && !came:
		rec.End(evidence.Broken, "no page and no mail showed that the sign-up was taken")
	case left && gone.State != probes.Accepted:
		rec.End(evidence.Completed, "whether the shop took the unsubscribing is not known: "+gone.Detail)
	default:
		rec.End(evidence.Completed, "")
	}
	return nil
}

// mails records each mail, and whom the address was told to.
func mails(th probes.Thread, list []issue, rec *probes.Recorder) {
	leaked, came, postal := 0, false, false
	for n := range list {
		i := &list[n]
		step := "reply-" + strconv.Itoa(n+1)
		rec.StepText(step, "mail.class", string(i.class))
		rec.StepText(step, "mail.rule", i.rule)
		rec.StepNumber(step, "mail.after", since(th.Sent, i.Received))
		from := i.mail.From.Email
		if i.mail.From.Name != "" {
			from = i.mail.From.Name + " <" + from + ">"
		}
		rec.StepText(step, "mail.from", from)
		rec.StepText(step, "mail.subject", i.mail.Subject)
		rec.StepText(step, "mail.text", strings.ToValidUTF8(i.mail.Own[:min(len(i.mail.Own), maxText)], ""))
		rec.Cite(step+".eml", i.Ref)
		if !i.theirs {
			if i.class == reading.Bulk {
				leaked++
			}
			continue
		}
		came = true
		postal = postal || reading.PostalAddress(i.mail.Shown)
	}
	rec.Number("mail.leaked", float64(leaked))
	if came {
		rec.Flag("mail.postal-address", postal)
	}
}

// before records what came while the address was on the list.
func before(th probes.Thread, list []issue, end time.Time, rec *probes.Recorder) {
	count, issues, early := 0, 0, 0
	asked, first, welcomed := false, true, false
	wayOut, field, click := true, true, true
	said, confirmed := done(th, confirm)
	from := th.Sent
	if confirmed && said.State == probes.Accepted {
		from = said.At
	}
	for n := range list {
		i := &list[n]
		if !i.theirs || i.Received.After(end) {
			continue
		}
		count++
		if first {
			rec.Number("newsletter.first-after", since(th.Sent, i.Received))
			first = false
		}
		if i.asks != "" && !asked {
			rec.Number("newsletter.opt-in-after", since(th.Sent, i.Received))
			asked = true
		}
		if !i.news() {
			continue
		}
		issues++
		if asked && (!confirmed || i.Received.Before(said.At)) {
			early++
		}
		if !welcomed && !i.Received.Before(from.Truncate(time.Second)) {
			rec.Number("newsletter.welcome-after", since(from, i.Received))
			welcomed = true
		}
		wayOut = wayOut && i.leaving.Offered()
		field = field && i.leaving.Header
		click = click && i.leaving.OneClick != ""
	}
	rec.Number("newsletter.mails", float64(count))
	rec.Number("newsletter.issues", float64(issues))
	if count > 0 {
		rec.Flag("newsletter.opt-in", asked)
	}
	if asked {
		rec.Number("newsletter.unconfirmed-issues", float64(early))
	}
	if confirmed {
		rec.Flag("newsletter.confirmed", said.State == probes.Accepted)
	}
	if issues > 0 {
		rec.Flag("newsletter.way-out", wayOut)
		rec.Flag("newsletter.list-field", field)
		rec.Flag("newsletter.one-click", click)
	}
}

// leavingFacts records what leaving took, over all ways that were tried.
func leavingFacts(th probes.Thread, rec *probes.Recorder) (tries int) {
	clicks, by, known, taken := 0.0, "", true, false
	flags := map[string]bool{}
	for _, d := range th.Done {
		if !strings.HasPrefix(d.Name, leave) || d.Withheld {
			continue
		}
		tries++
		by = wayOf(d)
		known = d.State != probes.Uncertain
		taken = d.State == probes.Accepted
		if d.Seen == nil {
			clicks += float64(one(wayOf(d) == byMail)) // the mail program's button
			continue
		}
		if f, ok := d.Seen.Fact("newsletter.leave-clicks"); ok {
			clicks += f.Number
		}
		for _, name := range []string{"newsletter.leave-login", "newsletter.leave-survey", "newsletter.leave-address"} {
			if f, ok := d.Seen.Fact(name); ok {
				flags[name] = flags[name] || f.Number != 0
			}
		}
		if f, ok := d.Seen.Fact("newsletter.leave-says"); ok {
			rec.Text("newsletter.leave-says", f.Text)
		}
	}
	if tries == 0 {
		return 0
	}
	rec.Number("newsletter.leave-clicks", clicks)
	rec.Text("newsletter.left-by", by)
	for _, name := range []string{"newsletter.leave-login", "newsletter.leave-survey", "newsletter.leave-address"} {
		if v, ok := flags[name]; ok {
			rec.Flag(name, v)
		}
	}
	if known {
		rec.Flag("newsletter.left", taken)
	}
	return tries
}

// after records what came when the list had been left.
func after(t *probes.Task, th probes.Thread, list []issue, gone probes.Done, rec *probes.Recorder) {
	end := graceFrom(t, gone.At)
	in, late, last, said := 0, 0, -1.0, false
	if gone.Seen != nil {
		_, said = gone.Seen.Fact("newsletter.leave-says")
	}
	for n := range list {
		i := &list[n]
		if !i.Received.After(gone.At) {
			continue
		}
		said = said || i.theirs && i.goodbye
		if !i.news() {
			continue
		}
		if i.Received.After(end) {
			late++
		} else {
			in++
		}
		last = since(gone.At, i.Received)
	}
	rec.Flag("newsletter.leave-confirmed", said)
	rec.Number("newsletter.issues-in-grace", float64(in))
	if th.Closed {
		rec.Number("newsletter.issues-after-grace", float64(late))
	}
	if last >= 0 {
		rec.Number("newsletter.last-after-leaving", last)
	}
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func since(from, to time.Time) float64 {
	return max(to.Sub(from), 0).Truncate(time.Second).Seconds()
}
