package web

import (
	"bytes"
	"context"
	"crypto/sha1" //nolint:gosec // for the handshake of sockets
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"touchstone/internal/evidence"
	"touchstone/internal/highstreet/side"
	"touchstone/probes"
)

// One browser serves the whole binary; each visit has a context of its own.
var shared *Browser

func TestMain(m *testing.M) {
	_ = flag.Set("test.parallel", strconv.Itoa(2*runtime.GOMAXPROCS(0))) // visits wait half of their time; -parallel is read later
	code := func() int {
		dir, err := os.MkdirTemp("", "web-test-")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(dir)
		shared, err = Open(quick(dir))
		if err == nil {
			_, err = shared.Version(context.Background())
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err) // says what to install
			return 1
		}
		defer shared.Close()
		return m.Run()
	}()
	os.Exit(code)
}

// quick are settings for tests: short waits, and no waiting for one another,
// which turn_test.go is about.
func quick(dir string) Options {
	passwords := map[string]string{}
	for id, c := range side.Customers() {
		passwords[id] = c.Password
	}
	return Options{Passwords: passwords, Path: os.Getenv("TOUCHSTONE_BROWSER"), Isolate: os.Getenv("TOUCHSTONE_ISOLATION") == "on", TempDir: dir, Timeout: 3 * time.Second, Load: time.Second, Distance: time.Millisecond, Overlap: true}
}

// A shop is a server on loopback that remembers what it was asked.
type shop struct {
	*httptest.Server
	mu    sync.Mutex
	asked []string // "POST /order/place"
}

func (s *shop) log() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string{}, s.asked...)
}

func (s *shop) got(what string) int {
	n := 0
	for _, a := range s.log() {
		if a == what {
			n++
		}
	}
	return n
}

// serve makes a shop of pages; a page that begins with "->" redirects, one
// that begins with three digits and a space has that status.
func serve(t *testing.T, pages map[string]string) *shop {
	t.Helper()
	s := &shop{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/favicon.ico" {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		s.mu.Lock()
		s.asked = append(s.asked, r.Method+" "+r.URL.Path)
		s.mu.Unlock()
		body, ok := pages[r.URL.Path]
		status := http.StatusOK
		switch {
		case !ok:
			status, body = http.StatusNotFound, "Nothing here"
		case strings.HasPrefix(body, "->"):
			http.Redirect(w, r, body[2:], http.StatusFound)
			return
		case body == "hang":
			<-r.Context().Done()
			return
		case len(body) > 4 && body[3] == ' ' && body[0] >= '1' && body[0] <= '5':
			status = int(body[0]-'0')*100 + int(body[1]-'0')*10 + int(body[2]-'0')
			body = body[4:]
		}
		if strings.HasPrefix(body, "User-agent") {
			w.Header().Set("Content-Type", "text/plain")
			w.WriteHeader(status)
			io.WriteString(w, body)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Set-Cookie", "session=very-secret-cookie")
		w.WriteHeader(status)
		if !strings.Contains(body, "<title>") {
			body = "<title>Shop " + r.URL.Path + "</title>" + body
		}
		io.WriteString(w, "<!doctype html><html lang=en>"+body)
	}))
	t.Cleanup(s.Close)
	return s
}

// A result is what a visit left.
type result struct {
	evidence.Observation
	files map[string][]byte
	err   error
}

func (r result) number(t *testing.T, name string) float64 {
	t.Helper()
	f, ok := r.Fact(name)
	if !ok {
		t.Errorf("no fact %s", name)
	}
	return f.Number
}

// shopping makes a visit with steps written as JSON, as scenarios give them.
func shopping(t *testing.T, s *shop, steps string, change ...func(*probes.Task)) result {
	t.Helper()
	return shoppingWith(t.Context(), t, shared, s.URL+"/", steps, change...)
}

func shoppingWith(ctx context.Context, t *testing.T, b *Browser, url, steps string, change ...func(*probes.Task)) result {
	t.Helper()
	p := new(Params)
	d := json.NewDecoder(strings.NewReader(`{"steps":` + steps + `}`))
	d.DisallowUnknownFields()
	if err := d.Decode(p); err != nil {
		t.Fatal(err)
	}
	for _, m := range check(p) {
		t.Fatalf("%s: %s", m.Path, m.Message)
	}
	task := &probes.Task{Probe: evidence.ProbeID{Wave: "w", Site: "s", Scenario: "x", Repeat: 1}, Params: p, Site: probes.Site{ID: "s", URL: url, Own: true}, Persona: probes.Persona{Language: "en-GB"}}
	for _, f := range change {
		f(task)
	}
	r := result{files: map[string][]byte{}}
	byRef := map[evidence.Ref][]byte{}
	keep := func(_ context.Context, in io.Reader) (evidence.Ref, error) {
		data, err := io.ReadAll(in)
		sum := sha256.Sum256(data)
		ref := evidence.Ref(hex.EncodeToString(sum[:]))
		byRef[ref] = data
		return ref, err
	}
	kind := Kind(b)
	start := time.Now()
	rec := probes.NewRecorder(&kind, task.Probe, "test", Reading, start, keep)
	r.err = kind.Visit(ctx, task, rec)
	r.Observation = rec.Observation(time.Since(start))
	for name, ref := range r.Evidence {
		r.files[name] = byRef[ref]
	}
	return r
}

