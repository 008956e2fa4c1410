package web

import (
	"strings"
	"testing"
	"time"

	"touchstone/internal/evidence"
	"touchstone/internal/highstreet/side"
	"touchstone/probes"
)

// onErrand makes a visit to a site with one goal.
func onErrand(t *testing.T, site probes.Site, goal string, effects ...evidence.Effect) (Finding, evidence.Observation) {
	t.Helper()
	var found Finding
	k := Kind(shared)
	task := &probes.Task{Probe: evidence.ProbeID{Wave: "w", Site: site.ID, Scenario: "errand", Repeat: 1}, Site: site, Effects: effects, Random: 7, Persona: customer("Europe/London"),
		Params: Scouting([]string{goal}, "", func(f Finding) { found = f })}
	rec := probes.NewRecorder(&k, task.Probe, "errand", Reading, time.Unix(0, 0), evidence.NewMemory().Put)
	if err := k.Visit(t.Context(), task, rec); err != nil {
		t.Fatal(err)
	}
	return found, rec.Observation(time.Second)
}

// Of the orders in an account only the one that was named is cancelled, once,
// by the way that its page offers, and only with leave.
func TestCancelOnlyWhatWasNamed(t *testing.T) {
	t.Parallel()
	rows := func(cancel string) string {
		var b strings.Builder
		for _, n := range []string{"70011", "7001", "7002"} {
			b.WriteString(`<tr><td>#` + n + `</td><td>Processing</td><td>` + strings.ReplaceAll(cancel, "{n}", n) + `</td></tr>`)
		}
		return `<title>Orders</title><h1>Orders</h1><a href=/out>Log out</a><table>` + b.String() + `</table>`
	}
	for _, c := range []struct {
		name, cancel string
		effects      []evidence.Effect
		want         string // what the shop heard
	}{
		// WooCommerce's: a link that cancels as soon as it is opened.
		{"a link, without leave", `<a href="/cancel/{n}">Cancel</a>`, []evidence.Effect{evidence.LogIn}, ""},
		{"a link, with leave", `<a href="/cancel/{n}">Cancel order</a>`, []evidence.Effect{evidence.LogIn, evidence.ChangeAccount}, "GET /cancel/7001"},
		{"a button that the browser asks about", `<form method=post action="/cancel/{n}" onsubmit="return confirm('Do you want to cancel the order {n}?')"><button>Cancel order</button></form>`, []evidence.Effect{evidence.LogIn, evidence.ChangeAccount}, "POST /cancel/7001"},
	} {
		s := serve(t, map[string]string{
			"/":            `<h1>Pens</h1><p>We sell pens.</p><a href=/login>Log in</a> <a href=/pens>Pens</a> <a href=/about>About us</a>`,
			"/login":       `<title>Log in</title><h1>Log in</h1><form method=post action=/in><label>E-mail <input type=email name=m></label><label>Password <input type=password name=p></label><button>Log in</button></form>`,
			"/in":          `<title>My account</title><h1>My account</h1><p>Hello again.</p><a href=/orders>Orders</a> <a href=/out>Log out</a>`,
			"/orders":      rows(c.cancel),
			"/cancel/7001": `<title>Orders</title><h1>Orders</h1><p>Your order was cancelled.</p><a href=/out>Log out</a>`,
			"/pens":        `<h1>Pens</h1>`,
			"/about":       `<h1>About us</h1><p>We like ink.</p>`,
		})
		f, o := onErrand(t, probes.Site{ID: "fable-socks", URL: s.URL + "/", Own: true, Customer: &probes.Customer{Email: "known@test.example", Order: "7001"}}, "cancel-order", c.effects...)
		var heard []string
		for _, line := range s.log() {
			if strings.Contains(line, "/cancel/") {
				heard = append(heard, line)
			}
		}
		if got := strings.Join(heard, ", "); got != c.want || f.State != Reached {
			t.Errorf("%s: the shop heard %q, want %q; %s: %s %v", c.name, got, c.want, f.State, f.Evidence.Why, f.Evidence.Facts)
		}
		said, known := o.Fact("order.end-acknowledged")
		if known != (c.want != "") || known && said.Number != 1 {
			t.Errorf("%s: acknowledged %v (%t)", c.name, said, known)
		}
	}
}

