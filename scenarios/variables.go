package scenarios

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"touchstone/probes"
)

// Resolve gives a copy of the site's parameters (its own below BySite, or
// Params) in which every variable is replaced by its value, as a pointer to a
// value of the kind's Params type. Only the
// values of texts are looked at, after decoding: what a variable holds is
// never read as YAML or JSON. "$${" stands for a "${" that is meant.
//
//	${persona.given} family name email phone street postcode city country
//	${site.id} name url email, and the names under the site's vars
//
// A variable without a value is an error; Load has found it already.
func (sc *Scenario) Resolve(site probes.Site, persona probes.Persona) (any, error) {
	original := sc.at(site.ID)
	if original == nil {
		return nil, nil
	}
	data, err := json.Marshal(original)
	if err != nil {
		return nil, fmt.Errorf("copy the parameters of scenario %s: %w", sc.ID, err)
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var tree any
	if err := dec.Decode(&tree); err != nil {
		return nil, fmt.Errorf("copy the parameters of scenario %s: %w", sc.ID, err)
	}
	words := vocabulary(site, persona)
	tree, err = texts(tree, nil, func(_ []string, s string) (string, error) {
		return expand(s, func(name string) (string, error) {
			if v := words[name]; v != "" {
				return v, nil
			}
			return "", fmt.Errorf("${%s} has no value at the site %q", name, site.ID)
		})
	})
	if err != nil {
		return nil, fmt.Errorf("scenario %s: %w", sc.ID, err)
	}
	params := reflect.New(reflect.TypeOf(original).Elem()).Interface()
	if err := decode(tree, params, false); err != nil {
		return nil, fmt.Errorf("fill in the parameters of scenario %s: %w", sc.ID, err)
	}
	return params, nil
}

// vocabulary gives the value of each variable.
func vocabulary(site probes.Site, who probes.Persona) map[string]string {
	words := map[string]string{
		"persona.given": who.Given, "persona.family": who.Family, "persona.name": strings.TrimSpace(who.Given + " " + who.Family),
		"persona.email": who.Email, "persona.phone": who.Phone, "persona.street": who.Street,
		"persona.postcode": who.Postcode, "persona.city": who.City, "persona.country": who.Country,
		"site.id": site.ID, "site.name": site.Name, "site.url": site.URL, "site.email": site.Email,
	}
	for name, v := range site.Vars {
		if !slices.Contains(siteWords, name) {
			words["site."+name] = v
		}
	}
	return words
}

var errUnclosed = errors.New("${ is never closed: write $${ for one that is meant")

// expand replaces the variables in a text.
func expand(s string, value func(name string) (string, error)) (string, error) {
	var b strings.Builder
	for {
		i := strings.Index(s, "${")
		if i < 0 {
			b.WriteString(s)
			return b.String(), nil
		}
		if i > 0 && s[i-1] == '$' {
			b.WriteString(s[:i-1] + "${")
			s = s[i+2:]
			continue
		}
		end := strings.IndexAny(s[i+2:], "}\n")
		if end < 0 || s[i+2+end] != '}' {
			return "", errUnclosed
		}
		v, err := value(s[i+2 : i+2+end])
		if err != nil {
			return "", err
		}
		b.WriteString(s[:i] + v)
		s = s[i+2+end+1:]
	}
}

// texts replaces every text in a tree, told its path.
func texts(tree any, path []string, replace func(path []string, s string) (string, error)) (any, error) {
	var err error
	switch v := tree.(type) {
	case string:
		return replace(path, v)
	case []any:
		for i := range v {
			if v[i], err = texts(v[i], append(path, strconv.Itoa(i)), replace); err != nil {
				return nil, err
			}
		}
	case map[string]any:
		for key := range v {
			if v[key], err = texts(v[key], append(path, key), replace); err != nil {
				return nil, err
			}
		}
	}
	return tree, nil
}

// variables finds the ones in a scenario's parameters that nothing, or not
// every site, gives a value. Where the sites hold mistakes of their own, what
// they lack is not said here.
func (d *document) variables(sc *Scenario, p *Project, k probes.Kind, who probes.Persona, sitesSound bool) {
	who.Email = "-" // known when a probe is planned
	known := map[string]bool{}
	for word := range vocabulary(probes.Site{}, who) {
		known[word] = true
	}
	var everywhere []*Site // the sites without parameters of their own
	own := map[string]*Site{}
	for i := range p.Sites {
		s := &p.Sites[i]
		for name := range s.Vars {
			known["site."+name] = true
		}
		if !sc.Applies(s, k) {
			continue
		}
		if _, apart := sc.BySite[s.ID]; apart {
			own[s.ID] = s
		} else {
			everywhere = append(everywhere, s)
		}
	}
	check := func(sites []*Site, tree any, place ...string) {
		words := make([]map[string]string, len(sites))
		for i, s := range sites {
			words[i] = vocabulary(s.Site, who)
		}
		_, err := texts(tree, place, func(path []string, s string) (string, error) {
			_, err := expand(s, func(name string) (string, error) {
				at := d.within(path, "${"+name+"}")
				switch i := slices.IndexFunc(words, func(words map[string]string) bool { return words[name] == "" }); {
				case !sitesSound && strings.HasPrefix(name, "site."):
				case !known[name]:
					d.wrong(at, "unknown variable ${%s}%s", name, hint(name, sortedKeys(known)))
				case i < 0:
				case strings.HasPrefix(name, "persona."):
					d.wrong(at, "${%s} has no value: the persona %q has none", name, who.ID)
				case slices.Contains(siteWords, strings.TrimPrefix(name, "site.")):
					d.wrong(at, "${%s} has no value at the site %q: add it in sites.yaml", name, sites[i].ID)
				default:
					d.wrong(at, "${%s} has no value at the site %q: add it to the site's vars in sites.yaml", name, sites[i].ID)
				}
				return "", nil
			})
			if err != nil {
				d.wrong(d.within(path, "${"), "%s", err)
			}
			return s, nil
		})
		if err != nil { // the callback above never fails
			d.wrong(d.place(place), "%s", err)
		}
	}
	tree, _ := d.tree.(map[string]any)
	check(everywhere, tree["with"], "with")
	apart, _ := tree[bySite].(map[string]any)
	for _, id := range d.keys(bySite) {
		var sites []*Site
		if s := own[id]; s != nil {
			sites = []*Site{s}
		}
		check(sites, apart[id], bySite, id)
	}
}

func sortedKeys[V any](set map[string]V) []string {
	all := make([]string, 0, len(set))
	for k := range set {
		all = append(all, k)
	}
	slices.Sort(all)
	return all
}
