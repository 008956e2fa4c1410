// Package evidencetest holds what every evidence.Store must do. A store's own
// test calls Run, and one that outlives its process calls Survive as well.
package evidencetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"touchstone/internal/evidence"
)

// A Harness is one store, empty, and what a test may do to it.
type Harness struct {
	Store  evidence.Store
	Damage func(t *testing.T, ref evidence.Ref) // changes the stored bytes behind the store's back
	Reopen func(t *testing.T) evidence.Store    // closes the store and opens it again; nil where nothing lasts
}

// Run checks a store. open gives a new, empty one and registers its clean-up.
func Run(t *testing.T, open func(t *testing.T) Harness) {
	for _, c := range []struct {
		name string
		test func(*testing.T, Harness)
	}{
		{"blobs", blobs},
		{"unknown blob", unknownBlob},
		{"corrupt blob", corruptBlob},
		{"interrupted blob", interruptedBlob},
		{"append is idempotent", idempotent},
		{"append conflict", conflict},
		{"append refuses nonsense", nonsense},
		{"an observation comes back whole", whole},
		{"newest reading wins, in order", newest},
		{"a reader is not disturbed", undisturbed},
		{"a reader stops early", earlyStop},
		{"cancelled", cancelled},
		{"concurrent writers", concurrentWriters},
		{"a reader during writes", readerDuringWrites},
		{"reopened", reopened},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, open(t)) })
	}
}

// Sample gives an observation of the wave "w1" that uses every field.
func Sample(site string, repeat int, reading string) evidence.Observation {
	return evidence.Observation{
		Probe:   evidence.ProbeID{Wave: "w1", Site: site, Scenario: "product-question", Repeat: repeat},
		Reading: reading, Kind: "mail", Task: "enquiry",
		Start: time.Date(2026, 11, 22, 9, 30, 0, 123456789, time.UTC), Took: 90 * time.Minute,
		Outcome: evidence.Silent, Reason: "acknowledged automatically, never answered",
		Facts: []evidence.Fact{
			{Name: "mail.answered", Number: 0, Unit: evidence.Bool},
			{Name: "mail.acknowledged-after", Number: 12.5, Unit: evidence.Second},
			{Name: "mail.subject", Step: "reply-1", Text: "Ihre Anfrage <Nr. 7> & \u2028 mehr", Unit: evidence.Text},
		},
		Missing:  []string{"mail.bounce-status"},
		Evidence: map[string]evidence.Ref{"letter.eml": evidence.RefOf([]byte("l")), "reply-1.eml": evidence.RefOf([]byte("r"))},
	}
}

func blobs(t *testing.T, h Harness) {
	large := make([]byte, 9<<20)
	for i := range large {
		large[i] = byte(i * i >> 7)
	}
	for name, data := range map[string][]byte{"empty": {}, "small": []byte("From: a@example.org\r\n\r\nHi"), "binary": {0, 0xff, '\n', 0}, "large": large} {
		ref := put(t, h.Store, data)
		if want := evidence.RefOf(data); ref != want {
			t.Errorf("%s: address %s, want %s", name, ref, want)
		}
		if again := put(t, h.Store, data); again != ref {
			t.Errorf("%s: stored again under %s, first under %s", name, again, ref)
		}
		if got := read(t, h.Store, ref); !bytes.Equal(got, data) {
			t.Errorf("%s: %d bytes come back, changed, of %d", name, len(got), len(data))
		}
	}
	// a reader that gives little at a time, and an error only after the last byte
	ref, err := h.Store.Put(t.Context(), iotest.DataErrReader(iotest.OneByteReader(strings.NewReader("bit by bit"))))
	if err != nil {
		t.Fatal(err)
	}
	if got := read(t, h.Store, ref); string(got) != "bit by bit" {
		t.Errorf("got %q", got)
	}
}

