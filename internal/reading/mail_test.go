package reading

import (
	"slices"
	"strings"
	"testing"
)

// mail joins lines as they come from a server.
func mail(lines ...string) []byte { return []byte(strings.Join(lines, "\r\n") + "\r\n") }

func TestParse(t *testing.T) {
	m := Parse(mail(
		"Return-Path: <anna@shop.example>",
		"Delivered-To: shopper@probe.example",
		"Received: from a by b for <Shopper+ab12@probe.example>; Sun, 22 Nov 2026 10:00:00 +0100",
		`From: =?iso-8859-15?Q?K=F6nig=2C_Anna?= <Anna@Shop.example>`,
		"To: Given Family <shopper+ab12@probe.example>, other@probe.example",
		"Reply-To: desk@shop.example",
		"Subject: =?utf-8?B?UmU6IEdyw7bDn2U=?=",
		"Message-ID: <9@shop.example>",
		"In-Reply-To: <1@probe.example>",
		"References: <0@probe.example>",
		" <1@probe.example>",
		"Date: Sun, 22 Nov 2026 10:00:00 +0100",
		"MIME-Version: 1.0",
		`Content-Type: text/plain; charset="iso-8859-15"`,
		"Content-Transfer-Encoding: quoted-printable",
		"",
		"Sehr geehrter Herr Family,",
		"die Gr=F6=DFe 42 kostet 30 =A4.",
		"",
		"Am 21.11.2026 um 09:00 schrieb Given Family:",
		"> Was kostet 42?",
	))
	if m.From != (Address{"König, Anna", "anna@shop.example"}) || m.ReplyTo != "desk@shop.example" || m.ReturnPath != "anna@shop.example" {
		t.Errorf("sender %+v, %s, %s", m.From, m.ReplyTo, m.ReturnPath)
	}
	if m.Subject != "Re: Größe" || m.MessageID != "9@shop.example" || m.Date.UTC().Hour() != 9 {
		t.Errorf("subject %q, id %q, date %v", m.Subject, m.MessageID, m.Date)
	}
	if want := "Sehr geehrter Herr Family,\ndie Größe 42 kostet 30 €."; m.Own != want {
		t.Errorf("own words %q, want %q", m.Own, want)
	}
	if !strings.Contains(m.Text, "> Was kostet 42?") || len(m.Problems) != 0 {
		t.Errorf("text %q, problems %v", m.Text, m.Problems)
	}
	addresses, ids := m.Keys()
	if want := []string{"shopper@probe.example", "shopper+ab12@probe.example", "other@probe.example"}; !slices.Equal(addresses, want) {
		t.Errorf("addresses %v, want %v", addresses, want)
	}
	if want := []string{"1@probe.example", "0@probe.example"}; !slices.Equal(ids, want) {
		t.Errorf("ids %v, want %v", ids, want)
	}
}

// An address that only the delivering server wrote down is found.
func TestKeysFromReceived(t *testing.T) {
	addresses, _ := Keys(mail("From: a@shop.example", "To: undisclosed-recipients:;",
		"Received: from x (x [192.0.2.1])", "\tby y with ESMTPS", "\tfor <p7@probe.example>; Sun, 22 Nov 2026 10:00:00 +0000", "", "Hello"))
	if !slices.Equal(addresses, []string{"p7@probe.example"}) {
		t.Errorf("addresses %v", addresses)
	}
}

func TestHTMLOnly(t *testing.T) {
	m := Parse(mail("From: a@shop.example", "To: p@probe.example", "Content-Type: text/html; charset=utf-8", "",
		`<html><head><style>p{color:red}</style></head><body><div>Yes, we have it in 42.</div><script>x()</script>`,
		`<div class="gmail_quote"><div class="gmail_attr">On Sat wrote:</div><blockquote type="cite">Do you have it?</blockquote></div></body></html>`))
	if m.Own != "Yes, we have it in 42." {
		t.Errorf("own words %q", m.Own)
	}
	if !strings.Contains(m.Text, "Do you have it?") || strings.Contains(m.Text, "color") || strings.Contains(m.Text, "x()") {
		t.Errorf("text %q", m.Text)
	}
}

// What some programs put after the separator is all the other mail's.
func TestHTMLSeparator(t *testing.T) {
	m := Parse(mail("From: a@shop.example", "Content-Type: text/html", "",
		`<p>Yes.</p><div id="appendonsend"></div><hr><div>From: me</div><p>Do you?</p>`))
	if m.Own != "Yes." {
		t.Errorf("own words %q", m.Own)
	}
}

