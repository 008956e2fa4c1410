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
)

// drawing is how long a view that a script draws may take to come to rest
// before it is looked at; later changes are looked at when it is left.
const drawing = 500 * time.Millisecond

// observe prepares what will be noticed on the way.
func (v *visit) observe() {
	v.sight = newSight(v.bounds, v.t.Persona.Email)
	v.typing = &typing{seen: map[[2]string]map[string]bool{}}
	v.leak = newLeak(v.bounds)
	v.pace = newPace(v.bounds)
	v.steps0 = -1
	v.buying = v.does(buys)
}

// does reports whether a step's effect is such a one.
func (v *visit) does(such func(evidence.Effect) bool) bool {
	return slices.ContainsFunc(v.steps, func(s Step) bool { return such(s.Effect) })
}

// buys reports whether an effect is of a checkout.
func buys(e evidence.Effect) bool {
	return e == evidence.FillCheckout || e == evidence.PlaceOrder || e == evidence.Pay || e == evidence.DeclineCard
}

// on hears all that the browser says. It runs on the browser's goroutine.
func (v *visit) on(p *driver.Page, ev any) {
	v.log.on(p, ev)
	v.leak.on(p, ev)
	v.socket(p, ev)
	v.pace.on(ev)
	v.alerts.on(ev)
}

// looking is a guard that looks at the page as it stands when all is ready for
// an action, then asks the others, and then whether the control may be followed.
func (v *visit) looking(ctx context.Context, p *driver.Page, guards ...func(driver.Control) error) func(driver.Control) error {
	return func(c driver.Control) error {
		v.look(ctx, p)
		for _, g := range guards {
			if err := g(c); err != nil {
				return err
			}
		}
		return v.leads(ctx, c)
	}
}

// look reads the page, where it has changed since the last look. The time is
// ours, not the task's. A page that cannot be read now leaves nothing: facts
// that need it say less.
func (v *visit) look(ctx context.Context, p *driver.Page) {
	begun := time.Now()
	defer func() { v.looked += time.Since(begun) }()
	s, err := p.Survey(ctx)
	if err != nil || s == nil || !strings.HasPrefix(s.URL, "http") {
		return
	}
	v.sight.take(p, *s, v.clicks, v.steps0 >= 0)
}

// rest lets a view that a script draws come to rest before it is looked at.
func (v *visit) rest(ctx context.Context) {
	if p := v.tab.Page(); context.Cause(ctx) == nil && v.redrawn(p) {
		p.Quiet(ctx, drawing)
	}
}

// redrawn reports whether a script draws another view into the document that
// was looked at last.
func (v *visit) redrawn(p *driver.Page) bool {
	if p == nil || p != v.sight.page {
		return false
	}
	d := p.Document()
	return d.View != v.sight.last.View && d.Loader == v.sight.loader
}

// settled looks at what a step has left, outside the task's time.
func (v *visit) settled(ctx context.Context, s *Step) {
	p := v.tab.Page()
	if p == nil || context.Cause(ctx) != nil {
		return
	}
	v.look(ctx, p)
	v.barriers(ctx, p)
	v.sight.loader = p.Document().Loader
	if v.buying && v.steps0 < 0 && s.Effect != "" {
		views, _ := v.log.seen()
		v.steps0 = views - 1
		v.sight.checkout(v.sight.last, foldLines(strings.Split(v.sight.last.Text, "\n"))) // whatever it calls itself
	}
	v.sight.ordered = v.sight.ordered || s.Effect == evidence.PlaceOrder || s.Effect == evidence.Pay
}

// sends notes a control that sends what was typed. It refuses nothing.
func (v *visit) sends(c driver.Control) error {
	switch {
	case c.Role == "radio" || c.Role == "checkbox" || c.Role == "option" || c.Role == "combobox":
	case c.Link != "":
		v.sight.leave()
	default:
		v.sight.sent()
		v.leak.sent()
	}
	return nil
}

