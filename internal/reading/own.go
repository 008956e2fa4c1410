package reading

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Words of mail programs, in the languages that they speak.
const (
	wrote         = `wrote|writes|said|schrieb|schreibt|a écrit|escribió|ha scritto|schreef|escreveu|skrev|kirjoitti|napisał\(?a?\)?|pisze|napsala?|napsal\(a\)|írta|a scris|şunu yazdı|yazdı|пишет|писал\(?а?\)?|написала?|пише|έγραψε|写道|のメール|作成|작성`
	headFrom      = `from|von|de|da|van|fra|från|od|lähettäjä|от|kimden|发件人|差出人`
	headRecipient = `to|an|à|a|para|aan|til|till|do|komu|vastaanottaja|кому|kime|收件人|宛先`
	headAbout     = `subject|betreff|objet|sujet|asunto|oggetto|onderwerp|assunto|emne|ämne|temat|předmět|aihe|тема|konu|主题|件名`
)

var (
	// attribution is the line by which mail programs introduce what they quote: a
	// date or an address, and in most languages a word for writing.
	attribution = lazily(`(?i)^[^\pL\d]*(.{3,200}(\b|^|\PL)(` + wrote + `).{0,120}|.{4,160}<[^<>\s]+@[^<>\s]+>.{0,20})\s*[:：]\s*$`)
	dated       = lazily(`\d|@|<`)
	original    = lazily(`(?i)^[\s>]*[-_=*]{2,}\s*(original(e|al)? ?(message|nachricht|mail)|ursprüngliche (nachricht|mail)|message (d'origine|original|transféré)|mensaje (original|reenviado)|messaggio (originale|inoltrato)|(oorspronkelijk|doorgestuurd) bericht|mensagem (original|encaminhada)|oprindelig (besked|meddelelse)|ursprungligt meddelande|opprinnelig melding|(videresendt|vidarebefordrat) (besked|melding|meddelande)|alkuperäinen viesti|(oryginalna|przekazana) wiadomość|wiadomość oryginalna|(původní|přeposlaná) zpráva|eredeti üzenet|(исходное|пересылаемое|пересланное) сообщение|orijinal (mesaj|ileti)|mesaj original|αρχικό μήνυμα|forwarded( message)?( by.*)?|weitergeleitete nachricht|forwarded by .*|reply (message|above|separator).*)\s*[-_=*]*\s*$|^\s*(begin forwarded message|anfang der weitergeleiteten nachricht|début du message (réexpédié|transféré)|inicio del mensaje reenviado|inizio (del )?messaggio inoltrato|begin doorgestuurd bericht|início da mensagem (re)?encaminhada)\s?:|^[-_=*# ]*(please )?(reply|write|type|bitte antworten).{0,20}(above|oberhalb|over) (this|dieser) (line|zeile).*$`)
	headLine    = lazily(`(?i)^[\s>*]*(` + headFrom + `|` + headRecipient + `|` + headAbout + `|sent|cc|bcc|date|reply-to|gesendet|datum|kopie|antwort an|envoyé|copie à|répondre à|enviado( el)?|fecha|inviato|data|verzonden|sendt|dato|skickat|wysłano|odesláno|lähetetty|отправлено|дата|копия)\s*\*?\s*[:：]`)
	headStart   = lazily(`(?i)^[\s*]*(` + headFrom + `|message du)\s*\*?\s*[:：]`)
	headTo      = lazily(`(?i)^[\s*]*(` + headRecipient + `)\s*\*?\s*[:：]\s*\S`)
	headSubject = lazily(`(?i)^[\s*]*(` + headAbout + `)\s*\*?\s*[:：]`)
	sentence    = lazily(`[?!:]$|[a-zß-ÿ]{3,}\.$|,$|(\b[a-zß-ÿ]+\s+){4}`)
	firm        = lazily(`^\p{Lu}.{0,50}\b(Corp|Inc|Ltd|Co|Bros|Dept|Ave|St|Str|Bldg|Ste)\.$`)
	contact     = lazily(`(?i)\+?\(?\d{2,5}\)?[ ./-]{1,3}\d{2,5}([ ./-]?\d{2,5})+|\S+@\S+\.\S+|\bhttps?://|\bwww\.|^(tel|fax|phone|mobile|mobil|cell|telefon)\b`)
	link        = lazily(`(?i)\bhttps?://|\bwww\.`)
	greeting    = lazily(`(?i)^(thanks|thank you|regards|(best|kind|warm) |cheers|sincerely|yours|mit |viele |liebe |beste |gruß|grüße|cordialement|saludos)`)
	device      = lazily(`(?i)^\s*(sent|get outlook|gesendet|envoyé|enviado|inviato|verzonden|sendt|skickat|wysłan[eo]|odesláno|lähetetty|отправлено)\s.{0,20}?\b?(from|for|von|mit|gesendet|depuis|à partir|de mon|de mi|do meu|desde|da|vanaf|met|via|fra|från|z|ze|laitteesta|с|из)\s.{0,40}?(<\S+>)?$|^\s*von mein(em|er) .{2,30} gesendet$`)
	disclaims   = phrases(`unsubscribe|mailing.list|listinfo|confidential|privileged|intended (solely |only )?for|intended recipient|disclaimer|do you yahoo|free e-?mail|sponsored by|sf\.net|vertraulich|rechtlich geschützt|confidentiel|destinataire|confidencial|destinatario|riservat[eoi]|vertrouwelijk|geadresseerde|destinatário`)
)