// What declares no charset is UTF-8 where it can be, else Windows-1252.
func TestUndeclaredCharset(t *testing.T) {
	for _, body := range []string{"Größe", "Gr\xf6\xdfe"} {
		for _, ctype := range []string{"text/plain", "text/plain; charset=us-ascii", "text/html"} {
			if m := Parse(mail("From: a@shop.example", "Content-Type: "+ctype, "", body)); m.Text != "Größe" {
				t.Errorf("%s, %q: %q", ctype, body, m.Text)
			}
		}
	}
}

func TestAlternativesAreReadOnce(t *testing.T) {
	m := Parse(mail("From: a@shop.example", `Content-Type: multipart/mixed; boundary="x"`, "",
		"--x", `Content-Type: multipart/alternative; boundary="y"`, "",
		"--y", "Content-Type: text/plain", "", "plain", "--y", "Content-Type: text/html", "", "<p>rich</p>", "--y--",
		"--x", "Content-Type: text/plain; name=terms.txt", "Content-Disposition: attachment; filename=terms.txt", "", "terms", "--x--"))
	if m.Text != "plain" {
		t.Errorf("text %q", m.Text)
	}
}

// Broken mails are read as far as they go, and the break is told.
func TestBroken(t *testing.T) {
	for name, raw := range map[string][]byte{
		"empty":             nil,
		"no header":         []byte("hello there\n\nyou"),
		"binary":            {0, 255, 254, 1, '\n', 0xc3},
		"boundary missing":  mail("From: a@b.example", "Content-Type: multipart/mixed", "", "text"),
		"never closed":      mail("From: a@b.example", "Content-Type: multipart/mixed; boundary=x", "", "--x", "Content-Type: text/plain", "", "text"),
		"bad base64":        mail("From: a@b.example", "Content-Type: text/plain", "Content-Transfer-Encoding: base64", "", "!!!!"),
		"unknown charset":   mail("From: a@b.example", "Content-Type: text/plain; charset=klingon", "", "text"),
		"unknown date":      mail("From: a@b.example", "Date: yesterday", "", "text"),
		"no sender":         mail("To: a@b.example", "", "text"),
		"nested 200 deep":   nested(200),
		"a million parts":   append(mail("From: a@b.example", "Content-Type: multipart/mixed; boundary=x", ""), []byte(strings.Repeat("--x\n\n", 1_000_000))...),
		"deeply tagged":     mail("From: a@b.example", "Content-Type: text/html", "", strings.Repeat("<b>", 5000)+"text"),
		"text without end":  mail("From: a@b.example", "", strings.Repeat("word ", 500_000)),
		"header only":       mail("From: a@b.example", "To: b@b.example"),
		"quoted, no answer": mail("From: a@b.example", "", "> a", "> b"),
	} {
		t.Run(name, func(t *testing.T) {
			m := Parse(raw)
			if class, rule := Classify(m); class == "" || rule == "" {
				t.Error("no class")
			}
			m.Keys()
			if len(m.Text) > maxText {
				t.Errorf("%d bytes of text", len(m.Text))
			}
			if slices.Contains([]string{"empty", "no header", "unknown date", "no sender", "nested 200 deep", "a million parts", "text without end"}, name) && len(m.Problems) == 0 {
				t.Error("no problem told")
			}
			if slices.Contains([]string{"boundary missing", "never closed", "unknown charset", "unknown date", "no sender", "deeply tagged"}, name) && !strings.Contains(m.Text, "text") {
				t.Errorf("text lost: %q, problems %v", m.Text, m.Problems)
			}
		})
	}
}

func nested(depth int) []byte {
	var b strings.Builder
	b.WriteString("From: a@b.example\r\n")
	for i := range depth {
		name := strings.Repeat("x", i+1)
		b.WriteString("Content-Type: multipart/mixed; boundary=" + name + "\r\n\r\n--" + name + "\r\n")
	}
	return []byte(b.String())
}

// An encoded word stands even where the standard forbids it.
func TestEncodedAutoSubmitted(t *testing.T) {
	m := Parse(mail("From: a@b.example", "Auto-Submitted: =?utf-8?Q?auto-replied?=", "", "text"))
	if class, _ := Classify(m); class != Acknowledgement {
		t.Errorf("class %s", class)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(mail("From: a@b.example", "Content-Type: multipart/report; boundary=x; report-type=delivery-status", "", "--x", "Content-Type: message/delivery-status", "", "", "Action: failed", "Status: 5.1.1", "--x--"))
	f.Add(mail("From: =?utf-8?q?a?= <a@b.example>", "Content-Type: text/html", "", "<blockquote type=cite>a<div id=appendonsend>"))
	f.Add([]byte(" : \n\nOn 1 wrote:\n> "))
	f.Add(nested(5))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m := Parse(raw)
		m.Keys()
		Keys(raw)
		if class, rule := Classify(m); class == "" || rule == "" {
			t.Error("no class")
		}
	})
}
