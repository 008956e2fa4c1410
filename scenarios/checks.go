package scenarios

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/invopop/jsonschema"

	"touchstone/internal/evidence"
	"touchstone/scoring"
)

// The shape of checks.yaml.
type checksFile struct {
	Checks []checkEntry `json:"checks" jsonschema:"minItems=1" jsonschema_description:"what a wave has to keep to pass 'touchstone check'"`
}

type checkEntry struct {
	ID       string        `json:"id" jsonschema:"format=id" jsonschema_description:"a short name, for the results"`
	On       string        `json:"on" jsonschema:"minLength=1" jsonschema_description:"the figure: fact:NAME, mark:CRITERION, category:ID, grade or total"`
	Site     string        `json:"site,omitempty" jsonschema_description:"only at this site; at every one unless given"`
	Scenario string        `json:"scenario,omitempty" jsonschema_description:"only in this scenario's probes; for facts alone"`
	Op       string        `json:"op" jsonschema_description:"how the figure is compared with the limit, in quotes"`
	Limit    limit         `json:"limit" jsonschema_description:"a number, a length of time such as 24h, true or false, or the label of a grade"`
	Unit     evidence.Unit `json:"unit,omitempty" jsonschema:"enum=s,enum=ms,enum=count,enum=bool,enum=ratio,enum=B,enum=points" jsonschema_description:"the unit of the limit; the figure's own unless given; points for the score of a criterion"`
	Level    string        `json:"level,omitempty" jsonschema:"enum=off,enum=warn,enum=error,default=error" jsonschema_description:"what it means when the figure does not keep the limit"`
}

// A limit is what a file may write as one: a number, text or a flag.
type limit struct{ written any }

// JSONSchema says what a file may write.
func (limit) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{{Type: "number"}, {Type: "string", MinLength: new(uint64(1))}, {Type: "boolean"}}}
}

// UnmarshalJSON takes any of them.
func (l *limit) UnmarshalJSON(data []byte) error { return json.Unmarshal(data, &l.written) }

// A figure is a sort of number that a check may be on.
type figure struct {
	named bool // it has a name: fact:NAME
	what  string
}

var figures = map[string]figure{
	"fact": {true, "fact"}, "mark": {true, "criterion"}, "category": {true, "category"}, "grade": {}, "total": {},
}

// checks reads a file of checks; everything else is known by now.
func (ld *loader) checks(p *Project, file string) {
	var f checksFile
	d, faulty := ld.read("checks", file, &f)
	if d == nil {
		return
	}
	known := ld.figures(p)
	ids := register{}
	for i, e := range f.Checks {
		at := func(key string) Pos { return d.at("checks", i, key) }
		ids.take(d, "check", e.ID, at("id"))
		c := scoring.Check{ID: e.ID, Site: e.Site, Scenario: e.Scenario, Op: e.Op, Unit: e.Unit, Level: cmp.Or(e.Level, "error")}
		c.Kind, c.Name, _ = strings.Cut(e.On, ":")
		switch kind, ok := figures[c.Kind]; {
		case e.On == "": // that was said
			continue
		case !ok:
			d.wrong(at("on"), "unknown figure %q%s: a check is on fact:NAME, mark:CRITERION, category:ID, grade or total", c.Kind, hint(c.Kind, sortedKeys(figures)))
			continue
		case kind.named && c.Name == "":
			d.wrong(at("on"), "say which %s, such as %s:%s", kind.what, c.Kind, cmp.Or(first(known.of(c.Kind)), "NAME"))
			continue
		case !kind.named && c.Name != "":
			d.wrong(at("on"), "a %s has no name: write `on: %s`", c.Kind, c.Kind)
			continue
		case kind.named && known.sure(c.Kind) && !slices.Contains(known.of(c.Kind), c.Name):
			d.wrong(at("on"), "unknown %s %q%s", kind.what, c.Name, hint(c.Name, known.of(c.Kind)))
			continue
		}
		d.where(ld, p, &c, at)
		if !under(faulty, "checks", fmt.Sprint(i), "limit") && e.Limit.written != nil {
			d.limit(&c, e.Limit.written, known, at)
		}
		p.Checks = append(p.Checks, c)
	}
}

func first(all []string) string {
	if len(all) == 0 {
		return ""
	}
	return all[0]
}

// measured is what a wave of the project leaves to be checked.
type measured struct {
	facts      map[string]evidence.Unit
	criteria   []string
	categories []string
	grades     []string
	cards      bool // every scorecard could be read
}

// figures gathers what the kinds record and the scorecards judge.
func (ld *loader) figures(p *Project) measured {
	v := measured{facts: map[string]evidence.Unit{}, criteria: ld.Criteria, cards: ld.soundFolder("scorecards")}
	for _, k := range ld.Kinds {
		for _, f := range k.Facts {
			v.facts[f.Name] = f.Unit
		}
	}
	for _, card := range p.Scorecards {
		for _, c := range card.Categories {
			v.categories = append(v.categories, c.ID)
		}
		for _, g := range card.Grades {
			v.grades = append(v.grades, g.Label)
		}
	}
	slices.Sort(v.categories)
	v.categories = slices.Compact(v.categories)
	slices.Sort(v.grades)
	v.grades = slices.Compact(v.grades)
	return v
}

