package highstreet

import (
	"fmt"
	"net/mail"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"text/template"
	"time"

	"touchstone/internal/evidence"
	"touchstone/internal/reading"
)

// wordings are mails by language and topic, each a subject and a text.
var wordings = map[string]map[string][][2]string{
	inEnglish: {
		productQuestion: {
			{"Two questions before I order", "Hello,\n\n1. Can you wrap it as a gift and put in a short card from me?\n2. Can you send it to an address other than mine?\n\nAnna"},
			{"A present", "Hi,\n\nis gift wrapping possible with a few words from me? And could it go straight to my niece, with no invoice in the box?\n\nThanks"},
			{"Before I buy", "Good morning,\n\ncan something be gift-\nwrapped in your shop? Would you also deliver it to a friend's address while the bill comes to me?"},
		},
		returnPolicy: {
			{"How do returns work?", "Hello,\n\nHow long may I take to send something back, and do I pay for the return?\n\nAnna"},
			{"If it is not right", "Hello,\n\nsuppose I do not like what I ordered. How many days do I have to send it back and who pays the postage?"},
			{"Refunds", "Hi,\n\nuntil when may I return an article that I have unpacked, and is the parcel back free of charge?"},
		},
		deliveryTime: {
			{"How long does delivery take?", "Hello,\n\nhow long does delivery to London usually take, and what does it cost?\n\nAnna"},
			{"Delivery", "Hi,\n\nif I order today, when would the parcel arrive in SE1 and what do you charge for shipping?"},
			{"A question before ordering", "Good day,\n\nhow many days does a parcel to Leeds need, if it is in stock? And what is the cost of delivery?"},
		},
		paymentOptions: {
			{"Ways to pay", "Hello,\n\nwhich ways to pay do you offer? I would like to use PayPal or an invoice, if I can.\n\nAnna"},
			{"Payment", "Hi,\n\ndo you take credit cards, or do I have to send a bank transfer before you deliver?"},
			{"How can I pay?", "Good afternoon,\n\nis it possible to buy on invoice, or by card only?\n\nMany thanks"},
		},
		stockQuestion: {
			{"When will it be back?", "Hello,\n\nan article that I like is sold out at the moment. When will it be back in stock, and can you let me know?\n\nAnna"},
			{"Out of stock", "Hi,\n\nyour page says that it is currently unavailable. Do you expect more of them, and could you put one aside for me?"},
			{"Availability", "Dear team,\n\nwill the small one be available again before Christmas? If so, may I reserve it?"},
		},
		orderStatus: {
			{"Following an order", "Hello,\n\nif I order from you, how do I see where my order is?\n\nAnna"},
			{"Tracking", "Hi,\n\nis there a way to track a parcel once it has been sent? Do I need an account for that?"},
			{"Question about orders", "Good day,\n\nhow can I look up the status of an order that I have placed, and will you send a tracking number?"},
		},
		giftAdvice: {
			{"Which would you recommend?", "Hello,\n\nwhich would you recommend as a birthday present for my mother? I would like to spend about 40.\n\nAnna"},
			{"Your advice, please", "Hi,\n\nI am looking for a gift for a friend who has everything. Do you have any ideas from your shop?"},
			{"Choosing a present", "Dear team,\n\nmy brother is moving house. What would you suggest for around 50, if he likes plain things?"},
		},
		complaint: {
			{"Your website", "Hello,\n\nI could not find what delivery costs on your site, though I looked for it on every page. That was tiresome.\n\nAnna"},
			{"A little disappointed", "Hi,\n\nI spent a while searching your pages for how to return an article and gave up in the end. It is a pity, since I like your shop."},
			{"Hard to find", "Good evening,\n\nthe telephone number is nowhere to be found on your website. I found that frustrating and thought that you would want to know."},
		},
		praise: {
			{"Thank you", "Hello,\n\nI just wanted to say thank you for the clear pages in your shop. It was a pleasure to look around.\n\nAnna"},
			{"Well done", "Hi,\n\na compliment to whoever wrote your descriptions: a joy to read. No answer needed."},
			{"A kind word", "Dear team,\n\nI was impressed by how easy it is to find everything with you. Keep up the good work!"},
		},
	},
	inGerman: {
		productQuestion: {
			{"Zwei Fragen vor der Bestellung", "Guten Tag,\n\nkönnen Sie das als Geschenk einpacken und ein Kärtchen von mir dazulegen? Und kann das Paket ohne Rechnung an eine andere Adresse gehen?\n\nJonas"},
			{"Geschenkverpackung", "Hallo,\n\nbieten Sie eine Geschenkverpackung mit Grußkarte an, und liefern Sie direkt an meine Schwester?\n\nViele Grüße"},
			{"Ein Geschenk verschicken", "Guten Tag,\n\nich suche ein Geburtstagsgeschenk. Verpacken Sie es hübsch, und geht die Rechnung an mich, wenn die Lieferadresse eine andere ist?"},
		},
		returnPolicy: {
			{"Wie läuft eine Rückgabe?", "Guten Tag,\n\nwie lange kann ich etwas zurückschicken, und wer bezahlt das Porto?\n\nJonas"},
			{"Rücksendung", "Hallo,\n\nfalls mir ein Artikel nicht gefällt: Wie viele Tage habe ich für die Rückgabe, und was kostet sie mich?"},
			{"Frage zum Umtausch", "Guten Tag,\n\nbis wann nehmen Sie ausgepackte Ware zurück, und ist der Rückversand kostenlos?"},
		},
		deliveryTime: {
			{"Lieferzeit", "Guten Tag,\n\nwie lange dauert die Lieferung nach Berlin, und was kostet der Versand?\n\nJonas"},
			{"Wann wäre es da?", "Hallo,\n\nwenn ich heute bestelle, wann kommt das Paket in 10115 Berlin an und wie hoch sind die Versandkosten?"},
			{"Frage zum Versand", "Guten Tag,\n\nmit wie vielen Tagen Lieferzeit muss ich rechnen, und was berechnen Sie für die Zustellung?"},
		},
		paymentOptions: {
			{"Zahlungsarten", "Guten Tag,\n\nkann ich bei Ihnen auf Rechnung kaufen oder mit PayPal zahlen?\n\nJonas"},
			{"Wie kann ich bezahlen?", "Hallo,\n\nist eine Kartenzahlung möglich, oder geht nur Vorkasse?"},
			{"Frage zur Bezahlung", "Guten Tag,\n\nwelche Zahlungsmöglichkeiten gibt es in Ihrem Shop? Am liebsten wäre mir eine Überweisung."},
		},
		stockQuestion: {
			{"Wann wieder lieferbar?", "Guten Tag,\n\nein Artikel, der mir gefällt, ist zurzeit ausverkauft. Wann ist er wieder lieferbar, und können Sie mir Bescheid geben?\n\nJonas"},
			{"Nicht verfügbar", "Hallo,\n\nbei Ihnen steht, dass die kleine Größe nicht verfügbar ist. Kommt noch Nachschub, und könnten Sie mir eine zurücklegen?"},
			{"Vorrätig?", "Guten Tag,\n\nwird das Modell noch einmal nachbestellt und wäre es dann vor Weihnachten vorrätig?"},
		},
		orderStatus: {
			{"Stand einer Bestellung", "Guten Tag,\n\nwie sehe ich den Stand meiner Bestellung, wenn ich bei Ihnen bestellt habe?\n\nJonas"},
			{"Sendungsverfolgung", "Hallo,\n\nkann ich ein Paket verfolgen, sobald es verschickt ist, und brauche ich dafür ein Konto?"},
			{"Wo ist meine Bestellung?", "Guten Tag,\n\nwo kann ich nachsehen, wie weit eine Bestellung ist? Bekommt man eine Sendungsnummer?"},
		},
		giftAdvice: {
			{"Was empfehlen Sie?", "Guten Tag,\n\nwas empfehlen Sie als Geschenk für meine Mutter? Es darf etwa 40 Euro kosten.\n\nJonas"},
			{"Ich brauche einen Rat", "Hallo,\n\nmein Bruder zieht um und hat schon alles. Haben Sie eine Idee, was ich ihm schenken könnte?"},
			{"Geschenk zum Geburtstag", "Guten Tag,\n\nwas würden Sie aus Ihrem Shop für eine Freundin aussuchen, die schlichte Dinge mag? Ich freue mich über einen Vorschlag."},
		},
		complaint: {
			{"Ihre Internetseite", "Guten Tag,\n\nich habe auf Ihrer Seite nicht gefunden, was der Versand kostet, obwohl ich überall gesucht habe. Das war mühsam.\n\nJonas"},
			{"Etwas enttäuscht", "Hallo,\n\nich habe lange nach einer Telefonnummer gesucht und dann aufgegeben. Schade, denn Ihr Shop gefällt mir."},
			{"Schwer zu finden", "Guten Tag,\n\nwie man etwas zurückgibt, steht nirgends auf Ihren Seiten. Das ist ärgerlich, und ich wollte es Ihnen sagen."},
		},
		praise: {
			{"Ein Lob", "Guten Tag,\n\nich möchte Ihnen ein Lob aussprechen: Ihr Shop ist übersichtlich und schön gemacht.\n\nJonas"},
			{"Dankeschön", "Hallo,\n\nich wollte mich nur einmal bedanken. Es hat Freude gemacht, bei Ihnen zu stöbern."},
			{"Gut gemacht", "Guten Tag,\n\nvielen Dank für die schönen Bilder, ich bin begeistert. Weiter so!"},
		},
	},
}

