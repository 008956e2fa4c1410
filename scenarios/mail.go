package scenarios

import (
	"cmp"
	"net/url"
	"os"
	"slices"
	"strings"
)

// The shape of a mail account.
type mailEntry struct {
	Address  string      `json:"address" jsonschema:"format=address" jsonschema_description:"the shopper's address with {probe} in it, such as shopper+{probe}@example.net"`
	Provider string      `json:"provider,omitempty" jsonschema:"enum=gmail,enum=microsoft365" jsonschema_description:"a large provider, whose servers and addresses for logging in are known"`
	Username string      `json:"username,omitempty" jsonschema:"format=words" jsonschema_description:"who logs in, at both servers unless they say otherwise"`
	Password *secretRef  `json:"password,omitempty" jsonschema_description:"where the password is, for both servers: {env: NAME} or {file: path}"`
	OAuth    *oauthEntry `json:"oauth,omitempty" jsonschema_description:"in place of a password: a person logs in once, with touchstone mail login"`
	SMTP     smtpEntry   `json:"smtp,omitzero" jsonschema_description:"the server that takes our mails"`
	IMAP     imapEntry   `json:"imap,omitzero" jsonschema_description:"the server that holds the answers"`
	Folders  []string    `json:"folders,omitempty" jsonschema_description:"folders to watch beside INBOX and the one for spam, as the server spells them"`
}

type smtpEntry struct {
	Host     string     `json:"host,omitempty" jsonschema:"format=hostname" jsonschema_description:"name of the server"`
	Port     int        `json:"port,omitempty" jsonschema:"minimum=1,maximum=65535" jsonschema_description:"587 for starttls, 465 for tls, unless given"`
	Security string     `json:"security,omitempty" jsonschema:"enum=starttls,enum=tls,default=starttls" jsonschema_description:"how the connection is protected; there is no way to switch it off"`
	Username string     `json:"username,omitempty" jsonschema:"format=words" jsonschema_description:"who logs in"`
	Password *secretRef `json:"password,omitempty" jsonschema_description:"where the password is: {env: NAME} or {file: path}"`
	CA       string     `json:"ca,omitempty" jsonschema_description:"PEM file of a private certificate authority"`
}

type imapEntry struct {
	Host     string     `json:"host,omitempty" jsonschema:"format=hostname" jsonschema_description:"name of the server"`
	Port     int        `json:"port,omitempty" jsonschema:"minimum=1,maximum=65535" jsonschema_description:"993 for tls, 143 for starttls, unless given"`
	Security string     `json:"security,omitempty" jsonschema:"enum=starttls,enum=tls,default=tls" jsonschema_description:"how the connection is protected; there is no way to switch it off"`
	Username string     `json:"username,omitempty" jsonschema:"format=words" jsonschema_description:"who logs in"`
	Password *secretRef `json:"password,omitempty" jsonschema_description:"where the password is: {env: NAME} or {file: path}"`
	CA       string     `json:"ca,omitempty" jsonschema_description:"PEM file of a private certificate authority"`
}

type oauthEntry struct {
	ClientID     string     `json:"client-id" jsonschema:"format=words" jsonschema_description:"the client that you made at the provider; docs/accounts.md says how"`
	ClientSecret *secretRef `json:"client-secret,omitempty" jsonschema_description:"where its secret is, if it has one: {env: NAME} or {file: path}"`
	Tenant       string     `json:"tenant,omitempty" jsonschema:"format=words,default=common" jsonschema_description:"the organisation at Microsoft 365"`
	AuthoriseURL string     `json:"authorise-url,omitempty" jsonschema_description:"page where a person logs in, of a provider that is not known"`
	ExchangeURL  string     `json:"exchange-url,omitempty" jsonschema_description:"where that log-in is exchanged (the token endpoint), likewise"`
	DeviceURL    string     `json:"device-url,omitempty" jsonschema_description:"where another device may log in, if the provider allows it"`
	Scopes       []string   `json:"scopes,omitempty" jsonschema_description:"what leave is asked for, of a provider that is not known"`
	Keep         string     `json:"keep,omitempty" jsonschema_description:"file that keeps the log-in, instead of one among the user's settings"`
	CA           string     `json:"ca,omitempty" jsonschema_description:"PEM file of a private certificate authority, for these addresses"`
}

type secretRef struct {
	Env  string `json:"env,omitempty" jsonschema:"format=env-name" jsonschema_description:"the environment variable that holds it"`
	File string `json:"file,omitempty" jsonschema_description:"the file that holds it and nothing else"`
}

// A provider is what is known of a large one.
type provider struct {
	smtp, imap Server
	oauth      OAuth // TENANT stands for the organisation
}

