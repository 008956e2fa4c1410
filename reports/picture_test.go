package reports

import (
	"context"
	"io"
	"testing"
	"time"

	"touchstone/internal/evidence"
)

// A picture that was removed on purpose says so, and when.
func TestPrunedPictureSaysSo(t *testing.T) {
	gone := &evidence.PrunedError{Ref: "r", At: time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC), Why: "older than 90d"}
	b := &builder{pictures: map[evidence.Ref]*Picture{}, in: Input{Open: func(context.Context, evidence.Ref) (io.ReadCloser, error) { return nil, gone }}}
	p, err := b.picture(t.Context(), Proof{Name: "01-start.png", Ref: "r"})
	if err != nil || p.Problem != "Proof pruned on 4 May 2026 (older than 90d): the figures that it proved are kept." {
		t.Errorf("%+v, %v", p, err)
	}
}
