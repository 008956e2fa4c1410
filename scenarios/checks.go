package scenarios

import (
	"cmp"
	"slices"
	"strings"

	"touchstone/internal/evidence"
	"touchstone/scoring"
)

// The shape of checks.yaml.
type checksFile struct {
	Checks []checkEntry `json:"checks" jsonschema:"minItems=1" jsonschema_description:"what touchstone check passes or fails by"`
}

type checkEntry struct {
	ID       string `json:"id" jsonschema:"format=id" jsonschema_description:"what reports call it"`
	On       string `json:"on" jsonschema:"format=words" jsonschema_description:"fact:NAME, mark:CRITERION, category:ID, grade or total"`
	Site     string `json:"site,omitempty" jsonschema:"format=id" jsonschema_description:"one site; else every site"`
	Scenario string `json:"scenario,omitempty" jsonschema:"format=id" jsonschema_description:"of a fact: one scenario; else every one that can record it"`
	Op       string `json:"op" jsonschema_description:"how what was found must stand to the limit"`
	Limit    any    `json:"limit" jsonschema:"oneof_type=number;string" jsonschema_description:"a number, or a grade's label"`
	Unit     string `json:"unit,omitempty" jsonschema:"enum=s,enum=ms,enum=count,enum=bool,enum=ratio,enum=B" jsonschema_description:"of a fact's limit"`
	Level    string `json:"level,omitempty" jsonschema:"enum=off,enum=warn,enum=error,default=error" jsonschema_description:"what it means not to hold"`
}

// checks reads a file of checks.
func (ld *loader) checks(p *Project, file string) []scoring.Check {
	var f checksFile
	d, _ := ld.read("checks", file, &f)
	if d == nil {
		return nil
	}
	ids := register{}
	var all []scoring.Check
	for i, e := range f.Checks {
		ids.take(d, "check", e.ID, d.at("checks", i, "id"))
		kind, name, _ := strings.Cut(e.On, ":")
		c := scoring.Check{ID: e.ID, Kind: kind, Name: name, Site: e.Site, Scenario: e.Scenario, Op: e.Op, Unit: evidence.Unit(e.Unit), Level: cmp.Or(e.Level, "error")}
		ld.known(d, p, c, i)
		number, isNumber := e.Limit.(float64)
		label, _ := e.Limit.(string)
		if (kind == "grade") == isNumber {
			d.wrong(d.at("checks", i, "limit"), "a grade is held against a grade's label, everything else against a number")
		}
		c.Limit, c.Grade = number, label
		all = append(all, c)
	}
	return all
}

// known checks that what a check names is there.
func (ld *loader) known(d *document, p *Project, c scoring.Check, i int) {
	at := d.at("checks", i, "on")
	var names []string
	switch c.Kind {
	case "grade", "total":
		names = []string{""}
	case "mark":
		names = ld.Criteria
	case "fact":
		for _, k := range ld.Kinds {
			for _, f := range k.Facts {
				names = append(names, f.Name)
			}
		}
	case "category":
		for _, card := range p.Scorecards {
			for _, cat := range card.Categories {
				names = append(names, cat.ID)
			}
		}
	default:
		d.wrong(at, "unknown subject %q%s", c.Kind, hint(c.Kind, []string{"fact", "mark", "category", "grade", "total"}))
		return
	}
	if !slices.Contains(names, c.Name) {
		d.wrong(at, "unknown %s %q%s", c.Kind, c.Name, hint(c.Name, names))
	}
	var sites []string
	for _, s := range p.Sites {
		sites = append(sites, s.ID)
	}
	if c.Site != "" && !slices.Contains(sites, c.Site) {
		d.wrong(d.at("checks", i, "site"), "unknown site %q%s", c.Site, hint(c.Site, sites))
	}
}
