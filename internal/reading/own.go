package reading

import (
	"regexp"
	"strings"
)

var (
	// attribution is the line by which mail programs introduce what they quote.
	attribution = regexp.MustCompile(`(?i)^\W*((on\b.{4,200}\bwrote|am\b.{4,200}\bschrieb\b.{0,120}|.{3,120}\b(wrote|schrieb|writes|said)|le\b.{4,200}\ba écrit|el\b.{4,200}\bescribió|il\b.{4,200}\bha scritto|op\b.{4,200}\bschreef\b.{0,120}|em\b.{4,200}\bescreveu|den\b.{4,200}\bskrev\b.{0,120}|w dniu\b.{4,200}\bnapisał\(?a?\)?.{0,60}|.{4,160}<\S+@\S+>.{0,20})\s*:)\s*$`)
	dated       = regexp.MustCompile(`\d|@|<`)
	original    = regexp.MustCompile(`(?i)^[\s>]*[-_=*]{2,}\s*(original(e|al)? ?(message|nachricht|mail)|ursprüngliche (nachricht|mail)|message d'origine|mensaje original|messaggio originale|oorspronkelijk bericht|forwarded( message)?( by.*)?|weitergeleitete nachricht|forwarded by .*|reply (message|above).*)\s*[-_=*]*\s*$|^\s*begin forwarded message:|^[-_=*# ]*(please )?(reply|write|type|bitte antworten).{0,20}(above|oberhalb|over) (this|dieser) (line|zeile).*$`)
	headLine    = regexp.MustCompile(`(?i)^[\s>*]*(from|sent|to|cc|subject|date|von|gesendet|an|betreff|datum|de|envoyé|à|objet|enviado( el)?|para|asunto|da|inviato|a|oggetto|van|verzonden|aan|onderwerp)\s*\*?\s*:\*?\s*\S`)
	headStart   = regexp.MustCompile(`(?i)^[\s*]*(from|von|de|da|van)\s*\*?\s*:`)
	headTo      = regexp.MustCompile(`(?i)^[\s*]*(to|an|à|para|a|aan)\s*\*?\s*:\s*\S`)
	headSubject = regexp.MustCompile(`(?i)^[\s*]*(subject|betreff|objet|asunto|oggetto|onderwerp)\s*\*?\s*:`)
	sentence    = regexp.MustCompile(`[?!]$|[a-zß-ÿ]{3,}\.$|,$`)
	contact     = regexp.MustCompile(`(?i)\+?\(?\d{2,5}\)?[ ./-]{1,3}\d{2,5}([ ./-]?\d{2,5})+|\S+@\S+\.\S+|\bhttps?://|\bwww\.|^(tel|fax|phone|mobile|mobil|cell|telefon)\b`)
	greeting    = regexp.MustCompile(`(?i)^(thanks|thank you|regards|(best|kind|warm) |cheers|sincerely|yours|mit |viele |liebe |beste |gruß|grüße|cordialement|saludos)`)
	delimiter   = regexp.MustCompile(`^\s*--\s*$`)
	rule        = regexp.MustCompile(`^\s*([_]{5,}|[-]{5,}|[=]{5,}|[*]{5,}|[~]{5,}|[—]{3,})\s*$`)
	device      = regexp.MustCompile(`(?i)^\s*(sent|get outlook|gesendet|envoyé|enviado|inviato|verzonden)\b.{0,20}\b(from|for|von|mit|depuis|de mon|desde|da|vanaf)\b.{0,60}$`)
	quoted      = regexp.MustCompile(`^\s{0,3}>|^\s*[A-Za-z]{1,4}>`)
	listFooter  = regexp.MustCompile(`(?i)unsubscribe|mailing list|mailing-list|listinfo|confidential|vertraulich|do you yahoo|free email|sponsored by|sf\.net`)
)

// OwnWords gives what the writer of a text wrote: without quoted mails, the
// lines that introduce them, the signature and what lists append. Answers
// between quoted lines are kept; greeting and sign-off are the writer's own.
func OwnWords(text string) string { return squeeze(unsigned(unquoted(text))) }

