package web

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"touchstone/internal/evidence"
	"touchstone/probes"
)

// Pages that a newsletter's link leads to, in the manner of mailing services
// and shop systems and in several languages, written for this test. What is
// posted to /NAME/out has left, and is told so by the page after it.
var leavingPages = []struct {
	name, page, after string
	goal              string // empty: leave-newsletter
	left              int    // posts that a customer needs
	clicks            float64
	flags             string // login, survey, address
	state             State
}{
	{name: "at-once", page: `<h1>Newsletter</h1><p>You have been unsubscribed from our mailing list.</p><a href="/at-once/again">Subscribe again</a>`, clicks: 1, state: Reached},
	{name: "one-button", page: `<h2>Unsubscribe</h2><p>Do you want to unsubscribe anna@touchstone.example?</p><form method=post action=out><button>Unsubscribe</button> <a href="/">Keep me on the list</a></form>`,
		after: `<h2>Unsubscribe successful</h2><p>You will no longer receive email marketing from this list.</p>`, left: 1, clicks: 2, state: Reached},
	{name: "warned", page: `<main><p>If you unsubscribe you will no longer receive our offers.</p><form method=post action=out><input type=hidden name=u value=1><input type=submit value="Yes, continue"></form></main>`,
		after: `<main><p>You are unsubscribed.</p></main>`, left: 1, clicks: 2, state: Reached},
	{name: "address-again", page: `<h1>Unsubscribe</h1><form method=post action=out><label>Email address <input type=email name=email required></label><button type=submit>Unsubscribe</button></form>`,
		after: `<p>You have successfully unsubscribed.</p>`, left: 1, clicks: 2, flags: "address", state: Reached},
	{name: "survey", page: `<h1>Sorry to see you go</h1><form method=post action=out><fieldset><legend>Why do you unsubscribe?</legend>
		<label><input type=radio name=why value=1 required> Too many mails</label><label><input type=radio name=why value=2 required> I never signed up</label></fieldset><button>Unsubscribe me</button></form>`,
		after: `<p>You have been removed from our list.</p>`, left: 1, clicks: 2, flags: "survey", state: Reached},
	{name: "preferences", page: `<h1>Email preferences</h1><form method=post action=out><p>Choose which emails you get, or unsubscribe.</p><label><input type=checkbox name=a checked> Weekly newsletter</label>
		<label><input type=checkbox name=b checked> Special offers</label><label><input type=checkbox name=all value=all> Unsubscribe from all</label><button>Update preferences</button></form>`,
		after: `<p>Your preferences are updated: you have been unsubscribed from all mails.</p>`, left: 1, clicks: 2, state: Reached},
	{name: "script", page: `<div id=app><p>Manage your subscription</p><div role=button tabindex=0 id=go style="cursor:pointer">Unsubscribe</div></div><script>go.onclick=()=>fetch('out',{method:'POST'}).then(()=>setTimeout(()=>app.innerHTML='<p>You are now unsubscribed.</p>',350))</script>`,
		left: 1, clicks: 2, state: Reached},
	{name: "two-pages", page: `<p>This mail came from us.</p><a href="/two-pages/sure">Unsubscribe from this list</a>`, clicks: 3, left: 1, after: `<p>You've been unsubscribed.</p>`, state: Reached},
	{name: "german", page: `<h1>Newsletter abbestellen</h1><form method=post action=out><label>Ihre E-Mail-Adresse <input name=mail type=email value="anna@touchstone.example"></label><button>Vom Newsletter abmelden</button></form>`,
		after: `<p>Sie wurden erfolgreich vom Newsletter abgemeldet.</p>`, left: 1, clicks: 2, state: Reached},
	{name: "french", page: `<p>Voulez-vous vous désabonner&nbsp;?</p><form method=post action=out><button>Se désabonner</button></form>`, after: `<p>Vous êtes désormais désabonné de notre infolettre.</p>`, left: 1, clicks: 2, state: Reached},
	{name: "spanish", page: `<form method=post action=out><p>Cancelar suscripción al boletín</p><button>Darse de baja</button></form>`, after: `<p>Tu suscripción ha sido cancelada.</p>`, left: 1, clicks: 2, state: Reached},
	{name: "japanese", page: `<h1>メルマガ配信停止</h1><form method=post action=out><button>配信停止する</button></form>`, after: `<p>配信を停止しました。</p>`, left: 1, clicks: 2, state: Reached},
	{name: "login", page: `<h1>Customer login</h1><p>Log in to manage your newsletter subscription.</p><form method=post action=in><label>Email <input type=email name=e></label><label>Password <input type=password name=p></label><button>Log in</button></form>`,
		clicks: 1, flags: "login", state: Absent},
	{name: "dead-end", page: `<h1>Our shop</h1><p>Look at our new teapots.</p><form method=post action=out><label>Newsletter <input type=email name=e></label><button>Subscribe</button></form>`, clicks: 1, state: Absent},
	{name: "deaf", page: `<h1>Unsubscribe</h1><form method=post action=out><button>Unsubscribe</button></form>`, after: `<h1>Unsubscribe</h1><p>Something went wrong.</p>`, left: 1, clicks: 2, state: Absent},
	{name: "confirm-at-once", goal: "confirm-newsletter", page: `<h1>Thank you</h1><p>Your subscription is confirmed.</p>`, clicks: 1, state: Reached},
	{name: "confirm-press", goal: "confirm-newsletter", page: `<h1>One more step</h1><form method=post action=out><button>Confirm my subscription</button></form>`, after: `<h1>You are on the list</h1><p>Thanks for confirming.</p>`, left: 1, clicks: 2, state: Reached},
	{name: "confirm-late", goal: "confirm-newsletter", page: `<h1>Sorry</h1><p>This link has expired.</p>`, clicks: 1, state: Absent},
}

