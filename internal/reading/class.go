package reading

import (
	"slices"
	"strings"
	"time"
)

// A Class says who sent a mail, as far as a customer cares.
type Class string

// The classes.
const (
	Bounce          Class = "bounce"          // our mail could not be delivered, for good
	Delay           Class = "delay"           // our mail is not delivered yet
	Challenge       Class = "challenge"       // a filter asks us to prove something first
	Acknowledgement Class = "acknowledgement" // an automatic answer: a person will follow
	OutOfOffice     Class = "out-of-office"   // an automatic answer of one who is away
	Bot             Class = "bot"             // a machine's attempt at an answer
	Closed          Class = "closed"          // a desk's machine says that the case is closed
	Survey          Class = "survey"          // asks for an opinion
	Order           Class = "order"           // about an order: confirmed, shipped, delivered, cancelled
	Notice          Class = "notice"          // any other note of a machine: displayed, relayed
	Human           Class = "human"           // written by a person, as far as can be told
	Bulk            Class = "bulk"            // newsletter, promotion
)

// The kinds within a class.
const (
	Hard         = "hard"         // bounce: it will never be delivered there
	Soft         = "soft"         // bounce: it might another day, such as to a full mailbox
	Confirmation = "confirmation" // order
	Shipping     = "shipping"     // order
	FollowUp     = "follow-up"    // order: delivered, cancelled
)

// A Verdict is the class of a mail and how it was found.
type Verdict struct {
	Class      Class
	Kind       string  // of a bounce or an order's mail, else empty
	Rule       string  // that decided, in words for a person
	Confidence float64 // in the rule, from 0 to 1: see the constants below
}

// How far each sort of evidence is trusted: about the share that was right of
// labelled mails (docs/reading.md), where enough of them tell.
const (
	byStandard = .98 // a field or a part that a standard defines
	byMark     = .98 // a field that software is known to leave
	byWords    = .85 // what the mail says of itself
	byConduct  = .75 // how it came: too soon; set, not measured
	byAbsence  = .93 // a person: nothing speaks for a machine
)

// Judge tells the class of a mail. Standards decide first, then marks that
// software leaves, then words; a mail that shows no sign of a machine was
// written by a person.
func Judge(m Mail) Verdict {
	for _, j := range []struct {
		judge func(*Mail) (Class, string)
		trust float64
	}{{challenge, byWords}, {reported, byStandard}, {transaction, byWords}, {aftermath, byWords}, {robot, byWords}, {autoSubmitted, byStandard}, {marked, byMark}, {bulk, byMark}, {worded, byWords}} {
		class, rule := j.judge(&m)
		if class == "" {
			continue
		}
		v := Verdict{Class: class, Rule: rule, Confidence: j.trust}
		switch class {
		case Bounce:
			v.Kind = hardness(m.Report)
		case Order:
			v.Kind = orderKind(m.Subject + "\n" + beginning(m.Own, 3000))
		}
		if m.Report != nil && !m.Report.Standard && (class == Bounce || class == Delay) {
			v.Confidence = byWords
		}
		return v
	}
	return Verdict{Class: Human, Rule: noSign, Confidence: byAbsence}
}

const noSign = "no sign of a machine"

// Classify tells the class of a mail and the rule that decided: see Judge.
func Classify(m Mail) (Class, string) {
	v := Judge(m)
	return v.Class, v.Rule
}

// A Setting is what is known around a mail.
type Setting struct {
	After time.Duration // since the mail that it answers was accepted; 0 when not known
}

const (
	tooSoon    = 20 * time.Second // nobody has read a mail and written an answer
	fewWords   = 12               // a mail with fewer may be said to anyone by anyone
	resembling = .9               // of the runs of words common to two mails: the rest are names and numbers
)

// Recycled reports whether a text that is long enough to be written for one
// question stands, but for names and numbers, among the others, which answer
// other questions.
func Recycled(own string, others []string) bool {
	return len(Fold(own)) >= fewWords && slices.ContainsFunc(others, func(o string) bool { return Resemblance(own, o) >= resembling })
}

