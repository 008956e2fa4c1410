package scenarios

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/invopop/jsonschema"

	"touchstone/internal/evidence"
	"touchstone/probes"
	"touchstone/scoring"
)

// Schemas names what Schema can describe, one for each sort of file.
var Schemas = []string{"project", "sites", "personas", "scenario", "scorecard", "checks"}

// Schema gives the JSON Schema (2020-12) of one sort of file, made from the
// structs that the file is decoded into. Editors complete from it, and Load
// judges by it. The scenario schema holds each kind's parameters under "with",
// chosen by "kind".
func (l Language) Schema(what string) ([]byte, error) {
	s, err := l.schema(what)
	if err != nil {
		return nil, err
	}
	out, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write the %s schema: %w", what, err)
	}
	return append(out, '\n'), nil
}

// WriteSchemas writes every schema below a project's folder, to
// .touchstone/schema/*.json, where the first line of each file that Starter
// writes points editors to. Older ones are replaced.
func (l Language) WriteSchemas(dir string) error {
	to := filepath.Join(dir, ".touchstone", "schema")
	if err := os.MkdirAll(to, 0o755); err != nil {
		return fmt.Errorf("make the schema folder: %w", err)
	}
	for _, what := range Schemas {
		s, err := l.Schema(what)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(to, what+".json"), s, 0o644); err != nil {
			return fmt.Errorf("write the %s schema: %w", what, err)
		}
	}
	return nil
}

func (l Language) schema(what string) (*jsonschema.Schema, error) {
	var file any
	switch what {
	case "project":
		file = projectFile{}
	case "sites":
		file = sitesFile{}
	case "personas":
		file = personasFile{}
	case "scenario":
		file = scenarioFile{}
	case "scorecard":
		file = scorecardFile{}
	case "checks":
		file = checksFile{}
	default:
		return nil, fmt.Errorf("no schema is called %q%s", what, hint(what, Schemas))
	}
	s := reflectSchema(file, "")
	s.Title = "Touchstone: " + what
	switch what {
	case "sites":
		grant, _ := s.Definitions["authorisationEntry"].Properties.Get("grant")
		grant.Items.Enum = enum(evidence.Effects)
	case "scenario":
		for _, key := range []string{"effects", "perhaps"} {
			effects, _ := s.Properties.Get(key)
			effects.Items.Enum = enum(evidence.Effects)
		}
		apart, _ := s.Properties.Get(bySite)
		apart.MinProperties = new(uint64(1))
		l.addKinds(s)
	case "scorecard":
		op, _ := s.Definitions["whenEntry"].Properties.Get("op")
		op.Enum = enum(scoring.Ops)
		if len(l.Criteria) > 0 {
			id, _ := s.Definitions["criterionEntry"].Properties.Get("id")
			when, _ := s.Definitions["whenEntry"].Properties.Get("criterion")
			id.Enum, when.Enum = enum(l.Criteria), enum(l.Criteria)
		}
	case "checks":
		op, _ := s.Definitions["checkEntry"].Properties.Get("op")
		op.Enum = enum(scoring.Ops)
	}
	return s, nil
}

// addKinds binds each kind's parameters to its name.
func (l Language) addKinds(s *jsonschema.Schema) {
	kind, _ := s.Properties.Get("kind")
	for _, k := range l.Kinds {
		kind.Enum = append(kind.Enum, k.Name)
		params := reflectSchema(zeroParams(k), k.Name)
		for name, def := range params.Definitions {
			s.Definitions[name] = def
		}
		then := &jsonschema.Schema{Properties: jsonschema.NewProperties()}
		then.Properties.Set("with", params)
		then.Properties.Set(bySite, &jsonschema.Schema{AdditionalProperties: params})
		if len(params.Required) > 0 {
			// The first is what a message speaks of, by its description.
			with := &jsonschema.Schema{Required: []string{"with"}, Properties: jsonschema.NewProperties()}
			with.Properties.Set("with", &jsonschema.Schema{Description: "the parameters of the kind " + k.Name})
			then.AnyOf = []*jsonschema.Schema{with, {Required: []string{bySite}}}
		}
		params.Version, params.Definitions = "", nil
		params.Description = "the parameters of the kind " + k.Name
		when := &jsonschema.Schema{Properties: jsonschema.NewProperties(), Required: []string{"kind"}}
		when.Properties.Set("kind", &jsonschema.Schema{Const: k.Name})
		s.AllOf = append(s.AllOf, &jsonschema.Schema{If: when, Then: then})
	}
}

// zeroParams gives a zero value of the kind's parameters, as a struct.
func zeroParams(k probes.Kind) any {
	if k.Params == nil {
		return struct{}{}
	}
	t := reflect.TypeOf(k.Params)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return reflect.Zero(t).Interface()
}

// reflectSchema makes the schema of a struct. A prefix keeps the types of
// different kinds apart among the definitions.
func reflectSchema(v any, prefix string) *jsonschema.Schema {
	r := jsonschema.Reflector{
		Anonymous:      true,
		ExpandedStruct: true,
		Namer: func(t reflect.Type) string {
			if prefix == "" || t.Name() == "" {
				return t.Name()
			}
			return prefix + "." + t.Name()
		},
	}
	s := r.Reflect(v)
	if s.Definitions == nil {
		s.Definitions = jsonschema.Definitions{}
	}
	return s
}

func enum[T ~string](words []T) []any {
	all := make([]any, len(words))
	for i, w := range words {
		all[i] = string(w)
	}
	return all
}

// decode puts a tree that its schema approved of into a struct. Where lenient,
// what does not fit is left out instead of being an error.
func decode(tree, into any, lenient bool) error {
	data, err := json.Marshal(tree)
	if err != nil {
		return fmt.Errorf("put the values into JSON: %w", err)
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	if !lenient {
		dec.DisallowUnknownFields()
	}
	if err := dec.Decode(into); err != nil && !lenient {
		return fmt.Errorf("%s", strings.TrimPrefix(err.Error(), "json: "))
	}
	return nil
}

// names lists ids, sorted, for hints.
func names[T any](all []T, id func(T) string) []string {
	ids := make([]string, len(all))
	for i, v := range all {
		ids[i] = id(v)
	}
	slices.Sort(ids)
	return ids
}
