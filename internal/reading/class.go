package reading

import (
	"regexp"
	"slices"
	"strings"
)

// A Class says who sent a mail, as far as a customer cares.
type Class string

// The classes.
const (
	Bounce          Class = "bounce"          // our mail could not be delivered, for good
	Notice          Class = "notice"          // a machine's note that answers nothing: delayed, displayed, a challenge, a ticket closed
	Acknowledgement Class = "acknowledgement" // an automatic answer
	OutOfOffice     Class = "out-of-office"   // an automatic answer of one who is away
	Order           Class = "order"           // about an order: confirmed, shipped, delivered, cancelled
	Human           Class = "human"           // written by a person, as far as can be told
	Bulk            Class = "bulk"            // newsletter, promotion, survey
)

// Classify tells the class of a mail and the rule that decided, in words for a
// person. Standards decide first, then marks that software leaves, then words;
// a mail that shows no sign of a machine was written by a person.
func Classify(m Mail) (Class, string) {
	for _, judge := range []func(*Mail) (Class, string){challenge, reported, transaction, aftermath, autoSubmitted, marked, bulk, worded} {
		if class, rule := judge(&m); class != "" {
			return class, rule
		}
	}
	return Human, "no sign of a machine"
}

var (
	challenged = phrases(`(confirm|verify|prove|show)( that)? you( are|'re) (a |an )?(human|real|person|not a (robot|spammer|machine))|to (have|get) your (e-?mail|message) delivered|(message|e-?mail)\b.{0,60}\b(held|waiting|pending|quarantin\w+)\b.{0,120}\b(confirm|verify|click|approve)|\bguest list\b|\bwaitlisted\b|bestätigen sie.{0,60}(dass sie ein mensch|ihre nachricht zuzustellen)`)
	closedCase = phrases(`\b(ticket|request|case|enquiry|inquiry|query|anfrage|vorgang|demande|solicitud|richiesta|verzoek|pedido)\b.{0,60}\b((has been|was|is now|is) (closed|solved|resolved|completed|marked as (solved|resolved))|(wurde|ist) .{0,20}(geschlossen|gelöst|abgeschlossen|erledigt)|(a été|est) (clôturée?|résolue?|fermée?)|(ha sido|está) (cerrad[ao]|resuelt[ao])|è stat[ao] (chius[ao]|risolt[ao])|is (gesloten|opgelost|afgesloten)|foi (fechado|resolvido|encerrado))`)
	survey     = phrases(`\bhow (did we do|was (your|our)|would you rate|satisfied)|\b(rate|review) (your|our|the|this) (\S+ )?(experience|purchase|order|service|support|conversation)|\b(customer |satisfaction )survey\b|\byour (feedback|opinion) (matters|counts|is important|on)|\b(wie zufrieden|ihre meinung|bewerten sie|kundenbefragung|umfrage|zufriedenheit)\b|\b(enquête de satisfaction|votre avis|encuesta|su opinión|sondaggio|la tua opinione|tevredenheid|uw mening|sua opinião)\b`)
)

