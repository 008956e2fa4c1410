package evidence

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// redacted stands where a secret was.
const redacted = "[secret]"

// A Redactor takes secrets out of whatever is about to be written: logs,
// transcripts, reports, evidence. It finds a secret as it is and in the forms
// in which it travels: URL-escaped, JSON-escaped, HTML-escaped, in any mixture
// of these, and inside base64, wherever in the encoded text it begins (AUTH
// PLAIN puts the user's name before the password).
//
// A secret of several lines, such as a private key, is treated as that many
// secrets, so that no secret ever spans a line. One of fewer than four bytes
// is taken out only where it stands as a word of its own, and not looked for
// in base64: everything else would destroy the text and still hide nothing.
// An empty or blank one is ignored.
//
// A nil *Redactor knows no secret. It is safe for concurrent use.
type Redactor struct {
	mu      sync.RWMutex
	secrets []secret
}

// A secret is one line to hide and the forms in which it is looked for.
type secret struct {
	line  string
	forms []*form
}

// shortest is the length in bytes below which a secret is matched as a word.
const shortest = 4

// NewRedactor gives a redactor of these secrets.
func NewRedactor(secrets ...string) *Redactor {
	r := &Redactor{}
	for _, s := range secrets {
		r.Add(s)
	}
	return r
}

// Add makes the redactor know one more secret.
func (r *Redactor) Add(s string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, line := range strings.FieldsFunc(s, func(c rune) bool { return c == '\n' || c == '\r' }) {
		if strings.TrimSpace(line) == "" || slices.ContainsFunc(r.secrets, func(k secret) bool { return k.line == line }) {
			continue
		}
		r.secrets = append(r.secrets, secret{line, forms(line)})
	}
}

// String gives s with every secret replaced by "[secret]".
func (r *Redactor) String(s string) string {
	found := r.find(s)
	if len(found) == 0 {
		return s
	}
	var b strings.Builder
	end := 0
	for _, f := range found {
		b.WriteString(s[end:f[0]])
		b.WriteString(redacted)
		end = f[1]
	}
	b.WriteString(s[end:])
	return b.String()
}

// Bytes gives a copy of p with every secret replaced.
func (r *Redactor) Bytes(p []byte) []byte { return []byte(r.String(string(p))) }

// find gives the places to cut out, by position, those that overlap joined.
func (r *Redactor) find(s string) [][2]int {
	if r == nil {
		return nil
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	var found [][2]int
	for _, k := range r.secrets {
		for _, f := range k.forms {
			found = f.find(found, s)
		}
	}
	slices.SortFunc(found, func(a, b [2]int) int { return a[0] - b[0] })
	joined := found[:0]
	for _, f := range found {
		if n := len(joined); n > 0 && f[0] < joined[n-1][1] {
			joined[n-1][1] = max(joined[n-1][1], f[1])
			continue
		}
		joined = append(joined, f)
	}
	return joined
}

// Writer gives a writer that passes on to w what it is given, without the
// secrets. It holds back an unfinished line, so that a secret split over two
// writes is found; Close passes on the rest and leaves w open.
func (r *Redactor) Writer(w io.Writer) io.WriteCloser { return &writer{r: r, w: w} }

type writer struct {
	r *Redactor
	w io.Writer

	mu   sync.Mutex
	line []byte // begun and not yet passed on
}

func (w *writer) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	end := bytes.LastIndexAny(p, "\r\n") + 1 // a progress bar ends its lines with \r
	if end == 0 {
		w.line = append(w.line, p...)
		return len(p), nil
	}
	whole := append(w.line, p[:end]...)
	w.line = append([]byte(nil), p[end:]...)
	if _, err := w.w.Write(w.r.Bytes(whole)); err != nil {
		return 0, err
	}
	return len(p), nil
}

func (w *writer) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	rest := w.line
	w.line = nil
	if len(rest) == 0 {
		return nil
	}
	_, err := w.w.Write(w.r.Bytes(rest))
	return err
}

// Handler gives a log handler that takes secrets out of messages, keys and
// values before h sees them, inside groups, errors and any other value too.
func (r *Redactor) Handler(h slog.Handler) slog.Handler { return handler{r, h} }

type handler struct {
	r    *Redactor
	next slog.Handler
}

func (h handler) Enabled(ctx context.Context, l slog.Level) bool { return h.next.Enabled(ctx, l) }

func (h handler) Handle(ctx context.Context, rec slog.Record) error {
	clean := slog.NewRecord(rec.Time, rec.Level, h.r.String(rec.Message), rec.PC)
	rec.Attrs(func(a slog.Attr) bool {
		clean.AddAttrs(h.r.attr(a))
		return true
	})
	return h.next.Handle(ctx, clean)
}

func (h handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return handler{h.r, h.next.WithAttrs(h.r.attrs(attrs))}
}

func (h handler) WithGroup(name string) slog.Handler {
	return handler{h.r, h.next.WithGroup(h.r.String(name))}
}

func (r *Redactor) attrs(in []slog.Attr) []slog.Attr {
	out := make([]slog.Attr, len(in))
	for i, a := range in {
		out[i] = r.attr(a)
	}
	return out
}

// attr leaves a value that holds no secret as it is, with its type. A handler
// may print a value in words or as JSON, where bytes become base64, so both
// are looked at.
func (r *Redactor) attr(a slog.Attr) slog.Attr {
	a.Key = r.String(a.Key)
	a.Value = a.Value.Resolve()
	if a.Value.Kind() == slog.KindGroup {
		a.Value = slog.GroupValue(r.attrs(a.Value.Group())...)
		return a
	}
	for _, text := range printed(a.Value) {
		if clean := r.String(text); clean != text {
			a.Value = slog.StringValue(clean)
			break
		}
	}
	return a
}

