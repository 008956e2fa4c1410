package reading

import (
	"fmt"
	netmail "net/mail"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// oddMails are headers that a reader may take in two ways.
var oddMails = [][]byte{
	mail("From: a@b.example", "To: c+k1@d.example", "References: <1@b.example>", " <2@b.example>", "In-Reply-To: <2@b.example>", "", "Yes."),
	mail("Received: from x by y for <c+k1@d.example>; Fri, 20 Nov 2026 10:00:00 +0000", "Received: from x", "\tby y", "\tfor c+k2@d.example", "", ""),
	mail("To: c+k1@d.example", "not indented", "Cc: e@d.example", "", "Yes."),
	mail("To : c+k1@d.example", "Cc: e@d.example", "", "Yes."),
	mail("To: c+k1@d.example", " ", "Cc: e@d.example", "", "Yes."),
	mail(": c+k1@d.example", "To: c+k1@d.example", "", "Yes."),
	mail(" To: c+k1@d.example", "Cc: e@d.example", "", "Yes."),
	mail("To:", " c+k1@d.example,", " e@d.example", "TO: f@d.example", "", ""),
	mail("To:\tc+k1@d.example ", "Content-Type: text/plain", " Cc: e@d.example", "", ""),
	mail("Tö: c+k1@d.example", "T\xf6: c", "To: \xf6@d.example", "", ""),
	mail("To: =?utf-8?q?K=C3=A4the?= <c+k1@d.example>, broken <", "", ""),
	mail("To: c+k1@d.example", "Content-Type: multipart/mixed; boundary=x", "", "--x", "To: e@d.example", "", "Yes.", "--x--"),
	mail("From: Mail Delivery System <mailer-daemon@b.example>", "To: c+k1@d.example", "Content-Type: multipart/report; boundary=x", "", "--x", "Content-Type: message/Delivery-Status", "", "", "Action: failed", "Final-Recipient: rfc822; e@d.example", "--x--"),
	mail("Return-Path: <>", "Subject: Undelivered Mail Returned to Sender", "To: c+k1@d.example", "X-Failed-Recipients: e@d.example", "", "550 no such user", "", "Message-ID: <1@b.example>"),
	[]byte("To: c+k1@d.example\n\r\nCc: e@d.example\n\nYes."),
	[]byte("To: c+k1@d.example\rCc: e@d.example\r\n\r\nYes."),
	[]byte("To: c+k1@d.example"),
	[]byte("\r\nTo: c+k1@d.example\r\n\r\n"),
	[]byte("To:\nContent-@0"),
	[]byte("Hello"),
	nil,
}

func checkKeys(t *testing.T, raw []byte) {
	t.Helper()
	addresses, ids := Keys(raw)
	wantAddresses, wantIDs := Parse(raw).Keys()
	if !slices.Equal(addresses, wantAddresses) || !slices.Equal(ids, wantIDs) {
		t.Errorf("%q\nhas the keys %q %q\nand parsed %q %q", raw, addresses, ids, wantAddresses, wantIDs)
	}
}

// The header alone tells the same keys as the whole mail.
func TestKeysOfOddMails(t *testing.T) {
	for _, raw := range oddMails {
		checkKeys(t, raw)
		checkKeys(t, []byte(strings.ReplaceAll(string(raw), "\r\n", "\n")))
	}
}

func FuzzKeys(f *testing.F) {
	for _, raw := range oddMails {
		f.Add(raw)
	}
	f.Fuzz(checkKeys)
}

// What is found by hand is what these would find, which are clearer and slower.
func FuzzFound(f *testing.F) {
	receivedFor := regexp.MustCompile(`(?i)\sfor\s+<?([^\s<>;]+@[^\s<>;]+)>?`)
	angled := regexp.MustCompile(`<\s*([^<>\s]+)\s*>`)
	status := regexp.MustCompile(`(?i)delivery-status`)
	for _, s := range []string{"by y for <a@b>; for c@d", " for for a@b", " FOR <a@b@>;for d@e", " for @b for a@ for a", "< a > <<b>> <c d> <", "x delivery- DELIVERY-status"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, c := range []struct {
			got []string
			by  *regexp.Regexp
		}{{addressesFor(s), receivedFor}, {inAngles(s), angled}} {
			var want []string
			for _, m := range c.by.FindAllStringSubmatch(s, -1) {
				want = append(want, m[1])
			}
			if !slices.Equal(c.got, want) {
				t.Errorf("%q: %q, and %v finds %q", s, c.got, c.by, want)
			}
		}
		if strings.ContainsAny(s, "ſK") { // what only Unicode folds
			return
		}
		if got := containsFold([]byte(s), "delivery-status"); got != status.MatchString(s) {
			t.Errorf("%q: %v", s, got)
		}
	})
}

// What is read as a plain address is what net/mail reads.
func FuzzPlainAddress(f *testing.F) {
	for _, s := range []string{"a@b.example", "<a@b.example>", "Anna Weber <A.b-c+d_e@B.example>", " a@b\t", "a  b <a@b>", "a.b <a@b>", "a@b@c", "a..b@c", ".a@b", "a@b.", "<<a@b>>", "a b@c", "a <a@b", "<>", "@", "", "a@b, c@d", "Käthe <a@b>", "\"a\" <a@b>", "a<a@b>", "a <a@b> (c)"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, ok := plainAddress(s)
		if !ok {
			return
		}
		want, err := netmail.ParseAddressList(s)
		if err != nil || len(want) != 1 || want[0].Name != a.Name || email(want[0].Address) != a.Email {
			t.Errorf("%q: %+v, and net/mail reads %v, %v", s, a, want, err)
		}
	})
}

func BenchmarkKeys(b *testing.B) {
	raw := []byte("Return-Path: <desk@shop.example>\r\nReceived: from mail.shop.example (mail.shop.example [192.0.2.7])\r\n\tby mx.d.example with ESMTPS id 4XyZ\r\n\tfor <c+k1@d.example>; Fri, 20 Nov 2026 10:00:00 +0000\r\n" +
		"From: Desk <desk@shop.example>\r\nTo: Anna Weber <c+k1@d.example>\r\nSubject: Re: your question\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\nMessage-ID: <m1@shop.example>\r\n" +
		"In-Reply-To: <q1@d.example>\r\nReferences: <q1@d.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + strings.Repeat("The parcel has left our house.\r\n", 100))
	b.SetBytes(int64(len(raw)))
	for i := 0; b.Loop(); i++ {
		if addresses, ids := Keys(raw); len(addresses) != 1 || len(ids) != 1 {
			b.Fatal(fmt.Sprint(addresses, ids))
		}
	}
}