// TestTopics holds what the desks understand against wordings of every topic,
// against those that are shipped, and against small talk.
func TestTopics(t *testing.T) {
	for _, language := range []string{inEnglish, inGerman} {
		for _, topic := range topics {
			texts := wordings[language][topic.id]
			if len(texts) < 3 {
				t.Errorf("%s in %s: %d wordings", topic.id, language, len(texts))
			}
			for _, w := range texts {
				if got := topicOf(w[0], w[1]); got != topic.id {
					t.Errorf("taken for %s, is %s: %q", got, topic.id, w)
				}
				if got := languageOf(w[0], w[1]); got != language {
					t.Errorf("taken for %s, is %s: %q", got, language, w)
				}
			}
		}
	}
	for _, smallTalk := range [][2]string{{"Good morning", "Are you the people from Whitby?"}, {"Moin", "Sind Sie die aus Brake?"}} {
		if got := topicOf(smallTalk[0], smallTalk[1]); got != general {
			t.Errorf("small talk is taken for %s: %q", got, smallTalk)
		}
	}
	if got, want := bareWords("Größe,  Kärtchen:\nÜber 3 Köche – couldn’t, can't"), " groesse kaertchen ueber 3 koeche couldnt cant "; got != want {
		t.Errorf("the words are %q, want %q", got, want)
	}
	if got := languageOf("", "12345"); got != inEnglish {
		t.Errorf("figures are taken for %s", got)
	}
}

