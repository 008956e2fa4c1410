package reading

import (
	"strconv"
	"strings"
	"time"
	"unicode"
)

// A Promise is a time within which an automatic answer says that a person will
// answer.
type Promise struct {
	Within   time.Duration // the longest time named; a working day counts 24 h here, a month 30 days
	Unit     time.Duration // in which it is named: a minute, an hour, a day, a week, a month
	Business bool          // in working days or working hours
	Span     string        // the words that say so, folded
}

const (
	day   = 24 * time.Hour
	week  = 7 * day
	month = 30 * day
)

// Promised finds the longest time that a text promises for an answer. A time
// counts in a sentence that speaks of answering, and in what goes on from one
// ("at weekends it may take three days"); not where the sentence speaks of
// parcels or refunds, of what the customer must do, of what has been done, or
// says that nothing is promised.
func Promised(text string) (p Promise, ok bool) {
	answered := false // the sentence before speaks of answering
	for _, s := range sentences(text) {
		said := plain(s)
		if !answering.MatchString(said) && !(answered && goesOn.MatchString(said)) {
			answered = false
			continue
		}
		answered = true
		if denied.MatchString(said) || customers.MatchString(said) {
			continue
		}
		clauses := []string{said}
		if elsewhere.MatchString(said) { // only what is said of answering counts
			clauses = nil
			for _, c := range commas.Split(said, -1) {
				if answering.MatchString(c) && (!elsewhere.MatchString(c) || asked.MatchString(c)) {
					clauses = append(clauses, c)
				}
			}
		}
		for _, c := range clauses {
			for _, named := range times(c) {
				if named.Within > p.Within {
					p, ok = named, true
				}
			}
		}
	}
	return p, ok
}

// sentences splits a text where a sentence ends: not at the full stop of an
// abbreviation that a figure or a small letter follows.
func sentences(text string) (list []string) {
	text = strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\u2009", " ").Replace(text)
	for _, paragraph := range emptyLine.Split(text, -1) {
		rest := strings.Join(strings.Fields(paragraph), " ")
		from := 0
		for _, at := range stops.FindAllStringIndex(rest, -1) {
			next := strings.TrimLeft(rest[at[1]:], "\"'(„“¿¡")
			goesOn := next != "" && (unicode.IsLower([]rune(next)[0]) || unicode.IsDigit(rune(next[0])))
			if goesOn && abbreviated.MatchString(rest[from:at[0]]) {
				continue
			}
			list = append(list, rest[from:at[0]])
			from = at[1]
		}
		list = append(list, rest[from:])
	}
	return list
}

var (
	emptyLine   = lazily(`\n\s*\n`)
	stops       = lazily(`(?:[.!?…]+["')”]*(?:\s+|$)|;\s*)`)
	abbreviated = lazily(`(?i)(?:^|[^\pL])(?:max|máx|min|mín|ca|approx|aprox|circa|env|std|hrs?|h|j|gg?|d|lav|h[áa]b|lab|bus|werkt|arb|ouvr|no|nr|z\.b|bzw|tgl|resp|etc)$`)
	commas      = lazily(`,\s+|:\s+|\s(?:but|and|aber|und|mais|et|pero|y|ma|e|maar|en|mas)\s`)
)

