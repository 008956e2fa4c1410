package highstreet

import "maps"

// nordwolle is a German shop. Whoever wants to buy has to open an account
// first.
func nordwolle() *house {
	words := maps.Clone(english)
	maps.Copy(words, map[string]string{
		"basket": "Warenkorb", "checkout": "Kasse", "payment": "Kasse: Zahlung", "thanks": "Danke", "help": "Hilfe", "contact": "Kontakt", "sent": "Nachricht gesendet",
		"missing": "Seite nicht gefunden", "search": "Suche", "newsletter": "Wollpost", "subject": "Ihre Nachricht an %s",
		"size": "Bitte wählen Sie eine Farbe.", "quantity": "Bitte geben Sie eine Zahl von %d bis %d ein.", "card": "Bitte prüfen Sie die Kartennummer: eine Ziffer fehlt oder stimmt nicht.",
		"holder": "Bitte geben Sie den Namen auf der Karte ein.", "expiry": "Bitte geben Sie Monat und Jahr ein.", "code": "Bitte geben Sie die Prüfziffer ein.",
		"subscriber": "Bitte geben Sie eine Mailadresse ein, etwa name@example.com.", "delivery": "Versand", "returns": "Widerruf und Rückgabe", "privacy": "Datenschutz", "imprint": "Impressum",
	})
	const noMail = "Bitte geben Sie eine Mailadresse ein, etwa name@example.com."
	dyes := func(p pence) []size {
		return []size{{"natur", "Natur", p}, {"nebel", "Nebelgrau", p}, {"tang", "Tanggrün", p}, {"rost", "Rostrot", p}}
	}
	return &house{
		site: "nordwolle", name: "Nordwolle", email: "moin@nordwolle.example", german: true, number: "NW-26-%04d", first: 4410,
		words: words,
		paths: paths{shelf: "/waren", product: "/artikel", search: "/suche", basket: "/warenkorb", checkout: "/kasse", payment: "/kasse/zahlung", place: "/kasse/bestellen",
			thanks: "/danke", help: "/hilfe", contact: "/kontakt", sent: "/kontakt/gesendet", newsletter: "/wollpost"},
		places:   places("/versand", "delivery", "/widerruf", "returns", "/datenschutz", "privacy", "/impressum", "imprint"),
		begin:    map[string]string{"country": "DE", "delivery": "paket"},
		featured: []string{"deich", "watt", "troyer", "decke"},
		contact: []field{
			{Name: "name", Label: "Ihr Name", Auto: "name", Wrong: "Bitte geben Sie Ihren Namen ein."},
			{Name: "email", Label: "E-Mail-Adresse", Kind: "email", Auto: "email", Wrong: noMail},
			{Name: "message", Label: "Ihre Nachricht", Kind: "textarea", Wrong: "Bitte schreiben Sie uns Ihr Anliegen."},
		},
		steps: []step{
			{Path: "/kasse", Title: "Konto", Fields: []field{
				{Name: "email", Label: "E-Mail-Adresse", Kind: "email", Auto: "email", Wrong: noMail},
				{Name: "password", Label: "Passwort", Kind: "password", Auto: "new-password", Hint: "Mindestens acht Zeichen.", Wrong: "Bitte wählen Sie ein Passwort mit mindestens acht Zeichen."},
				{Name: "password-again", Label: "Passwort wiederholen", Kind: "password", Auto: "new-password", Same: "password", Wrong: "Die Passwörter stimmen nicht überein."},
				{Name: "terms", Label: "Ich akzeptiere die Nutzungsbedingungen des Kundenkontos", Kind: "checkbox", Wrong: "Ohne Zustimmung können wir kein Konto anlegen."},
			}},
			{Path: "/kasse/adresse", Title: "Adresse", Fields: []field{
				{Name: "name", Label: "Vor- und Nachname", Auto: "name", Wrong: "Bitte geben Sie Ihren Namen ein."},
				{Name: "street", Label: "Straße und Hausnummer", Auto: "address-line1", Wrong: "Bitte geben Sie Straße und Hausnummer ein."},
				{Name: "postcode", Label: "Postleitzahl", Auto: "postal-code", Wrong: "Bitte geben Sie die Postleitzahl ein."},
				{Name: "city", Label: "Ort", Auto: "address-level2", Wrong: "Bitte geben Sie den Ort ein."},
				{Name: "country", Label: "Land", Kind: "select", Auto: "country", Options: []option{{"DE", "Deutschland"}, {"AT", "Österreich"}, {"CH", "Schweiz"}, {"GB", "Großbritannien"}}, Wrong: "Bitte wählen Sie ein Land, in das wir liefern."},
				{Name: "phone", Label: "Telefon (freiwillig)", Kind: "tel", Auto: "tel", Optional: true, Wrong: "Bitte prüfen Sie die Nummer oder lassen Sie sie weg."},
				{Name: "delivery", Kind: "way", Wrong: "Bitte wählen Sie eine Versandart."},
			}},
		},
		categories: []category{
			{"garn", "Garne", "Von Deichschafen, die das ganze Jahr draußen stehen. Gesponnen in Dithmarschen."},
			{"strick", "Gestricktes", "Was wir selbst tragen, wenn der Wind aus Nordwest kommt."},
			{"decken", "Decken", "Schwer, warm, für Jahrzehnte."},
		},
		products: []product{
			{ID: "deich", Name: "Deichgarn", Category: "garn", Short: "Kräftig, 100 g", Drawing: "draw-skein", Glaze: "#b9a58a", Shade: "#8b775c", About: "Ein ehrliches Garn mit Griff. Kratzt beim ersten Tragen, danach nie wieder.", Facts: []string{"100 % Schurwolle", "100 g, etwa 180 m", "Nadelstärke 4,5", "Handwäsche"}, Sizes: dyes(1290)},
			{ID: "watt", Name: "Wattgarn", Category: "garn", Short: "Fein, 50 g", Drawing: "draw-ball", Glaze: "#8fa0a3", Shade: "#667679", About: "Dünn versponnen für Tücher und Socken, mit der Farbe von Schlick bei Ebbe.", Facts: []string{"80 % Schurwolle, 20 % Leinen", "50 g, etwa 210 m", "Nadelstärke 2,5 bis 3"}, Sizes: dyes(990)},
			{ID: "duene", Name: "Dünengarn", Category: "garn", Short: "Locker, 100 g", Drawing: "draw-ball", Glaze: "#d8c59c", Shade: "#ab9669", About: "Dochtgarn, kaum gedreht, für alles, was schnell fertig werden soll.", Facts: []string{"100 % Schurwolle", "100 g, etwa 90 m", "Nadelstärke 8"}, Sizes: dyes(1450)},
			{ID: "troyer", Name: "Troyer Jantje", Category: "strick", Short: "Mit Kragen zum Hochklappen", Drawing: "draw-jumper", Glaze: "#3d5566", Shade: "#28394a", About: "Dicht gestrickt, damit Wasser abperlt und Wind draußen bleibt.", Facts: []string{"100 % Schurwolle", "Fällt gerade aus", "Im Norden gestrickt"}, Sizes: []size{{"s", "Größe S", 13900}, {"m", "Größe M", 13900}, {"l", "Größe L", 13900}}},
			{ID: "muetze", Name: "Mütze Fiete", Category: "strick", Short: "Kurz, gerippt", Drawing: "draw-hat", Glaze: "#a24b33", Shade: "#733121", About: "Sitzt über den Ohren oder dahinter, ganz wie man will.", Facts: []string{"100 % Schurwolle", "Eine Größe"}, Sizes: dyes(3490)},
			{ID: "decke", Name: "Decke Hallig", Category: "decken", Short: "140 × 200 cm, gewebt", Drawing: "draw-blanket", Glaze: "#c6b79c", Shade: "#6f7f83", About: "Auf alten Stühlen gewebt und in weichem Wasser gewalkt.", Facts: []string{"100 % Schurwolle", "140 × 200 cm", "1,4 kg"}, Sizes: dyes(16900)},
		},
		ways: []way{
			{ID: "paket", Name: "Paket", When: "2 bis 4 Werktage", Price: 490, FreeFrom: 8000},
			{ID: "express", Name: "Express", When: "am nächsten Werktag", Price: 1290},
		},
		questions: []question{
			{"waschen", "Pflege", "Wie wasche ich Wolle?", "Von Hand, lauwarm, mit wenig Wollwaschmittel. Nicht reiben, nicht wringen, liegend trocknen."},
			{"fusseln", "Pflege", "Was tun, wenn es fusselt?", "Die losen Haare gehen mit der ersten Wäsche. Danach mit der Hand absammeln."},
			{"lieferzeit", "Versand", "Wie lange dauert die Lieferung?", "Pakete sind 2 bis 4 Werktage unterwegs, Express kommt am nächsten Werktag."},
			{"kosten", "Versand", "Was kostet der Versand?", "Ein Paket kostet 4,90 €, ab 80 € liefern wir frei."},
			{"zurueck", "Rückgabe", "Kann ich etwas zurückschicken?", "Ja, innerhalb von 30 Tagen. Knäuel nehmen wir unangebrochen zurück; das Rückporto tragen wir."},
			{"konto", "Konto", "Warum brauche ich ein Konto?", "Damit wir Ihre Bestellungen zuordnen können. Eine Bestellung als Gast ist nicht möglich."},
		},
	}
}
