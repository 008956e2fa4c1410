package reading

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// A Promise is a time within which an automatic answer says that a person will
// answer.
type Promise struct {
	Within   time.Duration // the longest time named; a working day counts 24 h here
	Unit     time.Duration // in which it is named: a minute, an hour, a day, a week
	Business bool          // in working days or working hours
	Span     string        // the words that say so, folded
}

// Promised finds the longest time that a text promises for an answer. A time
// counts in a sentence that speaks of answering, and not of parcels or returns.
func Promised(text string) (p Promise, ok bool) {
	for _, s := range sentences.Split(strings.ReplaceAll(text, "\n", " "), -1) {
		folded := plain(s)
		if !answering.MatchString(folded) || elsewhere.MatchString(folded) {
			continue
		}
		for _, at := range timeSpan.FindAllStringSubmatchIndex(folded, -1) {
			if perDay.MatchString(folded[at[1]:]) || vague.MatchString(folded[at[0]:at[1]]) && !limit.MatchString(folded[:at[0]]) {
				continue
			}
			if named := measure(folded, at); named.Within > p.Within {
				named.Span = strings.Join(strings.Fields(folded[at[0]:at[1]]), " ")
				p, ok = named, true
			}
		}
	}
	return p, ok
}

var (
	// sentences end with a full stop that no abbreviation or figure owns.
	sentences = regexp.MustCompile(`[.!?]+(?:\s+|$)`)

	// answering are words for what a desk promises, by their stems.
	answering = regexp.MustCompile(`\b(repl(y|ies)|respon[ds]|answer|get back|got back|be in touch|in touch with|contact you|come back to|hear from|attend to|process|deal with|look into|handle|review|` +
		`antwort|beantwort|meld(en|et)|ruckmeldung|zuruck|bearbeit|kummern|kontaktier|` +
		`repond|reponse|revien|recontact|traite|contacter|` +
		`respond|respuesta|contestar|contactar|atender|` +
		`rispond|rispost|ricontatt|contatt|` +
		`antwoord|reager|reactie|contact met|terugkom|` +
		`resposta|entrar.{0,12}contacto?|retorn)`)
	// elsewhere are sentences about other times than that of the answer.
	elsewhere = regexp.MustCompile(`\b(return(s|ed)? (it|them|policy|the|your)|refund|deliver|shipp|dispatch|opening hours|lieferzeit|geliefert|versand|ruckgabe|retoure|widerruf|livraison|entrega|consegna|spedi|levertijd|verzonden)`)
)

const (
	number   = `\d{1,3}|an?|one|two|three|four|five|six|seven|eight|ten|half an?|ein(?:en|em|es|er|e)?|zwei|drei|vier|funf|sechs|sieben|acht|zehn|une?|deux|trois|quatre|cinq|dos|tres|cuatro|cinco|uno?|una|due|tre|quattro|cinque|een|twee|drie|vijf|um|uma|dois|duas|quatro`
	working  = `business|working|work|office|full|ganzen?|ouvrables?|ouvrees?|ouvres?|laborables?|habiles?|lavorativ[eio]|uteis|util`
	workUnit = `werktag(?:e[ns]?)?|arbeitstag(?:e[ns]?)?|geschaftstag(?:e[ns]?)?|werkdag(?:en)?|arbeitsstunden?`
	unit     = `minutes?|mins?|minuten?|minutos?|minuti|minuut|hours?|hrs?|h|stunden?|std|heures?|horas?|or[ae]|uur|uren|days?|tag(?:e[ns]?)?|jours?|dias?|giorn[oi]|dag(?:en)?|weeks?|wochen?|semaines?|semanas?|settiman[ae]|we(?:ek|ken)|` + workUnit
)