var (
	// answering are words for what a desk promises, by their stems.
	answering = lazily(`\b(repl(y|ies|ied)|respon[ds]|answer|get(ting)? back|got back|be (back )?in (touch|contact)|in touch with|contact you|reach out|come back to|c(all|alling) you|ring you|phone you|write (back )?to you|hear (back )?from|hear .{0,20}from us|attend(ed)? to|(deal|dealt|dealing) with|look(ed|ing)? (into|at)|handled?|review(ed)?|let you know|process your|get to (it|your)|(your|the) (request|enquiry|inquiry|ticket|case|message|e-?mail|query|complaint) .{0,30}(processed|resolved|picked up|assigned)|our (decision|verdict|findings)|their verdict|(be |get |come |we're )(straight |right )?back to you|picked up by|solved|resolved by|investigat|` +
		`antwort|beantwort|entscheid|losung|mitteil|teilen .{0,60}\bmit\b|meld(en|et)|ruckmeld|ruckruf|zuruck(ruf|meld)?|ruf(en|t) .{0,40}zuruck|bearbeit|kummer|kontaktier|bescheid|reaktion|reagier|hor(en|st) .{0,40}von uns|von uns hor|(sehen|schau\w*) uns .{0,40}an\b|pruf(en|t) (ihr|dein|euer|das|den|die)|` +
		`repon(d|s)|reponse|revien|revenons|reviendr|recontact|rappel|trait(e|es|ee|ees|er|era|eront|ons|ez|ement de (votre|vos|la|toute))|solution|contacter|prendra? contact|contact avec|s'en occup|occup(e|ons|era) de|ecri(t|rons|ra)\b|nouvelles|decision|examin|etudi|tiendr\w+ (au courant|informe)|retour (vers|de notre)|` +
		`respond|responde|respuesta|contesta|contactar|contacto|atend(er|ere|ida|ido|emos|idas|idos)|atencion (de|a) |llama(mos|remos|ra)|devolver\w* la llamada|noticias|le dir[ae]|te dir|escribi(mos|remos)|gestiona(r|mos|remos)|tramita|resolv|resuelv|solucion|comunicar|atiende|estudia|valorar|` +
		`rispond|rispost|ricontatt|contatt|richiam|si occup|occuper|presa? in carico|prenderemo in carico|evas[eio]|esamin|comunich|valut|parere|(far\w*|facciamo|fanno) sapere|soluzion|riscontro|notizie|gestit[aeo]|tratt(ata|iamo)|lavorat[ae] |` +
		`antwoord|beantwoord|reage|reactie|contact (met|op)|contact\w* .{0,20}op\b|terugkom|terugbel|bel(t|len) .{0,40}terug|hoor(t)? .{0,30}van ons|van ons (hoor|hoort)|laten .{0,30}weten|laat .{0,30}weten|bericht (over|van|terug)|behandel|in behandeling|kom(t|en) .{0,40}terug|van ons een|oplossing|beoorde|beslis|` +
		`respost|respond|responde|contat[oa]|contact[oa]|retorn|ligamos|ligar[ae]|ligaremos|analis[ea]|comunicad|atender|atendimento|damos-lhe|dar-lhe|dizer|noticias|tratad[ao]|resolvid[ao]|tratar|avalia|parecer|decis|fala\w* com|solucao|resultado)`)

	// asked is what a customer asks, whatever it is about.
	asked = lazily(`\b(question|enquir|inquir|quer(y|ies)|e-?mail|message|frag(e|en)\b|anfrage|nachricht|question|demande|pregunta|duda|consulta|domand|richiest|quesit|vra(ag|gen)|pergunta|duvida|mensag|mensaj|messagg|bericht)`)

	// elsewhere are sentences about other times than that of the answer.
	elsewhere = lazily(`\b(return(s|ed)? (it|them|policy|the|your|goods|item)|refund|money back|deliver|shipp|dispatch|despatch|opening hours|(are|is) open\b|warranty (of|for|period)|valid for|expires?|` +
		`lieferzeit|geliefert|lieferung|versand|versend|verschick|ruckgabe|retoure|widerruf|erstatt|offnungszeit|geoffnet|gultig|garantiezeit|` +
		`livraison|livre(e|r|s)?\b|expedi|rembours|horaires d'ouverture|ouvert(e|s)? (du|de|le)|expire|valable|` +
		`entrega|envio|enviamos|reembols|devolucion|caduca|horario de|valido|` +
		`consegna|spedi|rimbors|reso\b|orari di|aperti? (dal|tutti)|scade|valid[oa] |` +
		`levertijd|lever(ing|en|t)\b|bezorg|verzend|verzonden|retour|terugbetal|openingstijd|geopend|geldig|` +
		`entregue|devolucao|reembolso|prazo de entrega|horario de funcionamento|aberto|expira)`)

	// customers are sentences about what the customer has to do, or does not.
	customers = lazily(`\b((if|unless|when) (you|we) (do ?n[o']t|have ?n[o']t|hear nothing|fail|receive no)|if (there is )?no (reply|answer|response)|without (a|an|any|your) (reply|answer|response)|(please|kindly|must|have to|need to|asked to) (reply|respond|answer|confirm|contact us|get back|let us know)|you (have|must|need to|should|can|may) (\w+ )?(\d+|one|two|three|seven|fourteen|thirty|reply|respond)\b|your (reply|answer|response) (is|must|should|within)|` +
		`(wenn|falls|sofern|sollten|hor(en|t)|erhalten) (sie|du|wir|ihr) .{0,60}\b(nicht|nichts|keine?)\b|ohne (ihre |deine |eine )?(antwort|ruckmeldung)|(bitte )?(antworten|melden|bestatigen|reagieren) sie( uns| sich)? (bitte )?(innerhalb|binnen|in|bis)|(antworte|melde dich|bestatige) bitte|bitte (antworte|melde|bestatige)|um (ihre |deine )?(antwort|ruckmeldung) (innerhalb|binnen|bis)|` +
		`si (vous ne|nous ne|nous n'avons|vous n')|sans (reponse|retour|nouvelles)|(merci|priere|veuillez|pensez a|priee?s?) (de |d')?(nous )?(repondre|contacter|confirmer|rappeler|ecrire)|a defaut de reponse|repondez|votre (reponse|retour) (sous|dans|avant)|vous (avez|disposez)|` +
		`si no (recibi|nos|respond|contest|hay|tenemos|obtenemos|has|ha|sabemos)|de no (recibir|responder|contestar)|sin (su |tu )?respuesta|(responda|conteste|contesta|responde|confirme|contactenos)(nos)? (en|antes|dentro)|(por favor|rogamos|debe|tienes?|dispone|deberas?) .{0,20}(respond|contest|confirm|contact)|su respuesta (en|antes)|tiene \d|` +
		`se non (ricev|ci|rispond|abbiamo|avremo|hai|ha)|(in assenza|in mancanza) di|senza (una |sua |tua )?risposta|(la preghiamo|ti preghiamo|si prega) di (rispond|contatt|conferm)|(risponda|rispondi|rispondete|ci contatti|contattaci) (entro|in)|ha \d+ giorni|hai \d+ giorni|` +
		`(als|indien|wanneer|mochten) (u|je|we|wij) .{0,60}\b(niet|geen|niets)\b|reageer(t)? (je|u) niet|(horen|krijgen|ontvangen) (we|wij) .{0,30}(niets|geen)|zonder (uw |je )?(reactie|antwoord)|(gelieve|graag|wilt u|wil je) .{0,40}(reageren|antwoorden|laten weten|reactie)|\b(reageer|antwoord)( u| dan)? (a\.?u\.?b\.? |alstublieft )?binnen|` +
		`(caso|se) nao|sem (a sua |sua |uma )?resposta|na (falta|ausencia) de|(por favor|pedimos|favor|deve|tem de|queira) .{0,25}(respond|confirm|contact|contat)|(responda|confirme)(-nos)? (em|ate|no prazo)|a sua resposta (em|ate|no prazo))`)

	// denied are sentences that promise nothing, or tell what has happened.
	denied = lazily(`\b((can ?not|can'?t|could ?n[o']t|unable to|not able to|do not|don'?t|won'?t|will not|no longer|never|nor) (always |currently |be able to )?(promise|guarantee|commit|be able to|reply|respond|answer|give you)|no guarantee|not guaranteed|(have|has) (already )?(replied|answered|responded|written)|(we|i|they|agent|colleague) (\w+ )?(replied|answered|responded|wrote|contacted) |` +
		`(konnen|kann|konnten) .{0,80}\b(nicht|keine?n?)\b.{0,60}\b(versprech|garantier|zusag|zusicher|beantwort|antwort|meld)|(versprechen|garantieren) (konnen )?(wir|ihnen|dir)?.{0,40}\b(nicht|keine?)\b|keine garantie|nicht (garantier|versprech|zusag|immer)|(bereits|schon) .{0,60}(geantwortet|beantwortet|gemeldet|geschrieben)|` +
		`ne (pouvons|peut|pouvez|sommes|garantissons|promettons|saurions|sera) .{0,60}(garanti|promett|promis|mesure|repond|assurer|engager)|ne garanti|sans garantie|(a|avons|ai|ont) (deja|bien) (ecrit|repondu|traite)|n'est pas garanti|` +
		`no (podemos|puedo|es posible|garantizamos|prometemos|podremos|se garantiza|estamos en condiciones) ?.{0,60}|ya (le |te |les |os )?(hemos|he|ha) (respondido|contestado|escrito)|(respondimos|contestamos) (hace|su|tu)|` +
		`non (possiamo|riusciamo|siamo in grado|garantiamo|promettiamo|e garantit|possiamo garantire) ?.{0,60}|(abbiamo|ha) gia (risposto|scritto)|` +
		`(kunnen|kan) .{0,80}\b(niet|geen)\b.{0,60}(garander|belov|toezegg|beantwoord|reager|antwoord)|niet (garander|belov)|geen garantie|(hebben|heeft) .{0,40}(al|reeds) .{0,30}(geantwoord|gereageerd|beantwoord)|` +
		`nao (conseguimos|podemos|garantimos|prometemos|e possivel|e garantid|podemos garantir) ?.{0,60}|ja (respondemos|lhe respondemos|enviamos))`)

	// goesOn begins what a sentence before it says of other days.
	goesOn = lazily(`\b(week-?ends?|holidays?|busy|peak|sometimes|otherwise|it (may|can|might|could)|this (may|can|might|could)|up to|at the latest|urgent|complex|` +
		`wochenende|feiertag|stosszeit|(kann|konnen) (es|das)|es kann|dringend|bis zu|spatestens|` +
		`fin de semaine|feries|periode|affluence|jusqu'a|au plus tard|urgent|cela peut|` +
		`fin de semana|fines de semana|festivo|rebajas|hasta|puede (tardar|ser)|a mas tardar|` +
		`fine settimana|festiv|periodi|fino a|al massimo|puo|potrebbe|al piu tardi|` +
		`in het weekend|feestdag|drukte|drukke|tot wel|kan het|uiterlijk|` +
		`fim de semana|fins de semana|feriado|pico|ate|pode (demorar|levar|ser)|o mais tardar)`)
)

