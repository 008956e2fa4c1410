package find

import (
	"cmp"
	"slices"
	"strings"
)

// A Sum is a line of what a basket or a checkout adds up.
type Sum struct {
	Label string
	Kind  SumKind
	Price Price // of a discount, the amount that is taken off
	Free  bool  // it says that it costs nothing
}

// A SumKind is what a line is for.
type SumKind string

// The kinds. A fee is what is neither goods, delivery nor tax: handling,
// insurance, a surcharge for the way to pay.
const (
	SumGoods    SumKind = "goods"
	SumDelivery SumKind = "delivery"
	SumTax      SumKind = "tax"        // added
	SumTaxIn    SumKind = "tax-within" // named, and in the total already
	SumDiscount SumKind = "discount"
	SumFee      SumKind = "fee"
	SumTotal    SumKind = "total"
	SumTotalNet SumKind = "total-without-tax"
)

var (
	feeWords  = spoken("fee|fees|surcharge*|handling|service charge|processing|insurance|protection|donation|tip|levy|premium|packaging charge|packing charge|admin charge|gebuhr*|zuschlag*|aufschlag*|bearbeitung*|servicepauschale|versicherung*|spende|verpackungspauschale|nachnahme*|mindermenge*|frais de dossier|frais de service|frais de traitement|frais de gestion|supplement*|assurance|eco participation|eco contribution|don|recargo*|gastos de gestion|gastos de tramitacion|comision*|seguro|donacion|supplement*|commission*|assicurazione|spese di gestione|contrassegno|toeslag*|servicekosten|administratiekosten|behandelingskosten|verzekering|taxa*|sobretaxa|seguro|oplata*|oplaty|doplat*|ubezpiecz*|prowizja|avgift*|tillagg|faktura*avgift|forsakring|expeditionsavgift|gebyr*|tillaeg|tillegg|forsikring|ekspeditionsgebyr|maksu*|lisamaksu|toimituslisa|vakuutus|poplatek*|prirazk*|balne|pojisteni|手数料|代引き料|保険料|手续费|服务费|保险")
	taxWords  = spoken("tax|taxes|vat|gst|hst|pst|sales tax|mwst|ust|umsatzsteuer|mehrwertsteuer|tva|iva|btw|moms|mva|alv|vat|podatek|dph|dan|消費税|税額|税费|うち税|内税")
	withinIn  = spoken("included|includes|including|incl|of which|inkl|enthalten*|darin|davon|dont|inclus*|incluid*|inclus*|di cui|compres*|inbegrepen|waarvan|w tym|varav|heraf|hvorav|sisaltaa|josta|vcetne|z toho|うち|内|其中")
	giftWords = spoken("discount*|coupon*|promo*|voucher*|you save|saving*|rabatt*|gutschein*|nachlass|remise*|reduction*|bon d achat|descuento*|cupon*|sconto|buono|korting*|desconto*|cupom|rabat*|zniz*|sleva|alennus*|etu|gavekort|rabattkod|割引|クーポン|优惠|折扣")
)

// SumsOf reads what a basket or a checkout adds up: labels with the amount that
// stands with them or comes right after.
func SumsOf(p *Page) (list []Sum) {
	inside := func(i int) bool {
		b := &p.Blocks[i]
		return !b.Folded && !b.Struck && (b.Area == Main || b.Area == Dialog || b.Area == Aside)
	}
	seen := map[string]bool{}
	add := func(label, amount string) {
		label = strings.Trim(label, " \u00a0:：.*-–")
		kind := kindOf(label)
		if kind == "" {
			return
		}
		s := Sum{Label: clipped(label), Kind: kind}
		if prices := Prices(amount); len(prices) > 0 {
			s.Price = prices[len(prices)-1]
		} else {
			s.Free = true
		}
		if key := string(kind) + s.Label + s.Price.Text; !seen[key] {
			seen[key] = true
			list = append(list, s)
		}
	}
	for i, b := range p.Blocks {
		if !inside(i) || words(b.Text) > 14 {
			continue
		}
		parts := partsOf(b.Text)
		switch {
		case len(parts) == 1 && Fold(parts[0].before) != "":
			add(parts[0].before, b.Text)
		case len(parts) > 1 && Fold(parts[0].before) != "":
			for _, part := range parts {
				add(part.before, part.Text)
			}
		case len(parts) == 0 && kindOf(b.Text) != "":
			for j := i + 1; j <= i+2 && j < len(p.Blocks); j++ {
				next := &p.Blocks[j]
				if !inside(j) || len(next.Text) > 60 {
					break
				}
				if len(Prices(next.Text)) > 0 {
					if bare(next.Text) {
						add(b.Text, next.Text)
					}
					break
				}
				if p.Bare[j].Has(FreeTalk) && words(next.Text) <= 4 {
					add(b.Text, "")
					break
				}
				if kindOf(next.Text) != "" {
					break
				}
			}
		}
	}
	return list
}

