package web

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"touchstone/internal/evidence"
)

// A way is how one shop's contact form goes about mistakes.
type way struct {
	lang, form, script string
	// answer gives the page after the form was sent, without the frame; nil: the
	// form is never sent to the server.
	answer func(r *http.Request) (status int, body string)
}

// plainForm has three fields, with what stands behind the e-mail field and what
// they hold.
func plainForm(attributes, after string, value func(string) string) string {
	return fmt.Sprintf(`<form method=post action=/send %s><p><label for=name>Your name</label><br><input id=name name=name value="%s"></p>
		<p><label for=mail>E-mail</label><br><input id=mail name=email value="%s" %s>%s</p>
		<p><label for=text>Message</label><br><textarea id=text name=message>%s</textarea></p><button>Send message</button></form>`,
		attributes, value("name"), value("email"), "", after, value("message"))
}

func empty(string) string { return "" }

func typedIn(r *http.Request) func(string) string {
	return func(name string) string { return html.EscapeString(r.PostFormValue(name)) }
}

func wrongMail(r *http.Request) bool { return !strings.Contains(r.PostFormValue("email"), "@") }

const thanked = `<h1>Thank you</h1><p>We have your message.</p>`

// onSubmit is a script that holds the form back where the address is wrong, and
// does something instead.
func onSubmit(instead string) string {
	return `document.querySelector('form').addEventListener('submit', e => { const f = document.querySelector('[name=email]'); if (!f.value.includes('@')) { e.preventDefault(); ` + instead + ` } });`
}

func below(text string) string {
	return `document.querySelector('.e')?.remove(); f.insertAdjacentHTML('afterend', '` + text + `');`
}

