package fieldwork

import (
	"context"
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
	ended := make(chan error, 2)
	b.clock.At(testStart.Add(time.Hour), func() {
		go func() {
			ended <- b.DB.InTx(t.Context(), func(context.Context, db.Tx) error { close(held); <-hold; return nil })
		}()
		<-held
	})
	go func() { ended <- b.Run(ctx, "w1", nil) }()
	<-held
	for late := time.Now().Add(10 * time.Second); b.Metrics.idle() < 50*time.Millisecond; {
		if time.Now().After(late) {
			t.Fatal("the loop turns while nothing can be asked or written")
		}
	}
	cancel()
	close(hold)
	for range 2 {
		<-ended
	}
}
