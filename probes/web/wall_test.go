package web

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/fetch"

	"touchstone/internal/evidence"
	"touchstone/probes/web/driver"
)

// A page of a shop, with enough on it to be one.
const shopPage = `<title>Teapots</title><header><a href=/>Home</a> <a href=/pots>Pots</a> <a href=/tea>Tea</a> <a href=/help>Help</a> <a href=/cart>Basket</a></header>
<main><h1>Teapots</h1><p>Brown, blue and white pots, thrown by hand. We send within two days.</p>
<ul><li><a href=/1>Brown pot</a> £12<li><a href=/2>Blue pot</a> £14<li><a href=/3>White pot</a> £16</ul></main>`

type door struct {
	name    string
	status  int
	headers map[string]string
	body    string
	by      string // what the verdict names; empty: no wall
}

// The walls are written after what their makers and those who meet them
// document: the marks are theirs, the rest is not.
var doors = []door{
	// ---- walls ----
	{"Cloudflare challenge by header", 403, map[string]string{"cf-mitigated": "challenge", "server": "cloudflare"}, `<title>Just a moment...</title>`, "Cloudflare"},
	{"Cloudflare challenge by script", 200, nil, `<title>Einen Moment, bitte…</title><h1>shop.example</h1><script>window._cf_chl_opt={cType:'managed'};</script>`, "Cloudflare"},
	{"Cloudflare refusal", 403, map[string]string{"server": "cloudflare"}, `<title>Attention Required! | Cloudflare</title><div id=cf-wrapper><div id=cf-error-details><h1>Sorry, you have been blocked</h1>Ray ID: 8a1b2c3d4e5f6071</div></div>`, "Cloudflare"},
	{"Cloudflare rule", 403, map[string]string{"server": "cloudflare"}, `<title>Access denied</title><div id=cf-error-details>Error 1020</div>`, "Cloudflare"},
	{"DataDome puzzle", 403, map[string]string{"x-datadome": "protected"}, `<title>shop.example</title><p id=cmsg>Please enable JS and disable any ad blocker</p><script>var dd={'rt':'c','cid':'x','host':'geo.captcha-delivery.com'}</script><script src="https://ct.captcha-delivery.com/c.js"></script>`, "DataDome"},
	{"DataDome puzzle without a status", 200, nil, `<title>shop.example</title><iframe src="https://geo.captcha-delivery.com/captcha/?initialCid=x" width=400 height=300></iframe>`, "DataDome"},
	{"HUMAN press and hold", 403, nil, `<title>Access to this page has been denied</title><h1>Before we continue...</h1><div id=px-captcha></div><script>window._pxAppId='PXabc';</script>`, "HUMAN"},
	{"HUMAN without a status", 200, nil, `<title>shop.example</title><p>Press &amp; Hold to confirm you are a human (and not a bot).</p><div id=px-captcha></div>`, "HUMAN"},
	{"Akamai refusal", 403, map[string]string{"server": "AkamaiGHost"}, `<title>Access Denied</title><h1>Access Denied</h1>You don't have permission to access "http://shop.example/" on this server.<p>Reference #18.2f3a1202.1700000000.1a2b3c4d<p>https://errors.edgesuite.net/18.2f3a1202`, "Akamai"},
	{"Akamai behavioural challenge", 428, nil, `<title>Challenge Validation</title><div id=sec-if-cpt-container><iframe id=sec-cpt-if></iframe></div><script src="/_sec/cp_challenge/sec-3-8.js"></script>`, "Akamai"},
	{"Akamai challenge without a status", 200, nil, `<div id=sec-if-cpt-container>Powered and protected by</div>`, "Akamai"},
	{"Imperva frame", 200, map[string]string{"x-iinfo": "1-2-3"}, `<iframe id=main-iframe src="/_Incapsula_Resource?SWUDNSAI=9&incident_id=1">Request unsuccessful. Incapsula incident ID: 1-2</iframe>`, "Imperva"},
	{"Imperva refusal", 403, map[string]string{"x-iinfo": "1-2-3"}, `<title>Request Rejected</title>Request unsuccessful. Incapsula incident ID: 1097000730-123`, "Imperva"},
	{"Imperva interruption", 200, nil, `<title>Pardon Our Interruption</title><h1>Pardon Our Interruption...</h1>As you were browsing something about your browser made us think you were a bot.`, "Imperva"},
	{"AWS WAF challenge", 202, map[string]string{"x-amzn-waf-action": "challenge"}, `<script>window.gokuProps={key:'x'}</script>`, "AWS"},
	{"AWS WAF puzzle", 405, map[string]string{"x-amzn-waf-action": "captcha"}, `<title>Human Verification</title><script src="https://x.captcha-sdk.awswaf.com/x/captcha.js"></script>`, "AWS"},
	{"AWS WAF without a header", 202, nil, `<script src="https://x.eu-west-1.token.awswaf.com/x/challenge.js"></script><script>AwsWafIntegration.saveReferrer();AwsWafIntegration.checkForceRefresh()</script>`, "AWS"},
	{"Kasada", 429, map[string]string{"x-kpsdk-ct": "x"}, `<script>window.KPSDK={};</script><script src="/149e9513-01fa-4fb0-aad4-566afd725d1b/2d206a39-8ed7-437e-a3be-862e0f06eea3/ips.js?x"></script>`, "429"},
	{"Kasada with another status", 403, nil, `<script>window.KPSDK={};</script><script src="/149e9513-01fa-4fb0-aad4-566afd725d1b/2d206a39-8ed7-437e-a3be-862e0f06eea3/ips.js?x"></script>`, "Kasada"},
	{"Sucuri refusal", 403, map[string]string{"server": "Sucuri/Cloudproxy"}, `<title>Sucuri WebSite Firewall - Access Denied</title><h1>Access Denied - Sucuri Website Firewall</h1>Block ID: ABC01`, "Sucuri"},
	{"Sucuri challenge", 307, nil, `<title>You are being redirected...</title><script>var s={},sucuri_cloudproxy_js='';</script>`, "Sucuri"},
	{"F5", 200, nil, `<title>Request Rejected</title>The requested URL was rejected. Please consult with your administrator. Your support ID is: 1234567890`, "F5"},
	{"Vercel", 403, map[string]string{"x-vercel-mitigated": "challenge"}, `<title>Vercel Security Checkpoint</title>We're verifying your browser`, "Vercel"},
	{"Azure", 403, nil, `The request is blocked. 20260101T000000Z-abc`, "Azure"},
	{"Wordfence", 503, nil, `<title>Your access to this site has been limited</title>Generated by Wordfence`, "Wordfence"},
	{"Anubis", 200, nil, `<title>Making sure you're not a bot!</title><script src="/.within.website/x/cmd/anubis/static/js/main.mjs"></script>`, "Anubis"},
	{"Google", 429, nil, `Our systems have detected unusual traffic`, "429"},
	{"hCaptcha before a shop", 403, nil, `<title>shop.example</title><p>One more step</p><div class=h-captcha></div><script src="https://js.hcaptcha.com/1/api.js"></script>`, "hCaptcha"},
	{"GeeTest before a shop", 403, nil, `<title>shop.example</title><p>Slide</p><script src="https://static.geetest.com/v4/gt4.js"></script>`, "GeeTest"},
	{"Arkose before a shop", 403, nil, `<title>shop.example</title><script src="https://client-api.arkoselabs.com/v2/x/api.js"></script>`, "Arkose"},
	{"reCAPTCHA before a shop", 403, nil, `<title>Robot Check</title><script src="https://www.google.com/recaptcha/api.js"></script>`, "reCAPTCHA"},
	{"Turnstile before a shop", 200, nil, `<title>shop.example</title><p>Please wait</p><div class=cf-turnstile style="width:300px;height:65px"></div>`, "CAPTCHA"},
	{"a picture before a shop", 200, nil, `<title>Robot Check</title><h4>Enter the characters you see below</h4><form><img src="/captcha/x.jpg" width=200 height=70><input name=field-keywords></form>`, "Robot Check"},
	{"a wall in words", 200, nil, `<title>shop.example</title><h1>Verify you are human by completing the action below</h1>`, "human"},
	{"a wall in German", 403, nil, `<title>shop.example</title><p>Wir haben ungewöhnlichen Datenverkehr festgestellt.`, "Datenverkehr"},
	{"a wall in French", 200, nil, `<title>Vérifiez que vous êtes humain</title><p>…`, "humain"},
	{"a wall in Spanish", 200, nil, `<title>Tienda</title><h1>Verifica que eres un humano</h1>`, "humano"},
	{"a refusal with its number", 403, nil, `<title>Access Denied</title><p>Error 15. Incident 7781234509`, "Access Denied"},
	{"too many requests", 429, nil, `Slow down`, "429"},
	{"Queue-it", 200, nil, `<title>Waiting</title><p>Your estimated wait time is 4 minutes</p><script src="https://static.queue-it.net/script/queueclient.min.js"></script><form action="https://shop.queue-it.net/softblock"></form>`, "waiting room"},
	{"a queue", 200, nil, `<title>Shop</title><h1>You are now in line.</h1><p>Waiting Room powered by Cloudflare</p>`, "waiting room"},

	// ---- none ----
	{"a shop", 200, nil, shopPage, ""},
	{"a shop behind Cloudflare", 200, map[string]string{"server": "cloudflare", "cf-ray": "1"}, shopPage + `<script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script>`, ""},
	{"a shop behind DataDome", 200, map[string]string{"x-datadome": "protected"}, shopPage + `<script src="https://js.datadome.co/tags.js"></script>`, ""},
	{"a shop behind HUMAN", 200, nil, shopPage + `<script src="https://client.px-cloud.net/PXabc/main.min.js"></script><script>window._pxAppId='PXabc'</script>`, ""},
	{"a shop behind Akamai", 200, map[string]string{"server": "AkamaiGHost"}, shopPage + `<script src="/akam/13/5f0c1d2e"></script>`, ""},
	{"a shop behind Imperva", 200, map[string]string{"x-iinfo": "1-2"}, shopPage + `<script src="/_Incapsula_Resource?SWJIYLWA=719d34d31c8e3a6e6fffd425f7e032f3"></script>`, ""},
	{"a shop behind AWS WAF", 200, nil, shopPage + `<script src="https://x.token.awswaf.com/x/challenge.js"></script>`, ""},
	{"a shop behind Kasada", 200, nil, shopPage + `<script src="/149e9513-01fa-4fb0-aad4-566afd725d1b/2d206a39-8ed7-437e-a3be-862e0f06eea3/p.js"></script>`, ""},
	{"a bare page behind DataDome", 200, nil, `<title>Pots</title><h1>One pot</h1><script src="https://js.datadome.co/tags.js"></script>`, ""},
	{"a contact form with a tick box against robots", 200, nil, `<title>Contact us</title><h1>Contact us</h1><form><label>Name <input name=n></label><label>E-mail <input name=e></label><label>Message <textarea name=m></textarea></label><div class=cf-turnstile style="width:300px;height:65px"></div><button>Send</button></form><script src="https://www.google.com/recaptcha/api.js"></script>`, ""},
	{"a log-in with an invisible badge", 200, nil, `<title>Log in</title><h1>Log in</h1><form><input name=user><input type=password name=pass><button>Go</button></form><div class=grecaptcha-badge style="width:256px;height:60px">protected by reCAPTCHA</div><script src="https://www.google.com/recaptcha/api.js?render=x"></script>`, ""},
	{"a plain 403", 403, nil, `<title>403 Forbidden</title><center><h1>403 Forbidden</h1></center><hr><center>nginx</center>`, ""},
	{"a plain 403 of Apache", 403, nil, `<title>403 Forbidden</title><h1>Forbidden</h1><p>You don't have permission to access this resource.</p>`, ""},
	{"a shop's own 403", 403, nil, strings.Replace(shopPage, "<h1>Teapots</h1>", "<h1>Access denied</h1>Only for members, error 403.", 1), ""},
	{"a short 403 of a shop's own", 403, nil, `<title>Access denied</title><p>Only members may see this page (403).`, ""},
	{"a plain 404", 404, nil, `<title>Not found</title>Nothing here`, ""},
	{"a plain 500", 500, nil, `<title>Error</title>Something went wrong`, ""},
	{"maintenance", 503, nil, `<title>Maintenance</title>We are back soon`, ""},
	{"an origin that is down behind Cloudflare", 522, map[string]string{"server": "cloudflare"}, `<title>shop.example | 522: Connection timed out</title><div id=cf-wrapper><div id=cf-error-details><h1>Connection timed out</h1>Ray ID: 8a1b2c3d4e5f6071</div></div>`, ""},
	{"a page about locks", 200, nil, `<title>Security check at home: locks</title><h1>Security check at home</h1><p>How safe is your door?`, ""},
	{"a page about captchas", 200, nil, `<title>What is a captcha?</title><h1>What is a captcha?</h1>` + strings.Repeat(`<p>It asks you to prove that you are human before you go on. </p>`, 30), ""},
	{"a delivery's tracking", 200, nil, `<title>Parcel</title><h1>Where is my parcel?</h1><form><input name=n></form><p>Incident reports: 123456789`, ""},
}