// Sources: Google's "OAuth 2.0 for mobile and desktop apps" and "XOAUTH2
// protocol"; Microsoft's "Authenticate an IMAP, POP or SMTP connection using
// OAuth" and "POP, IMAP, and SMTP settings". Google lets no device without a
// browser log in to mail.
var providers = map[string]provider{
	"gmail": {
		smtp: Server{Host: "smtp.gmail.com", Security: "tls"},
		imap: Server{Host: "imap.gmail.com", Security: "tls"},
		oauth: OAuth{
			AuthoriseURL: "https://accounts.google.com/o/oauth2/v2/auth", ExchangeURL: "https://oauth2.googleapis.com/token",
			Scopes: []string{"https://mail.google.com/"}, Redirect: "127.0.0.1",
		},
	},
	"microsoft365": {
		smtp: Server{Host: "smtp.office365.com", Security: "starttls"},
		imap: Server{Host: "outlook.office365.com", Security: "tls"},
		oauth: OAuth{
			AuthoriseURL: "https://login.microsoftonline.com/TENANT/oauth2/v2.0/authorize", ExchangeURL: "https://login.microsoftonline.com/TENANT/oauth2/v2.0/token",
			DeviceURL: "https://login.microsoftonline.com/TENANT/oauth2/v2.0/devicecode",
			Scopes:    []string{"https://outlook.office.com/IMAP.AccessAsUser.All", "https://outlook.office.com/SMTP.Send", "offline_access"}, Redirect: "localhost",
		},
	},
}

// accounts reads the mail accounts of a project.
func (ld *loader) accounts(d *document, f projectFile, p *Project) {
	if f.Mail == nil {
		if len(f.MoreMail) > 0 {
			d.wrong(d.at("more-mail"), "the first account belongs under `mail`")
		}
		return
	}
	p.Mail = ld.account(d, f.Mail, "mail")
	for i := range f.MoreMail {
		p.MoreMail = append(p.MoreMail, *ld.account(d, &f.MoreMail[i], "more-mail", i))
	}
	all := p.Accounts()
	for i := range all {
		for j := range i {
			if all[i].mayBe(all[j]) {
				d.wrong(all[i].Pos, "the address %q can't be told from %q of another account: a probe's address must say whose it is", all[i].Address, all[j].Address)
			}
		}
	}
}

// account reads one, which stands at a path.
func (ld *loader) account(d *document, f *mailEntry, path ...any) *Mail {
	at := func(more ...any) Pos { return d.at(slices.Concat(path, more)...) }
	known, ok := providers[f.Provider]
	mistyped := f.Provider != "" && !ok // which was said
	m := &Mail{Address: f.Address, Folders: f.Folders, Pos: at("address")}
	m.SMTP = Server{
		Host: cmp.Or(f.SMTP.Host, known.smtp.Host), Port: f.SMTP.Port, Security: cmp.Or(f.SMTP.Security, known.smtp.Security, "starttls"), Username: cmp.Or(f.SMTP.Username, f.Username),
	}
	m.IMAP = Server{
		Host: cmp.Or(f.IMAP.Host, known.imap.Host), Port: f.IMAP.Port, Security: cmp.Or(f.IMAP.Security, known.imap.Security, "tls"), Username: cmp.Or(f.IMAP.Username, f.Username),
	}
	for _, end := range []struct {
		name     string
		about    string
		absent   bool
		server   *Server
		password *secretRef
		ca       string
		ports    map[string]int
	}{
		{"smtp", "the server that takes our mails", f.SMTP == smtpEntry{}, &m.SMTP, f.SMTP.Password, f.SMTP.CA, map[string]int{"starttls": 587, "tls": 465}},
		{"imap", "the server that holds the answers", f.IMAP == imapEntry{}, &m.IMAP, f.IMAP.Password, f.IMAP.CA, map[string]int{"starttls": 143, "tls": 993}},
	} {
		s := end.server
		s.Port = cmp.Or(s.Port, end.ports[s.Security])
		s.CA = ld.ca(d, end.ca, at(end.name, "ca"))
		missing := func(key, why string) { d.wrong(at(end.name), "missing key %q (%s)", key, why) }
		switch {
		case s.Host != "" || mistyped:
		case end.absent:
			d.wrong(at(), "missing key %q (%s; or name the `provider`: gmail or microsoft365)", end.name, end.about)
			continue
		default:
			missing("host", "name of the server")
		}
		if s.Username == "" {
			missing("username", "who logs in")
		}
		switch {
		case end.password != nil && f.OAuth != nil:
			d.wrong(at(end.name, "password"), "an account logs in with `password` or with `oauth`: leave one out")
		case end.password != nil:
			s.Password = ld.secret(d, "password", end.password, at(end.name, "password"))
		case f.Password != nil:
			s.Password = ld.secret(d, "password", f.Password, at("password"))
		case f.OAuth == nil:
			missing("password", "where the password is: {env: NAME} or {file: path}")
		}
	}
	if f.OAuth != nil {
		if f.Password != nil {
			d.wrong(at("password"), "an account logs in with `password` or with `oauth`: leave one out")
		}
		m.OAuth = ld.oauth(d, f, at)
	}
	return m
}

