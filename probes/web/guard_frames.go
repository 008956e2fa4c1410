package web

import (
	"fmt"
	"slices"

	"touchstone/probes/web/driver"
)

// provider gives the payment provider's address among those of the frames that
// something stands in, empty where there is none.
func provider(within []string) string {
	if i := slices.IndexFunc(within, processing); i >= 0 {
		return within[i]
	}
	return ""
}

// byFrame is the second fence for what stands in a payment provider's frame:
// nothing is typed there, nor pressed but for choices, which order nothing.
// Such a frame may take what is typed with the last key.
func byFrame(c driver.Control, within []string) string {
	at := provider(within)
	switch {
	case at == "":
		return ""
	case slices.Contains([]string{"radio", "tab", "switch"}, c.Role) || c.Role == "checkbox" && c.Tag == "input":
		return ""
	}
	return fmt.Sprintf("%q stands in a frame of %s, a payment provider's", c.Name(), bare(at))
}

// outside asks byFrame about what the page has found to act upon.
func (v *visit) outside(p *driver.Page, c driver.Control) error {
	if v.guardOpen() {
		return nil
	}
	if why := byFrame(c, p.Acted()); why != "" {
		return refused("payment guard, by where it leads: %s", why)
	}
	return nil
}
