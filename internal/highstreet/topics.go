package highstreet

import (
	"slices"
	"strings"
	"unicode"
)

// Topics that the desks know, named like the shipped scenarios; and what they
// make of everything else.
const (
	complaint       = "complaint"
	deliveryTime    = "delivery-time"
	giftAdvice      = "gift-advice"
	orderStatus     = "order-status"
	paymentOptions  = "payment-options"
	praise          = "praise"
	productQuestion = "product-question"
	returnPolicy    = "return-policy"
	stockQuestion   = "stock-question"
	general         = "general"

	exchange = "exchange" // of customers who have been answered about returns
)

// Languages that customers write in and desks answer in.
const (
	inEnglish = "en"
	inGerman  = "de"
)

// A topic is what a customer's mail may be about.
type topic struct {
	id        string
	questions int    // that a mail of the shipped scenario asks; 0: it asks nothing
	then      string // the topic of the mail with which that scenario goes on when a person has answered; empty: it ends

	// The beginnings of words and phrases by which a desk recognises it, in
	// both languages. One that only this topic has weighs as much as three
	// that other mails hold as well.
	own, shared []string
}

const ownWeight = 3

// topics are in the order in which a tie is decided: what a customer feels is
// said beside what it is felt about.
var topics = []topic{
	{
		id: complaint,
		own: []string{
			"could not find", "couldn't find", "cannot find", "can't find", "did not find", "didn't find", "without finding", "unable to find", "failed to find", "not able to find",
			"hard to find", "difficult to find", "nowhere", "in vain", "gave up", "given up", "giving up", "not happy", "tiresome", "tedious", "frustrat", "annoy", "disappoint", "complain",
			"nicht gefunden", "nicht finden", "nirgends", "nirgendwo", "vergeblich", "vergebens", "erfolglos", "aufgegeben", "mühsam", "mühselig", "ärger", "enttäusch",
			"umständlich", "anstrengend", "frustrier", "schwer zu finden", "nicht zu finden", "beschwer",
		},
		shared: []string{
			"a pity", "a shame", "searched", "looked for", "looked through", "looking for", "clicked", "your site", "your website", "your pages", "on the site",
			"schade", "gesucht", "suche", "geklickt", "ihrer seite", "ihren seiten", "ihrer website", "ihrer webseite", "ihrer internetseite", "ihrem shop",
		},
	},
	{
		id: praise,
		own: []string{
			"praise", "compliment", "well done", "delighted", "kind word", "i like your", "i like what", "just wanted to say", "only wanted to say", "wanted to thank", "want to thank", "to say thank", "keep it up", "keep up the", "impressed",
			"a joy", "nothing to ask", "no question", "made my day", "good work",
			"lob", "kompliment", "begeistert", "gelungen", "gefreut", "weiter so", "bedanken", "danke sagen", "dank sagen", "ein dankeschön", "beeindruckt", "keine frage", "gute arbeit",
		},
		shared: []string{
			"wonderful", "lovely", "pleased", "pleasant", "a pleasure", "enjoy", "thank you for", "thanks for", "happy", "glad", "easy to", "clear",
			"wunderbar", "großartig", "freude", "danke für", "dank für", "gefällt", "gefallen", "übersichtlich", "toll", "angenehm", "zufrieden",
		},
	},
	{
		id: giftAdvice, questions: 1,
		own: []string{
			"recommend", "suggest", "advice", "advise", "an idea", "any idea", "ideas", "help me choose", "help me pick", "which would you", "what would you choose", "what would you pick", "what would you give", "would suit",
			"empfehl", "empfiehl", "vorschlag", "vorschlägen", "vorschlagen", "schlagen sie", "idee", "geschenkidee", "raten sie", "würden sie", "tipp", "berat", "etwas passendes",
		},
		shared: []string{
			"gift", "present", "birthday", "for my", "for a friend", "choose", "budget", "likes", "fond of", "loves", "which of",
			"geschenk", "schenken", "geburtstag", "für meine", "für eine freundin", "für einen", "aussuchen", "auswahl", "budget", "mag", "liebt",
		},
	},
	{
		id: productQuestion, questions: 2,
		own: []string{
			"gift wrap", "wrap", "gift box", "gift paper", "card from me", "little card", "short card", "greeting card", "words on a card", "words from me", "note from me", "address other than", "another address", "different address",
			"other address", "friend's address", "straight to", "directly to", "without the invoice", "without an invoice", "no invoice",
			"geschenkverpack", "geschenkpapier", "verpack", "einpack", "eingepackt", "grußkarte", "kärtchen", "karte beileg", "karte dazu", "karte von mir", "karte mit", "beileg", "andere adresse", "anderen adresse", "andere anschrift", "andere lieferadresse",
			"abweichende", "ohne rechnung", "ohne die rechnung", "direkt an", "direkt zu",
		},
		shared: []string{
			"gift", "present", "birthday", "card", "invoice", "bill", "address",
			"geschenk", "geburtstag", "karte", "rechnung", "adresse", "anschrift",
		},
	},
	{
		id: returnPolicy, questions: 2, then: exchange,
		own: []string{
			"return", "send back", "sending back", "send something back", "send it back", "sending it back", "sending something back", "take it back", "refund", "money back", "change my mind",
			"rückgabe", "rücksend", "retour", "zurückschick", "zurückgeb", "zurückgegeb", "zurücksend", "zurückzusch", "zurückzugeb", "zurückzusend", "zurückgesch", "zurückgesandt", "etwas zurück", "ware zurück", "artikel zurück", "widerruf", "umtausch", "erstatt", "rückporto",
		},
		shared: []string{
			"exchange", "not suit", "not like", "not fit", "postage",
			"nicht gefällt", "nicht passt", "porto",
		},
	},
	{
		id: stockQuestion, questions: 2,
		own: []string{
			"back in stock", "in stock again", "out of stock", "sold out", "back in", "restock", "re-stock", "available again", "not available", "unavailable", "ordered again", "come back", "coming back", "be back", "are back", "is back", "new ones", "one aside", "some aside",
			"wieder lieferbar", "wieder verfügbar", "wieder vorrätig", "wieder auf lager", "wieder da", "wieder rein", "wieder herein", "wieder im sortiment", "wieder geben", "ausverkauft", "vergriffen", "nicht lieferbar", "nicht verfügbar", "nicht vorrätig", "nicht auf lager", "nachschub", "nachbestell", "nachgeliefert", "nachlieferung",
		},
		shared: []string{
			"in stock", "available", "reserve", "aside", "about stock", "let me know", "tell me when",
			"auf lager", "verfügbar", "lieferbar", "vorrätig", "reservier", "zurücklegen", "bescheid", "benachrichtig",
		},
	},
	{
		id: orderStatus, questions: 1,
		own: []string{
			"track", "status", "state of an order", "state of my order", "where an order", "where my order", "where the order", "where my parcel", "where it is", "where things stand", "follow an order", "follow my order", "follow the order", "follow a parcel", "progress", "how far", "order has got", "order is at",
			"bestellstatus", "lieferstatus", "sendungsverfolg", "sendungsnummer", "paketverfolg", "verfolgen", "nachverfolg", "bestellung verfolg", "stand der", "stand meiner", "stand einer", "den stand", "der stand", "wo meine bestellung", "wo eine bestellung", "wo die bestellung", "wo sich", "wie weit",
		},
		shared: []string{
			"my order", "an order", "i have ordered", "account", "see where", "look up",
			"meine bestellung", "meiner bestellung", "eine bestellung", "einer bestellung", "konto", "bestellt habe", "nachsehen", "einsehen",
		},
	},
	{
		id: paymentOptions, questions: 1,
		own: []string{
			"paypal", "credit card", "debit card", "bank transfer", "direct debit", "payment", "pay by", "pay with", "pay on", "way to pay", "ways to pay", "ways of paying", "how can i pay", "how may i pay", "can i pay", "could i pay", "apple pay", "on invoice", "by invoice", "against an invoice",
			"kreditkarte", "kartenzahlung", "zahlungs", "zahlarten", "zahlweise", "überweis", "lastschrift", "auf rechnung", "per rechnung", "gegen rechnung", "rechnungskauf", "vorkasse", "mit karte", "per karte", "kann ich bezahlen", "kann ich zahlen", "bezahlen kann", "zahlen kann", "bezahlmöglich",
		},
		shared: []string{
			"pay", "card", "invoice",
			"bezahl", "zahl", "karte", "rechnung",
		},
	},
	{
		id: deliveryTime, questions: 2,
		own: []string{
			"delivery take", "delivery usually", "delivery to", "delivery time", "time of delivery", "would arrive", "will arrive", "parcel arrive", "how fast", "how quickly", "which day", "shipping",
			"lieferzeit", "lieferdauer", "lieferung nach", "versanddauer", "versandkosten", "lieferkosten", "wie lange dauert", "wie lange braucht", "wie schnell", "wann kommt", "wann käme", "wann wäre", "ankommt", "ankommen", "ankäme", "eintreff", "eintrifft", "unterwegs", "welchem tag",
		},
		shared: []string{
			"deliver", "arrive", "how long", "does it take", "parcel", "ship", "cost", "charge", "days",
			"liefer", "versand", "versend", "paket", "sendung", "kosten", "kostet", "tage", "wie lange", "dauert",
		},
	},
}

