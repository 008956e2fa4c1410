package web

import (
	"context"
	"net"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"touchstone/internal/evidence"
	"touchstone/internal/reading"
	"touchstone/probes/web/driver"
	"touchstone/probes/web/find"
)

// newsletterFacts are what the goals about a newsletter record: how the shop
// asks for leave to send it, and what it takes to take the leave back.
var newsletterFacts = []evidence.FactDef{
	{Name: "newsletter.sent", Unit: evidence.Bool, Meaning: "The form of the sign-up was sent, whatever the page made of it."},
	{Name: "newsletter.consent-words", Unit: evidence.Text, Meaning: "What is said of consent where one signs up: the box's label, or the sentence beside it. Absent when nothing is."},
	{Name: "newsletter.consent-box", Unit: evidence.Bool, Meaning: "The form in which one signs up has a box for the consent."},
	{Name: "newsletter.consent-preticked", Unit: evidence.Bool, Meaning: "That box was ticked when first seen. Absent without a box."},
	{Name: "newsletter.consent-separate", Unit: evidence.Bool, Meaning: "No box asks for the newsletter and for terms of sale in one. Absent without a box."},
	{Name: "newsletter.confirm-said", Unit: evidence.Bool, Meaning: "The page said that the sign-up has to be confirmed by a mail."},
	{Name: "newsletter.join-clicks", Unit: evidence.Count, Meaning: "Presses that signing up took from the start page on, boxes counted."},
	{Name: "newsletter.leave-clicks", Unit: evidence.Count, Meaning: "Presses that leaving the list took: the link in the mail, or the mail program's button, is one; boxes that were not needed are none."},
	{Name: "newsletter.leave-login", Unit: evidence.Bool, Meaning: "The page that a newsletter's link leads to wanted a log-in before one could leave."},
	{Name: "newsletter.leave-survey", Unit: evidence.Bool, Meaning: "It wanted a reason before it let one go."},
	{Name: "newsletter.leave-address", Unit: evidence.Bool, Meaning: "It wanted the address typed, which the link knew."},
	{Name: "newsletter.leave-says", Unit: evidence.Text, Meaning: "What it said when one had left."},
}

// An optIn is how a form asks for leave to send a newsletter.
type optIn struct {
	words                 string
	box, ticked, combined bool
	boxes                 int // that a customer has to tick
}

// optInOf reads a form before anything is typed into it.
func optInOf(f driver.Form, guesses []find.Guess) (o optIn) {
	for i := range f.Fields {
		x := &f.Fields[i]
		if x.Hidden != "" || x.Type != "checkbox" && x.Role != "checkbox" && x.Role != "switch" {
			continue
		}
		label := called(x)
		said := find.Read(label)
		asks := guesses[i].Purpose == find.ForNewsletter || marketing.in(pad(folded(label)))
		if !asks && guesses[i].Purpose != find.ForConsent {
			continue
		}
		if o.words == "" || asks {
			o.words = label
		}
		o.box = true
		o.ticked = o.ticked || x.Filled
		o.combined = o.combined || asks && said.Has(find.Terms)
		o.boxes += count(!x.Filled)
	}
	return o
}

// record keeps what was seen of the consent.
func (o optIn) record(k *seeker, f Finding, confirm string) {
	rec := k.v.rec
	if o.words != "" {
		rec.Text("newsletter.consent-words", k.v.mask.hide(clipped(o.words)))
	}
	rec.Flag("newsletter.consent-box", o.box)
	if o.box {
		rec.Flag("newsletter.consent-preticked", o.ticked)
		rec.Flag("newsletter.consent-separate", !o.combined)
	}
	if f.State == Reached {
		rec.Flag("newsletter.confirm-said", confirm != "")
		rec.Number("newsletter.join-clicks", float64(f.Clicks+o.boxes))
	}
}

// mostPressed bounds what a page may ask to be pressed before one has left.
const mostPressed = 6

