package driver

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
)

// in evaluates in the page's engine, for tests alone.
func in[T any](t *testing.T, p *Page, expr string) T {
	t.Helper()
	var v T
	if err := p.eval(t.Context(), p.main, expr, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestFillTypesOverWhatIsThere(t *testing.T) {
	_, p, _ := open(t, map[string]string{"/": `
		<label>Name <input id=a value="old"></label><label>Note <textarea id=b>old</textarea></label><label>Day <input id=c type=date></label>
		<label>Mass <input id=d type=number></label><div id=e contenteditable aria-label=Free>old</div><label>Deaf <input id=f oninput="this.value=''"></label>
		<script>trusted=[];addEventListener('input',e=>{document.documentElement.dataset.trusted=(document.documentElement.dataset.trusted||'')+e.target.id+(e.isTrusted?'+':'-')},true)</script>`}, TabOptions{})
	for label, value := range map[string]string{"Name": "Änne O'Hara \"x\"", "Note": "two\nlines", "Day": "2026-11-22", "Mass": "12", "Free": "new"} {
		if _, err := p.Fill(t.Context(), Locator{Label: label}, value, yes); err != nil {
			t.Errorf("%s: %v", label, err)
		}
	}
	if got := in[[]string](t, p, `['a','b','c','d'].map(i=>document.getElementById(i).value).concat(e.textContent)`); !slices.Equal(got, []string{"Änne O'Hara \"x\"", "two\nlines", "2026-11-22", "12", "new"}) {
		t.Errorf("fields hold %q", got)
	}
	if got := in[string](t, p, `document.documentElement.dataset.trusted`); strings.Contains(got, "a-") || !strings.Contains(got, "a+") {
		t.Errorf("typing is trusted: %s", got)
	}
	if _, err := p.Fill(t.Context(), Locator{Label: "Name"}, "", yes); err != nil || in[string](t, p, `a.value`) != "" {
		t.Errorf("emptying a field: %v", err)
	}
	_, err := p.Fill(t.Context(), Locator{Label: "Deaf"}, "x", yes)
	if unmet := (*Unmet)(nil); !errors.As(err, &unmet) || unmet.Saw != "it empty" {
		t.Errorf("a field that takes nothing: %v", err)
	}
}

func TestSelect(t *testing.T) {
	_, p, _ := open(t, map[string]string{"/": `<label>Size <select onchange="document.title=this.value"><option value=s>Small<option value=l>Large (2 litres)</select></label><div role=combobox tabindex=0 aria-label=Fancy>x</div>`}, TabOptions{Timeout: 300 * time.Millisecond})
	for _, option := range []string{"Large (2 litres)", "s", "large"} {
		if _, err := p.Select(t.Context(), Locator{Label: "Size"}, option, yes); err != nil {
			t.Error(err)
		}
	}
	if got := in[string](t, p, `document.title`); got != "l" {
		t.Errorf("chosen %q", got)
	}
	_, err := p.Select(t.Context(), Locator{Label: "Size"}, "Huge", yes)
	if err == nil || !strings.Contains(err.Error(), `["Small" "Large (2 litres)"]`) {
		t.Errorf("an option that is not there: %v", err)
	}
	_, err = p.Select(t.Context(), Locator{Label: "Fancy"}, "x", yes)
	if err == nil || !strings.Contains(err.Error(), `the option "x" in the field "Fancy"`) {
		t.Errorf("a list that is none: %v", err)
	}
}

func TestKeys(t *testing.T) {
	_, p, _ := open(t, map[string]string{"/": `<form action=/found><input aria-label=q><input type=submit value=Go></form><script>addEventListener('keydown',e=>document.title+=e.key+e.isTrusted)</script>`, "/found": `found`}, TabOptions{})
	if _, err := p.Fill(t.Context(), Locator{Label: "q"}, "tea", yes); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Press(t.Context(), "Tab", yes); err != nil {
		t.Fatal(err)
	}
	if got := in[string](t, p, "document.title"); got != "Page /atrueTabtrue" {
		t.Errorf("the page saw %q", got)
	}
	if got := in[string](t, p, "document.activeElement.value"); got != "Go" {
		t.Errorf("focus is on %q", got)
	}
	if _, err := p.Fill(t.Context(), Locator{Label: "q"}, "tea", yes); err != nil {
		t.Fatal(err)
	}
	var asked Control
	if _, err := p.Press(t.Context(), "Enter", func(c Control) error { asked = c; return nil }); err != nil {
		t.Fatal(err)
	}
	if asked.Name() != "Go" || !asked.Submits || !strings.HasSuffix(asked.Action, "/found") {
		t.Errorf("Enter would press %+v", asked)
	}
	must(t, p.Settle(t.Context()))
	must(t, p.SeeURL(t.Context(), "/found", 0))
	if _, err := p.Press(t.Context(), "Return", yes); err == nil {
		t.Error("an unknown key was pressed")
	}
}

func TestGuardStopsBeforeTheClick(t *testing.T) {
	_, p, _ := open(t, map[string]string{"/": `<form method=post action=/x><input name=n autocomplete=cc-number aria-label=Number><button formaction="/y?a=b" title="Last step"><b>Buy</b> it</button></form><h1>Payment</h1>`}, TabOptions{})
	no := errors.New("no")
	c, err := p.Click(t.Context(), Locator{Text: "Buy"}, func(Control) error { return no })
	if !errors.Is(err, no) || p.Document().Count != 1 {
		t.Errorf("clicked: %v", err)
	}
	if !c.Submits || c.Method != "POST" || !strings.HasSuffix(c.Action, "/y?a=b") || !c.Card || !c.Payment || c.Role != "button" || !slices.Contains(c.Names, "Buy it") || !slices.Contains(c.Names, "Last step") {
		t.Errorf("control is %+v", c)
	}
}

func TestFrames(t *testing.T) {
	other := `<p>Inside</p><label>Town <input id=t></label><button onclick="parent.postMessage('pressed','*')">Press</button><div style="height:3000px"></div><button onclick="parent.postMessage('deep','*')">Deep</button>`
	_, p, url := open(t, map[string]string{
		"/":      `<div style="height:900px"></div><iframe src=/inner style="margin:30px;border:7px solid;width:400px;height:200px"></iframe><script>addEventListener('message',e=>document.title=e.data)</script>`,
		"/inner": other, "/inner2": other,
	}, TabOptions{})
	for _, name := range []string{"Press", "Deep"} {
		if _, err := p.Click(t.Context(), Locator{Role: "button", Name: name}, yes); err != nil {
			t.Fatal(err)
		}
		must(t, p.Settle(t.Context()))
		if got, err := p.Title(t.Context()); err != nil || !strings.EqualFold(got, map[string]string{"Press": "pressed", "Deep": "deep"}[name]) {
			t.Errorf("clicking %s gave the title %q, %v", name, got, err)
		}
	}
	if _, err := p.Fill(t.Context(), Locator{Label: "Town"}, "Ely", yes); err != nil {
		t.Error(err)
	}
	if got, err := p.Read(t.Context(), Locator{Label: "Town"}); got != "Ely" || err != nil {
		t.Errorf("read %q, %v", got, err)
	}
	// A frame of another site, in the same process.
	foreign := strings.Replace(url, "127.0.0.1", "localhost", 1) + "/inner2"
	in[any](t, p, `document.querySelector('iframe').src = `+quote(foreign))
	must(t, p.See(t.Context(), Locator{Text: "Inside"}, 0))
	if _, err := p.Click(t.Context(), Locator{Role: "button", Name: "Press"}, yes); err != nil {
		t.Error(err)
	}
	in[any](t, p, `document.body.insertAdjacentHTML('beforeend', '<div id=veil style="position:fixed;inset:0;background:#fff">Veil</div>')`)
	_, err := p.Click(t.Context(), Locator{Role: "button", Name: "Press"}, yes)
	if err == nil || !strings.Contains(err.Error(), "covered") {
		t.Errorf("a covered frame: %v", err)
	}
}

func TestPopupsComeToTheFront(t *testing.T) {
	for name, opener := range map[string]string{
		"link":      `<a href=/pop target=_blank>Open</a>`,
		"no opener": `<a href=/pop target=_blank rel=noopener>Open</a>`,
		"script":    `<button onclick="window.open('/pop')">Open</button>`,
		"form":      `<form action=/pop target=_blank><button>Open</button></form>`,
	} {
		t.Run(name, func(t *testing.T) {
			seen := make(chan string, 100)
			tab, p, url := open(t, map[string]string{"/": opener, "/pop": `<h1>Popup</h1><button onclick="window.close()">Close</button>`}, TabOptions{On: func(p *Page, ev any) {
				if e, ok := ev.(*page.EventFrameNavigated); ok {
					seen <- e.Frame.URL
				}
			}})
			if _, err := p.Click(t.Context(), Locator{Text: "Open"}, yes); err != nil {
				t.Fatal(err)
			}
			must(t, p.Settle(t.Context()))
			pop := tab.Page()
			if pop == p {
				t.Fatal("the popup is not in front")
			}
			must(t, pop.Settle(t.Context()))
			if got := pop.Document(); !strings.HasPrefix(got.URL, url+"/pop") || got.Status != 200 {
				t.Errorf("the popup holds %+v", got)
			}
			if name == "no opener" {
				return // a page may only close what a script has opened
			}
			if _, err := pop.Click(t.Context(), Locator{Role: "button", Name: "Close"}, yes); err != nil && !errors.Is(err, ErrClosed) {
				t.Fatal(err)
			}
			err := pop.wait(t.Context(), nil)
			if !errors.Is(err, ErrClosed) || tab.Page() != p {
				t.Errorf("after closing: %v", err)
			}
		})
	}
}

func TestDialogs(t *testing.T) {
	asked := make(chan string, 10)
	_, p, _ := open(t, map[string]string{"/": `<button onclick="alert('hi');document.title=[confirm('Remove it?'),confirm('Place the order?'),prompt('Name?')].join()">Go</button>`}, TabOptions{
		Dialog: func(_ *Page, d *page.EventJavascriptDialogOpening) bool {
			asked <- d.Message
			return d.Message == "Remove it?" || d.Type == page.DialogTypeAlert
		}})
	if _, err := p.Click(t.Context(), Locator{Text: "Go"}, yes); err != nil {
		t.Fatal(err)
	}
	must(t, p.Settle(t.Context()))
	if got, err := p.Title(t.Context()); got != "true,false," || err != nil || len(asked) != 4 {
		t.Errorf("answers are %q, %v; %d asked", got, err, len(asked))
	}
}

func TestSecretsAreShownAsDots(t *testing.T) {
	_, p, _ := open(t, map[string]string{"/": `<body style="margin:0"><label>Card number <input id=n style="font-size:40px;width:600px"></label>`}, TabOptions{})
	picture := func(number string) image.Image {
		c, err := p.Fill(t.Context(), Locator{Label: "Card number"}, number, yes)
		must(t, err)
		if !c.Secret {
			t.Error("a card number is no secret")
		}
		in[any](t, p, "document.activeElement.blur()")
		raw, err := p.Screenshot(t.Context())
		must(t, err)
		img, err := png.Decode(bytes.NewReader(raw))
		must(t, err)
		return img
	}
	one, two := picture("4242 4242 4242 4242"), picture("1111 1111 1111 1111")
	if one.Bounds().Dx() != 1280 || one.Bounds().Dy() != 800 {
		t.Errorf("the picture is %v", one.Bounds())
	}
	for y := range 100 {
		for x := range 1280 {
			if one.At(x, y) != two.At(x, y) {
				t.Fatalf("two numbers give different pictures, at %d,%d", x, y)
			}
		}
	}
	if got, err := p.Read(t.Context(), Locator{Label: "Card number"}); got != "" || err != nil {
		t.Errorf("read %q, %v", got, err)
	}
}

func TestFieldsOfAForm(t *testing.T) {
	_, p, _ := open(t, map[string]string{"/": `<form action=/search><input type=search name=q aria-label=Find></form>
		<form id=f><label>Name* <input name=n required></label><label>Town <input name=t value=Ely></label><label>More <input name=m aria-required=true></label>
		<select name=c aria-label=Country><option value="">?<option value=GB selected>UK</select>
		<input type=radio name=r id=r1 style="opacity:0;width:0;height:0"><label for=r1>Post</label><input type=radio name=r id=r2 checked><label for=r2>Van</label>
		<input type=checkbox name=a id=a1><label for=a1>News</label><input type=hidden name=h><input name=hp style="position:absolute;visibility:hidden"><input name=off disabled>
		<button>Send</button></form><input form=f name=outside aria-label=Outside>`}, TabOptions{})
	if _, err := p.Fill(t.Context(), Locator{Label: "Name"}, "x", yes); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Click(t.Context(), Locator{Text: "Post"}, yes); err != nil {
		t.Fatal(err)
	}
	list, err := p.Fields(t.Context())
	must(t, err)
	var got []string
	for _, f := range list {
		s := f.Key
		for mark, on := range map[string]bool{" required": f.Required, " search": f.Search} {
			if on {
				s += mark
			}
		}
		if f.Prefilled {
			s += " prefilled"
		}
		if f.Ours {
			s += " ours"
		}
		got = append(got, s)
	}
	want := []string{"n required ours", "t prefilled", "m required", "c prefilled", "radio r prefilled ours", "a a1", "outside"}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if _, err := p.Fill(t.Context(), Locator{Label: "Find"}, "x", yes); err != nil {
		t.Fatal(err)
	}
	if list, err = p.Fields(t.Context()); err != nil || len(list) != 1 || !list[0].Search {
		t.Errorf("a search box is %+v, %v", list, err)
	}
}

func TestVitals(t *testing.T) {
	_, p, _ := open(t, map[string]string{"/": `<h1>Large words</h1><p>Below</p><script>const drawn=f=>requestAnimationFrame(()=>requestAnimationFrame(f));drawn(()=>setTimeout(()=>document.querySelector('h1').style.marginTop='200px',50))</script>`}, TabOptions{})
	for range 100 { // the shift is drawn, and reported, a frame or two later
		if v, err := p.Vitals(t.Context()); err != nil {
			t.Fatal(err)
		} else if v.CLS > 0 && v.LCP > 0 {
			if v.TTFB <= 0 || v.Usable < v.TTFB || v.LCP > 10_000 {
				t.Errorf("vitals are %+v", v)
			}
			return
		}
		must(t, p.eval(t.Context(), p.main, "__touchstone.loaded(1000).then(()=>new Promise(requestAnimationFrame))", nil))
	}
	t.Error("no shift or no paint was reported")
}

// The engine's names and roles are the browser's own.
func TestNamesAgreeWithTheBrowser(t *testing.T) {
	_, p, _ := open(t, map[string]string{"/": `
		<a href=#a>Plain <b>link</b></a><a href=#b aria-label="Labelled">x</a><a href=#c><img alt="Picture" src="data:,"></a><a href=#d title="Titled"></a>
		<button>Go <span aria-hidden=true>→</span></button><button aria-labelledby="l1 l2">x</button><span id=l1>First</span> <span id=l2>second</span>
		<button><svg role=img><title>Drawn</title></svg></button><input type=submit><input type=submit value="Send it"><input type=image alt="Seen" src="data:,">
		<label for=i1>For it</label><input id=i1><label>Around <input id=i2> it</label><input placeholder="Only this"><input title="Tip" placeholder="Not this">
		<label>Tick <input type=checkbox></label><label><input type=radio name=r>One</label><label>Many <select multiple><option>A</select></label><label>One of <select><option>A</select></label>
		<label>Notes <textarea></textarea></label><h2>Head <em>line</em></h2><div role=button tabindex=0>Made up</div><label>Much <input type=range></label><label>How many <input type=number></label>
		<label>Find <input type=search></label><div role=textbox contenteditable aria-label="Rich"></div><label style="text-transform:uppercase">Upper <input type=email></label>
		<a href=#e><span>Two</span><div>blocks</div></a><button><span hidden>Unseen</span>Seen</button><summary>No details</summary><details><summary>More</summary>x</details>`}, TabOptions{})
	at, err := p.placeOf(t.Context(), p.main)
	must(t, err)
	const each = `[...document.querySelectorAll('a,button,input,select,textarea,h2,[role=button],[role=textbox],details > summary')]`
	n := in[int](t, p, each+".length")
	for i := range n {
		e, err := cdp.Call(t.Context(), p.s, runtime.Evaluate, runtime.EvaluateParams{Expression: fmt.Sprintf("%s[%d]", each, i), UniqueContextID: at.id})
		must(t, err)
		ax, err := cdp.Call(t.Context(), p.s, accessibility.GetPartialAXTree, accessibility.GetPartialAXTreeParams{ObjectID: e.Result.ObjectID, FetchRelatives: new(false)})
		must(t, err)
		var role, name string
		if ax.Nodes[0].Role != nil {
			must(t, json.Unmarshal(ax.Nodes[0].Role.Value, &role))
		}
		if ax.Nodes[0].Name != nil && len(ax.Nodes[0].Name.Value) > 0 {
			must(t, json.Unmarshal(ax.Nodes[0].Name.Value, &name))
		}
		role = map[string]string{"DisclosureTriangle": "button"}[role] + strings.TrimPrefix(role, "DisclosureTriangle")
		ours := in[[]string](t, p, fmt.Sprintf("[__touchstone.role(%s[%d]), __touchstone.name(%[1]s[%[2]d])]", each, i))
		if !strings.EqualFold(ours[0], role) || !strings.EqualFold(ours[1], strings.Join(strings.Fields(name), " ")) {
			t.Errorf("element %d is %q to us and %q to the browser", i, ours, []string{role, name})
		}
	}
}

func TestCrashEndsThePageNotTheBrowser(t *testing.T) {
	_, p, _ := open(t, map[string]string{"/": `Hello`}, TabOptions{})
	waiting := make(chan error, 1)
	go func() { waiting <- p.See(context.Background(), Locator{Text: "never"}, time.Minute) }()
	p.s.post("Page.crash", nil)
	if err := <-waiting; !errors.Is(err, ErrCrashed) {
		t.Errorf("a wait in a crashed page ends with %v", err)
	}
	if err := p.Navigate(t.Context(), "about:blank"); !errors.Is(err, ErrCrashed) {
		t.Errorf("a crashed page is used again: %v", err)
	}
	_, q, _ := open(t, map[string]string{"/": `Hello`}, TabOptions{})
	must(t, q.See(t.Context(), Locator{Text: "Hello"}, 0))
}

func TestContextsAreApart(t *testing.T) {
	pages := map[string]string{"/": `<script>document.title = document.cookie + (localStorage.x || '') + '.'; document.cookie = 'a=1'; localStorage.x = 2</script>`}
	tab, p, url := open(t, pages, TabOptions{})
	must(t, p.Navigate(t.Context(), url))
	if got, _ := p.Title(t.Context()); got != "a=12." {
		t.Errorf("the same visitor is remembered as %q", got)
	}
	other, err := shared.NewTab(t.Context(), TabOptions{})
	must(t, err)
	defer other.Close()
	must(t, other.Page().Navigate(t.Context(), url))
	if got, _ := other.Page().Title(t.Context()); got != "." {
		t.Errorf("another visitor sees %q", got)
	}
	tab.Close()
	if err := p.Navigate(t.Context(), url); !errors.Is(err, ErrClosed) {
		t.Errorf("a closed visitor goes on: %v", err)
	}
}

func TestAgentIsAStockChrome(t *testing.T) {
	_, p, _ := open(t, map[string]string{"/": ``}, TabOptions{Identity: Identity{Language: "de-AT"}})
	got := in[[]string](t, p, "[navigator.userAgent, navigator.language, navigator.userAgentData ? navigator.userAgentData.brands.map(b=>b.brand).join() : '']")
	if strings.Contains(strings.Join(got, " "), "Headless") || !strings.Contains(got[0], "Chrome/"+strings.Split(shared.Version(), ".")[0]+".0.0.0 Safari/537.36") || got[1] != "de-AT" {
		t.Errorf("agent is %q", got)
	}
}

func TestStartSweepsWhatAKilledProgramLeft(t *testing.T) {
	dir := t.TempDir()
	left := filepath.Join(dir, dirPrefix+"999999999-x")
	must(t, os.MkdirAll(filepath.Join(left, "profile"), 0o755))
	kept := filepath.Join(dir, fmt.Sprintf("%s%d-y", dirPrefix, os.Getppid()))
	must(t, os.Mkdir(kept, 0o755))
	b, err := Start(t.Context(), Options{TempDir: dir, Path: os.Getenv("TOUCHSTONE_BROWSER")})
	must(t, err)
	must(t, b.Close())
	select {
	case <-b.Dead():
	default:
		t.Error("a closed browser is not dead")
	}
	if _, err := b.NewTab(t.Context(), TabOptions{}); !errors.Is(err, ErrDied) {
		t.Errorf("a closed browser opens a page: %v", err)
	}
	found, _ := filepath.Glob(filepath.Join(dir, "*"))
	if !slices.Equal(found, []string{kept}) {
		t.Errorf("left: %v", found)
	}
}

// A survey is asked for again only when something has changed, and the header
// area, boxes and text are as the page shows them.
func TestSurvey(t *testing.T) {
	_, p, url := open(t, map[string]string{"/": `<header><a href=/help>Help</a></header><main><h1>Teapots</h1><p>Two of them</p><label><input type=checkbox checked name=n> News</label><form><textarea></textarea></form>
		<p hidden>never</p><button onclick="history.pushState({},'','/next');document.querySelector('h1').textContent='Next'">Go</button></main><footer>Call +44 1632 960123</footer>`}, TabOptions{})
	s, err := p.Survey(t.Context())
	if err != nil || s == nil {
		t.Fatal(s, err)
	}
	if s.View != 1 || s.URL != url+"/" || s.Headings[0] != "Teapots" || s.Messages != 1 || len(s.Controls) != 2 || !s.Controls[0].Header || s.Controls[0].Link != url+"/help" || s.Controls[1].Header ||
		len(s.Boxes) != 1 || s.Boxes[0] != (Box{Key: "n", Label: "News", Ticked: true}) || len(s.Phones) != 1 || s.Phones[0].Number != "+44 1632 960123" || s.Phones[0].Header ||
		strings.Contains(s.Text, "never") || !strings.Contains(s.Text, "960123") || strings.Contains(s.Main, "960123") || strings.Contains(s.Main, "Help") {
		t.Errorf("surveyed %+v", s)
	}
	if again, err := p.Survey(t.Context()); err != nil || again != nil {
		t.Errorf("surveyed again: %+v, %v", again, err)
	}
	if _, err := p.Click(t.Context(), Locator{Role: "button"}, yes); err != nil {
		t.Fatal(err)
	}
	p.Quiet(t.Context(), time.Second)
	if s, err = p.Survey(t.Context()); err != nil || s == nil || s.View != 2 || s.Headings[0] != "Next" || s.URL != url+"/next" {
		t.Errorf("surveyed after a change: %+v, %v", s, err)
	}
}

func TestRoute(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"http://a.example/x", "http://a.example/x/", true}, {"http://a.example/x?a=1", "http://a.example/x?a=2", true}, {"http://a.example/#top", "http://a.example", true},
		{"http://a.example/x", "http://a.example/y", false}, {"http://a.example/#/x", "http://a.example/#/y", false}, {"http://a.example/#!/x", "http://a.example/#/x?z=1", true},
		{"http://127.0.0.1:1/", "http://127.0.0.1:2/", false},
	} {
		if (Route(c.a) == Route(c.b)) != c.same {
			t.Errorf("%s and %s: %q, %q", c.a, c.b, Route(c.a), Route(c.b))
		}
	}
}

