package fieldwork

import (
	"errors"
	"math/rand/v2"
	"slices"
	"time"

	"touchstone/internal/reading"
	"touchstone/scenarios"
)

// slots hands out times to write to one site: inside its hours, apart from
// one another, never more than the caps allow, at minutes that the seed picks.
type slots struct {
	caps  Caps
	site  *scenarios.Site
	cal   *calendar
	rng   *rand.Rand
	taken []time.Time // sorted
	from  time.Time
}

func newSlots(caps Caps, site *scenarios.Site, taken []time.Time, from time.Time, rng *rand.Rand) *slots {
	taken = slices.Clone(taken)
	slices.SortFunc(taken, time.Time.Compare)
	s := &slots{caps: caps, site: site, cal: newCalendar(zone(site)), rng: rng, taken: taken}
	s.from = from.Add(s.chance())
	return s
}

// chance gives a random part of an hour, or of the distance that the caps ask
// for where that is less: no two plans write at the same minutes.
func (s *slots) chance() time.Duration {
	return time.Duration(s.rng.Int64N(int64(max(1, min(time.Hour, s.caps.Distance)))))
}

// next gives the earliest time that the rules allow, in UTC, to the second.
func (s *slots) next() (time.Time, error) {
	at := s.from
	for range 10_000 {
		at = s.cal.opening(s.site.Hours, at)
		if at.IsZero() {
			return at, errors.New("its `hours:` never open")
		}
		wait := s.caps.wait(s.taken, at)
		if wait.IsZero() {
			at = at.Truncate(time.Second).UTC()
			s.taken = append(s.taken, at)
			s.from = at.Add(s.caps.Distance + s.chance())
			return at, nil
		}
		at = wait
	}
	return time.Time{}, errors.New("caps and hours leave no time to write in the next years")
}

// wait gives the earliest instant after at when a further contact would keep
// the caps, given the contacts so far, sorted; zero when at itself does.
func (c Caps) wait(taken []time.Time, at time.Time) time.Time {
	var until time.Time
	later := func(t time.Time) {
		if t.After(at) && t.After(until) {
			until = t
		}
	}
	full := func(limit int, span time.Duration) {
		i, _ := slices.BinarySearchFunc(taken, at.Add(-span), func(t, bound time.Time) int {
			if t.After(bound) {
				return 1
			}
			return -1
		})
		if n := len(taken) - i; limit > 0 && n >= limit {
			later(taken[len(taken)-limit].Add(span))
		}
	}
	full(c.PerDay, 24*time.Hour)
	full(c.PerWeek, 7*24*time.Hour)
	if n := len(taken); n > 0 {
		later(taken[n-1].Add(c.Distance))
	}
	return until
}

// A calendar knows the days of a place: a shop is not written to on the public
// holidays of its country (see reading.Holiday), nor does it miss an answer then.
type calendar struct {
	zone *time.Location
	free map[int64]bool // by day; a country's rules take longer to ask than a letter has
}

func newCalendar(zone *time.Location) *calendar { return &calendar{zone, map[int64]bool{}} }

// holiday reports whether nobody works on the day of t, which is noon in the
// calendar's zone.
func (c *calendar) holiday(t time.Time) bool {
	day := t.Unix() / 86400
	free, known := c.free[day]
	if !known {
		free = reading.Holiday(t) != ""
		c.free[day] = free
	}
	return free
}

// opening gives the earliest instant, not before at, within hours of this
// place; zero when they never open. Hours that never close keep no holidays.
func (c *calendar) opening(h scenarios.Hours, at time.Time) time.Time {
	closes := h.From > 0 || h.To > 0 && h.To < 24*time.Hour || h.Days != [7]bool{} && slices.Contains(h.Days[:], false)
	y, m, d := at.In(c.zone).Date()
	for day := range 60 { // a week, and whatever holidays may stand in it
		noon := time.Date(y, m, d+day, 12, 0, 0, 0, c.zone) // since daylight saving may skip midnight
		from, to, open := h.On(noon)
		switch {
		case !open || !at.Before(to) || closes && c.holiday(noon):
		case at.After(from):
			return at
		default:
			return from
		}
	}
	return time.Time{}
}

// zone gives the site's time zone, UTC when it has none.
func zone(s *scenarios.Site) *time.Location {
	if s.Timezone == nil {
		return time.UTC
	}
	return s.Timezone
}