// shipped gives the sources of the shipped scenarios by mail.
func shipped(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("../../scenarios/library/scenarios/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	sources := map[string]string{}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(source), "\nkind: mail\n") {
			sources[strings.TrimSuffix(filepath.Base(file), ".yaml")] = string(source)
		}
	}
	if len(sources) < 3 {
		t.Fatalf("%d scenarios by mail are shipped", len(sources))
	}
	return sources
}

var (
	// shippedText is a text of a scenario: language, subject, and a body as
	// far as it is indented.
	shippedText = regexp.MustCompile(`(?m)^ +- (?:language: *(\w+)\n +)?subject: *(.*)\n +body: *\|\n((?: *\n| {8,}.*\n?)+)`)
	phrase      = regexp.MustCompile(`(?m)^ +- (.*)$`)
)

// expects gives the phrases of which an answer to each question of a scenario
// holds one.
func expects(source string) (questions [][]string) {
	for _, q := range strings.Split(source, "- ask:")[1:] {
		var phrases []string
		for _, m := range phrase.FindAllStringSubmatch(q, -1) {
			phrases = append(phrases, strings.Trim(m[1], `"'`))
		}
		questions = append(questions, phrases)
	}
	return questions
}

// goesOn is where a shipped scenario begins with its further letters.
const goesOn = "\n  then:\n"

