package find

import "testing"

func TestPricesInManyNotations(t *testing.T) {
	for text, want := range map[string]Price{
		"1.234,56 €": {123456, "EUR", ""}, "€ 1.234,56": {123456, "EUR", ""}, "1 234,56 €": {123456, "EUR", ""}, "1\u202f234,56\u00a0€": {123456, "EUR", ""}, "EUR 12,5": {1250, "EUR", ""},
		"CHF 1’234.50": {123450, "CHF", ""}, "CHF 1'234.–": {123400, "CHF", ""}, "Fr. 12.50": {1250, "CHF", ""}, "1 234.50 CHF": {123450, "CHF", ""},
		"¥1,200": {120000, "", ""}, "￥1,200": {120000, "", ""}, "1,200円": {120000, "JPY", ""}, "12 kr": {1200, "", ""}, "kr 1.299,00": {129900, "", ""}, "1 299:-": {129900, "", ""}, "12,-": {1200, "", ""},
		"$1,234.5": {123450, "", ""}, "US$ 99.99": {9999, "USD", ""}, "R$ 1.234,56": {123456, "BRL", ""}, "1234,00 zł": {123400, "PLN", ""}, "1 290 Kč": {129000, "CZK", ""}, "£.99": {99, "GBP", ""}, "12€99": {1299, "EUR", ""}, "12 € 50": {1250, "EUR", ""},
		"₹1,23,456.00": {12345600, "INR", ""}, "12 990 Ft": {1299000, "HUF", ""}, "99,90 lei": {9990, "RON", ""}, "₩12,000": {1200000, "KRW", ""}, "1.299,90 TL": {129990, "TRY", ""}, "HK$ 88": {8800, "HKD", ""}, "1 250 ₽": {125000, "RUB", ""}, "49,90 лв": {4990, "BGN", ""},
		"£1,234,567.89": {123456789, "GBP", ""}, "1.234.567 €": {123456700, "EUR", ""}, "AU$12": {1200, "AUD", ""}, "C$12.00": {1200, "CAD", ""}, "-£5.00": {500, "GBP", ""},
	} {
		got := Prices(text)
		if len(got) != 1 || got[0].Minor != want.Minor || got[0].Currency != want.Currency {
			t.Errorf("%q: %+v, want %d %s", text, got, want.Minor, want.Currency)
		}
	}
	for _, text := range []string{"4.5 stars (12)", "SKU 12345", "30 days", "Model 3.14", "20 % off", "2 for 1", "Size 42 EU"} {
		if got := Prices(text); len(got) > 0 {
			t.Errorf("%q is no price: %+v", text, got)
		}
	}
}

func TestReadTag(t *testing.T) {
	plain := func(list ...string) (w []Writing) {
		for _, s := range list {
			text, struck := s, false
			if len(s) > 1 && s[0] == '~' {
				text, struck = s[1:], true
			}
			w = append(w, Writing{text, struck})
		}
		return w
	}
	for _, c := range []struct {
		said []Writing
		want string // price, most, was, unit
		from bool
		net  bool
	}{
		{plain("£22.00"), "£22.00|||", false, false},
		{plain("~£26.00", "£22.00"), "£22.00||£26.00|", false, false},
		{plain("Was: £125.00 Now: £98.00"), "£98.00||£125.00|", false, false},
		{plain("Special Price $229.00 Regular Price $269.00"), "$229.00||$269.00|", false, false},
		{plain("statt 14,90 € nur 11,90 €*", "inkl. MwSt. zzgl. Versandkosten"), "11,90 €||14,90 €|", false, false},
		{plain("UVP", "~14,50 €", "12,50 €", "(25,00 € / 100 ml)"), "12,50 €||14,50 €|25,00 €", false, false},
		{plain("From £10.00"), "£10.00|||", true, false},
		{plain("Ab", "19,90 €"), "19,90 €|||", true, false},
		{plain("À partir de 9,90 €"), "9,90 €|||", true, false},
		{plain("alkaen 9,90 €"), "9,90 €|||", true, false},
		{plain("3,300円〜"), "3,300円|||", true, false},
		{plain("£10.00 – £25.00"), "£10.00|£25.00||", false, false},
		{plain("10,00 € bis 25,00 €"), "10,00 €|25,00 €||", false, false},
		{plain("£10.00 ex VAT £12.00 inc VAT"), "£12.00|||", false, false},
		{plain("Excl. Tax: $10.00 Incl. Tax: $12.00"), "$12.00|||", false, false},
		{plain("CHF 1’234.50 exkl. MwSt."), "CHF 1’234.50|||", false, true},
		{plain("£8.00", "excl. VAT"), "£8.00|||", false, true},
		{plain("£19.80", "or 3 payments of £6.60 with Klarna"), "£19.80|||", false, false},
		{plain("£19.80", "You save £4.20 (17 %)"), "£19.80|||", false, false},
		{plain("£19.80", "+ £3.95 delivery", "Free delivery over £50"), "£19.80|||", false, false},
		{plain("24,99 € 19,99 € -20 %"), "24,99 €|||", false, false}, // which of them counts, nothing says
		{plain("Niedrigster Preis der letzten 30 Tage: 17,99 €", "19,99 €"), "19,99 €||17,99 €|", false, false},
		{plain("£9.00 each"), "£9.00|||", false, false},
		{plain("2,49 € / kg"), "||| 2,49 €", false, false},
		{plain("129 kr", "Ord. pris 199 kr"), "129 kr||199 kr|", false, false},
		{plain("¥1,200（税込）", "通常価格 ¥1,500"), "¥1,200||¥1,500|", false, false},
	} {
		got := ReadTag(c.said...)
		want := c.want
		if want == "||| 2,49 €" {
			want = "|||2,49 €"
		}
		if s := got.Price.Text + "|" + got.Most.Text + "|" + got.Was.Text + "|" + got.Unit.Text; s != want || got.From != c.from || got.Net != c.net {
			t.Errorf("%v: %s, from %t, net %t; want %s, %t, %t", c.said, s, got.From, got.Net, want, c.from, c.net)
		}
	}
}
