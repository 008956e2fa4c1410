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

// An order is reached in two ways: by its number, on a page for whoever knows
// that, and in the account of who placed it. Both need a customer whom the
// site's entry names; the visit has no order of its own.

var errNobody = errors.New("no order is known there: name a customer with one under `customer` in sites.yaml")

// orderOf gives the number of the order that the site's entry names for the
// goal.
func (k *seeker) orderOf() string {
	c := k.v.t.Site.Customer
	switch {
	case c == nil:
		return ""
	case k.arrived && c.Arrived != "":
		return strings.TrimSpace(c.Arrived)
	}
	return strings.TrimSpace(c.Order)
}

// byNumber are the answers of one who asks for an order by its number.
func (k *seeker) byNumber() map[find.Purpose]string {
	c := k.v.t.Site.Customer
	plan := map[find.Purpose]string{find.ForOrderNumber: strings.TrimLeft(k.orderOf(), "#"), find.ForEmail: c.Email, find.ForUsername: c.Email, find.ForPostcode: c.Postcode}
	if c.Family != "" {
		plan[find.ForFamily], plan[find.ForFullName] = c.Family, c.Family
	}
	return plan
}

// orderStatus finds where an order stands, without an account and with one.
func (k *seeker) orderStatus(ctx context.Context) Finding {
	f := k.search(ctx)
	facts := map[string]string{}
	if f.State == Reached {
		facts["account"] = "not needed"
		if k.orderOf() != "" {
			if at, err := k.lookUp(ctx); err != nil {
				facts["guest"] = "offered; it did not show the order: " + plainly(err)
				k.v.rec.Flag("order.shown-to-guest", false)
			} else {
				facts["guest"], facts["state"] = "shown", k.v.mask.hide(at.page.State(k.orderOf()))
				k.v.rec.Flag("order.shown-to-guest", true)
				f.Clicks++
				f.Path = append(f.Path, "ask for the order by its number")
				f.URL, f.Confidence = k.v.mask.hide(clean(at.page.URL)), .95
			}
		}
	}
	switch at, in, err := k.toOrder(ctx); {
	case err == nil:
		facts["state in the account"] = k.v.mask.hide(at.page.State(k.orderOf()))
		if f.State != Reached {
			facts["account"] = "needed"
			f = in
		}
	case f.State == Reached:
		if !errors.Is(err, errNobody) {
			facts["in the account"] = plainly(err)
		}
	case !errors.Is(err, errNobody):
		f.Evidence.Facts = map[string]string{"account": plainly(err)}
		f.Confidence = min(f.Confidence, .5)
		return f
	case k.member == nil && !k.v.t.Granted(evidence.Register):
		f.Evidence.Facts = map[string]string{"account": "not looked into: " + ungranted(evidence.Register)}
		f.Confidence = min(f.Confidence, .5)
		return f
	default:
		if no := k.inside(ctx); no != nil {
			f.Evidence.Facts = map[string]string{"account": no.Evidence.Why}
			return f
		}
		k.goal.Name, k.goal.Arrived = "the account's orders", find.Orders // another proof has another name
		f = k.search(ctx)
		facts["account"] = "needed"
	}
	f.Evidence.Facts = facts
	return f
}

// lookUp asks for the customer's order by its number, on the page that the
// search for order-status has found. It changes nothing.
func (k *seeker) lookUp(ctx context.Context) (*place, error) {
	wanted := k.goal
	defer func() { k.goal = wanted }()
	k.goal, _ = find.Named("order-status")
	pl, a := k.best()
	if pl == nil {
		return nil, errors.New("no page shows an order by its number")
	}
	at, err := k.back(ctx, pl)
	if err != nil {
		return nil, err
	}
	if c := at.page.Control(a.Opener); a.Opener != 0 && c != nil {
		if _, err := k.click(ctx, at, c); err != nil {
			return nil, err
		}
	}
	r, err := k.post(ctx, "", fillPlan{Answers: k.byNumber()}, asksOrder)
	switch {
	case err != nil:
		return nil, err
	case r.at == nil:
		return nil, errors.New("nothing came of it")
	}
	if _, still := find.Lookup(r.at.page); still && !r.at.page.Shows(k.orderOf()) || !r.taken && !r.at.page.Shows(k.orderOf()) {
		return nil, errors.New(firstOf(r.why, "the page shows no such order"))
	}
	return r.at, nil
}

