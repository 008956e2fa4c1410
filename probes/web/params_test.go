package web

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/invopop/jsonschema"
	validator "github.com/santhosh-tekuri/jsonschema/v6"

	"touchstone/probes"
)

func sandbox(t *probes.Task) { t.Site.Sandbox = true }

func grantless(url string) *probes.Task {
	return &probes.Task{Site: probes.Site{ID: "s", URL: url}}
}

func TestCheckFindsMistakes(t *testing.T) {
	for _, c := range []struct{ steps, path, message string }{
		{`[]`, "/steps", "at least one step"},
		{`[{"click":{"text":"x"}}]`, "/steps/0", "first step has to open a page"},
		{`[{"open":"/"}],"mistakes":true`, "/mistakes", "a form that is looked for"},
		{`[{"open":"/"}],"goal":"find-contact","mistakes":true`, "/mistakes", "a form that is looked for"},
		{`[{"open":"/"},{}]`, "/steps/1", "does nothing"},
		{`[{"open":"/","press":"Enter"}]`, "/steps/0", "does 2 things"},
		{`[{"open":"/"},{"press":"Return"}]`, "/steps/1/press", `unknown key "Return"`},
		{`[{"open":"/"},{"click":{}}]`, "/steps/1/click", "which element?"},
		{`[{"open":"/"},{"click":{"name":"Buy"}}]`, "/steps/1/click", "a name needs a role"},
		{`[{"open":"/"},{"click":{"text":"x","name":"Buy"}}]`, "/steps/1/click/name", "a name needs a role"},
		{`[{"open":"/"},{"click":{"text":"x","css":"y"}}]`, "/steps/1/click", "named in 2 ways"},
		{`[{"open":"/"},{"click":{"role":"buton"}}]`, "/steps/1/click/role", `unknown role "buton"`},
		{`[{"open":"/"},{"click":{"role":"button","nth":-1}}]`, "/steps/1/click/nth", "counted from 1"},
		{`[{"open":"/","name":"a"},{"press":"Tab","name":"a"}]`, "/steps/1/name", "step 1 has the name"},
		{`[{"open":"/","name":"A b"}]`, "/steps/0/name", "small letters"},
		{`[{"open":"/"},{"screenshot":"../x"}]`, "/steps/1/screenshot", "small letters"},
		{`[{"open":"/","effect":"send-mail"}]`, "/steps/0/effect", "a visit cannot have the effect"},
		{`[{"open":"/"},{"fill":{"label":"E-mail","value":"${persona.email}"}},{"effect":"fill-checkout","press":"Tab"}]`, "/steps/1/fill", "declares an effect"},
		{`[{"open":"/"},{"select":{"label":"Country","option":"${persona.country}"}}]`, "/steps/1/select", "declares an effect"},
		{`[{"open":"/"},{"select":{"label":"Country","option":""}}]`, "/steps/1/select", "which option"},
		{`[{"open":"/"},{"expect":{}}]`, "/steps/1/expect", "which element?"},
		{`[{"open":"/"},{"expect":{"url":"/x","text":"y"}}]`, "/steps/1/expect", "not both"},
		{`[{"open":"/"},{"expect":{"text":"y","timeout":"soon"}}]`, "/steps/1/expect/timeout", "no time between"},
		{`[{"open":"/"},{"read":{"css":"p"}}]`, "/steps/1/read", "fact: …"},
		{`[{"open":"/"},{"read":{"css":"p","fact":"a","pattern":"("}}]`, "/steps/1/read/pattern", "cannot be read"},
		{`[{"open":"/"},{"read":{"css":"p","fact":"a"}},{"read":{"css":"p","fact":"a"}}]`, "/steps/2/read/fact", `step 2 reads a fact "a"`},
	} {
		p := new(Params)
		if err := json.Unmarshal([]byte(`{"steps":`+c.steps+`}`), p); err != nil {
			t.Fatal(err)
		}
		found := check(p)
		if !slices.ContainsFunc(found, func(m probes.Mistake) bool { return m.Path == c.path && strings.Contains(m.Message, c.message) }) {
			t.Errorf("%s\ngot  %+v\nwant %s: …%s…", c.steps, found, c.path, c.message)
		}
		if len(found) != 1 {
			t.Errorf("%s: %d mistakes, want 1: %+v", c.steps, len(found), found)
		}
	}
	if found := check(&Params{Steps: []Step{{Open: "/"}}, Fewest: -1}); len(found) != 1 || found[0].Path != "/fewest" {
		t.Errorf("fewest below nothing: %+v", found)
	}
	var whole Params
	if err := json.Unmarshal([]byte(`{"steps":`+toPayment+`}`), &whole); err != nil {
		t.Fatal(err)
	}
	if found := check(&whole); len(found) > 0 {
		t.Errorf("a sound scenario: %+v", found)
	}
	if found := check(&struct{}{}); len(found) != 1 {
		t.Errorf("other parameters: %+v", found)
	}
}

