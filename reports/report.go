// Package reports turns a judged wave into one model that every format shows.
// New does all the counting; a Format computes nothing, so that the same
// figure can't differ between the HTML and the JSON.
package reports

import (
	"io"
	"time"

	"touchstone/internal/evidence"
	"touchstone/scoring"
	"touchstone/scoring/stat"
)

// Schema is the version of the model's JSON form. It changes when a field
// changes its meaning or goes; new fields don't change it.
const Schema = "touchstone.report/1"

// A Format writes a report in one form: Write as one file, or Files as a
// folder of several, one of the two.
type Format struct {
	Name      string // "html", as --format names it
	Extension string // ".html"; of a folder empty
	Pictures  bool   // it shows screenshots
	Write     func(io.Writer, *Report) error
	Files     func(Folder, *Report) error
}

// A Folder writes the file of that name, a slash path below the folder. Files
// are written one after another.
type Folder func(name string, write func(io.Writer) error) error

// A Report is everything that is shown of one wave. Build it with New.
type Report struct {
	Schema      string         `json:"schema"`
	Title       string         `json:"title"`
	Generated   time.Time      `json:"generated"`
	PeopleShown bool           `json:"people_shown"` // false: names and addresses of agents are pseudonyms
	Wave        Wave           `json:"wave"`
	Headline    []string       `json:"headline"` // whole sentences, the first figures a reader wants
	Verdicts    []Verdict      `json:"verdicts"` // by score, withheld last
	Method      Method         `json:"method"`
	Grades      Distribution   `json:"grades"`
	Answers     Distribution   `json:"answers"`
	Criteria    []CriterionRow `json:"criteria"` // in the scorecard's order
	Sites       []SitePart     `json:"sites"`    // in the panel's order
	Scorecard   Scorecard      `json:"scorecard"`
	References  []Reference    `json:"references"`
	Sensitivity Sensitivity    `json:"sensitivity"`
	Limits      []string       `json:"limits"`
	Accuracy    []Accuracy     `json:"accuracy"`         // how well the program reads, on data that others labelled
	Review      *Review        `json:"review,omitempty"` // what people and a judge model said of the reading
	Reply       string         `json:"right_of_reply"`
	Replies     []SiteReply    `json:"replies,omitempty"` // of the sites that were sent their part
	Public      bool           `json:"public,omitempty"`  // it kept the rules of publication: see Missing

	Language     string        `json:"language"`      // of the report's own words, BCP 47
	EvidenceKept string        `json:"evidence_kept"` // what of the proof the report carries: one of Evidences
	Front        Front         `json:"front"`
	Waits        Waits         `json:"waits"`
	Quadrant     Quadrant      `json:"quadrant"`
	MustHaves    MustHaves     `json:"must_haves"`
	Merchants    Merchants     `json:"merchants"`
	Promises     Promises      `json:"promises"`
	Consistency  []Consistency `json:"consistency"`
	Hours        Hours         `json:"hours"`
	Fixes        []SiteFixes   `json:"fixes"` // in the panel's order
	Costs        []SiteCost    `json:"costs"` // likewise
	Changes      *Changes      `json:"changes,omitempty"`
	Label        *Label        `json:"label,omitempty"` // of whom the report is
}

// CriterionTitle names a criterion of the scorecard, by its id where it has no title.
func (r *Report) CriterionTitle(id string) string {
	for _, c := range r.Criteria {
		if c.ID == id && c.Title != "" {
			return c.Title
		}
	}
	return id
}

// SiteName names a site of the panel, by its id where it has no name.
func (r *Report) SiteName(id string) string {
	for _, s := range r.Sites {
		if s.ID == id && s.Name != "" {
			return s.Name
		}
	}
	return id
}

// A Wave says what was carried out, when and by which program.
type Wave struct {
	ID        string        `json:"id"`
	Seed      uint64        `json:"seed"`
	Plan      string        `json:"plan"`    // hash of the frozen plan
	Version   string        `json:"version"` // of the program
	Planned   time.Time     `json:"planned"`
	Started   time.Time     `json:"started"`
	Ended     time.Time     `json:"ended,omitzero"` // zero while it runs
	Window    time.Duration `json:"window"`         // longest time that an answer was given, in nanoseconds
	DemoClock bool          `json:"demo_clock"`     // waits were skipped by the demo's clock
}

