package reading

import (
	"strings"
	"testing"
)

func newsletter(header, body string) []byte {
	return []byte(strings.ReplaceAll("From: Shop <news@shop.example>\nTo: a@b.example\nSubject: News\nMIME-Version: 1.0\n"+header+"\n"+body, "\n", "\r\n"))
}

// How newsletters of mailing services let one go, by their fields and links.
func TestLeavingOf(t *testing.T) {
	const html = "Content-Type: text/html; charset=utf-8\n"
	for _, c := range []struct {
		name, header, body       string
		oneClick, to, page, text string
		field                    bool
	}{
		{"one click and mailto", "List-Unsubscribe: <mailto:leave@shop.example?subject=unsubscribe%20me>,\n <https://shop.example/u/42?k=a>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n", "Hello",
			"https://shop.example/u/42?k=a", "leave@shop.example unsubscribe me ", "https://shop.example/u/42?k=a", "", true},
		{"a field without post is no one click", "List-Unsubscribe: <https://shop.example/u>\n", "Hello", "", "", "https://shop.example/u", "", true},
		{"a folded address", "List-Unsubscribe: <https://shop.example/\n u/7>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n", "Hello", "https://shop.example/u/7", "", "https://shop.example/u/7", "", true},
		{"several recipients are refused", "List-Unsubscribe: <mailto:a@shop.example,b@else.example>\n", "Hello", "", "", "", "", true},
		{"the foot's link wins over the field", html + "List-Unsubscribe: <https://esp.example/h>\n", `<p>Sale <a href="https://shop.example/sale">now</a></p><p><a href="https://esp.example/out?x=1&amp;y=2"><span>Unsubscribe</span></a></p>`,
			"", "", "https://esp.example/out?x=1&y=2", "Unsubscribe", true},
		{"here", html, `<td>If you no longer want these mails, <b><a href="https://esp.example/xyz">click here</a></b>.</td>`, "", "", "https://esp.example/xyz", "click here", false},
		{"plain, own line", "", "Unsere Angebote: https://shop.example/a\n\nNewsletter abbestellen:\nhttps://shop.example/n/9.\n", "", "", "https://shop.example/n/9", "Newsletter abbestellen:", false},
		{"French", html, `<a href="https://shop.example/fin">Se désabonner</a>`, "", "", "https://shop.example/fin", "Se désabonner", false},
		{"Spanish", html, `<a href="https://shop.example/fin">Darse de baja</a>`, "", "", "https://shop.example/fin", "Darse de baja", false},
		{"Italian", html, `<a href="https://shop.example/fin">Annulla l’iscrizione</a>`, "", "", "https://shop.example/fin", "Annulla l’iscrizione", false},
		{"Dutch", html, `<a href="https://shop.example/fin">Uitschrijven</a>`, "", "", "https://shop.example/fin", "Uitschrijven", false},
		{"Polish", html, `<a href="https://shop.example/fin">Wypisz się</a>`, "", "", "https://shop.example/fin", "Wypisz się", false},
		{"Swedish", html, `<a href="https://shop.example/fin">Avregistrera dig</a>`, "", "", "https://shop.example/fin", "Avregistrera dig", false},
		{"Japanese", html, `<a href="https://shop.example/fin">配信停止はこちら</a>`, "", "", "https://shop.example/fin", "配信停止はこちら", false},
		{"preferences where nothing else is", html, `<a href="https://shop.example/p">Manage your preferences</a>`, "", "", "https://shop.example/p", "Manage your preferences", false},
		{"none", html, `<a href="https://shop.example/sale">Sale</a> <a href="javascript:void(0)">unsubscribe</a>`, "", "", "", "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := LeavingOf(newsletter(c.header, c.body))
			to, text := "", ""
			if l.Mail != nil {
				to = l.Mail.To + " " + l.Mail.Subject + " " + l.Mail.Body
			}
			if l.Link != nil {
				text = l.Link.Text
			}
			if l.OneClick != c.oneClick || to != c.to || l.Page != c.page || text != c.text || l.Header != c.field || l.Offered() != (c.oneClick+c.to+c.page != "") {
				t.Errorf("%+v (mail %q, link %q)", l, to, text)
			}
		})
	}
}

func TestConfirmationOf(t *testing.T) {
	for _, c := range []struct{ name, subject, body, want string }{
		{"English", "Please confirm your subscription", `<p>You signed up for our newsletter.</p><a href="https://shop.example/home">Shop</a><a href="https://shop.example/c?t=1">Yes, subscribe me</a><a href="https://shop.example/unsubscribe">It was not me: unsubscribe</a>`, "https://shop.example/c?t=1"},
		{"German", "Bitte bestätigen Sie Ihre Anmeldung", `<p>Newsletter von Wolle</p><a href="https://wolle.example/x">Anmeldung bestätigen</a>`, "https://wolle.example/x"},
		{"by its address", "Confirm your newsletter subscription", `<a href="https://shop.example/l/55"><img src="b.png"></a><a href="https://shop.example/optin/confirm/9">Click here</a>`, "https://shop.example/optin/confirm/9"},
		{"Japanese", "メールマガジン登録のご確認", `<a href="https://shop.example/m">本登録を完了する</a>`, "https://shop.example/m"},
		{"a welcome", "Welcome to our newsletter", `<p>Your subscription is confirmed.</p><a href="https://shop.example/sale">To the sale</a>`, ""},
		{"an order", "Order confirmation", `<p>We confirm your order 44.</p><a href="https://shop.example/o">Order</a>`, ""},
		{"a goodbye", "You are unsubscribed", `<p>You have been unsubscribed from our newsletter. Was it a mistake?</p><a href="https://shop.example/confirm">Subscribe again</a>`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			raw := []byte(strings.ReplaceAll(string(newsletter("Content-Type: text/html; charset=utf-8\n", c.body)), "Subject: News", "Subject: "+c.subject))
			l, ok := ConfirmationOf(raw)
			if l.URL != c.want || ok != (c.want != "") {
				t.Errorf("%+v", l)
			}
		})
	}
}

func TestLeft(t *testing.T) {
	for text, want := range map[string]bool{
		"You have been successfully unsubscribed.":            true,
		"You will no longer receive our mails.":               false,
		"Sie wurden erfolgreich abgemeldet.":                  true,
		"Vous êtes désormais désabonné.":                      true,
		"Te has dado de baja.":                                true,
		"配信を停止しました。":                                          true,
		"Click below to unsubscribe.":                         false,
		"Möchten Sie sich wirklich abmelden?":                 false,
		"Do you want to unsubscribe from all mails? Yes / No": false,
	} {
		if Left(text) != want {
			t.Errorf("%q: %v", text, !want)
		}
		if spared := strings.Contains(text, "no longer"); Spares(text) != spared {
			t.Errorf("%q spares: %v", text, !spared)
		}
	}
}

func FuzzLeaving(f *testing.F) {
	f.Add([]byte("List-Unsubscribe: <https://a.example/>\r\n\r\nhttp://x"))
	f.Add(newsletter("Content-Type: text/html\n", `<a href="https://a.example/u">unsubscribe`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		l := LeavingOf(raw)
		if l.Page != "" && !strings.HasPrefix(strings.ToLower(l.Page), "http") {
			t.Errorf("page %q", l.Page)
		}
		ConfirmationOf(raw)
	})
}
