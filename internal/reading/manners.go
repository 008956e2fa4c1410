package reading

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Closing splits a writer's own words into what is said and the sign-off: a
// closing phrase with the name below it, or the name alone.
func Closing(own string) (said, closing string) {
	lines := strings.Split(own, "\n")
	end := trimmed(lines, len(lines))
	cut := end
	below := 0 // lines that say something, below the one looked at
	for i := end - 1; i > 0 && below <= 6; i-- {
		l := strings.TrimSpace(lines[i])
		if l == "" {
			continue
		}
		if closes(l) {
			cut = i
			break
		}
		if prose(l) || len(l) > 60 {
			break
		}
		below++
	}
	if cut == end {
		cut = nameAlone(lines[:end])
	}
	if !remains(lines[:cut]) {
		return own, ""
	}
	return strings.TrimSpace(strings.Join(lines[:cut], "\n")), strings.TrimSpace(strings.Join(lines[cut:end], "\n"))
}

// closings are phrases by which letters end, folded.
var closings = []string{
	"regards", "* regards", "* * regards", "* wishes", "* * wishes", "best", "all the best", "cheers", "thanks", "thanks a lot", "thanks again", "thanks and *", "many thanks", "thank you", "thank you *", "thank you and *", "with thanks", "sincerely", "sincerely yours",
	"yours", "yours *", "your pal *", "respectfully", "cordially", "warmly", "take care", "kindly", "have a * day", "have a * weekend", "talk soon", "greetings",
	"mit * grussen", "mit * grussen *", "mit * * grussen", "mit * gruss", "* grusse", "* grusse *", "* gruss", "* gruss *", "grusse", "gruss", "gruesse *", "* gruesse", "mfg", "lg", "vg", "bis bald", "hochachtungsvoll", "danke", "vielen dank", "besten dank", "herzlichst",
	"cordialement", "bien cordialement", "bien a vous", "salutations", "* salutations", "meilleures salutations", "cordiales salutations", "merci", "amicalement",
	"saludos", "* saludos", "un saludo", "un * saludo", "atentamente", "gracias", "muchas gracias",
	"saluti", "* saluti", "un * saluto", "cordialmente", "grazie", "grazie mille",
	"* groet", "* groeten", "groet", "groeten", "met * groet", "met * groeten", "hoogachtend", "bedankt",
	"cumprimentos", "* cumprimentos", "atenciosamente", "obrigado", "obrigada", "abracos", "com os melhores cumprimentos",
}

var closingForms = compiled(closings)

// compiled makes one pattern of the closings: "*" is one word, and a name may
// follow on the same line after a comma.
func compiled(phrases []string) pattern {
	alternatives := make([]string, len(phrases))
	for i, p := range phrases {
		alternatives[i] = strings.ReplaceAll(strings.ReplaceAll(regexp.QuoteMeta(p), `\*`, `[\pL']+`), " ", `\s+`)
	}
	slices.SortFunc(alternatives, func(a, b string) int { return len(b) - len(a) })
	return lazily(`^\W*(?:` + strings.Join(alternatives, "|") + `)\s*(?:[,.!–-]+\s*(?:[\pL.' -]{0,40}[,.!]?)?)?$`)
}

// closes knows a line that is a closing phrase and, at most, a name.
func closes(line string) bool {
	return len(line) <= 70 && closingForms.MatchString(plain(line))
}

// nameAlone gives where a name begins that ends the lines without a phrase: up
// to three short lines of capitalised words, the first of them a name, below a
// finished sentence.
func nameAlone(lines []string) int {
	end := len(lines)
	start := paragraph(lines, end)
	for end-start > 3 || start < end && !likeName(lines[start]) {
		start++
	}
	if start == end || !remains(lines[:start]) || slices.ContainsFunc(lines[start:], prose) {
		return end
	}
	above := lines[trimmed(lines, start)-1]
	if last := above[len(above)-1]; !strings.ContainsRune(".!?)", rune(last)) && lines[start-1] == above {
		return end
	}
	return start
}

// likeName knows one to four capitalised words, with a dash before them or not.
func likeName(line string) bool {
	line = strings.Trim(line, " \t-–~*,.")
	words := strings.Fields(line)
	if len(words) == 0 || len(words) > 4 {
		return false
	}
	for i, w := range words {
		r := []rune(w)
		if !unicode.IsUpper(r[0]) && !nobiliary[w] || i == 0 && strings.ContainsFunc(w, unicode.IsDigit) {
			return false
		}
		if strings.ContainsFunc(w, func(r rune) bool { return !unicode.IsLetter(r) && !strings.ContainsRune(".'’-", r) }) {
			return false
		}
	}
	return true
}

