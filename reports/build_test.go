package reports_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"touchstone/internal/evidence"
	"touchstone/reports"
	"touchstone/reports/reporttest"
	"touchstone/scoring"
	"touchstone/scoring/stat"
)

var update = flag.Bool("update", false, "write the golden files anew")

func build(t *testing.T, change ...func(*reports.Input)) *reports.Report {
	t.Helper()
	in := reporttest.Input()
	for _, f := range change {
		f(&in)
	}
	r, err := reports.New(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func asJSON(t *testing.T, r *reports.Report) string {
	t.Helper()
	var buf bytes.Buffer
	if err := reports.JSON().Write(&buf, r); err != nil {
		t.Fatal(err)
	}
	return buf.String()
}

func TestJSONGolden(t *testing.T) {
	got := asJSON(t, build(t))
	if again := asJSON(t, build(t)); again != got {
		t.Error("the same wave gave two different reports")
	}
	path := filepath.Join("testdata", "report.json")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the JSON differs from %s; look, then run go test with -update", path)
	}
	var back reports.Report
	if err := json.Unmarshal([]byte(got), &back); err != nil || back.Schema != reports.Schema {
		t.Errorf("read back: schema %q, %v", back.Schema, err)
	}
}

// The counts, worked out by hand from the wave's seven probes.
func TestCounts(t *testing.T) {
	r := build(t)
	m := r.Method
	if got, want := [...]int{m.SitesAsked, m.SitesUsable, m.ProbesAsked, m.ProbesUsable, m.PerSite[0], m.PerSite[1]}, [...]int{3, 2, 7, 4, 1, 3}; got != want {
		t.Errorf("sites asked, usable, probes asked, usable, fewest, most = %v, want %v", got, want)
	}
	outcomes := map[evidence.Outcome]int{}
	for _, o := range m.Outcomes {
		outcomes[o.Outcome] = o.K
		if o.N != 7 {
			t.Errorf("%s is %d of %d, want of 7", o.Outcome, o.K, o.N)
		}
	}
	if want := (map[evidence.Outcome]int{"completed": 2, "silent": 1, "failed": 1, "blocked": 1, "broken": 1, "pending": 1}); !reflect.DeepEqual(outcomes, want) {
		t.Errorf("outcomes %v, want %v", outcomes, want)
	}
	if len(m.Dropped) != 3 {
		t.Errorf("%d probes left out, want the blocked, the broken and the pending: %+v", len(m.Dropped), m.Dropped)
	}
	if s := m.Scenarios[0]; s.Asked != 4 || s.Usable != 3 || len(s.NotAsked) != 1 {
		t.Errorf("the mail scenario: %+v", s)
	}

	classes := map[string]string{}
	for _, c := range r.Answers.Classes {
		classes[c.Label] = string(rune('0'+c.K)) + "/" + string(rune('0'+c.N))
	}
	for label, want := range map[string]string{"≤6 h": "1/3", "6–24 h": "0/3", "never": "1/3", "bounced": "1/3", "Within 24 h": "1/3", "About 2 days": "0/3", "3 days or more, or never": "1/3"} {
		if classes[label] != want {
			t.Errorf("answers %s: %s, want %s", label, classes[label], want)
		}
	}
	if want := []reports.Apart{{Label: "The window is still open", K: 1, N: 4, Of: "enquiries"}, {Label: "No mail address to write to", K: 1, N: 3, Of: "sites"}}; !slices.Equal(r.Answers.Apart, want) {
		t.Errorf("apart: %+v, want %+v", r.Answers.Apart, want)
	}
	if r.Grades.N != 1 || r.Grades.Classes[0].K != 1 || r.Grades.Apart[0].K != 2 {
		t.Errorf("grades: %+v", r.Grades)
	}
	if iv := r.Grades.Classes[0].Interval; iv == nil || *iv != stat.Wilson(1, 1, 0.95) {
		t.Errorf("interval of 1/1: %+v", iv)
	}
	if got := r.Headline; len(got) != 3 || got[0] != "1 of 3 sites graded: 1 excellent." || got[1] != "A person answered 1 of 3 enquiries by mail; 1 got no answer, 1 came back undelivered." {
		t.Errorf("headline %q", got)
	}
}

func TestVerdicts(t *testing.T) {
	r := build(t, func(in *reports.Input) {
		in.Result.Sites[1].State, in.Result.Sites[1].Score, in.Result.Sites[1].Grade = scoring.Scored, 95, "Excellent"
	})
	var order []int
	for _, v := range r.Verdicts {
		order = append(order, v.Number)
	}
	if !slices.Equal(order, []int{2, 1, 3}) {
		t.Errorf("order %v: by score, withheld last, numbers by panel", order)
	}
	if got, want := r.Verdicts[1].Why, "Lost most on “Clicks to the payment page” (9 clicks); gained most by “Enquiries answered” (1 of 1)."; got != want {
		t.Errorf("why %q, want %q", got, want)
	}
	if got := r.Verdicts[2].Why; got != "The shop could not be tested: 1 of 1 probe broke" {
		t.Errorf("a withheld total says %q, not why", got)
	}
}

func TestThreadAndFilm(t *testing.T) {
	probes := build(t).Sites[0].Probes
	i := slices.IndexFunc(probes, func(p reports.Probe) bool { return p.Kind == "mail" && p.Outcome == evidence.Completed })
	thread := probes[i].Thread
	if len(thread) != 3 || !thread[0].Ours || thread[1].Class != "acknowledgement" || thread[2].Class != "human" {
		t.Fatalf("thread %+v", thread)
	}
	if got, want := thread[2].At, reporttest.Start.Add(11400e9); !got.Equal(want) {
		t.Errorf("the answer came at %v, want %v", got, want)
	}
	if thread[2].Ref == "" || thread[2].Ref != probes[i].Evidence[2].Ref {
		t.Errorf("the answer's proof is %q", thread[2].Ref)
	}

	i = slices.IndexFunc(probes, func(p reports.Probe) bool { return p.Kind == "web" })
	film := probes[i].Film
	if len(film) != 3 || film[0].Words != "open the start page" || film[2].Took == nil || *film[2].Took != 2.4 {
		t.Fatalf("film %+v", film)
	}
	if p := film[0].Picture; p == nil || p.Width != 96 || p.Height != 60 || len(p.JPEG()) == 0 {
		t.Errorf("the first picture is not there, 96 × 60: %+v", p)
	}
	if p := film[1].Picture; p == nil || !strings.Contains(p.Problem, "gone") {
		t.Errorf("a lost picture: %+v", p)
	}
	if p := film[2].Picture; p == nil || !strings.Contains(p.Problem, "digest") || len(p.JPEG()) > 0 {
		t.Errorf("a damaged picture: %+v", p)
	}
}

func TestPeopleAreHidden(t *testing.T) {
	secret := []string{reporttest.AgentGiven, reporttest.AgentFamily, reporttest.AgentAddress, "shopper+k7", "nora%40"}
	hidden := asJSON(t, build(t))
	for _, s := range secret {
		if strings.Contains(hidden, s) {
			t.Errorf("%q is in the report", s)
		}
	}
	for _, s := range []string{"Agent A", "…@kettle.example", "hello@kettle.example", "Kettle \\u0026 Leaf"} {
		if !strings.Contains(hidden, s) {
			t.Errorf("%q is not in the report", s)
		}
	}
	shown := asJSON(t, build(t, func(in *reports.Input) { in.ShowPeople = true }))
	for _, s := range secret {
		if !strings.Contains(shown, s) {
			t.Errorf("asked to show people, the report lacks %q", s)
		}
	}
}

// Every panel has a report: an empty one, one that waits, one that was blocked.
func TestEmptyCases(t *testing.T) {
	for name, c := range emptyCases() {
		t.Run(name, func(t *testing.T) {
			r := build(t, c.change)
			if len(r.Headline) == 0 || r.Headline[0] != c.headline {
				t.Errorf("headline %q, want %q first", r.Headline, c.headline)
			}
			if r.Grades.N != c.graded {
				t.Errorf("%d graded, want %d", r.Grades.N, c.graded)
			}
			asJSON(t, r)
		})
	}
}

type emptyCase struct {
	change   func(*reports.Input)
	headline string
	graded   int
}

func emptyCases() map[string]emptyCase {
	withhold := func(state scoring.State) func(*reports.Input) {
		return func(in *reports.Input) {
			for i := range in.Observations {
				o := &in.Observations[i]
				o.Facts, o.Evidence, o.Outcome = nil, nil, evidence.Blocked
				if state == scoring.Waiting {
					o.Outcome = evidence.Pending
				}
			}
			for i := range in.Result.Sites {
				in.Result.Sites[i] = scoring.SiteScore{Site: in.Sites[i].ID, State: state, Reason: "nothing yet"}
			}
		}
	}
	return map[string]emptyCase{
		"no observations": {func(in *reports.Input) { withhold(scoring.NotApplicable)(in); in.Observations = nil }, "None of 3 sites could be graded; the reasons stand below.", 0},
		"empty panel": {func(in *reports.Input) {
			in.Sites, in.Observations, in.Result.Sites, in.Scenarios, in.Title = nil, nil, nil, nil, ""
		}, "The panel is empty: there is nothing to judge.", 0},
		"one site": {func(in *reports.Input) {
			in.Sites, in.Result.Sites = in.Sites[:1], in.Result.Sites[:1]
			in.Observations = slices.DeleteFunc(in.Observations, func(o evidence.Observation) bool { return o.Probe.Site != "kettle-and-leaf" })
		}, "1 of 1 site graded: 1 excellent.", 1},
		"all pending":  {withhold(scoring.Waiting), "None of 3 sites could be graded; the reasons stand below.", 0},
		"all withheld": {withhold(scoring.NotMeasured), "None of 3 sites could be graded; the reasons stand below.", 0},
	}
}

func TestMistakes(t *testing.T) {
	cases := map[string]struct {
		change func(*reports.Input)
		want   string
	}{
		"site without verdict": {func(in *reports.Input) { in.Result.Sites = in.Result.Sites[1:] }, `the site "kettle-and-leaf" has no verdict`},
		"site twice":           {func(in *reports.Input) { in.Sites = append(in.Sites, in.Sites[0]) }, "twice"},
		"foreign probe":        {func(in *reports.Input) { in.Observations[0].Probe.Site = "elsewhere" }, "belongs to no site"},
		"unknown scenario":     {func(in *reports.Input) { in.Scenarios = in.Scenarios[:1] }, "belongs to no scenario"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			in := reporttest.Input()
			c.change(&in)
			if _, err := reports.New(context.Background(), in); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := reports.New(ctx, reporttest.Input()); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: got %v", err)
	}
}

// A name of ten thousand characters must not fill the report.
func TestLongNamesAreCut(t *testing.T) {
	long := strings.Repeat("ä", 10000)
	r := build(t, func(in *reports.Input) { in.Sites[0].Name = long; in.Observations[0].Reason = long })
	if n := len([]rune(r.Sites[0].Name)); n != 120 || !strings.HasSuffix(r.Sites[0].Name, "…") {
		t.Errorf("the name has %d characters", n)
	}
	if s := asJSON(t, r); strings.Contains(s, long) {
		t.Error("the whole name is in the report")
	}
}

// Each published share stands beside a class that exists.
func TestReferencesFitTheClasses(t *testing.T) {
	r := build(t)
	drawn := map[string]int{}
	for _, c := range slices.Concat(r.Grades.Classes, r.Answers.Classes) {
		for _, p := range c.Published {
			drawn[p.Reference]++
		}
	}
	seen := map[string]bool{}
	for _, ref := range reports.References() {
		if seen[ref.ID] {
			t.Errorf("%s is listed twice", ref.ID)
		}
		seen[ref.ID] = true
		if drawn[ref.ID] != len(ref.Shares) {
			t.Errorf("%s: %d of %d shares are drawn", ref.ID, drawn[ref.ID], len(ref.Shares))
		}
		var sum float64
		for _, s := range ref.Shares {
			if s.Share < 0 || s.Share > 1 {
				t.Errorf("%s %s: %v is no share", ref.ID, s.Label, s.Share)
			}
			sum += s.Share
		}
		if sum > 1.015 || ref.Source == "" || ref.Definition == "" || ref.Year == 0 && !strings.Contains(strings.ToLower(ref.Definition), "year") {
			t.Errorf("%s is incomplete or sums to %v", ref.ID, sum)
		}
	}
}

// What became of a question is no mail.
func TestThreadHoldsMailsAlone(t *testing.T) {
	in := reporttest.Input()
	for i, o := range in.Observations {
		if o.Kind == "mail" {
			in.Observations[i].Facts = append(slices.Clone(o.Facts), evidence.Fact{Name: "mail.question-answered", Step: "question-1", Unit: evidence.Text, Text: "answered"})
		}
	}
	for _, s := range reporttest.Build(t, in).Sites {
		for _, p := range s.Probes {
			for _, m := range p.Thread {
				if m.Step == "question-1" {
					t.Errorf("%s: a question stands among the mails", p.ID)
				}
			}
		}
	}
}
