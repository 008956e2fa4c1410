// Peers compares our driver with Playwright's, Puppeteer's and with what the
// browser alone needs, on one purchase in one shop with one browser. A command
// for developers, part of `make bench`:
//
//	npm ci --ignore-scripts --prefix internal/peers
//	go run ./internal/peers                       some minutes
//	go run ./internal/peers -rounds 3 -only ours,Playwright
//	go run ./internal/peers -part truth           the timings' error
//
// Believe ratios within one run: the machine decides the rest. It needs Linux,
// for processor time is read from /proc.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"touchstone/internal/proc"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := command(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "peers:", err)
		os.Exit(1)
	}
}

func command(ctx context.Context, args []string) error {
	if len(args) == 4 && args[0] == "drive" {
		return drive(ctx, args[1], args[2], args[3], os.Stdin, os.Stdout)
	}
	var b bench
	b.out = os.Stdout
	f := flag.NewFlagSet("peers", flag.ContinueOnError)
	f.IntVar(&b.rounds, "rounds", 10, "interleaved rounds")
	f.IntVar(&b.flows, "flows", 5, "purchases in a round by each contender")
	f.IntVar(&b.many, "many", 500, "purchases that must not fail")
	f.StringVar(&b.only, "only", "", "contenders whose names hold one of these words, separated by commas")
	f.StringVar(&b.part, "part", "", "one part alone: rounds, beside, many, truth")
	f.StringVar(&b.folder, "peers", "internal/peers", "the folder with the other drivers and their node_modules")
	if err := f.Parse(args); err != nil {
		return err
	}
	return b.all(ctx)
}

// A bench is one run of the comparison.
type bench struct {
	out                 io.Writer
	rounds, flows, many int
	only, part, folder  string
	browser             string
	shop                *shop
	asked               []ask
}

// An ask is a figure that the driver is held to.
type ask struct {
	what, measured, aim string
	held                bool
}

// asks notes one, and gives its verdict.
func (b *bench) asks(what, measured, aim string, held bool) string {
	b.asked = append(b.asked, ask{what, measured, aim, held})
	return verdict(held)
}

func verdict(held bool) string {
	if held {
		return "held"
	}
	return "MISSED"
}

// sum prints every asked figure of the parts that ran.
func (b *bench) sum() {
	held := 0
	fmt.Fprint(b.out, "\nAll that is asked:\n\n| what | measured | aim | |\n|---|---|---|---|\n")
	for _, a := range b.asked {
		fmt.Fprintf(b.out, "| %s | %s | %s | %s |\n", a.what, a.measured, a.aim, verdict(a.held))
		if a.held {
			held++
		}
	}
	fmt.Fprintf(b.out, "\n%d of %d held\n", held, len(b.asked))
}

func (b *bench) all(ctx context.Context) (err error) {
	if b.browser, err = browserPath(); err != nil {
		return err
	}
	if b.shop, err = openShop(); err != nil {
		return err
	}
	defer b.shop.close()
	load, _ := os.ReadFile("/proc/loadavg")
	fmt.Fprintf(b.out, "browser %s, %d processors, load %s\n", b.browser, runtime.NumCPU(), strings.Join(strings.Fields(string(load))[:1], ""))
	for _, part := range []struct {
		name string
		do   func(context.Context) error
	}{{"rounds", b.interleaved}, {"beside", b.beside}, {"many", b.manyVisits}, {"truth", b.truth}} {
		if b.part == "" || b.part == part.name {
			begun := time.Now()
			if err := part.do(ctx); err != nil {
				return fmt.Errorf("%s: %w", part.name, err)
			}
			fmt.Fprintf(b.out, "\n(%s took %s)\n", part.name, time.Since(begun).Round(time.Second))
		}
	}
	b.sum()
	return nil
}

// names are the contenders that were asked for and can run here.
func (b *bench) names() (names []string) {
	_, err := os.Stat(filepath.Join(b.folder, "node_modules", "playwright-core"))
	for _, c := range contenders {
		wanted := b.only == ""
		for _, word := range strings.Split(b.only, ",") {
			wanted = wanted || strings.Contains(strings.ToLower(c.name), strings.ToLower(word))
		}
		if wanted && c.words[0] == "node" && err != nil {
			fmt.Fprintf(b.out, "%s is left out: npm ci --ignore-scripts --prefix %s\n", c.name, b.folder)
			continue
		}
		if wanted {
			names = append(names, c.name)
		}
	}
	return names
}

