// Package scenarios is the language in which an audit is written: the project
// file, sites, personas, scenarios and scorecards, all in YAML. It is the only
// package that knows YAML; kinds get their parameters decoded from JSON into
// the struct that they declare.
package scenarios

import (
	"time"

	"touchstone/internal/evidence"
	"touchstone/probes"
	"touchstone/scoring"
)

// A Project is a whole audit as its files say it, with every mistake found.
type Project struct {
	Dir        string
	Name       string
	Database   string // path of the SQLite file, absolute
	Evidence   string // path of the evidence folder, absolute
	Mail       *Mail  // nil when no account is configured
	Browser    Browser
	Caps       Caps
	Suppress   []string // addresses, or domains written "@example.org", that are never written to
	Sites      []Site
	Scenarios  []Scenario
	Personas   []probes.Persona
	Scorecards []scoring.Scorecard // the shipped ones, then the project's own; a project's id wins
}

// Mail is the account that probes write from and are answered at.
type Mail struct {
	Address string // each probe's unique address, with {probe} in it: "shopper+{probe}@example.net"
	SMTP    Server
	IMAP    Server
	Pos     Pos
}

// A Server is one end of the mail account. Password is resolved from the
// environment or a file by Secret, only when it is needed.
type Server struct {
	Host     string
	Port     int
	Security string // "starttls" or "tls"
	Username string
	Password Secret
	CA       string // PEM file of a private authority, absolute, or empty
}

// A Secret is a reference, never a value.
type Secret struct {
	Env  string
	File string
	Pos  Pos
}

// Browser says how pages are driven.
type Browser struct {
	Path string // of the executable; empty: the first that is found
}

// Caps bound how much a site is bothered.
type Caps struct {
	PerSitePerDay  int
	PerSitePerWeek int
	MinDistance    time.Duration // between two contacts with one site
}

// A Site is a shop under audit.
type Site struct {
	probes.Site
	Cohort        string // "own", "competitor", or a sector
	Timezone      *time.Location
	Language      string // BCP 47
	Hours         Hours  // when mails may be sent, in Timezone
	Authorisation Authorisation
	Pos           Pos
}

// Hours are the hours of a week in which a site is written to.
type Hours struct {
	Days     [7]bool       // by time.Weekday
	From, To time.Duration // since local midnight; both zero: all day
}

// An Authorisation says what a site allows. See Grants.
type Authorisation struct {
	As      string            // "own", "permission", "public-enquiry"; empty: no record
	By      string            // who gave the permission
	On      string            // when, as written: 2026-11-01
	Grant   []evidence.Effect // beyond what As allows by itself
	Sandbox bool              // payment goes to a sandbox
	Pos     Pos
}

// A Scenario is what a mystery shopper does and what a good service would do.
type Scenario struct {
	ID        string
	Title     string
	About     string
	Kind      string
	Task      string // what the customer tries to do: criteria choose by it
	Effects   []evidence.Effect
	Persona   string
	Window    time.Duration // how long an answer may take; 0 for a visit
	Repeat    int           // at least 1
	Sites     []string      // ids; empty: every site that has the kind's channel
	Params    any           // pointer to the kind's Params, ${…} still in place
	Pos       Pos
	EffectPos []Pos // of each effect
	ParamsPos Pos
}

// A Pos is a place in a file, for messages: "sites.yaml:14:5".
type Pos struct {
	File      string // relative to the project's folder
	Line, Col int
}