// A Site is a shop of the panel.
type Site struct {
	ID            string `json:"id"`
	Name          string `json:"name"`
	Cohort        string `json:"cohort"`
	URL           string `json:"url,omitempty"`
	Email         string `json:"email,omitempty"` // its published address
	Authorisation string `json:"authorisation"`
	Language      string `json:"language,omitempty"` // BCP 47

	Opening Opening `json:"opening,omitzero"` // when people are there
}

// A Verdict is the judgement of one site in a line.
type Verdict struct {
	Site   string        `json:"site"`
	Name   string        `json:"name"`
	Cohort string        `json:"cohort"`
	Number int           `json:"number"` // of the site in the panel, from 1: its mark in every chart
	State  scoring.State `json:"state"`
	Score  float64       `json:"score"` // points of 100, when State is scored
	Grade  string        `json:"grade,omitempty"`
	Why    string        `json:"why"` // one sentence; why the total is withheld, where it is

	Interval *scoring.Interval `json:"interval,omitempty"` // of the score; nil where there are too few probes
	Rank     *stat.Rank        `json:"rank,omitempty"`     // its place and the range that chance leaves open
}

// Method says how the figures came about.
type Method struct {
	SitesAsked   int            `json:"sites_asked"`
	SitesUsable  int            `json:"sites_usable"` // with at least one probe that could be tested
	ProbesAsked  int            `json:"probes_asked"`
	ProbesUsable int            `json:"probes_usable"`
	PerSite      [2]int         `json:"probes_per_site"` // fewest and most
	Outcomes     []OutcomeCount `json:"outcomes"`        // those that occurred
	Dropped      []Dropped      `json:"dropped"`         // each probe that enters no score, and why
	Scenarios    []ScenarioLine `json:"scenarios"`
	Visits       *Visits        `json:"visits,omitempty"`
	Untested     []string       `json:"untested"`
	Notes        []string       `json:"notes"`
}

// An OutcomeCount counts the probes that ended in one way.
type OutcomeCount struct {
	Outcome evidence.Outcome `json:"outcome"`
	Meaning string           `json:"meaning"`
	Share
}

// A Dropped probe, or a whole site when Probe is zero, could not be tested.
type Dropped struct {
	Site     string           `json:"site"` // name
	Scenario string           `json:"scenario,omitempty"`
	Repeat   int              `json:"repeat,omitempty"`
	Outcome  evidence.Outcome `json:"outcome,omitempty"`
	Reason   string           `json:"reason"`
}

// A ScenarioLine says what was asked, and where.
type ScenarioLine struct {
	Scenario
	Asked    int      `json:"asked"`     // probes
	Usable   int      `json:"usable"`    // of them
	NotAsked []string `json:"not_asked"` // names of the sites where it was not tried
}

// A Share is k of n, never a bare percentage.
type Share struct {
	K        int               `json:"k"`
	N        int               `json:"n"`
	Interval *scoring.Interval `json:"interval,omitempty"` // of K/N; nil when N is 0
}

// Value is K/N, 0 of nothing.
func (s Share) Value() float64 { return scoring.Proportion(s.K, s.N) }

// A Distribution counts things by class, beside published figures.
type Distribution struct {
	Unit    string  `json:"unit"` // what is counted: "graded sites"
	N       int     `json:"n"`
	Classes []Class `json:"classes"`
	Apart   []Apart `json:"apart"` // what is not among the n, and why
}

// A Class is one row of a distribution.
type Class struct {
	Label  string   `json:"label"`
	Covers []string `json:"covers,omitempty"` // labels of the classes that it lumps together, as a published figure did
	Share
	Published []Published `json:"published,omitempty"`
}

// An Apart counts what a distribution leaves out.
type Apart struct {
	Label string `json:"label"`
	K     int    `json:"k"`
	N     int    `json:"n"`
	Of    string `json:"of"` // what N counts
}

// Published is a reference figure for one class.
type Published struct {
	Reference string  `json:"reference"` // id
	Short     string  `json:"short"`
	Share     float64 `json:"share"`
	N         int     `json:"n"` // 0: unknown
	Of        string  `json:"of"`
}

