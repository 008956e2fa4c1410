package driver

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/chromedp/cdproto/cdp"

	_ "embed"
)

//go:embed overlay.js
var floats string

// An Overlay is a box that floats above a page: a dialog, a banner, a sheet.
// What a frame in such a box shows is an overlay of its own.
type Overlay struct {
	Frame    cdp.FrameID `json:"-"` // where its controls are; empty: in the page's own document
	Ref      int         `json:"ref"`
	Text     string      `json:"text"`   // all that it says, at most 4,000 characters
	Marks    string      `json:"marks"`  // ids, classes and data attributes of its outer elements
	Modal    bool        `json:"modal"`  // the page under it is out of use, by its own word
	Menu     bool        `json:"menu"`   // it is a header or navigation, or holds one
	Cover    float64     `json:"cover"`  // share of the window that it takes, 0 to 1
	Fields   int         `json:"fields"` // to type into
	Framed   bool        `json:"frame"`  // it shows a frame
	Controls []Handle    `json:"controls"`
}

// A Handle is a control of an overlay.
type Handle struct {
	Ref      int    `json:"ref"`
	Role     string `json:"role"`
	Name     string `json:"name"`
	Hint     string `json:"hint"` // its id, classes and data attributes
	Link     string `json:"link"` // absolute; empty: it leads nowhere else
	Box      bool   `json:"box"`  // a tick box or switch
	Ticked   bool   `json:"ticked"`
	Disabled bool   `json:"disabled"`
	Corner   bool   `json:"corner"` // it is small and stands in an upper corner
}

// Locator finds a handle of the overlay again.
func (o Overlay) Locator(h Handle) Locator {
	role := h.Role
	if role == "" {
		role = "control"
	}
	return Locator{Ref: h.Ref, Frame: o.Frame, Role: role, Name: h.Name}
}

// Overlays lists what floats above the page now. It takes a few milliseconds.
func (p *Page) Overlays(ctx context.Context) ([]Overlay, error) {
	if !p.fresh(p.told.overlaid) {
		if _, err := p.read(ctx, overlaysReader); err != nil {
			return nil, err
		}
	}
	list := slices.Clone(p.told.overlays)
	framed := false
	for _, o := range list {
		framed = framed || o.Framed
	}
	if !framed {
		return list, nil
	}
	inner := p.frames()[1:]
	told := make([][]Overlay, len(inner))
	var looks sync.WaitGroup
	for i, f := range inner {
		looks.Go(func() {
			ctx, cancel := p.bound(ctx, 500*time.Millisecond)
			defer cancel()
			_ = p.evalOnce(ctx, f, "__touchstone.inside()", &told[i]) // a frame that does not answer shows nothing
		})
	}
	looks.Wait()
	for i, f := range inner {
		for _, o := range told[i] {
			o.Frame = f
			list = append(list, o)
		}
	}
	return list, nil
}

// Uncover presses the control that pick chooses of what floats above the page,
// after asking guard. It reports whether one was pressed.
func (p *Page) Uncover(ctx context.Context, pick func([]Overlay) (Locator, bool), guard func(Control) error) (bool, error) {
	list, err := p.Overlays(ctx)
	if err != nil {
		return false, err
	}
	q, ok := pick(list)
	if !ok {
		return false, nil
	}
	if _, err := p.Click(ctx, q, guard); err != nil {
		return false, err
	}
	return true, p.Settle(ctx)
}