// A long page, as shops have them: 60 products, 300 links.
func BenchmarkSurvey(b *testing.B) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<!doctype html><header><nav>"+strings.Repeat("<a href=/c>Category</a> ", 40)+"</nav></header><main><ul>"+
			strings.Repeat("<li><a href=/p><h3>Brown teapot</h3></a><p>Holds one litre, pours well.</p><b>£24.50</b> <button>Add to basket</button> <a href=/p#r>12 reviews</a></li>", 60)+"</ul></main><footer>"+strings.Repeat("<a href=/f>Footer</a> ", 140)+"</footer>")
	}))
	defer srv.Close()
	tab, err := shared.NewTab(b.Context(), TabOptions{})
	if err != nil {
		b.Fatal(err)
	}
	defer tab.Close()
	p := tab.Page()
	if err := p.Navigate(b.Context(), srv.URL+"/"); err != nil {
		b.Fatal(err)
	}
	inPage := 0.0
	for b.Loop() {
		if err := p.evalOnce(b.Context(), p.main, "document.body.append('x')", nil); err != nil {
			b.Fatal(err)
		}
		s, err := p.Survey(b.Context())
		if err != nil || s == nil {
			b.Fatal(s, err)
		}
		inPage += s.Took
	}
	b.ReportMetric(inPage/float64(b.N), "page-ms/op")
}