var nobiliary = map[string]bool{"von": true, "van": true, "de": true, "der": true, "den": true, "zu": true, "da": true, "di": true, "del": true, "la": true, "le": true, "du": true}

// Signatory gives the name of the person who signs a mail: in the sign-off,
// else on top of the signature. It is "" for one that a team or a shop signs,
// whose words are not: those of the shop's own name, too.
func Signatory(text, shop string) string {
	lines, _ := unquoted(text)
	kept, _ := unsigned(lines)
	own := squeeze(kept)
	_, closing := Closing(own)
	notPerson := append(Fold(shop), officeWords...)
	for _, part := range []string{closing, strings.Join(lines[len(kept):], "\n")} {
		for l := range strings.SplitSeq(part, "\n") {
			l = strings.Trim(l, " \t-–~*")
			if at := strings.IndexAny(l, ",·|"); at > 0 && closes(l[:at]) { // "Best, Anna"
				l = strings.TrimSpace(l[at+1:])
			}
			l, _, _ = strings.Cut(l, ",")
			l = strings.TrimRight(l, " .")
			if l == "" || closes(l) {
				continue
			}
			if likeName(l) && !slices.ContainsFunc(Fold(l), func(w string) bool { return slices.Contains(notPerson, w) }) {
				return l
			}
		}
	}
	return ""
}

// officeWords are words of a desk's name that no person bears.
var officeWords = []string{
	"team", "teams", "customer", "customers", "service", "services", "support", "care", "help", "desk", "helpdesk", "office", "shop", "store", "sales", "online", "the", "your", "and", "ltd", "gmbh", "inc", "llc", "company", "department",
	"ihr", "ihre", "dein", "euer", "kundenservice", "kundendienst", "kundenbetreuung", "versand", "laden",
	"equipe", "client", "clients", "votre", "nous", "equipo", "atencion", "cliente", "clientes", "squadra", "assistenza", "clienti", "klantenservice", "uw", "het", "apoio",
}

// NamesCustomer reports whether the words, folded, hold the customer's given
// or family name.
func NamesCustomer(said, given, family string) bool {
	words := Fold(said)
	return Says(words, given) || Says(words, family)
}

var (
	greets = lazily(`^\W*(dear|hello|hi|hey|good (morning|afternoon|evening|day)|greetings|sehr geehrte|liebe[rs]?\b|hallo|guten (tag|morgen|abend)|moin|gruss gott|servus|cher|chere|bonjour|bonsoir|madame|monsieur|estimad[oa]|hola|querid[oa]|buen(os|as)|gentile|egregi[oa]|ciao|salve|buon(giorno|asera)|spettabile|beste|geachte|goede(morgen|middag|navond|ndag)|prezad[oa]|car[oa]|ola|bom dia|boa (tarde|noite))`)
	thanks = lazily(`\b(thank(s| you)|grateful|appreciate|dank|danke|bedank\w*|merci|remerci\w*|gracias|agrade\w*|grazie|ringrazi\w*|obrigad[oa])\b`)
	sorry  = lazily(`\b(sorry|apolog(y|ies|i[sz]e|i[sz]ing)|regret(s|table|tably)?|tut (es )?(mir|uns)( \w+){0,2} leid|leid tut|entschuldig\w*|bedauer\w*|verzeih\w*|pardon|excuses?|desoles?|desolee?s?|regrettons|disculp\w*|perdon\w*|lament\w*|sentimos|scus(a|i|ate|arci)|spiace|dispiace|rammaric\w*|spijt|sorry|verontschuldig\w*|excuus|desculp\w*|pedimos desculpa)\b`)
)

// Courteous reports whether a mail greets, and thanks or signs off.
func Courteous(own string) bool {
	said, closing := Closing(own)
	return greets.MatchString(plain(said)) && (closing != "" && closes(firstLine(closing)) || thanks.MatchString(plain(said)))
}

// Apologises reports whether a mail says that somebody is sorry. "Unfortunately"
// alone is no apology.
func Apologises(own string) bool {
	said, _ := Closing(own)
	return sorry.MatchString(plain(said))
}

func firstLine(s string) string {
	l, _, _ := strings.Cut(s, "\n")
	return l
}

var noReply = lazily(`^(no[-._]?reply|do[-._]?not[-._]?(reply|respond|answer)|not?[-._]?(respond|answer|responses?)|(bitte[-._]?)?nicht[-._]?antworten|keine?[-._]?antwort|ne[-._]?pas[-._]?repondre|no[-._]?respond(er|a)|no[-._]?contestar|non[-._]?rispondere|niet[-._]?(be)?antwoorden|geen[-._]?antwoord|nao[-._]?respond(er|a)|unmonitored|unattended)([-._+]?\w*)?@`)