// timeSpan reads "within 24 to 48 hours", "in 2 Werktagen", "next working day".
// Its groups: the numbers (the second of a range), working, the unit, working
// behind it; or the words for the next day.
var timeSpan = regexp.MustCompile(`\b(?:(` + number + `)(?:\s*(?:-|–|/|to|or|and|bis|oder|und|a|o|ou|tot|ate)\s*(` + number + `))?[\s-]*(?:(` + working + `)[\s-]+)?(` + unit + `)\b(?:\s+(` + working + `)\b)?` +
	`|((?:next|following|nachsten?|kommenden|folgenden|prochain|volgende)\s+(?:` + working + `)?\s*(?:` + unit + `)|(?:proximo|prossimo|siguiente)\s+(?:dia|giorno)(?:\s+(?:` + working + `))?|jour ouvrable suivant))`)

var (
	// "24 hours a day" is no promise; "an hour" is one only after "within".
	perDay = regexp.MustCompile(`^\s+(a|per|am|pro|par|al|por|ao|per)\s+(day|week|tag|jour|dia|giorno|dag)\b`)
	vague  = regexp.MustCompile(`^(an?|ein\w*|une?|un[oa]|uma?|een)\s`)
	limit  = regexp.MustCompile(`\b(within|in|inside|under|less than|innerhalb|innerhalb von|binnen|sous|dans|en|dentro de|entro|em|dentro)\s+$`)
)

// numbers are those that are written in words; all others are figures.
var numbers = map[string]float64{
	"half a": .5, "half an": .5, "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "ten": 10,
	"ein": 1, "eine": 1, "einen": 1, "einem": 1, "eines": 1, "einer": 1, "zwei": 2, "drei": 3, "vier": 4, "funf": 5, "sechs": 6, "sieben": 7, "acht": 8, "zehn": 10,
	"un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "uno": 1, "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5,
	"due": 2, "tre": 3, "quattro": 4, "cinque": 5, "een": 1, "twee": 2, "drie": 3, "vijf": 5, "um": 1, "uma": 1, "dois": 2, "duas": 2, "quatro": 4,
}

// units are told by their first letters, the longer ones first.
var units = []struct {
	prefix string
	length time.Duration
}{
	{"arbeitsstunde", time.Hour},
	{"min", time.Minute},
	{"woche", 7 * 24 * time.Hour}, {"week", 7 * 24 * time.Hour}, {"weken", 7 * 24 * time.Hour}, {"semai", 7 * 24 * time.Hour}, {"seman", 7 * 24 * time.Hour}, {"settim", 7 * 24 * time.Hour},
	{"h", time.Hour}, {"std", time.Hour}, {"stund", time.Hour}, {"or", time.Hour}, {"u", time.Hour},
}

// measure turns one find of timeSpan into a time; what is neither minutes,
// hours nor weeks is days.
func measure(text string, at []int) Promise {
	group := func(n int) string {
		if at[2*n] < 0 {
			return ""
		}
		return text[at[2*n]:at[2*n+1]]
	}
	if next := group(6); next != "" {
		return Promise{Within: 24 * time.Hour, Unit: 24 * time.Hour, Business: workingWord.MatchString(next)}
	}
	count := 0.0
	for _, n := range []string{group(1), group(2)} {
		n = strings.Join(strings.Fields(n), " ")
		v, known := numbers[n]
		if !known {
			v, _ = strconv.ParseFloat(n, 64)
		}
		count = max(count, v)
	}
	length := 24 * time.Hour
	for _, u := range units {
		if strings.HasPrefix(group(4), u.prefix) {
			length = u.length
			break
		}
	}
	business := group(3) != "" && workingWord.MatchString(group(3)) || group(5) != "" || workingWord.MatchString(group(4))
	return Promise{Within: time.Duration(count * float64(length)), Unit: length, Business: business}
}

// workingWord leaves out "full" and "ganzen", which say nothing of the office.
var workingWord = regexp.MustCompile(`business|work|office|werk|arbeit|geschaft|ouvr|laborab|habil|lavorativ|ute?i`)