// challenge knows the filters that ask a sender to prove something before they
// let a mail through; some dress it as a delivery report.
func challenge(m *Mail) (Class, string) {
	if said := challenged.FindString(beginning(m.Own, 1500)); said != "" && (m.Report != nil || automatic(m)) {
		return Notice, "asks the sender to prove something: " + said
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
	orderDetail = regexp.MustCompile(`(?i)\b(order|bestell|auftrags?|commande|pedido|ordine|bestel|encomenda)[\pL-]*[\s.:#-]*(number|no|nr|id|nummer|n°|nº|numéro|número|numero)?[\s.:#]*[\[(]?[A-Z]{0,6}[-_]?\d{3,}|\b(sub)?total\b|\b(gesamt(summe|betrag)?|zwischensumme|montant|importe|totale|totaal|valor)\b\s*:?|tracking|sendungs(nummer|verfolgung)|track (your|&)|numéro de suivi|seguimiento|tracciamento|volgnummer|rastreamento`)
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
		return Notice, "says that it is closed: " + said
	}
	if said := survey.FindString(text); said != "" && !received.MatchString(m.Own) {
		return Bulk, "asks for an opinion: " + said
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
	r := m.Report
	if r == nil {
		return "", ""
	}
	source := "words of a mail system"
	if r.Standard {
		source = "delivery report (RFC 3464)"
	}
	if r.Action == "failed" {
		return Bounce, source + ": failed"
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
	campaign  = regexp.MustCompile(`^(X-Campaign|X-Mailgun-|X-Mc-User|X-Mandrill-|X-Sg-|X-Cm|X-Klaviyo|X-Mailchimp|X-Sfmc|X-Csa-Complaints|X-Newsletter|Feedback-Id|List-Unsubscribe-Post|X-Feedback-Id)`)
	farewell  = phrases(`unsubscrib|opt.?out|(be )?removed? (from|me)\b.{0,40}(list|mailing)|abmelden|abbestellen|austragen|se désabonner|désinscri|darse de baja|cancelar (la )?suscripción|disiscri|cancella(re)? l'iscrizione|afmelden|uitschrijven`)
	newsy     = regexp.MustCompile(`(?i)newsletter|^(e?news|offers?|promo(tions?)?|marketing|deals|angebote)@|@(e?news|mailing|offers)\.`)
	inBrowser = phrases(`(view|read|see) (this|it) (e-?mail |message |newsletter )?(in|on|with) (your|a|the) (web ?)?browser|im browser (ansehen|anzeigen|öffnen)|dans (votre|un) navigateur|en (tu|su|el) navegador|nel (tuo )?browser`)
	replied   = regexp.MustCompile(`(?i)^\s*(re|aw|antw|antwort|sv|vs|r|ref|rif|res|odp)(\[\d+\])?\s*:`)
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
		`(ihre|deine) (anfrage|nachricht|e-?mail|mail)\b.{0,30}(erhalten|eingegangen)|vacation|on holiday`)
	autoText = phrases(`\b(this|that) is an? auto(matic|mated|-?generated)|auto(matic|mated)(ally)? (reply|response|acknowledge?ment|confirmation|generated|e-?mail)|\bdo not (reply|respond) to this|please don't reply to this|` +
		`(automatisch|maschinell) (generiert|erstellt|erzeugt|versandt|versendet)|automatische (antwort|eingangsbestätigung|nachricht)|(bitte )?(nicht auf diese|antworten sie nicht auf)|` +
		`(message|réponse|courriel) automatique|(ne pas|merci de ne pas) répondre|(mensaje|respuesta|correo) automátic|no responda a este|(messaggio|risposta|e-?mail) automatic|non rispondere a quest|automatisch (bericht|gegenereerd|antwoord)|wiadomość (została )?(wygenerowana )?automatyczn|` +
		`\bi('m| am| will be)( currently)? (out of (the )?office|away from|on (annual )?leave|on (vacation|holiday))|nicht im (büro|haus)`)
	received = phrases(`\b(received|got|logged|registered) your (e-?mail|message|request|enquiry|inquiry|question|query)|thank(s| you) for (contacting|your (e-?mail|message|enquiry|inquiry|request|interest)|getting in touch|reaching out|writing)|your (request|message|e-?mail|enquiry|inquiry|ticket|case)\b.{0,40}(has been|was) (received|created|opened|logged|assigned)|` +
		`(haben )?(ihre|deine) (anfrage|nachricht|e-?mail|mail)\b.{0,40}(erhalten|eingegangen)|(vielen )?dank für (ihre|deine) (anfrage|nachricht|e-?mail|mail)|(avons|a) bien (été )?reçu|merci (de|pour) (nous avoir contacté|votre (message|demande))|hemos recibido (su|tu)|gracias por (contactar|su mensaje)|abbiamo ricevuto|grazie per averci contattato|we hebben (uw|je)\b.{0,20}ontvangen`)
	later = phrases(`\b(will|shall|aim to|try to|endeavou?r to|going to)\b.{0,60}\b(reply|respond|answer|get back|be in touch|contact you|come back|deal with|review)|(as soon as possible|within \S+ (business |working )?(hours|days)|shortly|next business day)|` +
		`(schnellstmöglich|baldmöglichst|so schnell wie möglich|in kürze|umgehend|innerhalb von|werktage)|(dans les (plus brefs|meilleurs) délais|sous \S+ heures)|(lo antes posible|en breve|a la brevedad)|(al più presto|il prima possibile)|(zo (spoedig|snel) mogelijk|werkdagen)`)
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
