package web

import (
	"fmt"
	"html"
	"net/http"
	"strings"
	"testing"
	"time"

	"touchstone/internal/assets"
	"touchstone/internal/evidence"
	"touchstone/probes"
	"touchstone/probes/web/find"
)

// isolatedBrowser gives a browser that puts the frames of other sites into
// processes of their own, with axe-core.
func isolatedBrowser(t *testing.T) *Browser {
	t.Helper()
	o := quick(t.TempDir())
	o.Isolate = true
	var err error
	if o.Axe, err = assets.Get(assets.Axe); err != nil {
		t.Fatal(err)
	}
	b, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	return b
}

// framed are the ways in which pages show a form in a frame: {in} is where its
// document is, {doc} what is in it, {other} the same server under a name of
// another site.
var framed = map[string]struct{ page, outer string }{
	"of the same site":                         {page: `<iframe src="{in}" width=600 height=500></iframe>`},
	"of another site, in a process of its own": {page: `<iframe src="{other}{in}" width=600 height=500></iframe>`},
	"in the document's attribute":              {page: `<iframe srcdoc="{doc}" width=600 height=500></iframe>`},
	"written into about:blank by a script":     {page: `<iframe id=f width=600 height=500></iframe><template id=t>{plain}</template><script>f.contentDocument.body.append(t.content.cloneNode(true))</script>`},
	"in a shadow root":                         {page: `<my-box></my-box><script>customElements.define('my-box', class extends HTMLElement { connectedCallback() { this.attachShadow({mode: 'open'}).innerHTML = '<iframe src="{in}" width=600 height=500></iframe>' } })</script>`},
	"with its form in a shadow root":           {page: `<iframe src="{in}?shadow" width=600 height=500></iframe>`},
	"in a frame of another site":               {page: `<iframe src="{other}/outer" width=700 height=600></iframe>`, outer: `<iframe src="{in}" width=600 height=500></iframe>`},
	"without rights but to run":                {page: `<iframe sandbox="allow-scripts allow-forms" src="{in}" width=600 height=500></iframe>`},
	"in a shadow root of its own page":         {},
}

// frameOf serves a page that shows a form in one of these ways, beside a frame
// that nobody sees and one of a payment provider.
func frameOf(t *testing.T, way, form string) *shop {
	t.Helper()
	f := framed[way]
	shadow := fmt.Sprintf(`<div id=host></div><template id=t>%s</template><script>host.attachShadow({mode: 'open'}).append(t.content)</script>`, form)
	if way == "in a shadow root of its own page" {
		f.page = shadow
	}
	var s *shop
	pages := map[string]string{"/hidden": `<form><label>Full name <input name=name required></label></form>`}
	s = serve(t, pages)
	put := strings.NewReplacer("{in}", "/in", "{other}", strings.Replace(s.URL, "127.0.0.1", "localhost", 1), "{doc}", html.EscapeString(form), "{plain}", form)
	pages["/"] = `<main><h1>Write to us</h1>` + put.Replace(f.page) + `<iframe src=/hidden style="position:absolute;left:-9999px"></iframe><iframe src=/hidden hidden></iframe></main>`
	pages["/outer"], pages["/in"] = put.Replace(f.outer), form
	if strings.Contains(way, "its form in a shadow root") {
		pages["/in"] = shadow
	}
	return s
}

func TestFormsInFrames(t *testing.T) {
	t.Parallel()
	b := isolatedBrowser(t)
	for name, look := range map[string]func(*testing.T, *Browser){"filled": filledInFrames, "tried": triedInFrames} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			look(t, b)
		})
	}
}