// NoReply reports whether answers to a mail would go to an address that says
// that it takes none.
func (m Mail) NoReply() bool {
	to := m.From.Email
	if m.ReplyTo != "" {
		to = m.ReplyTo
	}
	return noReply.MatchString(to)
}

var readsNot = phrases(`\b(do not|don'?t|please do ?n[o']t|cannot|can'?t|unable to|not able to|should not) (reply|respond|answer)( directly)? to (this|that)|repl(y|ies)( sent)?( to this( \S+){1,3})? (will not|won'?t|cannot|can'?t|are not|is not|are never) (be )?(read|answered|monitored|received|processed|seen)|`+
	`(mailbox|inbox|address|account|e-?mail)( \S+){0,2} (is|are) (not|never|un)[ -]?(being )?(read|monitored|checked|attended|manned|looked at)|unmonitored|unattended (mail|in)box|nobody reads|no one reads|`+
	`(antworten sie|antworte)( bitte)? nicht (direkt )?auf diese|nicht auf diese( \S+){1,2}( zu)? (antworten|zu antworten|reagieren)|(antworten|e-?mails?|nachrichten)( \S+){0,6} (werden|wird|konnen)( \S+){0,3} nicht (gelesen|bearbeitet|beantwortet|zugestellt|empfangen)|(postfach|adresse|mailadresse)( \S+){0,3} nicht (gelesen|uberwacht|betreut)|`+
	`(ne pas|merci de ne pas|veuillez ne pas) repondre|no (responda|conteste|responder|contestar) (a )?(este|esta)|non rispond(ere|a|ete) a quest|niet (te )?(beantwoorden|antwoorden|reageren) op|niet op deze( \S+){1,2} (te )?(antwoorden|reageren)|nao responda a? ?est`).where("repl", "respond", "answer", "monitor", "read", "checked", "attended", "manned", "antwort", "gelesen", "bearbeitet", "zugestellt", "empfangen", "uberwacht", "betreut", "repondre", "contest", "rispond", "antwoord", "reageren", "looked at", "reagieren")

// ReadsNot gives the words by which an automatic mail says that nobody reads
// what is sent to it; "" when it does not.
func ReadsNot(text string) string {
	return readsNot.FindString(strings.Join(strings.Fields(plain(text)), " "))
}

var (
	phoneNumber = lazily(`(\+|\b0|\(0)[\d ()./–-]{6,18}\d`)
	phoneWord   = lazily(`\b(call|phone|telephone|tel|ring|hotline|helpline|anruf\w*|rufen|telefon\w*|appel\w*|llam\w*|telefono|chiam\w*|bel|bellen|telefoon|lig(ue|ar))\b`)
	chatWord    = lazily(`\b(live[ -]?chat|chat(ten)?|whatsapp)\b`)
	helpWord    = lazily(`\b(faqs?|frequently asked|help (cent(re|er)|pages?|section|site)|knowledge base|support pages?|hilfe-?(seiten?|bereich|center|themen)|haufig(e|en)? (gestellte[nr]? )?fragen|questions frequentes|centre d'aide|preguntas frecuentes|centro de ayuda|domande frequenti|centro assistenza|veelgestelde vragen|perguntas frequentes)\b`)
	pageWord    = lazily(`https?://|www\.|\b(our|the) (web ?site|web ?page|homepage)|\b(unsere[rn]?|auf der) (web ?site|webseite|internetseite|homepage|seite)|notre site|nuestr[ao] (web|sitio|pagina)|nostro sito|onze (web)?site|nosso site`)
)

// OtherChannel reports whether a mail names another way to get help: a
// telephone number, a chat, help pages.
func OtherChannel(text string) bool {
	folded := plain(text)
	return phoneNumber.MatchString(folded) && phoneWord.MatchString(folded) || chatWord.MatchString(folded) || helpWord.MatchString(folded)
}

// redirectWords is how long a mail may be that does no more than point elsewhere.
const redirectWords = 60

// Redirects reports whether a mail does little more than send its reader to a
// page or a telephone. One that asks back is part of a conversation.
func Redirects(own string) bool {
	said, _ := Closing(own)
	folded := plain(said)
	return len(Fold(said)) <= redirectWords && !strings.Contains(said, "?") && (OtherChannel(said) || pageWord.MatchString(folded) || phoneNumber.MatchString(folded))
}

