package web

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"touchstone/internal/evidence"
	"touchstone/probes/web/driver"
)

func TestNamesThatOrderOrPay(t *testing.T) {
	button := driver.Control{Tag: "button", Role: "button", Submits: true}
	link := driver.Control{Tag: "a", Role: "link", Link: "https://shop.example/x"}
	final := button
	final.Checkout, final.Payment = true, true
	checkout := button
	checkout.Checkout = true
	choice := driver.Control{Tag: "input", Type: "radio", Role: "radio"}
	for _, c := range []struct {
		on      driver.Control
		refused bool
		names   string
	}{
		{button, true, "Place order|PLACE ORDER|Place your order – £24.50|Buy now|Pay now|Pay|Pay £24.50|Pay 24,50 EUR|Confirm and pay|Confirm & pay|Complete purchase|Google Pay|Buy with Shop Pay"},
		{button, true, "Jetzt kaufen|Zahlungspflichtig bestellen|Kostenpflichtig bestellen|Bestellung abschließen|Jetzt bezahlen|Bezahlen|Mit PayPal bezahlen"},
		{button, true, "Passer la commande|Commander et payer|Commande avec obligation de paiement|Payer|Payer 24,50 €|Valider ma commande"},
		{button, true, "Realizar pedido|Confirmar el pedido|Pagar ahora|Pagar|Pedido con obligación de pago|Comprar ya"},
		{button, true, "Effettua l'ordine|Ordine con obbligo di pagamento|Paga ora|Acquista ora|Conferma l’ordine"},
		{button, true, "Bestelling plaatsen|Bestelling met betalingsverplichting|Nu betalen|Betalen|Koop nu"},
		{button, true, "Fazer o pedido|Finalizar encomenda|Pagar agora|Confirmar e pagar|Encomenda com obrigação de pagamento"},
		{button, true, "Złóż zamówienie|Kupuję i płacę|Zamawiam z obowiązkiem zapłaty|Zapłać 49,00 zł|ZLOZ ZAMOWIENIE"},
		{button, true, "Slutför köp|Betala nu|Betala|Beställ med betalningsskyldighet|Köp nu"},
		{button, true, "Gennemfør køb|Betal nu|Betal 249 kr|Bestilling med betalingspligt"},
		{button, true, "Fullfør kjøp|Bekreft og betal|Betal med Vipps|Kjøp nå"},
		{button, true, "Tee tilaus|Maksa nyt|Vahvista ja maksa"},
		{button, true, "Objednat s povinností platby|Odeslat objednávku|Zaplatit 499 Kč|Závazně objednat"},
		{button, true, "注文を確定する|ご注文を確定|今すぐ購入|支払う|この内容で注文を確定する"},
		{button, true, "提交订单|立即购买|确认付款|支付 ¥49|送出訂單"},
		{link, true, "Place order|Buy now|Jetzt kaufen|Payer maintenant|注文を確定する|Kup teraz"},
		// Tricks that a person reads all the same.
		{button, true, "P\u200bay n\u00adow|Pl\u2060ace or\u200dder|\u202ewon yaP\u202c|Рay nоw|ΡLACE ΟRDER|P a y  n o w|P.l.a.c.e o.r.d.e.r|Ｐａｙ ｎｏｗ|𝐏𝐚𝐲 𝐧𝐨𝐰|Pay-now!|→ PAY NOW ←|Pl4ce 0rder|Plåce ordér|Z\u0307łóż zamówienie"},
		{final, true, "Order|Kaufen|Commander|Comprar|Acquista|Bestellen|Encomendar|Confirm|Submit|Valider|Bestätigen"},
		{checkout, true, "Order|Bestellen|Commander|Acquista|Kup|Köp|Bestil|Tilaa|Objednat|注文する|购买"},
		{final, true, "Potwierdź|Bekräfta|Bekræft|Fullfør|Vahvista|Potvrdit|確定する|确认"},

		{button, false, "Continue to payment|Proceed to checkout|Go to checkout|Checkout|Continue|Next|Add to basket|Add to cart|Save address|Search|View order|Track your order|Order history|Payment methods"},
		{button, false, "Weiter zur Zahlung|Zur Kasse|In den Warenkorb|Weiter|Zahlungsart wählen|Meine Bestellungen"},
		{button, false, "Continuer vers le paiement|Ajouter au panier|Étape suivante|Voir ma commande|Mode de paiement"},
		{button, false, "Ir al pago|Continuar con el pago|Añadir a la cesta|Tramitar pedido|Mis pedidos"},
		{button, false, "Vai al pagamento|Procedi al pagamento|Aggiungi al carrello|Vai alla cassa|I miei ordini"},
		{button, false, "Naar betalen|Verder naar betaling|In winkelwagen|Afrekenen|Mijn bestellingen"},
		{button, false, "Ir para o pagamento|Continuar para pagamento|Adicionar ao carrinho|Os meus pedidos"},
		{button, false, "Do koszyka|Dodaj do koszyka|Przejdź do płatności|Moje zamówienia|Dalej|Till kassan|Lägg i varukorgen|Fortsätt till betalning|Gå til kassen|Læg i kurv|Videre til betaling|Legg i handlekurv|Gå til betaling"},
		{button, false, "Siirry kassalle|Lisää ostoskoriin|Siirry maksamaan|Do košíku|Pokračovat k platbě|K pokladně|Můj účet|カートに入れる|レジに進む|ご購入手続きへ|お支払い方法の選択|注文内容を確認する|注文履歴|加入购物车|去结算|我的订单|支付方式|下一步"},
		{link, false, "Buy now, pay later: how our instalments work|Read how to pay now or later with an invoice|Search results for buy now stickers and posters"},
		{checkout, false, "Weiter zur Zahlung|Zur Kasse|Proceed to checkout|Go to payment|Use this address|Apply|Next: payment"},
		{checkout, false, "Continue|Confirm|Submit|Valider|Save and continue|Continue to payment"},
		{final, false, "Back|Edit address|Apply voucher|Change delivery"},
		{button, false, "Order|Kaufen|Commander|Comprar"}, // before the checkout: into the basket
		{link, false, "Pay|Order now|How to pay|Payment|Pay by invoice: how it works"},
		{choice, false, "Pay by invoice|Pay now|Place order|PayPal"},
	} {
		for name := range strings.SplitSeq(c.names, "|") {
			on := c.on
			on.Names = []string{"", name}
			if why := byName(on); (why != "") != c.refused {
				t.Errorf("%s %q (checkout %v, payment %v): refused %q, want %v", on.Role, name, on.Checkout, on.Payment, why, c.refused)
			}
		}
	}
}

