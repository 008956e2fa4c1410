package reading

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	// attribution is the line by which mail programs introduce what they quote.
	attribution = regexp.MustCompile(`(?i)^\W*((on\b.{4,200}\bwrote|am\b.{4,200}\bschrieb\b.{0,120}|.{3,120}\b(wrote|schrieb|writes|said)|le\b.{4,200}\ba écrit|el\b.{4,200}\bescribió|il\b.{4,200}\bha scritto|op\b.{4,200}\bschreef\b.{0,120}|em\b.{4,200}\bescreveu|den\b.{4,200}\bskrev\b.{0,120}|w dniu\b.{4,200}\bnapisał\(?a?\)?.{0,60}|.{4,160}<\S+@\S+>.{0,20})\s*:)\s*$`)
	dated       = regexp.MustCompile(`\d|@|<`)
	original    = regexp.MustCompile(`(?i)^[\s>]*[-_=*]{2,}\s*(original(e|al)? ?(message|nachricht|mail)|ursprüngliche (nachricht|mail)|message d'origine|mensaje original|messaggio originale|oorspronkelijk bericht|mensagem original|oprindelig (besked|meddelelse)|ursprungligt meddelande|opprinnelig melding|forwarded( message)?( by.*)?|weitergeleitete nachricht|forwarded by .*|reply (message|above).*)\s*[-_=*]*\s*$|^\s*begin forwarded message:|^[-_=*# ]*(please )?(reply|write|type|bitte antworten).{0,20}(above|oberhalb|over) (this|dieser) (line|zeile).*$`)
	headLine    = regexp.MustCompile(`(?i)^[\s>*]*(from|sent|to|cc|subject|date|von|gesendet|an|betreff|datum|de|envoyé|à|objet|enviado( el)?|para|asunto|da|inviato|a|oggetto|van|verzonden|aan|onderwerp)\s*\*?\s*:\*?\s*\S`)
	headStart   = regexp.MustCompile(`(?i)^[\s*]*(from|von|de|da|van)\s*\*?\s*:`)
	headTo      = regexp.MustCompile(`(?i)^[\s*]*(to|an|à|para|a|aan)\s*\*?\s*:\s*\S`)
	headSubject = regexp.MustCompile(`(?i)^[\s*]*(subject|betreff|objet|asunto|oggetto|onderwerp)\s*\*?\s*:`)
	sentence    = regexp.MustCompile(`[?!:]$|[a-zß-ÿ]{3,}\.$|,$|(\b[a-zß-ÿ]+\s+){4}`)
	contact     = regexp.MustCompile(`(?i)\+?\(?\d{2,5}\)?[ ./-]{1,3}\d{2,5}([ ./-]?\d{2,5})+|\S+@\S+\.\S+|\bhttps?://|\bwww\.|^(tel|fax|phone|mobile|mobil|cell|telefon)\b`)
	greeting    = regexp.MustCompile(`(?i)^(thanks|thank you|regards|(best|kind|warm) |cheers|sincerely|yours|mit |viele |liebe |beste |gruß|grüße|cordialement|saludos)`)
	device      = regexp.MustCompile(`(?i)^\s*(sent|get outlook|gesendet|envoyé|enviado|inviato|verzonden)\b.{0,20}\b(from|for|von|mit|depuis|de mon|desde|da|vanaf)\b.{0,40}?(<\S+>)?$`)
	listFooter  = regexp.MustCompile(`(?i)unsubscribe|mailing list|mailing-list|listinfo|confidential|vertraulich|do you yahoo|free email|sponsored by|sf\.net`)
)

// OwnWords gives what the writer of a text wrote: without quoted mails, the
// lines that introduce them, the signature and what lists append. Answers
// between quoted lines are kept; greeting and sign-off are the writer's own,
// and Closing tells the latter apart.
func OwnWords(text string) string { return ownWords(unquoted(text)) }

func ownWords(lines []string) string { return squeeze(unsigned(lines)) }

