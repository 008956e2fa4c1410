package web

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"touchstone/internal/evidence"
	"touchstone/probes"
	"touchstone/probes/web/driver"
	"touchstone/probes/web/find"
)

// visiting gives a visit that stands on the start page of a shop, before its
// first step.
func visiting(t *testing.T, s *shop, task *probes.Task) *visit {
	t.Helper()
	return visitingWith(t, shared, s, task)
}

func visitingWith(t *testing.T, b *Browser, s *shop, task *probes.Task) *visit {
	t.Helper()
	task.Site = probes.Site{ID: "s", URL: s.URL + "/", Own: true, Sandbox: task.Site.Sandbox}
	v := &visit{b: b, t: task, mask: newMasker(), fields: map[string]driver.Field{}}
	v.log = newRecord(v.mask)
	var err error
	if v.bounds, err = boundsOf(task.Site); err != nil {
		t.Fatal(err)
	}
	v.observe()
	v.site = &site{turn: make(chan struct{}, 1)}
	v.counting = true
	ctx, stop := context.WithCancelCause(t.Context())
	t.Cleanup(func() { stop(nil) })
	v.stop = stop
	id := identityOf(task.Persona, "")
	chromium, release, err := b.engage(ctx, id.Mobile)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(release)
	if v.tab, err = chromium.NewTab(ctx, driver.TabOptions{Identity: id, Timeout: b.o.Timeout, Load: b.o.Load, On: v.on, Patterns: watched(), Gate: v.gate, Dialog: v.dialog}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(v.tab.Close)
	if err := v.tab.Page().Navigate(ctx, s.URL+"/"); err != nil {
		t.Fatal(err)
	}
	return v
}

// A held field is what stands in the page after it was filled.
type held struct {
	Is, Called, Value, Holds  string
	Ticked, Trap, Free, Valid bool
}

// reporter is a button that writes down what the page's marked fields hold.
const reporter = `<p><button type=button id=report onclick="
	const all = r => [...r.querySelectorAll('*')].flatMap(e => [e, ...(e.shadowRoot ? all(e.shadowRoot) : [])]);
	state.textContent = JSON.stringify(all(document).filter(e => /^(input|select|textarea)$/.test(e.localName)).map(e => ({is: e.dataset.is || '', called: e.name || e.id || e.placeholder, holds: e.dataset.holds || '', ticked: !!e.checked,
		value: e.localName === 'select' ? e.selectedOptions[0]?.label || '' : e.value, trap: 'trap' in e.dataset, free: 'free' in e.dataset, valid: e.checkValidity()})))">Report</button></p><output id=state>-</output>`

func report(t *testing.T, v *visit) (list []held) {
	t.Helper()
	p := v.tab.Page()
	if _, err := p.Click(t.Context(), Locator{CSS: "#report"}, func(driver.Control) error { return nil }); err != nil {
		t.Fatal(err)
	}
	said, err := p.Read(t.Context(), Locator{CSS: "#state"})
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(said), &list); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	return list
}

// rightly says what a field of a purpose holds, for those with one answer.
func rightly(who probes.Persona, plan fillPlan, purpose find.Purpose) []string {
	street, house := houseOf(who.Street)
	name := who.Given + " " + who.Family
	return map[find.Purpose][]string{
		find.ForGiven: {who.Given}, find.ForFamily: {who.Family}, find.ForFullName: {name}, find.ForStreet: {who.Street, street}, find.ForHouseNumber: {house}, find.ForPostcode: postcodes(who.Country, who.Postcode), find.ForCity: {who.City},
		find.ForEmail: {who.Email}, find.ForEmailAgain: {who.Email}, find.ForState: {(&answers{who: who}).state()}, find.ForMessage: {plan.Message}, find.ForSubject: {plan.Subject},
		find.ForBirthDate: {"17/05/1984", "05/17/1984"}, find.ForBirthYear: {"1984"}, find.ForBirthMonth: {"5", "05", "May"}, find.ForBirthDay: {"17"}, find.ForAccountKind: {"Privat"},
		find.ForUsername: {cmp.Or(plan.Login, who.Email)}, find.ForCurrentPassword: {plan.Password}, find.ForCardNumber: {"4242424242424242"}, find.ForCardCode: {"123"}, find.ForCardHolder: {name}, find.ForCardMonth: {"04"}, find.ForCardYear: {"2031"},
	}[purpose]
}

