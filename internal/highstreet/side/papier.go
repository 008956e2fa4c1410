package side

// papierlaube sells paper in German, in the manner of the shop software that
// German shops like: a row of icons, a basket that slides in, and one page to
// register on, where a box spares guests the account.
func papierlaube() *spec {
	ruled := func(labels ...string) choice { return pick("options[lineatur]", "Lineatur", labels...) }
	return &spec{
		id: "papierlaube", name: "Papierlaube", lang: "de-DE", zone: "Europe/Berlin", manner: "German shop software, guest box in the registration, payment on the confirmation page",
		money: euros,
		words: words{required: "%s darf nicht leer sein.", address: "Bitte geben Sie eine gültige E-Mail-Adresse ein.", phone: "Bitte geben Sie eine gültige Telefonnummer ein.", invalid: "Bitte prüfen Sie: %s.", same: "Die Eingaben stimmen nicht überein.",
			short: "Das Passwort muss mindestens 8 Zeichen haben.", choose: "Bitte wählen Sie: %s.", quantity: "Bitte geben Sie eine Zahl von 1 bis %d ein.", out: "Leider nicht mehr verfügbar.", login: "Die Zugangsdaten stimmen nicht.",
			taken: "Zu dieser E-Mail-Adresse gibt es schon ein Konto.", unknown: "Wir haben keine Bestellung mit diesen Angaben gefunden."},
		featured: []string{"birke", "kiesel", "tinte-blau", "moos"},
		shelves:  []shelf{{"notizbuecher", "Notizbücher", "Fadengeheftet, mit Lesebändchen."}, {"tinte", "Tinte und Federn", "Aus kleinen Fässern."}, {"karten", "Karten und Umschläge", "Für alles, was man besser schreibt."}},
		goods: []product{
			{ID: "birke", Name: "Notizbuch Birke A5", Shelf: "notizbuecher", Short: "192 Seiten, offener Rücken", About: "Das Papier hat 90 Gramm und nimmt Füllertinte an, ohne zu fransen.", Kind: "book", Hue: "#e5ddca", Shade: "#b9a982", Price: 1690, Options: []choice{ruled("Blanko", "Liniert", "Punktraster")}},
			{ID: "kiesel", Name: "Notizbuch Kiesel A6", Shelf: "notizbuecher", Short: "Für die Jackentasche", About: "Runde Ecken, grauer Karton, 128 Seiten.", Kind: "book", Hue: "#9a9a94", Shade: "#6d6d67", Price: 990, Options: []choice{ruled("Blanko", "Liniert")}},
			{ID: "moos", Name: "Skizzenbuch Moos A4", Shelf: "notizbuecher", Short: "160 Gramm, matt", About: "Zum Zeichnen, auch nass. Nicht radierfest, aber ehrlich.", Kind: "book", Hue: "#6f7f4d", Shade: "#4b5731", Price: 2450, Stock: out, Options: []choice{ruled("Blanko")}},
			{ID: "tinte-blau", Name: "Tinte Fjordblau", Shelf: "tinte", Short: "50 ml im Glas", About: "Ein Blau, das beim Trocknen grünlich wird.", Kind: "ink", Hue: "#2e5d7d", Shade: "#1b3a50", Price: 1250, Was: 1450},
			{ID: "tinte-rost", Name: "Tinte Rost", Shelf: "tinte", Short: "50 ml im Glas", About: "Warm und etwas giftig anzusehen. Ist sie nicht.", Kind: "ink", Hue: "#9c4a25", Shade: "#642d14", Price: 1250, Stock: few},
			{ID: "karten-wald", Name: "Klappkarten Wald", Shelf: "karten", Short: "Acht Stück mit Umschlag", About: "Acht Linolschnitte auf Baumwollpapier.", Kind: "card", Hue: "#5e7a5a", Shade: "#374c34", Price: 1400},
			{ID: "umschlag", Name: "Umschläge C6", Shelf: "karten", Short: "25 Stück, gefüttert", About: "Mit Seidenfutter. Zum Ankleben braucht man Spucke.", Kind: "card", Hue: "#d8c59a", Shade: "#a98f57", Price: 890},
		},
		ways:  []way{{"dhl", "DHL Paket", "2 bis 3 Werktage", 490, 4900}, {"brief", "Warensendung", "4 bis 6 Werktage", 290, 0}},
		begin: map[string]string{"delivery": "dhl", "billingAddress[countryId]": "DE"},
		pages: map[string]string{"/Kontakt": "contact", "/Kontakt/gesendet": "sent", "/Versand-und-Zahlung": "delivery", "/Widerrufsrecht": "returns", "/Datenschutz": "privacy", "/Impressum": "imprint", "/AGB": "terms", "/Haeufige-Fragen": "faq", "/newsletter/danke": "listed"},
		at: addresses{list: "/navigation/{id}", item: "/detail/{id}", search: "/search", term: "search", suggest: "/suggest", cart: "/checkout/cart", add: "/checkout/line-item/add", change: "/checkout/line-item/change", product: "id", quantity: "quantity", lineQuantity: "lineItems[%s][quantity]",
			pay: "/checkout/confirm", place: "/checkout/order", thanks: "/checkout/finish", contact: "/Kontakt", sent: "/Kontakt/gesendet", news: "/newsletter", listed: "/newsletter/danke",
			login: "/account/login", entry: "/account/register", account: "/account", address: "/account/address", password: "/account/profile", orders: "/account/order", order: "/account/order/{number}", cancel: "/account/order/cancel/{number}", logout: "/account/logout"},
		steps: []step{{path: "/checkout/register", page: "register-or-guest", fields: []field{
			f("salutationId|Anrede?|select|honorific-prefix", options("", "Keine Angabe", "mrs", "Frau", "mr", "Herr")...), f("firstName|Vorname||given-name"), f("lastName|Nachname||family-name"), f("email|E-Mail-Adresse|email|email"),
			f("guest|Kein Kundenkonto anlegen?|checkbox"), {Name: "password", Label: "Passwort", Kind: "password", Auto: "new-password", When: "guest="},
			f("billingAddress[street]|Straße und Hausnummer||street-address"), f("billingAddress[zipcode]|PLZ||postal-code"), f("billingAddress[city]|Ort||address-level2"),
			f("billingAddress[countryId]|Land|select|country", options("DE", "Deutschland", "AT", "Österreich", "CH", "Schweiz")...), f("acceptedDataProtection|Ich habe die Datenschutzbestimmungen zur Kenntnis genommen.|checkbox"),
		}}},
		contact:  []field{f("firstName|Vorname?||given-name"), f("lastName|Nachname?||family-name"), f("email|E-Mail-Adresse|email|email"), f("subject|Betreff"), f("comment|Kommentar|textarea")},
		register: []field{f("firstName|Vorname||given-name"), f("lastName|Nachname||family-name"), f("email|E-Mail-Adresse|email|email"), f("password|Passwort|password|new-password"), f("billingAddress[street]|Straße und Hausnummer||street-address"), f("billingAddress[zipcode]|PLZ||postal-code"), f("billingAddress[city]|Ort||address-level2")},
		address:  []field{f("firstName|Vorname||given-name"), f("lastName|Nachname||family-name"), f("billingAddress[street]|Straße und Hausnummer||street-address"), f("billingAddress[zipcode]|PLZ||postal-code"), f("billingAddress[city]|Ort||address-level2")},
		known:    Customer{"kunde@example.com", "gut-gefalzt-5", "10052", "99423"},
		door:     Door{Guest: true, Account: true, First: "account"},
		goals: func() []Goal {
			var t truths
			t.at("find-contact", 1, "/Impressum", "post@papierlaube.example").or("/Kontakt")
			t.at("find-phone", 1, "/Impressum", "03643 960 17")
			t.at("find-help", 1, "/Haeufige-Fragen", "Packen Sie Geschenke ein?")
			t.at("answer-question", 1, "/Versand-und-Zahlung", "Versand und Zahlung")
			t.at("find-returns-policy", 1, "/Widerrufsrecht", "binnen vierzehn Tagen")
			t.at("find-delivery-cost", 1, "/Versand-und-Zahlung", "4,90")
			t.at("find-privacy-policy", 1, "/Datenschutz", "personenbezogene Daten")
			t.at("search-product", 1, "/search", "Suchergebnis")
			t.buy(purchase{open: 1, choose: 1, add: 2, cart: 2, begin: 3, pay: 4, item: "/detail/birke", bag: "", inBag: "Warenkorb", checkout: "/checkout/register", atCheckout: "Kein Kundenkonto anlegen", payment: "/checkout/confirm", atPayment: "Zahlungsart"}, 1)
			t.at("newsletter-sign-up", 1, "/newsletter/danke", "Vielen Dank")
			t.at("register", 2, "/account", "Übersicht")
			t.at("log-in", 2, "/account", "Übersicht")
			t.at("change-password", 4, "/account?said=password", "gespeichert")
			t.at("change-address", 4, "/account?said=address", "gespeichert")
			t.at("order-status", 3, "/account/order", "In Bearbeitung").note("with an account only")
			t.at("cancel-order", 5, "", "Storniert")
			t.at("submit-contact-form", 2, "/Kontakt/gesendet", "haben Ihre Nachricht")
			return t.rest()
		},
		answers: answers(
			"delivery-time", "/Versand-und-Zahlung", "Die Lieferzeit beträgt 2 bis 3 Werktage.",
			"delivery-cost", "/Versand-und-Zahlung", "Der Versand mit DHL kostet 4,90 €, ab 49 € Bestellwert liefern wir versandkostenfrei.",
			"countries", "/Versand-und-Zahlung", "Wir liefern nach Deutschland, Österreich und in die Schweiz.",
			"returns-period", "/Widerrufsrecht", "Sie haben das Recht, binnen vierzehn Tagen ohne Angabe von Gründen diesen Vertrag zu widerrufen.",
			"return-postage", "/Widerrufsrecht", "Sie tragen die unmittelbaren Kosten der Rücksendung der Waren.",
			"payment-methods", "/Versand-und-Zahlung", "Sie zahlen per Rechnung, Lastschrift, Kreditkarte oder Vorkasse.",
			"phone-hours", "/Impressum", "montags bis donnerstags von 9 bis 15 Uhr",
			"gift-wrap", "/Haeufige-Fragen", "Auf Wunsch packen wir Ihre Bestellung für 3 € als Geschenk ein."),
		returns: Return{Account: true},
		prices:  []Price{{Product: "tinte-blau", List: "12,50 €", Page: "12,50 €", Cart: "12,50 €", Was: "14,50 €"}, {Product: "moos", List: "24,50 €", Page: "24,50 €", Sign: true}},
	}
}
