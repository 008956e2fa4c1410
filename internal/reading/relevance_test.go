package reading

import (
	"math"
	"testing"
)

func TestRelevance(t *testing.T) {
	replies := map[string][2]string{ // the right one, and one to another question
		"en": {"A parcel takes 2 to 3 days.", "You pay by card or by bank transfer."},
		"de": {"Ein Paket ist 2 bis 3 Werktage unterwegs.", "Sie zahlen mit Karte oder per Überweisung."},
		"fr": {"Un colis met 2 à 3 jours pour arriver.", "Vous payez par carte ou par virement."},
		"es": {"Un paquete tarda de 2 a 3 días.", "Puede pagar con tarjeta o por transferencia."},
		"it": {"Un pacco arriva in 2 o 3 giorni.", "Si paga con carta o con bonifico."},
		"nl": {"Een pakket is er in 2 tot 3 dagen.", "U betaalt met kaart of overschrijving."},
		"pt": {"Uma encomenda demora 2 a 3 dias.", "Pode pagar com cartão ou transferência."},
	}
	for language, question := range map[string]string{
		"en": "How long does the delivery take?", "de": "Wie lange dauert die Lieferung?", "fr": "Quel délai pour la livraison ?", "es": "¿Cuánto tarda el envío?",
		"it": "Quanto tempo ci vuole per la consegna?", "nl": "Hoe lang duurt de bezorging?", "pt": "Quanto tempo demora a entrega?",
	} {
		c := NewCollection(language)
		q := c.Question(question)
		right, wrong := c.Relevance(q, c.Reply(replies[language][0])), c.Relevance(q, c.Reply(replies[language][1]))
		if right <= wrong+.05 || right >= 1 || wrong <= 0 {
			t.Errorf("%s: right %.2f, wrong %.2f", language, right, wrong)
		}
	}
	c := NewCollection("en", relevanceReplies...)
	if got := c.Relevance(c.Question(""), c.Reply("")); math.IsNaN(got) || got > .5 {
		t.Errorf("nothing fits nothing: %v", got)
	}
	if same := c.Relevance(c.Question(relevanceQuestions[0]), c.Reply(relevanceQuestions[0])); same < .99 {
		t.Errorf("a question fits itself: %v", same)
	}
	if got := NewCollection("xx").Relevance(c.Question("Is it red?"), c.Reply("It is red.")); math.IsNaN(got) {
		t.Error("a language that is not known")
	}
}

// What every reply says tells nothing.
func TestRelevanceWeighsRareWords(t *testing.T) {
	c := NewCollection("en", "Oak Lodge has a pool.", "Oak Lodge has a lift.", "Oak Lodge is quiet.", "Oak Lodge takes dogs.")
	q := c.Question("Has Oak Lodge a pool?")
	if pool, quiet := c.Relevance(q, c.Reply("The pool is behind the house.")), c.Relevance(q, c.Reply("Oak Lodge is quiet.")); pool <= quiet {
		t.Errorf("pool %.2f, the name alone %.2f", pool, quiet)
	}
}

func TestMistaken(t *testing.T) {
	c := NewCollection("en", relevanceReplies...)
	var questions []*Text
	for _, q := range relevanceQuestions {
		questions = append(questions, c.Question(q))
	}
	for i, reply := range relevanceReplies {
		r := c.Reply(reply)
		if rival, ok := c.Mistaken(questions[i], questions, r); ok {
			t.Errorf("%q is taken for an answer to %q", reply, relevanceQuestions[rival])
		}
	}
	// Asked about delivery, told about payment.
	if rival, ok := c.Mistaken(questions[0], questions, c.Reply("You can pay by credit card, by debit card or by bank transfer.")); !ok || rival != 2 {
		t.Errorf("rival %d, %v", rival, ok)
	}
	if _, ok := c.Mistaken(questions[0], questions, c.Reply("Credit card.")); ok {
		t.Error("two words accuse nobody")
	}
}

// Each topic has words in the languages that it names, and no list is empty.
func TestVocabulary(t *testing.T) {
	all, names := tongues()
	if len(all) != 7 || len(names) < 40 {
		t.Fatalf("%d languages, %d topics", len(all), len(names))
	}
	for tag, l := range all {
		if len(l.empty) < 50 || len(l.exact) < 20 || len(l.prefix) < 20 || len(l.yes) == 0 || len(l.askYes) == 0 {
			t.Errorf("%s is incomplete", tag)
		}
		for _, list := range [][][]string{l.askTime, l.askPrice, l.askNumber, l.times, l.longTimes, l.prices, l.statements} {
			if len(list) == 0 {
				t.Errorf("%s lacks a list", tag)
			}
			for _, p := range list {
				if len(p) == 0 {
					t.Errorf("%s has an empty phrase", tag)
				}
			}
		}
	}
}

func TestAsks(t *testing.T) {
	for letter, want := range map[string]string{
		"Hello,\n\nI am looking for a present. Do you wrap it,\nwith a card? And two more: is it dear?\n\nThanks\nAnna": "Do you wrap it, with a card? is it dear?",
		"Hello,\n\nI could not find it.": "",
		"Ja? Nein?":                      "Ja? Nein?",
	} {
		if got := Asks(letter); got != want {
			t.Errorf("%q asks %q, want %q", letter, got, want)
		}
	}
}
