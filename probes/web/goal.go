package web

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"touchstone/internal/evidence"
	"touchstone/probes/web/driver"
	"touchstone/probes/web/find"
)

// A State is how the search for a goal ended.
type State string

// The states. Absent means that it was looked for and not found: how surely it
// is not there is the finding's confidence.
const (
	Reached    State = "reached"
	Absent     State = "absent"
	Blocked    State = "blocked"
	Broken     State = "broken"
	NotGranted State = "not-granted"
)

// A Finding is what became of one goal.
type Finding struct {
	Goal       string   `json:"goal"`
	State      State    `json:"state"`
	Confidence float64  `json:"confidence"` // 0 to 1: of being there, or of not being there
	Clicks     int      `json:"clicks"`     // presses on the way found, and those that led nowhere
	Pages      int      `json:"pages"`      // that this goal's search opened
	Seconds    float64  `json:"seconds"`    // that it took, politeness included
	URL        string   `json:"url"`        // where it was found; empty: nowhere
	Path       []string `json:"path"`       // the way, in words
	Evidence   Proof    `json:"evidence"`

	Steps      []Step `json:"-"` // the way, as a scenario would say it
	Backtracks int    `json:"-"` // presses that led nowhere
}

// A Proof is what a finding rests on.
type Proof struct {
	Why     string            `json:"why"`               // what was seen, or why it is held to be absent
	Says    string            `json:"says,omitempty"`    // the sentence that proves it best
	Seen    []string          `json:"seen,omitempty"`    // pages that were looked at for it
	Refused []Refusal         `json:"refused,omitempty"` // what was, or could have been, pressed and was not it
	Facts   map[string]string `json:"facts,omitempty"`   // what else was read: prices, hours, what was offered first
	Answers []find.Answer     `json:"answers,omitempty"` // of answer-question
}

// A Refusal is a candidate that was not what was looked for.
type Refusal struct {
	Control string  `json:"control"`
	On      string  `json:"on"`
	Score   float64 `json:"score"`
	Why     string  `json:"why"`
}

// seekFor bounds the search for one goal.
const seekFor = 45 * time.Second

// A place is a page, or a view of one, that a seeker has seen.
type place struct {
	key   string
	page  *find.Page
	way   []Step // from the start page on, with the fewest presses known
	words []string
	depth int      // presses of that way
	from  *place   // where the last of them was made
	doors []string // links that a press of has led here, though they name another address

	known map[string]*known // by goal's name, of the page as it was last read
	shows map[string]opened // by control, what was pressed on the page before it showed
}

// opened is a press that showed more of the page that it was made on.
type opened struct {
	by   Step
	goal string // that counted it as one that led nowhere; empty: none
}

// known is what a goal makes of a page.
type known struct {
	of      *find.Page
	arrival find.Arrival
	proven  bool
	ranked  []find.Candidate
}

// to judges the place's page for a goal, once for as long as it is not read anew.
func (pl *place) to(g *find.Goal) *known {
	if n := pl.known[g.Name]; n != nil && n.of == pl.page {
		return n
	}
	n := &known{of: pl.page, ranked: g.Rank(pl.page)}
	if g.Arrived != nil {
		n.arrival, n.proven = g.Arrived(pl.page)
	}
	if pl.known == nil {
		pl.known = map[string]*known{}
	}
	pl.known[g.Name] = n
	return n
}

// A seeker looks for goals in a shop: what it has seen for one serves the next.
type seeker struct {
	v         *visit
	reader    find.Reader
	pinned    []Step // a way that was found before
	held      *bool  // it leads there still; nil: there was none
	places    []*place
	here      *place
	again     bool            // a press is repeated
	stale     bool            // what is in front may have changed since it was looked at
	door      string          // where the link leads that was pressed last, until what came was looked at
	opening   *Step           // what was pressed on the page in front to show what is pressed next
	unfolding bool            // a press is made for the next one
	failed    map[string]bool // addresses and controls that led nowhere
	calmed    map[string]bool // dialogs that were dealt with
	shops     errand
	only      bool    // there is one goal: what it may do beside reading, it does for itself
	member    *member // whom the visit has registered; nil: nobody
	till      *till   // how far the checkout was filled in; nil: not begun
	buyer     *place  // where the site's customer came in; nil: has not
	arrived   bool    // the order meant is the one that has arrived

	// Of the goal that is looked for now.
	goal    find.Goal
	presses int // of them, those that led nowhere
	opened  int
	tried   map[string]bool
	passed  map[*place]bool // places whose press was counted as one that led nowhere
	looked  []string
	refused []Refusal
	begun   time.Time

	mu     sync.Mutex // of cancel, which the browser's goroutine calls
	cancel context.CancelCauseFunc
}