func unknownBlob(t *testing.T, h Harness) {
	put(t, h.Store, []byte("something"))
	for _, ref := range []evidence.Ref{evidence.RefOf([]byte("never stored")), "", "../../etc/passwd", "ABC"} {
		rc, err := h.Store.Open(t.Context(), ref)
		if !errors.Is(err, evidence.ErrNotFound) {
			t.Errorf("open %q: error %v, want ErrNotFound", ref, err)
		}
		if err == nil {
			_ = rc.Close()
		}
	}
}

func corruptBlob(t *testing.T, h Harness) {
	for _, data := range []string{"proof of what they said", "", strings.Repeat("long proof ", 100_000)} {
		ref := put(t, h.Store, []byte(data))
		other := put(t, h.Store, []byte("sound"+data))
		h.Damage(t, ref)
		if err := openAndRead(t, h.Store, ref); !errors.Is(err, evidence.ErrCorrupt) {
			t.Errorf("%d damaged bytes: error %v, want ErrCorrupt", len(data), err)
		}
		if err := openAndRead(t, h.Store, other); err != nil {
			t.Errorf("its neighbour: %v", err)
		}
		// proof that is found again mends what was damaged
		put(t, h.Store, []byte(data))
		if got := read(t, h.Store, ref); string(got) != data {
			t.Errorf("stored again, %d bytes come back of %d", len(got), len(data))
		}
	}
}

