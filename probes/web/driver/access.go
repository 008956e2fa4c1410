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

// Access looks at the page, nil when nothing has changed in it since the last
// time. It takes some milliseconds of the page's time.
func (p *Page) Access(ctx context.Context) (a *Access, err error) {
	n := &p.told
	switch {
	case n.access != nil && p.same(n.accessed), p.fresh(n.accessed):
	case p.tab.o.Proof:
		if _, err := p.read(ctx, accessReader, paceReader, overlaysReader, surveyReader); err != nil {
			return nil, err
		}
	default:
		return a, p.ask(ctx, barriers, "access", "access()", &a)
	}
	a, n.access = n.access, nil
	return a, nil
}

// ask calls a function of a script that few documents need: it is put into the
// engine's world when it is first wanted there.
func (p *Page) ask(ctx context.Context, script, name, call string, out any) error {
	return p.askIn(ctx, p.main, script, name, call, out)
}

// askIn does so in a frame.
func (p *Page) askIn(ctx context.Context, f cdp.FrameID, script, name, call string, out any) error {
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

// Axe lets axe-core look at the page, by its rules for WCAG 2.2, levels A and
// AA, in the engine's world. source is its script. What takes longer than the
// deadline is stopped: the error says so.
func (p *Page) Axe(ctx context.Context, source []byte, deadline time.Duration) (Axed, error) {
	var a Axed
	if err := p.quick(ctx, p.main, barriers, nil); err != nil {
		return a, err
	}
	ctx, cancel := p.bound(ctx, deadline)
	defer cancel()
	var has bool
	err := p.evalOnce(ctx, p.main, "__touchstone.lending = performance.now(); !!globalThis.axe", &has)
	if err == nil && !has {
		err = p.evalOnce(ctx, p.main, string(source)+"\n;0", nil)
	}
	if err == nil {
		err = p.evalOnce(ctx, p.main, "__touchstone.axed()", &a)
	}
	if ctx.Err() != nil {
		p.s.post("Runtime.terminateExecution", nil)
	}
	return a, err
}

// Walk goes through the page with the tabulator, from the first field of the
// form that was used last, and gives how many stops it made and, where the
// keyboard goes round without ever reaching some stop of the page, the opening
// tag of where it is held. A page with more than most stops is not walked.
func (p *Page) Walk(ctx context.Context, most int) (stops int, held string, err error) {
	ctx, cancel := p.bound(ctx, p.tab.o.Timeout)
	defer cancel()
	var there int
	if err := p.ask(ctx, barriers, "walk", "walk()", &there); err != nil || there == 0 || there > most {
		return 0, "", err
	}
	for ; stops <= 2*there+5; stops++ {
		var at string
		switch err := p.quick(ctx, p.main, "__touchstone.walkStep()", &at); {
		case err != nil:
			return stops, "", err
		case at == "out":
			return stops, "", nil
		case at == "round":
			return stops, held, p.quick(ctx, p.main, "__touchstone.trapped()", &held)
		}
		if err := p.s.callAll(ctx, stroke(named["Tab"])); err != nil {
			return stops, "", err
		}
	}
	return stops, "", nil
}
