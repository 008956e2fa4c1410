package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"touchstone/internal/db"
	"touchstone/internal/evidence"
	"touchstone/internal/fieldwork"
	"touchstone/reports"
	"touchstone/scenarios"
)

func (a *app) report() *cobra.Command {
	var wave, out string
	var asked []string
	var o reportOptions
	var names []string
	for _, f := range formats(paper{}) {
		names = append(names, f.Name)
	}
	c := &cobra.Command{
		Use:   "report",
		Short: "Write the report of a wave, from the stored record alone",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.load()
			if err != nil {
				return err
			}
			for _, n := range asked {
				if !slices.Contains(names, n) {
					return usage("--format %s: there is no such format; there are: %s", n, strings.Join(names, ", "))
				}
			}
			if len(o.sites) > 0 && !slices.Contains(asked, "card") {
				return usage("--site names whose card to make: add --format card")
			}
			d, err := a.reader(cmd.Context(), p)
			if err != nil {
				return err
			}
			defer d.Close()
			w, err := lastWave(cmd.Context(), d, wave)
			if err != nil {
				return err
			}
			if out == "" {
				out = filepath.Join(p.Dir, "reports")
			}
			o.generated, o.log = time.Now(), a.log
			files, err := writeReport(cmd.Context(), d, p, w, out, asked, o)
			if err != nil {
				return err
			}
			for _, f := range files {
				fmt.Fprintln(a.stdout, f)
			}
			return nil
		},
	}
	c.Flags().StringVar(&wave, "wave", "", "the wave (default: the newest that has begun)")
	c.Flags().StringSliceVar(&asked, "format", []string{"html"}, "what to write: "+strings.Join(names, ", "))
	c.Flags().StringVarP(&out, "out", "o", "", "the folder to write to (default: reports in the project)")
	c.Flags().StringVar(&o.scorecard, "scorecard", "readiness", "the scorecard, by id")
	c.Flags().StringSliceVar(&o.sites, "site", nil, "the sites whose card to make, by id (default: all)")
	c.Flags().BoolVar(&o.public, "public", false, "write a report for publication: refuse without its sample, intervals, method and the sites' right of reply")
	c.Flags().StringVar(&o.replies, "replies", "", "who was sent its part and what it answered, CSV: site,sent,answer (default: replies.csv in the project)")
	c.Flags().StringVar(&o.label.Title, "title", "", "the report's title (default: the project's name)")
	c.Flags().StringVar(&o.label.Language, "language", "", "of the report's own words: "+strings.Join(reports.Languages, ", ")+" (default: en)")
	c.Flags().StringVar(&o.label.Evidence, "evidence", "", "how much proof it carries: none, thumbs (small pictures, mails as text) or full (large pictures, mails also as laid out) (default: thumbs)")
	c.Flags().StringVar(&o.label.Author, "author", "", "who made the report")
	c.Flags().StringVar(&o.label.Logo, "logo", "", "a PNG, JPEG or GIF file for the head of the report")
	c.Flags().StringVar(&o.label.Colour, "colour", "", "of the head, as #rrggbb")
	c.Flags().StringVar(&o.label.Intro, "intro", "", "a Markdown file that stands before the verdict")
	c.Flags().StringVar(&o.label.Closing, "closing", "", "a Markdown file that stands before the right of reply")
	c.Flags().StringVar(&o.since, "since", "", "an earlier wave: show what differs from it, and whether that is more than chance")
	c.Flags().BoolVar(&o.people, "show-people", false, "show agents' names and addresses, which are pseudonymised otherwise")
	return c
}

type reportOptions struct {
	scorecard      string
	since          string           // an earlier wave, empty for none
	label          scenarios.Report // what the command line sets of the project's
	sites          []string         // whose card to make; none: all
	replies        string           // a file; empty: the project's
	people, public bool
	demoClock      bool
	generated      time.Time
	log            *slog.Logger // nil: no log
}

// memory is what a report is meant to get by with, in bytes: near it the
// collector runs more often. It bounds nothing that is needed at once.
const memory = 896 << 20

