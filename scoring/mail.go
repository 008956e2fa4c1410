package scoring

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"touchstone/internal/evidence"
)

// The criteria of an enquiry by mail. The clock of every time runs from the
// moment our mail was accepted to the moment the answer arrived.

// Facts of the mail probe that these criteria need.
const (
	mailBounced      = "mail.bounced"
	mailAnswered     = "mail.answered"
	mailAcknowledged = "mail.acknowledged-after"
	mailFirstHuman   = "mail.first-human-after"
	mailBucket       = "mail.bucket"
	mailAckReceived  = "mail.acknowledged"
	mailTicket       = "mail.ticket"
	mailPromise      = "mail.promise"
	mailPromiseKept  = "mail.promise-kept"
	mailOtherChannel = "mail.other-channel"
	mailReadsNot     = "mail.reads-not"
	mailNoReply      = "mail.no-reply"
	mailBusiness     = "mail.business-after"
)

const (
	minute = 60.0
	hour   = 60 * minute
)

// replyCurve is that of every wait for a person's answer.
func replyCurve() Curve { return LogNormal(hour, 24*hour) }

func addressDeliverable() Criterion {
	return Criterion{
		ID:     "address-deliverable",
		Title:  "Address works",
		Why:    "A published address that returns mail tells the customer that nobody looked at it since it was set up.",
		Source: "Jupiter Communications (1998, 1999, 125 sites) had a class of its own for sites without a working mail system",
		Kind:   "mail", Task: "enquiry",
		Needs: []string{mailBounced, mailAnswered},
		Unit:  evidence.Ratio,
		Curve: "The share of mails that were delivered. A mail that came back counts as delivered only if a person answered it all the same.",
		Judge: func(f Facts) Mark {
			return share(f.Cases, func(c Case) bool {
				return c.Outcome != evidence.Failed && (!c.Flag(mailBounced) || c.Flag(mailAnswered))
			})
		},
	}
}

func acknowledgement() Criterion {
	const limit = 15 * minute
	soon := func(c Case, fact string) bool { after, ok := c.Number(fact); return ok && after <= limit }
	return Criterion{
		ID:     "acknowledgement",
		Title:  "Prompt acknowledgement",
		Why:    "A customer who hears at once that the question arrived does not ask again on another channel.",
		Source: "Gartner, eTail eService study (2000): 14 of 50 sites acknowledged a mail; the limit of 15 minutes is ours",
		Kind:   "mail", Task: "enquiry",
		Needs: []string{mailAckReceived, mailAcknowledged, mailFirstHuman},
		Unit:  evidence.Ratio,
		Curve: "The share of mails acknowledged within 15 minutes, by an automatic reply or, better still, by a person's answer.",
		Judge: func(f Facts) Mark {
			cases, none := among(f, "what was brought does not say whether mails were acknowledged", func(c Case) bool { return !c.Brought || c.has(mailAckReceived) })
			if none != nil {
				return *none
			}
			return share(cases, func(c Case) bool { return soon(c, mailAcknowledged) || soon(c, mailFirstHuman) })
		},
	}
}

func firstHumanReplyTime() Criterion {
	return Criterion{
		ID:     "first-human-reply-time",
		Title:  "Time to a person's answer",
		Why:    "The wait for an answer by a person is what customers remember of a mail enquiry; while they wait, they can buy elsewhere.",
		Source: "Toister (2020): a reply within an hour satisfies 88 % of customers (survey, n unknown); JupiterResearch (2002) cut at 24 hours; the points at these two times, and so the curve, are ours",
		Kind:   "mail", Task: "enquiry",
		Needs: []string{mailAnswered, mailFirstHuman},
		Unit:  evidence.Second,
		Curve: "A log-normal curve through 90 points at 1 hour and 50 at 24 hours (15 min 97, 6 h 71, 2 d 39, 5 d 26), averaged over the mails; a mail that nobody answered gets 0. Automatic replies do not count.",
		Judge: waited(mailFirstHuman, replyCurve()),
	}
}

// waited judges by the time that a fact holds, in seconds, with the probes
// that never got there as endless waits.
func waited(fact string, curve Curve) func(Facts) Mark {
	return func(f Facts) Mark {
		cases, warnings, none := recorded(f, fact)
		if none != nil {
			return *none
		}
		m := endless(fact, curve)(Facts{cases})
		m.Warnings = warnings
		return m
	}
}