// Twenty ways in which forms answer to an address without its sign.
func ways() map[string]way {
	accept := func(*http.Request) (int, string) { return 200, thanked }
	again := func(status int, show func(r *http.Request) string) func(r *http.Request) (int, string) {
		return func(r *http.Request) (int, string) {
			if wrongMail(r) {
				return status, show(r)
			}
			return 200, thanked
		}
	}
	all := map[string]way{
		"the browser's own": {form: strings.Replace(plainForm("", "", empty), "id=mail", "id=mail type=email required", 1), answer: accept},
		"server, tied": {form: plainForm("", "", empty), answer: again(422, func(r *http.Request) string {
			return strings.Replace(plainForm("", `<br><span id=w>Enter an e-mail address, such as anna@example.com</span>`, typedIn(r)), "id=mail", `id=mail aria-invalid=true aria-describedby=w autofocus`, 1)
		})},
		"server, all lost": {form: plainForm("", "", empty), answer: again(200, func(*http.Request) string {
			return `<ul class=messages><li>The e-mail address is invalid.</li></ul><div style="height:200px"></div>` + plainForm("", "", empty)
		})},
		"server, on another path with status 400": {form: plainForm("", "", empty), answer: again(400, func(r *http.Request) string {
			return plainForm("", `<b> Please enter a valid address</b>`, typedIn(r))
		})},
		"as the field is left": {form: plainForm("", "", empty), script: `document.querySelector('[name=email]').addEventListener('blur', e => { const f = e.target; if (!f.value.includes('@')) { ` +
			below(`<em class=e id=w>The e-mail needs an @</em>`) + ` f.setAttribute('aria-describedby', 'w'); } else document.querySelector('.e')?.remove() });` + onSubmit(``), answer: accept},
		"a toast that goes": {form: plainForm("", "", empty), script: onSubmit(`const t = document.createElement('div'); t.style = 'position:fixed;right:9px;bottom:9px'; t.textContent = 'Something is wrong with your input'; document.body.append(t); setTimeout(() => t.remove(), 900);`), answer: accept},
		"a summary with links": {form: plainForm("novalidate", "", empty), answer: again(422, func(r *http.Request) string {
			return `<div role=alert tabindex=-1 id=s><h2>There is a problem</h2><ul><li><a href="#mail">Enter an e-mail address in the right form</a></ul></div><div style="height:150px"></div>` + plainForm("novalidate", "", typedIn(r)) + `<script>document.getElementById('s').focus()</script>`
		})},
		"a window":             {form: plainForm("", "", empty), script: onSubmit(`alert('Please enter a valid e-mail address.')`), answer: accept},
		"anything is taken":    {form: plainForm("", "", empty), answer: accept},
		"anything, in place":   {form: plainForm("", "", empty), script: `document.querySelector('form').addEventListener('submit', e => { e.preventDefault(); setTimeout(() => document.querySelector('form').insertAdjacentHTML('afterend', '<p role=status>Your message was sent.</p>'), 50) })`},
		"anything, by script":  {form: plainForm("", "", empty), script: `document.querySelector('form').addEventListener('submit', e => { e.preventDefault(); document.querySelector('form').outerHTML = '<p>On its way.</p>' })`},
		"a button that sleeps": {form: plainForm("", "", empty), script: `const b = document.querySelector('form button'), f = document.querySelector('[name=email]'); const look = () => { b.disabled = !f.value.includes('@') }; f.addEventListener('input', look); look()`, answer: accept},
		"colour alone":         {form: plainForm("", "", empty), script: onSubmit(`f.style.borderColor = 'red'`), answer: accept},
		"nothing at all":       {form: plainForm("", "", empty), script: onSubmit(``), answer: accept},
		"one bare word":        {form: plainForm("", "", empty), script: onSubmit(below(`<i class=e> Invalid!</i>`)), answer: accept},
		"asked of the server":  {form: plainForm("", "", empty), script: `document.querySelector('form').addEventListener('submit', e => { e.preventDefault(); const f = document.querySelector('[name=email]'); fetch('/check', {method: 'POST', body: new URLSearchParams({email: f.value})}).then(r => { if (r.status === 422) { ` + below(`<div class=e role=alert id=w>An @ is missing from the address</div>`) + ` f.setAttribute('aria-errormessage', 'w'); f.setAttribute('aria-invalid', 'true'); f.focus() } }) })`},
		"its own bubble, bare": {form: strings.Replace(plainForm("", "", empty), "id=mail", "id=mail type=email", 1), script: `document.querySelector('[name=email]').addEventListener('input', e => e.target.setCustomValidity(e.target.value.includes('@') ? '' : 'Nope.'))`, answer: accept},
		"a bubble held back":   {form: strings.Replace(plainForm("", "", empty), "id=mail", "id=mail type=email", 1), script: `addEventListener('invalid', e => { e.preventDefault(); const f = e.target; ` + below(`<b class=e> Wrong</b>`) + ` }, true)`, answer: accept},
		"in the label":         {form: strings.Replace(plainForm("", "", empty), "E-mail</label>", "E-mail <span></span></label>", 1), script: onSubmit(`document.querySelector('label span').textContent = ' – please enter it with an @'; f.focus()`), answer: accept},
		"a page of its own": {form: plainForm("", "", empty), answer: again(400, func(*http.Request) string {
			return `<h1>Error</h1><p>The e-mail address is invalid. Go back and try again.</p>`
		})},
		"German": {lang: "de", form: plainForm("", "", empty), answer: again(422, func(r *http.Request) string {
			return plainForm("", `<div class=fehler>Bitte geben Sie eine gültige E-Mail-Adresse an.</div>`, typedIn(r))
		})},
		"Japanese":                        {lang: "ja", form: plainForm("", "", empty), script: onSubmit(below(`<p class=e>メールアドレスを正しく入力してください</p>`)), answer: accept},
		"Polish, no words for what to do": {lang: "pl", form: plainForm("", "", empty), script: onSubmit(below(`<p class=e>Nieprawidłowa wartość</p>`)), answer: accept},
		"Finnish, which we do not speak":  {lang: "fi", form: plainForm("", "", empty), script: onSubmit(`f.setAttribute('aria-invalid', 'true');` + below(`<p class=e>Tarkista tämä kenttä</p>`)), answer: accept},
	}
	return all
}

