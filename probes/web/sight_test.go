package web

import (
	"fmt"
	"strings"
	"testing"

	"touchstone/probes"
	"touchstone/probes/web/driver"
)

func TestPurposes(t *testing.T) {
	for _, c := range []struct{ kind, about, purpose string }{
		{"text", "email E-mail address", "email"}, {"email", "x1 Kontakt", "email"}, {"text", "Correo electrónico", "email"}, {"text", "Adresse électronique", "email"}, {"text", "postal-code f3", "postcode"},
		{"text", "PLZ", "postcode"}, {"text", "Código postal", "postcode"}, {"text", "CAP", "postcode"}, {"text", "Vorname", "given name"}, {"text", "Prénom", "given name"}, {"text", "Nachname", "family name"},
		{"text", "Achternaam", "family name"}, {"text", "Straße und Hausnummer", "street"}, {"text", "Indirizzo", "street"}, {"text", "Ort", "city"}, {"text", "Cidade", "city"}, {"tel", "f9", "phone"}, {"text", "Telefone", "phone"},
		{"password", "pw", "password"}, {"text", "Mot de passe", "password"}, {"text", "Company name", "company"}, {"text", "name Full name", "name"}, {"text", "Note for the courier", ""}, {"text", "gift message", ""},
	} {
		if got, personal := purposeOf(c.kind, c.about); got != c.purpose || personal && (got == "" || got == "password" || got == "company") {
			t.Errorf("%s %q is for %q (personal %v), want %q", c.kind, c.about, got, personal, c.purpose)
		}
	}
}

// The words of each language are found on a page in it, and the same page
// without them has none of the facts.
func TestWordsOfEveryLanguage(t *testing.T) {
	for lang, c := range map[string]struct{ put, stock, when, sum, guest, box, no, help string }{
		"en": {"Add to cart", "In stock", "Arrives in 2 to 3 days", "Shipping £3.50\nTotal £20.00", "Check out as a guest", "Send me special offers", "I do not want offers", "Help"},
		"de": {"In den Warenkorb", "Sofort lieferbar", "Lieferzeit: 2–3 Werktage", "Versandkosten 3,50 €\nGesamtbetrag 20,00 €", "Ohne Kundenkonto bestellen", "Ja, ich möchte den Newsletter", "Keine Angebote bitte", "Hilfe"},
		"fr": {"Ajouter au panier", "En stock", "Livraison sous 3 jours", "Livraison : gratuite\nTotal TTC 20,00 €", "Commander sans créer de compte", "Je souhaite recevoir vos offres", "Je ne souhaite pas recevoir d'offres: je ne veux pas", "Aide"},
		"es": {"Añadir al carrito", "Sin existencias", "Entrega: mañana", "Envío gratis\nImporte total 20,00 €", "Comprar como invitado", "Quiero recibir novedades", "No quiero promociones", "Ayuda"},
		"it": {"Aggiungi al carrello", "Disponibile", "Consegna entro 2 giorni", "Spedizione 3,50 €\nTotale 20,00 €", "Continua senza registrazione", "Desidero ricevere offerte", "Non desidero ricevere offerte", "Assistenza"},
		"nl": {"In winkelwagen", "Op voorraad", "Levertijd 2 werkdagen", "Verzendkosten € 3,50\nTotaal € 20,00", "Bestellen zonder account", "Stuur mij de nieuwsbrief", "Geen aanbiedingen", "Klantenservice"},
		"pt": {"Adicionar ao carrinho", "Esgotado", "Entrega em 3 dias úteis", "Portes 3,50 €\nTotal 20,00 €", "Continuar sem registo", "Quero receber promoções", "Não quero ofertas", "Ajuda"},
	} {
		s := sightOf(t)
		s.take(nil, driver.Survey{URL: "https://shop.example/", View: 1, Checkout: true, Text: strings.Join([]string{c.stock, c.when, c.sum, c.guest}, "\n"),
			Controls: []driver.Way{{Text: c.put}, {Text: c.help, Link: "https://shop.example/1"}}, Boxes: []driver.Box{{Key: "a", Label: c.box, Ticked: true}, {Key: "b", Label: c.no, Ticked: true}}}, 0, false)
		if !s.product || !s.stock || !s.date || !s.total || !s.guest || !s.helpInCheckout || s.help != 2 || s.preticked() != 1 {
			t.Errorf("%s: product %v, stock %v, date %v, total %v, guest %v, help %v %d, preticked %d", lang, s.product, s.stock, s.date, s.total, s.guest, s.helpInCheckout, s.help, s.preticked())
		}
		s = sightOf(t)
		s.take(nil, driver.Survey{URL: "https://shop.example/", View: 1, Checkout: true, Text: "20,00 €\n3 x 1", Controls: []driver.Way{{Text: "AGB", Link: "https://shop.example/1"}}, Boxes: []driver.Box{{Key: "a", Label: "AGB", Ticked: true}}}, 0, false)
		if s.product || s.stock || s.date || s.total || s.guest || s.helpInCheckout || s.help != 0 || s.preticked() != 0 {
			t.Errorf("an empty page shows %+v", s)
		}
	}
}

func sightOf(t testing.TB) *sight {
	b, err := boundsOf(probes.Site{ID: "s", URL: "https://shop.example/"})
	if err != nil {
		t.Fatal(err)
	}
	return newSight(b, "anna@example.net")
}

// The customer's own address, shown again by a page, is not the shop's.
func TestOwnAddressIsNotPublished(t *testing.T) {
	s := sightOf(t)
	s.take(nil, driver.Survey{URL: "https://shop.example/", View: 1, Text: "We write to Anna@example.net"}, 0, false)
	if s.email {
		t.Error("the customer's own address counts as the shop's")
	}
	s.take(nil, driver.Survey{URL: "https://shop.example/", View: 1, Text: "We write to anna@example.net, you to ask@shop.example"}, 0, false)
	if !s.email {
		t.Error("the shop's address beside the customer's was missed")
	}
}

// A long page costs a few milliseconds to judge.
func BenchmarkTake(b *testing.B) {
	now := driver.Survey{URL: "https://shop.example/", View: 1, Text: strings.Repeat("Brown teapot, holds one litre and pours well.\n£24.50\nAdd to basket\n", 500)}
	now.Main = now.Text
	for i := range 300 {
		now.Controls = append(now.Controls, driver.Way{Text: "Brown teapot", Link: fmt.Sprintf("https://shop.example/p/%d", i)})
	}
	for b.Loop() {
		sightOf(b).take(nil, now, 0, true)
	}
}
