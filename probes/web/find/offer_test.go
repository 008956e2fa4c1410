package find

import (
	"testing"
	"time"
)

// paged makes a page of plain blocks, each 15 pixels below the last; one that
// begins with ~ is struck out.
func paged(list ...string) *Page {
	var v View
	for i, s := range list {
		b := Block{Text: s, Area: Main, Y: float64(15 * i)}
		if s[0] == '~' {
			b.Text, b.Struck = s[1:], true
		}
		if s[0] == '#' {
			b.Text, b.Level = s[1:], 1
		}
		v.Blocks = append(v.Blocks, b)
	}
	return Study(v)
}

func TestDayIn(t *testing.T) {
	for text, want := range map[string]string{
		"Offer until 31 December 2026.": "2026-12-31", "Sale ends July 4, 2025": "2025-07-04", "jusqu'au 31 mars 2025": "2025-03-31", "bis zum 3. März 2026": "2026-03-03", "gültig 01.02. - 14.02.2026": "2026-02-14",
		"válido hasta el 5 de mayo de 2026": "2026-05-05", "2026年12月31日まで": "2026-12-31", "valid until 2026-01-09": "2026-01-09", "31/12/2026": "2026-12-31", "12/31/2026": "2026-12-31", "do 15 października 2026": "2026-10-15",
		"t/m 1 augustus 2026": "2026-08-01", "do 5. listopadu 2026": "2026-11-05", "fino al 2 giugno 2026": "2026-06-02", "1er août 2026": "2026-08-01", "30.6.26": "2026-06-30", "Sept 9th, 2026": "2026-09-09",
	} {
		if got, ok := DayIn(text); !ok || got.Format(time.DateOnly) != want {
			t.Errorf("%q: %s, want %s", text, got.Format(time.DateOnly), want)
		}
	}
	for _, text := range []string{"3/4/2026", "while stocks last", "2026", "31 February 2026"} {
		if got, ok := DayIn(text); ok {
			t.Errorf("%q is no day: %s", text, got)
		}
	}
}

func TestOfferOf(t *testing.T) {
	for _, c := range []struct {
		says []string
		ends string
		left time.Duration
	}{
		{[]string{"#Jar", "~£26.00", "£22.00", "Offer until 31 December 2026."}, "2026-12-31", 0},
		{[]string{"#Seife", "Angebot gültig bis 31.03.2025", "11,90 €"}, "2025-03-31", 0},
		{[]string{"#Boot", "Sale ends in", "02", "hrs", "13", "min", "44", "sec"}, "", 2*time.Hour + 13*time.Minute + 44*time.Second},
		{[]string{"#Boot", "Hurry! Offer ends in 14:59"}, "", 14*time.Minute + 59*time.Second},
		{[]string{"#Botte", "Offre : se termine dans 1 j 02:03:04"}, "", 26*time.Hour + 3*time.Minute + 4*time.Second},
		{[]string{"#Jar", "£22.00", "Delivery by 31 December 2026"}, "", 0},
		{[]string{"#Jar", "Reviewed 31 December 2024", "Open 9:00 to 17:30"}, "", 0},
	} {
		o := OfferOf(paged(c.says...))
		ends := ""
		if !o.Ends.IsZero() {
			ends = o.Ends.Format(time.DateOnly)
		}
		if ends != c.ends || o.Left != c.left {
			t.Errorf("%q: ends %q, left %s; want %q, %s", c.says, ends, o.Left, c.ends, c.left)
		}
	}
}

func TestSumsOf(t *testing.T) {
	for _, c := range []struct {
		says []string
		want string
	}{
		{[]string{"Item Total:", "$32.00", "Shipping:", "$9.95", "Handling fee", "$3.50", "Order Total:", "$45.45"}, "goods $32.00, delivery $9.95, fee $3.50, total $45.45"},
		{[]string{"Zwischensumme 24,00 €", "Versandkosten", "kostenlos", "Nachnahmegebühr", "5,00 €", "Gesamtsumme 29,00 €", "inkl. MwSt. 4,63 €"}, "goods 24,00 €, delivery free, fee 5,00 €, total 29,00 €, tax-within 4,63 €"},
		{[]string{"Subtotal", "£20.00", "Discount (SPRING)", "-£2.00", "Tax", "£3.60", "Estimated total", "£21.60"}, "goods £20.00, discount £2.00, tax £3.60, total £21.60"},
		{[]string{"小計", "¥3,300", "送料", "¥600", "代引き手数料", "¥330", "合計（税込）", "¥4,230"}, "goods ¥3,300, delivery ¥600, fee ¥330, total ¥4,230"},
		{[]string{"Sous-total", "12,50 €", "Livraison", "4,90 €", "Frais de dossier 2,00 €", "Total TTC", "19,40 €"}, "goods 12,50 €, delivery 4,90 €, fee 2,00 €, total 19,40 €"},
		{[]string{"Standard delivery takes 3 days and costs £3.95 when you live on the mainland or the isles and order before noon"}, ""},
	} {
		got := ""
		for _, s := range SumsOf(paged(c.says...)) {
			if got != "" {
				got += ", "
			}
			got += string(s.Kind) + " "
			if s.Free {
				got += "free"
			} else {
				got += s.Price.Text
			}
		}
		if got != c.want {
			t.Errorf("%q: %s, want %s", c.says, got, c.want)
		}
	}
}

func TestTagsOfPages(t *testing.T) {
	p := paged("#Sea salt jar", "~£26.00", "£22.00", "In stock", "Offer until 31 December 2026.", "You may also like", "Fig £9.00")
	if tag := TagOf(p, Product{Name: "Sea salt jar", Price: Price{2200, "GBP", "£22.00"}}); tag.Price.Minor != 2200 || tag.Was.Minor != 2600 {
		t.Errorf("of a product: %+v", tag)
	}
	p = paged("#Your basket", "Sea salt jar", "Amber", "~£26.00", "£24.00", "Subtotal", "£24.00")
	if tag := LineTag(p, "Sea salt jar"); tag.Price.Minor != 2400 || tag.Was.Minor != 2600 {
		t.Errorf("of a line: %+v", tag)
	}
	for text, want := range map[Item]string{
		{Text: "Sale Sea salt jar £26.00 £22.00 Choose", Price: "£22.00"}: "£22.00 £26.00 false",
		{Text: "Jeans From £40.00", Price: "£40.00"}:                      "£40.00  true",
		{Text: "Jeans £40.00 – £60.00", Price: "£60.00"}:                  "£40.00  false",
		{Text: "Seife 4,90 € (49,00 € / kg)", Price: "4,90 €"}:            "4,90 €  false",
	} {
		tag := ItemTag(text)
		if got := tag.Price.Text + " " + tag.Was.Text + map[bool]string{true: " true", false: " false"}[tag.From]; got != want {
			t.Errorf("%+v: %s, want %s", text, got, want)
		}
	}
	if _, gone := Gone(paged("#Panier", "Ce produit est en rupture de stock")); !gone {
		t.Error("what the basket says of its line was not read")
	}
}
