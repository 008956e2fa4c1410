package scoring

import (
	"fmt"
	"math"
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
)

const (
	minute = 60.0
	hour   = 60 * minute
)

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
		Needs: []string{mailAcknowledged, mailFirstHuman},
		Unit:  evidence.Ratio,
		Curve: "The share of mails acknowledged within 15 minutes, by an automatic reply or, better still, by a person's answer.",
		Judge: func(f Facts) Mark {
			return share(f.Cases, func(c Case) bool { return soon(c, mailAcknowledged) || soon(c, mailFirstHuman) })
		},
	}
}

func firstHumanReplyTime() Criterion {
	curve := LogNormal(hour, 24*hour)
	return Criterion{
		ID:     "first-human-reply-time",
		Title:  "Time to a person's answer",
		Why:    "The wait for an answer by a person is what customers remember of a mail enquiry; while they wait, they can buy elsewhere.",
		Source: "Toister (2020): a reply within an hour satisfies 88 % of customers (survey, n unknown); JupiterResearch (2002) cut at 24 hours; the points at these two times, and so the curve, are ours",
		Kind:   "mail", Task: "enquiry",
		Needs: []string{mailAnswered, mailFirstHuman},
		Unit:  evidence.Second,
		Curve: "A log-normal curve through 90 points at 1 hour and 50 at 24 hours (15 min 97, 6 h 71, 2 d 39, 5 d 26), averaged over the mails; a mail that nobody answered gets 0. Automatic replies do not count.",
		Judge: func(f Facts) Mark {
			cases, warnings, none := recorded(f, mailFirstHuman)
			if none != nil {
				return *none
			}
			waits := make([]float64, len(cases))
			answered := 0
			for i, c := range cases {
				waits[i] = math.Inf(1)
				if after, ok := c.Number(mailFirstHuman); ok {
					waits[i] = after
					answered++
				}
			}
			m := Mark{Score: mean(waits, curve), N: len(cases), Warnings: warnings}
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
		{"never", 0}, {"bounced", 0},
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
		Curve: "The mean over the mails of points by class: within 6 h 100, 6–24 h 80, 1–2 days 55, 2–3 days 40, 3–5 days 20, later 5, never or returned 0.",
		Judge: func(f Facts) Mark {
			classes := buckets()
			count := make(map[string]int, len(classes))
			known := 0
			for _, c := range f.Cases {
				label, _ := c.Text(mailBucket)
				count[label]++
			}
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
			m := Mark{Score: sum / float64(known), Shown: strings.Join(words, ", ")}
			if known == 1 {
				m.Shown = strings.TrimPrefix(m.Shown, "1 × ")
			}
			m.Value = m.Score
			return m
		},
	}
}
