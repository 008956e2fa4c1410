package find

import (
	"regexp"
	"strconv"
	"strings"
)

// A Price is an amount of money.
type Price struct {
	Minor    int64  // in hundredths, whatever the currency: ¥500 is 50000
	Currency string // ISO 4217 where the sign says it, else empty
	Text     string // as written
}

const (
	signs  = `(?:R\$|US\$|A\$|C\$|CA\$|AU\$|[€£$¥￥₹₽]|EUR|GBP|USD|CHF|SEK|NOK|DKK|PLN|CZK|JPY|CNY|RMB|BRL|kr\.?|zł|Kč|Fr\.?)`
	after  = `(?:€|£|\$|¥|￥|₽|EUR\b|euros?\b|GBP\b|USD\b|CHF\b|SEK\b|NOK\b|DKK\b|PLN\b|CZK\b|kr\b\.?|zł|Kč|円|元|,-|:-)`
	amount = `\d{1,3}(?:[.,'’\x{00a0}\x{202f} ]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?`
)

var (
	before = regexp.MustCompile(`(?i)(` + signs + `)[\s\x{00a0}]*(` + amount + `)`)
	behind = regexp.MustCompile(`(?i)(` + amount + `)[\s\x{00a0}]*(?:[,.]?[-–]{1,2}[\s\x{00a0}]*)?(` + after + `)`)
)

// Prices finds the amounts of money in a text, in the order of writing.
func Prices(text string) (list []Price) {
	for text != "" {
		a, b := before.FindStringSubmatchIndex(text), behind.FindStringSubmatchIndex(text)
		m, sign, num := a, 1, 2
		if a == nil || b != nil && b[0] < a[0] {
			m, sign, num = b, 2, 1
		}
		if m == nil {
			return list
		}
		if minor, ok := minorOf(text[m[2*num]:m[2*num+1]]); ok {
			list = append(list, Price{minor, currencyOf(text[m[2*sign]:m[2*sign+1]]), strings.TrimSpace(text[m[0]:m[1]])})
		}
		text = text[m[1]:]
	}
	return list
}

// minorOf reads an amount however its thousands and its fraction are divided.
func minorOf(s string) (int64, bool) {
	s = strings.NewReplacer("\u00a0", "", "\u202f", "", " ", "", "'", "", "’", "").Replace(s)
	point := strings.LastIndexAny(s, ".,")
	whole, part := s, ""
	if point >= 0 && len(s)-point-1 <= 2 {
		whole, part = s[:point], s[point+1:]
	}
	whole = strings.NewReplacer(".", "", ",", "").Replace(whole)
	for len(part) < 2 {
		part += "0"
	}
	n, err := strconv.ParseInt(whole+part, 10, 64)
	return n, err == nil
}

func currencyOf(sign string) string {
	switch s := strings.ToUpper(strings.TrimRight(sign, ".")); s {
	case "€", "EURO", "EUROS":
		return "EUR"
	case "£":
		return "GBP"
	case "US$":
		return "USD"
	case "R$":
		return "BRL"
	case "ZŁ":
		return "PLN"
	case "KČ":
		return "CZK"
	case "円":
		return "JPY"
	case "元", "RMB":
		return "CNY"
	case "FR":
		return "CHF"
	case "EUR", "GBP", "USD", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "JPY", "CNY", "BRL":
		return s
	}
	return ""
}
