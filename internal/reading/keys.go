package reading

import (
	"bytes"
	"net/textproto"
	"strings"
)

// telling are the fields that Keys needs: what names a probe, and what shows
// that a mail may be a delivery report.
var telling = map[string]bool{
	"From": true, "Return-Path": true, "Subject": true, "X-Failed-Recipients": true,
	"Delivered-To": true, "X-Original-To": true, "Envelope-To": true, "X-Envelope-To": true, "Original-Recipient": true,
	"To": true, "Cc": true, "Resent-To": true, "Apparently-To": true, "Received": true,
	"In-Reply-To": true, "References": true,
}

// Keys gives the keys of a raw mail, those of Parse(raw).Keys(). Most mails are
// no report, and tell all of theirs in the header: the rest is not read then.
func Keys(raw []byte) (addresses, messageIDs []string) {
	if header, plain := tellingFields(raw); plain {
		m := Mail{Header: textproto.MIMEHeader{}}
		if m.head(header); !m.mayReport(raw) {
			return m.Keys()
		}
	}
	return Parse(raw).Keys()
}

// longestPlain bounds the headers that tellingFields reads, in bytes: those of
// ordinary mails are shorter.
const longestPlain = 16 << 10

// tellingFields reads the telling fields of a header that is as it should be:
// "Name: value" lines with folding, and an empty line at the end. One that needs
// more judgement is not plain, and left to the parser.
func tellingFields(raw []byte) (header textproto.MIMEHeader, plain bool) {
	header = make(textproto.MIMEHeader, 8)
	var key string // of the field in hand; empty when nobody asks for it
	begun := false
	for at := 0; at < longestPlain; {
		end := bytes.IndexByte(raw[at:], '\n')
		if end < 0 {
			return nil, false
		}
		line := raw[at : at+end]
		at += end + 1
		if n := len(line); n > 0 && line[n-1] == '\r' {
			line = line[:n-1]
		}
		if len(line) == 0 {
			return header, begun
		}
		if bytes.IndexByte(line, '\r') >= 0 {
			return nil, false
		}
		if line[0] == ' ' || line[0] == '\t' {
			more := bytes.Trim(line, " \t")
			if !begun || len(more) == 0 {
				return nil, false
			}
			if key != "" {
				values := header[key]
				last := &values[len(values)-1]
				*last = strings.TrimLeft(*last+" "+string(more), " \t")
			}
			continue
		}
		name, value, found := bytes.Cut(line, []byte(":"))
		if !found {
			return nil, false
		}
		if key, plain = fieldName(name); !plain {
			return nil, false
		}
		begun = true
		if key != "" {
			header[key] = append(header[key], string(bytes.Trim(value, " \t")))
		}
	}
	return nil, false
}

// fieldName gives the canonical name of a telling field, "" for another; it is
// not plain where it holds anything but letters, digits and "-".
func fieldName(name []byte) (key string, plain bool) {
	var canonical [64]byte
	if len(name) == 0 || len(name) > len(canonical) || !isLetter(name[0]) {
		return "", false
	}
	upper := true
	for i, c := range name {
		switch {
		case isLetter(c) && upper:
			c &^= 0x20
		case isLetter(c):
			c |= 0x20
		case c != '-' && (c < '0' || c > '9'):
			return "", false
		}
		canonical[i], upper = c, c == '-'
	}
	if !telling[string(canonical[:len(name)])] {
		return "", true
	}
	return string(canonical[:len(name)]), true
}

func isLetter(c byte) bool { c |= 0x20; return 'a' <= c && c <= 'z' }

// plainAddress reads an address field as most are: one address, alone or in
// angle brackets after a name of plain words. It finds what net/mail does, and
// leaves every other field to that.
func plainAddress(field string) (a Address, ok bool) {
	address := strings.Trim(field, " \t")
	if n := len(address) - 1; n > 0 && address[n] == '>' {
		open := strings.IndexByte(address, '<')
		if open < 0 {
			return a, false
		}
		if open > 0 {
			if a.Name = strings.TrimRight(address[:open], " "); !plainWords(a.Name) {
				return a, false
			}
		}
		address = address[open+1 : n]
	}
	local, domain, _ := strings.Cut(address, "@")
	if !plainAtoms(local) || !plainAtoms(domain) {
		return a, false
	}
	a.Email = email(address)
	return a, true
}

// plainWords tells whether a text is letters and digits with single blanks
// between them.
func plainWords(s string) bool {
	blank := true
	for i := range len(s) {
		switch {
		case isLetter(s[i]) || '0' <= s[i] && s[i] <= '9':
			blank = false
		case s[i] == ' ' && !blank:
			blank = true
		default:
			return false
		}
	}
	return !blank
}

// plainAtoms tells whether a text is letters, digits and the signs of ordinary
// addresses with single dots between them.
func plainAtoms(s string) bool {
	dot := true
	for i := range len(s) {
		switch c := s[i]; {
		case isLetter(c) || '0' <= c && c <= '9' || c == '-' || c == '_' || c == '+':
			dot = false
		case c == '.' && !dot:
			dot = true
		default:
			return false
		}
	}
	return !dot
}

// addressesFor gives what stands after each "for" of a Received field, where it
// has the form of an address.
func addressesFor(received string) (found []string) {
	for at := 0; at+4 < len(received); at++ {
		if !isBlank(received[at]) || !strings.EqualFold(received[at+1:at+4], "for") || !isBlank(received[at+4]) {
			continue
		}
		rest := strings.TrimPrefix(strings.TrimLeft(received[at+4:], blanks), "<")
		run := rest
		if end := strings.IndexAny(rest, blanks+"<>;"); end >= 0 {
			run = rest[:end]
		}
		if len(run) > 2 && strings.Contains(run[1:len(run)-1], "@") {
			found = append(found, run)
			at = len(received) - len(rest) + len(run) - 1
		}
	}
	return found
}

const blanks = " \t\n\f\r"

func isBlank(c byte) bool { return strings.IndexByte(blanks, c) >= 0 }

// inAngles gives what stands in angle brackets, without blanks around it.
func inAngles(field string) (found []string) {
	for {
		open := strings.IndexByte(field, '<')
		if open < 0 {
			return found
		}
		field = field[open+1:]
		inner := strings.TrimLeft(field, blanks)
		end := strings.IndexAny(inner, blanks+"<>")
		if end <= 0 {
			continue
		}
		if rest := strings.TrimLeft(inner[end:], blanks); strings.HasPrefix(rest, ">") {
			found = append(found, inner[:end])
			field = rest[1:]
		}
	}
}

// containsFold tells whether text holds a word in any case; the word, lower-case
// ASCII, has a "-" in it.
func containsFold(text []byte, word string) bool {
	dash := strings.IndexByte(word, '-')
	for at := dash; at < len(text); at++ {
		next := bytes.IndexByte(text[at:], '-')
		if next < 0 {
			return false
		}
		at += next
		if from := at - dash; from+len(word) <= len(text) && bytes.EqualFold(text[from:from+len(word)], []byte(word)) {
			return true
		}
	}
	return false
}