// A Removed is a part of a text that is not its writer's own words.
type Removed struct {
	Kind string // Quote, Forward, Disclaimer or Signature
	Text string
}

// The kinds of what is removed.
const (
	Quote      = "quote"      // another mail that is answered, with the line that introduces it
	Forward    = "forward"    // another mail that is passed on
	Disclaimer = "disclaimer" // what lawyers, lists and mail services append
	Signature  = "signature"  // who writes, and how to reach them
)

// OwnWords gives what the writer of a text wrote: without quoted mails, the
// lines that introduce them, the signature and what lists append. Answers
// between quoted lines are kept. So are greeting and sign-off, which Closing
// tells apart, but for the formal one of a letter: see letter.
func OwnWords(text string) string {
	own, _ := Divide(text)
	return own
}

// Divide gives a writer's own words and, in their order, the parts of the text
// that are not.
func Divide(text string) (own string, removed []Removed) {
	return divide(unquoted(text))
}

// divide takes the signature from lines that quote nothing any more.
func divide(lines []string, removed []Removed) (string, []Removed) {
	lines, signed := unsigned(lines)
	if len(removed) == 0 && len(signed) == 0 {
		lines, signed = letter(lines)
	}
	return squeeze(lines), append(removed, signed...)
}

// Signed gives a mail's own words with what stands below them: the signature.
func (m Mail) Signed() string {
	text := m.Own
	for _, r := range m.Removed {
		if r.Kind == Signature {
			text += "\n\n" + r.Text
		}
	}
	return text
}

// part is a removed part, none where the lines say nothing.
func part(kind string, lines []string) []Removed {
	if !remains(lines) {
		return nil
	}
	return []Removed{{kind, strings.Trim(strings.Join(lines, "\n"), "\n")}}
}

// A cutter takes quoted mail out of lines.
type cutter struct {
	own     []string
	removed []Removed
	quote   []string // of the quotation that is being read
}

// flush ends a quotation.
func (c *cutter) flush() {
	c.removed = append(c.removed, part(Quote, c.quote)...)
	c.quote = nil
}

// rest takes all that is left as one other mail: passed on where a program
// says so or where nothing is said to it, else answered.
func (c *cutter) rest(lines []string) ([]string, []Removed) {
	c.flush()
	kind := Quote
	if forwards.MatchString(lines[0]) || !remains(c.own) {
		kind = Forward
	}
	return c.own, append(c.removed, part(kind, lines)...)
}

var forwards = lazily(`(?i)forward|weitergeleitet|transféré|reenviado|inoltrato|doorgestuurd|encaminhada`)

// plainBreaks leaves one sort of line end and one of blank.
var plainBreaks = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u00a0", " ")