func grant(e ...evidence.Effect) func(*probes.Task) {
	return func(t *probes.Task) { t.Effects = append(t.Effects, e...) }
}

func want(t *testing.T, r result, o evidence.Outcome, reason string) {
	t.Helper()
	if r.Outcome != o || !strings.Contains(r.Reason, reason) {
		t.Errorf("ended %s: %s\nwant %s: …%s…", r.Outcome, r.Reason, o, reason)
	}
}

// A whole purchase, up to the payment page.
var purchase = map[string]string{
	"/": `<h1>Teapots</h1><form role=search action=/search><input type=search name=q aria-label=Search></form>
		<a href=/product>Brown teapot</a>`,
	"/product": `<h1>Brown teapot</h1><form method=post action=/basket><label>Size <select name=size><option>Small<option>Large</select></label>
		<label>Quantity <input name=n type=number value=1></label><button>Add to basket</button></form>`,
	"/basket": `<h1>Basket</h1><a href=/checkout>Go to checkout</a>`,
	"/checkout": `<h1>Checkout</h1><form method=post action=/checkout/save>
		<label>Full name <input name=name required autocomplete=name></label>
		<label>E-mail <input name=email type=email required></label>
		<label>Country <select name=country><option value="">Choose<option value=GB selected>United Kingdom<option value=DE>Germany</select></label>
		<label>Note <textarea name=note></textarea></label>
		<fieldset><legend>Delivery</legend><label><input type=radio name=how value=post checked>Post</label><label><input type=radio name=how value=van>Van</label></fieldset>
		<label><input type=checkbox name=news> News</label>
		<input type=hidden name=token value=1><input name=trap style="display:none"><input disabled name=off>
		<button>Continue to payment</button></form>
		<form action=/newsletter><input name=mail aria-label="Newsletter address"></form>`,
	"/checkout/save":    `->/checkout/payment`,
	"/checkout/payment": `<h1>Payment</h1><p>To pay: £ 24.50</p><form method=post action=/order/place><label><input type=radio name=by value=invoice>Pay by invoice</label><button>Place order</button></form>`,
}

const toPayment = `[
	{"open": "/"},
	{"click": {"role": "link", "name": "Brown teapot"}},
	{"select": {"label": "Size", "option": "Large"}},
	{"click": {"role": "button", "name": "Add to basket"}},
	{"click": {"role": "link", "name": "checkout"}},
	{"name": "my-name", "effect": "fill-checkout", "fill": {"label": "Full name", "value": "Anna Field"}},
	{"fill": {"label": "E-mail", "value": "anna@example.net"}},
	{"select": {"label": "Country", "option": "Germany"}},
	{"click": {"label": "Van"}},
	{"click": {"role": "button", "name": "Continue to payment"}},
	{"click": {"role": "radio", "name": "Pay by invoice"}},
	{"read": {"text": "To pay", "fact": "total", "pattern": "£ ([0-9.]+)"}},
	{"expect": {"role": "button", "name": "Place order"}}
]`

