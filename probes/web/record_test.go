package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"touchstone/internal/evidence"
)

func entries(t *testing.T, r result) []entry {
	t.Helper()
	var har struct{ Log struct{ Entries []entry } }
	if err := json.Unmarshal(r.files["network.har"], &har); err != nil {
		t.Fatal(err)
	}
	return har.Log.Entries
}

func TestNetworkLog(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string]string{
		"/":    `<script>fetch('/data?token=hidden-1&page=2').then(()=>console.error('broken thing'))</script><img src=/gone.png>`,
		"/old": "->/", "/data": `{}`,
	})
	r := shopping(t, s, `[{"open":"/old"},{"expect":{"css":"img"}},{"screenshot":"end"}]`)
	want(t, r, evidence.Completed, "")
	var got []string
	for _, e := range entries(t, r) {
		got = append(got, e.Request.Method+" "+strings.TrimPrefix(e.Request.URL, s.URL)+" "+http.StatusText(e.Response.Status))
		if e.Response.Status > 0 && e.Time <= 0 {
			t.Errorf("%s took %v ms", e.Request.URL, e.Time)
		}
	}
	all := strings.Join(got, "\n")
	for _, line := range []string{"GET /old Found", "GET / OK", "GET /gone.png Not Found", "GET /data?token=(masked)&page=2 OK"} {
		if !strings.Contains(all, line) {
			t.Errorf("no %q in\n%s", line, all)
		}
	}
	if r.number(t, "web.requests") != float64(len(got)) || r.number(t, "web.failed-requests") != 1 || r.number(t, "web.bytes") <= 0 || r.number(t, "web.pages") != 1 {
		t.Errorf("figures do not agree with the log: %v", r.Facts)
	}
	if !bytes.Contains(r.files["console.json"], []byte("broken thing")) || r.number(t, "web.console-errors") != 2 { // and the picture
		t.Errorf("console is %s", r.files["console.json"])
	}
}

// A page that repeats everything it is told, in every form: nothing secret may
// stay in what the visit leaves.
func TestSecretsLeaveNoTrace(t *testing.T) {
	t.Parallel()
	secrets := map[string]string{
		"password": `S3cret-päss "word"/9`, "card": "4242424242424242", "account": "DE89370400440532013000", "cookie": "very-secret-cookie", "token": "hidden-token-77",
		"bearer": "bearer-0f1e2d3c4b", "session": "sess-8d7f6a5b4c", "once": "731904",
	}
	pages := map[string]string{
		"/": `<!doctype html><title>Log in</title><form method=post action=/in><label>Password <input type=password name=p></label>
			<label>Card number <input name=card></label><label>IBAN <input name=iban></label><label>Code <input autocomplete=one-time-code name=c></label><input name=authenticity_token type=hidden value=hidden-token-77>
			<a href="/help;jsessionid=sess-8d7f6a5b4c?key=hidden-token-77&page=2">Help</a>
			<button type=button>Show</button><button>Log in</button></form><h1>.</h1><p id=echo></p><input id=open aria-label=Open>
			<script>
			const v = n => document.querySelector('[name=' + n + ']').value, b64 = s => btoa(String.fromCharCode(...new TextEncoder().encode(s)));
			document.querySelector('[type=button]').onclick = () => {
				const p = v('p'), card = v('card'), groups = card.replace(/(....)/g, '$1 ').trim();
				for (const said of [p, card, groups, JSON.stringify({p, card}), b64('user:' + p), b64(p), encodeURIComponent(p), escape(card), v('iban'), v('iban').replace(/(....)/g, '$1 '), 'code ' + v('c'), document.cookie,
					'token=hidden-token-77', '{"api_key":"hidden-token-77"}', 'Authorization: Bearer bearer-0f1e2d3c4b', location.origin + '/x?sid=sess-8d7f6a5b4c', '5555 5555 5555 4444']) console.error('typed ' + said);
				fetch('/echo/' + encodeURIComponent(p) + '?q=' + encodeURIComponent(card) + '&b=' + b64(p) + '&sid=sess-8d7f6a5b4c', {method: 'POST', headers: {Authorization: 'Bearer bearer-0f1e2d3c4b', 'X-Auth-Token': 'hidden-token-77'}, body: new URLSearchParams({password: p, note: p, plain: 'kept'})});
				document.title = p; document.querySelector('h1').textContent = groups; document.querySelector('#echo').textContent = 'Your password is ' + p + ', your code ' + v('c') + ', your account ' + v('iban');
				document.querySelector('#open').value = p; document.querySelector('form').setAttribute('aria-label', p); history.replaceState(0, '', '/?q=' + encodeURIComponent(p) + '&token=hidden-token-77');
			};
			</script>`,
	}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Add("Set-Cookie", "session=very-secret-cookie")
		w.Header().Add("Set-Cookie", "theme=dark")
		page := pages[r.URL.Path]
		if page == "" {
			page = "ok"
		}
		io.WriteString(w, page)
	}))
	defer srv.Close()
	r := shoppingWith(t.Context(), t, shared, srv.URL, fmt.Sprintf(`[{"open":"/"},
		{"effect":"log-in","fill":{"label":"Password","value":%q}},
		{"fill":{"label":"Card number","value":"4242424242424242"}},
		{"fill":{"label":"IBAN","value":"DE89370400440532013000"}},
		{"fill":{"label":"Code","value":"731904"}},
		{"click":{"role":"button","name":"Show"}},
		{"read":{"css":"h1","fact":"shown"}},
		{"read":{"css":"#echo","fact":"echo"}},
		{"read":{"label":"Password","fact":"password"}},
		{"expect":{"text":"nothing like it","timeout":"300ms"}}]`, secrets["password"]), grant(evidence.LogIn))
	want(t, r, evidence.Failed, "(masked)") // the title, which is now the password
	facts, err := json.Marshal(r.Observation)
	if err != nil {
		t.Fatal(err)
	}
	r.files["observation"] = facts
	finder := evidence.NewRedactor("4242 4242 4242 4242", "DE89 3704 0044 0532 0130 00", "5555 5555 5555 4444")
	for _, s := range secrets {
		finder.Add(s)
	}
	for name, data := range r.files {
		if strings.HasSuffix(name, ".png") {
			continue // see TestPicturesHideWhatPagesRepeat
		}
		if clear := finder.Bytes(data); !bytes.Equal(clear, data) {
			t.Errorf("%s holds secrets; without them it is\n%s", name, clear)
		}
	}
	for name, kept := range map[string][]string{
		"console.json":             {"typed (masked)", "**** **** **** 4444"},
		"network.har":              {`"plain"`, `"kept"`, `"password"`, "/echo/(masked)?q=(masked)"},
		"01-open-start.txt":        {`link "Help" → ` + srv.URL + "/help;jsessionid=(masked)?key=(masked)&page=2"},
		"06-click-button-show.txt": {`textbox "Password": (masked)`, `textbox "Open": (masked)`, "text: Your password is (masked), your code (masked), your account (masked)"},
		"observation":              {"Your password is (masked)"},
	} {
		for _, k := range kept {
			if !bytes.Contains(r.files[name], []byte(k)) {
				t.Errorf("%s lacks %q:\n%.3000s", name, k, r.files[name])
			}
		}
	}
}

