package fieldwork

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"touchstone/internal/db"
	"touchstone/internal/evidence"
	"touchstone/internal/highstreet"
	"touchstone/probes"
	"touchstone/probes/newsletter"
	"touchstone/scenarios"
)

// publisher is a shop that sends a newsletter every third day to whom
// subscribes, until that one has left.
type publisher struct {
	mu      sync.Mutex
	visits  []string // goals, in order
	posts   int
	left    bool
	status  int // of the one-click address; 0: 200
	deaf    bool
	headers string // of each issue, with {url}
	text    string
	issues  int  // that it sends at most; 0: 20
	mute    bool // no page says that the sign-up was taken
	optIn   bool // nothing is sent before the confirmation
	broken  func()
	dying   func() // ends the process within the visit
}

type goalParams struct {
	Goal string `json:"goal"`
}

func subscribing(t *testing.T, shop *publisher, change func(*scenarios.Project)) *bench {
	t.Helper()
	var b *bench
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		shop.mu.Lock()
		defer shop.mu.Unlock()
		shop.posts++
		if shop.broken != nil {
			shop.broken()
		}
		if shop.status != 0 {
			w.WriteHeader(shop.status)
			return
		}
		shop.left = !shop.deaf
	}))
	t.Cleanup(s.Close)
	fill := func(s2, to string) string {
		return strings.NewReplacer("{url}", s.URL+"/out", "{to}", to, "\n", "\r\n").Replace(s2)
	}
	send := func(to string) {
		for n := range cmp.Or(shop.issues, 20) {
			b.clock.At(b.clock.Now().Add(time.Duration(3*n+1)*day), func() {
				shop.mu.Lock()
				left := shop.left
				shop.mu.Unlock()
				if !left {
					b.office.deliver(fill(fmt.Sprintf("From: Alpha <news@alpha.example>\nTo: <{to}>\nSubject: Letter %d\nPrecedence: bulk\n%s\nNews.\n%s\n", n, shop.headers, shop.text), to))
				}
			})
		}
	}
	visit := probes.Kind{
		Name: "web", Reading: "web/1", Channel: "web", Params: goalParams{}, Effects: []evidence.Effect{evidence.Subscribe},
		Facts: []evidence.FactDef{{Name: "pages", Unit: evidence.Count}, {Name: "goal.reached", Unit: evidence.Bool}, {Name: "newsletter.sent", Unit: evidence.Bool}, {Name: "newsletter.leave-clicks", Unit: evidence.Count}, {Name: "newsletter.leave-says", Unit: evidence.Text}},
		Visit: func(_ context.Context, task *probes.Task, rec *probes.Recorder) error {
			goal := task.Params.(*goalParams).Goal
			shop.mu.Lock()
			shop.visits = append(shop.visits, goal+" "+strings.TrimPrefix(task.Site.URL, s.URL))
			shop.mu.Unlock()
			rec.Number("pages", 2)
			rec.Flag("goal.reached", !shop.mute)
			rec.Flag("newsletter.sent", true)
			to := task.Persona.Email
			switch {
			case goal == "newsletter-sign-up" && shop.optIn:
				b.clock.At(b.clock.Now().Add(time.Minute), func() {
					b.office.deliver(fill("From: Alpha <news@alpha.example>\nTo: <{to}>\nSubject: Confirm your subscription\n\nPlease confirm the newsletter:\n{url}/confirm\n", to))
				})
			case goal == "newsletter-sign-up" || goal == "confirm-newsletter":
				send(to)
			case goal == "leave-newsletter":
				rec.Number("newsletter.leave-clicks", 2)
				rec.Text("newsletter.leave-says", "You are unsubscribed.")
				shop.mu.Lock()
				shop.left = true
				shop.mu.Unlock()
			}
			if shop.dying != nil && goal == "newsletter-sign-up" {
				shop.dying()
			}
			if shop.mute {
				rec.End(evidence.Broken, "nothing shows that the form was taken")
			}
			rec.End(evidence.Completed, "")
			return nil
		},
	}
	b = newBench(t, nil, func(l probes.Letter, try int) (probes.Delivery, []reply) {
		shop.mu.Lock()
		defer shop.mu.Unlock()
		if try == 1 && shop.broken != nil {
			return probes.Delivery{State: probes.Deferred, Code: 451, Detail: "later"}, nil
		}
		shop.left = true
		return accepted, nil
	})
	b.clock = highstreet.NewClock(testStart)
	b.office.clock, b.Clock = b.clock, b.clock
	k := newsletter.Kind(visit)
	b.Kinds = map[string]*probes.Kind{"newsletter": &k}
	pr := testProject()
	pr.Sites = pr.Sites[:1]
	pr.Sites[0].URL, pr.Sites[0].Site.URL, pr.Sites[0].Name = s.URL, s.URL, "Alpha"
	pr.Scenarios = []scenarios.Scenario{{ID: "news", Kind: "newsletter", Task: "newsletter", Persona: "anna", Window: 10 * day, Repeat: 1, Effects: []evidence.Effect{evidence.Subscribe}, Params: &newsletter.Params{Confirm: true}}}
	if change != nil {
		change(pr)
	}
	b.plan = testPlan(t, func(in *PlanInput) { in.Kinds, in.Project = b.Kinds, pr })
	if err := Freeze(t.Context(), b.DB, b.plan, "test", testStart); err != nil {
		t.Fatal(err)
	}
	return b
}