// of lists the names of one sort of figure.
func (v measured) of(kind string) []string {
	switch kind {
	case "fact":
		return sortedKeys(v.facts)
	case "mark":
		return v.criteria
	case "category":
		return v.categories
	case "grade":
		return v.grades
	}
	return nil
}

// sure reports whether what the vocabulary does not hold is not there.
func (v measured) sure(kind string) bool {
	switch kind {
	case "mark":
		return len(v.criteria) > 0
	case "category", "grade":
		return v.cards
	}
	return true
}

// where checks the site and the scenario that a check is limited to: no data
// is never a pass, so one that can't have any is a mistake.
func (d *document) where(ld *loader, p *Project, c *scoring.Check, at func(key string) Pos) {
	s := slices.IndexFunc(p.Sites, func(s Site) bool { return s.ID == c.Site })
	if c.Site != "" && s < 0 && len(p.Sites) > 0 {
		d.wrong(at("site"), "unknown site %q%s", c.Site, hint(c.Site, names(p.Sites, func(s Site) string { return s.ID })))
	}
	if c.Scenario == "" {
		return
	}
	n := slices.IndexFunc(p.Scenarios, func(sc Scenario) bool { return sc.ID == c.Scenario })
	switch {
	case c.Kind != "fact":
		d.wrong(at("scenario"), "only a fact belongs to one scenario: a %s is of the whole site", c.Kind)
		return
	case n < 0 && ld.soundFolder("scenarios"):
		d.wrong(at("scenario"), "unknown scenario %q%s", c.Scenario, hint(c.Scenario, names(p.Scenarios, func(sc Scenario) string { return sc.ID })))
	}
	if n < 0 {
		return
	}
	sc := &p.Scenarios[n]
	k, known := ld.Kind(sc.Kind)
	switch {
	case !known: // that was said
	case !slices.ContainsFunc(k.Facts, func(f evidence.FactDef) bool { return f.Name == c.Name }):
		d.wrong(at("on"), "the scenario %q never records %s: it is a %s probe", sc.ID, c.Name, k.Name)
	case s >= 0 && !sc.Applies(&p.Sites[s], k):
		d.wrong(at("scenario"), "the scenario %q is not done at the site %q", sc.ID, c.Site)
	}
}

// limit reads a check's limit as its figure wants it.
func (d *document) limit(c *scoring.Check, written any, known measured, at func(key string) Pos) {
	if c.Kind == "grade" {
		label := fmt.Sprint(written)
		if known.sure("grade") && !slices.Contains(known.grades, label) {
			d.wrong(at("limit"), "unknown grade %q%s", label, hint(label, known.grades))
		}
		c.Grade = label
	}
	unit := known.facts[c.Name]
	switch {
	case c.Kind == "fact" && (unit == evidence.Text || unit == evidence.Time):
		d.wrong(at("on"), "%s is %s: a check compares numbers", c.Name, unit)
		return
	case c.Kind == "fact" && c.Unit != "" && c.Unit != unit:
		d.wrong(at("unit"), "%s is in %s, not in %s", c.Name, unit, c.Unit)
		return
	case c.Kind == "fact":
		c.Unit = unit
	case c.Kind == "grade" && c.Unit != "":
		d.wrong(at("unit"), "a grade has no unit: leave it out")
		return
	case c.Kind != "mark" && c.Unit != "" && c.Unit != scoring.Points:
		d.wrong(at("unit"), "a %s is in points of 100, not in %s: leave the unit out", c.Kind, c.Unit)
		return
	}
	if c.Kind == "grade" {
		return
	}
	switch v := written.(type) {
	case float64:
		c.Limit = v
	case bool:
		if c.Kind == "fact" && c.Unit != evidence.Bool {
			d.wrong(at("limit"), "%s is in %s: the limit is a number, not %v", c.Name, c.Unit, v)
		} else if c.Kind != "fact" {
			d.wrong(at("limit"), "a %s is a number: the limit is one too, not %v", c.Kind, v)
		}
		if v {
			c.Limit = 1
		}
	case string:
		span, err := parseSpan(v)
		switch {
		case err != nil && (c.Unit == evidence.Second || c.Unit == evidence.Milli || c.Kind == "mark"):
			d.wrong(at("limit"), "the limit is a number, or a length of time such as 24h, not %q", v)
		case err != nil:
			d.wrong(at("limit"), "the limit is a number, not %q", v)
		case c.Unit == evidence.Milli:
			c.Limit = float64(span) / float64(time.Millisecond)
		case c.Unit == evidence.Second || c.Kind == "mark" && c.Unit == "":
			c.Limit, c.Unit = span.Seconds(), evidence.Second
		case c.Unit != "":
			d.wrong(at("limit"), "a length of time is no limit for what is in %s", c.Unit)
		default:
			d.wrong(at("limit"), "a %s is in points of 100, not a length of time", c.Kind)
		}
	}
	if scored := c.Kind == "total" || c.Kind == "category" || c.Unit == scoring.Points; scored && (c.Limit < 0 || c.Limit > 100) {
		d.wrong(at("limit"), "a score is from 0 to 100 points, never %g", c.Limit)
	}
}
