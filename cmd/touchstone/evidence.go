package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"touchstone/internal/db"
	"touchstone/internal/fieldwork"
	"touchstone/scenarios"
)

func (a *app) evidence() *cobra.Command {
	c := &cobra.Command{
		Use:   "evidence",
		Short: "List, show, check, export, open and prune the proof behind the figures",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(a.evidenceList(), a.evidenceShow(), a.evidenceVerify(), a.evidenceExport(), a.evidenceOpen(), a.evidencePrune())
	return c
}

func (a *app) evidenceList() *cobra.Command {
	asJSON := false
	c := &cobra.Command{
		Use:   "list",
		Short: "List what is kept of each wave: mails, files, their size, what was pruned",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.reading(cmd.Context(), func(p *scenarios.Project, d *db.DB) error {
				held, err := d.Evidence(p.Evidence).Holdings(cmd.Context())
				if err != nil {
					return err
				}
				if asJSON {
					return a.printJSON(held)
				}
				t := tabwriter.NewWriter(a.stdout, 0, 4, 2, ' ', 0)
				fmt.Fprintln(t, "wave\tstate\tended\tmails\tfiles\tsize\tpruned\tlost")
				for _, h := range held {
					fmt.Fprintf(t, "%s\t%s\t%s\t%d\t%d\t%s\t%d\t%d\n", waveOr(h.Wave), first(h.State, "–"), minute(h.Ended), h.Mails, h.Files, size(h.Bytes), h.Pruned, h.Lost)
				}
				return t.Flush()
			})
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print it as JSON")
	return c
}

// waveOr names a wave, or the mails of none.
func waveOr(wave string) string { return first(wave, "(mail of no probe)") }

// size gives bytes for a person.
func size(n int64) string {
	switch {
	case n < 1000:
		return fmt.Sprintf("%d B", n)
	case n < 1000*1000:
		return fmt.Sprintf("%.0f kB", float64(n)/1e3)
	case n < 1000*1000*1000:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	}
	return fmt.Sprintf("%.1f GB", float64(n)/1e9)
}

func (a *app) evidenceVerify() *cobra.Command {
	var asJSON bool
	var digest string
	c := &cobra.Command{
		Use:   "verify [FILE|WAVE]",
		Short: "Check an archive, one wave, or everything: every piece there and unchanged, the ledger whole",
		Long: `Verify reads every piece of evidence that a wave's record names and compares it
with its digest, and holds the plan, the ledger and the observations against one
another. What was pruned is told from what is missing. Without a name it checks
every wave, the mails of no probe, and the database file itself.

An archive of ` + "`touchstone evidence export`" + ` needs no project: every byte of it is
checked. Its digest, printed, names the whole; --digest compares it with the one
that its sender told you.

Exit codes: 0 all is sound, 1 something is missing, damaged or changed, 2 there
is nothing to check.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				if info, err := os.Stat(args[0]); err == nil && !info.IsDir() {
					return a.verifyArchive(cmd.Context(), args[0], digest, asJSON)
				} else if err != nil && filepath.Ext(args[0]) == ".tar" {
					return usage("%s: there is no such archive", args[0])
				}
			}
			if digest != "" {
				return usage("--digest: it names an archive, and no archive is given")
			}
			return a.reading(cmd.Context(), func(p *scenarios.Project, d *db.DB) error {
				return a.verifyWaves(cmd.Context(), p, d, args, asJSON)
			})
		},
	}
	c.Flags().StringVar(&digest, "digest", "", "of an archive: what it must be")
	c.Flags().BoolVar(&asJSON, "json", false, "print what was found as JSON")
	return c
}

func (a *app) verifyArchive(ctx context.Context, file, digest string, asJSON bool) error {
	f, done, err := a.openCounted(file)
	if err != nil {
		return err
	}
	defer done()
	dir, err := os.MkdirTemp("", "touchstone-")
	if err != nil {
		return fmt.Errorf("a folder to check the archive in: %w", err)
	}
	defer os.RemoveAll(dir)
	found, err := db.VerifyArchive(ctx, f, dir)
	if err != nil {
		return archiveFault(file, err)
	}
	if digest != "" && !strings.EqualFold(digest, found.Digest) {
		return fail(exitGate, fmt.Errorf("%s: its digest is %s, not the one that you gave: it is another archive, or was made up anew", file, found.Digest))
	}
	if asJSON {
		if err := a.printJSON(found); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(a.stdout, "%s: wave %s, digest %s\n", file, found.Wave, found.Digest)
		a.showVerification(found.Proof)
	}
	return sound(found.Proof)
}

// archiveFault gives what is wrong with an archive its exit code.
func archiveFault(file string, err error) error {
	err = fmt.Errorf("%s: %w", file, err)
	switch {
	case errors.Is(err, db.ErrNoSuch), errors.Is(err, db.ErrNewer):
		return fail(exitUsage, err)
	case errors.Is(err, db.ErrArchive):
		return fail(exitGate, err)
	}
	return err
}

// sound gives the exit code of verifications.
func sound(list ...db.Verification) error {
	n := 0
	for _, v := range list {
		n += v.Faults
	}
	if n == 0 {
		return nil
	}
	return fail(exitGate, fmt.Errorf("%s found", count(n, "fault")))
}

func (a *app) showVerification(v db.Verification) {
	if v.Wave == db.Unmatched {
		fmt.Fprintf(a.stdout, "Mail of no probe: %s (%s)", count(v.Pieces, "mail"), size(v.Bytes))
	} else {
		fmt.Fprintf(a.stdout, "Wave %s: %s with %s, %s of evidence (%s)", v.Wave, count(v.Probes, "probe"), count(v.Observations, "observation"), count(v.Pieces, "piece"), size(v.Bytes))
	}
	if v.Pruned > 0 {
		fmt.Fprintf(a.stdout, ", %d more pruned", v.Pruned)
	}
	if v.Faults == 0 {
		fmt.Fprintln(a.stdout, ": all sound.")
		return
	}
	fmt.Fprintf(a.stdout, ": %s.\n", count(v.Faults, "fault"))
	for _, f := range v.First {
		fmt.Fprintf(a.stdout, "  %s\n", printable(f))
	}
	if more := v.Faults - len(v.First); more > 0 {
		fmt.Fprintf(a.stdout, "  and %d more\n", more)
	}
}

func (a *app) verifyWaves(ctx context.Context, p *scenarios.Project, d *db.DB, only []string, asJSON bool) error {
	store := d.Evidence(p.Evidence)
	list := []db.Verification{}
	check := func(what string, verify func(say func(done, total int)) (db.Verification, error)) error {
		show, done := a.counting("checking " + what)
		v, err := verify(show)
		done()
		if err != nil || v.Wave == db.Unmatched && v.Pieces+v.Pruned+v.Faults == 0 {
			return err
		}
		list = append(list, v)
		if !asJSON {
			a.showVerification(v)
		}
		return nil
	}
	waves, err := a.wavesOf(ctx, p, d, only)
	if err != nil {
		return err
	}
	for _, id := range waves {
		if err := check(id, func(say func(done, total int)) (db.Verification, error) { return store.Verify(ctx, id, say) }); err != nil {
			return err
		}
	}
	if len(only) == 0 {
		if err := check("mail of no probe", func(say func(done, total int)) (db.Verification, error) { return store.VerifyUnmatched(ctx, say) }); err != nil {
			return err
		}
		if len(list) == 0 {
			return usage("there is nothing to check: no wave is planned, and no mail has come")
		}
	}
	if asJSON {
		if err := a.printJSON(list); err != nil {
			return err
		}
	}
	return sound(list...)
}

// wavesOf gives the wave that is named, or all of a database whose file is sound.
func (a *app) wavesOf(ctx context.Context, p *scenarios.Project, d *db.DB, only []string) (ids []string, err error) {
	if len(only) == 1 {
		w, err := openWave(ctx, d, only[0])
		if err != nil {
			return nil, err
		}
		return []string{w.ID}, nil
	}
	all, err := fieldwork.Waves(ctx, d)
	if err != nil {
		return nil, err
	}
	for i := range all {
		ids = append(ids, all[i].ID)
	}
	switch said, err := d.Integrity(ctx); {
	case err != nil:
		return nil, err
	case said != "":
		return nil, fail(exitGate, fmt.Errorf("%s is damaged: %s: keep a copy, and go back to a sound one", p.Database, said))
	}
	return ids, nil
}

func (a *app) evidenceExport() *cobra.Command {
	var out string
	var asJSON bool
	c := &cobra.Command{
		Use:   "export WAVE",
		Short: "Write a wave that has ended, with all its proof, as one archive",
		Long: `Export writes one file: the wave's plan, its ledger, every try, every mail, every
reading, every picture and log, the project's sites, scenarios and scorecards,
and the digest of each. It is a plain tar, so that any tool can look inside, and
the same record gives the same bytes. The digest that is printed names the
whole: tell it to whom you give the file, and ` + "`touchstone evidence verify`" + ` shows
that nothing in it was changed.

The archive holds personal data: see docs/evidence.md.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.reading(cmd.Context(), func(p *scenarios.Project, d *db.DB) error {
				w, err := openWave(cmd.Context(), d, args[0])
				if err != nil {
					return err
				}
				if out == "" {
					out = "wave-" + w.ID + ".tar"
				}
				if _, err := os.Lstat(out); err == nil {
					return usage("--out %s: there is such a file already; choose another name", out)
				}
				files, err := projectFiles(p.Dir)
				if err != nil {
					return err
				}
				show, done := a.counting("exporting " + w.ID)
				var digest string
				err = writeFileFor(out, 0o600, func(f io.Writer) (err error) {
					digest, err = d.Evidence(p.Evidence).Export(cmd.Context(), f, w.ID, files, show)
					return err
				})
				done()
				switch {
				case errors.Is(err, db.ErrNotEnded):
					return usage("%w: `touchstone run` ends it, `touchstone wave close %s` ends it now", err, w.ID)
				case errors.Is(err, db.ErrLost):
					return fail(exitGate, err)
				case err != nil:
					return fmt.Errorf("export to %s: %w", out, err)
				}
				if asJSON {
					return a.printJSON(map[string]string{"wave": w.ID, "file": out, "digest": digest})
				}
				_, err = fmt.Fprintf(a.stdout, "%s\ndigest %s\n", out, digest)
				return err
			})
		},
	}
	c.Flags().StringVarP(&out, "out", "o", "", "the file to write (default: wave-WAVE.tar)")
	c.Flags().BoolVar(&asJSON, "json", false, "print the file and its digest as JSON")
	return c
}

// projectFiles reads what an archive carries of a project: what its figures
// were made with, and nothing of its accounts.
func projectFiles(dir string) (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, pattern := range db.ProjectFiles {
		found, err := filepath.Glob(filepath.Join(dir, filepath.FromSlash(pattern)))
		if err != nil {
			return nil, err
		}
		for _, name := range found {
			data, err := os.ReadFile(name)
			if err != nil {
				return nil, fmt.Errorf("read the project: %w", err)
			}
			rel, err := filepath.Rel(dir, name)
			if err != nil {
				return nil, err
			}
			files[filepath.ToSlash(rel)] = data
		}
	}
	return files, nil
}

func (a *app) evidenceOpen() *cobra.Command {
	var out string
	c := &cobra.Command{
		Use:     "open FILE",
		Aliases: []string{"import"},
		Short:   "Check an archive and unpack it into a project of its own, to score and report there",
		Long: `Open checks every byte of an archive and makes a project folder of it, with a
fresh database: score, report, check and verify work there as they did where the
wave was run. It has no mail account, so nothing can be sent from it.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir := first(out, strings.TrimSuffix(filepath.Base(args[0]), ".tar"))
			found, err := a.openArchive(cmd.Context(), args[0], dir)
			if err != nil {
				return err
			}
			fmt.Fprintf(a.stdout, "%s: wave %s, digest %s\n", dir, found.Wave, found.Digest)
			a.showVerification(found.Proof)
			fmt.Fprintf(a.stdout, "`touchstone -C %s score`, `report` and `check` work on it.\n", dir)
			return sound(found.Proof)
		},
	}
	c.Flags().StringVarP(&out, "out", "o", "", "the folder to make (default: the archive's name)")
	return c
}

// openArchive unpacks an archive beside dir, and gives it that name when all
// of it is known to be sound.
func (a *app) openArchive(ctx context.Context, file, dir string) (db.Archive, error) {
	var none db.Archive
	if _, err := os.Lstat(dir); !errors.Is(err, fs.ErrNotExist) {
		return none, usage("--out %s: it is there already; choose another folder", dir)
	}
	f, done, err := a.openCounted(file)
	if err != nil {
		return none, err
	}
	defer done()
	tmp, err := os.MkdirTemp(filepath.Dir(filepath.Clean(dir)), ".touchstone-open-")
	if err != nil {
		return none, usage("--out %s: %w", dir, err)
	}
	defer os.RemoveAll(tmp)
	found, err := db.OpenArchive(ctx, f, filepath.Join(tmp, "touchstone.db"), filepath.Join(tmp, "evidence"))
	if err != nil {
		return none, archiveFault(file, err)
	}
	if err := archiveProject(ctx, tmp, found); err != nil {
		return none, err
	}
	return found, os.Rename(tmp, dir)
}

// archiveProject writes the project's files beside an archive's database.
func archiveProject(ctx context.Context, dir string, found db.Archive) error {
	d, err := db.OpenReader(ctx, filepath.Join(dir, "touchstone.db"))
	if err != nil {
		return err
	}
	w, err := fieldwork.LoadWave(ctx, d, found.Wave)
	if err := errors.Join(err, d.Close()); err != nil {
		return err
	}
	name, err := json.Marshal(first(w.Plan.Project, "Archive of wave "+found.Wave)) // a JSON string is a YAML one
	if err != nil {
		return err
	}
	files := map[string][]byte{
		"touchstone.yaml": fmt.Appendf(nil, "# Wave %s, unpacked from the archive\n# %s.\n# There is no mail account here: nothing can be sent.\nproject: %s\ndatabase: touchstone.db\nevidence: evidence\n", found.Wave, found.Digest, name),
	}
	for name, data := range found.Project {
		files[name] = data
	}
	for name, data := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(path, data, 0o600); err != nil {
			return err
		}
	}
	return nil
}

func (a *app) evidencePrune() *cobra.Command {
	var older, wave, why string
	var dry, asJSON bool
	c := &cobra.Command{
		Use:   "prune",
		Short: "Remove raw mails, pictures and logs of waves that ended long ago; figures and ledger stay",
		Long: `Prune removes the bytes that hold personal data: raw mails, pictures, network logs
of waves that ended before the given time, and mails of no probe that came before
it. Facts, marks, the ledger and every digest stay, and a record of what was
removed, when and why: a report then says "proof pruned on" its day. What a
younger wave shows too stays. The database file shrinks.

It needs the database for itself: end a run first, and go on with it afterwards.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.owning(cmd.Context(), func(p *scenarios.Project, d *db.DB) error {
				o := db.Pruning{Wave: wave, Now: time.Now(), DryRun: dry}
				age := p.Retention
				if older != "" {
					var err error
					if age, err = scenarios.Span(older); err != nil {
						return usage("--older-than: %w", err)
					}
				}
				if age == 0 {
					return usage("say how old: --older-than 90d, or `retention: 90d` in touchstone.yaml")
				}
				if wave != "" {
					if _, err := openWave(cmd.Context(), d, wave); err != nil {
						return err
					}
				}
				o.Before = o.Now.Add(-age)
				if o.Why = why; why == "" {
					o.Why = "older than " + first(older, days(age))
				}
				store := d.Evidence(p.Evidence)
				done, err := store.Prune(cmd.Context(), o)
				if err != nil {
					return err
				}
				if !dry {
					if err := d.Compact(cmd.Context()); err != nil {
						return fmt.Errorf("what is old was removed, but the database file could not be rewritten without it, so its room is only marked as free (prune again once that is mended): %w", err)
					}
				}
				if asJSON {
					return a.printJSON(append([]db.Pruned{}, done...))
				}
				return a.showPruned(done, o)
			})
		},
	}
	c.Flags().StringVar(&older, "older-than", "", "how long ago a wave must have ended, such as 90d (default: `retention:` of touchstone.yaml)")
	c.Flags().StringVar(&wave, "wave", "", "only this wave, and no unmatched mail")
	c.Flags().StringVar(&why, "why", "", "the reason, for the record (default: the age)")
	c.Flags().BoolVar(&dry, "dry-run", false, "only say what would be removed")
	c.Flags().BoolVar(&asJSON, "json", false, "print what was removed as JSON")
	return c
}

