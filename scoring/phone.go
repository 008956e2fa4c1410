package scoring

import "touchstone/internal/evidence"

// The criteria of the telephone. Calls are brought: until they are, none applies.

const wrongNumber = "Wrong Number (2000), on shops that cannot be called"

func phoneHours() Criterion {
	return observed("phone", "phone-hours", "Hours stand beside the number", "A number without hours is tried at the wrong time.",
		wrongNumber+"; the rule is ours", "phone.hours-stated",
		"The share of observations that saw hours beside the number.", "nobody looked for hours")
}

func phoneCost() Criterion {
	return Criterion{
		ID: "phone-cost", Title: "The call is free, or its price stated",
		Why:    "Whoever has a problem with a purchase should not pay again to say so.",
		Source: "The article on control of the site (1999) asks for an 800 number; Directive 2011/83/EU, article 21: no more than the basic rate",
		Kind:   "phone", Needs: []string{"phone.free", "phone.cost-stated"}, Unit: evidence.Ratio,
		Curve: "The share of observations where the call is free or at the basic rate, or its price stands beside the number.",
		Judge: func(f Facts) Mark {
			cases, none := among(f, "nobody looked for the price of a call", func(c Case) bool { return c.has("phone.free") || c.has("phone.cost-stated") })
			if none != nil {
				return *none
			}
			return share(cases, func(c Case) bool { return c.Flag("phone.free") || c.Flag("phone.cost-stated") })
		},
	}
}

func phoneAtCheckout() Criterion {
	return observed("phone", "phone-at-checkout", "The number stands in the checkout", "The question that stops a purchase comes up at the till.",
		"Success through person-to-person communication (2000); the rule is ours", "phone.at-checkout",
		"The share of observations that saw the number on the pages of the checkout.", "nobody looked for the number in the checkout")
}

func callBackOffer() Criterion {
	return observed("phone", "call-back-offer", "A call back is offered", "Waiting on hold costs the customer what a call back costs nobody.",
		"Gartner, eTail eService study (2000): 3 of 50 sites offered one", "phone.call-back-offered",
		"The share of observations where a call back was offered.", "nobody looked for a call back")
}

func helpLeadsToHuman() Criterion {
	return observed("phone", "help-leads-to-human", "Help leads to a person", "Behind the word help a customer expects somebody, not one more text.",
		wrongNumber, "phone.help-leads-to-person",
		"The share of observations where the control labelled help led to a person's channel.", "nobody followed the control labelled help")
}

func numberConsistency() Criterion {
	return Criterion{
		ID: "number-consistency", Title: "One number for one purpose",
		Why:    "Two numbers for the same thing mean that one of them is wrong.",
		Source: "The rule is ours",
		Kind:   "phone", Needs: []string{"phone.numbers"}, Unit: evidence.Ratio,
		Curve: "The share of observations that found one number only for one purpose.",
		Judge: where("phone.numbers", "nobody counted the numbers", func(c Case) bool { n, _ := c.Number("phone.numbers"); return n == 1 }),
	}
}

func phoneTimeToAnswer() Criterion {
	return Criterion{
		ID: "phone-time-to-answer", Title: "Time until a person takes the call",
		Why:    "The wait is the first thing that a caller learns about the shop.",
		Source: "Call centres' usual goal of 80 % within 20 seconds; the curve through 90 points at 20 s and 50 at 3 min is ours",
		Kind:   "phone", Needs: []string{"phone.answered", "phone.answered-after"}, Unit: evidence.Second,
		Curve: "A log-normal curve through 90 points at 20 seconds and 50 at 3 minutes, averaged over the calls; a call that nobody took gets 0.",
		Judge: called(waited("phone.answered-after", LogNormal(20, 3*minute))),
	}
}

func phoneQuestionsAnswered() Criterion {
	return Criterion{
		ID: "phone-questions-answered", Title: "Questions are answered on the telephone",
		Why:    "A call that ends with a promise to look into it is the first of two.",
		Source: "First contact resolution, the usual figure of call centres",
		Kind:   "phone", Needs: []string{"phone.answered", "phone.questions", "phone.questions-answered"}, Unit: evidence.Ratio,
		Curve: "The share of the questions that were answered in the call, averaged over the calls; a call that nobody took gets 0.",
		Judge: called(portion("phone.questions", "phone.questions-answered", "question")),
	}
}

// called leaves out the observations in which nobody was called.
func called(judge func(Facts) Mark) func(Facts) Mark {
	return func(f Facts) Mark {
		cases, none := among(f, "nobody called", func(c Case) bool { return c.has("phone.answered") })
		if none != nil {
			return *none
		}
		return judge(Facts{cases})
	}
}