// Whatever frame or shadow root a form stands in, it is read and filled in, its
// traps are left alone, and frames that nobody sees are none of it.
func filledInFrames(t *testing.T, b *Browser) {
	const form = `<form method=post action=/thanks><p><label>Full name <input name=name required></label></p><p><label>E-mail <input name=email type=email required></label></p><p><label>Country <select name=country required><option value="">Choose<option value=DE>Germany<option value=GB>United Kingdom</select></label></p>
		<p><label><input type=checkbox name=terms required> I accept the terms</label></p><p><label>Your message <textarea name=message required></textarea></label></p><input name=url tabindex=-1 style="position:absolute;left:-9999px"><button>Send</button></form>`
	for way := range framed {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			who := londoner
			who.Email = "shopper+k7x2q9@example.net"
			v := visitingWith(t, b, frameOf(t, way, form), &probes.Task{Persona: who, Random: 7})
			p := v.tab.Page()
			_, missing, err := v.fillForm(t.Context(), p, fillPlan{Message: "How long does it take?"})
			if err != nil || len(missing) > 0 {
				t.Fatalf("missing %+v, %v", missing, err)
			}
			for label, value := range map[string]string{"Full name": who.Given + " " + who.Family, "E-mail": who.Email, "Country": "United Kingdom", "Your message": "How long does it take?"} {
				if has, err := p.Read(t.Context(), Locator{Label: label}); err != nil || has != value {
					t.Errorf("%s holds %q, want %q (%v)", label, has, value, err)
				}
			}
			forms, err := p.Forms(t.Context())
			if err != nil || len(forms) != 1 {
				t.Fatalf("%d forms, %v", len(forms), err)
			}
			for _, x := range forms[0].Fields {
				if x.Filled == (x.Name == "url") {
					t.Errorf("%s is filled: %v", x.Name, x.Filled)
				}
			}
			if n := len(forms[0].Within); n == 0 != strings.Contains(way, "own page") {
				t.Errorf("it stands within %q", forms[0].Within)
			}
			if forms[0].Around.Heading != "Write to us" {
				t.Errorf("round it stands %+v", forms[0].Around)
			}
		})
	}
}

// A frame's mistakes are tried, and its barriers found, as a page's are.
func triedInFrames(t *testing.T, b *Browser) {
	const form = `<form method=post action=/thanks novalidate><p><label>Full name <input name=name autocomplete=name></label></p><p><label for=mail>E-mail</label> <input id=mail name=email autocomplete=email></p><p><input name=nameless></p><p style="color:#999">Pale</p><button>Send</button></form>
		<script>(document.getElementById('host')?.shadowRoot || document).querySelector('form').addEventListener('submit', e => { const r = e.target, f = r.email; r.querySelector('b')?.remove(); if (f.value && !f.value.includes('@')) { e.preventDefault(); f.insertAdjacentHTML('afterend', '<b id=w> Please enter an address with an @</b>'); f.setAttribute('aria-describedby', 'w'); f.setAttribute('aria-invalid', 'true'); f.focus() } })</script>`
	for way := range framed {
		if strings.Contains(way, "shadow root") || strings.Contains(way, "about:blank") {
			continue // a script in markup that is moved does not run: these are the frames with documents of their own
		}
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			s := frameOf(t, way, form)
			r := shoppingWith(t.Context(), t, b, s.URL+"/", `[{"open":"/"},{"effect":"submit-form","fill":{"label":"Full name","value":"Anna Field"}},{"fill":{"label":"E-mail","value":"anna@example.net"}},
				{"name":"form","try":{"form":{"role":"button","name":"Send"},"with":["wrong-email"]}}]`, grant(evidence.SubmitForm))
			want(t, r, evidence.Completed, "")
			for _, fact := range []string{"error-shown", "inline", "tied", "words", "kept", "focus"} {
				if is, ok := r.at("web.trial-"+fact, "form-wrong-email"); !ok || is != 1 {
					t.Errorf("web.trial-%s is %v (%v)", fact, is, ok)
				}
			}
			for fact, n := range map[string]float64{"web.names-missing": 1, "web.contrast-low": 1, "web.errors-untied": 0, "web.language-missing": 0, "web.fields-visible": 3} {
				if is := r.number(t, fact); is != n {
					t.Errorf("%s is %v, want %v\n%s", fact, is, n, r.files["accessibility.json"])
				}
			}
			if rules := axeRules(t, r.files["accessibility.json"]); fmt.Sprint(rules) != "[color-contrast label]" {
				t.Errorf("axe-core finds %v\n%s", rules, r.files["accessibility.json"])
			}
			if n := s.got(http.MethodPost + " /thanks"); n > 0 {
				t.Errorf("sent %d times", n)
			}
		})
	}
}

