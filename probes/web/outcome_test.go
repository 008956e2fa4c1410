package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"touchstone/internal/evidence"
	"touchstone/probes"
	"touchstone/probes/web/driver"
)

func TestOutcomes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, steps string
		pages       map[string]string
		outcome     evidence.Outcome
		reason      string
	}{
		{"missing page", `[{"open":"/"},{"click":{"text":"Help"}}]`, map[string]string{"/": `<a href=/help>Help</a>`}, evidence.Failed, `step 2 (click the text "Help"): `},
		{"server error", `[{"open":"/"}]`, map[string]string{"/": "500 <title>Oops</title>"}, evidence.Failed, `answered with status 500, a page titled "Oops"`},
		{"form shown again", `[{"open":"/"},{"click":{"role":"button"}},{"expect":{"text":"Please"}}]`, map[string]string{"/": `<form method=post action=/f><button>Go on</button></form>`, "/f": "422 Please fill in"}, evidence.Completed, ""},
		{"never shown", `[{"open":"/"},{"expect":{"text":"Thanks","timeout":"200ms"}}]`, map[string]string{"/": `<h1>Basket</h1>`}, evidence.Failed, `waited 200ms for the text "Thanks" to be shown; saw the page "Shop /" headed "Basket"`},
		{"two of them", `[{"open":"/"},{"click":{"role":"link"}}]`, map[string]string{"/": `<a href=/a>A</a><a href=/b>B</a>`}, evidence.Broken, `2 elements fit`},
		{"does not fit the pattern", `[{"open":"/"},{"read":{"css":"p","fact":"price","pattern":"[0-9]+"}}]`, map[string]string{"/": `<p>free`}, evidence.Failed, `"free", which does not fit`},
		{"never answers", `[{"open":"/"}]`, map[string]string{"/": "hang"}, evidence.Failed, `did not answer within 1s`},
		{"link that never answers", `[{"open":"/"},{"click":{"text":"Go"}}]`, map[string]string{"/": `<a href=/slow>Go</a>`, "/slow": "hang"}, evidence.Failed, `/slow did not answer within 1s`},
		{"picture that never comes", `[{"open":"/"},{"expect":{"text":"Hello"}}]`, map[string]string{"/": `Hello <img src=/slow>`, "/slow": "hang"}, evidence.Completed, ""},
		{"endless script", `[{"open":"/"},{"click":{"text":"Go"}}]`, map[string]string{"/": `<button onclick="for(;;);">Go</button>`}, evidence.Failed, `a script that never ends`},
		{"endless redirects", `[{"open":"/"}]`, map[string]string{"/": "->/a", "/a": "->/"}, evidence.Failed, `redirects in a circle`},
		{"endless reloads", `[{"open":"/"},{"expect":{"text":"never"}}]`, map[string]string{"/": `<script>location.reload()</script>`}, evidence.Failed, ``},
		{"wall", `[{"open":"/"}]`, map[string]string{"/": "403 <title>Just a moment...</title>"}, evidence.Blocked, `closed to programs`},
		{"wall without a status", `[{"open":"/"}]`, map[string]string{"/": "<title>Pardon Our Interruption</title>"}, evidence.Blocked, `closed to programs`},
		{"too many requests", `[{"open":"/"}]`, map[string]string{"/": "429 slow down"}, evidence.Blocked, `429`},
		{"plain 403", `[{"open":"/"}]`, map[string]string{"/": "403 no"}, evidence.Failed, `status 403`},
		{"leads away", `[{"open":"/"},{"click":{"text":"Elsewhere"}}]`, map[string]string{"/": `<a href="http://elsewhere.example/x?y=1">Elsewhere</a>`}, evidence.NotGranted, `leads off the site, to elsewhere.example`},
		{"opens a window away", `[{"open":"/"},{"click":{"text":"Elsewhere"}}]`, map[string]string{"/": `<button onclick="window.open('http://elsewhere.example/')">Elsewhere</button>`}, evidence.NotGranted, `leads off the site, to elsewhere.example`},
		{"sent away", `[{"open":"/"}]`, map[string]string{"/": "->http://elsewhere.example/"}, evidence.Failed, `sends its visitors away to elsewhere.example`},
		{"opens another site", `[{"open":"/"},{"open":"http://elsewhere.example/"}]`, map[string]string{"/": ``}, evidence.NotGranted, `not on the site's own domains`},
		{"robots.txt", `[{"open":"/"},{"open":"/admin/x"}]`, map[string]string{"/": ``, "/robots.txt": "User-agent: *\nDisallow: /admin", "/admin/x": ``}, evidence.Blocked, `robots.txt forbids`},
		{"robots.txt lets it", `[{"open":"/"},{"open":"/help"}]`, map[string]string{"/": ``, "/robots.txt": "User-agent: *\nDisallow: /admin", "/help": ``}, evidence.Completed, ``},
		{"robots.txt binds no link", `[{"open":"/"},{"click":{"text":"In"}}]`, map[string]string{"/": `<a href=/admin/x>In</a>`, "/robots.txt": "User-agent: *\nDisallow: /admin", "/admin/x": ``}, evidence.Completed, ``},
		{"robots.txt binds no offer", `[{"open":"/"},{"open":"/admin/x"}]`, map[string]string{"/": `<a href=/admin/x>In</a>`, "/robots.txt": "User-agent: *\nDisallow: /admin", "/admin/x": ``}, evidence.Completed, ``},
		{"robots.txt is a page", `[{"open":"/"},{"open":"/help"}]`, map[string]string{"/": ``, "/robots.txt": "<p>User-agent: *\nDisallow: /", "/help": ``}, evidence.Completed, ``},
		{"download", `[{"open":"/"},{"click":{"text":"Letter"}},{"expect":{"text":"Letter"}}]`, map[string]string{"/": `<a href="data:application/zip,x" download>Letter</a>`}, evidence.Completed, ``},
		{"mail link", `[{"open":"/"},{"click":{"text":"Write"}},{"expect":{"text":"Write"}}]`, map[string]string{"/": `<a href="mailto:a@b.example">Write</a>`}, evidence.Completed, ``},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := quietCopy(t)
			if strings.Contains(c.name, "never") || strings.Contains(c.name, "endless") {
				b.o.Timeout, b.o.Load = time.Second, 500*time.Millisecond
			}
			r := shoppingWith(t.Context(), t, b, serve(t, c.pages).URL, c.steps)
			want(t, r, c.outcome, c.reason)
			if r.err != nil {
				t.Error(r.err)
			}
			if (r.number(t, "web.reached") == 1) != (c.outcome == evidence.Completed) {
				t.Error("reached does not agree with the outcome")
			}
			if r.files["network.har"] == nil || r.files["console.json"] == nil {
				t.Error("logs are missing")
			}
		})
	}
}

