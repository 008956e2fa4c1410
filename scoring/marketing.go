package scoring

import "touchstone/internal/evidence"

// The criteria of advertising and of what happens with the customer's address.

// Facts that these criteria need.
const (
	mailBulk      = "mail.bulk"
	webThirdParty = "web.third-party-typed"
)

func unsolicitedNewsletter() Criterion {
	return Criterion{
		ID:     "unsolicited-newsletter",
		Title:  "No newsletter unasked",
		Why:    "Who asked a question did not ask for advertising.",
		Source: "Resource Marketing, in the article on small firms against the giants; Directive 2002/58/EC, article 13",
		Kind:   "mail", Also: contactForms,
		Needs: []string{mailBulk},
		Unit:  evidence.Ratio,
		Curve: "The share of our addresses, each used for one question only, to which no newsletter came before the window closed.",
		Judge: where(mailBulk, "no probe recorded "+mailBulk, unflagged(mailBulk)),
	}
}

func consentPreticked() Criterion {
	return Criterion{
		ID:     "consent-preticked",
		Title:  "No advertising ticked in advance",
		Why:    "A box that the customer must untick takes a consent that was not given.",
		Source: "Court of Justice of the EU, C-673/17, Planet49 (2019): a pre-ticked box is no consent",
		Kind:   "web", Task: "checkout", Also: orders,
		Needs: []string{webPreticked},
		Unit:  evidence.Ratio,
		Curve: "The share of purchases without a marketing box that was ticked when first seen.",
		Judge: where(webPreticked, "no box for consent was looked for", unflagged(webPreticked)),
	}
}

func earlyTracking() Criterion {
	return Criterion{
		ID:     "early-tracking",
		Title:  "What is typed stays with the shop",
		Why:    "An address that goes to strangers before the form is sent was taken, not given.",
		Source: "Senol et al., Leaky Forms (USENIX Security 2022); the rule is ours",
		Kind:   "web", Also: formVisits,
		Needs: []string{webThirdParty},
		Unit:  evidence.Ratio,
		Curve: "The share of visits that typed an address and saw it go to no third party before the form was sent.",
		Judge: where(webThirdParty, "no visit typed an address", unflagged(webThirdParty)),
	}
}
