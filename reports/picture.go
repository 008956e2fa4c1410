package reports

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"touchstone/internal/evidence"
	"touchstone/reports/thumb"
)

// Bounds of a screenshot: what is read, in bytes, and how wide the report
// carries it, in pixels.
const (
	maxBytes = 32 << 20
	maxWide  = 560
	fullWide = 1280
)

// kept bounds the drawn pictures that a report holds, in bytes. Those beyond
// are drawn anew each time that a format shows them.
const kept = 32 << 20

// mostPictured is the largest panel of which a report with small pictures shows
// all of them: a site has some twenty-five.
const mostPictured = 250

// JPEG gives the picture as drawn; nil where there is a problem.
func (p *Picture) JPEG() []byte {
	if p.draw != nil {
		return p.draw()
	}
	return p.jpeg
}

// picture reads and scales a screenshot at once.
func (b *builder) picture(ctx context.Context, e Proof) (*Picture, error) {
	p, ok := b.pictures[e.Ref] // visits to one shop begin alike
	if !ok {
		p = b.developed(ctx, e.Ref, true)
		b.pictures[e.Ref] = p
	}
	again := *p
	again.Name = e.Name
	return &again, ctx.Err()
}

// developed reads a screenshot and draws it, or measures it alone. What is
// wrong with the evidence is the picture's Problem.
func (b *builder) developed(ctx context.Context, ref evidence.Ref, drawn bool) *Picture {
	p := &Picture{Ref: ref}
	data, err := b.read(ctx, ref)
	if err == nil {
		p.jpeg, p.Width, p.Height, err = thumb.Scale(data, b.wide(), drawn)
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
	return p
}

// develop fills in the pictures that the films name, several at once.
func (b *builder) develop(ctx context.Context, sites []SitePart) error {
	wanted := map[evidence.Ref][]*Picture{}
	for _, s := range sites {
		for _, p := range s.Probes {
			for _, f := range p.Film {
				if f.Picture != nil {
					wanted[f.Picture.Ref] = append(wanted[f.Picture.Ref], f.Picture)
				}
			}
		}
	}
	refs := slices.Sorted(maps.Keys(wanted))
	var room, next atomic.Int64
	room.Store(kept)
	later := context.WithoutCancel(ctx) // a format is written when New is done
	var all sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(refs)) {
		all.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(refs)) && ctx.Err() == nil; i = next.Add(1) - 1 {
				ref := refs[i]
				p := b.developed(ctx, ref, !b.in.Unpictured && room.Load() > 0)
				if room.Add(-int64(len(p.jpeg))); !b.in.Unpictured && p.jpeg == nil && p.Problem == "" {
					p.draw = func() []byte { return b.developed(later, ref, true).jpeg }
				}
				for _, same := range wanted[ref] {
					name := same.Name
					*same = *p
					same.Name = name
				}
			}
		})
	}
	all.Wait()
	return ctx.Err()
}

// thinned tells whether the panel is too large for all of its pictures.
func (b *builder) thinned() bool { return len(b.sites) > mostPictured && b.in.Evidence == Thumbs }

// thin leaves of a site's pictures those of where visits stopped that did not
// come to their end; where all did, that of the last one's end.
func thin(probes []Probe) {
	told := false
	for _, p := range probes {
		told = told || p.Outcome != evidence.Completed && p.last() >= 0
	}
	for _, p := range slices.Backward(probes) {
		last := p.last()
		for i := range p.Film {
			if i != last || told && p.Outcome == evidence.Completed {
				p.Film[i].Picture = nil
			}
		}
		told = told || last >= 0
	}
}

// last gives the place of a film's last picture, -1 where it has none.
func (p Probe) last() int {
	for i, f := range slices.Backward(p.Film) {
		if f.Picture != nil {
			return i
		}
	}
	return -1
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
