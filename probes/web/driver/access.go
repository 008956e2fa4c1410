package driver

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	_ "embed"

	"github.com/chromedp/cdproto/cdp"
)

//go:embed access.js
var barriers string

// An Access is what of a page keeps people out, as far as a program can tell.
type Access struct {
	Used     bool      `json:"used"` // a form of the page was used: what is marked as the task's is of such forms
	Faults   []Fault   `json:"faults"`
	Fields   []Purpose `json:"fields"`
	Controls int       `json:"controls"` // that were looked at
	Texts    int       `json:"texts"`    // whose contrast could be told
	Invalid  int       `json:"invalid"`  // fields that are marked as wrong
	Took     float64   `json:"took"`     // ms of the page's time
}

// A Fault is one thing that is not as it should be.
type Fault struct {
	Check string `json:"check"` // names, placeholders, alternatives, roles, contrast, focus, errors, targets, language
	Where string `json:"where"` // its opening tag, shortened, without values
	Nth   int    `json:"nth"`   // of those that look the same, from 1
	Words string `json:"words"`
	Task  bool   `json:"task"` // in a form that was used, or where none was in the page's main part
}

// A Purpose is what a text field says of what it is for.
type Purpose struct {
	Where        string `json:"where"`
	Type         string `json:"type"`
	Autocomplete string `json:"autocomplete"` // its own, or its form's
	Own          bool   `json:"own"`
	About        string `json:"about"` // its name, id, label and placeholder
	Task         bool   `json:"task"`
}

// Access looks at the page and at the frames in which a form was used, nil when
// nothing has changed in them since the last time. It takes some milliseconds of
// the page's time.
func (p *Page) Access(ctx context.Context) (*Access, error) {
	a, err := p.accessOf(ctx)
	if err != nil {
		return nil, err
	}
	for _, f := range p.inUse(ctx) {
		var in *Access
		if p.ask(ctx, f, barriers, "access", "access()", &in) != nil || in == nil {
			continue
		}
		if a == nil {
			a = &Access{Used: true}
		}
		a.join(*in)
	}
	return a, nil
}

// accessOf looks at the page's own document.
func (p *Page) accessOf(ctx context.Context) (a *Access, err error) {
	n := &p.told
	switch {
	case n.access != nil && p.same(n.accessed), p.fresh(n.accessed):
	case p.tab.o.Proof:
		if _, err := p.read(ctx, accessReader, paceReader, overlaysReader, surveyReader); err != nil {
			return nil, err
		}
	default:
		return a, p.ask(ctx, p.main, barriers, "access", "access()", &a)
	}
	a, n.access = n.access, nil
	return a, nil
}

// join adds what was found in a frame in which a form was used. It is the task
// then, and not what lies about in a page whose own forms nobody needed.
func (a *Access) join(in Access) {
	if !a.Used {
		for i := range a.Faults {
			a.Faults[i].Task = a.Faults[i].Check == "language"
		}
		for i := range a.Fields {
			a.Fields[i].Task = false
		}
	}
	a.Used = true
	for _, f := range in.Faults {
		f.Where = inFrame + f.Where
		a.Faults = append(a.Faults, f)
	}
	for _, f := range in.Fields {
		f.Where = inFrame + f.Where
		a.Fields = append(a.Fields, f)
	}
	a.Controls, a.Texts, a.Invalid, a.Took = a.Controls+in.Controls, a.Texts+in.Texts, a.Invalid+in.Invalid, a.Took+in.Took
}

const inFrame = "in a frame: "

// inUse lists the frames but the page's own in which a form was used.
func (p *Page) inUse(ctx context.Context) (list []cdp.FrameID) {
	frames, used := fromInner[bool](ctx, p, "(({select, touched}) => select('input,select,textarea').some(e => touched.has(e)))(__touchstone.kit)")
	for i, f := range frames {
		if used[i] {
			list = append(list, f)
		}
	}
	return list
}

// ask calls a function of a script that few documents need, in a frame: it is
// put into the engine's world when it is first wanted there.
func (p *Page) ask(ctx context.Context, f cdp.FrameID, script, name, call string, out any) error {
	var said struct {
		There bool            `json:"there"`
		Is    json.RawMessage `json:"is"`
	}
	expr := fmt.Sprintf("globalThis.__touchstone?.%s ? {there: true, is: __touchstone.%s} : {there: false}", name, call)
	err := p.quick(ctx, f, expr, &said)
	if err == nil && !said.There {
		err = p.quick(ctx, f, script+"\n;"+expr, &said)
	}
	if err != nil || len(said.Is) == 0 {
		return err
	}
	return json.Unmarshal(said.Is, out)
}

