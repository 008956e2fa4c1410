package reading

import (
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A Link is an address in a mail and the words that go with it.
type Link struct {
	URL   string // http or https
	Text  string // what is pressed; in a plain text, the words before it
	Among string // what the paragraph around it says, at most maxAmong bytes
}

// A Mailto is an address to write to, as a link names it (RFC 6068).
type Mailto struct{ To, Subject, Body string }

// A Leaving is what a newsletter offers to those who want no more of it.
type Leaving struct {
	Header   bool    // it has a List-Unsubscribe field (RFC 2369)
	OneClick string  // an address that a POST unsubscribes at (RFC 8058); empty: none
	Mail     *Mailto // from the field; nil: none
	Page     string  // where a person would press: the link in the text, else that of the field
	Link     *Link   // the link in the text; nil: none
}

// Offered reports whether there is any way.
func (l Leaving) Offered() bool { return l.OneClick != "" || l.Mail != nil || l.Page != "" }

const (
	maxAmong = 300
	maxLinks = 500
)

var (
	leaves = phrases(`unsubscrib|opt.?out|leave (this|the|our) (mailing )?list|stop (receiving|getting|these)|no longer (want|wish)|(take|remove) me (off|from)|abmelden|abbestellen|austragen|abmeldung|désabonn|desabonn|désinscri|desinscri|dar(se|te|me)? de baja|dat[ee] de baja|cancelar (la |tu |su |a )?(suscripci|subscri|inscri|assinatura)|anular (la |tu |su )?suscripci|disiscri|(annulla|cancella)(re|ti)?.{0,14}iscrizione|afmeld|uitschrijven|schrijf .{0,10}uit|descadastr|remover (a )?(subscri|inscri)|wypisz|wypisać|rezygn|anuluj subskrypcj|avregistrera|avprenumerera|avsluta prenumeration|frameld|avmeld|meld deg av|peruuta.{0,14}(tilau|uutiskirje)|poistu.{0,10}listalta|odhlási|odhlasit|zrušit odběr|配信停止|配信解除|配信を停止|購読解除|購読を解除|退会|退订|退訂|取消订阅|取消訂閱`)
	// prefers leads to where one may choose what comes, nothing at all among it.
	prefers = phrases(`(e-?mail|subscription|communication|newsletter)s? (preferences|settings)|manage (your )?(subscription|preferences)|update (your )?preferences|einstellungen (ändern|verwalten)|newsletter.?einstellungen|gérer (vos|mes) (préférences|abonnements)|preferencias|preferenze|voorkeuren|配信設定|preferência`)
	leftNow = phrases(`(have|has|you are|you're|been|were|now|successfully) (now |been |successfully )*(unsubscribed|removed from|taken off)|unsubscribe(d)? (was |is )?(successful|complete)|(erfolgreich|wurden?|sind|bist|nun|jetzt) .{0,40}(abgemeldet|ausgetragen|abbestellt)\b|abmeldung (war |ist )?(erfolgreich|abgeschlossen)|(êtes|été|est) .{0,30}(désabonné|désinscrit|desinscrit)|désinscription .{0,20}(prise en compte|effectuée|confirmée)|(has|ha|sido) .{0,20}dado de baja|baja .{0,20}(correcta|confirmad|realizad)|suscripción .{0,20}cancelad|(sei|è) .{0,30}disiscritt|disiscrizione .{0,20}(avvenuta|completata|effettuata)|(bent|is) .{0,30}(uitgeschreven|afgemeld)|subscrição .{0,20}cancelad|inscrição .{0,20}cancelad|został.{0,30}wypisan|(du|har|är) .{0,20}avregistrerad|er .{0,20}(afmeldt|frameldt)|er .{0,20}avmeldt|(tilaus|tilauksesi) .{0,20}(peruttu|peruutettu|lopetettu)|(byl|jste) .{0,20}odhlášen|odhlášení .{0,20}(proběhlo|úspěšn)|配信を停止しました|解除しました|解除が完了|退会(しました|が完了)|退订成功|(已|成功)(退订|取消订阅|取消訂閱|退訂)`)
	// spares promises that nothing more comes: done, or what would follow.
	spares = phrases(`no longer (receive|get|be sent|hear from)|not (receive|get) any (more|further)|keine (weiteren )?(newsletter|mails|e-mails)|ne recevrez plus|ya no recibir|no recibirá más|non riceverai più|geen .{0,30}meer (ontvangen|krijgen)|(já )?não receberá|nie będziesz (już )?otrzymywa|inte längre få|ikke længere|ikke lenger (få|motta)|et enää (saa|vastaanota)|již nebudete`)

	confirms = phrases(`\bconfirm|verify|activate|yes,? (please )?(subscribe|sign me up|add me)|complete (your |my )?(subscription|sign.?up|registration)|bestätig|anmeldung abschließen|aktivier|confirmer|confirmez|je confirme|valider|validez|\bconfirma|\bconfirme|verifica|conferma|bevestig|potwierd|aktywuj|bekräfta|bekræft|bekreft|vahvista|potvr[dz]|本登録|登録を完了|登録を確認|確認する|确认|確認訂閱|验证`)
	listed   = phrases(`newsletter|subscri|mailing.?list|e-?mail list|sign.?up|signed up|opt.?in|anmeldung|abonn|infolettre|inscription|boletín|suscripci|iscrizione|nieuwsbrief|inschrijving|aanmelding|biuletyn|subskry|prenumer|nyhedsbrev|nyhetsbrev|tilmelding|påmelding|uutiskirje|tilau|odběr|novink|メルマガ|メールマガジン|購読|ニュースレター|订阅|訂閱|電子報`)
	// here says nothing by itself: the words around it do.
	here    = lazily(`(?i)^$|\b(here|link|button)\b|\bhier\b|\bici\b|\baqu[ií]|\bqui\b|\baqui\b|tutaj|\bhär\b|\bher\b|tästä|\bzde\b|こちら|ここ|这里|此处|這裡|^https?:`)
	inPath  = lazily(`(?i)(confirm|verif|opt-?in|double-?opt|doi|activate|bestaetig|valid|subscribe/c)`)
	outPath = lazily(`(?i)(unsubscri|opt-?out|/unsub|abmeld|desabon|desinscri|/baja|afmeld|uitschrijf|wypisz|odhlas)`)
)

// Left reports whether a text says that somebody is off the list now.
func Left(text string) bool { return leftNow.MatchString(text) }

// Spares reports whether a text says that no more mails come: as a promise, or
// as what would follow from leaving.
func Spares(text string) bool { return spares.MatchString(text) }

// LeavingOf reads how a mail lets one out of its list: by the fields that mail
// programs use, and by the link that people look for.
func LeavingOf(raw []byte) Leaving {
	m := Parse(raw)
	var l Leaving
	field := m.Header.Get("List-Unsubscribe")
	l.Header = strings.TrimSpace(field) != ""
	post := strings.Contains(strings.ToLower(strings.ReplaceAll(m.Header.Get("List-Unsubscribe-Post"), " ", "")), "list-unsubscribe=one-click")
	fromField := ""
	for _, part := range bracketed(field) {
		switch u, err := url.Parse(part); {
		case err != nil:
		case u.Scheme == "mailto" && l.Mail == nil:
			l.Mail = mailto(u)
		case webbed(u) && fromField == "":
			fromField = part
			if post {
				l.OneClick = part
			}
		}
	}
	most := .5
	for _, link := range Links(raw) {
		s := 0.0
		switch {
		case leaves.MatchString(link.Text) && len(link.Text) < 160:
			s = 1
		case outPath.MatchString(link.URL):
			s = .9
		case here.MatchString(link.Text) && leaves.MatchString(link.Among):
			s = .7
		case prefers.MatchString(link.Text):
			s = .6
		}
		if s >= most { // of those alike the last: it stands in the foot
			most, l.Link, l.Page = s, &link, link.URL
		}
	}
	if l.Page == "" {
		l.Page = fromField
	}
	return l
}

// bracketed gives what stands in angle brackets, else what commas divide.
func bracketed(field string) (list []string) {
	rest := field
	for {
		_, after, ok := strings.Cut(rest, "<")
		if !ok {
			break
		}
		inside, more, ok := strings.Cut(after, ">")
		if !ok {
			break
		}
		list, rest = append(list, strings.Join(strings.Fields(inside), "")), more
	}
	if list == nil {
		for part := range strings.SplitSeq(field, ",") {
			if part = strings.TrimSpace(part); part != "" {
				list = append(list, part)
			}
		}
	}
	return list
}

func mailto(u *url.URL) *Mailto {
	to, err := url.PathUnescape(u.Opaque)
	if err != nil || strings.Count(to, "@") != 1 || strings.ContainsAny(to, ",; \r\n<>") {
		return nil
	}
	q := u.Query()
	one := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	return &Mailto{To: to, Subject: one(q.Get("subject")), Body: one(q.Get("body"))}
}

func webbed(u *url.URL) bool {
	return (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil
}

// ConfirmationOf gives the link of a mail that wants a subscription confirmed
// (double opt-in); false when it is no such mail.
func ConfirmationOf(raw []byte) (Link, bool) {
	m := Parse(raw)
	said := m.Subject + "\n" + beginning(m.Text, 3000)
	if !confirms.MatchString(said) || !listed.MatchString(said) || Left(beginning(m.Text, 600)) {
		return Link{}, false
	}
	var best Link
	most := .5
	for _, link := range Links(raw) {
		if leaves.MatchString(link.Text) || outPath.MatchString(link.URL) {
			continue
		}
		s := 0.0
		switch {
		case confirms.MatchString(link.Text):
			s = 1
		case inPath.MatchString(link.URL):
			s = .8
		case here.MatchString(link.Text) && confirms.MatchString(link.Among):
			s = .6
		}
		if s > most { // of those alike the first: the button stands before its address in plain
			most, best = s, link
		}
	}
	return best, best.URL != ""
}

// Links gives the links of a mail, in the order of reading: of its HTML, and
// of its plain text those that the HTML has not.
func Links(raw []byte) (list []Link) {
	var m Mail
	root := m.parts(m.bound(raw))
	if root == nil {
		return nil
	}
	plain, rich := "", ""
	for _, part := range allParts(root) {
		if part.Disposition == "attachment" {
			continue
		}
		switch part.ContentType {
		case "text/html":
			rich = glue(rich, utf8Text(part))
		case "text/plain", "":
			if part.FirstChild == nil {
				plain = glue(plain, utf8Text(part))
			}
		}
	}
	if len(rich) > maxText {
		rich = rich[:maxText]
	}
	if doc, err := html.Parse(strings.NewReader(rich)); err == nil {
		anchors(doc, &list)
	}
	for _, l := range written(plain) {
		if len(list) < maxLinks && !slices.ContainsFunc(list, func(o Link) bool { return o.URL == l.URL }) {
			list = append(list, l)
		}
	}
	return list
}

// anchors gathers what can be pressed in a page, with what is said around it.
func anchors(n *html.Node, list *[]Link) {
	if n.Type == html.ElementNode && n.DataAtom == atom.A && len(*list) < maxLinks {
		for _, a := range n.Attr {
			if a.Key != "href" {
				continue
			}
			u, err := url.Parse(strings.TrimSpace(a.Val))
			if err != nil || !webbed(u) {
				break
			}
			around := n.Parent
			for around != nil && around.Type == html.ElementNode && inline[around.DataAtom] {
				around = around.Parent
			}
			among := ""
			if around != nil {
				among = saidIn(around)
			}
			*list = append(*list, Link{URL: u.String(), Text: saidIn(n), Among: among})
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		anchors(c, list)
	}
}

var inline = map[atom.Atom]bool{atom.Span: true, atom.B: true, atom.Strong: true, atom.I: true, atom.Em: true, atom.Font: true, atom.U: true, atom.Small: true}

// saidIn gives what an element says, pictures by what stands in their place; ""
// for more than a paragraph.
func saidIn(n *html.Node) string {
	var b strings.Builder
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if b.Len() > 4*maxAmong {
			return
		}
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
			b.WriteByte(' ')
		}
		if n.DataAtom == atom.Img {
			for _, a := range n.Attr {
				if a.Key == "alt" {
					b.WriteString(a.Val + " ")
				}
			}
		}
		if n.DataAtom == atom.Style || n.DataAtom == atom.Script {
			return
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(n)
	s := strings.Join(strings.Fields(b.String()), " ")
	if len(s) > maxAmong {
		return ""
	}
	return s
}

// written gathers the addresses of a plain text. What goes with one stands
// before it, in its line or, where it has a line of its own, in the last line
// that says something.
func written(text string) (list []Link) {
	before := ""
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		rest := line
		for len(list) < maxLinks {
			at := strings.Index(rest, "http")
			if at < 0 {
				break
			}
			end := at
			for end < len(rest) && !strings.ContainsRune(" \t<>\"()[]{}|", rune(rest[end])) {
				end++
			}
			address := strings.TrimRight(rest[at:end], ".,;:!?'")
			u, err := url.Parse(address)
			said := strings.Trim(rest[:at], " \t<>()[]|:-–*")
			if err == nil && webbed(u) {
				l := Link{URL: address, Text: said, Among: line}
				if said == "" {
					l.Text, l.Among = before, before+" "+line
				}
				if len(l.Among) > maxAmong {
					l.Among = ""
				}
				list = append(list, l)
			}
			rest = rest[end:]
		}
		if !strings.Contains(line, "http") && line != "" {
			before = line
		}
	}
	return list
}
