package mail

import (
	"testing"
	"time"

	"touchstone/internal/evidence"
	"touchstone/probes"
)

// What came besides the answer, and what our server found of its sender.
func TestReadAftermath(t *testing.T) {
	answer := answerOf("Yes, in 42. It is made of wool.\n\nKind regards,\nMarta\nOak Ltd, 12 High Street, London SW1A 1AA",
		"Authentication-Results: mx.probe.example; spf=pass smtp.mailfrom=oak.example; dkim=pass header.d=oak.example; dmarc=fail header.from=oak.example",
		"Received: from mx.oak.example by mx.probe.example with ESMTPS; Mon, 2 Nov 2026 09:31:00 +0000")
	closed := raw("From: help@oak.example", "Subject: Your request [OK-4711] has been closed", "Auto-Submitted: auto-generated", "", "Your request has been closed.")
	survey := raw("From: help@oak.example", "Subject: How did we do?", "Auto-Submitted: auto-generated", "", "How would you rate the support you received? Please take our short survey.")
	news := func(from string) []byte {
		return raw("From: "+from, "Subject: Twenty percent off", "List-Unsubscribe: <https://news.example/u>", "Precedence: bulk", "", "Everything must go. Unsubscribe here.")
	}
	for _, c := range []struct {
		name     string
		arrivals []probes.Arrival
		want     map[string]any // nil: not recorded
	}{
		{"an answer, and a question after it", []probes.Arrival{arrive(time.Hour, answer), arrive(2*time.Hour, closed), arrive(3*time.Hour, survey)}, map[string]any{
			"mail.follow-up": 1.0, "mail.closed-unanswered": 0.0, "mail.postal-address": 1.0, "mail.leaked": 0.0,
			"mail.spf": "pass", "mail.dkim": "pass", "mail.dmarc": "fail", "mail.checked": 1.0, "mail.contradicted": 0.0,
		}},
		{"closed, and never answered", []probes.Arrival{arrive(time.Hour, closed)}, map[string]any{
			"mail.closed-unanswered": 1.0, "mail.follow-up": nil, "mail.postal-address": 0.0, "mail.spf": nil, "mail.contradicted": nil,
		}},
		{"advertising from a stranger, from the shop and from its service", []probes.Arrival{arrive(time.Hour, news("deals@strangers.example")), arrive(2*time.Hour, news("news@mail.oak.example")), arrive(3*time.Hour, news("oak@mcsv.net"))}, map[string]any{
			"mail.leaked": 1.0, "mail.bulk": 3.0,
		}},
		{"what is wrong", []probes.Arrival{arrive(time.Hour, answerOf("It is made of plastic, sorry, but we have it in 42."))}, map[string]any{
			"mail.checked": 1.0, "mail.contradicted": 1.0, "mail.postal-address": 0.0,
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			k := asking()
			k.Site.URL, k.Site.Email = "https://www.oak.example/", "help@oak.example"
			k.Params.(*Params).Questions[1].Reject = []string{"plastic"}
			th := thread(c.arrivals...)
			th.Closed = true
			kind := Kind()
			rec := probes.NewRecorder(&kind, evidence.ProbeID{}, "enquiry", kind.Correspondence.Reading, sent, nil)
			if err := read(k, th, rec); err != nil {
				t.Fatal(err)
			}
			o := rec.Observation(0)
			for name, want := range c.want {
				f, ok := o.Fact(name)
				var got any
				switch {
				case !ok:
				case f.Unit == evidence.Text:
					got = f.Text
				default:
					got = f.Number
				}
				if got != want {
					t.Errorf("%s: got %v, want %v", name, got, want)
				}
			}
		})
	}
}
