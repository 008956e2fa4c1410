package evidence

import "strings"

// Cards masks payment card numbers down to their last four digits: 13 to 19
// digits that pass Luhn's check (ISO/IEC 7812-1), in one run or in groups
// parted by single spaces or single dashes. What parts them is kept.
func Cards(s string) string {
	var out []byte // a copy, made when there is something to mask
	for i := 0; i < len(s); {
		if !digit(s[i]) {
			i++
			continue
		}
		end := cardEnd(s[i:])
		if end == 0 { // no card begins with this group: try the next
			for i < len(s) && digit(s[i]) {
				i++
			}
			continue
		}
		if out == nil {
			out = []byte(s)
		}
		mask(out[i : i+end])
		i += end
	}
	if out == nil {
		return s
	}
	return string(out)
}

// cardEnd gives where the longest card number at the start of s ends, or 0. It
// ends, as it begins, with a whole group of digits.
func cardEnd(s string) int {
	var digits []byte
	var parting byte
	end := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case digit(c):
			digits = append(digits, c)
			if len(digits) > 19 {
				return end
			}
			if whole := i+1 == len(s) || !digit(s[i+1]); whole && len(digits) >= 13 && luhn(digits) {
				end = i + 1
			}
		case strings.IndexByte(" -", c) >= 0 && (parting == 0 || parting == c) && digit(s[i-1]):
			parting = c
		default:
			return end
		}
	}
	return end
}

// luhn reports whether the digits' check sum, every second one from the right
// doubled, ends in nought.
func luhn(digits []byte) bool {
	sum, zero := 0, true
	for i, c := range digits {
		d := int(c - '0')
		zero = zero && d == 0
		if (len(digits)-i)%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0 && !zero
}

func mask(card []byte) {
	keep := 4
	for i := len(card) - 1; i >= 0; i-- {
		if !digit(card[i]) {
			continue
		}
		if keep > 0 {
			keep--
			continue
		}
		card[i] = '*'
	}
}

func digit(c byte) bool { return c >= '0' && c <= '9' }
