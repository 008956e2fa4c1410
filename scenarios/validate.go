package scenarios

import (
	"bytes"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"gopkg.in/yaml.v3"
)

// A judge holds the compiled schemas of all sorts of files.
type judge struct {
	compiler *jsonschema.Compiler
	of       map[string]*jsonschema.Schema
}

func (l Language) judge() (*judge, error) {
	j := &judge{compiler: jsonschema.NewCompiler(), of: map[string]*jsonschema.Schema{}}
	j.compiler.AssertFormat()
	for _, f := range formats() {
		j.compiler.RegisterFormat(&f)
	}
	for _, what := range Schemas {
		text, err := l.Schema(what)
		if err != nil {
			return nil, err
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			return nil, fmt.Errorf("read the %s schema: %w", what, err)
		}
		url := "touchstone:///" + what + ".json"
		if err := j.compiler.AddResource(url, doc); err != nil {
			return nil, fmt.Errorf("read the %s schema: %w", what, err)
		}
		if j.of[what], err = j.compiler.Compile(url); err != nil {
			return nil, fmt.Errorf("compile the %s schema: %w", what, err)
		}
	}
	return j, nil
}

// A finding is one thing that a schema says of one value.
type finding struct {
	path   []string
	schema string // where in the schema
	kind   jsonschema.ErrorKind
}

// check holds a document against the schema of its sort, and notes a mistake
// for each finding. It reports the paths at which it found any.
//
// A number, a date or a true where text is wanted is text: postcodes and ids
// such as 007 keep their zeros.
func (j *judge) check(what string, d *document) (faulty [][]string) {
	var findings []finding
	for range 3 { // a value that became text may be judged by more rules then
		var refused *jsonschema.ValidationError
		if err := j.of[what].Validate(d.tree); !errors.As(err, &refused) {
			return nil
		}
		findings = leaves(refused, nil)
		changed := false
		for _, f := range findings {
			changed = d.textual(f) || changed
		}
		if !changed {
			break
		}
	}
	for _, f := range findings {
		if d.withheld(f) {
			continue
		}
		faulty = append(faulty, f.path)
		for _, m := range j.word(d, f) {
			d.mistake(m.pos, "%s", m.text)
		}
	}
	for _, m := range d.mistakes {
		d.faulty[m.Pos] = true
	}
	return faulty
}

// leaves flattens what the validator nests. Of alternatives it keeps the one
// that the value was meant for.
func leaves(e *jsonschema.ValidationError, into []finding) []finding {
	switch e.ErrorKind.(type) {
	case *kind.OneOf, *kind.AnyOf:
		if len(e.Causes) > 0 {
			return append(into, meant(e)...)
		}
	}
	if len(e.Causes) == 0 {
		return append(into, finding{e.InstanceLocation, e.SchemaURL, e.ErrorKind})
	}
	for _, c := range e.Causes {
		into = leaves(c, into)
	}
	return into
}

// meant chooses among alternatives that all failed: the first whose type at
// least is right, preferring one in which the fault lies deeper; if there is
// none, the types that would have been right, together.
func meant(e *jsonschema.ValidationError) []finding {
	var best []finding
	types := kind.Type{}
	for _, c := range e.Causes {
		found := leaves(c, nil)
		wrongType := false
		for _, f := range found {
			if t, ok := f.kind.(*kind.Type); ok && len(f.path) == len(e.InstanceLocation) {
				wrongType = true
				types.Got = t.Got
				types.Want = append(types.Want, t.Want...)
			}
		}
		if !wrongType && (best == nil || depth(found) > depth(best)) {
			best = found
		}
	}
	if best != nil {
		return best
	}
	return []finding{{e.InstanceLocation, e.SchemaURL, &types}}
}

func depth(found []finding) int {
	most := 0
	for _, f := range found {
		most = max(most, len(f.path))
	}
	return most
}

// textual turns the value at a finding into its text where only that is
// wanted, and reports whether it did.
func (d *document) textual(f finding) bool {
	t, ok := f.kind.(*kind.Type)
	if !ok || !slices.Contains(t.Want, "string") || len(f.path) == 0 {
		return false
	}
	_, n := d.find(f.path)
	n = resolved(n)
	if n.Kind != yaml.ScalarNode || n.ShortTag() == "!!null" {
		return false
	}
	parent := d.tree
	for _, step := range f.path[:len(f.path)-1] {
		parent = child(parent, step)
	}
	last := f.path[len(f.path)-1]
	switch p := parent.(type) {
	case map[string]any:
		p[last] = n.Value
	case []any:
		i, err := strconv.Atoi(last)
		if err != nil || i >= len(p) {
			return false
		}
		p[i] = n.Value
	default:
		return false
	}
	return true
}

func child(v any, step string) any {
	switch v := v.(type) {
	case map[string]any:
		return v[step]
	case []any:
		if i, err := strconv.Atoi(step); err == nil && i >= 0 && i < len(v) {
			return v[i]
		}
	}
	return nil
}

// withheld reports whether a finding has to wait: the form of a text that
// still holds a variable is not known yet.
func (d *document) withheld(f finding) bool {
	switch f.kind.(type) {
	case *kind.Format, *kind.Pattern, *kind.MaxLength, *kind.Enum, *kind.Const:
		_, n := d.find(f.path)
		return len(f.path) > 0 && (f.path[0] == "with" || f.path[0] == bySite) && strings.Contains(resolved(n).Value, "${")
	}
	return false
}

type worded struct {
	pos  Pos
	text string
}

