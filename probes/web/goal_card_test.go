package web

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"touchstone/internal/evidence"
	"touchstone/probes"
)

// Fields of a card in the frames of a provider are where money is asked for; the
// card that a sandbox declines is typed into them where that is granted, and
// where it cannot be, that is said and nothing is ordered.
func TestCardInAProvidersFrame(t *testing.T) {
	t.Parallel()
	field := func(name, label, complete string) string {
		return fmt.Sprintf(`<input name=%s aria-label="%s" autocomplete=%s onchange="fetch('/typed/%s')" onblur="fetch('/typed/%s')">`, name, label, complete, name, name)
	}
	const asks, mute = "pay.saferpay.com", "checkout.adyen.com"
	shop := func(provider string) *shop {
		frames := ""
		for _, what := range []string{"number", "expiry", "code"} {
			frames += `<iframe title="Secure ` + what + `" src="http://` + provider + `/` + what + `" width=300 height=60></iframe>`
		}
		return serve(t, map[string]string{
			"/":         `<h1>Pen</h1><p>£9.00</p><form method=post action=/basket><label>Quantity <input type=number name=q value=1></label><button>Add to basket</button></form>`,
			"/basket":   `<h1>Your basket</h1><p>Pen</p><label>Quantity <input type=number value=1></label><p>Total £9.00</p><a href=/checkout>Checkout</a>`,
			"/checkout": `<h1>Checkout</h1><form method=post action=/payment><label>Full name <input name=n autocomplete=name required></label><label>E-mail <input name=e type=email autocomplete=email required></label><label>Address <input name=a autocomplete=street-address required></label><label>Postcode <input name=z autocomplete=postal-code required></label><label>City <input name=c autocomplete=address-level2 required></label><button>Continue to payment</button></form>`,
			"/payment":  `<h1>Payment</h1><p>Pen £9.00</p><p>Total £9.00</p><form method=post action=/pay><h2>Card</h2>` + frames + `<button>Pay now</button></form>`,
			"/pay":      `<h1>Payment</h1><p role=alert>Your card was declined. Please try another card.</p><p>Pen £9.00</p><form method=post action=/pay>` + frames + `<button>Pay now</button></form>`,
		})
	}
	fields := serve(t, map[string]string{
		"/number": field("number", "Card number", "cc-number"), "/expiry": field("expiry", "Expiry date", "cc-exp"), "/code": field("code", "Security code", "cc-csc"),
		"/typed/number": "ok", "/typed/expiry": "ok", "/typed/code": "ok",
	})
	none := serve(t, map[string]string{"/number": `<p>Card number</p>`, "/expiry": `<p>Expiry</p>`, "/code": `<p>Code</p>`})
	o := quick(t.TempDir())
	o.Isolate, o.Resolve = true, map[string]string{asks: fields.Listener.Addr().String(), mute: none.Listener.Addr().String()}
	b, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	card := &probes.Card{Number: "4000000000000002", Month: 12, Year: 2029, Code: "123"}
	for _, c := range []struct {
		provider string
		state    State
		says     string
		typed    bool
		paid     int
	}{
		{asks, Reached, "the page says that the card was not taken", true, 1},
		{mute, Broken, mute, false, 0},
	} {
		s, found := shop(c.provider), map[string]Finding{}
		k := Kind(b)
		task := &probes.Task{Probe: evidence.ProbeID{Wave: "w", Site: "s", Scenario: "card", Repeat: 1}, Site: probes.Site{ID: "s", URL: s.URL + "/", Own: true, Sandbox: true, Declined: card}, Random: 7, Persona: customer("Europe/London"),
			Effects: []evidence.Effect{evidence.FillCheckout, evidence.DeclineCard}, Params: Scouting([]string{"reach-payment", "declined-card"}, "", func(f Finding) { found[f.Goal] = f })}
		rec := probes.NewRecorder(&k, task.Probe, "card", Reading, time.Unix(0, 0), evidence.NewMemory().Put)
		before := fields.got("GET /typed/number")
		if err := k.Visit(t.Context(), task, rec); err != nil {
			t.Fatal(err)
		}
		if f := found["reach-payment"]; f.State != Reached {
			t.Errorf("%s: reach-payment is %s: %s", c.provider, f.State, f.Evidence.Why)
		}
		typed := fields.got("GET /typed/number") > before
		if f := found["declined-card"]; f.State != c.state || !strings.Contains(f.Evidence.Why, c.says) || typed != c.typed || s.got("POST /pay") != c.paid {
			t.Errorf("%s: declined-card is %s: %s %v; typed %t, paid %d times", c.provider, f.State, f.Evidence.Why, f.Evidence.Facts, typed, s.got("POST /pay"))
		}
	}
}
