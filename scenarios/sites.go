package scenarios

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"touchstone/internal/evidence"
	"touchstone/probes"
)

// The shape of sites.yaml.
type sitesFile struct {
	Sites []siteEntry `json:"sites" jsonschema:"minItems=1" jsonschema_description:"the shops under audit"`
}

type siteEntry struct {
	ID            string             `json:"id" jsonschema:"format=id" jsonschema_description:"a short name for files and reports, such as brass-and-sons"`
	Name          string             `json:"name,omitempty" jsonschema_description:"what the shop calls itself; its id unless given"`
	Cohort        string             `json:"cohort,omitempty" jsonschema_description:"its peer group: own, competitor, or a sector; own or competitor, by the authorisation, unless given"`
	URL           string             `json:"url,omitempty" jsonschema:"format=url" jsonschema_description:"the start page"`
	Email         string             `json:"email,omitempty" jsonschema:"format=email" jsonschema_description:"the address that the site publishes for questions"`
	Domains       []string           `json:"domains,omitempty" jsonschema:"format=hostname" jsonschema_description:"hosts beside the start page's own that a visit may go to"`
	Robots        string             `json:"robots,omitempty" jsonschema:"enum=discovery,enum=strict,default=discovery" jsonschema_description:"what robots.txt binds: discovery, pages that nothing on the way has offered; strict, every page"`
	Timezone      string             `json:"timezone,omitempty" jsonschema:"format=timezone,default=UTC" jsonschema_description:"IANA name, such as Europe/Berlin"`
	Language      string             `json:"language,omitempty" jsonschema:"format=language" jsonschema_description:"the language of the shop, such as en or de-AT"`
	Hours         *hoursEntry        `json:"hours,omitempty" jsonschema_description:"when mails are sent to it, in its time zone; mon-fri 09:00 to 17:00 unless given"`
	Authorisation authorisationEntry `json:"authorisation,omitempty" jsonschema_description:"what the audit may do there; without it nothing is run"`
	Vars          map[string]string  `json:"vars,omitempty" jsonschema_description:"words of this site for ${site.…} in scenarios"`
	Customer      *customerEntry     `json:"customer,omitempty" jsonschema_description:"a customer of the site whom probes may be, with an order that they may ask for, cancel or return"`
}

type customerEntry struct {
	Email    string     `json:"email" jsonschema:"format=email" jsonschema_description:"who ordered"`
	Password *secretRef `json:"password,omitempty" jsonschema_description:"where the account's password is: {env: NAME} or {file: path}; without it only what needs no account is tried"`
	Order    string     `json:"order,omitempty" jsonschema_description:"the number of an order that is not sent yet, in quotes: it may be looked up, and cancelled where change-account is declared and granted"`
	Arrived  string     `json:"arrived,omitempty" jsonschema_description:"the number of an order that has arrived, in quotes: it may be returned likewise; the other one unless given"`
	Postcode string     `json:"postcode,omitempty" jsonschema_description:"that the order went to, in quotes"`
	Family   string     `json:"family,omitempty" jsonschema_description:"the family name that it was placed under, for shops that ask for it"`
}

type cardEntry struct {
	Number  string `json:"number" jsonschema_description:"one that the payment provider publishes for tests and always declines, in quotes"`
	Expires string `json:"expires" jsonschema_description:"month and year, such as 12/2030"`
	Code    string `json:"code,omitempty" jsonschema:"default=123" jsonschema_description:"its check digits, in quotes"`
}

type hoursEntry struct {
	Days weekdays `json:"days,omitempty" jsonschema_description:"a range such as mon-fri, or a list such as [mon, wed]; mon-fri unless given"`
	From string   `json:"from,omitempty" jsonschema:"format=clock,default=09:00" jsonschema_description:"the first moment of the day, in quotes"`
	To   string   `json:"to,omitempty" jsonschema:"format=clock,default=17:00" jsonschema_description:"the last moment of the day, in quotes; up to 24:00"`
}

type authorisationEntry struct {
	As      string            `json:"as" jsonschema:"enum=own,enum=permission,enum=public-enquiry" jsonschema_description:"own: you operate it; permission: its owner agreed; public-enquiry: only what any shopper may ask or look at"`
	By      string            `json:"by,omitempty" jsonschema_description:"who gave the permission"`
	On      string            `json:"on,omitempty" jsonschema:"format=date" jsonschema_description:"when it was given"`
	Grant   []evidence.Effect `json:"grant,omitempty" jsonschema:"uniqueItems=true" jsonschema_description:"effects allowed beyond what 'as' allows by itself"`
	Sandbox bool              `json:"sandbox,omitempty" jsonschema_description:"payment goes to a sandbox, never to a bank"`

	Declined *cardEntry `json:"declined-card,omitempty" jsonschema_description:"the test card that this sandbox declines, for decline-card"`
}

// siteWords are what ${site.…} can say of every site, without vars.
var siteWords = []string{"id", "name", "url", "email"}

