package reading

import (
	"strings"
	"testing"
)

func TestOwnWords(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"nothing quoted", "Hello,\n\nyes.\n\nRegards,\nAnna", "Hello,\n\nyes.\n\nRegards,\nAnna"},
		{"above the quotation", "Yes.\n\nOn Sat, Nov 21, 2026 at 9:00 AM Given Family <p@probe.example> wrote:\n> Do you?\n> Please.", "Yes."},
		{"wrapped attribution", "Yes.\n\nOn Sat, Nov 21, 2026 at 9:00 AM Given Family\n<p@probe.example> wrote:\n\n> Do you?", "Yes."},
		{"between quoted lines", "> Do you have it?\nYes.\n> What does it cost?\n30 euros.", "Yes.\n30 euros."},
		{"below the quotation", "On 21 Nov 2026, Given wrote:\n> Do you?\n\nYes.", "Yes."},
		{"German", "Ja.\n\nAm 21.11.2026 um 09:00 schrieb Given Family <p@probe.example>:\n> Haben Sie?", "Ja."},
		{"quoted without marks", "Yes.\n\nOn 21 Nov 2026, Given wrote:\n\nDo you?", "Yes."},
		{"original message", "Yes.\n\n-----Original Message-----\nFrom: Given\nDo you?", "Yes."},
		{"pasted header", "Yes.\n\nFrom: Given Family\nSent: Saturday\nTo: desk\nSubject: Question\n\nDo you?", "Yes."},
		{"German pasted header", "Ja.\n\nVon: Given\nGesendet: Samstag\nAn: Laden\nBetreff: Frage\n\nHaben Sie?", "Ja."},
		{"signature", "Yes.\n\nAnna\n-- \nThe Shop\n+49 30 123456", "Yes.\n\nAnna"},
		{"contact block", "Yes, we do.\n\nRegards,\nAnna\n\nThe Shop Ltd\nTel. 030 1234567\nwww.shop.example", "Yes, we do.\n\nRegards,\nAnna"},
		{"a paragraph with a number stays", "Call us:\n\nThe number is 030 1234567.\nWe are there until six.", "Call us:\n\nThe number is 030 1234567.\nWe are there until six."},
		{"device", "Yes.\n\nSent from my iPhone", "Yes."},
		{"list footer", "Yes.\n\n_______________\nTo unsubscribe go to shop.example", "Yes."},
		{"a colon is no attribution", "On Monday you wrote to us. The answer:\n42", "On Monday you wrote to us. The answer:\n42"},
		{"a greater-than price", "It is > 30 euros.", "It is > 30 euros."},
		{"only quoted", "> a\n> b", ""},
		{"empty", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := OwnWords(c.text); got != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
			if got := OwnWords(strings.ReplaceAll(c.text, "\n", "\r\n")); got != c.want {
				t.Errorf("with CRLF: got %q", got)
			}
		})
	}
}
