package driver

import (
	"context"

	_ "embed"

	"touchstone/probes/web/find"
)

// formReader comes to a document with the first question; after that it does
// nothing.
//
//go:embed forms.js
var formReader string

// A Form is a form, or a group of fields that no form element holds: those of
// a dialog, of the page's main part, header or footer.
type Form struct {
	Ref     int          `json:"ref"` // as all numbers here, the page's own, also of what stands in a frame
	Within  []string     `json:"-"`   // addresses of the frames that it stands in, the innermost first; none: in the page's own document
	Tag     string       `json:"tag"`
	Area    string       `json:"area"`   // where it stands: header, nav, main, footer, aside, dialog; empty when nothing says
	Action  string       `json:"action"` // where it is sent, absolute; empty for a group
	Method  string       `json:"method"` // "GET", "POST"
	Around  find.Around  `json:"around"`
	Search  bool         `json:"search"`  // marked up as a search
	Valid   bool         `json:"valid"`   // nothing in it fails the browser's own check
	Fields  []find.Field `json:"fields"`  // in the page's order, hidden ones too
	Buttons []Button     `json:"buttons"` // visible ones
}

// A Button is a visible button of a form.
type Button struct {
	Ref      int    `json:"ref"`
	Name     string `json:"name"`
	Submits  bool   `json:"submits"` // it sends its form by itself; a script may make others do so
	Disabled bool   `json:"disabled"`
}

// Forms reads every form-like group of the page, those in open shadow roots and,
// after them, those in frames that somebody sees: of the same site or another,
// written by a script, in a process of their own. It takes a few milliseconds.
func (p *Page) Forms(ctx context.Context) ([]Form, error) {
	ctx, cancel := p.bound(ctx, p.tab.o.Timeout)
	defer cancel()
	var list []Form
	if err := p.eval(ctx, p.main, formReader+"\n;__touchstone.forms()", &list); err != nil {
		return nil, p.slow(err)
	}
	list = append(list, p.innerForms(ctx)...)
	for i := range list {
		for j := range list[i].Fields {
			list[i].Fields[j].Form = &list[i].Around
		}
	}
	return list, nil
}

// Refs numbers the elements that fit a CSS selector, in the page's order.
func (p *Page) Refs(ctx context.Context, css string) ([]int, error) {
	var list []int
	return list, p.quick(ctx, p.main, formReader+"\n;__touchstone.refs("+quote(css)+")", &list)
}
