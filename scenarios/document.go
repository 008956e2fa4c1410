package scenarios

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// A document is one YAML file: its nodes, which know where they stand, beside
// the same values as JSON would hold them, which schemas judge. A path such as
// ("sites", "3", "email") names a value in both.
type document struct {
	file     string
	lines    []string
	root     *yaml.Node
	tree     any
	mistakes Mistakes

	masked  map[int]int         // line -> column from which it is not shown
	open    map[*yaml.Node]bool // while building: nodes that contain this one
	aliased int                 // values reached through an alias
	faulty  map[Pos]bool        // places that the schema already complained about
}

// Bounds on what a file may hold, against the few that are written to harm.
const (
	maxDepth   = 100
	maxAliased = 100_000
)

// parse reads a file's one document. The mistakes that it finds stand in the
// document; without a root there is nothing to go on with.
func parse(file string, data []byte) *document {
	d := &document{file: file, masked: map[int]int{}, open: map[*yaml.Node]bool{}, faulty: map[Pos]bool{}}
	if !utf8.Valid(data) {
		d.lines = []string{""}
		d.mistake(Pos{file, 1, 1}, "the file is not UTF-8 text: save it as UTF-8")
		return d
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	d.lines = splitLines(string(data))

	dec := yaml.NewDecoder(bytes.NewReader(data))
	var first, second yaml.Node
	switch err := dec.Decode(&first); {
	case errors.Is(err, io.EOF):
		d.mistake(Pos{file, 1, 1}, "the file is empty: `touchstone init` shows what belongs in it")
		return d
	case err != nil:
		d.syntax(err)
		return d
	}
	switch err := dec.Decode(&second); {
	case errors.Is(err, io.EOF):
	case err != nil:
		d.syntax(err)
		return d
	default:
		d.mistake(d.pos(second.Content[0]), "a second document begins here: a file holds one, so put this into a file of its own")
	}
	root := first.Content[0]
	if root.Kind == yaml.ScalarNode && root.ShortTag() == "!!null" {
		d.mistake(Pos{file, 1, 1}, "the file is empty: `touchstone init` shows what belongs in it")
		return d
	}
	d.root = root
	d.tree = d.build(root, 0, false, false)
	return d
}

// splitLines cuts a text where YAML sees a line end.
func splitLines(s string) []string {
	return strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n").Replace(s), "\n")
}

// build turns a node into what JSON would hold: nil, bool, json.Number,
// string, []any, map[string]any. Merge keys ("<<") are put in their place, in
// the nodes too, so that paths find them.
func (d *document) build(n *yaml.Node, depth int, aliased, secret bool) any {
	if n.Kind == yaml.AliasNode {
		n, aliased = n.Alias, true
	}
	if aliased {
		d.aliased++
	}
	switch {
	case d.aliased > maxAliased:
		if d.aliased == maxAliased+1 {
			d.mistake(d.pos(n), "aliases multiply this file to more than %d values", maxAliased)
			d.aliased++
		}
		return nil
	case d.open[n]:
		d.mistake(d.pos(n), "&%s contains itself", n.Anchor)
		return nil
	case depth > maxDepth:
		d.mistake(d.pos(n), "nested more than %d deep", maxDepth)
		return nil
	}
	d.open[n] = true
	defer delete(d.open, n)

	switch n.Kind {
	case yaml.SequenceNode:
		list := make([]any, len(n.Content))
		for i, item := range n.Content {
			list[i] = d.build(item, depth+1, aliased, secret)
		}
		return list
	case yaml.MappingNode:
		d.merge(n, depth, aliased, secret)
		fields := make(map[string]any, len(n.Content)/2)
		for i := 0; i+1 < len(n.Content); i += 2 {
			key, value := n.Content[i], n.Content[i+1]
			if key.Kind == yaml.AliasNode {
				key = key.Alias
			}
			if key.Kind != yaml.ScalarNode {
				d.mistake(d.pos(key), "a key must be a word")
				continue
			}
			if _, twice := fields[key.Value]; twice {
				first, _ := field(n, key.Value)
				d.mistake(d.pos(key), "key %q stands here twice: first on line %d", key.Value, first.Line)
				continue
			}
			fields[key.Value] = d.build(value, depth+1, aliased, d.guarded(key.Value, value, secret))
		}
		return fields
	case yaml.ScalarNode:
		if n.Value != "" && (secret || urlSecret.MatchString(n.Value)) {
			if from, ok := d.masked[n.Line]; !ok || n.Column < from {
				d.masked[n.Line] = n.Column
			}
		}
		return d.scalar(n)
	}
	return nil
}

// guarded reports whether the value under a key may be a password, so that no
// message ever shows it. What only says where the password is may be shown.
func (d *document) guarded(key string, value *yaml.Node, secret bool) bool {
	switch {
	case secret && key == "env":
		return !envName.MatchString(value.Value)
	case secret && key == "file":
		return false
	}
	return secret || secretKey.MatchString(key)
}

var (
	urlSecret = regexp.MustCompile(`://[^/@\s]*:[^/@\s]*@`)
	secretKey = regexp.MustCompile(`(?i)pass|secret|token|pwd`)
	envName   = regexp.MustCompile(`^[A-Z_][A-Z0-9_]*$`)
)

const mergeTag = "!!merge"

// merge replaces a mapping's merge keys by the entries that they stand for;
// the mapping's own entries win, then the earlier merged ones.
func (d *document) merge(n *yaml.Node, depth int, aliased, secret bool) {
	isMerge := func(key *yaml.Node) bool { return key.Kind == yaml.ScalarNode && key.ShortTag() == mergeTag }
	var own, from []*yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		if !isMerge(n.Content[i]) {
			own = append(own, n.Content[i], n.Content[i+1])
		} else if v := resolved(n.Content[i+1]); v.Kind == yaml.SequenceNode {
			from = append(from, v.Content...)
		} else {
			from = append(from, v)
		}
	}
	if len(own) == len(n.Content) {
		return
	}
	n.Content = own
	for _, m := range from {
		m = resolved(m)
		if m.Kind != yaml.MappingNode {
			d.mistake(d.pos(m), "<< takes the entries of another mapping: give it an alias of one")
			continue
		}
		d.build(m, depth+1, true, secret) // its own merges and mistakes first
		for i := 0; i+1 < len(m.Content); i += 2 {
			if _, taken := field(n, m.Content[i].Value); taken == nil {
				n.Content = append(n.Content, m.Content[i], m.Content[i+1])
			}
		}
	}
}