// halt ends the step that is under way with what a fence refused; the search
// goes on with the next candidate.
func (k *seeker) halt(cause error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.cancel != nil {
		k.cancel(cause)
	}
}

// seek looks for the goals, one after another, and tells each finding. The
// error is the visit's ending where nothing could be looked at.
func (k *seeker) seek(ctx context.Context, goals []string, told func(Finding)) error {
	k.failed, k.calmed = map[string]bool{}, map[string]bool{}
	k.only = len(goals) == 1
	err := k.start(ctx)
	if err == nil && len(k.pinned) > 0 {
		k.retrace(ctx)
	}
	for _, name := range goals {
		g, ok := find.Named(name)
		if !ok {
			return &ending{evidence.Broken, fmt.Sprintf("unknown goal %q", name)}
		}
		if ctx.Err() != nil {
			break
		}
		k.v.rec.Say("looking: " + g.About)
		var f Finding
		if err != nil {
			f = ended(g.Name, err)
		} else {
			f = k.pursue(ctx, g)
		}
		if ctx.Err() != nil && f.State == Broken && len(goals) > 1 {
			break // it was interrupted, and nothing can be said of it
		}
		k.v.found = append(k.v.found, f)
		told(f)
	}
	if err != nil {
		return err
	}
	return context.Cause(ctx)
}

// ended is the finding where the shop could not be looked at.
func ended(goal string, err error) Finding {
	f := Finding{Goal: goal, State: Broken, Path: []string{}, Evidence: Proof{Why: plainly(err)}}
	var end *ending
	if errors.As(err, &end) {
		switch end.outcome {
		case evidence.Blocked:
			f.State = Blocked
		case evidence.NotGranted:
			f.State = NotGranted
		}
	}
	return f
}

// start opens the shop's start page.
func (k *seeker) start(ctx context.Context) error {
	if err := k.do(ctx, Step{Open: "/"}); err != nil {
		return err
	}
	_, err := k.look(ctx, nil, "")
	return err
}

// retrace follows a way that was found before. Where a step of it fails, the
// search begins from there: the shop has changed.
func (k *seeker) retrace(ctx context.Context) {
	kept := true
	for i, s := range k.pinned {
		if i == 0 && s.Open == "/" {
			continue // it is open
		}
		if s.Effect != "" {
			continue // what a goal may do is its own to say
		}
		from := k.here
		if err := k.do(ctx, s); err != nil {
			k.stale, kept = true, false
			break
		}
		if !s.acts() {
			continue
		}
		if _, err := k.look(ctx, &s, s.words(), from); err != nil {
			kept = false
			break
		}
	}
	k.held = &kept
}

// pursue looks for one goal.
func (k *seeker) pursue(ctx context.Context, g find.Goal) (f Finding) {
	k.goal, k.presses, k.opened, k.begun = g, 0, 0, time.Now()
	k.tried, k.looked, k.refused, k.passed = map[string]bool{}, nil, nil, map[*place]bool{}
	for _, e := range g.Effects {
		if !k.v.t.Granted(e) {
			return Finding{Goal: g.Name, State: NotGranted, Path: []string{}, Evidence: Proof{Why: ungranted(e)}}
		}
	}
	patience := seekFor
	if len(g.Effects) > 0 || slices.ContainsFunc(g.Perhaps, k.v.t.Granted) {
		patience = doFor + k.v.away
	}
	ctx, cancel := context.WithTimeoutCause(ctx, patience, errOverlong)
	defer cancel()
	if deed := deeds[g.Name]; deed != nil {
		f = deed(k, ctx)
	} else {
		f = k.search(ctx)
	}
	f.Goal, f.Seconds, f.Pages = g.Name, rounded(time.Since(k.begun).Seconds()), k.opened
	f.Backtracks = k.presses
	f.Evidence.Seen, f.Evidence.Refused = k.looked, k.refused
	if f.Path == nil {
		f.Path = []string{}
	}
	f.Confidence = float64(int(f.Confidence*100+.5)) / 100
	return f
}

