package reading

import (
	"slices"
	"strings"
	"testing"
)

func TestOwnWords(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"nothing quoted", "Hello,\n\nyes.\n\nRegards,\nAnna", "Hello,\n\nyes.\n\nRegards,\nAnna"},
		{"above the quotation", "Yes.\n\nOn Sat, Nov 21, 2026 at 9:00 AM Given Family <p@probe.example> wrote:\n> Do you?\n> Please.", "Yes."},
		{"wrapped attribution", "Yes.\n\nOn Sat, Nov 21, 2026 at 9:00 AM Given Family\n<p@probe.example> wrote:\n\n> Do you?", "Yes."},
		{"between quoted lines", "> Do you have it?\nYes.\n> What does it cost?\n30 euros.", "Yes.\n30 euros."},
		{"below the quotation", "On 21 Nov 2026, Given wrote:\n> Do you?\n\nYes.", "Yes."},
		{"German", "Ja.\n\nAm 21.11.2026 um 09:00 schrieb Given Family <p@probe.example>:\n> Haben Sie?", "Ja."},
		{"quoted without marks", "Yes.\n\nOn 21 Nov 2026, Given wrote:\n\nDo you?", "Yes."},
		{"original message", "Yes.\n\n-----Original Message-----\nFrom: Given\nDo you?", "Yes."},
		{"pasted header", "Yes.\n\nFrom: Given Family\nSent: Saturday\nTo: desk\nSubject: Question\n\nDo you?", "Yes."},
		{"German pasted header", "Ja.\n\nVon: Given\nGesendet: Samstag\nAn: Laden\nBetreff: Frage\n\nHaben Sie?", "Ja."},
		{"signature", "Yes.\n\nAnna\n-- \nThe Shop\n+49 30 123456", "Yes.\n\nAnna"},
		{"contact block", "Yes, we do.\n\nRegards,\nAnna\n\nThe Shop Ltd\nTel. 030 1234567\nwww.shop.example", "Yes, we do.\n\nRegards,\nAnna"},
		{"a paragraph with a number stays", "Call us:\n\nThe number is 030 1234567.\nWe are there until six.", "Call us:\n\nThe number is 030 1234567.\nWe are there until six."},
		{"device", "Yes.\n\nSent from my iPhone", "Yes."},
		{"list footer", "Yes.\n\n_______________\nTo unsubscribe go to shop.example", "Yes."},
		{"a colon is no attribution", "On Monday you wrote to us. The answer:\n42", "On Monday you wrote to us. The answer:\n42"},
		{"a greater-than price", "It is > 30 euros.", "It is > 30 euros."},
		{"only quoted", "> a\n> b", ""},
		{"a quoted line broken by its length", "On 21 Nov 2026, Given wrote:\n> I would like to know whether you have the jacket in size forty-two,\nsince my brother needs\n> one.\nYes.", "Yes."},
		{"a quoted line broken, then an answer", "> I would like to know whether you have the jacket in size forty-two, since\nmy brother needs one.\n\nYes.", "Yes."},
		{"an answer below a long question", "> Do you have the jacket, the one with the blue buttons, in size forty-two?\nYes, we do.\n> And in red?\nNo.", "Yes, we do.\nNo."},
		{"an attribution that slipped", "Yes.\n\nOn Thu, 21 Nov 2026 at 9:00, Given <p@probe.example\n> wrote:\n>\n> Do you?", "Yes."},
		{"an attribution without a colon", "Yes.\n\nOn Wed, 14 Nov 2026 08:14:43 Given <p@probe.example> wrote\n\nDo you?", "Yes."},
		{"a name alone as attribution", "Yes.\n\nGiven Family wrote\n> Do you?", "Yes."},
		{"marked by a mailbox file", "Hello,\n\n>From where do you write?\n\nAnna", "Hello,\n\nFrom where do you write?\n\nAnna"},
		{"a dash between two thoughts", "Yes.\n--\nOn another matter, the red one is gone.", "Yes.\n--\nOn another matter, the red one is gone."},
		{"a bare delimiter", "Yes.\n--\nAnna Miller\nThe Shop", "Yes."},
		{"a delimiter and prose", "Yes.\n-- \nThis mail is confidential, and meant for you alone.", "Yes."},
		{"name and title above the contacts", "Yes.\n\nAnna Miller\nHead of Care\n\nTel. 030 1234567\nwww.shop.example", "Yes."},
		{"a pasted head with its time above", "Yes.\n\nGiven Family@OAK\n01/24/2026 02:38 PM\nTo: desk@shop.example\ncc:\n\nSubject: Question\n\nDo you?", "Yes."},
		{"prose with a number ends the mail", "Yes.\n\nIf you have any questions please call\nthe shop in town: 030 1234567.", "Yes.\n\nIf you have any questions please call\nthe shop in town: 030 1234567."},
		{"a letter's signature", "Dear Given,\n\nyes.\n\nKind regards,\n\nAnna Miller", "Dear Given,\n\nyes."},
		{"a letter signed with a number", "Yes, in 42.\n\nThanks,\nAnna Miller\nx3-6259", "Yes, in 42."},
		{"a sign-off in an answer", "Yes.\n\nKind regards,\n\nAnna Miller\n\n> Do you?", "Yes.\n\nKind regards,\n\nAnna Miller"},
		{"a dash and a name", "Yes.\n\n--\nAnna Miller\n\n> Do you?", "Yes.\n\n--\nAnna Miller"},
		{"contacts at once below a sentence", "Call me if there is anything else to know\nAnna Miller\n(403) 555-6721", "Call me if there is anything else to know"},
		{"quoted with colons", "Yes.\n\n: Do you have it\n: in size 42,\n: please?\n\nIn blue.", "Yes.\n\nIn blue."},
		{"a list's footer below a quotation", "Yes.\n\n> Do you?\n\n--\nRead this on the web: shop.example/list\nSent from the mailing list of the shop.", "Yes."},
		{"empty", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := OwnWords(c.text); got != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
			if got := OwnWords(strings.ReplaceAll(c.text, "\n", "\r\n")); got != c.want {
				t.Errorf("with CRLF: got %q", got)
			}
		})
	}
}

