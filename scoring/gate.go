package scoring

import "touchstone/internal/evidence"

// A Gate caps the grade, whatever the mean: some failures are not made good by
// anything else.
type Gate struct {
	ID      string    `json:"id"`
	Title   string    `json:"title"`
	When    Condition `json:"when"`
	Cap     string    `json:"cap"` // the best grade that is left, by its label
	Because string    `json:"because"`
}

// A Condition holds when a criterion's score, in [0,1], compares so.
type Condition struct {
	Criterion string  `json:"criterion"`
	Op        string  `json:"op"` // one of Ops
	Value     float64 `json:"value"`
}

// Ops are the comparisons of conditions and checks.
var Ops = []string{"<", "<=", "==", "!=", ">=", ">"}

// Points is the unit of scores, 0 to 100. Facts never have it.
const Points evidence.Unit = "points"

// A Check is what a figure has to keep for a wave to pass.
type Check struct {
	ID       string        `json:"id"`
	Kind     string        `json:"kind"`               // "fact", "mark", "category", "grade", "total"
	Name     string        `json:"name,omitempty"`     // of the fact; id of the criterion or category
	Site     string        `json:"site,omitempty"`     // empty: every site
	Scenario string        `json:"scenario,omitempty"` // of a fact; empty: every scenario that records it
	Op       string        `json:"op"`                 // one of Ops
	Limit    float64       `json:"limit"`              // in Unit; points of 100 for a category and a total
	Grade    string        `json:"grade,omitempty"`    // the limit of a grade, by its label
	Unit     evidence.Unit `json:"unit,omitempty"`
	Level    string        `json:"level"` // "off", "warn", "error"
}
