package scenarios

import (
	"slices"
	"strings"

	"touchstone/scoring"
)

// The shape of scorecards/*.yaml.
type scorecardFile struct {
	ID         string          `json:"id" jsonschema:"format=id" jsonschema_description:"what commands call it"`
	Title      string          `json:"title" jsonschema:"format=words" jsonschema_description:"what reports call it"`
	About      string          `json:"about,omitempty" jsonschema_description:"whom it is for, and what it leaves out"`
	Categories []categoryEntry `json:"categories" jsonschema:"minItems=1" jsonschema_description:"what is judged"`
	Grades     []gradeEntry    `json:"grades" jsonschema:"minItems=1" jsonschema_description:"best first; the last begins at 0"`
	Gates      []gateEntry     `json:"gates,omitempty" jsonschema_description:"what caps the grade, whatever the mean"`
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

type gateEntry struct {
	ID      string    `json:"id" jsonschema:"format=id" jsonschema_description:"a short name"`
	Title   string    `json:"title" jsonschema:"format=words" jsonschema_description:"what reports call it"`
	When    whenEntry `json:"when" jsonschema_description:"the score at which it falls"`
	Cap     string    `json:"cap" jsonschema_description:"the best grade that is left, by its label"`
	Because string    `json:"because" jsonschema:"format=words" jsonschema_description:"the reason, for whoever reads the report"`
}

type whenEntry struct {
	Criterion string  `json:"criterion" jsonschema_description:"one that the scorecard weighs"`
	Op        string  `json:"op" jsonschema_description:"how its score is compared, in quotes"`
	Value     float64 `json:"value" jsonschema:"minimum=0,maximum=1" jsonschema_description:"with what, from 0 to 1"`
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
			if len(c.Criteria) > 0 && !slices.ContainsFunc(c.Criteria, func(w criterionEntry) bool { return !slices.Contains(ld.Unfed, w.ID) }) {
				d.wrong(d.at("categories", i, "id"), "the category can never be judged: no kind of probe records what %s", needs(c.Criteria))
			}
			card.Categories = append(card.Categories, category)
		}
		card.Grades = d.grades(f.Grades)
		card.Gates = d.gates(f.Gates, card.Grades, criteria)
		all = append(all, card)
	}
	return all
}

// needs words whose facts are missing: "its criterion chat-open needs".
func needs(entries []criterionEntry) string {
	if len(entries) == 1 {
		return "its criterion " + entries[0].ID + " needs"
	}
	return "its criteria need: " + strings.Join(names(entries, func(w criterionEntry) string { return w.ID }), ", ")
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

// gates checks that each of them can fall, and then changes something.
func (d *document) gates(entries []gateEntry, grades []scoring.Grade, weighed register) []scoring.Gate {
	ids := register{}
	labels := names(grades, func(g scoring.Grade) string { return g.Label })
	var all []scoring.Gate
	for i, e := range entries {
		ids.take(d, "gate", e.ID, d.at("gates", i, "id"))
		g := scoring.Gate{ID: e.ID, Title: e.Title, When: scoring.Condition(e.When), Cap: e.Cap, Because: e.Because}
		if _, ok := weighed[e.When.Criterion]; !ok && e.When.Criterion != "" {
			d.wrong(d.at("gates", i, "when", "criterion"), "the gate can never fall: the scorecard does not weigh %q%s", e.When.Criterion, hint(e.When.Criterion, sortedKeys(weighed)))
		}
		at := d.at("gates", i, "when", "value")
		switch low, high := holds(0, g.When), holds(1, g.When); {
		case !low && !high && !holds(g.When.Value, g.When) && slices.Contains(scoring.Ops, g.When.Op):
			d.wrong(at, "the gate can never fall: no score from 0 to 1 is %s %g", g.When.Op, g.When.Value)
		case low && high && slices.Contains([]string{"<=", ">="}, g.When.Op):
			d.wrong(at, "the gate always falls: every score from 0 to 1 is %s %g", g.When.Op, g.When.Value)
		}
		switch at := d.at("gates", i, "cap"); {
		case len(grades) == 0 || g.Cap == "": // that was said
		case !slices.Contains(labels, g.Cap):
			d.wrong(at, "unknown grade %q%s", g.Cap, hint(g.Cap, labels))
		case g.Cap == grades[0].Label:
			d.wrong(at, "the gate changes nothing: %q is the best grade", g.Cap)
		}
		all = append(all, g)
	}
	return all
}

// holds reports whether a score meets a condition.
func holds(score float64, c scoring.Condition) bool {
	switch c.Op {
	case "<":
		return score < c.Value
	case "<=":
		return score <= c.Value
	case "==":
		return score == c.Value
	case "!=":
		return score != c.Value
	case ">=":
		return score >= c.Value
	case ">":
		return score > c.Value
	}
	return false
}
