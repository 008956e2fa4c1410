package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/oauth2"

	"touchstone/internal/fieldwork"
	"touchstone/probes"
	"touchstone/probes/mail"
	"touchstone/scenarios"
)

func (a *app) mail() *cobra.Command {
	c := &cobra.Command{Use: "mail", Short: "The mail accounts", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error { return c.Help() }}
	c.AddCommand(a.mailLogin())
	return c
}

func (a *app) mailLogin() *cobra.Command {
	device := false
	c := &cobra.Command{
		Use:   "login [USERNAME]",
		Short: "Log in to an account that uses OAuth 2; the log-in is kept in a file of yours",
		Long: `Login asks the provider of an account with ` + "`oauth:`" + ` for leave to use its mail,
without the password. It prints an address: open it in a browser on this machine,
log in as the owner of the mailbox, and grant what is asked for. With --device,
it prints a page and a code to type there, on any device.

What the provider gives is kept in one file that only you may read, beside your
other settings, or where ` + "`oauth: {keep: FILE}`" + ` says; never in the project's
database, and in no log. Do it again when the provider has ended the log-in.

The client id is yours to make; docs/accounts.md says how.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := a.load()
			if err != nil {
				return err
			}
			m, err := accountToLogIn(p, args)
			if err != nil {
				return err
			}
			acc, err := a.account(m)
			if err != nil {
				return fail(exitUsage, err)
			}
			ctx, cancel := context.WithTimeout(cmd.Context(), 15*time.Minute)
			defer cancel()
			if device {
				err = acc.IMAP.OAuth.LoginDevice(ctx, func(address, code string) {
					fmt.Fprintf(a.stdout, "Open %s on any device, type %s, and log in as %s.\n", address, code, acc.IMAP.Username)
				})
			} else {
				err = acc.IMAP.OAuth.Login(ctx, acc.IMAP.Username, m.OAuth.Redirect, func(address string) {
					fmt.Fprintf(a.stdout, "Open this in a browser on this machine, and log in as %s:\n\n%s\n\n", acc.IMAP.Username, address)
				})
			}
			if err != nil {
				return err
			}
			fmt.Fprintf(a.stdout, "Logged in. The log-in is kept in %s.\n", acc.IMAP.OAuth.File)
			if err := acc.Test(ctx); err != nil {
				return fmt.Errorf("the provider gave leave, but a server does not take it: %w", err)
			}
			_, err = fmt.Fprintf(a.stdout, "%s and %s take it.\n", acc.SMTP.Host, acc.IMAP.Host)
			return err
		},
	}
	c.Flags().BoolVar(&device, "device", false, "log in on another device, by a code")
	return c
}

// accountToLogIn chooses the account: the one of that name, else the only one.
func accountToLogIn(p *scenarios.Project, args []string) (scenarios.Mail, error) {
	var with []scenarios.Mail
	var names []string
	for _, m := range p.Accounts() {
		if m.OAuth != nil {
			with, names = append(with, m), append(names, m.IMAP.Username)
		}
	}
	switch {
	case len(with) == 0:
		return scenarios.Mail{}, usage("no account in touchstone.yaml has `oauth:`: docs/accounts.md shows one")
	case len(args) == 0 && len(with) == 1:
		return with[0], nil
	case len(args) == 0:
		return scenarios.Mail{}, usage("say which account: %s", strings.Join(names, ", "))
	}
	if i := slices.Index(names, args[0]); i >= 0 {
		return with[i], nil
	}
	return scenarios.Mail{}, usage("no account with `oauth:` is called %q: there is %s", args[0], strings.Join(names, ", "))
}

// account resolves the secrets of a mail account. From here on the redactor
// knows them.
func (a *app) account(m scenarios.Mail) (mail.Account, error) {
	var acc mail.Account
	var oauth *mail.OAuth
	if m.OAuth != nil {
		var err error
		if oauth, err = a.oauth(m); err != nil {
			return acc, err
		}
	}
	for _, end := range []struct {
		from scenarios.Server
		to   *mail.Server
	}{{m.SMTP, &acc.SMTP}, {m.IMAP, &acc.IMAP}} {
		s := end.from
		*end.to = mail.Server{Host: s.Host, Port: s.Port, Security: s.Security, Username: s.Username, OAuth: oauth}
		if oauth == nil {
			password, err := s.Password.Resolve(a.getenv)
			if err != nil {
				return acc, err
			}
			a.redactor.Add(password)
			end.to.Password = password
		}
		roots, err := authority(s.CA, s.Host)
		if err != nil {
			return acc, err
		}
		end.to.Roots = roots
	}
	acc.Log = a.log
	return acc, nil
}

func (a *app) oauth(m scenarios.Mail) (*mail.OAuth, error) {
	from := m.OAuth
	o := &mail.OAuth{File: from.Keep, Hide: a.redactor.Add, Config: oauth2.Config{
		ClientID: from.ClientID, Scopes: from.Scopes,
		// the same for every provider: to try both ways would show a secret twice
		Endpoint: oauth2.Endpoint{AuthURL: from.AuthoriseURL, TokenURL: from.ExchangeURL, DeviceAuthURL: from.DeviceURL, AuthStyle: oauth2.AuthStyleInParams},
	}}
	if from.ClientSecret != (scenarios.Secret{}) {
		secret, err := from.ClientSecret.Resolve(a.getenv)
		if err != nil {
			return nil, err
		}
		a.redactor.Add(secret)
		o.Config.ClientSecret = secret
	}
	roots, err := authority(from.CA, "the provider")
	if err != nil {
		return nil, err
	}
	if roots != nil {
		t := http.DefaultTransport.(*http.Transport).Clone()
		t.TLSClientConfig = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
		o.HTTP = &http.Client{Timeout: 30 * time.Second, Transport: t}
	}
	if o.File == "" {
		dir := a.getenv("XDG_CONFIG_HOME")
		if dir == "" {
			if dir, err = os.UserConfigDir(); err != nil {
				return nil, fmt.Errorf("where the log-in is kept: %w: write `oauth: {keep: FILE}`", err)
			}
		}
		// the hash keeps two clients of one user apart
		sum := sha256.Sum256([]byte(from.ClientID + "\n" + from.ExchangeURL + "\n" + m.IMAP.Username))
		o.File = filepath.Join(dir, "touchstone", "log-in-"+noLetter.ReplaceAllString(m.IMAP.Username, "-")+"-"+hex.EncodeToString(sum[:4])+".json")
	}
	return o, nil
}

var noLetter = regexp.MustCompile(`[^A-Za-z0-9.]+`)

// authority reads a private one; no file stands for the system's.
func authority(file, of string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("the private authority of %s: %w", of, err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%s holds no PEM certificate", filepath.Base(file))
	}
	return pool, nil
}

// The folders that are watched in every account.
const (
	inboxFolder = "INBOX"
	junkFolder  = "Junk" // whatever the server calls it
)

// post fits the mail accounts to what fieldwork asks of them; nil where there
// is none. A letter's sender says which account it is of.
func (a *app) post(p *scenarios.Project) (*fieldwork.Post, error) {
	if p.Mail == nil {
		return nil, nil
	}
	type watched struct {
		account mail.Account
		folder  string
	}
	boxes := map[string]watched{}
	post := &fieldwork.Post{}
	owned := p.Accounts()
	accounts := make([]mail.Account, len(owned))
	for i, m := range owned {
		acc, err := a.account(m)
		if err != nil {
			return nil, err
		}
		accounts[i] = acc
		for _, folder := range append([]string{inboxFolder, junkFolder}, m.Folders...) {
			name := folder
			if i > 0 { // the first account's folders have had their plain names since it was the only one
				name = acc.IMAP.Username + ": " + folder
			}
			if _, twice := boxes[name]; twice {
				continue
			}
			boxes[name] = watched{acc, folder}
			post.Mailboxes = append(post.Mailboxes, name)
		}
	}
	post.Check = func(ctx context.Context) error {
		var faults []error
		for _, acc := range accounts {
			faults = append(faults, acc.Test(ctx))
		}
		return errors.Join(faults...)
	}
	post.Send = func(ctx context.Context, l probes.Letter) probes.Delivery {
		i := slices.IndexFunc(owned, func(m scenarios.Mail) bool { return m.Owns(l.From) })
		if i < 0 {
			return probes.Delivery{State: probes.Deferred, Ours: true, Detail: fmt.Sprintf("no account in touchstone.yaml has the address %s: put the account back that the wave was planned with", l.From)}
		}
		return accounts[i].Send(ctx, l)
	}
	post.Find = func(ctx context.Context, id string) (bool, error) {
		var faults []error
		for _, acc := range accounts {
			found, err := acc.FindSent(ctx, id)
			if found {
				return true, nil
			}
			faults = append(faults, err)
		}
		return false, errors.Join(faults...)
	}
	post.Watch = func(ctx context.Context, w fieldwork.Watch) error {
		box := boxes[w.Mailbox]
		return box.account.Watch(ctx, mail.Watch{
			Mailbox: cmp.Or(box.folder, w.Mailbox), Junk: box.folder == junkFolder, From: w.From, Poke: w.Poke, CaughtUp: w.CaughtUp, State: w.State,
			Store: func(ctx context.Context, ms ...mail.Incoming) error {
				list := make([]fieldwork.Incoming, len(ms))
				for i, m := range ms {
					list[i] = fieldwork.Incoming(m)
					list[i].Mailbox = w.Mailbox
				}
				return w.Store(ctx, list...)
			},
		})
	}
	return post, nil
}
