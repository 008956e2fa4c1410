package driver

import (
	"slices"
	"strings"
	"testing"

	"touchstone/probes/web/find"
)

// formsOf reads the forms of a page.
func formsOf(t *testing.T, html string) ([]Form, map[string]find.Field) {
	t.Helper()
	_, p, _ := open(t, map[string]string{"/": html}, TabOptions{})
	forms, err := p.Forms(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	fields := map[string]find.Field{}
	for _, f := range forms {
		for _, x := range f.Fields {
			fields[x.Name] = x
		}
	}
	return forms, fields
}

// A field's words are found wherever pages put them.
func TestFormsLabels(t *testing.T) {
	_, got := formsOf(t, `<h2>Delivery</h2><form><label for=a>By <b>for</b> *</label><input id=a name=for><label>Wrapped <input name=wrapped></label>
		<span id=l1>Two</span><span id=l2>spans</span><input name=labelledby aria-labelledby="l1 l2"><input name=aria aria-label="Said only">
		<p>Before it: <input name=before></p><div><div>In the box above</div><div><input name=above></div></div>
		<table><tr><td>Left cell</td><td><input name=cell></td></tr></table><table><tr><th>Head</th></tr><tr><td><input name=head></td></tr></table>
		<div><input name=floating placeholder=" "><label>Floating</label></div><input name=placeholder placeholder="Only this">
		<p><input type=checkbox name=after> After the box <a href=#>terms</a></p><fieldset><legend>Card</legend><input name=legend required pattern="\d+" maxlength=4 inputmode=numeric></fieldset>
		<label>Country <select name=list><option value="">Choose<option value=DE selected>Germany</select></label><span id=h>As on the passport</span><input name=hint aria-describedby=h></form>`)
	for name, want := range map[string]string{"for": "By for *", "wrapped": "Wrapped", "labelledby": "Two spans", "aria": "Said only", "before": "Before it:", "above": "In the box above", "cell": "Left cell", "head": "Head", "floating": "Floating", "after": "After the box terms"} {
		if f := got[name]; f.Label != want && f.Near != want {
			t.Errorf("%s: label %q, near %q, want %q", name, f.Label, f.Near, want)
		}
	}
	if f := got["legend"]; f.Section != "Card" || !f.Required || f.MaxLength != 4 || f.Pattern != `\d+` || f.InputMode != "numeric" || f.Fault == "" {
		t.Errorf("%+v", f)
	}
	if f := got["list"]; !f.Filled || len(f.Options) != 2 || !f.Options[1].Chosen || f.Options[1].Value != "DE" {
		t.Errorf("%+v", f)
	}
	if !got["for"].Required || got["wrapped"].Required || got["placeholder"].Placeholder != "Only this" || got["hint"].Hint != "As on the passport" || got["for"].Section != "Delivery" || got["for"].Box[2] == 0 {
		t.Errorf("%+v %+v", got["for"], got["hint"])
	}
}

// Traps for programs are told from what people see, styled boxes among it.
func TestFormsHidden(t *testing.T) {
	_, got := formsOf(t, `<style>.gone{position:absolute;opacity:0;width:0;height:0}</style><form><input name=seen>
		<input name=none style="display:none"><div style="visibility:hidden"><input name=invisible></div><input name=off style="position:absolute;left:-9999px"><input name=dot style="width:1px;height:1px;border:0;padding:0">
		<div aria-hidden=true><input name=kept tabindex=-1></div><div style="opacity:0"><input name=clear tabindex=-1></div><div style="height:0;overflow:hidden"><input name=clipped></div>
		<input type=hidden name=token value=1><label><input type=radio name=styled class=gone> Express</label><input type=checkbox name=bare class=gone>
		<select name=drawn style="display:none"><option>Germany</select><div class=select-widget>Germany</div></form>`)
	for _, name := range []string{"none", "invisible", "off", "dot", "kept", "clear", "clipped", "bare"} {
		if got[name].Hidden == "" || got[name].Tag == "" {
			t.Errorf("%s counts as seen: %+v", name, got[name])
		}
	}
	for _, name := range []string{"seen", "styled", "drawn"} {
		if f := got[name]; f.Hidden != "" || (f.Press == f.Ref) != (name == "seen") {
			t.Errorf("%s counts as hidden, %q: %d, %d", name, f.Hidden, f.Ref, f.Press)
		}
	}
	if _, ok := got["token"]; ok {
		t.Error("a hidden input is no field")
	}
}

// Fields without a form are grouped by where they stand; shadow roots are open
// books; what a form says of itself goes with each field.
func TestFormsGroups(t *testing.T) {
	forms, got := formsOf(t, `<header><input name=q aria-label=Search></header><main><h1>Sign in</h1><div><input name=user><input name=pw type=password><button>Go</button></div><my-field></my-field></main>
		<footer><form action=/letter id=news class="newsletter-form" method=post><input name=mail><button>Subscribe</button><button type=button disabled>?</button><a href=#>Privacy</a></form></footer>
		<script>customElements.define('my-field',class extends HTMLElement{connectedCallback(){this.attachShadow({mode:'open'}).innerHTML='<label for=s>Street</label><input id=s name=street>'}})</script>`)
	if len(forms) != 3 {
		t.Fatalf("%+v", forms)
	}
	var areas []string
	for _, f := range forms {
		areas = append(areas, f.Area)
	}
	if slices.Sort(areas); !slices.Equal(areas, []string{"footer", "header", "main"}) {
		t.Errorf("%q", areas)
	}
	if got["street"].Label != "Street" || got["user"].Form.Heading != "Sign in" || !slices.Equal(got["user"].Form.Buttons, []string{"Go"}) {
		t.Errorf("%+v %+v", got["street"], got["user"].Form)
	}
	f := forms[slices.IndexFunc(forms, func(f Form) bool { return f.Area == "footer" })]
	if f.Method != "POST" || !strings.HasSuffix(f.Action, "/letter") || !strings.Contains(f.Around.Called, "newsletter-form") || len(f.Buttons) != 2 || !f.Buttons[0].Submits || !f.Buttons[1].Disabled || !slices.Equal(f.Around.Links, []string{"Privacy"}) {
		t.Errorf("%+v", f)
	}
}

// What a page says is wrong with a field is heard.
func TestFormsComplaints(t *testing.T) {
	_, got := formsOf(t, `<form><div><label>Phone <input name=phone aria-invalid=true aria-describedby=e1></label><p id=e1 class=error>Digits only</p></div>
		<div class=field><input name=zip value=1><span class=invalid-feedback>Too short</span></div><div><input name=fine value=1 aria-describedby=h1><p id=h1>As you like</p></div><div><input name=quiet><span class=error style="display:none">Wrong</span></div></form>`)
	for name, want := range map[string]string{"phone": "Digits only", "zip": "Too short", "fine": "", "quiet": ""} {
		if f := got[name]; f.Complaint != want || f.Invalid != (want != "") {
			t.Errorf("%s: %q, %v, want %q", name, f.Complaint, f.Invalid, want)
		}
	}
}
