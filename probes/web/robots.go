package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/temoto/robotstxt"

	"touchstone/internal/evidence"
	"touchstone/probes/web/driver"
)

// What RFC 9309 has of the getting of robots.txt: how much of it is read, how
// many redirects are followed, and how long a copy may be used.
const (
	robotsSize      = 500 << 10
	robotsRedirects = 5
	robotsFresh     = 24 * time.Hour
	robotsRetry     = 5 * time.Minute // of a host that did not answer
)

// robotsName is the group of a robots.txt that is meant for us, before that
// for all.
const robotsName = "touchstone"

// Rules are what a host's robots.txt says.
type rules struct {
	allows func(*url.URL) bool
	until  time.Time // when it has to be asked for again
}

// robotsFiles are those of all hosts that were asked; the zero value is ready.
type robotsFiles struct {
	mu    sync.Mutex
	hosts map[string]rules // by scheme and host
}

// robots gives what tells whether the robots.txt of the address's host lets
// anybody open an address there, as RFC 9309 has it: a host that has none (any
// status 4xx, or too many redirects) allows all; one that fails (5xx) or breaks
// off disallows all. One that cannot be reached at all allows what will not be
// reached either: the opening will say so.
func (b *Browser) robots(ctx context.Context, address *url.URL) (func(*url.URL) bool, error) {
	host := address.Scheme + "://" + address.Host
	b.files.mu.Lock()
	known, ok := b.files.hosts[host]
	b.files.mu.Unlock()
	if ok && time.Now().Before(known.until) {
		return known.allows, nil
	}
	fresh, err := b.readRobots(ctx, host)
	if err != nil {
		return nil, err
	}
	if ip := net.ParseIP(address.Hostname()); ip == nil || !ip.IsLoopback() { // what stands on a port of this machine comes and goes
		b.files.mu.Lock()
		if b.files.hosts == nil {
			b.files.hosts = map[string]rules{}
		}
		b.files.hosts[host] = fresh
		b.files.mu.Unlock()
	}
	return fresh.allows, nil
}

func letIn(*url.URL) bool   { return true }
func shutOut(*url.URL) bool { return false }

// readRobots asks a host. The error is ctx's.
func (b *Browser) readRobots(ctx context.Context, host string) (rules, error) {
	now := time.Now()
	bounded, cancel := context.WithTimeout(ctx, b.o.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(bounded, http.MethodGet, host+"/robots.txt", nil)
	if err != nil {
		return rules{}, err
	}
	req.Header.Set("User-Agent", "Mozilla/5.0")
	client := &http.Client{
		Transport: &http.Transport{DisableKeepAlives: true, DialContext: b.dial, Proxy: http.ProxyFromEnvironment},
		CheckRedirect: func(_ *http.Request, via []*http.Request) error {
			if len(via) > robotsRedirects {
				return http.ErrUseLastResponse
			}
			return nil
		},
	}
	res, err := client.Do(req)
	if ctx.Err() != nil {
		return rules{}, ctx.Err()
	}
	if dial := (*net.OpError)(nil); errors.As(err, &dial) && dial.Op == "dial" {
		return rules{letIn, now.Add(robotsRetry)}, nil
	}
	if err != nil {
		return rules{shutOut, now.Add(robotsRetry)}, nil
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, robotsSize))
	if ctx.Err() != nil {
		return rules{}, ctx.Err()
	}
	switch {
	case res.StatusCode >= 500 || err != nil:
		return rules{shutOut, now.Add(robotsRetry)}, nil
	case res.StatusCode >= 300: // a redirect here is one too many
		return rules{letIn, now.Add(robotsFresh)}, nil
	}
	return rules{readRules(res.Header.Get("Content-Type"), string(body)), now.Add(robotsFresh)}, nil
}

