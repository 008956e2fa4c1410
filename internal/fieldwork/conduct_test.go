package fieldwork

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"touchstone/internal/db"
	"touchstone/internal/evidence"
	"touchstone/probes"
)

// withForms plans two contact forms a site beside the usual probes.
func withForms(in *PlanInput) {
	form := in.Project.Scenarios[1]
	form.ID, form.Task, form.Effects, form.Repeat = "form", "enquiry", []evidence.Effect{evidence.SubmitForm}, 2
	in.Project.Scenarios = append(in.Project.Scenarios, form)
}

// formBench is a bench whose plan has forms, and counts the visits of each.
func formBench(t *testing.T) (*bench, func(site string) []time.Time) {
	t.Helper()
	var mu sync.Mutex
	sent := map[string][]time.Time{}
	var b *bench
	b = newBench(t, func(task *probes.Task, rec *probes.Recorder) error {
		if task.Granted(evidence.SubmitForm) {
			mu.Lock()
			sent[task.Site.ID] = append(sent[task.Site.ID], b.clock.Now())
			mu.Unlock()
		}
		rec.Number("pages", 1)
		rec.End(evidence.Completed, "")
		return nil
	}, alphaAnswers)
	b.freeze("w1", withForms)
	return b, func(site string) []time.Time { mu.Lock(); defer mu.Unlock(); return slices.Clone(sent[site]) }
}

// freeze plans a wave with the tests' project as it stands.
func (b *bench) freeze(wave string, change func(*PlanInput)) *Plan {
	b.t.Helper()
	p := testPlan(b.t, func(in *PlanInput) {
		in.Kinds, in.Wave, in.Start = b.Kinds, wave, b.clock.Now()
		if change != nil {
			change(in)
		}
	})
	if err := Freeze(b.t.Context(), b.DB, p, "test", b.clock.Now()); err != nil {
		b.t.Fatal(err)
	}
	if wave == "w1" {
		b.plan = p
	}
	return p
}

func (b *bench) suppress(entry string) {
	b.t.Helper()
	if _, err := Suppress(b.t.Context(), b.DB, Suppression{Entry: entry, At: b.clock.Now(), Who: "test", Why: "asked us to"}); err != nil {
		b.t.Fatal(err)
	}
}

// lettersTo counts the tries of the letters to a site.
func (b *bench) lettersTo(site string) (n int) {
	b.office.mu.Lock()
	defer b.office.mu.Unlock()
	for i := range b.plan.Rows {
		if r := &b.plan.Rows[i]; r.Letter != nil && r.Probe.Site == site {
			n += b.office.tries[r.Letter.MessageID]
		}
	}
	return n
}

// The list holds whenever it is written: before the plan, after it, and while
// the wave is under way; for letters and for forms; by address and by domain.
func TestSuppressionHoldsInAnyOrder(t *testing.T) {
	for _, entry := range []string{"service@beta.example", "@beta.example", "@example"} {
		t.Run(entry, func(t *testing.T) {
			t.Run("before the plan", func(t *testing.T) {
				b, forms := formBench(t)
				b.suppress(entry)
				list, err := Suppressions(t.Context(), b.DB)
				if err != nil {
					t.Fatal(err)
				}
				p := b.freeze("w1", func(in *PlanInput) { withForms(in); in.Suppress = Entries(list) })
				for _, r := range p.Rows {
					if r.Probe.Site == "beta" && r.Probe.Scenario != "look" && r.Refusal == "" {
						t.Errorf("%s is planned", r.Probe)
					}
				}
				if err := b.run(nil); err != nil {
					t.Fatal(err)
				}
				if b.lettersTo("beta") != 0 || len(forms("beta")) != 0 {
					t.Errorf("%d letters, %d forms", b.lettersTo("beta"), len(forms("beta")))
				}
			})
			t.Run("after the plan", func(t *testing.T) {
				b, forms := formBench(t)
				b.suppress(entry)
				if err := b.run(nil); err != nil {
					t.Fatal(err)
				}
				if b.lettersTo("beta") != 0 || len(forms("beta")) != 0 {
					t.Errorf("%d letters, %d forms", b.lettersTo("beta"), len(forms("beta")))
				}
				for id, o := range b.observations() {
					reads := id == "beta/look/1" || id == "alpha/look/1"
					if (o.Probe.Site == "beta" && !reads) && o.Outcome != evidence.NotGranted {
						t.Errorf("%s: %s", id, o.Outcome)
					}
					if reads && o.Outcome != evidence.Completed {
						t.Errorf("%s: %s: reading public pages reaches nobody", id, o.Outcome)
					}
				}
			})
			t.Run("under way", func(t *testing.T) {
				b, forms := formBench(t)
				b.runUntil(testStart.Add(time.Minute))
				letters, before := b.lettersTo("beta"), len(forms("beta"))
				b.suppress(entry)
				if err := b.run(nil); err != nil {
					t.Fatal(err)
				}
				if b.lettersTo("beta") != letters || len(forms("beta")) != before {
					t.Errorf("%d letters and %d forms more", b.lettersTo("beta")-letters, len(forms("beta"))-before)
				}
			})
		})
	}
	t.Run("and ends", func(t *testing.T) {
		b, forms := formBench(t)
		b.suppress("@beta.example")
		if removed, err := Unsuppress(t.Context(), b.DB, "@BETA.example"); !removed || err != nil {
			t.Fatal(removed, err)
		}
		if err := b.run(nil); err != nil {
			t.Fatal(err)
		}
		if b.lettersTo("beta") != 2 || len(forms("beta")) != 2 {
			t.Errorf("%d letters, %d forms", b.lettersTo("beta"), len(forms("beta")))
		}
	})
}

