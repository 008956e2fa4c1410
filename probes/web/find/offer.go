package find

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// An Offer is what a page says of the end of a lower price.
type Offer struct {
	Ends  time.Time     // its last day, midnight UTC; zero: none is said
	Left  time.Duration // what a running clock shows; 0: there is none
	Says  string        // the words
	Clock string        // the clock's
}

// OfferOf reads when the offer on a product's page ends: a day beside words of
// an offer, or a clock that runs down.
func OfferOf(p *Page) (o Offer) {
	for i, b := range p.Blocks {
		if b.Folded || b.Area == Footer || b.Area == Consent || b.Area == Nav || len(b.Text) > 300 {
			continue
		}
		if o.Ends.IsZero() && p.main(i) && p.Bare[i].Has(SaleTalk) && endWords.in(" "+Fold(b.Text)+" ") {
			if day, ok := DayIn(b.Text); ok {
				o.Ends, o.Says = day, clipped(b.Text)
			}
		}
		if o.Left == 0 {
			// Its parts are often boxes of their own: "02", "hrs", "13", "min".
			run, n := "", 0
			for j := i; j < len(p.Blocks) && n < 12 && len(p.Blocks[j].Text) <= 60 && abs(p.Blocks[j].Y-b.Y) < 120; j++ {
				run += " " + p.Blocks[j].Text
				n++
			}
			if run == "" {
				run = b.Text
			}
			if left, clock := clockIn(run); left > 0 && (endWords.in(" "+Fold(run)+" ") || Read(run).Has(SaleTalk)) {
				o.Left, o.Clock = left, clock
			}
		}
	}
	return o
}

// endWords say that something ends, or until when it lasts.
var endWords = spoken("until|till|ends|ending|end|ends in|valid|through|expires|expire|left|hurry|bis|bis zum|endet|gultig|noch|nur noch|lauft|jusqu|jusqu au|valable|se termine|termine|fin|expire|hasta|hasta el|valido|valida|termina|finaliza|fino|fino al|scade|termina|valido fino|tot|t m|geldig|eindigt|nog|ate|valido ate|acaba|do|do dnia|wazne|trwa|konczy|till och med|galler|slutar|t o m|til|gjelder|gaelder|slutter|asti|saakka|paattyy|voimassa|do|plati|konci|まで|終了|残り|截止|结束|剩余")

// clocks are how the time that is left is written: "1d 02:13:44", "02 : 13 : 44",
// "2 days 3 hours 5 min".
var (
	clockDigits = regexp.MustCompile(`(?:(\d{1,3})\s*(?:d|days?|tage?n?|jours?|j|días?|giorni|dagen|dni|dagar|日|天)\b?[\s,:]*)?(\d{1,2})\s*:\s*(\d{2})(?:\s*:\s*(\d{2}))?(?:\D|$)`)
	clockWords  = regexp.MustCompile(`(\d{1,3})\s*(d|days?|tage?n?|jours?|días?|dias?|giorni|dagen|dni|dagar|dage|日|天|h|hrs?|hours?|std|stunden?|heures?|horas?|ore|uur|uren|godz|timmar|timer|時間|小时|m|mins?|minutes?|minuten?|minutos?|minuti|min|minuter|minutter|分|s|secs?|seconds?|sek|sekunden?|secondes?|segundos?|secondi|seconden|sekund\w*|秒)(?:[\s,.:]|$)`)
)

func clockIn(text string) (left time.Duration, clock string) {
	text = strings.ToLower(text)
	if m := clockDigits.FindStringSubmatch(text); m != nil {
		n := func(s string) time.Duration { i, _ := strconv.Atoi(s); return time.Duration(i) }
		if m[4] == "" { // minutes and seconds
			return n(m[1])*24*time.Hour + n(m[2])*time.Minute + n(m[3])*time.Second, strings.TrimSpace(m[0])
		}
		return n(m[1])*24*time.Hour + n(m[2])*time.Hour + n(m[3])*time.Minute + n(m[4])*time.Second, strings.TrimSpace(m[0])
	}
	units, said := map[time.Duration]bool{}, []string{}
	for _, m := range clockWords.FindAllStringSubmatch(text, 4) {
		i, _ := strconv.Atoi(m[1])
		unit := unitOf(m[2])
		if units[unit] {
			break
		}
		units[unit] = true
		left += time.Duration(i) * unit
		said = append(said, strings.TrimSpace(m[0]))
	}
	// A clock that runs shows minutes or seconds: "ends in 3 days" is a day.
	if len(units) < 2 || !units[time.Second] && !units[time.Minute] {
		return 0, ""
	}
	return left, strings.Join(said, " ")
}

