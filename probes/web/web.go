// Package web is the web probe: a visit to a shop in a real browser, step by
// step, as a customer would make it. It keeps the conduct that a program needs
// which drives other people's shops: effects only as granted, never past
// payment, only on the site's own domains, never faster than a person.
//
// Each visit has an isolated context of its own: when it ends, its cookies are
// gone, and with them the cart that it filled.
package web

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"sync"
	"time"

	"touchstone/internal/evidence"
	"touchstone/probes"
	"touchstone/probes/web/driver"
	"touchstone/probes/web/find"
)

// ErrNoBrowser says that no Chromium could be found, and how to mend it.
var ErrNoBrowser = driver.ErrNoBrowser

// Reading is the version of what a visit makes of a page. It changes when the
// same page would give other facts.
const Reading = "web/4"

// Kind is the web probe. b may be nil where no visit will be made: to validate
// scenarios, or to read an old wave.
func Kind(b *Browser) probes.Kind {
	k := probes.Kind{
		Name:    "web",
		About:   "Visits the shop in a real browser and does what a customer would do there, step by step.",
		Channel: "web",
		Facts:   slices.Concat(facts, rare(orderFacts, newsletterFacts, priceFacts, returnFacts, askingFacts)),
		Params:  Params{},
		Effects: effects,
		Check:   check,
		Reading: Reading,
		Describe: func(params any) (lines []string) {
			p := params.(*Params)
			if g, ok := find.Named(p.Goal); ok {
				lines = append(lines, "look for "+g.Name+": "+g.About)
			}
			if p.Mistakes {
				lines = append(lines, "send its form with mistakes, one after another, until it takes one")
			}
			steps := p.Steps
			for i := range steps {
				lines = append(lines, steps[i].words())
			}
			return lines
		},
	}
	k.Visit = func(ctx context.Context, t *probes.Task, rec *probes.Recorder) error {
		if b == nil {
			rec.End(evidence.Broken, "no browser was given for visits")
			return nil
		}
		return b.visit(ctx, t, rec)
	}
	return k
}

var effects = []evidence.Effect{
	evidence.SubmitForm, evidence.FillCheckout, evidence.Subscribe, evidence.Register, evidence.LogIn,
	evidence.ChangeAccount, evidence.PlaceOrder, evidence.Pay, evidence.DeclineCard,
}

// rare marks facts that come of single goals.
func rare(lists ...[]evidence.FactDef) []evidence.FactDef {
	all := slices.Concat(lists...)
	for i := range all {
		all[i].Rare = true
	}
	return all
}

