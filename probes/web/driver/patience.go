package driver

import (
	"bytes"
	"context"
	"math"
	"os"
	"strconv"
	"time"
)

// Where a machine has more to do than its processors can, a page stands still
// through no fault of its own. What a page is waited for is therefore counted in
// the time in which nothing on the machine had to wait for a processor, as Linux
// tells by its pressure stall information (Documentation/accounting/psi.rst, "some"
// of /proc/pressure/cpu); elsewhere in plain time.

// hurried bounds it: of real time at least this part counts, so that every wait
// ends on the busiest machine.
const hurried = 0.25

// openPressure gives the kernel's figure, nil where it keeps none.
func openPressure() *os.File {
	f, err := os.Open("/proc/pressure/cpu")
	if err != nil {
		return nil
	}
	return f
}

// stalled is how long something had to wait for a processor since the machine
// was started; 0 where nobody knows.
func (b *Browser) stalled() time.Duration {
	if b.pressure == nil {
		return 0
	}
	var raw [256]byte
	n, _ := b.pressure.ReadAt(raw[:], 0) // fewer bytes than asked for come with an error
	some, _, _ := bytes.Cut(raw[:n], []byte("\n"))
	_, total, _ := bytes.Cut(some, []byte("total="))
	us, err := strconv.ParseInt(string(total), 10, 64)
	if err != nil {
		return 0
	}
	return time.Duration(us) * time.Microsecond
}

// A Patience counts time as above, from its beginning.
type Patience struct {
	b      *Browser
	begun  time.Time
	before time.Duration // stalled, then
}

// Patience begins to count, for those who wait for the page by themselves.
func (p *Page) Patience() Patience { return p.s.b.patience() }

func (b *Browser) patience() Patience { return Patience{b, time.Now(), b.stalled()} }

// Spent is how much of it has passed.
func (w Patience) Spent() time.Duration {
	real := time.Since(w.begun)
	return max(time.Duration(hurried*float64(real)), min(real, real-(w.b.stalled()-w.before)))
}

// bounded is context.WithTimeoutCause in the time of a Patience.
func (b *Browser) bounded(ctx context.Context, d time.Duration, cause error) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	w := b.patience()
	var timer *time.Timer
	timer = time.AfterFunc(math.MaxInt64, func() {
		if left := d - w.Spent(); left > 0 {
			timer.Reset(left)
			return
		}
		cancel(cause)
	})
	timer.Reset(d)
	return ctx, func() {
		timer.Stop()
		cancel(context.Canceled)
	}
}