// JudgeIn tells the class of a mail by what surrounds it, too: one that shows
// no sign of a machine is still none of a person's when it came sooner than
// anyone could write.
func JudgeIn(m Mail, s Setting) Verdict {
	v := Judge(m)
	if v.Rule != noSign || s.After <= 0 || s.After >= tooSoon || len(Fold(m.Own)) < fewWords {
		return v
	}
	rule := "came within " + tooSoon.String() + ", sooner than a person writes"
	class := Bot
	if received.MatchString(m.Own) || later.MatchString(m.Own) || m.Ticket() != "" {
		class = Acknowledgement
	}
	return Verdict{Class: class, Rule: rule, Confidence: byConduct}
}

// hardness tells a bounce for good from one that may pass: by the status code
// (RFC 3463: 4 is transient, X.2.2 a full mailbox), else by words.
func hardness(r *DeliveryReport) string {
	if r == nil {
		return Hard
	}
	if strings.HasPrefix(r.Status, "4.") || strings.HasSuffix(r.Status, ".2.2") || passing.MatchString(r.Diagnostic) {
		return Soft
	}
	return Hard
}

var passing = phrases(`quota|mailbox (is )?full|full mailbox|storage|temporar|try again|timed? ?out|too many connections|greylist|rate limit`)

var (
	orderShipped = phrases(`shipped|dispatched|on (its|the) way|has left|tracking|versandt|versendet|verschickt|unterwegs|auf dem weg|sendungs(nummer|verfolgung)|expédié|en route|numéro de suivi|enviado|en camino|seguimiento|spedito|tracciamento|verzonden|onderweg|volgnummer|enviad[ao]|a caminho|rastreamento`)
	orderAfter   = phrases(`\bdelivered\b|cancell?ed|refunded|zugestellt|storniert|erstattet|livré|annulé|remboursé|entregad[ao]|cancelad[ao]|reembolsad[ao]|consegnato|annullato|rimborsato|bezorgd|geannuleerd|terugbetaald|entregue|reembolsad[ao]`)
)

// orderKind tells which of an order's mails a text is.
func orderKind(text string) string {
	switch {
	case orderAfter.MatchString(text):
		return FollowUp
	case orderShipped.MatchString(text):
		return Shipping
	}
	return Confirmation
}

var (
	challenged = phrases(`(confirm|verify|prove|show)( that)? you( are|'re) (a |an )?(human|real|person|not a (robot|spammer|machine))|to (have|get) your (e-?mail|message) delivered|(message|e-?mail)\b.{0,60}\b(held|waiting|pending|quarantin\w+)\b.{0,120}\b(confirm|verify|click|approve)|(have your (e-?mail )?address|be|get) (added|put) (to|on) the (recipient'?s? )?(allowed|approved|white|safe)[- ]?(senders? )?list|(account|mailbox|address|recipient) is protected by\b|\bguest list\b|\bwaitlisted\b|bestätigen sie.{0,60}(dass sie ein mensch|ihre nachricht zuzustellen)`).where("human", "real", "person", "robot", "spammer", "machine", "delivered", "held", "waiting", "pending", "quarantin", "allowed", "approved", "white", "safe", "is protected by", "guest list", "waitlisted", "bestätigen sie")
	admitted   = phrases(`(click|follow|use|visit)\b.{0,60}\b(link|address)|klicken sie|cliquez|haga clic|clicca|klik`)
	closedCase = phrases(`\b(ticket|request|case|enquiry|inquiry|query|anfrage|vorgang|demande|solicitud|richiesta|verzoek|pedido)\b.{0,60}\b((has been|was|is now|is) (closed|solved|resolved|completed|marked as (solved|resolved))|(wurde|ist) .{0,20}(geschlossen|gelöst|abgeschlossen|erledigt)|(a été|est) (clôturée?|résolue?|fermée?)|(ha sido|está) (cerrad[ao]|resuelt[ao])|è stat[ao] (chius[ao]|risolt[ao])|is (gesloten|opgelost|afgesloten)|foi (fechado|resolvido|encerrado))`)
	survey     = phrases(`\bhow (did we do|was (your|our)|would you rate|satisfied)|\b(rate|review) (your|our|the|this) (\S+ )?(experience|purchase|order|service|support|conversation)|\b(customer |satisfaction )survey\b|\byour (feedback|opinion) (matters|counts|is important|on)|\b(wie zufrieden|ihre meinung|bewerten sie|kundenbefragung|umfrage|zufriedenheit)\b|\b(enquête de satisfaction|votre avis|encuesta|su opinión|sondaggio|la tua opinione|tevredenheid|uw mening|sua opinião)\b`)
)

