package web

import (
	"bytes"
	"encoding/json"
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
	if err := json.Unmarshal(r.files["network.json"], &har); err != nil {
		t.Fatal(err)
	}
	return har.Log.Entries
}

func TestNetworkLog(t *testing.T) {
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

// A page that repeats everything it is told: nothing secret may stay in what
// the visit leaves.
func TestSecretsLeaveNoTrace(t *testing.T) {
	secrets := []string{"S3cret-pass word", "4242424242424242", "very-secret-cookie", "987", "hidden-token"}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Set-Cookie", "session=very-secret-cookie")
		switch r.URL.Path {
		case "/":
			io.WriteString(w, `<!doctype html><title>Log in</title><form action=/in><label>Password <input type=password name=p></label>
				<label>Card number <input name=card></label><label>Card code <input autocomplete=cc-csc name=c></label><input name=token type=hidden value=hidden-token>
				<button type=button onclick="console.error('typed ' + document.querySelector('[name=p]').value + ' and ' + document.querySelector('[name=card]').value);
					fetch('/echo?p=' + encodeURIComponent(document.querySelector('[name=p]').value), {method: 'POST', headers: {Authorization: 'Bearer hidden-token'}, body: 'hidden-token'});
					document.title = document.querySelector('[name=p]').value; document.querySelector('h1').textContent = document.querySelector('[name=card]').value.replace(/(....)/g, '$1 ').trim()">Show</button></form><h1>.</h1>`)
		default:
			io.WriteString(w, "ok")
		}
	}))
	defer srv.Close()
	r := shoppingWith(t.Context(), t, shared, srv.URL, `[{"open":"/"},
		{"effect":"log-in","fill":{"label":"Password","value":"S3cret-pass word"}},
		{"fill":{"label":"Card number","value":"4242424242424242"}},
		{"fill":{"label":"Card code","value":"987"}},
		{"click":{"role":"button"}},
		{"read":{"css":"h1","fact":"shown"}},
		{"read":{"label":"Password","fact":"password"}},
		{"expect":{"text":"nothing like it","timeout":"300ms"}}]`, grant(evidence.LogIn))
	want(t, r, evidence.Failed, "(masked)") // the title, which is now the password
	facts, err := json.Marshal(r.Observation)
	if err != nil {
		t.Fatal(err)
	}
	r.files["observation"] = facts
	for name, data := range r.files {
		text := string(data)
		if strings.HasSuffix(name, ".png") {
			continue // a picture; its fields show dots, see the driver's tests
		}
		for _, secret := range append(secrets, "4242 4242 4242 4242", "S3cret-pass%20word") {
			if secret == "987" {
				continue // three digits are found in any log
			}
			if strings.Contains(text, secret) {
				t.Errorf("%s holds %q:\n%s", name, secret, text)
			}
		}
	}
	if !bytes.Contains(r.files["console.json"], []byte("typed (masked) and (masked)")) {
		t.Errorf("console is %s", r.files["console.json"])
	}
}

func TestMaskerForms(t *testing.T) {
	m := &masker{}
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
		"https://shop.example/": "https://shop.example/",
		"":                      "",
	} {
		if got := clean(in); got != want {
			t.Errorf("clean(%q) = %q, want %q", in, got, want)
		}
	}
}
