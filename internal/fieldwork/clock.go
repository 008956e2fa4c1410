// Package fieldwork turns a plan into things that happen: once, durably,
// politely. It owns the plan, the ledger of effects, the schedule with its
// caps, the loop that moves correspondences by mail or by the clock, and the
// matching of what arrives.
package fieldwork

import (
	"context"
	"log/slog"
	"sync"
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

// System is the machine's wall clock.
type System struct{}

// Now gives the present instant.
func (System) Now() time.Time { return time.Now() }

// Wait sleeps. It looks at the wall clock at least once a minute, since a
// machine may have slept, or its clock been set, while a timer ran.
func (s System) Wait(ctx context.Context, until time.Time, wake <-chan struct{}) error {
	return sleep(ctx, func() time.Duration { return until.Sub(s.Now().Round(0)) }, wake)
}

// Begin does nothing: real time waits for nobody.
func (System) Begin() func() { return func() {} }

// A Steady clock takes the wall's time once and counts from there by a clock
// that nobody can set, and that runs on while the machine sleeps: a wall that
// jumps moves no deadline and brings no two contacts closer together. It says
// so, once a jump, when the two have come apart.
type Steady struct {
	began   time.Time
	wall    func() time.Time
	elapsed func() time.Duration // since any instant, without jumps
	start   time.Duration
	log     *slog.Logger

	mu    sync.Mutex
	ahead time.Duration // of the wall, as it was last said
	jumps int           // said so far
}

// NewSteady makes a steady clock that begins at the wall's time or, where that
// is later, at the floor: the latest instant on record.
func NewSteady(floor time.Time, log *slog.Logger) *Steady {
	return newSteady(floor, log, time.Now, elapsed)
}

func newSteady(floor time.Time, log *slog.Logger, wall func() time.Time, elapsed func() time.Duration) *Steady {
	s := &Steady{began: wall().Round(0), wall: wall, elapsed: elapsed, start: elapsed(), log: log}
	if floor.After(s.began) {
		s.ahead = s.began.Sub(floor)
		if s.ahead < -jump {
			log.Warn("the wall clock shows less than what is recorded; time goes on from the record", "ahead", s.ahead.Round(time.Second))
		}
		s.began = floor
	}
	return s
}

// jump is by how much wall and steady time may come apart unsaid.
const jump = time.Minute

// Now gives the present instant, in UTC.
func (s *Steady) Now() time.Time {
	now := s.began.Add(s.elapsed() - s.start).UTC()
	ahead := s.wall().Round(0).Sub(now)
	s.mu.Lock()
	defer s.mu.Unlock()
	if d := ahead - s.ahead; d > jump || d < -jump {
		s.log.Warn("the wall clock was set, or the machine's clocks differ; this run goes on by its own time", "ahead", ahead.Round(time.Second))
		s.ahead = ahead
		s.jumps++
	}
	return now
}

// Jumps tells how often the wall was seen to have been set, and by how much it
// was ahead the last time; what it showed at the start is no jump.
func (s *Steady) Jumps() (n int, ahead time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.jumps, s.ahead
}

// Wait sleeps until the instant, by this clock.
func (s *Steady) Wait(ctx context.Context, until time.Time, wake <-chan struct{}) error {
	return sleep(ctx, func() time.Duration { return until.Sub(s.Now()) }, wake)
}

// Begin does nothing: real time waits for nobody.
func (s *Steady) Begin() func() { return func() {} }

// sleep waits until nothing is left, and asks at least once a minute: a timer
// may have slept with the machine.
func sleep(ctx context.Context, left func() time.Duration, wake <-chan struct{}) error {
	for {
		d := left()
		if d <= 0 {
			return nil
		}
		t := time.NewTimer(min(d, time.Minute))
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

var loaded = time.Now()

// running gives the time that this process has run for, by Go's monotonic clock.
func running() time.Duration { return time.Since(loaded) }
