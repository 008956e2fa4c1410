package scoring_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand"
	"reflect"
	"strings"
	"testing"

	"touchstone/internal/evidence"
	"touchstone/scoring"
)

// obs makes an observation of the mail or web probe; facts are name, value pairs.
func obs(kind, site string, repeat int, outcome evidence.Outcome, facts ...any) evidence.Observation {
	task := map[string]string{"mail": "enquiry", "web": "checkout"}[kind]
	o := evidence.Observation{
		Probe: evidence.ProbeID{Wave: "w1", Site: site, Scenario: kind, Repeat: repeat},
		Kind:  kind, Task: task, Outcome: outcome,
	}
	for i := 0; i < len(facts); i += 2 {
		f := evidence.Fact{Name: facts[i].(string)}
		switch v := facts[i+1].(type) {
		case string:
			f.Text = v
		case int:
			f.Number = float64(v)
		case float64:
			f.Number = v
		case bool:
			if v {
				f.Number = 1
			}
		}
		o.Facts = append(o.Facts, f)
	}
	return o
}

func because(o evidence.Observation, reason string) evidence.Observation {
	o.Reason = reason
	return o
}

// card is the shape of the shipped scorecard.
func card() scoring.Scorecard {
	w := func(id string, weight float64) scoring.Weighted {
		return scoring.Weighted{ID: id, Weight: weight, Because: "it matters"}
	}
	return scoring.Scorecard{
		ID: "readiness", Title: "Readiness",
		Categories: []scoring.Category{
			{ID: "mail", Title: "Mail", Weight: 60, Criteria: []scoring.Weighted{
				w("address-deliverable", 10), w("acknowledgement", 15), w("first-human-reply-time", 45), w("non-response", 20), w("response-bucket", 10),
			}},
			{ID: "checkout", Title: "Checkout", Weight: 40, Criteria: []scoring.Weighted{
				w("checkout-success", 40), w("checkout-clicks", 30), w("checkout-fields", 30),
			}},
		},
		Grades: []scoring.Grade{{Label: "excellent", Min: 85}, {Label: "good", Min: 65}, {Label: "average", Min: 45}, {Label: "below average", Min: 20}, {Label: "poor", Min: 0}},
	}
}

func score(t *testing.T, c scoring.Scorecard, observations ...evidence.Observation) scoring.SiteScore {
	t.Helper()
	r, err := scoring.Score("w1", c, scoring.Criteria(), []string{"shop"}, observations)
	if err != nil {
		t.Fatal(err)
	}
	return r.Sites[0]
}

func answered(repeat int, after float64, bucket string) evidence.Observation {
	return obs("mail", "shop", repeat, evidence.Completed,
		"mail.answered", true, "mail.bounced", false, "mail.first-human-after", after, "mail.acknowledged-after", 60, "mail.bucket", bucket)
}

func silent(repeat int) evidence.Observation {
	return obs("mail", "shop", repeat, evidence.Silent, "mail.answered", false, "mail.bounced", false, "mail.bucket", "never")
}

func bought(repeat, clicks, fields int) evidence.Observation {
	return obs("web", "shop", repeat, evidence.Completed, "web.reached", true, "web.clicks", clicks, "web.fields-visible", fields)
}

