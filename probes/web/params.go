package web

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"touchstone/internal/evidence"
	"touchstone/probes"
	"touchstone/probes/web/driver"
	"touchstone/probes/web/find"
)

// Params are what a scenario says under `with`. The task counts as reached
// when every step has succeeded.
type Params struct {
	Steps    []Step `json:"steps,omitempty" jsonschema:"anyof_required=steps,minItems=1" jsonschema_description:"What the customer does, in order. Each step has exactly one of open, click, fill, select, press, expect, read, try, screenshot."`
	Goal     string `json:"goal,omitempty" jsonschema:"anyof_required=goal" jsonschema_description:"What the customer comes for, instead of steps: the visit finds its way by itself. With steps as well, these are a way found before: they are followed first, and the search takes over where they fail. docs/goals.md lists the goals."`
	Query    string `json:"query,omitempty" jsonschema_description:"What the customer looks for, in goals that search for goods; a word of the shop's own when left out."`
	Away     string `json:"away,omitempty" jsonschema_description:"How long the customer stays away in the goal leave-and-return, such as 10m; no time when left out, 30m at most."`
	Mistakes bool   `json:"mistakes,omitempty" jsonschema_description:"In the goal submit-contact-form: the form is filled in and then sent with mistakes, one after another, to see what it says to them; it is not sent rightly. What a step try does, where the way is not known."`
	Consent  string `json:"consent,omitempty" jsonschema:"enum=refuse,enum=accept,enum=leave" jsonschema_description:"What is done with a banner that asks for leave to set cookies, when it is first seen: refuse (the default), accept or leave."`
	Device   string `json:"device,omitempty" jsonschema:"enum=desktop,enum=mobile" jsonschema_description:"What the customer visits the shop with; the persona's own unless given."`
	Fewest   int    `json:"fewest,omitempty" jsonschema:"minimum=1" jsonschema_description:"The least number of pages that the task needs, its first and its last counted, for somebody who knows the way: lostness is measured against it. Left out, lostness is not measured."`

	goals []string      // of a scouting visit, one after another
	told  func(Finding) // hears each finding
	shop  Shop          // what the visit learnt of the shop
}

// A Shop is what a visit with goals learnt of a shop beside them; empty is what
// it did not see.
type Shop struct{ Name, Language, Email, Phone string }

// Shop gives what the visit of these parameters learnt of the shop.
func (p *Params) Shop() Shop { return p.shop }

// Scouting are parameters of one visit that looks for several goals, each
// finding told as it is made. Scenarios have one goal.
func Scouting(goals []string, query string, told func(Finding)) *Params {
	return &Params{goals: goals, Query: query, told: told}
}

// wanted gives the goals of a visit that has any.
func (p *Params) wanted() []string {
	if p.told == nil {
		p.told = func(Finding) {}
	}
	if p.Goal != "" {
		return []string{p.Goal}
	}
	return p.goals
}

// away is how long a visit stays away; checked before.
func (p *Params) away() time.Duration {
	d, _ := time.ParseDuration(p.Away)
	return d
}

// A Step does one thing.
type Step struct {
	Name   string          `json:"name,omitempty" jsonschema:"pattern=^[a-z0-9][a-z0-9-]*$" jsonschema_description:"The step's name in the report and in its screenshot's; made from what it does when left out."`
	Effect evidence.Effect `json:"effect,omitempty" jsonschema:"enum=submit-form,enum=fill-checkout,enum=subscribe,enum=register,enum=log-in,enum=change-account,enum=place-order,enum=pay,enum=decline-card" jsonschema_description:"What this step does to the site beyond reading pages. It is refused unless the scenario declares it and the site grants it."`

	Open       string   `json:"open,omitempty" jsonschema_description:"Opens a path of the site (/ is its start page) or an address on its domains."`
	Click      *Locator `json:"click,omitempty" jsonschema_description:"Clicks an element once, when it can be clicked."`
	Fill       *Fill    `json:"fill,omitempty" jsonschema_description:"Types into a field, over what it holds."`
	Select     *Select  `json:"select,omitempty" jsonschema_description:"Chooses an option of a list."`
	Press      string   `json:"press,omitempty" jsonschema_description:"Presses a key: Enter, Tab, Escape, Space, Backspace, Delete, ArrowDown, …"`
	Expect     *Expect  `json:"expect,omitempty" jsonschema_description:"Waits until the page shows something. When it does not, the task has failed."`
	Read       *Read    `json:"read,omitempty" jsonschema_description:"Keeps what an element says as a fact."`
	Try        *Try     `json:"try,omitempty" jsonschema_description:"Sends a form with mistakes in it and notes what it says to each. It needs the effect of sending it, and stops at the first mistake that the form takes."`
	Screenshot string   `json:"screenshot,omitempty" jsonschema:"pattern=^[a-z0-9][a-z0-9-]*$" jsonschema_description:"Keeps a picture under this name. Every step leaves one anyway; of fields filled one after another, the last does, and those that have a name."`
}

