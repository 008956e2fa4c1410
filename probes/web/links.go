package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"time"
)

const (
	mostLinks   = 30          // that are asked for at the end of a visit
	linksWithin = time.Minute // the time that all of them may take
)

// changing are addresses that may do something when they are asked for,
// whatever method they should have been given: they are left alone.
var changing = regexp.MustCompile(`(?i)log-?(out|off)|sign-?out|abmelden|deconnexion|cerrar-?sesion|unsubscribe|delete|remove|cancel|add[-_]?(to|item)|[?&](add|remove|action|do)=|confirm|approve`)

// checkLinks asks once for each of the site's links that the visit saw and did
// not follow, no faster than a person, as far as robots.txt lets programs: how
// many were asked for, and how many are dead (there is no such page, or no
// answer at all). A site that refuses the rate is left in peace.
func (v *visit) checkLinks(ctx context.Context) (checked, dead int) {
	ctx, cancel := context.WithTimeout(ctx, linksWithin)
	defer cancel()
	client := &http.Client{
		Transport: &http.Transport{DialContext: v.b.dial, Proxy: http.ProxyFromEnvironment},
		Timeout:   v.b.o.Timeout,
		CheckRedirect: func(r *http.Request, via []*http.Request) error {
			if !v.bounds.holds(r.URL.String()) || len(via) >= 5 {
				return http.ErrUseLastResponse
			}
			return nil
		},
	}
	defer client.CloseIdleConnections()
	rules := map[string]func(*url.URL) bool{} // by host
	for _, link := range v.sight.links {
		u, err := url.Parse(link)
		if err != nil || changing.MatchString(link) || linkOrders(link) || ordering(link) {
			continue
		}
		allows := rules[u.Host]
		if allows == nil {
			if allows, err = v.b.robots(ctx, u); err != nil {
				return checked, dead
			}
			rules[u.Host] = allows
		}
		if !allows(u) {
			continue
		}
		status, err := v.ask(ctx, client, link)
		switch {
		case ctx.Err() != nil || status == http.StatusTooManyRequests:
			return checked, dead
		case err != nil, status == http.StatusNotFound, status == http.StatusGone, status >= 500:
			dead++
		}
		if checked++; checked == mostLinks {
			break
		}
	}
	return checked, dead
}

// ask gives the status with which an address answers; redirects within the
// site are followed.
func (v *visit) ask(ctx context.Context, client *http.Client, link string) (int, error) {
	if !v.t.Site.Own {
		if _, err := v.site.pause(ctx, v.b.o.Distance); err != nil {
			return 0, err
		}
		if err := v.spaced(ctx, link); err != nil {
			return 0, err
		}
	}
	v.site.asked()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, link, nil)
	if err != nil {
		return 0, fmt.Errorf("ask for %s: %w", link, err)
	}
	req.Header.Set("User-Agent", "Mozilla/5.0")
	res, err := client.Do(req)
	if err != nil {
		return 0, fmt.Errorf("ask for %s: %w", link, err)
	}
	_ = res.Body.Close() // its status is all that is wanted
	return res.StatusCode, nil
}

// asksAfterLinks reports whether a visit with a goal asks for the links that it
// saw: those that look for help or for a person do, and no others of a wave,
// which would ask for the same links again.
func (k *seeker) asksAfterLinks() bool {
	return k.only && (k.goal.Name == "find-help" || k.goal.Name == "find-contact")
}