// unquoted gives the lines of a text that are not another mail's, and what is.
func unquoted(text string) ([]string, []Removed) {
	var c cutter
	lines := strings.Split(plainBreaks.Replace(text), "\n")
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		if separates(line) {
			return c.rest(lines[i:])
		}
		if headBlock(lines[i:]) {
			c.own = unstamped(c.own)
			return c.rest(lines[i:])
		}
		if n := attributed(lines[i:]); n > 0 {
			if !quotes(lines[i+n:]) && remains(c.own) { // everything after it is the other mail
				return c.rest(lines[i:])
			}
			c.quote = append(c.quote, lines[i:i+n]...)
			i += n - 1
			continue
		}
		switch {
		case escaped(lines, i):
			line = line[1:]
		case quoted(line):
			n := 1 + overflow(lines[i:])
			c.quote = append(c.quote, lines[i:i+n]...)
			i += n - 1
			continue
		case colons(lines[i:]) > 0:
			n := colons(lines[i:])
			c.quote = append(c.quote, lines[i:i+n]...)
			i += n - 1
			continue
		}
		if strings.TrimSpace(line) != "" {
			below := len(c.quote) > 0
			c.flush()
			if below && remains(c.own) && footer(lines[i:]) {
				return c.own, append(c.removed, signature(lines[i:])...)
			}
		}
		c.own = append(c.own, line)
	}
	c.flush()
	return c.own, c.removed
}

// footer reports whether the lines are what a list put below a quotation.
func footer(lines []string) bool {
	return strings.TrimSpace(lines[0]) == "--" && len(lines) <= 10 && disclaims.MatchString(strings.Join(lines, "\n"))
}

// colons counts the lines that some programs quote with a colon in place of
// ">": at least three at once, since a single one may be anything.
func colons(lines []string) (n int) {
	for n < len(lines) && (lines[n] == ":" || strings.HasPrefix(lines[n], ": ")) {
		n++
	}
	if n < 3 {
		return 0
	}
	return n
}

// quoted knows the marks of a quoted line: ">", and initials before one ("AB>").
func quoted(line string) bool {
	blank := len(line) - len(strings.TrimLeft(line, " \t"))
	if rest := line[blank:]; rest == "" || rest[0] == '>' {
		return rest != "" && blank <= 3
	}
	for i := blank; i < len(line) && i <= blank+4; i++ {
		switch c := line[i]; {
		case c == '>':
			return true
		case c|0x20 < 'a' || c|0x20 > 'z':
			return false
		}
	}
	return false
}

// escaped knows a line of the writer's own that a mailbox file marked because
// it begins with "From ": no quoted line stands beside it.
func escaped(lines []string, i int) bool {
	return strings.HasPrefix(lines[i], ">From ") &&
		(i == 0 || !quoted(lines[i-1])) && (i+1 == len(lines) || !quoted(lines[i+1]))
}

// maxOverflow bounds the lines that one quoted paragraph may spill.
const maxOverflow = 15

// overflow counts the lines that belong to the quoted line above them, though
// they bear no mark: a mail program broke it when it grew too long. They go on
// where it stopped in mid-sentence, without an empty line between.
func overflow(lines []string) int {
	if len(lines[0]) < 40 || len(lines) < 2 {
		return 0
	}
	stray := len(lines[1]) < 40 && !ends(lines[1]) && !strings.HasSuffix(lines[0], "?") && len(lines[0]) > 50
	if ends(lines[0]) && !continues(lines[1:]) && !stray {
		return 0
	}
	n := 1
	for ; n < len(lines) && n <= maxOverflow; n++ {
		l := strings.TrimSpace(lines[n])
		if quoted(lines[n]) {
			return n - 1
		}
		if l == "" {
			break
		}
	}
	if n > maxOverflow {
		return 0
	}
	// The quotation stops here as well: the rest of a sentence, not an answer.
	if len(lines[0]) > 60 && (continues(lines[1:]) || n == 2 && ends(lines[1])) {
		return n - 1
	}
	return 0
}

// ends reports whether a line ends a sentence.
func ends(line string) bool {
	line = strings.TrimRight(line, " \t\"')*_")
	return line == "" || strings.ContainsRune(".?!:;>", rune(line[len(line)-1]))
}

// continues reports whether the lines go on with a sentence.
func continues(lines []string) bool {
	if len(lines) == 0 {
		return false
	}
	r, _ := utf8.DecodeRuneInString(strings.TrimSpace(lines[0]))
	return unicode.IsLower(r)
}

