// Package probes is what all probe kinds share: what a kind declares, what it
// is given, and how it records what it saw. Each kind is a package below this
// one; kinds never import one another.
package probes

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"reflect"
	"time"

	"touchstone/internal/evidence"
)

// A Kind is one way of being a customer: by mail, in the browser. It lives one
// of two lives: a visit runs to its end in minutes and holds a worker; a
// correspondence waits for days as a row in the database. A kind with both is
// a visit that sends something, and then waits for the mails that it causes.
type Kind struct {
	Name    string
	Reading string             // version of what a visit makes of what it sees, part of an observation's identity
	About   string             // one sentence for a person
	Channel string             // the site's channel that it needs: "mail", "web"
	Facts   []evidence.FactDef // what it may record; anything else is a bug
	Params  any                // zero value of its parameters: the JSON Schema is made from it
	Effects []evidence.Effect  // what it is able to do

	// Check finds mistakes in decoded parameters that a schema can't express.
	// params is a pointer to a value of Params' type. May be nil.
	Check func(params any) []Mistake

	// Describe says in words, a line each, what a task with these parameters
	// does: the plan shows it before anything leaves the machine. May be nil.
	Describe func(params any) []string

	// Task is that of observations of this kind made elsewhere, where they name none.
	Task string

	// Infer completes an observation that was made elsewhere by the facts, and
	// the outcome, that follow from those given; an error says what contradicts
	// itself. May be nil.
	Infer func(o *evidence.Observation) error

	Visit          func(ctx context.Context, t *Task, rec *Recorder) error
	Correspondence *Correspondence
}

// Runs reports whether the program can do probes of this kind itself; the
// others are brought by import.
func (k *Kind) Runs() bool { return k.Visit != nil || k.Correspondence != nil }

// Decode gives a pointer to a fresh value of Params' type, filled from JSON.
// A key that the type does not know is an error.
func (k *Kind) Decode(params json.RawMessage) (any, error) {
	v := reflect.New(reflect.TypeOf(k.Params)).Interface()
	d := json.NewDecoder(bytes.NewReader(params))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return nil, err
	}
	return v, nil
}

// A Mistake is one fault in a scenario's parameters. Path is its place below
// the parameters, in JSON Pointer form: "/steps/3/click".
type Mistake struct{ Path, Message string }

// A Task is what a probe is given: one scenario at one site, once. Everything
// in it was fixed when the wave was planned.
type Task struct {
	Probe   evidence.ProbeID
	Params  any               // pointer to a value of the kind's Params type, variables resolved
	Effects []evidence.Effect // declared by the scenario and granted by the site
	Site    Site
	Persona Persona
	Random  uint64 // the plan's seed for this probe; the only source of variation
	Others  []Other
}

// An Other is what another letter of the wave asks the same site, so that an
// answer which was meant for that one is known.
type Other struct {
	Scenario string `json:"scenario"`
	Subject  string `json:"subject"`
	Asks     string `json:"asks,omitempty"` // the letter's questions, as it puts them
}

// Granted reports whether the probe may have this effect.
func (t *Task) Granted(e evidence.Effect) bool {
	for _, g := range t.Effects {
		if g == e {
			return true
		}
	}
	return false
}

// A Site is what a probe may know of the shop under audit.
type Site struct {
	ID       string            `json:"id"`
	Name     string            `json:"name"`
	URL      string            `json:"url,omitempty"`      // start page of the web channel
	Email    string            `json:"email,omitempty"`    // published address of the mail channel
	Domains  []string          `json:"domains,omitempty"`  // hosts, beside URL's own site, that a visit may go to
	Language string            `json:"language,omitempty"` // BCP 47: what the shop speaks
	Timezone string            `json:"timezone,omitempty"` // IANA name, UTC unless given
	Hours    Hours             `json:"hours"`              // when people are there, and are written to, in Timezone
	Own      bool              `json:"own"`                // operated by the user: no politeness delay is needed
	Sandbox  bool              `json:"sandbox"`            // payment goes to a granted sandbox
	Vars     map[string]string `json:"vars,omitempty"`     // site-specific words for ${site.…}

	StrictRobots bool `json:"strict_robots,omitempty"` // robots.txt binds every page, also those that pages offer

	Customer *Customer `json:"customer,omitempty"` // nil: none may be used
	Declined *Card     `json:"declined,omitempty"` // nil: none is known
}