// writeReport judges a wave and writes it in each format; it gives the files.
func writeReport(ctx context.Context, d *db.DB, p *scenarios.Project, w *fieldwork.Wave, dir string, asked []string, o reportOptions) ([]string, error) {
	j, err := judge(ctx, d, p, w, o.scorecard)
	if err != nil {
		return nil, err
	}
	j.places(w)
	look := lookOf(p.Report, o.label)
	label, err := labelOf(look)
	if err != nil {
		return nil, err
	}
	store := d.Evidence(p.Evidence)
	in := reports.Input{
		Title: first(look.Title, p.Name), Language: look.Language, Evidence: look.Evidence, Label: label,
		Wave: reports.Wave{
			ID: w.ID, Seed: w.Plan.Seed, Planned: w.Created, Started: w.Started, Ended: w.Ended, Window: w.Plan.Window,
			Version: w.Version, DemoClock: o.demoClock, Plan: w.Hash,
		},
		Observations: j.observations, Result: j.result, Criteria: criteria(), Generated: o.generated, ShowPeople: o.people,
		Review: j.review.forReport(), Costs: p.Costs,
		Open: func(ctx context.Context, ref evidence.Ref) (io.ReadCloser, error) { return store.Open(ctx, ref) },
	}
	for _, s := range w.Plan.Sites {
		in.Sites = append(in.Sites, reports.Site{ID: s.ID, Name: s.Name, Cohort: s.Cohort, URL: s.URL, Email: s.Email, Authorisation: s.Authorisation, Language: s.Language,
			Opening: reports.Opening{Zone: s.Timezone, Days: s.Hours.Days, From: s.Hours.From, To: s.Hours.To}})
	}
	asking, err := w.Asked(ctx, d)
	if err != nil {
		return nil, err
	}
	for _, s := range w.Plan.Scenarios {
		in.Scenarios = append(in.Scenarios, reports.Scenario{ID: s.ID, Title: s.Title, About: s.About, Kind: s.Kind, Task: s.Task, Window: s.Window, Repeat: asking[s.ID].Repeat, Wordings: asking[s.ID].Wordings})
	}
	for _, s := range w.Brought {
		in.Scenarios = append(in.Scenarios, reports.Scenario{ID: s.ID, Title: s.Title, Kind: s.Kind, Task: s.Task, Window: s.Window})
	}
	for _, id := range o.sites {
		if !slices.ContainsFunc(in.Sites, func(s reports.Site) bool { return s.ID == id }) {
			return nil, usage("--site %s: the wave has no site of that id", id)
		}
	}
	if in.Replies, err = readReplies(first(o.replies, filepath.Join(p.Dir, "replies.csv"))); err != nil {
		return nil, err
	}
	if o.replies == "" { // the project's file is of all its waves
		in.Replies = slices.DeleteFunc(in.Replies, func(r reports.SiteReply) bool {
			return r.Sent.Before(w.Started.UTC().Truncate(24*time.Hour)) || !slices.ContainsFunc(in.Sites, func(s reports.Site) bool { return s.ID == r.Site })
		})
	}
	if o.since != "" {
		if in.Before, err = before(ctx, d, p, o); err != nil {
			return nil, err
		}
	}
	onPaper, putAway := layPaper(ctx, p.Browser.Path, o.log)
	defer putAway()
	chosen := slices.DeleteFunc(formats(onPaper, o.sites...), func(f reports.Format) bool { return !slices.Contains(asked, f.Name) })
	in.Unpictured = !slices.ContainsFunc(chosen, func(f reports.Format) bool { return f.Pictures })
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(memory))
	r, err := reports.New(ctx, in)
	if err != nil {
		return nil, err
	}
	if o.public {
		if missing := r.Missing(); len(missing) > 0 {
			return nil, usage("the report can't be published; it lacks\n  %s", strings.ReplaceAll(printableLines(missing), "\n", "\n  "))
		}
		r.Public = true
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, fmt.Errorf("the folder of the report: %w (choose another with --out)", err)
	}
	var files []string
	for _, f := range chosen {
		path, err := writeFormat(ctx, f, filepath.Join(dir, "wave-"+w.ID), r)
		if err != nil {
			return files, fmt.Errorf("write %s: %w", path, err)
		}
		files = append(files, path)
	}
	return files, nil
}

