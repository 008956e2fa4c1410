package reading

import (
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/at"
	"github.com/rickar/cal/v2/be"
	"github.com/rickar/cal/v2/ch"
	"github.com/rickar/cal/v2/de"
	"github.com/rickar/cal/v2/es"
	"github.com/rickar/cal/v2/fr"
	"github.com/rickar/cal/v2/gb"
	"github.com/rickar/cal/v2/ie"
	"github.com/rickar/cal/v2/it"
	"github.com/rickar/cal/v2/nl"
	"github.com/rickar/cal/v2/us"
)

// holidays are those that a whole country keeps, by its zone names. A zone of
// none of them has no holidays known.
var holidays = map[string][]*cal.Holiday{
	"Europe/Vienna": at.Holidays, "Europe/Brussels": be.Holidays, "Europe/Zurich": ch.Holidays, "Europe/Berlin": de.Holidays, "Europe/Madrid": es.Holidays,
	"Europe/Paris": fr.Holidays, "Europe/London": gb.Holidays, "Europe/Dublin": ie.Holidays, "Europe/Rome": it.Holidays, "Europe/Amsterdam": nl.Holidays,
	"America/New_York": us.Holidays, "America/Chicago": us.Holidays, "America/Denver": us.Holidays, "America/Los_Angeles": us.Holidays,
}

// Holiday gives the name of the public holiday that the day of t is, in the
// country of its time zone: "" on other days. What only a part of a country
// keeps is not known.
func Holiday(t time.Time) string {
	c := cal.Calendar{Holidays: holidays[t.Location().String()]}
	if _, observed, h := c.IsHoliday(t); observed && h != nil {
		return h.Name
	}
	return ""
}
