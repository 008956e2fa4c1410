package fieldwork

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"touchstone/internal/evidence"
	"touchstone/probes"
	"touchstone/scenarios"
)

// letterParams and walkParams are the parameters of the two kinds of the tests.
type letterParams struct {
	Text string `json:"text"`
}

type walkParams struct {
	Pages []string `json:"pages"`
}

// testKinds are a correspondence that is answered by whatever arrives, and a
// visit that does what the test says.
func testKinds(visit func(*probes.Task, *probes.Recorder) error) map[string]*probes.Kind {
	letter := &probes.Kind{
		Name: "letter", Channel: "mail", Params: letterParams{}, Effects: []evidence.Effect{evidence.SendMail},
		Facts: []evidence.FactDef{{Name: "answers", Unit: evidence.Count}, {Name: "after", Unit: evidence.Second}},
		Correspondence: &probes.Correspondence{
			Reading: "letter/1",
			Compose: func(t *probes.Task, env probes.Envelope) (probes.Letter, error) {
				text := t.Params.(*letterParams).Text
				raw := fmt.Sprintf("From: <%s>\r\nTo: <%s>\r\nMessage-ID: <%s>\r\nSubject: %s\r\n\r\n%s\r\n", env.From, env.To, env.MessageID, t.Probe.Scenario, text)
				return probes.Letter{Envelope: env, Subject: t.Probe.Scenario, Text: text, Raw: []byte(raw)}, nil
			},
			Read: func(t *probes.Task, th probes.Thread, rec *probes.Recorder) error {
				switch {
				case th.Refused != "":
					rec.End(evidence.Failed, th.Refused)
				case len(th.Arrivals) == 0 && !th.Closed:
					rec.End(evidence.Pending, "the window is open")
				case len(th.Arrivals) == 0:
					rec.End(evidence.Silent, "no answer")
				default:
					rec.Number("answers", float64(len(th.Arrivals)))
					rec.Number("after", th.Arrivals[0].Received.Sub(th.Sent).Seconds())
					rec.End(evidence.Completed, "")
				}
				return nil
			},
		},
	}
	walk := &probes.Kind{
		Name: "walk", Reading: "walk/1", Channel: "web", Params: walkParams{}, Effects: []evidence.Effect{evidence.FillCheckout, evidence.PlaceOrder},
		Facts:    []evidence.FactDef{{Name: "pages", Unit: evidence.Count}},
		Describe: func(p any) []string { return p.(*walkParams).Pages },
	}
	if visit != nil {
		walk.Visit = visitFunc(visit)
	}
	order := *walk // a walk that is answered by mail
	order.Name, order.Facts = "order", append(order.Facts, letter.Facts...)
	order.Correspondence = &probes.Correspondence{Reading: "order/1", Read: letter.Correspondence.Read}
	return map[string]*probes.Kind{"letter": letter, "walk": walk, "order": &order}
}

func testProject() *scenarios.Project {
	site := func(id, as string) scenarios.Site {
		return scenarios.Site{
			Site:          probes.Site{ID: id, Name: id, Email: "service@" + id + ".example", URL: "https://" + id + ".example", Hours: officeHours()},
			Timezone:      time.UTC,
			Authorisation: scenarios.Authorisation{As: as, Pos: scenarios.Pos{File: "sites.yaml", Line: 7, Col: 5}},
			Pos:           scenarios.Pos{File: "sites.yaml", Line: 3, Col: 5},
		}
	}
	return &scenarios.Project{
		Name:     "test",
		Mail:     &scenarios.Mail{Address: "shopper+{probe}@shopper.example"},
		Caps:     scenarios.Caps{PerSitePerDay: 2, PerSitePerWeek: 5, MinDistance: 2 * time.Hour},
		Sites:    []scenarios.Site{site("alpha", "own"), site("beta", "public-enquiry")},
		Personas: []probes.Persona{{ID: "anna", Given: "Anna", Family: "Weber"}},
		Scenarios: []scenarios.Scenario{
			{ID: "ask", Kind: "letter", Task: "enquiry", Persona: "anna", Window: 5 * 24 * time.Hour, Repeat: 2, Effects: []evidence.Effect{evidence.SendMail}, Params: &letterParams{Text: "hello from ${persona.given}"}},
			{ID: "look", Kind: "walk", Task: "look", Persona: "anna", Repeat: 1, Params: &walkParams{Pages: []string{"/"}}},
			{
				ID: "order", Kind: "walk", Task: "checkout", Persona: "anna", Repeat: 1, Effects: []evidence.Effect{evidence.PlaceOrder}, Params: &walkParams{Pages: []string{"/order"}},
				Pos: scenarios.Pos{File: "scenarios/order.yaml", Line: 1, Col: 1}, EffectPos: []scenarios.Pos{{File: "scenarios/order.yaml", Line: 6, Col: 11}},
			},
		},
	}
}