// TestShippedTopics holds what the desks understand against the mails that
// the shipped scenarios send.
func TestShippedTopics(t *testing.T) {
	for id, source := range shipped(t) {
		if !slices.ContainsFunc(topics, func(t topic) bool { return t.id == id }) {
			t.Errorf("no desk knows what %s is about", id)
			continue
		}
		first, _, _ := strings.Cut(source, goesOn)
		if n := len(expects(first)); n != 0 && n != questionsOn(id) {
			t.Errorf("%s asks %d questions, the desks know of %d", id, n, questionsOn(id))
		}
		texts := shippedText.FindAllStringSubmatch(source, -1)
		if n := strings.Count(source, "subject:"); n < 3 || len(texts) != n {
			t.Errorf("%s: read %d of %d texts", id, len(texts), n)
		}
		for _, m := range texts {
			if got := topicOf(m[2], m[3]); got != id {
				t.Errorf("taken for %s, is %s: %s\n%s", got, id, m[2], m[3])
			}
			if got := languageOf(m[2], m[3]); m[1] != "" && got != m[1] {
				t.Errorf("taken for %s, is %s: %s\n%s", got, m[1], m[2], m[3])
			}
		}
	}
}

// saidTo is what an answer to the first and to the second question of a topic
// can't do without.
var saidTo = map[string]map[string][2]string{
	inEnglish: {
		productQuestion: {"wrap", "without an invoice"}, returnPolicy: {"days", "free"}, deliveryTime: {"days", "£"}, stockQuestion: {"back in stock", "let you know"},
		paymentOptions: {"by card"}, orderStatus: {"tracking"}, giftAdvice: {"recommend"},
	},
	inGerman: {
		productQuestion: {"Geschenkverpackung", "ohne Rechnung"}, returnPolicy: {"Tage", "kostenlos"}, deliveryTime: {"Werktage", "£"}, stockQuestion: {"wieder lieferbar", "Bescheid"},
		paymentOptions: {"Kreditkarte"}, orderStatus: {"Sendungsverfolgung"}, giftAdvice: {"empfehle"},
	},
}

// TestLetters writes every letter of every desk in each of its languages, and
// holds what it says against what the truth table reads from the desk's data:
// by words of our own, by those that the shipped scenarios expect of an
// answer, and by what the reader of mails takes it for.
func TestLetters(t *testing.T) {
	expectations := map[string][][]string{}
	for id, source := range shipped(t) {
		first, then, _ := strings.Cut(source, goesOn)
		expectations[id] = expects(first)
		if further, ok := thenOf(id); ok {
			expectations[further.id] = expects(then)
		}
	}
	for _, d := range desks() {
		for _, language := range d.languages {
			written := map[string]bool{}
			for _, topic := range append(append(slices.Clone(topics), topic{id: general}), furtherTopics...) {
				q := enquiry{from: mail.Address{Name: "Anna Whitlock", Address: "anna@postbox.example"}, to: "anna@postbox.example", subject: "XYZ", text: map[string]string{inEnglish: "How is it with the thing?", inGerman: "Wie ist das mit der Sache?"}[language], id: "q@postbox.example", at: DefaultStart}
				for _, r := range d.answering(topic.id) {
					name := strings.Join([]string{d.site, language, r.letter}, "/")
					written[r.letter] = true
					raw, err := d.write(r, q, "T-1", DefaultStart.Add(r.after))
					if err != nil {
						t.Errorf("%s: %v", name, err)
						continue
					}
					if class, rule := reading.Classify(reading.Parse(raw)); string(class) != r.class {
						t.Errorf("%s is read as %s (%s), want %s", name, class, rule, r.class)
					}
					m := understand(raw)
					own, _, _ := strings.Cut(m.text, "\n> ")
					if m.subject == "" || strings.Contains(m.subject+own, "<no value>") || strings.Contains(own, "\n\n\n") {
						t.Errorf("%s is badly filled in: %s\n%s", name, m.subject, own)
					}
					if got := strings.HasPrefix(m.subject, "Re: XYZ"); got != (r.class == human) {
						t.Errorf("%s has the subject %q", name, m.subject)
					}
					if got := languageOf("", own); got != language {
						t.Errorf("%s is written in %s:\n%s", name, got, own)
					}
					greeting, _, _ := strings.Cut(own, "\n")
					if got := strings.Contains(greeting, "Anna"); got != r.personal {
						t.Errorf("%s begins with %q, personal: %v", name, greeting, r.personal)
					}
					given, _, _ := strings.Cut(r.agent, " ")
					if got := regexp.MustCompile(`(?m)^(Marta|Owen|Tom)$`).FindString(own); got != given {
						t.Errorf("%s is signed by %q, by the data %q", name, got, given)
					}
					promised := regexp.MustCompile(`(?:within|innerhalb von) (\d+) (?:hours|Stunden)`).FindStringSubmatch(own)
					if got := promised != nil; got != (r.promise > 0) || got && promised[1] != fmt.Sprint(r.promise.Hours()) {
						t.Errorf("%s promises %q, by the data %v", name, promised, r.promise)
					}
					if r.class != human {
						continue
					}
					for i, phrase := range saidTo[language][topic.id] {
						if phrase == "" {
							continue
						}
						if got := strings.Contains(own, phrase); got != (i < r.answers) {
							t.Errorf("%s answers question %d: %v, by the data %d are answered:\n%s", name, i+1, got, r.answers, own)
						}
					}
					for i, expected := range expectations[topic.id] {
						held, _ := reading.Expectation{Facts: [][]string{expected}}.Holds(reading.Parse(raw).Own)
						if len(held) > 0 != (i < r.answers) {
							t.Errorf("%s: %v of what the scenario expects as answer %d, by the data %d are answered:\n%s", name, held, i+1, r.answers, own)
						}
					}
				}
			}
			if d.gone > 0 {
				continue
			}
			book, err := template.ParseFS(letters, "letters/"+d.site+"."+language+".*")
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range book.Templates() {
				name := strings.TrimSuffix(l.Name(), ".html")
				if !written[name] && !slices.Contains([]string{"greeting", "farewell", d.site + "." + language + ".txt", d.site + "." + language}, name) {
					t.Errorf("no mail has the letter %s of %s", name, d.site)
				}
			}
		}
	}
	for _, topic := range topics {
		n := 0
		for _, phrase := range saidTo[inEnglish][topic.id] {
			if phrase != "" {
				n++
			}
		}
		if n != topic.questions {
			t.Errorf("%d questions on %s are looked at, %d are asked", n, topic.id, topic.questions)
		}
	}
}

