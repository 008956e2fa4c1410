package find

import "testing"

func TestNextPage(t *testing.T) {
	for _, c := range []struct{ name, address, text, want string }{
		{"words", "/orders", "# My orders\n[1](/orders)\n[2](/orders?page=2)\n[Next](/orders?page=2)", "https://shop.example/orders?page=2"},
		{"an arrow, in a path, on the second page", "/my-account/orders/2/", "# Orders\n[‹](/my-account/orders/)\n[›](/my-account/orders/3/)", "https://shop.example/my-account/orders/3/"},
		{"a number", "/sales/order/history/?p=2", "# Orders\n[1](/sales/order/history/)\n[3](/sales/order/history/?p=3)", "https://shop.example/sales/order/history/?p=3"},
		{"German, a segment with a word", "/konto/bestellungen", "# Bestellungen\n[Weiter](/konto/bestellungen/seite/2)", "https://shop.example/konto/bestellungen/seite/2"},
		{"the last page", "/orders?page=3", "# My orders\n[Previous](/orders?page=2)", ""},
		{"an order by its number", "/orders", "# My orders\n[2](/orders/view/2)", ""},
		{"what goes on elsewhere", "/orders", "# My orders\n[Continue](/checkout?page=2)", ""},
	} {
		got := ""
		if ctl := page(c.address, c.text).NextPage(); ctl != nil {
			got = ctl.Href
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
