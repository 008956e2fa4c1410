package scoring

import (
	"fmt"

	"touchstone/internal/evidence"
)

// The criteria of live chat. Conversations are brought: until they are, none applies.

const liveHelp = "Success through person-to-person communication (2000)"

// observed is a criterion of one yes or no that a person noted; none says why
// it does not apply where nobody did.
func observed(kind, id, title, why, source, fact, curve, none string) Criterion {
	return Criterion{
		ID: id, Title: title, Why: why, Source: source, Kind: kind, Needs: []string{fact}, Unit: evidence.Ratio, Curve: curve,
		Judge: where(fact, none, func(c Case) bool { return c.Flag(fact) }),
	}
}

func chatPresence() Criterion {
	return observed("chat", "chat-presence", "A chat is offered", "A question that comes up while buying wants its answer while buying.",
		"Gartner, eTail eService study (2000): 12 of 50 sites", "chat.present", "The share of observations that found a chat.", "nobody looked for a chat")
}

// pointsOfSale are the pages on which a chat is worth most.
var pointsOfSale = []string{"chat.on-product", "chat.on-cart", "chat.on-checkout", "chat.on-confirmation"}

func chatAtPointOfSale() Criterion {
	return Criterion{
		ID: "chat-at-point-of-sale", Title: "The chat stands where one buys",
		Why:    "Help on the start page is far from where the doubt arises.",
		Source: liveHelp + " names product, cart, checkout and confirmation",
		Kind:   "chat", Needs: pointsOfSale, Unit: evidence.Ratio,
		Curve: "A quarter each for the product's page, the cart, the checkout and the confirmation, of those that were looked at, averaged over the observations.",
		Judge: func(f Facts) Mark {
			cases, none := among(f, "nobody looked for the chat where one buys", func(c Case) bool { return looked(c) > 0 })
			if none != nil {
				return *none
			}
			var sum float64
			there, seen := 0, 0
			for _, c := range cases {
				k := 0
				for _, page := range pointsOfSale {
					if c.Flag(page) {
						k++
					}
				}
				n := looked(c)
				sum += Proportion(k, n)
				there, seen = there+k, seen+n
			}
			score := sum / float64(len(cases))
			return Mark{Score: score, Value: score, N: len(cases), Shown: fmt.Sprintf("on %d of %s", there, plural(seen, "page"))}
		},
	}
}

// looked counts the points of sale that were looked at.
func looked(c Case) (n int) {
	for _, page := range pointsOfSale {
		if c.has(page) {
			n++
		}
	}
	return n
}

func chatOpen() Criterion {
	return Criterion{
		ID: "chat-open", Title: "The chat is open when it says so",
		Why:    "A button that opens a form for tomorrow is no chat.",
		Source: "Study of 108 Dutch sites (2014): 42 % offline by day",
		Kind:   "chat", Needs: []string{"chat.open", "chat.hours-open"}, Unit: evidence.Ratio,
		Curve: "The share of tries within the hours stated at which the chat was open.",
		Judge: func(f Facts) Mark {
			cases, none := among(f, "nobody tried the chat within its hours", func(c Case) bool {
				return c.has("chat.open") && (!c.has("chat.hours-open") || c.Flag("chat.hours-open"))
			})
			if none != nil {
				return *none
			}
			return share(cases, func(c Case) bool { return c.Flag("chat.open") })
		},
	}
}

func chatEntry() Criterion {
	return Criterion{
		ID: "chat-entry", Title: "The chat begins at once",
		Why:    "Who must give name, address and topic before the first word writes elsewhere.",
		Source: "The scale is ours: one click and nothing to fill in is the best",
		Kind:   "chat", Needs: []string{"chat.clicks", "chat.forced-fields"}, Unit: evidence.Count,
		Curve: "A straight line from 100 points at one click or field to 0 at 7 clicks and fields together, averaged over the conversations.",
		Judge: func(f Facts) Mark {
			cases, none := among(f, "nobody counted clicks and fields", func(c Case) bool { return c.has("chat.clicks") || c.has("chat.forced-fields") })
			if none != nil {
				return *none
			}
			steps := make([]float64, len(cases))
			for i, c := range cases {
				a, _ := c.Number("chat.clicks")
				b, _ := c.Number("chat.forced-fields")
				steps[i] = a + b
			}
			m := Mark{Score: mean(steps, Linear(1, 7)), Value: median(steps), N: len(cases)}
			m.Shown = fmt.Sprintf("%g clicks and fields", m.Value)
			return m
		},
	}
}

// tried leaves out the observations in which nothing was asked.
func tried(judge func(Facts) Mark) func(Facts) Mark {
	return func(f Facts) Mark {
		cases, none := among(f, "nobody asked anything by chat", func(c Case) bool { return c.has("chat.answered") })
		if none != nil {
			return *none
		}
		return judge(Facts{cases})
	}
}

