package web

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"touchstone/internal/evidence"
	"touchstone/probes"
)

// What a visit has put into the cart of somebody else's shop is taken out again,
// where the server keeps it, by the controls that the cart has.
func TestCartIsEmptied(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, line, empty, cart string
		own, shown, emptied     bool
	}{
		{"by a button for each line", `<form method=post action=/take><input type=hidden name=i value=%d><button>Remove</button></form>`, "Your basket is empty.", "/basket", false, true, true},
		{"by a link in German", `<a href=/take?i=%d>Entfernen</a>`, "Ihr Warenkorb ist leer", "/warenkorb", false, true, true},
		{"by an icon", `<form method=post action=/take><input type=hidden name=i value=%d><button class=line-remove>×</button></form>`, "カートに商品が入っていません", "/shop/cart", false, true, true},
		{"by a script that asks", `<button onclick="if (confirm('Wirklich löschen?')) fetch('/take?i=%d', {method: 'POST'}).then(() => location.reload())">Löschen</button>`, "", "/cart", false, true, true},
		{"by an amount of nought", `<form method=post action=/take?i=%d><label>Quantity <input type=number name=q value=1></label><button>Update</button></form>`, "No items in your cart", "/cart", false, true, true},
		{"no way to do it", `<p>Pot %d</p><a href=/call>Call us</a>`, "", "/cart", false, true, false},
		{"a control that does nothing", `<button data-i=%d>Remove</button>`, "", "/cart", false, true, false},
		{"one's own shop", `<a href=/take?i=%d>Remove</a>`, "Your cart is empty", "/cart", true, false, false},
		{"no cart", `<a href=/take?i=%d>Remove</a>`, "Your cart is empty", "/things", false, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var mu sync.Mutex
			lines := map[string]bool{"1": true, "2": true}
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				mu.Lock()
				defer mu.Unlock()
				w.Header().Set("Content-Type", "text/html; charset=utf-8")
				io.WriteString(w, "<!doctype html><title>Shop</title>")
				switch r.URL.Path {
				case "/take":
					delete(lines, r.FormValue("i"))
					fmt.Fprintf(w, "<meta http-equiv=refresh content='0;url=%s'>", c.cart)
				case c.cart:
					for i := range lines {
						fmt.Fprintf(w, strings.ReplaceAll(c.line, "%d", "%[1]s"), i)
					}
					if len(lines) == 0 {
						io.WriteString(w, "<p>"+c.empty+"</p>")
					}
					io.WriteString(w, `<a href=/checkout>Go on</a>`)
				case "/checkout":
					io.WriteString(w, `<h1>Checkout</h1><form method=post action=/x><label>Name <input name=n></label></form>`)
				default:
					fmt.Fprintf(w, `<a href=%s>Cart</a>`, c.cart)
				}
			}))
			defer srv.Close()
			r := shoppingWith(t.Context(), t, shared, srv.URL+"/", `[{"open":"/"},{"click":{"text":"Cart"}},{"click":{"text":"Go on"}},{"effect":"fill-checkout","fill":{"label":"Name","value":"Anna"}}]`,
				grant(evidence.FillCheckout), func(t *probes.Task) { t.Site.Own = c.own })
			want(t, r, evidence.Completed, "")
			f, shown := r.Fact("web.cart-emptied")
			if shown != c.shown || shown && (f.Number == 1) != c.emptied {
				t.Errorf("recorded %v: %+v", shown, f)
			}
			mu.Lock()
			defer mu.Unlock()
			if (len(lines) == 0) != c.emptied {
				t.Errorf("left in the cart: %v", lines)
			}
			if shown != (r.files["05-cart-emptied.png"] != nil) {
				t.Error("there is no picture of the cart, or one too many")
			}
		})
	}
}