var errOverlong = errors.New("the time for this goal is up")

// deeds are the goals that only doing shows, beside those that a page proves.
// A deed begins wherever the last one ended.
var deeds = map[string]func(*seeker, context.Context) Finding{
	"search-help":      (*seeker).searchHelp,
	"answer-question":  (*seeker).answer,
	"search-product":   (*seeker).searchProduct,
	"open-product":     (*seeker).openProduct,
	"choose-options":   (*seeker).chooseOptions,
	"add-to-cart":      (*seeker).addToCart,
	"view-cart":        (*seeker).viewCart,
	"price-check":      (*seeker).priceCheck,
	"leave-and-return": (*seeker).leaveAndReturn,
	"start-checkout":   (*seeker).startCheckout,

	"fill-checkout":       (*seeker).fillCheckout,
	"reach-payment":       (*seeker).reachPayment,
	"newsletter-sign-up":  (*seeker).signUp,
	"confirm-newsletter":  (*seeker).confirmNewsletter,
	"leave-newsletter":    (*seeker).leaveNewsletter,
	"submit-contact-form": (*seeker).writeToShop,
	"register":            (*seeker).register,
	"order-status":        (*seeker).orderStatus,
	"cancel-order":        (*seeker).cancelOrder,
	"start-return":        (*seeker).startReturn,
	"declined-card":       (*seeker).declinedCard,
	"log-in":              (*seeker).logIn,
	"change-address":      (*seeker).changeAddress,
	"change-password":     (*seeker).changePassword,
}

// ---- the search ----

// enough is the confidence at which a search ends; below it, what promises more
// is looked at as well.
const enough = .72

// search is the bounded best-first search over what a person could press.
func (k *seeker) search(ctx context.Context) Finding {
	for {
		best, arrival := k.best()
		next, c := k.next()
		promising := next != nil && c.Score >= .6
		if best != nil && (arrival.Confidence >= enough && (best.depth > 0 || !promising || k.goal.Name == "find-phone") || !promising || k.presses >= 3) {
			return k.reached(best, arrival)
		}
		if next == nil || k.presses >= k.goal.Budget || ctx.Err() != nil || c.Score < .2 && k.presses >= 4 {
			return k.absent(next != nil)
		}
		to, err := k.follow(ctx, next, c)
		if err != nil {
			if end := k.fatal(ctx, err); end != nil {
				return *end
			}
			k.presses++
			continue
		}
		if to == nil {
			k.presses++
			continue
		}
		if n := to.to(&k.goal); !n.proven {
			k.presses++
			k.passed[to] = true
			k.refuse(next, c, fmt.Sprintf("the page does not prove it (%.2f%s)", n.arrival.Confidence, because(n.arrival.Why)))
		}
	}
}

func because(why string) string {
	if why == "" {
		return ""
	}
	return ": " + why
}

// best gives the place where the goal is proven best: the surest, and of those
// alike the nearest.
func (k *seeker) best() (*place, find.Arrival) {
	var at *place
	var with find.Arrival
	worth := -1.0
	for _, pl := range k.places {
		n := pl.to(&k.goal)
		if !n.proven {
			continue
		}
		a := n.arrival
		// Surer by a tenth is worth a press more.
		if w := a.Confidence - .1*float64(pl.depth); at == nil || w > worth {
			at, with, worth = pl, a, w
		}
	}
	return at, with
}

// next gives the most promising control that was not tried for this goal, and
// the place that has it.
func (k *seeker) next() (*place, find.Candidate) {
	var at *place
	var best find.Candidate
	worth := 0.0
	for _, pl := range k.places {
		for _, c := range pl.to(&k.goal).ranked {
			ctl := &pl.page.Controls[c.Index]
			w := c.Score * (1 - .06*float64(pl.depth))
			if pl == k.here {
				w += .01
			}
			if w <= worth || k.tried[identity(pl, ctl)] || k.failed[identity(pl, ctl)] {
				continue
			}
			if ctl.Href != "" && !strings.HasPrefix(ctl.Href, "javascript") {
				if !k.v.bounds.holds(ctl.Href) {
					k.away(pl, c)
					continue
				}
				if to := k.place(keyOf(ctl.Href)); to != nil && (fragment(ctl.Href) == "" || to == pl) {
					continue // it was read
				}
			}
			at, best, worth = pl, c, w
		}
	}
	if at == nil {
		return nil, best
	}
	best.Score = worth
	return at, best
}

