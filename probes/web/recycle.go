package web

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"touchstone/probes/web/driver"
)

// When a browser is replaced by a fresh one, between two visits, unless Options
// say otherwise. A start costs a quarter of a second; in 500 visits a browser's
// memory stays flat (docs/driver.md), so these bound what a long life may do,
// not what a normal one does.
const (
	recycleVisits = 200
	recycleAge    = time.Hour
	recycleMemory = 1500 << 20
)

// A running is one Chromium and the visits in it.
type running struct {
	*driver.Browser
	born   time.Time
	visits int // so far
	active int // of them under way
	old    bool
}

// engage gives the running browser for visitors of a kind, or a new one where
// there is none, where it died, or where it has done enough. release ends the
// visit's hold on it: a browser that has done enough is closed by the last.
func (b *Browser) engage(ctx context.Context, mobile bool) (r *running, release func(), err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return nil, nil, errors.New("the browser was closed")
	}
	r = b.running[mobile]
	switch {
	case r == nil:
	case closed(r.Dead()):
		b.o.Log.Warn("the browser died and is started again", "browser", b.o.Path)
		r = nil
	case r.old || r.visits >= cmp.Or(b.o.Visits, recycleVisits) || time.Since(r.born) >= cmp.Or(b.o.Age, recycleAge):
		b.o.Log.Info("the browser has done enough and is replaced", "visits", r.visits, "age", time.Since(r.born).Round(time.Second))
		r.old = true
		b.retire(r)
		r = nil
	}
	if r == nil {
		d, err := driver.Start(ctx, driver.Options{
			Path: b.o.Path, TempDir: b.o.TempDir, Log: b.o.Log, Resolve: b.o.Resolve,
			Mobile: mobile, Isolate: b.o.Isolate, Unboxed: b.o.Unboxed, Memory: b.o.PageMemory,
		})
		if err != nil {
			delete(b.running, mobile)
			return nil, nil, err
		}
		r = &running{Browser: d, born: time.Now()}
		b.running[mobile] = r
	}
	r.visits++
	r.active++
	return r, func() { b.disengage(r) }, nil
}

func (b *Browser) disengage(r *running) {
	heavy := r.Memory() > cmp.Or(b.o.Memory, recycleMemory)
	b.mu.Lock()
	defer b.mu.Unlock()
	r.active--
	r.old = r.old || heavy
	b.retire(r)
}

// retire closes a browser that has done enough, when no visit is in it. The
// caller holds the lock; nobody waits for the end but Close.
func (b *Browser) retire(r *running) {
	if !r.old || r.active > 0 {
		return
	}
	for mobile, now := range b.running {
		if now == r {
			delete(b.running, mobile)
		}
	}
	b.ending.Go(func() { _ = r.Close() })
}

func closed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// Held is what the running browsers hold for visitors, for those who look for
// leaks; a browser that has died holds nothing.
func (b *Browser) Held(ctx context.Context) (sum driver.Held, err error) {
	b.mu.Lock()
	running := slices.Collect(maps.Values(b.running))
	b.mu.Unlock()
	for _, r := range running {
		h, err := r.Browser.Held(ctx)
		if err != nil && !closed(r.Dead()) {
			return sum, err
		}
		sum = sum.Add(h)
	}
	return sum, nil
}