func TestTotals(t *testing.T) {
	broken := because(obs("web", "shop", 1, evidence.Broken), "the browser died")
	open := obs("mail", "shop", 1, evidence.Pending)
	for _, tt := range []struct {
		name   string
		obs    []evidence.Observation
		state  scoring.State
		grade  string
		reason string // a part of it
		mail   scoring.State
		web    scoring.State
	}{
		{"a fast answer and a short checkout are excellent",
			[]evidence.Observation{answered(1, 600, "≤6 h"), bought(1, 8, 8)}, scoring.Scored, "excellent", "", scoring.Scored, scoring.Scored},
		{"a silent service is poor, not left out",
			[]evidence.Observation{silent(1), obs("web", "shop", 1, evidence.Failed, "web.reached", false)}, scoring.Scored, "poor", "", scoring.Scored, scoring.Scored},
		{"a broken browser withholds the total and says why",
			[]evidence.Observation{answered(1, 600, "≤6 h"), broken}, scoring.NotMeasured, "",
			"Checkout: Checkout can be completed, Clicks to payment, Fields to fill in: 1 of 1 probe could not be tested (broken: the browser died)", scoring.Scored, scoring.NotMeasured},
		{"an open window withholds the total",
			[]evidence.Observation{open, bought(1, 8, 8)}, scoring.Waiting, "", "Mail: ", scoring.Waiting, scoring.Scored},
		{"what we could not test is named before what is open",
			[]evidence.Observation{open, broken}, scoring.NotMeasured, "", "the browser died", scoring.Waiting, scoring.NotMeasured},
		{"a channel that was not asked drops out with its weight",
			[]evidence.Observation{answered(1, 600, "≤6 h")}, scoring.Scored, "excellent", "", scoring.Scored, scoring.NotApplicable},
		{"nothing applicable is not applicable, not 0",
			nil, scoring.NotApplicable, "", "this wave tried no checkout by web here", scoring.NotApplicable, scoring.NotApplicable},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := score(t, card(), tt.obs...)
			if s.State != tt.state || s.Grade != tt.grade || !strings.Contains(s.Reason, tt.reason) {
				t.Errorf("got %s %q, reason %q; want %s %q, %q", s.State, s.Grade, s.Reason, tt.state, tt.grade, tt.reason)
			}
			if s.State != scoring.Scored && (s.Score != 0 || s.Reason == "") {
				t.Errorf("withheld, with score %v and reason %q", s.Score, s.Reason)
			}
			if m, w := s.Categories[0].State, s.Categories[1].State; m != tt.mail || w != tt.web {
				t.Errorf("mail %s, web %s; want %s, %s", m, w, tt.mail, tt.web)
			}
		})
	}
}

// one is a scorecard of a single criterion.
func one(id string) scoring.Scorecard {
	c := card()
	c.Categories = []scoring.Category{{ID: "only", Weight: 1, Criteria: []scoring.Weighted{{ID: id, Weight: 1}}}}
	return c
}

// judged gives the single mark of one criterion made for the test.
func judged(t *testing.T, c scoring.Criterion, observations ...evidence.Observation) scoring.Mark {
	t.Helper()
	r, err := scoring.Score("w1", one(c.ID), []scoring.Criterion{c}, []string{"shop"}, observations)
	if err != nil {
		t.Fatal(err)
	}
	return r.Sites[0].Categories[0].Marks[0]
}

func criterion(judge func(scoring.Facts) scoring.Mark) scoring.Criterion {
	return scoring.Criterion{ID: "x", Kind: "mail", Task: "enquiry", Needs: []string{"mail.a"}, Unit: evidence.Ratio, Judge: judge}
}