// away notes a candidate that leads off the site.
func (k *seeker) away(pl *place, c find.Candidate) {
	id := identity(pl, &pl.page.Controls[c.Index])
	if k.tried[id] {
		return
	}
	k.tried[id] = true
	if c.Score >= .4 {
		k.refuse(pl, c, "it leads off the site, to "+hostOf(pl.page.Controls[c.Index].Href)+", and was not followed: name that under `domains` in sites.yaml if it is the site's own")
	}
}

func (k *seeker) refuse(pl *place, c find.Candidate, why string) {
	if len(k.refused) >= 12 {
		return
	}
	name := pl.page.Controls[c.Index].Name
	if name == "" {
		name = pl.page.Controls[c.Index].Hint
	}
	k.refused = append(k.refused, Refusal{Control: k.v.mask.hide(name), On: k.v.mask.hide(clean(pl.page.URL)), Score: float64(int(c.Score*100)) / 100, Why: why})
}

// reached is the finding of a goal that a place proves.
func (k *seeker) reached(pl *place, a find.Arrival) Finding {
	for at := pl.from; at != nil && at != k.places[0]; at = at.from {
		if k.passed[at] { // it led on
			delete(k.passed, at)
			k.presses--
		}
	}
	f := Finding{State: Reached, Confidence: a.Confidence, Clicks: pl.depth + k.presses, URL: k.v.mask.hide(clean(pl.page.URL)), Path: slices.Clone(pl.words), Steps: slices.Clone(pl.way),
		Evidence: Proof{Why: a.Why, Says: k.v.mask.hide(a.Says)}}
	if a.Opener != 0 {
		if c := pl.page.Control(a.Opener); c != nil {
			f.Clicks++
			f.Path = append(f.Path, "open "+named(c))
			if l, ok := locatorOf(pl.page, c); ok {
				f.Steps = append(f.Steps, Step{Click: &l})
			}
		}
	}
	if k.goal.Name == "find-phone" {
		f.Evidence.Facts = k.phoneFacts()
	}
	return f
}

// absent is the finding of a goal that no page proves. How sure that is follows
// from what was covered: the start page's links, the pages that should know,
// and whether anything promising is left.
func (k *seeker) absent(left bool) Finding {
	sure := .4
	links := 0
	if len(k.places) > 0 {
		for i := range k.places[0].page.Controls {
			if c := &k.places[0].page.Controls[i]; c.Href != "" && !c.Hidden {
				links++
			}
		}
	}
	if links >= 6 {
		sure += .15
	}
	if !left {
		sure += .15
	}
	sure += min(.24, .06*float64(len(k.places)))
	off := 0
	for _, r := range k.refused {
		if strings.HasPrefix(r.Why, "it leads off the site") {
			off++
		}
	}
	why := fmt.Sprintf("%d pages were looked at, %d candidates pressed", len(k.places), k.presses)
	if len(k.places) == 1 {
		why = strings.Replace(why, "1 pages were", "1 page was", 1)
	}
	if off > 0 {
		return Finding{State: NotGranted, Confidence: .5, Clicks: k.presses, Evidence: Proof{Why: why + "; what promises most leads off the site"}}
	}
	if left {
		sure -= .15
		why += "; some were left when the budget was spent"
	}
	if !find.Speaks(k.language()) {
		sure = min(sure, .3)
		why += "; the shop's language is not among those that we know"
	}
	return Finding{State: Absent, Confidence: max(.05, min(.95, sure)), Clicks: k.presses, Evidence: Proof{Why: why}}
}

func (k *seeker) language() string {
	if len(k.places) > 0 && k.places[0].page.Language != "" {
		return k.places[0].page.Language
	}
	return k.v.t.Site.Language
}

