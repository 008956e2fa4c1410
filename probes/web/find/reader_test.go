package find

import (
	"reflect"
	"testing"
)

// What a Reader remembers changes nothing of what it reads.
func TestReaderReadsAlike(t *testing.T) {
	var r Reader
	for range 2 {
		for _, p := range []*Page{
			page("/help/returns", "# Returns\nYou have 30 days to send it back.\n[Contact us](/contact)\n[Delivery](/policies/delivery)"),
			page("/contact", "# Contact us\nWrite to us.\n[Contact us](/contact)\n[Returns](/help/returns)"),
		} {
			if got := r.Study(p.View); !reflect.DeepEqual(got, p) {
				t.Errorf("%s is read otherwise: %+v", p.URL, got)
			}
		}
	}
}

// A link of the foot that says nothing known is tried, after all that does.
func TestNamelessLinksComeLast(t *testing.T) {
	v := page("/", "# Pens\n[Do kogo napisać](/strony/do-kogo)\n[Kontakt](/kontakt)\n[Atrament](/atrament)").View
	for i := range v.Controls[:2] {
		v.Controls[i].Area = Footer
	}
	g, _ := Named("find-contact")
	ranked := g.Rank(Study(v))
	if len(ranked) != 2 || ranked[0].Index != 1 || ranked[1].Index != 0 || ranked[1].Score >= ranked[0].Score/2 {
		t.Errorf("ranked %+v", ranked)
	}
	if g, _ := Named("open-product"); len(g.Rank(Study(v))) != 0 {
		t.Error("the way to a product leads through the foot")
	}
}

// A basket whose way on bears no known name has it all the same, where nothing
// else it could be is in doubt.
func TestNamelessWayOn(t *testing.T) {
	basket := func(buttons ...string) Basket {
		v := page("/cart", "# Your basket\nBlue pen\nTotal £9.00").View
		for i, name := range buttons {
			v.Controls = append(v.Controls, Control{Ref: 50 + i, Tag: "button", Role: "button", Name: name, Area: Main, Form: -1, Item: -1})
		}
		return BasketOf(Study(v), "Blue pen")
	}
	for _, c := range []struct {
		buttons []string
		want    int
	}{
		{[]string{"Remove", "Update basket", "Off we go"}, 52},
		{[]string{"Off we go", "Add a note"}, 0},
		{[]string{"Off we go", "Checkout"}, 51},
	} {
		if got := basket(c.buttons...).Checkout; got != c.want {
			t.Errorf("%q: %d leads on, want %d", c.buttons, got, c.want)
		}
	}
}
