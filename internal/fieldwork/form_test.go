package fieldwork

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"touchstone/internal/evidence"
	"touchstone/internal/highstreet"
	"touchstone/probes"
	"touchstone/probes/form"
	"touchstone/scenarios"
)

// A visit that has sent a form, and of which no page showed that it was taken,
// waits for mails as any other: one proves it.
func TestFormProvenByAMail(t *testing.T) {
	for _, c := range []struct {
		name     string
		answered bool
		outcome  evidence.Outcome
	}{
		{"answered", true, evidence.Completed},
		{"not answered", false, evidence.Broken},
	} {
		t.Run(c.name, func(t *testing.T) {
			var b *bench
			visit := probes.Kind{
				Name: "web", Reading: "web/1", Channel: "web", Params: goalParams{}, Effects: []evidence.Effect{evidence.SubmitForm},
				Facts: []evidence.FactDef{{Name: "web.form-taken", Unit: evidence.Bool}},
				Visit: func(_ context.Context, task *probes.Task, rec *probes.Recorder) error {
					rec.Flag("web.form-taken", false)
					rec.End(evidence.Broken, "nothing shows that the form was taken")
					if c.answered {
						b.clock.At(b.clock.Now().Add(3*time.Hour), func() {
							b.office.deliver(strings.ReplaceAll(fmt.Sprintf("From: Alpha <desk@alpha.example>\nTo: <%s>\nSubject: Your question\n\nDear Anna, yes, within three days.\n\nKind regards\nTom\n", task.Persona.Email), "\n", "\r\n"))
						})
					}
					return nil
				},
			}
			b = newBench(t, nil, nil)
			b.clock = highstreet.NewClock(testStart)
			b.office.clock, b.Clock = b.clock, b.clock
			k := form.Kind(visit)
			b.Kinds = map[string]*probes.Kind{"form": &k}
			pr := testProject()
			pr.Sites = pr.Sites[:1]
			pr.Scenarios = []scenarios.Scenario{{ID: "ask", Kind: "form", Task: "contact-form", Persona: "anna", Window: 5 * day, Repeat: 1, Effects: []evidence.Effect{evidence.SubmitForm}, Params: &goalParams{Goal: "submit-contact-form"}}}
			b.plan = testPlan(t, func(in *PlanInput) { in.Kinds, in.Project = b.Kinds, pr })
			if err := Freeze(t.Context(), b.DB, b.plan, "test", testStart); err != nil {
				t.Fatal(err)
			}
			if err := b.run(nil); err != nil {
				t.Fatal(err)
			}
			all := b.observations()
			if len(all) != 1 {
				t.Fatalf("%d observations", len(all))
			}
			for _, o := range all {
				if o.Outcome != c.outcome || o.Reading != form.Reading {
					t.Errorf("%s by %s (%s), want %s", o.Outcome, o.Reading, o.Reason, c.outcome)
				}
			}
		})
	}
}