func TestNewsletterIsLeftByItsLink(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	posts := map[string]int{}
	mux := http.NewServeMux()
	shell := func(w http.ResponseWriter, body string) {
		fmt.Fprintf(w, `<!doctype html><html lang=en><title>Mail list</title><body>%s</body></html>`, body)
	}
	for _, c := range leavingPages {
		mux.HandleFunc("GET /"+c.name+"/{$}", func(w http.ResponseWriter, _ *http.Request) { shell(w, c.page) })
		mux.HandleFunc("POST /"+c.name+"/out", func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			posts[c.name]++
			if c.name == "preferences" && r.FormValue("all") == "" {
				shell(w, "<p>Your preferences are updated.</p>")
				return
			}
			http.Redirect(w, r, "/"+c.name+"/done", http.StatusSeeOther)
		})
		mux.HandleFunc("GET /"+c.name+"/done", func(w http.ResponseWriter, _ *http.Request) { shell(w, c.after) })
	}
	mux.HandleFunc("GET /two-pages/sure", func(w http.ResponseWriter, _ *http.Request) {
		shell(w, `<h1>Are you sure?</h1><form method=post action=out><p>Unsubscribe from the letter?</p><button>Yes</button><a href="/">No, keep me</a></form>`)
	})
	// A service that counts presses stands between the mail and the page.
	lists := httptest.NewServer(mux)
	t.Cleanup(lists.Close)
	clicks := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, lists.URL+r.URL.Path, http.StatusFound)
	}))
	t.Cleanup(clicks.Close)
	k := Kind(shared)
	for i, c := range leavingPages {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			link := lists.URL + "/" + c.name + "/"
			if i%3 == 1 {
				link = clicks.URL + "/" + c.name + "/"
			}
			params := &Params{Goal: "leave-newsletter"}
			if c.goal != "" {
				params.Goal = c.goal
			}
			task := &probes.Task{Probe: evidence.ProbeID{Wave: "w", Site: "s", Scenario: "leave", Repeat: 1}, Site: probes.Site{ID: "s", URL: link, Own: true}, Effects: []evidence.Effect{evidence.Subscribe},
				Persona: probes.Persona{Given: "Anna", Family: "Whitlock", Email: "anna@touchstone.example", Language: "en"}, Params: params}
			rec := probes.NewRecorder(&k, task.Probe, "leave", Reading, time.Unix(0, 0), evidence.NewMemory().Put)
			if err := k.Visit(t.Context(), task, rec); err != nil {
				t.Fatal(err)
			}
			o := rec.Observation(time.Second)
			mu.Lock()
			sent := posts[c.name]
			mu.Unlock()
			if sent != c.left {
				t.Errorf("it got %d posts, want %d", sent, c.left)
			}
			text := func(name string) string { f, _ := o.Fact(name); return f.Text }
			if state := text("goal.state"); state != string(c.state) {
				t.Fatalf("%s (%s): %s, %s", state, o.Outcome, text("goal.why"), text("goal.path"))
			}
			want := evidence.Completed
			if c.state == Absent {
				want = evidence.Failed
			}
			if o.Outcome != want {
				t.Errorf("outcome %s: %s", o.Outcome, o.Reason)
			}
			if n, _ := o.Fact("goal.clicks"); n.Number != c.clicks {
				t.Errorf("%v clicks, want %v: %s", n.Number, c.clicks, text("goal.path"))
			}
			var flags []string
			for _, name := range []string{"login", "survey", "address"} {
				if f, _ := o.Fact("newsletter.leave-" + name); f.Number != 0 {
					flags = append(flags, name)
				}
			}
			if s := strings.Join(flags, " "); s != c.flags {
				t.Errorf("wanted %q, want %q", s, c.flags)
			}
		})
	}
}