func TestState(t *testing.T) {
	full := criterion(func(scoring.Facts) scoring.Mark { return scoring.Mark{Score: 1} })
	o := func(repeat int, outcome evidence.Outcome, reason string) evidence.Observation {
		return because(obs("mail", "shop", repeat, outcome), reason)
	}
	other := o(1, evidence.Completed, "")
	other.Task = "complaint"
	few := "n = 1: too few for an interval"
	for _, tt := range []struct {
		name     string
		obs      []evidence.Observation
		state    scoring.State
		reason   string
		warnings []string
	}{
		{"completed", []evidence.Observation{o(1, evidence.Completed, "")}, scoring.Scored, "", []string{few}},
		{"silent is judged", []evidence.Observation{o(1, evidence.Silent, "")}, scoring.Scored, "", []string{few}},
		{"failed is judged", []evidence.Observation{o(1, evidence.Failed, "")}, scoring.Scored, "", []string{few}},
		{"another task", []evidence.Observation{other}, scoring.NotApplicable, "this wave tried no enquiry by mail here", nil},
		{"another kind", []evidence.Observation{obs("web", "shop", 1, evidence.Completed)}, scoring.NotApplicable, "this wave tried no enquiry by mail here", nil},
		{"pending", []evidence.Observation{o(1, evidence.Pending, "")}, scoring.Waiting, "1 of 1 probe still open", nil},
		{"blocked", []evidence.Observation{o(1, evidence.Blocked, "refused as spam")}, scoring.NotMeasured,
			"1 of 1 probe could not be tested (blocked: refused as spam)", nil},
		{"not granted", []evidence.Observation{o(1, evidence.NotGranted, "")}, scoring.NotMeasured, "1 of 1 probe could not be tested (not-granted)", nil},
		{"lost and open can still be measured", []evidence.Observation{o(1, evidence.Pending, ""), o(2, evidence.Broken, "no relay")}, scoring.Waiting,
			"1 of 2 probes still open; 1 of 2 probes could not be tested (broken: no relay)", nil},
		{"causes are counted", []evidence.Observation{o(1, evidence.Broken, "no relay"), o(2, evidence.Blocked, "spam"), o(3, evidence.Broken, "no relay")}, scoring.NotMeasured,
			"3 of 3 probes could not be tested (blocked: spam; 2 × broken: no relay)", nil},
		{"some lost, judged on the rest", []evidence.Observation{o(1, evidence.Completed, ""), o(2, evidence.Broken, "no relay"), o(3, evidence.Pending, "")}, scoring.Scored, "",
			[]string{"1 of 3 probes still open", "1 of 3 probes could not be tested (broken: no relay)", few}},
		{"an unknown outcome is never judged", []evidence.Observation{o(1, "odd", "")}, scoring.NotMeasured, "1 of 1 probe could not be tested (odd)", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := judged(t, full, tt.obs...)
			if m.State != tt.state || m.Reason != tt.reason || !reflect.DeepEqual(m.Warnings, tt.warnings) {
				t.Errorf("got %s, %q, %q; want %s, %q, %q", m.State, m.Reason, m.Warnings, tt.state, tt.reason, tt.warnings)
			}
			if m.Criterion != "x" || m.Site != "shop" || m.Unit != evidence.Ratio {
				t.Errorf("the mark is not labelled: %+v", m)
			}
		})
	}
}

func TestMarkRestsOnTestableProbes(t *testing.T) {
	full := criterion(func(scoring.Facts) scoring.Mark { return scoring.Mark{Score: 1} })
	a, b, c := silent(1), because(silent(2), ""), silent(3)
	b.Outcome = evidence.Broken
	m := judged(t, full, c, b, a)
	if want := []evidence.ProbeID{a.Probe, c.Probe}; m.N != 2 || !reflect.DeepEqual(m.Probes, want) {
		t.Errorf("n %d, probes %v; want 2, %v", m.N, m.Probes, want)
	}
}

