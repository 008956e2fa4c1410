package web

import (
	"slices"
	"testing"

	"touchstone/internal/evidence"
)

// A first product that cannot be had gets the next ones: the cheap ones first,
// what is said to be sold out last, and the dear one not at all.
func TestNextProduct(t *testing.T) {
	item := func(path, name, price, more string) string {
		return `<li><a href=` + path + `><h3>` + name + `</h3></a> <span>` + price + `</span> ` + more + `</li>`
	}
	product := func(name, price, buy string) string {
		return `<h1>` + name + `</h1><p>` + price + `</p>` + buy
	}
	add := func(to string) string {
		return `<form method=post action=` + to + `><label>Quantity <input type=number value=1 name=q></label><button>Add to basket</button></form>`
	}
	s := serve(t, map[string]string{
		"/": `<h1>Lamps</h1><a href=/basket>Basket</a><ul>` + item("/globe", "Globe", "£90.00", "") + item("/spark", "Spark", "£3.00", "Sold out") + item("/match", "Match", "£5.00", "") +
			item("/taper", "Taper", "£6.00", "") + item("/wick", "Wick", "£8.00", "") + item("/lantern", "Lantern", "£12.00", "") + `</ul>`,
		"/globe":   product("Globe", "£90.00", add("/add")),
		"/spark":   product("Spark", "£3.00", add("/add")),
		"/match":   product("Match", "£5.00", `<p>Out of stock</p><button disabled>Add to basket</button>`),
		"/taper":   product("Taper", "£6.00", `<form method=post action=/add><label>Colour <select name=c required><option value="">Choose</option><option disabled>Red, sold out</option><option disabled>Blue, sold out</option></select></label><button>Add to basket</button></form>`),
		"/wick":    product("Wick", "£8.00", add("/full")),
		"/lantern": product("Lantern", "£12.00", add("/add")),
		"/full":    `500 <h1>Something went wrong</h1><p>The product could not be added.</p>`,
		"/add":     "->/basket",
		"/basket":  `<h1>Your basket</h1><table><tr><td>Lantern</td><td><input type=number value=1 aria-label=Quantity></td><td>£12.00</td><td><button>Remove</button></td></tr></table><p>Total £12.00</p><a href=/checkout>Checkout</a>`,
	})
	r := goal(t.Context(), t, s.URL+"/", `{"goal":"add-to-cart"}`)
	if r.Outcome != evidence.Completed {
		t.Fatalf("%s: %s (%s)", r.Outcome, r.Reason, s.log())
	}
	var opened []string
	for _, asked := range s.log() {
		for _, p := range []string{"/globe", "/spark", "/match", "/taper", "/wick", "/lantern"} {
			if asked == "GET "+p && !slices.Contains(opened, p) {
				opened = append(opened, p)
			}
		}
	}
	if want := []string{"/match", "/taper", "/wick", "/lantern"}; !slices.Equal(opened, want) {
		t.Errorf("products were opened in this order: %v, want %v", opened, want)
	}
	if s.got("POST /add") != 1 {
		t.Errorf("%d times something was put into the basket", s.got("POST /add"))
	}
	if n := r.number(t, "goal.backtracks"); n < 2 {
		t.Errorf("the products that could not be had cost %v presses", n)
	}
}