var facts = []evidence.FactDef{
	{Name: "web.reached", Unit: evidence.Bool, Meaning: "Every step of the task succeeded."},
	{Name: "web.task-time", Unit: evidence.Second, Meaning: "Time that the steps took, from the first page's opening to the last step's end; the pauses that politeness asks of us and our screenshots are not in it."},
	{Name: "web.site-time", Unit: evidence.Second, Meaning: "Of that, waiting for the site: from the start of each document's navigation until it could be used (browser's clock), waits for pages that never came, and for answers of the site's own that scripts asked for and got within the steps."},
	{Name: "web.pages", Unit: evidence.Count, Meaning: "Documents that were opened on the way; a redirect is none, a view that a script draws into the same document is none."},
	{Name: "web.clicks", Unit: evidence.Count, Meaning: "Mouse clicks that the task needed."},
	{Name: "web.dead-clicks", Unit: evidence.Count, Meaning: "Clicks that nothing at all answered within a second, repeated once."},
	{Name: "web.keystrokes", Unit: evidence.Count, Meaning: "Characters typed and keys pressed."},
	{Name: "web.fields", Unit: evidence.Count, Meaning: "Fields that the task filled, chose or ticked, of those counted as visible."},
	{Name: "web.fields-visible", Unit: evidence.Count, Meaning: "Distinct visible fields of the forms in which the task filled, chose or ticked a field, counted from the first step that declares an effect, so that product options and filters are not in it. Radio buttons of one name are one field; search boxes, buttons, hidden and disabled fields are none. Fields that appear later are added; a form shown again is not counted twice."},
	{Name: "web.fields-required", Unit: evidence.Count, Meaning: "Of the visible fields, those marked as required (required or aria-required)."},
	{Name: "web.fields-prefilled", Unit: evidence.Count, Meaning: "Of the visible fields, those that held something when first seen."},
	{Name: "web.requests", Unit: evidence.Count, Meaning: "HTTP requests, each redirect counted."},
	{Name: "web.failed-requests", Unit: evidence.Count, Meaning: "Requests without an answer or with status 400 and above; those that a page gave up itself are not in it."},
	{Name: "web.bytes", Unit: evidence.Byte, Meaning: "Bytes received over the network, compressed as sent."},
	{Name: "web.console-errors", Unit: evidence.Count, Meaning: "Errors in the browser's console: scripts that failed, resources that did not load."},
	{Name: "web.third-party-hosts", Unit: evidence.Count, Meaning: "Hosts outside the site's registrable domain that pages asked for something."},
	{Name: "web.ttfb", Unit: evidence.Milli, Meaning: "Per step that opened a document: from the start of navigation to the first byte of the answer, by the browser's clock."},
	{Name: "web.lcp", Unit: evidence.Milli, Meaning: "Per step that opened a document: largest contentful paint before the first input, by the browser's clock."},
	{Name: "web.cls", Unit: evidence.Ratio, Meaning: "Per step that opened a document: cumulative layout shift before the first input (a score; 0.1 is held good)."},
	{Name: "web.last-url", Unit: evidence.Text, Meaning: "Where the visit ended."},
	{Name: "web.step", Unit: evidence.Text, Meaning: "Per step: what was done, in words."},
	{Name: "web.step-took", Unit: evidence.Second, Meaning: "Per step: from its beginning until the page had settled."},
	{Name: "web.views", Unit: evidence.Count, Meaning: "Documents that were opened, and views that a script drew into the same document under another path or a fragment that is a path (#/basket)."},
	{Name: "web.checkout-steps", Unit: evidence.Count, Meaning: "In a task that fills a checkout: views from the first step that declares an effect to the end, that step's own counted."},
	{Name: "web.klm-time", Unit: evidence.Second, Meaning: "Time that a practised customer would take, by the keystroke-level model of Card, Moran and Newell (1980) from what the visit clicked, chose and typed: K 0.28, P 1.1, B 0.1, H 0.4, M 1.35 s; the system's response is web.site-time. Opening an address takes none."},
	{Name: "web.lostness", Unit: evidence.Ratio, Meaning: "Lostness after Smith (1996), from 0 (the shortest way) to below 1.42; above 0.5 visitors were seen to be lost. Only of a task that was reached and says how few pages it needs (fewest)."},
	{Name: "web.retyped", Unit: evidence.Count, Meaning: "Values that had been typed before in this visit, into another field of the same purpose (the e-mail address twice). Absent when nothing was typed."},
	{Name: "web.account-forced", Unit: evidence.Bool, Meaning: "The task had to fill in a password before it could go on. Absent where logging in is the task, and where nothing is filled in."},
	{Name: "web.guest-offered", Unit: evidence.Bool, Meaning: "Words on a page of the checkout offered a way without an account. Absent when no page of a checkout was seen."},
	{Name: "web.consent-preticked", Unit: evidence.Count, Meaning: "Boxes for marketing that were ticked when first seen; boxes that decline it are none. Absent when the task has no effect and no such box was seen."},
	{Name: "web.consent-clicks", Unit: evidence.Count, Meaning: "Clicks that it took to refuse, or where the scenario says so to accept, the banner that asks for leave to set cookies; they are among web.clicks. A banner that can be neither refused nor closed and is not in the way is left: 0. Absent without a banner, and where the scenario leaves it."},
	{Name: "web.consent-refusable", Unit: evidence.Bool, Meaning: "The banner that asks for leave to set cookies can be refused with as few clicks as it can be accepted. Absent without a banner."},
	{Name: "web.overlays-closed", Unit: evidence.Count, Meaning: "Boxes that lay over what the task needed (a newsletter's, a choice of country) and were put away by their own control; those clicks are among web.clicks. Banners about cookies are none."},
	{Name: "web.downloads", Unit: evidence.Count, Meaning: "Files that pages offered for download on the way; none is written."},
	{Name: "web.cost-before-data", Unit: evidence.Bool, Meaning: "The total with delivery stood on a page before the first personal field of the checkout was filled."},
	{Name: "web.stock-shown", Unit: evidence.Bool, Meaning: "A page said whether the goods are in stock. Absent when no page was seen that puts goods into a basket."},
	{Name: "web.delivery-date", Unit: evidence.Bool, Meaning: "A day, a date or a number of days for the delivery stood on a page before payment. Absent when no page was seen that puts goods into a basket."},
	{Name: "web.help-in-checkout", Unit: evidence.Bool, Meaning: "A page of the checkout showed a telephone number or a control that leads to help, contact or chat. Absent when no page of a checkout was seen."},
	{Name: "web.phone-prominence", Unit: evidence.Count, Meaning: "Where a telephone number stands: 3 in the start page's header area, 2 elsewhere on the start page, 1 on a page next to it, 0 on none of these that were seen. Absent when the start page was not."},
	{Name: "web.phone-link", Unit: evidence.Bool, Meaning: "A page seen has a telephone number that a tap calls (tel:)."},
	{Name: "web.email-published", Unit: evidence.Bool, Meaning: "A mail address of the site's stood on a page seen: as a link, in the text or in structured data (JSON-LD)."},
	{Name: "web.help-prominence", Unit: evidence.Count, Meaning: "Where a control stands that leads to help, questions and answers or contact: 3 in the start page's header area, 2 elsewhere on the start page, 1 on a page next to it, 0 on none of these that were seen. Absent when the start page was not."},
	{Name: "web.form-distance", Unit: evidence.Count, Meaning: "Clicks until a page with a message field (a text area in a form, not of the checkout) was seen. Absent when none was."},
	{Name: "web.faq", Unit: evidence.Bool, Meaning: "A page seen holds at least three questions with their answers. Absent in tasks with effects."},
	{Name: "web.help-search", Unit: evidence.Bool, Meaning: "A help page has a search box of its own, outside header and footer. Absent when no help page was seen."},
	{Name: "web.words", Unit: evidence.Count, Meaning: "Words of the last page's main text, without header, navigation, asides and footer."},
	{Name: "web.reading-grade", Unit: evidence.Ratio, Meaning: "Flesch–Kincaid grade of the last page's main text, in years of American school. English only, from 50 words in lines of at least four."},
	{Name: "web.dead-links", Unit: evidence.Count, Meaning: "Of the links checked, those that lead to no page (404, 410), to the site's own error (5xx) or to no answer."},
	{Name: "web.links-checked", Unit: evidence.Count, Meaning: "Links of the site on the pages seen, beside those that the visit opened itself, that were asked for once at its end: at most 30, as robots.txt lets programs. Absent in tasks with effects and when there were none."},
	{Name: "web.search-results", Unit: evidence.Count, Meaning: "Entries that a search for goods brought, as well as a program can tell. Absent when none was used; searches in help pages are none."},
	{Name: "web.third-party-typed", Unit: evidence.Bool, Meaning: "The mail address that was typed left for a third party before it was sent: plain, encoded or as a digest (MD5, SHA-1, SHA-2), in an address, body, header or web socket. Absent when none was typed."},
	{Name: "web.third-party-typed-to", Unit: evidence.Text, Meaning: "The first third party that got it so, and how. Absent when none did."},
	{Name: "web.own-time", Unit: evidence.Second, Meaning: "What is left of the task's time without the site's: clicking, typing and looking, by our own hands."},
	{Name: "web.server-time", Unit: evidence.Milli, Meaning: "Per step that opened a document: from the request to the first byte of its answer, by the browser's clock (responseStart less requestStart)."},
	{Name: "web.fcp", Unit: evidence.Milli, Meaning: "Per step that opened a document: first contentful paint, by the browser's clock."},
	{Name: "web.load", Unit: evidence.Milli, Meaning: "Per step that opened a document: until its load event had ended, by the browser's clock. Absent when it had not by the first input."},
	{Name: "web.tbt", Unit: evidence.Milli, Meaning: "Per step that opened a document: total blocking time, what of each task lies beyond its first 50 ms, from the first contentful paint to the first input."},
	{Name: "web.inp", Unit: evidence.Milli, Meaning: "Per step that opened a document: interaction to next paint, the longest of its clicks and keys, one in fifty left out; 0 where none took 16 ms. Absent where no frame followed a click or a key."},
	{Name: "web.transfer", Unit: evidence.Byte, Meaning: "Per step: bytes received over the network, compressed as sent."},
	{Name: "web.trial-error-shown", Unit: evidence.Bool, Meaning: "Per mistake that was made in a form on purpose: something was said to it, in words. Absent where the form has no such field, or complained of another one."},
	{Name: "web.trial-inline", Unit: evidence.Bool, Meaning: "Likewise: it stood beside the field or its label, no further than 40 CSS pixels and next to no other field; the browser's own bubble does."},
	{Name: "web.trial-tied", Unit: evidence.Bool, Meaning: "Likewise: the field refers to it (aria-describedby, aria-errormessage, its label), or it links to the field; the browser's own bubble is tied."},
	{Name: "web.trial-words", Unit: evidence.Bool, Meaning: "Likewise: it says what to do, names what the field is for, or gives an example; that something is wrong is not enough."},
	{Name: "web.trial-kept", Unit: evidence.Bool, Meaning: "Likewise: all other fields held what they had held; passwords and cards are not asked for."},
	{Name: "web.trial-focus", Unit: evidence.Bool, Meaning: "Likewise: the keyboard was led to the field, or to a list that links to it."},
	{Name: "web.trial-accepted", Unit: evidence.Bool, Meaning: "Likewise: the form took the mistake, and was sent."},
	{Name: "web.trial-message", Unit: evidence.Text, Meaning: "Likewise: what was said."},
	{Name: "web.names-missing", Unit: evidence.Count, Meaning: "Controls without a name to be read out. This and the next ten count, each once in the visit, what our checks found in the forms that the task used (their fields, labels, messages and buttons), or where it used none in the main parts of the pages; accessibility.json lists all that was found anywhere."},
	{Name: "web.placeholder-labels", Unit: evidence.Count, Meaning: "Fields whose only label is the placeholder, which goes as soon as something is typed."},
	{Name: "web.alt-missing", Unit: evidence.Count, Meaning: "Pictures in links and buttons without words in their place."},
	{Name: "web.roles-missing", Unit: evidence.Count, Meaning: "Elements that can be clicked and have no role, or have one and cannot be reached by the keyboard."},
	{Name: "web.contrast-low", Unit: evidence.Count, Meaning: "Texts with less contrast than 4.5, large ones 3, transparency and all backgrounds counted; texts on pictures cannot be told."},
	{Name: "web.focus-faults", Unit: evidence.Count, Meaning: "Stops of the keyboard out of the page's order (tabindex above 0), back against the order of reading, or at what nobody sees."},
	{Name: "web.autocomplete-missing", Unit: evidence.Count, Meaning: "Fields that ask who the customer is without the autocomplete that says so, with another one, or with none of HTML's."},
	{Name: "web.targets-small", Unit: evidence.Count, Meaning: "Controls smaller than 24 × 24 CSS pixels with another one close by; links within text and plain boxes of the browser are none."},
	{Name: "web.language-missing", Unit: evidence.Count, Meaning: "1 where a page does not say its language, else 0."},
	{Name: "web.errors-untied", Unit: evidence.Count, Meaning: "Fields marked as wrong that refer to no words which say why. Absent when no field was so marked."},
	{Name: "web.tab-stops", Unit: evidence.Count, Meaning: "Stops that the keyboard made from the first field of the last form to the end of the page. Absent when no checkout was filled, and on pages of more than 60."},
	{Name: "web.focus-trap", Unit: evidence.Bool, Meaning: "On that way the keyboard went round without reaching the rest of the page, and no dialog held it. Absent when it did not go."},
	{Name: "web.axe", Unit: evidence.Text, Meaning: "The version of axe-core that looked at the pages on which a form was used, or why none did. Absent when none was used."},
	{Name: "web.axe-pages", Unit: evidence.Count, Meaning: "Pages that axe-core looked at, at most six."},
	{Name: "web.axe-violations", Unit: evidence.Count, Meaning: "Elements of the forms used at which axe-core found a rule of WCAG 2.2, levels A and AA, broken; each once for a rule."},
	{Name: "web.axe-serious", Unit: evidence.Count, Meaning: "Of these, those that it calls serious or critical."},
	{Name: "web.timings-withheld", Unit: evidence.Count, Meaning: "Documents whose timings were thrown away, since a canary page of known delay, loaded from the auditor's own machine beside them, showed that this was too busy. Absent where no canary was asked."},
	{Name: "web.visitor", Unit: evidence.Text, Meaning: "As whom the shop saw the visit: device and window, language, time zone. The browser is a stock Chrome's in all that it says of itself; that a program drives it is not hidden."},
	{Name: "web.browser", Unit: evidence.Text, Meaning: "Which browser made the visit, in which version, whether in its sandbox, and whether sites of one page were isolated from one another."},
	{Name: "goal.name", Unit: evidence.Text, Meaning: "The goal that the visit looked for."},
	{Name: "goal.state", Unit: evidence.Text, Meaning: "How that ended: reached, absent, blocked, broken, not-granted. Absent says that it was looked for and not found."},
	{Name: "goal.reached", Unit: evidence.Bool, Meaning: "A page was seen that holds what was looked for."},
	{Name: "goal.confidence", Unit: evidence.Ratio, Meaning: "How sure that is, from 0 to 1: of an absence, how much of what should know was looked at."},
	{Name: "goal.recall", Unit: evidence.Ratio, Meaning: "Of shops built for it, in which the goal was known to be there, the share in which the program's own search found it when it was last measured: what it did not find may be there all the same. Absent of goals that were not measured."},
	{Name: "goal.recall-shops", Unit: evidence.Count, Meaning: "How many shops those were."},
	{Name: "goal.clicks", Unit: evidence.Count, Meaning: "Presses of the way that was found, and those that led nowhere."},
	{Name: "goal.backtracks", Unit: evidence.Count, Meaning: "Of them, those that led nowhere."},
	{Name: "goal.path", Unit: evidence.Text, Meaning: "The way that was found, in words."},
	{Name: "goal.url", Unit: evidence.Text, Meaning: "Where it was found."},
	{Name: "goal.why", Unit: evidence.Text, Meaning: "What proves it, or why it is held to be absent."},
	{Name: "goal.pinned", Unit: evidence.Bool, Meaning: "The way that was found before still leads there. Absent where none was given."},
	{Name: "web.cart-emptied", Unit: evidence.Bool, Meaning: "The cart that the task filled at somebody else's shop was seen empty after what was in it had been taken out, through the cart's own controls. Absent at one's own shops, where the task fills no checkout and needs no cart for its goal, and where a script saw no page of the cart."},
	{Name: "custom.read", Unit: evidence.Text, Meaning: "What a read step found; its step is the name that the scenario gave the fact."},
}