// furtherTopics are those of mails that go on from an answer.
var furtherTopics = []topic{{
	id: exchange, questions: 1,
	own:    []string{"swap", "exchange it", "instead of the money", "tauschen", "eintauschen", "statt des geldes"},
	shared: []string{"something else", "another one", "etwas anderes", "ein anderes"},
}}

// topicOf is what most of the words of a mail are about.
func topicOf(subject, text string) string { return topicAmong(topics, subject+"\n"+text) }

func topicAmong(topics []topic, text string) string {
	words := bareWords(text)
	best, most := general, 0
	for _, t := range topics {
		if n := ownWeight*said(words, t.own) + said(words, t.shared); n > most {
			best, most = t.id, n
		}
	}
	return best
}

// questionsOn is how many questions the shipped scenario of a topic asks.
func questionsOn(id string) int {
	i := slices.IndexFunc(topics, func(t topic) bool { return t.id == id })
	if i < 0 {
		return 0
	}
	return topics[i].questions
}

// thenOf gives the topic with which the shipped scenario of a topic goes on.
func thenOf(id string) (t topic, ok bool) {
	i := slices.IndexFunc(topics, func(t topic) bool { return t.id == id })
	if i < 0 || topics[i].then == "" {
		return topic{}, false
	}
	k := slices.IndexFunc(furtherTopics, func(t topic) bool { return t.id == topics[i].then })
	return furtherTopics[k], true
}

