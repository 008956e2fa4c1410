package web

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"strings"

	"touchstone/probes/web/driver"
)

// Bounds of what is kept of one page: nodes of a frame, and bytes in all.
const (
	mostNodes    = 1500
	mostSnapshot = 128 << 10
)

// snapshot gives the page as assistive technology has it, one line an element,
// without what is to be hidden; nil where the page cannot be read.
func (v *visit) snapshot(ctx context.Context, p *driver.Page) []byte {
	title, nodes, err := p.Snapshot(ctx, mostNodes)
	if err != nil || len(nodes) == 0 {
		return nil
	}
	return outline(p.Document().URL, title, nodes, v.mask.hide)
}

// outline writes the tree as text: its address and title first, then
//
//	main
//	  heading "Checkout" [level=1]
//	  textbox "E-mail" [required]: anna@shopper.example
//	  link "Delivery" → https://shop.example/delivery
func outline(address, title string, nodes []driver.Node, hide func(string) string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# %s\n# %s\n", hide(clean(address)), oneLine(hide(title)))
	for i, n := range nodes {
		if b.Len() > mostSnapshot {
			fmt.Fprintf(&b, "# %d more\n", len(nodes)-i)
			break
		}
		b.WriteString(strings.Repeat("  ", n.Depth))
		if n.Role == "" {
			fmt.Fprintf(&b, "text: %s\n", oneLine(hide(n.Text)))
			continue
		}
		b.WriteString(oneLine(n.Role))
		if n.Name != "" {
			fmt.Fprintf(&b, " %q", oneLine(hide(n.Name)))
		}
		for _, s := range n.States {
			fmt.Fprintf(&b, " [%s]", oneLine(s))
		}
		switch {
		case n.Value == "\u2022":
			b.WriteString(": " + mask)
		case n.Value != "":
			b.WriteString(": " + oneLine(hide(n.Value)))
		}
		if strings.HasPrefix(n.Link, "http") {
			b.WriteString(" → " + oneLine(hide(clean(n.Link))))
		}
		b.WriteByte('\n')
	}
	return b.Bytes()
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// blackened paints over what a picture shows of secrets that the page repeats
// outside of fields that show dots. The picture comes back as it was where
// there is none; nil where there may be one and nobody can say where.
func (v *visit) blackened(ctx context.Context, p *driver.Page, picture []byte) []byte {
	secrets := v.mask.secrets()
	if len(secrets) == 0 {
		return picture
	}
	spots, err := p.Spots(ctx, secrets)
	if err != nil {
		return nil
	}
	if len(spots) == 0 {
		return picture
	}
	from, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		return nil
	}
	to := image.NewRGBA(from.Bounds())
	draw.Draw(to, to.Bounds(), from, from.Bounds().Min, draw.Src)
	wide := float64(to.Bounds().Dx())
	for _, s := range spots {
		r := image.Rect(int(math.Floor(s.X*wide))-2, int(math.Floor(s.Y*wide))-2, int(math.Ceil((s.X+s.Width)*wide))+2, int(math.Ceil((s.Y+s.Height)*wide))+2)
		draw.Draw(to, r.Intersect(to.Bounds()), image.NewUniform(color.Black), image.Point{}, draw.Src)
	}
	var out bytes.Buffer
	if png.Encode(&out, to) != nil {
		return nil
	}
	return out.Bytes()
}
