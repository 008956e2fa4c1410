package highstreet

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"net/mail"
	"strings"
	"sync"
	"time"

	text "text/template"

	gomail "github.com/wneessen/go-mail"
)

//go:embed lists
var listFiles embed.FS

// A mailing is what a shop's newsletter does. The letters are in lists/.
type mailing struct {
	asks   bool            // the sign-up has to be confirmed (double opt-in)
	issues []time.Duration // when it writes, from the sign-up on, or the confirmation
	field  bool            // its issues have the fields of RFC 2369 and RFC 8058
	out    string          // what its link leads to: "button" or "login"
	deaf   bool            // it takes the unsubscribing, and goes on
}

const aDay = 24 * time.Hour

// mailings are those of the street, by site. A shop without one puts addresses
// on a list and never writes.
var mailings = map[string]mailing{
	"kettle-and-leaf": {asks: true, issues: []time.Duration{time.Minute, 3 * aDay, 10 * aDay, 17 * aDay}, field: true, out: "button"},
	"brass-and-sons":  {issues: []time.Duration{10 * time.Minute, 2 * aDay, 4 * aDay, 9 * aDay, 16 * aDay, 20 * aDay, 21 * aDay}, out: "button", deaf: true},
	"nordwolle":       {issues: []time.Duration{5 * time.Minute, 3 * aDay, 8 * aDay}, out: "login"},
}

// asksAfter is how soon a list asks for a sign-up to be confirmed.
const asksAfter = 40 * time.Second

// A list is who reads a shop's newsletter.
type list struct {
	mailing
	office *office
	desk   *desk
	base   func() string // of the shop's pages, with a slash at its end
	words  listWords

	mu      sync.Mutex
	members map[string]*member // by token
}

type member struct {
	address         string
	confirmed, left bool
	posts           int // that unsubscribed at the one-click address
}

// listWords are what the list's pages say.
type listWords struct{ Title, Ask, Leave, Left, Confirmed, Login, Password, In string }

var (
	listEnglish = listWords{"Newsletter", "Do you want to leave our newsletter?", "Unsubscribe", "You have been unsubscribed.", "Thank you. Your subscription is confirmed.", "Log in to manage your newsletter", "Password", "Log in"}
	listGerman  = listWords{"Wollpost", "Möchten Sie den Newsletter abbestellen?", "Newsletter abbestellen", "Sie wurden vom Newsletter abgemeldet.", "Danke. Ihre Anmeldung ist bestätigt.", "Bitte melden Sie sich an, um Ihren Newsletter zu verwalten", "Passwort", "Anmelden"}
)

var listPage = template.Must(template.New("list").Parse(`<!doctype html>
<html lang="{{.Lang}}"><head><meta charset="utf-8"><title>{{.Words.Title}}</title></head>
<body><main><h1>{{.Words.Title}}</h1>
{{if eq .View "ask"}}<p>{{.Words.Ask}}</p><form method="post"><button type="submit">{{.Words.Leave}}</button></form>
{{else if eq .View "left"}}<p>{{.Words.Left}}</p>
{{else if eq .View "confirmed"}}<p>{{.Words.Confirmed}}</p>
{{else if eq .View "login"}}<p>{{.Words.Login}}</p><form method="post" action="/"><label>E-Mail <input type="email" name="email"></label> <label>{{.Words.Password}} <input type="password" name="password"></label> <button type="submit">{{.Words.In}}</button></form>
{{end}}</main></body></html>
`))

// join puts an address on the list, or asks whether it may.
func (l *list) join(address string) {
	token := strings.ToLower(tag(l.desk.site, "list", address))
	l.mu.Lock()
	m, known := l.members[token]
	if !known {
		m = &member{address: address, confirmed: !l.asks}
		l.members[token] = m
	}
	l.mu.Unlock()
	now := l.office.time.Now()
	switch {
	case known:
	case l.asks:
		l.post("confirm", token, m, 0, now.Add(asksAfter))
	default:
		l.send(token, m, now)
	}
}

// send schedules the issues that a reader gets from an instant on.
func (l *list) send(token string, m *member, from time.Time) {
	for n, after := range l.issues {
		l.post("issue", token, m, n+1, from.Add(after))
	}
}

func (l *list) post(letter, token string, m *member, number int, at time.Time) {
	l.office.time.At(at, func() {
		l.mu.Lock()
		over := m.left && !l.deaf
		l.mu.Unlock()
		if over {
			return
		}
		raw, err := l.write(letter, token, m.address, number, at)
		if err != nil {
			l.office.log.Error("a list could not write its letter", "list", l.desk.site, "letter", letter, "error", err)
			return
		}
		l.office.deliver("mail."+l.desk.domain, "news@"+l.desk.domain, m.address, raw)
	})
}