// separates knows the line below which the other mail stands whole.
func separates(line string) bool {
	l := strings.TrimSpace(strings.TrimLeft(line, " \t>"))
	if l == "" {
		return false
	}
	// The cheap questions first, for they are asked of every line.
	letter := l[0]|0x20 >= 'a' && l[0]|0x20 <= 'z'
	if !letter && !strings.ContainsRune("-_=*#", rune(l[0])) || letter && !strings.HasSuffix(l, ":") && !strings.ContainsRune("prwtb", rune(l[0]|0x20)) {
		return false
	}
	return original.MatchString(line)
}

// attributed tells how many lines, wrapped or not, introduce a quotation here.
func attributed(lines []string) int {
	joined := ""
	for n := 0; n < 4 && n < len(lines); n++ {
		l := strings.TrimSpace(lines[n])
		if l == "" || n > 0 && quoted(l) {
			return 0
		}
		joined = strings.TrimSpace(joined + " " + l)
		if len(joined) > 400 {
			return 0
		}
		if endsWrote.MatchString(joined) {
			return n + 1
		}
		if (strings.HasSuffix(l, ":") || strings.HasSuffix(l, "：")) && attribution.MatchString(joined) && dated.MatchString(joined) {
			return n + 1
		}
		if n == 0 && !opensAttribution(l) {
			if len(lines) > 1 && quoted(lines[1]) && namedWriter.MatchString(l) {
				return 1
			}
			return 0
		}
		if n+1 < len(lines) && strings.TrimSpace(lines[n+1]) == ">:" && strings.Contains(joined, "<") { // the address was too long for its line
			return n + 2
		}
		// The last words may have slipped behind the mark of the quotation.
		if n+1 < len(lines) && quoted(lines[n+1]) && attribution.MatchString(joined+" "+strings.TrimLeft(lines[n+1], "> ")) {
			return n + 1
		}
	}
	return 0
}

// endsWrote is an attribution that forgot its colon.
var endsWrote = lazily(`(?i)^(on|am)\b.{4,200}<\S+@\S+>\s*(wrote|schrieb)$`)

// namedWriter introduces a quotation by no more than a name.
var namedWriter = lazily(`^\p{Lu}.{2,60}\b(wrote|schrieb)$`)

// attributionWords open the attributions of mail programs.
var attributionWords = []string{"on", "am", "le", "el", "il", "op", "em", "den", "w", "dne", "στις", "pe", "vào"}

// opensAttribution is the cheap question that is asked of every line.
func opensAttribution(line string) bool {
	if strings.IndexByte(line, '@') >= 0 {
		return true
	}
	digits, figures := 0, strings.IndexByte(line, ',') >= 0
	for i := range len(line) {
		if line[i] < '0' || line[i] > '9' {
			digits = 0
			continue
		}
		figures = true
		if digits++; digits == 4 { // a year
			return true
		}
	}
	if !figures {
		return false
	}
	word := firstWord(strings.TrimLeftFunc(line, func(r rune) bool { return !unicode.IsLetter(r) }))
	return slices.ContainsFunc(attributionWords, func(w string) bool { return strings.EqualFold(strings.TrimRight(word, ","), w) })
}

// quotes reports whether the next line that says anything is quoted.
func quotes(lines []string) bool {
	for _, l := range lines {
		if strings.TrimSpace(l) != "" {
			return quoted(l)
		}
	}
	return false
}

func remains(lines []string) bool { return strings.TrimSpace(strings.Join(lines, "")) != "" }

// lists knows a line of recipients that go on in the next.
func lists(line string) bool {
	line = strings.TrimSpace(line)
	return strings.HasSuffix(line, ",") || strings.HasSuffix(line, ";") || strings.Contains(line, "@") && strings.ContainsAny(line, ",;")
}

// maxHead bounds the lines of a pasted header, most of them recipients.
const maxHead = 60

