package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"touchstone/internal/evidence"
	"touchstone/probes/web/driver"
	"touchstone/probes/web/find"
)

// doFor bounds a goal that fills in forms.
const doFor = 100 * time.Second

// ungranted says how a goal's effect may be allowed.
func ungranted(e evidence.Effect) string {
	return fmt.Sprintf("it has the effect %s: declare it (`effects: [%s]`) in the scenario, and let the site's authorisation in sites.yaml grant it; with scout, say what allows it by --as", e, e)
}

// begin notes that what comes now has an effect, as a scripted step that
// declares it does: from here on fields are counted.
func (k *seeker) begin(e evidence.Effect) {
	v := k.v
	v.counting = true
	if buys(e) && !v.buying {
		v.buying = true
		views, _ := v.log.seen()
		v.steps0 = max(0, views-1)
		v.sight.checkout(v.sight.last, foldLines(strings.Split(v.sight.last.Text, "\n")))
	}
}

// A posted form is what became of one that was sent.
type posted struct {
	taken   bool
	sure    float64
	why     string
	says    string // the sentence that says so
	missing []missingField
	at      *place
	mended  bool     // sent a second time, after the page had complained of it
	framed  []string // what the form's frame said before it was sent
	pressed bool     // what sends it was pressed, whatever came of that
}

// nothingShows is why a form that was sent counts as not taken where the page
// neither says so nor complains: a mail may prove it yet.
const nothingShows = "nothing shows that the form was taken"

var (
	errNoForm   = errors.New("the form was not there any more")
	errNoButton = errors.New("the form has nothing that sends it")
)

// post fills in the form that suits best and sends it: once, and once more
// where the page complains of what was typed, which then has not been taken.
func (k *seeker) post(ctx context.Context, e evidence.Effect, plan fillPlan, suits func(driver.Form, []find.Guess) float64) (posted, error) {
	k.begin(e)
	var r posted
	for {
		p := k.v.tab.Page()
		if p == nil {
			return r, driver.ErrClosed
		}
		form, err := k.form(ctx, p, suits)
		if err != nil {
			return r, err
		}
		plan.Forms = []int{form.Ref}
		_, missing, err := k.v.fillForm(ctx, p, plan)
		if err != nil {
			return r, err
		}
		r.missing = missing
		if form, err = k.form(ctx, p, func(f driver.Form, _ []find.Guess) float64 { return float64(count(f.Ref == form.Ref)) }); err != nil {
			return r, err
		}
		button := sender(form)
		if button == nil {
			return r, errNoButton
		}
		before := k.here.page
		if now, err := k.read(ctx); err == nil {
			before = now
		}
		if len(form.Within) > 0 {
			r.framed = p.Says(ctx, form.Ref)
		}
		r.pressed = true
		if err := k.do(ctx, Step{Click: &Locator{Ref: button.Ref, Role: "button", Name: button.Name}, Effect: e}); err != nil {
			k.stale = true
			return r, err
		}
		again, err := k.answered(ctx, before, form, &r)
		if err != nil || r.taken || !again || r.mended {
			return r, err
		}
		r.mended = true
	}
}

// form gives the form of the page that suits best.
func (k *seeker) form(ctx context.Context, p *driver.Page, suits func(driver.Form, []find.Guess) float64) (driver.Form, error) {
	forms, err := p.Forms(ctx)
	if err != nil {
		return driver.Form{}, err
	}
	best, most := -1, 0.0
	for i, f := range forms {
		if s := suits(f, find.Classify(f.Fields)); s > most {
			best, most = i, s
		}
	}
	if best < 0 {
		return driver.Form{}, errNoForm
	}
	return forms[best], nil
}

// sender gives the button that sends a form: the last of those that do, since
// what stands before it uploads, looks up or goes back.
func sender(f driver.Form) *driver.Button {
	var best *driver.Button
	for i := range f.Buttons {
		b := &f.Buttons[i]
		l := find.ReadLabel(b.Name)
		if b.Disabled || l[find.Close] > .6 || l[find.Remove] > .6 || l[find.Search] > .8 {
			continue
		}
		if best == nil || b.Submits || !best.Submits {
			best = b
		}
	}
	return best
}

