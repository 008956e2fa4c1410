package scenarios

import (
	"slices"
	"strings"
	"testing"

	"touchstone/internal/evidence"
	"touchstone/probes"
	"touchstone/probes/form"
	"touchstone/probes/newsletter"
	"touchstone/probes/web"
)

// What a scenario does at a site follows from what the site allows: effects that
// it can do without, sites at which it is left out, and who comes.
func TestWhatASiteAllows(t *testing.T) {
	const visit = "title: T\nkind: web\ntask: t\nwith: {steps: [{open: /}]}\n"
	p := load(t, map[string]string{
		"sites.yaml": `sites:
  - {id: own, url: "https://a.example/", language: de-AT, authorisation: {as: own}}
  - {id: open, url: "https://b.example/", language: fi, authorisation: {as: public-enquiry}}
  - {id: client, url: "https://c.example/", language: en-US, authorisation: {as: permission, by: M, on: 2026-11-01, grant: [place-order]}}
`,
		"scenarios/ask.yaml":   "",
		"scenarios/buy.yaml":   "id: buy\neffects: [fill-checkout]\nperhaps: [place-order]\npersona: local\n" + visit,
		"scenarios/order.yaml": "id: order\neffects: [fill-checkout, place-order]\nwhere-allowed: true\npersona: hanna\n" + visit,
	})
	buy, order := &p.Scenarios[0], &p.Scenarios[1]
	for i, want := range []struct {
		site    string
		effects []evidence.Effect
		ordered bool
		who     string
	}{
		{"own", []evidence.Effect{evidence.FillCheckout}, false, "jonas"},
		{"open", []evidence.Effect{evidence.FillCheckout}, false, "anna"},
		{"client", []evidence.Effect{evidence.FillCheckout, evidence.PlaceOrder}, true, "grace"},
	} {
		s := &p.Sites[i]
		if got := buy.EffectsAt(s, probes.Kind{}); !slices.Equal(got, want.effects) {
			t.Errorf("%s: %v, want %v", s.ID, got, want.effects)
		}
		if got := order.Applies(s, probes.Kind{Channel: "web"}); got != want.ordered {
			t.Errorf("%s: the order is planned: %v", s.ID, got)
		}
		if who, ok := p.Shopper(buy, s); !ok || who.ID != want.who {
			t.Errorf("%s: %s comes, want %s", s.ID, who.ID, want.who)
		}
		if who, ok := p.Shopper(order, s); !ok || who.ID != "hanna" {
			t.Errorf("%s: %s comes, who was named otherwise", s.ID, who.ID)
		}
	}
	if got := buy.Effects; len(got) != 1 {
		t.Errorf("the scenario itself has changed: %v", got)
	}
}

// Where nobody gave leave, only a kind that leaves newsletters signs up to them.
func TestNewslettersAreLeft(t *testing.T) {
	visit := web.Kind(nil)
	kinds := []probes.Kind{visit, form.Kind(visit), newsletter.Kind(visit)}
	for _, c := range []struct {
		as      string
		granted [3]bool
	}{
		{Own, [3]bool{true, true, true}},
		{Permission, [3]bool{true, true, true}},
		{PublicEnquiry, [3]bool{false, false, true}},
		{"", [3]bool{}},
	} {
		for i, k := range kinds {
			a := Authorisation{As: c.as, Pos: Pos{File: "sites.yaml", Line: 4, Col: 5}}
			ok, why := a.GrantsTo(k, evidence.Subscribe)
			if ok != c.granted[i] {
				t.Errorf("%s by %s: %v, %s", c.as, k.Name, ok, why)
			}
			if !ok && (why == "" || !strings.HasPrefix(why, "sites.yaml:4:5: ")) || c.as == PublicEnquiry && !ok && !strings.Contains(why, "write `kind: newsletter`") {
				t.Errorf("%s by %s: %q", c.as, k.Name, why)
			}
			if form, _ := a.GrantsTo(k, evidence.SubmitForm); form != (c.as != "") {
				t.Errorf("%s by %s: a form is granted: %v", c.as, k.Name, form)
			}
		}
	}
}