// fatal gives the finding where a step's error ends the search, nil where the
// next candidate may do.
func (k *seeker) fatal(ctx context.Context, err error) *Finding {
	var end *ending
	if errors.As(err, &end) && end.outcome == evidence.Blocked && len(k.places) <= 1 {
		f := ended(k.goal.Name, err)
		return &f
	}
	if k.v.tab.Page() == nil || errors.Is(err, driver.ErrDied) || errors.Is(err, driver.ErrCrashed) || ctx.Err() != nil && !errors.Is(context.Cause(ctx), errOverlong) {
		f := ended(k.goal.Name, err)
		return &f
	}
	return nil
}

// ---- moving ----

// follow presses a candidate and gives the place it led to; nil where it led
// nowhere new.
func (k *seeker) follow(ctx context.Context, from *place, c find.Candidate) (*place, error) {
	ctl := &from.page.Controls[c.Index]
	k.tried[identity(from, ctl)] = true
	to, err := k.press(ctx, from, ctl)
	if err != nil {
		k.failed[identity(from, ctl)] = true
		k.refuse(from, c, plainly(err))
	}
	return to, err
}

// press presses a control of a place. Where the page in front has the same
// link, that one is pressed; where it has not, the link's address is opened,
// which an earlier page offered.
func (k *seeker) press(ctx context.Context, from *place, ctl *find.Control) (*place, error) {
	web := strings.HasPrefix(ctl.Href, "http")
	if k.here != from || k.stale {
		switch same := k.sameLink(ctl); {
		case web && same != nil && !k.stale:
			from, ctl = k.here, same
		case web:
			return k.jump(ctx, from, ctl)
		default:
			back, err := k.back(ctx, from)
			if err != nil {
				return nil, err
			}
			i := slices.IndexFunc(back.page.Controls, func(c find.Control) bool {
				return c.Role == ctl.Role && c.Name == ctl.Name && !c.Hidden
			})
			if i < 0 {
				return nil, errGone
			}
			from, ctl = back, &back.page.Controls[i]
		}
	}
	if ctl.Hidden {
		shown, opened, err := k.unfold(ctx, from, ctl)
		if err != nil {
			return nil, err
		}
		if shown == nil {
			if web {
				return k.jump(ctx, from, ctl)
			}
			return nil, errGone
		}
		from, ctl = opened, shown
	}
	return k.click(ctx, from, ctl)
}

var errGone = errors.New("it is not there any more")

// click presses a control of the page in front and looks at what came.
func (k *seeker) click(ctx context.Context, from *place, ctl *find.Control) (*place, error) {
	l, ok := k.v.tab.Page().Where(ctx, ctl.Ref)
	if !ok {
		l, _ = locatorOf(from.page, ctl)
	}
	documents := k.v.tab.Page().Document()
	err := k.do(ctx, Step{Click: &Locator{Ref: ctl.Ref, Role: ctl.Role, Name: ctl.Name}})
	if err != nil && strings.Contains(err.Error(), "covered") {
		if k.calm(ctx, true) {
			err = k.do(ctx, Step{Click: &Locator{Ref: ctl.Ref, Role: ctl.Role, Name: ctl.Name}})
		}
	}
	if p := k.v.tab.Page(); p != nil && p.Document().Loader != documents.Loader {
		k.opened++
	}
	if err != nil {
		k.stale = true
		return nil, err
	}
	before := from.page
	k.door = ctl.Href
	k.opening = nil
	if o, ok := from.shows[identity(from, ctl)]; ok {
		k.opening = &o.by
		if o.goal == k.goal.Name && k.presses > 0 {
			k.presses-- // it led here after all
		}
	}
	to, err := k.look(ctx, &Step{Click: &l}, "press "+named(ctl), from)
	k.opening = nil
	if err == nil && to == from {
		by := opened{by: Step{Click: &l}}
		if !k.unfolding {
			by.goal = k.goal.Name
		}
		k.shown(from, before, by)
	}
	// A page that was still waking up has swallowed the press.
	if err == nil && to == from && ctl.Role == "button" && find.Harmless(ctl) && find.Alike(before, to.page) && !k.again {
		k.again = true
		defer func() { k.again = false }()
		if now := to.page.Control(ctl.Ref); now != nil && !now.Hidden {
			return k.click(ctx, to, now)
		}
	}
	return to, err
}

