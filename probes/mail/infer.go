package mail

import (
	"errors"
	"slices"
	"time"

	"touchstone/internal/evidence"
)

// NoChannel is the class of a site that could not be written to at all:
// Jupiter's "no system".
const NoChannel = "no channel"

// infer completes an observation that was made elsewhere: whether a person
// answered follows from the time of the answer, the class of the response from
// both. What is given stands, unless it contradicts itself.
func infer(o *evidence.Observation) error {
	after, timed := o.Fact("mail.first-human-after")
	bucketed, classed := o.Fact("mail.bucket")
	class := bucketed.Text
	if classed && !slices.Contains(classes(), class) {
		return errors.New("mail.bucket " + class + ": the classes are ≤6 h, 6–24 h, 1–2 d, 2–3 d, 3–5 d, ≥5 d, never, bounced, no channel")
	}
	flag := func(name string) (value, known bool) {
		f, ok := o.Fact(name)
		return f.Number != 0, ok
	}
	answered, said := flag("mail.answered")
	bounced, _ := flag("mail.bounced")
	if !said {
		answered = timed || classed && class != Never && class != Bounced && class != NoChannel
	}
	switch {
	case !answered && timed:
		return errors.New("there is a time of the answer, and mail.answered says that there was none")
	case answered && (o.Outcome == evidence.Silent || o.Outcome == evidence.Failed):
		return errors.New("a person answered, and the outcome is " + string(o.Outcome))
	case o.Outcome == "" && answered:
		o.Outcome = evidence.Completed
	case o.Outcome == "" && (bounced || class == Bounced || class == NoChannel):
		o.Outcome = evidence.Failed
	case o.Outcome == "":
		o.Outcome = evidence.Silent
	}
	if !o.Outcome.Testable() {
		return nil
	}
	if timed && o.Took == 0 && after.Number < 1e9 {
		o.Took = time.Duration(after.Number * float64(time.Second))
	}
	if !classed {
		switch {
		case timed:
			class = bucket(time.Duration(after.Number * float64(time.Second)))
		case answered:
			class = ""
		case bounced || o.Outcome == evidence.Failed:
			class, bounced = Bounced, true
		default:
			class = Never
		}
	}
	add := func(name string, unit evidence.Unit, number float64, text string) {
		if _, ok := o.Fact(name); !ok {
			o.Facts = append(o.Facts, evidence.Fact{Name: name, Unit: unit, Number: number, Text: text})
		}
	}
	number := map[bool]float64{true: 1}
	add("mail.answered", evidence.Bool, number[answered], "")
	add("mail.bounced", evidence.Bool, number[bounced || class == Bounced], "")
	if class != "" {
		add("mail.bucket", evidence.Text, 0, class)
	}
	if after, ok := o.Fact("mail.acknowledged-after"); ok && after.Number >= 0 {
		add("mail.acknowledged", evidence.Bool, 1, "")
	}
	return nil
}

// classes are all classes of the response, from quick to none.
func classes() []string {
	var all []string
	for _, b := range buckets {
		all = append(all, b.label)
	}
	return append(all, "≥5 d", Never, Bounced, NoChannel)
}