func firstOf(list ...string) string {
	i := slices.IndexFunc(list, func(s string) bool { return s != "" })
	return list[max(0, i)]
}

// asksOrder suits a form that asks for an order by its number.
func asksOrder(f driver.Form, g []find.Guess) float64 {
	if n := has(f, g, find.ForOrderNumber); n == 0 || f.Search || has(f, g, find.ForPassword, find.ForCurrentPassword, find.ForNewPassword) > 0 {
		return 0
	}
	return 1 + float64(has(f, g, find.ForEmail, find.ForPostcode, find.ForFamily, find.ForUsername))/4
}

// asCustomer comes in as the site's customer.
func (k *seeker) asCustomer(ctx context.Context) error {
	if k.buyer != nil {
		return nil
	}
	c, password := k.v.t.Site.Customer, k.v.b.o.Passwords[k.v.t.Site.ID]
	switch {
	case c == nil || c.Email == "" || password == "":
		return errNobody
	case !k.v.t.Granted(evidence.LogIn):
		return errors.New(ungranted(evidence.LogIn))
	}
	if k.member != nil && k.member.in {
		if err := k.logOut(ctx); err != nil {
			return fmt.Errorf("leave the account that the visit has opened: %w", err)
		}
	}
	defer k.errand("log-in")()
	// What was seen so far was seen by somebody else.
	k.places, k.here = nil, nil
	if err := k.start(ctx); err != nil {
		return err
	}
	_, f, err := k.stand(ctx)
	switch {
	case err != nil:
		return err
	case f.State != Reached:
		return errors.New("no form to log in was found")
	}
	r, err := k.post(ctx, evidence.LogIn, fillPlan{Password: password, Login: c.Email, Answers: map[find.Purpose]string{find.ForEmail: c.Email, find.ForUsername: c.Email}}, logsIn)
	if err != nil {
		return err
	}
	if r.at == nil || !r.taken || !exits(r.at.page) && asksPassword(r.at.page) {
		return errors.New("the customer could not log in: " + firstOf(r.why, "the form that asks for the password is still there"))
	}
	k.buyer, k.failed = r.at, map[string]bool{} // what led nowhere before may lead on now
	k.buyer.depth = f.Clicks + 1
	k.buyer.words = append(f.Path, "log in as the customer whom the site's entry names")
	return nil
}

// errand looks for another goal on the way to one, with a budget of its own,
// until what it gives is called.
func (k *seeker) errand(name string) (back func()) {
	goal, presses, tried := k.goal, k.presses, k.tried
	k.goal, _ = find.Named(name)
	k.presses, k.tried = 0, map[string]bool{}
	return func() { k.goal, k.presses, k.tried = goal, presses, tried }
}

// toOrder opens the customer's order in the account. The finding is that of the
// way there.
func (k *seeker) toOrder(ctx context.Context) (*place, Finding, error) {
	if k.orderOf() == "" {
		return nil, Finding{}, errNobody
	}
	if err := k.asCustomer(ctx); err != nil {
		return nil, Finding{}, err
	}
	if _, err := k.back(ctx, k.buyer); err != nil {
		return nil, Finding{}, err
	}
	defer k.errand("order-status")()
	k.goal.Name = "the order " + k.orderOf()
	k.goal.Arrived = func(p *find.Page) (find.Arrival, bool) {
		a, ok := find.Orders(p)
		if p.Shows(k.orderOf()) {
			return find.Arrival{Confidence: .9, Why: "a page of the account that shows the order"}, ok || p.ToOrder(k.orderOf()) != nil
		}
		a.Confidence = min(a.Confidence, .6)
		return a, ok
	}
	list := k.search(ctx)
	if list.State != Reached {
		return nil, list, errors.New("no page of the account lists its orders: " + list.Evidence.Why)
	}
	pl, _ := k.best()
	at, err := k.back(ctx, pl)
	if err != nil {
		return nil, list, err
	}
	if at, err = k.pageOf(ctx, at, &list); err != nil {
		return nil, list, err
	}
	if c := at.page.ToOrder(k.orderOf()); c != nil {
		if to, err := k.press(ctx, at, c); err == nil && to != nil && to.page.Shows(k.orderOf()) {
			at = to
			list.Clicks++
			list.Path = append(list.Path, "press "+named(c))
		}
	}
	if !at.page.Shows(k.orderOf()) {
		return nil, list, fmt.Errorf("the account does not show the order %s", k.orderOf())
	}
	list.State, list.Confidence, list.URL = Reached, .92, k.v.mask.hide(clean(at.page.URL))
	list.Evidence = Proof{Why: "the order's page in the account", Says: k.v.mask.hide(at.page.State(k.orderOf()))}
	return at, list, nil
}

