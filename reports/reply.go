package reports

import (
	"fmt"
	"slices"
	"time"
)

// A SiteReply records that a site was sent its part of the report, and what it
// said to it.
type SiteReply struct {
	Site   string    `json:"site"` // id
	Name   string    `json:"name"`
	Sent   time.Time `json:"sent"`             // the day
	Answer string    `json:"answer,omitempty"` // in the site's own words; empty: none so far
}

// replies hides people in what the sites answered, in the panel's order.
func (b *builder) replies() ([]SiteReply, error) {
	for i, r := range b.in.Replies {
		if _, ok := b.scores[r.Site]; !ok {
			return nil, fmt.Errorf("a reply is recorded of the site %q, which is not in the panel", r.Site)
		}
		if slices.ContainsFunc(b.in.Replies[:i], func(other SiteReply) bool { return other.Site == r.Site }) {
			return nil, fmt.Errorf("two replies are recorded of the site %q: put them into one", r.Site)
		}
	}
	var out []SiteReply
	for _, s := range b.sites {
		for _, r := range b.in.Replies {
			if r.Site == s.ID {
				hide := newMask(s, b.obs[s.ID], b.in.ShowPeople, b.say("Agent"))
				out = append(out, SiteReply{s.ID, s.Name, r.Sent.UTC(), hide.text(r.Answer)})
			}
		}
	}
	return out, nil
}
