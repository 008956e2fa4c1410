package find

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// text is a field that only its label speaks for.
func text(label string) Field { return Field{Tag: "input", Type: "text", Label: label} }

func alone(f Field) Guess { return Classify([]Field{f})[0] }

// What forms say to people, in the languages of the lexicon.
func TestLabels(t *testing.T) {
	for language, labels := range map[string]map[Purpose]string{
		"en": {ForGiven: "First name *", ForFamily: "Last name (required)", ForStreet: "House number and street name", ForStreet2: "Apartment, suite, unit, etc. (optional)", ForPostcode: "Your postcode", ForCity: "Town / City *", ForState: "County (optional)", ForPhone: "Daytime telephone number", ForEmail: "E-mail address:", ForMessage: "How can we help you?", ForSubject: "What is it about?", ForOrderNumber: "Order number (if you have one)", ForCoupon: "Discount code or gift card", ForQuantity: "Qty", ForCardNumber: "Credit card number", ForCardExpiry: "Expiry date (MM/YY)", ForCardCode: "Security code (CVV)", ForCardHolder: "Name as it appears on card", ForTaxID: "VAT number", ForCompany: "Company name", ForNote: "Delivery instructions", ForBirthDate: "Your date of birth", ForUsername: "Username or email address"},
		"de": {ForGiven: "Ihr Vorname*", ForFamily: "Nachname", ForFullName: "Vor- und Nachname", ForStreet: "Straße, Hausnr.", ForHouseNumber: "Hausnummer", ForStreet2: "Adresszusatz (optional)", ForPostcode: "Postleitzahl*", ForCity: "Wohnort", ForPhone: "Telefonnummer für Rückfragen", ForEmail: "Ihre E-Mail-Adresse", ForMessage: "Ihre Nachricht an uns", ForSubject: "Betreff", ForOrderNumber: "Bestellnummer", ForCoupon: "Gutscheincode eingeben", ForCardNumber: "Kreditkartennummer", ForCardExpiry: "Gültig bis", ForCardCode: "Prüfziffer", ForCardHolder: "Karteninhaber", ForTaxID: "USt-IdNr.", ForCompany: "Firma (falls vorhanden)", ForNote: "Anmerkungen zur Bestellung", ForBirthDate: "Geburtsdatum", ForIBAN: "IBAN"},
		"fr": {ForGiven: "Prénom", ForFamily: "Nom de famille", ForStreet: "N° et nom de rue", ForStreet2: "Complément d'adresse", ForPostcode: "Code postal", ForCity: "Ville", ForPhone: "Téléphone portable", ForEmail: "Votre adresse e-mail", ForMessage: "Votre message", ForSubject: "Objet de votre demande", ForOrderNumber: "N° de commande", ForCoupon: "Code promo", ForCardNumber: "Numéro de carte bancaire", ForCardExpiry: "Date d'expiration", ForCardCode: "Cryptogramme visuel", ForCardHolder: "Titulaire de la carte", ForCompany: "Raison sociale", ForBirthDate: "Date de naissance"},
		"es": {ForGiven: "Nombre de pila", ForFamily: "Apellidos", ForFullName: "Nombre y apellidos", ForStreet: "Calle y número", ForPostcode: "Código postal", ForCity: "Población", ForState: "Provincia", ForPhone: "Teléfono móvil", ForEmail: "Correo electrónico", ForMessage: "Tu mensaje", ForSubject: "Asunto", ForOrderNumber: "Número de pedido", ForCoupon: "Cupón de descuento", ForCardNumber: "Número de tarjeta", ForCardExpiry: "Fecha de caducidad", ForCardCode: "Código de seguridad", ForCardHolder: "Titular de la tarjeta", ForTaxID: "NIF/CIF", ForBirthDate: "Fecha de nacimiento"},
		"it": {ForFamily: "Cognome", ForFullName: "Nome e cognome", ForStreet: "Indirizzo e numero civico", ForPostcode: "CAP", ForCity: "Città", ForPhone: "Numero di cellulare", ForEmail: "Indirizzo e-mail", ForMessage: "Il tuo messaggio", ForSubject: "Oggetto", ForOrderNumber: "Numero ordine", ForCoupon: "Codice sconto", ForCardNumber: "Numero carta di credito", ForCardExpiry: "Data di scadenza", ForCardCode: "Codice di sicurezza", ForTaxID: "Partita IVA", ForCompany: "Ragione sociale"},
		"nl": {ForGiven: "Voornaam", ForFamily: "Achternaam", ForAdditional: "Tussenvoegsel", ForStreet: "Straatnaam", ForHouseNumber: "Huisnummer", ForHouseExtra: "Toevoeging", ForCity: "Woonplaats", ForPhone: "Telefoonnummer", ForEmail: "E-mailadres", ForMessage: "Uw bericht", ForSubject: "Onderwerp", ForOrderNumber: "Bestelnummer", ForCoupon: "Kortingscode", ForCompany: "Bedrijfsnaam", ForBirthDate: "Geboortedatum"},
		"pt": {ForGiven: "Primeiro nome", ForFamily: "Sobrenome", ForStreet: "Endereço", ForPostcode: "CEP", ForCity: "Cidade", ForPhone: "Celular", ForEmail: "Endereço de e-mail", ForMessage: "Mensagem", ForSubject: "Assunto", ForOrderNumber: "Número do pedido", ForCoupon: "Cupom de desconto", ForTaxID: "CPF", ForStreet2: "Complemento", ForCardExpiry: "Validade"},
		"pl": {ForGiven: "Imię", ForFamily: "Nazwisko", ForFullName: "Imię i nazwisko", ForStreet: "Ulica i numer domu", ForPostcode: "Kod pocztowy", ForCity: "Miejscowość", ForPhone: "Numer telefonu", ForEmail: "Adres e-mail", ForMessage: "Treść wiadomości", ForSubject: "Temat", ForOrderNumber: "Numer zamówienia", ForCoupon: "Kod rabatowy", ForTaxID: "NIP", ForCardNumber: "Numer karty", ForCardExpiry: "Data ważności"},
		"sv": {ForGiven: "Förnamn", ForFamily: "Efternamn", ForStreet: "Gatuadress", ForPostcode: "Postnummer", ForCity: "Postort", ForPhone: "Mobilnummer", ForEmail: "E-postadress", ForMessage: "Ditt meddelande", ForSubject: "Ämne", ForOrderNumber: "Ordernummer", ForCoupon: "Rabattkod", ForNationalID: "Personnummer"},
		"da": {ForGiven: "Fornavn", ForFamily: "Efternavn", ForStreet: "Vejnavn og husnummer", ForPostcode: "Postnr.", ForCity: "By", ForPhone: "Telefonnummer", ForEmail: "E-mailadresse", ForMessage: "Besked", ForSubject: "Emne", ForOrderNumber: "Ordrenummer", ForCoupon: "Rabatkode", ForCardNumber: "Kortnummer"},
		"nb": {ForGiven: "Fornavn", ForFamily: "Etternavn", ForStreet: "Gateadresse", ForPostcode: "Postnummer", ForCity: "Poststed", ForPhone: "Mobil", ForEmail: "E-post", ForMessage: "Melding", ForOrderNumber: "Ordrenummer", ForCoupon: "Rabattkode"},
		"fi": {ForGiven: "Etunimi", ForFamily: "Sukunimi", ForStreet: "Katuosoite", ForPostcode: "Postinumero", ForCity: "Postitoimipaikka", ForPhone: "Puhelinnumero", ForEmail: "Sähköposti", ForMessage: "Viesti", ForSubject: "Aihe", ForOrderNumber: "Tilausnumero", ForCoupon: "Alennuskoodi"},
		"cs": {ForGiven: "Křestní jméno", ForFamily: "Příjmení", ForFullName: "Jméno a příjmení", ForStreet: "Ulice a č.p.", ForPostcode: "PSČ", ForCity: "Město", ForPhone: "Telefonní číslo", ForEmail: "E-mailová adresa", ForMessage: "Váš dotaz", ForOrderNumber: "Číslo objednávky", ForCoupon: "Slevový kód", ForCompany: "Název firmy", ForTaxID: "DIČ"},
		"ja": {ForFullName: "お名前（必須）", ForPostcode: "郵便番号", ForState: "都道府県", ForCity: "市区町村", ForStreet: "番地", ForPhone: "電話番号", ForEmail: "メールアドレス", ForMessage: "お問い合わせ内容", ForSubject: "件名", ForOrderNumber: "ご注文番号", ForCoupon: "クーポンコード", ForCardNumber: "カード番号", ForCardExpiry: "有効期限", ForCardCode: "セキュリティコード", ForNameSound: "フリガナ"},
		"zh": {ForFullName: "收货人姓名", ForPostcode: "邮政编码", ForCity: "城市", ForStreet: "详细地址", ForPhone: "手机号码", ForEmail: "电子邮箱", ForMessage: "留言内容", ForOrderNumber: "订单编号", ForCoupon: "优惠码"},
		"ru": {ForGiven: "Ваше имя", ForFamily: "Фамилия", ForPostcode: "Почтовый индекс", ForCity: "Город", ForStreet: "Улица, дом", ForPhone: "Контактный телефон", ForEmail: "Электронная почта", ForMessage: "Текст сообщения", ForOrderNumber: "Номер заказа", ForCoupon: "Промокод"},
		"tr": {ForGiven: "Adınız", ForFamily: "Soyadınız", ForPostcode: "Posta kodu", ForCity: "Şehir", ForPhone: "Cep telefonu", ForEmail: "E-posta adresi", ForMessage: "Mesajınız", ForSubject: "Konu"},
	} {
		for want, label := range labels {
			f := text(label)
			if want == ForMessage {
				f.Tag = "textarea"
			}
			if got := alone(f); got.Purpose != want || got.Confidence <= 0 || got.Confidence > 1 || got.Why == "" {
				t.Errorf("%s: %q is for %q (%.2f, %s), want %q", language, label, got.Purpose, got.Confidence, got.Why, want)
			}
		}
	}
}

