package scenarios

import (
	"cmp"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"time"

	"touchstone/internal/evidence"
	"touchstone/probes"
)

// The shape of scenarios/*.yaml.
type scenarioFile struct {
	ID      string                     `json:"id" jsonschema:"format=id" jsonschema_description:"a short name for files and reports, such as return-policy"`
	Title   string                     `json:"title" jsonschema:"format=words" jsonschema_description:"what the customer wants, in one line"`
	About   string                     `json:"about,omitempty" jsonschema_description:"why it is asked, and what a good service does"`
	Kind    string                     `json:"kind" jsonschema_description:"the way of being a customer"`
	Task    string                     `json:"task" jsonschema:"format=id" jsonschema_description:"what the customer tries to do: criteria choose by it, such as enquiry or checkout"`
	Effects []evidence.Effect          `json:"effects,omitempty" jsonschema:"uniqueItems=true" jsonschema_description:"what it does to a site beyond reading public pages; each site's authorisation must allow it"`
	Perhaps []evidence.Effect          `json:"perhaps,omitempty" jsonschema:"uniqueItems=true" jsonschema_description:"what it does besides, at sites whose authorisation allows it; at the others it goes without"`
	Allowed bool                       `json:"where-allowed,omitempty" jsonschema_description:"leave it out at sites whose authorisation does not allow its effects, instead of saying there that they are not granted"`
	Persona string                     `json:"persona,omitempty" jsonschema:"default=anna" jsonschema_description:"who the customer is; local: one who speaks the site's language"`
	Window  string                     `json:"window,omitempty" jsonschema:"format=span" jsonschema_description:"how long an answer may take, such as 5d"`
	Repeat  int                        `json:"repeat,omitempty" jsonschema:"minimum=1,maximum=1000,default=1" jsonschema_description:"how often it is done at each site in a wave"`
	Sites   []string                   `json:"sites,omitempty" jsonschema:"uniqueItems=true,minItems=1" jsonschema_description:"only these sites; every site with the channel unless given"`
	With    json.RawMessage            `json:"with,omitempty" jsonschema_description:"the parameters of the kind"`
	BySite  map[string]json.RawMessage `json:"by-site,omitempty" jsonschema_description:"the parameters at single sites, in the place of with; without with, it is done at these alone"`
}

// maxWindow bounds how long a wave stays open.
const maxWindow = 60 * 24 * time.Hour

// Applies reports whether the scenario is meant for a site: it is one of the
// scenario's sites, something is to be done there, it has the channel that the
// kind needs, and it allows the effects where the scenario keeps to such sites.
func (sc *Scenario) Applies(s *Site, k probes.Kind) bool {
	return (len(sc.Sites) == 0 || slices.Contains(sc.Sites, s.ID)) && sc.covers(s.ID) && hasChannel(s, k.Channel) &&
		!(sc.WhereAllowed && slices.ContainsFunc(sc.Effects, func(e evidence.Effect) bool { return !allows(s, k, e) }))
}

// EffectsAt gives what the scenario does at a site: its effects, granted or
// not, and of those that it can do without the ones that are.
func (sc *Scenario) EffectsAt(s *Site, k probes.Kind) []evidence.Effect {
	all := sc.Effects
	for _, e := range sc.Perhaps {
		if allows(s, k, e) {
			all = append(all[:len(all):len(all)], e)
		}
	}
	return all
}

func allows(s *Site, k probes.Kind, e evidence.Effect) bool {
	ok, _ := s.Authorisation.GrantsTo(k, e)
	return ok
}

// covers reports whether there are parameters for a site.
func (sc *Scenario) covers(site string) bool {
	_, own := sc.BySite[site]
	return own || sc.Params != nil || len(sc.BySite) == 0
}

// at gives the parameters for a site.
func (sc *Scenario) at(site string) any {
	if own, ok := sc.BySite[site]; ok {
		return own
	}
	return sc.Params
}

