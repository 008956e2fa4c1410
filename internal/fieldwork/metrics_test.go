package fieldwork

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"touchstone/internal/db"
)

// A loop that hangs is seen by how long it has not turned: here it waits for a
// transaction that never ends.
func TestIdleLoopIsSeen(t *testing.T) {
	b := newBench(t, nil, alphaAnswers)
	b.Metrics = NewMetrics(prometheus.NewRegistry(), b.clock)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	held, hold := make(chan struct{}), make(chan struct{})
	var both sync.WaitGroup
	b.clock.At(testStart.Add(time.Hour), func() {
		both.Go(func() {
			if err := b.DB.InTx(t.Context(), func(context.Context, db.Tx) error { close(held); <-hold; return nil }); err != nil {
				t.Error(err)
			}
		})
		<-held
	})
	both.Go(func() {
		if err := b.Run(ctx, "w1", nil); !errors.Is(err, context.Canceled) {
			t.Errorf("the run ended with %v", err)
		}
	})
	<-held
	for late := time.Now().Add(10 * time.Second); b.Metrics.idle() < 50*time.Millisecond; {
		if time.Now().After(late) {
			t.Fatal("the loop turns while nothing can be asked or written")
		}
	}
	cancel()
	close(hold)
	both.Wait()
}
