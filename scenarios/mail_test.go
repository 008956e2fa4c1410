package scenarios

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestMailAccounts(t *testing.T) {
	dir := write(t, map[string]string{"touchstone.yaml": `project: Autumn
mail:
  address: ann+{probe}@gmail.com
  provider: gmail
  username: ann@gmail.com
  password: {env: APP_PASSWORD}
  imap: {username: boxes, password: {env: BOX_PASSWORD}}
  folders: [Shops]
more-mail:
  - address: bob+{probe}@firm.example
    provider: microsoft365
    username: bob@firm.example
    oauth: {client-id: 0000-1111, tenant: firm.example, keep: /somewhere/log-in.json}
  - address: "{probe}@own.example"
    username: all
    smtp: {host: mx.own.example, security: tls}
    imap: {host: mx.own.example, security: starttls}
    oauth:
      client-id: c
      client-secret: {file: secret.txt}
      authorise-url: https://login.own.example/a
      exchange-url: http://127.0.0.1:8080/t
      scopes: [mail, offline_access]
`})
	p, err := testLanguage().Load(dir)
	if err != nil {
		t.Fatalf("load:\n%v", err)
	}
	all := p.Accounts()
	if len(all) != 3 {
		t.Fatalf("%d accounts", len(all))
	}
	gmail, microsoft, own := all[0], all[1], all[2]
	equal(t, "gmail smtp", gmail.SMTP.Host+" "+gmail.SMTP.Security+" "+gmail.SMTP.Username+" "+gmail.SMTP.Password.Env, "smtp.gmail.com tls ann@gmail.com APP_PASSWORD")
	equal(t, "gmail imap", gmail.IMAP.Host+" "+gmail.IMAP.Username+" "+gmail.IMAP.Password.Env, "imap.gmail.com boxes BOX_PASSWORD")
	equal(t, "gmail ports", gmail.SMTP.Port*1000+gmail.IMAP.Port, 465993)
	equal(t, "no oauth", gmail.OAuth == nil, true)
	equal(t, "folders", strings.Join(gmail.Folders, " "), "Shops")
	equal(t, "microsoft smtp", microsoft.SMTP.Host+" "+microsoft.SMTP.Security, "smtp.office365.com starttls")
	equal(t, "microsoft ports", microsoft.SMTP.Port*1000+microsoft.IMAP.Port, 587993)
	equal(t, "microsoft exchange", microsoft.OAuth.ExchangeURL, "https://login.microsoftonline.com/firm.example/oauth2/v2.0/token")
	equal(t, "microsoft device", microsoft.OAuth.DeviceURL, "https://login.microsoftonline.com/firm.example/oauth2/v2.0/devicecode")
	equal(t, "microsoft redirect", microsoft.OAuth.Redirect, "localhost")
	equal(t, "keep", microsoft.OAuth.Keep, "/somewhere/log-in.json")
	equal(t, "own", own.OAuth.AuthoriseURL+" "+own.OAuth.ExchangeURL+" "+own.OAuth.DeviceURL, "https://login.own.example/a http://127.0.0.1:8080/t ")
	equal(t, "own secret", own.OAuth.ClientSecret.File, filepath.Join(dir, "secret.txt"))
	equal(t, "own ports", own.SMTP.Port*1000+own.IMAP.Port, 465143)

	for address, want := range map[string]int{"ann+k7@gmail.com": 0, "ANN+K7@GMAIL.COM": 0, "bob+k7@firm.example": 1, "k7@own.example": 2, "ann@gmail.com": -1, "ann+@gmail.com": -1, "k7@other.example": -1} {
		got := -1
		for i, m := range all {
			if m.Owns(address) {
				got = i
			}
		}
		equal(t, address, got, want)
	}
}
