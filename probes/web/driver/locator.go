package driver

import (
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/cdp"
)

// A Locator says which element is meant, as a person would say it. Exactly one
// way of naming is used: a role (with a name), a label, a text, a test id, or,
// when nothing else will do, CSS. Only visible elements are looked at; when
// several fit, Nth has to choose.
type Locator struct {
	Role   string      `json:"role,omitempty" jsonschema_description:"What the element is to assistive technology: button, link, textbox, checkbox, radio, combobox, heading, …"`
	Name   string      `json:"name,omitempty" jsonschema_description:"The element's accessible name (with role): what a screen reader calls it. Part of it is enough unless exact is set; case does not matter."`
	Label  string      `json:"label,omitempty" jsonschema_description:"A form field by its label, or by its placeholder where it has none."`
	Text   string      `json:"text,omitempty" jsonschema_description:"The innermost element that shows this text."`
	TestID string      `json:"testid,omitempty" jsonschema_description:"An element by its data-testid, data-test-id, data-test, data-qa or data-cy attribute."`
	CSS    string      `json:"css,omitempty" jsonschema_description:"A CSS selector: the last resort, since it knows the page's insides."`
	Exact  bool        `json:"exact,omitempty" jsonschema_description:"Name, label or text is the whole of it, in the same case."`
	Nth    int         `json:"nth,omitempty" jsonschema:"minimum=1" jsonschema_description:"Which of several, counted from 1."`
	Ref    int         `json:"ref,omitempty" jsonschema:"-"` // an element of the page's own frame by the number that a survey gave it, role and name for messages alone; never in a scenario
	Frame  cdp.FrameID `json:"-"`                            // of Ref; empty: the page's own

	option string // of an opened list, by its words; the driver's own way of naming
}

// Ways counts the ways of naming that are used; one is right.
func (l Locator) Ways() int {
	n := min(l.Ref, 1)
	for _, way := range []string{l.Role, l.Label, l.Text, l.TestID, l.CSS} {
		if way != "" {
			n++
		}
	}
	return n
}

// String gives the locator in words: `button "Add to cart"`.
func (l Locator) String() string {
	var s string
	switch {
	case l.Role != "" && l.Name != "":
		s = fmt.Sprintf("%s %q", l.Role, l.Name)
	case l.Role != "":
		s = l.Role
	case l.Label != "":
		s = fmt.Sprintf("field %q", l.Label)
	case l.Text != "":
		s = fmt.Sprintf("text %q", l.Text)
	case l.TestID != "":
		s = fmt.Sprintf("test id %q", l.TestID)
	case l.option != "":
		s = fmt.Sprintf("option %q", l.option)
	default:
		s = fmt.Sprintf("CSS %q", l.CSS)
	}
	if l.Nth > 0 {
		s += fmt.Sprintf(" (number %d)", l.Nth)
	}
	return s
}

// A Control is the element that an action would touch, as the page says it
// stands when everything is ready for the action: what guards judge.
type Control struct {
	Tag      string   `json:"tag"`
	Type     string   `json:"type"` // of an input or a button
	Role     string   `json:"role"`
	Names    []string `json:"names"`  // accessible name, visible text, value, title: whatever a person may read on it
	Link     string   `json:"link"`   // where a link leads, absolute
	Target   string   `json:"target"` // frame or window that a link or form opens
	Submits  bool     `json:"submits"`
	Action   string   `json:"action"`   // where the form goes when this control submits it, absolute
	Method   string   `json:"method"`   // "GET", "POST"
	Card     bool     `json:"card"`     // the form holds a field for a card or bank account
	Checkout bool     `json:"checkout"` // the page calls itself checkout, basket's end or payment
	Payment  bool     `json:"payment"`  // the page calls itself payment or review
	Secret   bool     `json:"secret"`   // the field takes a password, card or account number
	About    string   `json:"about"`    // of a field: its autocomplete, name, id, label and placeholder
	Search   bool     `json:"search"`   // the field is a search box
	Snippet  string   `json:"snippet"`  // its opening tag, shortened, without values
}

// Name is the first of its names, for messages.
func (c Control) Name() string {
	if len(c.Names) > 0 {
		return c.Names[0]
	}
	return c.Snippet
}

// A Field is one visible field of a form.
type Field struct {
	Key       string `json:"key"`  // stable over re-renderings: name, id or label
	Form      string `json:"form"` // the form that it stands in
	Required  bool   `json:"required"`
	Prefilled bool   `json:"prefilled"` // held something before we touched it
	Ours      bool   `json:"ours"`      // we filled, chose or ticked it
	Search    bool   `json:"search"`    // the form is a search box
}

// An Unmet expectation is the site's: it never showed, or never let us use,
// what a customer would need.
type Unmet struct {
	Want string // "the button \"Add to cart\" to be clickable"
	Saw  string // what stood there instead
	In   string // how long was waited, "10s"
	Over string // what covers the element, where that floats above the page; empty: nothing does
}

func (e *Unmet) Error() string {
	return fmt.Sprintf("waited %s for %s; saw %s", e.In, e.Want, e.Saw)
}

// Ambiguous says that a locator fits several elements: the scenario has to be
// more exact.
type Ambiguous struct {
	Want    string
	Matches []string
}

func (e *Ambiguous) Error() string {
	return fmt.Sprintf("%s is ambiguous, %d elements fit (say which with exact, or with nth counted from 1):\n  %s",
		e.Want, len(e.Matches), strings.Join(e.Matches, "\n  "))
}

// NoAnswer says that a page was asked for and did not come in time.
type NoAnswer struct{ URL, In string }

func (e *NoAnswer) Error() string { return fmt.Sprintf("%s did not answer within %s", e.URL, e.In) }

// A LoadError is the browser's reason why a page could not be loaded.
type LoadError struct{ URL, Text string } // Text: "net::ERR_NAME_NOT_RESOLVED"

func (e *LoadError) Error() string { return fmt.Sprintf("%s: %s", e.URL, e.Text) }