// challenge knows the filters that ask a sender to prove something before they
// let a mail through; some dress it as a delivery report.
func challenge(m *Mail) (Class, string) {
	text := m.Own
	if !answers(m) && len(m.Text) < 1500 { // what looks quoted is the head of our mail
		text = m.Text
	}
	text = strings.Join(strings.Fields(beginning(text, 1500)), " ")
	if m.Report == nil && !automatic(m) && !admitted.MatchString(text) {
		return "", ""
	}
	if said := challenged.FindString(text); said != "" {
		return Challenge, "asks the sender to prove something: " + said
	}
	return "", ""
}

// automatic reports whether anything but words says that a machine sent it.
func automatic(m *Mail) bool {
	a := strings.ToLower(strings.TrimSpace(m.Header.Get("Auto-Submitted")))
	return a != "" && firstWord(a) != "no" || m.ReturnPath == "<>" || m.NoReply() || campaigned(m) != ""
}

var (
	orderSubject = phrases(`\b(orders?|purchase|shipment|parcel|package|delivery|dispatch|shipping)\b|bestell(ung|nummer|bestätigung)|auftrags?(bestätigung|nummer)|versand|sendung|lieferung|paket|\b(commande|expédition|colis|pedido|envío|compra|ordine|spedizione|bestelling|verzending|zending|encomenda|envio)\b`)
	orderText    = phrases(`(thank(s| you) for|confirm\w*|received|about|with|of) your (recent )?(order|purchase)|\border (has been |was )?(confirm(ed|ation)|placed)|\b(your|the) (order|parcel|package|shipment)\b.{0,50}\b(has|have|was|were|is|are)( been)? (now )?(shipped|dispatched|sent|left|delivered|cancell?ed|on (its|the) way|ready)|` +
		`(dank|danke) für (ihre|deine) bestellung|bestell(bestätigung|eingang|nummer)|(bestellung|paket|sendung|ware)\b.{0,50}\b(versandt|versendet|verschickt|unterwegs|zugestellt|storniert|auf dem weg|eingegangen|erhalten)|` +
		`merci (de|pour) votre (commande|achat)|commande\b.{0,50}\b(confirmée|expédiée|livrée|annulée|en route)|gracias por (su|tu) (pedido|compra)|pedido\b.{0,50}\b(confirmado|enviado|entregado|cancelado|en camino)|grazie per (il tuo|il suo|l'|aver).{0,20}(ordin|acquist)|ordine\b.{0,50}\b(confermato|spedito|consegnato|annullato)|` +
		`bedankt voor (je|uw) (bestelling|aankoop)|bestelling\b.{0,50}\b(bevestigd|verzonden|bezorgd|geannuleerd|onderweg)|obrigad[oa] pel[ao] su?a (encomenda|compra)|(encomenda|pedido)\b.{0,50}\b(confirmad[oa]|enviad[oa]|entregue|cancelad[oa])`)
	orderDetail = lazily(`(?i)\b(order|bestell|auftrags?|commande|pedido|ordine|bestel|encomenda)[\pL-]*[\s.:#-]*(number|no|nr|id|nummer|n°|nº|numéro|número|numero)?[\s.:#]*[\[(]?[A-Z]{0,6}[-_]?\d{3,}|\b(sub)?total\b|\b(gesamt(summe|betrag)?|zwischensumme|montant|importe|totale|totaal|valor)\b\s*:?|tracking|sendungs(nummer|verfolgung)|track (your|&)|numéro de suivi|seguimiento|tracciamento|volgnummer|rastreamento`)
)