// answered waits for what a page says to a form that was sent. again says that
// it wants something mended.
func (k *seeker) answered(ctx context.Context, before *find.Page, sent driver.Form, r *posted) (again bool, err error) {
	known := map[string]bool{}
	for _, b := range before.Blocks {
		if !b.Folded {
			known[b.Text] = true
		}
	}
	for try := 0; ; try++ {
		at, err := k.look(ctx, nil, "")
		if err != nil {
			return false, err
		}
		r.at = at
		complaint, news := "", k.inFrame(ctx, sent, r.framed)
		for _, b := range at.page.Blocks {
			if !known[b.Text] && !b.Folded && b.Area != find.Consent {
				news = append(news, b.Text)
			}
		}
		for _, said := range news {
			if len(said) > 400 {
				continue
			}
			switch text := folded(said); {
			case welcomes.says(text) || confirmTalk.says(text):
				r.taken, r.sure, r.why, r.says = true, .9, "the page says that it was taken", said
				return false, nil
			case thanks.says(text) && !wrongs.says(text) || thanks.says(text) && len(k.complaints(ctx, sent)) == 0:
				r.taken, r.sure, r.why, r.says = true, .92, "the page thanks for it", said
				return false, nil
			case complaint == "" && wrongs.says(text):
				complaint = said
			}
		}
		marked := k.complaints(ctx, sent)
		moved := keyOf(at.page.URL) != keyOf(before.URL)
		switch {
		case len(marked) > 0:
			r.why = "the form was not taken: " + strings.Join(marked, "; ")
			return true, nil
		case moved && complaint == "" && !k.shows(ctx, sent):
			r.taken, r.sure, r.why = true, .75, "the form is gone, and another page has come"
			r.says = at.page.Title
			return false, nil
		case try >= 2 && moved && complaint == "" && sent.Area == "footer":
			r.taken, r.sure, r.why = true, .6, "another page has come; the form stands at the foot of all of them"
			r.says = at.page.Title
			return false, nil
		case try >= 2 && complaint == "" && !k.shows(ctx, sent):
			r.taken, r.sure, r.why = true, .6, "the form is gone"
			return false, nil
		case try >= 4 && complaint != "":
			r.why = "the form was not taken: " + complaint
			return k.shows(ctx, sent), nil
		case try >= 6:
			r.why = nothingShows
			return false, nil
		}
		if err := sleep(ctx, 350*time.Millisecond); err != nil {
			return false, err
		}
	}
}

// inFrame gives what the frame of a form says that it did not say before the form
// was sent.
func (k *seeker) inFrame(ctx context.Context, sent driver.Form, before []string) []string {
	p := k.v.tab.Page()
	if p == nil || len(sent.Within) == 0 {
		return nil
	}
	return slices.DeleteFunc(p.Says(ctx, sent.Ref), func(line string) bool { return slices.Contains(before, line) })
}

// complaints gives what a page says against fields of a form that it still
// shows, or what the browser says that kept it from being sent.
func (k *seeker) complaints(ctx context.Context, sent driver.Form) (list []string) {
	p := k.v.tab.Page()
	if p == nil {
		return nil
	}
	forms, err := p.Forms(ctx)
	if err != nil {
		return nil
	}
	for _, f := range forms {
		if !sameForm(f, sent) {
			continue
		}
		for i := range f.Fields {
			x := &f.Fields[i]
			if x.Hidden != "" || x.Disabled {
				continue
			}
			if x.Complaint != "" && (x.Invalid || wrongs.says(folded(x.Complaint))) {
				list = append(list, called(x)+": "+clipped(x.Complaint))
			} else if x.Invalid || x.Fault != "" && x.Focused {
				list = append(list, called(x)+": "+clipped(x.Fault))
			}
		}
	}
	return list
}

// shows reports whether a form is still there.
func (k *seeker) shows(ctx context.Context, sent driver.Form) bool {
	p := k.v.tab.Page()
	if p == nil {
		return false
	}
	forms, err := p.Forms(ctx)
	return err == nil && slices.ContainsFunc(forms, func(f driver.Form) bool { return sameForm(f, sent) })
}