func TestAddressesThatTakeOrders(t *testing.T) {
	t.Parallel()
	const shop = "https://shop.example"
	for address, want := range map[string]bool{
		shop + "/order/place": true, shop + "/en/order/123/confirm": true, shop + "/checkout/place-order": true, shop + "/Checkout/PlaceOrder.aspx": true, shop + "/pay": true, shop + "/pay/": true,
		shop + "/api/v2/orders": true, shop + "/payments/charge": true, shop + "/charge": true, shop + "/kasse/jetzt-kaufen": true, shop + "/?wc-ajax=checkout": true, shop + "/wp-json/wc/store/v1/checkout": true,
		shop + "/rest/default/V1/guest-carts/abc/payment-information": true, shop + "/index.php?route=extension/payment/cod/confirm": true, shop + "/on/demandware.store/x/CheckoutServices-PlaceOrder": true, shop + "/checkout/order": true,
		shop + "/place_order": true, shop + "/order/place;jsessionid=7": true, shop + "/order;v=2/place": true, shop + "/api/trpc/checkout.placeOrder": true, shop + "/order/place/77": true, shop + "/Shop.OrderService/PlaceOrder": true,
		"https://api.stripe.com/v1/payment_intents/pi_1/confirm": true, "https://api.stripe.com/v1/tokens": true, "https://checkoutshopper-live.adyen.com/v1/payments": true, "https://payments.braintree-api.com/graphql": true,
		"%zz://": true,

		shop + "/checkout": false, shop + "/checkout/payment": false, shop + "/checkout/address": false, shop + "/checkout/save": false, shop + "/basket": false, shop + "/cart/add": false, shop + "/payment-methods": false,
		shop + "/order/track": false, shop + "/login": false, shop + "/contact": false, shop + "/search?q=pay": false, shop + "/rest/V1/guest-carts/abc/set-payment-information": false, shop + "/payables/list": false,
		"https://r.stripe.com/0": false, "https://m.stripe.com/6": false, "https://api.stripe.com/v1/elements/sessions": false, "https://www.paypal.com/xoplatform/logger/api/logger": false, "https://stats.example/collect": false,
	} {
		if got := ordering(address); got != want {
			t.Errorf("ordering(%q) = %v", address, got)
		}
	}
	for address, want := range map[string]bool{
		shop + "/pay": true, shop + "/order/place": true, shop + "/place-order": true,
		shop + "/orders": false, shop + "/checkout/confirm": false, shop + "/checkout/payment": false, shop + "/payment": false, shop + "/order/thanks": false,
	} {
		if got := linkOrders(address); got != want {
			t.Errorf("linkOrders(%q) = %v", address, got)
		}
	}
	for _, c := range []struct {
		refused bool
		asking
	}{
		{false, asking{method: "GET", address: shop + "/pay"}},
		{false, asking{method: "GET", address: shop + "/order/place", redirected: true}},
		{true, asking{method: "GET", address: shop + "/order/place"}},
		{true, asking{method: "GET", address: shop + "/index.php?dispatch=checkout.place_order"}},
		{true, asking{method: "GET", address: shop + "/graphql?query=mutation%20%7B%20placeOrder%20%7B%20id%20%7D%20%7D"}},
		{false, asking{method: "GET", address: shop + "/graphql?query=query%20%7B%20placeOrderOptions%20%7D"}},
		{false, asking{method: "GET", address: shop + "/pictures/place-order.png"}},
		{false, asking{method: "GET", address: shop + "/static/Magento_Checkout/js/action/place-order.min.js"}},
		{false, asking{method: "GET", address: shop + "/static/Magento_Checkout/template/order/submit.html"}},
		{true, asking{method: "GET", address: shop + "/checkout/PlaceOrder.aspx"}},
		{false, asking{method: "GET", address: shop + "/search?q=how+to+place_order"}},
		{false, asking{method: "OPTIONS", address: shop + "/pay"}},
		{true, asking{method: "PUT", address: shop + "/api/orders/7/complete"}},
		{true, asking{method: "POST", address: "https://www.paypal.com/cgi-bin/webscr", document: true}},
		{false, asking{method: "POST", address: "https://www.paypal.com/xoplatform/logger/api/logger"}},
		{true, asking{method: "POST", address: "https://secure.payu.com/api/v2_1/neworder", document: true}},
		// Addresses for everything: the body decides.
		{true, asking{method: "POST", address: shop + "/graphql", body: `{"operationName":"CheckoutComplete","query":"mutation CheckoutComplete{checkoutComplete{id}}"}`}},
		{true, asking{method: "POST", address: shop + "/shop-api/graphql", body: `{"query":"mutation { addPaymentToOrder(input:{method:\"x\"}) { id } }"}`}},
		{true, asking{method: "POST", address: shop + "/graphql?operationName=SubmitForCompletion", body: `{"extensions":{"persistedQuery":{}}}`}},
		{true, asking{method: "POST", address: shop + "/graphql", unread: true}},
		{false, asking{method: "POST", address: shop + "/graphql", body: `{"query":"query { orderCreateOptions { id } }"}`}},
		{false, asking{method: "POST", address: shop + "/graphql", body: `{"query":"mutation { checkoutEmailUpdate(email:\"a@b.example\") { id } }"}`}},
		{true, asking{method: "POST", address: shop + "/wp-admin/admin-ajax.php", body: `action=shop_place_order&id=1`, form: true}},
		{true, asking{method: "POST", address: shop + "/rpc", body: `{"method":"checkout.placeOrder","params":[]}`}},
		{true, asking{method: "POST", address: shop + "/checkout/", body: `billing_city=Bath&woocommerce_checkout_place_order=Place+order`, form: true}},
		{true, asking{method: "POST", address: shop + "/step", body: "--x\r\nContent-Disposition: form-data; name=\"submitOrder\"\r\n\r\n1", form: true}},
		{true, asking{method: "POST", address: shop + "/ajax", body: "--x\r\nContent-Disposition: form-data; name=\"action\"\r\n\r\nplaceOrder\r\n"}},
		{true, asking{method: "POST", address: shop + "/ajax", body: `{"action":"pl\u0061ceOrder"}`}},
		{true, asking{method: "POST", address: shop + "/ajax", body: `action=%70laceOrder`}},
		{true, asking{method: "POST", address: shop + "/rpc", body: `<methodCall><methodName>checkout.placeOrder</methodName></methodCall>`}},
		{true, asking{method: "POST", address: shop + "/soap", body: `<soap:Envelope><soap:Body><ns:placeOrder xmlns:ns="urn:shop"/></soap:Body></soap:Envelope>`}},
		{true, asking{method: "GET", as: "post", address: shop + "/api/orders"}},
		{true, asking{method: "POST", as: "GET", address: shop + "/api/orders"}},
		{false, asking{method: "GET", as: "PATCH", address: shop + "/api/cart/5"}},
		{false, asking{method: "POST", address: shop + "/soap", body: `<soap:Body><ns:getOrders xmlns:ns="urn:shop"/></soap:Body>`}},
		{false, asking{method: "POST", address: shop + "/api/cart.items"}},
		{false, asking{method: "PUT", address: shop + "/api/orders/123"}},
		{false, asking{method: "POST", address: "https://stats.example/collect", body: `{"event":"view","features":{"buyNow":true}}`}},
		{false, asking{method: "POST", address: shop + "/cart/add", body: `id=5&quantity=1&return_to=back`, form: true}},
		// Every step of the checkout goes to one address.
		{false, asking{method: "POST", address: shop + "/en/order", body: `firstname=Anna&lastname=Bell&email=anna%40shopper.example&continue=1`, form: true}},
		{false, asking{method: "POST", address: shop + "/commande", body: `delivery_option%5B5%5D=2%2C&confirmDeliveryOption=1`, form: true}},
		{true, asking{method: "POST", address: shop + "/order", body: `payment-option=cod&conditions=1`, form: true}},
		{true, asking{method: "POST", address: shop + "/order"}},
		{true, asking{method: "POST", address: shop + "/module/ps_wirepayment/validation"}},
		{true, asking{method: "POST", address: shop + "/index.php?route=extension/opencart/payment/cod.confirm"}},
		{true, asking{method: "POST", address: shop + "/store/carts/cart_01/complete"}},
		{true, asking{method: "POST", address: shop + "/checkout_process.php"}},
		{true, asking{method: "POST", address: shop + "/shopping/checkout"}},
		{false, asking{method: "POST", address: shop + "/shopping/confirm"}},
	} {
		if why := byRequest(c.asking); (why != "") != c.refused {
			t.Errorf("%+v: refused %q, want %v", c.asking, why, c.refused)
		}
	}
}

