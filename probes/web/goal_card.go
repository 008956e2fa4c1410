package web

import (
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

// orderFacts are what the goals at orders and payments leave, beside the goal's
// own.
var orderFacts = []evidence.FactDef{
	{Name: "order.shown-to-guest", Unit: evidence.Bool, Meaning: "Whoever knows an order's number was shown it without an account. Absent where no such form was found, and where the site's entry names no order."},
	{Name: "order.cancel-offered", Unit: evidence.Bool, Meaning: "The page of the order that the site's entry names offers to cancel it. Absent when that page was not seen."},
	{Name: "order.return-offered", Unit: evidence.Bool, Meaning: "Likewise: it offers to send the goods back."},
	{Name: "order.end-acknowledged", Unit: evidence.Bool, Meaning: "After an order was cancelled or a return begun, the page said so. Absent when that was not granted."},
	{Name: "card.refusal-shown", Unit: evidence.Bool, Meaning: "The page said that the declined card was not taken. This and the next five come of the goal declined-card alone."},
	{Name: "card.refusal-helps", Unit: evidence.Bool, Meaning: "It said what to do: check the card, try another one or another way to pay, ask the bank."},
	{Name: "card.refusal-says", Unit: evidence.Text, Meaning: "What it said."},
	{Name: "card.form-kept", Unit: evidence.Bool, Meaning: "No field that had been filled in, but the card's own, was empty afterwards, and nothing was asked for again."},
	{Name: "card.another-possible", Unit: evidence.Bool, Meaning: "Another card could be typed, or another way to pay chosen, where the refusal stood."},
	{Name: "card.cart-kept", Unit: evidence.Bool, Meaning: "The basket was still filled. Absent where the page of the refusal does not show what is bought and the basket could not be seen."},
}

// A rebuff is what a page says to a card that was declined.
type rebuff struct {
	shown, taken bool
	says         string
	blocks       []string // new ones of the page
	at           *place
}

// declinedCard pays with the card that the site's payment sandbox declines.
func (k *seeker) declinedCard(ctx context.Context) Finding {
	card := k.v.t.Site.Declined
	switch {
	case !k.v.t.Site.Sandbox:
		return Finding{State: NotGranted, Evidence: Proof{Why: "the payment is no sandbox: set `sandbox: true` in the site's authorisation once payments go to one"}}
	case card == nil:
		return Finding{State: NotGranted, Evidence: Proof{Why: "no card is known that the sandbox declines: name one that the payment provider publishes for tests under `declined-card` in the site's authorisation"}}
	}
	f := k.toTill(ctx)
	if f.State != Reached {
		return f
	}
	if k.stale || !k.atTill(ctx) {
		k.till = nil
		if f = k.toTill(ctx); f.State != Reached {
			return f
		}
	}
	defer k.lock()
	facts := map[string]string{"payment": f.Evidence.Facts["payment"]}
	f.Evidence = Proof{Facts: facts}
	fail := func(state State, why string) Finding {
		f.State, f.Confidence, f.Evidence.Why = state, .7, why
		return f
	}
	typed := false
	for range mostRounds {
		p := k.v.tab.Page()
		if p == nil {
			return k.unable(ctx, driver.ErrClosed)
		}
		if err := k.payByCard(ctx, p); err != nil {
			return k.unable(ctx, err)
		}
		k.v.unlock(evidence.DeclineCard) // its fields may stand in the frames of the sandbox's provider
		filled, _, err := k.v.fillForm(ctx, p, fillPlan{Card: &sandboxCard{Number: card.Number, Code: card.Code, Month: card.Month, Year: card.Year}})
		if err != nil {
			return k.unable(ctx, err)
		}
		typed = typed || slices.ContainsFunc(filled, func(x filledField) bool { return x.Purpose == find.ForCardNumber })
		at, err := k.look(ctx, nil, "")
		if err != nil {
			return k.unable(ctx, err)
		}
		forms, err := p.Forms(ctx)
		if err != nil {
			return k.unable(ctx, err)
		}
		button := k.payButton(at, forms)
		if button == nil {
			return fail(Broken, "nothing pays on this page")
		}
		if !typed && k.orders(button) {
			why := "no field for a card's number was found: the order was not sent"
			for _, frame := range at.page.Frames {
				if address, _, _ := strings.Cut(frame, " "); processing(address) {
					why = "the card's fields stand in a frame of " + hostOf(address) + ", in which nothing could be typed: the order was not sent"
				}
			}
			return fail(Broken, why)
		}
		held := k.heldIn(forms)
		if err := k.do(ctx, Step{Click: &Locator{Ref: button.Ref, Role: button.Role, Name: button.Name}, Effect: evidence.DeclineCard}); err != nil {
			k.stale = true
			if end := (*ending)(nil); !errors.As(err, &end) || end.outcome != evidence.Failed {
				return k.unable(ctx, err)
			}
			// A page that answers with an error is a refusal of a kind: it is looked at.
		}
		f.Clicks++
		f.Path = append(f.Path, "press "+named(button))
		r, onward, err := k.verdict(ctx, at, forms)
		if err != nil {
			return k.unable(ctx, err)
		}
		if onward {
			continue
		}
		k.v.rec.Flag("card.refusal-shown", r.shown)
		facts["refusal shown"] = fmt.Sprint(r.shown)
		f.URL = k.v.mask.hide(clean(r.at.page.URL))
		switch {
		case r.taken:
			return fail(Broken, "the order was taken: this card is not one that the sandbox declines; the page says: "+k.v.mask.hide(clipped(r.says)))
		case !r.shown:
			k.after(ctx, r, held, facts)
			return fail(Absent, "nothing says that the card was declined")
		}
		f.Evidence.Says = k.v.mask.hide(clipped(r.says))
		k.v.rec.Text("card.refusal-says", f.Evidence.Says)
		helps := helpsOn.says(folded(r.says)) || slices.ContainsFunc(r.blocks, func(s string) bool { return helpsOn.says(folded(s)) })
		k.v.rec.Flag("card.refusal-helps", helps)
		facts["says what to do"] = fmt.Sprint(helps)
		k.after(ctx, r, held, facts)
		f.Confidence, f.Evidence.Why = .92, "the page says that the card was not taken"
		return f
	}
	return fail(Broken, "the payment goes on and on")
}

// lock shuts the payment guard again.
func (k *seeker) lock() {
	k.v.mu.Lock()
	defer k.v.mu.Unlock()
	k.v.open = false
}

// atTill reports whether the page in front asks for money.
func (k *seeker) atTill(ctx context.Context) bool {
	p := k.v.tab.Page()
	if p == nil || k.here == nil {
		return false
	}
	forms, err := p.Forms(ctx)
	return err == nil && k.asksForMoney(k.here.page, forms).sure >= .6
}

// payByCard chooses the card where a page lets one choose how to pay, and does
// not show its fields.
func (k *seeker) payByCard(ctx context.Context, p *driver.Page) error {
	forms, err := p.Forms(ctx)
	if err != nil {
		return err
	}
	var choice *find.Field
	for i := range forms {
		f := &forms[i]
		if has(*f, find.Classify(f.Fields), find.ForCardNumber) > 0 {
			return nil
		}
		for j := range f.Fields {
			x := &f.Fields[j]
			if x.Type == "radio" && x.Hidden == "" && !x.Disabled && byCard.says(folded(called(x)+" "+x.Value)) {
				if x.Filled {
					return nil
				}
				if choice == nil {
					choice = x
				}
			}
		}
	}
	l := Locator{}
	if choice != nil {
		l = Locator{Ref: choice.Press, Role: roleOf(choice), Name: called(choice)}
	} else if c := k.cardTab(); c != nil {
		l = Locator{Ref: c.Ref, Role: c.Role, Name: c.Name}
	} else {
		return nil
	}
	if err := k.do(ctx, Step{Click: &l}); err != nil && !unusable(err) {
		return err
	}
	_, err = k.look(ctx, nil, "")
	return err
}

// cardTab gives what unfolds the card's fields among other ways to pay.
func (k *seeker) cardTab() *find.Control {
	for i := range k.here.page.Controls {
		c := &k.here.page.Controls[i]
		if c.Hidden || c.Disabled || c.Checked || c.Submits || c.Href != "" && !strings.Contains(c.Href, "#") || c.Area != find.Main && c.Area != find.Dialog || len(strings.Fields(c.Name)) > 6 {
			continue
		}
		if (c.Role == "tab" || c.Role == "radio" || c.Role == "button" && c.Expanded == "false" || c.Tag == "summary") && byCard.says(folded(c.Name)) && !k.orders(c) {
			return c
		}
	}
	return nil
}

// payButton gives what pays, else what goes on towards it.
func (k *seeker) payButton(at *place, forms []driver.Form) *find.Control {
	for i := range at.page.Controls {
		c := &at.page.Controls[i]
		if !c.Hidden && !c.Disabled && (c.Area == find.Main || c.Area == find.Dialog) && (c.Role == "button" || c.Submits) && k.orders(c) {
			return c
		}
	}
	for _, f := range forms {
		if has(f, find.Classify(f.Fields), find.ForCardNumber) == 0 {
			continue
		}
		if b := sender(f); b != nil {
			if c := at.page.Control(b.Ref); c != nil {
				return c
			}
			return &find.Control{Ref: b.Ref, Role: "button", Name: b.Name, Submits: b.Submits}
		}
	}
	return k.onwardFrom(at, stageOf(at, forms), forms, map[string]int{})
}

// heldIn names the fields that hold something, but the card's own.
func (k *seeker) heldIn(forms []driver.Form) map[string]bool {
	held := map[string]bool{}
	for _, f := range forms {
		guesses := find.Classify(f.Fields)
		for i, key := range fieldKeys(f.Fields) {
			x := &f.Fields[i]
			if x.Hidden == "" && x.Filled && !paysWith(guesses[i].Purpose) && x.Tag != "select" && !slices.Contains([]find.Purpose{find.ForPassword, find.ForNewPassword, find.ForSearch, find.ForQuantity}, guesses[i].Purpose) {
				held[key] = true
			}
		}
	}
	return held
}

// bankWaits is how often, half a second each, a page is looked at that asks a
// bank.
const bankWaits = 24

// verdict waits for what a page says to the card. onward says that it was a step
// on the way, and what pays is still to come.
func (k *seeker) verdict(ctx context.Context, before *place, sent []driver.Form) (r rebuff, onward bool, err error) {
	known := map[string]bool{}
	for _, b := range before.page.Blocks {
		if !b.Folded {
			known[b.Text] = true
		}
	}
	address := before.page.URL
	for try := 0; ; try++ {
		at, err := k.look(ctx, nil, "")
		if err != nil {
			return r, false, err
		}
		r.at, r.blocks = at, nil
		paid := ""
		for _, b := range at.page.Blocks {
			if known[b.Text] || b.Folded || len(b.Text) > 400 || b.Area == find.Consent || b.Area == find.Footer {
				continue
			}
			r.blocks = append(r.blocks, b.Text)
			switch text := folded(b.Text); {
			case declines.says(text):
				r.shown, r.says = true, b.Text
				return r, false, nil
			case paid == "" && (thanks.says(text) && !wrongs.says(text) && (b.Level > 0 || strings.Contains(strings.ToLower(at.page.URL), "thank")) || ordered.says(text)):
				paid = b.Text
			}
		}
		for _, f := range sent {
			if marked := k.complaints(ctx, f); len(marked) > 0 {
				r.shown, r.says = true, strings.Join(marked, "; ")
				return r, false, nil
			}
		}
		p := k.v.tab.Page()
		if p == nil {
			return r, false, driver.ErrClosed
		}
		forms, err := p.Forms(ctx)
		if err != nil {
			return r, false, err
		}
		card := slices.ContainsFunc(forms, func(f driver.Form) bool { return has(f, find.Classify(f.Fields), find.ForCardNumber) > 0 })
		moved := at.page.URL != address || !card && k.payButton(at, forms) != nil
		switch {
		case paid != "" && !card:
			r.taken, r.says = true, paid
			return r, false, nil
		case try >= 2 && moved && !card && k.asksForMoney(at.page, forms).final:
			return r, true, nil
		case try >= 3:
			// A word of any kind that was not there before, beside the card, is taken
			// for the answer; silence is waited out.
			for _, s := range r.blocks {
				if wrongs.says(folded(s)) {
					r.shown, r.says = true, s
					return r, false, nil
				}
			}
			// A page that asks for no money any more has let the order through.
			if try >= bankWaits/3 && at.page.URL != address && !card && k.asksForMoney(at.page, forms).sure < .4 {
				r.taken, r.says = true, firstOf(strings.Join(r.blocks, " "), at.page.Title)
				return r, false, nil
			}
			if try >= bankWaits {
				return r, false, nil
			}
		}
		if err := sleep(ctx, 500*time.Millisecond); err != nil {
			return r, false, err
		}
	}
}

// after reads what is left of the checkout where the card was declined.
func (k *seeker) after(ctx context.Context, r rebuff, held map[string]bool, facts map[string]string) {
	p := k.v.tab.Page()
	if p == nil {
		return
	}
	forms, err := p.Forms(ctx)
	if err != nil {
		return
	}
	kept, another := true, false
	for _, f := range forms {
		guesses := find.Classify(f.Fields)
		if f.Search || f.Area == "header" || f.Area == "footer" || f.Area == "nav" {
			continue
		}
		for i, key := range fieldKeys(f.Fields) {
			x := &f.Fields[i]
			if x.Hidden != "" || x.Disabled {
				continue
			}
			who := slices.Contains([]find.Purpose{find.ForEmail, find.ForStreet, find.ForPostcode, find.ForCity, find.ForGiven, find.ForFamily, find.ForFullName}, guesses[i].Purpose)
			if !x.Filled && (held[key] || who && x.Required) {
				kept = false
				facts["lost"] = called(x)
			}
			another = another || guesses[i].Purpose == find.ForCardNumber && !x.ReadOnly || guesses[i].Purpose == find.ForPayment
		}
	}
	for i := range r.at.page.Controls {
		c := &r.at.page.Controls[i]
		another = another || !c.Hidden && !c.Disabled && c.Area != find.Footer && retry.says(folded(c.Name))
	}
	basket := find.BasketOf(r.at.page, k.shops.product.Name)
	if basket.Empty {
		kept = false
	}
	full := basket.Lines > 0 || k.shops.product.Name != "" && slices.ContainsFunc(r.at.page.Blocks, func(b find.Block) bool { return !b.Folded && strings.Contains(b.Text, k.shops.product.Name) })
	seen := full || basket.Empty
	if !seen {
		if b, at, err := k.basket(ctx); err == nil && at != nil {
			full, seen = !b.Empty && b.Lines > 0, true
		}
	}
	if seen {
		facts["cart kept"] = fmt.Sprint(full)
		k.v.rec.Flag("card.cart-kept", full)
	}
	facts["form kept"], facts["another card"] = fmt.Sprint(kept), fmt.Sprint(another)
	k.v.rec.Flag("card.form-kept", kept)
	k.v.rec.Flag("card.another-possible", another)
}

var (
	// byCard names the card among the ways to pay.
	byCard = speaks(phrases{
		"en": {"card", "credit card", "credit or debit", "debit card", "cards", "visa", "mastercard", "creditcard"}, "de": {"kreditkarte", "karte", "karten", "debitkarte", "kredit oder debitkarte", "kreditkarten"}, "fr": {"carte", "carte bancaire", "carte de credit", "cb", "cartes"}, "es": {"tarjeta", "tarjetas", "tarjeta de credito"}, "it": {"carta", "carta di credito", "carte"}, "nl": {"creditcard", "kaart", "bankkaart", "kredietkaart"},
		"pt": {"cartao", "cartao de credito", "cartoes"}, "pl": {"karta", "kartą", "karta platnicza", "karty"}, "sv": {"kort", "kontokort", "kreditkort", "betalkort"}, "da": {"kort", "betalingskort", "kreditkort", "dankort"}, "nb": {"kort", "betalingskort", "kredittkort", "bankkort"}, "fi": {"kortti", "kortilla", "luottokortti", "maksukortti"}, "cs": {"karta", "kartou", "platebni karta", "kreditni karta"},
	}, "カード", "信用卡", "银行卡", "信用卡")

	// declines say that a card or payment was not taken.
	declines = speaks(phrases{
		"en": {"declined", "was refused", "been refused", "rejected", "payment failed", "payment was not", "payment could not", "payment has failed", "could not be processed", "couldn t be processed", "unable to process", "not authorised", "not authorized", "insufficient funds", "did not accept", "does not accept", "not accepted", "transaction failed", "could not charge", "couldn t charge", "card was not", "payment unsuccessful", "unsuccessful", "problem with your payment", "problem processing", "try another card", "try a different card", "different payment method", "card has expired", "do not honor", "there was an issue processing"},
		"de": {"abgelehnt", "zahlung fehlgeschlagen", "fehlgeschlagen", "konnte nicht durchgefuhrt", "nicht durchgefuhrt werden", "konnte nicht verarbeitet", "konnte nicht ausgefuhrt", "nicht autorisiert", "nicht akzeptiert", "nicht angenommen", "nicht gedeckt", "verweigert", "konnte nicht belastet", "andere karte", "andere zahlungsart", "andere zahlungsmethode", "zahlung wurde nicht", "zuruckgewiesen"},
		"fr": {"refusee", "refuse", "a ete refuse", "paiement a echoue", "echoue", "n a pas abouti", "n a pas pu etre", "rejete", "rejetee", "non autorise", "fonds insuffisants", "autre carte", "autre moyen de paiement", "echec du paiement", "provision insuffisante", "declinee"},
		"es": {"rechazada", "rechazado", "denegada", "denegado", "pago ha fallado", "el pago fallo", "no se ha podido procesar", "no se pudo procesar", "no autorizada", "no autorizado", "fondos insuficientes", "otra tarjeta", "otro metodo de pago", "otra forma de pago", "declinada", "no ha sido aceptada", "no se ha podido completar"},
		"it": {"rifiutata", "rifiutato", "pagamento non riuscito", "non e andato a buon fine", "non e stato possibile", "non autorizzata", "non autorizzato", "fondi insufficienti", "altra carta", "altro metodo di pagamento", "negata", "negato", "respinta", "respinto", "fallito"},
		"nl": {"geweigerd", "afgewezen", "betaling mislukt", "mislukt", "niet gelukt", "kon niet worden verwerkt", "niet geautoriseerd", "onvoldoende saldo", "andere kaart", "andere betaalmethode", "niet geaccepteerd", "andere creditcard"},
		"pt": {"recusado", "recusada", "rejeitado", "rejeitada", "pagamento falhou", "nao foi autorizado", "nao autorizado", "nao foi possivel processar", "saldo insuficiente", "outro cartao", "outro metodo de pagamento", "negado", "outra forma de pagamento"},
		"pl": {"odrzucona", "odrzucono", "odrzucony", "płatność nie powiodła", "nie powiodła się", "nie została zaakceptowana", "nie udało się", "odmowa", "brak środków", "inną kartę", "innej karty", "inną metodę płatności", "odmówiono", "nieudana"},
		"sv": {"nekades", "avvisades", "nekat", "nekats", "betalningen misslyckades", "misslyckades", "kunde inte genomföras", "medges ej", "otillräckligt", "annat kort", "annat betalsätt", "godkändes inte", "avböjdes", "avslogs"},
		"da": {"afvist", "blev afvist", "betalingen mislykkedes", "mislykkedes", "kunne ikke gennemføres", "ikke godkendt", "manglende dækning", "et andet kort", "anden betalingsmetode", "andet kort"},
		"nb": {"avvist", "ble avvist", "betalingen mislyktes", "mislyktes", "kunne ikke gjennomføres", "ikke godkjent", "ikke dekning", "et annet kort", "annen betalingsmåte", "annet kort"},
		"fi": {"hylättiin", "hylätty", "maksu epäonnistui", "epäonnistui", "ei voitu käsitellä", "ei hyväksytty", "kate ei riitä", "toista korttia", "toinen maksutapa", "toista maksutapaa", "evättiin"},
		"cs": {"zamítnuta", "zamítnuto", "odmítnuta", "odmítnuto", "platba se nezdařila", "nezdařila", "nepodařilo", "neautorizována", "nedostatek prostředků", "jinou kartu", "jiný způsob platby", "neproběhla"},
	}, "承認されませんでした", "ご利用いただけません", "決済に失敗", "決済できませんでした", "お支払いに失敗", "拒否されました", "別のカード", "使用できません", "エラーが発生", "支付失败", "被拒绝", "付款失败", "交易失败", "余额不足", "其他银行卡", "支付失敗", "付款失敗", "被拒")

	// helpsOn say what to do about it.
	helpsOn = speaks(phrases{
		"en": {"try again", "another card", "different card", "another payment", "different payment", "other payment", "check your card", "check the card", "check your", "contact your bank", "contact your card", "call your bank", "your bank", "use another", "use a different", "choose another", "choose a different", "re enter", "check the number", "check it"},
		"de": {"erneut", "noch einmal", "nochmals", "andere karte", "anderen karte", "andere zahlungsart", "andere zahlungsmethode", "anderen zahlungsart", "uberprufen", "prufen sie", "prufen", "ihre bank", "deine bank", "an ihre bank"}, "fr": {"reessayer", "reessayez", "essayez", "essayer", "autre carte", "autre moyen", "autre mode", "verifiez", "verifier", "votre banque"},
		"es": {"intentelo", "intentalo", "intente", "intenta", "otra tarjeta", "otro metodo", "otra forma", "compruebe", "comprueba", "verifique", "verifica", "su banco", "tu banco", "pruebe", "prueba"}, "it": {"riprova", "riprovare", "riprovi", "altra carta", "altro metodo", "verifica", "verificare", "controlla", "controllare", "la tua banca", "la sua banca", "prova"},
		"nl": {"opnieuw", "probeer", "andere kaart", "andere creditcard", "andere betaalmethode", "controleer", "uw bank", "je bank"}, "pt": {"tente", "novamente", "outro cartao", "outro metodo", "outra forma", "verifique", "seu banco", "o banco"}, "pl": {"ponownie", "jeszcze raz", "inną kartę", "innej karty", "inną metodę", "sprawdź", "bankiem", "spróbuj", "innej metody"},
		"sv": {"försök igen", "igen", "annat kort", "annat betalsätt", "kontrollera", "din bank"}, "da": {"prøv igen", "igen", "andet kort", "anden betalingsmetode", "kontroller", "din bank", "tjek"}, "nb": {"prøv igjen", "igjen", "annet kort", "annen betalingsmåte", "kontroller", "banken din", "sjekk"},
		"fi": {"yritä", "uudelleen", "toista korttia", "toista maksutapaa", "tarkista", "pankkiisi", "pankkiin"}, "cs": {"zkuste", "znovu", "jinou kartu", "jiný způsob", "zkontrolujte", "banku", "bankou", "ověřte"},
	}, "もう一度", "再度", "別のカード", "別のお支払い", "ご確認", "カード会社", "请重试", "重试", "其他", "请检查", "请联系", "更换")

	// retry names what tries another way to pay.
	retry = speaks(phrases{
		"en": {"try again", "try another card", "use another card", "use a different card", "change payment", "change payment method", "choose another payment method", "other payment methods", "retry payment", "edit payment", "edit"}, "de": {"erneut versuchen", "zahlungsart andern", "andere zahlungsart", "andere zahlungsart wahlen", "andere karte verwenden", "zahlung wiederholen"}, "fr": {"reessayer", "changer de moyen de paiement", "autre moyen de paiement", "utiliser une autre carte", "modifier le paiement"},
		"es": {"intentar de nuevo", "reintentar", "cambiar metodo de pago", "otro metodo de pago", "usar otra tarjeta"}, "it": {"riprova", "cambia metodo di pagamento", "altro metodo di pagamento", "usa un altra carta"}, "nl": {"opnieuw proberen", "andere betaalmethode", "betaalmethode wijzigen", "andere kaart gebruiken"}, "pt": {"tentar novamente", "alterar metodo de pagamento", "usar outro cartao"}, "pl": {"spróbuj ponownie", "zmień metodę płatności", "użyj innej karty"},
		"sv": {"försök igen", "ändra betalsätt", "annat betalsätt"}, "da": {"prøv igen", "skift betalingsmetode", "anden betalingsmetode"}, "nb": {"prøv igjen", "endre betalingsmåte"}, "fi": {"yritä uudelleen", "vaihda maksutapa"}, "cs": {"zkusit znovu", "změnit způsob platby"},
	}, "もう一度試す", "お支払い方法を変更", "重新支付", "更换支付方式", "重试")

	// ordered say that an order was placed.
	ordered = speaks(phrases{
		"en": {"order confirmed", "order confirmation", "order has been placed", "order has been received", "your order number", "thank you for your order", "thanks for your order"}, "de": {"bestellbestatigung", "bestellung ist eingegangen", "ihre bestellnummer", "danke fur ihre bestellung", "vielen dank fur ihre bestellung"}, "fr": {"commande confirmee", "merci pour votre commande", "votre commande a ete"}, "es": {"pedido confirmado", "gracias por su pedido", "gracias por tu pedido"}, "it": {"ordine confermato", "grazie per il tuo ordine"}, "nl": {"bestelling bevestigd", "bedankt voor je bestelling", "bedankt voor uw bestelling"},
		"pt": {"encomenda confirmada", "pedido confirmado", "obrigado pela sua encomenda"}, "pl": {"zamówienie zostało złożone", "dziękujemy za zamówienie"}, "sv": {"tack för din order", "orderbekräftelse", "tack för din beställning"}, "da": {"tak for din ordre", "ordrebekræftelse"}, "nb": {"takk for bestillingen", "ordrebekreftelse"}, "fi": {"kiitos tilauksestasi", "tilausvahvistus"}, "cs": {"děkujeme za objednávku", "objednávka byla přijata"},
	}, "ご注文ありがとうございました", "ご注文番号", "感谢您的订购", "订单已提交")
)