// What the frame says to the mistake on a page of its own, and what the page
// round it says, is heard.
func TestTrialsAnsweredByAnotherDocument(t *testing.T) {
	t.Parallel()
	form := func(action, more string) string {
		return `<form method=post ` + action + `><label for=m>E-mail</label><input id=m name=email value=anna@example.net><button>Send</button></form>` + more
	}
	const toParent = `<script>document.querySelector('form').onsubmit = e => { e.preventDefault(); parent.postMessage('bad', '*') }</script>`
	for name, c := range map[string]struct {
		page, in, thanks string
		shown, accepted  float64
	}{
		"the frame's next page complains":    {page: `<iframe src=/in></iframe>`, in: form("action=/thanks", ""), thanks: `422 <p role=alert>Enter a valid e-mail address.</p>` + form("action=/thanks", ""), shown: 1},
		"the frame's next page thanks":       {page: `<iframe src=/in></iframe>`, in: form("action=/thanks", ""), thanks: `<h1>Thank you</h1>`, accepted: 1},
		"the page round it complains":        {page: `<iframe src=/in></iframe><p id=said></p><script>addEventListener('message', () => { said.textContent = 'Please enter a valid e-mail address.' })</script>`, in: form("", toParent), shown: 1},
		"the whole page goes, and thanks":    {page: `<iframe src=/in></iframe>`, in: form("action=/thanks target=_top", ""), thanks: `<h1>Thank you</h1>`, accepted: 1},
		"the whole page goes, and complains": {page: `<iframe src=/in></iframe>`, in: form("action=/thanks target=_parent", ""), thanks: `422 <h1>Error</h1><p>The e-mail address is invalid.</p>`, shown: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, map[string]string{"/": `<h1>Contact</h1>` + c.page, "/in": c.in, "/thanks": c.thanks})
			r := shoppingWith(t.Context(), t, quietCopy(t), s.URL+"/", `[{"open":"/"},{"effect":"submit-form","name":"form","try":{"form":{"label":"E-mail"},"with":["wrong-email"]}}]`, grant(evidence.SubmitForm))
			want(t, r, evidence.Completed, "")
			shown, _ := r.at("web.trial-error-shown", "form-wrong-email")
			accepted, ok := r.at("web.trial-accepted", "form-wrong-email")
			if !ok || shown != c.shown || accepted != c.accepted {
				t.Errorf("shown %v, accepted %v (%v), want %v, %v", shown, accepted, ok, c.shown, c.accepted)
			}
		})
	}
}

// Of a payment provider's frames it is known what their fields are for; nothing
// is typed or pressed in them, by a goal or by a script, but in a sandbox where
// that is granted.
func TestFramesOfPaymentProviders(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string]string{
		"/": `<h1>Payment</h1><form method=post action=/step><label>First name <input name=fn autocomplete=given-name required></label><p>Card</p>
			<iframe title="Secure card number" src="http://pay.saferpay.com/number" width=300 height=60></iframe><iframe title="Secure expiry" src="http://pay.saferpay.com/expiry" width=300 height=60></iframe><iframe title="Secure code" src="http://pay.saferpay.com/code" width=300 height=60></iframe>
			<iframe title="Express" src="http://pay.saferpay.com/express" width=400 height=160></iframe></form>`,
		"/number": `<input name=encryptedCardNumber autocomplete=cc-number aria-label="Card number" inputmode=numeric>`, "/expiry": `<input name=exp autocomplete=cc-exp placeholder="MM/YY" aria-label="Expiry date">`, "/code": `<input name=cvc autocomplete=cc-csc aria-label="Security code">`,
		"/express": `<label>E-mail <input name=email required></label><label><input type=radio name=way> Instalments</label><button onclick="fetch('/wallet', {method: 'POST'})">Express</button>`,
	})
	o := quick(t.TempDir())
	o.Isolate, o.Resolve = true, map[string]string{"pay.saferpay.com": s.Listener.Addr().String()}
	b, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	card := &sandboxCard{Number: "4242424242424242", Code: "123", Month: 4, Year: 2031}
	for name, granted := range map[string]bool{"held": false, "granted in a sandbox": true} {
		t.Run(name, func(t *testing.T) {
			task := &probes.Task{Persona: londoner, Random: 7, Site: probes.Site{Sandbox: granted}}
			if granted {
				task.Effects = []evidence.Effect{evidence.Pay}
			}
			v := visitingWith(t, b, s, task)
			v.open = granted
			p := v.tab.Page()
			forms, err := p.Forms(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			seen := map[find.Purpose]bool{}
			for _, f := range forms {
				for _, g := range find.Classify(f.Fields) {
					seen[g.Purpose] = seen[g.Purpose] || provider(f.Within) != ""
				}
			}
			if !seen[find.ForCardNumber] || !seen[find.ForCardExpiry] || !seen[find.ForCardCode] || seen[find.ForGiven] {
				t.Errorf("in the provider's frames there are fields for %v", seen)
			}
			if _, _, err := v.fillForm(t.Context(), p, fillPlan{Card: card}); err != nil {
				t.Fatal(err)
			}
			if first, err := p.Read(t.Context(), Locator{Label: "First name"}); err != nil || first != londoner.Given {
				t.Errorf("the page's own field holds %q, %v", first, err)
			}
			if forms, err = p.Forms(t.Context()); err != nil {
				t.Fatal(err)
			}
			for _, f := range forms {
				for _, x := range f.Fields {
					if at := provider(f.Within); at != "" && !strings.HasSuffix(at, "/express") && x.Filled != granted {
						t.Errorf("%s is filled: %v", called(&x), x.Filled)
					}
				}
			}
		})
	}
	for _, step := range []string{
		`{"fill":{"label":"Card number","value":"4242 4242 4242 4242"}}`, `{"fill":{"label":"E-mail","value":"anna@example.net"}}`, `{"click":{"role":"button","name":"Express"}}`,
		`{"effect":"submit-form","try":{"form":{"label":"E-mail"},"with":["wrong-email"]}}`,
	} {
		r := shoppingWith(t.Context(), t, b, s.URL+"/", `[{"open":"/"},{"click":{"role":"radio","name":"Instalments"}},`+step+`]`, grant(evidence.SubmitForm))
		want(t, r, evidence.NotGranted, "http://pay.saferpay.com/")
	}
	if s.got("POST /wallet") > 0 {
		t.Error("the wallet was opened")
	}
}

