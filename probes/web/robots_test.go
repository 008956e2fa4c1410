package web

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"touchstone/internal/evidence"
	"touchstone/probes"
)

// RFC 9309, 2.2 and its appendix: which group is ours, and which rule wins.
func TestRobotsRules(t *testing.T) {
	for _, c := range []struct{ file, open, shut string }{
		{"User-agent: *\nDisallow: /a\nAllow: /a/b", "/ /a/b /a/b/c /b /robots.txt", "/a /ab /a/c"},
		{"User-agent: *\nDisallow: /*.gif$\nDisallow: /p*/x", "/a.gif?v /a.png", "/a.gif /d/b.gif /path/x /p/x1"},
		{"User-agent: other\nDisallow: /\n\nUser-agent: *\nDisallow: /x", "/", "/x"},
		{"User-agent: *\nAllow: /\n\nUser-agent: Touchstone\nDisallow: /shop", "/", "/shop /shop/1"},
		{"User-agent: *\nDisallow:", "/ /x", ""},
		{"User-agent: *\nDisallow: /q?a=", "/q /q?b=1", "/q?a=1"},
		{"\ufeffUser-agent: *\r\nDisallow: /x # why\r\n", "/", "/x"},
		{"<!doctype html><title>Not found</title>Disallow: /", "/", ""},
		{"", "/", ""},
	} {
		allows := readRules("text/plain", c.file)
		for want, paths := range map[bool]string{true: c.open, false: c.shut} {
			for _, p := range strings.Fields(paths) {
				u, err := url.Parse("https://shop.example" + p)
				if err != nil {
					t.Fatal(err)
				}
				if allows(u) != want {
					t.Errorf("%q: %s is open: %v", c.file, p, !want)
				}
			}
		}
	}
}