// A page that shows in plain letters what was typed in secret: the picture has
// black there, and is as it was elsewhere.
func TestPicturesHideWhatPagesRepeat(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string]string{"/": `<style>body{margin:0;background:#fff;font:20px/40px sans-serif}p{margin:0}</style>
		<p>first</p><label>Password <input type=password name=p></label><p id=echo style="position:absolute;top:200px;left:100px;width:600px">.</p>
		<button onclick="document.querySelector('#echo').textContent = 'It is ' + document.querySelector('[name=p]').value">Show</button>`})
	r := shopping(t, s, `[{"open":"/"},{"effect":"log-in","fill":{"label":"Password","value":"swordfish-42"}},{"click":{"role":"button"}}]`, grant(evidence.LogIn))
	want(t, r, evidence.Completed, "")
	black := func(name string) (n int) {
		img, err := png.Decode(bytes.NewReader(r.files[name]))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for y := 190; y < 250; y++ {
			for x := 100; x < 700; x++ {
				if c, g, b, _ := img.At(x, y).RGBA(); c+g+b == 0 {
					n++
				}
			}
		}
		return n
	}
	if n := black("02-fill-field-password.png"); n > 100 {
		t.Errorf("%d black points before the page repeated anything", n)
	}
	if n := black("03-click-button.png"); n < 2000 {
		t.Errorf("only %d black points where the page shows the password", n)
	}
}

func TestMaskerForms(t *testing.T) {
	m := newMasker()
	m.learn("4111 1111-1111 1111")
	m.learn(`pa"ss wörd`)
	m.learn("ab") // too short to hide
	in := `4111111111111111 4111 1111 1111 1111 4111-1111-1111-1111 pa"ss wörd pa%22ss+w%C3%B6rd ab`
	if got, want := m.hide(in), strings.Repeat(mask+" ", 5)+"ab"; got != want {
		t.Errorf("hid %q\nwant %q", got, want)
	}
}

func TestCleanAddress(t *testing.T) {
	for in, want := range map[string]string{
		"https://u:p@shop.example/a?q=tea&sessionid=1&PASSWORD=x&empty#frag": "https://shop.example/a?q=tea&sessionid=(masked)&PASSWORD=(masked)&empty",
		"https://shop.example/":                                                                   "https://shop.example/",
		"https://shop.example/a;jsessionid=0123ABCD?x=1":                                          "https://shop.example/a;jsessionid=(masked)?x=1",
		"https://shop.example/(S(lit3py55t21z5v55vlm25s55))/cart.aspx":                            "https://shop.example/(S((masked)))/cart.aspx",
		"https://shop.example/account/reset/9f8e7d6c5b4a3f2e1d0c":                                 "https://shop.example/account/reset/(masked)",
		"https://shop.example/?PHPSESSID=abc&author=Austen&postcode=10115&size=L&utm_source=mail": "https://shop.example/?PHPSESSID=(masked)&author=Austen&postcode=10115&size=L&utm_source=mail",
		"https://shop.example/?cb=a1b2c3d4e5f6a7b8c9d0e1f2&user%5Btoken%5D=xyz":                   "https://shop.example/?cb=(masked)&user%5Btoken%5D=(masked)",
		"https://shop.example/app#/basket":                                                        "https://shop.example/app#/basket",
		"https://shop.example/app#access_token=abc":                                               "https://shop.example/app",
		"": "",
	} {
		if got := clean(in); got != want {
			t.Errorf("clean(%q) = %q, want %q", in, got, want)
		}
	}
}