// TestAnswersInTheCustomersLanguage: German to a German, English to anybody
// else, and from Nordwolle the same German words to everybody but those who ask
// how to pay: they are told how to return.
func TestAnswersInTheCustomersLanguage(t *testing.T) {
	for site, want := range map[string]map[string]string{
		"kettle-and-leaf": {inEnglish: inEnglish, inGerman: inGerman},
		"lumen-lamps":     {inEnglish: inEnglish, inGerman: inGerman},
		"brass-and-sons":  {inEnglish: inEnglish, inGerman: inEnglish},
		"nordwolle":       {inEnglish: inGerman, inGerman: inGerman},
	} {
		d := desks()[slices.IndexFunc(desks(), func(d *desk) bool { return d.site == site })]
		canned := ""
		for language, answer := range want {
			for _, topic := range topics {
				w := wordings[language][topic.id][0]
				for _, r := range d.answering(topicOf(w[0], w[1])) {
					raw, err := d.write(r, enquiry{to: "a@postbox.example", subject: w[0], text: w[1], at: DefaultStart}, "T-1", DefaultStart)
					if err != nil {
						t.Fatal(err)
					}
					own, _, _ := strings.Cut(understand(raw).text, "\n> ")
					if got := languageOf("", own); got != answer {
						t.Errorf("%s writes %s in %s to somebody who asks in %s", site, r.letter, got, language)
					}
					if site != "nordwolle" {
						continue
					}
					if topic.id == paymentOptions {
						if !strings.Contains(own, "zurückschicken") {
							t.Errorf("Nordwolle answers the right question:\n%s", own)
						}
						continue
					}
					if canned != "" && own != canned || !strings.Contains(own, "Waschen Sie Wolle") {
						t.Errorf("Nordwolle has another answer to %s:\n%s", topic.id, own)
					}
					canned = own
				}
			}
		}
	}
}