func TestPurchaseUpToPayment(t *testing.T) {
	t.Parallel()
	s := serve(t, purchase)
	r := shopping(t, s, toPayment, grant(evidence.FillCheckout))
	want(t, r, evidence.Completed, "")
	for name, n := range map[string]float64{
		"web.reached": 1, "web.pages": 5, "web.clicks": 6, "web.dead-clicks": 0, "web.keystrokes": 26,
		// name, e-mail, country, note, delivery, news; and on the payment page the way to pay
		"web.fields-visible": 7, "web.fields": 5, "web.fields-required": 2, "web.fields-prefilled": 2, // country, delivery
		"web.console-errors": 0, "web.third-party-hosts": 0, "web.failed-requests": 0,
	} {
		if got := r.number(t, name); got != n {
			t.Errorf("%s is %v, want %v", name, got, n)
		}
	}
	if f, _ := r.Fact("custom.read"); f.Text != "24.50" || f.Step != "total" {
		t.Errorf("read %+v", f)
	}
	if f, _ := r.Fact("web.last-url"); f.Text != s.URL+"/checkout/payment" {
		t.Errorf("ended at %s", f.Text)
	}
	if took, site := r.number(t, "web.task-time"), r.number(t, "web.site-time"); took <= 0 || site <= 0 || site > took {
		t.Errorf("task took %v s, of that %v s for the site", took, site)
	}
	// What does not apply to a purchase, and nothing else.
	missing := slices.DeleteFunc(slices.Clone(r.Missing), func(name string) bool {
		return strings.HasPrefix(name, "web.trial-") || strings.HasPrefix(name, "web.axe-") || strings.HasPrefix(name, "goal.")
	})
	if want := []string{"web.lostness", "web.consent-clicks", "web.consent-refusable", "web.form-distance", "web.faq", "web.help-search", "web.reading-grade", "web.dead-links", "web.links-checked", "web.search-results", "web.third-party-typed-to", "web.errors-untied", "web.timings-withheld", "web.cart-emptied"}; !slices.Equal(missing, want) {
		t.Errorf("missing %v\nwant    %v", missing, want)
	}
	for name, begin := range map[string]string{"01-open-start.png": "\x89PNG", "06-my-name.png": "\x89PNG", "13-expect-button-place-order.png": "\x89PNG", "network.har": "{", "console.json": "["} {
		if !bytes.HasPrefix(r.files[name], []byte(begin)) {
			t.Errorf("evidence %s is %.20q", name, r.files[name])
		}
	}
	if n := s.got("POST /order/place"); n != 0 {
		t.Errorf("%d orders", n)
	}
}

func TestPageSpeedByStep(t *testing.T) {
	t.Parallel()
	r := shopping(t, serve(t, purchase), `[{"open":"/"},{"click":{"text":"Brown teapot"}}]`)
	steps := map[string]bool{}
	for _, f := range r.Facts {
		if f.Name == "web.ttfb" && f.Number > 0 {
			steps[f.Step] = true
		}
	}
	if !steps["open-start"] || !steps["click-text-brown-teapot"] {
		t.Errorf("time to first byte of the steps %v", steps)
	}
	if f, ok := r.Fact("web.lcp"); !ok || f.Number <= 0 {
		t.Errorf("largest contentful paint is %+v", f)
	}
}

func TestEffectNotGranted(t *testing.T) {
	t.Parallel()
	s := serve(t, purchase)
	r := shopping(t, s, toPayment)
	want(t, r, evidence.NotGranted, `step 6 (fill the field "Full name") has the effect fill-checkout`)
	if r.number(t, "web.pages") != 4 || r.files["05-click-link-checkout.png"] == nil {
		t.Error("what was recorded before is lost")
	}
	if r.files["06-my-name.png"] != nil {
		t.Error("the refused step was done")
	}
}

