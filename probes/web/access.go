package web

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"touchstone/internal/evidence"
	"touchstone/probes/web/driver"
)

// What keeps people out of the pages of a task. Our own checks look at every
// view, as soon as a step has left it; axe-core looks at the views in which a
// form was used, before the visit leaves them, after what is timed and outside
// of the task's time. WCAG's success criteria stand beside each check.

const (
	axeWithin   = 5 * time.Second // for one page
	axeMost     = 6               // pages of a visit
	walkAtMost  = 60              // stops of a page that the keyboard goes through
	withoutAxe  = "not measured: this program was built without axe-core; run `make assets` and build again"
	axeTooSlow  = "not measured: axe-core did not finish within its time on any page"
	accessProof = "accessibility.json"
)

// checks are what our own look for, in the words of driver.Fault, with the fact
// that counts them.
var checks = []struct{ check, fact, wcag string }{
	{"names", "web.names-missing", "4.1.2, 3.3.2"},
	{"placeholders", "web.placeholder-labels", "3.3.2"},
	{"alternatives", "web.alt-missing", "1.1.1"},
	{"roles", "web.roles-missing", "4.1.2, 2.1.1"},
	{"contrast", "web.contrast-low", "1.4.3"},
	{"focus", "web.focus-faults", "2.4.3, 2.4.7"},
	{"purpose", "web.autocomplete-missing", "1.3.5"},
	{"targets", "web.targets-small", "2.5.8"},
	{"language", "web.language-missing", "3.1.1"},
	{"errors", "web.errors-untied", "3.3.1, 1.3.1"},
}

// An accessPage is what was found in one view.
type accessPage struct {
	URL      string         `json:"url"`
	Step     string         `json:"step"`
	Used     bool           `json:"form-used"`
	Controls int            `json:"controls"`
	Texts    int            `json:"texts"`
	Invalid  int            `json:"fields-marked-wrong"`
	Faults   []accessFault  `json:"faults"`
	Axe      []accessAxe    `json:"axe,omitempty"`
	axed     bool           // by axe-core
	seen     map[string]int // faults by what they are, and where in the list
}

// An accessFault is one thing that keeps people out.
type accessFault struct {
	Check string `json:"check"`
	WCAG  string `json:"wcag"`
	Where string `json:"where"`
	Words string `json:"words"`
	Task  bool   `json:"task"` // in what the task used
}

// An accessAxe is a rule of axe-core, and where it is broken.
type accessAxe struct {
	Rule   string          `json:"rule"`
	Impact string          `json:"impact"`
	Help   string          `json:"help"`
	Nodes  []driver.Breach `json:"nodes"`
}

// An access gathers what keeps people out, view by view.
type access struct {
	views   []string // in order
	pages   map[string]*accessPage
	version string // of axe-core, empty: it has not looked
	slow    bool   // it did not finish somewhere
	stops   int
	held    string // where the keyboard was held; empty: nowhere, or nobody looked
	walked  bool
}

// page gives the record of the view that a page shows.
func (a *access) page(p *driver.Page, step string) *accessPage {
	d := p.Document()
	key := fmt.Sprintf("%p %d", p, d.View)
	if a.pages == nil {
		a.pages = map[string]*accessPage{}
	}
	if a.pages[key] == nil {
		a.views = append(a.views, key)
		a.pages[key] = &accessPage{URL: bare(d.URL), Step: step, Faults: []accessFault{}, seen: map[string]int{}}
	}
	return a.pages[key]
}

// take adds what a look found. What was found before stays: a customer met it.
func (a *accessPage) take(now driver.Access) {
	if now.Used && !a.Used { // what was the page's main part is not the task's any more
		for i := range a.Faults {
			a.Faults[i].Task = a.Faults[i].Check == "language"
		}
	}
	a.Used = a.Used || now.Used
	a.Controls, a.Texts, a.Invalid = max(a.Controls, now.Controls), max(a.Texts, now.Texts), max(a.Invalid, now.Invalid)
	for _, f := range now.Faults {
		a.add(f.Check, f.Where, f.Words, f.Nth, f.Task)
	}
	nth := map[string]int{}
	for _, f := range now.Fields {
		if wrong := misnamed(f); wrong != "" {
			nth[f.Where]++
			a.add("purpose", f.Where, wrong, nth[f.Where], f.Task)
		}
	}
}

