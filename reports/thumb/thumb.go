// Package thumb makes small pictures of screenshots. It only computes on the
// bytes that it is handed, so that the race detector need not watch it.
package thumb

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	_ "image/gif" // what a screenshot may be stored as
	"image/jpeg"
	_ "image/png" // what a screenshot is stored as
)

// Bounds of a picture: a page longer than maxTall times its width is cut at the
// foot.
const (
	maxPixels = 60 << 20
	maxTall   = 1.6
	quality   = 70
)

// Scale gives a JPEG of at most wide pixels' width, and its measures in pixels;
// the measures alone where it will not be drawn. It never enlarges.
func Scale(data []byte, wide int, drawn bool) (out []byte, width, height int, err error) {
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
	whole, ok := img.(*image.RGBA)
	if !ok || !whole.Opaque() {
		whole = image.NewRGBA(from)
		draw.Draw(whole, from, image.White, image.Point{}, draw.Src) // what is transparent was drawn on white
		draw.Draw(whole, from, img, from.Min, draw.Over)
	}
	to := image.NewRGBA(image.Rect(0, 0, width, height))
	shrink(to, whole.SubImage(from).(*image.RGBA))
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, to, &jpeg.Options{Quality: quality}); err != nil {
		return nil, 0, 0, err
	}
	return bytes.Clone(buf.Bytes()), width, height, nil // without the room that it grew
}

// shrink makes each pixel of to, which has no more of them either way, the mean
// of those of from that it covers, in part or whole. Letters stay readable that
// an interpolation between four neighbours breaks, and it takes a third of a
// filter's time.
func shrink(to, from *image.RGBA) {
	w, h, wide, high := to.Rect.Dx(), to.Rect.Dy(), from.Rect.Dx(), from.Rect.Dy()
	line, sum := make([]uint64, 3*w), make([]uint64, 3*w)
	share := uint64(1) << 40 / uint64(wide*high) // of a unit of area, in 2⁻⁴⁰
	out, lacks := to.Pix, high
	for y := range high {
		across(line, from.Pix[y*from.Stride:], w, wide)
		for has := h; has > 0; { // a line of from is h high where one of to is as high as from has lines
			part := min(has, lacks)
			for i, v := range line {
				sum[i] += v * uint64(part)
			}
			has, lacks = has-part, lacks-part
			if lacks > 0 {
				continue
			}
			for x := range w {
				for c := range 3 {
					out[4*x+c] = uint8((sum[3*x+c]*share + 1<<39) >> 40)
				}
				out[4*x+3] = 255
			}
			clear(sum)
			out, lacks = out[min(to.Stride, len(out)):], high
		}
	}
}

// across sums a line of pixels into w sums for each colour: a pixel is w wide
// where one of the sums is as wide as there are pixels.
func across(line []uint64, pix []uint8, w, wide int) {
	clear(line)
	at, lacks := 0, wide
	for x := range wide {
		p := pix[4*x : 4*x+3 : 4*x+3]
		for has := w; has > 0; {
			part := min(has, lacks)
			s := line[at : at+3 : at+3]
			s[0] += uint64(p[0]) * uint64(part)
			s[1] += uint64(p[1]) * uint64(part)
			s[2] += uint64(p[2]) * uint64(part)
			has, lacks = has-part, lacks-part
			if lacks == 0 {
				at, lacks = at+3, wide
			}
		}
	}
}