func TestBounds(t *testing.T) {
	task := grantless("https://www.shop.co.uk/en")
	task.Site.Domains = []string{"help.example"}
	b, err := boundsOf(task.Site)
	if err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]bool{
		"https://shop.co.uk/": true, "https://pay.shop.co.uk/x": true, "http://www.shop.co.uk:8080/": true, "https://help.example/": true, "https://my.help.example/": true,
		"https://other.co.uk/": false, "https://shop.co.uk.evil.example/": false, "https://nothelp.example/": false, "about:blank": true, "%zz": false,
	} {
		if b.holds(address) != want {
			t.Errorf("%s within is %v", address, !want)
		}
	}
	for _, pair := range [][2]string{{"foo.myshopify.com", "foo.myshopify.com"}, {"www.foo.myshopify.com", "foo.myshopify.com"}, {"127.0.0.1", "127.0.0.1"}, {"localhost", "localhost"}, {"WWW.Shop.example.", "shop.example"}} {
		if got := domainOf(pair[0]); got != pair[1] {
			t.Errorf("domain of %s is %s", pair[0], got)
		}
	}
	if _, err := boundsOf(grantless("shop.example").Site); err == nil || !strings.Contains(err.Error(), "write url: https://") {
		t.Errorf("error is %v", err)
	}
}

