package web

import (
	"strings"
	"testing"

	"touchstone/internal/evidence"
	"touchstone/probes"
	"touchstone/probes/web/driver"
)

// Each button of a banner tells the server its word.
const teller = `<script>const tell=w=>{fetch('/told/'+w);const b=document.getElementById('banner');if(b&&w!='more')b.remove()}</script>`

const shopBelow = `<main><h1>Teapots</h1><a href=/next>Brown teapot</a></main>`

func bar(inside string) string {
	return `<div id=banner style="position:fixed;left:0;right:0;bottom:0;height:160px;background:#eee">` + inside + `</div>`
}

// The banners are ours; how they are built is as consent platforms and shops
// build them.
func TestBanners(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, page string
		policy     string
		told       string  // what the banner was told
		clicks     float64 // -1: no such fact
		refusable  bool
	}{
		{"two buttons", bar(`<p>We use cookies to improve your visit.</p><button onclick="tell('yes')">Accept all</button><button onclick="tell('no')">Reject all</button>`), "", "no", 1, true},
		{"accepted by scenario", bar(`<p>We use cookies to improve your visit.</p><button onclick="tell('yes')">Accept all</button><button onclick="tell('no')">Reject all</button>`), "accept", "yes", 1, true},
		{"left by scenario", bar(`<p>We use cookies to improve your visit.</p><button onclick="tell('yes')">Accept all</button><button onclick="tell('no')">Reject all</button>`), "leave", "", -1, true},
		{"a platform's, with its own marks", `<div id="onetrust-banner-sdk" role=region style="position:fixed;bottom:0;width:100%"><div id=banner><p>By clicking you agree to the storing of cookies on your device. <a href=/privacy>More information about your privacy</a></p><button id="onetrust-pc-btn-handler" onclick="tell('more')">Cookies Settings</button><button id="onetrust-reject-all-handler" onclick="tell('no')">Reject All</button><button id="onetrust-accept-btn-handler" onclick="tell('yes')">Accept All Cookies</button></div></div>`, "", "no", 1, true},
		{"continue without accepting, as a link in the corner", bar(`<a href="#" onclick="tell('no')" style="float:right">Continuer sans accepter →</a><h2>Nous respectons votre vie privée</h2><p>Nos partenaires et nous déposons des cookies.</p><button onclick="tell('more')">Paramétrer</button><button onclick="tell('yes')">Tout accepter</button>`), "", "no", 1, true},
		{"German, in a dialog", `<dialog open aria-modal=true id=banner><h2>Ihre Privatsphäre</h2><p>Wir verwenden Cookies.</p><button onclick="tell('yes')">Alle akzeptieren</button><button onclick="tell('no')">Nur notwendige Cookies</button><a href=/datenschutz>Datenschutz</a></dialog>`, "", "no", 1, true},
		{"Spanish", bar(`<p>Utilizamos cookies propias y de terceros.</p><button onclick="tell('yes')">Aceptar</button><button onclick="tell('more')">Configurar</button><button onclick="tell('no')">Rechazar</button>`), "", "no", 1, true},
		{"Polish", bar(`<p>Ta strona używa plików cookies.</p><button onclick="tell('yes')">Akceptuję</button><button onclick="tell('no')">Odrzuć wszystko</button>`), "", "no", 1, true},
		{"Japanese", bar(`<p>当サイトはクッキーを使用します。</p><button onclick="tell('yes')">すべて同意する</button><button onclick="tell('no')">すべて拒否する</button>`), "", "no", 1, true},
		{"in a shadow root", `<div id="usercentrics-root"></div><script>const r=document.getElementById('usercentrics-root').attachShadow({mode:'open'});r.innerHTML='<div style="position:fixed;inset:20%;background:#fff"><h2>Privacy Settings</h2><p>This site uses third-party cookies.</p><button id=a>Accept All</button><button id=d>Deny</button></div>';r.getElementById('d').onclick=()=>{tell('no');r.innerHTML=''}</script>`, "", "no", 1, true},
		{"in a frame", `<div id=banner style="position:fixed;inset:0;background:#0008"><iframe id="sp_message_iframe_1" src=/consent style="width:600px;height:300px"></iframe></div><script>addEventListener('message',e=>tell(e.data))</script>`, "", "no", 1, true},
		{"refused on the second layer", bar(`<p>We use cookies.</p><button onclick="tell('yes')">Accept</button><button onclick="tell('more');setTimeout(()=>{banner.innerHTML='<h2>Cookie settings</h2><label><input type=checkbox checked disabled>Necessary</label><label><input type=checkbox checked id=m>Marketing</label><button onclick=tell(m.checked?&quot;all&quot;:&quot;no&quot;)>Save my choice</button>'},200)">Manage preferences</button>`), "", "more no", 3, false},
		{"a notice alone", bar(`<p>This site uses cookies. By going on you agree.</p><button onclick="tell('yes')">Got it</button>`), "", "", 0, false},
		{"a notice that can be closed", bar(`<p>This site uses cookies.</p><button onclick="tell('yes')">OK</button><button aria-label=Close onclick="tell('closed')">×</button>`), "", "closed", 1, false},
		{"a wall that leaves no choice", `<div id=banner style="position:fixed;inset:0;background:#fff"><p>We use cookies.</p><button onclick="tell('yes')">I agree</button></div>`, "", "yes", 1, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, map[string]string{"/": `<title>Shop</title>` + teller + shopBelow + c.page, "/next": `<h1>Brown teapot</h1>`,
				"/consent": `<h1>Your privacy</h1><p>We and our partners use cookies.</p><button onclick="parent.postMessage('yes','*')">Accept</button><button onclick="parent.postMessage('no','*')">Reject all</button>`})
			r := shopping(t, s, `[{"open":"/"},{"click":{"role":"link","name":"Brown teapot"}},{"expect":{"url":"/next"}}]`,
				func(task *probes.Task) { task.Params.(*Params).Consent = c.policy })
			want(t, r, evidence.Completed, "")
			clicks, ok := r.Fact("web.consent-clicks")
			if ok != (c.clicks >= 0) || ok && clicks.Number != c.clicks {
				t.Errorf("%v clicks (%t), want %v", clicks.Number, ok, c.clicks)
			}
			if f, ok := r.Fact("web.consent-refusable"); !ok || (f.Number == 1) != c.refusable {
				t.Errorf("refusable is %v (%t), want %t", f.Number, ok, c.refusable)
			}
			if n := r.number(t, "web.clicks"); n != 1+max(0, c.clicks) {
				t.Errorf("%v clicks in all", n)
			}
			if n := r.number(t, "web.dead-clicks"); n != 0 {
				t.Errorf("%v dead clicks", n)
			}
			var said []string
			for _, asked := range s.log() {
				if word, ok := strings.CutPrefix(asked, "GET /told/"); ok {
					said = append(said, word)
				}
			}
			if got := strings.Join(said, " "); got != c.told {
				t.Errorf("the banner was told %q, want %q", got, c.told)
			}
		})
	}
}