// contactsOf gives the instants of every contact with a site, by any wave.
func (b *bench) contactsOf(site string) (at []time.Time) {
	b.t.Helper()
	all, err := Contacts(b.t.Context(), b.DB, []string{site}, time.Time{})
	if err != nil {
		b.t.Fatal(err)
	}
	return all[site]
}

// keepsCaps reports the first contact that breaks a cap.
func (c Caps) keepsCaps(at []time.Time) (time.Time, bool) {
	for i := range at {
		if until := c.wait(at[:i], at[i]); !until.IsZero() {
			return at[i], false
		}
	}
	return time.Time{}, true
}

// Caps count forms and letters of every wave of the day together, however the
// waves were planned: here each as if it were the first.
func TestCapsHoldAcrossWavesAndChannels(t *testing.T) {
	b, forms := formBench(t)
	if err := b.run(nil); err != nil {
		t.Fatal(err)
	}
	// planned again the same day, by somebody who set the clock back and hides
	// the earlier contacts from the plan
	for _, wave := range []string{"w2", "w3"} {
		p := testPlan(t, func(in *PlanInput) { in.Kinds, in.Wave = b.Kinds, wave; withForms(in) })
		if err := Freeze(t.Context(), b.DB, p, "test", testStart); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		err := b.Run(ctx, wave, nil)
		cancel()
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, site := range []string{"alpha", "beta"} {
		at := b.contactsOf(site)
		if len(at) != 12 || len(forms(site)) != 6 {
			t.Errorf("%s: %d contacts, %d forms", site, len(at), len(forms(site)))
		}
		if bad, ok := b.plan.Caps.keepsCaps(at); !ok {
			t.Errorf("%s: the contact at %s breaks a cap: %v", site, bad, at)
		}
	}
	if _, ok := b.plan.Caps.keepsCaps([]time.Time{testStart, testStart.Add(time.Hour)}); ok {
		t.Error("the test sees no broken cap")
	}
}

func (b *bench) arrivalsOf(p evidence.ProbeID) (out []probes.Arrival, err error) {
	err = b.DB.Read(b.t.Context(), func(ctx context.Context, tx db.Tx) (err error) {
		out, err = arrivals(ctx, tx, p)
		return err
	})
	return out, err
}

const strangerMail = "From: Ann <ann@stranger.example>\r\nTo: <shopper@shopper.example>\r\nSubject: Your question\r\n\r\nhello\r\n"

// A mail that a person assigns is an answer, for the probe that still waits.
func TestAssignedMailIsAnAnswer(t *testing.T) {
	b := newBench(t, nil, alphaAnswers)
	b.clock.At(testStart.Add(2*day), func() { b.office.deliver(strangerMail) })
	b.runUntil(testStart.Add(2*day + time.Hour))
	strays, err := Strays(t.Context(), b.DB)
	if err != nil || len(strays) != 1 || len(strays[0].ID) < 8 {
		t.Fatalf("%+v, %v", strays, err)
	}
	id, probe := strays[0].ID, evidence.ProbeID{Wave: "w1", Site: "beta", Scenario: "ask", Repeat: 1}
	as := Assignment{At: b.clock.Now(), Who: "maria", Why: "the desk answers from home", Probe: probe}

	beside, err := db.OpenBeside(t.Context(), b.path) // another process, while the engine's is open
	if err != nil {
		t.Fatal(err)
	}
	defer beside.Close()
	k, ended, err := Assign(t.Context(), beside, id, as)
	if err != nil || ended || string(k.Ref[:len(id)]) != id {
		t.Fatalf("%v, ended %v", err, ended)
	}
	if _, _, err := Assign(t.Context(), beside, id, as); !errors.Is(err, ErrAssigned) {
		t.Errorf("assigned twice: %v", err)
	}
	if err := b.run(nil); err != nil {
		t.Fatal(err)
	}
	if o := b.observations()["beta/ask/1"]; o.Outcome != evidence.Completed {
		t.Errorf("%s: %s", o.Outcome, o.Reason)
	}
	got, err := b.arrivalsOf(probe)
	if err != nil || len(got) != 1 || got[0].Matched != ByHand {
		t.Errorf("%+v, %v", got, err)
	}
	if left, err := Strays(t.Context(), b.DB); err != nil || len(left) != 0 {
		t.Errorf("%v, %v", left, err)
	}

	// after the end it is taken back, and given to another
	as.Why = "a mistake"
	if _, err := Unassign(t.Context(), beside, id, as); err != nil {
		t.Fatal(err)
	}
	if _, err := Unassign(t.Context(), beside, id, as); !errors.Is(err, ErrNotByHand) {
		t.Errorf("taken back twice: %v", err)
	}
	as.Probe.Repeat, as.Why = 2, "this is it"
	if _, ended, err := Assign(t.Context(), beside, id, as); err != nil || !ended {
		t.Errorf("%v, ended %v", err, ended)
	}
	k, err = FindMail(t.Context(), b.DB, id)
	if err != nil || k.Probe != as.Probe || k.Matched != ByHand || len(k.Assignments) != 3 || k.Assignments[0].Why != "the desk answers from home" || k.Assignments[1].Probe != (evidence.ProbeID{}) || k.Assignments[2].Who != "maria" {
		t.Errorf("%+v, %v", k, err)
	}
}

func TestAssignRefuses(t *testing.T) {
	b := newBench(t, nil, alphaAnswers)
	b.clock.At(testStart.Add(time.Minute), func() { b.office.deliver(strangerMail) })
	b.runUntil(testStart.Add(2 * time.Minute))
	strays, err := Strays(t.Context(), b.DB)
	if err != nil || len(strays) != 1 {
		t.Fatal(strays, err)
	}
	id := strays[0].ID
	to := func(site string) Assignment {
		return Assignment{At: testStart, Who: "w", Why: "y", Probe: evidence.ProbeID{Wave: "w1", Site: site, Scenario: "ask", Repeat: 2}}
	}
	for name, c := range map[string]struct {
		id   string
		to   Assignment
		want error
	}{
		"no digits":           {"zzzz", to("beta"), ErrNoMail},
		"too few":             {id[:3], to("beta"), ErrNoMail},
		"another":             {"0000000000", to("beta"), ErrNoMail},
		"no probe":            {id, to("gamma"), ErrNoProbe},
		"a probe still to be": {id, to("beta"), ErrAssigned},
	} {
		if _, _, err := Assign(t.Context(), b.DB, c.id, c.to); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	for s, ok := range map[string]bool{"w/s/a/1": true, "w/s/a": true, "w/s": false, "w/s/a/0": false, "w//a/1": false, "w/s/a/x": false} {
		if _, err := ParseProbe(s); (err == nil) != ok {
			t.Errorf("%s: %v", s, err)
		}
	}
}

// A thread whose mails were pruned is not read as silence.
func TestPrunedThreadIsNotSilence(t *testing.T) {
	b := newBench(t, nil, alphaAnswers)
	if err := b.run(nil); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Evidence.Prune(t.Context(), db.Pruning{Before: b.clock.Now().Add(time.Hour), Now: b.clock.Now(), Why: "age"}); err != nil {
		t.Fatal(err)
	}
	var gone *evidence.PrunedError
	p := evidence.ProbeID{Wave: "w1", Site: "alpha", Scenario: "ask", Repeat: 1}
	if got, err := b.arrivalsOf(p); !errors.As(err, &gone) || gone.Why != "age" {
		t.Errorf("%v, %v", got, err)
	}
	// nor does a mailbox that is numbered anew bring the mails back, one by one or
	// among many others
	for i, m := range b.office.box {
		m.Validity, m.UID = 8, uint32(i+1)
		if err := b.store(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	var all []Incoming
	for i := range 2 * keptAtOnce {
		m := b.office.box[i%len(b.office.box)]
		m.Validity, m.UID = 9, uint32(i+1)
		all = append(all, m)
	}
	if err := b.store(t.Context(), all...); err != nil {
		t.Fatal(err)
	}
	held, err := b.Evidence.Holdings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range held {
		if h.Mails != 0 || h.Wave == "w1" && h.Pruned == 0 || h.Lost != 0 {
			t.Errorf("%+v", h)
		}
	}
}
