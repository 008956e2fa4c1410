package probes

import "time"

// A Conversation is how a correspondence goes on after its first letter. All
// of it is pure: fieldwork asks when a mail came or an instant has come, sends
// each letter at most once, and keeps to hours, caps, suppression and the kill
// switch as for a first letter.
type Conversation struct {
	// Plan gives the letters that may follow the first, by their places, without
	// Message-ID, date and bytes: planning fixes and shows them. None where the
	// task ends with its first letter. most is how many letters are written at
	// most, the first among them.
	Plan func(t *Task, first Letter) (list []Planned, most int, err error)

	// Next says which of them the thread as it stands calls for, and when it is
	// due; false for none. That may be in the past.
	Next func(t *Task, th Thread) (Next, bool)

	// Write makes a planned letter, with its date, ready for the wire, as the
	// thread that Next called for it stands.
	Write func(t *Task, th Thread, l Letter) (Letter, error)
}

// A Planned is a letter that may follow. Its subject is another where the
// answer that it follows has another.
type Planned struct {
	Letter
	If string `json:"if"` // in words: "a person answers, 2h later"
}

// A Next is a letter that is called for.
type Next struct {
	Place int // in Plan's list, from 0
	At    time.Time
}

// A Further is a letter after the first: one that left, or never will.
type Further struct {
	Letter
	Place   int       // in Plan's list, from 0
	Sent    time.Time // when the relay accepted it, or may have; zero: it never left
	Refused string    // the server's answer when it refused for good, else empty
}