// Axed is what axe-core found.
type Axed struct {
	Version    string      `json:"version"`
	Used       bool        `json:"used"` // see Access
	Took       float64     `json:"took"` // ms
	Violations []Violation `json:"violations"`
}

// A Violation is a rule of axe-core that elements break.
type Violation struct {
	ID     string   `json:"id"`
	Impact string   `json:"impact"` // minor, moderate, serious, critical
	Help   string   `json:"help"`
	Nodes  []Breach `json:"nodes"`
}

// A Breach is an element that breaks a rule.
type Breach struct {
	Target  string `json:"target"` // CSS
	Summary string `json:"summary"`
	Task    bool   `json:"task"` // see Fault
}

// Axe lets axe-core look at the page and at the frames in which a form was used,
// by its rules for WCAG 2.2, levels A and AA, in the engine's world. source is its
// script. What takes longer than the deadline is stopped: the error says so.
func (p *Page) Axe(ctx context.Context, source []byte, deadline time.Duration) (Axed, error) {
	ctx, cancel := p.bound(ctx, deadline)
	defer cancel()
	all, err := p.axed(ctx, p.main, source)
	for _, f := range p.inUse(ctx) {
		if err != nil {
			break
		}
		var in Axed
		if in, err = p.axed(ctx, f, source); err != nil && p.at(f).id == "" {
			err = nil // it has gone
		}
		all.join(in)
	}
	if ctx.Err() != nil {
		p.s.post("Runtime.terminateExecution", nil)
	}
	return all, err
}

// axed lets axe-core look at one document.
func (p *Page) axed(ctx context.Context, f cdp.FrameID, source []byte) (a Axed, err error) {
	if err := p.quick(ctx, f, barriers, nil); err != nil {
		return a, err
	}
	var has bool
	err = p.evalOnce(ctx, f, "__touchstone.lending = performance.now(); !!globalThis.axe", &has)
	if err == nil && !has {
		err = p.evalOnce(ctx, f, string(source)+"\n;0", nil)
	}
	if err == nil {
		err = p.evalOnce(ctx, f, "__touchstone.axed()", &a)
	}
	return a, err
}

// join adds what was found in a frame in which a form was used; see Access.
func (a *Axed) join(in Axed) {
	if in.Version == "" {
		return
	}
	if !a.Used {
		for _, v := range a.Violations {
			for i := range v.Nodes {
				v.Nodes[i].Task = false
			}
		}
	}
	a.Used, a.Took = true, a.Took+in.Took
	for _, v := range in.Violations {
		for i := range v.Nodes {
			v.Nodes[i].Target = inFrame + v.Nodes[i].Target
		}
		a.Violations = append(a.Violations, v)
	}
}

// Walk goes through the page with the tabulator, from the first field of the
// form that was used last, and gives how many stops it made and, where the
// keyboard goes round without ever reaching some stop of the document, the opening
// tag of where it is held. A form in a frame is walked through to the frame's
// end. A document with more than most stops is not walked.
func (p *Page) Walk(ctx context.Context, most int) (stops int, held string, err error) {
	ctx, cancel := p.bound(ctx, p.tab.o.Timeout)
	defer cancel()
	for _, f := range append([]cdp.FrameID{p.main}, p.inUse(ctx)...) {
		var there int
		if err := p.ask(ctx, f, barriers, "walk", "walk()", &there); err != nil {
			return 0, "", err
		}
		if there > 0 {
			return p.walk(ctx, f, there, most)
		}
	}
	return 0, "", nil
}

// walk goes through a document with so many stops.
func (p *Page) walk(ctx context.Context, f cdp.FrameID, there, most int) (stops int, held string, err error) {
	if there > most {
		return 0, "", nil
	}
	for ; stops <= 2*there+5; stops++ {
		var at string
		switch err := p.quick(ctx, f, "__touchstone.walkStep()", &at); {
		case err != nil:
			return stops, "", err
		case at == "out":
			return stops, "", nil
		case at == "round":
			return stops, held, p.quick(ctx, f, "__touchstone.trapped()", &held)
		}
		if err := p.s.callAll(ctx, stroke(named["Tab"])); err != nil {
			return stops, "", err
		}
	}
	return stops, "", nil
}
