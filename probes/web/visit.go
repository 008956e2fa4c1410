package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"

	"touchstone/internal/evidence"
	"touchstone/probes"
	"touchstone/probes/web/driver"
	"touchstone/probes/web/find"
)

// A visit is one task in one isolated context.
type visit struct {
	b      *Browser
	t      *probes.Task
	rec    *probes.Recorder
	steps  []Step
	names  []string
	fewest int // pages, see Params
	bounds bounds
	site   *site
	tab    *driver.Tab
	log    *record
	mask   *masker
	stop   context.CancelCauseFunc // with what a fence refused

	mu    sync.Mutex                     // of what follows, which the browser's goroutine reads
	open  bool                           // the payment guard is open
	rules map[string]func(*url.URL) bool // by host, where robots.txt binds everything

	now      string // name of the step that is under way
	counting bool   // an effect was declared: forms are counted
	counted  bool   // the last thing touched was a field that counts
	fields   map[string]driver.Field
	unread   driver.Document // whose vitals are still to be read, and for which step
	unreadAt string
	seen     documents

	spent, waited, paused time.Duration // by the steps; of that for the site; by politeness
	clicks, dead, strokes int
	closed                int // boxes that were in the way
	consent               consent

	// What the facts of the pages and of the effort are made of.
	sight  *sight
	typing *typing
	leak   *leak
	pace   *pace
	alerts alerts
	access access
	first  map[string]driver.Draft // a form before any mistake was made in it, by its document's route
	shown  shown
	turn   *hold      // of the last step that took one; nil: none has
	proofs chan error // of the last step, that are being kept; nil: there are none
	effort klm
	beside *watchman     // tells whether timings can be believed; nil: nobody asks
	looked time.Duration // our own reading within the step: the customer has not waited for it
	buying bool          // the steps fill a checkout
	steps0 int           // views before the checkout's first; -1 before it began
	before *bool         // the full cost stood on a page before the first personal field

	// Of a visit that has goals instead of steps.
	seeker  *seeker
	away    time.Duration // how long it stays away before it comes back
	slips   bool          // mistakes are made in its form
	query   string        // what it searches for; empty: what the shop's goods are called
	offered string        // an address that an earlier page offered
	agrees  atomic.Bool   // questions of the browser's are answered with yes: what was pressed has leave to cancel or return
	within  int           // number of the frame in which an address is opened; 0: the page itself
	found   []Finding
}

// documents remembers the last one judged, so that each is judged once.
type documents struct {
	page *driver.Page
	doc  driver.Document
}

// An ending is how a visit ended before its last step.
type ending struct {
	outcome evidence.Outcome
	reason  string
}

func (e *ending) Error() string { return e.reason }

func refused(format string, args ...any) *ending {
	return &ending{evidence.NotGranted, fmt.Sprintf(format, args...)}
}

