package driver

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// Every way in which a page's browser can be asked who it is, each answered to
// a server that remembers it.
const asking = `<!doctype html><title>Who</title><link rel=stylesheet href=/style><img src=/image><iframe src=/frame></iframe><iframe src="http://localhost:%[1]s/other"></iframe>
<script src=/script></script>
<script>
document.cookie='x=1';
const done=[];
const said=n=>'/said?by='+n+'&agent='+encodeURIComponent(navigator.userAgent)+'&languages='+navigator.languages+'&platform='+encodeURIComponent(navigator.platform)+'&brands='+(navigator.userAgentData?navigator.userAgentData.brands.map(b=>b.brand):'');
onload=async()=>{
  navigator.sendBeacon('/beacon','x');
  await fetch('/fetch'); await fetch(said('page'));
  const worker='const said='+said+'; fetch("http://127.0.0.1:%[1]s/from-"+self.constructor.name).then(()=>fetch("http://127.0.0.1:%[1]s"+said(self.constructor.name)))';
  const u='/code?'+encodeURIComponent(worker);
  new Worker(u); new SharedWorker(u);
  await navigator.serviceWorker.register(u);
  open('/popup');
}
</script>`

func TestNoMarkOfAProgramInTheAgent(t *testing.T) {
	for _, id := range []Identity{{Language: "en-GB", TimeZone: "Europe/London"}, {Language: "de-AT", TimeZone: "Europe/Vienna", Mobile: true}} {
		t.Run(id.String(), func(t *testing.T) {
			t.Parallel()
			agents(t, id)
		})
	}
}

func agents(t *testing.T, id Identity) {
	awaited := []string{"/", "/style", "/image", "/frame", "/other", "/script", "/beacon", "/fetch", "/said page", "/code", "/popup",
		"/from-DedicatedWorkerGlobalScope", "/from-SharedWorkerGlobalScope", "/from-ServiceWorkerGlobalScope",
		"/said DedicatedWorkerGlobalScope", "/said SharedWorkerGlobalScope", "/said ServiceWorkerGlobalScope"}
	var mu sync.Mutex
	seen, all := map[string]*http.Request{}, make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		what := strings.TrimSpace(r.URL.Path + " " + r.URL.Query().Get("by"))
		mu.Lock()
		before := len(seen)
		if slices.Contains(awaited, what) {
			seen[what] = r
		}
		if len(seen) == len(awaited) && before < len(seen) {
			close(all)
		}
		mu.Unlock()
		w.Header().Set("Accept-CH", "Sec-CH-UA-Full-Version-List, Sec-CH-UA-Platform-Version, Sec-CH-UA-Arch, Sec-CH-UA-Bitness, Sec-CH-UA-Model, Sec-CH-UA-Form-Factors")
		w.Header().Set("Access-Control-Allow-Origin", "*")
		switch r.URL.Path {
		case "/code":
			w.Header().Set("Content-Type", "text/javascript")
			code, _ := decoded(r.URL.RawQuery)
			fmt.Fprint(w, code)
		case "/":
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprintf(w, asking, r.Host[strings.LastIndex(r.Host, ":")+1:])
		}
	}))
	defer srv.Close()
	b, err := Start(t.Context(), Options{TempDir: t.TempDir(), Path: os.Getenv("TOUCHSTONE_BROWSER"), Mobile: id.Mobile})
	must(t, err)
	defer b.Close()
	tab, err := b.NewTab(t.Context(), TabOptions{Identity: id, Timeout: 5 * time.Second})
	must(t, err)
	defer tab.Close()
	must(t, tab.Page().Navigate(t.Context(), srv.URL+"/"))
	select {
	case <-all:
	case <-time.After(10 * time.Second):
	}
	mu.Lock()
	defer mu.Unlock()
	major, _, _ := strings.Cut(shared.Version(), ".")
	form := regexp.MustCompile(`^Mozilla/5\.0 \(X11; Linux x86_64\) AppleWebKit/537\.36 \(KHTML, like Gecko\) Chrome/` + major + `\.0\.0\.0 Safari/537\.36$`)
	if id.Mobile {
		form = regexp.MustCompile(`^Mozilla/5\.0 \(Linux; Android 10; K\) AppleWebKit/537\.36 \(KHTML, like Gecko\) Chrome/` + major + `\.0\.0\.0 Mobile Safari/537\.36$`)
	}
	for _, what := range awaited {
		r := seen[what]
		if r == nil {
			t.Errorf("%s was never asked for", what)
			continue
		}
		for name, values := range r.Header {
			if strings.Contains(strings.ToLower(strings.Join(values, " ")), "headless") {
				t.Errorf("%s: %s: %s", what, name, values)
			}
		}
		if agent := r.Header.Get("User-Agent"); !form.MatchString(agent) {
			t.Errorf("%s has the agent %q", what, agent)
		}
		// Workers send no hints, in a stock Chrome as here.
		if strings.HasPrefix(what, "/from-") || strings.HasPrefix(what, "/said ") && what != "/said page" || what == "/code" {
			if r.Header.Get("Sec-Ch-Ua") != "" {
				t.Errorf("%s has hints", what)
			}
		} else {
			if hints := r.Header.Get("Sec-Ch-Ua"); !strings.Contains(hints, `"Google Chrome";v="`+major+`"`) {
				t.Errorf("%s has the brands %q", what, hints)
			}
			if mobile := r.Header.Get("Sec-Ch-Ua-Mobile"); mobile != map[bool]string{false: "?0", true: "?1"}[id.Mobile] {
				t.Errorf("%s says mobile %q", what, mobile)
			}
		}
		// A service worker's script is asked for by no page: in the browser's language.
		if accept := r.Header.Get("Accept-Language"); !strings.HasPrefix(accept, id.Language+",") && what != "/code" || accept == "" {
			t.Errorf("%s accepts %q", what, accept)
		}
		if by := r.URL.Query().Get("by"); by != "" {
			if q := r.URL.Query(); !form.MatchString(q.Get("agent")) || !strings.HasPrefix(q.Get("languages"), id.Language) || !strings.HasSuffix(q.Get("brands"), "Google Chrome") {
				t.Errorf("in the %s navigator says %v", by, q)
			}
		}
	}
}

