package main

import (
	"bytes"
	"fmt"
	"html"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// A shop is a plain shop on loopback, the same for every driver: five pages
// with a style sheet, a script and pictures each, a basket in a cookie, and a
// checkout of ten fields that it checks. It counts the orders that came whole.
type shop struct {
	url    string
	server *http.Server

	mu     sync.Mutex
	orders int
}

// fields are those of the checkout: their names, labels and what is typed.
// The last is a list, of which the option with that label is chosen.
var fields = []struct{ name, label, value string }{
	{"given", "Given name", "Ada"}, {"family", "Family name", "Feldmann"}, {"email", "E-mail", "ada@shopper.example"}, {"phone", "Telephone", "+44 20 7946 0143"},
	{"street", "Street and number", "7 Assayers Row"}, {"more", "Flat or floor", "2b"}, {"postcode", "Postcode", "SE1 9ZZ"}, {"city", "Town", "London"}, {"note", "Note to the carrier", "Ring twice"},
	{"country", "Country", "United Kingdom"},
}

func openShop() (*shop, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &shop{url: "http://" + l.Addr().String()}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.home)
	mux.HandleFunc("GET /product/{id}", s.product)
	mux.HandleFunc("POST /basket", func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "basket", Value: r.FormValue("id"), Path: "/"})
		http.Redirect(w, r, "/basket", http.StatusSeeOther)
	})
	mux.HandleFunc("GET /basket", s.basket)
	mux.HandleFunc("GET /checkout", s.checkout)
	mux.HandleFunc("POST /checkout", s.order)
	mux.HandleFunc("GET /thanks", func(w http.ResponseWriter, r *http.Request) {
		page(w, "Thank you", `<h1>Thank you</h1><p>Your order <b id=order>`+html.EscapeString(r.FormValue("order"))+`</b> is on its way to the workshop.</p>`)
	})
	mux.HandleFunc("GET /style.css", asset("text/css", style))
	mux.HandleFunc("GET /script.js", asset("text/javascript", script))
	mux.HandleFunc("GET /picture/{n}", asset("image/png", picture()))
	mux.HandleFunc("GET /slow", s.slow)
	mux.HandleFunc("GET /odd", func(w http.ResponseWriter, _ *http.Request) { page(w, "Odd", oddities) })
	mux.HandleFunc("GET /worker.js", asset("text/javascript", `postMessage('Worked')`))
	mux.HandleFunc("GET /file", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Disposition", "attachment; filename=letter.zip")
		_, _ = w.Write([]byte("letter"))
	})
	mux.HandleFunc("GET /silence", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	s.server = &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = s.server.Serve(l) }()
	return s, nil
}

func (s *shop) close() { _ = s.server.Close() }

// ordered gives how many whole orders came since it was last asked.
func (s *shop) ordered() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.orders
	s.orders = 0
	return n
}

func asset(kind, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Cache-Control", "max-age=600")
		_, _ = w.Write([]byte(body))
	}
}

func page(w http.ResponseWriter, title, main string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, `<!doctype html><html lang=en><head><meta charset=utf-8><meta name=viewport content="width=device-width"><title>%s · Pots</title>
<link rel=stylesheet href=/style.css><script src=/script.js defer></script></head><body>
<header><a href=/ class=logo>Pots</a><nav><a href=/>Home</a> <a href=/product/2>New</a> <a href=/basket>Basket</a></nav></header><main>%s</main>
<footer><a href=/>Imprint</a> <a href=/>Delivery</a> <a href=/>Returns</a></footer></body></html>`, html.EscapeString(title), main)
}

func (s *shop) home(w http.ResponseWriter, _ *http.Request) {
	var b strings.Builder
	b.WriteString("<h1>Pots</h1><ul class=grid>")
	for n := 1; n <= 16; n++ {
		fmt.Fprintf(&b, `<li><a href=/product/%d><img src=/picture/%d width=160 height=120 alt=""><span>Pot number %d</span></a><em>£%d.50</em></li>`, n, n%6, n, 10+n)
	}
	page(w, "Home", b.String()+"</ul>")
}

func (s *shop) product(w http.ResponseWriter, r *http.Request) {
	id := html.EscapeString(r.PathValue("id"))
	page(w, "Pot number "+id, `<h1>Pot number `+id+`</h1><img src=/picture/1 width=320 height=240 alt="The pot"><p>`+strings.Repeat("Thrown by hand and fired twice. ", 12)+`</p>
<form method=post action=/basket><input type=hidden name=id value="`+id+`"><label>Quantity <input name=n type=number value=1></label> <button id=add>Add to basket</button></form>`)
}