func hasChannel(s *Site, channel string) bool {
	switch channel {
	case "":
		return true
	case "mail":
		return s.Email != ""
	case "web":
		return s.URL != ""
	}
	return false
}

// scenarios reads scenarios/*.yaml; sites and personas are known by now.
func (ld *loader) scenarios(p *Project) {
	files := ld.list("scenarios")
	if len(files) == 0 && len(ld.mistakes) == 0 && !ld.Empty {
		ld.mistakes = append(ld.mistakes, Mistake{Pos: Pos{File: "scenarios"}, Message: "there is no scenario: `touchstone init` writes some to begin with, as scenarios/*.yaml"})
	}
	ids := register{}
	for _, file := range files {
		var f scenarioFile
		d, faulty := ld.read("scenario", file, &f)
		if d == nil {
			continue
		}
		ids.take(d, "scenario", f.ID, d.at("id"))
		sc := Scenario{
			ID: f.ID, Title: f.Title, About: f.About, Kind: f.Kind, Task: f.Task, Effects: f.Effects, Perhaps: f.Perhaps, WhereAllowed: f.Allowed,
			Persona: cmp.Or(f.Persona, defaultPersona), Repeat: cmp.Or(f.Repeat, 1), Sites: f.Sites,
			Pos: d.at(), ParamsPos: d.at("with"),
		}
		sc.Window, _ = parseSpan(f.Window) // a wrong one was said
		for i := range f.Effects {
			sc.EffectPos = append(sc.EffectPos, d.at("effects", i))
		}
		k, known := ld.Kind(f.Kind)
		if known {
			d.kind(&sc, k, f.Window != "", !under(faulty, "effects"))
			d.parameters(&sc, k, f, faulty)
		}
		d.panel(&sc, p, k, f.With != nil)
		if who, ok := p.shopper(sc.Persona, ""); ok {
			d.variables(&sc, p, k, who, ld.sound("sites.yaml"))
		} else if ld.sound("personas.yaml") {
			d.wrong(d.at("persona"), "unknown persona %q%s", sc.Persona, hint(sc.Persona, names(p.Personas, func(w probes.Persona) string { return w.ID })))
		}
		p.Scenarios = append(p.Scenarios, sc)
	}
}

// under reports whether the schema found fault at or below a place.
func under(faulty [][]string, place ...string) bool {
	return slices.ContainsFunc(faulty, func(path []string) bool {
		return len(path) >= len(place) && slices.Equal(path[:len(place)], place)
	})
}

// kind checks what a scenario declares against what its kind can do.
func (d *document) kind(sc *Scenario, k probes.Kind, hasWindow, effectsRead bool) {
	able := names(k.Effects, func(e evidence.Effect) string { return string(e) })
	for i, e := range sc.Effects {
		if slices.Contains(evidence.Effects, e) && !slices.Contains(k.Effects, e) {
			d.wrong(sc.EffectPos[i], "a %s probe has no effect %s%s", k.Name, e, hint(string(e), able))
		}
	}
	for i, e := range sc.Perhaps {
		switch at := d.at("perhaps", i); {
		case slices.Contains(sc.Effects, e):
			d.wrong(at, "%s stands under effects already: leave it out of one of them", e)
		case slices.Contains(evidence.Effects, e) && !slices.Contains(k.Effects, e):
			d.wrong(at, "a %s probe has no effect %s%s", k.Name, e, hint(string(e), able))
		}
	}
	if sc.WhereAllowed && len(sc.Effects) == 0 {
		d.wrong(d.at("where-allowed"), "without effects it is allowed everywhere: name some under effects, or leave this out")
	}
	if k.Correspondence == nil {
		if hasWindow {
			d.wrong(d.at("window"), "a %s probe is a visit, which ends by itself: leave the window out", k.Name)
		}
		return
	}
	// A correspondence always does what it is there for; where a visit comes
	// first, its steps say what they do.
	for _, e := range k.Effects {
		if effectsRead && k.Visit == nil && !slices.Contains(sc.Effects, e) {
			at := d.at("effects")
			if len(sc.Effects) == 0 {
				at = d.at("kind")
			}
			d.wrong(at, "a %s probe always has the effect %s: declare it, `effects: [%s]`", k.Name, e, strings.Join(able, ", "))
		}
	}
	switch {
	case !hasWindow:
		d.wrong(d.at("kind"), "a %s probe waits for an answer: say how long, such as `window: 5d`", k.Name)
	case sc.Window > maxWindow:
		d.wrong(d.at("window"), "a window is at most 60d")
	}
}

