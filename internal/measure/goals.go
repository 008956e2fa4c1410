package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"time"

	"touchstone/internal/evidence"
	"touchstone/internal/highstreet/side"
	"touchstone/probes"
	"touchstone/probes/web"
	"touchstone/probes/web/find"
)

// goals scouts the shops of the side street, or those that are named, and holds
// what was found against their tables: reached of those that can be, claimed of
// those that cannot, and presses against the fewest possible.
func goals(w io.Writer, names []string) error {
	ctx := context.Background()
	street, err := side.Open(ctx, nil, names...)
	if err != nil {
		return err
	}
	defer street.Close()
	tmp, err := os.MkdirTemp("", "measure-")
	if err != nil {
		return fmt.Errorf("a folder for the browser's profile: %w", err)
	}
	defer os.RemoveAll(tmp)
	browser, err := web.Open(web.Options{TempDir: tmp, Distance: time.Millisecond}) // our own processes: nobody is spared by waiting
	if err != nil {
		return err
	}
	defer browser.Close()

	type row struct {
		Shop    string  `json:"shop"`
		There   int     `json:"there"`   // goals that can be reached
		Reached int     `json:"reached"` // of them
		Lacking int     `json:"lacking"` // goals that cannot
		Claimed int     `json:"claimed"` // of them, wrongly
		Clicks  float64 `json:"clicks_over_fewest"`
		Seconds float64 `json:"seconds"`
	}
	var result struct {
		Shops   int      `json:"shops"`
		There   int      `json:"there"`
		Reached int      `json:"reached"`
		Recall  float64  `json:"recall"`
		Lacking int      `json:"lacking"`
		Claimed int      `json:"claimed"`
		Clicks  float64  `json:"clicks_over_fewest"` // presses of what was reached, over the fewest
		Seconds float64  `json:"seconds_per_shop"`
		Misses  []string `json:"misses"`
		Rows    []row    `json:"rows"`
	}
	var all []string
	for _, g := range find.Goals() {
		all = append(all, g.Name)
	}
	presses, fewest := 0, 0
	for _, shop := range street.Shops() {
		found := map[string]web.Finding{}
		kind := web.Kind(browser)
		task := &probes.Task{
			Probe: evidence.ProbeID{Wave: "measure", Site: shop.ID(), Scenario: "scout", Repeat: 1}, Site: probes.Site{ID: shop.ID(), URL: shop.URL}, Persona: probes.Persona{Language: "en"},
			Params: web.Scouting(all, "", func(f web.Finding) { found[f.Goal] = f }),
		}
		begun := time.Now()
		rec := probes.NewRecorder(&kind, task.Probe, "scout", kind.Reading, begun, evidence.NewMemory().Put)
		if err := kind.Visit(ctx, task, rec); err != nil {
			return fmt.Errorf("visit %s: %w", shop.ID(), err)
		}
		r, p, n := row{Shop: shop.ID(), Seconds: math.Round(time.Since(begun).Seconds()*10) / 10}, 0, 0
		for _, g := range shop.Goals() {
			f, tried := found[g.Name]
			if !tried {
				continue
			}
			switch reached := f.State == web.Reached; {
			case g.State == side.Reached && reached:
				r.There, r.Reached = r.There+1, r.Reached+1
				p, n = p+f.Clicks, n+g.Fewest
			case g.State == side.Reached:
				r.There++
				result.Misses = append(result.Misses, fmt.Sprintf("%s: %s is there, and was %s: %s", shop.ID(), g.Name, f.State, f.Evidence.Why))
			case reached:
				r.Lacking, r.Claimed = r.Lacking+1, r.Claimed+1
				result.Misses = append(result.Misses, fmt.Sprintf("%s: %s is not there, and was claimed at %s: %s", shop.ID(), g.Name, f.URL, f.Evidence.Why))
			default:
				r.Lacking++
			}
		}
		r.Clicks = ratio(p, n)
		presses, fewest = presses+p, fewest+n
		result.Rows = append(result.Rows, r)
		result.Shops++
		result.There, result.Reached, result.Lacking, result.Claimed = result.There+r.There, result.Reached+r.Reached, result.Lacking+r.Lacking, result.Claimed+r.Claimed
		result.Seconds += r.Seconds
	}
	slices.Sort(result.Misses)
	result.Recall, result.Clicks = ratio(result.Reached, result.There), ratio(presses, fewest)
	result.Seconds = math.Round(result.Seconds/float64(max(1, result.Shops))*10) / 10
	return print(w, result)
}