// sameForm knows a form again on a page that was drawn anew: by most of the
// fields that were seen of it.
func sameForm(a, b driver.Form) bool {
	names := map[string]bool{}
	n, of := 0, 0
	for _, f := range b.Fields {
		if f.Hidden == "" {
			names[f.Name+"\x00"+f.Label] = true
			of++
		}
	}
	for _, f := range a.Fields {
		if f.Hidden == "" && names[f.Name+"\x00"+f.Label] {
			n++
		}
	}
	return of > 0 && 3*n >= 2*of
}

// stand searches for the page of the goal and stands on it, with its form shown.
func (k *seeker) stand(ctx context.Context) (*place, Finding, error) {
	if k.stale {
		if _, err := k.look(ctx, nil, ""); err != nil {
			return nil, Finding{}, err
		}
	}
	f := k.search(ctx)
	if f.State != Reached {
		return nil, f, nil
	}
	pl, a := k.best()
	at, err := k.back(ctx, pl)
	if err != nil {
		return nil, f, err
	}
	if c := at.page.Control(a.Opener); a.Opener != 0 && c != nil {
		if at, err = k.click(ctx, at, c); err != nil {
			return nil, f, err
		}
	}
	return at, f, nil
}

// sendOff is what the goals have in common that end with a form being sent.
func (k *seeker) sendOff(ctx context.Context, e evidence.Effect, plan fillPlan, suits func(driver.Form, []find.Guess) float64) (Finding, posted) {
	_, f, err := k.stand(ctx)
	if err != nil {
		return k.unable(ctx, err), posted{}
	}
	if f.State != Reached {
		return f, posted{}
	}
	if k.v.t.Persona.Email == "" {
		return k.nobody(f), posted{}
	}
	r, err := k.post(ctx, e, plan, suits)
	if err != nil {
		return k.unable(ctx, err), r
	}
	return k.told(f, r), r
}

// nobody is the finding where the customer has no address to give.
func (k *seeker) nobody(f Finding) Finding {
	f.State, f.Evidence.Why = NotGranted, "there is no address to give: the probe needs a mail address of its own (an account under `mail` in touchstone.yaml; with scout: --email)"
	return f
}

// told makes the finding of a form that was sent.
func (k *seeker) told(f Finding, r posted) Finding {
	f.Evidence.Facts = map[string]string{"mended": fmt.Sprint(r.mended)}
	for _, m := range r.missing {
		f.Evidence.Facts["missing: "+m.Label] = m.Why
	}
	if !r.taken {
		f.State, f.Evidence.Why = Broken, r.why
		return f
	}
	f.Clicks++
	f.Confidence, f.Evidence.Why, f.Evidence.Says = r.sure, r.why, k.v.mask.hide(clipped(r.says))
	f.Path = append(f.Path, "fill in the form and send it")
	if r.at != nil {
		f.URL = k.v.mask.hide(clean(r.at.page.URL))
	}
	return f
}

// has counts the seen fields of a purpose.
func has(f driver.Form, guesses []find.Guess, purposes ...find.Purpose) (n int) {
	for i, g := range guesses {
		if f.Fields[i].Hidden == "" && slices.Contains(purposes, g.Purpose) {
			n++
		}
	}
	return n
}

func formWords(f driver.Form) string {
	said := []string{f.Around.Called, f.Around.Heading}
	said = append(said, f.Around.Buttons...)
	for _, b := range f.Buttons {
		said = append(said, b.Name)
	}
	for _, x := range f.Fields {
		said = append(said, x.Label, x.Placeholder, x.Section)
	}
	return strings.Join(said, " ")
}

