// Package evidence is the vocabulary of what a wave of fieldwork left behind,
// and the place where it is kept: observations, the facts in them, and the
// bytes that prove each fact, addressed by their SHA-256.
//
// The package imports nothing of ours, so that every stage can speak it.
package evidence

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"time"
)

// A ProbeID names one probe: one scenario at one site, once, in one wave.
type ProbeID struct {
	Wave     string `json:"wave"`
	Site     string `json:"site"`
	Scenario string `json:"scenario"`
	Repeat   int    `json:"repeat"` // from 1
}

// String gives "wave/site/scenario/repeat", the form used in logs and reports.
func (p ProbeID) String() string {
	return fmt.Sprintf("%s/%s/%s/%d", p.Wave, p.Site, p.Scenario, p.Repeat)
}

// Compare orders probes by wave, site, scenario, repeat.
func (p ProbeID) Compare(q ProbeID) int {
	if c := strings.Compare(p.Wave, q.Wave); c != 0 {
		return c
	}
	if c := strings.Compare(p.Site, q.Site); c != 0 {
		return c
	}
	if c := strings.Compare(p.Scenario, q.Scenario); c != 0 {
		return c
	}
	return p.Repeat - q.Repeat
}

// An Outcome says how a probe ended and who is answerable for it. The list is closed.
type Outcome string

// The outcomes. Completed, Silent and Failed are the site's and enter the
// score; Blocked, NotGranted and Broken mean "could not test" and withhold;
// Pending is derived from the ledger and never stored.
const (
	Completed  Outcome = "completed"   // the service did what could be observed
	Silent     Outcome = "silent"      // the window closed without a human answer
	Failed     Outcome = "failed"      // the site stopped the task: error, dead end, its address does not exist
	Blocked    Outcome = "blocked"     // bot wall, CAPTCHA, our mail refused as spam
	NotGranted Outcome = "not-granted" // an effect that the site's authorisation does not allow
	Broken     Outcome = "broken"      // our fault: browser, network, relay, an uncertain send
	Pending    Outcome = "pending"     // the window is open
)

// Outcomes lists every outcome in the order in which reports show them.
var Outcomes = []Outcome{Completed, Silent, Failed, Blocked, NotGranted, Broken, Pending}

// Testable reports whether the outcome is the site's own doing, so that the
// probe's facts are judged. The others withhold a mark.
func (o Outcome) Testable() bool { return o == Completed || o == Silent || o == Failed }

// An Effect is something a probe does to a site beyond reading public pages.
// Scenarios declare them, a site's authorisation grants them. The list is closed.
type Effect string

// The effects.
const (
	SendMail      Effect = "send-mail"
	SubmitForm    Effect = "submit-form"
	OpenChat      Effect = "open-chat"
	Call          Effect = "call"
	FillCheckout  Effect = "fill-checkout" // up to, never past, payment
	Subscribe     Effect = "subscribe"
	Register      Effect = "register"
	LogIn         Effect = "log-in"
	ChangeAccount Effect = "change-account"
	PlaceOrder    Effect = "place-order"
	Pay           Effect = "pay"
	DeclineCard   Effect = "decline-card"
)

// Effects lists every effect.
var Effects = []Effect{SendMail, SubmitForm, OpenChat, Call, FillCheckout, Subscribe, Register, LogIn, ChangeAccount, PlaceOrder, Pay, DeclineCard}

// A Unit travels with every fact. Text and Time facts carry their value in
// Fact.Text (Time as RFC 3339), the others in Fact.Number.
type Unit string

// The units.
const (
	Second Unit = "s"
	Milli  Unit = "ms"
	Count  Unit = "count"
	Bool   Unit = "bool" // 0 or 1
	Ratio  Unit = "ratio"
	Byte   Unit = "B"
	Text   Unit = "text"
	Time   Unit = "time"
)

// A Fact is one named value with its unit. Step names the scenario step that
// it belongs to; it is empty for facts of the whole probe.
type Fact struct {
	Name   string  `json:"name"`
	Step   string  `json:"step,omitempty"`
	Number float64 `json:"number"`
	Unit   Unit    `json:"unit"`
	Text   string  `json:"text,omitempty"`
}

// A FactDef declares a fact that a probe kind may record.
type FactDef struct {
	Name    string `json:"name"`
	Unit    Unit   `json:"unit"`
	Meaning string `json:"meaning"`
	Rare    bool   `json:"rare,omitempty"` // few tasks ask for it: an observation without it lacks nothing
}

// A Ref addresses stored bytes: the lower-case hex SHA-256 of them.
type Ref string

// An Observation is what one probe left. (Probe, Reading) is its identity.
type Observation struct {
	Probe    ProbeID        `json:"probe"`
	Reading  string         `json:"reading"` // version of the reader that made it
	Kind     string         `json:"kind"`
	Task     string         `json:"task"` // what the customer was trying to do, from the scenario: "enquiry", "checkout", "find-help"
	Start    time.Time      `json:"start"`
	Took     time.Duration  `json:"took"` // nanoseconds
	Outcome  Outcome        `json:"outcome"`
	Reason   string         `json:"reason,omitempty"` // why the outcome is not Completed, in words for a person
	Facts    []Fact         `json:"facts"`
	Missing  []string       `json:"missing,omitempty"`  // declared by the kind, not rare, not recorded: silence must be data
	Evidence map[string]Ref `json:"evidence,omitempty"` // "reply-1.eml", "02-cart.png" -> what proves it
}

// Fact gives the first fact of that name, whatever its step.
func (o *Observation) Fact(name string) (Fact, bool) {
	for _, f := range o.Facts {
		if f.Name == name {
			return f, true
		}
	}
	return Fact{}, false
}

// Errors that a Store's methods wrap.
var (
	ErrNotFound = errors.New("evidence not found")
	ErrCorrupt  = errors.New("evidence does not match its digest")
	ErrConflict = errors.New("a different observation with this identity is already stored")
)

// A PrunedError says that bytes were removed on purpose, to keep no more
// personal data than is needed. It is an ErrNotFound too.
type PrunedError struct {
	Ref Ref
	At  time.Time
	Why string
}

func (e *PrunedError) Error() string {
	return fmt.Sprintf("proof pruned on %s (%s)", e.At.UTC().Format(time.DateOnly), e.Why)
}

// Is makes pruned evidence a kind of evidence that is not found.
func (e *PrunedError) Is(target error) bool { return target == ErrNotFound }

// A Store keeps evidence. It is safe for concurrent use by several goroutines.
type Store interface {
	// Put stores the bytes of r and gives their address. When it returns, they
	// are durable. Storing the same bytes twice is not an error.
	Put(ctx context.Context, r io.Reader) (Ref, error)

	// Open reads what Put, or the mailbox watcher, stored. Bytes that no longer
	// match their address give ErrCorrupt, at the latest where the reader would
	// otherwise have returned io.EOF; an unknown address gives ErrNotFound.
	Open(ctx context.Context, ref Ref) (io.ReadCloser, error)

	// Append stores an observation. Appending an equal one again does nothing;
	// appending a different one under the same (Probe, Reading) is ErrConflict.
	Append(ctx context.Context, o Observation) error

	// Observations yields the newest reading of each probe of a wave, ordered
	// by ProbeID.Compare. A reader sees a consistent state whatever is written
	// meanwhile.
	Observations(ctx context.Context, wave string) iter.Seq2[Observation, error]
}
