package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"touchstone/internal/db"
	"touchstone/internal/evidence"
	"touchstone/internal/fieldwork"
	"touchstone/internal/highstreet"
)

// demo is a wave on the street, as `touchstone demo` runs it, with what it left.
type demoRun struct {
	street  *highstreet.Street
	dir     string
	output  bytes.Buffer
	plan    *fieldwork.Plan
	left    map[string]evidence.Observation // by "site/scenario"
	reports []string
}

// runStreet runs a demo; before sets what goes wrong on the street.
func runStreet(t *testing.T, before func(*highstreet.Street), sites ...string) *demoRun {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	street, err := highstreet.Open(ctx, highstreet.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := street.Close(); err != nil {
			t.Error(err)
		}
	})
	if before != nil {
		before(street)
	}
	r := &demoRun{street: street, dir: t.TempDir(), left: map[string]evidence.Observation{}}
	a := newApp(strings.NewReader(""), &r.output, &r.output)
	r.reports, err = a.runDemo(ctx, street, r.dir, sites...)
	a.close()
	if err != nil {
		t.Fatalf("%v\n%s", err, &r.output)
	}
	d, err := db.OpenReader(ctx, filepath.Join(r.dir, "project", "touchstone.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	w, err := fieldwork.LoadWave(ctx, d, "demo")
	if err != nil {
		t.Fatal(err)
	}
	r.plan = w.Plan
	for row, err := range w.Rows(ctx, d) {
		if err != nil {
			t.Fatal(err)
		}
		r.plan.Rows = append(r.plan.Rows, *row)
	}
	for o, err := range w.Observations(ctx, d, d.Evidence(filepath.Join(r.dir, "project", "evidence"))) {
		if err != nil {
			t.Fatal(err)
		}
		r.left[o.Probe.Site+"/"+o.Probe.Scenario] = o
	}
	return r
}

// hold compares what the wave recorded with what is known to be true.
func (r *demoRun) hold(t *testing.T) (held int) {
	t.Helper()
	same := func(where string, got, want any) {
		if got != want {
			t.Errorf("%s: %v, the truth is %v", where, got, want)
			return
		}
		held++
	}
	truth := highstreet.TheTruth()
	same("observations", len(r.left), len(truth.Mail)+len(truth.Web)+len(truth.News))
	for _, m := range truth.Mail {
		id := m.Site + "/" + m.Scenario
		o := r.left[id]
		same(id+" outcome", o.Outcome, m.Outcome)
		arrivals := m.Arrivals
		if m.Then != nil {
			arrivals = append(slices.Clone(arrivals), m.Then.Arrivals...)
		}
		n, _ := o.Fact("mail.arrivals")
		same(id+" arrivals", int(n.Number), len(arrivals))
		first := map[string]time.Duration{}
		second := stepSeconds(o, "letter-2", "mail.after") // -1: it was not written
		same(id+" second mail", second >= 0, m.Then != nil)
		for i, a := range arrivals {
			step := fmt.Sprintf("reply-%d", i+1)
			same(id+" "+step+" class", stepText(o, step, "mail.class"), a.Class)
			after := stepSeconds(o, step, "mail.after")
			if i >= len(m.Arrivals) {
				after -= second
			}
			same(id+" "+step+" after", after, a.After)
			if _, ok := first[a.Class]; !ok {
				first[a.Class] = a.After
			}
		}
		for class, fact := range map[string]string{"human": "mail.first-human-after", "acknowledgement": "mail.acknowledged-after", "bounce": "mail.bounced-after"} {
			want, there := first[class]
			f, ok := o.Fact(fact)
			same(id+" "+fact+" recorded", ok, there)
			if there {
				same(id+" "+fact, time.Duration(f.Number*float64(time.Second)), want)
			}
		}
	}
	for _, m := range truth.Mail {
		id := m.Site + "/" + m.Scenario
		o := r.left[id]
		number := func(fact string, want float64) {
			f, ok := o.Fact(fact)
			same(id+" "+fact+" recorded", ok, true)
			same(id+" "+fact, f.Number, want)
		}
		if m.Promise != nil {
			number("mail.promise", m.Promise.Seconds())
		}
		further := highstreet.ThenTruth{}
		if m.Then != nil {
			further = *m.Then
			answered, _ := o.Fact("mail.first-human-after")
			wait := stepSeconds(o, "letter-2", "mail.after") - time.Duration(answered.Number*float64(time.Second))
			same(id+" waits before it goes on", wait >= further.Wait && wait < 24*time.Hour*4, true)
			number("mail.letters", 2)
			number("mail.asked-again", 0)
		}
		if m.Questions != nil {
			number("mail.questions", float64(*m.Questions+further.Questions))
			number("mail.questions-answered", float64(*m.Answered+further.Answered))
		}
		for n := range further.Questions {
			step, want := fmt.Sprintf("question-%d", *m.Questions+n+1), "not"
			if n < further.Answered {
				want = "answered"
			}
			same(id+" "+step, stepText(o, step, "mail.question-answered"), want)
		}
		if m.Questions != nil {
			for q := range *m.Questions {
				step, want := fmt.Sprintf("question-%d", q+1), "not"
				switch {
				case q < *m.Answered:
					want = "answered"
				case *m.WrongQuestion:
					want = "something-else"
				}
				same(id+" "+step, stepText(o, step, "mail.question-answered"), want)
			}
		}
		if m.WrongQuestion != nil && *m.WrongQuestion {
			matter := stepText(o, "", "mail.wrong-question-matter")
			same(id+" names the matter", matter != "", true)
			for _, other := range truth.Mail {
				if other.Site == m.Site {
					same(id+" was taken for "+other.Scenario, strings.Contains(matter, "("+other.Scenario+")"), other.Scenario == m.Instead)
				}
			}
		}
		for fact, want := range map[string]*bool{"mail.wrong-question": m.WrongQuestion, "mail.names-customer": m.NamesCustomer, "mail.names-agent": m.NamesAgent} {
			if want == nil {
				continue
			}
			flag := 0.0
			if *want {
				flag = 1
			}
			number(fact, flag)
		}
	}
	after := map[string]highstreet.MailTruth{} // what follows a visit that sends something
	for _, m := range truth.Form {
		after[m.Site+"/"+m.Scenario] = m
	}
	for _, v := range truth.Web {
		id := v.Site + "/" + v.Scenario
		o := r.left[id]
		number := func(fact string, want int) {
			f, ok := o.Fact(fact)
			same(id+" "+fact, fmt.Sprint(f.Number, ok), fmt.Sprint(want, true))
		}
		flag := func(fact string, want bool) {
			n := 0
			if want {
				n = 1
			}
			number(fact, n)
		}
		flag("web.reached", v.Reached)
		number("web.pages", v.Pages)
		number("web.clicks", v.Clicks)
		for fact, want := range map[string]int{
			"web.fields-visible": v.Visible, "web.fields-required": v.Required, "web.fields-prefilled": v.Prefilled, "web.fields": v.Filled,
		} {
			f, _ := o.Fact(fact) // absent where no form was filled
			same(id+" "+fact, int(f.Number), want)
		}
		for fact, want := range map[string]*int{
			"web.views": v.Views, "web.consent-preticked": v.ConsentPreticked, "web.phone-prominence": v.PhoneProminence, "web.dead-links": v.DeadLinks,
		} {
			if want != nil {
				number(fact, *want)
			}
		}
		if v.Lostness != nil {
			f, ok := o.Fact("web.lostness")
			same(id+" web.lostness", fmt.Sprintf("%.3f %v", f.Number, ok), fmt.Sprintf("%.3f true", *v.Lostness))
		}
		for fact, want := range map[string]*bool{"web.account-forced": v.AccountForced, "web.cost-before-data": v.CostBeforeData} {
			if want != nil {
				flag(fact, *want)
			}
		}
		if v.Mended != nil {
			for _, fact := range []string{"web.trial-error-shown", "web.trial-inline", "web.trial-tied", "web.trial-words", "web.trial-kept"} {
				mended := 0
				for _, f := range o.Facts {
					if f.Name == fact && f.Number == 1 {
						mended++
					}
				}
				same(id+" "+fact, mended, *v.Mended)
			}
		}
		m, sends := after[id]
		if !sends {
			same(id+" outcome", o.Outcome, v.Outcome)
			continue
		}
		same(id+" outcome", o.Outcome, m.Outcome)
		number("form.mails", len(m.Arrivals))
		for i, a := range m.Arrivals {
			step := fmt.Sprintf("reply-%d", i+1)
			same(id+" "+step+" class", stepText(o, step, "mail.class"), a.Class)
			same(id+" "+step+" after", stepSeconds(o, step, "mail.after"), a.After)
		}
	}
	for _, n := range truth.News {
		id := n.Site + "/newsletter-sign-up"
		o := r.left[id]
		same(id+" outcome", o.Outcome, evidence.Completed)
		same(id+" left by", stepText(o, "", "newsletter.left-by"), n.LeftBy)
		flag := map[bool]float64{true: 1}
		for fact, want := range map[string]float64{
			"opt-in": flag[n.OptIn], "issues": float64(n.Issues), "left": flag[n.Left], "leave-clicks": float64(n.Clicks), "one-click": flag[n.Field], "list-field": flag[n.Field], "way-out": 1, "join-clicks": 1, "consent-box": 0,
		} {
			f, ok := o.Fact("newsletter." + fact)
			same(id+" newsletter."+fact, fmt.Sprint(f.Number, ok), fmt.Sprint(want, true))
		}
		for fact, want := range map[string]int{"issues-in-grace": n.InGrace, "issues-after-grace": n.AfterGrace} {
			f, ok := o.Fact("newsletter." + fact)
			same(id+" newsletter."+fact, fmt.Sprint(f.Number, ok), fmt.Sprint(want, n.Left))
		}
		login, _ := o.Fact("newsletter.leave-login")
		same(id+" newsletter.leave-login", login.Number == 1, n.Login)
		posts, _ := r.street.Left(n.Site)
		same(id+" times that it was left", posts, int(flag[n.Left]))
	}
	return held
}

func stepText(o evidence.Observation, step, name string) string {
	for _, f := range o.Facts {
		if f.Step == step && f.Name == name {
			return f.Text
		}
	}
	return ""
}

func stepSeconds(o evidence.Observation, step, name string) time.Duration {
	for _, f := range o.Facts {
		if f.Step == step && f.Name == name {
			return time.Duration(f.Number * float64(time.Second))
		}
	}
	return -1
}

// The wave's facts are the truth, to the second and to the count.
func TestDemoHoldsTheTruth(t *testing.T) {
	t.Parallel()
	r := runStreet(t, nil)
	held := r.hold(t)
	t.Logf("%d facts held against the truth table", held)
	r.sentOnce(t)
	r.readsTheSame(t, 26)
	r.showsVisits(t)
	r.leaksNothing(t)
	// one order, in the one sandbox where it is granted; every other checkout stops
	if n := r.street.Orders(); n != 1 {
		t.Errorf("the shops took %d orders", n)
	}
	for _, f := range r.reports {
		if info, err := os.Stat(f); err != nil || info.Size() < 10_000 {
			t.Errorf("report %s: %v", f, err)
		}
	}
	r.opensElsewhere(t)
}

// showsVisits writes the page of one shop's visits.
func (r *demoRun) showsVisits(t *testing.T) {
	t.Helper()
	page := filepath.Join(r.dir, "visits.html")
	var out bytes.Buffer
	if code := run(t.Context(), []string{"-C", filepath.Join(r.dir, "project"), "evidence", "show", "demo/kettle-and-leaf/buy-to-payment", "--no-open", "--out", page}, strings.NewReader(""), &out, &out); code != exitPassed {
		t.Fatalf("exit code %d: %s", code, &out)
	}
	data, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"Kettle", `class="step"`, "data:image/jpeg;base64,", "The page as assistive technology has it", "demo/kettle-and-leaf/buy-to-payment/1"} {
		if !bytes.Contains(data, []byte(part)) {
			t.Errorf("the page of a visit lacks %q", part)
		}
	}
}

