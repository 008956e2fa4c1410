package web

import (
	"math"
	"strings"
	"unicode"

	"touchstone/internal/reading"
	"touchstone/probes/web/driver"
)

// The operators of the keystroke-level model, in seconds: S. K. Card,
// T. P. Moran and A. Newell, "The keystroke-level model for user performance
// time with interactive systems", Communications of the ACM 23 (1980). K is
// their average typist who is no secretary. B, one press or release of a mouse
// button, is a later addition of D. Kieras ("Using the keystroke-level model to
// estimate execution times", 2001).
const (
	keystroke  = 0.28 // K
	pointing   = 1.1  // P
	button     = 0.1  // B
	homing     = 0.4  // H, the hand between mouse and keyboard
	mentally   = 1.35 // M, one for each decision: a click, a field, a choice, a key
	perClick   = 2    // B of one click
	perChoice  = 2    // P of one choice in a list: to the list, to the option
	tabForward = 1    // K to the next field, where the hands are on the keyboard already
)

// A klm counts the operators of what a visit did. Opening an address has none:
// customers come to a shop by a link that is not the shop's.
type klm struct {
	k, p, b, h, m int
	typing        bool         // the hands are on the keyboard
	at            *driver.Page // where the last field was filled
	view          int
}

// click is one click of the mouse.
func (o *klm) click() { o.m++; o.point(1) }

// again repeats a click that nothing answered: the pointer is there.
func (o *klm) again() { o.b += perClick }

// choose takes an option of a list.
func (o *klm) choose() { o.m++; o.point(perChoice) }

// press is one key.
func (o *klm) press() { o.m++; o.keyboard(); o.k++ }

// keysOf counts the keys that a text takes: a capital letter and the sign in a
// mail address take a second one at the same time, which the model counts.
func keysOf(text string) int {
	n := 0
	for _, r := range text {
		n += 1 + count(unicode.IsUpper(r) || r == '@')
	}
	return n
}

// fill types with n keys into a field: the next one after another of the same
// view is reached by the tabulator, the first one by the mouse.
func (o *klm) fill(n int, p *driver.Page, view int) {
	o.m++
	if o.typing && o.at == p && o.view == view {
		o.k += tabForward
	} else {
		o.point(1)
		o.keyboard()
	}
	o.k += n
	o.at, o.view = p, view
}

func (o *klm) point(times int) {
	if o.typing {
		o.h++
	}
	o.typing = false
	o.p += times
	o.b += times * perClick
}

func (o *klm) keyboard() {
	if !o.typing {
		o.h++
	}
	o.typing = true
}

// seconds is the model's time, without the system's responses.
func (o *klm) seconds() float64 {
	return keystroke*float64(o.k) + pointing*float64(o.p) + button*float64(o.b) + homing*float64(o.h) + mentally*float64(o.m)
}

// lostness is the measure of P. A. Smith, "Towards a practical measure of
// hypertext usability", Interacting with Computers 8 (1996): from 0, the
// shortest way, to below √2; above 0.5 visitors were seen to be lost. visited
// counts views, each time, different counts different ones, and fewest is the
// least that the task needs; a task that was done with fewer has it wrong, and
// gets no credit for it. Nothing visited is 0.
func lostness(visited, different, fewest int) float64 {
	if visited <= 0 || different <= 0 {
		return 0
	}
	n, s, r := float64(min(different, visited)), float64(visited), float64(min(fewest, different, visited))
	return math.Hypot(n/s-1, r/n-1)
}

// leastWords is how short a text may be for its grade to mean something.
const leastWords = 50

// readingGrade is the grade of the sentences of an English page. Lines of fewer
// than four words (labels, buttons, headings) are not in it, and a line's end
// ends a sentence. ok is false for a text too short to be graded.
func readingGrade(text string) (grade float64, ok bool) {
	var prose []string
	words := 0
	for line := range strings.Lines(text) {
		if n := len(wordsOf(line)); n >= 4 {
			prose, words = append(prose, strings.TrimSpace(line)), words+n
		}
	}
	if words < leastWords {
		return 0, false
	}
	return reading.Grade(strings.Join(prose, "\n\n"))
}

// wordsOf gives what holds a letter or digit, without the punctuation round it.
func wordsOf(text string) []string {
	var words []string
	for _, w := range strings.Fields(text) {
		w = strings.TrimFunc(w, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		if w != "" {
			words = append(words, w)
		}
	}
	return words
}