// A CriterionRow shows one criterion over all sites.
type CriterionRow struct {
	ID       string          `json:"id"`
	Title    string          `json:"title"`
	Why      string          `json:"why"`
	Source   string          `json:"source"`
	Curve    string          `json:"curve"`
	Reads    []scoring.Scope `json:"reads"` // the probes that it judges
	Needs    []string        `json:"needs"`
	Unit     evidence.Unit   `json:"unit"`
	Category string          `json:"category"` // title
	Weight   float64         `json:"weight"`
	Because  string          `json:"because"`
	Dots     []Dot           `json:"dots"` // in the panel's order
}

// A Dot is one site's mark in points of 100.
type Dot struct {
	Site   string        `json:"site"`
	Name   string        `json:"name"`
	Number int           `json:"number"`
	State  scoring.State `json:"state"`
	Points float64       `json:"points"`
	Shown  string        `json:"shown"`
	N      int           `json:"n"`
	Reason string        `json:"reason,omitempty"`
}

// A SitePart is the part of the report on one site: what one would send to it.
type SitePart struct {
	Site
	Verdict    Verdict                 `json:"verdict"`
	Categories []scoring.CategoryScore `json:"categories"`
	Probes     []Probe                 `json:"probes"`
}

// A Probe is one visit or correspondence with its proof.
type Probe struct {
	ID       evidence.ProbeID `json:"id"`
	Scenario string           `json:"scenario"` // title
	Kind     string           `json:"kind"`
	Task     string           `json:"task,omitempty"`
	Reading  string           `json:"reading"`
	Start    time.Time        `json:"start"`
	Took     time.Duration    `json:"took"`              // nanoseconds
	Deadline time.Time        `json:"deadline,omitzero"` // when the window closes; zero for a visit
	Outcome  evidence.Outcome `json:"outcome"`
	Reason   string           `json:"reason,omitempty"`
	Thread   []Message        `json:"thread,omitempty"`
	Film     []Frame          `json:"film,omitempty"`
	Timeline *Timeline        `json:"timeline,omitempty"`
	Way      []Page           `json:"way,omitempty"` // documents that the visit opened, in order
	Form     *FormSeen        `json:"form,omitempty"`
	Facts    []evidence.Fact  `json:"facts"`
	Missing  []string         `json:"missing,omitempty"`
	Evidence []Proof          `json:"evidence,omitempty"` // by name
}

// A Message is one mail of a thread.
type Message struct {
	Step    string       `json:"step"` // "letter" for ours, then "letter-2"…; "reply-1"…
	Ours    bool         `json:"ours"`
	From    string       `json:"from"`
	Subject string       `json:"subject"`
	Text    string       `json:"text"`        // own words, without what they quote
	At      time.Time    `json:"at,omitzero"` // zero when it was never accepted
	After   float64      `json:"after"`       // s since our mail was accepted
	Class   string       `json:"class,omitempty"`
	Rule    string       `json:"rule,omitempty"` // that decided the class
	Ref     evidence.Ref `json:"ref,omitempty"`
	Hops    []Hop        `json:"hops,omitempty"`
	HTML    string       `json:"-"` // sanitised, of an answer that has such a form; only with full evidence
}

// A Frame is one step of a visit.
type Frame struct {
	Step    string   `json:"step"`
	Words   string   `json:"words"`          // what was done, in words
	Took    *float64 `json:"took,omitempty"` // s
	Picture *Picture `json:"picture,omitempty"`
}

// A Picture is a screenshot, scaled for the report. Its bytes are in no JSON:
// the address leads to the original.
type Picture struct {
	Name    string       `json:"name"`
	Ref     evidence.Ref `json:"ref"`
	Width   int          `json:"width"`  // px, as scaled
	Height  int          `json:"height"` // px, as scaled
	Problem string       `json:"problem,omitempty"`

	jpeg []byte
	draw func() []byte // of one that is not held
}

// A Proof names stored bytes.
type Proof struct {
	Name string       `json:"name"`
	Ref  evidence.Ref `json:"ref"`
}

// A Scorecard is what was judged by.
type Scorecard struct {
	scoring.Scorecard
	Hash string `json:"hash"` // SHA-256 of its JSON form
}