// visit makes the visit and records it. The error is for what the recorder
// cannot say: evidence that could not be stored, or a caller that gave up.
func (b *Browser) visit(ctx context.Context, t *probes.Task, rec *probes.Recorder) error {
	params, ok := t.Params.(*Params)
	if !ok {
		return fmt.Errorf("web visit: parameters are %T, not *web.Params", t.Params)
	}
	v := &visit{b: b, t: t, rec: rec, steps: params.Steps, names: names(params.Steps), fields: map[string]driver.Field{}, fewest: params.Fewest, consent: consent{policy: cmp.Or(params.Consent, refuse)}}
	v.mask = newMasker()
	v.log = newRecord(v.mask)
	var err error
	if v.bounds, err = boundsOf(t.Site); err != nil {
		rec.End(evidence.Broken, err.Error())
		return nil
	}
	if find.Mailed(params.Goal) {
		v.bounds.reach = &reach{own: v.bounds.start.Hostname()}
	}
	v.observe()
	goals := params.wanted()
	if len(goals) > 0 {
		v.seeker, v.query, v.away, v.slips = &seeker{v: v, pinned: v.steps}, params.Query, params.away(), params.Mistakes
		v.steps, v.names = nil, nil // they grow with the search
	}
	var leave func()
	if v.site, leave, err = b.enter(ctx, v.bounds.domain); err != nil {
		rec.End(evidence.Broken, err.Error())
		return ctx.Err()
	}
	defer leave()
	id := identityOf(t.Persona, params.Device)
	chromium, release, err := b.engage(ctx, id.Mobile)
	if err != nil {
		rec.End(evidence.Broken, err.Error())
		return ctx.Err()
	}
	defer release()
	inner, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	v.stop = stop
	rec.Text("web.visitor", id.String())
	rec.Text("web.browser", chromium.Nature().String())
	if v.seeker != nil {
		v.stop = v.seeker.halt // a fence ends a step, and the search goes on
	}
	if err := v.allowsFollowing(ctx, v.bounds.start.String()); err != nil {
		var no *ending
		if errors.As(err, &no) {
			rec.End(no.outcome, no.reason)
			return nil
		}
		rec.End(evidence.Broken, err.Error())
		return ctx.Err()
	}
	v.tab, err = chromium.NewTab(inner, driver.TabOptions{
		Identity: id, Timeout: b.o.Timeout, Load: b.o.Load,
		Proof: !b.o.NoProof, On: v.on, Patterns: watched(), Gate: v.gate, Telling: toSockets(), Tell: v.tell, Dialog: v.dialog, Covered: func(ctx context.Context, p *driver.Page, _ string) bool { return v.uncover(ctx, p) },
	})
	if err != nil {
		rec.End(evidence.Broken, err.Error())
		return ctx.Err()
	}
	if b.canary != nil {
		v.beside = &watchman{c: b.canary, d: chromium.Browser}
	}
	defer v.tab.Close() // cookies, and the cart with them, are forgotten

	run := v.run
	if v.seeker != nil {
		run = func(ctx context.Context) error {
			err := v.seeker.seek(ctx, goals, params.told)
			params.shop = v.seeker.shop()
			return err
		}
	}
	if err := v.finish(ctx, chromium.Version(), run(inner)); err != nil {
		return err
	}
	return ctx.Err()
}

// A keepError is evidence that could not be stored.
type keepError struct{ error }

func (e *keepError) Unwrap() error { return e.error }

// run does the steps; the error is the visit's ending, nil when all succeeded.
func (v *visit) run(ctx context.Context) error {
	for i := range v.steps {
		v.rec.Say(fmt.Sprintf("step %d of %d: %s", i+1, len(v.steps), v.steps[i].words()))
		if err := v.step(ctx, i); err != nil {
			return err
		}
	}
	return context.Cause(ctx) // a fence may have refused what the last step set off
}

