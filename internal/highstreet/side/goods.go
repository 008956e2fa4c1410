package side

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A shelf is a category of goods.
type shelf struct{ ID, Name, About string }

// A product is something that can be put into a cart. Amounts are in the
// smallest unit of the shop's currency.
type product struct {
	ID, Name, Shelf string
	Short, About    string
	Kind            string // of the template "draw" that draws it
	Hue, Shade      string // its colours
	Price           int
	Was             int    // the price that is crossed out beside it; 0: none
	Until           string // the last day of the offer, as the page writes it
	InCart          int    // what the cart asks instead of Price; 0: the same
	Stock           stock
	Options         []choice
	Facts           []string
}

// A stock is what a shop has of a product, and whether it says so in time.
type stock int

const (
	ample stock = iota
	few
	out       // and the page says so
	outInCart // and only the cart says so
)

func (p *product) Few() bool { return p.Stock == few }
func (p *product) Out() bool { return p.Stock == out }

// A choice is something that has to be chosen before a product can be bought.
type choice struct {
	Field, Label string
	Values       []value
}

// A value is one of a choice. Extra is what it costs beyond the price.
type value struct {
	ID, Label string
	Extra     int
	Out       bool
	Colour    string
}

// pick makes a choice of plain values; an id is its label in lower case.
func pick(field, label string, labels ...string) choice {
	c := choice{Field: field, Label: label}
	for _, l := range labels {
		l, gone := strings.CutSuffix(l, " -")
		c.Values = append(c.Values, value{ID: strings.ReplaceAll(strings.ToLower(l), " ", "-"), Label: l, Out: gone})
	}
	return c
}

// A line is one position of a cart.
type line struct {
	Product  *product
	Picks    []value
	Quantity int
}

// Key names a line among the others.
func (l line) Key() string {
	key := l.Product.ID
	for _, v := range l.Picks {
		key += "." + v.ID
	}
	return key
}

// Chosen are the options in words.
func (l line) Chosen() string {
	var words []string
	for _, v := range l.Picks {
		words = append(words, v.Label)
	}
	return strings.Join(words, " / ")
}

// Each is the price of one in the cart.
func (l line) Each() int {
	each := cmp.Or(l.Product.InCart, l.Product.Price)
	for _, v := range l.Picks {
		each += v.Extra
	}
	return each
}

// Cost is the price of the line.
func (l line) Cost() int { return l.Each() * l.Quantity }

// Gone reports that the cart says of it what the page did not.
func (l line) Gone() bool { return l.Product.Stock == outInCart }

// A way is one of delivery.
type way struct {
	ID, Name, When string
	Price          int
	FreeFrom       int // free for goods of this value and more; 0: never
}

// A bag is what a cart comes to.
type bag struct {
	Lines  []line
	Way    *way
	Levies []levy
	Goods  int
	Ship   int
	Count  int
}

// Total is what is to be paid.
func (b bag) Total() int {
	sum := b.Goods + b.Ship
	for _, l := range b.Levies {
		sum += l.Price
	}
	return sum
}

// Gone reports that something in it can't be bought.
func (b bag) Gone() bool { return slices.ContainsFunc(b.Lines, line.Gone) }

// tally adds a cart up.
func tally(lines []line, w *way) bag {
	b := bag{Lines: slices.Clone(lines), Way: w}
	for _, l := range lines {
		b.Goods, b.Count = b.Goods+l.Cost(), b.Count+l.Quantity
	}
	if b.Ship = w.Price; w.FreeFrom > 0 && b.Goods >= w.FreeFrom || b.Count == 0 {
		b.Ship = 0
	}
	return b
}

// pounds, dollars and the rest write amounts as a shop's customers do.
func pounds(n int) string  { return fmt.Sprintf("£%d.%02d", n/100, n%100) }
func dollars(n int) string { return fmt.Sprintf("$%d.%02d", n/100, n%100) }
func euros(n int) string   { return fmt.Sprintf("%d,%02d\u00a0€", n/100, n%100) }
func yen(n int) string {
	if n < 1000 {
		return fmt.Sprintf("¥%d", n)
	}
	return fmt.Sprintf("¥%d,%03d", n/1000, n%1000)
}
