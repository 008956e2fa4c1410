package web

import (
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
		{link, true, "Place order|Buy now|Jetzt kaufen|Payer maintenant"},
		{final, true, "Order|Kaufen|Commander|Comprar|Acquista|Bestellen|Encomendar|Confirm|Submit|Valider|Bestätigen"},
		{checkout, true, "Order|Bestellen|Commander|Acquista"},

		{button, false, "Continue to payment|Proceed to checkout|Go to checkout|Checkout|Continue|Next|Add to basket|Add to cart|Save address|Search|View order|Track your order|Order history|Payment methods"},
		{button, false, "Weiter zur Zahlung|Zur Kasse|In den Warenkorb|Weiter|Zahlungsart wählen|Meine Bestellungen"},
		{button, false, "Continuer vers le paiement|Ajouter au panier|Étape suivante|Voir ma commande|Mode de paiement"},
		{button, false, "Ir al pago|Continuar con el pago|Añadir a la cesta|Tramitar pedido|Mis pedidos"},
		{button, false, "Vai al pagamento|Procedi al pagamento|Aggiungi al carrello|Vai alla cassa|I miei ordini"},
		{button, false, "Naar betalen|Verder naar betaling|In winkelwagen|Afrekenen|Mijn bestellingen"},
		{button, false, "Ir para o pagamento|Continuar para pagamento|Adicionar ao carrinho|Os meus pedidos"},
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
	const shop = "https://shop.example"
	for address, want := range map[string]bool{
		shop + "/order/place": true, shop + "/en/order/123/confirm": true, shop + "/checkout/place-order": true, shop + "/Checkout/PlaceOrder.aspx": true, shop + "/pay": true, shop + "/pay/": true,
		shop + "/api/v2/orders": true, shop + "/payments/charge": true, shop + "/charge": true, shop + "/kasse/jetzt-kaufen": true, shop + "/?wc-ajax=checkout": true, shop + "/wp-json/wc/store/v1/checkout": true,
		shop + "/rest/default/V1/guest-carts/abc/payment-information": true, shop + "/index.php?route=extension/payment/cod/confirm": true, shop + "/on/demandware.store/x/CheckoutServices-PlaceOrder": true, shop + "/checkout/order": true,
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
	if byRequest("GET", shop+"/order/place", "") != "" || byRequest("OPTIONS", shop+"/pay", "") != "" {
		t.Error("what only reads is refused")
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
	s := serve(t, map[string]string{"/": `<form method=post action=/x><button>Place order</button></form>`})
	task := grant(evidence.PlaceOrder)
	r := shopping(t, s, `[{"open":"/"},{"click":{"role":"button"}}]`, task, sandbox)
	want(t, r, evidence.NotGranted, "payment guard")
	if s.got(http.MethodPost+" /x") != 0 {
		t.Error("ordered")
	}
}