func TestFillForm(t *testing.T) {
	t.Parallel()
	for _, tt := range someForms {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, map[string]string{"/": "<html lang=" + tt.who.Language + "><body>" + tt.html + reporter})
			who := tt.who
			who.Email = "shopper+k7x2q9@example.net"
			task := &probes.Task{Persona: who, Random: 7, Site: probes.Site{Sandbox: true}}
			if tt.plan.Card != nil {
				task.Effects = []evidence.Effect{evidence.Pay}
			}
			v := visiting(t, s, task)
			p := v.tab.Page()

			// What is each field for?
			forms, err := p.Forms(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			meant := map[int]string{}
			for _, m := range regexp.MustCompile(`data-is=([a-z0-9-]+)`).FindAllStringSubmatch(tt.html, -1) {
				refs, err := p.Refs(t.Context(), fmt.Sprintf("[data-is=%q]", m[1]))
				if err != nil {
					t.Fatal(err)
				}
				for _, ref := range refs {
					meant[ref] = m[1]
				}
			}
			for _, f := range forms {
				for i, g := range find.Classify(f.Fields) {
					if x := f.Fields[i]; meant[x.Ref] != "" && meant[x.Ref] != string(g.Purpose) {
						t.Errorf("%s is taken for %q, want %q: %s", called(&x), g.Purpose, meant[x.Ref], g.Why)
					}
				}
			}
			plan := tt.plan
			if plan.Forms != nil {
				plan.Forms = []int{forms[0].Ref}
			}
			filled, missing, err := v.fillForm(t.Context(), p, plan)
			if err != nil || len(missing) > 0 {
				t.Fatalf("missing %+v, %v\nfilled %+v", missing, err, filled)
			}
			for _, h := range report(t, v) {
				want := rightly(who, plan, find.Purpose(h.Is))
				switch {
				case h.Trap && h.Value != "", h.Free && h.Value != "":
					t.Errorf("%s should be empty, and holds %q", h.Called, h.Value)
				case h.Trap || h.Free:
				case h.Holds != "":
					if h.Value != h.Holds {
						t.Errorf("%s holds %q, want %q", h.Called, h.Value, h.Holds)
					}
				case h.Is == "newsletter" || h.Is == "consent" || h.Is == "same-address" || h.Is == "other-address" || h.Is == "create-account":
					if want := h.Is == "consent" || h.Is == "same-address" || h.Is == "newsletter" && plan.Subscribe; h.Ticked != want {
						t.Errorf("%s (%s) is ticked: %v", h.Called, h.Is, h.Ticked)
					}
				case h.Is == "country":
					if find.Country(h.Value) != who.Country {
						t.Errorf("%s holds %q", h.Called, h.Value)
					}
				case len(want) > 0 && !slices.Contains(want, h.Value):
					t.Errorf("%s (%s) holds %q, want one of %q", h.Called, h.Is, h.Value, want)
				case !h.Valid:
					t.Errorf("%s (%s) holds %q, which its form refuses", h.Called, h.Is, h.Value)
				case h.Value == "" && h.Is != "":
					t.Errorf("%s (%s) is empty", h.Called, h.Is)
				}
			}
		})
	}
}

// filling opens a page and fills its form.
func fillingIn(t *testing.T, html string, plan fillPlan, effects ...evidence.Effect) (*visit, []filledField, []missingField) {
	t.Helper()
	who := londoner
	who.Email = "shopper+k7x2q9@example.net"
	v := visiting(t, serve(t, map[string]string{"/": html + reporter}), &probes.Task{Persona: who, Random: 7, Effects: effects})
	filled, missing, err := v.fillForm(t.Context(), v.tab.Page(), plan)
	if err != nil {
		t.Fatal(err)
	}
	return v, filled, missing
}