// unquoted gives the lines of a text that are not another mail's.
func unquoted(text string) (own []string) {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		if separates(line) {
			break
		}
		if headBlock(lines[i:]) {
			own = unstamped(own)
			break
		}
		if n := attributed(lines[i:]); n > 0 {
			if !quotes(lines[i+n:]) && remains(own) { // everything after it is the other mail
				break
			}
			i += n - 1
			continue
		}
		if escaped(lines, i) {
			line = line[1:]
		} else if quoted(line) {
			i += overflow(lines[i:])
			continue
		}
		own = append(own, line)
	}
	return own
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
const maxOverflow = 8

// overflow counts the lines that belong to the quoted line above them, though
// they bear no mark: a mail program broke it when it grew too long. They go on
// where it stopped in mid-sentence, without an empty line between.
func overflow(lines []string) int {
	if len(lines[0]) < 40 || len(lines) < 2 {
		return 0
	}
	stray := len(lines[1]) < 40 && !ends(lines[1]) && !strings.HasSuffix(lines[0], "?") && len(lines[0]) > 60
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
	l := strings.TrimLeft(line, " \t>")
	if l == "" || !strings.ContainsRune("-_=*#bBrRwWtTpP", rune(l[0])) {
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
		if strings.HasSuffix(l, ":") && attribution.MatchString(joined) && dated.MatchString(joined) {
			return n + 1
		}
		if n == 0 && !opensAttribution(l) {
			if len(lines) > 1 && quoted(lines[1]) && namedWriter.MatchString(l) {
				return 1
			}
			return 0
		}
		// The last words may have slipped behind the mark of the quotation.
		if n+1 < len(lines) && quoted(lines[n+1]) && attribution.MatchString(joined+" "+strings.TrimLeft(lines[n+1], "> ")) {
			return n + 1
		}
	}
	return 0
}

// endsWrote is an attribution that forgot its colon.
var endsWrote = regexp.MustCompile(`(?i)^(on|am)\b.{4,200}<\S+@\S+>\s*(wrote|schrieb)$`)

// namedWriter introduces a quotation by no more than a name.
var namedWriter = regexp.MustCompile(`^\p{Lu}.{2,60}\b(wrote|schrieb)$`)

// attributionWords open the attributions of mail programs.
var attributionWords = []string{"on", "am", "le", "el", "il", "op", "em", "den", "w"}

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
	n, subject := 0, false
	for i := 0; i < 10 && i < len(lines); i++ {
		if strings.TrimSpace(lines[i]) == "" {
			if subject || i+1 == len(lines) || !headSubject.MatchString(lines[i+1]) {
				break
			}
			continue
		}
		if headLine.MatchString(lines[i]) {
			n++
		}
		subject = subject || headSubject.MatchString(lines[i])
	}
	return sender && n >= 3 || recipient && n >= 2 && subject
}

var stamp = regexp.MustCompile(`\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4},?\s+\d{1,2}:\d{2}(:\d{2})?\s*([AaPp][Mm])?\s*$`)

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
func unsigned(lines []string) []string {
	for i := 1; i < len(lines); i++ {
		if cutsSignature(lines[i:]) {
			lines = lines[:i]
			break
		}
	}
	return withoutContacts(lines)
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
		return len(lines[0]) > len(strings.TrimRight(lines[0], " \t")) || !slices.ContainsFunc(lines[1:], prose)
	case isRule(l):
		return !remains(lines[1:]) || len(lines) <= 15 && listFooter.MatchString(strings.Join(lines, "\n"))
	}
	return len(lines) <= 8 && len(l) < 120 && device.MatchString(l)
}

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
	return len(line) > 70 || sentence.MatchString(line)
}

// withoutContacts cuts a last paragraph that holds only short lines without
// sentences, one of them a telephone number, an address or a link; and the
// name with its title that stands above it.
func withoutContacts(lines []string) []string {
	end := trimmed(lines, len(lines))
	start := paragraph(lines, end)
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