// bare reports whether a text is an amount and little else.
func bare(text string) bool {
	rest := text
	for _, p := range Prices(text) {
		rest = strings.Replace(rest, p.Text, "", 1)
	}
	return words(rest) <= 5
}

// kindOf says what a line of a sum is for by its label, empty where nothing
// says it.
func kindOf(label string) SumKind {
	if words(label) > 9 {
		return ""
	}
	folded, said := " "+Fold(label)+" ", Read(label)
	tax := taxWords.in(folded)
	switch {
	case said.Has(TotalTalk) && !said.Has(SubtotalTalk, DeliveryTalk):
		if netWords.in(folded) {
			return SumTotalNet
		}
		return SumTotal
	case said.Has(SubtotalTalk):
		return SumGoods
	case giftWords.in(folded):
		return SumDiscount
	case said.Has(DeliveryTalk, DeliveryPrice, Delivery):
		return SumDelivery
	case tax && (withinIn.in(folded) || strings.Contains(label, "incl")):
		return SumTaxIn
	case feeWords.in(folded) && !tax:
		return SumFee
	case tax:
		return SumTax
	}
	return ""
}

// TotalOf gives the total that the lines come to, the last one named.
func TotalOf(list []Sum) (total Price) {
	for _, s := range list {
		if s.Kind == SumTotal {
			total = s.Price
		}
	}
	return total
}

// TagOf reads what a product's page says of its price: about the price that
// stands by its name and by what puts it into the basket.
func TagOf(p *Page, pr Product) Tag {
	at, near := -1, 1e9
	add := p.Control(pr.Add)
	for i, b := range p.Blocks {
		if !p.main(i) || b.Struck || b.Folded || pr.Price.Text == "" || !strings.Contains(b.Text, pr.Price.Text) {
			continue
		}
		d := 0.0
		if add != nil {
			d = abs(b.Y - add.Y)
		}
		if at < 0 || d < near {
			at, near = i, d
		}
	}
	if at < 0 {
		return Tag{Price: pr.Price}
	}
	const reach = 90 // CSS pixels: what belongs to a price stands by it
	beside := func(i int) bool {
		b := &p.Blocks[i]
		return p.main(i) && !b.Folded && b.Level != 1 && abs(b.Y-p.Blocks[at].Y) < reach && words(b.Text) <= 24 && b.Text != pr.Name
	}
	from, to := at, at
	for from > 0 && at-from < 4 && beside(from-1) {
		from--
	}
	for to+1 < len(p.Blocks) && to-at < 5 && beside(to+1) {
		to++
	}
	t := ReadTag(writings(p, from, to)...)
	if t.Price.Text == "" {
		t.Price = pr.Price
	}
	return t
}

func writings(p *Page, from, to int) (list []Writing) {
	for _, b := range p.Blocks[from : to+1] {
		list = append(list, Writing{b.Text, b.Struck})
	}
	return list
}

// ItemTag reads what an entry of a list says of its price.
func ItemTag(it Item) Tag {
	t := ReadTag(Writing{Text: it.Text})
	shown := Prices(it.Price)
	if len(shown) == 0 {
		return t
	}
	now := slices.MinFunc(shown, func(a, b Price) int { return cmp.Compare(a.Minor, b.Minor) })
	switch {
	case t.Price.Minor == now.Minor && t.Most.Text == "" && t.Was.Text == "" && len(shown) == 2:
		t.Was = slices.MaxFunc(shown, func(a, b Price) int { return cmp.Compare(a.Minor, b.Minor) })
		if t.Was.Minor == now.Minor {
			t.Was = Price{}
		}
	case t.Price.Minor == now.Minor || t.Price.Text != "" && t.Was.Minor == now.Minor || t.Most.Minor == now.Minor && t.Most.Text != "":
	case t.Price.Minor > now.Minor && t.Was.Text == "": // two amounts, and one of them crossed out
		t.Was, t.Price = t.Price, now
	default:
		t.Price = now
	}
	return t
}

