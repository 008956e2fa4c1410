package main

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"touchstone/internal/evidence"
	"touchstone/probes"
	"touchstone/probes/web"
	"touchstone/probes/web/driver"
)

// drive is the driving side of our own contenders: it makes purchases, as many
// and so many beside one another as each line of standard input says.
func drive(ctx context.Context, mode, browser, url string, in io.Reader, out io.Writer) error {
	var flow func(ctx context.Context, lane int) error
	var end func() error
	switch mode {
	case "floor":
		f, err := openFloor(browser)
		if err != nil {
			return err
		}
		flow, end = func(ctx context.Context, _ int) error { return f.flow(ctx, url) }, f.close
	case "off":
		b, err := driver.Start(ctx, driver.Options{Path: browser})
		if err != nil {
			return err
		}
		flow, end = func(ctx context.Context, _ int) error { return purchase(ctx, b, url) }, b.Close
	case "measuring", "evidence":
		b, err := web.Open(web.Options{Path: browser, NoProof: mode == "measuring", Overlap: true, Resolve: names(url)})
		if err != nil {
			return err
		}
		flow, end = func(ctx context.Context, lane int) error { return visit(ctx, b, named(lane)) }, b.Close
	default:
		return fmt.Errorf("no such way to drive: %q", mode)
	}
	defer func() { _ = end() }()
	if _, err := fmt.Fprintln(out, "ready"); err != nil {
		return err
	}
	for lines := bufio.NewScanner(in); lines.Scan(); {
		var flows, beside int
		if _, err := fmt.Sscan(lines.Text(), &flows, &beside); err != nil {
			return err
		}
		failed, why := together(ctx, flows, beside, flow)
		if _, err := fmt.Fprintln(out, "done", failed, why); err != nil {
			return err
		}
	}
	return nil
}

// The shop has a name for each flow beside others: visits to one site never
// overlap.
const lanes = 8

func named(lane int) string { return fmt.Sprintf("http://shop-%d.example", lane%lanes) }

func names(url string) map[string]string {
	list := map[string]string{}
	for lane := range lanes {
		list[strings.TrimPrefix(named(lane), "http://")] = strings.TrimPrefix(url, "http://")
	}
	return list
}

func together(ctx context.Context, flows, beside int, flow func(ctx context.Context, lane int) error) (failed int, why string) {
	var wg sync.WaitGroup
	var mu sync.Mutex
	for lane := range beside {
		wg.Go(func() {
			for {
				mu.Lock()
				flows--
				more := flows >= 0
				mu.Unlock()
				if !more {
					return
				}
				ctx, cancel := context.WithTimeout(ctx, time.Minute)
				if err := flow(ctx, lane); err != nil {
					mu.Lock()
					failed, why = failed+1, err.Error()
					mu.Unlock()
				}
				cancel()
			}
		})
	}
	wg.Wait()
	return failed, why
}

// purchase is the flow by the driver alone.
func purchase(ctx context.Context, b *driver.Browser, url string) error {
	tab, err := b.NewTab(ctx, driver.TabOptions{Unwatched: true})
	if err != nil {
		return err
	}
	defer tab.Close()
	p := tab.Page()
	yes := func(driver.Control) error { return nil }
	click := func(role, name string) func() error {
		return func() error {
			if _, err := p.Click(ctx, driver.Locator{Role: role, Name: name, Exact: true}, yes); err != nil {
				return err
			}
			return p.Settle(ctx)
		}
	}
	steps := []func() error{
		func() error { return p.Navigate(ctx, url+"/") },
		click("link", "Pot number 3"), click("button", "Add to basket"), click("link", "Go to checkout"),
	}
	for _, f := range fields[:len(fields)-1] {
		steps = append(steps, func() error {
			_, err := p.Fill(ctx, driver.Locator{Label: f.label}, f.value, yes)
			return err
		})
	}
	country := fields[len(fields)-1]
	steps = append(steps, func() error {
		_, err := p.Select(ctx, driver.Locator{Label: country.label}, country.value, yes)
		return err
	}, click("button", "Place order"), func() error {
		return p.See(ctx, driver.Locator{Role: "heading", Name: "Thank you"}, 0)
	})
	for i, step := range steps {
		if err := step(); err != nil {
			return fmt.Errorf("step %d: %w", i+1, err)
		}
	}
	return nil
}

// visit is the flow as a scenario has it made: measured, fenced and recorded.
func visit(ctx context.Context, b *web.Browser, url string) error {
	at := func(role, name string) *web.Locator { return &web.Locator{Role: role, Name: name, Exact: true} }
	steps := []web.Step{{Open: "/"}, {Click: at("link", "Pot number 3")}, {Click: at("button", "Add to basket")}, {Click: at("link", "Go to checkout")}}
	for _, f := range fields[:len(fields)-1] {
		steps = append(steps, web.Step{Fill: &web.Fill{Locator: web.Locator{Label: f.label}, Value: f.value}})
	}
	steps[4].Effect = evidence.FillCheckout
	country := fields[len(fields)-1]
	steps = append(steps,
		web.Step{Select: &web.Select{Locator: web.Locator{Label: country.label}, Option: country.value}},
		web.Step{Click: at("button", "Place order"), Effect: evidence.PlaceOrder},
		web.Step{Expect: &web.Expect{Locator: web.Locator{Role: "heading", Name: "Thank you"}}})
	o, err := observe(ctx, b, url, steps)
	if err == nil && o.Outcome != evidence.Completed {
		err = errors.New(o.Reason)
	}
	return err
}

// observe makes a visit whose proofs are hashed, as every store does, and kept
// nowhere.
func observe(ctx context.Context, b *web.Browser, url string, steps []web.Step) (evidence.Observation, error) {
	return observeKeeping(ctx, b, url, steps, nil)
}

// observeKeeping keeps the proofs in files, where that is not nil, by name.
func observeKeeping(ctx context.Context, b *web.Browser, url string, steps []web.Step, files map[string][]byte) (evidence.Observation, error) {
	kept := map[evidence.Ref][]byte{}
	kind := web.Kind(b)
	task := &probes.Task{
		Probe: evidence.ProbeID{Wave: "bench", Site: "shop", Scenario: "purchase", Repeat: 1}, Params: &web.Params{Steps: steps},
		Effects: []evidence.Effect{evidence.FillCheckout, evidence.PlaceOrder},
		Site:    probes.Site{ID: "shop", URL: url + "/", Own: true, Sandbox: true}, Persona: probes.Persona{Language: "en", Country: "GB"},
	}
	begun := time.Now()
	rec := probes.NewRecorder(&kind, task.Probe, "bench", web.Reading, begun, func(_ context.Context, r io.Reader) (evidence.Ref, error) {
		data, err := io.ReadAll(r)
		sum := sha256.Sum256(data)
		ref := evidence.Ref(hex.EncodeToString(sum[:]))
		if files != nil {
			kept[ref] = data
		}
		return ref, err
	})
	if err := kind.Visit(ctx, task, rec); err != nil {
		return evidence.Observation{}, err
	}
	o := rec.Observation(time.Since(begun))
	for name, ref := range o.Evidence {
		if files != nil {
			files[name] = kept[ref]
		}
	}
	return o, nil
}

// browserPath is the browser that all contenders drive.
func browserPath() (string, error) { return driver.Find(os.Getenv("TOUCHSTONE_BROWSER")) }
