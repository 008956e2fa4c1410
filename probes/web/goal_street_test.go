package web

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"touchstone/internal/evidence"
	"touchstone/internal/highstreet/side"
	"touchstone/probes"
	"touchstone/probes/web/find"
)

// scouting looks for goals at an address, all where none are named, and gives
// what was found of each.
func scouting(t *testing.T, b *Browser, address string, goals ...string) map[string]Finding {
	t.Helper()
	if len(goals) == 0 {
		for _, g := range find.Goals() {
			goals = append(goals, g.Name)
		}
	}
	found := map[string]Finding{}
	k := Kind(b)
	task := &probes.Task{Probe: evidence.ProbeID{Wave: "w", Site: "shop", Scenario: "scout", Repeat: 1}, Site: probes.Site{ID: "shop", URL: address},
		Persona: probes.Persona{Language: "en", Email: "shopper@test.example"},
		Params:  Scouting(goals, "", func(f Finding) { found[f.Goal] = f })}
	rec := probes.NewRecorder(&k, task.Probe, "scout", Reading, time.Unix(0, 0), evidence.NewMemory().Put)
	if err := k.Visit(t.Context(), task, rec); err != nil {
		t.Fatal(err)
	}
	return found
}

// Two of the side street's shops: one in German, and one that lacks
// what its decoys promise. `go run ./internal/measure goals` has them all.
func TestGoalsOnTheSideStreet(t *testing.T) {
	t.Parallel()
	street, err := side.Open(t.Context(), nil, "papierlaube", "greenlens")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = street.Close() })
	for _, shop := range street.Shops() {
		t.Run(shop.ID(), func(t *testing.T) {
			t.Parallel()
			found := scouting(t, shared, shop.URL)
			for _, g := range shop.Goals() {
				f, tried := found[g.Name]
				switch {
				case !tried:
				case (f.State == Reached) != (g.State == side.Reached):
					t.Errorf("%s is %s, want %s: %s", g.Name, f.State, g.State, f.Evidence.Why)
				case f.State == Reached && f.Clicks > g.Fewest+3:
					t.Errorf("%s took %d presses, and can be had for %d: %q", g.Name, f.Clicks, g.Fewest, f.Path)
				case f.State == Reached && (f.Confidence < .5 || len(f.Path) == 0 || f.URL == ""):
					t.Errorf("%s was reached without proof: %+v", g.Name, f)
				case f.State == Absent && f.Evidence.Why == "":
					t.Errorf("%s is absent for no reason", g.Name)
				}
			}
			for _, a := range shop.Answers() {
				for _, got := range found["answer-question"].Evidence.Answers {
					if got.Question == a.Question && a.Path == "" {
						t.Errorf("%s is answered nowhere, and was said to be by %q", a.Question, got.Says)
					}
				}
			}
		})
	}
}

// goal makes a visit with a goal, as a scenario gives it.
func goal(ctx context.Context, t *testing.T, url, params string) result {
	t.Helper()
	k := Kind(shared)
	p, err := k.Decode(json.RawMessage(params))
	if err != nil {
		t.Fatal(err)
	}
	if m := k.Check(p); len(m) > 0 {
		t.Fatal(m)
	}
	task := &probes.Task{Probe: evidence.ProbeID{Wave: "w", Site: "shop", Scenario: "goal", Repeat: 1}, Params: p, Site: probes.Site{ID: "shop", URL: url, Own: true}, Persona: probes.Persona{Language: "en"}}
	rec := probes.NewRecorder(&k, task.Probe, "goal", Reading, time.Unix(0, 0), evidence.NewMemory().Put)
	err = k.Visit(ctx, task, rec)
	return result{Observation: rec.Observation(time.Second), err: err}
}

func (r result) text(name string) string {
	f, _ := r.Fact(name)
	return f.Text
}

func TestGoalOfAScenario(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string]string{
		"/":        `<h1>Shop</h1><nav><a href=/news>Our returns to nature</a> <a href=/lenses>Contact lenses</a></nav><footer><a href=/terms>Terms</a> <a href=/back>Delivery</a> <a href=/gone>Returns</a></footer>`,
		"/news":    `<title>Our returns to nature - Blog</title><h1>Our returns to nature</h1><article><p>We go back to the woods for 30 days each year.</p></article>`,
		"/lenses":  `<h1>Contact lenses</h1><ul><li><a href=/p/1><h3>Day</h3></a> £9.00</ul>`,
		"/terms":   `<h1>Terms</h1><p>Goods stay ours until they are paid.</p>`,
		"/back":    `<h1>Sending things back</h1><p>You have 21 days to return anything unused, in its packaging. We refund what you paid.</p>`,
		"/p/1":     `<h1>Day</h1><p>£9.00</p>`,
		"/contact": `<h1>Contact</h1>`,
	})
	r := goal(t.Context(), t, s.URL+"/", `{"goal":"find-returns-policy"}`)
	if r.Outcome != evidence.Completed || r.text("goal.state") != "reached" || !strings.HasSuffix(r.text("goal.url"), "/back") {
		t.Errorf("%s: %s, %s at %s", r.Outcome, r.Reason, r.text("goal.state"), r.text("goal.url"))
	}
	if n := r.number(t, "goal.backtracks"); n < 1 {
		t.Errorf("the dead link cost %v presses", n)
	}
	if r.number(t, "web.reached") != 1 || r.number(t, "goal.clicks") != r.number(t, "goal.backtracks")+1 {
		t.Errorf("facts: %v", r.Facts)
	}

	r = goal(t.Context(), t, s.URL+"/", `{"goal":"find-contact"}`)
	if r.Outcome == evidence.Completed || r.text("goal.state") != "absent" {
		t.Errorf("a shop without contact: %s, %s, %s", r.Outcome, r.text("goal.state"), r.text("goal.why"))
	}
	if slices.Contains(s.log(), "GET /contact") {
		t.Error("an address was opened that no page offered")
	}
}

