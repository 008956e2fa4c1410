package probes

import (
	"context"
	"time"

	"touchstone/internal/evidence"
)

// A FollowUp is what is still done after a visit because of the mails that it
// causes: a subscription is confirmed, and ended again. Fieldwork asks, when a
// mail came or an instant has come, does each act at most once, and keeps to
// the suppression list and the kill switch. Next, Until and Left are pure.
type FollowUp struct {
	// Began reports whether a visit that did not end well may have done at the
	// site what is to be followed all the same.
	Began func(o evidence.Observation) bool

	// Next says what a thread as it stands calls for, and when; false for
	// nothing. The instant may be in the past.
	Next func(t *Task, th Thread) (Act, bool)

	// Do does an act that no letter does, and records what it saw. Refused says
	// that the site surely did not take it; after Uncertain nobody does it again.
	Do func(ctx context.Context, t *Task, th Thread, a Act, rec *Recorder) Delivery

	// Until gives when the thread's window closes, as it stands.
	Until func(t *Task, th Thread) time.Time

	// Left says what of the visit still stands at the site, and how a person
	// undoes it; "" for nothing.
	Left func(t *Task, th Thread) string
}

// An Act is one thing that is done, once.
type Act struct {
	Name   string          // unique among the acts of a probe: "leave"; it may be tried in another way as "leave-2"
	Effect evidence.Effect // it is granted with that of the visit
	To     string          // the address at which it is done
	At     time.Time       // when it is due
	Letter *Letter         // what does it; nil: Do
}

// A Done is an act that was begun.
type Done struct {
	Name, To string
	State    DeliveryState
	Detail   string                // the site's words, or why it was not done
	At       time.Time             // when it was settled
	Withheld bool                  // it was not even tried: the suppression list forbids it
	Seen     *evidence.Observation // what Do recorded; nil where it left nothing
}
