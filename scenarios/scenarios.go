// Package scenarios is the language in which an audit is written: the project
// file, sites, personas, scenarios and scorecards, all in YAML. It is the only
// package that knows YAML; kinds get their parameters decoded from JSON into
// the struct that they declare.
//
// A project is a folder:
//
//	touchstone.yaml     database, mail account, browser, caps
//	sites.yaml          the shops under audit, each with its authorisation
//	personas.yaml       who the shoppers are (optional; some are shipped)
//	scenarios/*.yaml    what a shopper does, one scenario a file
//	scorecards/*.yaml   weights, grades and gates (optional; some are shipped)
//	checks.yaml         what a wave has to keep to pass (optional)
package scenarios

import (
	"slices"
	"strings"
	"time"

	"touchstone/internal/evidence"
	"touchstone/probes"
	"touchstone/scoring"
)

// A Language is what project files may speak of: the probe kinds that
// scenarios choose from and the criteria that scorecards weigh.
type Language struct {
	Kinds    []probes.Kind
	Criteria []string // ids; empty: any
	Unfed    []string // of them, those that need facts which no kind records
	Checks   string   // a file of checks to read in the place of the project's
	Empty    bool     // a project without a scenario is none of its mistakes
}

// Kind gives the probe kind of that name.
func (l Language) Kind(name string) (probes.Kind, bool) {
	for _, k := range l.Kinds {
		if k.Name == name {
			return k, true
		}
	}
	return probes.Kind{}, false
}

// A Project is a whole audit as its files say it.
type Project struct {
	Dir        string // absolute
	Name       string
	Database   string // path of the SQLite file, absolute
	Evidence   string // path of the evidence folder, absolute
	Mail       *Mail  // nil when no account is configured
	Judge      *Judge // nil when none is configured
	MoreMail   []Mail // further accounts; the plan gives each probe one of all
	Browser    Browser
	Caps       Caps
	Costs      scoring.UnitCosts // of one contact
	Suppress   []string          // addresses, or domains written "@example.org", that are never written to
	Retention  time.Duration     // how long raw mails, pictures and logs are kept after a wave; 0: nothing is said
	Sender     Sender
	Report     Report // how reports of this project look
	Sites      []Site
	Scenarios  []Scenario          // by file name
	Personas   []probes.Persona    // the shipped ones, then the project's own; a project's id wins
	Scorecards []scoring.Scorecard // likewise
	Checks     []scoring.Check     // by the file's order; none where there is no checks.yaml
}

// Report says of whom a report is, and in which language. Empty fields leave it
// as it is shipped; the command line may set each anew.
type Report struct {
	Title    string
	Language string // "en", "de"
	Author   string
	Logo     string // path of an image, absolute
	Colour   string // "#rrggbb"
	Intro    string // path of a Markdown file, absolute
	Closing  string // likewise
	Evidence string // "none", "thumbs", "full"
}

// Persona gives the persona of that id.
func (p *Project) Persona(id string) (probes.Persona, bool) {
	for _, who := range p.Personas {
		if who.ID == id {
			return who, true
		}
	}
	return probes.Persona{}, false
}

// Local stands for a persona who speaks the language of the site.
const Local = "local"

// Shopper gives who visits or writes to a site in a scenario; false where there
// is nobody of that id. A local is the first who speaks the site's language, in
// the country that it names (en-US) before others; the default persona where
// nobody does.
func (p *Project) Shopper(sc *Scenario, s *Site) (probes.Persona, bool) {
	return p.shopper(sc.Persona, s.Language)
}

func (p *Project) shopper(id, language string) (probes.Persona, bool) {
	if who, ok := p.Persona(id); ok || id != Local {
		return who, ok
	}
	country := regionOf(language)
	for _, lives := range []func(probes.Persona) bool{
		func(who probes.Persona) bool { return strings.EqualFold(who.Country, country) },
		func(probes.Persona) bool { return true },
	} {
		if i := slices.IndexFunc(p.Personas, func(who probes.Persona) bool { return speaks(who, language) && lives(who) }); i >= 0 {
			return p.Personas[i], true
		}
	}
	return p.Persona(defaultPersona)
}

// Scorecard gives the scorecard of that id.
func (p *Project) Scorecard(id string) (scoring.Scorecard, bool) {
	for _, card := range p.Scorecards {
		if card.ID == id {
			return card, true
		}
	}
	return scoring.Scorecard{}, false
}

// Mail is an account that probes write from and are answered at.
type Mail struct {
	Address string // each probe's unique address, with {probe} in it: "shopper+{probe}@example.net"
	SMTP    Server
	IMAP    Server
	OAuth   *OAuth   // in place of the servers' passwords; nil: none
	Folders []string // watched beside INBOX and the folder for spam
	Pos     Pos      // of the address
}

// OAuth is how an account logs in without a password.
type OAuth struct {
	ClientID     string
	ClientSecret Secret // zero: the client has none
	AuthoriseURL string
	ExchangeURL  string
	DeviceURL    string // empty: there is none
	Scopes       []string
	Redirect     string // what the provider calls this machine: "127.0.0.1" or "localhost"
	Keep         string // file of the log-in, absolute; empty: one among the user's settings
	CA           string // PEM file of a private authority, absolute, or empty
	Pos          Pos
}

// A Server is one end of a mail account. Password is resolved from the
// environment or a file by Secret, only when it is needed.
type Server struct {
	Host     string
	Port     int
	Security string // "starttls" or "tls"
	Username string
	Password Secret
	CA       string // PEM file of a private authority, absolute, or empty
}

// A Sender is who stands behind the mails. All of it may be empty.
type Sender struct {
	Name    string
	Contact string // an address that a person reads
	Address string // where they are found
}

// Judge is a language model that may be asked whether a reply answers.
type Judge struct {
	URL, Model        string
	Key               Secret  // without Env and File: none is needed
	PriceIn, PriceOut float64 // for a million tokens, in the currency of MaxCost
	Temperature       float64
	Timeout           time.Duration // of one answer
	MaxCalls          int           // in one run
	MaxCost           float64       // likewise; 0: no bound
	Pos               Pos
}

// Browser says how pages are driven.
type Browser struct {
	Path    string // of the executable; empty: the first that is found
	Unboxed bool   // without its sandbox
	Isolate bool   // each site of a page in a process of its own
	Canary  bool   // timings are thrown away where a canary page was slow beside them
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
	Cohort        string         // "own", "competitor", or a sector
	Timezone      *time.Location // the place that the site's Timezone names
	Authorisation Authorisation
	Password      Secret // of its Customer; zero: none is known
	Pos           Pos
}

// Hours are the hours of a week in which a site is written to.
type Hours = probes.Hours

// A Scenario is what a mystery shopper does and what a good service would do.
type Scenario struct {
	ID        string
	Title     string
	About     string
	Kind      string
	Task      string // what the customer tries to do: criteria choose by it
	Effects   []evidence.Effect
	Perhaps   []evidence.Effect // beside them, at sites that allow it; see EffectsAt
	Persona   string            // an id, or Local
	Window    time.Duration     // how long an answer may take; 0 for a visit
	Repeat    int               // at least 1
	Sites     []string          // ids; empty: every site that has the kind's channel
	Params    any               // pointer to the kind's Params, ${…} still in place; nil: only the sites of BySite
	BySite    map[string]any    // likewise, by site id: what is done there in the place of Params
	Pos       Pos
	EffectPos []Pos // of each effect
	ParamsPos Pos

	WhereAllowed bool // left out at sites that do not allow the effects
}