const (
	half   = `(?:(?:an?|the|ein\w*|der|une?|la|een|um|uma|una)\s+)?(?:half(?:\s+an?)?|halbe[nr]?|demi|media|medio|mezza|mezz|halve|meia|meio)`
	number = half + `|\d{1,3}(?:[.,]5)?|one and a half|anderthalb|eineinhalb|zweieinhalb|anderhal(?:f|ve)|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fourteen|fifteen|twenty[ -]?four|twenty|thirty|forty[ -]?eight|seventy[ -]?two|` +
		`ein(?:en|em|es|er|e)?|zwei|drei|vier|funf|sechs|sieben|acht|neun|zehn|elf|zwolf|vierzehn|funfzehn|vierundzwanzig|zwanzig|dreissig|achtundvierzig|zweiundsiebzig|` +
		`une?|deux|trois|quatre|cinq|sept|huit|neuf|dix|onze|douze|quatorze|quinze|vingt[ -]quatre|vingt|trente|quarante[ -]huit|soixante[ -]douze|` +
		`dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|catorce|quince|veinticuatro|veinte|treinta|cuarenta y ocho|setenta y dos|` +
		`uno?|una|due|tre|quattro|cinque|sei|sette|otto|nove|dieci|dodici|quattordici|quindici|ventiquattro|venti|trenta|quarantotto|settantadue|` +
		`een|twee|drie|vijf|zes|zeven|negen|tien|elf|twaalf|veertien|vijftien|vierentwintig|twintig|dertig|achtenveertig|tweeenzeventig|` +
		`um|uma|dois|duas|quatro|sete|oito|dez|doze|vinte e quatro|vinte|quarenta e oito|setenta e duas`
	working  = `bu[a-z]{2,6}s|bus\.?|wor[a-z]{1,5}|office|full|ganzen?|volle[nr]?|ouvrables?|ouvrees?|ouvres?|ouvr\.?|laborables?|habiles|habil|hab\.?|lab\.?|lavorativ[eio]|lav\.?|ferial[ei]|uteis|util|uteis|kantoor`
	workUnit = `werk?[td]\w{1,4}|wer?ktag\w{0,3}|arbeitsta\w{1,4}|geschaftsta\w{1,4}|werkdag(?:en)?|werkuur|werkuren|kantooruren|arbeitsstunden?|geschaftsstunden?`
	unit     = `minutes?|mins?|mn|minuten?|minutos?|minut[oi]|minuut|minuutjes|hours?|hrs?|hs?|stunden?|std|heures?|horas?|or[ae]|uur|uurtjes?|uren|u|days?|tag(?:e[ns]?)?|jours?|journees?|j|dias?|d|giorn[oi]|giornat[ae]|ggs?|g|etma(?:al|len)|dag(?:en)?|dgn|weeks?|wks?|fortnight|wochen?|semaines?|semanas?|settiman[ae]|we(?:ek|ken)|months?|monat(?:e[ns]?|s)?|mois|mes(?:es)?|mes[ei]|maand(?:en)?|` + workUnit
)