// What shops call fields where no label is seen.
func TestNames(t *testing.T) {
	for name, want := range map[string]Purpose{
		"billing_first_name": ForGiven, "customer[last_name]": ForFamily, "dwfrm_billing_addressFields_postalCode": ForPostcode, "shipping_address_1": ForStreet, "txtCustEmail": ForEmail, "ctl00$main$tbPhoneNo": ForPhone,
		"order[ship_address_attributes][city]": ForCity, "shippingAddress.countryCode": ForCountry, "billing.address.state": ForState, "cardholderName": ForCardHolder, "ccnum": ForCardNumber, "couponCode": ForCoupon, "order_comments": ForNote, "your-message": ForMessage, "entry.name.fullname": ForFullName,
		"color": Unknown, "x_17": Unknown, "config[option][23]": Unknown, "realname": ForFullName,
	} {
		if got := alone(Field{Tag: "input", Type: "text", Name: name}); got.Purpose != want {
			t.Errorf("%s is for %q (%s), want %q", name, got.Purpose, got.Why, want)
		}
	}
}

func box(label string) Field { return Field{Tag: "input", Type: "checkbox", Label: label} }

func TestBoxes(t *testing.T) {
	for label, want := range map[string]Purpose{
		"I have read and agree to the terms and conditions": ForConsent, "Ich habe die AGB und die Datenschutzerklärung gelesen": ForConsent, "J'accepte les conditions générales de vente": ForConsent, "He leído y acepto la política de privacidad": ForConsent, "利用規約に同意する": ForConsent, "Souhlasím se zpracováním osobních údajů": ForConsent,
		"Yes, e-mail me with news and offers": ForNewsletter, "Ja, ich möchte den Newsletter abonnieren": ForNewsletter, "Je souhaite recevoir les offres des partenaires": ForNewsletter, "Chcę otrzymywać newsletter": ForNewsletter, "I agree to receive marketing emails. See our privacy policy": ForNewsletter, "Ich willige ein, dass mir Angebote per E-Mail geschickt werden (Datenschutz)": ForNewsletter,
		"My billing address is the same as my delivery address": ForSameAddress, "Lieferadresse entspricht der Rechnungsadresse": ForSameAddress, "Ship to a different address?": ForOtherAddress, "Abweichende Lieferadresse": ForOtherAddress,
		"Remember me": ForRemember, "Angemeldet bleiben": ForRemember, "Create an account?": ForCreateAccount, "Gift wrap": ForGift, "Blue": Unknown, "In stock only": Unknown,
	} {
		if got := alone(box(label)); got.Purpose != want {
			t.Errorf("%q is for %q (%s), want %q", label, got.Purpose, got.Why, want)
		}
	}
}