// enquiry is what a customer asks a shop, by the shop's language: short,
// harmless, with neither a claim nor a deadline.
var enquiry = map[string][2]string{
	"en": {"A question before ordering", "Hello, before I order: how long does delivery usually take, and may I send back what I have not used? Thank you."},
	"de": {"Eine Frage vor der Bestellung", "Guten Tag, eine Frage vor der Bestellung: Wie lange dauert die Lieferung meist, und darf ich Unbenutztes zurückschicken? Vielen Dank."},
	"fr": {"Une question avant de commander", "Bonjour, une question avant de commander : combien de temps prend la livraison en général, et puis-je renvoyer ce qui n'a pas servi ? Merci."},
	"es": {"Una pregunta antes de comprar", "Hola, una pregunta antes de comprar: ¿cuánto suele tardar el envío y puedo devolver lo que no haya usado? Gracias."},
	"it": {"Una domanda prima dell'ordine", "Buongiorno, una domanda prima di ordinare: quanto dura di solito la consegna, e posso restituire ciò che non ho usato? Grazie."},
	"nl": {"Een vraag vooraf", "Hallo, een vraag voordat ik bestel: hoe lang duurt de levering meestal, en mag ik terugsturen wat ik niet heb gebruikt? Dank u."},
	"pt": {"Uma pergunta antes da encomenda", "Olá, uma pergunta antes de encomendar: quanto tempo costuma demorar a entrega, e posso devolver o que não usei? Obrigado."},
	"pl": {"Pytanie przed zamówieniem", "Dzień dobry, mam pytanie przed zamówieniem: ile zwykle trwa dostawa i czy mogę zwrócić nieużywany towar? Dziękuję."},
	"sv": {"En fråga före beställning", "Hej, en fråga innan jag beställer: hur lång är leveranstiden för det mesta, och får jag skicka tillbaka det som är oanvänt? Tack."},
	"da": {"Et spørgsmål før bestilling", "Hej, et spørgsmål før jeg bestiller: hvor lang er leveringstiden som regel, og må jeg sende ubrugte varer tilbage? Tak."},
	"nb": {"Et spørsmål før bestilling", "Hei, et spørsmål før jeg bestiller: hvor lang er leveringstiden vanligvis, og kan jeg sende tilbake ubrukte varer? Takk."},
	"fi": {"Kysymys ennen tilausta", "Hei, kysymys ennen tilausta: kuinka kauan toimitus yleensä kestää, ja voinko palauttaa käyttämättömän tuotteen? Kiitos."},
	"cs": {"Dotaz před objednávkou", "Dobrý den, mám dotaz před objednávkou: jak dlouho obvykle trvá doručení a mohu vrátit nepoužité zboží? Děkuji."},
	"ja": {"ご注文前の質問", "こんにちは。注文の前に質問があります。お届けまで通常どのくらいかかりますか。未使用の品は返品できますか。よろしくお願いします。"},
	"zh": {"下单前的问题", "您好，下单前想请问：一般多久可以送到？未使用的商品可以退货吗？谢谢。"},
}

// writeToShop sends a question by the shop's contact form.
func (k *seeker) writeToShop(ctx context.Context) Finding {
	lang, _, _ := strings.Cut(strings.ToLower(k.language()), "-")
	words, ok := enquiry[lang]
	if !ok {
		words = enquiry["en"]
	}
	plan := fillPlan{Subject: words[0], Message: words[1]}
	if k.v.slips {
		return k.mistaken(ctx, evidence.SubmitForm, plan, asksMessage)
	}
	f, r := k.sendOff(ctx, evidence.SubmitForm, plan, asksMessage)
	if r.taken || r.pressed && r.why == nothingShows {
		k.v.rec.Flag("web.form-taken", r.taken)
	}
	return f
}

// asksMessage suits a form that asks for a message.
func asksMessage(f driver.Form, g []find.Guess) float64 {
	if f.Search || has(f, g, find.ForMessage) == 0 && !slices.ContainsFunc(f.Fields, func(x find.Field) bool { return x.Tag == "textarea" && x.Hidden == "" }) {
		return 0
	}
	return 1 + float64(has(f, g, find.ForEmail, find.ForFullName, find.ForGiven, find.ForSubject))
}

// signUp subscribes to the newsletter, and notes how leave for it was asked.
func (k *seeker) signUp(ctx context.Context) Finding {
	var asks *optIn
	f, r := k.sendOff(ctx, evidence.Subscribe, fillPlan{Subscribe: true}, func(f driver.Form, g []find.Guess) float64 {
		if f.Search || has(f, g, find.ForEmail) != 1 || has(f, g, find.ForMessage, find.ForPassword, find.ForNewPassword, find.ForCurrentPassword, find.ForStreet, find.ForOrderNumber) > 0 {
			return 0
		}
		s := .2
		if find.Read(formWords(f)).Has(find.Newsletter) {
			s = 1
		} else if f.Area == "footer" {
			s = .5
		}
		if s == 1 && asks == nil { // as it stands before anything is typed
			o := optInOf(f, g)
			if o.words == "" {
				o.words = find.Clause(k.here.page, find.Area(cmp.Or(f.Area, string(find.Main))))
			}
			asks = &o
		}
		return s
	})
	confirm := ""
	if f.Evidence.Facts != nil && r.at != nil {
		for _, b := range r.at.page.Blocks {
			if confirmTalk.says(folded(b.Text)) && !b.Folded {
				confirm = clipped(b.Text)
				break
			}
		}
	}
	if asks == nil {
		return f
	}
	if f.Evidence.Facts != nil {
		f.Evidence.Facts["consent"], f.Evidence.Facts["confirm-by-mail"] = asks.words, confirm
	}
	asks.record(k, f, confirm)
	k.v.rec.Flag("newsletter.sent", r.pressed)
	return f
}

