package mail

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"touchstone/internal/evidence"
	"touchstone/internal/reading"
	"touchstone/probes"
)

// exchangeFacts are those of a thread with several letters of ours, which end
// it. Where a scenario has none, or only a first was written, the facts that
// need a further one are missing.
var exchangeFacts = []evidence.FactDef{
	{Name: "mail.letters", Unit: evidence.Count, Meaning: "mails that we wrote in this thread; the facts of the first answer and its window count from the first of them"},
	{Name: "mail.rounds", Unit: evidence.Count, Meaning: "those of them that asked something: the first, and each that followed an answer"},
	{Name: "mail.follows", Unit: evidence.Text, Meaning: "what a mail of ours after the first followed: answered, unanswered; its step is letter-2, letter-3, … by its place in the scenario"},
	{Name: "mail.reminded", Unit: evidence.Bool, Meaning: "a reminder was sent, since nobody had answered; absent where the scenario has none"},
	{Name: "mail.answered-after-reminder", Unit: evidence.Bool, Meaning: "the first answer by a person came after a reminder, within that one's window; absent where none was sent"},
	{Name: "mail.reminded-human-after", Unit: evidence.Second, Meaning: "time from the last reminder before it to that answer"},
	{Name: "mail.asked-again", Unit: evidence.Bool, Meaning: "an answer by a person after the first asks for what our first mail says: the order number, the name, the article; absent where there is none after the first"},
	{Name: "mail.asked-again-for", Unit: evidence.Text, Meaning: "what it asks for, with the step of the answer and its words: order number, reply-2 “What is your order number?”"},
}

// A written is a letter of ours that left.
type written struct {
	probes.Letter
	Sent  time.Time
	place int // in the scenario's further letters; -1 for the first
}

// letters gives ours, in the order in which they left.
func letters(th probes.Thread) []written {
	list := []written{{th.Letter, th.Sent, -1}}
	for _, f := range th.Further {
		if !f.Sent.IsZero() {
			list = append(list, written{f.Letter, f.Sent, f.Place})
		}
	}
	return list
}

// placeIn says which letter an arrival follows, and whether it is in time: in
// the window of that letter, and in the first one's. Arrivals are known to the
// second only; one in the second of a letter is not its answer.
func (a *arrival) placeIn(ours []written, th probes.Thread) (since time.Duration) {
	since = a.after
	for i, l := range ours[1:] {
		if gap := l.Sent.Truncate(time.Second).Sub(accepted(th)); gap < a.after {
			a.letter, since = i+1, a.after-gap
		}
	}
	a.late = th.Window > 0 && since > th.Window
	a.beyond = th.Window > 0 && a.after > th.Window
	return since
}

// isOurs reports whether a mail is a copy of one of ours.
func isOurs(ours []written, m reading.Mail) bool {
	return slices.ContainsFunc(ours, func(l written) bool { return m.MessageID != "" && m.MessageID == l.MessageID })
}

// An asked is a question that one of our letters asked.
type asked struct {
	Question
	letter int // which of those that left, from 0
}

// questions lists what was asked in a thread, in the order of the letters.
func questions(p *Params, th probes.Thread) (list []asked) {
	for _, q := range p.Questions {
		list = append(list, asked{q, 0})
	}
	for i, l := range letters(th) {
		if l.place >= 0 && l.place < len(p.Then) {
			for _, q := range p.Then[l.place].Questions {
				list = append(list, asked{q, i})
			}
		}
	}
	return list
}

// readExchange records our further letters and what came of them.
func readExchange(t *probes.Task, th probes.Thread, rec *probes.Recorder, arrivals []arrival) {
	p, ours := t.Params.(*Params), letters(th)
	rounds, reminders := 1, map[int]bool{}
	for i, l := range ours[1:] {
		step := furtherStep(l.place)
		rec.StepText(step, "mail.from", l.From)
		rec.StepText(step, "mail.subject", l.Subject)
		rec.StepText(step, "mail.text", shorten(l.Text))
		rec.StepText(step, "mail.sent", l.Sent.UTC().Format(time.RFC3339))
		rec.StepNumber(step, "mail.after", l.Sent.Truncate(time.Second).Sub(accepted(th)).Seconds())
		if l.place >= len(p.Then) {
			continue
		}
		rec.StepText(step, "mail.follows", p.Then[l.place].When)
		if p.Then[l.place].When == whenUnanswered {
			reminders[i+1] = true
		} else {
			rounds++
		}
	}
	rec.Number("mail.letters", float64(len(ours)))
	rec.Number("mail.rounds", float64(rounds))
	if slices.ContainsFunc(p.Then, func(f Further) bool { return f.When == whenUnanswered }) {
		rec.Flag("mail.reminded", len(reminders) > 0)
	}
	first := -1
	for i := range arrivals {
		if a := &arrivals[i]; !a.late && a.class == reading.Human {
			first = i
			break
		}
	}
	if len(reminders) > 0 {
		after := first >= 0 && reminders[arrivals[first].letter]
		rec.Flag("mail.answered-after-reminder", after)
		if after {
			rec.Number("mail.reminded-human-after", arrivals[first].since.Seconds())
		}
	}
	if first >= 0 {
		readAskedAgain(t, th, rec, arrivals[first+1:], first+2)
	}
}

