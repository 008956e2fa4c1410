package intake

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"touchstone/internal/evidence"
)

// A unit of a column or of a cell, as a multiple of the fact's own.
type unit struct {
	of     evidence.Unit
	factor float64
}

var units = map[string]unit{
	"ms": {evidence.Second, 1e-3}, "s": {evidence.Second, 1}, "sec": {evidence.Second, 1}, "min": {evidence.Second, 60}, "m": {evidence.Second, 60},
	"h": {evidence.Second, 3600}, "hours": {evidence.Second, 3600}, "d": {evidence.Second, 86400}, "days": {evidence.Second, 86400}, "w": {evidence.Second, 7 * 86400},
	"%": {evidence.Ratio, .01}, "B": {evidence.Byte, 1}, "kB": {evidence.Byte, 1e3}, "MB": {evidence.Byte, 1e6}, "count": {evidence.Count, 1},
}

// expected words what a cell of each unit holds.
var expected = map[evidence.Unit]string{
	evidence.Second: "duration: write 90, 15 min, 1 h 20 min or 2 d",
	evidence.Milli:  "duration: write 90 (milliseconds), 1.2 s",
	evidence.Count:  "count: write a number from 0",
	evidence.Bool:   "yes or no",
	evidence.Ratio:  "ratio: write 0.4 or 40 %",
	evidence.Byte:   "size: write a number, 20 kB or 3 MB",
}

var (
	part  = regexp.MustCompile(`^(\d+(?:\.\d+)?)\s*([A-Za-z%]+)\s*`)
	clock = regexp.MustCompile(`^(\d+):([0-5]\d):([0-5]\d)$`)
)

// quantity reads a number in the unit of a fact: a bare one is in the column's
// unit where it has one; one with units of its own is a sum, such as 1 h 20 min.
func (t *reader) quantity(v string, of evidence.Unit, column string) (float64, bool) {
	if of == evidence.Bool {
		switch strings.ToLower(v) {
		case "1", "yes", "y", "true":
			return 1, true
		case "0", "no", "n", "false":
			return 0, true
		}
		return 0, false
	}
	if t.decimal {
		v = strings.ReplaceAll(v, ",", ".")
	}
	base, scale := of, 1.0
	if of == evidence.Milli { // times are all read as seconds
		base, scale = evidence.Second, 1000
	}
	if n, err := strconv.ParseFloat(v, 64); err == nil {
		if column != "" {
			u := units[column]
			if u.of != base {
				return 0, false
			}
			n *= u.factor * scale
		}
		return n, sound(n, of)
	}
	if m := clock.FindStringSubmatch(v); m != nil && base == evidence.Second {
		h, _ := strconv.ParseFloat(m[1], 64)
		min, _ := strconv.ParseFloat(m[2], 64)
		s, _ := strconv.ParseFloat(m[3], 64)
		return (h*3600 + min*60 + s) * scale, true
	}
	sum := 0.0
	for rest := v; rest != ""; {
		m := part.FindStringSubmatch(rest)
		if m == nil || units[m[2]].of != base {
			return 0, false
		}
		n, _ := strconv.ParseFloat(m[1], 64) // of digits: can't fail
		sum += n * units[m[2]].factor * scale
		rest = rest[len(m[0]):]
	}
	return sum, v != "" && sound(sum, of)
}

// sound refuses numbers that no observation gives.
func sound(n float64, of evidence.Unit) bool {
	return n >= 0 && !math.IsInf(n, 1) && (of != evidence.Count || n == math.Trunc(n))
}

// instant reads a time; without a zone it is UTC.
func instant(v string) (time.Time, bool) {
	for _, form := range []string{time.RFC3339, "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02T15:04", "2006-01-02"} {
		if at, err := time.Parse(form, v); err == nil {
			return at.UTC(), true
		}
	}
	return time.Time{}, false
}
