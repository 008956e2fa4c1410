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
	Said   []string `json:"said"`  // what its document says, block by block
	Around []string `json:"-"`     // of a form in a frame: what the page says round it

	Address string `json:"address"` // of its document
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
	Address   string            `json:"address"` // of the document in which the form is, or that came in its place
	Status    int               `json:"status"`  // of the HTTP answer that brought it
	There     bool              `json:"there"`   // the field is, in the same document or in the next one
	Ref       int               `json:"ref"`     // of the field, as it is numbered now
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

// Draft waits for the element, which is a field or a button of a form, and gives
// the form, whichever frame it stands in.
func (p *Page) Draft(ctx context.Context, q Locator) (Draft, error) {
	var d Draft
	if _, err := p.find(ctx, q, "seen"); err != nil {
		return d, err
	}
	f := p.acted
	if err := p.ask(ctx, f, trial, "draft", "draft()", &d); err != nil || f == p.main {
		return d, err
	}
	for i := range d.Fields {
		d.Fields[i].Ref = p.refIn(f, d.Fields[i].Ref)
	}
	for i := range d.Sends {
		d.Sends[i].Ref = p.refIn(f, d.Sends[i].Ref)
	}
	return d, p.ask(ctx, p.main, trial, "words", "words()", &d.Around)
}

// Answer reads what the page, or the one after it, answers to a field of a
// draft: what it did not say at first. first is the draft of the form before any
// mistake was made in it, d that of this trial. Of a form in a frame the frame
// answers, and the page round it may speak as well.
func (p *Page) Answer(ctx context.Context, field Entry, first, d Draft) (Answer, error) {
	var a Answer
	f, ref := p.refOf(field.Ref)
	if f == p.main {
		return a, p.ask(ctx, f, trial, "answer", "answer("+quote(field)+","+quote(first.Said)+","+quote(d.Said)+")", &a)
	}
	within := field
	within.Ref = ref
	err := p.ask(ctx, f, trial, "answer", "answer("+quote(within)+","+quote(first.Said)+","+quote(d.Said)+")", &a)
	if err != nil && p.at(f).id != "" {
		return a, err
	}
	a.Ref = p.refIn(f, a.Ref)
	var round Answer
	if err := p.ask(ctx, p.main, trial, "answer", "answer(null,"+quote(first.Around)+","+quote(d.Around)+")", &round); err != nil {
		return a, err
	}
	a.News = append(a.News, round.News...)
	if a.Address == "" { // the frame has gone
		a.Address, a.Status = round.Address, round.Status
	}
	return a, nil
}

// Usable reports whether the element can be clicked within a time.
func (p *Page) Usable(ctx context.Context, q Locator, within time.Duration) bool {
	_, err := p.findWithin(ctx, q, "click", within)
	return err == nil
}