// A Customer is one of the site's who has ordered there, and whom the operator
// lets probes be. The password is no part of a plan: see the kinds.
type Customer struct {
	Email    string `json:"email"`
	Order    string `json:"order,omitempty"`    // the number of an order that is not sent yet, as the site writes it
	Arrived  string `json:"arrived,omitempty"`  // that of one which has arrived, and may go back; empty: Order may
	Postcode string `json:"postcode,omitempty"` // that it went to
	Family   string `json:"family,omitempty"`   // the family name that it was placed under
}

// A Card is one that a payment provider publishes for tests, and that the
// site's payment sandbox declines.
type Card struct {
	Number string `json:"number"` // digits
	Month  int    `json:"month"`  // of its expiry, 1 to 12
	Year   int    `json:"year"`   // such as 2030
	Code   string `json:"code"`
}

// Hours are the hours of a week in which a site works, on its own clock. The
// zero value is around the clock on every day.
type Hours struct {
	Days [7]bool       `json:"days"` // by time.Weekday; none: every day
	From time.Duration `json:"from"` // since local midnight
	To   time.Duration `json:"to"`   // likewise, at most 24 h; both zero: all day
}

// On gives the hours of the local day that t is in, and false on a day
// without any. A wall-clock time that daylight saving skips is taken an hour
// on, as time.Date does.
func (h Hours) On(t time.Time) (from, to time.Time, open bool) {
	y, m, d := t.Date()
	at := func(since time.Duration) time.Time {
		return time.Date(y, m, d, 0, 0, int(since/time.Second), 0, t.Location())
	}
	end := h.To
	if h.From == 0 && h.To == 0 {
		end = 24 * time.Hour
	}
	from, to = at(h.From), at(end)
	return from, to, from.Before(to) && (h.Days == [7]bool{} || h.Days[t.Weekday()])
}

// Between gives how much of the time from a to b lies within the hours, in the
// zone of a.
func (h Hours) Between(a, b time.Time) (worked time.Duration) {
	y, m, d := a.Date()
	for day := 0; ; day++ {
		// Noon, since daylight saving may skip midnight.
		from, to, open := h.On(time.Date(y, m, d+day, 12, 0, 0, 0, a.Location()))
		if !from.Before(b) {
			return worked
		}
		if from.Before(a) {
			from = a
		}
		if to.After(b) {
			to = b
		}
		if open && from.Before(to) {
			worked += to.Sub(from)
		}
	}
}

// A Persona is who the shopper is.
type Persona struct {
	ID       string `json:"id"`
	Given    string `json:"given"`
	Family   string `json:"family"`
	Email    string `json:"email,omitempty"` // the probe's own unique address
	Phone    string `json:"phone,omitempty"`
	Street   string `json:"street,omitempty"`
	Postcode string `json:"postcode,omitempty"`
	City     string `json:"city,omitempty"`
	Country  string `json:"country,omitempty"`  // ISO 3166-1 alpha-2
	State    string `json:"state,omitempty"`    // province, prefecture, county, as lists of the country call it
	Sound    string `json:"sound,omitempty"`    // family and given name as Japanese forms ask for it, in katakana: "シキン ハナコ"
	Company  string `json:"company,omitempty"`  // given where a form insists on one
	Born     string `json:"born,omitempty"`     // date of birth, 1984-05-17
	Language string `json:"language,omitempty"` // BCP 47
	Timezone string `json:"timezone,omitempty"` // IANA name; empty: the country's
	Device   string `json:"device,omitempty"`   // "mobile", or "desktop", which is also meant when empty
}

