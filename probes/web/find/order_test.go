package find

import "testing"

func TestOrderlyLexiconIsWhole(t *testing.T) {
	for c := lastPrivate; c < lastOrderly; c++ {
		for tongue := range labels[Contact] {
			if orderly[c][tongue] == "" {
				t.Errorf("concept %d has no word in %s", c, tongue)
			}
		}
	}
	if lastOrderly >= 128 {
		t.Errorf("%d concepts do not fit the marks", lastOrderly)
	}
}

func TestOrdersOfAnAccount(t *testing.T) {
	const out = "\n[Log out](/logout)"
	for _, c := range []struct {
		name, address, text string
		want                bool
	}{
		{"a page that is called so", "/order/history", "# My orders\nYou have placed no orders.", true},
		{"a part of the account's page", "/account", "# Account" + out + "\n## Order history\n#1188 2026-10-28 Paid", true},
		{"none yet, in Czech", "/klient", "# Můj účet\nZatím nemáte žádné objednávky.\n[Odhlásit se](/odhlasit)", true},
		{"none yet, in Japanese", "/mypage", "# マイページ\nご注文履歴はありません。\n[ログアウト](/logout)", true},
		{"an account that says nothing of orders", "/account", "# Account" + out + "\n## Your details\nanna@test.example", false},
		{"a shop's help", "/help", "# Help\n## Order history\nYou find it in your account.", false},
		{"a checkout", "/checkout", "# Checkout\n## Your orders", false},
	} {
		if _, ok := Orders(page(c.address, c.text)); ok != c.want {
			t.Errorf("%s: %t", c.name, ok)
		}
	}
}

// asking is a page with one form.
func asking(address, title, button string, fields ...string) *Page {
	v := page(address, "# "+title).View
	b := Box{Area: Main, Method: "POST", Text: title + " | " + button, Buttons: []int{90}}
	for i, f := range fields {
		b.Inputs = append(b.Inputs, Input{Ref: i + 50, Tag: "input", Type: "text", Name: f})
		b.Text += " | " + f
	}
	v.Forms = append(v.Forms, b)
	v.Controls = append(v.Controls, Control{Ref: 90, Tag: "button", Role: "button", Name: button, Submits: true, Area: Main, Item: -1})
	return Study(v)
}

// A form that takes an order's number shows it, cancels it or sends it back:
// each is told from the others.
func TestFormsByNumber(t *testing.T) {
	for _, c := range []struct {
		name                 string
		page                 *Page
		looks, cancels, back bool
	}{
		{"a look-up", asking("/track", "Track your order", "Show", "Order number", "E-mail"), true, false, false},
		{"Magento's, called after both", asking("/sales/guest/form", "Orders and Returns", "Continue", "Order ID", "E-mail"), true, false, true},
		{"a cancellation", asking("/cancel", "Cancel an order", "Cancel order", "Order number", "E-mail"), false, true, false},
		{"one in Polish", asking("/rezygnacja", "Rezygnacja z zamówienia", "Anuluj zamówienie", "Numer zamówienia", "E-mail"), false, true, false},
		{"a return, in Spanish", asking("/cambios", "Cambios y devoluciones", "Solicitar devolución", "Número de pedido", "Email"), false, false, true},
		{"a withdrawal, in German", asking("/vertrag-widerrufen", "Vertrag widerrufen", "Widerruf bestätigen", "Name", "Bestellnummer", "E-Mail"), false, false, true},
		{"a newsletter", asking("/news", "Newsletter", "Join", "E-mail"), false, false, false},
	} {
		_, looks := Lookup(c.page)
		_, cancels := CancelForm(c.page)
		_, returns := ReturnForm(c.page)
		if looks != c.looks || cancels != c.cancels || returns != c.back {
			t.Errorf("%s: looks up %t, cancels %t, returns %t", c.name, looks, cancels, returns)
		}
	}
}

