package driver

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// pressed is a browser whose machine has had something wait for a processor for
// so long, and the way to say more.
func pressed(t *testing.T) (b *Browser, say func(total time.Duration)) {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "cpu"))
	must(t, err)
	t.Cleanup(func() { f.Close() })
	say = func(total time.Duration) {
		t.Helper()
		_, err := f.WriteAt(fmt.Appendf(nil, "some avg10=1.00 avg60=2.00 avg300=3.00 total=%020d\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n", total.Microseconds()), 0)
		must(t, err)
	}
	say(time.Hour)
	return &Browser{pressure: f}, say
}

// What the machine takes from a page is not counted as the page's, but every wait
// ends.
func TestPatienceLeavesOutABusyMachine(t *testing.T) {
	b, say := pressed(t)
	w := b.patience()
	w.begun = w.begun.Add(-8 * time.Second)
	for _, c := range []struct{ more, least, most time.Duration }{
		{0, 8 * time.Second, 9 * time.Second}, {3 * time.Second, 5 * time.Second, 6 * time.Second}, {8 * time.Second, 2 * time.Second, 3 * time.Second}, {time.Minute, 2 * time.Second, 3 * time.Second},
	} {
		say(time.Hour + c.more)
		if got := w.Spent(); got < c.least || got > c.most {
			t.Errorf("of 8 s with %v of stalls %v count", c.more, got)
		}
	}
	unknown := (&Browser{}).patience()
	unknown.begun = unknown.begun.Add(-8 * time.Second)
	if got := unknown.Spent(); got < 8*time.Second {
		t.Errorf("where nobody knows of stalls, of 8 s %v count", got)
	}
}

func TestBoundedEndsOnABusyMachine(t *testing.T) {
	b, say := pressed(t)
	begun := time.Now()
	ctx, cancel := b.bounded(t.Context(), 50*time.Millisecond, errSlow)
	defer cancel()
	say(2 * time.Hour)
	<-ctx.Done()
	if got := time.Since(begun); !errors.Is(context.Cause(ctx), errSlow) || got < 200*time.Millisecond {
		t.Errorf("ended after %v by %v", got, context.Cause(ctx))
	}
}
