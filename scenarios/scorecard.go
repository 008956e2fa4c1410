package scenarios

import "touchstone/scoring"

// The shape of scorecards/*.yaml.
type scorecardFile struct {
	ID         string          `json:"id" jsonschema:"format=id" jsonschema_description:"what commands call it"`
	Title      string          `json:"title" jsonschema:"format=words" jsonschema_description:"what reports call it"`
	About      string          `json:"about,omitempty" jsonschema_description:"whom it is for, and what it leaves out"`
	Categories []categoryEntry `json:"categories" jsonschema:"minItems=1" jsonschema_description:"what is judged"`
	Grades     []gradeEntry    `json:"grades" jsonschema:"minItems=1" jsonschema_description:"best first; the last begins at 0"`
}

type categoryEntry struct {
	ID       string           `json:"id" jsonschema:"format=id" jsonschema_description:"a short name"`
	Title    string           `json:"title" jsonschema:"format=words" jsonschema_description:"what reports call it"`
	Weight   float64          `json:"weight" jsonschema:"exclusiveMinimum=0" jsonschema_description:"its share among the categories; any scale"`
	Because  string           `json:"because" jsonschema:"format=words" jsonschema_description:"the reason for the weight, for whoever reads the report"`
	Criteria []criterionEntry `json:"criteria" jsonschema:"minItems=1" jsonschema_description:"what the category is made of"`
}

type criterionEntry struct {
	ID      string  `json:"id" jsonschema_description:"one of 'touchstone criteria'"`
	Weight  float64 `json:"weight" jsonschema:"exclusiveMinimum=0" jsonschema_description:"its share in the category; any scale"`
	Because string  `json:"because" jsonschema:"format=words" jsonschema_description:"the reason for the weight, for whoever reads the report"`
}

type gradeEntry struct {
	Label string  `json:"label" jsonschema:"format=words" jsonschema_description:"such as good"`
	Min   float64 `json:"min" jsonschema:"minimum=0,maximum=100" jsonschema_description:"the least total that earns it, in points of 100"`
}

// scorecards reads scorecards/*.yaml.
func (ld *loader) scorecards() []scoring.Scorecard {
	cards := register{}
	var all []scoring.Scorecard
	for _, file := range ld.list("scorecards") {
		var f scorecardFile
		d, _ := ld.read("scorecard", file, &f)
		if d == nil {
			continue
		}
		cards.take(d, "scorecard", f.ID, d.at("id"))
		card := scoring.Scorecard{ID: f.ID, Title: f.Title, About: f.About}
		categories, criteria := register{}, register{}
		for i, c := range f.Categories {
			categories.take(d, "category", c.ID, d.at("categories", i, "id"))
			category := scoring.Category{ID: c.ID, Title: c.Title, Weight: c.Weight, Because: c.Because}
			for k, w := range c.Criteria {
				criteria.take(d, "criterion", w.ID, d.at("categories", i, "criteria", k, "id"))
				category.Criteria = append(category.Criteria, scoring.Weighted{ID: w.ID, Weight: w.Weight, Because: w.Because})
			}
			card.Categories = append(card.Categories, category)
		}
		card.Grades = d.grades(f.Grades)
		all = append(all, card)
	}
	return all
}

// grades checks that every total has exactly one grade.
func (d *document) grades(entries []gradeEntry) []scoring.Grade {
	labels := register{}
	var all []scoring.Grade
	for i, g := range entries {
		at := d.at("grades", i, "min")
		labels.take(d, "grade", g.Label, d.at("grades", i, "label"))
		if i > 0 && g.Min >= entries[i-1].Min {
			d.wrong(at, "grades go from the best down: %g is not below the %g before it", g.Min, entries[i-1].Min)
		} else if i == len(entries)-1 && g.Min != 0 {
			d.wrong(at, "the last grade begins at 0, not at %g: every total needs a grade", g.Min)
		}
		all = append(all, scoring.Grade(g))
	}
	return all
}
