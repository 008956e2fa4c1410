package highstreet

import (
	"fmt"
	"strings"
)

// pence is an amount of money, VAT included.
type pence int

// String writes £4 and £3.95.
func (p pence) String() string {
	if p%100 == 0 {
		return fmt.Sprintf("£%d", p/100)
	}
	return fmt.Sprintf("£%d.%02d", p/100, p%100)
}

// A category is a shelf of the shop.
type category struct{ ID, Name, About string }

// A product is something on a shelf, in at least one size.
type product struct {
	ID, Name, Category string
	Short              string // one line, on cards
	About              string
	Drawing            string // name of the template that draws it
	Glaze, Shade       string // its colours
	Facts              []string
	Sizes              []size
}

// A size is what is put into the basket.
type size struct {
	ID, Name string
	Price    pence
}

// From is the lowest price.
func (p *product) From() pence {
	low := p.Sizes[0].Price
	for _, s := range p.Sizes {
		low = min(low, s.Price)
	}
	return low
}

// Size gives a size by its id, or nil.
func (p *product) Size(id string) *size {
	for i := range p.Sizes {
		if p.Sizes[i].ID == id {
			return &p.Sizes[i]
		}
	}
	return nil
}

// A way is a way of delivery.
type way struct {
	ID, Name, When string
	Price          pence
	FreeFrom       pence // free for goods of this value and more; 0: never
}

// Cost is what the delivery of goods of this value costs.
func (w *way) Cost(goods pence) pence {
	if w.FreeFrom > 0 && goods >= w.FreeFrom {
		return 0
	}
	return w.Price
}

// A question is an entry of the help page.
type question struct {
	ID     string `json:"id"`
	Topic  string `json:"topic"`
	Asked  string `json:"asked"`
	Answer string `json:"answer"`
}

// find gives the product of an id, or nil.
func (h *house) find(id string) *product {
	for i := range h.products {
		if h.products[i].ID == id {
			return &h.products[i]
		}
	}
	return nil
}

func (h *house) shelf(id string) *category {
	for i := range h.categories {
		if h.categories[i].ID == id {
			return &h.categories[i]
		}
	}
	return nil
}

func (h *house) onShelf(id string) (list []*product) {
	for i := range h.products {
		if h.products[i].Category == id {
			list = append(list, &h.products[i])
		}
	}
	return list
}

func (h *house) way(id string) *way {
	for i := range h.ways {
		if h.ways[i].ID == id {
			return &h.ways[i]
		}
	}
	return nil
}

// search gives the products that hold every word of query, in any order; no
// word finds nothing.
func (h *house) search(query string) (found []*product) {
	for i := range h.products {
		p := &h.products[i]
		if query != "" && holdsAll(p.Name+" "+p.Short+" "+p.About+" "+strings.Join(p.Facts, " "), query) {
			found = append(found, p)
		}
	}
	return found
}

// searchHelp gives the questions that hold every word of query, in any order.
func (h *house) searchHelp(query string) (found []question) {
	for _, q := range h.questions {
		if holdsAll(q.Topic+" "+q.Asked+" "+q.Answer, query) {
			found = append(found, q)
		}
	}
	return found
}

func holdsAll(text, query string) bool {
	text = strings.ToLower(text)
	for w := range strings.FieldsSeq(strings.ToLower(query)) {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}