// transaction knows the mails of an order desk: a subject about an order, words
// about what became of it, and its number, total or tracking. What answers
// another mail is none.
func transaction(m *Mail) (Class, string) {
	if answers(m) || replied.MatchString(m.Subject) || !orderSubject.MatchString(m.Subject) {
		return "", ""
	}
	text := m.Subject + "\n" + beginning(m.Own, 3000)
	said := orderText.FindString(text)
	if said == "" || !orderDetail.MatchString(text) {
		return "", ""
	}
	return Order, "an order's mail: " + strings.Join(strings.Fields(said), " ")
}

// aftermath knows what a desk's machine sends when it thinks that all is done.
func aftermath(m *Mail) (Class, string) {
	if len(m.Own) > 1500 || !automatic(m) && !helpDesk(m) {
		return "", ""
	}
	text := m.Subject + "\n" + beginning(m.Own, 700)
	if said := closedCase.FindString(text); said != "" {
		return Closed, "says that it is closed: " + said
	}
	if said := survey.FindString(text); said != "" && !received.MatchString(m.Own) {
		return Survey, "asks for an opinion: " + said
	}
	return "", ""
}

var (
	callsItself = phrases(`\b(i am|i'm|this is|my name is \S+,? (and )?i'm|hi,? i'm \S+,?) (an? |the |our |your )?(\S+ ){0,3}((chat)?bot|virtual (assistant|agent)|(digital|ai|automated) (assistant|agent))\b|(answer|reply|response|message|e-?mail) (was |has been )?(written|generated|created|answered|sent|provided) by (an? |our |the )?(\S+ )?(ai\b|artificial intelligence|(chat)?bot|virtual (assistant|agent))|`+
		`\bich bin (ein |eine |der |die |ihr |dein )?(\S+ ){0,3}((chat)?bot|virtuelle\w* (assistent\w*|hilfe)|ki-(assistent\w*|agent))|(antwort|nachricht|e-?mail) (wurde )?(von|durch) (einer? |unserer?m? )?(\S+ )?(ki|künstlichen? intelligenz|(chat)?bot)\b|`+
		`\bje suis (un |une |le |la |votre )?(\S+ ){0,2}((chat)?bot|assistante? virtuel(le)?)|réponse (a été )?(générée|rédigée) par (une |notre )?(ia\b|intelligence artificielle|\S*bot)|`+
		`\bsoy (un |una |el |la |tu |su )?(\S+ ){0,2}((chat)?bot|asistente virtual)|respuesta (ha sido |fue )?(generada|redactada) por (una |nuestra )?(ia\b|inteligencia artificial)|`+
		`\bsono (un |una |il |la |l')?(\S+ ){0,2}((chat)?bot|assistente virtuale)|risposta (è stata )?(generata|scritta) (da|dall')\s?(una |un'|nostra )?(ia\b|intelligenza artificiale)|`+
		`\bik ben (een |de |je |uw )?(\S+ ){0,2}((chat)?bot|virtuele assistent\w*|digitale assistent\w*)|antwoord (is |werd )?(geschreven|gegenereerd|opgesteld) door (een |onze )?(ai\b|kunstmatige intelligentie|\S*bot)|`+
		`\b(eu )?sou (um |uma |o |a )?(\S+ ){0,2}((chat)?bot|assistente virtual)|resposta (foi )?(gerada|escrita) por (uma |nossa )?(ia\b|inteligência artificial)`).where("bot", "virtu", "assist", "intelli", " ai ", " ai-", "-ai", " ki ", " ki-", " ia ", "automated ", "by ai", "par ia")
	denies   = lazily(`(?i)\b(not|nicht|keine?|pas|no|non|geen|niet|não)\b`)
	suggests = phrases(`\b(these|following|some|related) (help )?articles?\b.{0,40}\b(may|might|could|should|can|will)\b.{0,20}\b(help|answer)|did (this|that|these|the) (article|answer|reply)s? (help|answer|solve)|(diese|folgende) (hilfe-?)?(artikel|beiträge)\b.{0,60}\b(helfen|beantworten)|ces articles\b.{0,40}\b(aider|répondre)|estos artículos\b.{0,40}\b(ayudar|responder)|questi articoli\b.{0,40}\b(aiutar|risponder)|deze artikelen\b.{0,40}\b(helpen|beantwoorden)|estes artigos\b.{0,40}\b(ajudar|responder)`).where("article", "artikel", "beiträge", "artículo", "articoli", "artigos", "did this", "did that", "did the")
)