// Options say how visits look at the web.
type Options struct {
	Path     string            // the browser's program; empty: the first of the usual places
	TempDir  string            // for its profile while it runs; empty: the system's
	Log      *slog.Logger      // nil: no log
	Resolve  map[string]string // host -> "127.0.0.1:port", for shops that no name server knows
	Timeout  time.Duration     // of each wait in a step; 0: 10 s
	Load     time.Duration     // how long pictures and late scripts of a usable page are waited for; 0: 5 s
	Distance time.Duration     // between two page openings on a site of others; 0: 1 s

	Canary  bool // timings are withheld where a canary page was slow beside them, see canary
	NoProof bool // figures of pace, effort and what pages say alone: no pictures, no logs, no look at accessibility
	Overlap bool // visits do not wait for one another's openings, see turn; for throughput, not for speed figures

	Passwords map[string]string // of the sites' customers (probes.Site.Customer), by site

	Isolate bool // sites of one page in processes of their own, see driver.Options
	Unboxed bool // no sandbox, see driver.Options

	// A browser is replaced between visits after so many of them, at that age,
	// or when it takes so many bytes; 0: 200, an hour, 1.5 GiB. PageMemory is
	// what one page's process may take before its visit ends failed; 0: 1 GiB.
	Visits     int
	Age        time.Duration
	Memory     int64
	PageMemory int64
	Axe        []byte // axe-core's script, which looks at the accessibility of pages; nil: only our own checks do
}