// Each fence refuses alone: in each of these only one of them has anything to
// go by.
func TestPaymentGuard(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, page, step, reason string }{
		{"by name", `<form method=post action=/step4><button>Place order</button></form>`, `{"click":{"role":"button"}}`, "by the control's name"},
		{"by hidden name", `<form method=post action=/step4><button aria-label="Continue">Jetzt kaufen</button></form>`, `{"click":{"role":"button"}}`, "by the control's name"},
		{"by name inside", `<div onclick="fetch('/step4',{method:'POST'})" role=button><b><i>Payer maintenant</i></b></div>`, `{"click":{"text":"Payer"}}`, "by the control's name"},
		{"by name and key", `<form method=post action=/step4><input aria-label=Code><button>Zahlungspflichtig bestellen</button></form>`, `{"fill":{"label":"Code","value":"x"}},{"press":"Enter"}`, "by the control's name"},
		{"by name and space", `<button autofocus>Pagar ahora</button>`, `{"press":"Space"}`, "by the control's name"},
		{"by action", `<form method=post action=/order/place><button>Continue</button></form>`, `{"click":{"role":"button"}}`, "by where it leads"},
		{"by formaction", `<form method=post action=/step4><button formaction=/pay>Continue</button></form>`, `{"click":{"role":"button"}}`, "by where it leads"},
		{"by action and key", `<form method=post action=/pay><input aria-label=Code></form>`, `{"fill":{"label":"Code","value":"x"}},{"press":"Enter"}`, "by where it leads"},
		{"by card", `<form method=post action=/step4><input aria-label="Number" autocomplete=cc-number><button>Continue</button></form>`, `{"click":{"role":"button"}}`, "by where it leads"},
		{"by link", `<a href=/pay>Continue</a>`, `{"click":{"role":"link"}}`, "by where it leads"},
		{"by request", `<button onclick="fetch('/api/payments/confirm',{method:'POST'})">Continue</button>`, `{"click":{"role":"button"}}`, "by the request"},
		{"by beacon", `<button onclick="navigator.sendBeacon('/order/place','x')">Continue</button>`, `{"click":{"role":"button"}}`, "by the request"},
		{"by script's form", `<form id=f method=post action=/order/place></form><button onclick="f.submit()">Continue</button>`, `{"click":{"role":"button"}}`, "by the request"},
		{"by popup's form", `<form id=f method=post action=/order/place target=_blank></form><button onclick="f.submit()">Continue</button>`, `{"click":{"role":"button"}}`, "by the request"},
		{"by frame's request", `<iframe srcdoc="<button onclick=&quot;parent.fetch('/pay',{method:'POST'})&quot;>Continue</button>"></iframe>`, `{"click":{"role":"button"}}`, "by the request"},
		{"by worker", `<button onclick="new Worker(window.URL.createObjectURL(new Blob(['fetch(\''+location.origin+'/pay\',{method:\'POST\',mode:\'no-cors\'})'])))">Continue</button>`, `{"click":{"role":"button"}},{"expect":{"text":"never"}}`, "by the request"},
		{"by operation", `<button onclick="fetch('/graphql',{method:'POST',body:JSON.stringify({query:'mutation placeOrder{id}'})})">Continue</button>`, `{"click":{"role":"button"}}`, "by the request"},
		{"by name on an image", `<form method=post action=/step4><input type=image alt="Place order" src=x width=40 height=40></form>`, `{"click":{"css":"input"}}`, "by the control's name"},
		{"by name of the style sheet", `<style>button::before{content:"Place order"}</style><form method=post action=/step4><button></button></form>`, `{"click":{"css":"button"}}`, "by the control's name"},
		{"by name in a drawing", `<form method=post action=/step4><button><svg width=90 height=20><text y=15>Pay now</text></svg></button></form>`, `{"click":{"css":"button"}}`, "by the control's name"},
		{"by name with unseen letters", `<form method=post action=/step4><button>Pl&#8203;ace or&shy;der</button></form>`, `{"click":{"role":"button"}}`, "by the control's name"},
		{"by name in other scripts", `<form method=post action=/step4><button>Рay nоw</button></form>`, `{"click":{"role":"button"}}`, "by the control's name"},
		{"by action of a form elsewhere", `<form id=f method=post action=/order/place></form><button form=f>→</button>`, `{"click":{"css":"button"}}`, "by where it leads"},
		{"by icon", `<button onclick="fetch('/order/place',{method:'PUT'})"><svg width=20 height=20></svg></button>`, `{"click":{"css":"button"}}`, "by the request"},
		{"by timer", `<form id=f method=post action=/order/place></form><button onclick="setTimeout(() => f.requestSubmit(), 150)">Continue</button>`, `{"click":{"role":"button"}},{"expect":{"text":"never"}}`, "by the request"},
		{"by new action", `<form id=f method=post action=/step4 onsubmit="this.action='/order/place'"><button>Continue</button></form>`, `{"click":{"role":"button"}}`, "by the request"},
		{"by key and script", `<form id=f method=post action=/step4 onsubmit="event.preventDefault();fetch('/charge',{method:'POST',keepalive:true})"><input aria-label=Code></form>`, `{"fill":{"label":"Code","value":"x"}},{"press":"Enter"}`, "by the request"},
		{"by choice", `<label><input type=radio onchange="this.form.submit()"> Pay by invoice</label>`, `{"click":{"role":"radio"}}`, ""},
		{"by choice that orders", `<form method=post action=/order/place><label><input type=radio onchange="this.form.submit()"> Pay by invoice</label></form>`, `{"click":{"role":"radio"}}`, "by the request"},
		{"by list that orders", `<form method=post action=/order/place><select aria-label=Terms onchange="this.form.submit()"><option>no<option>yes</select></form>`, `{"select":{"label":"Terms","option":"yes"}}`, "by the request"},
		{"by old script", `<button onclick="let x=new XMLHttpRequest();x.open('PATCH','/api/orders/7/complete');x.send('{}')">Continue</button>`, `{"click":{"role":"button"}}`, "by the request"},
		{"by frame's form", `<form id=f method=post action=/order/place target=in></form><iframe name=in></iframe><button onclick="f.submit()">Continue</button>`, `{"click":{"role":"button"}}`, "by the request"},
		{"by form in a frame", `<iframe srcdoc="<form method=post action=/order/place id=f></form><button onclick=f.submit()>Continue</button>"></iframe>`, `{"click":{"role":"button"}}`, "by the request"},
		{"by script's address", `<button onclick="location='/order/place'">Continue</button>`, `{"click":{"role":"button"}}`, "by the request"},
		{"by shared worker", `<button onclick="new SharedWorker('/worker.js')">Continue</button>`, `{"click":{"role":"button"}},{"expect":{"text":"never"}}`, "by the request"},
		{"by service worker", `<button onclick="navigator.serviceWorker.register('/worker.js')">Continue</button>`, `{"click":{"role":"button"}},{"expect":{"text":"never"}}`, "by the request"},
		{"by body of a form", `<form method=post action=/step4><button name=place_order value=1>→</button></form>`, `{"click":{"role":"button"}}`, "by the request"},
		{"by operation in a blob", `<button onclick="fetch('/graphql',{method:'POST',body:new Blob([JSON.stringify({query:'mutation placeOrder{id}'})])})">Continue</button>`, `{"click":{"role":"button"}}`, "by the request"},
		{"by card number in a script's body", `<label>Card number <input name=card></label><button type=button onclick="fetch('/step4',{method:'POST',body:JSON.stringify({n:document.querySelector('input').value})})">Continue</button>`, `{"fill":{"label":"Card number","value":"4242 4242 4242 4242"}},{"click":{"role":"button"}}`, "by the request"},
		{"by socket", `<button onclick="new WebSocket('ws://'+location.host+'/api/orders').onopen=e=>e.target.send('x')">Continue</button>`, `{"click":{"role":"button"}},{"expect":{"text":"never"}}`, "by the request"},
		{"by picture", `<button onclick="new Image().src='/order/place?id=7'">Continue</button>`, `{"click":{"role":"button"}},{"expect":{"text":"never"}}`, "by the request"},
		{"by background", `<button onclick="this.style.background='url(/Order/Submit.php)'">Continue</button>`, `{"click":{"role":"button"}},{"expect":{"text":"never"}}`, "by the request"},
		{"by script", `<button onclick="document.body.append(Object.assign(document.createElement('script'),{src:'/checkout/placeOrder'}))">Continue</button>`, `{"click":{"role":"button"}},{"expect":{"text":"never"}}`, "by the request"},
		{"by event source", `<button onclick="new EventSource('/api/order/execute')">Continue</button>`, `{"click":{"role":"button"}},{"expect":{"text":"never"}}`, "by the request"},
		{"by prefetch", `<button onclick="document.head.append(Object.assign(document.createElement('link'),{rel:'prefetch',href:'/place-order'}))">Continue</button>`, `{"click":{"role":"button"}},{"expect":{"text":"never"}}`, "by the request"},
		{"by speculation", `<button onclick="document.head.append(Object.assign(document.createElement('script'),{type:'speculationrules',textContent:JSON.stringify({prerender:[{urls:['/order-by-script'],eagerness:'immediate'}]})}))">Continue</button>`, `{"click":{"role":"button"}},{"expect":{"text":"never","timeout":"500ms"}}`, "nothing leaves"},
		{"by query", `<button onclick="fetch('/index.php?dispatch=checkout.place_order')">Continue</button>`, `{"click":{"role":"button"}}`, "by the request"},
		{"by operation in an address", `<button onclick="fetch('/graphql?query='+encodeURIComponent('mutation { placeOrder { id } }'))">Continue</button>`, `{"click":{"role":"button"}}`, "by the request"},
		{"by beacon at the end", `<script>addEventListener('pagehide',()=>navigator.sendBeacon('/order/place','x'))</script><a href=/step4>Continue</a>`, `{"click":{"role":"link"}},{"expect":{"text":"never"}}`, "by the request"},
		{"by beacon of form fields", `<button onclick="const d=new FormData();d.set('place_order','1');navigator.sendBeacon('/step4',d)">Continue</button>`, `{"click":{"role":"button"}}`, "by the request"},
		{"by beacon of a blob", `<button onclick="navigator.sendBeacon('/step4',new Blob(['{&quot;action&quot;:&quot;placeOrder&quot;}']))">Continue</button>`, `{"click":{"role":"button"}},{"expect":{"text":"never"}}`, "by the request"},
		{"by lasting fetch at the end", `<script>addEventListener('pagehide',()=>fetch('/charge',{method:'POST',keepalive:true,body:'x'}))</script><a href=/step4>Continue</a>`, `{"click":{"role":"link"}},{"expect":{"text":"never"}}`, "by the request"},
		{"by late fetch", `<script>addEventListener('pagehide',()=>{try{fetchLater('/charge',{method:'POST',activateAfter:0})}catch{fetch('/charge',{method:'POST',keepalive:true})}})</script><a href=/step4>Continue</a>`, `{"click":{"role":"link"}},{"expect":{"text":"never"}}`, "by the request"},
		{"by window without an opener", `<a href=/order-by-itself target=_blank rel=noopener>Continue</a>`, `{"click":{"role":"link"}},{"expect":{"text":"never"}}`, "by the request"},
		{"by window of a blob", `<button onclick="window.open(window.URL.createObjectURL(new Blob(['<form method=post action='+location.origin+'/order/place></form><script>document.forms[0].submit()<\/script>'],{type:'text/html'})))">Continue</button>`, `{"click":{"role":"button"}},{"expect":{"text":"never"}}`, "by the request"},
		{"by frame of another site", `<iframe src="//localhost:{port}/order-by-itself"></iframe><h1>Here</h1>`, `{"expect":{"text":"never"}}`, "by the request"},
		{"by frame without rights but to run", `<iframe sandbox="allow-scripts allow-forms" src=/order-by-itself></iframe><h1>Here</h1>`, `{"expect":{"text":"never"}}`, "by the request"},
		{"by what a socket is told late", `<script>const s=new WebSocket('ws://'+location.host+'/live');s.onopen=()=>document.body.append('open')</script><button onclick="s.send(JSON.stringify({action:'placeOrder'}))">Continue</button>`, `{"expect":{"text":"open"}},{"click":{"role":"button"}},{"expect":{"text":"never"}}`, "cut off before it was"},
		{"by what a socket is told in bytes", `<script>const s=new WebSocket('ws://'+location.host+'/live');s.onopen=()=>document.body.append('open')</script><button onclick="s.send(new TextEncoder().encode('mutation { checkoutComplete { id } }'))">Continue</button>`, `{"expect":{"text":"open"}},{"click":{"role":"button"}},{"expect":{"text":"never"}}`, "cut off before it was"},
		{"by what a worker's socket is told", `<script>const w=new Worker(window.URL.createObjectURL(new Blob(['const s=new WebSocket("ws://'+location.host+'/live");s.onopen=()=>postMessage(1);onmessage=()=>s.send(\'{"action":"placeOrder"}\')'])));w.onmessage=()=>document.body.append('open')</script><button onclick="w.postMessage(1)">Continue</button>`, `{"expect":{"text":"open"}},{"click":{"role":"button"}},{"expect":{"text":"never"}}`, "cut off before it was"},
		{"by what a socket is told", `<button onclick="new WebSocket('ws://'+location.host+'/live').onopen=e=>e.target.send(JSON.stringify({action:'placeOrder'}))">Continue</button>`, `{"click":{"role":"button"}},{"expect":{"text":"never"}}`, "cut off before it was"},
		{"by a socket told a blob at once", `<button onclick="new WebSocket('ws://'+location.host+'/live').onopen=e=>e.target.send(new Blob([JSON.stringify({action:'placeOrder'})]))">Continue</button>`, `{"click":{"role":"button"}},{"expect":{"text":"never"}}`, "cut off before it was"},
		{"by a socket told a long blob", `<button onclick="new WebSocket('ws://'+location.host+'/live').onopen=e=>e.target.send(new Blob([' '.repeat(2e6),JSON.stringify({action:'placeOrder'})]))">Continue</button>`, `{"click":{"role":"button"}},{"expect":{"text":"never"}}`, "cut off before it was"},
		{"by a socket of a frame", `<iframe srcdoc="<button onclick=&quot;new WebSocket('ws://'+parent.location.host+'/live').onopen=e=>e.target.send(JSON.stringify({action:'placeOrder'}))&quot;>Continue</button>"></iframe>`, `{"click":{"role":"button"}},{"expect":{"text":"never"}}`, "cut off before it was"},
		{"by a worker's socket told at once", `<button onclick="new Worker(window.URL.createObjectURL(new Blob(['new WebSocket(\'ws://'+location.host+'/live\').onopen=e=>e.target.send(JSON.stringify({action:\'placeOrder\'}))'])))">Continue</button>`, `{"click":{"role":"button"}},{"expect":{"text":"never"}}`, "cut off before it was"},
		{"by a worker's socket told a blob", `<button onclick="new Worker(window.URL.createObjectURL(new Blob(['new WebSocket(\'ws://'+location.host+'/live\').onopen=e=>e.target.send(new Blob([JSON.stringify({action:\'placeOrder\'})]))'])))">Continue</button>`, `{"click":{"role":"button"}},{"expect":{"text":"never"}}`, "cut off before it was"},
		{"by a new frame's function", `<button onclick="const f=document.createElement('iframe');document.body.append(f);new f.contentWindow.WebSocket('ws://'+location.host+'/live').onopen=e=>f.contentWindow.WebSocket.prototype.send.call(e.target,JSON.stringify({action:'placeOrder'}))">Continue</button>`, `{"click":{"role":"button"}},{"expect":{"text":"never"}}`, "cut off before it was"},
		{"by what a transport is told", `<button onclick="const w=new WebTransport('https://'+location.host+'/live').datagrams.writable.getWriter();setTimeout(()=>w.write(new TextEncoder().encode(JSON.stringify({action:'placeOrder'}))),100)">Continue</button>`, `{"click":{"role":"button"}},{"expect":{"text":"never"}}`, "cut off before it was"},
		{"by the button's own action", `<form method=post action=/step4><button formaction=/order/place>Continue</button></form>`, `{"click":{"role":"button"}}`, "by where it leads"},
		{"by ping", `<a href=/step4 ping=/order/place>Continue</a>`, `{"click":{"role":"link"}},{"expect":{"text":"never"}}`, "not by ping"},
		{"by form in a frame in a frame", `<button onclick="document.body.insertAdjacentHTML('beforeend','<iframe srcdoc=&quot;&lt;iframe srcdoc=&amp;quot;&amp;lt;form method=post action=/order/place&amp;gt;&amp;lt;/form&amp;gt;&amp;lt;script&amp;gt;document.forms[0].submit()&amp;lt;/script&amp;gt;&amp;quot;&gt;&lt;/iframe&gt;&quot;></iframe>')">Continue</button>`, `{"click":{"role":"button"}},{"expect":{"text":"never"}}`, "by the request"},
		{"by module", `<button onclick="import('/order/place').catch(()=>{})">Continue</button>`, `{"click":{"role":"button"}},{"expect":{"text":"never"}}`, "by the request"},
		{"by font", `<button onclick="document.head.append(Object.assign(document.createElement('style'),{textContent:'@font-face{font-family:q;src:url(/place-order)} h1,button{font-family:q}'}))">Continue</button>`, `{"click":{"role":"button"}},{"expect":{"text":"never"}}`, "by the request"},
		{"by a worker's worker", `<button onclick="const u=t=>window.URL.createObjectURL(new Blob([t]));const inner='fetch(\''+location.origin+'/pay\',{method:\'POST\',mode:\'no-cors\'})';new Worker(u('new Worker(URL.createObjectURL(new Blob(['+JSON.stringify(inner)+'])))'))">Continue</button>`, `{"click":{"role":"button"}},{"expect":{"text":"never"}}`, "by the request"},
		{"by download", `<button onclick="Object.assign(document.createElement('a'),{download:'x',href:'/place-order'}).click()">Continue</button>`, `{"click":{"role":"button"}},{"expect":{"text":"never"}}`, "by the request"},
		{"by body behind a file", `<button onclick="const d=new FormData();d.set('f',new File(['x'.repeat(3e6)],'a.txt'));d.set('place_order','1');fetch('/step4',{method:'POST',body:d})">Continue</button>`, `{"click":{"role":"button"}},{"expect":{"text":"never"}}`, "by the request"},
		{"by packed body", `<button onclick="new Response(new Blob(['action=placeOrder']).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer().then(b=>fetch('/step4',{method:'POST',body:b,headers:{'Content-Encoding':'gzip'}}))">Continue</button>`, `{"click":{"role":"button"}},{"expect":{"text":"never"}}`, "by the request"},
		{"by a policy's report", `<h1>Here</h1><script>0</script><button onclick="document.body.append(Object.assign(new Image(),{src:'http://127.0.0.1:1/x.png'}))">Continue</button>`, `{"click":{"role":"button"}},{"expect":{"text":"never"}}`, "by the request"},
		{"by a function put out of sight", `<script>const n=WebSocket.prototype.send;WebSocket.prototype.send=function(){}</script><button onclick="new WebSocket('ws://'+location.host+'/live').onopen=e=>n.call(e.target,JSON.stringify({action:'placeOrder'}))">Continue</button>`, `{"click":{"role":"button"}},{"expect":{"text":"never"}}`, "look whether"},
		{"by a shared worker's socket", `<button onclick="new SharedWorker('/socket.js')">Continue</button>`, `{"click":{"role":"button"}},{"expect":{"text":"never"}}`, "cut off before it was"},
		{"by a service worker's socket", `<button onclick="navigator.serviceWorker.register('/socket.js')">Continue</button>`, `{"click":{"role":"button"}},{"expect":{"text":"never"}}`, "cut off before it was"},
		{"by speculation that fetches", `<button onclick="document.head.append(Object.assign(document.createElement('script'),{type:'speculationrules',textContent:JSON.stringify({prefetch:[{urls:['/place-order'],eagerness:'immediate'}]})}))">Continue</button>`, `{"click":{"role":"button"}},{"expect":{"text":"never"}}`, "fetched ahead"},
		{"by redirect to a provider", `<form method=post action=/away307><button>Continue</button></form>`, `{"click":{"role":"button"}}`, "off the site"},
		{"by redirect", `<form method=post action=/next307><button>Continue</button></form>`, `{"click":{"role":"button"}}`, "by the request"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			pages := map[string]string{"/step4": "Thanks", "/order-by-script": `<script>fetch('/order/place',{method:'POST'})</script>`, "/order-by-itself": `<form method=post action=/order/place></form><script>document.forms[0].submit()</script>`}
			s := serve(t, pages)
			_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
			pages["/"] = strings.ReplaceAll(c.page, "{port}", port)
			var told atomic.Int64
			inner := s.Config.Handler
			s.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch r.URL.Path {
				case "/next307":
					http.Redirect(w, r, "/order/place", http.StatusTemporaryRedirect)
					return
				case "/away307":
					http.Redirect(w, r, "https://secure.payu.com/pay", http.StatusTemporaryRedirect)
					return
				case "/live", "/api/orders":
					told.Add(shakeHands(w, r))
					return
				case "/socket.js":
					w.Header().Set("Content-Type", "text/javascript")
					io.WriteString(w, "new WebSocket('ws://'+location.host+'/live').onopen=e=>e.target.send(JSON.stringify({action:'placeOrder'}))")
					return
				case "/":
					if c.name == "by a policy's report" {
						w.Header().Set("Content-Security-Policy", "img-src 'none'; report-uri /order/place")
					}
				case "/worker.js":
					w.Header().Set("Content-Type", "text/javascript")
					io.WriteString(w, "fetch('/order/place', {method: 'POST'})")
					return
				}
				inner.ServeHTTP(w, r)
			})
			r := shopping(t, s, `[{"open":"/"},`+c.step+`]`, func(t *probes.Task) { t.Site.Sandbox = true })
			switch c.reason {
			case "":
				want(t, r, evidence.Completed, "")
			case "off the site":
				want(t, r, evidence.NotGranted, c.reason)
			case "fetched ahead", "look whether": // when it has left; the whole browser fetches nothing ahead
				if r.Outcome != evidence.Failed || s.got("GET /place-order") != 0 || told.Load() != 0 {
					want(t, r, evidence.NotGranted, c.reason)
				}
				return
			case "not by ping": // the whole browser sends none
				if r.Outcome != evidence.Failed {
					want(t, r, evidence.NotGranted, "payment guard, by the request")
				}
			case "nothing leaves":
				want(t, r, evidence.Failed, "never")
			case "cut off before it was":
				want(t, r, evidence.NotGranted, c.reason)
				if n := told.Load(); n > 0 {
					t.Errorf("the socket was told %d bytes", n)
				}
			default:
				want(t, r, evidence.NotGranted, "payment guard, "+c.reason)
			}
			for _, asked := range s.log() {
				if !strings.HasPrefix(asked, "GET") || strings.Contains(asked, "/order/place") || strings.Contains(asked, "/place-order") {
					t.Errorf("the shop was asked %s", asked)
				}
			}
		})
	}
}

