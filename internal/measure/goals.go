package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"slices"
	"time"

	"touchstone/internal/evidence"
	"touchstone/internal/highstreet"
	"touchstone/internal/highstreet/side"
	"touchstone/probes"
	"touchstone/probes/web"
	"touchstone/probes/web/find"
)

// A venue is a shop that stands open, and what is true of it.
type venue struct {
	id, url, zone string
	goals         []side.Goal
	side          *side.Shop // nil for one of the High Street's own
}

// A score is what was found of one kind of goals, at one shop or at all.
type score struct {
	Shop            string   `json:"shop,omitempty"`
	Shops           int      `json:"shops,omitempty"`
	There           int      `json:"there"`   // goals that can be reached
	Reached         int      `json:"reached"` // of them
	Recall          float64  `json:"recall"`
	Lacking         int      `json:"lacking"`                      // goals that cannot
	Claimed         int      `json:"claimed"`                      // of them, wrongly
	Clicks          float64  `json:"clicks_over_fewest,omitempty"` // presses of what was reached, over the fewest
	PerShop         float64  `json:"seconds_per_shop,omitempty"`
	Misses          []string `json:"misses,omitempty"`
	Rows            []score  `json:"rows,omitempty"`
	Goals           []score  `json:"goals,omitempty"` // by goal
	Goal            string   `json:"goal,omitempty"`
	presses, fewest int
}

// goals sends customers into every shop of the High Street and its side street,
// or into those that are named: one who only looks, and one who does what needs
// leave. What they found is held against the shops' tables: reached of what can
// be, claimed of what cannot, and presses against the fewest possible.
func goals(w io.Writer, names []string) error {
	ctx := context.Background()
	venues, done, err := openAll(ctx, names)
	if err != nil {
		return err
	}
	defer done()
	browser, quit, err := ownBrowser(time.Millisecond) // our own processes: nobody is spared by waiting
	if err != nil {
		return err
	}
	defer quit()
	var result struct {
		score          // of the goals that only look
		Doings  score  `json:"doings"`  // of those that have an effect
		Returns score  `json:"returns"` // of what shops remember of who comes again
		Books   string `json:"books"`   // what the shops say was done to them
	}
	books := side.Counts{}
	for _, v := range venues {
		if err := result.visit(ctx, browser, v, find.Goals(), nil); err != nil {
			return err
		}
		if err := result.Doings.visit(ctx, browser, v, find.Doings(), effects); err != nil {
			return err
		}
		if v.side == nil {
			continue
		}
		if err := result.Returns.remembers(ctx, browser, v); err != nil {
			return err
		}
		c := v.side.Counts()
		books.Orders, books.Messages, books.Subscribers, books.Accounts = books.Orders+c.Orders, books.Messages+c.Messages, books.Subscribers+c.Subscribers, books.Accounts+c.Accounts
		books.Cancelled, books.Returned, books.Declined = books.Cancelled+c.Cancelled, books.Returned+c.Returned, books.Declined+c.Declined
	}
	result.Books = fmt.Sprintf("%+v", books)
	for _, t := range []*score{&result.score, &result.Doings, &result.Returns} {
		t.sum()
	}
	return print(w, result)
}

// openAll opens both streets and gives the shops that are named, all where none is.
func openAll(ctx context.Context, names []string) (list []venue, done func(), err error) {
	street, err := highstreet.Open(ctx, highstreet.Options{Side: true})
	if err != nil {
		return nil, nil, err
	}
	done = func() { _ = street.Close() }
	wanted := func(id string) bool { return len(names) == 0 || slices.Contains(names, id) }
	tables := highstreet.Goals()
	for _, id := range slices.Sorted(maps.Keys(tables)) {
		if wanted(id) {
			list = append(list, venue{id: id, url: street.URLs[id], zone: zones[id], goals: tables[id]})
		}
	}
	for _, s := range street.Side.Shops() {
		if wanted(s.ID()) {
			list = append(list, venue{s.ID(), s.URL, s.Zone(), s.Goals(), s})
		}
	}
	if len(list) == 0 {
		done()
		return nil, nil, fmt.Errorf("no shop is called %q", names)
	}
	return list, done, nil
}

// zones are where the customers of the High Street's own shops live; London
// unless said.
var zones = map[string]string{"nordwolle": "Europe/Berlin"}

// effects are all that a customer may do short of ordering.
var effects = []evidence.Effect{evidence.SubmitForm, evidence.FillCheckout, evidence.Subscribe, evidence.Register, evidence.LogIn, evidence.ChangeAccount, evidence.DeclineCard}

// known gives a task what a site's entry would: the customer whom the shop knows,
// and its sandbox. Of the High Street's own shops one has a sandbox, and knows a
// card only by its check digit.
func known(t *probes.Task, shop *side.Shop) {
	if shop == nil {
		if t.Site.Sandbox = t.Site.ID == "kettle-and-leaf"; t.Site.Sandbox {
			t.Site.Declined = &probes.Card{Number: "4000000000000003", Month: 12, Year: 2029, Code: "123"}
		}
		return
	}
	t.Site.Sandbox = shop.Sandbox()
	if c := shop.Known(); c.Order != "" {
		t.Site.Customer = &probes.Customer{Email: c.Email, Order: c.Order, Arrived: c.Order + "7", Postcode: c.Postcode}
	}
	if t.Site.Sandbox {
		t.Site.Declined = &probes.Card{Number: side.DeclinedCard, Month: 12, Year: 2029, Code: "123"}
	}
}

