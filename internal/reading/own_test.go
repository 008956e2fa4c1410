package reading

import (
	"slices"
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
		{"a quoted line broken by its length", "On 21 Nov 2026, Given wrote:\n> I would like to know whether you have the jacket in size forty-two,\nsince my brother needs\n> one.\nYes.", "Yes."},
		{"a quoted line broken, then an answer", "> I would like to know whether you have the jacket in size forty-two, since\nmy brother needs one.\n\nYes.", "Yes."},
		{"an answer below a long question", "> Do you have the jacket, the one with the blue buttons, in size forty-two?\nYes, we do.\n> And in red?\nNo.", "Yes, we do.\nNo."},
		{"an attribution that slipped", "Yes.\n\nOn Thu, 21 Nov 2026 at 9:00, Given <p@probe.example\n> wrote:\n>\n> Do you?", "Yes."},
		{"an attribution without a colon", "Yes.\n\nOn Wed, 14 Nov 2026 08:14:43 Given <p@probe.example> wrote\n\nDo you?", "Yes."},
		{"a name alone as attribution", "Yes.\n\nGiven Family wrote\n> Do you?", "Yes."},
		{"marked by a mailbox file", "Hello,\n\n>From where do you write?\n\nAnna", "Hello,\n\nFrom where do you write?\n\nAnna"},
		{"a dash between two thoughts", "Yes.\n--\nOn another matter, the red one is gone.", "Yes.\n--\nOn another matter, the red one is gone."},
		{"a bare delimiter", "Yes.\n--\nAnna Miller\nThe Shop", "Yes."},
		{"a delimiter and prose", "Yes.\n-- \nThis mail is confidential, and meant for you alone.", "Yes."},
		{"name and title above the contacts", "Yes.\n\nAnna Miller\nHead of Care\n\nTel. 030 1234567\nwww.shop.example", "Yes."},
		{"a pasted head with its time above", "Yes.\n\nGiven Family@OAK\n01/24/2026 02:38 PM\nTo: desk@shop.example\ncc:\n\nSubject: Question\n\nDo you?", "Yes."},
		{"prose with a number ends the mail", "Yes.\n\nIf you have any questions please call\nthe shop in town: 030 1234567.", "Yes.\n\nIf you have any questions please call\nthe shop in town: 030 1234567."},
		{"a letter's signature", "Dear Given,\n\nyes.\n\nKind regards,\n\nAnna Miller", "Dear Given,\n\nyes."},
		{"a letter signed with a number", "Yes, in 42.\n\nThanks,\nAnna Miller\nx3-6259", "Yes, in 42."},
		{"a sign-off in an answer", "Yes.\n\nKind regards,\n\nAnna Miller\n\n> Do you?", "Yes.\n\nKind regards,\n\nAnna Miller"},
		{"a dash and a name", "Yes.\n\n--\nAnna Miller\n\n> Do you?", "Yes.\n\n--\nAnna Miller"},
		{"contacts at once below a sentence", "Call me if there is anything else to know\nAnna Miller\n(403) 555-6721", "Call me if there is anything else to know"},
		{"quoted with colons", "Yes.\n\n: Do you have it\n: in size 42,\n: please?\n\nIn blue.", "Yes.\n\nIn blue."},
		{"a list's footer below a quotation", "Yes.\n\n> Do you?\n\n--\nRead this on the web: shop.example/list\nSent from the mailing list of the shop.", "Yes."},
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

// What is removed is kept, in order and with its kind.
func TestDivide(t *testing.T) {
	type parts = []Removed
	for _, c := range []struct {
		name, text, own string
		removed         parts
	}{
		{"nothing", "Yes.", "Yes.", nil},
		{"between and below", "> Do you?\nYes.\n> In red?\nNo.\n-- \nAnna", "Yes.\nNo.", parts{{Quote, "> Do you?"}, {Quote, "> In red?"}, {Signature, "-- \nAnna"}}},
		{"with its attribution", "Yes.\n\nOn 21 Nov 2026, Given wrote:\n> Do you?", "Yes.", parts{{Quote, "On 21 Nov 2026, Given wrote:\n> Do you?"}}},
		{"passed on", "See below.\n\n---------- Forwarded message ----------\nFrom: Given\nDo you?", "See below.", parts{{Forward, "---------- Forwarded message ----------\nFrom: Given\nDo you?"}}},
		{"passed on without a word", "From: Given\nSent: Saturday\nTo: desk\nSubject: Question\n\nDo you?", "", parts{{Forward, "From: Given\nSent: Saturday\nTo: desk\nSubject: Question\n\nDo you?"}}},
		{"answered below its head", "Yes.\n\nVon: Given\nGesendet: Samstag\nAn: Laden\nBetreff: Frage\n\nHaben Sie?", "Yes.", parts{{Quote, "Von: Given\nGesendet: Samstag\nAn: Laden\nBetreff: Frage\n\nHaben Sie?"}}},
		{"signature and disclaimer", "Ja.\n-- \nAnna\n\nDiese Nachricht ist vertraulich.", "Ja.", parts{{Signature, "-- \nAnna"}, {Disclaimer, "Diese Nachricht ist vertraulich."}}},
		{"a ruled disclaimer", "Oui.\n\n_____________\nCe message est confidentiel.", "Oui.", parts{{Disclaimer, "_____________\nCe message est confidentiel."}}},
		{"a disclaimer without a rule", "Yes.\n\nThis message is confidential and meant for you alone.\nThe intended recipient may read it.", "Yes.", parts{{Disclaimer, "This message is confidential and meant for you alone.\nThe intended recipient may read it."}}},
		{"contacts", "Yes, we do.\n\nThe Shop Ltd\nTel. 030 1234567", "Yes, we do.", parts{{Signature, "The Shop Ltd\nTel. 030 1234567"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			own, removed := Divide(c.text)
			if own != c.own || !slices.Equal(removed, c.removed) {
				t.Errorf("own %q, removed %q", own, removed)
			}
		})
	}
}

func FuzzOwnWords(f *testing.F) {
	f.Add("Yes.\n\nOn 21 Nov 2026, Given wrote:\n> Do you?\n\n-- \nAnna")
	f.Add("From: a\nTo: b\nSubject: c\n\nd")
	f.Add("Thanks,\n\nAnna Miller\nx3-6259")
	f.Add(": a\n: b\n: c\n>From x\n_____\nunsubscribe")
	f.Fuzz(func(t *testing.T, text string) {
		own, removed := Divide(text)
		if len(own) > len(text) {
			t.Errorf("%d bytes of own words in %d", len(own), len(text))
		}
		for _, r := range removed {
			if r.Kind == "" || strings.TrimSpace(r.Text) == "" {
				t.Errorf("an empty part: %q", r)
			}
		}
		said, closing := Closing(own)
		if len(said)+len(closing) > len(own) {
			t.Errorf("%q is longer than %q", said+closing, own)
		}
		Signatory(text, "shop")
	})
}