func (v *visit) step(ctx context.Context, i int) error {
	s, name := &v.steps[i], v.names[i]
	v.now = name
	v.log.begin(name)
	if s.Effect != "" && !v.t.Granted(s.Effect) {
		return refused("step %d (%s) has the effect %s, which the site's authorisation or the scenario does not allow", i+1, s.words(), s.Effect)
	}
	if s.Effect != "" {
		v.counting = true
	}
	v.unlock(s.Effect)
	if s.acts() && !v.t.Site.Own {
		waited, err := v.site.pause(ctx, v.b.o.Distance)
		v.paused += waited
		if err != nil {
			return err
		}
	}
	turn, err := v.takes(ctx, s)
	if err != nil {
		return err
	}
	pictured := false
	defer func() {
		if !pictured { // else the turn is over when the picture is taken
			turn.give()
		}
	}()
	if s.leaves() {
		v.leave(ctx)
	}
	if s.Try != nil || v.beside != nil { // other steps look for what they want meanwhile
		v.shown.photo.wait()
	}
	v.beside.watch(ctx, s.acts())
	v.looked = 0
	v.tab.Reading() // what was read before is no part of the step
	begun := time.Now()
	v.pace.begin(name, begun, s.Expect != nil || s.Read != nil)
	err = v.do(ctx, i)
	ended := time.Now()
	v.pace.end(ended)
	took := max(0, ended.Sub(begun)-v.looked-v.tab.Reading())
	opened := err == nil && v.opens()
	v.beside.rest(s.acts() && v.unreadAt == name)
	var shot *photo
	if err == nil && !v.typesOn(i) && !v.redrawn(v.tab.Page()) {
		shot = v.portray(ctx, s) // the rest is read while the picture is drawn
	}
	if err == nil {
		err = v.admitted(ctx, opened)
	}
	if refusal := context.Cause(ctx); refusal != nil {
		err = refusal // whatever the step met was the fence's doing
	}
	v.spent += took
	v.rec.StepText(name, "web.step", v.mask.hide(s.words()))
	v.rec.StepNumber(name, "web.step-took", took.Seconds())
	if none := (*driver.NoAnswer)(nil); errors.As(err, &none) {
		v.waited += took
	}
	more := err == nil && v.typesOn(i)
	looks := !more || s.Effect != "" // else the next step looks before it types
	if looks && shot == nil {
		v.rest(ctx)
	}
	if !more && shot == nil {
		shot = v.shoot(ctx)
	}
	if looks {
		v.settled(ctx, s)
	}
	if !more {
		pictured = true
		if kept := v.develop(ctx, i, name, shot, turn.give); kept != nil {
			return kept
		}
	}
	if err != nil {
		return v.explain(ctx, i, s, err)
	}
	return nil
}

// typesOn reports whether the step after this one, which the scenario did not
// care to name, fills the same page further: the picture after the last of them shows them all, and a picture costs more
// than the typing.
func (v *visit) typesOn(i int) bool {
	types := func(s Step) bool { return s.Fill != nil || s.Select != nil }
	return i+1 < len(v.steps) && v.steps[i].Name == "" && types(v.steps[i]) && types(v.steps[i+1])
}

// unlock opens the payment guard for a step that orders or pays, where that is
// granted and the payment a sandbox's. It stays open: what such a step sets
// off may come later.
func (v *visit) unlock(e evidence.Effect) {
	switch e {
	case evidence.PlaceOrder, evidence.Pay, evidence.DeclineCard:
		if v.t.Site.Sandbox && v.t.Granted(e) {
			v.mu.Lock()
			v.open = true
			v.mu.Unlock()
		}
	}
}

func (v *visit) guardOpen() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.open
}

// do performs a step's action and waits until what it set off is there.
func (v *visit) do(ctx context.Context, i int) error {
	s := &v.steps[i]
	p := v.tab.Page()
	if p == nil {
		return driver.ErrClosed
	}
	if s.acts() || s.Fill != nil {
		v.vitals(ctx, p) // they stop at the first input
	}
	if s.Open == "" && (s.acts() || s.Fill != nil) {
		if err := v.meet(ctx, p); err != nil {
			return err
		}
	}
	if s.Click != nil || s.Press != "" {
		v.recount(ctx, p)
	}
	switch {
	case s.Open != "":
		return v.goTo(ctx, p, s.Open)
	case s.Click != nil:
		return v.click(ctx, p, s)
	case s.Fill != nil:
		return v.fill(ctx, p, s.Fill)
	case s.Select != nil:
		if _, err := p.Select(ctx, s.Select.Locator, s.Select.Option, v.looking(ctx, p, v.guard)); err != nil {
			return err
		}
		v.effort.choose()
		v.touched(ctx, p)
		return v.settle(ctx)
	case s.Press != "":
		v.strokes++
		v.counted = false
		if _, err := p.Press(ctx, s.Press, v.looking(ctx, p, v.guardKey(s.Press))); err != nil {
			return err
		}
		v.effort.press()
		return v.settle(ctx)
	case s.Expect != nil:
		timeout, _ := time.ParseDuration(s.Expect.Timeout) // 0 when left out: the browser's
		if s.Expect.URL != "" {
			return p.SeeURL(ctx, s.Expect.URL, timeout)
		}
		return p.See(ctx, s.Expect.Locator, timeout)
	case s.Read != nil:
		return v.read(ctx, p, s.Read)
	case s.Try != nil:
		return v.try(ctx, p, i)
	}
	return nil // a picture is taken after every step
}