// writeFormat writes a report beside others of its wave: as BASE.html, or as
// the folder BASE-csv, in the place of an earlier one.
func writeFormat(ctx context.Context, f reports.Format, base string, r *reports.Report) (string, error) {
	if f.Files == nil {
		path := base + f.Extension
		return path, writeFile(path, func(w io.Writer) error { return f.Write(w, r) })
	}
	path := base + "-" + f.Name
	made, err := os.MkdirTemp(filepath.Dir(path), ".touchstone-*")
	if err != nil {
		return path, err
	}
	defer os.RemoveAll(made) // nothing is left there once it has its name
	err = f.Files(func(name string, write func(io.Writer) error) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !filepath.IsLocal(name) {
			return fmt.Errorf("the file %q would stand outside of its folder", name)
		}
		file := filepath.Join(made, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			return err
		}
		return writeFile(file, write)
	}, r)
	if err != nil {
		return path, err
	}
	if err := os.Chmod(made, 0o755); err != nil {
		return path, err
	}
	if err := os.RemoveAll(path); err != nil {
		return path, err
	}
	return path, os.Rename(made, path)
}

// lookOf sets what the command line says over what the project does.
func lookOf(project, line scenarios.Report) scenarios.Report {
	return scenarios.Report{
		Title: first(line.Title, project.Title), Language: first(line.Language, project.Language), Author: first(line.Author, project.Author),
		Logo: first(line.Logo, project.Logo), Colour: first(line.Colour, project.Colour), Intro: first(line.Intro, project.Intro),
		Closing: first(line.Closing, project.Closing), Evidence: first(line.Evidence, project.Evidence),
	}
}

// labelOf reads the files that a label names; nil where it names nothing.
func labelOf(r scenarios.Report) (*reports.Label, error) {
	if r.Language != "" && !slices.Contains(reports.Languages, r.Language) {
		return nil, usage("--language %s: there is no such language; there are: %s", r.Language, strings.Join(reports.Languages, ", "))
	}
	if r.Evidence != "" && !slices.Contains(reports.Evidences, r.Evidence) {
		return nil, usage("--evidence %s: there is no such measure; there are: %s", r.Evidence, strings.Join(reports.Evidences, ", "))
	}
	if r.Author+r.Logo+r.Colour+r.Intro+r.Closing == "" {
		return nil, nil
	}
	var files [3][]byte
	for i, name := range []string{r.Logo, r.Intro, r.Closing} {
		if name == "" {
			continue
		}
		var err error
		if files[i], err = os.ReadFile(name); err != nil {
			return nil, usage("the report's %s: %v", []string{"logo", "introduction", "closing text"}[i], err)
		}
	}
	l, err := reports.NewLabel(r.Author, files[0], r.Colour, string(files[1]), string(files[2]))
	if err != nil {
		return nil, usage("the look of the report: %v", err)
	}
	return l, nil
}

// spoken gives the language of the project's reports, empty where none is known.
func (a *app) spoken() string {
	p, err := a.load()
	if err != nil {
		return "" // a shop may be looked at without a project
	}
	return p.Report.Language
}

// before judges the earlier wave that a report compares with.
func before(ctx context.Context, d *db.DB, p *scenarios.Project, o reportOptions) (*reports.Before, error) {
	w, err := openWave(ctx, d, o.since)
	if err != nil {
		return nil, err
	}
	j, err := judge(ctx, d, p, w, o.scorecard)
	if err != nil {
		return nil, err
	}
	return &reports.Before{Wave: reports.Wave{ID: w.ID, Started: w.Started, Ended: w.Ended, Version: w.Version, Plan: w.Hash}, Result: j.result}, nil
}

// writeFile writes a file whole or not at all, for everybody to read.
func writeFile(path string, write func(io.Writer) error) error {
	return writeFileFor(path, 0o644, write)
}

// writeFileFor writes a file whole or not at all, for those whom mode lets read it.
func writeFileFor(path string, mode os.FileMode, write func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".touchstone-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = f.Close()
			_ = os.Remove(f.Name())
		}
	}()
	if err := write(f); err != nil {
		return err
	}
	if err := f.Chmod(mode); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