// timeSpan reads "within 24 to 48 hours", "in 2 Werktagen", "un'ora e mezza".
// Its groups: the numbers (the second of a range), working, the unit, and a
// half, working behind it.
var timeSpan = lazily(`\b(` + number + `)(?:\s*\([\w ]{1,12}\))?(?:\s*(?:` + unit + `)?\.?\s*(?:-|–|/|to|or|and|bis|oder|und|a|as|ou|et|o|y|ai|al|e|tot|of|en|ate)\s*(` + number + `)(?:\s*\([\w ]{1,12}\))?)?(?:[\s-]*|')(?:(` + working + `)[\s-]+)?(` + unit + `)\b(\s+(?:and a half|et demie?|y medi[ao]|e mezz[ao]|e mei[ao]|en een half|or two|ou deux|o dos|o due|of twee|ou dois|ou duas))?(?:\.?\s+\(?(` + working + `)(?:\b|\s|$))?`)

// fixed are times without a number of their own.
var fixed = []struct {
	pattern
	within, unit time.Duration
	business     bool
}{
	{lazily(`\b(next|following|first|nachste[nr]?|kommenden?|folgenden?|darauffolgenden?|ersten?|prochain|premier|proximo|primer|siguiente|primo|prossimo|volgende|eerstvolgende|eerste|primeiro)\s+(jour\s+|dia\s+|giorno\s+)?((` + working + `)[\s-]+(days?|jours?|dias?|giorn[oi]|dag)|` + workUnit + `|ouvr\w+|habil|laborable|lavorativo|feriale|util)|(jour\s+ouvr\w+|dia\s+(?:habil|laborable|util)|giorno\s+(?:lavorativo|feriale))\s+(suivant|qui suit|siguiente|successivo|seguente|seguinte)`), day, day, true},
	{lazily(`\b(next day|following day|(on |the |that )?same[ -]day|today|tomorrow|heute|(am )?(selben|gleichen) tag|am (nachsten|folgenden) tag|tags darauf|aujourd'hui|(le )?jour meme|dans la journee|demain|le lendemain|hoy|(el |ese )?mismo dia|al dia siguiente|oggi|(il |lo )?stesso giorno|giorno stesso|in giornata|(entro|nel corso del)la giornata|domani|il giorno (dopo|successivo)|vandaag|dezelfde dag|de volgende dag|hoje|(no )?mesmo dia|amanha|no dia seguinte|im laufe des tages|within the day|by the end of (the|that) day)\b`), day, day, false},
	{lazily(`(^|[^n]\s|[^e]n\s)morgen\b`), day, day, false},
	{lazily(`(^|[^aer]\s|[^lt]a\s)manana\b`), day, day, false},
	{lazily(`\b(three|dreiviertelstunde|trois|tres|tre|drie)?[ -]*(quarters? of an hour|dreiviertelstunde|quarts? d'heure|cuartos? de hora|quart[oi] d'ora|kwartier\w*|quartos? de hora)`), 15 * time.Minute, time.Minute, false},
	{lazily(`\b(quarter[ -]hour|viertelstunde)\b`), 15 * time.Minute, time.Minute, false},
	{lazily(`\b(within|in|inside) the hour|dans l'heure|binnen het uur|entro l'ora|en la (proxima |misma )?hora|na proxima hora|in der nachsten stunde|within the next hour`), time.Hour, time.Hour, false},
}

