package fieldwork

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"touchstone/internal/evidence"
	"touchstone/internal/highstreet"
)

// fourBoxes are the folders of two accounts.
var fourBoxes = []string{"INBOX", "Junk", "bob@own.example: INBOX", "bob@own.example: Junk"}

// What a mailbox answered counts for the looks up to it, and silence is known
// up to what all of them answered.
func TestSilenceIsKnownOfEveryMailbox(t *testing.T) {
	var l looked
	first, second := testStart.Add(time.Hour), testStart.Add(2*time.Hour)
	for late := range fourBoxes {
		l.start(fourBoxes, highstreet.NewClock(testStart))
		l.ask(first)
		l.ask(second)
		nudged := 0
		answer := func(box string, n uint64, want time.Time) {
			t.Helper()
			l.caughtUp(box, n, func() { nudged++ })
			if got := l.upTo(); !got.Equal(want) {
				t.Errorf("%s answered look %d: silence is known up to %v, want %v", box, n, got, want)
			}
		}
		for i, box := range fourBoxes {
			if i != late {
				answer(box, 2, time.Time{})
			}
		}
		answer(fourBoxes[late], 0, time.Time{})
		answer(fourBoxes[late], 1, first)
		answer(fourBoxes[late], 2, second)
		if nudged != 2 {
			t.Errorf("the loop was woken %d times, want 2", nudged)
		}
		l.end()
	}
}

// An answer lies in the last folder of the second account, which is looked at
// after all the others, and after the window has closed: it is no silence.
func TestWaveWaitsForEveryMailbox(t *testing.T) {
	b := newBench(t, nil, alphaAnswers)
	letter, closes := b.letter("beta", 1), time.Time{}
	for _, r := range b.plan.Rows {
		if r.Letter != nil && r.Letter.MessageID == letter.MessageID {
			closes = r.Due.Add(r.Window)
		}
	}
	var mu sync.Mutex
	answered := map[string]uint64{} // the highest look of each mailbox
	turn := make(chan struct{}, 1)
	late := fourBoxes[len(fourBoxes)-1]
	others := func(n uint64) bool {
		mu.Lock()
		defer mu.Unlock()
		for _, box := range fourBoxes {
			if box != late && answered[box] < n {
				return false
			}
		}
		return true
	}
	early := make(chan string, 1)
	stored := false
	b.Notify = func(e Event) {
		mu.Lock()
		defer mu.Unlock()
		if e.Ended && e.Probe.Site == "beta" && e.Probe.Scenario == "ask" && e.Probe.Repeat == 1 && !stored {
			select {
			case early <- e.Text:
			default:
			}
		}
	}
	inbox := b.Post.Watch
	b.Post.Mailboxes = fourBoxes
	b.Post.Watch = func(ctx context.Context, w Watch) error {
		caughtUp := w.CaughtUp
		w.CaughtUp = func(n uint64) {
			mu.Lock()
			answered[w.Mailbox] = max(n, answered[w.Mailbox])
			mu.Unlock()
			caughtUp(n)
			select {
			case turn <- struct{}{}:
			default:
			}
		}
		if w.Mailbox == "INBOX" {
			return inbox(ctx, w)
		}
		for {
			var n uint64
			select {
			case <-ctx.Done():
				return ctx.Err()
			case n = <-w.Poke:
			}
			if w.Mailbox != late {
				w.CaughtUp(n)
				continue
			}
			for !others(n) {
				select {
				case <-ctx.Done():
					return ctx.Err()
				case <-turn:
				}
			}
			if !stored && !b.clock.Now().Before(closes) {
				select {
				case <-early: // it would come at once: nothing else is left to do
					t.Error("silence was concluded before every mailbox was looked at")
				case <-time.After(20 * time.Millisecond):
				}
				raw := strings.ReplaceAll(answerMail, "{to}", letter.From)
				if err := w.Store(ctx, Incoming{Mailbox: late, Validity: 7, UID: 1, Raw: []byte(raw), Received: closes.Add(-time.Hour), Junk: true}); err != nil {
					return err
				}
				mu.Lock()
				stored = true
				mu.Unlock()
			}
			caughtUp(n)
		}
	}
	if err := b.run(nil); err != nil {
		t.Fatal(err)
	}
	got := b.observations()
	for name, want := range map[string]evidence.Outcome{"beta/ask/1": evidence.Completed, "beta/ask/2": evidence.Silent, "alpha/ask/1": evidence.Completed} {
		if got[name].Outcome != want {
			t.Errorf("%s: %s (%s), want %s", name, got[name].Outcome, got[name].Reason, want)
		}
	}
	if !stored {
		t.Error("the last mailbox was never asked after the window closed")
	}
}