// robot knows a machine that tries to answer: it calls itself one, or it is a
// machine's mail that offers pages as the answer. One that only says that a
// person will answer acknowledges.
func robot(m *Mail) (Class, string) {
	own := beginning(m.Own, 3000)
	if said := callsItself.FindString(own); said != "" && !denies.MatchString(said) {
		if short := len(own) < 700; short && received.MatchString(own) && later.MatchString(own) {
			return "", ""
		}
		return Bot, "calls itself a machine: " + said
	}
	if said := suggests.FindString(own); said != "" && (automatic(m) || helpDesk(m)) {
		return Bot, "a machine offers pages: " + said
	}
	return "", ""
}

// reported comes first of the standards: servers mark their reports "Auto-Submitted:
// auto-replied" as well, and a report is no acknowledgement.
func reported(m *Mail) (Class, string) {
	content := strings.ToLower(m.Header.Get("Content-Type"))
	if strings.HasPrefix(content, "multipart/report") && strings.Contains(content, "disposition-notification") {
		return Notice, "receipt of reading (RFC 8098)"
	}
	if strings.HasPrefix(content, "multipart/report") && strings.Contains(content, "feedback-report") {
		return Notice, "a complaint about our mail (RFC 5965)"
	}
	r := m.Report
	if r == nil {
		return "", ""
	}
	source := "words of a mail system"
	if r.Standard {
		source = "delivery report (RFC 3464)"
	}
	switch r.Action {
	case "failed":
		return Bounce, source + ": failed"
	case "delayed":
		return Delay, source + ": delayed"
	}
	return Notice, source + ": " + r.Action
}

// autoSubmitted follows RFC 3834. "auto-generated" is for mails that answer
// none; help desks put it on what their agents write all the same, so there
// the words decide.
func autoSubmitted(m *Mail) (Class, string) {
	value := strings.ToLower(strings.TrimSpace(m.Header.Get("Auto-Submitted")))
	keyword, _, _ := strings.Cut(value, ";")
	keyword = firstWord(keyword)
	switch keyword {
	case "":
		return "", ""
	case "no":
		return Human, "Auto-Submitted: no (RFC 3834)"
	case "auto-generated":
		if answers(m) && helpDesk(m) {
			if class, rule := worded(m); class != "" {
				return class, rule
			}
			return Human, "a help desk's answer without the words of an acknowledgement"
		}
		if class, rule := bulk(m); class != "" {
			return class, rule
		}
	}
	return response(m, "Auto-Submitted: "+keyword+" (RFC 3834)")
}

var away = phrases(`\bout[ -]of[ -](the )?office\b|\b(i('m| am| will be)|we are)( currently)? (out of (the )?office|away\b|on (annual |parental |sick )?leave|on (vacation|holiday))|\bon (vacation|holiday) (until|till|from)|^vacation|abwesenheit|nicht im (büro|haus|dienst)|(bin|befinde mich) .{0,40}(urlaub|abwesend|elternzeit)|derzeit im urlaub|absen(t|ce) du bureau|(je suis|actuellement) (absente?|en (congé|vacances))|fuera de (la )?oficina|estoy (de vacaciones|ausente)|fuori (ufficio|sede)|sono (assente|in ferie)|afwezig|ben (ik )?(op vakantie|niet aanwezig|afwezig)|fora do escritório|estou (ausente|de férias)`)