// welcomes say, without thanking, that somebody was added or something stored.
var welcomes = speaks(phrases{
	"en": {"subscribed", "signed up", "you re in", "you are in", "on the list", "added to our list", "welcome aboard", "account has been created", "has been saved", "has been changed", "has been updated", "were saved", "changes saved"}, "de": {"angemeldet", "eingetragen", "auf der liste", "auf unserer liste", "wurde gespeichert", "wurden gespeichert", "wurde geandert", "konto wurde erstellt", "erfolgreich registriert"},
	"fr": {"inscription est confirmee", "etes inscrit", "ont ete enregistrees", "a ete enregistre", "a ete modifie", "mises a jour", "compte a ete cree"}, "es": {"te has suscrito", "se ha suscrito", "se ha guardado", "se han guardado", "ha sido actualizado", "cuenta creada"}, "it": {"iscritto alla", "iscrizione avvenuta", "e stato salvato", "sono state salvate", "account creato"},
	"nl": {"je bent aangemeld", "u bent aangemeld", "ingeschreven", "is opgeslagen", "zijn opgeslagen", "gewijzigd"}, "pt": {"subscricao efetuada", "inscrito com", "foi guardado", "foram guardadas", "foi atualizado"}, "pl": {"zapisano", "zostałes zapisany", "zmiany zostały", "konto zostało"}, "sv": {"du ar nu anmald", "har sparats", "ar sparade", "har andrats"},
	"da": {"du er nu tilmeldt", "er gemt", "er ændret"}, "nb": {"du er na pameldt", "er lagret", "er endret"}, "fi": {"tilaus onnistui", "on tallennettu", "tallennettu"}, "cs": {"prihlaseni k odberu", "bylo ulozeno", "byly ulozeny", "ulozeno"},
}, "登録しました", "登録が完了", "保存しました", "変更しました", "登録いたしました", "订阅成功", "已保存", "注册成功", "修改成功")

// confirmTalk asks for a sign-up to be confirmed by a mail (double opt-in).
var confirmTalk = speaks(phrases{
	"en": {"confirm your", "confirmation link", "confirm the link", "link in the mail", "link in the email", "link in the e mail", "mail that we sent", "mail we sent", "click the link", "check your inbox", "almost there", "nearly there", "confirmation email", "confirm by email"}, "de": {"bestatigungslink", "bestatigen sie", "bestatige deine", "link in der mail", "link in der e mail", "fast geschafft", "bestatigungsmail", "bestatigungs e mail"},
	"fr": {"presque inscrit", "confirmez votre", "lien de confirmation", "cliquez sur le lien", "confirmer votre inscription"}, "es": {"confirma tu", "confirme su", "enlace de confirmacion", "haz clic en el enlace"}, "it": {"conferma la tua", "link di conferma", "confermare l iscrizione", "clicca sul link"},
	"nl": {"bevestig je", "bevestig uw", "bevestigingslink", "klik op de link"}, "pt": {"confirme a sua", "confirme sua", "link de confirmacao"}, "pl": {"potwierdz", "link potwierdzajacy", "kliknij link"}, "sv": {"bekrafta din", "bekraftelselank", "klicka pa lanken"},
	"da": {"bekraeft din", "bekræft din", "klik pa linket"}, "nb": {"bekreft", "klikk pa lenken"}, "fi": {"vahvista tilauksesi", "vahvistuslinkki"}, "cs": {"potvrdte", "potvrzovaci odkaz"},
}, "確認メール", "リンクをクリック", "确认邮件", "點擊連結", "点击链接")