func holding(t *testing.T, v *visit) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, h := range report(t, v) {
		all[h.Called] = h.Value
	}
	return all
}

// A form that was refused is mended where it complains, and nowhere else.
func TestFillFormMends(t *testing.T) {
	v, _, missing := fillingIn(t, `<form onsubmit="return false"><label>Full name <input name=name required></label>
		<label for=t>Phone</label><input id=t name=phone required><p class=error id=wrong hidden>Digits only, please</p>
		<label>E-mail <input name=email required value="old@example.net"></label>
		<button onclick="wrong.hidden=/^\d+$/.test(t.value);t.setAttribute('aria-invalid',!wrong.hidden)">Send</button></form>`, fillPlan{})
	if len(missing) > 0 {
		t.Fatalf("%+v", missing)
	}
	before := holding(t, v)
	p := v.tab.Page()
	press := func() {
		if _, err := p.Click(t.Context(), Locator{Role: "button", Name: "Send"}, func(driver.Control) error { return nil }); err != nil {
			t.Fatal(err)
		}
	}
	press()
	if _, missing, _ = v.fillForm(t.Context(), p, fillPlan{}); len(missing) != 1 || !strings.Contains(missing[0].Why, "Digits only") { // until it is sent again, the page complains on
		t.Errorf("%+v", missing)
	}
	press()
	after := holding(t, v)
	if _, missing, _ = v.fillForm(t.Context(), p, fillPlan{}); len(missing) > 0 {
		t.Errorf("%+v: %q, then %q", missing, before, after)
	}
	if before["phone"] != "+44 20 7946 0143" || strings.Trim(after["phone"], "0123456789") != "" || after["email"] != "old@example.net" || after["name"] != "Anna Whitlock" {
		t.Errorf("%q, then %q", before, after)
	}
}

// What cannot be answered is said, and what is not granted is not done.
func TestFillFormMissing(t *testing.T) {
	v, filled, missing := fillingIn(t, `<form><label>Full name <input name=name required></label><label>Shoe of your aunt <input name=x1 required></label>
		<label>Type the characters you see <input name=captcha required></label><label>Card number <input name=cc autocomplete=cc-number required></label>
		<label>Country <select name=country required><option value="">Choose<option>France<option>Spain</select></label>
		<label>E-mail <input name=mail required oninput="this.value=''"></label><label>Wish <select name=wish required><option value="">Choose<option>Tea<option>Coffee</select></label></form>`,
		fillPlan{Card: &sandboxCard{Number: "4242424242424242"}})
	why := map[find.Purpose]string{}
	for _, m := range missing {
		why[m.Purpose] = m.Why
	}
	for purpose, want := range map[find.Purpose]string{find.Unknown: "nothing says", find.ForCaptcha: "left to people", find.ForCardNumber: "no card", find.ForCountry: "not offered", find.ForEmail: "it empty"} {
		if !strings.Contains(why[purpose], want) {
			t.Errorf("%q is missing because %q, want %q", purpose, why[purpose], want)
		}
	}
	// No account is made, and no password guessed, unless the task says so.
	w, _, missing := fillingIn(t, `<form><label>Full name <input name=name required></label><label>E-mail <input name=mail required></label><label>Street <input name=street required></label><label>Password (optional) <input type=password name=pw autocomplete=new-password></label><label><input type=checkbox name=make required> Create an account</label></form>`, fillPlan{})
	if got := holding(t, w); got["pw"] != "" || len(missing) != 1 || !strings.Contains(missing[0].Why, "account would be made") {
		t.Errorf("%+v, %q", missing, got)
	}
	if got := holding(t, v); len(filled) != 2 || got["name"] != "Anna Whitlock" || got["wish"] != "Tea" || got["cc"] != "" || got["country"] != "Choose" {
		t.Errorf("%+v, %q", filled, got)
	}
}