// mostOrderPages bounds how far back a list of orders is read.
const mostOrderPages = 6

// pageOf turns the pages of a list of orders until one has the order, and adds
// those presses to the way; the first page where none has.
func (k *seeker) pageOf(ctx context.Context, first *place, way *Finding) (*place, error) {
	has := func(p *find.Page) bool { return p.Shows(k.orderOf()) || p.ToOrder(k.orderOf()) != nil }
	at, turned := first, []string{}
	for range mostOrderPages {
		if has(at.page) {
			way.Clicks += len(turned)
			way.Path = append(way.Path, turned...)
			return at, nil
		}
		next := at.page.NextPage()
		if next == nil {
			break
		}
		to, err := k.press(ctx, at, next)
		if err != nil || to == nil || to == at {
			if err != nil && k.fatal(ctx, err) != nil {
				return nil, err
			}
			break
		}
		turned = append(turned, "press "+named(next))
		at = to
	}
	return k.back(ctx, first)
}

// cancelOrder finds what cancels an order.
func (k *seeker) cancelOrder(ctx context.Context) Finding {
	return k.end(ctx, find.CancelOrder, find.CancelledTalk)
}

// startReturn finds what begins to send an order back.
func (k *seeker) startReturn(ctx context.Context) Finding {
	k.arrived = true
	defer func() { k.arrived = false }()
	return k.end(ctx, find.StartReturn, find.ReturningTalk)
}

// end finds what an act does to an order: on the order's own page, in the
// account or by its number, and else in a form for whoever knows the number.
// What cannot be undone is pressed only where changing an account is granted.
func (k *seeker) end(ctx context.Context, act, said find.Concept) Finding {
	var seen []string // of the order's pages, why none of them will do
	for _, way := range []func(context.Context) (*place, Finding, error){k.toOrder, k.toOrderByNumber} {
		if k.orderOf() == "" {
			break
		}
		at, f, err := way(ctx)
		if err != nil {
			if end := k.fatal(ctx, err); end != nil {
				return *end
			}
			if !errors.Is(err, errNobody) {
				seen = append(seen, plainly(err))
			}
			continue
		}
		if c := at.page.Offer(act, k.orderOf()); c != nil {
			return k.through(ctx, f, at, c, act, said)
		}
		k.v.rec.Flag(offers[act], false)
		seen = append(seen, "the order's page ("+k.v.mask.hide(clean(at.page.URL))+") offers nothing of the kind; it says: "+firstOf(k.v.mask.hide(at.page.State(k.orderOf())), "nothing"))
	}
	f := k.search(ctx)
	if f.State != Reached {
		switch {
		case k.orderOf() == "":
			f.Confidence = min(f.Confidence, .5)
			f.Evidence.Why += "; " + errNobody.Error()
		case len(seen) > 0:
			f.Evidence.Why = strings.Join(seen, "; ") + "; " + f.Evidence.Why
			if !strings.Contains(f.Evidence.Why, "offers nothing") {
				f.Confidence = min(f.Confidence, .5)
			}
		}
		return f
	}
	f.Evidence.Facts = map[string]string{"account": "not needed"}
	if k.orderOf() == "" || !k.v.t.Granted(evidence.ChangeAccount) {
		f.Evidence.Facts["pressed"] = "no: " + ungranted(evidence.ChangeAccount)
		if k.orderOf() == "" {
			f.Evidence.Facts["pressed"] = "no: " + errNobody.Error()
		}
		return f
	}
	if _, _, err := k.stand(ctx); err != nil {
		return k.unable(ctx, err)
	}
	k.v.agrees.Store(true)
	defer k.v.agrees.Store(false)
	r, err := k.post(ctx, evidence.ChangeAccount, fillPlan{Answers: k.byNumber(), Message: reasons.in(k.language())}, asksOrder)
	if err != nil {
		return k.unable(ctx, err)
	}
	f.Evidence.Facts["pressed"], f.Evidence.Facts["done"], f.Evidence.Facts["says"] = "yes", fmt.Sprint(r.taken), k.v.mask.hide(clipped(r.says))
	k.v.rec.Flag("order.end-acknowledged", r.taken)
	f.Clicks++
	f.Path = append(f.Path, "fill in the form and send it")
	return f
}

