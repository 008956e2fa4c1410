package reading

import (
	"strings"
	"testing"
	"time"
)

// What help desks send by default, told in our own words: with the field that
// most of them set, and without.
func TestAcknowledgementsInSevenLanguages(t *testing.T) {
	for language, c := range map[string]struct{ subject, body string }{
		"en": {"[#48213] Do you have it in 42?", "Hello Given,\n\nthank you for contacting us. Your request has been received and a member of our team will get back to you as soon as possible.\n\nYour ticket number is 48213."},
		"de": {"[#48213] Haben Sie Größe 42?", "Guten Tag,\n\nvielen Dank für Ihre Anfrage, die wir erhalten haben. Wir melden uns schnellstmöglich bei Ihnen.\n\nVorgangsnummer: 48213"},
		"fr": {"[#48213] La taille 42 ?", "Bonjour,\n\nnous avons bien reçu votre demande et nous vous répondrons dans les plus brefs délais.\n\nNuméro de dossier : 48213"},
		"es": {"[#48213] ¿Tienen la talla 42?", "Hola:\n\nhemos recibido su consulta y le responderemos lo antes posible.\n\nNúmero de referencia: 48213"},
		"it": {"[#48213] Avete la taglia 42?", "Buongiorno,\n\nabbiamo ricevuto la sua richiesta e le risponderemo al più presto.\n\nNumero di pratica: 48213"},
		"nl": {"[#48213] Hebt u maat 42?", "Beste klant,\n\nwe hebben uw bericht ontvangen en antwoorden zo spoedig mogelijk.\n\nReferentienummer: 48213"},
		"pt": {"[#48213] Têm o tamanho 42?", "Olá,\n\nrecebemos a sua mensagem e responderemos o mais breve possível.\n\nNúmero do pedido: 48213"},
	} {
		for _, field := range []string{"Auto-Submitted: auto-replied", "X-Any: thing"} {
			m := Parse(mail("From: desk@shop.example", "To: p7@probe.example", "In-Reply-To: <1@probe.example>", "Subject: Re: "+c.subject, field, "Content-Type: text/plain; charset=utf-8", "", strings.ReplaceAll(c.body, "\n", "\r\n")))
			if v := Judge(m); v.Class != Acknowledgement || v.Confidence <= 0 || v.Confidence > 1 {
				t.Errorf("%s, %s: %+v", language, field, v)
			}
			if m.Ticket() != "48213" {
				t.Errorf("%s: ticket %q", language, m.Ticket())
			}
		}
	}
}

func TestBots(t *testing.T) {
	for language, body := range map[string]string{
		"en": "Hi Given, I'm Mia, your virtual assistant. The jacket comes in 42.",
		"de": "Hallo, ich bin der digitale Chatbot von Nordwolle. Die Jacke gibt es in 42.",
		"fr": "Bonjour, je suis votre assistant virtuel. La veste existe en 42.",
		"es": "Hola, soy tu asistente virtual. La chaqueta existe en la 42.",
		"it": "Ciao, sono l'assistente virtuale. La giacca esiste nella 42.",
		"nl": "Hallo, ik ben de virtuele assistent. Het jasje is er in 42.",
		"pt": "Olá, sou o assistente virtual. O casaco existe no 42.",
	} {
		if v := Judge(Parse(mail("From: desk@shop.example", "Subject: Re: 42", "In-Reply-To: <1@probe.example>", "Content-Type: text/plain; charset=utf-8", "", body))); v.Class != Bot {
			t.Errorf("%s: %+v", language, v)
		}
	}
	desk := []string{"From: desk@shop.example", "Subject: Re: 42", "In-Reply-To: <1@probe.example>", "Auto-Submitted: auto-replied", ""}
	if v := Judge(Parse(mail(append(desk, "These articles may help you: Sizes. Did this answer your question?")...))); v.Class != Bot {
		t.Errorf("pages: %+v", v)
	}
	if v := Judge(Parse(mail(append(desk, "I'm the shop's bot. We received your message and a person will get back to you shortly.")...))); v.Class != Acknowledgement {
		t.Errorf("a bot that only acknowledges: %+v", v)
	}
	if v := Judge(Parse(mail("From: anna@shop.example", "", "No, I'm not a bot, and the virtual assistant is asleep."))); v.Class != Human {
		t.Errorf("a person: %+v", v)
	}
}