// A way that was found before is followed first; where the shop has changed,
// the search takes over and says so.
func TestPinnedWay(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string]string{
		"/":     `<h1>Shop</h1><p>We sell pens.</p><a href=/ask>Write to us</a><a href=/ink>Inks</a><a href=/pens>Pens</a>`,
		"/ask":  `<h1>Write to us</h1><form method=post action=/sent><label>Your mail <input type=email name=m></label><label>Your message <textarea name=t></textarea></label><button>Send</button></form>`,
		"/ink":  `<h1>Inks</h1>`,
		"/pens": `<h1>Pens</h1>`,
	})
	r := goal(t.Context(), t, s.URL+"/", `{"goal":"find-contact","steps":[{"open":"/"},{"click":{"role":"link","name":"Write to us","exact":true}}]}`)
	if r.Outcome != evidence.Completed || r.number(t, "goal.pinned") != 1 {
		t.Errorf("the way still leads there: %s %s %v", r.Outcome, r.Reason, r.Facts)
	}
	r = goal(t.Context(), t, s.URL+"/", `{"goal":"find-contact","steps":[{"open":"/"},{"click":{"role":"link","name":"Contact us","exact":true}}]}`)
	if r.Outcome != evidence.Completed || r.number(t, "goal.pinned") != 0 || r.number(t, "goal.reached") != 1 {
		t.Errorf("the way is no more, and another one is: %s %s %v", r.Outcome, r.Reason, r.Facts)
	}
	if s.got("POST /sent") != 0 {
		t.Error("a form was sent")
	}
}

// The way that a search has found is written as steps, leads there again by
// them, and is found anew where the shop was rebuilt.
func TestWayIsRepaired(t *testing.T) {
	t.Parallel()
	before := map[string]string{
		"/":         `<h1>Shop</h1><p>We sell pens.</p><button aria-expanded=false onclick="document.getElementById('m').hidden=false;this.setAttribute('aria-expanded','true')">Menu</button><ul id=m hidden><li><a href=/service>Service</a></ul>`,
		"/service":  `<h1>Service</h1><ul><li><a href=/sendback>Sending back</a><li><a href=/jobs>Jobs</a></ul>`,
		"/sendback": `<h1>Returns</h1><p>You have 21 days to return anything unused, in its packaging. We refund what you paid.</p>`,
		"/jobs":     `<h1>Jobs</h1>`,
	}
	after := map[string]string{
		"/":         `<h1>Shop</h1><p>We sell pens.</p><footer><a href=/policies>Our policies</a> <a href=/jobs>Jobs</a></footer>`,
		"/jobs":     `<h1>Jobs</h1>`,
		"/policies": `<h1>Terms</h1><h2>Returns</h2><p>You have 30 days to return anything unused, in its packaging. We refund what you paid.</p>`,
	}
	way := func(shop *shop) string {
		f := scouting(t, shared, shop.URL+"/", "find-returns-policy")["find-returns-policy"]
		steps, err := json.Marshal(f.Steps)
		if err != nil || f.State != Reached || len(f.Steps) < 2 {
			t.Fatalf("%v: %+v", err, f)
		}
		return `{"goal":"find-returns-policy","steps":` + string(steps) + `}`
	}
	old, rebuilt := serve(t, before), serve(t, after)
	written := way(old)
	for _, c := range []struct {
		what, params string
		at           *shop
		pinned       float64
	}{
		{"the way written", written, old, 1},
		{"the way written, in the shop rebuilt", written, rebuilt, 0},
		{"the way repaired", way(rebuilt), rebuilt, 1},
	} {
		r := goal(t.Context(), t, c.at.URL+"/", c.params)
		if r.Outcome != evidence.Completed || r.number(t, "goal.pinned") != c.pinned || r.number(t, "goal.reached") != 1 {
			t.Errorf("%s: %s %s, pinned %v, %s", c.what, r.Outcome, r.Reason, r.number(t, "goal.pinned"), c.params)
		}
	}
}

func TestBlockedShop(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string]string{"/": `403 <title>Attention Required! | Cloudflare</title><div id=challenge-form>Please complete the captcha</div>`})
	found := scouting(t, shared, s.URL+"/", "find-contact", "find-help")
	for _, f := range found {
		if f.State != Blocked {
			t.Errorf("%s behind a wall: %s (%s)", f.Goal, f.State, f.Evidence.Why)
		}
	}
	if len(found) != 2 {
		t.Errorf("%d findings", len(found))
	}
}