// A Locator says which element is meant.
type Locator = driver.Locator

// A Fill types a value into a field.
type Fill struct {
	driver.Locator
	Value string `json:"value" jsonschema:"required" jsonschema_description:"What is typed: plain words or ${persona.…}."`
}

// A Select chooses an option of a list.
type Select struct {
	driver.Locator
	Option string `json:"option" jsonschema:"required" jsonschema_description:"The option's label, or its value."`
}

// An Expect waits for an element to be shown, or for the address. One visible
// match is enough: only actions need to be unambiguous.
type Expect struct {
	driver.Locator
	URL     string `json:"url,omitempty" jsonschema_description:"Part of the page's address."`
	Timeout string `json:"timeout,omitempty" jsonschema_description:"How long to wait, such as 20s; 10s when left out."`
}

// A Read keeps an element's text, or a field's value, as the fact custom.read.
type Read struct {
	driver.Locator
	Fact    string `json:"fact" jsonschema:"required,pattern=^[a-z0-9][a-z0-9.-]*$" jsonschema_description:"The name under which it is kept."`
	Pattern string `json:"pattern,omitempty" jsonschema_description:"A regular expression (RE2); its first group, or the whole match, is kept."`
}

// words says what a step does, without any value that is typed.
func (s *Step) words() string {
	switch {
	case s.Open != "":
		return "open " + s.Open
	case s.Click != nil:
		return "click the " + s.Click.String()
	case s.Fill != nil:
		return "fill the " + s.Fill.Locator.String()
	case s.Select != nil:
		return fmt.Sprintf("choose %q in the %s", s.Select.Option, s.Select.Locator)
	case s.Press != "":
		return "press " + s.Press
	case s.Expect != nil && s.Expect.URL != "":
		return fmt.Sprintf("expect %q in the address", s.Expect.URL)
	case s.Expect != nil:
		return "expect the " + s.Expect.Locator.String()
	case s.Read != nil:
		return fmt.Sprintf("read the %s as %s", s.Read.Locator, s.Read.Fact)
	case s.Try != nil:
		return s.Try.words()
	}
	return "take the picture " + s.Screenshot
}

// acts reports whether the step may open a page.
func (s *Step) acts() bool {
	return s.Open != "" || s.Click != nil || s.Select != nil || s.Press != "" || s.Try != nil
}

// leaves reports whether the step may leave the page by what it does.
func (s *Step) leaves() bool { return s.Open != "" || s.Click != nil || s.Press != "" || s.Try != nil }

// names gives each step its own name: the scenario's, or one made from what
// the step does.
func names(steps []Step) []string {
	taken := map[string]bool{}
	for _, s := range steps {
		taken[s.Name] = true
	}
	out := make([]string, len(steps))
	for i, s := range steps {
		name := s.Name
		if name == "" {
			name = slug(s)
			for n := 2; taken[name]; n++ {
				name = fmt.Sprintf("%s-%d", slug(s), n)
			}
		}
		taken[name] = true
		out[i] = name
	}
	return out
}

var notSlug = regexp.MustCompile(`[^a-z0-9]+`)

func slug(s Step) string {
	words := s.words()
	switch {
	case s.Screenshot != "":
		return s.Screenshot
	case s.Open == "/":
		return "open-start"
	}
	words = strings.NewReplacer("the ", "", "test id ", "", "css ", "").Replace(strings.ToLower(words))
	name := strings.Trim(notSlug.ReplaceAllString(words, "-"), "-")
	if len(name) > 40 {
		name = strings.TrimRight(name[:40], "-")
	}
	if name == "" {
		return "step"
	}
	return name
}