// readRules reads the file; what is a page, as shops serve for every unknown
// path, or cannot be read, forbids nothing.
func readRules(kind, body string) func(*url.URL) bool {
	body = strings.TrimPrefix(body, "\ufeff")
	if strings.HasPrefix(strings.TrimSpace(body), "<") || strings.Contains(kind, "html") {
		return letIn
	}
	data, err := robotstxt.FromString(body)
	if err != nil {
		return letIn
	}
	group := data.FindGroup(robotsName)
	return func(u *url.URL) bool {
		path := u.EscapedPath()
		if path == "" {
			path = "/"
		}
		if u.RawQuery != "" {
			path += "?" + u.RawQuery
		}
		return path == "/robots.txt" || group.Test(path)
	}
}

// leads is asked about every control before it is used, where it leads: as far
// as robots.txt binds that, and not faster than the site it leads to allows.
func (v *visit) leads(ctx context.Context, c driver.Control) error {
	to := []string{c.Link}
	if c.Submits {
		to = append(to, c.Action)
	}
	if err := v.allowsFollowing(ctx, to...); err != nil {
		return err
	}
	return v.spaced(ctx, to...)
}

// allowsFollowing reads, at a site whose robots.txt binds everything, that of
// the host to which a control leads before it is pressed: a request that is
// under way cannot wait for it. What it forbids is not pressed.
func (v *visit) allowsFollowing(ctx context.Context, links ...string) error {
	if !v.t.Site.StrictRobots {
		return nil
	}
	for _, link := range links {
		u, err := url.Parse(link)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || !v.bounds.owns(u) {
			continue
		}
		if err := v.bound(ctx, u); err != nil {
			return err
		}
	}
	return nil
}

// bound reads the rules of an address's host and holds the address against them.
func (v *visit) bound(ctx context.Context, u *url.URL) error {
	v.mu.Lock()
	allows := v.rules[u.Host]
	v.mu.Unlock()
	if allows == nil {
		var err error
		if allows, err = v.b.robots(ctx, u); err != nil {
			return err
		}
		v.mu.Lock()
		if v.rules == nil {
			v.rules = map[string]func(*url.URL) bool{}
		}
		v.rules[u.Host] = allows
		v.mu.Unlock()
	}
	if !allows(u) {
		return strictly(u)
	}
	return nil
}

func strictly(u *url.URL) *ending {
	return &ending{evidence.Blocked, fmt.Sprintf("the site's robots.txt forbids programs to open %s, and sites.yaml says `robots: strict`", bare(u.String()))}
}

// forbidden gives why a page that is asked for must not be, nil when it may. A
// host whose rules nobody could read before is not asked. It never blocks.
func (v *visit) forbidden(address string) *ending {
	u, err := url.Parse(address)
	if !v.t.Site.StrictRobots || err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return nil
	}
	v.mu.Lock()
	allows := v.rules[u.Host]
	v.mu.Unlock()
	switch {
	case allows == nil:
		return &ending{evidence.Blocked, fmt.Sprintf("the page leads to %s, whose robots.txt nobody has read, and sites.yaml says `robots: strict`: name that host under `domains`", u.Host)}
	case !allows(u):
		return strictly(u)
	}
	return nil
}

// siteAt gives what all visits share of a site; see siteOf.
func (b *Browser) siteAt(domain string) *site {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := b.sites[domain]
	if s == nil {
		s = &site{turn: make(chan struct{}, 1)}
		s.turn <- struct{}{}
		b.sites[domain] = s
	}
	return s
}

// spaced waits, on sites of others, until an address of a third host may be
// asked for: the step has waited for the visit's own.
func (v *visit) spaced(ctx context.Context, links ...string) error {
	if v.t.Site.Own {
		return nil
	}
	for _, link := range links {
		u, err := url.Parse(link)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || siteOf(u) == v.bounds.domain || !v.bounds.owns(u) {
			continue
		}
		waited, err := v.b.siteAt(siteOf(u)).pause(ctx, v.b.o.Distance)
		v.paused += waited
		if err != nil {
			return err
		}
	}
	return nil
}