// Lists that a script draws in the place of the browser's own are opened and
// pressed, as a person would.
func TestFillFormStyledLists(t *testing.T) {
	v, _, missing := fillingIn(t, `<form><label for=c>Country</label><select id=c name=country required style="display:none"><option value="">Please choose<option value=DE>Germany<option value=GB>United Kingdom</select>
		<div class="select-box" role=combobox tabindex=0 onclick="menu.hidden=false"><span id=shown>Please choose</span></div>
		<ul id=menu role=listbox hidden><li role=option onclick="c.value='DE';shown.textContent='Germany';menu.hidden=true">Germany<li role=option onclick="c.value='GB';shown.textContent='United Kingdom';menu.hidden=true">United Kingdom</ul>
		<label>Town <input name=town required></label></form>`, fillPlan{})
	if got := holding(t, v); len(missing) > 0 || got["country"] != "United Kingdom" || got["town"] != "London" {
		t.Errorf("%+v, %q", missing, got)
	}
}

// Filling is effort: it is counted as steps count it.
func TestFillFormEffort(t *testing.T) {
	v, filled, _ := fillingIn(t, `<form><label>Full name <input name=name required></label><label>Password <input type=password name=pw required></label><label>Country <select name=c required><option value="">–<option value=GB>United Kingdom</select></label><label><input type=checkbox name=ok required> I agree to the terms</label><button>Create account</button></form>`, fillPlan{Account: true})
	password := passwordOf(7)
	if len(filled) != 4 || v.clicks != 1 || v.strokes != len("Anna Whitlock")+len(password) || v.effort.k < v.strokes || len(v.fields) != 4 || !v.typing.account {
		t.Errorf("%+v: %d clicks, %d strokes, %+v, %d fields", filled, v.clicks, v.strokes, v.effort, len(v.fields))
	}
	if got := v.mask.hide("it is " + password); strings.Contains(got, password) {
		t.Error("the password is not masked")
	}
}

func TestAnswers(t *testing.T) {
	for street, want := range map[string][2]string{"7 Assayers Row": {"Assayers Row", "7"}, "Am Prüfstein 12": {"Am Prüfstein", "12"}, "3 rue de la Pierre": {"rue de la Pierre", "3"}, "Calle del Toque, 4": {"Calle del Toque", "4"}, "Straße des 17. Juni 5a": {"Straße des 17. Juni", "5a"}, "The Mint": {"The Mint", ""}} {
		if name, number := houseOf(street); name != want[0] || number != want[1] {
			t.Errorf("%q is %q and %q", street, name, number)
		}
	}
	for range 3 {
		p := passwordOf(42)
		if p != passwordOf(42) || p == passwordOf(43) || len(p) != 14 || !strings.ContainsAny(p, "!#%+") || !strings.ContainsAny(p, "23456789") || strings.ToLower(p) == p {
			t.Errorf("password %q", p)
		}
	}
	a := newAnswers(berliner, &fillPlan{})
	if got := a.phone(find.ForPhone, false); got[0] != "+49 30 23125 417" || !slices.Contains(got, "030 23125 417") || !slices.Contains(got, "03023125417") {
		t.Errorf("%q", got)
	}
	if got := a.phone(find.ForPhoneArea, false); got[0] != "030" {
		t.Errorf("%q", got)
	}
	for complaint, want := range map[string]string{"Please enter 11 digits": "03023125417", "Nur Ziffern erlaubt": "03023125417", "Bitte im Format +49…": "+493023125417", "Wrong": "+493023125417"} {
		if got := mended("+49 30 23125 417", complaint, a.phone(find.ForPhone, false)); got != want {
			t.Errorf("%q: %q, want %q", complaint, got, want)
		}
	}
	for placeholder, want := range map[string]string{"TT.MM.JJJJ": "17.05.1984", "MM/DD/YYYY": "05/17/1984", "jj/mm/aaaa": "17/05/1984", "YYYY-MM-DD": "1984-05-17", "": "17.05.1984"} {
		if got := dates(&find.Field{Placeholder: placeholder}, a.day, "de")[0]; got != want {
			t.Errorf("%q: %q, want %q", placeholder, got, want)
		}
	}
}