// write composes one mail of the list as RFC 5322.
func (l *list) write(letter, token, address string, number int, at time.Time) ([]byte, error) {
	t, err := text.ParseFS(listFiles, "lists/"+l.desk.site+".txt")
	if err != nil {
		return nil, fmt.Errorf("read the letters of the list of %s: %w", l.desk.name, err)
	}
	leave := l.base() + "list/leave?t=" + token
	var b strings.Builder
	if err := t.ExecuteTemplate(&b, letter, map[string]any{"Address": address, "Number": number, "Leave": leave, "Confirm": l.base() + "list/confirm?t=" + token}); err != nil {
		return nil, fmt.Errorf("write the letter %s of %s: %w", letter, l.desk.name, err)
	}
	subject, body, _ := strings.Cut(strings.TrimSpace(b.String()), "\n\n")
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	m.FromMailAddress(&mail.Address{Name: l.desk.name, Address: "news@" + l.desk.domain})
	if err := m.To(address); err != nil {
		return nil, fmt.Errorf("newsletter to %q: %w", address, err)
	}
	m.Subject(subject)
	m.SetDateWithValue(at)
	m.SetMessageIDWithValue(strings.ToLower(tag(l.desk.site, letter, token, fmt.Sprint(number))) + "@" + l.desk.domain)
	if letter == "issue" {
		m.SetGenHeader("Precedence", "bulk")
		if l.field {
			m.SetGenHeader("List-Unsubscribe", "<"+l.base()+"list/out?t="+token+">")
			m.SetGenHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
		}
	}
	m.SetBodyString(gomail.TypeTextPlain, body)
	var raw bytes.Buffer
	if _, err := m.WriteTo(&raw); err != nil {
		return nil, fmt.Errorf("write the letter %s of %s: %w", letter, l.desk.name, err)
	}
	return raw.Bytes(), nil
}

// serve answers below list/: the links of the list's mails.
func (l *list) serve(mux *http.ServeMux) {
	of := func(do func(w http.ResponseWriter, r *http.Request, token string, m *member)) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			token := r.URL.Query().Get("t")
			l.mu.Lock()
			m := l.members[token]
			l.mu.Unlock()
			if m == nil {
				http.NotFound(w, r)
				return
			}
			do(w, r, token, m)
		}
	}
	mux.HandleFunc("GET /list/confirm", of(func(w http.ResponseWriter, _ *http.Request, token string, m *member) {
		l.mu.Lock()
		first := !m.confirmed
		m.confirmed = true
		l.mu.Unlock()
		if first {
			l.send(token, m, l.office.time.Now())
		}
		l.show(w, "confirmed")
	}))
	mux.HandleFunc("GET /list/leave", of(func(w http.ResponseWriter, _ *http.Request, _ string, m *member) {
		l.mu.Lock()
		left := m.left
		l.mu.Unlock()
		switch {
		case left:
			l.show(w, "left")
		case l.out == "login":
			l.show(w, "login")
		default:
			l.show(w, "ask")
		}
	}))
	leave := func(view string) http.HandlerFunc {
		return of(func(w http.ResponseWriter, _ *http.Request, _ string, m *member) {
			l.mu.Lock()
			m.left = true
			m.posts++
			l.mu.Unlock()
			l.show(w, view)
		})
	}
	if l.out == "button" {
		mux.HandleFunc("POST /list/leave", leave("left"))
	}
	if l.field {
		mux.HandleFunc("POST /list/out", leave(""))
	}
}

func (l *list) show(w http.ResponseWriter, view string) {
	lang := "en"
	if l.words.Ask == listGerman.Ask {
		lang = "de"
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if err := listPage.Execute(w, map[string]any{"Words": l.words, "View": view, "Lang": lang}); err != nil {
		l.office.log.Error("a list's page could not be drawn", "list", l.desk.site, "error", err)
	}
}

// Left is how often readers of a shop's newsletter have left it, and how many
// are on its list still.
func (s *Street) Left(site string) (posts, readers int) {
	l := s.lists[site]
	if l == nil {
		return 0, 0
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, m := range l.members {
		posts += m.posts
		if m.confirmed && !m.left {
			readers++
		}
	}
	return posts, readers
}

// A NewsTruth is what comes of signing up to a newsletter of the street for
// five days, then leaving, with a grace of fourteen days and four days more.
type NewsTruth struct {
	Site        string
	OptIn       bool   // confirmed by a mail's link
	Issues      int    // while it was subscribed
	LeftBy      string // "one-click", "page"
	Left, Login bool
	Clicks      int  // to leave
	InGrace     int  // issues after leaving, within the grace
	AfterGrace  int  // later
	Field       bool // List-Unsubscribe, by one click
}

const (
	newsGrace = 14 * aDay
	newsWatch = 4 * aDay
)

// newsletters gives what a wave finds, worked out from the mailings.
func newsletters() (out []NewsTruth) {
	for _, h := range houses() {
		m, ok := mailings[h.site]
		if !ok {
			continue
		}
		t := NewsTruth{Site: h.site, OptIn: m.asks, LeftBy: "page", Left: m.out != "login", Login: m.out == "login", Clicks: 2, Field: m.field}
		switch {
		case m.field:
			t.LeftBy, t.Clicks = "one-click", 1
		case t.Login:
			t.Clicks = 1
		}
		for _, at := range m.issues {
			switch {
			case at < window:
				t.Issues++
			case !t.Left, !m.deaf:
			case at < window+newsGrace:
				t.InGrace++
			case at < window+newsGrace+newsWatch:
				t.AfterGrace++
			}
		}
		out = append(out, t)
	}
	return out
}
