package reading

import (
	"math"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestPromised(t *testing.T) {
	const day = 24 * time.Hour
	for _, c := range []struct {
		text     string
		want     time.Duration
		business bool
		span     string
	}{
		{"A member of our team will respond within 48 hours. Please do not reply.", 48 * time.Hour, false, "48 hours"},
		{"We aim to reply within 24-48 hours.", 48 * time.Hour, false, "24-48 hours"},
		{"We usually get back to you in 1 to 2 business days.", 2 * day, true, "1 to 2 business days"},
		{"You will hear from us by the next business day.", day, true, "next business day"},
		{"A person answers every message, Monday to Friday between 9 am and 5 pm, usually within half a working day.", 12 * time.Hour, true, "half a working day"},
		{"We will reply within an hour.", time.Hour, false, "an hour"},
		{"Please allow three working days for our reply, in busy times a week.", 3 * day, true, "three working days"},
		{"Wir melden uns innerhalb von zwei Werktagen bei Ihnen.", 2 * day, true, "zwei werktagen"},
		{"Ihre Anfrage wird in 24 Stunden beantwortet.", 24 * time.Hour, false, "24 stunden"},
		{"Wir antworten spätestens am nächsten Werktag.", day, true, "nachsten werktag"},
		{"Wir antworten Ihnen binnen eines Arbeitstages.", day, true, "eines arbeitstages"},
		{"Nous vous répondrons sous 48 heures ouvrées.", 48 * time.Hour, true, "48 heures ouvrees"},
		{"Le responderemos en un plazo de 2 días laborables.", 2 * day, true, "2 dias laborables"},
		{"Le risponderemo entro 24 ore.", 24 * time.Hour, false, "24 ore"},
		{"Wij reageren binnen twee werkdagen.", 2 * day, true, "twee werkdagen"},
		{"Responderemos em 3 dias úteis.", 3 * day, true, "3 dias uteis"},
		{"Your mail has arrived. You may return goods within 60 days.", 0, false, ""},
		{"We answer 24 hours a day.", 0, false, ""},
		{"We answer hundreds of mails a day.", 0, false, ""},
		{"We will reply as soon as possible.", 0, false, ""},
		{"Orders are delivered within 3 days. We answer every mail.", 0, false, ""},
		{"", 0, false, ""},
	} {
		p, ok := Promised(c.text)
		if p.Within != c.want || p.Business != c.business || p.Span != c.span || ok != (c.want > 0) {
			t.Errorf("%q: %v %v %q (%v), want %v %v %q", c.text, p.Within, p.Business, p.Span, ok, c.want, c.business, c.span)
		}
	}
}

func TestSays(t *testing.T) {
	words := Fold("Die Größe 42 kostet £3.95; Geschenkverpackungen sind WÄHLBAR.")
	for phrase, want := range map[string]bool{
		"grosse 42": true, "Größe": true, "42 Größe": false, "£3.95": true, "3.9": false, "geschenk*": true, "geschenk": false,
		"sind wählbar": true, "kostet * geschenk": false, "": false, "…": false, "die grosse 42 kostet 3 95 geschenkverpackungen sind wahlbar noch": false,
	} {
		if Says(words, phrase) != want {
			t.Errorf("%q: %v", phrase, !want)
		}
	}
}

func TestClosing(t *testing.T) {
	for _, c := range []struct{ own, said, closing string }{
		{"Yes.\n\nKind regards,\nMarta", "Yes.", "Kind regards,\nMarta"},
		{"Yes.\n\nBest, Anna", "Yes.", "Best, Anna"},
		{"Yes.\n\nThanks!\nKim Ward\nManager, West", "Yes.", "Thanks!\nKim Ward\nManager, West"},
		{"Ja.\n\nMit freundlichen Grüßen\nJörg Weiß", "Ja.", "Mit freundlichen Grüßen\nJörg Weiß"},
		{"Oui.\n\nBien cordialement,\nLéa", "Oui.", "Bien cordialement,\nLéa"},
		{"Sí.\n\nUn saludo,\nInés", "Sí.", "Un saludo,\nInés"},
		{"Yes, in 42.\n\nBert Meyers", "Yes, in 42.", "Bert Meyers"},
		{"Yes, in 42.\nLouise", "Yes, in 42.", "Louise"},
		{"Thanks for your message.\nIt is made of wool.", "Thanks for your message.\nIt is made of wool.", ""},
		{"Thanks,\nAnna", "Thanks,\nAnna", ""}, // nothing would be left
		{"We have these:\nOak\nAsh", "We have these:\nOak\nAsh", ""},
		{"", "", ""},
	} {
		if said, closing := Closing(c.own); said != c.said || closing != c.closing {
			t.Errorf("%q: %q, %q", c.own, said, closing)
		}
	}
}

func TestSignatory(t *testing.T) {
	for text, want := range map[string]string{
		"Yes.\n\nKind regards,\nMarta":                       "Marta",
		"Yes.\n\nBest, Anna":                                 "Anna",
		"Yes.\n\n-- \nMarta Lindqvist\nKettle & Leaf":        "Marta Lindqvist",
		"Ja.\n\nViele Grüße\nIhr Kundenservice":              "",
		"Yes.\n\nKind regards,\nThe Oak Team":                "",
		"Yes.\n\nKind regards,\nKettle & Leaf":               "",
		"Yes.\n\nKind regards,\nCustomer Care\nJohn Oh":      "John Oh",
		"Ja.\n\nMit freundlichen Grüßen\nAnke van der Velde": "Anke van der Velde",
		"Yes, we have it.":                                   "",
		"Yes.\n\nRegards,\nAnna\n\nOn 21 Nov 2026, Given wrote:\n> Do you?\n> Regards,\n> Family": "Anna",
	} {
		if got := Signatory(text, "Kettle & Leaf"); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestManners(t *testing.T) {
	for _, c := range []struct {
		own                 string
		courteous, apology  bool
		redirects, channels bool
	}{
		{"Dear Nora,\n\nyes.\n\nKind regards,\nAnna", true, false, false, false},
		{"Dear Nora,\n\nthank you for asking: yes.", true, false, false, false},
		{"Yes.", false, false, false, false},
		{"Hello,\n\nyes.", false, false, false, false},
		{"Guten Tag,\n\ndas tut uns sehr leid.\n\nMit freundlichen Grüßen\nAnke", true, true, false, false},
		{"Unfortunately we have none.", false, false, false, false},
		{"We apologise for that.", false, true, false, false},
		{"Bonjour,\n\nnous sommes désolés.\n\nCordialement\nLéa", true, true, false, false},
		{"Hi,\n\nplease see our website for that.\n\nThanks,\nTom", true, false, true, false},
		{"Please call us on 01632 960 123.", false, false, true, true},
		{"Please call us on 01632 960 123. What is your order's number?", false, false, false, true},
		{"Schauen Sie in unsere häufig gestellten Fragen: https://shop.example/faq", false, false, true, true},
		{"See https://shop.example. " + strings.Repeat("And here is what we know of it ourselves. ", 8), false, false, false, false},
	} {
		got := [4]bool{Courteous(c.own), Apologises(c.own), Redirects(c.own), OtherChannel(c.own)}
		if want := [4]bool{c.courteous, c.apology, c.redirects, c.channels}; got != want {
			t.Errorf("%q: courteous, apologises, redirects, other channel %v, want %v", c.own, got, want)
		}
	}
	if !NamesCustomer("Sehr geehrter Herr O’Neil,\nja.", "Jörg", "O'Neil") || !NamesCustomer("Hallo JOERG? Hallo Jörg!", "Jörg", "") || NamesCustomer("Dear customer,", "Jörg", "O'Neil") || NamesCustomer("Hello", "", "") {
		t.Error("the customer's name")
	}
}

func TestReadsNot(t *testing.T) {
	for text, want := range map[string]bool{
		"Please do not reply to this message.":                           true,
		"Replies to this address are not read.":                          true,
		"This mailbox is not monitored.":                                 true,
		"Bitte antworten Sie nicht auf diese E-Mail.":                    true,
		"Antworten auf diese E-Mail werden nicht gelesen.":               true,
		"Merci de ne pas répondre à ce message.":                         true,
		"Por favor, no responda a este correo.":                          true,
		"Si prega di non rispondere a questa e-mail.":                    true,
		"U kunt niet op deze e-mail reageren.":                           true,
		"Simply reply to this message if you want to add something.":     false,
		"Sie können auf diese E-Mail antworten. Wir sind nicht im Büro.": false,
	} {
		if got := ReadsNot(text); (got != "") != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}

func TestTicket(t *testing.T) {
	for _, c := range []struct{ subject, text, want string }{
		{"We have your message [KL-204711]", "Hello.", "KL-204711"},
		{"Thank you for contacting Brass & Sons (BS-100200)", "", "BS-100200"},
		{"Re: Size [Ticket#2026112200017]", "", "2026112200017"},
		{"Re: Size", "Your reference is #8812345.", "8812345"},
		{"Ihre Anfrage", "Ihre Vorgangsnummer lautet NW-44120.", "NW-44120"},
		{"Votre demande", "Numéro de dossier : 445566", "445566"},
		{"Votre demande", "Dossier n° 445566", "445566"},
		{"Re: Size 42", "It was made in case of rain in 2026. Call 01632 960 123.", ""},
		{"Re: Reference 2026", "", ""},
	} {
		if got := (Mail{Subject: c.subject, Shown: c.text}).Ticket(); got != c.want {
			t.Errorf("%q, %q: %q, want %q", c.subject, c.text, got, c.want)
		}
	}
}

func TestNoReply(t *testing.T) {
	for from, want := range map[string]bool{
		"no-reply@shop.example": true, "noreply@shop.example": true, "do_not_reply@shop.example": true, "no-reply+k7@shop.example": true, "nicht-antworten@laden.example": true,
		"care@shop.example": false, "reply@shop.example": false, "norepp@shop.example": false,
	} {
		if (Mail{From: Address{Email: from}}).NoReply() != want {
			t.Errorf("%s: %v", from, !want)
		}
	}
	if (Mail{From: Address{Email: "no-reply@shop.example"}, ReplyTo: "care@shop.example"}).NoReply() {
		t.Error("a reply address is given")
	}
}

func TestLanguage(t *testing.T) {
	for want, text := range map[string]string{
		"en": "Thank you for your message. We have the jacket in size 42, and we can send it to you tomorrow.",
		"de": "Vielen Dank für Ihre Nachricht. Wir haben die Jacke in Größe 42 und können sie Ihnen morgen schicken.",
		"fr": "Merci pour votre message. Nous avons la veste en taille 42 et pouvons vous l'envoyer demain.",
		"es": "Gracias por su mensaje. Tenemos la chaqueta en la talla 42 y podemos enviársela mañana mismo.",
		"it": "Grazie per il suo messaggio. Abbiamo la giacca nella taglia 42 e possiamo spedirgliela domani.",
		"nl": "Bedankt voor uw bericht. Wij hebben het jasje in maat 42 en kunnen het u morgen toesturen.",
		"pt": "Obrigado pela sua mensagem. Temos o casaco no tamanho 42 e podemos enviá-lo amanhã para você.",
		"":   "Yes, 42. https://shop.example/in/die/der/das/und/mit/von/haben",
	} {
		if got := Language(text); got != want {
			t.Errorf("%q, want %q: %s", got, want, text)
		}
	}
	if got := Language("Wolle wäscht man am besten kalt und mit wenig Waschmittel, und legt sie dann zum Trocknen hin."); got != "de" {
		t.Errorf("%q, want de where the trigrams doubt", got)
	}
}

// The figures were worked out by hand: words, sentences, syllables.
func TestGrade(t *testing.T) {
	simple := strings.Repeat("The cat sat on the mat. ", 4) // 24 words, 4 sentences, 24 syllables
	if got, ok := Grade(simple); !ok || math.Abs(got-(.39*6+11.8*1-15.59)) > 1e-9 {
		t.Errorf("simple: %v, %v", got, ok)
	}
	hard := strings.Repeat("Our international organisation communicates considerable modifications immediately. ", 3) // 21 words, 3 sentences
	if got, ok := Grade(hard); !ok || got < 20 {
		t.Errorf("hard: %v, %v", got, ok)
	}
	if _, ok := Grade("Too short."); ok {
		t.Error("two words have a grade")
	}
	for word, want := range map[string]int{"cat": 1, "made": 1, "table": 2, "walked": 1, "wanted": 2, "delivery": 4, "the": 1, "rhythm": 1, "naïve": 1} {
		if got := syllablesOf(word); got != want {
			t.Errorf("%s: %d syllables, want %d", word, got, want)
		}
	}
}

// A sieve lets through all that its pattern matches.
func TestSieve(t *testing.T) {
	for pattern, texts := range map[string][]string{
		`\b(foo|bar baz)+ qux`: {"a FOO qux", "bar baz qux"},
		`(a|b*)c|d`:            {"c", "BBC", "d", "İ\xff\xfe\n\nxyz\n\nİBBc"},
		`(abc){2,}|ähre\d`:     {"ABCabc", "ÄHRE7", "abc\n\nABC\n\nof the Ähre9"},
		`^one$`:                {"ONE"},
	} {
		for _, text := range texts {
			if v := phrases(pattern); !v.MatchString(text) || v.FindString(text) != regexp.MustCompile("(?i)"+pattern).FindString(text) {
				t.Errorf("%s does not find %q by %q, but %q", pattern, text, v.made().needles, v.FindString(text))
			}
		}
	}
	if v := phrases(`one\s+two`); v.MatchString("one\n\ntwo") || !v.MatchString("one\ntwo") {
		t.Error("a phrase ends with its paragraph")
	}
	if v := phrases(`hello (world|moon)`); v.made().may("goodbye, world") || len(v.made().needles) == 0 {
		t.Errorf("needles %q let everything through", v.made().needles)
	}
}

func FuzzPromised(f *testing.F) {
	f.Add("We answer in 24 hours; over the weekend it may take up to 48 hours.")
	f.Add("Wir rufen Sie in anderthalb Stunden zurück, max. 3 Std.")
	f.Add("Un conseiller vous répond d'ici une demi-heure, trois quarts d'heure au plus.")
	f.Add("De lunes a viernes contestamos en 1 h; un día o dos en rebajas.")
	f.Fuzz(func(t *testing.T, text string) {
		p, ok := Promised(text)
		if ok != (p.Within > 0) || ok && (p.Unit <= 0 || p.Span == "") {
			t.Errorf("%v: %+v", ok, p)
		}
	})
}

// Every fact is found in each of the seven languages, and none of them in a
// plain answer.
func TestSaidInSevenLanguages(t *testing.T) {
	for language, c := range map[string]struct{ plain, letter, sorry, readsNot, redirects, asks, promise string }{
		"en": {"The jacket is made of wool and costs thirty pounds.", "Dear Given,\n\nyes, we have it.\n\nKind regards,\nAnna", "We are sorry that it broke.", "Please do not reply to this e-mail.", "All about sizes is on our website: www.shop.example.", "Could you please send us your order number?", "We reply within two days."},
		"de": {"Die Jacke ist aus Wolle und kostet dreißig Euro.", "Guten Tag,\n\nja, wir haben sie.\n\nMit freundlichen Grüßen\nAnna", "Es tut uns leid, dass sie kaputt ist.", "Bitte antworten Sie nicht auf diese E-Mail.", "Alles zu Größen steht auf unserer Webseite: www.laden.example.", "Können Sie uns bitte Ihre Bestellnummer mitteilen?", "Wir antworten innerhalb von zwei Tagen."},
		"fr": {"La veste est en laine et coûte trente euros.", "Bonjour,\n\noui, nous l'avons.\n\nCordialement\nAnne", "Nous sommes désolés qu'elle soit cassée.", "Merci de ne pas répondre à ce message.", "Tout sur les tailles se trouve sur notre site : www.boutique.example.", "Pourriez-vous nous indiquer votre numéro de commande ?", "Nous répondons sous deux jours."},
		"es": {"La chaqueta es de lana y cuesta treinta euros.", "Hola:\n\nsí, la tenemos.\n\nUn saludo\nAna", "Sentimos que se haya roto.", "No responda a este mensaje.", "Todo sobre tallas está en nuestra web: www.tienda.example.", "¿Podría indicarnos su número de pedido?", "Contestamos en dos días."},
		"it": {"La giacca è di lana e costa trenta euro.", "Buongiorno,\n\nsì, l'abbiamo.\n\nCordiali saluti\nAnna", "Ci dispiace che si sia rotta.", "Non rispondere a questo messaggio.", "Tutto sulle taglie è sul nostro sito: www.negozio.example.", "Potrebbe indicarci il numero d'ordine?", "Rispondiamo entro due giorni."},
		"nl": {"Het jasje is van wol en kost dertig euro.", "Beste klant,\n\nja, we hebben het.\n\nMet vriendelijke groet\nAnna", "Het spijt ons dat het stuk is.", "U kunt niet op deze mail reageren.", "Alles over maten staat op onze website: www.winkel.example.", "Kunt u ons uw bestelnummer sturen?", "We antwoorden binnen twee dagen."},
		"pt": {"O casaco é de lã e custa trinta euros.", "Olá,\n\nsim, temos.\n\nCom os melhores cumprimentos\nAna", "Lamentamos que se tenha partido.", "Não responda a este e-mail.", "Tudo sobre tamanhos está no nosso site: www.loja.example.", "Poderia indicar-nos o número da encomenda?", "Respondemos em dois dias."},
	} {
		for name, found := range map[string]func(string) bool{
			"courtesy":  Courteous,
			"apology":   Apologises,
			"reads not": func(s string) bool { return ReadsNot(s) != "" },
			"redirects": Redirects,
			"asks back": func(s string) bool { return AsksBack(s) != "" },
			"promise":   func(s string) bool { p, ok := Promised(s); return ok && p.Within == 48*time.Hour },
		} {
			text := map[string]string{"courtesy": c.letter, "apology": c.sorry, "reads not": c.readsNot, "redirects": c.redirects, "asks back": c.asks, "promise": c.promise}
			if !found(text[name]) {
				t.Errorf("%s: no %s in %q", language, name, text[name])
			}
			if found(c.plain) {
				t.Errorf("%s: %s in %q", language, name, c.plain)
			}
		}
		if Signatory(c.letter, "Shop") == "" {
			t.Errorf("%s: nobody signs %q", language, c.letter)
		}
	}
}
