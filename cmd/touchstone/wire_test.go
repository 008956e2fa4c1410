package main

import (
	"slices"
	"testing"

	"touchstone/internal/evidence"
)

// What criteria need, kinds record, under the same name.
func TestCriteriaNeedWhatKindsRecord(t *testing.T) {
	facts := map[string][]string{}
	for _, k := range kinds(nil) {
		for _, f := range k.Facts {
			facts[k.Name] = append(facts[k.Name], f.Name)
		}
	}
	for _, c := range criteria() {
		var known []string
		for _, s := range c.Scopes() {
			if len(facts[s.Kind]) == 0 {
				t.Errorf("criterion %s reads the kind %q, which there is not", c.ID, s.Kind)
			}
			known = append(known, facts[s.Kind]...)
		}
		for _, n := range c.Needs {
			if !slices.Contains(known, n) {
				t.Errorf("criterion %s needs the fact %s, which no kind that it reads declares", c.ID, n)
			}
		}
	}
}

// A fact's name means the same whichever kind records it, and every kind says
// what its facts mean.
func TestFactsMeanOneThing(t *testing.T) {
	units := map[string]evidence.Unit{}
	for _, k := range kinds(nil) {
		for i, f := range k.Facts {
			if f.Meaning == "" || f.Unit == "" {
				t.Errorf("kind %s: fact %s has no meaning or no unit", k.Name, f.Name)
			}
			if u, ok := units[f.Name]; ok && u != f.Unit {
				t.Errorf("fact %s is in %s and in %s", f.Name, u, f.Unit)
			}
			units[f.Name] = f.Unit
			if slices.IndexFunc(k.Facts, func(g evidence.FactDef) bool { return g.Name == f.Name }) != i {
				t.Errorf("kind %s declares %s twice", k.Name, f.Name)
			}
		}
	}
}
