// Package intake reads observations that were made elsewhere: calls that a
// person made, gradings of an analyst, figures of another tool or of an old
// study. They become observations like any other, and say where they are from.
//
// The form is a table, one observation a row (RFC 4180, with commas,
// semicolons or tabs). Some columns say what was observed; every other column
// is a fact of the row's kind, by its name, such as mail.first-human-after. A
// unit may stand behind it: "mail.first-human-after [h]". An empty cell is a
// fact that was not recorded.
package intake

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"touchstone/internal/evidence"
	"touchstone/probes"
	"touchstone/scenarios"
)

// Reading marks the observations that were brought, before the digest of
// their file: a mended file is a newer reading of the same probes.
const Reading = "import/1"

// maxTable bounds a file, in bytes.
const maxTable = 256 << 20

// An Input is a table and what is known of it besides.
type Input struct {
	File  string // as messages name it
	Wave  string
	Kinds []probes.Kind
	Kind  string    // of rows that name none
	By    string    // who observed, of rows that name nobody
	Start time.Time // when, of rows that give no time
}

// A Table is what a file holds.
type Table struct {
	Digest       evidence.Ref // of the file
	Sites        []Site       // by first appearance
	Observations []evidence.Observation
}

// A Site is a shop as the table names it; only ID is sure to be there.
type Site struct{ ID, Name, Cohort, URL string }

// Facts are what the program records of a brought observation beside the facts
// of its kind: where it is from.
func Facts() []evidence.FactDef {
	return []evidence.FactDef{
		{Name: "import.file", Unit: evidence.Text, Meaning: "file that the observation was brought in"},
		{Name: "import.line", Unit: evidence.Count, Meaning: "its line there"},
		{Name: "import.by", Unit: evidence.Text, Meaning: "who observed it"},
		{Name: "import.method", Unit: evidence.Text, Meaning: "how it was observed"},
		{Name: "import.note", Unit: evidence.Text, Meaning: "what the observer noted"},
	}
}

// columns are those that hold no fact of a kind.
var columns = []string{"site", "name", "cohort", "url", "kind", "task", "scenario", "repeat", "outcome", "reason", "start", "took", "by", "method", "note"}

// idForm is that of ids everywhere in a project.
var idForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// Read reads a table. Every mistake in it is reported at once, as
// scenarios.Mistakes; then nothing of it is given.
func Read(in Input, r io.Reader) (*Table, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxTable+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", in.File, err)
	}
	if len(raw) > maxTable {
		return nil, fmt.Errorf("%s is larger than %d MiB: split it, and bring the parts one after the other", in.File, maxTable>>20)
	}
	t := &reader{
		Input: in, kinds: map[string]*probes.Kind{}, repeats: map[evidence.ProbeID]int{}, seen: map[evidence.ProbeID]int{},
		sites: map[string]*Site{}, table: Table{Digest: evidence.RefOf(raw)},
	}
	for i := range in.Kinds {
		t.kinds[in.Kinds[i].Name] = &in.Kinds[i]
	}
	t.read(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf")))
	if len(t.mistakes) > 0 {
		return nil, t.mistakes
	}
	for _, id := range t.order {
		t.table.Sites = append(t.table.Sites, *t.sites[id])
	}
	return &t.table, nil
}

// reader holds what is known half-way through a table.
type reader struct {
	Input
	kinds    map[string]*probes.Kind
	csv      *csv.Reader
	decimal  bool // a comma is a decimal mark: fields are parted by something else
	lines    []string
	header   []column
	repeats  map[evidence.ProbeID]int // the last repeat given out, by a probe without one
	seen     map[evidence.ProbeID]int // the line of each probe
	sites    map[string]*Site
	order    []string
	table    Table
	mistakes scenarios.Mistakes
}

// A column is one fact, or one of columns.
type column struct {
	name, unit string // as it stands there, without the unit
	fact, step string // of "custom.read@price-in-cart", its two parts
}

// enough mistakes to mend before the next try.
const enough = 50

// wrong notes a mistake at a field of the row that was read last; -1 is the row.
func (t *reader) wrong(field int, format string, args ...any) {
	line, col := 1, 1
	if field < 0 {
		field = 0
	}
	if t.header != nil || field > 0 {
		line, col = t.csv.FieldPos(field)
	}
	t.wrongAt(line, col, format, args...)
}

