package words

import (
	"cmp"
	"time"
	"unicode"
	"unicode/utf8"

	"touchstone/internal/evidence"
	"touchstone/reports"
	"touchstone/scoring"
)

// In words a report in its own language, as the functions of this package do
// in English.
type In struct{ reports.Texts }

// Grade gives a verdict's grade, "Withheld" where there is none.
func (in In) Grade(v reports.Verdict) string {
	return Capital(in.Say(cmp.Or(v.Grade, "withheld")))
}

// State words why there is a score or none.
func (in In) State(s scoring.State) string { return in.Say(State(s)) }

// Class words what a mail was read as.
func (in In) Class(c string) string { return in.Say(Class(c)) }

// Outcome words how a probe ended.
func (in In) Outcome(o evidence.Outcome) string { return in.Say(string(o)) }

// Measured gives what a mark measured, or why it has none.
func (in In) Measured(m scoring.Mark) string {
	said := cmp.Or(m.Shown, None)
	if m.State != scoring.Scored {
		said = in.State(m.State)
		if m.Reason != "" {
			said += ": " + m.Reason
		}
	}
	for _, w := range m.Warnings {
		said += " (" + w + ")"
	}
	return said
}

// Day gives the day of a moment, None where there is none.
func (in In) Day(t time.Time) string {
	if t.IsZero() {
		return None
	}
	t = t.UTC()
	return in.Say("%d %s %d", t.Day(), in.Say(t.Month().String()), t.Year())
}

// When gives a moment to the minute, None where there is none.
func (in In) When(t time.Time) string {
	if t.IsZero() {
		return None
	}
	t = t.UTC()
	return in.Say("%s %d %s %d, %s UTC", in.Say(t.Format("Mon")), t.Day(), in.Say(t.Format("Jan")), t.Year(), t.Format("15:04"))
}

// Dates gives when a wave ran: "2 November 2026 to 7 November 2026".
func (in In) Dates(w reports.Wave) string {
	switch {
	case w.Started.IsZero():
		return in.Say("not begun")
	case w.Ended.IsZero():
		return in.Day(w.Started) + ", " + in.Say("still running")
	}
	return in.Say("%s to %s", in.Day(w.Started), in.Day(w.Ended))
}

// Capital sets a word at the head of a line.
func Capital(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[size:]
}

// Letter is a whole page for a mail's own layout: black on white, in a frame
// that neither runs nor fetches anything.
func Letter(sanitised string) string {
	return `<!DOCTYPE html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><style>body{font:14px sans-serif;margin:8px;color:#111;background:#fff;overflow-wrap:anywhere}</style>` + sanitised
}
