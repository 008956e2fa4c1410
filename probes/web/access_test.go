package web

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"touchstone/internal/assets"
	"touchstone/internal/evidence"
	"touchstone/probes/web/driver"
)

// withAxe is a browser whose visits axe-core looks over.
func withAxe(t *testing.T) *Browser {
	t.Helper()
	script, err := assets.Get(assets.Axe)
	if err != nil {
		t.Fatal(err)
	}
	b := quietCopy(t)
	b.o.Axe = script
	return b
}

// Each check has a page with its fault and the same page without: it finds the
// one and nothing on the other. Axe-core looks at the same pages; where it
// knows the fault it must agree, and on the pages without it finds nothing
// either.
func TestBarriers(t *testing.T) {
	t.Parallel()
	const good = `<form><p><label>Name <input name=name autocomplete=name></label></p>%s<p><button>Go on</button></p></form>`
	form := func(more string) string { return fmt.Sprintf(good, more) }
	for _, c := range []struct {
		name, fact   string
		n            float64
		fault, clean string // within the form
		axe          string // the rule that knows it; empty: none does
	}{
		{"field without a name", "web.names-missing", 2, `<p>Street <input name=street autocomplete=street-address></p><p>Note <textarea name=note></textarea></p>`, `<p><label for=s>Street</label> <input id=s name=street autocomplete=street-address></p><p><span id=l>Note</span> <textarea name=note aria-labelledby=l></textarea></p>`, "label"},
		{"button and link without a name", "web.names-missing", 3, `<button type=button><svg width=30 height=30></svg></button><p><a href=/x><img src="data:," width=30 height=30 alt=""></a></p><p><span role=button tabindex=0 style="display:inline-block;width:30px;height:30px"></span></p>`, `<button type=button aria-label=Close><svg width=30 height=30></svg></button><p><a href=/x><img src="data:," width=30 height=30 alt=Help></a></p><p><span role=button tabindex=0 style="display:inline-block;width:30px;height:30px" title=More></span></p>`, "button-name"},
		{"a label that goes", "web.placeholder-labels", 1, `<p><input name=city placeholder="Your city" autocomplete=address-level2 style="color:#000"></p>`, `<p><label>Your city <input name=city placeholder="Leeds" autocomplete=address-level2></label></p>`, ""},
		{"picture without words", "web.alt-missing", 1, `<p><a href=/x><img src="data:," width=30 height=30> Terms of sale</a></p>`, `<p><a href=/x><img src="data:," width=30 height=30 alt=""> Terms of sale</a></p>`, "image-alt"},
		{"no role", "web.roles-missing", 2, `<p><span onclick="x()" style="padding:9px">Apply</span></p><p><span role=button style="padding:9px">Remove</span></p>`, `<p><span role=button tabindex=0 onclick="x()" style="padding:9px">Apply</span></p><p><span role=button tabindex=0 style="padding:9px">Remove</span></p>`, ""},
		{"pale text", "web.contrast-low", 3, `<p style="color:#999">We never share it</p><p style="color:#777;background:#fff;opacity:.8">Half seen</p><div style="background:#333"><p style="background:rgba(255,255,255,.5);color:#fff">On a veil</p></div>`, `<p style="color:#666">We never share it</p><p style="color:#555;background:#fff;opacity:.9">Half seen</p><div style="background:#333"><p style="background:rgba(255,255,255,.1);color:#fff">On a veil</p></div>`, "color-contrast"},
		{"large text may be paler", "web.contrast-low", 1, `<p style="color:#999;font-size:26px">Large</p>`, `<p style="color:#888;font-size:26px">Large</p><p style="color:oklch(45% 0.1 20)">Modern</p>`, "color-contrast"},
		{"order by number", "web.focus-faults", 1, `<p><label>Code <input name=code tabindex=5></label></p>`, `<p><label>Code <input name=code tabindex=0></label></p>`, ""},
		{"order against the reading", "web.focus-faults", 1, `<div style="display:flex;flex-direction:row-reverse;justify-content:flex-end"><label>One <input name=one size=5></label><label>Two <input name=two size=5></label></div>`, `<div style="display:flex"><label>One <input name=one size=5></label><label>Two <input name=two size=5></label></div>`, ""},
		{"two columns are no fault", "web.focus-faults", 1, `<p style="position:absolute;left:-4000px"><button type=button>Nobody sees me</button></p>`, `<div style="columns:2;height:90px"><p><label>One <input name=one size=5></label></p><p><label>Two <input name=two size=5></label></p><p><label>Three <input name=three size=5></label></p><p><label>Four <input name=four size=5></label></p></div><p><input type=checkbox name=k id=k style="position:absolute;opacity:0;width:24px;height:24px"><label for=k>Keep me posted</label></p>`, ""},
		{"error without its words", "web.errors-untied", 1, `<p><label>Code <input name=code aria-invalid=true></label> <b>Wrong</b></p>`, `<p><label>Code <input name=code aria-invalid=true aria-describedby=w></label> <b id=w>Wrong</b></p>`, ""},
		{"purposes", "web.autocomplete-missing", 4, `<p><label>E-mail <input type=email name=m></label></p><p><label>Telephone <input name=t autocomplete=off></label></p><p><label>Postcode <input name=p autocomplete=address-level2></label></p><p><label>Family name <input name=f autocomplete=surname></label></p><p><label>Gift message <input name=g></label></p>`,
			`<p><label>E-mail <input type=email name=m autocomplete="section-a shipping home email"></label></p><p><label>Telephone <input name=t autocomplete=tel-national></label></p><p><label>Postcode <input name=p autocomplete=postal-code></label></p><p><label>Family name <input name=f autocomplete=family-name></label></p><p><label>Gift message <input name=g></label></p>`, "autocomplete-valid"},
		{"small targets", "web.targets-small", 2, `<p><button type=button style="width:16px;height:16px;padding:0;border:0;margin:0">−</button><button type=button style="width:16px;height:16px;padding:0;border:0">+</button></p>`, `<p><button type=button style="width:24px;height:24px;padding:0">−</button><button type=button style="width:24px;height:24px;padding:0">+</button> and <a href=/t>terms</a>, <a href=/p>data</a> in a text. <label><input type=checkbox name=c> Box</label></p>`, "target-size"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := withAxe(t)
			for page, n := range map[string]float64{form(c.fault): c.n, form(c.clean): 0} {
				s := serve(t, map[string]string{"/": `<header><nav><a href=/ tabindex=3 style="color:#eee">Home</a></nav></header><main><h1>Checkout</h1>` + page + `</main>`})
				r := shoppingWith(t.Context(), t, b, s.URL+"/", `[{"open":"/"},{"effect":"submit-form","fill":{"label":"Name","exact":true,"value":"Anna"}}]`, grant(evidence.SubmitForm))
				want(t, r, evidence.Completed, "")
				var found []string
				for _, check := range checks {
					if f, ok := r.Fact(check.fact); ok && (f.Number != 0 && check.fact != c.fact || f.Number != n && check.fact == c.fact) {
						found = append(found, fmt.Sprintf("%s %v", check.fact, f.Number))
					}
				}
				if _, ok := r.Fact(c.fact); !ok {
					found = append(found, "no "+c.fact)
				}
				proof := r.files["accessibility.json"]
				if len(found) > 0 {
					t.Errorf("%v, want %v of %s alone, in %s\n%s", found, n, c.fact, page, proof)
				}
				rules := axeRules(t, proof)
				switch {
				case n == 0 && len(rules) > 0:
					t.Errorf("axe-core finds %v on the page without the fault\n%s", rules, proof)
				case n > 0 && c.axe != "" && !slices.Contains(rules, c.axe):
					t.Errorf("axe-core finds %v, not %s, in %s", rules, c.axe, page)
				case n > 0 && c.axe == "" && len(rules) > 0:
					t.Errorf("axe-core knows it, too: %v", rules)
				}
			}
		})
	}
}

