package web

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"touchstone/internal/evidence"
	"touchstone/probes/web/driver"
	"touchstone/probes/web/find"
)

// A fillPlan says what a customer who fills in a form wants, beside who they
// are, which the persona says.
type fillPlan struct {
	Forms     []int                   // numbers of the forms (see driver.Form); none: those that are the page's task
	Login     string                  // who logs in; empty: the persona's address
	Password  string                  // empty: one that is made for the visit
	Message   string                  // to the shop
	Subject   string                  // of the message
	Answers   map[find.Purpose]string // what else the task knows: an order number, a coupon, a one-time code
	Subscribe bool                    // newsletters are the goal: otherwise none is taken
	Account   bool                    // an account is wanted: otherwise no new password is typed, and none made
	Card      *sandboxCard            // nil: card fields are left empty
}

// A sandboxCard is one that a payment provider gives out for tests.
type sandboxCard struct {
	Number, Code string
	Month, Year  int // of its expiry, such as 12 and 2030
}

// A filledField is one that was typed into, chosen from or ticked.
type filledField struct {
	Purpose find.Purpose
	Label   string // what the page calls it
	How     string // "typed", "chosen", "ticked", "cleared"
}

// A missingField is one that the form needs and that was left as it was.
type missingField struct {
	Purpose find.Purpose
	Label   string
	Why     string
}

// mostActs bounds what one form may ask for.
const mostActs = 120

// fillForm fills in a form as a person would: what is asked for and known, in
// the page's order, reading the form again after each act, since a country may
// bring its states and a postcode its town. It sends nothing. What was there
// already is left, unless the page says that it is wrong: called again after a
// form was refused, it mends those fields, each in another of the formats that
// its value has. Traps for programs, which people do not see, stay empty.
//
// The error is an ending, or the browser's; a field that would not take its
// answer is missing, and no error.
func (v *visit) fillForm(ctx context.Context, p *driver.Page, what fillPlan) ([]filledField, []missingField, error) {
	if what.Card != nil && !v.mayPay() {
		what.Card = nil
	}
	known := what.Password != ""
	if !known {
		what.Password = passwordOf(v.t.Random)
	}
	f := &filling{v: v, p: p, what: what, tried: map[string]int{}, guessed: map[string][]find.Guess{}, refused: map[string]string{}, answers: newAnswers(v.t.Persona, &what)}
	f.known = known
	for range mostActs {
		forms, err := p.Forms(ctx)
		if err != nil {
			return f.filled, nil, err
		}
		a := f.next(forms)
		if a == nil {
			return f.filled, f.missing(forms), nil
		}
		f.tried[a.key]++
		switch err := f.do(ctx, a); {
		case err == nil:
			if f.tried[a.key] == 1 {
				how := a.how
				if how == "picked" {
					how = "chosen"
				}
				f.filled = append(f.filled, filledField{a.guess.Purpose, called(a.Field), how})
			}
		case unusable(err) && (f.covered < 2 || !overlaid(err)):
			f.refused[a.key] = err.Error()
			if overlaid(err) {
				f.covered++
			}
		default: // what lies over two fields lies over all of them
			return f.filled, nil, err
		}
	}
	forms, err := p.Forms(ctx)
	return f.filled, f.missing(forms), err
}

// mayPay reports whether this visit may touch card fields at all.
func (v *visit) mayPay() bool {
	return v.t.Site.Sandbox && slices.ContainsFunc([]evidence.Effect{evidence.PlaceOrder, evidence.Pay, evidence.DeclineCard}, v.t.Granted)
}

// unusable reports an error of one field, which the others survive.
func unusable(err error) bool {
	var unmet *driver.Unmet
	var many *driver.Ambiguous
	var lacks *notOffered
	return errors.As(err, &unmet) || errors.As(err, &many) || errors.As(err, &lacks)
}

// overlaid reports whether something lies over the field.
func overlaid(err error) bool {
	var unmet *driver.Unmet
	return errors.As(err, &unmet) && unmet.Over != ""
}

// A filling is a form under a customer's hands.
type filling struct {
	v       *visit
	p       *driver.Page
	what    fillPlan
	answers *answers
	known   bool // the task brought the password
	covered int  // fields that something lay over
	filled  []filledField
	tried   map[string]int // acts on a field, by its key
	guessed map[string][]find.Guess
	refused map[string]string // why a field did not take its answer
}

// An act is what is done next.
type act struct {
	*find.Field
	key    string
	guess  find.Guess
	how    string // "typed", "chosen", "picked" from a list that a script draws, "ticked", "cleared"; "opened" for a way past an address search
	values []string
	option int
}

// next finds the first field that waits for its answer; nil when none does.
func (f *filling) next(forms []driver.Form) *act {
	for _, form := range f.scope(forms) {
		guesses := f.classify(form.Fields)
		keys := keysIn(form)
		for i := range form.Fields {
			a := &act{Field: &form.Fields[i], key: keys[i], guess: guesses[i]}
			if f.tried[a.key] < f.limit(a) && a.Hidden == "" && !a.Disabled && (!a.ReadOnly || a.Tag == "select" || boxed(a.Field)) && f.wants(a, form, guesses) {
				return a
			}
		}
		if a := f.byHand(&form, guesses); a != nil {
			return a
		}
	}
	return nil
}

// classify is find.Classify, once for fields that only what they hold sets
// apart from those of the act before.
func (f *filling) classify(fields []find.Field) []find.Guess {
	var b strings.Builder
	for i, key := range fieldKeys(fields) {
		fmt.Fprintf(&b, "%s\x00%s\x00%s\x00%d\n", key, fields[i].Near, fields[i].Hidden, len(fields[i].Options))
	}
	guesses, known := f.guessed[b.String()]
	if !known {
		guesses = find.Classify(fields)
		f.guessed[b.String()] = guesses
	}
	return guesses
}

// limit is how often a field is acted upon: once, and once more to mend it.
func (f *filling) limit(a *act) int {
	if boxed(a.Field) || a.Tag == "select" || drawn(a.Field) {
		return 1
	}
	return 2
}

func boxed(f *find.Field) bool {
	return f.Type == "checkbox" || f.Type == "radio" || f.Type == "switch"
}

// fieldKeys names fields so that they are known again when the page was drawn
// anew.
func fieldKeys(fields []find.Field) []string {
	keys, count := make([]string, len(fields)), map[string]int{}
	for i, f := range fields {
		key := strings.Join([]string{f.Tag, f.Type, f.Name, f.ID, f.Label, f.Placeholder, f.Value}, "\x00")
		if f.Name != "" {
			key = strings.Join([]string{f.Tag, f.Type, f.Name, f.Value}, "\x00")
		}
		count[key]++
		keys[i] = fmt.Sprintf("%s\x00%d", key, count[key])
	}
	return keys
}

// keysIn are the keys of a form's fields: of a frame's, others than of the page's.
func keysIn(form driver.Form) []string {
	keys := fieldKeys(form.Fields)
	for i := range keys {
		keys[i] += "\x00" + strings.Join(form.Within, "\x00")
	}
	return keys
}

// scope gives the forms that are filled: those of the plan, or those that are
// the page's task, which a search, a newsletter or a log-in beside it is not.
func (f *filling) scope(forms []driver.Form) []driver.Form {
	var in []driver.Form
	for _, form := range forms {
		if f.what.Card == nil && provider(form.Within) != "" {
			continue // it is the payment
		}
		if len(f.what.Forms) > 0 {
			if slices.Contains(f.what.Forms, form.Ref) {
				in = append(in, form)
			}
			continue
		}
		if form.Search || form.Area == "header" || form.Area == "nav" || form.Area == "footer" {
			continue
		}
		if !standsBeside(f.classify(form.Fields), form.Fields) {
			in = append(in, form)
		}
	}
	return in
}

// standsBeside reports whether a form's seen fields serve something that goes on
// beside a task.
func standsBeside(guesses []find.Guess, fields []find.Field) bool {
	asks, logs, boxes, who := 0, 0, 0, 0
	for i, g := range guesses {
		switch {
		case fields[i].Hidden != "":
		case g.Purpose == find.ForCurrentPassword:
			logs++
		case g.Purpose == find.ForUsername:
			who++
		case g.Purpose == find.ForCountry && fields[i].Tag == "select": // by itself it only asks where one shops from
		case slices.Contains([]find.Purpose{find.ForSearch, find.ForCoupon, find.ForQuantity, find.ForRemember, find.ForNewsletter, find.ForAmount}, g.Purpose):
		case boxed(&fields[i]):
			boxes++
		default:
			asks++
		}
	}
	return asks == 0 && (logs > 0 || boxes == 0 && who == 0)
}

// wants decides what a field's answer is, false when it needs none now.
func (f *filling) wants(a *act, form driver.Form, guesses []find.Guess) bool {
	switch {
	case a.Type == "radio":
		return f.wantsRadio(a, form, guesses)
	case boxed(a.Field):
		return f.wantsBox(a, form)
	case a.Tag == "select":
		return f.wantsChoice(a)
	case drawn(a.Field):
		a.how = "picked"
		return unchosen(a.Field) && f.asked(a, form)
	}
	wrong := a.Filled && (a.Invalid || a.Fault != "")
	if a.Filled && !wrong || !f.asked(a, form) {
		return false
	}
	a.how = "typed"
	a.values = f.answers.typed(a.Field, a.guess.Purpose, form.Fields, guesses)
	return len(a.values) > 0 && (!wrong || len(a.values) > 1)
}

// always are purposes that are answered wherever a form shows them: a person
// takes them for the form's business. Others are answered where the form
// insists.
var always = []find.Purpose{
	find.ForGiven, find.ForFamily, find.ForFullName, find.ForNameSound, find.ForStreet, find.ForHouseNumber, find.ForPostcode, find.ForCity, find.ForState, find.ForCountry,
	find.ForPhone, find.ForPhoneCountry, find.ForPhoneArea, find.ForPhoneLocal, find.ForEmail, find.ForEmailAgain, find.ForUsername, find.ForPassword, find.ForCurrentPassword, find.ForNewPassword, find.ForPasswordAgain,
	find.ForMessage, find.ForSubject, find.ForCardNumber, find.ForCardExpiry, find.ForCardMonth, find.ForCardYear, find.ForCardCode, find.ForCardHolder, find.ForCardGiven, find.ForCardFamily,
}

// asked reports whether the form wants an answer to a field.
func (f *filling) asked(a *act, form driver.Form) bool {
	if f.withheld(a.guess.Purpose) != "" {
		return false
	}
	if f.what.Answers[a.guess.Purpose] != "" || a.guess.Purpose == find.ForSubject && f.what.Subject != "" || a.Required {
		return true
	}
	if !slices.Contains(always, a.guess.Purpose) || saysOptional(a.Field) {
		return false
	}
	// A form that marks what it needs, and not this, can do without.
	marked := 0
	for _, o := range form.Fields {
		if o.Required && o.Hidden == "" && !boxed(&o) {
			marked++
		}
	}
	return marked < 3 || !slices.Contains([]find.Purpose{find.ForPhone, find.ForSubject, find.ForNameSound}, a.guess.Purpose)
}

// withheld says why an answer that could be given is not: an account is an
// effect of its own, and a password in force is the task's to bring.
func (f *filling) withheld(p find.Purpose) string {
	switch p {
	case find.ForNewPassword, find.ForPasswordAgain, find.ForCreateAccount:
		if !f.what.Account && !f.known {
			return "an account would be made, which the task does not want"
		}
	case find.ForPassword, find.ForCurrentPassword:
		if !f.known && !(p == find.ForPassword && f.what.Account) {
			return "the task has no password"
		}
	}
	return ""
}

// optional is how forms say that a field may stay empty.
var optional = phrases{
	"en": {"optional", "if applicable", "not required", "if any"}, "de": {"optional", "freiwillig", "falls vorhanden", "freiwillige angabe"}, "fr": {"facultatif", "optionnel", "facultative"},
	"es": {"opcional"}, "it": {"facoltativo", "opzionale", "facoltativa"}, "nl": {"optioneel", "niet verplicht"}, "pt": {"opcional", "facultativo"}, "pl": {"opcjonalne", "opcjonalnie", "nieobowiazkowe", "opcjonalny"},
	"sv": {"valfritt", "frivilligt", "valfri"}, "da": {"valgfrit", "frivilligt", "valgfri"}, "nb": {"valgfritt", "frivillig", "valgfri"}, "fi": {"valinnainen", "vapaaehtoinen", "ei pakollinen"}, "cs": {"nepovinne", "volitelne", "nepovinny"},
}

func saysOptional(f *find.Field) bool {
	text := f.Label + " " + f.Near + " " + f.Placeholder
	return optional.in(pad(text)) || strings.Contains(text, "任意") || strings.Contains(text, "选填") || strings.Contains(text, "選填")
}

// wantsChoice decides about a list.
func (f *filling) wantsChoice(a *act) bool {
	a.how = "chosen"
	at, right := f.answers.choice(a.Field, a.guess.Purpose)
	if a.Filled && a.guess.Purpose != find.ForCountry && a.guess.Purpose != find.ForPhoneCountry && !a.Invalid {
		return false
	}
	switch {
	case at >= 0 && right:
		a.option = at
		return !a.Options[at].Chosen || !a.Filled && a.Options[at].Value != "" && a.Required
	case a.Filled:
		return false
	case (a.Required || a.guess.Purpose == find.ForSubject && f.what.Message != "" && !saysOptional(a.Field)) && at >= 0:
		a.option = at
		return true
	}
	return false
}

// wantsBox decides about a tick box.
func (f *filling) wantsBox(a *act, form driver.Form) bool {
	a.how = "ticked"
	switch a.guess.Purpose {
	case find.ForNewsletter:
		if f.what.Subscribe || a.Required {
			return !a.Filled
		}
		a.how = "cleared"
		return a.Filled
	case find.ForConsent:
		return !a.Filled && !saysOptional(a.Field)
	case find.ForSameAddress:
		return !a.Filled
	case find.ForOtherAddress:
		a.how = "cleared"
		return a.Filled
	case find.ForCreateAccount:
		return !a.Filled && f.what.Account
	}
	return !a.Filled && a.Required && !f.grouped(a, form)
}

// grouped reports whether another box of the same name is ticked: such a group
// wants one of them.
func (f *filling) grouped(a *act, form driver.Form) bool {
	return a.Name != "" && slices.ContainsFunc(form.Fields, func(o find.Field) bool { return o.Name == a.Name && o.Ref != a.Ref && o.Filled })
}

// wantsRadio decides about a group of radio buttons, at its first one.
func (f *filling) wantsRadio(a *act, form driver.Form, guesses []find.Guess) bool {
	var group []int
	for i, o := range form.Fields {
		if o.Type == "radio" && o.Hidden == "" && !o.Disabled && (o.Name == a.Name && (a.Name != "" || o.Section == a.Section)) {
			group = append(group, i)
		}
	}
	needed, purpose := false, find.Unknown
	for _, i := range group {
		if form.Fields[i].Filled {
			return false
		}
		needed = needed || form.Fields[i].Required
		if purpose == find.Unknown {
			purpose = guesses[i].Purpose
		}
	}
	if len(group) == 0 || form.Fields[group[0]].Ref != a.Ref {
		return false
	}
	switch purpose {
	case find.ForDelivery, find.ForAccountKind, find.ForSubject, find.ForPrefix, find.ForSameAddress:
		needed = true
	case find.ForNewsletter:
		needed = needed || f.what.Subscribe
	case find.ForPayment:
		return false // which way to pay is the task's to say
	}
	if !needed {
		return false
	}
	options := make([]find.Option, len(group))
	for n, i := range group {
		options[n] = find.Option{Value: form.Fields[i].Value, Label: called(&form.Fields[i])}
	}
	at := f.answers.pick(purpose, options)
	a.Field = &form.Fields[group[at]]
	a.guess.Purpose, a.how = purpose, "ticked"
	return true
}

// manually leads past a search for addresses to fields of their own.
var manually = phrases{
	"en": {"manually", "enter address manually", "can t find my address", "enter manually", "i can t find my address"}, "de": {"manuell", "adresse manuell eingeben", "selbst eingeben"}, "fr": {"manuellement"},
	"es": {"manualmente"}, "it": {"manualmente"}, "nl": {"handmatig"}, "pt": {"manualmente"}, "pl": {"recznie"}, "sv": {"manuellt"}, "da": {"manuelt"}, "nb": {"manuelt"}, "fi": {"kasin", "manuaalisesti"}, "cs": {"rucne"},
}

// byHand opens the fields that an address search stands in front of.
func (f *filling) byHand(form *driver.Form, guesses []find.Guess) *act {
	for i, g := range guesses {
		if form.Fields[i].Hidden == "" && slices.Contains([]find.Purpose{find.ForStreet, find.ForCity}, g.Purpose) {
			return nil
		}
	}
	if !slices.ContainsFunc(guesses, func(g find.Guess) bool { return g.Purpose == find.ForAddressSearch }) {
		return nil
	}
	for _, b := range form.Buttons {
		if key := "by hand\x00" + b.Name; manually.in(pad(b.Name)) && !b.Disabled && f.tried[key] == 0 {
			return &act{Field: &find.Field{Ref: b.Ref, Press: b.Ref, Role: "button", Label: b.Name}, key: key, how: "opened"}
		}
	}
	return nil
}

// do performs an act by the ways that count a visit's effort.
func (f *filling) do(ctx context.Context, a *act) error {
	at := driver.Locator{Ref: a.Press, Role: roleOf(a.Field), Name: called(a.Field)}
	switch a.how {
	case "typed":
		return f.typeInto(ctx, a, at)
	case "picked":
		return f.pickFrom(ctx, a, at)
	case "chosen":
		if a.Press != a.Ref { // a styled list: open it, press the entry
			if err := f.v.click(ctx, f.p, &Step{Click: &at}); err != nil {
				return err
			}
			return f.v.click(ctx, f.p, &Step{Click: &Locator{Role: "option", Name: a.Options[a.option].Label, Exact: true}})
		}
		return f.v.choose(ctx, f.p, &Select{Locator: at, Option: optionName(a.Options, a.option)})
	}
	return f.v.click(ctx, f.p, &Step{Click: &at})
}

// typeInto types the first format of an answer, or, where one was refused, the
// one after it.
func (f *filling) typeInto(ctx context.Context, a *act, at driver.Locator) error {
	value := a.values[0]
	if a.Filled {
		has, err := f.p.Read(ctx, at)
		if err != nil {
			return err
		}
		value = mended(has, a.Complaint, a.values)
	}
	if err := f.v.fill(ctx, f.p, &Fill{Locator: at, Value: value}); err != nil {
		return err
	}
	if a.List && a.guess.Purpose != find.ForCountry && a.guess.Purpose != find.ForState {
		// What is suggested is left alone: the next field closes it.
		if _, err := f.p.Press(ctx, "Tab", f.v.looking(ctx, f.p, f.v.guard)); err != nil {
			return err
		}
	}
	if a.List && (a.guess.Purpose == find.ForCountry || a.guess.Purpose == find.ForState) {
		// A list that is typed into takes an entry of its own only.
		return f.v.click(ctx, f.p, &Step{Click: &Locator{Role: "option", Name: value, Nth: 1}})
	}
	return f.v.settle(ctx)
}

// choose takes an entry of a list.
func (v *visit) choose(ctx context.Context, p *driver.Page, s *Select) error {
	if _, err := p.Select(ctx, s.Locator, s.Option, v.looking(ctx, p, v.guard)); err != nil {
		return err
	}
	v.effort.choose()
	v.touched(ctx, p)
	return v.settle(ctx)
}

// optionName gives what tells an entry of a list from the others: its label, or its
// value where that is another one's label too.
func optionName(options []find.Option, at int) string {
	o := options[at]
	for _, name := range []string{o.Label, o.Value} {
		alone := func(other find.Option) bool { return other.Label == name || other.Value == name }
		if name != "" && slices.IndexFunc(options, alone) == at {
			return name
		}
	}
	return o.Value
}

func roleOf(f *find.Field) string {
	switch {
	case f.Role != "":
		return f.Role
	case f.Tag == "select":
		return "combobox"
	case boxed(f):
		return f.Type
	}
	return "textbox"
}

// called is what a page calls a field.
func called(f *find.Field) string {
	for _, name := range []string{f.Label, f.Near, f.Placeholder, f.Title, f.Name, f.ID, f.Value} {
		if name != "" {
			return clipped(name)
		}
	}
	return f.Tag
}

func clipped(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:59]) + "…"
	}
	return s
}

// missing lists what the forms need and do not hold.
func (f *filling) missing(forms []driver.Form) []missingField {
	var list []missingField
	for _, form := range f.scope(forms) {
		guesses, keys, groups := f.classify(form.Fields), keysIn(form), map[string]bool{}
		for i := range form.Fields {
			x := &form.Fields[i]
			if x.Type == "radio" && x.Filled {
				groups[x.Name] = true
			}
		}
		for i := range form.Fields {
			x := &form.Fields[i]
			wrong := x.Filled && (x.Fault != "" || x.Invalid && f.tried[keys[i]] > 0)
			if guesses[i].Purpose == find.ForCountry && x.Tag == "select" && x.Hidden == "" && f.answers.option(x.Options, find.ForCountry) < 0 && len(x.Options) > 0 && f.answers.who.Country != "" {
				list = append(list, missingField{find.ForCountry, called(x), "the persona's country is not offered"})
				continue
			}
			if x.Hidden != "" || x.Disabled || !x.Required && !wrong && f.refused[keys[i]] == "" || !unchosen(x) && !wrong || x.Type == "radio" && groups[x.Name] {
				continue
			}
			if x.Type == "radio" {
				groups[x.Name] = true // said once
			}
			if x.Tag == "select" && f.tried[keys[i]] > 0 && x.Fault == "" && !x.Invalid && f.refused[keys[i]] == "" {
				continue // its first entry is the answer
			}
			list = append(list, missingField{guesses[i].Purpose, called(x), f.why(x, guesses[i].Purpose, keys[i])})
		}
	}
	return list
}

func (f *filling) why(x *find.Field, p find.Purpose, key string) string {
	switch {
	case f.withheld(p) != "" && !x.Filled:
		return f.withheld(p)
	case f.refused[key] != "":
		return f.refused[key]
	case x.Filled && x.Complaint != "":
		return "the page says: " + clipped(x.Complaint)
	case x.Filled:
		return "the browser's check says: " + x.Fault
	case p == find.ForCaptcha:
		return "a check for robots is left to people"
	case p == find.ForCardNumber || p == find.ForCardExpiry || p == find.ForCardMonth || p == find.ForCardYear || p == find.ForCardCode || p == find.ForCardHolder || p == find.ForIBAN:
		return "no card may be used here"
	case p == find.Unknown:
		return "nothing says what it is for"
	}
	return fmt.Sprintf("the persona and the task have no %s", p)
}
