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
	field := func(name, label, complete string) string {
		return fmt.Sprintf(`<input name=%s aria-label="%s" autocomplete=%s onchange="fetch('/typed/%s')" onblur="fetch('/typed/%s')">`, name, label, complete, name, name)
	}
	frame := func(what string) string {
		return `<iframe title="Secure ` + what + `" src="http://pay.saferpay.com/` + what + `" width=300 height=60></iframe>`
	}
	pages := map[string]string{
		"/":         `<h1>Pen</h1><p>£9.00</p><form method=post action=/basket><label>Quantity <input type=number name=q value=1></label><button>Add to basket</button></form>`,
		"/basket":   `<h1>Your basket</h1><p>Pen</p><label>Quantity <input type=number value=1></label><p>Total £9.00</p><a href=/checkout>Checkout</a>`,
		"/checkout": `<h1>Checkout</h1><form method=post action=/payment><label>Full name <input name=n autocomplete=name required></label><label>E-mail <input name=e type=email autocomplete=email required></label><label>Address <input name=a autocomplete=street-address required></label><label>Postcode <input name=z autocomplete=postal-code required></label><label>City <input name=c autocomplete=address-level2 required></label><button>Continue to payment</button></form>`,
		"/payment":  `<h1>Payment</h1><p>Pen £9.00</p><p>Total £9.00</p><form method=post action=/pay><h2>Card</h2>` + frame("number") + frame("expiry") + frame("code") + `<button>Pay now</button></form>`,
		"/pay":      `<h1>Payment</h1><p role=alert>Your card was declined. Please try another card.</p><p>Pen £9.00</p><form method=post action=/pay>` + frame("number") + frame("expiry") + frame("code") + `<button>Pay now</button></form>`,
		"/number":   field("number", "Card number", "cc-number"), "/expiry": field("expiry", "Expiry date", "cc-exp"), "/code": field("code", "Security code", "cc-csc"),
		"/typed/number": "ok", "/typed/expiry": "ok", "/typed/code": "ok",
	}
	s := serve(t, pages)
	mute := serve(t, map[string]string{"/number": `<p>Card number</p>`, "/expiry": `<p>Expiry</p>`, "/code": `<p>Code</p>`})
	card := &probes.Card{Number: "4000000000000002", Month: 12, Year: 2029, Code: "123"}
	for _, c := range []struct {
		name   string
		frames *shop
		state  State
		says   string
		typed  int
		paid   int
	}{
		{"fields", s, Reached, "the page says that the card was not taken", 1, 1},
		{"no fields", mute, Broken, "pay.saferpay.com", 0, 0},
	} {
		o := quick(t.TempDir())
		o.Isolate, o.Resolve = true, map[string]string{"pay.saferpay.com": c.frames.Listener.Addr().String()}
		b, err := Open(o)
		if err != nil {
			t.Fatal(err)
		}
		found := map[string]Finding{}
		k := Kind(b)
		who := customer("Europe/London")
		paid := s.got("POST /pay")
		task := &probes.Task{Probe: evidence.ProbeID{Wave: "w", Site: "s", Scenario: "card", Repeat: 1}, Site: probes.Site{ID: "s", URL: s.URL + "/", Own: true, Sandbox: true, Declined: card}, Random: 7, Persona: who,
			Effects: []evidence.Effect{evidence.FillCheckout, evidence.DeclineCard}, Params: Scouting([]string{"reach-payment", "declined-card"}, "", func(f Finding) { found[f.Goal] = f })}
		rec := probes.NewRecorder(&k, task.Probe, "card", Reading, time.Unix(0, 0), evidence.NewMemory().Put)
		err = k.Visit(t.Context(), task, rec)
		b.Close()
		if err != nil {
			t.Fatal(err)
		}
		if f := found["reach-payment"]; f.State != Reached {
			t.Errorf("%s: reach-payment is %s: %s", c.name, f.State, f.Evidence.Why)
		}
		if f := found["declined-card"]; f.State != c.state || !strings.Contains(f.Evidence.Why, c.says) || c.frames.got("GET /typed/number") > 0 != (c.typed > 0) || s.got("POST /pay")-paid != c.paid {
			t.Errorf("%s: declined-card is %s: %s %v; paid %d times, %s", c.name, f.State, f.Evidence.Why, f.Evidence.Facts, s.got("POST /pay")-paid, c.frames.log())
		}
	}
}