// unquoted gives the lines of a text that are not another mail's.
func unquoted(text string) (own []string) {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		if original.MatchString(line) || headBlock(lines[i:]) {
			break
		}
		if n := attributed(lines[i:]); n > 0 {
			if !quotes(lines[i+n:]) && remains(own) { // everything after it is the other mail
				break
			}
			i += n - 1
			continue
		}
		if quoted.MatchString(line) || overflow(lines, i) {
			continue
		}
		own = append(own, strings.TrimRight(line, " \t"))
	}
	return own
}

// overflow knows the end of a quoted line that was broken when it grew too
// long for its mail program: a few words, stuck between two quoted lines.
func overflow(lines []string, i int) bool {
	return i > 0 && i+1 < len(lines) && len(lines[i]) < 40 && strings.TrimSpace(lines[i]) != "" &&
		len(lines[i-1]) > 60 && quoted.MatchString(lines[i-1]) && quoted.MatchString(lines[i+1])
}

// attributed tells how many lines, wrapped or not, introduce a quotation here.
func attributed(lines []string) int {
	joined := ""
	for n := 0; n < 4 && n < len(lines); n++ {
		l := strings.TrimSpace(lines[n])
		if l == "" || n > 0 && quoted.MatchString(l) {
			return 0
		}
		joined = strings.TrimSpace(joined + " " + l)
		if len(joined) > 400 {
			return 0
		}
		if strings.HasSuffix(l, ":") && attribution.MatchString(joined) && dated.MatchString(joined) {
			return n + 1
		}
		if n == 0 && !opensAttribution.MatchString(l) {
			return 0
		}
	}
	return 0
}

var opensAttribution = regexp.MustCompile(`(?i)^\W*(on|am|le|el|il|op|em|den|w dniu)\b.*(\d|,)|<\S+@\S+>|@|\d{4}`)

// quotes reports whether the next line that says anything is quoted.
func quotes(lines []string) bool {
	for _, l := range lines {
		if strings.TrimSpace(l) != "" {
			return quoted.MatchString(l)
		}
	}
	return false
}

func remains(lines []string) bool { return strings.TrimSpace(strings.Join(lines, "")) != "" }

// headBlock knows a mail header pasted above the quoted mail: at least three
// such lines at once, the first of them the sender or, as some programs have
// it, the recipient.
func headBlock(lines []string) bool {
	sender, recipient := headStart.MatchString(lines[0]), headTo.MatchString(lines[0])
	if !sender && !recipient {
		return false
	}
	n, subject := 0, false
	for i := 0; i < 10 && i < len(lines); i++ {
		if strings.TrimSpace(lines[i]) == "" {
			break
		}
		if headLine.MatchString(lines[i]) {
			n++
		}
		subject = subject || headSubject.MatchString(lines[i])
	}
	return sender && n >= 3 || recipient && n >= 2 && subject
}

// unsigned cuts the signature: at its delimiter, at a mail program's
// self-praise, at the ruled footer of a list near the end, and a block of
// contact data that ends the mail.
func unsigned(lines []string) []string {
	for i, l := range lines {
		rest := lines[i:]
		if i == 0 {
			continue
		}
		if delimiter.MatchString(l) || device.MatchString(l) && len(rest) <= 8 ||
			rule.MatchString(l) && (!remains(rest[1:]) || len(rest) <= 15 && listFooter.MatchString(strings.Join(rest, "\n"))) {
			lines = lines[:i]
			break
		}
	}
	return withoutContacts(lines)
}

// withoutContacts cuts a last paragraph that holds only short lines without
// sentences, one of them a telephone number, an address or a link.
func withoutContacts(lines []string) []string {
	end := len(lines)
	for end > 0 && strings.TrimSpace(lines[end-1]) == "" {
		end--
	}
	start, contacts := end, 0
	for start > 0 && strings.TrimSpace(lines[start-1]) != "" {
		start--
		l := strings.TrimSpace(lines[start])
		if len(l) > 70 || sentence.MatchString(l) {
			return lines[:end]
		}
		if contact.MatchString(l) {
			contacts++
		}
	}
	if n := end - start; contacts == 0 || n < 2 || n > 10 || !remains(lines[:start]) {
		return lines[:end]
	}
	if greeting.MatchString(strings.TrimSpace(lines[start])) { // "Regards," and the name are the writer's
		return lines[:end]
	}
	return lines[:start]
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
		b.WriteString(l)
	}
	return strings.TrimSpace(b.String())
}
