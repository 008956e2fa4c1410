package scenarios

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// A Pos is a place in a file, for messages: "sites.yaml:14:5".
type Pos struct {
	File string `json:"file"`           // relative to the project's folder, with slashes
	Line int    `json:"line,omitempty"` // from 1; 0: the file as a whole
	Col  int    `json:"col,omitempty"`  // in characters, from 1
}

// String gives "file:line:col", or the file alone where there is no line.
func (p Pos) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col)
}

// A Mistake is one fault in a project's files, worded for the person who
// wrote them.
type Mistake struct {
	Pos
	Message string `json:"message"`
	Line    string `json:"source,omitempty"` // the offending line, passwords masked
}

// String gives the place and the message, and below them the offending line
// with a mark under the place:
//
//	sites.yaml:14:5: unknown key "emial" (did you mean "email"?)
//	    14 |     emial: a@b.example
//	       |     ^
func (m Mistake) String() string {
	head := m.Pos.String() + ": " + m.Message
	if m.Pos.Line == 0 {
		return head
	}
	line, caret := excerpt(m.Line, m.Col)
	gutter := fmt.Sprintf("%6d", m.Pos.Line)
	return strings.TrimRight(fmt.Sprintf("%s\n%s | %s", head, gutter, line), " ") +
		fmt.Sprintf("\n%*s | %*s^", len(gutter), "", caret, "")
}

// excerpt cuts a long line to what surrounds the column, and gives the number
// of characters before it. What would move a terminal's cursor is replaced.
func excerpt(line string, col int) (string, int) {
	const width, before = 110, 60
	chars := []rune(line)
	for i, c := range chars {
		if c == '\t' {
			chars[i] = ' '
		} else if !unicode.IsPrint(c) {
			chars[i] = '?'
		}
	}
	caret := min(max(col-1, 0), len(chars))
	lead := ""
	if len(chars) > width && caret > before {
		lead = "… "
		cut := caret - before
		chars, caret = chars[cut:], before+len([]rune(lead))
	}
	tail := ""
	if len(chars) > width {
		chars, tail = chars[:width], " …"
	}
	return lead + string(chars) + tail, caret
}

// Mistakes are all faults found in a project's files, by file, line and
// column. It is the error that Load returns when it could read the files.
type Mistakes []Mistake

// Error lists the mistakes, each as Mistake.String gives it.
func (ms Mistakes) Error() string {
	all := make([]string, len(ms))
	for i, m := range ms {
		all[i] = m.String()
	}
	return strings.Join(all, "\n")
}

// sorted orders mistakes and drops those said twice.
func (ms Mistakes) sorted() Mistakes {
	slices.SortStableFunc(ms, func(a, b Mistake) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Col, b.Col), cmp.Compare(a.Message, b.Message))
	})
	return slices.Compact(ms)
}

// hint offers the nearest of the known words, or the words themselves where
// they are few: ` (did you mean "email"?)`.
func hint(word string, known []string) string {
	sign := !strings.ContainsFunc(word, unicode.IsLetter) // such as "=>": what is near is not what was meant
	if near := nearest(word, known); near != "" && !sign {
		return fmt.Sprintf(" (did you mean %q?)", near)
	}
	if len(known) == 0 || len(known) > 14 {
		return ""
	}
	known = slices.Clone(known)
	slices.Sort(known)
	return fmt.Sprintf(" (known: %s)", strings.Join(known, ", "))
}

// nearest gives the known word that the fewest slips of the finger turn into
// word: none when even that is too far to be meant.
func nearest(word string, known []string) string {
	const enough = 64 // no key or id that anybody mistypes is longer
	if len(word) > enough {
		return ""
	}
	best, at := "", max(1, len([]rune(word))/3)+1
	for _, k := range known {
		if len(k) > enough {
			continue
		}
		if d := slips(strings.ToLower(word), strings.ToLower(k)); d < at || (d == at && best != "" && k < best) {
			best, at = k, d
		}
	}
	return best
}

// slips counts insertions, deletions, replacements and swaps of neighbours
// between two words (optimal string alignment).
func slips(a, b string) int {
	s, t := []rune(a), []rune(b)
	var before, last []int
	row := make([]int, len(t)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(s); i++ {
		before, last, row = last, row, make([]int, len(t)+1)
		row[0] = i
		for j := 1; j <= len(t); j++ {
			change := 1
			if s[i-1] == t[j-1] {
				change = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+change)
			if i > 1 && j > 1 && s[i-1] == t[j-2] && s[i-2] == t[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
	}
	return row[len(t)]
}

// Hint is what stands behind a word that is not known: what it may have been
// meant to be.
func Hint(word string, known []string) string { return hint(word, known) }
