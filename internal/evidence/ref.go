package evidence

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
)

// RefOf gives the address of bytes.
func RefOf(data []byte) Ref {
	sum := sha256.Sum256(data)
	return Ref(hex.EncodeToString(sum[:]))
}

// Valid reports whether r has the form of an address: 64 lower-case hex
// digits. Anything else never names a file.
func (r Ref) Valid() bool {
	if len(r) != 2*sha256.Size {
		return false
	}
	for i := range len(r) {
		if c := r[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// Verify reads rc while computing its digest. Where rc ends, a digest other
// than ref gives ErrCorrupt in place of io.EOF.
func Verify(ref Ref, rc io.ReadCloser) io.ReadCloser {
	return &verifier{ReadCloser: rc, ref: ref, sum: sha256.New()}
}

type verifier struct {
	io.ReadCloser
	ref Ref
	sum hash.Hash
	end error // how the stream ended, for good
}

func (v *verifier) Read(p []byte) (int, error) {
	if v.end != nil {
		return 0, v.end
	}
	n, err := v.ReadCloser.Read(p)
	v.sum.Write(p[:n])
	if errors.Is(err, io.EOF) {
		if got := Ref(hex.EncodeToString(v.sum.Sum(nil))); got != v.ref {
			err = fmt.Errorf("%w: %s now reads as %s", ErrCorrupt, v.ref, got)
		}
		v.end = err
	}
	return n, err
}

// WithContext gives a reader that stops with ctx's error once ctx is done.
func WithContext(ctx context.Context, r io.Reader) io.Reader { return contextReader{ctx, r} }

type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}