func (a *accessPage) add(check, where, words string, nth int, task bool) {
	key := fmt.Sprintf("%s %s %d", check, where, nth)
	if i, known := a.seen[key]; known {
		a.Faults[i].Task = a.Faults[i].Task || task
		return
	}
	i := slices.IndexFunc(checks, func(c struct{ check, fact, wcag string }) bool { return c.check == check })
	a.seen[key] = len(a.Faults)
	a.Faults = append(a.Faults, accessFault{Check: check, WCAG: checks[i].wcag, Where: where, Words: words, Task: task})
}

// published reports whether a page holds a document of the web.
func published(p *driver.Page) bool {
	d := p.Document()
	return d.Count > 0 && d.Error == "" && strings.HasPrefix(d.URL, "http")
}

// barriers looks at the page in front with our own checks. The time is ours.
func (v *visit) barriers(ctx context.Context, p *driver.Page) {
	if v.b.o.NoProof {
		return
	}
	if !published(p) {
		return
	}
	if now, err := p.Access(ctx); err == nil && now != nil {
		v.access.page(p, v.now).take(*now)
	}
}

// leave is called before a step that may leave the page: what was used there is
// looked at as the customer leaves it, by axe-core as well. It is no part of
// the task's time.
func (v *visit) leave(ctx context.Context) {
	if v.b.o.NoProof {
		return
	}
	p := v.tab.Page()
	if p == nil || !published(p) || !v.does(func(e evidence.Effect) bool { return e != "" }) {
		return
	}
	v.barriers(ctx, p)
	if page := v.access.page(p, v.now); page.Used && !page.axed {
		v.vitals(ctx, p)
		v.axe(ctx, p, page)
	}
}

// axe lets axe-core look at the page in front.
func (v *visit) axe(ctx context.Context, p *driver.Page, page *accessPage) {
	if v.b.o.Axe == nil || page.axed && !page.Used || v.axes() >= axeMost {
		return
	}
	page.axed = true
	found, err := p.Axe(ctx, v.b.o.Axe, axeWithin)
	if err != nil {
		v.access.slow = true
		return
	}
	v.access.version = found.Version
	page.Axe = nil
	for _, r := range found.Violations {
		page.Axe = append(page.Axe, accessAxe{Rule: r.ID, Impact: r.Impact, Help: r.Help, Nodes: r.Nodes})
	}
}

func (v *visit) axes() (n int) {
	for _, p := range v.access.pages {
		n += count(p.axed)
	}
	return n
}

// accessible records what was found, with the list as proof, and while the visit
// lasts takes a last look. The error is evidence that could not be stored.
func (v *visit) accessible(ctx context.Context, lasting bool) error {
	if v.b.o.NoProof {
		return nil
	}
	if p := v.tab.Page(); lasting && p != nil && published(p) {
		v.leave(ctx)
		if v.buying && v.access.page(p, v.now).Used {
			if stops, held, err := p.Walk(ctx, walkAtMost); err == nil && stops > 0 {
				v.access.stops, v.access.held, v.access.walked = stops, held, true
			}
		}
	}
	a := &v.access
	pages := make([]*accessPage, 0, len(a.views))
	used, invalid := false, 0
	for _, key := range a.views {
		pages = append(pages, a.pages[key])
		used = used || a.pages[key].Used
	}
	if len(pages) == 0 {
		return nil
	}
	counts, serious, broken, axed := map[string]int{}, 0, 0, 0
	distinct := map[string]bool{}
	once := func(key string) int {
		if distinct[key] {
			return 0 // on a page before
		}
		distinct[key] = true
		return 1
	}
	for _, p := range pages {
		if used && !p.Used {
			continue
		}
		invalid += p.Invalid
		axed += count(p.axed)
		for key, i := range p.seen {
			if f := p.Faults[i]; f.Task {
				counts[f.Check] += once(key)
			}
		}
		for _, r := range p.Axe {
			for _, n := range r.Nodes {
				if n.Task {
					new := once("axe " + r.Rule + " " + n.Target)
					broken += new
					serious += new * count(r.Impact == "serious" || r.Impact == "critical")
				}
			}
		}
	}
	for _, c := range checks {
		if c.check != "errors" || invalid > 0 {
			v.rec.Number(c.fact, float64(counts[c.check]))
		}
	}
	if a.walked {
		v.rec.Number("web.tab-stops", float64(a.stops))
		v.rec.Flag("web.focus-trap", a.held != "")
	}
	engine := a.version
	switch {
	case a.version != "":
		v.rec.Number("web.axe-pages", float64(axed))
		v.rec.Number("web.axe-violations", float64(broken))
		v.rec.Number("web.axe-serious", float64(serious))
	case v.b.o.Axe == nil:
		engine = withoutAxe
	case a.slow:
		engine = axeTooSlow
	}
	if used && engine != "" {
		v.rec.Text("web.axe", engine)
	}
	for i := range pages {
		pages[i] = pages[i].masked(v.mask)
	}
	proof, err := json.MarshalIndent(struct {
		Axe   string        `json:"axe-core,omitempty"`
		Stops int           `json:"tab-stops,omitempty"`
		Held  string        `json:"keyboard-held-at,omitempty"`
		Pages []*accessPage `json:"pages"`
	}{engine, a.stops, v.mask.hide(a.held), pages}, "", " ")
	if err != nil {
		return fmt.Errorf("write %s: %w", accessProof, err)
	}
	return v.rec.Keep(ctx, accessProof, proof)
}