func (t *reader) wrongAt(line, col int, format string, args ...any) {
	if len(t.mistakes) >= enough {
		return
	}
	m := scenarios.Mistake{Pos: scenarios.Pos{File: t.File, Line: line, Col: col}, Message: fmt.Sprintf(format, args...)}
	if line >= 1 && line <= len(t.lines) {
		m.Line = t.lines[line-1]
		m.Col = utf8.RuneCountInString(m.Line[:min(max(col-1, 0), len(m.Line))]) + 1
	}
	t.mistakes = append(t.mistakes, m)
}

func (t *reader) read(raw []byte) {
	for s := bufio.NewScanner(bytes.NewReader(raw)); s.Scan(); {
		t.lines = append(t.lines, s.Text())
		if !utf8.Valid(s.Bytes()) {
			t.wrongAt(len(t.lines), 1, "the text is not UTF-8: save the table as “CSV UTF-8”")
			return
		}
	}
	t.csv = csv.NewReader(bytes.NewReader(raw))
	t.csv.Comma, t.csv.TrimLeadingSpace = separator(raw), true
	t.decimal = t.csv.Comma != ','
	row, err := t.csv.Read()
	if errors.Is(err, io.EOF) {
		t.wrongAt(1, 1, "the table is empty: its first row names the columns")
		return
	}
	if !t.sound(err) {
		return
	}
	t.readHeader(row)
	if len(t.mistakes) > 0 {
		return
	}
	for len(t.mistakes) < enough {
		row, err := t.csv.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if !t.sound(err) {
			return
		}
		t.readRow(row)
	}
	if len(t.table.Observations) == 0 && len(t.mistakes) == 0 {
		t.wrongAt(1, 1, "the table has no row below its header")
	}
}

// sound notes what makes the rest of a table unreadable.
func (t *reader) sound(err error) bool {
	var p *csv.ParseError
	switch {
	case err == nil:
		return true
	case errors.Is(err, csv.ErrFieldCount) && errors.As(err, &p):
		t.wrongAt(p.Line, 1, "the row has another number of fields than the header, which has %d", t.csv.FieldsPerRecord)
	case errors.As(err, &p):
		t.wrongAt(p.Line, p.Column, "%s", p.Err)
	default:
		t.wrongAt(1, 1, "%s", err)
	}
	return false
}

// separator is the mark that stands most often in the first line: spreadsheets
// write semicolons where a comma is the decimal mark.
func separator(raw []byte) rune {
	line, _, _ := bytes.Cut(raw, []byte("\n"))
	best, most := ',', 0
	for _, c := range ",;\t" {
		if n := bytes.Count(line, []byte(string(c))); n > most {
			best, most = c, n
		}
	}
	return best
}

// ofSteps is the fact whose steps tell what it is: custom.read@price-in-cart.
const ofSteps = "custom.read"

var unitForm = regexp.MustCompile(`^(.*?)\s*[\[(]\s*([^\])]*?)\s*[\])]$`)

func (t *reader) readHeader(row []string) {
	known := slices.Clone(columns)
	facts := map[string]bool{}
	for _, k := range t.kinds {
		for _, f := range k.Facts {
			if !facts[f.Name] {
				facts[f.Name] = true
				known = append(known, f.Name)
			}
		}
	}
	seen := map[string]bool{}
	header := make([]column, len(row))
	for i, cell := range row {
		c := column{name: strings.TrimSpace(cell)}
		if m := unitForm.FindStringSubmatch(c.name); m != nil {
			c.name, c.unit = m[1], m[2]
		}
		c.fact, c.step, _ = strings.Cut(c.name, "@")
		switch {
		case c.name == "":
			t.wrongHead(i, "the column has no name")
		case seen[c.name]:
			t.wrongHead(i, "column %q stands twice", c.name)
		case c.step != "" && c.fact != ofSteps:
			t.wrongHead(i, "%s belongs to no step: only %s is brought by the step that read it", c.fact, ofSteps)
		case !slices.Contains(columns, c.name) && !facts[c.fact]:
			t.wrongHead(i, "unknown column %q%s", c.name, scenarios.Hint(c.name, known))
		case c.unit != "" && units[c.unit].factor == 0:
			t.wrongHead(i, "column %q has the unknown unit %q%s", c.name, c.unit, scenarios.Hint(c.unit, slices.Collect(maps.Keys(units))))
		}
		seen[c.name] = true
		header[i] = c
	}
	if !seen["site"] {
		t.wrongAt(1, 1, "there is no column %q: each row says which shop was observed", "site")
	}
	if !seen["kind"] && t.Kind == "" {
		t.wrongAt(1, 1, "there is no column %q: add one, or give --kind for all rows%s", "kind", scenarios.Hint("", t.kindNames()))
	}
	t.header = header
}