func TestWalls(t *testing.T) {
	t.Parallel()
	var now atomic.Pointer[door]
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		c := now.Load()
		for k, v := range c.headers {
			w.Header().Set(k, v)
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(c.status)
		io.WriteString(w, "<!doctype html>"+c.body)
	}))
	defer srv.Close()
	r, release, err := shared.engage(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	// What the walls load from elsewhere is not asked for.
	tab, err := r.NewTab(t.Context(), driver.TabOptions{Timeout: 5 * time.Second, Load: time.Second, Patterns: elsewhere, Gate: gateTo(srv.URL)})
	if err != nil {
		t.Fatal(err)
	}
	defer tab.Close()
	for i, c := range doors {
		now.Store(&c)
		p := tab.Page()
		if err := p.Navigate(t.Context(), fmt.Sprintf("%s/%d", srv.URL, i)); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		d, err := p.Door(t.Context())
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if got := wallOf(p.Document(), d); (got != "") != (c.by != "") || !strings.Contains(got, c.by) {
			t.Errorf("%s: %q, want %q", c.name, got, c.by)
		}
	}
}

// A wall that comes while something is waited for ends the visit blocked; a
// form that merely holds a check does not, before anybody has used it.
// Fields may be called as properties of their form are.
func TestFieldsCalledAsProperties(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string]string{"/": `<h1>Sign in</h1><form id=f action=/in method=post><input name=src value=1><input name=id><input name=action><input name=name><input name=title><input name=method><input name=target><input name=type><label>Mail <input name=m></label><button>Go</button></form>`})
	want(t, shopping(t, s, `[{"open":"/"},{"fill":{"label":"Mail","value":"a"}},{"expect":{"text":"Sign in"}}]`), evidence.Completed, "")
	if f := scouting(t, shared, s.URL+"/", "find-contact")["find-contact"]; f.State != Absent {
		t.Errorf("a page that was read: %s %s", f.State, f.Evidence.Why)
	}
}