// said is how many of the phrases occur in the words.
func said(words string, phrases []string) (n int) {
	for _, p := range phrases {
		if strings.Contains(words, strings.TrimSuffix(bareWords(p), " ")) {
			n++
		}
	}
	return n
}

// tellingWords tell the two languages apart: hardly a sentence does without
// them, and the other language has none of them.
var tellingWords = map[string][]string{
	inEnglish: {"the", "and", "you", "your", "to", "of", "is", "it", "for", "with", "have", "would", "how", "my", "please", "thank", "thanks", "hello"},
	inGerman:  {"der", "das", "und", "sie", "ihr", "ihre", "ihrem", "ihnen", "ich", "ist", "es", "für", "mit", "wie", "ein", "eine", "einen", "nicht", "bitte", "danke", "dank", "grüße", "guten", "hallo"},
}

// languageOf is the one of the two that a mail is written in; English when it
// can't be told.
func languageOf(subject, text string) string {
	n := map[string]int{}
	for _, word := range strings.Fields(bareWords(subject + "\n" + text)) {
		for language, words := range tellingWords {
			if slices.ContainsFunc(words, func(w string) bool { return strings.TrimSpace(bareWords(w)) == word }) {
				n[language]++
			}
		}
	}
	if n[inGerman] > n[inEnglish] {
		return inGerman
	}
	return inEnglish
}

// bareWords gives the words of a text in small letters, each after a space:
// line breaks, marks, apostrophes and the two ways to write an umlaut make no
// difference.
func bareWords(text string) string {
	text = umlauts.Replace(strings.ToLower(text))
	words := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return " " + strings.Join(words, " ") + " "
}

var umlauts = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss", "'", "", "’", "")
