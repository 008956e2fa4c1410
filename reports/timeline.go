package reports

import (
	"slices"
	"time"

	"touchstone/internal/evidence"
)

// A Timeline is a correspondence on one axis: our letters, what came, what was
// promised, and when somebody was there.
type Timeline struct {
	Start time.Time   `json:"start"` // our letter was accepted
	End   time.Time   `json:"end"`   // of the axis
	Marks []Moment    `json:"marks"` // in the order of time
	Open  []OpenHours `json:"open"`  // of the site, within the axis; empty where it always is, or that is not known
}

// A Moment is one mark of a timeline.
type Moment struct {
	At   time.Time `json:"at"`
	What string    `json:"what"`           // "letter", "promise", "window", else the class of the mail that came
	Step string    `json:"step,omitempty"` // of the mail
}

// OpenHours is a stretch of time in which a site works.
type OpenHours struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// Opening are the hours of a week in which a site works, as the project has
// them; the zero value is around the clock.
type Opening struct {
	Zone string        `json:"zone,omitempty"` // IANA; empty: UTC
	Days [7]bool       `json:"days"`           // from Sunday; none: every day
	From time.Duration `json:"from"`           // since local midnight, nanoseconds
	To   time.Duration `json:"to"`             // likewise, at most 24 h; both zero: all day
}

// within lists the open stretches between two moments, none where it is always
// open, or its zone is unknown here.
func (o Opening) within(from, to time.Time) []OpenHours {
	zone, err := time.LoadLocation(o.Zone)
	if err != nil || o.From == 0 && o.To == 0 && o.Days == [7]bool{} {
		return nil
	}
	end := o.To
	if o.From == 0 && end == 0 {
		end = 24 * time.Hour
	}
	var out []OpenHours
	y, m, d := from.In(zone).Date()
	at := func(day int, since time.Duration) time.Time {
		return time.Date(y, m, d+day, 0, 0, int(since/time.Second), 0, zone).UTC()
	}
	for day := 0; at(day, 0).Before(to) && day < mostDays; day++ {
		// Noon, since daylight saving may skip midnight.
		weekday := time.Date(y, m, d+day, 12, 0, 0, 0, zone).Weekday()
		a, b := at(day, o.From), at(day, end)
		if a.Before(from) {
			a = from
		}
		if b.After(to) {
			b = to
		}
		if a.Before(b) && (o.Days == [7]bool{} || o.Days[weekday]) {
			out = append(out, OpenHours{a, b})
		}
	}
	return out
}

// mostDays bounds the days that are shaded; beyond, an axis shows no hours.
const mostDays = 31

// timeline puts a thread on its axis, nil where nothing was sent. The axis
// ends a little behind the last mark; an answer that never came leaves the end
// of the window.
func timeline(o *evidence.Observation, p Probe, open Opening) *Timeline {
	i := slices.IndexFunc(p.Thread, func(m Message) bool { return m.Ours && !m.At.IsZero() })
	if i < 0 {
		return nil
	}
	t := &Timeline{Start: p.Thread[i].At, Marks: []Moment{}, Open: []OpenHours{}}
	answered := false
	var acknowledged time.Time
	for _, m := range p.Thread {
		what := m.Class
		if m.Ours {
			what = letter
		}
		if m.At.IsZero() || what == "" {
			continue
		}
		answered = answered || what == "human"
		if what == "acknowledgement" && acknowledged.IsZero() {
			acknowledged = m.At
		}
		t.Marks = append(t.Marks, Moment{m.At, what, m.Step})
	}
	if f, ok := o.Fact("mail.promise"); ok && !acknowledged.IsZero() {
		t.Marks = append(t.Marks, Moment{acknowledged.Add(time.Duration(f.Number * float64(time.Second))), "promise", ""})
	}
	if !answered && !p.Deadline.IsZero() {
		t.Marks = append(t.Marks, Moment{p.Deadline, "window", ""})
	}
	slices.SortStableFunc(t.Marks, func(a, b Moment) int { return a.At.Compare(b.At) })
	span := t.Marks[len(t.Marks)-1].At.Sub(t.Start)
	if span <= 0 { // nothing but the letter
		return nil
	}
	t.End = t.Start.Add(span + span/25)
	if span < mostDays*24*time.Hour {
		t.Open = append(t.Open, open.within(t.Start, t.End)...)
	}
	return t
}
