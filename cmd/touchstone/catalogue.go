package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"touchstone/scoring"
)

// A family is a part of the catalogue, in the order of the customer's way.
type family struct {
	title string
	ids   []string
}

// families are the whole catalogue, with what is not judged yet.
var families = []family{
	{"Mail", []string{"address-published", "address-deliverable", "acknowledgement", "acknowledgement-content", "first-human-reply-time", "response-bucket", "response-apdex", "business-hours-reply-time", "non-response", "dead-letter-box", "questions-answered", "correctness", "wrong-question", "personalisation", "canned-share", "empathy", "language", "concision", "exchanges-to-resolution", "redirect-only", "follow-up", "promise-kept", "closed-without-answer", "mail-authentication", "repliable", "repeat-consistency"}},
	{"Web form", []string{"form-distance", "form-fields", "form-wall", "form-submission", "form-receipt", "form-recovery", "form-consent", "form-reply-time"}},
	{"Chat", []string{"chat-presence", "chat-at-point-of-sale", "chat-open", "chat-entry", "chat-first-message-time", "chat-first-human-time", "chat-unanswered", "bot-disclosure", "turns-to-human", "chat-questions-answered", "transcript-offered", "context-kept"}},
	{"Telephone", []string{"phone-prominence", "phone-link", "phone-cost", "phone-hours", "phone-at-checkout", "call-back-offer", "help-leads-to-human", "number-consistency", "phone-time-to-answer", "phone-questions-answered"}},
	{"Self-service", []string{"change-address", "change-password", "cancel-order", "order-status", "start-return", "inquiry-tracking", "task-effort", "data-reuse", "escalation"}},
	{"Help and knowledge", []string{"faq-presence", "help-search", "routine-questions", "zero-result-exit", "readability", "dead-help-links", "cross-channel-consistency", "policies-stated", "feedback-asked", "proper-channel-distance"}},
	{"Checkout", []string{"checkout-steps", "checkout-fields", "checkout-clicks", "guest-checkout", "cost-before-data", "stock-shown", "delivery-date", "help-in-checkout", "checkout-error-recovery", "declined-card-recovery", "step-time", "checkout-accessibility", "unexpected-extras", "checkout-success", "cart-persistence", "maze", "page-vitals"}},
	{"Control of the site", []string{"price-consistency", "offer-applied", "discontinued-items", "out-of-stock-sign", "change-lag", "expired-offers", "availability", "dead-links"}},
	{"Marketing and privacy", []string{"unsolicited-newsletter", "consent-preticked", "newsletter-consent", "newsletter-confirmation", "unsubscribe", "unsubscribe-effort", "one-click-unsubscribe", "alias-leak", "early-tracking", "privacy-policy", "postal-address", "mail-volume"}},
	{"After the purchase", []string{"order-confirmation-time", "purchase-confirmed", "order-confirmation-content", "shipping-notice", "delivery-promise", "delivery-follow-up", "refund-days", "cancellation-acknowledged"}},
	{"Personalisation and the single view", []string{"asked-again", "channel-agreement", "recognition"}},
}

// unjudged are what of the catalogue nothing records yet, and why.
var unjudged = map[string]string{
	"cross-channel-consistency": "needs a reader that sets what a mail says beside what the help pages say",
	"change-lag":                "needs visits from several places at the same time",
	"channel-agreement":         "needs one question asked over two channels and both answers read",
	"recognition":               "needs a returning customer with an account",
}

// ordered gives the criteria by family; one that stands in none comes last.
func ordered(all []scoring.Criterion) []scoring.Criterion {
	place := map[string]int{}
	for _, f := range families {
		for _, id := range f.ids {
			place[id] = len(place) + 1
		}
	}
	return slices.SortedStableFunc(slices.Values(all), func(a, b scoring.Criterion) int {
		return cmp.Compare(cmp.Or(place[a.ID], len(place)+1), cmp.Or(place[b.ID], len(place)+1))
	})
}

// familyOf names the family that a criterion begins, "" within one.
func familyOf(id string) string {
	for _, f := range families {
		for _, member := range f.ids {
			if _, not := unjudged[member]; !not {
				if member == id {
					return f.title
				}
				break // only the first that is judged heads its family
			}
		}
	}
	return ""
}

// manual prints the catalogue as a manual page.
func manual(w io.Writer, pages []criterionPage) error {
	var b strings.Builder
	b.WriteString("CRITERIA\n")
	fmt.Fprintf(&b, "    %s\n", wrap(catalogueIntro, 74, "    "))
	for _, p := range pages {
		if title := familyOf(p.ID); title != "" {
			fmt.Fprintf(&b, "\n%s\n", strings.ToUpper(title))
		} else {
			b.WriteByte('\n')
		}
		p.write(&b, "    ")
	}
	b.WriteString("\nNOT JUDGED YET\n")
	for _, f := range families {
		for _, id := range f.ids {
			if why, ok := unjudged[id]; ok {
				fmt.Fprintf(&b, "    %-26s %s\n", id, wrap(why, 48, strings.Repeat(" ", 31)))
			}
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

const catalogueIntro = "What Touchstone judges. Each criterion turns the facts that it names into 0 to 100 points, or does not apply, or could not be tested; silence is data and scores 0. " +
	"A scorecard weighs them: see the files in scorecards/, which give a reason beside each weight."

// write prints one criterion, all lines indented.
func (p criterionPage) write(b *strings.Builder, indent string) {
	fmt.Fprintf(b, "%s%s\n%s    %s\n", indent, p.ID, indent, p.Title)
	for _, r := range p.rows() {
		fmt.Fprintf(b, "%s    %-10s %s\n", indent, r[0], wrap(r[1], 66-len(indent), indent+strings.Repeat(" ", 15)))
	}
}

// markdownCatalogue prints the whole catalogue, docs/criteria.md.
func markdownCatalogue(w io.Writer, pages []criterionPage) error {
	var b strings.Builder
	b.WriteString("# Criteria\n\n<!-- Made by `touchstone criteria --markdown`; `make golden` writes it again. -->\n\n")
	fmt.Fprintf(&b, "%s\n\n| family | judged | not yet, and why |\n|---|---|---|\n", catalogueIntro)
	for _, f := range families {
		var judged, not []string
		for _, id := range f.ids {
			if why, ok := unjudged[id]; ok {
				not = append(not, fmt.Sprintf("`%s`: %s", id, why))
			} else {
				judged = append(judged, fmt.Sprintf("[%s](#%s)", id, id))
			}
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", f.title, first(strings.Join(judged, " "), "–"), first(strings.Join(not, "; "), "–"))
	}
	for _, p := range pages {
		if title := familyOf(p.ID); title != "" {
			fmt.Fprintf(&b, "\n## %s\n", title)
		}
		p.markdown(&b, "###")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// markdown prints one criterion below a heading of that depth.
func (p criterionPage) markdown(b *strings.Builder, depth string) {
	fmt.Fprintf(b, "\n%s %s\n\n%s\n\n", depth, p.ID, p.Title)
	for _, r := range p.rows() {
		fmt.Fprintf(b, "- **%s**: %s\n", r[0], r[1])
	}
}