// printed gives the texts that a handler may make of a value.
func printed(v slog.Value) []string {
	if v.Kind() != slog.KindAny {
		return []string{v.String()}
	}
	var texts []string
	switch x := v.Any().(type) {
	case error, fmt.Stringer:
		texts = append(texts, fmt.Sprint(x))
	case []byte:
		texts = append(texts, string(x))
	}
	texts = append(texts, v.String())
	if body, err := json.Marshal(v.Any()); err == nil {
		texts = append(texts, string(body))
	}
	return texts
}

// A form is one way in which a secret may stand in a text: a run of units,
// each of which may be written in several ways.
type form struct {
	units  []unit
	first  [256]bool // the bytes with which it can begin
	word   bool      // only where neither neighbour is a letter or a digit
	before bool      // of base64: the digit before holds bits of the secret too
	after  bool      // and so does the one behind
}

// A unit is one character and the ways of writing it.
type unit []spelling

// A spelling is text to compare with, in the case of its ASCII letters or not.
type spelling struct {
	text string
	fold bool
}

// find appends the places in s where the form stands.
func (f *form) find(found [][2]int, s string) [][2]int {
	for from := 0; from < len(s); from++ {
		if !f.first[s[from]] {
			continue
		}
		to := f.match(s, from)
		if to < 0 || f.word && inWord(s, from, to) {
			continue
		}
		place := [2]int{from, to}
		if f.before && from > 0 && isDigit64(s[from-1]) {
			place[0]--
		}
		if f.after && to < len(s) && isDigit64(s[to]) {
			place[1]++
		}
		found = append(found, place)
		from = to - 1
	}
	return found
}

// match gives where the longest match that begins at from ends, or -1. It
// follows all the ways of reading s at once: going back and forth between
// them would take for ever on a long row of backslashes.
func (f *form) match(s string, from int) int {
	var here, next [16]int
	ends := append(here[:0], from)
	for _, u := range f.units {
		after := next[:0]
		for _, at := range ends {
			for _, sp := range u {
				if end := at + len(sp.text); sp.at(s, at) && !slices.Contains(after, end) {
					after = append(after, end)
				}
			}
		}
		if len(after) == 0 {
			return -1
		}
		ends = append(here[:0], after...)
	}
	return slices.Max(ends)
}

func (sp spelling) at(s string, at int) bool {
	if len(s)-at < len(sp.text) {
		return false
	}
	if s = s[at : at+len(sp.text)]; sp.fold {
		return strings.EqualFold(s, sp.text)
	}
	return s == sp.text
}

// inWord reports whether s[from:to] is only a part of a word.
func inWord(s string, from, to int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:from])
	after, _ := utf8.DecodeRuneInString(s[to:])
	return unicode.In(before, unicode.Letter, unicode.Digit) || unicode.In(after, unicode.Letter, unicode.Digit)
}

// forms gives every form of one line.
func forms(line string) []*form {
	plain := form{word: len(line) < shortest}
	for i, c := range line {
		_, n := utf8.DecodeRuneInString(line[i:])
		plain.units = append(plain.units, spellings(c, line[i:i+n]))
	}
	all := []*form{&plain}
	if len(line) >= shortest {
		for before := range 3 {
			all = append(all, encoded(line, before))
		}
	}
	for _, f := range all {
		for _, sp := range f.units[0] {
			f.first[sp.text[0]] = true // no folded spelling begins with a letter
		}
	}
	return all
}

// spellings gives a character, whose bytes are raw, and all its escapes.
func spellings(c rune, raw string) unit {
	var url, script strings.Builder
	for i := range len(raw) {
		fmt.Fprintf(&url, `%%%02x`, raw[i])
	}
	for _, code := range utf16.Encode([]rune{c}) {
		fmt.Fprintf(&script, `\u%04x`, code)
	}
	u := unit{
		{raw, false},
		{url.String(), true},
		{script.String(), true},
		{fmt.Sprintf(`&#%d;`, c), false},
		{fmt.Sprintf(`&#0%d;`, c), false},
		{fmt.Sprintf(`&#x%x;`, c), true},
	}
	if c == 0 || c == utf8.RuneError { // what encoders make of NUL and of bytes that are no UTF-8
		u = append(u, spelling{"\uFFFD", false})
	}
	if i := strings.IndexRune("\b\f\n\r\t\"'/\\", c); i >= 0 {
		u = append(u, spelling{`\` + string(`bfnrt"'/\`[i]), false})
	}
	switch c {
	case ' ':
		u = append(u, spelling{"+", false})
	case '&', '<', '>', '"', '\'':
		name := map[rune]string{'&': "amp", '<': "lt", '>': "gt", '"': "quot", '\'': "apos"}[c]
		u = append(u, spelling{"&" + name + ";", false})
	}
	return u
}

// encoded gives the form of a line inside base64, in the standard or the URL
// alphabet, where it begins behind so many bytes of a group of three.
func encoded(line string, before int) *form {
	raw := append(make([]byte, before), line...)
	digits := base64.RawStdEncoding.EncodeToString(raw)
	f := &form{before: before > 0, after: len(raw)%3 > 0}
	if f.before {
		digits = digits[before+1:]
	}
	if f.after {
		digits = digits[:len(digits)-1]
	}
	for i, c := range digits {
		u := unit{{digits[i : i+1], false}}
		switch c {
		case '+':
			u = append(spellings(c, "+"), spelling{"-", false})
		case '/':
			u = append(spellings(c, "/"), spelling{"_", false})
		}
		f.units = append(f.units, u)
	}
	return f
}

// isDigit64 reports whether c is a digit of base64 in either alphabet.
func isDigit64(c byte) bool {
	return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || strings.IndexByte("+/-_", c) >= 0
}