// Of several orders on a page the one that was meant is opened and ended, and
// what ends one is never taken for what opens it.
func TestOrderAmongOthers(t *testing.T) {
	v := page("/orders", "# Orders\nOrder 70011 of May 3, delivered\nOrder 7001 of May 9, being packed\nOrder 7002 of May 9, being packed").View
	for i, row := range []string{"70011", "7001", "7002"} {
		y := float64(130 + 30*i)
		v.Controls = append(v.Controls,
			Control{Ref: 10 + i, Tag: "a", Role: "link", Name: "Cancel order", Href: "https://shop.example/orders/" + row + "/cancel", Area: Main, Y: y, Form: -1, Item: -1},
			Control{Ref: 20 + i, Tag: "a", Role: "link", Name: "View", Href: "https://shop.example/orders/" + row, Area: Main, Y: y, Form: -1, Item: -1})
	}
	p := Study(v)
	if c := p.ToOrder("#7001"); c == nil || c.Ref != 21 {
		t.Errorf("the way to the order: %+v", c)
	}
	if c := p.Offer(CancelOrder, "7001"); c == nil || c.Ref != 11 {
		t.Errorf("what cancels it: %+v", c)
	}
	if c := p.Offer(StartReturn, "7001"); c != nil {
		t.Errorf("what returns it: %+v", c)
	}
	if p.Shows("700") || !p.Shows("7002") || p.Shows("") {
		t.Error("an order's number stands alone")
	}
	if s := p.State("7002"); s != "Order 7002 of May 9, being packed" {
		t.Errorf("its state: %q", s)
	}
	v.Controls = append(v.Controls, Control{Ref: 40, Tag: "a", Role: "link", Name: "7003", Href: "https://shop.example/orders/7003/cancel", Area: Main, Form: -1, Item: -1})
	if c := Study(v).ToOrder("7003"); c != nil {
		t.Errorf("a link that cancels was taken for one that shows: %+v", c)
	}
}

// What a frame shows becomes part of its page: numbers and places move, and what
// stood in the frame's main part stands where the frame does.
func TestFrameJoinsItsPage(t *testing.T) {
	outer := page("/", "# Shop").View
	outer.Forms = []Box{{Area: Main}}
	inner := page("/in", "# Returns\n[Delivery](/delivery)").View
	inner.Forms = []Box{{Area: Main, Inputs: []Input{{Ref: 3}}, Buttons: []int{4}}}
	inner.Controls = append(inner.Controls, Control{Ref: 4, Form: 0, Item: -1, Area: Main, Opener: 2}, Control{Ref: 2*Span + 1, Form: -1, Item: -1, Area: Footer})
	outer.Add(inner, Inner{Area: Nav, X: 10, Y: 500}, Span)
	last := outer.Controls[len(outer.Controls)-2:]
	if c := last[0]; c.Ref != Span+4 || c.Opener != Span+2 || c.Form != 1 || c.Area != Nav || c.Y != 500 {
		t.Errorf("a control of the frame: %+v", c)
	}
	if c := last[1]; c.Ref != 2*Span+1 || c.Area != Footer {
		t.Errorf("a control of a frame within the frame: %+v", c)
	}
	if f := outer.Forms[1]; f.Inputs[0].Ref != Span+3 || f.Buttons[0] != Span+4 {
		t.Errorf("a form of the frame: %+v", f)
	}
}

func TestTermOfUndividedWords(t *testing.T) {
	goods := []Item{{Title: "刷毛目の飯碗"}, {Title: "粉引の飯碗"}, {Title: "しのぎ湯呑"}}
	if s := Term(goods); s != "飯碗" {
		t.Errorf("what is looked for among pottery: %q", s)
	}
	if s := Term([]Item{{Title: "手工陶瓷茶杯"}}); s != "茶杯" {
		t.Errorf("among cups: %q", s)
	}
}

// A basket whose way on is called "continue", and one in a drawer that leads to
// its own page first.
func TestWaysOutOfBaskets(t *testing.T) {
	v := page("/kosik", "# Nákupní košík\nLipový med\nCelkem 189 Kč").View
	v.Controls = []Control{{Ref: 1, Tag: "a", Role: "link", Name: "Pokračovat v nákupu", Href: "https://shop.example/", Area: Main, Form: -1, Item: -1}, {Ref: 2, Tag: "a", Role: "link", Name: "Pokračovat", Href: "https://shop.example/krok-1", Area: Main, Form: -1, Item: -1}}
	if b := BasketOf(Study(v), "Lipový med"); !b.Shown || b.Checkout != 2 {
		t.Errorf("a basket that goes on: %+v", b)
	}
	v = page("/p", "# Banco ripado\nSeu carrinho\nBanco ripado\nTotal R$ 389,90").View
	for i := range v.Blocks[1:] {
		v.Blocks[i+1].Area = Dialog
	}
	v.Controls = []Control{{Ref: 5, Tag: "a", Role: "link", Name: "Ir para o carrinho", Href: "https://shop.example/cart", Area: Dialog, Form: -1, Item: -1}}
	if b := BasketOf(Study(v), "Banco ripado"); !b.Shown || !b.Drawer || b.Checkout != 5 {
		t.Errorf("a drawer without a heading: %+v", b)
	}
}
