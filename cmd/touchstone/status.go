package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"touchstone/internal/db"
	"touchstone/internal/fieldwork"
)

// How often `status --follow` draws the table again, and `watch` looks at the record.
const (
	redraw = 2 * time.Second
	look   = time.Second
)

func (a *app) status() *cobra.Command {
	var wave string
	var asJSON, follow bool
	c := &cobra.Command{
		Use:   "status",
		Short: "Show how a wave stands: per site, what is due, open and ended, and when it will be over",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.load()
			if err != nil {
				return err
			}
			d, err := a.reader(cmd.Context(), p)
			if err != nil {
				return err
			}
			defer d.Close()
			ctx, cancel := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
			defer cancel()
			screen := follow && !asJSON && terminal(a.stdout)
			for {
				w, err := currentWave(ctx, d, wave)
				if err != nil {
					return err
				}
				s, err := w.Status(ctx, d, time.Now())
				if err != nil {
					return err
				}
				owner := db.Owner(p.Database)
				if asJSON {
					return a.printJSON(struct {
						fieldwork.Status
						Process int `json:"process"` // that works on it, 0 for none
					}{s, owner})
				}
				if screen {
					fmt.Fprint(a.stdout, "\x1b[H\x1b[2J") // home, and all below cleared
				}
				if err := showStatus(a.stdout, s, owner); err != nil || !screen || over(w.State) {
					return err
				}
				select {
				case <-ctx.Done():
					return nil
				case <-time.After(redraw):
				}
			}
		},
	}
	c.Flags().StringVar(&wave, "wave", "", "the wave (default: the one under way or planned, else the newest)")
	c.Flags().BoolVarP(&follow, "follow", "f", false, "on a terminal, draw it again every 2 s until the wave is over")
	c.Flags().BoolVar(&asJSON, "json", false, "print it as JSON")
	return c
}

// over reports whether nothing will happen to a wave any more.
func over(s fieldwork.WaveState) bool {
	return s == fieldwork.WaveDone || s == fieldwork.WaveAbandoned
}

// currentWave finds the wave that one asks about: the named one, else the one
// under way or planned, else the newest.
func currentWave(ctx context.Context, d *db.DB, id string) (*fieldwork.Wave, error) {
	if id != "" {
		return openWave(ctx, d, id)
	}
	waves, err := fieldwork.Waves(ctx, d)
	if err != nil {
		return nil, err
	}
	if len(waves) == 0 {
		return nil, usage("nothing is planned: `touchstone plan` shows what a wave would do")
	}
	for i := len(waves) - 1; i >= 0; i-- {
		if !over(waves[i].State) {
			return &waves[i], nil
		}
	}
	return &waves[len(waves)-1], nil
}

// showStatus prints a status as a table.
func showStatus(out io.Writer, s fieldwork.Status, owner int) error {
	fmt.Fprintf(out, "Wave %s: %s", s.Wave, s.State)
	switch {
	case s.Stopped:
		fmt.Fprint(out, "; the kill switch is on (`touchstone stop --off` lifts it)")
	case s.State == fieldwork.WaveRunning && owner != 0:
		fmt.Fprintf(out, " by process %d", owner)
	case s.State == fieldwork.WaveRunning:
		fmt.Fprint(out, ", but no process works on it (`touchstone run` goes on)")
	}
	fmt.Fprint(out, "\n\n")
	t := tabwriter.NewWriter(out, 0, 4, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(t, "planned\tdue\trunning\topen\tended\tof\tmail for\t  site\n")
	lines := s.Sites
	if len(lines) > 1 {
		lines = append(slices.Clone(lines), s.All())
	}
	for i := range lines {
		site := &lines[i]
		total, done := site.Total(), tally(site.Ended)
		left := site.Planned + site.Due + site.Running + site.Open
		fmt.Fprintf(t, "%d\t%d\t%d\t%d\t%d\t%d\t%d\t  %s", site.Planned, site.Due, site.Running, site.Open, total-left, total, site.Heard, site.Site)
		if len(done) > 0 {
			fmt.Fprintf(t, ": %s", done)
		}
		fmt.Fprintln(t)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	var ahead []string
	if !s.Next.IsZero() {
		ahead = append(ahead, "next is due "+moment(s.Next, s.At))
	}
	if !s.ETA.IsZero() && s.ETA.After(s.At) {
		ahead = append(ahead, "the last window closes "+moment(s.ETA, s.At))
	}
	if !s.Ended.IsZero() {
		ahead = append(ahead, "ended "+moment(s.Ended, s.At))
	}
	if len(ahead) == 0 {
		return nil
	}
	_, err := fmt.Fprintf(out, "\n%s\n", strings.Join(ahead, "; "))
	return err
}

// moment gives an instant and how far it is: "2026-11-02 15:04 UTC (in 2 h 10 min)".
func moment(t, now time.Time) string {
	text := t.UTC().Format("2006-01-02 15:04 MST")
	d := t.Sub(now)
	switch {
	case d < -time.Minute:
		return text + " (" + span(-d) + " ago)"
	case d < time.Minute:
		return text + " (now)"
	}
	return text + " (in " + span(d) + ")"
}

// span gives a duration in its two largest units.
func span(d time.Duration) string {
	switch days, hours, minutes := int(d.Hours())/24, int(d.Hours())%24, int(d.Minutes())%60; {
	case days > 0:
		return fmt.Sprintf("%d d %d h", days, hours)
	case hours > 0:
		return fmt.Sprintf("%d h %d min", hours, minutes)
	default:
		return fmt.Sprintf("%d min", minutes)
	}
}
