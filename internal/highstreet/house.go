package highstreet

import (
	"fmt"
	"net/mail"
	"regexp"
	"slices"
	"strings"
)

// A house is what makes one shop of the street unlike the others: its goods,
// its words, the ways through its checkout. How it looks is in templates/ and
// the folder of its site. What all shops do is in shop.go.
type house struct {
	site, name string
	email      string // published
	german     bool   // how amounts of money are written, and in what
	number     string // form of its order numbers
	first      int    // the number before its first order
	script     bool   // its pages run a script of their own
	app        bool   // that script draws every view; the server gives one document and JSON

	words      map[string]string // see english
	paths      paths
	places     map[string]string // pages without any state: template by path
	dead       []string          // links on its pages that lead nowhere
	begin      map[string]string // what its checkout holds beforehand
	featured   []string          // products on its start page
	steps      []step            // of its checkout, before the payment
	contact    []field
	categories []category
	products   []product
	ways       []way
	questions  []question
}

// houses are those of the street, in the order of the project's file.
func houses() []*house {
	return []*house{kettleAndLeaf(), brassAndSons(), quillworks(), lumenLamps(), nordwolle()}
}

// paths are where a shop's pages are.
type paths struct{ shelf, product, search, basket, checkout, payment, place, thanks, help, contact, sent, newsletter string }

var plainPaths = paths{shelf: "/shop", product: "/product", search: "/search", basket: "/basket", checkout: "/checkout", payment: "/checkout/payment",
	place: "/order/place", thanks: "/order/thanks", help: "/help", contact: "/contact", sent: "/contact/sent", newsletter: "/newsletter"}

// places pairs paths with templates.
func places(pairs ...string) map[string]string {
	m := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	return m
}

// A step is a part of a checkout that is sent at once.
type step struct {
	Path   string
	Title  string
	Fields []field
}

// A field is what a form asks for.
type field struct {
	Name, Label string
	Kind        string // type of the input; "" is text; "select", "textarea"; "way" is the choice of delivery
	Auto        string // what browsers may fill in (autocomplete)
	Hint        string
	Optional    bool
	Ticked      bool // a box that is ticked before anybody has looked at it
	Options     []option
	Same        string // name of the field whose value has to be typed again
	Wrong       string // what is said when it is missing or can't be right
	Right       func(value string, all map[string]string) bool
}

type option struct{ Value, Label string }

const noAddress = "Please enter a mail address such as name@example.com."

var phoneForm = regexp.MustCompile(`^\+?[0-9 ()/.-]{6,24}$`)

// fits reports whether a value can be right.
func (f *field) fits(h *house, value string, all map[string]string) bool {
	switch {
	case value == "":
		return f.Optional
	case f.Same != "" && value != all[f.Same], f.Right != nil && !f.Right(value, all):
		return false
	}
	switch f.Kind {
	case "email":
		a, err := mail.ParseAddress(value)
		return err == nil && a.Address == value
	case "tel":
		return phoneForm.MatchString(value)
	case "password":
		return len(value) >= 8
	case "select":
		return slices.ContainsFunc(f.Options, func(o option) bool { return o.Value == value })
	case "way":
		return h.way(value) != nil
	}
	return true
}

// check finds what is missing or can't be right, in words that say the mend.
func (h *house) check(fields []field, values map[string]string) map[string]string {
	m := map[string]string{}
	for i := range fields {
		if f := &fields[i]; !f.fits(h, values[f.Name], values) {
			m[f.Name] = f.Wrong
		}
	}
	return m
}

// plainContact is the form of a shop that asks for no more than it needs.
func plainContact(address string) []field {
	return []field{
		{Name: "name", Label: "Your name", Auto: "name", Wrong: "Please enter your name."},
		{Name: "email", Label: address, Kind: "email", Auto: "email", Wrong: noAddress},
		{Name: "message", Label: "Message", Kind: "textarea", Wrong: "Please write what we can do for you."},
	}
}

// money writes an amount as the shop's customers do.
func (h *house) money(p pence) string {
	if h.german {
		return strings.Replace(fmt.Sprintf("%d,%02d €", p/100, p%100), ",00 €", ",– €", 1)
	}
	return p.String()
}

// english is what the shops say beside their templates.
var english = map[string]string{
	"basket": "Your basket", "checkout": "Checkout: your details", "payment": "Checkout: payment", "thanks": "Thank you", "help": "Help",
	"contact": "Contact", "sent": "Message sent", "missing": "Page not found", "search": "Search", "newsletter": "You are on the list",
	"subject": "Your message to %s", "size": "Please choose a size.", "quantity": "Please enter a number from %d to %d.",
	"card": "Please check the card number: there is a digit wrong or missing.", "holder": "Please enter the name on the card.",
	"expiry": "Please enter the month and year on the card.", "code": "Please enter the security code on the card.", "subscriber": noAddress,
	"delivery": "Delivery and cost", "returns": "Returns and refunds", "privacy": "Privacy",
}
