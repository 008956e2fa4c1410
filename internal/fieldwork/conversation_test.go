package fieldwork

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"touchstone/internal/db"
	"touchstone/internal/evidence"
	"touchstone/internal/highstreet"
	"touchstone/internal/reading"
	"touchstone/probes"
	"touchstone/probes/mail"
	"touchstone/scenarios"
)

const (
	personMail = "From: Tom <desk@alpha.example>\r\nTo: <{to}>\r\nMessage-ID: <%s@alpha.example>\r\nSubject: Re: Blue?\r\n\r\nHello Anna,\r\n\r\nyes, we have it in blue, and it costs 20 pounds.\r\n\r\nKind regards\r\nTom\r\n"
	autoMail   = "From: Desk <desk@alpha.example>\r\nTo: <{to}>\r\nSubject: We have your mail\r\nAuto-Submitted: auto-replied\r\n\r\nThis is an automatic reply. We will answer soon.\r\n"
)

// conversation is a bench with one site, open Monday to Friday from 9 to 17 in
// Berlin, and one probe by mail that reminds after eight working hours, and
// asks a second thing two hours after an answer.
func conversation(t *testing.T, start time.Time, change func(*scenarios.Project, *mail.Params), answer func(l probes.Letter, n int) (probes.Delivery, []reply)) *bench {
	t.Helper()
	n := 0
	b := newBench(t, nil, func(l probes.Letter, _ int) (probes.Delivery, []reply) {
		n++
		return answer(l, n)
	})
	b.clock = highstreet.NewClock(start)
	b.office.clock, b.Clock = b.clock, b.clock
	kind := mail.Kind()
	b.Kinds = map[string]*probes.Kind{"mail": &kind}
	params := &mail.Params{
		Texts:     []mail.Text{{Subject: "Blue?", Body: "Hello, do you have it in blue?\n\nAnna"}},
		Questions: []mail.Question{{Ask: "in blue?", Expect: []string{"in blue"}}},
		Then: []mail.Further{
			{When: "unanswered", After: "8h", InHours: true, Texts: []mail.Body{{Body: "Hello, have you seen my question?\n\nAnna"}}},
			{When: "answered", After: "2h", Texts: []mail.Body{{Body: "Thank you. What does it cost?\n\nAnna"}}, Questions: []mail.Question{{Ask: "the price?", Expect: []string{"pounds"}}}},
		},
	}
	pr := testProject()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	pr.Sites = pr.Sites[:1]
	pr.Sites[0].Timezone, pr.Sites[0].Site.Timezone = berlin, "Europe/Berlin"
	pr.Caps.PerSitePerDay = 9
	pr.Scenarios = []scenarios.Scenario{{ID: "ask", Kind: "mail", Task: "enquiry", Persona: "anna", Window: 5 * 24 * time.Hour, Repeat: 1, Effects: []evidence.Effect{evidence.SendMail}, Params: params}}
	if change != nil {
		change(pr, params)
	}
	b.plan = testPlan(t, func(in *PlanInput) { in.Kinds, in.Project, in.Start = b.Kinds, pr, start })
	if err := Freeze(t.Context(), b.DB, b.plan, "test", testStart); err != nil {
		t.Fatal(err)
	}
	return b
}