func TestUnreachable(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	refuses := "http://" + l.Addr().String() + "/"
	l.Close()
	r := shoppingWith(t.Context(), t, shared, refuses, `[{"open":"/"}]`)
	want(t, r, evidence.Failed, "the host refuses connections")

	for _, c := range []struct {
		lookup  error
		outcome evidence.Outcome
		reason  string
	}{
		{&net.DNSError{IsNotFound: true}, evidence.Failed, "the name does not exist"},
		{&net.DNSError{IsTimeout: true}, evidence.Broken, "our own network failed"},
	} {
		b := *quietCopy(t)
		b.lookup = func(context.Context, string) ([]string, error) { return nil, c.lookup }
		r := shoppingWith(t.Context(), t, &b, "http://shop.invalid/", `[{"open":"/"}]`)
		want(t, r, c.outcome, c.reason)
	}
}

// quietCopy is the shared browser with settings of its own.
func quietCopy(t *testing.T) *Browser {
	t.Helper()
	r, release, err := shared.engage(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	r = &running{Browser: r.Browser, born: r.born, active: 1} // each copy counts its own visits
	t.Cleanup(release)
	return &Browser{o: shared.o, running: map[bool]*running{false: r}, turn: newTurn(), lookup: shared.lookup, sites: map[string]*site{}}
}

func TestOurFaultsAreBroken(t *testing.T) {
	t.Parallel()
	v := &visit{b: shared, t: &probes.Task{}}
	for _, err := range []error{driver.ErrCrashed, driver.ErrDied, driver.ErrClosed, errors.New("protocol error"), context.DeadlineExceeded} {
		var end *ending
		if !errors.As(v.explain(t.Context(), 0, &Step{Open: "/"}, err), &end) || end.outcome != evidence.Broken {
			t.Errorf("%v ends a visit as %+v", err, end)
		}
	}
}

func TestKilledBrowserIsReplaced(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	b, err := Open(quick(dir))
	if err != nil {
		t.Fatal(err)
	}
	killed := make(chan error, 1)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/kill" {
			killed <- syscall.Kill(b.running[false].Pid(), syscall.SIGKILL)
			<-r.Context().Done()
			return
		}
		w.Header().Set("Content-Type", "text/html")
		io.WriteString(w, `<!doctype html><title>x</title><button>Stay</button> <a href=/kill>Go</a>`)
	}))
	defer srv.Close()
	r := shoppingWith(t.Context(), t, b, srv.URL, `[{"open":"/"},{"click":{"text":"Stay"}},{"click":{"text":"Go"}}]`)
	want(t, r, evidence.Broken, "the browser ended: signal: killed")
	if err := <-killed; err != nil {
		t.Fatal(err)
	}
	// The press that ended it may not have been acknowledged, or been tried again.
	if n := r.number(t, "web.clicks"); r.files["01-open-start.png"] == nil || n < 1 {
		t.Errorf("what was recorded before is lost: %v presses, %d files", n, len(r.files))
	}
	want(t, shoppingWith(t.Context(), t, b, srv.URL, `[{"open":"/"}]`), evidence.Completed, "")
	if err := b.Close(); err != nil {
		t.Error(err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestInterruptedVisit(t *testing.T) {
	t.Parallel()
	asked := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(asked)
		<-r.Context().Done()
	}))
	defer srv.Close()
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-asked; cancel() }()
	r := shoppingWith(ctx, t, quietCopy(t), srv.URL, `[{"open":"/"}]`)
	want(t, r, evidence.Broken, "stopped before its end")
	if !errors.Is(r.err, context.Canceled) {
		t.Errorf("error is %v", r.err)
	}
}

