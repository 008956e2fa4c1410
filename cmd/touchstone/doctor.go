package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"touchstone/internal/db"
	"touchstone/probes/web"
	"touchstone/scenarios"
)

// check is one thing that doctor tried.
type check struct {
	Name   string `json:"name"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail"`
}

func (a *app) doctor() *cobra.Command {
	asJSON := false
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Try the browser, the mail account and the database for real; nothing is sent",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.load()
			if err != nil {
				return err
			}
			ctx, cancel := context.WithTimeout(cmd.Context(), 2*time.Minute)
			defer cancel()
			var checks []check
			try := func(name string, f func() (string, error)) {
				detail, err := f()
				if err != nil {
					detail = err.Error()
				}
				checks = append(checks, check{name, err == nil, detail})
			}
			try("browser", func() (string, error) {
				tmp, err := os.MkdirTemp("", "touchstone-")
				if err != nil {
					return "", err
				}
				defer os.RemoveAll(tmp)
				b, err := web.Open(browsing(p, tmp, a.log))
				if err != nil {
					return "", err
				}
				defer b.Close()
				n, err := b.Nature(ctx)
				return n.String(), err
			})
			if p.Mail == nil {
				try("mail account", func() (string, error) {
					return "", errors.New("touchstone.yaml has no `mail:`; scenarios that write mail can't be planned")
				})
			}
			for _, m := range p.Accounts() {
				name := "mail account"
				if len(p.MoreMail) > 0 {
					name += " " + m.Address
				}
				try(name, func() (string, error) {
					acc, err := a.account(m)
					if err != nil {
						return "", err
					}
					if err := acc.Test(ctx); err != nil {
						return "", err
					}
					return fmt.Sprintf("logged in to %s:%d (%s) and %s:%d (%s)", acc.SMTP.Host, acc.SMTP.Port, acc.SMTP.Security, acc.IMAP.Host, acc.IMAP.Port, acc.IMAP.Security), nil
				})
			}
			try("database", func() (string, error) {
				d, err := db.Open(ctx, p.Database)
				by := ""
				if errors.Is(err, db.ErrLocked) { // a run is at work, and may well be
					by = fmt.Sprintf("; process %d works on it", db.Owner(p.Database))
					d, err = db.OpenReader(ctx, p.Database)
				}
				if err != nil {
					return "", err
				}
				have, known, err := d.Version(ctx)
				if err := errors.Join(err, d.Close()); err != nil {
					return "", err
				}
				return fmt.Sprintf("%s, schema version %d; this program knows up to %d%s", p.Database, have, known, by), nil
			})
			try("retention", func() (string, error) { return a.retention(ctx, p, time.Now()) })
			bad := 0
			for _, c := range checks {
				if !c.OK {
					bad++
				}
			}
			if asJSON {
				if err := a.printJSON(checks); err != nil {
					return err
				}
			} else {
				for _, c := range checks {
					mark := "ok  "
					if !c.OK {
						mark = "FAIL"
					}
					fmt.Fprintf(a.stdout, "%s  %s: %s\n", mark, c.Name, c.Detail)
				}
			}
			if bad > 0 {
				return fail(exitInconclusive, fmt.Errorf("%d of %d checks failed", bad, len(checks)))
			}
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print the checks as JSON")
	return c
}

// retention reminds of proof that is older than the project keeps it. It is no
// fault, and nothing is removed.
func (a *app) retention(ctx context.Context, p *scenarios.Project, now time.Time) (string, error) {
	if p.Retention == 0 {
		return "touchstone.yaml says nothing of how long raw mails and pictures are kept: add `retention: 90d`", nil
	}
	kept := "raw mails and pictures are kept for " + days(p.Retention)
	d, err := db.OpenReader(ctx, p.Database)
	if isOneOf(err, db.ErrNoDatabase, db.ErrOlder) {
		return kept, nil
	}
	if err != nil {
		return "", err
	}
	old, err := d.Evidence(p.Evidence).Prune(ctx, db.Pruning{Before: now.Add(-p.Retention), Now: now, DryRun: true})
	if err := errors.Join(err, d.Close()); err != nil {
		return "", err
	}
	var bytes int64
	for _, w := range old {
		bytes += w.Bytes
	}
	if len(old) == 0 {
		return kept + "; nothing is older", nil
	}
	return fmt.Sprintf("%s; %s is older: `touchstone evidence prune` removes it", kept, size(bytes)), nil
}