// scout makes one visit for the goals, in their order.
func scout(ctx context.Context, b *web.Browser, v venue, may []evidence.Effect, names ...string) (map[string]web.Finding, time.Duration, error) {
	found := map[string]web.Finding{}
	kind := web.Kind(b)
	task := &probes.Task{
		Probe: evidence.ProbeID{Wave: "measure", Site: v.id, Scenario: "scout", Repeat: 1}, Site: probes.Site{ID: v.id, URL: v.url, Own: len(may) > 0}, Persona: probes.Persona{Language: "en"}, Effects: may, Random: 7,
		Params: web.Scouting(names, "", func(f web.Finding) { found[f.Goal] = f }),
	}
	if len(may) > 0 {
		task.Persona = customer(v.zone)
		if len(names) == 1 { // as each probe of a wave has an address of its own
			task.Persona.Email = "probe+" + names[0] + "@touchstone.example"
		}
		known(task, v.side)
	}
	begun := time.Now()
	rec := probes.NewRecorder(&kind, task.Probe, "scout", kind.Reading, begun, evidence.NewMemory().Put)
	if err := kind.Visit(ctx, task, rec); err != nil {
		return nil, 0, fmt.Errorf("visit %s: %w", v.id, err)
	}
	fmt.Fprintf(os.Stderr, "%s: %d goals in %.1f s\n", v.id, len(found), time.Since(begun).Seconds())
	return found, time.Since(begun), nil
}

// visit makes one visit for the goals and adds what it found.
func (t *score) visit(ctx context.Context, b *web.Browser, v venue, list []find.Goal, may []evidence.Effect) error {
	var names []string
	for _, g := range list {
		names = append(names, g.Name)
	}
	found, took, err := scout(ctx, b, v, may, names...)
	if err != nil {
		return err
	}
	r := score{Shop: v.id, PerShop: took.Seconds()}
	for _, g := range v.goals {
		f, tried := found[g.Name]
		if !tried {
			continue
		}
		t.ofGoal(g.Name).judge(g.Name, g.State == side.Reached, f.State == web.Reached, "")
		r.judge(g.Name, g.State == side.Reached, f.State == web.Reached, fmt.Sprintf("%s at %s: %s", f.State, cmp.Or(f.URL, "no page"), f.Evidence.Why))
		if g.State == side.Reached && f.State == web.Reached {
			r.presses, r.fewest = r.presses+f.Clicks, r.fewest+g.Fewest
		}
	}
	t.Rows = append(t.Rows, r)
	return nil
}

// ofGoal is the score of one goal over all shops.
func (t *score) ofGoal(name string) *score {
	i := slices.IndexFunc(t.Goals, func(g score) bool { return g.Goal == name })
	if i < 0 {
		t.Goals = append(t.Goals, score{Goal: name})
		i = len(t.Goals) - 1
	}
	return &t.Goals[i]
}

// judge counts one thing that is there or not, and was found or not.
func (t *score) judge(what string, there, found bool, how string) {
	switch {
	case there && found:
		t.There, t.Reached = t.There+1, t.Reached+1
	case there:
		t.There++
		t.Misses = append(t.Misses, fmt.Sprintf("%s: %s is there, and was %s", t.Shop, what, how))
	case found:
		t.Lacking, t.Claimed = t.Lacking+1, t.Claimed+1
		t.Misses = append(t.Misses, fmt.Sprintf("%s: %s is not there, and was claimed, %s", t.Shop, what, how))
	default:
		t.Lacking++
	}
}

// remembers comes again in every way, and adds what the shop still knew. A way
// that could not be gone counts as missed where the shop remembers.
func (t *score) remembers(ctx context.Context, b *web.Browser, v venue) error {
	found, took, err := scout(ctx, b, v, effects, "leave-and-return")
	if err != nil {
		return err
	}
	f := found["leave-and-return"]
	r := score{Shop: v.id, PerShop: took.Seconds()}
	want := v.side.Return()
	how := fmt.Sprintf("%s: %s %v", f.State, f.Evidence.Why, f.Evidence.Facts)
	r.judge("a basket in a browser that was closed", want.Reopened, f.Evidence.Facts["kept: reopened"] == "true", how)
	r.judge("a basket of an account", want.Account, f.Evidence.Facts["kept: account"] == "true", how)
	t.Rows = append(t.Rows, r)
	return nil
}

// sum adds the rows up.
func (t *score) sum() {
	for i := range t.Rows {
		r := &t.Rows[i]
		t.Shops++
		t.There, t.Reached, t.Lacking, t.Claimed = t.There+r.There, t.Reached+r.Reached, t.Lacking+r.Lacking, t.Claimed+r.Claimed
		t.presses, t.fewest, t.PerShop = t.presses+r.presses, t.fewest+r.fewest, t.PerShop+r.PerShop
		t.Misses = append(t.Misses, r.Misses...)
		r.Misses, r.Recall, r.Clicks, r.PerShop = nil, ratio(r.Reached, r.There), ratio(r.presses, r.fewest), tenths(r.PerShop)
	}
	for i := range t.Goals {
		g := &t.Goals[i]
		g.Misses, g.Recall = nil, ratio(g.Reached, g.There)
	}
	slices.Sort(t.Misses)
	t.Recall, t.Clicks, t.PerShop = ratio(t.Reached, t.There), ratio(t.presses, t.fewest), tenths(t.PerShop/float64(max(1, t.Shops)))
}

func tenths(x float64) float64 { return math.Round(x*10) / 10 }