// letters gives the ledger's rows of the one probe's letters.
func (b *bench) letters() (out map[string]effectRow) {
	b.t.Helper()
	err := b.DB.Read(b.t.Context(), func(ctx context.Context, tx db.Tx) (err error) {
		out, err = letterEffects(ctx, tx, b.plan.Rows[0].Probe)
		return err
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return out
}

// holds fails the test unless the ledger has exactly these letters, as
// "step state step state"; and no letter reached anybody twice.
func (b *bench) holds(want string) map[string]effectRow {
	b.t.Helper()
	got, said := b.letters(), []string{}
	for _, step := range []string{"letter", "letter-2", "letter-3", "letter-4"} {
		if eff, ok := got[step]; ok {
			said = append(said, step+" "+eff.State)
		}
	}
	if s := strings.Join(said, ", "); s != want {
		b.t.Errorf("the ledger has %s, want %s", s, want)
	}
	b.once()
	return got
}

func (b *bench) only() evidence.Observation {
	b.t.Helper()
	for _, o := range b.observations() {
		return o
	}
	b.t.Fatal("no observation")
	return evidence.Observation{}
}

func number(o evidence.Observation, name string) string {
	f, ok := o.Fact(name)
	if !ok {
		return "none"
	}
	return fmt.Sprint(f.Number)
}

// answers has a person answer each letter after an hour.
func answers(_ probes.Letter, n int) (probes.Delivery, []reply) {
	return accepted, []reply{{time.Hour, fmt.Sprintf(personMail, fmt.Sprint("a", n))}}
}

func TestAnsweredThenAskedOnce(t *testing.T) {
	b := conversation(t, testStart, nil, answers)
	row := b.plan.Rows[0]
	if len(row.Then) != 2 || row.Then[1].MessageID == row.Letter.MessageID || row.Then[1].MessageID == row.Then[0].MessageID || !strings.HasPrefix(row.Then[1].Text, "Thank you") {
		t.Fatalf("planned %+v", row.Then)
	}
	if err := b.run(nil); err != nil {
		t.Fatal(err)
	}
	got := b.holds("letter accepted, letter-3 accepted")
	further := got["letter-3"]
	if further.MessageID != row.Then[1].MessageID || further.Recipient != row.Letter.To {
		t.Errorf("it went out as %s to %s", further.MessageID, further.Recipient)
	}
	if wait := further.Begun.Sub(got["letter"].Settled); wait < 3*time.Hour || wait > 3*time.Hour+2*time.Second {
		t.Errorf("it went out after %v, want 3 h", wait)
	}
	m := reading.Parse(further.Raw)
	if m.Subject != "Re: Blue?" || m.InReplyTo[0] != "a1@alpha.example" || m.References[0] != row.Letter.MessageID || !m.Date.Equal(further.Begun.Truncate(time.Second)) {
		t.Errorf("subject %q, in reply to %v of %v, date %v", m.Subject, m.InReplyTo, m.References, m.Date)
	}
	o := b.only()
	if s := number(o, "mail.exchanges") + number(o, "mail.letters") + number(o, "mail.questions-answered"); o.Outcome != evidence.Completed || s != "222" {
		t.Errorf("%s, %s: %s", o.Outcome, o.Reason, s)
	}
	if o.Evidence["letter-3.eml"] != evidence.RefOf(further.Raw) {
		t.Error("the further letter is not cited")
	}
	// the correspondence waited for the second letter's window
	if end := b.clock.Now(); end.Before(further.Settled.Add(5 * 24 * time.Hour)) {
		t.Errorf("the wave ended at %v", end)
	}
	b.rereads()
}

// rereads holds that the stored thread says the same again.
func (b *bench) rereads() {
	b.t.Helper()
	r, n := Reader{DB: b.DB, Kinds: b.Kinds}, 0
	err := r.Wave(b.t.Context(), "w1", nil, true, func(got Rereading) error {
		n++
		if got.State != Unchanged {
			b.t.Errorf("read again: %+v", got)
		}
		return nil
	})
	if err != nil || n != 1 {
		b.t.Errorf("%d probes read again: %v", n, err)
	}
}

func TestAutomaticMailIsNeverAnswered(t *testing.T) {
	b := conversation(t, testStart, func(_ *scenarios.Project, p *mail.Params) { p.Then = p.Then[1:] }, func(probes.Letter, int) (probes.Delivery, []reply) {
		return accepted, []reply{{time.Minute, autoMail}}
	})
	if err := b.run(nil); err != nil {
		t.Fatal(err)
	}
	b.holds("letter accepted")
	if o := b.only(); o.Outcome != evidence.Silent || number(o, "mail.acknowledged") != "1" || number(o, "mail.letters") != "1" {
		t.Errorf("%s, %s", o.Outcome, o.Reason)
	}
}

// The reminder waits for working hours: over a night, over a weekend at which
// summer time ends, and never outside the site's hours.
func TestReminderInBusinessHours(t *testing.T) {
	for _, c := range []struct{ name, start, due string }{
		{"a night", "2026-11-02T10:00:00Z", "2026-11-03"},
		{"a weekend", "2026-11-06T10:00:00Z", "2026-11-09"},
		{"the end of summer time", "2026-10-23T10:00:00Z", "2026-10-26"},
	} {
		t.Run(c.name, func(t *testing.T) {
			start, _ := time.Parse(time.RFC3339, c.start)
			b := conversation(t, start, nil, func(probes.Letter, int) (probes.Delivery, []reply) { return accepted, nil })
			if err := b.run(nil); err != nil {
				t.Fatal(err)
			}
			got := b.holds("letter accepted, letter-2 accepted")
			first, further := got["letter"], got["letter-2"]
			berlin, _ := time.LoadLocation("Europe/Berlin")
			at := further.Begun.In(berlin)
			if at.Format(time.DateOnly) != c.due || at.Hour() < 9 || at.Hour() > 16 {
				t.Errorf("the first went out at %v, the reminder at %v", first.Begun.In(berlin), at)
			}
			// the same time of the day, since the day has eight hours
			if d := first.Settled.In(berlin).Format("15:04") + " " + at.Format("15:04"); d[:5] != d[6:] {
				t.Errorf("times of the day %s", d)
			}
			if o := b.only(); number(o, "mail.reminded") != "1" || number(o, "mail.answered-after-reminder") != "0" {
				t.Errorf("%s, %s", o.Outcome, o.Reason)
			}
			b.rereads()
		})
	}
}

// A person who answers after the reminder is asked the second thing, but for
// max-exchanges.
func TestReminderThenAnswer(t *testing.T) {
	for most, want := range map[int]string{0: "letter accepted, letter-2 accepted, letter-3 accepted", 2: "letter accepted, letter-2 accepted"} {
		b := conversation(t, testStart, func(_ *scenarios.Project, p *mail.Params) { p.MaxExchanges = most }, func(l probes.Letter, n int) (probes.Delivery, []reply) {
			if n == 1 {
				return accepted, []reply{{time.Minute, autoMail}}
			}
			return answers(l, n)
		})
		if err := b.run(nil); err != nil {
			t.Fatal(err)
		}
		b.holds(want)
		o := b.only()
		if o.Outcome != evidence.Completed || number(o, "mail.answered-after-reminder") != "1" || number(o, "mail.reminded-human-after") != "3600" {
			t.Errorf("at most %d: %s, %s", most, o.Outcome, o.Reason)
		}
		b.rereads()
	}
}

// What stands in a first letter's way stands in a further one's: the caps, the
// suppression list, a relay that defers or refuses. The probe only waits.
func TestFurtherLetterObeys(t *testing.T) {
	day := 24 * time.Hour
	t.Run("caps", func(t *testing.T) {
		b := conversation(t, testStart, func(pr *scenarios.Project, _ *mail.Params) { pr.Caps.PerSitePerDay = 1 }, answers)
		if err := b.run(nil); err != nil {
			t.Fatal(err)
		}
		got := b.holds("letter accepted, letter-3 accepted")
		if wait := got["letter-3"].Begun.Sub(got["letter"].Begun); wait < day {
			t.Errorf("two letters to one site within %v", wait)
		}
	})
	t.Run("suppression", func(t *testing.T) {
		var b *bench
		b = conversation(t, testStart, nil, func(l probes.Letter, n int) (probes.Delivery, []reply) {
			if _, err := Suppress(t.Context(), b.DB, Suppression{Entry: "@alpha.example", At: b.clock.Now(), Who: "me", Why: "asked to"}); err != nil {
				t.Error(err)
			}
			return answers(l, n)
		})
		if err := b.run(nil); err != nil {
			t.Fatal(err)
		}
		if got := b.holds("letter accepted, letter-3 refused"); !strings.Contains(got["letter-3"].Detail, "suppression list") || got["letter-3"].Attempts != 0 {
			t.Errorf("%+v", got["letter-3"])
		}
		if o := b.only(); o.Outcome != evidence.Completed || number(o, "mail.letters") != "1" {
			t.Errorf("%s, %s", o.Outcome, o.Reason)
		}
	})
	t.Run("deferred", func(t *testing.T) {
		b := conversation(t, testStart, nil, func(l probes.Letter, n int) (probes.Delivery, []reply) {
			if n == 2 {
				return probes.Delivery{State: probes.Deferred, Code: 451, Detail: "451 later"}, nil
			}
			return answers(l, n)
		})
		if err := b.run(nil); err != nil {
			t.Fatal(err)
		}
		if got := b.holds("letter accepted, letter-3 accepted"); got["letter-3"].Attempts != 2 {
			t.Errorf("%d tries", got["letter-3"].Attempts)
		}
	})
	t.Run("deferred until an answer came", func(t *testing.T) {
		b := conversation(t, testStart, func(_ *scenarios.Project, p *mail.Params) { p.Then = p.Then[:1] }, func(l probes.Letter, n int) (probes.Delivery, []reply) {
			if n == 1 {
				return accepted, []reply{{25 * time.Hour, fmt.Sprintf(personMail, "late")}}
			}
			return probes.Delivery{State: probes.Deferred, Code: 451, Detail: "451 later"}, nil
		})
		if err := b.run(nil); err != nil {
			t.Fatal(err)
		}
		if got := b.holds("letter accepted, letter-2 refused"); got["letter-2"].Detail != "not needed any more" {
			t.Errorf("%+v", got["letter-2"])
		}
		if o := b.only(); number(o, "mail.reminded") != "0" || o.Outcome != evidence.Completed {
			t.Errorf("%s: reminded %s", o.Outcome, number(o, "mail.reminded"))
		}
		b.rereads()
	})
	t.Run("refused", func(t *testing.T) {
		b := conversation(t, testStart, nil, func(l probes.Letter, n int) (probes.Delivery, []reply) {
			if n == 2 {
				return probes.Delivery{State: probes.Refused, Code: 550, Detail: "550 5.7.1 no"}, nil
			}
			return answers(l, n)
		})
		if err := b.run(nil); err != nil {
			t.Fatal(err)
		}
		b.holds("letter accepted, letter-3 refused")
		if o := b.only(); o.Outcome != evidence.Completed || number(o, "mail.letters") != "1" {
			t.Errorf("%s, %s", o.Outcome, o.Reason)
		}
	})
}

// A kill switch that is turned on between a letter and the next keeps that
// back; lifted, the conversation goes on where it stood.
func TestKillSwitchBetweenLetters(t *testing.T) {
	var b *bench
	stop := make(chan struct{})
	b = conversation(t, testStart, nil, func(l probes.Letter, n int) (probes.Delivery, []reply) {
		if n == 1 {
			close(stop) // the first letter is in hand: the program ends behind it
		}
		return answers(l, n)
	})
	if err := b.run(stop); !errors.Is(err, ErrInterrupted) {
		t.Fatal(err)
	}
	if err := SetKillSwitch(t.Context(), b.DB, true, b.clock.Now()); err != nil {
		t.Fatal(err)
	}
	b.reopen()
	if err := b.run(nil); !errors.Is(err, ErrStopped) {
		t.Fatal(err)
	}
	b.holds("letter accepted")
	if err := SetKillSwitch(t.Context(), b.DB, false, b.clock.Now()); err != nil {
		t.Fatal(err)
	}
	if err := b.run(nil); err != nil {
		t.Fatal(err)
	}
	b.holds("letter accepted, letter-3 accepted")
}

// A process that dies between a further letter's first byte and the relay's
// answer leaves it uncertain: it is not sent again, and what refers to it, or
// the folder of sent mails, proves it.
func TestFurtherLetterBegunByADeadProcess(t *testing.T) {
	for _, c := range []struct {
		name       string
		sent, refs bool
		want       string
	}{
		{"lost", false, false, "letter accepted, letter-2 uncertain"},
		{"in the sent folder", true, false, "letter accepted, letter-2 accepted"},
		{"shown by an answer", false, true, "letter accepted, letter-2 accepted"},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var b *bench
			b = conversation(t, testStart, func(_ *scenarios.Project, p *mail.Params) { p.Then = p.Then[:1] }, func(l probes.Letter, n int) (probes.Delivery, []reply) {
				if n < 2 {
					return accepted, nil
				}
				b.office.sent[l.MessageID] = c.sent
				cancel() // the process ends here
				if c.refs {
					answer := fmt.Sprintf(personMail, "late")
					return accepted, []reply{{time.Hour, "In-Reply-To: <" + l.MessageID + ">\r\n" + answer}}
				}
				return probes.Delivery{State: probes.Uncertain}, nil
			})
			send := b.Post.Send
			b.Post.Send = func(ctx context.Context, l probes.Letter) probes.Delivery {
				d := send(ctx, l)
				if ctx.Err() != nil { // what the relay said is never stored
					_ = b.DB.Close()
				}
				return d
			}
			if err := b.Run(ctx, "w1", nil); err == nil {
				t.Fatal("the wave went on without its process")
			}
			b.DB = nil
			b.reopen()
			b.Post = b.office.post()
			if err := b.run(nil); err != nil {
				t.Fatal(err)
			}
			got := b.holds(c.want)
			// the correspondence waited for the window of the letter that may have left
			if end := b.clock.Now(); end.Before(got["letter-2"].Begun.Add(5 * 24 * time.Hour)) {
				t.Errorf("the wave ended at %v", end)
			}
			b.rereads()
		})
	}
}

// A wave that is closed while a conversation could go on sends nothing more,
// and says what is true by then.
func TestCloseBetweenLetters(t *testing.T) {
	stop := make(chan struct{})
	b := conversation(t, testStart, nil, func(l probes.Letter, n int) (probes.Delivery, []reply) {
		close(stop)
		return accepted, nil
	})
	if err := b.run(stop); !errors.Is(err, ErrInterrupted) {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := b.Close(ctx, "w1"); err != nil {
		t.Fatal(err)
	}
	b.holds("letter accepted")
	if o := b.only(); o.Outcome != evidence.Broken || !strings.HasPrefix(o.Reason, closedEarly) {
		t.Errorf("%s, %s", o.Outcome, o.Reason)
	}
}