// An order further back in the account's list is found on a later page of it.
func TestOrderOnALaterPage(t *testing.T) {
	t.Parallel()
	list := func(more string, numbers ...string) string {
		rows := ""
		for _, n := range numbers {
			rows += `<tr><td><a href="/order/` + n + `">#` + n + `</a></td><td>Sent</td></tr>`
		}
		return `<title>My orders</title><h1>My orders</h1><a href=/out>Log out</a><table>` + rows + `</table><nav aria-label=Pages>` + more + `</nav>`
	}
	s := serve(t, map[string]string{
		"/":              `<h1>Pens</h1><p>We sell pens.</p><a href=/login>Log in</a> <a href=/pens>Pens</a> <a href=/about>About us</a>`,
		"/login":         `<title>Log in</title><h1>Log in</h1><form method=post action=/in><label>E-mail <input type=email name=m></label><label>Password <input type=password name=p></label><button>Log in</button></form>`,
		"/in":            `<title>My account</title><h1>My account</h1><p>Hello again.</p><a href=/orders>Orders</a> <a href=/out>Log out</a>`,
		"/orders":        list(`<a href=/orders/page/2>2</a> <a href=/orders/page/2>Next</a>`, "9003", "9002"),
		"/orders/page/2": list(`<a href=/orders>1</a>`, "9001", "7001"),
		"/order/7001":    `<title>Order 7001</title><h1>Order #7001</h1><p>Status: sent on 3 March</p><a href=/out>Log out</a>`,
		"/pens":          `<h1>Pens</h1>`,
		"/about":         `<h1>About us</h1><p>We like ink.</p>`,
	})
	f, _ := onErrand(t, probes.Site{ID: "fable-socks", URL: s.URL + "/", Own: true, Customer: &probes.Customer{Email: "known@test.example", Order: "7001"}}, "order-status", evidence.LogIn)
	if f.State != Reached || !strings.HasSuffix(f.URL, "/order/7001") || !strings.Contains(strings.Join(f.Path, ", "), `press link "Next"`) {
		t.Errorf("%s at %s by %q: %s %v", f.State, f.URL, f.Path, f.Evidence.Why, f.Evidence.Facts)
	}
}

// A card is typed and sent only where the site's entry says which one its
// sandbox declines; a card that is taken after all is our fault.
func TestDeclinedCardNeedsItsSandbox(t *testing.T) {
	t.Parallel()
	street, err := side.Open(t.Context(), nil, "greenlens")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = street.Close() })
	shop := street.Shops()[0]
	site := probes.Site{ID: shop.ID(), URL: shop.URL, Own: true}
	card := &probes.Card{Number: "4111111111111111", Month: 12, Year: 2029, Code: "123"}
	for _, c := range []struct {
		sandbox bool
		card    *probes.Card
		state   State
		why     string
		orders  int
	}{
		{false, card, NotGranted, "no sandbox", 0},
		{true, nil, NotGranted, "`declined-card`", 0},
		{true, card, Broken, "not one that the sandbox declines", 1},
	} {
		site.Sandbox, site.Declined = c.sandbox, c.card
		f, _ := onErrand(t, site, "declined-card", evidence.FillCheckout, evidence.DeclineCard)
		if f.State != c.state || !strings.Contains(f.Evidence.Why, c.why) || shop.Counts().Orders != c.orders {
			t.Errorf("sandbox %t, card %v: %s, %s; %+v", c.sandbox, c.card != nil, f.State, f.Evidence.Why, shop.Counts())
		}
	}
}

// A shop of frames is searched as one page, and a link in one frame opens in the
// other.
func TestFramesets(t *testing.T) {
	t.Parallel()
	street, err := side.Open(t.Context(), nil, "whittles-trains")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = street.Close() })
	shop := street.Shops()[0]
	found := scouting(t, shared, shop.URL, "find-returns-policy", "search-product", "add-to-cart", "start-checkout")
	for _, g := range shop.Goals() {
		if f, tried := found[g.Name]; tried && f.State != Reached {
			t.Errorf("%s: %s, %s", g.Name, f.State, f.Evidence.Why)
		}
	}
	// What stands in an inner frame leads on inside it.
	s := serve(t, map[string]string{
		"/":     `<title>Desk</title><h1>Desk</h1><iframe src=/in width=900 height=600></iframe>`,
		"/in":   `<title>Help</title><h1>Help</h1><a href=/back>Returns</a> <a href=/ink>Ink</a> <a href=/nibs>Nibs</a>`,
		"/back": `<title>Returns</title><h1>Returns</h1><p>Send back anything unused within 21 days. We refund what you paid.</p>`,
		"/ink":  `<h1>Ink</h1>`,
		"/nibs": `<h1>Nibs</h1>`,
	})
	if f := scouting(t, shared, s.URL+"/", "find-returns-policy")["find-returns-policy"]; f.State != Reached || !strings.HasSuffix(f.URL, "/back") {
		t.Errorf("a policy in an inner frame: %s at %s, %s", f.State, f.URL, f.Evidence.Why)
	}
}