func list(label string, options ...string) Field {
	f := Field{Tag: "select", Type: "", Label: label}
	for _, o := range options {
		f.Options = append(f.Options, Option{Label: o, Value: strings.ToLower(o)})
	}
	return f
}

func run(from, to int, format string) (all []string) {
	for n := from; n <= to; n++ {
		all = append(all, fmt.Sprintf(format, n))
	}
	return all
}

// Lists speak by what they offer.
func TestLists(t *testing.T) {
	for _, tt := range []struct {
		name string
		form []Field
		want []Purpose
	}{
		{"countries without a label", []Field{list("", "Belgique", "Allemagne", "France", "Suisse", "Espagne")}, []Purpose{ForCountry}},
		{"birth", []Field{list("Day", run(1, 31, "%d")...), list("Month", run(1, 12, "%d")...), list("Year", run(1920, 2008, "%d")...)}, []Purpose{ForBirthDay, ForBirthMonth, ForBirthYear}},
		{"a card's months and years", []Field{text("Card number"), list("", run(1, 12, "%02d")...), list("", run(2026, 2040, "%d")...), text("CVC")}, []Purpose{ForCardNumber, ForCardMonth, ForCardYear, ForCardCode}},
		{"calling codes", []Field{list("", append([]string{"Code"}, run(30, 49, "Land (+%d)")...)...), text("Mobile")}, []Purpose{ForPhoneCountry, ForPhone}},
		{"states that look like countries", []Field{list("", "State", "Alabama", "Alaska", "Arizona", "California", "Colorado", "Florida", "Georgia", "Texas", "Virginia")}, []Purpose{ForState}},
		{"forms of address", []Field{list("", "Bitte wählen", "Frau", "Herr", "Divers")}, []Purpose{ForPrefix}},
		{"sizes", []Field{list("Size", "Small", "Large")}, []Purpose{Unknown}},
		{"sizes that look like years", []Field{list("Size", run(36, 47, "%d")...), list("Waist", run(28, 40, "%d")...)}, []Purpose{Unknown, Unknown}},
		{"a card's years of two digits", []Field{text("Card number"), list("Expires", run(1, 12, "%02d")...), list("Year", run(26, 40, "%d")...)}, []Purpose{ForCardNumber, ForCardMonth, ForCardYear}},
		{"sorting", []Field{list("Sort by", "Price", "Name", "Newest")}, []Purpose{Unknown}},
	} {
		for i, g := range Classify(tt.form) {
			if g.Purpose != tt.want[i] {
				t.Errorf("%s: field %d is for %q (%s), want %q", tt.name, i, g.Purpose, g.Why, tt.want[i])
			}
		}
	}
}