var (
	inBrackets = lazily(`[\[(#]\s*(?:\pL{2,20}[\s#:.]+)?([A-Z]{0,6}-?\d[\dA-Z]*(?:-\d+)*)\s*[\])#]`)
	afterWord  = lazily(`(?i)\b(?:ticket|case|reference|ref|request|enquiry|inquiry|number|vorgang\w*|ticketnummer|vorgangsnummer|fall\w*|anfrage\w*|bearbeitungsnummer|referenz\w*|nummer|aktenzeichen|kennung|r[ée]f[ée]rence|dossier|num[ée]ro|referencia|n[úu]mero|caso|incidencia|riferimento|pratica|segnalazione|numero|zaak\w*|aanvraag\w*|referentie\w*|kenmerk|refer[êe]ncia|pedido)\b[\s.:#]*(?:(?:(?:id|no|nr|number|nummer|lautet|is|ist|est|es|of|von)\b|n°|nº|è|é)[\s.:#]*){0,3}[\[(#„"“*]*([A-Z]{0,6}[-_/]?\d[\dA-Za-z]*(?:[-_/]\d+)*)`)
)

// Ticket gives the number that a desk gave to an enquiry, "" when it names
// none: in brackets in the subject, else after a word for it.
func (m Mail) Ticket() string {
	for _, where := range []struct {
		re   pattern
		text string
	}{{inBrackets, m.Subject}, {afterWord, m.Subject}, {afterWord, m.Shown}, {inBrackets, m.Shown}} {
		for _, match := range where.re.FindAllStringSubmatch(where.text, -1) {
			if digits(match[1]) >= 4 && !aYear.MatchString(match[1]) {
				return match[1]
			}
		}
	}
	return ""
}

var aYear = lazily(`^(19|20)\d\d$`)

func digits(s string) (n int) {
	for _, r := range s {
		if unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

var asksBack = lazily(`\b(could|can|would|will|may i ask|please|kindly)\b.{0,40}\b(you|let us|let me|send|tell|give|provide|share|confirm|specify|attach)\b.{0,60}\b(order number|number|photo|picture|details?|which|what|where|when|size|model|name|address|more|information|receipt|invoice|further)|\b(we|i) (would |will )?(need|require)\b.{0,40}\b(order number|number|photo|details?|more|further|information|from you|receipt|invoice)|` +
	`\b(konnen|konnten|wurden|teilen|nennen|senden|schicken|geben) (sie|du)\b.{0,60}\b(uns|mir)\b.{0,80}\b(mitteilen|nennen|senden|schicken|bestellnummer|kundennummer|nummer|foto|bild|angaben|modell|grosse|welche\w*|adresse|rechnung)|(benotigen|brauchen|bitten) (wir|ich|sie|um)\b.{0,80}\b(nummer|foto|bestellnummer|angaben|informationen|details|rechnung|adresse|modell)|` +
	`\b(pouvez-vous|pourriez-vous|merci de (nous|m')|veuillez|vous serait-il possible)\b.{0,60}\b(numero|photo|precis\w*|details?|quel(le)?s?|communiquer|indiquer|facture|adresse|taille|modele)|nous (avons|aurions) besoin (de|d')|` +
	`\b(puede|podria|puedes|podrias|por favor|nos) .{0,40}\b(indic\w+|envi\w+|facilit\w+|dec\w+|dig\w+|mand\w+|confirm\w+)\b.{0,60}\b(numero|foto|datos|detalles|cual|que|factura|direccion|talla|modelo)|necesita(mos|riamos)\b.{0,40}\b(numero|foto|datos|detalles|mas|informacion|factura)|` +
	`\b(puo|potrebbe|puoi|potresti|potete|ci|per favore)\b.{0,40}\b(indic\w+|invi\w+|fornir\w+|comunic\w+|dir\w+|mand\w+|conferm\w+)\b.{0,60}\b(numero|foto|dati|dettagli|quale|che|fattura|indirizzo|taglia|modello)|(abbiamo bisogno|ci serv(e|ono|irebbe))\b|` +
	`\b(kunt|kan|zou|wilt|wil) (u|je|jij)\b.{0,80}\b(ordernummer|bestelnummer|nummer|foto|gegevens|welke|wat|factuur|adres|maat|model)|(wij|we|ik) (hebben|heb)\b.{0,40}\bnodig\b|` +
	`\b(pode|poderia|podia|por favor|queira)\b.{0,40}\b(indic\w+|envi\w+|fornec\w+|inform\w+|diz\w+|mand\w+|confirm\w+)\b.{0,60}\b(numero|foto|dados|detalhes|qual|que|fatura|morada|endereco|tamanho|modelo)|precisa(mos|riamos) (de|do|da)\b`)

// AsksBack gives the words by which a mail asks the customer for more before
// it can answer; "" when it does not.
func AsksBack(own string) string {
	said, _ := Closing(own)
	return asksBack.FindString(strings.Join(strings.Fields(plain(said)), " "))
}
