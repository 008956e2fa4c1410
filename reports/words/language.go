package words

import (
	"cmp"
	"fmt"
	"math"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"touchstone/internal/evidence"
	"touchstone/reports"
	"touchstone/scoring"
	"touchstone/scoring/stat"
)

// In words a report in its own language, as the functions of this package do
// in English.
type In struct{ reports.Texts }

// Grade gives a verdict's grade, "Withheld" where there is none.
func (in In) Grade(v reports.Verdict) string {
	return Capital(in.Say(cmp.Or(v.Grade, "withheld")))
}

// Points cuts to one decimal.
func (in In) Points(x float64) string { return in.Number(Points(x)) }

// Score gives a verdict's points, or None where they are withheld.
func (in In) Score(v reports.Verdict) string { return in.Number(Score(v)) }

// Range gives the bounds of a verdict's score.
func (in In) Range(v reports.Verdict) string { return in.Number(Range(v)) }

// Mark gives a mark's points, or None.
func (in In) Mark(m scoring.Mark) string { return in.Number(Mark(m)) }

// Delta gives a difference in points with its sign, None where there is none.
func (in In) Delta(d *float64) string {
	if d == nil {
		return None
	}
	if math.Abs(*d) < .05 {
		return in.Number("0.0") // what is nothing has no sign
	}
	return in.Number(fmt.Sprintf("%+.1f", *d))
}

// Shown words a figure of a comparison, which may be a state.
func (in In) Shown(figure string) string {
	if state := State(scoring.State(figure)); state != figure {
		return in.Say(state)
	}
	return figure
}

// Chance words what a test made of a difference.
func (in In) Chance(v stat.Verdict) string {
	if said := in.Say(string(v)); said != string(v) {
		return said
	}
	return strings.ReplaceAll(string(v), "-", " ")
}

// Seconds words a time in its two largest units, "never" where it is infinite.
func (in In) Seconds(s float64) string {
	if math.IsInf(s, 1) {
		return in.Say("never")
	}
	return in.Number(scoring.Duration(s))
}

// Interval words the bounds of a value in its unit.
func (in In) Interval(i *scoring.Interval, unit evidence.Unit) string {
	switch {
	case i == nil:
		return None
	case i.Open && unit == evidence.Second:
		return in.Say("%s or longer", in.Seconds(i.Low))
	case i.Open:
		return in.Say("%s or more", in.Number(fmt.Sprintf("%.3g", i.Low)))
	}
	return in.Number(Interval(i, unit))
}

// Published words a reference figure with its sample.
func (in In) Published(p reports.Published) string {
	if p.N == 0 {
		return in.Say("%s: %.0f %%, n unknown", p.Short, 100*p.Share)
	}
	return in.Say("%s: %.0f %% of %d %s", p.Short, 100*p.Share, p.N, p.Of)
}

// Fact words a fact's value with its unit; a text stays as it was recorded.
func (in In) Fact(f evidence.Fact) string {
	switch f.Unit {
	case evidence.Text, evidence.Time:
		return f.Text
	case evidence.Bool:
		return in.Say(Fact(f))
	}
	return in.Number(Fact(f))
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
	return in.Texts.Day(t)
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
