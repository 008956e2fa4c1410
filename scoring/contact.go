package scoring

import (
	"fmt"
	"strconv"

	"touchstone/internal/evidence"
)

// The criteria of finding and using a way to ask a person: the published
// address, the form, the phone.

// Facts of the web and form probes that these criteria need.
const (
	webEmailPublished  = "web.email-published"
	webFormDistance    = "web.form-distance"
	webPreticked       = "web.consent-preticked"
	webPhoneProminence = "web.phone-prominence"
	webPhoneLink       = "web.phone-link"
	formFirstMail      = "form.first-mail-after"
	formFirstHuman     = "form.first-human-after"
)

// formVisits read pages as web visits do, whatever their task.
var formVisits = []Scope{{Kind: "form"}, {Kind: "newsletter"}}

func addressPublished() Criterion {
	return Criterion{
		ID:     "address-published",
		Title:  "Mail address is published",
		Why:    "A customer who wants a written answer needs an address.",
		Source: "Netomi (2020, 2,000 shops): 59 % have an address that is easily found; the rule is ours",
		Kind:   "web", Also: formVisits,
		Needs: []string{webEmailPublished},
		Unit:  evidence.Ratio,
		Curve: "100 points if any visit saw a mail address on a page, as a link, as text or in the page's data; else 0.",
		Judge: anywhere(webEmailPublished, "an address is published", "no address was seen"),
	}
}

func formDistance() Criterion {
	return Criterion{
		ID:     "form-distance",
		Title:  "Clicks to the contact form",
		Why:    "A form that must be searched for is meant not to be found.",
		Source: "The article on small firms against the giants: the proper channel is hard to find; the scale is ours",
		Kind:   "web", Task: "find-contact", Also: contactForms,
		Needs: []string{webFormDistance},
		Unit:  evidence.Count,
		Curve: "A straight line from 100 points at 1 click from the start page to 0 at 5, for the shortest way that a visit took. It does not apply where no form was seen.",
		Judge: func(f Facts) Mark {
			cases, none := among(f, "no form was seen", func(c Case) bool { return c.has(webFormDistance) })
			if none != nil {
				return *none
			}
			least, _ := cases[0].Number(webFormDistance)
			for _, c := range cases {
				n, _ := c.Number(webFormDistance)
				least = min(least, n)
			}
			return Mark{Score: Linear(1, 5)(least), Value: least, N: len(cases), Shown: plural(int(least), "click")}
		},
	}
}

// contactForms are the visits that send the shop's form.
var contactForms = []Scope{{"form", "contact-form"}}

func formFields() Criterion {
	return Criterion{
		ID:     "form-fields",
		Title:  "Fields of the contact form",
		Why:    "A question needs a text and an address to answer to; all else is the shop's own wish.",
		Source: "The scale is ours",
		Kind:   "form", Task: "contact-form",
		Needs: []string{webReached, webFieldsVisible, formFirstMail},
		Unit:  evidence.Count,
		Curve: "A straight line from 100 points at 4 visible fields (name, address, subject, message) to 0 at 12. " + effortCurve,
		Judge: effort(webFieldsVisible, "field", Linear(4, 12)),
	}
}

func formSubmission() Criterion {
	return Criterion{
		ID:     "form-submission",
		Title:  "Contact form can be sent",
		Why:    "A form that fails swallows the question and often the text.",
		Source: "Task success as ISO 9241-11 (2018) defines effectiveness",
		Kind:   "form", Task: "contact-form",
		Needs: []string{webReached, formFirstMail},
		Unit:  evidence.Ratio,
		Curve: "The share of forms that were sent and confirmed, on the page or by a mail that followed.",
		Judge: func(f Facts) Mark {
			cases, warnings, none := recorded(f, webReached)
			if none != nil {
				return *none
			}
			m := share(cases, through)
			m.Warnings = warnings
			return m
		},
	}
}

func formConsent() Criterion {
	return Criterion{
		ID:     "form-consent",
		Title:  "No advertising ticked on the contact form",
		Why:    "A question is no wish for advertising.",
		Source: "Court of Justice of the EU, C-673/17, Planet49 (2019): a pre-ticked box is no consent",
		Kind:   "form", Task: "contact-form",
		Needs: []string{webPreticked},
		Unit:  evidence.Ratio,
		Curve: "The share of visits without a marketing box that was ticked when first seen.",
		Judge: where(webPreticked, "no box for consent was looked for", unflagged(webPreticked)),
	}
}

func formReceipt() Criterion {
	const limit = 15 * minute
	return Criterion{
		ID:     "form-receipt",
		Title:  "Receipt of the contact form",
		Why:    "What was typed into a page is gone; a copy or a number by mail is the only proof that it was sent.",
		Source: "Gartner, eTail eService study (2000): 14 of 50 sites acknowledged; the limit of 15 minutes is ours",
		Kind:   "form", Task: "contact-form",
		Needs: []string{formFirstMail},
		Unit:  evidence.Ratio,
		Curve: "The share of forms that a mail of any kind followed within 15 minutes.",
		Judge: func(f Facts) Mark {
			return share(f.Cases, func(c Case) bool { after, ok := c.Number(formFirstMail); return ok && after <= limit })
		},
	}
}