// response tells an acknowledgement from the answer of one who is away.
func response(m *Mail, rule string) (Class, string) {
	if said := away.FindString(m.Subject + "\n" + beginning(m.Own, 700)); said != "" {
		return OutOfOffice, rule + "; says: " + said
	}
	return Acknowledgement, rule
}

// answers reports whether the mail says that it answers another.
func answers(m *Mail) bool { return len(m.InReplyTo) > 0 || len(m.References) > 0 }

// deskFields begin the names of fields that help desk software adds.
var deskFields = []string{"X-Zendesk-", "X-Freshdesk-", "X-Gorgias-", "X-Helpscout-", "X-Rt-", "Rt-Ticket", "X-Otrs-", "X-Zammad-", "X-Kayako-", "X-Intercom-"}

func helpDesk(m *Mail) bool {
	for key := range m.Header {
		if slices.ContainsFunc(deskFields, func(prefix string) bool { return strings.HasPrefix(key, prefix) }) {
			return true
		}
	}
	return strings.Contains(m.Header.Get("X-Mailer"), "Zendesk")
}

// marks are fields that auto-responders set, beside the standard. A field that
// only asks others not to answer (X-Auto-Response-Suppress) tells nothing.
var marks = []struct{ field, value string }{
	{"X-Autoreply", ""}, {"X-Autorespond", ""}, {"X-Autoresponder", ""}, {"X-Auto-Reply", ""}, {"X-Autoreply-From", ""}, {"X-Mail-Autoreply", ""},
	{"X-Autogenerated", "reply"}, {"X-Fc-Machinegenerated", "true"}, {"X-Post-Messageclass", "9; autoresponder"}, {"X-Vacation", ""},
	{"Precedence", "auto_reply"}, {"X-Precedence", "auto_reply"}, {"Preference", "auto_reply"}, {"Delivered-To", "autoresponder"},
}

func marked(m *Mail) (Class, string) {
	for _, mark := range marks {
		for _, v := range m.Header[mark.field] {
			v = strings.ToLower(strings.TrimSpace(v))
			if v != "" && v != "no" && (mark.value == "" || v == mark.value) {
				return response(m, "an auto-responder's mark: "+mark.field)
			}
		}
	}
	return "", ""
}

var (
	campaign  = lazily(`^(X-Campaign|X-Mailgun-|X-Mc-User|X-Mandrill-|X-Sg-|X-Cm|X-Klaviyo|X-Mailchimp|X-Sfmc|X-Csa-Complaints|X-Newsletter|Feedback-Id|List-Unsubscribe-Post|X-Feedback-Id)`)
	farewell  = phrases(`unsubscrib|opt.?out|(be )?removed? (from|me)\b.{0,40}(list|mailing)|abmelden|abbestellen|austragen|se désabonner|désinscri|darse de baja|cancelar (la )?suscripción|disiscri|cancella(re)? l'iscrizione|afmelden|uitschrijven`)
	newsy     = lazily(`(?i)newsletter|^(e?news|offers?|promo(tions?)?|marketing|deals|angebote)@|@(e?news|mailing|offers)\.`)
	inBrowser = phrases(`(view|read|see) (this|it) (e-?mail |message |newsletter )?(in|on|with) (your|a|the) (web ?)?browser|im browser (ansehen|anzeigen|öffnen)|dans (votre|un) navigateur|en (tu|su|el) navegador|nel (tuo )?browser`)
	replied   = lazily(`(?i)^\s*(re|aw|antw|antwort|sv|vs|r|ref|rif|res|odp)(\[\d+\])?\s*:`)
)

