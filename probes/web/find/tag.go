package find

import (
	"regexp"
	"slices"
	"strings"
)

// A Tag is what a shop writes about the price of one thing. Amounts that were
// not written are zero.
type Tag struct {
	Price   Price  // what it costs now, tax included where both are written; the lowest of several
	Most    Price  // the highest of a range
	From    bool   // "from £9": the lowest of several that are not written
	Was     Price  // an earlier or a recommended price, crossed out or called so
	WasSays string // what that is called: "RRP", "statt"; empty where it is only crossed out
	Unit    Price  // of a measure
	Measure string // which, as written: "/ 100 g"
	Net     bool   // the price is said to be without tax
	Gross   bool   // it is said to include the tax
}

// Loose reports whether the tag leaves open what the thing costs.
func (t Tag) Loose() bool { return t.From || t.Most.Text != "" }

// A Writing is a piece of text, struck out or not.
type Writing struct {
	Text   string
	Struck bool
}

// ReadTag reads what stands about one price, in the order of reading. Savings,
// instalments, delivery and prices that need a code are passed over.
func ReadTag(list ...Writing) (t Tag) {
	called := "" // a label that stands alone belongs to what comes after it
	for n, w := range list {
		parts := partsOf(w.Text)
		if len(parts) == 0 {
			called = ""
			if words(w.Text) <= 6 {
				called = w.Text
			}
			t.taxed(w.Text, true)
			continue
		}
		if parts[0].before == "" {
			parts[0].before = called
		}
		called = ""
		// "12,50 € statt" is a label of what comes next.
		if last := &parts[len(parts)-1]; n+1 < len(list) && !w.Struck && wasWords.in(nearest(last.after)) && len(Prices(list[n+1].Text)) > 0 {
			called, last.after = last.after, ""
		}
		for i := range parts {
			t.take(&parts[i], w.Struck)
		}
	}
	return t
}

// A part is an amount with the words that belong to it.
type part struct {
	Price
	before, after string // words; between two amounts they belong to one of them
	gap           string // what stands between it and the next amount
}

// partsOf divides a text at its amounts. Where it begins with one, words follow
// the amounts they belong to, and else they go before.
func partsOf(text string) (list []part) {
	prices := Prices(text)
	rest := text
	for _, p := range prices {
		i := strings.Index(rest, p.Text)
		if i < 0 {
			return nil
		}
		between := strings.Trim(rest[:i], " \u00a0(")
		if n := len(list); n > 0 {
			list[n-1].gap = between
			list[n-1].after = between
		}
		list = append(list, part{Price: p, before: between})
		rest = rest[i+len(p.Text):]
	}
	if n := len(list); n > 0 {
		list[n-1].after = strings.TrimSpace(rest)
		if Fold(list[0].before) == "" {
			for i := range list[1:] {
				list[i+1].before = ""
			}
		} else {
			for i := range list[:n-1] {
				list[i].after = measureOf(list[i].gap)
			}
		}
	}
	return list
}

// take adds what one amount says to the tag.
func (t *Tag) take(p *part, struck bool) {
	before := nearest(p.before)
	switch m := measureOf(p.after); {
	case m != "":
		if t.Unit.Text == "" {
			t.Unit, t.Measure = p.Price, m
		}
		return
	case savingWords.in(before) || partWords.in(before+Fold(p.after)+" ") || t.Price.Text != "" && strings.HasSuffix(strings.TrimSpace(p.before), "+"):
		return
	case Read(p.before).Has(DeliveryTalk, DeliveryPrice, OverTalk, FreeTalk) && !fromWords.ends(before):
		return
	case struck || !fromWords.ends(before) && (wasWords.in(before) || wasAlone.in(before) && len(strings.Fields(before)) == 1) || wasWords.in(" "+Fold(p.after)+" ") && p.before == "" && !nowWords.in(before):
		if t.Was.Text == "" {
			t.Was, t.WasSays = p.Price, clipped(strings.Trim(p.before, " :.,*–-"))
		}
		return
	}
	net, gross := taxOf(p.before, p.after)
	switch {
	case t.Price.Text == "":
		t.Price, t.Net, t.Gross = p.Price, net, gross
		t.From = fromWords.ends(before) || fromAfter.starts(" "+Fold(p.after)+" ") || strings.HasPrefix(p.after, "〜") || strings.HasPrefix(p.after, "～")
		if ranges.MatchString(p.gap) {
			t.Most.Text = "…" // what comes next
		}
	case t.Most.Text == "…":
		t.Most = p.Price
		if t.Most.Minor < t.Price.Minor {
			t.Price, t.Most = t.Most, t.Price
		}
	case t.Net && gross && p.Minor > t.Price.Minor: // "£10 ex VAT, £12 inc VAT"
		t.Price, t.Net, t.Gross = p.Price, false, true
	}
}

// nearest folds the last words of a label, with a space before and behind: what
// stands further off may be the thing's name.
func nearest(label string) string {
	const most = 6
	w := strings.Fields(Fold(label))
	return " " + strings.Join(w[max(0, len(w)-most):], " ") + " "
}

// taxed takes what a text without an amount says about the tax.
func (t *Tag) taxed(text string, late bool) {
	if net, gross := taxOf("", text); late && t.Price.Text != "" && !t.Net && !t.Gross {
		t.Net, t.Gross = net && !gross, gross
	}
}

func taxOf(before, after string) (net, gross bool) {
	for _, s := range []string{" " + Fold(before) + " ", " " + Fold(after) + " "} {
		if netWords.in(s) {
			return true, false
		}
		if grossWords.in(s) {
			return false, true
		}
	}
	return false, false
}