// axeRules lists the rules that axe-core found broken within the task's form.
func axeRules(t *testing.T, proof []byte) []string {
	t.Helper()
	var all struct {
		Pages []accessPage `json:"pages"`
	}
	if err := json.Unmarshal(proof, &all); err != nil {
		t.Fatalf("accessibility.json: %v\n%s", err, proof)
	}
	rules := map[string]bool{}
	for _, p := range all.Pages {
		for _, r := range p.Axe {
			for _, n := range r.Nodes {
				if n.Task {
					rules[r.Rule] = true
				}
			}
		}
	}
	return slices.Sorted(maps.Keys(rules))
}

// The pages that have a language, and those that have none; where no form is
// used, the pages' main parts count; axe-core stays away from them.
func TestBarriersOfPagesThatAreRead(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string]string{
		"/":    `<header><a href=/><svg width=30 height=30></svg></a></header><main><h1>Help</h1><a href=/two>On</a><button><svg width=30 height=30></svg></button></main>`,
		"/two": `<script>document.documentElement.removeAttribute('lang')</script><main><h1>Two</h1></main>`,
	})
	r := shoppingWith(t.Context(), t, withAxe(t), s.URL+"/", `[{"open":"/"},{"click":{"text":"On"}}]`)
	want(t, r, evidence.Completed, "")
	if names, language := r.number(t, "web.names-missing"), r.number(t, "web.language-missing"); names != 1 || language != 1 {
		t.Errorf("%v names and %v languages are missing", names, language)
	}
	if f, ok := r.Fact("web.axe"); ok {
		t.Errorf("axe-core looked: %s", f.Text)
	}
	if proof := string(r.files["accessibility.json"]); strings.Count(proof, `"names"`) != 2 || !strings.Contains(proof, "/two") {
		t.Errorf("the header's link is not on the list:\n%s", proof)
	}
}