// toOrderByNumber opens the customer's order by its number.
func (k *seeker) toOrderByNumber(ctx context.Context) (*place, Finding, error) {
	defer k.errand("order-status")()
	f := k.search(ctx)
	if f.State != Reached {
		return nil, f, errNobody
	}
	at, err := k.lookUp(ctx)
	if err != nil {
		return nil, f, err
	}
	f.Clicks++
	f.Path, f.URL = append(f.Path, "ask for the order by its number"), k.v.mask.hide(clean(at.page.URL))
	return at, f, nil
}

// offers are the facts that say whether an order's page offers an act.
var offers = map[find.Concept]string{find.CancelOrder: "order.cancel-offered", find.StartReturn: "order.return-offered"}

// mostRounds bounds the pages and questions between a wish to cancel or return
// and its end.
const mostRounds = 4

// through goes from the control that offers it as far as may be gone: without
// leave to change an account, a link that begins a return is followed, and
// nothing else is pressed.
func (k *seeker) through(ctx context.Context, f Finding, at *place, c *find.Control, act, said find.Concept) Finding {
	f.State, f.Confidence = Reached, .92
	k.v.rec.Flag(offers[act], true)
	f.Evidence = Proof{Why: "the order's page offers " + named(c), Says: k.v.mask.hide(c.Name), Facts: map[string]string{"offer": k.v.mask.hide(named(c)), "state": k.v.mask.hide(at.page.State(k.orderOf()))}}
	facts := f.Evidence.Facts
	follows := strings.HasPrefix(c.Href, "http")
	if follows && !k.v.bounds.holds(c.Href) {
		facts["pressed"] = "no: it leads off the site, to " + hostOf(c.Href)
		return f
	}
	if !k.v.t.Granted(evidence.ChangeAccount) {
		facts["pressed"] = "no: " + ungranted(evidence.ChangeAccount)
		if act != find.StartReturn || !follows {
			return f
		}
		to, err := k.press(ctx, at, c)
		if err != nil || to == nil {
			facts["pressed"] += "; the link could not be followed"
			return f
		}
		f.Clicks++
		f.Path, f.URL = append(f.Path, "press "+named(c)), k.v.mask.hide(clean(to.page.URL))
		facts["asks"] = k.asks(ctx)
		return f
	}
	known := map[string]bool{}
	for _, b := range at.page.Blocks {
		known[b.Text] = true
	}
	state := at.page.State(k.orderOf())
	k.begin(evidence.ChangeAccount)
	k.v.agrees.Store(true)
	defer k.v.agrees.Store(false)
	var pressed []string
	for range mostRounds {
		if err := k.chooseLines(ctx, at.page, c); err != nil {
			return k.unable(ctx, err)
		}
		if now := at.page.Control(c.Ref); now == nil {
			break
		}
		if err := k.do(ctx, Step{Click: &Locator{Ref: c.Ref, Role: c.Role, Name: c.Name}, Effect: evidence.ChangeAccount}); err != nil {
			facts["pressed"] = strings.Join(append(pressed, "no further: "+plainly(err)), ", ")
			k.stale = true
			return f
		}
		pressed = append(pressed, named(c))
		f.Clicks++
		f.Path = append(f.Path, "press "+named(c))
		for try := 0; ; try++ {
			now, err := k.look(ctx, nil, "")
			if err != nil {
				return k.unable(ctx, err)
			}
			at = now
			if says := saidSo(at.page, known, said); says != "" {
				facts["pressed"], facts["done"], facts["says"] = strings.Join(pressed, ", "), "true", k.v.mask.hide(clipped(says))
				k.v.rec.Flag("order.end-acknowledged", true)
				f.URL, f.Confidence = k.v.mask.hide(clean(at.page.URL)), .95
				f.Evidence.Why = "the page says that it is done"
				return f
			}
			if try > 0 {
				break
			}
			if err := sleep(ctx, 400*time.Millisecond); err != nil {
				return k.unable(ctx, err)
			}
		}
		if c = at.page.Confirms(act); c == nil || slices.Contains(pressed, named(c)) && len(pressed) > 1 {
			break
		}
	}
	facts["pressed"], facts["done"] = strings.Join(pressed, ", "), "false"
	k.v.rec.Flag("order.end-acknowledged", false)
	if now := at.page.State(k.orderOf()); now != "" && now != state {
		facts["says"] = k.v.mask.hide(now)
	}
	f.Evidence.Why = "the way to it was found, and nothing says that it was done"
	f.Confidence = .75
	return f
}