// types notes a value before it is typed into a field.
func (v *visit) types(p *driver.Page, c driver.Control, value string) {
	purpose, personal := purposeOf(c.Type, c.About)
	if c.Search {
		purpose, personal = "search", false
		if !v.sight.onHelp {
			v.sight.search, v.sight.results = asked, -1
		}
	}
	if strings.TrimSpace(value) == "" {
		return
	}
	d := p.Document()
	v.typing.take(purpose, value, fmt.Sprintf("%p %d %s %s", p, d.View, c.About, c.Snippet))
	if purpose == "email" && strings.Contains(value, "@") {
		v.leak.learn(value)
	}
	if personal && v.before == nil {
		v.before = new(v.sight.total)
	}
}

// pages records what the pages showed and what the way took; whatever does not
// apply to the task is left out.
func (v *visit) pages(reached bool) {
	views, different := v.log.seen()
	v.rec.Number("web.views", float64(views))
	v.rec.Number("web.klm-time", rounded(v.effort.seconds()+min(v.waited, v.spent).Seconds()))
	if v.fewest > 0 && reached {
		v.rec.Number("web.lostness", lostness(views, different, v.fewest))
	}
	if v.typing.values > 0 {
		v.rec.Number("web.retyped", float64(v.typing.again))
	}
	if to, typed := v.leak.verdict(); typed {
		v.rec.Flag("web.third-party-typed", to != "")
		if to != "" {
			v.rec.Text("web.third-party-typed-to", to)
		}
	}
	if v.steps0 >= 0 {
		v.rec.Number("web.checkout-steps", float64(views-v.steps0))
	}
	if v.buying && v.before != nil {
		v.rec.Flag("web.cost-before-data", *v.before)
	}
	s := v.sight
	if s.views == 0 {
		return
	}
	effects := v.counting || v.does(func(e evidence.Effect) bool { return e != "" }) // a goal may have filled in what nothing sent
	if effects && v.typing.values > 0 && !v.does(func(e evidence.Effect) bool { return e == evidence.LogIn || e == evidence.ChangeAccount }) {
		v.rec.Flag("web.account-forced", v.typing.account)
	}
	if effects || len(s.boxes) > 0 {
		v.rec.Number("web.consent-preticked", float64(s.preticked()))
	}
	if s.inCheckout {
		v.rec.Flag("web.guest-offered", s.guest)
		v.rec.Flag("web.help-in-checkout", s.helpInCheckout)
	}
	if s.product {
		v.rec.Flag("web.stock-shown", s.stock)
		v.rec.Flag("web.delivery-date", s.date)
	}
	if s.distance >= 0 {
		v.rec.Number("web.phone-prominence", float64(s.phone))
		v.rec.Number("web.help-prominence", float64(s.help))
	}
	v.rec.Flag("web.phone-link", s.telLink)
	v.rec.Flag("web.email-published", s.email)
	if s.formAt >= 0 {
		v.rec.Number("web.form-distance", float64(s.formAt))
	}
	if !effects {
		v.rec.Flag("web.faq", s.faq)
	}
	if s.helpPage {
		v.rec.Flag("web.help-search", s.helpSearch)
	}
	if s.search != notSearched && s.results >= 0 {
		v.rec.Number("web.search-results", float64(s.results))
	}
	v.rec.Number("web.words", float64(len(wordsOf(s.last.Main))))
	language := s.last.Language
	if language == "" {
		language = v.t.Persona.Language
	}
	if grade, ok := readingGrade(s.last.Main); ok && strings.HasPrefix(strings.ToLower(language), "en") {
		v.rec.Number("web.reading-grade", rounded(grade))
	}
}

// follow asks for the links that the visit saw, in tasks that only read, and
// never of a site that stopped or refused the visit.
func (v *visit) follow(ctx context.Context, end error) {
	if v.does(func(e evidence.Effect) bool { return e != "" }) || v.sight.views == 0 || ctx.Err() != nil {
		return
	}
	if how := (*ending)(nil); end != nil && (!errors.As(end, &how) || how.outcome != evidence.Failed) {
		return
	}
	checked, dead := v.checkLinks(ctx)
	if checked == 0 {
		return
	}
	v.rec.Number("web.links-checked", float64(checked))
	v.rec.Number("web.dead-links", float64(dead))
}