// A build without axe-core says so, and its own checks stand.
func TestBarriersWithoutAxe(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string]string{"/": `<form><label>Name <input name=name></label><input name=x></form>`})
	r := shopping(t, s, `[{"open":"/"},{"effect":"submit-form","fill":{"label":"Name","value":"Anna"}}]`, grant(evidence.SubmitForm))
	want(t, r, evidence.Completed, "")
	if f, _ := r.Fact("web.axe"); !strings.Contains(f.Text, "built without axe-core; run `make assets`") {
		t.Errorf("axe: %q", f.Text)
	}
	if !slices.Contains(r.Missing, "web.axe-serious") || r.number(t, "web.names-missing") != 1 {
		t.Errorf("missing %v", r.Missing)
	}
}

// A script in a page that never ends, or a page of thousands of elements, does
// not hold a visit up; what axe-core sees of a page is not what the customer
// waited for.
func TestAxeKeepsOutOfTheTime(t *testing.T) {
	long := `<main><form><label>Name <input name=name autocomplete=name></label><button>Go on</button></form>` + strings.Repeat(`<p style="color:#999">Pale <a href=/x>words</a></p>`, 200) + `</main>`
	s := serve(t, map[string]string{"/": long, "/next": `<h1>Next</h1>`})
	steps := `[{"open":"/"},{"effect":"submit-form","fill":{"label":"Name","value":"Anna"}},{"name":"go","click":{"role":"button","name":"Go on"}}]`
	r := shoppingWith(t.Context(), t, withAxe(t), s.URL+"/", steps, grant(evidence.SubmitForm))
	want(t, r, evidence.Completed, "")
	var took struct{ Pages []struct{ Step string } }
	if err := json.Unmarshal(r.files["accessibility.json"], &took); err != nil || len(took.Pages) == 0 {
		t.Fatalf("%v: %s", err, r.files["accessibility.json"])
	}
	if v, ok := r.Fact("web.axe"); !ok || v.Text == "" {
		t.Error("axe-core did not say whether it looked")
	}
	if blocked, ok := r.at("web.tbt", "open-start"); !ok || blocked > patience {
		t.Errorf("the page blocked for %v ms (%v), our own looking counted", blocked, ok)
	}
}

