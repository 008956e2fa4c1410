// Package scoring turns facts into marks, marks into categories, and those
// into a total and a grade. It is pure: no clock, no files, no network.
package scoring

import (
	"cmp"
	"slices"
	"time"

	"touchstone/internal/evidence"
	"touchstone/scoring/stat"
)

// A Criterion is metadata plus a pure function over the facts that it names.
type Criterion struct {
	ID     string
	Title  string
	Why    string        // why it matters to the customer
	Source string        // the study, paper or RFC behind it
	Kind   string        // probe kind whose observations it reads: "mail", "web"
	Task   string        // only probes with this task; empty: every task of the kind
	Also   []Scope       // what else it reads, where other tasks or kinds record the same facts
	Needs  []string      // fact names; it is shown no others
	Unit   evidence.Unit // of Mark.Value
	Curve  string        // how the value becomes a score, in one sentence for the report

	// Judge gives the score with Value, Shown, and where it is a share K and an
	// interval; N only if it left probes out; a State with a Reason only if it
	// is not Scored. Score fills in the rest. It is called with at least one case.
	Judge func(Facts) Mark
}

// A Scope names probes: those of a kind with a task, or with any where Task is empty.
type Scope struct {
	Kind string `json:"kind"`
	Task string `json:"task,omitempty"` // empty: any
}

// Scopes lists all that the criterion reads; an observation counts once.
func (c Criterion) Scopes() []Scope { return append([]Scope{{c.Kind, c.Task}}, c.Also...) }

// reads reports whether the observation is one of those that the criterion judges.
func (c Criterion) reads(o evidence.Observation) bool {
	return slices.ContainsFunc(c.Scopes(), func(s Scope) bool { return o.Kind == s.Kind && (s.Task == "" || o.Task == s.Task) })
}

// String words the scope: "checkout by web", "task by mail" for any task.
func (s Scope) String() string { return cmp.Or(s.Task, "task") + " by " + s.Kind }

// A State says whether a mark, a category or a total has a score.
type State string

// The states. Not applicable drops out with its weight; the last two withhold
// the total of what they stand in.
const (
	Scored        State = "scored"
	NotApplicable State = "not-applicable" // the site has no such channel, or the wave did not ask
	NotMeasured   State = "not-measured"   // we could not test
	Waiting       State = "pending"        // the window is still open
)

// A Mark is one criterion's judgement of one site.
type Mark struct {
	Criterion string             `json:"criterion"`
	Site      string             `json:"site"`
	State     State              `json:"state"`
	Score     float64            `json:"score"`              // in [0,1], when scored
	Value     float64            `json:"value"`              // in Unit: what was measured, summarised over the probes
	Censored  bool               `json:"censored,omitempty"` // the value was never reached: Value is 0 and means nothing, Shown says "never"
	Unit      evidence.Unit      `json:"unit"`
	Shown     string             `json:"shown"`              // the value for a person: "2 of 3", "4 h 10 min", "never"
	K         int                `json:"k"`                  // hits, where the value is a share
	N         int                `json:"n"`                  // probes it rests on
	Interval  *Interval          `json:"interval,omitempty"` // of the value, in its unit
	Warnings  []string           `json:"warnings,omitempty"` // "1 of 3 probes could not be tested", "n < 5"
	Reason    string             `json:"reason,omitempty"`   // why it has no score
	Probes    []evidence.ProbeID `json:"probes,omitempty"`   // the observations it rests on
	Each      []ProbeScore       `json:"-"`                  // where Score is the mean over probes, what each scored
}

// An Interval is a two-sided confidence interval.
type Interval = stat.Interval

// A ProbeScore is what one probe scored by a criterion, in [0,1].
type ProbeScore struct {
	Probe evidence.ProbeID
	Score float64
}

// A Scorecard is the one list of weights, each with its reason.
type Scorecard struct {
	ID         string     `json:"id"`
	Title      string     `json:"title"`
	About      string     `json:"about"`
	Categories []Category `json:"categories"`
	Grades     []Grade    `json:"grades"` // best first; the last has Min 0
	Gates      []Gate     `json:"gates,omitempty"`
}

