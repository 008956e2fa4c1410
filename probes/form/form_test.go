package form

import (
	"strings"
	"testing"
	"time"

	"touchstone/internal/evidence"
	"touchstone/probes"
)

var visit = probes.Kind{Name: "web", Channel: "web", Reading: "web/1", Facts: []evidence.FactDef{{Name: "web.clicks", Unit: evidence.Count}, {Name: "web.form-taken", Unit: evidence.Bool}}}

var sent = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)

func arrival(after time.Duration, header, body string) probes.Arrival {
	return probes.Arrival{
		Ref: "r", Received: sent.Add(after),
		Raw: []byte(strings.ReplaceAll("From: Desk <desk@shop.example>\nTo: a@b.example\nSubject: Your message\n"+header+"\n"+body+"\n", "\n", "\r\n")),
	}
}

// after a visit, what the mails say is added to what the visit recorded.
func TestRead(t *testing.T) {
	human := arrival(3*time.Hour, "", "Dear Anna, yes, we can wrap it for you. Kind regards, Tom")
	automatic := arrival(time.Minute, "Auto-Submitted: auto-replied\n", "We have received your message.")
	bulk := arrival(30*time.Second, "Precedence: bulk\nList-Unsubscribe: <https://shop.example/u>\n", "Our offers of the week!")
	late := arrival(30*time.Hour, "", "Dear Anna, sorry for the wait. Tom")
	for _, c := range []struct {
		name     string
		arrivals []probes.Arrival
		outcome  evidence.Outcome
		mails    float64
		first    float64 // seconds; -1: not recorded
		human    float64
		effects  []evidence.Effect
	}{
		{"nothing", nil, evidence.Silent, 0, -1, -1, nil},
		{"a newsletter alone", []probes.Arrival{bulk}, evidence.Silent, 1, -1, -1, nil},
		{"a receipt", []probes.Arrival{automatic}, evidence.Silent, 1, 60, -1, nil},
		{"a receipt of an order", []probes.Arrival{automatic}, evidence.Completed, 1, 60, -1, []evidence.Effect{evidence.PlaceOrder}},
		{"an order and nothing", nil, evidence.Silent, 0, -1, -1, []evidence.Effect{evidence.PlaceOrder}},
		{"a receipt and an answer", []probes.Arrival{bulk, automatic, human}, evidence.Completed, 3, 60, 10800, nil},
		{"an answer after the window", []probes.Arrival{late}, evidence.Silent, 0, -1, -1, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			kind := Kind(visit)
			before := evidence.Observation{Kind: "form", Reading: "web/1", Start: sent, Outcome: evidence.Completed, Facts: []evidence.Fact{{Name: "web.clicks", Number: 4, Unit: evidence.Count}}}
			rec := probes.Resume(&kind, before, Reading)
			if err := kind.Correspondence.Read(&probes.Task{Effects: c.effects}, probes.Thread{Sent: sent, Arrivals: c.arrivals, Window: 24 * time.Hour, Closed: true}, rec); err != nil {
				t.Fatal(err)
			}
			o := rec.Observation(0)
			if o.Outcome != c.outcome {
				t.Errorf("outcome %s (%s), want %s", o.Outcome, o.Reason, c.outcome)
			}
			for name, want := range map[string]float64{"web.clicks": 4, "form.mails": c.mails, "form.first-mail-after": c.first, "form.first-human-after": c.human} {
				f, ok := o.Fact(name)
				if ok != (want >= 0) || ok && f.Number != want {
					t.Errorf("%s: %v (recorded: %v), want %v", name, f.Number, ok, want)
				}
			}
			if o.Reading != Reading {
				t.Errorf("reading %s", o.Reading)
			}
		})
	}
}

func TestReadBeforeTheWindowCloses(t *testing.T) {
	kind := Kind(visit)
	rec := probes.Resume(&kind, evidence.Observation{Outcome: evidence.Completed}, Reading)
	if err := kind.Correspondence.Read(&probes.Task{}, probes.Thread{Sent: sent, Window: time.Hour}, rec); err != nil {
		t.Fatal(err)
	}
	if o := rec.Observation(0); o.Outcome != evidence.Pending {
		t.Errorf("outcome %s while the window is open", o.Outcome)
	}
}

// A form of which no page showed that it was taken is waited for: a mail proves
// it, and without one nothing is proven against the shop.
func TestFormThatNoPageConfirmed(t *testing.T) {
	kind := Kind(visit)
	visited := evidence.Observation{Outcome: evidence.Broken, Facts: []evidence.Fact{{Name: "web.form-taken", Unit: evidence.Bool}}}
	if !kind.Correspondence.Sent(visited) || kind.Correspondence.Sent(evidence.Observation{Outcome: evidence.Broken}) {
		t.Error("only a form that was sent is waited for")
	}
	for _, c := range []struct {
		name     string
		arrivals []probes.Arrival
		outcome  evidence.Outcome
	}{
		{"an answer", []probes.Arrival{arrival(3*time.Hour, "", "Dear Anna, yes, we can. Kind regards, Tom")}, evidence.Completed},
		{"a receipt", []probes.Arrival{arrival(time.Minute, "Auto-Submitted: auto-replied\n", "We have received your message.")}, evidence.Silent},
		{"nothing", nil, evidence.Broken},
		{"a newsletter", []probes.Arrival{arrival(time.Minute, "Precedence: bulk\nList-Unsubscribe: <https://shop.example/u>\n", "Our offers of the week!")}, evidence.Broken},
	} {
		rec := probes.Resume(&kind, visited, Reading)
		if err := kind.Correspondence.Read(&probes.Task{}, probes.Thread{Sent: sent, Arrivals: c.arrivals, Window: 24 * time.Hour, Closed: true}, rec); err != nil {
			t.Fatal(err)
		}
		if o := rec.Observation(0); o.Outcome != c.outcome {
			t.Errorf("%s: %s (%s), want %s", c.name, o.Outcome, o.Reason, c.outcome)
		}
	}
}