// What a survey numbered can be used without a name, as long as it is there.
func TestRef(t *testing.T) {
	_, p, _ := open(t, map[string]string{"/": `<title>none</title><button onclick="document.title='first'">Buy</button><button id="b" onclick="document.title='second'">Buy</button>`}, TabOptions{})
	ref := in[int](t, p, "__touchstone.ref(document.getElementById('b'))")
	_, err := p.Click(t.Context(), Locator{Ref: ref, Role: "button", Name: "Buy"}, yes)
	must(t, err)
	if got, _ := p.Title(t.Context()); got != "second" {
		t.Errorf("clicked the %s", got)
	}
	if got, want := in[Locator](t, p, "__touchstone.locate(document.getElementById('b'))"), (Locator{Role: "button", Name: "Buy", Exact: true, Nth: 2}); got != want {
		t.Errorf("located as %+v, want %+v", got, want)
	}
}

// What had a number and left the page does not come back: nobody waits for it.
func TestRefThatIsGone(t *testing.T) {
	_, p, _ := open(t, map[string]string{"/": `<button id="b">Buy</button>`}, TabOptions{Timeout: time.Minute})
	ref := in[int](t, p, "__touchstone.ref(document.getElementById('b'))")
	in[any](t, p, "document.getElementById('b').remove()")
	_, err := p.Click(t.Context(), Locator{Ref: ref, Role: "button", Name: "Buy"}, yes)
	if unmet := (*Unmet)(nil); !errors.As(err, &unmet) || !strings.HasPrefix(unmet.Saw, "an element that is not there any more") {
		t.Errorf("ended with %v", err)
	}
}