// A Correspondence is the life of a probe that writes and waits. Both
// functions are pure: fieldwork sends, waits and stores between them.
type Correspondence struct {
	// Compose writes the message of a task; the same task gives the same bytes.
	// It is nil where the kind's visit is what was sent.
	Compose func(t *Task, env Envelope) (Letter, error)

	// Read derives the facts of a thread. It is asked when the window has
	// closed, and may be asked before, to see how things stand. After a visit
	// the recorder holds what that has recorded, and th.Letter is empty.
	Read func(t *Task, th Thread, rec *Recorder) error

	// Reading is the version of the reader, part of an observation's identity.
	Reading string

	// Sent reports whether a visit that did not complete has sent all the same
	// what mails may answer: they are waited for. Nil where none has.
	Sent func(o evidence.Observation) bool

	// Conversation is nil where nothing follows a first letter.
	Conversation *Conversation

	// FollowUp is nil where nothing is done after a visit but waiting.
	FollowUp *FollowUp
}

// An Envelope is what planning fixes of a message before it is written.
type Envelope struct {
	From      string    `json:"from"` // the probe's unique address
	To        string    `json:"to"`
	MessageID string    `json:"message_id"`    // without angle brackets, on the sender's domain
	Date      time.Time `json:"date,omitzero"` // when it is due to be sent; zero while that is open
}

// A Letter is a message ready for the wire: nothing but the network can fail
// after this.
type Letter struct {
	Envelope
	Subject string `json:"subject"`
	Text    string `json:"text"`    // the words, for plan and report
	Variant int    `json:"variant"` // which of the scenario's texts, from 0
	Raw     []byte `json:"-"`       // RFC 5322, CRLF; kept in the ledger
}

// A Thread is a correspondence as it stands: our messages and what arrived.
type Thread struct {
	Letter   Letter
	Sent     time.Time     // when the relay accepted it
	Refused  string        // the server's answer when it refused for good, else empty
	Code     int           // its SMTP reply code, 0 when none
	Further  []Further     // after the first, by place
	Done     []Done        // what was done because of what arrived, by time
	Ending   bool          // the operator ends the wave: what undoes is due at once
	Arrivals []Arrival     // by time
	Window   time.Duration // how long an answer to a letter may take
	Closed   bool          // the window, that of the last letter, has closed
}

// An Arrival is one mail that was matched to a probe.
type Arrival struct {
	Ref      evidence.Ref
	Raw      []byte
	Received time.Time // the mail server's INTERNALDATE, to the second
	Seen     time.Time // our clock when it was stored: an upper bound
	Mailbox  string
	Junk     bool   // the mailbox is the folder for spam
	Live     bool   // the server told of it as it came, so that Seen is close to its arrival
	Matched  string // by what: "address", "references", "delivery-report", "by-hand"
	Reviewed Reviewed
}

// Reviewed is what a reviewer said of a mail. It wins over the reader, and all
// that depends on it follows.
type Reviewed struct {
	Class   string         // empty: not corrected
	Answers map[int]string // by the number of the question, from 1: "answered", "partly", "not", "something-else"
}

// A Delivery is what handing one message to the relay came to.
type Delivery struct {
	State  DeliveryState
	Code   int    // SMTP reply code, 0 when there was none
	Detail string // the server's words, or the error's
	Ours   bool   // the fault is our account's or our relay's (log-in, certificate, line), not the recipient's
}

// A DeliveryState is a state of the effects ledger after a send was tried.
type DeliveryState string

// The states. Deferred means surely not sent, try again later: the protocol
// said that nothing was accepted. Uncertain is resolved by looking, never by
// sending again.
const (
	Accepted  DeliveryState = "accepted"
	Refused   DeliveryState = "refused"
	Deferred  DeliveryState = "deferred"
	Uncertain DeliveryState = "uncertain"
)

// Progress is told, in a few words, what a probe is doing.
type Progress func(msg string)

// Keep stores evidence and gives its address; evidence.Store.Put is one.
type Keep func(ctx context.Context, r io.Reader) (evidence.Ref, error)
