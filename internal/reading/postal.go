package reading

import (
	"strings"
)

// PostalAddress reports whether a text says where its writer is found: a
// street with a number, and a postcode with a town soon after it. It knows the
// postcodes of the United States, Britain and most of the European Union.
func PostalAddress(text string) bool {
	parts := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("\n,|·•;", r) })
	last := -4 // where a street stood
	for i, part := range parts {
		part = strings.TrimSpace(part)
		if i-last <= 3 && postcode.MatchString(part) {
			return true
		}
		if len(part) <= 60 && street.MatchString(part) {
			last = i
		}
	}
	return false
}

var (
	street   = lazily(`^(\d{1,5}[a-zA-Z]?(-\d{1,5})? \p{L}[\p{L}.’' -]{2,}|\p{L}[\p{L}.’' -]{2,} \d{1,4} ?[a-zA-Z]?(-\d{1,4})?)$`)
	postcode = lazily(`^([A-Z]{1,2}[- ])?(\d{4}|\d{5}|\d{4} [A-Z]{2}|\d{3} \d{2}|\d{2}-\d{3}|\d{4}-\d{3}) \p{Lu}\p{L}+|(^|\s)[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}$|(^|\s)[A-Z]{2} \d{5}(-\d{4})?$`)
)
