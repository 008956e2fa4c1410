package scenarios

import (
	"bytes"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// An editor sees only the schema: it must judge by itself, kind by kind.
func TestScenarioSchema(t *testing.T) {
	text, err := testLanguage().Schema("scenario")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("test:///scenario.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("test:///scenario.json") // holds it against its metaschema too
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		scenario string
		ok       bool
	}{
		{`{"id": "a", "title": "A", "kind": "mail", "task": "t", "with": {"texts": [{"subject": "s", "body": "b"}]}}`, true},
		{`{"id": "a", "title": "A", "kind": "web", "task": "t", "with": {"steps": [{"open": "/", "inner": [{"wait": 1}]}]}}`, true},
		{`{"id": "a", "title": "A", "kind": "mail", "task": "t", "with": {"steps": []}}`, false},
		{`{"id": "a", "title": "A", "kind": "mail", "task": "t"}`, false},
		{`{"id": "a", "title": "A", "kind": "web", "task": "t", "by-site": {"s": {"steps": [{"open": "/"}]}}}`, true},
		{`{"id": "a", "title": "A", "kind": "web", "task": "t", "by-site": {"s": {"texts": []}}}`, false},
		{`{"id": "a", "title": "A", "kind": "web", "task": "t", "by-site": {}}`, false},
		{`{"id": "a", "title": "A", "kind": "fax", "task": "t", "with": {}}`, false},
		{`{"id": "a", "title": "A", "kind": "web", "task": "t", "with": {"steps": [{"inner": [{"wiat": 1}]}]}}`, false},
		{`{"id": "a", "title": "A", "kind": "web", "task": "t", "effects": ["fly"], "with": {"steps": [{"open": "/"}]}}`, false},
	} {
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(c.scenario))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(v); (err == nil) != c.ok {
			t.Errorf("%s: %v", c.scenario, err)
		}
	}
}

func TestSchemas(t *testing.T) {
	for _, what := range Schemas {
		text, err := testLanguage().Schema(what)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(text, []byte("https://json-schema.org/draft/2020-12/schema")) {
			t.Errorf("%s: the version is not said", what)
		}
	}
	text, _ := testLanguage().Schema("scorecard")
	if !bytes.Contains(text, []byte(`"first-human-reply-time"`)) {
		t.Error("the scorecard schema does not name the criteria")
	}
	if _, err := testLanguage().Schema("site"); err == nil || !strings.Contains(err.Error(), `did you mean "sites"?`) {
		t.Errorf("an unknown schema: %v", err)
	}
}

// Alternatives: the message is about the one that was meant.
func TestMeant(t *testing.T) {
	for _, c := range []struct{ days, want string }{
		{`mon-fry`, `"mon-fry" is neither a range of days`},
		{`[mon, fry]`, `unknown day "fry" (did you mean "fri"?)`},
		{`{mon: true}`, `days must be text or a list, not keys with values below it`},
		{`5`, `"5" is neither a range of days`},
		{`[]`, `days is an empty list`},
	} {
		_, err := testLanguage().Load(write(t, map[string]string{"sites.yaml": "sites:\n  - {id: a, email: a@b.example, hours: {days: " + c.days + "}}\n"}))
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Count(err.Error(), "\n") != 2 {
			t.Errorf("%s: %v", c.days, err)
		}
	}
}