func secret(label string) Field { return Field{Tag: "input", Type: "password", Label: label} }

func in(around Around, fields ...Field) []Field {
	for i := range fields {
		fields[i].Form = &around
	}
	return fields
}

// What a field is for may be known only from those beside it.
func TestCompany(t *testing.T) {
	short := func(n int) Field { return Field{Tag: "input", Type: "text", MaxLength: n} }
	for _, tt := range []struct {
		name string
		form []Field
		want []Purpose
	}{
		{"half a name in German", []Field{text("Vorname"), text("Name")}, []Purpose{ForGiven, ForFamily}},
		{"half a name in Spanish", []Field{text("Nombre"), text("Apellidos")}, []Purpose{ForGiven, ForFamily}},
		{"half a name in Italian", []Field{text("Nome"), text("Cognome")}, []Purpose{ForGiven, ForFamily}},
		{"half a name in French", []Field{text("Prénom"), text("Nom")}, []Purpose{ForGiven, ForFamily}},
		{"half a name in Japanese", []Field{text("姓"), text("名")}, []Purpose{ForFamily, ForGiven}},
		{"a number beside a street", []Field{text("Straße"), text("Nr."), text("PLZ"), text("Ort")}, []Purpose{ForStreet, ForHouseNumber, ForPostcode, ForCity}},
		{"lines of a street", []Field{text("Address"), text("Address"), text("Town")}, []Purpose{ForStreet, ForStreet2, ForCity}},
		{"a new password and its repetition", in(Around{Heading: "Create account"}, text("Email"), secret("Password"), secret("Repeat password")), []Purpose{ForEmail, ForNewPassword, ForPasswordAgain}},
		{"a change of password", []Field{secret("Current password"), secret("New password"), secret("Confirm new password")}, []Purpose{ForCurrentPassword, ForNewPassword, ForPasswordAgain}},
		{"logging in", in(Around{Buttons: []string{"Einloggen"}}, text("E-Mail-Adresse"), secret("Passwort")), []Purpose{ForUsername, ForCurrentPassword}},
		{"logging in by a number of the shop's own", in(Around{Heading: "Sign in"}, text("Bonus card"), secret("PIN")), []Purpose{ForUsername, ForCurrentPassword}},
		{"a newsletter", in(Around{Buttons: []string{"Subscribe"}}, text("Your email")), []Purpose{ForEmail}},
		{"an address asked for twice", []Field{text("E-mail"), text("Confirm e-mail")}, []Purpose{ForEmail, ForEmailAgain}},
		{"a name on a card", []Field{text("Card number"), text("Name"), text("CVC")}, []Purpose{ForCardNumber, ForCardHolder, ForCardCode}},
		{"a code digit by digit", []Field{short(1), short(1), short(1), short(1), short(1), short(1)}, []Purpose{ForOneTime, ForOneTime, ForOneTime, ForOneTime, ForOneTime, ForOneTime}},
	} {
		for i, g := range Classify(tt.form) {
			if g.Purpose != tt.want[i] {
				t.Errorf("%s: field %d is for %q (%s), want %q", tt.name, i, g.Purpose, g.Why, tt.want[i])
			}
		}
	}
}

