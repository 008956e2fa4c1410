package find

import (
	"slices"
	"strings"
)

// optionWords name what goods are chosen by, in the words that stand above a
// row of buttons.
var optionWords = func() wordSet {
	s := wordSet{}
	for w := range strings.FieldsSeq(`size sizes colour colours color colors style material fabric length width flavour flavor scent fragrance pack weight volume capacity storage model finish pattern edition variant variants option options
		grosse farbe farben ausfuhrung variante varianten lange breite geschmack duft gewicht inhalt fullmenge speicher modell muster
		taille tailles couleur coloris matiere modele parfum longueur largeur poids gout
		talla tamano material modelo sabor largo ancho peso
		taglia taglie colore misura materiale modello gusto lunghezza larghezza
		maat maten kleur kleuren uitvoering smaak lengte breedte
		tamanho cor cores sabores comprimento
		rozmiar kolor wzor smak dlugosc
		storlek farg langd utforande storrelse farve farge materiale lengde koko vari maku pituus
		velikost barva velkost farba
		サイズ 色 カラー 種類 容量 尺寸 颜色 款式 规格 尺码`) {
		s[Fold(w)] = true
	}
	return s
}()

// commands are what buttons that choose nothing are called.
var commands = []Concept{AddToCart, BuyNow, Wishlist, Compare, Close, Search, Next, Update, Remove, Cart, Checkout, Review, Contact, Help, Delivery, Returns, Newsletter}

// rows gives the rows of plain buttons that a product's options are drawn as:
// for each button, by its place among the controls, what the row is called. A
// row is a run of at least two short buttons side by side, headed by a word for
// what goods are chosen by, and drawn between the product's name and what puts
// it into the basket.
func (p *Page) rows(about func(*Control) bool) map[int]string {
	rows := map[int]string{}
	plain := func(i int) bool {
		c := &p.Controls[i]
		if c.Role != "button" || c.Href != "" || c.Submits || c.Hidden || c.Expanded != "" || c.Popup || c.Name == "" || len([]rune(c.Name)) > 30 || words(c.Name) > 4 || !about(c) {
			return false
		}
		if strings.Trim(c.Name, "+-−–×✕ ") == "" {
			return false
		}
		said := p.Labels[i]
		return !slices.ContainsFunc(commands, func(k Concept) bool { return said[k] >= .5 })
	}
	for from := 0; from < len(p.Controls); {
		to := from
		for to < len(p.Controls) && plain(to) && p.Controls[to].Form == p.Controls[from].Form && abs(p.Controls[to].Y-p.Controls[max(from, to-1)].Y) < 80 && p.Controls[to].Near == p.Controls[from].Near {
			to++
		}
		if to-from >= 2 {
			if called := p.optionOf(p.Controls[from:to]); called != "" {
				for i := from; i < to; i++ {
					rows[i] = called
				}
			}
		}
		from = max(to, from+1)
	}
	return rows
}

// optionOf gives what stands over a row of controls where it is a word for what
// goods are chosen by.
func (p *Page) optionOf(row []Control) string {
	if n := row[0].Near; n != "" && words(n) <= 5 && optionWords.has(n) {
		return n
	}
	top, said := row[0].Y, ""
	for _, b := range p.Blocks {
		if b.Folded || b.Y > top+2 || b.Y < top-90 || words(b.Text) > 6 || slices.ContainsFunc(row, func(c Control) bool { return c.Name == b.Text }) && b.Y > top-10 {
			continue
		}
		if optionWords.has(b.Text) {
			said = b.Text
		}
	}
	return said
}