// LineTag reads what one piece of a product costs where a basket or a checkout
// lists it.
func LineTag(p *Page, name string) Tag {
	for i, b := range p.Blocks {
		if b.Area == Header || b.Area == Footer || b.Folded || !like(b.Text, name) {
			continue
		}
		to := i
		for j := i; j < len(p.Blocks) && j <= i+9 && !p.Blocks[j].Folded; j++ {
			if j > i && p.Said[j].Has(SubtotalTalk, TotalTalk) && words(p.Blocks[j].Text) > 1 {
				break
			}
			to = j
			if len(Prices(p.Blocks[j].Text)) > 0 && !p.Blocks[j].Struck {
				break
			}
		}
		list := writings(p, i, to)
		list[0].Text = strings.Replace(list[0].Text, name, "", 1) // "Was" may be its name
		if t := ReadTag(list...); t.Price.Text != "" {
			return t
		}
	}
	return Tag{}
}

// Gone reports whether a basket or a checkout says that what lies in it cannot
// be had, and how.
func Gone(p *Page) (string, bool) {
	for i, b := range p.Blocks {
		if (p.main(i) || b.Area == Aside) && !b.Folded && words(b.Text) < 24 && (p.Bare[i].Has(OutOfStock) || goneWords.in(" "+Fold(b.Text)+" ")) {
			return clipped(b.Text), true
		}
	}
	return "", false
}

// What a page says of the stock.
const (
	InStockSign = "in stock"
	FewLeft     = "few left"
	SoldOut     = "sold out"
)

var fewWords = spoken("few left|only a few|low stock|last one|last few|last items|left in stock|only 1|only 2|only 3|only 4|only 5|hurry|nur noch|wenige|letzte|geringer bestand|restposten|plus que|derniers|dernieres pieces|quedan|ultimas unidades|ultimos|ultimi pezzi|solo|pochi|nog maar|laatste|ultimas|restam|ostatnie|ostatnia|fatal|nagra fa|sista|fa tilbage|fa pa lager|fa igjen|viimeiset|jaljella|posledni|残りわずか|残り|仅剩")

var goneWords = spoken("no longer available|no longer sold|discontinued|not in stock|nicht mehr verfugbar|nicht mehr lieferbar|nicht mehr erhaltlich|nicht mehr auf lager|n est plus disponible|plus en stock|n est plus en stock|plus disponibles|ya no esta disponible|ya no disponible|ya no queda*|non e piu disponibile|non piu disponibile|niet meer leverbaar|niet meer beschikbaar|niet meer op voorraad|ja nao esta disponivel|nao disponivel|niedostepn*|finns inte langre|inte langre tillganglig*|ikke laengere|ikke lenger tilgjengelig|ei ole enaa saatavilla|jiz neni|品切れ|販売終了|已下架")

// StockSign says what a product's page says of its stock, empty for nothing.
func StockSign(p *Page, pr Product) string {
	add := p.Control(pr.Add)
	for i, b := range p.Blocks {
		if p.main(i) && !b.Folded && add == nil && words(b.Text) < 14 && goneWords.in(" "+Fold(b.Text)+" ") {
			return SoldOut
		}
	}
	if pr.Sold {
		return SoldOut
	}
	for i, b := range p.Blocks {
		if p.main(i) && !b.Folded && words(b.Text) < 12 && (add == nil || abs(b.Y-add.Y) < 500) && (p.Bare[i].Has(InStock) || len(Prices(b.Text)) == 0) && fewWords.in(" "+Fold(b.Text)+" ") && (p.Bare[i].Has(InStock) || words(b.Text) <= 6) {
			return FewLeft
		}
	}
	if pr.InStock {
		return InStockSign
	}
	return ""
}

// Names reports whether a line names a product, or is a part of its whole name.
func Names(line, name string) bool {
	return line != "" && (like(line, name) || words(line) > 1 && like(name, line))
}