// The lines by which mail programs introduce a quotation, each as its program
// breaks it, with marks below it and without.
func TestAttributions(t *testing.T) {
	for _, line := range []string{
		"On Sat, 21 Nov 2026 at 09:00, Given Family <p@probe.example> wrote:",
		"On Nov 21, 2026, at 9:00 AM, Given Family <p@probe.example> wrote:",
		"On Saturday, November 21st, 2026 at 09:00, Given Family\n<p@probe.example> wrote:",
		"On 21/11/2026 09:00, Given Family wrote:",
		"2026-11-21 9:00 GMT+01:00 Given Family <p@probe.example>:",
		"Given Family <p@probe.example> writes:",
		"Am Sa., 21. Nov. 2026 um 09:00 Uhr schrieb Given Family <p@probe.example>:",
		"Am 21.11.26 um 09:00 schrieb Given Family:",
		"Given Family <p@probe.example> schrieb am Sa., 21. Nov. 2026, 09:00:",
		"Le sam. 21 nov. 2026 à 09:00, Given Family <p@probe.example> a écrit :",
		"Le 21/11/2026 à 09:00, Given Family a écrit :",
		"El sáb, 21 nov 2026 a las 9:00, Given Family (<p@probe.example>) escribió:",
		"El 21/11/26 a las 9:00, Given Family escribió:",
		"Il giorno sab 21 nov 2026 alle ore 09:00 Given Family <\np@probe.example> ha scritto:",
		"Il 21/11/26 09:00, Given Family ha scritto:",
		"Op za 21 nov. 2026 om 09:00 schreef Given Family <p@probe.example>:",
		"Op 21-11-2026 om 09:00 schreef Given Family:",
		"Em sáb., 21 de nov. de 2026 às 09:00, Given Family <p@probe.example>\nescreveu:",
		"Given Family <p@probe.example> escreveu no dia sábado, 21/11/2026 à(s) 09:00:",
		"Den lør. 21. nov. 2026 kl. 09.00 skrev Given Family <p@probe.example>:",
		"lør. 21. nov. 2026 kl. 09:00 skrev Given Family <p@probe.example\n>:",
		"Den lör 21 nov. 2026 kl 09:00 skrev Given Family <p@probe.example>:",
		"la 21. marrask. 2026 klo 9.00 Given Family (p@probe.example) kirjoitti:",
		"sob., 21 lis 2026 o 09:00 Given Family <p@probe.example> napisał(a):",
		"W dniu 21.11.2026 o 09:00, Given Family pisze:",
		"so 21. 11. 2026 v 9:00 odesílatel Given Family <p@probe.example> napsal:",
		"Given Family <p@probe.example> ezt írta (időpont: 2026. nov. 21., Szo, 9:00):",
		"sâm., 21 nov. 2026 la 09:00, Given Family <p@probe.example> a scris:",
		"Given Family <p@probe.example>, 21 Kas 2026 Cmt, 09:00 tarihinde şunu yazdı:",
		"сб, 21 нояб. 2026 г. в 09:00, Given Family <p@probe.example>:",
		"21.11.2026 09:00, Given Family пишет:",
		"сб, 21 лист. 2026 р. о 09:00 Given Family <p@probe.example> пише:",
		"Στις Σάβ 21 Νοε 2026 στις 9:00 π.μ., ο χρήστης Given Family <p@probe.example> έγραψε:",
		"2026年11月21日(土) 9:00 Given Family <p@probe.example>:",
		"Given Family <p@probe.example> 于2026年11月21日周六 09:00写道：",
		"2026년 11월 21일 (토) 오전 9:00, Given Family <p@probe.example>님이 작성:",
	} {
		for _, quoted := range []string{"> Do you?", "\n> Do you?\n>\n> Please.", "Do you?\nPlease."} {
			if got := OwnWords("Yes.\n\n" + line + "\n" + quoted); got != "Yes." {
				t.Errorf("%s\n%s\nleaves %q", line, quoted, got)
			}
		}
		if got := OwnWords(line + "\n> Do you?\n\nYes.\n\n> And in red?\n\nNo."); got != "Yes.\n\nNo." {
			t.Errorf("%s: between the lines %q", line, got)
		}
	}
	for _, said := range []string{
		"On Monday I wrote to you about three things:\n\nthe size, the colour, and the price.",
		"We have these sizes in stock:\n\n42 and 43.",
		"As our founder said:\n\nwool is warm.",
		"Please send it to care@shop.example and add:\n\nyour order number.",
	} {
		if got := OwnWords(said); got != said {
			t.Errorf("%q became %q", said, got)
		}
	}
}

