package web

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"time"

	"touchstone/internal/evidence"
	"touchstone/internal/highstreet/side"
	"touchstone/probes"
)

// The price of a product is what the shop's own table says, place by place; a
// fee that comes late, a price that the basket raises, an offer past its day, a
// clock that begins anew and what only the basket says to be gone are told.
func TestPriceCheck(t *testing.T) {
	t.Parallel()
	street, err := side.Open(t.Context(), nil, "gridiron-tools", "maison-lavandiere", "harrow-boots")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = street.Close() })
	for _, c := range []struct {
		shop, product string
		effects       []evidence.Effect
		facts         string // of the recorder, "step name=value"
		not           string
		marks         string // what the criteria of the site's control make of it
	}{
		{"gridiron-tools", "coping", []evidence.Effect{evidence.FillCheckout},
			"price-in-list custom.read=21.00, price-on-page custom.read=21.00, price-in-cart custom.read=21.00, offer-price custom.read=21.00, offer-ends custom.read=2025-07-04, fee-1 price.fee=Handling $3.50, total-in-checkout custom.read=34.45, price.was=$27.00, price.same=1, price.fees=1, price.offer-expired=1, stock.sign=in stock", "price.countdown-restarts",
			"price-consistency=1, offer-applied=1, expired-offers=0, unexpected-extras=0, out-of-stock-sign=not-applicable"},
		{"maison-lavandiere", "savon-noir", nil, "price-on-page custom.read=8.90 EUR, price-in-cart custom.read=10.90 EUR, price.same=0", "price.was", "price-consistency=0, offer-applied=not-applicable"},
		{"maison-lavandiere", "coffret", nil, "stock.gone-in-cart=Ce produit n'est plus disponible. Retirez-le pour continuer., price.same=1", "price.offer-expired", "out-of-stock-sign=0, price-consistency=1"},
		{"harrow-boots", "rancher", nil, "price.was=Regular Price $269.00, price.countdown-restarts=1, price.same=1", "price.offer-expired", "price-consistency=1, offer-applied=1, expired-offers=not-applicable"},
		{"harrow-boots", "wellie", nil, "stock.sign=sold out, price.places=2", "stock.gone-in-cart", "out-of-stock-sign=1"},
	} {
		t.Run(c.shop+"/"+c.product, func(t *testing.T) {
			t.Parallel()
			shop := street.Shop(c.shop)
			k := Kind(shared)
			given, _ := json.Marshal(map[string]string{"goal": "price-check", "query": shop.Called(c.product)})
			p, err := k.Decode(given)
			if err != nil {
				t.Fatal(err)
			}
			task := &probes.Task{Probe: evidence.ProbeID{Wave: "w", Site: shop.ID(), Scenario: "price", Repeat: 1}, Params: p, Site: probes.Site{ID: shop.ID(), URL: shop.URL, Own: true}, Persona: customer(shop.Zone()), Effects: c.effects, Random: 7}
			rec := probes.NewRecorder(&k, task.Probe, "price-check", Reading, time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC), evidence.NewMemory().Put)
			if err := k.Visit(t.Context(), task, rec); err != nil {
				t.Fatal(err)
			}
			o := rec.Observation(time.Second)
			if o.Outcome != evidence.Completed {
				t.Fatalf("%s: %s", o.Outcome, o.Reason)
			}
			all := "\n"
			for _, f := range o.Facts {
				value := f.Text
				if f.Unit != evidence.Text {
					value = strconv.FormatFloat(f.Number, 'f', -1, 64)
				}
				all += strings.TrimSpace(f.Step+" "+f.Name) + "=" + value + "\n"
			}
			for want := range strings.SplitSeq(c.facts, ", ") {
				if !strings.Contains(all, "\n"+want) {
					t.Errorf("lacks %q", want)
				}
			}
			if strings.Contains(all, c.not+"=") {
				t.Errorf("has %s", c.not)
			}
			gives(t, o, c.marks)
			if t.Failed() {
				t.Log(all)
			}
			if shop.Counts().Orders > 0 {
				t.Error("something was ordered")
			}
		})
	}
}
