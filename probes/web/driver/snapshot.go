package driver

import (
	"context"
	"fmt"

	"github.com/chromedp/cdproto/cdp"

	_ "embed"
)

//go:embed snapshot.js
var snapshot string

//go:embed spots.js
var spots string

// A Node is one line of a page's accessible tree: an element with a role, or
// words that stand by themselves.
type Node struct {
	Depth  int      `json:"depth"`
	Role   string   `json:"role"`
	Name   string   `json:"name"`
	Value  string   `json:"value"` // of a field; a dot for a secret that is not empty
	Link   string   `json:"link"`  // absolute
	States []string `json:"states"`
	Text   string   `json:"text"` // of a line without a role
}

// mostFrames bounds how many frames of a page are read into a snapshot.
const mostFrames = 12

// Snapshot reads the accessible tree, at most so many nodes of each frame. The
// frames of a page follow it, each below a node of the role "document" of its
// own. A frame that cannot be read now is left out.
func (p *Page) Snapshot(ctx context.Context, most int) ([]Node, error) {
	var all []Node
	for i, f := range p.frames() {
		if i == mostFrames {
			break
		}
		var read struct {
			Link  string `json:"link"`
			Nodes []Node `json:"nodes"`
		}
		err := p.quick(ctx, f, fmt.Sprintf("({link: location.href, nodes: (%s)(%d, __touchstone)})", snapshot, most), &read)
		switch {
		case err != nil && i == 0:
			return nil, err
		case err != nil || len(read.Nodes) == 0:
			continue
		case i > 0:
			all = append(all, Node{Role: "document", Link: read.Link})
			for j := range read.Nodes {
				read.Nodes[j].Depth++
			}
		}
		all = append(all, read.Nodes...)
	}
	return all, nil
}

// Cut ends the page's process at once, and with it whatever it has open: the
// page counts as crashed. It never blocks.
func (p *Page) Cut() { p.s.post("Page.crash", nil) }

// A Spot is a rectangle of the window, as parts of its width: a picture of any
// scale can be marked by it.
type Spot struct {
	X, Y, Width, Height float64
}

// Spots finds where the page's own frame shows one of the texts: in a line of
// words, or in a field that does not show dots.
func (p *Page) Spots(ctx context.Context, texts []string) ([]Spot, error) {
	var list []Spot
	return list, p.quick(ctx, cdp.FrameID(""), fmt.Sprintf("(%s)(%s, __touchstone)", spots, quote(texts)), &list)
}