func TestPolitePauses(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string]string{"/": `<a href=/b>B</a>`, "/b": `<a href=/>A</a>`})
	b := quietCopy(t)
	b.o.Distance = 300 * time.Millisecond
	steps := `[{"open":"/"},{"click":{"text":"B"}},{"click":{"text":"A"}}]`
	start := time.Now()
	r := shoppingWith(t.Context(), t, b, s.URL, steps, func(t *probes.Task) { t.Site.Own = false })
	want(t, r, evidence.Completed, "")
	if took := time.Since(start); took < 600*time.Millisecond {
		t.Errorf("three pages in %v", took)
	}
	var at []time.Time
	for _, e := range entries(t, r) {
		if e.Type == "document" {
			at = append(at, e.Started)
		}
	}
	for i := 1; i < len(at); i++ {
		if d := at[i].Sub(at[i-1]); d < 290*time.Millisecond {
			t.Errorf("pages %d and %d are %v apart", i, i+1, d)
		}
	}
	if len(at) != 3 {
		t.Errorf("%d pages", len(at))
	}
	// The next visit keeps the distance as well, and waits no longer than asked.
	ctx, cancel := context.WithCancel(t.Context())
	b.o.Distance = time.Hour
	time.AfterFunc(50*time.Millisecond, cancel)
	r = shoppingWith(ctx, t, b, s.URL, steps, func(t *probes.Task) { t.Site.Own = false })
	want(t, r, evidence.Broken, "")
	if !errors.Is(r.err, context.Canceled) || s.got("GET /") != 2 {
		t.Errorf("error is %v; asked %v", r.err, s.log())
	}
}

func TestNoBrowser(t *testing.T) {
	_, err := Open(Options{Path: filepath.Join(t.TempDir(), "chromium")})
	if !errors.Is(err, ErrNoBrowser) || !strings.Contains(err.Error(), "apt-get install chromium-headless-shell") || !strings.Contains(err.Error(), "TOUCHSTONE_BROWSER") {
		t.Errorf("error is %v", err)
	}
	bad := filepath.Join(t.TempDir(), "chromium")
	if err := os.WriteFile(bad, []byte("#!/bin/sh\necho no display >&2\nexit 3\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	b, err := Open(Options{Path: bad})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	s := serve(t, map[string]string{"/": ``})
	r := shoppingWith(t.Context(), t, b, s.URL, `[{"open":"/"}]`)
	want(t, r, evidence.Broken, "did not start")
	want(t, r, evidence.Broken, "no display")
	if len(s.log()) > 0 {
		t.Error("the shop was asked")
	}
	want(t, shoppingWith(t.Context(), t, nil, s.URL, `[{"open":"/"}]`), evidence.Broken, "no browser")
}

func TestEvidenceThatCannotBeKept(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string]string{"/": ``})
	kind := Kind(shared)
	full := errors.New("disk is full")
	rec := probes.NewRecorder(&kind, evidence.ProbeID{}, "x", Reading, time.Now(), func(context.Context, io.Reader) (evidence.Ref, error) { return "", full })
	err := kind.Visit(t.Context(), &probes.Task{Params: &Params{Steps: []Step{{Open: "/"}}}, Site: probes.Site{URL: s.URL, Own: true}}, rec)
	if !errors.Is(err, full) {
		t.Errorf("error is %v", err)
	}
	if o := rec.Observation(0); o.Outcome != evidence.Broken || !strings.Contains(o.Reason, "disk is full") {
		t.Errorf("ended %s: %s", o.Outcome, o.Reason)
	}
}

func TestResolveReachesAShopThatNoNameServerKnows(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string]string{"/": `<a href="http://www.teapots.example/help">Help</a>`, "/help": `Here`, "/robots.txt": "User-agent: *\nDisallow: /no"})
	dir := t.TempDir()
	o := quick(dir)
	addr := s.Listener.Addr().String()
	o.Resolve = map[string]string{"teapots.example": addr, "www.teapots.example": addr}
	b, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	r := shoppingWith(t.Context(), t, b, "http://teapots.example/", `[{"open":"/"},{"click":{"text":"Help"}},{"expect":{"url":"www.teapots.example/help"}}]`)
	want(t, r, evidence.Completed, "")
	r = shoppingWith(t.Context(), t, b, "http://teapots.example/", `[{"open":"/no"}]`)
	want(t, r, evidence.Blocked, "robots.txt")
}

func ExampleOpen() {
	_, err := Open(Options{Path: "/no/such/browser"})
	fmt.Println(errors.Is(err, ErrNoBrowser))
	// Output: true
}