// A Browser makes visits. It starts its Chromium with the first one and starts
// another when that has died or done enough. It is safe for concurrent use: visits to
// different sites run side by side, visits to one site one after another.
type Browser struct {
	o      Options
	lookup func(ctx context.Context, host string) ([]string, error) // a second look at a name

	files   robotsFiles
	mu      sync.Mutex
	running map[bool]*running // by whether its visitors hold telephones
	closed  bool
	turn    turn
	canary  *canary
	ending  sync.WaitGroup // of browsers that have done enough
	sites   map[string]*site
}

// A site is what all visits to one registrable domain share.
type site struct {
	turn chan struct{} // holds one token: one page at a time

	mu     sync.Mutex
	opened time.Time // when a page was last asked for
}

// Open finds the browser; no process is started yet. The error wraps
// ErrNoBrowser.
func Open(o Options) (*Browser, error) {
	path, err := driver.Find(o.Path)
	if err != nil {
		return nil, err
	}
	o.Path = path
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Timeout == 0 {
		o.Timeout = 10 * time.Second
	}
	if o.Distance == 0 {
		o.Distance = time.Second
	}
	b := &Browser{o: o, lookup: net.DefaultResolver.LookupHost, sites: map[string]*site{}, running: map[bool]*running{}, turn: newTurn()}
	if o.Canary {
		if b.canary, err = hatch(); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// Close ends the browser and removes its profile.
func (b *Browser) Close() error {
	b.mu.Lock()
	b.closed = true
	if b.canary != nil {
		b.canary.close()
	}
	for _, r := range b.running {
		b.ending.Go(func() { _ = r.Close() })
	}
	b.mu.Unlock()
	b.ending.Wait()
	return nil
}

// Version is that of Nature: "156.0.8078.79".
func (b *Browser) Version(ctx context.Context) (string, error) {
	n, err := b.Nature(ctx)
	return n.Version, err
}

// Nature starts the browser where it does not run yet and says what kind it
// is, and how fenced.
func (b *Browser) Nature(ctx context.Context) (driver.Nature, error) {
	r, release, err := b.engage(ctx, false)
	if err != nil {
		return driver.Nature{}, err
	}
	defer release()
	return r.Nature(), nil
}

// enter waits for a site's turn.
func (b *Browser) enter(ctx context.Context, domain string) (*site, func(), error) {
	s := b.siteAt(domain)
	select {
	case <-s.turn:
		return s, func() { s.turn <- struct{}{} }, nil
	case <-ctx.Done():
		return nil, nil, fmt.Errorf("waiting for another visit to %s: %w", domain, ctx.Err())
	}
}

// asked notes that a page is asked for now.
func (s *site) asked() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.opened = time.Now()
}

// pause waits until a page may be asked for again and tells how long it did.
func (s *site) pause(ctx context.Context, distance time.Duration) (time.Duration, error) {
	s.mu.Lock()
	wait := time.Until(s.opened.Add(distance))
	s.mu.Unlock()
	if wait <= 0 {
		return 0, nil
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return wait, nil
	case <-ctx.Done():
		return 0, context.Cause(ctx)
	}
}