// shown notes which controls a press has brought to sight on its own page.
func (k *seeker) shown(pl *place, before *find.Page, by opened) {
	seen := map[string]bool{}
	for i := range before.Controls {
		if c := &before.Controls[i]; !c.Hidden {
			seen[identity(pl, c)] = true
		}
	}
	for i := range pl.page.Controls {
		c := &pl.page.Controls[i]
		if id := identity(pl, c); !c.Hidden && !seen[id] {
			if pl.shows == nil {
				pl.shows = map[string]opened{}
			}
			if _, known := pl.shows[id]; !known {
				pl.shows[id] = by
			}
		}
	}
}

// jump opens the address of a link that an earlier page offered.
func (k *seeker) jump(ctx context.Context, from *place, ctl *find.Control) (*place, error) {
	k.opened++
	if err := k.v.jump(ctx, k, ctl.Href); err != nil {
		k.stale = true
		return nil, err
	}
	l, _ := locatorOf(from.page, ctl)
	k.door = ctl.Href
	if o, ok := from.shows[identity(from, ctl)]; ok {
		k.opening = &o.by
		defer func() { k.opening = nil }()
	}
	return k.look(ctx, &Step{Click: &l}, "press "+named(ctl), from)
}

// back goes to a place that was seen.
func (k *seeker) back(ctx context.Context, to *place) (*place, error) {
	if k.here == to && !k.stale {
		return to, nil
	}
	k.opened++
	if err := k.v.jump(ctx, k, to.page.URL); err != nil {
		return nil, err
	}
	pl, err := k.look(ctx, nil, "")
	if err != nil {
		return nil, err
	}
	return pl, nil
}

// unfold opens what hides a control, and gives the control as it is shown then.
func (k *seeker) unfold(ctx context.Context, from *place, ctl *find.Control) (*find.Control, *place, error) {
	opener := from.page.Control(ctl.Opener)
	if opener == nil || opener.Hidden {
		return nil, nil, nil
	}
	p := k.v.tab.Page()
	if strings.HasPrefix(opener.Href, "http") && keyOf(opener.Href) != from.key {
		if err := p.Hover(ctx, Locator{Ref: opener.Ref, Role: opener.Role, Name: opener.Name}); err != nil {
			return nil, nil, nil //nolint:nilerr // what cannot be pointed at unfolds nothing
		}
		p.Quiet(ctx, drawing)
		at, err := k.look(ctx, nil, "")
		if err != nil {
			return nil, nil, err
		}
		return shownLike(at.page, ctl), at, nil
	}
	k.unfolding = true
	at, err := k.click(ctx, from, opener)
	k.unfolding = false
	if err != nil || at == nil {
		return nil, nil, err
	}
	return shownLike(at.page, ctl), at, nil
}

func shownLike(p *find.Page, ctl *find.Control) *find.Control {
	for i := range p.Controls {
		c := &p.Controls[i]
		if !c.Hidden && c.Role == ctl.Role && c.Name == ctl.Name && c.Href == ctl.Href {
			return c
		}
	}
	return nil
}

// sameLink gives the visible link of the page in front that leads where ctl
// does.
func (k *seeker) sameLink(ctl *find.Control) *find.Control {
	if k.here == nil || ctl.Href == "" {
		return nil
	}
	for i := range k.here.page.Controls {
		if c := &k.here.page.Controls[i]; !c.Hidden && c.Href == ctl.Href && find.Harmless(c) {
			return c
		}
	}
	return nil
}

// do performs a step of the visit. A refusal of a fence ends the step, not the
// search.
func (k *seeker) do(ctx context.Context, s Step) error {
	inner, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	k.mu.Lock()
	k.cancel = cancel
	k.mu.Unlock()
	v := k.v
	name := slug(s)
	for n := 2; slices.Contains(v.names, name); n++ {
		name = fmt.Sprintf("%s-%d", slug(s), n)
	}
	v.steps, v.names = append(v.steps, s), append(v.names, name)
	return v.step(inner, len(v.steps)-1)
}

// jump opens an address that an earlier page offered, as politely as a step.
func (v *visit) jump(ctx context.Context, k *seeker, address string) error {
	if !v.bounds.holds(address) {
		return refused("%s is not on the site's own domains", bare(address))
	}
	v.offered = address
	if k.here != nil && !k.stale {
		v.within = k.here.page.Content // its links open there
	}
	defer func() { v.offered, v.within = "", 0 }()
	return k.do(ctx, Step{Open: address})
}