var testStart = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)

func testPlan(t *testing.T, change func(*PlanInput)) *Plan {
	t.Helper()
	in := PlanInput{Project: testProject(), Kinds: testKinds(nil), Wave: "w1", Seed: 1, Start: testStart}
	if change != nil {
		change(&in)
	}
	p, err := NewPlan(in)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPlanFollowsFromItsSeed(t *testing.T) {
	a, b := testPlan(t, nil), testPlan(t, nil)
	if a.Hash() != b.Hash() {
		t.Error("the same seed gave two plans")
	}
	c := testPlan(t, func(in *PlanInput) { in.Seed = 2 })
	if a.Hash() == c.Hash() {
		t.Error("another seed gave the same plan")
	}
	// one more site changes nothing at the others
	d := testPlan(t, func(in *PlanInput) {
		s := in.Project.Sites[0]
		s.ID, s.Site.ID, s.Email = "gamma", "gamma", "service@gamma.example"
		in.Project.Sites = append(in.Project.Sites, s)
	})
	rows := map[evidence.ProbeID]Row{}
	for _, r := range d.Rows {
		rows[r.Probe] = r
	}
	for _, r := range a.Rows {
		if o := rows[r.Probe]; !o.Due.Equal(r.Due) || o.Persona.Email != r.Persona.Email {
			t.Errorf("%s moved when a site was added: %v, %v", r.Probe, r.Due, o.Due)
		}
	}
}

func TestPlanFixesEachContact(t *testing.T) {
	p := testPlan(t, nil)
	if len(p.Rows) != 8 {
		t.Fatalf("%d rows, want 2 sites × (2 letters + 2 visits)", len(p.Rows))
	}
	addresses, ids := map[string]bool{}, map[string]bool{}
	for i, r := range p.Rows {
		if i > 0 && r.Due.Before(p.Rows[i-1].Due) {
			t.Errorf("row %d is due before the one above it", i)
		}
		if r.Letter == nil {
			continue
		}
		l := r.Letter
		if addresses[l.From] || ids[l.MessageID] {
			t.Errorf("%s shares its address or its Message-ID", r.Probe)
		}
		addresses[l.From], ids[l.MessageID] = true, true
		if !strings.HasPrefix(l.From, "shopper+") || !strings.HasSuffix(l.MessageID, "@shopper.example") {
			t.Errorf("%s: from %s, id %s", r.Probe, l.From, l.MessageID)
		}
		if l.To != "service@"+r.Probe.Site+".example" {
			t.Errorf("%s goes to %s", r.Probe, l.To)
		}
		if !l.Date.Equal(r.Due) {
			t.Errorf("%s is dated %s and due %s", r.Probe, l.Date, r.Due)
		}
	}
}

func TestPlanRefusesWhatIsNotGranted(t *testing.T) {
	p := testPlan(t, nil)
	for _, r := range p.Rows {
		refused := r.Refusal != ""
		if want := r.Probe.Scenario == "order"; refused != want {
			t.Errorf("%s: refusal %q", r.Probe, r.Refusal)
		}
		if refused && (!strings.Contains(r.Refusal, "scenarios/order.yaml:6:11") || !strings.Contains(r.Refusal, "place-order") || !strings.Contains(r.Refusal, "sites.yaml:7:5")) {
			t.Errorf("the refusal does not name both places and the effect: %s", r.Refusal)
		}
	}
}

// What a site does not allow is left out where the scenario says so, and what it
// allows besides is done.
func TestPlanFollowsWhatASiteAllows(t *testing.T) {
	p := testPlan(t, func(in *PlanInput) {
		list := in.Project.Scenarios
		list[1].Perhaps = []evidence.Effect{evidence.FillCheckout, evidence.Register}
		list[2].WhereAllowed = true
		in.Project.Sites[0].Authorisation.Grant = []evidence.Effect{evidence.PlaceOrder}
		in.Project.Sites[0].Authorisation.Sandbox = true
	})
	got := map[string]string{}
	for _, r := range p.Rows {
		if r.Refusal != "" {
			t.Errorf("%s: %s", r.Probe, r.Refusal)
		}
		got[r.Probe.Site+"/"+r.Probe.Scenario] = fmt.Sprint(r.Effects)
	}
	want := map[string]string{
		"alpha/ask": "[send-mail]", "alpha/look": "[fill-checkout register]", "alpha/order": "[place-order]",
		"beta/ask": "[send-mail]", "beta/look": "[fill-checkout]",
	}
	if !maps.Equal(got, want) {
		t.Errorf("planned %v, want %v", got, want)
	}
}

func TestPlanNeedsAnAuthorisation(t *testing.T) {
	in := PlanInput{Project: testProject(), Kinds: testKinds(nil), Wave: "w1", Start: testStart}
	in.Project.Sites[1].Authorisation.As = ""
	_, err := NewPlan(in)
	var denied *NotAuthorised
	if !errors.As(err, &denied) || !strings.Contains(err.Error(), `sites.yaml:3:5: site "beta"`) {
		t.Fatalf("got %v", err)
	}
}

func TestPlanHonoursTheSuppressionList(t *testing.T) {
	for _, entry := range []string{"service@beta.example", "SERVICE@BETA.example", "@beta.example", "@example"} {
		p := testPlan(t, func(in *PlanInput) { in.Project.Suppress = []string{entry} })
		for _, r := range p.Rows {
			want := r.Letter != nil && (r.Probe.Site == "beta" || entry == "@example")
			if got := strings.Contains(r.Refusal, "suppression"); got != want {
				t.Errorf("%s: %s: refusal %q", entry, r.Probe, r.Refusal)
			}
		}
	}
}

func TestPlanCountsEarlierContacts(t *testing.T) {
	p := testPlan(t, func(in *PlanInput) {
		in.Contacts = map[string][]time.Time{"alpha": {testStart.Add(-3 * time.Hour), testStart.Add(-5 * time.Hour)}}
	})
	for _, r := range p.Rows {
		if r.Probe.Site == "alpha" && r.Letter != nil && r.Due.Before(testStart.Add(19*time.Hour)) {
			t.Errorf("%s is due at %s although the site was written to twice today", r.Probe, r.Due)
		}
	}
}

// Each letter knows what the others ask its site, and none of another's.
func TestAcquaint(t *testing.T) {
	letter := func(scenario string, repeat int, text, refusal string) Row {
		return Row{Probe: evidence.ProbeID{Site: "oak", Scenario: scenario, Repeat: repeat}, Refusal: refusal, Letter: &probes.Letter{Subject: "On " + scenario, Text: text}}
	}
	rows := []Row{letter("b", 1, "Hello. How long?", ""), letter("a", 1, "What for?", ""), letter("a", 2, "What else?", ""), letter("c", 1, "Refused?", "not granted"), {Probe: evidence.ProbeID{Site: "oak", Scenario: "visit"}}}
	acquaint(rows)
	a, b := probes.Other{Scenario: "a", Subject: "On a", Asks: "What for?"}, probes.Other{Scenario: "b", Subject: "On b", Asks: "How long?"}
	for i, want := range [][]probes.Other{{a}, {b}, {b}, {a, b}, nil} {
		if !slices.Equal(rows[i].Others, want) {
			t.Errorf("%s knows of %+v, want %+v", rows[i].Probe, rows[i].Others, want)
		}
	}
}