// parameters reads those for every site, and those for single ones.
func (d *document) parameters(sc *Scenario, k probes.Kind, f scenarioFile, faulty [][]string) {
	if f.With != nil || f.BySite == nil && !under(faulty, bySite) {
		sc.Params = d.params(k, f.With, faulty, "with")
	}
	for id, with := range f.BySite {
		if params := d.params(k, with, faulty, bySite, id); params != nil {
			if sc.BySite == nil {
				sc.BySite = map[string]any{}
			}
			sc.BySite[id] = params
		}
	}
}

// bySite is the key below which single sites have parameters of their own.
const bySite = "by-site"

// params decodes the kind's parameters at a place, and asks the kind about
// them. It is not heard on what the schema found faulty already. It gives nil
// where they can't be read.
func (d *document) params(k probes.Kind, with json.RawMessage, faulty [][]string, place ...string) any {
	params := reflect.New(reflect.TypeOf(zeroParams(k))).Interface()
	if len(with) > 0 {
		if err := decode(with, params, under(faulty, place...)); err != nil {
			d.wrong(d.place(place), "%s", err)
			return nil
		}
	}
	if k.Check == nil {
		return params
	}
	for _, m := range k.Check(params) {
		path := slices.Clone(place)
		for _, step := range strings.Split(strings.Trim(m.Path, "/"), "/") {
			if step != "" {
				path = append(path, pointerStep.Replace(step))
			}
		}
		known := slices.ContainsFunc(faulty, func(f []string) bool {
			n := min(len(f), len(path))
			return n > 0 && slices.Equal(f[:n], path[:n])
		})
		if !known {
			d.wrong(d.place(path), "%s", m.Message)
		}
	}
	return params
}

var pointerStep = strings.NewReplacer("~1", "/", "~0", "~")

// panel checks the sites that a scenario names, for all that it does and for
// what it does there alone.
func (d *document) panel(sc *Scenario, p *Project, k probes.Kind, everywhere bool) {
	if len(p.Sites) == 0 {
		return // sites.yaml could not be read, and that was said
	}
	for i, id := range sc.Sites {
		at := d.at("sites", i)
		if d.site(p, k, id, at) && !everywhere && !sc.covers(id) {
			d.wrong(at, "nothing is to be done at the site %q: add `with`, or %q below by-site", id, id)
		}
	}
	for _, id := range d.keys(bySite) {
		key, _ := d.find([]string{bySite, id})
		if d.site(p, k, id, d.pos(key)) && len(sc.Sites) > 0 && !slices.Contains(sc.Sites, id) {
			d.wrong(d.pos(key), "the site %q is not among the scenario's sites: add it there, or leave `sites` out", id)
		}
	}
}

// site reports whether a scenario of the kind can be done at the site of that
// id, and says why not.
func (d *document) site(p *Project, k probes.Kind, id string, at Pos) bool {
	n := slices.IndexFunc(p.Sites, func(s Site) bool { return s.ID == id })
	switch {
	case n < 0:
		d.wrong(at, "unknown site %q%s", id, hint(id, names(p.Sites, func(s Site) string { return s.ID })))
	case !hasChannel(&p.Sites[n], k.Channel):
		needs := map[string]string{"mail": "an email", "web": "a url"}[k.Channel]
		d.wrong(at, "the site %q has no %s channel: it needs %s in sites.yaml", id, k.Channel, cmp.Or(needs, "one"))
	default:
		return true
	}
	return false
}