var (
	// "24 hours a day" is no promise; "an hour" is one only after "within".
	rate  = lazily(`^\.?\s+(((a|per|am|pro|par|al|por|ao|each|every)\s+(day|week|tag|woche|jour|semaine|dia|semana|giorno|settimana|dag|week)|taglich|taeglich|daily)\b|(sur|su|op|am|aus|von)\s+(24|7)\b)`)
	vague = lazily(`^(an?|ein\w*|une?|un[oa]|uma?|een)[\s']`)
	limit = lazily(`\b(within|in|inside|under|than|to|about|around|roughly|approximately|takes?|be|only|just|maximum|max\.?|most|allow|innerhalb|innerhalb von|binnen|nach|bis zu|maximal|hochstens|spatestens|rund|etwa|circa|ca\.?|sous|dans|moins|d'ici|d'|de|di|en|dentro de|entro|em|ate|hasta|massimo|dentro|dan|van|tot|na|over|nel giro di|maximo|no prazo de|fino a|maximaal|uiterlijk binnen)\s*$`)
	// before the number of a time that has passed, or that lasts.
	since = lazily(`\b(vor|seit|uber|il y a|depuis|hace|desde hace|da|al|sinds|ha|ha mais de|for( over| more than)?|since|il y a (plus|pres) de|hace mas de|da (oltre|piu di))\s+$`)
	ago   = lazily(`^\s+(ago|fa|geleden|atras|earlier|later than|old|guarantee|warranty)\b`)
	// before the number of an hour of the day, when another hour follows.
	clock = lazily(`\b(de|des|von|from|das|dalle|van|entre|between|zwischen|tra|les|tussen)\s+$`)
	tenth = lazily(`\d[.:,]$`)
)