func TestFormTrials(t *testing.T) {
	t.Parallel()
	const (
		shown, inline, tied, words, kept, focus, accepted = 1, 2, 4, 8, 16, 32, 64
	)
	names := []string{"error-shown", "inline", "tied", "words", "kept", "focus", "accepted"}
	truth := map[string]int{
		"the browser's own":                       shown | inline | tied | words | kept | focus,
		"server, tied":                            shown | inline | tied | words | kept | focus,
		"server, all lost":                        shown | words,
		"server, on another path with status 400": shown | inline | words | kept,
		"as the field is left":                    shown | inline | tied | words | kept,
		"a toast that goes":                       shown | kept,
		"a summary with links":                    shown | tied | words | kept | focus,
		"a window":                                shown | words | kept,
		"anything is taken":                       accepted,
		"anything, in place":                      accepted,
		"anything, by script":                     accepted,
		"a button that sleeps":                    kept,
		"colour alone":                            kept,
		"nothing at all":                          kept,
		"one bare word":                           shown | inline | kept,
		"asked of the server":                     shown | inline | tied | words | kept | focus,
		"its own bubble, bare":                    shown | inline | tied | kept | focus,
		"a bubble held back":                      shown | inline | kept,
		"in the label":                            shown | inline | tied | words | kept | focus,
		"a page of its own":                       shown | words,
		"German":                                  shown | inline | words | kept,
		"Japanese":                                shown | inline | words | kept,
		"Polish, no words for what to do":         shown | inline | kept,
		"Finnish, which we do not speak":          shown | inline | kept,
	}
	for name, w := range ways() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sends := make(chan string, 20)
			s := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				rw.Header().Set("Content-Type", "text/html; charset=utf-8")
				body := w.form
				switch {
				case r.URL.Path == "/check":
					timer := time.NewTimer(300 * time.Millisecond) // a server that thinks
					defer timer.Stop()
					<-timer.C
					if wrongMail(r) {
						rw.WriteHeader(http.StatusUnprocessableEntity)
					}
					return
				case r.Method == http.MethodPost:
					sends <- r.FormValue("email")
					var status int
					status, body = w.answer(r)
					rw.WriteHeader(status)
				case r.URL.Path != "/":
					rw.WriteHeader(http.StatusNoContent)
					return
				}
				fmt.Fprintf(rw, `<!doctype html><html lang=%q><title>Contact</title><h1>Contact</h1><p>Fields marked with a star are required.</p>%s<script>{%s}</script>`, w.lang, body, w.script)
			}))
			t.Cleanup(s.Close)
			r := shoppingWith(t.Context(), t, quietCopy(t), s.URL+"/", `[{"open":"/"},
				{"effect":"submit-form","fill":{"label":"name","value":"Anna Field"}},{"fill":{"label":"E-mail","value":"anna@example.net"}},{"fill":{"label":"Message","value":"How long does it take?"}},
				{"name":"form","try":{"form":{"role":"button","name":"Send"},"with":["wrong-email"]}}]`, grant(evidence.SubmitForm))
			want(t, r, evidence.Completed, "")
			for i, fact := range names {
				got, ok := r.at("web.trial-"+fact, "form-wrong-email")
				if wanted := float64(truth[name] >> i & 1); !ok || got != wanted {
					message := ""
					for _, f := range r.Facts {
						if f.Name == "web.trial-message" {
							message = f.Text
						}
					}
					t.Errorf("%s is %v (%v), want %v; it said %q", fact, got, ok, wanted, message)
				}
			}
			if len(sends) > 1 {
				t.Errorf("sent %d times", len(sends))
			}
			if r.files["05-form-wrong-email.png"] == nil {
				t.Errorf("no picture among %v", r.Evidence)
			}
		})
	}
	if len(truth) != len(ways()) {
		t.Errorf("%d truths for %d forms", len(truth), len(ways()))
	}
}

