package web

import (
	"slices"
	"strings"
	"testing"
	"time"

	"touchstone/internal/evidence"
	"touchstone/internal/highstreet/side"
	"touchstone/probes"
	"touchstone/probes/web/find"
)

// doing makes one visit that does the goals, all where none are named, with
// the effects granted.
func doing(t *testing.T, b *Browser, shop *side.Shop, effects []evidence.Effect, goals ...string) (map[string]Finding, evidence.Observation) {
	t.Helper()
	if len(goals) == 0 {
		for _, g := range find.Doings() {
			goals = append(goals, g.Name)
		}
	}
	found := map[string]Finding{}
	k := Kind(b)
	site := probes.Site{ID: shop.ID(), URL: shop.URL, Own: true, Sandbox: shop.Sandbox()}
	if c := shop.Known(); c.Order != "" {
		site.Customer = &probes.Customer{Email: c.Email, Order: c.Order, Arrived: c.Order + "7", Postcode: c.Postcode}
	}
	if shop.Sandbox() {
		site.Declined = &probes.Card{Number: side.DeclinedCard, Month: 12, Year: 2029, Code: "123"}
	}
	task := &probes.Task{Probe: evidence.ProbeID{Wave: "w", Site: shop.ID(), Scenario: "doing", Repeat: 1}, Site: site, Effects: effects, Random: 7,
		Persona: customer(shop.Zone()),
		Params:  Scouting(goals, "", func(f Finding) { found[f.Goal] = f })}
	rec := probes.NewRecorder(&k, task.Probe, "doing", Reading, time.Unix(0, 0), evidence.NewMemory().Put)
	if err := k.Visit(t.Context(), task, rec); err != nil {
		t.Fatal(err)
	}
	return found, rec.Observation(time.Second)
}

// customer is one who lives where the shop is.
func customer(zone string) probes.Persona {
	p := probes.Persona{Given: "Anna", Family: "Whitlock", Phone: "+44 20 7946 0143", Street: "7 Assayers Row", Postcode: "SE1 9ZZ", City: "London", Country: "GB", Language: "en"}
	switch {
	case strings.HasSuffix(zone, "Berlin"):
		p = probes.Persona{Given: "Jonas", Family: "Feldmann", Phone: "+49 30 23125 417", Street: "Am Prüfstein 12", Postcode: "10115", City: "Berlin", Country: "DE", Language: "de"}
	case strings.HasSuffix(zone, "Paris"):
		p = probes.Persona{Given: "Claire", Family: "Vasseur", Phone: "+33 1 99 00 28 14", Street: "3 rue de la Pierre de Touche", Postcode: "69002", City: "Lyon", Country: "FR", Language: "fr"}
	case strings.HasSuffix(zone, "Tokyo"):
		p = probes.Persona{Given: "花子", Family: "試金", Sound: "シキン ハナコ", Phone: "03-5550-0142", Street: "試金町1-2-3", Postcode: "100-0001", City: "千代田区", State: "東京都", Country: "JP", Language: "ja"}
	case strings.HasPrefix(zone, "America/"):
		p = probes.Persona{Given: "George", Family: "Okafor", Phone: "+1 212 555 0142", Street: "12 Assay Street", Postcode: "10001", City: "New York", State: "New York", Country: "US", Language: "en"}
	}
	p.Email = "probe+doing@touchstone.example"
	return p
}

var everyEffect = []evidence.Effect{evidence.SubmitForm, evidence.FillCheckout, evidence.Subscribe, evidence.Register, evidence.LogIn, evidence.ChangeAccount, evidence.DeclineCard}

// What is done at a shop is what its own books say was done, and nothing else.
func TestDoingsOnTheSideStreet(t *testing.T) {
	t.Parallel()
	street, err := side.Open(t.Context(), nil, doingShops...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = street.Close() })
	for _, shop := range street.Shops() {
		t.Run(shop.ID(), func(t *testing.T) {
			t.Parallel()
			found, o := doing(t, shared, shop, everyEffect)
			done := map[string]int{}
			for _, g := range shop.Goals() {
				f, tried := found[g.Name]
				if !tried {
					continue
				}
				if want := g.State == side.Reached; (f.State == Reached) != want {
					t.Errorf("%s at %s is %s, want %s: %s (%q, %v)", g.Name, shop.ID(), f.State, g.State, f.Evidence.Why, f.Path, f.Evidence.Facts)
				}
				done[g.Name] = count(g.State == side.Reached)
			}
			c := shop.Counts()
			if c.Orders != 0 || c.Messages != done["submit-contact-form"] || c.Subscribers != done["newsletter-sign-up"] || c.Accounts != done["register"] || c.Cancelled != done["cancel-order"] || c.Returned != done["start-return"] {
				t.Errorf("the shop's books: %+v", c)
			}
			if _, ok := o.Fact("web.checkout-steps"); !ok && done["fill-checkout"] > 0 {
				t.Error("a checkout was filled in, and its steps were not counted")
			}
		})
	}
}

var doingShops = []string{"papierlaube", "greenlens"}

// Nothing is done that was not granted.
func TestDoingsAreGranted(t *testing.T) {
	t.Parallel()
	street, err := side.Open(t.Context(), nil, "greenlens")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = street.Close() })
	shop := street.Shops()[0]
	found, _ := doing(t, shared, shop, nil)
	for name, f := range found {
		if g, _ := find.Named(name); len(g.Effects) > 0 && (f.State != NotGranted || !strings.Contains(f.Evidence.Why, "declare it")) {
			t.Errorf("%s without leave: %s, %s", name, f.State, f.Evidence.Why)
		}
	}
	if c := shop.Counts(); c != (side.Counts{}) || len(found) != len(find.Doings()) {
		t.Errorf("the shop's books: %+v after %d goals", c, len(found))
	}
	if !slices.Contains(goalNames(), "reach-payment") {
		t.Error("a scenario cannot name a goal that does something")
	}
}
