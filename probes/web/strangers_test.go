package web

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"touchstone/internal/evidence"
	"touchstone/probes"
	"touchstone/probes/web/find"
)

// What is tried at shops that were written down before anything was measured at
// them, beside what only reads: their accounts forget who came in.
var strangersDo = []string{"fill-checkout", "reach-payment", "newsletter-sign-up", "submit-contact-form", "register", "order-status", "cancel-order", "start-return"}

// BenchmarkStrangers visits shops in the manner of further families of shop
// software, and reports of the goals that are there how many were reached, and
// how many were claimed of those that are not. docs/goals.md has the figures of
// the first look, and those after what was mended.
//
//	go test -run '^$' -bench Strangers -benchtime 1x ./probes/web
func BenchmarkStrangers(b *testing.B) {
	files, err := filepath.Glob("testdata/strangers/*.txt")
	if err != nil || len(files) == 0 {
		b.Fatal(err, files)
	}
	for b.Loop() {
		there, reached, lacking, claimed := 0, 0, 0, 0
		for _, file := range files {
			name := strings.TrimSuffix(filepath.Base(file), ".txt")
			shop, missing, doings := platform(b, file)
			found := map[string]Finding{}
			var goals []string
			for _, g := range find.Goals() {
				goals = append(goals, g.Name)
			}
			goals = append(goals, strangersDo...)
			k := Kind(shared)
			task := &probes.Task{Probe: evidence.ProbeID{Wave: "w", Site: name, Scenario: "stranger", Repeat: 1}, Effects: everyEffect, Random: 7, Persona: customer("Europe/London"),
				Site:   probes.Site{ID: name, URL: shop.URL + "/", Own: true, Customer: &probes.Customer{Email: "probe@touchstone.example", Order: "1234", Postcode: "SE1 9ZZ"}},
				Params: Scouting(goals, "", func(f Finding) { found[f.Goal] = f })}
			rec := probes.NewRecorder(&k, task.Probe, "stranger", Reading, time.Unix(0, 0), evidence.NewMemory().Put)
			if err := k.Visit(b.Context(), task, rec); err != nil {
				b.Fatal(err)
			}
			for _, goal := range goals {
				f := found[goal]
				is := !slices.Contains(missing, goal)
				if slices.Contains(strangersDo, goal) {
					is = slices.Contains(doings, goal)
				}
				switch got := f.State == Reached; {
				case is && got:
					there, reached = there+1, reached+1
				case is:
					there++
					b.Logf("%s: %s is there, and was %s: %s %v", name, goal, f.State, f.Evidence.Why, f.Path)
				case got:
					lacking, claimed = lacking+1, claimed+1
					b.Logf("%s: %s is not there, and was claimed at %s: %s", name, goal, f.URL, f.Evidence.Why)
				default:
					lacking++
				}
			}
		}
		b.ReportMetric(float64(reached), "reached")
		b.ReportMetric(float64(there), "there")
		b.ReportMetric(float64(claimed), "claimed")
		b.ReportMetric(float64(lacking), "lacking")
	}
}
