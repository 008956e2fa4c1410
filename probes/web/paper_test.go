package web

import (
	"bytes"
	"fmt"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
)

// A page of ours is printed and pictured, and loads nothing: neither from the
// network nor from the disk.
func TestPaper(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { asked.Add(1); fmt.Fprint(w, "x") }))
	defer srv.Close()
	b, err := Open(Options{TempDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	secret := filepath.Join(t.TempDir(), "secret.css")
	if err := os.WriteFile(secret, []byte("body { background: #f00 }"), 0o600); err != nil {
		t.Fatal(err)
	}
	page := fmt.Appendf(nil, `<!DOCTYPE html><html lang="en"><title>Tea</title><link rel="stylesheet" href="file://%s"><link rel="stylesheet" href="%s/a.css"><body style="margin:0"><h1 id="a">Tea</h1><a href="#a">up</a><img src="%s/b.png"><iframe src="%s/c"></iframe>`, secret, srv.URL, srv.URL, srv.URL)
	for _, draft := range []bool{true, false} {
		pdf, err := b.Print(t.Context(), page, draft)
		if err != nil || !bytes.HasPrefix(pdf, []byte("%PDF-")) {
			t.Fatalf("draft %v: %.20q, %v", draft, pdf, err)
		}
		if tagged := bytes.Contains(pdf, []byte("/StructTreeRoot")); tagged == draft {
			t.Errorf("draft %v: tagged %v", draft, tagged)
		}
	}
	picture, err := b.Picture(t.Context(), page, 300, 200)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(picture))
	if err != nil || img.Bounds().Dx() != 600 || img.Bounds().Dy() != 400 {
		t.Fatalf("picture %v, %v", img, err)
	}
	if r, g, _, _ := img.At(590, 5).RGBA(); r != g {
		t.Error("a style sheet was loaded from the disk")
	}
	if n := asked.Load(); n != 0 {
		t.Errorf("%d requests left", n)
	}
}
