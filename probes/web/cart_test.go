package web

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"touchstone/internal/evidence"
	"touchstone/probes"
)

// What a visit has put into the cart of somebody else's shop is taken out again,
// where the server keeps it, by the controls that the cart has.
func TestCartIsEmptied(t *testing.T) {
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