// ranges joins the two ends of a range of prices.
var ranges = regexp.MustCompile(`(?i)^\s*(?:[-–—~〜～]|to|bis|à|a|al?|tot|até|do|till?|til|-tól)\s*$`)

// measured is a measure that a price is for: "/ 100 g", "per kg", "pro Liter".
var measured = regexp.MustCompile(`(?i)^[\s(=*]*((?:/|per|pro|je|par|le|la|al|por|à|au|na|za|pr\.?|par)\s*(?:\d+(?:[.,]\d+)?\s*)?(?:kg|kilo(?:gram\w*)?|g|gr|gramm\w*|lb|oz|l|lit(?:er|re|ro)s?|ml|cl|dl|m|met(?:er|re)s?|m²|m2|m³|cm|mètres?|metro|100)\b\.?\s*(?:g|ml)?)`)

func measureOf(after string) string {
	if m := measured.FindStringSubmatch(after); m != nil {
		return strings.TrimSpace(m[1])
	}
	return ""
}

// phrases are words of one sense in the shipped languages, folded; what ends in
// a star stands for any ending.
type phrases struct {
	spaced []string
	dense  []string
}

func spoken(text string) *phrases {
	p := &phrases{}
	for s := range strings.SplitSeq(text, "|") {
		if dense(s) {
			p.dense = append(p.dense, Fold(s))
			continue
		}
		if stem, open := strings.CutSuffix(s, "*"); open {
			p.spaced = append(p.spaced, " "+Fold(stem))
		} else {
			p.spaced = append(p.spaced, " "+Fold(s)+" ")
		}
	}
	return p
}

// in reports whether folded words, with a space before and behind, hold one.
func (p *phrases) in(folded string) bool {
	has := func(s string) bool { return strings.Contains(folded, s) }
	return slices.ContainsFunc(p.spaced, has) || slices.ContainsFunc(p.dense, has)
}

// ends reports whether they end with one.
func (p *phrases) ends(folded string) bool {
	return slices.ContainsFunc(p.spaced, func(s string) bool { return strings.HasSuffix(folded, s) })
}

// starts reports whether they begin with one.
func (p *phrases) starts(folded string) bool {
	return slices.ContainsFunc(p.spaced, func(s string) bool { return strings.HasPrefix(folded, s) }) ||
		slices.ContainsFunc(p.dense, func(s string) bool { return strings.HasPrefix(strings.TrimSpace(folded), s) })
}

var (
	fromWords = spoken("from|starting at|starting from|as low as|ab|schon ab|a partir de|des|desde|da|a partire da|vanaf|od|juz od|fran|fra|alkaen|alk|jiz od")
	fromAfter = spoken("alkaen|から|より|起")
	nowWords  = spoken("now|sale price|special price|current price|jetzt|nur|neuer preis|prix promo|maintenant|ahora|adesso|nu|agora|teraz|nyt|nyni")
	wasWords  = spoken("was|were|rrp|msrp|srp|list price|regular price|original price|original price was|retail price|old price|previously|usually|compare at|lowest price in the last|uvp|uvp des herstellers|statt|bisher|vorher|alter preis|listenpreis|ursprunglich*|niedrigster preis der letzten|prix de base|prix conseille|prix d origine|au lieu de|ancien prix|prix barre|antes|precio anterior|pvp recomendado|pvpr|precio original|prezzo precedente|prezzo di listino|anziche|invece di|adviesprijs|normale prijs|preco original|preco anterior|cena regularna|najnizsza cena|poprzednia cena|stara cena|tidigare|ord pris|ordinarie pris|rek pris|tidligere pris|forpris|vejl|veil pris|ovh|normaalihinta|aiemmin|puvodni cena|bezna cena|drive|通常価格|定価|参考価格|原价|市场价|原價")
	wasAlone  = spoken("van|de|for|before|regular|original|prima|instead of")
	// What is saved, taken off, or won, is no price.
	savingWords = spoken("save|you save|saving*|discount|off|rabatt|sie sparen|du sparst|ersparnis|gespart|spare*|economisez|economie*|remise|ahorra*|ahorro|descuento|risparmi*|sconto|bespaar*|korting|poupe*|desconto|economiz*|oszczedz*|taniej|rabat*|spara|du sparar|spar|sparer|saasta*|alennus|usetri*|sleva|お得|引き|节省|立减|gift card|voucher|gutschein|points|punkte")
	// Rates, deposits, and prices for those who have a code.
	partWords  = spoken("month|months|monthly|mo|instal*|payments of|interest free|klarna|afterpay|clearpay|weekly|monat*|rate|raten|ratenzahlung|mois|mensual*|mensili*|mesi|x sans frais|cuotas|rata|raty|ratach|termijn*|maand*|manad*|manedlig*|kuukau*|mesic*|parcelas|meses|deposit|pfand|with code|mit code|avec le code|con codigo|con il codice|分割|ヶ月|分期|每月")
	netWords   = spoken("excl|exc|ex vat|ex tax|excluding|plus vat|vat not|zzgl mwst|zzgl ust|exkl|netto|ohne mwst|ht|hors taxe|hors taxes|hors tva|sin iva|iva no incluido|mas iva|iva esclusa|piu iva|excl btw|exclusief|sem iva|bez vat|bez dph|exkl moms|ex moms|eks mva|eksl moms|ekskl moms|eks moms|uten mva|alv 0|veroton|税抜|税別|不含税|未税")
	grossWords = spoken("incl|inc vat|inc tax|including|with vat|inkl|brutto|ttc|toutes taxes comprises|iva incluido|iva incluida|iva inclusa|iva compresa|inclusief|com iva|z vat|vcetne dph|s dph|inkl moms|med moms|inkl mva|sis alv|vat included|tax included|taxes included|税込|含税")
)
