// Package phone is what a call to a shop can tell. The program does not call:
// calls are made by a person, and brought.
package phone

import (
	"errors"

	"touchstone/internal/evidence"
	"touchstone/probes"
)

// Kind makes the kind.
func Kind() probes.Kind {
	return probes.Kind{
		Name:   "phone",
		About:  "A call to the shop, made by a person and brought by `touchstone import`.",
		Task:   "call",
		Params: struct{}{},
		Infer:  infer,
		Facts: []evidence.FactDef{
			{Name: "phone.answered", Unit: evidence.Bool, Meaning: "a person took the call"},
			{Name: "phone.answered-after", Unit: evidence.Second, Meaning: "from the first ring to the first word of a person, menus and waiting included"},
			{Name: "phone.hold", Unit: evidence.Second, Meaning: "of that, waiting on hold"},
			{Name: "phone.menu-levels", Unit: evidence.Count, Meaning: "choices by key or voice before a person could be reached"},
			{Name: "phone.transfers", Unit: evidence.Count, Meaning: "times that the call was handed to another person"},
			{Name: "phone.questions", Unit: evidence.Count, Meaning: "questions that were asked"},
			{Name: "phone.questions-answered", Unit: evidence.Count, Meaning: "those of them that were answered in the call"},
			{Name: "phone.free", Unit: evidence.Bool, Meaning: "the number costs nothing to call, or no more than a local call"},
			{Name: "phone.cost-stated", Unit: evidence.Bool, Meaning: "what a call costs stands beside the number"},
			{Name: "phone.hours-stated", Unit: evidence.Bool, Meaning: "hours stand beside the number, with their time zone where the shop serves several"},
			{Name: "phone.open", Unit: evidence.Bool, Meaning: "the call was made within the hours stated"},
			{Name: "phone.call-back-offered", Unit: evidence.Bool, Meaning: "a call back was offered instead of waiting, on the page or in the queue"},
			{Name: "phone.at-checkout", Unit: evidence.Bool, Meaning: "the number stood on the pages of the checkout"},
			{Name: "phone.numbers", Unit: evidence.Count, Meaning: "different numbers that the shop's pages and mails give for the same purpose"},
			{Name: "phone.help-leads-to-person", Unit: evidence.Bool, Meaning: "the control that is labelled help led to a person's channel, not only to text"},
		},
	}
}

func infer(o *evidence.Observation) error {
	f, said := o.Fact("phone.answered")
	_, timed := o.Fact("phone.answered-after")
	answered := f.Number != 0 || timed && !said
	switch {
	case said && !answered && timed:
		return errors.New("there is a time of the answer, and phone.answered says that there was none")
	case !said && !timed:
		return nil // pages were looked at, and nobody was called
	case o.Outcome == "" && !answered:
		o.Outcome = evidence.Silent
	case answered && o.Outcome == evidence.Silent:
		return errors.New("a person answered, and the outcome is silent")
	}
	if !said {
		o.Facts = append(o.Facts, evidence.Fact{Name: "phone.answered", Unit: evidence.Bool, Number: 1})
	}
	return nil
}