// How leave for a newsletter is asked is read before anything is typed.
func TestConsentToANewsletter(t *testing.T) {
	t.Parallel()
	const form = `<footer><h2>Newsletter</h2><form method=post action=/ok><label>Email <input type=email name=e required></label>%s<button>Subscribe</button></form></footer>`
	for name, c := range map[string]struct {
		inside              string
		words               string
		box, ticked, single float64 // -1: not recorded
	}{
		"none":     {"", "", 0, -1, -1},
		"clause":   {"<p>By subscribing to the newsletter you accept our privacy policy and may unsubscribe at any time.</p>", "By subscribing", 0, -1, -1},
		"box":      {"<label><input type=checkbox name=c required> Yes, send me the newsletter</label>", "Yes, send me", 1, 0, 1},
		"ticked":   {"<label><input type=checkbox name=c checked> I want news and special offers</label>", "I want news", 1, 1, 1},
		"combined": {"<label><input type=checkbox name=c required> I accept the terms and conditions and want the newsletter</label>", "I accept the terms", 1, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body := fmt.Sprintf(form, c.inside)
				if r.Method == http.MethodPost {
					body = "<p>Almost there: click the link in the confirmation email.</p>"
				}
				fmt.Fprintf(w, `<!doctype html><html lang=en><title>Shop</title><body><main><h1>Shop</h1><p>Teapots.</p></main>%s</body></html>`, body)
			}))
			t.Cleanup(s.Close)
			k := Kind(shared)
			task := &probes.Task{Probe: evidence.ProbeID{Wave: "w", Site: "s", Scenario: "news", Repeat: 1}, Site: probes.Site{ID: "s", URL: s.URL, Own: true}, Effects: []evidence.Effect{evidence.Subscribe},
				Persona: probes.Persona{Given: "Anna", Family: "Whitlock", Email: "anna@touchstone.example", Language: "en"}, Params: &Params{Goal: "newsletter-sign-up"}}
			rec := probes.NewRecorder(&k, task.Probe, "news", Reading, time.Unix(0, 0), evidence.NewMemory().Put)
			if err := k.Visit(t.Context(), task, rec); err != nil {
				t.Fatal(err)
			}
			o := rec.Observation(time.Second)
			if o.Outcome != evidence.Completed {
				t.Fatalf("%s: %s", o.Outcome, o.Reason)
			}
			words, _ := o.Fact("newsletter.consent-words")
			if c.words == "" && words.Text != "" || !strings.HasPrefix(words.Text, c.words) {
				t.Errorf("words %q", words.Text)
			}
			for fact, want := range map[string]float64{"consent-box": c.box, "consent-preticked": c.ticked, "consent-separate": c.single, "confirm-said": 1} {
				f, ok := o.Fact("newsletter." + fact)
				if ok != (want >= 0) || ok && f.Number != want {
					t.Errorf("%s is %v (%v), want %v", fact, f.Number, ok, want)
				}
			}
		})
	}
}