// What asks for an address, a country or an age is no banner about cookies,
// whatever its small print says.
func TestNoBanners(t *testing.T) {
	for name, o := range map[string]driver.Overlay{
		"a newsletter": {Text: "10 % off your first order! Subscribe to our newsletter. By subscribing you accept our privacy and cookie policy.", Fields: 1, Modal: true,
			Controls: []driver.Handle{{Ref: 1, Name: "Accept and subscribe", Role: "button"}, {Ref: 2, Name: "No thanks", Role: "button"}}},
		"a newsletter without a field": {Text: "Get 10 % off. Join our list.", Controls: []driver.Handle{{Ref: 1, Name: "Yes, please", Role: "button"}, {Ref: 2, Name: "No thanks", Role: "button"}}},
		"a choice of country":          {Text: "It looks as if you were in Germany. Continue to our German shop?", Modal: true, Controls: []driver.Handle{{Ref: 1, Name: "Continue", Role: "button"}, {Ref: 2, Name: "Stay here", Role: "button"}}},
		"an age gate":                  {Text: "Are you over 18?", Controls: []driver.Handle{{Ref: 1, Name: "Yes", Role: "button"}, {Ref: 2, Name: "No", Role: "button"}}},
		"a basket in a drawer":         {Text: "Your basket: 1 × Chocolate cookies £4", Controls: []driver.Handle{{Ref: 1, Name: "Checkout", Role: "link", Link: "http://s.example/checkout"}, {Ref: 2, Name: "×", Role: "button"}}},
		"a footer's link":              {Text: "Cookie settings", Controls: []driver.Handle{{Ref: 1, Name: "Cookie settings", Role: "button"}}},
	} {
		if b, is := bannerOf(o); is {
			t.Errorf("%s is held for a banner: %+v", name, b)
		}
	}
}