// Heads that mail programs paste above the other mail, and the lines that part
// it from ours.
func TestOtherMailsBelow(t *testing.T) {
	for _, below := range []string{
		"From: Given Family <p@probe.example>\nSent: Saturday, November 21, 2026 9:00 AM\nTo: desk@shop.example\nSubject: Question",
		"Von: Given Family <p@probe.example>\nGesendet: Samstag, 21. November 2026 09:00\nAn: Laden <desk@shop.example>\nBetreff: Frage",
		"*Von:* Given Family\n*Gesendet:* Samstag\n*An:* Laden\n*Betreff:* Frage",
		"De : Given Family\nEnvoyé : samedi 21 novembre 2026 09:00\nÀ : Boutique\nObjet : Question",
		"Message du : 21/11/2026 09:00\nDe : \"Given Family\" <p@probe.example>\nA : desk@shop.example\nCopie à :\nSujet : Question",
		"De: Given Family\nEnviado el: sábado, 21 de noviembre de 2026 9:00\nPara: Tienda\nAsunto: Pregunta",
		"Da: Given Family\nInviato: sabato 21 novembre 2026 09:00\nA: Negozio\nOggetto: Domanda",
		"Van: Given Family\nVerzonden: zaterdag 21 november 2026 09:00\nAan: Winkel\nOnderwerp: Vraag",
		"De: Given Family\nEnviado: sábado, 21 de novembro de 2026 09:00\nPara: Loja\nAssunto: Pergunta",
		"Fra: Given Family\nSendt: 21. november 2026 09:00\nTil: Butik\nEmne: Spørgsmål",
		"Från: Given Family\nSkickat: den 21 november 2026 09:00\nTill: Butik\nÄmne: Fråga",
		"Od: Given Family\nWysłano: sobota, 21 listopada 2026 09:00\nDo: Sklep\nTemat: Pytanie",
		"From: Given Family\nTo: One <one@shop.example>, Two <two@shop.example>,\n  Three <three@shop.example>, Four <four@shop.example>,\nFive <five@shop.example>, Six <six@shop.example>,\nSeven <seven@shop.example>\nCc:\nSubject: Question",
		"-----Original Message-----", "-----Ursprüngliche Nachricht-----", "-------- Message transféré --------", "-------- Mensaje reenviado --------",
		"-------- Messaggio inoltrato --------", "-------- Doorgestuurd bericht --------", "-------- Oryginalna wiadomość --------", "---------- Forwarded message ---------",
		"____________________Reply Separator____________________", "Begin forwarded message:", "Anfang der weitergeleiteten Nachricht:", "Début du message réexpédié :", "Inicio del mensaje reenviado:",
	} {
		if got := OwnWords("Yes, in 42.\n\n" + below + "\n\nDo you have it?"); got != "Yes, in 42." {
			t.Errorf("%s\nleaves %q", below, got)
		}
	}
	for _, device := range []string{"Sent from my iPhone", "Sent from Outlook for Android", "Get Outlook for iOS <https://x.example>", "Von meinem iPhone gesendet", "Gesendet mit der Mail-App", "Envoyé de mon iPhone", "Enviado desde mi iPhone",
		"Inviato da iPhone", "Verzonden vanaf mijn iPhone", "Enviado do meu telemóvel", "Sendt fra min iPhone", "Skickat från min iPhone", "Wysłane z iPhone'a", "Отправлено с iPhone"} {
		if got := OwnWords("Yes, in 42.\n\n" + device); got != "Yes, in 42." {
			t.Errorf("%s: %q", device, got)
		}
	}
	for _, own := range []string{"To: return it\nthe subject: is closed\nsays nobody.", "Sent from Leeds by post on Monday, it will be with you on Wednesday at the latest.", "From: 30 euros\nTo: 80 euros"} {
		if got := OwnWords("Hello,\n\n" + own); got != "Hello,\n\n"+own {
			t.Errorf("%q became %q", own, got)
		}
	}
}

