package side

import "maps"

// A Return is what a shop remembers of a visitor who had filled in its
// checkout and comes back.
type Return struct {
	Reopened bool // the basket, in a browser that was closed: its cookie has a day of its own
	Account  bool // the basket, on another device, once logged in
}

// Return is what the shop remembers.
func (s *Shop) Return() Return { return s.returns }

// recall gives to a visit what the account's last one had. The caller holds the
// lock.
func (s *Shop) recall(v *visit, a *account) {
	if last := a.last; s.returns.Account && last != nil && last != v && len(v.lines) == 0 {
		v.lines, v.done = last.lines, last.done
		maps.Copy(v.details, last.details)
	}
	a.last = v
}

// age is how long a visit's cookie lasts, in seconds; 0: as long as the browser
// stays open.
func (s *Shop) age() int {
	if s.returns.Reopened {
		const month = 30 * 24 * 60 * 60
		return month
	}
	return 0
}
