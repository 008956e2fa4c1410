package mail

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"golang.org/x/oauth2"
)

// Login asks a person for leave in the browser, by the authorisation code flow
// with PKCE and a redirect to this machine (RFC 8252). show is given the
// address that the person opens; host is what the redirect calls this machine,
// since providers know it by one name: "127.0.0.1" or "localhost". The refresh
// token is kept in o.File.
func (o *OAuth) Login(ctx context.Context, username, host string, show func(address string)) error {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("wait for the browser: %w", err)
	}
	config := o.Config
	config.RedirectURL = fmt.Sprintf("http://%s:%d/", host, l.Addr().(*net.TCPAddr).Port)
	state, verifier := rand.Text(), oauth2.GenerateVerifier()
	o.hide(verifier)

	came := make(chan callback, 1)
	server := &http.Server{ReadHeaderTimeout: 10 * time.Second, Handler: returns(state, came)}
	go func() { _ = server.Serve(l) }()
	defer func() {
		bye, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second) // the page's last bytes
		defer cancel()
		_ = server.Shutdown(bye)
	}()
	show(config.AuthCodeURL(state, oauth2.S256ChallengeOption(verifier), oauth2.AccessTypeOffline, oauth2.ApprovalForce, oauth2.SetAuthURLParam("login_hint", username)))

	var c callback
	select {
	case c = <-came:
	case <-ctx.Done():
		return fmt.Errorf("nobody logged in: %w", ctx.Err())
	}
	if c.err != "" {
		return o.fault("log in", &oauth2.RetrieveError{ErrorCode: c.err, ErrorDescription: c.words})
	}
	o.hide(c.code)
	t, err := config.Exchange(o.client(ctx), c.code, oauth2.VerifierOption(verifier))
	if err != nil {
		return o.fault("exchange the code", err)
	}
	return o.keep(ctx, t)
}

// A callback is what the browser brought back.
type callback struct{ code, err, words string }

// returns takes the one request that carries our state; whatever else comes to
// the port is turned away and changes nothing.
func returns(state string, came chan<- callback) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		if r.URL.Path != "/" || q.Get("state") != state || q.Get("code") == "" && q.Get("error") == "" {
			http.Error(w, "This is not the answer that Touchstone waits for.", http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Referrer-Policy", "no-referrer")
		_, _ = io.WriteString(w, "Touchstone has got the answer. You may close this window.\n")
		select {
		case came <- callback{q.Get("code"), q.Get("error"), q.Get("error_description")}:
		default: // the browser loaded the page again
		}
	})
}

// LoginDevice asks a person for leave on another device (RFC 8628): show is
// given the page to open there, and the code to type.
func (o *OAuth) LoginDevice(ctx context.Context, show func(address, code string)) error {
	if o.Config.Endpoint.DeviceAuthURL == "" {
		return errors.New("this provider lets no other device log in to mail: leave out --device")
	}
	d, err := o.Config.DeviceAuth(o.client(ctx))
	if err != nil {
		return o.fault("ask for a device code", err)
	}
	o.hide(d.DeviceCode)
	show(d.VerificationURI, d.UserCode)
	t, err := o.Config.DeviceAccessToken(o.client(ctx), d)
	switch {
	case errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil:
		return errors.New("nobody typed the code in time: try again")
	case err != nil:
		return o.fault("wait for the device", err)
	}
	return o.keep(ctx, t)
}