func unitOf(word string) time.Duration {
	switch {
	case strings.HasPrefix(word, "h") || strings.HasPrefix(word, "st") || strings.HasPrefix(word, "ore") || strings.HasPrefix(word, "u") || strings.HasPrefix(word, "godz") || strings.HasPrefix(word, "tim") || word == "時間" || word == "小时":
		return time.Hour
	case strings.HasPrefix(word, "m") || word == "分":
		return time.Minute
	case strings.HasPrefix(word, "s") || word == "秒":
		return time.Second
	}
	return 24 * time.Hour
}

// monthStems are months by their folded beginnings in the shipped languages.
var monthStems = []struct {
	month time.Month
	stems []string
}{
	{time.January, []string{"jan", "ener", "genn", "styc", "led", "tammi"}},
	{time.February, []string{"feb", "fev", "lut", "uno", "helmi"}},
	{time.March, []string{"mar", "maer", "maa", "bre", "mrt"}},
	{time.April, []string{"apr", "avr", "abr", "kwie", "dub", "huhti"}},
	{time.May, []string{"may", "mai", "mei", "maj", "mag", "kve", "touko"}},
	{time.June, []string{"jun", "juin", "giu", "czer", "cervn", "kesa"}},
	{time.July, []string{"jul", "juil", "lug", "lip", "cervenc", "heina"}},
	{time.August, []string{"aug", "aou", "ago", "sier", "srp", "elo"}},
	{time.September, []string{"sep", "set", "wrze", "zar", "syys"}},
	{time.October, []string{"oct", "okt", "ott", "out", "paz", "rij", "loka"}},
	{time.November, []string{"nov", "lis", "marras"}},
	{time.December, []string{"dec", "dez", "dic", "gru", "pros", "joulu"}},
}

func monthOf(word string) (best time.Month) {
	folded, most := Fold(word), 0
	for _, m := range monthStems {
		for _, s := range m.stems {
			if len(s) > most && strings.HasPrefix(folded, s) {
				best, most = m.month, len(s)
			}
		}
	}
	switch {
	case strings.HasPrefix(folded, "listop"): // which is October elsewhere
		return time.November
	case strings.HasPrefix(folded, "mart"):
		return time.March
	}
	return best
}

var (
	dayISO   = regexp.MustCompile(`\b(20\d\d)[-/.](\d{1,2})[-/.](\d{1,2})\b`)
	dayEast  = regexp.MustCompile(`(20\d\d)\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日`)
	dayNamed = regexp.MustCompile(`\b(\d{1,2})(?:st|nd|rd|th|er|º|\.)?\s+(?:de\s+|d[’'])?(\pL{3,12})\.?,?\s+(?:de\s+)?(20\d\d)\b`)
	dayUS    = regexp.MustCompile(`\b(\pL{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(20\d\d)\b`)
	dayDots  = regexp.MustCompile(`\b(\d{1,2})\.\s?(\d{1,2})\.\s?(20\d\d|\d\d)\b`)
	daySlash = regexp.MustCompile(`\b(\d{1,2})[/-](\d{1,2})[/-](20\d\d)\b`)
)

// DayIn finds the last day that a text names with its year, in the notations
// of the shipped languages. What can be read in two ways (3/4/2026) is none.
func DayIn(text string) (time.Time, bool) {
	n := func(s string) int { i, _ := strconv.Atoi(s); return i }
	var found []time.Time
	add := func(y, d int, m time.Month) {
		if y < 100 {
			y += 2000
		}
		if m < 1 || m > 12 || d < 1 || d > 31 {
			return
		}
		if day := time.Date(y, m, d, 0, 0, 0, 0, time.UTC); day.Day() == d {
			found = append(found, day)
		}
	}
	for _, m := range append(dayISO.FindAllStringSubmatch(text, -1), dayEast.FindAllStringSubmatch(text, -1)...) {
		add(n(m[1]), n(m[3]), time.Month(n(m[2])))
	}
	for _, m := range dayNamed.FindAllStringSubmatch(text, -1) {
		add(n(m[3]), n(m[1]), monthOf(m[2]))
	}
	for _, m := range dayUS.FindAllStringSubmatch(text, -1) {
		add(n(m[3]), n(m[2]), monthOf(m[1]))
	}
	for _, m := range dayDots.FindAllStringSubmatch(text, -1) {
		add(n(m[3]), n(m[1]), time.Month(n(m[2])))
	}
	for _, m := range daySlash.FindAllStringSubmatch(text, -1) {
		switch a, b := n(m[1]), n(m[2]); {
		case a > 12 || a == b:
			add(n(m[3]), a, time.Month(b))
		case b > 12:
			add(n(m[3]), b, time.Month(a))
		}
	}
	var last time.Time
	for _, d := range found {
		if d.After(last) {
			last = d
		}
	}
	return last, len(found) > 0
}