// scalar gives a plain value by YAML's core schema. Dates stay text.
func (d *document) scalar(n *yaml.Node) any {
	var v any
	switch tag := n.ShortTag(); tag {
	case "!!null":
		return nil
	case "!!bool", "!!int", "!!float":
		if err := n.Decode(&v); err != nil {
			d.mistake(d.pos(n), "%q is not what its tag %s says", n.Value, tag)
			return n.Value
		}
	case "!!str", "!!timestamp", mergeTag:
		return n.Value
	default:
		d.mistake(d.pos(n), "the tag %s means nothing here: leave it out, or put the text in quotes", tag)
		return n.Value
	}
	switch v := v.(type) {
	case bool:
		return v
	case float64:
		if s := strconv.FormatFloat(v, 'g', -1, 64); json.Valid([]byte(s)) {
			return json.Number(s)
		}
		return n.Value // .inf and .nan: JSON has no such numbers
	case string:
		return v
	}
	return json.Number(fmt.Sprint(v)) // int, int64, uint64
}

// resolved follows an alias.
func resolved(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

// field finds an entry of a mapping; nil where there is none.
func field(n *yaml.Node, name string) (key, value *yaml.Node) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if k := resolved(n.Content[i]); k.Value == name && k.Kind == yaml.ScalarNode {
			return k, n.Content[i+1]
		}
	}
	return nil, nil
}

// find follows a path as far as it leads: the last key on it and its value.
func (d *document) find(path []string) (key, value *yaml.Node) {
	value = d.root
	for _, step := range path {
		n := resolved(value)
		switch n.Kind {
		case yaml.MappingNode:
			k, v := field(n, step)
			if k == nil {
				return key, value
			}
			key, value = k, v
		case yaml.SequenceNode:
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(n.Content) {
				return key, value
			}
			value = n.Content[i]
		default:
			return key, value
		}
	}
	return key, value
}

// keys lists the keys of the mapping below a key of the file, in the file's
// order.
func (d *document) keys(of string) []string {
	_, n := field(resolved(d.root), of)
	if n == nil || resolved(n).Kind != yaml.MappingNode {
		return nil
	}
	n = resolved(n)
	var all []string
	for i := 0; i+1 < len(n.Content); i += 2 {
		if key := resolved(n.Content[i]); key.Kind == yaml.ScalarNode {
			all = append(all, key.Value)
		}
	}
	return all
}

// at gives the place of the value at a path of keys and indexes, or of what
// encloses it where the path leads nowhere.
func (d *document) at(path ...any) Pos {
	steps := make([]string, len(path))
	for i, step := range path {
		steps[i] = fmt.Sprint(step)
	}
	return d.place(steps)
}

func (d *document) place(path []string) Pos {
	key, value := d.find(path)
	if key != nil && value.Kind == yaml.ScalarNode && value.Value == "" && value.ShortTag() == "!!null" {
		return d.pos(key) // there is nothing to point at
	}
	return d.pos(value)
}

// within gives the place where a text stands, in the scalar at a path.
func (d *document) within(path []string, text string) Pos {
	_, n := d.find(path)
	n = resolved(n)
	for i := n.Line - 1; i < len(d.lines) && i < n.Line+strings.Count(n.Value, "\n")+1; i++ {
		line, from := d.lines[i], 0
		if i == n.Line-1 {
			from = len(string([]rune(line)[:min(n.Column-1, utf8.RuneCountInString(line))]))
		}
		if j := strings.Index(line[from:], text); j >= 0 {
			return d.column(i, from+j)
		}
	}
	return d.pos(n)
}