// leaveNewsletter leaves a list at the page that a mail's link has opened. No
// control is pressed twice.
func (k *seeker) leaveNewsletter(ctx context.Context) Finding {
	var login, survey, address bool
	f := Finding{Clicks: 1, URL: k.v.mask.hide(clean(k.here.page.URL)), Path: []string{"press the link in the mail"}}
	k.begin(evidence.Subscribe)
	pressed := map[string]bool{}
	for range mostPressed {
		at := k.here
		leaver := find.Leaver(at.page, func(c *find.Control) bool { return pressed[identity(at, c)] })
		if says := leftOn(at.page, leaver != nil); says != "" {
			f.State, f.Confidence, f.Evidence.Why, f.Evidence.Says = Reached, .92, "the page says that one has left", k.v.mask.hide(clipped(says))
			break
		}
		if leaver == nil {
			f.State, f.Confidence, f.Evidence.Why = Absent, .8, "the page that the mail's link leads to shows no way to leave"
			if login = find.AsksPassword(at.page); login {
				f.Confidence, f.Evidence.Why = .9, "the page that the mail's link leads to wants a log-in"
			}
			break
		}
		pressed[identity(at, leaver)] = true
		asked, typed, err := k.fillLeaving(ctx, leaver)
		survey, address = survey || asked, address || typed
		if err == nil {
			if now := k.here.page.Control(leaver.Ref); now == nil {
				leaver = find.Leaver(k.here.page, func(*find.Control) bool { return false })
			}
			if leaver == nil {
				err = errGone
			} else {
				err = k.do(ctx, Step{Click: &Locator{Ref: leaver.Ref, Role: leaver.Role, Name: leaver.Name}, Effect: evidence.Subscribe})
			}
		}
		if err != nil {
			return k.unable(ctx, err)
		}
		f.Clicks++
		f.Path = append(f.Path, "press "+named(leaver))
		if err := k.awaitLeft(ctx); err != nil {
			return k.unable(ctx, err)
		}
	}
	if f.State == "" {
		f.State, f.Confidence, f.Evidence.Why = Absent, .7, "no page said that one has left, whatever was pressed"
	}
	rec := k.v.rec
	rec.Flag("newsletter.leave-login", login)
	rec.Flag("newsletter.leave-survey", survey)
	rec.Flag("newsletter.leave-address", address)
	rec.Number("newsletter.leave-clicks", float64(f.Clicks))
	if f.Evidence.Says != "" {
		rec.Text("newsletter.leave-says", f.Evidence.Says)
	}
	return f
}

// leftOn gives the sentence of a page that says that one has left; "" for
// none. Where something to leave by is still shown, a promise is none.
func leftOn(p *find.Page, open bool) string {
	for _, b := range p.Blocks {
		if b.Folded || len(b.Text) > 400 || b.Area == find.Consent || strings.HasSuffix(strings.TrimSpace(b.Text), "?") {
			continue
		}
		if reading.Left(b.Text) || !open && reading.Spares(b.Text) {
			return b.Text
		}
	}
	return ""
}

// fillLeaving fills in what a page wants before one may leave: the address,
// a reason, the box that means all lists. survey and address say what it was.
func (k *seeker) fillLeaving(ctx context.Context, leaver *find.Control) (survey, address bool, err error) {
	p := k.v.tab.Page()
	if p == nil {
		return false, false, driver.ErrClosed
	}
	forms, err := p.Forms(ctx)
	if err != nil {
		return false, false, err
	}
	i := slices.IndexFunc(forms, func(f driver.Form) bool {
		return slices.ContainsFunc(f.Buttons, func(b driver.Button) bool { return b.Ref == leaver.Ref })
	})
	if i < 0 || !slices.ContainsFunc(forms[i].Fields, func(x find.Field) bool { return x.Hidden == "" && !x.Disabled }) {
		return false, false, nil
	}
	filled, _, err := k.v.fillForm(ctx, p, fillPlan{Forms: []int{forms[i].Ref}})
	if err != nil {
		return false, false, err
	}
	for _, f := range filled {
		switch {
		case f.Purpose == find.ForEmail || f.Purpose == find.ForEmailAgain:
			address = true
		case f.How != "cleared" && f.Purpose != find.ForConsent && f.Purpose != find.ForNewsletter:
			survey = true
		}
	}
	if _, err := k.look(ctx, nil, ""); err != nil {
		return survey, address, err
	}
	if all := find.LeaveAll(k.here.page); all != nil {
		if err := k.do(ctx, Step{Click: &Locator{Ref: all.Ref, Role: all.Role, Name: all.Name}, Effect: evidence.Subscribe}); err != nil {
			return survey, address, err
		}
		_, err = k.look(ctx, nil, "")
	}
	return survey, address, err
}

// awaitLeft looks at the page until it says that one has left or a while has
// passed, as scripts write their answers late.
func (k *seeker) awaitLeft(ctx context.Context) error {
	for try := 0; ; try++ {
		at, err := k.look(ctx, nil, "")
		if err != nil {
			return err
		}
		if try == 3 || leftOn(at.page, true) != "" {
			return nil
		}
		if err := sleep(ctx, 300*time.Millisecond); err != nil {
			return err
		}
	}
}

// confirmNewsletter confirms a sign-up at the page that a mail's link has
// opened: mostly that is all, sometimes a button has to be pressed.
func (k *seeker) confirmNewsletter(ctx context.Context) Finding {
	f := Finding{Clicks: 1, URL: k.v.mask.hide(clean(k.here.page.URL)), Path: []string{"press the link in the mail"}}
	k.begin(evidence.Subscribe)
	pressed := map[string]bool{}
	for range 3 {
		at := k.here
		button := confirmer(at.page, func(c *find.Control) bool { return pressed[identity(at, c)] })
		if says := confirmedOn(at.page); says != "" && button == nil {
			f.State, f.Confidence, f.Evidence.Why, f.Evidence.Says = Reached, .9, "the page says that it is confirmed", k.v.mask.hide(clipped(says))
			return f
		}
		if button == nil {
			break
		}
		pressed[identity(at, button)] = true
		if err := k.do(ctx, Step{Click: &Locator{Ref: button.Ref, Role: button.Role, Name: button.Name}, Effect: evidence.Subscribe}); err != nil {
			return k.unable(ctx, err)
		}
		f.Clicks++
		f.Path = append(f.Path, "press "+named(button))
		if _, err := k.look(ctx, nil, ""); err != nil {
			return k.unable(ctx, err)
		}
	}
	f.State, f.Confidence, f.Evidence.Why = Absent, .6, "the page that the mail's link leads to does not say that the sign-up is confirmed"
	return f
}

