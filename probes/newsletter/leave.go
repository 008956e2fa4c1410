package newsletter

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	gomail "github.com/wneessen/go-mail"

	"touchstone/internal/evidence"
	"touchstone/probes"
)

// The names of the acts.
const (
	confirm = "confirm"
	leave   = "leave" // and "leave-2", "leave-3" by other ways where the first was refused
)

// The ways to leave a list, in the order in which they are tried: as mail
// programs do it (RFC 8058, RFC 2369), then as people do.
const (
	oneClick = "one-click"
	byMail   = "mail"
	byPage   = "page"
)

// A way is one way out of a list.
type way struct {
	name, to      string
	subject, body string // of a mail
}

// ways gives those that the newsletters which came so far offer: of each sort
// the newest.
func ways(list []issue) (out []way) {
	var click, mail, page *way
	for n := range list {
		i := &list[n]
		if !i.theirs || i.asks != "" && i.leaving.OneClick == "" && i.leaving.Mail == nil && !strings.Contains(i.leaving.Page, "unsub") {
			continue
		}
		if l := i.leaving; l.OneClick != "" {
			click = &way{name: oneClick, to: l.OneClick}
		}
		if l := i.leaving; l.Mail != nil {
			mail = &way{name: byMail, to: l.Mail.To, subject: l.Mail.Subject, body: l.Mail.Body}
		}
		if l := i.leaving; l.Page != "" {
			page = &way{name: byPage, to: l.Page}
		}
	}
	for _, w := range []*way{click, mail, page} {
		if w != nil {
			out = append(out, *w)
		}
	}
	return out
}

// leaving gives the way that is tried next, and what the act is called; false
// where the list was left, that is not known, or no way remains.
func leaving(list []issue, th probes.Thread) (way, string, bool) {
	if _, ok := leftAt(th); ok {
		return way{}, "", false
	}
	tried := map[string]bool{}
	for _, d := range th.Done {
		if !strings.HasPrefix(d.Name, leave) {
			continue
		}
		if d.Withheld { // and so would be any other way
			return way{}, "", false
		}
		tried[wayOf(d)] = true
	}
	all := slices.DeleteFunc(ways(list), func(w way) bool { return tried[w.name] })
	if len(all) == 0 {
		return way{}, "", false
	}
	name := leave
	if n := len(tried); n > 0 {
		name = fmt.Sprintf("%s-%d", leave, n+1)
	}
	return all[0], name, true
}

// wayOf gives by which way an act was done.
func wayOf(d probes.Done) string {
	if !strings.HasPrefix(d.To, "http") {
		return byMail
	}
	if d.Seen != nil {
		if f, ok := d.Seen.Fact("newsletter.left-by"); ok {
			return f.Text
		}
	}
	return byPage
}

// subscribed reports whether newsletters may come: they did, or nobody asked
// for a confirmation that was not given.
func subscribed(list []issue, th probes.Thread) bool {
	asked := false
	for i := range list {
		if list[i].news() {
			return true
		}
		asked = asked || list[i].asks != ""
	}
	_, confirmed := done(th, confirm)
	return !asked || confirmed
}

// next says what a thread calls for: the confirmation at once, where the
// scenario wants it; leaving when the window has closed.
func next(t *probes.Task, th probes.Thread) (probes.Act, bool) {
	list := issues(t, th)
	end := th.Sent.Add(th.Window)
	if th.Ending {
		end = th.Sent
	}
	_, left := leftAt(th)
	if _, confirmed := done(th, confirm); t.Params.(*Params).Confirm && !confirmed && !left && !th.Ending {
		for _, i := range list {
			if i.asks != "" && i.Received.Before(end) {
				return probes.Act{Name: confirm, Effect: evidence.Subscribe, To: i.asks, At: i.Received}, true
			}
		}
	}
	w, name, ok := leaving(list, th)
	if !ok || !subscribed(list, th) {
		return probes.Act{}, false
	}
	a := probes.Act{Name: name, Effect: evidence.Subscribe, To: w.to, At: end}
	if w.name == byMail {
		l, err := goodbye(t, w, name, end)
		if err != nil {
			return probes.Act{}, false
		}
		a.Letter = &l
	}
	return a, true
}

// goodbye writes the mail that leaves a list, with the subject and the body
// that the newsletter asks for (RFC 2369, section 2).
func goodbye(t *probes.Task, w way, name string, at time.Time) (probes.Letter, error) {
	from := t.Persona.Email
	_, domain, _ := strings.Cut(from, "@")
	l := probes.Letter{Envelope: probes.Envelope{From: from, To: w.to, MessageID: fmt.Sprintf("%016x.%s@%s", t.Random, name, domain), Date: at.Truncate(time.Second)}, Subject: w.subject, Text: w.body}
	if l.Subject == "" {
		l.Subject = "unsubscribe"
	}
	if l.Text == "" {
		l.Text = "unsubscribe"
	}
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := errors.Join(m.From(from), m.To(w.to)); err != nil {
		return l, err
	}
	m.Subject(l.Subject)
	m.SetDateWithValue(l.Date)
	m.SetMessageIDWithValue(l.MessageID)
	m.SetBodyString(gomail.TypeTextPlain, l.Text+"\r\n")
	var b bytes.Buffer
	if _, err := m.WriteTo(&b); err != nil {
		return l, err
	}
	l.Raw = b.Bytes()
	return l, nil
}

