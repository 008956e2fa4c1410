// Package newsletter is the probe that subscribes to a shop's newsletter,
// reads what comes of it, and ends the subscription again: a visit first, a
// correspondence after it, and in it at most two acts more. The address is the
// probe's own, which nobody else was given.
package newsletter

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"touchstone/internal/evidence"
	"touchstone/probes"
)

// Reading is the version of what is made of the mails.
const Reading = "newsletter/1"

// Params are what a scenario says under `with`.
type Params struct {
	Confirm bool   `json:"confirm,omitempty" jsonschema_description:"Whether the link of a mail that asks to confirm the sign-up is followed (double opt-in). Left out, it is noted and not followed: then no newsletter may come."`
	Grace   string `json:"grace,omitempty" jsonschema:"format=span" jsonschema_description:"How long newsletters may still come after the list was left; ten business days unless given, as CAN-SPAM has it."`
	Watch   string `json:"watch,omitempty" jsonschema:"format=span" jsonschema_description:"How long the address is watched after that; 4d unless given."`
	Consent string `json:"consent,omitempty" jsonschema:"enum=refuse,enum=accept,enum=leave" jsonschema_description:"What is done with a banner that asks for leave to set cookies: refuse (the default), accept or leave."`
	Device  string `json:"device,omitempty" jsonschema:"enum=desktop,enum=mobile" jsonschema_description:"What the customer visits the shop with; the persona's own unless given."`
}

const (
	graceDays = 10 // business days: 16 CFR 316.4 with 15 U.S.C. 7704(a)(4)
	watchFor  = 4 * 24 * time.Hour
)

// kind is the probe with the visits that it makes.
type kind struct{ visit probes.Kind }

// Kind makes the probe of a kind of visits that has goals.
func Kind(visit probes.Kind) probes.Kind {
	n := kind{visit}
	k := visit
	k.Name = "newsletter"
	k.About = "Signs up to the shop's newsletter, reads what comes, and leaves the list again."
	k.Facts = append(append([]evidence.FactDef{}, visit.Facts...), own...)
	k.Params = Params{}
	k.Effects = []evidence.Effect{evidence.Subscribe}
	k.Check, k.Describe = check, describe
	k.Visit = nil
	if visit.Visit != nil {
		k.Visit = n.signUp
	}
	k.Correspondence = &probes.Correspondence{Read: read, Reading: Reading, FollowUp: &probes.FollowUp{Began: began, Next: next, Do: n.do, Until: until, Left: left}}
	return k
}

func check(params any) (list []probes.Mistake) {
	p, ok := params.(*Params)
	if !ok {
		return []probes.Mistake{{Message: fmt.Sprintf("these are parameters of another kind: %T", params)}}
	}
	for _, s := range []struct{ key, text string }{{"grace", p.Grace}, {"watch", p.Watch}} {
		if _, err := span(s.text); s.text != "" && err != nil {
			list = append(list, probes.Mistake{Path: "/" + s.key, Message: err.Error()})
		}
	}
	return list
}

func describe(params any) []string {
	p := params.(*Params)
	lines := []string{"sign up to the newsletter with the probe's own address"}
	if p.Confirm {
		lines = append(lines, "follow the link of a mail that asks to confirm it, once")
	}
	grace, watch := cmp.Or(p.Grace, "ten business days"), cmp.Or(p.Watch, "4d")
	return append(lines,
		"when the window has closed, leave the list: by the newsletter's one-click address, else a mail to the list, else the link in the newsletter; each at most once",
		fmt.Sprintf("watch the address for %s, and %s more", grace, watch))
}

// span reads a time like 1d12h: a day is 24 hours.
func span(s string) (time.Duration, error) {
	rest, total := s, time.Duration(0)
	if n, after, ok := strings.Cut(rest, "d"); ok {
		days, err := time.ParseDuration(n + "h")
		if err != nil {
			return 0, fmt.Errorf("%q is no time such as 2h or 3d", s)
		}
		total, rest = 24*days, after
	}
	if rest != "" {
		d, err := time.ParseDuration(rest)
		if err != nil {
			return 0, fmt.Errorf("%q is no time such as 2h or 3d", s)
		}
		total += d
	}
	if total <= 0 {
		return 0, fmt.Errorf("%q is no time to wait", s)
	}
	return total, nil
}

// graceFrom gives the end of the time in which newsletters may still come
// after the list was left, business days by the site's own calendar without
// its holidays.
func graceFrom(t *probes.Task, at time.Time) time.Time {
	if d, err := span(t.Params.(*Params).Grace); err == nil {
		return at.Add(d)
	}
	zone, err := time.LoadLocation(t.Site.Timezone)
	if err != nil {
		zone = time.UTC
	}
	day := at.In(zone)
	for n := 0; n < graceDays; {
		if day = day.AddDate(0, 0, 1); day.Weekday() != time.Saturday && day.Weekday() != time.Sunday {
			n++
		}
	}
	return day.UTC()
}

func watched(t *probes.Task) time.Duration {
	if d, err := span(t.Params.(*Params).Watch); err == nil {
		return d
	}
	return watchFor
}

// visiting gives a task for the kind of visits: its goal, at the shop or at a
// link of a mail.
func (k kind) visiting(t *probes.Task, goal, link string) (*probes.Task, error) {
	p := t.Params.(*Params)
	with := map[string]string{"goal": goal}
	for key, value := range map[string]string{"consent": p.Consent, "device": p.Device} {
		if value != "" {
			with[key] = value
		}
	}
	body, err := json.Marshal(with)
	if err != nil {
		return nil, err
	}
	inner := *t
	if inner.Params, err = k.visit.Decode(body); err != nil {
		return nil, fmt.Errorf("a visit with the goal %s: %w", goal, err)
	}
	if link != "" {
		inner.Site.URL = link
		inner.Site.Own = false // the page may be a mailing service's: nobody but the shop gave leave
		if hostOf(link) == hostOf(t.Site.URL) {
			inner.Site.Own = t.Site.Own
		}
		if h := hostOf(t.Site.URL); h != "" {
			inner.Site.Domains = append(append([]string{}, t.Site.Domains...), h)
		}
	}
	return &inner, nil
}

// signUp is the visit.
func (k kind) signUp(ctx context.Context, t *probes.Task, rec *probes.Recorder) error {
	inner, err := k.visiting(t, "newsletter-sign-up", "")
	if err != nil {
		return err
	}
	return k.visit.Visit(ctx, inner, rec)
}
