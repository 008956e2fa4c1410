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
	signs  = `(?:R\$|US\$|A\$|C\$|CA\$|AU\$|NZ\$|HK\$|NT\$|S\$|MX\$|[€£$¥￥₹₽₩₪₺₴₫฿]|\b(?:EUR|GBP|USD|CHF|SEK|NOK|DKK|PLN|CZK|JPY|(?-i:CNY|RMB|BRL|HUF|RON|BGN|TRY|INR|KRW|AUD|CAD|NZD|HKD|SGD|MXN|ZAR|ISK|UAH|RUB|ILS|AED|RM|Rp|Rs\.?))|kr\.?|zł|Kč|\bS?Fr\.?)`
	after  = `(?:€|£|\$|¥|￥|₽|₩|₪|₺|₴|₫|฿|(?:EUR|euros?|GBP|USD|CHF|SEK|NOK|DKK|PLN|CZK|lei|(?-i:HUF|RON|BGN|TRY|INR|KRW|AUD|CAD|NZD|HKD|SGD|MXN|ZAR|ISK|UAH|RUB|ILS|AED|Ft|TL))\b|руб\.?|грн\.?|kr\b\.?|zł|Kč|лв|円|元|원|,-|:-)`
	amount = `\d{1,3}(?:,\d{2})+,\d{3}(?:\.\d{1,2})?|\d{1,3}(?:[.,'’\x{00a0}\x{202f} ]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?|\.\d{2}`
)

var (
	before = regexp.MustCompile(`(?i)(` + signs + `)[\s\x{00a0}]*(` + amount + `)`)
	// The cents may follow the sign: "12€99".
	behind = regexp.MustCompile(`(?i)(` + amount + `)[\s\x{00a0}]*(?:[,.]?[-–]{1,2}[\s\x{00a0}]*)?(` + after + `)(?:[\s\x{00a0}]?(\d{2})(?:$|[^\d.,%]))?`)
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
		end := m[2*max(sign, num)+1]
		minor, ok := minorOf(text[m[2*num]:m[2*num+1]])
		if sign == 2 && m[6] >= 0 && minor%100 == 0 && !strings.ContainsAny(text[m[2]:m[3]], ".,") && strings.HasPrefix(text[m[4]:m[5]], "€") {
			if cents, good := minorOf(text[m[6]:m[7]]); good {
				minor, end = minor+cents/100, m[7]
			}
		}
		if ok {
			list = append(list, Price{minor, currencyOf(text[m[2*sign]:m[2*sign+1]]), strings.TrimSpace(text[m[0]:end])})
		}
		text = text[end:]
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
	s := strings.ToUpper(strings.TrimRight(sign, "."))
	if code := currencies[s]; code != "" {
		return code
	}
	if len(s) == 3 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" {
		return s
	}
	return ""
}

// currencies are the currencies that a sign stands for beyond doubt; $, ¥ and kr are
// those of several countries.
var currencies = map[string]string{"€": "EUR", "EURO": "EUR", "EUROS": "EUR", "£": "GBP", "US$": "USD", "R$": "BRL", "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD", "NZ$": "NZD", "HK$": "HKD", "NT$": "TWD", "S$": "SGD", "MX$": "MXN",
	"ZŁ": "PLN", "KČ": "CZK", "円": "JPY", "元": "CNY", "RMB": "CNY", "FR": "CHF", "SFR": "CHF", "₹": "INR", "RS": "INR", "₽": "RUB", "РУБ": "RUB", "₩": "KRW", "원": "KRW", "₪": "ILS", "₺": "TRY", "TL": "TRY", "₴": "UAH", "ГРН": "UAH", "FT": "HUF", "LEI": "RON", "ЛВ": "BGN", "RM": "MYR", "RP": "IDR", "₫": "VND", "฿": "THB"}
