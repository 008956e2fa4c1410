package web

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/publicsuffix"

	"touchstone/probes"
)

// domainOf gives the registrable domain of a host, or the host itself where
// there is none: an address of the Internet protocol, localhost.
func domainOf(host string) string {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if d, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil && net.ParseIP(host) == nil {
		return d
	}
	return host
}

// siteOf gives what tells one site from another: the registrable domain, or
// for an address of the Internet protocol host and port, since each port may
// hold another shop.
func siteOf(u *url.URL) string {
	if net.ParseIP(u.Hostname()) != nil {
		return u.Host
	}
	return domainOf(u.Hostname())
}

// within reports whether host is domain or lies below it.
func within(host, domain string) bool {
	host, domain = strings.ToLower(host), strings.ToLower(domain)
	return host == domain || strings.HasSuffix(host, "."+domain)
}

// bounds are where a visit may go: the registrable domain of the site's start
// page and the domains that the sites file names beside it. Ports are not
// looked at, but for hosts without a name.
type bounds struct {
	start   *url.URL
	domain  string // see siteOf
	domains []string
	reach   *reach // of a visit that began at a link in a mail, else nil
}

func boundsOf(s probes.Site) (bounds, error) {
	u, err := url.Parse(s.URL)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return bounds{}, fmt.Errorf("site %s: %q is not the address of a start page: write url: https://…", s.ID, s.URL)
	}
	if u.Path == "" {
		u.Path = "/"
	}
	return bounds{start: u, domain: siteOf(u), domains: s.Domains}, nil
}

// holds reports whether a page's address lies within.
func (b bounds) holds(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	if u.Scheme != "http" && u.Scheme != "https" {
		return true // about:blank, blob: and data: go nowhere
	}
	return b.owns(u)
}

func (b bounds) owns(u *url.URL) bool {
	if siteOf(u) == b.domain || b.reach.holds(u) {
		return true
	}
	for _, d := range b.domains {
		if within(u.Hostname(), d) || u.Host == d {
			return true
		}
	}
	return false
}

// dial reaches the hosts of Options.Resolve where they are said to be.
func (b *Browser) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	if host, _, err := net.SplitHostPort(addr); err == nil && b.o.Resolve[host] != "" {
		addr = b.o.Resolve[host]
	}
	return (&net.Dialer{Timeout: 5 * time.Second}).DialContext(ctx, network, addr)
}

// ours reports whether a page's failure to load is our side's: the browser
// says so itself, or a second look at the host's name finds that no name
// server answers us. A name that does not exist and a host that refuses are
// the site's.
func (b *Browser) ours(ctx context.Context, address, reason string) (string, bool) {
	for _, mark := range []string{"INTERNET_DISCONNECTED", "NETWORK_CHANGED", "NETWORK_IO_SUSPENDED", "PROXY", "TUNNEL_CONNECTION", "INSUFFICIENT_RESOURCES", "OUT_OF_MEMORY", "NETWORK_ACCESS_DENIED", "BLOCKED_BY_ADMINISTRATOR"} {
		if strings.Contains(reason, mark) {
			return "our own network failed: " + reason, true
		}
	}
	u, err := url.Parse(address)
	if err != nil || net.ParseIP(u.Hostname()) != nil || b.o.Resolve[u.Hostname()] != "" {
		return "", false
	}
	if !strings.Contains(reason, "NAME_") && !strings.Contains(reason, "TIMED_OUT") && !strings.Contains(reason, "ADDRESS_UNREACHABLE") {
		return "", false
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	_, err = b.lookup(ctx, u.Hostname())
	var dns *net.DNSError
	if err == nil || errors.As(err, &dns) && dns.IsNotFound {
		return "", false
	}
	return "our own network failed: " + reason + ", and no name server answers", true
}