func interruptedBlob(t *testing.T, h Harness) {
	broken := errors.New("the line went dead")
	half := []byte("half a picture")
	if _, err := h.Store.Put(t.Context(), io.MultiReader(bytes.NewReader(half), iotest.ErrReader(broken))); !errors.Is(err, broken) {
		t.Errorf("error %v, want the reader's", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	first := true
	endless := readerFunc(func(p []byte) (int, error) {
		if !first {
			cancel()
		}
		first = false
		return copy(p, half), nil
	})
	if _, err := h.Store.Put(ctx, endless); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
	if err := openAndRead(t, h.Store, evidence.RefOf(half)); !errors.Is(err, evidence.ErrNotFound) {
		t.Errorf("half a blob: error %v, want ErrNotFound", err)
	}
}

func idempotent(t *testing.T, h Harness) {
	o := Sample("a", 1, "r1")
	for range 3 {
		appendOne(t, h.Store, o)
	}
	same := o
	same.Start = o.Start.In(time.FixedZone("Kathmandu", 5*3600+45*60)) // the same instant
	appendOne(t, h.Store, same)
	if got := list(t, h.Store, "w1"); len(got) != 1 {
		t.Errorf("%d observations, want 1", len(got))
	}
}

func conflict(t *testing.T, h Harness) {
	o := Sample("a", 1, "r1")
	appendOne(t, h.Store, o)
	for name, change := range map[string]func(*evidence.Observation){
		"outcome":  func(o *evidence.Observation) { o.Outcome = evidence.Completed },
		"a fact":   func(o *evidence.Observation) { o.Facts[1].Number = 12.5000001 },
		"order":    func(o *evidence.Observation) { slices.Reverse(o.Facts) },
		"evidence": func(o *evidence.Observation) { o.Evidence["letter.eml"] = evidence.RefOf([]byte("x")) },
		"start":    func(o *evidence.Observation) { o.Start = o.Start.Add(time.Nanosecond) },
	} {
		other := Sample("a", 1, "r1")
		change(&other)
		if err := h.Store.Append(t.Context(), other); !errors.Is(err, evidence.ErrConflict) {
			t.Errorf("%s differs: error %v, want ErrConflict", name, err)
		}
	}
	if got := list(t, h.Store, "w1"); len(got) != 1 || !equal(got[0], o) {
		t.Errorf("after the conflicts the store says %+v", got)
	}
}

func nonsense(t *testing.T, h Harness) {
	for name, change := range map[string]func(*evidence.Observation){
		"pending":    func(o *evidence.Observation) { o.Outcome = evidence.Pending },
		"no outcome": func(o *evidence.Observation) { o.Outcome = "" },
		"no wave":    func(o *evidence.Observation) { o.Probe.Wave = "" },
		"repeat 0":   func(o *evidence.Observation) { o.Probe.Repeat = 0 },
		"no reading": func(o *evidence.Observation) { o.Reading = "" },
		"NaN":        func(o *evidence.Observation) { o.Facts[0].Number = math.NaN() },
		"infinite":   func(o *evidence.Observation) { o.Facts[0].Number = math.Inf(-1) },
	} {
		o := Sample("a", 1, "r1")
		change(&o)
		if err := h.Store.Append(t.Context(), o); err == nil {
			t.Errorf("%s: stored", name)
		}
	}
	if got := list(t, h.Store, "w1"); len(got) != 0 {
		t.Errorf("stored all the same: %+v", got)
	}
}

func whole(t *testing.T, h Harness) {
	full := Sample("a", 1, "r1")
	bare := evidence.Observation{Probe: evidence.ProbeID{Wave: "w1", Site: "b", Scenario: "s", Repeat: 1}, Reading: "r1", Outcome: evidence.Broken}
	want := []evidence.Observation{full, bare}
	for _, o := range want {
		appendOne(t, h.Store, o)
	}
	clear(full.Evidence) // the store has its own
	want[0] = Sample("a", 1, "r1")
	got := list(t, h.Store, "w1")
	if len(got) != len(want) {
		t.Fatalf("%d observations, want %d", len(got), len(want))
	}
	for i := range want {
		if !equal(got[i], want[i]) {
			t.Errorf("got  %+v\nwant %+v", got[i], want[i])
		}
		if got[i].Start.Location() != time.UTC {
			t.Errorf("start in %v, want UTC", got[i].Start.Location())
		}
	}
}

func newest(t *testing.T, h Harness) {
	order := []evidence.ProbeID{
		{Wave: "w1", Site: "a", Scenario: "s", Repeat: 2},
		{Wave: "w1", Site: "a", Scenario: "s", Repeat: 10},
		{Wave: "w1", Site: "a", Scenario: "s-1", Repeat: 1},
		{Wave: "w1", Site: "a", Scenario: "t", Repeat: 1},
		{Wave: "w1", Site: "a-b", Scenario: "s", Repeat: 1},
		{Wave: "w1", Site: "b", Scenario: "s", Repeat: 1},
		{Wave: "w1", Site: "ä", Scenario: "s", Repeat: 1},
	}
	for _, reading := range []string{"r9", "r10", "r1"} { // the order of storing counts, not the version's name
		for i := range order {
			o := Sample("", 1, reading)
			o.Probe = order[(i*3+2)%len(order)] // not the order in which they are to come
			appendOne(t, h.Store, o)
			o.Probe.Wave = "w2"
			appendOne(t, h.Store, o)
		}
	}
	appendOne(t, h.Store, func() evidence.Observation { o := Sample("", 1, "r9"); o.Probe = order[0]; return o }()) // again: changes nothing
	got := list(t, h.Store, "w1")
	if len(got) != len(order) {
		t.Fatalf("%d observations, want %d", len(got), len(order))
	}
	for i, o := range got {
		if o.Probe != order[i] || o.Reading != "r1" {
			t.Errorf("place %d: probe %s, reading %s; want %s, r1", i, o.Probe, o.Reading, order[i])
		}
	}
	if got := list(t, h.Store, "w3"); len(got) != 0 {
		t.Errorf("a wave that never was has %d observations", len(got))
	}
}

func undisturbed(t *testing.T, h Harness) {
	ref := put(t, h.Store, []byte("proof"))
	for i := range 5 {
		appendOne(t, h.Store, Sample(fmt.Sprintf("site-%d", i), 1, "r1"))
	}
	n := 0
	for o, err := range h.Store.Observations(t.Context(), "w1") {
		if err != nil {
			t.Fatal(err)
		}
		if n++; o.Reading != "r1" {
			t.Errorf("probe %s: the reader sees %s, which was written while it read", o.Probe, o.Reading)
		}
		// whatever a reader does on the way must neither block nor show
		appendOne(t, h.Store, Sample("site-4", 1, fmt.Sprintf("r2-%d", n)))
		appendOne(t, h.Store, Sample(fmt.Sprintf("site-9%d", n), 1, "r1"))
		read(t, h.Store, ref)
		list(t, h.Store, "w1")
	}
	if n != 5 {
		t.Errorf("the reader sees %d observations, want the 5 of when it began", n)
	}
}

func earlyStop(t *testing.T, h Harness) {
	for i := range 3 {
		appendOne(t, h.Store, Sample("a", i+1, "r1"))
	}
	for range 20 { // more often than a pool has connections
		for _, err := range h.Store.Observations(t.Context(), "w1") {
			if err != nil {
				t.Error(err)
			}
			break
		}
	}
	if got := list(t, h.Store, "w1"); len(got) != 3 {
		t.Errorf("%d observations, want 3", len(got))
	}
}

func cancelled(t *testing.T, h Harness) {
	ref := put(t, h.Store, []byte("kept"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := h.Store.Put(ctx, strings.NewReader("too late")); !errors.Is(err, context.Canceled) {
		t.Errorf("put: error %v, want context.Canceled", err)
	}
	if _, err := h.Store.Open(ctx, ref); !errors.Is(err, context.Canceled) {
		t.Errorf("open: error %v, want context.Canceled", err)
	}
	if err := h.Store.Append(ctx, Sample("a", 1, "r1")); !errors.Is(err, context.Canceled) {
		t.Errorf("append: error %v, want context.Canceled", err)
	}
	var last error
	for _, err := range h.Store.Observations(ctx, "w1") {
		last = err
	}
	if !errors.Is(last, context.Canceled) {
		t.Errorf("observations: error %v, want context.Canceled", last)
	}
	if err := openAndRead(t, h.Store, evidence.RefOf([]byte("too late"))); !errors.Is(err, evidence.ErrNotFound) {
		t.Errorf("the blob that came too late: error %v, want ErrNotFound", err)
	}
	if got := list(t, h.Store, "w1"); len(got) != 0 {
		t.Errorf("an observation that came too late is stored")
	}
}

func concurrentWriters(t *testing.T, h Harness) {
	const writers, each = 8, 6
	var wg sync.WaitGroup
	var mu sync.Mutex
	won := 0
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				if _, err := h.Store.Put(t.Context(), strings.NewReader(fmt.Sprintf("own %d %d", w, i))); err != nil {
					t.Errorf("put: %v", err)
				}
				if _, err := h.Store.Put(t.Context(), strings.NewReader(fmt.Sprintf("shared %d", i))); err != nil {
					t.Errorf("put what others put: %v", err)
				}
				if err := h.Store.Append(t.Context(), Sample(fmt.Sprintf("own-%d", w), i+1, "r1")); err != nil {
					t.Errorf("append: %v", err)
				}
				if err := h.Store.Append(t.Context(), Sample("shared", i+1, "r1")); err != nil {
					t.Errorf("append what others append: %v", err)
				}
			}
			o := Sample("contested", 1, "r1")
			o.Reason = fmt.Sprintf("said by writer %d", w)
			switch err := h.Store.Append(t.Context(), o); {
			case err == nil:
				mu.Lock()
				won++
				mu.Unlock()
			case !errors.Is(err, evidence.ErrConflict):
				t.Errorf("contested: %v", err)
			}
		})
	}
	wg.Wait()
	if won != 1 {
		t.Errorf("%d writers of %d won the contested observation, want 1", won, writers)
	}
	if got, want := len(list(t, h.Store, "w1")), (writers+1)*each+1; got != want {
		t.Errorf("%d observations, want %d", got, want)
	}
	for i := range each {
		read(t, h.Store, evidence.RefOf(fmt.Appendf(nil, "shared %d", i)))
		for w := range writers {
			read(t, h.Store, evidence.RefOf(fmt.Appendf(nil, "own %d %d", w, i)))
		}
	}
}