// endless is waited where a probe that lacks the fact never got there, whatever
// its outcome.
func endless(fact string, curve Curve) func(Facts) Mark {
	return func(f Facts) Mark {
		cases := f.Cases
		waits := make([]float64, len(cases))
		answered := 0
		for i, c := range cases {
			waits[i] = math.Inf(1)
			if after, ok := c.Number(fact); ok {
				waits[i] = after
				answered++
			}
		}
		m := Mark{Score: mean(waits, curve), N: len(cases), Interval: medianInterval(waits)}
		m.Each = each(cases, func(i int) float64 { return curve(waits[i]) })
		// With the unanswered as endless waits, the median is known once more
		// than half were answered, and unbiased by the rest. A mean over the
		// answered alone would flatter the shop that leaves the hard ones.
		switch middle := median(waits); {
		case answered == 0:
			m.Censored, m.Shown = true, "never"
		case math.IsInf(middle, 1):
			m.Censored, m.Shown = true, fmt.Sprintf("median not reached, %d of %d answered", answered, len(cases))
		case answered < len(cases):
			m.Value, m.Shown = middle, fmt.Sprintf("%s, %d of %d answered", Duration(middle), answered, len(cases))
		default:
			m.Value, m.Shown = middle, Duration(middle)
		}
		return m
	}
}

func businessHoursReplyTime() Criterion {
	return Criterion{
		ID:     "business-hours-reply-time",
		Title:  "Time to a person's answer, in opening hours",
		Why:    "A shop that closes at night can only be quick while it is open; this is what its own people made of their day.",
		Source: "Success through person-to-person communication asks whether a day is fast enough; the curve is ours",
		Kind:   "mail", Task: "enquiry",
		Needs: []string{mailAnswered, mailBusiness},
		Unit:  evidence.Second,
		Curve: "A log-normal curve through 90 points at 1 hour and 50 at 8 hours of the site's own opening time, which is about a working day, averaged over the mails; an unanswered mail gets 0. It does not apply where the site's hours are not known.",
		Judge: func(f Facts) Mark {
			// Without hours an answer has no such time, which is no fault of the probe.
			if people, none := among(f, "", func(c Case) bool { return c.Flag(mailAnswered) }); none == nil {
				if _, none := among(Facts{people}, "the site's hours are not known", func(c Case) bool { return c.has(mailBusiness) }); none != nil {
					return *none
				}
			}
			return waited(mailBusiness, LogNormal(hour, 8*hour))(f)
		},
	}
}

func acknowledgementContent() Criterion {
	return Criterion{
		ID:     "acknowledgement-content",
		Title:  "What the acknowledgement says",
		Why:    "A receipt is useful when it says how to ask again, how long the answer takes and where else help can be had.",
		Source: "Gartner, eTail eService study (2000) counted acknowledgements and the tracking of an inquiry; the three parts and their equal weights are ours",
		Kind:   "mail", Task: "enquiry", Also: []Scope{{"mail", "complaint"}},
		Needs: []string{mailAckReceived, mailTicket, mailPromise, mailOtherChannel},
		Unit:  evidence.Ratio,
		Curve: "A third each for a ticket number, a time by which an answer will come, and another channel, averaged over the automatic acknowledgements. It does not apply where none came: the prompt acknowledgement is a criterion of its own.",
		Judge: func(f Facts) Mark {
			cases, none := among(f, "no acknowledgement came", func(c Case) bool { return c.Flag(mailAckReceived) && c.has(mailOtherChannel) })
			if none != nil {
				return *none
			}
			var tickets, promises, channels int
			parts := each(cases, func(i int) float64 {
				met, c := 0, cases[i]
				if ticket, _ := c.Text(mailTicket); ticket != "" {
					tickets++
					met++
				}
				if c.has(mailPromise) {
					promises++
					met++
				}
				if c.Flag(mailOtherChannel) {
					channels++
					met++
				}
				return float64(met) / 3
			})
			n := len(cases)
			p := Proportion(tickets+promises+channels, 3*n)
			return Mark{Score: p, Value: p, N: n, Each: parts, Interval: meanInterval(parts), Shown: fmt.Sprintf("ticket %d, time %d, other channel %d of %d", tickets, promises, channels, n)}
		},
	}
}

func deadLetterBox() Criterion {
	return Criterion{
		ID:     "dead-letter-box",
		Title:  "Published address is read",
		Why:    "An address that answers that nobody reads it has sent the customer away after the question was written.",
		Source: "Rethinking e-commerce service (July 1999) asks for free-form questions by mail; the rule is ours",
		Kind:   "mail",
		Needs:  []string{mailAckReceived, mailReadsNot},
		Unit:   evidence.Ratio,
		Curve:  "The share of automatic replies that do not say that mail to this address is not read. It does not apply where none came.",
		Judge: func(f Facts) Mark {
			cases, none := among(f, "no automatic reply came", func(c Case) bool { return c.Flag(mailAckReceived) && c.has(mailReadsNot) })
			if none != nil {
				return *none
			}
			return share(cases, unflagged(mailReadsNot))
		},
	}
}

func promiseKept() Criterion {
	return Criterion{
		ID:     "promise-kept",
		Title:  "Promised time is kept",
		Why:    "A time that the shop itself named and then missed does more harm than none: the customer waited for it.",
		Source: "Wrong Number: an invitation to mail, answered “within 48 hours”",
		Kind:   "mail", Task: "enquiry", Also: []Scope{{"mail", "complaint"}},
		Needs: []string{mailPromiseKept},
		Unit:  evidence.Ratio,
		Curve: "The share of the promised times by which a person had answered. It does not apply where nothing was promised.",
		Judge: where(mailPromiseKept, "no time was promised", func(c Case) bool { return c.Flag(mailPromiseKept) }),
	}
}

