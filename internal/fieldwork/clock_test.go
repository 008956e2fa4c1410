package fieldwork

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"
)

// A wall that is set while a run lasts moves nothing; time goes on from where
// it was by the steady clock, and the run says that they differ.
func TestSteadyClockDoesNotJump(t *testing.T) {
	for _, jump := range []time.Duration{-time.Hour, time.Hour, -24 * time.Hour} {
		wall, elapsed := testStart, time.Duration(0)
		var said strings.Builder
		c := newSteady(time.Time{}, slog.New(slog.NewTextHandler(&said, nil)), func() time.Time { return wall }, func() time.Duration { return elapsed })
		pass := func(d time.Duration) { wall, elapsed = wall.Add(d), elapsed+d }
		pass(time.Hour)
		if got := c.Now(); !got.Equal(testStart.Add(time.Hour)) || said.Len() > 0 {
			t.Errorf("before the jump: %s, %q", got, &said)
		}
		wall = wall.Add(jump)
		pass(time.Minute)
		if got := c.Now(); !got.Equal(testStart.Add(61 * time.Minute)) {
			t.Errorf("after %s: %s", jump, got)
		}
		c.Now()
		if n := strings.Count(said.String(), "ahead="+jump.String()); n != 1 {
			t.Errorf("after %s the run said %d times: %s", jump, n, &said)
		}
		if n, ahead := c.Jumps(); n != 1 || ahead != jump {
			t.Errorf("after %s: %d jumps, %s ahead", jump, n, ahead)
		}
	}
}

// A run that begins when the wall shows less than what is recorded goes on
// from the record.
func TestSteadyClockNeverRunsBackwards(t *testing.T) {
	wall, elapsed := testStart, time.Duration(0)
	c := newSteady(testStart.Add(time.Hour), slog.New(slog.DiscardHandler), func() time.Time { return wall }, func() time.Duration { return elapsed })
	if got := c.Now(); !got.Equal(testStart.Add(time.Hour)) {
		t.Errorf("began at %s", got)
	}
	elapsed = time.Minute
	if got := c.Now(); !got.Equal(testStart.Add(61 * time.Minute)) {
		t.Errorf("a minute later it is %s", got)
	}
}

func TestSteadyClockWaits(t *testing.T) {
	c := NewSteady(time.Now().Add(time.Hour), slog.New(slog.DiscardHandler))
	began := time.Now()
	if err := c.Wait(t.Context(), c.Now().Add(20*time.Millisecond), nil); err != nil || time.Since(began) < 20*time.Millisecond {
		t.Errorf("waited %s, %v", time.Since(began), err)
	}
	wake := make(chan struct{}, 1)
	wake <- struct{}{}
	if err := c.Wait(t.Context(), c.Now().Add(time.Hour), wake); err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := c.Wait(ctx, c.Now().Add(time.Hour), nil); err == nil {
		t.Error("it waited on without its context")
	}
}

// What a wall that was set back is held to: the latest instant of any wave.
func TestClockSetBackBetweenRuns(t *testing.T) {
	b := newBench(t, nil, alphaAnswers)
	b.runUntil(testStart.Add(30 * time.Hour))
	latest, err := Latest(t.Context(), b.DB)
	if err != nil || latest.Before(testStart.Add(time.Hour)) || latest.After(b.clock.Now()) {
		t.Fatalf("the latest instant is %s, %v; it is %s", latest, err, b.clock.Now())
	}
	wall := latest.Add(-time.Hour)
	c := newSteady(latest, b.Log, func() time.Time { return wall }, func() time.Duration { return 0 })
	if c.Now().Before(latest) {
		t.Errorf("time ran back to %s", c.Now())
	}
}