func TestWallsOnTheWay(t *testing.T) {
	t.Parallel()
	form := `<form><label>Name <input name=n></label><div class=cf-turnstile style="width:300px;height:65px"></div><button type=button>Send</button></form>`
	for _, c := range []struct {
		name, page, steps string
		outcome           evidence.Outcome
		reason            string
	}{
		{"puzzle over the page", `<h1>Shop</h1><p>` + strings.Repeat("Pots and pans. ", 200) + `</p><iframe src="data:text/html,captcha-delivery.com" style="position:fixed;inset:0;width:500px;height:400px"></iframe>`, `[{"open":"/"},{"expect":{"text":"Never","timeout":"200ms"}}]`, evidence.Blocked, "CAPTCHA"},
		{"form that wants it solved", form, `[{"open":"/"},{"click":{"role":"button","name":"Send"}},{"expect":{"text":"Thank you","timeout":"200ms"}}]`, evidence.Blocked, "a form with Turnstile to be solved"},
		{"form that was only read", form, `[{"open":"/"},{"expect":{"text":"Telephone","timeout":"200ms"}}]`, evidence.Failed, "Telephone"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := serve(t, map[string]string{"/": c.page})
			want(t, shopping(t, s, c.steps), c.outcome, c.reason)
		})
	}
}

var elsewhere = []*fetch.RequestPattern{{URLPattern: "*"}}

func gateTo(origin string) func(*driver.Page, *fetch.EventRequestPaused) bool {
	return func(_ *driver.Page, r *fetch.EventRequestPaused) bool {
		return strings.HasPrefix(r.Request.URL, origin)
	}
}
