package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"touchstone/internal/db"
	"touchstone/internal/evidence"
	"touchstone/internal/fieldwork"
	"touchstone/reports"
	"touchstone/reports/visit"
	"touchstone/scenarios"
)

func (a *app) evidenceShow() *cobra.Command {
	var out string
	var noOpen bool
	c := &cobra.Command{
		Use:   "show [WAVE|PROBE]",
		Short: "Write the visits of a wave, or one of them, as a page with a film strip, and open it",
		Long: `Show writes one HTML file that needs nothing else: for each visit its steps, and
for each step what was done, the picture of the window, the page's address, the
requests with their times, the console, the page as assistive technology has it,
and the facts. What was typed in secret was masked when it was recorded.

A probe is named as reports and logs name it, WAVE/SITE/SCENARIO/REPEAT; less of
it means all that begin so: 2026-11/brass shows all visits to brass. Without a
name it is the newest wave.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			what := ""
			if len(args) == 1 {
				what = args[0]
			}
			return a.reading(cmd.Context(), func(p *scenarios.Project, d *db.DB) error {
				film, name, err := gatherFilm(cmd.Context(), p, d, what)
				if err != nil {
					return err
				}
				if out == "" {
					dir := filepath.Join(p.Dir, "reports")
					if err := os.MkdirAll(dir, 0o777); err != nil {
						return fmt.Errorf("the folder of the page: %w (choose another place with --out)", err)
					}
					out = filepath.Join(dir, "visits-"+name+".html")
				}
				if err := writeFile(out, func(w io.Writer) error { return visit.Write(w, film) }); err != nil {
					return fmt.Errorf("write %s: %w", out, err)
				}
				fmt.Fprintln(a.stdout, out)
				if !noOpen {
					openOnScreen(a.getenv, out)
				}
				return nil
			})
		},
	}
	c.Flags().StringVarP(&out, "out", "o", "", "the file to write (default: in the project's reports folder)")
	c.Flags().BoolVar(&noOpen, "no-open", false, "do not open the page in a browser")
	return c
}

// gatherFilm reads the visits that a name means, and gives a name for a file.
func gatherFilm(ctx context.Context, p *scenarios.Project, d *db.DB, what string) (*reports.Film, string, error) {
	id, rest, _ := strings.Cut(what, "/")
	w, err := lastWave(ctx, d, id)
	if err != nil {
		return nil, "", err
	}
	want := strings.Split(rest, "/")
	if rest == "" {
		want = nil
	}
	in := reports.FilmInput{Title: p.Name, Wave: w.ID, Language: p.Report.Language, Sites: map[string]string{}, Scenarios: map[string]string{}}
	store := d.Evidence(p.Evidence)
	in.Open = func(ctx context.Context, ref evidence.Ref) (io.ReadCloser, error) { return store.Open(ctx, ref) }
	for o, err := range store.Observations(ctx, w.ID) {
		if err != nil {
			return nil, "", err
		}
		if named(o.Probe, want) {
			in.Observations = append(in.Observations, o)
		}
	}
	if len(in.Observations) == 0 {
		return nil, "", noProbe(w, what)
	}
	for _, s := range w.Plan.Sites {
		in.Sites[s.ID] = s.Name
	}
	for _, s := range w.Plan.Scenarios {
		in.Scenarios[s.ID] = s.Title
	}
	film, err := reports.NewFilm(ctx, in)
	if err != nil {
		return nil, "", err
	}
	if len(film.Visits) == 0 {
		return nil, "", usage("%s: there is no visit in a browser among its %s", first(what, w.ID), count(len(in.Observations), "probe"))
	}
	return film, strings.Join(append([]string{w.ID}, want...), "-"), nil
}

// named reports whether a probe's name goes on as wanted behind its wave's.
func named(p evidence.ProbeID, want []string) bool {
	have := []string{p.Site, p.Scenario, strconv.Itoa(p.Repeat)}
	if len(want) > len(have) {
		return false
	}
	for i, part := range want {
		if part != have[i] {
			return false
		}
	}
	return true
}

func noProbe(w *fieldwork.Wave, what string) error {
	if strings.Contains(what, "/") {
		return usage("%s: the wave %s has no probe of that name that has ended; its probes are WAVE/SITE/SCENARIO/REPEAT", what, w.ID)
	}
	return fail(exitInconclusive, errors.New("wave "+w.ID+": no probe has ended yet"))
}