func (v *visit) goTo(ctx context.Context, p *driver.Page, where string) error {
	u, err := v.bounds.start.Parse(where)
	if err != nil {
		return refused("%q is no address", where)
	}
	if where == "/" {
		u = v.bounds.start // which may lie below the root: "/" is the site's start page
		v.sight.home = true
	}
	v.sight.leave()
	if !v.bounds.holds(u.String()) || u.Scheme != "http" && u.Scheme != "https" {
		return refused("%s is not on the site's own domains: name its domain under `domains` in sites.yaml if it is the site's", bare(u.String()))
	}
	if err := v.allowed(ctx, p, u); err != nil {
		return err
	}
	if v.within != 0 {
		if err := p.NavigateFrame(ctx, v.within, u.String()); err != nil {
			return err
		}
		return v.settle(ctx)
	}
	return p.Navigate(ctx, u.String())
}

// allowed asks robots.txt about an address that nothing on the way has
// offered: the start page and what the present page links to need no leave, but
// where robots.txt binds everything.
func (v *visit) allowed(ctx context.Context, p *driver.Page, u *url.URL) error {
	plain := *u
	plain.Fragment = ""
	if err := v.spaced(ctx, plain.String()); err != nil {
		return err
	}
	if v.t.Site.StrictRobots {
		return v.bound(ctx, &plain)
	}
	if plain.String() == v.bounds.start.String() || v.offered != "" && u.String() == v.offered {
		return nil
	}
	if offered, err := p.Offers(ctx, plain.String()); err == nil && offered {
		return nil
	}
	allows, err := v.b.robots(ctx, &plain)
	if err != nil {
		return err
	}
	if !allows(&plain) {
		return &ending{evidence.Blocked, fmt.Sprintf("the site's robots.txt forbids programs to open %s by themselves; a task may reach it by the links that pages offer", bare(u.String()))}
	}
	return nil
}

// deadClick is how long a click may go without any answer before it is
// repeated: a page that is still waking up swallows the first one.
const deadClick = time.Second

func (v *visit) click(ctx context.Context, p *driver.Page, s *Step) error {
	before := p.Requests()
	c, err := p.Click(ctx, *s.Click, v.looking(ctx, p, v.guard, v.sends))
	if err != nil {
		return err
	}
	v.clicks++
	v.effort.click()
	if c.Role == "radio" || c.Role == "checkbox" {
		v.touched(ctx, p)
		return v.settle(ctx)
	}
	v.counted = false
	// Once only, where it can do no harm: an effect is never repeated.
	if s.Effect == "" && v.seeker == nil && !v.guardOpen() && !c.Submits && c.Link == "" && c.Role == "button" && !p.Reacted(ctx, before, deadClick) {
		v.dead++
		if _, err := p.Click(ctx, *s.Click, v.guard); err != nil {
			return err
		}
		v.clicks++
		v.effort.again()
	}
	return v.settle(ctx)
}

func (v *visit) fill(ctx context.Context, p *driver.Page, f *Fill) error {
	// What goes into a secret field is hidden before it can be repeated, and
	// an address is known before it can leave.
	_, err := p.Fill(ctx, f.Locator, f.Value, v.looking(ctx, p, func(c driver.Control) error {
		if err := v.outside(p, c); err != nil {
			return err
		}
		if c.Secret {
			v.mask.learn(f.Value)
		}
		v.types(p, c, f.Value)
		return nil
	}))
	if err != nil {
		return err
	}
	v.effort.fill(keysOf(f.Value), p, p.Document().View)
	v.strokes += len([]rune(f.Value))
	v.touched(ctx, p)
	return nil
}