// headBlock knows a mail header pasted above the quoted mail: at least three
// such lines at once, the first of them the sender or, as some programs have
// it, the recipient.
func headBlock(lines []string) bool {
	if colon := strings.IndexByte(lines[0], ':'); colon < 0 || colon > 30 {
		return false
	}
	sender, recipient := headStart.MatchString(lines[0]), headTo.MatchString(lines[0])
	if !sender && !recipient {
		return false
	}
	n, others, subject := 0, 0, false
	for i := 0; i < len(lines) && i < maxHead && others < 10; i++ {
		line := strings.TrimSpace(lines[i])
		if line == "" {
			if next := slices.IndexFunc(lines[i:], func(l string) bool { return strings.TrimSpace(l) != "" }); subject || next < 0 || !headSubject.MatchString(lines[i+next]) {
				break
			}
			continue
		}
		if headLine.MatchString(line) {
			n++
		}
		if i == 0 || !lists(lines[i-1]) {
			others++
		}
		subject = subject || headSubject.MatchString(line)
	}
	return sender && n >= 3 || recipient && n >= 2 && subject
}

var stamp = lazily(`\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4},?\s+\d{1,2}:\d{2}(:\d{2})?\s*([AaPp][Mm])?\s*$`)

// unstamped takes the name and the time away that some programs put above the
// head of the quoted mail.
func unstamped(lines []string) []string {
	end := trimmed(lines, len(lines))
	if end == 0 {
		return lines
	}
	at := stamp.FindStringIndex(lines[end-1])
	if at == nil || !remains(lines[:end-1]) {
		return lines
	}
	end--
	if strings.TrimSpace(lines[end][:at[0]]) == "" && end > 1 && !prose(lines[end-1]) { // the name stands on a line of its own
		end--
	}
	return lines[:end]
}

// unsigned cuts the signature: at its delimiter, at a mail program's
// self-praise, at the ruled footer of a list near the end, and a block of
// contact data that ends the mail.
func unsigned(lines []string) (own []string, removed []Removed) {
	for i := 1; i < len(lines); i++ {
		if cutsSignature(lines[i:]) {
			removed = signature(lines[i:])
			lines = lines[:i]
			break
		}
	}
	if from := legal(lines); from < len(lines) {
		removed = append(part(Disclaimer, lines[from:]), removed...)
		lines = lines[:from]
	}
	own = withoutContacts(lines)
	return own, append(part(Signature, lines[len(own):]), removed...)
}

// legal gives where the paragraphs begin that end a mail and say whom it is
// for and what else must not be done with it; the length where there are none.
func legal(lines []string) int {
	for end := trimmed(lines, len(lines)); ; {
		from := paragraph(lines, end)
		text := strings.Join(lines[from:end], " ")
		if !remains(lines[:from]) || !(thisMail.MatchString(text) && secret.MatchString(text)) {
			return end
		}
		end = trimmed(lines, from)
	}
}

var (
	thisMail = phrases(`\b(this|the|diese|dieses?|ce|cet|cette|este|esta|quest[oa]|dit|deze|esta)\s+(\w+\s+)?(e-?mail|message|transmission|communication|nachricht|mail|courriel|mensaje|correo|messaggio|bericht|mensagem)\b`)
	secret   = phrases(`\b(is|are|be|contain\w*|considered)\b.{0,80}\b(confidential|privileged|legally protected)|intended (solely |only )?for the (\w+ ){0,3}(recipient|addressee|individual|person|use)|intended recipient|vertrauliche?|rechtlich geschützt|confidentiel|destinataire|confidencial|destinatari[oa]|riservat[eoi]|vertrouwelijk|geadresseerde`)
)

// signature tells the signature from what is appended below it.
func signature(lines []string) []Removed {
	for i, l := range lines {
		if disclaims.MatchString(l) {
			from := paragraph(lines, i)
			return append(part(Signature, lines[:from]), part(Disclaimer, lines[from:])...)
		}
	}
	return part(Signature, lines)
}

// cutsSignature reports whether the first of the lines begins a signature. The
// delimiter proper, "-- " (RFC 3676, 4.3), always does. Without the space it
// may as well be a dash between two thoughts: then no sentence may follow.
func cutsSignature(lines []string) bool {
	l := strings.TrimSpace(lines[0])
	if l == "" {
		return false
	}
	switch {
	case l == "--":
		delimiter := len(lines[0]) > len(strings.TrimRight(lines[0], " \t"))
		if rest := squeeze(lines[1:]); !delimiter && !strings.Contains(rest, "\n") && likeName(strings.TrimLeft(rest, "/")) {
			return false // a sign-off with a dash
		}
		return delimiter || !slices.ContainsFunc(lines[1:], prose)
	case isRule(l):
		below := squeeze(lines[1:])
		n := strings.Count(below, "\n")
		return below == "" || n < 15 && disclaims.MatchString(below) || n < 4 && link.MatchString(below)
	}
	return len(lines) <= 8 && len(l) < 120 && device.MatchString(l)
}

