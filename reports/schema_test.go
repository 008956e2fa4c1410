package reports_test

import (
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/invopop/jsonschema"
	validator "github.com/santhosh-tekuri/jsonschema/v6"

	"touchstone/reports"
	"touchstone/reports/reporttest"
)

// The schema is made of the structs and their comments; a changed field shows
// in the golden file.
func TestSchemaGolden(t *testing.T) {
	r := jsonschema.Reflector{Anonymous: true, ExpandedStruct: true, AllowAdditionalProperties: true, Mapper: func(t reflect.Type) *jsonschema.Schema {
		if t == reflect.TypeFor[time.Duration]() {
			return &jsonschema.Schema{Type: "integer", Description: "nanoseconds"}
		}
		return nil
	}}
	t.Chdir("..") // comments are found by the path of their package
	for _, dir := range []string{"reports", "scoring", "internal/evidence"} {
		if err := r.AddGoComments("touchstone", "./"+dir); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir("reports")
	s := r.Reflect(reports.Report{})
	s.Title = "Touchstone: report"
	s.Description = "The report of one wave, as `touchstone report --format json` writes it. Fields may be added; what is here keeps its name and meaning while the version stands."
	version, _ := s.Properties.Get("schema")
	version.Const = reports.Schema
	got, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
	if *update {
		if err := os.WriteFile("report.schema.json", got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("report.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("the schema differs from report.schema.json; look, then run go test with -update. A field that goes or changes its meaning changes reports.Schema too")
	}
}

// What is written keeps the schema, in every case; and the schema refuses.
func TestJSONKeepsItsSchema(t *testing.T) {
	text, err := validator.UnmarshalJSON(bytes.NewReader(reports.JSONSchema))
	if err != nil {
		t.Fatal(err)
	}
	c := validator.NewCompiler()
	if err := c.AddResource("report.json", text); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("report.json")
	if err != nil {
		t.Fatal(err)
	}
	judge := func(report string) error {
		v, err := validator.UnmarshalJSON(strings.NewReader(report))
		if err != nil {
			t.Fatal(err)
		}
		return schema.Validate(v)
	}
	cases := reporttest.Cases()
	cases["panel"] = reporttest.Panel(4)
	for name, in := range cases {
		report := asJSON(t, reporttest.Build(t, in))
		if err := judge(report); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for from, to := range map[string]string{`"sites_asked": `: `"sites_asked": "many", "was": `, `"schema": "`: `"schema": "other.`, `"headline":`: `"headlines":`} {
			worse := strings.Replace(report, from, to, 1)
			if worse == report || judge(worse) == nil {
				t.Errorf("%s: %s was let through", name, to)
			}
		}
	}
}
