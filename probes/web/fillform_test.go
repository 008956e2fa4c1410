package web

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
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
	task.Site = probes.Site{ID: "s", URL: s.URL + "/", Own: true, Sandbox: task.Site.Sandbox}
	v := &visit{b: shared, t: task, log: newRecord(), mask: &masker{}, fields: map[string]driver.Field{}}
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
	chromium, err := shared.start(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if v.tab, err = chromium.NewTab(ctx, driver.TabOptions{Language: task.Persona.Language, Timeout: shared.o.Timeout, Load: shared.o.Load, On: v.on, Patterns: watched(), Gate: v.gate, Dialog: v.dialog}); err != nil {
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
			for _, f := range forms {
				for i, g := range find.Classify(f.Fields) {
					x := f.Fields[i]
					marked, err := p.Refs(t.Context(), fmt.Sprintf("[data-is=%q]", g.Purpose))
					if err != nil {
						t.Fatal(err)
					}
					all, err := p.Refs(t.Context(), "[data-is]")
					if err != nil {
						t.Fatal(err)
					}
					if slices.Contains(all, x.Ref) && !slices.Contains(marked, x.Ref) {
						t.Errorf("%s is taken for %q: %s", called(&x), g.Purpose, g.Why)
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
