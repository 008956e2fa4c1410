package side

import (
	"fmt"
	"net/http"
	"net/mail"
	"regexp"
	"slices"
	"strings"
)

// A field is what a form asks for.
type field struct {
	Name, Label string
	Kind        string // type of the input; "" is text; "select", "textarea", "radio", "checkbox"
	Auto        string // what browsers may fill in (autocomplete)
	Optional    bool
	Ticked      bool // a box that is ticked before anybody has looked at it
	Hint        string
	Options     []option
	Same        string                  // the field whose value has to be typed again
	Only        func(value string) bool // whether a value can be right, beyond what its kind says
	When        string                  // "name=value …": it is asked for only where another field has one of these
}

type option struct{ Value, Label string }

// A control is a field with what it holds and what is wrong with it.
type control struct {
	field
	Value, Wrong string
}

// ID is what pages call it.
func (c control) ID() string {
	return strings.NewReplacer("[", "-", "]", "", ".", "-", ":", "-").Replace(c.Name)
}

// f makes a field out of "name|label|kind|autocomplete"; a label that ends in
// "?" is of a field that may stay empty.
func f(text string, options ...option) field {
	part := append(strings.Split(text, "|"), "", "", "")
	label, optional := strings.CutSuffix(part[1], "?")
	return field{Name: part[0], Label: label, Kind: part[2], Auto: part[3], Optional: optional, Options: options}
}

// options pairs values with labels.
func options(pairs ...string) (list []option) {
	for i := 0; i+1 < len(pairs); i += 2 {
		list = append(list, option{pairs[i], pairs[i+1]})
	}
	return list
}

// words are what a shop says of what was typed.
type words struct {
	required string // with %s for the label
	address  string
	phone    string
	invalid  string // with %s for the label
	same     string
	short    string // of a password
	choose   string // with %s for the label
	quantity string // with %d for the most
	out      string
	login    string
	taken    string
	unknown  string // order
}

var english = words{
	required: "%s is a required field.", address: "Please enter a valid email address.", phone: "Please enter a valid phone number.", invalid: "Please check: %s.",
	same: "The two entries do not match.", short: "Please use at least 8 characters.", choose: "Please choose: %s.", quantity: "Please enter a number from 1 to %d.",
	out: "Sorry, this is out of stock.", login: "Email or password is not right.", taken: "There is an account with this email address already.", unknown: "We found no order with these details.",
}

var phoneForm = regexp.MustCompile(`^\+?[0-9 ()/.-]{6,24}$`)

// read gives what was typed into fields, and what has to be mended.
func (s *Shop) read(r *http.Request, fields []field) (form, mistakes map[string]string) {
	form, mistakes = map[string]string{}, map[string]string{}
	for _, f := range fields {
		form[f.Name] = strings.TrimSpace(r.FormValue(f.Name))
	}
	for i := range fields {
		if wrong := fields[i].wrong(&s.words, form); wrong != "" {
			mistakes[fields[i].Name] = wrong
		}
	}
	return form, mistakes
}

// asked reports whether a form asks for the field at all, as it is filled in.
func (f *field) asked(form map[string]string) bool {
	name, values, ok := strings.Cut(f.When, "=")
	return !ok || slices.Contains(strings.Fields(values), form[name])
}

// wrong says what is wrong with a field's value; "" is nothing.
func (f *field) wrong(w *words, form map[string]string) string {
	value := form[f.Name]
	switch {
	case !f.asked(form), value == "" && f.Optional:
		return ""
	case value == "":
		return fmt.Sprintf(w.required, f.Label)
	case f.Same != "" && value != form[f.Same]:
		return w.same
	case f.Only != nil && !f.Only(value):
		return fmt.Sprintf(w.invalid, f.Label)
	}
	switch f.Kind {
	case "email":
		if a, err := mail.ParseAddress(value); err != nil || a.Address != value {
			return w.address
		}
	case "tel":
		if !phoneForm.MatchString(value) {
			return w.phone
		}
	case "password":
		if len(value) < 8 {
			return w.short
		}
	case "select", "radio":
		if !slices.ContainsFunc(f.Options, func(o option) bool { return o.Value == value }) {
			return fmt.Sprintf(w.choose, f.Label)
		}
	}
	return ""
}

// like makes a check out of a pattern.
func like(pattern string) func(string) bool {
	return regexp.MustCompile("^(?:" + pattern + ")$").MatchString
}
