package highstreet

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

var monday = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)

func TestClockStandsStillOutsideWait(t *testing.T) {
	c := NewClock(monday.Add(300 * time.Millisecond))
	c.At(monday.Add(-time.Hour), func() { t.Error("an event ran outside Wait") })
	if got := c.Now(); !got.Equal(monday) {
		t.Errorf("now %v, want the start cut to the second, %v", got, monday)
	}
}

func TestClockRunsEventsInOrder(t *testing.T) {
	c := NewClock(monday)
	var got []string
	note := func(name string) func() {
		return func() { got = append(got, fmt.Sprintf("%s %v", name, c.Now().Sub(monday))) }
	}
	c.At(monday.Add(2*time.Hour), note("later"))
	c.At(monday.Add(time.Hour), note("first of two"))
	c.At(monday.Add(time.Hour), note("second of two"))
	c.At(monday.Add(-time.Hour), note("past"))
	c.At(monday.Add(time.Minute), func() {
		note("parent")()
		c.At(c.Now().Add(time.Minute), note("child"))
	})
	c.At(monday.Add(3*time.Hour), note("at the end itself"))
	c.At(monday.Add(3*time.Hour+1), note("after the end"))

	if err := c.Wait(t.Context(), monday.Add(3*time.Hour), nil); err != nil {
		t.Fatal(err)
	}
	want := []string{"past 0s", "parent 1m0s", "child 2m0s", "first of two 1h0m0s", "second of two 1h0m0s", "later 2h0m0s", "at the end itself 3h0m0s"}
	if !slices.Equal(got, want) {
		t.Errorf("events ran as\n%q, want\n%q", got, want)
	}
	if !c.Now().Equal(monday.Add(3 * time.Hour)) {
		t.Errorf("the clock stands at %v after the wait", c.Now())
	}
	if err := c.Wait(t.Context(), monday, nil); err != nil || !c.Now().Equal(monday.Add(3*time.Hour)) {
		t.Errorf("waiting for the past gave %v and moved the clock to %v", err, c.Now())
	}
}

// TestClockWaitsForFlights is the promise that matters: an arrival is told of
// before its flight ends, and the clock never jumps over it.
func TestClockWaitsForFlights(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, wake := NewClock(monday), make(chan struct{}, 1)
		c.At(monday.Add(time.Hour), func() {
			done := c.Begin()
			go func() {
				time.Sleep(time.Minute) // the bubble's time: while all others are blocked
				wake <- struct{}{}
				done()
				done()
			}()
		})
		if err := c.Wait(t.Context(), monday.Add(24*time.Hour), wake); err != nil {
			t.Fatal(err)
		}
		if got := c.Now().Sub(monday); got != time.Hour {
			t.Errorf("woken at %v, want 1h", got)
		}
		if err := c.Wait(t.Context(), monday.Add(24*time.Hour), wake); err != nil || !c.Now().Equal(monday.Add(24*time.Hour)) {
			t.Errorf("the second wait ended at %v with %v", c.Now(), err)
		}
	})
}

func TestClockWithoutAnEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, wake := NewClock(monday), make(chan struct{}, 1)
		go func() {
			synctest.Wait()
			c.At(monday.Add(time.Hour), func() { wake <- struct{}{} })
		}()
		if err := c.Wait(t.Context(), time.Time{}, wake); err != nil || !c.Now().Equal(monday.Add(time.Hour)) {
			t.Errorf("woken at %v with %v", c.Now(), err)
		}

		ctx, cancel := context.WithCancel(t.Context())
		c.Begin() // never ends
		go func() { synctest.Wait(); cancel() }()
		if err := c.Wait(ctx, monday.Add(time.Hour*48), wake); !errors.Is(err, context.Canceled) {
			t.Errorf("a cancelled wait gave %v", err)
		}
	})
}

func TestClockHasOneWaiter(t *testing.T) {
	c := NewClock(monday)
	c.At(monday.Add(time.Second), func() {
		if err := c.Wait(t.Context(), monday.Add(time.Hour), nil); err == nil {
			t.Error("a second waiter was let in")
		}
	})
	if err := c.Wait(t.Context(), monday.Add(time.Minute), nil); err != nil {
		t.Fatal(err)
	}
}

// TestClockStress lets a thousand events of random times start arrivals on
// goroutines of their own, some of which lead to further events, and checks
// that none is lost, that time never runs backwards, that each arrival is seen
// at its own instant and that the same seed gives the same order.
func TestClockStress(t *testing.T) {
	day := func(seed uint64) []string {
		random := rand.New(rand.NewPCG(seed, 1))
		c, wake := NewClock(monday), make(chan struct{}, 1)
		var (
			mu       sync.Mutex
			inbox    []string // arrived, not yet seen
			order    []string
			expected int
			landed   atomic.Int64
		)
		var schedule func(name string, at time.Time, depth int)
		schedule = func(name string, at time.Time, depth int) {
			expected++
			arrives, child := random.IntN(3) > 0, random.IntN(4) == 0 && depth < 3
			later := time.Duration(random.IntN(7200)) * time.Second
			c.At(at, func() {
				if !c.Now().Equal(at) {
					t.Errorf("%s ran at %v, was due at %v", name, c.Now(), at)
				}
				order = append(order, name)
				if child {
					schedule(name+"'", at.Add(later), depth+1)
				}
				if !arrives {
					landed.Add(1)
					return
				}
				done := c.Begin()
				go func() {
					mu.Lock()
					inbox = append(inbox, at.Format(time.RFC3339))
					mu.Unlock()
					select {
					case wake <- struct{}{}:
					default:
					}
					landed.Add(1)
					done()
				}()
			})
		}
		end := monday.Add(5 * 24 * time.Hour)
		for i := range 1000 {
			schedule(fmt.Sprint(i), monday.Add(time.Duration(random.IntN(4*24*3600))*time.Second), 0)
		}
		last := monday
		for c.Now().Before(end) {
			if err := c.Wait(t.Context(), end, wake); err != nil {
				t.Fatal(err)
			}
			now := c.Now()
			if now.Before(last) {
				t.Fatalf("the clock went back from %v to %v", last, now)
			}
			last = now
			mu.Lock()
			for _, at := range inbox {
				if at != now.Format(time.RFC3339) {
					t.Errorf("an arrival of %s was seen at %v", at, now)
				}
			}
			inbox = inbox[:0]
			mu.Unlock()
		}
		if int(landed.Load()) != expected || len(order) != expected {
			t.Errorf("%d of %d events ran, %d landed", len(order), expected, landed.Load())
		}
		return order
	}
	if one, two := day(7), day(7); !slices.Equal(one, two) {
		t.Error("the same day ran in another order the second time")
	}
}

func TestLiveQuickensAndStops(t *testing.T) {
	l := newLive(3600)
	ran := make(chan struct{})
	l.At(l.Now().Add(time.Minute), func() { close(ran) })
	<-ran
	l.At(l.Now().Add(1000*time.Hour), func() { t.Error("ran after stop") })
	l.stop()
	l.At(l.Now(), func() { t.Error("scheduled after stop") })
	l.stop()
}