// look reads the page in front and gives its place. by is the step that led to
// it from a place, nil where none did.
func (k *seeker) look(ctx context.Context, by *Step, word string, from ...*place) (*place, error) {
	page, err := k.read(ctx)
	if err != nil {
		k.stale = true
		return nil, err
	}
	if k.calm(ctx, false) {
		if again, err := k.read(ctx); err == nil {
			page = again
		}
	}
	k.stale = false
	pl := k.place(keyOf(page.URL))
	if pl == nil {
		pl = &place{key: keyOf(page.URL), depth: -1}
		k.places = append(k.places, pl)
	}
	pl.page = page
	k.here = pl
	if door := keyOf(k.door); strings.HasPrefix(k.door, "http") && door != pl.key && !slices.Contains(pl.doors, door) && (len(from) == 0 || from[0] != pl) {
		pl.doors = append(pl.doors, door)
	}
	k.door = ""
	if u := k.v.mask.hide(clean(page.URL)); !slices.Contains(k.looked, u) {
		k.looked = append(k.looked, u)
	}
	k.route(pl, by, word, from)
	return pl, nil
}

// route keeps the way to a place that needs the fewest presses.
func (k *seeker) route(pl *place, by *Step, word string, from []*place) {
	first := k.places[0]
	switch {
	case pl == first:
		pl.depth, pl.way, pl.words = 0, []Step{{Open: "/"}}, []string{"open the start page"}
		return
	case len(from) > 0 && from[0] != pl && (pl.depth < 0 || from[0].depth+k.needs() < pl.depth):
		pl.depth, pl.from = from[0].depth+k.needs(), from[0]
		pl.way, pl.words = slices.Clone(from[0].way), slices.Clone(from[0].words)
		if k.opening != nil {
			pl.way, pl.words = append(pl.way, *k.opening), append(pl.words, "open "+k.opening.Click.String())
		}
		if by != nil {
			pl.way = append(pl.way, *by)
		}
		pl.words = append(pl.words, word)
	case pl.depth < 0:
		pl.depth, pl.way, pl.words = 1, []Step{{Open: "/"}}, []string{"open the start page"}
	}
	if pl.depth <= 1 {
		return
	}
	// The start page may lead there at once.
	for i := range first.page.Controls {
		c := &first.page.Controls[i]
		if _, later := first.shows[identity(first, c)]; !later && !c.Hidden && strings.HasPrefix(c.Href, "http") && (keyOf(c.Href) == pl.key || slices.Contains(pl.doors, keyOf(c.Href))) && find.Harmless(c) {
			l, ok := locatorOf(first.page, c)
			if !ok {
				continue
			}
			pl.depth, pl.way, pl.words = 1, []Step{{Open: "/"}, {Click: &l}}, []string{"open the start page", "press " + named(c)}
			pl.from = first
			return
		}
	}
}

// needs is how many presses the one under way takes: two where something had to
// be unfolded for it.
func (k *seeker) needs() int { return 1 + count(k.opening != nil) }