// letter cuts the signature of a letter: a closing phrase and a name that is
// set off by an empty line, where the hand would sign, or has a number to call
// below it. Only a mail that quotes nothing
// and bears no other signature is one: what stands below an answer in passing,
// "Thanks," and the name at once, belongs to what is said.
func letter(lines []string) ([]string, []Removed) {
	end := trimmed(lines, len(lines))
	for name := end - 1; name > 1 && name >= end-4 && !prose(lines[name]); name-- {
		closing := trimmed(lines, name)
		if !likeName(lines[name]) || strings.HasPrefix(lines[name], "-") || closing < 2 || !closes(lines[closing-1]) || !remains(lines[:closing-1]) {
			continue
		}
		if closing < name || slices.ContainsFunc(lines[name:end], func(l string) bool { return contact.MatchString(l) || extension.MatchString(l) }) {
			return lines[:closing-1], part(Signature, lines[closing-1:])
		}
	}
	return lines, nil
}

// extension is the last of a telephone number, for those in the same house.
var extension = lazily(`(?i)^\W*(x|ext\.?)[ .-]?\d[\d-]{2,}`)

// isRule knows a line of nothing but dashes or the like.
func isRule(line string) bool {
	r, width := utf8.DecodeRuneInString(line)
	if !strings.ContainsRune("_-=*~—", r) || strings.Trim(line, line[:width]) != "" {
		return false
	}
	return len(line) >= 5*width || r == '—' && len(line) >= 3*width
}

// prose tells a line of a sentence from one of a signature.
func prose(line string) bool {
	line = strings.TrimSpace(line)
	return len(line) > 70 || sentence.MatchString(line) && !firm.MatchString(line)
}

// withoutContacts cuts a last paragraph that holds only short lines without
// sentences, one of them a telephone number, an address or a link; and the
// name with its title that stands above it.
func withoutContacts(lines []string) []string {
	end := trimmed(lines, len(lines))
	start := paragraph(lines, end)
	for i := start; i < end; i++ { // nor need an empty line stand above it
		if prose(lines[i]) && i+1 < end && likeName(lines[i+1]) {
			start = i + 1
		}
	}
	body := lines[start:end]
	switch {
	case len(body) < 2 || len(body) > 10 || !remains(lines[:start]),
		slices.ContainsFunc(body, prose), !slices.ContainsFunc(body, contact.MatchString),
		greeting.MatchString(strings.TrimSpace(body[0])): // "Regards," and the name are the writer's
		return lines[:end]
	}
	for range 2 { // the name, perhaps the firm
		above := trimmed(lines, start)
		top := paragraph(lines, above)
		block := lines[top:above]
		if len(block) < 2 || len(block) > 4 || !remains(lines[:top]) || slices.ContainsFunc(block, prose) || greeting.MatchString(strings.TrimSpace(block[0])) {
			break
		}
		start = top
	}
	return lines[:start]
}

// trimmed gives the end of lines[:end] without the empty ones that end it.
func trimmed(lines []string, end int) int {
	for end > 0 && strings.TrimSpace(lines[end-1]) == "" {
		end--
	}
	return end
}

// paragraph gives the start of the paragraph that ends at end.
func paragraph(lines []string, end int) int {
	for end > 0 && strings.TrimSpace(lines[end-1]) != "" {
		end--
	}
	return end
}

// squeeze keeps one empty line where quoted lines left several.
func squeeze(lines []string) string {
	var b strings.Builder
	blank := 0
	for _, l := range lines {
		if strings.TrimSpace(l) == "" {
			blank++
			continue
		}
		if b.Len() > 0 {
			b.WriteString(strings.Repeat("\n", 1+min(blank, 1)))
		}
		blank = 0
		b.WriteString(strings.TrimRight(l, " \t"))
	}
	return strings.TrimSpace(b.String())
}