func TestFaultyCriterionWithholdsItsMark(t *testing.T) {
	for name, tt := range map[string]struct {
		judge func(scoring.Facts) scoring.Mark
		want  string
	}{
		"no function": {nil, "criterion x panicked"},
		"panic":       {func(scoring.Facts) scoring.Mark { panic("no idea") }, "criterion x panicked: no idea"},
		"NaN":         {func(scoring.Facts) scoring.Mark { return scoring.Mark{Score: math.NaN()} }, "criterion x gave the score NaN"},
		"endless":     {func(scoring.Facts) scoring.Mark { return scoring.Mark{Score: math.Inf(1)} }, "criterion x gave the score +Inf"},
		"above":       {func(scoring.Facts) scoring.Mark { return scoring.Mark{Score: 1.01} }, "criterion x gave the score 1.01"},
		"below":       {func(scoring.Facts) scoring.Mark { return scoring.Mark{Score: -0.01} }, "criterion x gave the score -0.01"},
		"value":       {func(scoring.Facts) scoring.Mark { return scoring.Mark{Value: math.Inf(1)} }, "criterion x gave the value +Inf"},
		"each": {func(scoring.Facts) scoring.Mark {
			return scoring.Mark{Score: 0.5, Each: []scoring.ProbeScore{{Score: 1}}}
		}, "criterion x gave the score 0.5, which is not the mean of what its probes scored"},
		"interval":          {func(scoring.Facts) scoring.Mark { return scoring.Mark{Interval: &scoring.Interval{Low: 1}} }, "criterion x gave the interval 1 to 0"},
		"state":             {func(scoring.Facts) scoring.Mark { return scoring.Mark{State: scoring.Waiting, Reason: "?"} }, `criterion x gave the state "pending"`},
		"no reason":         {func(scoring.Facts) scoring.Mark { return scoring.Mark{State: scoring.NotMeasured} }, `criterion x gave the state "not-measured" and no reason`},
		"more than it saw":  {func(scoring.Facts) scoring.Mark { return scoring.Mark{N: 2} }, "criterion x counted 0 of 2 among 1 probes"},
		"more hits than it": {func(scoring.Facts) scoring.Mark { return scoring.Mark{K: 2} }, "criterion x counted 2 of 0 among 1 probes"},
	} {
		t.Run(name, func(t *testing.T) {
			m := judged(t, criterion(tt.judge), silent(1))
			if m.State != scoring.NotMeasured || m.Score != 0 || !strings.HasPrefix(m.Reason, tt.want) {
				t.Errorf("got %s %v %q, want not measured, %q", m.State, m.Score, m.Reason, tt.want)
			}
			if _, err := json.Marshal(m); err != nil {
				t.Error(err)
			}
		})
	}
	t.Run("rounding is forgiven", func(t *testing.T) {
		m := judged(t, criterion(func(scoring.Facts) scoring.Mark { return scoring.Mark{Score: 1 + 1e-15} }), silent(1))
		if m.State != scoring.Scored || m.Score != 1 {
			t.Errorf("got %s %v, want scored 1", m.State, m.Score)
		}
	})
	t.Run("a criterion may find nothing to judge", func(t *testing.T) {
		m := judged(t, criterion(func(scoring.Facts) scoring.Mark {
			return scoring.Mark{State: scoring.NotApplicable, Reason: "nothing was promised", Score: 0.4}
		}), silent(1))
		if m.State != scoring.NotApplicable || m.Reason != "nothing was promised" || m.Score != 0 {
			t.Errorf("got %+v", m)
		}
	})
}

func TestCriterionSeesOnlyWhatItNeeds(t *testing.T) {
	o := obs("mail", "shop", 1, evidence.Completed, "mail.secret", 7, "mail.a", 3, "mail.words", "hidden")
	seen := false
	judged(t, criterion(func(f scoring.Facts) scoring.Mark {
		c := f.Cases[0]
		if n, ok := c.Number("mail.a"); !ok || n != 3 {
			t.Errorf("a needed fact is %v, %v", n, ok)
		}
		for _, name := range []string{"mail.secret", "mail.words"} {
			n, isNumber := c.Number(name)
			s, isText := c.Text(name)
			if isNumber || isText || c.Flag(name) || n != 0 || s != "" {
				t.Errorf("it sees %s, which it does not need", name)
			}
		}
		seen = true
		return scoring.Mark{}
	}), o)
	if !seen {
		t.Error("it was not asked")
	}
}

func TestGradeIsCutUnrounded(t *testing.T) {
	for _, tt := range []struct {
		score float64
		want  string
	}{{1, "excellent"}, {0.85, "excellent"}, {0.84999, "good"}, {0.65, "good"}, {0.6499999, "average"}, {0.45, "average"}, {0.2, "below average"}, {0.1999, "poor"}, {0, "poor"}} {
		c := criterion(func(scoring.Facts) scoring.Mark { return scoring.Mark{Score: tt.score} })
		r, err := scoring.Score("w1", one("x"), []scoring.Criterion{c}, []string{"shop"}, []evidence.Observation{silent(1)})
		if err != nil {
			t.Fatal(err)
		}
		if s := r.Sites[0]; s.Grade != tt.want || math.Abs(s.Score-100*tt.score) > 1e-12 {
			t.Errorf("%v: %v points, %q; want %q", tt.score, s.Score, s.Grade, tt.want)
		}
	}
}