func repliable() Criterion {
	return Criterion{
		ID:     "repliable",
		Title:  "Answers can be answered",
		Why:    "A reply that can't be replied to makes the customer start again with the next question.",
		Source: "Rethinking e-commerce service (July 1999): personal service by mail is an exchange; the rule is ours",
		Kind:   "mail",
		Needs:  []string{mailAnswered, mailAckReceived, mailNoReply},
		Unit:   evidence.Ratio,
		Curve:  "The share of mails to which nothing came from a no-reply address, among those to which something came.",
		Judge: func(f Facts) Mark {
			cases, none := among(f, "nothing came back that one could reply to", func(c Case) bool {
				return (c.Flag(mailAnswered) || c.Flag(mailAckReceived)) && c.has(mailNoReply)
			})
			if none != nil {
				return *none
			}
			return share(cases, unflagged(mailNoReply))
		},
	}
}

func nonResponse() Criterion {
	return Criterion{
		ID:     "non-response",
		Title:  "Enquiries answered",
		Why:    "A question that is never answered is a lost sale and, often, a lost customer.",
		Source: "Jupiter Communications (January 1999): 26 % of 125 sites, about 33, never answered",
		Kind:   "mail", Task: "enquiry",
		Needs: []string{mailAnswered},
		Unit:  evidence.Ratio,
		Curve: "The share of mails that a person answered before the window closed. An acknowledgement by machine is not an answer.",
		Judge: flagged(mailAnswered),
	}
}

// A bucket is one of Jupiter's classes of response time, with its points.
type bucket struct {
	label  string
	points float64
}

// buckets are best first.
func buckets() []bucket {
	return []bucket{
		{"≤6 h", 1}, {"6–24 h", 0.8}, {"1–2 d", 0.55}, {"2–3 d", 0.4}, {"3–5 d", 0.2}, {"≥5 d", 0.05},
		{"never", 0}, {"bounced", 0}, {"no channel", 0},
	}
}

func responseApdex() Criterion {
	return Criterion{
		ID:     "response-apdex",
		Title:  "Satisfied with the wait",
		Why:    "A customer is content, puts up with it, or is lost: three classes say what a mean hides.",
		Source: "Apdex Alliance (2007) for the index; JupiterResearch (2002) for the cuts at 6 and 24 hours",
		Kind:   "mail", Task: "enquiry",
		Needs: []string{mailAnswered, mailFirstHuman},
		Unit:  evidence.Second,
		Curve: "Steps: 100 points up to 6 hours (satisfied), 50 up to 24 hours (tolerating), else 0, averaged over the mails; a mail that nobody answered gets 0.",
		Judge: waited(mailFirstHuman, Apdex(6*hour, 24*hour)),
	}
}

func responseBucket() Criterion {
	return Criterion{
		ID:     "response-bucket",
		Title:  "Response class",
		Why:    "The classes in which the studies of 1998 to 2005 reported make a shop comparable with their figures.",
		Source: "Jupiter Communications and JupiterResearch (1998–2005) for the classes; the points are ours",
		Kind:   "mail", Task: "enquiry",
		Needs: []string{mailBucket},
		Unit:  evidence.Ratio,
		Curve: "The mean over the mails of points by class: within 6 h 100, 6–24 h 80, 1–2 days 55, 2–3 days 40, 3–5 days 20, later 5, never, returned or no way to write 0.",
		Judge: func(f Facts) Mark {
			classes := buckets()
			count := make(map[string]int, len(classes))
			known := 0
			points := each(f.Cases, func(i int) float64 {
				label, _ := f.Cases[i].Text(mailBucket)
				count[label]++
				if at := slices.IndexFunc(classes, func(b bucket) bool { return b.label == label }); at >= 0 {
					return classes[at].points
				}
				return 0 // of no known class: the mark is refused below
			})
			var sum float64
			var words []string
			for _, b := range classes {
				n := count[b.label]
				known += n
				sum += b.points * float64(n)
				if n > 0 {
					words = append(words, fmt.Sprintf("%d × %s", n, b.label))
				}
			}
			if known < len(f.Cases) {
				return Mark{State: NotMeasured, Reason: fmt.Sprintf("%d of %s recorded no known class of response", len(f.Cases)-known, plural(len(f.Cases), "probe"))}
			}
			m := Mark{Score: sum / float64(known), Shown: strings.Join(words, ", "), Each: points, Interval: meanInterval(points)}
			if known == 1 {
				m.Shown = strings.TrimPrefix(m.Shown, "1 × ")
			}
			m.Value = m.Score
			return m
		},
	}
}
