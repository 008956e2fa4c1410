package reports

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"strings"
	"testing"
	"time"

	"touchstone/internal/evidence"
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
		out, w, h, err := scale(picture(t, c.w, c.h), maxWide, true)
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
		if out, _, _, err := scale(data, maxWide, true); err == nil || out != nil {
			t.Errorf("%s: was decoded", name)
		} else if strings.Contains(err.Error(), "svg") {
			t.Errorf("%s: the error repeats the bytes: %v", name, err)
		}
	}
}

func BenchmarkScale(b *testing.B) {
	data := picture(b, 1280, 800)
	for b.Loop() {
		if _, _, _, err := scale(data, maxWide, true); err != nil {
			b.Fatal(err)
		}
	}
}

// A picture that was removed on purpose says so, and when.
func TestPrunedPictureSaysSo(t *testing.T) {
	gone := &evidence.PrunedError{Ref: "r", At: time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC), Why: "older than 90d"}
	b := &builder{pictures: map[evidence.Ref]*Picture{}, in: Input{Open: func(context.Context, evidence.Ref) (io.ReadCloser, error) { return nil, gone }}}
	p, err := b.picture(t.Context(), Proof{Name: "01-start.png", Ref: "r"})
	if err != nil || p.Problem != "Proof pruned on 4 May 2026 (older than 90d): the figures that it proved are kept." {
		t.Errorf("%+v, %v", p, err)
	}
}
