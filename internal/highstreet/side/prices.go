package side

import "slices"

// A levy is what a shop adds beyond goods and delivery.
type levy struct {
	Name  string
	Price int
	On    []string // the templates of the pages from which it shows
}

// levied gives the levies that a page shows.
func (s *Shop) levied(page string) (list []levy) {
	for _, l := range s.levies {
		if slices.Contains(l.On, page) {
			list = append(list, l)
		}
	}
	return list
}

// Called gives the name that the shop's pages have for a product, by its id as
// in Price.
func (s *Shop) Called(product string) string {
	if p := s.find(product); p != nil {
		return p.Name
	}
	return ""
}