func decoded(s string) (string, error) {
	r, err := http.NewRequest(http.MethodGet, "/?x="+s, nil)
	if err != nil {
		return "", err
	}
	return r.URL.Query().Get("x"), nil
}

// What a stock Chrome of version 120 sent, and what the running browser calls
// itself by its own account: but for the one brand, ours is the same.
func TestBrandsAreThoseOfTheVersion(t *testing.T) {
	var list []string
	for _, b := range brands("120", "120") {
		list = append(list, fmt.Sprintf("%q;v=%q", b.Brand, b.Version))
	}
	if got, want := strings.Join(list, ", "), `"Not_A Brand";v="8", "Chromium";v="120", "Google Chrome";v="120"`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestIdentityInThePage(t *testing.T) {
	type facts struct {
		Zone, Date, Number, Platform string
		Touch, Width, Density        float64
		Coarse, Webdriver            bool
		Brands                       []struct{ Brand, Version string }
	}
	const ask = `({zone: Intl.DateTimeFormat().resolvedOptions().timeZone, date: new Date(Date.UTC(2026,6,1,12)).toLocaleString(), number: (1234.5).toLocaleString(),
		platform: navigator.userAgentData.platform, touch: navigator.maxTouchPoints, width: innerWidth, density: devicePixelRatio, coarse: matchMedia('(pointer:coarse)').matches,
		webdriver: navigator.webdriver, brands: navigator.userAgentData.brands})`
	page := map[string]string{"/": `<meta name=viewport content="width=device-width"><button onclick="document.title+=event.pointerType+event.isTrusted">Press</button><script>document.title='';addEventListener('touchstart',e=>document.title+='touched,')</script>`}
	for _, c := range []struct {
		id   Identity
		want facts
	}{
		{Identity{Language: "en-US", TimeZone: "America/New_York"}, facts{Zone: "America/New_York", Date: "7/1/2026, 8:00:00 AM", Number: "1,234.5", Platform: "Linux", Width: 1280, Density: 1}},
		{Identity{Language: "de-DE", TimeZone: "Europe/Berlin", Mobile: true}, facts{Zone: "Europe/Berlin", Date: "1.7.2026, 14:00:00", Number: "1.234,5", Platform: "Android", Touch: 5, Width: 412, Density: 2.625, Coarse: true}},
	} {
		t.Run(c.id.String(), func(t *testing.T) {
			t.Parallel()
			_, p, _ := open(t, page, TabOptions{Identity: c.id})
			got := in[facts](t, p, ask)
			if len(got.Brands) != 3 {
				t.Errorf("brands are %v", got.Brands)
			}
			got.Brands = nil
			c.want.Webdriver = true // no mark of a program is hidden from who asks for it
			if strings.ReplaceAll(got.Date, "\u202f", " ") == c.want.Date {
				got.Date = c.want.Date
			}
			if fmt.Sprint(got) != fmt.Sprint(c.want) {
				t.Errorf("got  %+v\nwant %+v", got, c.want)
			}
			if _, err := p.Click(t.Context(), Locator{Role: "button", Name: "Press"}, yes); err != nil {
				t.Fatal(err)
			}
			want := map[bool]string{false: "mousetrue", true: "touched,touchtrue"}[c.id.Mobile]
			if got := in[string](t, p, fmt.Sprintf("(async()=>{for(let n=0;n<100&&document.title!==%q;n++)await new Promise(f=>setTimeout(f,20));return document.title})()", want)); got != want {
				t.Errorf("the press was a %q, not %q", got, want)
			}
		})
	}
}