// times gives the times that a folded clause names.
func times(s string) (list []Promise) {
	for _, f := range fixed {
		for _, at := range f.FindAllStringIndex(s, -1) {
			span, within := s[at[0]:at[1]], f.within
			if since.MatchString(s[:at[0]]) || ago.MatchString(s[at[1]:]) {
				continue
			}
			if threeQuarters.MatchString(span) {
				within *= 3
			}
			list = append(list, Promise{within, f.unit, f.business, strings.TrimSpace(span)})
		}
	}
	for _, at := range timeSpan.FindAllStringSubmatchIndex(s, -1) {
		before, after := s[:at[0]], s[at[1]:]
		if rate.MatchString(after) || rate.MatchString(s[at[9]:]) || ago.MatchString(after) || since.MatchString(before) || tenth.MatchString(before) {
			continue
		}
		if unspaced(s, at) {
			continue
		}
		if vague.MatchString(s[at[0]:]) && at[4] < 0 && at[10] < 0 && !limit.MatchString(before) && !halved.MatchString(s[at[2]:at[3]]) {
			continue
		}
		if at[4] >= 0 && clock.MatchString(before) && hourOfDay.MatchString(s[at[0]:at[9]]) {
			continue
		}
		named := measure(s, at)
		named.Span = strings.Join(strings.Fields(s[at[0]:at[1]]), " ")
		list = append(list, named)
	}
	return list
}

// unspaced knows a find inside a word, "an" and "d" of "and": only figures and
// "mezz'ora" do without a space.
func unspaced(s string, at []int) bool {
	number, end := s[at[2]:at[3]], at[3]
	if at[4] >= 0 {
		number, end = s[at[4]:at[5]], at[5]
	}
	return end == at[8] && !unicode.IsDigit(rune(number[0])) && !halved.MatchString(number)
}

var (
	threeQuarters = lazily(`^(three|trois|tres|tre|drie|dreiviertel)`)
	halved        = lazily(`half|halb|demi|medi|mezz|halv|mei[ao]`)
	hourOfDay     = lazily(`^\d{1,2}\s*(h|hours?|uur|u)?\W.*(^|\D)([01]?\d|2[0-4])\s*(h|uur|u)$`)
)