// readerDuringWrites: one writer stores in a known order, so every state that
// ever was is a beginning of that order. A reader may see no other.
func readerDuringWrites(t *testing.T, h Harness) {
	const total = 60
	name := func(i int) string { return fmt.Sprintf("site-%02d", (i*37)%total) } // storing order is not reading order
	done := make(chan struct{})
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			before := 0
			for end := false; !end; {
				select {
				case <-done:
					end = true // and look once more
				default:
				}
				seen := map[string]bool{}
				for o, err := range h.Store.Observations(t.Context(), "w1") {
					if err != nil {
						t.Errorf("read: %v", err)
						return
					}
					seen[o.Probe.Site] = true
				}
				for i := range len(seen) {
					if !seen[name(i)] {
						t.Errorf("a reader sees %d observations but not number %d", len(seen), i)
						return
					}
				}
				if len(seen) < before {
					t.Errorf("a reader saw %d observations, then %d", before, len(seen))
				}
				before = len(seen)
			}
			if before != total {
				t.Errorf("at the end a reader sees %d observations, want %d", before, total)
			}
		})
	}
	for i := range total {
		appendOne(t, h.Store, Sample(name(i), 1, "r1"))
	}
	close(done)
	wg.Wait()
}

func reopened(t *testing.T, h Harness) {
	ref := put(t, h.Store, []byte("kept"))
	appendOne(t, h.Store, Sample("a", 1, "r1"))
	appendOne(t, h.Store, Sample("a", 1, "r2"))
	s := h.Store
	if h.Reopen != nil {
		s = h.Reopen(t)
	}
	if got := read(t, s, ref); string(got) != "kept" {
		t.Errorf("got %q", got)
	}
	if got := list(t, s, "w1"); len(got) != 1 || !equal(got[0], Sample("a", 1, "r2")) {
		t.Errorf("got %+v", got)
	}
	appendOne(t, s, Sample("a", 1, "r1")) // still known
	if err := s.Append(t.Context(), func() evidence.Observation { o := Sample("a", 1, "r1"); o.Kind = "web"; return o }()); !errors.Is(err, evidence.ErrConflict) {
		t.Errorf("error %v, want ErrConflict", err)
	}
}