func (t *reader) wrongHead(field int, format string, args ...any) {
	line, col := t.csv.FieldPos(field)
	t.wrongAt(line, col, format, args...)
}

func (t *reader) kindNames() []string { return slices.Sorted(maps.Keys(t.kinds)) }

func (t *reader) readRow(row []string) {
	cells := map[string]string{}
	at := map[string]int{}
	for i, c := range t.header {
		if v := strings.TrimSpace(row[i]); v != "" {
			cells[c.name], at[c.name] = v, i
		}
	}
	if len(cells) == 0 {
		return
	}
	before := len(t.mistakes)
	kind := t.kinds[cmp.Or(cells["kind"], t.Kind)]
	if kind == nil {
		t.wrong(at["kind"], "unknown kind %q%s", cmp.Or(cells["kind"], t.Kind), scenarios.Hint(cells["kind"], t.kindNames()))
		return
	}
	o := evidence.Observation{Kind: kind.Name, Task: cmp.Or(cells["task"], kind.Task), Start: t.Start.UTC(), Reading: Reading + "/" + string(t.table.Digest[:12]), Reason: cells["reason"]}
	o.Probe = evidence.ProbeID{Wave: t.Wave, Site: cells["site"], Scenario: cmp.Or(cells["scenario"], o.Task, kind.Name)}
	for _, c := range []string{"site", "task", "scenario"} {
		if v := cells[c]; v != "" && !idForm.MatchString(v) {
			t.wrong(at[c], "%s %q: use small letters, digits and single hyphens, such as brass-and-sons", c, v)
		}
	}
	if o.Probe.Site == "" {
		t.wrong(-1, "the row names no site")
	}
	t.when(&o, cells, at)
	t.facts(&o, kind, row)
	t.provenance(&o, cells)
	t.outcome(&o, kind, cells, at)
	if len(t.mistakes) > before {
		return
	}
	t.number(&o, cells, at)
	t.site(o.Probe.Site, cells, at)
	for _, d := range kind.Facts {
		if _, ok := o.Fact(d.Name); !ok {
			o.Missing = append(o.Missing, d.Name)
		}
	}
	slices.Sort(o.Missing)
	t.table.Observations = append(t.table.Observations, o)
}

// when reads the instant and the duration of an observation.
func (t *reader) when(o *evidence.Observation, cells map[string]string, at map[string]int) {
	if v := cells["start"]; v != "" {
		if start, ok := instant(v); ok {
			o.Start = start
		} else {
			t.wrong(at["start"], "start %q is no instant: write 1999-01-15, 1999-01-15 09:30 (UTC) or 1999-01-15T09:30:00+01:00", v)
		}
	}
	if o.Start.IsZero() {
		t.wrong(-1, "nothing says when this was observed: add a column %q, or give --on", "start")
	}
	if v := cells["took"]; v != "" {
		if s, ok := t.quantity(v, evidence.Second, t.header[at["took"]].unit); ok && s >= 0 && s < math.MaxInt64/1e9 {
			o.Took = time.Duration(s * float64(time.Second))
		} else {
			t.wrong(at["took"], "took %q is no duration: write 90, 15 min or 1 h 20 min", v)
		}
	}
}