func TestTokens(t *testing.T) {
	f := Field{Tag: "input", Type: "text", Autocomplete: "section-b billing postal-code", Label: "Code"}
	if g := alone(f); g.Purpose != ForPostcode || g.Address != "billing" || g.Confidence < .8 || !strings.Contains(g.Why, `autocomplete "postal-code"`) {
		t.Errorf("%+v", g)
	}
	if g := alone(Field{Tag: "input", Type: "text", Autocomplete: "off"}); g.Purpose != Unknown || g.Confidence != 0 {
		t.Errorf("%+v", g)
	}
}

func TestCountry(t *testing.T) {
	for name, want := range map[string]string{"Deutschland": "DE", "Royaume-Uni": "GB", "日本": "JP", "Estados Unidos": "US", "de": "DE", "United States of America": "US", "Österreich": "AT", "Germany (Deutschland)": "DE", "Colour": "", "": "", "ZZ": ""} {
		if got := Country(name); got != want {
			t.Errorf("%q is %q, want %q", name, got, want)
		}
	}
	if got := CountryName("DE", "fr"); got != "Allemagne" {
		t.Error(got)
	}
}

// The same form gives the same guesses, whatever order maps have.
func TestDeterminism(t *testing.T) {
	form := in(Around{Heading: "Register"}, text("Name or company"), text("Phone / email / address"), secret("Code"), list("Title", "Mr", "Mrs", "Company"), box("News and terms"))
	first := Classify(form)
	for range 50 {
		if got := Classify(form); !slices.Equal(got, first) {
			t.Fatalf("%+v\n%+v", first, got)
		}
	}
}

func BenchmarkClassify(b *testing.B) {
	var form []Field
	for _, l := range []string{"First name", "Last name", "Company (optional)", "Street address", "Apartment", "Town", "County", "Postcode", "Phone", "E-mail"} {
		form = append(form, Field{Tag: "input", Type: "text", Label: l, Name: "billing_" + strings.ToLower(l), ID: "billing-" + l, Placeholder: l})
	}
	for b.Loop() {
		Classify(form)
	}
}