// readsTheSame reads every correspondence again by the same reader: what a
// thread says follows from the thread alone.
func (r *demoRun) readsTheSame(t *testing.T, atLeast int) {
	t.Helper()
	d, err := db.OpenReader(t.Context(), filepath.Join(r.dir, "project", "touchstone.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	n := 0
	reader := fieldwork.Reader{DB: d, Kinds: byName(kinds(nil))}
	err = reader.Wave(t.Context(), "demo", nil, true, func(got fieldwork.Rereading) error {
		n++
		if got.State != fieldwork.Unchanged {
			t.Errorf("%s, read again: %+v", got.Probe, got)
		}
		return nil
	})
	if err != nil || n < atLeast {
		t.Errorf("%d correspondences were read again, want at least %d: %v", n, atLeast, err)
	}
	t.Logf("%d correspondences read again, unchanged", n)
}

func (r *demoRun) sentOnce(t *testing.T) {
	t.Helper()
	for _, row := range r.plan.Rows {
		if row.Letter == nil {
			continue
		}
		if n := r.street.Accepted(row.Letter.MessageID); n != 1 {
			t.Errorf("%s: the server accepted its letter %d times", row.Probe, n)
		}
		for i, l := range row.Then {
			if n := r.street.Accepted(l.MessageID); n > 1 {
				t.Errorf("%s: the server accepted its further letter %d %d times", row.Probe, i+1, n)
			}
		}
	}
}

// leaksNothing greps everything that a run leaves behind for the account's
// password, in the forms in which protocols carry it.
func (r *demoRun) leaksNothing(t *testing.T) {
	t.Helper()
	password := r.street.Password
	needles := []string{
		password, base64.StdEncoding.EncodeToString([]byte(password)),
		base64.StdEncoding.EncodeToString([]byte("\x00" + r.street.User + "\x00" + password)),
	}
	grep := func(where string, data []byte) {
		for _, n := range needles {
			if bytes.Contains(data, []byte(n)) {
				t.Errorf("%s holds the password", where)
			}
		}
	}
	grep("the output", r.output.Bytes())
	files := 0
	err := filepath.WalkDir(r.dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		files++
		data, err := os.ReadFile(path)
		grep(path, data)
		return err
	})
	if err != nil || files < 20 {
		t.Fatalf("%d files were searched: %v", files, err)
	}
}

// A street whose mailbox breaks off in the middle of messages loses nothing
// and doubles nothing.
func TestDemoWithAMailboxThatDrops(t *testing.T) {
	t.Parallel()
	r := runStreet(t, func(s *highstreet.Street) { s.Inject(highstreet.Faults{DropFetches: 5}) }, "quillworks")
	r.sentOnce(t)
	r.readsTheSame(t, 1)
	for _, m := range highstreet.TheTruth().Mail {
		o, ok := r.left[m.Site+"/"+m.Scenario]
		if m.Site != "quillworks" {
			continue
		}
		if n, _ := o.Fact("mail.arrivals"); !ok || o.Outcome != m.Outcome || int(n.Number) != len(m.Arrivals) {
			t.Errorf("%s: %s with %v mails, the truth is %s with %d", m.Scenario, o.Outcome, n.Number, m.Outcome, len(m.Arrivals))
		}
	}
}