func put(t *testing.T, s evidence.Store, data []byte) evidence.Ref {
	t.Helper()
	ref, err := s.Put(t.Context(), bytes.NewReader(data))
	if err != nil {
		t.Fatalf("put: %v", err)
	}
	return ref
}

func read(t *testing.T, s evidence.Store, ref evidence.Ref) []byte {
	t.Helper()
	rc, err := s.Open(t.Context(), ref)
	if err != nil {
		t.Errorf("open: %v", err)
		return nil
	}
	defer rc.Close()
	data, err := io.ReadAll(rc)
	if err != nil {
		t.Errorf("read %s: %v", ref, err)
	}
	return data
}

// openAndRead gives the error of either, since a store may find damage at once.
func openAndRead(t *testing.T, s evidence.Store, ref evidence.Ref) error {
	t.Helper()
	rc, err := s.Open(t.Context(), ref)
	if err != nil {
		return err
	}
	defer rc.Close()
	_, err = io.Copy(io.Discard, rc)
	return err
}

func appendOne(t *testing.T, s evidence.Store, o evidence.Observation) {
	t.Helper()
	if err := s.Append(t.Context(), o); err != nil {
		t.Errorf("append %s, reading %s: %v", o.Probe, o.Reading, err)
	}
}

func list(t *testing.T, s evidence.Store, wave string) []evidence.Observation {
	t.Helper()
	var out []evidence.Observation
	for o, err := range s.Observations(t.Context(), wave) {
		if err != nil {
			t.Errorf("observations: %v", err)
			break
		}
		out = append(out, o)
	}
	return out
}

func equal(a, b evidence.Observation) bool {
	x, errX := a.Canonical()
	y, errY := b.Canonical()
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }
