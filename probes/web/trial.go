package web

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/page"

	"touchstone/internal/evidence"
	"touchstone/probes/web/driver"
)

// A Try sends a form with one wrong value after another, as a customer does who
// mistypes, and notes what the form says to it. What was right before is put
// back after each. A form that takes a wrong value has been sent: nothing more
// is tried in it.
type Try struct {
	Form Locator  `json:"form" jsonschema:"required" jsonschema_description:"A field or a button of the form, filled rightly by the steps before."`
	With []string `json:"with,omitempty" jsonschema:"uniqueItems=true,minItems=1" jsonschema_description:"What is done wrong: wrong-email, impossible-phone, missing-name, missing-email, missing-street, missing-postcode, missing-city, missing-message. Left out: all that the form has a field for. What it has no field for is not tried."`
	Send *Locator `json:"send,omitempty" jsonschema_description:"The button that sends the form; its own when left out."`
}

// A slip is one thing that a customer does wrong.
type slip struct {
	name     string
	purposes []string // of the field, see purposes
	value    string   // what is typed; empty: nothing, where something is asked for
}

// slips are those that can be tried. An address without its sign and a number
// of two digits are wrong in every country.
var slips = []slip{
	{"wrong-email", []string{"email"}, "anna.example.net"},
	{"impossible-phone", []string{"phone"}, "12"},
	{"missing-name", []string{"name", "family name"}, ""},
	{"missing-email", []string{"email"}, ""},
	{"missing-street", []string{"street"}, ""},
	{"missing-postcode", []string{"postcode"}, ""},
	{"missing-city", []string{"city"}, ""},
	{"missing-message", []string{"message"}, ""},
}

func slipNames() []string {
	names := make([]string, len(slips))
	for i, s := range slips {
		names[i] = s.name
	}
	return names
}

// field gives the field of a form in which the slip is made, nil where there is
// none. What is not asked for cannot be missing: where a form marks the fields
// that it needs, the others may be empty.
func (s slip) field(form []driver.Entry) *driver.Entry {
	marks := slices.ContainsFunc(form, func(f driver.Entry) bool { return f.Required })
	for i, f := range form {
		purpose, _ := purposeOf(f.Type, f.About)
		if f.Tag == "textarea" {
			purpose = "message"
		}
		text := f.Tag == "textarea" || f.Tag == "input" && !slices.Contains([]string{"radio", "checkbox", "file"}, f.Type)
		if text && f.Shown && !f.Secret && slices.Contains(s.purposes, purpose) && (s.value != "" || f.Required || !marks) {
			return &form[i]
		}
	}
	return nil
}

// words says what the step does.
func (t *Try) words() string {
	if len(t.With) == 0 {
		return fmt.Sprintf("try the form of the %s with mistakes", t.Form)
	}
	return fmt.Sprintf("try the form of the %s with %s", t.Form, strings.Join(t.With, ", "))
}

// try finds the mistakes in a step that tries a form. effects are those that it
// or steps before it declare.
func (c *checker) try(s *Step, at string, effects []evidence.Effect) {
	c.locator(s.Try.Form, at+"/try/form")
	if s.Try.Send != nil {
		c.locator(*s.Try.Send, at+"/try/send")
	}
	for i, name := range s.Try.With {
		if !slices.Contains(slipNames(), name) {
			c.add(fmt.Sprintf("%s/try/with/%d", at, i), "unknown mistake %q: a form can be tried with %s", name, strings.Join(slipNames(), ", "))
		}
	}
	if len(effects) == 0 {
		c.add(at+"/try", "a form with a mistake in it is sent all the same, but neither this step nor one before it declares an effect: write `effect: submit-form` (or fill-checkout, …)")
	}
	for _, e := range effects {
		if e == evidence.PlaceOrder || e == evidence.Pay || e == evidence.DeclineCard {
			c.add(at+"/try", "forms are not tried in a visit that orders or pays (%s): make it a scenario of its own", e)
			break
		}
	}
}

// declared gives the effects of the steps up to the i-th, its own included.
func declared(steps []Step, i int) (all []evidence.Effect) {
	for _, s := range steps[:i+1] {
		if s.Effect != "" {
			all = append(all, s.Effect)
		}
	}
	return all
}

// alerts are what the page said in windows of its own. They are heard on the
// browser's goroutine.
type alerts struct {
	mu   sync.Mutex
	said []string
}

func (a *alerts) on(ev any) {
	if e, ok := ev.(*page.EventJavascriptDialogOpening); ok && e.Type == page.DialogTypeAlert {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.said = append(a.said, e.Message)
	}
}

// take gives what was said since the last time.
func (a *alerts) take() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	said := a.said
	a.said = nil
	return said
}

// A verdict is what a form said to a slip.
type verdict struct {
	shown, inline, tied, words, kept, focus, accepted bool

	message string
	old     bool // it stood there before the form was sent
}

// try tries the form of the i-th step with its slips, one after another.
func (v *visit) try(ctx context.Context, p *driver.Page, i int) error {
	t, name := v.steps[i].Try, v.names[i]
	tried, possible := 0, 0
	for _, s := range slips {
		if len(t.With) > 0 && !slices.Contains(t.With, s.name) {
			continue
		}
		if now := v.tab.Page(); now != nil {
			p = now
		}
		d, err := p.Draft(ctx, t.Form)
		if err != nil {
			return err
		}
		field := s.field(d.Fields)
		if field == nil {
			continue
		}
		if at := provider(p.Acted()); at != "" {
			return refused("payment guard, by where it leads: the form stands in a frame of %s, a payment provider's", bare(at))
		}
		possible++
		if err := v.patience(ctx); err != nil {
			return err
		}
		r, a, err := v.trial(ctx, p, t, d, s, *field)
		if err != nil {
			return err
		}
		if !a.Elsewhere || r.shown {
			tried++
			step := name + "-" + s.name
			v.note(step, r)
			if err := v.picture(ctx, i, step, v.shoot(ctx)); err != nil {
				return err
			}
		} // else another field was complained of: the form was not as right as it had to be
		if err := v.tolerate(ctx); err != nil {
			return err
		}
		if r.accepted || !a.There {
			return nil
		}
		if err := v.mend(ctx, t, d); err != nil {
			return err
		}
	}
	switch {
	case possible == 0:
		return &ending{evidence.Broken, "the form has no field for any of these mistakes"}
	case tried == 0:
		return &ending{evidence.Broken, "the form complained of fields that were not filled: fill it rightly in the steps before"}
	}
	return nil
}

// patience keeps the distance between two forms that are sent to a site of
// others.
func (v *visit) patience(ctx context.Context) error {
	if v.t.Site.Own {
		return nil
	}
	waited, err := v.site.pause(ctx, v.b.o.Distance)
	v.looked += waited
	v.site.asked()
	return err
}

// tolerate judges the document that answered a trial: one that only says that
// something was wrong with what it was sent is what was asked for.
func (v *visit) tolerate(ctx context.Context) error {
	if p := v.tab.Page(); p != nil {
		if d := p.Document(); d.Status == 400 || d.Status == 409 {
			v.seen = documents{p, d}
		}
	}
	return v.judge(ctx)
}

// note records a verdict.
func (v *visit) note(step string, r verdict) {
	for _, f := range []struct {
		name string
		is   bool
	}{
		{"web.trial-error-shown", r.shown}, {"web.trial-inline", r.inline}, {"web.trial-tied", r.tied}, {"web.trial-words", r.words},
		{"web.trial-kept", r.kept}, {"web.trial-focus", r.focus}, {"web.trial-accepted", r.accepted},
	} {
		v.rec.StepNumber(step, f.name, float64(count(f.is)))
	}
	if r.message != "" {
		v.rec.StepText(step, "web.trial-message", v.mask.hide(r.message))
	}
}

// How long a form's answer is waited for: without a request under way, and with
// one; and how long its button may take to be of use.
const (
	answersAtOnce = 1200 * time.Millisecond
	answersLate   = 4 * time.Second
	buttonWithin  = 500 * time.Millisecond
)

func byRef(ref int, name string) Locator { return Locator{Ref: ref, Role: "field", Name: name} }

// trial makes one slip, sends the form and gives what came of it.
func (v *visit) trial(ctx context.Context, p *driver.Page, t *Try, d driver.Draft, s slip, field driver.Entry) (verdict, driver.Answer, error) {
	v.alerts.take()
	if _, err := p.Fill(ctx, byRef(field.Ref, field.Label), s.value, func(driver.Control) error { return nil }); err != nil {
		return verdict{}, driver.Answer{}, err
	}
	c := circumstances{draft: d, field: field, slip: s}
	requests := p.Requests()
	route := driver.Route(d.Address)
	if v.first == nil {
		v.first = map[string]driver.Draft{}
	}
	if _, known := v.first[route]; !known {
		v.first[route] = d
	}
	first := v.first[route]
	var err error
	if c.held, err = v.send(ctx, p, t, d); err != nil {
		return verdict{}, driver.Answer{}, err
	}
	if err := v.settle(ctx); err != nil {
		return verdict{}, driver.Answer{}, err
	}
	for begun, settled := time.Now(), false; ; {
		now := v.tab.Page()
		if now == nil {
			return verdict{}, driver.Answer{}, driver.ErrClosed
		}
		a, err := now.Answer(ctx, field, first, d)
		if err != nil {
			return verdict{}, a, err
		}
		c.said = append(c.said, v.alerts.take()...)
		r, waited := c.judge(a), time.Since(begun)
		switch {
		case settled, waited > answersLate, waited > answersAtOnce && now.Requests() == requests:
			return r, a, nil
		case r.shown && !r.old || r.accepted:
			settled = true // once more: the keyboard's place comes last
		}
		now.Quiet(ctx, 150*time.Millisecond)
	}
}

// send presses what sends the form. held says that it cannot be pressed.
func (v *visit) send(ctx context.Context, p *driver.Page, t *Try, d driver.Draft) (held bool, err error) {
	var button Locator
	switch {
	case t.Send != nil:
		button = *t.Send
	case len(d.Sends) > 0:
		button = Locator{Ref: d.Sends[0].Ref, Role: "button", Name: d.Sends[0].Name}
	default:
		return false, &driver.Unmet{Want: "a button that sends the form of the " + t.Form.String(), Saw: "none; if it stands elsewhere, name it with `send`", In: "0s"}
	}
	if !p.Usable(ctx, button, buttonWithin) {
		_, err := p.Press(ctx, "Tab", func(driver.Control) error { return nil }) // the field is left all the same
		return true, err
	}
	_, err = p.Click(ctx, button, v.looking(ctx, p, v.guard, v.sends))
	return false, err
}

// mend puts back what the form held before the slip, also what it has lost.
func (v *visit) mend(ctx context.Context, t *Try, before driver.Draft) error {
	p := v.tab.Page()
	if p == nil {
		return driver.ErrClosed
	}
	now, err := p.Draft(ctx, t.Form)
	if err != nil {
		return err
	}
	free := func(driver.Control) error { return nil }
	for _, f := range now.Fields {
		i := slices.IndexFunc(before.Fields, func(b driver.Entry) bool { return b.Key == f.Key })
		if i < 0 || f.Secret || !f.Shown || before.Fields[i].Value == f.Value {
			continue
		}
		was, at := before.Fields[i].Value, byRef(f.Ref, f.Label)
		switch {
		case f.Tag == "select":
			_, err = p.Select(ctx, at, was, free)
		case f.Type == "checkbox", f.Type == "radio" && was == "true":
			_, err = p.Click(ctx, at, free)
		case f.Type != "radio" && f.Type != "file":
			_, err = p.Fill(ctx, at, was, free)
		}
		if unmet := (*driver.Unmet)(nil); err != nil && !errors.As(err, &unmet) {
			return err // what cannot be put back shows in the next trial
		}
	}
	return nil
}

// circumstances are what a verdict is made from.
type circumstances struct {
	draft driver.Draft
	field driver.Entry
	slip  slip
	held  bool     // the button could not be pressed
	said  []string // in windows of the page's own
}

// near is how far a message may stand from its field and label to be beside it,
// in CSS pixels: a line of text, its distance, and a little.
const near = 40

// judge says what the form's answer was.
func (c circumstances) judge(a driver.Answer) verdict {
	var r verdict
	moved := driver.Route(c.draft.Address) != driver.Route(a.Address)
	complaints := slices.DeleteFunc(slices.Clone(a.News), func(n driver.News) bool { return !c.complains(n, a, moved) })
	switch {
	case a.Bubble != "":
		r = verdict{shown: true, inline: true, tied: true, words: !a.Custom || instructs(a.Bubble, c.field.Label), message: a.Bubble}
	case len(complaints) > 0:
		best := slices.MinFunc(complaints, func(x, y driver.News) int { return c.rank(x) - c.rank(y) })
		r = verdict{shown: true, message: best.Text}
		for _, n := range complaints {
			r.inline = r.inline || beside(n)
			r.tied = r.tied || n.Tied
			r.words = r.words || instructs(n.Text, c.field.Label)
		}
		r.old = !slices.ContainsFunc(complaints, func(n driver.News) bool { return !n.Old })
	case len(c.said) > 0:
		r = verdict{shown: true, message: strings.Join(c.said, " "), words: instructs(strings.Join(c.said, " "), c.field.Label)}
	case a.Status >= 400 && !a.There: // a page that says nothing of use
	default:
		thanked := slices.ContainsFunc(a.News, func(n driver.News) bool { return thanks.says(n.Text) })
		r.accepted = !c.held && !a.Elsewhere && (!a.There || moved || thanked)
	}
	r.focus = r.shown && a.Focus
	r.kept = a.There && !r.accepted && c.kept(a.Values)
	return r
}

// complains reports whether a text that is new speaks of something wrong. What
// stands on another page, or far from the field, has to say so in its words.
func (c circumstances) complains(n driver.News, a driver.Answer, moved bool) bool {
	bad := wrongs.says(n.Text)
	switch {
	case n.Old && !n.Tied && !beside(n):
		return false // it is about the slip before
	case !a.There:
		return bad && (n.Marked || n.Heading || a.Status >= 400) && !thanks.says(n.Text)
	case thanks.says(n.Text) && !bad:
		return false
	case bad:
		return true
	case moved:
		return false
	}
	// Words of no language that we know: their place has to tell.
	return n.Tied || beside(n) && (a.Invalid || n.Marked) && hasLetters(n.Text)
}

func beside(n driver.News) bool { return n.Distance >= 0 && n.Distance <= near && n.Nearest }

// rank puts the message that belongs to the field before others, then the one
// that says what to do, and of two alike the shorter: the longer one holds it.
func (c circumstances) rank(n driver.News) int {
	return len(n.Text) + 1000*count(!instructs(n.Text, c.field.Label)) + 2000*count(!beside(n)) + 4000*count(!n.Tied)
}

// kept reports whether the other fields hold what they held; of passwords and
// cards nobody asks.
func (c circumstances) kept(now map[string]string) bool {
	for _, f := range c.draft.Fields {
		if f.Key == c.field.Key || !f.Shown || f.Secret || f.Type == "file" {
			continue
		}
		value, there := now[f.Key]
		if value != f.Value && (there || f.Value != "" && f.Value != "false") {
			return false
		}
	}
	return true
}

var example = regexp.MustCompile(`@|\d{3,}|(?i)\be\. ?g\.|\bz\. ?b\.|\bp\. ?ex|\bbijv|\bnp\.|\bt\. ?ex|例`)

// instructs reports whether a message says what is to be done: it tells to do
// something, names what the field is for, or shows an example.
func instructs(message, label string) bool {
	if telling.says(message) || example.MatchString(message) {
		return true
	}
	plain := pad(message)
	for _, w := range strings.Fields(folded(label)) {
		if len([]rune(w)) >= 4 && !hollow.in(" "+w+" ") && holdsWords(plain, w) {
			return true
		}
	}
	return label != "" && !hasSpaces(label) && hasWide(label) && strings.Contains(message, label)
}

func hasLetters(s string) bool { return len(wordsOf(s)) > 1 || hasWide(s) }

func hasSpaces(s string) bool { return strings.ContainsAny(s, " \u3000") }