func (v *visit) read(ctx context.Context, p *driver.Page, r *Read) error {
	text, err := p.Read(ctx, r.Locator)
	if err != nil {
		return err
	}
	if r.Pattern != "" {
		re, err := regexp.Compile(r.Pattern)
		if err != nil {
			return &ending{evidence.Broken, fmt.Sprintf("the pattern %q cannot be read: %v", r.Pattern, err)}
		}
		m := re.FindStringSubmatch(text)
		if m == nil {
			return &ending{evidence.Failed, fmt.Sprintf("the %s says %q, which does not fit %q", r.Locator, v.mask.hide(text), r.Pattern)}
		}
		text = m[min(1, len(m)-1)]
	}
	v.rec.StepText(r.Fact, "custom.read", v.mask.hide(text))
	return nil
}

// settle waits for the page in front, which an action may have changed.
func (v *visit) settle(ctx context.Context) error {
	p := v.tab.Page()
	if p == nil {
		return driver.ErrClosed
	}
	err := p.Settle(ctx)
	if now := v.tab.Page(); errors.Is(err, driver.ErrClosed) && now != nil && now != p {
		return now.Settle(ctx) // the page closed itself
	}
	return err
}

// judge looks at a document that a step has opened.
func (v *visit) judge(ctx context.Context) error { return v.admitted(ctx, v.opens()) }

// opens notes the document in front, and reports whether it has just come.
func (v *visit) opens() bool {
	p := v.tab.Page()
	if p == nil {
		return false
	}
	d := p.Document()
	if v.seen.page == p && v.seen.doc.Loader == d.Loader || d.Count == 0 {
		return false
	}
	v.seen = documents{p, d}
	v.unread, v.unreadAt = d, v.now
	return true
}

// admitted looks at the document in front where it has just come: whether it is
// the site's, or nothing, or a wall.
func (v *visit) admitted(ctx context.Context, opened bool) error {
	p, d := v.tab.Page(), v.seen.doc
	switch {
	case p == nil:
		return driver.ErrClosed
	case !opened:
		return nil
	}
	if d.Error != "" {
		return &driver.LoadError{URL: d.URL, Text: d.Error}
	}
	door, _ := p.Door(ctx) // a page that cannot be looked at shows no wall
	v.log.titled(p, door.Whole)
	if by := wallOf(d, door); by != "" {
		return &ending{evidence.Blocked, fmt.Sprintf("%s is closed to programs, by %s", bare(d.URL), by)}
	}
	// 422 shows a form again with what is wrong in it.
	if d.Status >= 400 && d.Status != 422 {
		return &ending{evidence.Failed, fmt.Sprintf("%s answered with status %d%s", bare(d.URL), d.Status, titled(v.mask.hide(door.Title)))}
	}
	return nil
}

func titled(title string) string {
	if title == "" {
		return ""
	}
	return fmt.Sprintf(", a page titled %q", title)
}

// vitals reads how fast the last document came, once, before the first input.
func (v *visit) vitals(ctx context.Context, p *driver.Page) {
	if v.unreadAt == "" {
		return
	}
	step := v.unreadAt
	v.unreadAt = ""
	if p.Document().Loader != v.unread.Loader {
		return // it has gone by itself
	}
	begun := time.Now()
	t, err := p.Pace(ctx)
	v.looked += time.Since(begun)
	if err != nil {
		return // missing, and said so by the observation
	}
	v.waited += time.Duration(t.Usable * float64(time.Millisecond))
	if v.beside != nil && !v.beside.calm() {
		v.beside.withheld++
		return
	}
	v.rec.StepNumber(step, "web.ttfb", rounded(t.TTFB))
	v.rec.StepNumber(step, "web.cls", rounded(t.CLS))
	if t.LCP > 0 {
		v.rec.StepNumber(step, "web.lcp", rounded(t.LCP))
	}
	v.pace.opened(step, t)
}