// figures are the medians of a contender's rounds, for one flow.
type figures struct {
	name      string
	wall, cpu []float64 // seconds a flow, by round
	first     []float64 // seconds of the first flow, the browser's start included
	failed    int
	why       string
	memory    int64
}

// interleaved has the contenders take turns, each round in another order, so
// that a busy minute falls on all of them.
func (b *bench) interleaved(ctx context.Context) error {
	names := b.names()
	all := make([]*figures, len(names))
	for i, name := range names {
		all[i] = &figures{name: name}
	}
	for round := range b.rounds {
		for k := range names {
			f := all[(k+round)%len(names)]
			if err := b.round(ctx, f); err != nil {
				return err
			}
		}
	}
	fmt.Fprintf(b.out, "\nOne purchase, five pages, ten fields; %d interleaved rounds of %d flows after a first one that starts the browser. Medians, lowest to highest round.\n\n", b.rounds, b.flows)
	fmt.Fprintln(b.out, "| driver | wall, s | CPU, s | first flow with the start, s | memory of the driving side, MB | failed |")
	fmt.Fprintln(b.out, "|---|---|---|---|---|---|")
	for _, f := range all {
		fmt.Fprintf(b.out, "| %s | %s | %s | %s | %d | %d %s |\n", f.name, spread(f.wall), spread(f.cpu), spread(f.first), f.memory>>20, f.failed, f.why)
	}
	failed, flows := 0, b.rounds*(1+b.flows)
	for _, f := range all {
		if strings.HasPrefix(f.name, "ours") {
			failed += f.failed
		}
	}
	b.ratios(all)
	b.asks(fmt.Sprintf("failures of ours, of %d flows each", flows), strconv.Itoa(failed), "0", failed == 0)
	return nil
}

func (b *bench) round(ctx context.Context, f *figures) error {
	begun := time.Now()
	c, err := start(ctx, f.name, b.folder, b.browser, b.shop.url)
	if err != nil {
		return err
	}
	first, err := c.run(1, 1)
	took := time.Since(begun)
	var r run
	if err == nil {
		r, err = c.run(b.flows, 1)
	}
	f.memory = max(f.memory, proc.Peak(c.cmd.Process.Pid))
	if err := errors.Join(err, c.stop()); err != nil {
		return err
	}
	if ordered := b.shop.ordered(); ordered != 1+b.flows {
		f.failed, f.why = f.failed+1+b.flows-ordered, first.why+r.why
	}
	f.first = append(f.first, took.Seconds())
	f.wall = append(f.wall, r.wall.Seconds()/float64(r.flows))
	f.cpu = append(f.cpu, r.cpu.Seconds()/float64(r.flows))
	return nil
}

// aims are the ratios that the driver is held to: ours against another, and
// whether more or less is wanted. "first" is one visit, with the browser's start.
var aims = []struct {
	of, to, what string
	limit        float64
	atLeast      bool
}{
	{"Playwright", "ours, nothing measured", "wall", 1.6, true}, {"Playwright", "ours, nothing measured", "CPU", 1.6, true},
	{"Playwright", "ours, measuring", "wall", 1.35, true}, {"Playwright", "ours, all evidence", "wall", 1, true},
	{"Playwright, tracing", "ours, all evidence", "wall", 1, true}, {"Playwright, tracing", "ours, all evidence", "CPU", 1, true},
	{"ours, nothing measured", "floor", "wall", 1.7, false}, {"ours, nothing measured", "floor", "CPU", 1.5, false},
	{"ours, measuring", "floor", "wall", 2, false}, {"ours, measuring", "floor", "CPU", 1.8, false},
	{"ours, measuring", "Playwright", "memory", .3, false}, {"ours, all evidence", "Playwright", "memory", .3, false},
	{"Playwright", "ours, nothing measured", "first", 1, true}, {"Playwright", "ours, measuring", "first", 1, true}, {"Playwright", "ours, all evidence", "first", 1, true},
	{"Puppeteer", "ours, nothing measured", "wall", 1, true}, {"Puppeteer", "ours, nothing measured", "CPU", 1, true},
}