func (s *shop) basket(w http.ResponseWriter, r *http.Request) {
	c, err := r.Cookie("basket")
	if err != nil {
		page(w, "Basket", `<h1>Your basket is empty</h1>`)
		return
	}
	page(w, "Basket", `<h1>Basket</h1><table><tr><td><img src=/picture/2 width=80 height=60 alt=""><td>Pot number `+html.EscapeString(c.Value)+`<td>£12.50</table><a id=go href=/checkout class=button>Go to checkout</a>`)
}

func (s *shop) checkout(w http.ResponseWriter, _ *http.Request) {
	var b strings.Builder
	b.WriteString(`<h1>Checkout</h1><form method=post>`)
	for _, f := range fields[:len(fields)-1] {
		fmt.Fprintf(&b, `<p><label for=%s>%s</label><input id=%s name=%s required></p>`, f.name, f.label, f.name, f.name)
	}
	b.WriteString(`<p><label for=country>Country</label><select id=country name=country><option value="">Choose<option value=DE>Germany<option value=GB>United Kingdom<option value=FR>France</select></p><button id=send>Place order</button></form>`)
	page(w, "Checkout", b.String())
}

func (s *shop) order(w http.ResponseWriter, r *http.Request) {
	_, err := r.Cookie("basket")
	for _, f := range fields {
		if v := r.FormValue(f.name); err == nil && v != f.value && (f.name != "country" || v != "GB") {
			err = fmt.Errorf("%s is %q", f.name, v)
		}
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	s.orders++
	s.mu.Unlock()
	http.Redirect(w, r, fmt.Sprintf("/thanks?order=%d", rand.IntN(1e6)), http.StatusSeeOther)
}

// slow answers after the time that it is asked for, and says how long it
// really took.
func (s *shop) slow(w http.ResponseWriter, r *http.Request) {
	begun := time.Now()
	d, err := time.ParseDuration(r.FormValue("for"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.Context().Done():
		return
	}
	w.Header().Set("Server-Timing", fmt.Sprintf("wait;dur=%.3f", float64(time.Since(begun).Microseconds())/1000))
	page(w, "Slow", "<h1>Slow</h1><p>It came.</p>")
}

// oddities is a page that opens, asks and starts things.
const oddities = `<h1>Odd</h1><button onclick="window.open('/product/2')">Window</button> <button onclick="confirm('Really?');out.textContent='Asked'">Ask</button>
<button onclick="new Worker('/worker.js').onmessage=e=>{out.textContent=e.data};document.body.append(Object.assign(document.createElement('iframe'),{src:'/product/4'}))">Work</button>
<a href=/file>File</a> <button onclick="location='/silence'">Silence</button><p id=out></p>`

const style = `*{box-sizing:border-box}body{margin:0;font:16px/1.4 sans-serif;color:#222}header,footer{padding:1rem;background:#eee;display:flex;gap:1rem}
main{max-width:60rem;margin:auto;padding:1rem}.grid{list-style:none;padding:0;display:grid;grid-template-columns:repeat(4,1fr);gap:1rem}.grid a{display:block}
.grid img{display:block;max-width:100%}form p{display:grid;grid-template-columns:12rem 1fr}input,select{padding:.4rem;font:inherit}
button,.button{padding:.6rem 1rem;background:#246;color:#fff;border:0;text-decoration:none;display:inline-block}a:hover,button:hover{opacity:.8}`

const script = `document.documentElement.dataset.ready='1';
for(const i of document.querySelectorAll('input'))i.addEventListener('input',()=>{i.dataset.touched='1'});
(()=>{let n=0;for(const e of document.querySelectorAll('a,button,input'))n+=e.getBoundingClientRect().width;document.documentElement.dataset.sum=Math.round(n)})();`

// picture makes a grainy picture of some kilobytes, the same every time.
func picture() string {
	m := image.NewRGBA(image.Rect(0, 0, 160, 120))
	r := rand.New(rand.NewPCG(1, 2))
	for y := range 120 {
		for x := range 160 {
			m.Set(x, y, color.RGBA{uint8(x + r.IntN(20)), uint8(y + r.IntN(20)), 90, 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		panic(err) // an image in memory always encodes
	}
	return b.String()
}