// After each mistake the form is as it was, also where the page lost it all; a
// form that takes one is left alone after it; what it does not ask for is not
// tried.
func TestTrialsOneAfterAnother(t *testing.T) {
	t.Parallel()
	form := func(r *http.Request) string {
		value := empty
		if r.Method == http.MethodPost && r.URL.Path != "/lose" {
			value = typedIn(r)
		}
		wrong := ""
		for _, f := range []string{"name", "email", "phone", "postcode"} {
			v := r.PostFormValue(f)
			if r.Method == http.MethodPost && (v == "" || f == "email" && wrongMail(r) || f == "phone" && len(v) < 5 && r.URL.Path != "/lax") {
				wrong += "Please enter the " + f + ". "
			}
		}
		if r.Method == http.MethodPost && wrong == "" {
			return thanked
		}
		return fmt.Sprintf(`<p>%s</p><form method=post><label>Name <input name=name required value="%s"></label><label>Country <select name=country><option value=GB>United Kingdom<option value=DE %s>Germany</select></label>
			<label>E-mail <input name=email value="%s"></label><label>Telephone <input name=phone value="%s"></label><label>Postcode <input name=postcode required value="%s"></label>
			<label><input type=checkbox name=gift %s> A gift</label><label><input type=radio name=how value=post %s> Post</label><label><input type=radio name=how value=van %s> Van</label><button>Go on</button></form><script>document.querySelector('form').noValidate = true</script>`,
			wrong, value("name"), pick(value("country") == "DE", "selected"), value("email"), value("phone"), value("postcode"), pick(value("gift") != "", "checked"), pick(value("how") == "post", "checked"), pick(value("how") == "van", "checked"))
	}
	for path, tried := range map[string]string{
		"/keep": "wrong-email impossible-phone missing-name missing-postcode", "/lose": "wrong-email impossible-phone missing-name missing-postcode", "/lax": "wrong-email impossible-phone",
	} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			posts := make(chan string, 20)
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "text/html")
				if r.Method == http.MethodPost {
					posts <- fmt.Sprint(r.PostFormValue("name"), "|", r.PostFormValue("country"), "|", r.PostFormValue("email"), "|", r.PostFormValue("phone"), "|", r.PostFormValue("postcode"), "|", r.PostFormValue("gift"), "|", r.PostFormValue("how"))
				}
				fmt.Fprint(w, "<!doctype html><title>Address</title><h1>Your address</h1>", form(r))
			}))
			t.Cleanup(s.Close)
			r := shoppingWith(t.Context(), t, quietCopy(t), s.URL+path, `[{"open":"/"},
				{"effect":"submit-form","fill":{"label":"Name","value":"Anna"}},{"select":{"label":"Country","option":"Germany"}},{"fill":{"label":"E-mail","value":"anna@example.net"}},{"fill":{"label":"Telephone","value":"0421 493011"}},
				{"fill":{"label":"Postcode","value":"28195"}},{"click":{"label":"A gift"}},{"click":{"label":"Van"}},
				{"name":"address","try":{"form":{"label":"Postcode"}}}]`, grant(evidence.SubmitForm))
			want(t, r, evidence.Completed, "")
			var names []string
			for _, f := range r.Facts {
				if f.Name == "web.trial-error-shown" {
					names = append(names, strings.TrimPrefix(f.Step, "address-"))
				}
			}
			if got := strings.Join(names, " "); got != tried {
				t.Errorf("tried %q, want %q", got, tried)
			}
			keeps, _ := r.at("web.trial-kept", "address-wrong-email")
			if (keeps == 1) != (path != "/lose") {
				t.Errorf("kept is %v", keeps)
			}
			close(posts)
			sent := slices.Collect(func(yield func(string) bool) {
				for p := range posts {
					if !yield(p) {
						return
					}
				}
			})
			right := []string{"Anna|DE|anna.example.net|0421 493011|28195|on|van", "Anna|DE|anna@example.net|12|28195|on|van", "|DE|anna@example.net|0421 493011|28195|on|van", "Anna|DE|anna@example.net|0421 493011||on|van"}
			if !slices.Equal(sent, right[:len(names)]) {
				t.Errorf("sent\n%s\nwant\n%s", strings.Join(sent, "\n"), strings.Join(right, "\n"))
			}
		})
	}
}

func pick(yes bool, s string) string {
	if yes {
		return s
	}
	return ""
}