// What is removed is kept, in order and with its kind.
func TestDivide(t *testing.T) {
	type parts = []Removed
	for _, c := range []struct {
		name, text, own string
		removed         parts
	}{
		{"nothing", "Yes.", "Yes.", nil},
		{"between and below", "> Do you?\nYes.\n> In red?\nNo.\n-- \nAnna", "Yes.\nNo.", parts{{Quote, "> Do you?"}, {Quote, "> In red?"}, {Signature, "-- \nAnna"}}},
		{"with its attribution", "Yes.\n\nOn 21 Nov 2026, Given wrote:\n> Do you?", "Yes.", parts{{Quote, "On 21 Nov 2026, Given wrote:\n> Do you?"}}},
		{"passed on", "See below.\n\n---------- Forwarded message ----------\nFrom: Given\nDo you?", "See below.", parts{{Forward, "---------- Forwarded message ----------\nFrom: Given\nDo you?"}}},
		{"passed on without a word", "From: Given\nSent: Saturday\nTo: desk\nSubject: Question\n\nDo you?", "", parts{{Forward, "From: Given\nSent: Saturday\nTo: desk\nSubject: Question\n\nDo you?"}}},
		{"answered below its head", "Yes.\n\nVon: Given\nGesendet: Samstag\nAn: Laden\nBetreff: Frage\n\nHaben Sie?", "Yes.", parts{{Quote, "Von: Given\nGesendet: Samstag\nAn: Laden\nBetreff: Frage\n\nHaben Sie?"}}},
		{"signature and disclaimer", "Ja.\n-- \nAnna\n\nDiese Nachricht ist vertraulich.", "Ja.", parts{{Signature, "-- \nAnna"}, {Disclaimer, "Diese Nachricht ist vertraulich."}}},
		{"a ruled disclaimer", "Oui.\n\n_____________\nCe message est confidentiel.", "Oui.", parts{{Disclaimer, "_____________\nCe message est confidentiel."}}},
		{"a disclaimer without a rule", "Yes.\n\nThis message is confidential and meant for you alone.\nThe intended recipient may read it.", "Yes.", parts{{Disclaimer, "This message is confidential and meant for you alone.\nThe intended recipient may read it."}}},
		{"contacts", "Yes, we do.\n\nThe Shop Ltd\nTel. 030 1234567", "Yes, we do.", parts{{Signature, "The Shop Ltd\nTel. 030 1234567"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			own, removed := Divide(c.text)
			if own != c.own || !slices.Equal(removed, c.removed) {
				t.Errorf("own %q, removed %q", own, removed)
			}
		})
	}
}

func FuzzOwnWords(f *testing.F) {
	f.Add("Yes.\n\nOn 21 Nov 2026, Given wrote:\n> Do you?\n\n-- \nAnna")
	f.Add("From: a\nTo: b\nSubject: c\n\nd")
	f.Add("Thanks,\n\nAnna Miller\nx3-6259")
	f.Add(": a\n: b\n: c\n>From x\n_____\nunsubscribe")
	f.Fuzz(func(t *testing.T, text string) {
		own, removed := Divide(text)
		if len(own) > len(text) {
			t.Errorf("%d bytes of own words in %d", len(own), len(text))
		}
		for _, r := range removed {
			if r.Kind == "" || strings.TrimSpace(r.Text) == "" {
				t.Errorf("an empty part: %q", r)
			}
		}
		said, closing := Closing(own)
		if len(said)+len(closing) > len(own) {
			t.Errorf("%q is longer than %q", said+closing, own)
		}
		Signatory(text, "shop")
	})
}
