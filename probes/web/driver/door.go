package driver

import (
	"context"
	"errors"

	_ "embed"
)

//go:embed door.js
var door string

// A Door is what a page shows and is made of, as far as it tells a shop's page
// from a wall that stands before it. Nothing is judged.
type Door struct {
	Title   string   `json:"title"`   // at most 200 characters
	Whole   string   `json:"whole"`   // all of the title
	Heading string   `json:"heading"` // the first that is visible
	Text    string   `json:"text"`    // visible, at most 3,000 characters
	Length  int      `json:"length"`  // of all of it
	Links   int      `json:"links"`   // visible
	Fields  int      `json:"fields"`  // visible, buttons apart
	Sources []string `json:"sources"` // where scripts, frames, styles, forms and refreshes lead, absolute
	IDs     []string `json:"ids"`
	Code    string   `json:"code"` // of scripts within the page
	Widgets []Widget `json:"widgets"`
	Puzzle  bool     `json:"puzzle"` // one stands over the page
}

// A Widget is a visible check for robots in a page.
type Widget struct {
	Kind   string `json:"kind"`
	InForm bool   `json:"inForm"`
	Solved bool   `json:"solved"` // its answer is there; the widget asks for nothing any more
}

// Door looks at the page's door. It takes about a millisecond, and none where
// the document has just come.
func (p *Page) Door(ctx context.Context) (Door, error) {
	n := &p.told
	if n.door == nil || !p.fresh(n.doored) {
		if _, err := p.read(ctx, doorReader); err != nil {
			return Door{}, err
		}
	}
	if n.door == nil {
		return Door{}, errUnread
	}
	d := *n.door
	n.door = nil
	return d, nil
}

// errUnread says that a reader of the page has failed.
var errUnread = errors.New("the page could not be read")
