package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"touchstone/internal/db"
	"touchstone/internal/fieldwork"
	"touchstone/internal/highstreet"
	"touchstone/scenarios"
)

// demoMark is the file that tells a folder of an earlier demo, which a new one
// may replace, from any other.
const demoMark = ".touchstone-demo"

func (a *app) demo() *cobra.Command {
	var out string
	var noOpen, serve bool
	speed := 1440.0
	c := &cobra.Command{
		Use:   "demo",
		Short: "Audit the demo street: shops, mail servers and desks of its own, no account, no network",
		Long: `Demo opens the High Street on this machine: shops with support desks of
different quality, and their mail servers. It plans a wave, runs it with a real
browser and real SMTP and IMAP, scores it and writes the report. It is the same
code as a real wave; only the addresses differ. Correspondence runs on a clock
that skips to the next thing that happens, so that five days pass in seconds.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			dir, err := filepath.Abs(out)
			if err != nil {
				return usage("--out: %w", err)
			}
			if err := demoFolder(dir); err != nil {
				return err
			}
			if serve {
				return a.serveStreet(cmd.Context(), dir, speed)
			}
			street, err := highstreet.Open(cmd.Context(), highstreet.Options{Log: a.log})
			if err != nil {
				return err
			}
			defer street.Close()
			files, err := a.runDemo(cmd.Context(), street, dir)
			if err != nil {
				return err
			}
			fmt.Fprintf(a.stdout, "The report: %s\nThe project behind it: %s\n", files[0], filepath.Join(dir, "project"))
			if !noOpen {
				openOnScreen(a.getenv, files[0])
			}
			return nil
		},
	}
	c.Flags().StringVar(&out, "out", "touchstone-demo", "the folder to write to")
	c.Flags().BoolVar(&noOpen, "no-open", false, "do not open the report in a browser")
	c.Flags().BoolVar(&serve, "serve", false, "keep the street standing, for tutorials: prints how to audit it")
	c.Flags().Float64Var(&speed, "speed", speed, "with --serve: how many times faster than people the desks work; at 1440 a day of theirs is a minute")
	return c
}

// demoFolder makes an empty folder, in the place of an earlier demo's.
func demoFolder(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return usage("--out: %w", err)
	}
	if len(entries) > 0 {
		if _, err := os.Stat(filepath.Join(dir, demoMark)); err != nil {
			return usage("--out %s: the folder holds files that are not a demo's; choose another", dir)
		}
		if err := os.RemoveAll(dir); err != nil {
			return usage("--out: %w", err)
		}
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return usage("--out: %w", err)
	}
	return os.WriteFile(filepath.Join(dir, demoMark), []byte("made by `touchstone demo`, replaced by the next\n"), 0o666)
}

// runDemo does the whole of the main job against the street, or against some
// of its sites.
func (a *app) runDemo(ctx context.Context, street *highstreet.Street, dir string, sites ...string) ([]string, error) {
	p, err := a.streetProject(street, filepath.Join(dir, "project"))
	if err != nil {
		return nil, err
	}
	d, err := db.Open(ctx, p.Database)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	w, err := a.freeze(ctx, d, p, "demo", 1, street.Clock.Now(), sites)
	if err != nil {
		return nil, err
	}
	f := field{
		project: p, db: d, clock: street.Clock, recorded: street.Recorded,
		street: true, distance: time.Millisecond, // the shops are our own processes: nobody is spared by waiting
	}
	if err := a.work(ctx, f, w); err != nil {
		return nil, err
	}
	if w, err = fieldwork.LoadWave(ctx, d, w.ID); err != nil {
		return nil, err
	}
	return writeReport(ctx, d, p, w, dir, []string{"html", "json"}, reportOptions{
		scorecard: "readiness", label: scenarios.Report{Title: "The High Street"}, demoClock: true, generated: street.Clock.Now(),
	})
}

// streetProject writes the street's project folder and loads it as any other.
func (a *app) streetProject(s *highstreet.Street, dir string) (*scenarios.Project, error) {
	if err := os.CopyFS(dir, scenarios.Library()); err != nil {
		return nil, fmt.Errorf("write the shipped scenarios: %w", err)
	}
	if err := s.Project(dir); err != nil {
		return nil, err
	}
	real := a.getenv
	a.getenv = func(k string) string {
		if k == highstreet.PasswordVariable {
			return s.Password
		}
		return real(k)
	}
	a.dir = dir
	return a.load()
}

// openOnScreen shows a file in the user's browser where there is a screen. A
// demo whose report can't be opened has still written it.
func openOnScreen(getenv func(string) string, path string) {
	var name string
	switch {
	case runtime.GOOS == "darwin":
		name = "open"
	case getenv("DISPLAY") != "" || getenv("WAYLAND_DISPLAY") != "":
		name = "xdg-open"
	default:
		return
	}
	if cmd := exec.Command(name, path); cmd.Start() == nil {
		go func() { _ = cmd.Wait() }()
	}
}

// serveStreet keeps the street standing until it is interrupted. Its desks
// work faster than people, so the scenarios wait shorter in proportion.
func (a *app) serveStreet(ctx context.Context, dir string, speed float64) error {
	if speed <= 0 {
		return usage("--speed %g: it must be above 0", speed)
	}
	street, err := highstreet.Open(ctx, highstreet.Options{Speed: speed, Side: true, Log: a.log})
	if err != nil {
		return err
	}
	defer street.Close()
	dir = filepath.Join(dir, "project")
	if _, err := a.streetProject(street, dir); err != nil {
		return err
	}
	if err := hasten(dir, speed); err != nil {
		return err
	}
	sites, err := os.ReadFile(filepath.Join(dir, "sites.yaml"))
	if err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "%s\n# Shops of the side street, which no script knows (side-street.yaml lists them as sites):\n", sites)
	for _, shop := range street.Side.Shops() {
		fmt.Fprintf(a.stdout, "#   %s  %s: %s\n", shop.URL, shop.Name(), shop.Manner())
	}
	fmt.Fprintf(a.stdout, `
# The street stands until you press Ctrl-C.
# Audit it from another terminal:
export %s=%s
cd %s
touchstone plan && touchstone run && touchstone report
`, highstreet.PasswordVariable, street.Password, dir)
	stop, cancel := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer cancel()
	<-stop.Done()
	return nil
}

var windowLine = regexp.MustCompile(`(?m)^window: ([0-9]+)d$`)

// hasten shortens the windows of a project's scenarios.
func hasten(dir string, speed float64) error {
	files, err := filepath.Glob(filepath.Join(dir, "scenarios", "*.yaml"))
	if err != nil {
		return err
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			return err
		}
		data = windowLine.ReplaceAllFunc(data, func(line []byte) []byte {
			days, _ := strconv.Atoi(string(windowLine.FindSubmatch(line)[1]))
			seconds := math.Ceil(float64(days) * 24 * 3600 / speed)
			return fmt.Appendf(nil, "window: %.0fs", seconds)
		})
		if err := os.WriteFile(f, data, 0o666); err != nil {
			return err
		}
	}
	return nil
}
