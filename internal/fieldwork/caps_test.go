package fieldwork

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"touchstone/internal/evidence"
	"touchstone/internal/reading"
	"touchstone/probes"
	"touchstone/scenarios"
)

// mixed makes a project with letters and forms at two sites, whose caps,
// hours, zones and amounts chance picks.
func mixed(t *testing.T, rng *rand.Rand) *scenarios.Project {
	t.Helper()
	pr := testProject()
	pr.Caps = scenarios.Caps{PerSitePerDay: 1 + rng.IntN(3), PerSitePerWeek: 3 + rng.IntN(6), MinDistance: time.Duration(rng.IntN(240)) * time.Minute}
	for i := range pr.Sites {
		s := &pr.Sites[i]
		// the last three change their clocks at midnight, so that a day may begin at one
		s.Site.Timezone = []string{"Europe/Berlin", "America/New_York", "Africa/Cairo", "America/Havana", "Asia/Beirut"}[rng.IntN(5)]
		zone, err := time.LoadLocation(s.Site.Timezone)
		if err != nil {
			t.Fatal(err)
		}
		s.Timezone, s.Authorisation.As = zone, "own"
		s.Hours = []probes.Hours{{}, officeHours(), {To: time.Hour}, {From: 22 * time.Hour, To: 24 * time.Hour}, {Days: [7]bool{0: true, 5: true}, From: 30 * time.Minute, To: 4 * time.Hour}}[rng.IntN(5)]
	}
	pr.Scenarios = pr.Scenarios[:2]
	pr.Scenarios[0].Repeat = 1 + rng.IntN(4)
	form := &pr.Scenarios[1]
	form.Repeat, form.Effects = 1+rng.IntN(4), []evidence.Effect{evidence.SubmitForm}
	return pr
}

// turns are when clocks are set in some zone: in Europe and Lebanon, the
// United States and Cuba, Egypt, in spring and in autumn.
var turns = []time.Time{
	time.Date(2027, 3, 28, 0, 0, 0, 0, time.UTC), time.Date(2027, 10, 31, 0, 0, 0, 0, time.UTC), time.Date(2027, 3, 14, 0, 0, 0, 0, time.UTC),
	time.Date(2027, 11, 7, 0, 0, 0, 0, time.UTC), time.Date(2027, 4, 30, 0, 0, 0, 0, time.UTC), time.Date(2027, 10, 29, 0, 0, 0, 0, time.UTC),
}

// orderly says what is wrong with the contacts of one site, sorted; "" for nothing.
func orderly(caps Caps, s *scenarios.Site, at []time.Time) string {
	for i, t := range at {
		local := t.In(s.Timezone)
		if from, to, open := s.Hours.On(local); !open || t.Before(from) || !t.Before(to) {
			return fmt.Sprintf("%s is outside the hours %+v", local, s.Hours)
		}
		if day := reading.Holiday(local); s.Hours != (probes.Hours{}) && day != "" {
			return fmt.Sprintf("%s is %s", local, day)
		}
		if i > 0 && t.Sub(at[i-1]) < caps.Distance {
			return fmt.Sprintf("%s follows %s too soon", t, at[i-1])
		}
		if n := i - caps.PerDay; n >= 0 && t.Sub(at[n]) < 24*time.Hour {
			return fmt.Sprintf("more than %d in the 24 hours from %s on", caps.PerDay, at[n])
		}
		if n := i - caps.PerWeek; n >= 0 && t.Sub(at[n]) < 7*24*time.Hour {
			return fmt.Sprintf("more than %d in the week from %s on", caps.PerWeek, at[n])
		}
	}
	return ""
}

// Whatever the plan, and whatever delays it as it is run, letters and forms
// together keep the caps, the distance and the hours at each site: as planned,
// and as they are done.
func TestContactsKeepOrder(t *testing.T) {
	for seed := range uint64(60) {
		rng := rand.New(rand.NewPCG(seed, 4))
		pr := mixed(t, rng)
		start := turns[rng.IntN(len(turns))].Add(time.Duration(rng.IntN(96*60)-72*60) * time.Minute)
		b := newBench(t, nil, func(probes.Letter, int) (probes.Delivery, []reply) {
			if rng.IntN(3) == 0 {
				return probes.Delivery{State: probes.Deferred, Detail: "greylisted"}, nil
			}
			return accepted, nil
		})
		if _, err := Abandon(t.Context(), b.DB, "w1", start); err != nil {
			t.Fatal(err)
		}
		b.pass(start)
		start = b.clock.Now()
		w, err := Draft(t.Context(), b.DB, PlanInput{Project: pr, Kinds: b.Kinds, Wave: "w1", Seed: seed, Start: start}, "test", start)
		if err != nil {
			t.Fatal(err)
		}
		planned := map[string][]time.Time{}
		var last time.Time
		for r, err := range w.Rows(t.Context(), b.DB) {
			if err != nil {
				t.Fatal(err)
			}
			planned[r.Probe.Site] = append(planned[r.Probe.Site], r.Due)
			last = r.Due
		}
		// the machine sleeps for a while in the middle, so that much is due at once
		b.runUntil(start.Add(time.Duration(rng.Int64N(int64(last.Sub(start) + time.Hour)))))
		b.pass(b.clock.Now().Add(time.Duration(rng.IntN(72)) * time.Hour))
		if err := b.run(nil); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		done, err := Contacts(t.Context(), b.DB, []string{"alpha", "beta"}, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		for i := range pr.Sites {
			s := &pr.Sites[i]
			if want := pr.Scenarios[0].Repeat + pr.Scenarios[1].Repeat; len(planned[s.ID]) != want || len(done[s.ID]) != want {
				t.Fatalf("seed %d: %d planned and %d done at %s, not %d", seed, len(planned[s.ID]), len(done[s.ID]), s.ID, want)
			}
			if wrong := orderly(w.Plan.Caps, s, planned[s.ID]); wrong != "" {
				t.Errorf("seed %d: planned at %s, caps %+v: %s", seed, s.ID, w.Plan.Caps, wrong)
			}
			if wrong := orderly(w.Plan.Caps, s, done[s.ID]); wrong != "" {
				t.Errorf("seed %d: done at %s, caps %+v: %s", seed, s.ID, w.Plan.Caps, wrong)
			}
		}
	}
}

// A visit that only looks is no contact, and waits for nothing; one that was
// put off waits for its hours.
func TestOnlyContactsAreSpaced(t *testing.T) {
	p := testPlan(t, func(in *PlanInput) {
		in.Project.Scenarios[2].Effects = []evidence.Effect{evidence.OpenChat}
		in.Start = time.Date(2026, 12, 24, 18, 0, 0, 0, time.UTC) // a Thursday
		for i := range in.Project.Sites {
			zone := berlin(t)
			in.Project.Sites[i].Timezone, in.Project.Sites[i].Site.Timezone, in.Project.Sites[i].Authorisation.As = zone, zone.String(), "own"
		}
	})
	for _, r := range p.Rows {
		look := r.Probe.Scenario == "look"
		if early := r.Due.Equal(p.Start); early != look {
			t.Errorf("%s is due at %s", r.Probe, r.Due)
		}
		if monday := time.Date(2026, 12, 28, 8, 0, 0, 0, time.UTC); !look && r.Due.Before(monday) {
			t.Errorf("%s is due at %s, before people are back from Christmas", r.Probe, r.Due)
		}
	}
}