// left says what of the subscription still stands, and how a person ends it.
func left(t *probes.Task, th probes.Thread) string {
	list := issues(t, th)
	how := "no mail of the shop's has said how to leave: watch the address"
	if all := ways(list); len(all) > 0 {
		switch w := all[0]; w.name {
		case oneClick:
			how = "press what your mail program offers to unsubscribe, or open " + w.to
		case byMail:
			how = "write to " + w.to
		default:
			how = "open " + w.to + ", the link in its newsletter"
		}
	}
	d, gone := leftAt(th)
	switch {
	case gone && d.State == probes.Uncertain:
		return "it is not known whether the shop took the unsubscribing (" + d.Detail + "): " + how
	case gone:
		end := graceFrom(t, d.At)
		for i := range list {
			if list[i].news() && list[i].Received.After(end) {
				return fmt.Sprintf("it was left on %s, and newsletters still come: %s", d.At.Format(time.DateOnly), how)
			}
		}
		return ""
	case !subscribed(list, th):
		return ""
	}
	for _, d := range slices.Backward(th.Done) {
		if strings.HasPrefix(d.Name, leave) {
			return "leaving was refused (" + d.Detail + "): " + how
		}
	}
	return "the newsletter is subscribed: " + how
}

// do does an act that no letter does.
func (k kind) do(ctx context.Context, t *probes.Task, th probes.Thread, a probes.Act, rec *probes.Recorder) probes.Delivery {
	w := way{}
	if a.Name != confirm {
		w, _, _ = leaving(issues(t, th), th)
		rec.Text("newsletter.left-by", w.name)
	}
	if err := reachable(ctx, t, a.To); err != nil {
		return probes.Delivery{State: probes.Refused, Detail: err.Error()}
	}
	switch {
	case a.Name == confirm:
		return k.at(ctx, t, "confirm-newsletter", a.To, rec)
	case w.name == oneClick:
		rec.Number("newsletter.leave-clicks", 1)
		return post(ctx, t, a.To, rec)
	}
	return k.at(ctx, t, "leave-newsletter", a.To, rec)
}

// at visits the page of a link.
func (k kind) at(ctx context.Context, t *probes.Task, goal, link string, rec *probes.Recorder) probes.Delivery {
	if k.visit.Visit == nil {
		return probes.Delivery{State: probes.Refused, Detail: "no browser was given for visits"}
	}
	inner, err := k.visiting(t, goal, link)
	if err == nil {
		err = k.visit.Visit(ctx, inner, rec)
	}
	if err != nil {
		return probes.Delivery{State: probes.Uncertain, Detail: err.Error()}
	}
	o := rec.Observation(0)
	d := probes.Delivery{State: probes.Refused, Detail: o.Reason}
	switch o.Outcome {
	case evidence.Completed:
		d.State, d.Detail = probes.Accepted, "the page took it"
		if f, ok := o.Fact("newsletter.leave-says"); ok {
			d.Detail = f.Text
		}
	case evidence.Broken: // something may have been pressed
		d.State = probes.Uncertain
	}
	return d
}

// patience is how long a one-click address may take to answer.
const patience = 30 * time.Second

// post unsubscribes at a one-click address: one POST, with nothing of ours in
// it, that follows no redirect (RFC 8058, section 3.1).
func post(ctx context.Context, t *probes.Task, address string, rec *probes.Recorder) probes.Delivery {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var written atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { written.Store(true) }})
	const form = "List-Unsubscribe=One-Click"
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form))
	if err != nil {
		return probes.Delivery{State: probes.Refused, Detail: err.Error()}
	}
	r.GetBody = nil // it is never sent a second time
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	dialer := net.Dialer{Timeout: 10 * time.Second, Control: func(_, addr string, _ syscall.RawConn) error { return public(t, address, addr) }}
	transport := &http.Transport{DialContext: dialer.DialContext, DisableKeepAlives: true}
	client := http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(r)
	if err != nil {
		if written.Load() {
			return probes.Delivery{State: probes.Uncertain, Detail: "no answer to the one-click unsubscribing: " + err.Error()}
		}
		return probes.Delivery{State: probes.Refused, Detail: "the one-click address could not be reached: " + err.Error()}
	}
	defer answer.Body.Close()
	said, _ := io.ReadAll(io.LimitReader(answer.Body, 64<<10)) // what can't be read says no more than the status
	transcript := fmt.Sprintf("POST %s\r\n\r\n%s\r\n\r\n%s %s\r\n\r\n%s", address, form, answer.Proto, answer.Status, said)
	if err := rec.Keep(context.WithoutCancel(ctx), "one-click.txt", []byte(transcript)); err != nil {
		rec.End(evidence.Broken, err.Error())
	}
	d := probes.Delivery{State: probes.Accepted, Code: answer.StatusCode, Detail: "the one-click address answered " + answer.Status}
	if answer.StatusCode/100 != 2 {
		d.State = probes.Refused
	}
	return d
}

// reachable refuses addresses that a mail has no business to name: those of
// this machine and of networks behind a router, but for the shop's own host.
func reachable(ctx context.Context, t *probes.Task, address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("%q is no address of a page", address)
	}
	if u.Hostname() == hostOf(t.Site.URL) {
		return nil
	}
	found, err := net.DefaultResolver.LookupIPAddr(ctx, u.Hostname())
	if err != nil {
		return fmt.Errorf("the host of the link: %w", err)
	}
	for _, ip := range found {
		if err := public(t, address, net.JoinHostPort(ip.String(), "0")); err != nil {
			return err
		}
	}
	return nil
}

func public(t *probes.Task, link, addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return err
	}
	ip := net.ParseIP(host)
	if ip == nil || ip.IsGlobalUnicast() && !ip.IsPrivate() || hostOf(link) == hostOf(t.Site.URL) {
		return nil
	}
	return fmt.Errorf("the link leads to %s, which is not on the public network, and was not followed", host)
}