// The keyboard goes through the last page of a checkout: out at its end, or
// round without end.
func TestKeyboardOnTheLastPage(t *testing.T) {
	t.Parallel()
	page := func(script string) map[string]string {
		return map[string]string{"/": `<header><a href=/>Home</a></header><h1>Checkout</h1><form><label>Name <input name=name autocomplete=name></label><label>Town <input name=town autocomplete=address-level2></label><button id=b>Go on</button></form><footer><a href=/terms>Terms</a></footer><script>` + script + `</script>`}
	}
	for name, c := range map[string]struct {
		script string
		trap   float64
	}{
		"out":               {``, 0},
		"held in the form":  {`document.querySelector('form').addEventListener('keydown', e => { if (e.key === 'Tab' && e.target.id === 'b') { e.preventDefault(); document.querySelector('input').focus() } })`, 1},
		"held at one field": {`document.querySelector('[name=town]').addEventListener('keydown', e => { if (e.key === 'Tab') e.preventDefault() })`, 1},
		"held by a dialog":  {`const f = document.querySelector('form'); f.setAttribute('role', 'dialog'); f.setAttribute('aria-modal', 'true'); f.addEventListener('keydown', e => { if (e.key === 'Tab' && e.target.id === 'b') { e.preventDefault(); document.querySelector('input').focus() } })`, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := shoppingWith(t.Context(), t, quietCopy(t), serve(t, page(c.script)).URL+"/", `[{"open":"/"},{"effect":"fill-checkout","fill":{"label":"Name","value":"Anna"}}]`, grant(evidence.FillCheckout))
			want(t, r, evidence.Completed, "")
			if trap, stops := r.number(t, "web.focus-trap"), r.number(t, "web.tab-stops"); trap != c.trap || stops < 2 {
				t.Errorf("held is %v after %v stops, want %v", trap, stops, c.trap)
			}
		})
	}
}

func TestPurposesOfFields(t *testing.T) {
	for _, c := range []struct {
		field driver.Purpose
		wrong string // part of what is said; empty: nothing is wrong
	}{
		{driver.Purpose{About: "street Straße und Hausnummer", Autocomplete: "billing address-line1", Own: true}, ""},
		{driver.Purpose{About: "street Straße und Hausnummer"}, "it has no autocomplete, though it asks for the customer's street"},
		{driver.Purpose{About: "tel Telefon", Type: "tel", Autocomplete: "work tel-national", Own: true}, ""},
		{driver.Purpose{About: "Code postal", Autocomplete: "zip", Own: true}, `autocomplete="zip" is none of HTML's`},
		{driver.Purpose{About: "Code postal", Autocomplete: "off"}, "autocomplete is off"},
		{driver.Purpose{About: "Correo electrónico", Autocomplete: "tel", Own: true}, `autocomplete="tel", though it asks for the customer's email`},
		{driver.Purpose{About: "Wachtwoord", Type: "password", Autocomplete: "new-password", Own: true}, ""},
		{driver.Purpose{About: "Voucher code", Autocomplete: "off", Own: true}, ""},
		{driver.Purpose{About: "Order number"}, ""},
		{driver.Purpose{About: "q Search", Type: "search"}, ""},
		{driver.Purpose{About: "Message to the seller name", Type: "textarea"}, ""},
		{driver.Purpose{About: "Name on the card", Autocomplete: "cc-name", Own: true}, ""},
		{driver.Purpose{About: "Cognome", Autocomplete: "name", Own: true}, `autocomplete="name", though it asks for the customer's family name`},
	} {
		if got := misnamed(c.field); c.wrong == "" && got != "" || !strings.Contains(got, c.wrong) {
			t.Errorf("%+v: %q, want %q", c.field, got, c.wrong)
		}
	}
}
