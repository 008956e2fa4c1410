package web

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"touchstone/internal/evidence"
	"touchstone/internal/highstreet"
	"touchstone/internal/highstreet/side"
	"touchstone/probes"
	"touchstone/probes/web/find"
)

// scouting looks for goals at an address, and gives what was found of each.
func scouting(t *testing.T, b *Browser, address string, goals ...string) map[string]Finding {
	t.Helper()
	if len(goals) == 0 {
		for _, g := range find.Goals() {
			goals = append(goals, g.Name)
		}
	}
	found := map[string]Finding{}
	k := Kind(b)
	site := probes.Site{ID: "shop", URL: address}
	task := &probes.Task{Probe: evidence.ProbeID{Wave: "w", Site: "shop", Scenario: "scout", Repeat: 1}, Site: site,
		Persona: probes.Persona{Language: "en", Email: "shopper@test.example"},
		Params:  Scouting(goals, "", func(f Finding) { found[f.Goal] = f })}
	store := evidence.NewMemory()
	rec := probes.NewRecorder(&k, task.Probe, "scout", Reading, time.Unix(0, 0), store.Put)
	if err := k.Visit(t.Context(), task, rec); err != nil {
		t.Fatal(err)
	}
	return found
}

func TestGoalsOnTheSideStreet(t *testing.T) {
	var only []string
	if s := os.Getenv("SHOPS"); s != "" {
		only = strings.Split(s, ",")
	}
	street, err := side.Open(t.Context(), nil, only...)
	if err != nil {
		t.Fatal(err)
	}
	defer street.Close()
	for _, shop := range street.Shops() {
		t.Run(shop.ID(), func(t *testing.T) {
			begun := time.Now()
			found := scouting(t, shared, shop.URL)
			fmt.Printf("%s took %s\n", shop.ID(), time.Since(begun).Round(100*time.Millisecond))
			for _, g := range shop.Goals() {
				f, tried := found[g.Name]
				if !tried {
					continue
				}
				mark := "   "
				if (f.State == Reached) != (g.State == side.Reached) {
					mark = "XXX"
				} else if f.State == Reached && g.Path != "" && !strings.Contains(f.URL, g.Path) {
					mark = "url"
				}
				fmt.Printf("%s %-22s %-8s want %-8s %.2f clicks %d/%d pages %d %.1fs %s | want %s\n     %s | %s | %s\n", mark, g.Name, f.State, g.State, f.Confidence, f.Clicks, g.Fewest, f.Pages, f.Seconds, f.URL, g.Path, f.Evidence.Why, f.Evidence.Says, strings.Join(f.Path, " → "))
				if mark == "XXX" || len(f.Evidence.Facts) > 0 {
					fmt.Printf("     facts %v refused %v\n", f.Evidence.Facts, f.Evidence.Refused)
				}
				for _, a := range f.Evidence.Answers {
					fmt.Printf("       %-16s %s %s\n", a.Question, a.URL, a.Says)
				}
			}
		})
	}
	_ = slices.Sort[[]string]
}

func TestGoalsOnTheHighStreet(t *testing.T) {
	street, err := highstreet.Open(t.Context(), highstreet.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer street.Close()
	for id, address := range street.URLs {
		if s := os.Getenv("SHOPS"); s != "" && !strings.Contains(s, id) {
			continue
		}
		begun := time.Now()
		found := scouting(t, shared, address)
		fmt.Printf("%s took %s\n", id, time.Since(begun).Round(100*time.Millisecond))
		for _, g := range find.Goals() {
			f := found[g.Name]
			fmt.Printf("    %-22s %-8s %.2f clicks %d pages %d %.1fs %s\n     %s | %s | %s\n", g.Name, f.State, f.Confidence, f.Clicks, f.Pages, f.Seconds, f.URL, f.Evidence.Why, f.Evidence.Says, strings.Join(f.Path, " → "))
			if f.State != Reached || len(f.Evidence.Facts) > 0 {
				fmt.Printf("     facts %v refused %v\n", f.Evidence.Facts, f.Evidence.Refused)
			}
			for _, a := range f.Evidence.Answers {
				fmt.Printf("       %-16s %s %s\n", a.Question, a.URL, a.Says)
			}
		}
	}
}
