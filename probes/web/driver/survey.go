package driver

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	_ "embed"
)

//go:embed page.js
var reader string

// A Survey is what a page shows to whoever reads it, without a judgement.
// What stands in its frames is not in it.
type Survey struct {
	Language   string   `json:"language"` // as the document declares it, BCP 47
	Title      string   `json:"title"`
	Headings   []string `json:"headings"` // the main ones, visible
	Checkout   bool     `json:"checkout"` // the page calls itself checkout or basket's end
	Payment    bool     `json:"payment"`  // the page calls itself payment or review, or asks for a card
	Text       string   `json:"text"`     // all that is visible, a line each block; at most 40,000 characters
	Main       string   `json:"main"`     // the same without header, navigation, footer and asides
	Controls   []Way    `json:"controls"`
	Inputs     []Input  `json:"inputs"`
	Boxes      []Box    `json:"boxes"`
	Phones     []Phone  `json:"phones"`   // what may be a telephone number
	Emails     []string `json:"emails"`   // from structured data (JSON-LD)
	Messages   int      `json:"messages"` // visible text areas in forms
	Asked      []string `json:"asked"`    // questions that are marked up and have an answer
	Topics     int      `json:"topics"`   // folded sections that ask nothing
	Structured int      `json:"structured"`
	Items      int      `json:"items"` // alike entries of the longest list, each with a link and a picture, price or heading
	Took       float64  `json:"took"`  // ms of the page's time
	URL        string   `json:"-"`
	View       int      `json:"-"` // which view of the page, from 1; see Document
}

// A Way is a visible link or button.
type Way struct {
	Text   string `json:"text"`
	Link   string `json:"link"`   // absolute; empty for a button
	Header bool   `json:"header"` // in the page's header area
}

// An Input is a visible one-line text field.
type Input struct {
	About  string `json:"about"`  // name, id, label, placeholder
	Search bool   `json:"search"` // marked up as a search
	Frame  bool   `json:"frame"`  // in the header, navigation, footer or an aside
}

// A Box is a visible tick box or switch.
type Box struct {
	Key    string `json:"key"` // its name or id
	Label  string `json:"label"`
	Ticked bool   `json:"ticked"`
}

// A Phone is a run of digits that may be a telephone number.
type Phone struct {
	Number string `json:"number"`
	Before string `json:"before"` // the words before it
	Header bool   `json:"header"`
}

// Survey reads the page, nil when nothing has changed in it since the last
// time. It takes a few milliseconds, but for a guard, which is told what the
// search has read that led to it.
func (p *Page) Survey(ctx context.Context) (*Survey, error) {
	d, known := p.Document(), p.noting
	p.noting = false
	var err error
	if !known && !p.fresh(p.told.surveyed) {
		_, err = p.read(ctx, surveyReader)
	}
	s := p.told.survey
	p.told.survey = nil
	if s != nil && (known || s.URL == d.URL && s.View == d.View) {
		return s, nil
	}
	return nil, err
}

// Quiet waits until the page has not changed for a tenth of a second, at most
// for a given time.
func (p *Page) Quiet(ctx context.Context, most time.Duration) {
	ctx, cancel := p.bound(ctx, most+time.Second)
	defer cancel()
	_ = p.evalOnce(ctx, p.main, fmt.Sprintf("__touchstone.quiet(%d)", most.Milliseconds()), nil) // a page that has gone is quiet
	p.acts()
}

// Route gives what tells one view of a page from another: host and path, and a
// fragment that scripts use as a path ("#/basket", "#!/basket"). Queries and
// fragments that only scroll are not in it.
func Route(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	route := strings.ToLower(u.Host) + "/" + strings.Trim(u.EscapedPath(), "/")
	if f := strings.TrimPrefix(u.EscapedFragment(), "!"); strings.HasPrefix(f, "/") {
		f, _, _ = strings.Cut(f, "?")
		route += "#" + strings.TrimSuffix(f, "/")
	}
	return route
}