// roles are those that a locator may name.
var roles = strings.Fields(`alert alertdialog article button cell checkbox columnheader combobox complementary contentinfo dialog
	form grid gridcell group heading img link list listbox listitem main menu menubar menuitem menuitemcheckbox menuitemradio
	navigation note option paragraph progressbar radio radiogroup region row rowheader search searchbox slider spinbutton
	status switch tab table tablist tabpanel textbox toolbar tooltip tree treeitem banner`)

var stepName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*$`)

// check finds what the schema cannot say.
func check(params any) []probes.Mistake {
	c := &checker{}
	p, ok := params.(*Params)
	if !ok {
		return []probes.Mistake{{Path: "", Message: fmt.Sprintf("these are parameters of another kind: %T", params)}}
	}
	switch _, known := find.Named(p.Goal); {
	case p.Goal == "" && len(p.Steps) == 0:
		c.add("/steps", "a visit needs at least one step, or a goal")
	case p.Goal != "" && !known:
		c.add("/goal", "unknown goal %q: it is one of %s", p.Goal, strings.Join(goalNames(), ", "))
	}
	if p.Query != "" && p.Goal == "" {
		c.add("/query", "a query belongs to a goal: write `goal: search-product` beside it, or drop it")
	}
	if p.Mistakes && p.Goal != "submit-contact-form" {
		c.add("/mistakes", "mistakes are made in a form that is looked for: write `goal: submit-contact-form` beside it, or a step `try`")
	}
	switch d, err := time.ParseDuration(p.Away); {
	case p.Away == "":
	case p.Goal != "leave-and-return":
		c.add("/away", "nobody stays away but in a goal: write `goal: leave-and-return` beside it, or drop it")
	case err != nil || d <= 0 || d > mostAway:
		c.add("/away", "%q is no time between 0 and 30m: write it as 10m", p.Away)
	}
	if len(p.Steps) > 0 && p.Steps[0].Open == "" && p.Steps[0].ways() == 1 {
		c.add("/steps/0", "the first step has to open a page: write `- open: /` before it")
	}
	if p.Consent != "" && p.Consent != refuse && p.Consent != accept && p.Consent != leave {
		c.add("/consent", "%q is nothing that can be done with a banner: write refuse, accept or leave", p.Consent)
	}
	if p.Fewest < 0 {
		c.add("/fewest", "the fewest pages of a task are at least 1")
	}
	seen, read, effective := map[string]int{}, map[string]int{}, false
	for i := range p.Steps {
		s, at := &p.Steps[i], fmt.Sprintf("/steps/%d", i)
		effective = effective || s.Effect != ""
		c.step(s, at)
		if s.Name != "" {
			if first, twice := seen[s.Name]; twice {
				c.add(at+"/name", "step %d has the name %q already: names are unique", first+1, s.Name)
			} else {
				seen[s.Name] = i
			}
		}
		if s.Try != nil {
			c.try(s, at, declared(p.Steps, i))
		}
		if s.Read != nil {
			if first, twice := read[s.Read.Fact]; twice {
				c.add(at+"/read/fact", "step %d reads a fact %q already", first+1, s.Read.Fact)
			} else {
				read[s.Read.Fact] = i
			}
		}
		if !effective && s.Fill != nil && strings.Contains(s.Fill.Value, "${persona.") {
			c.add(at+"/fill", "a persona's data is typed here, but neither this step nor one before it declares an effect: write `effect: fill-checkout` (or submit-form, register, …) in the step that begins it")
		}
		if !effective && s.Select != nil && strings.Contains(s.Select.Option, "${persona.") {
			c.add(at+"/select", "a persona's data is chosen here, but neither this step nor one before it declares an effect: write `effect: fill-checkout` (or submit-form, register, …) in the step that begins it")
		}
	}
	return c.found
}

func goalNames() (names []string) {
	for _, g := range slices.Concat(find.Goals(), find.Doings()) {
		names = append(names, g.Name)
	}
	return names
}

type checker struct{ found []probes.Mistake }

func (c *checker) add(path, format string, args ...any) {
	c.found = append(c.found, probes.Mistake{Path: path, Message: fmt.Sprintf(format, args...)})
}

// ways counts the actions of a step; one is right.
func (s *Step) ways() int {
	n := 0
	for _, set := range []bool{s.Open != "", s.Click != nil, s.Fill != nil, s.Select != nil, s.Press != "", s.Expect != nil, s.Read != nil, s.Try != nil, s.Screenshot != ""} {
		if set {
			n++
		}
	}
	return n
}

const actions = "open, click, fill, select, press, expect, read, try or screenshot"

func (c *checker) step(s *Step, at string) {
	switch n := s.ways(); {
	case n == 0:
		c.add(at, "the step does nothing: it needs one of %s", actions)
	case n > 1:
		c.add(at, "the step does %d things: each step has exactly one of %s", n, actions)
	}
	if s.Name != "" && !stepName.MatchString(s.Name) {
		c.add(at+"/name", "the name %q becomes a file's: use small letters, digits and hyphens", s.Name)
	}
	if s.Screenshot != "" && !stepName.MatchString(s.Screenshot) {
		c.add(at+"/screenshot", "the name %q becomes a file's: use small letters, digits and hyphens", s.Screenshot)
	}
	if s.Effect != "" && !slices.Contains(effects, s.Effect) {
		c.add(at+"/effect", "a visit cannot have the effect %q: it can have %s", s.Effect, join(effects))
	}
	if s.Click != nil {
		c.locator(*s.Click, at+"/click")
	}
	if s.Fill != nil {
		c.locator(s.Fill.Locator, at+"/fill")
	}
	if s.Select != nil {
		c.locator(s.Select.Locator, at+"/select")
		if s.Select.Option == "" {
			c.add(at+"/select", "the step does not say which option: write `option: …`")
		}
	}
	if s.Press != "" && !slices.Contains(driver.Keys(), s.Press) {
		c.add(at+"/press", "unknown key %q: the keys are %s", s.Press, strings.Join(driver.Keys(), ", "))
	}
	if s.Expect != nil {
		c.expect(s.Expect, at+"/expect")
	}
	if s.Read != nil {
		c.locator(s.Read.Locator, at+"/read")
		if s.Read.Fact == "" {
			c.add(at+"/read", "the step does not say how to call what it reads: write `fact: …`")
		}
		if _, err := regexp.Compile(s.Read.Pattern); err != nil {
			c.add(at+"/read/pattern", "the pattern cannot be read: %v", err)
		}
	}
}

func (c *checker) expect(e *Expect, at string) {
	switch {
	case e.URL != "" && e.Ways() > 0:
		c.add(at, "expect either an element or a part of the address (url), not both")
	case e.URL == "":
		c.locator(e.Locator, at)
	}
	if e.Timeout != "" {
		if d, err := time.ParseDuration(e.Timeout); err != nil || d <= 0 || d > 2*time.Minute {
			c.add(at+"/timeout", "%q is no time between 0 and 2m: write it as 20s", e.Timeout)
		}
	}
}

func (c *checker) locator(l Locator, at string) {
	switch n := l.Ways(); {
	case n == 0 && l.Name != "":
		c.add(at, "a name needs a role: write `role: button` (or link, textbox, …) beside it")
		return
	case n == 0:
		c.add(at, "which element? say it by role and name, label, text, testid or, as a last resort, css")
		return
	case n > 1:
		c.add(at, "the element is named in %d ways: use one of role, label, text, testid, css", n)
	}
	if l.Name != "" && l.Role == "" {
		c.add(at+"/name", "a name needs a role: write `role: button` (or link, textbox, …) beside it")
	}
	if l.Role != "" && !slices.Contains(roles, l.Role) {
		c.add(at+"/role", "unknown role %q: common ones are button, link, textbox, checkbox, radio, combobox, heading", l.Role)
	}
	if l.Nth < 0 {
		c.add(at+"/nth", "nth is counted from 1")
	}
}

func join[T ~string](list []T) string {
	s := make([]string, len(list))
	for i, v := range list {
		s[i] = string(v)
	}
	return strings.Join(s, ", ")
}