// The schema that editors complete from accepts what is sound and refuses
// unknown keys.
func TestSchema(t *testing.T) {
	raw, err := json.Marshal((&jsonschema.Reflector{Anonymous: true}).Reflect(Kind(nil).Params))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := validator.UnmarshalJSON(strings.NewReader(string(raw)))
	if err != nil {
		t.Fatal(err)
	}
	compiler := validator.NewCompiler()
	if err := compiler.AddResource("web.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("web.json")
	if err != nil {
		t.Fatal(err)
	}
	for in, sound := range map[string]bool{
		`{"steps":` + toPayment + `}`:                    true,
		`{"fewest":3,"steps":[{"open":"/"}]}`:            true,
		`{"fewest":-1,"steps":[{"open":"/"}]}`:           false,
		`{"goal":"find-contact"}`:                        true,
		`{"goal":"find-contact","steps":[{"open":"/"}]}`: true,
		`{}`:                      false,
		`{"steps":[]}`:            false,
		`{"steps":[{"opn":"/"}]}`: false,
		`{"steps":[{"open":"/","effect":"send-mail"}]}`:               false,
		`{"steps":[{"fill":{"label":"x","valu":"y"}}]}`:               false,
		`{"steps":[{"fill":{"label":"x"}}]}`:                          false,
		`{"steps":[{"click":{"role":"button","nth":0}}]}`:             false,
		`{"steps":[{"expect":{"text":"x","timeout":"20s"}}]}`:         true,
		`{"steps":[{"read":{"css":"x","fact":"a","pattern":"(b)"}}]}`: true,
	} {
		v, err := validator.UnmarshalJSON(strings.NewReader(in))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(v); (err == nil) != sound {
			t.Errorf("%s: %v", in, err)
		}
	}
}

func TestStepNames(t *testing.T) {
	got := names([]Step{
		{Open: "/"}, {Open: "/help?x=1"}, {Click: &Locator{Role: "button", Name: "Add to cart"}}, {Click: &Locator{Role: "button", Name: "Add to cart"}},
		{Name: "pay", Press: "Enter"}, {Screenshot: "pay"}, {Fill: &Fill{Locator: Locator{Label: "Straße"}, Value: "secret"}}, {Expect: &Expect{URL: "/x"}},
	})
	want := []string{"open-start", "open-help-x-1", "click-button-add-to-cart", "click-button-add-to-cart-2", "pay", "pay-2", "fill-field-stra-e", "expect-x-in-address"}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// What a kind declares is what it is: a fact is never declared twice, and all
// have a unit and a meaning.
func TestKindIsWhole(t *testing.T) {
	k := Kind(nil)
	seen := map[string]bool{}
	for _, f := range k.Facts {
		if seen[f.Name] || f.Unit == "" || !strings.HasSuffix(f.Meaning, ".") && !strings.HasSuffix(f.Meaning, ")") {
			t.Errorf("fact %+v", f)
		}
		seen[f.Name] = true
	}
	if k.Visit == nil || k.Correspondence != nil || k.Channel != "web" || k.Name != "web" {
		t.Errorf("kind %+v", k)
	}
}
