package evidence

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// An Adjudication is what a reviewer said of one item of a reading: that it is
// right, or what is right in its place. It stands beside the reading, is never
// deleted, and gives way only to a later one of the same item.
type Adjudication struct {
	N       int64     `json:"n"` // in the order in which they came
	Probe   ProbeID   `json:"probe"`
	Reading string    `json:"reading"`        // that the reviewer had before them
	Mail    Ref       `json:"mail,omitempty"` // the reply that it is about; empty: the whole probe, or the step
	Step    string    `json:"step,omitempty"` // of the item in that reading
	Item    string    `json:"item"`           // "outcome", "class", "question-1" of a reply, else a fact's name
	Unit    Unit      `json:"unit,omitempty"` // of a fact
	Machine string    `json:"machine"`        // what the reader said by itself; "none" for nothing
	Value   string    `json:"value"`          // what is right
	By      string    `json:"by"`
	At      time.Time `json:"at"`
	Why     string    `json:"why,omitempty"`
}

// The items that are not facts.
const (
	ItemOutcome  = "outcome"
	ItemClass    = "class"
	ItemQuestion = "question-" // and its number, from 1
)

// NoValue stands for a fact that was, or should be, not recorded.
const NoValue = "none"

// Corrects reports whether the reviewer said otherwise than the reader.
func (a Adjudication) Corrects() bool { return a.Machine != a.Value }

// Group tells what sort of item it is about: "class", "outcome", "answer" to a
// question, or "fact".
func (a Adjudication) Group() string {
	switch {
	case a.Item == ItemOutcome, a.Item == ItemClass:
		return a.Item
	case strings.HasPrefix(a.Item, ItemQuestion):
		return "answer"
	}
	return "fact"
}

// An AdjudicatedItem is the identity of what is adjudicated. A reply is named
// by its bytes: its step changes when a mail before it is assigned by hand.
type AdjudicatedItem struct {
	Probe ProbeID
	Mail  Ref
	Step  string // only where there is no mail
	Item  string
}

// Key gives the identity of the item.
func (a Adjudication) Key() AdjudicatedItem {
	k := AdjudicatedItem{a.Probe, a.Mail, a.Step, a.Item}
	if k.Mail != "" {
		k.Step = ""
	}
	return k
}

// Standing gives the adjudications that no later one supersedes, in their order.
func Standing(list []Adjudication) []Adjudication {
	return latest(list, func(a Adjudication) any { return a.Key() })
}

// Words gives the last word of each reviewer on each item, in their order.
func Words(list []Adjudication) []Adjudication {
	type word struct {
		item AdjudicatedItem
		by   string
	}
	return latest(list, func(a Adjudication) any { return word{a.Key(), a.By} })
}

func latest(list []Adjudication, key func(Adjudication) any) []Adjudication {
	last := map[any]int64{}
	for _, a := range list {
		last[key(a)] = max(last[key(a)], a.N)
	}
	out := slices.DeleteFunc(slices.Clone(list), func(a Adjudication) bool { return last[key(a)] != a.N })
	slices.SortFunc(out, func(a, b Adjudication) int { return cmp.Compare(a.N, b.N) })
	return out
}

// Correct gives the observation with the standing corrections of its outcome
// and facts in the place of what the reader said. Corrections of a class or of
// an answer change nothing here: other facts depend on them, so that they are
// part of what a reader is given, and have made a reading of their own.
func Correct(o Observation, list []Adjudication) Observation {
	for _, a := range Standing(list) {
		switch {
		case a.Probe != o.Probe || !a.Corrects():
		case a.Item == ItemOutcome:
			if o.Outcome, o.Reason = Outcome(a.Value), ""; o.Outcome != Completed {
				o.Reason = fmt.Sprintf("%s (corrected by %s)", cmp.Or(a.Why, "no reason given"), a.By)
			}
		case a.Group() == "fact":
			o.correctFact(a)
		}
	}
	return o
}

func (o *Observation) correctFact(a Adjudication) {
	step := a.Step
	if a.Mail != "" {
		step = o.StepOf(a.Mail)
	}
	facts := slices.Clone(o.Facts)
	i := slices.IndexFunc(facts, func(f Fact) bool { return f.Name == a.Item && f.Step == step })
	f, err := ParseFact(FactDef{Name: a.Item, Unit: a.Unit}, a.Value)
	f.Step = step
	switch {
	case a.Value == NoValue && i >= 0:
		facts = slices.Delete(facts, i, i+1)
	case a.Value == NoValue || err != nil: // the second is refused before it is stored
		return
	case i >= 0:
		facts[i] = f
	default:
		facts = append(facts, f)
	}
	o.Facts = facts
	o.Missing = slices.DeleteFunc(slices.Clone(o.Missing), func(name string) bool { return name == a.Item })
	if _, ok := o.Fact(a.Item); !ok {
		o.Missing = append(o.Missing, a.Item)
	}
}

// StepOf gives the step of a mail that the observation cites, "" for none.
func (o *Observation) StepOf(mail Ref) string {
	for name, ref := range o.Evidence {
		if step, ok := strings.CutSuffix(name, ".eml"); ok && ref == mail {
			return step
		}
	}
	return ""
}

// Value writes the fact's value as ParseFact reads it.
func (f Fact) Value() string {
	switch f.Unit {
	case Text, Time:
		return f.Text
	case Bool:
		if f.Number == 0 {
			return "no"
		}
		return "yes"
	}
	return strconv.FormatFloat(f.Number, 'f', -1, 64)
}

// ParseFact reads a value as a person writes it, by the fact's unit: seconds
// also as "36h" or "2d", a yes or no in these words, times in RFC 3339.
func ParseFact(def FactDef, value string) (Fact, error) {
	f := Fact{Name: def.Name, Unit: def.Unit}
	wrong := func(form string) (Fact, error) {
		return f, fmt.Errorf("%s=%s: write %s", def.Name, value, form)
	}
	switch def.Unit {
	case Text:
		f.Text = value
		return f, nil
	case Time:
		t, err := time.Parse(time.RFC3339, value)
		if err != nil {
			return wrong("a time like 2026-11-02T15:04:00Z")
		}
		f.Text = t.UTC().Format(time.RFC3339)
		return f, nil
	case Bool:
		switch strings.ToLower(value) {
		case "yes", "true", "1":
			f.Number = 1
		case "no", "false", "0":
		default:
			return wrong("yes or no")
		}
		return f, nil
	case Second:
		if d, err := duration(value); err == nil && d >= 0 {
			f.Number = d.Seconds()
			return f, nil
		}
	}
	n, err := strconv.ParseFloat(value, 64)
	if err != nil || math.IsNaN(n) || math.IsInf(n, 0) || n < 0 && def.Unit != Ratio {
		if def.Unit == Second {
			return wrong("seconds, or a time like 90m, 36h or 2d")
		}
		return wrong("a number in " + string(def.Unit))
	}
	if def.Unit == Count && n != math.Trunc(n) {
		return wrong("a whole number")
	}
	f.Number = n
	return f, nil
}

// duration reads Go's form and days.
func duration(s string) (time.Duration, error) {
	if days, ok := strings.CutSuffix(s, "d"); ok {
		n, err := strconv.ParseFloat(days, 64)
		if err != nil || math.IsNaN(n) || math.Abs(n) > 36500 {
			return 0, fmt.Errorf("%q is no number of days", days)
		}
		return time.Duration(n * 24 * float64(time.Hour)), nil
	}
	return time.ParseDuration(s)
}
