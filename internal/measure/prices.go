package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"touchstone/internal/evidence"
	"touchstone/internal/highstreet/side"
	"touchstone/probes"
	"touchstone/probes/web"
)

// prices follows the price of every product in the side street's tables, up to
// the payment, and holds what was read against them, place by place.
func prices(w io.Writer, names []string) error {
	ctx := context.Background()
	street, err := side.Open(ctx, nil, names...)
	if err != nil {
		return err
	}
	defer street.Close()
	browser, done, err := ownBrowser(time.Millisecond)
	if err != nil {
		return err
	}
	defer done()
	var result struct {
		Products int            `json:"products"`
		Right    map[string]int `json:"right"` // of each thing that is read
		Wrong    map[string]int `json:"wrong"`
		Misses   []string       `json:"misses"`
	}
	result.Right, result.Wrong = map[string]int{}, map[string]int{}
	for _, shop := range street.Shops() {
		for _, want := range shop.Prices() {
			got, why, err := follow(ctx, browser, shop, shop.Called(want.Product))
			if err != nil {
				return err
			}
			result.Products++
			for _, c := range []struct{ what, want, got string }{
				{"list", want.List, got["list"]}, {"page", want.Page, got["page"]}, {"cart", want.Cart, got["cart"]}, {"was", want.Was, got["was"]},
				{"expired", said(want.Expired), said(got["expired"] == "true")}, {"sold out", said(want.Sign), said(got["stock"] == "sold out")}, {"gone in the cart", said(want.OutInCart), said(got["gone in cart"] != "")},
				{"fees", strings.Join(want.Fees, ", "), fees(got)}, {"clock", want.Clock, clock(got)},
			} {
				if strings.ReplaceAll(c.want, "\u00a0", " ") == strings.ReplaceAll(c.got, "\u00a0", " ") {
					result.Right[c.what]++
					continue
				}
				result.Wrong[c.what]++
				result.Misses = append(result.Misses, fmt.Sprintf("%s, %s: %s is %q, was read as %q %s", shop.ID(), want.Product, c.what, c.want, c.got, why))
			}
		}
	}
	slices.Sort(result.Misses)
	return print(w, result)
}

// follow makes one visit that checks the price of one product, and gives what
// it read in words.
func follow(ctx context.Context, b *web.Browser, shop *side.Shop, product string) (map[string]string, string, error) {
	var found web.Finding
	kind := web.Kind(b)
	task := &probes.Task{
		Probe: evidence.ProbeID{Wave: "measure", Site: shop.ID(), Scenario: "prices", Repeat: 1}, Site: probes.Site{ID: shop.ID(), URL: shop.URL, Own: true}, Persona: customer(shop.Zone()), Random: 7,
		Effects: []evidence.Effect{evidence.FillCheckout, evidence.Register},
		Params:  web.Scouting([]string{"price-check"}, product, func(f web.Finding) { found = f }),
	}
	rec := probes.NewRecorder(&kind, task.Probe, "prices", kind.Reading, time.Now(), evidence.NewMemory().Put)
	if err := kind.Visit(ctx, task, rec); err != nil {
		return nil, "", fmt.Errorf("visit %s: %w", shop.ID(), err)
	}
	why := ""
	if found.State != web.Reached {
		why = "(" + string(found.State) + ": " + found.Evidence.Why + ")"
	}
	return found.Evidence.Facts, why, nil
}

func said(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

func fees(facts map[string]string) string {
	var list []string
	for name, amount := range facts {
		if label, is := strings.CutPrefix(name, "fee: "); is {
			list = append(list, label+" "+amount)
		}
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}

func clock(facts map[string]string) string {
	switch facts["countdown restarts"] {
	case "true":
		return "restarts"
	case "false":
		return "runs"
	}
	return ""
}
