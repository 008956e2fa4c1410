package highstreet

import (
	"container/heap"
	"context"
	"errors"
	"sync"
	"time"
)

// A timeline is when things happen on the street: the skipping Clock of a
// demonstration, or real time when the street is left standing.
type timeline interface {
	Now() time.Time
	At(t time.Time, f func())
	Begin() (done func())
}

// A Clock skips. It stands still except inside Wait, and there it jumps from
// one thing that happens to the next, as soon as nothing is in flight. Five
// days of waiting for answers pass in the time that it takes to deliver them,
// and every instant that is written down is exact.
//
// A Clock is safe for concurrent use; only one goroutine may Wait at a time.
type Clock struct {
	mu      sync.Mutex
	now     time.Time
	events  events
	made    int // events scheduled so far: their order among equals
	flights int
	waiting bool

	// changed holds a token when the waiter has something new to look at. One
	// is enough: the waiter looks at everything each time.
	changed chan struct{}
}

// NewClock makes a clock that stands at start, cut to the whole second: mail
// servers tell the time in seconds, and the truth table does too.
func NewClock(start time.Time) *Clock {
	return &Clock{now: start.Truncate(time.Second), changed: make(chan struct{}, 1)}
}

// Now is the instant at which the clock stands.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Begin says that something is in flight: the clock does not move before done
// is called. Calling done again does nothing.
func (c *Clock) Begin() (done func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.flights++
	return sync.OnceFunc(func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.flights--
		c.signal()
	})
}

// At schedules f for the instant t, or for now when t has passed. f runs on
// the goroutine that waits, and what f begins is in flight when it returns.
func (c *Clock) At(t time.Time, f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t.Before(c.now) {
		t = c.now
	}
	c.made++
	heap.Push(&c.events, event{at: t, order: c.made, run: f})
	c.signal()
}

// Wait lets time pass. It returns nil when the clock stands at until, or when
// wake yields a value; at once when until has been reached already. A zero
// until never comes. Events run in the order of their time, then of their
// scheduling, those at until itself before Wait returns.
//
// Whoever brings news must send to wake before calling its done: Wait looks at
// wake after the last flight ended and before every jump, so that no arrival
// is jumped over.
func (c *Clock) Wait(ctx context.Context, until time.Time, wake <-chan struct{}) error {
	if err := c.enter(); err != nil {
		return err
	}
	defer c.leave()
	if !until.IsZero() && !until.After(c.Now()) {
		return nil
	}
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		run, idle, reached := c.step(until, wake)
		switch {
		case reached:
			return nil
		case run != nil:
			run()
		case idle:
			select {
			case <-c.changed:
			case <-wake:
				return nil
			case <-ctx.Done():
			}
		}
	}
}

// step decides what is next: an event to run, which is in flight until it
// returns; nothing to do but wait for a change; or the end of the wait.
func (c *Clock) step(until time.Time, wake <-chan struct{}) (run func(), idle, reached bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.flights > 0 {
		return nil, true, false
	}
	select {
	case <-wake:
		return nil, false, true
	default:
	}
	if len(c.events) > 0 && (until.IsZero() || !c.events[0].at.After(until)) {
		e := heap.Pop(&c.events).(event)
		c.now = e.at
		c.flights++
		return func() {
			defer c.landed()
			e.run()
		}, false, false
	}
	if until.IsZero() {
		return nil, true, false
	}
	c.now = until
	return nil, false, true
}

func (c *Clock) landed() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.flights--
}

func (c *Clock) enter() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.waiting {
		return errors.New("highstreet: the skipping clock has one waiter, and it is waiting")
	}
	c.waiting = true
	return nil
}

func (c *Clock) leave() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waiting = false
}

// signal must be called with the lock held.
func (c *Clock) signal() {
	select {
	case c.changed <- struct{}{}:
	default:
	}
}

// An event is something that a desk, or a mail server, does at its time.
type event struct {
	at    time.Time
	order int
	run   func()
}

// events is a heap by time, then by order of scheduling.
type events []event

func (h events) Len() int      { return len(h) }
func (h events) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *events) Push(x any)   { *h = append(*h, x.(event)) }
func (h events) Less(i, j int) bool {
	if h[i].at.Equal(h[j].at) {
		return h[i].order < h[j].order
	}
	return h[i].at.Before(h[j].at)
}

func (h *events) Pop() any {
	last := (*h)[len(*h)-1]
	(*h)[len(*h)-1] = event{}
	*h = (*h)[:len(*h)-1]
	return last
}

// live is real time, in which the desks work faster than people do: an event
// that is due in an hour comes after an hour divided by speed.
type live struct {
	speed float64

	mu      sync.Mutex
	closed  bool
	timers  map[*time.Timer]struct{}
	running sync.WaitGroup
}

func newLive(speed float64) *live {
	return &live{speed: speed, timers: map[*time.Timer]struct{}{}}
}

func (l *live) Now() time.Time       { return time.Now() }
func (l *live) Begin() (done func()) { return func() {} }

func (l *live) At(t time.Time, f func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return
	}
	var timer *time.Timer
	l.running.Add(1)
	timer = time.AfterFunc(time.Duration(float64(time.Until(t))/l.speed), func() {
		defer l.running.Done()
		l.mu.Lock()
		delete(l.timers, timer)
		closed := l.closed
		l.mu.Unlock()
		if !closed {
			f()
		}
	})
	l.timers[timer] = struct{}{}
}

// stop drops what is still to come and returns when nothing is running.
func (l *live) stop() {
	l.mu.Lock()
	l.closed = true
	for t := range l.timers {
		if t.Stop() {
			l.running.Done()
		}
		delete(l.timers, t)
	}
	l.mu.Unlock()
	l.running.Wait()
}