// read reads the page in front once it has come to rest; a page that scripts
// still fill is waited for.
func (k *seeker) read(ctx context.Context) (*find.Page, error) {
	p := k.v.tab.Page()
	if p == nil {
		return nil, driver.ErrClosed
	}
	begun := time.Now()
	defer func() { k.v.looked += time.Since(begun) }()
	p.Quiet(ctx, drawing)
	shown := 0
	for try := 0; ; try++ {
		view, err := p.View(ctx, func(within []string) bool { return provider(within) == "" })
		if err != nil {
			return nil, err
		}
		same := try > 0 && len(view.Blocks) > 0 && len(view.Blocks)+len(view.Controls) == shown
		shown = len(view.Blocks) + len(view.Controls)
		if try == 4 || same || len(view.Blocks) >= 5 && len(view.Controls) >= 3 {
			return k.reader.Study(view), nil
		}
		p.Quiet(ctx, drawing)
		if err := sleep(ctx, 300*time.Millisecond); err != nil {
			return nil, err
		}
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// calm deals with what stands before the page uncalled: a banner that asks
// about cookies as every visit does, and a pop-up is closed. late says that something covers what was wanted.
func (k *seeker) calm(ctx context.Context, late bool) bool {
	if p := k.v.tab.Page(); p != nil {
		before := k.v.consent.clicks
		if k.v.meet(ctx, p) != nil {
			return false
		}
		if k.v.consent.clicks > before {
			return true
		}
	}
	page, err := k.read(ctx)
	if err != nil {
		return false
	}
	// A basket, and where words are typed that are looked for, were called.
	called := find.BasketOf(page).Shown || slices.ContainsFunc(page.SearchBoxes(), func(b find.SearchBox) bool { return b.Area == find.Dialog && !b.Hidden })
	best, most := (*find.Control)(nil), .45
	for i := range page.Controls {
		c := &page.Controls[i]
		if c.Hidden || c.Disabled || c.Role == "textbox" || strings.HasPrefix(c.Href, "http") && keyOf(c.Href) != keyOf(page.URL) {
			continue
		}
		s := 0.0
		if c.Area == find.Dialog && (page.Front || late) && !called {
			s = page.Labels[i][find.Close]
			if s == 0 && strings.Contains(strings.ToLower(c.Hint), "close") || strings.Trim(c.Name, " ") == "×" || c.Name == "✕" || c.Name == "x" {
				s = .7
			}
		}
		if s > most && !k.calmed[string(c.Area)+c.Name+c.Hint+keyOf(page.URL)] {
			best, most = c, s
		}
	}
	if best == nil {
		return false
	}
	k.calmed[string(best.Area)+best.Name+best.Hint+keyOf(page.URL)] = true
	return k.do(ctx, Step{Click: &Locator{Ref: best.Ref, Role: best.Role, Name: best.Name}}) == nil
}

// ---- names of things ----

func (k *seeker) place(key string) *place {
	i := slices.IndexFunc(k.places, func(p *place) bool { return p.key == key })
	if i < 0 {
		return nil
	}
	return k.places[i]
}

// passing are parameters of an address that make no other page.
var passing = regexp.MustCompile(`(?i)^(utm_.*|sid|phpsessid|oscsid|zenid|jsessionid|session.*|ref|gclid|fbclid|_pos|_sid|_ss|_ga|source|from|returnurl|return_url|redirect|next|back|lang|currency)$`)

// keyOf tells one page from another: sessions, where one came from and what
// only scrolls are not in it.
func keyOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	key := driver.Route(address)
	if i := strings.Index(key, ";jsessionid"); i > 0 {
		key = key[:i]
	}
	q := u.Query()
	for name := range q {
		if passing.MatchString(name) {
			q.Del(name)
		}
	}
	if len(q) > 0 {
		key += "?" + q.Encode()
	}
	return key
}

func fragment(address string) string {
	_, f, _ := strings.Cut(address, "#")
	return f
}

func hostOf(address string) string {
	if u, err := url.Parse(address); err == nil {
		return u.Host
	}
	return address
}

// identity tells one control from another: by where it leads, or by its name
// and place.
func identity(pl *place, c *find.Control) string {
	if strings.HasPrefix(c.Href, "http") {
		return keyOf(c.Href) + "#" + fragment(c.Href)
	}
	return pl.key + "\x00" + c.Role + "\x00" + c.Name + "\x00" + c.Hint
}

func named(c *find.Control) string {
	role := c.Role
	if role == "" {
		role = c.Tag
	}
	if c.Name == "" {
		return role
	}
	return fmt.Sprintf("%s %q", role, c.Name)
}

// locatorOf gives the scenario locator of a control from the view alone: its
// role and whole name, and its place among its like.
func locatorOf(p *find.Page, ctl *find.Control) (Locator, bool) {
	if ctl.Role == "" || ctl.Name == "" {
		return Locator{}, false
	}
	l, n, at := Locator{Role: ctl.Role, Name: ctl.Name, Exact: true}, 0, 0
	for i := range p.Controls {
		if c := &p.Controls[i]; !c.Hidden && c.Role == ctl.Role && c.Name == ctl.Name {
			n++
			if c.Ref == ctl.Ref {
				at = n
			}
		}
	}
	if n > 1 {
		l.Nth = at
	}
	return l, true
}

// plainly gives an error without the step that met it.
func plainly(err error) string {
	s := err.Error()
	if i := strings.Index(s, "): "); i > 0 && strings.HasPrefix(s, "step ") {
		s = s[i+3:]
	}
	return s
}