// furtherStep is the step of the further letter at a place.
func furtherStep(place int) string { return fmt.Sprintf("%s-%d", letterStep, place+2) }

// readAskedAgain looks into the answers after the first, which begin with
// reply-n, for what our first mail has said already.
func readAskedAgain(t *probes.Task, th probes.Thread, rec *probes.Recorder, later []arrival, n int) {
	seen := false
	for i := range later {
		a := &later[i]
		if a.late || a.class != reading.Human {
			continue
		}
		seen = true
		if thing, words := askedAgain(t, th.Letter, a.mail.Own); thing != "" {
			rec.Flag("mail.asked-again", true)
			rec.Text("mail.asked-again-for", shorten(fmt.Sprintf("%s, reply-%d “%s”", thing, n+i, words)))
			return
		}
	}
	if seen {
		rec.Flag("mail.asked-again", false)
	}
}

// A thing is what a customer may be asked for, and how.
type thing struct {
	name string
	told func(t *probes.Task, l probes.Letter) bool // our letter says it
	asks []string                                   // phrases, in seven languages
}

var orderNumber = regexp.MustCompile(`\b[A-Z]{0,4}[-/#]?\d[\d-]{3,}\b`)

var things = []thing{
	{"order number", func(_ *probes.Task, l probes.Letter) bool { return orderNumber.MatchString(l.Subject + "\n" + l.Text) }, []string{
		"order number", "order no", "order id", "order reference", "number of your order", "Bestellnummer", "Auftragsnummer", "Bestellnr", "numéro de commande", "numéro de votre commande",
		"número de pedido", "número de tu pedido", "número de su pedido", "numero d'ordine", "numero dell'ordine", "numero ordine", "bestelnummer", "ordernummer", "número da encomenda", "número do pedido",
	}},
	{"name", func(t *probes.Task, l probes.Letter) bool {
		return t.Persona.Family != "" && reading.Says(reading.Fold(l.Text), t.Persona.Family)
	}, []string{
		"your name", "your full name", "your surname", "your last name", "Ihren Namen", "Ihr Name", "deinen Namen", "votre nom", "su nombre", "tu nombre", "sus apellidos", "il suo nome", "il tuo nome", "nome e cognome",
		"uw naam", "je naam", "o seu nome", "seu nome",
	}},
	{"article", tellsArticle, []string{
		"which product", "which article", "which item", "what product", "what item", "which one", "article number", "item number", "name of the product", "name of the item",
		"welchen Artikel", "welcher Artikel", "welches Produkt", "welchem Artikel", "welchem Produkt", "Artikelnummer", "quel article", "quel produit", "qué producto", "qué artículo", "quale prodotto", "quale articolo",
		"welk product", "welk artikel", "que produto", "qual produto", "que artigo", "qual artigo",
	}},
}

// tellsArticle reports whether a letter holds one of the site's own words, the
// vars, which is how a scenario names what a shop sells.
func tellsArticle(t *probes.Task, l probes.Letter) bool {
	text := reading.Fold(l.Subject + "\n" + l.Text)
	for _, word := range t.Site.Vars {
		if strings.TrimSpace(word) != "" && reading.Says(text, word) {
			return true
		}
	}
	return false
}

var sentence = regexp.MustCompile(`[^.!?\n]+[.!?]?`)

// askedAgain gives what an answer asks for though our first letter says it,
// and the sentence that does; empty for nothing.
func askedAgain(t *probes.Task, first probes.Letter, own string) (name, words string) {
	for _, s := range sentence.FindAllString(own, -1) {
		s = strings.TrimSpace(s)
		if !strings.HasSuffix(s, "?") && reading.AsksBack(s) == "" {
			continue
		}
		for _, th := range things {
			if th.told(t, first) && reading.SaysAny(reading.Fold(s), th.asks) {
				return th.name, s
			}
		}
	}
	return "", ""
}