// confirmedOn gives the sentence of a page that says that a sign-up counts.
func confirmedOn(p *find.Page) string {
	for _, b := range p.Blocks {
		if b.Folded || len(b.Text) > 400 || b.Area == find.Consent || b.Area == find.Footer {
			continue
		}
		if text := folded(b.Text); (welcomes.says(text) || thanks.says(text) || confirmedTalk.says(text)) && !wrongs.says(text) {
			return b.Text
		}
	}
	return ""
}

// confirmer gives the button by which a page has a sign-up confirmed.
func confirmer(p *find.Page, skip func(*find.Control) bool) *find.Control {
	for i := range p.Controls {
		c := &p.Controls[i]
		if c.Hidden || c.Disabled || c.Area != find.Main && c.Area != find.Dialog || skip(c) || c.Role != "button" && c.Role != "link" && c.Role != "" || len(c.Name) > 60 {
			continue
		}
		l := p.Labels[i]
		if confirmPress.says(folded(c.Name)) && l[find.Unsubscribe] < .5 && l[find.Refuse] < .5 && (c.Href == "" || l[find.Newsletter] > .3) {
			return c
		}
	}
	return nil
}

// confirmPress is what such a button is called; confirmedTalk is what is said
// once it was pressed.
var (
	confirmPress = speaks(phrases{
		"en": {"confirm", "confirm my subscription", "verify", "activate", "yes subscribe me"}, "de": {"bestatigen", "jetzt bestatigen", "anmeldung abschliessen", "aktivieren"},
		"fr": {"confirmer", "je confirme", "valider"}, "es": {"confirmar", "confirmo"}, "it": {"conferma", "confermo", "confermare"}, "nl": {"bevestig", "bevestigen"}, "pt": {"confirmar", "confirmo"},
		"pl": {"potwierdz", "potwierdzam"}, "sv": {"bekrafta"}, "da": {"bekræft"}, "nb": {"bekreft"}, "fi": {"vahvista"}, "cs": {"potvrdit", "potvrzuji"},
	}, "確認する", "本登録", "登録を完了", "确认", "確認訂閱")
	confirmedTalk = speaks(phrases{
		"en": {"is confirmed", "has been confirmed", "are confirmed", "subscription confirmed", "address confirmed", "now subscribed", "has been verified", "is active", "all set"},
		"de": {"bestatigt", "ist aktiv", "erfolgreich eingetragen", "sind jetzt dabei"}, "fr": {"est confirmee", "a ete confirmee", "est confirme", "bien confirmee", "est validee"},
		"es": {"confirmada", "ha sido confirmada", "confirmado"}, "it": {"confermata", "e stata confermata", "confermato"}, "nl": {"bevestigd"}, "pt": {"confirmada", "confirmado"},
		"pl": {"potwierdzona", "potwierdzony", "potwierdzono"}, "sv": {"bekraftad"}, "da": {"bekræftet"}, "nb": {"bekreftet"}, "fi": {"vahvistettu"}, "cs": {"potvrzen", "potvrzeno"},
	}, "登録が完了", "確認が完了", "已确认", "已確認", "订阅成功")
)

// A reach is where a visit may go that began at a link in a mail: on to where
// the link sends its visitors, since shops have their mails sent, and their
// lists kept, by services of other names; never on from there by itself, nor
// into a network that is not the world's.
type reach struct {
	own string // host of the link

	mu    sync.Mutex
	sites map[string]bool
}

// lets widens the bounds by the site of a page that a redirect, or the first
// press, has led to.
func (r *reach) lets(address string, first bool) bool {
	u, err := url.Parse(address)
	if r == nil || err != nil || !first || private(u.Hostname()) && u.Hostname() != r.own {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.sites == nil {
		r.sites = map[string]bool{}
	}
	r.sites[siteOf(u)] = true
	return true
}

func (r *reach) holds(u *url.URL) bool {
	if r == nil {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.sites[siteOf(u)]
}

// private reports whether a host is of a network behind a router, or this
// machine: nothing there is for a stranger's mail to name.
func private(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if ip := net.ParseIP(host); ip != nil {
		return !ip.IsGlobalUnicast() || ip.IsPrivate()
	}
	return host == "localhost" || !strings.Contains(host, ".") || slices.ContainsFunc([]string{".localhost", ".local", ".internal", ".lan", ".home.arpa"}, func(end string) bool { return strings.HasSuffix(host, end) })
}