// Goals fill in and send what contact pages and footers show in frames.
func TestGoalsInFrames(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string]string{
		"/": `<header><a href=/>Pots</a><nav><a href=/contact>Contact us</a></nav></header><main><h1>Pots and pans</h1><p>Everything for the stove, since 1898.</p></main>
			<footer><h2>Newsletter</h2><iframe title="Newsletter sign-up" src=/letter width=500 height=160></iframe></footer>`,
		"/contact": `<header><a href=/>Pots</a></header><main><h1>Contact us</h1><p>We answer within a day.</p><iframe title="Contact form" src=/form width=600 height=600></iframe></main>`,
		"/form":    `<form method=post action=/sent><p><label>Name <input name=name required></label></p><p><label>E-mail <input type=email name=mail required></label></p><p><label>Your message <textarea name=text required></textarea></label></p><button>Send message</button></form>`,
		"/sent":    `<h2>Thank you!</h2><p>We have received your message.</p>`,
		"/letter":  `<form method=post action=/joined><label>E-mail <input type=email name=mail required></label><button>Subscribe</button></form>`,
		"/joined":  `<p>Thank you for subscribing to our newsletter.</p>`,
	})
	found := map[string]Finding{}
	k := Kind(shared)
	who := customer("Europe/London")
	task := &probes.Task{Probe: evidence.ProbeID{Wave: "w", Site: "s", Scenario: "doing", Repeat: 1}, Site: probes.Site{ID: "s", URL: s.URL + "/", Own: true}, Effects: []evidence.Effect{evidence.SubmitForm, evidence.Subscribe}, Random: 7, Persona: who,
		Params: Scouting([]string{"submit-contact-form", "newsletter-sign-up"}, "", func(f Finding) { found[f.Goal] = f })}
	rec := probes.NewRecorder(&k, task.Probe, "doing", Reading, time.Unix(0, 0), evidence.NewMemory().Put)
	if err := k.Visit(t.Context(), task, rec); err != nil {
		t.Fatal(err)
	}
	for goal, sent := range map[string]string{"submit-contact-form": "POST /sent", "newsletter-sign-up": "POST /joined"} {
		if f := found[goal]; f.State != Reached || f.Confidence < .9 || s.got(sent) != 1 {
			t.Errorf("%s is %s (%v): %s; %d sent", goal, f.State, f.Confidence, f.Evidence.Why, s.got(sent))
		}
	}
}
