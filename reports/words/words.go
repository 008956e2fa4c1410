// Package words puts the figures of a report into words, the same ones in
// every format. It works nothing out.
package words

import (
	"cmp"
	"fmt"
	"math"
	"time"
	"unicode"

	"touchstone/internal/evidence"
	"touchstone/reports"
	"touchstone/scoring"
)

// None stands where there is no figure.
const None = "—"

// Points cuts to one decimal: 84.96 must not look like 85.
func Points(x float64) string { return fmt.Sprintf("%.1f", math.Floor(x*10+1e-9)/10) }

// Score gives a verdict's points, or None where they are withheld.
func Score(v reports.Verdict) string {
	if v.State != scoring.Scored {
		return None
	}
	return Points(v.Score)
}

// Grade gives a verdict's grade, "Withheld" where there is none.
func Grade(v reports.Verdict) string {
	grade := []rune(cmp.Or(v.Grade, "withheld"))
	grade[0] = unicode.ToUpper(grade[0])
	return string(grade)
}

// Range gives the bounds of a verdict's score: "57.2–81.0".
func Range(v reports.Verdict) string {
	if v.Interval == nil {
		return None
	}
	return Points(v.Interval.Low) + "–" + Points(v.Interval.High)
}

// Place gives the place of a verdict and the range that chance leaves: "2 (1–3)".
func Place(v reports.Verdict) string {
	switch r := v.Rank; {
	case r == nil:
		return None
	case r.Best == r.Worst:
		return fmt.Sprint(r.Place)
	default:
		return fmt.Sprintf("%d (%d–%d)", r.Place, r.Best, r.Worst)
	}
}

// Mark gives a mark's points, or None.
func Mark(m scoring.Mark) string {
	if m.State != scoring.Scored {
		return None
	}
	return Points(100 * m.Score)
}

// Measured gives what a mark measured, or why it has none.
func Measured(m scoring.Mark) string {
	said := cmp.Or(m.Shown, None)
	if m.State != scoring.Scored {
		said = State(m.State)
		if m.Reason != "" {
			said += ": " + m.Reason
		}
	}
	for _, w := range m.Warnings {
		said += " (" + w + ")"
	}
	return said
}

// State words why there is a score or none.
func State(s scoring.State) string {
	switch s {
	case scoring.NotApplicable:
		return "not applicable"
	case scoring.NotMeasured:
		return "could not test"
	case scoring.Waiting:
		return "still waiting"
	}
	return string(s)
}

// Percent gives a share with its count: "33 % (1/3)", None of nothing.
func Percent(s reports.Share) string {
	if s.N == 0 {
		return None
	}
	return fmt.Sprintf("%.0f %% (%d/%d)", 100*s.Value(), s.K, s.N)
}

// Interval words the bounds of a value in its unit.
func Interval(i *scoring.Interval, unit evidence.Unit) string {
	if i == nil {
		return None
	}
	if i.Open {
		if unit == evidence.Second {
			return scoring.Duration(i.Low) + " or longer"
		}
		return fmt.Sprintf("%.3g or more", i.Low)
	}
	switch unit {
	case evidence.Ratio:
		return fmt.Sprintf("%.0f–%.0f %%", 100*i.Low, 100*i.High)
	case evidence.Second:
		return scoring.Duration(i.Low) + " – " + scoring.Duration(i.High)
	}
	return fmt.Sprintf("%.3g–%.3g", i.Low, i.High)
}

// Published words a reference figure with its sample.
func Published(p reports.Published) string {
	if p.N == 0 {
		return fmt.Sprintf("%s: %.0f %%, n unknown", p.Short, 100*p.Share)
	}
	return fmt.Sprintf("%s: %.0f %% of %d %s", p.Short, 100*p.Share, p.N, p.Of)
}

// Day gives the day of a moment, None where there is none.
func Day(t time.Time) string {
	if t.IsZero() {
		return None
	}
	return t.UTC().Format("2 January 2006")
}

// When gives a moment to the minute, None where there is none.
func When(t time.Time) string {
	if t.IsZero() {
		return None
	}
	return t.UTC().Format("Mon 2 Jan 2006, 15:04 UTC")
}

// Class words what a mail was read as.
func Class(c string) string {
	if said, ok := classes[c]; ok {
		return said
	}
	return c
}

var classes = map[string]string{
	"":                "not classified",
	"human":           "a person’s answer",
	"acknowledgement": "automatic acknowledgement",
	"bounce":          "returned undelivered",
	"notice":          "notice from a mail server",
	"delay":           "not delivered yet",
	"challenge":       "asks us to prove something",
	"out-of-office":   "automatic answer: away",
	"bot":             "a machine’s answer",
	"closed":          "says that the case is closed",
	"survey":          "asks for an opinion",
	"order":           "an order’s mail",
	"bulk":            "newsletter or bulk mail",
}

// Fact words a fact's value with its unit.
func Fact(f evidence.Fact) string {
	switch f.Unit {
	case evidence.Text, evidence.Time:
		return f.Text
	case evidence.Bool:
		if f.Number != 0 {
			return "yes"
		}
		return "no"
	case evidence.Second:
		return scoring.Duration(f.Number)
	case evidence.Count, evidence.Ratio:
		return fmt.Sprintf("%g", f.Number)
	case evidence.Milli:
		return fmt.Sprintf("%.4g ms", f.Number)
	}
	return fmt.Sprintf("%g %s", f.Number, f.Unit)
}

// Dates gives when a wave ran: "2 November 2026 to 7 November 2026".
func Dates(w reports.Wave) string {
	switch {
	case w.Started.IsZero():
		return "not begun"
	case w.Ended.IsZero():
		return Day(w.Started) + ", still running"
	}
	return Day(w.Started) + " to " + Day(w.Ended)
}

// Count words a number of things: "1 site", "3 sites".
func Count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}