func (a *app) showPruned(done []db.Pruned, o db.Pruning) error {
	before := "before " + minute(o.Before) + " UTC"
	if len(done) == 0 {
		_, err := fmt.Fprintf(a.stdout, "Nothing to prune: no wave that ended %s has proof left.\n", before)
		return err
	}
	verb := "Removed"
	if o.DryRun {
		verb = "Would remove"
	}
	for _, w := range done {
		fmt.Fprintf(a.stdout, "%s of %s: %s and %s, %s\n", verb, waveOr(w.Wave), count(w.Mails, "mail"), count(w.Files, "file"), size(w.Bytes))
	}
	return nil
}

// days gives an age as the files write it.
func days(d time.Duration) string {
	if d%(24*time.Hour) == 0 {
		return fmt.Sprintf("%dd", d/(24*time.Hour))
	}
	return d.String()
}

// openCounted opens a file that is read from its start to its end, and shows
// how far it is.
func (a *app) openCounted(name string) (io.Reader, func(), error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, nil, fail(exitUsage, err)
	}
	info, err := f.Stat()
	if err != nil {
		return nil, nil, errors.Join(err, f.Close())
	}
	show, done := a.counting("reading " + filepath.Base(name))
	read, total := int64(0), info.Size()
	in := readFunc(func(p []byte) (int, error) {
		n, err := f.Read(p)
		read += int64(n)
		show(int(read>>10), int(total>>10))
		return n, err
	})
	return in, func() { done(); _ = f.Close() }, nil
}

type readFunc func([]byte) (int, error)

func (f readFunc) Read(p []byte) (int, error) { return f(p) }

// counting shows on a terminal how far something is; elsewhere it is silent.
func (a *app) counting(what string) (show func(done, total int), done func()) {
	if a.quiet || !terminal(a.raw) {
		return func(int, int) {}, func() {}
	}
	last := time.Time{}
	return func(n, total int) {
			if now := time.Now(); total > 0 && now.Sub(last) > 100*time.Millisecond {
				last = now
				fmt.Fprintf(a.raw, "\r%s: %d%%", what, 100*n/total)
			}
		}, func() {
			if !last.IsZero() {
				fmt.Fprint(a.raw, "\r\x1b[K")
			}
		}
}
