package main

import (
	"fmt"
	"os"
	"os/user"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"

	"github.com/spf13/cobra"

	"touchstone/internal/db"
	"touchstone/internal/evidence"
	"touchstone/internal/fieldwork"
	"touchstone/internal/reading"
	"touchstone/scenarios"
)

func (a *app) inbox() *cobra.Command {
	asJSON := false
	c := &cobra.Command{
		Use:   "inbox",
		Short: "List the mails that arrived and belong to no probe, show them, and assign them by hand",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.reading(cmd.Context(), func(_ *scenarios.Project, d *db.DB) error {
				strays, err := fieldwork.Strays(cmd.Context(), d)
				if err != nil {
					return err
				}
				if asJSON {
					return a.printJSON(append([]fieldwork.Stray{}, strays...))
				}
				if len(strays) == 0 {
					_, err := fmt.Fprintln(a.stdout, "Every mail that arrived belongs to a probe.")
					return err
				}
				t := tabwriter.NewWriter(a.stdout, 0, 4, 2, ' ', 0)
				fmt.Fprintln(t, "id\treceived\tmailbox\tfrom\tsubject")
				for _, s := range strays {
					fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", s.ID, minute(s.Received), s.Mailbox, printable(s.From), printable(s.Subject))
				}
				return t.Flush()
			})
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print them as JSON")
	c.AddCommand(a.inboxShow(), a.inboxAssign(), a.inboxUnassign())
	return c
}

// printable keeps a stranger's words from moving the terminal's cursor.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, s)
}

func (a *app) inboxShow() *cobra.Command {
	var raw, asJSON bool
	c := &cobra.Command{
		Use:   "show ID",
		Short: "Show a mail that arrived: whose it is, and what it says",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.reading(cmd.Context(), func(_ *scenarios.Project, d *db.DB) error {
				k, err := fieldwork.FindMail(cmd.Context(), d, args[0])
				if err != nil {
					return inboxFault(err)
				}
				if raw {
					if k.Pruned != "" {
						return usage("mail %s: %s", args[0], k.Pruned)
					}
					_, err := a.stdout.Write(k.Raw)
					return err
				}
				m := reading.Parse(k.Raw)
				if asJSON {
					return a.printJSON(struct {
						fieldwork.Kept
						From    string `json:"from"`
						Subject string `json:"subject"`
						Text    string `json:"text"`
					}{k, m.From.Email, m.Subject, m.Own})
				}
				return a.showMail(k, m)
			})
		},
	}
	c.Flags().BoolVar(&raw, "raw", false, "print the mail as it came")
	c.Flags().BoolVar(&asJSON, "json", false, "print it as JSON")
	c.MarkFlagsMutuallyExclusive("raw", "json")
	return c
}

func (a *app) showMail(k fieldwork.Kept, m reading.Mail) error {
	var b strings.Builder
	fmt.Fprintf(&b, "Mail %s in %s, received %s UTC\n", k.Ref, strings.Join(k.Mailboxes, ", "), minute(k.Received))
	if k.Matched == "" {
		b.WriteString("It belongs to no probe.\n")
	} else {
		fmt.Fprintf(&b, "It belongs to %s, matched by %s.\n", k.Probe, k.Matched)
	}
	for _, as := range k.Assignments {
		to := "taken away from its probe"
		if as.Probe.Wave != "" {
			to = "assigned to " + as.Probe.String()
		}
		fmt.Fprintf(&b, "%s: %s by %s: %s\n", minute(as.At), to, printable(as.Who), printable(as.Why))
	}
	if k.Pruned != "" {
		fmt.Fprintf(&b, "%s\n", k.Pruned)
	} else {
		fmt.Fprintf(&b, "From: %s\nSubject: %s\n", printable(m.From.Email), printable(m.Subject))
		for line := range strings.Lines(strings.TrimSpace(m.Own)) {
			fmt.Fprintf(&b, "| %s\n", printable(strings.TrimRight(line, "\r\n")))
		}
	}
	_, err := fmt.Fprint(a.stdout, b.String())
	return err
}

func (a *app) inboxAssign() *cobra.Command {
	var why, by string
	c := &cobra.Command{
		Use:   "assign ID PROBE",
		Short: "Give a mail to the probe that it answers, by hand",
		Long: `Assign says whose answer a mail is that no rule could match: a shop that wrote
from another address to another of ours. PROBE is WAVE/SITE/SCENARIO/REPEAT, as
` + "`touchstone wave show`" + ` names it. Who, when and why are kept, and the report's
record says that it was matched by hand. It works beside a run.`,
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			probe, err := fieldwork.ParseProbe(args[1])
			if err != nil {
				return inboxFault(err)
			}
			return a.deciding(cmd, why, by, func(d *db.DB, as fieldwork.Assignment) error {
				as.Probe = probe
				k, ended, err := fieldwork.Assign(cmd.Context(), d, args[0], as)
				if err != nil {
					return inboxFault(err)
				}
				fmt.Fprintf(a.stdout, "Mail %.10s belongs to %s now.\n", k.Ref, probe)
				if ended {
					fmt.Fprintln(a.stdout, "The probe has ended: its observation stays as it is until the wave is read again.")
				} else {
					fmt.Fprintln(a.stdout, "The probe is open: its reading takes the mail up.")
				}
				return nil
			})
		},
	}
	decisionFlags(c, &why, &by)
	return c
}

func (a *app) inboxUnassign() *cobra.Command {
	var why, by string
	c := &cobra.Command{
		Use:   "unassign ID",
		Short: "Take a mail that was assigned by hand away from its probe",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.deciding(cmd, why, by, func(d *db.DB, as fieldwork.Assignment) error {
				k, err := fieldwork.Unassign(cmd.Context(), d, args[0], as)
				if err != nil {
					return inboxFault(err)
				}
				_, err = fmt.Fprintf(a.stdout, "Mail %.10s belongs to no probe any more; it was %s's.\n", k.Ref, k.Probe)
				return err
			})
		},
	}
	decisionFlags(c, &why, &by)
	return c
}

func decisionFlags(c *cobra.Command, why, by *string) {
	c.Flags().StringVar(why, "why", "", "the reason, for the record (needed)")
	c.Flags().StringVar(by, "by", "", "who decides (default: who is logged in here)")
}

// deciding opens the database beside whoever works on it, for a decision by a
// person.
func (a *app) deciding(cmd *cobra.Command, why, by string, f func(*db.DB, fieldwork.Assignment) error) error {
	if strings.TrimSpace(why) == "" {
		return usage("say why, for the record: --why \"the shop's desk answers from another address\"")
	}
	p, err := a.load()
	if err != nil {
		return err
	}
	d, err := db.OpenBeside(cmd.Context(), p.Database)
	if err != nil {
		return err
	}
	defer d.Close()
	return f(d, fieldwork.Assignment{At: time.Now(), Who: first(by, a.person()), Why: why})
}

// person names whoever is logged in.
func (a *app) person() string {
	if u, err := user.Current(); err == nil {
		return first(u.Username, u.Uid)
	}
	return fmt.Sprintf("user %d", os.Getuid())
}

func inboxFault(err error) error {
	if isOneOf(err, fieldwork.ErrNoMail, fieldwork.ErrNoProbe, fieldwork.ErrAssigned, fieldwork.ErrNotByHand, evidence.ErrNotFound) {
		return fail(exitUsage, err)
	}
	return err
}