func chatFirstMessageTime() Criterion {
	return Criterion{
		ID: "chat-first-message-time", Title: "Time to the first answer by chat",
		Why:    "In a chat a minute of silence is a long time.",
		Source: "Study of 108 Dutch sites (2014): 44 s; SuperOffice (1,000 sites): 2 min 40 s; the curve through these is ours",
		Kind:   "chat", Needs: []string{"chat.answered", "chat.first-message-after"}, Unit: evidence.Second,
		Curve: "A log-normal curve through 90 points at 15 seconds and 50 at 2 minutes, averaged over the conversations; one without an answer gets 0.",
		Judge: tried(waited("chat.first-message-after", LogNormal(15, 2*minute))),
	}
}

func chatFirstHumanTime() Criterion {
	return Criterion{
		ID: "chat-first-human-time", Title: "Time to a person by chat",
		Why:    "A program's greeting answers nothing.",
		Source: "Comm100 (2016–2019): waits of 37 to 48 s; the curve is ours",
		Kind:   "chat", Needs: []string{"chat.answered", "chat.first-human-after"}, Unit: evidence.Second,
		Curve: "A log-normal curve through 90 points at 30 seconds and 50 at 4 minutes, averaged over the conversations; one without a person gets 0.",
		Judge: tried(endless("chat.first-human-after", LogNormal(30, 4*minute))),
	}
}

func chatUnanswered() Criterion {
	return observed("chat", "chat-unanswered", "Chats are answered", "An open chat that nobody answers is worse than none.",
		"Study of 108 Dutch sites (2014): 13 of 108 without an answer in 5 minutes; SuperOffice (1,000 sites): 21 %", "chat.answered",
		"The share of conversations answered within 5 minutes.", "nobody asked anything by chat")
}

func botDisclosure() Criterion {
	return Criterion{
		ID: "bot-disclosure", Title: "A program says that it is one",
		Why:    "Whoever believes to talk with a person asks, and trusts, differently.",
		Source: "Regulation (EU) 2024/1689, article 50; the rule is ours",
		Kind:   "chat", Needs: []string{"chat.bot", "chat.bot-disclosed"}, Unit: evidence.Ratio,
		Curve: "Of the conversations with a program, the share in which it said so.",
		Judge: func(f Facts) Mark {
			cases, none := among(f, "no program answered", func(c Case) bool { return c.Flag("chat.bot") && c.has("chat.bot-disclosed") })
			if none != nil {
				return *none
			}
			return share(cases, func(c Case) bool { return c.Flag("chat.bot-disclosed") })
		},
	}
}

func turnsToHuman() Criterion {
	return Criterion{
		ID: "turns-to-human", Title: "Few messages until a person answers",
		Why:    "A program that cannot help should know it soon.",
		Source: wrongNumber + "; the scale is ours",
		Kind:   "chat", Needs: []string{"chat.turns-to-human"}, Unit: evidence.Count,
		Curve: "A straight line from 100 points at one message to 0 at 7, averaged over the conversations that a person joined.",
		Judge: func(f Facts) Mark {
			cases, none := among(f, "no person joined, or nobody counted", func(c Case) bool { return c.has("chat.turns-to-human") })
			if none != nil {
				return *none
			}
			turns := numbers(cases, "chat.turns-to-human")
			m := Mark{Score: mean(turns, Linear(1, 7)), Value: median(turns), N: len(cases)}
			m.Shown = fmt.Sprintf("%g messages", m.Value)
			return m
		},
	}
}

func chatQuestionsAnswered() Criterion {
	return Criterion{
		ID: "chat-questions-answered", Title: "Questions are answered by chat",
		Why:    "A quick answer that answers nothing is quick and nothing else.",
		Source: liveHelp + "; the rule is ours",
		Kind:   "chat", Needs: []string{"chat.answered", "chat.questions", "chat.questions-answered"}, Unit: evidence.Ratio,
		Curve: "The share of the questions that were answered, averaged over the conversations; one without an answer gets 0.",
		Judge: tried(portion("chat.questions", "chat.questions-answered", "question")),
	}
}

func transcriptOffered() Criterion {
	return observed("chat", "transcript-offered", "A copy of the chat is offered", "What was promised in a chat should be there to be shown.",
		"SuperOffice (1,000 sites): 55 % offered none", "chat.transcript", "The share of conversations with a copy offered.", "nobody looked for a copy")
}

func contextKept() Criterion {
	return observed("chat", "context-kept", "Whoever takes over knows what was said", "Telling it again to the next is telling it to nobody.",
		"Rethinking e-commerce service (July 1999); the rule is ours", "chat.context-kept", "Of the conversations that were handed over, the share in which it was known.", "no conversation was handed over")
}

// portion judges by how much of what was asked was met, averaged over the cases.
func portion(asked, met, noun string) func(Facts) Mark {
	return func(f Facts) Mark {
		cases, none := among(f, "nothing was asked that was counted", func(c Case) bool { return c.Flag(asked) })
		if none != nil {
			return *none
		}
		var sum, k, n float64
		for _, c := range cases {
			q, _ := c.Number(asked)
			a, _ := c.Number(met)
			sum, k, n = sum+min(a/q, 1), k+a, n+q
		}
		score := sum / float64(len(cases))
		return Mark{Score: score, Value: score, N: len(cases), Shown: fmt.Sprintf("%.0f of %s", k, plural(int(n), noun))}
	}
}
