package reading

import (
	"net"
	"strings"

	"github.com/emersion/go-msgauth/authres"
	"golang.org/x/net/publicsuffix"
)

// An Authentication is what the server that received a mail for us found of
// its sender: each is "pass", "fail", "none", …, or empty where it did not say.
type Authentication struct{ SPF, DKIM, DMARC string }

// Authenticated gives what our own receiving server wrote into
// Authentication-Results (RFC 8601); false where it wrote none. Whatever
// stands there under another name was written by others, and is not believed:
// ours is the server of the topmost Received field that names one.
func (m Mail) Authenticated() (a Authentication, ok bool) {
	ours := m.receiver()
	for _, line := range m.Header["Authentication-Results"] {
		id, results, err := authres.Parse(line)
		if err != nil || ours == "" || Domain(strings.Fields(id + " -")[0]) != ours {
			continue
		}
		for _, r := range results {
			switch r := r.(type) {
			case *authres.SPFResult:
				a.SPF = better(a.SPF, string(r.Value))
			case *authres.DKIMResult:
				a.DKIM = better(a.DKIM, string(r.Value)) // of several signatures one that holds is enough
			case *authres.DMARCResult:
				a.DMARC = better(a.DMARC, string(r.Value))
			}
		}
		return a, true // what stands further down may be older than our server
	}
	return a, false
}

// better keeps a pass, else what was said first.
func better(said, more string) string {
	if said == "" || more == "pass" {
		return more
	}
	return said
}

var byHost = lazily(`(?i)(?:^|\s)by\s+([a-z0-9][a-z0-9.-]*)`)

// receiver is the domain of the server that took the mail in for us. Some put
// a line without a name above its own: "by 2002:a05:6a10::1".
func (m Mail) receiver() string {
	for _, line := range m.Header["Received"] {
		host := byHost.FindStringSubmatch(line)
		if host == nil || net.ParseIP(host[1]) != nil || !strings.ContainsAny(host[1], "ghijklmnopqrstuvwxyzGHIJKLMNOPQRSTUVWXYZ.") {
			continue
		}
		return Domain(host[1])
	}
	return ""
}

// Domain gives the registrable domain of a host or of an address of mail, in
// small letters; the host itself where it has none.
func Domain(host string) string {
	host = strings.ToLower(strings.Trim(host[strings.LastIndexByte(host, '@')+1:], ". "))
	if d, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil && net.ParseIP(host) == nil {
		return d
	}
	return host
}