// masked is the page without secrets, word by word: an address within quotes
// within JSON is not told from what stands round it.
func (a *accessPage) masked(m *masker) *accessPage {
	p := *a
	p.URL, p.Faults, p.Axe = m.hide(p.URL), slices.Clone(p.Faults), slices.Clone(p.Axe)
	for i := range p.Faults {
		f := &p.Faults[i]
		f.Where, f.Words = m.hide(f.Where), m.hide(f.Words)
	}
	for i := range p.Axe {
		p.Axe[i].Nodes = slices.Clone(p.Axe[i].Nodes)
		for j := range p.Axe[i].Nodes {
			n := &p.Axe[i].Nodes[j]
			n.Target, n.Summary = m.hide(n.Target), m.hide(n.Summary)
		}
	}
	return &p
}

// ---- purposes ----

// tokens are the field names of autocomplete, HTML Standard, section 4.10.18.7.1.
var tokens = strings.Fields(`name honorific-prefix given-name additional-name family-name honorific-suffix nickname username new-password current-password one-time-code
	organization-title organization street-address address-line1 address-line2 address-line3 address-level4 address-level3 address-level2 address-level1 country country-name postal-code
	cc-name cc-given-name cc-additional-name cc-family-name cc-number cc-exp cc-exp-month cc-exp-year cc-csc cc-type transaction-currency transaction-amount
	language bday bday-day bday-month bday-year sex url photo tel tel-country-code tel-national tel-area-code tel-local tel-local-prefix tel-local-suffix tel-extension email impp`)

// fitting are the tokens that fit a purpose (see purposes): WCAG 2.2, section 7.
var fitting = map[string][]string{
	"email": {"email", "username"}, "phone": {"tel"}, "birthday": {"bday"}, "postcode": {"postal-code"}, "city": {"address-level"}, "street": {"street-address", "address-line"},
	"given name": {"given-name", "additional-name"}, "family name": {"family-name"}, "name": {"name", "given-name", "family-name", "cc-name", "nickname"}, "password": {"new-password", "current-password"},
}

// misnamed says what is wrong with what a field tells of its purpose, empty
// where nothing is. Only fields that ask who the customer is have to tell.
func misnamed(f driver.Purpose) string {
	given := strings.Fields(strings.ToLower(f.Autocomplete))
	token := ""
	for i, w := range given {
		switch {
		case strings.HasPrefix(w, "section-") && i == 0, w == "shipping", w == "billing", w == "home", w == "work", w == "mobile", w == "fax", w == "pager", w == "webauthn", w == "on", w == "off":
		case token == "" && slices.Contains(tokens, w):
			token = w
		case f.Own:
			return fmt.Sprintf("autocomplete=%q is none of HTML's", w)
		}
	}
	purpose, personal := purposeOf(f.Type, f.About)
	fits := fitting[purpose]
	if f.Type == "textarea" || fits == nil || !personal && purpose != "password" {
		return ""
	}
	switch {
	case slices.Contains(given, "off") && token == "":
		return fmt.Sprintf("autocomplete is off, though it asks for the customer's %s", purpose)
	case token == "":
		return fmt.Sprintf("it has no autocomplete, though it asks for the customer's %s", purpose)
	case !slices.ContainsFunc(fits, func(fit string) bool { return token == fit || strings.HasPrefix(token, fit) && fit != "name" }):
		return fmt.Sprintf("autocomplete=%q, though it asks for the customer's %s", token, purpose)
	}
	return ""
}
