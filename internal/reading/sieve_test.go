package reading

import (
	"regexp"
	"testing"
)

// What a sieve finds stands in the text, and its pattern, blind to case, is there.
func FuzzSieve(f *testing.F) {
	f.Add("Your Request\nhas been RECEIVED\n\nİ\xff, out of office")
	blind := regexp.MustCompile(`(?i)` + received.made().pattern.String())
	f.Fuzz(func(t *testing.T, text string) {
		if low := lowered(text); len(low) != len(text) {
			t.Errorf("%q became %q", text, low)
		}
		if received.MatchString(text) && !blind.MatchString(text) {
			t.Errorf("%q is found in %q", received.FindString(text), text)
		}
	})
}