// TestTruthTable holds the half about mail against what the street is said to
// be: the table is read from the desks, so this is what keeps the desks right.
func TestTruthTable(t *testing.T) {
	type row struct {
		outcome       evidence.Outcome
		classes       string
		from, to      time.Duration // the first human reply
		promise       string
		answered      [3]string // of two questions, of one, of none
		named, signed string
		language      string
	}
	none := [3]string{"-", "-", "-"}
	want := map[string]row{
		"kettle-and-leaf": {evidence.Completed, "acknowledgement human", 50 * time.Minute, 6 * time.Hour, "6h0m0s", [3]string{"2 of 2", "1 of 1", "-"}, "true", "true", inEnglish},
		"brass-and-sons":  {evidence.Silent, "acknowledgement bulk", 0, 0, "48h0m0s", none, "-", "-", ""},
		"quillworks":      {evidence.Failed, "bounce", 0, 0, "-", none, "-", "-", ""},
		"lumen-lamps":     {evidence.Completed, "human", 26 * time.Hour, 50 * time.Hour, "-", [3]string{"1 of 2", "1 of 1", "-"}, "false", "true", inEnglish},
		"nordwolle":       {evidence.Completed, "human", 4 * time.Hour, 4 * time.Hour, "-", [3]string{"0 of 2", "0 of 1", "-"}, "false", "false", inGerman},
	}
	two, one := []string{productQuestion, returnPolicy, deliveryTime, stockQuestion}, []string{paymentOptions, orderStatus, giftAdvice}
	truth, seen, delays := TheTruth().Mail, map[string]int{}, map[string]map[time.Duration]bool{}
	for _, m := range truth {
		seen[m.Site]++
		w, id := want[m.Site], m.Site+"/"+m.Scenario
		var classes []string
		for _, a := range m.Arrivals {
			classes = append(classes, a.Class)
			if a.Class != human {
				continue
			}
			if a.After < w.from || a.After > w.to {
				t.Errorf("%s is answered after %v", id, a.After)
			}
			if delays[m.Site] == nil {
				delays[m.Site] = map[time.Duration]bool{}
			}
			delays[m.Site][a.After] = true
		}
		if !slices.IsSortedFunc(m.Arrivals, func(a, b ArrivalTruth) int { return int(a.After - b.After) }) {
			t.Errorf("%s: arrivals are not in order of time", id)
		}
		answered := w.answered[2]
		switch {
		case slices.Contains(two, m.Scenario):
			answered = w.answered[0]
		case slices.Contains(one, m.Scenario):
			answered = w.answered[1]
		}
		got := row{m.Outcome, strings.Join(classes, " "), w.from, w.to, shown(m.Promise), w.answered, shown(m.NamesCustomer), shown(m.NamesAgent), m.Language}
		if got != w {
			t.Errorf("%s: %+v, want %+v", id, got, w)
		}
		of := "-"
		if m.Questions != nil && m.Answered != nil {
			of = fmt.Sprintf("%d of %d", *m.Answered, *m.Questions)
		}
		if of != answered {
			t.Errorf("%s answers %s questions, want %s", id, of, answered)
		}
	}
	for site := range want {
		if seen[site] != 9 {
			t.Errorf("%s has %d correspondences, want 9", site, seen[site])
		}
	}
	if len(truth) != 45 || len(delays["kettle-and-leaf"]) != 9 || len(delays["lumen-lamps"]) != 9 || len(delays["nordwolle"]) != 1 {
		t.Errorf("%d correspondences, answered after %v", len(truth), delays)
	}
}

// shown is a value of the table as text, and a dash where it asserts none.
func shown[T any](v *T) string {
	if v == nil {
		return "-"
	}
	return fmt.Sprint(*v)
}

// TestDesksLeaveAutomaticMailAlone: no answer to an answering machine.
func TestDesksLeaveAutomaticMailAlone(t *testing.T) {
	s := open(t, Options{})
	for i, header := range [][]string{{"Auto-Submitted", "auto-replied"}, {"Auto-Submitted", "auto-generated"}, {"Precedence", "bulk"}, {"List-Id", "<x.example>"}} {
		if err := s.send(t, s.User, "hello@kettle-and-leaf.example", "Out of office", "How long does delivery take?", fmt.Sprintf("auto%d@postbox.example", i), header...); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(s.Clock.events); n != 0 {
		t.Errorf("%d reactions to automatic mails", n)
	}
	if err := s.send(t, s.User, "hello@kettle-and-leaf.example", "Delivery", "How long does it take?", "no@postbox.example", "Auto-Submitted", "no"); err != nil {
		t.Fatal(err)
	}
	if n := len(s.Clock.events); n != 2 {
		t.Errorf("%d reactions to a person's mail, want 2", n)
	}
}
