package driver

import (
	"context"
	"time"

	_ "embed"
)

//go:embed trial.js
var trial string

// A Draft is a form as it stands before a wrong value is tried in it.
type Draft struct {
	Fields []Entry  `json:"fields"`
	Sends  []Sender `json:"sends"` // the button that was named, then those that send it; where there is none of either, the first after its last field
	Said   []string `json:"said"`  // what the page says, block by block
}

// An Entry is a field of a draft.
type Entry struct {
	Ref      int    `json:"ref"`
	Key      string `json:"key"` // what it is known by when the page comes again
	Tag      string `json:"tag"`
	Type     string `json:"type"`
	About    string `json:"about"` // its autocomplete, name, id, label and placeholder
	Label    string `json:"label"` // its accessible name
	Required bool   `json:"required"`
	Shown    bool   `json:"shown"`
	Secret   bool   `json:"secret"` // a password or a card: its value is not told
	Value    string `json:"value"`  // "true" or "false" of what is ticked
}

// A Sender is a button that sends a form.
type Sender struct {
	Ref      int    `json:"ref"`
	Name     string `json:"name"`
	Disabled bool   `json:"disabled"`
}

// An Answer is how a page stands after a form with a wrong value was sent.
type Answer struct {
	There     bool              `json:"there"` // the field is, in the same document or in the next one
	Ref       int               `json:"ref"`   // of the field, as it is numbered now
	Value     string            `json:"value"`
	Invalid   bool              `json:"invalid"`   // aria-invalid
	Bubble    string            `json:"bubble"`    // what the browser itself says at the field
	Custom    bool              `json:"custom"`    // in words of the page's
	Elsewhere bool              `json:"elsewhere"` // the browser says something at another field first
	Focus     bool              `json:"focus"`     // the keyboard is at the field, or at a list that leads to it
	News      []News            `json:"news"`
	Values    map[string]string `json:"values"` // of the other fields, by key; secrets left out
}

// A News is a block of text that was not there before.
type News struct {
	Text     string  `json:"text"`
	Distance float64 `json:"distance"` // from the field and its label, CSS pixels; -1 where it floats over the page
	Nearest  bool    `json:"nearest"`  // no other field is nearer
	Tied     bool    `json:"tied"`     // the field refers to it, or it leads to the field
	Marked   bool    `json:"marked"`   // as an alert or an error, by role or by name
	Heading  bool    `json:"heading"`
	Old      bool    `json:"old"` // an earlier trial had brought it, and it has stood there untouched since the draft
}

// Draft waits for the element, which is a field or a button of a form in the
// page's own frame, and gives the form.
func (p *Page) Draft(ctx context.Context, q Locator) (Draft, error) {
	var d Draft
	if _, err := p.find(ctx, q, "seen"); err != nil {
		return d, err
	}
	if p.acted != p.main {
		return d, &Unmet{Want: "the form of the " + q.String() + " in the page itself", Saw: "it in a frame", In: "0s"}
	}
	return d, p.ask(ctx, trial, "draft", "draft()", &d)
}

// Answer reads what the page, or the one after it, answers: what it did not say
// at first. old is what it said when this trial's draft was made.
func (p *Page) Answer(ctx context.Context, field Entry, said, old []string) (Answer, error) {
	var a Answer
	return a, p.ask(ctx, trial, "answer", "answer("+quote(field)+","+quote(said)+","+quote(old)+")", &a)
}

// Usable reports whether the element can be clicked within a time.
func (p *Page) Usable(ctx context.Context, q Locator, within time.Duration) bool {
	_, err := p.findWithin(ctx, q, "click", within)
	return err == nil
}
