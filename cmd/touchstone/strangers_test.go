package main

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"maps"
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
	"touchstone/internal/highstreet/side"
	"touchstone/scenarios"
	"touchstone/scoring"
)

// strangers are two shops that nobody has written a script for, as their owner
// and a client's auditor enter them.
func strangers(s *highstreet.Street) string {
	paper, socks := s.Side.Shop("papierlaube"), s.Side.Shop("fable-socks")
	return fmt.Sprintf(`sites:
  - id: papierlaube
    name: Papierlaube
    url: %s
    email: post@papierlaube.example
    timezone: Europe/Berlin
    language: de
    authorisation: {as: permission, by: its owner, on: 2026-11-01, grant: [register, log-in, change-account]}
    customer: {email: %s, password: {env: KNOWN_PAPER}, order: %q, postcode: %q}
  - id: fable-socks
    name: Fable Socks
    url: %s
    email: hello@fable-socks.example
    timezone: America/New_York
    language: en-US
    authorisation: {as: own, sandbox: true, grant: [decline-card], declined-card: {number: %q, expires: 12/2029}}
    customer: {email: %s, password: {env: KNOWN_SOCKS}, order: %q, postcode: %q}
`, paper.URL, paper.Known().Email, paper.Known().Order, paper.Known().Postcode,
		socks.URL, side.DeclinedCard, socks.Known().Email, socks.Known().Order, socks.Known().Postcode)
}

// A strange wave is what the shipped scenarios found at shops that nobody has
// written a script for.
type strangeWave struct {
	street *highstreet.Street
	left   map[string]evidence.Observation // by "site/scenario"
	result scoring.Result
	report string
}

