package fieldwork

import (
	"slices"
	"strings"
	"testing"

	"touchstone/internal/evidence"
)

func TestCompare(t *testing.T) {
	b := newBench(t, nil, alphaAnswers)
	w, err := LoadWave(t.Context(), b.DB, "w1")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		change func(*PlanInput)
		want   []string
	}{
		{"nothing", func(*PlanInput) {}, nil},
		{"a later start", func(in *PlanInput) { in.Start = in.Start.Add(day) }, []string{"alpha/ask/1 moved", "alpha/ask/2 moved", "alpha/look/1 moved", "alpha/order/1 moved", "beta/ask/1 moved", "beta/ask/2 moved", "beta/look/1 moved", "beta/order/1 moved"}},
		{"a site less", func(in *PlanInput) { in.Project.Sites = in.Project.Sites[:1] }, []string{"beta/ask/1 gone", "beta/ask/2 gone", "beta/look/1 gone", "beta/order/1 gone"}},
		{"another address", func(in *PlanInput) { in.Project.Sites[0].Email = "desk@alpha.example" }, []string{"alpha/ask/1 recipient", "alpha/ask/2 recipient"}},
		{"other words", func(in *PlanInput) { in.Project.Scenarios[0].Params = &letterParams{Text: "good day"} }, []string{"alpha/ask/1 text", "alpha/ask/2 text", "beta/ask/1 text", "beta/ask/2 text"}},
		{"another page", func(in *PlanInput) { in.Project.Scenarios[1].Params = &walkParams{Pages: []string{"/new"}} }, []string{"alpha/look/1 text", "beta/look/1 text"}},
		{"no leave", func(in *PlanInput) { in.Project.Scenarios[1].Effects = []evidence.Effect{evidence.PlaceOrder} }, []string{"alpha/look/1 rest", "beta/look/1 rest"}},
	} {
		in := PlanInput{Project: testProject(), Kinds: b.Kinds, Wave: "w1", Seed: 1, Start: testStart}
		c.change(&in)
		changes, err := w.Compare(t.Context(), b.DB, in)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		var got []string
		for _, ch := range changes {
			got = append(got, strings.TrimPrefix(ch.Probe.String(), "w1/")+" "+strings.Join(ch.What, "+"))
			if slices.Contains(ch.What, "text") == slices.Equal(ch.Before, ch.After) {
				t.Errorf("%s: %s: %q to %q", c.name, ch.Probe, ch.Before, ch.After)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	if changes, err := w.Compare(t.Context(), b.DB, PlanInput{Project: testProject(), Kinds: b.Kinds, Wave: "w1", Seed: 1, Start: testStart, Sites: []string{"alpha"}}); err != nil || len(changes) != 4 || changes[0].What[0] != "gone" {
		t.Errorf("%+v, %v", changes, err)
	}
}
