package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/spf13/cobra"

	"touchstone/internal/db"
	"touchstone/internal/evidence"
	"touchstone/internal/fieldwork"
	"touchstone/probes/web"
	"touchstone/scenarios"
)

func (a *app) run() *cobra.Command {
	var wave, metricsAddr string
	var asJSON, detach bool
	c := &cobra.Command{
		Use:   "run",
		Short: "Do the fieldwork of the planned wave, or go on with one that was stopped",
		Long: `Run does what ` + "`touchstone plan`" + ` showed: it sends each mail once, at its time,
visits the pages, and waits for the answers until every window has closed. It
may be stopped at any moment, by Ctrl-C or worse: started again, it goes on. An
interrupt finishes the step in hand, a second one ends at once.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if detach {
				return a.runDetached(cmd.Context(), wave, metricsAddr)
			}
			return a.owning(cmd.Context(), func(p *scenarios.Project, d *db.DB) error {
				w, err := openWave(cmd.Context(), d, wave)
				if err != nil {
					return err
				}
				latest, err := fieldwork.Latest(cmd.Context(), d)
				if err != nil {
					return err
				}
				f := field{project: p, db: d, clock: fieldwork.NewSteady(latest, a.log), metrics: metricsAddr}
				if err := a.work(cmd.Context(), f, w); err != nil {
					return err
				}
				tally, err := outcomes(cmd.Context(), d, w.ID)
				if err != nil {
					return err
				}
				if asJSON {
					err = a.printJSON(map[string]any{"wave": w.ID, "outcomes": tally})
				} else {
					_, err = fmt.Fprintf(a.stdout, "Wave %s has ended: %s. `touchstone score` judges it, `touchstone report` shows it.\n", w.ID, tally)
					left, failed := a.subscribed(cmd.Context(), p, d, w.ID)
					if failed != nil {
						return failed
					}
					a.tellSubscribed(left)
				}
				if err != nil {
					return err
				}
				return tally.verdict()
			})
		},
	}
	c.Flags().StringVar(&wave, "wave", "", "the wave to work on (default: the one that is planned or under way)")
	c.Flags().BoolVar(&asJSON, "json", false, "print how it ended as JSON")
	c.Flags().BoolVar(&detach, "detach", false, "go on in the background, with a log, and survive the terminal")
	c.Flags().StringVar(&metricsAddr, "metrics-addr", "", metricsUsage)
	c.MarkFlagsMutuallyExclusive("json", "detach")
	return c
}

// runDetached tells what a run would stumble over before it leaves the terminal.
func (a *app) runDetached(ctx context.Context, wave, metricsAddr string) error {
	var w *fieldwork.Wave
	var p *scenarios.Project
	err := a.reading(ctx, func(project *scenarios.Project, d *db.DB) (err error) {
		p = project
		w, err = openWave(ctx, d, wave)
		return err
	})
	if err != nil {
		return err
	}
	if _, err := a.post(p); err != nil {
		return fail(exitUsage, err)
	}
	return a.detach(ctx, p, w.ID, metricsAddr)
}

// field is where a wave's work is done. The demo differs from a real wave in
// nothing but these.
type field struct {
	project  *scenarios.Project
	db       *db.DB
	clock    fieldwork.Clock
	recorded func(raw []byte)
	metrics  string        // where they are served; empty: nowhere
	street   bool          // the shops are our own programs on this machine, and part of its load
	distance time.Duration // between two page openings at a site; 0: what politeness asks
}

// browsing gives how the project wants its pages driven.
func browsing(p *scenarios.Project, tmp string, log *slog.Logger) web.Options {
	return web.Options{Path: p.Browser.Path, TempDir: tmp, Log: log, Unboxed: p.Browser.Unboxed, Isolate: p.Browser.Isolate, Canary: p.Browser.Canary}
}

// work runs a wave to its end.
func (a *app) work(ctx context.Context, f field, w *fieldwork.Wave) error {
	p := f.project
	tmp, err := os.MkdirTemp("", "touchstone-")
	if err != nil {
		return fmt.Errorf("a folder for the browser's profile: %w", err)
	}
	defer os.RemoveAll(tmp)
	ks := kinds(nil)
	_, browser, err := w.Ahead(ctx, f.db)
	if err != nil {
		return err
	}
	if browser {
		o := browsing(p, tmp, a.log)
		o.Distance, o.Canary, o.Axe = f.distance, o.Canary && !f.street, axe()
		if o.Passwords, err = a.passwords(p); err != nil {
			return fail(exitUsage, err)
		}
		browser, err := web.Open(o)
		if err != nil {
			return err
		}
		defer browser.Close()
		ks = kinds(browser)
	}
	post, err := a.post(p)
	if err != nil {
		return fail(exitUsage, err)
	}
	bar := a.progress(w.Probes)
	defer bar.finish()
	ctx, stop, done := interruptible(ctx, bar.say)
	defer done()
	e := &fieldwork.Engine{
		DB: f.db, Evidence: f.db.Evidence(p.Evidence), Kinds: byName(ks), Clock: f.clock, Post: post,
		Suppress: p.Suppress, Log: a.log, Notify: bar.event, Recorded: f.recorded,
	}
	reg, closeMetrics, err := a.metrics(f.metrics, f.db, w.ID)
	if err != nil {
		return err
	}
	defer closeMetrics()
	if reg != nil {
		e.Metrics = fieldwork.NewMetrics(reg, f.clock)
	}
	return e.Run(ctx, w.ID, stop)
}

// tally counts outcomes.
type tally map[evidence.Outcome]int

func outcomes(ctx context.Context, d *db.DB, wave string) (tally, error) {
	w, err := fieldwork.LoadWave(ctx, d, wave)
	if err != nil {
		return nil, err
	}
	return w.Outcomes(ctx, d)
}

// String gives "9 completed, 1 silent".
func (t tally) String() string {
	s := ""
	for _, o := range evidence.Outcomes {
		if t[o] > 0 {
			if s != "" {
				s += ", "
			}
			s += fmt.Sprintf("%d %s", t[o], o)
		}
	}
	return s
}

// verdict gives the exit code of fieldwork: whether it could be done, not
// whether the sites are good.
func (t tally) verdict() error {
	switch {
	case t[evidence.NotGranted] > 0:
		return fail(exitNotGranted, fmt.Errorf("%s not done: an effect is not granted", count(t[evidence.NotGranted], "probe")))
	case t[evidence.Broken]+t[evidence.Blocked] > 0:
		return fail(exitInconclusive, fmt.Errorf("%s could not test", count(t[evidence.Broken]+t[evidence.Blocked], "probe")))
	case t[evidence.Pending] > 0:
		return fail(exitPending, fmt.Errorf("%s still pending", count(t[evidence.Pending], "probe")))
	}
	return nil
}