// Granting an effect says nothing about where pages may lead, and the guard
// stays shut for a step that does not declare that it orders.
func TestGuardStaysShutWithoutTheStep(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string]string{"/": `<form method=post action=/x><button>Place order</button></form>`})
	task := grant(evidence.PlaceOrder)
	r := shopping(t, s, `[{"open":"/"},{"click":{"role":"button"}}]`, task, sandbox)
	want(t, r, evidence.NotGranted, "payment guard")
	if s.got(http.MethodPost+" /x") != 0 {
		t.Error("ordered")
	}
}

// A dialog is a button too: whatever asks for an order in a window of its own
// is answered with no.
func TestDialogsThatOrder(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string]string{"/": `<button id=a onclick="if (confirm('Place your order for £24.50?')) fetch('/step4', {method: 'POST'})">Continue</button>
		<button id=b onclick="if (confirm('Zamówienie zostanie złożone. Kontynuować?')) fetch('/step4', {method: 'POST'})">Dalej</button>
		<button id=c onclick="if (confirm('Leave this page?')) document.querySelector('h1').textContent = 'left'">Leave</button><h1>here</h1>`})
	r := shopping(t, s, `[{"open":"/"},{"click":{"css":"#a"}},{"click":{"css":"#b"}},{"click":{"css":"#c"}},{"expect":{"text":"left"}}]`)
	want(t, r, evidence.Completed, "")
	if s.got("POST /step4") != 0 {
		t.Errorf("asked %v", s.log())
	}
}