func (d *document) pos(n *yaml.Node) Pos { return Pos{d.file, n.Line, n.Column} }

// mistake notes a fault at a place inside the file.
func (d *document) mistake(p Pos, format string, args ...any) {
	p.Line = min(max(p.Line, 1), len(d.lines))
	line := d.lines[p.Line-1]
	p.Col = min(max(p.Col, 1), utf8.RuneCountInString(line)+1)
	if from, ok := d.masked[p.Line]; ok {
		if chars := []rune(line); from <= len(chars) {
			line = string(chars[:from-1]) + "***"
		}
	}
	d.mistakes = append(d.mistakes, Mistake{Pos: p, Message: fmt.Sprintf(format, args...), Line: line})
}

// wrong notes a fault of meaning, unless the place is faulty in form already.
func (d *document) wrong(p Pos, format string, args ...any) {
	if !d.faulty[p] {
		d.mistake(p, format, args...)
	}
}

var (
	yamlLine      = regexp.MustCompile(`^(?:yaml: )?(?:line \d+: )?(.*)$`)
	unknownAnchor = regexp.MustCompile(`^unknown anchor '(.*)' referenced$`)
	plainSecret   = regexp.MustCompile(`(?i)((?:pass|secret|token|pwd)[\w-]*["']?\s*:\s*)\S.*$`)
	indentTab     = regexp.MustCompile(`^ *\t`)
)

// plainly says what the YAML reader refused as a person would.
var plainly = strings.NewReplacer(
	"mapping values are not allowed in this context", `a ": " inside a text: put the whole text in quotes`,
	"did not find expected key", "this does not fit in here: check where the line begins, and put a text that begins with { [ or a quote in quotes as a whole",
	"did not find expected '-' indicator", `this does not fit into the list above: check where the line begins`,
	"did not find expected ',' or ']'", "a list that opens with [ is not closed",
	"did not find expected ',' or '}'", "a mapping that opens with { is not closed, or a text in it needs quotes",
	"did not find expected comment or line break", `> and | open a text of several lines: put an operator in quotes, such as ">="`,
	"found unexpected end of stream", "the quote that opens here is never closed",
	"could not find expected ':'", "a key without a colon after it",
	"found character that cannot start any token", "a character that needs quotes, such as @, % or a backtick: put the whole text in quotes",
)

// syntax words what the YAML reader refused, and finds the place, which the
// reader names badly or not at all.
func (d *document) syntax(err error) {
	for i, line := range d.lines { // no node knows yet what is a password
		if at := plainSecret.FindStringSubmatchIndex(line); at != nil {
			d.masked[i+1] = utf8.RuneCountInString(line[:at[3]]) + 1
		}
	}
	said := yamlLine.FindStringSubmatch(strings.SplitN(err.Error(), "\n", 2)[0])[1]
	anchor := ""
	if a := unknownAnchor.FindStringSubmatch(said); a != nil {
		anchor = "*" + a[1]
	}
	for i, line := range d.lines {
		if indentTab.MatchString(line) {
			d.mistake(d.column(i, strings.Index(line, "\t")), "a tab stands in the indentation: YAML wants spaces")
			return
		}
		if j := strings.IndexFunc(line, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }); j >= 0 {
			d.mistake(d.column(i, j), "a control character stands here: take it out")
			return
		}
		if j := strings.Index(line, anchor); anchor != "" && j >= 0 {
			d.mistake(d.column(i, j), "%s names no anchor: &%s stands nowhere above", anchor, anchor[1:])
			return
		}
	}
	i := d.refused()
	line := d.lines[i]
	d.mistake(d.column(i, len(line)-len(strings.TrimLeft(line, " "))), "not YAML: %s", plainly.Replace(said))
}

// refused finds the line, by its index, that first makes the file unreadable:
// the one after the longest beginning of the file that can be read.
func (d *document) refused() int {
	readable := func(lines int) bool {
		dec := yaml.NewDecoder(strings.NewReader(strings.Join(d.lines[:lines], "\n") + "\n"))
		for {
			var n yaml.Node
			if err := dec.Decode(&n); err != nil {
				return errors.Is(err, io.EOF)
			}
		}
	}
	good, bad := 0, len(d.lines)
	for good+1 < bad {
		if mid := (good + bad) / 2; readable(mid) {
			good = mid
			continue
		} else if bad = mid; good+1 < bad {
			continue
		}
		// A list or text over several lines cannot be read half: look on.
		const longest = 20
		for more := bad + 1; more <= min(bad+longest, len(d.lines)-1); more++ {
			if readable(more) {
				good, bad = more, len(d.lines)
				break
			}
		}
	}
	return good
}

// column gives the place of a byte of a line.
func (d *document) column(line, at int) Pos {
	return Pos{d.file, line + 1, utf8.RuneCountInString(d.lines[line][:at]) + 1}
}