// acts gives the ledger's rows of the probe, as "step state" in the order of
// their beginning.
func (b *bench) acts() (said []string, rows map[string]effectRow) {
	b.t.Helper()
	p := b.plan.Rows[0].Probe
	rows = map[string]effectRow{}
	err := b.DB.Read(b.t.Context(), func(ctx context.Context, tx db.Tx) error {
		return scan(ctx, tx, func(r db.Rows) error {
			var step string
			var e effectRow
			var begun, settled int64
			err := r.Scan(&step, &e.State, &e.Recipient, &begun, &settled, &e.Attempts)
			e.Begun, e.Settled = instant(begun), instant(settled)
			said, rows[step] = append(said, step+" "+e.State), e
			return err
		}, `SELECT step, state, recipient, begun_us, settled_us, attempts FROM effect WHERE wave = $1 AND site = $2 ORDER BY begun_us, planned_us`, p.Wave, p.Site)
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return said, rows
}

func (b *bench) ledger(want ...string) map[string]effectRow {
	b.t.Helper()
	said, rows := b.acts()
	if !slices.Equal(said, want) {
		b.t.Errorf("the ledger has %q, want %q", said, want)
	}
	b.once()
	return rows
}

func (b *bench) remnants(want string) {
	b.t.Helper()
	e := Engine{DB: b.DB, Evidence: b.Evidence, Kinds: b.Kinds, Log: b.Log}
	list, err := e.Remnants(b.t.Context(), "w1")
	if err != nil {
		b.t.Fatal(err)
	}
	got := ""
	if len(list) > 0 {
		got = list[0].Left
	}
	if got == "" != (want == "") || !strings.HasPrefix(got, want) {
		b.t.Errorf("left standing: %q, want %q", got, want)
	}
}

const oneClickHeader = "List-Unsubscribe: <{url}>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n"

// A newsletter is confirmed at once, left when the window has closed, watched
// for ten business days and four days more, and each of it once.
func TestNewsletterFromSignUpToSilence(t *testing.T) {
	shop := &publisher{headers: oneClickHeader, optIn: true}
	b := subscribing(t, shop, nil)
	if err := b.run(nil); err != nil {
		t.Fatal(err)
	}
	rows := b.ledger("visit/subscribe accepted", "follow-confirm accepted", "follow-leave accepted")
	if want := []string{"newsletter-sign-up ", "confirm-newsletter /out/confirm"}; !slices.Equal(shop.visits, want) || shop.posts != 1 {
		t.Errorf("visits %q, %d posts", shop.visits, shop.posts)
	}
	joined := rows["visit/subscribe"].Settled
	if at := rows["follow-confirm"].Begun.Sub(joined); at < time.Minute || at > time.Minute+2*time.Second {
		t.Errorf("confirmed after %v", at)
	}
	if at := rows["follow-leave"].Begun.Sub(joined); at != 10*day {
		t.Errorf("left after %v", at)
	}
	if end := b.clock.Now().Sub(rows["follow-leave"].Settled); end < 18*day || end > 19*day {
		t.Errorf("watched for %v", end)
	}
	o := b.only()
	for name, want := range map[string]string{"pages": "2", "newsletter.issues": "3", "newsletter.opt-in": "1", "newsletter.confirmed": "1", "newsletter.unconfirmed-issues": "0", "newsletter.left": "1",
		"newsletter.one-click": "1", "newsletter.leave-clicks": "1", "newsletter.issues-after-grace": "0", "newsletter.issues-in-grace": "0"} {
		if got := number(o, name); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
	if o.Outcome != evidence.Completed || o.Evidence["leave-one-click.txt"] == "" || o.Reading != newsletter.Reading {
		t.Errorf("%s (%s), read by %s, proof %v", o.Outcome, o.Reason, o.Reading, o.Evidence)
	}
	if got := b.reread(false)["alpha/news/1"]; got.State != Unchanged {
		t.Errorf("read again it says otherwise: %+v", got)
	}
	b.remnants("")
}

func TestNewsletterThatGoesOn(t *testing.T) {
	b := subscribing(t, &publisher{headers: oneClickHeader, deaf: true}, nil)
	if err := b.run(nil); err != nil {
		t.Fatal(err)
	}
	b.ledger("visit/subscribe accepted", "follow-leave accepted")
	if o := b.only(); number(o, "newsletter.issues-after-grace") != "2" || number(o, "newsletter.issues-in-grace") != "4" {
		t.Errorf("%s in the grace, %s after it", number(o, "newsletter.issues-in-grace"), number(o, "newsletter.issues-after-grace"))
	}
	b.remnants("it was left on 2026-11-12, and newsletters still come")
}

// Where one way is refused the next is tried; a mail that is put off is the
// same mail later.
func TestNewsletterLeftByAnotherWay(t *testing.T) {
	shop := &publisher{headers: "List-Unsubscribe: <mailto:out@lists.example>, <{url}>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n", status: http.StatusNotFound, broken: func() {}}
	b := subscribing(t, shop, nil)
	if err := b.run(nil); err != nil {
		t.Fatal(err)
	}
	rows := b.ledger("visit/subscribe accepted", "follow-leave refused", "follow-leave-2 accepted")
	if r := rows["follow-leave-2"]; r.Recipient != "out@lists.example" || r.Attempts != 2 || shop.posts != 1 {
		t.Errorf("%+v, %d posts", r, shop.posts)
	}
	if o := b.only(); number(o, "newsletter.left") != "1" || number(o, "newsletter.leave-tries") != "2" || number(o, "newsletter.leave-clicks") != "2" {
		t.Errorf("left %s, after %s tries, %s clicks", number(o, "newsletter.left"), number(o, "newsletter.leave-tries"), number(o, "newsletter.leave-clicks"))
	}

	shop = &publisher{text: "Unsubscribe: {url}/bye"}
	b = subscribing(t, shop, nil)
	if err := b.run(nil); err != nil {
		t.Fatal(err)
	}
	b.ledger("visit/subscribe accepted", "follow-leave accepted")
	if o := b.only(); !slices.Contains(shop.visits, "leave-newsletter /out/bye") || number(o, "newsletter.leave-clicks") != "2" || number(o, "newsletter.leave-confirmed") != "1" {
		t.Errorf("%q, %s clicks", shop.visits, number(o, "newsletter.leave-clicks"))
	}
}

// A process that dies while it leaves does not leave twice, and what became of
// it is not known.
func TestNewsletterLeftByADeadProcess(t *testing.T) {
	shop := &publisher{headers: oneClickHeader}
	b := subscribing(t, shop, nil)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	closed := make(chan struct{})
	shop.broken = func() {
		if shop.posts == 1 {
			cancel()
			_ = b.DB.Close()
			close(closed)
		}
	}
	if err := b.Run(ctx, "w1", nil); err == nil {
		t.Fatal("the wave went on without its process")
	}
	<-closed
	b.DB = nil
	b.reopen()
	if err := b.run(nil); err != nil {
		t.Fatal(err)
	}
	b.ledger("visit/subscribe accepted", "follow-leave uncertain")
	if shop.posts != 1 {
		t.Errorf("%d posts", shop.posts)
	}
	if o := b.only(); o.Outcome != evidence.Completed || number(o, "newsletter.left") != "none" || number(o, "newsletter.issues-after-grace") != "none" {
		t.Errorf("%s: left %s", o.Outcome, number(o, "newsletter.left"))
	}
	b.remnants("it is not known whether")
}

// A sign-up of which nobody saw whether it was taken is ended like any other.
func TestNewsletterOfAnUnseenSignUp(t *testing.T) {
	shop := &publisher{headers: oneClickHeader, mute: true}
	b := subscribing(t, shop, nil)
	if err := b.run(nil); err != nil {
		t.Fatal(err)
	}
	b.ledger("visit/subscribe accepted", "follow-leave accepted")
	if o := b.only(); o.Outcome != evidence.Completed || shop.posts != 1 {
		t.Errorf("%s: %s, %d posts", o.Outcome, o.Reason, shop.posts)
	}

	shop = &publisher{headers: oneClickHeader}
	b = subscribing(t, shop, nil)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	shop.dying = func() {
		cancel()
		_ = b.DB.Close()
	}
	if err := b.Run(ctx, "w1", nil); err == nil {
		t.Fatal("the wave went on without its process")
	}
	shop.dying = nil
	b.DB = nil
	b.reopen()
	if err := b.run(nil); err != nil {
		t.Fatal(err)
	}
	b.ledger("visit/subscribe accepted", "follow-leave accepted") // the first newsletter shows that it was taken
	if o := b.only(); o.Outcome != evidence.Broken || len(shop.visits) != 1 || shop.posts != 1 {
		t.Errorf("%s: %s, visits %q, %d posts", o.Outcome, o.Reason, shop.visits, shop.posts)
	}
}

// However long nobody ran the program: first the list is left, then it is
// watched, and only then the window closes.
func TestNewsletterLeftLate(t *testing.T) {
	shop := &publisher{headers: oneClickHeader, issues: 2}
	b := subscribing(t, shop, nil)
	b.runUntil(testStart.Add(5 * day))
	if _, browser, err := (&Wave{ID: "w1"}).Ahead(t.Context(), b.DB); err != nil || !browser {
		t.Errorf("a list that is still to be left may need a browser: %v, %v", browser, err)
	}
	b.pass(testStart.Add(55 * day))
	if err := b.run(nil); err != nil {
		t.Fatal(err)
	}
	rows := b.ledger("visit/subscribe accepted", "follow-leave accepted")
	if at := rows["follow-leave"].Begun; at.Before(testStart.Add(55*day)) || b.clock.Now().Before(at.Add(16*day)) { // ten business days from a Sunday, and four
		t.Errorf("left at %v, ended at %v", at, b.clock.Now())
	}
	if o := b.only(); number(o, "newsletter.left") != "1" {
		t.Errorf("left %s", number(o, "newsletter.left"))
	}
}

func TestNewsletterOfASuppressedShop(t *testing.T) {
	shop := &publisher{headers: oneClickHeader}
	b := subscribing(t, shop, nil)
	b.runUntil(testStart.Add(5 * day))
	b.suppress("@alpha.example")
	if err := b.run(nil); err != nil {
		t.Fatal(err)
	}
	said, _ := b.acts()
	if len(said) < 2 || said[0] == "visit/subscribe refused" || shop.posts != 0 {
		t.Errorf("%q, %d posts", said, shop.posts)
	}
	if o := b.only(); number(o, "newsletter.left") != "none" {
		t.Errorf("left %s", number(o, "newsletter.left"))
	}
	b.remnants("leaving was refused (service@alpha.example is on the suppression list)")
}

// A wave that is closed leaves its newsletters first; one that is abandoned
// says which stand, and how they are left; the kill switch lets nothing out.
func TestNewsletterOfAWaveThatEndsEarly(t *testing.T) {
	shop := &publisher{headers: oneClickHeader}
	b := subscribing(t, shop, nil)
	b.runUntil(testStart.Add(5 * day))
	b.remnants("the newsletter is subscribed: press what your mail program offers")
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := b.Close(ctx, "w1"); err != nil {
		t.Fatal(err)
	}
	b.ledger("visit/subscribe accepted", "follow-leave accepted")
	if o := b.only(); shop.posts != 1 || o.Outcome != evidence.Broken || !strings.HasPrefix(o.Reason, closedEarly) {
		t.Errorf("%d posts; %s: %s", shop.posts, o.Outcome, o.Reason)
	}
	b.remnants("")

	shop = &publisher{headers: oneClickHeader}
	b = subscribing(t, shop, nil)
	b.runUntil(testStart.Add(5 * day))
	if err := SetKillSwitch(t.Context(), b.DB, true, b.clock.Now()); err != nil {
		t.Fatal(err)
	}
	if err := b.Close(ctx, "w1"); err != nil {
		t.Fatal(err)
	}
	b.ledger("visit/subscribe accepted")
	b.remnants("the newsletter is subscribed")
}
