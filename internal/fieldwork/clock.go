// Package fieldwork turns a plan into things that happen: once, durably,
// politely. It owns the plan, the ledger of effects, the schedule with its
// caps, the loop that moves correspondences by mail or by the clock, and the
// matching of what arrives.
package fieldwork

import (
	"context"
	"time"
)

// A Clock is the time that correspondence lives by. The system's clock runs by
// itself; the demo's stands still and skips to the next thing that happens.
type Clock interface {
	Now() time.Time

	// Wait returns at the instant until, or as soon as wake delivers. It gives
	// ctx's error when that ends first.
	Wait(ctx context.Context, until time.Time, wake <-chan struct{}) error

	// Begin marks something in flight, until done is called. A skipping clock
	// stands still meanwhile.
	Begin() (done func())
}

// System is the machine's clock.
type System struct{}

// Now gives the present instant.
func (System) Now() time.Time { return time.Now() }

// Wait sleeps. It looks at the wall clock at least once a minute, since a
// machine may have slept, or its clock been set, while a timer ran.
func (s System) Wait(ctx context.Context, until time.Time, wake <-chan struct{}) error {
	for {
		left := until.Sub(s.Now().Round(0))
		if left <= 0 {
			return nil
		}
		t := time.NewTimer(min(left, time.Minute))
		select {
		case <-ctx.Done():
			t.Stop()
			return ctx.Err()
		case <-wake:
			t.Stop()
			return nil
		case <-t.C:
		}
	}
}

// Begin does nothing: real time waits for nobody.
func (System) Begin() func() { return func() {} }