// What leads to the payment, and what only sounds like it, passes.
func TestWayToThePaymentIsOpen(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string]string{
		"/":                 `<form action=/search><input name=q aria-label=Search><button>Search</button></form>`,
		"/search":           `<h1>Results for buy now</h1><form method=post action=/cart/add><input type=hidden name=id value=5><button>In den Warenkorb</button></form>`,
		"/cart/add":         `<a href=/checkout>Proceed to checkout</a>`,
		"/checkout":         `<h1>Checkout</h1><form method=post action=/checkout/address><label>Name <input name=firstname></label><button>Continue to payment</button></form>`,
		"/checkout/address": `<h1>Payment</h1><form method=post action=/checkout/payment><label><input type=radio name=pay value=invoice> Pay by invoice</label><button>Weiter zur Zahlung</button></form>`,
		"/checkout/payment": `<h1>Last look</h1><button>Place order</button>`,
	})
	steps := `[{"open":"/"},{"fill":{"label":"Search","value":"buy now"}},{"press":"Enter"},{"click":{"role":"button","name":"Warenkorb"}},{"click":{"text":"Proceed to checkout"}},
		{"effect":"fill-checkout","fill":{"label":"Name","value":"Anna"}},{"click":{"role":"button","name":"Continue to payment"}},{"click":{"role":"radio"}},{"click":{"role":"button","name":"Weiter zur Zahlung"}},{"expect":{"text":"Last look"}}%s]`
	want(t, shopping(t, s, fmt.Sprintf(steps, ""), grant(evidence.FillCheckout)), evidence.Completed, "")
	want(t, shopping(t, s, fmt.Sprintf(steps, `,{"click":{"role":"button"}}`), grant(evidence.FillCheckout)), evidence.NotGranted, "payment guard")
}