// numbers are those that are written in words; all others are figures.
var numbers = counted(`one=1 two=2 three=3 four=4 five=5 six=6 seven=7 eight=8 nine=9 ten=10 eleven=11 twelve=12 fourteen=14 fifteen=15 twenty=20 twentyfour=24 thirty=30 fortyeight=48 seventytwo=72 oneandahalf=1.5
zwei=2 drei=3 vier=4 funf=5 sechs=6 sieben=7 acht=8 neun=9 zehn=10 elf=11 zwolf=12 vierzehn=14 funfzehn=15 zwanzig=20 vierundzwanzig=24 dreissig=30 achtundvierzig=48 zweiundsiebzig=72 anderthalb=1.5 eineinhalb=1.5 zweieinhalb=2.5
deux=2 trois=3 quatre=4 cinq=5 sept=7 huit=8 neuf=9 dix=10 onze=11 douze=12 quatorze=14 quinze=15 vingt=20 vingtquatre=24 trente=30 quarantehuit=48 soixantedouze=72
dos=2 tres=3 cuatro=4 cinco=5 seis=6 siete=7 ocho=8 nueve=9 diez=10 once=11 doce=12 catorce=14 quince=15 veinte=20 veinticuatro=24 treinta=30 cuarentayocho=48 setentaydos=72
due=2 tre=3 quattro=4 cinque=5 sei=6 sette=7 otto=8 nove=9 dieci=10 dodici=12 quattordici=14 quindici=15 venti=20 ventiquattro=24 trenta=30 quarantotto=48 settantadue=72
twee=2 drie=3 vijf=5 zes=6 zeven=7 negen=9 tien=10 twaalf=12 veertien=14 vijftien=15 twintig=20 vierentwintig=24 dertig=30 achtenveertig=48 tweeenzeventig=72 anderhalf=1.5 anderhalve=1.5
dois=2 duas=2 quatro=4 sete=7 oito=8 dez=10 doze=12 vinte=20 vintequatro=24 vinteequatro=24 quarentaeoito=48 setentaeduas=72`)

func counted(table string) map[string]float64 {
	m := map[string]float64{}
	for _, entry := range strings.Fields(table) {
		word, n, _ := strings.Cut(entry, "=")
		m[word], _ = strconv.ParseFloat(n, 64)
	}
	return m
}

// count reads a number; a word that is none of the table is an article, one.
func count(s string) float64 {
	if s == "" {
		return 0
	}
	if v, err := strconv.ParseFloat(strings.Replace(s, ",", ".", 1), 64); err == nil {
		return v
	}
	if v, ok := numbers[strings.NewReplacer(" ", "", "-", "").Replace(s)]; ok {
		return v
	}
	if halved.MatchString(s) {
		return .5
	}
	return 1
}

// units are told by their first letters, the longer ones first; what is none
// of them is days.
var units = []struct {
	prefix string
	length time.Duration
}{
	{"arbeitsst", time.Hour}, {"geschaftsst", time.Hour}, {"werkuur", time.Hour}, {"werkure", time.Hour}, {"kantooruren", time.Hour},
	{"minu", time.Minute}, {"min", time.Minute}, {"mn", time.Minute},
	{"fortnight", 2 * week}, {"woche", week}, {"week", week}, {"wk", week}, {"weken", week}, {"semai", week}, {"seman", week}, {"settim", week},
	{"mont", month}, {"monat", month}, {"moi", month}, {"mes", month}, {"maand", month},
	{"h", time.Hour}, {"std", time.Hour}, {"stund", time.Hour}, {"or", time.Hour}, {"u", time.Hour},
}

// measure turns one find of timeSpan into a time.
func measure(text string, at []int) Promise {
	group := func(n int) string {
		if at[2*n] < 0 {
			return ""
		}
		return text[at[2*n]:at[2*n+1]]
	}
	n := max(count(group(1)), count(group(2)))
	switch more := strings.TrimSpace(group(5)); {
	case strings.HasPrefix(more, "o"): // "a day or two"
		n = 2
	case more != "":
		n += .5
	}
	length := day
	for _, u := range units {
		if strings.HasPrefix(group(4), u.prefix) {
			length = u.length
			break
		}
	}
	return Promise{Within: time.Duration(n * float64(length)), Unit: length, Business: workingWord.MatchString(group(3) + " " + group(4) + " " + group(6))}
}

// workingWord leaves out "full" and "ganzen", which say nothing of the office.
var workingWord = lazily(`\b(bu|wor|office|kantoor|werk|wertag|arbeit|geschaft|ouvr|lab|hab|lav|ferial|ute?i)`)