// Scripts make forms of anything: without a form element, sent by a button that
// is none, with a menu of buttons around it.
func TestTrialOfAFormThatIsNone(t *testing.T) {
	t.Parallel()
	page := `<main><button type=button>Menu</button><div><label>E-mail <input name=email></label><label>Note <textarea name=note></textarea></label><span role=button tabindex=0 id=go>Send it</span></div><button type=button>Top</button></main>
		<script>document.getElementById('go').onclick = () => { const f = document.querySelector('[name=email]'); document.querySelector('i')?.remove(); if (!f.value.includes('@')) f.parentElement.insertAdjacentHTML('beforeend', '<i role=alert>Please enter an address with an @</i>'); else document.querySelector('main').innerHTML = '<h1>Thanks</h1>' }</script>`
	r := shopping(t, serve(t, map[string]string{"/": page}), `[{"open":"/"},{"effect":"submit-form","fill":{"label":"E-mail","value":"anna@example.net"}},{"fill":{"label":"Note","value":"Hello"}},
		{"name":"t","try":{"form":{"label":"E-mail"},"with":["wrong-email","missing-postcode"]}},{"name":"again","try":{"form":{"label":"Note"},"with":["wrong-email"],"send":{"role":"button","name":"Send it"}}},
		{"click":{"text":"Send it"}},{"expect":{"text":"Thanks"}}]`, grant(evidence.SubmitForm))
	want(t, r, evidence.Completed, "")
	for _, fact := range []string{"web.trial-error-shown", "web.trial-inline", "web.trial-tied", "web.trial-words", "web.trial-kept"} {
		for _, step := range []string{"t-wrong-email", "again-wrong-email"} {
			if n, ok := r.at(fact, step); !ok || n != 1 {
				t.Errorf("%s of %s is %v (%v)", fact, step, n, ok)
			}
		}
	}
	if clicks := r.number(t, "web.clicks"); clicks != 1 {
		t.Errorf("the customer clicked %v times, the trials apart", clicks)
	}
	want(t, shopping(t, serve(t, map[string]string{"/": page}), `[{"open":"/"},{"effect":"submit-form","try":{"form":{"label":"E-mail"},"with":["missing-postcode"]}}]`, grant(evidence.SubmitForm)), evidence.Broken, "the form has no field for any of these mistakes")
}

// The same words to two mistakes are said twice; words that are left standing
// say nothing to a mistake in another field.
func TestWordsThatAreLeftStanding(t *testing.T) {
	t.Parallel()
	page := `<form novalidate><p><label>E-mail <input name=email required></label></p><p style="margin-top:90px"><label>Telephone <input name=phone required></label></p><button>Go on</button></form><p id=end></p>
		<script>document.querySelector('form').onsubmit = e => { e.preventDefault(); const f = document.querySelector('[name=email]');
			if (!f.value.includes('@')) { if (!document.querySelector('i')) f.insertAdjacentHTML('afterend', '<i>Please enter a valid address</i>') } else if (document.querySelector('[name=phone]').value.length > 5) document.getElementById('end').textContent = 'Thanks' }</script>`
	r := shopping(t, serve(t, map[string]string{"/": page}), `[{"open":"/"},{"effect":"submit-form","fill":{"label":"E-mail","value":"anna@example.net"}},{"fill":{"label":"Telephone","value":"0421 493011"}},
		{"name":"t","try":{"form":{"label":"E-mail"},"with":["wrong-email","impossible-phone","missing-email"]}}]`, grant(evidence.SubmitForm))
	want(t, r, evidence.Completed, "")
	for step, wanted := range map[string]float64{"t-wrong-email": 1, "t-missing-email": 1, "t-impossible-phone": 0} {
		if shown, ok := r.at("web.trial-error-shown", step); !ok || shown != wanted {
			t.Errorf("shown of %s is %v (%v), want %v", step, shown, ok, wanted)
		}
		if taken, _ := r.at("web.trial-accepted", step); taken != 0 {
			t.Errorf("%s was taken", step)
		}
	}
}