// shakeHands opens a socket (RFC 6455, 4.2.2) and counts the bytes that are said
// in texts and data (5.6) until the other side ends it.
func shakeHands(w http.ResponseWriter, r *http.Request) int64 {
	conn, rw, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return 0
	}
	defer conn.Close()
	sum := sha1.Sum([]byte(r.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")) //nolint:gosec // as the protocol has it
	fmt.Fprintf(rw, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n", base64.StdEncoding.EncodeToString(sum[:]))
	rw.Flush()
	said, _ := io.ReadAll(conn)
	if len(said) > 0 && said[0]&0xf > 2 { // a farewell
		return 0
	}
	return int64(len(said))
}

// With an order granted at a sandbox, the step that declares it goes through
// all fences; without the sandbox it does not.
func TestPaymentGuardOpens(t *testing.T) {
	t.Parallel()
	pages := map[string]string{"/": `<form method=post action=/order/place><input aria-label=Number autocomplete=cc-number><button>Place order</button></form>`, "/order/place": `<h1>Thank you</h1>`}
	steps := `[{"open":"/"},{"effect":"pay","fill":{"label":"Number","value":"4242 4242 4242 4242"}},{"effect":"place-order","click":{"role":"button"}},{"expect":{"text":"Thank you"}}]`
	s := serve(t, pages)
	r := shopping(t, s, steps, grant(evidence.PlaceOrder, evidence.Pay), func(t *probes.Task) { t.Site.Sandbox = true })
	want(t, r, evidence.Completed, "")
	if s.got("POST /order/place") != 1 {
		t.Errorf("asked %v", s.log())
	}
	s = serve(t, pages)
	r = shopping(t, s, steps, grant(evidence.PlaceOrder, evidence.Pay))
	want(t, r, evidence.NotGranted, "payment guard")
	if s.got("POST /order/place") != 0 {
		t.Errorf("asked %v", s.log())
	}
}
