package scoring

import (
	"fmt"
	"slices"

	"touchstone/internal/evidence"
)

// The criteria of whether a customer gets a thing done: one task each, by the
// share of the visits that reached its end.

const rethinking = "Rethinking e-commerce service (July 1999)"

// reaching is a criterion of a web task by that name.
func reaching(id, task, title, why, source string) Criterion {
	return Criterion{
		ID: id, Title: title, Why: why, Source: source, Kind: "web", Task: task,
		Needs: []string{webReached}, Unit: evidence.Ratio,
		Curve: "The share of the visits with this task that reached its end.",
		Judge: flagged(webReached),
	}
}

func selfService() []Criterion {
	return []Criterion{
		reaching("change-address", "change-address", "The address can be changed", "Whoever moves should not have to ask.", rethinking+" names it among the tasks"),
		reaching("change-password", "change-password", "The password can be changed", "A password that may be known to others must be changed at once, not when somebody answers.", rethinking+" names it among the tasks"),
		reaching("cancel-order", "cancel-order", "An order can be cancelled", "A mistake that can be undone at once costs neither side a parcel.", rethinking+" names it among the tasks"),
		reaching("order-status", "order-status", "The state of an order can be seen", "It is the question that shops are asked most, and the one that needs nobody to answer it.", rethinking+" names it among the tasks"),
		reaching("start-return", "start-return", "A return can be begun", "Whoever sends something back is won or lost for the next order.", "Directive 2011/83/EU, articles 9 to 14; the rule is ours"),
		reaching("inquiry-tracking", "inquiry-tracking", "A question can be followed", "Who sees that the question is in work does not ask it again.", "Gartner, eTail eService study (2000): 5 of 50 sites"),
		reaching("escalation", "escalation", "A person is offered where the pages end", "A customer who has tried the pages in vain has tried enough.", "Success through person-to-person communication (2000): a person must be there when self-service fails; eGain (2010)"),
	}
}

func helpTasksDone() []Criterion {
	policies := reaching("policies-stated", "find-policies", "The rules are written down", "What delivery costs, how returns go and where to complain is asked before buying.", "Directive 2011/83/EU, article 6(1); the rule is ours")
	policies.Also = []Scope{{"web", "find-delivery-cost"}, {"web", "find-returns"}}
	policies.Curve = "The share of the visits that looked for the cost of delivery, for returns, or for all rules in one, and reached them."
	return []Criterion{
		routineQuestions(),
		reaching("zero-result-exit", "search-nothing", "A search without results leads on", "A blank page is the end of the way.", "The rule is ours"),
		policies,
		reaching("feedback-asked", "give-feedback", "The shop asks how it did", "Who asks hears of a fault before it spreads.", "Success through person-to-person communication (2000): learn from what customers say"),
		reaching("privacy-policy", "find-privacy", "What happens to one's data is written down", "Whoever gives an address wants to know for what.", "Regulation (EU) 2016/679, article 13; the rule is ours"),
	}
}

// routineQuestions counts ten questions of a visit that asks them all as ten,
// and a script's one as one.
func routineQuestions() Criterion {
	const asked, answered = "goal.questions", "goal.questions-answered"
	c := reaching("routine-questions", "answer-question", "Routine questions are answered on the pages", "The answer that one finds is the quickest.", "Eptica's studies of retailers (2014 to 2016) look for ten such questions on each site")
	c.Needs = []string{webReached, asked, answered}
	c.Curve = "The share of the questions that a visit found answered, averaged over the visits; one that asked a single question by a script has found it or not."
	c.Judge = func(f Facts) Mark {
		if !slices.ContainsFunc(f.Cases, func(c Case) bool { return c.has(asked) }) {
			return flagged(webReached)(f)
		}
		cases, warnings, none := recorded(f, webReached)
		if none != nil {
			return *none
		}
		found, all := 0.0, 0.0
		shares := make([]float64, len(cases))
		for i, c := range cases {
			n, ten := c.Number(asked)
			k, _ := c.Number(answered)
			if !ten || n == 0 {
				k, n = float64(count(c.Flag(webReached))), 1
			}
			found, all, shares[i] = found+k, all+n, k/n
		}
		m := Mark{Score: meanOf(shares), N: len(cases), Warnings: warnings, Shown: fmt.Sprintf("%.0f of %s", found, plural(int(all), "question"))}
		m.Value, m.Each = m.Score, each(cases, func(i int) float64 { return shares[i] })
		return m
	}
	return c
}

func formWall() Criterion {
	return Criterion{
		ID: "form-wall", Title: "The contact form is open to all",
		Why:    "Whoever is no customer yet has no account, and has a question all the same.",
		Source: "The article on small firms against the giants: the proper channel is hard to find; the rule is ours",
		Kind:   "form", Task: "contact-form",
		Needs: []string{webAccountForced}, Unit: evidence.Ratio,
		Curve: "The share of forms that wanted no password first. A form behind a riddle for programs could not be tested.",
		Judge: where(webAccountForced, "no visit filled in the form", unflagged(webAccountForced)),
	}
}
