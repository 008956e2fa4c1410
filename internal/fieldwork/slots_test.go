package fieldwork

import (
	"math/rand/v2"
	"testing"
	"time"

	"touchstone/probes"
	"touchstone/scenarios"
)

func berlin(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func officeHours() scenarios.Hours {
	return scenarios.Hours{Days: [7]bool{false, true, true, true, true, true, false}, From: 9 * time.Hour, To: 17 * time.Hour}
}

func TestOpening(t *testing.T) {
	zone := berlin(t)
	at := func(s string) time.Time {
		v, err := time.ParseInLocation("2006-01-02 15:04", s, zone)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, c := range []struct{ name, at, want string }{
		{"inside", "2026-11-02 10:30", "2026-11-02 10:30"},
		{"before opening", "2026-11-02 06:00", "2026-11-02 09:00"},
		{"at opening", "2026-11-02 09:00", "2026-11-02 09:00"},
		{"at closing", "2026-11-02 17:00", "2026-11-03 09:00"},
		{"friday evening", "2026-11-06 18:00", "2026-11-09 09:00"},
		{"christmas, which is a friday", "2026-12-24 18:00", "2026-12-28 09:00"},
		{"new year", "2026-12-31 18:00", "2027-01-04 09:00"},
		{"over the end of summer time", "2026-10-23 20:00", "2026-10-26 09:00"},
		{"over the start of summer time", "2026-03-27 20:00", "2026-03-30 09:00"},
	} {
		if got := newCalendar(zone).opening(officeHours(), at(c.at)); !got.Equal(at(c.want)) {
			t.Errorf("%s: opening(%s) = %s, want %s", c.name, c.at, got.In(zone), c.want)
		}
	}
	if got := newCalendar(time.UTC).opening(scenarios.Hours{}, at("2026-11-08 03:00")); !got.Equal(at("2026-11-08 03:00")) {
		t.Errorf("without hours a site is always open, got %s", got)
	}
}

// Whatever the caps, hours and history, no two slots break them.
func TestSlotsKeepCapsAndHours(t *testing.T) {
	zone := berlin(t)
	for seed := range uint64(200) {
		rng := rand.New(rand.NewPCG(seed, 1))
		caps := Caps{PerDay: 1 + rng.IntN(4), PerWeek: 1 + rng.IntN(8), Distance: time.Duration(rng.IntN(10)) * time.Hour}
		site := &scenarios.Site{Site: probes.Site{Hours: officeHours()}, Timezone: zone}
		start := time.Date(2026, 3, 20, rng.IntN(24), rng.IntN(60), 0, 0, time.UTC)
		taken := []time.Time{start.Add(-26 * time.Hour), start.Add(-2 * time.Hour)}
		s := newSlots(caps, site, taken, start, rng)
		all := append([]time.Time{}, taken...)
		for range 12 {
			at, err := s.next()
			if err != nil {
				t.Fatal(err)
			}
			local := at.In(zone)
			if h := local.Hour(); h < 9 || h >= 17 || local.Weekday() == time.Saturday || local.Weekday() == time.Sunday {
				t.Fatalf("seed %d: %s is outside the hours", seed, local)
			}
			day, week := 1, 1
			for _, other := range all {
				gap := at.Sub(other)
				if gap < caps.Distance {
					t.Fatalf("seed %d: %s follows %s by %s, under %s", seed, at, other, gap, caps.Distance)
				}
				if gap < 24*time.Hour {
					day++
				}
				if gap < 7*24*time.Hour {
					week++
				}
			}
			if day > caps.PerDay || week > caps.PerWeek {
				t.Fatalf("seed %d: %d contacts in a day, %d in a week, caps %+v", seed, day, week, caps)
			}
			all = append(all, at)
		}
	}
}

func TestSlotsWithoutHoursThatOpen(t *testing.T) {
	site := &scenarios.Site{Site: probes.Site{Hours: probes.Hours{Days: [7]bool{1: true}, From: 9 * time.Hour, To: 9 * time.Hour}}}
	if at, err := newSlots(Caps{}, site, nil, time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC), rand.New(rand.NewPCG(1, 1))).next(); err == nil {
		t.Fatalf("got %s from hours that never open", at)
	}
}