// RFC 9309, 2.3: what the answer's status means, and for how long.
func TestRobotsAnswers(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	asked := map[string]int{}
	times := func(host string) int {
		mu.Lock()
		defer mu.Unlock()
		return asked[host]
	}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, _ := strings.Cut(r.Host, ".")
		mu.Lock()
		asked[host]++
		mu.Unlock()
		switch {
		case host == "missing":
			w.WriteHeader(http.StatusForbidden)
		case host == "failing":
			w.WriteHeader(http.StatusServiceUnavailable)
		case host == "breaking":
			conn, _, _ := w.(http.Hijacker).Hijack()
			conn.Close()
		case host == "near" && len(r.URL.Path) < len("/robots.txt")+5, host == "far":
			http.Redirect(w, r, r.URL.Path+"x", http.StatusFound)
		case host == "large":
			io.WriteString(w, "User-agent: *\nDisallow: /x\n"+strings.Repeat("# more\n", 90_000)+"Disallow: /y\n")
		default:
			io.WriteString(w, "User-agent: *\nDisallow: /x")
		}
	}))
	defer srv.Close()
	addr := srv.Listener.Addr().String()
	b := quietCopy(t)
	b.o.Resolve = map[string]string{"gone.example": "127.0.0.1:1"}
	for _, c := range []struct {
		host       string
		root, x, y bool
		times      int // that two looks ask
	}{
		{"plain", true, false, true, 1}, {"missing", true, true, true, 1}, {"failing", false, false, false, 1}, {"breaking", false, false, false, 1},
		{"near", true, false, true, 6}, {"far", true, true, true, 6}, {"large", true, false, true, 1}, {"gone", true, true, true, 0},
	} {
		host := c.host + ".example"
		if c.host != "gone" {
			b.o.Resolve[host] = addr
		}
		for range 2 {
			for path, want := range map[string]bool{"/": c.root, "/x": c.x, "/y": c.y} {
				u := &url.URL{Scheme: "http", Host: host, Path: path}
				allows, err := b.robots(t.Context(), u)
				if err != nil {
					t.Fatalf("%s: %v", c.host, err)
				}
				if allows(u) != want {
					t.Errorf("%s: %s is open: %v", c.host, path, !want)
				}
			}
		}
		if n := times(c.host); n != c.times {
			t.Errorf("%s was asked %d times, want %d", c.host, n, c.times)
		}
	}
	old := b.files.hosts["http://plain.example"]
	if left := time.Until(old.until); left > robotsFresh || left < robotsFresh-time.Hour {
		t.Errorf("a copy is used for %v more", left)
	}
	old.until = time.Now()
	b.files.hosts["http://plain.example"] = old
	if _, err := b.robots(t.Context(), &url.URL{Scheme: "http", Host: "plain.example"}); err != nil || times("plain") != 2 {
		t.Errorf("an old copy was used: asked %d times, %v", times("plain"), err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := b.robots(ctx, &url.URL{Scheme: "http", Host: "other.example"}); err == nil {
		t.Error("a caller that gave up got rules")
	}
}

// Where robots.txt binds everything, what pages offer is not followed either,
// by link, form or script; and the start page is asked for only if it is open.
func TestStrictRobots(t *testing.T) {
	t.Parallel()
	strict := func(t *probes.Task) { t.Site.StrictRobots = true }
	pages := map[string]string{
		"/robots.txt": "User-agent: *\nDisallow: /private\nDisallow: /found",
		"/":           `<a href=/private>In</a><a href=/open>Out</a><form action=/found><input name=q aria-label=Q></form><button onclick="location='/private/2'">Go</button>`,
		"/open":       `<h1>Open</h1>`, "/private": `<h1>In</h1>`, "/private/2": "x", "/found": "x",
	}
	for steps, refusal := range map[string]string{
		`[{"open":"/"},{"click":{"text":"Out"}},{"expect":{"text":"Open"}}]`:     "",
		`[{"open":"/"},{"click":{"text":"In"}}]`:                                 "/private",
		`[{"open":"/"},{"open":"/private"}]`:                                     "/private",
		`[{"open":"/"},{"fill":{"label":"Q","value":"x"}},{"press":"Enter"}]`:    "/found",
		`[{"open":"/"},{"click":{"role":"button"}},{"expect":{"text":"never"}}]`: "/private/2",
	} {
		s := serve(t, pages)
		r := shopping(t, s, steps, strict)
		if refusal == "" {
			want(t, r, evidence.Completed, "")
		} else {
			want(t, r, evidence.Blocked, refusal+", and sites.yaml says `robots: strict`")
		}
		for _, asked := range s.log() {
			if strings.Contains(asked, "/private") || strings.Contains(asked, "/found") {
				t.Errorf("%s: asked %s", steps, asked)
			}
		}
	}
	s := serve(t, map[string]string{"/": "x", "/robots.txt": "User-agent: *\nDisallow: /"})
	want(t, shopping(t, s, `[{"open":"/"}]`, strict), evidence.Blocked, "forbids programs to open")
	if s.got("GET /") != 0 {
		t.Error("the start page was asked for")
	}
	want(t, shopping(t, serve(t, pages), `[{"open":"/"},{"click":{"text":"In"}}]`), evidence.Completed, "")
}

// A third host, named under domains, has a distance of its own, which all
// visits to it keep together.
func TestThirdHostsAreSpaced(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var at []time.Time
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		if strings.HasPrefix(r.Host, "desk.") && r.URL.Path == "/help" {
			mu.Lock()
			at = append(at, time.Now())
			mu.Unlock()
		}
		io.WriteString(w, `<!doctype html><title>x</title><a href="http://desk.example/help">Help</a><h1>`+r.Host+`</h1>`)
	}))
	defer srv.Close()
	o := quick(t.TempDir())
	o.Distance = 400 * time.Millisecond
	addr := srv.Listener.Addr().String()
	o.Resolve = map[string]string{"one.example": addr, "two.example": addr, "desk.example": addr}
	b, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	for _, shop := range []string{"one", "two"} {
		r := shoppingWith(t.Context(), t, b, "http://"+shop+".example/", `[{"open":"/"},{"click":{"text":"Help"}},{"expect":{"text":"desk.example"}}]`, func(t *probes.Task) { t.Site.Own, t.Site.Domains = false, []string{"desk.example"} })
		want(t, r, evidence.Completed, "")
	}
	mu.Lock()
	defer mu.Unlock()
	if len(at) < 2 || at[len(at)-1].Sub(at[0]) < o.Distance {
		t.Errorf("the third host was asked at %v", at)
	}
}
