package main

import (
	"os"
	"reflect"
	"strings"
	"testing"

	"touchstone/probes/web"
)

// docs/visits.md names every fact and every kind of step of a visit.
func TestVisitsPage(t *testing.T) {
	raw, err := os.ReadFile("../../docs/visits.md")
	if err != nil {
		t.Fatal(err)
	}
	page := string(raw)
	kind := web.Kind(nil)
	for _, f := range kind.Facts {
		if !strings.Contains(page, "`"+f.Name+"`") {
			t.Errorf("no fact %s", f.Name)
		}
	}
	for step := range reflect.TypeFor[web.Step]().Fields() {
		name, _, _ := strings.Cut(step.Tag.Get("json"), ",")
		if name != "name" && !strings.Contains(page, "`"+name+"`") && !strings.Contains(page, "`"+name+":`") {
			t.Errorf("no step %s", name)
		}
	}
}