// Visits that find their own way leave no basket behind either, whatever they
// came for: one with a page of its own, and one that only slides in.
func TestCartIsEmptiedAfterAGoal(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		goal, task string
		drawer     bool
		effects    []evidence.Effect
		marks      string // what criteria make of the visit
	}{
		{"add-to-cart", "shop", false, nil, "availability=1"},
		{"price-check", "price-check", true, nil, "price-consistency=1, out-of-stock-sign=not-applicable"},
		{"leave-and-return", "return-visit", false, []evidence.Effect{evidence.FillCheckout}, "cart-persistence=1, data-reuse=0"},
		{"reach-payment", "checkout", true, []evidence.Effect{evidence.FillCheckout}, "checkout-success=1, consent-preticked=0, early-tracking=1, guest-checkout=1, data-reuse=1"},
	} {
		t.Run(c.goal, func(t *testing.T) {
			t.Parallel()
			var mu sync.Mutex
			filled := 0
			lines := map[string]bool{}
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				mu.Lock()
				defer mu.Unlock()
				w.Header().Set("Content-Type", "text/html; charset=utf-8")
				basket := ""
				for i := range lines {
					basket += `<div class=line><a href=/p/` + i + `>Blue pot</a> 1 × £9.00 <form method=post action=/take><input type=hidden name=i value=` + i + `><button aria-label="Remove Blue pot">×</button></form></div>`
				}
				if basket == "" {
					basket = "<p>Your basket is empty.</p>"
				} else {
					basket = "<h2>Your basket</h2>" + basket + "<p>Total £9.00</p><a href=/checkout>Go to checkout</a>"
				}
				opener, drawer := fmt.Sprintf(`<a href=/basket>Basket (%d)</a>`, len(lines)), ""
				if c.drawer {
					opener = fmt.Sprintf(`<button onclick="document.querySelector('aside').hidden=false">Basket (%d)</button>`, len(lines))
					drawer = `<aside role=dialog aria-label="Your basket" hidden>` + basket + `</aside>`
				}
				fmt.Fprintf(w, `<!doctype html><html lang=en><title>Pots</title><header><a href=/>Pots</a> <nav><a href=/pots>All pots</a></nav> %s</header>%s<main>`, opener, drawer)
				switch r.URL.Path {
				case "/put":
					lines["1"] = true
					filled++
					fmt.Fprint(w, "<meta http-equiv=refresh content='0;url=/p/1?added=1'>")
				case "/take":
					delete(lines, r.FormValue("i"))
					fmt.Fprint(w, "<meta http-equiv=refresh content='0;url=/basket'>")
				case "/basket":
					fmt.Fprint(w, "<h1>Basket</h1>"+basket)
				case "/checkout":
					fmt.Fprint(w, `<h1>Checkout</h1><form method=post action=/pay><label>Name <input name=name autocomplete=name></label><label>Email <input type=email name=email></label><label>Street <input name=street></label><label>Town <input name=city></label><label>Postcode <input name=zip></label><label><input type=checkbox name=news checked> Send me news and offers by email</label><fieldset><legend>Payment method</legend><label><input type=radio name=pay value=card checked>Card</label><label><input type=radio name=pay value=bill>Invoice</label></fieldset><button>Place order</button></form>`)
				case "/p/1":
					fmt.Fprint(w, `<h1>Blue pot</h1><p>£9.00</p><p>In stock</p><form method=post action=/put><input type=hidden name=i value=1><button>Add to basket</button></form>`)
					if r.URL.Query().Has("added") {
						fmt.Fprint(w, `<p role=status>Blue pot was added to your basket.</p>`)
					}
				default:
					fmt.Fprint(w, `<h1>Pots</h1><ul><li><a href=/p/1><h3>Blue pot</h3></a> <span>£9.00</span></li><li><a href=/p/2><h3>Red pot</h3></a> <span>£19.00</span></li></ul>`)
				}
			}))
			defer srv.Close()
			k := Kind(shared)
			p, err := k.Decode([]byte(`{"goal":"` + c.goal + `"}`))
			if err != nil {
				t.Fatal(err)
			}
			task := &probes.Task{Probe: evidence.ProbeID{Wave: "w", Site: "shop", Scenario: c.goal, Repeat: 1}, Params: p, Effects: c.effects, Site: probes.Site{ID: "shop", URL: srv.URL + "/"}, Persona: customer("Europe/London")}
			rec := probes.NewRecorder(&k, task.Probe, c.task, Reading, time.Unix(0, 0), evidence.NewMemory().Put)
			if err := k.Visit(t.Context(), task, rec); err != nil {
				t.Fatal(err)
			}
			o := rec.Observation(time.Second)
			want(t, result{Observation: o}, evidence.Completed, "")
			if f, shown := o.Fact("web.cart-emptied"); !shown || f.Number != 1 {
				t.Errorf("recorded %v: %+v", shown, f)
			}
			mu.Lock()
			defer mu.Unlock()
			if filled == 0 || len(lines) != 0 {
				t.Errorf("filled %d times, left behind: %v", filled, lines)
			}
			gives(t, o, c.marks)
		})
	}
}
