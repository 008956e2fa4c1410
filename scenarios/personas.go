package scenarios

import (
	"slices"
	"strings"

	"golang.org/x/text/language"

	"touchstone/probes"
)

// The shape of personas.yaml.
type personasFile struct {
	Personas []personaEntry `json:"personas" jsonschema:"minItems=1" jsonschema_description:"who the shoppers are"`
}

type personaEntry struct {
	ID       string `json:"id" jsonschema:"format=id" jsonschema_description:"a short name, for scenarios"`
	Given    string `json:"given" jsonschema:"format=words" jsonschema_description:"given name"`
	Family   string `json:"family" jsonschema:"format=words" jsonschema_description:"family name"`
	Phone    string `json:"phone,omitempty" jsonschema_description:"a number of the range that the country reserves for fiction"`
	Street   string `json:"street,omitempty" jsonschema_description:"street and house number"`
	Postcode string `json:"postcode,omitempty"`
	City     string `json:"city,omitempty"`
	Country  string `json:"country,omitempty" jsonschema:"format=country" jsonschema_description:"two capital letters, such as GB"`
	State    string `json:"state,omitempty" jsonschema_description:"province, prefecture or county, as lists of the country call it"`
	Sound    string `json:"sound,omitempty" jsonschema_description:"family and given name in katakana, which Japanese forms ask for"`
	Company  string `json:"company,omitempty" jsonschema_description:"given where a form insists on one"`
	Born     string `json:"born,omitempty" jsonschema:"pattern=^\\d{4}-\\d{2}-\\d{2}$" jsonschema_description:"date of birth, such as 1984-05-17"`
	Language string `json:"language,omitempty" jsonschema:"format=language" jsonschema_description:"such as en or de-AT"`
	Timezone string `json:"timezone,omitempty" jsonschema:"format=timezone" jsonschema_description:"of their computer, such as Europe/Berlin; the country's unless given"`
	Device   string `json:"device,omitempty" jsonschema:"enum=desktop,enum=mobile,default=desktop" jsonschema_description:"what they visit shops with"`
}

// defaultPersona is who acts in a scenario that names nobody.
const defaultPersona = "anna"

// personas reads personas.yaml, where there is one.
func (ld *loader) personas() []probes.Persona {
	const file = "personas.yaml"
	if !ld.exists(file, false) {
		return nil
	}
	var f personasFile
	d, _ := ld.read("personas", file, &f)
	if d == nil {
		return nil
	}
	ids := register{}
	var all []probes.Persona
	for i, e := range f.Personas {
		ids.take(d, "persona", e.ID, d.at("personas", i, "id"))
		all = append(all, probes.Persona{
			ID: e.ID, Given: e.Given, Family: e.Family, Phone: e.Phone, Street: e.Street,
			Postcode: e.Postcode, City: e.City, Country: e.Country, State: e.State, Sound: e.Sound, Company: e.Company, Born: e.Born,
			Language: e.Language, Timezone: e.Timezone, Device: e.Device,
		})
	}
	return all
}

// Shopper gives the shipped persona who speaks a language (BCP 47), one of the
// language's region where it names one that has any, and the default one where
// nobody speaks it.
func (l Language) Shopper(language string) (probes.Persona, error) {
	j, err := l.judge()
	if err != nil {
		return probes.Persona{}, err
	}
	ld := &loader{Language: l, judge: j, fsys: Library(), prefix: "library/"}
	all := ld.personas()
	if ld.err != nil {
		return probes.Persona{}, ld.err
	}
	_, region, _ := strings.Cut(language, "-")
	i := slices.IndexFunc(all, func(p probes.Persona) bool { return speaks(p, language) && strings.EqualFold(p.Country, region) })
	if i < 0 {
		i = slices.IndexFunc(all, func(p probes.Persona) bool { return speaks(p, language) })
	}
	if i < 0 {
		i = max(0, slices.IndexFunc(all, func(p probes.Persona) bool { return p.ID == defaultPersona }))
	}
	return all[i], nil
}

// speaks reports whether a persona speaks a language (BCP 47), in whatever
// country.
func speaks(p probes.Persona, language string) bool {
	return language != "" && (strings.EqualFold(p.Language, language) || strings.HasPrefix(strings.ToLower(language), strings.ToLower(p.Language)+"-"))
}

// regionOf gives the country that a language tag names, "" where it names none.
func regionOf(tag string) string {
	if t, err := language.Parse(tag); err == nil {
		if region, sure := t.Region(); sure == language.Exact {
			return region.String()
		}
	}
	return ""
}
