package driver

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

func redirect(to string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, http.StatusFound) }
}

// as answers with a type of its own, and headers by pairs.
func as(kind, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		for i := 0; i+1 < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		fmt.Fprint(w, body)
	}
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

// hangs never answers.
func hangs(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

// trickles sends its page, and then a byte every tenth of a second.
func trickles(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, body)
		tick := time.NewTicker(100 * time.Millisecond)
		defer tick.Stop()
		for {
			_ = http.NewResponseController(w).Flush()
			select {
			case <-r.Context().Done():
				return
			case <-tick.C:
				fmt.Fprint(w, " ")
			}
		}
	}
}

const (
	pressMe = `<button onclick="parent.postMessage('Done','*');done()">Press</button>`
	listens = `<script>addEventListener('message',e=>done(e.data))</script>`
	form    = `<form action=/next><label>Town <input name=town></label><button>Send</button></form>`
	next    = `<h1>Next</h1>`
)

var long = strings.Repeat("<p>A line of a long page.</p>", 120)

// Most of these have been complained of at Playwright's, Puppeteer's or
// chromedp's issue trackers; the rest are of shops.
var traps = []trap{
	// ---- frames ----
	{name: "a frame of another site with padding, border and a margin", frames: true,
		page: listens + `<iframe src="{other}/in" style="margin:40px;border:11px solid;padding:23px;width:300px;height:120px"></iframe>`,
		more: map[string]any{"/in": pressMe}, do: []act{click("Press"), seen("Done")}},
	{name: "a frame of another site far below the window", frames: true,
		page: listens + long + `<iframe src="{other}/in"></iframe>`, more: map[string]any{"/in": long + pressMe}, do: []act{click("Press"), seen("Done")}},
	{name: "a frame that is shrunk to half its size", frames: true,
		page: listens + `<iframe src="{other}/in" style="width:800px;height:500px;transform:scale(.5);transform-origin:80px 20px"></iframe>`,
		more: map[string]any{"/in": `<div style="height:380px"></div><div style="text-align:right">` + pressMe + `</div>`}, do: []act{click("Press"), seen("Done")}},
	{name: "a frame in a frame in a frame, every one of another site", frames: true,
		page: `<iframe src="{other}/a" style="width:700px;height:500px"></iframe>`,
		more: map[string]any{
			"/a": strings.Replace(`<p>one</p><iframe id=f style="width:500px;height:400px;margin-left:30px"></iframe><script>f.src='http://127.0.0.1:'+location.port+'/b'</script>`, "{}", "", 1),
			"/b": `<p>two</p><iframe src="{other}/c" style="margin-top:50px"></iframe>`,
			"/c": `<button onclick="done()">Press</button><label>Town <input></label>`},
		do: []act{click("Press"), seen("Done"), fill("Town", "Ely"), holds("Town", "Ely")}},
	{name: "a form in a frame of another site, sent with Enter", frames: true,
		page: `<label>Search <input></label><iframe src="{other}/in"></iframe>`, more: map[string]any{"/in": form, "/next": next},
		do: []act{fill("Town", "Ely"), press("Enter"), seen("Next")}},
	{name: "a frame under a sheet that covers the window", frames: true,
		page: `<iframe src="{other}/in"></iframe><div style="position:fixed;inset:0;background:#eee">Sheet</div>`, more: map[string]any{"/in": pressMe},
		do: []act{click("Press")}, says: `its frame covered by "Sheet"`, within: 4 * time.Second},
	{name: "a frame that is hidden", frames: true,
		page: `<iframe src="{other}/in" style="visibility:hidden"></iframe>`, more: map[string]any{"/in": pressMe},
		do: []act{click("Press")}, says: "saw ", within: 4 * time.Second},
	{name: "a frame that comes late", frames: true,
		page: listens + `<script>setTimeout(()=>document.body.insertAdjacentHTML('beforeend','<iframe src="{other}/in"></iframe>'),400)</script><p>x`,
		more: map[string]any{"/in": pressMe}, do: []act{click("Press"), seen("Done")}},
	{name: "a frame that moves to another site and back while it is looked for", frames: true,
		page:   listens + `<iframe id=f src="{other}/hop?1"></iframe>`,
		within: 10 * time.Second, more: map[string]any{"/hop": `<script>const n=+location.search.slice(1);setTimeout(()=>{location='http://'+(n%2?'127.0.0.1':'localhost')+':'+location.port+(n<4?'/hop?'+(n+1):'/in')},60)</script>`, "/in": pressMe},
		do: []act{click("Press"), seen("Done")}},
	{name: "a frame that is taken away by the click", frames: true,
		page: `<script>addEventListener('message',()=>{f.remove();done()})</script><iframe id=f src="{other}/in"></iframe>`,
		more: map[string]any{"/in": `<button onclick="parent.postMessage(1,'*')">Press</button>`}, do: []act{click("Press"), seen("Done")}},
	{name: "a frame that never answers beside one that does", frames: true,
		page: listens + `<iframe src="{other}/never"></iframe><iframe src="{other}/in"></iframe>`,
		more: map[string]any{"/never": http.HandlerFunc(hangs), "/in": pressMe}, do: []act{click("Press"), seen("Done")}},
	{name: "a frame whose script never ends", frames: true,
		page: `<button onclick="done()">Outside</button><iframe src="{other}/busy" loading=lazy></iframe>`,
		more: map[string]any{"/busy": `<p>x<script>setTimeout(()=>{for(;;);},50)</script>`},
		do:   []act{click("Outside")}, says: "any", within: 8 * time.Second},
	{name: "two frames that both have it", frames: true,
		page: `<script>let n=0;const one=()=>++n==2&&done('Both')</script><iframe onload=one() src="{other}/in"></iframe><iframe onload=one() src="{other}/in"></iframe>`, more: map[string]any{"/in": pressMe},
		do: []act{seen("Both"), click("Press")}, says: "2 elements fit"},
	{name: "a frame that nobody sees has the same as one that is seen", frames: true,
		page: listens + `<iframe src="{other}/in" style="display:none"></iframe><iframe src="{other}/in" style="width:0;height:0;border:0"></iframe><iframe src="{other}/in"></iframe>`,
		more: map[string]any{"/in": pressMe}, do: []act{click("Press"), seen("Done")}},
	{name: "a frame without an address that a script has written", page: `<iframe id=f></iframe><script>onload=()=>{f.contentDocument.write('<label>Town <input></label><button onclick="parent.done()">Press</button>')}</script>`,
		do: []act{fill("Town", "Ely"), click("Press"), seen("Done")}, frames: true},
	{name: "a frame with its document in an attribute", page: `<iframe srcdoc="<button onclick='parent.done()'>Press</button>"></iframe>`, do: []act{click("Press"), seen("Done")}, frames: true},
	{name: "a sandboxed frame", page: `<iframe sandbox="allow-scripts" srcdoc="<button onclick='this.textContent=&quot;Done&quot;'>Press</button>"></iframe>`, do: []act{click("Press"), seen("Done")}, frames: true},
	{name: "a frameset", page: `<!doctype html><html><frameset cols="30%,70%"><frame src=/a><frame src=/b></frameset></html>`,
		more: map[string]any{"/a": `<a href=/next target=_self>Go</a>`, "/b": `<p>Here`, "/next": next}, do: []act{follow("Go"), seen("Next")}},

	{name: "a button fixed to the corner of a frame", frames: true, page: listens + `<iframe src="{other}/in" style="width:300px;height:200px;margin:200px"></iframe>`,
		more: map[string]any{"/in": long + `<div style="position:fixed;right:0;bottom:0">` + pressMe + `</div>`}, do: []act{click("Press"), seen("Done")}},
	{name: "a link in a frame that takes the whole window along", frames: true, page: `<iframe src="{other}/in"></iframe>`, more: map[string]any{"/in": `<a href=/next target=_top>Go</a>`, "/next": next}, do: []act{follow("Go"), at("/next"), seen("Next")}},
	{name: "a frame whose answer is nothing", frames: true, page: listens + `<iframe src="{other}/nothing"></iframe><iframe src="{other}/in"></iframe>`, more: map[string]any{"/nothing": status(204), "/in": pressMe}, do: []act{click("Press"), seen("Done")}},
	{name: "twenty frames of adverts", frames: true, page: `<button onclick="done()">Buy</button>` + strings.Repeat(`<iframe src="{other}/ad" style="width:60px;height:40px"></iframe>`, 20) + listens + `<iframe src="{other}/in"></iframe>`,
		more: map[string]any{"/ad": `<p>Ad`, "/in": pressMe}, do: []act{click("Buy"), click("Press"), seen("Done")}, within: 6 * time.Second},

	// ---- shadow roots ----
	{name: "a button in a shadow root in a shadow root, its words through slots",
		page: `<x-a>Buy <b>now</b></x-a><script>
			customElements.define('x-b',class extends HTMLElement{connectedCallback(){this.attachShadow({mode:'open'}).innerHTML='<button><slot></slot></button>';this.shadowRoot.querySelector('button').onclick=()=>done()}});
			customElements.define('x-a',class extends HTMLElement{connectedCallback(){this.attachShadow({mode:'open'}).innerHTML='<x-b><slot></slot></x-b>'}})</script>`,
		do: []act{click("Buy now"), seen("Done")}},
	{name: "a field in a shadow root with its label in the same",
		page: `<div id=h></div><script>h.attachShadow({mode:'open'}).innerHTML='<label for=t>Town</label><input id=t>'</script><label for=t>Not this</label>`,
		do:   []act{fill("Town", "Ely"), holds("Town", "Ely")}},

	// ---- windows ----
	{name: "a link to a new window whose opener then closes", page: `<a href=/pop target=_blank rel=opener>Open</a>`,
		more: map[string]any{"/pop": next + `<script>setTimeout(()=>opener.close(),100)</script>`}, do: []act{follow("Open"), seen("Next")}},
	{name: "a window that closes itself at once", page: `<button onclick="window.open('/pop')">Open</button><button onclick="done()">Go on</button>`,
		more: map[string]any{"/pop": `<script>close()</script>`}, do: []act{click("Open"), click("Go on"), seen("Done")}},
	{name: "a link to a new window without an opener, to a download", page: `<a href=/file target=_blank rel=noopener>Manual</a><button onclick="done()">Go on</button>`,
		more: map[string]any{"/file": as("application/pdf", "%PDF-1.4", "Content-Disposition", "attachment; filename=x.pdf")},
		do:   []act{follow("Manual"), click("Go on"), seen("Done")}, within: 5 * time.Second},
	{name: "a script that opens a window every tenth of a second", page: `<button onclick="done()">Buy</button><script>let n=0;const i=setInterval(()=>{open('/pop');if(++n>5)clearInterval(i)},100)</script>`,
		more: map[string]any{"/pop": `<p>Advert<script>setTimeout(close,150)</script>`}, do: []act{func(w *walker) error { return nil }}},

	// ---- dialogs and leaving ----
	{name: "a page that asks whether it may be left", page: `<input aria-label=Town><a href=/next>Next</a><script>addEventListener('beforeunload',e=>{e.preventDefault();e.returnValue='x'})</script>`,
		more: map[string]any{"/next": next}, do: []act{fill("Town", "x"), follow("Next"), seen("Next"), at("/next")}},
	{name: "alerts without end", page: `<button onclick="for(;;)alert('again')">Go</button>`, do: []act{click("Go")}, says: "a script that never ends", within: 8 * time.Second},
	{name: "an alert while the page loads", page: `<script>alert('hi');alert('again')</script><button onclick="done()">Go</button>`, do: []act{click("Go"), seen("Done")}},
	{name: "a dialog to print", page: `<button onclick="print();done()">Print</button>`, do: []act{click("Print"), seen("Done")}},
	{name: "a script that works without end when the page is left", page: `<a href=/next>Next</a><script>addEventListener('pagehide',()=>{const t=Date.now();while(Date.now()-t<500);fetch('/x',{keepalive:true})})</script>`,
		more: map[string]any{"/next": next}, do: []act{follow("Next"), seen("Next")}},
	{name: "permissions that are asked for", page: `<button onclick="navigator.geolocation.getCurrentPosition(()=>done(),()=>done());Notification.requestPermission().then(()=>done('Told'))">Near me</button>`,
		do: []act{click("Near me"), seen("Done"), seen("Told")}},

	// ---- navigation ----
	{name: "a redirect in a circle", waits: 8 * time.Second, page: `<a href=/a>Go</a>`, more: map[string]any{"/a": redirect("/b"), "/b": redirect("/a")}, do: []act{follow("Go"), func(w *walker) error {
		if e := w.tab.Page().Document().Error; e != "" {
			return errors.New(e)
		}
		return nil
	}}, says: "ERR_TOO_MANY_REDIRECTS"},
	{name: "pages that send one another on by script, in a circle", page: `<a href=/a>Go</a>`, more: map[string]any{"/a": `<script>location.replace('/b?'+Math.random())</script>`, "/b": `<script>location.replace('/a?'+Math.random())</script>`},
		waits: 4 * time.Second, do: []act{follow("Go")}, says: "each leading on to the next by itself", within: 4 * time.Second},
	{name: "a page that reloads itself all the time", page: `<p>Wait<script>setTimeout(()=>location.reload(),50)</script>`, do: []act{seen("Never")}, says: "waited|did not answer", within: 4 * time.Second},
	{name: "a refresh that the page asks for", page: `<a href=/a>Go</a>`, more: map[string]any{"/a": `<meta http-equiv=refresh content="1; url=/next"><p>Wait`, "/next": next},
		do: []act{follow("Go"), func(w *walker) error {
			if u := w.tab.Page().Document().URL; !strings.HasSuffix(u, "/next") {
				return fmt.Errorf("at %s", u)
			}
			return nil
		}}},
	{name: "a refresh that the answer asks for", page: `<a href=/a>Go</a>`, more: map[string]any{"/a": as("text/html", "<p>Wait", "Refresh", "0; url=/next"), "/next": next}, do: []act{follow("Go"), at("/next"), seen("Next")}},
	{name: "a link whose answer is nothing", page: `<a href=/nothing>Go</a><button onclick="done()">Stay</button>`, more: map[string]any{"/nothing": status(204)}, do: []act{follow("Go"), click("Stay"), seen("Done")}},
	{name: "a link whose answer is a download", page: `<a href=/file>Terms</a><button onclick="done()">Stay</button>`,
		more: map[string]any{"/file": as("text/html", "x", "Content-Disposition", "attachment; filename=terms.html")}, do: []act{follow("Terms"), click("Stay"), seen("Done"), downloaded(1)}},
	{name: "a download that a script makes", page: `<button onclick="const a=document.createElement('a');a.href=window.URL.createObjectURL(new Blob(['x']));a.download='x.txt';a.click();done()">Save</button>`, do: []act{click("Save"), seen("Done"), downloaded(1)}},
	{name: "a link to a page that never answers", page: `<a href=/never>Go</a>`, more: map[string]any{"/never": http.HandlerFunc(hangs)}, do: []act{follow("Go")}, says: "did not answer within 1s", within: 4 * time.Second},
	{name: "a page that comes byte by byte and never ends", more: map[string]any{"/": trickles(prelude + `<button onclick="done()">Go</button>` + long)}, do: []act{click("Go"), seen("Done")}, within: 6 * time.Second},
	{name: "a picture that never comes", page: `<img src=/never><button onclick="done()">Go</button>`, more: map[string]any{"/never": http.HandlerFunc(hangs)}, do: []act{click("Go"), seen("Done")}},
	{name: "a style sheet that never comes", page: `<button onclick="done()">Go</button><link rel=stylesheet href=/never><p>x`, more: map[string]any{"/never": http.HandlerFunc(hangs)}, do: []act{click("Go")}, says: "any", within: 8 * time.Second},
	{name: "a page that asks its server all the time and holds a stream open", page: `<script>new EventSource('/stream');setInterval(()=>fetch('/x?'+Math.random()),30)</script><button onclick="done()">Go</button>`,
		more: map[string]any{"/stream": trickles("data: x\n\n"), "/x": "x"}, do: []act{click("Go"), seen("Done")}},
	{name: "routes that a script draws", page: `<a href=/cart onclick="event.preventDefault();history.pushState({},'','/cart');setTimeout(()=>document.body.innerHTML='<h1>Cart</h1>',200)">Cart</a>`, do: []act{follow("Cart"), at("/cart"), seen("Cart")}},
	{name: "a page that nobody can go back from", page: `<script>history.pushState(1,'');addEventListener('popstate',()=>history.pushState(1,''))</script><a href=/next>Next</a>`,
		more: map[string]any{"/next": next}, do: []act{func(w *walker) error { return w.tab.Page().Back(w.t.Context()) }, follow("Next"), seen("Next")}},
	{name: "back, to a page with a frame", page: `<a href=/next>Next</a><iframe src="{other}/in"></iframe>`, more: map[string]any{"/next": next, "/in": pressMe}, frames: true,
		do: []act{follow("Next"), seen("Next"), func(w *walker) error { return w.tab.Page().Back(w.t.Context()) }, click("Press"), seen("Done")}},
	{name: "a session in every link", page: `<a href="/next;jsessionid=0A1B2C?sid=9">Next</a>`, more: map[string]any{"/next;jsessionid=0A1B2C": next}, do: []act{follow("Next"), seen("Next")}},
	{name: "links from a base of their own", page: `<base href="/shop/en/"><a href="next">Next</a>`, more: map[string]any{"/shop/en/next": next}, do: []act{follow("Next"), at("/shop/en/next")}},
	{name: "a link to a page made of data", page: `<a id=a>Open</a><script>a.href=URL.createObjectURL(new Blob(['<h1>Made</h1>'],{type:'text/html'}))</script>`, do: []act{follow("Open"), seen("Made")}},
	{name: "a link that hands over to another program", page: `<a href="tel:+441632960123">Call</a><a href="mailto:a@b.example">Write</a><button onclick="done()">Stay</button>`, do: []act{follow("Call"), follow("Write"), click("Stay"), seen("Done")}},
	{name: "a button whose script calls another program", page: `<a href="sms:123">Text</a><button onclick="location.href='tel:123';setTimeout(()=>p.textContent='A while later',700)">Ring</button><p id=p></p><button onclick="done()">Stay</button>`,
		do: []act{follow("Text"), click("Ring"), seen("A while later"), click("Stay"), seen("Done")}},
	{name: "a service worker that answers for the server", page: `<button onclick="fetch('/api').then(r=>r.text()).then(done)">Ask</button><script>navigator.serviceWorker.register('/sw.js')</script>`,
		more: map[string]any{"/sw.js": as("text/javascript", `addEventListener('fetch',e=>e.respondWith(new Response('Wrong')))`), "/api": as("text/plain", "Right")}, do: []act{click("Ask"), seen("Right")}},

	// ---- documents of other kinds ----
	{name: "a strict content policy", more: map[string]any{"/": as("text/html", `<!doctype html><a href=/next>Next</a>`+form, "Content-Security-Policy", "default-src 'none'; form-action 'self'; require-trusted-types-for 'script'"), "/next": next}, do: []act{fill("Town", "Ely"), click("Send"), at("/next")}},
	{name: "XHTML", more: map[string]any{"/": as("application/xhtml+xml", `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>X</title></head><body><form action="/next"><label>Town <input name="t"/></label><button>Send</button></form></body></html>`), "/next": next}, do: []act{fill("Town", "Ely"), click("Send"), at("/next")}},
	{name: "a drawing with a link", more: map[string]any{"/": as("image/svg+xml", `<svg xmlns="http://www.w3.org/2000/svg" width="400" height="200"><a href="/next"><rect width="300" height="100" fill="red"/><text x="20" y="50">Next</text></a></svg>`), "/next": next}, do: []act{follow("Next"), at("/next")}},
	{name: "a drawn link within a page", page: `<svg width=300 height=100><a href=/next><circle cx=50 cy=50 r=40></circle><title>Next</title></a></svg>`, more: map[string]any{"/next": next}, do: []act{follow("Next"), at("/next")}},
	{name: "plain text", more: map[string]any{"/": as("text/plain", "Nothing but words")}, do: []act{seen("Nothing but words")}},
	{name: "a page on paper (PDF)", page: `<a href=/leaflet>Leaflet</a><button onclick="done()">Stay</button>`, more: map[string]any{"/leaflet": as("application/pdf", "%PDF-1.4\n%%EOF")}, do: []act{follow("Leaflet")}, says: "any", within: 4 * time.Second},
	{name: "a link to data that browsers refuse to open", page: `<a href="data:text/html,<h1>Made</h1>">Open</a><button onclick="done()">Stay</button>`, do: []act{follow("Open"), click("Stay"), seen("Done")}},
	{name: "JSON", more: map[string]any{"/": as("application/json", `{"stock":3}`)}, do: []act{seen(`"stock":3`)}},

	// ---- what lies where ----
	{name: "a header that stays in place over the link", page: `<style>header{position:sticky;top:0;height:150px;background:#eee;z-index:2}</style><header>Shop</header>` + long + `<button onclick="done()">Buy</button>` + long + `<script>document.querySelector('button').scrollIntoView();scrollBy(0,20)</script>`,
		do: []act{click("Buy"), seen("Done")}},
	{name: "header and footer that leave a slit", page: `<style>header,footer{position:fixed;left:0;right:0;height:370px;background:#eee;z-index:2}header{top:0}footer{bottom:0}</style><header>Shop</header>` + long + `<button onclick="done()">Buy</button>` + long + `<footer>Legal</footer>`,
		do: []act{click("Buy"), seen("Done")}},
	{name: "a bubble over the middle of a wide button", page: `<button onclick="done()" style="width:600px;height:60px">Buy</button><div style="position:fixed;left:250px;top:0;width:150px;height:90px;background:#333" onclick="done('Chat')">Help?</div>`, do: []act{click("Buy"), seen("Done")}},
	{name: "a card that is a link, with a button in its middle", page: `<a href=/next aria-label="Brown teapot" style="display:block;width:300px;height:300px;position:relative"><button style="position:absolute;inset:100px" onclick="event.preventDefault();done('Quick')">Quick view</button></a>`, more: map[string]any{"/next": next}, do: []act{follow("Brown teapot"), at("/next")}},
	{name: "what covers is named", page: `<button>Buy</button><div style="position:fixed;inset:0;background:#fff" id=veil>Please wait</div>`, do: []act{click("Buy")}, says: `it covered by "Please wait" <div id="veil">`, within: 4 * time.Second},
	{name: "what covers slips in under the pointer", page: `<button onclick="done()" style="position:absolute;left:50px;top:50px">Buy</button><div id=v onclick="done('Wrong')" style="position:absolute;left:0;top:0;width:300px;height:200px;display:none;background:#ddd">Veil</div><script>let n=0;addEventListener('mousemove',()=>{if(!n++){v.style.display='block';setTimeout(()=>v.style.display='none',250)}})</script>`,
		do: []act{click("Buy"), seen("Done"), func(w *walker) error {
			if w.tab.Page().See(w.t.Context(), Locator{Text: "Wrong"}, 50*time.Millisecond) == nil {
				return errors.New("the veil was clicked")
			}
			return nil
		}}},
	{name: "a field under a dialog", page: `<label>Town <input></label><div role=dialog aria-modal=true style="position:fixed;inset:0;background:#fff">Subscribe!</div>`, do: []act{fill("Town", "x")}, says: `it covered by`, within: 4 * time.Second},
	{name: "a button deaf to the mouse", page: `<button style="pointer-events:none">Buy</button>`, do: []act{click("Buy")}, says: "it deaf to the mouse", within: 4 * time.Second},
	{name: "words deaf to the mouse in a button that is not", page: `<button onclick="done()"><span style="pointer-events:none">Buy</span></button>`, do: []act{clickOn(Locator{Text: "Buy"}), seen("Done")}},
	{name: "a page out of use under a dialog", page: `<main inert><button>Buy</button></main><dialog open>Hello</dialog>`, do: []act{click("Buy")}, says: "it disabled", within: 4 * time.Second},
	{name: "a fixed button outside the window", page: `<button style="position:fixed;top:-200px;left:20px">Buy</button>`, do: []act{click("Buy")}, says: "it outside the window", within: 4 * time.Second},
	{name: "a link without a box of its own", page: `<div style="display:flex"><a href=/next style="display:contents"><span style="padding:20px">Next</span></a></div>`, more: map[string]any{"/next": next}, do: []act{follow("Next"), at("/next")}},
	{name: "a link around a floating picture", page: `<a href=/next><img alt=Next style="float:left;width:50px;height:50px"></a>`, more: map[string]any{"/next": next}, do: []act{follow("Next"), at("/next")}},
	{name: "a link broken over two lines", page: `<p style="width:120px;font:20px monospace">xxxxxx <a href=/next>Next page</a> xxxx`, more: map[string]any{"/next": next}, do: []act{follow("Next page"), at("/next")}},
	{name: "turned, enlarged and zoomed", page: `<div style="zoom:1.5"><div style="transform:rotate(30deg) scale(1.3);margin:150px"><button onclick="done()">Buy</button></div></div>`, do: []act{click("Buy"), seen("Done")}},
	{name: "boxes that scroll within boxes that scroll", page: `<div style="height:300px;overflow:auto">` + long + `<div style="height:200px;overflow:auto">` + long + `<button onclick="done()">Buy</button></div></div>`, do: []act{click("Buy"), seen("Done")}},
	{name: "content that is not drawn until it is near", page: `<style>section{content-visibility:auto;contain-intrinsic-size:900px}</style>` + strings.Repeat(`<section><p>Part</p></section>`, 30) + `<section><button onclick="done()">Buy</button></section>`, do: []act{click("Buy"), seen("Done")}},
	{name: "smooth scrolling", page: `<style>html{scroll-behavior:smooth}</style>` + long + `<button onclick="done()">Buy</button>` + long, do: []act{click("Buy"), seen("Done")}},
	{name: "one that is seen and others that are not", page: `<div style="display:none"><button>Cart</button></div><nav style="position:fixed;left:-300px;width:250px"><button>Cart</button></nav><div style="height:0;overflow:hidden"><button>Cart</button></div><div aria-hidden=true><button style="opacity:0">Cart</button></div><button onclick="done()">Cart</button>`,
		do: []act{click("Cart"), seen("Done")}},
	{name: "two that are seen", page: `<button id=a>Cart</button><button id=b>Cart</button>`, do: []act{click("Cart")}, says: `2 elements fit (say which with exact, or with nth counted from 1):
  button "Cart" <button id="a">
  button "Cart" <button id="b">`},

	// ---- what changes ----
	{name: "a button that pulses for ever", page: `<style>@keyframes p{50%{transform:scale(1.2)}}button{animation:p .6s infinite}</style><button onclick="done()">Buy</button>`, do: []act{click("Buy"), seen("Done")}, within: 4 * time.Second},
	{name: "a button that slides in", page: `<style>@keyframes s{from{transform:translateX(800px)}}button{animation:s .6s}</style><button onclick="done()">Buy</button>`, do: []act{click("Buy"), seen("Done")}},
	{name: "a page that is drawn anew all the time", page: `<div id=r></div><script>const draw=()=>{r.innerHTML='<button onclick="done()">Buy</button>'};draw();setInterval(draw,40)</script>`, do: []act{click("Buy"), seen("Done")}},
	{name: "a button that is replaced while it is pressed", page: `<div id=r><button onclick="done()" onmouseover="if(!window.n){n=1;r.innerHTML=r.innerHTML}">Buy</button></div>`, do: []act{click("Buy"), seen("Done")}},
	{name: "a button that works only later", page: `<button disabled>Buy</button><script>setTimeout(()=>{const b=document.querySelector('button');b.disabled=false;b.onclick=()=>done()},500)</script>`, do: []act{click("Buy"), seen("Done")}},
	{name: "scripts that wake the page late", page: `<button>Buy</button><script defer src=/slow.js></script>`,
		more: map[string]any{"/slow.js": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			select {
			case <-time.After(400 * time.Millisecond):
			case <-r.Context().Done():
			}
			as("text/javascript", `document.querySelector('button').onclick=()=>done()`)(w, r)
		})}, do: []act{click("Buy"), seen("Done")}},
	{name: "a list that grows as it is scrolled", page: `<ul id=u></ul><div id=end style="height:10px"></div><script>let n=0;const more=()=>{for(let i=0;i<20&&n<160;i++)u.insertAdjacentHTML('beforeend','<li style="height:60px"><a href=/next>Teapot '+(++n)+'</a>')};more();new IntersectionObserver(e=>e[0].isIntersecting&&setTimeout(more,50)).observe(end)</script>`,
		more: map[string]any{"/next": next}, do: []act{clickOn(Locator{Role: "link", Name: "Teapot 130", Exact: true}), at("/next")}, within: 6 * time.Second},
	{name: "a list that holds only what is in view", page: `<div id=v style="height:400px;overflow:auto;position:relative"><div style="height:9000px"></div></div><script>const d=()=>{v.querySelectorAll('button').forEach(b=>b.remove());const f=Math.floor(v.scrollTop/30);for(let i=f;i<f+14;i++)v.insertAdjacentHTML('beforeend','<button style="position:absolute;left:0;top:'+i*30+'px" onclick="done()">Row '+i+'</button>')};v.onscroll=d;d()</script>`,
		do: []act{clickOn(Locator{Role: "button", Name: "Row 150", Exact: true}), seen("Done")}, within: 6 * time.Second},
	{name: "a list that never ends and does not have it", page: `<ul id=u></ul><script>let n=0;const more=()=>{for(let i=0;i<10;i++)u.insertAdjacentHTML('beforeend','<li style="height:80px">Teapot '+(++n))};more();onscroll=more</script>`, do: []act{follow("Kettle")}, says: "to be clickable", waits: 2 * time.Second, within: 4 * time.Second},
	{name: "a menu that opens under the pointer", page: `<style>ul ul{display:none}li:hover ul{display:block}</style><ul><li><a href=#>Tea</a><ul><li><a href=/next>Green tea</a></ul></ul>`, more: map[string]any{"/next": next},
		do: []act{func(w *walker) error { return w.tab.Page().Hover(w.t.Context(), Locator{Role: "link", Name: "Tea"}) }, follow("Green tea"), at("/next")}},
	{name: "twenty thousand elements", page: `<div id=d></div><script>d.innerHTML=Array.from({length:5000},(_,i)=>'<div><p>Item <b>'+i+'</b> <a href=/x'+i+'>Look</a></p></div>').join('')</script><button onclick="done()">Buy</button>`,
		do: []act{click("Buy"), seen("Done"), clickOn(Locator{Role: "button", Name: "Buy"})}, within: 5 * time.Second},
	{name: "a script that never ends", page: `<button onclick="for(;;);">Go</button>`, do: []act{click("Go")}, says: "a script that never ends", within: 8 * time.Second},
	{name: "a script that is busy for a while", page: `<button onclick="const t=Date.now();while(Date.now()-t<800);done()">Go</button>`, do: []act{click("Go"), seen("Done")}},

	// ---- forms ----
	{name: "a form with fields named like its own properties", page: `<form action=/next method=get><input type=hidden name=action value=x><input type=hidden name=method value=y><input type=hidden name=target><input type=hidden name=elements><input type=hidden name=id value=3><input type=hidden name=parentElement><label>Town <input name=submit></label><button name=children>Send</button></form>`,
		more: map[string]any{"/next": next}, do: []act{fill("Town", "Ely"), click("Send"), at("/next")}},
	{name: "a field that formats what is typed", page: `<label>Phone <input id=i></label><script>i.oninput=()=>{i.value=i.value.replace(/\D/g,'').replace(/(\d{3})(?=\d)/g,'$1 ')}</script>`, do: []act{fill("Phone", "01632960123"), holds("Phone", "016 329 601 23")}},
	{name: "a field that takes keys alone", page: `<label>Code <input id=i></label><script>let v='';i.onkeydown=e=>{if(e.key.length==1)v=i.selectionEnd-i.selectionStart==v.length?e.key:v+e.key};i.oninput=()=>{i.value=v}</script>`, do: []act{fill("Code", "AB12"), reads(Locator{Label: "Code"}, "AB12")}},
	{name: "a field that refuses what no key brought", page: `<label>Code <input id=i></label><script>i.addEventListener('beforeinput',e=>{if(e.data&&e.data.length>1)e.preventDefault()})</script>`, do: []act{fill("Code", "AB12"), holds("Code", "AB12")}},
	{name: "a field that empties itself", page: `<label>Code <input oninput="this.value=''"></label>`, do: []act{fill("Code", "AB12")}, says: "saw it empty", within: 5 * time.Second},
	{name: "a field that is replaced when it gets the focus", page: `<label>Town <span id=s><input onfocus="if(!window.n){n=1;s.innerHTML='<input>'}"></span></label>`, do: []act{fill("Town", "Ely"), holds("Town", "Ely")}},
	{name: "a day", page: `<label>Day <input type=date></label><label>At <input type=time></label><label>How much <input type=range min=0 max=10></label>`, do: []act{fill("Day", "2026-11-23"), holds("Day", "2026-11-23"), fill("At", "10:30"), holds("At", "10:30"), fill("How much", "7"), holds("How much", "7")}},
	{name: "a field that passes the focus on at every key", page: `<label>Town <input id=a></label><label>County <input id=b></label><script>a.addEventListener('input',()=>b.focus())</script>`, do: []act{fill("Town", "Ely"), holds("Town", "Ely"), holds("County", "")}},
	{name: "words in an element that is no field", page: `<div contenteditable aria-label=Note><p>old</p></div>`, do: []act{fill("Note", "new words"), holds("Note", "new words")}},
	{name: "suggestions that swallow Enter", page: `<form action=/next><label>Find <input name=q id=q autocomplete=off></label><button>Go</button></form><ul id=l hidden><li>teapot</ul><script>q.oninput=()=>l.hidden=false;q.onkeydown=e=>{if(e.key=='Enter'&&!l.hidden){e.preventDefault();l.hidden=true;q.value='teapot'}}</script>`,
		more: map[string]any{"/next": next}, do: []act{fill("Find", "tea"), press("Enter"), holds("Find", "teapot"), press("Enter"), at("q=teapot")}},
	{name: "suggestions that open at keys alone", page: `<label>Find <input id=q></label><script>q.onkeyup=()=>{document.body.insertAdjacentHTML('beforeend','<p>Suggested</p>');q.onkeyup=null}</script>`, do: []act{fill("Find", "tea"), seen("Suggested")}},
	{name: "a list that scripts have drawn", page: `<div role=combobox tabindex=0 aria-label=Size aria-expanded=false id=c>Choose</div><div role=listbox id=l hidden><div role=option>Small</div><div role=option>Large</div><div role=option>Very large</div></div><script>c.onclick=()=>setTimeout(()=>l.hidden=false,100);l.onclick=e=>{c.textContent=e.target.textContent;l.hidden=true;done()}</script>`,
		do: []act{choose("Size", "Large"), seen("Done"), reads(Locator{CSS: "#c"}, "Large")}},
	{name: "a list to type into", page: `<input role=combobox aria-label=Country id=c><ul role=listbox id=l></ul><script>c.oninput=()=>{l.innerHTML=['Austria','Australia','Germany'].filter(x=>x.toLowerCase().startsWith(c.value.toLowerCase())).map(x=>'<li role=option>'+x).join('')};l.onclick=e=>{c.value=e.target.textContent;l.innerHTML='';done()}</script>`,
		do: []act{choose("Country", "Australia"), seen("Done"), holds("Country", "Australia")}},
	{name: "a list without that option", page: `<label>Size <select><option>Small<option>Large</select></label>`, do: []act{choose("Size", "Huge")}, says: `["Small" "Large"]`},
	{name: "a tick box hidden under what is drawn for it", page: `<style>input{position:absolute;opacity:0}i{display:inline-block;width:20px;height:20px;border:1px solid}</style><label><input type=checkbox onchange="done()"><i></i> I agree</label>`, do: []act{clickOn(Locator{Role: "checkbox", Name: "I agree"}), seen("Done")}},
	{name: "a label with a link in its middle", page: `<label style="display:block;width:400px;text-align:center"><input type=checkbox onchange="done()" style="position:absolute;left:-9999px"> I <a href=/next style="padding:0 120px">agree to all</a></label>`, more: map[string]any{"/next": next}, do: []act{clickOn(Locator{CSS: "label"}), seen("Done")}},
	{name: "radio buttons as cards", page: `<style>input{display:none}</style><label style="display:block;padding:20px"><input type=radio name=s value=a onchange="done()"> Express</label><label><input type=radio name=s value=b> Post</label>`, do: []act{clickOn(Locator{Text: "Express"}), seen("Done")}},
	{name: "a form that is sent by a script after a moment", page: `<form action=/next onsubmit="event.preventDefault();setTimeout(()=>this.submit(),300)"><button>Send</button></form>`, more: map[string]any{"/next": next}, do: []act{click("Send"), seen("Next")}},
}

func downloaded(n int) act {
	return func(w *walker) error {
		if got := w.tab.Downloads(); got != n {
			return fmt.Errorf("%d downloads, want %d", got, n)
		}
		return nil
	}
}