// ratios are taken within each round, where both met the same machine.
func (b *bench) ratios(all []*figures) {
	by := map[string]*figures{}
	for _, f := range all {
		by[f.name] = f
	}
	fmt.Fprint(b.out, "\nRatios within a round: median, lowest to highest.\n\n| ratio | of | measured | aim | |\n|---|---|---|---|---|\n")
	for _, a := range aims {
		over, under := by[a.of], by[a.to]
		if over == nil || under == nil {
			continue
		}
		var list []float64
		switch a.what {
		case "wall":
			list = quotients(over.wall, under.wall)
		case "CPU":
			list = quotients(over.cpu, under.cpu)
		case "first":
			list = quotients(over.first, under.first)
		case "memory":
			list = []float64{float64(over.memory) / float64(under.memory)}
		}
		sign, held := "≤", median(list) <= a.limit
		if a.atLeast {
			sign, held = "≥", median(list) >= a.limit
		}
		aim := fmt.Sprintf("%s %.2f", sign, a.limit)
		fmt.Fprintf(b.out, "| %s / %s | %s | %s | %s | %s |\n", a.of, a.to, a.what, spread(list), aim, b.asks(a.of+" / "+a.to+", "+a.what, spread(list), aim, held))
	}
}

func quotients(over, under []float64) []float64 {
	list := make([]float64, len(over))
	for i := range over {
		list[i] = over[i] / under[i]
	}
	return list
}

func median(list []float64) float64 {
	s := slices.Sorted(slices.Values(list))
	if len(s)%2 == 1 {
		return s[len(s)/2]
	}
	return (s[len(s)/2-1] + s[len(s)/2]) / 2
}

func spread(list []float64) string {
	if len(list) == 0 {
		return "–"
	}
	return fmt.Sprintf("%.2f (%.2f–%.2f)", median(list), slices.Min(list), slices.Max(list))
}

// beside runs 50 flows of Playwright's and of ours 1, 2 and 4 at a time: ten by
// one, ten by the next, each time in another order, so that a busy minute falls on
// all of them. What is asked is asked of the median of the tens.
func (b *bench) beside(ctx context.Context) (err error) {
	const tens, ten = 5, 10
	widths := []int{1, 2, 4}
	var names []string
	for _, name := range b.names() {
		if name == "Playwright" || strings.HasPrefix(name, "ours") {
			names = append(names, name)
		}
	}
	drivers, failed := map[string]*contender{}, map[string]int{}
	wall, cpu := map[string][][]float64{}, map[string][][]float64{} // seconds a flow, by width and ten
	defer func() {
		for _, c := range drivers {
			err = errors.Join(err, c.stop())
		}
	}()
	for _, name := range names {
		c, err := start(ctx, name, b.folder, b.browser, b.shop.url)
		if err != nil {
			return err
		}
		drivers[name] = c
		wall[name], cpu[name] = make([][]float64, len(widths)), make([][]float64, len(widths))
	}
	for i, n := range widths {
		for round := range tens {
			for k := range names {
				name := names[(k+round)%len(names)]
				r, err := drivers[name].run(ten, n)
				if err != nil {
					return err
				}
				failed[name] += ten - b.shop.ordered()
				wall[name][i] = append(wall[name][i], r.wall.Seconds()/ten)
				cpu[name][i] = append(cpu[name][i], r.cpu.Seconds()/ten)
			}
		}
	}
	fmt.Fprintf(b.out, "\n%d flows in one browser, so many at a time: wall and CPU in seconds a flow, medians of %d times %d.\n\n| driver | 1 | 2 | 4 | failed |\n|---|---|---|---|---|\n", tens*ten, tens, ten)
	for _, name := range names {
		fmt.Fprintf(b.out, "| %s ", name)
		for i := range widths {
			fmt.Fprintf(b.out, "| %.2f / %.2f ", median(wall[name][i]), median(cpu[name][i]))
		}
		fmt.Fprintf(b.out, "| %d of %d |\n", failed[name], len(widths)*tens*ten)
		if strings.HasPrefix(name, "ours") {
			b.asks(fmt.Sprintf("%s, failures of %d", name, len(widths)*tens*ten), strconv.Itoa(failed[name]), "0", failed[name] == 0)
		}
	}
	for _, a := range aims {
		over, under := wall[a.of], wall[a.to]
		if a.of != "Playwright" || a.what != "wall" || over == nil || under == nil {
			continue
		}
		for i, n := range widths {
			ratios := quotients(over[i], under[i])
			b.asks(fmt.Sprintf("%s / %s, wall, %d flows, %d at a time", a.of, a.to, tens*ten, n), spread(ratios), fmt.Sprintf("≥ %.2f", a.limit), median(ratios) >= a.limit)
		}
	}
	return nil
}