// bulk asks for two independent signs: the fields of a mailing list alone are
// also on what people write to one another. An answer is never bulk.
func bulk(m *Mail) (Class, string) {
	if answers(m) || replied.MatchString(m.Subject) {
		return "", ""
	}
	var signs []string
	sign := func(ok bool, name string) {
		if ok {
			signs = append(signs, name)
		}
	}
	precedence := strings.ToLower(firstWord(m.Header.Get("Precedence")))
	listed := m.Header.Get("List-Unsubscribe") != "" || newsy.MatchString(m.From.Email) || newsy.MatchString(m.Subject)
	sign(m.Header.Get("List-Unsubscribe") != "", "List-Unsubscribe")
	sign(slices.Contains([]string{"bulk", "list", "junk"}, precedence) && m.ReturnPath != "<>", "Precedence: "+precedence)
	sign(campaigned(m) != "", "a mailing service's fields")
	sign(newsy.MatchString(m.From.Email) || newsy.MatchString(m.Subject), "calls itself a newsletter")
	if len(signs) < 2 { // words are asked last: they cost most
		sign(inBrowser.MatchString(m.Shown), "offers itself in a browser")
	}
	if len(signs) == 1 {
		said := farewell.MatchString(m.Shown)
		sign(said, "words for leaving a list")
		listed = listed || said
	}
	if len(signs) < 2 || discussion(m) {
		return "", ""
	}
	if !listed {
		return Bulk, "mass mail: " + strings.Join(signs[:2], " and ")
	}
	return Bulk, "newsletter: " + strings.Join(signs[:2], " and ")
}

// campaigned gives the field that a mailing service added, if any.
func campaigned(m *Mail) string {
	for key := range m.Header {
		if campaign.MatchString(key) {
			return key
		}
	}
	return ""
}

// discussion lists say where to post; newsletters do not.
func discussion(m *Mail) bool {
	post := m.Header.Get("List-Post")
	return post != "" && !strings.EqualFold(firstWord(post), "no")
}

