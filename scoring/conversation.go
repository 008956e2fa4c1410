package scoring

import (
	"fmt"

	"touchstone/internal/evidence"
)

// The criteria of a conversation by mail: how many answers it took, and
// whether the customer was asked for what was said before.

// Facts of the mail probe that these criteria need.
const (
	mailExchanges = "mail.exchanges"
	mailRounds    = "mail.rounds"
	mailResolved  = "mail.resolved-after"
	mailAsked     = "mail.asked-again"
)

func exchangesToResolution() Criterion {
	return Criterion{
		ID:     "exchanges-to-resolution",
		Title:  "One answer is enough",
		Why:    "Each further mail about the same matter costs the customer a wait and the shop a second reading.",
		Source: "Success through person-to-person communication: several mails for one problem are a bad experience; the scale is ours",
		Kind:   "mail", Task: "enquiry",
		Needs: []string{mailAnswered, mailQuestions, mailExchanges, mailRounds, mailResolved},
		Unit:  evidence.Ratio,
		Curve: "Of each mail the rounds of questions over the answers by persons until all were answered: one answer to each round 100, twice as many 50. What was never wholly answered gets 0, an unanswered mail too. Averaged over the mails that asked something.",
		Judge: func(f Facts) Mark {
			asking, none := among(f, "the mails asked nothing that could be counted", func(c Case) bool {
				q, ok := c.Number(mailQuestions)
				return !ok || q > 0
			})
			if none != nil {
				return *none
			}
			cases, warnings, none := answers(Facts{asking}, mailExchanges)
			if none != nil {
				return *none
			}
			resolved, took, sum := 0, 0.0, 0.0
			points := each(cases, func(i int) float64 {
				n, _ := cases[i].Number(mailExchanges)
				if !cases[i].has(mailResolved) || n == 0 {
					return 0
				}
				rounds, ok := cases[i].Number(mailRounds)
				if !ok {
					rounds = 1
				}
				resolved++
				took += n / rounds
				sum += min(rounds/n, 1)
				return min(rounds/n, 1)
			})
			m := Mark{Score: sum / float64(len(cases)), N: len(cases), Warnings: warnings, Each: points, Interval: meanInterval(points), Shown: fmt.Sprintf("none of %d resolved", len(cases))}
			if resolved > 0 {
				m.Shown = fmt.Sprintf("%d of %d resolved, with %.1f answers to a round", resolved, len(cases), took/float64(resolved))
			}
			m.Value = m.Score
			return m
		},
	}
}

func askedAgain() Criterion {
	return Criterion{
		ID:     "asked-again",
		Title:  "Remembers what the customer said",
		Why:    "Who is asked again for the number, the name or the article of the first mail learns that nobody looked at it.",
		Source: "Rethinking e-commerce service (July 1999): one record of the customer's whole way; the rule is ours",
		Kind:   "mail",
		Needs:  []string{mailAsked},
		Unit:   evidence.Ratio,
		Curve:  "The share of the conversations whose later answers ask for nothing that the customer's first mail says. It does not apply where no person answered a second time.",
		Judge:  where(mailAsked, "no person answered a second time", unflagged(mailAsked)),
	}
}