// touched counts the form of the field that was just filled, chosen or ticked.
func (v *visit) touched(ctx context.Context, p *driver.Page) {
	v.counted = v.counting
	v.recount(ctx, p)
}

// recount adds fields that have appeared since.
func (v *visit) recount(ctx context.Context, p *driver.Page) {
	if !v.counted {
		return
	}
	list, err := p.Fields(ctx)
	if err != nil {
		return
	}
	for _, f := range list {
		if f.Search {
			continue
		}
		key := f.Form + "\x00" + f.Key
		if known, again := v.fields[key]; again {
			f.Prefilled = known.Prefilled // as first seen; now it may hold what we typed
			f.Ours = f.Ours || known.Ours
			f.Required = f.Required || known.Required
		}
		v.fields[key] = f
	}
}

// ---- the fences ----

// guard is asked about every control before it is used: the first two fences.
func (v *visit) guard(c driver.Control) error {
	if v.guardOpen() {
		return nil
	}
	if why := byName(c); why != "" {
		return refused("payment guard, by the control's name: %s", why)
	}
	if why := byTarget(c); why != "" {
		return refused("payment guard, by where it leads: %s", why)
	}
	if p := v.tab.Page(); p != nil {
		return v.outside(p, c)
	}
	return nil
}

// guardKey asks about what a key would press.
func (v *visit) guardKey(key string) func(driver.Control) error {
	return func(c driver.Control) error {
		if key != "Enter" && key != "Space" {
			return nil
		}
		if err := v.guard(c); err != nil {
			return err
		}
		return v.sends(c)
	}
}

// gate is asked about every watched request before it leaves: the fence round
// the site, and the payment guard's third. It runs on the browser's goroutine.
func (v *visit) gate(p *driver.Page, r *fetch.EventRequestPaused) bool {
	if p != nil && p.Top(r) {
		v.site.asked()
		if !v.bounds.holds(r.Request.URL) && !v.bounds.reach.lets(r.Request.URL, r.RedirectedRequestID != "" || p.Document().Count <= 1) {
			v.stop(v.ledAway(p, r))
			return false
		}
		if u, err := url.Parse(r.Request.URL); err == nil {
			v.b.siteAt(siteOf(u)).asked()
		}
		if no := v.forbidden(r.Request.URL); no != nil {
			v.stop(no)
			return false
		}
	}
	if v.guardOpen() {
		return true
	}
	a := asking{method: r.Request.Method, address: r.Request.URL, document: r.ResourceType == network.ResourceTypeDocument, redirected: r.RedirectedRequestID != ""}
	for _, e := range r.Request.PostDataEntries {
		a.body += string(e.Bytes)
	}
	kind := header(r.Request.Headers, "Content-Type")
	a.form = strings.HasPrefix(kind, "application/x-www-form-urlencoded") || strings.HasPrefix(kind, "multipart/form-data")
	a.unread = r.Request.HasPostData && a.body == ""
	for _, name := range []string{"X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"} {
		a.as = cmp.Or(a.as, header(r.Request.Headers, name))
	}
	v.leak.held(r.NetworkID, a.address, a.body)
	why := byRequest(a)
	if why == "" && a.method != http.MethodGet && slices.ContainsFunc(readings(a.body), v.mask.carried) {
		why = fmt.Sprintf("a %s request to %s with the card or account number that was typed was stopped before it left", a.method, bare(a.address))
	}
	if why != "" {
		v.stop(refused("payment guard, by the request: %s", why))
		return false
	}
	return true
}