// saidSo gives what a page says now and did not before, of what was done.
func saidSo(p *find.Page, known map[string]bool, said find.Concept) string {
	for i, b := range p.Blocks {
		if known[b.Text] || b.Folded || b.Area != find.Main && b.Area != find.Dialog || len(b.Text) > 300 {
			continue
		}
		if strings.ContainsAny(b.Text, "?？") { // it asks back
			continue
		}
		if p.Bare[i].Has(said) || thanks.says(folded(b.Text)) && !wrongs.says(folded(b.Text)) {
			return b.Text
		}
	}
	return ""
}

// asks says what the forms in the page's main part want to know before goods go
// back.
func (k *seeker) asks(ctx context.Context) string {
	p := k.v.tab.Page()
	if p == nil {
		return ""
	}
	forms, err := p.Forms(ctx)
	if err != nil {
		return ""
	}
	var names []string
	for _, f := range forms {
		if f.Search || f.Area == "header" || f.Area == "footer" || f.Area == "nav" {
			continue
		}
		for i := range f.Fields {
			if x := &f.Fields[i]; x.Hidden == "" && !slices.Contains(names, called(x)) {
				names = append(names, called(x))
			}
		}
	}
	return strings.Join(names, ", ")
}

// chooseLines answers the form that a control sends, or the dialog in front:
// its first line is what goes back, its first reason why.
func (k *seeker) chooseLines(ctx context.Context, page *find.Page, c *find.Control) error {
	p := k.v.tab.Page()
	if p == nil {
		return driver.ErrClosed
	}
	forms, err := p.Forms(ctx)
	if err != nil {
		return err
	}
	for _, f := range forms {
		if !slices.ContainsFunc(f.Buttons, func(b driver.Button) bool { return b.Ref == c.Ref }) && !(page.Front && f.Area == "dialog") {
			continue
		}
		ticked, groups := false, map[string]bool{}
		for i := range f.Fields {
			if x := &f.Fields[i]; boxed(x) && x.Filled {
				ticked, groups[x.Name] = ticked || x.Type == "checkbox", true
			}
		}
		a := newAnswers(k.v.t.Persona, &fillPlan{})
		guesses := find.Classify(f.Fields)
		for i := range f.Fields {
			x := &f.Fields[i]
			at := Locator{Ref: x.Press, Role: roleOf(x), Name: called(x)}
			switch {
			case x.Hidden != "" || x.Disabled || guesses[i].Purpose == find.ForNewsletter:
			case x.Tag == "select" && (!x.Filled || x.Value == ""):
				if n := a.pick(guesses[i].Purpose, x.Options); n >= 0 && x.Press == x.Ref {
					if err := k.v.choose(ctx, p, &Select{Locator: at, Option: optionName(x.Options, n)}); err != nil && !unusable(err) {
						return err
					}
				}
			case x.Type == "radio" && !groups[x.Name], x.Type == "checkbox" && !ticked:
				if err := k.v.click(ctx, p, &Step{Click: &at}); err != nil && !unusable(err) {
					return err
				}
				ticked, groups[x.Name] = ticked || x.Type == "checkbox", true
			case x.Tag == "textarea" && !x.Filled && x.Required:
				if err := k.v.fill(ctx, p, &Fill{Locator: at, Value: reasons.in(k.language())}); err != nil && !unusable(err) {
					return err
				}
			}
		}
	}
	return nil
}

// A saying is one text in several languages.
type saying map[string]string

// in gives it in a language (BCP 47), in English where that is not known.
func (s saying) in(language string) string {
	base, _, _ := strings.Cut(strings.ToLower(language), "-")
	return firstOf(s[base], s["en"])
}

// reasons are why an order is cancelled or sent back: short, harmless, nobody's
// fault.
var reasons = saying{
	"en": "Ordered by mistake.", "de": "Versehentlich bestellt.", "fr": "Commande passée par erreur.", "es": "Pedido por error.", "it": "Ordinato per errore.", "nl": "Per ongeluk besteld.", "pt": "Encomendado por engano.", "pl": "Zamówione przez pomyłkę.",
	"sv": "Beställd av misstag.", "da": "Bestilt ved en fejl.", "nb": "Bestilt ved en feil.", "fi": "Tilattu vahingossa.", "cs": "Objednáno omylem.", "ja": "間違えて注文しました。", "zh": "误下单。",
}