// sites reads sites.yaml.
func (ld *loader) sites(p *Project) {
	const file = "sites.yaml"
	if !ld.exists(file, true) {
		return
	}
	var f sitesFile
	d, _ := ld.read("sites", file, &f)
	if d == nil {
		return
	}
	ids := register{}
	zones := map[string]*time.Location{}
	for i, e := range f.Sites {
		ids.take(d, "site", e.ID, d.at("sites", i, "id"))
		zone, known := zones[e.Timezone]
		if !known {
			zone, _ = time.LoadLocation(e.Timezone) // "" is UTC; a wrong name was said
			zones[e.Timezone] = zone
		}
		a := e.Authorisation
		s := Site{
			Site: probes.Site{
				ID: e.ID, Name: cmp.Or(e.Name, e.ID), URL: e.URL, Email: e.Email, Domains: e.Domains, StrictRobots: e.Robots == "strict",
				Language: e.Language, Timezone: e.Timezone, Hours: d.hours(e.Hours, i),
				Own: a.As == Own, Sandbox: a.Sandbox, Vars: e.Vars,
			},
			Cohort:        e.Cohort,
			Timezone:      zone,
			Authorisation: Authorisation{As: a.As, By: a.By, On: a.On, Grant: a.Grant, Sandbox: a.Sandbox, Pos: d.at("sites", i, "authorisation")},
			Pos:           d.at("sites", i),
		}
		s.Site.Declined = d.declined(a, i)
		if c := e.Customer; c != nil {
			s.Site.Customer = &probes.Customer{Email: c.Email, Order: c.Order, Arrived: c.Arrived, Postcode: c.Postcode, Family: c.Family}
			if c.Password != nil {
				s.Password = ld.secret(d, "password", c.Password, d.at("sites", i, "customer", "password"))
			}
		}
		if s.Cohort == "" {
			s.Cohort = "competitor"
			if s.Own {
				s.Cohort = "own"
			}
		}
		if e.URL == "" && e.Email == "" {
			d.wrong(s.Pos, "the site has neither url nor email: there is nothing to observe")
		}
		d.authorisation(s.Authorisation, i)
		for name := range e.Vars {
			if err := checkVarName(name); err != nil {
				key, _ := d.find([]string{"sites", strconv.Itoa(i), "vars", name})
				d.wrong(d.pos(key), "%s", err)
			}
		}
		p.Sites = append(p.Sites, s)
	}
}

// hours completes the hours of a site with the usual ones.
func (d *document) hours(e *hoursEntry, site int) Hours {
	if e == nil {
		e = &hoursEntry{}
	}
	h := Hours{Days: e.Days}
	if h.Days == [7]bool{} {
		h.Days, _ = parseDays("mon-fri")
	}
	from, to := cmp.Or(e.From, "09:00"), cmp.Or(e.To, "17:00")
	var wrongFrom, wrongTo error
	h.From, wrongFrom = parseClock(from)
	h.To, wrongTo = parseClock(to)
	if h.To <= h.From && wrongFrom == nil && wrongTo == nil {
		d.wrong(d.at("sites", site, "hours"), "the hours end (%s) before they begin (%s)", to, from)
	}
	return h
}

// declined reads the card that a sandbox declines.
func (d *document) declined(a authorisationEntry, site int) *probes.Card {
	e := a.Declined
	if e == nil {
		return nil
	}
	at := d.at("sites", site, "authorisation", "declined-card")
	if !a.Sandbox {
		d.wrong(at, "a card to be declined belongs to a payment sandbox: set `sandbox: true` once payments go to one")
	}
	c := &probes.Card{Code: cmp.Or(e.Code, "123"), Number: strings.NewReplacer(" ", "", "-", "").Replace(e.Number)}
	if n := len(c.Number); n < 12 || n > 19 || strings.Trim(c.Number, "0123456789") != "" {
		d.wrong(d.at("sites", site, "authorisation", "declined-card", "number"), "a card has 12 to 19 digits: take one that the payment provider publishes for tests")
	}
	month, year, _ := strings.Cut(e.Expires, "/")
	c.Month, _ = strconv.Atoi(month)
	if c.Year, _ = strconv.Atoi(year); c.Year < 100 && c.Year > 0 {
		c.Year += 2000
	}
	if c.Month < 1 || c.Month > 12 || c.Year < 2000 || c.Year > 2099 {
		d.wrong(d.at("sites", site, "authorisation", "declined-card", "expires"), "%q is no month and year: write it like 12/2030", e.Expires)
	}
	return c
}

// authorisation finds records that promise what no rule allows.
func (d *document) authorisation(a Authorisation, site int) {
	if a.As == Permission && (a.By == "" || a.On == "") {
		d.wrong(a.Pos, "a permission names who gave it and when: add `by` and `on`")
	}
	for i, e := range a.Grant {
		if ok, why := a.rule(e); !ok && why != "" {
			d.wrong(d.at("sites", site, "authorisation", "grant", i), "%s", why)
		}
	}
}
