package reports

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	_ "image/gif" // what a screenshot may be stored as
	"image/jpeg"
	_ "image/png" // what a screenshot is stored as
	"io"

	"golang.org/x/image/draw"

	"touchstone/internal/evidence"
)

// Bounds of a screenshot: what is read, and what the report carries. A page
// longer than maxTall times its width is cut at the foot.
const (
	maxBytes  = 32 << 20
	maxPixels = 60 << 20
	maxWide   = 560
	fullWide  = 1280
	maxTall   = 1.6
	quality   = 70
)

// picture reads and scales a screenshot. What is wrong with the evidence is
// the picture's Problem; an error is ctx's.
func (b *builder) picture(ctx context.Context, e Proof) (*Picture, error) {
	p := &Picture{Name: e.Name, Ref: e.Ref}
	if same, ok := b.pictures[e.Ref]; ok { // visits to one shop begin alike
		again := *same
		again.Name = e.Name
		return &again, nil
	}
	data, err := b.read(ctx, e.Ref)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err == nil {
		p.JPEG, p.Width, p.Height, err = scale(data, b.wide(), !b.in.Unpictured)
	}
	var gone *evidence.PrunedError
	switch {
	case errors.As(err, &gone):
		p.Problem = b.say("Proof pruned on %s (%s): the figures that it proved are kept.", b.texts.Day(gone.At), gone.Why)
	case errors.Is(err, evidence.ErrCorrupt):
		p.Problem = b.say("This picture no longer matches its digest: it is not shown.")
	case errors.Is(err, evidence.ErrNotFound):
		p.Problem = b.say("This picture is gone from the evidence folder.")
	case err != nil:
		p.Problem = b.say("This picture can't be shown: %s", err.Error())
	}
	b.pictures[e.Ref] = p
	return p, nil
}

func (b *builder) read(ctx context.Context, ref evidence.Ref) ([]byte, error) {
	r, err := b.in.Open(ctx, ref)
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }() // it was read to its end
	data, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
	if err == nil && len(data) > maxBytes {
		err = fmt.Errorf("it has more than %d MiB", maxBytes>>20)
	}
	return data, err
}

// scale gives a JPEG of at most wide pixels' width; its measures alone where it
// will not be drawn.
func scale(data []byte, wide int, drawn bool) (out []byte, width, height int, err error) {
	dim, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, 0, 0, err
	}
	if dim.Width <= 0 || dim.Height <= 0 || dim.Width*dim.Height > maxPixels {
		return nil, 0, 0, fmt.Errorf("it has %d × %d pixels", dim.Width, dim.Height)
	}
	shown := min(dim.Height, max(1, int(maxTall*float64(dim.Width))))
	width = min(dim.Width, wide)
	height = max(1, shown*width/dim.Width)
	if !drawn {
		return nil, width, height, nil
	}
	img, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, 0, 0, err
	}
	from := img.Bounds()
	from.Max.Y = from.Min.Y + shown
	to, op := image.NewRGBA(image.Rect(0, 0, width, height)), draw.Src
	if o, ok := img.(interface{ Opaque() bool }); !ok || !o.Opaque() {
		draw.Draw(to, to.Bounds(), image.White, image.Point{}, draw.Src) // what is transparent was drawn on white
		op = draw.Over
	}
	draw.BiLinear.Scale(to, to.Bounds(), img, from, op, nil)
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, to, &jpeg.Options{Quality: quality}); err != nil {
		return nil, 0, 0, err
	}
	return buf.Bytes(), width, height, nil
}