// ledAway is the ending of a visit whose page would leave the site. A start
// page that sends every visitor elsewhere is the site's doing; a link or form
// that leads away may serve customers well, and could not be followed.
func (v *visit) ledAway(p *driver.Page, r *fetch.EventRequestPaused) *ending {
	u, _ := url.Parse(r.Request.URL)
	host := bare(r.Request.URL)
	if u != nil {
		host = u.Host
	}
	if r.RedirectedRequestID != "" && p.Document().Count == 0 {
		return &ending{evidence.Failed, fmt.Sprintf("the site's address %s sends its visitors away to %s; if that is the site's own, name it under `domains` in sites.yaml", v.bounds.start, host)}
	}
	return refused("the page leads off the site, to %s, and was not followed; if that is the site's own, name it under `domains` in sites.yaml", host)
}

// dialog answers what a page asks in a window of its own: yes, as a customer
// in a hurry would, but never to an order. It runs on the browser's goroutine.
func (v *visit) dialog(_ *driver.Page, d *page.EventJavascriptDialogOpening) bool {
	switch d.Type {
	case page.DialogTypeAlert, page.DialogTypeBeforeunload:
		return true
	case page.DialogTypeConfirm:
		return v.guardOpen() || v.agrees.Load() || byName(driver.Control{Names: []string{d.Message}, Role: "button", Checkout: true, Payment: true}) == "" && !orderTalk.MatchString(d.Message)
	}
	return false // nothing to say to a prompt
}

var orderTalk = regexp.MustCompile(`(?i)\border|\bpay|purchase|\bbuy|bestell|kauf|zahl|commande|achat|pai|pedido|compra|pag[ao]|ordin|acquist|betal|encomenda|zamów|zapła|zakup|beställ|köp|bestil|køb|kjøp|tilaus|tilaa|maksa|osta|objedn|zaplat|注文|購入|支払|订单|訂單|购买|購買|支付|付款`)

// ---- the ending ----

// explain turns what a step met into the visit's ending.
func (v *visit) explain(ctx context.Context, i int, s *Step, err error) error {
	at := fmt.Sprintf("step %d (%s): ", i+1, s.words())
	var (
		end       *ending
		unmet     *driver.Unmet
		ambiguous *driver.Ambiguous
		none      *driver.NoAnswer
		load      *driver.LoadError
	)
	switch {
	case errors.As(err, &end):
		return &ending{end.outcome, at + end.reason}
	case errors.As(err, &unmet):
		if by := v.wallNow(ctx, i); by != "" {
			return &ending{evidence.Blocked, at + "the page shows " + by}
		}
		return &ending{evidence.Failed, at + unmet.Error()}
	case errors.As(err, &ambiguous):
		return &ending{evidence.Broken, at + ambiguous.Error()}
	case errors.As(err, &none):
		return &ending{evidence.Failed, at + none.Error()}
	case errors.As(err, &load):
		if why, ours := v.b.ours(ctx, load.URL, load.Text); ours {
			return &ending{evidence.Broken, at + why}
		}
		return &ending{evidence.Failed, at + bare(load.URL) + " could not be loaded: " + inWords(load.Text)}
	case errors.Is(err, driver.ErrMemory):
		return &ending{evidence.Failed, at + fmt.Sprintf("the page took more than %d MB of memory and was ended", cmp.Or(v.b.o.PageMemory, driver.PageMemory)>>20)}
	case errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded):
		return &ending{evidence.Broken, at + "the visit was stopped before its end"}
	}
	return &ending{evidence.Broken, at + err.Error()}
}

// inWords explains the browser's commonest reasons.
func inWords(reason string) string {
	words := map[string]string{
		"net::ERR_NAME_NOT_RESOLVED":  "the name does not exist",
		"net::ERR_CONNECTION_REFUSED": "the host refuses connections",
		"net::ERR_CONNECTION_RESET":   "the host broke the connection off",
		"net::ERR_EMPTY_RESPONSE":     "the host closed the connection without an answer",
		"net::ERR_TIMED_OUT":          "the host did not answer",
		"net::ERR_TOO_MANY_REDIRECTS": "it redirects in a circle",
		"net::ERR_ABORTED":            "it is not a page: the server offers a download, or nothing",
	}
	if w, ok := words[reason]; ok {
		return w + " (" + reason + ")"
	}
	return reason
}