func TestWeightedMean(t *testing.T) {
	s := score(t, card(), silent(1), bought(1, 19, 8)) // clicks 0.5, the rest of checkout 1
	mail, checkout := s.Categories[0].Score, s.Categories[1].Score
	if math.Abs(mail-10) > 1e-9 || math.Abs(checkout-85) > 1e-9 || math.Abs(s.Score-(0.6*10+0.4*85)) > 1e-9 {
		t.Errorf("mail %v, checkout %v, total %v; want 10, 85, 40", mail, checkout, s.Score)
	}
}

func TestErrors(t *testing.T) {
	change := func(f func(*scoring.Scorecard)) scoring.Scorecard { c := card(); f(&c); return c }
	twice := append(scoring.Criteria(), scoring.Criteria()[0])
	for name, tt := range map[string]struct {
		card     scoring.Scorecard
		criteria []scoring.Criterion
		sites    []string
		obs      []evidence.Observation
		want     string
	}{
		"unknown criterion": {card: change(func(c *scoring.Scorecard) { c.Categories[0].Criteria[0].ID = "charm" }), want: "scorecard readiness: criterion charm is unknown"},
		"criterion twice":   {card: change(func(c *scoring.Scorecard) { c.Categories[1].Criteria[0].ID = "non-response" }), want: "scorecard readiness: criterion non-response stands twice"},
		"category twice":    {card: change(func(c *scoring.Scorecard) { c.Categories[1].ID = "mail" }), want: "category mail stands twice"},
		"empty category":    {card: change(func(c *scoring.Scorecard) { c.Categories[1].Criteria = nil }), want: "category checkout has no criterion"},
		"no category":       {card: change(func(c *scoring.Scorecard) { c.Categories = nil }), want: "it has no category"},
		"no weight":         {card: change(func(c *scoring.Scorecard) { c.Categories[0].Weight = 0 }), want: "category mail has the weight 0; give it one above 0"},
		"weight NaN":        {card: change(func(c *scoring.Scorecard) { c.Categories[0].Criteria[1].Weight = math.NaN() }), want: "criterion acknowledgement has the weight NaN"},
		"weight endless":    {card: change(func(c *scoring.Scorecard) { c.Categories[0].Weight = math.Inf(1) }), want: "weight +Inf"},
		"no grade":          {card: change(func(c *scoring.Scorecard) { c.Grades = nil }), want: "its last grade must start at 0"},
		"grades in disorder": {card: change(func(c *scoring.Scorecard) { c.Grades[1].Min = 90 }),
			want: `grade "excellent" starts at 85, not above "good" at 90`},
		"defined twice":    {card: card(), criteria: twice, want: "criterion address-deliverable is defined twice"},
		"site twice":       {card: card(), sites: []string{"shop", "shop"}, want: "site shop stands twice in the panel"},
		"probe twice":      {card: card(), obs: []evidence.Observation{silent(1), silent(1)}, want: "observation w1/shop/mail/1 stands twice"},
		"of another wave":  {card: card(), obs: []evidence.Observation{{Probe: evidence.ProbeID{Wave: "w0", Site: "shop"}}}, want: "is not of wave w1"},
		"all are reported": {card: change(func(c *scoring.Scorecard) { c.Grades = nil }), sites: []string{"a", "a"}, want: "last grade must start at 0, so that every total has one\nsite a stands twice"},
	} {
		t.Run(name, func(t *testing.T) {
			criteria := tt.criteria
			if criteria == nil {
				criteria = scoring.Criteria()
			}
			_, err := scoring.Score("w1", tt.card, criteria, tt.sites, tt.obs)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

// anyWave makes up the observations of one wave.
func anyWave(r *rand.Rand, sites []string) []evidence.Observation {
	labels := []string{"≤6 h", "6–24 h", "1–2 d", "2–3 d", "3–5 d", "≥5 d"}
	var all []evidence.Observation
	for _, site := range sites {
		for i := range r.Intn(5) {
			o := answered(i+1, r.Float64()*5e5, labels[r.Intn(len(labels))])
			switch r.Intn(8) {
			case 0, 1:
				o = silent(i + 1)
			case 2:
				o = because(obs("mail", site, i+1, evidence.Broken), fmt.Sprint("cause ", r.Intn(3)))
			case 3:
				o = obs("mail", site, i+1, evidence.Pending)
			}
			o.Probe.Site = site
			all = append(all, o)
		}
		for i := range r.Intn(4) {
			o := bought(i+1, 5+r.Intn(30), 5+r.Intn(20))
			if r.Intn(4) == 0 {
				o = obs("web", site, i+1, evidence.Failed, "web.reached", false, "web.clicks", 1)
			}
			o.Probe.Site = site
			all = append(all, o)
		}
	}
	return all
}

// anyCard gives the scorecard random weights, some of them huge or tiny.
func anyCard(r *rand.Rand) scoring.Scorecard {
	c := card()
	weight := func() float64 { return math.Exp(r.NormFloat64() * 8) }
	for i := range c.Categories {
		c.Categories[i].Weight = weight()
		for j := range c.Categories[i].Criteria {
			c.Categories[i].Criteria[j].Weight = weight()
		}
	}
	return c
}

func TestProperties(t *testing.T) {
	sites := []string{"a", "b", "c", "d"}
	states := map[scoring.State]int{}
	for seed := range int64(400) {
		r := rand.New(rand.NewSource(seed))
		all, c := anyWave(r, sites), anyCard(r)
		run := func(c scoring.Scorecard, all []evidence.Observation) []scoring.SiteScore {
			res, err := scoring.Score("w1", c, scoring.Criteria(), sites, all)
			if err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			return res.Sites
		}
		first := run(c, all)

		for _, s := range first {
			states[s.State]++
			low, high := math.Inf(1), math.Inf(-1)
			for _, cat := range s.Categories {
				if cat.State == scoring.Scored {
					low, high = min(low, cat.Score), max(high, cat.Score)
				}
			}
			if s.State == scoring.Scored && (s.Score < low || s.Score > high || s.Score < 0 || s.Score > 100) {
				t.Fatalf("seed %d: the total %v is outside its categories, %v to %v", seed, s.Score, low, high)
			}
		}

		shuffled := append([]evidence.Observation(nil), all...)
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if again := run(c, shuffled); !reflect.DeepEqual(first, again) {
			t.Fatalf("seed %d: the order of the observations matters", seed)
		}

		factor := math.Exp(r.NormFloat64() * 5)
		scaled := c
		scaled.Categories = append([]scoring.Category(nil), c.Categories...)
		for i := range scaled.Categories {
			scaled.Categories[i].Weight *= factor
		}
		for i, s := range run(scaled, all) {
			if s.State != first[i].State || math.Abs(s.Score-first[i].Score) > 1e-9 {
				t.Fatalf("seed %d: weights times %v change %v to %v", seed, factor, first[i].Score, s.Score)
			}
		}

		// One more silent mail never helps a site whose address works.
		if mail := first[0].Categories[0]; mail.State == scoring.Scored {
			more := silent(99)
			more.Probe.Site = "a"
			if worse := run(c, append(shuffled, more))[0].Categories[0]; worse.Score > mail.Score+1e-9 {
				t.Fatalf("seed %d: a silent mail lifts the site from %v to %v", seed, mail.Score, worse.Score)
			}
		}
	}
	for _, s := range []scoring.State{scoring.Scored, scoring.NotMeasured, scoring.Waiting, scoring.NotApplicable} {
		if states[s] == 0 {
			t.Errorf("no wave came to %s: the properties were not tried on it", s)
		}
	}
}