var (
	autoSubject = phrases(`\bauto(matic|matische|matisch|mated)?[ -]?(reply|response|antwort|acknowledge?ment|confirmation|eingangsbestätigung|notification)\b|\bautoreply\b|\bautoresponse\b|^auto:|\bout of (the )?office\b|` +
		`abwesenheit|eingangsbestätigung|réponse automatique|accusé de réception|respuesta automática|acuse de recibo|risposta automatica|automatisch antwoord|ontvangstbevestiging|automatyczna odpowiedź|autosvar|` +
		`\b(received|got) your (e-?mail|message|request|enquiry|inquiry|question|ticket)|your (request|ticket|enquiry|inquiry|message|e-?mail|question|case)\b.{0,40}\b(has been|was) (received|created|opened|logged)|` +
		`(ihre|deine) (anfrage|nachricht|e-?mail|mail)\b.{0,30}(erhalten|eingegangen)|^(re: )?vacation (reply|notice|message|response)|\bon (vacation|holiday)\b`)
	autoText = phrases(`\b(this|that) is an? auto(matic|mated|-?generated)|auto(matic|mated)(ally)? (reply|response|acknowledge?ment|confirmation|generated|e-?mail)|`+
		`(automatisch|maschinell) (generiert|erstellt|erzeugt|versandt|versendet)|automatische (antwort|eingangsbestätigung|nachricht)|`+
		`(message|réponse|courriel) automatique|(mensaje|respuesta|correo) automátic|(messaggio|risposta|e-?mail) automatic|mensagem automática|resposta automática|automatisch (bericht|gegenereerd|antwoord)|wiadomość (została )?(wygenerowana )?automatyczn|`+
		`\bi('m| am| will be)( currently)? (out of (the )?office|away from|on (annual )?leave|on (vacation|holiday))|nicht im (büro|haus)`).where("auto", "maschinell", "out of", "away from", "leave", "vacation", "holiday", "nicht im", "wiadomość")
	received = phrases(`\b(received|got|logged|registered) your (e-?mail|message|request|enquiry|inquiry|question|query)|thank(s| you) for (contacting|your (e-?mail|message|enquiry|inquiry|request|interest)|getting in touch|reaching out|writing)|your (request|message|e-?mail|enquiry|inquiry|ticket|case)\b.{0,40}(has been|was) (received|created|opened|logged|assigned)|`+
		`(haben )?(ihre|deine) (anfrage|nachricht|e-?mail|mail)\b.{0,40}(erhalten|eingegangen)|(vielen )?dank für (ihre|deine) (anfrage|nachricht|e-?mail|mail)|(avons|a) bien (été )?reçu|merci (de|pour) (nous avoir contacté|votre (message|demande))|hemos recibido (su|tu)|gracias por (contactar|su mensaje)|abbiamo ricevuto|grazie per averci contattato|gracias por (ponerse en contacto|contactarnos|escribirnos|tu mensaje)|(su|tu) (consulta|solicitud|mensaje) ha sido (recibid|registrad)|grazie per (il (suo|tuo) messaggio|la (sua|tua) (richiesta|mail)|averci scritto)|`+
		`we hebben (uw|je)\b.{0,20}ontvangen|(uw|je) (bericht|vraag|aanvraag|e-?mail)\b.{0,20}ontvangen|(be)?dankt? voor (uw|je) (bericht|vraag|aanvraag|e-?mail)|recebemos (a |o )?(sua|seu|tua|teu)|obrigad[oa] (por (nos )?(contac?tar|escrever)|pel[ao] (sua|seu|tua|teu) (mensagem|contac?to|pedido))|(sua|tua) (mensagem|solicitação) foi (recebida|registada|registrada)`).where("received", "got your", "logged", "registered", "thank", "created", "opened", "assigned", "erhalten", "eingegangen", "dank", "reçu", "merci", "recibi", "gracias por", "ricevuto", "grazie per", "ontvangen", "recebemos", "obrigad", "recebida", "regist")
	later = phrases(`\b(will|shall|aim to|try to|endeavou?r to|going to)\b.{0,60}\b(reply|respond|answer|get back|be in touch|contact you|come back|deal with|review)|(as soon as possible|within \S+ (business |working )?(hours|days)|shortly|next business day)|` +
		`(schnellstmöglich|baldmöglichst|so schnell wie möglich|in kürze|umgehend|innerhalb von|werktage)|(dans les (plus brefs|meilleurs) délais|sous \S+ heures)|(lo antes posible|en breve|a la brevedad)|(al più presto|il prima possibile)|(zo (spoedig|snel) mogelijk|werkdagen)|reviendr(ons|a) vers|nos pondremos en contacto|(la|ti) ricontatteremo|(nemen|neemt) .{0,40}contact|(o mais (breve|rápido|rapidamente) possível|assim que possível|em breve|dias úteis)`)
)

// worded is the last resort: what an automatic answer says of itself, or that
// it promises an answer and gives none. Only the beginning is read, and of the
// writer's own words: what it quotes is ours.
func worded(m *Mail) (Class, string) {
	own := beginning(m.Own, 1500)
	auto := autoSubject.FindString(m.Subject)
	if auto != "" && !(replied.MatchString(m.Subject) && answers(m) && !autoText.MatchString(own) && !later.MatchString(own)) {
		return response(m, "subject says: "+auto)
	}
	if said := autoText.FindString(own); said != "" && len(m.Own) < 4000 {
		return response(m, "text says: "+said)
	}
	if len(m.Own) < 2000 && (m.NoReply() || answers(m) || received.MatchString(own)) && campaigned(m) == "" {
		if said := ReadsNot(own); said != "" {
			return response(m, "text says: "+said)
		}
	}
	if m.ReturnPath == "<>" {
		return response(m, "empty envelope sender (RFC 3834)")
	}
	if short := len(own) < 700; short {
		if got, promise := received.FindString(own), later.FindString(own); got != "" && promise != "" {
			return Acknowledgement, "text says: " + got + " … " + promise
		}
	}
	return "", ""
}
