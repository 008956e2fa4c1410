package fieldwork

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"testing"
	"time"

	"touchstone/internal/db"
	"touchstone/internal/highstreet"
	"touchstone/scenarios"
)

// A still clock tells when the loop first waits, and lets nobody go on.
type still struct {
	*highstreet.Clock
	once    sync.Once
	waiting chan struct{}
}

func (s *still) Wait(ctx context.Context, _ time.Time, _ <-chan struct{}) error {
	s.once.Do(func() { close(s.waiting) })
	<-ctx.Done()
	return ctx.Err()
}

// liveHeap gives the bytes that are in use while an engine waits with n
// correspondences open, at ten sites.
func liveHeap(tb testing.TB, n int) uint64 {
	tb.Helper()
	c := newCrowd(tb, tb.TempDir(), 100)
	c.in.Project.Sites = c.in.Project.Sites[:10]
	c.in.Project.Caps = scenarios.Caps{}
	c.in.Project.Scenarios[0].Repeat = n / 10
	if _, err := Draft(tb.Context(), c.d, c.in, "bench", testStart); err != nil {
		tb.Fatal(err)
	}
	c.in = PlanInput{}
	err := c.d.InTx(tb.Context(), func(ctx context.Context, tx db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE probe SET state = 'open', moved_us = 1, deadline_us = due_us + window_us WHERE wave = 'w1'`)
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	clock := &still{Clock: c.clock, waiting: make(chan struct{})}
	c.Engine.Clock = clock
	ctx, cancel := context.WithCancel(tb.Context())
	ended := make(chan error, 1)
	go func() { ended <- c.Run(ctx, "w1", nil) }()
	select {
	case <-clock.waiting:
	case err := <-ended:
		tb.Fatalf("it ended: %v", err)
	}
	var m runtime.MemStats
	runtime.GC()
	runtime.GC() // what the first has put into pools goes with the second
	runtime.ReadMemStats(&m)
	if _, total := c.tally.count(false); total != n {
		tb.Fatalf("%d probes, not %d", total, n)
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		tb.Fatal(err)
	}
	if err := c.d.Close(); err != nil {
		tb.Fatal(err)
	}
	return m.HeapAlloc
}

// Nothing waits in memory: thousands of open correspondences take no more of
// it than ten. BenchmarkOpen says so of 100,000.
func TestOpenCorrespondencesTakeNoMemory(t *testing.T) {
	liveHeap(t, 10) // whatever is made once
	few, many := liveHeap(t, 10), liveHeap(t, 3000)
	if ratio := float64(many) / float64(few); ratio > 1.1 {
		t.Errorf("%d bytes for 10 and %d for 3000: %.2f times", few, many, ratio)
	}
}

// BenchmarkOpen gives the live heap with 10 and with 100,000 open
// correspondences, and their ratio, which is to be 1.1 at most.
func BenchmarkOpen(b *testing.B) {
	for b.Loop() {
		liveHeap(b, 10)
		few, many := liveHeap(b, 10), liveHeap(b, 100_000)
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(float64(few)/1e6, "MB-of-10")
		b.ReportMetric(float64(many)/1e6, "MB-of-100000")
		b.ReportMetric(float64(many)/float64(few), "ratio")
		if many > few+few/10 {
			b.Errorf("%d bytes for 10, %d for 100000", few, many)
		}
	}
}