func (ld *loader) oauth(d *document, f *mailEntry, at func(...any) Pos) *OAuth {
	e, known := f.OAuth, providers[f.Provider].oauth
	o := &OAuth{
		ClientID: e.ClientID, Keep: ld.path(e.Keep), CA: ld.ca(d, e.CA, at("oauth", "ca")), Scopes: e.Scopes,
		Redirect: cmp.Or(known.Redirect, "127.0.0.1"), Pos: at("oauth"),
	}
	if len(o.Scopes) == 0 {
		o.Scopes = known.Scopes
	}
	if e.ClientSecret != nil {
		o.ClientSecret = ld.secret(d, "client's secret", e.ClientSecret, at("oauth", "client-secret"))
	}
	tenant := url.PathEscape(cmp.Or(e.Tenant, "common"))
	if e.Tenant != "" && f.Provider != "microsoft365" {
		d.wrong(at("oauth", "tenant"), "only `provider: microsoft365` has tenants")
	}
	for _, u := range []struct {
		key, given, known string
		into              *string
		needed            bool
	}{
		{"authorise-url", e.AuthoriseURL, known.AuthoriseURL, &o.AuthoriseURL, e.DeviceURL == ""},
		{"exchange-url", e.ExchangeURL, known.ExchangeURL, &o.ExchangeURL, true},
		{"device-url", e.DeviceURL, known.DeviceURL, &o.DeviceURL, false},
	} {
		*u.into = strings.Replace(cmp.Or(u.given, u.known), "TENANT", tenant, 1)
		if *u.into == "" && u.needed {
			d.wrong(at("oauth"), "missing key %q (or name the `provider`: gmail or microsoft365)", u.key)
		}
		if u.given != "" && !safeURL(u.given) {
			d.wrong(at("oauth", u.key), "%q is not an address that begins with https://", u.given)
		}
	}
	if len(o.Scopes) == 0 {
		d.wrong(at("oauth"), `missing key "scopes" (or name the `+"`provider`"+`: gmail or microsoft365)`)
	}
	return o
}

// safeURL takes https, and http only where it does not leave the machine.
func safeURL(s string) bool {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.User != nil {
		return false
	}
	return u.Scheme == "https" || u.Scheme == "http" && slices.Contains([]string{"127.0.0.1", "::1", "localhost"}, u.Hostname())
}

func (ld *loader) ca(d *document, name string, at Pos) string {
	file := ld.path(name)
	if file == "" {
		return ""
	}
	if _, err := os.Stat(file); err != nil {
		d.wrong(at, "the certificate file %q is not there", name)
	}
	return file
}

func (ld *loader) secret(d *document, what string, ref *secretRef, at Pos) Secret {
	if !slices.Contains([]string{ref.Env, ref.File}, "") || ref.Env+ref.File == "" {
		d.wrong(at, "say where the %s is: either {env: NAME} or {file: path}", what)
	}
	return Secret{Env: ref.Env, File: ld.path(ref.File), Pos: at}
}

// Accounts gives all mail accounts, the first of them first.
func (p *Project) Accounts() []Mail {
	if p.Mail == nil {
		return nil
	}
	return append([]Mail{*p.Mail}, p.MoreMail...)
}

// Owns reports whether an address is one of those that the account gives to
// its probes.
func (m Mail) Owns(address string) bool {
	before, after := m.parts()
	address = strings.ToLower(address)
	return len(address) > len(before)+len(after) && strings.HasPrefix(address, before) && strings.HasSuffix(address, after)
}

// mayBe reports whether some address could be of both accounts.
func (m Mail) mayBe(o Mail) bool {
	before, after := m.parts()
	before2, after2 := o.parts()
	return (strings.HasPrefix(before, before2) || strings.HasPrefix(before2, before)) && (strings.HasSuffix(after, after2) || strings.HasSuffix(after2, after))
}

func (m Mail) parts() (before, after string) {
	before, after, _ = strings.Cut(strings.ToLower(m.Address), "{probe}")
	return before, after
}