// A form with a mistake is sent like any other: not without leave, and never
// past the payment's fences.
func TestTrialsKeepToConduct(t *testing.T) {
	t.Parallel()
	pages := map[string]string{"/": `<form method=post action=/order/place><label>E-mail <input name=email></label><button>Place order</button></form>`}
	try := `{"effect":"fill-checkout","name":"t","try":{"form":{"label":"E-mail"}}}`
	s := serve(t, pages)
	want(t, shopping(t, s, `[{"open":"/"},`+try+`]`), evidence.NotGranted, "has the effect fill-checkout")
	want(t, shopping(t, s, `[{"open":"/"},`+try+`]`, grant(evidence.FillCheckout, evidence.PlaceOrder), sandbox), evidence.NotGranted, "payment guard")
	if s.got("POST /order/place") != 0 {
		t.Errorf("asked %v", s.log())
	}
	for steps, mistake := range map[string]string{
		`{"try":{"form":{"label":"E-mail"}}}`:                                                                             "/steps/1/try: a form with a mistake in it is sent all the same, but neither this step nor one before it declares an effect: write `effect: submit-form` (or fill-checkout, …)",
		`{"effect":"submit-form","try":{"form":{"label":"E-mail"},"with":["wrong-mail"]}}`:                                "/steps/1/try/with/0: unknown mistake \"wrong-mail\": a form can be tried with wrong-email, impossible-phone, missing-name, missing-email, missing-street, missing-postcode, missing-city, missing-message",
		`{"effect":"submit-form","try":{"form":{"name":"E-mail"}}}`:                                                       "/steps/1/try/form: a name needs a role: write `role: button` (or link, textbox, …) beside it",
		`{"effect":"place-order","click":{"role":"button"}},{"effect":"fill-checkout","try":{"form":{"label":"E-mail"}}}`: "/steps/2/try: forms are not tried in a visit that orders or pays (place-order): make it a scenario of its own",
		`{"effect":"submit-form","try":{"form":{"label":"E-mail"},"send":{"role":"knob"}}}`:                               "/steps/1/try/send/role: unknown role \"knob\": common ones are button, link, textbox, checkbox, radio, combobox, heading",
	} {
		if got := mistakesIn(t, `[{"open":"/"},`+steps+`]`); got != mistake {
			t.Errorf("%s\ngot  %s\nwant %s", steps, got, mistake)
		}
	}
}

// Words that tell what to do, in the languages of the shops, and words that do
// not.
func TestWordsOfAnError(t *testing.T) {
	for message, says := range map[string]bool{
		"Please enter your e-mail address.": true, "Enter a postcode, like SW1A 1AA": true, "This field is required": true, "e.g. anna@shop.example": true, "Your postcode is not right": true, "The phone number must have 10 digits": true,
		"Invalid": false, "Error!": false, "Something is wrong": false, "Invalid value": false, "Please check your input": false, "Not valid": false, "Oops": false,
		"Bitte geben Sie Ihre Postleitzahl ein.": true, "Pflichtfeld": true, "Ungültige Eingabe": false, "Leider falsch.": false,
		"Veuillez saisir une adresse": true, "Champ obligatoire": true, "Valeur non valide": false, "Erreur": false,
		"Introduce tu código postal": true, "Campo obligatorio": true, "No válido": false,
		"Inserisci il CAP": true, "Valore non valido": false, "Vul een geldige postcode in": true, "Ongeldig": false, "Fout": false,
		"Preencha o código postal": true, "Inválido": false, "Proszę podać kod pocztowy": true, "Wpisz numer": true, "Błąd": false, "Nieprawidłowa wartość": false,
		"Ange ditt postnummer": true, "Ogiltigt värde": false, "郵便番号を入力してください": true, "エラー": false, "無効な値です": false,
	} {
		if got := instructs(message, "Postcode"); got != says {
			t.Errorf("%q tells what to do: %v", message, got)
		}
		if !wrongs.says(message) && !says {
			t.Errorf("%q is not known as a complaint", message)
		}
	}
	if instructs("Postcode invalid", "Your postcode") != true || instructs("Field invalid", "Your field") != false || !instructs("郵便番号が無効です", "郵便番号") {
		t.Error("the field's name")
	}
}

// mistakesIn gives what is wrong with steps: place and message of each.
func mistakesIn(t *testing.T, steps string) string {
	t.Helper()
	p := new(Params)
	if err := json.Unmarshal([]byte(`{"steps":`+steps+`}`), p); err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, m := range check(p) {
		all = append(all, m.Path+": "+m.Message)
	}
	return strings.Join(all, "; ")
}
