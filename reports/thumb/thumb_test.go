package thumb

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
)

func picture(t testing.TB, width, height int) []byte {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		img.SetNRGBA(width/2, y, color.NRGBA{R: 255, A: 255})
	}
	var buf bytes.Buffer
	if err := png.Encode(&buf, img); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func TestScale(t *testing.T) {
	for _, c := range []struct{ w, h, wantW, wantH int }{
		{1440, 900, 560, 350}, // halved
		{300, 200, 300, 200},  // never enlarged
		{100, 900, 100, 160},  // a long page is cut at the foot
		{2000, 1, 560, 1},     // never of no height
	} {
		out, w, h, err := Scale(picture(t, c.w, c.h), 560, true)
		if err != nil || w != c.wantW || h != c.wantH {
			t.Errorf("%d × %d became %d × %d (%v), want %d × %d", c.w, c.h, w, h, err, c.wantW, c.wantH)
			continue
		}
		got, err := jpeg.Decode(bytes.NewReader(out))
		if err != nil || got.Bounds().Dx() != w || got.Bounds().Dy() != h {
			t.Errorf("the JPEG is %v: %v", got.Bounds(), err)
		}
		if r, g, b, _ := got.At(0, 0).RGBA(); r>>8 < 250 || g>>8 < 250 || b>>8 < 250 {
			t.Errorf("what was transparent is drawn as %d %d %d, want white", r>>8, g>>8, b>>8)
		}
	}
}

// A small file may claim a size that would take all memory.
func TestScaleRefuses(t *testing.T) {
	bomb := picture(t, 1, 1)
	copy(bomb[16:24], []byte{0, 1, 0, 0, 0, 1, 0, 0}) // IHDR: 65536 × 65536
	for name, data := range map[string][]byte{"bomb": bomb, "no picture": []byte("<svg onload=alert(1)>"), "empty": nil} {
		if out, _, _, err := Scale(data, 560, true); err == nil || out != nil {
			t.Errorf("%s: was decoded", name)
		} else if strings.Contains(err.Error(), "svg") {
			t.Errorf("%s: the error repeats the bytes: %v", name, err)
		}
	}
}

func BenchmarkScale(b *testing.B) {
	data := picture(b, 1280, 800)
	for b.Loop() {
		if _, _, _, err := Scale(data, 560, true); err != nil {
			b.Fatal(err)
		}
	}
}

// Each pixel is the mean of what it covers, in part or whole.
func TestShrinkIsTheMean(t *testing.T) {
	from := image.NewRGBA(image.Rect(0, 0, 5, 3))
	for i := range from.Pix {
		from.Pix[i] = uint8(i * 37)
	}
	to := image.NewRGBA(image.Rect(0, 0, 3, 2))
	shrink(to, from)
	for y := range 2 {
		for x := range 3 {
			for c := range 3 {
				sum, area := 0.0, 0.0
				for Y := range 3 {
					for X := range 5 {
						part := overlap(float64(x)*5/3, float64(x+1)*5/3, X) * overlap(float64(y)*3/2, float64(y+1)*3/2, Y)
						sum, area = sum+part*float64(from.Pix[from.PixOffset(X, Y)+c]), area+part
					}
				}
				if got, want := float64(to.Pix[to.PixOffset(x, y)+c]), sum/area; got < want-0.51 || got > want+0.51 {
					t.Errorf("colour %d at %d, %d is %g, want %.2f", c, x, y, got, want)
				}
			}
		}
	}
}

// overlap is how much of the pixel from at to at+1 lies between low and high.
func overlap(low, high float64, at int) float64 {
	return max(0, min(high, float64(at+1))-max(low, float64(at)))
}
