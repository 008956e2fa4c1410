package scoring

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Duration words a time in seconds for a person, in its two largest units,
// rounded to the smaller: "45 s", "12 min 5 s", "4 h 10 min", "3 d 2 h".
// Below ten seconds it keeps one decimal. +Inf is "never".
func Duration(seconds float64) string {
	switch s := math.Abs(seconds); {
	case math.IsNaN(seconds):
		return "unknown"
	case math.IsInf(seconds, 1):
		return "never"
	case seconds < 0:
		return "−" + Duration(s)
	case s < 9.95:
		return strings.TrimSuffix(strconv.FormatFloat(s, 'f', 1, 64), ".0") + " s"
	}
	units := []struct {
		name   string
		in     float64 // seconds
		below  float64 // largest value of this unit
		second string
		per    float64 // smaller units in one
	}{
		{"s", 1, 60, "", 1},
		{"min", 60, 60, "s", 60},
		{"h", 3600, 24, "min", 60},
		{"d", 86400, math.Inf(1), "h", 24},
	}
	for _, u := range units {
		small := math.Round(seconds / u.in * u.per) // in the smaller unit
		whole, rest := math.Floor(small/u.per), math.Mod(small, u.per)
		if whole >= u.below { // rounding may lift it: 59 min 59.9 s is an hour
			continue
		}
		if rest == 0 {
			return fmt.Sprintf("%.0f %s", whole, u.name)
		}
		return fmt.Sprintf("%.0f %s %.0f %s", whole, u.name, rest, u.second)
	}
	panic("unreachable: the last unit has no upper bound")
}