// facts reads the columns that are facts of the row's kind.
func (t *reader) facts(o *evidence.Observation, kind *probes.Kind, row []string) {
	for i, c := range t.header {
		v := strings.TrimSpace(row[i])
		if v == "" || slices.Contains(columns, c.name) {
			continue
		}
		n := slices.IndexFunc(kind.Facts, func(d evidence.FactDef) bool { return d.Name == c.fact })
		if n < 0 {
			t.wrong(i, "kind %s does not record %s: leave the cell empty", kind.Name, c.name)
			continue
		}
		f := evidence.Fact{Name: c.fact, Step: c.step, Unit: kind.Facts[n].Unit}
		switch f.Unit {
		case evidence.Text:
			f.Text = v
		case evidence.Time:
			at, ok := instant(v)
			if !ok {
				t.wrong(i, "%s %q is no instant: write 1999-01-15T09:30:00Z", c.name, v)
				continue
			}
			f.Text = at.Format(time.RFC3339)
		default:
			number, ok := t.quantity(v, f.Unit, c.unit)
			if !ok {
				t.wrong(i, "%s %q is no %s", c.name, v, expected[f.Unit])
				continue
			}
			f.Number = number
		}
		o.Facts = append(o.Facts, f)
	}
}

// provenance says where the observation is from.
func (t *reader) provenance(o *evidence.Observation, cells map[string]string) {
	line, _ := t.csv.FieldPos(0)
	o.Facts = append(o.Facts,
		evidence.Fact{Name: "import.file", Unit: evidence.Text, Text: t.File},
		evidence.Fact{Name: "import.line", Unit: evidence.Count, Number: float64(line)})
	for _, c := range []struct{ name, text string }{{"by", cmp.Or(cells["by"], t.By)}, {"method", cells["method"]}, {"note", cells["note"]}} {
		if c.text != "" {
			o.Facts = append(o.Facts, evidence.Fact{Name: "import." + c.name, Unit: evidence.Text, Text: c.text})
		}
	}
	o.Evidence = map[string]evidence.Ref{"import.csv": t.table.Digest}
}

// outcome takes the outcome that the row names; else what its facts say.
func (t *reader) outcome(o *evidence.Observation, kind *probes.Kind, cells map[string]string, at map[string]int) {
	if v := cells["outcome"]; v != "" {
		var known []string
		for _, k := range evidence.Outcomes {
			if k != evidence.Pending { // which is never stored
				known = append(known, string(k))
			}
		}
		if !slices.Contains(known, v) {
			t.wrong(at["outcome"], "unknown outcome %q%s", v, scenarios.Hint(v, known))
			return
		}
		o.Outcome = evidence.Outcome(v)
	}
	if kind.Infer != nil {
		if err := kind.Infer(o); err != nil {
			t.wrong(-1, "%s", err)
		}
	}
	o.Outcome = cmp.Or(o.Outcome, evidence.Completed)
}

// number gives the observation its repeat: the one that it names, or the next.
func (t *reader) number(o *evidence.Observation, cells map[string]string, at map[string]int) {
	if v := cells["repeat"]; v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 {
			t.wrong(at["repeat"], "repeat %q is no whole number from 1", v)
			return
		}
		o.Probe.Repeat = n
	} else {
		t.repeats[o.Probe]++
		key := o.Probe
		o.Probe.Repeat = t.repeats[key]
	}
	line, _ := t.csv.FieldPos(0)
	if other, twice := t.seen[o.Probe]; twice {
		t.wrong(-1, "site %s, scenario %s, repeat %d stands in line %d as well", o.Probe.Site, o.Probe.Scenario, o.Probe.Repeat, other)
	}
	t.seen[o.Probe] = line
}

// site gathers what the rows say of a shop, and refuses what they disagree on.
func (t *reader) site(id string, cells map[string]string, at map[string]int) {
	s := t.sites[id]
	if s == nil {
		s = &Site{ID: id}
		t.sites[id] = s
		t.order = append(t.order, id)
	}
	for _, c := range []struct {
		name string
		to   *string
	}{{"name", &s.Name}, {"cohort", &s.Cohort}, {"url", &s.URL}} {
		v := cells[c.name]
		if v != "" && *c.to != "" && *c.to != v {
			t.wrong(at[c.name], "site %s has the %s %q in an earlier row", id, c.name, *c.to)
		} else if v != "" {
			*c.to = v
		}
	}
}
