// Package chat is what a live chat on a shop's pages can tell. The program
// does not chat: conversations are held by a person, and brought.
package chat

import (
	"errors"

	"touchstone/internal/evidence"
	"touchstone/probes"
)

// Kind makes the kind.
func Kind() probes.Kind {
	return probes.Kind{
		Name:   "chat",
		About:  "A live chat, held by a person and brought by `touchstone import`.",
		Task:   "chat",
		Params: struct{}{},
		Infer:  infer,
		Facts: []evidence.FactDef{
			{Name: "chat.present", Unit: evidence.Bool, Meaning: "the shop's pages offer a chat"},
			{Name: "chat.on-product", Unit: evidence.Bool, Meaning: "it is offered on a product's page"},
			{Name: "chat.on-cart", Unit: evidence.Bool, Meaning: "it is offered in the cart"},
			{Name: "chat.on-checkout", Unit: evidence.Bool, Meaning: "it is offered in the checkout"},
			{Name: "chat.on-confirmation", Unit: evidence.Bool, Meaning: "it is offered where an order is confirmed"},
			{Name: "chat.open", Unit: evidence.Bool, Meaning: "it was open when it was tried"},
			{Name: "chat.hours-open", Unit: evidence.Bool, Meaning: "by the hours stated, it should have been; around the clock where none are"},
			{Name: "chat.clicks", Unit: evidence.Count, Meaning: "clicks from the page until something could be written"},
			{Name: "chat.forced-fields", Unit: evidence.Count, Meaning: "fields that had to be filled first"},
			{Name: "chat.first-message-after", Unit: evidence.Second, Meaning: "from our first message to the first answer, by whomever"},
			{Name: "chat.first-human-after", Unit: evidence.Second, Meaning: "from our first message to the first answer by a person"},
			{Name: "chat.answered", Unit: evidence.Bool, Meaning: "somebody, or something, answered within 5 minutes"},
			{Name: "chat.bot", Unit: evidence.Bool, Meaning: "a program answered"},
			{Name: "chat.bot-disclosed", Unit: evidence.Bool, Meaning: "it said so, or its name did"},
			{Name: "chat.turns-to-human", Unit: evidence.Count, Meaning: "our messages before a person answered"},
			{Name: "chat.questions", Unit: evidence.Count, Meaning: "questions that were asked"},
			{Name: "chat.questions-answered", Unit: evidence.Count, Meaning: "those of them that were answered"},
			{Name: "chat.transcript", Unit: evidence.Bool, Meaning: "a copy of the conversation was offered"},
			{Name: "chat.context-kept", Unit: evidence.Bool, Meaning: "whoever took over knew what had been written before"},
		},
	}
}

// unanswered is after how long a chat counts as not answered, in seconds.
const unanswered = 300

func infer(o *evidence.Observation) error {
	first, timed := o.Fact("chat.first-message-after")
	human, byPerson := o.Fact("chat.first-human-after")
	if byPerson && timed && human.Number < first.Number {
		return errors.New("a person answered before the first answer came: chat.first-human-after is below chat.first-message-after")
	}
	if byPerson && !timed {
		first, timed = human, true
	}
	if _, said := o.Fact("chat.answered"); !said && timed {
		answered := 0.0
		if first.Number <= unanswered {
			answered = 1
		}
		o.Facts = append(o.Facts, evidence.Fact{Name: "chat.answered", Unit: evidence.Bool, Number: answered})
	}
	if answered, said := o.Fact("chat.answered"); said && answered.Number == 0 && o.Outcome == "" {
		o.Outcome = evidence.Silent
	}
	return nil
}