// What closes a box is told from what sends, leads away or calls off.
func TestClosers(t *testing.T) {
	for name, c := range map[string]struct {
		o    driver.Overlay
		want int // 0: none
	}{
		"by its name":        {driver.Overlay{Cover: 1, Controls: []driver.Handle{{Ref: 1, Name: "Subscribe"}, {Ref: 2, Name: "Nein danke"}}}, 2},
		"by its sign":        {driver.Overlay{Cover: 1, Controls: []driver.Handle{{Ref: 1, Name: "×"}}}, 1},
		"by its class":       {driver.Overlay{Cover: 1, Controls: []driver.Handle{{Ref: 1, Name: "", Hint: "modal__close js-close"}}}, 1},
		"by its corner":      {driver.Overlay{Cover: 1, Controls: []driver.Handle{{Ref: 1, Name: "Sign up"}, {Ref: 2, Corner: true}}}, 2},
		"a header's menu":    {driver.Overlay{Cover: .1, Menu: true, Controls: []driver.Handle{{Ref: 1, Corner: true}}}, 0},
		"one that calls off": {driver.Overlay{Cover: 1, Controls: []driver.Handle{{Ref: 1, Name: "Cancel order"}}}, 0},
		"one that leads off": {driver.Overlay{Cover: 1, Controls: []driver.Handle{{Ref: 1, Name: "Close", Link: "http://other.example/"}}}, 0},
		"a banner's":         {driver.Overlay{Text: "We use cookies", Cover: 1, Controls: []driver.Handle{{Ref: 1, Name: "Accept"}, {Ref: 2, Name: "×"}}}, 0},
	} {
		if got, ok := closerOf([]driver.Overlay{c.o}); got.Ref != c.want || ok != (c.want > 0) {
			t.Errorf("%s: closed by %d", name, got.Ref)
		}
	}
}

// What lies over a wanted link is put away by its own control, and counted.
func TestOverlaysAreClosed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		page   string
		closed float64
	}{
		"a newsletter's dialog": {`<div id=banner role=dialog aria-modal=true style="position:fixed;inset:0;background:#fff"><h2>10 % off</h2><p>Subscribe, and accept our cookie policy.</p><input type=email><button onclick="tell('subscribed')">Subscribe</button><button onclick="tell('closed')">No thanks</button></div>`, 1},
		"a cross alone":         {`<div id=banner style="position:fixed;inset:0;background:#fff;z-index:9"><p>Shipping to Germany?</p><a href=/de>Go to the German shop</a><span class="modal-close" onclick="tell('closed')">✕</span></div>`, 1},
		"a veil and its box":    {`<div id=banner><div style="position:fixed;inset:0;background:#0008"></div><div style="position:fixed;inset:30%;background:#fff"><p>Spin the wheel!</p><button aria-label=Schließen onclick="tell('closed')"></button></div></div>`, 1},
		"nothing":               {``, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, map[string]string{"/": teller + shopBelow + c.page, "/next": `<h1>Brown teapot</h1>`})
			r := shopping(t, s, `[{"open":"/"},{"click":{"role":"link","name":"Brown teapot"}},{"expect":{"url":"/next"}}]`)
			want(t, r, evidence.Completed, "")
			if n := r.number(t, "web.overlays-closed"); n != c.closed || r.number(t, "web.clicks") != 1+c.closed {
				t.Errorf("%v closed with %v clicks", n, r.number(t, "web.clicks"))
			}
			if _, ok := r.Fact("web.consent-clicks"); ok || c.closed > 0 && s.got("GET /told/closed") != 1 || s.got("GET /told/subscribed") > 0 {
				t.Errorf("the shop was told %v, consent %t", s.log(), ok)
			}
		})
	}
}
