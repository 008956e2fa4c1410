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

// A tree is what one frame says.
type tree struct {
	Link  string `json:"link"`
	Title string `json:"title"`
	Nodes []Node `json:"nodes"`
}

func snapshotReader(most int) string { return fmt.Sprintf(`["snapshot",%d]`, most) }

// mostFrames bounds how many frames of a page are read into a snapshot.
const mostFrames = 12

// Snapshot reads the accessible tree, at most so many nodes of each frame. The
// frames of a page follow it, each below a node of the role "document" of its
// own. A frame that cannot be read now is left out. title is the page's.
func (p *Page) Snapshot(ctx context.Context, most int) (title string, nodes []Node, err error) {
	for i, f := range p.frames() {
		if i == mostFrames {
			break
		}
		read, err := p.treeOf(ctx, f, most)
		switch {
		case err != nil && i == 0:
			return "", nil, err
		case i == 0:
			title = read.Title
		case err != nil || len(read.Nodes) == 0:
			continue
		default:
			nodes = append(nodes, Node{Role: "document", Link: read.Link})
			for j := range read.Nodes {
				read.Nodes[j].Depth++
			}
		}
		nodes = append(nodes, read.Nodes...)
	}
	return title, nodes, nil
}

// treeOf reads one frame.
func (p *Page) treeOf(ctx context.Context, f cdp.FrameID, most int) (t tree, err error) {
	if n := &p.told; f == p.main && n.snapshot != nil && p.same(n.snapped) {
		t, n.snapshot = *n.snapshot, nil
		return t, nil
	}
	return t, p.ask(ctx, f, snapshot, "snapshot", fmt.Sprintf("snapshot(%d)", most), &t)
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