func TestKinds(t *testing.T) {
	for status, want := range map[string]string{"5.1.1": Hard, "5.2.2": Soft, "4.4.7": Soft, "5.7.1": Hard} {
		if v := Judge(Parse(dsn("message/delivery-status", "text/rfc822-headers", "failed", status, "no"))); v.Class != Bounce || v.Kind != want || v.Confidence != byStandard {
			t.Errorf("%s: %+v", status, v)
		}
	}
	for body, want := range map[string]string{
		"Thank you for your order 10023.":                               Confirmation,
		"Your order 10023 has shipped. Track your parcel.":              Shipping,
		"Your order 10023 was delivered today.":                         FollowUp,
		"Vielen Dank für Ihre Bestellung, Bestellnummer 10023.":         Confirmation,
		"Ihre Bestellung 10023 wurde storniert, Bestellnummer 10023.":   FollowUp,
		"Votre commande 10023 a été expédiée. Numéro de suivi : 445566": Shipping,
	} {
		v := Judge(Parse(mail("From: orders@shop.example", "Subject: Order / Bestellung / commande 10023", "Content-Type: text/plain; charset=utf-8", "", body)))
		if v.Class != Order || v.Kind != want {
			t.Errorf("%q: %+v, want %s", body, v, want)
		}
	}
}

// Where the words say nothing, what surrounds a mail may.
func TestJudgeIn(t *testing.T) {
	said := "Dear Given, the jacket that you ask about is made of wool, it comes in four sizes and costs thirty pounds. Your number is %d."
	written := func(number, headers string) Mail {
		return Parse(mail("From: anna@shop.example", "Subject: Re: 42", headers, "", strings.Replace(said, "%d", number, 1)))
	}
	m := written("12", "X-Any: thing")
	for _, c := range []struct {
		name string
		m    Mail
		s    Setting
		want Class
	}{
		{"nothing known", m, Setting{}, Human},
		{"in good time", m, Setting{After: time.Hour}, Human},
		{"at once", m, Setting{After: 2 * time.Second}, Bot},
		{"at once, and it promises", Parse(mail("From: a@shop.example", "", "Dear Given, your question was heard and one of us will reply to you shortly, so please wait a bit.")), Setting{After: 2 * time.Second}, Acknowledgement},
		{"a word at once", Parse(mail("From: a@shop.example", "", "Yes, in 42.")), Setting{After: 2 * time.Second}, Human},
		{"its field says that it is a person's", written("12", "Auto-Submitted: no"), Setting{After: 2 * time.Second}, Human},
	} {
		if v := JudgeIn(c.m, c.s); v.Class != c.want {
			t.Errorf("%s: %+v, want %s", c.name, v, c.want)
		}
	}
}

func TestRecycled(t *testing.T) {
	same := "Thank you for your message about size %. We are glad to help you with that, whenever you like."
	others := []string{"No, the boots come in brown only and cost eighty pounds a pair, sorry.", strings.Replace(same, "%", "7", 1), "Yes."}
	if !Recycled(strings.Replace(same, "%", "42", 1), others) || Recycled("Wool, and it is washed by hand in cold water, never in the machine.", others) || Recycled("Yes.", others) {
		t.Error("what is recycled")
	}
	// Seven runs each, of which "a b c" and "b c d" are common: 2 of 12.
	if got := Resemblance("a b c d e f g h i", "a b c d k l m n o"); got != 2./12 {
		t.Errorf("%v", got)
	}
	if Resemblance("", "") != 0 || Resemblance("yes", "Yes!") != 1 {
		t.Error("short texts")
	}
}
