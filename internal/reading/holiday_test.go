package reading

import (
	"testing"
	"time"
)

func TestHoliday(t *testing.T) {
	for _, c := range []struct {
		zone, day string
		want      bool
	}{
		{"Europe/Berlin", "2026-10-03", true},  // German Unity
		{"Europe/Berlin", "2026-04-06", true},  // Easter Monday
		{"Europe/Berlin", "2026-10-05", false}, // a Monday like others
		{"Europe/London", "2026-12-28", true},  // Boxing Day, a Saturday, is kept on Monday
		{"Europe/London", "2026-10-03", false},
		{"Europe/Paris", "2026-07-14", true},
		{"Europe/Madrid", "2026-10-12", true},
		{"Europe/Rome", "2026-04-25", true},
		{"Europe/Amsterdam", "2026-04-27", true},
		{"America/New_York", "2026-11-26", true},
		{"UTC", "2026-12-25", false}, // no country
	} {
		zone, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		day, err := time.ParseInLocation(time.DateOnly, c.day, zone)
		if err != nil {
			t.Fatal(err)
		}
		if name := Holiday(day.Add(12 * time.Hour)); (name != "") != c.want {
			t.Errorf("%s in %s: %q", c.day, c.zone, name)
		}
	}
}
