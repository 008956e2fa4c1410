package main

import (
	"context"
	"errors"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"touchstone/internal/db"
	"touchstone/internal/fieldwork"
	"touchstone/scenarios"
)

func (a *app) wave() *cobra.Command {
	c := &cobra.Command{
		Use:   "wave",
		Short: "List, show, close and abandon waves",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(a.waveList(), a.waveShow(), a.waveClose(), a.waveAbandon(), a.waveNewsletters())
	return c
}

// waveLine is one wave in a list.
type waveLine struct {
	ID      string              `json:"id"`
	State   fieldwork.WaveState `json:"state"`
	Planned time.Time           `json:"planned"`
	Started time.Time           `json:"started,omitzero"`
	Ended   time.Time           `json:"ended,omitzero"`
	Sites   int                 `json:"sites"`
	Probes  int                 `json:"probes"`
}

func (a *app) waveList() *cobra.Command {
	asJSON := false
	c := &cobra.Command{
		Use:   "list",
		Short: "List every wave, oldest first",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.reading(cmd.Context(), func(_ *scenarios.Project, d *db.DB) error {
				waves, err := fieldwork.Waves(cmd.Context(), d)
				if err != nil {
					return err
				}
				lines := []waveLine{}
				for _, w := range waves {
					lines = append(lines, waveLine{w.ID, w.State, w.Created, w.Started, w.Ended, len(w.Plan.Sites), w.Probes})
				}
				if asJSON {
					return a.printJSON(lines)
				}
				t := tabwriter.NewWriter(a.stdout, 0, 4, 2, ' ', 0)
				fmt.Fprintln(t, "wave\tstate\tplanned\tstarted\tended\tpanel")
				for _, l := range lines {
					fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s at %s\n", l.ID, l.State, minute(l.Planned), minute(l.Started), minute(l.Ended), count(l.Probes, "probe"), count(l.Sites, "site"))
				}
				return t.Flush()
			})
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print them as JSON")
	return c
}

// minute gives an instant for a table, "–" for none.
func minute(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return t.UTC().Format("2006-01-02 15:04")
}

func (a *app) waveShow() *cobra.Command {
	asJSON := false
	c := &cobra.Command{
		Use:   "show WAVE",
		Short: "Show a wave's plan: every mail and page, as `plan` showed it",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.reading(cmd.Context(), func(_ *scenarios.Project, d *db.DB) error {
				w, err := openWave(cmd.Context(), d, args[0])
				if err != nil {
					return err
				}
				if !asJSON {
					fmt.Fprintf(a.stdout, "Wave %s is %s; planned %s, started %s, ended %s, by touchstone %s.\n",
						w.ID, w.State, minute(w.Created), minute(w.Started), minute(w.Ended), w.Version)
				}
				return a.printPlan(cmd.Context(), d, w, asJSON)
			})
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print it as JSON")
	return c
}

func (a *app) waveClose() *cobra.Command {
	var offline, asJSON bool
	c := &cobra.Command{
		Use:   "close WAVE",
		Short: "End a running wave now; what is not known yet could not be tested",
		Long: `Close looks at the mailbox once more and ends every probe of a running wave with
what is true by now. A thread that a person answered is completed. Silence is
concluded only where the window has really closed. All else could not be tested,
"closed early by the operator", and withholds rather than counts against the
site. Newsletters that the wave has signed up to are left first, unless the kill
switch is on; nothing else is sent, and nothing is deleted. Which may still come
is listed.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.owning(cmd.Context(), func(p *scenarios.Project, d *db.DB) error {
				w, err := openWave(cmd.Context(), d, args[0])
				if err != nil {
					return err
				}
				latest, err := fieldwork.Latest(cmd.Context(), d)
				if err != nil {
					return err
				}
				browser, done, err := a.leaving(cmd.Context(), p, d, w.ID)
				if err != nil {
					return err
				}
				defer done()
				e := &fieldwork.Engine{
					DB: d, Evidence: d.Evidence(p.Evidence), Kinds: byName(kinds(browser)), Clock: fieldwork.NewSteady(latest, a.log),
					Log: a.log,
				}
				if !offline {
					if e.Post, err = a.post(p); err != nil {
						return usage("%w (--without-mailbox closes without a last look, and concludes no silence)", err)
					}
				}
				if err := e.Close(cmd.Context(), w.ID); err != nil {
					return wrongState(err)
				}
				t, err := outcomes(cmd.Context(), d, w.ID)
				if err != nil {
					return err
				}
				left, err := a.subscribed(cmd.Context(), p, d, w.ID)
				if err != nil {
					return err
				}
				if asJSON {
					return a.printJSON(map[string]any{"wave": w.ID, "outcomes": t, "subscribed": left})
				}
				_, err = fmt.Fprintf(a.stdout, "Wave %s is closed: %s.\n", w.ID, t)
				a.tellSubscribed(left)
				return err
			})
		},
	}
	c.Flags().BoolVar(&offline, "without-mailbox", false, "take no last look at the mailbox, and conclude no silence")
	c.Flags().BoolVar(&asJSON, "json", false, "print how it ended as JSON")
	return c
}

func (a *app) waveAbandon() *cobra.Command {
	return &cobra.Command{
		Use:   "abandon WAVE",
		Short: "Give a wave up: drop one that was only planned, mark one under way",
		Long: `Abandon drops a wave that was only planned. One under way is marked, and is
never run again; the ledger of what was sent and all that was recorded stay. It
sends nothing: newsletters that are still subscribed are listed, with how each is
left. ` + "`touchstone wave close`" + ` leaves them by itself.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.owning(cmd.Context(), func(p *scenarios.Project, d *db.DB) error {
				w, err := openWave(cmd.Context(), d, args[0])
				if err != nil {
					return err
				}
				left, err := a.subscribed(cmd.Context(), p, d, w.ID)
				if err != nil {
					return err
				}
				dropped, err := fieldwork.Abandon(cmd.Context(), d, w.ID, time.Now())
				if err != nil {
					return wrongState(err)
				}
				if dropped {
					_, err = fmt.Fprintf(a.stdout, "Wave %s was only planned, and is dropped.\n", w.ID)
				} else {
					_, err = fmt.Fprintf(a.stdout, "Wave %s is abandoned; what it recorded stays.\n", w.ID)
				}
				a.tellSubscribed(left)
				return err
			})
		},
	}
}

func wrongState(err error) error {
	if errors.Is(err, fieldwork.ErrNotOpen) {
		return usage("%w: `touchstone wave list` shows how each stands", err)
	}
	return err
}

// reading loads the project and opens its database for looking only.
func (a *app) reading(ctx context.Context, f func(*scenarios.Project, *db.DB) error) error {
	p, err := a.load()
	if err != nil {
		return err
	}
	d, err := a.reader(ctx, p)
	if err != nil {
		return err
	}
	defer d.Close()
	return f(p, d)
}

// owning loads the project and takes its database, which no other process may
// work on meanwhile.
func (a *app) owning(ctx context.Context, f func(*scenarios.Project, *db.DB) error) (err error) {
	p, err := a.load()
	if err != nil {
		return err
	}
	d, err := db.Open(ctx, p.Database)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if err := fieldwork.Settle(ctx, d); err != nil {
		return err
	}
	return f(p, d)
}