// runStrangers has the shipped scenarios, all where none are named, done at the
// strangers, or at those of the sites.
func runStrangers(ctx context.Context, t testing.TB, sites, only []string) strangeWave {
	t.Helper()
	street, err := highstreet.Open(ctx, highstreet.Options{Side: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := street.Close(); err != nil {
			t.Error(err)
		}
	})
	var out bytes.Buffer
	a := newApp(strings.NewReader(""), &out, &out)
	defer a.close()
	dir := filepath.Join(t.TempDir(), "audit")
	if err := a.language().Starter(dir); err != nil { // as `touchstone init` writes it
		t.Fatal(err)
	}
	street1 := t.TempDir()
	if err := street.Project(street1); err != nil {
		t.Fatal(err)
	}
	write := func(name string, data []byte) {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"touchstone.yaml", "street-ca.pem"} { // the mail account and the caps
		data, err := os.ReadFile(filepath.Join(street1, name))
		if err != nil {
			t.Fatal(err)
		}
		write(name, data)
	}
	write("sites.yaml", []byte(strangers(street)))
	if len(only) > 0 {
		files, err := filepath.Glob(filepath.Join(dir, "scenarios", "*.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if !slices.Contains(only, strings.TrimSuffix(filepath.Base(f), ".yaml")) {
				if err := os.Remove(f); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	known := side.Customers()
	secrets := map[string]string{highstreet.PasswordVariable: street.Password, "KNOWN_PAPER": known["papierlaube"].Password, "KNOWN_SOCKS": known["fable-socks"].Password}
	real := a.getenv
	a.getenv = func(k string) string {
		if v, ok := secrets[k]; ok {
			return v
		}
		return real(k)
	}
	a.dir = dir
	p, err := a.load()
	if err != nil {
		t.Fatal(err)
	}
	d, err := db.Open(ctx, p.Database)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	w, err := a.freeze(ctx, d, p, "strangers", 1, street.Clock.Now(), sites)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.work(ctx, field{project: p, db: d, clock: street.Clock, recorded: street.Recorded, street: true, distance: time.Millisecond}, w); err != nil {
		t.Fatalf("%v\n%s", err, &out)
	}
	if w, err = fieldwork.LoadWave(ctx, d, w.ID); err != nil {
		t.Fatal(err)
	}
	r := strangeWave{street: street, left: map[string]evidence.Observation{}}
	for o, err := range w.Observations(ctx, d, d.Evidence(p.Evidence)) {
		if err != nil {
			t.Fatal(err)
		}
		r.left[o.Probe.Site+"/"+o.Probe.Scenario] = o
	}
	j, err := judge(ctx, d, p, w, "readiness")
	if err != nil {
		t.Fatal(err)
	}
	r.result = j.result
	files, err := writeReport(ctx, d, p, w, dir, []string{"html"}, reportOptions{scorecard: "readiness", label: scenarios.Report{Title: "Strangers"}, demoClock: true, generated: street.Clock.Now()})
	if err != nil {
		t.Fatal(err)
	}
	page, err := fs.ReadFile(os.DirFS(filepath.Dir(files[0])), filepath.Base(files[0]))
	if err != nil {
		t.Fatal(err)
	}
	r.report = string(page)
	return r
}

// mark gives a criterion's mark at a site.
func (r strangeWave) mark(site, criterion string) (m scoring.Mark) {
	for _, s := range r.result.Sites {
		for _, c := range s.Categories {
			for _, m := range c.Marks {
				if s.Site == site && m.Criterion == criterion {
					return m
				}
			}
		}
	}
	return m
}

// A question by a contact form that nobody has written a script for, and a
// newsletter found likewise, end in the mailbox: the whole way by goal.
func TestStrangersAnswer(t *testing.T) {
	t.Parallel()
	r := runStrangers(t.Context(), t, []string{"papierlaube"}, []string{"contact-form", "contact-errors", "newsletter-sign-up", "declined-card"})
	if len(r.left) != 3 {
		t.Errorf("%d probes, want three: no card may be declined there", len(r.left))
	}
	form := r.left["papierlaube/contact-form"]
	if form.Outcome != evidence.Completed {
		t.Errorf("the form: %s, %s", form.Outcome, form.Reason)
	}
	for fact, want := range map[string]float64{"form.mails": 2, "form.first-mail-after": 60, "form.first-human-after": 3 * 3600, "mail.bulk": 0} {
		if f, ok := form.Fact(fact); !ok || f.Number != want {
			t.Errorf("%s: %v (recorded: %v), want %v", fact, f.Number, ok, want)
		}
	}
	if text := stepText(form, "reply-2", "mail.text"); !strings.Contains(text, "Jonas Feldmann") {
		t.Errorf("a German asks at a German shop; the answer: %q", text)
	}
	for _, id := range formCriteria {
		if m := r.mark("papierlaube", id); m.State != scoring.Scored {
			t.Errorf("%s is %s: %s", id, m.State, m.Reason)
		}
	}
	news := r.left["papierlaube/newsletter-sign-up"]
	if posts, readers := r.street.Left("papierlaube"); posts != 1 || readers != 0 || news.Outcome != evidence.Completed {
		t.Errorf("the newsletter: %s (%s), left %d times, %d readers", news.Outcome, news.Reason, posts, readers)
	}
	for _, id := range []string{"unsubscribe", "newsletter-consent", "newsletter-confirmation", "alias-leak", "early-tracking"} {
		if m := r.mark("papierlaube", id); m.State != scoring.Scored || m.Score != 1 {
			t.Errorf("%s is %s, %v: %s%s", id, m.State, m.Score, m.Shown, m.Reason)
		}
	}
	if s := r.result.Sites[0]; s.State != scoring.Scored || s.Grade == "" {
		t.Errorf("no grade: %s, %s", s.State, s.Reason)
	}
}

// formCriteria are those of a shop's contact form that a visit with the goal
// submit-contact-form and the mails after it feed.
var formCriteria = []string{"form-distance", "form-fields", "form-wall", "form-submission", "form-receipt", "form-recovery", "form-consent", "form-reply-time", "unsolicited-newsletter"}

// BenchmarkStrangers runs all shipped scenarios at both strangers: each ends in
// a verdict on the shop, the criteria that live of visits by goal are fed, and a
// grade comes out.
func BenchmarkStrangers(b *testing.B) {
	for b.Loop() {
		r := runStrangers(b.Context(), b, nil, nil)
		for _, id := range slices.Sorted(maps.Keys(r.left)) {
			o := r.left[id]
			state, _ := o.Fact("goal.state")
			b.Logf("%-34s %-11s %-9s %5.1fs %s", id, o.Outcome, state.Text, o.Took.Seconds(), o.Reason)
			if lacks := id == "fable-socks/change-password" || id == "fable-socks/find-phone"; !o.Outcome.Testable() || lacks != (o.Outcome == evidence.Failed) {
				b.Errorf("%s: %s, %s", id, o.Outcome, o.Reason)
			}
		}
		for _, s := range r.result.Sites {
			b.Logf("%s: %s %.1f %s %s", s.Site, s.State, s.Score, s.Grade, s.Reason)
			for _, c := range s.Categories {
				for _, m := range c.Marks {
					b.Logf("  %-12s %-28s %-14s %.2f %s%s", c.ID, m.Criterion, m.State, m.Score, m.Shown, m.Reason)
				}
			}
			if s.State != scoring.Scored || s.Grade == "" {
				b.Errorf("%s has no grade: %s", s.Site, s.Reason)
			}
			for _, id := range slices.Concat(goalCriteria, formCriteria) {
				if m := r.mark(s.Site, id); m.State != scoring.Scored {
					b.Errorf("%s: %s is %s: %s", s.Site, id, m.State, m.Reason)
				}
			}
		}
		for _, site := range []string{"papierlaube", "fable-socks"} {
			if posts, readers := r.street.Left(site); readers != 0 {
				b.Errorf("%s: left %d times, %d readers are on its list still", site, posts, readers)
			}
		}
		if n := r.street.Orders(); n != 0 {
			b.Errorf("the shops took %d orders", n)
		}
	}
}

// goalCriteria are those that visits by goal feed at any shop: of control of the
// site and consent, of helping oneself, and of buying.
var goalCriteria = []string{
	"price-consistency", "availability", "dead-links", "privacy-policy", "data-reuse", "cart-persistence", "consent-preticked", "unsubscribe", "alias-leak", "early-tracking",
	"proper-channel-distance", "address-published", "phone-prominence", "routine-questions", "policies-stated", "checkout-success", "checkout-clicks", "checkout-fields", "guest-checkout", "order-status", "change-address",
}
