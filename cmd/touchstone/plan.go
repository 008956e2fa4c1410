package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"touchstone/internal/db"
	"touchstone/internal/evidence"
	"touchstone/internal/fieldwork"
	"touchstone/probes"
	"touchstone/scenarios"
)

func (a *app) plan() *cobra.Command {
	var seed uint64
	var sites []string
	var asJSON, diff bool
	c := &cobra.Command{
		Use:   "plan",
		Short: "Freeze a wave and show every mail, form and page that it would touch; sends nothing",
		Long: `Plan expands the panel into probes, with a seed: who gets which text when,
which pages are opened, which effects each probe has. It sends nothing. The plan
is frozen in the database: ` + "`touchstone run`" + ` does exactly what was shown. Planning
again before the run replaces it; the same seed gives the same plan. With --diff
nothing is frozen: it shows what planning again would change of the frozen plan,
with that one's seed and start.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.load()
			if err != nil {
				return err
			}
			for _, s := range sites {
				if !hasSite(p, s) {
					return usage("--site %s: %s has no such site", s, "sites.yaml")
				}
			}
			if diff {
				return a.planDiff(cmd.Context(), p, sites, asJSON)
			}
			d, err := db.Open(cmd.Context(), p.Database)
			if err != nil {
				return err
			}
			defer d.Close()
			if err := fieldwork.Settle(cmd.Context(), d); err != nil {
				return err
			}
			now := time.Now().UTC().Truncate(time.Second)
			id, err := nextWave(cmd.Context(), d, now)
			if err != nil {
				return err
			}
			if !cmd.Flags().Changed("seed") {
				h := fnv.New64a()
				_, _ = io.WriteString(h, id)
				seed = h.Sum64() >> 1
			}
			w, err := a.freeze(cmd.Context(), d, p, id, seed, now, sites)
			if err != nil {
				return err
			}
			if err := a.printPlan(cmd.Context(), d, w, asJSON); err != nil {
				return err
			}
			shape, err := w.Shape(cmd.Context(), d)
			if err != nil {
				return err
			}
			if n := shape.Refused; n > 0 {
				return fail(exitNotGranted, fmt.Errorf("%s not granted: see the refusals in the plan; the rest can be run", count(n, "probe")))
			}
			return nil
		},
	}
	c.Flags().Uint64Var(&seed, "seed", 0, "what decides times, texts and order (default: made from the wave's name)")
	c.Flags().StringSliceVar(&sites, "site", nil, "only these sites, by id")
	c.Flags().BoolVar(&diff, "diff", false, "freeze nothing; show how the project as it is now differs from the frozen plan")
	c.Flags().BoolVar(&asJSON, "json", false, "print the plan, or the difference, as JSON")
	c.MarkFlagsMutuallyExclusive("diff", "seed")
	return c
}

func hasSite(p *scenarios.Project, id string) bool {
	for i := range p.Sites {
		if p.Sites[i].ID == id {
			return true
		}
	}
	return false
}

// planDiff shows how the project as it is now differs from the frozen plan.
func (a *app) planDiff(ctx context.Context, p *scenarios.Project, only []string, asJSON bool) error {
	d, err := a.reader(ctx, p)
	if err != nil {
		return err
	}
	defer d.Close()
	waves, err := fieldwork.Waves(ctx, d)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(waves, func(w fieldwork.Wave) bool { return w.State == fieldwork.WavePlanned })
	if i < 0 {
		return usage("no frozen plan waits to be run: `touchstone plan` makes one")
	}
	w := &waves[i]
	in, err := planInput(ctx, d, p, w.ID, w.Plan.Seed, w.Plan.Start, only)
	if err != nil {
		return err
	}
	changes, err := w.Compare(ctx, d, in)
	if err != nil {
		return err
	}
	if asJSON {
		return a.printJSON(map[string]any{"wave": w.ID, "hash": w.Hash, "changes": append([]fieldwork.Change{}, changes...)})
	}
	out := bufio.NewWriter(a.stdout)
	fmt.Fprintf(out, "Wave %s, plan %.12s, %s: ", w.ID, w.Hash, count(w.Probes, "probe"))
	fmt.Fprintf(out, "planning again would %s.\n", summed(changes))
	for i := range changes {
		showChange(out, &changes[i])
	}
	return out.Flush()
}

// summed says how many of the frozen probes change and go, and how many come.
func summed(changes []fieldwork.Change) string {
	n := map[string]int{}
	for i := range changes {
		switch what := changes[i].What[0]; what {
		case "added", "gone":
			n[what]++
		default:
			n["changed"]++
		}
	}
	if len(changes) == 0 {
		return "change nothing"
	}
	var parts []string
	for _, p := range []struct{ what, words string }{{"changed", "change %d"}, {"gone", "drop %d"}, {"added", "add %d"}} {
		if n[p.what] > 0 {
			parts = append(parts, fmt.Sprintf(p.words, n[p.what]))
		}
	}
	return strings.Join(parts, ", ")
}

// changed says in words what became of a probe.
var changed = map[string]string{"text": "other text", "recipient": "another recipient", "rest": "other parameters, effects or leave"}

func showChange(out io.Writer, c *fieldwork.Change) {
	name := fmt.Sprintf("%s %s", c.Probe.Site, c.Probe.Scenario)
	if c.Probe.Repeat > 1 {
		name += fmt.Sprintf(" (%d)", c.Probe.Repeat)
	}
	const at = "Mon 2006-01-02 15:04:05 MST"
	switch c.What[0] {
	case "added":
		fmt.Fprintf(out, "+ %s: added, due %s\n", name, c.Now.Format(at))
		return
	case "gone":
		fmt.Fprintf(out, "- %s: gone, was due %s\n", name, c.Was.Format(at))
		return
	}
	var words []string
	for _, w := range c.What {
		if w == "moved" {
			words = append(words, fmt.Sprintf("moved from %s to %s", c.Was.Format(at), c.Now.Format(at)))
		} else {
			words = append(words, changed[w])
		}
	}
	fmt.Fprintf(out, "~ %s: %s\n", name, strings.Join(words, "; "))
	for _, l := range c.Before {
		if !slices.Contains(c.After, l) {
			fmt.Fprintf(out, "    - %s\n", l)
		}
	}
	for _, l := range c.After {
		if !slices.Contains(c.Before, l) {
			fmt.Fprintf(out, "    + %s\n", l)
		}
	}
}

// planInput gathers all that a plan depends on.
func planInput(ctx context.Context, d *db.DB, p *scenarios.Project, id string, seed uint64, start time.Time, only []string) (in fieldwork.PlanInput, err error) {
	var ids []string
	for i := range p.Sites {
		ids = append(ids, p.Sites[i].ID)
	}
	contacts, err := fieldwork.Contacts(ctx, d, ids, start.Add(-7*24*time.Hour))
	if err != nil {
		return in, err
	}
	never, err := fieldwork.Suppressions(ctx, d)
	return fieldwork.PlanInput{
		Project: p, Kinds: byName(kinds(nil)), Wave: id, Seed: seed, Start: start, Contacts: contacts, Sites: only, Suppress: fieldwork.Entries(never),
	}, err
}

// freeze plans a wave and stores it.
func (a *app) freeze(ctx context.Context, d *db.DB, p *scenarios.Project, id string, seed uint64, start time.Time, only []string) (*fieldwork.Wave, error) {
	in, err := planInput(ctx, d, p, id, seed, start, only)
	if err != nil {
		return nil, err
	}
	w, err := fieldwork.Draft(ctx, d, in, programVersion(), start)
	if errors.Is(err, fieldwork.ErrEmptyPlan) {
		return nil, usage("%w: no scenario applies to any site (does a site have the channel, `email` or `url`, that the scenarios need?)", err)
	}
	return w, err
}

// nextWave names the wave to plan: the one that is frozen and not begun, else
// a new one, called by the day.
func nextWave(ctx context.Context, d *db.DB, now time.Time) (string, error) {
	waves, err := fieldwork.Waves(ctx, d)
	if err != nil {
		return "", err
	}
	taken := map[string]bool{}
	for _, w := range waves {
		switch w.State {
		case fieldwork.WavePlanned:
			return w.ID, nil
		case fieldwork.WaveRunning:
			return "", usage("wave %s is under way: `touchstone run` goes on with it", w.ID)
		}
		taken[w.ID] = true
	}
	day := now.Format(time.DateOnly)
	for n := 1; ; n++ {
		id := day
		if n > 1 {
			id = fmt.Sprintf("%s-%d", day, n)
		}
		if !taken[id] {
			return id, nil
		}
	}
}

// printPlan shows the plan of a wave, row by row from the database.
func (a *app) printPlan(ctx context.Context, d *db.DB, w *fieldwork.Wave, asJSON bool) error {
	out := bufio.NewWriter(a.stdout)
	show := showPlan
	if asJSON {
		show = planJSON
	}
	if err := show(ctx, out, d, w); err != nil {
		return err
	}
	return out.Flush()
}

// planJSON prints the plan as JSON: its head, with the rows one after another
// in their place.
func planJSON(ctx context.Context, out io.Writer, d *db.DB, w *fieldwork.Wave) error {
	const mark = "the rows' place"
	head, err := json.MarshalIndent(struct {
		Hash  string              `json:"hash"`
		State fieldwork.WaveState `json:"state"`
		Plan  struct {
			*fieldwork.Plan
			Rows string `json:"rows"`
		} `json:"plan"`
	}{w.Hash, w.State, struct {
		*fieldwork.Plan
		Rows string `json:"rows"`
	}{w.Plan, mark}}, "", "  ")
	if err != nil {
		return err
	}
	before, after, _ := strings.Cut(string(head), `"`+mark+`"`)
	if _, err := io.WriteString(out, before+"["); err != nil {
		return err
	}
	sep := "\n      "
	for r, err := range w.Rows(ctx, d) {
		if err != nil {
			return err
		}
		body, err := json.MarshalIndent(r, "      ", "  ")
		if err != nil {
			return err
		}
		if _, err := io.WriteString(out, sep+string(body)); err != nil {
			return err
		}
		sep = ",\n      "
	}
	_, err = io.WriteString(out, "\n    ]"+after+"\n")
	return err
}

// showPlan prints the plan of a wave for a person who has to answer for it.
func showPlan(ctx context.Context, out io.Writer, d *db.DB, w *fieldwork.Wave) error {
	shape, err := w.Shape(ctx, d)
	if err != nil {
		return err
	}
	p := w.Plan
	fmt.Fprintf(out, "Wave %s, seed %d, plan %.12s: %s at %s: %s, %s.",
		p.Wave, p.Seed, w.Hash, count(w.Probes, "probe"), count(len(p.Sites), "site"), count(shape.Letters, "mail"), count(shape.Visits, "visit"))
	if w.State == fieldwork.WavePlanned {
		fmt.Fprint(out, " Nothing has been sent.")
	}
	fmt.Fprintln(out)
	for r, err := range w.Rows(ctx, d) {
		if err != nil {
			return err
		}
		if err := showRow(out, r); err != nil {
			return err
		}
	}
	return nil
}

func showRow(out io.Writer, r *fieldwork.Row) error {
	var b strings.Builder
	fmt.Fprintf(&b, "\n%s  %s  %s", r.Due.Format("Mon 2006-01-02 15:04:05 MST"), r.Probe.Site, r.Probe.Scenario)
	if r.Probe.Repeat > 1 {
		fmt.Fprintf(&b, " (%d)", r.Probe.Repeat)
	}
	fmt.Fprintf(&b, "  %s", effects(r.Effects))
	if n := r.Letters; n > 1 && r.Refusal == "" {
		fmt.Fprintf(&b, ", %d mails at most", n)
	}
	b.WriteByte('\n')
	if r.Refusal != "" {
		fmt.Fprintf(&b, "    REFUSED: %s\n", r.Refusal)
		_, err := io.WriteString(out, b.String())
		return err
	}
	if l := r.Letter; l != nil {
		fmt.Fprintf(&b, "    From: %s <%s>\n    To: %s\n    Subject: %s\n", name(r.Persona), l.From, l.To, l.Subject)
		for line := range strings.Lines(strings.TrimSpace(l.Text)) {
			fmt.Fprintf(&b, "    | %s\n", strings.TrimRight(line, "\r\n"))
		}
		fmt.Fprintf(&b, "    waits for answers until %s\n", r.Due.Add(r.Window).Format("Mon 2006-01-02 15:04 MST"))
	}
	for _, l := range r.Then {
		fmt.Fprintf(&b, "    then, if %s (within hours and caps), to %s:\n", l.If, l.To)
		for line := range strings.Lines(strings.TrimSpace(l.Text)) {
			fmt.Fprintf(&b, "    | %s\n", strings.TrimRight(line, "\r\n"))
		}
	}
	for n, s := range r.Steps {
		fmt.Fprintf(&b, "    %d. %s\n", n+1, s)
	}
	_, err := io.WriteString(out, b.String())
	return err
}

func name(p probes.Persona) string { return strings.TrimSpace(p.Given + " " + p.Family) }

func effects(list []evidence.Effect) string {
	if len(list) == 0 {
		return "reads public pages"
	}
	words := make([]string, len(list))
	for i, e := range list {
		words[i] = string(e)
	}
	return "effects: " + strings.Join(words, ", ")
}

// openWave finds the wave to work on: the named one, else the one that is
// planned or under way.
func openWave(ctx context.Context, d *db.DB, id string) (*fieldwork.Wave, error) {
	if id != "" {
		w, err := fieldwork.LoadWave(ctx, d, id)
		if errors.Is(err, fieldwork.ErrNoWave) {
			return nil, fail(exitUsage, err)
		}
		return w, err
	}
	waves, err := fieldwork.Waves(ctx, d)
	if err != nil {
		return nil, err
	}
	for i := len(waves) - 1; i >= 0; i-- {
		if !over(waves[i].State) {
			return &waves[i], nil
		}
	}
	return nil, usage("nothing is planned: `touchstone plan` shows what a wave would do, `touchstone run` then does it")
}

// lastWave finds the wave to show: the named one, else the newest that has begun.
func lastWave(ctx context.Context, d *db.DB, id string) (*fieldwork.Wave, error) {
	if id != "" {
		return openWave(ctx, d, id)
	}
	waves, err := fieldwork.Waves(ctx, d)
	if err != nil {
		return nil, err
	}
	for i := len(waves) - 1; i >= 0; i-- {
		if waves[i].State != fieldwork.WavePlanned {
			return &waves[i], nil
		}
	}
	return nil, usage("no wave has been run yet: `touchstone plan`, then `touchstone run`")
}

// reader opens the database for looking only.
func (a *app) reader(ctx context.Context, p *scenarios.Project) (*db.DB, error) {
	d, err := db.OpenReader(ctx, p.Database)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fail(exitUsage, err)
	}
	return d, err
}