// A Category is a weighted group of criteria.
type Category struct {
	ID       string     `json:"id"`
	Title    string     `json:"title"`
	Weight   float64    `json:"weight"`
	Because  string     `json:"because"`
	Criteria []Weighted `json:"criteria"`
}

// A Weighted criterion stands in a category.
type Weighted struct {
	ID      string  `json:"id"`
	Weight  float64 `json:"weight"`
	Because string  `json:"because"`
}

// A Grade is reached by a total, in points of 100, of at least Min.
type Grade struct {
	Label string  `json:"label"`
	Min   float64 `json:"min"`
}

// A CategoryScore is one category of one site.
type CategoryScore struct {
	ID     string  `json:"id"`
	Title  string  `json:"title"`
	Weight float64 `json:"weight"`
	State  State   `json:"state"`
	Score  float64 `json:"score"` // points of 100
	Reason string  `json:"reason,omitempty"`
	Marks  []Mark  `json:"marks"`
}

// A SiteScore is the verdict on one site.
type SiteScore struct {
	Site       string          `json:"site"`
	State      State           `json:"state"`
	Score      float64         `json:"score"`              // points of 100, when scored
	Grade      string          `json:"grade,omitempty"`    // after the gates
	Uncapped   string          `json:"uncapped,omitempty"` // the grade of the score alone, where a gate lowered it
	Capped     string          `json:"capped,omitempty"`   // the id of the gate that lowered it
	Interval   *Interval       `json:"interval,omitempty"` // of the score, in points; nil where there are too few probes
	Rank       *stat.Rank      `json:"rank,omitempty"`     // its place among the sites, where Places was asked for it
	Fired      []string        `json:"fired,omitempty"`    // every gate whose condition holds, whether or not it lowered the grade
	Graded     string          `json:"graded,omitempty"`   // who gave the grade, where it was brought and not measured
	Reason     string          `json:"reason,omitempty"`   // why the total is withheld
	Categories []CategoryScore `json:"categories"`
}

// A Result is the judgement of a wave by one scorecard.
type Result struct {
	Wave      string      `json:"wave"`
	Scorecard Scorecard   `json:"scorecard"`
	Sites     []SiteScore `json:"sites"` // in the panel's order
}

// Facts is what a criterion may see of one site: the probes that could be
// tested, each with the facts that the criterion needs and no others.
type Facts struct{ Cases []Case }

// A Case is one testable probe as a criterion sees it.
type Case struct {
	Probe   evidence.ProbeID
	Task    string
	Outcome evidence.Outcome
	Brought bool // observed elsewhere: a fact that is not there was not asked
	Start   time.Time
	facts   []evidence.Fact
}

// has reports whether the fact was recorded at all.
func (c Case) has(name string) bool { _, ok := c.Text(name); return ok }

// Numbers gives every numeric fact of that name, one for each step that recorded it.
func (c Case) Numbers(name string) []float64 {
	var all []float64
	for _, f := range c.facts {
		if f.Name == name {
			all = append(all, f.Number)
		}
	}
	return all
}

// TextAt gives the textual fact of that name at a step.
func (c Case) TextAt(name, step string) (string, bool) {
	for _, f := range c.facts {
		if f.Name == name && f.Step == step {
			return f.Text, true
		}
	}
	return "", false
}

// Number gives the first numeric fact of that name; false when it was not
// recorded, which is itself data.
func (c Case) Number(name string) (float64, bool) {
	for _, f := range c.facts {
		if f.Name == name {
			return f.Number, true
		}
	}
	return 0, false
}

// Flag reports whether the fact was recorded as 1.
func (c Case) Flag(name string) bool { n, ok := c.Number(name); return ok && n != 0 }

// Text gives the first textual fact of that name.
func (c Case) Text(name string) (string, bool) {
	for _, f := range c.facts {
		if f.Name == name {
			return f.Text, true
		}
	}
	return "", false
}
