package probes

import (
	"testing"
	"time"
)

func TestHoursBetween(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	office := Hours{Days: [7]bool{1: true, 2: true, 3: true, 4: true, 5: true}, From: 9 * time.Hour, To: 17 * time.Hour}
	at := func(s string) time.Time {
		t.Helper()
		when, err := time.ParseInLocation("2006-01-02 15:04", s, berlin)
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	for _, c := range []struct {
		name string
		h    Hours
		a, b string
		want time.Duration
	}{
		{"within a day", office, "2026-11-16 10:00", "2026-11-16 12:30", 150 * time.Minute},
		{"overnight", office, "2026-11-16 16:00", "2026-11-17 10:00", 2 * time.Hour},
		{"before opening, after closing", office, "2026-11-16 06:00", "2026-11-16 20:00", 8 * time.Hour},
		{"over a weekend", office, "2026-11-20 16:30", "2026-11-23 09:15", 45 * time.Minute},
		{"all within a weekend", office, "2026-11-21 10:00", "2026-11-22 18:00", 0},
		{"a week", office, "2026-11-16 00:00", "2026-11-23 00:00", 40 * time.Hour},
		{"backwards", office, "2026-11-17 10:00", "2026-11-16 10:00", 0},
		{"around the clock, over the end of summer time", Hours{}, "2026-10-25 00:00", "2026-10-26 00:00", 25 * time.Hour},
		{"daily, over the beginning of summer time", Hours{To: 24 * time.Hour}, "2026-03-29 00:00", "2026-03-30 00:00", 23 * time.Hour},
		{"hours that never open", Hours{From: 9 * time.Hour, To: 9 * time.Hour}, "2026-11-16 00:00", "2026-11-23 00:00", 0},
	} {
		if got := c.h.Between(at(c.a), at(c.b)); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
