package side

import (
	"net/http"
	"strings"
)

// withdraw cancels an order for one who knows its number and whom it went to:
// "order", "proof" and a "reason".
func (s *Shop) withdraw(w http.ResponseWriter, r *http.Request) {
	number, proof := strings.TrimSpace(r.FormValue("order")), strings.TrimSpace(r.FormValue("proof"))
	form := map[string]string{"order": number, "proof": proof}
	if r.FormValue("reason") == "" {
		s.mu.Lock()
		o := s.ordered(number, proof)
		s.mu.Unlock()
		s.wrong(w, r, "lookup", view{Order: o, Form: form, Errors: map[string]string{"reason": s.words.choose}})
		return
	}
	s.mu.Lock()
	for _, a := range s.accounts {
		if o := a.order(number); o != nil && o.State == "packing" && (strings.EqualFold(proof, a.Email) || strings.EqualFold(proof, o.Postcode)) {
			o.State = "cancelled"
			s.counts.Cancelled++
		}
	}
	found := s.ordered(number, proof)
	s.mu.Unlock()
	v := view{Order: found, Form: form, Said: "cancelled"}
	if found == nil {
		v.Errors = map[string]string{"order": s.words.unknown}
	}
	s.show(w, r, http.StatusOK, "lookup", v)
}

// ordered gives the order of one who knows its number and whom it went to, nil
// where there is none; s.mu is held.
func (s *Shop) ordered(number, proof string) *order {
	for _, a := range s.accounts {
		if o := a.snapshot().order(number); o != nil && (strings.EqualFold(proof, a.Email) || strings.EqualFold(proof, o.Postcode)) {
			return o
		}
	}
	return nil
}
