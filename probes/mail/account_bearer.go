package mail

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/textproto"
	"slices"
	"strconv"
	"strings"

	"github.com/emersion/go-imap/v2"
	"github.com/wneessen/go-mail/smtp"
)

// A bearer logs in with an access token, by OAUTHBEARER (RFC 7628) or by
// XOAUTH2, which Google and Microsoft had before it. It serves SMTP and IMAP:
// their libraries ask for the same methods under two signatures.
type bearer struct {
	mechanism string
	server    Server // Password is the token
	challenge string // what the server found wrong with the token, as JSON
}

const (
	oauthBearer = "OAUTHBEARER"
	xoauth2     = "XOAUTH2"
)

// bearerOf chooses among the mechanisms that a server offers.
func bearerOf(s Server, offered []string) *bearer {
	for _, m := range []string{oauthBearer, xoauth2} {
		if slices.Contains(offered, m) {
			return &bearer{mechanism: m, server: s}
		}
	}
	return nil
}

func (b *bearer) response() []byte {
	s := b.server
	if b.mechanism == xoauth2 {
		return []byte("user=" + s.Username + "\x01auth=Bearer " + s.Password + "\x01\x01")
	}
	name := strings.NewReplacer("=", "=3D", ",", "=2C").Replace(s.Username) // RFC 5801, 4
	return []byte("n,a=" + name + ",\x01host=" + s.Host + "\x01port=" + strconv.Itoa(s.Port) + "\x01auth=Bearer " + s.Password + "\x01\x01")
}

// Start and Next are IMAP's.
func (b *bearer) Start() (mechanism string, initial []byte, err error) {
	return b.mechanism, b.response(), nil
}

// Next answers a challenge, which is always a refusal: only after an answer to
// it, whatever it is, does the server end the exchange in words.
func (b *bearer) Next(challenge []byte) ([]byte, error) {
	b.challenge = string(challenge)
	return []byte{1}, nil
}

// submissionBearer is the same for SMTP.
type submissionBearer struct{ *bearer }

func (b submissionBearer) Start(*smtp.ServerInfo) (mechanism string, initial []byte, err error) {
	return b.bearer.Start()
}

func (b submissionBearer) Next(challenge []byte, more bool) ([]byte, error) {
	if !more {
		return nil, nil
	}
	return b.bearer.Next(challenge)
}

// errRefused marks a refusal of a token that a newer one may mend.
var errRefused = errors.New("the token was refused")

// withToken runs a log-in with a server whose password is the access token,
// and once more with a new token where the first is refused: it may have been
// revoked before its time. Nothing but the log-in is repeated.
func (s Server) withToken(ctx context.Context, logIn func(Server) error) error {
	if s.OAuth == nil {
		return logIn(s)
	}
	for again := false; ; again = true {
		token, err := s.OAuth.token(ctx)
		if err != nil {
			return err
		}
		s.Password = token
		err = logIn(s)
		if !errors.Is(err, errRefused) || again || !s.OAuth.forget(token) {
			return err
		}
	}
}

// refusal tells what a server means that refuses a log-in, and the mend.
// Providers say it in words, with a code that may mean several things.
func (s Server) refusal(b *bearer, err error) error {
	doing := "log in as " + s.Username
	words := strings.ToLower(err.Error())
	says := func(all ...string) bool {
		return slices.ContainsFunc(all, func(w string) bool { return strings.Contains(words, w) })
	}
	switch {
	case says("smtpclientauthentication is disabled"):
		return s.fault(LogInDisabled, doing, err, "the organisation has switched authenticated SMTP off: its administrator can allow it for this mailbox (Exchange: Set-CASMailbox -SmtpClientAuthenticationDisabled $false)")
	case says("not enabled for imap", "imap access is disabled", "authenticated but not connected"):
		return s.fault(LogInDisabled, doing, err, "switch IMAP on in the settings of this mailbox, and check that the log-in is that of its owner")
	case b != nil:
		return s.tokenRefused(b, doing, err)
	case says("basic authentication is disabled", "basicauthblocked", "logindisabled", "5.7.139"):
		return s.fault(LogInDisabled, doing, err, "this provider takes no passwords any more: replace `password` by `oauth`, as docs/accounts.md shows")
	case says("application-specific password", "app password", "5.7.9 "):
		return s.fault(WrongPassword, doing, err, "this account wants an app password, made in its security settings: the usual password is not taken here")
	case says("web browser", "5.7.14"):
		return s.fault(WrongPassword, doing, err, "log in once at the provider's web page and confirm that it is you; then use an app password or `oauth`")
	}
	return s.fault(WrongPassword, doing, err, "check the account's username and password; many providers want an app password")
}

func (s Server) tokenRefused(b *bearer, doing string, err error) error {
	var said struct{ Status, Scope string }
	_ = json.Unmarshal([]byte(b.challenge), &said) // empty where the server explains nothing
	if said.Status == "insufficient_scope" || said.Status == "403" {
		want := said.Scope
		if want == "" {
			want = strings.Join(s.OAuth.Config.Scopes, " ")
		}
		return s.fault(WrongScope, doing, err, "the log-in does not extend to mail: grant the scope "+want+" to the client, then run `touchstone mail login`")
	}
	return s.fault(LoginExpired, doing, fmt.Errorf("%w: %w", errRefused, err), "run `touchstone mail login`, as the owner of the mailbox "+s.Username)
}

// refusedForGood tells a refusal of the log-in itself from a server that is
// only busy or broken.
func refusedForGood(err error) bool {
	var reply *textproto.Error
	if errors.As(err, &reply) {
		return reply.Code >= 500
	}
	var no *imap.Error
	return errors.As(err, &no) && !passing(no)
}