// lastReading bounds how long a visit that was given up reads its last page.
const lastReading = time.Second

// finish records the figures and the logs, whatever the ending was. The error
// is evidence that could not be stored.
func (v *visit) finish(ctx context.Context, version string, end error) error {
	alive := ctx // our own questions end with the caller's patience
	ctx = context.WithoutCancel(ctx)
	reading := ctx
	if alive.Err() != nil { // a page that is on its way is not waited for by somebody who gave up
		var cancel context.CancelFunc
		reading, cancel = context.WithTimeout(ctx, lastReading)
		defer cancel()
	}
	if p := v.tab.Page(); p != nil {
		v.vitals(reading, p)
		v.recount(reading, p)
		v.look(reading, p)
		if !v.consent.seen && alive.Err() == nil {
			v.bannerOn(ctx, p)
		}
		if d := p.Document(); d.Count > 0 {
			v.rec.Text("web.last-url", v.mask.hide(clean(d.URL)))
		}
	}
	if v.beside != nil {
		v.rec.Number("web.timings-withheld", float64(v.beside.withheld))
	}
	v.paces(reading)
	v.figures()
	v.consented()
	if v.seeker != nil {
		end = v.judged(end)
	}
	v.pages(end == nil)
	if v.seeker == nil || v.seeker.asksAfterLinks() {
		v.follow(alive, end)
	}
	v.rec.Flag("web.reached", end == nil)
	v.shown.photo.wait() // what follows acts on the page
	kept := errors.Join(v.kept(), v.accessible(ctx, alive.Err() == nil), v.clearCart(alive))
	for _, log := range []struct {
		name  string
		write func() ([]byte, error)
	}{
		{"network.har", func() ([]byte, error) { return v.log.har(version) }},
		{"console.json", v.log.messages},
		{"findings.json", v.findings},
	} {
		if v.b.o.NoProof {
			break
		}
		data, err := log.write()
		if err == nil && data != nil {
			err = v.rec.Keep(ctx, log.name, data)
		}
		kept = errors.Join(kept, err)
	}
	if lost := (*keepError)(nil); errors.As(end, &lost) {
		kept = errors.Join(lost, kept)
	}
	var how *ending
	switch {
	case kept != nil:
		v.rec.End(evidence.Broken, kept.Error())
	case end == nil:
		v.rec.End(evidence.Completed, "")
	case errors.As(end, &how):
		v.rec.End(how.outcome, v.mask.hide(how.reason))
	default:
		v.rec.End(evidence.Broken, v.mask.hide(end.Error()))
	}
	return kept
}

func (v *visit) figures() {
	t := v.log.tally(v.bounds)
	var ours, required, prefilled int
	for _, f := range v.fields {
		ours += count(f.Ours)
		required += count(f.Required)
		prefilled += count(f.Prefilled)
	}
	v.rec.Number("web.task-time", v.spent.Seconds())
	v.rec.Number("web.site-time", min(v.waited, v.spent).Seconds())
	for _, f := range []struct {
		name string
		n    int
	}{
		{"web.pages", t.pages}, {"web.clicks", v.clicks}, {"web.dead-clicks", v.dead}, {"web.keystrokes", v.strokes},
		{"web.fields", ours}, {"web.fields-visible", len(v.fields)}, {"web.fields-required", required}, {"web.fields-prefilled", prefilled},
		{"web.requests", t.requests}, {"web.failed-requests", t.failed}, {"web.console-errors", t.errors}, {"web.third-party-hosts", t.thirdParties},
	} {
		v.rec.Number(f.name, float64(f.n))
	}
	v.rec.Number("web.bytes", t.bytes)
}

func count(yes bool) int {
	if yes {
		return 1
	}
	return 0
}