func formReplyTime() Criterion {
	return Criterion{
		ID:     "form-reply-time",
		Title:  "Time to a person's answer, by form",
		Why:    "To the customer the form is a mail like any other.",
		Source: "The curve of first-human-reply-time",
		Kind:   "form", Task: "contact-form",
		Needs: []string{formFirstHuman},
		Unit:  evidence.Second,
		Curve: "A log-normal curve through 90 points at 1 hour and 50 at 24 hours, averaged over the forms; a form that nobody answered gets 0. Automatic replies do not count.",
		Judge: waited(formFirstHuman, replyCurve()),
	}
}

func phoneProminence() Criterion {
	places := []string{"none seen", "one click away", "on the start page", "in the start page's header"}
	return Criterion{
		ID:     "phone-prominence",
		Title:  "Phone number is easily found",
		Why:    "Often there is no number at all, and a shop without a voice is hard to trust with money.",
		Source: "Wrong Number; Customer service is just about everything asks for a number on the page; the steps are ours",
		Kind:   "web", Also: formVisits,
		Needs: []string{webPhoneProminence},
		Unit:  evidence.Count,
		Curve: "100 points in the start page's header, 67 elsewhere on the start page, 33 one click away, 0 where none was seen; the best that any visit saw.",
		Judge: func(f Facts) Mark {
			cases, none := among(f, "no visit looked for a phone number", func(c Case) bool { return c.has(webPhoneProminence) })
			if none != nil {
				return *none
			}
			best := 0.0
			for _, c := range cases {
				n, _ := c.Number(webPhoneProminence)
				best = max(best, n)
			}
			top := float64(len(places) - 1)
			best = min(max(best, 0), top)
			return Mark{Score: best / top, Value: best, N: len(cases), Shown: places[int(best)]}
		},
	}
}

func phoneLink() Criterion {
	return Criterion{
		ID:     "phone-link",
		Title:  "Phone number can be tapped",
		Why:    "Whoever reads on a telephone should not have to copy digits by hand.",
		Source: "RFC 3966 (tel: links); the rule is ours",
		Kind:   "web", Also: formVisits,
		Needs: []string{webPhoneLink, webPhoneProminence},
		Unit:  evidence.Ratio,
		Curve: "100 points if any visit saw a number as a link, else 0. It does not apply where no number was seen.",
		Judge: func(f Facts) Mark {
			cases, none := among(f, "no phone number was seen", func(c Case) bool {
				return c.Flag(webPhoneLink) || c.Flag(webPhoneProminence) && c.has(webPhoneLink)
			})
			if none != nil {
				return *none
			}
			return anywhere(webPhoneLink, "the number is a link", "the number is no link")(Facts{cases})
		},
	}
}

// anywhere judges by whether any visit recorded the fact as true: what stands
// on one page of a site is there, though other visits passed it by.
func anywhere(fact, yes, no string) func(Facts) Mark {
	return func(f Facts) Mark {
		cases, none := among(f, "no visit recorded "+fact, func(c Case) bool { return c.has(fact) })
		if none != nil {
			return *none
		}
		m := Mark{N: len(cases), Shown: no}
		for _, c := range cases {
			if c.Flag(fact) {
				m.K++
			}
		}
		if m.K > 0 {
			m.Score, m.Value, m.Shown = 1, 1, fmt.Sprintf("%s (seen by %d of %s)", yes, m.K, plural(m.N, "visit"))
		}
		return m
	}
}

// A distance that no way reaches is no number, so properChannelDistance keeps
// its 0 for that alone: a gate may watch it.
func properChannelDistance() Criterion {
	return Criterion{
		ID:     "proper-channel-distance",
		Title:  "Clicks to a way to ask a person",
		Why:    "What a customer with a question wants is a person, by whatever channel is nearest.",
		Source: "The article on small firms against the giants: the proper channel for a service issue is hard to find; the scale is ours",
		Kind:   "web", Task: "find-contact", Also: []Scope{{"web", "find-phone"}, {"web", "find-help"}},
		Needs: []string{webClicks, webPhoneProminence, webEmailPublished, webFormDistance},
		Unit:  evidence.Count,
		Curve: "100 points where a phone number, a form or an address stands on the start page or a click away, and 100 divided by the number of clicks beyond (2 clicks 50, 4 clicks 25); 0 only where none was found. An address counts at the end of the visit that saw it.",
		Judge: func(f Facts) Mark {
			found, least := false, 0.0
			way := func(clicks float64) {
				if !found || clicks < least {
					found, least = true, clicks
				}
			}
			for _, c := range f.Cases {
				if p, _ := c.Number(webPhoneProminence); p >= 2 {
					way(0)
				} else if p >= 1 {
					way(1)
				}
				if d, ok := c.Number(webFormDistance); ok {
					way(d)
				}
				if d, ok := c.Number(webClicks); ok && c.Flag(webEmailPublished) {
					way(d)
				}
			}
			if _, none := among(f, "no visit looked for a phone number or an address", func(c Case) bool { return c.has(webPhoneProminence) || c.has(webEmailPublished) }); none != nil && !found {
				return *none
			}
			if !found {
				return Mark{Censored: true, Shown: "never: no way to ask a person was found"}
			}
			return Mark{Score: 1 / max(least, 1), Value: least, Shown: strconv.FormatFloat(least, 'f', -1, 64) + " " + clicks(least)}
		},
	}
}

func clicks(n float64) string {
	if n == 1 {
		return "click"
	}
	return "clicks"
}