// word says a finding in words for the person who wrote the file.
func (j *judge) word(d *document, f finding) []worded {
	say := func(format string, args ...any) []worded {
		return []worded{{d.place(f.path), fmt.Sprintf(format, args...)}}
	}
	name := noun(f.path)
	switch k := f.kind.(type) {
	case *kind.AdditionalProperties:
		var known []string
		if s, err := j.compiler.Compile(f.schema); err == nil {
			for key := range s.Properties {
				known = append(known, key)
			}
		}
		var all []worded
		for _, p := range k.Properties {
			key, _ := d.find(append(slices.Clone(f.path), p))
			all = append(all, worded{d.pos(key), fmt.Sprintf("unknown key %q%s", p, hint(p, known))})
		}
		return all
	case *kind.Required:
		var missing []string
		s, err := j.compiler.Compile(f.schema)
		for _, m := range k.Missing {
			text := strconv.Quote(m)
			if err == nil && s.Properties[m] != nil && s.Properties[m].Description != "" {
				text += " (" + strings.TrimSuffix(s.Properties[m].Description, ".") + ")"
			}
			missing = append(missing, text)
		}
		if len(missing) == 1 {
			return say("missing key %s", missing[0])
		}
		return say("missing keys %s", strings.Join(missing, ", "))
	case *kind.Type:
		switch {
		case name == "password" && slices.Contains([]string{"string", "number", "boolean"}, k.Got):
			return say("a password never stands in a file: write `password: {env: NAME}`, with the variable that holds it")
		case k.Got == "null":
			return say("%s has no value: give it %s, or leave the key out", name, typeWords(k.Want))
		}
		return say("%s must be %s, not %s", name, typeWords(k.Want), got(d, f.path, k.Got))
	case *kind.Enum:
		var known []string
		for _, w := range k.Want {
			known = append(known, fmt.Sprint(w))
		}
		word := fmt.Sprint(k.Got)
		return say("unknown %s %q%s", one(f.path), word, hint(word, known))
	case *kind.Format:
		return say("%s", k.Err)
	case *kind.Pattern:
		return say("%s: %q does not have the form %s", name, k.Got, k.Want)
	case *kind.MinLength:
		if k.Want == 1 {
			return say("%s is empty", name)
		}
		return say("%s must have at least %d characters", name, k.Want)
	case *kind.MaxLength:
		return say("%s must have at most %d characters, not %d", name, k.Want, k.Got)
	case *kind.MinItems:
		if k.Want == 1 {
			return say("%s is an empty list", name)
		}
		return say("%s needs at least %d entries, not %d", name, k.Want, k.Got)
	case *kind.MaxItems:
		return say("%s may have at most %d entries, not %d", name, k.Want, k.Got)
	case *kind.UniqueItems:
		path := append(slices.Clone(f.path), strconv.Itoa(k.Duplicates[1]))
		return []worded{{d.place(path), fmt.Sprintf("this stands in %s twice", name)}}
	case *kind.Minimum:
		return say("%s must be at least %s, not %s", name, number(k.Want), number(k.Got))
	case *kind.ExclusiveMinimum:
		return say("%s must be more than %s, not %s", name, number(k.Want), number(k.Got))
	case *kind.Maximum:
		return say("%s must be at most %s, not %s", name, number(k.Want), number(k.Got))
	case *kind.ExclusiveMaximum:
		return say("%s must be less than %s, not %s", name, number(k.Want), number(k.Got))
	case *kind.MinProperties:
		if k.Want == 1 {
			return say("%s holds nothing", name)
		}
		return say("%s needs at least %d of its keys, not %d", name, k.Want, k.Got)
	case *kind.MaxProperties:
		return say("%s may have at most %d of its keys, not %d", name, k.Want, k.Got)
	case *kind.FalseSchema:
		return say("%s has no place here", name)
	}
	return say("%s: %s", name, f.kind.LocalizedString(message.NewPrinter(language.English)))
}

// noun names the value at a path: its key, "the file" for all of it.
func noun(path []string) string {
	for i, step := range slices.Backward(path) {
		if _, err := strconv.Atoi(step); err != nil {
			if i < len(path)-1 {
				return "an entry of " + step
			}
			return step
		}
	}
	return "the file"
}

// one names a value of a closed list: "effect" in effects.
func one(path []string) string {
	for i, step := range slices.Backward(path) {
		if _, err := strconv.Atoi(step); err != nil {
			switch {
			case step == "id" && i >= 2: // criteria/0/id
				return one(path[:i])
			case step == "criteria":
				return "criterion"
			case step == "as":
				return "authorisation"
			case step == "grant", step == "perhaps":
				return "effect"
			}
			return strings.TrimSuffix(step, "s")
		}
	}
	return "value"
}

func typeWords(types []string) string {
	words := map[string]string{
		"string": "text", "integer": "a whole number", "number": "a number", "boolean": "true or false",
		"array": "a list", "object": "keys with values below it", "null": "nothing",
	}
	var all []string
	for _, t := range types {
		if w := words[t]; !slices.Contains(all, w) {
			all = append(all, w)
		}
	}
	return strings.Join(all, " or ")
}

// got names what stands where something else is wanted.
func got(d *document, path []string, typ string) string {
	_, n := d.find(path)
	n = resolved(n)
	if _, hidden := d.masked[n.Line]; n.Kind == yaml.ScalarNode && !hidden && len(n.Value) <= 40 {
		return strconv.Quote(n.Value)
	}
	return typeWords([]string{typ})
}

func number(r *big.Rat) string {
	f, _ := r.Float64()
	return strconv.FormatFloat(f, 'g', -1, 64)
}
