package side

import (
	"net/http"
	"strings"
)

// DeclinedCard is the number that the payment sandboxes of the street decline:
// one that a processor publishes for that.
const DeclinedCard = "4000000000000002"

// A sandbox is where a shop's payments go that are tried with test cards.
type sandbox struct {
	says string // to a card that is declined; "" is a shop that says nothing
	page string // that it is shown on again; "" is "payment"
}

// Sandbox reports whether payments go to a sandbox, which declines
// DeclinedCard.
func (s *Shop) Sandbox() bool { return s.sandbox != nil }

// declines shows the payment again to one whose card is declined.
func (s *Shop) declines(w http.ResponseWriter, r *http.Request) bool {
	if s.sandbox == nil || r.ParseForm() != nil {
		return false
	}
	declined := false
	for _, values := range r.PostForm {
		for _, v := range values {
			declined = declined || strings.NewReplacer(" ", "", "-", "").Replace(v) == DeclinedCard
		}
	}
	if !declined {
		return false
	}
	s.mu.Lock()
	s.counts.Declined++
	s.mu.Unlock()
	page := s.sandbox.page
	if page == "" {
		page = "payment"
	}
	v := view{Step: len(s.steps)}
	if s.sandbox.says != "" {
		v.Errors = map[string]string{"card": s.sandbox.says}
	}
	s.wrong(w, r, page, v)
	return true
}
